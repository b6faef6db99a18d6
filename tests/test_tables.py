"""The schemas, and loading: typed frames from whole files, and one clear sentence for any other."""

import gzip
import shutil

import pandas as pd
import pytest

from course_utils import tables
from course_utils.errors import CourseError
from course_utils.tables import SCHEMAS, Column, Table, load, validate

NAMES = [
    "tracts",
    "branches",
    "households",
    "patrons",
    "items",
    "checkouts",
    "programs",
    "attendance",
    "computer_sessions",
    "gate_counts",
    "holds",
    "searches",
    "wifi_sessions",
    "registrations",
    "room_bookings",
    "reference_questions",
    "teams",
    "team_people",
    "touches",
    "consultations",
    "trust_survey",
    "campaigns",
    "mailings",
    "homework_help",
    "export_patrons",
    "export_checkouts",
    "first_days",
    "yearly_use",
    "survey_invitations",
    "survey_answers",
    "comments",
    "comment_codes",
    "interviews",
    "interviewees",
    "messages",
    "staff_guesses",
    "staff_personas",
    "staff_journey",
    "language_estimates",
    "outreach_visits",
]


def test_the_tables_are_those_that_lessons_know():
    assert sorted(SCHEMAS) == sorted(NAMES)


@pytest.mark.parametrize("table", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_is_complete_and_refers_to_what_exists(table):
    assert table.description.endswith(".")
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    for column in table.columns:
        assert column.type in tables.DTYPES
        assert column.description.endswith((".", "?”", ".”")), column.name
        assert bool(column.categories) == (column.type == "category"), column.name
        if column.foreign_key:
            other, key = column.foreign_key.split(".")
            assert SCHEMAS[other].column(key).unique


@pytest.mark.parametrize("name", NAMES)
def test_load_gives_typed_columns(name):
    frame = load(name)
    validate(frame, name)
    for column in SCHEMAS[name].columns:
        dtype = frame[column.name].dtype
        if column.type == "date":
            assert pd.api.types.is_datetime64_dtype(dtype)
        if column.type == "category":
            assert tuple(dtype.categories) == column.categories
            assert dtype.ordered == column.ordered


def test_age_bands_are_ordered_and_guest_passes_are_missing_numbers():
    assert (load("patrons")["age_band"] >= "65-74").any()
    guests = load("computer_sessions")["patron_id"]
    assert guests.dtype == "Int64"
    assert guests.isna().any()


def test_each_load_is_a_frame_of_its_own():
    branches = load("branches")
    branches["name"] = "spoilt"
    assert load("branches")["name"].nunique() == 4


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("patron", "“patrons”"), ("Checkouts ", "“checkouts”"), ("gatecounts", "“gate_counts”")],
)
def test_an_unknown_table_gets_the_nearest_name(asked, hint):
    with pytest.raises(CourseError, match=f"There is no table “{asked}”: did you mean {hint}"):
        load(asked)


@pytest.mark.parametrize("asked", ["zebra", "", 7, None, ("a", "b")])
def test_a_table_unlike_any_gets_the_list(asked):
    with pytest.raises(CourseError, match="the tables are tracts, branches"):
        load(asked)


# Damage ------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = shutil.copytree(tables.data_folder(), tmp_path / "data")
    monkeypatch.setenv("COURSE_DATA", str(folder))
    return folder


def edit(folder, name, change):
    """Change the text of a table's file as somebody with an editor would."""
    path = folder / SCHEMAS[name].file
    packed = path.suffix == ".gz"
    text = gzip.decompress(path.read_bytes()).decode() if packed else path.read_text()
    changed = change(text)
    assert changed != text
    raw = changed.encode("utf-8", "surrogateescape")
    path.write_bytes(gzip.compress(raw) if packed else raw)
    return path


def line(number, change):
    """A change of one line, counted from 1 as editors do."""

    def apply(text):
        lines = text.split("\n")
        lines[number - 1] = change(lines[number - 1])
        return "\n".join(lines)

    return apply


def field(table, column, value):
    """A change of one field within a line without quotes."""
    place = SCHEMAS[table].names.index(column)

    def apply(row):
        fields = row.split(",")
        fields[place] = value
        return ",".join(fields)

    return apply


CHANGES = {
    "a date": ("patrons", line(57, field("patrons", "enrolled", "2025-13-01"))),
    "a field more": ("attendance", line(8, lambda row: row + ",extra")),
    "no header": ("attendance", line(1, lambda row: row.replace("patron_id", "patron"))),
    "a row twice": ("households", lambda text: text + text.split("\n")[1] + "\n"),
    "nothing": ("households", lambda text: ""),
    "a value within the rules": ("branches", line(2, lambda row: row.replace("18", "20"))),
    "another encoding": ("programs", lambda text: text.replace("Teen", "T\udce9en", 1)),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_file_is_named_with_what_to_do(data, kind):
    name, change = CHANGES[kind]
    path = edit(data, name, change)
    with pytest.raises(CourseError, match="is not as it was frozen") as caught:
        load(name, data)
    assert str(path) in str(caught.value)
    assert "run `course data`" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no gzip", None])
def test_a_broken_gzip_file_is_named(data, content):
    path = data / "patrons.csv.gz"
    path.write_bytes(path.read_bytes()[:5000] if content is None else content)
    with pytest.raises(CourseError, match=r"patrons\.csv\.gz is damaged: it is not a whole gzip file"):
        load("patrons", data)


def test_a_missing_file_a_missing_folder_and_a_folder_in_its_place(data):
    (data / "tracts.csv").unlink()
    with pytest.raises(CourseError, match="data file tracts.csv is missing"):
        load("tracts", data)
    with pytest.raises(CourseError, match="data folder is missing"):
        load("tracts", data / "nowhere")
    (data / "branches.csv").unlink()
    (data / "branches.csv").mkdir()
    with pytest.raises(CourseError, match="cannot be read"):
        load("branches", data)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"resources": [{"name": "patrons"}]}'])
def test_missing_or_damaged_checksums_are_named(data, content):
    path = data / "datapackage.json"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(CourseError, match=r"list of checksums, .*datapackage\.json, is missing or damaged"):
        load("patrons", data)


def test_only_the_damaged_table_is_refused(data):
    edit(data, "tracts", line(7, field("tracts", "broadband", "x")))
    assert len(load("patrons", data)) == len(load("patrons"))


def test_the_folder_can_be_set_from_outside(data, monkeypatch):
    (data / "tracts.csv").unlink()
    monkeypatch.setenv("COURSE_DATA", str(data))
    with pytest.raises(CourseError, match="tracts.csv is missing"):
        load("tracts")


# Frames ------------------------------------------------------------------------------------------------


def test_a_library_of_ones_own_is_found_from_any_notebook_of_the_kit(tmp_path, monkeypatch):
    """As README has it: made in the kit's folder, read in a notebook."""
    shutil.copytree(tables.data_folder(), tmp_path / "my_town")
    (tmp_path / "notebooks").mkdir()
    branches = tables.load("branches")
    monkeypatch.setattr("course_utils.tables.reading.KIT", tmp_path)
    for place in (tmp_path, tmp_path / "notebooks"):
        monkeypatch.chdir(place)
        assert tables.load("branches", "my_town").equals(branches)
    with pytest.raises(CourseError, match="The data folder is missing .other_town/branches.csv"):
        tables.load("branches", "other_town")


def test_a_frame_that_breaks_a_rule_is_named_by_table_column_row_and_rule():
    tracts, branches = load("tracts"), load("branches")
    validate(branches, "branches", {"tracts": tracts})

    def refused(frame, said, name="branches"):
        with pytest.raises(CourseError, match=said):
            validate(frame, name, {"tracts": tracts})

    refused(branches.drop(columns="kind"), "Table branches: the columns should be branch, name, kind")
    refused(branches.assign(computers=1.5), "Table branches, column computers: holds float64, not int64")
    refused(branches.assign(computers=[1, 2, -3, 4]), "column computers, row 2: below 0, the lowest allowed")
    refused(
        branches.assign(name="The Library"),
        "column name, row 1, 2, 3: the same value stands in an earlier row",
    )
    refused(
        branches.assign(tract_id=["T01", "T99", "T02", None]),
        "column tract_id, row 1: no such tract_id in tracts",
    )
    refused(
        branches.assign(hours_sun=25.0), "column hours_sun, row 0, 1, 2, 3: above 24, the highest allowed"
    )
    refused(branches.assign(name=["a", "b", None, "c"]), "column name, row 2: a value is required")
    attendance = load("attendance")
    refused(pd.concat([attendance, attendance[:1]]), "the same program_id and patron_id", "attendance")


def test_a_small_table_is_typed_and_described():
    table = Table(
        "pets",
        "Pets",
        "Pets.",
        (
            Column("pet", "category", "Kind.", categories=("cat", "dog")),
            Column("age", "integer", "Age.", unit="years", required=False, minimum=0),
        ),
        key=("pet",),
    )
    frame = tables.typed({"pet": pd.array([1, 0], dtype="int8"), "age": [3, None]}, table)
    assert frame["pet"].tolist() == ["dog", "cat"]
    assert frame["age"].isna().tolist() == [False, True]
    assert tables.rules(table.column("age")) == ["may be missing", "at least 0"]


def test_describe_says_what_each_column_means():
    said = tables.describe("patrons")
    assert said.index.tolist() == SCHEMAS["patrons"].names
    assert "automatic renewal is not a use" in said.loc["last_use", "meaning"]
