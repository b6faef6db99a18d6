"""What the visible tests of week 5 ask of segments of one's own, and what the set-up makes."""

import pandas as pd
import pytest

from course_utils import identity, stability
from course_utils.checks.expectation import Expectation
from course_utils.checks.outcomes import NotYet
from course_utils.library import Library
from course_utils.methods.stability import practice


@pytest.fixture(autouse=True)
def library(monkeypatch):
    mine = Library.for_student("ada")
    monkeypatch.setattr(identity, "my_library", lambda: mine)
    return mine


def said_of(names) -> str:
    with pytest.raises(NotYet) as said:
        practice.my_segments(Expectation("my_segments", names).is_series(of="any"))
    return str(said.value)


def test_any_two_to_six_segments_will_do():
    cards = practice.readers()
    for count in (2, 6):
        names = pd.Series(
            [f"borrows in way {chr(97 + one % count)}" for one in range(len(cards))], index=cards
        )
        practice.my_segments(Expectation("my_segments", names).is_series(of="any"))


def test_what_is_no_segment_is_said():
    cards = practice.readers()
    half = pd.Series(["shelf", "screen"] * len(cards), index=[*cards, *cards])[: len(cards)]
    half.index = cards
    assert "Everybody is in the same segment" in said_of(half.replace("screen", "shelf"))
    assert "has 3" in said_of(half.replace("screen", 3))
    assert "'2'" in said_of(half.replace("screen", "2"))
    assert "has only 1 person." in said_of(half.where(half.index != cards[0], "alone"))
    assert "has only 2 people." in said_of(half.where(~half.index.isin(cards[:2]), "a pair"))
    assert "Readers without a name: 1." in said_of(half.where(half.index != cards[0], float("nan")))
    assert "True and False" in said_of(half == "shelf")
    assert "You have 7 segments" in said_of(
        pd.Series([f"way {chr(97 + one % 7)}" for one in range(len(cards))], index=cards)
    )
    assert "readers without one: 1;" in said_of(half.drop(cards[0]))
    assert "index=x.index" in said_of(half.reset_index(drop=True))


def test_the_set_up_sorts_twenty_towns(library):
    table = stability.features(library.checkouts, as_of=practice.AS_OF, least=practice.LEAST)
    x = stability.with_amount(table)
    assert (practice.readers() == x.index).all()
    by_digital, by_children = practice.two_groups(x)
    for group, name in ((by_digital, "digital"), (by_children, "children")):
        means = x[name].groupby(group).mean()
        assert means.max() - means.min() > 0.4
    towns = practice.null_tightness(x)
    assert towns.index.tolist() == list(range(1, 20))
    assert towns.columns.tolist() == ["amount", "digital", "children"]
    assert ((towns > 0.4) & (towns < 0.8)).all(axis=None)


def test_somebody_lives_with_a_child_whose_card_has_the_same_address():
    ages = ["0-5", "35-44", "13-17", "65-74", "6-12"]
    patrons = pd.DataFrame({"patron_id": range(1, 6), "household_id": [7, 7, 8, 8, 9], "age_band": ages})
    assert practice.lives_with_child(patrons).tolist() == [True, True, False, False, True]


def test_numbers_that_cannot_be_are_said(library):
    table = stability.features(library.checkouts, as_of=practice.AS_OF, least=practice.LEAST)
    whole = (table["loans"] // 4) / table["loans"]
    for fits in (whole, whole.round(2)):
        practice.whole_dvds(Expectation("dvd", fits).is_series(of="share"))
    with pytest.raises(NotYet, match="with 1[2-9]|20 loans, dvd is .* That would be .*[.].* DVDs"):
        practice.whole_dvds(Expectation("dvd", whole + 0.5 / table["loans"]).is_series(of="share"))
    for check, value, said in (
        (practice.silhouettes, -0.018, "Take one feature at a time"),
        (practice.silhouettes, 340.2, "no silhouette is above 1"),
        (practice.differences, 1.31, "subtract one from the other"),
    ):
        found = Expectation("tight", pd.Series({"amount": 0.6, "digital": value})).is_series()
        with pytest.raises(NotYet) as problem:
            check(found)
        assert said in str(problem.value)
