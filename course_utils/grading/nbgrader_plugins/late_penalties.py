"""What late work costs, for nbgrader's own step."""

from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin

from course_utils.grading.gradebook.lateness import penalties, read_policy


class LatePenalties(LateSubmissionPlugin):
    """For ``c.AssignLatePenalties.plugin_class``: takes off what late.toml says, with the extensions in it."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """See nbgrader's LateSubmissionPlugin, which calls this for each notebook of late work."""
        preprocessor = self.parent
        policy = read_policy(_course_folder(preprocessor))
        submission = preprocessor.gradebook.find_submission(preprocessor.assignment_id, student_id)
        for notebook, points in penalties(policy, submission, submission.timestamp):
            if notebook.name == preprocessor.notebook_id:
                return points or None
        return None


def _course_folder(part) -> Path:
    """The folder of the course, which nbgrader's converter knows, some steps up from its preprocessors."""
    while part is not None:
        if coursedir := getattr(part, "coursedir", None):
            return Path(coursedir.root)
        part = part.parent
    return Path.cwd()
