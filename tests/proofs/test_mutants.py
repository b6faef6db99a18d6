"""The tests of every question notice small mistakes: nearly all mutants of the reference solutions lose marks."""

import pytest
from proofs.mutation import LEAST, noticed_share, reasons, trials
from representatives import representatives

from course_utils.authoring.mutants import mutants
from course_utils.grading import proving


def changes(source):
    return {mutant.source: mutant.what for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        (
            "n = (a > b).sum()",
            {"n = (a >= b).sum()", "n = (a < b).sum()", "n = (a > b).mean()", "n = (a > b).count()"},
        ),
        ("n = a & ~b", {"n = a | ~b", "n = a & b"}),
        ("n = f(a, sort=False)", {"n = f(a)", "n = f(a, sort=True)"}),
        (
            "n = a.dropna() / 2",
            {"n = a / 2", "n = a.dropna() * 2", "n = a.dropna() / 3", "n = a.dropna() / 1"},
        ),
        ("n = t['expires']", {"n = t['enrolled']"}),
        ("n = t == 'renewal'", {"n = t != 'renewal'", "n = t == 'checkout'"}),
        ("n = 'no column at all'", set()),
        (
            "def f(x):\n    return x if not x else 1",
            {
                "def f(x):\n    return x if x else 1",
                "def f(x):\n    return x if not x else 2",
                "def f(x):\n    return x if not x else 0",
            },
        ),
    ],
)
def test_what_is_changed(source, changed):
    assert set(changes(source)) == changed


def test_a_mutant_says_what_was_changed_and_where():
    assert changes("a = 1\nn = a <= b")["a = 1\nn = a < b"] == "line 2: <= becomes <"


ASSIGNMENTS = proving.assignments()


@pytest.mark.parametrize("assignment", representatives(ASSIGNMENTS, ASSIGNMENTS[:1]))
def test_nearly_all_lose_marks_and_each_survivor_has_a_reason(assignment):
    found = trials(assignment)
    assert noticed_share(found) >= LEAST
    assert {trial.name for trial in found if trial.survives} == set(reasons(assignment))
