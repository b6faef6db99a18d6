"""The lint: the kit itself has nothing to mend, and each rule finds what it is for."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring import lint


def nbgrader(name, **more):
    return {"nbgrader": {"grade_id": name, "grade": False, "solution": False, "locked": True, **more}}


TEST = """expect("loans").is_count()
### BEGIN HIDDEN TESTS
expect("loans").is_right()
### END HIDDEN TESTS"""
DECLARED = """
from course_utils.checks.questions import Count, Slip

class Loans(Count):
    name, points, objective = "loans", 2, 1

    def right(t):
        return 1

    also_right = ["loans = 1", "loans = 2 - 1"]
    slips = [Slip(str(number), f"loans = {number}", "Not so many.") for number in (2, 3, 4)]
"""


def question(prompt="Assign to `loans` a number.", answer="loans = ...", test=TEST, objective=1):
    heading = f"### Question 1 · Loans (2 points)\n\n*Practices objective {objective}.*\n"
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


BEGINNING = [
    new_markdown_cell("# Assignment 1 · Loans", metadata=nbgrader("top")),
    new_markdown_cell("## How to work", metadata=nbgrader("how_to_work")),
]


@pytest.fixture
def found(tmp_path):
    """A function that lints a kit of one lesson and one assignment."""

    def look(lesson=None, assignment=None, declared=DECLARED, beginning=BEGINNING):
        (tmp_path / "assignments" / "questions").mkdir(parents=True, exist_ok=True)
        (tmp_path / "assignments" / "questions" / "01.py").write_text(declared, encoding="utf-8")
        for path, cells in (
            ("notebooks/lesson_01_loans.ipynb", lesson or LESSON),
            ("assignments/source/01_loans/01_loans.ipynb", [*beginning, *(assignment or question())]),
        ):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(new_notebook(cells=cells), tmp_path / path)
        return [str(finding) for finding in lint.lint(tmp_path)]

    return look


def test_the_kit_has_nothing_to_mend(kit):
    assert [str(finding) for finding in lint.lint(kit)] == []


def test_the_glossary_is_that_of_the_lessons(kit):
    assert (kit / "docs" / "glossary.md").read_text(encoding="utf-8") == lint.glossary(kit), (
        "run course contents"
    )


def test_a_clean_kit_has_no_findings(found):
    assert found() == []


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        (
            question(test=TEST.replace('expect("loans").is_count', 'expect("visits").is_count')),
            'students see no expect("loans").is_count(…) of its form',
        ),
        (question(test="pass"), "its hidden part must be one line"),
        (question(test=f"a\nb\nc\n{TEST}"), "students see more than 3 lines of it"),
        (
            question(prompt="Assign to `visits` a number."),
            "the prompt does not name `loans`, which is what is tested",
        ),
        (question(answer="# nothing here"), "students find no line “loans = ...”"),
        (question(prompt="Assign to `loans` the sum of `lones`."), "`lones` is no column, no table"),
        (
            question(test=f"rows = 1\n{TEST}"),
            "it makes rows, which may be a student's own name",
        ),
        (question(objective=2), "the lesson has no objective 2"),
        (question(objective=2), "no question practices objective 1"),
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


@pytest.mark.parametrize(
    ("beginning", "sentence"),
    [
        ([new_markdown_cell("# 1 · Loans"), BEGINNING[1]], "its heading must begin with “# Assignment 1 · ”"),
        (BEGINNING[:1], "it has no cell how_to_work, into which course sync puts assignments/how_to_work.md"),
    ],
)
def test_an_assignment_that_does_not_begin_as_all_do_is_found(found, beginning, sentence):
    (finding,) = found(beginning=beginning)
    assert sentence in finding


def test_points_in_the_heading_are_those_of_the_test(found):
    cells = question()
    cells[2].metadata["nbgrader"]["points"] = 3
    assert any("must agree on the points" in finding for finding in found(assignment=cells))


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        (DECLARED.replace("2, 1\n", "3, 1\n"), "must agree on the points: declared are 3"),
        (DECLARED.replace("2, 1\n", "2, 4\n"), "objective 4 is declared, and the prompt says otherwise"),
        (DECLARED.replace('"loans", 2', '"visits", 2'), "loans: its right answer is not declared"),
        (DECLARED.replace('"loans", 2', '"visits", 2'), "visits: it is declared in assignments/questions/"),
        (DECLARED.replace("(2, 3, 4)", "(2, 3)"), "at least 2 right answers and 3 slips are to be declared"),
    ],
)
def test_a_slip_in_a_declaration_is_found(found, declared, sentence):
    findings = found(declared=declared)
    assert any(sentence in finding for finding in findings), findings


FUNCTION = """
from course_utils.checks.practice import Example
from course_utils.checks.questions import Function, Slip

SLIPS = {"one": (3, "This is one."), "two": (4, "This is two."), "three": (5, "This is three.")}

class Loans(Function):
    name, points, objective = "loans", 2, 1
    tries = (Example("practice.loans", {"n": 1}, 2, SLIPS),)

    def right(t):
        return lambda n: n + 1

    also_right = ["def loans(n): return n + 1", "def loans(n): return 1 + n"]
    slips = [Slip(name, "def loans(n): return 0") for name in SLIPS]
"""


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [
        ("(4, ", "(3.0, ", "one and two"),
        ("(5, ", "(2, ", "three and the right answer"),
        ("(4, ", "(5, ", "two and three"),
    ],
)
def test_slips_that_an_example_cannot_tell_apart_are_found(found, before, after, alike):
    sentence = "lead to the same value in practice.loans, and are told different things"
    assert not any(sentence in finding for finding in found(declared=FUNCTION))
    assert any(
        f"{alike} {sentence}" in finding for finding in found(declared=FUNCTION.replace(before, after))
    )


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


def test_a_term_in_a_title_is_not_its_first_use_and_one_in_italics_is(found):
    first = LESSON[0].source.replace("# Lesson", "# What is a loan?")
    title = new_markdown_cell("The reading is *Every loan counts*.")
    assert found(lesson=[new_markdown_cell(first), title, *LESSON[1:]]) == []
    stressed = new_markdown_cell("What counts is *a loan*.")
    (finding,) = found(lesson=[LESSON[0], stressed, *LESSON[1:]])
    assert "“loan” is used before it is introduced" in finding


def a_quiz(count=5, mark="x", hidden=True):
    questions = [f"What is {n}?\n- [{mark}] This\n  Yes.\n- [ ] That\n  No.\n" for n in range(count)]
    metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
    return new_code_cell(f'quiz("""{"".join(questions)}""")', metadata=metadata)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (a_quiz(), ""),
        (a_quiz(4), "it has 4 questions, and should have 5"),
        (a_quiz(mark=" "), "“What is 0?” needs one right choice"),
        (a_quiz(hidden=False), "its cell shows the answers"),
    ],
)
def test_a_slip_in_a_quiz_is_found(found, cell, sentence):
    findings = found(lesson=[*LESSON, cell])
    assert len(findings) == bool(sentence)
    assert all(sentence in finding for finding in findings)


def words_of_code(count):
    """A lesson's cell with so many words of code: methods that texts have."""
    methods = [name for name in sorted(dir(str)) if name.isalpha()][:count]
    return new_code_cell("\n".join(f"title.{name}()" for name in methods))


def test_a_word_of_code_that_nobody_explained_is_found(found):
    findings = found(lesson=[*LESSON, new_code_cell("title.swapcase()\ntitle.head()")])
    assert findings == [
        "lesson_01_loans, code: .swapcase(…) is new here: explain it in course_utils/authoring/code_words.toml"
    ]


def test_more_new_words_of_code_than_a_class_can_take_in_are_found(found):
    def told(count):
        return [finding for finding in found(lesson=[*LESSON, words_of_code(count)]) if "may be" in finding]

    assert told(lint.MOST_NEW_WORDS) == []
    (finding,) = told(lint.MOST_NEW_WORDS + 1)
    assert "16 words of code are new on its main road, and 15 may be: .capitalize(…), " in finding


def test_a_word_used_in_an_earlier_lesson_is_found(found, tmp_path):
    (tmp_path / "notebooks").mkdir()
    early = new_notebook(cells=[new_markdown_cell("# Start\n\nA loan comes early.")])
    nbformat.write(early, tmp_path / "notebooks" / "00_start.ipynb")
    assert any(
        "“loan” is used here, and introduced only in lesson_01_loans" in finding for finding in found()
    )
