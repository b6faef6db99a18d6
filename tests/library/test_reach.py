"""The survey of languages and ages, and the visits out in town: they fit the people, and disturb no other table."""

import numpy as np
import pandas as pd
import pytest

from course_utils.library import Library
from course_utils.library.reach import VISITS_A_YEAR, VOUCHER_DAYS
from course_utils.tables import AS_OF, SCHEMAS

NEW = ("language_estimates", "outreach_visits")


@pytest.fixture(scope="module")
def library():
    return Library(11, patrons=1500)


def test_other_tables_are_the_same_whether_these_were_made_first_or_never(library):
    first = Library(11, patrons=1500)
    for name in NEW:
        first[name]
    for name in SCHEMAS:
        if name not in NEW:
            pd.testing.assert_frame_equal(first[name], library[name], obj=name)


def test_the_estimates_of_a_neighborhood_come_to_its_residents(library):
    found = library.language_estimates.groupby("tract_id")["estimate"].sum()
    people = library.tracts.set_index("tract_id")["population"]
    assert len(library.language_estimates) == 24 * 3 * 4
    # Each cell is rounded, and where nobody was asked there is nothing to add up.
    asked = found > 0
    assert asked.sum() > 18
    assert (found - people)[asked].abs().max() <= 6
    assert (library.language_estimates["margin_of_error"] >= 0).all()


def test_the_truth_counts_everybody_once(library):
    tracts, truth = library.tracts.set_index("tract_id"), library.truth.languages_by_age
    assert (truth.groupby("tract_id")["people"].sum() == tracts["population"]).all()
    groups = truth.groupby(["tract_id", "age_group"], observed=True)["people"].sum().unstack()
    assert (groups == tracts[["under_18", "age_18_64", "age_65_up"]].to_numpy()).all(axis=None)
    spoken = truth.groupby(["tract_id", "language"], observed=True)["people"].sum().unstack()
    assert (spoken["Spanish"] == tracts["speak_spanish"]).all()
    assert truth.merge(library.language_estimates).shape[0] == len(truth)


def test_a_larger_sample_has_smaller_margins_and_an_estimate_without_bias():
    """Over many surveys of one town the estimates come to the truth, which one survey cannot show."""
    libraries = [Library(seed) for seed in range(20, 26)]
    ratio = [
        one.language_estimates.query("language == 'Spanish'")["estimate"].sum()
        / one.truth.languages_by_age.query("language == 'Spanish'")["people"].sum()
        for one in libraries
    ]
    assert np.mean(ratio) == pytest.approx(1, abs=0.08)
    # As far apart as a margin at 90% says.
    found = pd.concat([one.language_estimates for one in libraries])
    truth = pd.concat([one.truth.languages_by_age for one in libraries])
    inside = (found["estimate"] - truth["people"]).abs() <= found["margin_of_error"]
    assert 0.85 < inside.mean() < 0.95


def test_a_visit_meets_people_who_are_there(library):
    visits = library.outreach_visits
    assert len(visits) == round(3 * VISITS_A_YEAR * library.scale)
    assert (visits["without_card"] <= visits["met"]).all()
    assert (visits["other_language"] <= visits["met"] - visits["without_card"]).all()
    assert (visits["notices_in_english"] <= visits["other_language"]).all()
    adults = library.tracts.set_index("tract_id")[["age_18_64", "age_65_up"]].sum(axis=1)
    assert (visits["met"] <= visits["tract_id"].map(adults)).all()
    assert (visits["date"].dt.day_of_week < 6).all()
    schools = library.tracts.set_index("tract_id")["schools"]
    assert (visits.loc[visits["place"] == "school", "tract_id"].map(schools) > 0).all()


def test_a_voucher_is_a_card_of_that_neighborhood_made_soon_after():
    library = Library(3)
    visits = library.outreach_visits
    assert 15 < visits["vouchers_used"].sum() < 120
    heard = library.truth.referrals.query("source == 'staff out in town'")["patron_id"]
    cards = library.patrons[library.patrons["patron_id"].isin(heard)]
    for tract, there in visits.groupby("tract_id"):
        made = cards.loc[cards["tract_id"] == tract, "enrolled"]
        near = [
            ((there["date"] < day) & (there["date"] >= day - pd.Timedelta(days=VOUCHER_DAYS))).any()
            for day in made
        ]
        assert sum(near) == there["vouchers_used"].sum(), tract


def test_cards_of_movers_are_those_of_people_who_left(library):
    truth, areas = library.truth.patrons, library.truth.areas.set_index("tract_id")
    place = library.patrons.set_index("patron_id")["tract_id"]
    gone = truth["moved_away"].groupby(truth["patron_id"].map(place)).mean()
    assert areas["cards_of_movers"].to_numpy() == pytest.approx(gone.reindex(areas.index, fill_value=0))
    holds = library.truth.residents.groupby("tract_id")["has_card"].mean()
    assert areas["with_card"].to_numpy() == pytest.approx(holds.reindex(areas.index, fill_value=0))
    assert library.outreach_visits["date"].max() <= AS_OF
