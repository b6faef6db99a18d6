"""What somebody sees for whom `make lab` has opened JupyterLab."""

import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from flit_core import buildapi
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


FOR_INSTRUCTORS = {"course list", "formgrader", "create assignment"}


def nbgraders_menu(lab, page, open_in):
    """What stands in nbgrader's menu, in a JupyterLab that has shown its first page."""
    open_in(lab, page, "notebooks/00_start_here.ipynb", run=False).menu("Nbgrader")
    labels = page.locator(".lm-Menu .lm-Menu-itemLabel")
    expect(labels.first).to_be_visible()
    return {label.casefold() for label in labels.all_inner_texts() if label}


def folders_in(lab, page, path):
    """The names in JupyterLab's list of files, in a folder."""
    page.goto(lab.page_for(path))
    listed = page.locator(".jp-DirListing-itemName")
    expect(listed.first).to_be_visible()
    return set(listed.all_inner_texts())


def test_a_student_sees_what_a_student_needs(lab, page, open_in):
    assert nbgraders_menu(lab, page, open_in) == {"assignment list"}
    expect(page.locator(".lm-TabBar-tab[title*='Create Assignment']")).to_have_count(0)
    listed = folders_in(lab, page, "notebooks")
    assert "text" not in listed
    assert "00_start_here.ipynb" in listed


def test_an_instructor_sees_all_of_it(instructors_lab, page, open_in):
    assert nbgraders_menu(instructors_lab, page, open_in) >= {"assignment list", *FOR_INSTRUCTORS}
    expect(page.locator(".lm-TabBar-tab[title*='Create Assignment']").first).to_be_visible()
    assert "text" in folders_in(instructors_lab, page, "notebooks")


@pytest.mark.parametrize("name", ["data/README.md", "docs/glossary.md"])
def test_a_page_that_students_are_sent_to_opens_as_a_page(lab, page, name):
    page.goto(lab.page_for(name))
    expect(page.locator(".jp-MarkdownViewer h1").first).to_be_visible()
    expect(page.locator(".jp-FileEditor")).to_have_count(0)


@pytest.fixture
def fetched(lab):
    """An assignment where a student finds it after fetching it."""
    name = "01_who_is_our_customer"
    folder = lab.folder / "my_work" / "looking_words_up"
    folder.mkdir()
    shutil.copy(lab.folder / "assignments" / "release" / name / f"{name}.ipynb", folder)
    yield f"my_work/{folder.name}/{name}.ipynb"
    shutil.rmtree(folder)


def test_the_first_page_and_every_assignment_lead_to_the_code_words(fetched, lab, page, open_in):
    for path in ("notebooks/00_start_here.ipynb", fetched):
        open_in(lab, page, path, run=False)
        page.get_by_role("link", name="docs/code_words.md").click()
        expect(page.locator(".jp-MarkdownViewer h1").first).to_contain_text("Code words")


def test_so_it_does_without_course_lab(lab, other_lab, page, tmp_path, monkeypatch):
    """`jupyter lab`, with the settings that `pip install -e .` puts into an environment's etc/jupyter."""
    monkeypatch.chdir(lab.folder)
    wheel = tmp_path / buildapi.build_editable(str(tmp_path))
    with zipfile.ZipFile(wheel) as files:
        files.extractall(tmp_path)
    (settings,) = tmp_path.glob("*.data/data/etc/jupyter")
    monkeypatch.setitem(lab.environment, "JUPYTER_CONFIG_PATH", str(settings))
    alone = other_lab(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port")
    page.goto(alone.page_for("data/README.md"))
    expect(page.locator(".jp-MarkdownViewer h1").first).to_be_visible()


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
