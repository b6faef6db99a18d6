"""A class of forty: answers of every kind from the proofs, accidents, faults, and work that cannot be read.

Who gets what follows from the place on the list alone, so that any number of courses can be made that are the same,
and of a part of the list.
"""

import copy
import json
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from processes import ran

from course_utils.authoring.proofs import in_packs
from course_utils.grading import proving
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.course import Course, released_notebook
from course_utils.grading.gradebook.marks import marks_of
from course_utils.kit import kit_folder

ASSIGNMENT = "01_who_is_our_customer"
FORTY = range(40)
# One of most kinds: right and wrong, late, not there, not to be read, and with the faults that take the longest.
TWELVE = (0, 1, 2, 4, 6, 8, 9, 13, 17, 21, 31, 33)
# Small bounds, so that an endless loop does not take half a minute.
SETTINGS = 'c.Examine.limits = {"cell_cpu": 3, "cell_wall": 8}\n'
NOT_THERE = {"student17"}
NOT_READ = {"student08", "student26", "student33"}


def students(numbers: Iterable[int]) -> set[str]:
    return {_student(number) for number in numbers}


def _student(number: int) -> str:
    return f"student{number:02}"


def make(folder: Path, numbers: Iterable[int] = FORTY) -> Course:
    """A course in which those of the forty with these numbers have handed in."""
    course = Course.create(folder, [kit_folder() / "assignments" / "source" / ASSIGNMENT])
    with (folder / "assignments" / "nbgrader_config.py").open("a") as file:
        file.write(SETTINGS)
    course = Course(folder, apart=True)
    course.generate(ASSIGNMENT)
    course.add_students({_student(number): {} for number in numbers})
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2025-09-14 23:59:00 UTC")
    (folder / "assignments" / "late.toml").write_text('[penalty]\npercent = 10\nper = "day"\n')
    released = released_notebook(course, ASSIGNMENT)
    packs = in_packs(proving.proofs(ASSIGNMENT))
    for number in numbers:
        if _student(number) not in NOT_THERE:
            _hand_in(course, _student(number), number, released, packs[number % len(packs)])
    return course


def copied(course: Course, folder: Path) -> Course:
    """The same course in another folder, which does not exist yet."""
    return Course(Path(shutil.copytree(course.folder, folder, symlinks=True)), apart=True)


def _hand_in(course, student, number, released, pack):
    target = course.submitted(student, ASSIGNMENT)
    target.mkdir(parents=True)
    day = 16 if number % 10 == 4 else 13
    (target / "timestamp.txt").write_text(f"2025-09-{day} 10:{number:02}:00.000000 UTC")
    notebook = copy.deepcopy(released)
    answers = {proof.question: proof.source for proof in pack}
    for cell in notebook.cells:
        if source := answers.get(grade_id_of(cell)):
            cell.source = source
    path = target / f"{ASSIGNMENT}.ipynb"
    if fault := FAULTS.get(number):
        fault(notebook)
    nbformat.write(notebook, path)
    if accident := FILES.get(number):
        accident(path)


def _cell(notebook, grade_id):
    return next(cell for cell in notebook.cells if grade_id_of(cell) == grade_id)


def _source(grade_id, source):
    def fault(notebook):
        _cell(notebook, grade_id).source = source

    return fault


def _copied(notebook):
    place = notebook.cells.index(_cell(notebook, "active_share"))
    twin = copy.deepcopy(notebook.cells[place])
    twin.id = "a-copy"
    notebook.cells.insert(place + 1, twin)


def _without(notebook):
    notebook.cells = [c for c in notebook.cells if grade_id_of(c) not in ("test_borrowers", "unexpired")]


def _shuffled(notebook):
    notebook.cells = notebook.cells[3:] + notebook.cells[:3]


def _skipping(notebook):
    _cell(notebook, "test_active_share").metadata["tags"] = ["skip-execution"]


# By the place on the list.
FAULTS = {
    2: _source("unexpired", "import os\nos._exit(1)"),
    6: _source("borrowers", "while True:\n    pass"),
    9: _copied,
    11: _source("registered", "registered = ("),
    13: _without,
    15: _shuffled,
    19: _skipping,
    21: _source("unexpired", "print('x' * 3_000_000)\nunexpired = (patrons['expires'] >= grace).sum()"),
    23: _source(
        "active_share",
        "class Always:\n    def __eq__(self, other):\n        return True\nactive_share = Always()",
    ),
    28: _source("setup", "print('nothing here')"),
    30: _source("registered", "import sys, warnings\nwarnings.warn('soon')\nregistered = len(patrons)"),
    35: _source("registered", "raise KeyboardInterrupt"),
}
FILES = {
    8: lambda path: path.write_text("<!DOCTYPE html>\n<title>Sign in</title>\n"),
    26: lambda path: path.write_text(f"<<<<<<< HEAD\n{path.read_text()}"),
    31: lambda path: path.rename(path.with_name("Homework (3).ipynb")),
    33: lambda path: path.unlink(),
    37: lambda path: path.with_name("grades.csv").symlink_to(path.parents[3] / "gradebook.db"),
}


def typed(course: Course, *options: str) -> dict:
    """`course grade`, as somebody types it in the folder of the class: what ``processes`` needs to run it."""
    return {
        "command": [sys.executable, "-m", "course_utils.cli", "grade", ASSIGNMENT, *options],
        "cwd": course.folder,
        "env": {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")},
    }


def run(course: Course, *options: str) -> tuple[int, str]:
    """Grade, and give back the code and what was said."""
    return ran(**typed(course, *options), seconds=900)


def everything(course: Course, db_url: str | None = None) -> dict:
    """All that grading leaves in the gradebook and in the notebooks, but for how long it took."""
    with Gradebook(db_url or course.coursedir.db_url, course.coursedir.course_id) as gradebook:
        marks = marks_of(gradebook, ASSIGNMENT)
        submissions = {
            each.student_id: (
                each.timestamp,
                each.score,
                each.needs_manual_grade,
                each.late_submission_penalty,
            )
            for each in gradebook.assignment_submissions(ASSIGNMENT)
        }
        comments = {
            (submission.student_id, comment.name): comment.auto_comment
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
            for comment in notebook.comments
        }
    notebooks = {}
    for path in sorted((course.folder / "assignments" / "autograded").glob(f"*/{ASSIGNMENT}/*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            for name in ("seconds", "cpu"):
                cell["metadata"].get("course", {}).pop(name, None)
        notebooks[path.parent.parent.name] = notebook
    return {"marks": marks, "submissions": submissions, "comments": comments, "notebooks": notebooks}


def graded(course: Course) -> list[Path]:
    """The notebooks of the students whose marks are in."""
    found = (course.folder / "assignments" / "autograded").glob(f"*/{ASSIGNMENT}/*.ipynb")
    return [path for path in found if '"stamp"' in path.read_text(encoding="utf-8", errors="replace")]


def kept(course: Course) -> dict[str, int]:
    """What is in the cache: a file that was written anew has another number."""
    return {path.name: path.stat().st_ino for path in course.grading_folder.glob("*/*.json.gz")}
