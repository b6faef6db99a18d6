"""An assignment in one library, in this process: what its set-up makes there, and what its tests say of an answer."""

import contextlib
import copy
import functools
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

import course_utils
from course_utils import identity
from course_utils.checks import NotYet, questions
from course_utils.grading import proving
from course_utils.library import Library

source_notebook = functools.cache(proving.source_notebook)
declared = functools.cache(proving.declared)


class Trial:
    """An assignment in a library that ``inside`` has opened.

    Attributes
    ----------
    asked : the declared questions by name, in the order of the assignment.
    given : what the set-up made, and the right answers.
    """

    def __init__(self, assignment: str):
        notebook = source_notebook(assignment)
        self._cells = {proving.grade_id_of(cell): cell.source for cell in notebook.cells}
        self._made: dict = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(self._cells["setup"], self._made)
        every = declared(assignment)
        self.asked = {name: every[name] for name in proving.questions(notebook)}
        self.given = questions.Given(lambda: self._made, every)
        self._declared = questions.Declared(every, self.given)

    def solution(self, question: str) -> str:
        """The reference solution."""
        return proving.MARKS.sub("", self._cells[question])

    def answered(self, question: str, source: str, names: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The names of a notebook in which an answer has run; ``""`` is the untouched one. It changes only its own copies."""
        names = self._made if names is None else names
        mine = {name: _own(value) for name, value in names.items() if name != "__builtins__"}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(source or proving.SOLUTION.sub("", self._cells[question]), mine)
        return mine

    def said(self, question: str, names: dict[str, Any]) -> NotYet | None:
        """What the test of a question says in a notebook with these names; None where it is content."""
        token = questions.DECLARED.set(self._declared)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(self._cells[f"{proving.TEST}{question}"], names)
        except NotYet as problem:
            return problem
        finally:
            questions.DECLARED.reset(token)
        return None


@contextlib.contextmanager
def inside(library: Library, assignment: str) -> Iterator[Trial]:
    """The assignment as somebody has it whose library this is."""
    before = identity.my_library, course_utils.my_library
    identity.my_library = course_utils.my_library = lambda: library
    try:
        yield Trial(assignment)
    finally:
        identity.my_library, course_utils.my_library = before


def _own(value: Any) -> Any:
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=False)  # pandas copies what is changed when it is changed
    is_changeable = isinstance(value, np.random.Generator | list | set) or type(value) is dict
    return copy.deepcopy(value) if is_changeable else value
