"""What an instructor reads when work cannot be graded: one sentence for each, at the end, and no stack trace."""

import logging
import re

from course_utils.errors import CourseError

_OURS = f"{CourseError.__module__}.{CourseError.__qualname__}: "
_NBGRADERS = "nbgrader.converters.base.NbGraderException: "
_FAILED = re.compile(r"There was an error processing assignment '.*' for student '(?P<student>.*)'")

_NOTHING_THERE = re.compile(r"No notebooks were matched by '(?P<place>.*)'")

# nbgrader says these besides: what the intake has said better, and that a test cell differs from the released
# one, which every cell with hidden tests does.
_NOISE = re.compile(
    "No notebooks found, did you forget|No student with ID|No notebooks were matched by '.*[.]ipynb'|Please see the the above traceback"
    "|There was an error processing assignment: |Skipping unknown notebook|Attribute 'checksum' for cell"
)

# What may befall any of nbgrader's steps, and says nothing in nbgrader's own words.
_COMMON = {
    r"\[Errno 28\]|database or disk is full": "The disk is full, so this work was not graded: make room, then grade again.",
    "DeadKernelError": "The Python that ran this notebook came to a sudden end, so nothing of it was graded: "
    "look for quit() or exit() in it, or for a table too large for this machine's memory.",
    r"database is locked": "The gradebook is in use by another program: wait until it is done, then grade again.",
}


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
        elif text.startswith("Traceback") and _OURS in text:
            text = text.rpartition(_OURS)[2].strip()
            if text in self._reasons.values():
                return False
        elif text.startswith("Traceback"):
            if _NBGRADERS in text:
                return False
            text = next((sentence for sign, sentence in _COMMON.items() if re.search(sign, text)), text)
        elif _NOISE.match(text):
            return False
        elif nothing := _NOTHING_THERE.fullmatch(text):
            text = f"There is nothing at {nothing['place']}: check the names of the assignment and of the student."
        record.msg, record.args = text, ()
        return True
