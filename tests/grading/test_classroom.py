"""The example class: made once, made anew when an assignment changes, and never in anybody's way."""

import shutil
import time

import nbformat
import pytest

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading import classroom, pipeline
from course_utils.grading.classroom import ensure_example_class, read_roster, remove_example_class
from course_utils.grading.pipeline import Course
from course_utils.kit import kit_folder

SMALL = "90_small"


@pytest.fixture
def kit(tmp_path, small_assignment):
    assignments = tmp_path / "kit" / "assignments"
    assignments.mkdir(parents=True)
    for name in ("nbgrader_config.py", "example_class.csv"):
        shutil.copy(kit_folder() / "assignments" / name, assignments)
    shutil.copytree(small_assignment, assignments / "source" / SMALL)
    return tmp_path / "kit"


def students(kit):
    with Course(kit).gradebook as gradebook:
        return {student.id for student in gradebook.students}


def change(kit):
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
    assert set(read_roster(kit / "assignments" / "example_class.csv")) < students(kit)
    assert len(students(kit)) == 13
    assert "# Small" in released_text(kit)
    assert (kit / "my_work").is_dir()


def test_second_time_does_nothing_and_takes_no_time(kit):
    ensure_example_class(kit)
    begun = time.perf_counter()
    assert not ensure_example_class(kit)
    assert time.perf_counter() - begun < 0.1


def test_changed_assignment_is_released_anew(kit):
    ensure_example_class(kit)
    change(kit)
    assert ensure_example_class(kit)
    assert "Small, and changed" in released_text(kit)
    assert not ensure_example_class(kit)


def test_class_in_which_somebody_handed_in_is_left_alone(kit):
    ensure_example_class(kit)
    hand_in(kit, "birch")
    change(kit)
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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name\nbirch\n", "The class list c.csv has no column “id”; it has: name."),
        ("", "The class list c.csv has no column “id”; it has: nothing."),
        ("id,email\nbirch,a\n,b\n", "Line 3 of the class list c.csv has no id"),
        ("id\nbirch\nbirch\n", "Line 3 of the class list c.csv has the id birch a second time"),
        (b"id\n\xff\xfe\n", "is not a CSV file in UTF-8 or UTF-16"),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_class_list_that_cannot_be_used(tmp_path, text, sentence):
    path = tmp_path / "c.csv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as problem:
        read_roster(path)
    assert sentence in str(problem.value)


def test_class_list_from_a_spreadsheet_has_a_mark_at_its_beginning(tmp_path):
    (tmp_path / "c.csv").write_text("id,first_name\nbirch, Lan \n", encoding="utf-8-sig")
    assert read_roster(tmp_path / "c.csv")["birch"] == {"last_name": "", "first_name": "Lan", "email": ""}


def test_class_list_with_semicolons_and_names_that_spreadsheets_quote(tmp_path):
    (tmp_path / "c.csv").write_text('ID;last_name\r\nbirch;"Lan; Jr."\r\n', encoding="utf-8-sig", newline="")
    assert read_roster(tmp_path / "c.csv")["birch"]["last_name"] == "Lan; Jr."


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
    monkeypatch.setattr(pipeline, "HAS_EXCHANGE", False)
    assert ensure_example_class(kit)
    assert len(students(kit)) == 13
    with pytest.raises(CourseError, match="nbgrader has no exchange on Windows"):
        Course(kit).release(SMALL)


def test_command(kit, monkeypatch, capsys):
    monkeypatch.setattr(classroom, "kit_folder", lambda: kit)
    for arguments, said in (
        (["class"], "The example class is ready."),
        (["class"], "There is a class already; nothing was changed."),
        (["class", "--remove"], "The example class is gone."),
        (["class"], "The example class is ready."),
    ):
        assert cli.main(arguments) == 0
        assert said in capsys.readouterr().out
