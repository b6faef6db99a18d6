"""Whatever happened to a notebook: what is graded has the released cells, in the released order, with whole tests."""

import copy

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.grading.assignment import grade_id_of, read_spec
from course_utils.grading.execution.job import Role
from course_utils.grading.execution.test_runner import our_fault
from course_utils.grading.nbgrader_plugins.execute import write_results
from course_utils.grading.submissions.reading import read_submission
from course_utils.grading.submissions.restoring import MOST_EXTRA_CELLS, job_of, rebuild

SMALL = "90_small"
GRADED = ["setup", "total", "test_total", "middle", "test_middle", "name", "test_name", "in_words"]


@pytest.fixture(scope="module")
def spec(small_class):
    return read_spec(small_class.coursedir, SMALL, SMALL)


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if grade_id_of(cell) == grade_id)


def ids(notebook):
    return [grade_id_of(cell) for cell in notebook.cells if grade_id_of(cell)]


def order(notebook):
    """The graded cells by name, and the student's own by their text."""
    return [
        grade_id_of(cell) or cell.source
        for cell in notebook.cells
        if grade_id_of(cell) or cell.cell_type == "code"
    ]


def own(source):
    return nbformat.v4.new_code_cell(source)


def put(notebook, source, after):
    notebook.cells.insert(notebook.cells.index(cell_of(notebook, after)) + 1, own(source))


def drop(notebook, *grade_ids):
    notebook.cells = [cell for cell in notebook.cells if grade_id_of(cell) not in grade_ids]


def unnamed(notebook, grade_id, *, new_id=False):
    cell = cell_of(notebook, grade_id)
    del cell.metadata["nbgrader"]
    if new_id:
        cell.id = f"new-{grade_id}"


# ---- what is asked ----------------------------------------------------------------------------------------


def test_the_paper_has_the_whole_tests_and_the_release_has_not(spec):
    assert "secret_sum_of_patrons = 6" in spec.whole["test_total"]
    assert "secret" not in "".join(cell.source for cell in spec.released.cells)
    assert list(spec.cells) == GRADED
    assert spec.roles["setup"] is Role.SETUP
    assert spec.roles["total"] is Role.ANSWER
    assert spec.roles["test_total"] is Role.TEST
    assert spec.roles["in_words"] is Role.WORDS
    assert spec.answers == {"test_total": ("total",), "test_middle": ("middle",), "test_name": ("name",)}


def test_a_test_of_another_name_tests_the_answers_before_it(spec):
    other = copy.deepcopy(spec.released)
    for old, new in {
        "test_total": "check_one",
        "middle": "mean",
        "test_middle": "check_two",
        "test_name": "more",
    }.items():
        cell_of(other, old).metadata.nbgrader.grade_id = new
    drop(other, "name")
    renamed = type(spec)(SMALL, SMALL, other, {})
    assert renamed.answers == {"check_one": ("total",), "check_two": ("mean",), "more": ("mean",)}


@pytest.mark.parametrize(
    ("questions", "more"),
    [
        (
            "# visits\nsays = {'programs': 1}\nt.library['gate_counts'], t.attendance",
            {"gate_counts", "attendance"},
        ),
        ("%time attendance", {"attendance"}),
        ("", set()),
    ],
)
def test_tables_are_those_that_code_names_and_not_those_of_prose_or_texts(spec, questions, more):
    released = copy.deepcopy(spec.released)
    cell_of(released, "in_words").source = "Look at `library.holds`."
    whole = {
        "setup": "patrons = my_library().patrons\nthem = load('checkouts')",
        "test_total": "library.holds",
    }
    tables = type(spec)(SMALL, SMALL, released, whole, questions=questions).tables
    assert set(tables) == {"patrons", "checkouts"} | more


def test_the_version_changes_with_whatever_a_submission_meets(spec):
    versions = {spec.version}
    changed = copy.deepcopy(spec.released)
    changed.cells[0].source = "# Other words"
    versions.add(type(spec)(SMALL, SMALL, changed, spec.whole).version)
    versions.add(type(spec)(SMALL, SMALL, spec.released, {**spec.whole, "test_total": "pass"}).version)
    versions.add(type(spec)(SMALL, SMALL, spec.released, spec.whole, {"a.csv": b"1"}).version)
    assert len(versions) == 4
    assert type(spec)(SMALL, SMALL, copy.deepcopy(spec.released), dict(spec.whole)).version == spec.version


# ---- one rule for each accident --------------------------------------------------------------------------


def test_an_untouched_notebook_has_no_notes(spec, released):
    notebook, notes, _ = rebuild(released, spec)
    assert notes == []
    assert cell_of(notebook, "test_total").source == spec.whole["test_total"]
    assert notebook.cells[-1].source == "*Write your answer in this cell.*"


def test_words_that_nobody_has_touched_are_marked_so_when_graded(spec, released):
    for words, marked in {
        "*Write your answer in this cell.*\n": {"untouched": True},
        "*Write your answer in this cell.* Ask.": None,
        "Ask the people at the desk.": None,
    }.items():
        released.cells[-1].source = words
        notebook, _, _ = rebuild(released, spec)
        write_results(notebook, our_fault(job_of(notebook, spec, "ada"), "why", "none"), spec)
        assert notebook.cells[-1].metadata.get("course") == marked
        assert cell_of(notebook, "in_words").metadata.get("course") is None


def test_the_answers_are_the_students(spec, released, answered):
    notebook, notes, _ = rebuild(answered(released, total="total = 7"), spec)
    assert cell_of(notebook, "total").source == "total = 7"
    assert notes == []


def test_of_two_copies_the_first_is_graded(spec, released):
    twin = copy.deepcopy(cell_of(released, "total"))
    twin.source, twin.id = "total = 9", "twin"
    released.cells.append(twin)
    notebook, notes, _ = rebuild(released, spec)
    assert ids(notebook) == GRADED
    assert notebook.cells[-1].source == "total = 9"
    assert notebook.cells[-1].metadata == {}
    assert notes == [
        "The cell total was there twice. The first was graded, what followed was run as a cell of your own."
    ]


def test_deleted_cells_are_put_back_at_their_place(spec, released):
    drop(released, "test_middle", "setup")
    notebook, notes, _ = rebuild(released, spec)
    assert ids(notebook) == GRADED
    assert len(notes) == 2
    assert "The cell setup was missing from your notebook. It was put back as you got it." in notes


def test_a_cell_without_its_name_is_known_by_its_id(spec, released):
    cell_of(released, "total").source = "total = 6"
    unnamed(released, "total")
    notebook, notes, _ = rebuild(released, spec)
    assert cell_of(notebook, "total").source == "total = 6"
    assert notes == ["The cell total had lost its name. It was known by its place in the file."]


def test_an_answer_that_nothing_tells_runs_behind_the_cell_put_back_for_it(spec, released):
    cell_of(released, "total").source = "total = 6"
    unnamed(released, "total", new_id=True)
    notebook, notes, _ = rebuild(released, spec)
    assert order(notebook)[1:5] == ["total", "total = 6", "test_total", "middle"]
    assert notes == ["The cell total was missing from your notebook. It was put back as you got it."]


def test_where_answer_and_test_are_gone_the_answer_still_runs_before_the_test(spec, released):
    put(released, "total = 6", after="setup")
    drop(released, "total", "test_total")
    notebook, _, _ = rebuild(released, spec)
    assert order(notebook)[:4] == ["setup", "total", "total = 6", "test_total"]


def test_what_stands_before_a_deleted_set_up_runs_after_it(spec, released):
    drop(released, "setup")
    released.cells.insert(0, own("mine = patrons"))
    notebook, _, _ = rebuild(released, spec)
    assert order(notebook)[:3] == ["setup", "mine = patrons", "total"]


def test_other_order_is_the_released_one_and_own_cells_go_with_the_one_before_them(spec, released):
    put(released, "mine = 1", after="middle")
    released.cells.reverse()
    for name in ("middle", "total"):
        put(released, f"after {name}", after=name)
    notebook, notes, _ = rebuild(released, spec)
    assert ids(notebook) == GRADED
    places = order(notebook)
    assert places.index("after middle") == places.index("middle") + 1
    assert places.index("after total") == places.index("total") + 1
    assert "Cells were in another order. They were run in the order in which you got them." in notes


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_cell_of_another_type_is_taken_for_what_it_was(spec, released, kind):
    cell = cell_of(released, "total")
    cell.cell_type, cell.source = kind, "total = 6"
    notebook, notes, _ = rebuild(released, spec)
    assert cell_of(notebook, "total").cell_type == "code"
    assert cell_of(notebook, "total").source == "total = 6"
    assert len(notes) == 1
    assert notes[0].startswith("The cell total had become a")


def test_tags_marks_and_locked_text_are_the_released_ones(spec, released):
    test = cell_of(released, "test_total")
    test.source = "pass"
    test.metadata["tags"] = ["skip-execution"]
    test.metadata.nbgrader.points = 100
    test.metadata["course"] = {"score": 100}
    notebook, notes, _ = rebuild(released, spec)
    rebuilt = cell_of(notebook, "test_total")
    assert rebuilt.metadata == cell_of(spec.released, "test_total").metadata
    assert rebuilt.source == spec.whole["test_total"]
    assert notes == [
        "The marks by which the cell test_total is graded were changed. The released ones hold.",
        "Tags of the cell test_total were left out: skip-execution.",
        "The cell test_total was changed. The text that you got was used.",
    ]


@pytest.mark.parametrize(
    ("kernel", "note"),
    [
        (
            {"name": "julia-1.9", "display_name": "Julia", "language": "julia"},
            "The file asked for another kernel (julia).",
        ),
        (None, "The file did not say which kernel it needs."),
        ({"name": "mine", "display_name": "My Python", "language": "python"}, None),
    ],
)
def test_the_kernel_is_the_courses(spec, released, kernel, note):
    released.metadata = {"kernelspec": kernel} if kernel else {}
    notebook, notes, _ = rebuild(nbformat.from_dict(released), spec)
    assert notebook.metadata.kernelspec == spec.released.metadata.kernelspec
    assert [text for text in notes if not note or not text.startswith(note)] == []
    assert bool(notes) == bool(note)


def forgets(notebook):
    """As some programs save a notebook: no marks, no ids."""
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        cell.pop("id", None)
    return notebook


def test_a_file_without_marks_and_ids_is_known_by_its_text_and_places(spec, released, answered):
    work = answered(released, total="total = 6", middle="middle = 2")
    put(work, "more = 1", after="test_total")
    notebook, notes, review = rebuild(forgets(work), spec)
    assert ids(notebook) == GRADED
    assert cell_of(notebook, "total").source == "total = 6"
    assert cell_of(notebook, "middle").source == "middle = 2"
    assert order(notebook).index("more = 1") == order(notebook).index("test_total") + 1
    assert [note for note in notes if "had lost the names by which they are graded" in note]
    assert review == ""


def test_where_most_answers_cannot_be_found_a_person_is_asked(spec, released, answered):
    work = forgets(answered(released, total="total = 6"))
    work.cells = [own("total = 6\nmiddle = 2")]
    _, _, review = rebuild(work, spec)
    assert "answers were not where they are graded" in review


def test_whose_notebook_is_empty_asks_nobody(spec, released):
    released.cells = []
    assert rebuild(released, spec)[2] == ""


@pytest.mark.parametrize(
    ("where", "written", "kept"),
    [
        ("setup", "import numpy as np\n{}", "import numpy as np"),
        ("setup", "{}\n%matplotlib inline", "%matplotlib inline"),
        ("test_total", "total = 6\n{}", "total = 6"),
        (
            "test_total",
            "@np.vectorize\ndef f(x):\n    return x\n{}",
            "@np.vectorize\ndef f(x):\n    return x",
        ),
    ],
)
def test_code_in_a_locked_cell_runs_as_a_cell_of_ones_own(spec, released, where, written, kept):
    cell = cell_of(released, where)
    cell.source = written.format(cell.source)
    notebook, notes, _ = rebuild(released, spec)
    assert cell_of(notebook, where).source == spec.whole[where]
    place = order(notebook).index(where)
    assert order(notebook)[place + (-1 if where == "test_total" else 1)] == kept
    below = "before" if where == "test_total" else "below"
    assert notes == [
        f"The cell {where} was changed. The text that you got was used. What you had added there was taken as a cell of "
        f"your own {below} it."
    ]


def test_what_was_only_written_in_another_way_is_not_run_twice(spec, released):
    cell = cell_of(released, "setup")
    cell.source = cell.source.replace("=", " = ").replace("'", '"') + "\n# mine"
    notebook, _, _ = rebuild(released, spec)
    assert order(notebook) == order(rebuild(spec.released, spec)[0])


def test_words_in_a_locked_cell_are_shown_below_it(spec, released):
    cell = cell_of(released, "in_words")
    cell.source += "\n\nI would ask the people at the desk."
    cell.attachments = {"a b.png": {"image/png": "AAAA"}}
    notebook, _, _ = rebuild(released, spec)
    below = notebook.cells[notebook.cells.index(cell_of(notebook, "in_words")) + 1]
    assert below.source == "I would ask the people at the desk."
    assert below.cell_type == "markdown"


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("![s](<attachment:Screen Shot.png>)", "Screen Shot.png", "![s](attachment:picture-1.png)"),
        ("![s](attachment:Screen%20Shot%20(1).png)", "Screen Shot (1).png", "![s](attachment:picture-1.png)"),
        ("![s](attachment:Bibliothe%CC%80que.png)", "Bibliothèque.png", "![s](attachment:picture-1.png)"),
        ('<img src="attachment:image.png" width="200">', "image.png", "![](attachment:image.png)"),
        (
            "<img alt='My map' src='attachment:Bild%201.png'/>",
            "Bild 1.png",
            "![My map](attachment:picture-1.png)",
        ),
    ],
)
def test_a_picture_is_found_however_its_name_was_written(spec, released, text, name, shown):
    released.cells[-1].source = f"See {text} here."
    released.cells[-1].attachments = {name: {"image/png": "AAAA"}}
    notebook, _, _ = rebuild(released, spec)
    assert notebook.cells[-1].source == f"See {shown} here."
    assert list(notebook.cells[-1].attachments) == [shown.rpartition(":")[2].rstrip(")")]


def test_a_picture_that_no_page_shows_is_said(spec, released):
    released.cells[-1].attachments = {"plan.svg": {"image/svg+xml": "PHN2Zy8+"}}
    _, notes, _ = rebuild(released, spec)
    assert notes == [
        "A cell of your own has a picture that is not shown (plan.svg): save it as PNG or JPEG, and put it in again."
    ]


@pytest.mark.parametrize(
    ("marks", "noted"), [("<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b", True), ("'=======' * 2", False)]
)
def test_conflict_marks_in_an_answer(spec, released, marks, noted):
    cell_of(released, "total").source = f"total = (\n{marks}\n)"
    _, notes, _ = rebuild(released, spec)
    assert any("has conflict marks" in note for note in notes) == noted


def test_pictures_in_text_survive_and_no_other_metadata(spec, released):
    cell = nbformat.v4.new_markdown_cell(
        "![a](attachment:a.png)", metadata={"slideshow": {"slide_type": "-"}}
    )
    cell["attachments"] = {
        "a.png": {"image/png": "iVBORw0=", "text/html": "<script>"},
        "b": {"image/svg+xml": "<svg/>"},
    }
    released.cells.append(cell)
    notebook, _, _ = rebuild(released, spec)
    assert notebook.cells[-1].attachments == {"a.png": {"image/png": "iVBORw0="}}
    assert notebook.cells[-1].metadata == {}


def test_raw_text_is_only_read(spec, released):
    released.cells.append(nbformat.v4.new_raw_cell("~~~\n<script>alert(1)</script>"))
    notebook, _, _ = rebuild(released, spec)
    assert notebook.cells[-1].cell_type == "markdown"
    assert notebook.cells[-1].source == "~~~~text\n~~~\n<script>alert(1)</script>\n~~~~"


def test_too_many_and_too_long_cells_of_ones_own(spec, released):
    released.cells += [own(f"a = {number}") for number in range(MOST_EXTRA_CELLS + 5)]
    cell_of(released, "total").source = "#" * 100_001
    notebook, notes, _ = rebuild(released, spec)
    assert ids(notebook) == GRADED
    assert len(notebook.cells) == len(GRADED) + MOST_EXTRA_CELLS
    assert cell_of(notebook, "total").source == cell_of(spec.released, "total").source
    assert any("100,001 characters" in note for note in notes)


def test_too_much_code(spec, released):
    before = len(released.cells)
    released.cells += [own("#" * 100_000) for _ in range(12)]
    released.cells.append(own("#" * 100_001))
    notebook, notes, _ = rebuild(released, spec)
    assert len(notebook.cells) == before + 10 + 1  # the one that is too long is there, and empty
    assert any("1,000,000 characters of code" in note for note in notes)
    assert any("100,001 characters; up to 100,000 are taken" in note for note in notes)


def test_another_picture_makes_it_other_work(spec, released):
    keys = []
    for picture in ("iVBORw0=", "iVBORw1="):
        cell = nbformat.v4.new_markdown_cell("![mine](attachment:a.png)")
        cell.attachments = {"a.png": {"image/png": picture}}
        submitted = copy.deepcopy(released)
        submitted.cells.append(cell)
        keys.append(job_of(rebuild(submitted, spec)[0], spec, "ada").key)
    assert keys[0] != keys[1]


# ---- any mangling -------------------------------------------------------------------------------------------

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2)
)
PLACE = st.integers(0, 40)
MANGLING = st.lists(
    st.one_of(
        st.tuples(st.just("duplicate"), PLACE, PLACE),
        st.tuples(st.just("delete"), PLACE, PLACE),
        st.tuples(st.just("move"), PLACE, PLACE),
        st.tuples(st.just("retype"), PLACE, st.sampled_from(["code", "markdown", "raw", "heading", None])),
        st.tuples(st.just("rename"), PLACE, st.sampled_from([*GRADED, "other", "", None, 7])),
        st.tuples(
            st.just("new id"), PLACE, st.one_of(st.text(max_size=3), st.sampled_from(["small-3", None]))
        ),
        st.tuples(st.just("tag"), PLACE, ODD),
        st.tuples(st.just("metadata"), PLACE, ODD),
        st.tuples(
            st.just("source"), PLACE, st.one_of(ODD, st.text(), st.just(["a = 1\n", "b"]), st.just("\ud800"))
        ),
        st.tuples(st.just("attachments"), PLACE, ODD),
    ),
    max_size=12,
)


def mangle(notebook, steps):
    for what, place, how in steps:
        if not notebook.cells:
            return
        cell = notebook.cells[place % len(notebook.cells)]
        if what == "duplicate":
            notebook.cells.insert(how % (len(notebook.cells) + 1), copy.deepcopy(cell))
        elif what == "delete":
            notebook.cells.remove(cell)
        elif what == "move":
            notebook.cells.remove(cell)
            notebook.cells.insert(how % (len(notebook.cells) + 1), cell)
        elif what == "retype":
            cell["cell_type"] = how
        elif what == "rename":
            if isinstance(cell.get("metadata"), dict):
                cell["metadata"]["nbgrader"] = {"grade_id": how, "points": 99}
        elif what == "new id":
            cell["id"] = how
        elif what == "tag":
            if isinstance(cell.get("metadata"), dict):
                cell["metadata"]["tags"] = how
        else:
            cell[what] = how


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=MANGLING)
def test_any_mangling_gives_the_released_cells_in_their_order(spec, tmp_path, steps):
    notebook = copy.deepcopy(spec.released)
    mangle(notebook, steps)
    rebuilt, notes, _ = rebuild(notebook, spec)
    assert ids(rebuilt) == GRADED
    for grade_id, released in spec.cells.items():
        cell = cell_of(rebuilt, grade_id)
        assert cell.cell_type == released.cell_type
        assert cell.metadata == released.metadata
        if grade_id in spec.whole:
            assert cell.source == spec.whole[grade_id]
    nbformat.validate(rebuilt)
    assert len({cell.id for cell in rebuilt.cells}) == len(rebuilt.cells)
    assert all(isinstance(note, str) and note for note in notes)
    job = job_of(rebuilt, spec, "ada")
    written = tmp_path / "written.ipynb"
    nbformat.write(rebuilt, written)
    assert job_of(nbformat.read(written, as_version=4), spec, "ada").key == job.key
    assert rebuild(rebuilt, spec)[0].cells == rebuild(rebuild(rebuilt, spec)[0], spec)[0].cells, "it settles"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=MANGLING, minor=st.integers(0, 5))
def test_any_mangling_goes_through_a_file(spec, tmp_path, steps, minor):
    import json

    notebook = copy.deepcopy(spec.released)
    mangle(notebook, steps)
    notebook.nbformat_minor = minor
    path = tmp_path / "mangled.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    if not notebook.cells:
        return
    rebuilt, _, _ = rebuild(read_submission(path, "ada"), spec)
    assert ids(rebuilt) == GRADED
    nbformat.validate(rebuilt)


def test_an_old_format_is_brought_up_to_date(spec, released, tmp_path, answered):
    old = nbformat.convert(answered(released), 3)
    path = tmp_path / "old.ipynb"
    nbformat.write(old, path, version=3)
    rebuilt, notes, _ = rebuild(read_submission(path, "ada"), spec)
    assert ids(rebuilt) == GRADED
    assert cell_of(rebuilt, "total").source == "total = sum(patrons)"
    assert "The file was of an old format (3). It was brought up to date." in notes


def test_a_sheet_holds_no_more_than_it_must(spec, released, answered):
    notebook, _, _ = rebuild(answered(released), spec)
    job = job_of(notebook, spec, "ada", {"a.csv": b"1"})
    by_name = {cell.grade_id: cell for cell in job.cells if cell.grade_id}
    assert by_name["test_total"].answers == ("total",)
    assert "secret" not in by_name["test_total"].source
    assert "secret" in by_name["test_total"].whole
    assert by_name["test_total"].points == 2
    assert by_name["total"].released == cell_of(spec.released, "total").source
    assert [
        cell.whole for cell in job.cells if cell.role is not Role.TEST and cell.role is not Role.SETUP
    ] == [""] * (len(job.cells) - 4)
