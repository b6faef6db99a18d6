"""The quiz at the end of lesson 1, by mouse, by keyboard, and as a screen reader finds it."""

import re

import pytest
from playwright.sync_api import expect

LESSON = "notebooks/lesson_01_who_is_our_customer.ipynb"
# The text of the cell is out of sight in the notebook, where the answers would stand.
RIGHT_OF_FIRST = "How many cards there are, whether anyone uses them or not"


@pytest.fixture
def quiz(lesson):
    """The quiz before anybody has chosen anything."""
    cell = lesson.section("Check yourself")
    groups = cell.get_by_role("group")
    expect(groups).to_have_count(5)
    return cell


def test_its_text_is_out_of_sight(quiz):
    expect(quiz.locator(".jp-InputPlaceholder")).to_be_visible()
    expect(quiz.locator(".cm-content")).to_have_count(0)


def test_each_question_is_a_group_with_its_own_name(quiz):
    for group in quiz.get_by_role("group").all():
        expect(group).to_have_accessible_name(re.compile(r"\w.+\?$", re.S))
        assert group.get_by_role("button").count() >= 3


def test_each_wrong_choice_has_a_sentence_of_its_own(quiz):
    for item in quiz.locator(".course-quiz > li").all():
        said = []
        for button in item.get_by_role("button").all():
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
            said.append(item.get_by_role("status").inner_text())
        assert len(set(said)) == len(said)
        assert sorted(sentence.split(". ")[0].split(".")[0] for sentence in said) == [
            *["Not quite"] * (len(said) - 1),
            "That's right",
        ]
        expect(item.locator("[aria-pressed=true]")).to_have_count(1)


def test_the_keyboard_alone_does_the_same(quiz, lesson):
    page = lesson.page
    first = quiz.locator(".course-quiz > li").first
    first.get_by_role("button").nth(1).focus()
    page.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_contain_text("Not quite.")
    page.keyboard.press("Shift+Tab")
    right = first.get_by_role("button").first
    expect(right).to_be_focused()
    expect(right).to_contain_text(RIGHT_OF_FIRST)
    page.keyboard.press("Space")
    expect(first.get_by_role("status")).to_contain_text("That's right.")
    expect(right).to_be_focused()
