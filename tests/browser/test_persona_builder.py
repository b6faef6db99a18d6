"""The persona builder of lesson 6, by mouse and keyboard, in JupyterLab and in Notebook 7."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LESSON = "notebooks/06_are_our_personas_people.ipynb"
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


class Builder:
    """The persona builder, by what one sees of it."""

    def __init__(self, cell):
        self.cell = cell
        self.answer = cell.get_by_role("status").first
        self.message = cell.get_by_role("status").last
        self.picture = cell.locator("figure img").first
        self.cards = cell.get_by_role("article")
        expect(self.picture).to_be_visible()

    def choice(self, name: str):
        return self.cell.get_by_role("combobox", name=name, exact=True)

    def line(self, name: str):
        return self.cell.get_by_role("textbox", name=name, exact=True)

    def button(self, name: str):
        return self.cell.get_by_role("button", name=name, exact=True)

    def people(self) -> int:
        return int(re.search(r"([\d,]+) people match", self.answer.inner_text())[1].replace(",", ""))


@pytest.fixture
def opened(notebook):
    return notebook(LESSON)


@pytest.fixture
def builder(opened):
    return Builder(opened.section("Try it yourself"))


def test_the_lesson_runs_and_breaks_no_serious_rule_of_accessibility(opened, page):
    assert opened.errors() == []
    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {node['html'][:160]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []


def test_the_mouse_changes_the_count_the_picture_and_the_card(builder):
    before, many = builder.picture.get_attribute("src"), builder.people()
    builder.choice("comes to programs").select_option("yes")
    expect(builder.picture).not_to_have_attribute("src", before)
    assert builder.people() < many
    expect(builder.cards.first).to_contain_text(f"It fits {builder.people():,} of")
    builder.choice("comes to programs").select_option("anyone")
    expect(builder.picture).to_have_attribute("src", before)


def test_a_claim_of_each_kind_by_mouse_and_the_two_cards_beside_each_other(builder):
    builder.choice("Counted").select_option("comes to programs")
    builder.choice("With the value").select_option("yes")
    builder.line("It says").fill("Some come to programs.")
    builder.button("Add the claim").click()
    expect(builder.cards.first).to_contain_text("Some come to programs.")
    expect(builder.cards.first).to_contain_text("counted again")

    builder.choice("The claim is").select_option("heard")
    builder.line("Find a word").fill("storytime")
    builder.line("Find a word").press("Enter")
    expect(builder.cell.locator("blockquote")).to_contain_text(re.compile("storytime", re.I))
    builder.line("It says").fill("Saturday at nine, somebody says.")
    builder.button("Add the claim").click()
    expect(builder.cards.first).to_contain_text("heard")

    builder.choice("The claim is").select_option("assumed")
    expect(builder.choice("Voice")).to_be_hidden()
    builder.line("It says").fill("They would come.")
    builder.button("Add the claim").click()
    expect(builder.cards.first.get_by_role("listitem")).to_have_count(3)

    builder.choice("Work on").select_option("Second persona")
    builder.choice("borrows for").select_option("child")
    builder.choice("comes to programs").select_option("no")
    expect(builder.cards).to_have_count(2)
    left, right = (card.bounding_box() for card in builder.cards.all())
    assert abs(left["y"] - right["y"]) < 2
    assert left["x"] + left["width"] <= right["x"]


def test_the_keyboard_alone_builds_a_persona(builder, page):
    many = builder.people()
    first = builder.choice("segment")
    first.focus()
    for name in ("borrows mostly", "borrows for", "takes print home", "comes to programs"):
        page.keyboard.press("Tab")
        expect(builder.choice(name)).to_be_focused()
    before = builder.picture.get_attribute("src")
    for key in ("Space", "ArrowDown", "Enter"):  # open the list, choose, close it
        page.keyboard.press(key)
    expect(builder.picture).not_to_have_attribute("src", before)
    assert builder.people() < many

    builder.choice("The claim is").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(builder.choice("Counted")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(builder.line("It says")).to_be_focused()
    page.keyboard.type("They would come.")
    page.keyboard.press("Tab")
    expect(builder.button("Add the claim")).to_be_focused()
    page.keyboard.press("Enter")
    expect(builder.cards.first).to_contain_text("They would come.")


def test_each_control_has_a_name(builder):
    for role in ("combobox", "textbox", "button", "checkbox"):
        for control in builder.cell.get_by_role(role).all():
            if control.is_visible() and control.evaluate("node => !!node.closest('.jupyter-widgets')"):
                expect(control).to_have_accessible_name(re.compile(r"\w{3}"))


def test_saved_opened_and_printed(builder, lab):
    folder = lab.folder / "notebooks"
    builder.line("Name").fill("Kept for later")
    builder.line("Name").press("Enter")
    expect(builder.cards.first).to_contain_text("Kept for later")
    try:
        builder.button(
            "Save",
        ).click()
        expect(builder.message).to_contain_text("Saved as my_persona.json.")
        builder.button("Save the card").click()
        expect(builder.message).to_contain_text("my_persona.png")
        builder.line("Name").fill("Something else")
        builder.line("Name").press("Enter")
        expect(builder.cards.first).to_contain_text("Something else")
        builder.button("Open").click()
        expect(builder.line("Name")).to_have_value("Kept for later")
        assert "Kept for later" in (folder / "my_persona.html").read_text(encoding="utf-8")
        assert (folder / "my_persona.png").read_bytes().startswith(b"\x89PNG")
    finally:
        for made in folder.glob("my_persona.*"):
            made.unlink()


def test_the_page_of_the_card_prints_on_one_sheet_and_fits_a_narrow_window(builder, lab, chromium):
    folder = lab.folder / "notebooks"
    try:
        builder.button("Save the card").click()
        expect(builder.message).to_contain_text("my_persona.png")
        context = chromium.new_context(viewport={"width": 320, "height": 600})
        sheet = context.new_page()
        sheet.goto((folder / "my_persona.html").as_uri())
        assert sheet.evaluate("document.documentElement.scrollWidth") <= 320
        assert Axe().run(sheet).response["violations"] == []
        assert sheet.pdf().count(b"/Type /Page\n") == 1
        context.close()
    finally:
        for made in folder.glob("my_persona.*"):
            made.unlink()


def test_it_works_in_notebook_7_too(lab, chromium):
    """In a page of its own: Notebook 7 itself complains in the console about what JupyterLab alone has."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{lab.base}/notebooks/{LESSON}?token={lab.token}")
    panel = page.locator(".jp-NotebookPanel")
    expect(panel.locator(".jp-Cell").first).to_be_visible()
    idle = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    expect(idle.first).to_be_visible()  # before that, Run All is heard by nobody
    try:
        page.get_by_role("menuitem", name="Run", exact=True).first.click()
        page.locator(".lm-Menu").get_by_text("Run All Cells", exact=True).last.click()
        cell = panel.locator(".jp-CodeCell").filter(
            has=page.get_by_role("combobox", name="borrows mostly", exact=True)
        )
        expect(cell).to_have_count(1, timeout=120_000)
        builder = Builder(cell)
        before = builder.picture.get_attribute("src")
        builder.choice("comes to programs").select_option("yes")
        expect(builder.picture).not_to_have_attribute("src", before)
        builder.choice("category").focus()
        for key in ("Space", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        expect(builder.answer).to_contain_text("To be mended")
    finally:
        context.close()
        lab.stop_kernels()
