"""Student processes without a sandbox, each a fork of the test: for tests of what happens on the trusted side."""

import contextlib
import faulthandler
import os
import signal
import socket
import time

from course_utils.grading.sandbox import usage
from course_utils.grading.sandbox.kernel.process import serve


class Backend:
    name = "fork"


class Forked:
    """What a factory gives, as far as the test runner knows it."""

    def __init__(self, sock: socket.socket, pid: int):
        self.sock, self.pid = sock, pid
        self.interrupts = 0
        self.dead = False

    def interrupt(self) -> None:
        self.interrupts += 1
        os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        if not self.dead:
            self.dead = True
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.sock.close()

    def cpu(self) -> float:
        return usage.cpu(self.pid)

    def waited(self) -> float:
        return usage.waited(self.pid)

    close = kill

    def verdict(self) -> str:
        return ""


class Forks:
    """A factory whose processes are forks of this one. ``serve`` is what they do; ``made`` are all that there were."""

    backend = Backend()

    def __init__(self, *_, serve=serve):
        self.serve = serve
        self.made: list[Forked] = []

    def new(self) -> Forked:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            faulthandler.disable()  # pytest's would print what crashes here
            try:
                for one in self.made:
                    one.sock.close()
                ours.close()
                self.serve(theirs)
            finally:
                os._exit(0)
        theirs.close()
        self.made.append(Forked(ours, pid))
        return self.made[-1]

    def close(self) -> None:
        for one in self.made:
            with contextlib.suppress(OSError):
                one.kill()


class Waiting(Forks):
    """Its processes say that they have waited for a processor for ages."""

    def new(self) -> Forked:
        made = super().new()
        made.waited = lambda: time.monotonic() * 1e6
        return made
