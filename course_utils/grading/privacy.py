"""Who may read what a class leaves behind: whoever grades it, and nobody else on the same computer.

nbgrader gives everybody all rights to what is handed in, so that it can be deleted, and leaves the rest to the rights
that new files have by themselves. Where several graders share a course (``c.CourseDirectory.groupshared``), their group
may do what its owner may.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

_settings = {}


def is_shared(config) -> bool:
    """Whether a course's settings say that a group of graders shares it."""
    # On the command line it is a text.
    return str(config.CourseDirectory.get("groupshared", False)) == "True"


def modes(shared: bool) -> tuple[int, int]:
    """The permissions of a folder and of a file."""
    return (0o2770, 0o660) if shared else (0o700, 0o600)


def close(path: Path, shared: bool = False) -> None:
    """Take everybody else's rights to a file, or to a folder and all that is in it.

    A link is passed over, and so is a file that has another name elsewhere: it may be anybody's. So is what belongs
    to a colleague, who has closed it.
    """
    _set_mode(path, shared)
    for place, folders, files in os.walk(path):
        for name in (*folders, *files):
            _set_mode(os.path.join(place, name), shared)


def close_work(folder: Path, coursedir) -> None:
    """Close one student's work, and the folders around it, which are made if they are not there yet.

    ``coursedir`` is nbgrader's CourseDirectory; its ``root`` and what is above that are left as they are.
    """
    for place in _folders_around(folder, coursedir):
        make_folder(place, coursedir.groupshared)
    if Path(folder).exists():
        close(folder, coursedir.groupshared)


def make_folder(folder: Path, shared: bool = False) -> None:
    """Make a folder that is closed, or close the one that is there; what is in it is not looked at."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    # It may stand on another disk.
    _set_mode(os.path.realpath(folder), shared)


def opener(shared: bool = False) -> Callable[[str, int], int]:
    """For Python's ``open``: a file that it makes is closed from the start."""

    def _open(path: str, flags: int) -> int:
        is_new = not os.path.lexists(path)
        number = os.open(path, flags, modes(shared)[1])
        if is_new:
            _set_mode(path, shared)
        return number

    return _open


def keep_closed(converter) -> None:
    """Have one of nbgrader's converters close what it writes, instead of opening it to everybody."""

    def set_permissions(assignment: str, student: str) -> None:
        close_work(Path(converter._format_dest(assignment, student)), converter.coursedir)

    converter.set_permissions = set_permissions
    # Nothing is to be read while it is written, either.
    for place in _folders_around(Path(converter._format_dest("*", "*")), converter.coursedir):
        if "*" not in place.name:
            make_folder(place, converter.coursedir.groupshared)


def private_gradebooks(config) -> None:
    """Make every new gradebook a closed file. ``config`` is what nbgrader_config.py sets, looked at when one is made."""
    _settings["config"] = config


@event.listens_for(Engine, "do_connect")
def _make_gradebook(dialect, record, arguments, options) -> None:
    """Make the file before SQLite does, which would let everybody read it; its journals take after it."""
    if "config" not in _settings or dialect.name != "sqlite" or not arguments:
        return
    path = str(arguments[0])
    if path in ("", ":memory:") or path.startswith("file:") or os.path.lexists(path):
        return
    with contextlib.suppress(OSError):  # SQLite says better why it cannot be made
        os.close(opener(is_shared(_settings["config"]))(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))


def _folders_around(folder: Path, coursedir) -> list[Path]:
    """The folders of the course that hold a student's work, from the top down."""
    root = Path(os.path.abspath(coursedir.root))
    folder = Path(os.path.abspath(folder))
    return [place for place in reversed(folder.parents) if root in place.parents]


def _set_mode(path: str | Path, shared: bool) -> None:
    facts = os.lstat(path)
    folder, file = modes(shared)
    if stat.S_ISDIR(facts.st_mode):
        wanted = folder
    elif stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1:
        wanted = file
    else:
        return
    if stat.S_IMODE(facts.st_mode) != wanted:
        with contextlib.suppress(PermissionError):
            os.chmod(path, wanted)
