"""What week 1 calls a number of Port Ellery is one: the lesson's count, by the lesson's definition."""

import pytest

from course_utils.grading import proving
from course_utils.methods import customers
from course_utils.tables import AS_OF, load

OF_THE_LESSON = {
    "registered": "registered",
    "unexpired": "unexpired",
    "borrowers": "borrower",
    "other_users": "program or computer only",
}


@pytest.fixture(scope="module")
def answers():
    events = (load(name) for name in ("checkouts", "attendance", "computer_sessions"))
    return customers.definitions(load("patrons"), *events, as_of=AS_OF).sum()


@pytest.mark.parametrize(("question", "definition"), OF_THE_LESSON.items())
def test_the_number_of_the_lesson_is_port_ellerys(question, definition, answers):
    declared = proving.declared("01_who_is_our_customer")[question]
    (slip,) = (one for one in declared.slips if one.name == "the number of the lesson")
    assert slip.code == f"{question} = {answers[definition]}"
