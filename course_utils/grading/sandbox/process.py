"""The test runner's end of one student process: how to talk to it, watch it, and end it."""

import contextlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import threading
from pathlib import Path
from typing import Protocol

import psutil

from course_utils.grading.limits import MB, Limits
from course_utils.grading.sandbox import usage
from course_utils.grading.sandbox.fork_server import SCRATCH
from course_utils.messages import say

_LOOK = 0.2  # seconds between two looks at the memory
_END = 10  # seconds that the kernel may take to clear away what was killed
_CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP)


class ProcessHandle(Protocol):
    """A process that can be ended with all that it started."""

    pid: int

    def clock(self) -> usage.Clock:
        """The processor's time of all its processes."""

    def exceeds(self, most: int) -> bool:
        """Whether all its processes together take more than so many bytes of memory."""

    def signal(self, number: int) -> None: ...

    def ended(self, seconds: float = 0) -> bool:
        """Whether it has ended, or does so within so many seconds."""

    def end(self) -> None:
        """End it, and wait until nothing of it is left. Does nothing if that is so."""

    def code(self) -> int | None:
        """How it ended: an exit code, or minus the number of a signal; None if nobody knows."""

    def close(self) -> None:
        """Give back what this object holds."""


class Confined:
    """The student's process in a sandbox: all its processes end with it, whatever they do.

    Over ``status`` the sandbox tells how it ended. ``monitor`` is the bwrap that holds this process alone, if one does.
    Then process 1, which inherits what loses its parent, is the guard above it; else it is this process.
    """

    def __init__(self, pid: int, status: socket.socket, monitor: subprocess.Popen | None):
        self.pid = pid
        self._status, self._monitor = status, monitor
        self._handle = os.pidfd_open(pid)  # stays with this process, whichever gets its number later
        self._first = pid
        if monitor:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._first = psutil.Process(pid).ppid()
        # Should the machine run out of memory, this is what the kernel is to end.
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/oom_score_adj").write_text("1000")

    def clock(self) -> usage.Clock:
        return usage.Clock(self._first, itself=not self._monitor)

    def exceeds(self, most: int) -> bool:
        return usage.exceeds(self._first, most, itself=not self._monitor, folders=(SCRATCH, "/dev/shm"))

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def ended(self, seconds: float = 0) -> bool:
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def end(self) -> None:
        self.signal(signal.SIGKILL)
        self.ended(_END)
        if self._monitor:
            self._monitor.wait(_END)

    def code(self) -> int | None:
        self._status.settimeout(_END)
        told = b""
        with contextlib.suppress(OSError):
            told = self._status.recv(4)
        return struct.unpack("!i", told)[0] if len(told) == 4 else None

    def close(self) -> None:
        os.close(self._handle)
        self._status.close()


class Plain:
    """The student's process without a sandbox: what it started is looked for, and may have hidden itself."""

    def __init__(self, process: subprocess.Popen, folder: str):
        self.pid = process.pid
        self._process, self._folder = process, folder

    def clock(self) -> usage.Clock:
        return usage.Clock(self.pid)

    def exceeds(self, most: int) -> bool:
        return usage.exceeds(self.pid, most)

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def ended(self, seconds: float = 0) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def end(self) -> None:
        for process in usage.family(self.pid):
            with contextlib.suppress(usage.GONE):
                process.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.ended(_END)

    def code(self) -> int | None:
        return self._process.returncode

    def close(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class Channel:
    """One student process. In a ``with`` block it is ended at the end of the block.

    ``sock`` is a stream, whose far end ``serve`` has; ``pid`` is the number of the process on the test runner's side.
    A thread looks at its memory, and ends it if it takes too much.
    """

    def __init__(self, sock: socket.socket, held: ProcessHandle, limits: Limits):
        self.sock, self.pid = sock, held.pid
        self._held, self._limits = held, limits
        self._clock = held.clock()
        self._why, self._killed, self._closed = "", False, False
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def __enter__(self) -> "Channel":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def interrupt(self) -> None:
        """What Jupyter's stop button does, to the student's Python only."""
        self._held.signal(signal.SIGINT)

    def kill(self) -> None:
        """End everything of it at once. What it had sent can still be read from ``sock``."""
        if self._closed:
            return
        if not self._held.ended():
            self.cpu()
            self._killed = True
        self._held.end()

    def close(self) -> None:
        """:meth:`kill`, and give back what the test runner holds of it. Ask for the verdict before."""
        self.kill()
        self._over.set()
        self._watcher.join()
        if not self._closed:
            self._closed = True
            self.sock.close()
            self._held.close()

    def cpu(self) -> float:
        """Seconds of the processor that all its processes have used; once it has ended, those that were seen last."""
        gone = self._closed or self._held.ended()  # then its number may be another's
        return self._clock.last if gone else self._clock.look()

    def waited(self) -> float:
        """Seconds that its main thread was ready to run but had no processor."""
        return usage.waited(self.pid)

    def verdict(self) -> str:
        """Why it ended, to follow the words "Your code"; empty if it runs, if the test runner ended it, or if nobody knows."""
        if self._why or self._killed or self._closed or not self._held.ended(0.5):
            return self._why
        self._why = self._explain(self._held.code())
        return self._why

    def _explain(self, code: int | None) -> str:
        if code is None:
            return ""
        if code >= 0:
            return say("sandbox.ended_itself", code=code)
        if -code in _CRASHES:
            return say("sandbox.crashed", signal=signal.Signals(-code).name)
        if -code == signal.SIGKILL and self.cpu() > self._limits.notebook_cpu:
            return say("sandbox.used_time", seconds=f"{self._limits.notebook_cpu:.0f}")
        if -code == signal.SIGKILL:
            return say("sandbox.stopped_by_system")
        return say("sandbox.stopped_by_signal", number=-code)

    def _watch(self) -> None:
        while not self._over.wait(_LOOK) and not self._held.ended():
            self.cpu()
            if self._held.exceeds(self._limits.memory):
                self._why = say("sandbox.used_memory", most=self._limits.memory // MB)
                self._held.end()
        if not self._over.is_set():
            # Without a sandbox, a process that it has started may hold the other end, and nobody would see that it is gone.
            self._held.end()
            self.sock.shutdown(socket.SHUT_RD)
