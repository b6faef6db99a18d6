"""What week 3's visible tests stop before anything is graded: numbers that can't be, and places above the town's rate."""

import pandas as pd
import pytest

from course_utils import load
from course_utils.checks import Expectation
from course_utils.checks.outcomes import NotYet
from course_utils.methods import penetration
from course_utils.methods.penetration import practice
from course_utils.tables import AS_OF

PATRONS, TRACTS = load("patrons"), load("tracts")
AGES = ["65-74", "75+"]
OLDER = PATRONS[PATRONS["age_band"].isin(AGES) & (PATRONS["expires"] >= AS_OF)]
AREAS = TRACTS.set_index("tract_id")


@pytest.fixture
def table():
    found = penetration.counts(PATRONS, TRACTS, ages=AGES, measure="valid").reset_index()
    return found.assign(rate=found["cards"] / found["residents"])


@pytest.fixture
def gap(table):
    found = table.set_index("tract_id")
    return penetration.gaps(found["cards"], found["residents"]).reset_index()


def said(check, value) -> str:
    """What the check says of a value; nothing where it is content."""
    try:
        check(Expectation("answer", value))
    except NotYet as problem:
        return str(problem)
    return ""


def test_right_answers_pass(table, gap):
    assert said(practice.seniors(OLDER, AREAS), table) == ""
    assert said(practice.three(OLDER, AREAS), table.nsmallest(3, "rate")) == ""
    assert said(practice.gap, gap) == ""
    assert said(practice.gap, gap.round(0)) == ""
    assert said(practice.by_home, pd.Series({"English": 0.4, "Spanish": 1.2})) == ""
    assert said(practice.spanish_seniors, pd.Series({"estimate": 378, "margin": 97})) == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.assign(cards=float("nan")), practice.UNMATCHED.format(column="cards")),
        (lambda t: t.assign(cards=0, rate=0), practice.UNMATCHED.format(column="cards")),
        (
            lambda t: t.assign(cards=t["cards"].where(t["cards"] > 12)),
            practice.MISSING.format(column="cards"),
        ),
        (lambda t: t.assign(cards=len(OLDER)), practice.TOO_MANY_CARDS),
        (lambda t: t.assign(residents=AREAS["population"].to_numpy()), practice.EVERYBODY),
    ],
)
def test_counts_that_cannot_be_are_stopped(table, change, sentence):
    assert said(practice.seniors(OLDER, AREAS), change(table)) == f"answer: {sentence}"


def test_places_above_the_towns_rate_are_stopped(table):
    check = practice.three(OLDER, AREAS)
    assert said(check, table.nlargest(3, "rate")) == f"answer: {practice.ABOVE}"
    lowest = table.nsmallest(3, "rate")
    assert said(check, lowest.assign(rate=100 * lowest["rate"])) == f"answer: {practice.OTHER_RATES}"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.assign(index=t["index"] / 100), practice.INDEX_OF_1),
        (lambda t: t.assign(index=t["index"] - 100), practice.POINTS_APART),
        (lambda t: t.assign(missing=-t["missing"]), practice.NOT_TOGETHER),
        (lambda t: t.assign(index=1e4 / t["index"]), practice.NOT_TOGETHER),
        (lambda t: t.assign(missing=t["missing"] + 1e4), practice.TO_A_CARD_EACH),
        (lambda t: t.head(3), practice.NOT_THESE.format(found="T01, T02, T03")),
    ],
)
def test_gaps_that_cannot_be_are_stopped(gap, change, sentence):
    assert said(practice.gap, change(gap)) == f"answer: {sentence}"


def test_cards_instead_of_rates_and_an_empty_sum_are_stopped():
    assert said(practice.by_home, pd.Series({"English": 6411.2, "Spanish": 0.2})).endswith(
        practice.CARDS_NOT_RATES
    )
    nobody = pd.Series({"estimate": 0, "margin": 0})
    assert said(practice.spanish_seniors, nobody) == f"answer: {practice.NO_ROW}"
