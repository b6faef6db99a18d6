"""Open JupyterLab on the course, with nbgrader's extensions and a class to try them on."""

import contextlib
import os
import socket
import sys
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.execution.prewarm import course_folder

FIRST_PAGE = "notebooks/00_start_here.ipynb"
FETCHED_WORK = "my_work"
# Installing the kit puts these settings into the environment as well, for those who start JupyterLab by itself.
FOR_EVERYBODY = Path(__file__).parent / "jupyter" / "etc" / "jupyter"
# Without what is the instructor's: Formgrader, Create Assignment, Course List, and the texts of the lessons.
FOR_STUDENTS = Path(__file__).parent / "jupyter_students"
PORT_OPTIONS = ("--port", "--ServerApp.port")
ADDRESS_OPTIONS = ("--ip", "--ServerApp.ip")


def start(options: list[str], *, instructor: bool = False) -> int:
    """Run JupyterLab on the course of this folder until it is stopped. Returns the exit code.

    Parameters
    ----------
    options : JupyterLab's own.
    instructor : whether to show what students have no use for, such as Formgrader.

    Raises
    ------
    CourseError
        If the course's folder cannot be written, or the port that was asked for is taken.
    """
    folder = course_folder()
    prepare(folder, options, instructor=instructor)
    _example_class(folder)
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(jupyter_arguments(folder, options))
    return 0


def prepare(folder: Path, options: list[str], *, instructor: bool = False) -> None:
    """Look before anything is started: the folder, the port, where the settings are. Raises ``CourseError``."""
    if not os.access(folder, os.W_OK):
        raise CourseError(
            f"The folder {folder} cannot be written: copy the kit to a folder of your own and run the command there."
        )
    port = option(options, PORT_OPTIONS)
    if port is not None:
        _check_port(port, option(options, ADDRESS_OPTIONS) or "localhost")
    make_folders(folder)
    # nbgrader's pages and its commands, in a terminal of JupyterLab too, all look here for nbgrader_config.py,
    # and JupyterLab for what the course sets: no question about news of Jupyter, and .md files open as pages.
    ours = [folder / "assignments", *([] if instructor else [FOR_STUDENTS]), FOR_EVERYBODY]
    elsewhere = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([*map(str, ours), *filter(None, [elsewhere])])
    # nbgrader fetches into the folder that the server was started from.
    os.chdir(folder)


def make_folders(folder: Path) -> None:
    """Make what nbgrader's Assignment List goes into before it looks for anything, where that may be made."""
    with contextlib.suppress(OSError):
        (folder / FETCHED_WORK).mkdir(exist_ok=True)
        exchange = folder / ".course" / "exchange"
        if not os.environ.get("COURSE_EXCHANGE") and not exchange.exists():
            exchange.mkdir(parents=True)
            exchange.chmod(0o1777)  # everybody may make a folder, and nobody remove another's


def jupyter_arguments(folder: Path, options: list[str]) -> list[str]:
    """What JupyterLab is called with; the options given by hand come last, and so win."""
    arguments = [f"--ServerApp.root_dir={folder}"]
    if (folder / FIRST_PAGE).is_file():  # a class in a folder of its own has no lessons
        arguments.append(f"--LabApp.default_url=/lab/tree/{FIRST_PAGE}")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        arguments.append("--allow-root")
    if option(options, PORT_OPTIONS) is not None:
        arguments.append("--ServerApp.port_retries=0")
    return [*arguments, *options]


def option(options: list[str], names: tuple[str, ...]) -> str | None:
    """The value of an option in ``["--port", "8890"]`` or ``["--port=8890"]``, or None."""
    for number, word in enumerate(options):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else next(iter(options[number + 1 :]), None)
    return None


def _example_class(folder: Path) -> None:
    """A class for the Formgrader and the Assignment List to show. Without one, the lessons open all the same."""
    if sys.platform == "win32":
        print(
            "There is no example class on Windows, where nbgrader cannot hand work in; the lessons all work."
        )
        return
    from course_utils.grading.example_class import ensure_example_class

    try:
        ensure_example_class(folder)
    except CourseError as problem:
        print(f"{problem} The lessons open all the same.", file=sys.stderr)


def _check_port(port: str, address: str) -> None:
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise CourseError(f"“{port}” is not a port: choose a number from 1024 to 65535, such as --port 8890.")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        if sys.platform != "win32":  # there, this option would let two servers share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.replace("*", ""), int(port)))
        except OSError as problem:
            raise CourseError(
                f"Port {port} is already in use or not allowed ({problem.strerror}): choose another, such as "
                f"--port {int(port) % 65000 + 1}, or leave the option out and a free one is found."
            ) from None
