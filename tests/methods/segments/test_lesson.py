"""What lesson 4 says of Port Ellery in its prose is so: each number, worked out by the functions of the method."""

import re
from pathlib import Path

import pandas as pd
import pytest

from course_utils import load, segments
from course_utils.library import Library
from course_utils.methods.segments.widget import SegmentWorkbench
from course_utils.tables import AS_OF

TEXT = (Path(__file__).resolve().parents[3] / "notebooks/text/lesson_04_core_customers.md").read_text(
    encoding="utf-8"
)


@pytest.fixture(scope="module")
def tables():
    return load("patrons"), load("checkouts"), load("attendance"), load("computer_sessions")


@pytest.fixture(scope="module")
def counted(tables):
    patrons, *events = tables
    uses = segments.uses(*events)
    table = segments.rfm(patrons, uses, as_of=AS_OF)
    visits = segments.rfm(patrons, uses.query("way != 'digital'"), as_of=AS_OF)
    return table, segments.core_segments(table), visits, segments.core_segments(visits)


def is_said(sentence: str) -> None:
    assert sentence in re.sub(r"\s+", " ", TEXT)


def test_young_cards(counted):
    table, *_ = counted
    users = table[table["f"] > 0]
    young = users[users["card_days"].between(90, 182)]
    old = users[users["card_days"] >= 365]
    assert not (young["f"] >= 18).any()
    is_said(f"Not one of the {len(young)}.")
    is_said(f"At their pace, {(young['pace'] >= 18).mean():.0%} of them come often.")
    is_said(f"a card for a year or longer ({(old['pace'] >= 18).mean():.0%})")


def test_the_edge(counted):
    table, segment, *_ = counted
    moves = ((segment == "now and then") & (table["pace"] >= 15)).sum()
    regulars = (segment == "regular").sum()
    is_said(
        f"{moves} people, and there are {regulars} regulars, so it's {100 * moves / regulars:.0f} for every 100."
    )
    assert 0.01 < moves / len(table) < 0.02  # "little more than 1%"


def test_shares_of_patrons_of_use_and_of_uses(counted, tables):
    table, segment, visits, _ = counted
    sizes = segments.sizes(segment, table)
    assert sizes.at["regular", "share_of_patrons"] == pytest.approx(1 / 20, abs=0.005)
    assert 0.44 < sizes.at["regular", "share_of_use"] < 0.5  # "nearly half"
    uses = segments.uses(*tables[1:])
    recent = uses[uses["date"] > AS_OF - pd.DateOffset(months=12)]
    of_uses = (recent["patron_id"].map(segment) == "regular").mean()
    assert 0.02 < sizes.at["regular", "share_of_use"] - of_uses < 0.06  # "a little less"
    clicks = (
        1
        - visits["f"].groupby(segment, observed=True).sum() / table["f"].groupby(segment, observed=True).sum()
    )
    assert 0.62 < clicks["regular"] < 2 / 3  # "nearly two thirds"
    assert 1 / 3 < clicks["now and then"] < 0.37  # "a little more than a third"


def test_regulars_without_clicks(counted):
    _, segment, _, by_visits = counted
    both = pd.crosstab(segment, by_visits).loc["regular"]
    is_said(
        f"Only {both['regular']} of the {both.sum()} are still regular, and {both['away']} left no trace of a visit on their card."
    )
    is_said(
        f"Of {both.sum()} regulars, {both['regular']} are left, {both['now and then']} come *now and then*, "
        f"{both['not lately']} came *not lately*, and {both['away']} are *away*."
    )


def test_what_there_was_to_see_in_the_workbench(tables):
    bench = SegmentWorkbench(*tables, beside=Library(seed=5, name="Westering"))
    share, there = bench.sizes.at["regular", "share_of_use"], bench.sizes_beside.at["regular", "patrons"]
    regulars = bench.sizes.at["regular", "patrons"]
    bench.often.value = 17
    is_said(f"{len(bench.moved)} people become regulars, all of them with a pace of 17 days or a little more")
    assert bench.moved["pace"].between(17, 18, inclusive="left").all()
    bench.often.value = 18
    bench.lately.value = 56
    is_said(f"*Lately* from 63 to 56 moves {len(bench.moved)} people to *not lately*.")
    assert set(bench.moved["after"]) == {"not lately"}
    bench.lately.value = 63
    bench.new_days.value = 0
    went = bench.moved["after"].value_counts()
    is_said(f"{went['away']} of the new cards would be *away*")
    is_said(f"{went['regular']} would be regular, by a pace that comes from a few weeks.")
    bench.new_days.value = 90
    bench.visits_only.value = True
    fewer = bench.sizes.at["regular", "share_of_use"]
    is_said(f"The regulars' share of use falls from {share:.0%} to {fewer:.0%}.")
    bench.visits_only.value = False
    bench.renewals.value = True
    more = bench.sizes.at["regular", "patrons"]
    is_said(f"there are {more} regulars now")
    assert more > 1.5 * regulars
    assert bench.sizes_beside.at["regular", "patrons"] > 1.3 * there
    no_longer = (bench.moved["before"] == "away").sum()
    is_said(f"The {no_longer} people who are no longer *away* did nothing but renew")
