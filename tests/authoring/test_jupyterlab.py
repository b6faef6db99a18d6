"""What JupyterLab does with the two files of a lesson, through the part of its server that opens and saves them."""

import os

import pytest
from jupytext.sync_contentsmanager import TextFileContentsManager

from course_utils.authoring import notebooks, sync

TEXT, NOTEBOOK = "notebooks/text/00_x.md", "notebooks/00_x.ipynb"


@pytest.fixture
def contents(little_kit):
    return TextFileContentsManager(root_dir=str(little_kit))


def opened(contents, path) -> str:
    return "\n".join(cell["source"] for cell in contents.get(path, type="notebook")["content"]["cells"])


@pytest.mark.parametrize("newer", [TEXT, NOTEBOOK])
def test_a_clone_opens_whichever_file_seems_to_be_newer(little_kit, contents, newer):
    for name in (TEXT, NOTEBOOK):
        time = 1_000_000_000 + 3600 * (name == newer)
        os.utime(little_kit / name, (time, time))
    assert "One sentence." in opened(contents, NOTEBOOK)
    assert "One sentence." in opened(contents, TEXT)


def test_the_kits_own_lessons_open_too(kit, copy_kit, tmp_path):
    copy = copy_kit(tmp_path / "kit")
    contents = TextFileContentsManager(root_dir=str(copy))
    for pair in sync.pairs(copy):
        os.utime(pair.text, (1_000_000_000, 1_000_000_000))
        assert opened(contents, pair.notebook.relative_to(copy).as_posix())


def test_saving_the_notebook_changes_the_text(little_kit, contents):
    model = contents.get(NOTEBOOK)
    model["content"]["cells"][0]["source"] = "# Hello\n\nTwo sentences."
    contents.save(model, NOTEBOOK)
    assert "Two sentences." in (little_kit / TEXT).read_text(encoding="utf-8")


def test_changing_the_text_changes_what_is_opened(little_kit, contents, replace_in):
    replace_in(little_kit / TEXT, "One sentence", "Two sentences")
    assert "Two sentences." in opened(contents, NOTEBOOK)


def test_saving_the_text_opened_as_a_notebook_changes_the_notebook(little_kit, contents):
    model = contents.get(TEXT, type="notebook")
    model["content"]["cells"][1]["source"] = "2 + 2"
    contents.save(model, TEXT)
    assert "2 + 2" in (little_kit / NOTEBOOK).read_text(encoding="utf-8")


def test_after_a_save_and_a_sync_only_the_change_is_left(little_kit, contents, git):
    model = contents.get(NOTEBOOK)
    model["content"]["cells"][1].update(execution_count=1, source="2 + 2")
    contents.save(model, NOTEBOOK)
    sync.sync(little_kit)
    assert sync.check(little_kit) == []
    changed = [line for line in git("diff", "-U0").splitlines() if line.startswith(("+", "-"))]
    assert [line for line in changed if not line.startswith(("+++", "---"))] == [
        '-    "1 + 1"',
        '+    "2 + 2"',
        "-1 + 1",
        "+2 + 2",
    ]


def test_fetched_work_is_paired_with_nothing(little_kit, contents):
    """A student's own copy of an assignment is one file, and opening or saving it makes no second one."""
    work = little_kit / "my_work" / "01_a" / "01_a.ipynb"
    work.parent.mkdir(parents=True)
    work.write_text((little_kit / NOTEBOOK).read_text(encoding="utf-8"), encoding="utf-8")
    model = contents.get("my_work/01_a/01_a.ipynb")
    contents.save(model, "my_work/01_a/01_a.ipynb")
    assert list(little_kit.glob("my_work/**/*.md")) == []
    assert "jupytext" not in notebooks.read_raw(work).metadata
