"""What lesson 2 says of Port Ellery in its prose is so: each number, worked out by the functions of the method."""

import re
from pathlib import Path

import pandas as pd
import pytest

from course_utils import load, privacy
from course_utils.library import Library

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
    is_said(f"{of_100((size == 1).mean())}. There are more than 20,000 days")
    assert (people["birth_date"].max() - people["birth_date"].min()).days > 20_000
    assert len(people) < 8_000


def test_linked(records):
    key = ["home_library", *privacy.DAYS]
    times = records.merge(privacy.as_export(load("patrons")), on=key)["record_number"].value_counts()
    is_said(f"{of_100((times == 1).sum() / len(records))}. (Port Ellery is invented")


def test_those_who_said_no(records):
    no = records.loc[records["privacy_choice"] == "no", "record_number"]
    is_said(
        f"{of_100(load('export_checkouts')['record_number'].isin(no).mean())}. The nightly job never looked"
    )


def test_coarse_and_hidden(people, records):
    coarse = privacy.coarsened(people, born="10 years", when="none")
    size = privacy.group_sizes(coarse, privacy.GROUPS)
    assert size.min() == 1
    alone = coarse[size == 1]
    born = people.loc[alone.index[alone["home_library"] == "pebkm"], "birth_date"]
    assert born.between("1926-01-01", "1935-08-31").any()  # in their nineties
    hidden = coarse[size < 10]
    assert ((hidden["born"] <= 1940) | (hidden["born"] == 2020)).mean() > 0.8
    assert (hidden["home_library"] != "pemai").mean() > 0.8
    assert set(hidden["born"]) >= {1920, 2020}
    kept = coarse[size >= 10]
    after = privacy.answers(kept)
    before = privacy.answers(privacy.coarsened(people, born="day", place="all", when="day"))
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
    assert board.hidden > 0.9
    board.born.value, board.place.value = "10 years", "area"
    board.when.value = "year"
    assert 0.01 < board.linked < 0.05
    assert board.hidden > 0.5
    board.when.value = "none"
    assert board.hidden < 0.05
    board.born.value, board.place.value = "year", "all"
    assert board.hidden > 0.05
