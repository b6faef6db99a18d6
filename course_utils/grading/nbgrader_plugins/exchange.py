"""nbgrader's exchange, where nobody can take another's place and a student's own copies are closed to classmates."""

import os
import shutil
import stat
from pathlib import Path

from nbgrader.exchange.default import (
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeSubmit,
)
from nbgrader.utils import get_username

from course_utils.grading.auxiliary_files import WHOSE_LIBRARY
from course_utils.grading.privacy import close, make_folder
from course_utils.grading.submissions.library_owner import other_library
from course_utils.identity import GUEST, names, two_names

# Everybody may make a folder, and nobody rename or remove another's.
EXCHANGE = 0o1777


class ReleaseAssignment(ExchangeReleaseAssignment):
    """For ``c.ExchangeFactory.release_assignment``: what everybody may write into has the sticky bit."""

    def ensure_root(self):
        """Make the exchange, or mend one of our own; see nbgrader. Somebody else's is left to ``course doctor``."""
        super().ensure_root()
        _make_sticky(self.root)

    def init_dest(self):
        """Find the place; see nbgrader."""
        super().init_dest()
        # Graders who share a course also remove what was handed in to a colleague's folder.
        if not self.coursedir.groupshared:
            _make_sticky(self.inbound_path)


class Submit(ExchangeSubmit):
    """For ``c.ExchangeFactory.submit``: hands in under the name that ``identity.names`` gives, with the library's beside it.

    Where the two differ, the log says so: the work is handed in all the same. The student's own copy, which tells the
    name under which feedback is found, is closed to classmates.
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
        make_folder(Path(self.cache_path))
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

    def copy_files(self):
        """Hand in; see nbgrader."""
        super().copy_files()
        close(Path(self.cache_path))


class FetchFeedback(ExchangeFetchFeedback):
    """For ``c.ExchangeFactory.fetch_feedback``: a page that was fetched is for whoever fetched it."""

    def do_copy(self, src, dest):
        """Copy the pages; see nbgrader."""
        if self.feedback_files:
            make_folder(Path(dest))
            super().do_copy(src, dest)
            close(Path(dest))


def _make_sticky(folder: str) -> None:
    facts = os.stat(folder)
    if facts.st_uid == os.geteuid() and not facts.st_mode & stat.S_ISVTX:
        os.chmod(folder, stat.S_IMODE(facts.st_mode) | stat.S_ISVTX)


def _nbgraders() -> str | None:
    try:
        return get_username()
    except (KeyError, OSError):
        return None
