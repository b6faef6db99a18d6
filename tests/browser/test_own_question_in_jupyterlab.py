"""A question of an instructor's own: marked in JupyterLab's Create Assignment panel, made ready, answered, and graded."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from course_utils.grading.assignment import grade_id_of

NAME = "20_a_question_of_my_own"
SET_UP = "from course_utils import expect, my_library\n\npatrons = my_library().patrons"
ANSWER = """\
registered = ...
### BEGIN SOLUTION
registered = len(patrons)
### END SOLUTION"""
TEST = """\
expect("registered").is_count()
### BEGIN HIDDEN TESTS
expect("registered").equals(
    len(patrons),
    but_not={"without the last one": (len(patrons) - 1, "Somebody is left out. Count everybody.")},
)
### END HIDDEN TESTS"""
ANSWERS = {
    "everybody": "registered = len(patrons)",
    "one_left_out": "registered = len(patrons) - 1",
    "nobody": "registered = 'all of them'",
    "untouched": "registered = ...",
}


@pytest.fixture(scope="module")
def course(lab):
    """Runs a command in the copy of the kit, as an instructor does in a terminal of it."""

    def run(*command: str) -> str:
        folder = lab.folder / "assignments"
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=folder,
            env=lab.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    return run


@pytest.fixture(scope="module")
def source(lab):
    """Three cells as an instructor types them, without a mark of nbgrader's."""
    path = lab.folder / "assignments" / "source" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    written = new_notebook(cells=[new_code_cell(cell) for cell in (SET_UP, ANSWER, TEST)])
    written.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(written, path)
    return path


def marks(path) -> list[dict]:
    return [dict(cell.metadata.get("nbgrader", {})) for cell in nbformat.read(path, as_version=4).cells]


def test_a_question_marked_in_the_panel_is_released_and_graded(
    lab, instructors_lab, source, course, page, open_in
):
    open_in(instructors_lab, page, f"assignments/source/{NAME}/{NAME}.ipynb", run=False)
    page.get_by_role("tab", name="Create Assignment").click()
    cells = page.locator(".nbgrader-CreateAssignmentWidget .nbgrader-CellWidget:visible")
    expect(cells).to_have_count(3)
    for place, (kind, name) in enumerate(
        [("Read-only", "setup"), ("Autograded answer", "registered"), ("Autograded tests", "test_registered")]
    ):
        cells.nth(place).get_by_role("combobox").select_option(label=kind)
        box = cells.nth(place).get_by_role("textbox")
        box.fill(name)
        box.press("Enter")
    cells.nth(2).get_by_role("spinbutton").fill("2")
    cells.nth(2).get_by_role("spinbutton").press("Enter")
    unsaved = page.locator(".lm-DockPanel-tabBar .jp-mod-dirty")
    expect(unsaved).to_have_count(1)
    page.keyboard.press("Control+s")
    expect(unsaved).to_have_count(0)
    assert marks(source)[2]["points"] == 2
    assert [one.get("grade_id") for one in marks(source)] == ["setup", "registered", "test_registered"]

    course("nbgrader", "generate_assignment", NAME)
    released = nbformat.read(lab.folder / "assignments" / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    given = {grade_id_of(cell): cell.source for cell in released.cells}
    assert given["registered"].splitlines()[0] == "registered = ..."
    assert "len(" not in given["registered"]
    assert given["test_registered"].strip() == 'expect("registered").is_count()'

    roster = (lab.folder / "assignments" / "example_class.csv").read_text(encoding="utf-8").splitlines()[1:]
    students = dict(zip(ANSWERS, (line.split(",")[0] for line in roster), strict=False))
    for answer, student in students.items():
        cell = next(cell for cell in released.cells if grade_id_of(cell) == "registered")
        cell.source = ANSWERS[answer]
        folder = lab.folder / "assignments" / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(released, folder / f"{NAME}.ipynb")
    course("course_utils.cli", "grade", NAME)

    with Gradebook(f"sqlite:///{lab.folder / 'assignments' / 'gradebook.db'}") as gradebook:
        scores = {
            answer: gradebook.find_submission(NAME, student).score for answer, student in students.items()
        }
    assert scores == {"everybody": 2, "one_left_out": 0, "nobody": 0, "untouched": 0}
    course("nbgrader", "generate_feedback", NAME)
    page_of = lab.folder / "assignments" / "feedback" / students["one_left_out"] / NAME / f"{NAME}.html"
    assert "Somebody is left out. Count everybody." in page_of.read_text(encoding="utf-8")
