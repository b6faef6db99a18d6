"""The step of autograding that writes the marks into the gradebook."""

from nbgrader.preprocessors import SaveAutoGrades

from course_utils.grading.gradebook.marks import save_marks
from course_utils.grading.privacy import is_shared


class SaveMarks(SaveAutoGrades):
    """nbgrader's SaveAutoGrades for marks that the test runner gave."""

    def preprocess(self, nb, resources):
        """See nbgrader, and :func:`save_marks`."""
        coursedir = self.parent.parent.coursedir
        cache = self.config.Examine.get("cache", "")
        save_marks(nb, resources["nbgrader"], coursedir, self.log, cache, is_shared(self.config))
        return nb, resources
