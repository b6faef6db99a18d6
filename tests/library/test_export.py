"""The raw export: the same people, written down as a vendor would get them, and all of them invented."""

import re

import numpy as np
import pandas as pd
import pytest

from course_utils import tables
from course_utils.library import Library
from course_utils.methods import privacy
from course_utils.tables import AS_OF, validate
from course_utils.tables.export import LIBRARIES

NAMES = ("export_patrons", "export_checkouts")
QUASI = ["birth_date", "postal_code", "home_library"]


@pytest.fixture(
    scope="module",
    params=[(None, "en_US"), ("ada", "en_US"), (3, "fr_FR"), (4, "ja_JP"), (5, "es_MX")],
    ids=lambda param: f"{param[0]} {param[1]}",
)
def library(request):
    who, locale = request.param
    if who is None:
        return Library.port_ellery()
    return Library.for_student(who) if who == "ada" else Library(who, locale=locale)


@pytest.fixture(scope="module")
def raw(library):
    return library.export_patrons


@pytest.fixture(scope="module")
def read(raw):
    return privacy.read_export(raw)


@pytest.fixture(scope="module")
def records(read, library):
    """The records as they were before the upload: birth dates that were lost in it are put back."""
    truth = library.truth.export.set_index("record_number")["birth_date"]
    return read[0].assign(birth_date=truth.loc[read[0]["record_number"]].to_numpy())


@pytest.fixture(scope="module")
def joined(library, records):
    """Records with who they are, and with the patron file."""
    frame = records.merge(
        library.truth.export.drop(columns="birth_date"), on="record_number", validate="one_to_one"
    )
    return frame.merge(library.patrons, on="patron_id", validate="one_to_one", suffixes=("", "_on_file"))


def test_the_tables_keep_their_rules(library):
    frames = {name: library[name] for name in NAMES}
    for name in NAMES:
        validate(frames[name], name, frames)


def test_the_records_are_the_patron_file(library, joined):
    assert len(joined) == len(library.patrons)
    assert (joined["created"] == joined["enrolled"]).all()
    assert (joined["expires"] == joined["expires_on_file"]).all()
    pd.testing.assert_series_equal(joined["last_activity"], joined["last_use"], check_names=False)
    assert (
        joined["home_library"].map(dict(zip(LIBRARIES, tables.BRANCHES, strict=True)))
        == joined["home_branch"].astype(str)
    ).all()
    # The first of two cards may have been written down with another e-mail.
    first = joined["duplicate_of"].isna()
    assert (joined["email"].notna() == joined["has_email"])[first].all()
    age = (AS_OF - joined["birth_date"]).dt.days / 365.25
    low = joined["age_band"].astype(str).str.extract(r"(\d+)")[0].astype(float)
    assert ((age - low)[first] > -0.1).all()
    assert joined["birth_date"].le(joined["created"])[first].all()


def test_record_numbers_say_nothing_about_the_patron(joined):
    assert abs(np.corrcoef(joined["record_number"], joined["patron_id"])[0, 1]) < 0.05
    assert abs(np.corrcoef(joined["barcode"].astype(float), joined["patron_id"])[0, 1]) < 0.05
    assert not set(joined["record_number"]) & set(joined["patron_id"])


def test_nothing_leads_to_a_living_person(library, records):
    assert records["postal_code"].str.fullmatch(r"000[23][123]").all()  # the lowest code in use is 00501
    assert records["postal_code"].nunique() == 6
    assert records["phone"].dropna().str.fullmatch(r"555-01\d\d").all()
    assert records["email"].dropna().str.fullmatch(r"[a-z0-9.]+@example\.(com|net|org)").all()
    assert records["barcode"].str.fullmatch(r"2\d{13}").all()
    names = {re.sub(r"^\d+ | Apt \d+$| #\d+$", "", one) for one in records["address"]}
    short = {"Street", "Avenue", "Road", "Lane", "Court", "Drive", "St", "Ave", "Rd", "Ln", "Ct", "Dr"}
    assert all(len(name.split()) == 2 and name.split()[1] in short for name in names)


def test_barcodes_have_their_check_digit(records):
    digits = np.array([[int(one) for one in code] for code in records["barcode"]])
    double = digits[:, ::2] * 2
    assert (
        (np.where(double > 9, double - 9, double).sum(axis=1) + digits[:, 1::2].sum(axis=1)) % 10 == 0
    ).all()


def test_names_are_of_the_locale(library, records):
    text = "".join(records["last_name"]) + "".join(records["first_name"])
    if library.locale == "fr_FR":
        assert re.search("[éèç]", text)
    elif library.locale == "es_MX":
        assert re.search("[áéíóúñ]", text)
    elif library.locale == "ja_JP":
        assert not re.search("[a-z]{2}", text)
        assert records["email"].dropna().str.startswith("reader").all()
    assert records["last_name"].nunique() > 40
    assert records["last_name"].value_counts(normalize=True).max() < 0.12
    assert not records[["last_name", "first_name"]].isin([""]).any(axis=None)


def test_households_share_address_and_mostly_the_name(joined):
    first = joined[joined["duplicate_of"].isna()]
    home = first.groupby("household_id")
    assert (home["address"].nunique() == 1).all()
    assert (home["postal_code"].nunique() == 1).all()
    assert first.drop_duplicates("household_id")["address"].is_unique
    several = first[home["patron_id"].transform("size") > 1]
    same = (
        several.assign(name=several["last_name"].str.lower()).groupby("household_id")["name"].nunique() == 1
    )
    assert 0.55 < same.mean() < 0.95
    # Nobody shares a first name at home, so that a duplicate is one person.
    assert not first.assign(name=first["first_name"].str.lower()).duplicated(["household_id", "name"]).any()


def test_children_have_a_parents_address(joined):
    children = joined[
        (joined["age_band"] <= "6-12") & joined["email"].notna() & joined["duplicate_of"].isna()
    ]
    adults = set(joined.loc[joined["age_band"] > "13-17", "email"].dropna())
    assert children["email"].isin(adults).mean() > 0.5


def test_second_cards_are_written_down_a_little_differently(library, joined):
    second = joined[joined["duplicate_of"].notna()].astype({"duplicate_of": "int64"})
    assert 0.01 < len(second) / joined["resident_id"].nunique() < 0.02
    both = second.merge(joined, left_on="duplicate_of", right_on="record_number", suffixes=("", "_1"))
    assert len(both) == len(second)
    assert (both["resident_id"] == both["resident_id_1"]).all()
    share = {
        column: (both[column].fillna("") == both[column + "_1"].fillna("")).mean()
        for column in ("last_name", "first_name", "address", "email")
    }
    assert 0.75 < (both["birth_date"] == both["birth_date_1"]).mean() < 1
    # Japanese last names are too short to be mistyped by changing two letters.
    assert 0.55 < share["last_name"] < 0.95 or (library.locale == "ja_JP" and share["last_name"] == 1)
    assert 0.45 < share["first_name"] < 0.95
    assert 0.1 < share["address"] < 0.6
    assert 0.3 < share["email"] < 0.85
    everything = (both["last_name"] == both["last_name_1"]) & (both["first_name"] == both["first_name_1"])
    assert 0.25 < everything.mean() < (0.9 if library.locale == "ja_JP" else 0.65)


def test_most_records_are_alone_with_birth_date_postal_code_and_library(records):
    size = records.groupby(QUASI, observed=True)["barcode"].transform("size")
    assert (size == 1).mean() > 0.8
    coarse = records.assign(year=records["birth_date"].dt.year // 10)
    size = coarse.groupby(["year", "home_library"], observed=True)["barcode"].transform("size")
    assert (size >= 5).mean() > 0.98  # ten years and the library hide nearly everybody


def test_the_mess_is_there_and_every_line_is_counted(raw, read, library):
    records, problems = read
    assert len(records) + (~problems["kept"]).sum() == len(raw)
    assert set(records["record_number"]) == set(library.truth.export["record_number"])
    kinds = problems["kind"].value_counts()
    assert 2 <= kinds["heading again"] <= 4
    assert 5 <= kinds["test card"] <= 7
    for kind in ("placeholder", "not born yet", "no such day"):
        assert kinds[kind] >= 1
    lost = records["birth_date"].isna().mean()
    assert 0.003 < lost < 0.014
    true = library.truth.export.set_index("record_number")["birth_date"]
    there = records.dropna(subset="birth_date")
    assert (there["birth_date"].to_numpy() == true.loc[there["record_number"]].to_numpy()).all()
    assert raw["line"].tolist() == list(range(2, len(raw) + 2))
    assert all(
        f"Line {line:,}" in said for line, said in zip(problems["line"], problems["said"], strict=True)
    )


def test_dates_are_written_by_the_system_that_wrote_them(raw, joined, library):
    text = raw.set_index("record_number")["birth_date"].loc[joined["record_number"]]
    by_person, old, new = (
        text.str.fullmatch(form).to_numpy()
        for form in (r"\d{1,2}-[A-Z][a-z]{2}-\d{4}", r"\d\d/\d\d/\d{4}", r"\d{4}-\d\d-\d\d")
    )
    fine = ~text.isin(["01/01/1900"]).to_numpy()
    assert (joined["category"] == "e-card")[by_person].mean() > 0.9
    assert (joined["created"] < "2010-07-01")[old & fine].mean() > 0.95
    assert (joined["created"] >= "2010-07-01")[new].mean() > 0.98  # a year that is mistyped, and nonsense


def test_what_the_library_knows_besides(joined):
    dead = joined["note"].str.contains("deceased", case=False)
    assert (dead == joined["deceased"]).all()
    assert (joined["last_activity"][dead].isna() | (joined["last_activity"][dead] < "2023-09-02")).all()
    assert not joined["email_consent"][dead].any()
    assert joined["birth_date"][dead].lt("1966-01-01").all()
    asked = joined[["created", "renewed"]].max(axis=1) >= "2021-01-01"
    assert (joined["privacy_choice"].notna() == asked).all()
    assert set(joined["privacy_choice"].dropna()) == {"yes", "no"}
    children = joined["guardian"].notna()
    assert joined["age_band"][children].isin(["0-5", "6-12"]).all()
    home = joined.set_index("record_number")["household_id"]
    assert (joined["guardian"][children].map(home) == joined["household_id"][children]).all()
    assert (joined["purge_after"] >= joined["expires"]).all()


def test_money_is_owed_by_few(records):
    assert 0.04 < (records["money_owed"] > 0).mean() < 0.2
    assert records["money_owed"].max() < 300


# Checkouts -----------------------------------------------------------------------------------------------


def test_the_checkouts_are_those_of_the_last_six_months(library):
    lent, checkouts = library.export_checkouts, library.checkouts
    since = AS_OF - pd.DateOffset(months=6)
    of = library.truth.export.set_index("record_number")["patron_id"]
    mine = lent["record_number"].map(of)
    theirs = checkouts[
        (checkouts["date"] > since)
        & (checkouts["usage_class"] == "physical")
        & (checkouts["transaction_type"] == "checkout")
    ]
    columns = ["patron_id", "date", "material_type", "branch"]
    one = pd.DataFrame(
        {
            "patron_id": mine,
            "date": lent["checkout_date"],
            "material_type": lent["item_type"].astype(str),
            "branch": lent["checkout_location"].cat.codes,
        }
    )
    other = theirs.assign(
        material_type=theirs["material_type"].astype(str), branch=theirs["branch"].cat.codes
    )[columns]
    pd.testing.assert_series_equal(
        one.value_counts().sort_index(), other.value_counts().sort_index(), check_dtype=False
    )


def test_renewals_are_those_of_the_checkouts(library):
    lent, checkouts = library.export_checkouts, library.checkouts
    days = (lent["due_date"] - lent["checkout_date"]).dt.days
    assert (days[lent["renewals"] == 0] == 21).all()
    assert (days[lent["renewals"] == 1].between(28, 42)).all()
    assert (days[lent["renewals"] == 2].between(28, 63)).all()
    of = library.truth.export.set_index("record_number")["patron_id"]
    renewed = checkouts[
        (checkouts["transaction_type"] != "checkout") & (checkouts["date"] > lent["checkout_date"].min())
    ]
    total = renewed["patron_id"].value_counts()
    mine = lent["renewals"].groupby(lent["record_number"].map(of)).sum()
    assert (mine[mine > 0] <= total.reindex(mine[mine > 0].index)).all()


def test_titles_are_on_the_shelf_and_not_lent_more_often_than_counted(library):
    lent, items = library.export_checkouts, library.items
    items = items[~items["material_type"].isin(tables.DIGITAL)].astype({"material_type": str})
    key = ["title", "item_type"]
    shelf = (
        items.rename(columns={"material_type": "item_type"})
        .groupby(key)
        .agg(added=("added", "min"), subject=("subject", "first"), checkouts=("checkouts", "sum"))
    )
    known = lent.astype({"item_type": str}).merge(
        shelf, left_on=key, right_index=True, how="left", suffixes=("", "_1")
    )
    assert known["added"].notna().all()
    assert (known["added"] <= known["checkout_date"]).all()
    times = known.groupby(key).size()
    assert (times <= shelf.loc[times.index, "checkouts"]).all()
    # What came within the six months has nearly all its checkouts here.
    new = shelf[shelf["added"] > AS_OF - pd.DateOffset(months=6)]
    assert times.reindex(new.index).fillna(0).sum() > 0.95 * new["checkouts"].sum()


def test_readers_keep_their_tastes(library):
    lent = library.export_checkouts
    books = lent[lent["item_type"] == "book"]
    share = books.groupby("record_number")["subject"].agg(lambda s: s.value_counts(normalize=True).iloc[0])
    many = books["record_number"].value_counts()
    many = many.index[many >= 8]
    shuffled = books.assign(subject=np.random.default_rng(1).permutation(books["subject"]))
    chance = shuffled.groupby("record_number")["subject"].agg(
        lambda s: s.value_counts(normalize=True).iloc[0]
    )
    assert share[many].mean() > chance[many].mean() + 0.15


def test_a_few_loans_tell_somebody_apart(library):
    """Most readers are the only one with their three first titles."""
    lent = library.export_checkouts
    first = lent.groupby("record_number").head(3)
    sets = first.groupby("record_number")["title"].agg(lambda titles: tuple(sorted(titles)))
    sets = sets[sets.map(len) == 3]
    assert (~sets.duplicated(keep=False)).mean() > 0.98


def test_no_other_table_has_names_or_titles_of_persons():
    personal = {
        "last_name",
        "first_name",
        "birth_date",
        "address",
        "postal_code",
        "phone",
        "email",
        "barcode",
    }
    for name, table in tables.SCHEMAS.items():
        if name not in NAMES:
            assert not personal & set(table.names), name


@pytest.mark.parametrize("patrons", [500, 20_000])
def test_towns_of_other_sizes(patrons):
    library = Library(6, patrons=patrons)
    frames = {name: library[name] for name in NAMES}
    for name in NAMES:
        validate(frames[name], name, frames)
        assert len(frames[name])


def test_the_same_seed_gives_the_same_records():
    one, other = Library(8), Library(8)
    other.export_checkouts  # in another order  # noqa: B018
    for name in NAMES:
        pd.testing.assert_frame_equal(one[name], other[name])
