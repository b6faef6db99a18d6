"""The library holds together: what a person is, what they do, and what the tables say of it."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import course_utils
from course_utils import tables
from course_utils.errors import CourseError
from course_utils.library import Library
from course_utils.library.calibration import settings
from course_utils.methods.customers import definitions
from course_utils.tables import AS_OF, FIRST_DAY, SCHEMAS, validate

A_YEAR_AGO = AS_OF - pd.DateOffset(months=12)


@pytest.fixture(scope="module")
def joined(library):
    """Patrons with what is really so."""
    return library.patrons.merge(library.truth.patrons, on="patron_id", validate="one_to_one")


def own_events(library):
    """Every use that leaves a trace on the card: patron_id and date."""
    checkouts = library.checkouts
    mine = checkouts[checkouts["transaction_type"] != "automatic renewal"]
    sessions = library.computer_sessions.dropna().astype({"patron_id": "int64"})
    return pd.concat([frame[["patron_id", "date"]] for frame in (mine, library.attendance, sessions)])


def test_every_table_keeps_its_rules(library):
    frames = {name: library[name] for name in SCHEMAS}
    for name, frame in frames.items():
        validate(frame, name, frames)


def test_last_use_is_the_latest_trace(library):
    patrons = library.patrons.set_index("patron_id")
    latest = own_events(library).groupby("patron_id")["date"].max()
    assert (patrons.loc[latest.index, "last_use"] == latest).all()
    others = patrons.drop(latest.index)["last_use"]
    assert (others.dropna() < FIRST_DAY).all()
    assert others.isna().any()


def test_nothing_happens_before_the_card_or_after_the_data(library):
    patrons = library.patrons
    enrolled = patrons.set_index("patron_id")["enrolled"]
    sessions = library.computer_sessions.dropna().astype({"patron_id": "int64"})
    for events in (library.checkouts, library.attendance, sessions):
        assert (events["date"] >= events["patron_id"].map(enrolled)).all()
        assert events["date"].between(FIRST_DAY, AS_OF).all()
    used = patrons["last_use"].notna()
    assert (patrons["last_use"] >= patrons["enrolled"])[used].all()
    assert patrons["enrolled"].is_monotonic_increasing
    assert patrons["patron_id"].is_monotonic_increasing


def test_cards_run_in_terms_of_three_years_and_are_renewed_when_needed(library):
    patrons = library.patrons
    years = patrons["expires"].dt.year - patrons["enrolled"].dt.year
    assert (years % 3 == 0).all()
    assert (years >= 3).all()
    assert ((years > 3) == patrons["renewed"].notna()).all()
    assert (patrons["renewed"] <= patrons["expires"])[patrons["renewed"].notna()].all()
    expires = patrons.set_index("patron_id")["expires"]
    checkouts = library.checkouts
    mine = checkouts[checkouts["transaction_type"] != "automatic renewal"]
    sessions = library.computer_sessions.dropna().astype({"patron_id": "int64"})
    for events in (mine, sessions):
        assert (events["date"] <= events["patron_id"].map(expires)).all()
    # The door of a program checks no dates.
    attendance = library.attendance
    assert (attendance["date"] > attendance["patron_id"].map(expires)).sum() > 100


def test_cards_that_ran_out_long_ago_are_removed(library):
    patrons = library.patrons
    long_ago = AS_OF - pd.DateOffset(years=4, days=2)
    assert not ((patrons["expires"] < long_ago) & ~(patrons["last_use"] >= long_ago)).any()
    assert patrons["patron_id"].max() - patrons["patron_id"].min() + 1 > len(patrons)


def test_households_agree_with_their_cards(library):
    patrons, households = library.patrons, library.households.set_index("household_id")
    assert (patrons["tract_id"] == patrons["household_id"].map(households["tract_id"])).all()
    assert (patrons["household_id"].value_counts().sort_index() == households["cards"]).all()
    young = patrons["age_band"] <= "6-12"
    assert households["child_cards"].sum() == young.sum()


def test_tracts_add_up_and_branches_stand_in_them(library):
    tracts, residents = library.tracts, library.truth.residents
    assert len(tracts) == 24
    assert (tracts["under_18"] + tracts["age_18_64"] + tracts["age_65_up"] == tracts["population"]).all()
    assert tracts["population"].sum() == len(residents)
    assert 17_700 < len(residents) < 18_300
    assert tracts["population"].min() > 200
    assert library.branches["tract_id"].isna().sum() == 1


def test_nobody_borrows_where_the_doors_are_closed(library):
    gates = library.gate_counts.set_index(["branch", "date"])
    checkouts = library.checkouts
    lent = checkouts[(checkouts["usage_class"] == "physical") & (checkouts["transaction_type"] == "checkout")]
    held, sessions = library.programs, library.computer_sessions
    for events in (lent, held, sessions):
        days = pd.MultiIndex.from_frame(events[["branch", "date"]].astype({"branch": "str"})).unique()
        assert days.isin(gates.index).all()
    # Everyone who is known to have come was counted.
    known = (
        lent.drop_duplicates(["patron_id", "branch", "date"])
        .groupby(["branch", "date"], observed=True)
        .size()
        .add(held.groupby(["branch", "date"], observed=True)["attended"].sum(), fill_value=0)
        .add(sessions.groupby(["branch", "date"], observed=True).size(), fill_value=0)
    )
    assert (gates["visits"].reindex(known.index) >= known).all()


def test_digital_loans_have_no_branch_and_are_not_renewed(library):
    checkouts = library.checkouts
    digital = checkouts["usage_class"] == "digital"
    assert (checkouts["branch"].isna() == digital).all()
    assert (checkouts["material_type"].isin(tables.DIGITAL) == digital).all()
    assert (checkouts.loc[digital, "transaction_type"] == "checkout").all()
    automatic = checkouts["transaction_type"] == "automatic renewal"
    assert checkouts.loc[automatic, "date"].min() >= pd.Timestamp(settings()["design"]["auto_renewal_from"])


def test_counts_of_titles_add_up_to_the_checkouts(library):
    checkouts, items = library.checkouts, library.items
    by = ["material_type", "audience"]
    lent = checkouts[checkouts["transaction_type"] == "checkout"].groupby(by, observed=True).size()
    assert items.groupby(by, observed=True)["checkouts"].sum().equals(lent)
    assert (items["publication_year"] <= items["added"].dt.year).all()
    assert (items["branch"].isna() == items["material_type"].isin(tables.DIGITAL)).all()
    assert not items["title"].str.contains(r"[{}]|\s\s| Things", regex=True).any()


def test_heads_and_cards_at_programs(library):
    programs = library.programs.set_index("program_id")
    shown = library.attendance.groupby("program_id").size()
    assert (shown <= programs.loc[shown.index, "attended"]).all()
    assert (programs["attended"] <= programs["seats"]).all()
    attendance = library.attendance
    assert (attendance["date"] == attendance["program_id"].map(programs["date"])).all()


# Joint structure -----------------------------------------------------------------------------------------


def test_what_people_do_follows_from_how_they_are(joined, library):
    checkouts = library.checkouts
    recent = checkouts[checkouts["date"] > A_YEAR_AGO]
    alive = joined[joined["lapse_cause"] == "still here"].set_index("patron_id")

    def per_head(events):
        count = events["patron_id"].value_counts().reindex(alive.index).fillna(0)
        return count.groupby(alive["segment"], observed=True).mean().astype(float)

    physical = per_head(recent[recent["usage_class"] == "physical"])
    digital = per_head(recent[recent["usage_class"] == "digital"])
    programs = per_head(library.attendance)
    computers = per_head(library.computer_sessions.dropna())
    assert physical["page turner"] > 5 * physical["program goer"]
    assert digital.idxmax() == "digital reader"
    assert programs.idxmax() == "program goer"
    assert computers.idxmax() == "connected"


def test_ways_of_use_follow_from_age_and_home(joined):
    share = pd.crosstab(joined["age_band"], joined["segment"], normalize="index")
    assert share.loc["6-12", "bedtime"] > 3 * share.loc["55-64", "bedtime"]
    assert share.loc["75+", "program goer"] > 1.3 * share.loc["35-44", "program goer"]
    connected = (joined["segment"] == "connected").groupby(joined["broadband"]).mean()
    assert connected[False] > 2 * connected[True]


def test_the_near_take_a_card_more_often_than_the_far(library):
    residents = library.truth.residents
    near = residents["miles"] < residents["miles"].median()
    assert residents.loc[near, "has_card"].mean() > residents.loc[~near, "has_card"].mean() + 0.02


def test_members_of_a_household_are_alike(joined, library):
    lent = library.checkouts["patron_id"].value_counts()
    loans = np.log1p(joined["patron_id"].map(lent).fillna(0))
    pairs = pd.DataFrame({"household": joined["household_id"], "loans": loans}).sort_values("household")
    same = pairs["household"].to_numpy()[1:] == pairs["household"].to_numpy()[:-1]
    first, second = pairs["loans"].to_numpy()[:-1][same], pairs["loans"].to_numpy()[1:][same]
    assert np.corrcoef(first, second)[0, 1] > 0.12
    chance = np.random.default_rng(1).permutation(pairs["loans"].to_numpy())
    assert abs(np.corrcoef(chance[:-1][same], chance[1:][same])[0, 1]) < 0.06


def test_children_borrow_with_their_parents(joined, library):
    checkouts = library.checkouts
    lent = checkouts[(checkouts["usage_class"] == "physical") & (checkouts["transaction_type"] == "checkout")]
    trips = lent.drop_duplicates(["patron_id", "date"]).merge(
        joined[["patron_id", "household_id", "age"]], on="patron_id"
    )
    child = trips[trips["age"] < 12]
    adult = trips[trips["age"] > 22].drop_duplicates(["household_id", "date"])
    together = child.merge(adult, on=["household_id", "date"])
    assert len(together) > 0.3 * len(child)
    # Against the chance that some other household came on that day.
    other = child.assign(household_id=np.random.default_rng(1).permutation(child["household_id"]))
    assert len(other.merge(adult, on=["household_id", "date"])) < 0.2 * len(together)


def test_second_cards_belong_to_one_person(joined, library):
    second = joined[joined["second_card_of"].notna()].astype({"second_card_of": "int64"})
    both = second.merge(joined, left_on="second_card_of", right_on="patron_id", suffixes=("", "_first"))
    assert len(both) > 50
    assert (both["resident_id"] == both["resident_id_first"]).all()
    assert (both["age_band"] == both["age_band_first"]).all()
    assert (both["enrolled"] > both["enrolled_first"]).all()
    assert (both["lapse_cause_first"] == "took a second card").all()
    assert joined["resident_id"].nunique() == len(joined) - len(both)


def test_the_lapsed_stop_and_the_others_go_on(joined):
    lapsed = joined["lapsed"].notna()
    assert (lapsed == (joined["lapse_cause"] != "still here")).all()
    assert (joined["last_use"] <= joined["lapsed"] + pd.Timedelta(days=42))[
        lapsed & joined["last_use"].notna()
    ].all()
    assert joined.loc[joined["lapse_cause"] == "never began", "last_use"].isna().all()
    assert (joined.loc[joined["lapse_cause"] == "moved away", "moved_away"]).all()


# Definitions of a customer -------------------------------------------------------------------------------


def counts_for(library):
    return definitions(
        library.patrons, library.checkouts, library.attendance, library.computer_sessions, as_of=AS_OF
    )


def test_the_definitions_differ_clearly_and_erase_different_people(library):
    found = counts_for(library)
    size = found.sum()
    by_size = size.sort_values(ascending=False)
    assert (by_size.diff().dropna() < -0.04 * len(found)).all(), by_size
    assert (found["unexpired"] & ~found["active"]).sum() > 300
    assert (found["active"] & ~found["unexpired"]).sum() > 100
    erased = found["program or computer only"].groupby(library.patrons["age_band"].to_numpy()).mean()
    erased = erased / found["active"].groupby(library.patrons["age_band"].to_numpy()).mean()
    parents = erased[["25-34", "35-44"]].mean()
    assert erased["13-17"] > 1.25 * parents
    assert erased["75+"] > parents


def test_forty_students_have_libraries_of_equal_difficulty_and_other_answers():
    answers = []
    for number in range(40):
        library = Library.for_student(f"student {number:02d}")
        found = counts_for(library)
        size = found.sum()
        answers.append(tuple(size))
        assert 7_300 < size["registered"] < 8_800
        assert 0.55 < size["unexpired"] / size["registered"] < 0.62
        assert 0.43 < size["active"] / size["registered"] < 0.49
        assert 0.34 < size["borrower"] / size["registered"] < 0.41
        assert 0.065 < size["program or computer only"] / size["registered"] < 0.12
        # Every age band has somebody for every definition to keep and to erase.
        by_age = found.groupby(library.patrons["age_band"].to_numpy()).sum()
        assert by_age.to_numpy().min() >= 5
    assert len(set(answers)) == 40
    for definition in zip(*answers, strict=True):
        assert len(set(definition)) > 25


# The Library object --------------------------------------------------------------------------------------


def test_the_order_of_building_does_not_matter():
    forwards, backwards = Library(3), Library(3)
    one = {name: forwards[name] for name in SCHEMAS}
    other = {name: backwards[name] for name in reversed(SCHEMAS)}
    for name in SCHEMAS:
        pd.testing.assert_frame_equal(one[name], other[name])


def test_each_access_is_a_fresh_copy():
    library = Library(3)
    patrons = library.patrons
    patrons.loc[0, "has_email"] = not patrons.loc[0, "has_email"]
    patrons["patron_id"] = 0
    assert library["patrons"]["patron_id"].is_unique
    assert library.patrons.loc[0, "has_email"] != patrons.loc[0, "has_email"]


@pytest.mark.parametrize("name", ["ada", " ADA ", "Ada", "ａｄａ"])
def test_a_student_is_known_however_the_name_is_written(name):
    assert Library.for_student(name).seed == Library.for_student("ada").seed


def test_names_that_differ_have_other_libraries_and_stay_the_same():
    seeds = {
        Library.for_student(name).seed
        for name in ("ada", "ada2", "Åsa", "asa", "李", "a@b.example", "007", "7")
    }
    assert len(seeds) == 8
    # The same on every machine, for ever: students compare their numbers with last week's.
    assert Library.for_student("ada").seed == 18297636060252690398


@pytest.mark.parametrize("name", ["", "   ", "\n", "\u3000"])
def test_an_empty_name_is_refused(name):
    with pytest.raises(CourseError, match="student's name is empty"):
        Library.for_student(name)


@pytest.mark.parametrize("seed", [-1, 1.5, "7", None, True])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(CourseError, match="whole number, 0 or above"):
        Library(seed)


def test_unknown_tables_get_the_nearest_name():
    library = Library(3)
    with pytest.raises(CourseError, match="did you mean “patrons”"):
        library["patron"]
    with pytest.raises(CourseError, match="did you mean “checkouts”"):
        _ = library.checkout
    with pytest.raises(CourseError, match="did you mean “patrons”"):
        _ = library.truth.patron
    assert not hasattr(library, "_repr_html_")
    assert not hasattr(library, "patron")
    assert "patrons" in dir(library)


def test_the_truth_is_documented_and_not_among_the_tables(library):
    for name in ("patrons", "residents"):
        frame = library.truth[name]
        assert frame.columns.tolist() == library.truth.describe(name).index.tolist()
    assert "truth" not in SCHEMAS
    assert "truth" not in dir(library)  # not offered by completion
    assert not {"segment", "lapse_cause", "resident_id"} & {
        c for table in SCHEMAS.values() for c in table.names
    }


def test_no_column_says_who_somebody_is():
    personal = {
        "title",
        "item_id",
        "sex",
        "gender",
        "race",
        "religion",
        "birth_date",
        "address",
        "email",
        "phone",
    }
    about_people = [
        name
        for name, table in SCHEMAS.items()
        if {"patron_id", "household_id", "person_id"} & set(table.names)
    ]
    assert len(about_people) > 12
    for name in about_people:
        assert not personal & set(SCHEMAS[name].names), name
    # The raw export is what it is, and has no number by which it could be joined.
    for name in ("export_patrons", "export_checkouts"):
        assert not {"patron_id", "household_id"} & set(SCHEMAS[name].names)
    everywhere = {column for table in SCHEMAS.values() for column in table.names}
    assert not everywhere & {"race", "ethnicity", "religion", "sex", "gender", "health"}


def test_the_as_of_date_is_one():
    assert course_utils.AS_OF == AS_OF == pd.Timestamp("2025-08-31")


def test_a_students_tables_need_no_faker():
    code = (
        "import sys; from course_utils import Library; library = Library.for_student('ada');"
        "library.patrons, library.checkouts, library.attendance, library.computer_sessions;"
        "print(sorted({'faker', 'matplotlib', 'seaborn', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_tables_that_were_built_elsewhere_are_taken_as_they_are():
    built = Library(3, patrons=500)
    furnished = Library(3, patrons=500).furnish({"patrons": built.patrons, "attendance": built.attendance})
    pd.testing.assert_frame_equal(furnished.patrons, built.patrons)
    assert np.shares_memory(furnished.patrons["patron_id"].to_numpy(), built.patrons["patron_id"].to_numpy())
    # What was not handed over is built, and fits.
    assert "_town" not in vars(furnished)
    pd.testing.assert_frame_equal(furnished.programs, built.programs)
    # Changing a table that was handed out changes nothing else.
    patrons = furnished.patrons
    patrons["heard"] = None
    pd.testing.assert_frame_equal(furnished.patrons, built.patrons)


@pytest.mark.parametrize(
    ("frames", "complaint"),
    [
        (lambda built: {"patron": built.patrons}, "did you mean “patrons”"),
        (lambda built: {"patrons": built.patrons.drop(columns="heard")}, "the columns should be"),
        (lambda built: {"patrons": built.patrons.astype({"patron_id": "int32"})}, "holds int32, not int64"),
    ],
    ids=["no such table", "a column is missing", "another type"],
)
def test_tables_that_do_not_fit_are_refused_and_none_is_taken(frames, complaint):
    built, other = Library(3, patrons=500), Library(4, patrons=500)
    with pytest.raises(CourseError, match=complaint):
        other.furnish({"attendance": built.attendance, **frames(built)})
    assert not other.attendance.equals(built.attendance)
