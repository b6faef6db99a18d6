"""`course grade`: a whole class, run in parallel and recorded one after the other through nbgrader.

Running a notebook changes nothing but the cache; recording changes nothing but one student's marks. So a run that was
stopped, at any moment and in any way, goes on where it was, and a second run does only what is not done.
"""

import contextlib
import difflib
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import nbformat
import sqlalchemy.exc
from joblib import cpu_count
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.utils import find_all_files

from course_utils.errors import CourseError, Stopped
from course_utils.grading.assignment import AssignmentSpec, read_spec
from course_utils.grading.auxiliary_files import WHOSE_LIBRARY
from course_utils.grading.course import Course, Grade, one_notebook
from course_utils.grading.database import in_a_sentence as gradebook_in_a_sentence
from course_utils.grading.execution.job import ExecutionResult, Job, State
from course_utils.grading.gradebook import lateness
from course_utils.grading.gradebook.lateness import read_timestamp
from course_utils.grading.gradebook.marks import (
    BY_HAND,
    Marks,
    enter_submission,
    marks_of,
    needs_review,
    read_graded,
    stamp,
)
from course_utils.grading.gradebook.session import gradebook_of, held_open
from course_utils.grading.lock import only_one
from course_utils.grading.nbgrader_plugins.execute import Examine
from course_utils.grading.nbgrader_plugins.handover import Handover, hand_over
from course_utils.grading.per_student import in_a_sentence, isolated
from course_utils.grading.plain_log import in_plain_words
from course_utils.grading.submissions.library_owner import library_mismatch
from course_utils.grading.submissions.ownership import read_notes
from course_utils.grading.submissions.reading import (
    Problem,
    admit,
    name_before,
    read_submission,
    students_of,
    take_back_all,
)
from course_utils.grading.submissions.restoring import Restored, restore
from course_utils.kit import kit_folder

SMALL = 1_000_000  # bytes beside a notebook that may wait in memory for their turn


@dataclass
class GradingSummary:
    """What became of a class.

    ``graded`` are the students whose marks are in; ``to_review`` is what somebody must look at (student, question, why),
    but for what is marked by hand anyway, which is ``by_hand`` (student, question). ``problems`` could not be read, or
    not be run; ``to_settle`` is what else is wrong with somebody's work, though it was graded (student, sentence);
    ``notes`` are for the instructor to know. ``executed`` and ``recorded`` say how much of it was done in this run.
    """

    assignment: str
    graded: list[str] = field(default_factory=list)
    to_review: list[tuple[str, str, str]] = field(default_factory=list)
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    to_settle: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    executed: int = 0
    recorded: int = 0

    @property
    def is_whole(self) -> bool:
        """Is everybody graded, and nothing left to look at?"""
        return not self.to_review and not self.problems and not self.to_settle


class ProgressListener:
    """Somebody who watches the progress. This one does not."""

    def begin(self, notebooks: int, students: int) -> None:
        """So many notebooks are there, of so many students."""

    def executed(self, notebooks: int = 1) -> None:
        """So many more have run, or had run before."""

    def recorded(self, students: int = 1) -> None:
        """The marks of so many more are in."""


@dataclass(frozen=True)
class Options:
    """How to run: ``jobs`` at a time here, or on the ``cluster`` at an address; ``fresh`` ignores the cache.

    ``unprotected`` is for a cluster on this machine without certificates.
    """

    jobs: int | None = None
    cluster: str | None = None
    fresh: bool = False
    sandbox: str | None = None
    unprotected: bool = False


class Task(NamedTuple):
    """One notebook of one student. ``restored`` gives it ready to be run: from memory, or read anew if it is large."""

    student: str
    notebook: str
    entry: str
    restored: Callable[[], Restored]

    def job(self) -> Job:
        return self.restored().job


def grade(
    course: Course,
    assignment: str,
    students: list[str] | None = None,
    options: Options | None = None,
    progress: ProgressListener | None = None,
) -> GradingSummary:
    """Grade what was collected for an assignment, and record it.

    Parameters
    ----------
    students : whose work; everybody's without it.

    Raises
    ------
    CourseError
        If nothing can be graded at all: no such assignment, nothing handed in, no sandbox, somebody else is at it,
        late.toml says what has no meaning, the gradebook is in use, or the disk is full.
    """
    options, progress = options or Options(), progress or ProgressListener()
    with (
        only_one(course.grading_folder, course.coursedir.groupshared),
        plainly(),
        held_open(course.coursedir),
    ):
        grading = GradingRun(course, assignment, options)
        chosen = grading.whose(students)
        summary = GradingSummary(assignment)
        summary.problems = grading.admit(chosen)
        bad = {problem.student for problem in summary.problems}
        good = [student for student in chosen if student not in bad]
        progress.begin(len(good) * len(grading.specs), len(good))
        waiting, problems = grading.plan(good, fresh=options.fresh)
        bad |= {problem.student for problem in problems}
        done = [student for student in good if student not in waiting and student not in bad]
        progress.executed((len(good) - len(waiting)) * len(grading.specs))
        progress.recorded(len(good) - len(waiting))
        summary.graded += done
        for student, problem in grading.run_and_record(waiting, options, progress, summary):
            if problem:
                problems.append(problem)
            else:
                summary.graded.append(student)
        summary.problems += problems + take_back_all(course.coursedir, assignment, problems)
        grading.settle_late_work()
        summary.graded.sort()
        summary.to_settle += grading.set_aside(students)
        summary.notes += grading.renamed(summary.graded)
        summary.to_settle += grading.with_other_library(summary.graded)
        summary.problems.sort(key=lambda problem: problem.student)
        for student, question, why in grading.to_review():
            if student not in summary.graded:
                continue
            if why == BY_HAND:
                summary.by_hand.append((student, question))
            else:
                summary.to_review.append((student, question, why))
        if grading.examine.results:
            grading.examine.results.tidy()
    return summary


class GradingRun:
    """Everything that is needed to grade one assignment of one class."""

    def __init__(self, course: Course, assignment: str, options: Options):
        self.course, self.assignment = course, assignment
        self.coursedir = course.coursedir
        # Read before anything is run: what is wrong in it is to be said while nothing is done.
        self.policy = lateness.read_policy(self.coursedir.root)
        self.examine = Examine(config=course.config)
        if options.sandbox:
            self.examine.sandbox = options.sandbox
        self.specs = self.read_specs()
        self.converter = AutogradeOne(coursedir=self.coursedir, parent=course.api)
        self.converter.force = True
        # The step that writes marks down must look for the same entries as this one, and need not do again what is
        # done for everybody at once: looking at what came in, and working out what late work costs.
        self.converter.config.Examine.sandbox = self.examine.sandbox
        self.converter.config.SubmissionExporter.was_admitted = True
        self.converter.autograde_preprocessors = [
            step
            for step in self.converter.autograde_preprocessors
            if getattr(step, "__name__", str(step)).rpartition(".")[2] != "AssignLatePenalties"
        ]

    def read_specs(self) -> list[AssignmentSpec]:
        """What each notebook of the assignment asks. Raises ``CourseError`` if there is no such assignment."""
        with self.course.gradebook as gradebook:
            known = {assignment.name: assignment for assignment in gradebook.assignments}
            if self.assignment not in known:
                raise CourseError(no_such_assignment(self.course, self.assignment, sorted(known)))
            names = sorted(notebook.name for notebook in known[self.assignment].notebooks)
            return [read_spec(self.coursedir, self.assignment, name, gradebook) for name in names]

    def whose(self, wanted: list[str] | None) -> list[str]:
        """The students to grade. Raises ``CourseError`` if nobody, or one of those wanted, has handed in anything."""
        there = students_of(self.coursedir, self.assignment)
        for student in wanted or []:
            if student not in there:
                raise CourseError(self._why_not_there(student, there))
        if not there and not self.set_aside(wanted):
            raise CourseError(
                f"Nothing was handed in for {self.assignment}: "
                f"collect it first, with nbgrader collect {self.assignment}."
            )
        return sorted(set(wanted)) if wanted else there

    def set_aside(self, students: list[str] | None) -> list[tuple[str, str]]:
        """What somebody else made in a student's name: student and sentence, of these students, or of everybody."""
        notes = read_notes(self.coursedir, self.assignment)
        return [(student, sentence) for student, sentence in notes if not students or student in students]

    def _why_not_there(self, student: str, there: list[str]) -> str:
        with self.course.gradebook as gradebook:
            roster = [each.id for each in gradebook.students]
        if student in roster:
            return f"{student} has handed in nothing for {self.assignment}: collect it first, or leave the name out."
        near = difflib.get_close_matches(student, roster, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"{student} is not on the class list, and has handed in nothing.{meant}"

    def admit(self, students: list[str]) -> list[Problem]:
        """Make the submissions safe to read; the problems of those that cannot be graded, without marks any more."""
        notebooks = [spec.notebook for spec in self.specs]
        return admit(self.coursedir, self.assignment, students, notebooks, self.examine.bounds)

    def plan(
        self, students: list[str], *, fresh: bool = False
    ) -> tuple[dict[str, list[Task]], list[Problem]]:
        """What is still to do: student -> notebooks; and the problems of those with whom nothing can be done.

        Whose marks are in, and would be the same again, is left out.
        """
        recorded = self._recorded()
        waiting, problems = {}, []
        for student in students:
            with self.isolated(student, "could not be read", problems):
                tasks = [self.task(student, spec) for spec in self.specs]
                if fresh or not all(recorded(task) for task in tasks):
                    waiting[student] = tasks
        return waiting, problems

    def isolated(self, student: str, what: str, problems: list[Problem]):
        """A block of one person's work: what goes wrong in it is added to ``problems``."""

        def tell(sentence: str) -> None:
            problems.append(Problem(student, self.assignment, sentence))

        return isolated(student, what, tell, self.coursedir)

    def task(self, student: str, spec: AssignmentSpec) -> Task:
        """One notebook of one student, looked at and ready to be run."""
        restored = self.restore(student, spec)
        entry = self.examine.entry(restored.job)
        small = sum(map(len, restored.job.files.values())) - sum(map(len, spec.files.values())) < SMALL

        def once_more() -> Restored:
            with in_a_sentence(student, "could not be read", self.coursedir):
                return self.restore(student, spec)

        return Task(student, spec.notebook, entry, (lambda: restored) if small else once_more)

    def restore(self, student: str, spec: AssignmentSpec) -> Restored:
        """A student's notebook in the released one, and the job of it."""
        folder = self.course.submitted(student, self.assignment)
        submitted = read_submission(folder / f"{spec.notebook}.ipynb", student, self.examine.bounds)
        return restore(submitted, spec, student, folder, self.examine.bounds)

    def _recorded(self) -> Callable[[Task], bool]:
        """Says whether the marks of a task are in: the autograded notebook bears its stamp, and they are the same."""
        with self.course.gradebook as gradebook:
            marks = marks_of(gradebook, self.assignment)
            submissions = {
                each.student_id: each for each in gradebook.assignment_submissions(self.assignment)
            }
            times = {student: each.timestamp for student, each in submissions.items()}

        def is_in(task: Task) -> bool:
            about = read_graded(self.coursedir, self.assignment, task.student, task.notebook)
            if about is None or task.student not in times:
                return False
            handed_in = read_timestamp(self.course.submitted(task.student, self.assignment))
            if times[task.student] != handed_in or about.whole.get("stamp") != stamp(task.entry, handed_in):
                return False
            for name, cell in about.cells.items():
                if cell.get("role") != "test":
                    continue
                found = marks.get((task.student, task.notebook, name), Marks(None, None, False))
                if cell.get("state") == State.OUR_FAULT or found.auto_score != cell.get("score"):
                    return False
            return True

        return is_in

    def run_and_record(
        self,
        waiting: dict[str, list[Task]],
        options: Options,
        progress: ProgressListener,
        summary: GradingSummary,
    ) -> Iterator[tuple[str, Problem | None]]:
        """Run what is not in the cache, and record each student whose notebooks have all run."""
        left = {student: len(tasks) for student, tasks in waiting.items()}
        failed: dict[str, Problem] = {}
        done: dict[str, list[tuple[Task, ExecutionResult]]] = {student: [] for student in waiting}
        tasks = [task for tasks in waiting.values() for task in tasks]
        with contextlib.closing(self.results_of(tasks, options, progress, summary)) as running:
            for task, result, problem in running:
                if result is None:
                    failed[task.student] = Problem(task.student, f"{task.notebook}.ipynb", problem)
                else:
                    done[task.student].append((task, result))
                left[task.student] -= 1
                if not left[task.student]:
                    results = done.pop(task.student)
                    yield self._record(task.student, results, failed, progress, summary)

    def results_of(
        self,
        tasks: list[Task],
        options: Options,
        progress: ProgressListener,
        summary: GradingSummary | None = None,
    ) -> Iterator[tuple[Task, ExecutionResult | None, str]]:
        """Each task with its result, or with a sentence that says why there is none: first those in the cache."""
        new = []
        for task in tasks:
            result = None if options.fresh else self.examine.known(task.entry, task.job)
            if result is None:
                new.append(task)
            else:
                progress.executed()
                yield task, result, ""
        with contextlib.closing(self._run(new, options)) as running:
            for ran in running:
                task = new[ran.number]
                progress.executed()
                if ran.result is not None:
                    self.examine.keep(task.entry, ran.result)
                if summary:
                    summary.executed += 1
                yield task, ran.result, ran.problem

    def _run(self, tasks: list[Task], options: Options):
        from course_utils.grading.execution.pool import run_locally, run_on_cluster

        jobs = [(number, task.job) for number, task in enumerate(tasks)]
        worker = self.examine.sandbox, self.examine.bounds, self.examine.hidden
        if options.cluster and jobs:
            return run_on_cluster(jobs, options.cluster, *worker, unprotected=options.unprotected)
        return run_locally(jobs, options.jobs or cpu_count(), *worker)

    def _record(
        self,
        student: str,
        results: list[tuple[Task, ExecutionResult]],
        failed: dict[str, Problem],
        progress: ProgressListener,
        summary: GradingSummary,
    ) -> tuple[str, Problem | None]:
        problems: list[Problem] = []
        if student not in failed:
            with self.isolated(student, "could not be recorded", problems):
                self.record(student, results)
        progress.recorded()
        if student in failed or problems:
            return student, failed.get(student) or problems[0]
        summary.recorded += 1
        return student, None

    def record(self, student: str, results: list[tuple[Task, ExecutionResult]]) -> None:
        """Send one student through nbgrader's autograding, with what came of the notebooks.

        Raises
        ------
        CourseError
            If this work cannot be recorded.
        Stopped
            If none can: the gradebook is in use, or the disk is full.
        """
        left = [Handover(student, task.notebook, task.restored(), result) for task, result in results]
        hand_over(self.converter, *left)
        heard = StringIO()
        handler = logging.StreamHandler(heard)
        handler.setFormatter(logging.Formatter("[%(levelname)s] %(message)s"))
        log = self.converter.log
        before = self.coursedir.assignment_id, self.coursedir.student_id
        self.coursedir.assignment_id, self.coursedir.student_id = self.assignment, student
        log.addHandler(handler)
        try:
            self.converter.start()
        except NbGraderException:
            sentence, is_everybodys = in_plain_words(
                heard.getvalue(), f"The work of {student} could not be graded"
            )
            raise (Stopped if is_everybodys else CourseError)(sentence) from None
        finally:
            log.removeHandler(handler)
            self.coursedir.assignment_id, self.coursedir.student_id = before

    def settle_late_work(self) -> None:
        """Work out what late work costs, by the due dates and the policy as they are now."""
        with self.course.gradebook as gradebook:
            lateness.record(gradebook, self.assignment, self.policy)

    def renamed(self, students: list[str]) -> list[str]:
        """A sentence for each notebook that was graded under another name than it was handed in under.

        nbgrader's list, by which students fetch their feedback, goes by the name under which it was handed in.
        """
        notes = []
        for student in students:
            for spec in self.specs:
                file = f"{spec.notebook}.ipynb"
                if before := name_before(self.course.submitted(student, self.assignment), file):
                    feedback = self.coursedir.format_path(
                        self.coursedir.feedback_directory, student, self.assignment
                    )
                    page = os.path.relpath(Path(feedback, f"{spec.notebook}.html"), self.coursedir.root)
                    notes.append(
                        f"{student} handed in {before}, which was graded as {file}; nbgrader's list will not find its "
                        f"feedback: send {page} by hand, or ask {student} to hand it in anew under the right name."
                    )
        return notes

    def with_other_library(self, students: list[str]) -> list[tuple[str, str]]:
        """Whose work was done on another library than it was graded with, and a sentence for each."""
        found = []
        for student in students:
            folder = self.course.submitted(student, self.assignment)
            if said := library_mismatch(folder, student):
                place = os.path.relpath(folder / WHOSE_LIBRARY, self.coursedir.root)
                found.append(
                    (
                        student,
                        f"{said} Find out which name is right; let the work be done again on the right library and handed "
                        f"in anew, or make {place} an empty file if the marks may stand.",
                    )
                )
        return found

    def to_review(self) -> list[tuple[str, str, str]]:
        with self.course.gradebook as gradebook:
            return needs_review(gradebook, self.assignment, self.coursedir)


class AutogradeOne(Autograde):
    """nbgrader's Autograde for one student who was looked at, by name: nbgrader takes b* for bob as well.

    What nbgrader asks of the gradebook in five sessions before it begins, this asks in one: that is half of the time
    that recording takes. Everything else is nbgrader's.
    """

    def init_notebooks(self) -> None:
        """See nbgrader's BaseConverter."""
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {folder: sorted(map(str, Path(folder).glob("*.ipynb")))}
        self.notebooks = []

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """See nbgrader's Autograde: copy the files, the assignment's own last, and enter the submission."""
        BaseConverter.init_assignment(self, assignment_id, student_id)
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id)
        target = Path(self._format_dest(assignment_id, student_id))
        for file in find_all_files(source, [*self.coursedir.ignore, "*.ipynb"]):
            name = os.path.relpath(file, source)
            if name not in self.exclude_overwriting.get(assignment_id, []):
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).unlink(missing_ok=True)
                shutil.copy(file, target / name)
        with gradebook_of(self.coursedir) as gradebook:
            known = enter_submission(
                gradebook,
                assignment_id,
                student_id,
                read_timestamp(self._format_source(assignment_id, student_id)),
            )
        self.notebooks = [path for path in self.notebooks if Path(path).stem in known]


def grade_notebooks(
    assignment: str,
    notebooks: Mapping[str, nbformat.NotebookNode],
    folder: Path,
    source: Path | None = None,
    on_graded: Callable[[], None] | None = None,
) -> list[Grade]:
    """Send notebooks through the whole of nbgrader; tell what each test cell gave and said.

    Parameters
    ----------
    assignment : name of the assignment, such as ``"01_who_is_our_customer"``.
    notebooks : student -> notebook, as handed in; the student's name decides whose library it is.
    folder : an empty folder to work in; the course made there may be looked at afterwards.
    source : the assignment's source folder; the kit's own without it.
    on_graded : called after each.

    Returns
    -------
    One ``Grade`` for each student and test or manually graded cell, in the order of the students given.

    Raises
    ------
    CourseError
        If the assignment cannot be generated, or a notebook cannot be graded.
    """
    course = Course.create(folder, [source or kit_folder() / "assignments" / "source" / assignment])
    course.generate(assignment)
    name = one_notebook(course, assignment)
    course.add_students({student: {} for student in notebooks})
    for student, notebook in notebooks.items():
        target = course.submitted(student, assignment)
        target.mkdir(parents=True)
        nbformat.write(notebook, target / f"{name}.ipynb")
    if notebooks:
        progress = ProgressListener()
        if on_graded:
            progress.recorded = lambda students=1: [on_graded() for _ in range(students)]
        outcome = grade(course, assignment, progress=progress)
        for problem in outcome.problems:
            raise CourseError(problem.sentence)
    return [grade for student in notebooks for grade in course.grades(assignment, student)]


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """A gradebook that cannot be read or written is told in a sentence."""
    try:
        yield
    except (ImportError, sqlalchemy.exc.SQLAlchemyError) as problem:
        if (sentence := gradebook_in_a_sentence(problem)) is None:
            raise
        raise Stopped(sentence) from None


def no_such_assignment(course: Course, wanted: str, known: list[str]) -> str:
    sources = sorted(
        path.parent.name for path in (course.folder / "assignments" / "source").glob("*/*.ipynb")
    )
    if wanted in sources:
        return f"{wanted} was not made ready yet: run nbgrader generate_assignment {wanted} first."
    names = sorted({*known, *sources})
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
    if near:
        return f"There is no assignment {wanted}. Did you mean {near[0]}?"
    return f"There is no assignment {wanted}. There are: {', '.join(names) or 'none'}."
