"""One function for each chart. Each gives back the Axes, which carries a sentence that says the chart in words.

The charts of a method stand in its folder, in ``charts.py``; all of them are found here, by their names.
"""

from course_utils import methods
from course_utils.display import BLUE, GREY, ORANGE, as_html, in_words, show

__all__ = ["BLUE", "GREY", "ORANGE", "as_html", "in_words", "show"]


def __getattr__(name: str):
    if not name.startswith("_"):
        for module in methods.parts("charts"):
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(f"module {__name__!r} has no chart {name!r}")


def __dir__() -> list[str]:
    found = {
        name
        for module in methods.parts("charts")
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith(methods.__name__)
    }
    return sorted({*found, *__all__})
