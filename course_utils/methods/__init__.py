"""One folder for each marketing method: its functions (``__init__``), its charts, its widget, and what to try it on.

What stands here is found, and registered nowhere: ``course_utils.segments`` is the method in ``methods/segments``,
``course_utils.charts`` has every chart, and ``from course_utils import …`` finds whatever a method offers by its name.
"""

import functools
import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any


@functools.cache
def names() -> tuple[str, ...]:
    """The names of the methods, in alphabetical order."""
    return tuple(sorted(one.name for one in pkgutil.iter_modules(__path__) if one.ispkg))


def method(name: str) -> ModuleType:
    """The functions of a method. Raises ``ModuleNotFoundError`` if there is no such method."""
    return importlib.import_module(f"{__name__}.{name}")


def parts(part: str) -> Iterator[ModuleType]:
    """The modules of one name in all methods that have one, such as ``"charts"`` or ``"widget"``."""
    for name in names():
        whole = f"{__name__}.{name}.{part}"
        if importlib.util.find_spec(whole):
            yield importlib.import_module(whole)


def find(name: str) -> Any:
    """What the methods offer under a name: a method, one of its functions or records, or its widget.

    Raises
    ------
    AttributeError
        If no method has it.
    """
    if name in names():
        return method(name)
    # The widgets come last: to load them takes longest.
    for module in (*map(method, names()), *parts("widget")):
        if getattr(vars(module).get(name), "__module__", None) == module.__name__:
            return vars(module)[name]
    raise AttributeError(name)
