"""Every verb of `course` works on the class that one stands in, and says in a sentence that its gradebook cannot be opened.

A new verb must be entered here: with what to type, or with why it opens no gradebook.
"""

import ast
import contextlib
import functools
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from small_gradebook import empty_gradebook

from course_utils import cli
from course_utils.checkup import Finding
from course_utils.grading.course import Course

OPENS = {
    "grade": ["grade", "01_week"],
    "grade --all": ["grade", "--all"],
    "regrade": ["regrade", "01_week", "--yes"],
    "report": ["report", "01_week"],
    "class": ["class"],
    "class FILE": ["class", "{list}"],
    "class --remove": ["class", "--remove"],
    "collect": ["collect", "01_week", "--from", "canvas", "{folder}"],
    "export": ["export", "--to", "csv"],
    "late": ["late", "01_week"],
    "late --due": ["late", "01_week", "--due", "2026-09-14 23:59 UTC"],
    "late --record": ["late", "01_week", "--record"],
    "doctor": ["doctor"],
    "lab": ["lab", "--no-browser"],
}
OPENS_NONE = {
    "sync": "texts and notebooks",
    "env": "environment.yml",
    "lock": "the locks",
    "data": "the tables of Port Ellery",
    "library": "another library",
    "lint": "texts and notebooks",
    "new-week": "texts and notebooks",
    "contents": "the glossary",
    "answers": "the questions, and a library",
    "proofs": "classes of its own, that nobody sees",
    "demo": "a class of its own, in a new folder",
}


def a_folder(path):
    path.unlink()
    path.mkdir()


def of_version(version):
    def change(path):
        with contextlib.closing(sqlite3.connect(path)) as gradebook:
            gradebook.execute("UPDATE alembic_version SET version_num = ?", [version])
            gradebook.commit()

    return change


def of_something_else(path):
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name)")
        other.commit()


CANNOT = {
    "a folder": (a_folder, "is a folder, where a file should be"),
    "a text": (lambda path: path.write_text("ada, 5 points\n" * 99), "is not a gradebook: put your own back"),
    "half of it": (lambda path: os.truncate(path, path.stat().st_size // 2), "The gradebook is damaged"),
    "a pipe": (lambda path: (path.unlink(), os.mkfifo(path)), "is no file"),
    "of a newer nbgrader": (of_version("ffffffffffff"), "was made by a newer nbgrader than the"),
    "of an older nbgrader": (of_version("167914646830"), "bring it up to date with nbgrader db upgrade"),
    "of something else": (of_something_else, "is not a gradebook, and nothing was written into it"),
    "in use": (lambda path: None, "The gradebook is in use by another program"),
    "no permission": (lambda path: None, "The system does not let you read and change the gradebook"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    course = Course.create(tmp_path_factory.mktemp("made"), [])
    (course.folder / "assignments" / "gradebook.db").write_bytes(empty_gradebook())
    (course.folder / "assignments" / "example_class.csv").write_text("id\nalder\n")
    (course.folder / "notebooks").mkdir()
    (course.folder / "assignments" / "submitted" / "ada").mkdir(parents=True)
    return course.folder


@pytest.fixture
def course(made, tmp_path, monkeypatch):
    """A class with a gradebook, in which one stands."""
    folder = shutil.copytree(made, tmp_path / "course")
    for name in ("COURSE_GRADEBOOK", "COURSE_EXCHANGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    monkeypatch.setattr(
        "jupyterlab.labapp.LabApp.launch_instance", lambda arguments: print("opened", *arguments)
    )
    monkeypatch.setattr("course_utils.grading.sandbox.launcher.doctor", lambda: [Finding(True, "a sandbox")])
    monkeypatch.chdir(folder)
    return folder


def typed(verb, tmp_path):
    (tmp_path / "list.csv").write_text("id,last_name\nada,Quill\n")
    (tmp_path / "hand-ins").mkdir(exist_ok=True)
    places = {"list": tmp_path / "list.csv", "folder": tmp_path / "hand-ins"}
    return cli.main([word.format(**places) for word in OPENS[verb]])


def check_that_it_is_said(verb, code, shown, sentence):
    said = shown.out if verb == "doctor" else shown.err
    (line,) = [line for line in said.splitlines() if sentence in line]
    if verb == "lab":
        # The lessons need no gradebook.
        assert (code, shown.out.split()[0]) == (0, "opened")
    elif verb == "doctor":
        assert code == 1
        assert line.startswith("missing: the gradebook: ")
    else:
        assert code == 2
        assert shown.err == f"{line}\n"


def test_each_verb_is_entered_here():
    (verbs,) = (action.choices for action in cli.parser()._actions if getattr(action, "choices", None))
    assert set(verbs) == {words[0] for words in OPENS.values()} | set(OPENS_NONE)


@pytest.mark.parametrize("kind", CANNOT)
@pytest.mark.parametrize("verb", OPENS)
def test_a_gradebook_that_cannot_be_opened_is_a_sentence(verb, kind, course, tmp_path, monkeypatch, capsys):
    change, sentence = CANNOT[kind]
    path = course / "assignments" / "gradebook.db"
    change(path)
    with contextlib.closing(sqlite3.connect(":memory:" if kind != "in use" else path)) as other:
        if kind == "in use":
            monkeypatch.setattr("sqlite3.dbapi2.connect", functools.partial(sqlite3.connect, timeout=0.01))
            other.execute("BEGIN EXCLUSIVE")
        if kind == "no permission":
            access = os.access
            monkeypatch.setattr(os, "access", lambda place, *how: Path(place) != path and access(place, *how))
        before = path.read_bytes() if path.is_file() else None
        code = typed(verb, tmp_path)
        assert (path.read_bytes() if path.is_file() else None) == before
    check_that_it_is_said(verb, code, capsys.readouterr(), sentence)


@pytest.mark.parametrize("place", [".", "assignments", "notebooks", "assignments/submitted/ada", "outside"])
@pytest.mark.parametrize("verb", OPENS)
def test_every_verb_means_the_same_class_by_here(verb, place, course, tmp_path, monkeypatch, capsys):
    if place == "outside":
        monkeypatch.setattr("course_utils.kit.kit_folder", lambda: course)
    monkeypatch.chdir(tmp_path if place == "outside" else course / place)
    a_folder(course / "assignments" / "gradebook.db")
    code = typed(verb, tmp_path)
    shown = capsys.readouterr()
    check_that_it_is_said(verb, code, shown, f"The gradebook {course}/assignments/gradebook.db is a folder")
    if verb == "lab":
        assert f"--ServerApp.root_dir={course} " in shown.out


def test_the_gradebook_is_opened_in_one_place(kit):
    """So that what cannot be opened is said in one way."""
    opened = [
        path.name
        for path in (kit / "course_utils").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Gradebook"
    ]
    assert opened == ["database.py"]
