"""The example class: made once, made anew when an assignment changes, and never in anybody's way."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import nbformat
import pytest

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading import course as course_module
from course_utils.grading import example_class
from course_utils.grading.course import Course
from course_utils.grading.example_class import ensure_example_class, remove_example_class
from course_utils.grading.submissions.class_list import read_class_list
from course_utils.kit import kit_folder

SMALL = "90_small"


@pytest.fixture(autouse=True)
def _no_class_elsewhere(monkeypatch):
    for name in ("COURSE_EXCHANGE", "COURSE_GRADEBOOK"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def kit(tmp_path, small_assignment):
    return make_kit(tmp_path / "kit", small_assignment)


def make_kit(folder, small_assignment, then=lambda _: None):
    assignments = folder / "assignments"
    assignments.mkdir(parents=True)
    for name in ("nbgrader_config.py", "example_class.csv"):
        shutil.copy(kit_folder() / "assignments" / name, assignments)
    shutil.copytree(small_assignment, assignments / "source" / SMALL)
    then(folder)
    return folder


def students(kit):
    with Course(kit).gradebook as gradebook:
        return {student.id for student in gradebook.students}


def change_assignment(kit):
    path = kit / "assignments" / "source" / SMALL / f"{SMALL}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "# Small, and changed"
    nbformat.write(notebook, path)


def released_text(kit):
    return (kit / ".course" / "exchange" / "port_ellery" / "outbound" / SMALL / f"{SMALL}.ipynb").read_text()


def hand_in(kit, student):
    course = Course(kit)
    with course.gradebook as gradebook:
        gradebook.update_or_create_submission(SMALL, student)


def test_made_with_twelve_students_and_whoever_is_here(kit):
    assert ensure_example_class(kit)
    assert set(read_class_list(kit / "assignments" / "example_class.csv").students) < students(kit)
    assert len(students(kit)) == 13
    assert "# Small" in released_text(kit)
    assert (kit / "my_work").is_dir()


def test_second_time_does_nothing(kit, monkeypatch):
    ensure_example_class(kit)
    monkeypatch.setattr("course_utils.grading.example_class._make_example_class", None)
    assert not ensure_example_class(kit)


def test_changed_assignment_is_released_anew(kit):
    ensure_example_class(kit)
    change_assignment(kit)
    assert ensure_example_class(kit)
    assert "Small, and changed" in released_text(kit)
    assert not ensure_example_class(kit)


def test_class_in_which_somebody_handed_in_is_left_alone(kit):
    ensure_example_class(kit)
    hand_in(kit, "birch")
    change_assignment(kit)
    assert not ensure_example_class(kit)
    assert "Small, and changed" not in released_text(kit)


def test_class_of_somebody_else_is_left_alone(kit):
    Course(kit).add_students({"zelda": {}})
    assert not ensure_example_class(kit)
    assert students(kit) == {"zelda"}


def test_class_that_was_begun_and_not_finished_is_made_whole(kit, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Course, "release", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ensure_example_class(kit)
    assert ensure_example_class(kit)
    assert "# Small" in released_text(kit)


def test_removed_and_not_made_again_unasked(kit):
    ensure_example_class(kit)
    remove_example_class(kit)
    left = {path.name for path in (kit / "assignments").iterdir()}
    assert left == {"nbgrader_config.py", "example_class.csv", "source"}
    assert not (kit / ".course" / "exchange" / "port_ellery").exists()
    assert not ensure_example_class(kit)
    assert ensure_example_class(kit, again=True)
    assert len(students(kit)) == 13


def test_class_of_your_own_is_not_removed_nor_overwritten(kit):
    ensure_example_class(kit)
    remove_example_class(kit)
    Course(kit).add_students({"zelda": {}})
    with pytest.raises(CourseError, match="it has a student named zelda, so nothing was removed"):
        remove_example_class(kit)
    assert students(kit) == {"zelda"}
    assert not ensure_example_class(kit, again=True)


def test_removing_where_there_is_no_class(kit):
    remove_example_class(kit)
    assert not (kit / "assignments" / "gradebook.db").exists()


SHARED = ".course/exchange/port_ellery"
HAND_IN = f"{SHARED}/inbound/birch+90_small+2026-09-13 17:05:00.000000 UTC+x/90_small.ipynb"


def put(kit, path, text="somebody's"):
    (kit / path).parent.mkdir(parents=True, exist_ok=True)
    (kit / path).write_text(text)


def link(kit, path):
    """In the place of a folder or file of the class, a link to one elsewhere."""
    elsewhere = kit.parent / "elsewhere"
    if (kit / path).exists():
        shutil.move(kit / path, elsewhere)
    else:
        put(kit, "../elsewhere/ada/work.ipynb")
    (kit / path).symlink_to(elsewhere)


def due(kit):
    with Course(kit).gradebook as gradebook:
        for student in gradebook.students:
            gradebook.remove_student(student.id)
        gradebook.update_or_create_assignment(SMALL, duedate="2026-09-14 23:59:00 UTC")


def of_ones_own(kit):
    with Course(kit).gradebook as gradebook:
        gradebook.add_assignment("91_mine")


def setting(line):
    def change(kit):
        with (kit / "assignments" / "nbgrader_config.py").open("a") as settings:
            settings.write(f"\n{line}\n")

    return change


def roster_overwritten(kit):
    """An instructor has typed the class into the example's own file."""
    put(kit, "assignments/example_class.csv", "id,last_name\nzelda,Fitz\n")
    Course(kit).add_students({"zelda": {}})


def of_another_user(kit):
    for place in (kit / SHARED, *(kit / SHARED).rglob("*")):
        os.chown(place, 65534, 65534)


CHANGES = {
    "a hand-in": (lambda kit: put(kit, HAND_IN), "inbound has birch"),
    "this user's own": (lambda kit: put(kit, HAND_IN.replace("birch", "you")), "inbound has you"),
    "collected": (
        lambda kit: put(kit, f"assignments/submitted/birch/{SMALL}/a"),
        "submitted has birch in it",
    ),
    "an empty folder": (
        lambda kit: (kit / "assignments/submitted/birch").mkdir(parents=True),
        "has birch in it",
    ),
    "graded": (lambda kit: put(kit, f"assignments/autograded/birch/{SMALL}/a"), "autograded has birch in it"),
    "feedback": (
        lambda kit: put(kit, f"assignments/feedback/birch/{SMALL}/a"),
        "assignments/feedback has birch",
    ),
    "feedback given": (lambda kit: put(kit, f"{SHARED}/feedback/0a1b.html"), "port_ellery/feedback has 0a1b"),
    "the copy of a hand-in": (
        lambda kit: put(kit, ".course/submitted/port_ellery/x/a"),
        "port_ellery has x in it",
    ),
    "released besides": (lambda kit: put(kit, f"{SHARED}/outbound/91_mine/a"), "outbound has 91_mine in it"),
    "made besides": (lambda kit: put(kit, "assignments/release/91_mine/a"), "release has 91_mine in it"),
    "a link for submitted": (lambda kit: link(kit, "assignments/submitted"), "submitted is a link"),
    "a link for inbound": (lambda kit: link(kit, f"{SHARED}/inbound"), "inbound is a link"),
    "a link for outbound": (lambda kit: link(kit, f"{SHARED}/outbound"), "outbound is a link"),
    "a link for release": (lambda kit: link(kit, "assignments/release"), "release is a link"),
    "a link for the exchange": (lambda kit: link(kit, SHARED), "was not made by it"),
    "a link for the gradebook": (lambda kit: link(kit, "assignments/gradebook.db"), "is a link"),
    "a link for all that is kept": (
        lambda kit: link(kit, ".course"),
        "another exchange than this folder's own",
    ),
    "an exchange of somebody's": (
        lambda kit: (kit / SHARED / ".example_class").unlink(),
        "was not made by it",
    ),
    "another user's exchange": (of_another_user, "was not made by it"),
    "graded without a file": (lambda kit: hand_in(kit, "birch"), "it has work that was graded"),
    "nobody, and a due date": (due, f"{SMALL} has a due date"),
    "an assignment besides": (of_ones_own, "an assignment 91_mine of somebody's own"),
    "a student besides": (lambda kit: Course(kit).add_students({"zelda": {}}), "a student named zelda"),
    "the example's list overwritten": (roster_overwritten, "a student named zelda"),
    "no gradebook": (
        lambda kit: put(kit, "assignments/gradebook.db", "<!DOCTYPE html>" * 99),
        "is not a gradebook",
    ),
    "an empty gradebook": (lambda kit: put(kit, "assignments/gradebook.db", ""), "cannot be read"),
    "not known to be ours": (
        lambda kit: (kit / ".course/class.json").unlink(),
        "gradebook.db was not made by it",
    ),
    "another exchange": (setting("c.Exchange.root = str(kit / 'elsewhere')"), "names another exchange"),
    "another exchange for hand-ins": (setting("c.ExchangeCollect.root = '/srv'"), "names another exchange"),
    "another gradebook": (setting("c.CourseDirectory.db_url = 'sqlite:///g.db'"), "names another gradebook"),
    "other folders": (setting("c.CourseDirectory.submitted_directory = 'in'"), "names other folders"),
}


def everything_in(folder):
    """Each path -> what it is: of a link, where it leads, of a file, its size and digest, of a folder, its mode."""
    return {
        path: os.readlink(path)
        if path.is_symlink()
        else (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        if path.is_file()
        else path.stat().st_mode
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def untouched(small_assignment, tmp_path_factory):
    """An example class as it was made."""
    return make_kit(tmp_path_factory.mktemp("untouched") / "kit", small_assignment, ensure_example_class)


@pytest.mark.parametrize("change", CHANGES)
def test_a_class_that_may_be_real_is_neither_removed_nor_made_anew(
    untouched, tmp_path, change, capsys, monkeypatch
):
    kit = shutil.copytree(untouched, tmp_path / "kit", symlinks=True)
    do, reason = CHANGES[change]
    do(kit)
    before = everything_in(tmp_path)
    monkeypatch.chdir(kit)
    assert cli.main(["class", "--remove"]) == 2
    said = capsys.readouterr()
    assert reason in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert everything_in(tmp_path) == before
    # As `course lab` does it after an assignment was changed: nothing is released over what is there.
    change_assignment(kit)
    before = everything_in(tmp_path)
    if change == "no gradebook":
        with pytest.raises(CourseError, match=reason):
            ensure_example_class(kit)
    else:
        assert not ensure_example_class(kit)
    assert everything_in(tmp_path) == before


def test_an_untouched_copy_is_removed(untouched, tmp_path):
    """The same copy without any of the changes: it is they that kept the others."""
    kit = shutil.copytree(untouched, tmp_path / "kit")
    remove_example_class(kit)
    assert not (kit / "assignments" / "gradebook.db").exists()
    assert not (kit / SHARED).exists()


@pytest.mark.parametrize("variable", ["COURSE_EXCHANGE", "COURSE_GRADEBOOK"])
def test_a_variable_that_names_the_folders_own_is_not_touched_either(
    untouched, tmp_path, monkeypatch, variable
):
    kit = shutil.copytree(untouched, tmp_path / "kit")
    monkeypatch.setenv("COURSE_EXCHANGE", str(kit / ".course" / "exchange"))
    monkeypatch.setenv("COURSE_GRADEBOOK", f"sqlite:///{kit / 'assignments' / 'gradebook.db'}")
    for name in {"COURSE_EXCHANGE", "COURSE_GRADEBOOK"} - {variable}:
        monkeypatch.delenv(name)
    before = everything_in(tmp_path)
    with pytest.raises(CourseError, match=f"^{variable} is set"):
        remove_example_class(kit)
    with pytest.raises(CourseError, match=f"^{variable} is set"):
        ensure_example_class(kit, again=True)
    assert not ensure_example_class(kit)
    assert everything_in(tmp_path) == before


def test_a_gradebook_that_another_program_holds_is_not_removed(untouched, tmp_path):
    kit = shutil.copytree(untouched, tmp_path / "kit")
    path = kit / "assignments" / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as formgrader:
        formgrader.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match="The gradebook is in use by another program"):
            remove_example_class(kit)
    assert path.exists()
    assert (kit / SHARED / "outbound" / SMALL).is_dir()


def test_work_that_comes_while_the_class_is_taken_away_stays(untouched, tmp_path, monkeypatch):
    kit = shutil.copytree(untouched, tmp_path / "kit")
    put(kit, HAND_IN)
    put(kit, "assignments/submitted/birch/a")
    monkeypatch.setattr(example_class, "not_the_example", lambda course: [])
    with pytest.raises(CourseError, match="could not be taken away whole"):
        remove_example_class(kit)
    assert (kit / HAND_IN).exists()
    shutil.rmtree(kit / "assignments" / "submitted")
    with pytest.raises(CourseError, match="could not be taken away whole"):
        remove_example_class(kit)
    assert (kit / HAND_IN).exists()
    assert (kit / "assignments" / "gradebook.db").exists()


@pytest.mark.parametrize("moment", ["rmdir", "unlink"])
def test_a_removal_that_was_interrupted_goes_on(untouched, tmp_path, monkeypatch, moment):
    kit = shutil.copytree(untouched, tmp_path / "kit")

    go_on = getattr(Path, moment)

    def stop(path, *_, **how):
        if path.name in ("port_ellery", "gradebook.db"):
            raise KeyboardInterrupt
        go_on(path, **how)

    with monkeypatch.context() as patch:
        patch.setattr(Path, moment, stop)
        with pytest.raises(KeyboardInterrupt):
            remove_example_class(kit)
    assert (kit / "assignments" / "gradebook.db").exists()
    remove_example_class(kit)
    assert not (kit / "assignments" / "gradebook.db").exists()
    assert not (kit / SHARED).exists()
    assert not ensure_example_class(kit)


def test_a_class_that_was_begun_and_not_finished_is_removed(kit, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(Course, "release", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ensure_example_class(kit)
    remove_example_class(kit)
    assert not (kit / "assignments" / "gradebook.db").exists()


def test_each_clone_has_a_class_of_its_own(untouched, tmp_path, monkeypatch):
    kits = [shutil.copytree(untouched, tmp_path / name) for name in ("one", "other")]
    before = everything_in(kits[0])
    monkeypatch.chdir(kits[1] / "assignments")
    assert cli.main(["class", "--remove"]) == 0
    assert not (kits[1] / "assignments" / "gradebook.db").exists()
    assert everything_in(kits[0]) == before


def test_an_exchange_that_is_not_there_is_made_by_whoever_runs_it(kit, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_EXCHANGE", str(tmp_path / "srv" / "exchange"))
    Course(kit).add_students({"zelda": {}})
    assert not (tmp_path / "srv").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name\nbirch\n", "The class list c.csv has no column “id”; it has: name."),
        ("", "The class list c.csv has no column “id”; it has: nothing."),
        ("id,email\nbirch,a\n,b\n", "Line 3 of the class list c.csv has no id"),
        ("id\nbirch\nbirch\n", "Line 3 of the class list c.csv has the id birch a second time"),
        (b"id\n\xff\xfe\n", "is not a CSV file in UTF-8 or UTF-16"),
        ("id\nbirch\u200b\n", "has the id “birch·”, with a blank or a sign that cannot be seen"),
        ("id\nLan Birch\n", "has the id “Lan·Birch”, with a blank"),
        ("id\nbirch\nBirch\n", "Line 3 of the class list c.csv has the id Birch, and there is birch above"),
        ("id\na/b\n", "has the id a/b, with /: an id becomes the name of a folder"),
        ("id\n..\n", "has the id .., which cannot be the name of a folder"),
        (
            "id,points\nbirch,1\nTotal,12\n",
            "Line 3 of the class list c.csv has “Total” in the place of an id",
        ),
        ("Student,ID,SIS Login ID,Section\nLan,5,lan,1\n", "c.csv looks like an export of marks"),
        ("Student ID,Username\n5,lan\n", "has “Student ID” and “Username”, and either may be the id"),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_class_list_that_cannot_be_used(tmp_path, text, sentence):
    path = tmp_path / "c.csv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as problem:
        read_class_list(path)
    assert sentence in str(problem.value)


def test_class_list_from_a_spreadsheet_has_a_mark_at_its_beginning(tmp_path):
    (tmp_path / "c.csv").write_text("id,first_name\nbirch, Lan \n", encoding="utf-8-sig")
    assert read_class_list(tmp_path / "c.csv").students == {"birch": {"first_name": "Lan"}}


def test_class_list_with_semicolons_and_names_that_spreadsheets_quote(tmp_path):
    (tmp_path / "c.csv").write_text('ID;last_name\r\nbirch;"Lan; Jr."\r\n', encoding="utf-8-sig", newline="")
    assert read_class_list(tmp_path / "c.csv").students["birch"]["last_name"] == "Lan; Jr."


@pytest.mark.parametrize(
    ("text", "student", "details"),
    [
        (
            "ID,Last Name,First Name,E-mail\nmq,Quill,Mary,m@x.org\n",
            "mq",
            {"last_name": "Quill", "first_name": "Mary", "email": "m@x.org"},
        ),
        ("Username;Surname;Given name\nmq;Quill;Mary\n", "mq", {"last_name": "Quill", "first_name": "Mary"}),
        ("sep=;\nid;email\nmq;m@x.org\n", "mq", {"email": "m@x.org"}),
        ('id, last_name\nmq, "Quill, Jr."\n', "mq", {"last_name": "Quill, Jr."}),
        ("id,lms_user_id\nmq,5001\n", "mq", {"lms_user_id": "5001"}),
        ('id,Name\nmq,"Quill, Mary"\n', "mq", {"last_name": "Quill", "first_name": "Mary"}),
        ("id,Name\nmq,Mary Quill\n", "mq", {"last_name": "Mary Quill"}),
    ],
)
def test_class_lists_as_spreadsheets_head_them(tmp_path, text, student, details):
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    assert read_class_list(path).students == {student: details}


def test_what_a_second_class_list_does_not_say_stays(kit, tmp_path, monkeypatch, capsys):
    from course_utils import cli

    monkeypatch.chdir(kit / "assignments")
    path = tmp_path / "mine.csv"
    path.write_text("id,last_name,first_name,email,lms_user_id,Advisor\nmq,Quill,Mary,m@x.org,5001,Li\n")
    assert cli.main(["class", str(path)]) == 0
    assert "Columns that were not used: Advisor." in capsys.readouterr().out
    for text in ("id\nmq\n", "id,email\nmq,\n"):
        path.write_text(text)
        assert cli.main(["class", str(path)]) == 0
        assert "names" not in capsys.readouterr().out
    with Course(kit).gradebook as gradebook:
        mary = gradebook.find_student("mq")
        assert (mary.last_name, mary.first_name, mary.email) == ("Quill", "Mary", "m@x.org")
        assert mary.lms_user_id == "5001"
    path.write_text("id\nMQ\n")
    assert cli.main(["class", str(path)]) == 2
    assert "the gradebook has mq" in capsys.readouterr().err
    path.write_text("id\nnew\n")
    assert cli.main(["class", str(path)]) == 0
    assert "There is no column for names" in capsys.readouterr().out


def test_a_class_of_ones_own_is_entered(kit, tmp_path, monkeypatch, capsys):
    from course_utils import cli

    monkeypatch.chdir(kit / "assignments")
    path = tmp_path / "mine.csv"
    path.write_text('id,last_name\nrowan,"O\'Neil, Jr."\nsorrel,Ł\n', encoding="utf-8-sig")
    assert cli.main(["class", str(path)]) == 0
    assert cli.main(["class", str(path)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "2 students are new on the class list, 0 were on it before.",
        "0 students are new on the class list, 2 were on it before.",
    ]
    assert {"rowan", "sorrel"} <= students(kit)
    path.write_text("id,last_name\nthyme,Low\nsage,<b>Bold</b>\n")
    assert cli.main(["class", str(path)]) == 2
    assert "without < and >" in capsys.readouterr().err
    assert "thyme" not in students(kit)
    assert cli.main(["class", str(path), "--remove"]) == 2


def test_windows_has_a_class_but_no_exchange(kit, monkeypatch):
    for module in (course_module, example_class):
        monkeypatch.setattr(module, "HAS_EXCHANGE", False)
    assert ensure_example_class(kit)
    assert len(students(kit)) == 13
    with pytest.raises(CourseError, match="nbgrader has no exchange on Windows"):
        Course(kit).release(SMALL)


def test_command(kit, monkeypatch, capsys):
    monkeypatch.chdir(kit / "assignments")
    for arguments, said in (
        (["class"], "The example class is ready."),
        (["class"], "There is a class already; nothing was changed."),
        (["class", "--remove"], "The example class is gone."),
        (["class"], "The example class is ready."),
    ):
        assert cli.main(arguments) == 0
        assert said in capsys.readouterr().out
