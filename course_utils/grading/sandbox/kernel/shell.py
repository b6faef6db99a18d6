"""IPython as JupyterLab's kernel has it, without the kernel: what it would send goes into `Outputs`.

It is ipykernel's own shell, so that magics, displays and errors are those that students know. What differs: no
history on disk, the working folder comes last on the path, and an error shows nobody's lines but the student's.
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
import site
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import get_tmp_hash_seed, murmur2_x86
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import _asyncio_runner
from IPython.core.profiledir import ProfileDir
from IPython.core.ultratb import AutoFormattedTB, SyntaxTB
from jupyter_client.session import Session
from traitlets import observe
from traitlets.config import Config

from course_utils.grading.sandbox.kernel.outputs import MOST_OF_AN_ERROR, Outputs
from course_utils.messages import say

INLINE = "module://matplotlib_inline.backend_inline"
MOST_SAID = 2_000
MOST_FRAMES = 60
_TIMED = "<timed exec>"  # what %%time and %%timeit call their body


class Compiler(CachingCompiler):
    """Names cells as ipykernel does, but the same in every process."""

    def get_code_name(self, raw_code, code, number):
        return f"/tmp/ipykernel_1/{murmur2_x86(raw_code, get_tmp_hash_seed())}.py"


class _Session(Session):
    """Where the shell would send messages to notebooks."""

    outputs: Any = None

    def send(self, stream, msg_or_type, content=None, *args, **kwargs):
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        self.outputs.message(msg_or_type, content)


class _Kernel:
    """As much of a kernel as widgets and magics ask for."""

    eventloop = None


class _Profile(ProfileDir):
    """A profile without a folder: IPython makes one when something is first stored there."""

    @observe("location")
    def _location_changed(self, change):
        pass


class _OwnFrames:
    """For tracebacks: only the lines of the student's cells and files."""

    def get_records(self, etb, context, tb_offset):
        own = _own_frames(etb)
        return super().get_records(own, context, 0) if own else []

    def _extract_tb(self, tb):
        return super()._extract_tb(_own_frames(tb))


class _Traceback(_OwnFrames, AutoFormattedTB):
    pass


class _SyntaxTraceback(SyntaxTB):
    def structured_traceback(self, etype, evalue, etb=None, *args, **kwargs):
        own = [frame for frame in etb or [] if _is_own(frame.filename)]
        return super().structured_traceback(etype, evalue, own, *args, **kwargs)


class Shell(ZMQInteractiveShell):
    """The student's IPython."""

    @observe("ipython_dir")
    def _ipython_dir_changed(self, change):
        """It need not be there."""

    def enable_gui(self, gui=None):
        from ipykernel.eventloops import enable_gui

        try:
            enable_gui(gui, self.kernel)
        except ValueError as problem:
            raise UsageError(str(problem)) from None

    @contextlib.contextmanager
    def _tee(self, channel):
        """IPython would keep all that is ever printed."""
        yield

    def init_traceback_handlers(self, custom_exceptions):
        super().init_traceback_handlers(custom_exceptions)
        self.InteractiveTB.__class__ = _Traceback
        self.SyntaxTB.__class__ = _SyntaxTraceback

    def _showtraceback(self, etype, evalue, stb):
        lines = [without_paths(str(line)) for line in stb]
        last = lines[-1:]  # which says what is wrong
        kept, left = [], MOST_OF_AN_ERROR - len("".join(last))
        for line in lines[:-1]:
            left -= len(line)
            if left < 0:
                kept.append("…")
                break
            kept.append(line)
        kept += [line[:MOST_OF_AN_ERROR] for line in last]
        super()._showtraceback(etype, _Said(said(evalue, MOST_OF_AN_ERROR)), kept)

    def system_through_pipe(self, cmd):
        """``!command`` where the sandbox has no terminals; ipykernel would use one."""
        if cmd.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        done = subprocess.run(self.var_expand(cmd, depth=1), shell=True, check=False)
        self.user_ns["_exit_code"] = done.returncode


# Libraries ask for the name of the class to find out whether they are in a notebook.
Shell.__name__ = Shell.__qualname__ = "ZMQInteractiveShell"


class _Said:
    """Stands for an exception where only its text is asked for."""

    def __init__(self, text: str):
        self.text = text

    def __str__(self) -> str:
        return self.text


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
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell = Shell.instance(
        config=config,
        ipython_dir=folder,
        profile_dir=_Profile(location=os.path.join(folder, "profile_default")),
        kernel=_Kernel(),
        compiler_class=Compiler,
        user_ns={},
    )
    session = _Session()
    for part in (shell.displayhook, shell.display_pub):
        part.session = session
    shell.displayhook.topic = b"execute_result"
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
    from matplotlib_inline import backend_inline

    backend_inline._enable_matplotlib_integration()


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
    """Where pandas was imported before there was a shell, it takes this for a terminal, and fits tables to its width."""
    import pandas as pd

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
    shell._last_traceback_during_displayhook = False
    shell.set_parent({"header": {"msg_id": f"cell {shell.execution_count}", "msg_type": "execute_request"}})
    with no_input():
        problem = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, problem = source, sys.exc_info()
        if shell.loop_runner is not _asyncio_runner or not shell.should_run_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=problem
        ):
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
        if not shell._last_traceback_during_displayhook or not shown:
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


def kind_of(problem: BaseException) -> str:
    return str(type(problem).__name__)[:100].encode("utf-8", "replace").decode()


def said(problem: BaseException, most: int = MOST_SAID) -> str:
    """The text of an exception, which its class may have made to fail."""
    try:
        text = str(problem)
    except Exception:
        text = ""
    text = text[: 2 * most].encode("utf-8", "replace").decode()
    return without_paths(text)[:most]


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


def _own_frames(trace):
    """The traceback with only the frames of cells, and of files in the working folder."""
    frames = []
    while trace is not None:
        if _is_own(trace.tb_frame.f_code.co_filename):
            frames.append(trace)
        trace = trace.tb_next
    if len(frames) > MOST_FRAMES:  # of a function that calls itself: IPython takes seconds for a thousand
        frames = frames[: MOST_FRAMES // 2] + frames[-MOST_FRAMES // 2 :]
    own = None
    for one in reversed(frames):
        own = type(one)(own, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return own


def _is_own(file: str) -> bool:
    if file.startswith("/tmp/ipykernel_1/") or (file.startswith("<") and not file.startswith("<frozen")):
        return not file.startswith("<decorator-gen")
    if any(file.startswith(folder) for folder in _FOLDERS):
        return False
    return Path(file).is_relative_to(Path.cwd())


_FOLDERS = sorted(
    {
        *(sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")),
        *site.getsitepackages(),
        *(str(Path(path).resolve()) for path in (sys.prefix, sys.base_prefix)),
        sys.prefix,
        sys.base_prefix,
        str(Path(__file__).resolve().parents[3]),
    },
    key=len,
    reverse=True,
)


def without_paths(text: str) -> str:
    """The text without where things are on this machine."""
    for folder in _FOLDERS:
        text = text.replace(folder + os.sep, "…/")
    with contextlib.suppress(OSError):
        text = text.replace(os.getcwd() + os.sep, "")
    return text
