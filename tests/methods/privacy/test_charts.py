"""The chart of crowds, and its words."""

import pandas as pd

from course_utils.methods.privacy import charts

SIZE = pd.Series([1, 2, 2, 4, 5, 9, 9, 9, 10, 300])


def test_each_crowd_has_its_share():
    assert charts.crowd_counts(SIZE).to_dict() == {"alone": 1, "2 to 4": 3, "5 to 9": 4, "10 or more": 2}


def test_the_chart_says_itself_in_words():
    axes = charts.crowd_chart(SIZE)
    assert axes.words == "2 of 10 people (20.0%) are in a group of 10 or more. Alone with their values: 1."
    assert [round(bar.get_width()) for bar in axes.patches] == [10, 30, 40, 20]
    assert axes.get_xlabel()
    assert axes.get_ylabel()


def test_the_bars_of_the_widget_say_the_same():
    text = charts.crowd_bars(SIZE)
    assert charts.crowd_words(charts.crowd_counts(SIZE)) in text
    assert text.count("background:") == 4


def test_nobody_at_all():
    assert charts.crowd_counts(SIZE[:0]).sum() == 0
    assert charts.crowd_words(charts.crowd_counts(SIZE[:0])).startswith("0 of 0 people")
