"""What `course demo` says when it cannot begin, and when something comes out otherwise than it must."""

import errno
import io
import os
from collections import namedtuple

import pytest
from rich.console import Console

from course_utils import cli
from course_utils.grading import demo, proving


@pytest.fixture(scope="module")
def proofs():
    return proving.proofs(demo.ASSIGNMENT)


def test_folder_that_is_not_empty(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("keep")
    assert cli.main(["demo", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"The folder {tmp_path} is not empty: give --out one that is empty or does not exist yet.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_out_that_is_a_file(tmp_path, capsys):
    (tmp_path / "file").write_text("keep")
    assert cli.main(["demo", "--out", str(tmp_path / "file")]) == 2
    assert "is a file: give --out the name of a folder" in capsys.readouterr().err


def test_no_room(tmp_path, capsys, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(demo.shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 5_000_000, 5_000_000))
    assert cli.main(["demo", "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "5 MB are free and 100 MB needed" in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_place_that_may_not_be_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(demo.os, "access", lambda *_: False)
    assert cli.main(["demo", "--out", str(tmp_path / "out")]) == 2
    assert f"The folder {tmp_path} cannot be written" in capsys.readouterr().err


def test_disk_that_fills_up_on_the_way_leaves_nothing_behind(tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    monkeypatch.setattr(demo.Course, "release", full)
    assert cli.main(["demo", "--out", str(tmp_path / "out")]) == 2
    assert "The disk is full" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_surprise_is_told_and_counts_as_a_failure(tmp_path, proofs, monkeypatch):
    """A proof that claims too much: two students, one of whom must not get what it says."""
    lies = [
        proof if (proof.question, proof.kind) != ("registered", "right") else claim_points(proof, 0.5)
        for proof in proofs
    ]
    monkeypatch.setattr(demo, "WEEK", (demo.Story("alder", mark=6), demo.Story("willow", handed_in=None)))
    screen = Console(file=io.StringIO(), width=120)
    assert demo.run(tmp_path / "out", lies, screen) == 1
    shown = screen.file.getvalue()
    assert "not as expected: alder: test_registered got 1.0, not 0.5" in shown
    assert "missing" in shown
    assert (tmp_path / "out" / "grades.csv").exists()


def claim_points(proof, points):
    return type(proof)(**(vars(proof) | {"points": points}))
