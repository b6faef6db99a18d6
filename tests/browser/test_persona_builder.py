"""The persona builder of lesson 6, by mouse and keyboard, in JupyterLab and in Notebook 7."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

LESSON = "notebooks/lesson_06_are_our_personas_people.ipynb"


class Builder:
    """The persona builder, by what one sees of it."""

    def __init__(self, cell):
        self.cell = cell
        self.answer = cell.get_by_role("status").last
        self.message = cell.get_by_role("status").first
        self.picture = cell.locator("figure img").first
        self.cards = cell.get_by_role("article")
        expect(self.picture).to_be_visible()

    def choice(self, name: str):
        return self.cell.get_by_role("combobox", name=name, exact=True)

    def line(self, name: str):
        return self.cell.get_by_role("textbox", name=name, exact=True)

    def button(self, name: str):
        return self.cell.get_by_role("button", name=name, exact=True)

    def unfold(self) -> None:
        folded = self.cell.get_by_role("button", name=re.compile("^▸"))
        for left in range(folded.count(), 0, -1):
            folded.first.click()
            expect(folded).to_have_count(left - 1)

    def claim(self, says: str) -> None:
        """Add a claim of the kind that is chosen, and wait until its line is empty again, for the next one."""
        self.line("It says").fill(says)
        self.button("Add the claim").click()
        expect(self.cards.first).to_contain_text(says)
        expect(self.line("It says")).to_have_value("")

    def people(self) -> int:
        return int(re.search(r"([\d,]+) people match", self.answer.inner_text())[1].replace(",", ""))


@pytest.fixture
def builder(lesson):
    """The builder as it is before anybody has used it, with all of its parts unfolded."""
    cell = lesson.section("Try it yourself")
    lesson.run_again(cell)
    builder = Builder(cell)
    builder.unfold()
    return builder


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
    builder.claim("Some come to programs.")
    expect(builder.cards.first).to_contain_text("counted again")

    builder.choice("The claim is").select_option("heard")
    builder.line("Find a word").fill("storytime")
    builder.line("Find a word").press("Enter")
    expect(builder.cell.locator("blockquote")).to_contain_text(re.compile("storytime", re.I))
    builder.claim("Saturday at nine, somebody says.")

    builder.choice("The claim is").select_option("assumed")
    expect(builder.choice("Voice")).to_be_hidden()
    builder.claim("They would come.")
    expect(builder.cards.first.get_by_role("listitem")).to_have_count(3)

    builder.choice("Work on").select_option("Second persona")
    builder.choice("borrows for").select_option("child")
    builder.choice("comes to programs").select_option("no")
    expect(builder.cards).to_have_count(3)  # the one that is worked on, and then both
    # Both in one look: the cards are drawn again, as new elements, when the last choice is answered.
    left, right = builder.cards.evaluate_all(
        "cards => cards.slice(1).map(card => card.getBoundingClientRect().toJSON())"
    )
    assert abs(left["y"] - right["y"]) < 2
    assert left["right"] <= right["left"]


def test_the_keyboard_alone_builds_a_persona(builder, lesson):
    page = lesson.page
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


def test_a_part_folds_by_keyboard(builder, lesson):
    heading = builder.cell.get_by_role("button", name=re.compile("What does it rest on"))
    heading.focus()
    lesson.page.keyboard.press("Space")
    expect(builder.choice("The claim is")).to_be_hidden()
    lesson.page.keyboard.press("Space")
    expect(builder.choice("The claim is")).to_be_visible()


def test_the_card_stands_beside_the_controls_where_the_page_is_wide(builder, lesson):
    def places() -> tuple[dict, dict]:
        return tuple(one.bounding_box() for one in (builder.choice("segment"), builder.cards.first))

    control, card = places()
    assert card["x"] > control["x"] + control["width"]
    lesson.page.set_viewport_size({"width": 800, "height": 900})
    try:
        lesson.page.wait_for_function(
            "([choice, card]) => card.getBoundingClientRect().x < choice.getBoundingClientRect().right",
            arg=[builder.choice("segment").element_handle(), builder.cards.first.element_handle()],
        )
    finally:
        lesson.page.set_viewport_size({"width": 1280, "height": 900})


def test_each_control_has_a_name(builder):
    for role in ("combobox", "textbox", "button", "checkbox"):
        for control in builder.cell.get_by_role(role).all():
            if control.is_visible() and control.evaluate("node => !!node.closest('.jupyter-widgets')"):
                expect(control).to_have_accessible_name(re.compile(r"\w{3}"))


@pytest.fixture
def files(lab):
    """Where the lesson saves, emptied of what the builder made."""
    folder = lab.folder / "notebooks"
    yield folder
    for made in folder.glob("my_persona.*"):
        made.unlink()


def test_saved_and_opened_again_with_its_claims_by_another_kernel(builder, lesson, files):
    builder.line("Name").fill("Kept for later")
    builder.line("Name").press("Enter")
    expect(builder.cards.first).to_contain_text("Kept for later")
    builder.choice("comes to programs").select_option("yes")
    builder.choice("The claim is").select_option("assumed")
    builder.claim("They would come.")
    builder.button("Save").click()
    expect(builder.message).to_contain_text("Saved as my_persona.json.")
    assert json.loads((files / "my_persona.json").read_text(encoding="utf-8"))["name"] == "Kept for later"
    card = builder.cards.first.inner_text()

    lesson.menu("Kernel", "Restart Kernel and Run All Cells…")
    lesson.page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(builder.cell.get_by_role("button", name="▸ In words")).to_be_visible()
    lesson.wait_until_idle()
    builder.unfold()
    expect(builder.line("Name")).to_have_value("People who borrow for children")
    builder.button("Open").click()
    expect(builder.line("Name")).to_have_value("Kept for later")
    expect(builder.choice("comes to programs")).to_have_value("yes")
    expect(builder.cards.first).to_contain_text("They would come.")
    assert builder.cards.first.inner_text() == card


def test_the_card_is_a_page_that_prints_on_one_sheet_and_a_picture_that_says_itself(builder, files, chromium):
    builder.choice("The claim is").select_option("assumed")
    builder.claim("They would come.")
    builder.button("Save the card").click()
    expect(builder.message).to_contain_text("my_persona.png")
    with Image.open(files / "my_persona.png") as picture:
        words = picture.text["Description"]
        assert picture.width > 1000
    assert words.startswith("Persona “People who borrow for children”. It fits ")
    assert words.endswith("Claims: 0 measured, 0 heard, 1 assumed.")
    expect(builder.message).to_contain_text(words)

    context = chromium.new_context(viewport={"width": 320, "height": 600})
    sheet = context.new_page()
    sheet.goto((files / "my_persona.html").as_uri())
    expect(sheet.get_by_role("heading", name="People who borrow for children")).to_be_visible()
    expect(sheet.get_by_role("listitem")).to_contain_text("They would come.")
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(sheet).response["violations"] == []
    assert sheet.pdf().count(b"/Type /Page\n") == 1
    context.close()


@pytest.mark.exhaustive  # the segment workbench stands for the others there
def test_it_works_in_notebook_7_too(notebook_7):
    opened = notebook_7(LESSON)
    builder = Builder(opened.section("Try it yourself"))
    before = builder.picture.get_attribute("src")
    builder.choice("comes to programs").select_option("yes")
    expect(builder.picture).not_to_have_attribute("src", before)
    builder.choice("category").focus()
    for key in ("Space", "ArrowDown", "Enter"):
        opened.page.keyboard.press(key)
    expect(builder.answer).to_contain_text("To fix:")
