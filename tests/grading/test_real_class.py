"""A real class, wherever its gradebook and its exchange lie, is never met by the example class: through the real commands."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from nbgrader.api import Gradebook
from processes import PATIENCE
from representatives import representatives

from course_utils.grading.course import Course

WEEK = "01_who_is_our_customer"
HUB = ("COURSE_EXCHANGE", "COURSE_GRADEBOOK")


@pytest.fixture
def clone(copy_kit, tmp_path):
    """A fresh clone, in which nothing was started yet."""
    return copy_kit(tmp_path / "clone")


@pytest.fixture
def environment(clone, tmp_path):
    """Of somebody whose course is this clone, and who has nothing of Jupyter's at home."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COURSE_", "JUPYTER", "PYTHON"))
    }
    (tmp_path / "home").mkdir()
    return clean | {
        "PYTHONPATH": str(clone),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(tmp_path / "home"),
    }


def course(clone, environment, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "course_utils.cli", *arguments],
        cwd=clone / "assignments",
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def everything_in(*folders):
    """Each path below the folders -> what it is: for a file, its size and digest."""
    return {
        path: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        if path.is_file()
        else "a folder"
        for folder in folders
        for path in folder.rglob("*")
    }


def refused_in_a_sentence(done):
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "nothing was changed" in done.stderr


def a_hubs_exchange(folder):
    """What a term has left there: a released week, five hand-ins, and a page of feedback."""
    course = folder / "port_ellery"
    hand_ins = [
        f"inbound/{who}+{WEEK}+2026-09-13 17:05:0{n}.000000 UTC+x{n}" for n, who in enumerate("abcde")
    ]
    for place in (f"outbound/{WEEK}", "feedback", *hand_ins):
        (course / place).mkdir(parents=True)
        (course / place / f"{WEEK}.ipynb").write_text(f"what lies in {place}")
    return folder


def a_gradebook_of_three(folder):
    course = Course.create(folder, [])
    course.add_students({student: {} for student in ("ada", "bob", "cyd")})
    return course.coursedir.db_url


def students_of(path):
    if not path.exists():
        return []
    with Gradebook(f"sqlite:///{path}", "port_ellery") as gradebook:
        return [student.id for student in gradebook.students]


@pytest.mark.parametrize("arguments", [["class", "--remove"], ["class"]])
def test_a_fresh_clone_leaves_the_hubs_exchange_alone(clone, environment, tmp_path, arguments):
    exchange = a_hubs_exchange(tmp_path / "exchange")
    before = everything_in(clone, exchange)
    done = course(clone, environment | {"COURSE_EXCHANGE": str(exchange)}, *arguments)
    refused_in_a_sentence(done)
    assert "COURSE_EXCHANGE is set" in done.stderr
    assert everything_in(clone, exchange) == before


@pytest.mark.parametrize(
    "arguments", representatives([["class", "--remove"], ["class"]], ["class --remove"], " ".join)
)
def test_a_class_whose_gradebook_is_elsewhere_is_left_alone(clone, environment, tmp_path, arguments):
    address = a_gradebook_of_three(tmp_path / "elsewhere")
    for student in ("ada", "bob", "cyd"):
        work = clone / "assignments" / "submitted" / student / WEEK
        work.mkdir(parents=True)
        (work / f"{WEEK}.ipynb").write_text(f"the work of {student}")
    before = everything_in(clone, tmp_path / "elsewhere")
    done = course(clone, environment | {"COURSE_GRADEBOOK": address}, *arguments)
    refused_in_a_sentence(done)
    assert "COURSE_GRADEBOOK is set" in done.stderr
    assert everything_in(clone, tmp_path / "elsewhere") == before


@pytest.mark.parametrize("variables", representatives([HUB, HUB[:1], HUB[1:]], [" ".join(HUB)], " ".join))
def test_jupyterlab_opens_and_releases_nothing(clone, environment, tmp_path, variables):
    (tmp_path / "exchange").mkdir()
    named = {
        "COURSE_EXCHANGE": str(tmp_path / "exchange"),
        "COURSE_GRADEBOOK": f"sqlite:///{tmp_path / 'grades.db'}",
    }
    log = tmp_path / "lab.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "course_utils.cli", "lab", "--no-browser"],
            cwd=clone,
            env=environment | {name: named[name] for name in variables},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not re.search(r"http://\S+token=", log.read_text()):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)
    assert list((tmp_path / "exchange").iterdir()) == []
    assert students_of(tmp_path / "grades.db") == []
    assert not (clone / "assignments" / "gradebook.db").exists()
    assert not (clone / "assignments" / "release").exists()
    assert not list(clone.glob(".course/**/outbound"))
    assert "example class" not in log.read_text()
