"""What an instructor reads when work cannot be graded: one sentence for each, at the end, and no stack trace."""

import logging
import re
from pathlib import Path

from course_utils.errors import CourseError, Stopped

# As a traceback names an error whose words are for people.
_OURS = re.compile(rf"{re.escape(CourseError.__module__)}\.(?P<kind>\w+): (?P<said>.*)")
_NBGRADERS = "nbgrader.converters.base.NbGraderException: "
_FAILED = re.compile(r"There was an error processing assignment '.*' for student '(?P<student>.*)'")

_NOTHING_THERE = re.compile(r"No notebooks were matched by '(?P<place>.*)'")

# nbgrader says these besides: what the admitting has said better, and that a test cell differs from the released
# one, which every cell with hidden tests does.
_NOISE = re.compile(
    "No notebooks found, did you forget|No student with ID|No notebooks were matched by '.*[.]ipynb'|Please see the the above traceback"
    "|There was an error processing assignment: |Skipping unknown notebook|Attribute 'checksum' for cell"
)

# What may befall any of nbgrader's steps, and says nothing in nbgrader's own words.
FULL = "The disk is full, so nothing more was written: make room and run the command again."
IN_USE = "The gradebook is in use by another program: wait until it is done, then run the command again."
NO_SERVER = "The gradebook's server does not answer: start it, or look at COURSE_GRADEBOOK, then run the command again."
_SIGNS_OF_FULL = r"\[Errno 28\]|\[Errno 122\]|database or disk is full|could not extend file"
_COMMON = {
    _SIGNS_OF_FULL: FULL,
    r"database is locked": IN_USE,
    r"[Cc]onnection refused|connection failed|server closed the connection": NO_SERVER,
}


def is_full(problem: Exception) -> bool:
    """Whether something failed because a disk is full."""
    return bool(re.search(_SIGNS_OF_FULL, str(problem)))


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("Rolling back session due to database error")


# nbgrader's gradebook logs a stack trace there, and raises the same: what is raised is told in a sentence.
logging.getLogger("tornado.application").addFilter(_is_news)


class PlainErrors(logging.Filter):
    """Say why a student's work was not graded in the place where nbgrader says that it was not.

    A record with the attribute ``student`` is such a reason; it waits until nbgrader names the student.
    """

    def __init__(self, name: str = ""):
        super().__init__(name)
        self._reasons = {}

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if student := getattr(record, "student", None):
            self._reasons[student] = text
            return False
        if failed := _FAILED.fullmatch(text):
            text = self._reasons.pop(failed["student"], text)
        elif text.startswith("Traceback") and (ours := list(_OURS.finditer(text))):
            text = ours[-1]["said"].strip()
            if text in self._reasons.values():
                return False
        elif text.startswith("Traceback"):
            if _NBGRADERS in text:
                return False
            text = next((sentence for sign, sentence in _COMMON.items() if re.search(sign, text)), text)
        elif _NOISE.match(text):
            return False
        elif nothing := _NOTHING_THERE.fullmatch(text):
            text = _about_a_place(nothing["place"])
        record.msg, record.args = text, ()
        return True


def in_plain_words(log: str, what: str) -> tuple[str, bool]:
    """What a log of nbgrader says about a failure: a sentence, and whether it concerns everybody.

    ``what`` is said where nothing better is found, before the first error that is told in words.
    """
    if ours := list(_OURS.finditer(log)):
        return ours[-1]["said"], ours[-1]["kind"] == Stopped.__name__
    for sign, sentence in _COMMON.items():
        if re.search(sign, log):
            return sentence, True
    records = re.split(r"^\[ERROR\] ", log, flags=re.MULTILINE)[1:]
    told = [record.split("\n")[0] for record in records if not record.startswith("Traceback")]
    last = next(iter(told), (log.strip().splitlines() or ["nbgrader did not say why"])[-1])
    return f"{what}: {last}", False


def _about_a_place(place: str) -> str:
    if Path(place).is_dir() and any(Path(place).glob("*.ipynb")):
        return f"No notebook in {place} has the name of the assignment's: course grade knows a renamed one by its cells."
    return f"There is nothing at {place}: check the names of the assignment and of the student."
