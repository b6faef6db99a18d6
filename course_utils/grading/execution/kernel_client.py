"""The trusted end of the conversation with a student's Python: it runs cells there, asks for values, minds the clock.

Nothing that comes from the other end is believed: every field of every answer is looked at, and a process whose
answers make no sense is ended. After an end, the next cell gets a new process, in which the earlier cells are run
again, but for those that had ended one.
"""

import builtins
import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from course_utils import transfer
from course_utils.checks import MISSING
from course_utils.errors import CourseError
from course_utils.grading.execution.job import CellError, plain
from course_utils.grading.limits import MB, Limits
from course_utils.grading.sandbox import wire
from course_utils.messages import say

SHORTEST_LOOK, LONGEST_LOOK = 0.1, 0.5  # seconds between two looks at the clock while an answer is awaited
GRACE = 2.0  # seconds after an interrupt
RESERVE = 10.0  # seconds in which tests may still ask for what is there once the notebook's time is used up
START_TIMEOUT = 120.0  # seconds of waiting until a new process must have said that it is there
REPLAY = 2.0  # times the time of a cell: a cell that just passed is to pass again
MOST_NAMES = 2_000
LONGEST_NAME = 200
LONGEST_SAID = 2_000
LARGEST_HELLO = 2**31


class StudentError(Exception):
    """A call of a student's function failed. ``kind`` and ``said`` are the name and the text of what it raised."""

    def __init__(self, kind: str = "Error", said: str = ""):
        self.kind, self.said = kind, said

    def __str__(self) -> str:
        return self.said


class Lost(StudentError):
    """The student's process ended or was ended, ran out of time, or had been given up before. ``cell_error`` says which."""

    def __init__(self, cell_error: CellError):
        super().__init__(cell_error.kind, cell_error.said)
        self.cell_error = cell_error


def student_error(kind: str, said: str, bases: list[str]) -> StudentError:
    """An exception that goes by the name ``kind``, and is an instance of the closest built-in exception of ``bases``."""
    for base in bases:
        known = getattr(builtins, base, None)
        fits = isinstance(known, type) and issubclass(known, Exception)
        # Those two steer generators, and would be swallowed on the way.
        if fits and not issubclass(known, StopIteration | StopAsyncIteration):
            with contextlib.suppress(TypeError, ValueError):
                return type(kind, (StudentError, known), {})(kind, said)
    return type(kind, (StudentError,), {})(kind, said)


@dataclass(frozen=True)
class Ran:
    """What came of running a cell. ``cell_error`` is set where it stopped, or was not run."""

    outputs: tuple[dict, ...] = ()
    cell_error: CellError | None = None
    seconds: float = 0
    cpu: float = 0


@dataclass
class _Used:
    """Seconds: of the processor, of the clock without what was spent waiting for a processor, and of the clock."""

    cpu: float = 0
    wall: float = 0
    clock: float = 0

    def __add__(self, other: "_Used") -> "_Used":
        return _Used(self.cpu + other.cpu, self.wall + other.wall, self.clock + other.clock)

    def __sub__(self, other: "_Used") -> "_Used":
        return _Used(self.cpu - other.cpu, self.wall - other.wall, self.clock - other.clock)


class _Process:
    """One student process, from its birth on, and what it has used since it was there."""

    def __init__(self, channel, most: int):
        self.channel = channel
        self.reader = wire.Reader(channel.sock, most)
        self.asked = 0
        self.busy = 0.0  # seconds of the clock in which it had something to answer
        self.since: float | None = None
        self._used = _Used()
        self._looked_busy = 0.0
        self._cpu_before = self._waited_before = self.waited = 0.0

    def is_there(self) -> None:
        """It has said that it is there: from now on, what it uses counts."""
        self.busy = 0.0
        self._cpu_before = self.channel.cpu()
        self._waited_before = self.waited = self.channel.waited()

    def used(self, look: bool = True) -> _Used:
        """What it has used. Looking costs milliseconds; without that, what was used since the last look is a guess."""
        busy = self.busy + (time.monotonic() - self.since if self.since is not None else 0)
        if look:
            with contextlib.suppress(OSError):
                cpu = self.channel.cpu() - self._cpu_before
                # Of a process that has ended, nothing can be learned any more.
                self.waited = max(self.waited, self.channel.waited())
                wall = busy - (self.waited - self._waited_before)
                self._used = _Used(max(cpu, self._used.cpu), max(wall, self._used.wall), busy)
                self._looked_busy = busy
        more = max(busy - self._looked_busy, 0)
        return self._used + _Used(more, more, more)


class StudentKernel:
    """One notebook's conversation with the student's Python.

    Parameters
    ----------
    factory : gives processes: ``new()`` returns a channel, see :class:`course_utils.grading.sandbox.launcher.Channel`.
    hello : what each new process is told: ``student``, ``files`` (base64 by name), and ``tables`` (a pickle of frames by
        name, as bytes).
    on_look : called with the seconds that the student's processes have spent waiting for a processor.

    Raises
    ------
    CourseError
        From the first request, if no process can be started.
    """

    def __init__(
        self,
        factory,
        hello: Mapping[str, Any],
        limits: Limits = Limits(),  # noqa: B008 (it cannot be changed)
        on_look: Callable[[float], None] = lambda waited: None,
    ):
        self.restarts = 0
        self.flags: list[str] = []
        self.lost: CellError | None = None
        """What the process ran into since :meth:`begin`."""
        self._factory = factory
        self._room_for_outputs = limits.all_output
        self._hello = {**hello, "output": limits.output, "value": limits.value}
        self._tables = hello.get("tables")
        if self._tables:
            self._hello["tables"] = len(self._tables)
        self._limits = limits
        self._on_look = on_look
        self._life: _Process | None = None
        self._started = False
        self._closed: CellError | None = None
        self._past = _Used()
        self._waited = 0.0
        self._start = _Used()
        self._spent_up: _Used | None = None
        self._time_factor = 1.0
        self._replayed: list[str] = []

    # ---- what can be asked

    def begin(self) -> None:
        """From here on, the time of one cell runs: for a test, that of all it asks for. Starts a process if need be."""
        self.ready()
        self.lost = None
        self._start = self.used(look=False)

    def run(self, source: str) -> Ran:
        """Run a cell."""
        self.begin()
        guess = self.used(look=False)
        if guess.cpu > self._limits.notebook_cpu or guess.wall > self._limits.notebook_wall:
            self._over()
        if self._closed:
            return Ran(cell_error=self._closed)
        before, began = self.used(look=False), time.monotonic()
        outputs, cell_error = (), None
        try:
            answer, over = self._ask("run", source=source)
            outputs, cell_error, ended = self._checked(_run_answer, answer, self._limits.output)
            if ended:
                self._end()
                cell_error = CellError(say("grading.ended"), say("grading.ended_suddenly"))
            elif over:
                # The interrupt has stopped it somewhere, if it was not swallowed.
                line, code = (cell_error.line, cell_error.code) if cell_error else (None, "")
                if cell_error:
                    outputs = _stopped_in_words(outputs, over)
                cell_error = replace(over, line=line, code=code)
            else:
                self._replayed.append(source)
        except Lost as lost:
            cell_error = lost.cell_error
        except wire.TooLong:
            cell_error = CellError(say("grading.too_large"), say("grading.too_large_cell"))
        self.lost = None
        seconds = time.monotonic() - began
        used = self.used(look=seconds > SHORTEST_LOOK) - before
        outputs = self._as_far_as_there_is_room(outputs)
        return Ran(outputs, cell_error, round(seconds, 3), round(max(used.cpu, 0), 3))

    def _as_far_as_there_is_room(self, outputs: tuple[dict, ...]) -> tuple[dict, ...]:
        """All outputs of a cell, or a sentence and its errors once the notebook has shown too much."""
        size = len(json.dumps(outputs))
        if size <= self._room_for_outputs:
            self._room_for_outputs -= size
            return outputs
        note = {"output_type": "stream", "name": "stderr", "text": say("grading.no_more_outputs") + "\n"}
        return (note, *(one for one in outputs if one["output_type"] == "error"))

    def names(self) -> dict[str, str]:
        """The names that the student made, each with the name of its type. Raises :class:`Lost`."""
        return self._checked(_names_answer, self._ask("names")[0])

    def fetch(self, name: str) -> Any:
        """The value of a name, read anew at each call, or ``MISSING``. Raises :class:`Lost`."""
        answer, over = self._ask("fetch", name=name)
        if over:
            raise Lost(over)
        there, tree = self._checked(_fetch_answer, answer)
        return self._decoded(tree) if there else MISSING

    def close(self) -> None:
        """End the student's process."""
        self._end()

    # ---- life and death

    def ready(self) -> None:
        """Have a process, with all in it that earlier cells have made, as far as the limits allow."""
        while self._life is None and self._closed is None:
            if not self._started:
                self._new_life()
                self._started = True
                continue
            if self.restarts >= self._limits.restarts:
                said = say("grading.ended_too_often", times=self.restarts + 1)
                self._closed = CellError(say("grading.not_run"), said)
                return
            self.restarts += 1
            try:
                self._new_life()
            except CourseError:
                self.flags.append("Python could not be started again in the middle of it")
                self._closed = CellError(say("grading.not_run"), say("grading.not_started_again"))
                return
            self._replay()

    def _new_life(self) -> None:
        life = _Process(self._factory.new(), self._limits.value + MB)
        self._life = life
        try:
            until = time.monotonic() + START_TIMEOUT
            wire.send(life.channel.sock, {"op": "hello", "id": 0, **self._hello}, until=until)
            if self._tables:
                wire.send_bytes(life.channel.sock, self._tables, until=until)
            answer = life.reader.read(until=until)
        except (TimeoutError, wire.Gone, wire.Nonsense):
            answer = None
        if not (type(answer) is dict and answer.get("id") == 0 and answer.get("ok") is True):
            why = answer.get("said") if type(answer) is dict else life.channel.verdict()
            self._life = None
            life.channel.close()
            raise CourseError(f"The student's Python could not be started: {why or 'it gave no reason'}.")
        life.is_there()

    def _replay(self) -> None:
        """Run the earlier cells again, in silence. One that ends the process this time is not tried a third time."""
        self._time_factor = REPLAY
        try:
            for source in list(self._replayed):
                self._start = self.used(look=False)
                try:
                    answer, _ = self._ask("run", source=source, silent=True)
                    ended = self._checked(_run_answer, answer, self._limits.output)[2]
                except Lost:
                    ended = True
                if ended:
                    self._end()
                if self._life is None:
                    self._replayed.remove(source)
                    return
                if self._closed:
                    return
        finally:
            self._time_factor = 1.0
            self.lost = None

    def _end(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            self._past += life.used()
            self._waited += life.waited
            life.channel.close()

    def _lose(self, cell_error: CellError) -> Lost:
        self._end()
        self.lost = cell_error
        return Lost(cell_error)

    def _died(self) -> Lost:
        verdict = _text(self._life.channel.verdict(), 500)
        key = "ended_because" if verdict else "ended_suddenly"
        return self._lose(CellError(say("grading.ended"), say(f"grading.{key}", verdict=verdict)))

    def _made_no_sense(self) -> Lost:
        self.flags.append(
            "its Python gave answers that make no sense, as after an attempt to talk to the grader"
        )
        return self._lose(CellError(say("grading.ended"), say("grading.made_no_sense")))

    # ---- time

    def used(self, look: bool = True) -> _Used:
        """What all of its processes have used together."""
        return self._past + self._life.used(look) if self._life else self._past

    def _over(self) -> CellError | None:
        """What the process has run into, if it has used too much."""
        used, limits = self.used(), self._limits
        cell = used - self._start
        if self._spent_up is not None:
            rest = used - self._spent_up
            over = max(rest.cpu, rest.wall) > RESERVE or rest.clock > limits.longest(RESERVE)
            return self._closed if over else None
        for spent, most, key in (
            (used.cpu, limits.notebook_cpu, "notebook_time"),
            (used.wall, limits.notebook_wall, "notebook_wait"),
            (used.clock, limits.longest(limits.notebook_wall), "notebook_wait"),
        ):
            if spent > most:
                self._spent_up = used
                self._closed = CellError(say("grading.not_run"), say("grading.no_time_left"))
                return _timed_out(key, most)
        for spent, most, key in (
            (cell.cpu, limits.cell_cpu, "cell_time"),
            (cell.wall, limits.cell_wall, "cell_wait"),
            (cell.clock, limits.longest(limits.cell_wall), "cell_wait"),
        ):
            if spent > most * self._time_factor:
                return _timed_out(key, most)
        return None

    # ---- the conversation

    def _ask(self, op: str, **parts) -> tuple[dict, CellError | None]:
        """The answer to one request; and what the process has run into, if it had to be interrupted before it came.

        Raises
        ------
        Lost
            If no answer came.
        TooLong
            If the request does not fit a frame.
        """
        life = self._life
        if life is None:
            raise Lost(
                self._closed or self.lost or CellError(say("grading.ended"), say("grading.ended_here"))
            )
        life.asked += 1
        request = {"op": op, "id": life.asked, **parts}
        life.since = time.monotonic()
        over = None
        try:
            longest = life.since + self._limits.cell_wall + START_TIMEOUT
            wire.send(life.channel.sock, request, most=self._limits.value + MB, until=longest)
            look, interrupted = SHORTEST_LOOK, _Used()
            while True:
                try:
                    answer = life.reader.read(until=time.monotonic() + look)
                    break
                except TimeoutError:
                    look = min(1.5 * look, LONGEST_LOOK)
                if over is None:
                    over = self._over()
                    if over is not None:
                        life.channel.interrupt()
                        interrupted, look = life.used(), SHORTEST_LOOK
                else:
                    since = life.used() - interrupted
                    if since.wall > GRACE or since.clock > self._limits.longest(GRACE):
                        raise self._lose(over)
                self._on_look(self._waited + life.waited)
        except (wire.Gone, TimeoutError):
            raise (self._lose(over) if over else self._died()) from None
        except wire.Nonsense:
            raise self._made_no_sense() from None
        finally:
            life.busy += time.monotonic() - life.since
            life.since = None
        if (
            type(answer) is not dict
            or answer.get("id") != request["id"]
            or type(answer.get("ok")) is not bool
        ):
            raise self._made_no_sense()
        if not answer["ok"]:
            # Its own server says so of what was interrupted on its way, and of an answer that does not fit a frame.
            if op == "run" and over is None:
                raise self._made_no_sense()
            over = over or CellError(say("grading.too_large"), say("grading.too_large_answer"))
            self.lost = over
            raise Lost(over)
        if over is not None:
            self.lost = over
        return answer, over

    def _checked(self, check: Callable, *arguments):
        try:
            return check(*arguments)
        except (TypeError, ValueError, KeyError, RecursionError):
            raise self._made_no_sense() from None

    def _decoded(self, tree: Any) -> Any:
        life = self._life

        def call(ref: int, args: tuple, kwargs: dict) -> Any:
            return self._call(life, ref, args, kwargs)

        try:
            return transfer.decode(tree, call=call)
        except transfer.BadTree:
            raise self._made_no_sense() from None

    def _call(self, life: _Process, ref: int, args: tuple, kwargs: dict) -> Any:
        """Call a function of the student's with copies of the arguments. Raises :class:`StudentError`."""
        if self._life is not life:
            raise Lost(
                self._closed or self.lost or CellError(say("grading.ended"), say("grading.ended_here"))
            )
        limit = self._limits.value
        answer, over = self._ask(
            "call",
            ref=ref,
            args=[_sendable(part, limit) for part in args],
            kwargs={name: _sendable(part, limit) for name, part in kwargs.items()},
        )
        if over:
            raise Lost(over)
        error, tree = self._checked(_call_answer, answer)
        if error is not None:
            raise student_error(*error)
        return self._decoded(tree)


def _sendable(value: Any, limit: int) -> Any:
    tree = transfer.encode(value, limit=limit)
    if type(tree) is dict and tree.get("t") == "foreign":
        raise TypeError(
            f"the test calls with a {tree['type']}, which cannot be sent to the student's function"
        )
    return tree


# ---- looking at answers ----------------------------------------------------------------------------------------


def _text(value: Any, most: int) -> str:
    """A text of theirs without what would steer a terminal. Raises TypeError if it is none."""
    if type(value) is not str:
        raise TypeError("not a text")
    return plain(value[:most])


def _run_answer(answer: dict, most: int) -> tuple[tuple[dict, ...], CellError | None, bool]:
    """Outputs, cell_error, and whether Python ends after this cell."""
    ended = answer.get("ended", False)
    if answer["status"] not in ("ok", "error") or type(ended) is not bool:
        raise ValueError("status")
    cell_error = answer["cell_error"]
    if (cell_error is None) is not (answer["status"] == "ok"):
        raise ValueError("cell_error")
    outputs = answer["outputs"]
    if type(outputs) is not list or len(json.dumps(outputs)) > 6 * most + MB:
        raise ValueError("outputs")
    return tuple(map(_output, outputs)), None if cell_error is None else _cell_error_of(cell_error), ended


def _timed_out(key: str, most: float) -> CellError:
    """That more was used than ``most`` seconds of what ``key`` names."""
    said = say(f"grading.{key}", seconds=f"{most:g}")
    return CellError(say("grading.out_of_time"), said, timed_out=True)


def _cell_error_of(cell_error: dict) -> CellError:
    line = cell_error["line"]
    if line is not None and not (type(line) is int and 0 < line < 10**7):
        raise ValueError("line")
    kind, said = _text(cell_error["kind"], 100) or "Error", _text(cell_error["said"], LONGEST_SAID)
    return CellError(kind, said, line=line, code=_text(cell_error["code"], 500))


def _output(output: dict) -> dict:
    """The same output, made of its known parts alone."""
    kind = output["output_type"]
    if kind == "stream":
        if output["name"] not in ("stdout", "stderr") or type(output["text"]) is not str:
            raise ValueError("stream")
        return {"output_type": kind, "name": output["name"], "text": output["text"]}
    if kind == "error":
        lines = output["traceback"]
        if type(lines) is not list or not all(type(line) is str for line in lines):
            raise ValueError("traceback")
        name, value = output["ename"], output["evalue"]
        if type(name) is not str or type(value) is not str:
            raise ValueError("error")
        return {"output_type": kind, "ename": name, "evalue": value, "traceback": lines}
    if kind not in ("display_data", "execute_result"):
        raise ValueError("kind of output")
    data, metadata = output["data"], output["metadata"]
    if type(data) is not dict or type(metadata) is not dict:
        raise ValueError("data")
    shown = {"output_type": kind, "data": data, "metadata": metadata}
    return {**shown, "execution_count": None} if kind == "execute_result" else shown


def _stopped_in_words(outputs: tuple[dict, ...], over: CellError) -> tuple[dict, ...]:
    """The outputs of a cell that was interrupted: why, in place of the interrupt and of where it chanced to be then."""
    place = next((at for at in reversed(range(len(outputs))) if outputs[at]["output_type"] == "error"), None)
    if place is None:
        return outputs
    words = {"ename": over.kind, "evalue": over.said, "traceback": [str(over)]}
    return (*outputs[:place], {"output_type": "error", **words}, *outputs[place + 1 :])


def _names_answer(answer: dict) -> dict[str, str]:
    names = answer["names"]
    if type(names) is not dict or len(names) > MOST_NAMES:
        raise ValueError("names")
    fitting = (name for name in names if len(name) <= LONGEST_NAME and name.isidentifier())
    return {name: _text(names[name], LONGEST_NAME) for name in fitting}


def _fetch_answer(answer: dict) -> tuple[bool, Any]:
    if type(answer["there"]) is not bool:
        raise TypeError("there")
    return answer["there"], answer["value"]


def _call_answer(answer: dict) -> tuple[tuple[str, str, list[str]] | None, Any]:
    if "error" not in answer:
        return None, answer["value"]
    error = answer["error"]
    bases = error["bases"]
    if type(bases) is not list or len(bases) > 50 or not all(type(base) is str for base in bases):
        raise ValueError("bases")
    kind = _text(error["kind"], 100)
    return (kind if kind.isidentifier() else "Error", _text(error["said"], LONGEST_SAID), bases), None
