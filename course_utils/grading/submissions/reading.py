"""What may be wrong with a submission before it runs, told in a sentence with the student and the file."""

import difflib
import hashlib
import itertools
import json
import os
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course_utils.errors import CourseError
from course_utils.grading.assignment import grade_id_of, notebooks_of
from course_utils.grading.auxiliary_files import (
    LINK_NOTE,
    NAME_NOTE,
    TIME_NOTE,
    is_somebody_elses,
)
from course_utils.grading.database import open_gradebook
from course_utils.grading.gradebook.lateness import read_timestamp
from course_utils.grading.limits import MB, Limits
from course_utils.grading.per_student import isolated, printable
from course_utils.grading.privacy import close_work
from course_utils.grading.submissions.notes import FORMAT
from course_utils.grading.submissions.submitted_cell import CELL_ID
from course_utils.grading.submissions.unpacking import A_NOTEBOOK
from course_utils.kit import write_whole

MERGE = re.compile(rb"^(<{7}|>{7}) ?.*$", re.MULTILINE)
# Of the cells that nbgrader knows, the share by which a notebook of another name is known.
KNOWN_SHARE = 0.5
KEPT = ("kernelspec", "language_info")
MOST_CELLS = 20_000
LARGEST = 1_000 * MB  # of one submission, whatever is in it
MOST_BRACKETS = 2_000_000
MOST_THERE = 10_000  # files and folders of one submission
LONGEST_NAME = 220  # bytes of a note's name, and what is added while it is written


@dataclass(frozen=True)
class Problem:
    """One submission that cannot be graded as it is."""

    student: str
    file: str
    sentence: str


def students_of(coursedir, assignment: str) -> list[str]:
    """Whose work was collected for an assignment, in order."""
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    try:
        names = os.listdir(pattern.parent.parent)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(name for name in names if _is_there(pattern.parent.parent / name / assignment))


def _is_there(folder: Path) -> bool:
    try:
        folder.lstat()
    except PermissionError:
        # Whoever may not look says nothing of what is there: it is told as that student's.
        return True
    except OSError:
        return False
    return folder.is_dir()


def admit(
    coursedir,
    assignment: str,
    students: list[str],
    notebooks: list[str] | None = None,
    limits: Limits | None = None,
) -> list[Problem]:
    """Make submissions safe to read. Returns the problems of those that cannot be graded, in the order of the students.

    These have no marks any more. See :func:`tidy` and :func:`check_submissions`.
    """
    problems: list[Problem] = []
    for student in students:
        with isolated(student, "could not be read", _teller(problems, student, assignment), coursedir):
            tidy(coursedir, assignment, student, notebooks)
    bad = {problem.student for problem in problems}
    problems += check_submissions(
        coursedir, assignment, [student for student in students if student not in bad], limits
    )
    problems.sort(key=lambda problem: students.index(problem.student))
    return problems + take_back_all(coursedir, assignment, problems)


def _teller(problems: list[Problem], student: str, file: str):
    return lambda sentence: problems.append(Problem(student, file, sentence))


def tidy(coursedir, assignment: str, student: str, notebooks: list[str] | None = None) -> None:
    """Make a submission safe to copy, and give a notebook that was only renamed its name again.

    nbgrader follows links, and sets the permissions of what they lead to. So a note takes the place of each of them,
    also in folders of which nothing is read: nbgrader copies those, too.
    What is done is noted in a file beside it, from which the feedback tells it. ``notebooks`` are those of the
    assignment; the gradebook is asked without them.
    """
    folder = _folder(coursedir, assignment, student)
    if folder.is_symlink() or not folder.is_dir():
        return
    count = 0
    for place, folders, names in os.walk(folder, followlinks=False):
        count += len(folders) + len(names)
        if count > MOST_THERE:
            # It is not graded, and so nothing will be copied.
            return
        for name in [*folders, *names]:
            path = Path(place) / name
            if (
                path.is_symlink()
                or not (path.is_file() or path.is_dir())
                or is_somebody_elses(path.lstat(), folder.lstat())
            ):
                path.unlink()
                _leave_note(path, LINK_NOTE, "A link stood here.\n")
    if (written := folder / "timestamp.txt").exists() and read_timestamp(folder) is None:
        # nbgrader would not grade the work at all.
        note = folder / f"timestamp{TIME_NOTE}"
        _set_aside(note)
        os.replace(written, note)
    _give_name_back(folder, coursedir, assignment, notebooks)
    # Also what was collected before this kit saw to it, or by hand.
    close_work(folder, coursedir)


def _give_name_back(folder: Path, coursedir, assignment: str, notebooks: list[str] | None) -> None:
    there = sorted(path for path in folder.iterdir() if A_NOTEBOOK.search(path.name) and path.is_file())
    if len(there) != 1:
        return
    notebooks = notebooks or notebooks_of(coursedir, assignment)
    if len(notebooks) == 1 and there[0].name != f"{notebooks[0]}.ipynb":
        wanted = folder / f"{notebooks[0]}.ipynb"
        if _is_this_one(there[0], coursedir, assignment, notebooks[0]):
            # The note first: should this be interrupted, it is written once more.
            _leave_note(wanted, NAME_NOTE, f"{printable(there[0].name)}\n")
            _set_aside(wanted)
            os.replace(there[0], wanted)


def _leave_note(path: Path, kind: str, text: str) -> None:
    """Write a note beside a path, whatever stands in its place already."""
    note = path.with_name(f"{path.name}{kind}")
    if len(os.fsencode(note.name)) > LONGEST_NAME:
        # Cut short it may be that of another: so it says which one it is.
        known = hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]
        start = os.fsencode(path.name)[: LONGEST_NAME - len(kind) - len(known) - 1].decode("utf-8", "ignore")
        note = path.with_name(f"{start}-{known}{kind}")
    _set_aside(note)
    write_whole(note, text)


def _set_aside(path: Path) -> None:
    """Give a folder another name where a file is to stand. A file or a link there is replaced by whoever writes it."""
    if path.is_dir() and not path.is_symlink():
        names = (path.with_name(f"{path.name}-{number}") for number in itertools.count(1))
        path.rename(next(name for name in names if not os.path.lexists(name)))


def name_before(folder: Path, file: str) -> str:
    """Under which name a notebook was handed in that ``tidy`` gave its own again; nothing if it had it."""
    note = folder / f"{file}{NAME_NOTE}"
    try:
        if note.is_symlink() or not note.is_file():
            return ""
        with note.open("rb") as text:
            # It lies among the student's files: it is taken for a name, and no more.
            lines = text.read(200).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return printable(lines[0]) if lines else ""


def check_submissions(
    coursedir, assignment: str, students: list[str] | None = None, limits: Limits | None = None
) -> list[Problem]:
    """The problems of what was collected for an assignment, in the order of the students. Changes nothing.

    Parameters
    ----------
    coursedir : nbgrader's CourseDirectory.
    students : whose submissions to look at; everybody's without it.

    Raises
    ------
    CourseError
        If the gradebook does not know the assignment.
    """
    if students is None:
        students = students_of(coursedir, assignment)
    notebooks = notebooks_of(coursedir, assignment)
    with open_gradebook(coursedir) as gradebook:
        roster = {student.id for student in gradebook.students}
    problems: list[Problem] = []
    for student in students:
        tell = _teller(problems, student, assignment)
        with isolated(student, "could not be read", tell, coursedir):
            folder = _folder(coursedir, assignment, student)
            if student not in roster:
                who = printable(student)
                near = _as_on_the_list(student, roster)
                tell(
                    f"{who} is not on the class list, so nothing was graded: "
                    + (
                        f"did you mean {near}? Rename the folder, or add"
                        if near
                        else "check the name, or add"
                    )
                    + f" it with nbgrader db student add {who}."
                )
                continue
            if folder.is_symlink():
                tell(f"The folder of {student} is a link: put the files there.")
                continue
            if too_much := _too_much(folder):
                tell(f"The work of {student} {too_much}; ask {student} to hand in no more than is asked for.")
                continue
            for notebook in notebooks:
                path = folder / f"{notebook}.ipynb"
                found = _read(path, student, limits or Limits())
                if isinstance(found, str):
                    problems.append(Problem(student, path.name, found))
    return problems


def _as_on_the_list(student: str, roster: Iterable[str]) -> str:
    """The name on the class list that a name may have been meant for; empty if there is none."""
    folded = {name.casefold(): name for name in roster}
    near = difflib.get_close_matches(student.casefold(), folded, n=1, cutoff=0.85)
    return folded[near[0]] if near else ""


def _too_much(folder: Path) -> str:
    """Why a folder is not to be copied for grading: what it holds is far more than anybody may hand in."""

    def stop(problem: OSError) -> None:
        # A folder that may not be opened is told in the feedback; what else cannot be walked through is not copied.
        if not isinstance(problem, PermissionError):
            raise problem

    count = size = 0
    for place, folders, names in os.walk(folder, onerror=stop, followlinks=False):
        count += len(folders) + len(names)
        if count > MOST_THERE:
            return f"has more than {MOST_THERE:,} files and folders"
        size += sum(os.lstat(os.path.join(place, name)).st_size for name in names)
    return f"has {size / MB:,.0f} MB, and at most {LARGEST / MB:,.0f} are taken" if size > LARGEST else ""


def read_submission(path: Path, student: str, limits: Limits | None = None) -> nbformat.NotebookNode:
    """The submitted notebook, in nbformat 4, without its outputs, and every cell in its proper shape.

    Raises
    ------
    CourseError
        If the file is empty, too large, or not a notebook.
    """
    found = _read(Path(path), student, limits or Limits())
    if isinstance(found, str):
        raise CourseError(found)
    return found


def _folder(coursedir, assignment: str, student: str) -> Path:
    return Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))


# A file is looked at twice in a row, by the exporter and by the preprocessors, and one may be large.
_last = threading.local()


def _read(path: Path, student: str, limits: Limits):
    """A notebook, or the sentence that says why there is none."""
    try:
        about = path.stat()
        key = (str(path), about.st_mtime_ns, about.st_size, about.st_ino, limits.notebook)
    except OSError:
        key = None
    if key is not None and getattr(_last, "key", None) == key:
        return _last.found
    found = _read_now(path, student, limits)
    _last.key, _last.found = key, found
    return found


def _read_now(path: Path, student: str, limits: Limits):
    ask = f"ask {student} to hand it in again"
    if path.with_name(f"{path.name}{LINK_NOTE}").exists() and not path.exists():
        return f"{path.name} of {student} was a link to another file, and links are not followed; {ask}."
    if not path.exists():
        others = sorted(other.name for other in path.parent.glob("*.ipynb"))
        if not others:
            return f"{student} handed in no notebook: {path.name} is not in the submission; {ask}."
        return (
            f"{student} handed in {printable(', '.join(others))}, but not {path.name}: "
            f"if it was renamed, give it back its name in {path.parent} and grade again."
        )
    try:
        if path.is_symlink() or not path.is_file():
            return f"{path.name} of {student} is not a file; {ask}."
        if (size := path.stat().st_size) > limits.notebook:
            return (
                f"The file {path.name} of {student} has {size / MB:,.0f} MB, and at most {limits.notebook / MB:,.0f} "
                f"are read: {ask}, with its outputs cleared."
            )
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        why = "is not a text file" if isinstance(problem, UnicodeDecodeError) else f"({problem.strerror})"
        return f"The file {path.name} of {student} cannot be read: it {why}; {ask}."
    if not text.strip():
        return f"The file {path.name} of {student} is empty; {ask}."
    # Each of these takes a hundred times its room once it is read.
    if text.count("{") + text.count("[") > MOST_BRACKETS:
        return f"The file {path.name} of {student} holds more pieces than a notebook can have; {ask}."
    try:
        notebook = _as_notebook(text)
    except _TooManyCells as problem:
        return f"The notebook {path.name} of {student} has {problem}; {ask}."
    except Exception:
        # nbformat raises many kinds here, from JSON errors to missing keys: they all mean the same.
        if marks := MERGE.search(data):
            mark = marks[0].decode("utf-8", "replace").strip()[:40]
            return (
                f"The file {path.name} of {student} has merge conflict marks ({printable(mark)}), so it is not a "
                f"notebook any more: ask {student} to keep one of the two versions and hand it in again."
            )
        if text.lstrip()[0] in "{[":
            why = "its parts are not those of one" if _is_json(text) else "it is cut short or damaged"
            return f"The file {path.name} of {student} is not a notebook: {why}; {ask}."
        start = text.strip().splitlines()[0][:30]
        return f"The file {path.name} of {student} is not a notebook (it begins with {start!r}); {ask}."
    if not notebook.cells:
        return f"The notebook {path.name} of {student} has no cells; {ask}."
    return notebook


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class _TooManyCells(Exception):
    """So many cells, and how many are read."""


def _as_notebook(text: str) -> nbformat.NotebookNode:
    found = json.loads(text)
    major, minor = found["nbformat"], found.get("nbformat_minor", 0)
    jobs = found.get("worksheets", ()) if major != 4 else (found,)
    count = sum(len(job["cells"]) for job in jobs)
    if count > MOST_CELLS:
        raise _TooManyCells(f"{count:,} cells, and at most {MOST_CELLS:,} are read")
    if major != 4:
        found = nbformat.reads(text, as_version=4)
    if not isinstance(found.get("cells"), list):
        raise ValueError("no cells")
    metadata = found.get("metadata")
    kept = {key: metadata[key] for key in KEPT if key in metadata} if isinstance(metadata, Mapping) else {}
    cells: list[dict] = []
    taken: set[str] = set()
    for cell in found["cells"]:
        if isinstance(cell, Mapping):
            cells.append(_plain(cell, taken))
            taken.add(cells[-1]["id"])
    return nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {**kept, FORMAT: [major, minor]}, "cells": cells}
    )


def _plain(cell: Mapping, taken: set[str]) -> dict:
    """A cell in the shape that every program knows. What it showed at home is not looked at, and may be large."""
    source, kind, metadata = cell.get("source"), cell.get("cell_type"), cell.get("metadata")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    plain = {
        "cell_type": kind if kind in ("code", "markdown", "raw") else "raw",
        "metadata": dict(metadata) if isinstance(metadata, Mapping) else {},
        # Half of a character that needs two cannot be written to any file.
        "source": source.encode("utf-8", "replace").decode("utf-8") if isinstance(source, str) else "",
        "id": cell.get("id"),
    }
    if not isinstance(plain["id"], str) or not CELL_ID.fullmatch(plain["id"]) or plain["id"] in taken:
        # The same in every run, so that the same work gives the same file.
        plain["id"] = next(name for n in itertools.count(len(taken)) if (name := f"own-{n}") not in taken)
    if plain["cell_type"] == "code":
        plain |= {"outputs": [], "execution_count": None}
    elif isinstance(cell.get("attachments"), Mapping):
        plain["attachments"] = cell["attachments"]
    return plain


def _is_this_one(path: Path, coursedir, assignment: str, notebook: str) -> bool:
    """Does a file of another name hold the cells of this notebook?"""
    found = _read(path, "", Limits())
    if isinstance(found, str):
        return False
    with open_gradebook(coursedir) as gradebook:
        wanted = {cell.name for cell in gradebook.find_notebook(notebook, assignment).source_cells}
    here = {name for cell in found.cells if (name := grade_id_of(cell))}
    return len(wanted & here) >= KNOWN_SHARE * len(wanted) > 0


def take_back_all(coursedir, assignment: str, problems: list[Problem]) -> list[Problem]:
    """Take back the marks of everybody who has a problem. Returns what else is to be said of them."""
    more: list[Problem] = []
    for problem in problems:
        tell = _teller(more, problem.student, assignment)
        what = "still has the marks of what was handed in before"
        with isolated(problem.student, what, tell, coursedir):
            take_back(coursedir, assignment, problem)
    return more


def take_back(coursedir, assignment: str, problem: Problem) -> None:
    """Take back the marks that an unreadable submission has from an earlier one, with their autograded notebook."""
    from course_utils.grading.gradebook.marks import could_not_be_read

    when = read_timestamp(_folder(coursedir, assignment, problem.student))
    with open_gradebook(coursedir) as gradebook:
        notebooks = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
        bad = [name for name in notebooks if f"{name}.ipynb" == problem.file] or notebooks
        could_not_be_read(gradebook, assignment, problem.student, bad, when)
    graded = Path(coursedir.format_path(coursedir.autograded_directory, problem.student, assignment))
    for name in bad:
        (graded / f"{name}.ipynb").unlink(missing_ok=True)
