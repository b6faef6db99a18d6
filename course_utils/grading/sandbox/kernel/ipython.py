"""The student's IPython, and all in it that IPython, ipykernel and matplotlib-inline do not promise to keep.

It is ipykernel's own shell, so that magics, displays and errors are those that students know. What differs: no
history on disk, and an error shows nobody's lines but the student's. Nothing else here uses a private of these
packages: tests/grading/sandbox/test_privates.py has each of them, and pyproject.toml the versions that it is known of.
"""

import contextlib
import os
import subprocess
from typing import Any

from ipykernel.compiler import get_tmp_hash_seed, murmur2_x86
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import UsageError
from IPython.core.interactiveshell import _asyncio_runner
from IPython.core.profiledir import ProfileDir
from IPython.core.ultratb import AutoFormattedTB, SyntaxTB
from jupyter_client.session import Session
from traitlets import observe
from traitlets.config import Config

from course_utils.grading.sandbox.kernel.frames import is_own, own_frames, said, without_paths
from course_utils.grading.sandbox.kernel.outputs import MOST_OF_AN_ERROR


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
        own = own_frames(etb)
        return super().get_records(own, context, 0) if own else []

    def _extract_tb(self, tb):
        return super()._extract_tb(own_frames(tb))


class _Traceback(_OwnFrames, AutoFormattedTB):
    pass


class _SyntaxTraceback(SyntaxTB):
    def structured_traceback(self, etype, evalue, etb=None, *args, **kwargs):
        own = [frame for frame in etb or [] if is_own(frame.filename)]
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

    def takes_turns(self, source: str, transformed: str, problem: tuple | None) -> bool:
        """Whether a cell awaits something, so that it runs in the loop of this process."""
        return self.loop_runner is _asyncio_runner and self.should_run_async(
            source, transformed_cell=transformed, preprocessing_exc_tuple=problem
        )

    @property
    def failed_to_show(self) -> bool:
        """Whether a value could not be shown, since this was last set to False."""
        return self._last_traceback_during_displayhook

    @failed_to_show.setter
    def failed_to_show(self, failed: bool) -> None:
        self._last_traceback_during_displayhook = failed

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


def make_instance(folder: str) -> Shell:
    """Make the one shell of a process, whose profile would be in ``folder``."""
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
    return shell


def let_figures_show() -> None:
    """Have charts shown at the end of a cell, where pyplot was there before the shell."""
    from matplotlib_inline import backend_inline

    backend_inline._enable_matplotlib_integration()
