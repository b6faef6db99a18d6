"""The persona builder without a browser: set a control, look at what it made and says."""

import html
import os
import re
from pathlib import Path

import pytest
from few_people import COMMENTS, INTERVIEWS, people
from PIL import Image

from course_utils import AS_OF, load, personas
from course_utils.methods.personas import Claim, Persona
from course_utils.methods.personas.widget import PersonaBuilder


@pytest.fixture
def builder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return PersonaBuilder(people(10), INTERVIEWS, COMMENTS)


def first_view() -> PersonaBuilder:
    """The builder as the lesson makes it."""
    tables = ("patrons", "households", "checkouts", "attendance", "computer_sessions", "yearly_use")
    facts = personas.facts(*map(load, tables), as_of=AS_OF)
    return PersonaBuilder(facts, load("interviews"), load("comments"))


def choose(name: str, value: str):
    return lambda builder: setattr(builder.attributes[name], "value", value)


def turn(control: str, value):
    return lambda builder: setattr(getattr(builder, control), "value", value)


def press(button: str):
    return lambda builder: getattr(builder, button).click()


# What a learner does, one change after the other, for tests of time.
CHANGES = [
    choose("category", "adult"),
    choose("borrows mostly", "book"),
    choose("language", "English"),
    choose("distance", "within 1 mile"),
    choose("preferred_contact", "text"),
    choose("comes to programs", "yes"),
    choose("comes to programs", ""),
    choose("preferred_contact", ""),
    choose("distance", ""),
    turn("purpose", "To choose the hour of story time."),
    turn("not_represented", "Those who read here."),
    turn("of", "comes to programs"),
    turn("value", "yes"),
    turn("says", "Some come to programs."),
    press("add_claim"),
    turn("kind", "heard"),
    turn("find", "storytime"),
    turn("says", "It is too early."),
    press("add_claim"),
    turn("kind", "assumed"),
    turn("says", "Noon would suit them."),
    press("add_claim"),
    turn("by", "home_branch"),
    turn("by", "comes to programs"),
    turn("slot", 1),
    choose("borrows for", "child"),
    choose("comes to programs", "no"),
    turn("name", "The same, from afar"),
    turn("anti", False),
    turn("slot", 0),
    press("remove_claim"),
    press("show_code"),
]


def test_it_begins_with_people_who_borrow_for_children(builder):
    assert builder.persona.attributes == {"borrows for": "child"}
    assert "<strong>30 people match</strong>, 42.9% of 70 active" in builder.answer.value
    assert builder.matches.sum() == 30
    assert builder.card.value.count("<article") == 1
    assert builder.cards.value == ""


def test_an_attribute_more_changes_the_count_the_picture_and_the_card(builder):
    before = builder.picture.value
    builder.attributes["comes to programs"].value = "yes"
    assert builder.persona.attributes == {"borrows for": "child", "comes to programs": "yes"}
    assert "10 people match" in builder.answer.value
    assert builder.picture.value != before
    assert "It fits 10 of 70 active people" in builder.card.value
    builder.attributes["comes to programs"].value = ""
    assert builder.picture.value == before


def test_the_stairs_go_down_in_the_order_in_which_it_was_asked(builder):
    builder.attributes["distance"].value = "farther"
    builder.attributes["borrows mostly"].value = "book"
    assert list(builder.persona.attributes) == ["borrows for", "distance", "borrows mostly"]


def test_too_few_people_and_no_purpose_are_to_be_mended(builder):
    builder.attributes["language"].value = "Spanish"
    builder.attributes["comes to programs"].value = "yes"
    assert "language goes by age or language" in builder.answer.value
    assert "It fits 0 people. With fewer than 10" in builder.answer.value
    assert "There is nobody left to describe." in builder.answer.value
    builder.purpose.value = "A letter in Spanish."
    assert "language goes by age" not in builder.answer.value


def test_whom_it_leaves_out_is_told_by_what_one_chooses(builder):
    assert "<caption" in builder.left_out.value
    assert "Left out, by segment" in builder.left_out.value
    builder.by.value = "comes to programs"
    row = re.search(r">yes</th><td>30</td><td>20</td><td>67%</td>", builder.left_out.value)
    assert row, builder.left_out.value


def test_a_measured_claim_brings_its_figure_and_its_table(builder):
    builder.of.value, builder.says.value = "borrows mostly", "Most borrow books."
    builder.value.value = "book"
    assert "67% of the people who match have this value." in builder.figure.value
    builder.add_claim.click()
    assert builder.persona.claims == (
        Claim("Most borrow books.", "measured", "checkouts", "borrows mostly", "book", 0.667),
    )
    assert builder.says.value == ""
    assert "counted again: 67% of 30" in builder.card.value


def test_a_measure_has_a_middle_and_no_value(builder):
    builder.of.value, builder.says.value = "checkouts", "The middle one made ten."
    assert "the middle number is 10." in builder.figure.value
    builder.add_claim.click()
    assert builder.persona.claims[0].figure == 10
    assert personas.ledger(builder.persona, people(10))["verdict"].eq("holds").all()


def test_what_makes_it_this_persona_is_not_measured_again(builder):
    builder.of.value, builder.says.value = "borrows for", "All of them."
    assert "borrows for is one of this persona&#x27;s own attributes" in builder.figure.value
    builder.add_claim.click()
    assert "counting it says nothing" in builder.message.value
    assert builder.persona.claims == ()
    builder.of.value, builder.says.value = "distance", "Most live near."
    builder.add_claim.click()
    builder.attributes["distance"].value = "farther"
    assert "distance is one of its own attributes" in builder.answer.value


def test_a_heard_claim_is_found_by_a_word_and_quoted(builder):
    builder.kind.value = "heard"
    builder.find.value = "STORYTIME"
    assert [value for _, value in builder.voice.options] == ["comment 4"]
    assert "Storytime is too early." in builder.quote.value
    builder.says.value = "It is too early for one."
    builder.add_claim.click()
    assert builder.persona.claims == (Claim("It is too early for one.", "heard", "comment 4"),)
    builder.find.value = "bus"
    assert "&lt;b&gt;late&lt;/b&gt;" in builder.quote.value
    builder.find.value = "giraffe"
    assert "Nobody used this word" in builder.quote.value
    builder.says.value = "They like giraffes."
    builder.add_claim.click()
    assert "Choose a voice first" in builder.message.value
    assert len(builder.persona.claims) == 1


def test_only_what_the_kind_of_claim_needs_is_shown(builder):
    def shown():
        return [control.layout.display != "none" for control in (builder.of, builder.voice)]

    assert shown() == [True, False]
    builder.kind.value = "heard"
    assert shown() == [False, True]
    builder.kind.value = "assumed"
    assert shown() == [False, False]


def test_a_claim_that_says_nothing_is_not_added_and_says_so(builder):
    builder.kind.value = "assumed"
    builder.add_claim.click()
    assert "A claim says nothing" in builder.message.value
    assert builder.persona.claims == ()


def test_a_sentence_that_the_button_has_overtaken_is_added_and_no_later_one(builder, monkeypatch):
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    builder.kind.value = "assumed"
    builder.add_claim.click()
    now = 100.5
    builder.says.value = "They would come."
    assert [claim.says for claim in builder.persona.claims] == ["They would come."]
    builder.says.value = "They would stay."
    assert len(builder.persona.claims) == 1
    builder.says.value = ""
    builder.add_claim.click()
    now = 110.0
    builder.says.value = "They would sing."
    assert len(builder.persona.claims) == 1


def test_nothing_is_measured_among_nobody(builder):
    builder.attributes["language"].value, builder.attributes["comes to programs"].value = "Spanish", "yes"
    builder.says.value = "Most of them"
    builder.add_claim.click()
    assert "Nobody matches, so nothing can be measured" in builder.message.value


def test_a_claim_can_be_removed(builder):
    builder.kind.value = "assumed"
    for says in ("One.", "Two.", "Three."):
        builder.says.value = says
        builder.add_claim.click()
    builder.claims.value = 1
    builder.remove_claim.click()
    assert [claim.says for claim in builder.persona.claims] == ["One.", "Three."]
    builder.remove_claim.click()
    builder.remove_claim.click()
    assert builder.claims.disabled
    assert builder.remove_claim.disabled
    builder.remove_claim.click()
    assert builder.persona.claims == ()


def test_the_meter_counts_signs_and_says_that_it_is_crude(builder):
    assert "<strong>3 of 10 signs</strong>" in builder.meter.value
    assert "It's crude" in builder.meter.value
    builder.not_represented.value = "Those who read here."
    assert "<strong>2 of 10 signs</strong>" in builder.meter.value
    assert "no signs doesn't mean no bias" in builder.meter.value


def test_two_personas_stand_beside_each_other(builder):
    builder.slot.value = 1
    assert builder.anti.value
    assert builder.attributes["borrows for"].value == ""
    builder.name.value = "The others"
    builder.attributes["borrows for"].value = "adult"
    assert builder.cards.value.count("<article") == 2
    assert 'aria-label="Anti-persona: The others"' in builder.cards.value
    builder.slot.value = 0
    assert builder.name.value == "People who borrow for children"
    assert [one.attributes for one in builder.both] == [{"borrows for": "child"}, {"borrows for": "adult"}]


def test_saved_and_opened_later(builder):
    builder.name.value, builder.purpose.value = "Kept", "To keep."
    builder.file.value = "kept"
    builder.save_file.click()
    assert "Saved as kept.json." in builder.message.value
    kept = builder.persona
    other = PersonaBuilder(people(10), INTERVIEWS, COMMENTS)
    other.slot.value = 1
    other.file.value = "kept.json"
    other.open_file.click()
    assert "Opened kept.json." in other.message.value
    assert other.persona == kept
    assert other.name.value == "Kept"
    assert other.attributes["borrows for"].value == "child"


def test_a_file_that_is_not_there_or_lies_elsewhere_is_told(builder):
    builder.open_file.click()
    assert "There is no file my_persona.json here" in builder.message.value
    for name in ("", "../up", "a/b", ".hidden"):
        builder.file.value = name
        builder.save_file.click()
        assert "Write a file name" in builder.message.value
    assert os.listdir() == []


def test_an_attribute_that_is_not_among_the_facts_can_be_opened_and_is_told(builder):
    personas.save_persona(Persona("A", attributes={"mood": "cheerful"}), "my_persona.json")
    builder.open_file.click()
    assert "mood isn&#x27;t an attribute that was counted" in builder.answer.value


def test_the_card_is_saved_as_a_page_and_as_a_picture_that_says_itself(builder):
    builder.save_card.click()
    assert "my_persona.html" in builder.message.value
    page = Path("my_persona.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "People who borrow for children" in page
    words = "Persona “People who borrow for children”. It fits 30 of 70 active people (43%)."
    assert words in builder.message.value
    with Image.open("my_persona.png") as picture:
        assert picture.format == "PNG"
        assert picture.text["Description"].startswith(words)


def test_the_code_that_it_shows_makes_the_persona(builder):
    builder.kind.value, builder.says.value = "assumed", 'They\'d like "noon" & <tea>.'
    builder.add_claim.click()
    builder.show_code.click()
    code = html.unescape(re.search(r"<pre[^>]*>(.*)</pre>", builder.message.value, re.S)[1])
    made = {"Persona": Persona, "Claim": Claim}
    exec(code, made)
    assert made["my_persona"] == builder.persona


def test_where_no_widget_can_run_its_words_pictures_and_cards_stand_in_its_place(builder):
    shown = builder._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "30 people match" in shown["text/html"]
    assert 'alt="Of 70 active people, 30 have this attribute."' in shown["text/html"]
    assert "<article" in shown["text/html"]


def test_every_control_has_a_label(builder):
    controls = [
        value
        for value in vars(builder).values()
        if hasattr(value, "description") and type(value).__name__ != "HTML"
    ]
    assert len(controls) >= 20
    assert all(control.description for control in [*controls, *builder.attributes.values()])


def test_what_a_learner_does_works_in_port_ellery():
    builder = first_view()
    for change in CHANGES:
        change(builder)
    assert builder.persona.attributes == {
        "borrows for": "child",
        "category": "adult",
        "borrows mostly": "book",
        "language": "English",
    }
    assert [claim.kind for claim in builder.persona.claims] == ["heard", "assumed"]
    assert "To fix:" not in builder.answer.value
    assert builder.cards.value.count("<article") == 2
