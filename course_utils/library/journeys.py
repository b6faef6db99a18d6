"""The first 90 days of a card: what was really done, what surrounds it, and where it goes wrong.

Loans, programs and computer sessions are those of the other tables. The rest is drawn around them here. Who does
not come back has more often had trouble with the PIN, by known odds (``library.truth.journey_rates``): it is drawn
from the outcome, so that mending the PIN is not shown to help. The same holds for clicks in the welcome e-mail.
"""

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import AS_OF, calendar, dates_of, day_number, day_numbers
from course_utils.library.cards import (
    CONNECTED,
    DIGITAL_READER,
    PROGRAM_GOER,
    STUDENT,
)
from course_utils.library.patrons import FIRST_NUMBER
from course_utils.tables import Column, Table
from course_utils.tables.journeys import CHANNELS, EVENTS

SINCE = day_number("2023-09-01")
DAYS = 90
BACK = 30  # coming back is any use after this day
(MADE, SENT, CLICKED, TROUBLE, PIN, SEARCHED, HOLD, PROGRAM, COMPUTER, BORROWED, DIGITAL, ASKED, REMINDER) = (
    range(len(EVENTS))
)
DESK, OUT, INSIDE, WEB, APP, EMAIL = range(len(CHANNELS))

# How likely things are. All of it is choice.
RATES = {
    "welcome e-mail sent, if there is an address": 0.88,
    "welcome e-mail clicked, if sent and coming back": 0.24,
    "welcome e-mail clicked, if sent and not coming back": 0.12,
    "PIN trouble, if online and coming back": 0.11,
    "PIN trouble: odds for not coming back, against coming back": 3.5,
    "searched the catalog in the days before borrowing, if a PIN is set": 0.45,
    "placed a hold before borrowing, if a PIN is set": 0.33,
    "placed a hold at the desk before borrowing, if no PIN is set but there was a day in the library": 0.24,
    "placed a hold before borrowing digital": 0.125,
    "asked at the desk on a day in the library": 0.07,
    "reminder sent before a loan is due, if there is an address": 0.60,
}
(
    SENT_RATE,
    CLICK_BACK,
    CLICK_NOT,
    TROUBLE_BACK,
    TROUBLE_ODDS,
    SEARCH_RATE,
    HOLD_RATE,
    DESK_HOLD_RATE,
    DIGITAL_HOLD_RATE,
    ASK_RATE,
    REMIND_RATE,
) = RATES.values()
# Who sets a PIN, by segment, though they borrow nothing digital; children seldom.
GOES_ONLINE = np.array([0.55, 0.92, 0.60, 0.85, 0.55, 0.25, 0.25, 0.45])
PATHS = ("never began", "print", "digital", "programs", "computers")


def _draw(library) -> dict[str, np.ndarray]:
    """The latent side of each new card, and its events; kept, because tables and truth share it."""
    rng = library._stream("first days")
    cards, file, contacts, source = (
        library._cards,
        library._file,
        library._contacts,
        library._referrals.source,
    )
    rows = np.flatnonzero(file.on_file & (cards.enrolled >= SINCE))
    count = len(rows)
    enrolled, segment = cards.enrolled[rows], cards.segment[rows]
    seen = np.minimum(AS_OF - enrolled, DAYS)  # days that can be seen
    email = contacts.has_email[rows]
    new = np.full(len(cards.person), -1)
    new[rows] = np.arange(count)

    # Use: who (place among the new cards) and on which of the 90 days, once per day and kind.
    checkouts = library["checkouts"]
    lent = (checkouts["transaction_type"] == "checkout").to_numpy()
    digital = (checkouts["usage_class"] == "digital").to_numpy()
    sessions = library["computer_sessions"].dropna(subset="patron_id")
    use = {
        kind: _on_days(new, enrolled, frame)
        for kind, frame in (
            (BORROWED, checkouts[lent & ~digital]),
            (DIGITAL, checkouts[lent & digital]),
            (PROGRAM, library["attendance"]),
            (COMPUTER, sessions),
        )
    }
    inside = np.unique(np.concatenate([_pair(*use[kind]) for kind in (BORROWED, PROGRAM, COMPUTER)]))
    inside = np.divmod(inside, DAYS + 1)
    came_back = np.zeros(count, dtype=bool)
    for who, day in use.values():
        came_back[who[day > BACK]] = True
    # Of the newest cards it is not known yet: there the habit decides.
    staying = np.where(seen < DAYS, came_back | (cards.lapsed[rows] > enrolled + BACK), came_back)
    staying &= ~cards.never[rows] | came_back

    parts = []  # who, day, event, channel

    def happens(who, day, event, channel):
        parts.append((who, day, np.full(len(who), event), np.broadcast_to(channel, len(who))))

    # Out in town when all doors are closed, or when that is what brought them and they came in only later.
    everyone = np.arange(count)
    closed = calendar().hours[:, enrolled - calendar().days[0]].sum(axis=0) == 0
    met_out = np.isin(source[rows], [tables.HEARD.index("school"), tables.HEARD.index("staff out in town")])
    in_on_day_0 = np.zeros(count, dtype=bool)
    in_on_day_0[inside[0][inside[1] == 0]] = True
    made = np.where(cards.e_card[rows], WEB, np.where(closed | (met_out & ~in_on_day_0), OUT, DESK))
    happens(everyone, np.zeros(count, dtype=int), MADE, made)
    for kind, (who, day) in use.items():
        online = np.where(rng.random(len(who)) < 0.62, APP, WEB)
        happens(who, day, kind, online if kind == DIGITAL else INSIDE)

    # The welcome, and who clicks in it.
    who = np.flatnonzero(email & (rng.random(count) < SENT_RATE))
    day = rng.integers(0, 3, len(who))
    happens(who, day, SENT, EMAIL)
    clicks = rng.random(len(who)) < np.where(staying[who], CLICK_BACK, CLICK_NOT)
    happens(who[clicks], day[clicks] + rng.geometric(0.5, clicks.sum()) - 1, CLICKED, EMAIL)

    # The PIN. Nobody borrows digital without one.
    first_digital = np.full(count, DAYS + 1)
    np.minimum.at(first_digital, *use[DIGITAL])
    child = library._homes[1].age[cards.person[rows]] < 13
    goes = GOES_ONLINE[segment] * np.where(child, 0.3, 1.0)
    online = (first_digital <= DAYS) | (~cards.never[rows] & (rng.random(count) < goes))
    pin = np.minimum(np.minimum(rng.geometric(0.25, count) - 1, 40), first_digital)
    odds = TROUBLE_BACK / (1 - TROUBLE_BACK) * np.where(staying, 1.0, TROUBLE_ODDS)
    trouble = online & (rng.random(count) < odds / (1 + odds))
    # Some never get past it. Who borrows digital did.
    stuck = trouble & ~staying & (first_digital > DAYS) & (rng.random(count) < 0.5)
    trouble_day = np.where(stuck, pin, np.maximum(pin - rng.integers(0, 3, count), 0))
    # What would have come after the last day that can be seen is not known, and so for the trouble with it.
    online &= pin <= seen
    trouble &= online
    has_pin = online & ~stuck
    place = np.where(rng.random(count) < 0.45, APP, WEB)
    happens(np.flatnonzero(has_pin), pin[has_pin], PIN, place[has_pin])
    happens(np.flatnonzero(trouble), trouble_day[trouble], TROUBLE, place[trouble])

    # Around the loans.
    who, day = use[BORROWED]
    before = day - rng.integers(0, 4, len(who))
    does = (rng.random(len(who)) < SEARCH_RATE) & has_pin[who] & (before >= pin[who])
    happens(who[does], before[does], SEARCHED, np.where(rng.random(does.sum()) < 0.4, APP, WEB))
    _holds(rng, use, inside, np.where(has_pin, pin, DAYS + 1), happens)
    who, day = use[BORROWED]
    looks = np.flatnonzero(has_pin & (rng.random(count) < 0.35))
    day_of = pin[looks] + rng.geometric(0.3, len(looks)) - 1
    happens(looks, day_of, SEARCHED, place[looks])
    reminded = email[who] & (rng.random(len(who)) < REMIND_RATE)
    happens(who[reminded], day[reminded] + 19, REMINDER, EMAIL)

    # At the desk: now and then; and with the trouble, on the next day in the library.
    who, day = inside
    asks = rng.random(len(who)) < ASK_RATE
    after = trouble[who] & (day >= trouble_day[who])
    next_one = after & ~np.concatenate([[False], (who[1:] == who[:-1]) & after[:-1]])
    asks |= next_one & (rng.random(len(who)) < 0.45)
    happens(who[asks], day[asks], ASKED, DESK)

    who, day, event, channel = (np.concatenate(part) for part in zip(*parts, strict=True))
    kept = np.flatnonzero(day <= seen[who])
    # Once per day and event.
    _, first = np.unique(_pair(who[kept], day[kept]) * len(EVENTS) + event[kept], return_index=True)
    kept = kept[first]
    kept = kept[np.lexsort((event[kept], who[kept], enrolled[who[kept]] + day[kept]))]
    path = np.select(
        [
            cards.never[rows],
            segment == DIGITAL_READER,
            segment == PROGRAM_GOER,
            np.isin(segment, (CONNECTED, STUDENT)),
        ],
        [0, 2, 3, 4],
        1,
    )
    return {
        "number": file.number[rows],
        "enrolled": enrolled,
        "path": path,
        "online": online,
        "trouble": trouble,
        "came_back": came_back,
        "followed": seen == DAYS,
        "who": who[kept],
        "day": day[kept],
        "event": event[kept],
        "channel": channel[kept],
    }


def _holds(rng, use: dict, inside: tuple, pin: np.ndarray, happens) -> None:
    """What was borrowed on a request: it was placed online, or, without a PIN, at the desk on an earlier visit.

    ``pin`` is the day on which each new card got its PIN, after the last day if never.
    """
    for kind, rate in ((BORROWED, HOLD_RATE), (DIGITAL, DIGITAL_HOLD_RATE)):
        who, day = use[kind]
        # A request takes two days or more; who got the PIN only then may have placed it on that day.
        able = day - 2 >= pin[who]
        placed = np.maximum(day - rng.integers(2, 15, len(who)), pin[who])
        does = able & (rng.random(len(who)) < rate)
        happens(who[does], placed[does], HOLD, np.where(rng.random(does.sum()) < 0.4, APP, WEB))
    who, day = use[BORROWED]
    visits = _pair(*inside)  # in order
    last = np.maximum(np.searchsorted(visits, _pair(who, day - 2), side="right") - 1, 0)
    at, placed = inside[0][last], inside[1][last]
    able = (at == who) & (placed <= day - 2) & (day - 2 < pin[who])
    does = able & (rng.random(len(who)) < DESK_HOLD_RATE)
    happens(who[does], placed[does], HOLD, DESK)


def _pair(who: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One number for a card and a day."""
    return who * (DAYS + 1) + day


def _on_days(new: np.ndarray, enrolled: np.ndarray, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Who of the new cards is in ``frame``, and on which of the first 90 days; each day once."""
    who = new[frame["patron_id"].to_numpy().astype("int64") - FIRST_NUMBER]
    day = day_numbers(frame["date"])
    kept = who >= 0
    who, day = who[kept], day[kept]
    day = day - enrolled[who]
    first = np.unique(_pair(who[day <= DAYS], day[day <= DAYS]))
    return np.divmod(first, DAYS + 1)


def _latent(library) -> dict[str, np.ndarray]:
    return library.once("first days", _draw)


def make_first_days(library) -> dict:
    """The event log."""
    made = _latent(library)
    return {
        "event_id": np.arange(1, len(made["who"]) + 1),
        "patron_id": made["number"][made["who"]],
        "date": dates_of(made["enrolled"][made["who"]] + made["day"]),
        "day": made["day"],
        "channel": made["channel"].astype(np.int8),
        "event": made["event"].astype(np.int8),
    }


JOURNEYS_TABLE = Table(
    "journeys",
    "What was behind the first 90 days",
    "One row per card in first_days.",
    (
        Column("patron_id", "integer", "As in patrons.", unique=True, foreign_key="patrons.patron_id"),
        Column("path", "category", "What the person came for, from their latent segment.", categories=PATHS),
        Column("online", "boolean", "Whether they tried to set a PIN in the days that can be seen."),
        Column("pin_trouble", "boolean", "Whether they had trouble with it."),
        Column("came_back", "boolean", "Whether there was any use after day 30, up to day 90."),
        Column("followed", "boolean", "Whether all 90 days can be seen."),
    ),
    key=("patron_id",),
)
RATES_TABLE = Table(
    "journey_rates",
    "How likely the steps of the first 90 days are",
    "One row per step. Trouble with the PIN and clicks in the welcome e-mail were drawn from whether the person comes"
    " back. Neither brings it about.",
    (
        Column("step", "string", "What, and for whom.", unique=True),
        Column("value", "number", "Probability, or odds ratio where it says odds.", minimum=0),
    ),
    key=("step",),
)


def true_journeys(library) -> dict:
    """The truth behind ``first_days``."""
    made = _latent(library)
    return {
        "patron_id": made["number"],
        "path": made["path"].astype(np.int8),
        "online": made["online"],
        "pin_trouble": made["trouble"],
        "came_back": made["came_back"],
        "followed": made["followed"],
    }


def true_rates(library) -> dict:
    """The same for every library."""
    return {"step": list(RATES), "value": list(RATES.values())}


TABLES = {"first_days": make_first_days}
TRUTH = {"journeys": (JOURNEYS_TABLE, true_journeys), "journey_rates": (RATES_TABLE, true_rates)}
