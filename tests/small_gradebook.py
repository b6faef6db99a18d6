"""A gradebook of a few students and one assignment of two questions, without any notebook being run."""

import functools
import os
import sys
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

WEEK = "01_week"
QUESTIONS = {"test_total": 6, "in_words": 4}
CLASS = {
    "mquill": ("Mary", "Quill", "mary.quill@example.org", "5001"),
    "jsmith": ("José", "O'Neil, Jr.", "jose@example.org", "5002"),
    "wli": ("Wei", "Li", "wei@example.org", "5003"),
}


@functools.cache
def empty_gradebook() -> bytes:
    """A gradebook with nothing in it; nbgrader calls `alembic` by name to make one, and takes a second for it."""
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        with tempfile.TemporaryDirectory() as folder:
            Gradebook(f"sqlite:///{folder}/gradebook.db", "small").close()
            return Path(folder, "gradebook.db").read_bytes()
    finally:
        os.environ["PATH"] = path


class SmallCourse:
    """A course folder with its gradebook; ``coursedir`` is nbgrader's."""

    def __init__(self, folder: Path, students=CLASS, assignment=WEEK, questions=QUESTIONS, notebooks=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.coursedir = CourseDirectory(root=str(self.folder.resolve()), course_id="small")
        (self.folder / "gradebook.db").write_bytes(empty_gradebook())
        with self.gradebook as gradebook:
            for student, (first, last, email, number) in students.items():
                gradebook.add_student(
                    student, first_name=first, last_name=last, email=email or None, lms_user_id=number or None
                )
            gradebook.add_assignment(assignment)
            for notebook in notebooks or [assignment]:
                gradebook.add_notebook(notebook, assignment)
                for name, points in questions.items():
                    gradebook.add_grade_cell(name, notebook, assignment, max_score=points, cell_type="code")
                    gradebook.add_source_cell(name, notebook, assignment, cell_type="code")

    @property
    def gradebook(self) -> Gradebook:
        return Gradebook(self.coursedir.db_url, "small")

    def grade(self, student, assignment=WEEK, *, when=None, penalty=None, open_=(), **points):
        """Enter what autograding would: points by question, and which of them a person has to look at."""
        with self.gradebook as gradebook:
            submission = gradebook.update_or_create_submission(assignment, student, timestamp=when)
            for notebook in submission.notebooks:
                notebook.late_submission_penalty = penalty
                for grade in notebook.grades:
                    grade.auto_score = points.get(grade.name)
                    grade.needs_manual_grade = grade.name in open_
            gradebook.db.commit()

    def hand_in(self, student, assignment=WEEK, when=None, step="submitted", text="{}"):
        """Put a notebook into nbgrader's folder of collected (or graded) work."""
        folder = self.folder / step / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{assignment}.ipynb").write_text(text, encoding="utf-8")
        if when:
            (folder / "timestamp.txt").write_text(when, encoding="utf-8")
        return folder
