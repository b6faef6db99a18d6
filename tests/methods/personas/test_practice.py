"""What the visible tests of week 6 try: that a right answer passes, and what is said of one that has not the form."""

import dataclasses
import functools

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


@pytest.mark.parametrize("name", ["keep_or_drop"])
def test_the_examples_hold_what_the_right_function_gives(questions, name):
    for example in questions[name].tries:
        assert said(example, questions[name].right(None)) is None


@pytest.mark.parametrize("name", ["keep_or_drop"])
def test_no_two_slips_of_an_example_lead_to_the_same_or_to_what_is_right(questions, name):
    for example in questions[name].tries:
        values = [example.right, *(value for value, _ in example.slips.values())]
        assert len({str(dict(value)) for value in values}) == len(values)


def parents(library):
    facts = personas.facts_of(library)
    return (facts["category"] == "adult") & (facts["borrows for"] == "child")


def who_is_meant(value):
    return said(lambda found: practice.who_is_meant(found.is_series(of="any")), value)


def test_later_questions_rest_on_the_people_who_are_meant(library):
    right = parents(library)
    assert who_is_meant(right) is None
    assert who_is_meant(right.sort_index(ascending=False).astype("boolean")) is None
    assert who_is_meant(right.to_dict()) is None
    assert who_is_meant(~right) == f"it: {practice.THE_OTHERS}"
    assert who_is_meant(right & False) == f"it: {practice.NO_PARENT}"
    assert who_is_meant(right.shift(fill_value=False)) == f"it: {practice.OTHER_PEOPLE}"
    assert who_is_meant(right[right]) == f"it: {practice.NOT_FOR_EACH}"
    assert who_is_meant(right.reset_index(drop=True)) == f"it: {practice.NOT_FOR_EACH}"
    assert who_is_meant(right.map({True: "yes", False: "no"})) == f"it: {practice.NOT_TRUTH}"


def test_parents_that_were_overwritten_are_noted_and_cost_nothing(library, capsys):
    for names in ({}, {"parents": ...}, {"parents": parents(library)}):
        practice.mind_parents(names)
    assert capsys.readouterr().out == ""
    for other in (personas.facts_of(library), ~parents(library), 3):
        practice.mind_parents({"parents": other})
        assert capsys.readouterr().out.startswith("Careful: parents isn't what Question 1 asks for")


def test_what_a_line_takes_away_is_taken_once(library):
    facts, wall = personas.facts_of(library), library.staff_personas
    lines = wall[wall["persona"] == "storytime parent"]
    joint = personas.joint_match(facts, dict(zip(lines["attribute"], lines["believed"], strict=True)))
    left, alone = joint["together"], joint["alone"]
    taken = left.shift(fill_value=len(facts)) - left
    assert said(practice.goes_down, taken) is None
    assert said(practice.goes_down, taken.sort_index()) is None
    assert said(practice.goes_down, left.sort_index()) == f"it: {practice.LEFT}"
    assert said(practice.goes_down, len(facts) - alone) == f"it: {practice.GONE_TWICE}"
    assert said(practice.goes_down, taken // 100) == f"it: {practice.FEW_ON_EVERY_LINE}"


def test_numbers_out_of_order_and_above_six_are_no_answers():
    assert said(practice.in_order, pd.Series({"low": 2, "middle": 2, "high": 9.5})) is None
    assert (
        said(practice.in_order, pd.Series({"low": 9, "middle": 5, "high": 2}))
        == f"it: {practice.NOT_IN_ORDER}"
    )
    assert said(practice.at_most_six, pd.Series([0, 6])) is None
    assert said(practice.at_most_six, pd.Series([0, 7])) == f"it: {practice.SIX}"


VOICES = [Claim("One of them said so.", "heard", "interview 1, turn 2")]
ASSUMED = Claim("They listen while driving.", "assumed")


@pytest.fixture(scope="module")
def measured(library):
    facts = personas.facts_of(library)
    who = personas.matches(facts, {"borrows mostly": "eaudiobook"})
    come = personas.figure_of(facts, who, "comes to programs", "yes")
    middle = personas.figure_of(facts, who, "checkouts")
    return [
        Claim("Some of them come.", "measured", "attendance", "comes to programs", "yes", round(come, 3)),
        Claim("The middle one.", "measured", "checkouts", "checkouts", figure=middle),
    ]


@pytest.fixture
def persona(measured):
    return functools.partial(_persona, measured)


def _persona(measured, **parts):
    whole = {
        "name": "Listening on the way",
        "attributes": {"borrows mostly": "eaudiobook"},
        "purpose": "To decide how many to license.",
        "claims": [*measured, *VOICES, ASSUMED],
        "not_represented": "Those who listen to discs.",
    }
    return Persona(**(whole | parts))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({}, None),
        ({"name": " "}, practice.NO_NAME),
        ({"name": "x"}, practice.NO_NAME),
        ({"purpose": ""}, practice.NO_PURPOSE),
        ({"purpose": "x"}, practice.TOO_SHORT.format("x")),
        ({"not_represented": "\n"}, practice.NOBODY_MISSING),
        ({"not_represented": "bla bla bla"}, practice.TOO_SHORT.format("bla bla bla")),
    ],
)
def test_what_a_persona_lacks_is_said(persona, parts, sentence):
    assert said(practice.complete, persona(**parts)) == (sentence and f"it: {sentence}")


def test_which_claims_a_persona_lacks_is_said(persona, measured):
    for claims, sentence in (
        ([*measured[1:], *VOICES, ASSUMED], practice.FEW_MEASURED),
        ([*measured, ASSUMED], practice.NONE_HEARD),
        ([*measured, *VOICES], practice.NONE_ASSUMED),
        (
            [dataclasses.replace(one, says="Just the same thing.") for one in [*measured, *VOICES, ASSUMED]],
            practice.THE_SAME,
        ),
    ):
        assert said(practice.complete, persona(claims=claims)) == f"it: {sentence}"


def test_of_a_persona_that_must_be_mended_the_first_thing_is_said(library, persona):
    one = persona(attributes={"borrows mostly": "vinyl", "comes to programs": "yes"})
    assert said(practice.complete, one) == f"it: {personas.problems(one, personas.facts_of(library))[0]}"


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"figure": 87}, "a share lies between 0 and 1, and a percentage must be divided by 100"),
        ({"figure": -0.1}, "a share lies between 0 and 1, and a percentage must be divided by 100"),
        ({"figure": None}, "it has no figure"),
        ({"source": "facts"}, "it was counted in attendance"),
        ({"value": "often"}, "comes to programs is never “often” here, it is one of no, yes"),
        ({"attribute": ""}, "that isn't an attribute that was counted"),
    ],
)
def test_a_claim_that_cannot_stand_is_named_before_anything_is_graded(persona, measured, parts, why):
    claims = [dataclasses.replace(measured[0], **parts), measured[1], *VOICES, ASSUMED]
    sentence = f"it: The measured claim “Some of them come.” doesn't hold yet: {why}."
    assert said(practice.complete, persona(claims=claims)) == sentence


def test_whether_a_figure_is_right_only_grading_says(persona, measured):
    for off in (0.0123, -0.0123):  # above what was counted by cards, the tables can't say; below, it is wrong
        wrong = dataclasses.replace(measured[0], figure=measured[0].figure + off)
        assert said(practice.complete, persona(claims=[wrong, measured[1], *VOICES, ASSUMED])) is None


def test_each_voice_is_shown_by_its_first_words(library, persona, monkeypatch, capsys):
    monkeypatch.setattr(identity, "two_names", lambda: None)
    assert said(practice.show_voices, persona()) is None
    turns = library.interviews
    turn = turns[(turns["interview_id"] == 1) & (turns["turn"] == 2)].iloc[0]
    assert (
        capsys.readouterr().out
        == f"interview 1, turn 2 begins: {personas.first_words(turn['text'], personas.OF_A_VOICE)}\n"
    )
