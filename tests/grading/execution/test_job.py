"""A job and a record come out of JSON as they went in, and a job's key tells every job from every other."""

import dataclasses

import pytest

from course_utils.grading.execution.job import (
    FORMAT,
    Cell,
    CellError,
    CellResult,
    ExecutionResult,
    Job,
    Role,
    State,
)

TEST = Cell(Role.TEST, "expect('a')", "test_a", 2, whole="expect('a').equals(1)", answers=("a",))
SHEET = Job(
    "ada",
    "01_week",
    "01_week",
    (Cell(Role.ANSWER, "a = 1", "a", released="a = ..."), TEST),
    files={"ä.csv": b"\x00\xff"},
    tables=("patrons",),
)
RESULTS = (
    CellResult(
        ({"output_type": "stream", "name": "stdout", "text": "é"},), CellError("NameError", "b", "a", 2, "b")
    ),
    CellResult(
        state=State.PARTLY, score=0.5, review="look", message="half", misconception="one", seconds=1.5
    ),
    CellResult(state=State.OUR_FAULT),
)
RECORD = ExecutionResult(SHEET.key, "kit", "ada", "bwrap", RESULTS, ("a flag",), 1, 2.5)


def test_a_sheet_comes_back_from_json_as_it_was():
    again = Job.from_json(SHEET.to_json())
    assert again == SHEET
    assert again.key == SHEET.key
    assert again.cells[0].role is Role.ANSWER


def test_a_record_comes_back_from_json_as_it_was():
    again = ExecutionResult.from_json(RECORD.to_json())
    assert again == RECORD
    assert again.results[2].state is State.OUR_FAULT


@pytest.mark.parametrize(
    "change",
    [
        {"student": "bob"},
        {"cells": (SHEET.cells[0],)},
        {"cells": (SHEET.cells[0], dataclasses.replace(TEST, whole="expect('a').equals(2)"))},
        {"files": {"ä.csv": b"\x00\xfe"}},
        {"files": {}},
        {"tables": ()},
    ],
)
def test_whatever_may_change_a_mark_changes_the_key(change):
    assert dataclasses.replace(SHEET, **change).key != SHEET.key


def test_another_format_is_refused():
    with pytest.raises(ValueError, match="another version"):
        Job.from_json(SHEET.to_json().replace(f'"format": {FORMAT}', '"format": 0'))
    with pytest.raises(ValueError, match="another version"):
        ExecutionResult.from_json(RECORD.to_json().replace(f'"format": {FORMAT}', '"format": 0'))


def test_trouble_is_said_in_the_students_own_words():
    assert str(CellError("NameError", "name 'b' is not defined", "a", 2, "  a = b")) == (
        "line 2 (a = b): NameError: name 'b' is not defined"
    )
    assert str(CellError("KeyboardInterrupt", "")) == "KeyboardInterrupt"
