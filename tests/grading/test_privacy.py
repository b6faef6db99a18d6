"""What is closed, to whom, and what is left alone. What it holds against is tried in test_two_users.py."""

import os
import shutil
import stat
import sys

import pytest

from course_utils.grading import run
from course_utils.grading.course import HAS_EXCHANGE, Course
from course_utils.grading.privacy import close, close_work, opener
from course_utils.kit import write_whole

SMALL = "90_small"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


@pytest.fixture(autouse=True)
def open_to_all():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("shared", "folder", "file"), [(False, 0o700, 0o600), (True, 0o2770, 0o660)])
def test_a_folder_is_closed_with_all_that_is_in_it(tmp_path, shared, folder, file):
    deep = tmp_path / "work" / "data" / "more"
    deep.mkdir(parents=True)
    (deep / "a.csv").write_text("1")
    (deep / "locked").mkdir(mode=0)
    close(tmp_path / "work", shared)
    folders = [tmp_path / "work", deep.parent, deep, deep / "locked"]
    assert [mode(path) for path in folders] == [folder] * 4
    assert mode(deep / "a.csv") == file


def test_what_may_be_anybodys_is_left_alone(tmp_path):
    for name in ("linked", "named twice"):
        (tmp_path / name).write_text("not of the class")
        (tmp_path / name).chmod(0o644)
    work = tmp_path / "work"
    work.mkdir()
    (work / "link").symlink_to(tmp_path / "linked")
    (work / "name").hardlink_to(tmp_path / "named twice")
    close(work)
    assert [mode(tmp_path / name) for name in ("linked", "named twice")] == [0o644] * 2


@pytest.mark.parametrize(("shared", "file"), [(False, 0o600), (True, 0o660)])
@pytest.mark.parametrize("umask", [0, 0o077])
def test_a_new_file_is_closed_whatever_new_files_are(tmp_path, shared, file, umask):
    os.umask(umask)
    (tmp_path / "grades.csv").write_text("open until now")
    (tmp_path / "grades.csv").chmod(0o644)
    write_whole(tmp_path / "grades.csv", "a", opener=opener(shared))
    assert mode(tmp_path / "grades.csv") == file


def test_folders_around_work_are_closed_and_the_course_is_not(tmp_path, small_class):
    coursedir = small_class.coursedir
    before = mode(small_class.folder / "assignments")
    close_work(small_class.submitted("wli", SMALL), coursedir)
    submitted = small_class.folder / "assignments" / "submitted"
    assert [mode(path) for path in (submitted, submitted / "wli")] == [0o700] * 2
    assert not (submitted / "wli" / SMALL).exists()
    assert mode(small_class.folder / "assignments") == before
    shutil.rmtree(submitted)


@pytest.fixture
def shared_course(small_assignment, tmp_path):
    """A course of several graders, in which one has handed in."""
    settings = tmp_path / "settings"
    settings.mkdir()
    source = Course.create(tmp_path / "other", [small_assignment]).folder / "assignments"
    text = (source / "nbgrader_config.py").read_text(encoding="utf-8")
    text += "\nc.CourseDirectory.groupshared = True\n"
    (settings / "nbgrader_config.py").write_text(text, encoding="utf-8")
    course = Course.create(tmp_path / "course", [small_assignment], settings)
    assert course.coursedir.groupshared
    course.add_students({"wli": {}})
    course.generate(SMALL)
    return course


@pytest.mark.skipif(not HAS_EXCHANGE, reason="nbgrader has no exchange on Windows")
def test_graders_who_share_a_group_share_all_of_it_with_nobody_else(shared_course, small_assignment):
    course = shared_course
    course.release(SMALL)
    inbound = course.exchange / "port_ellery" / "inbound"
    folder = inbound / f"wli+{SMALL}+2026-01-01 00:00:00.000000 UTC+x"
    shutil.copytree(course.exchange / "port_ellery" / "outbound" / SMALL, folder)
    folder.chmod(0o777)
    course.collect(SMALL)
    outcome = run.grade(course, SMALL, options=run.Options(jobs=1, sandbox="none"))
    assert outcome.graded == ["wli"]
    course.api.generate_feedback(SMALL, "wli")
    here = course.folder / "assignments"
    assert mode(here / "gradebook.db") == 0o660
    places = [here / name / "wli" for name in ("submitted", "autograded", "feedback")]
    places.append(course.folder / ".course" / "grading")
    for place in places:
        files = [path for path in place.rglob("*") if path.is_file()]
        assert files
        assert {mode(path) for path in files} == {0o660}, place
        assert {mode(path) for path in (place, *place.rglob("*")) if path.is_dir()} == {0o2770}, place
    # Another grader may take away what was handed in.
    assert not mode(inbound) & stat.S_ISVTX
