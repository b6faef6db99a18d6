"""What a process and all that it started have used so far, as seen from outside."""

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
        return [first, *first.children(recursive=True)]
    except GONE:
        return []


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
