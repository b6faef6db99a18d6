"""What the visible tests of week 9 try, and what grading tries besides."""

import pandas as pd
import pytest

from course_utils import AS_OF, identity, relationships
from course_utils.checks import NotYet, questions
from course_utils.checks.expectation import Expectation
from course_utils.grading import proving
from course_utils.library import Library
from course_utils.methods.relationships import practice


@pytest.fixture
def mine(monkeypatch):
    """The learner's library."""
    library = Library.for_student("ada")
    monkeypatch.setattr(identity, "my_library", lambda: library)
    return library


def graded(question: str, value, **made) -> str:
    """What ``expect(question).is_right()`` says of a value, ``made`` being what the set-up made."""
    asked = proving.declared("09_do_relationships_pay")
    declared = questions.Declared(asked, questions.Given(lambda: made, asked))
    with pytest.raises(NotYet) as problem:
        declared.check(Expectation(question, value))
    return str(problem.value)


def test_the_groups_of_an_example_are_not_those_of_the_library(mine):
    embedded = mine.teams.set_index("team_id")["embedded_since"].notna()
    for example in (practice.did, practice.interval):
        given = example["embedded"]
        assert given.nunique() == 2
        assert 0 < (given == embedded[given.index]).sum() < len(given)


def test_all_examples_have_the_answers_of_the_kit(mine):
    change, embedded, times = practice.interval.given.values()
    found = relationships.difference(change, embedded)
    ends = [found.estimate - times * found.error, found.estimate + times * found.error]
    assert practice.interval.right == pytest.approx(ends)
    found = relationships.difference_in_differences(**rename(practice.did.given))
    assert practice.did.right == pytest.approx(found.estimate)
    for example in (practice.still_away, practice.on_a_quiet_day):
        days, back, limit = example.given.values()
        assert example.right == pytest.approx(
            relationships.still_away(relationships.survival(days, back), limit)
        )


def rename(given: dict) -> dict:
    return {"before": given["earlier"], "after": given["later"], "embedded": given["embedded"]}


def test_no_two_slips_of_an_example_have_one_value_and_two_sentences(mine):
    for example in (practice.did, practice.interval, practice.still_away):
        said = {}
        for value, sentence in example.slips.values():
            value = value() if callable(value) else value
            said.setdefault(str(pd.Series(value).round(6).tolist()), set()).add(sentence)
        assert all(len(sentences) == 1 for sentences in said.values())


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"before": pd.Series([1])}, "Mind: before is no longer the table"),
        ({"before": pd.DataFrame()}, ""),
        ({}, ""),
    ],
)
def test_a_name_that_is_taken_is_told_and_costs_nothing(names, said, capsys):
    practice.mind_before(names)
    assert capsys.readouterr().out[: len(said) or None] == said


@pytest.mark.parametrize("low", [0.1, 0.9])
def test_an_estimate_lies_within_its_range(low):
    found = Expectation("effect", pd.Series({"estimate": 0.5, "low": low, "high": 1.0}))
    if low < 0.5:
        practice.within_its_range(found)
    else:
        with pytest.raises(NotYet, match="must lie between low and high"):
            practice.within_its_range(found)


@pytest.mark.parametrize(
    ("shares", "content"),
    [
        ((0.25, 0.171, 0.185, 1.46), True),
        ((0.25, 0.171, 0.171, 1.46), False),
        ((0.251, 0.251, 0.251, 1), True),  # not shuffled at all: grading says so
        ((0.25, 0.17, 0.17, 1.46), True),  # rounded, so that two that differ look the same
    ],
)
def test_a_highest_share_that_is_the_mean_comes_from_one_shuffle(shares, content):
    found = Expectation("toothbrush", pd.Series(shares, ["as_it_was", "by_chance", "highest", "ratio"]))
    if content:
        practice.several_shuffles(found)
    else:
        with pytest.raises(NotYet, match="a single shuffle"):
            practice.several_shuffles(found)


@pytest.mark.parametrize(("shift", "said"), [(1, practice.HALFWAY), (0, practice.HOW_FAR)])
def test_a_range_that_is_right_in_the_example_alone_is_told_which_part_is_not(mine, shift, said):
    def interval(change, embedded, times):
        found = relationships.difference(change, embedded)
        if times == practice.interval["times"]:
            return [found.estimate - times * found.error, found.estimate + times * found.error]
        return [found.estimate + shift] * 2

    practice.interval(Expectation("interval", interval))
    assert said in graded("interval", interval)


def test_a_range_is_asked_of_the_students_own_functions(mine):
    """Both in the student's notebook: where the answer is what their own ``did`` gives, that one is to be mended."""
    consultations = mine.consultations
    teams = mine.teams.set_index("team_id")
    teams["embedded"] = teams["embedded_since"].notna()
    asked = proving.declared("09_do_relationships_pay")
    made = {"consultations": consultations, "teams": teams, "AS_OF": AS_OF}
    declared = questions.Declared(asked, questions.Given(lambda: made, asked))
    notebook = {}
    exec(
        "from course_utils import expect\n"
        "def did(earlier, later, embedded):\n    return 77.0\n"
        "pre_trend = {'estimate': 77.0, 'low': 76.0, 'high': 78.0}\n",
        notebook,
    )
    token = questions.DECLARED.set(declared)
    try:
        with pytest.raises(NotYet, match="It is what your did gives"):
            exec('expect("pre_trend").is_right()', notebook)
    finally:
        questions.DECLARED.reset(token)
