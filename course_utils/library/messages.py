"""The library's own messages: about itself, or about those who read them."""

import numpy as np
import pandas as pd

from course_utils.library.calendar import AS_OF, WINDOW, dates_of
from course_utils.library.voices_text import (
    Held,
    Slots,
    fill,
    months_of,
    places_of,
    since_of,
    spoken,
    tagged,
)
from course_utils.tables import Column, Table
from course_utils.tables.voices import (
    MESSAGE_CHANNELS,
)

FRAMINGS = ("product", "customer", "mixed")
MESSAGES = (25, 21, 14)  # of each framing


def _messages(library) -> tuple:
    return library.once("messages", _draw_messages)


def _draw_messages(library) -> tuple:
    """Day, channel, framing and text of each message, by day."""
    rng, held, places = library._stream("messages"), Held(library), places_of(library)
    every = np.arange(WINDOW, AS_OF - 20)
    month = dates_of(every).astype("datetime64[M]").astype(int) % 12 + 1
    year = dates_of(every).astype("datetime64[Y]").astype(int) + 1970
    made = []
    for framing, name in enumerate(FRAMINGS):
        entries = spoken("messages")[name]
        for row in rng.permutation(len(entries))[: MESSAGES[framing]]:
            tags, text = tagged(entries[row])
            named = [MESSAGE_CHANNELS.index(tag) for tag in tags if tag in MESSAGE_CHANNELS]
            channel = int(rng.choice(named or np.arange(len(MESSAGE_CHANNELS) - 1)))
            fits = np.isin(month, months_of(tags) or range(1, 13))
            fits &= every >= since_of(tags)
            if years := [int(tag[1:]) for tag in tags if tag[:2] == "y2"]:
                fits &= np.isin(year, years)
            # Nothing is announced of which a small town has hardly any.
            for _ in range(12):
                day = int(rng.choice(every[fits]))
                counted = {slot: n for slot, n in _counted(library, day).items() if f"{{{slot}}}" in text}
                if min(counted.values(), default=3) > 2:
                    break
            else:
                continue
            branch = int(np.searchsorted([0.6, 0.8], rng.random()))
            # A program is announced before it is held.
            slots = Slots(rng, places, day, branch, held.on(branch, day + 45))
            for slot, count in counted.items():
                exact = count < 10 or slot == "computers"
                slots.prefer(slot, f"{count if exact else count // 10 * 10:,}")
            made.append((day, len(made), channel, framing, fill(rng, text, slots)))
    day, _, channel, framing, text = zip(*sorted(made), strict=True)
    return np.array(day), np.array(channel, dtype=np.int8), np.array(framing, dtype=np.int8), list(text)


def _counted(library, day: int) -> dict[str, int]:
    """What messages count, as the tables have it: slots of messages.toml, for a message of this day."""
    branches, items = library["branches"], library["items"]
    held = pd.DatetimeIndex(library["programs"]["date"])
    date = pd.Timestamp(day, unit="D")
    kind, added = items["material_type"], items["added"]
    year = (added > date - pd.DateOffset(months=12)) & (added <= date)
    return {
        "fallprograms": int(((held.year == date.year) & held.month.isin([9, 10, 11])).sum()),
        "newdvds": int(((kind == "dvd") & year).sum()),
        "largeprint": int(((kind == "large print") & (added <= date)).sum()),
        "emagazines": int(((kind == "emagazine") & (added <= date)).sum()),
        "computers": int(branches.set_index("branch")["computers"]["MAIN"]),
    }


def make_messages(library) -> dict:
    """What the library said."""
    day, channel, _, text = _messages(library)
    return {
        "message_id": np.arange(1, len(day) + 1),
        "date": dates_of(day),
        "channel": channel,
        "text": text,
    }


def true_messages(library) -> dict:
    """How each message is framed."""
    day, _, framing, _ = _messages(library)
    return {"message_id": np.arange(1, len(day) + 1), "framing": framing}


TRUTH = {
    "messages": (
        Table(
            "messages",
            "How each message is framed",
            "One row per message.",
            (
                Column(
                    "message_id",
                    "integer",
                    "As in messages.",
                    unique=True,
                    foreign_key="messages.message_id",
                ),
                Column(
                    "framing",
                    "category",
                    "By what the library has, by what somebody wants to get done, or by both.",
                    categories=FRAMINGS,
                ),
            ),
            key=("message_id",),
        ),
        true_messages,
    ),
}

TABLES = {
    "messages": make_messages,
}
