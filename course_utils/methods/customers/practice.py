"""What the visible tests of week 1 try: in a notebook, ``practice.hit_share["low"]`` shows what goes into an example."""

import pandas as pd

from course_utils.checks.practice import Example

_low = pd.Series([0, 5, 10, 15, 20, 25, 30])

hit_share = Example(
    "practice.hit_share",
    {"low": _low, "high": _low + 10, "truth": pd.Series([0, 15, 25, 27, 14, 30, 33])},
    4 / 7,
    {
        "a count": (4, "This is the number of hits. Divide it by the number of ranges."),
        "a percentage": (400 / 7, "This is a percentage. Leave it as a share, between 0 and 1."),
        "ends left out": (
            2 / 7,
            "Your ranges leave out their ends. A range holds its ends: use <= on both sides.",
        ),
        "the low end only": (6 / 7, "You compare with the low end only. The high end counts, too."),
        "the high end only": (5 / 7, "You compare with the high end only. The low end counts, too."),
        "misses": (3 / 7, "This is the share of misses. You need the hits."),
    },
    hint="A hit is a truth that is at least low and at most high.",
)
