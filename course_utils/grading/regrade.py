"""`course regrade`: a test was mended, and everybody's work is graded by it, without asking anybody to hand in again.

What would change is found out beside the class, and shown, before anything is recorded.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.assignment import Paper, read_paper
from course_utils.grading.course import Course
from course_utils.grading.execution.job import Record, Role
from course_utils.grading.gradebook.marks import Marks, marks_of
from course_utils.grading.lock import only_one
from course_utils.grading.run import Desk, How, Outcome, Watch, grade, no_such_assignment, plainly
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
    how: How | None = None,
    watch: Watch | None = None,
    record_watch: Watch | None = None,
) -> tuple[Proposal, Outcome | None]:
    """Grade what was collected by the assignment as its source is now; record it if ``agree`` says so.

    Returns
    -------
    What would change, and what became of the class; None for this where it was not agreed to.

    Raises
    ------
    CourseError
        If the source cannot be made ready, has other questions than before, or nothing was handed in.
    """
    how = how or How()
    with only_one(course.grading_folder, course.coursedir.groupshared), plainly():
        desk = Desk(course, assignment, how)
        old = {paper.notebook: paper for paper in desk.papers}
        desk.papers = papers_of_source(course, assignment)
        for paper in desk.papers:
            _same_questions(old.get(paper.notebook), paper)
        proposal = _propose(desk, how, watch or Watch())
        proposal.is_new = any(paper.version != old[paper.notebook].version for paper in desk.papers)
    if not agree(proposal):
        return proposal, None
    with only_one(course.grading_folder, course.coursedir.groupshared), plainly():
        if proposal.is_new:
            course.generate(assignment)
    return proposal, grade(course, assignment, how=replace(how, fresh=False), watch=record_watch)


def papers_of_source(course: Course, assignment: str) -> list[Paper]:
    """What the assignment asks as its source stands now, made ready in a folder of its own."""
    source = course.folder / "assignments" / "source" / assignment
    if not source.is_dir():
        raise CourseError(no_such_assignment(course, assignment, []))
    with tempfile.TemporaryDirectory() as folder:
        beside = Course.create(Path(folder), [source], settings=course.folder / "assignments")
        beside.generate(assignment)
        with beside.gradebook as gradebook:
            names = sorted(notebook.name for notebook in gradebook.find_assignment(assignment).notebooks)
            return [read_paper(beside.coursedir, assignment, name, gradebook) for name in names]


def _same_questions(old: Paper | None, new: Paper) -> None:
    """Raises ``CourseError`` if the gradebook could not take up the new version: nbgrader would stop half-way."""
    if old is None or dict(old.roles) != dict(new.roles):
        names = sorted(set(old.roles if old else ()) ^ set(new.roles)) or ["their kinds"]
        raise CourseError(
            f"The cells of {new.notebook} are others than those that were handed out ({', '.join(names)}). A mended "
            "test keeps its cells: only what is in them may change once work is handed in."
        )


def _propose(desk: Desk, how: How, watch: Watch) -> Proposal:
    students = desk.whose(None)
    problems = check_submissions(desk.coursedir, desk.assignment, students, desk.examine.bounds)
    bad = {problem.student for problem in problems}
    tasks = []
    for student in students:
        if student not in bad:
            with desk.on_their_own(student, "could not be read", problems):
                tasks += [desk.task(student, paper) for paper in desk.papers]
    bad = {problem.student for problem in problems}
    watch.begin(len(tasks), len(students) - len(bad))
    with desk.course.gradebook as gradebook:
        marks = marks_of(gradebook, desk.assignment)
    papers = {paper.notebook: paper for paper in desk.papers}
    changes: list[Change] = []
    for task, record, problem in desk.records_of(tasks, how, watch):
        watch.recorded(1 / len(desk.papers))
        if record is None:
            problems.append(Problem(task.student, f"{task.notebook}.ipynb", problem))
        else:
            with desk.on_their_own(task.student, "could not be read", problems):
                changes += _changes(task, task.sheet().cells, record, marks, papers[task.notebook])
    changes.sort(key=lambda change: change.student)
    return Proposal(desk.assignment, changes, problems, len(students) - len(bad))


def _changes(task, cells, record: Record, marks: dict, paper: Paper) -> list[Change]:
    found = []
    for cell, result in zip(cells, record.results, strict=True):
        if cell.role is not Role.TEST:
            continue
        before = marks.get((task.student, task.notebook, cell.grade_id), Marks(None, None, False))
        if before.auto_score != result.score:
            why = result.review or result.message
            question = paper.labels[cell.grade_id]
            found.append(
                Change(task.student, question, before.auto_score, result.score, why, before.manual_score)
            )
    return found
