"""Holds and searches: the line is a line, what is searched for is what the catalog has, and wants show."""

import numpy as np
import pandas as pd
import pytest

from course_utils import tables
from course_utils.library import Library
from course_utils.library.demand import NEW_BOX, SHOWN, WISHES
from course_utils.tables import AS_OF


@pytest.fixture(scope="module")
def holds(library):
    return library.holds.merge(library.items, on="item_id", how="left", suffixes=("", "_item"))


def test_tables_keep_their_rules(library):
    frames = {name: library[name] for name in ("holds", "searches", "items", "branches")}
    for name in ("holds", "searches"):
        tables.validate(frames[name], name, frames)
    assert 8_000 < len(library.holds) < 10_000
    assert 14_000 < len(library.searches) < 17_000


def test_a_request_is_for_the_title_that_it_names(holds):
    owned = holds[holds["item_id"].notna()]
    for column in ("material_type", "audience", "subject"):
        assert (owned[column].astype(str) == owned[f"{column}_item"].astype(str)).all()
    assert (owned["placed"] >= owned["added"]).all()
    assert (holds["item_id"].isna() == (holds["status"] == "not owned")).all()
    assert (holds["pickup_branch"].isna() == holds["material_type"].isin(tables.DIGITAL)).all()


def test_waits_agree_with_their_days(library, holds):
    filled = holds["status"] == "filled"
    assert (filled == holds["filled_on"].notna()).all()
    assert (filled == holds["wait_days"].notna()).all()
    wait = (holds["filled_on"] - holds["placed"]).dt.days[filled]
    assert (wait == holds.loc[filled, "wait_days"]).all()
    assert set(holds["status"].unique()) == {"filled", "waiting", "canceled", "not owned"}
    # Ready to be picked up on a day when somebody can.
    ready = holds[filled & holds["pickup_branch"].notna()]
    days = pd.MultiIndex.from_frame(
        ready[["pickup_branch", "filled_on"]].astype({"pickup_branch": str}), names=["branch", "date"]
    )
    gates = library.gate_counts.astype({"branch": str})
    assert days.isin(pd.MultiIndex.from_frame(gates[["branch", "date"]])).all()


def test_titles_are_handed_on_in_the_order_of_the_requests(library, holds):
    waits = holds.merge(library.truth.waits, on="hold_id")
    waits["ready"] = waits["placed"] + pd.to_timedelta(waits["line_days"], unit="D")
    # A day is lost or won by rounding, and by the first copy on the shelf.
    ready = waits.groupby("item_id")["ready"].diff().dropna()
    assert (ready >= pd.Timedelta(days=0)).all()
    assert (ready == pd.Timedelta(days=0)).mean() < 0.3


def test_who_still_waits_would_have_waited_past_the_end(library, holds):
    waits = holds.merge(library.truth.waits, on="hold_id")
    waiting = waits[waits["status"] == "waiting"]
    end = waiting["placed"] + pd.to_timedelta(waiting["line_days"], unit="D")
    # The branch may be closed on the last days.
    assert (end > AS_OF - pd.Timedelta(days=5)).all()
    assert len(waiting) > 20


def test_titles_in_demand_wait_longer(holds):
    owned = holds.dropna(subset="item_id")
    ratio = owned["item_id"].map(owned["item_id"].value_counts()) / owned["copies"]
    wait = owned["wait_days"].astype("Float64")
    assert wait[ratio >= 5].median() > 2 * wait[ratio < 2].median()


def test_what_is_found_is_in_the_catalog_on_that_day(library):
    searches, items = library.searches, library.items
    sample = searches[searches["results"] > 0].sample(150, random_state=1)
    text = {
        column: items[column].astype(str).str.lower().str.replace(",", "", regex=False)
        for column in ("title", "creator", "subject", "material_type")
    }
    for search in sample.itertuples():
        there = items["added"] <= search.date
        counts = {int((there & (column == search.terms)).sum()) for column in text.values()}
        assert search.results in counts - {0}, search.terms


def test_what_is_not_found_is_not_in_the_catalog(library):
    searches, items = library.searches, library.items
    terms = searches.loc[searches["results"] == 0, "terms"]
    for column in ("title", "subject", "material_type"):
        assert not terms.isin(items[column].astype(str).str.lower()).any()
    assert 0.08 < len(terms) / len(searches) < 0.12
    for topic in WISHES:
        assert terms.str.contains(rf"\b{topic.split()[0]}").any(), topic


def test_every_way_of_typing_a_wish_holds_its_first_word():
    for topic, (_, variants) in WISHES.items():
        assert all(topic.split()[0] in variant for variant in variants)


def test_stations_are_used_when_the_main_library_is_open(library):
    searches = library.searches
    inside = searches.loc[searches["where"] == "in the library", "date"]
    gates = library.gate_counts
    assert inside.isin(gates.loc[gates["branch"] == "MAIN", "date"]).all()
    online = searches.loc[searches["where"] != "in the library", "date"]
    assert not online.isin(gates["date"]).all()


def test_the_new_box_moves_what_it_shows_and_nothing_else(library):
    truth = library.truth.wishes.set_index(["topic", "year"])
    moved = truth["typed"] - truth["wanted"]
    assert set(moved[moved > 1e-9].index.get_level_values("topic")) == {SHOWN}
    assert moved[SHOWN, 2023] == pytest.approx(0)
    rising = truth[truth["change"] == "rising"]["wanted"].unstack()
    assert (rising[2025] > 2 * rising[2023]).all()
    searches = library.searches
    shown = searches[searches["terms"].str.contains(SHOWN) & (searches["where"] != "in the library")]
    after = shown["date"] >= np.datetime64(NEW_BOX, "D")
    assert after.sum() > 2 * (~after).sum()


def test_a_small_town_has_them_too():
    library = Library(5, patrons=500)
    frames = {name: library[name] for name in ("holds", "searches", "items", "branches")}
    for name in ("holds", "searches"):
        tables.validate(frames[name], name, frames)
        assert len(frames[name]) > 300
    assert (frames["holds"]["status"] == "not owned").any()


def test_nothing_depends_on_what_was_asked_for_first():
    one, two = Library(6), Library(6)
    holds, searches = one.holds, one.searches
    two.truth.waits  # noqa: B018
    pd.testing.assert_frame_equal(searches, two.searches)
    pd.testing.assert_frame_equal(holds, two.holds)
