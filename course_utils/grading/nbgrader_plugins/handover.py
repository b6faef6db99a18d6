"""What one step of nbgrader's autograding leaves to the next, so that nothing is read, restored or run twice.

It lies on nbgrader's converter, for one student at a time. Where nobody has restored a notebook yet, RestoreRelease does.
"""

from dataclasses import dataclass

from course_utils.grading.assignment import AssignmentSpec, read_spec
from course_utils.grading.execution.job import ExecutionResult
from course_utils.grading.submissions.restoring import Restored


@dataclass(frozen=True)
class Handover:
    """One student's notebook, restored, and what came of it if it has run already."""

    student: str
    notebook: str
    restored: Restored
    result: ExecutionResult | None = None


def hand_over(converter, *handovers: Handover) -> None:
    """Leave notebooks of one student to the steps that follow, in place of what was left before."""
    kept = vars(converter).get("handovers", ())
    student = {one.student for one in handovers}
    converter.handovers = (*(one for one in kept if one.student in student), *handovers)


def handed_over(converter, student: str, notebook: str) -> Handover | None:
    """What was left of a student's notebook; None where nothing was."""
    for one in reversed(vars(converter).get("handovers", ())):
        if (one.student, one.notebook) == (student, notebook):
            return one
    return None


def spec_of(converter, assignment: str, notebook: str) -> AssignmentSpec:
    """What a notebook asks, read once for each of nbgrader's converters, which grades one assignment."""
    specs = vars(converter).setdefault("specs", {})
    if (assignment, notebook) not in specs:
        specs[assignment, notebook] = read_spec(converter.coursedir, assignment, notebook)
    return specs[assignment, notebook]
