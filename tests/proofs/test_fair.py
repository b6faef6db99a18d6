"""What passes by chance: it is counted as it is, and in 40 libraries it is next to nothing."""

import pytest
from proofs import fair
from representatives import representatives

from course_utils.grading import proving

ASSIGNMENTS = proving.assignments()


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
    rights = {who: fair.right_answers(who, lax) for who in (fair.LESSON, "ada", "bob")}
    found = fair.Found()
    for student in ("ada", "bob"):
        found.add(student, fair.in_one(student, lax, rights)["registered"])
    assert found.lesson == 2
    assert found.neighbors == {"ada": {"bob"}, "bob": {"ada"}}
    assert found.slips == {"near": 2}
    assert found.alike == {"far off | as far off": 2}
    # Chosen in one of the two, a constant has none left to be tried in.
    assert found.shares() == {"lesson": 1, "neighbor": 1, "constant": 0, "slip": 1, "alike": 1}


def test_a_constant_is_chosen_in_one_half_of_the_libraries_and_tried_in_the_other():
    found = fair.Found(libraries=["a", "b", "c", "d", "e", "f"])
    found.neighbors |= {"a": {"c", "d"}, "b": {"d"}, "c": {"a"}, "d": {"b", "a"}}
    # of a, c, e: a, c and d are right in one other; in b, d, f: 1 of 3, 0 of 3 and 1 of 2. And the other way round
    # a and d are, as is b: 1 of 2, 1 of 3 and 0 of 3.
    assert found.shares()["constant"] == (2 / 8 + 2 / 8) / 2


@pytest.mark.parametrize("assignment", representatives(ASSIGNMENTS, ASSIGNMENTS[:1]))
def test_hardly_anything_passes_that_is_not_right(assignment):
    for name, found in fair.measure(assignment).items():
        assert max(found.shares().values()) <= fair.MOST, (name, found)
