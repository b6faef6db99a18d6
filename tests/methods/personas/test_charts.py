"""Charts of personas and their cards: what is drawn is what was given, and what is said is what is drawn."""

import base64
import dataclasses
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from few_people import COMMENTS, INTERVIEWS, SHEET, people

from course_utils import charts, personas
from course_utils.methods.personas import Claim, Persona

MANY = people(10)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def stairs(**attributes):
    return personas.joint_match(MANY, {name.replace("_", " "): value for name, value in attributes.items()})


def test_stairs_and_their_words():
    axes = charts.joint_chart(stairs(borrows_for="child", comes_to_programs="yes"), len(MANY))
    assert [bar.get_width() for bar in axes.patches] == [70, 30, 10]
    assert charts.in_words(axes) == (
        "Of 70 active people, 10 have both attributes at once. The rarest of them alone is true of 30."
    )
    assert "People" in axes.get_xlabel()
    assert [text.get_text().strip() for text in axes.texts] == ["70", "30", "10"]


def test_stairs_of_one_attribute_and_of_none():
    assert (
        charts.joint_in_words(stairs(borrows_for="child"), 70)
        == "Of 70 active people, 30 have this attribute."
    )
    assert charts.joint_in_words(stairs(), 70) == "Without an attribute it fits everybody: 70 people."


def test_the_quick_picture_shows_the_same_and_says_the_same():
    table = stairs(borrows_for="child", comes_to_programs="yes", borrows_mostly="book")
    shown = charts.joint_picture(table, len(MANY))
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", shown)[1]).decode()
    widths = [float(w) for w in re.findall(r'<rect x="215"[^>]* width="([\d.]+)"', svg)]
    assert [round(70 * w / widths[0]) for w in widths] == [70, 30, 10, 10]
    words = charts.joint_in_words(table, len(MANY))
    assert f'alt="{words}"' in shown
    assert f"<figcaption>{words}" in shown


def test_the_stairs_mark_each_attribute_alone():
    table = stairs(borrows_for="child", comes_to_programs="yes")
    (marks,) = charts.joint_chart(table, len(MANY)).collections
    assert marks.get_offsets()[:, 0].tolist() == table["alone"].tolist() == [30, 30]
    shown = charts.joint_picture(table, len(MANY))
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", shown)[1]).decode()
    assert svg.count("<line ") == 2


def test_beliefs_say_how_common_and_how_telling():
    table = pd.DataFrame(
        [
            ("language", "English", 0.81, 0.85, 0.95, False, "true of most", 435),
            ("comes to programs", "yes", 0.31, 0.22, 1.44, True, "a clue", 435),
            ("borrows mostly", "book", 0.87, 0.55, 1.58, False, "keep", 435),
        ],
        columns=["attribute", "believed", "share", "everybody", "lift", "at_least", "verdict", "core"],
    )
    axes = charts.beliefs_chart(table)
    assert [bar.get_width() for bar in axes.patches[:3]] == [81, 31, 87]
    assert axes.collections[0].get_offsets()[:, 0].tolist() == pytest.approx([85, 22, 55])
    assert axes.get_xlim() == (0, 100)
    assert [text.get_text() for text in axes.texts] == [
        "81%, 0.95 times as common\ntrue of most",
        "at least 31%, 1.44 times as common\na clue",
        "87%, 1.58 times as common\nkeep",
    ]
    assert charts.in_words(axes) == (
        "Staff believed 3 things about these 435 people. 2 are true of at least half of them, "
        "and 1 of those clearly more common than among everybody."
    )


def test_the_middle_halves():
    table = pd.DataFrame(
        {"people": [70, 30], "low": [1, 4], "middle": [5, 10], "high": [16, 40]}, index=["everybody", "a few"]
    )
    axes = charts.spread_chart(table, "Checkouts in 12 months")
    assert [tuple(line.get_xdata()) for line in axes.lines] == [(1, 16), (5,), (4, 40), (10,)]
    assert charts.in_words(axes) == (
        "The middle half of each group: 1 to 16 for “everybody”; 4 to 40 for “a few”."
    )
    assert axes.get_xlabel().startswith("Checkouts in 12 months")


# Cards ------------------------------------------------------------------------------------------------------


def card_of(persona: Persona, facts=MANY):
    return (
        persona,
        personas.summary(persona, facts),
        personas.ledger(persona, facts, INTERVIEWS, COMMENTS),
    )


def test_the_card_says_who_how_many_how_far_apart_what_for_and_who_is_missing():
    shown = charts.persona_card(*card_of(SHEET))
    for words in (
        "borrows for: child",
        "It fits 30 of 70 active people (43%).",
        "made 4 to 40 checkouts in 12 months, with 10 in the middle",
        "To choose an hour.",
        "Those who read here.",
        "counted again: 67% of 30, next to 57% of everybody",
        "counted again: 10, the middle of 30",
        "interview 1, turn 2",
        "<strong>assumed</strong>",
        "not a person",
    ):
        assert words in shown


def test_the_card_tells_nothing_of_a_few_people():
    shown = charts.persona_card(*card_of(SHEET, people(3)))
    assert "fewer than 10 of 21" in shown
    assert "checkouts in 12 months" not in shown
    assert "counted again" not in shown
    assert "too few people to say" in shown


def test_what_does_not_stand_is_said_on_the_card():
    wrong = dataclasses.replace(SHEET, claims=[Claim("Most like owls.", "heard", "comment 99")])
    assert "doesn&#x27;t hold: there is no such comment" in charts.persona_card(*card_of(wrong))


def test_nothing_that_somebody_typed_becomes_markup():
    typed = Persona(
        "<script>alert(1)</script>",
        purpose="<b>",
        claims=[Claim("<img src=x>", "heard", "<i>")],
        not_represented="<u>",
    )
    shown = charts.persona_page(*card_of(typed))
    assert not re.search(r"<(script|b|i|u|img src=x)>", shown)
    assert charts.in_words(charts.card_chart(*card_of(typed)))


class Names(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.pictures = [], []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.pictures.append(dict(attrs))
        if tag not in ("img", "br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_well_formed_and_its_figure_is_no_photograph():
    page = Names()
    page.feed(charts.persona_page(*card_of(SHEET)))
    assert page.open == []
    (figure,) = page.pictures
    assert figure["alt"] == ""
    assert figure["src"].startswith("data:image/svg+xml")


def test_the_picture_of_the_card_holds_its_words_within_its_frame():
    long = dataclasses.replace(SHEET, purpose="to choose " * 40, claims=SHEET.claims * 5)
    axes = charts.card_chart(*card_of(long))
    axes.figure.canvas.draw()
    frame = axes.patches[0].get_window_extent()
    boxes = [text.get_window_extent() for text in axes.texts]
    for above, below in zip(boxes, boxes[1:], strict=False):
        assert above.y0 >= below.y1 - 1, "two lines lie on each other"
    for box in boxes:
        assert frame.x0 < box.x0 < box.x1 < frame.x1
        assert frame.y0 < box.y0 < box.y1 < frame.y1
    assert charts.in_words(axes) == (
        "Persona “Borrowing for someone small”. It fits 30 of 70 active people (43%). "
        "Claims: 10 measured, 5 heard, 5 assumed."
    )


@pytest.mark.parametrize("persona", [SHEET, Persona("A"), dataclasses.replace(SHEET, anti=True, name="It's")])
def test_the_code_makes_the_same_persona(persona):
    made = {"Persona": Persona, "Claim": Claim}
    exec(charts.persona_code(persona), made)
    assert made["anti_persona" if persona.anti else "my_persona"] == persona
