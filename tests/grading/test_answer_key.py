"""What `course answers` prints is right in the library that it is printed for, and says so plainly where it cannot."""

import ast
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from proofs import trying

from course_utils import cli
from course_utils.checks.questions import Function
from course_utils.checks.questions import Question as AnyQuestion
from course_utils.grading import answer_key, proving
from course_utils.library import Library

STUDENT, NEIGHBOR = "hazel", "birch"
ASSIGNMENTS = proving.assignments()


@pytest.fixture(scope="module")
def keys():
    return {name: answer_key.answer_key(name, STUDENT) for name in ASSIGNMENTS}


def parts_of(page: str) -> list[str]:
    return re.split(r"(?m)^## ", page)[1:]


def value_printed(page: str, name: str):
    """The value that the page prints under a name, as a reader would copy it into a cell."""
    shown = re.search(rf"(?m)^`{name}`:\s+((?:.+\n)+)", page)[1].strip()
    if not shown.startswith("|"):
        text = shown.strip("`")
        return pd.eval(text) if re.fullmatch(r"-?[\d.]+", text) else text
    lines = [line.strip("| ").split(" | ") for line in shown.splitlines()]
    table = pd.DataFrame(lines[2:], columns=lines[0]).map(as_number)
    return (
        table.set_index("label" if "label" in table else lines[0][0])["value"] if "value" in table else table
    )


def as_number(text: str):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def judged(trial, page: str) -> dict[str, str | None]:
    """For each question with one right value: what its test says of the value on the page."""
    names, said = None, {}
    for name in trial.asked:  # an answer may rest on those before it
        names = trial.answered(name, trial.solution(name), names)
    for name, question in trial.asked.items():
        if in_words := re.search(rf"(?m)^`{name}`:\s+True for (\d+) of (\d+) rows", page):
            counted = (int(names[name].sum()), len(names[name]))
            said[name] = None if counted == tuple(map(int, in_words.groups())) else in_words[0]
        elif cut := re.search(
            rf"(?m)^`{name}`:\s+(?:.+\n)+\n… and \d+ more rows\. Of all (\d+) rows, the mean is (.+)\.$", page
        ):
            own, shown = names[name], value_printed(page, name)
            are_they = np.allclose(own.iloc[: len(shown)], shown.astype(float), atol=1e-4)
            fits = are_they and len(own) == int(cut[1]) and np.isclose(own.mean(), float(cut[2]), atol=1e-4)
            said[name] = None if fits else cut[0]
        elif not issubclass(question, Function) and question.right is not AnyQuestion.right:
            problem = trial.said(name, names | {name: value_printed(page, name)})
            said[name] = problem and str(problem)
    return said


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_value_on_the_page_passes_in_that_library_and_not_all_in_another(assignment, keys):
    with trying.inside(Library.for_student(STUDENT), assignment) as trial:
        told = judged(trial, keys[assignment])
    assert [f"{name}: {said}" for name, said in told.items() if said] == []
    assert len(told) >= 4
    with trying.inside(Library.for_student(NEIGHBOR), assignment) as trial:
        elsewhere = judged(trial, keys[assignment])
    assert sum(said is not None for said in elsewhere.values()) >= len(told) / 2


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_question_is_there_in_order_and_every_mark_scheme_whole(assignment, keys):
    notebook = proving.source_notebook(assignment)
    headings = [
        found for cell in notebook.cells for found in re.findall(r"(?m)^### (Question .+)$", cell.source)
    ]
    parts = parts_of(keys[assignment])
    assert [part.splitlines()[0] for part in parts] == headings
    schemes = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("task")]
    assert schemes
    for cell in schemes:
        lines = cell.source.split("=== BEGIN MARK SCHEME ===")[1].split("=== END MARK SCHEME ===")[0]
        for line in filter(None, map(str.strip, lines.splitlines())):
            assert line in keys[assignment]
    assert "=== " not in keys[assignment]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_a_function_is_shown_with_its_code_and_what_it_gives(assignment, keys):
    parts = parts_of(keys[assignment])
    for name, question in proving.declared(assignment).items():
        (part,) = [part for part in parts if f"def {name}(" in part] or [""]
        assert bool(part) == issubclass(question, Function)
        for example in question.tries if part else ():
            assert f"`{example.place}`" in part
            assert "It gives\n\n" in part
        assert "### " not in part  # no mark of nbgrader's


def test_a_free_answer_says_what_is_checked(keys):
    free = [
        (page, question)
        for name, page in keys.items()
        for question in proving.declared(name).values()
        if question.right is AnyQuestion.right
    ]
    assert free
    for page, question in free:
        (part,) = [part for part in parts_of(page) if f"{question.name} = " in part]
        assert [slip.name for slip in question.slips if f"- {slip.name}" not in part] == []
        assert "There is no one right answer." in part


def test_it_leaves_whose_library_it_is_as_it_was(monkeypatch):
    monkeypatch.setenv("COURSE_STUDENT", "rowan")
    answer_key.answer_key(ASSIGNMENTS[0], STUDENT)
    assert os.environ["COURSE_STUDENT"] == "rowan"


def test_an_answer_that_is_marked_by_hand_in_its_own_cell_shows_the_model_answer(monkeypatch):
    """An instructor's own question: nbgrader's *manually graded answer*, with the model answer as its solution."""
    notebook = proving.source_notebook(ASSIGNMENTS[0])
    marks = {
        "grade": True,
        "solution": True,
        "task": False,
        "locked": False,
        "points": 3,
        "schema_version": 3,
    }
    heading = nbformat.v4.new_markdown_cell("### Question 99 · Whom would you ask? (3 points)\n\nTell us.")
    model = "### BEGIN SOLUTION\nPeople who stopped coming.\n### END SOLUTION"
    mine = nbformat.v4.new_markdown_cell(model, metadata={"nbgrader": marks | {"grade_id": "mine"}})
    notebook.cells += [heading, mine]
    monkeypatch.setattr(proving, "source_notebook", lambda _: notebook)
    last = parts_of(answer_key.answer_key(ASSIGNMENTS[0], STUDENT))[-1]
    assert last.startswith("Question 99 · Whom would you ask? (3 points)")
    assert last.rstrip().endswith("People who stopped coming.")


@pytest.fixture
def no_class(monkeypatch):
    monkeypatch.setattr(answer_key, "not_in_class", lambda _: "")


@pytest.mark.usefixtures("no_class")
@pytest.mark.parametrize("name", ["1", "01", ASSIGNMENTS[0]])
def test_on_the_terminal(name, capsys):
    assert cli.main(["answers", name, "--student", STUDENT]) == 0
    assert capsys.readouterr().out.startswith("# Answer key: Assignment 1 · ")


@pytest.mark.usefixtures("no_class")
def test_as_files(tmp_path, keys):
    for kind in ("md", "html"):
        assert cli.main(["answers", "01", "--student", STUDENT, "--out", str(tmp_path / f"key.{kind}")]) == 0
    assert (tmp_path / "key.md").read_text(encoding="utf-8") == keys[ASSIGNMENTS[0]]
    page = (tmp_path / "key.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<h2") == len(parts_of(keys[ASSIGNMENTS[0]]))
    assert "<table>" in page


@pytest.mark.usefixtures("no_class")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["04x", "--student", "hazel"], "There is no assignment “04x”."),
        (["99", "--student", "hazel"], "There is no assignment “99”."),
        (["", "--student", "hazel"], "There is no assignment “”."),
        (["01", "--student", " "], "The name of the student is empty"),
        (["01", "--student", "hazel", "--out", "key.txt"], "give --out a name that ends in .md"),
        (["01", "--student", "hazel", "--out", "nowhere/key.md"], "its folder is not there"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["answers", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_not_on_the_class_list_is_remarked_on(tmp_path, monkeypatch):
    course = answer_key.Course.create(tmp_path / "course", [])
    monkeypatch.setattr(answer_key, "course_folder", lambda: course.folder)
    monkeypatch.delenv("COURSE_GRADEBOOK", raising=False)
    assert answer_key.not_in_class("hazle") == ""  # no class yet
    assert not Path(course.coursedir.root, "gradebook.db").exists()  # and none is made by asking
    course.add_students({"hazel": {}})
    assert "did you mean hazel?" in answer_key.not_in_class("hazle")
    assert "zoe is not on your class list." in answer_key.not_in_class("zoe")
    assert answer_key.not_in_class("hazel") == answer_key.not_in_class("Hazel") == ""
