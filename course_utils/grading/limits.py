"""How much a submission may use. One place for every bound; `nbgrader_config.py` may set others."""

from dataclasses import dataclass

MB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds on one notebook of one submission.

    Time is counted in seconds of the processor. Wall time, without the time spent waiting for a busy processor,
    bounds what sleeps.
    """

    cell_cpu: float = 30
    cell_wall: float = 90
    notebook_cpu: float = 120
    notebook_wall: float = 300
    restarts: int = 5  # of the student's Python, each after a sudden end
    memory: int = 2048 * MB  # of all its processes together
    processes: int = 64
    scratch: int = 256 * MB  # what it may write
    file: int = 64 * MB  # the largest file
    output: int = 1 * MB  # of one cell, text and pictures
    value: int = 64 * MB  # one value that crosses to the examiner
    notebook: int = 100 * MB  # the file that was handed in
    files: int = 20 * MB  # what was handed in beside it
