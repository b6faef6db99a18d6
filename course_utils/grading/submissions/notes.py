"""What a student is told of a notebook that was restored, and why a person must look at it."""

from collections.abc import Mapping

from course_utils.grading.assignment import AssignmentSpec
from course_utils.grading.execution.job import Role
from course_utils.grading.submissions import pictures
from course_utils.grading.submissions.recognising import added_to
from course_utils.grading.submissions.submitted_cell import (
    SubmittedCell,
    has_conflict,
    is_locked,
    longest,
    short,
)
from course_utils.messages import say

# In the metadata of a submission, as reading.py reads it: the format of the file.
FORMAT = "course_format"
MOST_UNNAMED = 3  # of which each is named


def notes_on_the_file(submitted: Mapping, spec: AssignmentSpec) -> list[str]:
    """A sentence for each thing that was not as it was released in a notebook's format and kernel."""
    notes = []
    metadata = submitted.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    formats = metadata.get(FORMAT)
    major, minor = formats if isinstance(formats, list) and len(formats) == 2 else (4, 5)
    if major != 4:
        notes.append(say("restored.old_format", major=short(major)))
    elif isinstance(minor, int) and minor < spec.released.nbformat_minor:
        notes.append(say("restored.older_format", minor=minor))
    kernel = metadata.get("kernelspec")
    language = metadata.get("language_info")
    ours = spec.released.metadata.get("kernelspec", {}).get("language", "python")
    spoken = [
        part.get("language") or part.get("name") for part in (kernel, language) if isinstance(part, Mapping)
    ]
    if not isinstance(kernel, Mapping) or not kernel:
        notes.append(say("restored.no_kernel"))
    elif not any(isinstance(name, str) and name.lower().startswith(ours) for name in spoken):
        notes.append(say("restored.other_kernel", kernel=short(spoken[0])))
    return notes


def notes_on_the_cells(
    theirs: list[SubmittedCell], found: Mapping[str, SubmittedCell], spec: AssignmentSpec
) -> list[str]:
    """A sentence for each thing that happened to the cells.

    Parameters
    ----------
    theirs : all cells of the student's.
    found : as :func:`recognise` gives it.
    """
    notes: list[str] = []
    unnamed: list[str] = []
    for grade_id, released in spec.cells.items():
        name = say(f"restored.cell_{released.cell_type}", name=grade_id)
        cell = found.get(grade_id)
        if cell is None:
            notes.append(say("restored.missing", cell=name))
            continue
        if copies := sum(1 for other in theirs if other.is_copy and other.grade_id == grade_id):
            key = "restored.twice" if copies == 1 else "restored.several_times"
            notes.append(say(key, cell=name, times=copies + 1))
        if cell.grade_id != grade_id:
            unnamed.append(say("restored.unnamed", cell=name))
        elif cell.points_and_marks() != SubmittedCell(released).points_and_marks():
            notes.append(say("restored.marks", cell=name))
        if cell.type != released.cell_type:
            notes.append(say(f"restored.became_{cell.type}", cell=name))
        if added := sorted(set(cell.tags) - set(SubmittedCell(released).tags)):
            notes.append(say("restored.tags", cell=name, tags=short(", ".join(added))))
        if is_locked(released) and cell.source.strip() != released.source.strip():
            notes.append(say(_changed(cell, spec), cell=name))
        elif not is_locked(released):
            notes += _notes_on_a_source(cell, say("restored.the_cell", cell=name))
    if len(unnamed) > MOST_UNNAMED:
        unnamed = [say("restored.unnamed_several", number=len(unnamed))]
    notes += unnamed
    places = [theirs.index(found[grade_id]) for grade_id in spec.cells if grade_id in found]
    if places != sorted(places):
        notes.append(say("restored.order"))
    for cell in theirs:
        if not cell.known_as:
            if cell.grade_id and not cell.is_copy:
                notes.append(say("restored.no_question", name=short(cell.grade_id)))
            notes += _notes_on_a_source(cell, say("restored.own_cell"))
    return list(dict.fromkeys(notes))


def _changed(cell: SubmittedCell, spec: AssignmentSpec) -> str:
    """What to say of a locked cell that was changed."""
    if not added_to(cell, spec):
        return "restored.changed"
    return "restored.added_above" if spec.roles[cell.known_as] is Role.TEST else "restored.added_below"


def _notes_on_a_source(cell: SubmittedCell, which: str) -> list[str]:
    if len(cell.source) > longest(cell.type):
        length, most = len(cell.source), longest(cell.type)
        return [say("restored.too_long", which=which, length=length, most=most)]
    if pictures.size_of(cell.attachments) > pictures.LARGEST:
        return [say("restored.pictures_too_large", which=which, most=pictures.LARGEST // 1_000_000)]
    if other := short(pictures.not_shown(cell.attachments)):
        return [say("restored.picture_not_shown", which=which, picture=other)]
    if has_conflict(cell.source):
        return [say("restored.conflict", which=which)]
    return []


def why_look(theirs: list[SubmittedCell], found: Mapping, spec: AssignmentSpec) -> str:
    """Why a person must look at the file: most answers were not in it, and something else is."""
    answers = [grade_id for grade_id, role in spec.roles.items() if role is Role.ANSWER]
    missing = [grade_id for grade_id in answers if grade_id not in found]
    others = [cell for cell in theirs if not cell.known_as and not cell.is_copy and cell.source.strip()]
    if len(missing) * 2 <= len(answers) or not others:
        return ""
    return say("restored.put_back", missing=len(missing), answers=len(answers))
