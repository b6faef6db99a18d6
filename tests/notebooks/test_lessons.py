"""Every lesson runs from top to bottom, and one that does not is named with its section."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring import notebooks, running

LESSONS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_from_top_to_bottom(lesson, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_STUDENT", "guest")
    folder = shutil.copytree(lesson.parent, tmp_path / "notebooks")
    before = sorted(folder.rglob("*"))
    assert [str(stumble) for stumble in running.run(lesson, folder)] == []
    assert sorted(folder.rglob("*")) == before, "the lesson left files behind"


def test_the_first_two_lessons_are_among_them():
    assert [path.stem for path in LESSONS][:2] == ["00_start_here", "lesson_01_who_is_our_customer"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_set_up_cell_has_at_most_six_lines_and_no_star(lesson):
    first = next(cell for cell in notebooks.read_notebook(lesson).cells if cell.cell_type == "code")
    assert len(first.source.splitlines()) <= 6
    assert [c.source for c in notebooks.read_notebook(lesson).cells if "import *" in c.source] == []


# The same on little notebooks that are broken on purpose.


@pytest.fixture
def stumbles(tmp_path):
    """Run a notebook of these cells, and give back what is reported."""

    def _stumbles(*cells, **options) -> list[str]:
        path = tmp_path / "little.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return [str(stumble) for stumble in running.run(path, **options)]

    return _stumbles


def meant_to_fail(source):
    return new_code_cell(source, metadata={"tags": ["raises-exception"]})


def test_a_failing_cell_is_named_with_notebook_and_heading(stumbles):
    (said,) = stumbles(
        new_markdown_cell("# Week 1"),
        new_code_cell("x = 1"),
        new_markdown_cell("## Predict\n\n```python\n# no heading\n```"),
        new_code_cell("x + y"),
        new_markdown_cell("## Run"),
    )
    assert said == "little.ipynb, under “Predict”, cell 4: NameError: name 'y' is not defined"


def test_a_failing_cell_above_every_heading(stumbles):
    assert stumbles(new_code_cell("1 / 0")) == [
        "little.ipynb, under “the beginning”, cell 1: ZeroDivisionError: division by zero"
    ]


def test_a_cell_may_be_meant_to_fail(stumbles):
    assert stumbles(new_markdown_cell("# A"), meant_to_fail("1 / 0"), new_code_cell("1")) == []


def test_a_cell_that_was_meant_to_fail_and_does_not_is_named(stumbles):
    assert stumbles(new_markdown_cell("# A"), meant_to_fail("1 / 1")) == [
        "little.ipynb, under “A”, cell 2: is marked raises-exception, and did not fail"
    ]


def test_a_warning_is_named(stumbles):
    (said,) = stumbles(new_code_cell("import warnings\nwarnings.warn('old name', stacklevel=1)"))
    assert "wrote a warning" in said


def test_a_cell_that_never_ends_is_named(stumbles):
    (said,) = stumbles(new_markdown_cell("# Loop"), new_code_cell("while True: pass"), timeout=3)
    assert said == "little.ipynb, under “Loop”, cell 2: was not done after 3 seconds"


def test_a_cell_that_kills_the_kernel_is_named(stumbles):
    (said,) = stumbles(new_markdown_cell("# Crash"), new_code_cell("import os\nos._exit(1)"))
    assert said == "little.ipynb, under “Crash”, cell 2: the kernel died"
