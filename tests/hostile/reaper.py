"""Run a command, and tell what of it was still running when it had ended: python reaper.py REPORT COMMAND…

Whoever loses its parent below here becomes a child of this process, so nothing can hide by cutting its ties.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 60  # seconds for what is on its way out


def left_over(pid: str = "self") -> dict[str, str]:
    """Every process below this one that is not over yet: number -> command. Both as /proc has them."""
    found = {}
    with contextlib.suppress(OSError):
        for tasks in Path(f"/proc/{pid}/task").iterdir():
            for child in (tasks / "children").read_text().split():
                state = Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][:1]
                if state not in "ZX":
                    command = Path(f"/proc/{child}/cmdline").read_text("utf-8", "replace")
                    found[child] = command.replace("\0", " ").strip()[:80]
                found |= left_over(child)
    return found


def main(report: str, *command: str) -> int:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    begun = time.monotonic()
    with open(f"{report}.out", "wb") as said:
        code = subprocess.run(
            command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        ).returncode
    seconds = time.monotonic() - begun
    until = time.monotonic() + PATIENCE
    while (alive := left_over()) and time.monotonic() < until:
        time.sleep(0.1)
    # Where /proc is that of a wider circle, its numbers are not ours; there, all ends with this process anyway.
    if os.readlink("/proc/self") == str(os.getpid()):
        for pid in alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    with open(report, "w") as file:
        json.dump({"code": code, "left": sorted(alive.values()), "seconds": seconds}, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
