"""The test runner: runs the locked cells of a job, asks the student's process for what they need, and finds the marks.

Setup cells run on both sides, each for itself. Tests run here alone. Student code never does.
"""

import base64
import builtins
import contextlib
import dataclasses
import functools
import hashlib
import io
import math
import numbers
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from course_utils import identity
from course_utils.checks import (
    MISSING,
    NAMESPACE,
    Expectation,
    NotYet,
    Outcome,
    chart_facts,  # noqa: F401 (a chart's facts can cross only once they are known)
    nearest,
)
from course_utils.checks import questions as declarations
from course_utils.grading.execution.grader_version import kit_version
from course_utils.grading.execution.job import (
    Cell,
    CellError,
    CellResult,
    ExecutionResult,
    Job,
    Role,
    State,
    plain,
)
from course_utils.grading.execution.kernel_client import Lost, StudentError, StudentKernel
from course_utils.grading.execution.locked import Locked, locked, made_by
from course_utils.grading.execution.suspicion import suspicions
from course_utils.grading.limits import Limits
from course_utils.messages import say

STATES = {
    Outcome.NOT_ATTEMPTED: State.NOT_ATTEMPTED,
    Outcome.NOT_THERE: State.NOT_THERE,
    Outcome.WRONG_KIND: State.WRONG,
    Outcome.WRONG_SHAPE: State.WRONG,
    Outcome.WRONG_VALUE: State.WRONG,
    Outcome.MISCONCEPTION: State.WRONG,
}
NOTHING_YET = (State.NOT_ATTEMPTED, State.NOT_THERE)
ROUNDING = 1e-9  # by which a score may miss 0 or the most, as a sum of floats does
UNKNOWN_NAME = re.compile(r"name '(\w+)' is not defined")


class TestTooLong(BaseException):
    """A test has used more of the processor than a cell may. No ``except Exception`` in the test holds it up."""

    __test__ = False


def run_tests(
    job: Job,
    factory,
    limits: Limits = Limits(),  # noqa: B008 (it cannot be changed)
    *,
    tables: bytes | None = None,
    on_look: Callable[[float], None] = lambda waited: None,
) -> ExecutionResult:
    """Run a job, cell by cell, and say what came of it.

    Parameters
    ----------
    factory : gives the student's processes; see :class:`course_utils.grading.sandbox.launcher.SandboxFactory`.
    tables : a pickle of the student's tables by name, so that their side need not build them.
    on_look : called now and then with the seconds that the student's processes have waited for a processor.

    Raises
    ------
    CourseError
        If no student's process can be started.
    """
    began = time.monotonic()
    hello = {"student": job.student, "files": _sent(job.files), "tables": tables}
    side = StudentKernel(factory, hello, limits, on_look)
    try:
        with identity.acting_as(job.student):
            examination = _Examination(job, side, limits)
            results = tuple(examination.results())
    finally:
        side.close()
    return ExecutionResult(
        job.key,
        kit_version(),
        job.student,
        factory.backend.name,
        results,
        tuple(examination.flags),
        side.restarts,
        round(time.monotonic() - began, 3),
    )


def our_fault(job: Job, reason: str, sandbox: str, seconds: float = 0) -> ExecutionResult:
    """The record of a job that could not be examined to its end: no marks, and a person must look at every test."""
    lost = CellResult(state=State.OUR_FAULT, review=reason, message=say("grading.our_fault"))
    results = tuple(lost if cell.role is Role.TEST else CellResult() for cell in job.cells)
    return ExecutionResult(
        job.key, kit_version(), job.student, sandbox, results, (reason,), seconds=round(seconds, 3)
    )


def read_ahead(job: Job) -> None:
    """Read and compile the locked cells, which are the same for a whole class: a fork of this process has them then."""
    _declared(job.questions, job.assignment)
    for cell in job.cells:
        if cell.role in (Role.SETUP, Role.TEST):
            _locked(cell)
        elif cell.role is Role.ANSWER:
            made_by(cell.released)


def _locked(cell: Cell) -> Locked:
    return locked(cell.whole or cell.source, cell.grade_id or str(cell.role))


@functools.lru_cache(maxsize=8)
def _declared(source: str, assignment: str) -> dict[str, type[declarations.Question]]:
    """What an assignment declares of its questions: read once for a class."""
    return declarations.read(source, f"{assignment}.py") if source else {}


def _sent(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}


class _Examination:
    """One job, being examined."""

    def __init__(self, job: Job, side: StudentKernel, limits: Limits):
        self.job = job
        self.side = side
        self.limits = limits
        self.flags: list[str] = []
        self._names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins, **_NOTEBOOK}
        self._provided = frozenset(self._names) | frozenset(vars(builtins))
        # Names that locked cells have made: the test runner's own, whatever the student holds under them.
        self._own: set[str] = set()
        self._by_tests: set[str] = set()
        # Of what locked cells have made: the names that its functions read when they are called.
        self._read_later: dict[str, frozenset[str]] = {}
        # Names that a setup cell did not make, because what it needs of the student's failed.
        self._failed: set[str] = set()
        self._troubles: dict[int, CellError] = {}
        self._doubts = self._find_doubts()
        self._asked: list[str] = []
        self._injected: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._seen = 0  # how many flags of the student's side are in a review already
        asked = _declared(job.questions, job.assignment)
        self._declared = declarations.Declared(asked, declarations.Given(self._made_here, asked))

    def _made_here(self) -> dict[str, Any]:
        """What the set-up made here: nothing of the student's, and nothing of a test's."""
        return {
            name: value
            for name, value in self._names.items()
            if name not in self._injected and name not in self._by_tests
        }

    def results(self) -> Iterator[CellResult]:
        token, declared = NAMESPACE.set(self), declarations.DECLARED.set(self._declared)
        try:
            for number, cell in enumerate(self.job.cells):
                yield self._result(number, cell)
        finally:
            declarations.DECLARED.reset(declared)
            NAMESPACE.reset(token)

    def _result(self, number: int, cell: Cell) -> CellResult:
        if cell.role is Role.WORDS:
            return CellResult()
        if cell.role is Role.TEST:
            return self._test(number, cell)
        ran = self.side.run(cell.source)
        if cell.role is Role.SETUP:
            self._set_up(cell)
        else:
            made = made_by(cell.source)
            self._by_tests -= made
            if cell.role is Role.ANSWER:
                # What a question asks for is the student's, also where a locked cell has used the name before.
                asked = made_by(cell.released)
                self._own -= asked
                for name in asked:
                    self._names.pop(name, None)
        cell_error = ran.cell_error
        if cell_error is not None:
            cell_error = self._troubles[number] = dataclasses.replace(cell_error, cell=cell.grade_id or "")
        return CellResult(ran.outputs, cell_error, seconds=ran.seconds, cpu=ran.cpu)

    # ---- where ``expect`` looks

    def lookup(self, name: str) -> Any:
        self._asked.append(name)
        here = self._names.get(name, MISSING)
        if here is not MISSING and (name in self._by_tests or self._before.get(name, here) is not here):
            return here
        return self.side.fetch(name)

    def own_names(self) -> list[str]:
        return list(self.side.names())

    def source_of(self, name: str) -> str:
        answers = (cell for cell in self.job.cells if cell.role is Role.ANSWER)
        return next((cell.source for cell in answers if name in made_by(cell.source)), "")

    # ---- locked cells

    def _set_up(self, cell: Cell) -> None:
        """Run a setup cell here. What it cannot make is missed by the tests that need it."""
        code = _locked(cell)
        self.side.begin()
        self._seed(cell)
        _, problem, _ = self._run(code)
        if problem is not None and self._is_theirs(problem):
            self._failed |= {name for name in code.names.binds if name not in self._names}

    def _run(self, code: Locked) -> tuple[Any, BaseException | None, str]:
        """Run a locked cell with what it needs of the student's: its last value, what it raised, what it printed."""
        value = problem = None
        printed = io.StringIO()
        lent = {}
        try:
            if code.problem:
                raise SyntaxError(code.problem)
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(io.StringIO()),
                _time_limit(self.limits.cell_cpu),
            ):
                lent = self._inject(code)
                exec(code.body, self._names)
                if code.last is not None:
                    value = eval(code.last, self._names)
        except (Exception, SystemExit, TestTooLong) as raised:
            problem = raised
        self._take_back(code, lent)
        return value, problem, printed.getvalue()[: self.limits.output]

    def _inject(self, code: Locked) -> dict[str, Any]:
        """Put the student's values in the test runner's names, where the cell reads a name that is not the test runner's."""
        wanted, seen = set(code.names.reads), set()
        while more := {name for name in wanted if name in self._read_later} - seen:
            seen |= more
            wanted |= {name for one in more for name in self._read_later[one]}
        lent = {}
        for name in sorted(wanted - self._own - self._provided):
            value = self.side.fetch(name)
            if value is not MISSING:
                self._names[name] = lent[name] = value
                if name not in self._asked:
                    self._asked.append(name)
        self._injected = lent
        return lent

    def _take_back(self, code: Locked, lent: dict[str, Any]) -> None:
        for name in lent:
            self._names.pop(name, None)
        # A name that was read first and made after, as in ``total = round(total)``, stays the student's.
        made = code.names.binds - (code.names.first - self._own - self._provided)
        self._own |= made
        for name in made:
            self._read_later[name] = code.names.inner | code.names.first & made

    def _is_theirs(self, problem: BaseException) -> bool:
        """Whether an error in a locked cell comes from what the student's side gave, or did not give."""
        if isinstance(problem, StudentError):
            return True
        name = getattr(problem, "name", None) if isinstance(problem, NameError) else None
        return name is not None and (name not in self._own or name in self._failed)

    def _seed(self, cell: Cell) -> None:
        """The same random numbers each time that this cell examines this student."""
        words = f"{self.job.student}\0{self.job.assignment}\0{cell.grade_id}"
        seed = int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:4], "big")
        random.seed(seed)
        np.random.seed(seed)

    # ---- tests

    def _test(self, number: int, cell: Cell) -> CellResult:
        clock, cpu = time.monotonic(), time.process_time()
        code = _locked(cell)
        self._asked, self._injected = [], {}
        # What this test makes is found under its name once it is made.
        self._before = {name: self._names.get(name, MISSING) for name in code.names.binds}
        if code.empty:
            found = _Found(State.OUR_FAULT, None, review="the test cell has nothing in it that could be run")
            printed = ""
        else:
            self.side.begin()
            self._seed(cell)
            value, problem, printed = self._run(code)
            self._by_tests |= code.names.binds
            found = self._stopped_for_time(cell, self._found(number, cell, value, problem))
        reasons = [found.review, *self._doubts.get(number, ()), *self.side.flags[self._seen :]]
        self.flags += self.side.flags[self._seen :]
        self._seen = len(self.side.flags)
        return CellResult(
            _outputs(printed, found),
            state=found.state,
            score=found.score,
            review=plain("; ".join(filter(None, reasons))),
            message=plain(found.message or say("grading.our_fault")),
            misconception=found.misconception,
            seconds=round(time.monotonic() - clock, 3),
            cpu=round(time.process_time() - cpu, 3),
        )

    def _found(self, number: int, cell: Cell, value: Any, problem: BaseException | None) -> "_Found":
        if problem is None:
            return self._scored(cell, value)
        found = self._failed_test(cell, problem)
        if found.state in NOTHING_YET:
            return self._explained(number, cell, found)
        return found

    def _scored(self, cell: Cell, value: Any) -> "_Found":
        """An error outranks any score, so that this is asked only where there was none."""
        score, review = score_of(value, cell.points)
        if score is None:
            return _Found(State.OUR_FAULT, None, review=review)
        if score > 0 and not self._asked:
            review = "the test gave points without asking for anything that the student made"
        if score < cell.points:
            said = say("grading.partly", score=f"{score:g}", points=f"{cell.points:g}")
            return _Found(State.PARTLY if score > 0 else State.WRONG, score, said, review)
        own = [name for name in cell.answers if name in self._asked]  # a check may ask for other answers, too
        name = own[-1] if own else self._asked[-1] if self._asked else self._question(cell)
        said = say("grading.right", name=name) if name else say("grading.right_all")
        return _Found(State.RIGHT, score, said, review)

    def _failed_test(self, cell: Cell, problem: BaseException) -> "_Found":
        name = self._asked[-1] if self._asked else self._question(cell)
        untouched = self._is_untouched(cell)
        if self.side.lost is not None or isinstance(problem, Lost):
            cell_error = self.side.lost or problem.cell_error
            if untouched:
                return _Found(State.NOT_ATTEMPTED, 0.0, say("grading.untouched", name=name))
            said = say("grading.lost", name=name, cell_error=_in_words(cell_error))
            return _Found(State.ERROR, 0.0, said, kind=cell_error.kind)
        if isinstance(problem, NotYet):
            if problem.outcome is Outcome.NOT_THERE and untouched:
                # Its cell, which makes the dots, was not run.
                return _Found(State.NOT_ATTEMPTED, 0.0, say("grading.untouched", name=name))
            state = State.ERROR if _comes_from_call(problem) else STATES[problem.outcome]
            said = str(problem)
            if said == say("outcome.not_attempted", name=name):
                # In a notebook nothing tells whether the cell has run. Here it has; if it stopped, that is said.
                said = say("grading.dots", name=name)
            return _Found(state, 0.0, said, misconception=problem.misconception)
        if isinstance(problem, StudentError):
            error = f"{problem.kind} ({problem.said})" if problem.said else problem.kind
            return _Found(
                State.ERROR,
                0.0,
                say("grading.function_stopped", name=name, error=error),
                kind=problem.kind,
            )
        if self._is_theirs(problem):
            return _Found(State.NOT_THERE, 0.0, self._not_there(problem.name), name=problem.name)
        if untouched or any(value is ... for value in self._injected.values()):
            dots = next((one for one, value in self._injected.items() if value is ...), name)
            said = say("grading.untouched", name=dots) if untouched else say("grading.dots", name=dots)
            return _Found(State.NOT_ATTEMPTED, 0.0, said, name=dots)
        if isinstance(problem, AssertionError):
            said = str(problem) or say("grading.does_not_hold", name=name)
            return _Found(State.WRONG, 0.0, said, kind="AssertionError")
        if isinstance(problem, TestTooLong):
            return _Found(State.OUR_FAULT, None, review="the test used more time than a cell may")
        where = f" in line {line}" if (line := _line(problem)) else ""
        said = f"the test itself stopped{where} with {type(problem).__name__}: {str(problem)[:300]}"
        return _Found(State.OUR_FAULT, None, review=said.rstrip(": "))

    def _stopped_for_time(self, cell: Cell, found: "_Found") -> "_Found":
        """What a test found, but where the answer's cell was stopped for time.

        How far a cell came that was stopped is chance. So nothing is said of its value, unless the test is content
        with it; a test that stopped by a fault of its own stays for a person.
        """
        if found.state in (State.RIGHT, State.OUR_FAULT) or self._is_untouched(cell):
            return found
        cell_error = self._out_of_time(cell)
        if cell_error is None:
            return found
        name = self._asked[-1] if self._asked else self._question(cell)
        key = "stopped" if cell_error.line else "lost"
        said = say(f"grading.{key}", name=name, cell_error=_in_words(cell_error))
        if found.state is State.PARTLY:
            return dataclasses.replace(found, message=f"{found.message} {said}")
        return _Found(State.ERROR, 0.0, said, found.review, kind=cell_error.kind)

    def _out_of_time(self, cell: Cell) -> CellError | None:
        """How a cell that answers this question ran out of time, if one did."""
        for place, cell_error in sorted(self._troubles.items()):
            is_answer = self.job.cells[place].role is Role.ANSWER
            if is_answer and cell_error.cell in cell.answers and cell_error.timed_out:
                return cell_error
        return None

    def _not_there(self, name: str) -> str:
        with contextlib.suppress(Lost):
            if near := nearest(name, self.own_names()):
                return say("outcome.not_there_but", name=name, near=near)
        return say("outcome.not_there", name=name)

    def _explained(self, number: int, cell: Cell, found: "_Found") -> "_Found":
        """Why there is no value: the student's cell stopped, or makes it too late."""
        name = found.name or (self._asked[-1] if self._asked else self._question(cell))
        cell_error = self._trouble_behind(number, cell, name)
        if cell_error is not None and not (self._is_untouched(cell) and not cell_error.line):
            key = "stopped" if cell_error.line else "lost"
            said = say(f"grading.{key}", name=name, cell_error=_in_words(cell_error))
            said = " ".join(filter(None, (said, self._cause(cell_error))))
            return _Found(State.ERROR, 0.0, said, kind=cell_error.kind)
        if self._is_made_below(name, number):
            below = say("grading.made_below", name=name)
            return dataclasses.replace(found, message=f"{found.message} {below}")
        return found

    def _trouble_behind(self, number: int, cell: Cell, name: str) -> CellError | None:
        """What went wrong in the question's own cell, or in a cell that the student added and that makes the name."""
        cells = self.job.cells
        for place, cell_error in sorted(self._troubles.items()):
            other = cells[place]
            if place < number and (
                other.grade_id in cell.answers
                if other.role is Role.ANSWER
                else other.role is Role.EXTRA and name in made_by(other.source)
            ):
                return cell_error
        return None

    def _cause(self, cell_error: CellError) -> str:
        """For a name that was not there when a student's cell ran: where it is made, if anywhere."""
        match = UNKNOWN_NAME.match(cell_error.said) if cell_error.kind == "NameError" else None
        if match is None:
            return ""
        name = match.group(1)
        place = next(place for place, one in self._troubles.items() if one is cell_error)
        if self._is_made_below(name, place):
            return say("grading.made_below", name=name)
        known = {made for cell in self.job.cells for made in self._made_in(cell)}
        if name in known:
            return ""
        if near := nearest(name, known):
            return say("grading.did_you_mean", near=near)
        return say("grading.made_nowhere", name=name)

    def _is_made_below(self, name: str, number: int) -> bool:
        cells = self.job.cells
        before = any(name in self._made_in(cell) for cell in cells[:number])
        # The released cell makes it, too, of three dots.
        after = any(name in self._made_in(cell) for cell in cells[number + 1 :])
        return after and (not before or self._is_only_released(name, number))

    def _is_only_released(self, name: str, number: int) -> bool:
        makers = [cell for cell in self.job.cells[:number] if name in self._made_in(cell)]
        return all(cell.role is Role.ANSWER and _same(cell.source, cell.released) for cell in makers)

    def _made_in(self, cell: Cell) -> frozenset[str]:
        student_side = cell.role in (Role.SETUP, Role.ANSWER, Role.EXTRA)
        return made_by(cell.source) if student_side else frozenset()

    def _question(self, cell: Cell) -> str:
        return ", ".join(cell.answers)

    def _is_untouched(self, cell: Cell) -> bool:
        """Whether every cell of the question is as the student got it."""
        own = [one for one in self.job.cells if one.role is Role.ANSWER and one.grade_id in cell.answers]
        added = {
            name
            for one in self.job.cells
            if one.role is Role.EXTRA
            for name in made_by(one.source)
            if name in self._asked
        }
        return bool(own) and not added and all(_same(one.source, one.released) for one in own)

    def _find_doubts(self) -> dict[int, list[str]]:
        """Reasons to look at a test's question, by the number of the test: found in the student's source."""
        doubts: dict[int, list[str]] = {}
        tests = [place for place, cell in enumerate(self.job.cells) if cell.role is Role.TEST]
        for cell in self.job.cells:
            if cell.role not in (Role.ANSWER, Role.EXTRA):
                continue
            for found in suspicions(cell.source):
                where = (
                    f"the answer to {cell.grade_id}" if cell.role is Role.ANSWER else "a cell of their own"
                )
                reason = f"{where}: {found}"
                self.flags.append(reason)
                asks = [place for place in tests if cell.grade_id in self.job.cells[place].answers]
                for place in (asks or tests)[:1]:
                    doubts.setdefault(place, []).append(reason)
        return doubts


@dataclasses.dataclass(frozen=True)
class _Found:
    """What a test found. ``name`` is what was missing, ``kind`` the name of the error that is shown."""

    state: State
    score: float | None
    message: str = ""
    review: str = ""
    misconception: str | None = None
    name: str = ""
    kind: str = "NotYet"


def score_of(value: Any, points: float) -> tuple[float | None, str]:
    """The points that the last value of a test stands for, or None and why it stands for none."""
    if value is None or isinstance(value, Expectation):
        return float(points), ""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real | np.number | Decimal):
        return None, f"the score came back as a {type(value).__name__}"
    try:
        score = float(value)
    except (TypeError, ValueError, OverflowError):
        return None, f"the score came back as a {type(value).__name__}"
    if not math.isfinite(score):
        return None, f"the score came back as {score}"
    slack = ROUNDING * max(points, 1)
    if not -slack <= score <= points + slack:
        return None, f"the score came back as {score:g}, and must lie between 0 and {points:g}"
    return min(max(score, 0.0), float(points)), ""


def _outputs(printed: str, found: _Found) -> tuple[dict, ...]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed}] if printed else []
    message = found.message or say("grading.our_fault")
    if found.score is not None and found.state in (State.RIGHT, State.PARTLY):
        outputs.append({"output_type": "stream", "name": "stdout", "text": f"{message}\n"})
    else:
        kind = "OurFault" if found.state is State.OUR_FAULT else found.kind
        outputs.append({"output_type": "error", "ename": kind, "evalue": message, "traceback": [message]})
    return tuple(outputs)


def _same(source: str, released: str) -> bool:
    """Whether a cell says what it said when it was released: spaces at line ends and empty lines do not count."""

    def lines(text: str) -> list[str]:
        return [line.rstrip() for line in text.splitlines() if line.strip()]

    return lines(source) == lines(released)


def _in_words(cell_error: CellError) -> str:
    return str(cell_error).rstrip(". ")


def _line(problem: BaseException) -> int | None:
    """The line of the test in which it stopped."""
    line, trace = None, problem.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("<"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _comes_from_call(problem: BaseException) -> bool:
    """Whether a check stopped because a call of the student's function had stopped."""
    seen = problem.__context__
    while seen is not None and not isinstance(seen, StudentError):
        seen = seen.__context__
    return seen is not None


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Stop what uses more of this process's processor time than this. Only the main thread can be stopped."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_):
        raise TestTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# ---- what a notebook has besides Python's own names ----------------------------------------------------------------


class _NoShell:
    """Stands for IPython where locked cells are run. Line magics change what a notebook looks like: they do nothing."""

    def run_line_magic(self, *_args, **_options) -> None:
        return None


def _display(*values: Any, **_options) -> None:
    for value in values:
        show = getattr(value, "_ipython_display_", None)
        show() if show else print(repr(value))


_NOTEBOOK = {"get_ipython": _NoShell, "display": _display}
