"""Where a check finds the student's value: in the calling notebook, or, at grading, in another process."""

import ast
import contextlib
import difflib
import inspect
import re
import traceback
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Protocol


class Namespace(Protocol):
    """Where the student's values are: in the calling notebook; at grading, in another process."""

    def lookup(self, name: str) -> Any:
        """The value under ``name``, fresh at every call, or :data:`MISSING`."""

    def own_names(self) -> Iterable[str]:
        """The names that the student made: no module, nothing of the kit's, none that still holds the dots."""

    def source_of(self, name: str) -> str:
        """The code of the cell that was to make ``name``; empty where it is not known."""


# Functions and methods that are called to look at something, and not for their value.
ONLY_SHOWS = frozenset(
    {"print", "display", "expect", "help", "type", "head", "tail", "info", "describe", "sample"}
)
MISSING = object()
NAMESPACE: ContextVar[Namespace | None] = ContextVar("namespace", default=None)
"""Set by grading alone; without it, ``expect`` looks in the notebook that calls it."""


class NotebookNamespace:
    """The names of the calling notebook, as a :class:`Namespace`."""

    def __init__(self, names: Mapping[str, Any]):
        self._names = names

    def lookup(self, name: str) -> Any:
        return self._names.get(name, MISSING)

    def own_names(self) -> list[str]:
        return [name for name, value in self._names.items() if is_own(name, value)]

    def source_of(self, name: str) -> str:
        return self._last_cell(rf"(?m)^{re.escape(name)} *= *\.\.\.")

    def cell_of(self, name: str) -> str:
        """The code of the cell that ran last of those that give ``name`` a value; empty where none does."""
        return self._last_cell(rf"(?m)^{re.escape(name)} *=(?!=)")

    def _last_cell(self, pattern: str) -> str:
        ran = self._names.get("In", [])
        ran = [one for one in ran if isinstance(one, str)] if isinstance(ran, list) else []
        return next((one for one in reversed(ran) if re.search(pattern, one)), "")

    def is_old(self, name: str) -> bool:
        """Whether the cell that ran last was to make ``name``, and stopped with an error."""
        shell = self._names.get("get_ipython")
        if not callable(shell):
            return False
        last = getattr(shell(), "last_execution_result", None)
        if last is None or last.success or last.info is None:
            return False
        cell = str(last.info.raw_cell)
        with contextlib.suppress(
            Exception
        ):  # a cell that cannot be read, such as one with a line badly indented
            cell = shell().transform_cell(cell)
        left_undone = _from_the_error_on(cell, last, self._names)
        return bool(re.search(rf"(?m)^(def +)?{re.escape(name)}\b *[=(\[]", left_undone))


def below_the_dots(source: str, name: str) -> str:
    """What a cell does below the line where ``name`` still is the three dots, where that was meant for its value.

    Returns
    -------
    The sentence: ``"dots_compared"`` for ``name == …``, ``"dots_unnamed"`` for a last line that is a value without a name, else nothing.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    dots = (number for number, one in enumerate(body) if _is_dots(one, name))
    below = body[next(dots, len(body)) + 1 :]
    values = [one.value for one in below if isinstance(one, ast.Expr)]
    for value in values:
        if isinstance(value, ast.Compare) and isinstance(value.left, ast.Name) and value.left.id == name:
            return "dots_compared" if isinstance(value.ops[0], ast.Eq) else ""
    if not values or values[-1] is not getattr(below[-1], "value", None):
        return ""
    if isinstance(values[-1], ast.Call):
        called = getattr(values[-1].func, "id", getattr(values[-1].func, "attr", ""))
        return "" if called in ONLY_SHOWS else "dots_unnamed"
    return "" if isinstance(values[-1], ast.Constant | ast.Name) else "dots_unnamed"


def also_written(source: str, name: str) -> str:
    """What a cell writes into on the way to ``name``, as in ``name = table["column"] = …``; empty where it is nothing."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for statement in body:
        if isinstance(statement, ast.Assign) and any(
            getattr(one, "id", "") == name for one in statement.targets
        ):
            parts = (one for one in statement.targets if isinstance(one, ast.Subscript | ast.Attribute))
            return next((ast.unparse(one) for one in parts), "")
    return ""


def _is_dots(statement: ast.stmt, name: str) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and any(isinstance(one, ast.Name) and one.id == name for one in statement.targets)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value is ...
    )


def _from_the_error_on(cell: str, ran: Any, names: Mapping[str, Any]) -> str:
    """The statements of a cell that stopped with an error, from the one that did; all, where that cannot be told."""
    here = traceback.walk_tb(getattr(ran.error_in_exec, "__traceback__", None))
    stopped_at = next((line for frame, line in here if frame.f_globals is names), None)
    try:
        lasts = [one.end_lineno or 0 for one in ast.parse(cell).body]
    except SyntaxError:
        return cell
    if stopped_at is None:
        return cell
    done = max((line for line in lasts if line < stopped_at), default=0)
    return "\n".join(cell.splitlines()[done:])


def is_own(name: str, value: Any) -> bool:
    """Whether a name of a notebook is one that the student made, and has filled in."""
    ours = inspect.ismodule(value) or str(getattr(value, "__module__", "")).startswith("course_utils")
    return not (ours or name.startswith("_") or value is ... or name in ("In", "Out"))


def nearest(name: str, own: Iterable[str]) -> str | None:
    """The one of the student's ``own`` names that looks most like ``name``, if one does."""
    own = {known.casefold(): known for known in own}
    near = difflib.get_close_matches(name.casefold(), own, n=1, cutoff=0.85)
    return own[near[0]] if near else None
