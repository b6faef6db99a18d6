"""What a student reads of a test cell, and what not."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from course_utils.grading.feedback import HideTests

SOURCE = """\
expect("total").is_number()
### BEGIN HIDDEN TESTS
secret_sum_of_patrons = 6
assert total == secret_sum_of_patrons, "not it"
### END HIDDEN TESTS"""
TEST = {
    "nbgrader": {"grade": True, "solution": False, "grade_id": "test_total", "points": 1, "schema_version": 3}
}
ANSWER = {"nbgrader": {"grade": False, "solution": True, "grade_id": "total", "schema_version": 3}}
TRACE = ["----> 3 secret_sum_of_patrons = 6", "NameError: name 'x' is not defined"]


def error(ename, evalue):
    return new_output("error", ename=ename, evalue=evalue, traceback=TRACE)


def fed_back(*cells, config=None):
    notebook, _ = HideTests(config=config).preprocess(copy.deepcopy(new_notebook(cells=list(cells))), {})
    return notebook.cells


def test_hidden_lines_are_gone_and_it_is_said_that_there_were_some():
    (cell,) = fed_back(new_code_cell(SOURCE, metadata=TEST))
    assert cell.source == 'expect("total").is_number()\n# More tests ran here when your work was graded.'


def test_cell_of_hidden_tests_alone():
    (cell,) = fed_back(new_code_cell(SOURCE.partition("\n")[2], metadata=TEST))
    assert cell.source == "# More tests ran here when your work was graded."


def test_cell_without_hidden_tests_stays():
    (cell,) = fed_back(new_code_cell('expect("total").is_number()', metadata=TEST))
    assert cell.source == 'expect("total").is_number()'


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (error("NotYet", "total is 3. Add them up."), "total is 3. Add them up."),
        (error("AssertionError", "not it"), "not it"),
        (error("AssertionError", ""), "A test did not pass."),
        (error("NameError", "name 'x' is not defined"), "NameError: name 'x' is not defined"),
    ],
)
def test_stack_trace_of_a_test_becomes_one_sentence(output, told):
    (cell,) = fed_back(new_code_cell(SOURCE, metadata=TEST, outputs=[output]))
    assert cell.outputs[0].traceback == [told]


def test_stack_trace_of_the_students_own_code_stays():
    own = new_output(
        "error", ename="KeyError", evalue="'a'", traceback=["----> 1 patrons['a']", "KeyError: 'a'"]
    )
    cells = fed_back(
        new_code_cell("patrons['a']", metadata=ANSWER, outputs=[own]), new_code_cell("b", outputs=[own])
    )
    assert [cell.outputs[0].traceback for cell in cells] == [own.traceback, own.traceback]


@pytest.mark.parametrize(
    "printed",
    [
        "secret_sum_of_patrons = 6",
        '{"source": ["assert total == secret_sum_of_patrons, \\"not it\\""]}',
        "secret_sum_of_patrons=6",
    ],
    ids=["as it stands", "from the file", "without spaces"],
)
def test_output_with_the_text_of_a_test_is_withheld(printed):
    for output in (
        new_output("stream", text=printed),
        new_output("display_data", {"text/html": f"<b>{printed}</b>"}),
        new_output("error", ename="E", evalue=printed, traceback=[]),
    ):
        cells = fed_back(new_code_cell("peek()", outputs=[output]), new_code_cell(SOURCE, metadata=TEST))
        assert cells[0].outputs[0].text == "This output is not shown: it contained the text of a test."
        assert "secret" not in nbformat.writes(new_notebook(cells=cells))


def test_what_everybody_can_see_may_be_printed():
    shown = new_output("stream", text='expect("total").is_number()')
    cells = fed_back(
        new_code_cell("a", outputs=[shown]), new_code_cell(SOURCE, metadata=TEST), new_markdown_cell("b")
    )
    assert cells[0].outputs == [shown]


def test_marks_set_for_nbgrader_are_used():
    config = Config()
    config.ClearHiddenTests.begin_test_delimeter = "HIDE FROM"
    config.ClearHiddenTests.end_test_delimeter = "HIDE TO"
    (cell,) = fed_back(new_code_cell("a\n# HIDE FROM\nb\n# HIDE TO", metadata=TEST), config=config)
    assert cell.source == "a\n# More tests ran here when your work was graded."
