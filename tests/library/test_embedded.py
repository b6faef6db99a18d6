"""The embedded work holds together: teams, their people, the liaisons' log, what was asked, and the survey."""

import numpy as np
import pandas as pd
import pytest

from course_utils import tables
from course_utils.library import Library
from course_utils.library.calendar import closed_days
from course_utils.library.calibration import figures, settings
from course_utils.library.embedded import measure
from course_utils.tables import AS_OF, FIRST_DAY

NAMES = ["teams", "team_people", "touches", "consultations", "trust_survey"]


@pytest.fixture(scope="module", params=["port ellery", "ada", 0, "small"], ids=str)
def library(request):
    made = {
        "port ellery": Library.port_ellery,
        "ada": lambda: Library.for_student("ada"),
        0: lambda: Library(0),
        "small": lambda: Library(11, patrons=500),
    }
    return made[request.param]()


@pytest.fixture(scope="module")
def students():
    return [Library.for_student(f"student {number}") for number in range(30)]


def with_people(library, name):
    """The rows of a table that name a person, beside what is known of that person."""
    rows = library[name]
    if "team_id" in rows:
        rows = rows.rename(columns={"team_id": "team_said"})
    rows = rows[rows["person_id"].notna()].astype({"person_id": "int64"})
    return rows.merge(library.team_people, on="person_id", validate="many_to_one")


def test_every_table_keeps_its_rules(library):
    frames = {name: library[name] for name in NAMES}
    for name, frame in frames.items():
        tables.validate(frame, name, frames)


def test_nobody_asks_or_is_met_before_joining_or_after_leaving(library):
    for name, day in (("consultations", "date"), ("touches", "date"), ("trust_survey", "answered")):
        rows = with_people(library, name)
        assert len(rows)
        assert (rows[day] >= rows["joined"]).all(), name
        assert ~(rows[day] >= rows["left"]).any(), name
        if "team_said" in rows:
            assert (rows["team_said"] == rows["team_id"]).all(), name
    people = library.team_people
    assert (people["left"] > people["joined"])[people["left"].notna()].all()
    assert people.loc[people["joined"] >= FIRST_DAY, "joined"].max() <= AS_OF


def test_liaisons_work_on_weekdays_in_office_hours(library):
    closed = closed_days(FIRST_DAY, AS_OF)
    for name in ("consultations", "touches"):
        days = library[name]["date"]
        assert (days.dt.day_of_week < 5).all()
        assert not days.isin(closed).any()
        assert days.is_monotonic_increasing
        assert days.min() < FIRST_DAY + pd.Timedelta(days=7)
        assert days.max() > AS_OF - pd.Timedelta(days=14)
    asked = library.consultations
    assert asked["time"].str.fullmatch(r"\d\d:\d\d").all()
    assert asked["time"].between("08:00", "17:00").all()
    assert (asked["date"].astype(str) + asked["time"]).is_monotonic_increasing
    assert not asked.duplicated(["person_id", "date"]).any()
    first = library.teams["first_contact"]
    assert (first.dt.day_of_week < 5).all()


def test_teams_are_as_large_as_they_say(library):
    still = library.team_people[library.team_people["left"].isna()]
    teams = library.teams.set_index("team_id")
    assert (still["team_id"].value_counts().reindex(teams.index) == teams["people"]).all()
    assert teams["people"].between(4, 15).all()


def test_the_eager_embed_first_and_each_begins_with_a_month(library):
    teams = library.teams
    since = teams["embedded_since"].dropna()
    months = settings()["embedded"]["start_months"]
    expected = [FIRST_DAY + pd.DateOffset(months=month) for month in months]
    assert sorted(since.dt.to_period("M")) == [day.to_period("M") for day in expected]
    opening = since.dt.to_period("M").dt.start_time
    assert ((since - opening).dt.days < 4).all()
    asked_us = teams["asked_for_it"] == "asked us"
    ever = teams["embedded_since"].notna()
    assert (asked_us.sum(), ever.sum(), (asked_us & ever).sum()) == (9, 8, 7)
    assert teams.loc[~asked_us, "embedded_since"].dropna().item() == since.max()


def test_each_liaison_has_six_teams_and_one_has_most_of_the_embedded(library):
    teams = library.teams
    assert teams["liaison"].value_counts().eq(6).all()
    embedded = teams.loc[teams["embedded_since"].notna(), "liaison"].value_counts()
    assert sorted(embedded) == [0, 1, 1, 6]
    answered = library.consultations.merge(teams[["team_id", "liaison"]], on="team_id")
    own = (answered["liaison_x"] == answered["liaison_y"]).mean()
    assert 0.9 < own < 0.98


def test_the_quietest_teams_were_visited_and_the_log_has_it(library):
    teams, asked = library.teams, library.consultations
    quiet = asked[asked["date"].between("2023-10-01", "2023-12-31")]
    outside = teams[teams["embedded_since"].isna()]
    count = quiet["team_id"].value_counts().reindex(outside["team_id"], fill_value=0)
    visited = outside.loc[outside["visited"].notna(), "team_id"]
    assert len(visited) == teams["visited"].notna().sum() == 6
    assert count[visited].max() <= count.drop(visited).min()
    meetings = library.touches.query("kind == 'meeting'")
    logged = set(zip(meetings["team_id"], meetings["date"], strict=True))
    went = teams[teams["visited"].notna()]
    assert set(zip(went["team_id"], went["visited"], strict=True)) <= logged


def test_meetings_are_with_the_team_and_all_else_with_one_person(library):
    touches = library.touches
    assert (touches["person_id"].isna() == (touches["kind"] == "meeting")).all()
    assert not touches[touches["kind"] == "meeting"].duplicated(["team_id", "date"]).any()
    minutes = touches.groupby("kind", observed=True)["minutes"].mean()
    assert minutes["incidental"] < minutes["e-mail"] < minutes["meeting"]
    since = touches["team_id"].map(library.teams.set_index("team_id")["embedded_since"])
    during = touches["date"] >= since
    days = (AS_OF - library.teams["embedded_since"]).dt.days.sum()
    share_of_time = days / (24 * (AS_OF - FIRST_DAY).days)
    for kind in ("incidental", "meeting"):
        assert during[touches["kind"] == kind].mean() > 1.5 * share_of_time


def test_what_was_asked_is_coherent(library):
    asked = library.consultations
    assert not (asked["resolved"] & asked["referred"]).any()
    assert asked["referred"].mean() > 0.02
    assert 0.3 < asked["rating"].isna().mean() < 0.45
    by_level = asked.groupby("read_level")
    assert by_level["rating"].mean().is_monotonic_decreasing
    assert by_level["minutes"].median().is_monotonic_increasing
    unusual = asked["question_type"].cat.codes >= 4
    assert unusual[asked["read_level"] >= 4].mean() > 0.4 > 0.2 > unusual[asked["read_level"] <= 3].mean()
    assert (
        asked.loc[unusual, "new_kind_of_request"].mean() > asked.loc[~unusual, "new_kind_of_request"].mean()
    )
    assert not (unusual & (asked["read_level"] == 1)).any()
    # Few people ask much, many seldom.
    per_person = asked["person_id"].value_counts()
    assert per_person.head(len(per_person) // 5).sum() / len(asked) > 0.4


def test_the_survey_went_to_those_who_were_there(library):
    survey, people = library.trust_survey, library.team_people
    assert survey["answered"].between("2025-04-07", "2025-04-25").all()
    there = (people["joined"] < "2025-04-01") & ~(people["left"] <= "2025-04-25")
    assert 0.55 < len(survey) / there.sum() < 0.8
    items = survey.iloc[:, 2:]
    assert items.shape[1] == 9
    assert (items.corr().to_numpy() > 0).all()
    parts = [items.filter(like=part) for part in ("communication", "understanding", "trust")]
    inside = np.mean([part.corr().to_numpy()[np.triu_indices(3, 1)].mean() for part in parts])
    across = np.mean([parts[0].corrwith(part.iloc[:, 0]).mean() for part in parts[1:]])
    assert inside > across


def test_the_truth_is_that_of_the_tables(library):
    truth, teams = library.truth, library.teams
    embedding = truth.embedding
    assert embedding["start"].equals(teams["embedded_since"])
    assert (embedding["eager"] == (teams["asked_for_it"] == "asked us")).all()
    ever = embedding["start"].notna()
    assert (embedding.loc[~ever, "volume_factor"] == 1).all()
    assert (embedding.loc[~ever, ["read_points", "new_points", "rating_points"]] == 0).all(axis=None)
    assert (embedding["visit_factor"] == 1).all()
    assert embedding["baseline"].between(2, 6).all()
    value = truth.relationships.set_index("quantity")["value"]
    mean = np.exp(np.log(embedding.loc[ever, "volume_factor"]).mean())
    assert mean == pytest.approx(value["volume_factor"])
    assert 1 < value["through_touches"] < value["volume_factor"]
    for name in ("trend", "volume_factor", "read_points", "new_points", "rating_points", "touch_factor"):
        low, high = settings()["embedded"][name]
        assert low <= value[name] <= high, name
    effects = truth.touch_effects.set_index("kind")["factor"]
    assert effects.to_dict() == {"incidental": value["touch_factor"], "meeting": 1, "e-mail": 1}

    back = truth.repeat_contact.set_index("person_id")
    first = library.consultations.groupby("person_id").first()
    assert back.index.equals(first.index)
    assert (back["first"] == first["date"]).all()
    assert (back["relational"] == first["asked_by"].isin(["in passing", "scheduled"])).all()
    assert back["away_90"].between(0, 1, inclusive="neither").all()
    assert value["away_90_transactional"] > value["away_90_relational"] + 0.05


def test_the_published_figures_are_kept(library):
    bands = {figure.key: (figure.low, figure.high) for figure in figures()}
    for key, found in measure(library).items():
        low, high = bands[key]
        assert low <= found <= high, key


def test_the_town_and_the_order_of_asking_make_no_difference(library):
    if library.size != settings()["design"]["patrons"]:
        again = Library(library.seed)
    else:
        again = Library(library.seed, patrons=600)
    for name in reversed(NAMES):
        pd.testing.assert_frame_equal(again[name], library[name])


def test_every_student_has_enough_of_everything(students):
    factors = set()
    for library in students:
        asked, teams = library.consultations, library.teams
        assert not teams["name"].str.contains("Port Ellery").any()
        since = asked["team_id"].map(teams.set_index("team_id")["embedded_since"])
        embedded = asked["date"] >= since
        year = asked["date"].dt.to_period("M") - FIRST_DAY.to_period("M")
        year = year.map(lambda months: months.n // 12)
        # Each team has enough in each year, and the embedded ones on both sides of their day.
        assert pd.crosstab(asked["team_id"], year).reindex(range(1, 25)).min(axis=None) >= 8
        assert asked.loc[since.notna() & ~embedded, "team_id"].value_counts().min() >= 20
        assert asked.loc[embedded, "team_id"].value_counts().min() >= 20
        for name in ("read_level", "asked_by", "question_type", "liaison"):
            cells = pd.crosstab(asked[name], embedded)
            assert cells.min(axis=None) >= 10, name
            assert len(cells) == asked[name].nunique() == {"read_level": 6, "question_type": 8}.get(name, 4)
        assert pd.crosstab(asked["rating"], embedded).min(axis=None) >= 5
        quarter = asked[asked["date"].between("2023-10-01", "2023-12-31") & since.isna()]
        assert (
            quarter["team_id"].value_counts().reindex(teams.loc[teams["visited"].notna(), "team_id"]).min()
            >= 1
        )
        # Some, but not most, have not come back.
        times = asked["person_id"].value_counts()
        assert 10 <= (times == 1).sum() <= 80
        factors.add(library.truth.relationships["value"][2])
    assert len(factors) == len(students)
