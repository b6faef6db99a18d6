"""What somebody sees for whom `make lab` has opened JupyterLab."""

import re
import subprocess
import sys

import pytest
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


def test_the_example_class_is_made_once(lab):
    assert "example class ready" in lab.said()
    again = course_lab(lab, "--version")
    assert again.returncode == 0, again.stderr
    assert "example class" not in again.stdout


def course_lab(lab, *options):
    command = [sys.executable, "-m", "course_utils.cli", "lab", *options]
    return subprocess.run(command, cwd=lab.folder, env=lab.environment, capture_output=True, text=True)


@pytest.mark.exhaustive
def test_make_lab_installs_once(bare_lab):
    assert "Installing" in bare_lab.said()
    assert "example class ready" in bare_lab.said()
    again = subprocess.run(
        ["make", "lab", "LAB=--version"],
        cwd=bare_lab.folder,
        env=bare_lab.environment,
        capture_output=True,
        text=True,
    )
    assert again.returncode == 0, again.stderr
    assert "Installing" not in again.stdout
    assert "example class" not in again.stdout


def test_a_port_that_is_taken_is_one_sentence(lab):
    port = lab.base.rsplit(":", 1)[1]
    refused = course_lab(lab, "--port", port)
    assert refused.returncode != 0
    (sentence,) = refused.stderr.splitlines()
    assert sentence.startswith(f"Port {port} is already in use")


def test_all_of_nbgraders_extensions_are_on(lab):
    loaded = re.findall(
        r"nbgrader\.server_extensions\.(\w+) \| extension was successfully loaded", lab.said()
    )
    assert set(loaded) == {"assignment_list", "course_list", "formgrader", "validate_assignment"}
