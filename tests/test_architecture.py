"""The house: imports point down only, the student side stays light, and it never meets nbgrader."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import course_utils

PACKAGE = Path(course_utils.__file__).parent
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


def test_imports_keep_to_the_layers():
    """The layers stand in pyproject.toml, and import-linter says which import breaks one."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("broken", ["course_utils/errors.py", "course_utils/grading/execution/job.py"])
def test_an_import_that_breaks_a_layer_is_found(tmp_path, broken):
    shutil.copytree(PACKAGE, tmp_path / "course_utils", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PACKAGE.parent / "pyproject.toml", tmp_path)
    with (tmp_path / broken).open("a", encoding="utf-8") as file:
        file.write("import course_utils.cli\n")
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 1
    assert "is not allowed to import" in done.stdout.replace("\n", " ")


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


def test_types_of_what_is_public_fit():
    """The files stand in pyproject.toml."""
    command = [sys.executable, "-m", "mypy"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent, check=False)
    assert done.returncode == 0, done.stdout
