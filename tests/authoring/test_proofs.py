"""The proofs' own format: reading them, packing them, and what a sentence with # fits."""

import pytest

from course_utils.authoring.proofs import Proof, blank, in_packs, read_proofs
from course_utils.errors import CourseError

TEXT = """# A comment on top.

# %% loans · right · a count
loans = 1

# %% loans · wrong: too many · 0 of 2
# says: loans is #. Too many.
loans = 99
"""


@pytest.fixture
def proofs(tmp_path):
    def read(text):
        path = tmp_path / "01_loans.py"
        path.write_text(text, encoding="utf-8")
        return read_proofs(path)

    return read


def test_what_is_written_is_read(proofs):
    assert proofs(TEXT) == [
        Proof("loans", "right", "a count", "loans = 1"),
        Proof("loans", "wrong", "too many", "loans = 99", 0, "loans is #. Too many."),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# %% loans · maybe · a count\nloans = 1\n", "is neither"),
        ("# %% loans · right · a count\nloans = = 1\n", "is not Python"),
        ("# %% loans · wrong: too many · 0 of 2\nloans = 99\n", "lacks its line"),
    ],
)
def test_a_slip_is_named(proofs, text, sentence):
    with pytest.raises(CourseError, match=sentence):
        proofs(text)


def test_a_hash_stands_for_any_number_and_for_nothing_else():
    proof = Proof("loans", "wrong", "x", "", 0, "loans is #. Too many.")
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
