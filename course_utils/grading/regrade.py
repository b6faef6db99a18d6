"""`course regrade`: a test was mended, and everybody's work is graded by it, without asking anybody to hand in again.

What would change is found out beside the class, and shown, before anything is recorded.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.assignment import AssignmentSpec, read_spec
from course_utils.grading.course import Course
from course_utils.grading.execution.job import ExecutionResult, Role
from course_utils.grading.gradebook.marks import Marks, marks_of
from course_utils.grading.lock import only_one
from course_utils.grading.run import (
    GradingRun,
    GradingSummary,
    Options,
    ProgressListener,
    grade,
    no_such_assignment,
    plainly,
)
from course_utils.grading.submissions.reading import Problem, check_submissions


@dataclass(frozen=True)
class Change:
    """One mark that would be another. ``old`` and ``new`` are points, None where there are none."""

    student: str
    question: str
    old: float | None
    new: float | None
    why: str
    by_hand: float | None = None

    def __str__(self) -> str:
        points = ["no mark" if score is None else f"{score:g}" for score in (self.old, self.new)]
        kept = (
            f"; {self.by_hand:g} given by hand stays, to be looked at again"
            if self.by_hand is not None
            else ""
        )
        return f"{self.question}: {points[0]} → {points[1]}{kept}" + (f" ({self.why})" if self.why else "")


@dataclass
class Proposal:
    """What regrading would change. ``problems`` are those who cannot be graded.

    ``is_new`` says whether the assignment is another than the one that was handed out last, whatever that changes.
    """

    assignment: str
    changes: list[Change]
    problems: list[Problem]
    students: int
    is_new: bool = False


def regrade(
    course: Course,
    assignment: str,
    agree: Callable[[Proposal], bool],
    options: Options | None = None,
    progress: ProgressListener | None = None,
    recording_progress: ProgressListener | None = None,
) -> tuple[Proposal, GradingSummary | None]:
    """Grade what was collected by the assignment as its source is now; record it if ``agree`` says so.

    Returns
    -------
    What would change, and what became of the class; None for this where it was not agreed to.

    Raises
    ------
    CourseError
        If the source cannot be made ready, has other questions than before, or nothing was handed in.
    """
    options = options or Options()
    with only_one(course.grading_folder, course.coursedir.groupshared), plainly():
        grading = GradingRun(course, assignment, options)
        old = {spec.notebook: spec for spec in grading.specs}
        grading.specs = specs_of_source(course, assignment)
        for spec in grading.specs:
            _same_questions(old.get(spec.notebook), spec)
        proposal = _propose(grading, options, progress or ProgressListener())
        proposal.is_new = any(spec.version != old[spec.notebook].version for spec in grading.specs)
    if not agree(proposal):
        return proposal, None
    with only_one(course.grading_folder, course.coursedir.groupshared), plainly():
        if proposal.is_new:
            course.generate(assignment)
    return proposal, grade(
        course, assignment, options=replace(options, fresh=False), progress=recording_progress
    )


def specs_of_source(course: Course, assignment: str) -> list[AssignmentSpec]:
    """What the assignment asks as its source stands now, made ready in a folder of its own."""
    source = course.folder / "assignments" / "source" / assignment
    if not source.is_dir():
        raise CourseError(no_such_assignment(course, assignment, []))
    with tempfile.TemporaryDirectory() as folder:
        beside = Course.create(Path(folder), [source], settings=course.folder / "assignments")
        beside.generate(assignment)
        with beside.gradebook as gradebook:
            names = sorted(notebook.name for notebook in gradebook.find_assignment(assignment).notebooks)
            return [read_spec(beside.coursedir, assignment, name, gradebook) for name in names]


def _same_questions(old: AssignmentSpec | None, new: AssignmentSpec) -> None:
    """Raises ``CourseError`` if the gradebook could not take up the new version: nbgrader would stop half-way."""
    if old is None or dict(old.roles) != dict(new.roles):
        names = sorted(set(old.roles if old else ()) ^ set(new.roles)) or ["their kinds"]
        raise CourseError(
            f"The cells of {new.notebook} are others than those that were handed out ({', '.join(names)}). A mended "
            "test keeps its cells: only what is in them may change once work is handed in."
        )


def _propose(grading: GradingRun, options: Options, progress: ProgressListener) -> Proposal:
    students = grading.whose(None)
    problems = check_submissions(grading.coursedir, grading.assignment, students, grading.examine.bounds)
    bad = {problem.student for problem in problems}
    tasks = []
    for student in students:
        if student not in bad:
            with grading.isolated(student, "could not be read", problems):
                tasks += [grading.task(student, spec) for spec in grading.specs]
    bad = {problem.student for problem in problems}
    progress.begin(len(tasks), len(students) - len(bad))
    with grading.course.gradebook as gradebook:
        marks = marks_of(gradebook, grading.assignment)
    specs = {spec.notebook: spec for spec in grading.specs}
    changes: list[Change] = []
    for task, result, problem in grading.results_of(tasks, options, progress):
        progress.recorded(1 / len(grading.specs))
        if result is None:
            problems.append(Problem(task.student, f"{task.notebook}.ipynb", problem))
        else:
            with grading.isolated(task.student, "could not be read", problems):
                changes += _changes(task, task.job().cells, result, marks, specs[task.notebook])
    changes.sort(key=lambda change: change.student)
    return Proposal(grading.assignment, changes, problems, len(students) - len(bad))


def _changes(task, cells, ran: ExecutionResult, marks: dict, spec: AssignmentSpec) -> list[Change]:
    found = []
    for cell, result in zip(cells, ran.results, strict=True):
        if cell.role is not Role.TEST:
            continue
        before = marks.get((task.student, task.notebook, cell.grade_id), Marks(None, None, False))
        if before.auto_score != result.score:
            why = result.review or result.message
            question = spec.labels[cell.grade_id]
            found.append(
                Change(task.student, question, before.auto_score, result.score, why, before.manual_score)
            )
    return found
