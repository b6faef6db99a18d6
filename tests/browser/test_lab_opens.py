"""What somebody sees who has just typed `make lab`."""

import re

from playwright.sync_api import expect


def test_it_opens_on_the_first_page(lab, page):
    page.goto(lab.address)
    tab = page.locator(".lm-TabBar-tab.lm-mod-current", has_text="00_start_here.ipynb")
    expect(tab.first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_nothing_asks_a_question_first(lab, page, notebook):
    """No choice of a kernel, no offer of news, no warning about a file that is newer than its text."""
    notebook("notebooks/00_start_here.ipynb", run=False)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(page.locator(".jp-toast-button, .Toastify__toast")).to_have_count(0)


def test_nbgraders_menu_is_complete(lab, page, notebook):
    opened = notebook("notebooks/00_start_here.ipynb", run=False)
    opened.menu("Nbgrader")
    menu = page.locator(".lm-Menu")
    for entry in ("Assignment List", "Course List", "Formgrader", "Create Assignment"):
        expect(menu.get_by_text(re.compile(f"^{entry}$", re.IGNORECASE)).first).to_be_visible()
