"""Submissions that cannot be graded: a sentence each, by ``nbgrader autograde`` and by our own functions."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_utils.errors import CourseError
from course_utils.grading import run
from course_utils.grading.course import Course
from course_utils.grading.gradebook.marks import NOT_READ, needs_review
from course_utils.grading.limits import MB, Limits
from course_utils.grading.submissions.reading import check_submissions, read_submission, tidy

SMALL = "90_small"
NAME = f"{SMALL}.ipynb"

# student -> what is in the folder, and the sentence that follows
CASES = {
    "bent": (
        {NAME: '{"cells": [{"cell_type": "co'},
        "The file 90_small.ipynb of bent is not a notebook: it is cut short or damaged; ask bent to hand it in again.",
    ),
    "page": (
        {NAME: "<!DOCTYPE html>\n<p>"},
        "not a notebook (it begins with '<!DOCTYPE html>'); ask page to hand",
    ),
    "list": (
        {NAME: "[]"},
        "The file 90_small.ipynb of list is not a notebook: its parts are not those of one; ask list to hand",
    ),
    "merge": (
        {NAME: '{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> theirs\n]}'},
        "of merge has merge conflict marks (<<<<<<< HEAD), so it is not a notebook any more: ask merge to keep one",
    ),
    "bytes": (
        {NAME: b"\x89PNG\xff\xfe"},
        "The file 90_small.ipynb of bytes cannot be read: it is not a text file",
    ),
    "empty": ({NAME: ""}, "The file 90_small.ipynb of empty is empty; ask empty to hand it in again."),
    "bare": (
        {NAME: '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'},
        "of bare has no cells",
    ),
    "none": (
        {},
        "none handed in no notebook: 90_small.ipynb is not in the submission; ask none to hand it in again.",
    ),
    "notes": ({"notes.txt": "sorry"}, "notes handed in no notebook"),
    "other": (
        {
            "Homework (2).ipynb": '{"cells": [{"cell_type": "code", "source": "1"}], "metadata": {}, "nbformat": 4}'
        },
        "other handed in Homework (2).ipynb, but not 90_small.ipynb: if it",
    ),
    "two": (
        {"a.ipynb": None, "b.ipynb": None},
        "two handed in a.ipynb, b.ipynb, but not 90_small.ipynb: if it",
    ),
    "deep": ({NAME: "[" * 100_000 + "]" * 100_000}, "The file 90_small.ipynb of deep is not a notebook"),
    "stranger": ({NAME: None}, "stranger is not on the class list, so nothing was graded: check the name"),
    "ANNA": ({NAME: None}, "ANNA is not on the class list, so nothing was graded: did you mean anna?"),
}


def hand_in(course, student, files, good):
    folder = course.submitted(student, SMALL)
    folder.mkdir(parents=True)
    for name, content in files.items():
        if content is None:
            nbformat.write(good, folder / name)
        else:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture(scope="module")
def course(tmp_path_factory, small_assignment, answered):
    """A class in which two have handed in well, and everybody else has not."""
    from course_utils.grading.course import released_notebook

    course = Course.create(tmp_path_factory.mktemp("intake"), [small_assignment])
    course.generate(SMALL)
    course.add_students(
        {student: {} for student in [*CASES, "anna", "renamed", "zoe"] if student not in ("stranger", "ANNA")}
    )
    good = answered(released_notebook(course, SMALL))
    for student, (files, _) in CASES.items():
        hand_in(course, student, files, good)
    hand_in(course, "renamed", {"Homework (3).ipynb": None}, good)
    for student in ("anna", "zoe"):
        hand_in(course, student, {NAME: None}, good)
    return course


@pytest.fixture(scope="module")
def autograded(course):
    """What an instructor reads who types ``nbgrader autograde``, in an environment that is not activated."""
    path = os.pathsep.join(p for p in os.get_exec_path() if Path(p) != Path(sys.executable).parent)
    return subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "autograde", SMALL],
        cwd=course.folder / "assignments",
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("student", CASES)
def test_each_gets_its_sentence(course, student):
    (problem,) = check_submissions(course.coursedir, SMALL, [student])
    assert problem.student == student
    assert CASES[student][1] in problem.sentence
    assert "\n" not in problem.sentence


def test_good_work_has_no_problem(course):
    assert check_submissions(course.coursedir, SMALL, ["anna", "zoe"]) == []


def test_everybody_is_looked_at_without_a_list_of_students(course):
    found = [problem.student for problem in check_submissions(course.coursedir, SMALL)]
    # Whose notebook was only renamed is known by its cells when it is taken in.
    assert [student for student in found if student != "renamed"] == sorted(CASES)


def test_assignment_that_the_gradebook_does_not_know(course):
    with pytest.raises(
        CourseError, match="The gradebook knows no assignment 99_other: run nbgrader generate"
    ):
        check_submissions(course.coursedir, "99_other")


def test_reading_one_notebook(course):
    assert read_submission(course.submitted("anna", SMALL) / NAME, "anna").cells
    with pytest.raises(CourseError, match="is empty"):
        read_submission(course.submitted("empty", SMALL) / NAME, "empty")


def test_command_names_each_once_and_fails(autograded):
    assert autograded.returncode == 1
    output = autograded.stdout + autograded.stderr
    for _, sentence in CASES.values():
        assert output.count(sentence) == 1, output
    assert "Traceback" not in output
    assert output.count("ERROR]") == len(CASES)
    for noise in ("did you forget", "traceback", "has changed!"):
        assert noise not in output


def test_everybody_else_is_graded(course, autograded):
    for student in ("anna", "renamed", "zoe"):
        assert [grade.score for grade in course.grades(SMALL, student)] == [2, 1, 1, None]


def test_nothing_is_half_written(course, autograded):
    folder = course.folder / "assignments" / "autograded"
    assert {path.parent.parent.name for path in folder.glob("*/*/*.ipynb")} == {"anna", "renamed", "zoe"}
    assert [path for path in folder.glob(f"*/{SMALL}") if path.parent.name in CASES] == []
    with course.gradebook as gradebook:
        assert "stranger" not in {student.id for student in gradebook.students}
        for submission in gradebook.find_assignment(SMALL).submissions:
            if submission.student_id in CASES:
                assert {g.auto_score for n in submission.notebooks for g in n.grades} == {None}, (
                    "not graded is not 0"
                )


def test_who_could_not_be_read_waits_for_a_person(course, autograded):
    with course.gradebook as gradebook:
        looks = needs_review(gradebook, SMALL, course.coursedir)
    waiting = {student for student, _, why in looks if why == NOT_READ}
    assert waiting == set(CASES) - {"stranger", "ANNA"}


def test_a_renamed_notebook_is_known_by_its_cells_and_the_student_is_told(course, autograded):
    path = course.folder / "assignments" / "autograded" / "renamed" / SMALL / NAME
    notes = nbformat.read(path, as_version=4).metadata.course.notes
    assert notes == ["The notebook was handed in as Homework (3).ipynb. It was known by its cells."]


def test_our_own_function_says_the_same(course):
    for student, (_, sentence) in CASES.items():
        with pytest.raises(CourseError) as problem:
            course.autograde(SMALL, student)
        assert sentence in str(problem.value)


def test_formgraders_way_does_not_let_strangers_in_either(course):
    result = course.api.autograde(SMALL, "stranger")
    assert not result["success"]
    assert "stranger is not on the class list" in result["log"]
    with course.gradebook as gradebook:
        assert "stranger" not in {student.id for student in gradebook.students}


@pytest.mark.parametrize("names", [[SMALL, "--student=nobody"], ["99_other"]], ids=["student", "assignment"])
def test_name_that_nobody_knows(course, names):
    ran = subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), "autograde", *names],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "There is nothing at " in ran.stderr
    assert "check the names of the assignment and of the student." in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("student", ["other", "none"])
def test_incomplete_work_is_refused_when_it_is_handed_in(course, student):
    course.release(SMALL)
    desk = course.folder / "desks" / student / SMALL
    shutil.copytree(course.submitted(student, SMALL), desk)
    ran = subprocess.run(
        [
            Path(sys.executable).with_name("nbgrader"),
            "submit",
            SMALL,
            f"--student={student}",
            f"--Exchange.assignment_dir={desk.parent}",
        ],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "There are missing notebooks for the submission" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not list((course.exchange / "port_ellery" / "inbound").iterdir())


# ---- what is made safe before nbgrader copies it -----------------------------------------------------------


@pytest.fixture
def fresh(tmp_path, small_assignment, released, answered):
    """A class of one, who has handed in well."""
    course = Course.create(tmp_path, [small_assignment])
    course.generate(SMALL)
    course.add_students({"ada": {}})
    hand_in(course, "ada", {NAME: None}, answered(released))
    return course


def scores(course):
    return [grade.score for grade in course.grades(SMALL, "ada")]


def test_links_are_replaced_before_anything_is_copied(fresh):
    gradebook = fresh.folder / "assignments" / "gradebook.db"
    folder = fresh.submitted("ada", SMALL)
    (folder / "data.csv").symlink_to(gradebook)
    (folder / "all").symlink_to(fresh.folder)
    os.mkfifo(folder / "pipe.csv")
    before = gradebook.stat().st_mode
    assert fresh.api.autograde(SMALL, "ada")["success"]
    graded = fresh.folder / "assignments" / "autograded" / "ada" / SMALL
    assert {path.name for path in graded.iterdir()} == {
        *(NAME, "data.csv.was_a_link.txt", "all.was_a_link.txt", "pipe.csv.was_a_link.txt")
    }
    assert gradebook.stat().st_mode == before
    assert scores(fresh) == [2, 1, 1, None]
    notes = nbformat.read(graded / NAME, as_version=4).metadata.course.notes
    assert len(notes) == 3
    assert any(note.startswith("data.csv was a link") for note in notes)


SECRET = "quokka7713"
# In every folder of which nothing is read, at any depth.
PLACES = (
    "__MACOSX/x.csv",
    "__MACOSX/deep/er/x.txt",
    ".ipynb_checkpoints/deep/y.csv",
    "__pycache__/y.pyc",
    "feedback/z.html",
    "feedback/__MACOSX/z.txt",
    "mine/__MACOSX/x",
)


@pytest.mark.parametrize("way", ["course grade", "Formgrader"])
def test_links_in_folders_that_are_passed_over_are_not_followed(fresh, tmp_path, way):
    """Neither to a file, nor to the gradebook, nor to a folder: no byte of them comes into what is copied."""
    (tmp_path / "home").mkdir()
    key = tmp_path / "home" / "id_rsa"
    key.write_text(SECRET)
    key.chmod(0o600)
    assignments = fresh.folder / "assignments"
    fresh.add_students({SECRET: {}})
    folder = fresh.submitted("ada", SMALL)
    (folder / "timestamp.txt").write_text("2026-09-14 20:00:00 UTC")
    (folder / "submission_secret.txt").write_text("of ada alone")
    for place in PLACES:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(key)
        path.with_name("grades").symlink_to(assignments / "gradebook.db")
        path.with_name("home").symlink_to(key.parent)
    if way == "course grade":
        assert run.grade(fresh, SMALL, ["ada"]).graded == ["ada"]
    else:
        assert fresh.api.autograde(SMALL, "ada")["success"]
    fresh.give_feedback(SMALL, "ada")
    copies = [
        path
        for place in (assignments / "autograded", assignments / "feedback", fresh.exchange)
        for path in place.rglob("*")
    ]
    assert {path.suffix for path in copies} >= {".ipynb", ".html"}
    assert [path for path in [*copies, *folder.rglob("*")] if path.is_symlink()] == []
    assert [path for path in copies if path.is_file() and SECRET.encode() in path.read_bytes()] == []
    assert key.stat().st_mode & 0o777 == 0o600
    assert scores(fresh) == [2, 1, 1, None]


@pytest.mark.needs("root")
def test_another_users_file_under_a_second_name_is_not_copied(fresh, tmp_path):
    folder = fresh.submitted("ada", SMALL)
    for number, user in enumerate((12_345, os.geteuid())):
        (tmp_path / f"key{number}").write_text(f"{SECRET}{number}")
        os.chown(tmp_path / f"key{number}", user, -1)
        os.link(tmp_path / f"key{number}", folder / f"data{number}.csv")
    assert fresh.api.autograde(SMALL, "ada")["success"]
    graded = fresh.folder / "assignments" / "autograded" / "ada" / SMALL
    assert {path.name for path in graded.iterdir()} == {NAME, "data0.csv.was_a_link.txt", "data1.csv"}
    assert (tmp_path / "key0").read_text() == f"{SECRET}0"
    # A class that was copied with hard links (cp -al) is still the class.
    assert (graded / "data1.csv").read_text() == f"{SECRET}1"


def test_a_notebook_that_is_a_link_is_no_notebook(fresh):
    path = fresh.submitted("ada", SMALL) / NAME
    path.rename(path.with_name("kept"))
    path.symlink_to("kept")
    with pytest.raises(CourseError, match="90_small.ipynb of ada was a link to another file"):
        fresh.autograde(SMALL, "ada")


def test_a_folder_that_is_a_link_is_left_alone(fresh, tmp_path):
    folder = fresh.submitted("ada", SMALL)
    folder.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "a.csv").symlink_to(tmp_path)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CourseError, match="The folder of ada is a link"):
        fresh.autograde(SMALL, "ada")
    assert (tmp_path / "elsewhere" / "a.csv").is_symlink()


def test_a_time_that_cannot_be_read_does_not_cost_the_marks(fresh):
    (fresh.submitted("ada", SMALL) / "timestamp.txt").write_text("yesterday, I think")
    fresh.autograde(SMALL, "ada")
    assert scores(fresh) == [2, 1, 1, None]


def test_tidying_twice_is_tidying_once(fresh):
    folder = fresh.submitted("ada", SMALL)
    (folder / NAME).rename(folder / "mine.ipynb")
    (folder / "a.csv").symlink_to("/")
    for _ in range(2):
        tidy(fresh.coursedir, SMALL, "ada")
        assert {path.name for path in folder.iterdir()} == {
            NAME,
            f"{NAME}.was_renamed.txt",
            "a.csv.was_a_link.txt",
        }


# ---- size --------------------------------------------------------------------------------------------------


def test_fifty_megabytes_of_outputs_are_graded(fresh):
    path = fresh.submitted("ada", SMALL) / NAME
    notebook = nbformat.read(path, as_version=4)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="x" * 50 * MB)]
    nbformat.write(notebook, path)
    fresh.autograde(SMALL, "ada")
    assert scores(fresh) == [2, 1, 1, None]
    graded = fresh.folder / "assignments" / "autograded" / "ada" / SMALL / NAME
    assert graded.stat().st_size < MB


def test_a_file_beyond_the_limit_is_refused_in_a_sentence(fresh):
    path = fresh.submitted("ada", SMALL) / NAME
    with path.open("ab") as file:
        file.truncate(3 * MB)
    with pytest.raises(
        CourseError, match="has 3 MB, and at most 2 are read: ask ada to hand it in again, with its"
    ):
        read_submission(path, "ada", Limits(notebook=2 * MB))


# ---- handed in again ---------------------------------------------------------------------------------------


def hand_in_again(course, content, when="2026-01-02 10:00:00 UTC"):
    folder = course.submitted("ada", SMALL)
    (folder / NAME).write_text(content)
    (folder / "timestamp.txt").write_text(when)


@pytest.mark.parametrize("how", ["nbgrader", "course grade"])
def test_unreadable_work_does_not_keep_the_marks_of_what_came_before(fresh, how, answered, released):
    from course_utils.grading import run

    def grade():
        if how == "nbgrader":
            fresh.api.autograde(SMALL, "ada")
        else:
            run.grade(fresh, SMALL)

    grade()
    fresh.mark_by_hand(SMALL, "ada", 3)
    hand_in_again(fresh, "<!DOCTYPE html>")
    grade()
    with fresh.gradebook as gradebook:
        submission = gradebook.find_submission(SMALL, "ada")
        assert submission.timestamp.isoformat() == "2026-01-02T10:00:00"
        (notebook,) = submission.notebooks
        found = {
            grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for grade in notebook.grades
        }
        assert found == {
            "test_total": (None, None, True),
            "test_middle": (None, None, True),
            "test_name": (None, None, True),
            "in_words": (None, 3, False),
        }
    assert not list((fresh.folder / "assignments" / "autograded").glob("ada/*/*.ipynb"))
    # What a person decides about it is not asked again.
    with fresh.gradebook as gradebook:
        grade_of = gradebook.find_grade("test_total", SMALL, SMALL, "ada")
        grade_of.manual_score, grade_of.needs_manual_grade = 1, False
        gradebook.db.commit()
    grade()
    with fresh.gradebook as gradebook:
        assert not gradebook.find_grade("test_total", SMALL, SMALL, "ada").needs_manual_grade
    nbformat.write(answered(released), fresh.submitted("ada", SMALL) / NAME)
    grade()
    with fresh.gradebook as gradebook:
        assert gradebook.find_grade("test_middle", SMALL, SMALL, "ada").auto_score == 1
