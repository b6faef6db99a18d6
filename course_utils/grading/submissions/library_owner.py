"""Whose library a student worked on: it goes along with what is handed in, and is compared where that is graded.

Work is graded with the library of the name on the class list, whatever goes along: it comes from the student's side,
and is believed to the extent that a difference is told.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.auxiliary_files import WHOSE_LIBRARY
from course_utils.identity import is_same_library

LONGEST = 200  # characters of a name
LARGEST = 50_000_000  # bytes of a notebook in which it is looked for
# What the set-up cell of an assignment prints.
_PRINTED = re.compile(r"^This is the library of (.*)$", re.MULTILINE)


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
    return _shown(text)


def libraries_printed(folder: Path) -> list[str]:
    """Whose library the set-up cells of a submission's notebooks printed when they last ran; each name once.

    Nothing is taken for granted: what is no notebook, or has no outputs any more, says nothing.
    """
    found: dict[str, None] = {}
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
                continue
            notebook = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        for text in _printed_in(notebook):
            found.update(dict.fromkeys(filter(None, map(_shown, _PRINTED.findall(text)))))
    return list(found)


def _printed_in(notebook: object) -> Iterator[str]:
    """The texts that cells printed, of whatever was read as a notebook."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    for cell in cells if isinstance(cells, list) else ():
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            text = output.get("text") if isinstance(output, dict) else None
            if isinstance(text, list):
                text = "".join(part for part in text if isinstance(part, str))
            if isinstance(text, str):
                yield text


def _shown(text: str) -> str:
    """The first line of a text, as a name that may be shown to others."""
    return "".join(c if c.isprintable() else "?" for c in text.strip().split("\n")[0].strip())[:LONGEST]


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
    """:func:`other_library` for a folder with submitted work; nothing where somebody has settled it.

    An empty file in the place of the name, which no hand-in brings along, says that the marks may stand.
    """
    worked_on = worked_on_another(folder, student)
    return other_library(worked_on, student) if worked_on else ""


def worked_on_another(folder: Path, student: str) -> str:
    """The name of the other library that a submission was worked on; empty where it was the student's, or is settled."""
    path = Path(folder, WHOSE_LIBRARY)
    if not path.is_symlink() and path.is_file() and path.stat().st_size == 0:
        return ""
    said = [library_of(folder), *libraries_printed(folder)]
    return next((name for name in said if other_library(name, student)), "")
