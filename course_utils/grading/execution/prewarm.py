"""What can begin while Python still loads the rest of the grader: the workers, which take as long."""

import contextlib
import os
from pathlib import Path

from course_utils import kit
from course_utils.errors import CourseError

CONFIG = "nbgrader_config.py"


def course_folder() -> Path:
    """The folder of the course that one stands in, however deep in it; outside of any, the kit's own."""
    place = Path.cwd()
    for folder in (place, *place.parents):
        if (folder / "assignments" / CONFIG).is_file():
            return folder
    return kit.kit_folder()


def warm_up(assignment: str, jobs: int | None, sandbox: str | None, *, fresh: bool = False) -> None:
    """Start the workers that `course grade` will need, as far as can be told by looking at folders.

    Whatever is wrong is left for later to say: this only saves time.
    """
    with contextlib.suppress(CourseError, OSError, SyntaxError, NameError, ValueError):
        folder = course_folder()
        assignments = folder / "assignments"
        submitted = list((assignments / "submitted").glob(f"*/{assignment}"))
        # Work that came since the class was last graded, and has no marks; what could not be read then still cannot.
        last = folder / ".course" / "grading" / "lock"
        since = last.stat().st_mtime if last.exists() else 0
        waiting = [
            place
            for place in submitted
            if fresh
            or (
                place.stat().st_mtime > since
                and not (assignments / "autograded" / place.parent.name / assignment).is_dir()
            )
        ]
        if not waiting:
            return
        from joblib import cpu_count
        from traitlets.config.loader import PyFileConfigLoader

        from course_utils.grading.execution.warm_workers import prepare
        from course_utils.grading.limits import bounds
        from course_utils.grading.sandbox.hidden import places

        config = PyFileConfigLoader(CONFIG, path=str(assignments)).load_config()
        chosen = (
            sandbox or config.Examine.get("sandbox") or os.environ.get("COURSE_SANDBOX", "").strip() or "auto"
        )
        limits = bounds(config.Examine.get("limits", {}))
        prepare(min(jobs or cpu_count(), len(waiting)), chosen, limits, places(config))
