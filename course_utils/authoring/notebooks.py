"""One lesson, two files: a text that people edit (md:myst) and the notebook that people open (.ipynb).

Both are committed, and both have one normal form, so that a comparison of content is a comparison of texts:

- no outputs, no execution counts, no trace of the program that saved the file;
- the kernel is ``python3``, and the notebook says that its language is Python;
- a cell's id comes from its ``grade_id``, or else from the heading that it stands under, so that the same text
  always gives the same ids and a changed sentence changes none.
"""

import copy
import json
import re
import unicodedata
import warnings
from pathlib import Path

import jupytext
import nbformat
from jupytext.config import JupytextConfiguration

from course_utils.errors import CourseError
from course_utils.kit import kit_folder, write_whole

# The lesson of the assignment 06_… is lesson_06_…, so that two tabs of the browser can be told apart.
LESSON = "lesson_"
FORMAT = {"extension": ".md", "format_name": "myst"}
METADATA_IN_TEXT = "all,-jupytext,-language_info,-widgets"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What the kernel itself reports, but for the version of Python, which changes from machine to machine.
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
NOTEBOOK_NOISE = {"celltoolbar", "colab", "jupytext", "toc", "varInspector", "vscode", "widgets"}
CELL_NOISE = {"ExecuteTime", "collapsed", "execution", "id", "scrolled", "trusted", "vscode"}
# JupyterLab writes these where an author has only looked at the panel of properties.
CELL_DEFAULTS = {
    "deletable": True,
    "editable": True,
    "slideshow": {"slide_type": ""},
    "tags": [],
    "jupyter": {},
}

HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$")
BLANK_START = re.compile(r"\A([^\S\n]*\n)+")
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """The notebook in ``path``, in normal form.

    Raises
    ------
    CourseError
        If the file is not a notebook, or has something that the text could not hold.
    """
    return from_string(_read_file(path), path)


def read_lessons(kit: Path) -> dict[str, nbformat.NotebookNode]:
    """The lessons of the kit, by their names, in the order of the course."""
    return {path.stem: read_notebook(path) for path in sorted((kit / "notebooks").glob("*.ipynb"))}


def read_raw(path: Path) -> nbformat.NotebookNode:
    """The notebook in ``path`` as it is there, outputs and all. Raises ``CourseError`` if it is not a notebook."""
    return _from_json(_read_file(path), path)


def read_text(path: Path) -> nbformat.NotebookNode:
    """The notebook that the text in ``path`` describes, in normal form. Raises ``CourseError`` with the line."""
    return from_string(_read_file(path), path)


def from_string(content: str, path: Path) -> nbformat.NotebookNode:
    """The notebook, in normal form, that a file's content describes; ``path`` tells the kind, and is named in messages."""
    return normal((_from_json if path.suffix == ".ipynb" else _from_text)(content, path), path)


def normal(notebook: nbformat.NotebookNode, path: Path) -> nbformat.NotebookNode:
    """A copy in normal form. ``path`` is only for the messages."""
    notebook = copy.deepcopy(notebook)
    cells = [_normal_cell(cell) for cell in notebook.cells]
    for cell in cells:
        # A text has no way to show an empty markdown cell, and a graded one must not vanish.
        if cell.cell_type == "markdown" and not cell.source and cell.metadata:
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "with metadata")
            raise CourseError(
                f"{_shown(path)}: the text cell {name} is empty; write something in it, such as “Your answer here.”"
            )
        if cell.get("attachments"):
            raise CourseError(
                f"{_shown(path)}: a picture was pasted into the cell “{cell.source[:30]}…”, and the text cannot hold it; "
                "save the picture as a file beside the notebook and show it from there."
            )
        cell.pop("attachments", None)
    notebook.cells = [cell for cell in cells if cell.source or cell.metadata or cell.cell_type != "markdown"]
    metadata = {key: value for key, value in notebook.metadata.items() if key not in NOTEBOOK_NOISE}
    notebook.metadata = nbformat.from_dict(
        metadata | {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell, name in zip(notebook.cells, cell_ids(notebook.cells), strict=True):
        cell["id"] = name
    return notebook


def as_text(notebook: nbformat.NotebookNode) -> str:
    """The text of a notebook that is in normal form; two notebooks are the same when their texts are."""
    config = JupytextConfiguration(notebook_metadata_filter=METADATA_IN_TEXT)
    # A copy, because jupytext writes its own notes into the metadata of what it is given.
    return jupytext.writes(copy.deepcopy(notebook), fmt=dict(FORMAT), config=config).rstrip() + "\n"


def as_json(notebook: nbformat.NotebookNode) -> str:
    """The .ipynb file of a notebook that is in normal form, byte by byte."""
    return nbformat.writes(notebook).rstrip() + "\n"


def write_pair(notebook: nbformat.NotebookNode, notebook_path: Path, text_path: Path) -> None:
    """Write both files; the text last, because JupyterLab opens the pair only if the text is not the older one.

    The notebook goes through the text, so that each is always what the other says: a line ``+++`` in the middle of a
    cell, which means a new cell in the text, becomes one in the notebook too.
    """
    notebook = from_string(as_text(notebook), text_path)
    for path, content in ((notebook_path, as_json(notebook)), (text_path, as_text(notebook))):
        if not path.exists() or path.read_bytes() != content.encode():
            write_whole(path, content)


def cell_ids(cells: list) -> list[str]:
    """One id for each cell: its ``grade_id``, or the heading above it and a number."""
    taken: set[str] = {_grade_id(cell) for cell in cells} - {""}
    ids, heading, used = [], "start", set()
    for cell in cells:
        if cell.cell_type == "markdown":
            heading = _slug(first_heading(cell.source)) or heading
        name = _grade_id(cell)
        if not name or name in used:
            name = next(n for n in _numbered(heading) if n not in taken)
        taken.add(name)
        used.add(name)
        ids.append(name)
        if cell.cell_type == "markdown":
            heading = _slug(last_heading(cell.source)) or heading
    return ids


def headings(source: str) -> list[str]:
    """The titles in a markdown cell, from top to bottom; a line in a block of code is not a title."""
    found, fence = [], ""
    for line in source.splitlines():
        if mark := FENCE.match(line):
            if not fence:
                fence = mark[1][:3]
            elif mark[1].startswith(fence):
                fence = ""
        elif not fence and (title := HEADING.match(line)):
            found.append(title["title"])
    return found


def first_heading(source: str) -> str:
    return next(iter(headings(source)), "")


def last_heading(source: str) -> str:
    return next(reversed(headings(source)), "")


def _normal_cell(cell):
    cell = nbformat.from_dict(dict(cell))
    cell.source = BLANK_START.sub("", cell.source.rstrip())  # the text cannot hold blank lines at either end
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    kept = {
        key: value
        for key, value in sorted(cell.metadata.items())
        if key not in CELL_NOISE and CELL_DEFAULTS.get(key) != value
    }
    if "nbgrader" in kept:
        kept["nbgrader"] = dict(sorted(kept["nbgrader"].items()))
        kept["nbgrader"].pop("checksum", None)
    cell.metadata = nbformat.from_dict(kept)
    return cell


def _from_json(content: str, path: Path) -> nbformat.NotebookNode:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without an id: they get one here
            notebook = nbformat.reads(content, as_version=4)
            nbformat.validate(notebook)
    except Exception:  # nbformat raises a dozen kinds, for JSON, versions and schemas
        start = " ".join(content.split())[:30]
        found = f"it begins with “{start}”" if start else "it is empty"
        if start.startswith("{"):
            found = _json_fault(content)
        raise CourseError(
            f"{_shown(path)} is not a notebook ({found}): take the last good copy from git "
            f"(git checkout -- {_shown(path)}), or delete it and run “course sync”, which makes it from its text."
        ) from None
    return notebook


def _from_text(content: str, path: Path) -> nbformat.NotebookNode:
    try:
        return jupytext.reads(content, fmt=dict(FORMAT))
    except Exception as problem:  # jupytext lets YAML's and JSON's own errors through
        reason = " ".join(str(problem).split())
        raise CourseError(
            f"{_shown(path)} cannot be read as a lesson: {reason}. Mend that line and run “course sync” again."
        ) from None


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise CourseError(
            f"{_shown(path)} is not text in UTF-8: save it again as UTF-8, or take the last good copy from git."
        ) from None
    except FileNotFoundError:
        raise CourseError(f"{_shown(path)} is not there: check the name, or take it back from git.") from None


def _json_fault(content: str) -> str:
    try:
        json.loads(content)
    except json.JSONDecodeError as fault:
        return f"line {fault.lineno} is broken"
    return "it has no cells that Jupyter understands"


def _grade_id(cell) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) else ""


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def _numbered(name: str):
    number = 1
    while True:
        yield f"{name}-{number}"
        number += 1


def _shown(path: Path) -> str:
    """A path as people know it: from the kit's folder where it is inside."""
    try:
        return path.resolve().relative_to(kit_folder()).as_posix()
    except (ValueError, CourseError):
        return path.as_posix()
