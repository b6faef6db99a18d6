"""What `course grade` and `course regrade` show: bars while they work, and a table when they are done."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from course_utils.errors import CourseError
from course_utils.grading.course import Course
from course_utils.grading.execution.cluster import reach
from course_utils.grading.gradebook.lateness import extensions_of_nobody, read_policy
from course_utils.grading.per_student import printable
from course_utils.grading.regrade import Proposal, regrade
from course_utils.grading.run import GradingSummary, Options, ProgressListener, grade
from course_utils.grading.submissions.ownership import read_notes
from course_utils.grading.submissions.reading import students_of


def grade_all(
    names: list[str],
    *,
    everything: bool = False,
    students: list[str] | None = None,
    console: Console | None = None,
    **options,
) -> int:
    """`course grade`. Returns 0 if everybody is graded and nothing needs a look, else 1.

    Raises
    ------
    CourseError
        If nothing could be graded.
    """
    options, console, course = _checked(options), console or Console(), Course.here()
    # What is wrong in it is said before anything else is.
    policy = read_policy(course.coursedir.root)
    if everything == bool(names):
        raise CourseError("Say which assignment to grade, or --all: course grade NAME.")
    if everything:
        with course.gradebook as gradebook:
            names = sorted(assignment.name for assignment in gradebook.assignments)
        names = [
            name
            for name in names
            if students_of(course.coursedir, name) or read_notes(course.coursedir, name)
        ]
        if not names:
            raise CourseError("Nothing was handed in for any assignment: collect it first.")
    whole = True
    for name in names:
        if everything:
            console.print(f"[bold]{escape(name)}[/]", highlight=False)
        with Bars(console) as bars:
            summary = grade(course, name, students, options, bars)
        show(summary, console)
        whole = whole and summary.is_whole
    with course.gradebook as gradebook:
        if wrong := extensions_of_nobody(gradebook, course.coursedir, policy):
            console.print(wrong, highlight=False, markup=False)
    return 0 if whole else 1


def regrade_one(name: str, *, yes: bool = False, console: Console | None = None, **options) -> int:
    """`course regrade`. Returns 0 if it was recorded or nothing changes, 1 if not, or something needs a look."""
    options, console, course = _checked(options), console or Console(), Course.here()

    def agree(proposal: Proposal) -> bool:
        looking.stop()
        propose(proposal, console)
        if not proposal.changes and not proposal.is_new:
            return False
        if yes:
            return True
        try:
            answer = console.input("Record this? [y/N] ", markup=False)
        except EOFError:
            raise CourseError(
                "Nobody is there to say yes, so nothing was recorded: add --yes to record it."
            ) from None
        return answer.strip().lower() in ("y", "yes")

    with Bars(console, second="comparing") as looking:
        recording = Bars(console)
        proposal, summary = regrade(course, name, agree, options, looking, recording)
    recording.stop()
    if summary is None:
        console.print("Nothing was changed.")
        return 1 if proposal.changes or proposal.is_new else 0
    show(summary, console)
    return 0 if summary.is_whole else 1


def propose(proposal: Proposal, console: Console) -> None:
    """What regrading would change, for whom, and why."""
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column()
    before = None
    for change in proposal.changes:
        table.add_row(escape(change.student) if change.student != before else "", escape(str(change)))
        before = change.student
    people = len({change.student for change in proposal.changes})
    marks = f"{len(proposal.changes)} marks" if len(proposal.changes) != 1 else "1 mark"
    console.print(f"{marks} of {people} of {proposal.students} students would change.", highlight=False)
    if proposal.changes:
        console.print(table, highlight=False)
    for problem in proposal.problems:
        console.print(f"left as it is: {problem.sentence}", highlight=False, markup=False)


def _checked(options: dict) -> Options:
    jobs, cluster = options.get("jobs"), options.get("cluster")
    if jobs is not None and jobs < 1:
        raise CourseError(f"--jobs must be 1 or more, and is {jobs}.")
    if options.get("unprotected") and not cluster:
        raise CourseError("--unprotected-cluster says how to reach a cluster: say which, with --cluster.")
    if cluster:
        reach(cluster, unprotected=options.get("unprotected", False))
    if cluster and jobs:
        raise CourseError(
            "--jobs is for this machine; how many a cluster runs is said where its workers are started."
        )
    return Options(**options)


class Bars(ProgressListener):
    """Two bars: notebooks that have run, and students whose marks are in, with the time that is left."""

    def __init__(self, console: Console, second: str = "recording"):
        self.progress = Progress(
            TextColumn("{task.description:<11}"),
            BarColumn(bar_width=26),
            TextColumn("{task.completed:.0f}/{task.total:.0f} {task.fields[what]:<9}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
        )
        self.second = second
        self.bars = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> None:
        if self.bars:
            self.progress.stop()

    def begin(self, notebooks: int, students: int) -> None:
        self.progress.start()
        self.bars = [
            self.progress.add_task("executing", total=notebooks, what="notebooks"),
            self.progress.add_task(self.second, total=students, what="students"),
        ]

    def executed(self, notebooks: int = 1) -> None:
        self.progress.advance(self.bars[0], notebooks)

    def recorded(self, students: int = 1) -> None:
        self.progress.advance(self.bars[1], students)


def show(summary: GradingSummary, console: Console) -> None:
    """The closing table of a class, and what to do next."""
    look_at = list(dict.fromkeys(student for student, _, _ in summary.to_review))
    without = list(dict.fromkeys(problem.student for problem in summary.problems))
    graded = len(set(summary.graded) - set(look_at) - set(without))
    parts = [f"{graded} graded"]
    if look_at:
        parts.append(f"{len(look_at)} need a look" if len(look_at) > 1 else "1 needs a look")
    if without:
        parts.append(f"{len(without)} could not be read")
    console.print(" · ".join(parts), highlight=False)
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    _rows(
        table,
        "need a look",
        [(student, f"{question}: {why}") for student, question, why in summary.to_review],
    )
    _rows(table, "could not read", [(problem.student, problem.sentence) for problem in summary.problems])
    _rows(table, "to settle", summary.to_settle)
    if table.row_count:
        console.print(table, highlight=False)
    for question in dict.fromkeys(question for _, question in summary.by_hand):
        count = sum(1 for _, other in summary.by_hand if other == question)
        console.print(
            f"to be marked by hand: {question}, {count} answer{'s'[: count != 1]} (course lab, then Formgrader)",
            highlight=False,
        )
    for note in summary.notes:
        console.print(f"note: {note}", highlight=False, markup=False)
    name = summary.assignment
    steps = [f"course report {name}"]
    if not (summary.to_review or summary.by_hand):
        steps = [
            *(f"nbgrader generate_feedback {name} --force", f"nbgrader release_feedback {name}"),
            *(*steps, f"course export {name} --to canvas"),
        ]
    console.print(f"next: {' · '.join(steps)}", highlight=False, soft_wrap=True)


def _rows(table: Table, what: str, lines: Iterable[tuple[str, str]]) -> None:
    for student, sentence in lines:
        table.add_row(what, escape(printable(student)), escape(sentence))
        what = ""
