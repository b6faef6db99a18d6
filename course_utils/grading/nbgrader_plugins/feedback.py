"""What a student gets back: one page, made by ``nbgrader generate_feedback``, that holds no hidden test.

Neither a hidden test's lines, nor a stack trace through them, nor a print of them.
Stock nbgrader puts all of these into the feedback (jupyter/nbgrader#917, #1363).
"""

import copy
import re
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter
from nbgrader.api import MissingEntry
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from nbgrader.utils import is_grade, is_solution
from traitlets import List, Unicode, default

from course_utils.grading.feedback.page import page
from course_utils.grading.per_student import in_a_sentence
from course_utils.grading.privacy import keep_closed
from course_utils.grading.submissions.library_owner import worked_on_another
from course_utils.messages import say

# Shorter lines, such as "),", tell nothing, and stand in students' work as well.
SHORTEST_TELLING_LINE = 12


class FeedbackExporter(Exporter):
    """A graded notebook as a page: self-contained, without scripts, for every reader.

    It stands in the place of nbconvert's HTML exporter, whose templates fetch scripts from the net and trust what
    a student wrote. The preprocessors of ``GenerateFeedback`` run before it, as always.
    """

    output_mimetype = "text/html"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # Anybody may make a page of a notebook with it; nbgrader's converter is what writes into the class's folder.
        if isinstance(self.parent, BaseConverter):
            keep_closed(self.parent)

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_filename(self, filename, resources=None, **kw):
        student = resources["nbgrader"]["student"] if resources else ""
        with in_a_sentence(student, "has no feedback page", getattr(self.parent, "coursedir", None)):
            return super().from_filename(filename, resources=resources, **kw)

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        if said := self._about_the_library(resources["nbgrader"]):
            about = nb.metadata.get("course")
            about = about if isinstance(about, dict) else {}
            notes = about.get("notes")
            nb.metadata["course"] = {**about, "notes": [said, *(notes if isinstance(notes, list) else [])]}
        return page(nb, resources), resources

    def _about_the_library(self, names) -> str:
        """What the student should know of the library, where it was another one than grading's."""
        coursedir = getattr(self.parent, "coursedir", None)
        if coursedir is None:
            return ""
        student = names["student"]
        folder = coursedir.format_path(coursedir.submitted_directory, student, names["assignment"])
        worked_on = worked_on_another(Path(folder), student)
        return say("feedback.other_library", worked_on=worked_on, student=student) if worked_on else ""


class ReadMarks(GetGrades):
    """Write what the gradebook says into the cells: nbgrader's ``GetGrades``, and what is still to be decided.

    A graded cell gets ``score``, ``points``, ``auto_score``, ``manual_score``, ``extra_credit`` and ``pending``; an answer gets the
    instructor's ``comment``. The student's name goes into the resources.
    """

    def _get_score(self, cell, resources):
        about = cell.metadata["nbgrader"]
        try:
            grade = self.gradebook.find_grade(*self._place(about))
        except MissingEntry:  # a cell that was not in the assignment when it was made ready
            about["grade"] = about["task"] = False
            return
        student = grade.notebook.assignment.student
        names = (student.first_name, student.last_name)
        resources["nbgrader"]["name"] = " ".join(name for name in names if name)
        about["score"] = grade.score
        about["points"] = grade.max_score
        about["auto_score"], about["manual_score"] = grade.auto_score, grade.manual_score
        about["extra_credit"] = grade.extra_credit
        about["pending"] = bool(grade.needs_manual_grade)

    def _get_comment(self, cell, resources):
        about = cell.metadata["nbgrader"]
        try:
            about["comment"] = self.gradebook.find_comment(*self._place(about)).manual_comment
        except MissingEntry:
            about["comment"] = None

    def _place(self, about):
        return about["grade_id"], self.notebook_id, self.assignment_id, self.student_id


class HideTests(ClearHiddenTests):
    """Leave out hidden tests, and shorten what a test cell said to its last sentence.

    The marks that enclose a hidden test are those set for nbgrader's ``ClearHiddenTests``.
    """

    notice = Unicode(
        "# More tests ran here when your work was graded.", help="What stands in the place of hidden tests"
    ).tag(config=True)

    withheld = Unicode(
        "This output is not shown: it contained the text of a test.", help="What stands in place of an output"
    ).tag(config=True)

    # nbconvert's HTML exporter sets this for everybody, and nbgrader's base class would warn that it is unknown.
    display_data_priority = List(help="Not used here").tag(config=True)

    def preprocess(self, nb, resources):
        before = {id(cell): _lines(cell.source) for cell in nb.cells}
        nb, resources = super().preprocess(nb, resources)
        shown = set().union(*(_lines(cell.source) for cell in nb.cells))
        hidden = {
            line
            for cell in nb.cells
            for line in before[id(cell)] - shown
            if len(line) >= SHORTEST_TELLING_LINE
        }
        for cell in nb.cells:
            cell_outputs = cell.get("outputs", [])
            if any(_tells(output, hidden) for output in cell_outputs):
                cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text=self.withheld)]
            _withhold(cell.metadata, hidden)
        _withhold(nb.metadata, hidden)
        return nb, resources

    def preprocess_cell(self, cell, resources, cell_index):
        if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
            return cell, resources
        if self._remove_hidden_test_region(cell):
            cell.source = f"{cell.source.rstrip()}\n{self.notice}".lstrip()
        cell.outputs = [_one_sentence(output) for output in cell.outputs]
        return cell, resources


def _withhold(metadata, hidden: set[str]) -> None:
    """Of what grading wrote into the metadata, hide each text that holds a line of a hidden test."""
    if "course" in metadata:
        metadata["course"] = _without(metadata["course"], hidden)


def _without(value, hidden: set[str]):
    if isinstance(value, str):
        return say("feedback.withheld") if _tells(value, hidden) else value
    if isinstance(value, dict):
        return type(value)({key: _without(part, hidden) for key, part in value.items()})
    if isinstance(value, list):
        return [_without(part, hidden) for part in value]
    return value


def _one_sentence(output):
    if output.output_type != "error":
        return output
    output = copy.copy(output)
    of_a_check = output.ename in ("NotYet", "AssertionError")
    sentence = output.evalue if of_a_check else f"{output.ename}: {output.evalue}"
    output.traceback = [sentence or "A test did not pass."]
    return output


def _tells(output, hidden: set[str]) -> bool:
    text = _bare("\n".join(_strings(output)))
    return any(line in text for line in hidden)


def _lines(source: str) -> set[str]:
    return {_bare(line) for line in source.splitlines()}


def _bare(text: str) -> str:
    """Without spaces and backslashes, so that a line is known again within JSON."""
    return re.sub(r"[\s\\]+", "", text)


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
