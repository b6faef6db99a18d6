"""A small assignment for the hostile corpus: every kind of question that the kit knows, and quick to run.

It is graded with the kit's settings and with stock nbgrader, so it uses nothing that only one of them has.
``guess`` is scored by a careless test, on purpose: what students give it may come out as nan, below 0 or too high.
"""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NAME = "91_hostile"
HIDDEN_WORD = "quokka7731"  # stands in the hidden tests only: nothing of a student's may ever show it

SETUP = """\
import os

import pandas as pd

from course_utils import expect

visits = pd.DataFrame(
    {
        "person": ["ada", "ben", "cy", "dee", "eva", "fay"],
        "branch": ["Main", "North", "Main", "South", "North", "Main"],
        "minutes": [30, 45, 15, 60, 20, 90],
    }
)
reader = os.environ.get("COURSE_STUDENT", "nobody")
shelf = 100 + sum(map(ord, reader)) % 800"""


def _solution(name: str, source: str) -> str:
    return f"{name} = ...\n### BEGIN SOLUTION\n{source}\n### END SOLUTION"


RIGHT = {
    "total": 'total = visits["minutes"].sum()',
    "by_branch": 'by_branch = visits.groupby("branch")["minutes"].mean()',
    "longest": 'longest = visits.loc[visits["minutes"] >= 45, ["person", "minutes"]]',
    "share_late": "def share_late(days):\n    return (days > 14).mean()",
    "tags": 'tags = {p: "often" if m > 40 else "seldom" for p, m in zip(visits["person"], visits["minutes"])}',
    "guess": "guess = 100",
    "mine": "mine = shelf * 2",
}
WRONG = {
    "total": "total = 7",
    "by_branch": 'by_branch = pd.Series({"Main": 1.0, "North": 2.0, "South": 3.0})',
    "longest": 'longest = visits.head(4)[["person", "minutes"]]',
    "share_late": "def share_late(days):\n    return -1.0",
    "tags": 'tags = dict.fromkeys(visits["person"], "never")',
    "guess": "guess = 200",
    "mine": "mine = 1",
}
POINTS = {"total": 2, "by_branch": 3, "longest": 2, "share_late": 3, "tags": 6, "guess": 4, "mine": 1}

PROMPTS = {
    "total": "Assign to `total` the minutes of all visits together. Expect a number.",
    "by_branch": "Assign to `by_branch` the mean minutes of the visits to each branch. Expect a Series.",
    "longest": "Assign to `longest` the visits of 45 minutes or more. Expect a table with `person` and `minutes`.",
    "share_late": "Write `share_late(days)`: the share of the `days` above 14. Expect a number from 0 to 1.",
    "tags": "Assign to `tags` for each person `often` (more than 40 minutes) or `seldom`. Expect a dictionary.",
    "guess": "Assign to `guess` how many people come in a week. Expect a number.",
    "mine": "Assign to `mine` twice the number of your `shelf`. Expect a whole number.",
}
STUBS = {
    **{name: _solution(name, source) for name, source in RIGHT.items()},
    "share_late": (
        "def share_late(days):\n    ### BEGIN SOLUTION\n    return (days > 14).mean()\n"
        "    ### END SOLUTION\n    return ..."
    ),
}
TESTS = {
    "total": (
        'expect("total").is_number()',
        'expect("total").equals(\n    260,\n'
        '    but_not={"counted": (6, "This is how many visits there are. Add up their minutes.")},\n)',
    ),
    "by_branch": (
        'expect("by_branch").is_series(["Main", "North", "South"])',
        'expect("by_branch").equals(pd.Series({"Main": 45, "North": 32.5, "South": 60}))',
    ),
    "longest": (
        'expect("longest").is_table(["person", "minutes"])',
        'expect("longest").equals(\n    pd.DataFrame({"person": ["ben", "dee", "fay"], "minutes": [45, 60, 90]}),'
        '\n    by="person",\n)',
    ),
    "share_late": (
        'expect("share_late").is_function("days").gives(0.5, pd.Series([3, 20, 15, 1]))',
        "for days, share in (([20, 30], 1), ([1, 2, 40, 3], 0.25), ([14], 0)):\n"
        "    days = pd.Series(days)\n"
        '    assert share_late(days) == share, "share_late gives another share for other days."\n'
        '    assert share_late(days) == share, "share_late gives another share when it is called again."',
    ),
    "tags": (
        'expect("tags").is_series(visits["person"], of="any")',
        'right = {"ada": "seldom", "ben": "often", "cy": "seldom", "dee": "often", "eva": "seldom", '
        '"fay": "often"}\n'
        "sum(tags.get(person) == tag for person, tag in right.items())",
    ),
    "guess": ('expect("guess")', "4 - (guess - 100) / 25"),
    "mine": ('expect("mine").is_count()', 'expect("mine").equals(shelf * 2)'),
}
WORDS = "### Question 8 · In words (3 points)\n\nWhat would you do next?"


def _marks(grade_id, *, grade=False, solution=False, locked=False, points=None):
    known = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked, "task": False}
    if points is not None:
        known["points"] = points
    return {"nbgrader": {"schema_version": 3, **known}}


def source() -> nbformat.NotebookNode:
    """The assignment as its author wrote it, with solutions and hidden tests."""
    cells = [
        new_markdown_cell("# Visits\n\nSeven questions by test, one by hand."),
        new_code_cell(SETUP, metadata=_marks("setup", locked=True)),
    ]
    for number, (name, points) in enumerate(POINTS.items(), start=1):
        visible, hidden = TESTS[name]
        test = f'{visible}\n### BEGIN HIDDEN TESTS\nhidden_word = "{HIDDEN_WORD}"\n{hidden}\n### END HIDDEN TESTS'
        cells += [
            new_markdown_cell(f"### Question {number} · {name} ({points} points)\n\n{PROMPTS[name]}"),
            new_code_cell(STUBS[name], metadata=_marks(name, solution=True)),
            new_code_cell(test, metadata=_marks(f"test_{name}", grade=True, locked=True, points=points)),
        ]
    cells.append(new_markdown_cell(WORDS))
    cells.append(
        new_markdown_cell("*Write here.*", metadata=_marks("in_words", grade=True, solution=True, points=3))
    )
    notebook = new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"hostile-{number}"
    return nbformat.from_dict(notebook)


def write_source(folder) -> None:
    """Write the assignment's source folder, ``folder/91_hostile``."""
    (folder / NAME).mkdir(parents=True, exist_ok=True)
    nbformat.write(source(), folder / NAME / f"{NAME}.ipynb")
