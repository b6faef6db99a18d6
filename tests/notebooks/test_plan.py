"""The marketing plan: a page for each week that is there, figures of one's own library, and about a printed page a week."""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from processes import PATIENCE

from course_utils.authoring import notebooks, weeks
from course_utils.library import Library

KIT = Path(__file__).resolve().parents[2]
PAGE = re.compile(r"(?m)^## Week (\d+) · .+")
TO_WRITE = re.compile(r"\*Write here.*\(about (\d+) words\)\.\*")


@pytest.fixture
def plan():
    return notebooks.read_notebook(KIT / "notebooks/plan.ipynb")


def pages(plan) -> dict[int, list]:
    """The cells of each week's page."""
    found, week = {}, None
    for cell in plan.cells:
        if cell.cell_type == "markdown" and (heading := re.search(r"(?m)^## .+", cell.source)):
            number = PAGE.match(heading[0])
            week = int(number[1]) if number else None
        if week is not None:
            found.setdefault(week, []).append(cell)
    return found


def test_each_week_has_its_page_with_two_or_three_cells_and_something_to_write(plan):
    found = pages(plan)
    assert list(found) == [week.number for week in weeks.weeks(KIT)]
    for week, cells in found.items():
        assert sum(cell.cell_type == "code" for cell in cells) in (2, 3), week
        assert sum(bool(TO_WRITE.search(cell.source)) for cell in cells) == 1, week


def test_it_is_about_ones_own_library_and_says_how_it_is_kept(plan):
    code = "\n".join(cell.source for cell in plan.cells if cell.cell_type == "code")
    assert "my_library()" in code
    assert "load(" not in code  # that would be Port Ellery
    words = plan.cells[0].source
    assert "`my_work`" in words
    assert "*Copy*" in words


@pytest.mark.parametrize("student", ["hazel", "rowan", "guest"])
def test_what_it_says_of_the_teams_is_so(plan, student):
    said = "\n".join(cell.source for cell in plan.cells)
    assert "in 2023, before anybody was embedded, and in 2025, when all eight were" in said
    since = Library.for_student(student).teams["embedded_since"].dropna()
    assert len(since) == 8
    assert since.min() > pd.Timestamp("2023-06-30")
    assert since.max() <= pd.Timestamp("2025-01-01")


@pytest.mark.needs("browser")
def test_it_prints_on_about_a_page_a_week_when_all_of_it_is_written(plan, chromium, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_STUDENT", "hazel")
    asked = [int(number) for cell in plan.cells for number in TO_WRITE.findall(cell.source)]
    assert len(asked) == len(pages(plan)) + 1  # the last one says what the plan does not do
    for cell in plan.cells:
        if found := TO_WRITE.search(cell.source):
            words = ["library"] * int(found[1])
            cell.source = " ".join(words)
    NotebookClient(plan, timeout=PATIENCE, kernel_name="python3").execute()
    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(nbformat.from_dict(plan))
    (tmp_path / "plan.html").write_text(html, encoding="utf-8")
    context = chromium.new_context(offline=True)
    sheet = context.new_page()
    sheet.goto((tmp_path / "plan.html").as_uri())
    printed = sheet.pdf(format="Letter").count(b"/Type /Page\n")
    context.close()
    # A page for each week, the first one, and the last one, which says what the plan does not do.
    assert 1 < printed <= len(pages(plan)) + 2
