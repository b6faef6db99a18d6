"""What a process and all that it started have used so far, as seen from outside."""

import contextlib
import os
from pathlib import Path

import psutil

GONE = (
    psutil.NoSuchProcess,
    psutil.AccessDenied,
)  # or it became another's, which for a number comes to the same


def family(pid: int) -> list[psutil.Process]:
    """The process and all that descend from it, as far as they are still there."""
    try:
        first = psutil.Process(pid)
        found = _family_as_told(pid)
        if found is None:  # then all processes are asked for their parents, which takes milliseconds
            return [first, *first.children(recursive=True)]
    except GONE:
        return []
    family = []
    for number in found:
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


def cpu(pid: int) -> float:
    """Seconds of the processor that the family has used, with those of its members that have ended and been waited for."""
    total = 0.0
    for process in family(pid):
        try:
            total += sum(process.cpu_times()[:4])  # its own, as user and in the kernel, and its children's
        except GONE:
            continue
    return total


def memory(pid: int) -> int:
    """Bytes that the family takes; what several processes share counts once."""
    total = 0
    for process in family(pid):
        try:
            used = process.memory_full_info()
            total += (
                used.pss + used.swap if hasattr(used, "pss") else used.uss
            )  # other systems know no shares
        except GONE:
            continue
    return total


def waited(pid: int) -> float:
    """Seconds that the process's main thread could have run, but had no processor; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
