"""A week of a class of twelve, from the exchange to the feedback: what an instructor sees on a Monday.

Answers come from the proofs of the assignment, so that it is known what each must get.
Where something comes out otherwise, the demonstration says so.
"""

import copy
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Protocol

import nbformat
from nbgrader.exchange.default import ExchangeSubmit
from nbgrader.utils import temp_attrs
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from traitlets import Unicode

from course_utils.errors import CourseError
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.course import Course, Grade, one_notebook
from course_utils.grading.example_class import EXAMPLE
from course_utils.grading.execution.prewarm import CONFIG
from course_utils.grading.export import Csv
from course_utils.grading.run import ProgressListener
from course_utils.grading.run import grade as grade_class
from course_utils.grading.submissions.class_list import read_class_list
from course_utils.kit import kit_folder

ASSIGNMENT = "01_who_is_our_customer"
DUE = "2025-09-14 23:59:00 UTC"
ON_TIME = "2025-09-13 17:05:00.000000 UTC"
LATE = "2025-09-16 08:20:00.000000 UTC"
# So that nbgrader and Formgrader, started in the demo's folder, keep to it, too.
APART = """
# ---- A class to look at: whatever COURSE_GRADEBOOK and COURSE_EXCHANGE say, it keeps to its own folder ------
from course_utils.grading.folder_names import url_of  # noqa: E402

c.CourseDirectory.db_url = url_of(Path(__file__).resolve().parent / "gradebook.db")
c.Exchange.root = str(Path(__file__).resolve().parents[1] / ".course" / "exchange")
c.Exchange.cache = str(Path(__file__).resolve().parents[1] / ".course" / "submitted")
"""
SPACE_NEEDED = 100_000_000  # bytes: twelve notebooks, their feedback, and room for what else is going on


class Answer(Protocol):
    """What is needed of a proof: ``kind`` is ``"right"`` or ``"wrong"``; ``points`` is None where all are due."""

    question: str
    kind: str
    source: str
    points: float | None

    def is_said_by(self, sentence: str) -> bool: ...


@dataclass(frozen=True)
class Story:
    """How one student's week went.

    ``style`` picks among the right answers to each question; ``slips`` are the places of the questions that are
    answered wrongly; ``stops_at`` is the first question left as it was.
    """

    student: str
    style: int = 0
    slips: tuple[int, ...] = ()
    stops_at: int | None = None
    handed_in: str | None = ON_TIME
    accident: str | None = None
    mark: float | None = None
    comment: str = ""


# What was written for question 11, by the points that the rubric gives for it.
REFLECTIONS = {
    6: "I would report active patrons: the mission says everybody, and to learn and to meet is to come, not only to "
    "borrow. It leaves out the guests at the computers, about one session in six. Somebody could read it as a reason "
    "to close the computer room, so I would print the number of guest sessions beside it.",
    5: "I would report active patrons, because the mission speaks of learning and meeting, and not of loans. It leaves "
    "out guests. If the council looked at this number only, hours for guests could be cut; I would print their number "
    "beside it, with the definition.",
    4: "I would report borrowers. It leaves out one in five of our active patrons, and one in four of those of 13 to 17. "
    "The council could cut the programs they come for; I would print how many people come without borrowing.",
    3: "I would report active patrons, since everybody counts. It leaves out many people. The number could be used to "
    "close a branch, so I would print the visits beside it.",
    2: "I would report registered patrons, because the mission says everybody who lives here, and everybody may have a "
    "card.",
}
# The same for question 12.
ASSUMPTIONS = {
    6: "I said 50 to 150 other users, which was far too low. I had the desk in mind where I work on Saturdays; people who "
    "go straight to the computers are not in that picture. I would count who came to a program and borrowed nothing, "
    "which misses everyone who showed no card, and ask a parent after story time, who may only be polite.",
    5: "My range for other users, 50 to 150, was too low. I thought of the desk, where everyone has a book in hand, and "
    "not of people at the computers. I would count them by age, which misses guests, and talk with one of them.",
    4: "Other users: I said 50 to 150, which was too low. I go to the library to borrow, and forgot people who come for a "
    "class. I would run a report on programs, and talk with a parent.",
    3: "I was too low for other users. I based it on my own experience. I would run a report, and ask a patron about it.",
    2: "I was too low for other users, because I mostly borrow books myself.",
}
WEEK = (
    Story("alder", mark=6, comment="Clear, and you say what to print beside the number."),
    Story("aspen", style=1, mark=5, comment="How many guests are there? Give the number."),
    Story("beech", style=2),
    Story(
        "birch",
        slips=(1, 3),
        mark=4,
        comment="Good numbers, and good on harm; now tie the choice to the mission's own words.",
    ),
    Story(
        "cedar",
        slips=(4, 5, 6),
        mark=3,
        comment="Whom exactly does it leave out? Name a group, and give a number.",
    ),
    Story("elm", stops_at=5, mark=2, comment="Come and see me: you had a good start."),
    Story("hazel", stops_at=0, mark=0),
    Story("juniper", style=1, handed_in=LATE, mark=6, comment="Well argued."),
    Story("linden", slips=(8,), accident="deleted a test cell", mark=5),
    Story("maple", slips=(7,), accident="copied a cell", mark=4),
    Story("rowan", accident="handed in a web page"),
    Story("willow", handed_in=None),
)


@dataclass
class Result:
    """What became of one student's work."""

    story: Story
    grades: list[Grade] = field(default_factory=list)
    problem: str = ""
    hours_late: float = 0
    surprises: list[str] = field(default_factory=list)


class DatedSubmit(ExchangeSubmit):
    """nbgrader's submit, on another day."""

    when = Unicode()

    def set_timestamp(self):
        self.timestamp = self.when


def run(out: Path | None, answers: Sequence[Answer], console: Console | None = None) -> int:
    """Make the class, grade it, and show what came out.

    Parameters
    ----------
    out : a folder that is empty or does not exist; a new temporary one without it.
    answers : the proofs of the assignment.

    Returns
    -------
    0 if every answer got what it must get, else 1.

    Raises
    ------
    CourseError
        If the folder is not empty or cannot be written, or the disk has no room.
    """
    console = console or Console()
    out = _empty_folder(out)
    # Under another name until all is done, so that a folder of that name always holds a whole class.
    unfinished = out.with_name(f"{out.name}.part")
    try:
        results = _a_week(unfinished, answers, console)
        if out.exists():
            out.rmdir()
        os.replace(unfinished, out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _show(results, out, console)
    surprises = [f"{result.story.student}: {surprise}" for result in results for surprise in result.surprises]
    for surprise in surprises:
        console.print(f"not as expected: {surprise}", style="bold red")
    return 1 if surprises else 0


def _empty_folder(out: Path | None) -> Path:
    if out is None:
        out = Path(tempfile.mkdtemp(prefix="port_ellery_"))
    out = Path(out).expanduser().resolve()
    if out.exists() and not out.is_dir():
        raise CourseError(
            f"{out} is a file: give --out the name of a folder that is empty or does not exist yet."
        )
    if out.exists() and any(out.iterdir()):
        raise CourseError(
            f"The folder {out} is not empty: give --out one that is empty or does not exist yet."
        )
    parent = next(folder for folder in out.parents if folder.exists())
    if not os.access(parent, os.W_OK):
        raise CourseError(f"The folder {parent} cannot be written: choose another place with --out.")
    free = shutil.disk_usage(parent).free
    if free < SPACE_NEEDED:
        raise CourseError(
            f"There is no room in {parent}: {free / 1e6:.0f} MB are free and {SPACE_NEEDED / 1e6:.0f} MB needed; "
            "make room, or choose another place with --out."
        )
    return out


def _a_week(folder: Path, answers: Sequence[Answer], console: Console) -> list[Result]:
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    results = [Result(story) for story in WEEK]
    came = [result for result in results if result.story.handed_in]
    with Progress(*columns, console=console) as progress:

        def each(what, some):
            return progress.track(some, description=what)

        assignments = kit_folder() / "assignments"
        course = Course.create(folder, [assignments / "source" / ASSIGNMENT])
        with (folder / "assignments" / CONFIG).open("a", encoding="utf-8") as settings:
            settings.write(APART)
        # This class hands in on days of its own, of which the exchange's clock knows nothing.
        course.api.config.TrustedCollect.trusted_time = False
        roster = read_class_list(assignments / EXAMPLE).students
        course.add_students({story.student: roster[story.student] for story in WEEK})
        course.generate(ASSIGNMENT)
        course.release(ASSIGNMENT)
        with course.gradebook as gradebook:
            gradebook.update_or_create_assignment(ASSIGNMENT, duedate=DUE)
        chosen = {story.student: _choose(story, answers) for story in WEEK}
        for result in each("handing in", came):
            _hand_in(course, result.story, chosen[result.story.student])
        course.collect(ASSIGNMENT)
        bar = progress.add_task("grading", total=len(came))
        listener = ProgressListener()
        listener.recorded = lambda students=1: progress.advance(bar, students)
        outcome = grade_class(course, ASSIGNMENT, progress=listener)
        progress.update(bar, completed=len(came))
        problems = {problem.student: problem.sentence for problem in outcome.problems}
        for result in came:
            result.problem = problems.get(result.story.student, "")
            _look_at(course, result, chosen[result.story.student])
        for result in each("feedback", came):
            if not result.problem:
                _give_back(course, result.story.student)
        with course.gradebook as gradebook:
            Csv(to=str(folder / "grades.csv"), anyway=True, config=course.config).write(
                gradebook, course.coursedir
            )
    return results


def _choose(story: Story, answers: Sequence[Answer]) -> dict[str, Answer]:
    questions = list(dict.fromkeys(answer.question for answer in answers))
    chosen = {}
    for place, question in enumerate(questions[: story.stops_at]):
        kind = "wrong" if place in story.slips else "right"
        candidates = [answer for answer in answers if answer.question == question and answer.kind == kind]
        chosen[question] = candidates[story.style % len(candidates)]
    return chosen


def _hand_in(course: Course, story: Story, chosen: dict[str, Answer]) -> None:
    """Fetch, work and submit, in a folder of the student's own."""
    desk = _desk(course, story.student)
    desk.mkdir(parents=True)
    with temp_attrs(course.coursedir, assignment_id=ASSIGNMENT, student_id=story.student):
        parts = {
            "coursedir": course.coursedir,
            "authenticator": course.api.authenticator,
            "parent": course.api,
        }
        place = {"assignment_dir": str(desk), "cache": str(desk / ".handed_in")}
        course.api.exchange.FetchAssignment(**parts, **place).start()
        path = desk / ASSIGNMENT / f"{one_notebook(course, ASSIGNMENT)}.ipynb"
        _work(path, story, chosen)
        DatedSubmit(when=story.handed_in, **parts, **place).start()


def _work(path: Path, story: Story, chosen: dict[str, Answer]) -> None:
    if story.accident == "handed in a web page":
        path.write_text("<!DOCTYPE html>\n<title>Sign in</title>\n", encoding="utf-8")
        return
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if answer := chosen.get(grade_id_of(cell)):
            cell.source = answer.source
    last = next(reversed(chosen), None)
    place = next((i for i, cell in enumerate(notebook.cells) if grade_id_of(cell) == last), None)
    if story.accident == "deleted a test cell":
        del notebook.cells[place + 1]
    elif story.accident == "copied a cell":
        twin = copy.deepcopy(notebook.cells[place])
        twin.id = f"{twin.id}-copy"
        notebook.cells.insert(place + 1, twin)
    if story.mark:
        written = {"reflection": REFLECTIONS, "assumed": ASSUMPTIONS}
        for task, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
            if grade_id_of(task) in written:
                cell.source = written[grade_id_of(task)][story.mark]
    nbformat.write(notebook, path)


def _look_at(course: Course, result: Result, chosen: dict[str, Answer]) -> None:
    """Mark one student's work by hand, and compare with what it must get."""
    student = result.story.student
    if bool(result.problem) != (result.story.accident == "handed in a web page"):
        result.surprises.append(result.problem or "a web page was graded as if it were a notebook")
    if result.problem:
        return
    if result.story.mark is not None:
        course.mark_by_hand(ASSIGNMENT, student, result.story.mark, result.story.comment)
    with course.gradebook as gradebook:
        result.hours_late = gradebook.find_submission(ASSIGNMENT, student).total_seconds_late / 3600
    result.grades = course.grades(ASSIGNMENT, student)
    for grade in result.grades:
        if grade.by_hand:
            continue
        answer = chosen.get(grade.grade_id.removeprefix("test_"))
        due = 0 if answer is None else grade.max_score if answer.points is None else answer.points
        if grade.score != due:
            result.surprises.append(f"{grade.grade_id} got {grade.score}, not {due:g}: {grade.message}")
        elif answer and not answer.is_said_by(grade.message):
            result.surprises.append(f"{grade.grade_id} was told something else: {grade.message}")


def _give_back(course: Course, student: str) -> None:
    course.give_feedback(ASSIGNMENT, student)
    desk = _desk(course, student)
    with temp_attrs(course.coursedir, assignment_id=ASSIGNMENT, student_id=student):
        course.api.exchange.FetchFeedback(
            coursedir=course.coursedir,
            authenticator=course.api.authenticator,
            parent=course.api,
            assignment_dir=str(desk),
            cache=str(desk / ".handed_in"),
        ).start()


def _desk(course: Course, student: str) -> Path:
    return course.folder / "students" / student


def _show(results: list[Result], out: Path, console: Console) -> None:
    tests = next(result.grades for result in results if result.grades)
    # Without lines between, so that the names and the points are whole in a terminal of 80 columns.
    table = Table(
        title=f"{ASSIGNMENT}: points by question", title_justify="left", box=None, padding=(0, 1, 0, 0)
    )
    table.add_column("student", no_wrap=True)
    for place, grade in enumerate(tests, start=1):
        table.add_column(f"{place}\n/{grade.max_score:g}", justify="right", no_wrap=True)
    table.add_column(f"all\n/{sum(grade.max_score for grade in tests):g}", justify="right", no_wrap=True)
    table.add_column("state")
    for result in results:
        points = ["–" if grade.score is None else f"{grade.score:g}" for grade in result.grades]
        total = [f"{sum(grade.score or 0 for grade in result.grades):g}"] if result.grades else []
        cells = (points + total) or [""] * (len(tests) + 1)
        table.add_row(result.story.student, *cells, _state(result))
    console.print(table)
    for result in results:
        if result.problem:
            console.print(f"not graded: {result.problem}", markup=False)
    if waiting := [result.story.student for result in results if _waits(result)]:
        console.print(f"still to be marked by hand, question {len(tests)}: {', '.join(waiting)}")
    console.print("In grades.csv, what is still open is empty: settle that before you send it on.")
    page = next(out.glob(f"students/birch/{ASSIGNMENT}/feedback/*/*.html"), None)
    console.print()
    for what, place in (
        ("The class", out),
        ("Its grades", out / "grades.csv"),
        ("What birch reads", page),
    ):
        console.print(f"{what + ':':<18}{place}", soft_wrap=True, markup=False)
    console.print(
        f"To see it in Formgrader: cd {quote(str(out))} && {quote(sys.executable)} -m course_utils.cli lab",
        soft_wrap=True,
        markup=False,
    )


def _state(result: Result) -> str:
    if result.story.handed_in is None:
        return "missing"
    if result.problem:
        return "not graded"
    late = f"late by {result.hours_late / 24:.1f} days" if result.hours_late else ""
    by_hand = "to be marked by hand" if _waits(result) else "graded"
    return ", ".join(filter(None, (by_hand, late, result.story.accident)))


def _waits(result: Result) -> bool:
    return any(grade.score is None for grade in result.grades)
