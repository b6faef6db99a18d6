"""The segment workbench as a student moves it: by mouse, by keyboard, in JupyterLab and in Notebook 7."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LESSON = "notebooks/lesson_04_core_customers.ipynb"
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


class Workbench:
    """The workbench, by what one sees of it."""

    def __init__(self, cell):
        self.sliders = cell.get_by_role("slider")
        self.renewals = cell.get_by_role("checkbox")
        self.answer = cell.get_by_role("status")
        self.picture = cell.locator("figure img")
        self.words = cell.locator("figcaption")
        expect(self.picture).to_be_visible()

    def state(self) -> tuple[str, str]:
        return self.picture.get_attribute("src"), self.words.inner_text()

    def expect_another(self, before: tuple[str, str]) -> tuple[str, str]:
        """Wait until the map is another; its sentence must go with it."""
        expect(self.picture).not_to_have_attribute("src", before[0])
        expect(self.words).not_to_have_text(before[1])
        return self.state()


def test_it_is_moved_by_keyboard_and_mouse_and_says_itself(lesson):
    page = lesson.page
    assert lesson.errors() == []
    bench = Workbench(lesson.section("Try it yourself: the segment workbench"))

    # Each control has a name, which a screen reader says.
    expect(bench.sliders).to_have_count(3)
    for slider, name in zip(bench.sliders.all(), ("Lately", "Often", "New"), strict=True):
        expect(slider).to_have_accessible_name(re.compile(f"^{name}: .*days"))
    expect(bench.renewals).to_have_accessible_name(re.compile("Count renewals"))

    # The keyboard: from slider to slider with Tab, one step with an arrow.
    before = bench.state()
    bench.sliders.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(bench.sliders.nth(1)).to_have_attribute("aria-valuetext", "17")
    after = bench.expect_another(before)
    expect(bench.answer).to_contain_text("from now and then to regular: 17 days of use")
    assert "and 17 days of use or more" in after[1]
    page.keyboard.press("ArrowRight")
    expect(bench.picture).to_have_attribute("src", before[0])

    # The mouse: a click on the rail moves the cut there, a click on the box counts renewals.
    rail = bench.sliders.nth(0).locator("xpath=ancestor::*[contains(@class,'noUi-target')]")
    box = rail.bounding_box()
    rail.click(position={"x": box["width"] * 0.8, "y": box["height"] / 2})
    moved = bench.expect_another(before)
    bench.renewals.click()
    bench.expect_another(moved)

    # The list of people opens, and nothing on the page breaks a serious rule.
    bench.answer.get_by_text(re.compile("of these people")).click()
    expect(bench.answer.get_by_text(re.compile("a card for")).first).to_be_visible()
    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {node['html'][:160]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []

    # Every picture says itself.
    said = [picture.get_attribute("alt") for picture in lesson.outputs.locator("figure img").all()]
    assert len(said) >= 3
    assert [words for words in said if not words or len(words.split()) < 5] == []


def test_it_works_in_notebook_7(notebook_7):
    opened = notebook_7(LESSON)
    page = opened.page
    bench = Workbench(page.locator(".jp-CodeCell", has=page.get_by_text("SegmentWorkbench(patrons")).last)
    before = bench.state()
    expect(bench.sliders.nth(1)).to_have_accessible_name(re.compile("^Often"))
    bench.sliders.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    bench.expect_another(before)
    bench.renewals.focus()
    page.keyboard.press("Space")
    expect(bench.renewals).to_be_checked()
