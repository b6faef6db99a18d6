"""Marks on their way into nbgrader's gradebook, and what there still needs a person."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from course_utils.errors import CourseError
from course_utils.grading.assignment import grade_id_of, labels_of
from course_utils.grading.gradebook.lateness import read_policy, read_timestamp, record
from course_utils.grading.gradebook.session import gradebook_of
from course_utils.grading.privacy import make_folder, opener
from course_utils.kit import write_whole

BY_HAND = "to be marked by hand"
NOT_GRADED = "handed in, and not graded yet"
NOT_READ = "what was handed in last could not be read"
SEEN_BEFORE = "graded anew since it was marked by hand"


def save_marks(nb, names, coursedir, log, cache: str = "", shared: bool = False) -> None:
    """Write the marks that came of a notebook into the gradebook: all of it at once, or none.

    A mark that could not be found is no mark, and no zero: a person has to give it. One that somebody gave by hand
    before is kept; where the work or its points are others since then, it is to be looked at again.

    Parameters
    ----------
    nb : as ``Examine`` leaves it; ``metadata.course`` gets its stamp.
    names : nbgrader's: assignment, notebook and student.
    cache : the folder in which is kept what was there when marks were given; nothing without it.
    """
    policy = read_policy(coursedir.root)
    with gradebook_of(coursedir) as gradebook:
        place = _place(gradebook, names["assignment"], names["notebook"], names["student"])
        # nbgrader itself keeps an earlier time where the work that is graded now has none.
        handed_in = read_timestamp(
            coursedir.format_path(coursedir.submitted_directory, names["student"], names["assignment"])
        )
        if place.handed_in != handed_in:
            _set_time(gradebook, {place.submission}, handed_in)
        grades = _rows(
            gradebook,
            *(Grade.id, Grade.cell_id, Grade.notebook_id, place.notebook),
            *(Grade.manual_score, Grade.auto_score, Grade.needs_manual_grade),
        )
        written = KeptWork(cache, names, shared)
        words, before = _words(nb), written.before()
        comments = _rows(gradebook, Comment.id, Comment.cell_id, Comment.notebook_id, place.notebook)
        marks, said, flagged = [], [], {}
        for cell in nb.cells:
            if is_grade(cell) or is_task(cell):
                row, *seen = _of(grades, cell)
                seen = Marks(seen[1], seen[0], seen[2])
                mark = _mark(cell, log) if is_grade(cell) else {}
                if mark.get("needs_manual_grade"):
                    flagged[f"{FLAGGED}{grade_id_of(cell)}"] = "yes"
                if mark := mark | _to_look_at(cell, mark, seen, words, before):
                    marks.append({"id": row, **mark})
            if is_solution(cell) or is_task(cell):
                said.append({"id": _of(comments, cell)[0], "auto_comment": _comment_on(cell)})
        for kind, rows in ((Grade, marks), (Comment, said)):
            if rows:
                gradebook.db.execute(sqlalchemy.update(kind), rows)
        if place.siblings > 1:
            _take_back_missing(gradebook, coursedir, names["assignment"], names["student"])
        course = nb.metadata.setdefault("course", {})
        course["stamp"] = stamp(course.get("entry", ""), handed_in)
        if policy.costs:
            # Together with the marks: whatever stops the grading now, nobody has points without what late work costs.
            gradebook.db.flush()
            gradebook.db.expire_all()
            record(gradebook, names["assignment"], policy, names["student"])
        gradebook.db.commit()
    written.now(words | flagged)


def enter_submission(
    gradebook: Gradebook, assignment: str, student: str, handed_in: datetime | None
) -> set[str]:
    """Have a submission in the gradebook, with its time, or none if that is unknown. Returns the notebooks."""
    places = _places(gradebook, assignment, student)
    if not places:
        gradebook.add_submission(assignment, student, timestamp=handed_in)
        places = _places(gradebook, assignment, student)
    else:
        _set_time(gradebook, {row[3] for row in places}, handed_in)
        gradebook.db.commit()
    return {name for _, name, _, _ in places}


def _set_time(gradebook: Gradebook, submissions: Iterable[str], handed_in: datetime | None) -> None:
    gradebook.db.execute(
        sqlalchemy.update(SubmittedAssignment),
        [{"id": submission, "timestamp": handed_in} for submission in submissions],
    )


class _Place(NamedTuple):
    notebook: str
    handed_in: datetime | None
    siblings: int
    submission: str


def _place(gradebook: Gradebook, assignment: str, notebook: str, student: str) -> _Place:
    """Where the marks of a notebook belong."""
    found = _places(gradebook, assignment, student)
    for row, name, handed_in, submission in found:
        if name == notebook:
            return _Place(row, handed_in, len(found), submission)
    raise MissingEntry(f"No such submission: {assignment}/{notebook} for {student}")


def _places(gradebook: Gradebook, assignment: str, student: str) -> list[tuple]:
    """The notebooks of a submission: id, name, when it was handed in, and the submission's id.

    It asks for columns only: nbgrader's own objects add up every score.
    """
    return (
        gradebook.db.query(
            SubmittedNotebook.id, Notebook.name, SubmittedAssignment.timestamp, SubmittedAssignment.id
        )
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment, SubmittedAssignment.student_id == student)
        .all()
    )


def _rows(gradebook: Gradebook, row, cell, place, notebook: str, *more) -> dict[str, tuple]:
    """The rows of a notebook's marks or comments: grade_id -> id and whatever ``more`` is asked."""
    rows = gradebook.db.query(BaseCell.name, row, *more).join(BaseCell, BaseCell.id == cell)
    return {name: tuple(rest) for name, *rest in rows.filter(place == notebook)}


def _of(found: dict, cell) -> tuple:
    name = grade_id_of(cell)
    if name not in found:
        raise CourseError(
            f"The gradebook has no place for the marks of {name}: it was made ready before that question was there."
        )
    return found[name]


def _mark(cell, log) -> dict:
    about = cell.metadata.get("course")
    if is_solution(cell) or about is None:
        # For a person to mark, but for an answer that is as it was.
        score, review = determine_grade(cell, log)[0], ""
    else:
        score, review = about["score"], about["review"]
    return {"auto_score": score, "needs_manual_grade": score is None or bool(review)}


def _to_look_at(cell, mark: dict, seen: "Marks", words: dict, before: dict) -> dict:
    """Whether a mark that somebody gave by hand, or agreed to, is to be looked at again."""
    name = grade_id_of(cell)
    of = name if name in words else EVERYTHING
    # Where nothing is known of what was there before, words count as the same, and code as other.
    is_other = words.get(of) != before.get(of, None if mark else words.get(of))
    if mark and mark["auto_score"] != seen.auto_score:
        is_other = True
    if mark.get("needs_manual_grade"):
        # Somebody was asked before, and has decided: the same work is no new question.
        is_settled = f"{FLAGGED}{name}" in before and not is_other and not seen.needs_manual_grade
        return {"needs_manual_grade": not is_settled}
    if seen.manual_score is None:
        return {}
    return {"needs_manual_grade": is_other or seen.needs_manual_grade}


EVERYTHING = "*"
FLAGGED = "?"  # before the name of a question about which somebody was asked


def _words(nb) -> dict[str, str]:
    """A digest of what the student wrote: in all, and below each question that a person marks."""
    parts: dict[str, list] = {EVERYTHING: []}
    task = None
    for cell in nb.cells:
        name = grade_id_of(cell)
        if name:
            task = name if is_task(cell) else None
        if name and not is_solution(cell):
            continue
        wrote = [cell.source, cell.get("attachments") or {}]
        for key in {EVERYTHING, task, name if is_grade(cell) else None} - {None}:
            parts.setdefault(key, []).append(wrote)
    for cell in nb.cells:
        if is_task(cell):
            parts.setdefault(grade_id_of(cell), [])
    return {
        key: hashlib.sha256(json.dumps(wrote, sort_keys=True).encode()).hexdigest()
        for key, wrote in parts.items()
    }


class KeptWork:
    """What a student had written when their marks were entered last: digests, beside the records of what was run.

    With it stands about which questions somebody was asked then.
    """

    def __init__(self, cache: str, names: dict, shared: bool = False):
        self.shared = shared
        key = "\0".join((names["assignment"], names["student"], names["notebook"]))
        self.path = (
            Path(cache) / "written" / f"{hashlib.sha256(key.encode()).hexdigest()}.json" if cache else None
        )

    def before(self) -> dict[str, str]:
        """Empty where nothing is known of it."""
        try:
            return dict(json.loads(self.path.read_text(encoding="utf-8"))) if self.path else {}
        except (OSError, ValueError, TypeError):
            return {}

    def now(self, words: dict[str, str]) -> None:
        if self.path:
            for folder in (self.path.parent.parent, self.path.parent):
                make_folder(folder, self.shared)
            write_whole(self.path, json.dumps(words), opener=opener(self.shared))


def _comment_on(cell) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    return "No response." if untouched and not is_task(cell) else None


def _take_back_missing(gradebook: Gradebook, coursedir, assignment: str, student: str) -> None:
    """Take back the marks of notebooks that were not handed in: nbgrader gives them 0, which nobody has decided."""
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    for notebook in gradebook.find_submission(assignment, student).notebooks:
        if not (folder / f"{notebook.name}.ipynb").exists():
            _take_back(notebook.grades)


def _take_back(grades: Iterable[Grade]) -> None:
    for grade in grades:
        grade.auto_score, grade.needs_manual_grade = None, True


def could_not_be_read(
    gradebook: Gradebook,
    assignment: str,
    student: str,
    notebooks: Iterable[str],
    when: datetime | None,
) -> None:
    """Take back the marks of notebooks that were handed in and cannot be read.

    What was handed in earlier earned them, and it is no longer there. Marks given by hand stay, to be looked at once.
    Its time becomes ``when``, None where that is unknown. Does nothing for somebody who is not on the class list.
    """
    try:
        gradebook.find_student(student)
    except (MissingEntry, UnicodeEncodeError):  # no database takes half of a letter
        return
    submission = gradebook.update_or_create_submission(assignment, student)
    submission.timestamp = when
    for notebook in submission.notebooks:
        if notebook.name in set(notebooks):
            # What somebody has decided since is not asked again.
            _take_back(g for g in notebook.grades if g.auto_score is not None or g.manual_score is None)
            notebook.late_submission_penalty = None
    gradebook.db.commit()


# ---- What is in already -----------------------------------------------------------------------------------


def stamp(entry: str, handed_in: datetime | None) -> str:
    """What an autograded notebook bears once its marks are in: changes with whatever would give other marks.

    ``entry`` is the name of its record in the cache. What late work costs is worked out apart from this.
    """
    return hashlib.sha256(f"{entry} {handed_in and handed_in.isoformat()}".encode()).hexdigest()


class Marks(NamedTuple):
    """What the gradebook holds of one cell of one student's notebook."""

    auto_score: float | None
    manual_score: float | None
    needs_manual_grade: bool


def marks_of(gradebook: Gradebook, assignment: str) -> dict[tuple[str, str, str], Marks]:
    """Everything that is recorded of an assignment: (student, notebook, grade_id) -> marks. One query."""
    rows = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.needs_manual_grade,
        )
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .filter(Assignment.name == assignment)
    )
    return {(student, notebook, cell): Marks(*marks) for student, notebook, cell, *marks in rows}


# ---- What needs a person ----------------------------------------------------------------------------------


def needs_review(gradebook: Gradebook, assignment: str, coursedir=None) -> list[tuple[str, str, str]]:
    """What a person still has to decide: student, question, and why, in the order of students and of the notebook.

    Parameters
    ----------
    coursedir : nbgrader's CourseDirectory; without it, a question is called by its grade_id, and a reason that
        stands in the autograded notebook is not given.
    """
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for (student, notebook, name), marks in sorted(marks_of(gradebook, assignment).items()):
        if marks.needs_manual_grade or (marks.auto_score is None and marks.manual_score is None):
            found.setdefault((student, notebook), []).append((name, _why(marks)))
    kinds = _kinds(gradebook, assignment)
    looks = []
    for (student, notebook), cells in found.items():
        about = read_graded(coursedir, assignment, student, notebook) if coursedir else None
        known = about.cells if about else {}
        order = list(known)
        for name, why in sorted(
            cells, key=lambda part: order.index(part[0]) if part[0] in known else len(order)
        ):
            if coursedir and about is None:
                why = NOT_READ
            elif name in known and known[name].get("review"):
                why = known[name]["review"]
            elif why == NOT_GRADED and (notebook, name) in kinds:
                why = BY_HAND
            looks.append((student, about.labels.get(name, name) if about else name, why))
    return looks


def _why(marks: Marks) -> str:
    return SEEN_BEFORE if marks.manual_score is not None else NOT_GRADED


def _kinds(gradebook: Gradebook, assignment: str) -> set[tuple[str, str]]:
    """The cells of an assignment that a person marks: (notebook, grade_id)."""
    return {
        (notebook.name, cell.name)
        for notebook in gradebook.find_assignment(assignment).notebooks
        for cells in (notebook.task_cells, notebook.solution_cells)
        for cell in cells
    }


class GradedNotebook(NamedTuple):
    """What an autograded notebook says of itself, of its cells by grade_id, and what to call each of them."""

    whole: dict
    cells: dict[str, dict]
    labels: dict[str, str]


def read_graded(coursedir, assignment: str, student: str, notebook: str) -> GradedNotebook | None:
    """What was written into an autograded notebook; None where there is none."""
    folder = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
    try:
        nb = json.loads((folder / f"{notebook}.ipynb").read_text(encoding="utf-8"))
        cells = nb["cells"]
        about = {name: cell["metadata"].get("course") or {} for cell in cells if (name := grade_id_of(cell))}
        return GradedNotebook(nb["metadata"].get("course") or {}, about, labels_of(cells))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
