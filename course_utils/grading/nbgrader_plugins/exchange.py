"""nbgrader's exchange, where nobody can take another's place and a student's own copies are closed to classmates."""

import os
import stat
from pathlib import Path

from nbgrader.exchange.default import (
    ExchangeFetchFeedback,
    ExchangeReleaseAssignment,
    ExchangeSubmit,
)

from course_utils.grading.privacy import close, make_folder

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
    """The student's own copy, which tells the name under which feedback is found, is closed to classmates."""

    def init_dest(self):
        """Find the place; see nbgrader."""
        super().init_dest()
        make_folder(Path(self.cache_path))

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
