"""The coarseness board: a guess first, then what each choice gives away and what it costs."""

import functools

import pytest

from course_utils import load
from course_utils.methods import privacy
from course_utils.methods.privacy.widget import CoarsenessBoard


@pytest.fixture(scope="module")
def records():
    return privacy.read_export(load("export_patrons"))[0]


@functools.cache
def ready() -> tuple:
    """What the lesson has before it makes the board: the records, read, and the patron file."""
    return privacy.read_export(load("export_patrons"))[0], load("patrons")


def first_view() -> CoarsenessBoard:
    return CoarsenessBoard(*ready())


CHANGES = [
    lambda board: setattr(board.guessed, "value", True),
    lambda board: setattr(board.born, "value", "10 years"),
    lambda board: setattr(board.place, "value", "area"),
    lambda board: setattr(board.when, "value", "year"),
    lambda board: setattr(board.when, "value", "none"),
    lambda board: setattr(board.library, "value", False),
    lambda board: setattr(board.least, "value", 5),
    lambda board: setattr(board.when, "value", "day"),
]


@pytest.fixture
def board(records):
    return CoarsenessBoard(records, load("patrons"))


def test_nothing_is_shown_before_the_guess(board):
    assert board._shown.layout.display == board._choices.layout.display == "none"
    board.guess.value = 30
    board.guessed.value = True
    assert board._shown.layout.display is None
    assert "Your guess was 30 of 100." in board.verdict.value


def test_it_says_what_the_functions_find(board, records):
    people = records.dropna(subset="birth_date")
    board.born.value, board.place.value, board.when.value = "10 years", "area", "none"
    coarse = privacy.coarsened(people, born="10 years", place="area", when="none")
    size = privacy.group_sizes(coarse, ["born", "postal_code", "home_library"])
    assert len(board.table) == (size >= 10).sum()
    assert board.hidden == pytest.approx((size < 10).mean())
    assert board.linked == 0  # four branches link nobody
    after = privacy.answers(coarse[size >= 10])
    assert board.answers["this table"].equals(after)
    assert "Both are within 5 of 100" in board.verdict.value
    assert f"{after.iloc[0]:,.0f}" in board.left.value


def test_dates_link_and_the_fewer_of_them_the_less(board):
    shares = []
    for when in ("day", "month", "year", "none"):
        board.when.value = when
        shares.append(board.linked)
    assert shares[0] > 0.9
    assert shares[1] > 0.3
    assert 0 < shares[2] < 0.1
    assert shares[3] == 0


def test_without_anything_nobody_is_linked_or_hidden(board):
    board.library.value = False
    board.born.value = board.place.value = board.when.value = "none"
    assert board.linked == board.hidden == 0
    assert "can't say" in board.left.value


def test_the_static_picture_says_what_was_chosen(board):
    board.library.value = False
    text = board.as_html()
    assert "the home library is left out" in text
    assert 'role="img"' in text
    assert "text/html" in board._repr_mimebundle_()


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen(board, change):
    board.guessed.value = False
    before = (board.as_html(), board._shown.layout.display)
    change(board)
    assert (board.as_html(), board._shown.layout.display) != before
