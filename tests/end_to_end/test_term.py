"""Six students through a week, by nbgrader's own commands, and every command of the instructor's page."""

import csv
import html
import re

import nbformat
import pytest
from nbgrader.api import Gradebook

from course_utils.messages import say

ASSIGNMENT = "01_who_is_our_customer"
MOST = {
    "test_my_guesses": 1,
    "test_registered": 1,
    "test_unexpired": 1,
    "test_active_share": 2,
    "test_borrowers": 2,
    "test_other_users": 2,
    "test_turned_away": 2,
    "test_erased_by_age": 2,
    "test_hit_share": 2,
    "test_my_scores": 2,
}
BY_HAND = ("reflection", "assumed")
SLIPS = ("test_registered", "test_active_share", "test_borrowers")
NOTHING = dict.fromkeys(MOST, 0)


@pytest.fixture(scope="module")
def gradebook(term):
    with Gradebook(f"sqlite:///{term.kept / 'gradebook.db'}", "port_ellery") as gradebook:
        yield gradebook


def points(gradebook, student):
    notebook = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
    return {grade.name: grade.auto_score for grade in notebook.grades if grade.name in MOST}


def feedback(term, student):
    """What the student reads, as text, by question, after fetching it."""
    (page,) = term.desk(student).glob("feedback/*/*.html")
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


def what_test_said(term, student, grade_id):
    notebook = nbformat.read(
        term.kept / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4
    )
    (cell,) = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return [
        output.evalue if output.output_type == "error" else output.text.strip() for output in cell.outputs
    ][-1]


# ---- every command of the page ---------------------------------------------------------------------------


def test_every_command_of_the_page_was_run_and_went_well(term, page_blocks):
    expected = {}
    for block in page_blocks:
        assert block.language == "sh", "a block that is not a command cannot be run by this test"
        for command in block.commands:
            times = len(term.students) if block.who == "student" else 1
            expected[command] = expected.get(command, 0) + times
    ran = {}
    for command in [done.command for done in term.done] + term.started:
        ran[command] = ran.get(command, 0) + 1
    assert ran == expected
    failed = [done for done in term.done if done.code != 0]
    assert not failed, "\n\n".join(f"{done.who}$ {done.command}\n{done.output}" for done in failed)


def test_commands_named_in_the_prose_stand_in_a_block_as_well(term):
    page = (term.kit / "docs" / "instructor.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    named = [code for code in re.findall(r"`([^`]+)`", prose) if code.split()[0] in ("nbgrader", "course")]
    ran = [done.command for done in term.done] + term.started
    assert named
    assert [code for code in named if not any(command.startswith(code) for command in ran)] == []


def test_the_page_is_one_page(term):
    page = (term.kit / "docs" / "instructor.md").read_text(encoding="utf-8")
    assert len(page.split()) < 1100


def test_demo_shows_twelve_students(term):
    output = term.outputs("course demo")
    rows = re.findall(r"^([a-z]+) +(?:[\d–]|missing|not graded)", output, flags=re.MULTILINE)
    assert len(set(rows)) >= 12
    for state in ("graded", "late by", "missing", "not graded", "marked by"):
        assert state in output
    assert "not as expected" not in output


def test_formgrader_shows_the_class_and_its_button_grades(term):
    assert term.formgrader["students"] == set(term.students)
    assert term.formgrader["autograde"]["success"], term.formgrader["autograde"]


def test_assignment_list_fetches_into_my_work(term):
    (fetched,) = (found for found in term.formgrader["fetched"] if found["status"] == "fetched")
    assert fetched["path"] == f"my_work/{ASSIGNMENT}"
    assert (term.kit / "my_work" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").exists()


# ---- the six ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        ("alder", MOST),
        ("aspen", MOST),
        ("birch", MOST | dict.fromkeys(SLIPS, 0)),
        ("hazel", NOTHING),
        ("linden", MOST),
        ("maple", MOST),
    ],
    ids=["perfect", "another right style", "three misconceptions", "blank", "deleted a test", "copied cells"],
)
def test_points_by_test(gradebook, student, expected):
    assert points(gradebook, student) == expected


@pytest.mark.parametrize("question", ["registered", "active_share", "borrowers"])
def test_a_misconception_is_told_apart(term, question):
    proof = term.proofs[question, term.students["birch"].answers[question]]
    said = what_test_said(term, "birch", f"test_{question}")
    assert proof.is_said_by(said), said
    assert said in feedback(term, "birch")


@pytest.mark.parametrize("grade_id", MOST)
def test_right_and_blank_are_told_so(term, grade_id):
    name = grade_id.removeprefix("test_")
    blank = say("outcome.dots_returned" if name == "hit_share" else "grading.dots", name=name)
    assert blank.startswith(f"{name}: not attempted yet.")
    assert what_test_said(term, "hazel", grade_id) == blank
    assert blank in feedback(term, "hazel")
    for student in ("alder", "aspen", "linden", "maple"):
        assert "not attempted" not in what_test_said(term, student, grade_id)
        assert f"{name} is right." in feedback(term, student)


def test_who_deleted_or_copied_a_cell_is_told(term):
    assert "was missing from your notebook" in feedback(term, "linden")
    assert feedback(term, "maple").count("what followed was run as a cell of your own") == 2
    for student in ("alder", "aspen", "birch", "hazel"):
        assert "was missing from your notebook" not in feedback(term, student)
        assert "what followed was run" not in feedback(term, student)


def test_each_is_graded_on_a_library_of_their_own(term):
    counts = set()
    for student in term.students:
        notebook = nbformat.read(
            term.kept / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4
        )
        (said,) = (
            o.text
            for c in notebook.cells
            for o in c.get("outputs", [])
            if "This is the library of" in o.get("text", "")
        )
        counts.add(said.strip())
    assert counts == {f"This is the library of {student}" for student in term.students}


# ---- by hand, and out ------------------------------------------------------------------------------------


def test_marks_by_hand(term, gradebook):
    for student in term.students.values():
        for question in BY_HAND:
            grade = gradebook.find_grade(question, ASSIGNMENT, ASSIGNMENT, student.name)
            assert grade.manual_score == student.mark
            assert grade.needs_manual_grade == (student.mark is None)
        if student.comment:
            assert student.comment in feedback(term, student.name)


def test_grades_that_are_exported(term):
    with (term.kept / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    scores = {student: row["score"] for student, row in rows.items()}
    assert scores == {"alder": "29", "aspen": "25", "birch": "16", "hazel": "", "linden": "", "maple": "27"}
    assert {float(row["max_score"]) for row in rows.values()} == {29}
    assert {row["due_utc"] for row in rows.values()} == {"2026-09-15 03:59:00"}, (
        "in UTC, from New York's time"
    )


def test_feedback_has_the_points(term):
    for student, total in {"alder": 29, "birch": 16, "hazel": 0}.items():
        assert f"{total} of 29 points" in feedback(term, student)
