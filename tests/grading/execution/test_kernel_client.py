"""The conversation with the student's process: values, calls, budgets, sudden ends, and answers that lie."""

import multiprocessing
import os
import socket
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from grading.forked import Forked, Forks
from grading.jobs import a_test, added, answer, job, question, results, setup
from processes import PATIENCE

from course_utils.checks import MISSING, NotYet, Outcome
from course_utils.errors import CourseError
from course_utils.grading.execution.job import State
from course_utils.grading.execution.kernel_client import Lost, StudentError, StudentKernel, student_error
from course_utils.grading.execution.test_runner import run_tests
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox import wire

LIMITS = Limits(cell_cpu=1, cell_wall=2.5, notebook_cpu=20, notebook_wall=40, restarts=3)
LOOP = "while True:\n    pass"
# Two seconds of which no interrupt is taken, then for ever.
DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
GONE = "import os\nos._exit(7)"


@pytest.fixture
def forks():
    made = Forks()
    yield made
    made.close()


@pytest.fixture
def side(forks):
    made = StudentKernel(forks, {"student": "ada"}, LIMITS)
    yield made
    made.close()


@pytest.fixture
def graded(forks):
    """Examine these cells: marks of the tests by name, and the record."""

    def run(*cells, limits=LIMITS):
        of = job(*cells)
        run.record = run_tests(of, forks, limits)
        return results(run.record, of)

    return run


def right(name, source):
    return question(name, source, f"expect({name!r}).equals(1)")


# ---- values and calls --------------------------------------------------------------------------------------------


def test_values_come_over_anew_each_time(side):
    assert side.run("a = [1, 2]\nb = {'x': 1.5}").cell_error is None
    first = side.fetch("a")
    first.append(3)
    assert side.fetch("a") == [1, 2]
    assert side.fetch("b") == {"x": 1.5}
    assert side.fetch("c") is MISSING


def test_names_are_the_students_own(side):
    side.run("import math\nfrom course_utils import expect\na = ...\nb, _c = 1, 2\ndef d(): pass")
    assert side.names() == {"b": "int", "d": "function"}


def test_arguments_are_copies_and_stay_as_they_were(side):
    side.run(
        "def f(frame, numbers, *, by=1):\n    frame['a'] = 0\n    numbers.append(by)\n    return numbers"
    )
    f = side.fetch("f")
    frame, numbers = pd.DataFrame({"a": [1]}), [1]
    assert f(frame, numbers, by=5) == [1, 5]
    assert (frame["a"].tolist(), numbers) == ([1], [1])


def test_a_function_that_gives_back_a_function(side):
    side.run("def adder(n):\n    return lambda x: x + n")
    assert side.fetch("adder")(2)(3) == 5


def test_what_a_students_function_raises_is_known_by_name_and_kind(side):
    side.run(
        "class Mine(KeyError): pass\n"
        "def f(x):\n    if x == 1: raise ValueError('bad')\n    if x == 2: raise Mine('k')\n"
        "    if x == 3: return undefined\n    if x == 4: raise SystemExit\n    assert x != 5, 'five'"
    )
    f = side.fetch("f")
    with pytest.raises(ValueError, match="^bad$") as caught:
        f(1)
    assert isinstance(caught.value, StudentError)
    with pytest.raises(KeyError) as caught:
        f(2)
    assert type(caught.value).__name__ == "Mine"
    with pytest.raises(NameError, match="name 'undefined' is not defined"):
        f(3)
    with pytest.raises(StudentError) as caught:
        f(4)
    assert not isinstance(caught.value, SystemExit)
    with pytest.raises(AssertionError, match="five"):
        f(5)


@pytest.mark.parametrize(
    "bases",
    [
        ["Exception"],
        ["StopIteration"],
        ["UnicodeDecodeError"],
        ["eval"],
        ["nothing"],
        [],
        ["KeyboardInterrupt"],
    ],
)
def test_an_error_can_be_made_of_whatever_they_say(bases):
    error = student_error("Odd", "said", bases)
    assert isinstance(error, StudentError)
    assert (type(error).__name__, str(error)) == ("Odd", "said")
    assert not isinstance(error, StopIteration | KeyboardInterrupt)


def test_a_generator_is_refused_in_words(graded):
    source = "def f(x):\n    yield x"
    found = graded(setup(), answer("f", source), a_test("f", whole="expect('f').gives([1], 1)"))
    assert found["test_f"].message.startswith("f(…) is of the type generator.")
    assert found["test_f"].state is State.WRONG


def test_a_function_for_a_function_cannot_be_sent_and_is_our_fault(graded):
    source = "def f(g):\n    return g(1)"
    found = graded(setup(), answer("f", source), a_test("f", whole="assert f(len) == 1"))
    assert (found["test_f"].state, found["test_f"].score) == (State.OUR_FAULT, None)
    assert "cannot be sent to the student's function" in found["test_f"].review


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ("expect('f').gives(1, 2)", "f stopped with ZeroDivisionError (division by zero). Call it"),
        ("assert f(2) == 1", "f stopped with ZeroDivisionError (division by zero) when the test called it."),
        ("expect('f').is_function('x').gives(1, 2)", "f stopped with ZeroDivisionError"),
    ],
)
def test_an_error_in_the_students_function_is_theirs(graded, whole, message):
    source = "def f(x):\n    return x / 0"
    found = graded(setup(), answer("f", source), a_test("f", whole=whole))
    assert (found["test_f"].state, found["test_f"].score, found["test_f"].review) == (State.ERROR, 0, "")
    assert found["test_f"].message.startswith(message)


def test_a_test_may_expect_an_error(graded):
    source = "def f(x):\n    raise ValueError(x)"
    whole = "try:\n    f(2)\n    assert False\nexcept ValueError as problem:\n    assert str(problem) == '2'"
    assert graded(setup(), answer("f", source), a_test("f", whole=whole))["test_f"].state is State.RIGHT


def test_a_value_that_is_too_large_is_told_from_a_wrong_one(forks):
    limits = Limits(value=100_000)
    of = job(setup(), *question("a", "a = np.zeros(100_000)", "expect('a').equals([0.0])"))
    found = results(run_tests(of, forks, limits), of)["test_a"]
    assert found.state is State.WRONG
    assert "that is too large to be looked at" in found.message


# ---- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (LOOP, "Out of time: it was stopped after 1 seconds of work. Look for a loop that never ends"),
        ("import time\ntime.sleep(60)", "Out of time: it was stopped after 2.5 seconds, most of them spent waiting"),
        (DEAF, "Out of time: it was stopped after 1 seconds of work."),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "Out of time"),
        ("import subprocess\nsubprocess.run(['sleep', '60'])", "Out of time: it was stopped after 2.5 seconds, most"),
    ],
    ids=["loop", "sleep", "deaf", "swallows the interrupt", "a child sleeps"],
)  # fmt: skip
def test_what_does_not_end_is_stopped_and_the_rest_is_graded(graded, source, said):
    found = graded(setup(), *right("a", "a = 1"), *right("b", f"{source}\nb = 1"), *right("c", "c = a"))
    assert [found[f"test_{name}"].score for name in "abc"] == [2, 0, 2]
    assert said in str(found["b"].cell_error)
    assert found["test_b"].state is State.ERROR
    assert found["test_b"].message.startswith("b: ")
    assert said in found["test_b"].message


def test_what_is_made_before_an_interrupt_is_there_after_it(graded):
    found = graded(setup(), answer("a", f"a = 1\n{LOOP}"), a_test("a", whole="expect('a').equals(1)"))
    assert (found["test_a"].state, graded.record.restarts) == (State.RIGHT, 0)


@pytest.mark.parametrize("loop", [LOOP, DEAF, "import time\ntime.sleep(60)"], ids=["loop", "deaf", "sleep"])
@pytest.mark.parametrize("whole", ["expect('f').gives(1, 2)", "assert f(2) == 1"], ids=["expect", "plain"])
def test_a_call_that_does_not_end_is_the_students_error(graded, loop, whole):
    body = loop.replace("\n", "\n    ")
    found = graded(
        setup(), answer("f", f"def f(x):\n    {body}"), a_test("f", whole=whole), *right("b", "b = 1")
    )
    assert (found["test_f"].state, found["test_f"].score, found["test_f"].review) == (State.ERROR, 0, "")
    assert found["test_f"].message.startswith("f: Out of time: it was stopped after")
    assert found["test_b"].score == 2


def test_the_notebook_has_a_budget_of_its_own(graded):
    cells = [cell for name in "abcde" for cell in right(name, f"import time\n_end = time.process_time() + 0.6\n"
             f"while time.process_time() < _end: pass\n{name} = 1")]  # fmt: skip
    found = graded(setup(), *cells, limits=Limits(cell_cpu=1, notebook_cpu=2))
    marks = [found[f"test_{name}"].score for name in "abcde"]
    assert marks[:2] == [2, 2]
    assert marks[4] == 0
    cut = next(found[name].cell_error for name in "abcde" if found[name].cell_error)
    assert (cut.line, cut.code) == (3, "while time.process_time() < _end: pass")
    assert str(replace(cut, line=None)).startswith(
        "Out of time: the whole notebook may take 2 seconds of work"
    )
    assert str(found["e"].cell_error) == "Not run: the notebook had used up its time further up"
    assert found["test_e"].message == "e: Not run: the notebook had used up its time further up."
    assert found["test_e"].state is State.ERROR


def test_many_short_cells_use_up_the_notebooks_time_too(graded):
    cells = [added("sum(range(2_000_000))") for _ in range(30)]
    found = graded(setup(), *cells, *right("a", "a = 1"), limits=Limits(notebook_cpu=0.5))
    assert found["test_a"].message.startswith("a: Not run")


def test_a_question_left_blank_stays_not_attempted_when_time_is_up(graded):
    found = graded(
        setup(), added(LOOP), *right("a", None), limits=Limits(notebook_cpu=0.5, cell_cpu=5, restarts=0)
    )
    assert found["test_a"].state is State.NOT_ATTEMPTED


def _burn(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_a_busy_machine_changes_no_mark(graded):
    """Each cell works for half its bound of the clock, on a machine with three others at each processor."""
    work = "import time\n_end = time.process_time() + 0.4\nwhile time.process_time() < _end: pass\n"
    source = "def f(x):\n    " + work.replace("\n", "\n    ") + "return 1"
    cells = [
        setup(),
        *right("a", f"{work}a = 1"),
        answer("f", source),
        a_test("f", whole="expect('f').gives(1, 2)"),
        *right("b", "b = a"),
    ]
    limits = Limits(cell_cpu=0.8, cell_wall=0.8)
    hogs = [
        multiprocessing.get_context("fork").Process(target=_burn, args=(PATIENCE,))
        for _ in range(3 * os.cpu_count())
    ]
    for hog in hogs:
        hog.start()
    try:
        found = graded(*cells, limits=limits)
    finally:
        for hog in hogs:
            hog.kill()
            hog.join()
    assert [found[f"test_{name}"].score for name in "afb"] == [2, 2, 2]


@pytest.mark.parametrize(
    "cell", ["import time\ntime.sleep(600)", DEAF, "import os\nos.read(os.pipe()[0], 1)"]
)
def test_the_clock_alone_ends_a_cell_whose_time_does_not_pass(graded, monkeypatch, cell):
    """As if it had waited for a processor all the time, which its own processes can bring about."""
    monkeypatch.setattr(Forked, "waited", lambda self: time.monotonic())
    limits = replace(LIMITS, cell_cpu=60, notebook_cpu=60, cell_wall=1, busy=2, stall=1)
    assert limits.longest(1) == 3
    began = time.monotonic()
    found = graded(setup(), *right("a", cell), *right("b", "b = 1"), limits=limits)
    assert 3 <= time.monotonic() - began < PATIENCE
    assert found["a"].cell_error.kind == "Out of time"
    assert found["a"].cell_error.said.startswith("it was stopped after 3 seconds")
    assert [found[f"test_{name}"].score for name in "ab"] == [0, 2]


def test_the_clock_alone_ends_a_notebook_whose_time_does_not_pass(graded, monkeypatch):
    monkeypatch.setattr(Forked, "waited", lambda self: time.monotonic())
    limits = replace(LIMITS, notebook_wall=1, busy=2, stall=1)
    sleeps = [added("import time\ntime.sleep(2)") for _ in range(3)]
    found = graded(setup(), *sleeps, *right("a", "a = 1"), limits=limits)
    assert found["test_a"].message.startswith("a: Not run")


def test_by_default_the_clock_leaves_a_busy_machine_much_time():
    for wall, cpu in (
        (Limits().cell_wall, Limits().cell_cpu),
        (Limits().notebook_wall, Limits().notebook_cpu),
    ):
        assert Limits().longest(wall) > 12 * cpu


# ---- sudden ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [GONE, "exit()", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "import os\nos.abort()",
     "import faulthandler\nfaulthandler._sigsegv()"],
    ids=["_exit", "exit", "kill", "abort", "segfault"],
)  # fmt: skip
def test_an_end_in_a_cell_costs_that_cell_alone(graded, end):
    found = graded(
        setup(),
        *right("a", "a = 1"),
        *right("b", f"b = 1\n{end}"),
        *right("c", "c = a"),
        *right("d", "d = c"),
    )
    assert [found[f"test_{name}"].score for name in "abcd"] == [2, 0, 2, 2]
    assert found["b"].cell_error.kind == "Python ended"
    assert found["test_b"].state is State.ERROR
    assert graded.record.restarts == 1
    assert graded.record.flags == ()


def test_what_is_run_again_is_run_in_order_and_without_the_cell_that_ended_it(forks, tmp_path):
    trace = tmp_path / "trace"
    note = "open({!r}, 'a').write({!r})"
    side = StudentKernel(forks, {"student": "ada"}, LIMITS)
    for name in ("a", "b"):
        side.run(note.format(str(trace), name))
    side.run(note.format(str(trace), "x") + f"\n{GONE}")
    side.run(note.format(str(trace), "e") + "\n1 / 0")
    side.run(note.format(str(trace), "y") + f"\n{GONE}")
    side.run(note.format(str(trace), "c"))
    side.close()
    # One that stopped with an error is run again as well: what it made before is there again.
    assert trace.read_text() == "abx" + "abey" + "abec"


def test_a_call_leaves_the_students_tables_as_they_were(graded):
    """Also where the function, or one that it calls, writes into a table of the notebook."""
    found = graded(
        setup(),
        added("import pandas as pd\ntable = pd.DataFrame({'n': [1, 2]})"),
        added("def helper():\n    table['n'] = 0\n    return int(table['n'].sum())"),
        answer("f", "def f(x):\n    table['x'] = x\n    return helper()"),
        a_test("f", whole="expect('f').gives(0, 5)"),
        answer("g", "g = table.shape[1] * int(table['n'].sum())"),
        a_test("g", whole="expect('g').equals(3)"),
    )
    assert [found[name].score for name in ("test_f", "test_g")] == [2, 2]


def test_an_end_in_a_call_costs_that_test_alone(graded):
    source = "def f(x):\n    import os\n    os._exit(0)"
    found = graded(
        setup(),
        *right("a", "a = 1"),
        answer("f", source),
        a_test("f", whole="f(1)\nassert False"),
        a_test("f", whole="try:\n    f(1)\nexcept Exception:\n    pass\nexpect('a').equals(1)"),
        *right("b", "b = a"),
    )
    assert found["test_f"].score == 0
    assert found["test_f"].message.startswith("a: Python ended: your Python ended")
    assert [found[f"test_{name}"].score for name in "ab"] == [2, 2]
    assert graded.record.restarts == 2


def test_an_end_in_a_fetch_costs_that_test_alone(graded):
    source = """
import os
class Odd(dict):
    pass
a = pd.Series([1])
class Bomb:
    key = property(lambda self: os._exit(0))
    utcoffset = None
import datetime
class Zone(datetime.tzinfo):
    def utcoffset(self, when): os._exit(0)
a = datetime.datetime(2025, 1, 1, tzinfo=Zone())"""
    found = graded(setup(), *right("a", source), *right("b", "b = 1"))
    assert [found[f"test_{name}"].score for name in "ab"] == [0, 2]
    assert (found["test_a"].state, found["test_a"].review) == (State.ERROR, "")
    assert found["test_a"].message.startswith("a: Python ended")


def test_who_ends_it_too_often_is_not_run_any_more(graded):
    ends = [added(GONE) for _ in range(5)]
    found = graded(setup(), *right("a", "a = 1"), *ends, *right("b", "b = a"))
    assert (found["test_a"].score, found["test_b"].score) == (2, 0)
    assert graded.record.restarts == LIMITS.restarts
    assert found["test_b"].message == "b: Not run: your Python had ended too often further up (4 times)."


def test_a_cell_that_ends_python_only_when_run_again(forks, tmp_path):
    mark = tmp_path / "mark"
    twice = f"import os\nif os.path.exists({str(mark)!r}): os._exit(0)\nopen({str(mark)!r}, 'w')\nt = 1"
    side = StudentKernel(forks, {"student": "ada"}, LIMITS)
    side.run("a = 1")
    side.run(twice)
    side.run(GONE)
    side.begin()
    assert side.fetch("a") == 1
    assert side.fetch("t") is MISSING
    assert side.restarts == 2
    side.close()


def test_a_process_that_cannot_be_started_is_not_the_students_fault(forks):
    class Broken(Forks):
        def new(self):
            if self.made:
                raise CourseError("no more")
            return super().new()

    with pytest.raises(CourseError, match="could not be started"):
        StudentKernel(Forks(serve=lambda sock: None), {}, LIMITS).run("1")
    broken = Broken()
    of = job(setup(), *right("a", "a = 1"), added(GONE), *right("b", "b = 1"))
    record = run_tests(of, broken, LIMITS)
    broken.close()
    found = results(record, of)
    assert (found["test_a"].score, found["test_b"].score) == (2, 0)
    assert "could not be started again" in found["test_b"].review


# ---- answers that lie ---------------------------------------------------------------------------------------------------


def lying(answers):
    """A process that greets, and then answers each request as ``answers(request)`` says; raw bytes go out as they are."""

    def serve(sock: socket.socket) -> None:
        reader = wire.Reader(sock, 2**31)
        sock_send = sock.sendall
        while True:
            request = reader.read()
            said = {} if request["op"] == "hello" else answers(request)
            if isinstance(said, bytes):
                sock_send(said)
            else:
                wire.send(sock, {"id": request["id"], "ok": True, **said})

    return serve


OK = {"status": "ok", "outputs": [], "cell_error": None}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {**OK, "status": "fine"},
        {**OK, "outputs": None},
        {**OK, "outputs": [{"output_type": "stream", "name": "stdin", "text": ""}]},
        {**OK, "outputs": [{"output_type": "error", "ename": 1, "evalue": "", "traceback": []}]},
        {**OK, "outputs": [{"output_type": "display_data", "data": [], "metadata": {}}]},
        {**OK, "outputs": [{"output_type": "widget"}]},
        {**OK, "outputs": ["text"]},
        {**OK, "outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 20_000_000}]},
        {**OK, "status": "error"},
        {**OK, "status": "error", "cell_error": {"kind": 1, "said": "", "line": None, "code": ""}},
        {**OK, "status": "error", "cell_error": {"kind": "E", "said": "", "line": -1, "code": ""}},
        {**OK, "ended": 1},
        {"ok": False},
        {"ok": 1, **OK},
        {"id": 99, **OK},
        {"id": "1", **OK},
        b"\0\0\0\5Jnull",
        b"\0\0\0\3Jxx",
        b"\0\0\0\5Bnull",
        b"\xff\xff\xff\xff",
        b"\0\0\0\0",
    ],
)
def test_an_answer_that_makes_no_sense_ends_the_process(said):
    forks = Forks(serve=lying(lambda request: said))
    side = StudentKernel(forks, {}, LIMITS)
    ran = side.run("1")
    assert str(ran.cell_error) == "Python ended: what your Python answered made no sense, so it was ended"
    assert ran.outputs == ()
    assert forks.made[0].dead
    assert len(side.flags) == 1
    side.close()


@pytest.mark.parametrize(
    ("op", "said"),
    [
        ("names", {"names": ["a"]}),
        ("names", {"names": {"a": 1}}),
        ("fetch", {"there": 1, "value": 1}),
        ("fetch", {"there": True, "value": {"t": "pickle", "v": ""}}),
        ("fetch", {"there": True, "value": [1]}),
        ("fetch", {"there": True}),
        ("call", {"error": {"kind": "E", "said": "s", "bases": "E"}}),
        ("call", {"error": {"kind": "E", "said": None, "bases": []}}),
        ("call", {"value": {"t": "foreign"}}),
        ("call", {}),
    ],
)
def test_the_same_for_values_and_calls(op, said):
    function = {"t": "function", "ref": 0, "type": "function", "name": "f", "parameters": None}

    def answers(request):
        if request["op"] == op:
            return said
        return {"there": True, "value": function} if request["op"] == "fetch" else OK

    side = StudentKernel(Forks(serve=lying(answers)), {}, LIMITS)
    side.run("1")
    with pytest.raises(Lost, match="made no sense"):
        {"names": side.names, "fetch": lambda: side.fetch("a"), "call": lambda: side.fetch("a")(1)}[op]()
    with pytest.raises(Lost):
        side.fetch("a")
    side.close()


def test_who_talks_to_the_grader_gets_nothing_and_is_looked_at(graded):
    """Student code that finds the socket, and answers a request before it is asked."""
    talk = """
import socket, os, json, struct
for number in range(3, 200):
    try:
        sock = socket.socket(fileno=os.dup(number))
        if sock.family == socket.AF_UNIX and sock.type == socket.SOCK_STREAM:
            for n in range(1, 9):
                body = b"J" + json.dumps({"id": n, "ok": True, "there": True, "value": 1}).encode()
                sock.sendall(struct.pack(">I", len(body)) + body)
    except OSError:
        pass"""
    found = graded(setup(), *right("a", "a = 1"), added(talk), *right("b", "b = 7"), *right("c", "c = 1"))
    assert [found[f"test_{name}"].score for name in "abc"] == [2, 0, 2]
    assert "answers that make no sense" in found["test_b"].review
    assert graded.record.restarts == 1


def test_a_frame_that_never_ends_is_waited_for_no_longer_than_a_cell(forks):
    side = StudentKernel(Forks(serve=lying(lambda request: b"\0\1\0\0J")), {}, LIMITS)
    began = side.used().wall
    assert str(side.run("1").cell_error).startswith("Out of time")
    assert side.used().wall - began < 30
    side.close()


def test_texts_of_theirs_cannot_steer_a_terminal(side):
    cell_error = side.run("raise ValueError('\\x1b[2J\\x1b]0;title\\x07 bad')").cell_error
    assert cell_error.said == "[2J]0;title bad"


def test_the_outcome_of_a_check_survives_the_way_through_a_call(side):
    side.run("def f(x):\n    return ...")
    from course_utils.checks import Expectation

    with pytest.raises(NotYet) as caught:
        Expectation("f", side.fetch("f")).gives(1, np.int64(2))
    assert caught.value.outcome is Outcome.NOT_ATTEMPTED


def test_a_fork_tells_what_it_uses(forks):
    channel = forks.new()
    assert isinstance(channel, Forked)
    assert channel.cpu() >= 0
    channel.kill()
    channel.kill()


def test_a_notebook_that_shows_without_end_keeps_its_errors_and_its_marks(graded):
    flood = [added(f"print('x' * 90_000)  # {number}") for number in range(12)]
    of = [setup(), *flood, added("1 / 0"), *right("a", "a = 1")]
    found = graded(*of, limits=replace(LIMITS, output=100_000, all_output=500_000))
    shown = [str(one.outputs) for one in graded.record.results]
    assert sum("x" * 90_000 in text for text in shown) == 5
    assert sum("shows more than is kept" in text for text in shown) == 7
    assert "ZeroDivisionError" in "".join(shown)
    assert found["test_a"].score == 2
