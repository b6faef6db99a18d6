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
# ---- function that looks at the table teams is found out. The numbers are such that each slip has a value of its own.

THE_TABLE_TEAMS = "You look at the table teams. A function uses what it is given: here {}."


def _teams(number: int) -> list[int]:
    embedded = identity.my_library().teams.set_index("team_id")["embedded_since"].notna()
    ours, others = embedded.index[embedded], embedded.index[~embedded]
    return [ours[0], others[0], ours[1], *others[1:]][:number]


def _two_periods() -> dict[str, pd.Series]:
    teams = _teams(7)
    return {
        "earlier": pd.Series([2.0, 5.0, 6.0, 7.0, 6.0, 9.0, 7.0], index=teams),
        "later": pd.Series([4.5, 9.5, 5.5, 6.0, 11.0, 15.5, 7.0], index=teams),
        "embedded": pd.Series([True, True, False, False, True, False, False], index=teams),
    }


did = Example(
    "practice.did",
    _two_periods,
    2.75,
    {
        "the embedded only": (
            4,
            "This is how much the embedded teams changed. Take away what the others changed.",
        ),
        "the others only": (
            1.25,
            "This is how much the others changed. Take it away from the change of the embedded.",
        ),
        "the other way round": (
            -2.75,
            "The sign is not right: take the embedded less the others, and leave a minus where there is one.",
        ),
        "by ten months": (0.275, "You divide by 10. What the function is given is a month already."),
        "afterwards": (
            25 / 3 - 8.5,
            "You compare the groups afterwards only. Their gap before must be taken away.",
        ),
        "earlier only": (
            13 / 3 - 7.25,
            "This is the gap between the groups in the earlier period. The question asks for the change since then.",
        ),
        "sums": (
            12 - 5,
            "You add up the changes. The groups have different numbers of teams: take the mean of each.",
        ),
        "medians": (4.5 - -0.25, "You take medians. Take the mean of each group."),
        "added": (5.25, "You add the two changes. Take the second away from the first."),
        "all teams": (17 / 7, "This is the change of all teams together. Take the mean of each group first."),
        "the groups of your library": (
            1 - 3,
            THE_TABLE_TEAMS.format("earlier, later and embedded"),
        ),
    },
    within=0.0005,
    hint="The mean change of the embedded teams, less the mean change of the others: from earlier, later and embedded alone.",
    others=lambda earlier, later, embedded: [(3 * earlier, 2 * later, ~embedded)],
)


def _changes() -> dict[str, Any]:
    teams = _teams(8)
    return {
        "change": pd.Series([8.5, -1.0, 3.5, 3.0, 12.0, 10.5, 6.0, -0.5], index=teams),
        "embedded": pd.Series([True, True, False, False, True, False, False, False], index=teams),
        "times": 3,
    }


# Of the changes in this example: the variance of the three embedded teams, of the five others, and of all eight.
_OURS, _THEIRS, _ALL = 45.25, 16.625, 23.5
_MIDDLE = 6.5 - 4.5


def _ends(squared: float, times: float = 3, middle: float = _MIDDLE) -> list[float]:
    return [middle - times * squared**0.5, middle + times * squared**0.5]


_RIGHT = _OURS / 3 + _THEIRS / 5

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
    _ends(_RIGHT),
    {
        "the groups of your library": (
            _ends(12.5 / 2 + 30.1 / 6, middle=6 - 5),
            THE_TABLE_TEAMS.format("change, embedded and times"),
        ),
        "the root of the second alone": (
            _ends((_OURS / 3 + (_THEIRS / 5) ** 0.5) ** 2),
            "You take the root of the second square alone. Put the sum of both into round brackets, before ** 0.5.",
        ),
        "the root of a number of teams": (
            _ends((_OURS / 3 + _THEIRS / 5**0.5) ** 2),
            "Your root reaches only the last number of teams. Put the sum of both squares into round brackets, before "
            "** 0.5.",
        ),
        "no square root": (_ends(_RIGHT**2), "You forgot the square root at the end."),
        "not divided": (_ends(_OURS + _THEIRS), "Divide each spread by the number of teams in its group."),
        "one group's number": (
            _ends(_OURS / 3 + _THEIRS / 3),
            "You divide both spreads by the number of embedded teams. Each group has its own: len(change[~embedded]) "
            "is that of the others.",
        ),
        "the others' number": (
            _ends(_OURS / 5 + _THEIRS / 5),
            "You divide both spreads by the number of the other teams. Each group has its own: len(change[embedded]) "
            "is that of the embedded.",
        ),
        "the numbers swapped": (
            _ends(_OURS / 5 + _THEIRS / 3),
            "You divide the spread of each group by the number of teams in the other one. Turn the two numbers round.",
        ),
        "everybody's number": (
            _ends(_OURS / 8 + _THEIRS / 8),
            "You divide by the number of all teams. Divide each spread by the number of teams in its own group.",
        ),
        "brackets": (
            _ends(_OURS / 3 + _THEIRS / -4),
            "~embedded.sum() is not the number of the others: it turns the sum round. Use (~embedded).sum(), or "
            "len(change[~embedded]).",
        ),
        "eight and sixteen": (
            _ends(_OURS / 8 + _THEIRS / 16),
            "You divide by 8 and 16. A function does not know these: count the teams that it is given.",
        ),
        "the number of the lesson": (
            _ends(_RIGHT, times=2.36),
            "You go 2.36 standard errors to each side. Go as many as times says.",
        ),
        "two standard errors": (
            _ends(_RIGHT, times=2),
            "You go two standard errors to each side. Go as many as times says.",
        ),
        "half the width": (
            _ends(_RIGHT, times=1.5),
            "Your range is half as wide as it should be. Go the whole of times standard errors to each side.",
        ),
        "the mean of all": (
            _ends(_RIGHT, middle=5.25),
            "Your middle is the mean of all teams together. Take the mean of the embedded, less the mean of the others.",
        ),
        "the embedded alone": (
            _ends(_RIGHT, middle=6.5),
            "Your middle is the mean of the embedded teams. Take away the mean of the others.",
        ),
        "the other way round": (
            _ends(_RIGHT, middle=-_MIDDLE),
            "Your middle is the mean of the others, less the mean of the embedded. Turn it round.",
        ),
        "the other spread": (
            _ends(_OURS**0.5 / 3 + _THEIRS**0.5 / 5),
            "You divide .std() by the number of teams. Divide its square, which is .var().",
        ),
        "errors added": (
            _ends(((_OURS / 3) ** 0.5 + (_THEIRS / 5) ** 0.5) ** 2),
            "You add two errors. Add their squares first, and take the root of the sum.",
        ),
        "only one error": (
            _ends(_RIGHT, times=1),
            "You go one standard error to each side. Go as many as times says.",
        ),
        "times under the root": (
            _ends(3 * _RIGHT, times=1),
            "You put times under the root, too. Take the root first, and multiply afterwards.",
        ),
        "divided by n": (
            _ends(_OURS * 2 / 3 / 3 + _THEIRS * 4 / 5 / 5),
            "This is the spread divided by the number of teams, not by one less. The method .var() of a Series does it "
            "as the question means it.",
        ),
        "all teams in one": (
            _ends(_ALL / 8),
            "You take the spread of all teams together. Each group has its own.",
        ),
        "upper end first": (_ends(_RIGHT)[::-1], "The lower end comes first."),
        "without the middle": (
            _ends(_RIGHT, middle=0),
            "This is how far to go to each side. Add the difference of the two means.",
        ),
    },
    within=0.0005,
    hint=next_step,
    others=lambda change, embedded, times: [(2 * change, embedded, times)],
)

# ---- still_away: thirteen people


_PEOPLE = {
    "days": pd.Series([10, 10, 14, 14, 14, 25, 25, 25, 50, 50, 55, 60, 60]),
    "back": pd.Series(
        [False, True, False, True, False, False, True, False, True, True, True, False, True],
    ),
}
_ON_DAY_25 = 12 / 13 * 10 / 11 * 7 / 8


def _as_many_as_in_your_library() -> float:
    library = identity.my_library()
    people = len(relationships.returns(library.consultations, library.team_people, as_of=AS_OF))
    return math.prod([1 - 1 / (people - gone) for gone in (0, 2, 5)])


still_away = Example(
    "practice.still_away",
    {**_PEOPLE, "limit": 25},
    _ON_DAY_25,
    {
        "before the limit": (
            12 / 13 * 10 / 11,
            "You stop on the day before limit. The day itself counts: with limit 25, take the days up to 25, and 25 too.",
        ),
        "the first day is lost": (
            10 / 11 * 7 / 8,
            "The first day is lost, because shift leaves nothing there. Fill it: .shift(fill_value=0).",
        ),
        "beyond the limit": (
            _ON_DAY_25 / 5,
            "You go on beyond day limit, to day 90 or to the last day of all. Keep the days up to limit.",
        ),
        "as many as in your library": (
            _as_many_as_in_your_library,
            "You begin with as many people as returns has. Begin with those that the function is given: len(days).",
        ),
        "without the others": (
            4 / 7,
            "You drop those who were not seen to come back, so people look quicker than they are. Each counts for as "
            "long as they were watched.",
        ),
        "away for good": (
            10 / 13,
            "You take everybody who was not seen to come back for somebody who stays away. Each counts only for as long "
            "as they were watched.",
        ),
        "back as soon as not watched": (
            5 / 13,
            "You take everybody whose days ended by then for somebody who came back. Some were only not watched any "
            "longer: back says which.",
        ),
        "never back": (
            6 / 13,
            "This is the share who were never seen to come back. Ask how many were still away after limit days.",
        ),
        "in percent": (100 * _ON_DAY_25, "This is a percentage. Leave it as a share."),
        "back by then": (
            3 / 13,
            "This is the share who were seen to come back by then. You need those who are still away, and each counts only "
            "for as long as they were watched.",
        ),
        "those who are back": (
            1 - _ON_DAY_25,
            "This is the share who are back. You need those who are still away.",
        ),
        "gone before": (
            11 / 12 * 8 / 9 * 5 / 6,
            "On a day on which somebody comes back, you no longer count the one who is last watched on that day. Both "
            "count as watched.",
        ),
        "in the evening": (
            10 / 11 * 7 / 8 * 4 / 5,
            "You divide by those who are left in the evening. Count those who were watched that morning: shift the sum "
            "of the sizes down by one day.",
        ),
        "the last day only": (7 / 8, "This is for the last day alone. Multiply over all days up to it."),
    },
    within=0.0005,
    hint="On each day: which share of those still watched came back? Multiply what stays, up to limit.",
    others=lambda days, back, limit: [(2 * days, ~back, limit)],
)
on_a_quiet_day = Example(
    "practice.still_away",
    {**_PEOPLE, "limit": 30},
    _ON_DAY_25,
    within=0.0005,
    hint="On day 30 nothing happens, so the share is still that of day 25.",
)

# ---- answers about the library: how they must look

SCOREBOARDS = ["liaison", "resolved", "minutes", "new_kind_of_request"]
TOOTHBRUSH = ["as_it_was", "by_chance", "highest", "ratio"]
OUTSIDE = "The estimate must lie between low and high. Did interval get the change between the two periods that did got?"
NO_TEAM = "No team {} in a month, so the mean of several cannot either. Is your number for one month, and for one team?"
ONE_SHUFFLE = (
    "highest and by_chance are the same, and among several shuffles they are not. Shuffle inside the square brackets, "
    "with another number for each share; then take the mean of the shares for one, and the highest for the other."
)
NO_PERCENT = (
    "A share cannot change by more than 1. If these are percentages, leave them as shares: 0.085, say, not 8.5. If they "
    "are counts, divide them by all consultations of the team."
)
NOT_ONE_ROW = "There must be one row for each liaison: {}."
TAKEN = (
    "Mind: {} is no longer the table of the first cell, and later questions need that table.\n"
    "Use another name in your answer, and run the first cell again."
)


def _of_the_first_cell() -> dict[str, pd.DataFrame]:
    """The tables that the first cell of the assignment makes of the learner's library, before anybody changes them."""

    def make(library):
        asked = library.consultations
        periods = {"before": ("2022-09-01", "2023-06-30"), "after": ("2024-09-01", "2025-06-30")}
        return {
            "teams": library.teams.set_index("team_id"),
            "consultations": asked,
            **{name: asked[asked["date"].between(*ends)] for name, ends in periods.items()},
            "greetings": library.touches[library.touches["kind"] == "incidental"],
            "returns": relationships.returns(asked, library.team_people, as_of=AS_OF),
        }

    return identity.my_library().once("the tables of week 9", make)


def mind_the_tables(notebook: Mapping[str, Any]) -> None:
    """Say so where a table that the first cell made has lost rows or columns, or is none any more. It costs nothing."""
    for name, made in _of_the_first_cell().items():
        now = notebook.get(name, made)
        kept = isinstance(now, pd.DataFrame) and set(made.columns) <= set(now.columns)
        if not kept or not now.index.sort_values().equals(made.index.sort_values()):
            print(TAKEN.format(name))


def _a_month(period: str) -> pd.Series:
    """Consultations a month of each team, in one of the two periods of ten months."""
    made = _of_the_first_cell()
    return made[period].groupby("team_id").size().reindex(made["teams"].index, fill_value=0) / 10


def as_often_as_teams_ask(found: Expectation) -> None:
    """No mean over teams lies outside of what the teams asked in a month before."""
    asked = _a_month("before")
    possible = found.value.between(asked.min() - 0.001, asked.max() + 0.001).all()
    found.holds(possible, NO_TEAM.format("asked so often, or so seldom,"), "outside of what is possible")


def as_much_as_teams_changed(found: Expectation) -> None:
    """No mean change over teams lies outside of what the teams changed."""
    change = _a_month("after") - _a_month("before")
    possible = change.min() - 0.001 <= found.value <= change.max() + 0.001
    found.holds(possible, NO_TEAM.format("changed by so much"), "outside of what is possible")


def within_its_range(found: Expectation) -> None:
    """The estimate lies between the two ends."""
    low, estimate, high = found.value["low"], found.value["estimate"], found.value["high"]
    found.holds(low <= estimate <= high, OUTSIDE, "outside its range")


def as_changes_of_shares(found: Expectation) -> None:
    """None is above 1, or below -1."""
    found.holds(found.value.abs().max() <= 1, NO_PERCENT, "in percent")


def one_row_for_each_liaison(found: Expectation) -> None:
    """The labels of the rows are the liaisons, each once, and two of the columns are shares."""
    liaisons = sorted(_of_the_first_cell()["consultations"]["liaison"].astype(str).unique())
    rows = sorted(found.value["liaison"].astype(str).str.strip())
    found.holds(rows == liaisons, NOT_ONE_ROW.format(", ".join(liaisons)), "not one row for each")
    for column in ("resolved", "new_kind_of_request"):
        for value in found.value[column]:
            Expectation(f"{column} in {found.name}", value).is_share()
    for value in found.value["minutes"]:
        Expectation(f"minutes in {found.name}", value).is_number()


def three_shares(found: Expectation) -> None:
    """All but the ratio are shares."""
    for label in TOOTHBRUSH[:3]:
        Expectation(f"{found.name}[{label!r}]", found.value[label]).is_share()


def several_shuffles(found: Expectation) -> None:
    """The highest share is not the mean of them all, unless it was not shuffled at all."""
    seen, chance, highest = found.value["as_it_was"], found.value["by_chance"], found.value["highest"]
    several = abs(highest - chance) > 1e-9 or abs(chance - seen) < 1e-9
    found.holds(several, ONE_SHUFFLE, "one shuffle, again and again")
