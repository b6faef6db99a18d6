"""Sheets for tests, written down as short as can be."""

import re

import nbformat

from course_utils.checks.questions import file_of
from course_utils.grading.execution.job import Cell, CellResult, ExecutionResult, Job, Role
from course_utils.kit import kit_folder

SOLUTION = re.compile(r"(?ms)^[ \t]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*\n?")
HIDDEN = re.compile(r"(?ms)^[ \t]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?")
MARKS = re.compile(r"(?m)^[ \t]*### (BEGIN|END) (SOLUTION|HIDDEN TESTS).*\n?")
SETUP = "from course_utils import expect\nimport pandas as pd\nimport numpy as np\npatrons = [3, 1, 2]"


def setup(source: str = SETUP) -> Cell:
    return Cell(Role.SETUP, source, "setup", whole=source)


def answer(name: str, source: str | None = None, released: str | None = None) -> Cell:
    released = f"{name} = ..." if released is None else released
    return Cell(Role.ANSWER, released if source is None else source, name, released=released)


def added(source: str) -> Cell:
    return Cell(Role.EXTRA, source)


def a_test(*names: str, whole: str, points: float = 2) -> Cell:
    return Cell(Role.TEST, "# released", f"test_{names[0]}", points, whole=whole, answers=names)


def job(*cells: Cell, student: str = "ada", **options) -> Job:
    return Job(student, "90_small", "90_small", cells, **options)


def question(name: str, source: str | None, whole: str, points: float = 2) -> tuple[Cell, Cell]:
    return answer(name, source), a_test(name, whole=whole, points=points)


def results(record: ExecutionResult, of: Job) -> dict[str, CellResult]:
    """The results of the cells that have a name."""
    return {
        cell.grade_id: result for cell, result in zip(of.cells, record.results, strict=True) if cell.grade_id
    }


def week_one(student: str, answers: dict[str, str] | None = None) -> Job:
    """The first assignment with its reference solution, but for ``answers``; one of ``""`` is left as released."""
    name = "01_who_is_our_customer"
    notebook = nbformat.read(kit_folder() / "assignments" / "source" / name / f"{name}.ipynb", as_version=4)
    cells = []
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code":
            cells.append(Cell(Role.WORDS, cell.source))
        elif marks["solution"]:
            released = SOLUTION.sub("", cell.source)
            written = (answers or {}).get(marks["grade_id"], MARKS.sub("", cell.source))
            cells.append(answer(marks["grade_id"], written or released, released))
        elif marks["grade"]:
            whole = MARKS.sub("", cell.source)
            of = (marks["grade_id"].removeprefix("test_"),)
            source = HIDDEN.sub("", cell.source)
            cells.append(Cell(Role.TEST, source, marks["grade_id"], marks["points"], whole, answers=of))
        else:
            cells.append(Cell(Role.SETUP, cell.source, marks["grade_id"], whole=cell.source))
    tables = ("patrons", "checkouts", "attendance", "computer_sessions")
    questions = file_of(kit_folder() / "assignments", name).read_text(encoding="utf-8")
    return Job(student, name, name, tuple(cells), tables=tables, questions=questions)
