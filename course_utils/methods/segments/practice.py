"""What the visible tests of week 4 try: in a notebook, ``practice.recency["uses"]`` shows what goes into an example."""

import numpy as np
import pandas as pd

from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example
from course_utils.methods.segments import SEGMENTS, WAYS

# ---- tables --------------------------------------------------------------------------------------------------

NOT_THESE = "Expected one row for each of: {wanted}. Your table has {found}."
NOT_COUNTS = "{columns} are counts: whole numbers, 0 or more. Look for a share or a mean instead of a count."
NOT_SHARES = "A share is between 0 and 1. If yours are percentages, leave out the 100."
MISSING = "A number is missing in {column}. Where there was nothing to count, it's 0: .fillna(0) fills it in."
NOT_ONE_WHOLE = (
    "The five shares in {column} add up to {total}. "
    "Shares of one whole add up to 1: divide by the whole, and leave out a 100."
)
ROUNDED = "The shares are rounded too much. Leave out the rounding, or keep three digits after the point."


def by_way(found: Expectation) -> None:
    """One row for each way, with counts, and shares between 0 and 1. Raises ``NotYet`` otherwise."""
    _has_rows(found, "way", WAYS)
    _has_counts(found, "uses", "users")
    shares = _numbers(found, "share_of_uses", "share_of_users")
    found.holds(shares.stack().between(0, 1).all(), NOT_SHARES)
    _is_hardly_rounded(found, shares)


def sizes(found: Expectation) -> None:
    """One row for each segment, with counts, and shares that add up to 1. Raises ``NotYet`` otherwise."""
    _has_rows(found, "segment", list(SEGMENTS))
    _has_counts(found, "patrons", "uses")
    shares = _numbers(found, "share_of_patrons", "share_of_uses")
    if shares.max(axis=None) <= 1:  # percentages are told by their sum
        _is_hardly_rounded(found, shares)
    for column, total in shares.sum().items():
        found.holds(abs(total - 1) < 0.03, NOT_ONE_WHOLE.format(column=column, total=f"{total:.3g}"))


def _has_rows(found: Expectation, column: str, wanted: list[str]) -> None:
    names = [str(name).strip() for name in found.value[column]]
    same = sorted(name.casefold() for name in names) == sorted(wanted)
    listed = {"wanted": ", ".join(wanted), "found": ", ".join(names[:8]) or "no row"}
    found.holds(same, NOT_THESE.format(**listed))


def _has_counts(found: Expectation, *columns: str) -> None:
    counts = _numbers(found, *columns).stack()
    are_whole = (counts >= 0).all() and np.allclose(counts, counts.round())
    found.holds(are_whole, NOT_COUNTS.format(columns=" and ".join(columns)))


def _is_hardly_rounded(found: Expectation, shares: pd.DataFrame) -> None:
    found.holds(not np.allclose(shares, shares.round(1)), ROUNDED)


def _numbers(found: Expectation, *columns: str) -> pd.DataFrame:
    numbers = found.value[list(columns)].apply(pd.to_numeric, errors="coerce").astype(float)
    for column in columns:
        found.holds(np.isfinite(numbers[column]).all(), MISSING.format(column=column))
    return numbers


# ---- functions -----------------------------------------------------------------------------------------------


def _uses(*rows: tuple[int, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["patron_id", "date", "way"])
    return table.assign(date=pd.to_datetime(table["date"]))


DIGITAL_TOO = "You include digital uses, and they aren't visits. Keep the rows of the other ways first."
PHYSICAL_ONLY = (
    "You look at physical uses only. Someone who comes to a program or uses a computer visits, too."
)

recency = Example(
    "practice.recency",
    {
        "uses": _uses(
            (7, "2025-06-20", "physical"),
            (7, "2025-03-31", "physical"),
            (7, "2025-06-27", "digital"),
            (7, "2025-05-31", "program"),
            (8, "2025-06-30", "computer"),
            (8, "2025-01-05", "digital"),
            (9, "2022-12-02", "physical"),
            (9, "2024-06-30", "physical"),
            (10, "2025-06-01", "digital"),
            (11, "2025-06-15", "program"),
        ),
        "as_of": pd.Timestamp("2025-06-30"),
    },
    {7: 10, 8: 0, 9: 365, 11: 15},
    {
        "digital uses, too": ({7: 3, 8: 0, 9: 365, 10: 29, 11: 15}, DIGITAL_TOO),
        "physical uses only": ({7: 10, 9: 365}, PHYSICAL_ONLY),
        "digital uses only": (
            {7: 3, 8: 176, 10: 29},
            "These are the digital uses. The others are visits.",
        ),
        "the day of the course": (
            {7: 72, 8: 62, 9: 427, 11: 77},
            "You count the days to AS_OF. Count them to as_of, the day that the function is given.",
        ),
        "the first visit": (
            {7: 91, 8: 0, 9: 941, 11: 15},
            "You look at the first visit of each patron. The last one counts.",
        ),
        "negative": (
            {7: -10, 8: 0, 9: -365, 11: -15},
            "Your days are negative: subtract the earlier day from the later one.",
        ),
        "a stretch of time": (
            {
                7: pd.Timedelta(days=10),
                8: pd.Timedelta(days=0),
                9: pd.Timedelta(days=365),
                11: pd.Timedelta(days=15),
            },
            "This is a length of time. Turn it into a number of days with .dt.days.",
        ),
        "dates": (
            {
                7: pd.Timestamp("2025-06-20"),
                8: pd.Timestamp("2025-06-30"),
                9: pd.Timestamp("2024-06-30"),
                11: pd.Timestamp("2025-06-15"),
            },
            "These are the dates of the last visit. Subtract them from as_of.",
        ),
    },
    hint="Keep the visits, which are the uses that aren't digital. Find each patron's latest date, and count the days from it to as_of.",
)

frequency = Example(
    "practice.frequency",
    {
        "uses": _uses(
            (7, "2025-01-20", "physical"),
            (7, "2025-01-20", "physical"),
            (7, "2025-01-20", "program"),
            (7, "2025-01-20", "digital"),
            (7, "2025-01-15", "program"),
            (7, "2024-02-01", "physical"),
            (7, "2024-10-03", "digital"),
            (8, "2024-01-31", "physical"),
            (8, "2024-01-15", "physical"),
            (8, "2023-06-05", "digital"),
            (9, "2024-07-01", "computer"),
            (9, "2024-07-01", "computer"),
            (9, "2023-07-01", "computer"),
            (9, "2025-01-15", "computer"),
            (10, "2024-12-05", "digital"),
            (11, "2025-01-31", "program"),
            (11, "2024-11-11", "program"),
            (11, "2024-11-12", "digital"),
        ),
        "as_of": pd.Timestamp("2025-01-31"),
    },
    {7: 3, 9: 2, 11: 2},
    {
        "digital uses, too": ({7: 4, 9: 2, 10: 1, 11: 3}, DIGITAL_TOO),
        "physical uses only": ({7: 2}, PHYSICAL_ONLY),
        "the day of the set-up": (
            {7: 2, 9: 1, 11: 2},
            "Your twelve months do not end with as_of. Use the day that the function is given, and not since.",
        ),
        "365 days": (
            {7: 2, 9: 2, 11: 2},
            "Twelve months aren't always 365 days: these have a February 29. Use pd.DateOffset(months=12).",
        ),
        "as_of left out": ({7: 3, 9: 2, 11: 1}, "A visit on as_of itself counts."),
        "13 months": (
            {7: 3, 8: 2, 9: 2, 11: 2},
            "You look back further than twelve months before as_of.",
        ),
        "rows, not days": ({7: 5, 9: 3, 11: 2}, "You count rows. Two uses on one day are one day."),
        "days of all years": (
            {7: 3, 8: 2, 9: 3, 11: 2},
            "You count days of all years. Keep the rows of the twelve months first.",
        ),
        "rows of all years": (
            {7: 5, 8: 2, 9: 4, 11: 2},
            "You count all rows. Keep the recent ones, and each day once.",
        ),
        "the day itself": (
            {7: 3, 8: 1, 9: 2, 11: 2},
            "A use exactly twelve months before as_of is too old: use >, not >=.",
        ),
        "each date once": (
            {7: 3, 9: 1, 11: 2},
            "You keep each date once, and so only one of the patrons who came on it. Look at patron_id and date together.",
        ),
        "a day in each way": (
            {7: 4, 9: 2, 11: 2},
            "You count a day twice if it has two ways of use. Look at patron_id and date only.",
        ),
    },
    hint="Keep the visits of the twelve months, then each day of each patron once, and then count.",
)

_had = pd.DataFrame(
    {
        "f": [5, 20, 5, 0, 12, 3, 31, 11],
        "card_age": [73, 365, 3650, 100, 150, 364, 366, 150],
    },
    index=list("abcdefgh"),
)
_pace = pd.Series([25, 20, 5, 0, 29.2, 3.0082417, 31, 26.7666667], index=_had.index)

pace = Example(
    "practice.pace",
    {"f": _had["f"], "card_age": _had["card_age"]},
    _pace,
    {
        "as counted": (
            _had["f"],
            "These are the days as they were counted. Someone with a young card hasn't had a whole year.",
        ),
        "old cards slowed down": (
            _had["f"] / _had["card_age"] * 365,
            "You slow down the people with an old card. f counts the last 365 days only, so divide by 365 at most: "
            ".clip(upper=365).",
        ),
        "365 at least": (
            _had["f"] / _had["card_age"].clip(lower=365) * 365,
            "You made every young card 365 days old. It should be 365 at most: upper, not lower.",
        ),
        "a day": (_pace / 365, "This is the use per day. A year has 365 of them."),
        "a month": (_pace / 365 * 30, "This is the use per month. You need it for 365 days."),
        "upside down": (
            _had["f"] * _had["card_age"].clip(upper=365) / 365,
            "You make the pace of young cards slower. They've had less time, so their pace is faster than their count.",
        ),
        "whole days": (
            _pace.round(),
            "You rounded to whole days. Leave the pace as it comes.",
        ),
        "whole days, cut off": (
            _pace.astype(int),
            "You cut off everything after the decimal point. Leave the pace as it comes.",
        ),
        "young cards only": (
            _pace[_had["card_age"] < 365],
            "You left out the people with an old card. Their pace is f itself.",
        ),
    },
    within=0.00051,
    hint='Look at practice.pace["f"] and practice.pace["card_age"]. '
    "For each person, divide the days of use by the days that they've had, and multiply by 365.",
)

_rows = pd.DataFrame.from_dict(
    {
        "a": (89, float("nan"), 0, "new"),
        "b": (89, 5, 30, "new"),
        "c": (90, float("nan"), 0, "away"),
        "d": (3000, 400, 0, "away"),
        "e": (3000, 57, 40, "missed"),
        "f": (3000, 57, 2, "not lately"),
        "g": (90, 56, 14, "regular"),
        "h": (3000, 0, 200, "regular"),
        "i": (3000, 56, 13, "now and then"),
        "j": (3000, 3, 1, "now and then"),
        "k": (3000, 60, 14, "missed"),
        "l": (3000, 60, 13, "not lately"),
        "m": (3000, 64, 16, "missed"),
        "n": (200, 10, 13.5, "now and then"),
        "o": (200, 60, 13.5, "not lately"),
    },
    orient="index",
    columns=["card_age", "last_seen", "days_a_year", "segment"],
)
_segment = _rows["segment"]
_STILL_LATELY = "A last use 56 days ago is still lately: use >."
_REACHES_14 = "A pace of 14 days is enough to be missed, or regular: use >=."


def _but(**others: str) -> pd.Series:
    return pd.Series(_segment.to_dict() | others)


core_of = Example(
    "practice.core_of",
    {"table": _rows.drop(columns="segment")},
    _segment,
    {
        "no labels": (
            pd.Series(_segment.to_numpy()),
            "The names are right, and their labels are 0 to 14. Give them those of the table, with index=table.index.",
        ),
        "away means never": (
            _but(d="not lately"),
            "Someone without a day of use in twelve months is away, even if there was a use long ago: ask about days_a_year.",
        ),
        "more than 13": (
            _but(n="regular", o="missed"),
            "A pace doesn't have to be a whole number, and 13.5 is less than 14: use >= 14.",
        ),
        "every cut one off": (
            _but(c="new", g="new", i="not lately", k="not lately"),
            "Your cuts are off at 90, 56 and 14: it's less than 90, more than 56, and 14 or more.",
        ),
        "new forgotten": (
            _but(a="away", b="regular"),
            "Nobody is new in yours. That rule comes first, no matter what the owner did with the card.",
        ),
        "away before new": (
            _but(a="away"),
            "A new card without use is new, not away: the first rule that fits counts.",
        ),
        "nobody missed": (
            _but(e="not lately", k="not lately", m="not lately"),
            "Someone who came often, but not in the last 56 days, is missed: that rule comes before not lately.",
        ),
        "regular before missed": (
            _but(e="regular", k="regular", m="regular"),
            "Someone who came often, but not in the last 56 days, is missed: that rule comes before regular.",
        ),
        "cuts of the lesson": (
            _but(
                e="regular",
                f="now and then",
                g="now and then",
                k="now and then",
                l="now and then",
                m="not lately",
                o="now and then",
            ),
            "You use the lesson's cuts. Here lately is within 56 days, and often is 14 days a year.",
        ),
        "63 days": (
            _but(e="regular", f="now and then", k="regular", l="now and then", o="now and then"),
            "You cut at 63 days, as the lesson does. Here lately is within 56 days.",
        ),
        "18 days": (
            _but(g="now and then", k="not lately", m="not lately"),
            "You cut at 18 days, as the lesson does. Here often is 14 days a year or more.",
        ),
        "often, and one more": (_but(g="now and then", k="not lately"), _REACHES_14),
        "regular, and one more": (_but(g="now and then"), _REACHES_14),
        "missed, and one more": (_but(k="not lately"), _REACHES_14),
        "90 days are new": (
            _but(c="new", g="new"),
            "A card that is 90 days old is no longer new: use <.",
        ),
        "56 days are too long": (_but(g="missed", i="not lately"), _STILL_LATELY),
        "56 days are missed": (_but(g="missed"), _STILL_LATELY),
        "56 days are not lately": (_but(g="not lately", i="not lately"), _STILL_LATELY),
    },
    hint='Look at that row of practice.core_of["table"], and go through the rules in order. '
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
            "Of the people in a segment before, how many are still in it?",
        ),
        "not grouped": (
            _before == _after.sort_index(),
            "You have True or False for each patron. Group that by before, and take the mean.",
        ),
        "order ignored": (
            {"regular": 0.5, "now and then": 1 / 3, "away": 0.0, "not lately": 0.0},
            "You compare row by row. The rows of after may be in another order: put them into the order of before.",
        ),
        "those who move": (
            {"regular": 0.5, "now and then": 2 / 3, "away": 0.0, "not lately": 1.0},
            "These are the shares of those who move. You need those who stay.",
        ),
        "counts": (
            {"regular": 2, "now and then": 1, "away": 1, "not lately": 0},
            "These are counts. Divide by the size of each segment of before.",
        ),
        "percentages": (
            {name: 100 * share for name, share in _share.items()},
            "These are percentages. Leave them as shares, between 0 and 1.",
        ),
        "of everybody": (
            {"regular": 2 / 9, "now and then": 1 / 9, "away": 1 / 9, "not lately": 0.0},
            "You divided by everyone. Divide by the size of each segment of before.",
        ),
        "nobody is missing": (
            _share | {"not lately": float("nan")},
            "Where nobody stays, the share is 0, not missing.",
        ),
        "nobody is left out": (
            {name: share for name, share in _share.items() if share},
            "You left out a segment in which nobody stays. Its share is 0.",
        ),
    },
    hint="For each segment of before: which share of its people has the same name in after? "
    'Look at practice.stayed["before"] and practice.stayed["after"].',
)
