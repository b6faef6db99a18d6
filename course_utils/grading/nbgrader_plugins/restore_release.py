"""The step of autograding that puts the student's sources into the released notebook."""

from pathlib import Path

from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.grading.limits import bounds
from course_utils.grading.nbgrader_plugins.handover import Handover, hand_over, handed_over, spec_of
from course_utils.grading.submissions.restoring import restore


class RestoreRelease(NbGraderPreprocessor):
    """The first of nbgrader's preprocessors: gives the notebook that is graded, with notes for its student."""

    def preprocess(self, nb, resources):
        """See nbgrader, and :func:`restore`."""
        names, converter = resources["nbgrader"], self.parent.parent
        student, notebook = names["student"], names["notebook"]
        left = handed_over(converter, student, notebook)
        if left is None:
            coursedir = converter.coursedir
            spec = spec_of(converter, names["assignment"], notebook)
            folder = coursedir.format_path(coursedir.submitted_directory, student, names["assignment"])
            limits = bounds(self.config.Examine.get("limits", {}))
            left = Handover(student, notebook, restore(nb, spec, student, Path(folder), limits))
            hand_over(converter, left)
        restored = left.restored
        restored.notebook.metadata["course"] = {"notes": list(restored.notes), "review": restored.review}
        for note in restored.notes:
            self.log.info("%s: %s", student, note)
        return restored.notebook, resources
