"""Whose library is this? Every learner has a library of their own, found by a name.

The name comes from the first of these that is there:

1. ``COURSE_STUDENT``, which grading sets to the name on the class list;
2. ``JUPYTERHUB_USER``, the user name on a hub;
3. the file that the form in *00_start_here* writes;
4. ``"guest"``, a library that everybody may share.
"""

import functools
import json
import os
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.kit import write_whole

GUEST = "guest"


def who_am_i() -> str:
    """The name of whoever works here, a text that is never empty."""
    for variable in ("COURSE_STUDENT", "JUPYTERHUB_USER"):
        if name := os.environ.get(variable, "").strip():
            return name
    return _saved_name() or GUEST


def save_name(name: str) -> str:
    """Remember ``name`` for every notebook of this kit, and give it back without outer spaces.

    Raises
    ------
    CourseError
        If the name is empty, or the file cannot be written.
    """
    name = str(name).strip()
    if not name:
        raise CourseError("The name is empty: type the user name that your course knows you by.")
    path = _name_file()
    try:
        write_whole(path, json.dumps({"name": name}, ensure_ascii=False))
    except OSError as problem:
        raise CourseError(f"Your name could not be saved in {path.name}: {problem.strerror}.") from None
    my_library.cache_clear()
    return name


@functools.cache
def my_library():
    """The library of whoever works here: the same tables as Port Ellery, with numbers of your own."""
    from course_utils.library import Library

    return Library.for_student(who_am_i())


def _name_file() -> Path:
    """In the kit's folder where it can be written to, so that it travels with the kit, else at home."""
    kit = Path(__file__).resolve().parent.parent
    home = Path.home()
    if (kit / "pyproject.toml").exists() and os.access(kit, os.W_OK):
        home = kit
    return home / ".course" / "student.json"


def _saved_name() -> str | None:
    try:
        return str(json.loads(_name_file().read_text(encoding="utf-8"))["name"]).strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(
            f"The file .course/{_name_file().name}, which holds your name, cannot be read: "
            "open 00_start_here and save your name again."
        ) from None
