"""The step of nbgrader's autograding that runs a notebook: a sheet goes to the examiner's room, a record comes back.

`nbgrader autograde`, Formgrader's button and `course grade` all come through here. What the last of them has already
run, or what anybody ran before, is in the cache.
"""

import os
import weakref
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Unicode, default

from course_utils.grading.assignment import Paper, grade_id_of, read_paper
from course_utils.grading.execution.cache import Records, entry_of
from course_utils.grading.execution.job import Record, Role, Sheet, State
from course_utils.grading.execution.warm_workers import room_for
from course_utils.grading.execution.worker import kit_version
from course_utils.grading.feedback.sanitise import Cleaning, ids_of_formgrader
from course_utils.grading.limits import Limits, bounds
from course_utils.grading.privacy import is_shared
from course_utils.grading.sandbox.hidden import places
from course_utils.grading.submissions.auxiliary_files import permitted_files
from course_utils.grading.submissions.restoring import is_locked, sheet_of

# One converter grades one assignment: what it asks is read once for all its students.
_papers: "weakref.WeakKeyDictionary" = weakref.WeakKeyDictionary()
# Records that `course grade` hands over to the step that writes them down, by the name of their entry.
handed_over: dict[str, Record] = {}


class Examine(NbGraderPreprocessor):
    """Run a rebuilt notebook, and write what came of each cell into it."""

    sandbox = Unicode(help="Which sandbox: auto, warm, cold or none; COURSE_SANDBOX says it for one run").tag(
        config=True
    )
    limits = Dict(help="Bounds that differ from those of limits.py, such as {'cell_cpu': 60}").tag(
        config=True
    )
    cache = Unicode(help="The folder of what was run before; nothing is kept without it").tag(config=True)
    fresh = Bool(False, help="Run everything again, whatever is in the cache").tag(config=True)

    @default("sandbox")
    def _sandbox_default(self):
        return os.environ.get("COURSE_SANDBOX", "").strip() or "auto"

    @property
    def bounds(self) -> Limits:
        return bounds(self.limits)

    @property
    def hidden(self) -> tuple[str, ...]:
        """What student code must not see of this class."""
        return places(self.config)

    @property
    def records(self) -> Records | None:
        return Records(Path(self.cache), is_shared(self.config)) if self.cache else None

    def entry(self, sheet: Sheet) -> str:
        """The name of a sheet's entry in the cache."""
        return entry_of(sheet, kit_version(), self.bounds, self.sandbox)

    def known(self, entry: str, sheet: Callable[[], Sheet]) -> Record | None:
        """What is in the cache of a sheet, unless all is to be run again."""
        record = self.records.get(entry) if self.records and not self.fresh else None
        return record if record is not None and record.is_of(sheet()) else None

    def keep(self, entry: str, record: Record) -> None:
        """Put a record into the cache, unless it tells of a fault of ours: that one is tried again next time."""
        if self.records and not any(result.state is State.OUR_FAULT for result in record.results):
            self.records.put(entry, record)

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        converter = self.parent.parent
        paper = paper_of(converter, names["assignment"], names["notebook"])
        files, _ = beside(converter.coursedir, paper, names["student"], self.bounds)
        sheet = sheet_of(nb, paper, names["student"], files)
        entry = self.entry(sheet)
        record = handed_over.pop(entry, None) or self.known(entry, lambda: sheet)
        if record is None:
            record = room_for(self.sandbox, self.bounds, self.hidden).examine(sheet)
            self.keep(entry, record)
        write_results(nb, record, paper)
        nb.metadata["course"]["entry"] = entry
        return nb, resources


def write_results(nb: nbformat.NotebookNode, record: Record, paper: Paper) -> None:
    """Write what came of each cell into a rebuilt notebook: outputs for people, ``metadata.course`` for programs."""
    before = nb.metadata.get("course", {})
    nb.metadata["course"] = {
        "key": record.key,
        "kit": record.kit,
        "sandbox": record.sandbox,
        "flags": list(record.flags),
        "notes": list(before.get("notes", [])),
    }
    number, cleaning, taken = 0, Cleaning(), ids_of_formgrader(paper.cells)
    given = {cell.source.strip() for cell in paper.released.cells if not grade_id_of(cell)}
    for cell, result in zip(nb.cells, record.results, strict=True):
        grade_id = grade_id_of(cell)
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            cell.outputs = [nbformat.from_dict(output) for output in cleaning.outputs(result.outputs)]
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number
            cell.metadata["course"] = {
                "role": str(paper.roles.get(grade_id, Role.EXTRA)),
                "state": result.state and str(result.state),
                "score": result.score,
                "points": float(cell.metadata.get("nbgrader", {}).get("points", 0)),
                "message": result.message,
                "misconception": result.misconception,
                "review": result.review,
                "trouble": result.trouble and asdict(result.trouble),
                "seconds": result.seconds,
                "cpu": result.cpu,
            }
            continue
        released = paper.cells.get(grade_id)
        if released is not None and is_locked(cell):
            continue
        if cell.source.strip() in (given if released is None else {released.source.strip()}):
            # Words that came with the assignment, such as the line to write an answer over.
            cell.metadata["course"] = {"untouched": True}
        if cell.get("attachments") or released is None or cell.source != released.source:
            source, pictures = cleaning.pictures(cell.source, cell.get("attachments"))
            cell.source = cleaning.words(source, pictures, taken)
            if "attachments" in cell:
                cell.attachments = nbformat.from_dict(pictures)


def paper_of(converter, assignment: str, notebook: str) -> Paper:
    """What a notebook asks, read once for each of nbgrader's converters."""
    papers = _papers.setdefault(converter, {})
    if (assignment, notebook) not in papers:
        papers[assignment, notebook] = read_paper(converter.coursedir, assignment, notebook)
    return papers[assignment, notebook]


def forget_papers(converter) -> None:
    """Read what a notebook asks again, the next time that this converter needs it."""
    _papers.pop(converter, None)


def beside(coursedir, paper: Paper, student: str, limits: Limits) -> tuple[dict[str, bytes], list[str]]:
    """What a student's code may read of the files beside the notebook, and what is to be said of the others."""
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, paper.assignment))
    names = frozenset(f"{name}.ipynb" for name in (paper.notebook, *paper.siblings))
    return permitted_files(folder, dict(paper.files), names, limits)
