"""Campaigns and their log, and help with homework: what must hold on several libraries."""

import numpy as np
import pandas as pd
import pytest

from course_utils import tables
from course_utils.library import Library, outreach
from course_utils.library.calibration import figures
from course_utils.tables import AS_OF, validate

NAMES = ("campaigns", "mailings", "homework_help")


@pytest.fixture(scope="module")
def uses(library):
    """Card and day of every use, once."""
    checkouts = library.checkouts
    mine = checkouts[checkouts["transaction_type"] != "automatic renewal"]
    sessions = library.computer_sessions.dropna().astype({"patron_id": "int64"})
    frames = [frame[["patron_id", "date"]] for frame in (mine, library.attendance, sessions)]
    return pd.concat(frames).drop_duplicates()


@pytest.fixture(scope="module")
def log(library):
    """The log with the date and channel of each campaign."""
    return library.mailings.merge(
        library.campaigns[["campaign_id", "date", "channel", "unit"]],
        on="campaign_id",
        validate="many_to_one",
    )


def used(library, uses, after: pd.Timestamp, until: pd.Timestamp) -> set:
    """Cards used after one day and until another."""
    return set(uses.loc[(uses["date"] > after) & (uses["date"] <= until), "patron_id"])


def day_of(library, key: str) -> pd.Timestamp:
    return library.campaigns["date"][outreach.ID[key] - 1]


def audience_of(library, key: str) -> set:
    return set(library.mailings.loc[library.mailings["campaign_id"] == outreach.ID[key], "patron_id"])


def test_the_tables_keep_their_rules(library):
    frames = {name: library[name] for name in (*NAMES, "patrons", "households", "branches")}
    for name in NAMES:
        validate(frames[name], name, frames)


def test_the_plan_is_whole(library):
    campaigns = library.campaigns
    assert len(campaigns) == len(outreach.CAMPAIGNS) == 8
    assert campaigns["date"].is_monotonic_increasing
    assert campaigns["date"].min() > AS_OF - pd.DateOffset(months=24)
    assert campaigns["date"].max() + pd.Timedelta(days=30) < AS_OF
    assert (campaigns["unit"].isna() == ~campaigns["randomised"]).all()
    assert set(campaigns["channel"]) == {"email", "mail", "text"}
    assert set(library.mailings["campaign_id"]) == set(campaigns["campaign_id"])


def test_those_that_bring_people_in_stand_far_enough_apart():
    days = [one.day for one in outreach.CAMPAIGNS if one.key not in outreach.NOTHING_PLANTED]
    assert min(np.diff(days)) >= 75


def test_coming_is_what_the_events_say(library, uses, log):
    for (_, day), rows in log.groupby(["campaign_id", "date"]):
        came = used(library, uses, day, day + pd.Timedelta(days=30))
        assert (rows["patron_id"].isin(came) == rows["came"]).all()


def test_coming_is_the_outcome_of_the_arm_that_was_drawn(library):
    both = library.mailings.merge(
        library.truth.mailings, on=["campaign_id", "patron_id"], validate="one_to_one"
    )
    assert len(both) == len(library.mailings)
    would = np.select(
        [both["arm"] == "control", both["arm"] == "A"],
        [both["would_come_untreated"], both["would_come_a"]],
        both["would_come_b"].fillna(False),
    )
    assert (would.astype(bool) == both["came"]).all()
    # Nobody is kept away by a message.
    assert (both["would_come_a"] >= both["would_come_untreated"]).all()


def test_effects_are_the_averages_of_what_would_happen(library):
    truth, effects = library.truth.mailings, library.truth.campaign_effects
    every = effects[(effects["group"] == "all") & (effects["arm"] == "A")].set_index("campaign_id")
    by = truth.groupby("campaign_id")
    gain = by["would_come_a"].mean() - by["would_come_untreated"].mean()
    assert np.allclose(every["effect"], gain)
    assert (every["units"] == by.size()).all()
    names = {number: one.key for number, one in enumerate(outreach.CAMPAIGNS, start=1)}
    effect = every["effect"].rename(names)
    for key in outreach.NOTHING_PLANTED:
        assert effect[key] == 0
    assert 0.04 < effect["win back"] < 0.06
    assert 0.07 < effect["postcard"] < 0.11
    groups = effects[effects["campaign_id"] == outreach.ID["storytime"]].set_index("group")["effect"]
    assert groups["loans on 1 to 4 days"] > 0.18
    assert groups["loans on 5 days or more"] == groups["no loan in the last year"] == 0
    letters = effects[effects["campaign_id"] == outreach.ID["next step"]].set_index(["arm", "group"])[
        "effect"
    ]
    assert min(letters["A", "under 50"], letters["B", "50 and over"]) > 0.10
    assert letters["A", "50 and over"] == letters["B", "under 50"] == 0


def test_households_get_one_arm_where_lots_were_drawn_for_them(log):
    arms = log.groupby(["campaign_id", "household_id"])["arm"].nunique()
    by_household = log.groupby("campaign_id")["unit"].first() == "household"
    split = (arms > 1).groupby("campaign_id").mean()
    assert (split[by_household] == 0).all()
    # The newsletter has one arm, and in the small pilot two of a household are rare.
    some = log["campaign_id"].value_counts() > 500
    assert (split[~by_household & some & (split.index != outreach.ID["newsletter"])] > 0).all()


def test_propensities_are_those_of_the_lots(library, log):
    assert (log["propensity"].isna() == log["unit"].isna()).all()
    # Each arm's share against its mean probability, over cells of equal odds.
    row = log[log["campaign_id"] == outreach.ID["postcard"]]
    odds = row["propensity"].where(row["arm"] == "A", 1 - row["propensity"]).round(4)
    assert odds.nunique() == len(np.unique(outreach.POSTCARD_ODDS))
    for value, part in row.groupby(odds):
        spread = np.sqrt(value * (1 - value) / len(part))
        assert abs((part["arm"] == "A").mean() - value) < 4 * spread
    three = log[log["campaign_id"] == outreach.ID["next step"]]
    assert three["arm"].value_counts(normalize=True).between(0.28, 0.39).all()
    assert np.allclose(three["propensity"], 1 / 3, atol=1e-4)


def test_nothing_comes_back_from_what_was_not_sent(log):
    assert (log["sent"] == (log["arm"] != "control")).all()
    for column in ("bounced", "opened", "clicked", "unsubscribed"):
        assert log.loc[~log["sent"], column].isna().all()
    assert log.loc[log["channel"] != "email", "opened"].isna().all()
    assert log.loc[log["channel"] == "mail", ["clicked", "unsubscribed"]].isna().all(axis=None)
    email = log[log["sent"] & (log["channel"] == "email")]
    assert email[["bounced", "opened", "clicked", "unsubscribed"]].notna().all(axis=None)
    assert not (email["bounced"] & (email["opened"] | email["unsubscribed"])).any()
    assert not (email["clicked"] & ~email["opened"]).any()


def test_consent_is_kept_and_taken_back(library, log):
    patrons = library.patrons.set_index("patron_id")
    left = log[log["unsubscribed"].fillna(False) & (log["channel"] == "email")]
    assert len(left) > 20
    assert not patrons.loc[left["patron_id"], "email_consent"].any()
    gone_on = left.groupby("patron_id")["date"].min()
    needs = log[log["campaign_id"].isin([outreach.ID[key] for key in ("newsletter", "subject", "greeting")])]
    assert not (needs["date"] > needs["patron_id"].map(gone_on)).any()
    consented = patrons["email_consent"] | patrons.index.isin(left["patron_id"])
    assert consented[needs["patron_id"]].all()
    # Their reading of consent let one through that should have asked.
    family = log[log["campaign_id"] == outreach.ID["storytime"]]
    assert (~patrons.loc[family["patron_id"], "email_consent"]).sum() > 100


def test_audiences_are_those_of_the_words(library, uses):
    patrons = library.patrons
    log = library.mailings
    email = log["campaign_id"] != outreach.ID["pilot"]
    left = log[log["unsubscribed"].fillna(False) & email].groupby("patron_id")["campaign_id"].min()
    for key, days in (("newsletter", 180), ("subject", 365), ("greeting", 730)):
        day = day_of(library, key)
        lately = used(library, uses, day - pd.Timedelta(days=days), day)
        there = (patrons["enrolled"] < day) & patrons["patron_id"].isin(lately)
        sure = set(patrons.loc[there & patrons["email_consent"], "patron_id"])
        # Of those who unsubscribed later, some had never agreed: the storytime invitation did not ask.
        later = set(patrons.loc[there & (patrons["patron_id"].map(left) >= outreach.ID[key]), "patron_id"])
        assert sure <= audience_of(library, key) <= sure | later, key
        assert len(later) < 0.1 * len(sure)
    day = day_of(library, "win back")
    lately = used(library, uses, day - pd.Timedelta(days=365), day)
    stays = (patrons["enrolled"] >= "2018-09-01") | patrons["patron_id"].isin(
        used(library, uses, AS_OF - pd.DateOffset(years=3), day)
    )
    old = patrons["enrolled"] < day - pd.Timedelta(days=365)
    who = set(patrons.loc[stays & old & ~patrons["patron_id"].isin(lately), "patron_id"])
    away = audience_of(library, "win back")
    # A few were last used in the two months before the data begin.
    assert who <= away
    assert len(away - who) < 0.02 * len(away)


def test_every_card_had_been_issued_and_every_arm_has_people(library, log):
    enrolled = library.patrons.set_index("patron_id")["enrolled"]
    assert (log["patron_id"].map(enrolled) < log["date"]).all()
    size = log.groupby(["campaign_id", "arm"], observed=True).size()
    assert size.min() >= 30
    assert len(size) == 16


def test_no_card_owes_its_place_on_file_to_a_campaign(library):
    """Else those who came would be in the log, and those who did not would not."""
    log, file = library._mailed.log, library._file
    assert file.on_file[log.card].all()


def test_trips_are_made_where_the_doors_are_open(library):
    card, branch, day = library._mailed.trips
    assert 200 < len(card) < 700
    gates = pd.MultiIndex.from_frame(library.gate_counts[["branch", "date"]].astype({"branch": "str"}))
    places = np.array(tables.BRANCHES)[branch]
    made = pd.MultiIndex.from_arrays([places, pd.to_datetime(day.astype("datetime64[D]"))])
    assert made.isin(gates).all()
    cards = library._cards
    assert (day > cards.enrolled[card]).all()
    assert (day < np.minimum(cards.lapsed, cards.switched)[card]).all()
    assert library._file.on_file[card].all()


def test_the_campaigns_change_nothing_but_their_own_trips(library):
    """Loans and renewals of everybody else are those of a world without campaigns."""
    own = len(library._own_loans.card)
    assert (library._loans.day[:own] == library._own_loans.day).all()
    assert (library._renewals.day[: len(library._own_renewals.day)] == library._own_renewals.day).all()
    assert len(library._extra_loans.card) == len(library._loans.card) - own


def test_help_with_homework_fits_the_doors(library):
    panel, gates = library.homework_help, library.gate_counts
    assert len(panel) == 108
    month = gates["date"].dt.to_period("M").dt.to_timestamp()
    by = gates.groupby([gates["branch"].astype(str), month]).agg(
        visits=("visits", "sum"), days=("date", "size")
    )
    by = by.loc[pd.MultiIndex.from_frame(panel[["branch", "month"]].astype({"branch": str}))]
    assert (panel["open_days"].to_numpy() == by["days"].to_numpy()).all()
    share = panel["young_afternoon_visits"].to_numpy() / by["visits"].to_numpy()
    assert share.max() < 0.5
    assert share.min() > 0.08
    starts = panel[panel["homework_help"]].groupby("branch", observed=True)["month"].min()
    assert starts.to_dict() == {"NORTH": pd.Timestamp("2024-07-01"), "HARBOR": pd.Timestamp("2023-11-01")}
    helped = panel["homework_help"]
    assert (panel.loc[helped, ["staff_hours", "cost"]] > 0).all(axis=None)
    assert (panel.loc[~helped, ["staff_hours", "cost"]] == 0).all(axis=None)
    # Once begun, it goes on.
    assert (helped.astype(int).groupby(panel["branch"], observed=True).diff().fillna(0) >= 0).all()
    factor = library.truth.homework_help.set_index("branch")["factor"]
    assert factor["MAIN"] == 1
    assert factor[["NORTH", "HARBOR"]].between(1.13, 1.22).all()


@pytest.mark.parametrize("seed", [1868, 1, 2, 3, 4, 5])
def test_the_rates_of_the_mails_are_the_published_ones(seed):
    found = outreach.measure(Library(seed))
    bands = {figure.key: (figure.low, figure.high) for figure in figures()}
    for key, value in found.items():
        low, high = bands[key]
        assert low <= value <= high, (key, value)


@pytest.mark.parametrize("patrons", [500, 20_000])
def test_towns_of_other_sizes(patrons):
    library = Library(5, patrons=patrons)
    frames = {name: library[name] for name in (*NAMES, "patrons", "households", "branches")}
    for name in NAMES:
        validate(frames[name], name, frames)
    pilot = library.mailings["campaign_id"] == outreach.ID["pilot"]
    assert 0 < pilot.sum() <= max(round(120 * library.scale), 8)
    # The number is that of a town, and the campaigns stand once for all towns of a district.
    assert not library.campaigns["audience"].str.contains(r"\d+ patrons", regex=True).any()
    assert library.mailings.groupby("campaign_id").size().min() > 0


def test_the_truth_is_documented(library):
    for name in ("campaign_effects", "homework_help", "mailings"):
        frame = library.truth[name]
        assert frame.columns.tolist() == library.truth.describe(name).index.tolist()
        assert len(frame)
