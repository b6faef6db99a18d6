"""Late work: zones and their summers, extensions, penalties, and times that a student wrote."""

import logging
import os
import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.apps.api import temp_attrs
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from small_gradebook import WEEK, SmallCourse
from traitlets.config import Config, LoggingConfigurable

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading.course import HAS_EXCHANGE, Course, read_config
from course_utils.grading.gradebook import lateness
from course_utils.grading.gradebook.lateness import (
    Policy,
    parse_when,
    read_policy,
    read_timestamp,
    to_utc,
    who_is_late,
)
from course_utils.grading.nbgrader_plugins.collect import last_change
from course_utils.grading.nbgrader_plugins.late_penalties import LatePenalties
from course_utils.kit import kit_folder

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
SMALL = "90_small"


def utc(text):
    return datetime.fromisoformat(text)


def policy(folder, text):
    (folder / "late.toml").write_text(text, encoding="utf-8")
    return read_policy(folder)


# ---- Times -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-09-14 23:59 America/New_York", "2026-09-15 03:59"),
        ("2026-12-14 23:59 America/New_York", "2026-12-15 04:59"),
        ("2026-09-14 23:59:30 Asia/Kathmandu", "2026-09-14 18:14:30"),
        ("2026-09-14T23:59:00-04:00", "2026-09-15 03:59"),
        ("2026-09-14 23:59 +0200", "2026-09-14 21:59"),
        ("2026-09-14 23:59 -0330", "2026-09-15 03:29"),
        ("2026-09-14 23:59Z", "2026-09-14 23:59"),
        ("2026-09-14 9:05 UTC", "2026-09-14 09:05"),
        ("2026-09-14 23:59", "2026-09-15 03:59"),
        # The clock is put back: half past one comes twice, and the student gets the later one.
        ("2026-11-01 01:30 America/New_York", "2026-11-01 06:30"),
        # The clock is put forward: half past two does not come.
        ("2026-03-08 02:30 America/New_York", "2026-03-08 07:30"),
        (utc("2026-09-14 23:59"), "2026-09-15 03:59"),
        (datetime(2026, 9, 14, 23, 59, tzinfo=UTC), "2026-09-14 23:59"),
    ],
)
def test_due_dates(said, moment):
    assert parse_when(said, NEW_YORK) == utc(moment)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("2026-09-14 23:59 Nowhere/Bogus", "'Nowhere/Bogus' is no time zone"),
        ("2026-09-14 23:59 EDT", "'EDT' is no time zone"),
        ("2026-09-14 11:59 PM America/New_York", "is not a date and a time"),
        ("Monday", "is not a date and a time"),
        ("2026-02-30 10:00 UTC", "is not on the calendar"),
        ("2026-09-14 25:00 UTC", "is not on the calendar"),
        ("2026-09-14 23:59 +9959", "is not on the calendar"),
        ("9999-12-31 23:59 -04:00", "is not on the calendar"),
        (7, "is not a date and a time"),
        ("2026-09-14 23:59 ../../etc", "is not a date and a time"),
    ],
)
def test_due_dates_that_cannot_be_meant(said, sentence):
    with pytest.raises(CourseError, match=re.escape(sentence)):
        parse_when(said, NEW_YORK)


def test_a_due_date_without_any_zone_is_refused():
    with pytest.raises(CourseError, match="has no time zone"):
        parse_when("2026-09-14 23:59", None)


def test_where_nbgrader_itself_goes_wrong():
    """Why `course late --due` is there. Should one of these change, its reason is gone."""
    assert parse_utc("2026-09-14 23:59 Nowhere/Bogus") == utc("2026-09-14 23:59")
    assert parse_utc("2026-09-14 23:59 EDT") == utc("2026-09-14 23:59")
    assert parse_utc("2026-09-14 23:59 +0200") == utc("2026-09-14 23:55:40")
    assert parse_utc("2026-09-14 23:59 America/New_York") == utc("2026-09-15 03:59")


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["America/New_York", "Europe/Paris", "Australia/Lord_Howe"]),
)
def test_what_a_clock_shows_leads_back_to_the_moment_or_to_its_twin(moment, zone):
    zone = ZoneInfo(zone)
    local = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    first, second = to_utc(local, zone), to_utc(local, zone, latest=True)
    assert moment in (first, second)
    assert first <= second <= first + HOUR


# ---- What it costs -----------------------------------------------------------------------------------------
def test_without_a_file_late_work_costs_nothing(tmp_path):
    found = read_policy(tmp_path)
    assert found == Policy()
    assert found.penalty(10, utc("2027-01-01"), utc("2026-01-01")) == 0
    assert "costs nothing" in found.in_words()


def test_the_file_that_comes_with_the_kit_costs_nothing_and_its_examples_can_be_used(tmp_path):
    text = (kit_folder() / "assignments" / "late.toml").read_text(encoding="utf-8")
    assert policy(tmp_path, text) == Policy()
    used = policy(tmp_path, re.sub(r"^# (?=[\w\[]+\]* *=|\[\[)", "", text, flags=re.MULTILINE))
    assert (used.zone, used.grace, used.amount, used.per, used.at_most) == (NEW_YORK, HOUR / 4, 10, "day", 50)
    assert used.closed_after == 168 * HOUR
    assert used.extensions[0].until == utc("2026-09-19 03:59")


DUE = utc("2026-09-15 04:00")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ('timezone = "America/New_York"', "America/New_York"),
        ("", "UTC"),
        ('timezone = "Nowhere/Else"', "UTC"),
        ("timezone = [", "UTC"),
        (None, "UTC"),
    ],
)
def test_formgraders_form_is_on_the_clock_of_late_toml(tmp_path, text, zone):
    shutil.copy(kit_folder() / "assignments" / "nbgrader_config.py", tmp_path)
    if text is not None:
        (tmp_path / "late.toml").write_text(text)
    assert read_config(tmp_path).NbGraderAPI.timezone == zone


@pytest.mark.parametrize(
    ("late", "begun", "points"),
    [
        (-HOUR, 0, 0),
        (0 * HOUR, 0, 0),
        (HOUR / 4, 0, 0),
        (HOUR / 4 + timedelta(seconds=1), 1, 1),
        (24 * HOUR, 1, 1),
        (24 * HOUR + timedelta(microseconds=1), 2, 2),
        (96 * HOUR, 4, 3),
        (120 * HOUR, 5, 3),
        (121 * HOUR, 6, 10),
    ],
)
def test_percent_a_day_with_grace_a_most_and_an_end(tmp_path, late, begun, points):
    rules = policy(
        tmp_path, "[penalty]\ngrace_minutes = 15\npercent = 10\nat_most = 30\nclosed_after_hours = 120\n"
    )
    assert rules.periods(DUE + late, DUE) == begun
    assert rules.penalty(10, DUE + late, DUE) == pytest.approx(points)
    assert rules.in_words() == (
        "Late work costs 10 percent of the points earned for each day begun, at most 30 percent and everything after "
        "120 hours, after 15 minutes of grace."
    )


def test_points_an_hour(tmp_path):
    rules = policy(tmp_path, '[penalty]\npoints = 0.5\nper = "hour"\n')
    assert rules.penalty(10, DUE + timedelta(minutes=61), DUE) == 1
    assert rules.penalty(0.7, DUE + 50 * HOUR, DUE) == 0.7


@pytest.mark.parametrize(
    ("due", "hours", "with_zone", "without"),
    [
        # In the night to Sunday, 1 November 2026, the clock is put back: that day has 25 hours.
        ("2026-11-01 03:59", 24.5, 1, 2),
        ("2026-11-01 03:59", 25.5, 2, 2),
        # In the night to Sunday, 8 March 2026, it is put forward: that day has 23.
        ("2026-03-08 04:59", 22.5, 1, 1),
        ("2026-03-08 04:59", 23.5, 2, 1),
        ("2026-09-15 03:59", 23.5, 1, 1),
        ("2026-10-26 03:59", 24 * 7 + 0.5, 7, 8),
    ],
)
def test_a_day_is_a_day_on_the_clock_of_the_class(due, hours, with_zone, without):
    moment = utc(due) + hours * HOUR
    assert Policy(zone=NEW_YORK).periods(moment, utc(due)) == with_zone
    assert Policy().periods(moment, utc(due)) == without


@given(
    score=st.floats(0, 100),
    hours=st.floats(-100, 5000),
    amount=st.floats(0, 200),
    percent=st.booleans(),
    per=st.sampled_from(["day", "hour"]),
    zone=st.sampled_from([None, NEW_YORK]),
)
def test_a_penalty_is_never_more_than_the_points_nor_less_than_nothing(
    score, hours, amount, percent, per, zone
):
    rules = Policy(zone=zone, amount=amount, percent=percent, per=per)
    penalty = rules.penalty(score, DUE + hours * HOUR, DUE)
    assert 0 <= penalty <= score
    assert hours > 0 or penalty == 0


def test_extensions(tmp_path):
    rules = policy(
        tmp_path,
        """
timezone = "America/New_York"
[[extension]]
student = "hazel"
hours = 48
[[extension]]
student = "aspen"
assignment = "01_week"
until = 2026-09-20 23:59:00
[[extension]]
student = "birch"
until = "2026-09-01 12:00"
""",
    )
    assert rules.due(DUE, "07_any", "hazel") == DUE + 48 * HOUR
    assert rules.due(DUE, "01_week", "aspen") == utc("2026-09-21 03:59")
    assert rules.due(DUE, "02_week", "aspen") == DUE
    assert rules.due(DUE, "01_week", "birch") == DUE  # nobody has less time than the others
    assert rules.due(None, "01_week", "hazel") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[penalty]\npercent = = 3\n", "line 2"),
        ("[penalty]\n\npercent = '10'\n", "late.toml, line 3: “percent” is a number, 0 or more."),
        ("[penalty]\npercent = -1\n", "line 2: “percent” is a number"),
        ("[penalty]\npercent = nan\n", "line 2: “percent” is a number"),
        ("[penalty]\npercent = true\n", "line 2: “percent” is a number"),
        ("[penalty]\npercent = 1\npoints = 1\n", "line 3: “points” stands beside percent"),
        ('[penalty]\nper = "week"\n', 'line 2: “per” is "day" or "hour".'),
        ("[penalty]\ngrace = 3\n", "line 2: “grace” means nothing under penalty"),
        ("penalties = 3\n", "line 1: “penalties” means nothing: there are extension, penalty, timezone."),
        ("penalty = 3\n", "line 1: “penalty” is a table"),
        ('# first\ntimezone = "EST"\n', "line 2: “timezone” cannot be used: 'EST' is no time zone"),
        ("[extension]\nstudent = 'a'\n", "line 1: “extension” is written with two brackets"),
        ("[[extension]]\nhours = 3\n", "line 1: “extension” needs a student"),
        (
            '[[extension]]\nstudent = "a"\nhours = 1\n\n[[extension]]\nstudent = "b"\n',
            "line 5: “extension” needs either",
        ),
        (
            '[[extension]]\nstudent = "a"\nhours = 1\n[[extension]]\nstudent = "b"\nhours = "x"\n',
            "line 6: “hours” is a number",
        ),
        (
            '[[extension]]\nstudent = "a"\nuntil = "soon"\n',
            "line 3: “until” cannot be used: soon is not a date",
        ),
        ('[[extension]]\nstudent = "a"\nuntil = "2026-09-14 10:00"\n', "line 3: “until” cannot be used"),
        (
            '[[extension]]\nstudent = "a"\nhours = 1\nwhy = "ill"\n',
            "line 4: “why” means nothing under extension",
        ),
        ('[[extension]]\nstudent = "a"\nhours = 1\nassignment = 1\n', "line 4: “assignment” is the name"),
    ],
)
def test_a_broken_file_is_one_sentence_with_its_line(tmp_path, text, sentence):
    with pytest.raises(CourseError) as problem:
        policy(tmp_path, text)
    assert sentence in str(problem.value)
    assert str(problem.value).startswith("late.toml")
    assert "\n" not in str(problem.value)


def test_a_file_in_another_encoding(tmp_path):
    (tmp_path / "late.toml").write_bytes("# für\n".encode("latin-1"))
    with pytest.raises(CourseError, match="late.toml cannot be read"):
        read_policy(tmp_path)


# ---- In nbgrader -------------------------------------------------------------------------------------------
class Converter(LoggingConfigurable):
    """What stands above nbgrader's preprocessors when it grades."""

    def __init__(self, coursedir):
        super().__init__(
            config=Config(
                {"AssignLatePenalties": {"plugin_class": f"{LatePenalties.__module__}.LatePenalties"}}
            )
        )
        self.coursedir = coursedir


@pytest.fixture
def course(tmp_path):
    course = SmallCourse(tmp_path / "course")
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate="2026-09-14 23:59 America/New_York")
    return course


def penalty_of(course, student, when, assignment=WEEK, **points):
    """What nbgrader's own preprocessor records for work of which the points are known."""
    course.grade(student, assignment, when=when, **(points or {"test_total": 6, "in_words": 4}))
    preprocessor = AssignLatePenalties(parent=Converter(course.coursedir))
    with course.gradebook as gradebook:
        names = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    for notebook in names:
        place = {"notebook": notebook, "assignment": assignment, "student": student}
        resources = {"nbgrader": {**place, "db_url": course.coursedir.db_url}}
        preprocessor.preprocess(nbformat.v4.new_notebook(), resources)
    with course.gradebook as gradebook:
        submission = gradebook.find_submission(assignment, student)
        return submission.late_submission_penalty


def test_nbgrader_records_what_late_toml_says(course):
    assert penalty_of(course, "mquill", "2026-09-16 05:00:00 UTC") == 0
    policy(course.folder, "[penalty]\npercent = 10\n")
    assert penalty_of(course, "mquill", "2026-09-16 05:00:00 UTC") == 2
    assert penalty_of(course, "mquill", "2026-09-15 03:59:00 UTC") == 0
    policy(course.folder, "[penalty]\npercent = 10\n[[extension]]\nstudent = 'mquill'\nhours = 24\n")
    assert penalty_of(course, "mquill", "2026-09-16 05:00:00 UTC") == 1
    assert penalty_of(course, "jsmith", "2026-09-16 05:00:00 UTC") == 2


def test_an_extension_given_in_nbgrader_counts_as_well(course):
    policy(course.folder, "[penalty]\npercent = 10\n")
    course.grade("mquill", when="2026-09-16 05:00:00 UTC", test_total=6, in_words=4)
    with course.gradebook as gradebook:
        gradebook.grant_extension(WEEK, "mquill", days=1)
    assert penalty_of(course, "mquill", "2026-09-16 05:00:00 UTC") == 1


def test_points_are_taken_once_from_an_assignment_of_two_notebooks(tmp_path):
    course = SmallCourse(tmp_path / "course", notebooks=["one", "two"])
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate="2026-09-14 23:59 UTC")
    policy(course.folder, "[penalty]\npoints = 3\n")
    assert penalty_of(course, "mquill", "2026-09-15 01:00:00 UTC") == 3


def test_a_broken_file_stops_the_grading_with_its_sentence(course):
    (course.folder / "late.toml").write_text("[penalty]\npercent = 'x'\n")
    with pytest.raises(CourseError, match="line 2"):
        penalty_of(course, "mquill", "2026-09-16 05:00:00 UTC")


def test_who_is_late(course):
    rules = policy(course.folder, 'timezone = "America/New_York"\n[penalty]\npercent = 10\n')
    course.hand_in("mquill", when="2026-09-16 05:00:00 UTC")
    course.hand_in("wli", when="2026-09-15 03:00:00 UTC")
    course.hand_in("jsmith", when="nonsense")
    with course.gradebook as gradebook:
        (late,) = who_is_late(gradebook, course.coursedir, WEEK, rules)
    assert (late.student, late.by, late.periods, late.penalty) == (
        "mquill",
        25 * HOUR + timedelta(minutes=1),
        2,
        None,
    )
    course.grade("mquill", when="2026-09-16 05:00:00 UTC", test_total=6, in_words=4)
    with course.gradebook as gradebook:
        assert who_is_late(gradebook, course.coursedir, WEEK, rules)[0].penalty == 2


@pytest.fixture
def kit(course, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(Course, "here", classmethod(lambda _: course))
    return tmp_path


def test_course_late(kit, course, capsys):
    assert cli.main(["late", WEEK]) == 0
    assert "Nobody is late." in capsys.readouterr().out
    policy(course.folder, 'timezone = "America/New_York"\n[penalty]\npercent = 10\n')
    course.grade("mquill", when="2026-09-16 05:00:00 UTC", test_total=6, in_words=4)
    assert cli.main(["late", WEEK]) == 0
    said = capsys.readouterr().out
    assert "01_week is due 2026-09-14 23:59 EDT." in said
    assert "10 percent of the points earned for each day begun" in said
    assert "handed in (EDT)" in said
    assert re.search(r"mquill .*2026-09-16 01:00 .*1 d 1 h 1 min.* 2 .*2 \(recorded: 0\)", said)
    assert cli.main(["late", WEEK, "--record"]) == 0
    assert "mquill: 2 points are taken off, and were 0." in capsys.readouterr().out
    with course.gradebook as gradebook:
        assert gradebook.find_submission(WEEK, "mquill").late_submission_penalty == 2
    assert cli.main(["late", WEEK, "--record"]) == 0
    assert "taken off, and were" not in capsys.readouterr().out


LONG = {
    "nia.oconnor": ("Nia", "O'Connor", "", ""),
    "w": ("Wei", "Li", "", ""),
    "jo-ann": ("Jo", "Ann", "", ""),
}
RULES = """timezone = "America/New_York"
[penalty]
percent = 10
at_most = 50
"""


def extension(student, *lines):
    return "\n".join(["[[extension]]", f'student = "{student}"', *lines, ""])


@pytest.mark.parametrize("others", [[], ["a.very.long.name.of.somebody@students.example.org"]])
def test_course_late_on_a_narrow_terminal(tmp_path, monkeypatch, capsys, others):
    """Names are whole, every line fits, and who has an extension, no marks or no time is shown as that."""
    course = SmallCourse(tmp_path / "course", LONG | dict.fromkeys(others, LONG["w"]))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(Course, "here", classmethod(lambda _: course))
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(WEEK, duedate="2026-09-14 23:59 America/New_York")
    policy(course.folder, RULES + extension("w", "hours = 48") + extension("jo-ann", "hours = 24"))
    for student in ("nia.oconnor", *others):
        course.grade(student, when="2026-09-25 05:00:00 UTC", test_total=6, in_words=4)
    course.hand_in("w", when="2026-09-15 05:00:00 UTC")
    assert cli.main(["late", WEEK]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    assert max(map(len, lines)) <= 80
    assert "at most 50 percent." in said.replace("\n", " ")
    assert "student      handed in (EDT)   late by         days  points taken off" in lines or others
    assert "nia.oconnor  2026-09-25 01:00  10 d 1 h 1 min  11    5 (recorded: 0)" in lines or others
    for name in (*LONG, *others):
        assert any(line.split()[:1] == [name] for line in lines)
    assert re.search(r"^w .*2026-09-16 23:59  2026-09-15 01:00  in time$", said, re.M)
    assert re.search(r"^jo-ann .*2026-09-15 23:59  nothing yet$", said, re.M)


def test_work_without_a_time_is_listed_and_costs_nothing(kit, course, capsys):
    """It was graded late, and other work was taken in since, of which nothing says when it came."""
    policy(course.folder, RULES)
    course.grade("mquill", when="2026-09-16 05:00:00 UTC", penalty=2, test_total=6, in_words=4)
    course.hand_in("mquill")
    course.hand_in("wli")
    assert cli.main(["late", WEEK]) == 0
    said = capsys.readouterr().out
    assert "time unknown, so nothing is taken off: mquill, wli" in said
    assert re.search(r"^mquill .*time unknown .* 0 \(recorded: 2\)$", said, re.M)


def test_an_extension_of_nobody_is_named(kit, course, capsys):
    policy(
        course.folder,
        RULES
        + extension("mquil", "hours = 24")
        + extension("wli", 'assignment = "01_weak"', "hours = 24")
        + extension("wli", 'assignment = "02_later"', "hours = 24"),
    )
    (course.folder / "source" / "02_later").mkdir(parents=True)
    assert cli.main(["late", WEEK]) == 0
    assert (
        "late.toml has an extension that does nothing: mquil (did you mean mquill?) is not on the class list, and "
        "01_weak (did you mean 01_week?) is no assignment.\n"
    ) in capsys.readouterr().out
    policy(course.folder, RULES + extension("wli", "hours = 24"))
    assert cli.main(["late", WEEK]) == 0
    assert "does nothing" not in capsys.readouterr().out


def test_course_late_sets_the_due_date_in_a_zone_that_exists(kit, course, capsys):
    assert cli.main(["late", WEEK, "--due", "2026-10-01 23:59 Europe/Paris"]) == 0
    with course.gradebook as gradebook:
        assert lateness.due_date(gradebook, WEEK) == utc("2026-10-01 21:59")
    assert cli.main(["late", WEEK, "--due", "2026-10-01 23:59 CEST"]) == 2
    assert "'CEST' is no time zone" in capsys.readouterr().err
    assert cli.main(["late", "99_none", "--due", "2026-10-01 23:59 UTC"]) == 2
    assert "knows no assignment 99_none. It has: 01_week." in capsys.readouterr().err


# ---- Time from a trusted source ----------------------------------------------------------------------------
needs_exchange = pytest.mark.skipif(not HAS_EXCHANGE, reason="nbgrader has no exchange on Windows")


@pytest.fixture(scope="session")
def released_course(small_assignment, tmp_path_factory):
    """A course with a released assignment, and its notebook on the desk of this computer's user."""
    course = Course.create(tmp_path_factory.mktemp("lateness") / "course", [small_assignment])
    course.generate(SMALL)
    course.release(SMALL)
    desk = course.folder / "my_work" / SMALL
    desk.mkdir(parents=True)
    shutil.copy(small_assignment / f"{SMALL}.ipynb", desk)
    return course


@pytest.fixture
def exchange(released_course, tmp_path):
    """The same course, a copy for each test, and something handed in just now."""
    shutil.copytree(released_course.folder, tmp_path / "course")
    course = Course(tmp_path / "course")
    submit(course)
    return course


def submit(course):
    with temp_attrs(course.coursedir, assignment_id=SMALL):
        place = {
            "coursedir": course.coursedir,
            "authenticator": course.api.authenticator,
            "parent": course.api,
        }
        course.api.exchange.Submit(**place).start()


def inbound(course):
    return sorted((course.exchange / "port_ellery" / "inbound").iterdir())[-1]


def collected(course):
    """Collect as `nbgrader collect` does; the folder, and what the log says."""
    result = course.api.collect(SMALL)
    folders = list((course.folder / "assignments" / "submitted").glob(f"*/{SMALL}"))
    return (folders[0] if folders else None), result


def forge(folder, claim, *, rename=True):
    """What a student can do to a hand-in of their own: the file in it, its name, and all times that can be set."""
    (folder / "timestamp.txt").write_text(f"{claim:%Y-%m-%d %H:%M:%S.%f} UTC")
    if rename:
        student, assignment, _, random = folder.name.rsplit("+", 3)
        folder = folder.rename(
            folder.with_name(f"{student}+{assignment}+{claim:%Y-%m-%d %H:%M:%S.%f} UTC+{random}")
        )
    for path in (*folder.iterdir(), folder):
        os.utime(path, (claim.replace(tzinfo=UTC).timestamp(),) * 2)
    return folder


def now():
    return datetime.now(UTC).replace(tzinfo=None)


@needs_exchange
def test_an_honest_hand_in_keeps_its_time(exchange):
    claimed = read_timestamp(inbound(exchange))
    folder, result = collected(exchange)
    assert read_timestamp(folder) == claimed
    assert result["success"]
    assert "claims" not in result["log"]


@needs_exchange
@pytest.mark.parametrize("rename", [True, False])
@pytest.mark.parametrize("days", [-2, 400])
def test_a_forged_time_is_put_aside_and_said(exchange, days, rename):
    claim = now() + timedelta(days=days)
    forge(inbound(exchange), claim, rename=rename)
    folder, result = collected(exchange)
    assert abs(read_timestamp(folder) - now()) < timedelta(minutes=5)
    assert "claims to be of" in result["log"]
    assert result["success"]


@needs_exchange
def test_a_change_after_handing_in_counts_as_handed_in_then(exchange):
    """Handed in yesterday, as far as everything says that a student can write: the notebook is of today."""
    folder = inbound(exchange)
    before = last_change(folder)
    time.sleep(0.05)
    forge(folder, now() - timedelta(days=1))
    assert last_change(inbound(exchange)) > before


@needs_exchange
def test_the_forged_time_costs_what_being_late_costs(exchange):
    due = now() - timedelta(hours=30)
    with exchange.gradebook as gradebook:
        gradebook.update_or_create_assignment(SMALL, duedate=due)
        student = inbound(exchange).name.split("+")[0]
        gradebook.update_or_create_student(student)
    forge(inbound(exchange), due - HOUR)
    collected(exchange)
    with exchange.gradebook as gradebook:
        (late,) = who_is_late(gradebook, exchange.coursedir, SMALL, Policy(amount=10))
    assert (late.student, late.periods) == (student, 2)


@needs_exchange
def test_an_exchange_that_was_restored_can_be_told_to_believe_the_claims(exchange):
    claim = now() - timedelta(days=2)
    forge(inbound(exchange), claim)
    exchange.api.config.TrustedCollect.trusted_time = False
    folder, _ = collected(exchange)
    assert read_timestamp(folder) == claim


@needs_exchange
@pytest.mark.parametrize("content", ["", "yesterday", "99999-01-01", "\xff\xfe", None])
def test_a_time_that_cannot_be_read_stops_nobody(exchange, content):
    path = inbound(exchange) / "timestamp.txt"
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode("latin-1"))
    folder, result = collected(exchange)
    assert abs(read_timestamp(folder) - now()) < timedelta(minutes=5)
    assert result["success"]


@needs_exchange
def test_a_folder_of_any_name_in_the_exchange_stops_nobody(exchange):
    (inbound(exchange).parent / f"mallory+{SMALL}+not a time+x").mkdir()
    _, result = collected(exchange)
    names = {path.parent.name for path in (exchange.folder / "assignments" / "submitted").glob(f"*/{SMALL}")}
    assert names == {"mallory", inbound_student(exchange)}
    assert "mallory does not say when" in result["log"]


def inbound_student(course):
    folders = (course.exchange / "port_ellery" / "inbound").iterdir()
    return next(folder.name.split("+")[0] for folder in folders if not folder.name.startswith("mallory"))


def planted(course, student):
    folder = inbound(course).parent / f"{student}+{SMALL}+{now():%Y-%m-%d %H:%M:%S.%f} UTC+abc"
    folder.mkdir()
    (folder / f"{SMALL}.ipynb").write_text("{}")
    return folder


@needs_exchange
@pytest.mark.parametrize("kind", ["link", "link to a folder", "pipe"])
def test_a_link_in_a_hand_in_is_refused_and_everybody_else_is_collected(exchange, tmp_path, kind):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "gradebook.db").write_text("secret")
    odd = planted(exchange, "mallory") / "data.csv"
    if kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to(tmp_path / "secret" / ("gradebook.db" if kind == "link" else ""))
    _, result = collected(exchange)
    names = {path.parent.name for path in (exchange.folder / "assignments" / "submitted").glob(f"*/{SMALL}")}
    assert names == {inbound_student(exchange)}
    assert not result["success"]
    assert "The work of mallory was not collected: data.csv is a" in result["log"]
    assert not list((exchange.folder / "assignments" / "submitted").rglob("gradebook.db"))


@needs_exchange
@pytest.mark.needs("root")
def test_another_users_file_under_a_second_name_is_refused(exchange, tmp_path):
    (tmp_path / "key").write_text("secret")
    os.chown(tmp_path / "key", 12_345, -1)
    os.link(tmp_path / "key", planted(exchange, "mallory") / "data.csv")
    _, result = collected(exchange)
    assert (
        "Work in the name of mallory was set aside, because data.csv in it belongs to user 12345"
        in result["log"]
    )
    assert not (exchange.folder / "assignments" / "submitted" / "mallory" / SMALL).exists()


@needs_exchange
def test_a_link_that_comes_up_while_it_is_copied_is_refused(exchange, monkeypatch):
    folder = planted(exchange, "mallory")
    seen = []

    def swap(path, *arguments):
        problem = real(path, *arguments)
        if path == folder and not seen:
            seen.append(path)
            (folder / f"{SMALL}.ipynb").unlink()
            (folder / f"{SMALL}.ipynb").symlink_to(Path(__file__))
        return problem

    from course_utils.grading.nbgrader_plugins import collect

    real = collect.what_is_odd
    monkeypatch.setattr(collect, "what_is_odd", swap)
    _, result = collected(exchange)
    assert seen
    assert "mallory was not collected" in result["log"]
    assert not (exchange.folder / "assignments" / "submitted" / "mallory" / SMALL).exists()


@needs_exchange
def test_update_takes_the_later_hand_in(exchange):
    first, _ = collected(exchange)
    before = read_timestamp(first)
    time.sleep(0.01)
    submit(exchange)
    assert exchange.api.collect(SMALL, update=True)["success"]
    assert read_timestamp(first) > before


def from_elsewhere(course, folder, text):
    """What `course collect --from moodle --update` leaves: neither a time nor nbgrader's secret."""
    for path in list(folder.iterdir()):
        path.unlink()
    (folder / f"{SMALL}.ipynb").write_text(text)


@needs_exchange
def test_update_keeps_work_that_came_from_elsewhere_and_says_so(exchange):
    folder, _ = collected(exchange)
    student = folder.parent.name
    from_elsewhere(exchange, folder, "{}")
    submit(exchange)
    planted(exchange, "mallory")
    result = exchange.api.collect(SMALL, update=True)
    assert result["success"]
    assert (folder / f"{SMALL}.ipynb").read_text() == "{}"
    assert f"The work of {student} was kept: it came from elsewhere" in result["log"]
    assert f"delete {Path('submitted', student, SMALL)} and collect again" in result["log"]
    assert f"Updating submission: {student}" not in result["log"]
    assert (folder.parent.parent / "mallory" / SMALL).is_dir()
    shutil.rmtree(folder)
    exchange.api.collect(SMALL, update=True)
    assert (folder / f"{SMALL}.ipynb").read_text() != "{}"


@needs_exchange
def test_the_same_work_from_elsewhere_gets_its_time_from_the_exchange(exchange):
    folder, _ = collected(exchange)
    when = read_timestamp(folder)
    from_elsewhere(exchange, folder, (inbound(exchange) / f"{SMALL}.ipynb").read_text())
    result = exchange.api.collect(SMALL, update=True)
    assert "was kept" not in result["log"]
    assert read_timestamp(folder) == when


@needs_exchange
def test_work_from_the_exchange_without_a_time_is_updated_as_ever(exchange):
    folder, _ = collected(exchange)
    (folder / "timestamp.txt").unlink()
    (folder / f"{SMALL}.ipynb").write_text("{}")
    submit(exchange)
    assert "was kept" not in exchange.api.collect(SMALL, update=True)["log"]
    assert (folder / f"{SMALL}.ipynb").read_text() != "{}"


@needs_exchange
def test_the_warning_carries_a_flag(exchange, caplog):
    forge(inbound(exchange), now() - timedelta(days=2))
    collect = exchange.api.exchange.Collect(
        coursedir=exchange.coursedir, authenticator=exchange.api.authenticator, parent=exchange.api
    )
    exchange.coursedir.assignment_id = SMALL
    collect.log = logging.getLogger("collecting")
    with caplog.at_level("WARNING", logger="collecting"):
        collect.start()
    assert [record.flag for record in caplog.records if "claims" in record.message] == ["time"]
