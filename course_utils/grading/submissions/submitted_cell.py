"""A cell of a submitted notebook, of which nothing is taken for granted, and how much of it is taken."""

import json
import re
from collections.abc import Mapping

from course_utils.grading.assignment import grade_id_of

CONFLICT = re.compile(r"^(?:<{7}(?: .*)?|={7}|>{7}(?: .*)?)$", re.MULTILINE)
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_SOURCE = 1_000_000  # characters of one cell of words, which may hold pictures
LONGEST_CODE = 100_000  # characters of one cell of code
TYPES = ("code", "markdown", "raw")


class SubmittedCell:
    """A cell of the student's notebook, of which nothing is taken for granted."""

    def __init__(self, cell: Mapping):
        self.type = cell.get("cell_type") if cell.get("cell_type") in TYPES else "raw"
        source = cell.get("source")
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        source = source if isinstance(source, str) else ""
        # Half of a character that needs two cannot be written to any file.
        self.source = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
        metadata = cell.get("metadata")
        self.metadata = metadata if isinstance(metadata, Mapping) else {}
        self.grade_id = grade_id_of(cell)
        self.id = cell.get("id") if isinstance(cell.get("id"), str) else None
        self.attachments = cell.get("attachments")
        self.known_as: str | None = None
        self.lines = lines_of(self.source[:LONGEST_CODE])
        self.is_copy = False

    def points_and_marks(self) -> dict:
        marks = self.metadata.get("nbgrader")
        keys = ("grade", "solution", "locked", "task", "points")
        return {key: marks.get(key) for key in keys if marks.get(key)} if isinstance(marks, Mapping) else {}

    @property
    def tags(self) -> list[str]:
        return sorted({tag for tag in list_of(self.metadata.get("tags")) if isinstance(tag, str)})


def lines_of(source: str) -> set[str]:
    return {" ".join(line.split()) for line in source.splitlines() if line.strip()}


def longest(kind: str) -> int:
    return LONGEST_CODE if kind == "code" else LONGEST_SOURCE


def has_conflict(text: str) -> bool:
    """Are there marks of a merge in which nobody has chosen yet?"""
    marks = {line[0] for line in CONFLICT.findall(text)}
    return "<" in marks and len(marks) > 1


def is_locked(cell) -> bool:
    """Is this a cell of the released notebook of which the student's text is not taken?"""
    marks = cell.metadata.get("nbgrader", {})
    return not marks.get("solution") and bool(marks.get("locked") or marks.get("grade"))


def list_of(value) -> list:
    return value if isinstance(value, list) else []


def short(value) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "?" for c in text)[:60]
