"""The proofs that declared questions stand for, how they are packed, and what a sentence with # or … fits."""

from course_utils.authoring.proofs import Proof, blank, in_packs, proofs_of
from course_utils.checks.practice import Example
from course_utils.checks.questions import Count, Function, Slip


class Loans(Count):
    name, points, objective = "loans", 2, 1
    also_right = ["loans = 1", "\nloans = 2 - 1\n"]
    slips = [
        Slip("too many", "loans = 99", "Too many.", also=("loans = 100",)),
        Slip("a share", "loans = 0.5", told="outcome.looks_like_share"),
        Slip("half", "loans = 1.0001", told="loans is #. That is odd.", points=1, sometimes=True),
    ]


class Double(Function):
    name, points, objective = "double", 1, 1
    tries = [Example("practice.double", {"n": 2}, 4, {"one more": (3, "Take it twice.")})]
    slips = [Slip("one more", "def double(n):\n    return n + 1")]


def test_right_answers_are_due_all_points_and_may_be_told_anything():
    one, other = proofs_of([Loans])[:2]
    assert (one.kind, one.source, one.points) == ("right", "loans = 1", None)
    assert other.source == "loans = 2 - 1"
    assert one.is_said_by("whatever")


def test_a_slip_must_get_its_sentence_and_its_points():
    many, more, share, half = proofs_of([Loans])[2:]
    assert (many.label, many.points, more.label, more.source) == (
        "too many",
        0,
        "too many (2)",
        "loans = 100",
    )
    assert many.is_said_by("loans is 99. Too many.")
    assert not many.is_said_by("loans is 99. Too few.")
    assert share.is_said_by("loans is 0.5. This looks like a share. Expected a count: use .sum() or len(…).")
    assert not share.is_said_by("loans is 0.5. Expected a count.")
    assert (half.points, half.sometimes) == (1, True)
    assert half.is_said_by("loans is 1.0001. That is odd.")
    assert not half.is_said_by("loans is one. That is odd.")


def test_a_slip_that_an_example_knows_gets_the_sentence_of_the_example():
    (proof,) = proofs_of([Double])
    assert proof.is_said_by("double(…) is 3. Take it twice. The example is double(2).")
    assert not proof.is_said_by("double(…) is 3. Take it thrice.")


def test_a_hash_stands_for_any_number_and_for_nothing_else():
    proof = Proof("loans", "wrong", "x", "", 0, ("loans is #. Too many.",))
    assert proof.is_said_by("loans is 1,234.5. Too many.")
    assert proof.is_said_by("loans is -3. Too many.")
    assert not proof.is_said_by("loans is many. Too many.")
    assert not proof.is_said_by("loans is 3. Too many. Really.")


def test_a_submission_holds_one_answer_a_question_and_none_that_reads_another():
    count = Proof("loans", "right", "a", "loans = 1")
    wrong = Proof("loans", "wrong", "b", "loans = 2")
    share = Proof("share", "right", "c", "share = loans / 10")
    other = Proof("visits", "right", "d", "visits = 3")
    assert in_packs([count, wrong, share, other, blank("visits")]) == [
        [count, other],
        [wrong, blank("visits")],
        [share],
    ]
