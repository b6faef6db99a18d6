"""The charts of week 5 say in words what they show."""

import re

import numpy as np
import pandas as pd

from course_utils import charts
from course_utils.display import as_html

TABLE = pd.DataFrame({"amount": np.linspace(4, 8, 30), "digital": [0.0] * 20 + [1.0] * 10})


def test_humps_are_said_by_thirds():
    axes = charts.humps_chart(TABLE)
    assert "Our town's 30 readers." in axes.words
    assert (
        "digital: 67% are in the lowest third of the range, 0% in the middle, 33% in the highest"
        in axes.words
    )
    assert len(axes.figure.axes) == 2
    both = charts.humps_chart(TABLE, TABLE)
    assert len(both.figure.axes) == 4
    assert "null town below" in both.words
    assert "<img alt=" in as_html(both)


def test_dots_and_bars_are_said():
    table = pd.DataFrame({"here": [0.6], "null_low": [0.5], "null_high": [0.7]}, index=["amount"])
    assert "amount: 0.60 here, 0.50 to 0.70 in the null towns" in charts.beside_chart(table).words


def test_the_elbow_is_said():
    line = pd.Series([1.0, 0.4, 0.2], index=[1, 2, 3])
    words = charts.elbow_chart(line, line / 2 + 0.5).words
    assert (
        "With 2 groups, 40% of the squared distances are left within the groups in our town and 70% in the null town"
        in words
    )


def test_groups_are_drawn_and_said():
    group = pd.Series([0] * 20 + [1] * 10)
    page = charts.groups_figure({"Our <town>": (TABLE, group), "Null": (TABLE, group)})
    words, null = re.findall(r'<img alt="([^"]+)"', page)
    assert null.startswith("Null: group 1 has 20 people")
    assert words.startswith("Our &lt;town&gt;: group 1 has 20 people (median")
    assert "group 2 has 10 people" in words
    assert "mean 100% digital" in words
