"""One at a time: whoever grades a class holds its lock, which the system takes back when its process ends."""

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.privacy import make_folder, opener

try:
    import fcntl
except ImportError:  # Windows, where classes are graded in WSL
    fcntl = None


@contextlib.contextmanager
def only_one(folder: Path, shared: bool = False) -> Iterator[None]:
    """Hold the lock of a class while the block runs. ``shared`` is for a group of graders.

    Raises
    ------
    CourseError
        If another process holds it.
    """
    make_folder(folder, shared)
    path = folder / "lock"
    with open(path, "a+", encoding="utf-8", opener=opener(shared)) as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                who = file.read().strip() or "another process"
                raise CourseError(
                    f"This class is being graded already ({who}): wait until that is done, then try again."
                ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {datetime.now():%H:%M}")
        file.flush()
        yield
        file.truncate(0)
