"""What the visible tests of week 1 try: in a notebook, ``practice.hit_share["low"]`` shows what goes into an example."""

import numpy as np
import pandas as pd

from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example

# ---- ranges of one's own -------------------------------------------------------------------------------------

GUESSED = ("registered", "unexpired", "active", "borrowers", "other_users")
OTHER_ROWS = f"It needs one row for each of these, and no other: {', '.join(GUESSED)}."
NO_NUMBERS = "Some of its low or high ends aren't numbers. Write 4000 or 4_000, without a comma and without quotation marks."
STILL_ZERO = (
    "The range for {} still goes from 0 to 0. Write down the one you'd bet on, four times out of five."
)
BELOW_ZERO = "The low end for {} is below 0, and there can't be fewer people than none."
WRONG_WAY = "The low end for {} is above its high end: trade the two."


def own_ranges(found: Expectation) -> None:
    """Five ranges that somebody has filled in, whether they hit or not. Raises ``NotYet`` otherwise."""
    table = found.value
    found.holds(sorted(map(str, table["what"])) == sorted(GUESSED), OTHER_ROWS)
    ends = table[["low", "high"]]
    kinds = pd.api.types
    is_number = [kinds.is_numeric_dtype(kind) and not kinds.is_bool_dtype(kind) for kind in ends.dtypes]
    found.holds(all(is_number) and bool(np.isfinite(ends.astype(float)).all(axis=None)), NO_NUMBERS)
    for what, low, high in table[["what", "low", "high"]].itertuples(index=False):
        found.holds(not low == high == 0, STILL_ZERO.format(what))
        found.holds(low >= 0, BELOW_ZERO.format(what))
        found.holds(low <= high, WRONG_WAY.format(what))


# ---- how many are hits ---------------------------------------------------------------------------------------

# Ranges of which so many hold the truth at their low end, at their high end, and inside; and so many miss it below and
# above. With these counts, each way to count the hits, right or wrong, comes to a share of its own.
_AT_LOW, _AT_HIGH, _INSIDE, _BELOW, _ABOVE = 1, 4, 1, 2, 5
_from_low = [0] * _AT_LOW + [10] * _AT_HIGH + [4] * _INSIDE + [-3] * _BELOW + [13] * _ABOVE
_RANGES = len(_from_low)
_low = pd.Series(range(0, 5 * _RANGES, 5))
_HITS = _AT_LOW + _AT_HIGH + _INSIDE

_LOW_END_ONLY = "You only compare with the low end. A hit must also be at most high."
_HIGH_END_ONLY = "You only compare with the high end. A hit must also be at least low."
_OF_THE_QUESTION = "This is the number from the question's example. Work it out from low, high and truth."

hit_share = Example(
    "practice.hit_share",
    {"low": _low, "high": _low + 10, "truth": _low + pd.Series(_from_low)},
    _HITS / _RANGES,
    {
        "a count": (_HITS, "This is the number of hits. Divide it by the number of ranges."),
        "a percentage": (
            100 * _HITS / _RANGES,
            "This is a percentage. Leave it as a share, between 0 and 1.",
        ),
        "ends left out": (
            _INSIDE / _RANGES,
            "You leave out the ends of the ranges. A truth right at an end is a hit, too: use <= on both sides.",
        ),
        "the low end left out": (
            (_HITS - _AT_LOW) / _RANGES,
            "You leave out the low end of the ranges. A truth that equals low is a hit: use <= there, too.",
        ),
        "the high end left out": (
            (_HITS - _AT_HIGH) / _RANGES,
            "You leave out the high end of the ranges. A truth that equals high is a hit: use <= there, too.",
        ),
        "the low end only": ((_HITS + _ABOVE) / _RANGES, _LOW_END_ONLY),
        "above the low end": ((_HITS - _AT_LOW + _ABOVE) / _RANGES, _LOW_END_ONLY),
        "the high end only": ((_HITS + _BELOW) / _RANGES, _HIGH_END_ONLY),
        "below the high end": ((_HITS - _AT_HIGH + _BELOW) / _RANGES, _HIGH_END_ONLY),
        "misses": ((_BELOW + _ABOVE) / _RANGES, "This is the share of misses. You want the hits."),
        "misses, and ends": (
            1 - _INSIDE / _RANGES,
            "This is the share of misses, and it counts the ends as misses. You want the hits, and a truth right at an end is one.",
        ),
        "or": (
            1,
            "This way, every range is a hit. A hit is at least low *and* at most high: the sign for that is &, not |.",
        ),
        "the number of the question": (4 / 7, _OF_THE_QUESTION),
        "the number of the question, rounded": (0.571, _OF_THE_QUESTION),
    },
    hint="A range is a hit if the truth is at least low and at most high.",
)
