"""Teams before and after, touches, coming back, twelve months ahead: by hand, for any numbers, and beside other people's code."""

import dataclasses
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from course_utils import relationships
from course_utils.grading import proving
from course_utils.library import Library, calibration, embedded
from course_utils.methods.relationships import Plan
from course_utils.tables import AS_OF
from course_utils.tables.embedded import TOUCHES

DAY = pd.Timedelta(days=1)
DID = proving.declared("09_do_relationships_pay")["did"].right(None)  # which the lesson does in the open
PERIODS = (("2022-09-01", "2023-06-30"), ("2024-09-01", "2025-06-30"))


@pytest.fixture(scope="module")
def town():
    return Library(seed=11)


def asked(*rows, **columns):
    """Consultations: for each, person and day of 2025, such as (1, "03-05")."""
    table = pd.DataFrame(rows, columns=["person_id", "date"])
    table["date"] = pd.to_datetime("2025-" + table["date"])
    return table.assign(**{"time": "10:00", "asked_by": "phone", "team_id": 1, **columns})


def people(left):
    """``left``: by person, the day of 2025 on which they left, or None."""
    days = [pd.Timestamp(f"2025-{day}") if day else pd.NaT for day in left.values()]
    return pd.DataFrame({"person_id": list(left), "left": pd.to_datetime(days)})


# Contacts ------------------------------------------------------------------------------------------------------


def test_in_passing_and_scheduled_are_relational():
    rows = pd.DataFrame({"asked_by": ["in passing", "scheduled", "e-mail", "phone"]})
    rows = asked(*((person, "03-05") for person in range(1, 5)), asked_by=rows["asked_by"])
    found = relationships.returns(rows, people(dict.fromkeys(range(1, 5))), as_of=AS_OF)
    assert found["relational"].tolist() == [True, True, False, False]


def test_coming_back_counted_by_hand():
    rows = asked((1, "01-10"), (2, "01-10"), (1, "04-10"), (2, "04-11"), (3, "06-10"), (4, "01-10"))
    back = relationships.came_back(rows, people({1: None, 2: None, 3: None, 4: "02-01"}), as_of=AS_OF)
    # 1 is back on the 90th day, 2 a day later; who asked in June was not watched long enough, and who left neither.
    assert back.tolist()[:2] == [True, False]
    assert back.isna().tolist() == [False, False, False, False, True, True]
    with pytest.raises(ValueError, match="must be above 0"):
        relationships.came_back(rows, people({1: None}), as_of=AS_OF, days=0)


def test_coming_back_does_not_depend_on_the_order_of_rows(town):
    rows, who = town.consultations, town.team_people
    mixed = rows.sample(frac=1, random_state=3)
    back = relationships.came_back(mixed, who, as_of=AS_OF)
    pd.testing.assert_series_equal(back.sort_index(), relationships.came_back(rows, who, as_of=AS_OF))


# Before and after ----------------------------------------------------------------------------------------------


def test_consultations_a_month_counted_by_hand():
    rows = asked((1, "01-01"), (1, "02-28"), (1, "03-01"), (2, "02-01"), team_id=[7, 7, 7, 8])
    found = relationships.per_month(rows, [7, 8, 9], "2025-01-01", "2025-02-28")
    assert found.to_dict() == {7: 1.0, 8: 0.5, 9: 0.0}


def test_hours_a_month_counted_by_hand():
    rows = asked((1, "03-05"), (2, "04-10"), (2, "06-30"), minutes=30)
    touched = asked((1, "03-06"), minutes=60)
    found = relationships.hours_per_month(rows, touched, [1, 2], "2025-03-01", "2025-04-30")
    assert found.to_dict() == {1: 1.0, 2: 0.0}


def test_quarters_counted_by_hand():
    rows = pd.concat([asked((1, "03-05"), (2, "05-31"), team_id=1), asked((3, "03-05"), team_id=3)])
    found = relationships.by_quarter(rows, pd.Series({1: True, 2: False, 3: False}))
    assert found.index.tolist() == [pd.Timestamp("2025-03-01")]
    assert found.loc["2025-03-01"].to_dict() == pytest.approx({True: 2 / 3, False: 1 / 6})


@pytest.mark.parametrize(
    "ends", [("2025-01-02", "2025-02-28"), ("2025-01-01", "2025-02-27"), ("2025-03-01", "2025-02-28")]
)
def test_only_whole_months_are_counted(ends):
    with pytest.raises(ValueError, match="not a number of whole months"):
        relationships.per_month(asked((1, "01-01")), [1], *ends)


CHANGE = pd.Series([5.0, 7.0, 9.0, 1.0, 2.0, 3.0])
EMBEDDED = pd.Series([True, True, True, False, False, False])


def difference(change, embedded):
    """How much more the embedded teams changed, its standard error, and the 95% interval."""
    times = stats.t.ppf(0.975, min(embedded.sum(), (~embedded).sum()) - 1)
    found = relationships.difference(change, embedded, times=times)
    one = relationships.difference(change, embedded, times=1)
    return pd.concat([found, pd.Series({"error": one["estimate"] - one["low"]})])


def test_a_difference_and_its_range_by_hand():
    error = (4 / 3 + 1 / 3) ** 0.5
    found = relationships.difference(CHANGE, EMBEDDED, times=2)
    assert found.to_dict() == pytest.approx({"estimate": 5, "low": 5 - 2 * error, "high": 5 + 2 * error})
    assert DID(CHANGE * 2, CHANGE * 3, EMBEDDED) == pytest.approx(5)


def test_teams_without_a_change_are_left_out_of_a_difference():
    without = CHANGE.drop(CHANGE.index[0])
    expected = relationships.difference(without, EMBEDDED[without.index])
    pd.testing.assert_series_equal(relationships.difference(without, EMBEDDED), expected)


@pytest.mark.parametrize("left", [0, 1])
def test_a_group_of_one_team_has_no_range(left):
    ours = CHANGE.index[EMBEDDED]
    with pytest.raises(ValueError, match="at least two teams"):
        relationships.difference(CHANGE.drop(ours[left:]), EMBEDDED)


def test_the_number_of_standard_errors_of_the_lesson_is_students_t():
    assert stats.t.ppf(0.975, 7) == pytest.approx(2.36, abs=0.005)
    assert stats.t.ppf(0.975, 5) == pytest.approx(2.57, abs=0.005)


numbers = st.floats(-50, 50, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def teams(draw):
    """Changes of 4 to 24 teams, and which are embedded, two or more of each."""
    count = draw(st.integers(4, 24))
    change = draw(st.lists(numbers, min_size=count, max_size=count))
    ours = draw(st.integers(2, count - 2))
    order = draw(st.permutations(range(count)))
    labels = [f"team {k}" for k in range(count)]
    return pd.Series(change, labels), pd.Series([order[k] < ours for k in range(count)], labels)


@given(teams(), numbers, st.floats(0.1, 10), st.randoms())
def test_what_holds_for_any_teams(made, shift, factor, random):
    change, embedded = made
    found = difference(change, embedded)
    assert found["low"] <= found["estimate"] <= found["high"]

    # A shift of all teams by the same amount leaves everything as it is; another unit stretches it.
    same = difference(change + shift, embedded)
    pd.testing.assert_series_equal(same, found, atol=1e-9)
    pd.testing.assert_series_equal(difference(change * factor, embedded), found * factor, atol=1e-9)

    # So does a gap that was always there.
    before = pd.Series(range(len(change)), change.index, dtype=float)
    assert DID(before, before + change, embedded) == pytest.approx(found["estimate"], abs=1e-9)

    # Turned round, it is the same with the other sign; and the order of teams does not matter.
    other = difference(change, ~embedded)
    assert other["estimate"] == pytest.approx(-found["estimate"], abs=1e-9)
    assert other["error"] == pytest.approx(found["error"], abs=1e-9)
    order = random.sample(list(change.index), len(change))
    pd.testing.assert_series_equal(difference(change[order], embedded), found, atol=1e-9)


@given(teams())
def test_the_same_as_a_regression_on_a_dummy_with_hc2_errors(made):
    change, embedded = made
    fit = sm.OLS(change, sm.add_constant(embedded.astype(float))).fit(cov_type="HC2")
    found = difference(change, embedded)
    assert found["estimate"] == pytest.approx(fit.params.iloc[1], abs=1e-8)
    assert found["error"] == pytest.approx(fit.bse.iloc[1], abs=1e-8)


def panel(library):
    """One row per team and month of the two periods: consultations, embedded, after."""
    rows = library.consultations
    month = rows["date"].dt.to_period("M")
    counts = rows.groupby(["team_id", month]).size().unstack(fill_value=0)
    parts = [
        counts.loc[:, first[:7] : last[:7]].stack().rename("asked").reset_index() for first, last in PERIODS
    ]
    embedded = library.teams.set_index("team_id")["embedded_since"].notna()
    both = pd.concat([part.assign(after=k) for k, part in enumerate(parts)])
    return both.assign(embedded=both["team_id"].map(embedded).astype(float)), embedded


def one_number_per_team(library):
    _, embedded = panel(library)
    before, after = (
        relationships.per_month(library.consultations, embedded.index, *ends) for ends in PERIODS
    )
    return difference(after - before, embedded)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_number_per_team_says_what_a_regression_clustered_by_team_says(seed):
    """The estimate to the digit; the standard error up to the correction for few clusters, a tenth of it."""
    library = Library(seed=seed)
    rows, _ = panel(library)
    effects = [
        pd.get_dummies(rows[name], drop_first=name == "date").to_numpy(float) for name in ("team_id", "date")
    ]
    design = np.column_stack([rows["embedded"] * rows["after"], *effects])
    fit = sm.OLS(rows["asked"].to_numpy(float), design).fit(
        cov_type="cluster", cov_kwds={"groups": rows["team_id"].to_numpy()}
    )
    found = one_number_per_team(library)
    assert found["estimate"] == pytest.approx(fit.params[0], abs=1e-9)
    assert found["error"] == pytest.approx(fit.bse[0], rel=0.1)


def test_the_range_holds_the_truth_and_zero_is_not_in_it():
    """In thirty libraries. The truth: what embedding adds to each team's own level, in the months that are compared."""
    held, above = 0, 0
    for seed in range(100, 130):
        library = Library(seed=seed)
        truth = library.truth.embedding
        trend = library.truth.relationships.set_index("quantity").loc["trend", "value"]
        extra = truth["baseline"] * (truth["volume_factor"] - 1) * np.exp(trend * 2.4)
        found = one_number_per_team(library)
        held += found["low"] <= extra[truth["start"].notna()].mean() <= found["high"]
        above += found["low"] > 0
    assert held >= 28
    assert above >= 28


def test_a_pre_trend_that_is_not_there_is_seldom_found():
    found = 0
    for seed in range(100, 130):
        library = Library(seed=seed)
        embedded = library.teams.set_index("team_id")["embedded_since"].notna()
        early, late = (
            relationships.per_month(library.consultations, embedded.index, *ends)
            for ends in (("2022-09-01", "2023-01-31"), ("2023-02-01", "2023-06-30"))
        )
        drift = difference(late - early, embedded)
        found += not drift["low"] <= 0 <= drift["high"]
    assert found <= 4


def test_each_embedded_team_gets_the_nearest_one_that_is_free():
    before = pd.Series({1: 5.0, 2: 4.0, 3: 4.8, 4: 4.1, 5: 1.0})
    embedded = pd.Series({1: True, 2: True, 3: False, 4: False, 5: False})
    assert relationships.matched(before, embedded).to_dict() == {1: 3, 2: 4}
    with pytest.raises(ValueError, match="not enough teams"):
        relationships.matched(before, ~embedded)


@given(teams())
def test_nobody_serves_twice(made):
    before, embedded = made
    if embedded.sum() > (~embedded).sum():
        embedded = ~embedded
    found = relationships.matched(before, embedded)
    assert found.is_unique
    assert set(found.index) == set(before.index[embedded])
    assert not embedded[found].any()


def test_a_difference_at_the_same_level_by_hand():
    values = pd.Series([5, 4, 3, 4, 2, 3, 1])
    embedded = pd.Series([True, False, True, True, False, False, False])
    level = pd.Series([1, 1, 2, 2, 2, 2, 3])
    # Level 1: 5 less 4; level 2: 3.5 less 2.5; level 3 has no embedded one.
    assert relationships.adjusted_difference(values, embedded, level) == pytest.approx(1)
    with pytest.raises(ValueError, match="no level"):
        relationships.adjusted_difference(values, embedded, pd.Series(range(7)))
    with pytest.raises(ValueError, match="no level"):
        relationships.adjusted_difference(values, embedded & False, level)


def test_the_adjusted_rating_is_that_of_a_weighted_regression_within_levels(town):
    rows = town.consultations
    since = rows["team_id"].map(town.teams.set_index("team_id")["embedded_since"])
    embedded = rows["date"] >= since
    found = relationships.adjusted_difference(rows["rating"], embedded, rows["read_level"])
    rated = rows["rating"].notna()
    means = (
        rows[rated]
        .astype({"rating": float})
        .groupby(["read_level", embedded[rated]])["rating"]
        .mean()
        .unstack()
    )
    weights = rows["read_level"][rated & embedded].value_counts().sort_index()
    assert found == pytest.approx(np.average(means[True] - means[False], weights=weights))


# Touches ------------------------------------------------------------------------------------------------------


def test_touches_that_were_followed_counted_by_hand():
    questions = asked((1, "03-10"), (2, "03-10"), (2, "04-01"))
    touches = asked((1, "03-10"), (1, "03-04"), (1, "03-03"), (1, "03-11"), (2, "03-31"), (3, "03-10"))
    # The day itself and the six after it: yes, yes, no, no (too late), yes, no (another person).
    assert relationships.followed(touches, questions) == pytest.approx(3 / 6)
    assert relationships.followed(touches, questions, days=1) == pytest.approx(1 / 6)
    assert np.isnan(relationships.followed(touches.head(0), questions))


def test_followed_does_not_depend_on_the_order_of_rows(town):
    touches = town.touches[town.touches["kind"] == "incidental"]
    found = relationships.followed(touches, town.consultations)
    mixed = touches.sample(frac=1, random_state=1), town.consultations.sample(frac=1, random_state=2)
    assert relationships.followed(*mixed) == found


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_a_shuffle_keeps_people_months_and_days(seed):
    town = Library(seed=11)
    touches = town.touches[town.touches["kind"] == "e-mail"].head(300)
    found = relationships.shuffled(touches, np.random.default_rng(seed))
    assert found["person_id"].equals(touches["person_id"])
    assert sorted(found["date"]) == sorted(touches["date"])
    assert (found["date"].dt.month == touches["date"].dt.month).all()


def test_greetings_are_followed_more_often_than_by_chance_and_e_mails_are_not(town):
    found = {
        kind: relationships.against_shuffles(town.touches[town.touches["kind"] == kind], town.consultations)
        for kind in ("incidental", "e-mail")
    }
    assert found["incidental"]["seen"] > found["incidental"]["highest"]
    assert 1.2 < found["incidental"]["ratio"] < 1.6
    assert 0.8 < found["e-mail"]["ratio"] < 1.2


def test_the_same_seed_gives_the_same_shuffles(town):
    touches = town.touches[town.touches["kind"] == "e-mail"]
    one, same, other = (
        relationships.against_shuffles(touches, town.consultations, times=3, seed=seed) for seed in (1, 1, 2)
    )
    assert one.equals(same)
    assert not one.equals(other)


# Coming back ----------------------------------------------------------------------------------------------------


def test_returns_counted_by_hand():
    rows = asked((1, "01-10"), (1, "01-20"), (1, "02-20"), (2, "03-01"), (3, "08-01"))
    found = relationships.returns(rows, people({1: None, 2: "04-01", 3: None}), as_of=AS_OF)
    assert found["days"].to_dict() == {1: 10, 2: 31, 3: 30}
    assert found["back"].to_dict() == {1: True, 2: False, 3: False}
    assert not found["relational"].any()


def still_away(days, back, limit):
    """What the curve says of a day that is not before its first."""
    return relationships.survival(days, back).loc[:limit].iloc[-1]


def test_a_survival_curve_by_hand():
    days, back = pd.Series([5, 10, 10, 20, 30, 40]), pd.Series([True, True, False, True, False, True])
    found = [still_away(days, back, limit) for limit in (5, 10, 20, 39, 40)]
    assert found == pytest.approx([5 / 6, 4 / 6, 4 / 9, 4 / 9, 0])


waits = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=40)


@given(waits, st.integers(0, 60), st.randoms())
def test_what_holds_for_any_survival_curve(rows, limit, random):
    days, back = (pd.Series(part) for part in zip(*rows, strict=True))
    limit = max(limit, days.min())
    share = still_away(days, back, limit)
    assert -1e-12 <= still_away(days, back, limit + 1) - 1e-12 <= share <= 1 + 1e-12

    random.shuffle(rows)
    other = (pd.Series(part) for part in zip(*rows, strict=True))
    assert still_away(*other, limit) == pytest.approx(share)

    # With nobody censored it is the plain share, and somebody who is watched longer only raises it.
    assert still_away(days, back | True, limit) == pytest.approx((days > limit).mean())
    longer = pd.concat([days, pd.Series([99])]), pd.concat([back, pd.Series([False])])
    assert still_away(*longer, limit) >= share - 1e-12


@given(waits.filter(lambda rows: any(back for _, back in rows)))
def test_the_same_curve_as_that_of_statsmodels(rows):
    days, back = (np.array(part) for part in zip(*rows, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        theirs = SurvfuncRight(days.astype(float), back.astype(int))
    for day, share in zip(theirs.surv_times, theirs.surv_prob, strict=True):
        assert still_away(pd.Series(days), pd.Series(back), int(day)) == pytest.approx(share)


# Twelve months ahead --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ahead(town):
    """The months of a town, and a function that follows a plan in them."""
    rates = relationships.team_rates(town.teams, town.consultations, as_of=AS_OF)
    months = relationships.twelve_months(rates, as_of=AS_OF, runs=200)
    facts = {
        "desk": relationships.desk_facts(town.reference_questions, town.gate_counts),
        "talk": relationships.talk_facts(town.consultations),
    }
    return months, lambda **plan: relationships.follow(months, Plan(**plan), **facts)


def everybody(months):
    return tuple(months.teams.index)


def test_the_rates_are_those_of_the_model_that_made_the_data():
    design = calibration.settings()["embedded"]
    truth = Library.port_ellery().truth
    told = truth.relationships.set_index("quantity")["value"]
    factors = truth.touch_effects.set_index("kind")["factor"]
    assert {kind: round(factors[kind], 2) for kind in TOUCHES} == relationships.TOUCH_FACTOR
    assert (truth.touch_effects["days"] == 7).all()
    assert round(told["trend"], 4) == relationships.GROWTH
    assert tuple(design["season"]) == relationships.SEASON
    assert (embedded.GREETED, embedded.BOND, embedded.CHATTY) == (
        relationships.GREETED,
        relationships.BOND,
        relationships.CHATTY,
    )
    assert (embedded.SWING, embedded.SWING_LASTS) == (relationships.SWING, relationships.SWING_LASTS)
    assert pytest.approx((embedded.NEW, embedded.NEW + told["new_points"]), abs=0.001) == relationships.NEW
    assert pytest.approx((embedded.HARD, embedded.HARD + told["read_points"]), abs=0.01) == relationships.HARD


def test_without_a_plan_the_model_looks_like_the_year_before(ahead, town):
    """What the teams are like, as the log has it, and as the model has it a year later."""
    _, follow = ahead
    without = follow().measures["without"]
    rows = town.consultations
    late = rows["date"] > AS_OF - pd.DateOffset(months=12)
    back = relationships.came_back(rows, town.team_people, as_of=AS_OF)[late].mean()
    assert without["questions of the teams answered a month"] == pytest.approx(
        late.sum() / 12 * np.exp(0.1), rel=0.05
    )
    assert without["back within 90 days"] == pytest.approx(back, abs=0.05)
    relational = rows["asked_by"].isin(relationships.RELATIONAL)[late].mean()
    assert without["asked in passing or scheduled"] == pytest.approx(relational, abs=0.06)
    assert without["READ 4 and above"] == pytest.approx((rows["read_level"] >= 4)[late].mean(), abs=0.06)


def test_no_plan_changes_nothing(ahead):
    _, follow = ahead
    found = follow()
    assert found.measures["with_plan"].equals(found.measures["without"])
    assert found.by_month["with_plan"].equals(found.by_month["without"])


@pytest.mark.parametrize("kind", ["e-mail", "meeting"])
def test_what_has_no_effect_changes_nothing_but_the_hours(ahead, kind):
    months, follow = ahead
    found = follow(touching=8, answering=2, teams=everybody(months), kind=kind).measures
    assert found.loc["hours left over, a week", "with_plan"] == 2
    rest = found.drop("hours left over, a week")
    assert rest["with_plan"].equals(rest["without"])


def test_greetings_bring_questions_and_answers_take_hours(ahead):
    months, follow = ahead
    teams = everybody(months)
    some, more = (follow(touching=hours, answering=10 - hours, teams=teams).measures for hours in (2, 4))
    name = "questions of the teams answered a month"
    assert some.loc[name, "without"] < some.loc[name, "with_plan"] < more.loc[name, "with_plan"]
    nobody_answers = follow(touching=4, teams=teams).measures
    assert nobody_answers.loc[name, "with_plan"] == nobody_answers.loc[name, "without"]
    assert nobody_answers.loc["questions without an answer, a month", "with_plan"] > 10
    more_relational = more.loc["asked in passing or scheduled"]
    assert more_relational["with_plan"] > more_relational["without"]


def test_the_two_scoreboards_disagree(ahead):
    months, follow = ahead
    desk, walk = (
        follow(at_desk=10).measures,
        follow(touching=4, answering=6, teams=everybody(months)).measures,
    )
    assert desk.loc["minutes for each", "with_plan"] < walk.loc["minutes for each", "with_plan"]
    assert (
        desk.loc["resolved at first contact", "with_plan"]
        > walk.loc["resolved at first contact", "with_plan"]
    )
    for name in (
        "questions of the teams answered a month",
        "back within 90 days",
        "kinds never asked before, a month",
    ):
        assert desk.loc[name, "with_plan"] < walk.loc[name, "with_plan"]


hours = st.integers(0, 20).map(lambda half: half / 2)


@given(hours, hours, st.sets(st.integers(1, 24)), st.sampled_from(list(relationships.KINDS)))
@settings(max_examples=30, deadline=None)
def test_what_holds_for_any_plan(ahead, touching, answering, teams, kind):
    _, follow = ahead
    answering = min(answering, 10 - touching)
    rest = 10 - touching - answering
    found = follow(
        touching=touching, answering=answering, at_desk=rest, teams=tuple(teams), kind=kind
    ).measures
    assert (found["low"] <= found["high"]).all()
    assert (found["gain_low"] <= found["gain_high"]).all()
    counts = found.loc[["questions answered a month", "questions of the teams answered a month"]]
    assert (counts["with_plan"] >= counts["without"] - 1e-9).all()
    shares = [
        "resolved at first contact",
        "asked in passing or scheduled",
        "back within 90 days",
        "READ 4 and above",
    ]
    assert found.loc[shares, ["without", "with_plan"]].stack().between(0, 1).all()
    assert -1e-9 <= found.loc["hours left over, a week", "with_plan"] <= answering + 1e-9
    assert found.loc["questions without an answer, a month", "with_plan"] >= 0
    # Answered and lost together are what came: the hours for answers decide only which is which.
    unbounded = follow(touching=touching, answering=10 - touching, teams=tuple(teams), kind=kind).measures
    name, lost = "questions of the teams answered a month", "questions without an answer, a month"
    came = [table.loc[[name, lost], "with_plan"].sum() for table in (found, unbounded)]
    assert came[0] == pytest.approx(came[1])


def test_the_same_seed_gives_the_same_months(town):
    rates = relationships.team_rates(town.teams, town.consultations, as_of=AS_OF)
    one, same, other = (
        relationships.twelve_months(rates, as_of=AS_OF, runs=5, seed=seed).asked for seed in (4, 4, 5)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_a_plan_that_cannot_be_kept_says_so():
    with pytest.raises(ValueError, match="0 to 10 hours"):
        Plan(touching=6, answering=5)
    with pytest.raises(ValueError, match="0 to 10 hours"):
        Plan(touching=-1)
    with pytest.raises(ValueError, match="a touch is one of"):
        Plan(kind="hug")
    with pytest.raises(dataclasses.FrozenInstanceError):
        Plan().touching = 3
