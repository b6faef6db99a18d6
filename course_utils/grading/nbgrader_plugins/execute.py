"""The step of nbgrader's autograding that runs a notebook: a job goes to a worker, a result comes back.

`nbgrader autograde`, Formgrader's button and `course grade` all come through here. The last of them has run the job
already, and hands its result over; for the others, what anybody ran before is in the cache.
"""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict, Unicode, default

from course_utils.grading.assignment import AssignmentSpec, grade_id_of
from course_utils.grading.execution.cache import ResultCache, entry_of
from course_utils.grading.execution.grader_version import kit_version
from course_utils.grading.execution.job import ExecutionResult, Job, Role, State
from course_utils.grading.execution.warm_workers import worker_for
from course_utils.grading.feedback.sanitise import Cleaning, ids_of_formgrader
from course_utils.grading.limits import Limits, bounds
from course_utils.grading.nbgrader_plugins.handover import handed_over, spec_of
from course_utils.grading.privacy import is_shared
from course_utils.grading.sandbox.hidden import places
from course_utils.grading.submissions.submitted_cell import is_locked


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
    def results(self) -> ResultCache | None:
        return ResultCache(Path(self.cache), is_shared(self.config)) if self.cache else None

    def entry(self, job: Job) -> str:
        """The name of a job's entry in the cache."""
        return entry_of(job, kit_version(), self.bounds, self.sandbox)

    def known(self, entry: str, job: Callable[[], Job]) -> ExecutionResult | None:
        """What is in the cache of a job, unless all is to be run again."""
        result = self.results.get(entry) if self.results and not self.fresh else None
        return result if result is not None and result.is_of(job()) else None

    def keep(self, entry: str, result: ExecutionResult) -> None:
        """Put a result into the cache, unless it tells of a fault of ours: that one is tried again next time."""
        if self.results and not any(one.state is State.OUR_FAULT for one in result.results):
            self.results.put(entry, result)

    def preprocess(self, nb, resources):
        """See nbgrader: run what was not run yet, and write what came of it into the notebook."""
        names, converter = resources["nbgrader"], self.parent.parent
        spec = spec_of(converter, names["assignment"], names["notebook"])
        left = handed_over(converter, names["student"], names["notebook"])  # by RestoreRelease at the latest
        job = left.restored.job
        entry = self.entry(job)
        result = left.result or self.known(entry, lambda: job)
        if result is None:
            result = worker_for(self.sandbox, self.bounds, self.hidden).run_job(job)
            self.keep(entry, result)
        write_results(nb, result, spec)
        nb.metadata["course"]["entry"] = entry
        return nb, resources


def write_results(nb: nbformat.NotebookNode, result: ExecutionResult, spec: AssignmentSpec) -> None:
    """Write what came of each cell into a rebuilt notebook: outputs for people, ``metadata.course`` for programs."""
    before = nb.metadata.get("course", {})
    nb.metadata["course"] = {
        "key": result.key,
        "kit": result.kit,
        "sandbox": result.sandbox,
        "flags": list(result.flags),
        "notes": list(before.get("notes", [])),
    }
    # Most of the work may not be where it is graded: somebody is asked at the first test.
    review = before.get("review", "")
    number, cleaning, taken = 0, Cleaning(), ids_of_formgrader(spec.cells)
    given = {cell.source.strip() for cell in spec.released.cells if not grade_id_of(cell)}
    for cell, of_cell in zip(nb.cells, result.results, strict=True):
        grade_id = grade_id_of(cell)
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            cell.outputs = [nbformat.from_dict(output) for output in cleaning.outputs(of_cell.outputs)]
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number
            cell.metadata["course"] = {
                "role": str(spec.roles.get(grade_id, Role.EXTRA)),
                "state": of_cell.state and str(of_cell.state),
                "score": of_cell.score,
                "points": float(cell.metadata.get("nbgrader", {}).get("points", 0)),
                "message": of_cell.message,
                "misconception": of_cell.misconception,
                "review": of_cell.review or (review if of_cell.state else ""),
                "cell_error": of_cell.cell_error and asdict(of_cell.cell_error),
                "seconds": of_cell.seconds,
                "cpu": of_cell.cpu,
            }
            review = "" if of_cell.state else review
            continue
        released = spec.cells.get(grade_id)
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
