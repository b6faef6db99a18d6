"""One function for each chart. Each gives back the Axes, which carries a sentence that says the chart in words.

A module for each subject; all charts are found here, by their names.
"""

from course_utils.charts.customers import calibration_chart, definitions_chart, not_counted_chart
from course_utils.charts.segments import sizes_chart
from course_utils.charts.showing import BLUE, GREY, ORANGE, as_html, in_words, show

__all__ = [
    "BLUE",
    "GREY",
    "ORANGE",
    "as_html",
    "calibration_chart",
    "definitions_chart",
    "in_words",
    "not_counted_chart",
    "show",
    "sizes_chart",
]
