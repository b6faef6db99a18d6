"""A kit or a course may lie in a folder of any name."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from course_utils.grading.folder_names import file_of, gradebook_url, matches, url_of

ODD = [
    "[week 1] of 2",
    "50%20 off",
    "100%",
    "#1",
    "what?",
    "O'Neil",
    'the "kit"',
    "naïve 図",
    "a&b=c;d",
    "[!x]*",
]


@pytest.mark.parametrize("name", ODD)
def test_a_gradebook_is_where_its_address_says(name, tmp_path):
    file = tmp_path / name / "gradebook.db"
    file.parent.mkdir()
    assert file_of(url_of(file)) == file
    assert make_url(url_of(file)).database == str(file)
    engine = create_engine(url_of(file))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (x)")
    engine.dispose()
    assert sqlite3.connect(file).execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]


def test_a_gradebook_is_a_file_or_a_server():
    assert file_of("sqlite:////srv/grades.db") == Path("/srv/grades.db")
    assert file_of("sqlite+pysqlite:///grades.db?timeout=5") == Path("grades.db")
    assert file_of("postgresql+psycopg://somebody@host/grades") is None


def test_a_gradebook_without_a_folder_is_the_same_wherever_one_stands(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_GRADEBOOK", "sqlite:///grades.db")
    assert file_of(gradebook_url(tmp_path)) == tmp_path / "grades.db"
    monkeypatch.setenv("COURSE_GRADEBOOK", "sqlite:////srv/grades.db?timeout=5")
    assert gradebook_url(tmp_path) == "sqlite:////srv/grades.db?timeout=5"
    monkeypatch.delenv("COURSE_GRADEBOOK")
    assert file_of(gradebook_url(tmp_path)) == tmp_path / "gradebook.db"


@pytest.mark.parametrize("name", ODD)
def test_a_pattern_begins_behind_what_is_there(name, tmp_path):
    work = tmp_path / name / "submitted"
    for student in ("ada", "bob"):
        (work / student / "01_week").mkdir(parents=True)
    assert sorted(matches(f"{work}/*/01_week")) == [f"{work}/ada/01_week", f"{work}/bob/01_week"]
    assert matches(f"{work}/ada/01_week") == [f"{work}/ada/01_week"]
    assert matches(f"{work}/[!a]*/01_week") == [f"{work}/bob/01_week"]
    assert matches(f"{work}/cyd/01_week") == []
