"""One gradebook for a whole class: to open it anew for each student takes a quarter of the time that recording does."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from nbgrader.api import Gradebook

from course_utils.grading.database import open_gradebook

_held: ContextVar[tuple[str, str, Gradebook] | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def held_open(coursedir) -> Iterator[None]:
    """Within this, :func:`gradebook_of` gives the same gradebook each time for this course."""
    with open_gradebook(coursedir) as gradebook:
        token = _held.set((coursedir.db_url, coursedir.course_id, gradebook))
        try:
            yield
        finally:
            _held.reset(token)


@contextlib.contextmanager
def gradebook_of(coursedir) -> Iterator[Gradebook]:
    """The gradebook of a course, with a session of its own: what is not committed at its end is taken back."""
    held = _held.get()
    if held is None or held[:2] != (coursedir.db_url, coursedir.course_id):
        with open_gradebook(coursedir) as gradebook:
            yield gradebook
        return
    gradebook = held[2]
    try:
        yield gradebook
    finally:
        gradebook.db.remove()
