"""Run a notebook from top to bottom, as a student would, and say in which section it stumbles."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course_utils.authoring.notebooks import last_heading, read_raw

MEANT_TO_FAIL = "raises-exception"  # nbformat's own tag


@dataclass(frozen=True)
class Stumble:
    """One cell that did not do what it should: where it stands, and what happened there."""

    notebook: str
    heading: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.notebook}, under “{self.heading}”, cell {self.number}: {self.what}"


def run(path: Path, folder: Path | None = None, *, timeout: int = 120) -> list[Stumble]:
    """Run every cell of the notebook in ``path`` in a new kernel, and give back what went wrong: nothing, if all is well.

    A cell with the tag ``raises-exception`` must fail; every other must not, and must not write a warning either.
    The file itself is left as it is.

    Parameters
    ----------
    path : of the notebook.
    folder : to run it in; its own without it.
    timeout : in seconds, for one cell.

    Raises
    ------
    CourseError
        If the file is not a notebook.
    """
    notebook = read_raw(path)
    started = 0

    def note(cell, cell_index):
        nonlocal started
        started = cell_index

    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder or path.parent)}},
        on_cell_start=note,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no remark on each kernel about encryption
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return [_stumble(path, notebook, started, f"{error.ename}: {error.evalue}")]
    except CellTimeoutError:
        return [_stumble(path, notebook, started, f"was not done after {timeout} seconds")]
    except DeadKernelError:
        return [_stumble(path, notebook, started, "the kernel died")]
    except NoSuchKernel:
        return [_stumble(path, notebook, 0, "there is no kernel named python3 on this machine")]
    return [
        _stumble(path, notebook, index, what)
        for index, cell in enumerate(notebook.cells)
        if (what := _quiet_fault(cell))
    ]


def _quiet_fault(cell) -> str:
    """What is wrong with a cell that did not stop the notebook, or an empty text."""
    if cell.cell_type != "code":
        return ""
    meant = MEANT_TO_FAIL in cell.metadata.get("tags", [])
    failed = any(output.output_type == "error" for output in cell.outputs)
    if meant and not failed:
        return f"is marked {MEANT_TO_FAIL}, and did not fail"
    warned = [output.text for output in cell.outputs if output.get("name") == "stderr"]
    return f"wrote a warning: {warned[0].strip().splitlines()[-1]}" if warned else ""


def _stumble(path: Path, notebook: nbformat.NotebookNode, index: int, what: str) -> Stumble:
    above = [
        last_heading(cell.source) for cell in notebook.cells[: index + 1] if cell.cell_type == "markdown"
    ]
    heading = next(filter(None, reversed(above)), "the beginning")
    return Stumble(path.name, heading, index + 1, what)
