"""Reading an export, crowds, links, hashes and duplicates: by hand, for any table, and beside another way."""

import csv
import difflib
import io
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import load, privacy
from course_utils.errors import CourseError
from course_utils.library.upload import in_wrong_encoding
from course_utils.tables import AS_OF, SCHEMAS

NAMES = SCHEMAS["export_patrons"].names
GOOD = {
    "record_number": "2000001",
    "barcode": "21868005628560",
    "last_name": "Wolf",
    "first_name": "Greg",
    "birth_date": "1997-01-19",
    "address": "1 Shore Lane",
    "postal_code": "00023",
    "phone": "",
    "email": "",
    "home_library": "penor",
    "patron_type": "1",
    "created": "2016-10-19",
    "expires": "2022-10-19",
    "last_activity": "",
    "money_owed": "0.00",
    "guardian": "",
    "privacy_choice": "no",
    "purge_after": "2025-10-19",
    "note": "",
}


def written(tmp_path, *rows: dict, encoding="utf-8", before: bytes = b""):
    """A file of an export: its headings, and a line for each of the rows, which change GOOD."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(GOOD)
    for row in rows:
        table.writerow({**GOOD, **row}.values() if isinstance(row, dict) else row)
    path = tmp_path / "upload.csv"
    path.write_bytes(before + text.getvalue().encode(encoding))
    return path


def read(path):
    raw, before = privacy.read_file(path)
    records, problems = privacy.read_export(raw)
    return raw, records, pd.concat([before, problems], ignore_index=True)


def kinds(problems) -> list[str]:
    return problems["kind"].tolist()


# ---- reading --------------------------------------------------------------------------------------------------


def test_a_good_line_is_a_record(tmp_path):
    raw, records, problems = read(written(tmp_path, {}))
    assert len(raw) == len(records) == 1
    assert problems.empty
    one = records.iloc[0]
    assert (one["record_number"], one["money_owed"]) == (2000001, 0.0)
    assert one["birth_date"] == pd.Timestamp("1997-01-19")
    assert pd.isna(one["last_activity"])
    assert pd.isna(one["guardian"])


@pytest.mark.parametrize(
    ("change", "kind", "kept"),
    [
        ({"birth_date": "02/30/1987"}, "no such day", True),
        ({"birth_date": "1987.02.03"}, "no such day", True),
        ({"created": "soon"}, "no such day", True),
        ({"birth_date": "01/01/1900"}, "placeholder", True),
        ({"birth_date": "1870-05-05"}, "too long ago", True),
        ({"birth_date": "2096-05-05"}, "not born yet", True),
        ({"birth_date": "2016-10-20"}, "not born yet", True),
        ({"last_name": in_wrong_encoding("García")}, "garbled letters", True),
        ({"last_name": "TEST", "first_name": "Patron"}, "test card", False),
        ({"last_name": "zz test", "first_name": "printer"}, "test card", False),
        ({"record_number": "two"}, "no number", False),
        ({"record_number": "-5"}, "no number", False),
        ({"record_number": ""}, "no number", False),
        ({"money_owed": "a lot"}, "no amount", True),
        (dict(zip(GOOD, GOOD, strict=True)), "heading again", False),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, change, kind, kept):
    other = {"record_number": "2000002"}
    raw, records, problems = read(written(tmp_path, other, change))
    assert kinds(problems) == [kind]
    assert problems["line"].tolist() == [3]
    assert problems["kept"].tolist() == [kept]
    assert "Line 3" in problems["said"][0]
    assert len(records) + (~problems["kept"]).sum() == len(raw)


@pytest.mark.parametrize("name", ["Testa", "Contest", "Attest", "Zesty"])
def test_a_name_with_test_in_it_is_a_person(tmp_path, name):
    _, records, problems = read(written(tmp_path, {"last_name": name}))
    assert len(records) == 1
    assert problems.empty


def test_a_number_that_comes_twice_is_set_aside(tmp_path):
    _, records, problems = read(written(tmp_path, {}, {"first_name": "Ann"}))
    assert kinds(problems) == ["number twice"]
    assert records["first_name"].tolist() == ["Greg"]


def test_a_line_of_another_length_is_set_aside_and_counted(tmp_path):
    raw, records, problems = read(written(tmp_path, {}, ["too", "short"], {"record_number": "9"}))
    assert kinds(problems) == ["wrong length"]
    assert problems["line"].tolist() == [3]
    assert len(raw) == len(records) == 2


def test_a_file_of_another_encoding_is_read_and_told(tmp_path):
    path = written(tmp_path, {"last_name": "García"}, encoding="cp1252")
    _, records, problems = read(path)
    assert kinds(problems) == ["wrong encoding"]
    assert problems["line"].tolist() == [2]
    assert records["last_name"][0] == "García"


def test_the_mark_at_the_top_of_a_windows_file_is_no_part_of_the_heading(tmp_path):
    assert len(read(written(tmp_path, {}, before=b"\xef\xbb\xbf"))[1]) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04\x00\x00", "line 1: this isn't text"),
        (b"a,b\n1,2\n", "lacks record_number"),
    ],
)
def test_what_is_no_table_is_a_sentence(tmp_path, content, said):
    path = tmp_path / "upload.csv"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=said):
        privacy.read_file(path)


@given(st.lists(st.tuples(st.sampled_from(list(GOOD)), st.text(max_size=12)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_nothing_leaves_without_being_counted(changes):
    rows = [{"line": number + 2, **GOOD, "record_number": str(2_000_000 + number), column: value}
            for number, (column, value) in enumerate(changes)]  # fmt: skip
    raw = pd.DataFrame(rows, columns=NAMES, dtype=str).astype({"line": "int64"})
    records, problems = privacy.read_export(raw)
    aside = problems.loc[~problems["kept"], "line"]
    assert aside.is_unique
    assert len(records) + len(aside) == len(raw)
    assert not set(records["line"]) & set(aside)


def test_reading_changes_nothing_of_what_it_is_given():
    raw = load("export_patrons")
    before = raw.copy(deep=True)
    privacy.read_export(raw)
    pd.testing.assert_frame_equal(raw, before)


@given(st.text(max_size=20))
def test_letters_are_put_right_and_right_ones_are_left(text):
    garbled = in_wrong_encoding(text)
    assert privacy.repaired(pd.Series([garbled]))[0] == (
        text if garbled != text else privacy.repaired(pd.Series([text]))[0]
    )


@pytest.mark.parametrize("name", ["José", "Zoë", "Muñoz", "佐藤", "Łukasz", "Wolf"])
def test_names_with_accents_stay(name):
    assert privacy.repaired(pd.Series([name]))[0] == name


# ---- crowds ---------------------------------------------------------------------------------------------------

tables = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None]), st.sampled_from("123")),
    min_size=1,
    max_size=30,
).map(lambda rows: pd.DataFrame(rows, columns=["one", "two", "reads"]))


@given(tables)
@settings(deadline=None)
def test_k_and_l_beside_counting_by_hand(table):
    table = table.astype(object)
    groups = {}
    for one, two, reads in table.itertuples(index=False):
        groups.setdefault((one, two), []).append(reads)
    sizes = [len(groups[one, two]) for one, two in zip(table["one"], table["two"], strict=True)]
    assert privacy.group_sizes(table, ["one", "two"]).tolist() == sizes
    assert privacy.k_anonymity(table, ["one", "two"]) == min(sizes)
    assert privacy.l_diversity(table, ["one", "two"], "reads") == min(
        len(set(group)) for group in groups.values()
    )


@given(tables)
@settings(deadline=None)
def test_fewer_columns_never_make_a_crowd_smaller(table):
    fine, coarse = (privacy.group_sizes(table, columns) for columns in (["one", "two"], ["one"]))
    assert (coarse >= fine).all()
    assert privacy.l_diversity(table, ["one", "two"], "reads") <= privacy.k_anonymity(table, ["one", "two"])


def test_no_columns_and_no_rows():
    table = pd.DataFrame({"a": [1, 2]})
    assert privacy.group_sizes(table, []).tolist() == [2, 2]
    assert privacy.l_diversity(table, [], "a") == 2
    assert privacy.k_anonymity(table[:0], ["a"]) == privacy.l_diversity(table[:0], ["a"], "a") == 0


@pytest.fixture(scope="module")
def records():
    return privacy.read_export(load("export_patrons"))[0]


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, False),  # GOOD says no
        ({"privacy_choice": "yes"}, True),
        ({"privacy_choice": ""}, False),
        ({"privacy_choice": "yes", "purge_after": "2025-08-31"}, True),
        ({"privacy_choice": "yes", "purge_after": "2025-08-30"}, False),
        ({"privacy_choice": "yes", "note": "DECEASED per obituary"}, False),
        ({"privacy_choice": "yes", "note": "asks for new mysteries"}, True),
        ({"privacy_choice": "yes", "patron_type": "3"}, False),
        ({"privacy_choice": "yes", "patron_type": "3", "guardian": "2000009"}, True),
    ],
)
def test_only_those_who_may_go(tmp_path, change, may):
    _, records, _ = read(written(tmp_path, change))
    assert (len(privacy.may_go(records)) == 1) == may


def test_the_type_of_card_stays_only_if_asked_for(records):
    assert list(privacy.coarsened(records.head(5), when="none")) == [*privacy.GROUPS, "active"]
    assert "patron_type" in privacy.coarsened(records.head(5), card=True)


@pytest.mark.parametrize(
    ("born", "place", "when"), list(itertools.product(privacy.BORN, privacy.PLACE, privacy.WHEN))
)
def test_what_is_left_out_is_not_there(records, born, place, when):
    table = privacy.coarsened(records.head(200), born=born, place=place, library=False, when=when)
    there = {
        "born": born != "none",
        "postal_code": place != "none",
        "created": when != "none",
        "home_library": False,
    }
    for column, expected in there.items():
        assert (column in table) == expected
    assert not set(privacy.IDENTIFIERS) & set(table.columns)
    assert table["active"].dtype == bool


def test_coarser_is_never_more_alone(records):
    people = records.dropna(subset="birth_date")
    for one, other in itertools.pairwise(["day", "year", "5 years", "10 years"]):
        fine, coarse = (
            privacy.group_sizes(privacy.coarsened(people, born=born, when="none"), privacy.GROUPS)
            for born in (one, other)
        )
        assert (coarse >= fine).all()


def test_an_unknown_choice_is_refused(records):
    with pytest.raises(ValueError, match="weeks"):
        privacy.coarsened(records, when="weeks")


def test_the_answers_of_the_full_file_are_those_of_week_1(records):
    patrons = load("patrons")
    found = privacy.answers(privacy.coarsened(records, born="day", place="all", when="day"))
    since = AS_OF - pd.DateOffset(months=12)
    assert found.iloc[:4].tolist() == [
        len(patrons),
        (patrons["expires"] >= AS_OF).sum(),
        (patrons["last_use"] > since).sum(),
        ((patrons["last_use"] > since) & (patrons["home_branch"] == "BOOKM")).sum(),
    ]
    by_month = privacy.answers(privacy.coarsened(records, born="day", place="all", when="month"))
    assert by_month.isna().tolist() == [False, True, False, False, False, False]
    pd.testing.assert_series_equal(by_month.dropna(), found.drop(found.index[1]))


def test_what_a_table_no_longer_says_is_missing(records):
    found = privacy.answers(privacy.coarsened(records, born="none", place="area", library=False, when="year"))
    assert found.isna().tolist() == [False, True, False, True, True, True]


def test_a_table_without_rows_says_nothing(records):
    assert privacy.answers(privacy.coarsened(records)[:0]).isna().all()


# ---- links ----------------------------------------------------------------------------------------------------


def test_a_link_needs_one_on_either_side():
    left = pd.DataFrame({"record_number": [1, 2, 3, 4], "day": ["a", "b", "b", None]})
    right = pd.DataFrame({"patron_id": [10, 20, 30, 40], "day": ["a", "b", "c", None]})
    found = privacy.linked(left, right, ["day"])
    assert found[["record_number", "patron_id"]].to_numpy().tolist() == [[1, 10], [4, 40]]
    doubled = pd.concat([right, right[:1]])
    assert privacy.linked(left, doubled, ["day"])["record_number"].tolist() == [4]


def test_the_link_of_port_ellery_is_right(records):
    from course_utils.library import Library

    truth = Library.port_ellery().truth.export.set_index("record_number")["patron_id"]
    found = privacy.linked(records, privacy.as_export(load("patrons")), ["home_library", *privacy.DAYS])
    assert len(found) > 0.95 * len(records)
    assert (found["record_number"].map(truth) == found["patron_id"]).all()


# ---- hashes ---------------------------------------------------------------------------------------------------


def test_a_known_fingerprint():
    assert privacy.hashed("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    # RFC 4231, test case 2
    assert (
        privacy.hashed("what do ya want for nothing?", key="Jefe")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_a_barcode_is_guessed_and_one_with_a_key_is_not(records):
    barcode = min(records["barcode"])  # the first to be tried, so that the test is quick
    code, tries = privacy.guess_barcode(privacy.hashed(barcode), like=records["barcode"][0])
    assert code == barcode
    assert tries == int(barcode[7:13]) + 1
    assert privacy.guess_barcode(privacy.hashed(barcode, key="secret"), like=barcode) == (None, 1_000_000)


def test_every_barcode_of_the_library_is_among_those_tried(records):
    first = int(records["barcode"][0][:7])
    for barcode in records["barcode"].sample(200, random_state=1):
        assert privacy._barcodes(int(barcode[:13]), 1) == [int(barcode)]
        assert int(barcode[:7]) == first


# ---- duplicates -----------------------------------------------------------------------------------------------


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_that_of_difflib_without_accents_and_capitals(one, other):
    plain = [privacy.plain_letters(name) for name in (one, other)]
    assert privacy.likeness(one, other) == difflib.SequenceMatcher(None, *plain).ratio()
    assert 0 <= privacy.likeness(one, other) <= 1
    assert privacy.likeness(one, one.upper().lower()) == 1 or one.upper().lower() != one.lower()


def test_pairs_beside_all_pairs():
    rng = np.random.default_rng(1)
    few = pd.DataFrame(
        {
            "record_number": rng.permutation(60),
            "last_name": rng.choice(["Wolf", "Wolfe", "Garcia", "García"], 60),
            "email": rng.choice(["a@x", "b@x", "c@x", None], 60),
        }
    )
    right = {
        tuple(sorted((a.record_number, b.record_number)))
        for a, b in itertools.combinations(few.itertuples(), 2)
        if isinstance(a.email, str) and a.email == b.email
    }
    found = privacy.pairs(few, ["email"])
    assert set(zip(found["record_1"], found["record_2"], strict=True)) == right
    assert len(found) == len(right)


def test_three_rules_beside_the_truth(records):
    from course_utils.library import Library

    truth = Library.port_ellery().truth.export
    found = privacy.found_by_rules(records, truth)
    in_all = privacy.duplicates(truth)
    assert in_all == truth["duplicate_of"].notna().sum()
    known = {
        tuple(sorted(pair))
        for pair in truth[["record_number", "duplicate_of"]].dropna().astype(int).itertuples(index=False)
    }
    is_known = [pair in known for pair in zip(found["record_1"], found["record_2"], strict=True)]
    assert found["same_person"].tolist() == is_known
    assert list(found["rule"].unique()) == list(privacy.RULES)


# ---- reading habits -------------------------------------------------------------------------------------------


def test_the_favorite_subject_is_the_most_frequent_one():
    lent = pd.DataFrame({"record_number": [1, 1, 1, 2, 2], "subject": ["b", "a", "b", "d", "c"]})
    assert privacy.favorite_subjects(lent).to_dict() == {1: "b", 2: "c"}


def test_readers_are_those_with_a_checkout(records):
    lent = load("export_checkouts")
    table = privacy.coarsened(records, when="none")
    found = privacy.readers(table, records, lent)
    assert set(records.loc[found.index, "record_number"]) == set(lent["record_number"])
    assert found["reads"].isin(lent["subject"]).all()
