"""The coarseness board as a student moves it: a guess first, by mouse, by keyboard, in JupyterLab and in Notebook 7."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LESSON = "notebooks/lesson_02_may_we_use_this.ipynb"
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


class Board:
    """The board, by what one sees of it."""

    def __init__(self, cell):
        self.guess = cell.get_by_role("slider").nth(0)
        self.least = cell.get_by_role("slider").nth(1)
        self.guessed = cell.get_by_role("checkbox", name="That's my guess")
        self.library = cell.get_by_role("checkbox", name="Home library")
        self.choices = cell.get_by_role("combobox")
        self.answer = cell.get_by_role("status")
        self.bars = cell.locator("figcaption")
        expect(self.guessed).to_be_visible()


def test_a_guess_comes_first_and_then_each_choice_is_seen(lesson):
    page = lesson.page
    assert lesson.errors() == []
    board = Board(lesson.section("How coarse is coarse enough?"))

    # Before the guess nothing gives the answer away.
    expect(board.guess).to_have_accessible_name(re.compile("how many can be linked"))
    expect(board.answer).not_to_be_visible()
    board.guess.focus()
    page.keyboard.press("ArrowRight")
    expect(board.guess).to_have_attribute("aria-valuetext", "51")
    board.guessed.focus()
    page.keyboard.press("Space")
    expect(board.answer).to_contain_text("Your guess was 51 of 100.")

    # Each control has a name, and changes what is shown: by keyboard, and by mouse.
    expect(board.choices).to_have_count(3)
    for choice, name in zip(
        board.choices.all(), ("Birth date", "Postal code", "Dates of the card"), strict=True
    ):
        expect(choice).to_have_accessible_name(name)
    before = board.answer.inner_text()
    board.choices.nth(2).focus()
    page.keyboard.press("l")
    expect(board.choices.nth(2)).to_have_value(re.compile("left out"))
    expect(board.answer).not_to_have_text(before)
    expect(board.answer).to_contain_text("0.0 of 100 people can be linked")
    board.choices.nth(0).select_option(label="ten years")
    board.choices.nth(1).select_option(label="the first four digits")
    expect(board.answer).to_contain_text("Both are within 5 of 100")
    said = board.bars.inner_text()
    board.library.click()
    expect(board.bars).not_to_have_text(said)
    expect(board.least).to_have_accessible_name(re.compile("Hide people in groups smaller than"))

    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {node['html'][:160]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []


def test_it_works_in_notebook_7(notebook_7):
    opened = notebook_7(LESSON)
    page = opened.page
    board = Board(page.locator(".jp-CodeCell", has=page.get_by_text("CoarsenessBoard(records")).last)
    board.guessed.click()
    expect(board.answer).to_contain_text("Your guess was 50 of 100.")
    before = board.answer.inner_text()
    board.choices.nth(2).focus()
    page.keyboard.press("l")
    expect(board.answer).not_to_have_text(before)
