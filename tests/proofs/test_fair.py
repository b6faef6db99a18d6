"""What passes by chance: it is counted as it is, and in 40 libraries it is next to nothing."""

import pytest
from proofs import fair

from course_utils.checks.questions import Count
from course_utils.grading import proving


@pytest.fixture
def lax(monkeypatch):
    """An assignment with one question, whose tolerance takes nearly everything."""
    from course_utils.checks import questions

    class Registered(questions.Count):
        name, points, objective, within = "registered", 1, 1, 1e6
        right = lambda t: len(t.patrons)  # noqa: E731
        slips = (
            questions.Slip("far off", "registered = 10**8", "Too many."),
            questions.Slip("as far off", "registered = 10**8", "Far too many."),
            questions.Slip("near", "registered = 7", told="outcome.negative"),
        )

    monkeypatch.setattr(fair, "declared", lambda assignment: {"registered": Registered})
    monkeypatch.setattr("proofs.trying.declared", fair.declared)
    monkeypatch.setattr("proofs.trying.proving.questions", lambda notebook: ["registered"])
    return "01_who_is_our_customer"


def test_what_passes_is_counted(lax):
    rights = {who: fair.right_answers(who, lax)["registered"] for who in (fair.LESSON, "ada", "bob")}
    tried = [fair.in_one(student, lax)["registered"] for student in ("ada", "bob")]
    found = fair.Found(fair.declared(lax)["registered"], rights, tried)
    assert found.passed("slips") == {"near": 2}
    assert found.passed("alike") == {"far off | as far off": 2}
    assert found.shares() == {"lesson": 1, "neighbor": 1, "constant": 1, "slip": 1, "alike": 1}


def test_answers_are_compared_with_those_of_others():
    class Answer(Count):
        name, within = "answer", 1

    rights = {fair.LESSON: 20, "a": 10, "b": 11, "c": 12, "d": 21}
    shares = fair.Found(Answer, rights, [fair.InOne(10)]).shares()
    assert shares == {"lesson": 1 / 4, "neighbor": 4 / 12, "constant": 2 / 3, "slip": 0, "alike": 0}


@pytest.mark.exhaustive
@pytest.mark.parametrize("assignment", proving.assignments())
def test_hardly_anything_passes_that_is_not_right(assignment):
    for name, found in fair.measure(assignment).items():
        assert max(found.shares().values()) <= fair.MOST, (name, found)
