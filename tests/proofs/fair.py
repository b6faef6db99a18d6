"""How often an answer that is not the right one passes by chance, in the libraries of 40 students. `make fair` prints it.

PYTHONPATH=tests python -m proofs.fair [ASSIGNMENT …]

Looked at are the lesson's number (Port Ellery's), the right answers of neighbors, the constant that passes most often,
and every slip that has a name; and of slips that are told different things, how often two make the same value. Answers
are compared in 160 libraries, because among 40 two counts are the same now and then.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from multiprocessing import get_context
from typing import Any
from unittest import mock

from proofs.trying import Trial, declared, inside
from rich.console import Console
from rich.progress import track
from rich.table import Table

from course_utils.checks import NotYet, questions
from course_utils.checks.comparison import difference
from course_utils.checks.expectation import Expectation
from course_utils.checks.questions import Choice, Function, Question
from course_utils.grading import proving
from course_utils.library import Library

MOST = 0.02
TRIED, COMPARED = 40, 160  # libraries
LESSON = "the lesson"


@dataclass(frozen=True)
class InOne:
    """What came of one question in one library: its right answer, None where it has no value that could be another's.

    ``slips`` are those that passed, and ``alike`` the pairs of them that made the same value.
    """

    right: Any
    slips: Sequence[str] = ()
    alike: Sequence[str] = ()


@dataclass(frozen=True)
class Found:
    """What came of one question in many libraries.

    Attributes
    ----------
    question : as it is declared.
    rights : its right answers by whose library it is; Port Ellery's is the lesson's.
    tried : what its slips did in some of these libraries.
    """

    question: type[Question]
    rights: dict[str, Any]
    tried: list[InOne]

    def shares(self) -> dict[str, float]:
        """Of the libraries in which it was tried, the share in which each kind passed; of constants and slips, the worst."""
        others = {who: right for who, right in self.rights.items() if who != LESSON and right is not None}
        passes = {who: self._passes(right, who, others) for who, right in others.items()}
        count, pairs = len(self.tried), len(others) * (len(others) - 1)
        lesson = self.rights.get(LESSON)
        return {
            "lesson": self._passes(lesson, LESSON, others) / max(len(others), 1) if lesson is not None else 0,
            "neighbor": sum(passes.values()) / max(pairs, 1),
            "constant": max(passes.values(), default=0) / max(len(others) - 1, 1),
            "slip": max(self.passed("slips").values(), default=0) / count,
            "alike": max(self.passed("alike").values(), default=0) / count,
        }

    def passed(self, what: str) -> Counter[str]:
        """In how many libraries each slip passed, or two made the same value."""
        return Counter(name for one in self.tried for name in getattr(one, what))

    def _passes(self, value: Any, whose: str, others: dict[str, Any]) -> int:
        """In how many of the other libraries a value is near enough to the right one."""
        within, by = self.question.within, self.question.by
        near = 0
        for who, right in others.items():
            form = None if who == whose else _in_form(value, right)
            near += form is not None and difference(form, right, within, by) is None
        return near

    def worst(self) -> str:
        """The slips and pairs that are more than ``MOST``, by name."""
        most = MOST * len(self.tried)
        passed = [
            f"{name}: passes in {times}" for name, times in self.passed("slips").items() if times > most
        ]
        alike = [
            f"{pair}: the same value in {times}"
            for pair, times in self.passed("alike").items()
            if times > most
        ]
        return "\n".join(passed + alike)


def library_of(student: str) -> Library:
    return Library.port_ellery() if student == LESSON else Library.for_student(student)


def right_answers(student: str, assignment: str) -> dict[str, Any]:
    """The right answers of a library by question; None for a function, a record that one makes up, and a reason.

    A reason is the same everywhere.
    """
    with inside(library_of(student), assignment) as trial:
        return {name: _right(trial, question) for name, question in trial.asked.items()}


def in_one(student: str, assignment: str) -> dict[str, InOne]:
    """What became of each question's slips in the library of a student."""
    with inside(library_of(student), assignment) as trial:
        return {
            name: InOne(
                _right(trial, question),
                [slip.name for slip in question.slips if _slips_by(trial, name, slip.code)],
                _alike(trial, question),
            )
            for name, question in trial.asked.items()
        }


def _right(trial: Trial, question: type[Question]) -> Any:
    if _has_no_value(question) or issubclass(question, Choice):
        return None
    return question.right(trial.given)


def _in_form(value: Any, right: Any) -> Any:
    """Somebody else's right answer as a check looks at it; what has no such form is no right answer here."""
    found = Expectation("answer", value)
    try:
        found.like(right)
    except NotYet:
        return None
    return found.value


def _slips_by(trial: Trial, name: str, code: str) -> bool:
    try:
        names = trial.answered(name, code)
    except Exception:  # it stops: nothing is handed in that could pass
        return False
    return _is_content(trial, name, names)


def _is_content(trial: Trial, name: str, names: dict[str, Any]) -> bool:
    """What the slips make is dear, and only turns down: so it is looked at where nothing else does."""
    with mock.patch.object(Question, "known", classmethod(lambda cls, t, right: {})):
        if trial.said(name, dict(names)) is not None:
            return False
    return trial.said(name, names) is None


def _alike(trial: Trial, question: type[Question]) -> list[str]:
    """The slips that make the same value here, where each is answered with a sentence of its own."""
    if _has_no_value(question):
        return []  # of the examples, `course lint` finds them
    known = question.known(trial.given, question.right(trial.given))
    told = [(slip, known[slip.name][0]) for slip in question.slips if slip.says]
    told = [(slip, value) for slip, value in told if value is not questions.NOTHING]
    return [
        f"{one.name} | {other.name}"
        for (one, a), (other, b) in combinations(told, 2)
        if one.says != other.says and difference(a, b, 0, question.by) is None
    ]


def _has_no_value(question: type[Question]) -> bool:
    """It is a function, or a record that a student makes up."""
    return issubclass(question, Function) or question.right is Question.right


def measure(assignment: str, tried: int = TRIED, compared: int = COMPARED) -> dict[str, Found]:
    """What passes by chance, by question: slips are ``tried`` in so many libraries, and answers ``compared`` in more."""
    students = [f"student {number}" for number in range(compared)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        each = pool.map(partial(in_one, assignment=assignment), students[:tried])
        more = pool.map(partial(right_answers, assignment=assignment), [LESSON, *students[tried:]])
        trials = list(track(each, assignment, min(tried, compared), console=Console(stderr=True)))
        rights = dict(zip([LESSON, *students[tried:]], more, strict=True))
    rights |= {
        student: {name: came.right for name, came in one.items()}
        for student, one in zip(students, trials, strict=False)
    }
    return {
        name: Found(
            question,
            {student: of_one[name] for student, of_one in rights.items()},
            [one[name] for one in trials],
        )
        for name, question in declared(assignment).items()
    }


def table(found: dict[str, dict[str, Found]]) -> Table:
    kinds = ("lesson", "neighbor", "constant", "slip", "alike")
    shown = Table("question", *kinds, f"slips of more than {MOST:.0%} of the libraries")
    for assignment, questions_of_it in found.items():
        for name, one in questions_of_it.items():
            shown.add_row(name, *(f"{share:.1%}" for share in one.shares().values()), one.worst())
        shown.add_row(assignment, style="bold", end_section=True)
    return shown


def main(names: list[str]) -> int:
    found = {name: measure(name) for name in names or proving.assignments()}
    Console(width=150).print(table(found))
    worst = max(max(one.shares().values()) for each in found.values() for one in each.values())
    return 0 if worst <= MOST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
