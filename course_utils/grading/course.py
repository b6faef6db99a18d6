"""A class in a folder, driven through nbgrader's own Python interface with the settings of this kit."""

import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course_utils.checks.questions import file_of
from course_utils.errors import CourseError
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.database import open_gradebook
from course_utils.grading.execution.job import State
from course_utils.grading.execution.prewarm import CONFIG, course_folder
from course_utils.grading.folder_names import url_of
from course_utils.grading.nbgrader_plugins.exchange import EXCHANGE
from course_utils.grading.plain_log import in_plain_words
from course_utils.grading.privacy import make_folder
from course_utils.grading.submissions.reading import admit
from course_utils.kit import kit_folder

CONTENT = (State.RIGHT, State.PARTLY)
HAS_EXCHANGE = sys.platform != "win32"


@dataclass(frozen=True)
class Grade:
    """What one test cell gave one student.

    ``score`` is None where nothing was recorded.
    ``messages`` are what it said to the student, and then, where there is one, why a person must look;
    ``passed`` says whether it was content, at least in part.
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
        """What the student reads, or nothing."""
        return self.messages[0] if self.messages else ""


class Course:
    """An nbgrader course directory, ``folder/assignments``, with its exchange in ``folder/.course``."""

    def __init__(self, folder: Path, *, apart: bool = False, make_exchange: bool = True):
        """``apart`` keeps gradebook and exchange in the folder, whatever the environment says.

        An exchange elsewhere is made by whoever runs that place, never here.
        """
        self.folder = Path(folder).resolve()
        self.config = read_config(self.folder / "assignments")
        if apart:
            self.config.CourseDirectory.db_url = url_of(self.folder / "assignments" / "gradebook.db")
            self.config.Exchange.root = str(self.folder / ".course" / "exchange")
            self.config.Exchange.cache = str(self.folder / ".course" / "submitted")
        self.exchange = Path(self.config.Exchange.root)
        if make_exchange and self.exchange.is_relative_to(self.folder) and not self.exchange.exists():
            self.exchange.mkdir(parents=True)
            self.exchange.chmod(EXCHANGE)
        self.api = NbGraderAPI(config=self.config)
        self.coursedir = self.api.coursedir

    @classmethod
    def create(cls, folder: Path, sources: Iterable[Path], settings: Path | None = None) -> "Course":
        """A new course in ``folder``, with a copy of each folder in ``sources``, and this kit's settings.

        ``settings`` is a folder with others, and with declared questions of its own.
        """
        assignments = Path(folder) / "assignments"
        # It holds the answers.
        make_folder(assignments / "source")
        shutil.copy((settings or kit_folder() / "assignments") / CONFIG, assignments)
        for source in map(Path, sources):
            shutil.copytree(source, assignments / "source" / source.name, dirs_exist_ok=True)
            if settings and (declared := file_of(settings, source.name)).is_file():
                make_folder(assignments / declared.parent.name)
                shutil.copy(declared, assignments / declared.parent.name)
        return cls(folder, apart=True)

    @classmethod
    def here(cls) -> "Course":
        """The course that one stands in, however deep in its folder; outside of any, the kit's own."""
        return cls(course_folder())

    @property
    def grading_folder(self) -> Path:
        """Where grading keeps what it may need again: all of it can be made anew."""
        return Path(self.config.Examine.get("cache") or self.folder / ".course" / "grading")

    @property
    def gradebook(self) -> Gradebook:
        """The open gradebook; to be used in a ``with`` statement."""
        return open_gradebook(self.coursedir)

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
        """Grade one submission as Formgrader does; what cannot be graded raises a ``CourseError`` that says why."""
        for problem in admit(self.coursedir, assignment, [student]):
            raise CourseError(problem.sentence)
        _succeed(self.api.autograde(assignment, student), f"The work of {student} could not be graded")

    def collect(self, assignment: str) -> None:
        """Take what was handed in out of the exchange."""
        _succeed(self.api.collect(assignment), f"{assignment} could not be collected")

    def mark_by_hand(self, assignment: str, student: str, score: float, comment: str = "") -> None:
        """Give a student these points for each of an assignment's manually graded questions."""
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


def read_config(assignments: Path) -> Config:
    """The settings in a course directory. Raises ``CourseError`` if there are none."""
    if not (assignments / CONFIG).exists():
        raise CourseError(f"There is no {CONFIG} in {assignments}: it is not an nbgrader course of this kit.")
    return PyFileConfigLoader(CONFIG, path=str(assignments)).load_config()


def _what_tests_said(path: Path) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Of an autograded notebook: graded cell -> whether its test was content, and its sentences."""
    said = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if grade_id := grade_id_of(cell):
            about = cell.metadata.get("course", {})
            sentences = [about.get("message", ""), about.get("review", "")]
            said[grade_id] = (about.get("state") in CONTENT, tuple(filter(None, sentences)))
    return said


def _succeed(result: dict, what: str) -> None:
    """Turn what nbgrader says about a step into an exception if it failed."""
    if not result["success"]:
        raise CourseError(in_plain_words(result.get("log", "") + result.get("error", ""), what)[0])
