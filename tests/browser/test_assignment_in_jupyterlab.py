"""The way of an assignment through JupyterLab: fetched, validated, handed in, and seen by the instructor."""

import re
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

NAME = "01_who_is_our_customer"


@pytest.fixture
def validated(lab, notebook, page):
    """Put a notebook among the student's work, press Validate, and give back the dialog."""

    def _validated(folder: str, cells) -> "expect":
        path = lab.folder / "my_work" / folder / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(cells, path)
        notebook(f"my_work/{folder}/{NAME}.ipynb", run=False)
        page.get_by_role("button", name="Validate").first.click()
        dialog = page.locator(".jp-Dialog", has=page.locator("#validation-message"))
        dialog.wait_for()
        return dialog

    return _validated


@pytest.fixture
def released(lab):
    path = lab.folder / "assignments" / "release" / NAME / f"{NAME}.ipynb"
    return nbformat.read(path, as_version=4)


@pytest.fixture
def finished(lab, released):
    """The released notebook with the answers of its source in the places for answers."""
    source = nbformat.read(lab.folder / "assignments" / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    answers = {
        c.metadata.nbgrader.grade_id: c.source
        for c in source.cells
        if c.metadata.get("nbgrader", {}).get("solution")
    }
    filled = 0
    for cell in released.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers and cell.cell_type == "code":
            cell.source = answers[name]
            filled += 1
    assert filled >= 6
    return released


def test_validate_on_an_unfinished_assignment_says_what_is_not_attempted_yet(validated, released):
    dialog = validated("unfinished", released)
    said = dialog.inner_text()
    assert "registered: not attempted yet." in said
    assert "Traceback" not in said
    assert "Error" not in said


def test_validate_on_a_finished_assignment_finds_nothing(validated, finished):
    dialog = validated("finished", finished)
    expect(dialog).to_contain_text("Success! Your notebook passes all the tests.")


def test_fetch_puts_the_assignment_into_my_work_and_submit_hands_it_in(lab, notebook, page):
    shutil.rmtree(lab.folder / "my_work" / NAME, ignore_errors=True)
    opened = notebook("notebooks/00_start_here.ipynb", run=False)
    opened.menu("Nbgrader", "Assignment List")
    released = page.locator("#released_assignments_list")
    expect(released).to_contain_text(NAME)
    released.locator(".list_item").filter(has_text=NAME).get_by_role("button", name="Fetch").click()
    fetched = page.locator("#fetched_assignments_list")
    expect(fetched).to_contain_text(NAME)
    assert [p.name for p in (lab.folder / "my_work" / NAME).glob("*.ipynb")] == [f"{NAME}.ipynb"]
    fetched.get_by_role("button", name="Submit").click()
    expect(page.locator("#submitted_assignments_list")).to_contain_text(NAME)


@pytest.fixture
def formgrader(instructors_lab, page, open_in):
    open_in(instructors_lab, page, "notebooks/00_start_here.ipynb", run=False).menu("Nbgrader", "Formgrader")
    return page.frame_locator("iframe[src*=formgrader]")


def test_the_formgrader_shows_the_assignment_without_further_ado(formgrader):
    row = formgrader.get_by_role("row", name=re.compile(NAME))
    expect(row).to_contain_text("released")


def test_the_formgrader_shows_the_class(formgrader, lab):
    formgrader.get_by_role("link", name="Manage Students").click()
    roster = (lab.folder / "assignments" / "example_class.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(roster) == 12
    for line in roster:
        expect(formgrader.locator("table")).to_contain_text(line.split(",")[0])
