"""The student's process: what it answers, what it leaves out, what it survives, and when it ends."""

import base64
import inspect
import os
import pickle
import re
import socket
import struct
import tempfile
import threading
import time

import numpy as np
import pandas as pd
import pytest
from grading.talk import Talk
from processes import PATIENCE

from course_utils import load
from course_utils.checks.chart_facts import ChartFacts
from course_utils.grading.sandbox import wire
from course_utils.grading.sandbox.kernel.outputs import MOST_OF_AN_ERROR
from course_utils.messages import say
from course_utils.transfer import Foreign, decode

TOO_MUCH = f"\n[{say('sandbox.wrote_too_much')}]\n"


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Begin a conversation; the parts of the first request may be given."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    begun = []

    def _begin(**hello) -> Talk:
        folder = tmp_path / f"work{len(begun)}"
        folder.mkdir()
        begun.append(Talk(folder, **hello))
        return begun[-1]

    yield _begin
    for talk in begun:
        talk.close()


@pytest.fixture
def talk(begin):
    return begin()


def ends(talk) -> bool:
    talk.process.wait()
    with pytest.raises(wire.Gone):
        talk.reader.read(time.monotonic() + PATIENCE)
    return talk.process.returncode == 0


# ---- cells -------------------------------------------------------------------------------------------------


def test_a_cell_gives_its_outputs_in_order(talk):
    answer = talk.run(
        "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\ndisplay(1)\nprint('d')\n2"
    )
    assert (answer["status"], answer["cell_error"]) == ("ok", None)
    assert [(one["output_type"], one.get("text")) for one in answer["outputs"]] == [
        ("stream", "a\n"),
        ("stream", "b\n"),
        ("stream", "c\n"),
        ("display_data", None),
        ("stream", "d\n"),
        ("execute_result", None),
    ]
    assert answer["outputs"][-1]["data"] == {"text/plain": "2"}


@pytest.mark.parametrize(
    ("source", "kind", "said", "line", "code"),
    [
        ("x = 1\nx / 0", "ZeroDivisionError", "division by zero", 2, "x / 0"),
        ("\n\n  \nx = 1\n1 / 0", "ZeroDivisionError", "division by zero", 5, "1 / 0"),
        ("import pandas as pd\npd.DataFrame({'a': [1]})['b']", "KeyError", "'b'", 2, "pd.DataFrame({'a': [1]})['b']"),
        ("def f():\n    g()\n\ndef g():\n    1 / 0\n\nf()", "ZeroDivisionError", "division by zero", 5, "    1 / 0"),
        ("%%time\nx = 1\n1 / 0", "ZeroDivisionError", "division by zero", 3, "1 / 0"),
        ("x = 1\ny = = 2", "SyntaxError", "invalid syntax", 2, "y = = 2"),
        ("exec('y = = 2')", "SyntaxError", "invalid syntax (<string>, line 1)", 1, "exec('y = = 2')"),
        ("x = 1\ninput()", "No input", None, 2, "input()"),
        ("\nif True:\nx", "IndentationError", None, 3, "x"),
        ("await_ = 1\nimport asyncio\nawait asyncio.sleep(0)\nno_name", "NameError", None, 4, "no_name"),
        ("%nosuch", "UsageError", None, 1, "%nosuch"),
        ("class Odd:\n    def __repr__(self):\n        1 / 0\nOdd()", "ZeroDivisionError", "division by zero", None, ""),
        ("class Bad(Exception):\n    def __str__(self): 1 / 0\nraise Bad", "ZeroDivisionError", "division by zero", 2, "    def __str__(self): 1 / 0"),
    ],
)  # fmt: skip
def test_an_error_is_told_in_the_students_own_words(talk, source, kind, said, line, code):
    answer = talk.run(source)
    cell_error = answer["cell_error"]
    assert answer["status"] == "error"
    assert (cell_error["kind"], cell_error["line"], cell_error["code"]) == (kind, line, code)
    assert said is None or cell_error["said"] == said


@pytest.mark.parametrize("backend", ["TkAgg", "QtAgg"])
def test_where_windows_are_asked_for_charts_stay_in_the_notebook(begin, backend):
    import matplotlib.pyplot  # noqa: F401  (the fork server has it, too)

    answer = begin().run(
        # pytest keeps warnings to itself, in its forks as well.
        "import warnings\nwarnings.showwarning = lambda said, *_, **__: print(said)\n"
        f"import matplotlib, matplotlib.pyplot as plt\nmatplotlib.use({backend!r})\nplt.plot([1, 2])\nplt.show()"
    )
    assert answer["status"] == "ok"
    said = "".join(one.get("text", "") for one in answer["outputs"])
    assert f"{backend} draws in a window, and there is none here" in said
    assert any("image/png" in one.get("data", {}) for one in answer["outputs"])


def test_an_error_in_a_function_of_an_earlier_cell_is_told_where_it_was_called(talk):
    talk.run("def half(x):\n    return x / 0")
    cell_error = talk.run("a = 1\nhalf(a)")["cell_error"]
    assert (cell_error["line"], cell_error["code"]) == (2, "half(a)")


def test_a_traceback_has_the_students_lines_and_nobody_elses(talk):
    talk.run("import pandas as pd\ndef chosen(table):\n    return table['b']")
    (error,) = talk.run(
        "try:\n    chosen(pd.DataFrame())\nexcept KeyError as e:\n    raise ValueError from e"
    )["outputs"]
    shown = "".join(error["traceback"])
    assert "chosen" in shown
    assert "KeyError" in shown
    assert "site-packages" not in shown
    assert "course_utils" not in shown
    assert str(talk.folder.parent) not in shown


def test_where_things_are_on_this_machine_is_not_told(talk):
    answer = talk.run("import pandas\nfrom pandas import nothing_of_the_kind")
    (error,) = answer["outputs"]
    for text in (error["evalue"], *error["traceback"], answer["cell_error"]["said"]):
        assert os.path.dirname(os.path.dirname(pd.__file__)) not in text
    assert "…/pandas/__init__.py" in error["evalue"]
    error = talk.run("open(__import__('os').getcwd() + '/absent.csv')")["cell_error"]
    assert error["said"] == "[Errno 2] No such file or directory: 'absent.csv'"
    assert (
        "/"
        not in talk.text(
            "import warnings; warnings.warn_explicit('w', UserWarning, pandas.__file__, 1)", "stderr"
        ).split("…/")[0]
    )


def test_a_silent_cell_shows_nothing_and_is_not_counted(talk):
    assert talk.run("print(1)\n2", silent=True)["outputs"] == []
    assert talk.run("3")["outputs"][0]["execution_count"] == 1


def test_a_silent_cell_still_tells_of_its_error(talk):
    assert talk.run("1 / 0", silent=True)["cell_error"]["kind"] == "ZeroDivisionError"


def test_a_figure_of_an_earlier_display_is_not_changed_but_one_of_this_cell_is(talk):
    outputs = talk.run("shown = display('a', display_id=True)\nshown.update('b')")["outputs"]
    assert [one["data"]["text/plain"] for one in outputs] == ["'b'"]
    assert talk.run("shown.update('c')")["outputs"] == []


# ---- how much ----------------------------------------------------------------------------------------------


def size(outputs) -> int:
    return sum(len(str(one)) for one in outputs)


@pytest.mark.parametrize(
    "source",
    [
        "for _ in range(100_000): print('x' * 100)",
        "while True:\n    print('y')\n    if (n := globals().get('n', 0) + 1) > 300_000: break",
        "import subprocess; subprocess.run(['sh', '-c', 'yes | head -c 30000000'])",
        "import os\nfor _ in range(3_000): os.write(1, b'z' * 10_000)",
        "for n in range(10_000): display(n)",
        "from IPython.display import HTML\nfor n in range(20): display(HTML('h' * 99_000))",
        "print('a' * 50_000_000)",
    ],
)
def test_a_flood_is_cut_off_with_one_sentence_and_takes_no_memory(begin, source):
    talk = begin(output=100_000)
    taken = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    before = int(talk.text(taken))  # a forked process begins with all that its parent holds
    answer = talk.run(source)
    assert answer["status"] == "ok"
    assert size(answer["outputs"]) < 250_000
    assert sum(one.get("text", "").count(TOO_MUCH) for one in answer["outputs"]) == 1
    assert int(talk.text(taken)) - before < 300_000  # KB; the longest text above is 50 MB


def test_an_error_after_a_flood_is_kept(begin):
    talk = begin(output=1_000)
    answer = talk.run("print('x' * 10_000)\nraise ValueError('m' * 100_000)")
    assert answer["outputs"][-1]["output_type"] == "error"
    assert len(str(answer["outputs"][-1])) < 4 * MOST_OF_AN_ERROR
    assert len(answer["cell_error"]["said"]) == 2_000


def test_a_traceback_that_is_too_long_keeps_its_end(talk):
    outputs = talk.run("def again(n):\n    x = '%s'\n    return again(n + 1)\nagain(0)" % ("y" * 30_000))[
        "outputs"
    ]
    (error,) = outputs
    assert len("".join(error["traceback"])) < 2 * MOST_OF_AN_ERROR
    assert "maximum recursion depth exceeded" in error["traceback"][-1]


def test_output_that_was_cleared_makes_no_room(begin):
    talk = begin(output=2_000)
    outputs = talk.run(
        "from IPython.display import clear_output\nfor n in range(100):\n    print('x' * 100)\n    clear_output()"
    )["outputs"]
    assert [one["text"] for one in outputs] == [TOO_MUCH]


def test_a_value_that_is_too_large_is_foreign(begin):
    talk = begin(value=100_000)
    talk.run("import numpy as np\nbig = np.zeros(1_000_000); small = 1")
    big = talk.fetch("big")
    assert isinstance(big, Foreign)
    assert (type(big).__name__, big.why) == ("ndarray", "too large")
    assert talk.fetch("small") == 1


# ---- values and calls --------------------------------------------------------------------------------------


def test_names_are_the_students_own(talk):
    talk.run(
        "import pandas as pd, numpy\nfrom course_utils import load, expect\n"
        "share = 0.5\ntable = pd.DataFrame()\n_hidden = 1\nlater = ...\ndef half(x): return x\nclass K: pass\nK_ = K()"
    )
    assert talk.ask("names")["names"] == {
        "share": "float",
        "table": "DataFrame",
        "half": "function",
        "K": "type",
        "K_": "K",
    }


def test_values_are_fetched_by_name(talk):
    talk.run(
        "import numpy as np, pandas as pd\nx = np.float32(1.5)\nt = pd.DataFrame({'a': ['u', None]})\nlater = ..."
    )
    assert talk.fetch("x") == np.float32(1.5)
    pd.testing.assert_frame_equal(talk.fetch("t"), pd.DataFrame({"a": ["u", None]}))
    assert talk.fetch("later") is ...
    answer = talk.ask("fetch", name="nothing")
    assert (answer["ok"], answer["there"]) == (True, False)


def test_a_chart_is_fetched_as_its_facts(talk):
    talk.run("import matplotlib.pyplot as plt\n_, ax = plt.subplots()\nax.bar(['a'], [3])")
    facts = talk.fetch("ax")
    assert isinstance(facts, ChartFacts)
    assert facts.marks[0].heights == (3,)


def test_a_function_is_called_there_with_fresh_arguments(talk):
    talk.run("def first(table, n=1):\n    table['seen'] = 1\n    return table.head(n)")
    first, table = talk.fetch("first"), pd.DataFrame({"a": [1, 2]})
    assert str(inspect.signature(first)) == "(table, n=Ellipsis)"
    for _ in range(2):
        assert list(first(table, n=2)) == ["a", "seen"]
    assert list(table) == ["a"]


def test_a_function_may_give_back_a_function(talk):
    talk.run("def adder(n):\n    return lambda x: x + n")
    assert talk.fetch("adder")(3)(4) == 7


def test_what_a_call_prints_and_draws_is_dropped(talk):
    talk.run(
        "import matplotlib.pyplot as plt\ndef f():\n    print('x')\n    plt.plot([1])\n    display(3)\n    return 5"
    )
    assert talk.fetch("f")() == 5
    assert talk.run("6")["outputs"] == [
        {"output_type": "execute_result", "data": {"text/plain": "6"}, "metadata": {}, "execution_count": 2}
    ]


def test_an_error_of_a_call_is_given_back(talk):
    talk.run("class Mine(KeyError): pass\ndef f(x):\n    if x: raise Mine('a')\n    raise SystemExit(x)")
    f = talk.fetch("f")
    assert f(1) == {
        "kind": "Mine",
        "said": "'a'",
        "bases": ["KeyError", "LookupError", "Exception", "BaseException", "object"],
    }
    assert f(0)["kind"] == "SystemExit"
    assert f()["kind"] == "TypeError"
    assert talk.run("1")["status"] == "ok"


def test_requests_that_make_no_sense_are_answered(talk):
    for op, parts in (
        ("fly", {}),
        ("call", {"ref": 99, "args": [], "kwargs": {}}),
        ("run", {"colour": 1}),
        ("_init_", {}),
    ):
        answer = talk.ask(op, **parts)
        assert not answer["ok"] or answer["error"]
    assert talk.run("1")["status"] == "ok"


# ---- interrupts --------------------------------------------------------------------------------------------


BEGUN = "open('begun', 'w').close()"


def interrupted(talk, **request) -> dict:
    """The answer to a request that writes the file ``begun`` and goes on for ever."""
    talk.send(**request)
    while not (talk.folder / "begun").exists():
        time.sleep(0.01)
        assert talk.process.poll() is None
    talk.interrupt()
    return talk.read()


@pytest.mark.parametrize("source", ["while True: pass", "import time; time.sleep(1000)"])
def test_an_interrupt_ends_the_cell_only(talk, source):
    talk.run("kept = 5")
    answer = interrupted(talk, op="run", source=f"{BEGUN}\n{source}")
    assert (answer["cell_error"]["kind"], answer["cell_error"]["line"]) == ("KeyboardInterrupt", 2)
    assert talk.fetch("kept") == 5


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("n = 0\nwhile True:\n    {}\n    n -= 1", 2),
        ("\n%%time\nwhile True:\n    {}\n    pass", 3),
        ("%precision 2\nfor a in [1]:\n    while True:\n        for b in 'abc':\n            {}", 3),
        ("import itertools\nfor a in itertools.count():\n    for b in 'abc':\n        {}", 2),
        ("def f():\n    while True:\n        {}\nfor a in [1]:\n    f()", 2),
        ("def f(x):\n    {}\nwhile True:\n    f(1)", 3),
    ],
    ids=["while", "timed", "within for", "for", "in a function", "calls"],
)
def test_a_loop_that_was_stopped_is_told_by_its_first_line(talk, source, line):
    source = source.format(BEGUN)
    answer = interrupted(talk, op="run", source=source)
    assert (answer["cell_error"]["kind"], answer["cell_error"]["line"]) == ("KeyboardInterrupt", line)
    assert answer["cell_error"]["code"] == source.splitlines()[line - 1]


def test_an_interrupt_ends_a_cell_that_awaits(talk):
    answer = interrupted(talk, op="run", source=f"import asyncio\n{BEGUN}\nawait asyncio.sleep(1000)")
    assert answer["cell_error"]["kind"] == "CancelledError"
    assert talk.run("1")["status"] == "ok"


def test_an_interrupt_ends_a_call(talk):
    talk.run(f"def forever():\n    {BEGUN}\n    while True: pass")
    ref = talk.ask("fetch", name="forever")["value"]["ref"]
    answer = interrupted(talk, op="call", ref=ref, args=[], kwargs={})
    assert answer["error"]["kind"] == "KeyboardInterrupt"


def test_an_interrupt_between_cells_does_nothing(talk):
    talk.interrupt()
    time.sleep(0.3)
    assert talk.run("1")["status"] == "ok"


# ---- the place ---------------------------------------------------------------------------------------------


def test_files_are_written_to_the_working_folder(begin):
    talk = begin(files={"data.csv": base64.b64encode(b"a\n1\n").decode(), "more/b.txt": ""})
    assert (
        talk.text("import os; print(sorted(os.listdir()), open('data.csv').read())")
        == "['data.csv', 'more'] a\n1\n\n"
    )


@pytest.mark.parametrize("name", ["../out.txt", "/tmp/elsewhere.txt", "a/../../b", "", "a\0b"])
def test_no_file_is_written_elsewhere(talk, name):
    assert not talk.ask("hello", files={name: ""})["ok"]
    assert sorted(talk.folder.parent.iterdir()) == [talk.folder]


def test_a_file_named_like_a_package_shadows_nothing(begin):
    bad = base64.b64encode(b"raise RuntimeError('shadowed')").decode()
    good = base64.b64encode(b"def helped():\n    return 1 / 0").decode()
    talk = begin(files={"pandas.py": bad, "random.py": bad, "course_utils.py": bad, "helper.py": good})
    assert talk.run("import pandas, random, course_utils, colorsys, sys; sys.path[-1]")["outputs"][0][
        "data"
    ] == {"text/plain": "''"}
    answer = talk.run("import helper\nhelper.helped()")
    assert answer["cell_error"]["line"] == 2
    shown = re.sub("\x1b[^m]*m", "", "".join(answer["outputs"][-1]["traceback"]))
    assert "helper.py" in shown
    assert "return 1 / 0" in shown
    assert str(talk.folder) not in shown


def test_the_student_is_who_was_said_and_nothing_tells_of_grading(begin, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv("JUPYTERHUB_USER", "somebody")
    talk = begin(student="ann")
    assert talk.text("from course_utils import who_am_i; print(who_am_i())") == "ann\n"
    names = talk.text(
        "import os; print(*[n for n in os.environ if n.startswith(('JUPYTERHUB', 'NBGRADER'))])"
    )
    assert names == "\n"


def test_tables_of_the_students_library_are_ready(begin):
    table = load("branches").head(2)
    tables = base64.b64encode(pickle.dumps({"branches": table})).decode()
    talk = begin(student="ann", tables=tables)
    talk.run("from course_utils import my_library\nmine = my_library().branches")
    pd.testing.assert_frame_equal(talk.fetch("mine"), table)


def test_nothing_is_written_down(talk):
    talk.run("x = 1")
    assert talk.text("import os, tempfile; print(os.path.exists(os.environ['IPYTHONDIR']))") == "False\n"
    history = "get_ipython().history_manager"
    assert talk.text(f"print({history}.hist_file, {history}.enabled)") == ":memory: False\n"
    assert list(talk.folder.iterdir()) == []


# ---- ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["exit", "exit()", "quit", "print('more')\nquit()\nprint('still here')"])
def test_exit_ends_the_process_after_the_cell(talk, source):
    answer = talk.run(source)
    assert (answer["status"], answer["ended"]) == ("ok", True)
    assert ("still here" in source) == any("still here" in one["text"] for one in answer["outputs"])
    assert ends(talk)


@pytest.mark.parametrize("source", ["raise SystemExit", "import sys; sys.exit(2)"])
def test_leaving_by_an_error_does_not(talk, source):
    assert talk.run(source)["cell_error"]["kind"] == "SystemExit"
    assert talk.run("1")["status"] == "ok"


def test_bye_ends_it(talk):
    assert talk.ask("bye")["ok"]
    assert ends(talk)


def test_it_ends_when_nobody_listens(talk):
    talk.sock.close()
    assert talk.process.wait() == 0


def test_a_sudden_end_is_seen_as_one(talk):
    talk.send("run", source="import os; os._exit(3)")
    with pytest.raises(wire.Gone):
        talk.read()


# ---- what students do to it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "import sys; sys.stdout = sys.stderr = None",
        "import sys; sys.stdout = open('/dev/full', 'w')",
        "import json; json.dumps = json.loads = None",
        "import builtins; builtins.print = builtins.display = None",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)",
        "import os; os.close(1); os.close(2)",
        "import os; os.chdir('/')",
        "import sys; sys.setrecursionlimit(300)",
        "import pandas as pd; pd.DataFrame = pd.Series = object",
        "import asyncio; asyncio.create_task(asyncio.sleep(1000))",
        "async def stop(): raise SystemExit\nimport asyncio; left = asyncio.create_task(stop())",
        "import threading, time; threading.Thread(target=lambda: [print(n) or time.sleep(.001) for n in range(10**6)], daemon=True).start()",
        "del In, Out, get_ipython",
        "get_ipython().reset()",
        "import gc; gc.disable(); import logging; logging.disable()",
        "get_ipython().events.register('post_run_cell', lambda *_: 1 / 0)",
        "import os, time\nif os.fork() == 0: time.sleep(.2)",
        "import os\nif os.fork() == 0: pass",
        "list = dict = str = len = None",
    ],
)  # fmt: skip
def test_it_goes_on_after(talk, source):
    talk.send("run", source=source)
    talk.read()
    talk.interrupt()
    assert talk.run("kept = 5")["status"] == "ok"
    assert talk.fetch("kept") == 5
    assert talk.ask("names")["names"]["kept"] == "int"


def test_what_a_thread_writes_later_belongs_to_the_cell_that_runs_then(talk):
    talk.run(
        "import threading\nready = threading.Event()\nlate = threading.Thread(target=lambda: ready.wait() and print('late'))\nlate.start()"
    )
    assert talk.text("ready.set()\nlate.join()") == "late\n"


def test_nothing_writes_to_a_real_terminal(talk):
    assert talk.text("import os; os.system('echo to nobody >&2')", "stderr") == "to nobody\n"


# ---- frames ------------------------------------------------------------------------------------------------


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def frame(body: bytes, kind: bytes = b"J") -> bytes:
    return struct.pack(">I", len(body) + 1) + kind + body


def test_a_message_comes_out_as_it_went_in(pair):
    ours, theirs = pair
    message = {"a": [1, 2.5, None, True, "é💚\n"], "b": "x" * 300_000}
    thread = threading.Thread(target=wire.send, args=[ours, message])
    thread.start()
    reader = wire.Reader(theirs, 10**6)
    assert reader.read(time.monotonic() + PATIENCE) == message
    thread.join()
    for number in range(3):
        wire.send(ours, number)
    assert [reader.read() for _ in range(3)] == [0, 1, 2]


def test_a_message_that_comes_slowly_is_waited_for(pair):
    ours, theirs = pair
    reader, data = wire.Reader(theirs, 100), frame(b'"slow"')
    for byte in data[:-1]:
        ours.send(bytes([byte]))
        with pytest.raises(TimeoutError):
            reader.read(time.monotonic() + 0.01)
    ours.send(data[-1:])
    assert reader.read() == "slow"


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", 2**32 - 1),
        struct.pack(">I", 0),
        struct.pack(">I", 1) + b"J",
        struct.pack(">I", 1001),
        frame(b"1", b"P"),
        frame(b""),
        frame(b"{"),
        frame(b"NaN"),
        frame(b"[1e999]"),
        frame(b"-Infinity"),
        frame(b"\xff"),
        frame(b'"\\ud800"'),
        frame(b"01"),
        frame(b"[" * 900),
    ],
)
def test_what_is_no_frame_is_refused(pair, data):
    ours, theirs = pair
    ours.send(data)
    ours.close()
    with pytest.raises((wire.Nonsense, wire.Gone)) as caught:
        wire.receive(theirs, 1000)
    assert caught.type is wire.Nonsense or len(data) < 8


def test_a_message_of_too_many_parts_is_refused_before_it_takes_memory():
    for body in (b"[" + b"[]," * 3_000_000 + b"[]]", b"[" * 5_000_000):
        with pytest.raises(wire.Nonsense):
            wire.unpack(body)
    for body in (b"[" * 100_000, b"1" * 100_000):
        with pytest.raises(wire.Nonsense):
            wire.unpack(body)


def test_an_end_that_is_gone_is_seen(pair):
    ours, theirs = pair
    theirs.send(b"\0\0")
    theirs.close()
    with pytest.raises(wire.Gone):
        wire.receive(ours, 100)
    with pytest.raises(wire.Gone):
        wire.send(ours, "x")


def test_an_end_that_does_not_read_is_not_waited_for(pair):
    ours, _ = pair
    with pytest.raises(TimeoutError):
        wire.send(ours, "x" * 50_000_000, until=time.monotonic() + 0.2)


def test_what_does_not_fit_is_not_sent(pair):
    ours, _ = pair
    for message, problem in (("x" * 100, wire.TooLong), (float("nan"), ValueError), (object(), TypeError)):
        with pytest.raises(problem):
            wire.send(ours, message, most=50)
    with pytest.raises(wire.TooLong):
        wire.pack([0] * 5_000_000)


def test_the_answer_to_a_fetch_is_a_tree_that_decodes(talk):
    talk.run("x = [1, (2, {3})]")
    assert decode(talk.ask("fetch", name="x")["value"]) == [1, (2, {3})]


# ---- what cells do to the loop that they run in ------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasyncio.get_event_loop().stop()\na = 1",
        "import asyncio, nest_asyncio2\nnest_asyncio2.apply()\nasync def one():\n    return 1\na = asyncio.run(one())",
    ],
)
def test_a_loop_that_a_cell_has_stopped_or_nested_goes_on(begin, source):
    talk = begin()
    assert talk.run(source)["status"] == "ok"
    assert talk.text("print(a)").strip() == "1"
    assert talk.text("import asyncio\nawait asyncio.sleep(0.01)\nprint(a + 1)").strip() == "2"
