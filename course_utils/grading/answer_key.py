"""``course answers``: the right answers of an assignment in one student's library, and its rubrics, on a page.

It runs the set-up and the reference solutions of the author, in this process, and nothing of a student's.
"""

import contextlib
import difflib
import html
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from sqlalchemy.engine import make_url

from course_utils import identity
from course_utils.checks import questions as declarations
from course_utils.checks.practice import Example, value_of
from course_utils.errors import CourseError
from course_utils.grading import proving
from course_utils.grading.assignment import grade_id_of, role_of
from course_utils.grading.course import Course
from course_utils.grading.execution.job import Role
from course_utils.grading.execution.prewarm import course_folder
from course_utils.grading.feedback.page import SCHEME, TITLE
from course_utils.kit import kit_folder, write_whole
from course_utils.messages import say

KINDS = (".md", ".html")
MOST_ROWS = 30  # of a table on the page
PLACES = 4  # after the point
HEADING = re.compile(r"(?m)^### (.+)$")
TO_FILL_IN = re.compile(r"(?m)^[ \t]*\w+ = \.\.\.\n")  # students find it; the solution follows
PRINTED = """
body { font: 12pt/1.45 Georgia, serif; color: #1c1c1c; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { font-family: system-ui, sans-serif; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; border-bottom: 1px solid #bbb; }
.anchor-link { display: none; }
pre { font-size: .85em; white-space: pre-wrap; border-left: .2rem solid #bbb; padding-left: .8rem; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } pre, tr { break-inside: avoid; } }
"""


def full_name(assignment: str) -> str:
    """The assignment that somebody means: its name, or the number of its week, such as ``"04"`` or ``"4"``.

    Raises
    ------
    CourseError
        If there is none, or more than one.
    """
    known = sorted(path.parent.name for path in (kit_folder() / "assignments/source").glob("*/*.ipynb"))
    week = f"{int(assignment):02}_" if assignment.isdecimal() else None
    meant = [name for name in known if name == assignment or (week and name.startswith(week))]
    if len(meant) != 1:
        raise CourseError(say("answers.no_assignment", found=assignment, known=", ".join(known)))
    return meant[0]


def answer_key(assignment: str, student: str) -> str:
    """The answer key of an assignment for one student, as Markdown.

    Parameters
    ----------
    assignment : its full name.
    student : the name on the class list; every name has a library.

    Raises
    ------
    CourseError
        If the name is empty, or the assignment declares no questions.
    """
    if not student.strip():
        raise CourseError(say("answers.no_student"))
    notebook, asked = proving.source_notebook(assignment), proving.declared(assignment)
    with identity.acting_as(student.strip()):
        given = declarations.Given(_made_by_set_up(notebook).copy, asked)
        parts = [
            _title(notebook, assignment),
            say("answers.whose", student=student.strip()),
            *_questions(notebook, asked, given),
        ]
    return "\n\n".join(parts) + "\n"


def not_in_class(student: str) -> str:
    """What to say where there is a class and the student is not in it, such as a misspelled name; else nothing."""
    course = Course(course_folder(), make_exchange=False)
    place = make_url(course.coursedir.db_url)
    if (
        place.get_backend_name() == "sqlite"
        and not Path(course.coursedir.root, place.database or "").exists()
    ):
        return ""
    with course.gradebook as gradebook:
        known = [one.id for one in gradebook.students]
    if not known or any(identity.is_same_library(one, student) for one in known):
        return ""
    near = difflib.get_close_matches(student, known, 1)
    return say(
        "answers.not_in_class_but" if near else "answers.not_in_class", student=student, near="".join(near)
    )


def write(path: Path, page: str) -> None:
    """Write a key to a file, as its name says: ``.md``, or ``.html`` for a browser and a printer.

    Raises
    ------
    CourseError
        If the name ends in something else, or there is no such folder.
    """
    if path.suffix.lower() not in KINDS:
        raise CourseError(say("answers.no_kind", path=path))
    if path.is_dir() or not path.parent.is_dir():
        raise CourseError(say("answers.no_folder", path=path))
    write_whole(path, page if path.suffix.lower() == ".md" else _as_html(page))


def _title(notebook: nbformat.NotebookNode, assignment: str) -> str:
    titles = (TITLE.search(cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    return "# " + say("answers.title", title=next((found[1] for found in titles if found), assignment))


def _made_by_set_up(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if role_of(cell) is Role.SETUP:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, f"<{grade_id_of(cell)}>", "exec"), made)
    return made


def _questions(notebook, asked: Mapping[str, type[declarations.Question]], given) -> Iterator[str]:
    """One part of the page for each question, in the order of the notebook."""
    cells = {grade_id_of(cell): cell for cell in notebook.cells}
    prompt, prompts = "", {}
    for cell in notebook.cells:
        name, marks = grade_id_of(cell), cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and not marks.get("solution") and HEADING.search(cell.source):
            prompt = cell.source
        prompts[name] = prompt
        if role_of(cell) is Role.TEST and (answer := name.removeprefix(proving.TEST)) in cells:
            solution = TO_FILL_IN.sub("", proving.MARKS.sub("", cells[answer].source)).strip()
            told = _told(asked[answer], given) if answer in asked else [say("answers.undeclared")]
            code = f"{say('answers.solution')}\n\n```python\n{solution}\n```"
            yield "\n\n".join([_heading(prompts[answer]), *told, code])
        elif marks.get("task") or (marks.get("grade") and marks.get("solution")):
            yield _by_hand(prompts[name], cell.source, is_scheme=bool(marks.get("task")))


def _heading(prompt: str) -> str:
    return f"## {HEADING.search(prompt)[1]}"


def _by_hand(prompt: str, source: str, is_scheme: bool) -> str:
    asks = re.sub(r"(?s)<details>.*?</details>", "", prompt).replace(HEADING.search(prompt)[0], "", 1)
    # Of a task, what an instructor reads; of an answer to be marked, what the author would have written.
    model = "\n".join(SCHEME.findall(source)) if is_scheme else proving.MARKS.sub("", source)
    asks, model = (re.sub(r"\n{3,}", "\n\n", text).strip() for text in (asks, model))
    return "\n\n".join(
        [_heading(prompt), asks, f"**{say('answers.scheme')}** {say('answers.other_figures')}", model]
    )


def _told(question: type[declarations.Question], given) -> list[str]:
    """What is right, as a person reads it: a value, a function with its examples, or what a free answer must keep."""
    if issubclass(question, declarations.Function):
        examples = [part for example in question.tries for part in _example(question.name, example)]
        return [say("answers.function"), *examples]
    if question.right is declarations.Question.right:
        checks = [f"- {slip.name}{_reason(question, slip)}" for slip in question.slips]
        about = " ".join((question.__doc__ or "").split())
        return [about, say("answers.free"), "\n".join(checks)]
    value = [_named(question.name, question.right(given))]
    # A question with a check of its own may be stricter, or milder.
    is_plain = question.check.__func__ is declarations.Question.check.__func__
    return (
        [*value, say("answers.within", within=f"{question.within:g}")]
        if question.within and is_plain
        else value
    )


def _reason(question: type[declarations.Question], slip: declarations.Slip) -> str:
    says = question.sentence_for(slip) or ("" if re.fullmatch(r"\w+\.\w+", slip.told) else slip.told)
    says = says.removeprefix(f"{question.name}: ")
    return f": “{says}”" if says else ""


def _example(name: str, example: Example) -> Iterator[str]:
    parameters = ", ".join(example.given)
    yield say("answers.example", place=example.place, call=f"{name}({parameters})")
    for parameter, value in example.given.items():
        yield _named(parameter, value)
    yield f"{say('answers.gives')}\n\n{_shown(value_of(example.right))}"


def _named(name: str, value: Any) -> str:
    shown = _shown(value)
    return f"`{name}`:{' ' if shown.startswith('`') else chr(10) * 2}{shown}"


def _shown(value: Any) -> str:
    """A value as Markdown: one in code type, or a table with a row for each label."""
    mean = ""
    if isinstance(value, Mapping):
        value = pd.Series(value)
    if isinstance(value, pd.Series):
        if pd.api.types.is_bool_dtype(value) and len(value) > MOST_ROWS:
            return say("answers.true_for", count=int(value.sum()), rows=len(value))
        labels = value.index.name or say("answers.label")
        if pd.api.types.is_numeric_dtype(value) and len(value) > MOST_ROWS:
            mean = say("answers.mean_of_all", rows=len(value), mean=_written(value.mean()))
        value = value.rename(say("answers.value")).rename_axis(labels).reset_index()
    if not isinstance(value, pd.DataFrame):
        return f"`{_written(value)}`"
    table = value if isinstance(value.index, pd.RangeIndex) else value.reset_index()
    head = [str(name) for name in table.columns]
    rows = table.head(MOST_ROWS).itertuples(index=False)
    lines = [head, ["---"] * len(head), *([_written(one) for one in row] for row in rows)]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    left = len(table) - MOST_ROWS
    return f"{text}\n\n{say('answers.more_rows', left=left)} {mean}".rstrip() if left > 0 else text


def _written(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, tuple | list):
        return ", ".join(map(_written, value))
    if pd.api.types.is_bool(value) or not pd.api.types.is_number(value):
        return str(value).replace("|", "\\|")
    number = round(float(value), PLACES)
    return f"{int(number)}" if number.is_integer() else f"{number:.{PLACES}f}".rstrip("0")


def _as_html(page: str) -> str:
    title = html.escape(page.splitlines()[0].removeprefix("# "))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{PRINTED}</style>\n</head>\n<body>\n{markdown2html_mistune(page)}</body>\n</html>\n"
    )
