"""Every autograded question carries its proofs, and they hold: in nbgrader, and in anybody's library."""

import functools
import os
from collections import Counter

import pytest
from proofs.trying import inside
from representatives import representatives

from course_utils.authoring.proofs import blank, proofs_of
from course_utils.checks import questions
from course_utils.grading import proving
from course_utils.library import Library

ASSIGNMENTS = proving.assignments()
STUDENTS = [f"student {number}" for number in range(int(os.environ.get("COURSE_FAIR_STUDENTS", 8)))]
library_of = functools.cache(Library.for_student)  # all of its tables cost about a second


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_each_question_has_two_right_answers_and_three_misconceptions(assignment):
    proofs = proving.proofs(assignment)
    kinds = Counter((proof.question, proof.kind) for proof in proofs)
    for question in proving.questions(proving.source_notebook(assignment)):
        assert kinds[question, "right"] >= 2, question
        assert kinds[question, "wrong"] >= 3, question
    answers = [(proof.question, proof.source) for proof in proofs]
    assert len(answers) == len(set(answers)), "two proofs are the same answer"


# What is said and what passes is seen below, week by week; nbgrader's part in it is the same in every week.
@pytest.mark.parametrize("assignment", representatives(ASSIGNMENTS, ASSIGNMENTS[:1]))
def test_the_proofs_hold_in_nbgrader(assignment):
    verdicts = proving.prove(assignment)
    broken = [
        f"{v.proof.question}, {v.proof.kind} {v.proof.label}: {v.score} of {v.most:g} points, “{v.said}”; "
        f"due are {v.due:g}, and “{v.proof.says}”"
        for v in verdicts
        if not v.holds
    ]
    assert broken == []


@pytest.mark.parametrize("student", representatives(STUDENTS, STUDENTS[:1]))
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_proofs_hold_in_anybodys_library(assignment, student):
    """Equal difficulty: no library in which a right answer fails, or a misconception happens to be right."""
    with inside(library_of(student), assignment) as trial:
        for proof in proving.proofs(assignment) + [blank(question) for question in trial.asked]:
            said = trial.said(proof.question, trial.answered(proof.question, proof.source))
            if proof.kind == "right":
                assert said is None, f"{proof.question}, {proof.label}"
            elif said is not None or not proof.sometimes:
                assert said is not None, f"{proof.question}, {proof.label}: nothing was said"
                assert proof.is_said_by(str(said)), f"{proof.question}, {proof.label}"


def test_a_slip_that_cannot_always_be_told_from_another_may_be_told_as_that_one():
    class Answer(questions.Number):
        name, points, objective = "answer", 1, 1
        slips = (
            questions.Slip("one", "answer = 1", "This is one."),
            questions.Slip("also one", "answer = 1", "This is one, too.", sometimes=True),
        )

    always, sometimes = proofs_of([Answer])
    assert sometimes.is_said_by("answer is 1. This is one.")
    assert sometimes.is_said_by("answer is 1. This is one, too.")
    assert not sometimes.is_said_by("answer is 1. This is two.")
    assert not always.is_said_by("answer is 1. This is one, too.")
