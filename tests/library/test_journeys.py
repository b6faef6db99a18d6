"""The first 90 days agree with what the other tables say, and are not what the staff think."""

import pandas as pd
import pytest

from course_utils import tables
from course_utils.library import Library
from course_utils.tables import AS_OF
from course_utils.tables.journeys import CHANNELS, EVENTS

USES = ["borrowed", "borrowed digital", "came to a program", "used a computer"]


@pytest.fixture(scope="module")
def log(library):
    return library.first_days


def first_days_of(library, frame: pd.DataFrame) -> pd.DataFrame:
    """Patron and day of each use in the first 90 days of a new card, once per day."""
    patrons = library.patrons
    new = patrons.loc[patrons["enrolled"] >= "2023-09-01"].set_index("patron_id")["enrolled"]
    frame = frame.dropna(subset="patron_id").astype({"patron_id": "int64"})
    frame = frame[frame["patron_id"].isin(new.index)]
    frame = frame.assign(day=(frame["date"] - frame["patron_id"].map(new)).dt.days)
    return frame.loc[frame["day"] <= 90, ["patron_id", "date"]].drop_duplicates()


def test_tables_keep_their_rules(library):
    frames = {name: library[name] for name in ("first_days", "staff_journey", "patrons")}
    for name in ("first_days", "staff_journey"):
        tables.validate(frames[name], name, frames)


def test_every_new_card_is_made_once_on_day_0(library, log):
    patrons = library.patrons
    new = patrons[patrons["enrolled"] >= "2023-09-01"].set_index("patron_id")
    made = log[log["event"] == "card made"].set_index("patron_id")
    assert sorted(made.index) == sorted(new.index)
    assert (made["day"] == 0).all()
    assert (made["date"] == new.loc[made.index, "enrolled"]).all()
    day = (log["date"] - log["patron_id"].map(new["enrolled"])).dt.days
    assert (log["day"] == day).all()
    assert log["date"].is_monotonic_increasing
    assert log["date"].max() <= AS_OF
    assert not log.duplicated(["patron_id", "date", "event"]).any()


def test_uses_are_those_of_the_other_tables_and_all_of_them(library, log):
    checkouts = library.checkouts[library.checkouts["transaction_type"] == "checkout"]
    for event, frame in (
        ("borrowed", checkouts[checkouts["usage_class"] == "physical"]),
        ("borrowed digital", checkouts[checkouts["usage_class"] == "digital"]),
        ("came to a program", library.attendance),
        ("used a computer", library.computer_sessions),
    ):
        expected = pd.MultiIndex.from_frame(first_days_of(library, frame))
        found = pd.MultiIndex.from_frame(log.loc[log["event"] == event, ["patron_id", "date"]])
        assert len(expected) > 50
        assert expected.sort_values().equals(found.sort_values()), event


def test_an_e_card_is_made_on_the_web_and_the_desk_is_open_when_it_makes_one(library, log):
    made = log[log["event"] == "card made"]
    category = made["patron_id"].map(library.patrons.set_index("patron_id")["category"])
    assert (made.loc[category == "e-card", "channel"] == "web").all()
    at_desk = made[made["channel"] == "desk"]
    assert at_desk["date"].isin(library.gate_counts["date"]).all()
    share = made["channel"].value_counts(normalize=True)
    assert share["desk"] > 0.7
    assert share["out in town"] > 0.05
    assert share["web"] > 0.01


def test_nobody_asks_at_a_desk_that_is_closed(library, log):
    gates = library.gate_counts
    inside = log[log["channel"].isin(["in the library"]) | (log["event"] == "asked at the desk")]
    assert inside["date"].isin(gates["date"]).all()
    asked = pd.MultiIndex.from_frame(log.loc[log["event"] == "asked at the desk", ["patron_id", "date"]])
    there = pd.MultiIndex.from_frame(log.loc[log["channel"] == "in the library", ["patron_id", "date"]])
    assert asked.isin(there).all()


def test_steps_come_in_an_order_that_can_be(library, log):
    first = log.groupby(["patron_id", "event"], observed=True)["day"].min().unstack()
    digital = first["borrowed digital"].notna()
    assert (first["PIN set"] <= first["borrowed digital"])[digital].all()
    online = log[(log["event"] == "searched the catalog") | (log["event"] == "placed a hold")]
    online = online[online["channel"] != "desk"]
    assert (online["day"] >= online["patron_id"].map(first["PIN set"])).all()
    assert (log.loc[log["event"] == "searched the catalog", "channel"] != "desk").all()
    clicked = first["welcome e-mail clicked"].notna()
    assert (first["welcome e-mail sent"] <= first["welcome e-mail clicked"])[clicked].all()
    has_email = library.patrons.set_index("patron_id")["has_email"]
    mailed = log.loc[log["channel"] == "email", "patron_id"].unique()
    assert has_email[mailed].all()
    reminded = log[log["event"] == "reminder sent"]
    borrowed = pd.MultiIndex.from_frame(log.loc[log["event"] == "borrowed", ["patron_id", "day"]])
    assert pd.MultiIndex.from_arrays([reminded["patron_id"], reminded["day"] - 19]).isin(borrowed).all()


def test_new_cards_place_as_many_holds_as_others(library, log):
    checkouts = library.checkouts[library.checkouts["transaction_type"] == "checkout"]
    made = log[log["event"] == "card made"].set_index("patron_id")["date"]
    day = (checkouts["date"] - checkouts["patron_id"].map(made)).dt.days
    holds = log[log["event"] == "placed a hold"]
    # The table of holds has 6 in 100 checkouts.
    assert 0.04 < len(holds) / (day <= 90).sum() < 0.07
    assert holds["channel"].value_counts()[["web", "app", "desk"]].min() > 20
    borrowed = log[log["event"].isin(["borrowed", "borrowed digital"])].groupby("patron_id")["day"].max()
    assert (holds["day"] + 2 <= holds["patron_id"].map(borrowed)).all()
    # Who goes to the desk is in the library.
    at_desk = pd.MultiIndex.from_frame(holds.loc[holds["channel"] == "desk", ["patron_id", "date"]])
    there = pd.MultiIndex.from_frame(log.loc[log["channel"] == "in the library", ["patron_id", "date"]])
    assert at_desk.isin(there).all()


def test_every_event_and_channel_happens(log):
    assert set(log["event"].unique()) == set(EVENTS)
    assert set(log["channel"].unique()) == set(CHANNELS)
    assert log["event"].value_counts().min() > 15


def test_the_log_agrees_with_what_is_really_so(library, log):
    truth = library.truth.journeys.set_index("patron_id")
    assert len(truth) == log["patron_id"].nunique()
    made = log[log["event"] == "card made"].set_index("patron_id")["date"]
    followed = (AS_OF - made).dt.days >= 90
    assert (truth["followed"] == followed.reindex(truth.index)).all()
    assert 0.8 < followed.mean() < 0.95
    later = log[log["event"].isin(USES) & (log["day"] > 30)]
    assert (truth["came_back"] == truth.index.isin(later["patron_id"])).all()
    seen = truth[truth["followed"]]
    for column, events in (("pin_trouble", ["PIN trouble"]), ("online", ["PIN trouble", "PIN set"])):
        there = seen.index.isin(log.loc[log["event"].isin(events), "patron_id"])
        assert (seen[column] == there).all(), column
    assert not truth.loc[truth["path"] == "never began", "came_back"].any()
    assert truth["path"].nunique() == 5


def test_what_staff_think_is_not_what_happens(library, log):
    steps = library.staff_journey
    assert list(steps["step"]) == list(range(1, 7))
    assert steps["by_day"].is_monotonic_increasing
    share = [log.loc[log["event"] == event, "patron_id"].nunique() for event in steps["event"]]
    share = pd.Series(share) / log["patron_id"].nunique()
    assert share[0] == 1
    assert share[5] < 0.12
    assert share[2] < 0.25


def test_a_small_town_has_them_too():
    library = Library(5, patrons=500)
    frames = {name: library[name] for name in ("first_days", "staff_journey", "patrons")}
    for name in ("first_days", "staff_journey"):
        tables.validate(frames[name], name, frames)
    assert len(frames["first_days"]) > 300
