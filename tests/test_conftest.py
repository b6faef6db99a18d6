"""The suite never passes by leaving something out without a word."""

import ast
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import hypothesis
import psutil
import pytest
from processes import PATIENCE, running

CONFTEST = Path(__file__).parent / "conftest.py"
NEEDS_BROWSER = "import pytest\n\n@pytest.mark.needs('browser')\ndef test_page(): pass\n"


@pytest.fixture
def run(tmp_path):
    """Run a little suite of its own in a machine whose PATH holds nothing."""

    def _run(test: str, *options: str) -> tuple[int, str]:
        (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
        (tmp_path / "test_it.py").write_text(test, encoding="utf-8")
        (tmp_path / "test_other.py").write_text("def test_other(): pass\n", encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={"PATH": str(tmp_path), "PYTHONPATH": str(CONFTEST.parent)},
        )
        return done.returncode, done.stdout + done.stderr

    return _run


def test_a_missing_part_fails_and_is_named_with_its_reason(run):
    code, said = run(NEEDS_BROWSER)
    assert code == 1
    assert "browser: no Chromium on this machine" in said
    assert "1 tests could not run" in said
    assert "    test_it.py::test_page" in said


def test_a_part_may_be_left_out_on_purpose_and_is_still_named(run):
    code, said = run(NEEDS_BROWSER, "--without=browser")
    assert code == 0
    assert "browser: left out as asked; 1 tests did not run" in said


def test_a_skip_that_nobody_asked_for_fails(run):
    code, said = run("import pytest\n\ndef test_quiet(): pytest.skip('no reason')\n")
    assert code == 1
    assert "skipped, which counts as a failure: test_it.py::test_quiet" in said


def test_a_module_that_skips_itself_fails_too(run):
    code, said = run("import pytest\npytest.importorskip('no_such_package')\n")
    assert code == 1
    assert "no_such_package" in said


def test_an_unknown_part_is_named(run):
    code, said = run(NEEDS_BROWSER, "--without=brwser")
    assert code != 0
    assert "does not know brwser" in said


EXHAUSTIVE = """\
import pytest

@pytest.mark.exhaustive
def test_all(): assert False

@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.exhaustive)])
def test_some(n): pass
"""


@pytest.mark.parametrize("options", [(), ("--numprocesses=2",)], ids=["alone", "two workers"])
def test_what_is_exhaustive_is_left_and_counted(run, options):
    code, said = run(EXHAUSTIVE, *options)
    assert code == 0, said
    assert "2 passed" in said
    assert "2 exhaustive tests were left for `make test-all`." in said


@pytest.mark.parametrize(
    ("options", "came_of_it"),
    [
        (["--exhaustive"], "1 failed, 3 passed"),
        (["-m", "exhaustive"], "1 failed, 1 passed"),
        (["-k", "test_some"], "1 passed"),
    ],
)
def test_what_is_exhaustive_runs_where_it_is_asked_for(run, options, came_of_it):
    _, said = run(EXHAUSTIVE, *options)
    assert came_of_it in said
    assert ("were left" in said) == (options[0] == "-k")


def test_who_runs_what(run, tmp_path):
    """What shares a running JupyterLab stays on one worker, what shares nothing does not, and the longest comes first."""
    for name in ("browser/test_a", "browser/test_b", "proofs/test_proofs", "early/test_early"):
        path = tmp_path / "tests" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def test_one(): pass\ndef test_two(): pass\n", encoding="utf-8")

    def ran(*places):
        how = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder", "--import-mode=importlib")
        code, said = run("def test_it(): pass", *how, "-vv", *places)
        assert code == 0, said
        return re.findall(r"^\[(gw\d)\].* PASSED tests/(\w+)/", said, flags=re.MULTILINE)

    of_browser = [worker for worker, of in ran("tests") if of == "browser"]
    assert len(of_browser) == 4
    assert len(set(of_browser)) == 1
    assert {worker for worker, _ in ran("tests/proofs")} == {"gw0", "gw1"}
    assert len({worker for worker, _ in ran("tests/early")}) == 1
    _, said = run("def test_it(): pass", "--import-mode=importlib", "--collect-only", "tests")
    assert said.index("tests/browser") < said.index("tests/proofs") < said.index("tests/early")


STARTS = """\
import os, pathlib, sys
from processes import PATIENCE, running

def test_that_waits():
    code = "import subprocess; subprocess.run(['sleep', '600'])"
    with running([sys.executable, "-c", code]) as program:
        pathlib.Path("started").write_text(str(program.pid))
        program.wait()
"""


@pytest.mark.parametrize("options", [(), ("--numprocesses=1",)], ids=["alone", "a worker"])
def test_whoever_is_stopped_leaves_no_process_behind(tmp_path, options):
    for name, text in {"conftest.py": CONFTEST.read_text("utf-8"), "test_it.py": STARTS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    environment = os.environ | {"PYTHONPATH": str(CONFTEST.parent)}
    with running(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as suite:
        started = tmp_path / "started"
        while not (started.exists() and started.read_text()):
            assert suite.poll() is None, suite.stdout.read()
            time.sleep(0.05)
        program = psutil.Process(int(started.read_text()))
        while not program.children():
            assert program.is_running()
            time.sleep(0.05)
        family = [program, *program.children(), *psutil.Process(suite.pid).children(recursive=True)]
        suite.terminate()
        said, _ = suite.communicate(timeout=PATIENCE)
    assert "stopped by SIGTERM" in said
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert alive == []


def test_no_example_of_hypothesis_is_judged_by_the_clock():
    profile = hypothesis.settings.default
    assert profile.deadline is None
    assert hypothesis.HealthCheck.too_slow in profile.suppress_health_check


# What must not come, or must not last: a busy machine makes it no less so.
MAY_BE_SHORT = {"connect", "create_connection", "partial", "stumbles"}


def test_a_limit_in_seconds_only_ends_what_hangs():
    """No call gives up after a number of seconds of its own: it takes PATIENCE, or waits for a condition."""
    found = []
    for path in CONFTEST.parent.rglob("*.py"):
        if "benchmarks" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            timeouts = [each.value for each in node.keywords if each.arg == "timeout"]
            if name not in MAY_BE_SHORT and any(
                isinstance(each, ast.Constant) and each.value for each in timeouts
            ):
                found.append(f"{path.relative_to(CONFTEST.parent)}, line {node.lineno}")
    assert found == []
