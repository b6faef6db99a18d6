"""One gradebook for a whole class: to open it anew for each student takes a quarter of the time that recording does.

And what to say where it cannot be opened, read or written.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from nbgrader.api import Gradebook
from sqlalchemy import exc

from course_utils.grading.plain_log import in_plain_words

_held: ContextVar[tuple[str, str, Gradebook] | None] = ContextVar("held", default=None)


@contextlib.contextmanager
def held_open(coursedir) -> Iterator[None]:
    """Within this, :func:`gradebook_of` gives the same gradebook each time for this course."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
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
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            yield gradebook
        return
    gradebook = held[2]
    try:
        yield gradebook
    finally:
        gradebook.db.remove()


def in_a_sentence(problem: Exception) -> str | None:
    """What is wrong with the gradebook or its database; None where that is not what an exception is about."""
    if isinstance(problem, ImportError) and _is_of_a_database(problem):
        driver = problem.name or "what it needs"
        if driver == "psycopg2":
            return "COURSE_GRADEBOOK must begin with postgresql+psycopg://, which the kit speaks: mend that, and run it again."
        return (
            f"The gradebook that COURSE_GRADEBOOK names needs {driver}, which is not installed here: "
            "python -m pip install --require-hashes -r requirements-cluster.lock, then run it again."
        )
    if isinstance(problem, exc.NoSuchModuleError) or (
        isinstance(problem, exc.ArgumentError) and "SQLAlchemy URL" in str(problem)
    ):
        return (
            "COURSE_GRADEBOOK does not name a database, as postgresql+psycopg://user@host/grades does: mend it, or take "
            "it away for a gradebook in a file."
        )
    if isinstance(problem, exc.DBAPIError) and not isinstance(problem, exc.IntegrityError):
        sentence, known = in_plain_words(str(problem.orig), "The gradebook cannot be used")
        return sentence if known else f"{sentence}. Look at gradebook.db, or at what COURSE_GRADEBOOK names."
    return None


def _is_of_a_database(problem: ImportError) -> bool:
    """Was it SQLAlchemy that looked for a module, to speak to a database?"""
    trace = problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__", "").startswith("sqlalchemy.dialects."):
            return True
        trace = trace.tb_next
    return False
