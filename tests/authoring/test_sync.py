import os

import pytest

from course_utils.authoring import notebooks, sync
from course_utils.errors import CourseError

TEXT, NOTEBOOK = "notebooks/text/00_x.md", "notebooks/00_x.ipynb"


def test_a_new_text_gets_its_notebook_and_a_new_notebook_its_text(little_kit):
    (little_kit / NOTEBOOK).unlink()
    assert sync.sync(little_kit) == [f"{TEXT} → {NOTEBOOK}"]
    (little_kit / TEXT).unlink()
    assert sync.sync(little_kit) == [f"{TEXT} ← {NOTEBOOK}"]
    assert sync.check(little_kit) == []


def test_a_second_run_does_nothing(little_kit):
    assert sync.sync(little_kit) == []


def test_assignments_are_paired_folder_by_folder(little_kit):
    text = little_kit / "assignments/text/01_a/01_a.md"
    text.parent.mkdir()
    text.write_text("# A\n\n```{code-cell}\n1\n```\n", encoding="utf-8")
    assert sync.sync(little_kit) == ["assignments/text/01_a/01_a.md → assignments/source/01_a/01_a.ipynb"]


@pytest.mark.parametrize("clock", [0, 2_000_000_000])
def test_the_changed_file_wins_whatever_its_time(little_kit, replace_in, clock):
    replace_in(little_kit / TEXT, "One sentence", "Two sentences")
    os.utime(little_kit / TEXT, (clock, clock))
    assert sync.sync(little_kit) == [f"{TEXT} → {NOTEBOOK}"]
    assert "Two sentences" in (little_kit / NOTEBOOK).read_text(encoding="utf-8")
    replace_in(little_kit / NOTEBOOK, "Two sentences", "Three sentences")
    os.utime(little_kit / NOTEBOOK, (clock, clock))
    assert sync.sync(little_kit) == [f"{TEXT} ← {NOTEBOOK}"]
    assert "Three sentences" in (little_kit / TEXT).read_text(encoding="utf-8")


def test_in_a_fresh_clone_the_last_commit_says_which_was_changed(little_kit, replace_in):
    (little_kit / sync.STATE).unlink()
    replace_in(little_kit / NOTEBOOK, "One sentence", "Two sentences")
    assert sync.sync(little_kit) == [f"{TEXT} ← {NOTEBOOK}"]


def test_when_both_were_changed_nothing_is_written_and_both_are_named(little_kit, replace_in):
    replace_in(little_kit / TEXT, "One sentence", "Two sentences")
    replace_in(little_kit / NOTEBOOK, "One sentence", "Three sentences")
    before = [(little_kit / name).read_bytes() for name in (TEXT, NOTEBOOK)]
    with pytest.raises(CourseError) as caught:
        sync.sync(little_kit)
    assert TEXT in str(caught.value)
    assert NOTEBOOK in str(caught.value)
    assert [(little_kit / name).read_bytes() for name in (TEXT, NOTEBOOK)] == before
    assert sync.sync(little_kit, source="notebook") == [f"{TEXT} ← {NOTEBOOK}"]
    assert "Three sentences" in (little_kit / TEXT).read_text(encoding="utf-8")


def test_the_same_change_in_both_is_no_conflict(little_kit, replace_in):
    for name in (TEXT, NOTEBOOK):
        replace_in(little_kit / name, "One sentence", "Two sentences")
    assert sync.sync(little_kit) == []
    assert sync.check(little_kit) == []


def test_without_git_and_without_memory_the_two_are_not_guessed_at(little_kit, replace_in):
    (little_kit / sync.STATE).unlink()
    (little_kit / ".git").rename(little_kit / "no-git")
    replace_in(little_kit / TEXT, "One sentence", "Two sentences")
    with pytest.raises(CourseError, match="both were changed"):
        sync.sync(little_kit)


def test_the_same_edit_again_after_going_back_in_git_is_not_lost(little_kit, replace_in, git):
    replace_in(little_kit / NOTEBOOK, "One sentence", "Two sentences")
    sync.sync(little_kit)
    git("checkout", "--", ".")
    replace_in(little_kit / NOTEBOOK, "One sentence", "Two sentences")
    with pytest.raises(CourseError, match="cannot be told which"):
        sync.sync(little_kit)
    assert "Two sentences" in (little_kit / NOTEBOOK).read_text(encoding="utf-8")


def test_a_notebook_that_was_committed_alone_is_not_overwritten(little_kit, replace_in, git):
    replace_in(little_kit / NOTEBOOK, "One sentence", "Two sentences")
    git("commit", "-qam", "the notebook alone")
    assert sync.sync(little_kit) == [f"{TEXT} ← {NOTEBOOK}"]
    git("checkout", "--", ".")
    (little_kit / sync.STATE).unlink()
    with pytest.raises(CourseError, match="cannot be told which"):
        sync.sync(little_kit)


@pytest.mark.parametrize(("changed", "stale"), [(TEXT, NOTEBOOK), (NOTEBOOK, TEXT)])
def test_check_names_the_stale_file_and_the_first_difference_and_writes_nothing(
    little_kit, replace_in, changed, stale
):
    replace_in(little_kit / changed, "One sentence", "Two sentences")
    before = (little_kit / stale).read_bytes()
    (finding,) = sync.check(little_kit)
    assert finding.stale == little_kit / stale
    assert finding.sentence.startswith(f"{stale} does not say what {changed} says (first at “")
    assert "sentence" in finding.sentence
    assert (little_kit / stale).read_bytes() == before


def test_a_stale_pair_that_was_committed_is_found_with_the_text_as_the_source(little_kit, replace_in, git):
    replace_in(little_kit / TEXT, "1 + 1", "2 + 2")
    git("commit", "-qam", "forgot the notebook")
    (little_kit / sync.STATE).unlink()
    (finding,) = sync.check(little_kit)
    assert finding.stale == little_kit / NOTEBOOK
    assert "2 + 2" in finding.sentence


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (NOTEBOOK, '"execution_count": null', '"execution_count": 3', "outputs of a run"),
        (NOTEBOOK, '"id": "hello-1"', '"id": "f00baa"', "ids of its cells"),
        (NOTEBOOK, '"name": "ipython",', '"name": "jpython",', "metadata"),
        (TEXT, "## Predict\n", "## Predict\n\n", "blank lines"),
    ],
)
def test_check_names_a_file_that_says_the_right_thing_in_the_wrong_form(
    little_kit, replace_in, name, old, new, fault
):
    replace_in(little_kit / name, old, new)
    (finding,) = sync.check(little_kit)
    assert finding.stale == little_kit / name
    assert fault in finding.sentence
    assert sync.sync(little_kit) != []
    assert sync.check(little_kit) == []


def test_a_cell_that_the_text_reads_as_two_becomes_two(little_kit, replace_in):
    replace_in(little_kit / NOTEBOOK, "After it.", "After it.\\n\\n+++\\n\\nAnd more.")
    sync.sync(little_kit)
    assert sync.check(little_kit) == []
    assert [cell.source for cell in notebooks.read_notebook(little_kit / NOTEBOOK).cells][-2:] == [
        "After it.",
        "And more.",
    ]


def test_a_missing_file_of_a_pair_is_named(little_kit):
    (little_kit / NOTEBOOK).unlink()
    (finding,) = sync.check(little_kit)
    assert finding.sentence.startswith(f"{NOTEBOOK} is missing")


def test_a_memory_that_cannot_be_read_is_only_forgotten(little_kit, replace_in):
    (little_kit / sync.STATE).write_text("{broken", encoding="utf-8")
    replace_in(little_kit / TEXT, "One sentence", "Two sentences")
    assert sync.sync(little_kit) == [f"{TEXT} → {NOTEBOOK}"]


def test_files_may_be_chosen_by_name(little_kit):
    (pair,) = sync.chosen_pairs(little_kit, [str(little_kit / TEXT), str(little_kit / NOTEBOOK)])
    assert pair.notebook == little_kit / NOTEBOOK
    with pytest.raises(CourseError, match="README.md is no lesson"):
        sync.chosen_pairs(little_kit, [str(little_kit / "README.md")])


def test_a_full_disk_leaves_the_old_files_whole(little_kit, replace_in, monkeypatch):
    replace_in(little_kit / TEXT, "One sentence", "Two sentences")
    before = (little_kit / NOTEBOOK).read_bytes()

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        sync.sync(little_kit)
    assert (little_kit / NOTEBOOK).read_bytes() == before
    assert list(little_kit.rglob("*.part")) == []


def test_the_kits_own_pairs_say_the_same_and_are_in_normal_form(kit):
    assert [finding.sentence for finding in sync.check(kit)] == []
    assert sync.pairs(kit) != []


def test_both_ways_give_the_same_bytes(kit):
    """The comparison of content in both directions, spelled out once without the code that it checks."""
    for pair in sync.pairs(kit):
        from_text, from_notebook = notebooks.read_text(pair.text), notebooks.read_notebook(pair.notebook)
        assert notebooks.as_json(from_text) == pair.notebook.read_text(encoding="utf-8"), pair.notebook
        assert notebooks.as_text(from_notebook) == pair.text.read_text(encoding="utf-8"), pair.text


@pytest.fixture
def two_assignments(little_kit):
    """Two assignments with a place for what all of them say, and the one file that says it."""
    marks = '+++ {"nbgrader": {"grade_id": "how_to_work", "grade": false, "locked": true, "solution": false}}'
    texts = []
    for name in ("01_a", "02_b"):
        text = little_kit / "assignments/text" / name / f"{name}.md"
        text.parent.mkdir()
        text.write_text(f"# {name}\n\n{marks}\n\nNothing yet.\n\n+++\n\nGo on.\n", encoding="utf-8")
        texts.append(text)
    (little_kit / sync.SHARED).write_text("## How to work\n\n- Slowly.\n", encoding="utf-8")
    return texts


def test_what_all_assignments_say_is_written_once(little_kit, two_assignments, replace_in):
    assert len(sync.sync(little_kit)) == 2
    for text in two_assignments:
        assert "- Slowly." in text.read_text(encoding="utf-8")
        assert "Nothing yet." not in text.read_text(encoding="utf-8")
    assert sync.check(little_kit) == []
    replace_in(little_kit / sync.SHARED, "Slowly", "Calmly")
    assert [finding.sentence for finding in sync.check(little_kit)] == [
        f"assignments/text/{name}/{name}.md does not say what assignments/how_to_work.md says: run “course sync”."
        for name in ("01_a", "02_b")
    ]
    assert len(sync.sync(little_kit)) == 2
    for text in two_assignments:
        notebook = little_kit / "assignments/source" / text.parent.name / f"{text.stem}.ipynb"
        assert "- Calmly." in notebook.read_text(encoding="utf-8")
    assert sync.sync(little_kit) == []


def test_an_assignment_that_does_not_say_it_is_left_alone(little_kit):
    (little_kit / sync.SHARED).write_text("## How to work\n", encoding="utf-8")
    assert sync.sync(little_kit) == []


def test_every_assignment_of_the_kit_says_the_same(kit):
    said = (kit / sync.SHARED).read_text(encoding="utf-8").strip()
    assert "If you do round, keep three digits after the point, or more: `0.467`, not `0.47`." in said
    for pair in sync.pairs(kit):
        if "assignments" in pair.text.parts:
            assert said in pair.text.read_text(encoding="utf-8")
