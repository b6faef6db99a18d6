"""Programs and who comes to them."""

import functools
from dataclasses import dataclass

import numpy as np

from course_utils.library.calendar import A_YEAR_AGO, AS_OF, WINDOW, YEAR, calendar
from course_utils.library.cards import BEDTIME, PROGRAM_GOER, Cards
from course_utils.library.chance import frailty
from course_utils.library.town import People
from course_utils.library.use import Warmth, ages_of, presence, rates
from course_utils.library.words import words

AUDIENCES = ("child", "young adult", "adult", "all ages")
SHOWS_CARD = np.array([0.50, 0.66, 0.74, 0.42])  # share of heads with a card at the door, by audience


@dataclass(frozen=True)
class Programs:
    """One value per program held, by day."""

    series: np.ndarray  # row of the list of series in words.toml
    branch: np.ndarray
    day: np.ndarray
    audience: np.ndarray  # index into AUDIENCES
    seats: np.ndarray
    attended: np.ndarray


@dataclass(frozen=True)
class Attendance:
    """One value per card shown: the row of the program and of the card."""

    program: np.ndarray
    card: np.ndarray


def make_programs(rng: np.random.Generator, a_year: int, heads_a_year: float) -> Programs:
    """Three years of programs, ``a_year`` in each, with ``heads_a_year`` people in the last of them."""
    series = words()["program"]
    odds = np.array([entry["odds"] for entry in series], dtype=float)
    years = [(WINDOW, WINDOW + 364), (WINDOW + 365, A_YEAR_AGO), (A_YEAR_AGO + 1, AS_OF)]
    chosen, places, when = [], [], []
    for first, last in years:
        allowed = [_days_for(row, first, last) for row in range(len(series))]
        # A planned year: every series gets its share, give or take one.
        planned = np.searchsorted(np.cumsum(odds / odds.sum()), (np.arange(a_year) + rng.random()) / a_year)
        for row in np.minimum(planned, len(series) - 1):
            branch = rng.choice(3, p=[0.62, 0.2, 0.18])
            if not len(allowed[row][branch]):
                branch = 0  # only the main library opens on Sunday
            chosen.append(row)
            places.append(branch)
            when.append(rng.choice(allowed[row][branch]))
    order = np.lexsort((places, when))
    chosen, places, when = np.array(chosen)[order], np.array(places)[order], np.array(when)[order]
    audience = np.array([AUDIENCES.index(series[row]["audience"]) for row in chosen])
    draw = np.array([series[row]["heads"] for row in chosen]) * np.array([1.0, 0.7, 0.75])[places]
    # Attendance has been coming back since the shutdown, by about a tenth a year.
    draw = draw * frailty(rng, 6.0, len(chosen)) * np.exp(0.10 * (when - AS_OF) / YEAR)
    heads = np.maximum(rng.poisson(draw * heads_a_year / draw[when > A_YEAR_AGO].sum()), 1)
    seats = np.array([80, 45, 40])[places]
    seats = np.where(audience == 3, seats + 40, seats)
    return Programs(chosen, places.astype(np.int8), when, audience, seats, np.minimum(heads, seats))


@functools.cache
def _days_for(row: int, first: int, last: int) -> list[np.ndarray]:
    """For each building, the days between two on which a program of the series fits into the opening hours.

    They are the same in every library.
    """
    entry, days = words()["program"][row], calendar()
    fits = (days.days >= first) & (days.days <= last) & np.isin(days.weekday, entry["days"])
    fits &= np.isin(days.month, entry.get("months", range(1, 13)))
    hour, minute = map(int, entry["start"].split(":"))
    opens = np.where(days.weekday == 6, 13, 10)
    fits &= hour + minute / 60 >= opens
    lasts = hour + minute / 60 + 1 - opens
    return [days.days[fits & (days.hours[branch] >= np.maximum(lasts, 3))] for branch in range(3)]


def make_attendance(
    rng: np.random.Generator, people: People, cards: Cards, warmth: Warmth, programs: Programs
) -> Attendance:
    """Who showed a card. Nobody checks whether it is still valid."""
    start, end = presence(cards)
    age = ages_of(people, cards)
    here = np.flatnonzero(end >= np.maximum(start, WINDOW))
    start, end, age = start[here], end[here], age[here]
    segment, home = cards.segment[here], cards.home[here]
    wish = rates("programs")[segment] * warmth.programs[here] * ~cards.e_card[here]
    fits = _fits(age, segment)
    favorite = rng.random((len(words()["program"]), len(here))) ** 3 * 4 + 0.3
    count = rng.binomial(programs.attended, SHOWS_CARD[programs.audience])
    # By audience and branch: how much each card wishes for a program of that kind near to it.
    near = [
        np.where(home == branch, 1.0, np.where((home == 3) | (branch == 0), 0.35, 0.12))
        for branch in range(3)
    ]
    likely = [
        [wish * fits[audience] * near[branch] for branch in range(3)] for audience in range(len(AUDIENCES))
    ]
    rows, shown = [], []
    kinds = programs.series * len(SHOWS_CARD) + programs.branch
    for kind in np.unique(kinds):
        held = np.flatnonzero(kinds == kind)
        series, branch, audience = (
            field[held[0]] for field in (programs.series, programs.branch, programs.audience)
        )
        low, high = words()["program"][series].get("ages", (0, 120))
        # Ages are those in the middle of the 36 months, so a year and a half is allowed on either side.
        suits = ((age > low - 1.5) & (age < high + 2)) | ((audience == 0) & (age >= 18))
        wanted = likely[audience][branch] * favorite[series] * np.where(suits, 1.0, 0.01)
        climb = np.cumsum(wanted)
        for row in held:
            came = _draw_several(rng, wanted, climb, start, end, programs.day[row], count[row])
            rows.append(np.full(len(came), row))
            shown.append(here[came])
    rows, shown = np.concatenate(rows), np.concatenate(shown)
    order = np.lexsort((shown, rows))
    return Attendance(rows[order], shown[order])


def _draw_several(rng, wanted, climb, start, end, day: int, count: int) -> np.ndarray:
    """``count`` different rows with odds as ``wanted``, among those who are with us on that day; fewer if there are
    no more.

    Rows are drawn one after the other, and those that do not fit are drawn again: for many cards and few places
    this is much faster than to weigh everybody for every program.
    """
    found = np.zeros(0, dtype=int)
    for _ in range(3):
        level = rng.random(2 * (count - len(found)) + 6) * climb[-1]
        drawn = np.minimum(np.searchsorted(climb, level, side="right"), len(climb) - 1)
        drawn = drawn[(start[drawn] <= day) & (end[drawn] >= day)]
        found = np.concatenate([found, drawn])
        found = found[np.sort(np.unique(found, return_index=True)[1])]
        if len(found) >= count:
            return found[:count]
    # Few are left: the smallest of exponential waiting times is the same draw.
    able = np.flatnonzero(wanted * ((start <= day) & (day <= end)))
    able = able[~np.isin(able, found)]
    more = min(count - len(found), len(able))
    wait = rng.exponential(1, len(able)) / wanted[able]
    return np.concatenate([found, able[np.argsort(wait)[:more]]])


def _fits(age: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """How well a program for each audience suits each card; shape (audiences, cards)."""
    parent = (segment == BEDTIME) & (age >= 18)
    goer = segment == PROGRAM_GOER
    child = np.select([age < 11, age < 14, parent], [1.0, 0.3, 0.45], 0.01)
    young = np.select([(age >= 11) & (age < 19), age < 22], [1.0, 0.1], 0.0)
    adult = np.select([age < 17, parent], [0.0, 0.25], 1.0)
    ages = np.select([goer, age < 13], [0.5, 0.3], 0.3)
    return np.stack([child, young, adult, ages])
