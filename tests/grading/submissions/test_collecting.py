"""Archives of four learning systems, with all that may be wrong in one: everybody else's work is collected."""

import copy
import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from small_gradebook import CLASS, QUESTIONS, WEEK, SmallCourse

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading.course import Course
from course_utils.grading.submissions import collecting
from course_utils.grading.submissions.collecting import SYSTEMS, collect
from course_utils.grading.submissions.unpacking import Bounds

NEW_YORK = ZoneInfo("America/New_York")
NOTEBOOK = f"{WEEK}.ipynb"


@pytest.fixture
def course(tmp_path):
    return SmallCourse(tmp_path / "course")


def notebook(text="", questions=()):
    cells = [
        {"cell_type": "code", "source": text, "metadata": {"nbgrader": {"grade_id": name}}}
        for name in questions
    ]
    return json.dumps({"cells": cells or [{"cell_type": "code", "source": text, "metadata": {}}]})


def packed(path, files, **options):
    """An archive of files, each given as (name or ZipInfo) -> content."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return path


def inner(files):
    """The bytes of an archive within an archive."""
    return packed(io.BytesIO(), files).getvalue()


def run(course, tmp_path, system, files, **options):
    archive = packed(tmp_path / "download.zip", files)
    options.setdefault("zone", NEW_YORK)
    return collect(course.coursedir, WEEK, system, archive, **options)


def had(course, student, name=NOTEBOOK):
    path = course.folder / "submitted" / student / WEEK / name
    return json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]


def files_of(course, student):
    folder = course.folder / "submitted" / student / WEEK
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def time_of(course, student):
    return (course.folder / "submitted" / student / WEEK / "timestamp.txt").read_text()


def left_over(course):
    """Anything in `submitted` that is not a student's collected work."""
    root = course.folder / "submitted"
    return [path for path in root.rglob("*") if path.name.startswith(".") or ".part" in path.name]


GOOD = {"canvas": "quillmary_5001_900_", "moodle": "Mary Quill_77_assignsubmission_file_/"}


# ---- How the systems name files ----------------------------------------------------------------------------
def test_canvas(course, tmp_path):
    done = run(
        course,
        tmp_path,
        "canvas",
        {
            f"quillmary_5001_900_{WEEK}-1.ipynb": notebook("Mary"),
            "oneiljrjosé_LATE_5002_901_01_week.ipynb": notebook("José"),
            "liwei_5003_text.html": "<p>typed</p>",
            "liwei_5003_902_01_week (2).ipynb": notebook("Wei"),
            "liwei_5003_903_notes.csv": "a,b\n",
        },
    )
    assert done.problems == []
    assert done.new == ["jsmith", "mquill", "wli"]
    assert [had(course, student) for student in done.new] == ["José", "Mary", "Wei"]
    assert files_of(course, "wli") == [NOTEBOOK, "notes.csv"]
    assert "jsmith: Canvas says that it is late, and not by how much." in done.notes
    assert any("01_week-1.ipynb was given its name back" in note for note in done.notes)


def test_canvas_without_numbers_goes_by_the_name_alone(tmp_path):
    course = SmallCourse(tmp_path / "course", {who: (*details[:3], "") for who, details in CLASS.items()})
    done = run(course, tmp_path, "canvas", {"oneiljrjosé_12_34_01_week.ipynb": notebook("José")})
    assert (done.new, done.problems) == (["jsmith"], [])


def test_of_two_uploads_to_canvas_the_later_one_counts(course, tmp_path):
    files = {
        f"quillmary_5001_{number}_01_week{copy}.ipynb": notebook(str(number))
        for number, copy in ((902, "-1"), (901, ""))
    }
    assert run(course, tmp_path, "canvas", files).new == ["mquill"]
    assert had(course, "mquill") == "902"


@pytest.mark.parametrize(
    "folder", ["_assignsubmission_file_/", "_assignsubmission_file/", "_assignsubmission_file_"]
)
def test_moodle(course, tmp_path, folder):
    done = run(
        course,
        tmp_path,
        "moodle",
        {
            f"Mary Quill_123456{folder}01_week.ipynb": notebook("Mary"),
            "Mary Quill_123456_assignsubmission_onlinetext_/onlinetext.html": "typed",
            f"José O'Neil, Jr._123457{folder}01_week(1).ipynb": notebook("José"),
        },
    )
    assert done.problems == []
    assert [had(course, student) for student in ("mquill", "jsmith")] == ["Mary", "José"]
    assert files_of(course, "mquill") == [NOTEBOOK]


def test_moodle_in_folders_of_the_students_own(course, tmp_path):
    done = run(
        course,
        tmp_path,
        "moodle",
        {f"{GOOD['moodle']}hand in/{NOTEBOOK}": notebook("Mary"), f"{GOOD['moodle']}hand in/pic/a.png": "x"},
    )
    assert done.new == ["mquill"]
    assert files_of(course, "mquill") == [NOTEBOOK, "hand in/pic/a.png"]


def receipt(name, user, date):
    return f"Name: {name} ({user})\nAssignment: Week one\nDate Submitted: {date}\nCurrent Grade: \n\nFiles:\n"


def test_blackboard_takes_the_newest_attempt_and_its_time(course, tmp_path):
    start = "Week_one_mquill_attempt_2026-09-1"
    done = run(
        course,
        tmp_path,
        "blackboard",
        {
            f"{start}3-20-00-00_01_week.ipynb": notebook("first"),
            f"{start}3-20-00-00.txt": receipt(
                "Mary Quill", "mquill", "Sunday, September 13, 2026 8:00:00 PM EDT"
            ),
            f"{start}4-23-58-00_01_week.ipynb": notebook("second"),
            f"{start}4-23-58-00.txt": receipt(
                "Mary Quill", "mquill", "Monday, September 14, 2026 11:58:07 PM EDT"
            ),
            "Week_one_wli_attempt_2026-12-14-23-58-00_01_week.ipynb": notebook("no receipt"),
        },
    )
    assert done.problems == []
    assert had(course, "mquill") == "second"
    assert files_of(course, "mquill") == [NOTEBOOK, "timestamp.txt"]
    assert time_of(course, "mquill") == "2026-09-15 03:58:07 UTC"
    assert time_of(course, "wli") == "2026-12-15 04:58:00 UTC"


def test_blackboard_user_names_with_a_bar_are_told_by_the_receipt(tmp_path):
    students = {"smith": ("Ann", "Smith", "", ""), "j_smith": ("Jo", "Smith", "", "")}
    course = SmallCourse(tmp_path / "course", students)
    start = "Week_j_smith_attempt_2026-09-14-23-58-00"
    done = run(course, tmp_path, "blackboard", {f"{start}_01_week.ipynb": notebook("Jo")})
    assert done.new == []
    assert "Week_j_smith may be j_smith or smith" in done.problems[0]
    files = {f"{start}_01_week.ipynb": notebook("Jo"), f"{start}.txt": receipt("Jo Smith", "j_smith", "?")}
    assert run(course, tmp_path, "blackboard", files).new == ["j_smith"]


def test_a_file_called_like_somebody_elses_hand_in_stays_with_who_sent_it(course, tmp_path):
    start = "Week_mquill_attempt_2026-09-14-10-00-00_"
    done = run(
        course,
        tmp_path,
        "blackboard",
        {
            f"{start}{NOTEBOOK}": notebook("Mary"),
            f"{start}Week_wli_attempt_2027-01-01-00-00-00_{NOTEBOOK}": notebook("forged"),
            f"{start}a\\Week_wli_attempt_2027-01-01-00-00-00_{NOTEBOOK}": notebook("forged"),
        },
    )
    assert not (course.folder / "submitted" / "wli").exists()
    assert (done.new, had(course, "mquill")) == (["mquill"], "Mary")


def test_brightspace(course, tmp_path):
    done = run(
        course,
        tmp_path,
        "brightspace",
        {
            "index.html": "<html>",
            "12345-67890 - Mary Quill - Sep 14, 2026 1158 PM/01_week.ipynb": notebook("second"),
            "12345-67890 - Mary Quill - Sep 13, 2026 900 AM/01_week.ipynb": notebook("first"),
            "12346-67890 - Wei Li - 2 December, 2026 1405 - 01_week.ipynb": notebook("Wei"),
        },
    )
    assert done.problems == []
    assert (had(course, "mquill"), had(course, "wli")) == ("second", "Wei")
    assert time_of(course, "mquill") == "2026-09-15 03:58:00 UTC"
    assert time_of(course, "wli") == "2026-12-02 19:05:00 UTC"


def test_a_time_that_happened_twice_is_taken_for_the_first(course, tmp_path):
    name = "12345-67890 - Mary Quill - Nov 1, 2026 130 AM/01_week.ipynb"
    run(course, tmp_path, "brightspace", {name: notebook()})
    assert time_of(course, "mquill") == "2026-11-01 05:30:00 UTC"


def test_a_date_that_cannot_be_read_is_said_and_no_time_is_made_up(course, tmp_path):
    name = "12345-67890 - Mary Quill - 14 zembla, 2026 1158/01_week.ipynb"
    done = run(course, tmp_path, "brightspace", {name: notebook()})
    assert files_of(course, "mquill") == [NOTEBOOK]
    assert "nothing says whether it is late" in done.notes[0]


@pytest.mark.parametrize("system", ["blackboard", "brightspace"])
def test_local_times_need_a_zone(course, tmp_path, system):
    with pytest.raises(CourseError, match="--timezone"):
        run(course, tmp_path, system, {"x": ""}, zone=None)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_systems_example_is_of_that_system_alone(system):
    readers = [name for name, other in SYSTEMS.items() if other.read(SYSTEMS[system].example)]
    assert readers == [system]


def test_a_folder_with_what_was_in_the_archive_is_as_good(course, tmp_path):
    folder = tmp_path / "unpacked" / "submissions"
    folder.mkdir(parents=True)
    (folder / "quillmary_5001_900_01_week.ipynb").write_text(notebook("Mary"))
    assert collect(course.coursedir, WEEK, "canvas", folder.parent).new == ["mquill"]


def test_names_in_an_encoding_that_is_not_said(course, tmp_path):
    """As some systems write them: UTF-8, and no flag that says so."""
    name = "JosXX O'Neil, Jr._1_assignsubmission_file_/01_week.ipynb"
    archive = packed(tmp_path / "d.zip", {name: notebook("José")})
    data = archive.read_bytes().replace(b"JosXX", "José".encode())
    archive.write_bytes(data)
    assert zipfile.ZipFile(archive).namelist()[0].startswith("Jos├⌐")
    assert collect(course.coursedir, WEEK, "moodle", archive).new == ["jsmith"]


# ---- Whose it is -------------------------------------------------------------------------------------------
def test_unknown_and_ambiguous_people_are_named_and_nothing_is_guessed(tmp_path):
    students = CLASS | {"mary2": ("Mary", "Quill", "", "")}
    course = SmallCourse(tmp_path / "course", students)
    done = run(
        course,
        tmp_path,
        "moodle",
        {
            f"{GOOD['moodle']}{NOTEBOOK}": notebook(),
            f"Rowan Tree_78_assignsubmission_file_/{NOTEBOOK}": notebook(),
            f"Wei Li_79_assignsubmission_file_/{NOTEBOOK}": notebook("Wei"),
        },
    )
    assert done.new == ["wli"]
    assert "Mary Quill_77 may be mary2 or mquill" in done.problems[0]
    assert "Rowan Tree_78 is not on the class list" in done.problems[1]


def test_a_roster_tells_them_apart(tmp_path):
    students = CLASS | {"mary2": ("Mary", "Quill", "", "")}
    course = SmallCourse(tmp_path / "course", students)
    roster = tmp_path / "roster.csv"
    roster.write_text("id,lms_id\nmary2,6001\n")
    files = {
        "quillmary_6001_1_01_week.ipynb": notebook("two"),
        "quillmary_5001_2_01_week.ipynb": notebook("one"),
    }
    assert run(course, tmp_path, "canvas", files, roster=roster).new == ["mary2", "mquill"]
    assert (had(course, "mary2"), had(course, "mquill")) == ("two", "one")


def test_number_and_name_that_contradict_each_other(course, tmp_path):
    done = run(course, tmp_path, "canvas", {"liwei_5001_900_01_week.ipynb": notebook()})
    assert done.new == []
    assert "liwei_5001 may be mquill or wli" in done.problems[0]


def test_two_accounts_that_would_be_one_person(course, tmp_path):
    files = {
        f"Mary Quill_{number}_assignsubmission_file_/{NOTEBOOK}": notebook(str(number)) for number in (1, 2)
    }
    done = run(course, tmp_path, "moodle", files)
    assert done.new == []
    assert "Mary Quill_1 and Mary Quill_2 would both be theirs" in done.problems[0]


# ---- Which notebook ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "01_week-1.ipynb",
        "01_week (2).ipynb",
        "01_WEEK.ipynb",
        "01_week copy.ipynb",
        "01_week - Copy (3).ipynb",
        "01_week-1-1.IPYNB",
        "sub/01_week_2.ipynb",
    ],
)
def test_the_name_is_given_back(course, tmp_path, name):
    done = run(course, tmp_path, "moodle", {GOOD["moodle"] + name: notebook("Mary")})
    assert (done.new, done.problems) == (["mquill"], [])
    assert files_of(course, "mquill") == [NOTEBOOK]


def test_a_name_of_its_own_is_known_by_its_questions(course, tmp_path):
    done = run(
        course, tmp_path, "moodle", {f"{GOOD['moodle']}final FINAL.ipynb": notebook("Mary", QUESTIONS)}
    )
    assert had(course, "mquill") == "Mary"
    assert "final FINAL.ipynb was given its name back" in done.notes[0]


def test_a_foreign_notebook_is_collected_under_its_name_and_said(course, tmp_path):
    done = run(course, tmp_path, "moodle", {f"{GOOD['moodle']}poem.ipynb": notebook()})
    assert files_of(course, "mquill") == ["poem.ipynb"]
    assert "has no question of 01_week.ipynb" in done.notes[0]


def test_two_that_may_be_it_are_refused_unless_they_are_the_same(course, tmp_path):
    names = [f"{GOOD['moodle']}01_week{copy}.ipynb" for copy in ("", " (1)")]
    done = run(course, tmp_path, "moodle", {name: notebook(name) for name in names})
    assert (
        "more than one notebook that may be 01_week.ipynb: 01_week (1).ipynb, 01_week.ipynb"
        in done.problems[0]
    )
    assert run(course, tmp_path, "moodle", dict.fromkeys(names, notebook())).new == ["mquill"]
    assert files_of(course, "mquill") == [NOTEBOOK]


def test_notebooks_whose_own_names_look_like_copies(tmp_path):
    course = SmallCourse(tmp_path / "course", notebooks=["part_1", "part_2"])
    done = run(
        course,
        tmp_path,
        "moodle",
        {f"{GOOD['moodle']}part_{n}{copy}.ipynb": notebook(n) for n, copy in (("1", ""), ("2", "-1"))},
    )
    assert done.problems == []
    assert files_of(course, "mquill") == ["part_1.ipynb", "part_2.ipynb"]
    assert had(course, "mquill", "part_2.ipynb") == "2"


def test_no_notebook_at_all(course, tmp_path):
    done = run(course, tmp_path, "moodle", {f"{GOOD['moodle']}essay.docx": "x"})
    assert "it has no notebook, but essay.docx" in done.problems[0]
    assert not (course.folder / "submitted" / "mquill").exists()


def test_the_time_is_not_the_students_to_say(course, tmp_path):
    done = run(
        course,
        tmp_path,
        "moodle",
        {GOOD["moodle"] + NOTEBOOK: notebook(), f"{GOOD['moodle']}timestamp.txt": "2020-01-01 00:00:00 UTC"},
    )
    assert done.new == ["mquill"]
    assert files_of(course, "mquill") == [NOTEBOOK]


# ---- Archives within archives, and bad ones ----------------------------------------------------------------
def test_a_notebook_in_the_students_own_archive(course, tmp_path):
    data = inner(
        {
            f"hw/{NOTEBOOK}": notebook("Mary"),
            f"__MACOSX/hw/._{NOTEBOOK}": "x",
            f"hw/.ipynb_checkpoints/{WEEK}-checkpoint.ipynb": notebook("old"),
        }
    )
    done = run(course, tmp_path, "moodle", {f"{GOOD['moodle']}hw.zip": data})
    assert (done.new, done.problems) == (["mquill"], [])
    assert files_of(course, "mquill") == [NOTEBOOK]
    assert had(course, "mquill") == "Mary"


def link(name, target="/etc/passwd", kind=stat.S_IFLNK):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def locked(data):
    """The archive with the mark of a password on every file."""
    data = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + place] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


def damaged(data):
    """The archive with some bytes of its first file turned round."""
    start = data.index(b"PK\x03\x04") + 30 + 14
    return data[:start] + bytes(255 - byte for byte in data[start : start + 8]) + data[start + 8 :]


BOMB = inner({NOTEBOOK: b"0" * 30_000_000})
BAD = {
    "climbs out": ({"../../../evil.ipynb": "x"}, "leads out of its folder"),
    "climbs out on Windows": ({"..\\..\\evil.ipynb": "x"}, "leads out of its folder"),
    "absolute": ({"/etc/evil.ipynb": "x"}, "is absolute"),
    "absolute on Windows": ({"C:\\evil.ipynb": "x"}, "is absolute"),
    "control character": ({"a\nb.ipynb": "x"}, "cannot be a file's name"),
    "device's name": ({"NUL.ipynb": "x"}, "is that of a device"),
    "link": ([(link(NOTEBOOK), "/etc/passwd")], "is a link to another file"),
    "device": ([(link(NOTEBOOK, kind=stat.S_IFCHR), "")], "is a device, a pipe or the like"),
    "pipe": ([(link(NOTEBOOK, kind=stat.S_IFIFO), "")], "is a device, a pipe or the like"),
    "zip in a zip": ({"a.zip": inner({"b.zip": BOMB})}, "has an archive within it"),
    "capital letters": ({NOTEBOOK: "{}", "data.csv": "1", "DATA.csv": "2"}, "differ only in capital letters"),
    "capital letters of folders": (
        {NOTEBOOK: "{}", "d/a.csv": "1", "D/b.csv": "2"},
        "differ only in capital letters",
    ),
    "file and folder": ({NOTEBOOK: "{}", "d": "1", "d/b.csv": "2"}, "the name of a folder"),
    "many files": ({f"{number}.csv": "" for number in range(300)}, "more than 200 files"),
}
BAD_ARCHIVES = {
    "bomb": (BOMB, "as a zip bomb does"),
    "locked": (locked(inner({NOTEBOOK: notebook()})), "locked with a password"),
    "damaged": (damaged(inner({NOTEBOOK: notebook("x" * 500)})), "it is damaged"),
    "cut off": (inner({NOTEBOOK: notebook()})[:-30], "cannot be opened as a zip archive"),
    "no archive": (b"This is text.", "cannot be opened as a zip archive"),
    "empty": (b"", "cannot be opened as a zip archive"),
}


def check_only_mary_is_refused(course, tmp_path, files, sentence):
    """Mary's work is bad, and Wei's good: his is collected, and hers named; nothing of hers lies about."""
    files = [*files, (f"Wei Li_79_assignsubmission_file_/{NOTEBOOK}", notebook("Wei"))]
    done = run(course, tmp_path, "moodle", files)
    assert done.new == ["wli"]
    assert len(done.problems) == 1
    assert "mquill was not collected" in done.problems[0]
    assert sentence in done.problems[0]
    assert not (course.folder / "submitted" / "mquill").exists()
    assert left_over(course) == []
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("kind", [name for name in BAD if "climbs" not in name and "absolute" not in name])
def test_bad_files_of_one_student(course, tmp_path, kind):
    files, sentence = copy.deepcopy(BAD[kind])
    named = []
    for name, content in files.items() if isinstance(files, dict) else files:
        if isinstance(name, zipfile.ZipInfo):
            name.filename = name.orig_filename = GOOD["moodle"] + name.filename.rsplit("/", 1)[-1]
        else:
            name = GOOD["moodle"] + name
        named.append((name, content))
    check_only_mary_is_refused(course, tmp_path, named, sentence)


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_in_the_archive_of_one_student(course, tmp_path, kind):
    files, sentence = copy.deepcopy(BAD[kind])
    check_only_mary_is_refused(course, tmp_path, [(f"{GOOD['moodle']}hw.zip", inner(files))], sentence)


GROUPS = "group,id\nThe Owls,mquill\nThe Owls,wli\n"


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("canvas", "theowls_5001_900_01_week.ipynb"),
        ("moodle", f"The Owls_77_assignsubmission_file_/{NOTEBOOK}"),
        ("moodle", f"The Owls_assignsubmission_file_/{NOTEBOOK}"),
    ],
)
def test_a_groups_work_goes_to_each_of_them_or_is_named(course, tmp_path, system, name):
    done = run(course, tmp_path, system, {name: notebook("together")})
    assert (done.new, len(done.problems)) == ([], 1)
    assert ("--groups" in done.problems[0]) is (system == "canvas")
    groups = tmp_path / "groups.csv"
    groups.write_text(GROUPS)
    done = run(course, tmp_path, system, {name: notebook("together")}, groups=groups)
    assert (done.new, done.problems) == (["mquill", "wli"], [])


def test_groups_that_cannot_be_used(course, tmp_path):
    groups = tmp_path / "groups.csv"
    for text, said in (
        ("team,id\n", "need the columns “group” and “id”"),
        (GROUPS + "x,nobody\n", "has nobody, who"),
    ):
        groups.write_text(text)
        with pytest.raises(CourseError, match=said):
            run(course, tmp_path, "canvas", {"theowls_5001_900_01_week.ipynb": notebook()}, groups=groups)


@pytest.mark.parametrize(
    ("system", "names"),
    [
        ("canvas", ["anon_a1B2c_900_01_week.ipynb", "anon_9xYz3_901_01_week.ipynb"]),
        ("canvas", ["anon_12345_900_01_week.ipynb"]),
        ("canvas", ["LATE_anon_a1B2c_900_01_week.ipynb"]),
        ("moodle", [f"Participant_{number}_assignsubmission_file_/{NOTEBOOK}" for number in (78, 79)]),
    ],
)
def test_where_the_system_hides_names_nobody_is_guessed(course, tmp_path, system, names):
    with pytest.raises(CourseError, match="hides who handed this in"):
        run(course, tmp_path, system, {name: notebook() for name in names})


def test_moodle_may_write_the_user_name_in_front(course, tmp_path):
    done = run(
        course, tmp_path, "moodle", {f"mquill Mary Quill_78_assignsubmission_file_/{NOTEBOOK}": notebook()}
    )
    assert (done.new, done.problems) == (["mquill"], [])


@pytest.mark.parametrize(
    "name", ["01_week.ipynb.txt", "01_week.ipynb.json", "a: 01_week.ipynb", "Week: one.ipynb"]
)
def test_a_notebook_under_the_name_that_a_program_gave_it(course, tmp_path, name):
    """In the student's own archive, beside a name that no file can have here."""
    files = {name: notebook("Mary", QUESTIONS), "NUL.txt": "x", "notes.txt": "y"}
    done = run(course, tmp_path, "moodle", {f"{GOOD['moodle']}hw.zip": inner(files)})
    assert done.problems == []
    folder = course.folder / "submitted" / "mquill" / WEEK
    assert sorted(path.name for path in folder.iterdir() if path.name != "timestamp.txt") == [
        NOTEBOOK,
        "notes.txt",
    ]
    assert any("a file was left out: the name 'NUL.txt' is that of a device" in note for note in done.notes)


@pytest.mark.parametrize("kind", BAD_ARCHIVES)
def test_bad_archives_of_one_student(course, tmp_path, kind):
    data, sentence = BAD_ARCHIVES[kind]
    check_only_mary_is_refused(course, tmp_path, [(f"{GOOD['moodle']}hw.zip", data)], sentence)


def test_climbing_out_from_a_students_folder(course, tmp_path):
    files = [(f"{GOOD['moodle']}../../../evil.ipynb", "x")]
    check_only_mary_is_refused(course, tmp_path, files, "leads out of its folder")


def test_a_name_that_leads_out_and_is_nobodys(course, tmp_path):
    done = run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook(), "../evil.ipynb": "x"})
    assert done.new == ["mquill"]
    assert done.problems == [
        "One file of download.zip was left out: the name '../evil.ipynb' leads out of its folder."
    ]


def test_one_locked_file_in_the_systems_archive(course, tmp_path):
    archive = packed(tmp_path / "d.zip", {GOOD["moodle"] + NOTEBOOK: notebook("Mary")})
    archive.write_bytes(locked(archive.read_bytes()))
    with zipfile.ZipFile(archive, "a") as more:
        more.writestr(f"Wei Li_79_assignsubmission_file_/{NOTEBOOK}", notebook("Wei"))
    done = collect(course.coursedir, WEEK, "moodle", archive)
    assert done.new == ["wli"]
    assert "locked with a password" in done.problems[0]


def test_what_a_file_says_of_its_size_is_not_believed(course, tmp_path):
    """The header says 10 bytes, and more come out: that is damage, and no way past the bounds."""
    data = bytearray(BOMB)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(mark) + place
        data[start : start + 4] = (10).to_bytes(4, "little")
    check_only_mary_is_refused(course, tmp_path, [(f"{GOOD['moodle']}hw.zip", bytes(data))], "it is damaged")


def test_one_student_has_a_bound_and_so_has_the_class(course, tmp_path):
    big = {f"{GOOD['moodle']}{number}.csv": os.urandom(60_000) for number in range(3)}
    files = big | {f"Wei Li_79_assignsubmission_file_/{NOTEBOOK}": notebook("Wei")}
    done = run(course, tmp_path, "moodle", files, bounds=Bounds(student=100_000))
    assert done.new == ["wli"]
    assert "it holds more than" in done.problems[0]
    done = run(course, tmp_path, "moodle", files, bounds=Bounds(file=50_000))
    assert "it is larger than" in done.problems[0]
    with pytest.raises(CourseError, match="the rest was not collected"):
        run(course, tmp_path, "moodle", files, bounds=Bounds(all=100_000))


def test_a_link_in_a_folder_of_files(course, tmp_path):
    folder = tmp_path / "unpacked"
    folder.mkdir()
    (folder / "secret").write_text("secret")
    (folder / "quillmary_5001_900_01_week.ipynb").symlink_to(folder / "secret")
    (folder / "liwei_5003_901_01_week.ipynb").write_text(notebook("Wei"))
    done = collect(course.coursedir, WEEK, "canvas", folder)
    assert done.new == ["wli"]
    assert any("mquill was not collected" in problem and "link" in problem for problem in done.problems)


@pytest.mark.parametrize(
    ("system", "files", "sentence"),
    [
        ("canvas", {GOOD["moodle"] + NOTEBOOK: "x"}, "They look like those of Moodle."),
        ("moodle", {"holiday.jpg": "x"}, "Nothing in download.zip has a name as Moodle gives them"),
        ("moodle", {}, "Nothing in download.zip"),
    ],
)
def test_nothing_of_that_system(course, tmp_path, system, files, sentence):
    with pytest.raises(CourseError) as problem:
        run(course, tmp_path, system, files)
    assert sentence in str(problem.value)


def test_other_files_are_named(course, tmp_path):
    done = run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook(), "holiday.jpg": "x"})
    assert done.new == ["mquill"]
    assert "holiday.jpg was left out" in done.problems[0]


@pytest.mark.parametrize(("content", "sentence"), [(b"text", "cannot be opened"), (None, "There is no")])
def test_no_archive(course, tmp_path, content, sentence):
    path = tmp_path / "d.zip"
    if content:
        path.write_bytes(content)
    with pytest.raises(CourseError, match=sentence):
        collect(course.coursedir, WEEK, "moodle", path)


def test_no_such_assignment(course, tmp_path):
    archive = packed(tmp_path / "d.zip", {"x": ""})
    with pytest.raises(CourseError, match="knows no assignment 99_none"):
        collect(course.coursedir, "99_none", "moodle", archive)


# ---- Once more ---------------------------------------------------------------------------------------------
def test_a_second_run_completes_the_first(course, tmp_path):
    bad, good = {f"{GOOD['moodle']}hw.zip": b"text"}, {GOOD["moodle"] + NOTEBOOK: notebook("Mary")}
    wei = {f"Wei Li_79_assignsubmission_file_/{NOTEBOOK}": notebook("Wei")}
    run(course, tmp_path, "moodle", bad | wei)
    done = run(course, tmp_path, "moodle", good | wei)
    assert (done.new, done.kept, done.problems) == (["mquill"], ["wli"], [])


def test_update_takes_what_is_newer_and_only_that(course, tmp_path):
    def attempt(day, text):
        return {f"Week_mquill_attempt_2026-09-{day}-10-00-00_{NOTEBOOK}": notebook(text)}

    assert run(course, tmp_path, "blackboard", attempt(14, "a")).new == ["mquill"]
    assert run(course, tmp_path, "blackboard", attempt(15, "b")).kept == ["mquill"]
    assert had(course, "mquill") == "a"
    assert run(course, tmp_path, "blackboard", attempt(15, "b"), update=True).updated == ["mquill"]
    assert run(course, tmp_path, "blackboard", attempt(14, "a"), update=True).kept == ["mquill"]
    assert had(course, "mquill") == "b"
    assert left_over(course) == []


def test_update_without_times_goes_by_the_content(course, tmp_path):
    for text, expected in (("a", "new"), ("a", "kept"), ("b", "updated")):
        done = run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook(text)}, update=True)
        assert getattr(done, expected) == ["mquill"]
    assert had(course, "mquill") == "b"


def test_the_same_work_from_the_exchange_keeps_its_time(course, tmp_path):
    folder = course.hand_in("mquill", when="2026-09-14 10:00:00 UTC", text=notebook("a"))
    (folder / "submission_secret.txt").write_text("secret")
    done = run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook("a")}, update=True)
    assert (done.kept, done.unknown) == (["mquill"], [])
    done = run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook("b")}, update=True)
    assert (done.updated, done.unknown) == (["mquill"], ["mquill"])
    assert files_of(course, "mquill") == [NOTEBOOK]


def test_a_bad_update_leaves_what_is_there(course, tmp_path):
    run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook("a")})
    done = run(course, tmp_path, "moodle", {f"{GOOD['moodle']}hw.zip": BOMB}, update=True)
    assert len(done.problems) == 1
    assert had(course, "mquill") == "a"


@pytest.mark.parametrize("moment", ["unpacking", "replacing"])
def test_stopped_at_any_moment_a_second_run_completes_it(course, tmp_path, moment):
    """The process is killed without a chance to tidy up."""
    packed(tmp_path / "one.zip", {GOOD["moodle"] + NOTEBOOK: notebook("a")})
    packed(tmp_path / "two.zip", {GOOD["moodle"] + NOTEBOOK: notebook("b")})
    collect(course.coursedir, WEEK, "moodle", tmp_path / "one.zip")
    where = {"unpacking": "shutil.copyfile", "replacing": "shutil.rmtree"}[moment]
    code = f"""
import os, pathlib, shutil
from nbgrader.coursedir import CourseDirectory
from course_utils.grading.submissions import collecting
real = {where}
def dies(*arguments, **options):
    if {moment == "unpacking"} or str(arguments[0]).endswith(".old.part"):
        os._exit(9)
    return real(*arguments, **options)
collecting.{where} = dies
collecting.collect(CourseDirectory(root={str(course.folder)!r}, course_id="small"), {WEEK!r}, "moodle",
                   pathlib.Path({str(tmp_path / "two.zip")!r}), update=True)
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 9
    assert left_over(course) != []
    assert had(course, "mquill") in ("a", "b")
    collect(course.coursedir, WEEK, "moodle", tmp_path / "two.zip", update=True)
    assert had(course, "mquill") == "b"
    assert left_over(course) == []


def test_killed_between_taking_the_old_away_and_putting_the_new_there(course):
    folder = course.hand_in("mquill")
    folder.rename(folder.with_name(f".{WEEK}.999999999.old.part"))
    collecting._sweep(course.coursedir, WEEK)
    assert files_of(course, "mquill") == [NOTEBOOK]


def test_a_full_disk_leaves_nothing_half_written(course, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(collecting.shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space"):
        run(course, tmp_path, "moodle", {GOOD["moodle"] + NOTEBOOK: notebook()})
    assert list((course.folder / "submitted").rglob("*")) == []


# ---- The command -------------------------------------------------------------------------------------------
@pytest.fixture
def kit(course, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Course, "here", classmethod(lambda _: course))
    return tmp_path


def test_course_collect(kit, course, capsys):
    good = packed(kit / "good.zip", {GOOD["moodle"] + NOTEBOOK: notebook()})
    assert cli.main(["collect", WEEK, "--from", "moodle", str(good)]) == 0
    said = capsys.readouterr().out
    assert "1 collected, 0 updated, 0 as before, 0 to settle." in said
    assert "time unknown, so nothing is taken off: mquill\n" in said
    bad = packed(kit / "bad.zip", {f"Wei Li_1_assignsubmission_file_/{NOTEBOOK}.zip": "x"})
    assert cli.main(["collect", WEEK, "--from", "moodle", str(bad)]) == 1
    assert "wli was not collected" in capsys.readouterr().err
    assert cli.main(["collect", WEEK, "--from", "moodle", str(kit / "none.zip")]) == 2


def test_course_collect_takes_the_zone_from_late_toml(kit, course):
    name = "1-2 - Mary Quill - Sep 14, 2026 1158 PM/01_week.ipynb"
    archive = packed(kit / "d.zip", {name: notebook()})
    assert cli.main(["collect", WEEK, "--from", "brightspace", str(archive)]) == 2
    (course.folder / "late.toml").write_text('timezone = "Europe/Paris"\n')
    assert cli.main(["collect", WEEK, "--from", "brightspace", str(archive)]) == 0
    assert time_of(course, "mquill") == "2026-09-14 21:58:00 UTC"
    said = [
        "collect",
        WEEK,
        "--from",
        "brightspace",
        str(archive),
        "--timezone",
        "America/New_York",
        "--update",
    ]
    assert cli.main(said) == 0
    assert datetime.fromisoformat(time_of(course, "mquill").removesuffix(" UTC")) == datetime(
        2026, 9, 15, 3, 58
    )
