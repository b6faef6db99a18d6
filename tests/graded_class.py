"""A graded class without grading: a real gradebook, and graded notebooks with the notes that grading leaves in them.

Answers come from the proofs of assignment 01; who knows what is drawn, with a seed.
"""

import copy
import datetime
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
from nbgrader.api import BaseCell, Grade, Notebook, SubmittedAssignment, SubmittedNotebook

from course_utils.grading import proving
from course_utils.grading.course import Course
from course_utils.kit import kit_folder

ASSIGNMENT = "01_who_is_our_customer"
FIRST, LAST = (
    ("Ngozi", "Maja", "Samir", "Zofia", "Niamh"),
    ("Okafor", "Lindqvist", "Haddad", "Kowalska", "Müller"),
)
START = datetime.datetime(2025, 9, 14, 20, 0)


@dataclass
class Made:
    """How a class is made. ``students`` are dicts for the gradebook, drawn without them."""

    n: int = 40
    seed: int = 1
    students: list[dict] | None = None
    earlier: int = 3  # assignments before this one
    notes: bool = True  # whether the graded notebooks hold this kit's notes
    marked: bool = True  # whether the last question is marked by hand
    comes: float = 0.9  # the share of the class that hands in
    overturned: tuple[str, ...] = ()  # questions that only weak students get right
    faulty: tuple[str, ...] = ()  # questions with a test of ours that goes wrong now and then
    say: str = ""  # stands in every answer as a comment
    extra: dict = field(default_factory=dict)  # answers of certain students, by question


def people(n: int) -> list[dict]:
    return [
        {
            "id": f"u{number:04}x",
            "first_name": FIRST[number % len(FIRST)],
            "last_name": f"{LAST[number // len(FIRST) % len(LAST)]}-{number}",
            "email": f"u{number:04}x@school.example",
        }
        for number in range(n)
    ]


def make_class(folder: Path, made: Made) -> Course:
    """A course of this kit with ``ASSIGNMENT`` handed in and graded, and earlier assignments handed in."""
    rng = np.random.default_rng(made.seed)
    source = kit_folder() / "assignments" / "source" / ASSIGNMENT
    course = Course.create(folder, [source])
    spec = nbformat.read(source / f"{ASSIGNMENT}.ipynb", as_version=4)
    proofs = proving.proofs(ASSIGNMENT)
    students = people(made.n) if made.students is None else made.students
    course.add_students({one["id"]: {k: v for k, v in one.items() if k != "id"} for one in students})
    with course.gradebook as gradebook:
        weeks = [f"00_week_{week}" for week in range(made.earlier)] + [ASSIGNMENT]
        for week, name in enumerate(weeks):
            gradebook.add_assignment(
                name, duedate=f"{START + datetime.timedelta(weeks=week):%Y-%m-%d %H:%M} UTC"
            )
        gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
        for cell in spec.cells:
            marks = cell.metadata.get("nbgrader", {})
            place = (marks.get("grade_id"), ASSIGNMENT, ASSIGNMENT)
            if marks.get("task"):
                gradebook.add_task_cell(*place, max_score=marks["points"], cell_type="markdown")
            elif marks.get("grade"):
                gradebook.add_grade_cell(*place, max_score=marks["points"], cell_type="code")
            elif marks.get("solution"):
                gradebook.add_solution_cell(*place)
        assignments = {one.name: one for one in gradebook.assignments}
        notebook = gradebook.db.query(Notebook).one()
        cells = {cell.name: cell for cell in gradebook.db.query(BaseCell).all()}
        for one in students:
            able, keen = rng.normal(), rng.random() < made.comes
            for week, name in enumerate(weeks):
                if rng.random() > (0.95 if keen else 0.6 - 0.2 * week):
                    continue
                when = START + datetime.timedelta(weeks=week, hours=-float(rng.uniform(1, 60)))
                submission = SubmittedAssignment(
                    assignment=assignments[name], student_id=one["id"], timestamp=when
                )
                gradebook.db.add(submission)
                if name != ASSIGNMENT:
                    continue
                graded = SubmittedNotebook(notebook=notebook, assignment=submission)
                nb, marks = work_of(spec, proofs, one["id"], able, made, rng)
                target = Path(
                    course.coursedir.format_path(course.coursedir.autograded_directory, one["id"], ASSIGNMENT)
                )
                target.mkdir(parents=True)
                (target / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(nb), encoding="utf-8")
                submitted = Path(
                    course.coursedir.format_path(course.coursedir.submitted_directory, one["id"], ASSIGNMENT)
                )
                for place in (target, submitted):
                    place.mkdir(parents=True, exist_ok=True)
                    (place / "timestamp.txt").write_text(f"{when:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
                shutil.copy(target / f"{ASSIGNMENT}.ipynb", submitted)
                for name_of_cell, (score, waits) in marks.items():
                    gradebook.db.add(
                        Grade(
                            cell_id=cells[name_of_cell].id,
                            notebook=graded,
                            auto_score=score if cells[name_of_cell].type == "GradeCell" else None,
                            manual_score=score if cells[name_of_cell].type == "TaskCell" else None,
                            needs_manual_grade=waits,
                        )
                    )
        gradebook.db.commit()
    return course


def work_of(spec, proofs, student: str, able: float, made: Made, rng) -> tuple[dict, dict]:
    """A graded notebook, and the marks in the gradebook: score (None for none) and whether it waits for a person."""
    nb, marks, fate = copy.deepcopy(dict(spec)), {}, {}
    questions = list(dict.fromkeys(proof.question for proof in proofs))
    stops = len(questions) if rng.random() < 0.85 else int(rng.integers(0, len(questions)))
    for place, question in enumerate(questions):
        sign = -1 if question in made.overturned else 1
        knows = rng.random() < 1 / (1 + np.exp(-(sign * 1.6 * able + 1.2 - 0.25 * place)))
        kind = "right" if knows else "wrong"
        chosen = [proof for proof in proofs if proof.question == question and proof.kind == kind]
        weights = np.array([1 / (number + 1) ** 1.5 for number in range(len(chosen))])
        proof = chosen[rng.choice(len(chosen), p=weights / weights.sum())]
        fate[question] = None if place >= stops else proof
    for cell in nb["cells"]:
        known = cell["metadata"].get("nbgrader", {})
        grade_id = known.get("grade_id", "")
        if grade_id in fate:
            proof = fate[grade_id]
            cell["source"] = f"{grade_id} = ..." if proof is None else proof.source
            cell["source"] = made.extra.get((student, grade_id), cell["source"])
            if made.say:
                cell["source"] += f"\n# {made.say.format(student=student)}"
            cell["outputs"] = []
            failed = proof is not None and proof.kind == "wrong" and rng.random() < 0.15
            cell_error = {
                "kind": "NameError",
                "said": "name 'patronz' is not defined",
                "cell": grade_id,
                "line": 1,
                "code": "",
            }
            fate[grade_id] = (proof, failed)
            if made.notes:
                spent = float(rng.gamma(2, 0.04))
                cell["metadata"]["course"] = {
                    "role": "answer",
                    "cell_error": cell_error if failed else None,
                    "seconds": spent,
                    "cpu": spent * 0.8,
                }
        elif known.get("task"):
            marks[grade_id] = (float(rng.integers(2, 7)), False) if made.marked else (None, True)
        elif known.get("grade"):
            marks[grade_id] = test_of(cell, *fate[grade_id.removeprefix("test_")], known["points"], made, rng)
    return nb, marks


def test_of(cell, proof, failed, points, made: Made, rng) -> tuple[float | None, bool]:
    note = {
        "role": "test",
        "points": points,
        "message": "",
        "misconception": None,
        "review": "",
        "cell_error": None,
    }
    question = cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test_")
    if proof is None:
        note |= {"state": "not attempted", "score": 0.0, "message": f"{question}: not attempted yet."}
    elif question in made.faulty and rng.random() < 0.2:
        note |= {"state": "our fault", "score": None, "review": "the test itself stopped with a KeyError"}
    elif failed:
        note |= {"state": "error in your code", "score": 0.0}
    elif proof.kind == "right":
        note |= {"state": "right", "score": float(points)}
    else:
        asked = proving.declared(ASSIGNMENT)[proof.question]
        known = any(slip.name == proof.label and asked.sentence_for(slip) for slip in asked.slips)
        said = proof.says[0].replace("…", "something") if proof.says else ""
        note |= {
            "state": "wrong value" if known or "not there" not in said else "not there",
            "score": float(proof.points),
            "message": said.replace("#", str(int(rng.integers(10, 9000)))),
            "misconception": proof.label if known else None,
        }
    if made.notes:
        cell["metadata"]["course"] = note
    return note["score"], bool(note["review"])


test_of.__test__ = False
