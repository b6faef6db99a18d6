"""nbgrader's log, as an instructor reads it."""

import logging

import pytest

from course_utils.grading.plain_log import PlainErrors

OURS = 'Traceback (most recent call last):\n  File "x.py"\ncourse_utils.errors.CourseError: birch\'s file is empty.\n'
NBGRADERS = (
    "Traceback (most recent call last):\nnbgrader.converters.base.NbGraderException: No notebooks found\n"
)
FAILED = "There was an error processing assignment '01_a' for student 'birch'"


@pytest.fixture
def read():
    shown = []
    handler = logging.Handler()
    handler.emit = lambda record: shown.append(record.getMessage())
    handler.addFilter(PlainErrors())
    log = logging.Logger("nbgrader")
    log.addHandler(handler)

    def read(*messages):
        for message in messages:
            if isinstance(message, tuple):
                log.error(message[0], extra={"student": message[1]})
            else:
                log.error(message)
        return shown

    return read


def test_reason_stands_where_nbgrader_says_that_it_failed(read):
    assert read(("birch's file is empty.", "birch"), OURS, FAILED) == ["birch's file is empty."]


def test_failure_without_a_reason_of_ours_stays_as_it_is(read):
    assert read(FAILED) == [FAILED]


def test_stack_trace_with_a_sentence_becomes_the_sentence(read):
    assert read(OURS) == ["birch's file is empty."]


def test_stack_trace_of_something_unforeseen_stays(read):
    trace = "Traceback (most recent call last):\nZeroDivisionError: division by zero\n"
    assert read(trace) == [trace]


def test_what_nbgrader_says_besides_is_left_out(read):
    assert read(NBGRADERS, "Please see the the above traceback for details") == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device: 'x'", "The disk is full"),
        (
            "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database or disk is full",
            "The disk is full",
        ),
        ("sqlite3.OperationalError: database is locked", "The gradebook is in use by another program"),
    ],
)
def test_accidents_of_the_machine(read, error, sentence):
    (said,) = read(f"Traceback (most recent call last):\n{error}\n")
    assert said.startswith(sentence)


def test_name_that_nobody_knows(read):
    (said,) = read(
        "No notebooks were matched by '/class/submitted/nobody/01_a'",
        "No notebooks were matched by '/x/*.ipynb'",
    )
    assert (
        said
        == "There is nothing at /class/submitted/nobody/01_a: check the names of the assignment and of the student."
    )


def test_everything_else_passes(read):
    assert read("Autograding birch", "percent %s stays") == ["Autograding birch", "percent %s stays"]
