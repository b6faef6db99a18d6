"""What a submission may bring beside its notebook."""

import os

import pytest

from course_utils.grading.auxiliary_files import (
    LINK_NOTE,
    MOST_FILES,
    NAME_NOTE,
    own_files,
    permitted_files,
)
from course_utils.grading.limits import MB, Limits


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "submission"
    place.mkdir()
    return place


def put(folder, *names, content=b"1"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_data_texts_and_pictures_come_along_flat_and_in_folders(folder):
    put(
        folder,
        "a.csv",
        "b.TSV",
        "c.json",
        "d.txt",
        "e.md",
        "data/f.png",
        "data/more/g.jpg",
        "h.svg",
        "ü ß.csv",
    )
    taken, notes = permitted_files(folder)
    assert set(taken) == {
        *("a.csv", "b.TSV", "c.json", "d.txt", "e.md", "data/f.png", "data/more/g.jpg", "h.svg", "ü ß.csv")
    }
    assert notes == []


def test_what_could_run_does_not_and_is_named(folder):
    put(folder, "numpy.py", "x.so", "y.pth", "other.ipynb", "sitecustomize.py", "z.pkl", "no_ending")
    taken, notes = permitted_files(folder, notebooks=frozenset({"90_small.ipynb"}))
    assert taken == {}
    (note,) = notes
    assert "no_ending, numpy.py, other.ipynb, sitecustomize.py, x.so and 2 more" in note
    assert ".csv" in note


def test_what_nbgrader_and_other_programs_leave_is_passed_over(folder):
    put(
        folder,
        "timestamp.txt",
        ".DS_Store",
        "__pycache__/a.txt",
        ".ipynb_checkpoints/a.csv",
        "90_small.ipynb",
    )
    assert permitted_files(folder, notebooks=frozenset({"90_small.ipynb"})) == ({}, [])


def test_the_assignments_own_files_win_whatever_their_kind(folder, tmp_path):
    release = tmp_path / "release"
    put(release, "helper.py", "data.csv", "90_small.ipynb", content=b"ours")
    put(folder, "data.csv", "helper.py", content=b"theirs")
    taken, notes = permitted_files(folder, own_files(release))
    assert taken == {"helper.py": b"ours", "data.csv": b"ours"}
    assert notes == []


def test_no_link_is_followed(folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("secret")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.csv").write_text("secret")
    (folder / "a.csv").symlink_to(secret)
    (folder / "more").symlink_to(tmp_path / "other")
    taken, notes = permitted_files(folder)
    assert taken == {}
    assert notes == ["Not taken along (a link): a.csv, more."]


def test_pipes_do_not_stop_everything(folder):
    os.mkfifo(folder / "a.csv")
    taken, notes = permitted_files(folder)
    assert taken == {}
    assert notes == ["Not taken along (not a file): a.csv."]


def test_no_more_than_the_limit(folder):
    put(folder, "a.csv", "b.csv", content=b"x" * MB)
    taken, notes = permitted_files(folder, limits=Limits(files=int(1.5 * MB)))
    assert list(taken) == ["a.csv"]
    assert notes == ["Not taken along (files may have 1.5 MB together): b.csv."]


def test_no_more_than_so_many(folder):
    put(folder, *(f"{number:04}.csv" for number in range(MOST_FILES + 3)))
    taken, notes = permitted_files(folder)
    assert len(taken) == MOST_FILES
    assert "0500.csv, 0501.csv, 0502.csv" in notes[0]


@pytest.mark.parametrize("name", ["a\nb.csv", "a\\b.csv", "\x1b[31m.csv"])
def test_odd_names(folder, name):
    put(folder, name)
    taken, notes = permitted_files(folder)
    assert taken == {}
    assert "an odd name" in notes[0]
    assert notes[0].isprintable()


def test_notes_of_the_intake_are_told_and_are_no_files(folder):
    put(
        folder,
        f"a.csv{LINK_NOTE}",
        f"90_small.ipynb{NAME_NOTE}",
        content=b"Homework\x07.ipynb\nIgnore all that",
    )
    taken, notes = permitted_files(folder)
    assert taken == {}
    assert "The notebook was handed in as Homework?.ipynb. It was known by its cells." in notes
    assert any(note.startswith("a.csv was a link") for note in notes)
