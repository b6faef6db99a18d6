"""What the visible tests of week 6 try: that a right answer passes, and what is said of one that has not the form."""

import pandas as pd
import pytest

from course_utils import Claim, Persona, identity, personas
from course_utils.checks import NotYet
from course_utils.checks.expectation import Expectation
from course_utils.checks.questions import file_of, read
from course_utils.kit import kit_folder
from course_utils.library import Library
from course_utils.methods.personas import practice


@pytest.fixture(scope="module")
def library():
    return Library.for_student("ada")


@pytest.fixture(autouse=True)
def my_library(library, monkeypatch):
    monkeypatch.setattr(identity, "my_library", lambda: library)


@pytest.fixture(scope="module")
def questions():
    path = file_of(kit_folder() / "assignments", "06_are_our_personas_people")
    return read(path.read_text(encoding="utf-8"), str(path))


def said(check, value):
    """What a check says of a value; None where it is content."""
    try:
        check(Expectation("it", value))
    except NotYet as problem:
        return str(problem)
    return None


@pytest.mark.parametrize("name", ["keep_or_drop", "fits_all"])
def test_the_examples_hold_what_the_right_function_gives(questions, name):
    for example in questions[name].tries:
        assert said(example, questions[name].right(None)) is None


@pytest.mark.parametrize("name", ["keep_or_drop", "fits_all"])
def test_no_two_slips_of_an_example_lead_to_the_same_or_to_what_is_right(questions, name):
    for example in questions[name].tries:
        values = [example.right, *(value for value, _ in example.slips.values())]
        assert len({str(dict(value)) for value in values}) == len(values)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([500, 200, 200, 90, 9, 0, 0], None),
        ([500, 200, 201, 90, 9, 0, 0], practice.GOES_UP),
        ([99, 1, 1, 1, 0, 0, 0], practice.FEW_ON_EVERY_LINE),
    ],
)
def test_from_line_to_line_there_are_fewer_people_in_whatever_order_they_stand(library, steps, sentence):
    wall = library.staff_personas
    lines = wall.loc[wall["persona"] == "storytime parent", "attribute"]
    stairs = pd.Series(steps, index=list(lines)).sort_index()
    assert said(practice.goes_down, stairs) == (sentence and f"it: {sentence}")


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ([0.253, 0.5, 0.75], None),
        ([1.0, 1.0, 1.0], None),
        ([0.25, 0.5, 0.75], practice.ROUNDED),
    ],
)
def test_rounded_shares_are_told_from_shares_that_are_all_the_same(shares, sentence):
    assert said(practice.unrounded, pd.Series(shares)) == (sentence and f"it: {sentence}")


VOICES = [
    Claim("One said so.", "heard", "comment 99999"),
    Claim("One said so.", "heard", "interview 1, turn 2"),
]
MEASURED = [
    Claim("Some come.", "measured", "attendance", "comes to programs", "yes", 0.2),
    Claim("The middle one.", "measured", "checkouts", "checkouts", figure=9),
]


def persona(**parts):
    whole = {
        "name": "Listening on the way",
        "attributes": {"borrows mostly": "eaudiobook"},
        "purpose": "To decide how many to license.",
        "claims": [*MEASURED, *VOICES, Claim("They drive.", "assumed")],
        "not_represented": "Those who listen to discs.",
    }
    return Persona(**(whole | parts))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({}, None),
        ({"name": " "}, practice.NO_NAME),
        ({"claims": MEASURED[1:]}, practice.FEW_MEASURED),
        ({"claims": MEASURED}, practice.NONE_HEARD),
        ({"claims": [*MEASURED, *VOICES]}, practice.NONE_ASSUMED),
        ({"purpose": ""}, practice.NO_PURPOSE),
        ({"not_represented": "\n"}, practice.NOBODY_MISSING),
    ],
)
def test_what_a_persona_lacks_is_said(parts, sentence):
    assert said(practice.complete, persona(**parts)) == (sentence and f"it: {sentence}")


def test_of_a_persona_that_must_be_mended_the_first_thing_is_said(library):
    one = persona(attributes={"borrows mostly": "vinyl", "comes to programs": "yes"})
    assert said(practice.complete, one) == f"it: {personas.problems(one, personas.facts_of(library))[0]}"


def test_each_voice_is_shown_by_its_first_words_or_by_why_it_is_not_there(library, capsys):
    assert said(practice.show_voices, persona()) is None
    turns = library.interviews
    turn = turns[(turns["interview_id"] == 1) & (turns["turn"] == 2)].iloc[0]
    assert capsys.readouterr().out.splitlines() == [
        "comment 99999 begins: there is no such comment",
        f"interview 1, turn 2 begins: {personas.first_words(turn['text'])}",
    ]
