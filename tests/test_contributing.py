"""The way from a clone to a changed sentence, as CONTRIBUTING.md describes it, and what is looked at on the way."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

HERE = str(Path(sys.executable).parent)
LESSON = "lesson_01_who_is_our_customer"


@pytest.fixture
def clone(copy_kit, tmp_path):
    """A clone with the checks switched on; the environment is the one that runs this test, found on the PATH."""
    folder = copy_kit(tmp_path / "kit")
    run = Runner(folder)
    run("git", "init", "-q")
    run("git", "add", "-A")
    run("git", "commit", "-q", "--no-verify", "-m", "start")
    run("pre-commit", "install")
    return run


class Runner:
    """Run a command in a folder, and give back what it said; it must end well unless ``code`` says otherwise."""

    def __init__(self, folder: Path):
        self.folder = folder
        names = {
            f"GIT_{role}_{what}": "a@example.org"
            for role in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        # the clone's own course_utils, not the one that is installed here
        self.env = (
            os.environ
            | names
            | {"PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(folder)}
        )

    def __call__(self, *command: str, code: int = 0) -> str:
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True)
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said

    def change(self, old: str, new: str) -> None:
        path = self.folder / "notebooks" / "text" / f"{LESSON}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_sentence_can_be_committed(clone):
    clone.change("# 1 · Who is our customer?", "# 1 · Who is our customer, then?")
    assert f"notebooks/text/{LESSON}.md → notebooks/{LESSON}.ipynb" in clone("course", "sync")
    clone("git", "add", "notebooks")
    said = clone("git", "commit", "-m", "Ask again")
    assert "Failed" not in said
    assert "Passed" in said
    assert len(clone("git", "show", "--stat", "--format=").splitlines()) == 3  # two files, and their sum


def test_a_forgotten_sync_is_mended_and_the_commit_is_stopped(clone):
    clone.change("# 1 · Who is our customer?", "# 1 · Who is our customer, then?")
    clone("git", "add", "notebooks")
    said = clone("git", "commit", "-m", "Ask again", code=1)
    assert re.search(r"texts and notebooks say the same, without outputs\.+Failed", said)
    clone("git", "add", "notebooks")
    clone("git", "commit", "-m", "Ask again")


def test_the_checks_need_no_other_address_than_the_kits_own(kit):
    config = yaml.safe_load((kit / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]


@pytest.mark.parametrize("command", [("check",), ("format", "--check")])
def test_the_code_is_tidy(kit, command):
    done = subprocess.run(
        [f"{HERE}/ruff", *command, "--no-cache", "."], cwd=kit, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_command_of_the_makefile_that_the_pages_name_is_there(kit):
    rules = re.findall(r"^([\w ]+):", (kit / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    targets = {target for rule in rules for target in rule.split()}
    named = set()
    for page in ("README.md", "CONTRIBUTING.md", "docs/instructor.md"):
        named |= set(
            re.findall(r"(?:`|^)make (\w+)", (kit / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
        )
    assert {"lab", "check", "test", "hooks", "sync", "lock"} <= named <= targets


def test_links_between_the_pages_lead_somewhere(kit):
    for page in (kit / "README.md", kit / "CONTRIBUTING.md", *sorted((kit / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_pages_name_every_week_and_its_points(kit):
    told = re.findall(
        r"^\| `(\w+)` \| (\d+) \| (\d+) \|$", (kit / "docs/instructor.md").read_text("utf-8"), re.M
    )
    found = []
    for path in sorted((kit / "assignments/source").glob("*/*.ipynb")):
        cells = [cell.metadata.get("nbgrader", {}) for cell in nbformat.read(path, as_version=4).cells]
        by_test = sum(cell.get("points", 0) for cell in cells if cell.get("grade") and not cell["solution"])
        by_hand = sum(cell.get("points", 0) for cell in cells) - by_test
        found.append((path.stem, f"{by_test:g}", f"{by_hand:g}"))
    assert told == found
    weeks = re.findall(r"^\| (\d+) \| ([^|]+) \|", (kit / "README.md").read_text("utf-8"), re.M)
    titles = [
        (
            str(int(path.stem.split("_")[1])),
            re.search(r"^# (?:\d+ · )?(.+)$", path.read_text("utf-8"), re.M)[1],
        )
        for path in sorted((kit / "notebooks/text").glob("lesson_*.md"))
    ]
    assert weeks == titles


def test_both_licences_are_there_and_say_what_they_cover(kit):
    text = (kit / "LICENSE").read_text(encoding="utf-8")
    assert "Redistribution and use in source and binary forms" in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    for folder in ("course_utils/", "tests/", "notebooks/", "assignments/", "docs/", "data/"):
        assert folder in text


def test_ci_runs_what_everybody_runs(kit):
    script = (kit / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^exec make test <", script, flags=re.MULTILINE)
    assert os.access(kit / ".ci" / "run", os.X_OK)
