"""The process on the student's side: it runs the student's cells, and gives out values and calls functions when asked.

It is confined before :func:`serve` is called. Nothing here is to be trusted by the other end: student code can reach
and change all of it, and the socket too.
"""

import asyncio
import base64
import os
import pickle
import signal
import socket
import sys
import types
from pathlib import Path, PurePosixPath
from typing import Any

from course_utils.grading.limits import MB, Limits
from course_utils.grading.sandbox import wire
from course_utils.grading.sandbox.kernel.frames import kind_of, said, without_paths
from course_utils.grading.sandbox.kernel.outputs import Outputs
from course_utils.grading.sandbox.kernel.shell import (
    error_of,
    load_what_comes_late,
    make_shell,
    no_input,
    prepare_shell,
    run_cell,
    told,
)
from course_utils.messages import say
from course_utils.transfer import Refs, TooLarge, decode, encode, foreign

_LONGEST_NAME = 200
_MOST_NAMES = 2_000
# What IPython puts there.
_NOT_OURS = {"In", "Out", "exit", "quit", "get_ipython", "open"}


def serve(sock: socket.socket) -> None:
    """Answer requests on ``sock`` until it is closed, ``bye`` comes, or the student ends their Python.

    Takes over this process: its standard streams, its signals, its environment.
    """
    _Server(sock).run()


def prepare() -> None:
    """What a process can do before it is known whom it will serve; its forks need not do it again."""
    from course_utils import identity  # noqa: F401 (forks have it then)

    prepare_shell()
    load_what_comes_late()


MOST_STOPS = 1_000  # of the loop, by what cells do to it


class _Done(Exception):
    """There is nothing more to do."""


class _Server:
    def __init__(self, sock: socket.socket):
        self.sock = sock
        self.pid = os.getpid()
        defaults = Limits()
        self.output, self.value = defaults.output, defaults.value
        # What comes from the test runner is trusted, and may be larger: tables, files.
        self.reader = wire.Reader(sock, 2**31)
        self.refs = Refs()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        self.outputs = Outputs()
        self.outputs.take_over()
        self.shell = make_shell(self.outputs)

    def run(self) -> None:
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        talk = self.loop.create_task(self.talk())
        for _ in range(MOST_STOPS):
            try:
                self.loop.run_until_complete(talk)
            except (_Done, wire.Gone):
                return
            except BaseException as problem:
                # A task that a cell has left behind may raise what ends a program, and a cell may stop this loop, or
                # run another inside of it, as nest_asyncio does. The talk goes on where it was.
                if talk.done():
                    if not isinstance(problem, KeyboardInterrupt | SystemExit):
                        raise
                    talk = self.loop.create_task(self.talk())
            self.stay_one()

    async def talk(self) -> None:
        while True:
            await self.something_to_read()
            request = self.reader.read()
            answer = await self.answer(request)
            self.stay_one()
            self.send(answer)
            if self.shell.exit_now or request["op"] == "bye":
                raise _Done

    def stay_one(self) -> None:
        """A cell that forks comes back twice: only one of the two may go on."""
        if os.getpid() != self.pid:
            os._exit(0)

    async def something_to_read(self) -> None:
        """Tasks that cells have left behind go on meanwhile."""
        came = self.loop.create_future()
        self.loop.add_reader(self.sock, lambda: came.done() or came.set_result(None))
        try:
            await came
        finally:
            self.loop.remove_reader(self.sock)

    def send(self, answer: dict) -> None:
        most = self.value + MB
        try:
            wire.send(self.sock, answer, most=most)
        except (ValueError, TypeError, RecursionError):
            short = {"id": answer.get("id"), "ok": False, "said": say("sandbox.not_sendable")}
            wire.send(self.sock, short, most=most)

    async def answer(self, request: dict) -> dict:
        what = getattr(self, f"on_{request['op']}", None)
        parts = {name: part for name, part in request.items() if name not in ("op", "id")}
        if what is None:
            return {"id": request["id"], "ok": False, "said": "no such request"}
        try:
            return {"id": request["id"], "ok": True, **await what(**parts)}
        except wire.Gone:
            raise
        except BaseException as problem:
            return {"id": request["id"], "ok": False, "said": f"{kind_of(problem)}: {said(problem)}"}
        finally:
            _ignore_interrupts()

    # ---- requests

    async def on_hello(self, student="", files=None, tables=None, output=None, value=None) -> dict:
        self.output, self.value = output or self.output, value or self.value
        for name in [*os.environ]:
            if name.startswith(("JUPYTERHUB_", "NBGRADER_")):
                del os.environ[name]
        if student:
            os.environ["COURSE_STUDENT"] = student
        for name, data in (files or {}).items():
            _put(name, base64.b64decode(data))
        from course_utils import identity

        identity.my_library.cache_clear()
        if tables:
            # Large: as many bytes as were announced follow, instead of text in the message itself.
            data = self.reader.read_bytes(tables) if isinstance(tables, int) else base64.b64decode(tables)
            identity.my_library().furnish(pickle.loads(data))
        return {}

    async def on_run(self, source: str, silent: bool = False) -> dict:
        """Run a cell."""
        self.outputs.start(self.output)
        result, cell_error = None, None
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            result = await run_cell(self.shell, source, silent=silent)
        except BaseException as problem:
            kind, words = told(problem)
            cell_error = {"kind": kind, "said": words, "line": None, "code": ""}
        _ignore_interrupts()
        self.stay_one()
        outputs = [_without_paths(one) for one in self.outputs.stop()]
        if result is not None:
            cell_error = error_of(self.shell, result, source, outputs)
        status = "ok" if cell_error is None else "error"
        answer = {"status": status, "outputs": [] if silent else outputs, "cell_error": cell_error}
        return {**answer, "ended": True} if self.shell.exit_now else answer

    async def on_names(self) -> dict:
        """The student's own names, each with the name of its type."""
        names = self.shell.user_ns
        own = {
            name: foreign(value)["type"]
            for name, value in list(names.items())
            if type(name) is str and len(name) <= _LONGEST_NAME and _is_own(name, value)
        }
        return {"names": dict(list(own.items())[:_MOST_NAMES])}

    async def on_fetch(self, name: str) -> dict:
        """The value of a name."""
        names = self.shell.user_ns
        if name not in names:
            return {"there": False, "value": None}
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return {"there": True, "value": self.tree(names[name])}

    async def on_call(self, ref: int, args: list, kwargs: dict) -> dict:
        """Call a function that was given out before, as the student's own notebook does: beside its tables."""
        from course_utils.checks.calling import aside

        function = aside(self.refs[ref])
        args = [decode(one) for one in args]
        kwargs = {name: decode(one) for name, one in kwargs.items()}
        before = _figures()
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with no_input():
                value = function(*args, **kwargs)
            return {"value": self.tree(value)}
        except BaseException as problem:
            _ignore_interrupts()
            kind, words = told(problem)
            return {"error": {"kind": kind, "said": words, "bases": _bases(problem)}}
        finally:
            _ignore_interrupts()
            self.stay_one()
            _close_figures_since(before)

    async def on_bye(self) -> dict:
        return {}

    def tree(self, value: Any) -> Any:
        try:
            return encode(value, limit=self.value, refs=self.refs)
        except TooLarge:
            return foreign(value, "too large")


def _ignore_interrupts() -> None:
    """From here on an interrupt comes too late. One may come while this is done."""
    while True:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return
        except KeyboardInterrupt:
            continue


def _is_own(name: str, value: Any) -> bool:
    """Is this a name that the student gave: not a module's, nor one of the kit or of IPython."""
    if name.startswith("_") or name in _NOT_OURS or value is ...:
        return False
    if isinstance(value, types.ModuleType):
        return False
    try:
        home = str(getattr(value, "__module__", ""))
    except Exception:
        home = ""
    return not home.startswith("course_utils")


def _bases(problem: BaseException) -> list[str]:
    """The names of the built-in exceptions that it is a kind of, the closest first."""
    return [kind.__name__ for kind in type(problem).__mro__ if kind.__module__ == "builtins"][:20]


def _without_paths(output: dict) -> dict:
    """Warnings say where on this machine a package stands."""
    if output["output_type"] == "stream" and output["name"] == "stderr":
        return {**output, "text": without_paths(output["text"])}
    return output


def _put(name: str, data: bytes) -> None:
    """Write a file of the submission to the working folder."""
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise ValueError(f"a file outside the working folder: {name!r}")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(data)


def _figures() -> set[int]:
    plot = sys.modules.get("matplotlib.pyplot")
    return set(plot.get_fignums()) if plot else set()


def _close_figures_since(before: set[int]) -> None:
    """A chart that a call has drawn is not to come out under a later cell."""
    plot = sys.modules.get("matplotlib.pyplot")
    for number in _figures() - before if plot else ():
        plot.close(number)
