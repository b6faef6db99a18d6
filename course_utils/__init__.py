"""Everything that the notebooks and the graders of the course import.

Most names are loaded when they are first used, so that ``import course_utils`` stays light. What belongs to a method,
such as ``segments`` or ``SegmentWorkbench``, is found in ``course_utils/methods/``.
"""

import importlib
import importlib.util
import sys

from course_utils.checks import expect

__version__ = "0.2.0"

# What belongs to the course as a whole. A method's own names are found, and not listed.
_HOMES = {
    "AS_OF": "tables",
    "load": "tables",
    "Library": "library",
    "check_environment": "checkup",
    "my_library": "identity",
    "show": "display",
    "show_texts": "display",
    "save_name": "identity",
    "who_am_i": "identity",
    "NameForm": "display.name_form",
    "quiz": "display.quiz",
}

__all__ = ["expect", *_HOMES]


def _show_tables_well() -> None:
    """In a notebook, and nowhere else."""
    ipython = sys.modules.get("IPython")
    if shell := ipython and ipython.get_ipython():
        importlib.import_module(f"{__name__}.display.tables").in_notebooks(shell)


_show_tables_well()


def __getattr__(name: str):
    if name in _HOMES:
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    elif name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    elif importlib.util.find_spec(f"{__name__}.{name}"):
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        try:
            value = importlib.import_module(f"{__name__}.methods").find(name)
        except AttributeError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    methods = importlib.import_module(f"{__name__}.methods")
    return sorted({*globals(), *__all__, *methods.names()})
