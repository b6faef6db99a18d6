"""Bring a submitted notebook back to the shape of the released one, keeping only what the student wrote.

Stock nbgrader stops a whole batch when one student has copied a cell (jupyter/nbgrader#1083), leaves a question
ungraded when its test cell is missing, and obeys cell tags such as ``skip-execution``.
"""

import copy
from pathlib import Path

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from course_utils.errors import CourseError


class RestoreCells(NbGraderPreprocessor):
    """Rebuild each graded cell from the released notebook and the source that the student wrote in it.

    One rule for each accident:

    - a cell that occurs twice: the first keeps the grade, later copies become ordinary cells;
    - a deleted cell: put back at its place, as released;
    - a cell whose marks, type or tags were changed: has those of the released notebook again;
    - a cell that belongs to another notebook: becomes an ordinary cell.
    """

    copied_note = Unicode(
        "*The next cell is a copy of another one. Only the first one was graded.*",
        help="What the student reads above a copied cell",
    ).tag(config=True)

    deleted_note = Unicode(
        "*The next cell was missing from your notebook. It was put back as you got it.*",
        help="What the student reads above a cell that was put back",
    ).tag(config=True)

    def preprocess(self, nb, resources):
        released = self._released_notebook(resources["nbgrader"])
        graded = {grade_id: cell for cell in released.cells if (grade_id := grade_id_of(cell))}
        place = {}
        cells = []
        for cell in nb.cells:
            grade_id = grade_id_of(cell)
            if grade_id in graded and grade_id not in place:
                cell = _with_source_of(graded[grade_id], cell)
                place[grade_id] = cell
            else:
                if grade_id in place:
                    self.log.warning(
                        "%s: the cell '%s' occurs twice", resources["nbgrader"]["student"], grade_id
                    )
                    cells.append(nbformat.v4.new_markdown_cell(self.copied_note))
                cell = _as_ordinary(cell)
            cells.append(cell)
        cells = self._with_deleted_cells(cells, place, graded, resources["nbgrader"]["student"])
        nb.cells = _with_ids_of_their_own(cells)
        nb.nbformat, nb.nbformat_minor = released.nbformat, released.nbformat_minor
        return nb, resources

    def _with_deleted_cells(self, cells, place, graded, student):
        behind = 0
        for grade_id, released in graded.items():
            if grade_id in place:
                behind = 1 + next(i for i, cell in enumerate(cells) if cell is place[grade_id])
                continue
            self.log.warning("%s: the cell '%s' is missing and was put back", student, grade_id)
            cells[behind:behind] = [nbformat.v4.new_markdown_cell(self.deleted_note), copy.deepcopy(released)]
            behind += 2
        return cells

    def _released_notebook(self, names):
        # The parents are the exporter and nbgrader's converter, which knows the course directory.
        coursedir = self.parent.parent.coursedir
        folder = Path(coursedir.format_path(coursedir.release_directory, ".", names["assignment"]))
        path = folder / f"{names['notebook']}.ipynb"
        if not path.exists():
            raise CourseError(
                f"The released version of {path.name} is not in {folder.parent.name}/{folder.name}: "
                f"run nbgrader generate_assignment {names['assignment']} first."
            )
        return nbformat.read(path, as_version=4)


def grade_id_of(cell) -> str | None:
    """The name under which nbgrader knows a cell; None for an ordinary cell."""
    marks = cell.metadata.get("nbgrader")
    return marks.get("grade_id") if isinstance(marks, dict) else None


def _with_source_of(released, cell):
    restored = copy.deepcopy(released)
    restored.source = cell.source
    if restored.cell_type == "markdown" and cell.get("attachments"):
        restored.attachments = cell.attachments
    return restored


def _as_ordinary(cell):
    for key in ("nbgrader", "tags", "deletable", "editable"):
        cell.metadata.pop(key, None)
    return cell


def _with_ids_of_their_own(cells):
    taken = set()
    for cell in cells:
        if cell.get("id") is None or cell.id in taken:
            cell.id = nbformat.v4.new_raw_cell().id
        taken.add(cell.id)
    return cells
