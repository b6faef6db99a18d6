"""JupyterLab as `course lab` opens it, from a fresh copy of the kit, and Chromium to look at it with."""

import contextlib
import getpass
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect
from processes import running

# Every cell is in the page at once, so that a test can look at all of them. For students, JupyterLab adds those in view.
ALL_CELLS = ("lab/user-settings/@jupyterlab/notebook-extension", '{"windowingMode": "none"}')
LAB = [sys.executable, "-m", "course_utils.cli", "lab", "--no-browser", "--port"]
# What is waited for is seen in the page. How long that may take says how busy the machine is.
PATIENCE = 180_000  # milliseconds: what hangs comes to an end
expect.set_options(timeout=PATIENCE)


class Lab:
    """A running JupyterLab: the folder that it serves, the environment it runs in, and the address with the token."""

    def __init__(self, folder: Path, environment: dict[str, str], address: str, log: Path):
        self.folder, self.environment, self.address, self.log = folder, environment, address, log
        self.base, self.token = address.split("/lab")[0], address.split("token=")[1]
        self.workspaces = itertools.count(1)

    def said(self) -> str:
        """What stood in the terminal so far."""
        return self.log.read_text(encoding="utf-8")

    def stop_kernels(self) -> None:
        """End what a test left running, so that the next one has the machine to itself."""
        for session in self.ask("GET", "sessions"):
            self.ask("DELETE", f"sessions/{session['id']}")

    def ask(self, method: str, what: str):
        """Call the server's own interface."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.base}/api/{what}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE / 1000) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def page_for(self, path: str) -> str:
        """The address of a file in a workspace of its own, so that no test sees what another left open."""
        place = f"/tree/{path}" if path else ""
        return f"{self.base}/lab/workspaces/test-{next(self.workspaces)}{place}?token={self.token}"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.needs("browser"))


@pytest.fixture(scope="session")
def lab(copy_kit, tmp_path_factory) -> Iterator[Lab]:
    """A student's JupyterLab, and the example class, of a fresh copy of the kit, with the packages that run the tests.

    The `make lab` that installs them first is for :func:`bare_lab`.
    """
    root = tmp_path_factory.mktemp("lab")
    folder = copy_kit(root / "kit")
    # A student who has said who they are: by the name that this computer hands in under.
    (folder / ".course").mkdir()
    (folder / ".course" / "student.json").write_text(
        json.dumps({"name": getpass.getuser()}), encoding="utf-8"
    )
    # the copy's own course_utils, not the one that is installed here
    with started(folder, lambda port: [*LAB, str(port)], PYTHONPATH=str(folder)) as lab:
        yield lab


@pytest.fixture
def other_lab(lab):
    """Start JupyterLab a second time, with another command, on the same copy of the kit and with the same settings."""
    with contextlib.ExitStack() as stack:

        def _other_lab(*command: str) -> Lab:
            log = lab.log.with_name("other_lab.log")
            return stack.enter_context(
                serving(lab.folder, [*command, str(free_port())], lab.environment, log)
            )

        yield _other_lab


@pytest.fixture
def instructors_lab(other_lab) -> Lab:
    return other_lab(*LAB[:-1], "--instructor", LAB[-1])


@pytest.fixture
def bare_lab(copy_kit, tmp_path) -> Iterator[Lab]:
    """`make lab`, from nothing: the environment, the example class, JupyterLab."""
    folder = copy_kit(tmp_path / "kit")
    with started(folder, lambda port: ["make", "lab", f"LAB=--no-browser --port {port}"]) as lab:
        yield lab


@contextlib.contextmanager
def started(folder: Path, command: Callable[[int], list[str]], **variables: str) -> Iterator[Lab]:
    """Run JupyterLab of this copy of the kit on a free port; it and the copy are gone at the end."""
    settings, log = folder.with_name("jupyter"), folder.with_name("lab.log")
    for text in (folder / "notebooks" / "text").glob("*.md"):
        os.utime(text, (0, 0))  # as a clone may leave it: it must not keep anybody from opening the lesson
    (settings / ALL_CELLS[0]).mkdir(parents=True)
    (settings / ALL_CELLS[0] / "tracker.jupyterlab-settings").write_text(ALL_CELLS[1], encoding="utf-8")
    # Whatever the machine's user has set for Jupyter must not help, and must not be changed.
    environment = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("JUPYTER", "COURSE", "PYTHONPATH", "PYTHONHOME", "MAKE", "VIRTUAL"))
    }
    environment |= variables | {
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_DATA_DIR": str(folder.with_name("data")),
        "JUPYTER_RUNTIME_DIR": str(folder.with_name("runtime")),
        "IPYTHONDIR": str(folder.with_name("ipython")),
    }
    try:
        with serving(folder, command(free_port()), environment, log) as lab:
            yield lab
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def serving(folder: Path, command: list[str], environment: dict[str, str], log: Path) -> Iterator[Lab]:
    how = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    with (
        log.open("w", encoding="utf-8") as output,
        running(command, stdout=output, **how) as server,
    ):
        yield Lab(folder, environment, wait_for_address(server, log), log)
        server.terminate()
        server.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_address(server: subprocess.Popen, log: Path, seconds: int = 600) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        said = log.read_text(encoding="utf-8")
        if address := re.search(r"http://127\.0\.0\.1:\S+token=\w+", said):
            return address[0]
        if server.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(
        f"make lab did not open JupyterLab:\n{log.read_text(encoding='utf-8')[-3000:]}", pytrace=False
    )


@contextlib.contextmanager
def window(chromium) -> Iterator[Page]:
    """A page in a window of its own, and no error in the browser's console at its end."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(lab, chromium) -> Iterator[Page]:
    """A window of its own. A test that leaves an error in the browser's console fails."""
    with window(chromium) as page:
        yield page
    lab.stop_kernels()


@pytest.fixture
def notebook(lab, page):
    """Open a notebook, as it is or after Run All, and wait until its kernel has nothing more to do."""

    def _notebook(path: str, *, run: bool = True) -> "Notebook":
        return open_notebook(lab, page, path, run=run)

    return _notebook


@pytest.fixture(scope="module")
def lesson(request, lab, chromium) -> Iterator["Notebook"]:
    """The lesson that the module or its parameter names, after Run All: opened once for all that looks at it."""
    path = getattr(request, "param", None) or request.module.LESSON
    with window(chromium) as page:
        yield open_notebook(lab, page, path)
    lab.stop_kernels()


@pytest.fixture
def open_in():
    """Open a notebook in the JupyterLab that is named: :func:`open_notebook`."""
    return open_notebook


def open_notebook(lab: Lab, page: Page, path: str, *, run: bool = True) -> "Notebook":
    page.goto(lab.page_for(path))
    opened = Notebook(page, lab.folder / path)
    opened.wait_until_idle()
    if run:
        opened.run_all()
    return opened


@pytest.fixture
def notebook_7(lab, chromium):
    """Open a notebook in Notebook 7 and run all of it.

    Errors in the console are not ours to judge there: nbgrader's extension asks it for what JupyterLab alone has.
    """
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)

    said = []  # by kernels, over the page's own line to each
    page.on(
        "websocket",
        lambda line: "/channels" in line.url and line.on("framereceived", lambda what: said.append(what)),
    )

    def _notebook_7(path: str) -> "Notebook7":
        page.goto(f"{lab.base}/notebooks/{path}?token={lab.token}")
        opened = Notebook7(page, lab.folder / path)
        # It looks idle from the first moment; but whoever runs the cells before the page has heard of its kernel is
        # asked to choose one.
        deadline = time.monotonic() + PATIENCE / 1000
        while not said and time.monotonic() < deadline:
            page.wait_for_timeout(50)
        opened.wait_until_idle()
        opened.run_all()
        return opened

    yield _notebook_7
    context.close()
    lab.stop_kernels()


class Notebook:
    """A notebook in JupyterLab, by what one sees and clicks."""

    def __init__(self, page: Page, file: Path):
        self.page, self.file = page, file
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.outputs = self.panel.locator(".jp-OutputArea-output")

    def wait_until_idle(self) -> None:
        idle = self.page.locator("#jp-bottom-panel").get_by_text(re.compile(r"\| Idle$"))
        expect(idle).to_be_visible()

    def run_all(self) -> None:
        """Run › Run All Cells, and wait until each cell with code has its number, and the kernel has nothing to do."""
        self.menu("Run", "Run All Cells")
        done = self.panel.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
        # A cell whose source is out of sight has no number to show.
        shown = [cell for cell in self.cells() if not cell.metadata.get("jupyter", {}).get("source_hidden")]
        count = sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in shown)
        expect(done).to_have_count(count)
        self.wait_until_idle()

    def run_again(self, cell: Locator) -> None:
        """Run one cell with code: what it shows is as new then, whatever was done to it before."""
        number = cell.locator(".jp-InputPrompt")
        before = number.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(number).not_to_have_text(before)
        expect(number).to_have_text(re.compile(r"\[\d+\]"))
        self.wait_until_idle()

    def menu(self, *path: str) -> None:
        self.page.get_by_role("menuitem", name=path[0], exact=True).first.click()
        for name in path[1:]:
            self.page.locator(".lm-Menu").get_by_text(name, exact=True).last.click()

    def errors(self) -> list[str]:
        """The last line of whatever stands in red, an error or a warning, where the cell is not meant to fail."""
        red = ".jp-OutputArea-output[data-mime-type*=error], .jp-OutputArea-output[data-mime-type*=stderr]"
        found = []
        for cell, shown in zip(self.cells(), self.panel.locator(".jp-Notebook-cell").all(), strict=True):
            if "raises-exception" not in cell.metadata.get("tags", []):
                found += [text.strip().splitlines()[-1] for text in shown.locator(red).all_inner_texts()]
        return found

    def cells(self) -> list:
        return nbformat.read(self.file, as_version=4).cells

    def section(self, heading: str) -> Locator:
        """The first cell with code under a heading."""
        title = f"xpath=.//div[contains(@class,'jp-MarkdownCell')][.//*[self::h1 or self::h2 or self::h3][contains(., '{heading}')]]"
        return self.panel.locator(title + "/following-sibling::div[contains(@class,'jp-CodeCell')][1]")


class Notebook7(Notebook):
    """A notebook in Notebook 7, by what one sees and clicks."""

    def wait_until_idle(self) -> None:
        state = self.page.locator(".jp-Notebook-ExecutionIndicator").first
        expect(state).to_have_attribute("data-status", "idle")
