"""Every autograded question carries its proofs, and they hold: in nbgrader, and in anybody's library."""

import copy
import functools
import os
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from representatives import representatives

from course_utils.authoring.proofs import blank, proofs_of
from course_utils.checks import NotYet, questions
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


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_proofs_hold_in_nbgrader(assignment):
    verdicts = proving.prove(assignment)
    broken = [
        f"{v.proof.question}, {v.proof.kind} {v.proof.label}: {v.score} of {v.most:g} points, “{v.said}”; "
        f"due are {v.due:g}, and “{v.proof.says}”"
        for v in verdicts
        if not v.holds
    ]
    assert broken == []


def outcome(made: dict, cells: dict[str, str], proof) -> str | None:
    """What the test says about an answer, in this process; None where it is content.

    ``made`` is what the set-up cell made. What an answer may change, it changes in a copy of its own.
    """
    names = {}
    for name, value in made.items():
        if isinstance(value, pd.DataFrame | pd.Series):
            value = value.copy(deep=False)  # pandas copies what is changed when it is changed
        elif isinstance(value, np.random.Generator | list | dict | set) and name != "__builtins__":
            value = copy.deepcopy(value)
        names[name] = value
    if proof.source:
        exec(proof.source, names)
    else:
        exec(proving.SOLUTION.sub("", cells[proof.question]), names)
    try:
        exec(cells[f"{proving.TEST}{proof.question}"], names)
    except NotYet as problem:
        return str(problem)
    return None


@pytest.mark.parametrize("student", representatives(STUDENTS, STUDENTS[:1]))
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_proofs_hold_in_anybodys_library(assignment, student, monkeypatch):
    """Equal difficulty: no library in which a right answer fails, or a misconception happens to be right."""
    library = library_of(student)
    monkeypatch.setattr("course_utils.identity.my_library", lambda: library)
    monkeypatch.setattr("course_utils.my_library", lambda: library, raising=False)
    notebook = proving.source_notebook(assignment)
    cells = {proving.grade_id_of(cell): cell.source for cell in notebook.cells}
    named = proving.questions(notebook)
    made: dict = {}
    exec(cells["setup"], made)
    asked = proving.declared(assignment)
    given = questions.Given(lambda: made, asked)
    monkeypatch.setattr(questions, "here", lambda names: questions.Declared(asked, given))
    for proof in proving.proofs(assignment) + [blank(question) for question in named]:
        said = outcome(made, cells, proof)
        if proof.kind == "right":
            assert said is None, f"{proof.question}, {proof.label}"
        else:
            if said is None and proof.sometimes:
                continue
            assert said is not None, f"{proof.question}, {proof.label}: nothing was said"
            assert proof.is_said_by(said), f"{proof.question}, {proof.label}"


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
