"""The example class: twelve students, and every assignment released to them, ready when JupyterLab opens."""

import getpass
import hashlib
import json
import shutil
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.learning_systems.class_list import read_table
from course_utils.identity import names
from course_utils.kit import kit_folder, write_whole

EXAMPLE = "example_class.csv"
COLUMNS = ("id", "last_name", "first_name", "email")
# What nbgrader makes in the course folder; the sources and the settings are the instructor's.
MADE = ("gradebook.db", "release", "submitted", "autograded", "feedback")


def ensure_example_class(kit: Path | None = None, *, again: bool = False) -> bool:
    """Make the example class where there is no class yet; bring it up to date when an assignment was changed.

    A class that somebody else made, or in which somebody has handed in work, is left alone.
    So is a kit from which the example class was removed, unless it is wanted ``again``.

    Returns
    -------
    Whether anything was done.
    """
    kit = kit or kit_folder()
    assignments = kit / "assignments"
    state = _read_state(kit)
    wanted = _fingerprint(assignments)
    has_gradebook = (assignments / "gradebook.db").exists()
    if has_gradebook and state in (None, wanted, "removed"):
        return False
    if was_removed(kit) and not again:
        return False
    if has_gradebook and _has_submissions(kit):
        return False
    make_example_class(kit)
    return True


def was_removed(kit: Path) -> bool:
    """Was the example class taken away, so that it is not made again unasked?"""
    return _read_state(kit) == "removed"


def make_example_class(kit: Path | None = None) -> None:
    """Enter the example students into the gradebook, and release every assignment to this kit's own exchange.

    Raises
    ------
    CourseError
        If an assignment cannot be made ready, or the list of students cannot be read.
    """
    from course_utils.grading.pipeline import HAS_EXCHANGE, Course

    kit = kit or kit_folder()
    assignments = kit / "assignments"
    course = Course(kit)
    students = read_roster(assignments / EXAMPLE)
    # Should this be interrupted, the next start knows that the class is ours, and not whole.
    write_whole(_state_file(kit), json.dumps({"example_class": "begun"}))
    # Whoever tries the class hands in under the name of this computer's user, as nbgrader does.
    students.setdefault(_this_user(), {"first_name": "You", "last_name": "(this computer)", "email": ""})
    course.add_students(students)
    for source in sorted((assignments / "source").iterdir()):
        if any(source.glob("*.ipynb")):
            course.generate(source.name)
            # Without an exchange, Formgrader shows the class all the same; only handing in is not to be tried.
            if HAS_EXCHANGE:
                course.release(source.name)
    (kit / "my_work").mkdir(exist_ok=True)
    write_whole(_state_file(kit), json.dumps({"example_class": _fingerprint(assignments)}))


def remove_example_class(kit: Path | None = None) -> None:
    """Take the example class away, so that a class of your own may begin with an empty gradebook.

    Raises
    ------
    CourseError
        If the class is not the example class: nothing of it is touched.
    """
    from course_utils.grading.pipeline import Course

    kit = kit or kit_folder()
    assignments = kit / "assignments"
    course = Course(kit)
    if (assignments / "gradebook.db").exists():
        ours = {*read_roster(assignments / EXAMPLE), _this_user()}
        with course.gradebook as gradebook:
            others = sorted(student.id for student in gradebook.students if student.id not in ours)
        if others:
            raise CourseError(
                f"This is not the example class: it has a student named {others[0]}, so nothing was removed. "
                f"If you are sure, delete the folder's {', '.join(MADE)} yourself."
            )
    for name in MADE:
        path = assignments / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for folder in (course.exchange, course.cache):
        shutil.rmtree(folder / course.coursedir.course_id, ignore_errors=True)
    write_whole(_state_file(kit), json.dumps({"example_class": "removed"}))


def enter_class(path: Path) -> tuple[int, int]:
    """Put the students of a class list into the gradebook. Returns how many are new, and how many are known already.

    Raises
    ------
    CourseError
        As :func:`read_roster`, or if a name would be taken for HTML by Formgrader, which writes it as it is.
    """
    from course_utils.grading.pipeline import Course

    students = read_roster(path)
    for student, details in students.items():
        if odd := [text for text in (student, *details.values()) if "<" in text or ">" in text]:
            raise CourseError(
                f"The class list {path.name} has “{odd[0]}”: write it without < and >, and try again. Nobody was entered."
            )
    course = Course.here()
    with course.gradebook as gradebook:
        known = {student.id for student in gradebook.students}
    course.add_students(students)
    return len(set(students) - known), len(set(students) & known)


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """A class list, as ``nbgrader db student import`` takes it, or as a spreadsheet saves it: id -> names and e-mail.

    Raises
    ------
    CourseError
        If the file is not there, has no column ``id``, or an id is missing or occurs twice.
    """
    header, *rows = read_table(path) or [[]]
    columns = [name.strip().lower() for name in header]
    if "id" not in columns:
        raise CourseError(
            f"The class list {path.name} has no column “id”; it has: {', '.join(columns) or 'nothing'}."
        )
    students = {}
    for line, cells in enumerate(rows, start=2):
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        student = row.get("id", "")
        if not student or student in students:
            what = f"the id {student} a second time" if student else "no id"
            raise CourseError(
                f"Line {line} of the class list {path.name} has {what}: every student needs one of their own."
            )
        students[student] = {column: row.get(column, "") for column in COLUMNS[1:]}
    return students


def _this_user() -> str:
    """The name under which nbgrader hands in what is done on this computer."""
    return names().hand_in or getpass.getuser()


def _has_submissions(kit: Path) -> bool:
    from course_utils.grading.pipeline import Course

    with Course(kit).gradebook as gradebook:
        return any(assignment.num_submissions for assignment in gradebook.assignments)


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


def _read_state(kit: Path) -> str | None:
    """The fingerprint of the example class that was made here, ``"begun"``, ``"removed"``, or None."""
    try:
        return json.loads(_state_file(kit).read_text(encoding="utf-8"))["example_class"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
