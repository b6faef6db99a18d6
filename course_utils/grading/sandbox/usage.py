"""What a process and all that it started have used so far, as seen from outside."""

import contextlib
import functools
import os
import sys
import threading
from pathlib import Path

import psutil

LINUX = sys.platform == "linux"
GONE = (
    psutil.NoSuchProcess,
    psutil.AccessDenied,
)  # or it became another's, which for a number comes to the same
# Bytes that each may hold in the kernel's memory, at most.
_DESCRIPTOR = 64 * 1024  # a full pipe; a terminal, or what waits for many events, takes less
_MAPPING = 384  # one piece of the address space, of which a process has some 65,000 at most
_FEW = 2  # processes
_FILE = 2048  # a file without content, with its name
_BUFFER = 212_992  # that of a socket, where the system does not tell another size


def family(pid: int, *, itself: bool = True) -> list[psutil.Process]:
    """The process (unless ``itself`` is false) and all that descend from it, as far as they are still there."""
    try:
        first = psutil.Process(pid)
        found = _family_as_told(pid)
        if found is None:  # then all processes are asked for their parents, which takes milliseconds
            return [first, *first.children(recursive=True)][0 if itself else 1 :]
    except GONE:
        return []
    family = []
    for number in found if itself else found[1:]:
        with contextlib.suppress(*GONE):
            family.append(psutil.Process(number))
    return family


def _family_as_told(pid: int) -> list[int] | None:
    """The numbers of a family, where the kernel tells them; None where it does not."""
    found = [pid]
    for number in found:
        try:
            for task in os.listdir(f"/proc/{number}/task"):
                with open(f"/proc/{number}/task/{task}/children") as children:
                    found += map(int, children.read().split())
        except (ProcessLookupError, FileNotFoundError):
            if number == pid:
                return None
    return found


class Clock:
    """The processor's time of a family, also of members that went and were never waited for.

    ``last`` is what was seen last.
    """

    def __init__(self, pid: int, *, itself: bool = True):
        self._pid, self._itself = pid, itself
        self._seen: dict[psutil.Process, tuple[float, float]] = {}
        self._missing = self.last = 0.0
        self._lock = threading.Lock()

    def look(self) -> float:
        """Seconds that the family has used until now; once it has ended, those that were seen last."""
        with self._lock:
            now = {}
            for process in family(self._pid, itself=self._itself):
                with contextlib.suppress(*GONE):
                    times = process.cpu_times()
                    now[process] = sum(times[:2]), sum(times[2:4])
            if not now:
                return self.last
            # The time of who is gone is that of who waited for him, now or at the next look; or, if nobody did, lost.
            gone = sum(sum(times) for process, times in self._seen.items() if process not in now)
            gained = sum(
                children - self._seen.get(process, (0, 0))[1] for process, (_, children) in now.items()
            )
            self._missing = max(0.0, self._missing + gone - gained)
            self._seen = now
            self.last = max(self.last, self._missing + sum(sum(times) for times in now.values()))
            return self.last


def cpu(pid: int) -> float:
    """Seconds of the processor that the family has used, with those of its members that have ended and been waited for."""
    return Clock(pid).look()


def memory(pid: int) -> int:
    """Bytes that the family takes; what several processes share counts once."""
    return sum(map(_memory, family(pid)))


def exceeds(pid: int, most: int, *, itself: bool = True, folders: tuple[str, ...] = ()) -> bool:
    """Whether the family takes more than so many bytes of memory.

    ``folders`` are those that it has to itself, together with a network: then it also counts what the kernel may hold
    for it.
    """
    processes = family(pid, itself=itself)
    if folders:
        most -= _held(pid, processes, folders)
    # First with all that they share counted for each: to find out what that is takes a hundred times as long.
    return sum(map(_memory_at_most, processes)) > most and sum(map(_memory, processes)) > most


def _memory_at_most(process: psutil.Process) -> int:
    if not LINUX:
        return _memory(process)
    return _told(process.pid, "status", b"VmRSS:", b"VmSwap:", b"VmPTE:")


def _memory(process: psutil.Process) -> int:
    if not LINUX:
        with contextlib.suppress(*GONE):
            return process.memory_full_info().uss  # nothing is known of shares
        return 0
    tables = _told(process.pid, "status", b"VmPTE:")
    return tables + _told(process.pid, "smaps_rollup", b"Pss:", b"Swap:")


def _told(pid: int, file: str, *wanted: bytes) -> int:
    """Bytes, the sum of some lines of what the kernel tells of a process; 0 if it has no memory any more."""
    # Its first thread may have ended before others, which then tell.
    for task in _tasks(pid):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/{file}", "rb") as lines:
            found = [int(line.split()[1]) for line in lines if line.startswith(wanted)]
            if found:
                return 1024 * sum(found)
    return 0


def _tasks(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return sorted(os.listdir(f"/proc/{pid}/task"), key=int)
    return []


def _held(pid: int, processes: list[psutil.Process], folders: tuple[str, ...]) -> int:
    """Bytes that the kernel may hold for a family outside of its processes, in the worst case."""
    total = _DESCRIPTOR * _descriptors(processes)
    with contextlib.suppress(OSError):
        # All of its network, so also those that wait in a queue, or are on their way from one process to another.
        total += (Path(f"/proc/{pid}/net/unix").read_bytes().count(b"\n") - 1) * _socket()
    for folder in folders:
        with contextlib.suppress(OSError):
            about = os.statvfs(f"/proc/{pid}/root{folder}")
            total += _FILE * (about.f_files - about.f_ffree)
    if len(processes) > _FEW:  # it takes long, and few cannot hold much
        for process in processes:
            for task in _tasks(process.pid)[-1:]:
                with contextlib.suppress(OSError):
                    total += _MAPPING * Path(f"/proc/{process.pid}/task/{task}/maps").read_bytes().count(
                        b"\n"
                    )
    return total


def _descriptors(processes: list[psutil.Process]) -> int:
    """How many pipes, terminals and the like they have open: all but files, and sockets. A pipe counts once."""
    pipes, others = set(), 0
    for process in processes:
        for task in _tasks(process.pid):  # which may have a table of its own
            folder = f"/proc/{process.pid}/task/{task}/fd"
            with contextlib.suppress(OSError):
                for number in os.listdir(folder):
                    with contextlib.suppress(OSError):
                        what = os.readlink(f"{folder}/{number}")
                        if what.startswith("pipe:"):
                            pipes.add(what)
                        elif what.startswith(("anon_inode:", "/dev/pt")):
                            others += 1
    return len(pipes) + others


@functools.cache
def _socket() -> int:
    """What one socket may hold: a full buffer, and the message that did not quite fit."""
    try:
        return 2 * int(Path("/proc/sys/net/core/wmem_default").read_text())
    except (OSError, ValueError):
        return 2 * _BUFFER


def waited(pid: int) -> float:
    """Seconds that the process's main thread could have run, but had no processor; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
