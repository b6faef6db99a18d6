"""The tables of the course's weeks, in README.md and in docs/: made from what the weeks declare.

The docstring of ``assignments/questions/NN.py`` begins with the week's question, and then says what a student does.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

from course_utils.authoring.notebooks import read_notebook
from course_utils.checks.questions import FOLDER, file_of, read
from course_utils.errors import CourseError

BEGIN, END = "<!-- weeks: made by course contents -->", "<!-- end of weeks -->"


@dataclass(frozen=True)
class Week:
    """One week: its assignment, its question, what a student does, and its points."""

    assignment: str
    question: str
    does: str
    by_test: float
    by_hand: float

    @property
    def number(self) -> int:
        return int(self.assignment.split("_")[0])


def weeks(kit: Path) -> list[Week]:
    """The weeks that have an assignment, in their order.

    Raises
    ------
    CourseError
        If a file of questions does not say what its week is about.
    """
    assignments = kit / "assignments"
    names = sorted(path.stem for path in (assignments / "source").glob("*/*.ipynb"))
    return [_week(assignments, name) for name in names if file_of(assignments, name).is_file()]


def pages(kit: Path) -> dict[Path, str]:
    """Each page that holds a table of the weeks, with the text that it should have.

    Raises
    ------
    CourseError
        If a page has lost the marks between which its table stands.
    """
    known = weeks(kit)
    readme = ["| week | question | what you do |", "|---|---|---|"]
    readme += [f"| {one.number} | {one.question} | {one.does} |" for one in known]
    guide = [
        "| assignment (its lesson: the same, after `lesson_`) | points by test | points by hand |",
        "|---|---:|---:|",
    ]
    guide += [f"| `{one.assignment}` | {one.by_test:g} | {one.by_hand:g} |" for one in known]
    syllabus = [
        f"The kit has {len(known)} of the twelve weeks today: {_listed([str(one.number) for one in known])}.",
        "",
        "| week | what students do | points by test | points by hand | by hand |",
        "|---|---|---:|---:|---:|",
    ]
    syllabus += [
        f"| {one.number} | {one.does} | {one.by_test:g} | {one.by_hand:g} | "
        f"{one.by_hand / (one.by_test + one.by_hand):.0%} |"
        for one in known
    ]
    docs = kit / "docs"
    tables = {kit / "README.md": readme, docs / "instructor.md": guide, docs / "syllabus.md": syllabus}
    return {path: _with_table(path, lines) for path, lines in tables.items()}


def _week(assignments: Path, name: str) -> Week:
    path = file_of(assignments, name)
    source = path.read_text(encoding="utf-8")
    words = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")
    if len(words) < 2:
        raise CourseError(
            f"assignments/{FOLDER}/{path.name} must begin with a docstring: the week's question, an empty line, "
            "and what a student does."
        )
    notebook = read_notebook(assignments / "source" / name / f"{name}.ipynb")
    tasks = [
        cell.metadata.nbgrader for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("task")
    ]
    by_test = sum(question.points for question in read(source, str(path)).values())
    return Week(
        name, words[0].strip(), " ".join(words[1].split()), by_test, sum(task["points"] for task in tasks)
    )


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _with_table(path: Path, lines: list[str]) -> str:
    before, begun, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        raise CourseError(f"{path.name} has lost the marks of its table of weeks: {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{chr(10).join(lines)}\n{END}{after}"
