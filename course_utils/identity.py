"""Whose library is this, and under which name is work handed in? One function, :func:`names`, says both.

Every learner has a library of their own, found by a name. It comes from the first of these that is there:

1. ``COURSE_STUDENT``, which grading sets to the name on the class list;
2. on a hub, the name under which nbgrader hands in there;
3. the file that the form in *00_start_here* writes;
4. ``"guest"``, a library that everybody may share.

nbgrader hands in under the name of the operating system's account, which the exchange can check: a student owns what
they hand in. Where everybody works in a container as ``jovyan``, that says nothing, and the hub's name is taken. A hub
whose containers all have another account, such as ``student``, sets ``COURSE_NAMES=hub`` for the same.
"""

import contextlib
import functools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_utils.errors import CourseError
from course_utils.kit import write_whole

GUEST = "guest"
EVERYBODYS = "jovyan"  # the account of Jupyter's own containers, as nbgrader knows it


class Names(NamedTuple):
    """Whose ``library`` it is, and the name under which work is handed in; None where nothing can be (a browser, Windows)."""

    library: str
    hand_in: str | None

    @property
    def agree(self) -> bool:
        """Is what is handed in here graded with the library that it was worked on?"""
        return self.hand_in is None or is_same_library(self.library, self.hand_in)


def names() -> Names:
    """Both names of whoever works here.

    Raises
    ------
    CourseError
        If ``COURSE_NAMES`` says what has no meaning, or the saved name cannot be read.
    """
    account, hub = _account(), hub_name()
    by_hub = os.environ.get("COURSE_NAMES", "").strip().lower()
    if by_hub not in ("", "hub", "system"):
        raise CourseError(
            f"COURSE_NAMES must be “hub” or “system”, and is “{by_hub}”: ask whoever runs your hub."
        )
    on_shared_account = account in (None, EVERYBODYS) or by_hub == "hub"
    hand_in = hub if hub and on_shared_account else account
    if given := os.environ.get("COURSE_STUDENT", "").strip():
        return Names(given, hand_in)
    if hub:
        # The administrator's account is nobody's own.
        return Names(hub if account == "root" and by_hub != "system" else hand_in or hub, hand_in)
    return Names(_saved_name() or GUEST, hand_in)


def who_am_i() -> str:
    """The name of whoever works here, a text that is never empty."""
    return names().library


def login_name() -> str:
    """The name under which nbgrader hands in here; empty where nothing can be, or where it is everybody's."""
    name = names().hand_in
    return "" if name in (None, EVERYBODYS) else name


def hub_name() -> str:
    """The user name on a hub; empty where there is none."""
    return os.environ.get("JUPYTERHUB_USER", "").strip()


def is_same_library(one: str, other: str) -> bool:
    """Whether two names lead to the same library: capital letters make no difference to it."""
    from course_utils.library.chance import seed_for

    return seed_for(one) == seed_for(other)


def two_names() -> str:
    """What to say where work that is handed in here would be graded with another library; nothing where it would not.

    Nothing is said while grading, where ``COURSE_STUDENT`` names the one that counts.
    """
    mine = names()
    if os.environ.get("COURSE_STUDENT", "").strip() or mine.agree:
        return ""
    said = (
        f"You work with the library of {mine.library}, but what you hand in here goes by the name {mine.hand_in}, "
        f"and is graded with the library of {mine.hand_in}."
    )
    if hub_name():
        return f"{said} Tell your instructor both names before you hand in."
    return (
        f"{said} If you hand in from this computer, open 00_start_here and save the name {mine.hand_in}; if your course "
        "takes your file in another way, keep the name that it knows you by."
    )


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
    """The library of whoever works here: the same tables as Port Ellery, with numbers of your own.

    Where work that is handed in here would be graded with another one, that is said, once, as Jupyter shows errors.
    """
    from course_utils.library import Library

    if said := two_names():
        print(f"Look at your name before you begin! {said}", file=sys.stderr)
    return Library.for_student(who_am_i())


@contextlib.contextmanager
def acting_as(student: str) -> Iterator[None]:
    """Where the kit asks whose library this is, it is the student's. One that was opened for them before stays open."""
    before = os.environ.get("COURSE_STUDENT")
    if before != student:
        os.environ["COURSE_STUDENT"] = student
        my_library.cache_clear()
    try:
        yield
    finally:
        if before != student:
            my_library.cache_clear()
            os.environ.pop("COURSE_STUDENT")
            if before is not None:
                os.environ["COURSE_STUDENT"] = before


def _account() -> str | None:
    """The operating system's user, as nbgrader takes it; None where there is none, or nothing can be handed in."""
    if sys.platform in ("win32", "emscripten"):
        return None
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container that runs under a number that nobody has
        return None


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
