"""The definition explorer of lesson 1, moved by mouse and keyboard."""

import re

import pytest
from playwright.sync_api import expect

LESSON = "notebooks/lesson_01_who_is_our_customer.ipynb"


def test_every_picture_says_itself_in_words(lesson):
    pictures = lesson.outputs.locator("img")
    said = [picture.get_attribute("alt") for picture in pictures.all()]
    assert len(said) >= 3
    assert [words for words in said if not words or len(words.split()) < 5] == []


@pytest.fixture
def explorer(lesson):
    """The widget as it is before anybody has moved it."""
    cell = lesson.section("Try it yourself")
    lesson.run_again(cell)
    return Explorer(cell)


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


def test_the_keyboard_alone_does_the_same(explorer, lesson):
    page = lesson.page
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
