"""Whose library a student worked on: it goes along with what is handed in, and is compared where that is graded.

Work is graded with the library of the name on the class list, whatever goes along: it comes from the student's side,
and is believed to the extent that a difference is told.
"""

import shutil
from pathlib import Path

from nbgrader.utils import get_username

from course_utils.errors import CourseError
from course_utils.grading.nbgrader_plugins import exchange
from course_utils.grading.submissions.auxiliary_files import WHOSE_LIBRARY
from course_utils.identity import GUEST, is_same_library, names, two_names

LONGEST = 200  # characters of a name


class Submit(exchange.Submit):
    """For ``c.ExchangeFactory.submit``: hands in under the name that ``identity.names`` gives, with the library's beside it.

    Where the two differ, the log says so: the work is handed in all the same.
    """

    def init_dest(self):
        """See nbgrader. Its own name stays, unless a hub says that the account is everybody's."""
        given = self.coursedir.student_id
        mine = names()
        self._library = mine.library
        if given != "*":
            # Somebody hands in for somebody else: the guest's library says nothing of them.
            if mine.library == GUEST:
                self._library = ""
        elif mine.hand_in is not None and mine.hand_in != _nbgraders():
            self.coursedir.student_id = mine.hand_in
        try:
            super().init_dest()
        finally:
            self.coursedir.student_id = given
        if said := two_names() if given == "*" else other_library(self._library, given):
            self.log.warning(said)

    def do_copy(self, src, dest, log=None):
        """See nbgrader. What lies in the student's folder under the name of our file is not taken for it."""
        super().do_copy(src, dest, log)
        path = Path(dest, WHOSE_LIBRARY)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        if self._library:
            path.write_text(f"{self._library}\n", encoding="utf-8")


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


def told_apart(folder: Path, student: str) -> str:
    """:func:`other_library` for a folder with submitted work."""
    return other_library(library_of(folder), student)


def _nbgraders() -> str | None:
    try:
        return get_username()
    except (KeyError, OSError):
        return None
