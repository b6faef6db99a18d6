"""Putting feedback where students fetch it: what came from elsewhere than the exchange has to go back another way."""

import contextlib
import glob
import os
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from course_utils.grading.per_student import isolated, printable
from course_utils.grading.plain_log import FULL, is_full

# What nbgrader needs to find whose page it is; it writes both when something is handed in to the exchange.
NEEDED = ("timestamp.txt", "submission_secret.txt")


class ReleaseFeedback(ExchangeReleaseFeedback):
    """For ``c.ExchangeFactory.release_feedback``: one who handed in elsewhere does not keep a class from its feedback."""

    def copy_files(self):
        """Put every page into the exchange that can be fetched there; see nbgrader."""
        elsewhere = sorted(
            folder.parent.name
            for folder in self._folders()
            if not all(os.path.lexists(folder / name) for name in NEEDED)
        )
        if elsewhere:
            self.log.warning(
                "Not released, because they did not hand in here: %s. Their pages are in the folder feedback: "
                "give them back where they handed in.",
                printable(", ".join(elsewhere), 1_000),
            )
        source, failed = self.src_path, []
        try:
            # One after the other: nbgrader ends with the first whose secret it cannot read.
            for folder in self._folders():
                student = folder.parent.name
                if student in elsewhere:
                    continue
                self.src_path = glob.escape(str(folder))
                with isolated(student, "has no feedback in the exchange", failed.append, self.coursedir):
                    super().copy_files()
        except OSError as problem:
            for unfinished in Path(self.dest_path).glob("*-tmp.html"):
                unfinished.unlink()
            if not is_full(problem):
                raise
            self.fail(FULL)
        finally:
            self.src_path = source
        self._open_to_whoever_knows_the_name()
        for sentence in failed:
            self.log.error(sentence)
        if failed:
            self.fail(f"Everybody's feedback was released but that of {len(failed)}.")

    def _open_to_whoever_knows_the_name(self) -> None:
        """nbgrader copies a page with its permissions; the one here is closed, and its student is another user."""
        for page in Path(self.dest_path).glob("*.html"):
            if page.stat().st_mode & 0o444 != 0o444:
                with contextlib.suppress(PermissionError):  # a colleague's, who has done it
                    page.chmod(0o644)

    def _folders(self) -> list[Path]:
        """The folders with pages of this assignment."""
        source = Path(self.src_path)
        return [
            folder
            for folder in source.parent.parent.glob(f"{source.parent.name}/{source.name}")
            if folder.is_dir()
        ]
