"""Who else on this computer can read or change what a class consists of: what `course doctor` says of each place."""

import contextlib
import os
import shlex
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import Exchange
from sqlalchemy.engine import make_url

from course_utils.checkup import Finding
from course_utils.errors import CourseError, Stopped
from course_utils.grading.course import read_config
from course_utils.grading.database import open_gradebook
from course_utils.grading.example_class import EXAMPLE
from course_utils.grading.execution.prewarm import CONFIG, course_folder
from course_utils.grading.folder_names import file_of
from course_utils.grading.submissions.class_list import read_class_list
from course_utils.grading.submissions.ownership import name_of

try:
    import grp
    import pwd
except ImportError:  # Windows, whose folders have no such permissions
    grp = pwd = None

READ, WRITE, ENTER = 4, 2, 1
# What an instructor makes beside the gradebook has names and marks in it, too.
COPIES = ("gradebook[!.]*", "*.csv", "*.zip", "report_*.html")
EVERYBODY = "everybody on this computer"


def look(folder: Path | None = None) -> tuple[list[Finding], bool]:
    """What of a course is open to others.

    Parameters
    ----------
    folder : the course's; that of the course one stands in, or the kit's own, without it.

    Returns
    -------
    One finding for each place, none of which is made by looking; and whether there is a class to be careful with: one
    with a student who is neither of the example class nor whoever asks. Without a course there is nothing to find.
    """
    if pwd is None:
        return [], False
    try:
        folder = Path(folder or course_folder()).resolve()
        config = read_config(folder / "assignments")
    except CourseError:
        return [], False
    coursedir = CourseDirectory(config=config)
    here = Path(coursedir.root)
    shared = coursedir.groupshared
    findings = [
        _gradebook(coursedir),
        _about("the settings", [here / CONFIG, here / "late.toml"], shared, WRITE),
    ]
    answers = [here / "source", here / "text", folder / "tests" / "proofs"]
    findings.append(_about("the answers", answers, shared))
    for name in (coursedir.submitted_directory, coursedir.autograded_directory, coursedir.feedback_directory):
        findings.append(_about(name, [here / name], shared))
    records = Path(config.Examine.get("cache") or folder / ".course" / "grading")
    findings.append(_about("the records of grading", [records], shared))
    copies = sorted({path for pattern in COPIES for path in here.glob(pattern)} - {here / EXAMPLE})
    findings.append(_about("lists, exports and copies of grades", copies, shared))
    findings += _exchange(Path(Exchange(coursedir=coursedir, config=config).root), coursedir)
    try:
        return findings, _is_real(coursedir)
    except Stopped as problem:
        # It cannot be read, so it is not known to be the example's.
        return [Finding(False, f"the gradebook: {problem}"), *findings], True


def _gradebook(coursedir) -> Finding:
    path = file_of(coursedir.db_url)
    if path is None:
        host = make_url(coursedir.db_url).host
        return Finding(True, f"the gradebook: the database server {host or ''} decides who reads it")
    return _about("the gradebook", [path], coursedir.groupshared)


def _about(name: str, paths: Iterable[Path], shared: bool, forbidden: int = READ | WRITE) -> Finding:
    """What others can do to a place, which may be several files and folders, and what to type."""
    there = [path for path in paths if path.exists()]
    if not there:
        return Finding(True, f"{name}: not there yet")
    can: dict[str, list[str]] = {}
    commands: dict[str, list[Path]] = {}
    others = "o" if shared else "go"
    for path in there:
        for who, may in _others(path, shared):
            opened = READ if may(path, READ) or (path.is_dir() and may(path, ENTER)) else 0
            opened |= WRITE if may(path, WRITE) else 0
            if opened & forbidden:
                what = {READ: "read", WRITE: "change", READ | WRITE: "read and change"}[opened]
                can.setdefault(f"{who} can {what} ", []).append(path.name)
                change = f"-R {others}=" if forbidden & READ else f"{others}-w"
                commands.setdefault(f"chmod {change}", []).append(path)
            for above in path.parents:
                if may(above, WRITE | ENTER) and not above.stat().st_mode & stat.S_ISVTX:
                    can.setdefault(f"{who} can put something else in the place of ", []).append(path.name)
                    commands.setdefault(f"chmod {others}-w", []).append(above)
    if not can:
        nobody = "nobody outside your group" if shared else "nobody else"
        return Finding(
            True, f"{name}: {nobody} can {'read or change' if forbidden & READ else 'change'} this"
        )
    said = "; ".join(what + _listed(names) for what, names in can.items())
    typed = " && ".join(
        f"{command} {' '.join(shlex.quote(str(path)) for path in dict.fromkeys(places))}"
        for command, places in commands.items()
    )
    return Finding(False, f"{name}: {said}; type {typed}")


def _exchange(root: Path, coursedir) -> list[Finding]:
    """Of the exchange, by its permissions alone: everybody is meant to come in."""
    if not root.is_dir():
        return [Finding(True, "the exchange: not there yet")]
    course = root / coursedir.course_id
    shared = coursedir.groupshared
    wrong = []

    def look_at(folder: Path, bad: Callable[[int], bool], what: str, command: str) -> None:
        if folder.is_dir() and bad(stat.S_IMODE(folder.stat().st_mode)):
            typed = f"chmod {command} {shlex.quote(str(folder))}"
            owner = folder.stat().st_uid
            ask = "" if os.geteuid() in (0, owner) else f"ask {name_of(owner)} to "
            wrong.append(Finding(False, f"the exchange: {what}; {ask}type {typed}"))

    def is_loose(mode: int) -> bool:
        return bool(mode & 0o022) and not mode & stat.S_ISVTX

    look_at(root, is_loose, "any student can rename or remove the course in it", "+t")
    others = 0o002 if shared else 0o022
    for folder in (course, course / "outbound", course / "feedback"):
        look_at(
            folder,
            lambda mode: bool(mode & others),
            f"others can change its folder {folder.name}",
            "o-w" if shared else "go-w",
        )
    look_at(course / "inbound", lambda mode: bool(mode & 0o004), "everybody can see who handed in", "o-r")
    look_at(course / "feedback", lambda mode: bool(mode & 0o004), "everybody can see all feedback", "o-r")
    if not shared:
        look_at(course / "inbound", is_loose, "any student can rename what others handed in", "+t")
        owner = Path(coursedir.root).stat().st_uid
        if course.is_dir() and course.stat().st_uid != owner:
            whose = name_of(course.stat().st_uid)
            wrong.append(
                Finding(
                    False,
                    f"the exchange: its folder {course.name} belongs to {whose}, and your course to {name_of(owner)}; "
                    f"if {whose} is a student, take it away and release again: rm -r {shlex.quote(str(course))}",
                )
            )
    return wrong or [Finding(True, "the exchange: everybody can hand in, and nobody take another's place")]


def _others(path: Path, shared: bool) -> list[tuple[str, Callable[[Path, int], bool]]]:
    """Who else there is, and whether they may do something (bits as of a file's mode) to a path or one above it."""
    found = [(EVERYBODY, _may(None))]
    gid = path.stat().st_gid
    if not shared and (group := _group_with_others(gid, path.stat().st_uid)):
        found.append((f"the group {group}", _may(gid)))
    return [
        (who, may)
        for who, may in found
        # Whom everybody is, the group is as well.
        if who == EVERYBODY or not any(_may(None)(path, bit) for bit in (READ, WRITE, ENTER))
    ]


def _may(gid: int | None) -> Callable[[Path, int], bool]:
    def bits(path: Path) -> int:
        facts = path.stat()
        return facts.st_mode >> 3 & 7 if facts.st_gid == gid else facts.st_mode & 7

    return lambda path, wanted: (
        bits(path) & wanted == wanted and all(bits(above) & ENTER for above in path.parents)
    )


def _group_with_others(gid: int, owner: int) -> str:
    """The name of a group that has somebody in it beside the owner of a file, and root."""
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return str(gid)
    own = {name_of(owner), "root"}
    members = {*group.gr_mem, *(user.pw_name for user in pwd.getpwall() if user.pw_gid == gid)}
    return group.gr_name if members - own else ""


def _is_real(coursedir) -> bool:
    path = file_of(coursedir.db_url)
    if path is not None and not path.exists():
        return False
    ours = {name_of(os.getuid())}
    with contextlib.suppress(CourseError, OSError):
        ours |= set(read_class_list(Path(coursedir.root) / EXAMPLE).students)
    with open_gradebook(coursedir) as gradebook:
        return any(student.id not in ours for student in gradebook.students)


def _listed(parts: list[str]) -> str:
    parts = list(dict.fromkeys(parts))
    return ", ".join(parts[:3]) + (f" and {len(parts) - 3} more" if len(parts) > 3 else "")
