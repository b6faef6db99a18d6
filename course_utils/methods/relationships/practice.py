"""What the visible tests of week 9 try: in a notebook, ``practice.did["earlier"]`` shows what goes into an example."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from course_utils import identity
from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example
from course_utils.methods import relationships

# ---- did: a few teams of the learner's library, in other groups than they are in there, so that a
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
        "the other way around": (
            -2.75,
            "The sign isn't right: take the embedded less the others, and leave a minus where there is one.",
        ),
        "by ten months": (0.275, "You divide by 10. What the function gets is by the month already."),
        "afterward": (
            25 / 3 - 8.5,
            "You compare the groups afterward only. Take away the gap that was there before.",
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
    hint="The mean change of the embedded teams, minus the mean change of the others: from earlier, later and embedded alone.",
    others=lambda earlier, later, embedded: [(3 * earlier, 2 * later, ~embedded)],
)


# ---- answers about the library: how they must look

CONTACTS = ["relational", "return_rate", "days_between", "after_90"]
SCOREBOARDS = ["liaison", "resolved", "minutes", "new_kind_of_request"]
TOOTHBRUSH = ["as_it_was", "by_chance", "highest", "ratio"]
OUTSIDE = "The estimate must lie between low and high. Are all three made of the same change, one number for each team?"
NO_TEAM = "No team {} in a month, so the mean of several can't have, either. Is your number for one month, and for one team?"
ONE_SHUFFLE = (
    "highest and by_chance are the same, and among several shuffles they never are. Shuffle inside the square brackets, "
    "with another number for each share; then take the mean of the shares for one, and the highest for the other."
)
NO_PERCENT = (
    "A share can't change by more than 1. If these are percentages, leave them as shares: 0.085, say, not 8.5. If they "
    "are counts, divide them by all consultations of the team."
)
NOT_ONE_ROW = "There must be one row for each liaison: {}."
TAKEN = (
    "Careful: {} isn't the table of the first cell anymore, and later questions need that table.\n"
    "Use another name in your answer, and run the first cell again."
)


def _of_the_first_cell() -> dict[str, pd.DataFrame]:
    """The tables that the first cell of the assignment makes of the learner's library, before anybody changes them."""

    def make(library):
        asked = library.consultations
        periods = {"before": ("2022-09-01", "2023-06-30"), "after": ("2024-09-01", "2025-06-30")}
        teams = library.teams.set_index("team_id")
        hours = {
            name: relationships.hours_per_month(asked, library.touches, teams.index, *ends)
            for name, ends in periods.items()
        }
        return {
            "teams": teams,
            "consultations": asked.assign(back=True),
            **{name: asked[asked["date"].between(*ends)] for name, ends in periods.items()},
            "hours": pd.DataFrame(hours),
            "greetings": library.touches[library.touches["kind"] == "incidental"],
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


def as_much_as_teams_changed(found: Expectation) -> None:
    """No mean change over teams lies outside of what the teams changed."""
    change = _a_month("after") - _a_month("before")
    possible = change.min() - 0.001 <= found.value <= change.max() + 0.001
    found.holds(possible, NO_TEAM.format("changed by so much"), "outside of what is possible")


def three_shares_and_a_wait(found: Expectation) -> None:
    """All but the wait are shares."""
    for label in ("relational", "return_rate", "after_90"):
        Expectation(f"{found.name}[{label!r}]", found.value[label]).is_share()


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
