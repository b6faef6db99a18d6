"""Whatever one person's work does, everybody else's is done.

This is the one place that decides what concerns one person and what concerns all: collecting, planning, running,
recording, feedback, export and report take each person's work within :func:`isolated`.
"""

import contextlib
import errno
import shutil
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy.exc

from course_utils.errors import CourseError, Stopped

# The whole story of each that went wrong in a way that nobody foresaw, beside what grading keeps.
LOG = "problems.log"
LARGEST_LOG = 5_000_000  # bytes
# A disk that is full, or that nobody may write to, is so for the next person as well.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


@contextlib.contextmanager
def isolated(student: str, what: str, tell: Callable[[str], None], coursedir=None) -> Iterator[None]:
    """Turn whatever goes wrong with one person's work into a sentence, and go on behind this block.

    A ``CourseError`` is told in its own words. Of everything else the trace is kept in ``problems.log``, among what
    grading keeps.

    Parameters
    ----------
    student : whose work it is.
    what : what became of the work if something goes wrong, such as ``"was not collected"``.
    tell : gets the sentence.
    coursedir : nbgrader's CourseDirectory; without it no trace is kept.

    Raises
    ------
    Exception
        What concerns everybody: ``Stopped``, a gradebook that cannot be used, a disk that cannot be written.
    """
    try:
        yield
    except Exception as problem:
        if concerns_everybody(problem):
            raise
        if isinstance(problem, CourseError):
            tell(str(problem))
            return
        _keep(student, what, coursedir)
        who = printable(student)
        tell(f"The work of {who} {what}: {reason(problem)}; look at it, or ask {who} to hand it in again.")


@contextlib.contextmanager
def in_a_sentence(student: str, what: str, coursedir=None) -> Iterator[None]:
    """As :func:`isolated`, where nbgrader goes on with the next person: raises the sentence as a ``CourseError``."""
    said: list[str] = []
    with isolated(student, what, said.append, coursedir):
        yield
    if said:
        raise CourseError(said[0]) from None


def concerns_everybody(problem: BaseException) -> bool:
    """Whether the next person's work would meet the same."""
    if isinstance(problem, shutil.Error):
        # What copying a folder met, as texts.
        return any(f"[Errno {number}]" in str(problem) for number in _DISK)
    if isinstance(problem, OSError):
        return problem.errno in _DISK
    return isinstance(problem, Stopped | sqlalchemy.exc.OperationalError)


def reason(problem: BaseException) -> str:
    """What kind of error it was, and in which file: for a person, on one line."""
    if isinstance(problem, shutil.Error) and problem.args and isinstance(problem.args[0], list):
        place, _, said = problem.args[0][0]
        return f"{printable(said, 80)} ({_name(place)})"
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror + (f" ({_name(problem.filename)})" if problem.filename else "")
    if isinstance(problem, RecursionError):
        return "it is nested too deeply"
    if isinstance(problem, MemoryError):
        return "it is too large"
    frames = traceback.extract_tb(problem.__traceback__)
    where = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    said = f": {problem}" if str(problem) else ""
    return printable(f"{type(problem).__name__}{said}", 120) + where


def _name(path: object) -> str:
    name = printable(Path(str(path)).name)
    return name if len(name) <= 60 else f"{name[:57]}…"


def printable(text: object, most: int = 200) -> str:
    """A text that somebody else wrote, on one line and for every terminal, file and page."""
    plain = str(text)[:most].encode("utf-8", "replace").decode("utf-8")
    return "".join(sign if sign.isprintable() else "?" for sign in plain)


def _keep(student: str, what: str, coursedir) -> None:
    """Write down the trace of what is being handled, where the course has a place for that."""
    folder = coursedir is not None and coursedir.config.Examine.get("cache", "")
    if not folder:
        return
    path = Path(folder) / LOG
    # Whoever cannot write here still gets the sentence.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        how = "w" if path.exists() and path.stat().st_size > LARGEST_LOG else "a"
        with path.open(how, encoding="utf-8", errors="backslashreplace") as log:
            log.write(
                f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {student!a} {what}\n{traceback.format_exc()}\n"
            )
