"""Everything that the notebooks and the graders of the course import.

Most names are loaded when they are first used, so that ``import course_utils`` stays light.
"""

import importlib

from course_utils.expect import expect

__version__ = "0.1.0"

_HOMES = {
    "AS_OF": "tables",
    "load": "tables",
    "Library": "library",
    "check_environment": "checkup",
    "my_library": "identity",
    "show": "charts",
    "save_name": "identity",
    "who_am_i": "identity",
    "NameForm": "widgets.name",
    "DefinitionExplorer": "widgets.definitions",
    "SegmentWorkbench": "widgets.segments",
    "Claim": "personas",
    "Persona": "personas",
    "PersonaBuilder": "widgets.personas",
    "RelationshipLab": "widgets.relationships",
}

__all__ = ["expect", *_HOMES]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
