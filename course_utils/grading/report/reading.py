"""What the gradebook and the graded notebooks know of one assignment, as plain tables."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pandas as pd
from nbgrader.api import (
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

from course_utils.checks.questions import read
from course_utils.errors import CourseError
from course_utils.grading.assignment import TEST, grade_id_of, read_questions
from course_utils.grading.execution.job import Role, State
from course_utils.grading.folder_names import file_of
from course_utils.grading.gradebook.lateness import read_timestamp, timestamp_text
from course_utils.grading.per_student import isolated, printable
from course_utils.grading.report.names import names_in
from course_utils.grading.submissions.class_list import Person, people
from course_utils.grading.submissions.reading import check_submissions, students_of

# A question that a person marks has one of these for its state; so has one of which only points are known.
BY_HAND, WAITS, UNKNOWN = "marked by hand", "to be marked by hand", "not known"
ANSWER_COLUMNS = (
    *("student", "question", "score", "test_score", "waits", "state", "review", "misconception", "message"),
    *("seconds", "cpu", "code", "kind"),
)


@dataclass(frozen=True)
class Question:
    """One question, as the assignment itself tells of it.

    ``key`` is unique in the assignment; ``label`` is short, such as ``"3 · The active share"``.
    ``hint`` is the test's one thing to try, ``nudges`` what the prompt folds away; ``misconceptions`` are those that
    the test knows, each with its message.
    """

    key: str
    label: str
    points: float
    by_hand: bool = False
    hint: str = ""
    nudges: tuple[str, ...] = ()
    misconceptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassWork:
    """One assignment of one class.

    ``answers`` has one row for each graded student and question, with ``ANSWER_COLUMNS``: ``score`` is NaN where there
    is no mark, ``test_score`` what the test gave; ``waits`` is true where a person must still look; ``seconds`` and
    ``cpu`` are the time that the student's cells ran, NaN where it was not measured; ``kind`` is that of the error.
    ``hand_ins`` has one row for each ``student`` and ``assignment``, with ``when`` (a UTC time without zone, or NaT).
    ``assignments`` are those so far, in order, this one last.
    ``unreadable`` says why by student; ``strangers`` handed in and are not on the class list.
    ``without_record`` were graded without this kit's notes; ``text`` and ``names`` are the assignment's own.
    """

    assignment: str
    questions: tuple[Question, ...]
    roster: Mapping[str, Person]
    answers: pd.DataFrame
    hand_ins: pd.DataFrame
    assignments: tuple[str, ...]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    strangers: frozenset[str] = frozenset()
    without_record: frozenset[str] = frozenset()
    text: str = ""
    names: frozenset[str] = frozenset()

    @property
    def handed_in(self) -> set[str]:
        return set(self.hand_ins.loc[self.hand_ins["assignment"] == self.assignment, "student"])

    @property
    def graded(self) -> set[str]:
        return set(self.answers["student"])


def read_class(course, assignment: str) -> ClassWork:
    """Read one assignment of a course.

    Parameters
    ----------
    course : a ``Course``.

    Raises
    ------
    CourseError
        If there is no gradebook, it knows no such assignment, or it cannot be read.
    """
    path = file_of(course.coursedir.db_url)
    if path is not None and not path.exists():
        raise CourseError(
            f"There is no gradebook in {path.parent}: run nbgrader generate_assignment {assignment} first."
        )
    with course.gradebook as gradebook:
        return _read(course, gradebook, assignment)


def _read(course, gradebook: Gradebook, assignment: str) -> ClassWork:
    try:
        found = gradebook.find_assignment(assignment)
    except MissingEntry:
        known = ", ".join(sorted(one.name for one in gradebook.assignments)) or "none"
        raise CourseError(
            f"The gradebook knows no assignment {assignment}; it knows: {known}. "
            f"If it is new, run nbgrader generate_assignment {assignment} first."
        ) from None
    roster = {person.id: person for person in people(gradebook)}
    cells = {
        (notebook.name, cell.name): cell
        for notebook in found.notebooks
        for cell in (*notebook.grade_cells, *notebook.task_cells)
    }
    solutions = {
        (notebook.name, cell.name) for notebook in found.notebooks for cell in notebook.solution_cells
    }
    several = len(found.notebooks) > 1
    specs = {notebook.name: _spec(course, assignment, notebook.name) for notebook in found.notebooks}
    declared = read(read_questions(course.coursedir, assignment))
    questions = []
    for place in _in_order(cells, specs):
        notebook, name = place
        told = next((one for one in _told(specs[notebook], declared) if one["name"] == name), {})
        label = told.get("label") or name.removeprefix("test_")
        questions.append(
            Question(
                key=_key(*place),
                label=f"{notebook}: {label}" if several else label,
                points=float(cells[place].max_score),
                by_hand=cells[place].type == "TaskCell" or place in solutions,
                **{part: told[part] for part in ("hint", "nudges", "misconceptions") if part in told},
            )
        )
    hand_ins = _hand_ins(course, gradebook)
    strangers = frozenset(hand_ins.loc[~hand_ins["student"].isin(list(roster)), "student"])
    hand_ins = hand_ins[hand_ins["student"].isin(list(roster))].reset_index(drop=True)
    answers, without, troubled = _answers(
        course, gradebook, found, {question.key: question for question in questions}
    )
    sources = [cell.source for spec in specs.values() if spec for cell in spec.cells]
    code = [cell.source for spec in specs.values() if spec for cell in spec.cells if cell.cell_type == "code"]
    return ClassWork(
        assignment=assignment,
        questions=tuple(questions),
        roster=roster,
        answers=answers,
        hand_ins=hand_ins,
        assignments=_so_far(gradebook, hand_ins, assignment),
        unreadable=troubled | _unreadable(course, assignment, hand_ins, set(answers["student"])),
        strangers=strangers,
        without_record=without,
        text="\n".join(sources),
        names=frozenset().union(*(names_in(source) for source in code)),
    )


# ---- The assignment -------------------------------------------------------------------------------------------


def _key(notebook: str, cell: str) -> str:
    return f"{notebook}/{cell}"


def _spec(course, assignment: str, notebook: str):
    """The assignment's notebook: the instructor's own, or the released one, or None."""
    for directory in (course.coursedir.source_directory, course.coursedir.release_directory):
        path = Path(course.coursedir.format_path(directory, ".", assignment)) / f"{notebook}.ipynb"
        if path.exists():
            try:
                return nbformat.read(path, as_version=4)
            except Exception:  # nbformat raises many kinds; without it the page only says less
                continue
    return None


def _in_order(cells: Mapping[tuple[str, str], object], specs: Mapping[str, object]) -> list[tuple[str, str]]:
    """The questions' places: as they stand in the notebooks, and then those of which no notebook is left."""
    standing = [
        (notebook, cell.metadata.get("nbgrader", {}).get("grade_id"))
        for notebook, spec in specs.items()
        if spec
        for cell in spec.cells
    ]
    ordered = list(dict.fromkeys(place for place in standing if place in cells))
    return ordered + sorted(set(cells) - set(ordered))


def _told(spec, declared: Mapping) -> Iterator[dict]:
    """What a notebook says about each of its graded cells."""
    if spec is None:
        return
    prompts: list[str] = []
    for cell in spec.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            prompts.append(cell.source)
        if not (marks.get("grade") or marks.get("task")):
            continue
        prompt = "\n\n".join(prompts)
        told = {"name": marks["grade_id"], "label": _label(prompt), "nudges": _nudges(prompt)}
        if cell.cell_type == "code":
            question = declared.get(marks["grade_id"].removeprefix(TEST))
            told |= _known(question) if question else {}
        yield told
        prompts = []


def _label(prompt: str) -> str:
    """The last heading of a prompt, without the word "Question" and the points."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", prompt, re.MULTILINE)
    if not headings:
        return ""
    return re.sub(
        r"\s*\([^()]*\b(?:points?|by hand)\b[^()]*\)$", "", re.sub(r"^Question\s+", "", headings[-1])
    )


def _nudges(prompt: str) -> tuple[str, ...]:
    folded = re.findall(r"<details>\s*<summary>.*?</summary>(.*?)</details>", prompt, re.DOTALL)
    return tuple(" ".join(text.split()) for text in folded if text.strip())


def _known(question) -> dict:
    """What is declared of a question: its hint, and the sentence of each misconception."""
    hint = question.hint if isinstance(question.hint, str) else ""
    said = {slip.name: question.sentence_for(slip) for slip in question.slips}
    for example in getattr(question, "tries", ()):
        said |= {name: sentence for name, (_, sentence) in example.slips.items()}
        hint = hint or (example.hint if isinstance(example.hint, str) else "")
    return {"hint": hint, "misconceptions": {name: sentence for name, sentence in said.items() if sentence}}


# ---- What was handed in ------------------------------------------------------------------------------------------


def _hand_ins(course, gradebook: Gradebook) -> pd.DataFrame:
    """Who handed in what, and when: by the gradebook, and by the folders of what waits to be graded."""
    known = {(one.student.id, one.assignment.name): one.timestamp for one in _submissions(gradebook)}
    pattern = Path(course.coursedir.format_path(course.coursedir.submitted_directory, "*", "*"))
    names = {one.name for one in gradebook.assignments}
    for name in sorted(names):
        for student in students_of(course.coursedir, name):
            place = (printable(student), name)
            when = read_timestamp(pattern.parent.parent / student / name)
            known[place] = when or known.get(place)
    frame = pd.DataFrame(
        [(*place, when) for place, when in known.items()], columns=["student", "assignment", "when"]
    )
    # A time that no table can hold is none.
    frame["when"] = pd.to_datetime(frame["when"], errors="coerce")
    return frame.astype({"student": object, "assignment": object})


def _submissions(gradebook: Gradebook) -> list[SubmittedAssignment]:
    return gradebook.db.query(SubmittedAssignment).all()


def _so_far(gradebook: Gradebook, hand_ins: pd.DataFrame, assignment: str) -> tuple[str, ...]:
    """The assignments that somebody handed in, by due date or else by their first hand-in, up to this one."""
    first = hand_ins.groupby("assignment")["when"].min()
    late = pd.Timestamp.max

    def place(one) -> tuple[pd.Timestamp, str]:
        when = pd.Timestamp(one.duedate) if one.duedate else first.get(one.name, late)
        return (late if pd.isna(when) else when, one.name)

    begun = set(hand_ins["assignment"])
    ordered = [
        one.name for one in sorted(gradebook.assignments, key=place) if one.name in {*begun, assignment}
    ]
    return tuple(ordered[: ordered.index(assignment) + 1])


def _unreadable(course, assignment: str, hand_ins: pd.DataFrame, graded: set[str]) -> dict[str, str]:
    """Why work cannot be graded, by student: of whoever is not graded, or handed in again since."""
    waiting = [
        student
        for student in hand_ins.loc[hand_ins["assignment"] == assignment, "student"]
        if student not in graded or _is_newer(course, assignment, student)
    ]
    submitted = course.coursedir.submitted_directory
    there = [
        one for one in waiting if Path(course.coursedir.format_path(submitted, one, assignment)).is_dir()
    ]
    if not there:
        return {}
    return {
        one.student: one.sentence for one in check_submissions(course.coursedir, assignment, sorted(there))
    }


def _is_newer(course, assignment: str, student: str) -> bool:
    handed_in, graded = (
        timestamp_text(Path(course.coursedir.format_path(directory, student, assignment)))
        for directory in (course.coursedir.submitted_directory, course.coursedir.autograded_directory)
    )
    return handed_in != b"" and handed_in != graded


# ---- What came of it -----------------------------------------------------------------------------------------------


def _answers(course, gradebook: Gradebook, assignment, questions: Mapping[str, Question]):
    """The rows of ``ClassWork.answers``, who was graded without notes, and why somebody's work cannot be told of."""
    entries: dict[str, dict[str, tuple]] = {}
    asked = gradebook.db.query(
        SubmittedAssignment.student_id,
        Notebook.name,
        BaseCell.name,
        Grade.auto_score,
        Grade.manual_score,
        Grade.needs_manual_grade,
    )
    asked = (
        asked.select_from(Grade)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
    )
    for student, notebook, cell, *grade in asked:
        entries.setdefault(student, {})[_key(notebook, cell)] = tuple(grade)
    rows, without, troubled = [], set(), {}
    for student in sorted(entries):
        said: list[str] = []
        with isolated(student, "cannot be told of", said.append, course.coursedir):
            notes: dict[str, dict] = {}
            files, noted = 0, 0
            for notebook in assignment.notebooks:
                folder = course.coursedir.format_path(
                    course.coursedir.autograded_directory, student, assignment.name
                )
                cells = _cells(Path(folder) / f"{notebook.name}.ipynb")
                files += cells is not None
                found = {_key(notebook.name, name): note for name, note in _notes(cells or [])}
                noted += any("state" in note for note in found.values())
                notes |= found
            scored = any(
                auto is not None or manual is not None for auto, manual, _ in entries[student].values()
            )
            if not files and not scored:
                continue  # nbgrader makes the entries before it grades
            by_test = any(not questions[key].by_hand for key in entries[student] if key in questions)
            if by_test and not noted:
                without.add(student)
            rows += [
                (student, key, *_row(questions[key], grade, notes.get(key, {})))
                for key, grade in entries[student].items()
                if key in questions
            ]
        if said:
            troubled[student] = said[0]
    return pd.DataFrame(rows, columns=list(ANSWER_COLUMNS)), frozenset(without), troubled


def _row(question: Question, grade: tuple, note: dict) -> tuple:
    auto, manual, waits = grade
    score = auto if manual is None else manual
    if question.by_hand:
        score = None if waits and manual is None else score
        state = WAITS if waits else BY_HAND
    else:
        state = note.get("state", UNKNOWN)
    number = [None if one is None else float(one) for one in (score, auto)]
    rest = [note.get(part, "") for part in ("review", "misconception", "message")]
    spent = [note.get(part) for part in ("seconds", "cpu")]
    numbers = [float("nan") if one is None else one for one in (*number, *spent)]
    return (*numbers[:2], bool(waits), state, *rest, *numbers[2:], note.get("code", ""), note.get("kind", ""))


def _cells(path: Path) -> list[dict] | None:
    """The cells of a graded notebook, or None if it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = isinstance(cells, list) and all(isinstance(cell, dict) and "metadata" in cell for cell in cells)
    return cells if whole else None


def _notes(cells: list[dict]) -> Iterator[tuple[str, dict]]:
    """For each graded cell, what was noted of it and of the student's cells that it looks at.

    These are the student's cells since the graded one before. Where several answers stand there, a cell ``test_NAME``
    looks at the answer ``NAME``.
    """
    own: dict[str, dict] = {}
    since: list[dict] = []
    for cell in cells:
        marks, note, name = cell["metadata"].get("nbgrader", {}), _note(cell), grade_id_of(cell)
        graded = marks.get("grade") or marks.get("task")
        students = note.get("role") in (Role.ANSWER, Role.EXTRA) or (not note and not marks.get("locked"))
        if cell.get("cell_type") == "code" and students and not (graded and not marks.get("solution")):
            since.append(cell)
            own |= {name: cell} if name else {}
        if not graded or name is None:
            continue
        answers = [one for one in since if grade_id_of(one)]
        named = own.get(name.removeprefix(TEST))
        looked_at = since if len(answers) == 1 or named is None else [named]
        found = _together(looked_at)
        if note.get("state") in set(State):
            found["state"] = State(note["state"]).value
        for part in ("review", "misconception", "message"):
            found[part] = note.get(part) or ""
        yield name, found
        since = []


def _note(cell: dict) -> dict:
    note = cell["metadata"].get("course")
    return note if isinstance(note, dict) else {}


def _together(cells: list[dict]) -> dict:
    """The code of some cells, the time that they ran, and the kind of the first error in them."""
    notes = [_note(cell) for cell in cells]
    timed = [note for note in notes if note.get("seconds") is not None]
    sources = [cell.get("source", "") for cell in cells]
    return {
        "code": "\n".join("".join(source) if isinstance(source, list) else source for source in sources),
        "kind": next((note["cell_error"].get("kind", "") for note in notes if note.get("cell_error")), ""),
        "seconds": sum(note["seconds"] for note in timed) if timed else None,
        "cpu": sum(note.get("cpu") or 0 for note in timed) if timed else None,
    }
