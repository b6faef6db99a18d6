"""Questions, registrations, rooms and the network: within opening hours, and in step with the other tables."""

import numpy as np
import pandas as pd
import pytest

from course_utils import tables
from course_utils.library import Library
from course_utils.library.desk import ASK_TO_REGISTER, READ_MIX, REFERS, ROOMS

NAMES = ("reference_questions", "registrations", "room_bookings", "wifi_sessions")


def hours(library, frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with the hours at which its branch opens and closes on that day."""
    gates = library.gate_counts[["branch", "date", "hours_open"]]
    frame = frame.merge(gates, on=["branch", "date"], how="left", validate="many_to_one")
    opens = np.where(frame["date"].dt.day_of_week == 6, 13, 10)
    return frame.assign(opens=opens, closes=opens + frame["hours_open"])


def test_tables_keep_their_rules(library):
    frames = {name: library[name] for name in (*NAMES, "programs", "patrons", "branches")}
    for name in NAMES:
        tables.validate(frames[name], name, frames)


def test_questions_are_asked_while_the_doors_are_open(library):
    questions = hours(library, library.reference_questions)
    assert questions["hours_open"].notna().all()
    assert ((questions["hour"] >= questions["opens"]) & (questions["hour"] < questions["closes"])).all()
    assert questions["date"].is_monotonic_increasing
    assert 11_000 < len(questions) < 13_000


def test_only_who_is_seen_has_a_group(library):
    questions = library.reference_questions
    seen = questions["by"] == "in person"
    assert (seen == questions["patron_group"].notna()).all()
    assert (questions.loc[questions["by"].isin(["chat", "e-mail"]), "branch"] == "MAIN").all()
    share = questions["patron_group"].value_counts(normalize=True)
    assert len(share) == 4
    assert share.min() > 0.04
    teens = questions[seen].groupby("hour")["patron_group"].agg(lambda group: (group == "teen").mean())
    assert teens[[15, 16, 17]].min() > 3 * teens[[10, 11, 12]].max()


def test_what_is_asked_depends_on_who_asks_and_on_the_school_year(library):
    questions = library.reference_questions
    share = pd.crosstab(questions["patron_group"], questions["question_type"], normalize="index")
    assert share.loc["child", "jobs and forms"] < 0.015
    assert share.loc["adult", "jobs and forms"] > max(0.08, 1.4 * share.loc["senior", "jobs and forms"])
    assert share.loc["senior", "printing and computers"] > 1.3 * share.loc["adult", "printing and computers"]
    school = questions[questions["question_type"] == "school assignment"]
    assert (
        school["patron_group"].isin(["child", "teen"]).sum() > 2 * (school["patron_group"] == "adult").sum()
    )
    month = (school["date"].dt.month.value_counts() / questions["date"].dt.month.value_counts()).fillna(0)
    assert month[[7, 8]].max() < 0.3 * month[[10, 11, 2, 3, 4, 5]].min()
    assert 0.035 < len(school) / len(questions) < 0.075


def test_most_questions_are_easy_and_the_hard_ones_take_longer(library):
    questions = library.reference_questions
    assert (questions["read_level"] <= 2).mean() > 0.6
    assert questions["question_type"].nunique() == 9
    assert questions["read_level"].nunique() == 6
    minutes = questions.groupby("read_level")["minutes"].median()
    assert minutes.is_monotonic_increasing


def test_the_reversal_at_the_desks_is_in_the_design():
    overall = (READ_MIX * REFERS).sum(axis=1)
    assert overall[0] > overall[1] + 0.015
    assert (REFERS[0] < REFERS[1]).all()
    assert READ_MIX.sum(axis=1) == pytest.approx(np.ones(4))


def test_those_who_came_with_a_card_are_in_the_attendance(library):
    registrations = library.registrations
    cards = registrations.dropna(subset="patron_id").astype({"patron_id": "int64"})
    shown = pd.MultiIndex.from_frame(library.attendance[["program_id", "patron_id"]])
    there = pd.MultiIndex.from_frame(cards[["program_id", "patron_id"]]).isin(shown)
    assert (there == (cards["status"] == "came")).all()
    assert not cards.duplicated(["program_id", "patron_id"]).any()
    share = registrations["patron_id"].notna().groupby(registrations["status"], observed=True).mean()
    assert share.between(0.3, 0.95).all()


def test_registrations_fit_into_the_room(library):
    registrations, programs = library.registrations, library.programs.set_index("program_id")
    count = pd.crosstab(registrations["program_id"], registrations["status"])
    held = programs.loc[count.index]
    assert set(held["title"]) <= set(ASK_TO_REGISTER)
    # Nearly every one of them has somebody on its list.
    assert len(count) > 0.97 * programs["title"].isin(ASK_TO_REGISTER).sum()
    assert (count["came"] <= held["attended"]).all()
    promised = count["came"] + count["did not come"]
    assert (promised <= held["seats"]).all()
    assert ((count["waiting list"] > 0) == (promised == held["seats"])).all()
    assert set(registrations["status"].unique()) == {"came", "did not come", "canceled", "waiting list"}


def test_people_register_before_the_program_and_with_a_card_that_exists(library):
    registrations = library.registrations
    day = registrations["program_id"].map(library.programs.set_index("program_id")["date"])
    ahead = (day - registrations["registered_on"]).dt.days
    assert ahead.between(0, 35).all()
    cards = registrations["patron_id"].notna()
    enrolled = registrations.loc[cards, "patron_id"].astype("int64")
    enrolled = enrolled.map(library.patrons.set_index("patron_id")["enrolled"])
    assert (registrations.loc[cards, "registered_on"] >= enrolled).all()
    missed = registrations["status"] == "did not come"
    assert ahead[missed].mean() > 1.2 * ahead[registrations["status"] == "came"].mean()


def test_rooms_are_booked_in_opening_hours(library):
    bookings = hours(library, library.room_bookings)
    assert bookings["hours_open"].notna().all()
    start = bookings["start"].str.slice(0, 2).astype(int)
    assert (start >= bookings["opens"]).all()
    assert (start + bookings["hours"] <= bookings["closes"]).all()
    size = {(tables.BRANCHES[branch], room): people for branch, room, people, *_ in ROOMS}
    limit = [size[key] for key in zip(bookings["branch"], bookings["room"], strict=True)]
    assert (bookings["people"] <= limit).all()
    assert bookings.groupby(["branch", "room"], observed=True).ngroups == len(ROOMS)
    assert bookings["purpose"].nunique() == 8


def test_no_room_is_booked_twice_or_during_a_program(library):
    bookings, programs = library.room_bookings, library.programs
    start = bookings["start"].str.slice(0, 2).astype(int)
    rows = bookings.assign(begin=start, end=start + bookings["hours"])
    rows = rows.sort_values(["branch", "room", "date", "begin"])
    previous = rows.groupby(["branch", "room", "date"], observed=True)["end"].shift()
    assert (previous.isna() | (rows["begin"] >= previous)).all()
    large = rows[rows["room"].isin(["Meeting Room", "Community Room"])]
    both = large.merge(programs, on=["branch", "date"], suffixes=("", "_program"))
    clock = (
        both["start_program"].str.slice(0, 2).astype(int)
        + both["start_program"].str.slice(3).astype(int) / 60
    )
    assert len(both) > 20
    assert ((both["end"] <= clock) | (both["begin"] >= clock + 1)).all()


def test_the_network_reaches_the_street(library):
    wifi, gates = library.wifi_sessions, library.gate_counts
    assert len(wifi) == 3 * 1096
    both = wifi.merge(gates, on=["branch", "date"], how="left")
    closed = both["visits"].isna()
    assert both[closed]["sessions"].sum() > 200
    assert both[closed].groupby("branch", observed=True).size().min() > 20
    mean = both.groupby(["branch", closed], observed=True)["sessions"].mean().unstack()
    assert (mean[False] > mean[True]).all()


def test_a_small_town_has_them_too():
    library = Library(5, patrons=500)
    frames = {name: library[name] for name in (*NAMES, "programs", "patrons", "branches")}
    for name in NAMES:
        tables.validate(frames[name], name, frames)
        assert len(frames[name]) > 30, name
