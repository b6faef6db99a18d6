"""What an error shows: the lines of the student's own code, and no place on this machine."""

import contextlib
import os
import site
import sys
import sysconfig
from pathlib import Path
from types import TracebackType

MOST_SAID = 2_000  # characters of an exception's text
MOST_FRAMES = 60

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


def own_frames(trace: TracebackType | None) -> TracebackType | None:
    """The traceback with only the frames of cells, and of files in the working folder."""
    frames = []
    while trace is not None:
        if is_own(trace.tb_frame.f_code.co_filename):
            frames.append(trace)
        trace = trace.tb_next
    if len(frames) > MOST_FRAMES:  # of a function that calls itself: IPython takes seconds for a thousand
        frames = frames[: MOST_FRAMES // 2] + frames[-MOST_FRAMES // 2 :]
    own = None
    for one in reversed(frames):
        own = type(one)(own, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return own


def is_own(file: str) -> bool:
    """Whether a file is a cell of the student's, or lies in the working folder."""
    if file.startswith("/tmp/ipykernel_1/") or (file.startswith("<") and not file.startswith("<frozen")):
        return not file.startswith("<decorator-gen")
    if any(file.startswith(folder) for folder in _FOLDERS):
        return False
    return Path(file).is_relative_to(Path.cwd())


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


def without_paths(text: str) -> str:
    """The text without where things are on this machine."""
    for folder in _FOLDERS:
        text = text.replace(folder + os.sep, "…/")
    with contextlib.suppress(OSError):
        text = text.replace(os.getcwd() + os.sep, "")
    return text
