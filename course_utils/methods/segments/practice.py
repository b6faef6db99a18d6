"""What the visible tests of week 4 try: in a notebook, ``practice.recency["uses"]`` shows what goes into an example."""

import numpy as np
import pandas as pd

from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example

# ---- tables --------------------------------------------------------------------------------------------------

NOT_FOUR_WAYS = "There are four ways of use. Your table has another number of rows."
NOT_SHARES = "A share lies between 0 and 1. If yours are percentages, leave out the 100."
NOT_FIVE_SEGMENTS = "There are five segments. Your table has another number of rows."
MISSING_SHARE = (
    "A share is missing. Is f still in people as it was? Run the set-up cell again, then your cell."
)
NOT_ONE_WHOLE = (
    "The five shares in {column} add up to {total}. "
    "Shares of one whole add up to 1: divide by the whole, and leave out a 100."
)
ROUNDED = "The shares are rounded too much. Keep two digits after the point, or more."


def by_way(found: Expectation) -> None:
    """Four rows, with shares between 0 and 1, of two digits or more. Raises ``NotYet`` otherwise."""
    found.holds(len(found.value) == 4, NOT_FOUR_WAYS)
    shares = _numbers(found, "share_of_uses", "share_of_users")
    found.holds(shares.stack().between(0, 1).all(), NOT_SHARES)
    _has_two_digits(found, shares)


def sizes(found: Expectation) -> None:
    """Five rows, with shares of two digits or more that add up to 1. Raises ``NotYet`` otherwise."""
    found.holds(len(found.value) == 5, NOT_FIVE_SEGMENTS)
    shares = _numbers(found, "share_of_patrons", "share_of_use")
    found.holds(shares.notna().to_numpy().all(), MISSING_SHARE)
    if shares.max(axis=None) <= 1:  # percentages are told by their sum
        _has_two_digits(found, shares)
    for column, total in shares.sum().items():
        found.holds(abs(total - 1) < 0.03, NOT_ONE_WHOLE.format(column=column, total=f"{total:.3g}"))


def _numbers(found: Expectation, *columns: str) -> pd.DataFrame:
    return found.value[list(columns)].apply(pd.to_numeric, errors="coerce")


def _has_two_digits(found: Expectation, shares: pd.DataFrame) -> None:
    found.holds(not np.allclose(shares, shares.round(1)), ROUNDED)


# ---- functions -----------------------------------------------------------------------------------------------

recency = Example(
    "practice.recency",
    {
        "uses": pd.DataFrame(
            {
                "patron_id": [7, 7, 7, 8, 9, 9],
                "date": pd.to_datetime(
                    ["2025-06-20", "2025-03-31", "2025-05-31", "2025-06-30", "2022-12-02", "2024-06-30"]
                ),
                "way": ["physical", "digital", "program", "computer", "physical", "physical"],
            }
        ),
        "as_of": pd.Timestamp("2025-06-30"),
    },
    {7: 10, 8: 0, 9: 365},
    {
        "the day of the course": (
            {7: 72, 8: 62, 9: 427},
            "You count the days to AS_OF. Count them to as_of, the day that the function is given.",
        ),
        "the first use": (
            {7: 91, 8: 0, 9: 941},
            "You look at the first use of each patron. The last one counts.",
        ),
        "negative": (
            {7: -10, 8: 0, 9: -365},
            "Your days are negative: take the earlier day away from the later one.",
        ),
        "a stretch of time": (
            {7: pd.Timedelta(days=10), 8: pd.Timedelta(days=0), 9: pd.Timedelta(days=365)},
            "This is a stretch of time. Make a number of days of it, with .dt.days.",
        ),
        "dates": (
            {7: pd.Timestamp("2025-06-20"), 8: pd.Timestamp("2025-06-30"), 9: pd.Timestamp("2024-06-30")},
            "These are the days of the last use. Take them away from as_of.",
        ),
    },
    hint="Find the latest date of each patron, and count the days from it to as_of.",
)

frequency = Example(
    "practice.frequency",
    {
        "uses": pd.DataFrame(
            [
                (7, "2024-06-20", "physical"),
                (7, "2024-06-20", "physical"),
                (7, "2024-06-20", "digital"),
                (7, "2024-06-30", "program"),
                (7, "2023-07-01", "physical"),
                (8, "2023-06-30", "physical"),
                (8, "2022-11-05", "digital"),
                (9, "2023-12-01", "computer"),
                (9, "2023-12-01", "computer"),
                (9, "2022-12-01", "computer"),
                (9, "2024-01-02", "computer"),
            ],
            columns=["patron_id", "date", "way"],
        ).assign(date=lambda uses: pd.to_datetime(uses["date"])),
        "as_of": pd.Timestamp("2024-06-30"),
    },
    {7: 3, 9: 2},
    {
        "the day of the set-up": (
            {},
            "Your twelve months do not end with as_of. Use the day that the function is given, and not since.",
        ),
        "365 days": (
            {7: 2, 9: 2},
            "Twelve months are not always 365 days: these twelve have a 29 February. Use pd.DateOffset(months=12).",
        ),
        "rows, not days": ({7: 5, 9: 3}, "You count rows. Two uses on one day are one day."),
        "days of all years": (
            {7: 3, 8: 2, 9: 3},
            "You count days of all years. Keep the rows of the twelve months first.",
        ),
        "rows of all years": (
            {7: 5, 8: 2, 9: 4},
            "You count all rows. Keep the recent ones, and each day once.",
        ),
        "the day itself": (
            {7: 3, 8: 1, 9: 2},
            "A use exactly twelve months before as_of is too old: use >, not >=.",
        ),
        "a day in each way": (
            {7: 4, 9: 2},
            "You count a day twice if it has two ways of use. Look at patron_id and date only.",
        ),
    },
    hint="Keep the recent rows, then each day of each patron once, then count.",
)

f_score = Example(
    "practice.f_score",
    {"f": pd.Series([1, 3, 4, 13, 14, 366], index=list("abcdef"))},
    {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": 3},
    {
        "begun with 1": (
            {"a": float("nan"), "b": 1, "c": 2, "d": 2, "e": 3, "f": 3},
            "1 day has no score: a part of pd.cut does not hold its lower end. Begin with 0.",
        ),
        "ended too early": (
            {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3, "f": float("nan")},
            "366 days have no score: end with 366.",
        ),
        "words": (
            {"a": "1", "b": "1", "c": "2", "d": "2", "e": "3", "f": "3"},
            "Your scores are texts, not numbers: leave out the quotation marks.",
        ),
        "upside down": (
            {"a": 3, "b": 3, "c": 2, "d": 2, "e": 1, "f": 1},
            "Your scores are upside down: the most days get a 3.",
        ),
        "cuts one too high": (
            {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 3},
            "Whoever reaches a cut gets the higher score: 4 days are a 2, and 14 days are a 3.",
        ),
        "the cut of the lesson": (
            {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2, "f": 3},
            "You cut as the lesson does. Here the cuts are at 4 and at 14 days.",
        ),
    },
    hint='The days of that label stand in practice.f_score["f"]. '
    "3 and 4 stand on two sides of a cut, and so do 13 and 14.",
)

_rows = pd.DataFrame.from_dict(
    {
        "a": (89, float("nan"), 0, "new"),
        "b": (89, 5, 30, "new"),
        "c": (90, float("nan"), 0, "away"),
        "d": (3000, 400, 0, "away"),
        "e": (3000, 57, 40, "not lately"),
        "f": (3000, 57, 2, "not lately"),
        "g": (90, 56, 14, "regular"),
        "h": (3000, 0, 200, "regular"),
        "i": (3000, 56, 13, "now and then"),
        "j": (3000, 3, 1, "now and then"),
    },
    orient="index",
    columns=["card_age", "last_seen", "days_used", "segment"],
)
_segment = _rows["segment"]


def _but(**others: str) -> pd.Series:
    return pd.Series(_segment.to_dict() | others)


core_of = Example(
    "practice.core_of",
    {"table": _rows.drop(columns="segment")},
    _segment,
    {
        "no labels": (
            pd.Series(_segment.to_numpy()),
            "The names are right, and their labels are 0 to 9. Give them those of the table, with index=table.index.",
        ),
        "away means never": (
            _but(d="not lately"),
            "Somebody without a day of use in twelve months is away, even with a last use long ago: ask about days_used.",
        ),
        "every cut one off": (
            _but(c="new", g="new", i="not lately"),
            "Your questions treat 90, 56 and 14 wrongly: less than 90, more than 56, and 14 or more.",
        ),
        "new forgotten": (
            _but(a="away", b="regular"),
            "You have nobody who is new. That rule comes first, whatever its owner did with the card.",
        ),
        "away before new": (
            _but(a="away"),
            "A new card without use is new, not away: the first rule that fits counts.",
        ),
        "regular before not lately": (
            _but(e="regular"),
            "Somebody who came often, and not for more than 56 days, is not lately: that rule comes before regular.",
        ),
        "cuts of the lesson": (
            _but(e="regular", f="now and then", g="now and then"),
            "You cut as the lesson does. Here lately is within 56 days, and often is on 14 days.",
        ),
        "often, and one more": (_but(g="now and then"), "Whoever reaches 14 days is regular: use >=."),
        "90 days are new": (
            _but(c="new", g="new"),
            "A card that is 90 days old is no longer new: use <.",
        ),
        "56 days are too long": (
            _but(g="not lately", i="not lately"),
            "A last use 56 days ago is still lately: use >.",
        ),
    },
    hint='Look at that row of practice.core_of["table"], and go through the rules in their order. '
    "The first that fits counts.",
)

_before = pd.Series(
    ["regular"] * 2 + ["now and then"] * 3 + ["away", "regular", "regular", "not lately"],
    index=range(11, 20),
)
_after = pd.Series(
    {
        18: "regular",
        11: "regular",
        12: "now and then",
        19: "regular",
        13: "regular",
        14: "now and then",
        16: "away",
        17: "now and then",
        15: "away",
    }
)
_share = {"regular": 0.5, "now and then": 1 / 3, "away": 1.0, "not lately": 0.0}

stayed = Example(
    "practice.stayed",
    {"before": _before, "after": _after},
    _share,
    {
        "grouped by after": (
            {"regular": 0.5, "now and then": 1 / 3, "away": 0.5},
            "You grouped by after, so you divide by its segments. "
            "Of the people of a segment before, how many are in it still?",
        ),
        "not grouped": (
            _before == _after.sort_index(),
            "You have True or False for each patron. Group that by before, and take the mean.",
        ),
        "order ignored": (
            {"regular": 0.5, "now and then": 1 / 3, "away": 0.0, "not lately": 0.0},
            "You compare row by row. The rows of after may stand in another order: bring them into that of before.",
        ),
        "those who move": (
            {"regular": 0.5, "now and then": 2 / 3, "away": 0.0, "not lately": 1.0},
            "These are the shares of those who move. You need those who stay.",
        ),
        "counts": (
            {"regular": 2, "now and then": 1, "away": 1, "not lately": 0},
            "These are counts. Divide by the size of each segment of before.",
        ),
        "of everybody": (
            {"regular": 2 / 9, "now and then": 1 / 9, "away": 1 / 9, "not lately": 0.0},
            "You divided by everybody. Divide by the size of each segment of before.",
        ),
        "nobody is missing": (
            _share | {"not lately": float("nan")},
            "Where nobody stays, the share is 0, not missing.",
        ),
        "nobody is left out": (
            {name: share for name, share in _share.items() if share},
            "A segment of which nobody stays is left out. Its share is 0.",
        ),
    },
    within=0.0051,
    hint="For each segment of before: which share of its people has the same name in after? "
    'Look at practice.stayed["before"] and practice.stayed["after"].',
)
