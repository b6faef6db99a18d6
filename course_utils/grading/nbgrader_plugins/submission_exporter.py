"""The first step of autograding: what was handed in is made safe, and looked at, before any of it runs."""

import fnmatch
import glob
import os
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException
from traitlets import Bool

from course_utils.errors import CourseError
from course_utils.grading.assignment import notebooks_of
from course_utils.grading.limits import bounds
from course_utils.grading.nbgrader_plugins.handover import handed_over
from course_utils.grading.per_student import in_a_sentence, isolated
from course_utils.grading.privacy import keep_closed
from course_utils.grading.submissions.library_owner import library_mismatch
from course_utils.grading.submissions.reading import admit, read_submission, students_of


class SubmissionExporter(NotebookExporter):
    """nbgrader's exporter for autograding, which looks at what was handed in before any of it runs.

    It says which submissions cannot be graded. nbgrader then counts them as failed, grades all the others, and
    ends with an exit code that is not 0.
    """

    was_admitted = Bool(False, help="Whether this was done already, as by course grade").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # What the preprocessors make is whole: it is looked at once, when it is written.
        self.optimistic_validation = True
        converter = self.parent
        coursedir = converter.coursedir
        self.limits = bounds(converter.config.Examine.get("limits", {}))
        self._autograded = Path(coursedir.format_path(coursedir.autograded_directory, "", ""))
        # Formgrader's button and NbGraderAPI pass create=True unasked: the configuration goes before that.
        converter.create_student = converter.config.Autograde.get("create_student", converter.create_student)
        keep_closed(converter)
        if not self.was_admitted:
            self.look_at_all(converter, coursedir)

    def look_at_all(self, converter, coursedir) -> None:
        assignment = coursedir.assignment_id
        notebooks = notebooks_of(coursedir, assignment)
        students = [
            student
            for student in students_of(coursedir, assignment)
            if fnmatch.fnmatchcase(student, coursedir.student_id)
        ]
        refused: dict[str, str] = {}
        for problem in admit(coursedir, assignment, students, notebooks, self.limits):
            # It waits until nbgrader names the student, which it never does where a name has two lines.
            how = {} if "\n" in problem.student else {"student": problem.student}
            self.log.error(problem.sentence, extra=how)
            refused.setdefault(problem.student, problem.sentence)
        for student in students:
            folder = converter._format_source(assignment, student)
            if "\n" in student:
                # nbgrader would stop at it; it is on no class list, and refused.
                converter.assignments.pop(folder, None)
                continue
            with isolated(student, "could not be looked at", self.log.warning, coursedir):
                if said := library_mismatch(Path(folder), student):
                    self.log.warning(said)
            # nbgrader passes over a folder without notebooks, as if nothing had been handed in.
            found = glob.glob(os.path.join(glob.escape(folder), f"{coursedir.notebook_id}.ipynb"))
            converter.assignments[folder] = [] if student in refused else found
        _refuse(converter, refused)

    def from_filename(self, filename, resources=None, **kwargs):
        student, coursedir = resources["nbgrader"]["student"], self.parent.coursedir
        with in_a_sentence(student, "could not be graded", coursedir):
            if Path(filename).is_relative_to(self._autograded):
                return super().from_filename(filename, resources=resources, **kwargs)
            left = handed_over(self.parent, student, Path(filename).stem)
            notebook = left.restored.notebook if left else read_submission(filename, student, self.limits)
            return self.from_notebook_node(notebook, resources=resources, **kwargs)


def _refuse(converter, refused: dict[str, str]) -> None:
    """Let nbgrader fail with these students before it copies anything of theirs, and go on with all others."""
    begin = converter.init_destination

    def init_destination(assignment_id: str, student_id: str) -> bool:
        excluded = converter.coursedir.student_id_exclude.split(",")
        if student_id in refused and student_id not in excluded:
            raise CourseError(refused[student_id])
        return begin(assignment_id, student_id)

    converter.init_destination = init_destination
    if any("\n" in student for student in refused):
        convert = converter.convert_notebooks

        def convert_notebooks() -> None:
            convert()
            raise NbGraderException("A folder with a name of two lines was passed over.")

        converter.convert_notebooks = convert_notebooks
