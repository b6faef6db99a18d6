"""`make check` proves the weeks that were changed, and no others."""

import subprocess

import pytest
from proofs.changed import changed_files, weeks_of


@pytest.fixture
def kit(tmp_path):
    """A course of two weeks, of which the second uses a method."""
    for path, text in {
        "assignments/questions/01.py": "right = 1",
        "assignments/questions/04.py": "from course_utils.methods.segments import practice",
        "assignments/text/01_first/01_first.md": "Count.",
        "assignments/text/04_second/04_second.md": "Count again.",
        "course_utils/methods/segments/__init__.py": "",
        "README.md": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "weeks"),
    [
        (["README.md", "docs/hub.md"], []),
        (["assignments/questions/01.py"], ["01"]),
        (["assignments/text/04_second/04_second.md"], ["04"]),
        (["assignments/source/04_second/04_second.ipynb"], ["04"]),
        (["course_utils/methods/segments/practice.py"], ["04"]),
        (["course_utils/methods/other/practice.py"], []),
        (["course_utils/checks/describe.py"], ["01", "04"]),
        (["course_utils/library/model.py"], ["01", "04"]),
        (None, ["01", "04"]),
    ],
)
def test_weeks_that_files_concern(kit, changed, weeks):
    assert weeks_of(kit, changed) == weeks


def test_files_that_differ_from_main(kit):
    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words], cwd=kit, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "start")
    assert changed_files(kit) == []
    git("switch", "-q", "-c", "clearer")
    (kit / "assignments/questions/01.py").write_text("right = 2")
    git("commit", "-q", "-a", "-m", "committed here")
    (kit / "README.md").write_text("not committed")
    (kit / "new.md").write_text("not even added")
    assert sorted(changed_files(kit)) == ["README.md", "assignments/questions/01.py", "new.md"]


def test_where_there_is_no_git_every_week_is_proved(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert changed_files(tmp_path) is None
