"""Twelve conversations with patrons, and with people who are none."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import AS_OF, WINDOW, calendar, dates_of, day_number
from course_utils.library.cards import BEDTIME, CONNECTED
from course_utils.library.patrons import age_band_codes
from course_utils.library.survey import use_days
from course_utils.library.voices_text import (
    Held,
    Slots,
    fill,
    places_of,
    spoken,
    tagged,
)
from course_utils.library.words import words
from course_utils.tables import Column, Table
from course_utils.tables.voices import (
    RECRUITED,
)

TALKS = (day_number("2025-05-12"), day_number("2025-07-18"))
TALKED = {"out in town": "in town", "phone": "by phone", "e-mail": "by phone"}


@dataclass(frozen=True)
class Interviews:
    """The conversations, by day. ``script`` is the row in interviews.toml, ``card`` −1 without a card."""

    script: np.ndarray
    card: np.ndarray
    day: np.ndarray
    branch: np.ndarray  # −1 if elsewhere
    place: list[str]
    age_band: np.ndarray
    uses: list[str]
    turns: list[list[str]]


def _interviews(library) -> Interviews:
    return library.once("interviews", _draw_interviews)


def _draw_interviews(library) -> Interviews:
    rng = library._stream("interviews")
    scripts, places, held = spoken("interviews")["interview"], places_of(library), Held(library, months=6)
    cards, people = library._cards, library._homes[1]
    age = people.age[cards.person]
    chosen = _patrons_who_fit(rng, library, scripts)
    days = calendar()
    made = []
    for number, script in enumerate(scripts):
        card = chosen[number]
        home = int(cards.home[card]) if card >= 0 else 0
        home = tables.BRANCHES.index(script["branch"]) if "branch" in script else home
        if card >= 0 and script["recruited"] == "program" and "branch" not in script:
            home = _shown_at(library, card, home)  # they met at a program
        day = _weekday(rng, home, days)
        slots = Slots(rng, places, day, home, held.on(home, day))
        if card >= 0:
            slots.prefer("adultprogram", _most_often(library, card))
        inside = script["recruited"] in ("desk", "program")
        place = _where(slots, script, inside)
        if card >= 0:
            band = int(age_band_codes(age[card : card + 1])[0])
        else:
            band = tables.AGE_BANDS.index(script["age"][int(rng.integers(len(script["age"])))])
        made.append(
            (
                day,
                number,
                card,
                home if inside else -1,
                place,
                band,
                fill(rng, script["uses"], slots),
                [fill(rng, tagged(turn)[1], slots) for turn in script["turns"]],
            )
        )
    made.sort(key=lambda one: one[:2])
    day, number, card, branch, place, band, uses, turns = zip(*made, strict=True)
    return Interviews(
        np.array(number),
        np.array(card),
        np.array(day),
        np.array(branch, dtype=np.int8),
        list(place),
        np.array(band, dtype=np.int8),
        list(uses),
        list(turns),
    )


def _most_often(library, card: int) -> str:
    """The program for adults at which this card was shown most often, as a sentence calls it; empty if none."""
    came = library._came
    series = library._held.series[came.program[came.card == card]]
    titles = [words()["program"][row]["title"] for row in series]
    known = {title: said for title, said in spoken("comments")["slot"]["adultprogram"] if title in SOCIAL}
    often = sorted((-titles.count(title), title) for title in known if title in titles)
    return known[often[0][1]] if often else ""


def _shown_at(library, card: int, home: int) -> int:
    """The branch at whose programs this card was shown most often; ``home`` if nowhere."""
    came = library._came
    shown = np.bincount(library._held.branch[came.program[came.card == card]], minlength=3)
    return int(shown.argmax()) if shown.any() else home


def _weekday(rng, branch: int, days) -> int:
    open_ = (days.days >= TALKS[0]) & (days.days <= TALKS[1]) & (days.weekday < 5) & (days.hours[branch] > 0)
    return int(rng.choice(days.days[open_]))


def _where(slots: Slots, script: dict, inside: bool) -> str:
    if "place" in script:
        return f"{script['place']}, {slots['place']}"
    return "in the library" if inside else TALKED[script["recruited"]]


def _patrons_who_fit(rng, library, scripts) -> list[int]:
    """For each script a card whose record is what the script needs; −1 for those without a card."""
    cards, people, file = library._cards, library._homes[1], library._file
    households = library._homes[0]
    count, age = len(cards.person), people.age[cards.person]
    year = AS_OF - 365

    def number(card, kept=None):
        card = card if kept is None else card[kept]
        return np.bincount(card[card >= 0], minlength=count)

    loans, digital, sessions, came = library._loans, library._digital, library._sessions, library._came
    day_of = library._held.day[came.program]
    series = library._held.series[came.program]
    titles = [entry["title"] for entry in words()["program"]]
    social = np.isin(series, [titles.index(title) for title in SOCIAL])
    young = np.isin(series, [titles.index(title) for title in spoken("comments")["slot"]["teenprogram"]])
    lately = loans.day > year
    trips = np.unique(loans.card[lately] * 4096 + loans.day[lately] - year)
    first_session = np.full(count, AS_OF)
    known = sessions.card >= 0
    np.minimum.at(first_session, sessions.card[known], sessions.day[known])
    child = (
        np.bincount(cards.household[(age >= 2) & (age < 10) & file.on_file], minlength=len(households.kind))
        > 0
    )
    lent = number(loans.card, lately)
    for_children = number(loans.card, lately & (loans.audience == tables.AUDIENCES.index("child")))
    fact = {
        "days lately": use_days(library, year, AS_OF)[0],
        "trips": number(trips // 4096),
        "loans": number(loans.card, loans.day > WINDOW),
        "loans lately": lent,
        "percent for children": 100 * for_children // np.maximum(lent, 1),
        "digital": number(digital.card, digital.day > WINDOW),
        "digital lately": number(digital.card, digital.day > year),
        "sessions": number(sessions.card),
        "sessions lately": number(sessions.card, sessions.day > year),
        "first session": first_session,
        "programs": number(came.card),
        "social programs": number(came.card, social & (day_of > year)),
        "young programs": number(came.card, young & (day_of > year)),
        "game nights": number(came.card, series == titles.index("Teen Game Night")),
        "circle": number(came.card, series == titles.index("English Conversation Circle")),
        "child": child[cards.household].astype(int),
        "notices in Spanish": (library._contacts.language == tables.LANGUAGES.index("Spanish")).astype(int),
        "segment": cards.segment,
        "enrolled": cards.enrolled,
        "last": file.last_use,
        "email": library._contacts.has_email.astype(int),
    }
    usable = (
        file.on_file & (cards.home < 3) & (households.left[cards.household] > AS_OF) & (cards.enrolled < year)
    )
    usable &= cards.first_card < 0
    taken = np.zeros(count, dtype=bool)
    chosen = []
    for script in scripts:
        if "patron" not in script:
            chosen.append(-1)
            continue
        bands = [tables.AGE_BANDS.index(band) for band in script["age"]]
        penalty = 20.0 * ~np.isin(age_band_codes(age), bands)
        penalty += fact["notices in Spanish"] * (script["patron"] != "Spanish at home") * 3
        for name, low, high, weight in FITS[script["patron"]]:
            penalty += weight * ((fact[name] < low) | (fact[name] > high))
        penalty = np.where(usable & ~taken, penalty, np.inf)
        best = np.flatnonzero(penalty == penalty.min())
        row = int(rng.choice(best))
        taken[row] = True
        chosen.append(row)
    return chosen


MANY = 10**6

# What the record of each interviewed patron looks like: a fact, the least and the most that it may be, and how much
# it matters. A library may have nobody who is all of it.
FITS = {
    "father": (
        ("segment", BEDTIME, BEDTIME, 3),
        ("child", 1, 1, 2),
        ("trips", 9, 28, 4),
        ("loans lately", 30, MANY, 2),
        ("percent for children", 80, 99, 3),
        ("digital lately", 0, 0, 2),
    ),
    "night shift": (
        ("digital lately", 40, MANY, 5),
        ("trips", 0, 0, 4),
        ("sessions lately", 0, 0, 2),
        ("programs", 0, 0, 1),
        ("email", 1, 1, 3),
    ),
    "comes to programs": (
        ("social programs", 1, 20, 6),
        ("social programs", 2, 20, 3),
        ("social programs", 4, 20, 2),
        ("loans", 0, 0, 9),
        ("digital", 0, 0, 9),
    ),
    "teenager": (
        ("young programs", 2, MANY, 3),
        ("game nights", 1, MANY, 2),
        ("loans lately", 0, 0, 3),
        ("enrolled", 0, day_number("2021-06-30"), 1),
    ),
    "lost trust": (
        ("enrolled", 0, day_number("2014-12-31"), 3),
        ("loans", 1, MANY, 1),
        ("last", day_number("2022-01-01"), day_number("2024-06-30"), 4),
    ),
    "Spanish at home": (
        ("notices in Spanish", 1, 1, 6),
        ("child", 1, 1, 2),
        ("circle", 1, MANY, 3),
        ("loans lately", 10, MANY, 3),
        ("percent for children", 70, 100, 4),
        ("enrolled", day_number("2020-09-01"), AS_OF, 1),
    ),
    "small business": (
        ("enrolled", 0, day_number("2022-06-30"), 2),
        ("sessions", 1, 12, 2),
        ("days lately", 0, 3, 4),
        ("loans lately", 0, 1, 2),
        ("last", day_number("2024-03-01"), day_number("2025-04-30"), 2),
        ("segment", CONNECTED, CONNECTED, 1),
    ),
    "genealogist": (
        ("days lately", 0, 1, 5),
        ("programs", 0, 0, 1),
        ("enrolled", 0, day_number("2019-06-30"), 3),
        ("last", 0, day_number("2024-06-30"), 2),
    ),
    "only e-books": (
        ("digital lately", 25, MANY, 5),
        ("loans", 0, 0, 5),
        ("sessions", 0, 0, 1),
        ("programs", 0, 0, 1),
        ("enrolled", day_number("2020-06-01"), day_number("2022-03-31"), 2),
    ),
    "looks for work": (
        ("sessions lately", 12, MANY, 5),
        ("first session", 0, AS_OF - 600, 5),
        ("loans", 0, 0, 3),
        ("digital", 0, 0, 1),
    ),
    "caregiver": (
        ("last", 0, WINDOW - 1, 6),
        ("enrolled", 0, day_number("2021-06-30"), 2),
    ),
}

# Programs of a late morning, at which people meet.
SOCIAL = ("Books over Coffee", "Gentle Chair Exercise")


def make_interviewees(library) -> dict:
    """With whom."""
    talks = _interviews(library)
    scripts = spoken("interviews")["interview"]
    number = pd.array(library._file.number[talks.card], dtype="Int64")
    shown = np.array([scripts[row].get("consent", True) for row in talks.script])
    number[(talks.card < 0) | ~shown] = pd.NA
    recruited = [RECRUITED.index(scripts[row]["recruited"]) for row in talks.script]
    return {
        "interview_id": np.arange(1, len(talks.day) + 1),
        "date": dates_of(talks.day),
        "branch": talks.branch,
        "place": talks.place,
        "age_band": talks.age_band,
        "how_recruited": np.array(recruited, dtype=np.int8),
        "uses": talks.uses,
        "patron_id": number,
    }


def make_interviews(library) -> dict:
    """What was said, turn by turn."""
    turns = _interviews(library).turns
    lengths = [len(one) for one in turns]
    turn = np.concatenate([np.arange(1, length + 1) for length in lengths])
    return {
        "interview_id": np.repeat(np.arange(1, len(turns) + 1), lengths),
        "turn": turn,
        "speaker": ((turn + 1) % 2).astype(np.int8),
        "text": [text for one in turns for text in one],
    }


NOTES = {
    "leading": "leading question",
    "record": "not what the record shows",
    "self": "contradicts own words",
    "assumed": "not what staff assume",
}


def true_interviews(library) -> dict:
    """The turns at which something happens that is worth noticing."""
    talks, scripts = _interviews(library), spoken("interviews")["interview"]
    rows = []
    for number, script in enumerate(talks.script):
        for turn, entry in enumerate(scripts[script]["turns"]):
            rows += [(number + 1, turn + 1, scripts[script]["key"], NOTES[tag]) for tag in tagged(entry)[0]]
    columns = ("interview_id", "turn", "person", "note")
    return {column: list(values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)}


TRUTH = {
    "interviews": (
        Table(
            "interviews",
            "What to notice in the interviews",
            "One row per turn at which something happens.",
            (
                Column(
                    "interview_id", "integer", "As in interviews.", foreign_key="interviewees.interview_id"
                ),
                Column("turn", "integer", "As in interviews.", minimum=1),
                Column("person", "string", "Who this is."),
                Column("note", "category", "What happens.", categories=tuple(NOTES.values())),
            ),
            key=("interview_id", "turn", "note"),
        ),
        true_interviews,
    ),
}

TABLES = {
    "interviewees": make_interviewees,
    "interviews": make_interviews,
}
