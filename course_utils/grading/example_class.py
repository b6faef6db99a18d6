"""The example class: twelve students, and every assignment released to them, ready when JupyterLab opens."""

import contextlib
import getpass
import hashlib
import json
import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.course import HAS_EXCHANGE, Course
from course_utils.grading.database import check_gradebook
from course_utils.grading.execution.prewarm import CONFIG, course_folder
from course_utils.grading.folder_names import url_of
from course_utils.grading.submissions.class_list import read_class_list
from course_utils.identity import names
from course_utils.kit import write_whole

EXAMPLE = "example_class.csv"
# What nbgrader makes in the course folder: of what people hand in, and of the sources, which are the instructor's.
WORK = ("submitted", "autograded", "feedback")
MADE = ("gradebook.db", "release", *WORK)
# In the exchange, beside what was released: the example class made this.
MARK = ".example_class"
NAMES = ("COURSE_GRADEBOOK", "COURSE_EXCHANGE")


def ensure_example_class(kit: Path | None = None, *, again: bool = False) -> bool:
    """Make the example class where there is no class yet; bring it up to date when an assignment was changed.

    A class that somebody else made, or in which somebody has handed in work, is left alone.
    So is a kit from which the example class was removed, unless it is wanted ``again``; and one whose settings name
    a gradebook or an exchange elsewhere, where a real class may be.

    Returns
    -------
    Whether anything was done.

    Raises
    ------
    CourseError
        If the class is wanted ``again`` where a real one may be, or cannot be made; if there is a gradebook that cannot
        be opened.
    """
    kit = kit or course_folder()
    course = Course(kit, make_exchange=False)
    if elsewhere := _named_elsewhere(course):
        if again:
            raise CourseError(_for_a_real_class(elsewhere))
        return False
    if not (kit / "assignments" / EXAMPLE).is_file():
        if again:
            raise CourseError(
                f"There is no {EXAMPLE} in {kit / 'assignments'}, of which the example class is made: enter your own class "
                "with course class YOUR_CLASS.csv."
            )
        return False
    _check_own_gradebook(course)
    state = _read_record(kit).get("example_class")
    if state == _fingerprint(kit / "assignments") and (kit / "assignments" / "gradebook.db").exists():
        return False
    if (state == "removed" and not again) or not_the_example(course):
        return False
    print("Getting the example class ready: this takes half a minute.", flush=True)
    _make_example_class(kit)
    return True


def _make_example_class(kit: Path) -> None:
    """Enter the example students into the gradebook, and release every assignment to this kit's own exchange.

    Raises
    ------
    CourseError
        If an assignment cannot be made ready, or the list of students cannot be read.
    """
    assignments = kit / "assignments"
    course = Course(kit)
    students = read_class_list(assignments / EXAMPLE).students
    # Whoever tries the class hands in under the name of this computer's user, as nbgrader does.
    students.setdefault(_this_user(), {"first_name": "You", "last_name": "(this computer)", "email": ""})
    names = [
        source.name for source in sorted((assignments / "source").iterdir()) if any(source.glob("*.ipynb"))
    ]
    # Should this be interrupted, the next start knows that the class is ours, and not whole. What an earlier
    # example class had stays known, too: the list of students and the sources may have changed since.
    before = _read_record(kit)
    record = {
        "example_class": "begun",
        "students": sorted({*students, *before.get("students", ())}),
        "assignments": sorted({*names, *before.get("assignments", ())}),
    }
    _write_record(kit, record)
    course.add_students(students)
    # Without an exchange, Formgrader shows the class all the same; only handing in is not to be tried.
    if HAS_EXCHANGE:
        _mark(course)
    for name in names:
        course.generate(name)
        if HAS_EXCHANGE:
            course.release(name)
    (kit / "my_work").mkdir(exist_ok=True)
    _write_record(kit, record | {"example_class": _fingerprint(assignments)})


def remove_example_class(kit: Path | None = None) -> None:
    """Take the example class away, so that a class of your own may begin with an empty gradebook.

    Raises
    ------
    CourseError
        If the class is not the example class as it was made here: nothing of it is touched.
    """
    kit = kit or course_folder()
    course = Course(kit, make_exchange=False)
    if elsewhere := _named_elsewhere(course):
        raise CourseError(_for_a_real_class(elsewhere))
    assignments, exchange = course.folder / "assignments", _in_exchange(course)
    _check_own_gradebook(course)
    if reasons := not_the_example(course):
        raise CourseError(
            f"This is not the example class as it was made here: {' and '.join(reasons)}, so nothing was removed; "
            f"if all of it was only tried out, delete {', '.join(MADE)} in {assignments} yourself, and in "
            f"{course.folder / '.course'} the folders exchange and submitted."
        )
    # Should this be interrupted, the class is still ours, and not whole.
    _write_record(kit, _read_record(kit) | {"example_class": "begun"})
    try:
        # Only what is empty can be removed in this way: work that comes at this very moment stays.
        for folder in (*(assignments / name for name in WORK), exchange / "inbound", exchange / "feedback"):
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()
        for folder in (exchange / "outbound", assignments / "release"):
            if folder.exists():
                shutil.rmtree(folder)
        if exchange.exists():
            (exchange / MARK).unlink(missing_ok=True)
            exchange.rmdir()
    except OSError as problem:
        raise CourseError(
            f"The example class could not be taken away whole, because of {problem.filename} ({problem.strerror}): "
            "look at what is there, and run the command again."
        ) from None
    (assignments / "gradebook.db").unlink(missing_ok=True)
    _write_record(kit, {"example_class": "removed"})


def _check_own_gradebook(course: Course) -> None:
    """See that the gradebook in the folder can be opened. A link in its place is not followed: it is no example's."""
    if not (course.folder / "assignments" / "gradebook.db").is_symlink():
        check_gradebook(course.coursedir)


def not_the_example(course: Course) -> list[str]:
    """Is all that is here the example class of this folder, as it was made, or nothing at all? If so: an empty list.

    Otherwise each reason why it is not, as part of a sentence. Nothing is written, and no link is followed.
    """
    record = _read_record(course.folder)
    ours = record.get("example_class") not in (None, "removed")
    students, names = ({*record.get(key, ())} if ours else set() for key in ("students", "assignments"))
    assignments, exchange = course.folder / "assignments", _in_exchange(course)
    there = [name for name in MADE if os.path.lexists(assignments / name)]
    reasons = [] if ours or not there else [f"{there[0]} was not made by it"]
    work = [assignments / name for name in WORK]
    # What was handed in from here, of which nbgrader keeps a copy.
    work.append(course.folder / ".course" / "submitted" / course.coursedir.course_id)
    released = [assignments / "release"]
    if not _made_here(exchange):
        reasons.append(f"the exchange {exchange} was not made by it")
    else:
        work += [exchange / name for name in sorted({"inbound", *_entries(exchange)} - {"outbound", MARK})]
        released.append(exchange / "outbound")
    for folders, known in ((work, set()), (released, names)):
        for folder in folders:
            if said := _holds_more(folder, known):
                reasons.append(f"{folder.relative_to(course.folder)} {said}")
    return reasons + _in_gradebook(assignments / "gradebook.db", students, names)


def _named_elsewhere(course: Course) -> str:
    """Which of the settings name something that is not this folder's own, as the beginning of a sentence; or nothing."""
    # Whatever they say: who sets them has a class elsewhere.
    if named := [name for name in NAMES if os.environ.get(name)]:
        return f"{' and '.join(named)} {'are' if named[1:] else 'is'} set"
    assignments, directory, api = course.folder / "assignments", course.coursedir, course.api
    own = str(course.folder / ".course" / "exchange")
    parts = [
        make(coursedir=directory, authenticator=api.authenticator, parent=api)
        for make in (
            api.exchange.ReleaseAssignment,
            api.exchange.FetchAssignment,
            api.exchange.Submit,
            api.exchange.Collect,
            api.exchange.List,
            api.exchange.ReleaseFeedback,
            api.exchange.FetchFeedback,
        )
    ]
    wrong = {
        "another gradebook": directory.db_url != url_of(assignments / "gradebook.db"),
        # An exchange of another kind has no folder.
        "another exchange": any(os.path.realpath(getattr(part, "root", os.sep)) != own for part in parts),
        "other folders": os.path.realpath(directory.root) != str(assignments)
        or any(getattr(directory, f"{name}_directory") != name for name in ("source", *MADE[1:])),
    }
    return next((f"{CONFIG} names {what} than this folder's own" for what in wrong if wrong[what]), "")


def _for_a_real_class(elsewhere: str) -> str:
    return (
        f"{elsewhere}, so this may be a real class, which the example class never meets, and nothing was changed: "
        "to try the example class, use a copy of the kit and a terminal without that setting."
    )


def _in_exchange(course: Course) -> Path:
    return course.exchange / course.coursedir.course_id


def _mark(course: Course) -> None:
    """Tell that what is in the exchange is the example class's."""
    folder = _in_exchange(course)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # as nbgrader does
    (folder / MARK).write_text("The example class was released here: course class --remove takes it away.\n")


def _made_here(exchange: Path) -> bool:
    """Did the example class make this folder of the exchange, or is there nothing?"""
    if not os.path.lexists(exchange):
        return True
    about = exchange.lstat()
    if exchange.is_symlink() or not exchange.is_dir() or about.st_uid != getattr(os, "geteuid", int)():
        return False
    entries = _entries(exchange)
    return MARK in entries or not entries


def _entries(folder: Path) -> list[str]:
    """The names in a folder; none if it is not there."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


def _holds_more(folder: Path, known: set[str]) -> str:
    """What is wrong with a folder that must hold nothing but what is ``known``; nothing if it is not there."""
    if folder.is_symlink():
        return "is a link to another place"
    try:
        more = [name for name in _entries(folder) if name not in known or (folder / name).is_symlink()]
    except OSError as problem:
        return f"cannot be read ({problem.strerror})"
    return f"has {more[0]} in it" if more else ""


def _in_gradebook(path: Path, students: set[str], assignments: set[str]) -> list[str]:
    """What a gradebook has besides these students and assignments, as parts of a sentence."""
    if not os.path.lexists(path):
        return []
    if path.is_symlink():
        return [f"{path.name} is a link to another place"]
    try:
        # Not by nbgrader's Gradebook, which writes to whatever it opens.
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as gradebook:
            people = {student for (student,) in gradebook.execute("SELECT id FROM student")}
            due = dict(gradebook.execute("SELECT name, duedate FROM assignment ORDER BY name"))
            (graded,) = gradebook.execute("SELECT count(*) FROM submitted_assignment").fetchone()
    except sqlite3.Error as problem:
        return [f"its {path.name} cannot be read just now ({problem}; close what else uses it)"]
    reasons = [f"it has an assignment {name} of somebody's own" for name in due if name not in assignments]
    reasons += [f"{name} has a due date" for name in due if name in assignments and due[name]]
    reasons += ["it has work that was graded"] if graded else []
    others = sorted(people - students)
    return reasons + ([f"it has a student named {others[0]}"] if others else [])


@dataclass(frozen=True)
class Entered:
    """What became of a class list: how many students are new, how many were known, and what is to be said of it."""

    new: int
    known: int
    notes: tuple[str, ...] = ()


def enter_class(path: Path) -> Entered:
    """Put the students of a class list into the gradebook; what it does not say of those who are known stays.

    Raises
    ------
    CourseError
        As :func:`read_class_list`; if a name would be taken for HTML by Formgrader, which writes it as it is; or if an
        id differs from one in the gradebook by its case alone.
    """
    found = read_class_list(path)
    for student, details in found.students.items():
        if odd := [text for text in (student, *details.values()) if "<" in text or ">" in text]:
            raise CourseError(
                f"The class list {path.name} has “{odd[0]}”: write it without < and >, and try again. Nobody was entered."
            )
    course = Course.here()
    with course.gradebook as gradebook:
        known = {student.id for student in gradebook.students}
    folded = {student.casefold(): student for student in known}
    for student in found.students:
        other = folded.get(student.casefold(), student)
        if other != student:
            raise CourseError(
                f"The class list {path.name} has {student}, and the gradebook has {other}: on many computers that is the "
                "same name. Write it as it is there. Nobody was entered."
            )
    course.add_students(found.students)
    new = set(found.students) - known
    notes = []
    if found.ignored:
        notes.append(f"Columns that were not used: {', '.join(found.ignored)}.")
    if new and not found.names:
        notes.append("There is no column for names, so Formgrader shows new students by their id.")
    return Entered(len(new), len(set(found.students) & known), tuple(notes))


def _this_user() -> str:
    """The name under which nbgrader hands in what is done on this computer."""
    return names().hand_in or getpass.getuser()


def _fingerprint(assignments: Path) -> str:
    """Changes whenever something changes from which the example class is made."""
    files = [assignments / "nbgrader_config.py", assignments / EXAMPLE]
    files += (
        file for file in sorted((assignments / "source").rglob("*")) if file.is_file() and _counts(file)
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(assignments)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _counts(file: Path) -> bool:
    return not {".ipynb_checkpoints", "__pycache__"} & set(file.parts)


def _state_file(kit: Path) -> Path:
    return kit / ".course" / "class.json"


def _read_record(kit: Path) -> dict:
    """What is known of the example class that was made here.

    ``example_class`` is the fingerprint of what it was made of, ``"begun"`` or ``"removed"``; ``students`` and
    ``assignments`` are lists of all that it ever had. Empty where none was made.
    """
    try:
        record = json.loads(_state_file(kit).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write_record(kit: Path, record: dict) -> None:
    write_whole(_state_file(kit), json.dumps(record))
