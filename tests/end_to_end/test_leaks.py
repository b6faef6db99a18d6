"""Nothing that is released or fed back holds a solution or the text of a hidden test."""

import html
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from course_utils.checks.questions import file_of

ASSIGNMENT = "01_who_is_our_customer"
REGIONS = {
    "solution": ("BEGIN SOLUTION", "END SOLUTION"),
    "hidden test": ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    "marking scheme": ("BEGIN MARK SCHEME", "END MARK SCHEME"),
}
SHORTEST = 12  # characters without spaces; shorter lines, such as “),” say nothing


@dataclass(frozen=True)
class Secret:
    kind: str
    line: str


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def secrets_of(notebook) -> set[Secret]:
    """The lines within the regions of a source notebook that tell something, and stand nowhere in the open."""
    inside, outside = set(), set()
    for cell in notebook.cells:
        kind = None
        for line in cell.source.splitlines():
            begun = next((k for k, (begin, _) in REGIONS.items() if begin in line), None)
            if begun or any(end in line for _, end in REGIONS.values()):
                kind = begun
            elif kind is None:
                outside.add(bare(line))
            else:
                inside.add(Secret(kind, bare(line)))
    return telling(inside, outside)


def telling(secrets: set[Secret], known: set[str]) -> set[Secret]:
    return {secret for secret in secrets if len(secret.line) >= SHORTEST and secret.line not in known}


def readings(path: Path) -> list[str]:
    """A file's text in each way in which somebody might read it, without white space."""
    text = path.read_text(encoding="utf-8", errors="replace")
    found = [text, html.unescape(re.sub(r"<[^>]*>", "", text))]
    if path.suffix == ".ipynb":
        found.append("\n".join(strings_in(json.loads(text))))
    return [bare(reading) for reading in found]


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        yield "".join(part for part in value if isinstance(part, str))
        for part in value:
            yield from strings_in(part)


def leaks(folder: Path, secrets: set[Secret]) -> set[tuple[str, Secret]]:
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            texts = readings(path)
            found |= {(path.name, secret) for secret in secrets if any(secret.line in text for text in texts)}
    return found


def own_words(notebook) -> str:
    return bare("\n".join(cell.source for cell in notebook.cells))


@pytest.fixture(scope="module")
def source(term):
    return term.kit / "assignments" / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def secrets(source):
    found = secrets_of(nbformat.read(source, as_version=4))
    for kind, least in {"solution": 8, "hidden test": 8, "marking scheme": 5}.items():
        assert sum(secret.kind == kind for secret in found) >= least, (
            f"too few lines of the kind {kind}: see REGIONS"
        )
    return found


@pytest.fixture(scope="module")
def declared(term, source, secrets):
    """What the file of declared questions holds, apart from what stands in the notebook in any case."""
    path = file_of(term.kit / "assignments", ASSIGNMENT)
    lines = {Secret("declaration", bare(line)) for line in path.read_text(encoding="utf-8").splitlines()}
    notebook = nbformat.read(source, as_version=4)
    open_lines = {bare(line) for cell in notebook.cells for line in cell.source.splitlines()}
    found = telling(lines, open_lines)
    assert len(found) >= 100
    return found


@pytest.mark.parametrize("place", ["release", "exchange/port_ellery/outbound", "fetched"])
def test_what_is_released(term, secrets, declared, place):
    folder = term.kept / place
    assert any(folder.rglob("*.ipynb"))
    assert leaks(folder, secrets | declared) == set()


def test_what_is_fed_back(term, secrets, declared):
    # The rubric may be read once the work is marked. What a student wrote without help is no leak either.
    told = {secret for secret in secrets | declared if secret.kind != "marking scheme"}
    for student in term.students:
        handed_in = nbformat.read(term.desk(student) / f"{ASSIGNMENT}.ipynb", as_version=4)
        own = own_words(handed_in)
        unknown = {secret for secret in told if secret.kind == "hidden test" or secret.line not in own}
        for folder in (term.kept / "feedback" / student, term.desk(student) / "feedback"):
            assert any(folder.rglob("*.html"))
            assert leaks(folder, unknown) == set()


def test_feedback_in_the_exchange(term, secrets):
    folder = term.kept / "exchange" / "port_ellery" / "feedback"
    assert len(list(folder.glob("*.html"))) == len(term.students)
    assert leaks(folder, {secret for secret in secrets if secret.kind == "hidden test"}) == set()


# ---- this test can fail ------------------------------------------------------------------------------------


def test_finder_finds_every_line_in_the_source(term, source, secrets, declared):
    assert {secret for _, secret in leaks(source.parent, secrets)} == secrets
    questions = file_of(term.kit / "assignments", ASSIGNMENT).parent
    assert {secret for name, secret in leaks(questions, declared) if name == "01.py"} == declared


def test_finder_finds_what_stock_nbgrader_feeds_back(term, secrets, tmp_path):
    """Without our part in it, nbgrader's feedback holds hidden tests: in the cells, and in stack traces."""
    course = tmp_path / "assignments"
    shutil.copytree(term.kept / "autograded", course / "autograded")
    shutil.copy(term.kept / "gradebook.db", course)
    shutil.copy(term.kit / "assignments" / "nbgrader_config.py", course)
    stock = "['nbgrader.preprocessors.GetGrades','nbconvert.preprocessors.CSSHTMLHeaderPreprocessor']"
    subprocess.run(
        [
            Path(sys.executable).with_name("nbgrader"),
            "generate_feedback",
            ASSIGNMENT,
            "--student=hazel",
            f"--GenerateFeedback.preprocessors={stock}",
            "--GenerateFeedback.exporter_class=nbconvert.exporters.HTMLExporter",
        ],
        cwd=course,
        check=True,
        capture_output=True,
    )
    hidden = {secret for secret in secrets if secret.kind == "hidden test"}
    assert {secret for _, secret in leaks(course / "feedback", hidden)} == hidden


@pytest.mark.parametrize(
    "written",
    [
        '<span class="n">_secret</span> <span class="o">=</span> <span class="n">patrons</span>[&quot;a&quot;]',
        '{"source": ["_secret = ", "patrons[\\"a\\"]\\n"]}',
        "_secret  =  patrons['a']".replace("'", '"'),
    ],
    ids=["marked up", "in a notebook", "other spaces"],
)
def test_finder_sees_through_the_dress(tmp_path, written):
    path = tmp_path / ("page.ipynb" if written.startswith("{") else "page.html")
    path.write_text(written)
    assert leaks(tmp_path, {Secret("solution", bare('_secret = patrons["a"]'))})
