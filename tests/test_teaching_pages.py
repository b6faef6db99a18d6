"""What a teacher reads in docs/: notes for every week that is there, and nothing that the kit does not have."""

import re
from pathlib import Path

import pytest

from course_utils.authoring import weeks
from course_utils.checks.questions import file_of, read

KIT = Path(__file__).resolve().parent.parent
DOCS = KIT / "docs"
WEEKS = {week.number: week for week in weeks.weeks(KIT)}
SECTIONS = [
    "The ninety minutes",
    "On the board",
    "Five questions to discuss",
    "What they'll get wrong",
    "Without code",
    "Marking two papers alike",
]
MOST_WORDS = 900  # two pages


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    return re.search(rf"(?ms)^## {title}\n(.+?)(?=^## |\Z)", text)[1]


def test_every_week_has_its_notes_and_no_other():
    found = {int(path.stem) for path in (DOCS / "teaching").glob("[0-9]*.md")}
    assert found == set(WEEKS)
    linked = re.findall(r"\[Week \d+ · (.+)\]\((\d+)\.md\)", text_of("teaching/README.md"))
    assert {int(number): title for title, number in linked} == {n: week.question for n, week in WEEKS.items()}


@pytest.mark.parametrize("number", WEEKS)
def test_notes_are_whole_and_two_pages(number):
    text = text_of(f"teaching/{number:02}.md")
    assert text.startswith(f"# Week {number} · {WEEKS[number].question}\n\n**Aim.** ")
    assert re.findall(r"(?m)^## (.+)$", text) == SECTIONS
    assert len(text.split()) <= MOST_WORDS
    minutes = re.findall(r"(?m)^\| (\d+) \|", section(text, "The ninety minutes"))
    assert sum(map(int, minutes)) == 90
    questions = section(text, "Five questions to discuss")
    assert len(re.findall(r"(?m)^\d\. \*", questions)) == questions.count("Listen for: ") == 5


@pytest.mark.parametrize("number", WEEKS)
def test_what_students_get_wrong_is_met_by_a_question_of_that_week(number):
    path = file_of(KIT / "assignments", WEEKS[number].assignment)
    asked = read(path.read_text(encoding="utf-8"), str(path))
    rows = re.findall(
        r"(?m)^\| (.+) \| (.+) \|$", section(text_of(f"teaching/{number:02}.md"), "What they'll get wrong")
    )[1:]
    rows = [row for row in rows if "---" not in row[0]]
    assert len(rows) >= 5
    for thought, met_by in rows:
        named = re.findall(r"`(\w+)`", met_by)
        assert named, thought
        assert [name for name in named if name not in asked or not asked[name].slips] == []


def test_what_the_page_on_accessibility_says_was_tested_has_a_test():
    rows = re.findall(r"(?m)^\| .+ \| .+ \| (.+) \|$", text_of("accessibility.md"))
    named = [name for row in rows for name in re.findall(r"`([\w/*]+\.py)`", row)]
    assert len(named) > 6
    assert [name for name in named if not list((KIT / "tests").glob(name))] == []


def test_the_syllabus_has_twelve_weeks_and_the_questions_of_those_that_are_there():
    rows = dict(re.findall(r"(?m)^\| (\d+) \| ([^|]+\?) \|", text_of("syllabus.md")))
    assert list(rows) == [str(number) for number in range(1, 13)]
    assert {number: rows[str(number)] for number in WEEKS} == {n: w.question for n, w in WEEKS.items()}
    assert re.findall(r"\*\*milestone (\d)\*\*", text_of("syllabus.md")) == ["1", "2", "3", "4"]


def test_the_reading_list_has_two_readings_for_each_week_and_the_questions_are_those_of_the_syllabus():
    syllabus = dict(re.findall(r"(?m)^\| (\d+) \| ([^|]+\?) \|", text_of("syllabus.md")))
    parts = re.split(r"(?m)^\*\*(\d+ · .+)\*\*$", section(text_of("reading.md"), "Week by week"))
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(found) == [f"{number} · {question}" for number, question in syllabus.items()]
    for week, readings in found.items():
        assert len(re.findall(r"(?m)^- ", readings)) == 2, week
