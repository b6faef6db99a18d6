"""docs/after_grading.md is walked through: every command on it, in its order, does what the page says."""

import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from small_gradebook import SmallCourse

from course_utils import cli
from course_utils.grading.course import Course
from course_utils.grading.submissions.collecting import SYSTEMS
from course_utils.kit import kit_folder
from course_utils.library import Library

NAME = "01_who_is_our_customer"
PAGE = (kit_folder() / "docs" / "after_grading.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.+)\n```$", PAGE, re.MULTILINE)
TEMPLATE = "Student,ID,SIS Login ID,Section,Week 1 (4711)\n    Points Possible,,,,10\n{}"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A class whose work was downloaded, and a copy of the kit's late.toml."""
    course = SmallCourse(tmp_path / "assignments", assignment=NAME)
    policy = (kit_folder() / "assignments" / "late.toml").read_text(encoding="utf-8")
    (course.folder / "late.toml").write_text(policy, encoding="utf-8")
    files = {
        "submissions.zip": "quillmary_5001_9_x.ipynb",
        "dropbox.zip": "5-6 - Wei Li - Sep 14, 2026 1158 PM/x.ipynb",
    }
    for archive, name in files.items():
        with zipfile.ZipFile(course.folder / archive, "w") as written:
            written.writestr(name.replace("x.ipynb", f"{NAME}.ipynb"), '{"cells": [{}]}')
    (course.folder / "canvas_export.csv").write_text(TEMPLATE.format('"Quill, Mary",5001,mquill,E,\n'))
    monkeypatch.chdir(course.folder)
    monkeypatch.setattr(Course, "here", classmethod(lambda _: course))
    return course


def graded(course):
    """What `nbgrader autograde` leaves of the work that was collected."""
    for folder in (course.folder / "submitted").iterdir():
        course.grade(folder.name, NAME, when="2026-09-15 03:58:00 UTC", test_total=6, in_words=3)
        stamp = folder / NAME / "timestamp.txt"
        course.hand_in(folder.name, NAME, stamp.read_text() if stamp.exists() else None, step="autograded")


def test_the_page_is_walked_through(here, capsys):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    for command in COMMANDS:
        if " export " in command and not (here.folder / "autograded").exists():
            graded(here)
        program, *arguments = shlex.split(command)
        if program == "course":
            code = cli.main(arguments)
        else:
            done = subprocess.run(
                [sys.executable, "-m", program, *arguments], env=os.environ | {"PATH": path}
            )
            code = done.returncode
        assert code == 0, f"{command}: {capsys.readouterr()}"
    assert {path.name for path in here.folder.glob("*.csv")} == {
        "canvas_export.csv",
        "so_far.csv",
        "moodle.csv",
        f"grades_{NAME}_canvas.csv",
    }
    assert '"Quill, Mary",5001,mquill,E,9' in (here.folder / f"grades_{NAME}_canvas.csv").read_text()


def test_the_page_has_every_system_and_its_example():
    assert [
        system.title for system in SYSTEMS.values() if f"| {system.title} | `{system.example}` |" not in PAGE
    ] == []


def test_the_page_is_two_pages_at_most():
    assert len(PAGE.split()) < 1000


def test_a_disputed_mark_has_its_right_answers_worked_out_for_that_student(tmp_path):
    """The command of docs/marking_by_hand.md, in any folder; another student gets another page."""
    page = (kit_folder() / "docs" / "marking_by_hand.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^```sh\n(.+)\n```$", page, re.MULTILINE)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    for line in (command, command.replace("hazel", "maple")):
        subprocess.run(["bash", "-e", "-c", line], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
    shown = [(tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("hazel", "maple")]
    for name, text in zip(("hazel", "maple"), shown, strict=True):
        assert f"the library of <strong>{name}</strong>" in text
        registered = len(Library.for_student(name).patrons)
        assert f"<p><code>registered</code>: <code>{registered}</code></p>" in text
