"""Send the proofs of an assignment through the real pipeline, and compare what they get with what they must get."""

import copy
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course_utils.authoring.proofs import Proof, blank, in_packs, proofs_of
from course_utils.checks import questions as declarations
from course_utils.errors import CourseError
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.run import grade_notebooks
from course_utils.kit import kit_folder

MARKS = re.compile(r"(?m)^[ \t]*### (BEGIN|END) SOLUTION.*\n?")
SOLUTION = re.compile(r"(?ms)^[ \t]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*\n?")
TEST = "test_"


@dataclass(frozen=True)
class Verdict:
    """A proof, and what it got: points, of how many, and the last sentence of its test."""

    proof: Proof
    score: float | None
    most: float
    said: str

    @property
    def due(self) -> float:
        """The points that it must get."""
        return self.most if self.proof.points is None else self.proof.points

    @property
    def holds(self) -> bool:
        if self.proof.sometimes and self.score == self.most:
            return True
        return self.score == self.due and self.proof.is_said_by(self.said)


def assignments() -> list[str]:
    """The assignments that declare their questions, in the order of the course."""
    folder = kit_folder() / "assignments"
    names = sorted(path.name for path in (folder / "source").iterdir() if path.is_dir())
    return [name for name in names if declarations.file_of(folder, name).is_file()]


def declared(assignment: str) -> dict[str, type[declarations.Question]]:
    """The questions that an assignment declares, by name. Raises ``CourseError`` if it declares none."""
    path = declarations.file_of(kit_folder() / "assignments", assignment)
    if not path.is_file():
        raise CourseError(
            f"{assignment} declares no questions: assignments/{declarations.FOLDER}/{path.name} is not there."
        )
    return declarations.read(path.read_text(encoding="utf-8"), str(path))


def proofs(assignment: str) -> list[Proof]:
    """The proofs of an assignment. Raises ``CourseError`` if it declares no questions."""
    return proofs_of(declared(assignment).values())


def source_notebook(assignment: str) -> nbformat.NotebookNode:
    """The assignment as its author wrote it. Raises ``CourseError`` if there is no such assignment."""
    path = kit_folder() / "assignments" / "source" / assignment / f"{assignment}.ipynb"
    if not path.exists():
        known = ", ".join(sorted(folder.name for folder in path.parents[1].iterdir() if folder.is_dir()))
        raise CourseError(f"There is no assignment {assignment}. There are: {known}.")
    return nbformat.read(path, as_version=4)


def questions(notebook: nbformat.NotebookNode) -> list[str]:
    """The autograded questions: the ids of the cells to be filled in that have a test, in order."""
    ids = [grade_id_of(cell) for cell in notebook.cells]
    return [name for name in ids if name and f"{TEST}{name}" in ids]


def filled_in(
    notebook: nbformat.NotebookNode, answers: dict[str, str] | None = None
) -> nbformat.NotebookNode:
    """A submission: each question with the answer given for it, and with the reference solution where none is.

    An answer of ``""`` leaves the cell as students get it.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        name = grade_id_of(cell)
        if name is None or cell.cell_type != "code" or not cell.metadata["nbgrader"].get("solution"):
            continue
        answer = (answers or {}).get(name)
        if answer is None:
            cell.source = MARKS.sub("", cell.source)
        elif answer == "":
            cell.source = SOLUTION.sub("", cell.source)
        else:
            cell.source = answer
    return notebook


def prove(assignment: str, on_graded: Callable[[int, int], None] | None = None) -> list[Verdict]:
    """Grade every proof of an assignment, and the blank of every question, with nbgrader.

    ``on_graded`` is called after each submission with how many are done, and of how many.
    """
    notebook = source_notebook(assignment)
    named = questions(notebook)
    answers = proofs(assignment)
    if strangers := sorted({proof.question for proof in answers} - set(named)):
        raise CourseError(
            f"The questions of {assignment} declare {', '.join(strangers)}, which is not asked."
        )
    packs = in_packs(answers + [blank(question) for question in named])
    students = {f"proof{number:03}": pack for number, pack in enumerate(packs)}
    submissions = {
        student: filled_in(notebook, {proof.question: proof.source for proof in pack})
        for student, pack in students.items()
    }
    done = iter(range(1, len(packs) + 1))
    with tempfile.TemporaryDirectory() as folder:
        grades = grade_notebooks(
            assignment,
            submissions,
            Path(folder),
            on_graded=lambda: on_graded(next(done), len(packs)) if on_graded else None,
        )
    found = {(grade.student, grade.grade_id): grade for grade in grades}
    verdicts = []
    for student, pack in students.items():
        for proof in pack:
            grade = found[student, f"{TEST}{proof.question}"]
            verdicts.append(Verdict(proof, grade.score, grade.max_score, grade.message))
    order = {question: number for number, question in enumerate(named)}
    kinds = {"right": 0, "wrong": 1, "blank": 2}
    return sorted(verdicts, key=lambda verdict: (order[verdict.proof.question], kinds[verdict.proof.kind]))


def matrix(assignment: str, verdicts: list[Verdict]):
    """The proof matrix, as a table for the terminal: one row for each answer."""
    from rich.table import Table

    table = Table(
        "question", "answer", "points", "it says", "", title=f"Proofs of {assignment}", show_lines=False
    )
    before = None
    for verdict in verdicts:
        proof = verdict.proof
        if before not in (None, proof.question):
            table.add_section()
        label = proof.label if proof.kind != "wrong" else f"wrong: {proof.label}"
        points = f"{verdict.score:g} of {verdict.most:g}" if verdict.score is not None else "none"
        said = verdict.said if proof.kind != "right" or not verdict.holds else ""
        name = proof.question if before != proof.question else ""
        table.add_row(
            name, f"right: {label}" if proof.kind == "right" else label, points, said, _mark(verdict)
        )
        before = proof.question
    return table


def _mark(verdict: Verdict) -> str:
    if verdict.holds:
        return "as due"
    return f"due: {verdict.due:g}, {' or '.join(verdict.proof.says[:1]) or 'no complaint'}"
