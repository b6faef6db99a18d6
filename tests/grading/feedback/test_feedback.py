"""What a student reads of a graded notebook, and what not."""

import copy
import html
import json
import re
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from every_state import RESOURCES, marks, notebook_with_every_state, question, task
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.utils import make_unique_key, notebook_hash
from traitlets.config import Config

from course_utils.grading.course import Course
from course_utils.grading.feedback.page import page
from course_utils.grading.nbgrader_plugins.feedback import HideTests

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


def test_what_grading_wrote_of_a_test_is_withheld_where_it_holds_the_text_of_one():
    about = {
        "message": "stopped at secret_sum_of_patrons = 6",
        "cell_error": {"code": "secret_sum_of_patrons=6"},
    }
    hidden = new_code_cell(SOURCE, metadata=TEST | {"course": about})
    cells = fed_back(hidden)
    assert "secret" not in json.dumps(cells)
    assert cells[0].metadata.course.message == "This is not shown: it contained the text of a test."


# ---- the page ----------------------------------------------------------------------------------------------


def page_of(notebook, /, **given) -> BeautifulSoup:
    """The page of an autograded notebook with the gradebook's marks in it."""
    notebook, _ = HideTests().preprocess(copy.deepcopy(notebook), {})
    return BeautifulSoup(page(notebook, {"nbgrader": RESOURCES["nbgrader"] | given}), "html.parser")


def words(part) -> str:
    return re.sub(r"\s+", " ", part.get_text(" ")).strip()


def rows(soup) -> dict[str, tuple[str, str]]:
    """Of the summary: question -> result and points."""
    found = {}
    for row in soup.select("#summary tbody tr"):
        title, result, points = map(words, row.find_all(["th", "td"]))
        found[title.partition(" · ")[0]] = (result, points)
    return found


def section(soup, number: int):
    return soup.select_one(f"#question-{number}")


@pytest.fixture(scope="module")
def every_state():
    return page_of(notebook_with_every_state())


def test_summary_has_each_question_its_state_in_words_and_its_points(every_state):
    assert rows(every_state) == {
        "Question 1": ("Right", "1 of 1"),
        "Question 2": ("Wrong value", "0 of 1"),
        "Question 3": ("Error in your code", "0 of 2"),
        "Question 4": ("Not attempted", "0 of 2"),
        "Question 5": ("Not there", "0 of 2"),
        "Question 6": ("Our fault", "not yet (of 2)"),
        "Question 7": ("Partly right", "1 of 2"),
        "Question 8": ("Wrong value", "0 of 2"),
        "Question 9": ("Marked by hand", "1 of 2"),
        "Question 10": ("Marked by hand", "3 of 4"),
        "Question 11": ("To be marked by hand", "not yet (of 2)"),
    }


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "registered is right. Your answer passed every check."),
        (2, "This is the number of all rows: sum the comparison, so that only True counts. Your code ran"),
        (
            3,
            "your cell stopped at line 2 (last = patrons[\"last_used\"]): KeyError: 'last_used'. Your code stopped",
        ),
        (4, "borrowers: not attempted yet. Its cell is as you got it. There was no answer to check."),
        (5, "You have other_user: did you mean that? The check looked for something that your notebook"),
        (6, "Our fault Our check did not work. It costs you nothing: a person looks at your answer"),
        (7, "look at 65+. Check which rows are kept. Part of your answer passed the checks"),
        (8, "is not the right one yet. A person looks at this once more, so the points may change."),
        (
            9,
            "A person gave these points. Before that, the check had found: Wrong value. fixed is 3. Count again.",
        ),
        (10, "Marked by hand A person read this answer and gave the points."),
        (11, "To be marked by hand A person reads this answer. Its points are not given yet."),
    ],
)
def test_each_state_has_its_sentence(every_state, number, sentence):
    assert sentence in words(section(every_state, number).select_one(".mark"))


def test_total_what_is_open_what_was_taken_off_and_what_was_mended(every_state):
    summary = words(every_state.select_one("#summary"))
    assert "5 of 22 points so far" in summary
    assert "No points yet for Question 6 · Who would be turned away (2 points), Question 11" in summary
    assert "Somebody looks once more at Question 8 · How good were the guesses?" in summary
    assert "All questions 6 of 22 Taken off for handing in late −1 Total 5 of 22" in summary
    assert "The cell unexpired was there twice. The first was graded" in summary
    assert "looks into frames" not in words(every_state)


def test_total_without_anything_open():
    notebook = new_notebook(cells=question(1, "A", 1, "a", "a = 1", "right", 1.0))
    summary = words(page_of(notebook, score=1, max_score=1, late_penalty=0).select_one("#summary"))
    assert "1 of 1 points Points" in summary
    for absent in ("so far", "No points yet", "once more", "late", "About your file"):
        assert absent not in summary


def test_links_lead_from_the_summary_to_each_question_and_back(every_state):
    for link in every_state.select("a[href^='#']"):
        assert every_state.select_one(link["href"]), link
    for row in every_state.select("#summary tbody tr"):
        place = every_state.select_one(row.a["href"])
        assert words(place.h2) == words(row.a)
        assert place.select_one("a[href='#summary']")


def test_their_line_and_their_words_and_no_stack(every_state):
    question_3 = section(every_state, 3)
    assert words(question_3.select_one(".hll")) == 'last = patrons [ "last_used" ]'
    assert words(question_3.select_one(".stopped")).startswith("KeyError: 'last_used', in line 2: last =")
    assert "/srv/kit" not in str(every_state)


def test_comments_stand_where_they_belong_and_are_markdown(every_state):
    comment = section(every_state, 5).select_one(".comment")
    assert comment.strong.get_text() == "last letter"
    assert comment.a["href"] == "https://example.org/lesson"
    assert 'Say who is harmed: a < b & "c".' in words(section(every_state, 10).select_one(".comment"))
    assert not section(every_state, 1).select(".comment")


def test_rubric_is_shown_once_the_answer_is_marked_and_not_before(every_state):
    assert "One point for a plan." in words(section(every_state, 10))
    assert "One point" not in words(section(every_state, 11))
    assert "MARK SCHEME" not in str(every_state)


def test_no_hidden_line_is_in_the_page_nor_in_any_attribute(every_state):
    text = html.unescape(str(every_state))
    assert "secret_sum_of_patrons" not in re.sub(r"<[^>]*>", "", text)
    assert "secret" not in text
    assert "# More tests ran here" in every_state.get_text()


def test_own_cells_outputs_tables_and_pictures_are_there(every_state):
    question_7 = section(every_state, 7)
    assert [words(cell) for cell in question_7.select("table.dataframe tbody tr:last-child > *")] == [
        *("1", "6-12", "0.25")
    ]
    assert question_7.img["alt"] == "Bars of the share that is erased, by age band"
    assert "All of it has 60 lines and 409 characters." in words(question_7)
    assert "row 39" in words(question_7)
    assert "row 40" not in words(question_7)
    assert "☑ checked" in words(question_7)
    assert "and $x^2$" in words(question_7)
    assert question_7.h3.get_text() == "My own note"


def shown_of(*outputs, cell_error=None) -> str:
    cells = question(1, "A", 1, "a", "a = 1", "wrong value", 0.0, outputs=outputs, cell_error=cell_error)
    return words(section(page_of(new_notebook(cells=cells)), 1).select_one(".outputs"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 200_000, "All of it has 200,000 characters."),
        ("word\n" * 40_000, "All of it has 40,000 lines and 199,999 characters."),
        ("x\n" * 40, None),
        ("x" * 4000, None),
    ],
    ids=["one line", "many lines", "just as many lines", "just as long"],
)
def test_a_long_output_is_cut_and_it_is_said(text, said):
    for output in (
        new_output("stream", text=text),
        new_output("stream", name="stderr", text=text),
        new_output("execute_result", data={"text/plain": text}),
        new_output("display_data", data={"text/latex": text, "text/plain": "?"}),
    ):
        shown = shown_of(output)
        assert len(shown) < 4200
        if said is None:
            assert shown == " ".join(text.split())
        else:
            assert shown.endswith(f"… The rest of this output is not shown here. {said}")


def test_an_error_is_shown_in_the_words_that_grading_found_for_it():
    raw = "raw_input was called, but this frontend does not support input requests."
    output = new_output("error", ename="StdinNotImplementedError", evalue=raw, traceback=[])
    cell_error = {"kind": "No input", "said": "nobody is there", "line": 1, "code": "a = input()"}
    earlier = new_output("error", ename="KeyError", evalue="'b'", traceback=[])
    assert shown_of(earlier, output, cell_error=cell_error) == (
        "KeyError: 'b' No input: nobody is there, in line 1: a = input()"
    )
    assert shown_of(output, cell_error={"kind": "No input"}) == f"StdinNotImplementedError: {raw}"


@pytest.mark.parametrize(
    ("extra", "given", "said", "points"),
    [
        (1, {}, "1 point was added by hand.", "1 of 2"),
        (3, {}, "3 points were added by hand.", "3 of 2"),
        (0.5, {"manual": 1.0}, "0.5 points were added by hand.", "1.5 of 2"),
        (-1, {"manual": 2.0}, "1 point was taken off by hand.", "1 of 2"),
    ],
)
def test_points_that_were_added_by_hand_are_said_to_be(extra, given, said, points):
    cells = question(1, "A", 2, "a", "a = 1", "wrong value", 0.0, **given)
    about = cells[-1].metadata["nbgrader"]
    about |= {"extra_credit": extra, "score": about["score"] + extra}
    soup = page_of(new_notebook(cells=cells))
    assert rows(soup)["Question 1"][1] == points
    assert said in words(section(soup, 1).select_one(".mark"))
    about["extra_credit"] = 0
    assert said not in words(section(page_of(new_notebook(cells=cells)), 1))


def labels(soup, number: int) -> list[str]:
    return [words(label) for label in section(soup, number).select(".label")]


def test_words_below_a_task_are_the_answer(every_state):
    assert labels(every_state, 10) == labels(every_state, 11) == ["Your answer"]
    assert "Text in your notebook" in labels(every_state, 7)
    assert "Ask the people at the desk." in words(section(every_state, 11))


def test_a_place_for_words_that_is_as_it_was_is_not_shown_as_an_answer():
    *asked, answer = task(1, "Why?", 6, "why", "*Your answer here*")
    answer.metadata["course"] = {"untouched": True}
    soup = page_of(new_notebook(cells=[*asked, answer]))
    assert labels(soup, 1) == ["Your answer"]
    assert "Your answer Not attempted: nothing was written here." in words(section(soup, 1))
    assert "Your answer here" not in words(section(soup, 1))
    soup = page_of(new_notebook(cells=[*asked, answer, new_markdown_cell("Because.")]))
    assert "Your answer Because." in words(section(soup, 1))
    assert "Not attempted" not in words(section(soup, 1))
    assert "Not attempted" in words(section(page_of(new_notebook(cells=asked)), 1))


def test_the_question_is_folded_once_and_its_points_read_well():
    prompt = new_markdown_cell(
        "### Question 1 · Why?\n\nSay why.", metadata={"nbgrader": marks("p", locked=True)}
    )
    cells = task(1, "Why?", 6, "why", "Because.")
    cells[0].source = "Write in the next cell."
    soup = page_of(new_notebook(cells=[prompt, *cells]))
    (fold,) = section(soup, 1).select("details")
    assert words(fold) == "The question Say why. Write in the next cell."
    assert words(section(soup, 1).select_one(".worth")) == "6 points, not given yet"


def test_a_formula_is_shown_as_typed_and_as_code(every_state):
    assert [code.get_text() for code in section(every_state, 7).select(".words code")][-1] == "$x^2$"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("### Question 3 · The active share (2 points)", "Question 3 · The active share"),
        ("## Part *B*: `len` (1.5 points)", "Part B: len"),
        ("### Question 9 · The mission (6 points, marked by hand)", "Question 9 · The mission"),
        ("### Two & <3 (1 point)", "Two & <3"),
        ("words without a heading", "test_a"),
        ("# The title of it all", "test_a"),
    ],
)
def test_question_is_called_as_its_prompt_says(heading, title):
    cells = question(1, "A", 1, "a", "a = 1", "right", 1.0)
    cells[0].source = f"{heading}\n\nDo it."
    (row,) = page_of(new_notebook(cells=cells)).select("#summary tbody tr")
    assert words(row.th) == title


def test_heading_that_a_student_added_does_not_name_a_question():
    cells = question(1, "Mine", 1, "a", "a = 1", "right", 1.0)
    cells[1:1] = [new_markdown_cell("### Question 99 · Full points"), new_markdown_cell("## And more")]
    cells.insert(0, new_markdown_cell("### First of all"))
    (row,) = page_of(new_notebook(cells=cells)).select("#summary tbody tr")
    assert words(row.th) == "Question 1 · Mine"


def test_several_marks_under_one_heading_are_one_question():
    cells = question(1, "A", 1, "a", "a = 1", "right", 1.0)
    cells += question(2, "B", 2, "b", "b = 1", "wrong value", 0.0, "b is 1.")[1:]
    soup = page_of(new_notebook(cells=cells))
    assert rows(soup) == {"Question 1": ("Some parts right", "1 of 3")}
    assert [words(mark)[:24] for mark in soup.select(".mark .name")] == [
        "Right: test_a, 1 of 1",
        "Wrong value: test_b, 0 o",
    ]


def test_answer_marked_by_hand_in_its_own_cell():
    about = {"grade": True, "solution": True, "points": 3}
    waiting = marks("essay", **about, auto_score=None, manual_score=None, pending=True, score=0)
    blank = marks("essay", **about, auto_score=0, manual_score=None, pending=False, score=0)
    marked = marks("essay", **about, auto_score=None, manual_score=2, pending=False, score=2)
    again = marks("essay", **about, auto_score=None, manual_score=2, pending=True, score=2)
    for given, result in {
        ("To be marked by hand", "not yet (of 3)"): waiting,
        ("Not attempted", "0 of 3"): blank,
        ("Marked by hand", "2 of 3"): marked,
    }.items():
        soup = page_of(new_notebook(cells=[new_markdown_cell("My words", metadata={"nbgrader": result})]))
        assert rows(soup) == {"essay": given}
        assert "My words" in words(section(soup, 1))
    soup = page_of(new_notebook(cells=[new_markdown_cell("My words", metadata={"nbgrader": again})]))
    assert "looks at them once more" in words(section(soup, 1))


@pytest.mark.parametrize(
    ("auto", "output", "result", "said"),
    [
        (1, None, "Right", "passed every check"),
        (0.5, None, "Partly right", "Part of your answer"),
        (0, error("NotYet", "a is 3. Count again."), "No points", "a is 3. Count again."),
        (0, None, "No points", "Read the definition"),
    ],
)
def test_notebook_that_stock_nbgrader_graded_gives_a_page(auto, output, result, said):
    cells = question(1, "A", 1, "a", "a = 1", "right", auto)
    for cell in cells:
        cell.metadata.pop("course", None)
    cells[2].outputs = [output] if output else []
    notebook = new_notebook(cells=cells)
    assert "course" not in notebook.metadata
    soup = page_of(notebook)
    assert rows(soup) == {"Question 1": (result, f"{auto:g} of 1")}
    assert said in words(section(soup, 1))
    assert "secret_sum" not in str(soup)


@pytest.mark.parametrize(
    "claimed",
    [
        {"state": "right", "score": 99, "message": "Full points!"},
        {"state": "splendid"},
        {"state": ["right"], "message": {"a": 1}, "cell_error": "no"},
        "right",
        ["right"],
        None,
        7,
    ],
)
def test_metadata_that_a_student_brought_gives_no_points_and_breaks_nothing(claimed):
    cells = question(1, "A", 2, "a", "a = 1", "right", 0.0)
    for cell in cells:
        cell.metadata["course"] = copy.deepcopy(claimed)
    notebook = new_notebook(cells=cells)
    notebook.metadata["course"] = {"notes": claimed} if not isinstance(claimed, dict) else claimed
    assert rows(page_of(notebook)) == {"Question 1": ("No points", "0 of 2")}


def test_names_with_signs_of_html_are_only_names():
    name = 'Zoë "Z" <b>O\'Neil</b> & Sons'
    soup = page_of(new_notebook(), student="z<i>&", name=name, notebook='a"<b>', assignment="<u>")
    assert f'Feedback for {name} (z<i>&) · <u> · a"<b>' in words(soup.header)
    assert soup.title.get_text() == "Feedback: <u> (z<i>&)"
    assert not soup.find(["b", "i", "u"])


def test_points_are_written_as_people_write_them():
    cells = question(1, "A", 1.5, "a", "a = 1", "partly right", 1 / 3)
    soup = page_of(new_notebook(cells=cells), score=1 / 3, max_score=1.5, late_penalty=0)
    assert rows(soup)["Question 1"][1] == "0.33 of 1.5"


# ---- through nbgrader --------------------------------------------------------------------------------------

WEEK = "91_two"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with an assignment of two notebooks, graded without running anything."""
    folder = tmp_path_factory.mktemp("sources") / WEEK
    folder.mkdir()
    for name, points in {"first": 2, "second": 3}.items():
        cells = [new_markdown_cell(f"# Notebook {name}")]
        cells += question(1, "A", points, f"{name}_a", "a = 1", None, None)
        cells += task(2, "Words", 4, f"{name}_words", "My words")
        for cell in cells:
            cell.metadata.pop("course", None)
            for key in ("score", "auto_score", "manual_score", "pending", "comment"):
                cell.metadata.get("nbgrader", {}).pop(key, None)
        notebook = new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, folder / f"{name}.ipynb")
    course = Course.create(tmp_path_factory.mktemp("course"), [folder])
    course.generate(WEEK)
    course.add_students({"hazel": {"first_name": "Hazel", "last_name": 'W. "<b>" & Co'}})
    graded = course.folder / "assignments" / "autograded" / "hazel" / WEEK
    graded.mkdir(parents=True)
    for source in folder.glob("*.ipynb"):
        (graded / source.name).write_bytes(source.read_bytes())
    (graded / "timestamp.txt").write_text("2026-09-14 23:00:00 UTC")
    with course.gradebook as gradebook:
        submission = gradebook.update_or_create_submission(WEEK, "hazel")
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                if grade.name.endswith("words"):
                    grade.needs_manual_grade = True
                else:
                    grade.auto_score, grade.needs_manual_grade = 1.5, False
        words_of_first = gradebook.find_grade("first_words", "first", WEEK, "hazel")
        words_of_first.manual_score, words_of_first.needs_manual_grade = 3.5, False
        words_of_first.extra_credit = 1
        comment = gradebook.find_comment("first_words", "first", WEEK, "hazel")
        comment.manual_comment = "Well argued, a < b."
        gradebook.find_comment("second_a", "second", WEEK, "hazel").auto_comment = "No response."
        gradebook.find_submission_notebook("first", WEEK, "hazel").late_submission_penalty = 1.25
        gradebook.db.commit()
    return course


@pytest.fixture(scope="module")
def pages(course):
    result = course.api.generate_feedback(WEEK, "hazel")
    assert result["success"], result
    folder = course.folder / "assignments" / "feedback" / "hazel" / WEEK
    return {
        path.stem: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in folder.glob("*.html")
    }


def test_each_notebook_has_its_page_under_the_name_that_nbgrader_looks_for(pages):
    assert sorted(pages) == ["first", "second"]
    assert [words(pages[name].h1) for name in sorted(pages)] == ["Notebook first", "Notebook second"]
    assert 'Feedback for Hazel W. "<b>" & Co (hazel) · 91_two · first' in words(pages["first"].header)


def test_numbers_of_the_summary_are_those_of_the_gradebook(course, pages):
    with course.gradebook as gradebook:
        for name, soup in pages.items():
            notebook = gradebook.find_submission_notebook(name, WEEK, "hazel")
            total = notebook.score - (notebook.late_submission_penalty or 0)
            assert words(soup.select_one(".total")).startswith(f"{total:g} of {notebook.max_score:g} points")
            given = [words(cell) for cell in soup.select("#summary tbody td.n")]
            scores = sum(float(text.split()[0]) for text in given if text[0].isdigit())
            assert scores == notebook.score
    assert "1 point was added by hand." in words(section(pages["first"], 2))
    assert rows(pages["first"]) == {
        "Question 1": ("Partly right", "1.5 of 2"),
        "Question 2": ("Marked by hand", "4.5 of 4"),
    }
    assert "Taken off for handing in late −1.25" in words(pages["first"])


def test_what_waits_for_a_person_is_said_and_a_comment_is_shown(pages):
    assert rows(pages["second"])["Question 2"] == ("To be marked by hand", "not yet (of 4)")
    assert "so far" in words(pages["second"].select_one(".total"))
    assert "so far" not in words(pages["first"].select_one(".total"))
    assert "Well argued, a < b." in words(pages["first"].select_one(".comment"))
    assert not pages["second"].select(".comment")


def test_cell_that_the_gradebook_does_not_know_costs_nobody_the_page(course):
    path = course.folder / "assignments" / "autograded" / "hazel" / WEEK / "second.ipynb"
    before = path.read_bytes()
    notebook = nbformat.reads(before.decode(), as_version=4)
    notebook.cells += question(3, "New", 5, "newer", "a = 1", None, None)
    nbformat.write(notebook, path)
    try:
        result = course.api.generate_feedback(WEEK, "hazel", force=True)
    finally:
        path.write_bytes(before)
    assert result["success"], result
    written = course.folder / "assignments" / "feedback" / "hazel" / WEEK / "second.html"
    assert "Question 3" not in rows(BeautifulSoup(written.read_text(encoding="utf-8"), "html.parser"))


def test_page_is_released_where_the_assignment_list_looks(course, pages):
    folder = course.folder / "assignments" / "feedback" / "hazel" / WEEK
    secret = make_unique_key(course.coursedir.course_id, WEEK, "first", "hazel", "2026-09-14 23:00:00 UTC")
    (folder / "submission_secret.txt").write_text(secret)
    (folder / "timestamp.txt").write_text("2026-09-14 23:00:00 UTC")
    result = course.api.release_feedback(WEEK, "hazel")
    assert result["success"], result
    released = next(course.folder.rglob(f"feedback/{notebook_hash(secret=secret, notebook_id='first')}.html"))
    assert released.read_bytes() == (folder / "first.html").read_bytes()


def test_who_handed_in_elsewhere_keeps_nobody_from_feedback(course, pages):
    assignments = course.folder / "assignments"
    folder = assignments / "feedback" / "hazel" / WEEK
    elsewhere = assignments / "feedback" / "by_moodle" / WEEK
    shutil.copytree(folder, elsewhere)
    for name in ("timestamp.txt", "submission_secret.txt"):
        (elsewhere / name).unlink(missing_ok=True)
        (folder / name).write_text("2026-09-14 23:00:00 UTC")
    result = course.api.release_feedback(WEEK)
    assert result["success"], result
    assert "did not hand in here: by_moodle" in result["log"]
    assert list(
        course.folder.rglob(
            f"feedback/{notebook_hash(secret='2026-09-14 23:00:00 UTC', notebook_id='first')}.html"
        )
    )
