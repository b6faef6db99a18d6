"""A place for each submission where it can neither see nor harm anything: what this machine offers, and how to use it.

The forms, from the best: ``warm`` (one bubblewrap holds a Python that has loaded everything; each submission gets a
fork of it, in namespaces of its own), ``cold`` (one bubblewrap for each submission), and ``none``, which protects
against accidents only and is used where it is asked for by name.
"""

import contextlib
import dataclasses
import functools
import json
import os
import platform
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

from course_utils.checkup import Finding
from course_utils.errors import CourseError, Stopped
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox import bwrap
from course_utils.grading.sandbox.fork_server import READY
from course_utils.grading.sandbox.process import Channel, Confined, Plain
from course_utils.messages import say

SERVE = "course_utils.grading.sandbox.kernel.process:serve"
NAMES = {"warm": "bwrap, warm", "cold": "bwrap, cold", "none": "none"}
_CREDENTIALS = struct.Struct("3i")  # process, user and group
_START = 60  # seconds that a sandbox may take to start on a busy machine


class SandboxMissing(Stopped):
    """No sandbox can be made: what is missing, and what to do."""


@dataclasses.dataclass(frozen=True)
class Backend:
    """A form of sandbox. ``strong`` means that it holds against a student who means harm; ``program`` is its bwrap."""

    form: str
    program: str = ""

    @property
    def name(self) -> str:
        return NAMES[self.form]

    @property
    def strong(self) -> bool:
        return self.form != "none"

    @property
    def sentence(self) -> str:
        if not self.strong:
            return say("sandbox.none")
        return say(f"sandbox.{self.form}", program=self.program)


def best_backend(wanted: str = "auto") -> Backend:
    """The best form of sandbox that works on this machine.

    ``wanted`` is "warm", "cold" or "none" for that form alone; with "auto" the environment variable ``COURSE_SANDBOX`` may
    name it. "none" is never chosen by itself.

    Raises
    ------
    SandboxMissing
        If no sandbox can be made.
    CourseError
        If there is no such form.
    """
    if wanted == "auto":
        wanted = os.environ.get("COURSE_SANDBOX") or "auto"
    if wanted not in ("auto", *NAMES):
        raise CourseError(say("sandbox.no_such", wanted=wanted, names=", ".join(NAMES)))
    if wanted == "none":
        return Backend("none")
    problems = []
    for backend in _backends():
        if wanted in ("auto", backend.form):
            problem = _problem_with(backend)
            if not problem:
                return backend
            problems.append(problem)
    raise SandboxMissing(_what_to_do(problems))


def doctor() -> list[Finding]:
    """What this machine offers for grading, one line each; the last says whether submissions can be graded here."""
    findings = [Finding(platform.system() == "Linux", f"{platform.system()} {platform.release()}")]
    for backend in _backends():
        problem = _problem_with(backend)
        findings.append(
            Finding(not problem, f"{backend.name} ({backend.program}){problem and f': {problem}'}")
        )
    try:
        findings.append(Finding(True, best_backend().sentence))
    except CourseError as problem:
        findings.append(Finding(False, str(problem)))
    return findings


def _backends() -> list[Backend]:
    if platform.system() != "Linux":
        return []
    return [Backend(form, program) for form in ("warm", "cold") for program in bwrap.programs()]


@functools.cache
def _problem_with(backend: Backend) -> str:
    """Why this form does not work on this machine, found by trying it; empty if it works."""
    factory = None
    try:
        factory = SandboxFactory(
            backend, serve="course_utils.grading.sandbox.fork_server:look", imports=False
        )
        with factory.new() as channel, channel.sock.makefile() as lines:
            return "; ".join(json.load(lines))
    except (SandboxMissing, OSError, ValueError) as problem:
        return str(problem)
    finally:
        if factory:
            factory.close()


def _what_to_do(problems: list[str]) -> str:
    """One sentence for an instructor whose machine cannot make a sandbox."""
    if platform.system() != "Linux":
        return say("sandbox.other_system", system=platform.system())
    if not problems:
        return say("sandbox.no_bubblewrap")
    return say("sandbox.not_allowed", problem=problems[0].rstrip("."))


class SandboxFactory:
    """Makes student processes, one for each submission, each in a sandbox of its own.

    The thread that makes it, or that calls :meth:`mend`, must live as long as it does: the kernel ends the sandbox with that
    thread. ``hidden`` are files and folders of the class that student code must not see, wherever they lie: see
    :func:`course_utils.grading.sandbox.hidden.places`. ``serve`` names the function that talks in the student's process; ``imports`` says whether to load what
    notebooks need. Both are for tests of the sandbox itself.

    Raises
    ------
    SandboxMissing
        If the machine offers no such sandbox.
    """

    def __init__(
        self,
        wanted: str | Backend = "auto",
        limits: Limits = Limits(),  # noqa: B008 (it cannot be changed)
        hidden: tuple[str, ...] = (),
        *,
        serve: str = SERVE,
        imports: bool = True,
    ):
        self.backend = wanted if isinstance(wanted, Backend) else best_backend(wanted)
        self.limits = limits
        self._hidden = hidden
        self._serve, self._imports = serve, imports
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (what the sandbox says when it cannot start; closed below)
        self._fork_server: subprocess.Popen | None = None
        self.mend()

    def mend(self, wait: float = 0.0) -> bool:
        """Start the warm Python, if there should be one and is not, because it died. May be called before each :meth:`new`.

        It has died if it ends within ``wait`` seconds. Returns whether one was started.
        """
        if self.backend.form != "warm" or (self._fork_server and self._is_alive(wait)):
            return False
        if self._fork_server:
            self._fork_server.poll()  # it is buried
            os.close(self._handle)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._fork_server, self._owner = self._start(theirs), os.getpid()
        self._handle = os.pidfd_open(self._fork_server.pid)
        return True

    def _is_alive(self, wait: float) -> bool:
        """Whether the warm Python is there, ``wait`` seconds from now. Forks of the process that started it may ask, too."""
        return not select.select([self._handle], [], [], wait)[0]

    def new(self) -> Channel:
        """A fresh student process, confined already. May also be called in a fork of the process that made the factory.

        Raises
        ------
        SandboxMissing
            If it did not start.
        """
        sock, their_sock = socket.socketpair()
        status, their_status = socket.socketpair()
        process, folder = None, ""
        with their_sock, their_status:
            if self.backend.form == "none":
                folder = tempfile.mkdtemp(prefix="course-")
                process = self._start(their_sock, their_status, folder=folder)
            else:
                status.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)  # the kernel tells who writes
            if self.backend.form == "cold":
                process = self._start(their_sock, their_status)
            if self.backend.form == "warm":
                with contextlib.suppress(OSError):  # it has died: then nothing comes below
                    socket.send_fds(self._control, [b"new"], [their_sock.fileno(), their_status.fileno()])
        status.settimeout(_START)
        word, told = b"", []
        with contextlib.suppress(OSError):
            word, told, _, _ = status.recvmsg(len(READY), 64)
        if word != READY:
            if process:
                process.kill()
                process.wait()
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
            raise SandboxMissing(say("sandbox.not_started", why=self._last_words()))
        if folder:
            return Channel(sock, Plain(process, folder), self.limits)
        pid, _, _ = _CREDENTIALS.unpack(told[0][2])
        return Channel(sock, Confined(pid, status, process), self.limits)

    def close(self) -> None:
        """End the warm Python, and with it all student processes that came from it."""
        if self._fork_server:
            if self._owner == os.getpid():
                self._fork_server.kill()
                self._fork_server.wait()
            self._control.close()
            os.close(self._handle)
        self._said.close()

    def _start(self, *sockets: socket.socket, folder: str = "") -> subprocess.Popen:
        """Start Python in a new sandbox, or without one in ``folder``, with these sockets."""
        if folder:
            import matplotlib

            command = []
            environment = bwrap.environment(folder) | {"MPLCONFIGDIR": matplotlib.get_cachedir()}
        else:
            warm = self.backend.form == "warm"
            command = bwrap.command(
                self.backend.program, self.limits, warm=warm, fonts=self._imports, hidden=self._hidden
            )
            environment = bwrap.environment()
        fds = [one.fileno() for one in sockets]
        orders = {
            "form": self.backend.form,
            "serve": self._serve,
            "imports": self._imports,
            "limits": dataclasses.asdict(self.limits),
            "fds": fds,
        }
        return subprocess.Popen(
            [*command, sys.executable, "-m", "course_utils.grading.sandbox.fork_server", json.dumps(orders)],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            pass_fds=fds,
            start_new_session=True,  # so that Ctrl-C in the terminal reaches the test runners, who know what to do
        )

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), say("sandbox.nothing_said"))
        return last.removeprefix("bwrap: ").removesuffix(".")
