"""Where a check finds the student's value: in the calling notebook, or, at grading, in another process."""

import ast
import difflib
import inspect
import re
import traceback
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Protocol


class Elsewhere(Protocol):
    """Where the student's values are when they are not in the calling notebook: at grading, in another process."""

    def lookup(self, name: str) -> Any:
        """The value under ``name``, fresh at every call, or :data:`MISSING`."""

    def own_names(self) -> Iterable[str]:
        """The names that the student made: no module, nothing of the kit's, none that still holds the dots."""


MISSING = object()
ELSEWHERE: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)
"""Set by grading alone; without it, ``expect`` looks in the notebook that calls it."""


class Here:
    """The names of the calling notebook, as an :class:`Elsewhere`."""

    def __init__(self, names: Mapping[str, Any]):
        self._names = names

    def lookup(self, name: str) -> Any:
        return self._names.get(name, MISSING)

    def own_names(self) -> list[str]:
        return [name for name, value in self._names.items() if is_own(name, value)]

    def is_old(self, name: str) -> bool:
        """Whether the cell that ran last was to make ``name``, and stopped with an error."""
        shell = self._names.get("get_ipython")
        if not callable(shell):
            return False
        last = getattr(shell(), "last_execution_result", None)
        if last is None or last.success or last.info is None:
            return False
        left_undone = _from_the_error_on(shell().transform_cell(str(last.info.raw_cell)), last, self._names)
        return bool(re.search(rf"(?m)^(def +)?{re.escape(name)}\b *[=(\[]", left_undone))


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
