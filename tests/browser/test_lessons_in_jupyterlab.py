"""The lessons as a student sees them: run, moved by mouse and keyboard, and read by a screen reader's rules."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

KIT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (KIT / "notebooks").glob("*.ipynb"))
# What the kit puts on the page: texts, and outputs. Colours of a traceback are IPython's.
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


@pytest.mark.parametrize("lesson", LESSONS)
def test_run_all_gives_no_error(notebook, lesson):
    opened = notebook(f"notebooks/{lesson}.ipynb")
    assert opened.errors() == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_that_the_kit_shows_breaks_a_serious_rule_of_accessibility(notebook, page, lesson):
    notebook(f"notebooks/{lesson}.ipynb")
    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {page.locator(node['target'][0]).first.inner_text()[:80]!r} in {node['html'][:120]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []


def test_every_picture_says_itself_in_words(notebook):
    opened = notebook("notebooks/01_who_is_our_customer.ipynb")
    pictures = opened.outputs.locator("img")
    said = [picture.get_attribute("alt") for picture in pictures.all()]
    assert len(said) >= 3
    assert [words for words in said if not words or len(words.split()) < 5] == []


# The widget of lesson 1


@pytest.fixture
def explorer(notebook):
    opened = notebook("notebooks/01_who_is_our_customer.ipynb")
    return Explorer(opened.section("Try it yourself"))


class Explorer:
    """The definition explorer, by what one sees of it."""

    def __init__(self, cell):
        self.switches = cell.get_by_role("checkbox")
        self.choices = cell.get_by_role("combobox")
        self.answer = cell.get_by_role("status")
        self.picture = cell.locator("figure img")
        self.words = cell.locator("figcaption")
        expect(self.picture).to_be_visible()

    def state(self) -> tuple[str, str, str]:
        return self.answer.inner_text(), self.picture.get_attribute("src"), self.words.inner_text()

    def expect_another(self, before: tuple[str, str, str]) -> tuple[str, str, str]:
        """Wait until the picture is another; the count and the sentence must go with it."""
        expect(self.picture).not_to_have_attribute("src", before[1])
        expect(self.words).not_to_have_text(before[2])
        return self.state()


def test_the_mouse_changes_the_count_the_chart_and_its_words(explorer):
    before = explorer.state()
    explorer.switches.nth(4).click()
    after = explorer.expect_another(before)
    assert after[0] != before[0]
    explorer.switches.nth(4).click()
    expect(explorer.picture).to_have_attribute("src", before[1])


def test_the_mouse_changes_what_is_compared(explorer):
    before = explorer.state()
    explorer.choices.nth(1).select_option("Home branch")
    explorer.expect_another(before)


def test_the_keyboard_alone_does_the_same(explorer, page):
    before = explorer.state()
    explorer.switches.first.focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(explorer.switches.nth(4)).to_be_focused()
    page.keyboard.press("Space")
    after = explorer.expect_another(before)
    assert after[0] != before[0]
    page.keyboard.press("Tab")
    expect(explorer.choices.first).to_be_focused()
    for key in ("Space", "ArrowDown", "Enter"):  # open the list, choose, close it
        page.keyboard.press(key)
    explorer.expect_another(after)


def test_each_control_has_a_name(explorer):
    for control in [*explorer.switches.all(), *explorer.choices.all()]:
        expect(control).to_have_accessible_name(re.compile(r"\w{3}"))


def test_the_name_form_says_who_one_is(notebook, lab, page):
    """The student of this copy: saved by the form, and used from then on."""
    opened = notebook("notebooks/00_start_here.ipynb")
    form = opened.section("Who are you?")
    form.get_by_role("textbox", name="User name").fill("ada")
    form.get_by_role("button", name="Save my name").click()
    expect(form.get_by_role("status")).to_contain_text("ada")
    saved = lab.folder / ".course" / "student.json"
    assert "ada" in saved.read_text(encoding="utf-8")
    saved.unlink()
