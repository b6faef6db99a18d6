"""A cell gives out for the test runner what it gives out in JupyterLab, cell by cell: every lesson, every assignment, and
a page of cells that are hard to get right.

Both are compared as they would stand in the notebook, with the outputs of one stream joined. What is masked is what
differs between two runs of Jupyter as well: ids of widgets, addresses in memory, times, the number of the process in
the name of a cell. What differs on purpose stands in :data:`ON_PURPOSE`.
"""

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from grading.talk import KIT, Talk, started
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from processes import PATIENCE
from representatives import representatives

from course_utils.grading.sandbox.kernel.frames import without_paths

ON_PURPOSE = {
    "tracebacks": "an error shows the student's own lines and none of a package's, so only its end is compared",
    "paths": "where packages stand on this machine is left out of errors and warnings",
    "last on the path": "the working folder is the last place where modules are looked for, not the first",
    "order of the streams": "Jupyter gathers each stream for a fifth of a second, so that what was written in turn comes"
    " in two pieces; here the order is kept",
    "earlier cells": "a display that an earlier cell made cannot be changed any more: its output has been handed in",
    "late prints": "what a thread prints after its cell is done goes to the cell that runs then, or nowhere",
}
PAGES = [
    *sorted((KIT / "notebooks").glob("*.ipynb")),
    *sorted((KIT / "assignments" / "source").glob("*/*.ipynb")),
]
# What processes write reaches Jupyter when its turn comes, before or after what the cell itself shows, and not at all
# where the cell is done by then: these wait for it.
OUT_OF_STEP = {"both streams in turn", "system", "a child", "a file descriptor", "a forked child", "bash"}
MASKS = [
    (r'"model_id": "[0-9a-f]{32}"', '"model_id": "?"'),
    (r"0x[0-9a-f]{6,}", "0x?"),
    (r"object at [0-9a-f]{6,}", "object at ?"),
    (r"(CPU times|Wall time|user|sys|total): [^\\\n,\"]*", r"\1: ?"),
    (r"[0-9.]+ [nμm]?s ± [^\\\n\"]*", "? ± ?"),
    (r"/tmp/ipykernel_[0-9]+/", "/tmp/ipykernel_?/"),
]
TRICKY = {
    "the kit, as in every assignment": "import course_utils",
    "nothing": "",
    "a comment": "# only",
    "a value": "1 + 1",
    "a value that is None": "None",
    "a quiet value": "41 + 1;",
    "the value before": "_ + 1",
    "several values": "1, 'two', [3.0]\n4",
    "a value in the middle": "5\nx = 6",
    "print and a value": "print('a')\nprint('b', end='')\n7",
    "both streams in turn": "import sys\nfor n in range(3):\n    print(n)\n    print(-n, file=sys.stderr)",
    "a stream that is flushed": "sys.stdout.write('no line'); sys.stdout.flush()",
    "no terminal": "sys.stdout.isatty(), sys.stdin.isatty(), sys.stdout.encoding",
    "odd characters": "print('é 💚 \\t\\x1b[31mred\\x1b[0m')",
    "progress": "for n in range(3):\n    print(f'\\r{n} of 3', end='')",
    "a table": "import pandas as pd\ntable = pd.DataFrame({'a': [1, 2], 'b': ['x', None]})\ntable",
    "a column": "table['a']",
    "a styled table": "table.head(0)",
    "display": "display(table, 'text', 3)",
    "display of html": "from IPython.display import HTML, Markdown, Image, JSON, SVG\ndisplay(HTML('<b>x</b>'), Markdown('**x**'))",
    "json": "JSON({'a': [1, None]})",
    "svg": "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "display between prints": "print(1)\ndisplay(2)\nprint(3)",
    "a display that changes": "handle = display('before', display_id='one')\nhandle.update('after')",
    "cleared": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "cleared later": "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "a class that shows itself": "class Shown:\n    def _repr_html_(self):\n        return '<i>me</i>'\n    def __repr__(self):\n        return 'me'\nShown()",
    "a bundle": "class Bundle:\n    def _repr_mimebundle_(self, **kw):\n        return {'text/plain': 'b', 'application/x-own+json': {'n': 1}}, {'application/x-own+json': {'m': 2}}\nBundle()",
    "shows itself its own way": "class Own:\n    def _ipython_display_(self):\n        print('own way')\nOwn()",
    "a repr that fails": "class Bad:\n    def __repr__(self):\n        raise ValueError('no repr')\nBad()",
    "division": "def half(x):\n    return x / 0\n\nhalf(1)",
    "print, then an error": "print('before')\n[][1]\nprint('after')",
    "an error of pandas": "table['zz']",
    "an error from an error": "try:\n    {}['a']\nexcept KeyError as problem:\n    raise ValueError('wrong') from problem",
    "an error while handling one": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    int('x')",
    "several errors at once": "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "an error of one's own": "class Mine(Exception):\n    def __str__(self):\n        return 'in my words'\nraise Mine",
    "a syntax error": "x = (1,\ny = 2",
    "a wrong indent": "  x = 1\n y = 2",
    "empty lines first": "\n\n1 / 0",
    "a name that is not there": "never_given",
    "no such module": "import no_such_module",
    "a syntax error in eval": "eval('1 +')",
    "assert": "assert 1 == 2, 'not the same'",
    "keyboard": "raise KeyboardInterrupt",
    "stopping": "raise SystemExit(3)",
    "sys.exit": "import sys\nsys.exit('done')",
    "a sentence of the kit": "from course_utils import expect\nexpect('share')",
    "the kit is pleased": "share = 0.5\nexpect('share').is_share()",
    "warnings": "import warnings\nwarnings.warn('careful')\nwarnings.warn('careful')\nwarnings.warn('old', DeprecationWarning)",
    "a warning in a function": "def warned():\n    warnings.warn('inside', FutureWarning, stacklevel=2)\nwarned()",
    "a log": "import logging\nlogging.warning('logged')",
    "input": "input('name? ')",
    "a password": "import getpass\ngetpass.getpass()",
    "shell": "!echo from the shell",
    "shell with a value": "word = 'hi'\n!echo {word} $word",
    "shell into a name": "lines = !printf 'a\\nb\\n'\nlines",
    "shell that fails": "!exit 3",
    "after a shell that failed": "_exit_code",
    "system": "import os, time\nended = os.system('echo direct')\ntime.sleep(1)\nended",
    "a child": "import subprocess\nended = subprocess.run(['sh', '-c', 'echo child; echo wrong >&2'])\ntime.sleep(1)\nended.returncode",
    "a file descriptor": "written = os.write(1, b'raw\\n')\ntime.sleep(1)\nwritten",
    "a forked child": "if (child := os.fork()) == 0:\n    print('in the child')\n    sys.stdout.flush()\n    time.sleep(1); os._exit(0)\nos.waitpid(child, 0)[1]",
    "bash": "%%bash\necho one\necho two >&2",
    "a cell magic": "%%capture caught\nprint('hidden')",
    "what it caught": "caught.stdout",
    "html magic": "%%html\n<p>x</p>",
    "writefile": "%%writefile notes.txt\nline",
    "reading it": "open('notes.txt').read()",
    "time": "%%time\nfor n in range(3): pass\nprint('done')",
    "time of a line": "%time 1 + 1",
    "timeit": "%timeit -n1 -r1 pass",
    "an error in timed lines": "%%time\na = 1\na / 0",
    "whos": "%who_ls str",
    "no such magic": "%nosuchmagic",
    "no such cell magic": "%%nosuchmagic\nx",
    "precision": "%precision 2\n3.14159",
    "precision back": "%precision",
    "help": "len?",
    "source": "half??",
    "the last input": "In[-2]",
    "await": "import asyncio\nawait asyncio.sleep(0.01, 'slept')",
    "await in a loop": "for n in range(2):\n    await asyncio.sleep(0)\n    print(n)",
    "await an error": "async def fails():\n    raise RuntimeError('later')\nawait fails()",
    "asyncio.run": "coroutine = asyncio.sleep(0)\nasyncio.run(coroutine)",
    "after asyncio.run": "await coroutine",
    "a running loop": "asyncio.get_running_loop().is_running()",
    "a task for later": "task = asyncio.create_task(asyncio.sleep(0, 'from the task'))",
    "later": "await task",
    "threads": "import threading\nthread = threading.Thread(target=print, args=['from a thread'])\nthread.start(); thread.join()",
    "an error in a thread": "thread = threading.Thread(target=lambda: None)\nthread.start(); thread.join()\nthread.is_alive()",
    "matplotlib": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "a quiet figure": "plt.bar(['a', 'b'], [1, 2]);",
    "two figures": "plt.figure(figsize=(2, 1)); plt.plot([1])\nplt.figure(figsize=(1, 2)); plt.plot([2])\nprint('first')",
    "a figure that is shown": "plt.figure(figsize=(2, 1))\nplt.plot([1]);\nplt.show()\nprint('after')",
    "a figure as a value": "figure, ax = plt.subplots(figsize=(2, 1))\nplt.close(figure)\nfigure",
    "a figure and an error": "plt.figure(figsize=(2, 1))\nplt.plot([3])\n1 / 0",
    "seaborn": "import seaborn as sns\nsns.barplot(x=['a', 'b'], y=[1, 2], errorbar=None)",
    "svg figures": "%config InlineBackend.figure_formats = ['png']\nplt.figure(figsize=(1, 1)); plt.plot([1]);",
    "the backend": "plt.get_backend(), plt.isinteractive()",
    "widgets": "import ipywidgets as widgets\nslider = widgets.IntSlider(3)\nslider",
    "a widget's value": "slider.value = 5\nslider.value",
    "an Output widget": "out = widgets.Output()\nwith out:\n    print('into the widget')\n    display('this too')\nprint('outside')",
    "an error in an Output widget": "with out:\n    1 / 0\nprint('goes on')",
    "interact": "widgets.interact(lambda n: print('n is', n), n=3);",
    "where am I": "__name__, get_ipython().__class__.__name__, hasattr(__builtins__, 'display')",
    "in a notebook": "'ZMQInteractiveShell' in str(type(get_ipython())), get_ipython().kernel is not None",
    "main": "if __name__ == '__main__':\n    print('main')",
    "source of a function": "import inspect\nprint(inspect.getsource(half))",
    "pickle": "import pickle\npickle.loads(pickle.dumps(Mine('a'))).args",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\nP(1)",
    "a list that is long": "list(range(1100))",
    "a long text": "'x' * 300",
    "history": "%history -n 1-2",
    "an execution count": "get_ipython().execution_count",
    "streams replaced": "import io\nsys.stdout, kept = io.StringIO(), sys.stdout\nprint('away')\nsys.stdout = kept\nprint('back')",
    "redirected": "import contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as text:\n    print('caught')\ntext.getvalue()",
    "a breakpoint": "breakpoint()",
    "run a file": "%%writefile own.py\nprint('from a file')\nvalue = 8",
    "that file": "%run own.py",
    "what it left": "value",
    "import that file": "import own\nown.value",
    "autoreload": "%load_ext autoreload\n%autoreload 2",
    "a variable of the environment": "%env COLOUR=blue\nos.environ['COLOUR']",
    "plain errors": "%xmode Plain\n1 / 0",
    "short errors": "%xmode Minimal\n1 / 0",
    "long errors": "%xmode Context\n1 / 0",
    "the last error again": "%tb",
    "no debugger": "%debug",
    "a cell in a cell": "get_ipython().run_cell('1 / 0')\nprint('on')",
    "an error in a hook": "def hook(*_):\n    1 / 0\nget_ipython().events.register('post_run_cell', hook)",
    "without the hook": "get_ipython().events.unregister('post_run_cell', hook)",
    "every expression": "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'all'",
    "two values": "1\n2",
    "pandas settings": "pd.set_option('display.max_rows', 4)\npd.DataFrame({'a': range(9)})",
    "a warning of pandas": "import pandas.errors\nwarnings.warn('x', pandas.errors.PerformanceWarning)",
    "recursion": "def again(n):\n    return again(n + 1)\nagain(0)",
    "generator": "(n for n in [])",
    "a star": "print(*[1, 2], sep='-')",
    "exit": "print('last')\nexit()",
}  # fmt: skip


def masked(text: str) -> str:
    for pattern, mask in MASKS:
        text = re.sub(pattern, mask, text)
    return text


def comparable(outputs, *, any_order: bool = False) -> list[str]:
    """Outputs as texts, masked, with tracebacks cut to their last line.

    What stands in one stream between two other outputs is joined, or all of it with ``any_order``.
    """
    gathered, streams = [], {}
    for one in json.loads(json.dumps(outputs)):
        if one["output_type"] == "stream":
            name = one["name"]
            if name not in streams:
                streams[name] = {**one, "text": ""}
                gathered.append(streams[name])
            streams[name]["text"] += one["text"]
            continue
        if not any_order:
            streams = {}
        if one["output_type"] == "error":
            one["traceback"] = one["traceback"][-1:]
        else:
            one["data"] = {
                key: "".join(part) if isinstance(part, list) else part for key, part in one["data"].items()
            }
        gathered.append(one)
    texts = [masked(without_paths(json.dumps(one, sort_keys=True, ensure_ascii=False))) for one in gathered]
    return sorted(texts) if any_order else texts


def in_jupyter(sources: list[str], folder: Path) -> list[list]:
    """Under pytest, ipykernel would leave file descriptors 1 and 2 alone."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(
        notebook,
        kernel_name="python3",
        allow_errors=True,
        timeout=PATIENCE,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    ).execute(env={name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"})
    return [cell.outputs for cell in notebook.cells]


def in_serve(sources: list[str], folder: Path) -> list[list]:
    talk = Talk(folder, started, output=50 * 2**20)
    try:
        # Jupyter passes over a cell in which there is nothing.
        return [talk.run(source)["outputs"] if source.strip() else [] for source in sources]
    finally:
        talk.close()


@pytest.fixture
def folders(tmp_path):
    """Two folders of the same contents."""

    def _folders(like: Path | None = None):
        made = []
        for name in ("jupyter", "serve"):
            if like:
                shutil.copytree(like, tmp_path / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
            else:
                (tmp_path / name).mkdir()
            made.append(tmp_path / name)
        return made

    return _folders


@pytest.fixture(autouse=True)
def _guest(monkeypatch):
    monkeypatch.setenv("COURSE_STUDENT", "guest")


def name_of(page: Path) -> str:
    """``lesson_01_who_is_our_customer``, or ``assignment-01_…``"""
    return page.stem if page.parent.name == "notebooks" else f"assignment-{page.stem}"


# Every lesson runs from top to bottom in Jupyter in tests/notebooks and in tests/browser.
@pytest.mark.parametrize(
    "page",
    representatives(PAGES, ["lesson_04_core_customers", "assignment-01_who_is_our_customer"], name_of),
)
def test_a_page_gives_out_what_it_does_in_jupyterlab(page, folders):
    cells = nbformat.read(page, 4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    one, other = folders(page.parent)
    wanted, found = in_jupyter(sources, one), in_serve(sources, other)
    assert any(comparable(outputs) for outputs in wanted)
    for source, theirs, ours in zip(sources, wanted, found, strict=True):
        assert comparable(ours) == comparable(theirs), source


def test_cells_that_are_hard_to_get_right(folders):
    one, other = folders()
    wanted, found = in_jupyter(list(TRICKY.values()), one), in_serve(list(TRICKY.values()), other)
    unlike = {}
    for name, theirs, ours in zip(TRICKY, wanted, found, strict=True):
        any_order = name in OUT_OF_STEP
        theirs, ours = (comparable(one, any_order=any_order) for one in (theirs, ours))
        if ours != theirs:
            unlike[name] = ours, theirs
    assert unlike == {}


def test_there_are_pages():
    assert len(PAGES) >= 3
