"""What the visible tests of week 1 try: in a notebook, ``practice.hit_share["low"]`` shows what goes into an example."""

import pandas as pd

from course_utils.checks.practice import Example

# Ranges of which so many hold the truth at their low end, at their high end, and inside; and so many miss it below and
# above. With these counts, each way to count the hits, right or wrong, comes to a share of its own.
_AT_LOW, _AT_HIGH, _INSIDE, _BELOW, _ABOVE = 1, 4, 1, 2, 5
_from_low = [0] * _AT_LOW + [10] * _AT_HIGH + [4] * _INSIDE + [-3] * _BELOW + [13] * _ABOVE
_RANGES = len(_from_low)
_low = pd.Series(range(0, 5 * _RANGES, 5))
_HITS = _AT_LOW + _AT_HIGH + _INSIDE

_LOW_END_ONLY = "You compare with the low end only. A hit is also at most high."
_HIGH_END_ONLY = "You compare with the high end only. A hit is also at least low."
_OF_THE_QUESTION = (
    "This is the number that the question gives as an example. Work it out from low, high and truth."
)

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
            "Your ranges leave out their ends. A range holds its own ends: use <= on both sides.",
        ),
        "the low end left out": (
            (_HITS - _AT_LOW) / _RANGES,
            "Your ranges leave out their low end. A truth that is the same as low is a hit: use <= there, too.",
        ),
        "the high end left out": (
            (_HITS - _AT_HIGH) / _RANGES,
            "Your ranges leave out their high end. A truth that is the same as high is a hit: use <= there, too.",
        ),
        "the low end only": ((_HITS + _ABOVE) / _RANGES, _LOW_END_ONLY),
        "above the low end": ((_HITS - _AT_LOW + _ABOVE) / _RANGES, _LOW_END_ONLY),
        "the high end only": ((_HITS + _BELOW) / _RANGES, _HIGH_END_ONLY),
        "below the high end": ((_HITS - _AT_HIGH + _BELOW) / _RANGES, _HIGH_END_ONLY),
        "misses": ((_BELOW + _ABOVE) / _RANGES, "This is the share of misses. You need the hits."),
        "misses, and ends": (
            1 - _INSIDE / _RANGES,
            "This is the share of misses, with the ends among them. You need the hits, and a range holds its own ends.",
        ),
        "or": (
            1,
            "By this, every range holds its truth. A hit is at least low *and* at most high: the sign for that is &, not |.",
        ),
        "the number of the question": (4 / 7, _OF_THE_QUESTION),
        "the number of the question, rounded": (0.571, _OF_THE_QUESTION),
    },
    hint="A hit is a truth that is at least low and at most high.",
)
