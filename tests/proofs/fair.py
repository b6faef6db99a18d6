"""How often an answer that is not the right one passes by chance, in the libraries of 40 students. `make fair` prints it.

PYTHONPATH=tests python -m proofs.fair [ASSIGNMENT …]

Tried are the lesson's number (Port Ellery's), the right answer of every neighbor, and every slip that has a name; and
of slips that are answered with different sentences, how often two make the same value.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from multiprocessing import get_context
from typing import Any
from unittest import mock

from proofs.trying import Trial, declared, inside
from rich.console import Console
from rich.progress import track
from rich.table import Table

from course_utils.checks import questions
from course_utils.checks.comparison import difference
from course_utils.checks.questions import Choice, Function, Question
from course_utils.grading import proving
from course_utils.library import Library

MOST = 0.02
STUDENTS = tuple(f"student {number}" for number in range(int(os.environ.get("COURSE_FAIR_STUDENTS", 40))))
LESSON = "the lesson"


@dataclass
class Found:
    """What came of one question: in how many libraries each thing passed that was tried.

    Attributes
    ----------
    libraries : whose were looked at.
    lesson : in how many of them the lesson's number passed.
    neighbors : by whose answer it was, in whose libraries it passed; empty where the answer is no value.
    slips, alike : in how many a slip passed, and two made the same value.
    """

    libraries: list[str] = field(default_factory=list)
    lesson: int = 0
    neighbors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    slips: Counter[str] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)

    def add(self, student: str, came: "InOne") -> None:
        self.libraries.append(student)
        self.lesson += LESSON in came.others
        for who in came.others:
            if who != LESSON:
                self.neighbors[who].add(student)
        self.slips.update(came.slips)
        self.alike.update(came.alike)

    def shares(self) -> dict[str, float]:
        """Of the libraries in which it was tried, the share in which each kind passed; of slips and pairs, the worst."""
        count = len(self.libraries)
        passed = sum(map(len, self.neighbors.values()))
        halves = self.libraries[::2], self.libraries[1::2]
        return {
            "lesson": self.lesson / count,
            "neighbor": passed / (count * max(count - 1, 1)),
            "constant": (self._constant(*halves) + self._constant(*reversed(halves))) / 2,
            "slip": max(self.slips.values(), default=0) / count,
            "alike": max(self.alike.values(), default=0) / count,
        }

    def _constant(self, chosen_in: list[str], tried_in: list[str]) -> float:
        """In what share of libraries the value passes that passed in most others.

        Among forty, two are the same now and then, and the best one looks better than it is where it was chosen.
        """
        passed = {who: len(self.neighbors[who] & set(chosen_in)) for who in list(self.neighbors)}
        best = [who for who, times in passed.items() if times == max(passed.values())]
        tried = [(who, student) for who in best for student in tried_in if student != who]
        return sum(student in self.neighbors[who] for who, student in tried) / max(len(tried), 1)

    def worst(self) -> str:
        """The slips and pairs that are more than ``MOST``, by name."""
        most = MOST * len(self.libraries)
        passed = [f"{name}: passes in {times}" for name, times in self.slips.items() if times > most]
        alike = [f"{pair}: the same value in {times}" for pair, times in self.alike.items() if times > most]
        return "\n".join(passed + alike)


@dataclass(frozen=True)
class InOne:
    """What passed in one library: whose answers, which slips; and which pairs of slips made the same value."""

    others: list[str]
    slips: list[str]
    alike: list[str]


def library_of(student: str) -> Library:
    return Library.port_ellery() if student == LESSON else Library.for_student(student)


def right_answers(student: str, assignment: str) -> dict[str, Any]:
    """The right answers of a library that are values: a function, or a record that a student makes up, is none."""
    with inside(library_of(student), assignment) as trial:
        found = {}
        for name, question in trial.asked.items():
            if not _has_no_value(question) and not issubclass(
                question, Choice
            ):  # a reason is everywhere the same
                found[name] = question.right(trial.given)
        return found


def in_one(student: str, assignment: str, rights: dict[str, dict[str, Any]]) -> dict[str, InOne]:
    """What passes in the library of a student, by question: others' answers, and slips."""
    with inside(library_of(student), assignment) as trial:
        return {
            name: InOne(
                [who for who in rights if who != student and _passes(trial, name, rights[who])],
                [slip.name for slip in question.slips if _slips_by(trial, name, slip.code)],
                _alike(trial, question),
            )
            for name, question in trial.asked.items()
        }


def _passes(trial: Trial, name: str, right: dict[str, Any]) -> bool:
    """Whether somebody's right answer to a question passes here."""
    if name not in right:
        return False
    return _is_content(trial, name, {**trial.answered(name, ""), name: right[name]})


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


def measure(assignment: str, students: Sequence[str] = STUDENTS) -> dict[str, Found]:
    """What passes by chance, by question."""
    found = {name: Found() for name in declared(assignment)}
    everybody = (LESSON, *students)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        rights = pool.map(partial(right_answers, assignment=assignment), everybody)
        rights = dict(zip(everybody, rights, strict=True))
        each = pool.map(partial(in_one, assignment=assignment, rights=rights), students)
        each = track(each, assignment, len(students), console=Console(stderr=True))
        for student, one in zip(students, each, strict=True):
            for name, came in one.items():
                found[name].add(student, came)
    return found


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
