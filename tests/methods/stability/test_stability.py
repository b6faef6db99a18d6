"""Features, groups, tightness, stability and the null town: by hand, for any table, and beside independent ways."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.cluster.vq import kmeans2

from course_utils import load, stability
from course_utils.tables import AS_OF

DAY = pd.Timestamp("2025-06-30")
rng = np.random.default_rng(4)
TWO_CROWDS = pd.DataFrame(
    {"a": np.concatenate([rng.normal(0, 1, 150), rng.normal(9, 1, 100)]), "b": rng.normal(0, 1, 250)},
    index=range(1000, 1250),
)
ONE_SLOPE = pd.DataFrame({"a": rng.exponential(1, 400) + 3, "b": rng.normal(0, 2, 400)})


def checkouts(*rows) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["patron_id", "date", "transaction_type", "usage_class", "audience"])
    return table.assign(date=pd.to_datetime(table["date"]))


# ---- features ------------------------------------------------------------------------------------------------


def test_features_counted_by_hand():
    table = checkouts(
        (1, "2025-06-30", "checkout", "digital", "adult"),
        (1, "2025-01-01", "checkout", "physical", "child"),
        (1, "2024-07-01", "checkout", "physical", "child"),
        (1, "2024-06-30", "checkout", "digital", "adult"),  # twelve months ago to the day
        (1, "2025-07-01", "checkout", "digital", "adult"),  # after the day
        (1, "2025-03-01", "renewal", "physical", "child"),
        (1, "2025-03-02", "automatic renewal", "physical", "child"),
        (2, "2025-03-02", "checkout", "digital", "adult"),
    )
    found = stability.features(table, as_of=DAY, least=2)
    assert found.index.tolist() == [1]
    assert found.loc[1].to_dict() == pytest.approx({"loans": 3, "digital": 1 / 3, "children": 2 / 3})
    assert stability.features(table, as_of=DAY, least=1).index.tolist() == [1, 2]
    assert stability.features(table, as_of=DAY, least=4).empty


def test_features_as_the_lesson_counts_them():
    rows = load("checkouts")
    since = AS_OF - pd.DateOffset(months=12)
    loans = rows[(rows["transaction_type"] == "checkout") & (rows["date"] > since)]
    by_hand = loans.groupby("patron_id").agg(
        loans=("date", "size"), digital=("usage_class", lambda one: (one == "digital").mean())
    )
    found = stability.features(rows, as_of=AS_OF)
    assert (found["loans"] >= 10).all()
    right = by_hand[by_hand["loans"] >= 10]
    pd.testing.assert_frame_equal(found[["loans", "digital"]], right, check_dtype=False)


def test_the_amount_is_in_doublings():
    table = pd.DataFrame({"loans": [16, 32], "digital": [0.5, 0], "children": [0, 1.0]})
    assert stability.with_amount(table)["amount"].tolist() == [4, 5]


def test_one_scale():
    found = stability.scaled(TWO_CROWDS)
    assert found.mean().to_numpy() == pytest.approx([0, 0], abs=1e-12)
    assert found.std().to_numpy() == pytest.approx([1, 1])
    pd.testing.assert_frame_equal(found, TWO_CROWDS.apply(stats.zscore, ddof=1))


# ---- groups --------------------------------------------------------------------------------------------------


def test_groups_are_those_of_another_k_means():
    found = stability.groups(TWO_CROWDS[["a"]], 2)
    _, other = kmeans2(TWO_CROWDS["a"].to_numpy(), np.array([0.0, 9.0]), minit="matrix")
    assert stability.agreement(found, pd.Series(other, TWO_CROWDS.index)) == pytest.approx(1)
    assert found.value_counts().to_dict() == {0: 150, 1: 100}
    assert (found.index == TWO_CROWDS.index).all()


def test_the_largest_group_comes_first():
    sizes = stability.groups(ONE_SLOPE, 4).value_counts().sort_index()
    assert sizes.index.tolist() == [0, 1, 2, 3]
    assert sizes.is_monotonic_decreasing


def test_without_one_scale_the_column_with_large_numbers_decides():
    table = TWO_CROWDS.assign(b=TWO_CROWDS["b"] * 1000)
    by_b = stability.groups(table[["b"]], 2)
    assert stability.agreement(stability.groups(table, 2, scale=False), by_b) > 0.99
    assert stability.agreement(stability.groups(table, 2), by_b) < 0.1


def test_tightness_is_the_silhouette_by_its_definition():
    table = ONE_SLOPE.iloc[:60]
    group = stability.groups(table, 3).to_numpy()
    numbers = stability.scaled(table).to_numpy()
    distance = np.sqrt(((numbers[:, None] - numbers[None]) ** 2).sum(axis=2))
    silhouettes = []
    for one in range(60):
        own = distance[one, (group == group[one]) & (np.arange(60) != one)].mean()
        next_one = min(distance[one, group == other].mean() for other in set(group) - {group[one]})
        silhouettes.append((next_one - own) / max(own, next_one))
    assert stability.tightness(table, 3) == pytest.approx(np.mean(silhouettes))


def test_tightness_of_a_sample_is_near_that_of_all():
    assert stability.tightness(TWO_CROWDS, 2, most=120) == pytest.approx(
        stability.tightness(TWO_CROWDS, 2), abs=0.05
    )


def test_agreement_does_not_care_what_groups_are_called_or_in_which_order_people_are():
    one = pd.Series([0, 0, 1, 1, 2], index=list("abcde"))
    assert stability.agreement(one, one.map({0: "x", 1: "y", 2: "z"}).iloc[::-1]) == 1
    assert stability.agreement(one, pd.Series([0, 1, 0, 1, 0], index=list("abcde"))) < 0


def test_agreement_by_counting_pairs():
    one, other = (pd.Series(rng.integers(0, 3, 40)) for _ in range(2))
    pairs = [(i, j) for i in range(40) for j in range(i)]
    together = np.array([[one[i] == one[j], other[i] == other[j]] for i, j in pairs])
    both, first, second = (together.all(axis=1).sum(), *together.sum(axis=0))
    chance = first * second / len(pairs)
    right = (both - chance) / ((first + second) / 2 - chance)
    assert stability.agreement(one, other) == pytest.approx(right)


def test_halves_agree_about_crowds_and_not_about_noise():
    assert stability.halves(TWO_CROWDS[["a"]], 2).min() > 0.95
    round_cloud = pd.DataFrame(np.random.default_rng(1).normal(size=(300, 2)), columns=list("ab"))
    found = stability.halves(round_cloud, 3, times=6)
    assert len(found) == 6
    assert found.mean() < 0.9
    assert found.equals(stability.halves(round_cloud, 3, times=6))


def test_what_is_left_inside_falls_and_begins_with_all_of_it():
    line = stability.left_over(TWO_CROWDS)
    assert line.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert line[1] == 1
    assert line.is_monotonic_decreasing
    group = stability.groups(TWO_CROWDS, 2)
    numbers = stability.scaled(TWO_CROWDS)
    inside = ((numbers - numbers.groupby(group).transform("mean")) ** 2).sum().sum()
    assert line[2] == pytest.approx(inside / (numbers**2).sum().sum())


# ---- the null town -------------------------------------------------------------------------------------------


def modes(values) -> int:
    """Humps of a histogram that is smoothed a little, without the kit."""
    density = stats.gaussian_kde(values, 0.3)(np.linspace(*np.quantile(values, [0.01, 0.99]), 300))
    rises = np.diff(density) > 0
    return int((rises[:-1] & ~rises[1:]).sum())


def test_a_null_town_has_one_hump_where_ours_has_two():
    (town,) = stability.null_towns(TWO_CROWDS, 1)
    assert modes(TWO_CROWDS["a"]) == 2
    assert modes(town["a"]) == 1
    assert len(town) == len(TWO_CROWDS)
    assert town.columns.tolist() == ["a", "b"]


def test_a_null_town_keeps_means_spreads_and_correlations():
    numbers = np.random.default_rng(8).multivariate_normal([2, -1], [[4, 1.5], [1.5, 1]], 3000)
    table = pd.DataFrame(numbers, columns=list("ab"))
    town = pd.concat(stability.null_towns(table, 3))
    assert town.mean().to_numpy() == pytest.approx(table.mean().to_numpy(), abs=0.1)
    assert town.std().to_numpy() == pytest.approx(table.std().to_numpy(), rel=0.05)
    assert town.corr().loc["a", "b"] == pytest.approx(table.corr().loc["a", "b"], abs=0.05)


def test_a_null_town_keeps_a_slope():
    (town,) = stability.null_towns(ONE_SLOPE, 1)
    assert 0.8 < stats.skew(town["a"]) < stats.skew(ONE_SLOPE["a"])


def test_null_towns_are_the_same_each_time_and_differ_from_each_other():
    one, other = stability.null_towns(ONE_SLOPE, 2, seed=5)
    again, _ = stability.null_towns(ONE_SLOPE, 2, seed=5)
    pd.testing.assert_frame_equal(one, again)
    assert not one.equals(other)
    assert not one.equals(stability.null_towns(ONE_SLOPE, 1, seed=6)[0])


def test_two_crowds_stand_out_and_a_slope_does_not():
    crowds = stability.beside_null(TWO_CROWDS, 2, stability.null_towns(TWO_CROWDS))
    assert crowds.index.tolist() == ["a", "b", "all"]
    assert crowds.at["a", "as_tight"] == pytest.approx(1 / 20)
    assert crowds.at["a", "here"] > crowds.at["a", "null_high"] + 0.1
    slope = stability.beside_null(ONE_SLOPE[["a"]], 2, stability.null_towns(ONE_SLOPE))
    assert slope.index.tolist() == ["a"]
    assert slope.at["a", "as_tight"] > 1 / 20


def test_an_alarm_is_as_rare_as_it_should_be_where_there_is_one_hump():
    """The test is a little conservative: a hump is smoothed no further than to one."""
    alarms = 0
    for seed in range(60):
        table = pd.DataFrame({"a": np.random.default_rng(seed).gamma(3, 1, 120)})
        towns = stability.null_towns(table, 19, seed=seed)
        null = [stability.tightness(town, 2) for town in towns]
        alarms += stability.share_as_tight(stability.tightness(table, 2), null) <= 0.05
    assert alarms <= stats.binom.ppf(0.999, 60, 0.05)


def test_share_as_tight_counts_ours_in():
    assert stability.share_as_tight(0.9, [0.1] * 19) == 1 / 20
    assert stability.share_as_tight(0.5, [0.5, 0.4, 0.6, 0.3]) == pytest.approx(3 / 5)


def test_a_share_with_its_range():
    found = stability.share_with_range(pd.Series([True] * 9 + [False] * 41))
    z, n, p = 1.959964, 50, 0.18
    middle, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert found["people"] == 50
    assert found["share"] == pytest.approx(p)
    assert found[["low", "high"]].to_numpy() == pytest.approx(
        [(middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)], abs=1e-6
    )


@given(
    st.lists(st.tuples(st.integers(10, 500), st.floats(0, 1), st.floats(0, 1)), min_size=20, max_size=60),
    st.integers(2, 4),
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_readers_are_like(rows, k):
    table = stability.with_amount(pd.DataFrame(rows, columns=["loans", "digital", "children"]))
    assume((table.std() > 1e-6).all() and len(table.drop_duplicates()) >= 8)
    group = stability.groups(table, k)
    assert set(group) == set(range(k))
    assert -1 <= stability.tightness(table, k) <= 1
    (town,) = stability.null_towns(table, 1)
    assert town.shape == table.shape
    assert np.isfinite(town.to_numpy()).all()
    assert (stability.halves(table, 2, times=1) <= 1).all()


# ---- what cannot be --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda: stability.features(checkouts(), as_of=DAY, least=0), "least is 0"),
        (lambda: stability.scaled(pd.DataFrame({"a": [1, 1]})), "everybody has the same a"),
        (lambda: stability.scaled(pd.DataFrame({"a": [1, np.nan]})), "a number is missing"),
        (lambda: stability.groups(TWO_CROWDS, 0), "k is 0"),
        (lambda: stability.k_means(pd.DataFrame({"a": [1, 1, 2]}), 3), "k is 3; it must be from 1 to 2"),
        (lambda: stability.null_towns(TWO_CROWDS.iloc[:19]), "19 people are too few"),
        (lambda: stability.null_towns(TWO_CROWDS.assign(b=1)), "everybody has the same b"),
        (lambda: stability.agreement(pd.Series([1, 2]), pd.Series([1, 2], index=[5, 6])), "the same people"),
        (lambda: stability.share_with_range(pd.Series([], dtype=bool)), "there is nobody"),
    ],
)
def test_what_cannot_be_is_said(what, said):
    with pytest.raises(ValueError, match=said):
        what()
