"""The page that a student gets back, and Formgrader's page of the same notebook, in a browser.

Nothing that a student wrote runs there, or asks anybody for anything; and everybody can read the feedback.
"""

import base64
import copy
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

import payloads
import pytest
from axe_playwright_python.sync_playwright import Axe
from every_state import RESOURCES, notebook_with_every_state
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.server_extensions.formgrader import handlers
from playwright.sync_api import Error

from course_utils.grading.feedback.page import page as feedback_page
from course_utils.grading.feedback.sanitise import clean_markdown, clean_outputs
from course_utils.grading.nbgrader_plugins.feedback import HideTests

ADDRESS = "http://course.test/formgrader/submissions/1/"
OURS = re.compile(r"http://course\.test/formgrader/(static/|api/|submissions/1/\w+\.png$)")
STOCK = re.compile(
    r"https://cdnjs\.cloudflare\.com/ajax/libs/mathjax/"
)  # asked for by nbconvert's own template
POKE = """() => {
    for (const part of document.querySelectorAll('*')) {
        for (const kind of ['mouseover', 'mouseenter', 'click', 'focus', 'toggle', 'load', 'error', 'submit']) {
            if (!part.matches('a[href^=http], .navbar *')) part.dispatchEvent(new Event(kind, {bubbles: false}));
        }
        if (part.matches('a') && part.click && !/^(https?|mailto):/.test(part.protocol)) part.click();
        if (part.matches('button[form], form button')) part.click();
    }
}"""


class Watched:
    """A page in Chromium that is served from memory, and what it tried."""

    def __init__(self, chromium):
        # Our page forbids all scripts by itself, too; here it has to do without.
        self.context = chromium.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        self.page = self.context.new_page()
        self.tried, self.html = [], ""
        self.page.on("dialog", self._dialog)
        self.context.on("page", lambda other: self.tried.append(f"a window: {other.url}"))
        self.context.route("**/*", self._serve)

    def _dialog(self, dialog):
        self.tried.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _serve(self, route):
        url = route.request.url
        static = Path(handlers.static_path) / url.partition("/formgrader/static/")[2]
        if url == ADDRESS:
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        elif "/static/" in url and static.is_file():
            kind = mimetypes.guess_type(static.name)[0] or "text/plain"
            route.fulfill(body=static.read_bytes(), content_type=kind)
        elif "/formgrader/api/" in url:
            route.fulfill(body="[]", content_type="application/json")
        else:
            if not OURS.match(url) and not STOCK.match(url):
                self.tried.append(url)
            route.abort()

    def show(self, html: str) -> list[str]:
        """Open a page, touch everything in it, and tell what it tried that it must not."""
        self.html, self.tried[:] = html, []
        try:
            self.page.goto(ADDRESS, wait_until="load")
            self.page.evaluate(POKE)
            self.page.wait_for_timeout(60)
            if self.page.evaluate("() => window.pwned"):
                self.tried.append("a script ran")
        except Error as problem:
            self.tried.append(f"went elsewhere: {problem}")
        return list(self.tried)


@pytest.fixture(scope="module")
def watched(chromium):
    return Watched(chromium)


def hostile_notebook(corpus: Mapping[str, str], *, clean: bool = True):
    """A notebook that holds payloads wherever a student can put one, as it is after grading."""
    notebook = notebook_with_every_state()
    answer = copy.deepcopy(notebook.cells[3])
    answer.source = "\n# ".join(corpus.values())
    answer.metadata["nbgrader"]["comment"] = "\n\n".join(corpus.values())
    extra = [cell for payload in corpus.values() for cell in hostile_cells(payload, clean)]
    notebook.cells[3:4] = [answer, *extra]
    test = notebook.cells[4 + len(extra)]
    assert test.metadata["nbgrader"]["grade"]
    said = "\n".join(corpus.values())
    test.metadata["course"] = {"state": "wrong value", "message": said, "cell_error": {"said": said}}
    test.metadata["nbgrader"]["auto_score"] = test.metadata["nbgrader"]["score"] = 0
    notebook.metadata["course"] = {"notes": list(corpus.values())}
    return notebook


def hostile_cells(payload: str, clean: bool) -> list:
    bundles = [{kind: payload} for kind in ("text/html", "text/markdown", "text/plain", "text/latex")]
    bundles += [
        {"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{payload}</svg>'},
        {"application/javascript": payloads.RUN},
    ]
    outputs = [{"output_type": "display_data", "data": data, "metadata": {}} for data in bundles]
    outputs += [
        {
            "output_type": "display_data",
            "data": {"image/png": base64.b64encode(b"0000").decode()},
            "metadata": {"image/png": {"alt": payload, "width": f"1 onerror={payloads.RUN}"}},
        },
        {"output_type": "stream", "name": "stdout", "text": payload},
        {"output_type": "error", "ename": payload, "evalue": payload, "traceback": [payload]},
    ]
    words = [payload, f"# A\n\n- {payload}\n"]
    if clean:
        outputs, words = clean_outputs(outputs), [clean_markdown(text) for text in words]
    tags = {"tags": [payload.replace(",", "")]}
    return [new_code_cell(payload, outputs=outputs, metadata=tags), *map(new_markdown_cell, words)]


def formgrader_page(notebook) -> str:
    """As Formgrader makes it: with its own template, which trusts the notebook."""
    exporter = HTMLExporter(template_name="formgrade", extra_template_basedirs=[handlers.template_path])
    resources = {"base_url": "", "submission_id": "1", "index": 0, "total": 1, "student": "hazel"}
    resources |= {"notebook_id": "week", "assignment_id": "week", "notebook_path": "x", "last_name": ""}
    return exporter.from_notebook_node(notebook, resources=resources)[0]


def student_page(notebook, name="Hazel") -> str:
    resources = copy.deepcopy(RESOURCES)
    resources["nbgrader"]["name"] = name
    return feedback_page(HideTests().preprocess(notebook, {})[0], resources)


CORPUS = {**payloads.HTML, **{f"markdown: {name}": text for name, text in payloads.MARKDOWN.items()}}


@pytest.mark.parametrize("part", range(4))
def test_nothing_of_a_students_runs_or_is_fetched(watched, part):
    corpus = dict(list(CORPUS.items())[part::4])
    pages = {
        "Formgrader": lambda some: formgrader_page(hostile_notebook(some)),
        "feedback": lambda some: student_page(hostile_notebook(some), name="".join(some.values())),
    }
    for which, page in pages.items():
        if watched.show(page(corpus)):
            guilty = {name: watched.show(page({name: payload})) for name, payload in corpus.items()}
            pytest.fail(f"{which}: { ({name: tried for name, tried in guilty.items() if tried}) }")


def test_this_test_can_fail(watched):
    """In a page of their own nearly all of them are caught, and in Formgrader of a notebook that nobody cleaned."""
    quiet = {name for name, payload in payloads.HTML.items() if not watched.show(f"<!DOCTYPE html>{payload}")}
    assert len(payloads.HTML) - len(quiet) > 40, quiet
    for name in ("script", "picture error", "markdown: diagram", "markdown: link that nbconvert shortens"):
        assert watched.show(formgrader_page(hostile_notebook({name: CORPUS[name]}, clean=False))), name


def test_feedback_asks_nobody_for_anything_and_forbids_scripts_itself(chromium, watched):
    page = student_page(notebook_with_every_state())
    assert "<script" not in page
    assert "default-src 'none'" in page
    asked = []
    context = chromium.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.set_content(page)
    assert [url for url in asked if not url.startswith("data:")] == []
    tab.get_by_role("link", name="Question 3 · The active share").first.click()
    assert tab.url.endswith("#question-3")
    context.close()


@pytest.mark.parametrize("width", [1280, 800, 400])
def test_everybody_can_read_the_feedback(watched, width):
    assert watched.show(student_page(notebook_with_every_state())) == []
    watched.page.set_viewport_size({"width": width, "height": 900})
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for opened in ("false", "true"):
        watched.page.evaluate(f"document.querySelectorAll('details').forEach(d => d.open = {opened})")
        found = Axe().run(watched.page)
        assert found.violations_count == 0, found.generate_report()


def test_feedback_is_walked_through_with_the_keyboard(watched):
    watched.show(student_page(notebook_with_every_state()))
    tab = watched.page
    tab.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    reached = []
    for _ in range(6):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.textContent.trim()"))
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached[0] == "Skip the summary"
    assert reached[1].startswith("Question 6")


def test_headings_come_in_order_and_every_picture_is_described(watched):
    watched.show(student_page(notebook_with_every_state()))
    tab = watched.page
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    alts = tab.evaluate("[...document.querySelectorAll('img')].map(i => i.alt)")
    assert alts == ["Bars of the share that is erased, by age band"]


def test_colour_is_never_the_only_sign(watched):
    watched.show(student_page(notebook_with_every_state()))
    rows = watched.page.locator("#summary tbody tr")
    for row in rows.all():
        assert row.locator("td").first.inner_text().strip()
        assert row.locator("svg").count() == 1
    shapes = {row.locator("svg").inner_html() for row in rows.all()}
    words = {row.locator("td").first.inner_text().strip() for row in rows.all()}
    assert len(shapes) == len(words) == 9


def test_notebook_of_nothing_gives_a_page(watched):
    resources = {"nbgrader": {**RESOURCES["nbgrader"], "score": 0, "max_score": 0, "late_penalty": 0}}
    assert watched.show(feedback_page(new_notebook(), resources)) == []
    assert watched.page.get_by_role("heading", name="Summary").is_visible()
