"""Through the whole of nbgrader with the kit's settings: accidents cost nothing, tricks gain nothing."""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.course import Course, one_notebook
from course_utils.grading.run import grade_notebooks

SMALL = "90_small"
FULL = {"test_total": 2, "test_middle": 1, "test_name": 1}
WRONG = {"total": "total = 3"}
LOST = FULL | {"test_total": 0}


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if grade_id_of(cell) == grade_id)


def place_of(notebook, grade_id):
    return notebook.cells.index(cell_of(notebook, grade_id))


def without(notebook, *grade_ids):
    notebook.cells = [cell for cell in notebook.cells if grade_id_of(cell) not in grade_ids]


def copied(notebook, grade_id, source=None, at=None):
    twin = copy.deepcopy(cell_of(notebook, grade_id))
    twin.source = source or twin.source
    notebook.cells.insert(len(notebook.cells) if at is None else at, twin)


def marked(notebook, which, **marks):
    cell_of(notebook, which).metadata.nbgrader.update(marks)


def retyped(notebook, grade_id, kind):
    place = place_of(notebook, grade_id)
    cell = notebook.cells[place]
    new = nbformat.v4.new_raw_cell if kind == "raw" else nbformat.v4.new_markdown_cell
    notebook.cells[place] = new(cell.source, metadata=cell.metadata, id=cell.id)


def written(notebook, grade_id, source):
    cell_of(notebook, grade_id).source = source


def of_format_4_4(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


# What happened to the notebook -> what it must get: the right answers keep their points, wrong ones get none.
ACCIDENTS = {
    "nothing": (lambda n: None, {}, FULL),
    "a wrong answer": (lambda n: None, WRONG, LOST),
    "a warning": (
        lambda n: None,
        {"total": "import warnings\nwarnings.warn('soon')\ntotal = sum(patrons)"},
        FULL,
    ),
    "a note on standard error": (
        lambda n: None,
        {
            "name": "import sys\nclass Noisy(str):\n    def strip(self):\n        print('!', file=sys.stderr)\n"
            "        return str(self)\nname = Noisy(reader)"
        },
        FULL,
    ),
    "an error before": (lambda n: None, {"middle": "middle = 1 / 0"}, FULL | {"test_middle": 0}),
    "a deleted test": (lambda n: without(n, "test_total"), {}, FULL),
    "a deleted test of a wrong answer": (lambda n: without(n, "test_total"), WRONG, LOST),
    "a deleted question": (lambda n: without(n, "total", "test_total"), {}, LOST),
    "a deleted set-up": (lambda n: without(n, "setup"), {}, FULL),
    "everything deleted but one": (
        lambda n: without(
            n, "setup", "total", "test_total", "middle", "test_middle", "test_name", "in_words"
        ),
        {},
        {"test_total": 0, "test_middle": 0, "test_name": 1},
    ),
    "a copied answer": (lambda n: copied(n, "total", "total = 99"), {}, FULL),
    "a copied answer, the first being wrong": (lambda n: copied(n, "total", "total = 6"), WRONG, LOST),
    "a copied test": (lambda n: copied(n, "test_total"), {}, FULL),
    "a copied test, made easy": (lambda n: copied(n, "test_total", "pass"), WRONG, LOST),
    "a copied task": (lambda n: copied(n, "in_words"), {}, FULL),
    "a changed test": (lambda n: written(n, "test_total", "pass"), WRONG, LOST),
    "a tag that skips the test": (
        lambda n: cell_of(n, "test_total").metadata.update(tags=["skip-execution"]),
        WRONG,
        LOST,
    ),
    "more points": (lambda n: marked(n, "test_total", points=100), {}, FULL),
    "no test any more": (lambda n: marked(n, "test_total", grade=False, locked=False), WRONG, LOST),
    "another name": (lambda n: marked(n, "test_total", grade_id="test_other"), WRONG, LOST),
    "marks of an old version": (lambda n: marked(n, "test_total", schema_version=0), {}, FULL),
    "marks of a version to come": (lambda n: marked(n, "test_total", schema_version=99), {}, FULL),
    "no marks left in them": (lambda n: cell_of(n, "test_total").metadata.update(nbgrader={}), {}, FULL),
    "marks that are no marks": (lambda n: cell_of(n, "test_total").metadata.update(nbgrader="?"), {}, FULL),
    "the test as text": (lambda n: retyped(n, "test_total", "markdown"), WRONG, LOST),
    "the test as raw text, in an old format": (
        lambda n: (retyped(n, "test_total", "raw"), of_format_4_4(n)),
        {},
        FULL,
    ),
    "an old format": (of_format_4_4, {}, FULL),
    "another kernel": (
        lambda n: n.metadata.update(kernelspec={"name": "julia", "display_name": "Julia"}),
        {},
        FULL,
    ),
    "no kernel": (lambda n: n.metadata.pop("kernelspec"), {}, FULL),
}


@pytest.fixture(scope="module")
def graded(small_assignment, tmp_path_factory, small_class, answered):
    from course_utils.grading.course import released_notebook

    notebooks = {}
    for number, (happens, answers, _) in enumerate(ACCIDENTS.values()):
        notebook = answered(released_notebook(small_class, SMALL), **answers)
        happens(notebook)
        notebooks[f"student_{number}"] = notebook
    folder = tmp_path_factory.mktemp("accidents")
    seen = []
    grades = grade_notebooks(SMALL, notebooks, folder, small_assignment, lambda: seen.append(1))
    assert len(seen) == len(notebooks)
    return folder, dict(zip(ACCIDENTS, notebooks, strict=True)), grades


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_points(graded, accident):
    _, students, grades = graded
    got = {
        grade.grade_id: grade.score
        for grade in grades
        if grade.student == students[accident] and not grade.by_hand
    }
    assert got == ACCIDENTS[accident][2]


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_the_question_marked_by_hand_waits(graded, accident):
    _, students, grades = graded
    (task,) = (grade for grade in grades if grade.student == students[accident] and grade.by_hand)
    assert (task.grade_id, task.score, task.max_score) == ("in_words", None, 3)


def test_message_of_a_misconception(graded):
    _, students, grades = graded
    (grade,) = (g for g in grades if g.student == students["a wrong answer"] and g.grade_id == "test_total")
    assert grade.message == "total is 3. This is how many there are. The total adds them up."
    assert not grade.passed


def test_message_after_an_error(graded):
    _, students, grades = graded
    (grade,) = (g for g in grades if g.student == students["an error before"] and g.grade_id == "test_middle")
    assert grade.message == (
        "middle: your cell stopped at line 1 (middle = 1 / 0): ZeroDivisionError: division by zero."
    )


def test_nobody_is_left_in_the_environment(graded):
    assert "COURSE_STUDENT" not in os.environ


def test_grades_come_in_the_order_of_the_notebook(graded):
    _, students, grades = graded
    ids = [grade.grade_id for grade in grades if grade.student == students["nothing"]]
    assert ids == ["test_total", "test_middle", "test_name", "in_words"]


def test_notes_tell_what_was_put_back_or_left_out(graded):
    folder, students, _ = graded

    def text(accident):
        path = folder / "assignments" / "autograded" / students[accident] / SMALL / f"{SMALL}.ipynb"
        return path.read_text(encoding="utf-8")

    assert "was missing from your notebook" in text("a deleted test")
    assert "what followed was run as a cell of your own" in text("a copied answer")
    assert "was missing" not in text("nothing")
    assert "what followed" not in text("nothing")


def test_a_second_run_gives_the_same(graded):
    folder, students, grades = graded
    course = Course(folder)
    student = students["a copied answer, the first being wrong"]
    course.autograde(SMALL, student)
    assert course.grades(SMALL, student) == [grade for grade in grades if grade.student == student]


def test_points_by_hand_stay_when_graded_again(small_class, answered, released, tmp_path):
    # In a copy: others count who has handed in.
    course = Course(Path(shutil.copytree(small_class.folder, tmp_path / "class")), apart=True)
    course.add_students({"ines": {}})
    folder = course.submitted("ines", SMALL)
    folder.mkdir(parents=True)
    nbformat.write(answered(released), folder / f"{one_notebook(course, SMALL)}.ipynb")
    course.autograde(SMALL, "ines")
    course.mark_by_hand(SMALL, "ines", 2.5, "Good.")
    course.autograde(SMALL, "ines")
    (task,) = (grade for grade in course.grades(SMALL, "ines") if grade.by_hand)
    assert task.score == 2.5


def test_source_that_is_no_assignment(small_assignment, tmp_path, small_class):
    source = tmp_path / "91_broken"
    source.mkdir()
    broken = nbformat.read(small_assignment / f"{SMALL}.ipynb", as_version=4)
    written(broken, "total", "### BEGIN SOLUTION\ntotal = 1")
    nbformat.write(broken, source / "91_broken.ipynb")
    with pytest.raises(CourseError, match="91_broken could not be made ready for students"):
        grade_notebooks("91_broken", {}, tmp_path / "class", source)


def test_folder_that_is_no_course(tmp_path):
    with pytest.raises(CourseError, match=r"There is no nbgrader_config.py in"):
        Course(tmp_path)


def test_what_another_course_says_at_home_does_not_split_this_one(tmp_path):
    """nbgrader reads ~/.jupyter as well: the kit's own settings go before it."""
    home = tmp_path / "home"
    (home / ".jupyter").mkdir(parents=True)
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.db_url = 'sqlite:////nowhere/other.db'\n"
        "c.CourseDirectory.submitted_directory = 'handed_in'\n"
    )
    course = Course.create(tmp_path / "course", [])
    done = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "db", "student", "add", "ada"],
        cwd=course.folder / "assignments",
        env=os.environ | {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with course.gradebook as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
    assert course.config.CourseDirectory.submitted_directory == "submitted"
