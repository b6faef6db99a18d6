"""What is graded starts from the released notebook, and takes from the student's only what the student wrote.

So nothing that happened to a notebook's cells, marks, tags or format can change what is asked, or how it is tested.
There is one rule for each accident, and each is told in the feedback.
"""

import ast
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
from course_utils.grading.submissions.pictures import KINDS, with_plain_names
from course_utils.messages import say

KNOWN_SHARE = 0.8  # of the lines of a locked cell by which it is known
LONG_LINE = 12  # characters of a released line that is known where it was written on
MADE = re.compile(r"^(?:([A-Za-z_]\w*) *=(?!=)|def +([A-Za-z_]\w*))", re.MULTILINE)
CONFLICT = re.compile(r"^(?:<{7}(?: .*)?|={7}|>{7}(?: .*)?)$", re.MULTILINE)
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# In the metadata of a submission, as reading.py reads it: the format of the file.
FORMAT = "course_format"
LONGEST_SOURCE = 1_000_000  # characters of one cell of words, which may hold pictures
LONGEST_CODE = 100_000  # characters of one cell of code
MOST_OWN_CODE = 1_000_000  # characters of all cells of one's own that hold code
LARGEST_PICTURES = 8_000_000  # characters of all pictures in one cell, each as base64
MOST_EXTRA_CELLS = 1_000
MOST_UNNAMED = 3  # of which each is named
TYPES = {"code": "code", "markdown": "text", "raw": "raw text"}


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
    notes = _notes_on_the_file(submitted, spec)
    theirs = [_Theirs(cell) for cell in _list(submitted.get("cells")) if isinstance(cell, Mapping)]
    found = _recognised(theirs, spec)
    notes += _notes_on_the_cells(theirs, found, spec)
    own: dict[str | None, list[_Theirs]] = {}
    anchor = None
    for cell in theirs:
        if not cell.known_as:
            own.setdefault(anchor, []).append(cell)
            continue
        before, anchor = anchor, cell.known_as
        if added := _added(cell, spec):
            is_test = spec.roles[anchor] is Role.TEST
            own.setdefault(before if is_test else _task_below(anchor, found, spec), []).append(added)
    cells = [(None, cell) for cell in own.get(None, [])]
    waiting: list[_Theirs] = []
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
        notes.append(f"Of {len(extra):,} cells of your own, the first {MOST_EXTRA_CELLS:,} were taken.")
        cells = [part for place, part in enumerate(cells) if place not in too_many]
    cells, much = _as_much_code_as_is_run(cells)
    notes += much
    return _notebook(cells, spec), notes, _why_look(theirs, found, spec)


def _as_much_code_as_is_run(cells: list[tuple]) -> tuple[list[tuple], list[str]]:
    kept, notes, left = [], [], MOST_OWN_CODE
    for grade_id, cell in cells:
        if not grade_id and cell.type == "code" and len(cell.source) <= LONGEST_CODE:
            left -= len(cell.source)
            if left < 0:
                notes = [
                    f"Your own cells hold over {MOST_OWN_CODE:,} characters of code. The last ones were left out."
                ]
                continue
        kept.append((grade_id, cell))
    return kept, notes


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


class _Theirs:
    """A cell of the student's notebook, of which nothing is taken for granted."""

    def __init__(self, cell: Mapping):
        self.type = cell.get("cell_type") if cell.get("cell_type") in TYPES else "raw"
        source = cell.get("source")
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        source = source if isinstance(source, str) else ""
        # Half of a character that needs two cannot be written to any file.
        self.source = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
        metadata = cell.get("metadata")
        self.metadata = metadata if isinstance(metadata, Mapping) else {}
        self.grade_id = grade_id_of(cell)
        self.id = cell.get("id") if isinstance(cell.get("id"), str) else None
        self.attachments = cell.get("attachments")
        self.known_as: str | None = None
        self.lines = _lines(self.source[:LONGEST_CODE])
        self.is_copy = False

    def points_and_marks(self) -> dict:
        marks = self.metadata.get("nbgrader")
        keys = ("grade", "solution", "locked", "task", "points")
        return {key: marks.get(key) for key in keys if marks.get(key)} if isinstance(marks, Mapping) else {}

    @property
    def tags(self) -> list[str]:
        return sorted({tag for tag in _list(self.metadata.get("tags")) if isinstance(tag, str)})


def _recognised(theirs: list[_Theirs], spec: AssignmentSpec) -> dict[str, _Theirs]:
    """The student's cell for each cell of the spec that is there: by its name, its id, its text or its place."""
    found: dict[str, _Theirs] = {}

    def know(cell: _Theirs, grade_id: str) -> None:
        found[grade_id] = cell
        cell.known_as, cell.is_copy = grade_id, False

    for cell in theirs:
        if cell.grade_id in spec.cells:
            if cell.grade_id in found:
                cell.is_copy = True
            else:
                know(cell, cell.grade_id)
    by_id = {released.get("id"): grade_id for grade_id, released in spec.cells.items()}
    for cell in theirs:
        grade_id = by_id.get(cell.id) if cell.id else None
        if not cell.known_as and grade_id and grade_id not in found:
            know(cell, grade_id)
    by_text = _by_text(theirs, found, spec)
    for grade_id, cell in by_text.items():
        know(cell, grade_id)
    for grade_id, cell in _by_place(theirs, found, set(by_text), spec).items():
        know(cell, grade_id)
    return found


def _by_text(theirs: list[_Theirs], found: Mapping, spec: AssignmentSpec) -> dict[str, _Theirs]:
    """The cells that have no name, and the lines of a locked one: a program may have dropped what nbgrader wrote."""
    known: dict[str, _Theirs] = {}
    without = [cell for cell in theirs if not cell.known_as and not cell.grade_id]
    for grade_id, released in spec.cells.items():
        lines = _lines(released.source)
        if grade_id in found or not is_locked(released) or not lines:
            continue
        for place, cell in enumerate(without):
            if cell.type == released.cell_type and len(lines & cell.lines) >= KNOWN_SHARE * len(lines):
                known[grade_id] = cell
                del without[place]
                break
    return known


def _by_place(
    theirs: list[_Theirs], found: Mapping[str, _Theirs], by_text: set[str], spec: AssignmentSpec
) -> dict[str, _Theirs]:
    """Answers without names: between two cells that were known by their text, the one that makes the same name, else the first."""
    known: dict[str, _Theirs] = {}
    if not by_text:
        return known
    places = {id(cell): place for place, cell in enumerate(theirs)}
    order = list(spec.cells)
    for number, grade_id in enumerate(order):
        if grade_id in found or is_locked(spec.cells[grade_id]):
            continue
        above = next((name for name in reversed(order[:number]) if name in found or name in known), None)
        below = next((name for name in order[number + 1 :] if name in found), None)
        if not {above, below} & by_text:
            continue
        first = places[id(found.get(above) or known[above])] + 1 if above else 0
        last = places[id(found[below])] if below else len(theirs)
        kind, makes = spec.cells[grade_id].cell_type, _makes(spec.cells[grade_id].source)
        may_be = [
            cell
            for cell in theirs[first:last]
            if not (cell.known_as or cell.grade_id) and cell.type == kind and cell not in known.values()
        ]
        if may_be:
            known[grade_id] = next((cell for cell in may_be if makes & _makes(cell.source)), may_be[0])
    return known


def _makes(source: str) -> set[str]:
    """The names that code gives a value at its left edge, as far as can be told without reading it as Python."""
    return {name or function for name, function in MADE.findall(source)}


def _lines(source: str) -> set[str]:
    return {" ".join(line.split()) for line in source.splitlines() if line.strip()}


def _added(cell: _Theirs, spec: AssignmentSpec) -> "_Theirs | None":
    """What a student wrote into a locked cell, besides what was released there; None where that is nothing."""
    released = spec.cells[cell.known_as]
    if not is_locked(released) or cell.source.strip() == released.source.strip():
        return None
    known = f"{released.source}\n{spec.whole.get(cell.known_as, '')}"
    source = (_new_statements if cell.type == "code" else _new_lines)(cell.source, known)
    if not source.strip():
        return None
    pictures = cell.attachments if "attachment:" in source else None
    return _Theirs({"cell_type": cell.type, "source": source, "attachments": pictures})


def _new_statements(source: str, released: str) -> str:
    """The statements of a cell that the released one does not have, however they are written."""
    try:
        theirs, known = ast.parse(source).body, {ast.dump(one) for one in ast.parse(released).body}
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # magics, or what is not finished
        return _new_lines(source, released)
    lines = source.splitlines()
    new = [one for one in theirs if ast.dump(one) not in known and not _does_nothing(one)]
    begins = [min([one.lineno, *(part.lineno for part in getattr(one, "decorator_list", ()))]) for one in new]
    return "\n".join(
        "\n".join(lines[first - 1 : one.end_lineno]) for first, one in zip(begins, new, strict=True)
    )


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _new_lines(source: str, released: str) -> str:
    """The lines of a cell that the released one does not have; of one that was written on, what was written on."""
    known = _lines(released)
    kept = []
    for line in source.splitlines():
        plain = " ".join(line.split())
        if plain in known:
            continue
        begun = max((one for one in known if plain.startswith(one)), key=len, default="")
        kept.append(line if len(begun) < LONG_LINE else plain[len(begun) :].strip())
    return "\n".join(kept).strip("\n")


def _task_below(grade_id: str, found: Mapping, spec: AssignmentSpec) -> str:
    """The task that a cell introduces, whose answer belongs below it; any other cell itself."""
    order = list(spec.cells)
    below = order[order.index(grade_id) + 1 :][:1]
    is_task = below and spec.cells[below[0]].metadata.get("nbgrader", {}).get("task")
    return below[0] if is_task and below[0] in found else grade_id


def _why_look(theirs: list[_Theirs], found: Mapping, spec: AssignmentSpec) -> str:
    """Why a person must look at the file: most answers were not in it, and something else is."""
    answers = [grade_id for grade_id, role in spec.roles.items() if role is Role.ANSWER]
    missing = [grade_id for grade_id in answers if grade_id not in found]
    others = [cell for cell in theirs if not cell.known_as and not cell.is_copy and cell.source.strip()]
    if len(missing) * 2 <= len(answers) or not others:
        return ""
    return say("grading.put_back", missing=len(missing), answers=len(answers))


def _notes_on_the_file(submitted, spec: AssignmentSpec) -> list[str]:
    notes = []
    metadata = submitted.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    formats = metadata.get(FORMAT)
    major, minor = formats if isinstance(formats, list) and len(formats) == 2 else (4, 5)
    if major != 4:
        notes.append(f"The file was of an old format ({_short(major)}). It was brought up to date.")
    elif isinstance(minor, int) and minor < spec.released.nbformat_minor:
        notes.append(f"The file was of an older format (4.{minor}). It was brought up to date.")
    kernel = metadata.get("kernelspec")
    language = metadata.get("language_info")
    ours = spec.released.metadata.get("kernelspec", {}).get("language", "python")
    spoken = [
        part.get("language") or part.get("name") for part in (kernel, language) if isinstance(part, Mapping)
    ]
    if not isinstance(kernel, Mapping) or not kernel:
        notes.append("The file did not say which kernel it needs. It was run with the course's.")
    elif not any(isinstance(name, str) and name.lower().startswith(ours) for name in spoken):
        notes.append(
            f"The file asked for another kernel ({_short(spoken[0])}). It was run with the course's."
        )
    return notes


def _notes_on_the_cells(theirs: list[_Theirs], found: dict[str, _Theirs], spec: AssignmentSpec) -> list[str]:
    notes: list[str] = []
    unnamed: list[str] = []
    for grade_id, released in spec.cells.items():
        what = f"{TYPES[released.cell_type]} cell {grade_id}".removeprefix("code ")
        cell = found.get(grade_id)
        if cell is None:
            notes.append(f"The {what} was missing from your notebook. It was put back as you got it.")
            continue
        if copies := sum(1 for other in theirs if other.is_copy and other.grade_id == grade_id):
            times = "twice" if copies == 1 else f"{copies + 1} times"
            notes.append(
                f"The {what} was there {times}. The first was graded, what followed was run as a cell of your own."
            )
        if cell.grade_id != grade_id:
            unnamed.append(f"The {what} had lost its name. It was known by its place in the file.")
        elif cell.points_and_marks() != _Theirs(released).points_and_marks():
            notes.append(f"The marks by which the {what} is graded were changed. The released ones hold.")
        if cell.type != released.cell_type:
            notes.append(f"The {what} had become a {TYPES[cell.type]} cell. It was taken for what it was.")
        if added := sorted(set(cell.tags) - set(_Theirs(released).tags)):
            notes.append(f"Tags of the {what} were left out: {_short(', '.join(added))}.")
        if is_locked(released) and cell.source.strip() != released.source.strip():
            notes.append(f"The {what} was changed. The text that you got was used.{_where_added(cell, spec)}")
        elif not is_locked(released):
            notes += _notes_on_a_source(cell, f"The {what}")
    if len(unnamed) > MOST_UNNAMED:
        unnamed = [
            f"{len(unnamed)} cells had lost the names by which they are graded, as some programs save a notebook. "
            "They were known by their text and their place."
        ]
    notes += unnamed
    places = [theirs.index(found[grade_id]) for grade_id in spec.cells if grade_id in found]
    if places != sorted(places):
        notes.append("Cells stood in another order. They were run in the order in which you got them.")
    for cell in theirs:
        if not cell.known_as:
            if cell.grade_id and not cell.is_copy:
                notes.append(
                    f"A cell called {_short(cell.grade_id)} belongs to no question here: it is one of your own."
                )
            notes += _notes_on_a_source(cell, "A cell of your own")
    return list(dict.fromkeys(notes))


def _where_added(cell: _Theirs, spec: AssignmentSpec) -> str:
    if not _added(cell, spec):
        return ""
    where = "before it" if spec.roles[cell.known_as] is Role.TEST else "below it"
    return f" What you had added there was taken as a cell of your own {where}."


def _notes_on_a_source(cell: _Theirs, which: str) -> list[str]:
    if len(cell.source) > _longest(cell.type):
        return [
            f"{which} holds {len(cell.source):,} characters; up to {_longest(cell.type):,} are taken, so it was left out."
        ]
    if _size(cell.attachments) > LARGEST_PICTURES:
        return [
            f"{which} has pictures of more than {LARGEST_PICTURES // 1_000_000} MB, so they were left out: "
            "make them smaller."
        ]
    if other := _not_shown(cell.attachments):
        return [
            f"{which} has a picture that is not shown ({other}): save it as PNG or JPEG, and put it in anew."
        ]
    if has_conflict(cell.source):
        return [
            f"{which} has conflict marks (<<<<<<<): two versions were put together. Keep one, and hand in again."
        ]
    return []


def _not_shown(attachments) -> str:
    """Which attachment of a cell is of no kind that a page shows; empty if there is none."""
    pairs = attachments.items() if isinstance(attachments, Mapping) else ()
    names = (
        name
        for name, kinds in pairs
        if isinstance(kinds, Mapping) and kinds and not KINDS.keys() & kinds.keys()
    )
    return _short(next(names, ""))


def _longest(kind: str) -> int:
    return LONGEST_CODE if kind == "code" else LONGEST_SOURCE


def has_conflict(text: str) -> bool:
    """Are there marks of a merge in which nobody has chosen yet?"""
    marks = {line[0] for line in CONFLICT.findall(text)}
    return "<" in marks and len(marks) > 1


def is_locked(cell) -> bool:
    """Is this a cell of the released notebook of which the student's text is not taken?"""
    marks = cell.metadata.get("nbgrader", {})
    return not marks.get("solution") and bool(marks.get("locked") or marks.get("grade"))


def _notebook(
    parts: Iterable[tuple[str | None, _Theirs | None]], spec: AssignmentSpec
) -> nbformat.NotebookNode:
    taken = {cell.get("id") for cell in spec.cells.values()}
    cells = []
    for grade_id, theirs in parts:
        if grade_id:
            cell = copy.deepcopy(spec.cells[grade_id])
            if is_locked(cell):
                cell.source = spec.whole.get(grade_id, cell.source)
            elif theirs and len(theirs.source) <= _longest(cell.cell_type):
                cell.source = theirs.source
        else:
            cell = _own_cell(theirs)
            cell.id = theirs.id if _may_be_used(theirs.id, taken) else _fresh(taken)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif theirs and not (grade_id and is_locked(cell)) and (pictures := _pictures(theirs.attachments)):
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


def _own_cell(theirs: _Theirs) -> nbformat.NotebookNode:
    source = theirs.source if len(theirs.source) <= _longest(theirs.type) else ""
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


def _pictures(attachments) -> dict:
    """The attachments that are pictures, shaped as they must be."""
    found = {}
    for name, kinds in attachments.items() if isinstance(attachments, Mapping) else ():
        if isinstance(kinds, Mapping):
            pictures = {
                kind: data
                for kind, data in kinds.items()
                if kind in KINDS and isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
            }
            if pictures:
                found[str(name).encode("utf-8", "replace").decode("utf-8")] = pictures
    return nbformat.from_dict({} if _size(found) > LARGEST_PICTURES else found)


def _size(attachments) -> int:
    """How many characters the attachments have, of whatever shape they are."""
    every = attachments.values() if isinstance(attachments, Mapping) else ()
    return sum(
        len(data)
        for kinds in every
        if isinstance(kinds, Mapping)
        for data in kinds.values()
        if isinstance(data, str)
    )


def _may_be_used(cell_id: str | None, taken: set) -> bool:
    return cell_id is not None and cell_id not in taken and CELL_ID.fullmatch(cell_id) is not None


def _fresh(taken: set) -> str:
    """An id that is the same in every run, so that the same work gives the same file."""
    return next(name for number in range(len(taken) + 1) if (name := f"own-{number}") not in taken)


def _list(value) -> list:
    return value if isinstance(value, list) else []


def _short(value) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "?" for c in text)[:60]
