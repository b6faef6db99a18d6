"""What may be wrong with a submission before it runs, told in a sentence with the student and the file."""

import fnmatch
import glob
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry

from course_utils.errors import CourseError


@dataclass(frozen=True)
class Problem:
    """One submission that cannot be graded as it is."""

    student: str
    file: str
    sentence: str


def check_submissions(coursedir, assignment: str, students: list[str] | None = None) -> list[Problem]:
    """The problems of what was collected for an assignment, in the order of the students.

    Parameters
    ----------
    coursedir : nbgrader's CourseDirectory.
    students : whose submissions to look at; everybody's without it.
    """
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    if students is None:
        root = pattern.parent.parent
        students = sorted(folder.parent.name for folder in root.glob(f"*/{assignment}") if folder.is_dir())
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        roster = {student.id for student in gradebook.students}
        try:
            notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            raise CourseError(
                f"The gradebook knows no assignment {assignment}: run nbgrader generate_assignment {assignment} first."
            ) from None
    problems = []
    for student in students:
        folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        if student not in roster:
            problems.append(
                Problem(
                    student,
                    folder.name,
                    f"{student} is not on the class list, so nothing was graded: check the name, or add it with "
                    f"nbgrader db student add {student}.",
                )
            )
            continue
        for notebook in notebooks:
            path = folder / f"{notebook}.ipynb"
            if sentence := _what_is_wrong(path, student):
                problems.append(Problem(student, path.name, sentence))
    return problems


def read_submission(path: Path, student: str):
    """The submitted notebook, in nbformat 4.

    Raises
    ------
    CourseError
        If the file is empty, or not a notebook.
    """
    sentence = _what_is_wrong(Path(path), student)
    if sentence:
        raise CourseError(sentence)
    return nbformat.read(path, as_version=4)


def _what_is_wrong(path: Path, student: str) -> str | None:
    ask = f"ask {student} to hand it in again"
    if not path.exists():
        others = sorted(other.name for other in path.parent.glob("*.ipynb"))
        if not others:
            return f"{student} handed in no notebook: {path.name} is not in the submission; {ask}."
        return (
            f"{student} handed in {', '.join(others)}, but not {path.name}: "
            f"if it was renamed, give it back its name in {path.parent} and grade again."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        why = "is not a text file" if isinstance(problem, UnicodeDecodeError) else f"({problem.strerror})"
        return f"The file {path.name} of {student} cannot be read: it {why}; {ask}."
    if not text.strip():
        return f"The file {path.name} of {student} is empty; {ask}."
    try:
        notebook = nbformat.reads(text, as_version=4)
        cells = notebook.cells
    except Exception:
        # nbformat raises many kinds here, from JSON errors to missing keys: they all mean the same.
        start = text.strip().splitlines()[0][:30]
        return f"The file {path.name} of {student} is not a notebook (it begins with {start!r}); {ask}."
    if not cells:
        return f"The notebook {path.name} of {student} has no cells; {ask}."
    return None


class SubmissionExporter(NotebookExporter):
    """nbgrader's exporter for autograding, which looks at what was handed in before any of it runs.

    It says which submissions cannot be graded. nbgrader then counts them as failed, grades all the others, and
    ends with an exit code that is not 0.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        converter = self.parent
        # Formgrader's button and NbGraderAPI pass create=True unasked: the configuration goes before that.
        converter.create_student = converter.config.Autograde.get("create_student", converter.create_student)
        students = []
        for folder in sorted(glob.glob(converter._format_source(converter.coursedir.assignment_id, "*"))):
            student = Path(folder).parent.name
            if not fnmatch.fnmatchcase(student, converter.coursedir.student_id):
                continue
            students.append(student)
            # nbgrader passes over a folder without notebooks, as if nothing had been handed in.
            converter.assignments.setdefault(folder, [])
        for problem in check_submissions(converter.coursedir, converter.coursedir.assignment_id, students):
            self.log.error(problem.sentence, extra={"student": problem.student})

    def from_filename(self, filename, resources=None, **kwargs):
        read_submission(filename, resources["nbgrader"]["student"])
        return super().from_filename(filename, resources=resources, **kwargs)
