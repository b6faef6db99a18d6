"""Programs that a test starts, which end with the test: also where it fails, or is stopped by Ctrl-C or SIGTERM."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator

# Seconds after which what hangs is ended. No test is about how long something takes: a busy machine takes its time.
PATIENCE = 600


@contextlib.contextmanager
def running(command: list, **how) -> Iterator[subprocess.Popen]:
    """Start a program in a process group of its own. Whatever of the group is still there at the end is killed.

    ``how`` is what ``subprocess.Popen`` takes.
    """
    program = subprocess.Popen(command, start_new_session=True, **how)
    try:
        yield program
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def ran(command: list, *, seconds: float, **how) -> tuple[int, str]:
    """Run a program to its end: its code, and what it said on both streams.

    Raises ``subprocess.TimeoutExpired`` where it takes longer than ``seconds``; it is killed then.
    """
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with running(command, **streams, **how) as program:
        said, _ = program.communicate(timeout=seconds)
    return program.returncode, said
