"""The relationship lab as a student sees it, in lesson 9: moved by mouse and by keyboard, and read aloud."""

import re

import pytest
from playwright.sync_api import expect

LESSON = "notebooks/lesson_09_do_relationships_pay.ipynb"


class Lab:
    """The relationship lab, by what one sees of it."""

    def __init__(self, cell):
        self.touching = cell.get_by_label("Hours for touches")
        self.answering = cell.get_by_label("Hours for answers")
        self.kind = cell.get_by_label("What kind of touch")
        self.group = cell.get_by_label("For whom")
        self.teams = cell.get_by_label("Teams that are touched")
        self.name = cell.get_by_label("Name of this plan")
        self.save = cell.get_by_role("button", name="Save this plan")
        self.first = cell.get_by_label("Compare")
        self.answer = cell.get_by_role("status")
        self.picture = cell.locator("figure img")
        self.words = cell.locator("figcaption")
        self.compared = cell.get_by_role("table", name="Two plans")
        expect(self.picture).to_be_visible()

    def state(self) -> tuple[str, str, str]:
        return self.answer.inner_text(), self.picture.get_attribute("src"), self.words.inner_text()

    def expect_another(self, before: tuple[str, str, str]) -> tuple[str, str, str]:
        """Wait until the picture is another; the two sentences must go with it."""
        expect(self.picture).not_to_have_attribute("src", before[1])
        expect(self.answer).not_to_have_text(before[0])
        expect(self.words).not_to_have_text(before[2])
        return self.state()


@pytest.fixture
def relationship_lab(lesson):
    """The widget as it is before anybody has moved it."""
    cell = lesson.section("Try it yourself")
    lesson.run_again(cell)
    return Lab(cell)


def test_every_picture_says_itself_in_words(lesson):
    said = [picture.get_attribute("alt") for picture in lesson.outputs.locator("img").all()]
    assert len(said) == 6
    assert [words for words in said if not words or len(words.split()) < 5] == []


def test_the_mouse_changes_the_kind_of_touch_and_the_teams(relationship_lab):
    lab = relationship_lab
    before = lab.state()
    lab.answering.fill("6")  # with two hours, nobody could answer more, whoever is greeted
    lab.answering.press("Tab")
    before = lab.expect_another(before)
    lab.group.select_option("the six that ask most")
    after = lab.expect_another(before)
    assert "for 6 of 24 teams" in after[0]
    lab.teams.locator("option").first.click()  # one team, and no other
    after = lab.expect_another(after)
    assert "for 1 of 24 teams" in after[0]
    lab.kind.select_option("e-mails with news")
    after = lab.expect_another(after)
    assert "0 more" in after[0]


def test_the_mouse_saves_a_plan_and_compares_two(relationship_lab):
    lab = relationship_lab
    lab.name.fill("toothbrush")
    lab.save.click()
    expect(lab.compared).to_be_visible()
    before = lab.compared.inner_text()
    assert "toothbrush" in before
    lab.touching.fill("0")
    lab.answering.click()  # away from the field
    expect(lab.compared).not_to_have_text(before)
    expect(lab.first.locator("option")).to_have_text(["the plan above", "toothbrush"])


def test_the_keyboard_alone_does_the_same(relationship_lab, lesson):
    page = lesson.page
    lab = relationship_lab
    before = lab.state()
    lab.touching.focus()
    page.keyboard.press("ArrowUp")
    after = lab.expect_another(before)
    assert "Hours a week: 8.5 for greetings" in after[0]
    expect(lab.answering).to_have_value("1.5")  # it gave way
    page.keyboard.press("Tab")
    expect(lab.answering).to_be_focused()
    page.keyboard.press("Tab")
    expect(lab.kind).to_be_focused()
    for key in ("Space", "ArrowDown", "Enter"):  # open the list, choose, close it
        page.keyboard.press(key)
    after = lab.expect_another(after)
    assert "e-mails with news" in after[0]
    for control in (lab.group, lab.teams):
        page.keyboard.press("Tab")
        expect(control).to_be_focused()
    page.keyboard.press("Home")  # the first team, and no other; an e-mail to it changes no picture
    expect(lab.answer).to_contain_text("for 1 of 24 teams")
    page.keyboard.press("Tab")
    expect(lab.name).to_be_focused()
    page.keyboard.type("by keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(lab.compared).to_be_visible()
    expect(lab.first.locator("option")).to_have_text(["the plan above", "by keys"])


def test_each_control_has_a_name(relationship_lab):
    lab = relationship_lab
    for control in (lab.touching, lab.answering, lab.kind, lab.group, lab.teams, lab.name, lab.first):
        expect(control).to_have_accessible_name(re.compile(r"\w{3}"))


@pytest.mark.exhaustive  # the segment workbench stands for the others there
def test_it_works_in_notebook_7_too(notebook_7):
    shown = Lab(notebook_7(LESSON).section("Try it yourself"))
    before = shown.state()
    shown.kind.select_option("meetings with the team")
    shown.expect_another(before)
