"""Grades for a learning system: its own columns, no formula, nothing open, and nothing that was not handed in as 0."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_gradebook import CLASS, WEEK, SmallCourse

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading import export
from course_utils.grading.course import Course
from course_utils.grading.export import (
    SYSTEMS,
    as_cell,
    as_csv,
    from_cell,
    open_questions,
)
from course_utils.grading.submissions.class_list import Form

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture
def course(tmp_path):
    """Quill has all points, O'Neil a half and a penalty, and Li has handed in nothing."""
    course = SmallCourse(tmp_path / "course")
    course.grade("mquill", test_total=6, in_words=4, when="2026-09-14 20:00:00 UTC")
    course.grade("jsmith", test_total=3, in_words=2.5, penalty=1.25)
    return course


def written(course, system, folder, **options):
    options.setdefault("to", str(folder / "out.csv"))
    exporter = SYSTEMS[system](assignment=[WEEK], **options)
    with course.gradebook as gradebook:
        done = exporter.write(gradebook, course.coursedir)
    return done, rows_of(Path(options["to"]))


def rows_of(path, encoding="utf-8-sig", delimiter=","):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


def refused(course, system, folder, **options):
    with pytest.raises(CourseError) as problem:
        written(course, system, folder, **options)
    return str(problem.value)


# ---- The five forms ----------------------------------------------------------------------------------------
def test_canvas(course, tmp_path):
    done, rows = written(course, "canvas", tmp_path)
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", WEEK],
        ["    Points Possible", "", "", "", "", "10"],
        ["Li, Wei", "5003", "", "wli", "", ""],
        ["O'Neil, Jr., José", "5002", "", "jsmith", "", "4.25"],
        ["Quill, Mary", "5001", "", "mquill", "", "10"],
    ]
    assert done.students == 3
    assert not (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_id_that_is_no_number_is_not_one_of_canvas(tmp_path):
    course = SmallCourse(tmp_path / "course", {"mquill": ("Mary", "Quill", "", "S-77")})
    assert written(course, "canvas", tmp_path)[1][2] == ["Quill, Mary", "", "S-77", "mquill", "", ""]


def test_moodle(course, tmp_path):
    done, rows = written(course, "moodle", tmp_path)
    assert rows[0] == ["First name", "Last name", "Username", "ID number", "Email address", WEEK]
    assert rows[3] == ["Mary", "Quill", "mquill", "5001", "mary.quill@example.org", "10"]
    assert "map one column" in " ".join(done.notes)


def test_moodle_never_gets_a_column_with_a_gap_by_which_it_would_change_the_student_above(tmp_path):
    course = SmallCourse(tmp_path / "course", CLASS | {"nomail": ("No", "Mail", "", "")})
    header = written(course, "moodle", tmp_path)[1][0]
    assert header == ["First name", "Last name", "Username", WEEK]


def test_moodle_template_without_a_whole_column_is_refused(course, tmp_path):
    template = tmp_path / "export.csv"
    template.write_text(
        "First name,Last name,Email address,Assignment: 01_week (Real)\nMary,Quill,,-\nWei,Li,wei@example.org,-\n"
    )
    assert "Moodle needs the e-mail address" in refused(course, "moodle", tmp_path, template=str(template))


def test_blackboard(course, tmp_path):
    done, rows = written(course, "blackboard", tmp_path)
    assert rows[0] == ["Last Name", "First Name", "Username", WEEK]
    assert rows[1:] == [
        ["Li", "Wei", "wli", ""],
        ["O'Neil, Jr.", "José", "jsmith", "4.25"],
        ["Quill", "Mary", "mquill", "10"],
    ]
    assert '"Quill","Mary","mquill","10"' in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "--template" in done.notes[0]


def test_brightspace(course, tmp_path):
    _, rows = written(course, "brightspace", tmp_path)
    assert rows[0] == [
        "OrgDefinedId",
        "Username",
        f"{WEEK} Points Grade <Numeric MaxPoints:10>",
        "End-of-Line Indicator",
    ]
    assert rows[3] == ["5001", "mquill", "10", "#"]


def test_spreadsheet(course, tmp_path):
    _, rows = written(course, "csv", tmp_path)
    records = {row[3]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert records["jsmith"]["last_name"] == "O'Neil, Jr."
    assert [records["jsmith"][name] for name in ("raw_score", "late_penalty", "score", "max_score")] == [
        "5.5",
        "1.25",
        "4.25",
        "10",
    ]
    assert records["mquill"]["handed_in_utc"] == "2026-09-14 20:00:00"
    assert [records["wli"][name] for name in ("handed_in_utc", "raw_score", "late_penalty", "score")] == [
        ""
    ] * 4


def test_a_spreadsheet_that_writes_decimal_commas(course, tmp_path):
    """The same table; only what stands between two cells, and in a number, is another sign."""
    _, points = written(course, "csv", tmp_path)
    path = tmp_path / "eu.csv"
    written(course, "csv", tmp_path, to=str(path), semicolons=True)
    numbers = range(points[0].index("raw_score"), len(points[0]))
    commas = [
        [cell.replace(".", ",") if place in numbers else cell for place, cell in enumerate(row)]
        for row in points
    ]
    assert rows_of(path, delimiter=";") == commas
    assert any("," in row[place] for row in commas[1:] for place in numbers)


def test_moodle_never_gets_a_column_in_which_two_are_the_same(tmp_path):
    twins = {"one": ("Mary", "Quill", "m@x.org", ""), "two": ("May", "Quill", "M@x.org", "")}
    _, rows = written(SmallCourse(tmp_path / "course", twins), "moodle", tmp_path)
    assert "Email address" not in rows[0]
    assert "Username" in rows[0]


def test_a_penalty_never_goes_below_zero(course, tmp_path):
    course.grade("mquill", test_total=1, in_words=0, penalty=3)
    assert written(course, "canvas", tmp_path)[1][4][-1] == "0"


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_not_handed_in_is_empty_and_a_zero_only_if_wanted(course, tmp_path, system):
    points = {"csv": "score"}.get(system)
    for zero, cell in ((False, ""), (True, "0")):
        _, rows = written(course, system, tmp_path, missing_as_zero=zero)
        place = next(i for i, name in enumerate(rows[0]) if (name == points if points else WEEK in name))
        assert next(row for row in rows if "wli" in row)[place] == cell


def test_roster_says_how_the_system_names_them(course, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,username,lms_id,section\nmquill,quill.m,777,Evening\n")
    _, rows = written(course, "canvas", tmp_path, roster=str(roster))
    assert rows[4] == ["Quill, Mary", "777", "", "quill.m", "Evening", "10"]


# ---- With a template ---------------------------------------------------------------------------------------
CANVAS = """\
\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Essay (40),Week one (4711),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,20,10,(read only)
"Quill, Mary",91,S1,mary.quill@example.org,Evening,3,,77
"O'Neil, Jr., José",92,S2,jsmith,Evening,4,1,88
"Student, Test",93,,,Evening,,,
"""


def test_canvas_template_keeps_its_ids_and_the_one_column(course, tmp_path):
    template = tmp_path / "canvas.csv"
    template.write_text(CANVAS, encoding="utf-8")
    done, rows = written(course, "canvas", tmp_path, template=str(template), column="Week one")
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week one (4711)"],
        ["", "", "", "", "", ""],
        ["    Points Possible", "", "", "", "", "10"],
        ["Quill, Mary", "91", "S1", "mary.quill@example.org", "Evening", "10"],
        ["O'Neil, Jr., José", "92", "S2", "jsmith", "Evening", "4.25"],
    ]
    assert done.students == 2
    assert any("Student, Test" in note for note in done.notes)
    assert any("wli" in note for note in done.notes)


def test_blackboard_template_stays_utf_16_with_tabs_and_its_number(course, tmp_path):
    template, out = tmp_path / "gc.xls", tmp_path / "out.csv"
    name = f"{WEEK} [Total Pts: 20 Score] |664617"
    lines = [
        "\t".join(('"Last Name"', '"First Name"', '"Username"', f'"{name}"')),
        '"Quill"\t"Mary"\t"mquill"\t""',
    ]
    template.write_text("\n".join(lines), encoding="utf-16")
    exporter = SYSTEMS["blackboard"](assignment=[WEEK], to=str(out), template=str(template))
    with course.gradebook as gradebook:
        done = exporter.write(gradebook, course.coursedir)
    assert rows_of(out, "utf-16", "\t") == [
        ["Last Name", "First Name", "Username", name],
        ["Quill", "Mary", "mquill", "10"],
    ]
    assert any("20 points" in note and "10" in note for note in done.notes)


def test_brightspace_template_keeps_the_sign_before_its_ids(course, tmp_path):
    template = tmp_path / "d2l.csv"
    item = f"{WEEK} Points Grade <Numeric MaxPoints:10 Weight:5>"
    template.write_text(
        f"OrgDefinedId,Username,Last Name,{item},End-of-Line Indicator\n#5001,#mquill,Quill,,#\n",
        encoding="utf-8",
    )
    _, rows = written(course, "brightspace", tmp_path, template=str(template))
    assert rows == [
        ["OrgDefinedId", "Username", item, "End-of-Line Indicator"],
        ["#5001", "#mquill", "10", "#"],
    ]


def test_two_students_of_one_name_are_not_told_apart_by_guessing(tmp_path):
    twins = {"one": ("Mary", "Quill", "", ""), "two": ("Mary", "Quill", "", "")}
    course = SmallCourse(tmp_path / "course", twins)
    template = tmp_path / "canvas.csv"
    template.write_text(f'Student,ID,SIS Login ID,Section,{WEEK} (1)\n"Quill, Mary",1,,E,\nX,2,two,E,\n')
    done, rows = written(course, "canvas", tmp_path, template=str(template))
    assert [row[1] for row in rows[1:]] == ["2"]
    assert any("Quill, Mary" in note for note in done.notes)


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("Name,Points\nMary,3\n", {}, "is not an export of Canvas"),
        (f"Student,ID,Section,{WEEK} (1)\nNobody,1,E,\n", {}, "Nobody in export.csv is on the class list"),
        (
            "Student,ID,Section,Essay (1)\nQuill,1,E,\n",
            {},
            "has no column for 01_week: name it with --column. There are: Essay (1)",
        ),
        (f"Student,ID,Section,{WEEK} (1),{WEEK} (2)\n", {}, "has more than one column for 01_week"),
        ("Student,ID\n", {"column": "Other"}, "has no column for Other"),
        ("", {}, "is not an export of Canvas"),
    ],
)
def test_a_template_that_does_not_fit(course, tmp_path, text, options, sentence):
    template = tmp_path / "export.csv"
    template.write_text(text)
    assert sentence in refused(course, "canvas", tmp_path, template=str(template), **options)
    assert not (tmp_path / "out.csv").exists()


# ---- What is open ------------------------------------------------------------------------------------------
def test_refused_by_name_and_question_while_something_is_open(course, tmp_path):
    course.grade("mquill", test_total=6, in_words=4, open_=("in_words",))
    course.grade("jsmith", in_words=2)
    said = refused(course, "canvas", tmp_path)
    assert "2 things are open" in said
    assert "mquill, in_words: is to be looked at" in said
    assert "jsmith, test_total: has no mark yet" in said
    assert list(tmp_path.glob("out*")) == []


def test_anyway_leaves_empty_what_is_open(course, tmp_path):
    course.grade("mquill", test_total=6, in_words=4, open_=("in_words",))
    done, rows = written(course, "canvas", tmp_path, anyway=True, missing_as_zero=True)
    assert [row[-1] for row in rows[2:]] == ["0", "4.25", ""]
    assert "mquill, in_words" in done.notes[0]


@pytest.mark.parametrize(
    ("collected", "graded", "why"),
    [
        ("2026-09-14 20:00:00 UTC", None, "handed in and could not be graded"),
        ("2026-09-15 20:00:00 UTC", "2026-09-14 20:00:00 UTC", "handed in again after it was graded"),
        ("2026-09-14 20:00:00 UTC", "2026-09-14 20:00:00 UTC", None),
    ],
)
def test_collected_work_is_compared_with_what_was_graded(course, tmp_path, collected, graded, why):
    course.hand_in("mquill", when=collected)
    if graded:
        course.hand_in("mquill", when=graded, step="autograded")
    if why:
        assert f"mquill: was {why}" in refused(course, "canvas", tmp_path)
    else:
        assert written(course, "canvas", tmp_path)[1][4][-1] == "10"


def test_work_that_nobody_graded_or_knows_is_open_and_never_a_zero(course, tmp_path):
    course.hand_in("wli")
    course.hand_in("stranger")
    said = refused(course, "csv", tmp_path, missing_as_zero=True)
    assert "wli: was handed in and not graded yet" in said
    assert "stranger: handed in, but is not on the class list" in said
    _, rows = written(course, "canvas", tmp_path, missing_as_zero=True, anyway=True)
    assert rows[2][-1] == ""


def test_a_submission_of_which_nothing_was_graded_is_named_once(course):
    course.grade("mquill")
    with course.gradebook as gradebook:
        assert [str(each) for each in open_questions(gradebook, None, WEEK)] == [
            "mquill: nothing of it has been graded"
        ]


def test_a_mark_that_is_no_number_is_open(course, tmp_path):
    course.grade("mquill", test_total=float("inf"), in_words=1)
    assert "mquill, test_total: its mark is not a number" in refused(course, "canvas", tmp_path)


def test_someone_elses_open_question_does_not_stop_the_export_of_one_student(course, tmp_path):
    course.grade("jsmith", in_words=2)
    _, rows = written(course, "canvas", tmp_path, student=["mquill"])
    assert [row[3] for row in rows[2:]] == ["mquill"]


# ---- Where to ----------------------------------------------------------------------------------------------
def test_an_earlier_export_is_replaced_as_a_whole_and_a_gradebook_never(course, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("old")
    assert written(course, "canvas", tmp_path)[1][0][0] == "Student"
    gradebook = course.folder / "gradebook.db"
    before = gradebook.read_bytes()
    assert "is no earlier export" in refused(course, "canvas", tmp_path, to=str(gradebook))
    assert gradebook.read_bytes() == before


def test_the_template_is_not_overwritten(course, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("Student,ID\n")
    assert "choose another name" in refused(course, "canvas", tmp_path, template=str(out))


def test_nothing_is_half_written(course, tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    out.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_utils.kit.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        written(course, "canvas", tmp_path)
    assert [path.name for path in tmp_path.glob("out*")] == ["out.csv"]
    assert out.read_text() == "old"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"assignment": ["99_none"]}, "The gradebook knows no assignment 99_none. It has: 01_week."),
        ({"student": ["nobody"]}, "Not on the class list: nobody."),
        ({"to": "."}, "is a folder"),
    ],
)
def test_names_that_are_not_known(course, options, sentence):
    exporter = SYSTEMS["canvas"](**{"assignment": [WEEK], **options})
    with course.gradebook as gradebook, pytest.raises(CourseError, match=sentence.replace(".", "[.]")):
        exporter.write(gradebook, course.coursedir)


# ---- CSV ---------------------------------------------------------------------------------------------------
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
CELL = TEXT | st.builds("{}{}{}".format, st.sampled_from(["", "'", " ", "''"]), st.sampled_from(SIGNS), TEXT)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=4), st.booleans())
def test_any_text_comes_back_and_none_is_a_formula(rows, quote_all):
    for delimiter in ",;\t":
        text = as_csv(rows, Form(delimiter=delimiter), quote_all=quote_all)
        read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert [[from_cell(cell) for cell in row] for row in read] == rows
        assert not [
            cell for row in read for cell in row if cell.startswith(SIGNS) or cell.lstrip().startswith(SIGNS)
        ]


@given(st.floats(0, 10_000))
def test_numbers_stay_numbers(points):
    assert float(as_cell(points)) == pytest.approx(points, abs=1e-4)


@pytest.mark.parametrize(
    "surname",
    ["O'Neil, Jr.", '=HYPERLINK("http://x.example","Click")', "@SUM(1)", "+1", "-2", 'He said "no"', "a\nb"],
)
@pytest.mark.parametrize("system", SYSTEMS)
def test_any_surname_survives_and_none_is_a_formula(tmp_path, surname, system):
    course = SmallCourse(tmp_path / "course", {"mquill": ("", surname, "m@example.org", "1")})
    _, rows = written(course, system, tmp_path)
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(SIGNS)]
    if system != "brightspace":
        assert any(from_cell(cell) == surname for row in rows for cell in row)


# ---- The two commands --------------------------------------------------------------------------------------
@pytest.fixture
def kit(course, monkeypatch, tmp_path):
    """The command works on the small course."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Course, "here", classmethod(lambda _: course))
    return tmp_path


def test_course_export(kit, capsys):
    assert cli.main(["export", WEEK, "--to", "canvas"]) == 0
    assert "3 students are in grades_01_week_canvas.csv." in capsys.readouterr().out
    assert (kit / "grades_01_week_canvas.csv").exists()


def test_course_export_that_is_refused(kit, course, capsys):
    course.grade("jsmith", in_words=2)
    assert cli.main(["export", WEEK, "--to", "moodle", "--out", "x.csv"]) == 2
    assert "jsmith, test_total" in capsys.readouterr().err
    assert not (kit / "x.csv").exists()
    assert cli.main(["export", WEEK, "--to", "moodle", "--out", "x.csv", "--anyway"]) == 0


def test_nbgrader_export_with_our_exporter(course, tmp_path):
    def nbgrader(*arguments):
        command = [sys.executable, "-m", "nbgrader", "export", *arguments]
        return subprocess.run(command, cwd=course.folder, capture_output=True, text=True)

    chosen = (
        "--exporter=course_utils.grading.export.Canvas",
        "--to",
        str(tmp_path / "out.csv"),
    )
    done = nbgrader(*chosen, f"--assignment=['{WEEK}']")
    assert done.returncode == 0, done.stderr
    assert rows_of(tmp_path / "out.csv")[4][-1] == "10"
    course.grade("jsmith", in_words=2)
    done = nbgrader(*chosen)
    assert done.returncode == 2
    assert "jsmith, test_total: has no mark yet" in done.stderr
    assert "Traceback" not in done.stderr
    done = nbgrader(*chosen, "--SystemExport.anyway=True")
    assert done.returncode == 0, done.stderr


def test_every_option_of_the_command_is_one_of_the_exporter():
    assert set(export.OPTIONS) <= set(export.SystemExport.class_trait_names(config=True))
