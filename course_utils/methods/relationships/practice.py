"""What the visible tests of week 9 try: in a notebook, ``practice.did["earlier"]`` shows what goes into an example."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from course_utils import identity
from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example
from course_utils.methods import relationships
from course_utils.tables import AS_OF

# ---- did and interval: a few teams of the learner's library, in other groups than they are in there, so that a
# ---- function that looks at the table teams is found out


def _teams(number: int) -> list[int]:
    embedded = identity.my_library().teams.set_index("team_id")["embedded_since"].notna()
    ours, others = embedded.index[embedded], embedded.index[~embedded]
    return [ours[0], others[0], ours[1], *others[1:]][:number]


def _two_periods() -> dict[str, pd.Series]:
    teams = _teams(5)
    return {
        "earlier": pd.Series([4.0, 6.0, 5.0, 3.0, 2.0], index=teams),
        "later": pd.Series([9.0, 8.0, 6.0, 3.5, 3.5], index=teams),
        "embedded": pd.Series([True, True, False, False, False], index=teams),
    }


did = Example(
    "practice.did",
    _two_periods,
    2.5,
    {
        "the embedded only": (
            3.5,
            "This is how much the embedded teams changed. Take away what the others changed.",
        ),
        "the others only": (
            1,
            "This is how much the others changed. Take it away from the change of the embedded.",
        ),
        "the other way round": (-2.5, "This is the others less the embedded. Turn it round."),
        "afterwards": (
            8.5 - 13 / 3,
            "You compare the groups afterwards only. Their gap before must be taken away.",
        ),
        "sums": (
            7 - 3,
            "You add up the changes. The groups have different numbers of teams: take the mean of each.",
        ),
        "added": (4.5, "You add the two changes. Take the second away from the first."),
        "the groups of your library": (
            3 - 4 / 3,
            "You look at the table teams. A function uses what it is given: here earlier, later and embedded.",
        ),
    },
    within=0.0005,
    hint="The mean change of the embedded teams, less the mean change of the others: from earlier, later and embedded alone.",
    others=lambda earlier, later, embedded: [(3 * earlier, 2 * later, ~embedded)],
)


def _changes() -> dict[str, Any]:
    teams = _teams(6)
    return {
        "change": pd.Series([6.0, 10.0, 1.0, 2.0, 3.0, 6.0], index=teams),
        "embedded": pd.Series([True, True, False, False, False, False], index=teams),
        "times": 3,
    }


# Of the changes in this example: the variance of the two embedded teams, of the four others, and of all six.
_OURS, _THEIRS, _ALL, _MIDDLE = 8.0, 14 / 3, 166 / 15, 8 - 3


def _ends(squared: float, times: float = 3, middle: float = _MIDDLE) -> list[float]:
    return [middle - times * squared**0.5, middle + times * squared**0.5]


EACH_END = (
    "Each end is one number. Begin with the difference of the two means: change has a number for each team."
)
HALFWAY = "Halfway between the two ends must lie the mean of the embedded teams, less the mean of the others."
HOW_FAR = (
    "Halfway between the two ends is the right number. How far they lie from it is not right yet: times standard "
    "errors, from change and embedded alone."
)


def next_step(ends: list, middle: float = _MIDDLE) -> str:
    """What to try where ``interval`` gives back these two ends, and ``middle`` must lie halfway between them."""
    if any(np.ndim(end) for end in ends):
        return EACH_END
    return HALFWAY if abs(sum(ends) / 2 - middle) > 0.0005 else HOW_FAR


interval = Example(
    "practice.interval",
    _changes,
    _ends(_OURS / 2 + _THEIRS / 4),
    {
        "the groups of your library": (
            _ends(12.5 / 2 + 38.75 / 3 / 4, middle=3.5 - 5.25),
            "You look at the table teams. A function uses what it is given: here change, embedded and times.",
        ),
        "the root of the second alone": (
            _ends((_OURS / 2 + (_THEIRS / 4) ** 0.5) ** 2),
            "You take the root of the second square alone. Put the sum of both into round brackets, before ** 0.5.",
        ),
        "the root of a number of teams": (
            _ends((_OURS / 2 + _THEIRS / 4**0.5) ** 2),
            "Your root reaches only the last number of teams. Put the sum of both squares into round brackets, before "
            "** 0.5.",
        ),
        "no square root": (_ends((_OURS / 2 + _THEIRS / 4) ** 2), "You forgot the square root at the end."),
        "not divided": (_ends(_OURS + _THEIRS), "Divide each spread by the number of teams in its group."),
        "one group's number": (
            _ends(_OURS / 2 + _THEIRS / 2),
            "You divide both spreads by the number of embedded teams. Each group has its own: len(change[~embedded]) "
            "is that of the others.",
        ),
        "everybody's number": (
            _ends(_OURS / 6 + _THEIRS / 6),
            "You divide by the number of all teams. Divide each spread by the number of teams in its own group.",
        ),
        "brackets": (
            _ends(_OURS / 2 + _THEIRS / -3),
            "~embedded.sum() is not the number of the others: it turns the sum round. Use (~embedded).sum(), or "
            "len(change[~embedded]).",
        ),
        "eight and sixteen": (
            _ends(_OURS / 8 + _THEIRS / 16),
            "You divide by 8 and 16. A function does not know these: count the teams that it is given.",
        ),
        "the number of the lesson": (
            _ends(_OURS / 2 + _THEIRS / 4, times=2.36),
            "You go 2.36 standard errors to each side. Go as many as times says.",
        ),
        "the mean of all": (
            _ends(_OURS / 2 + _THEIRS / 4, middle=14 / 3),
            "Your middle is the mean of all teams together. Take the mean of the embedded, less the mean of the others.",
        ),
        "the embedded alone": (
            _ends(_OURS / 2 + _THEIRS / 4, middle=8),
            "Your middle is the mean of the embedded teams. Take away the mean of the others.",
        ),
        "the other spread": (
            _ends(_OURS**0.5 / 2 + _THEIRS**0.5 / 4),
            "You divide .std() by the number of teams. Divide its square, which is .var().",
        ),
        "errors added": (
            _ends(((_OURS / 2) ** 0.5 + (_THEIRS / 4) ** 0.5) ** 2),
            "You add two errors. Add their squares first, and take the root of the sum.",
        ),
        "only one error": (
            _ends(_OURS / 2 + _THEIRS / 4, times=1),
            "You go one standard error to each side. Go as many as times says.",
        ),
        "divided by n": (
            _ends(_OURS / 2 / 2 + _THEIRS * 3 / 4 / 4),
            "This is the spread divided by the number of teams, not by one less. The method .var() of a Series does it "
            "as the question means it.",
        ),
        "all teams in one": (
            _ends(_ALL / 6),
            "You take the spread of all teams together. Each group has its own.",
        ),
        "upper end first": (_ends(_OURS / 2 + _THEIRS / 4)[::-1], "The lower end comes first."),
        "without the middle": (
            _ends(_OURS / 2 + _THEIRS / 4, middle=0),
            "This is how far to go to each side. Add the difference of the two means.",
        ),
    },
    within=0.0005,
    hint=next_step,
    others=lambda change, embedded, times: [(2 * change, embedded, times)],
)

# ---- still_away: seven people


_PEOPLE = {
    "days": pd.Series([5, 10, 10, 20, 30, 40, 50]),
    "back": pd.Series([True, True, False, True, False, True, False]),
}
_ON_DAY_20 = 6 / 7 * 5 / 6 * 3 / 4
_THE_TABLE_RETURNS = (
    "You look at the table returns. A function uses what it is given: here days, back and limit."
)


def _returns() -> pd.DataFrame:
    def make(library):
        return relationships.returns(library.consultations, library.team_people, as_of=AS_OF)

    return identity.my_library().once("returns, for practice", make)


def _of_your_library(limit: int) -> float:
    found = _returns()
    return relationships.still_away(relationships.survival(found["days"], found["back"]), limit)


def _as_many_as_in_your_library() -> float:
    people = len(_returns())
    return math.prod([1 - came / (people - gone) for came, gone in ((1, 0), (1, 1), (1, 3))])


still_away = Example(
    "practice.still_away",
    {**_PEOPLE, "limit": 20},
    _ON_DAY_20,
    {
        "before the limit": (
            6 / 7 * 5 / 6,
            "You stop on the day before limit. The day itself counts: with limit 20, take the days up to 20, and 20 too.",
        ),
        "the first day is lost": (
            5 / 6 * 3 / 4,
            "The first day is lost, because shift leaves nothing there. Fill it: .shift(fill_value=0).",
        ),
        "ninety days, always": (_ON_DAY_20 / 2, "You go up to day 90, whatever limit says. Use limit."),
        "your own library": (lambda: _of_your_library(20), _THE_TABLE_RETURNS),
        "your own library, ninety days": (lambda: _of_your_library(90), _THE_TABLE_RETURNS),
        "as many as in your library": (
            _as_many_as_in_your_library,
            "You begin with as many people as returns has. Begin with those that the function is given: len(days).",
        ),
        "without the others": (
            1 / 4,
            "You drop those who were not seen to come back, so people look quicker than they are. Each counts for as "
            "long as they were watched.",
        ),
        "away for good": (
            4 / 7,
            "You take everybody who was not seen to come back for somebody who stays away. Each counts only for as long "
            "as they were watched.",
        ),
        "those who are back": (
            1 - _ON_DAY_20,
            "This is the share who are back. You need those who are still away.",
        ),
        "gone before": (
            6 / 7 * 4 / 5 * 3 / 4,
            "On a day on which somebody comes back, you no longer count the one who is last watched on that day. Both "
            "count as watched.",
        ),
        "in the evening": (
            5 / 6 * 3 / 4 * 2 / 3,
            "You divide by those who are left in the evening. Count those who were watched that morning: shift the sum "
            "of the sizes down by one day.",
        ),
        "the last day only": (3 / 4, "This is for the last day alone. Multiply over all days up to it."),
    },
    within=0.0005,
    hint="On each day: which share of those still watched came back? Multiply what stays, up to limit.",
)
on_a_quiet_day = Example(
    "practice.still_away",
    {**_PEOPLE, "limit": 25},
    _ON_DAY_20,
    within=0.0005,
    hint="On day 25 nothing happens, so the share is still that of day 20.",
)

# ---- answers about the library: how they must look

OUTSIDE = "The estimate must lie between low and high. Did interval get the change between the two periods that did got?"
ONE_SHUFFLE = (
    "highest and by_chance are the same, so all shares come from a single shuffle. Shuffle inside the square brackets, "
    "once for each share."
)


def mind_before(notebook: Mapping[str, Any]) -> None:
    """Say so where ``before`` is no longer the table that the first cell made. It costs nothing."""
    if isinstance(notebook.get("before"), pd.Series):
        print("Mind: before is no longer the table of the first cell, and later questions need that table.")
        print("Use another name in your answer, and run the first cell again.")


def within_its_range(found: Expectation) -> None:
    """The estimate lies between the two ends."""
    low, estimate, high = found.value["low"], found.value["estimate"], found.value["high"]
    found.holds(low <= estimate <= high, OUTSIDE, "outside its range")


def several_shuffles(found: Expectation) -> None:
    """The highest share is not the mean of them all, unless it was not shuffled at all."""
    seen, chance, highest = found.value["as_it_was"], found.value["by_chance"], found.value["highest"]
    several = abs(highest - chance) > 0.001 or abs(chance - seen) < 1e-9 or is_rounded(found)
    found.holds(several, ONE_SHUFFLE, "one shuffle, again and again")


def is_rounded(found: Expectation) -> bool:
    """Whether all numbers are rounded to two places: then two that differ may be the same."""
    return bool((found.value == found.value.round(2)).all())
