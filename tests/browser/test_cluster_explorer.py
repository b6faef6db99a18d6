"""The cluster explorer as a student moves it: by mouse, by keyboard, in JupyterLab and in Notebook 7."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LESSON = "notebooks/lesson_05_are_our_segments_real.ipynb"
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


class Explorer:
    """The explorer, by what one sees of it."""

    def __init__(self, cell):
        self.amount, self.digital, self.children, self.as_counted = (
            cell.get_by_role("checkbox", name=re.compile(f"^{name}: "))
            for name in ("Amount", "Digital", "Children", "As counted")
        )
        self.groups = cell.get_by_role("slider")
        self.answer = cell.get_by_role("status")
        self.picture = cell.locator("figure img").first
        self.words = cell.locator("figcaption")
        expect(self.picture).to_be_visible()

    def state(self) -> tuple[str, str]:
        return self.picture.get_attribute("src"), self.words.inner_text()

    def expect_another(self, before: tuple[str, str]) -> tuple[str, str]:
        """Wait until the picture is another; its sentence must go with it."""
        expect(self.picture).not_to_have_attribute("src", before[0])
        expect(self.words).not_to_have_text(before[1])
        return self.state()


def test_it_is_moved_by_keyboard_and_mouse_and_says_itself(lesson):
    page = lesson.page
    assert lesson.errors() == []
    explorer = Explorer(lesson.section("At home: the cluster explorer"))

    # Each control has a name, which a screen reader says.
    expect(explorer.groups).to_have_count(1)
    expect(explorer.groups).to_have_accessible_name("Number of groups")
    expect(explorer.amount).to_be_checked()
    expect(explorer.answer).to_contain_text("in the null towns")

    # The keyboard: one more group with an arrow, a box with the space bar.
    before = explorer.state()
    explorer.groups.focus()
    page.keyboard.press("ArrowRight")
    expect(explorer.groups).to_have_attribute("aria-valuetext", "3")
    after = explorer.expect_another(before)
    assert "group 3 has" in after[1]
    explorer.digital.focus()
    page.keyboard.press("Space")
    expect(explorer.digital).to_be_checked()
    both = explorer.expect_another(after)

    # The mouse: without the amount, no null town is as tight.
    explorer.amount.click()
    explorer.expect_another(both)
    expect(explorer.answer).to_contain_text("None of the 9 null towns is as tight as ours.")
    explorer.digital.click()
    expect(explorer.answer).to_contain_text("Choose at least one feature.")
    explorer.children.click()
    expect(explorer.picture).to_be_visible()

    # Nothing on the page breaks a serious rule, and every picture says itself.
    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {node['html'][:160]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []
    said = [picture.get_attribute("alt") for picture in lesson.outputs.locator("figure img").all()]
    assert len(said) >= 4
    assert [words for words in said if not words or len(words.split()) < 5] == []


def test_it_works_in_notebook_7(notebook_7):
    opened = notebook_7(LESSON)
    page = opened.page
    cell = page.locator(".jp-CodeCell", has=page.get_by_text("explorer = ClusterExplorer(")).last
    explorer = Explorer(cell)
    before = explorer.state()
    explorer.groups.focus()
    page.keyboard.press("ArrowRight")
    after = explorer.expect_another(before)
    explorer.as_counted.focus()
    page.keyboard.press("Space")
    expect(explorer.as_counted).to_be_checked()
    explorer.expect_another(after)
