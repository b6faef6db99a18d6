"""What a notebook of an assignment asks: as students got it, and with everything that tests it.

The released notebook comes from nbgrader's folder ``release``. The whole tests come from the gradebook, into which
``nbgrader generate_assignment`` wrote them, so that they need not lie about in a file.
"""

import ast
import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from course_utils.checks.questions import file_of
from course_utils.errors import CourseError
from course_utils.grading.auxiliary_files import own_files
from course_utils.grading.database import open_gradebook
from course_utils.grading.execution.job import Role
from course_utils.kit import kit_folder
from course_utils.tables import SCHEMAS

TEST = "test_"
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
NUMBERED = re.compile(r"Question \d+\b")
WORD = re.compile(r"[A-Za-z_]\w*")


def grade_id_of(cell) -> str | None:
    """The name under which nbgrader knows a cell; None for an ordinary cell."""
    marks = cell.get("metadata", {}).get("nbgrader") if isinstance(cell.get("metadata"), dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) and name else None


@dataclass(frozen=True)
class AssignmentSpec:
    """One notebook of an assignment.

    ``released`` is the notebook as students got it; ``whole`` gives each locked cell with everything in it, by its
    grade_id; ``files`` are the assignment's own files beside it; ``siblings`` names all notebooks of the assignment;
    ``questions`` is the text that declares its questions, empty where none does.
    """

    assignment: str
    notebook: str
    released: nbformat.NotebookNode
    whole: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    siblings: tuple[str, ...] = ()
    questions: str = ""

    @functools.cached_property
    def cells(self) -> dict[str, nbformat.NotebookNode]:
        """The cells that nbgrader knows, by grade_id, in the order of the released notebook."""
        return {grade_id: cell for cell in self.released.cells if (grade_id := grade_id_of(cell))}

    @functools.cached_property
    def roles(self) -> dict[str, Role]:
        """The role of each cell that nbgrader knows."""
        return {grade_id: role_of(cell) for grade_id, cell in self.cells.items()}

    @functools.cached_property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """For each test, the answer cells that it tests.

        ``test_NAME`` tests ``NAME``; a test of another name tests the answers since the test before it, and the
        same as that one where there are none.
        """
        found: dict[str, tuple[str, ...]] = {}
        since: list[str] = []
        before: tuple[str, ...] = ()
        for grade_id, role in self.roles.items():
            if role is Role.ANSWER:
                since.append(grade_id)
            elif role is Role.TEST:
                named = grade_id.removeprefix(TEST)
                if named != grade_id and self.roles.get(named) is Role.ANSWER:
                    before = (named,)
                else:
                    before = tuple(since) or before
                found[grade_id] = before
                since = []
        return found

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """What to call each cell when speaking of it: ``"Question 5"`` where a heading says so, else its name."""
        return labels_of(self.released.cells)

    @functools.cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables of the student's library that the set-up and the questions name: they are built before its turn.

        Any other is left to be built when somebody uses it: each table costs time for every student.
        """
        code = [self.whole.get(name, "") for name, role in self.roles.items() if role is Role.SETUP]
        named = set().union(*map(_names_in, [*code, self.questions]))
        return tuple(name for name in SCHEMAS if name in named)

    @functools.cached_property
    def version(self) -> str:
        """Changes whenever something changes in the assignment that a submission meets."""
        cells = [(cell.cell_type, cell.source, cell.metadata.get("nbgrader")) for cell in self.released.cells]
        files = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        text = json.dumps([cells, dict(self.whole), files, self.questions], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _names_in(source: str) -> set[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a cell may hold magics
        return set(WORD.findall(source))
    arguments = [argument for node in nodes if isinstance(node, ast.Call) for argument in node.args]
    subscripts = [node.slice for node in nodes if isinstance(node, ast.Subscript)]
    return (
        {node.id for node in nodes if isinstance(node, ast.Name)}
        | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        | {
            node.value
            for node in (*arguments, *subscripts)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    )


def labels_of(cells) -> dict[str, str]:
    """Of each cell that nbgrader knows, what to call it: ``"Question 5"`` where a heading above says so."""
    found, title = {}, ""
    for cell in cells:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        grade_id = grade_id_of(cell)
        if cell["cell_type"] == "markdown" and (headings := HEADING.findall(source)):
            title = headings[-1]
        if grade_id:
            numbered = NUMBERED.match(title)
            found[grade_id] = numbered[0] if numbered else grade_id.removeprefix(TEST)
    return found


def role_of(cell) -> Role:
    """The role of a cell of the released notebook."""
    marks = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code":
        return Role.WORDS
    if marks.get("solution"):
        return Role.ANSWER
    if marks.get("grade"):
        return Role.TEST
    return Role.SETUP if marks.get("locked") else Role.EXTRA


def notebooks_of(coursedir, assignment: str) -> list[str]:
    """The names of an assignment's notebooks. Raises ``CourseError`` if the gradebook knows no such assignment."""
    with open_gradebook(coursedir) as gradebook:
        return [notebook.name for notebook in _find(gradebook.find_assignment, assignment).notebooks]


def read_spec(
    coursedir, assignment: str, notebook: str, gradebook: Gradebook | None = None
) -> AssignmentSpec:
    """What a notebook of an assignment asks.

    Parameters
    ----------
    coursedir : nbgrader's CourseDirectory.
    gradebook : an open one; another is opened without it.

    Raises
    ------
    CourseError
        If the assignment was not made ready with ``nbgrader generate_assignment``, or only half so.
    """
    if gradebook is None:
        with open_gradebook(coursedir) as opened:
            return read_spec(coursedir, assignment, notebook, opened)
    folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment)).resolve()
    path = folder / f"{notebook}.ipynb"
    if not path.exists():
        raise CourseError(
            f"The released version of {path.name} is not in {folder.parent.name}/{folder.name}: "
            f"run nbgrader generate_assignment {assignment} first."
        )
    known = _find(gradebook.find_notebook, assignment, notebook)
    spec = AssignmentSpec(
        assignment,
        notebook,
        nbformat.read(path, as_version=4),
        {cell.name: cell.source for cell in known.source_cells if cell.locked},
        own_files(folder),
        tuple(sorted(other.name for other in known.assignment.notebooks)),
        read_questions(coursedir, assignment),
    )
    locked = {name for name, role in spec.roles.items() if role in (Role.SETUP, Role.TEST)}
    if not locked <= set(spec.whole):
        raise CourseError(
            f"The gradebook and the released version of {path.name} do not fit together: "
            f"run nbgrader generate_assignment {assignment} --force."
        )
    return spec


def read_questions(coursedir, assignment: str) -> str:
    """The text that declares the questions of an assignment: the course's own, else the kit's; empty without any."""
    kit = kit_folder() / "assignments"
    folders = [Path(coursedir.root), *([kit] if (kit / "source" / assignment).is_dir() else [])]
    files = (file_of(folder, assignment) for folder in folders)
    return next((path.read_text(encoding="utf-8") for path in files if path.is_file()), "")


def _find(find, assignment: str, *notebook: str):
    try:
        return find(*notebook, assignment)
    except MissingEntry:
        raise CourseError(
            f"The gradebook knows no assignment {assignment}: run nbgrader generate_assignment {assignment} first."
        ) from None
