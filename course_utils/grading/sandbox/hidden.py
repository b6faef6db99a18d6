"""Where a class keeps what its students must not read: the answers, the gradebook, what others have handed in."""

import os
import re
from pathlib import Path

from traitlets.config import Config

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
        file_of_database(course.get("db_url") or f"sqlite:///{root}/gradebook.db"),
    ]
    return tuple(sorted({os.path.abspath(place) for place in found if place}))


def file_of_database(url: str) -> str:
    """The file that an address of SQLAlchemy names; empty if it names a server."""
    file = re.fullmatch(r"sqlite[^:]*:///(?:file:)?([^?]+).*", url)
    return file[1] if file else ""
