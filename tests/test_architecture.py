"""The house: imports point down only, the student side stays light, and it never meets nbgrader."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course_utils

PACKAGE = Path(course_utils.__file__).parent
# From the top floor down; rooms on one floor may visit each other.
FLOORS = [
    {"cli"},
    {"lab"},
    {"grading"},
    {"authoring"},
    {"checkup"},
    {"charts"},
    {"methods"},
    {"display"},
    {"identity"},
    {"checks"},
    {"transfer"},
    {"messages"},
    {"library"},
    {"tables"},
    {"kit"},
    {"errors"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
HEAVY = {
    "matplotlib",
    "seaborn",
    "ipywidgets",
    "faker",
    "IPython",
    "nbgrader",
    "jupytext",
    "nbformat",
    "rich",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found.add(node.module)
            if node.module == "course_utils":
                found |= {f"course_utils.{alias.name}" for alias in node.names}
    return found


def rooms_visited(path: Path) -> set[str]:
    names = (name.split(".") for name in imported(path) if name.startswith("course_utils."))
    return {parts[1] for parts in names if parts[1] in FLOOR}


def test_every_room_has_a_floor():
    assert {room(path) for path in MODULES} - {"__init__"} == set(FLOOR)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path):
    if room(path) == "__init__":
        return
    upward = {other for other in rooms_visited(path) if FLOOR[other] < FLOOR[room(path)]}
    assert not upward, f"{room(path)} must not import {', '.join(sorted(upward))}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_grading_imports_nbgrader(path):
    uses = any(name.split(".")[0] == "nbgrader" for name in imported(path))
    assert not uses or room(path) == "grading"


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_kit_stays_light():
    assert (
        loaded_by("import course_utils; course_utils.load; course_utils.expect; course_utils.my_library")
        & HEAVY
        == set()
    )


def test_the_student_side_never_loads_what_only_instructors_have():
    names = ", ".join(course_utils.__all__)
    loaded = loaded_by(f"from course_utils import {names}")
    assert loaded & {"nbgrader", "jupytext", "nbformat", "rich", "sqlalchemy"} == set()


def test_every_name_on_offer_is_there():
    for name in course_utils.__all__:
        assert getattr(course_utils, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'patron'"):
        course_utils.patron  # noqa: B018
