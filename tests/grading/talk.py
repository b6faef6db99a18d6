"""A conversation with a student's process, from a test: no sandbox, no examiner."""

import faulthandler
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from processes import PATIENCE

from course_utils.grading.limits import MB
from course_utils.grading.sandbox import wire
from course_utils.grading.sandbox.kernel.process import serve
from course_utils.transfer import decode, encode

KIT = Path(__file__).resolve().parents[2]
START = "import socket; from course_utils.grading.sandbox.kernel.process import serve; serve(socket.socket(fileno={}))"


def started(sock: socket.socket, folder: Path) -> subprocess.Popen:
    """A new Python that serves."""
    return subprocess.Popen(
        [sys.executable, "-c", START.format(sock.fileno())],
        cwd=folder,
        pass_fds=[sock.fileno()],
        env={**os.environ, "PYTHONPATH": str(KIT)},
    )


class Fork:
    """A fork of this process that serves, to be used as :func:`started`: it is there at once."""

    def __init__(self, sock: socket.socket, folder: Path):
        self.returncode = None
        self.pid = os.fork()
        if self.pid == 0:
            try:
                faulthandler.disable()  # pytest's would print what crashes here
                os.chdir(folder)
                kept = os.dup(sock.fileno())
                os.dup2(kept, 3)
                os.closerange(4, 256)
                serve(socket.socket(fileno=3))
                os._exit(0)
            finally:
                os._exit(1)

    def poll(self, how: int = os.WNOHANG) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, how)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, seconds: float = PATIENCE) -> int:
        until = time.monotonic() + seconds
        while self.poll() is None:
            assert time.monotonic() < until, "the process goes on"
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


class Talk:
    """One process that serves in ``folder``. ``hello`` are the parts of its first request."""

    def __init__(self, folder: Path, start=Fork, **hello):
        ours, theirs = socket.socketpair()
        self.folder = folder
        self.process = start(theirs, folder)
        theirs.close()
        self.sock, self.number = ours, 0
        self.reader = wire.Reader(ours, 128 * MB)
        assert self.ask("hello", **{"student": "guest", **hello})["ok"]

    def send(self, op: str, **parts) -> None:
        self.number += 1
        wire.send(self.sock, {"op": op, "id": self.number, **parts})

    def read(self, seconds: float = PATIENCE) -> dict:
        answer = self.reader.read(time.monotonic() + seconds)
        assert answer["id"] == self.number
        return answer

    def ask(self, op: str, **parts) -> dict:
        self.send(op, **parts)
        return self.read()

    def run(self, source: str, **parts) -> dict:
        return self.ask("run", source=source, **parts)

    def text(self, source: str, name: str = "stdout") -> str:
        """What a cell writes."""
        outputs = self.run(source)["outputs"]
        return "".join(one["text"] for one in outputs if one.get("name") == name)

    def fetch(self, name: str):
        return decode(self.ask("fetch", name=name)["value"], call=self.call)

    def call(self, ref: int, args=(), kwargs=None):
        answer = self.ask(
            "call",
            ref=ref,
            args=[encode(one) for one in args],
            kwargs={name: encode(one) for name, one in (kwargs or {}).items()},
        )
        return answer["error"] if "error" in answer else decode(answer["value"], call=self.call)

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def close(self) -> None:
        self.sock.close()
        self.process.kill()
        self.process.wait()
