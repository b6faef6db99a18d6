"""A new week begins as a skeleton that passes every check, and never writes over anything."""

import subprocess
import sys

import pytest

from course_utils import cli
from course_utils.authoring.new_week import new_week
from course_utils.errors import CourseError
from course_utils.grading import proving

WRITTEN_BY_HAND = 8
THERE = [int(name[:2]) for name in proving.assignments()]
WEEK = next(week for week in range(1, 14) if week not in THERE)  # the first that isn't there


@pytest.fixture(scope="module")
def grown(copy_kit, tmp_path_factory):
    """A copy of the kit with a week more, and what was written for it."""
    kit = copy_kit(tmp_path_factory.mktemp("grown") / "kit")
    return kit, new_week(kit, f"{WEEK:02}", "what_else_is_real", "real_segments")


def run(kit, *words):
    return subprocess.run(
        [sys.executable, *words], cwd=kit, capture_output=True, text=True, check=False, env=environment(kit)
    )


def environment(kit):
    import os

    return {**os.environ, "PYTHONPATH": f"{kit}:{kit / 'tests'}"}


def test_it_is_few_files_and_none_is_registered_anywhere(grown):
    kit, made = grown
    assert len(made) <= WRITTEN_BY_HAND
    assert all((kit / path).is_file() for path in made)
    found = run(
        kit,
        "-c",
        "from course_utils import RealSegmentsView, charts, real_segments; charts.real_segments_chart",
    )
    assert found.stderr == ""


@pytest.mark.parametrize("check", [["lint"], ["sync", "--check"]])
def test_it_passes_the_checks(grown, check):
    kit, _ = grown
    done = run(kit, "-m", "course_utils.cli", *check)
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_tests_and_its_proofs_pass(grown):
    kit, _ = grown
    done = run(
        kit,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/methods/real_segments", "tests/proofs"),
        *("-k", f"real_segments or ({WEEK:02} and (misconceptions or nearly or hold))"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_the_tables_of_weeks_show_it(grown):
    kit, _ = grown
    assert run(kit, "-m", "course_utils.cli", "contents").returncode == 0
    assert f"| {WEEK} | What else is real? |" in (kit / "README.md").read_text(encoding="utf-8")
    instructors = (kit / "docs" / "instructor.md").read_text(encoding="utf-8")
    assert f"| `{WEEK:02}_what_else_is_real` | 1 | 2 |" in instructors
    *others, last = sorted([*THERE, WEEK])
    weeks = f"{', '.join(map(str, others))} and {last}"
    syllabus = (kit / "docs/syllabus.md").read_text(encoding="utf-8")
    assert f"The kit has {len(others) + 1} of the twelve weeks today: {weeks}." in syllabus


@pytest.mark.parametrize(
    ("number", "name", "sentence"),
    [
        ("5", "loans", "is no week"),
        (f"{WEEK:02}", "Loans!", "cannot be the name"),
        ("01", "who_is_our_customer", "is there already"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(tmp_path, copy_kit, number, name, sentence):
    kit = copy_kit(tmp_path / "kit")
    before = sorted(path for path in kit.rglob("*"))
    with pytest.raises(CourseError, match=sentence):
        new_week(kit, number, name)
    assert sorted(path for path in kit.rglob("*")) == before


def test_the_tables_of_the_kit_are_up_to_date():
    assert cli.main(["contents", "--check"]) == 0
