"""Serial, parallel, on a cluster, stopped and resumed, repeated: the same gradebook, cell by cell."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from grading import forty
from grading.forty import ASSIGNMENT, FORTY, NOT_READ, NOT_THERE, TWELVE
from processes import PATIENCE, running

pytestmark = pytest.mark.needs("bubblewrap")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(TWELVE, id="twelve"),
        pytest.param(FORTY, id="forty", marks=pytest.mark.exhaustive),
    ],
)
def numbers(request):
    """Who is in the class."""
    return request.param


@pytest.fixture(scope="module")
def handed_in(numbers, tmp_path_factory):
    """The class with all that was handed in, of which each test grades a copy."""
    return forty.make(tmp_path_factory.mktemp("made"), numbers)


@pytest.fixture
def course(handed_in, tmp_path):
    return forty.copied(handed_in, tmp_path / "class")


@pytest.fixture(scope="module")
def serial(handed_in, tmp_path_factory):
    """The class, graded by plain `nbgrader autograde`, one after the other."""
    course = forty.copied(handed_in, tmp_path_factory.mktemp("serial") / "class")
    ran = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "autograde", ASSIGNMENT],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        check=False,
    )
    return course, ran, forty.everything(course)


def test_nbgrader_grades_whoever_can_be_read_and_says_so(serial, numbers):
    course, ran, found = serial
    students, not_read = forty.students(numbers), NOT_READ & forty.students(numbers)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert set(found["notebooks"]) == students - not_read - NOT_THERE
    assert set(found["submissions"]) == students - NOT_THERE
    unread = {student for (student, _, _), marks in found["marks"].items() if marks.auto_score is None}
    assert unread >= not_read > set()


def assert_same(found, wanted):
    for part in ("marks", "submissions", "comments"):
        different = {
            key: (found[part].get(key), value)
            for key, value in wanted[part].items()
            if found[part].get(key) != value
        }
        assert different == {}, part
        assert set(found[part]) == set(wanted[part])
    assert set(found["notebooks"]) == set(wanted["notebooks"])
    for student, notebook in wanted["notebooks"].items():
        assert found["notebooks"][student] == notebook, student


def test_parallel_and_repeated(serial, course, numbers):
    code, output = forty.run(course, "--jobs=2")
    assert code == 1, output
    assert_same(forty.everything(course), serial[2])
    assert f"{len(NOT_READ & forty.students(numbers))} could not be read" in output
    assert "Traceback" not in output
    kept, files = forty.kept(course), {path: path.stat().st_mtime_ns for path in forty.graded(course)}
    code, again = forty.run(course, "--jobs=2")
    assert code == 1
    assert again.split("graded")[1] == output.split("graded")[1], "the closing table is the same"
    assert forty.kept(course) == kept, "nothing was run again"
    assert {path: path.stat().st_mtime_ns for path in forty.graded(course)} == files, (
        "nothing was recorded again"
    )
    assert_same(forty.everything(course), serial[2])


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler and two workers, each in a folder of its own, that share nothing but the network."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = []

    def start(name, *command):
        home = tmp_path / name
        home.mkdir()
        kept = {"PATH", "LANG", "LC_ALL"}
        environment = {key: value for key, value in os.environ.items() if key in kept}
        log = (home / "log").open("w")
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=home,
                env={**environment, "HOME": str(home), "TMPDIR": str(home)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        )

    start("scheduler", "scheduler", "--host=127.0.0.1", f"--port={port}", "--no-dashboard")
    for number in (1, 2):
        start(
            f"worker{number}",
            "worker",
            f"127.0.0.1:{port}",
            "--nthreads=1",
            "--no-nanny",
            "--no-dashboard",
            "--host=127.0.0.1",
        )
    from distributed import Client

    try:
        with Client(f"127.0.0.1:{port}", timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield f"dask://127.0.0.1:{port}"
    finally:
        for process in started:
            process.terminate()
        for process in started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


@pytest.mark.exhaustive  # tests/grading/execution/test_cluster.py grades a small class on one
def test_on_a_cluster(serial, course, tmp_path, cluster):
    code, output = forty.run(course, f"--cluster={cluster}", "--unprotected-cluster")
    assert code == 1, output
    assert "Traceback" not in output, output
    assert_same(forty.everything(course), serial[2])
    for number in (1, 2):
        assert not list((tmp_path / f"worker{number}").rglob("*.json.gz")), "a worker keeps nothing"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_stopped_and_resumed(serial, course, numbers, how):
    # One after the other, and stopped after the first: even where the machine is busy, the others are still to be done.
    with running(
        **forty.typed(course, "--jobs=1"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as grading:
        while not forty.graded(course):
            assert grading.poll() is None, grading.stdout.read()
            time.sleep(0.02)
        family = psutil.Process(grading.pid).children(recursive=True)
        os.kill(grading.pid, how)
        output, _ = grading.communicate(timeout=PATIENCE)
        code = grading.returncode
        _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    if how == signal.SIGINT:
        assert code == 130
        assert "Stopped." in output
        assert "Traceback" not in output
    assert alive == [], "nothing goes on running"
    before = forty.kept(course)
    assert 0 < len(before) < len(numbers)
    code, output = forty.run(course, "--jobs=2")
    assert code == 1, output
    after = forty.kept(course)
    assert {name: after[name] for name in before} == before, "what had run was not run again"
    assert_same(forty.everything(course), serial[2])


def test_second_grader_says_so_and_stops(course):
    from course_utils.grading.lock import only_one

    with only_one(course.grading_folder):
        code, output = forty.run(course)
    assert code == 2
    assert re.fullmatch(
        rf"This class is being graded already \(process {os.getpid()}, since \d\d:\d\d\): wait until that is done, "
        r"then try again\.\n",
        output,
    )
    assert forty.graded(course) == []
