"""A gradebook in PostgreSQL, named by COURSE_GRADEBOOK: the same marks as in a file."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psycopg
import pytest
from conftest import PARTS
from nbgrader.api import Gradebook

from course_utils.grading.course import Course, released_notebook
from course_utils.grading.gradebook.marks import marks_of, needs_review

SMALL = "90_small"
pytestmark = [pytest.mark.exhaustive, pytest.mark.needs("postgresql"), pytest.mark.needs("bubblewrap")]


@pytest.fixture(scope="module")
def server():
    """The address of a server of our own. PostgreSQL does not run as root: it is somebody's who may do nothing else."""
    programs = Path(PARTS["postgresql"].find()).parent
    folder = Path(tempfile.mkdtemp(prefix="gradebook-"))
    as_somebody = []
    if os.getuid() == 0:
        as_somebody = [shutil.which("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chown(folder, 65534, 65534)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program, *options, **how):
        command = [*as_somebody, programs / program, *options]
        return subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how
        )

    assert run("initdb", "-D", folder / "data", "-U", "grader", "-A", "trust", "-N").wait() == 0
    running = run("postgres", "-D", folder / "data", "-p", str(port), "-h", "127.0.0.1", "-k", "", "-F")
    address = f"postgresql://grader@127.0.0.1:{port}"
    try:
        for _ in range(200):
            with (
                contextlib.suppress(psycopg.OperationalError),
                psycopg.connect(f"{address}/postgres") as line,
            ):
                line.autocommit = True
                line.execute("CREATE DATABASE grades")
                break
            time.sleep(0.1)
            assert running.poll() is None, "the server did not start"
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}/grades"
    finally:
        running.terminate()
        running.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def a_class(folder, source, answered):
    """A class of four: two who are right, one who is wrong, and one whose work cannot be read."""
    Course.create(folder, [source])
    course = Course(folder)
    course.generate(SMALL)
    course.add_students({student: {} for student in ("ada", "bob", "cyd", "dan")})
    for student in ("ada", "bob", "cyd", "dan"):
        target = course.submitted(student, SMALL)
        target.mkdir(parents=True)
        answers = {"total": "total = 3"} if student == "cyd" else {}
        nbformat.write(answered(released_notebook(course, SMALL), **answers), target / f"{SMALL}.ipynb")
        (target / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")
    (course.submitted("dan", SMALL) / f"{SMALL}.ipynb").write_text("<!DOCTYPE html>")
    return course


def type_it(course, *command):
    program, *options = command
    return subprocess.run(
        [Path(sys.executable).with_name(program), *options],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        check=False,
    )


def everything(db_url):
    with Gradebook(db_url, "port_ellery") as gradebook:
        submissions = {s.student_id: (s.timestamp, s.score) for s in gradebook.assignment_submissions(SMALL)}
        return marks_of(gradebook, SMALL), submissions, needs_review(gradebook, SMALL)


def test_the_same_marks_as_in_a_file(server, tmp_path, small_assignment, answered, monkeypatch):
    in_a_file = a_class(tmp_path / "file", small_assignment, answered)
    assert type_it(in_a_file, "course", "grade", SMALL).returncode == 1
    wanted = everything(in_a_file.coursedir.db_url)
    monkeypatch.setenv("COURSE_GRADEBOOK", server)
    course = a_class(tmp_path / "server", small_assignment, answered)
    assert course.coursedir.db_url == server
    graded = type_it(course, "course", "grade", SMALL)
    assert graded.returncode == 1, graded.stdout + graded.stderr
    assert "3 graded · 1 could not be read" in graded.stdout
    assert not (course.folder / "assignments" / "gradebook.db").exists()
    assert everything(server) == wanted
    kept = {
        path: path.stat().st_mtime_ns for path in course.folder.glob("assignments/autograded/*/*/*.ipynb")
    }
    assert type_it(course, "course", "grade", SMALL).returncode == 1
    assert {path: path.stat().st_mtime_ns for path in kept} == kept, "nothing was recorded again"
    again = type_it(course, "nbgrader", "autograde", SMALL, "--student=bob", "--force")
    assert again.returncode == 0, again.stderr
    assert everything(server) == wanted


def test_a_server_that_is_not_there_is_told_in_a_sentence(tmp_path, small_assignment, answered, monkeypatch):
    course = a_class(tmp_path, small_assignment, answered)
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql+psycopg://grader@127.0.0.1:1/grades")
    graded = type_it(course, "course", "grade", SMALL)
    assert graded.returncode == 2
    assert graded.stderr == (
        "The gradebook's server does not answer: start it, or look at COURSE_GRADEBOOK, then run the command again.\n"
    )


def test_what_is_tried_out_never_touches_the_classs_own_gradebook(tmp_path, small_assignment, monkeypatch):
    monkeypatch.setenv("COURSE_GRADEBOOK", "postgresql+psycopg://grader@127.0.0.1:1/grades")
    course = Course.create(tmp_path, [small_assignment])
    course.generate(SMALL)
    assert (tmp_path / "assignments" / "gradebook.db").exists()
