"""The gap map as a student uses it: by mouse, by keyboard, in JupyterLab and in Notebook 7."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LESSON = "notebooks/lesson_03_whom_do_we_not_serve.ipynb"
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


class Map:
    """The map, by what one sees of it."""

    def __init__(self, cell):
        self.who = cell.get_by_role("combobox", name="Who")
        self.cards = cell.get_by_role("combobox", name="Cards")
        self.shrink = cell.get_by_role("checkbox", name="Draw each rate toward")
        self.slider = cell.get_by_role("slider")
        self.answer = cell.get_by_role("status")
        self.table = cell.get_by_role("table").last
        self.picture = cell.locator("figure img")
        self.words = cell.locator("figcaption")
        expect(self.picture).to_be_visible()

    def state(self) -> tuple[str, str]:
        return self.picture.get_attribute("src"), self.words.inner_text()

    def expect_another(self, before: tuple[str, str]) -> tuple[str, str]:
        """Wait until the map is another one."""
        expect(self.picture).not_to_have_attribute("src", before[0])
        return self.state()


def test_it_is_used_by_keyboard_and_mouse_and_says_itself(lesson):
    page = lesson.page
    assert lesson.errors() == []
    shown = Map(lesson.section("Try it yourself: a map of gaps"))
    expect(shown.slider).to_have_accessible_name(re.compile("^Hide cells with fewer people"))
    expect(shown.answer).to_contain_text("Lowest three: Fiddler's Green")

    # The keyboard: a choice by its arrow keys, a box by the space bar, the slider one step.
    before = shown.state()
    shown.who.focus()
    for key in ("Space", "ArrowDown", "Enter"):  # open the list, choose, close it
        page.keyboard.press(key)
    expect(shown.who).to_have_value("Under 13")
    children = shown.expect_another(before)
    assert "for residents under 13" in children[1]
    expect(shown.answer).to_contain_text("before your last change")
    shown.shrink.focus()
    page.keyboard.press("Space")
    expect(shown.shrink).to_be_checked()
    shown.expect_another(children)
    shown.slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(shown.slider).to_have_attribute("aria-valuetext", "40")
    expect(shown.answer).to_contain_text(re.compile(r"\d+ cells are hidden"))
    expect(shown.words).to_contain_text("are hidden")

    # The mouse: a choice, a click on the rail.
    shown.cards.select_option("used in 12 months")
    expect(shown.words).to_contain_text("Cards used in 12 months, for residents under 13.")
    rail = shown.slider.locator("xpath=ancestor::*[contains(@class,'noUi-target')]")
    rail.click(position={"x": 2, "y": rail.bounding_box()["height"] / 2})
    expect(shown.slider).to_have_attribute("aria-valuetext", "0")
    expect(shown.answer).not_to_contain_text("hidden")
    expect(shown.words).not_to_contain_text("hidden")
    expect(shown.table.get_by_role("rowheader")).to_have_count(3)

    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {node['html'][:160]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []

    said = [picture.get_attribute("alt") for picture in lesson.outputs.locator("figure img").all()]
    assert len(said) >= 3
    assert [words for words in said if not words or len(words.split()) < 5] == []


def test_it_works_in_notebook_7(notebook_7):
    page = notebook_7(LESSON).page
    shown = Map(page.locator(".jp-CodeCell", has=page.get_by_text("gap_map = GapMap(")).last)
    before = shown.state()
    shown.who.select_option("65 and over")
    before = shown.expect_another(before)
    expect(shown.slider).to_have_accessible_name(re.compile("^Hide cells"))
    shown.slider.focus()
    page.keyboard.press("ArrowRight")
    expect(shown.slider).to_have_attribute("aria-valuetext", "15")
    shown.shrink.focus()
    page.keyboard.press("Space")
    expect(shown.shrink).to_be_checked()
    shown.expect_another(before)
