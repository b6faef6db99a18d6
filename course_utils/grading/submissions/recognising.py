"""Which cell of a submitted notebook is which of the released ones, and what in a locked one is the student's."""

import ast
import re
from collections.abc import Mapping

from course_utils.grading.assignment import AssignmentSpec
from course_utils.grading.submissions.submitted_cell import SubmittedCell, is_locked, lines_of

KNOWN_SHARE = 0.8  # of the lines of a locked cell by which it is known
LONG_LINE = 12  # characters of a released line that is known where it was written on
MADE = re.compile(r"^(?:([A-Za-z_]\w*) *=(?!=)|def +([A-Za-z_]\w*))", re.MULTILINE)


def recognise(theirs: list[SubmittedCell], spec: AssignmentSpec) -> dict[str, SubmittedCell]:
    """The student's cell for each cell of the spec that is there: by its name, its id, its text or its place."""
    found: dict[str, SubmittedCell] = {}

    def know(cell: SubmittedCell, grade_id: str) -> None:
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


def _by_text(theirs: list[SubmittedCell], found: Mapping, spec: AssignmentSpec) -> dict[str, SubmittedCell]:
    """The cells that have no name, and the lines of a locked one: a program may have dropped what nbgrader wrote."""
    known: dict[str, SubmittedCell] = {}
    without = [cell for cell in theirs if not cell.known_as and not cell.grade_id]
    for grade_id, released in spec.cells.items():
        lines = lines_of(released.source)
        if grade_id in found or not is_locked(released) or not lines:
            continue
        for place, cell in enumerate(without):
            if cell.type == released.cell_type and len(lines & cell.lines) >= KNOWN_SHARE * len(lines):
                known[grade_id] = cell
                del without[place]
                break
    return known


def _by_place(
    theirs: list[SubmittedCell], found: Mapping[str, SubmittedCell], by_text: set[str], spec: AssignmentSpec
) -> dict[str, SubmittedCell]:
    """Answers without names: between two cells that were known by their text, the one that makes the same name, else the first."""
    known: dict[str, SubmittedCell] = {}
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


def added_to(cell: SubmittedCell, spec: AssignmentSpec) -> "SubmittedCell | None":
    """What a student wrote into a locked cell, besides what was released there; None where that is nothing."""
    released = spec.cells[cell.known_as]
    if not is_locked(released) or cell.source.strip() == released.source.strip():
        return None
    known = f"{released.source}\n{spec.whole.get(cell.known_as, '')}"
    source = (_new_statements if cell.type == "code" else _new_lines)(cell.source, known)
    if not source.strip():
        return None
    pictures = cell.attachments if "attachment:" in source else None
    return SubmittedCell({"cell_type": cell.type, "source": source, "attachments": pictures})


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
    known = lines_of(released)
    kept = []
    for line in source.splitlines():
        plain = " ".join(line.split())
        if plain in known:
            continue
        begun = max((one for one in known if plain.startswith(one)), key=len, default="")
        kept.append(line if len(begun) < LONG_LINE else plain[len(begun) :].strip())
    return "\n".join(kept).strip("\n")
