"""What lesson 1 says of Port Ellery in words is so: each figure in its unfolded answers is counted again."""

from pathlib import Path

import pandas as pd
import pytest

from course_utils.library import Library
from course_utils.methods import customers
from course_utils.tables import AS_OF

LESSON = Path(__file__).resolve().parents[3] / "notebooks/text/lesson_01_who_is_our_customer.md"


@pytest.fixture(scope="module")
def town():
    return Library.port_ellery()


@pytest.fixture(scope="module")
def found(town):
    return customers.definitions(
        town.patrons, town.checkouts, town.attendance, town.computer_sessions, as_of=AS_OF
    )


@pytest.fixture(scope="module")
def left_out(town, found):
    """The shares and counts that a definition leaves out among the active, by group."""

    def _left_out(definition, by):
        return customers.not_counted(town.patrons, found[definition], by=by, among=found["active"])

    return _left_out


def says(sentence):
    text = LESSON.read_text(encoding="utf-8")
    assert sentence in text, sentence


def test_people_with_two_cards(town):
    twice = town.truth.patrons["second_card_of"].notna().sum()
    people = len(town.patrons) - twice
    says(f"{twice} people have two cards, which is {twice / people:.1%} of them")


def test_how_many_are_active(found):
    active, cards = found["active"].sum(), len(found)
    assert active < cards / 2
    says(f"Fewer than half: {active:,} of {cards:,}, or {active / cards:.0%}.")


def test_one_person_can_make_two_hundred_loans(town):
    own = town.checkouts[town.checkouts["transaction_type"] != "automatic renewal"]
    recent = own[own["date"] > AS_OF - pd.DateOffset(months=12)]
    assert recent["patron_id"].value_counts().max() >= 200
    says("One person can make two hundred of them.")


def test_who_shows_no_card(town):
    seen = customers.without_a_card(
        town.programs,
        town.attendance,
        town.computer_sessions,
        town.wifi_sessions,
        town.gate_counts,
        as_of=AS_OF,
    )
    assert 0.4 < seen["share"]["people in the room at programs"] < 0.5
    says("Nearly half of the people in the room at programs showed no card")


def test_two_denominators(left_out):
    table = left_out("unexpired", "age_band")
    first, second = table["share"], table["not_counted"] / table["not_counted"].sum()
    assert first["75+"] > first["35-44"]
    assert second["75+"] < second["35-44"]
    says(
        f"`75+` is larger: {first['75+']:.0%} of the active people of that age are erased, "
        f"and {first['35-44']:.0%} of the people ages 35 to 44."
    )
    says(f"only {second['75+']:.0%} of those affected are 75 or older")
    assert 1.9 < first["75+"] / first["65-74"] < 2.1
    says("are left out twice as often as people ages 65 to 74")


def test_what_there_was_to_see_in_the_explorer(found, left_out):
    shares = left_out("borrower", "age_band")["share"].sort_values(ascending=False)
    assert list(shares.index[:2]) == ["13-17", "75+"]
    says(f"People ages 13 to 17: {shares.iloc[0]:.0%} of the active patrons of that age borrowed nothing.")
    says(f"people ages 75 and older, with {shares.iloc[1]:.0%}")
    assert not (found["active"] & ~customers.counted(found, ["borrower", "program or computer only"])).any()
    shares = left_out("unexpired", "age_band")["share"].sort_values(ascending=False)
    assert list(shares.index[:2]) == ["75+", "6-12"]
    says(f"the two largest shares are {shares.iloc[0]:.0%} (75 and older) and {shares.iloc[1]:.0%} (6 to 12)")
    table = left_out("unexpired", "home_branch")
    says(f"between {table['share'].min():.0%} and {table['share'].max():.0%}, so the branches hardly differ")
    says(f"{table['not_counted']['HARBOR']} people at HARBOR")


def test_the_worked_answer_to_your_turn(left_out):
    table = left_out("borrower", "home_branch")
    share, people = table["share"], table["not_counted"]
    assert share.idxmin() == "BOOKM"
    says(f"The smallest share is the bookmobile's, with {share['BOOKM']:.0%}.")
    others = share.drop("BOOKM")
    says(f"The other three are between {others.min():.0%} and {others.max():.0%}.")
    assert others.idxmax() == "HARBOR"
    says(
        f"the {share['HARBOR']:.0%} at HARBOR are {people['HARBOR']} people, "
        f"and the {share['MAIN']:.0%} at MAIN are {people['MAIN']}."
    )


def test_the_colleagues_score(town):
    cost = customers.interval_score(4000, 7000, len(town.patrons))
    missed = len(town.patrons) - 7000
    says(
        f"That costs 3,000 for the width and {10 * missed:,} for missing by {missed}, and {cost:,.0f} is far less"
    )
