"""What each assignment's tests notice of mutants of its reference solutions. `make mutants` prints the table.

PYTHONPATH=tests python -m proofs.mutation [ASSIGNMENT …]
"""

import functools
import pickle
import sys
from dataclasses import dataclass

from proofs.trying import Trial, inside
from rich.console import Console
from rich.progress import track
from rich.table import Table

from course_utils.authoring.mutants import Mutant, mutants
from course_utils.grading import proving
from course_utils.library import Library

STUDENTS = ("ada", "bob", "eve")
LEAST = 0.95
library_of = functools.cache(Library.for_student)


@dataclass(frozen=True)
class Outcome:
    """One mutant of the reference solution of one question, and what came of it in some libraries.

    ``noticed`` says whether its test complained in one of them. A mutant that gives the same answer as the reference
    in each of them, as ``>=`` in the place of ``>`` where nothing is equal, is no wrong submission: it is ``harmless``.
    """

    question: str
    mutant: Mutant
    noticed: bool
    harmless: bool

    @property
    def name(self) -> str:
        return f"{self.question} · {self.mutant.what}"

    @property
    def survives(self) -> bool:
        return not self.noticed and not self.harmless


def reasons(assignment: str) -> dict[str, str]:
    """Why a survivor may live: ``question · what was changed`` -> the reason."""
    return {
        f"{name} · {what}": reason
        for name, question in proving.declared(assignment).items()
        for what, reason in question.survivors.items()
    }


def trials(assignment: str) -> list[Outcome]:
    """Run every mutant of every question against its test, each in the libraries of some students."""
    found = [_in_library_of(student, assignment) for student in STUDENTS]
    return [
        Outcome(one[0].question, one[0].mutant, any(t.noticed for t in one), all(t.harmless for t in one))
        for one in zip(*found, strict=True)
    ]


def _in_library_of(student: str, assignment: str) -> list[Outcome]:
    """An answer to a later question may use an earlier one's names, as in a notebook: there, the others are right."""
    with inside(library_of(student), assignment) as trial:
        found, names = [], trial.answered(next(iter(trial.asked)), "")
        for question in trial.asked:
            right = trial.solution(question)
            content, answer = _try(trial, question, right, names)
            assert content, f"{question}: the reference solution fails"
            for mutant in mutants(right):
                content, other = _try(trial, question, mutant.source, names)
                found.append(Outcome(question, mutant, not content, _same(answer, other)))
            names = trial.answered(question, right, names)
        return found


def _try(trial: Trial, question: str, answer: str, names: dict) -> tuple[bool, object]:
    """Whether the test is content with the answer, and the answer; whatever goes wrong in either is noticed."""
    try:
        mine = trial.answered(question, answer, names)
        value = mine[question]
        content = trial.said(question, mine) is None
    except Exception:
        return False, None
    return (True, value) if content else (False, None)


def _same(one, other) -> bool:
    """Whether two answers are the same to the last digit. Of two functions, nobody can tell."""
    if callable(one) or other is None:
        return False
    return type(one) is type(other) and pickle.dumps(one) == pickle.dumps(other)


def noticed_share(found: list[Outcome]) -> float:
    """Of the mutants that are wrong submissions, the share that loses marks."""
    wrong = [trial for trial in found if not trial.harmless]
    return sum(trial.noticed for trial in wrong) / len(wrong)


def table(found: dict[str, list[Outcome]]) -> Table:
    shown = Table("question", "mutants", "noticed", "same answer", "survivors, and why they may live")
    for assignment, trials_of_it in found.items():
        known = reasons(assignment)
        for question in dict.fromkeys(trial.question for trial in trials_of_it):
            here = [trial for trial in trials_of_it if trial.question == question]
            said = [f"{t.name}: {known.get(t.name, 'NO REASON GIVEN')}" for t in here if t.survives]
            shown.add_row(question, *_counts(here), "\n".join(said))
        share = f"{noticed_share(trials_of_it):.1%} of the wrong ones"
        shown.add_row(assignment, *_counts(trials_of_it), share, style="bold", end_section=True)
    return shown


def _counts(found: list[Outcome]) -> tuple[str, str, str]:
    return tuple(
        str(count)
        for count in (
            len(found),
            sum(t.noticed for t in found),
            sum(t.harmless and not t.noticed for t in found),
        )
    )


def main(names: list[str]) -> int:
    console = Console()
    found = {
        name: trials(name)
        for name in track(names or proving.assignments(), "running mutants", console=console)
    }
    console.print(table(found))
    return 0 if min(noticed_share(one) for one in found.values()) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
