"""Putting feedback where students fetch it: what came from elsewhere than the exchange has to go back another way."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

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
            if not all((folder / name).exists() for name in NEEDED)
        )
        if elsewhere:
            self.log.warning(
                "Not released, because they did not hand in here: %s. Their pages are in the folder feedback: "
                "give them back where they handed in.",
                ", ".join(elsewhere),
            )
        before = self.coursedir.student_id_exclude
        try:
            self.coursedir.student_id_exclude = ",".join(filter(None, [before, *elsewhere]))
            super().copy_files()
        except OSError as problem:
            for unfinished in Path(self.dest_path).glob("*-tmp.html"):
                unfinished.unlink()
            if not is_full(problem):
                raise
            self.fail(FULL)
        finally:
            self.coursedir.student_id_exclude = before

    def _folders(self) -> list[Path]:
        """The folders with pages of this assignment."""
        source = Path(self.src_path)
        return [
            folder
            for folder in source.parent.parent.glob(f"{source.parent.name}/{source.name}")
            if folder.is_dir()
        ]
