"""What lesson 2 says of Port Ellery in its prose is so: each number, worked out by the functions of the method."""

import re
from pathlib import Path

import pandas as pd
import pytest

from course_utils import load, privacy
from course_utils.library import Library
from course_utils.tables import AS_OF

TEXT = (Path(__file__).resolve().parents[3] / "notebooks/text/lesson_02_may_we_use_this.md").read_text(
    encoding="utf-8"
)


def is_said(sentence: str) -> None:
    assert sentence in re.sub(r"\s+", " ", TEXT)


@pytest.fixture(scope="module")
def records():
    return privacy.read_export(load("export_patrons"))[0]


@pytest.fixture(scope="module")
def people(records):
    return records.dropna(subset="birth_date")


def of_100(share: float) -> str:
    return f"{round(100 * share)} of 100"


def test_alone(people):
    size = privacy.group_sizes(people, ["birth_date", "postal_code", "home_library"])
    is_said(f"{of_100((size == 1).mean())}. There are more than 35,000 days")
    assert (people["birth_date"].max() - people["birth_date"].min()).days > 35_000
    assert len(people) < 8_000


def test_linked(records):
    key = ["home_library", *privacy.DAYS]
    times = records.merge(privacy.as_export(load("patrons")), on=key)["record_number"].value_counts()
    is_said(f"{of_100((times == 1).sum() / len(records))}. (Port Ellery is invented")


def test_those_who_said_no(records):
    no = records.loc[records["privacy_choice"] == "no", "record_number"]
    is_said(
        f"{of_100(load('export_checkouts')['record_number'].isin(no).mean())}. The nightly upload never looked"
    )


def test_who_may_go(people, records):
    may_go = privacy.may_go(people)
    asked = people["privacy_choice"]
    by_hand = people[
        (asked == "yes")
        & (people["purge_after"] >= AS_OF)
        & ~people["note"].str.contains("deceased", case=False)
        & ~((people["patron_type"] == "3") & people["guardian"].isna())
    ]
    assert may_go.index.equals(by_hand.index)
    active = people["last_activity"] > AS_OF - pd.DateOffset(months=12)
    everyone, theirs = round(100 * active.mean()), round(100 * active[may_go.index].mean())
    is_said(
        f"Of everyone on file, {everyone} of 100 used the library in twelve months, and of those who may go, {theirs}"
    )
    assert active[asked.isna()].mean() < 0.05  # hardly any of them still come
    is_child = people["patron_type"] == "3"
    assert is_child[may_go.index].mean() < is_child.mean() / 2
    assert asked[privacy.names_no_guardian(people)].eq("yes").any()


def test_coarse_and_hidden(people, records):
    may_go = privacy.may_go(people)
    coarse = privacy.coarsened(may_go, born="10 years", when="none")
    assert list(coarse.columns) == [*privacy.GROUPS, "active"]
    size = privacy.group_sizes(coarse, privacy.GROUPS)
    assert size.min() == 1
    born = may_go.loc[size.index[size == 1], "birth_date"]
    assert born.between("1925-09-01", "1930-08-31").any()  # in their late nineties
    hidden = coarse[size < 10]
    assert ((hidden["born"] <= 1940) | (hidden["born"] == 2020)).mean() > 0.6
    assert (hidden["home_library"] != "pemai").mean() > 0.8
    kept = coarse[size >= 10]
    after = privacy.answers(kept)
    before = privacy.answers(privacy.coarsened(may_go, born="day", place="all", when="day"))
    assert after.isna().tolist() == [False, True, False, False, True, False]
    assert (after.dropna() < before[after.notna()]).all()
    readers = privacy.readers(kept, records, load("export_checkouts"))
    of_group = readers.groupby(privacy.GROUPS)["reads"]
    assert of_group.size().min() == of_group.nunique().min() == 1


def test_the_duplicates(records):
    truth = Library.port_ellery().truth.export
    found = privacy.found_by_rules(records, truth)
    in_all = privacy.duplicates(truth)
    groups = found.groupby("rule")["same_person"]
    table = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
    wrong = 1 - table["right"] / table["pairs"]
    recall = table["right"] / in_all
    assert wrong["same name"] == 0
    assert 0.35 < recall["same name"] < 0.45
    is_said("always right here, but finds only about two of five")
    is_said(f"The same e-mail is wrong {round(100 * wrong['same e-mail'])} times out of 100")
    assert table.loc["alike", "pairs"] - table.loc["alike", "right"] == 1
    assert 0.85 < recall["alike"] < 0.95
    is_said(f"These shares come from {in_all} people with two cards")


def test_the_widget_shows_what_is_told_below_it(records):
    from course_utils.methods.privacy.widget import CoarsenessBoard

    board = CoarsenessBoard(records, load("patrons"))
    board.when.value = "month"
    assert 0.4 < board.linked < 0.6
    is_said("Even to the month, about half of the records can be linked")
    board.born.value, board.place.value = "10 years", "area"
    assert board.hidden > 0.999
    is_said("To the month, everyone is in a group that is too small")
    board.when.value = "year"
    assert 0.01 < board.linked < 0.05
    assert round(5 * board.hidden) == 4
    is_said("four of five people are")
    board.when.value = "none"
    assert board.hidden < 0.05
    board.born.value, board.place.value = "year", "all"
    assert board.hidden > 0.05


def test_two_dates(records):
    known = privacy.as_export(load("patrons"))
    times = records.merge(known, on=["home_library", "created", "expires"])["record_number"].value_counts()
    is_said("Two dates and a branch still find more than half.")
    assert 0.5 < (times == 1).sum() / len(records) < 0.6
