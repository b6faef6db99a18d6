"""Where a class keeps what its students must not read: the answers, the gradebook, what others have handed in."""

import os
from pathlib import Path

from traitlets.config import Config

from course_utils.grading.folder_names import file_of, url_of

_FOLDERS = ("source", "release", "submitted", "autograded", "feedback")


def places(config: Config) -> tuple[str, ...]:
    """The files and folders of the class that these settings describe, whether they are there or not."""
    course, exchange = config.CourseDirectory, config.Exchange
    root = Path(course.get("root") or ".")
    found = [
        root,
        root.absolute().parent / ".course",
        # Where these are told apart, they may lie elsewhere.
        *(root / course.get(f"{name}_directory", name) for name in _FOLDERS),
        exchange.get("root"),
        exchange.get("cache"),
        exchange.get("assignment_dir"),
        config.Examine.get("cache"),
        file_of(course.get("db_url") or url_of(root / "gradebook.db")),
    ]
    return tuple(sorted({os.path.abspath(place) for place in found if place}))
