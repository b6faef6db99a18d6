"""The method of week 5, its charts and its widget."""

import pandas as pd

from course_utils import charts, load
from course_utils.methods import stability
from course_utils.methods.stability.widget import StabilityView

DAY = pd.Timestamp("2025-06-30")
CARDS = pd.DataFrame(
    {
        "expires": pd.to_datetime(["2025-06-30", "2025-06-29", "2026-01-01", "2024-01-01"]),
        "age_band": list("aabb"),
    }
)


def first_view():
    return StabilityView(load("patrons"))


CHANGES = [
    lambda widget: setattr(widget.group, "value", "home_branch"),
    lambda widget: setattr(widget.group, "value", "age_band"),
]


def test_a_card_is_valid_on_its_last_day():
    assert stability.valid_share(CARDS, as_of=DAY) == 0.5
    assert stability.valid_by(CARDS, "age_band", as_of=DAY).to_dict() == {"a": 0.5, "b": 0.5}


def test_the_chart_says_itself_in_words():
    axes = charts.stability_chart(pd.Series({"a": 0.25, "b": 0.75}))
    assert (
        axes.words == "Of the cards of a, 25% are valid, which is least; of those of b, 75%, which is most."
    )


def test_another_group_gives_another_chart():
    widget = first_view()
    before = widget.as_html()
    CHANGES[0](widget)
    assert widget.as_html() != before
