"""How much a submission may use. One place for every bound; `nbgrader_config.py` may set others."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from course_utils.errors import CourseError

MB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds on one notebook of one submission.

    Time is counted in seconds of the processor. Wall time, without the time spent waiting for a busy processor,
    bounds what sleeps. However busy the processor is, there is an end: see :meth:`longest`.
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
    all_output: int = 8 * MB  # of all cells together
    value: int = 64 * MB  # one value that crosses to the test runner
    notebook: int = 100 * MB  # the file that was handed in
    files: int = 20 * MB  # what was handed in beside it
    busy: float = 5  # a machine with much else to do may be so many times slower,
    stall: float = 60  # and do nothing for so many seconds, before the clock on the wall alone ends anything

    def longest(self, wall: float) -> float:
        """Seconds on the clock that something may last which has so many of wall time."""
        return self.busy * wall + self.stall


def bounds(wanted: Mapping[str, float]) -> Limits:
    """All limits, some of them as wanted. Raises ``CourseError`` for one that does not exist, or is no number."""
    known = asdict(Limits())
    for name, value in wanted.items():
        if name not in known:
            raise CourseError(f"c.Examine.limits has no bound called {name}. It knows: {', '.join(known)}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
            raise CourseError(f"c.Examine.limits: {name} must be a number above 0, and is {value!r}.")
    return Limits(**(known | dict(wanted)))
