"""The suite never passes by leaving something out without a word."""

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent / "conftest.py"
NEEDS_BROWSER = "import pytest\n\n@pytest.mark.needs('browser')\ndef test_page(): pass\n"


@pytest.fixture
def run(tmp_path):
    """Run a little suite of its own in a machine whose PATH holds nothing."""

    def _run(test: str, *options: str) -> tuple[int, str]:
        (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
        (tmp_path / "test_it.py").write_text(test, encoding="utf-8")
        (tmp_path / "test_other.py").write_text("def test_other(): pass\n", encoding="utf-8")
        (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = needs(part): x\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, env={"PATH": str(tmp_path)}
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
