"""What the test runner finds: marks and states, partial credit, whose fault it was, and what students are told."""

import math
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from grading.forked import Forks
from grading.jobs import a_test, added, answer, job, question, results, setup, week_one

from course_utils.grading.execution.job import ExecutionResult, State
from course_utils.grading.execution.test_runner import run_tests, score_of
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox.launcher import SandboxFactory

LIMITS = Limits(cell_cpu=1.5, cell_wall=4, notebook_cpu=20, notebook_wall=40, restarts=3)
TOTAL = """
expect("total").equals(6, but_not={"counted": (3, "This is how many there are.")})
"""


@pytest.fixture
def forks():
    made = Forks()
    yield made
    made.close()


@pytest.fixture
def examined(forks):
    """Examine a job of these cells: the results by name. ``examined.record`` is the whole of it."""

    def run(*cells, limits=LIMITS, **options):
        run.job = job(*cells, **options)
        run.record = run_tests(run.job, forks, limits)
        assert ExecutionResult.from_json(run.record.to_json()) == run.record
        return results(run.record, run.job)

    return run


@pytest.fixture
def total(examined):
    """Examine one answer to the question for the total of the patrons: what came of its test."""

    def run(source, *more, whole=TOTAL, **options):
        return examined(setup(), *question("total", source, whole), *more, **options)["test_total"]

    return run


# ---- states and marks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "state", "score", "message"),
    [
        ("total = sum(patrons)", State.RIGHT, 2, "total is right."),
        ("total = np.float32(6)", State.RIGHT, 2, "total is right."),
        ("total = 7", State.WRONG, 0, "total is 7. That is not it yet."),
        ("total = len(patrons)", State.WRONG, 0, "total is 3. This is how many there are."),
        ("total = sum", State.WRONG, 0, "total is a function that was not called."),
        ("total = pd", State.WRONG, 0, "total is of the type module. Expected a number."),
        (
            "total = pd.DataFrame({'a': [1]}).groupby('a')",
            State.WRONG,
            0,
            "total is grouped, but nothing has been counted yet.",
        ),
        (None, State.NOT_ATTEMPTED, 0, "total: not attempted yet. It still holds the three dots."),
        ("total = ...\n\n  ", State.NOT_ATTEMPTED, 0, "total: not attempted yet."),
        ("Total = 6", State.NOT_THERE, 0, "total is not there yet. You have Total: did you mean that?"),
        ("pass", State.NOT_THERE, 0, "total is not there yet. Is “total =”"),
        (
            "# mine\ntotal = sum(patron)",
            State.ERROR,
            0,
            "total: your cell stopped at line 2 (total = sum(patron)): NameError: name 'patron' is not defined. "
            "You have patrons: did you mean that?",
        ),
        ("total = = 6", State.ERROR, 0, "total: your cell stopped at line 1 (total = = 6): SyntaxError:"),
        ("total = 6\n1 / 0", State.RIGHT, 2, "total is right."),
        ("total = sum(patrons)\nexit()", State.ERROR, 0, "total: Python ended: your Python ended while this ran"),
    ],
)  # fmt: skip
def test_how_a_question_ends(total, source, state, score, message):
    result = total(source)
    assert (result.state, result.score, result.review) == (state, score, "")
    assert result.message.startswith(message)


LOOPS = Limits(cell_cpu=0.4, cell_wall=4, notebook_cpu=20, notebook_wall=40, restarts=3)
COUNTS = "total = 0\nwhile True:\n    total += 1"


@pytest.mark.parametrize(
    "whole",
    [
        TOTAL,
        'expect("total").is_count(of=range(10))',
        'assert total == 6, f"{total} is wrong"',
        "float(total == 6)",
    ],
    ids=["value", "too many", "plain", "score"],
)
def test_a_loop_that_never_ends_is_told_and_its_value_is_not(total, whole):
    found = [total(COUNTS, whole=whole, limits=LOOPS) for _ in range(2)]
    assert (found[0].state, found[0].score, found[0].review) == (State.ERROR, 0, "")
    assert found[0].message == (
        "total: your cell stopped at line 2 (while True:): Out of time: it was stopped after 0.4 seconds of work. "
        "Look for a loop that never ends."
    )
    assert [replace(one, seconds=0, cpu=0) for one in found] == [replace(found[0], seconds=0, cpu=0)] * 2


def test_a_cell_that_was_stopped_for_time_shows_the_same_in_each_run(examined):
    found = examined(setup(), *question("total", COUNTS, TOTAL), limits=LOOPS)["total"]
    (error,) = found.outputs
    assert (error["ename"], error["evalue"]) == (found.cell_error.kind, found.cell_error.said)
    assert "Interrupt" not in str(error)


def test_what_a_stopped_cell_has_earned_stays(total):
    found = total(f"{COUNTS}".replace("total", "n") + "\n", limits=LOOPS)
    assert found.state is State.ERROR
    found = total("total = 6\nwhile True:\n    pass", limits=LOOPS)
    assert (found.state, found.score, found.message) == (State.RIGHT, 2, "total is right.")
    found = total("total = 6\nwhile True:\n    pass", whole="total / 6", limits=LOOPS)
    assert (found.state, found.score) == (State.PARTLY, 1)
    assert found.message.startswith(
        "1 of 2 points. total: your cell stopped at line 2 (while True:): Out of time"
    )


def test_a_test_that_stops_by_itself_stays_our_fault_where_the_cell_was_stopped(total):
    assert total(COUNTS, whole="total + undefined_here.x()[0] if False else [][0]", limits=LOOPS).state is (
        State.OUR_FAULT
    )


def test_another_questions_loop_is_not_held_against_this_one(examined):
    found = examined(
        setup(),
        *question("a", COUNTS.replace("total", "a"), "expect('a').equals(1)"),
        *question("b", "b = 2", "expect('b').equals(1)"),
        limits=LOOPS,
    )
    assert found["test_a"].state is State.ERROR
    assert found["test_b"].message.startswith("b is 2. That is not it yet.")


@pytest.mark.parametrize(
    "source", ["total = ...", "# later\ntotal = ...", "total = ...\ntotals = 3\ndel totals"]
)
def test_of_a_blank_only_what_is_so_is_said(total, source):
    assert total(source).message == "total: not attempted yet. It still holds the three dots."
    stopped = total(f"{source}\n1 / 0")
    assert stopped.state is State.ERROR
    assert "If you did" not in stopped.message


def test_nobody_answers_input_and_it_is_said_in_plain_words(total):
    found = total("total = int(input('How many? '))")
    assert (found.state, found.score) == (State.ERROR, 0)
    assert found.message == (
        "total: your cell stopped at line 1 (total = int(input('How many? '))): No input: nobody is at the keyboard "
        "when your work is graded, so assign the value in the cell."
    )
    found = total("def total(n):\n    return int(input())", whole='expect("total").gives(1, 2)')
    assert found.state is State.ERROR
    assert "nobody is at the keyboard" in found.message


def test_a_syntax_error_names_no_file(total):
    found = total("total = = 6")
    assert found.message == "total: your cell stopped at line 1 (total = = 6): SyntaxError: invalid syntax."


def test_a_message_has_nothing_for_a_terminal_to_obey(total):
    found = total(
        "total = pd.Series([1, 2], ['a', '\\x1b]0;mine\\x07'])", whole='expect("total").is_series(["a"])'
    )
    assert found.state is State.WRONG
    assert "mine" in found.message
    assert "\x1b" not in found.message + found.review
    assert "\x07" not in found.message + found.review


def test_an_error_that_python_makes_only_of_parts_is_the_students(total):
    source = "def total(n):\n    raise ExceptionGroup('several', [ValueError(1)])"
    found = total(source, whole='expect("total").gives(1, 2)')
    assert (found.state, found.score) == (State.ERROR, 0)
    assert "ExceptionGroup" in found.message


def test_a_named_misconception_is_in_the_record(total):
    assert total("total = 3").misconception == "counted"
    assert total("total = 4").misconception is None


def test_what_is_shown_below_a_test(total):
    right = total("total = 6", whole='print("looking")\nexpect("total").equals(6)')
    assert [output["text"] for output in right.outputs] == ["looking\n", "total is right.\n"]
    wrong = total("total = 7", whole='secret = 6\nprint("looking")\nexpect("total").equals(secret)')
    shown, error = wrong.outputs
    assert shown["text"] == "looking\n"
    assert (error["ename"], error["traceback"]) == ("NotYet", [error["evalue"]])
    assert error["evalue"] == wrong.message
    assert "secret" not in str(wrong)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("total = ...\nsum(patrons)", "gives it no name: write “total =” in front of it."),
        ("total = ...\ntotal == 6", "to give total its value, write a single “=”."),
    ],
)
def test_an_answer_below_the_dots_is_said_to_have_no_name(total, source, said):
    found = total(source, whole="expect('total').equals(6)")
    assert (found.state, found.score) == (State.NOT_ATTEMPTED, 0)
    assert said in found.message


def test_a_students_cell_has_its_outputs_trouble_and_time(examined):
    found = examined(setup(), answer("a", "print('hello')\na = 1\na"), answer("b", "b = 1\nb.c"))
    texts = [one.get("text") or one["data"]["text/plain"] for one in found["a"].outputs]
    assert texts == ["hello\n", "1"]
    assert found["a"].cell_error is None
    cell_error = found["b"].cell_error
    assert (cell_error.cell, cell_error.kind, cell_error.line, cell_error.code) == (
        "b",
        "AttributeError",
        2,
        "b.c",
    )
    assert found["b"].outputs[-1]["ename"] == "AttributeError"
    assert 0 < found["a"].cpu <= found["a"].seconds + 0.05


# ---- tests in the style of other courses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "state", "score", "message"),
    [
        ("total = 6", State.RIGHT, 2, "total is right."),
        ("total = 7", State.WRONG, 0, "look again"),
        (None, State.NOT_ATTEMPTED, 0, "total: not attempted yet. Its cell is as you got it."),
        ("total = ...  # later", State.NOT_ATTEMPTED, 0, "total: not attempted yet."),
        ("tota = 6", State.NOT_THERE, 0, "total is not there yet. You have tota: did you mean that?"),
        ("total = patron", State.ERROR, 0, "total: your cell stopped at line 1 (total = patron): NameError"),
    ],
)
def test_plain_assertions(total, source, state, score, message):
    result = total(source, whole='assert total == 6, "look again"')
    assert (result.state, result.score) == (state, score)
    assert result.message.startswith(message)
    assert total("total = 7", whole="assert total == 6").message == (
        "total is not it yet: a check of this question does not hold."
    )


def test_an_error_of_the_test_itself_is_our_fault_and_costs_only_this_question(examined):
    found = examined(
        setup(),
        *question("a", "a = 'six'", "assert abs(a - 6) < 1"),
        *question("b", "b = 1", "expect('b').equals(1)"),
    )
    assert (found["test_a"].state, found["test_a"].score) == (State.OUR_FAULT, None)
    assert "stopped in line 1 with TypeError" in found["test_a"].review
    assert "TypeError" not in found["test_a"].message + str(found["test_a"].outputs)
    assert found["test_b"].score == 2


def test_a_blank_is_not_our_fault_though_the_test_stumbles_over_the_dots(total):
    assert total(None, whole="assert abs(total - 6) < 1").state is State.NOT_ATTEMPTED


def test_magics_in_locked_cells_do_no_harm(examined):
    whole = "%%time\n%matplotlib inline\nassert a == 1"
    found = examined(setup("%matplotlib inline\nimport math"), *question("a", "a = 1", whole))
    assert found["test_a"].state is State.RIGHT


def test_a_test_without_anything_to_run_gives_no_credit(examined):
    for whole in ("", "# assert a == 1", "'text'", "pass\n..."):
        result = examined(setup(), *question("a", "a = 1", whole))["test_a"]
        assert (result.state, result.score) == (State.OUR_FAULT, None)
        assert "nothing in it" in result.review


def test_a_test_that_is_not_python_is_our_fault(total):
    result = total("total = 6", whole="assert total = 6")
    assert result.score is None
    assert "SyntaxError" in result.review


def test_a_test_that_loops_is_stopped_and_the_others_are_graded(examined):
    found = examined(
        setup(),
        *question("a", "a = 1", "while True:\n    try:\n        a += 1\n    except Exception:\n        pass"),
        *question("b", "b = 1", "expect('b').equals(1)"),
        limits=Limits(cell_cpu=0.3),
    )
    assert found["test_a"].score is None
    assert "more time than a cell may" in found["test_a"].review
    assert found["test_b"].state is State.RIGHT


# ---- partial credit ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "score"),
    [
        (None, 2),
        (0, 0),
        (1, 1),
        (2, 2),
        (0.5, 0.5),
        (np.float64(0.0), 0),
        (np.float32(0.5), 0.5),
        (np.int64(0), 0),
        (np.uint8(1), 1),
        (np.array(1.5), 1.5),
        (Decimal("0.25"), 0.25),
        (Fraction(1, 2), 0.5),
        (0.1 * 3 + 1.7 + 1e-12, 2),
        (-1e-17, 0),
    ],
)
def test_a_score_of_any_numeric_type_counts(value, score):
    assert score_of(value, 2) == (pytest.approx(score, abs=1e-12), "")
    assert type(score_of(value, 2)[0]) is float


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "the score came back as nan"),
        (np.float64("nan"), "the score came back as nan"),
        (math.inf, "the score came back as inf"),
        (-math.inf, "the score came back as -inf"),
        (Decimal("nan"), "the score came back as nan"),
        (Decimal("snan"), "the score came back as a Decimal"),
        (-1, "the score came back as -1, and must lie between 0 and 2"),
        (2.5, "the score came back as 2.5, and must lie between 0 and 2"),
        (10**400, "the score came back as a int"),
        (True, "the score came back as a bool"),
        (np.False_, "the score came back as a bool"),
        ("2", "the score came back as a str"),
        ([2], "the score came back as a list"),
        (2 + 0j, "the score came back as a complex"),
        (np.array([1.0]), "the score came back as a ndarray"),
    ],
)
def test_what_is_no_score_goes_to_a_person(value, reason):
    assert score_of(value, 2) == (None, reason)


def test_a_score_that_is_none_costs_only_its_own_question(examined):
    found = examined(
        setup(),
        *question("a", "a = 1", "np.float64(1.5)"),
        *question("b", "b = 1", "float('nan')"),
        *question("c", "c = 1", "99"),
        *question("d", "d = 1", "expect('d').equals(1);"),
        *question("e", "e = 1", "0"),
    )
    assert [found[f"test_{name}"].score for name in "abcde"] == [1.5, None, None, 2, 0]
    assert found["test_a"].state is State.PARTLY
    assert found["test_a"].message == "1.5 of 2 points."
    assert found["test_b"].review == "the score came back as nan"
    assert found["test_c"].state is State.OUR_FAULT
    assert found["test_e"].state is State.WRONG


def test_points_for_nothing_are_looked_at(total):
    """A locked cell that looks at nothing of the student's is no evidence."""
    assert "without asking for anything" in total("total = 7", whole="x = 1\nassert x").review
    assert "without asking for anything" in total("total = 7", whole="1").review
    assert total("total = 7", whole="assert total").review == ""


def test_an_error_outranks_a_score(total):
    result = total("total = 7", whole="display(2)\nassert total == 6\n2")
    assert (result.state, result.score) == (State.WRONG, 0)


# ---- whose names -----------------------------------------------------------------------------------------------


def test_what_setup_cells_make_is_the_examiners_own(examined):
    found = examined(
        setup(),
        added("patrons.append(1000)\npd = None\nexpect = print"),
        *question("total", "total = 6", "expect('total').equals(sum(patrons))\npd.Series(patrons).sum() - 4"),
    )
    assert found["test_total"].score == 2


def test_a_setup_cell_may_use_what_the_student_made(examined):
    half = setup("half = total / 2\ndef is_half(): return half * 2 == total")
    found = examined(
        setup(), answer("total", "total = 6"), half, a_test("total", whole="assert is_half() and half == 3")
    )
    assert found["test_total"].state is State.RIGHT
    found = examined(
        setup(), answer("total", "totl = 6"), half, a_test("total", whole="assert is_half() and half == 3")
    )
    assert found["test_total"].state is State.NOT_THERE
    # What a locked cell could not make, the student cannot supply.
    found = examined(setup(), answer("total", "half = 3"), half, a_test("total", whole="assert half == 3"))
    assert found["test_total"].score == 0


def test_functions_of_earlier_tests_see_the_students_names_of_now(examined):
    found = examined(
        setup(),
        *question(
            "a", "a = 1", "def doubled():\n    return 2 * [b for b in [b]][0] if a > 1 else 0\nassert a"
        ),
        *question("b", "b = 2; a = 2", "assert doubled() == 4"),
    )
    assert found["test_b"].state is State.RIGHT


def test_a_test_that_makes_a_name_anew_does_not_keep_it(examined):
    found = examined(
        setup(),
        *question("a", "a = 1.2", "a = round(a)\nassert a == 1"),
        *question("b", "a = 2.2; b = 1", "a = round(a)\nassert a == 2"),
    )
    assert [found[f"test_{name}"].state for name in "ab"] == [State.RIGHT] * 2


def test_what_a_test_made_does_not_answer_a_later_question(examined):
    """The first test keeps its own solution under the name that the second question asks for."""
    first = "total = 6\nexpect('a').equals(total)"
    for source, state in (("total = 7", State.WRONG), ("pass", State.NOT_THERE), ("total = 6", State.RIGHT)):
        for whole in ("assert total == 6", "expect('total').equals(6)"):
            found = examined(setup(), *question("a", "a = 6", first), *question("total", source, whole))
            assert found["test_total"].state is state, (source, whole)


def test_a_student_cannot_replace_what_a_test_made(examined):
    found = examined(
        setup(),
        *question("a", "a = 1", "_right = 5\nexpect('a').equals(1)"),
        added("_right = 4"),
        *question("b", "b = 4", "expect('b').equals(_right)"),
    )
    assert found["test_b"].state is State.WRONG


def test_a_test_may_check_what_it_made_of_an_answer(total):
    whole = "result = double(3)\nexpect('result').equals(6)"
    source = "def double(x):\n    return 2 * x\nresult = 100\ntotal = 0"
    assert total(source, whole=whole).state is State.RIGHT


def test_what_a_test_changes_is_seen_by_no_other_and_not_by_the_student(examined):
    found = examined(
        setup(),
        *question("a", "a = [1]", "a.append(2)\nassert a == [1, 2]"),
        *question("b", "b = len(a)", "assert b == 1 and a == [1]"),
    )
    assert found["test_b"].state is State.RIGHT


def test_the_student_is_who_the_sheet_says(examined):
    made = "import os\nfrom course_utils import who_am_i, expect\nname = who_am_i()"
    found = examined(
        setup(made), *question("a", "a = name", "expect('a').equals(who_am_i())"), student="björn"
    )
    assert found["test_a"].state is State.RIGHT


# ---- from the catalogue of hostile and unlucky submissions -----------------------------------------------------------


def test_h11_what_is_made_further_down_is_said_to_be(examined):
    found = examined(
        setup(),
        *question("a", "a = helper(3)", "expect('a').equals(6)"),
        added("def helper(x):\n    return 2 * x"),
        *question("b", None, "expect('b').equals(6)"),
        added("b = 6"),
        *question("c", "c = gone + 1", "expect('c').equals(6)"),
    )
    assert found["test_a"].message == (
        "a: your cell stopped at line 1 (a = helper(3)): NameError: name 'helper' is not defined. "
        "helper is made in a cell further down: cells run from the top when your work is graded."
    )
    assert found["test_b"].message.endswith(
        "b is made in a cell further down: cells run from the top when your work is graded."
    )
    assert found["test_c"].message.endswith(
        "No cell of your notebook makes gone: look for a cell that was changed or deleted after it had run."
    )
    assert {found[f"test_{name}"].score for name in "abc"} == {0}


@pytest.mark.filterwarnings("ignore:old")
def test_h12_warnings_cost_nothing(total):
    source = "import warnings, sys\nwarnings.warn('old')\nprint('log', file=sys.stderr)\ntotal = 6"
    whole = f"import warnings, sys\nwarnings.warn('old')\nprint('log', file=sys.stderr)\n{TOTAL}"
    result = total(source, whole=whole)
    assert (result.state, result.score, result.review) == (State.RIGHT, 2, "")


def test_h13_a_wrong_answer_with_a_score_of_numpys(total):
    assert total("total = 7", whole="np.float64(2.0) * (total == 6)").score == 0
    assert total("total = 6", whole="np.float64(2.0) * (total == 6)").score == 2


def test_h26_no_test_can_be_found_from_student_code():
    """In a process that has never been a copy of this one, which holds the test."""
    spy = """
import gc, sys
def double(x):
    frame, texts = sys._getframe(), []
    while frame:
        texts.append(str(frame.f_globals) + str(frame.f_locals))
        frame = frame.f_back
    texts += [str(In), str([one for one in gc.get_objects() if isinstance(one, str | dict)])]
    return "secret_" + "marker" in " ".join(texts)"""
    of = job(
        setup(),
        answer("double", spy),
        a_test("double", whole="secret_marker = 41\nassert double(2) is False"),
    )
    roomy = replace(
        LIMITS, cell_cpu=60, cell_wall=120, notebook_cpu=120, notebook_wall=240
    )  # all objects: many
    factory = SandboxFactory("none", roomy)
    found = results(run_tests(of, factory, roomy), of)
    factory.close()
    assert found["test_double"].state is State.RIGHT
    assert "_getframe looks at the frames of whoever called" in found["test_double"].review
    assert "get_objects searches everything" in found["test_double"].review


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("get_ipython().input_transformers_post.append(lambda lines: ['pass'])", "input_transformers_post"),
        ("get_ipython().kernel.do_execute = None", "do_execute"),
        ("get_ipython().events.register('pre_run_cell', print)", "events.register"),
        ("get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)", "set_custom_exc"),
        ("get_ipython().showtraceback = lambda *a, **k: None", "showtraceback"),
        ("get_ipython().displayhook(2)", "displayhook"),
        ("import builtins\nbuiltins.AssertionError = Warning", "builtins.AssertionError"),
        ("__builtins__.isinstance = lambda *a: True", "__builtins__"),
        ("import ctypes", "import ctypes"),
        ("import os\nos.environ['NBGRADER_EXECUTION'] if 'NBGRADER_EXECUTION' in os.environ else 0", "NBGRADER"),
        ("import glob\nglob.glob('../*/gradebook.db')", "gradebook.db"),
    ],
)  # fmt: skip
def test_h29_to_h33_tampering_earns_nothing_and_is_looked_at(examined, source, reason):
    """The answer is not given; the cell stands above it, as an added one."""
    found = examined(setup(), added(source), *question("total", "total = 7", TOTAL))
    assert found["test_total"].score == 0
    assert reason in found["test_total"].review
    assert examined.record.flags


def test_h30_who_silences_errors_is_not_right(total):
    result = total("get_ipython().showtraceback = lambda *a, **k: None\ntotal = 1 / 0")
    assert (result.state in (State.NOT_THERE, State.ERROR), result.score) == (True, 0)


def test_h31_a_faked_score_is_not_seen(examined):
    source = "def double(x):\n    get_ipython().displayhook(2)\n    print(2)\n    return 0"
    whole = "expect('double').gives(4, 2)"
    found = examined(setup(), answer("double", source), a_test("double", whole=whole))
    assert (found["test_double"].state, found["test_double"].score) == (State.WRONG, 0)


def test_h33_an_object_that_equals_everything_equals_nothing(total):
    evil = """
class Evil(float):
    def __eq__(self, other): return True
    __hash__ = float.__hash__
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __le__ = __ge__ = __eq__
    def __sub__(self, other): return 0
    __rsub__ = __round__ = __abs__ = __sub__
total = Evil(7)"""
    assert total(evil).score == 0
    assert total(evil, whole="assert total == 6").score == 0
    assert (
        total(evil.replace("(float)", "").replace("float.", "object.").replace("Evil(7)", "Evil()")).score
        == 0
    )


def test_h33_patched_pandas_and_expect_change_nothing(examined):
    patch = """
import pandas.testing, course_utils.checks as e
pandas.testing.assert_series_equal = lambda *a, **k: None
pd.Series.equals = lambda *a: True
e.Expectation.equals = lambda self, *a, **k: self"""
    found = examined(
        setup(),
        added(patch),
        *question("total", "total = 7", TOTAL),
        *question("s", "s = pd.Series([1])", "pd.testing.assert_series_equal(s, pd.Series([2]))"),
    )
    assert (found["test_total"].score, found["test_s"].score) == (0, 0)


def test_h40_chance_is_the_same_each_time(examined):
    import_ = "import random, time\nfrom course_utils import expect\nimport numpy as np"
    cells = [setup(import_), *question("a", "a = 1", "f'{random.random()} {np.random.rand()}'")]
    reviews = set()
    for _ in range(2):
        whole = "raise ValueError(f'{random.random()} {np.random.rand()}')"
        reviews.add(examined(*cells[:2], a_test("a", whole=whole))["test_a"].review)
    assert len(reviews) == 1


# ---- doubts --------------------------------------------------------------------------------------------------------


def test_a_doubt_stands_at_its_own_question_and_costs_nothing(examined):
    found = examined(
        setup(),
        *question("a", "a = 1", "expect('a').equals(1)"),
        *question("b", "import ctypes\nb = 1", "expect('b').equals(1)"),
    )
    assert found["test_a"].review == ""
    assert found["test_b"].review == "the answer to b: import ctypes reaches into Python's memory"
    assert found["test_b"].score == 2
    assert examined.record.flags == ("the answer to b: import ctypes reaches into Python's memory",)


# ---- the real assignment -----------------------------------------------------------------------------------------------


def test_the_reference_solution_of_the_first_week_gets_full_marks(forks):
    of = week_one("ada")
    record = run_tests(of, forks, Limits())
    tests = {name: result for name, result in results(record, of).items() if name.startswith("test_")}
    assert {result.state for result in tests.values()} == {State.RIGHT}
    assert sum(result.score for result in tests.values()) == 17
    assert (record.flags, record.restarts, record.sandbox, record.key) == ((), 0, "fork", of.key)


def test_the_blank_of_the_first_week_is_not_attempted(forks):
    of = week_one("ada", dict.fromkeys(
        ("my_guesses", "registered", "unexpired", "active_share", "borrowers", "other_users", "turned_away",
         "erased_by_age", "hit_share", "my_scores"), ""))  # fmt: skip
    record = run_tests(of, forks, Limits())
    tests = {name: result for name, result in results(record, of).items() if name.startswith("test_")}
    assert {(result.state, result.score) for result in tests.values()} == {(State.NOT_ATTEMPTED, 0)}
    assert all(re.match(r"\w+: not attempted yet\.", result.message) for result in tests.values())
