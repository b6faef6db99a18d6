"""One function for each chart. Each gives back the Axes, which carries a sentence that says the chart in words.

A module for each subject; all charts are found here, by their names.
"""

from course_utils.charts.customers import calibration_chart, definitions_chart, not_counted_chart
from course_utils.charts.relationships import (
    ahead_html,
    ahead_in_words,
    changes_chart,
    estimates_chart,
    quarters_chart,
    shuffles_chart,
    slopes_chart,
    survival_chart,
)
from course_utils.charts.showing import BLUE, GREY, ORANGE, as_html, in_words, show

__all__ = [
    "BLUE",
    "GREY",
    "ORANGE",
    "ahead_html",
    "ahead_in_words",
    "as_html",
    "calibration_chart",
    "changes_chart",
    "definitions_chart",
    "estimates_chart",
    "in_words",
    "not_counted_chart",
    "quarters_chart",
    "show",
    "shuffles_chart",
    "slopes_chart",
    "survival_chart",
]
