"""Formgrader's page of a graded notebook, by its own template: what it hangs its boxes on is there once."""

import base64
import copy
import shutil
from collections import Counter

import nbformat
import pytest
from bs4 import BeautifulSoup
from every_state import RESOURCES, notebook_with_every_state
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell
from nbgrader.server_extensions.formgrader import handlers
from representatives import representatives

from course_utils.grading import run
from course_utils.grading.course import Course
from course_utils.grading.feedback import page as feedback
from course_utils.grading.feedback import sanitise
from course_utils.grading.feedback.sanitise import (
    FORMGRADERS,
    MOST_PICTURES,
    Cleaning,
    ids_of_formgrader,
)
from course_utils.grading.nbgrader_plugins.feedback import HideTests

SMALL = "90_small"
PARTS = (
    "test_total",
    "test_total_extra_credit",
    "total-comment",
    "in_words",
    "in_words-comment",
    "statusmessage",
)
# A student's words, with a heading whose id is that of a part of the page.
HEADINGS = {
    "plain": "# {}",
    "in a quotation": "> ### {}",
    "in a list": "- ## {}",
    "underlined": "{}\n=====",
    "underlined twice": "{}\n---",
    "escaped": "# \\{}",
    "code": "# `{}`",
    "HTML": '<h2 id="{}">Mine</h2>',
    "HTML of another kind": '<p id="{}">Mine</p>',
    "a place": '<a id="{0}" name="{0}">Mine</a>',
    "beside what is not safe": "<script>alert(1)</script>\n\n# {}",
}


def formgrader_page(notebook) -> BeautifulSoup:
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    resources = {"base_url": "", "submission_id": "1", "index": 0, "total": 1, "student": "hazel"}
    resources |= {"notebook_id": "week", "assignment_id": "week", "notebook_path": "x", "last_name": ""}
    return BeautifulSoup(exporter.from_notebook_node(notebook, resources=resources)[0], "html.parser")


def ids(page: BeautifulSoup) -> Counter:
    return Counter(tag["id"] for tag in page.find_all(id=True))


def emptied(notebook):
    """Without anything that a student wrote."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for cell in notebook.cells:
        cell.update({"outputs": []} if cell.cell_type == "code" else {})
    return notebook


@pytest.fixture
def course(tmp_path, small_class):
    course = Course(shutil.copytree(small_class.folder, tmp_path / "class"), apart=True)
    course.add_students({"ada": {}})
    return course


def hand_in(course, notebook) -> None:
    folder = course.submitted("ada", SMALL)
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{SMALL}.ipynb")


def autograded(course):
    folder = course.folder / "assignments" / "autograded" / "ada" / SMALL
    return nbformat.read(folder / f"{SMALL}.ipynb", as_version=4)


@pytest.mark.needs("bubblewrap")
def test_every_part_of_formgraders_page_is_there_once(course, released, answered):
    """Whatever headings a student writes, shows, or writes below the task; and each of them is still a heading."""
    words = [text.format(part) for part in PARTS for text in HEADINGS.values()]
    code = [f"display(Markdown({text!r}), HTML({text!r}))" for text in words]
    total = "\n".join(["from IPython.display import HTML, Markdown, display", *code, "total = sum(patrons)"])
    notebook = answered(released, total=total)
    notebook.cells[-1].source = "# in_words-comment\n\nAs [above](#in_words-comment)."
    notebook.cells += [new_markdown_cell(text) for text in words]
    hand_in(course, notebook)
    assert run.grade(course, SMALL).graded == ["ada"]
    graded = autograded(course)
    page = formgrader_page(graded)
    count, without = ids(page), ids(formgrader_page(emptied(graded)))
    for part in PARTS:
        assert without[part] == 1, part
    # One of nbgrader's own is there twice in its own template.
    needed = ids_of_formgrader(
        {"test_total", "test_middle", "test_name", "in_words", "total", "middle", "name"}
    )
    assert {name: count[name] for name in needed} == {name: without[name] for name in needed}
    headings = [
        heading for heading in page.find_all(["h1", "h2", "h3"]) if heading.get("id", "").startswith("work-")
    ]
    assert {heading["id"] for heading in headings} >= {f"work-{part}" for part in PARTS}
    below = next(
        heading for heading in headings if heading.name == "h1" and heading["id"] == "work-in_words-comment"
    )
    assert below.get_text().startswith("in_words-comment")
    assert page.find("a", string="above")["href"] == "#work-in_words-comment"
    course.give_feedback(SMALL, "ada")
    path = course.folder / "assignments" / "feedback" / "ada" / SMALL / f"{SMALL}.html"
    assert max(ids(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")).values()) == 1


def test_what_formgrader_needs_is_all_known():
    """The ids of a page in which no student has written anything."""
    page = formgrader_page(notebook_with_every_state())
    names = {tag["id"] for tag in page.find_all(id=True)}
    questions = {tag["id"] for tag in page.select("input.score")} | {
        tag["id"].removesuffix("-comment") for tag in page.select("textarea.comment")
    }
    headings = {tag["id"] for tag in page.find_all(["h1", "h2", "h3", "h4"], id=True)}
    assert questions
    cells = {name for name in names if name.startswith("cell-id=")}
    assert names - headings - cells <= ids_of_formgrader(questions) | {"MathJax-script"}
    assert FORMGRADERS - names <= {"help-dialog"}


@pytest.mark.parametrize("heading", ["# Results", "# Results\n\n<script>x</script>", "Results\n=="])
def test_other_headings_keep_their_ids(heading):
    text = Cleaning().words(heading, None, ids_of_formgrader({"test_total"}))
    page = sanitise._as_formgrader_renders(text, {})
    assert 'id="Results"' in page


# ---- how much there is of it ---------------------------------------------------------------------------------

LARGE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(5_900_000)).decode()  # one picture that is allowed


def pasted(name="photo.png", data=LARGE, times=1):
    cell = new_markdown_cell(f"What I saw.\n\n{f'![p](attachment:{name}) ' * times}\n\nAnd what follows.")
    cell.attachments = {name: {"image/png": data}}
    return cell


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("kind", representatives(["many", "one, many times"], ["one, many times"]))
def test_pictures_that_are_each_allowed_do_not_make_a_page_without_end(course, released, answered, kind):
    notebook = answered(released)
    small = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(600_000)).decode()
    many = [pasted(f"{number}.png") for number in range(6)]
    notebook.cells += many if kind == "many" else [pasted(data=small, times=100)]
    notebook.cells += [pasted("last.png", base64.b64encode(b"\x89PNG\r\n\x1a\n1").decode())]
    hand_in(course, notebook)
    assert run.grade(course, SMALL).graded == ["ada"]
    folder = course.folder / "assignments" / "autograded" / "ada" / SMALL
    assert (folder / f"{SMALL}.ipynb").stat().st_size < MOST_PICTURES + 1_000_000
    course.give_feedback(SMALL, "ada")
    path = course.folder / "assignments" / "feedback" / "ada" / SMALL / f"{SMALL}.html"
    assert path.stat().st_size < MOST_PICTURES + 1_000_000
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    said = page.get_text()
    assert said.count("And what follows.") == len(notebook.cells) - len(released.cells)
    shown = len(page.find_all("img", src=lambda source: source.startswith("data:")))
    assert shown == (3 if kind == "many" else 1), "as many as fit, and the small one at the end"
    assert "pictures of this notebook are larger than 16 MB together" in said
    assert len(str(formgrader_page(autograded(course)))) < MOST_PICTURES + 2_000_000


@pytest.mark.exhaustive  # the parts of it are tried in test_sanitise.py
def test_a_page_of_a_notebook_that_nobody_cleaned_has_a_bound(monkeypatch):
    """As stock nbgrader grades it: pictures in outputs, code that is coloured word by word, words without end."""
    notebook = notebook_with_every_state()
    answer = next(cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs)
    picture = nbformat.v4.new_output("display_data", data={"image/png": LARGE})
    answer.outputs += [copy.deepcopy(picture) for _ in range(12)]
    notebook.cells += [nbformat.v4.new_code_cell("a+" * 400_000 + "a"), new_markdown_cell("*a* " * 4_000)]
    notebook.cells += [pasted(times=3), *[new_markdown_cell("| a " * 4_000) for _ in range(400)]]
    made = page_of(notebook)
    assert len(made) < feedback.MOST_IN_ALL + MOST_PICTURES + 500_000
    assert "this page would be too large" in made
    assert "And what follows." in made


def test_an_honest_page_stays_as_it_is(monkeypatch):
    notebook = notebook_with_every_state()
    notebook.cells.append(pasted())
    before = page_of(notebook)
    monkeypatch.setattr(feedback, "MOST_IN_ALL", 10**12)
    monkeypatch.setattr(feedback, "MOST_PICTURES", 10**12)
    assert page_of(notebook) == before
    assert LARGE in before


def page_of(notebook) -> str:
    return feedback.page(HideTests().preprocess(copy.deepcopy(notebook), {})[0], RESOURCES)
