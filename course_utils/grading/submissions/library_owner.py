"""Whose library a student worked on: it goes along with what is handed in, and is compared where that is graded.

Work is graded with the library of the name on the class list, whatever goes along: it comes from the student's side,
and is believed to the extent that a difference is told.
"""

from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.auxiliary_files import WHOSE_LIBRARY
from course_utils.identity import is_same_library

LONGEST = 200  # characters of a name


def library_of(folder: Path) -> str:
    """Whose library came with a submission; nothing where that is not said. It is a student's: a name, and no more."""
    path = Path(folder, WHOSE_LIBRARY)
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        with path.open("rb") as file:
            text = file.read(4 * LONGEST).decode("utf-8", "replace").strip()
    except OSError:
        return ""
    return "".join(c if c.isprintable() else "?" for c in text.split("\n")[0].strip())[:LONGEST]


def other_library(worked_on: str, student: str) -> str:
    """What to say where work was done on another library than the student's; nothing where it was not, or is not known."""
    try:
        if not worked_on or is_same_library(worked_on, student):
            return ""
    except CourseError:
        return ""
    return (
        f"{student} worked on the library of {worked_on}, but is graded with that of {student}, so right answers may "
        "lose points."
    )


def library_mismatch(folder: Path, student: str) -> str:
    """:func:`other_library` for a folder with submitted work."""
    return other_library(library_of(folder), student)
