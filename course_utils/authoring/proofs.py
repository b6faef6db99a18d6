"""Proofs: answers to a question, right and wrong, of which it is known what they must get.

They follow from what an assignment declares of its questions (:mod:`course_utils.checks.questions`): each right answer
must earn all points, each slip its own and its sentence. What a student who wrote nothing gets is proved, too.
"""

import ast
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from course_utils.checks.questions import Question, Slip
from course_utils.messages import catalogue, say

_EXAMPLE = re.compile(r" The example is .*", re.DOTALL)
_PART = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Proof:
    """One answer. ``points`` is None where all of them are due; ``says`` holds what it may be told, nothing for anything.

    In ``says``, ``#`` stands for any number and ``…`` for any words. One that is wrong only ``sometimes`` may be right.
    """

    question: str
    kind: str
    label: str
    source: str
    points: float | None = None
    says: tuple[str, ...] = ()
    sometimes: bool = False

    def is_said_by(self, sentence: str) -> bool:
        """Is this what the answer must get? With which example it is told does not matter."""
        sentence = _EXAMPLE.sub("", sentence)
        return not self.says or any(_pattern(one).fullmatch(sentence) for one in self.says)


def proofs_of(questions: Iterable[type[Question]]) -> list[Proof]:
    """The proofs that declared questions stand for, in their order."""
    found = []
    for question in questions:
        for number, source in enumerate(question.also_right, start=1):
            found.append(Proof(question.name, "right", f"style {number}", source.strip()))
        for slip in question.slips:
            says = _due(question, slip)
            for number, source in enumerate((slip.code, *slip.also), start=1):
                label = slip.name if number == 1 else f"{slip.name} ({number})"
                found.append(
                    Proof(question.name, "wrong", label, source.strip(), slip.points, says, slip.sometimes)
                )
    return found


def blank(question: str) -> Proof:
    """What a student hands in who left the question as it was."""
    return Proof(
        question,
        "blank",
        "untouched",
        "",
        points=0,
        says=(
            f"{question}: not attempted yet. It still holds the three dots.",
            say("outcome.not_attempted", name=question),
            say("outcome.dots_returned", name=question),
            say("grading.untouched", name=question),
        ),
    )


def _due(question: type[Question], slip: Slip) -> tuple[str, ...]:
    """What a slip may be told, in full."""
    name = question.name
    if message := question.sentence_for(slip):
        names = (name, say("found.function_called", name=name))
        # Where two slips make the same value in a library, nobody can tell them apart.
        others = map(question.sentence_for, question.slips if slip.sometimes else ())
        return tuple(
            say(f"outcome.{key}", name=one, found="…", message=told)
            for told in dict.fromkeys((message, *filter(None, others)))
            for key in ("misconception", "misconception_whole")
            for one in names
        )
    section, _, key = slip.told.partition(".")
    template = catalogue("en").get(section, {}).get(key)
    if template is None:
        return (slip.told,)
    called = say("found.function_called", name=name)
    return tuple(_PART.sub("…", template.replace("{name}", one)) for one in (name, called))


@functools.cache
def _pattern(says: str) -> re.Pattern:
    text = re.escape(_EXAMPLE.sub("", says)).replace(r"\#", r"-?\d[\d.,]*").replace("…", ".+")
    return re.compile(text, re.DOTALL)


def names_made(source: str) -> set[str]:
    """The names that a cell makes or changes."""
    tree = ast.parse(source)
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return stored | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def names_used(source: str) -> set[str]:
    """The names that a cell reads."""
    return {
        n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def in_packs(proofs: list[Proof]) -> list[list[Proof]]:
    """The proofs, packed into as few submissions as will do.

    A submission holds at most one proof of each question, and no proof reads what another one makes.
    """
    packs: list[list[Proof]] = []
    for proof in proofs:
        place = next((pack for pack in packs if all(_go_together(proof, other) for other in pack)), None)
        if place is None:
            packs.append([proof])
        else:
            place.append(proof)
    return packs


def _go_together(one: Proof, other: Proof) -> bool:
    if one.question == other.question:
        return False
    reads = (
        names_used(one.source) - names_made(one.source),
        names_used(other.source) - names_made(other.source),
    )
    return not (reads[0] & names_made(other.source) or reads[1] & names_made(one.source))
