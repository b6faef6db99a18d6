"""What is graded starts from the released notebook, and takes from the student's only what the student wrote.

So nothing that happened to a notebook's cells, marks, tags or format can change what is asked, or how it is tested.
There is one rule for each accident, and each is told in the feedback (see notes.py).
"""

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course_utils.grading.assignment import AssignmentSpec, grade_id_of
from course_utils.grading.auxiliary_files import permitted_files
from course_utils.grading.execution.job import Cell, Job, Role
from course_utils.grading.limits import Limits
from course_utils.grading.submissions.notes import notes_on_the_cells, notes_on_the_file, why_look
from course_utils.grading.submissions.pictures import pictures_in, with_plain_names
from course_utils.grading.submissions.recognising import added_to, recognise
from course_utils.grading.submissions.submitted_cell import (
    CELL_ID,
    LONGEST_CODE,
    SubmittedCell,
    is_locked,
    list_of,
    longest,
)
from course_utils.messages import say

MOST_OWN_CODE = 1_000_000  # characters of all cells of one's own that hold code
MOST_EXTRA_CELLS = 1_000


@dataclass(frozen=True)
class Restored:
    """One notebook of a submission, ready to be graded.

    ``notebook`` is the released one with the student's sources and the whole tests in it, without outputs; ``notes`` are
    sentences for the student; ``job`` is what has to be run of it. ``review`` says why a person must look at what was
    handed in; it is empty where none must.
    """

    notebook: nbformat.NotebookNode
    notes: tuple[str, ...]
    job: Job
    review: str = ""


def restore(
    submitted: nbformat.NotebookNode, spec: AssignmentSpec, student: str, folder: Path, limits: Limits
) -> Restored:
    """Restore a student's notebook, with the files beside it in ``folder`` that their code may read."""
    notebook, notes, review = rebuild(submitted, spec)
    names = frozenset(f"{name}.ipynb" for name in (spec.notebook, *spec.siblings))
    files, left_out = permitted_files(folder, dict(spec.files), names, limits)
    job = job_of(notebook, spec, student, files)
    return Restored(notebook, (*notes, *left_out), job, review)


def rebuild(
    submitted: nbformat.NotebookNode, spec: AssignmentSpec
) -> tuple[nbformat.NotebookNode, list[str], str]:
    """The notebook that is graded: the released one with the student's sources, and the student's own cells.

    - A cell that occurs twice: the first keeps the grade, the others become cells of the student's own.
    - A deleted cell is put back at its place, as released.
    - A cell without its name is known again by its id, if that is still the released one; a locked one also by its
      text, and between two that were known by their text, an answer by its place. Else it is one of the student's
      own, and the missing one is put back before it.
    - A cell of another type, with other marks or tags, or a locked one with another text, is as released again.
    - Cells in another order come in the released one. Those of the student's own stay behind the cell that they
      followed; where cells were put back there, behind those, but before tests at their end, so that an answer in a
      cell of one's own is still found.
    - What was written into a locked cell, besides what was released there, becomes a cell of the student's own: behind
      it; before it where it is a test; behind the task where it stands above one.
    - The kernel and the format are those of the released notebook. Of all metadata, pictures in text survive.

    Returns
    -------
    The notebook, without outputs and with the whole tests in it; a sentence for each thing that was mended; and why a
    person must look at it, empty where none must. It takes any object that is shaped like a notebook, and never raises.
    """
    notes = notes_on_the_file(submitted, spec)
    theirs = [SubmittedCell(cell) for cell in list_of(submitted.get("cells")) if isinstance(cell, Mapping)]
    found = recognise(theirs, spec)
    notes += notes_on_the_cells(theirs, found, spec)
    own: dict[str | None, list[SubmittedCell]] = {}
    anchor = None
    for cell in theirs:
        if not cell.known_as:
            own.setdefault(anchor, []).append(cell)
            continue
        before, anchor = anchor, cell.known_as
        if added := added_to(cell, spec):
            is_test = spec.roles[anchor] is Role.TEST
            own.setdefault(before if is_test else _task_below(anchor, found, spec), []).append(added)
    cells = [(None, cell) for cell in own.get(None, [])]
    waiting: list[SubmittedCell] = []
    run: list[str] = []  # the cells put back behind the last one that was there

    def settle():
        trailing = len(run)
        while trailing and spec.roles[run[trailing - 1]] is Role.TEST:
            trailing -= 1
        cells.extend((grade_id, None) for grade_id in run[:trailing])
        cells.extend((None, cell) for cell in waiting)
        cells.extend((grade_id, None) for grade_id in run[trailing:])

    if spec.cells and next(iter(spec.cells)) not in found:
        waiting, cells = own.get(None, []), []
    for grade_id in spec.cells:
        if grade_id not in found:
            run.append(grade_id)
            continue
        settle()
        cells.append((grade_id, found[grade_id]))
        waiting, run = own.get(grade_id, []), []
    settle()
    extra = [place for place, (grade_id, _) in enumerate(cells) if not grade_id]
    if too_many := set(extra[MOST_EXTRA_CELLS:]):
        notes.append(say("restored.most_cells", number=len(extra), most=MOST_EXTRA_CELLS))
        cells = [part for place, part in enumerate(cells) if place not in too_many]
    cells, much = _as_much_code_as_is_run(cells)
    notes += much
    return _notebook(cells, spec), notes, why_look(theirs, found, spec)


def _as_much_code_as_is_run(cells: list[tuple]) -> tuple[list[tuple], list[str]]:
    kept, notes, left = [], [], MOST_OWN_CODE
    for grade_id, cell in cells:
        if not grade_id and cell.type == "code" and len(cell.source) <= LONGEST_CODE:
            left -= len(cell.source)
            if left < 0:
                notes = [say("restored.most_code", most=MOST_OWN_CODE)]
                continue
        kept.append((grade_id, cell))
    return kept, notes


def _task_below(grade_id: str, found: Mapping, spec: AssignmentSpec) -> str:
    """The task that a cell introduces, whose answer belongs below it; any other cell itself."""
    order = list(spec.cells)
    below = order[order.index(grade_id) + 1 :][:1]
    is_task = below and spec.cells[below[0]].metadata.get("nbgrader", {}).get("task")
    return below[0] if is_task and below[0] in found else grade_id


def _notebook(
    parts: Iterable[tuple[str | None, SubmittedCell | None]], spec: AssignmentSpec
) -> nbformat.NotebookNode:
    taken = {cell.get("id") for cell in spec.cells.values()}
    cells = []
    for grade_id, theirs in parts:
        if grade_id:
            cell = copy.deepcopy(spec.cells[grade_id])
            if is_locked(cell):
                cell.source = spec.whole.get(grade_id, cell.source)
            elif theirs and len(theirs.source) <= longest(cell.cell_type):
                cell.source = theirs.source
        else:
            cell = _own_cell(theirs)
            cell.id = theirs.id if _may_be_used(theirs.id, taken) else _fresh(taken)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif theirs and not (grade_id and is_locked(cell)) and (pictures := pictures_in(theirs.attachments)):
            cell.source, renamed = with_plain_names(cell.source, pictures)
            cell.attachments = nbformat.from_dict(renamed)
        taken.add(cell.get("id"))
        cells.append(cell)
    nb = copy.copy(spec.released)
    nb.metadata = copy.deepcopy(spec.released.metadata)
    nb.cells = cells
    # Cells have ids from 4.5 on; the released notebook of an old source may have none yet.
    nb.nbformat, nb.nbformat_minor = 4, 5
    for cell in cells:
        if not cell.get("id"):
            cell.id = _fresh(taken)
            taken.add(cell.id)
    return nb


def _own_cell(theirs: SubmittedCell) -> nbformat.NotebookNode:
    source = theirs.source if len(theirs.source) <= longest(theirs.type) else ""
    cell = {"cell_type": theirs.type, "metadata": {}, "source": source}
    if theirs.type == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif theirs.type == "raw":
        # A page shows raw text as if it were its own: as text in a fence it is only read.
        fence = "~" * max([3, *(len(line) + 1 for line in re.findall(r"~{3,}", source))])
        cell |= {
            "cell_type": "markdown",
            "source": f"{fence}text\n{source}\n{fence}" if source.strip() else "",
        }
    return nbformat.from_dict(cell)


def _may_be_used(cell_id: str | None, taken: set) -> bool:
    return cell_id is not None and cell_id not in taken and CELL_ID.fullmatch(cell_id) is not None


def _fresh(taken: set) -> str:
    """An id that is the same in every run, so that the same work gives the same file."""
    return next(name for number in range(len(taken) + 1) if (name := f"own-{number}") not in taken)


def job_of(
    nb: nbformat.NotebookNode, spec: AssignmentSpec, student: str, files: Mapping[str, bytes] | None = None
) -> Job:
    """What has to be run of a rebuilt notebook.

    Parameters
    ----------
    nb : as :func:`rebuild` gives it, also after it was written and read again.
    files : what the student's code may read: path -> content.
    """
    cells = []
    for cell in nb.cells:
        grade_id = grade_id_of(cell)
        released = spec.cells.get(grade_id)
        if released is None:
            role = Role.EXTRA if cell.cell_type == "code" else Role.WORDS
            cells.append(Cell(role, cell.source, pictures=_digest(cell)))
            continue
        role = spec.roles[grade_id]
        locked = role in (Role.SETUP, Role.TEST)
        cells.append(
            Cell(
                role,
                released.source if locked else cell.source,
                grade_id,
                float(released.metadata.nbgrader.get("points", 0)),
                whole=spec.whole[grade_id] if locked else "",
                released=released.source if role is Role.ANSWER else "",
                answers=spec.answers.get(grade_id, ()),
                pictures=_digest(cell),
            )
        )
    return Job(
        student,
        spec.assignment,
        spec.notebook,
        tuple(cells),
        dict(files or {}),
        spec.tables,
        spec.questions,
    )


def _digest(cell) -> str:
    """Of the pictures that were handed in with a cell: work with another picture is other work."""
    pictures = cell.get("attachments")
    return hashlib.sha256(json.dumps(pictures, sort_keys=True).encode()).hexdigest() if pictures else ""
