"""What the visible tests of week 3 try: in a notebook, ``practice.shrunk["cards"]`` shows what goes into an example."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example

Check = Callable[[Expectation], None]

# ---- tables --------------------------------------------------------------------------------------------------

AREAS = [f"T{number:02d}" for number in range(1, 25)]
NOT_THESE = "Expected one row for each of the 24 neighborhoods, T01 to T24. Your table has {found}."
NOT_COUNTS = "{column} is a count: whole numbers, 0 or more. Look for a share or a mean instead of a count."
MISSING = "A number is missing in {column}. Where nobody was counted, it's 0: .fillna(0) fills it in."
UNMATCHED = (
    "No number of {column} found its row: all are missing, or 0. pandas gives a number to the row with the same label, "
    "and the labels of your rows may be 0, 1, 2 instead of T01, T02. Begin with areas, whose rows have those labels."
)
TOO_MANY_CARDS = "Together, your cards are more than the rows of older. Count for each neighborhood how many rows of older are in it."
EVERYBODY = "You divide by everybody who lives there. The cards are those of people 65 and over: divide by the residents of that age."
NOT_A_RATE = "The column rate is cards divided by residents, row by row. Yours is something else."
PERCENT = "Your rates are cards per 100 residents. Leave them as cards per resident."
ROUNDED = "The rates are rounded too much. Leave out the rounding, or keep three digits after the point."
NOT_THREE = "Expected three rows, with three different neighborhoods. Yours has {found}."
OTHER_RATES = "The rates in it aren't those of seniors. Take the rows from seniors, as they are."
ABOVE = "At least one of your three has a rate above the town's, so it isn't where the library reaches fewer people. Choose three below it."
NOT_A_PLACE = "{found} isn't the tract_id of a neighborhood. Take the rows from seniors, as they are."


def seniors(older: pd.DataFrame, areas: pd.DataFrame) -> Check:
    """One row per neighborhood, with counts and their quotient, and no more cards or people than there are.

    ``older`` and ``areas`` are those of the set-up cell.
    """
    return lambda found: _seniors(found, len(older), areas)


def _seniors(found: Expectation, most_cards: int, areas: pd.DataFrame) -> None:
    table = found.value
    places = sorted(str(one).strip() for one in table["tract_id"])
    found.holds(places == AREAS, NOT_THESE.format(found=_some(places)))
    numbers = table[["cards", "residents", "rate"]].apply(pd.to_numeric, errors="coerce").astype(float)
    for column in ("cards", "residents"):
        found.holds(bool((numbers[column].fillna(0) != 0).any()), UNMATCHED.format(column=column))
    for column, values in numbers.items():
        found.holds(bool(np.isfinite(values).all()), MISSING.format(column=column))
    for column in ("cards", "residents"):
        values = numbers[column]
        whole = bool((values >= 0).all()) and np.allclose(values, values.round())
        found.holds(whole, NOT_COUNTS.format(column=column))
    found.holds(numbers["cards"].sum() <= most_cards, TOO_MANY_CARDS)
    everybody = numbers["residents"].sum() >= areas["population"].sum()
    found.holds(not everybody, EVERYBODY, "everybody who lives there")
    rate = numbers["cards"] / numbers["residents"]
    found.holds(not np.allclose(numbers["rate"], 100 * rate, rtol=0.02), PERCENT)
    near = np.allclose(numbers["rate"], rate, atol=0.051)
    found.holds(near, NOT_A_RATE)
    found.holds(np.allclose(numbers["rate"], rate, atol=0.00051), ROUNDED if near else NOT_A_RATE)


def three(older: pd.DataFrame, areas: pd.DataFrame) -> Check:
    """Three neighborhoods of one's own choice, each with a rate below the town's.

    ``older`` and ``areas`` are those of the set-up cell.
    """
    town = len(older) / areas["age_65_up"].sum()
    return lambda found: _three(found, town)


def _three(found: Expectation, town: float) -> None:
    places = [str(one).strip() for one in found.value["tract_id"]]
    for place in places:
        found.holds(place in AREAS, NOT_A_PLACE.format(found=place))
    found.holds(len(places) == len(set(places)) == 3, NOT_THREE.format(found=_some(places)))
    rates = pd.to_numeric(found.value["rate"], errors="coerce").astype(float)
    found.holds(bool(rates.between(0, 1).all()), OTHER_RATES)
    found.holds(bool((rates < town).all()), ABOVE)


TO_A_CARD_EACH = "Your column missing counts everybody without a card. Count the cards that it would take to have the town's rate."
INDEX_OF_1 = "Your index is 1 where the rate is the town's. It should be 100 there."
POINTS_APART = "Your index is the difference from the town. Divide by the town's rate, and multiply by 100."
NOT_TOGETHER = (
    "Your index and your missing don't go together. Where the rate is below the town's, the index is below 100, "
    "and cards are missing, so that missing is above 0. Where it's above the town's, both are the other way around."
)


def gap(found: Expectation) -> None:
    """An index and missing cards for each neighborhood that may belong to one town. Raises ``NotYet`` otherwise."""
    places = sorted(str(one).strip() for one in found.value["tract_id"])
    found.holds(places == AREAS, NOT_THESE.format(found=_some(places)))
    numbers = found.value[["index", "missing"]].apply(pd.to_numeric, errors="coerce").astype(float)
    index, missing = numbers["index"], numbers["missing"]
    for column in ("index", "missing"):
        found.holds(bool(numbers[column].notna().all()), MISSING.format(column=column))
    found.holds(not (index < 0).any(), POINTS_APART, "points apart")
    found.holds(index.max() >= 10, INDEX_OF_1, "index of 1")
    found.holds(not (missing > 0).all(), TO_A_CARD_EACH, "to a card for everybody")
    clear = ((index - 100).abs() > 1) & (missing.abs() > 1)
    found.holds(bool(((index < 100) == (missing > 0))[clear].all()), NOT_TOGETHER)


CARDS_NOT_RATES = "These are numbers of cards. Divide by speakers."


def by_home(found: Expectation) -> None:
    """Cards per resident, and not cards. Raises ``NotYet`` otherwise."""
    found.holds(bool((found.value <= 2).all()), CARDS_NOT_RATES, "cards, not rates")


NO_ROW = (
    "The sum is 0, so no row of estimates was kept. Compare each text with the table, letter by letter: "
    'estimates["age_group"].unique() shows how they are written there.'
)


def spanish_seniors(found: Expectation) -> None:
    """A sum over some rows, and its margin. Raises ``NotYet`` otherwise."""
    found.holds(bool((found.value > 0).all()), NO_ROW)


def _some(names: list[str]) -> str:
    if not names:
        return "no row"
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


# ---- functions -----------------------------------------------------------------------------------------------

# One row for each way to stand to a rate of 0.4: the ends count as inside.
_ranges = pd.DataFrame(
    {
        "low": [0.10, 0.41, 0.35, 0.40, 0.20, 0.55, 0.05, 0.39, 0.45],
        "high": [0.39, 0.60, 0.45, 0.70, 0.40, 0.80, 0.30, 0.41, 0.62],
        "rate": [0.20, 0.50, 0.41, 0.55, 0.30, 0.70, 0.15, 0.40, 0.53],
    },
    index=["T04", "T01", "T02", "T03", "T05", "T09", "T07", "T08", "T06"],
)
_is_outside = [True, True, False, False, False, True, True, False, True]


def _answers(values) -> dict:
    return dict(zip(_ranges.index, map(bool, values), strict=True))


outside = Example(
    "practice.outside",
    {"table": _ranges, "town": 0.4},
    _answers(_is_outside),
    {
        "inside": (
            _answers(np.logical_not(_is_outside)),
            "You say True where the range does hold the town's rate. Turn it around.",
        ),
        "below only": (
            _answers(_ranges["high"] < 0.4),
            "You only find ranges that lie below the town's rate. A range above it doesn't hold it, either.",
        ),
        "above only": (
            _answers(_ranges["low"] > 0.4),
            "You only find ranges that lie above the town's rate. A range below it doesn't hold it, either.",
        ),
        "ends count as outside": (
            _answers((_ranges["low"] >= 0.4) | (_ranges["high"] <= 0.4)),
            "A range that ends exactly at the town's rate still holds it: use < and >, without the equals sign.",
        ),
        "the rates are compared": (
            _answers(_ranges["rate"] != 0.4),
            "You compare the rates with the town's. Compare the ends of their ranges, low and high.",
        ),
        "nobody": (
            _answers([False] * 9),
            "You say False everywhere. A range can't lie below and above at once: it's one *or* the other, |.",
        ),
    },
)

_cards = pd.Series({"T01": 6, "T02": 39, "T03": 15})
_residents = pd.Series({"T01": 10, "T02": 150, "T03": 40})
OWN_RATE = "These are the areas' own rates. Add `pull` people of the town's rate to each of them."
TOWN_WEIGHTED = (
    "Your town's rate is the mean of the areas' rates, in which a small area counts as much as a large one. "
    "Divide all cards by all residents."
)

PARENTHESES = (
    "No rate is above 1. A division comes before an addition, so put parentheses around the sum of the cards, "
    "and around the sum of the residents: (… + …) / (… + …)."
)


def _of_rates(found) -> str:
    """What to try where something else came out for the example."""
    if (pd.Series(found) > 1.3).any():
        return PARENTHESES
    return "Add pull people to the residents of each area, and pull times the town's rate to its cards."


shrunk = Example(
    "practice.shrunk",
    {"cards": _cards, "residents": _residents, "pull": 20},
    {"T01": 0.4, "T02": 45 / 170, "T03": 0.35},
    {
        "the mean of the rates": (
            {
                "T01": (6 + 20 * 1.235 / 3) / 30,
                "T02": (39 + 20 * 1.235 / 3) / 170,
                "T03": (15 + 20 * 1.235 / 3) / 60,
            },
            TOWN_WEIGHTED,
        ),
        "not shrunk": ({"T01": 0.6, "T02": 0.26, "T03": 0.375}, OWN_RATE),
        "residents not added": (
            {"T01": 1.2, "T02": 0.3, "T03": 0.525},
            "You add cards, and leave the residents as they were. Add `pull` to the residents, too.",
        ),
        "cards not added": (
            {"T01": 0.2, "T02": 39 / 170, "T03": 0.25},
            "You add residents without any cards. They have as many as people in the town do: add pull times the town's rate to the cards.",
        ),
        "everybody has a card": (
            {"T01": 26 / 30, "T02": 59 / 170, "T03": 35 / 60},
            "The people you add all have a card. Only the town's share of them does: add pull times the town's rate.",
        ),
        "halfway": (
            {"T01": 0.45, "T02": 0.28, "T03": 0.3375},
            "You go halfway to the town in every area. A small area has to move farther than a large one.",
        ),
        "no parentheses": (
            {"T01": 6 + 20 * 0.3 / 10 + 20, "T02": 39 + 20 * 0.3 / 150 + 20, "T03": 15 + 20 * 0.3 / 40 + 20},
            PARENTHESES,
        ),
        "the pull of the lesson": (
            {"T01": 21 / 60, "T02": 54 / 200, "T03": 30 / 90},
            "You add 50 people, as the lesson did. Use pull, the number that the function is given.",
        ),
    },
    within=0.0006,
    hint=_of_rates,
)
