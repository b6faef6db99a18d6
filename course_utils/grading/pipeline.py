"""A class in a folder, driven through nbgrader's own Python interface with the settings of this kit."""

import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course_utils.errors import CourseError
from course_utils.grading.intake import check_submissions
from course_utils.grading.restore import grade_id_of
from course_utils.kit import kit_folder

CONFIG = "nbgrader_config.py"
HAS_EXCHANGE = sys.platform != "win32"


@dataclass(frozen=True)
class Grade:
    """What one test cell gave one student.

    ``score`` is None where nothing was recorded.
    ``messages`` are the sentences of the test cell, the last one being the reason why points were not given;
    ``passed`` says whether the cell ended without one.
    ``by_hand`` is true of what a person has to mark.
    """

    student: str
    grade_id: str
    score: float | None
    max_score: float
    passed: bool
    by_hand: bool
    messages: tuple[str, ...] = field(default=())

    @property
    def message(self) -> str:
        """The last sentence, or nothing."""
        return self.messages[-1] if self.messages else ""


class Course:
    """An nbgrader course directory, ``folder/assignments``, with its exchange in ``folder/.course``."""

    def __init__(self, folder: Path):
        self.folder = Path(folder).resolve()
        self.config = _read_config(self.folder / "assignments")
        self.exchange = Path(self.config.Exchange.root)
        if not self.exchange.exists():
            self.exchange.mkdir(parents=True)
            # As nbgrader makes it: everybody on this machine may hand in.
            self.exchange.chmod(0o777)
        self.api = NbGraderAPI(config=self.config)
        self.coursedir = self.api.coursedir

    @classmethod
    def create(cls, folder: Path, sources: Iterable[Path]) -> "Course":
        """A new course in ``folder``, with this kit's settings and a copy of each folder in ``sources``."""
        assignments = Path(folder) / "assignments"
        (assignments / "source").mkdir(parents=True, exist_ok=True)
        shutil.copy(kit_folder() / "assignments" / CONFIG, assignments)
        for source in sources:
            shutil.copytree(source, assignments / "source" / Path(source).name, dirs_exist_ok=True)
        return cls(folder)

    @property
    def cache(self) -> Path:
        """Where nbgrader remembers what was handed in from this machine."""
        return Path(self.api.exchange.List(coursedir=self.coursedir, config=self.config).cache)

    @property
    def gradebook(self) -> Gradebook:
        """The open gradebook; to be used in a ``with`` statement."""
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)

    def generate(self, assignment: str) -> None:
        """Make the students' version, and enter its questions into the gradebook."""
        _succeed(
            self.api.generate_assignment(assignment), f"{assignment} could not be made ready for students"
        )

    def release(self, assignment: str) -> None:
        """Put the students' version into the exchange, in place of an earlier one."""
        if not HAS_EXCHANGE:
            raise CourseError(
                "nbgrader has no exchange on Windows: use this in WSL, Linux or macOS, or on a hub."
            )
        if assignment in self.api.get_released_assignments():
            _succeed(self.api.unrelease(assignment), f"The earlier {assignment} could not be taken back")
        _succeed(self.api.release_assignment(assignment), f"{assignment} could not be released")

    def add_students(self, students: Mapping[str, Mapping[str, str]]) -> None:
        """Enter students by their id, each with ``first_name``, ``last_name`` and ``email``, where given."""
        with self.gradebook as gradebook:
            for student, details in students.items():
                gradebook.update_or_create_student(student, **details)

    def submitted(self, student: str, assignment: str) -> Path:
        """The folder into which a student's work is collected."""
        return Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment))

    def autograde(self, assignment: str, student: str) -> None:
        """Grade one submission; what cannot be graded raises a ``CourseError`` that says why."""
        for problem in check_submissions(self.coursedir, assignment, [student]):
            raise CourseError(problem.sentence)
        _succeed(self.api.autograde(assignment, student), f"The work of {student} could not be graded")

    def collect(self, assignment: str) -> None:
        """Take what was handed in out of the exchange."""
        _succeed(self.api.collect(assignment), f"{assignment} could not be collected")

    def mark_by_hand(self, assignment: str, student: str, score: float, comment: str = "") -> None:
        """Give a student points for the manually graded question of an assignment that has one."""
        with self.gradebook as gradebook:
            for notebook in gradebook.find_submission(assignment, student).notebooks:
                for task in notebook.notebook.task_cells:
                    place = (task.name, notebook.name, assignment, student)
                    grade = gradebook.find_grade(*place)
                    grade.manual_score, grade.needs_manual_grade = score, False
                    gradebook.find_comment(*place).manual_comment = comment or None
            gradebook.db.commit()

    def give_feedback(self, assignment: str, student: str) -> None:
        """Write a student's feedback, and put it into the exchange."""
        _succeed(self.api.generate_feedback(assignment, student), f"{student} has no feedback")
        _succeed(
            self.api.release_feedback(assignment, student), f"{student}'s feedback could not be released"
        )

    def grades(self, assignment: str, student: str) -> list[Grade]:
        """What the test cells gave and said, in the order of the notebook."""
        folder = Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, assignment))
        grades = []
        with self.gradebook as gradebook:
            for notebook in gradebook.find_submission(assignment, student).notebooks:
                path = folder / f"{notebook.name}.ipynb"
                said = _what_tests_said(path) if path.exists() else {}
                answers = {cell.name for cell in notebook.notebook.solution_cells}
                scores = {grade.name: grade for grade in notebook.grades}
                order = [grade_id for grade_id in said if grade_id in scores]
                for grade_id in order or sorted(scores):
                    grade = scores[grade_id]
                    passed, messages = said.get(grade_id, (False, ()))
                    score = grade.auto_score if grade.manual_score is None else grade.manual_score
                    by_hand = grade.cell.type == "TaskCell" or grade_id in answers
                    grades.append(Grade(student, grade_id, score, grade.max_score, passed, by_hand, messages))
        return grades


def grade_notebooks(
    assignment: str,
    notebooks: Mapping[str, nbformat.NotebookNode],
    folder: Path,
    source: Path | None = None,
    on_graded: Callable[[str], None] | None = None,
) -> list[Grade]:
    """Send notebooks through the whole of nbgrader, in this process; tell what each test cell gave and said.

    Parameters
    ----------
    assignment : name of the assignment, such as ``"01_who_is_our_customer"``.
    notebooks : student -> notebook, as handed in; the student's name decides whose library it is.
    folder : an empty folder to work in; the course made there may be looked at afterwards.
    source : the assignment's source folder; the kit's own without it.
    on_graded : called with the student's name after each.

    Returns
    -------
    One ``Grade`` for each student and test or manually graded cell.

    Raises
    ------
    CourseError
        If the assignment cannot be generated, or a notebook cannot be graded.
    """
    course = Course.create(folder, [source or kit_folder() / "assignments" / "source" / assignment])
    course.generate(assignment)
    name = one_notebook(course, assignment)
    course.add_students({student: {} for student in notebooks})
    grades = []
    for student, notebook in notebooks.items():
        target = course.submitted(student, assignment)
        target.mkdir(parents=True)
        nbformat.write(notebook, target / f"{name}.ipynb")
        course.autograde(assignment, student)
        grades += course.grades(assignment, student)
        if on_graded:
            on_graded(student)
    return grades


def one_notebook(course: Course, assignment: str) -> str:
    """The name of an assignment's only notebook."""
    with course.gradebook as gradebook:
        names = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    if len(names) != 1:
        raise CourseError(f"{assignment} has {len(names)} notebooks: one was expected.")
    return names[0]


def released_notebook(course: Course, assignment: str) -> nbformat.NotebookNode:
    """The notebook as students get it."""
    folder = Path(course.coursedir.format_path(course.coursedir.release_directory, ".", assignment))
    return nbformat.read(folder / f"{one_notebook(course, assignment)}.ipynb", as_version=4)


def _read_config(assignments: Path) -> Config:
    if not (assignments / CONFIG).exists():
        raise CourseError(f"There is no {CONFIG} in {assignments}: it is not an nbgrader course of this kit.")
    return PyFileConfigLoader(CONFIG, path=str(assignments)).load_config()


def _what_tests_said(path: Path) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Of an autograded notebook: graded cell -> whether it ended without an error, and its sentences."""
    said = {}
    for cell in nbformat.read(path, as_version=4).cells:
        grade_id = grade_id_of(cell)
        if grade_id is None:
            continue
        outputs = cell.get("outputs", [])
        sentences = []
        for output in outputs:
            if output.output_type == "error":
                sentences.append(output.evalue or output.ename)
            elif output.output_type == "stream":
                sentences += output.text.splitlines()
            else:
                sentences += output.data.get("text/plain", "").splitlines()
        passed = not any(output.output_type == "error" for output in outputs)
        said[grade_id] = (passed, tuple(sentences))
    return said


def _succeed(result: dict, what: str) -> None:
    """Turn what nbgrader says about a step into an exception if it failed."""
    if result["success"]:
        return
    log = result.get("log", "") + result.get("error", "")
    mark = f"{CourseError.__module__}.{CourseError.__qualname__}: "
    if mark in log:
        raise CourseError(log.rpartition(mark)[2].split("\n")[0])
    raise CourseError(f"{what}: {_first_reason(log)}")


def _first_reason(log: str) -> str:
    """The first error that a log tells of in words of its own, not by a stack trace."""
    records = re.split(r"^\[ERROR\] ", log, flags=re.MULTILINE)[1:]
    told = [record.split("\n")[0] for record in records if not record.startswith("Traceback")]
    return told[0] if told else log.strip().splitlines()[-1]
