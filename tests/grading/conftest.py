"""A small assignment in the style of the kit's own, for tests of grading that do not care about its questions."""

import copy
import functools

import nbformat
import nbgrader.api
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.grading.assignment import grade_id_of
from course_utils.grading.course import Course, released_notebook

SMALL = "90_small"

SETUP = """\
import os

from course_utils import expect

patrons = [3, 1, 2]
reader = os.environ.get("COURSE_STUDENT")"""

TOTAL = """\
total = ...
### BEGIN SOLUTION
total = sum(patrons) + 0
### END SOLUTION"""

TOTAL_TEST = """\
expect("total").is_number()
### BEGIN HIDDEN TESTS
secret_sum_of_patrons = 6
expect("total").equals(
    secret_sum_of_patrons,
    but_not={"counted": (3, "This is how many there are. The total adds them up.")},
)
### END HIDDEN TESTS"""

MIDDLE = """\
middle = ...
### BEGIN SOLUTION
middle = sorted(patrons)[len(patrons) // 2]
### END SOLUTION"""

MIDDLE_TEST = """\
expect("middle").is_count()
### BEGIN HIDDEN TESTS
expect("middle").equals(sorted([3, 1, 2])[1])
### END HIDDEN TESTS"""

NAME = """\
name = ...
### BEGIN SOLUTION
name = reader.lower()
### END SOLUTION"""

NAME_TEST = """\
expect("name").is_text()
### BEGIN HIDDEN TESTS
expect("name").equals(os.environ["COURSE_STUDENT"])
### END HIDDEN TESTS"""

TASK = """\
### Question 4 · In words (3 points)

What would you do next?

=== BEGIN MARK SCHEME ===
One point for a plan, two for a reason drawn from the numbers.
=== END MARK SCHEME ==="""


def marks(grade_id, *, grade=False, solution=False, task=False, locked=False, points=None):
    """The metadata by which nbgrader knows a cell."""
    known = {
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "schema_version": 3,
    }
    known["task"] = task
    if points is not None:
        known["points"] = points
    return {"nbgrader": known}


def small_source():
    cells = [
        new_markdown_cell("# Small\n\nSix lines of Python."),
        new_code_cell(SETUP, metadata=marks("setup", locked=True)),
    ]
    for grade_id, answer, test, points in (
        ("total", TOTAL, TOTAL_TEST, 2),
        ("middle", MIDDLE, MIDDLE_TEST, 1),
        ("name", NAME, NAME_TEST, 1),
    ):
        cells += [
            new_markdown_cell(f"### Question · {grade_id}\n\nAssign to `{grade_id}`."),
            new_code_cell(answer, metadata=marks(grade_id, solution=True)),
            new_code_cell(test, metadata=marks(f"test_{grade_id}", grade=True, locked=True, points=points)),
        ]
    cells.append(new_markdown_cell(TASK, metadata=marks("in_words", task=True, locked=True, points=3)))
    cells.append(new_markdown_cell("*Write your answer in this cell.*"))
    notebook = new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"small-{number}"
    return nbformat.from_dict(notebook)


@pytest.fixture(scope="session", autouse=True)
def _asked_once():
    """nbgrader starts a program for each new gradebook, of which some hundreds are made, to ask for its own version."""
    with pytest.MonkeyPatch.context() as patch:
        asked = nbgrader.api.get_alembic_version
        patch.setattr(nbgrader.api, "get_alembic_version", functools.cache(asked))
        yield


@pytest.fixture(scope="session")
def small_assignment(tmp_path_factory):
    """The folder of the small assignment's source."""
    folder = tmp_path_factory.mktemp("sources") / SMALL
    folder.mkdir()
    nbformat.write(small_source(), folder / f"{SMALL}.ipynb")
    return folder


@pytest.fixture(scope="session")
def small_class(small_assignment, tmp_path_factory):
    """A course with the small assignment, ready for students; and the notebook that they get."""
    course = Course.create(tmp_path_factory.mktemp("small_class"), [small_assignment])
    course.generate(SMALL)
    return course


@pytest.fixture
def released(small_class):
    """The small assignment as students get it, a fresh copy for each test."""
    return released_notebook(small_class, SMALL)


RIGHT = {"total": "total = sum(patrons)", "middle": "middle = 2.0", "name": "name = reader"}


@pytest.fixture(scope="session")
def answered():
    """Fills in answers, by the names of their cells: the right ones, and whatever is given instead."""

    def fill(notebook, **answers):
        notebook = copy.deepcopy(notebook)
        for cell in notebook.cells:
            if source := (RIGHT | answers).get(grade_id_of(cell)):
                cell.source = source
        return notebook

    return fill
