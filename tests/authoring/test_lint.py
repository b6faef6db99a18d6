"""The lint: the kit itself has nothing to mend, and each rule finds what it is for."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring import lint


def nbgrader(name, **more):
    return {"nbgrader": {"grade_id": name, "grade": False, "solution": False, "locked": True, **more}}


def question(
    prompt="Assign to `loans` a number.", answer="loans = ...", test='expect("loans").is_count()', objective=1
):
    heading = f"### Question 1 · Loans (2 points)\n\n*Practises objective {objective}.*\n"
    answer = f"{answer}\n### BEGIN SOLUTION\nloans = 1\n### END SOLUTION"
    return [
        new_markdown_cell(heading + prompt, metadata=nbgrader("prompt_loans")),
        new_code_cell(answer, metadata=nbgrader("loans", solution=True)),
        new_code_cell(test, metadata=nbgrader("test_loans", grade=True, points=2)),
    ]


LESSON = [
    new_markdown_cell("# Lesson\n\nAfter this week you can\n\n1. count loans;\n"),
    new_markdown_cell("A **loan** is a loan.\n"),
    new_markdown_cell("## Words learned\n\n- **loan**: a thing taken home.\n"),
]


@pytest.fixture
def found(tmp_path):
    """A function that lints a kit of one lesson and one assignment."""

    def look(lesson=None, assignment=None):
        for folder, cells in (
            ("notebooks", lesson or LESSON),
            ("assignments/source/01_loans", assignment or question()),
        ):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            nbformat.write(new_notebook(cells=cells), tmp_path / folder / "01_loans.ipynb")
        return [str(finding) for finding in lint.lint(tmp_path)]

    return look


def test_the_kit_has_nothing_to_mend(kit):
    assert [str(finding) for finding in lint.lint(kit)] == []


def test_the_glossary_is_that_of_the_lessons(kit):
    assert (kit / "docs" / "glossary.md").read_text(encoding="utf-8") == lint.glossary(kit), (
        "run course glossary"
    )


def test_a_clean_kit_has_no_findings(found):
    assert found() == []


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        (
            question(test='expect("visits").is_count()'),
            "test_loans: it tests visits, and the question is about loans",
        ),
        (question(test="pass"), "test_loans: it does not test loans"),
        (
            question(prompt="Assign to `visits` a number."),
            "the prompt does not name `loans`, which is what is tested",
        ),
        (question(answer="# nothing here"), "students find no line “loans = ...”"),
        (question(prompt="Assign to `loans` the sum of `lones`."), "`lones` is no column, no table"),
        (
            question(test='expect("loans").is_count()\nrows = 1'),
            "it makes rows, which may be a student's own name",
        ),
        (question(objective=2), "the lesson has no objective 2"),
        (question(objective=2), "no question practises objective 1"),
        (
            question(answer='loans = ...\nloans["patron_name"]'),
            'there is no column "patron_name" in the schemas',
        ),
        (question(prompt="Assign to `loans` one. Then stop."), "two sentences stand on one line"),
        (question()[1:], "there is no cell prompt_loans"),
        (question()[:2], "no test cell test_loans goes with this answer"),
    ],
)
def test_a_slip_in_a_question_is_found(found, assignment, sentence):
    findings = found(assignment=assignment)
    assert any(sentence in finding for finding in findings), findings


def test_points_in_the_heading_are_those_of_the_test(found):
    cells = question()
    cells[2].metadata["nbgrader"]["points"] = 3
    assert any("the heading must say (3 points)" in finding for finding in found(assignment=cells))


@pytest.mark.parametrize(
    ("lesson", "sentence"),
    [
        (
            [LESSON[0], new_markdown_cell("A loan is **a** loan."), LESSON[2]],
            "“loan” is used before it is introduced",
        ),
        (
            [LESSON[0], new_markdown_cell("Nothing."), LESSON[2]],
            "“loan” is explained here, and never introduced",
        ),
        ([*LESSON, new_markdown_cell(LESSON[2].source)], "loan is explained a second time"),
    ],
)
def test_a_slip_in_the_words_is_found(found, lesson, sentence):
    findings = found(lesson=lesson)
    assert any(sentence in finding for finding in findings), findings


def test_a_word_used_in_an_earlier_lesson_is_found(found, tmp_path):
    (tmp_path / "notebooks").mkdir()
    early = new_notebook(cells=[new_markdown_cell("# Start\n\nA loan comes early.")])
    nbformat.write(early, tmp_path / "notebooks" / "00_start.ipynb")
    assert any("“loan” is used here, and introduced only in 01_loans" in finding for finding in found())
