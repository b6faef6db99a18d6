import json
import tomllib
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from course_utils.authoring import notebooks, sync
from course_utils.errors import CourseError

HERE = Path("lesson.ipynb")


def graded(name: str, **more) -> dict:
    flags = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": flags | {"grade_id": name} | more}


@pytest.fixture
def assignment():
    """One cell of every kind that nbgrader knows, and the cells around them."""
    return new_notebook(
        cells=[
            new_markdown_cell("# Week 1\n\nRead first.", metadata=graded("intro", locked=True)),
            new_markdown_cell("Two text cells in a row."),
            new_code_cell(
                "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", metadata=graded("q1", solution=True)
            ),
            new_code_cell("assert x == 1", metadata=graded("q1_test", grade=True, locked=True, points=2)),
            new_code_cell("", metadata=graded("scratch", solution=True)),
            new_markdown_cell(
                "Your answer here.", metadata=graded("q2", grade=True, solution=True, points=3)
            ),
            new_markdown_cell("Say why.\n\n- 2: because", metadata=graded("q3", task=True, points=4)),
            new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}),
            new_raw_cell("raw"),
        ]
    )


def test_every_kind_of_cell_survives_the_way_to_text_and_back(assignment, tmp_path):
    first = notebooks.normal(assignment, HERE)
    text = tmp_path / "a.md"
    text.write_text(notebooks.as_text(first), encoding="utf-8")
    assert notebooks.as_json(notebooks.read_text(text)) == notebooks.as_json(first)
    points = [cell.metadata.get("nbgrader", {}).get("points") for cell in notebooks.read_text(text).cells]
    assert points == [None, None, None, 2, None, 3, 4, None, None]
    assert [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in first.cells][:4] == [
        "intro",
        None,
        "q1",
        "q1_test",
    ]


def test_normal_form_has_no_trace_of_a_run_or_of_a_program():
    cell = new_code_cell("1 + 1", execution_count=7, outputs=[new_output("stream", text="2")])
    cell.metadata = {
        "scrolled": True,
        "execution": {"iopub.status.busy": "now"},
        "editable": True,
        "tags": [],
    }
    raw = new_notebook(
        cells=[cell],
        metadata={"widgets": {"big": 1}, "language_info": {"version": "3.11.2", "name": "python"}},
    )
    clean = notebooks.normal(raw, HERE)
    assert (clean.cells[0].outputs, clean.cells[0].execution_count, clean.cells[0].metadata) == ([], None, {})
    assert clean.metadata.kernelspec == notebooks.KERNELSPEC
    assert clean.metadata.language_info.name == "python"
    assert "version" not in clean.metadata.language_info
    assert "widgets" not in clean.metadata
    assert (clean.nbformat, clean.nbformat_minor) == (4, 5)
    nbformat.validate(clean)


def test_metadata_that_we_do_not_know_is_kept():
    raw = new_notebook(
        cells=[new_code_cell("1", metadata={"editable": False, "mine": 3})], metadata={"authors": ["A"]}
    )
    clean = notebooks.normal(raw, HERE)
    assert clean.cells[0].metadata == {"editable": False, "mine": 3}
    assert clean.metadata.authors == ["A"]
    assert "authors" in notebooks.as_text(clean)


def test_text_has_no_version_of_the_program_that_wrote_it(assignment):
    text = notebooks.as_text(notebooks.normal(assignment, HERE))
    assert "jupytext" not in text
    assert text.startswith("---\nkernelspec:\n")


def test_writing_the_text_leaves_the_notebook_alone(assignment):
    clean = notebooks.normal(assignment, HERE)
    before = notebooks.as_json(clean)
    notebooks.as_text(clean)
    assert notebooks.as_json(clean) == before


def cells(*sources):
    return [new_markdown_cell(s) if s.startswith(("#", "text")) else new_code_cell(s) for s in sources]


def test_ids_come_from_headings():
    ids = notebooks.cell_ids(
        cells("# Who is our customer?", "1", "## Predict", "2", "text", "## Predict", "3")
    )
    assert ids == [
        *("who-is-our-customer-1", "who-is-our-customer-2"),
        *("predict-1", "predict-2", "predict-3", "predict-4", "predict-5"),
    ]


def test_a_changed_sentence_or_line_of_code_changes_no_id():
    before = notebooks.cell_ids(cells("# A\n\none", "1", "text one", "## B", "2"))
    after = notebooks.cell_ids(cells("# A\n\nanother", "1 + 1", "text two", "## B", "3"))
    assert before == after


def test_a_new_cell_changes_ids_only_in_its_own_section():
    before = notebooks.cell_ids(cells("# A", "1", "## B", "2"))
    after = notebooks.cell_ids(cells("# A", "0", "1", "## B", "2"))
    assert before[2:] == after[3:]


def test_graded_cells_keep_their_own_name_as_id_and_nobody_else_takes_it():
    marked = new_code_cell("x", metadata=graded("a-1"))
    ids = notebooks.cell_ids([new_markdown_cell("# A"), marked])
    assert ids == ["a-2", "a-1"]


def test_cells_copied_with_their_name_still_get_ids_of_their_own():
    ids = notebooks.cell_ids(
        [new_code_cell("x", metadata=graded("q1")), new_code_cell("x", metadata=graded("q1"))]
    )
    assert ids[0] == "q1"
    assert len(set(ids)) == 2


def test_a_comment_in_a_block_of_code_is_no_heading():
    assert notebooks.headings("# Title\n```python\n# a comment\n```\n## Next ##") == ["Title", "Next"]


def test_titles_without_latin_letters_still_give_ids():
    assert notebooks.cell_ids(cells("# 図書館", "1")) == ["start-1", "start-2"]


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=30)
sources = st.lists(lines, min_size=1, max_size=5).map("\n".join)


@settings(deadline=None, max_examples=60)  # a line here is what an editor shows as one
@given(st.lists(sources, min_size=1, max_size=4))
def test_any_code_survives_the_way_to_text_and_back(codes):
    clean = notebooks.normal(new_notebook(cells=[new_code_cell(code) for code in codes]), HERE)
    back = notebooks.from_string(notebooks.as_text(clean), Path("lesson.md"))
    assert notebooks.as_json(back) == notebooks.as_json(clean)


# Bad input: one sentence each, with the file and what to do.


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<!DOCTYPE html><html>", "it begins with “<!DOCTYPE html>"),
        ("", "it is empty"),
        ('{"cells": [\n}', "line 2 is broken"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "it has no cells that Jupyter understands"),
    ],
)
def test_a_file_that_is_no_notebook(tmp_path, content, found):
    path = tmp_path / "week.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match="week.ipynb is not a notebook") as caught:
        notebooks.read_notebook(path)
    assert found in str(caught.value)
    assert "git checkout" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_text_with_broken_metadata_is_named_with_its_line(tmp_path):
    path = tmp_path / "week.md"
    path.write_text("# A\n\ntext\n\n+++ {broken\n\nmore\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"week.md cannot be read as a lesson: .*line 5"):
        notebooks.read_text(path)


def test_a_text_in_another_encoding(tmp_path):
    path = tmp_path / "week.md"
    path.write_bytes("# Café".encode("latin-1"))
    with pytest.raises(CourseError, match="not text in UTF-8"):
        notebooks.read_text(path)


def test_an_empty_graded_text_cell_is_not_lost_without_a_word():
    raw = new_notebook(cells=[new_markdown_cell("", metadata=graded("q2", solution=True))])
    with pytest.raises(CourseError, match="the text cell q2 is empty"):
        notebooks.normal(raw, HERE)


def test_a_pasted_picture_is_not_lost_without_a_word():
    cell = new_markdown_cell("![x](attachment:x.png)", attachments={"x.png": {"image/png": ""}})
    with pytest.raises(CourseError, match="a picture was pasted"):
        notebooks.normal(new_notebook(cells=[cell]), HERE)


def test_jupyterlab_pairs_the_same_files(kit):
    tool = tomllib.loads((kit / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["jupytext"]
    paired = [tuple(name.strip("/") for name in formats) for formats in tool["formats"]]
    assert paired == list(sync.FOLDERS)


def test_the_notebook_file_is_plain_json_with_a_line_end(assignment):
    written = notebooks.as_json(notebooks.normal(assignment, HERE))
    assert written.endswith("}\n")
    assert json.loads(written)["nbformat"] == 4
