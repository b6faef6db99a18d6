"""A warm process that runs jobs, each in a fork of its own. ``Worker`` is how others use it.

The worker is started once, and has loaded then what test runners need. It never runs student code. A test that never
ends, or a crash of ours, costs the one job its marks, and a person is asked to look.
"""

import contextlib
import ctypes
import dataclasses
import gc
import importlib
import json
import mmap
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import OrderedDict
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath

from course_utils import identity
from course_utils.errors import CourseError
from course_utils.grading.execution.grader_version import kit_version
from course_utils.grading.execution.job import ExecutionResult, Job
from course_utils.grading.limits import Limits
from course_utils.messages import say

__all__ = ["Worker", "kit_version"]

LIBRARIES = 4  # students whose tables are kept, for jobs that come again
LOOK = 0.2  # seconds between two looks at a test runner
ENDING = (
    30.0  # seconds, on a busy machine, that a warm Python which lets go of its lines may still take to end
)
END_TIMEOUT = 5.0  # seconds that a test runner has to end its student's process once it is told to end itself
# Memory in large pages, where the kernel gives them: a fork of a large process then takes half as long.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
_DIE_WITH_PARENT = 1
_PARENT = os.getppid()


class _EndNow(BaseException):
    """A test runner was told to end. No ``except`` in a test holds it up."""


class Worker:
    """Examines jobs in a process of its own, which is started when the first job comes.

    Use one for each thread. ``close`` may be called from any thread: whoever waits for a result gets an error.

    Parameters
    ----------
    sandbox : as for :func:`course_utils.grading.sandbox.launcher.best_backend`.
    hidden : as for :class:`course_utils.grading.sandbox.launcher.SandboxFactory`.
    factory : where student processes come from, as "module:name" of a class like
        :class:`course_utils.grading.sandbox.launcher.SandboxFactory`. For tests of the worker itself.
    """

    def __init__(
        self,
        sandbox: str = "auto",
        limits: Limits = Limits(),  # noqa: B008 (it cannot be changed)
        hidden: tuple[str, ...] = (),
        *,
        factory: str = "course_utils.grading.sandbox.launcher:SandboxFactory",
    ):
        self.sandbox, self.limits, self.hidden = sandbox, limits, hidden
        self._factory = factory
        self._process: subprocess.Popen | None = None
        self._line: Connection | None = None
        self._owner = 0
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def run_job(self, job: Job) -> ExecutionResult:
        """Run a job, and say what came of it.

        Raises
        ------
        CourseError
            If this machine has no sandbox, the worker cannot be started, or it ended twice over this job.
        """
        message = job.to_json().encode()
        for _ in range(2):
            self._open()
            try:
                self._line.send_bytes(message)
                answer = json.loads(self._line.recv_bytes())
            except (EOFError, OSError, ValueError):
                last = self._last_words()
                self._stop()
                if self._closed:
                    raise CourseError("The worker was closed before the job was examined.") from None
                continue
            except BaseException:
                # Someone pressed Ctrl-C: an answer that still comes would be taken for that of the next job.
                self._stop()
                raise
            if "error" in answer:
                raise _error(answer)
            return ExecutionResult.from_json(answer["result"])
        raise CourseError(
            f"The process that runs tests ended twice over the work of {job.student} in {job.assignment}: {last}"
        )

    def open(self, *others: "Worker") -> None:
        """Start now what the first job would start, while there is something else to do. Raises as ``run_job`` does.

        ``others`` are workers of the same kind (sandbox, limits, what is hidden) that are not open yet. They become forks of this one's
        process: what takes long to load is loaded once for all. When this worker ends, they do; the next job that comes
        to one of them then starts a process of its own.
        """
        self._open(others if hasattr(os, "pidfd_open") else ())

    def close(self) -> None:
        """End the worker, and with it whatever still runs there."""
        self._closed = True
        self._stop()

    # ---- the process behind it

    def _open(self, others: "tuple[Worker, ...]" = ()) -> None:
        if self._closed:
            raise CourseError("The worker is closed.")
        if self._owner != os.getpid():
            # In a fork, the line belongs to the parent.
            self._process = self._line = None
        if self._process is not None:
            return
        workers = (self, *others)
        said = tempfile.TemporaryFile()  # noqa: SIM115 (it is asked when the worker has ended)
        lines, theirs = zip(*(socket.socketpair() for _ in workers), strict=True)
        numbers = [one.fileno() for one in theirs]
        orders = {
            "lines": numbers,
            "sandbox": self.sandbox,
            "limits": dataclasses.asdict(self.limits),
            "hidden": self.hidden,
            "factory": self._factory,
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "course_utils.grading.execution.worker", json.dumps(orders)],
            env=_environment(),
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,  # Ctrl-C in the terminal is for whoever uses the worker
        )
        for one in theirs:
            one.close()
        connections = [Connection(line.detach()) for line in lines]
        self._handshake(process, connections[0], said)
        for worker, line in zip(others, connections[1:], strict=True):
            worker._handshake(None, line, said)

    def _handshake(self, process: "subprocess.Popen | None", line: Connection, said) -> None:
        """Wait until a process says at the other end of ``line`` that it is there; None stands for a fork of another worker's."""
        with self._lock:
            self._owner, self._process, self._line, self._said = os.getpid(), process, line, said
        try:
            greeting = json.loads(line.recv_bytes())
            if process is None and "pid" in greeting:
                self._process = _Fork(greeting["pid"])
        except (EOFError, OSError, ValueError):
            last = self._last_words()
            self._stop()
            raise CourseError(f"The process that runs tests could not be started: {last}") from None
        except BaseException:
            self._stop()
            raise
        if "error" in greeting:
            self._stop()
            raise _error(greeting)

    def _stop(self) -> None:
        with self._lock:
            process, line = self._process, self._line
            self._process = self._line = None
        if self._owner != os.getpid():
            return
        if process is None:
            if line is not None:
                line.close()
            return
        process.terminate()
        try:
            process.wait(END_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        line.close()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self._said.seek(0)
            lines = self._said.read().decode(errors="replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason.")
        return "it gave no reason."


class _Fork:
    """A process that is no child of ours, used as one of :class:`subprocess.Popen`."""

    def __init__(self, pid: int):
        self.pid = pid
        self._handle = os.pidfd_open(pid)  # its number may become another's, this does not

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def wait(self, seconds: float | None = None) -> None:
        if self._handle is None:
            return
        ended, _, _ = select.select([self._handle], [], [], seconds)
        if not ended:
            raise subprocess.TimeoutExpired(["worker"], seconds)
        os.close(self._handle)
        self._handle = None

    def _send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)


def _error(answer: dict) -> CourseError:
    if answer["kind"] == "SandboxMissing":
        from course_utils.grading.sandbox.launcher import SandboxMissing

        return SandboxMissing(answer["error"])
    return CourseError(answer["error"])


def _environment() -> dict[str, str]:
    """That of this process, so that the kit is found, and that nothing depends on chance or on the number of processors."""
    kit = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join(filter(None, (kit, os.environ.get("PYTHONPATH"))))
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **alone, **LARGE_PAGES, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


# ---- the process itself ----------------------------------------------------------------------------------------


def main(orders: dict) -> None:
    """Examine the jobs that come over a line, one after the other, until nobody is at its other end.

    Each further line gets a fork of this process, which does the same.
    """
    lines = [Connection(number) for number in orders["lines"]]
    limits = Limits(**orders["limits"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        module, name = orders["factory"].split(":")
        # It starts a process, which loads what it needs while this one does.
        factory = getattr(importlib.import_module(module), name)(
            orders["sandbox"], limits, tuple(orders["hidden"])
        )
    except CourseError as problem:
        for line in lines:
            line.send_bytes(json.dumps({"error": str(problem), "kind": type(problem).__name__}).encode())
        return
    try:
        import course_utils.library  # noqa: F401
        from course_utils.grading.execution import test_runner  # noqa: F401 (forks have them then)

        kit_version(), say("grading.our_fault")  # forks have what these read, too
        gc.collect()
        gc.freeze()  # what lives for ever is not touched, so that forks share its memory
        line = _line_of_this_process(lines)
        line.send_bytes(json.dumps({"pid": os.getpid()}).encode())
        while _is_ready(line):
            message = line.recv_bytes().decode()
            try:
                job = Job.from_json(message)
                try:
                    result = _run_job(job, factory, limits, line)
                except CourseError:
                    # The warm Python may have ended just now. Then another one does it.
                    if not (hasattr(factory, "mend") and factory.mend(ENDING)):
                        raise
                    result = _run_job(job, factory, limits, line)
                answer = {"result": result.to_json()}
            except CourseError as problem:
                answer = {"error": str(problem), "kind": type(problem).__name__}
            line.send_bytes(json.dumps(answer).encode())
    except (EOFError, ConnectionError):
        pass
    finally:
        factory.close()


def _line_of_this_process(lines: list[Connection]) -> Connection:
    """Fork once for each line after the first; in each process, the one line that is its own."""
    global _PARENT
    first, *others = lines
    here = os.getpid()
    for line in others:
        if os.fork() == 0:
            _PARENT = here
            for other in lines:
                if other is not line and not other.closed:
                    other.close()
            return line
        line.close()
    return first


def _is_ready(line: Connection) -> bool:
    """Wait until something comes. False if the client is not there any more."""
    while not line.poll(1.0):
        if _is_orphan():
            return False
    return True


def _is_orphan() -> bool:
    """Whether the client has ended. The line alone does not tell: a fork of the client may hold its end open."""
    return os.getppid() != _PARENT


def _run_job(job: Job, factory, limits: Limits, line: Connection) -> ExecutionResult:
    """Fork a test runner for the job, and wait for its result."""
    from course_utils.grading.execution import test_runner

    if hasattr(factory, "mend"):
        factory.mend()
    tables = _open_library(job.student, job.tables)
    test_runner.read_ahead(job)
    began = time.monotonic()
    waited = mmap.mmap(-1, 8)  # shared: what the student's processes have waited for a processor
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        runner = os.fork()
        if runner == 0:
            os.close(reading)
            line.close()
            _be_test_runner(job, factory, limits, tables, folder, waited, writing)
        os.close(writing)
        try:
            answer, why = _listen(runner, reading, waited, limits, line, began)
        finally:
            os.close(reading)
            _end(runner)
            waited.close()
    seconds = time.monotonic() - began
    try:
        answer = json.loads(answer)
    except ValueError:
        why = why or "the test runner ended before it was done"
        return test_runner.our_fault(job, why, factory.backend.name, seconds)
    if "error" in answer:
        raise CourseError(answer["error"])
    if "fault" in answer:
        return test_runner.our_fault(
            job, f"the test runner stopped with {answer['fault']}", factory.backend.name, seconds
        )
    return ExecutionResult.from_json(answer["result"])


def _listen(
    pid: int, reading: int, waited: mmap.mmap, limits: Limits, line: Connection, began: float
) -> tuple[bytes, str]:
    """What the test runner says, until it ends or has had its time; and why it was cut short, if it was."""
    from course_utils.grading.sandbox import usage

    # The student's side has bounds of its own. The rest is for the tests themselves.
    most = 2 * limits.notebook_wall + limits.cell_wall
    told = []
    while True:
        ready, _, _ = select.select([reading, line.fileno()], [], [], LOOK)
        if reading in ready:
            part = os.read(reading, 2**20)
            if not part:
                return b"".join(told), ""
            told.append(part)
        elif ready or _is_orphan():
            # Nobody may speak now: it is the end of the line.
            raise EOFError
        else:
            (for_student,) = struct.unpack("d", waited[:8])
            clock = time.monotonic() - began
            if clock - usage.waited(pid) - for_student > most or clock > limits.longest(most):
                return b"", f"a test did not end within {most:g} seconds"


def _end(pid: int) -> None:
    """End a test runner, if it has not ended. It is asked first, so that it can end the student's process."""
    until = time.monotonic() + END_TIMEOUT
    with contextlib.suppress(ProcessLookupError):
        done, _ = os.waitpid(pid, os.WNOHANG)
        if done:
            return
        os.kill(pid, signal.SIGTERM)
        while time.monotonic() < until:
            done, _ = os.waitpid(pid, os.WNOHANG)
            if done:
                return
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _be_test_runner(
    job: Job, factory, limits: Limits, tables: bytes | None, folder: str, waited: mmap.mmap, writing: int
) -> None:
    """What the fork does. It does not come back."""
    try:
        if sys.platform == "linux":
            library = ctypes.CDLL(None)
            library.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            if hasattr(library, "malloc_trim"):
                library.malloc_trim(0)  # what is free is not copied page by page when it is used again
            _bound_memory(limits.memory)
        signal.signal(signal.SIGTERM, _end_now)
        from course_utils.grading.execution.test_runner import run_tests

        os.chdir(folder)
        # A module of the assignment's own lies beside the notebook. What students hand in cannot be one.
        sys.path.append(folder)

        def on_look(seconds: float) -> None:
            waited[:8] = struct.pack("d", seconds)

        try:
            _put(job.files, Path(folder))
            answer = {"result": run_tests(job, factory, limits, tables=tables, on_look=on_look).to_json()}
        except CourseError as problem:
            answer = {"error": str(problem)}
        except Exception as problem:
            traceback.print_exc()
            answer = {"fault": f"{type(problem).__name__}: {str(problem)[:300]}"}
        with open(writing, "wb") as pipe:
            pipe.write(json.dumps(answer).encode())
    except _EndNow:
        pass
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def _bound_memory(more: int) -> None:
    """A value may be small as it crosses and huge once a test works with it: then the test fails, not the machine."""
    import resource

    import psutil

    _, hardest = resource.getrlimit(resource.RLIMIT_AS)
    bound = psutil.Process().memory_info().vms + more
    if hardest != resource.RLIM_INFINITY:
        bound = min(bound, hardest)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hardest))


def _end_now(*_) -> None:
    raise _EndNow


def _put(files, folder: Path) -> None:
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(f"a file outside its folder: {name}")
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


# ---- libraries, built once for both sides --------------------------------------------------------------------------

_tables: OrderedDict[tuple, tuple] = OrderedDict()


def _open_library(student: str, names: tuple[str, ...]) -> bytes | None:
    """Let ``my_library()`` be the student's, here and in what is forked from here, with these tables in it.

    Returns a pickle of the tables for the student's side, None if there are none.
    """
    os.environ["COURSE_STUDENT"] = student
    identity.my_library.cache_clear()
    if not names:
        return None
    key = student, names
    library = identity.my_library()
    if key in _tables:
        library.furnish(_tables[key][0])
    else:
        frames = {name: library[name] for name in names}
        _tables[key] = frames, pickle.dumps(frames, 5)
    _tables.move_to_end(key)
    while len(_tables) > LIBRARIES:
        _tables.popitem(last=False)
    return _tables[key][1]


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
