"""The lessons as a student sees them: run, and read by a screen reader's rules."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

KIT = Path(__file__).resolve().parents[2]
LESSONS = sorted(f"notebooks/{path.name}" for path in (KIT / "notebooks").glob("*.ipynb"))
# What the kit puts on the page: texts, and outputs. Colours of a traceback are IPython's.
OURS = {
    "include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]],
    "exclude": [[".jp-OutputArea-output[data-mime-type*=error]"]],
}


each_lesson = pytest.mark.parametrize("lesson", LESSONS, indirect=True, scope="module")


@each_lesson
def test_run_all_gives_no_error(lesson):
    assert lesson.errors() == []


@each_lesson
def test_nothing_that_the_kit_shows_breaks_a_serious_rule_of_accessibility(lesson):
    page = lesson.page
    found = Axe().run(page, context=OURS)
    serious = [
        f"{v['id']} ({v['impact']}): {page.locator(node['target'][0]).first.inner_text()[:80]!r} in {node['html'][:120]}"
        for v in found.response["violations"]
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
    assert serious == []


def test_the_name_form_says_who_one_is(notebook, lab, page):
    """The student of this copy: saved by the form, and used from then on."""
    saved = lab.folder / ".course" / "student.json"
    before = saved.read_bytes()
    opened = notebook("notebooks/00_start_here.ipynb")
    form = opened.section("Who are you?")
    form.get_by_role("textbox", name="User name").fill("ada")
    form.get_by_role("button", name="Save my name").click()
    expect(form.get_by_role("status")).to_contain_text("ada")
    assert "ada" in saved.read_text(encoding="utf-8")
    saved.write_bytes(before)
