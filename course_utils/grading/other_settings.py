"""What another course says in a place that nbgrader reads for this one as well: a line of `course doctor`."""

from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

import course_utils
from course_utils.checkup import Finding
from course_utils.errors import CourseError
from course_utils.grading.course import read_config
from course_utils.grading.execution.prewarm import CONFIG, course_folder

READERS = {CONFIG: PyFileConfigLoader, Path(CONFIG).with_suffix(".json").name: JSONFileConfigLoader}


def look(folder: Path | None = None) -> list[Finding]:
    """One finding for each file with nbgrader's settings on Jupyter's path that is not this course's; none without any.

    ``folder`` is the course's: that of the course one stands in, or the kit's own, without it.
    """
    try:
        folder = Path(folder or course_folder()).resolve()
        ours = _names(read_config(folder / "assignments"))
    except CourseError:
        return []
    places = [Path(place) for place in dict.fromkeys(jupyter_config_path())]
    found = [place / name for place in places for name in READERS if (place / name).is_file()]
    return [_about(path, ours) for path in found if not _is_ours(path, folder)]


def _about(path: Path, ours: set[str]) -> Finding:
    try:
        theirs = _names(READERS[path.name](path.name, path=str(path.parent)).load_config())
    except Exception as problem:  # whatever a file of somebody else's does
        return Finding(
            False,
            f"nbgrader reads {path} for this course, too, and stops at it ({type(problem).__name__}); mend it, or move it "
            "to the course it belongs to",
        )
    if more := sorted(theirs - ours):
        shown = ", ".join(more[:5]) + (f" and {len(more) - 5} more" if len(more) > 5 else "")
        return Finding(
            False,
            f"{path} is of another course, and what it sets counts here as well: {shown}; move it to that course's own "
            "folder",
        )
    return Finding(
        True, f"{path} is of another course, and this one has its own settings for all that it sets"
    )


def _names(config: Config) -> set[str]:
    """All that a file sets, such as ``CourseDirectory.root``."""
    return {f"{part}.{name}" for part, settings in config.items() for name in settings}


def _is_ours(path: Path, folder: Path) -> bool:
    """Is it the course's own, or the one that came into the environment with the kit?"""
    if path.resolve() == folder / "assignments" / CONFIG:
        return True
    came = Path(course_utils.__file__).parent / "jupyter" / "etc" / "jupyter" / CONFIG
    return path.name == CONFIG and path.read_bytes() == came.read_bytes()
