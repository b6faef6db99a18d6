"""Does this machine have what the course needs? One line for each thing, in plain words."""

import importlib
import importlib.metadata
import sys
from dataclasses import dataclass

OLDEST_PYTHON = (3, 11)
PACKAGES = {"pandas": 3, "seaborn": 0, "ipywidgets": 8, "faker": 0}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    sentence: str


def check_environment() -> None:
    """Print what was found, one line each, and what to do where something is missing."""
    findings = look_around()
    for finding in findings:
        print(("good: " if finding.good else "missing: ") + finding.sentence)
    bad = sum(not finding.good for finding in findings)
    print("Everything works." if not bad else f"{bad} of {len(findings)} need a look: see the lines above.")


def look_around() -> list[Finding]:
    """Python, the packages and the data of the course; and who one is, where there is more than one name for that."""
    return [_python(), *(_package(name, oldest) for name, oldest in PACKAGES.items()), _data(), *_name()]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding(True, f"Python {version}")
    needed = ".".join(map(str, OLDEST_PYTHON))
    return Finding(
        False, f"this is Python {version}, and the course needs {needed} or newer: follow the README again"
    )


def _package(name: str, oldest: int) -> Finding:
    try:
        importlib.import_module(name)
        version = importlib.metadata.version(name)
    except ImportError:
        return Finding(False, f"{name} is not installed: follow the README again")
    if int(version.split(".")[0]) < oldest:
        return Finding(
            False, f"{name} is {version}, and the course needs {oldest} or newer: follow the README again"
        )
    return Finding(True, f"{name} {version}")


def _data() -> Finding:
    from course_utils.errors import CourseError
    from course_utils.tables import SCHEMAS, load

    try:
        for name in SCHEMAS:
            load(name)
        return Finding(True, f"the data of Port Ellery, all {len(SCHEMAS)} tables")
    except CourseError as problem:
        return Finding(False, str(problem))


def _name() -> list[Finding]:
    """Nothing where one name does for all, or none was given yet: the form is further down on the first page."""
    from course_utils.errors import CourseError
    from course_utils.identity import GUEST, hub_name, names, two_names

    try:
        mine, said = names(), two_names()
    except CourseError as problem:
        return [Finding(False, str(problem))]
    if said and mine.library != GUEST:
        return [Finding(False, f"one name for everything. {said}")]
    if hub_name() not in ("", mine.library):
        return [
            Finding(
                True, f"your name in this course is {mine.library}, though the hub calls you {hub_name()}"
            )
        ]
    return []
