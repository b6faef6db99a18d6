"""One function for each chart. Each gives back the Axes, which carries a sentence that says the chart in words.

A module for each subject; all charts are found here, by their names.
"""

from course_utils.charts.customers import calibration_chart, definitions_chart, not_counted_chart
from course_utils.charts.persona_cards import (
    card_chart,
    card_in_words,
    people_in_words,
    persona_card,
    persona_code,
    persona_page,
)
from course_utils.charts.personas import (
    beliefs_chart,
    joint_chart,
    joint_in_words,
    joint_picture,
    spread_chart,
)
from course_utils.charts.relationships import (
    ahead_html,
    ahead_in_words,
    changes_chart,
    estimates_chart,
    quarters_chart,
    shuffles_chart,
    survival_chart,
)
from course_utils.charts.segments import sizes_chart
from course_utils.charts.showing import BLUE, GREY, ORANGE, as_html, in_words, show

__all__ = [
    "BLUE",
    "GREY",
    "ORANGE",
    "ahead_html",
    "ahead_in_words",
    "as_html",
    "beliefs_chart",
    "calibration_chart",
    "card_chart",
    "card_in_words",
    "changes_chart",
    "definitions_chart",
    "estimates_chart",
    "in_words",
    "joint_chart",
    "joint_in_words",
    "joint_picture",
    "not_counted_chart",
    "people_in_words",
    "persona_card",
    "persona_code",
    "persona_page",
    "quarters_chart",
    "show",
    "shuffles_chart",
    "sizes_chart",
    "spread_chart",
    "survival_chart",
]
