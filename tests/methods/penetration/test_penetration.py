"""Rates, shrinkage and gaps: against independent implementations, and what must hold for any numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from course_utils import load
from course_utils.library import Library
from course_utils.methods import penetration
from course_utils.methods.penetration import PenetrationError
from course_utils.tables import AGE_BANDS, AS_OF

AREAS = st.lists(st.tuples(st.integers(1, 900), st.floats(0, 1)), min_size=2, max_size=30).map(
    lambda rows: (
        pd.Series([round(size * share) for size, share in rows], dtype="int64"),
        pd.Series([size for size, _ in rows], dtype="int64"),
    )
)


@given(
    st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999)
)
def test_the_interval_is_that_of_statsmodels(pair, confidence):
    found = penetration.wilson(*pair, confidence=confidence)
    right = proportion_confint(*pair, alpha=1 - confidence, method="wilson")
    assert found == pytest.approx(right, abs=1e-9)


@given(AREAS)
def test_a_rate_lies_in_its_range_and_rates_rise(areas):
    table = penetration.rates(*areas)
    assert ((table["low"] <= table["rate"] + 1e-12) & (table["rate"] <= table["high"] + 1e-12)).all()
    assert table["rate"].is_monotonic_increasing
    assert table["low"].min() >= 0
    assert table["high"].max() <= 1


@given(AREAS, st.floats(0, 5000))
def test_a_shrunken_rate_lies_between_the_rate_and_the_town(areas, pull):
    cards, residents = areas
    town, rate = cards.sum() / residents.sum(), cards / residents
    found = penetration.shrink(cards, residents, pull)
    low, high = np.minimum(rate, town) - 1e-9, np.maximum(rate, town) + 1e-9
    assert ((low <= found) & (found <= high)).all()
    assert (penetration.shrink(cards, residents, 0) == rate).all()
    assert penetration.shrink(cards, residents, float("inf")).to_numpy() == pytest.approx(town)


@given(AREAS)
def test_shrinkage_is_the_mean_of_a_beta_that_has_seen_the_town(areas):
    cards, residents = areas
    town = cards.sum() / residents.sum()
    if not 0 < town < 1:
        return
    right = stats.beta(cards + 40 * town, residents - cards + 40 * (1 - town)).mean()
    assert penetration.shrink(cards, residents, 40).to_numpy() == pytest.approx(right)


@given(AREAS)
def test_the_order_of_the_areas_changes_nothing(areas):
    cards, residents = areas
    mixed = residents.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(penetration.rates(cards, residents), penetration.rates(cards, mixed))
    pd.testing.assert_frame_equal(penetration.gaps(cards, residents), penetration.gaps(cards, mixed))


@given(AREAS)
def test_gaps_add_up_to_nothing(areas):
    cards, residents = areas
    if not cards.sum():
        return
    found = penetration.gaps(cards, residents)
    assert found["missing"].sum() == pytest.approx(0, abs=1e-6)
    assert ((found["index"] < 100 - 1e-6) <= (found["missing"] > 0)).all()
    assert np.average(found["index"], weights=residents) == pytest.approx(100)


@pytest.mark.parametrize("pull", [20, 60, 200])
def test_the_pull_is_found_where_it_was_planted(pull):
    rng = np.random.default_rng(8)
    residents = pd.Series(rng.integers(20, 300, 4000))
    chance = rng.beta(0.4 * pull, 0.6 * pull, len(residents))
    cards = pd.Series(rng.binomial(residents, chance))
    assert penetration.pull_of_town(cards, residents) == pytest.approx(pull, rel=0.12)


def test_a_town_of_luck_alone_is_drawn_together():
    residents = pd.Series(np.random.default_rng(2).integers(15, 60, 24))
    pulls = [
        penetration.pull_of_town(penetration.null_town(residents, 0.5, seed=seed), residents)
        for seed in range(200)
    ]
    # Half of such towns differ a little less than luck says, half a little more.
    assert 0.35 < np.isinf(pulls).mean() < 0.75
    assert np.median(pulls) > 150
    cards = penetration.null_town(residents, 0.5, seed=3)
    assert cards.equals(penetration.null_town(residents, 0.5, seed=3))
    assert not cards.equals(penetration.null_town(residents, 0.5, seed=4))


def test_shrunken_rates_are_nearer_to_the_truth_than_raw_ones():
    rng = np.random.default_rng(5)
    residents = pd.Series(rng.integers(15, 80, 24))
    raw = shrunk = 0.0
    for _ in range(100):
        chance = rng.beta(30, 30, 24)
        cards = pd.Series(rng.binomial(residents, chance))
        raw += ((cards / residents - chance) ** 2).sum()
        shrunk += ((penetration.shrink(cards, residents) - chance) ** 2).sum()
    assert shrunk < 0.8 * raw


def test_areas_of_one_person_or_alike_can_be_shrunk():
    one = pd.Series([1], index=["T01"])
    assert penetration.shrink(one, one * 2).to_dict() == {"T01": 0.5}
    same = pd.Series([0, 0, 0])
    assert penetration.shrink(same, same + 5).tolist() == [0, 0, 0]


# Counting ----------------------------------------------------------------------------------------------


def test_everybody_is_counted_once():
    library = Library(4, patrons=900)
    patrons, tracts = library.patrons, library.tracts
    found = penetration.counts(patrons, tracts)
    assert found["cards"].sum() == len(patrons)
    assert found["residents"].sum() == tracts["population"].sum()
    bands = [penetration.counts(patrons, tracts, ages=[age]) for age in AGE_BANDS]
    pd.testing.assert_frame_equal(sum(bands[1:], bands[0]), found)
    teens = patrons[patrons["age_band"] == "13-17"]
    expected = teens.groupby("tract_id").size().reindex(found.index, fill_value=0)
    assert (penetration.counts(patrons, tracts, ages=["13-17"])["cards"] == expected).all()


def test_fewer_cards_count_the_stricter_the_measure():
    patrons, tracts = load("patrons"), load("tracts")
    totals = [penetration.counts(patrons, tracts, measure=one)["cards"].sum() for one in penetration.MEASURES]
    since = AS_OF - pd.DateOffset(months=12)
    assert totals == [len(patrons), (patrons["expires"] >= AS_OF).sum(), (patrons["last_use"] > since).sum()]


@given(
    st.dictionaries(st.sampled_from(["Spanish", "Portuguese", "other"]), st.integers(0, 500)),
    st.integers(0, 9000),
    st.floats(0, 0.9),
)
def test_the_language_at_home_is_found_again(at_home, english, share):
    """From people by language at home to their notices, and back."""
    notices = {name: number * (1 - share) for name, number in at_home.items()}
    notices["English"] = english + sum(number * share for number in at_home.values())
    found = penetration.by_home_language(pd.Series(notices), share)
    assert found["English"] == pytest.approx(english, abs=1e-6)
    for name, number in at_home.items():
        assert found[name] == pytest.approx(number)
    assert found.sum() == pytest.approx(sum(notices.values()))


def test_the_margin_of_a_sum_grows_more_slowly_than_the_sum():
    assert penetration.margin_of_sum(pd.Series([3, 4])) == 5
    assert penetration.margin_of_sum(pd.Series([30] * 9)) == 90


def test_small_cells_are_hidden_from_both_sides():
    table = pd.DataFrame({"cards": [3, 20, 95, 50], "residents": [60, 60, 100, 100]}, index=list("abcd"))
    table["rate"] = table["cards"] / table["residents"]
    found = penetration.hide_small(table)
    assert found["rate"].isna().to_dict() == {"a": True, "b": False, "c": True, "d": False}
    assert penetration.hide_small(table, fewest=0)["rate"].notna().all()


# Bad input ---------------------------------------------------------------------------------------------

CARDS, PEOPLE = pd.Series([3, 4], index=["a", "b"]), pd.Series([10, 20], index=["a", "b"])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: penetration.wilson(5, 4), "5 out of 4 isn't a share"),
        (lambda: penetration.wilson(1, 0), "isn't a share"),
        (lambda: penetration.wilson(0.5, 2), "isn't a share"),
        (lambda: penetration.wilson(1, 4, confidence=95), "write 0.95"),
        (lambda: penetration.rates(CARDS, PEOPLE.drop("b")), "same labels"),
        (lambda: penetration.rates(CARDS, pd.concat([PEOPLE, PEOPLE])), "same labels"),
        (lambda: penetration.rates(CARDS[:0], PEOPLE[:0]), "same labels"),
        (lambda: penetration.rates(CARDS, PEOPLE * 0), "Nobody lives in a"),
        (lambda: penetration.rates(CARDS * -1, PEOPLE), "The number of cards in a"),
        (lambda: penetration.shrink(CARDS, PEOPLE.where(PEOPLE < 15)), "The number of residents in b"),
        (lambda: penetration.shrink(CARDS, PEOPLE, -1), "0 or more, and not -1"),
        (lambda: penetration.shrink(CARDS, PEOPLE, float("nan")), "0 or more"),
        (
            lambda: penetration.counts(load("patrons"), load("tracts"), measure="active"),
            "'active' isn't a way",
        ),
        (lambda: penetration.counts(load("patrons"), load("tracts"), ages=["teens"]), "Unknown ages (teens)"),
        (lambda: penetration.counts(load("patrons"), load("tracts"), ages=[]), "Unknown ages (none)"),
        (lambda: penetration.by_home_language(CARDS, 0.3), "There is no English"),
        (lambda: penetration.by_home_language(pd.Series({"English": 5}), 30), "divided by 100"),
    ],
)
def test_bad_input_gets_a_sentence(call, said):
    with pytest.raises(PenetrationError) as caught:
        call()
    assert said in str(caught.value)


def test_more_cards_than_residents_make_a_rate_without_a_range():
    table = penetration.rates(pd.Series({"a": 12}), pd.Series({"a": 10}))
    assert table.loc["a", "rate"] == 1.2
    assert table[["low", "high"]].isna().all(axis=None)
