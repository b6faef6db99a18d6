"""The worker: one process that runs tests, a fork for each job, and what happens when one of them ends or is ended."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from grading.forked import Forks
from grading.jobs import added, job, question, results, setup, week_one
from processes import PATIENCE

from course_utils.errors import CourseError
from course_utils.grading.execution import grader_version
from course_utils.grading.execution.job import State
from course_utils.grading.execution.test_runner import run_tests
from course_utils.grading.execution.worker import Worker, kit_version
from course_utils.grading.limits import Limits

TESTS = Path(__file__).resolve().parents[2]
LIMITS = Limits(cell_cpu=5, cell_wall=1, notebook_cpu=20, notebook_wall=1)
FORKS = "grading.forked:Forks"


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with Worker(limits=Limits(), factory=FORKS) as made:
        yield made


def asked(whole, source="a = 1", **options):
    return job(setup(), *question("a", source, whole), **options)


def timeless(record):
    return dataclasses.replace(
        record,
        kit="",  # somebody may be writing at the kit meanwhile
        seconds=0,
        results=tuple(dataclasses.replace(one, seconds=0, cpu=0) for one in record.results),
    )


def ended(pid, seconds=PATIENCE):
    """Whether it ends: where nobody asks how it ended, its number stays."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.1)
    return False


def test_a_room_finds_what_the_examiner_finds_sheet_after_sheet(worker):
    forks = Forks()
    for whole in ("expect('a').equals(1)", "expect('a').equals(2)", "1.5", "float('nan')", "nothing"):
        of = asked(whole)
        assert timeless(worker.run_job(of)) == timeless(run_tests(of, forks))
    forks.close()


def test_the_first_week_with_tables_that_were_built_once(worker):
    for student in ("ada", "bob", "ada"):
        of = week_one(student, {"registered": "registered = patrons.size"})
        found = results(worker.run_job(of), of)
        assert sum(found[name].score for name in found if name.startswith("test_")) == 16
        assert found["test_registered"].misconception == "cells, not rows"
        assert found["test_hit_share"].message == "hit_share is right."
        assert found["test_my_scores"].message == "my_scores is right."
        assert found["setup"].outputs[0]["text"] == f"This is the library of {student}\n"


@pytest.mark.needs("warm")
def test_the_first_week_in_a_sandbox():
    of = week_one("ada", {"borrowers": "import os\nos._exit(0)"})
    with Worker("warm") as worker:
        record = worker.run_job(of)
    found = results(record, of)
    assert (
        sum(found[name].score for name in found if name.startswith("test_")) == 13
    )  # neither borrowers, nor my_scores, which needs it
    assert found["test_borrowers"].state is State.ERROR
    assert found["test_borrowers"].message == (
        "borrowers: Python ended: your code ended its own Python (exit code 0)."
    )
    assert (record.sandbox, record.restarts) == ("bwrap, warm", 1)


def test_a_value_that_grows_without_end_in_a_test_fails_the_test_and_not_the_machine(worker):
    source = 'a = pd.Series(pd.Categorical.from_codes(np.zeros(10**6, dtype="int8"), ["x" * 10**4]))'
    of = job(
        setup(), *question("a", source, 'a.to_numpy().astype("U")'), *question("b", "b = 1", "assert b == 1")
    )
    found = results(worker.run_job(of), of)
    assert found["test_a"].state is State.OUR_FAULT
    assert "MemoryError" in found["test_a"].review
    assert found["test_b"].state is State.RIGHT


def test_a_chart_is_drawn_without_a_sandbox_too():
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\na = 1"
    of = asked("expect('a').equals(1)", draw)
    with Worker("none") as worker:
        outputs = results(worker.run_job(of), of)["a"].outputs
    assert [sorted(output["data"]) for output in outputs] == [["image/png", "text/plain"]]


def test_the_examiner_works_in_a_folder_of_its_own_that_is_gone_afterwards(worker):
    whole = "import os\nraise ValueError(os.getcwd() + str(sorted(os.listdir())) + open('data/b.csv').read())"
    of = asked(whole, files={"a.txt": b"1", "data/b.csv": b"x"})
    review = results(worker.run_job(of), of)["test_a"].review
    folder, listed = review.removeprefix("the test itself stopped in line 2 with ValueError: ").split("[")
    assert listed == "'a.txt', 'data']x"
    assert not Path(folder).exists()


def test_a_module_of_the_assignments_own_can_be_imported_by_tests(worker):
    of = asked("import helper\nassert helper.x == 5", files={"helper.py": b"x = 5"})
    assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b"])
def test_a_file_outside_the_folder_is_never_written(worker, name):
    of = asked("expect('a').equals(1)", files={name: b""})
    assert "outside its folder" in results(worker.run_job(of), of)["test_a"].review


def test_the_room_loads_nothing_that_it_does_not_need(worker):
    whole = "import sys\nraise ValueError(sorted({'nbgrader', 'matplotlib', 'seaborn', 'sqlalchemy'} & {*sys.modules}))"
    of = asked(whole)
    assert results(worker.run_job(of), of)["test_a"].review.endswith("ValueError: []")


# ---- whose fault -----------------------------------------------------------------------------------------------------


def test_a_test_that_ends_the_examiner_is_our_fault_and_the_next_sheet_is_run_job(worker):
    of = asked("import os\nos._exit(3)")
    record = worker.run_job(of)
    found = results(record, of)["test_a"]
    assert (found.state, found.score) == (State.OUR_FAULT, None)
    assert found.review == "the test runner ended before it was done"
    assert (record.key, len(record.results)) == (of.key, 3)
    of = asked("expect('a').equals(1)")
    assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT


@pytest.mark.parametrize(
    "wait",
    ["import time\ntime.sleep(1000)", "import time, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)"],
    ids=["sleeps", "does not listen"],
)  # fmt: skip
def test_a_test_that_never_ends_is_our_fault_and_leaves_no_process(monkeypatch, wait):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with Worker(limits=LIMITS, factory=FORKS) as worker:
        of = asked(wait)
        found = results(worker.run_job(of), of)["test_a"]
        assert (found.state, found.score) == (State.OUR_FAULT, None)
        assert found.review == "a test did not end within 3 seconds"
        assert psutil.Process(worker._process.pid).children() == []
        of = asked("expect('a').equals(1)")
        assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT


def test_a_test_that_never_ends_is_ended_by_the_clock_whatever_the_student_has_waited_for(monkeypatch):
    """The time that a student's processes wait for a processor is not the test's; but it has an end, too."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with Worker(limits=replace(LIMITS, busy=2, stall=1), factory="grading.forked:Waiting") as worker:
        of = asked(
            "import time\nexpect('a').is_number()\ntime.sleep(1000)", "import time\ntime.sleep(0.5)\na = 1"
        )
        found = results(worker.run_job(of), of)["test_a"]
        assert (found.state, found.score) == (State.OUR_FAULT, None)


def test_a_student_who_uses_all_of_their_time_is_not_taken_for_a_test_that_hangs(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    loops = [added("import time\ntime.sleep(60)") for _ in range(3)]
    of = job(setup(), *loops, *question("a", "a = 1", "expect('a').equals(1)"))
    with Worker(limits=Limits(cell_wall=1, notebook_wall=2), factory=FORKS) as worker:
        found = results(worker.run_job(of), of)
    assert found["test_a"].state is State.ERROR
    assert found["test_a"].message.startswith("a: Not run")


# ---- ends ----------------------------------------------------------------------------------------------------------------


def test_a_room_that_was_killed_is_started_again(worker):
    of = asked("expect('a').equals(1)")
    first = worker.run_job(of)
    os.kill(worker._process.pid, signal.SIGKILL)
    assert timeless(worker.run_job(of)) == timeless(first)


def test_a_sheet_that_ends_the_room_twice_is_given_up(worker):
    with pytest.raises(CourseError, match="ended twice over the work of ada in 90_small"):
        worker.run_job(asked("import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(10)"))
    of = asked("expect('a').equals(1)")
    assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT


def test_after_an_interrupt_the_next_answer_is_that_of_the_next_sheet(worker, monkeypatch):
    worker.run_job(asked("expect('a').equals(1)"))
    line = worker._line

    class Interrupted:
        def __getattr__(self, name):
            return getattr(line, name)

        def recv_bytes(self):
            raise KeyboardInterrupt

    worker._line = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        worker.run_job(asked("expect('a').equals(2)"))
    of = asked("expect('a').equals(1)")
    assert worker.run_job(of).key == of.key


def test_the_room_is_out_of_reach_of_ctrl_c_in_the_terminal(worker):
    worker.run_job(asked("1"))
    assert os.getsid(worker._process.pid) != os.getsid(0)
    assert os.getpgid(worker._process.pid) != os.getpgid(0)


def test_who_waits_gets_an_error_when_the_room_is_closed(worker):
    worker.run_job(asked("1"))
    closing = threading.Timer(1, worker.close)
    closing.start()
    with pytest.raises(CourseError, match="was closed"):
        worker.run_job(asked("import time\ntime.sleep(1000)"))
    closing.join()
    with pytest.raises(CourseError, match="The worker is closed"):
        worker.run_job(asked("1"))


def test_closing_ends_everything(worker):
    worker.run_job(asked("1"))
    pid = worker._process.pid
    worker.close()
    worker.close()
    assert ended(pid)


@pytest.mark.parametrize("at_work", [False, True], ids=["idle", "at work"])
def test_the_room_ends_with_whoever_uses_it(monkeypatch, at_work):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), str(TESTS.parent)]))
    code = (
        "import os, sys, time\n"
        "from course_utils.grading.execution.worker import Worker\n"
        "from grading.execution.test_worker import asked, FORKS\n"
        "worker = Worker(factory=FORKS)\n"
        "worker.run_job(asked('1'))\n"
        "if os.fork() == 0: time.sleep(60)\n"  # holds the line open
        "print(worker._process.pid, flush=True)\n"
        f"worker.run_job(asked('import time; time.sleep(60)')) if {at_work} else time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as client:
        pid = int(client.stdout.readline())
        time.sleep(1)
        children = psutil.Process(pid).children(recursive=True)
        assert bool(children) == at_work
        others = [one for one in psutil.Process(client.pid).children() if one.pid != pid]
        client.kill()
        assert ended(pid)
        assert all(ended(child.pid) for child in children)
        for other in others:
            other.kill()


def test_a_fork_of_the_client_gets_a_room_of_its_own(worker):
    worker.run_job(asked("1"))
    before = worker._process.pid
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        of = asked("expect('a').equals(1)")
        found = results(worker.run_job(of), of)["test_a"]
        os.write(writing, f"{found.state} {worker._process.pid != before}".encode())
        worker.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100) == b"right True"
    of = asked("expect('a').equals(1)")
    assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT
    assert worker._process.pid == before


@pytest.fixture
def workers():
    made = [Worker("warm", Limits()) for _ in range(3)]
    made[0].open(*made[1:])
    yield made
    for worker in made:
        worker.close()


def test_rooms_opened_together_load_once_and_examine_side_by_side(workers):
    first = psutil.Process(workers[0]._process.pid)
    below = first.children(recursive=True)
    assert {worker._process.pid for worker in workers[1:]} <= {one.pid for one in below}
    warm = [one for one in below if "course_utils.grading.sandbox.fork_server" in one.cmdline()]
    assert len({tuple(one.cmdline()) for one in warm}) <= 2, "bwrap and its Python: one sandbox for all"
    of = asked("expect('a').equals(1)")
    alone = timeless(workers[0].run_job(of))
    found = {}

    def work(number):
        found[number] = [timeless(workers[number].run_job(of)) for _ in range(3)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [alone] * 3 for number in range(3)}


def test_a_room_goes_on_when_the_one_it_was_opened_with_has_ended(workers):
    of = asked("expect('a').equals(1)")
    before = workers[1]._process.pid
    os.kill(workers[0]._process.pid, signal.SIGKILL)
    assert ended(before)
    assert results(workers[1].run_job(of), of)["test_a"].state is State.RIGHT
    assert results(workers[0].run_job(of), of)["test_a"].state is State.RIGHT


def test_a_room_that_was_opened_with_another_ends_alone_or_with_it(workers):
    of = asked("expect('a').equals(1)")
    pids = [worker._process.pid for worker in workers]
    workers[1].close()
    assert ended(pids[1])
    assert results(workers[2].run_job(of), of)["test_a"].state is State.RIGHT
    assert workers[2]._process.pid == pids[2]
    workers[0].close()
    assert ended(pids[0])
    assert ended(pids[2])


def test_when_the_warm_python_dies_each_room_gets_another(workers):
    of = asked("expect('a').equals(1)")
    for worker in workers:
        worker.run_job(of)
    first = psutil.Process(workers[0]._process.pid)
    for one in first.children(recursive=True):
        if "course_utils.grading.sandbox.fork_server" in one.cmdline():
            one.kill()
    for worker in workers:
        assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT


def test_a_warm_python_that_dies_before_it_is_asked_costs_nothing(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    of = asked("expect('a').equals(1)")
    with Worker("warm", Limits(), factory="grading.dying:DiesOnce") as worker:
        assert results(worker.run_job(of), of)["test_a"].state is State.RIGHT


def test_rooms_that_cannot_be_opened_together_say_so_when_they_are_used(monkeypatch):
    made = [Worker("nice") for _ in range(2)]
    with pytest.raises(CourseError, match="no sandbox “nice”"):
        made[0].open(*made[1:])
    for worker in made:
        with pytest.raises(CourseError, match="no sandbox “nice”"):
            worker.run_job(asked("1"))


def test_one_room_for_each_thread(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    found = {}

    def work(student):
        of = asked(
            "from course_utils import who_am_i\nexpect('a').equals(who_am_i())",
            f"a = {student!r}",
            student=student,
        )
        with Worker(factory=FORKS) as worker:
            found[student] = [results(worker.run_job(of), of)["test_a"].state for _ in range(3)]

    threads = [threading.Thread(target=work, args=(name,)) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: [State.RIGHT] * 3 for name in ("ada", "bob")}


def test_what_is_missing_is_said_in_one_sentence(monkeypatch):
    with pytest.raises(CourseError, match="There is no sandbox “nice”"):
        Worker("nice").run_job(asked("1"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CourseError, match="could not be started: ModuleNotFoundError"):
        Worker(factory="grading.nowhere:Forks").run_job(asked("1"))


# ---- the version ----------------------------------------------------------------------------------------------------------


def test_the_version_changes_with_what_may_change_a_mark_and_with_nothing_else(tmp_path, monkeypatch):
    kit = tmp_path / "course_utils"
    names = [
        "expect.py",
        "messages/en.toml",
        "grading/execution/test_runner.py",
        "cli.py",
        "grading/feedback/page.py",
        "authoring/lint.py",
    ]
    for name in names:
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).write_text("1")
    monkeypatch.setattr(grader_version, "PACKAGE", kit)
    found = []
    for name in [None, *names]:
        if name:
            (kit / name).write_text("2")
        found.append(kit_version.__wrapped__())
    assert [after != before for before, after in zip(found, found[1:], strict=False)] == [True] * 3 + [
        False
    ] * 3
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "datapackage.json").write_text("{}")
    assert kit_version.__wrapped__() != found[-1]


def test_the_modules_that_make_up_the_grader_are_there():
    assert all(
        list((grader_version.PACKAGE / "grading" / name).glob("*.py")) for name in grader_version.GRADER
    )
    assert len(kit_version()) == 64
