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
    assert "has only 1 people" in said_of(half.where(half.index != cards[0], "alone"))
    assert "You have 7 segments" in said_of(
        pd.Series([f"way {chr(97 + one % 7)}" for one in range(len(cards))], index=cards)
    )
    assert "1 readers have none" in said_of(half.drop(cards[0]))


def test_the_set_up_sorts_twenty_towns(library):
    table = stability.features(library.checkouts, as_of=practice.AS_OF, least=practice.LEAST)
    x = stability.with_amount(table)
    assert (practice.readers() == x.index).all()
    by_digital, by_children = practice.two_groups(x)
    for group, name in ((by_digital, "digital"), (by_children, "children")):
        means = x[name].groupby(group).mean()
        assert means.max() - means.min() > 0.4
    towns = practice.three_groups(x)
    assert towns.index.tolist() == ["ours", *range(1, 20)]
    assert towns.columns.tolist() == ["amount", "digital", "children"]
