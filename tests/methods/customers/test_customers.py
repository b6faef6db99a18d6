"""The five definitions of a customer, on a town so small that it can be counted by hand, and on any town at all."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_town import AS_OF, LATELY, SMALL, town

from course_utils import customers


def found(rows):
    return customers.definitions(*town(rows), as_of=AS_OF)


def test_five_definitions_counted_by_hand():
    assert found(SMALL).sum().to_dict() == {
        "registered": 6,
        "unexpired": 3,
        "active": 4,
        "borrower": 2,
        "program or computer only": 2,
    }


def test_the_guests_are_nobody():
    patrons, checkouts, attendance, sessions = town(SMALL)
    guest = pd.DataFrame({"patron_id": pd.array([None], dtype="Int64"), "date": [LATELY]})
    with_guest = customers.definitions(
        patrons, checkouts, attendance, pd.concat([sessions, guest]), as_of=AS_OF
    )
    pd.testing.assert_frame_equal(with_guest, found(SMALL))


def test_an_automatic_renewal_is_nobodys_doing():
    patrons, checkouts, *others = town(SMALL)
    renewed = checkouts.assign(transaction_type="automatic renewal")
    assert customers.definitions(patrons, renewed, *others, as_of=AS_OF)["borrower"].sum() == 0


def test_a_card_is_valid_on_its_last_day_and_twelve_months_ago_is_no_longer_recent():
    edge = AS_OF - pd.DateOffset(months=12)
    assert found([(True, edge, None, None)]).loc[1].to_dict() == {
        "registered": True,
        "unexpired": True,
        "active": False,
        "borrower": False,
        "program or computer only": False,
    }


def test_whereabouts_counted_by_hand():
    counts = customers.whereabouts(found(SMALL)).value_counts(sort=False)
    assert counts.tolist() == [2, 2, 1, 1]


def test_not_counted_counted_by_hand():
    patrons, *_ = town(SMALL)
    table = found(SMALL)
    left_out = customers.not_counted(patrons, table["borrower"], by="age_band", among=table["active"])
    assert left_out.loc["child"].to_dict() == {"patrons": 2, "not_counted": 1, "share": 0.5}
    assert left_out.loc["adult"].to_dict() == {"patrons": 2, "not_counted": 1, "share": 0.5}


def test_a_group_of_nobody_has_no_share():
    patrons, *_ = town(SMALL)
    patrons["age_band"] = patrons["age_band"].cat.add_categories("ghost")
    left_out = customers.not_counted(patrons, found(SMALL)["borrower"], by="age_band")
    assert left_out.loc["ghost", "patrons"] == 0
    assert pd.isna(left_out.loc["ghost", "share"])


def test_what_cannot_be_counted_says_so():
    patrons, *events = town(SMALL)
    with pytest.raises(ValueError, match="a patron_id comes twice"):
        customers.definitions(pd.concat([patrons, patrons]), *events, as_of=AS_OF)
    with pytest.raises(ValueError, match="it must be above 0"):
        customers.definitions(patrons, *events, as_of=AS_OF, months=0)


days = st.one_of(st.none(), st.dates(pd.Timestamp("2022-09-01").date(), AS_OF.date()).map(pd.Timestamp))
patron = st.tuples(st.booleans(), days, days, days)


@given(st.lists(patron, min_size=1, max_size=12), st.randoms())
def test_what_holds_for_any_town(rows, random):
    table = found(rows)
    assert (table["active"] == table["borrower"] | table["program or computer only"]).all()
    assert not (table["borrower"] & table["program or computer only"]).any()
    assert table["registered"].all()
    assert customers.whereabouts(table).notna().all()

    shuffled = rows[:]
    random.shuffle(shuffled)
    assert found(shuffled).sum().equals(table.sum())

    more = found([*rows, (False, None, None, None)])
    assert more["active"].sum() == table["active"].sum()


@given(st.lists(patron, min_size=1, max_size=12), st.sets(st.sampled_from(list(customers.DEFINITIONS))))
def test_more_definitions_never_count_fewer_people(rows, chosen):
    table = found(rows)
    kept = customers.counted(table, sorted(chosen))
    everyone = customers.counted(table, [*sorted(chosen), "registered"])
    assert kept.sum() <= everyone.sum() == len(rows)


# ---- who shows no card -----------------------------------------------------------------------------------


def test_without_a_card_counted_by_hand():
    long_ago = AS_OF - pd.DateOffset(months=12)
    programs = pd.DataFrame(
        {"program_id": [1, 2, 3], "date": [LATELY, LATELY, long_ago], "attended": [10, 6, 99]}
    )
    attendance = pd.DataFrame({"program_id": [1, 1, 1, 2, 3, 3]})
    sessions = pd.DataFrame({"patron_id": [7, None, None, 8, None], "date": [LATELY] * 4 + [long_ago]})
    wifi = pd.DataFrame({"date": [LATELY, LATELY, long_ago], "sessions": [5, 7, 99]})
    gate = pd.DataFrame({"date": [LATELY, LATELY, long_ago], "visits": [20, 30, 99]})
    table = customers.without_a_card(programs, attendance, sessions, wifi, gate, as_of=AS_OF)
    assert table["all"].tolist() == [16, 4, 12, 50]
    assert table["no_card"].tolist()[:2] == [12, 2]
    assert table["share"].tolist()[:2] == [0.75, 0.5]
    assert (
        table.loc[["sessions on the Wi-Fi", "visits counted at the door"], ["no_card", "share"]]
        .isna()
        .all(axis=None)
    )
    nothing = customers.without_a_card(
        programs, attendance, sessions, wifi, gate, as_of=AS_OF + pd.DateOffset(years=9)
    )
    assert nothing["all"].tolist() == [0, 0, 0, 0]
    assert nothing["share"].isna().all()


# ---- what a range costs ----------------------------------------------------------------------------------


def test_interval_score_counted_by_hand():
    low, high = pd.Series({"a": 10, "b": 10, "c": 10}), pd.Series({"a": 20, "b": 20, "c": 20})
    truth = pd.Series({"a": 15, "b": 7, "c": 22})
    assert customers.interval_score(low, high, truth).round(9).to_dict() == {"a": 10, "b": 40, "c": 30}
    assert customers.interval_score(10, 20, 20) == 10
    assert customers.interval_score(10, 20, 24, sure=0.5) == 10 + 4 * 4
    assert customers.interval_score(0, 100, truth).tolist() == [100, 100, 100]


def test_the_labels_count_and_not_the_order():
    guesses = pd.DataFrame({"low": [1, 10], "high": [2, 20]}, index=["a", "b"])
    truth = pd.Series({"b": 15, "a": 2})
    assert customers.interval_score(guesses["low"], guesses["high"], truth).to_dict() == {"a": 1, "b": 10}


@pytest.mark.parametrize("sure", [0.5, 0.8, 0.9])
def test_nobody_gains_by_a_wider_range_or_a_narrower_one_than_they_believe_in(sure):
    truth = np.random.default_rng(1).lognormal(7, 0.6, 20_000)
    tail = (1 - sure) / 2
    costs = {}
    for own in (tail / 3, tail, tail * 2):
        low, high = np.quantile(truth, [own, 1 - own])
        costs[own] = customers.interval_score(low, high, truth, sure=sure).mean()
    endless = customers.interval_score(0, 1_000_000, truth, sure=sure).mean()
    assert min(costs, key=costs.get) == tail
    assert endless > 100 * costs[tail]  # and yet it always hits


def test_what_is_no_range_says_so():
    with pytest.raises(ValueError, match="above its high end"):
        customers.interval_score(pd.Series([1, 9]), pd.Series([2, 8]), pd.Series([1, 1]))
    with pytest.raises(ValueError, match="the same labels"):
        customers.interval_score(pd.Series({"a": 1}), pd.Series({"a": 2}), pd.Series({"b": 1}))
    for sure in (0, 1, 80):
        with pytest.raises(ValueError, match="between 0 and 1"):
            customers.interval_score(1, 2, 3, sure=sure)
