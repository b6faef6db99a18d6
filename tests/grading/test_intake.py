"""Submissions that cannot be graded: a sentence each, by ``nbgrader autograde`` and by our own functions."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.grading.intake import check_submissions, read_submission
from course_utils.grading.pipeline import Course

SMALL = "90_small"
NAME = f"{SMALL}.ipynb"

# student -> what is in the folder, and the sentence that follows
CASES = {
    "bent": ({NAME: '{"cells": [{"cell_type": "co'}, "The file 90_small.ipynb of bent is not a notebook"),
    "page": (
        {NAME: "<!DOCTYPE html>\n<p>"},
        "not a notebook (it begins with '<!DOCTYPE html>'); ask page to hand",
    ),
    "list": ({NAME: "[]"}, "The file 90_small.ipynb of list is not a notebook (it begins with '[]')"),
    "merge": ({NAME: '<<<<<<< HEAD\n{"cells": []}'}, "not a notebook (it begins with '<<<<<<< HEAD')"),
    "bytes": (
        {NAME: b"\x89PNG\xff\xfe"},
        "The file 90_small.ipynb of bytes cannot be read: it is not a text file",
    ),
    "empty": ({NAME: ""}, "The file 90_small.ipynb of empty is empty; ask empty to hand it in again."),
    "bare": (
        {NAME: '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'},
        "of bare has no cells",
    ),
    "none": (
        {},
        "none handed in no notebook: 90_small.ipynb is not in the submission; ask none to hand it in again.",
    ),
    "notes": ({"notes.txt": "sorry"}, "notes handed in no notebook"),
    "renamed": (
        {"Homework (2).ipynb": None},
        "renamed handed in Homework (2).ipynb, but not 90_small.ipynb: if it",
    ),
    "stranger": ({NAME: None}, "stranger is not on the class list, so nothing was graded"),
}


def hand_in(course, student, files, good):
    folder = course.submitted(student, SMALL)
    folder.mkdir(parents=True)
    for name, content in files.items():
        if content is None:
            nbformat.write(good, folder / name)
        else:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture(scope="module")
def course(tmp_path_factory, small_assignment, answered):
    """A class in which two have handed in well, and everybody else has not."""
    from course_utils.grading.pipeline import released_notebook

    course = Course.create(tmp_path_factory.mktemp("intake"), [small_assignment])
    course.generate(SMALL)
    course.add_students({student: {} for student in [*CASES, "anna", "zoe"] if student != "stranger"})
    good = answered(released_notebook(course, SMALL))
    for student, (files, _) in CASES.items():
        hand_in(course, student, files, good)
    for student in ("anna", "zoe"):
        hand_in(course, student, {NAME: None}, good)
    return course


@pytest.fixture(scope="module")
def autograded(course):
    """What an instructor reads who types ``nbgrader autograde``, in an environment that is not activated."""
    path = os.pathsep.join(p for p in os.get_exec_path() if Path(p) != Path(sys.executable).parent)
    return subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "autograde", SMALL],
        cwd=course.folder / "assignments",
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("student", CASES)
def test_each_gets_its_sentence(course, student):
    (problem,) = check_submissions(course.coursedir, SMALL, [student])
    assert problem.student == student
    assert CASES[student][1] in problem.sentence
    assert "\n" not in problem.sentence


def test_good_work_has_no_problem(course):
    assert check_submissions(course.coursedir, SMALL, ["anna", "zoe"]) == []


def test_everybody_is_looked_at_without_a_list_of_students(course):
    assert [problem.student for problem in check_submissions(course.coursedir, SMALL)] == sorted(CASES)


def test_assignment_that_the_gradebook_does_not_know(course):
    with pytest.raises(
        CourseError, match="The gradebook knows no assignment 99_other: run nbgrader generate"
    ):
        check_submissions(course.coursedir, "99_other")


def test_reading_one_notebook(course):
    assert read_submission(course.submitted("anna", SMALL) / NAME, "anna").cells
    with pytest.raises(CourseError, match="is empty"):
        read_submission(course.submitted("empty", SMALL) / NAME, "empty")


def test_command_names_each_once_and_fails(autograded):
    assert autograded.returncode == 1
    output = autograded.stdout + autograded.stderr
    for _, sentence in CASES.values():
        assert output.count(sentence) == 1, output
    assert "Traceback" not in output
    assert output.count("ERROR]") == len(CASES)
    for noise in ("did you forget", "traceback", "has changed!"):
        assert noise not in output


def test_everybody_else_is_graded(course, autograded):
    for student in ("anna", "zoe"):
        assert [grade.score for grade in course.grades(SMALL, student)] == [2, 1, 1, None]


def test_nothing_is_half_written(course, autograded):
    folder = course.folder / "assignments" / "autograded"
    assert {path.parent.parent.name for path in folder.glob("*/*/*.ipynb")} == {"anna", "zoe"}
    assert [path for path in folder.glob(f"*/{SMALL}") if path.parent.name in CASES] == []
    with course.gradebook as gradebook:
        assert "stranger" not in {student.id for student in gradebook.students}
        for submission in gradebook.find_assignment(SMALL).submissions:
            if submission.student_id in CASES:
                assert {g.auto_score for n in submission.notebooks for g in n.grades} == {None}, (
                    "not graded is not 0"
                )


def test_our_own_function_says_the_same(course):
    for student, (_, sentence) in CASES.items():
        with pytest.raises(CourseError) as problem:
            course.autograde(SMALL, student)
        assert sentence in str(problem.value)


def test_formgraders_way_does_not_let_strangers_in_either(course):
    result = course.api.autograde(SMALL, "stranger")
    assert not result["success"]
    assert "stranger is not on the class list" in result["log"]
    with course.gradebook as gradebook:
        assert "stranger" not in {student.id for student in gradebook.students}


@pytest.mark.parametrize("names", [[SMALL, "--student=nobody"], ["99_other"]], ids=["student", "assignment"])
def test_name_that_nobody_knows(course, names):
    ran = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "autograde", *names],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "There is nothing at " in ran.stderr
    assert "check the names of the assignment and of the student." in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("student", ["renamed", "none"])
def test_incomplete_work_is_refused_when_it_is_handed_in(course, student):
    course.release(SMALL)
    desk = course.folder / "desks" / student / SMALL
    shutil.copytree(course.submitted(student, SMALL), desk)
    ran = subprocess.run(
        [
            Path(sys.executable).with_name("nbgrader"),
            "submit",
            SMALL,
            f"--student={student}",
            f"--Exchange.assignment_dir={desk.parent}",
        ],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "There are missing notebooks for the submission" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list((course.exchange / "port_ellery" / "inbound").iterdir())
