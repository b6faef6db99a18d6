"""What is fed back holds no hidden test: neither its lines, nor a stack trace through them, nor a print of them.

Stock nbgrader puts all of these into the feedback (jupyter/nbgrader#917, #1363).
"""

import copy
import re

import nbformat
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_solution
from traitlets import List, Unicode

# Shorter lines, such as "),", tell nothing, and stand in students' work as well.
SHORTEST_TELLING_LINE = 12


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
        return nb, resources

    def preprocess_cell(self, cell, resources, cell_index):
        if cell.cell_type != "code" or not is_grade(cell) or is_solution(cell):
            return cell, resources
        if self._remove_hidden_test_region(cell):
            cell.source = f"{cell.source.rstrip()}\n{self.notice}".lstrip()
        cell.outputs = [_one_sentence(output) for output in cell.outputs]
        return cell, resources


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
