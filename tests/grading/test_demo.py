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


def test_the_demo_keeps_to_its_own_places(tmp_path, proofs, monkeypatch):
    """Whatever a real class's settings name, and whatever this user has handed in: none of it is touched."""
    hub, home = tmp_path / "hub", tmp_path / "home"
    handed_in = f"nbgrader_cache/port_ellery/root+{demo.ASSIGNMENT}+2026-09-13 17:05:00.000000 UTC"
    for place in (
        hub / "port_ellery" / "outbound" / demo.ASSIGNMENT,
        hub / "port_ellery" / "inbound",
        home / handed_in,
    ):
        place.mkdir(parents=True)
        (place / "mine.ipynb").write_text("the real one")
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    monkeypatch.setenv("COURSE_EXCHANGE", str(hub))
    monkeypatch.setenv("COURSE_GRADEBOOK", f"sqlite:///{hub / 'grades.db'}")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home))
    monkeypatch.setattr(demo, "WEEK", (demo.Story("alder", mark=6), demo.Story("willow", handed_in=None)))
    out = tmp_path / "out"
    assert demo.run(out, proofs, Console(file=io.StringIO(), width=120)) == 0
    after = [path for path in tmp_path.rglob("*") if out not in (path, *path.parents)]
    assert sorted((path, path.stat().st_mtime_ns) for path in after) == before
    assert list((out / ".course" / "exchange" / "port_ellery" / "inbound").iterdir())
    # What is started in its folder afterwards, such as Formgrader, keeps to it as well.
    course = demo.Course(out)
    assert course.coursedir.db_url == f"sqlite:///{out / 'assignments' / 'gradebook.db'}"
    assert course.exchange == out / ".course" / "exchange"
    assert course.config.Exchange.cache == str(out / ".course" / "submitted")
