"""IPython as JupyterLab's kernel has it, without the kernel: what it would send goes into `Outputs`.

The working folder comes last on the path; what IPython itself does otherwise stands in ipython.py.
"""

import ast
import asyncio
import builtins
import contextlib
import functools
import getpass
import importlib
import os
import re
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable

import comm
from comm.base_comm import BaseComm
from IPython.core.error import StdinNotImplementedError

from course_utils.grading.sandbox.kernel.frames import MOST_SAID, kind_of, said
from course_utils.grading.sandbox.kernel.ipython import Shell, let_figures_show, make_instance
from course_utils.grading.sandbox.kernel.outputs import Outputs
from course_utils.messages import say

INLINE = "module://matplotlib_inline.backend_inline"
_TIMED = "<timed exec>"  # what %%time and %%timeit call their body


def make_shell(outputs: Outputs) -> Shell:
    """The one shell of this process, which sends what it has to say to ``outputs``.

    It may be there already, from before this process was forked: making one takes as long as a small submission.
    """
    # The working folder comes last, so that a file named pandas.py shadows nothing.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != os.getcwd()] + [""]
    prepare_shell()
    shell = Shell.instance()
    if not _has_terminals():
        shell.system = shell.system_piped = shell.system_through_pipe
    shell.displayhook.session.outputs = outputs
    comm.create_comm = lambda *args, **kwargs: _Comm(outputs, *args, **kwargs)
    return shell


def prepare_shell() -> None:
    """Make the shell of this process and of its forks, if there is none yet."""
    if Shell.initialized():
        return
    # Asked of tempfile, it would look now whether the folder is there, and remember another one if it is not.
    folder = os.path.join(os.environ.get("TMPDIR") or tempfile.gettempdir(), "ipython")
    os.environ["IPYTHONDIR"] = folder
    os.environ["MPLBACKEND"] = INLINE
    make_instance(folder)
    # In JupyterLab, breakpoint() does nothing while its debugger is off.
    sys.breakpointhook = lambda *args, **kwargs: None
    if "matplotlib.pyplot" in sys.modules:
        _draw_inline()
    if "pandas" in sys.modules:
        _show_tables_as_notebooks_do()


# What IPython, pandas and Matplotlib load when they first run a cell, show a table or a picture, or tell of an error.
_LATE = (
    "bdb",
    "IPython.core.logger",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "pygments.formatters.terminal256",
    "pygments.styles.default",
    "stack_data",
)


def load_what_comes_late() -> None:
    """Load now what each submission would load anew. Whatever is not there, in other versions, is left for later."""
    for name in _LATE:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _has_terminals() -> bool:
    try:
        for number in os.openpty():
            os.close(number)
    except OSError:
        return False
    return True


def _draw_inline() -> None:
    """Where pyplot was imported before there was a shell, it has chosen another way to draw."""
    import matplotlib
    import matplotlib.pyplot as plt

    plt.switch_backend(INLINE)
    matplotlib.use = _in_the_notebook(matplotlib.use)
    let_figures_show()


def _in_the_notebook(use: Callable) -> Callable:
    """``matplotlib.use``, which goes on in the notebook where it is asked for windows: there are none here."""

    @functools.wraps(use)
    def use_if_there(backend: str, *, force: bool = True) -> None:
        try:
            use(backend, force=force)
        except ImportError:
            warnings.warn(
                say("sandbox.no_window", backend=backend),
                stacklevel=2,
            )

    return use_if_there


def _show_tables_as_notebooks_do() -> None:
    """Where pandas was imported before there was a shell, it takes this for a terminal, and fits tables to its width.

    The kit, imported then as well, found no shell that it could tell how to show them.
    """
    import pandas as pd

    from course_utils.display.tables import in_notebooks

    in_notebooks(Shell.instance())

    if pd.get_option("display.max_columns") == 0:
        pd.set_option("display.max_columns", 20)


class _Comm(BaseComm):
    """A widget's line to the browser, which nobody is at. An Output widget takes what comes while it is open."""

    def __init__(self, outputs: Outputs, *args, **kwargs):
        self._outputs = outputs
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        state = (data or {}).get("state") or {}
        if msg_type == "comm_msg" and "msg_id" in state:
            with contextlib.suppress(ValueError):
                self._outputs.captured_by.remove(self.comm_id)
            if state["msg_id"]:
                self._outputs.captured_by.append(self.comm_id)


# ---- running a cell ----------------------------------------------------------------------------------------


async def run_cell(shell: Shell, source: str, *, silent: bool = False):
    """Run it as ipykernel's ``do_execute`` does; gives IPython's ExecutionResult."""
    shell.payload_manager.clear_payload()
    shell.failed_to_show = False
    shell.set_parent({"header": {"msg_id": f"cell {shell.execution_count}", "msg_type": "execute_request"}})
    with no_input():
        problem = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, problem = source, sys.exc_info()
        if not shell.takes_turns(source, transformed, problem):
            return shell.run_cell(source, store_history=not silent, silent=silent, cell_meta={})
        running = asyncio.ensure_future(
            shell.run_cell_async(
                source,
                store_history=not silent,
                silent=silent,
                transformed_cell=transformed,
                preprocessing_exc_tuple=problem,
                cell_meta={},
            )
        )
        result = None
        with _cancelled_by_interrupt(running):
            try:
                result = await running
            finally:
                shell.events.trigger("post_execute")
                if not silent:
                    shell.events.trigger("post_run_cell", result)
        return result


@contextlib.contextmanager
def no_input():
    """What Jupyter says where nobody is there to answer."""

    def refuse(*args, **kwargs):
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )

    def refuse_password(*args, **kwargs):
        raise StdinNotImplementedError(
            "getpass was called, but this frontend does not support input requests."
        )

    before = builtins.input, getpass.getpass
    builtins.input, getpass.getpass = refuse, refuse_password
    try:
        yield
    finally:
        builtins.input, getpass.getpass = before


@contextlib.contextmanager
def _cancelled_by_interrupt(running: asyncio.Future):
    """An interrupt would stop the loop; it is to stop the cell."""
    loop = asyncio.get_running_loop()
    before = signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(running.cancel))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# ---- errors ------------------------------------------------------------------------------------------------


def error_of(shell: Shell, result, source: str, outputs: list[dict]) -> dict | None:
    """What went wrong in a cell, for the student: ``kind``, ``said``, ``line`` in the cell and its ``code``; or None."""
    problem = result.error_before_exec or result.error_in_exec
    if problem is None:
        shown = [one for one in outputs if one["output_type"] == "error"]
        if not shell.failed_to_show or not shown:
            return None
        return {"kind": shown[-1]["ename"], "said": shown[-1]["evalue"][:MOST_SAID], "line": None, "code": ""}
    line = _line_in_cell(shell, problem, source)
    lines = source.splitlines()
    code = lines[line - 1] if line and line <= len(lines) else ""
    kind, words = told(problem)
    return {
        "kind": kind,
        "said": words,
        "line": line if code else None,
        "code": code[:500].encode("utf-8", "replace").decode(),
    }


def told(problem: BaseException) -> tuple[str, str]:
    """Kind and text of an exception, in plain words where Python's or Jupyter's own tell a student nothing."""
    if isinstance(problem, StdinNotImplementedError):
        return say("grading.no_input"), say("grading.no_input_said")
    words = said(problem)
    if isinstance(problem, SyntaxError):
        words = _FILE_AND_LINE.sub("", words)
    return kind_of(problem), words


# What Python adds to a syntax error in a cell: a file that nobody knows, and a line that is told anyway.
_FILE_AND_LINE = re.compile(r" \(\d+\.py, line \d+\)$")


def _line_in_cell(shell: Shell, problem: BaseException, source: str) -> int | None:
    lines = source.splitlines()
    # IPython drops empty lines at the top before it counts.
    empty = next((number for number, line in enumerate(lines) if line.strip()), 0)
    name = shell.compile.get_code_name(source, source, 0)
    if isinstance(problem, SyntaxError) and problem.filename in (name, None) and problem.lineno:
        return problem.lineno + empty
    passed, trace = [], problem.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file == name:
            passed.append(trace.tb_lineno + empty)
        elif file == _TIMED:
            passed.append(trace.tb_lineno + empty + 1)
        trace = trace.tb_next
    if isinstance(problem, KeyboardInterrupt | asyncio.CancelledError):
        # Where in its loop a cell is stopped is chance. Which loop it is, is not.
        return _first_line_of_loop(shell, passed, source) or (passed[-1] if passed else None)
    return passed[-1] if passed else None


def _first_line_of_loop(shell: Shell, passed: list[int], source: str) -> int | None:
    """Where the outermost ``while`` begins that one of these lines is in, or else the outermost ``for``."""
    lines = source.splitlines()
    empty = next((number for number, line in enumerate(lines) if line.strip()), 0)
    try:
        if lines[empty].lstrip().startswith("%%"):
            lines[empty] = "pass"
        tree = ast.parse(shell.transform_cell("\n".join(lines)))
    except Exception:  # a cell may have changed how cells are read
        return None
    for kinds in (ast.While, ast.For | ast.AsyncFor):
        loops = [node for node in ast.walk(tree) if isinstance(node, kinds)]
        for line in passed:
            around = [one.lineno for one in loops if one.lineno + empty <= line <= one.end_lineno + empty]
            if around:
                return min(around) + empty
    return None
