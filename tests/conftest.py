"""What all tests share: parts of the machine beyond Python, and a summary that hides nothing."""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import psutil
import pytest
from processes import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes says how busy the machine is. It goes for all tests: those with settings of their own take
# the rest of them from here.
hypothesis.settings.register_profile(
    "kit", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("kit")

KIT = Path(__file__).resolve().parents[1]
# What a clone does not hold: the machine's own, and what work leaves behind (the same as in .gitignore).
NOT_COPIED = (
    *(".git", ".venv*", ".course", "my_work", "__pycache__"),
    *(".*_cache", ".hypothesis", "*.egg-info", ".ipynb_checkpoints", "gradebook.db*"),
)
NOT_COPIED_OF_ASSIGNMENTS = {"release", "submitted", "autograded", "feedback"}
# So that the browser asks nobody for anything by itself.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# One worker runs all of these: they share a running JupyterLab, or a class whose term was walked through.
TOGETHER = ("tests/browser/", "tests/end_to_end/")
# Each test of these may go to either worker: they share nothing that is dear.
APART = ("tests/proofs/test_proofs.py",)
# What takes longest comes first, so that no worker is left alone with it at the end.
FIRST = ("tests/browser/", "tests/proofs/", "tests/end_to_end/", "tests/hostile/", "tests/grading/")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _sandbox(form: str) -> str | None:
    """The name of the sandbox, if this machine can make one of this form."""
    from course_utils.grading.sandbox import launcher

    try:
        return launcher.best_backend(form).name
    except launcher.SandboxMissing:
        return None


@functools.cache
def _small_disk() -> str | None:
    """The program that mounts, if a file system in memory can be mounted."""
    mount = shutil.which("mount")
    if not mount:
        return None
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
        )
        if done.returncode:
            return None
        subprocess.run(["umount", "-l", folder], check=True)
    return mount


def _postgresql() -> str | None:
    """The program that makes a PostgreSQL server, on the path or where Debian puts it."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return shutil.which("initdb") or (str(places[-1]) if places else None)


def _users() -> str | None:
    """The program that runs something as another user, if tests may make users here who can run this Python."""
    tools = [shutil.which(tool) for tool in ("useradd", "userdel", "setpriv")]
    if getattr(os, "geteuid", lambda: 1)() != 0 or not all(tools):
        return None
    as_nobody = [tools[-1], "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", ""]
    return tools[-1] if subprocess.run(as_nobody, capture_output=True).returncode == 0 else None


@dataclass(frozen=True)
class Part:
    """Something that tests need of the machine, beyond Python: how to find it, and what to say where it is missing."""

    find: Callable[[], str | None]
    reason: str


PARTS = {
    "browser": Part(
        lambda: next(filter(None, map(shutil.which, CHROMIUM)), None),
        "no Chromium on this machine, which shows the lessons as students see them (Debian: apt install chromium)",
    ),
    "bubblewrap": Part(
        lambda: _sandbox("cold"),
        "no sandbox can be made on this machine, without which submissions are not graded (course doctor says why)",
    ),
    "warm": Part(
        lambda: _sandbox("warm"),
        "no sandboxes can be made inside a sandbox on this machine, which is the fast way to grade (course doctor says why)",
    ),
    "users": Part(
        _users,
        "no users can be made on this machine, of whom one tries to get at the other's work (that takes root, useradd and "
        "setpriv, and a Python that every user can run)",
    ),
    "openssl": Part(
        lambda: shutil.which("openssl"),
        "no openssl on this machine, which makes the certificates of a cluster (Debian: apt install openssl)",
    ),
    "root": Part(
        lambda: "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else None,
        "tests run as an ordinary user, and only root can give files to others (run them as root, as in a container)",
    ),
    "small disk": Part(
        _small_disk,
        "no disk of a few megabytes can be made here, to be full (that needs root and mount, as in a container)",
    ),
    "postgresql": Part(
        _postgresql,
        "no PostgreSQL on this machine, the gradebook of a class with several graders (Debian: apt install postgresql)",
    ),
}


@pytest.fixture(scope="session")
def kit() -> Path:
    """The kit's folder. Tests only read there: who writes takes a copy."""
    return KIT


@pytest.fixture(scope="session")
def copy_kit() -> Callable[[Path], Path]:
    """A function that makes a copy of the kit as a fresh clone has it, in a folder that does not exist yet."""
    anywhere = shutil.ignore_patterns(*NOT_COPIED)

    def not_copied(folder: str, names: list[str]) -> set[str]:
        here = NOT_COPIED_OF_ASSIGNMENTS if Path(folder) == KIT / "assignments" else set()
        return anywhere(folder, names) | here.intersection(names)

    return lambda folder: shutil.copytree(KIT, folder, ignore=not_copied, symlinks=True)


@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """A browser without a window. It is closed after each module: while it is open, no other event loop can run."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        # What is waited for is seen in a page. How long that may take says how busy the machine is.
        patience = 1000 * PATIENCE
        expect.set_options(timeout=patience)
        browser = playwright.chromium.launch(
            executable_path=PARTS["browser"].find(), args=list(QUIET), timeout=patience
        )
        new_context = browser.new_context

        def patient(**how):
            context = new_context(**how)
            context.set_default_timeout(patience)
            return context

        browser.new_context = patient
        yield browser
        browser.close()


def pytest_addoption(parser):
    parser.addoption(
        "--without", default="", help=f"parts this machine cannot have, by name: {', '.join(PARTS)}"
    )
    parser.addoption("--exhaustive", action="store_true", help="run what is left for `make test-all` as well")


def pytest_configure(config):
    config.without = set(config.getoption("--without").replace(",", " ").split())
    if unknown := config.without - set(PARTS):
        raise pytest.UsageError(
            f"--without knows {', '.join(PARTS)}; it does not know {', '.join(sorted(unknown))}."
        )
    config.addinivalue_line("markers", "needs(part): what the test needs beyond Python, such as a browser")
    config.addinivalue_line("markers", "exhaustive: for `make test-all`; `make test` has others of its kind")
    config.left = 0
    _stop_on_sigterm()


def _stop_on_sigterm():
    """Stop as for Ctrl-C: what fixtures started, they end. By itself, Python would end at once, and leave it running."""
    mine = os.getpid()

    def stop(number, _):
        signal.signal(number, signal.SIG_DFL)
        if os.getpid() != mine:  # a child that a test has forked
            os.kill(os.getpid(), number)
            return
        for child in psutil.Process().children():  # the workers of pytest-xdist among them
            child.terminate()
        pytest.exit("stopped by SIGTERM", returncode=128 + number)

    signal.signal(signal.SIGTERM, stop)


@pytest.hookimpl(trylast=True)  # when -k and -m have chosen
def pytest_collection_modifyitems(config, items):
    """What is exhaustive runs where it is asked for: with --exhaustive, or by -m."""
    items.sort(
        key=lambda item: next((n for n, p in enumerate(FIRST) if item.nodeid.startswith(p)), len(FIRST))
    )
    if config.getoption("--exhaustive") or "exhaustive" in config.option.markexpr:
        return
    left = [item for item in items if item.get_closest_marker("exhaustive")]
    config.left = len(left)
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]


def pytest_runtest_setup(item):
    for mark in item.iter_markers("needs"):
        (name,) = mark.args
        if name in item.config.without:
            pytest.skip(f"left out by --without={name}")
        if not PARTS[name].find():
            pytest.fail(f"{name}: {PARTS[name].reason}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """What a test printed may hold a name that is no text; a worker could not send its report then, and would end."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report


def pytest_sessionfinish(session, exitstatus):
    """A skip that nobody asked for is not a pass. A worker of pytest-xdist tells how many tests it has left."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left"] = session.config.left
    if exitstatus == pytest.ExitCode.OK and _silent_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """``--dist loadfile``, but for what goes together over several files, and what need not."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid):
            if shared := next((folder for folder in TOGETHER if nodeid.startswith(folder)), None):
                return shared
            return nodeid if nodeid.startswith(APART) else super()._split_scope(nodeid)

    return ByWhatIsShared(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Each worker has collected all tests, and left the same ones."""
    node.config.left = getattr(node, "workeroutput", {}).get("left", node.config.left)


def pytest_terminal_summary(terminalreporter, config):
    if config.left:
        terminalreporter.write_line(f"{config.left} exhaustive tests were left for `make test-all`.")
    lines = []
    for name, part in PARTS.items():
        said = f"{name}: {part.reason}"
        tests = [r.nodeid for r in terminalreporter.stats.get("error", []) if str(r.longrepr).strip() == said]
        if tests:
            lines += [f"{said}; {len(tests)} tests could not run", *(f"    {test}" for test in tests)]
    for name in sorted(config.without):
        tests = [
            r.nodeid
            for r in terminalreporter.stats.get("skipped", [])
            if f"--without={name}" in str(r.longrepr)
        ]
        lines += [
            f"{name}: left out as asked; {len(tests)} tests did not run",
            *(f"    {test}" for test in tests),
        ]
    lines += [
        f"skipped, which counts as a failure: {r.nodeid} ({r.longrepr[-1]})" for r in _silent_skips(config)
    ]
    if lines:
        terminalreporter.section("not tested on this machine")
        for line in lines:
            terminalreporter.write_line(line)


def _silent_skips(config) -> list:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    return [report for report in skipped if "left out by --without=" not in str(report.longrepr)]
