"""Proofs: answers to a question, right and wrong, of which it is known what they must get.

They stand in ``tests/proofs/NAME_OF_ASSIGNMENT.py``, one cell each::

    # %% active_share · right · mean of a comparison
    active_share = (patrons["last_use"] > since).mean()

    # %% active_share · wrong: valid cards · 0 of 2
    # says: active_share is #. This is the share with a valid card. Active means that they used the library.
    active_share = (patrons["expires"] >= AS_OF).mean()

A ``#`` in the sentence stands for any number. What a student who wrote nothing gets needs no cell.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError

HEADING = re.compile(r"# %% (?P<question>\w+) · (?P<rest>.+)")
RIGHT = re.compile(r"right · (?P<label>.+)")
WRONG = re.compile(r"wrong: (?P<label>[^·]+) · (?P<points>[\d.]+) of (?P<most>[\d.]+)")
SAYS = "# says: "
_EXAMPLE = re.compile(r" The example is .*", re.DOTALL)


@dataclass(frozen=True)
class Proof:
    """One answer. ``points`` is None where all of them are due; ``says`` is None where nothing need be said."""

    question: str
    kind: str
    label: str
    source: str
    points: float | None = None
    says: str | None = None

    def is_said_by(self, sentence: str) -> bool:
        """Is this the sentence that the answer must get? With which example it is told does not matter."""
        if self.says is None:
            return True
        sentence = _EXAMPLE.sub("", sentence)
        pattern = re.escape(_EXAMPLE.sub("", self.says)).replace(r"\#", r"-?\d[\d.,]*")
        return re.fullmatch(pattern, sentence) is not None


def read_proofs(path: Path) -> list[Proof]:
    """The proofs in a file, in its order.

    Raises
    ------
    CourseError
        If a heading cannot be read, an answer is not Python, or a wrong answer has no sentence.
    """
    chunks = re.split(r"(?m)^(?=# %%)", Path(path).read_text(encoding="utf-8"))[1:]
    return [_read_one(chunk, Path(path).name) for chunk in chunks]


def blank(question: str) -> Proof:
    """What a student hands in who left the question as it was."""
    return Proof(
        question,
        "blank",
        "untouched",
        "",
        points=0,
        says=f"{question}: not attempted yet. It still holds the three dots.",
    )


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


def _read_one(chunk: str, file: str) -> Proof:
    heading, _, source = chunk.partition("\n")
    found = HEADING.fullmatch(heading.strip())
    rest = found and (RIGHT.fullmatch(found["rest"]) or WRONG.fullmatch(found["rest"]))
    if not rest:
        raise CourseError(
            f"{file}: the heading “{heading}” is neither “# %% name · right · label” nor a wrong one."
        )
    says = None
    if source.startswith(SAYS):
        says, _, source = source.removeprefix(SAYS).partition("\n")
    try:
        ast.parse(source)
    except SyntaxError as problem:
        raise CourseError(f"{file}: the answer under “{heading}” is not Python: {problem.msg}.") from None
    if rest.re is RIGHT:
        return Proof(found["question"], "right", rest["label"], source.strip())
    if says is None:
        raise CourseError(f"{file}: the wrong answer “{heading}” lacks its line “{SAYS}…”.")
    return Proof(
        found["question"], "wrong", rest["label"].strip(), source.strip(), float(rest["points"]), says.strip()
    )
