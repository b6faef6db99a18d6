import errno
import os
import subprocess
import sys
import tomllib

import pytest

from course_utils import cli
from course_utils.errors import CourseError

VERBS = ("lab", "sync", "env", "lock", "data", "demo", "lint", "proofs", "doctor")


def course(*arguments, **options):
    command = [sys.executable, "-m", "course_utils.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)


@pytest.fixture
def verb(monkeypatch):
    """Put a function of one's own in the place of a verb."""

    def _verb(name, function):
        function.__name__ = name
        monkeypatch.setattr(cli, name, function)

    return _verb


def test_every_verb_is_in_the_help():
    said = cli.parser().format_help()
    assert [verb for verb in VERBS if f"    {verb} " not in said] == []


def test_the_command_is_installed_under_its_name(kit):
    project = tomllib.loads((kit / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"course": "course_utils.cli:main"}


def test_help_takes_no_time_because_each_verb_imports_for_itself():
    """Nothing heavier than argparse is loaded before a verb is known."""
    code = "import sys, course_utils.cli as c; c.parser(); print(sorted(set(sys.modules) & {%s}))"
    heavy = "'jupyterlab', 'nbgrader', 'jupytext', 'nbformat', 'matplotlib', 'seaborn', 'faker', 'rich'"
    done = subprocess.run([sys.executable, "-c", code % heavy], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (CourseError("The week is over: take the next."), "The week is over: take the next."),
        (OSError(errno.ENOSPC, "No space left on device", "a.csv"), "The disk is full"),
        (OSError(errno.EROFS, "Read-only file system", "a.csv"), "cannot be written"),
        (PermissionError(errno.EACCES, "Permission denied", "a.csv"), "does not let you open a.csv"),
    ],
)
def test_what_goes_wrong_is_one_sentence_without_a_traceback(verb, capsys, problem, said):
    def stumble(_options):
        raise problem

    verb("env", stumble)
    assert cli.main(["env"]) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert len(shown.splitlines()) == 1


def test_an_error_of_ours_is_not_hidden(verb):
    def stumble(_options):
        raise ZeroDivisionError

    verb("env", stumble)
    with pytest.raises(ZeroDivisionError):
        cli.main(["env"])


def test_stopping_with_control_c_is_no_error_of_ours(verb, capsys):
    def stop(_options):
        raise KeyboardInterrupt

    verb("env", stop)
    assert cli.main(["env"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_options_that_only_jupyterlab_knows_are_handed_on(verb):
    given = []
    verb("lab", lambda options: given.extend(options.jupyter) or 0)
    assert cli.main(["lab", "--no-browser", "--port", "8890"]) == 0
    assert given == ["--no-browser", "--port", "8890"]


def test_other_verbs_refuse_options_that_they_do_not_know(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["sync", "--no-browser"])
    assert caught.value.code == 2
    assert "unrecognized arguments: --no-browser" in capsys.readouterr().err


def test_a_check_that_finds_something_exits_with_1_and_names_the_file(copy_kit, tmp_path):
    copy = copy_kit(tmp_path / "kit")
    (copy / "notebooks" / "00_start_here.ipynb").unlink()
    done = course("sync", "--check", cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)})
    assert done.returncode == 1
    assert done.stderr.startswith("notebooks/00_start_here.ipynb is missing")


def test_a_corrupt_notebook_is_one_sentence(copy_kit, tmp_path):
    copy = copy_kit(tmp_path / "kit")
    (copy / "notebooks" / "00_start_here.ipynb").write_text("<!DOCTYPE html>", encoding="utf-8")
    done = course("sync", cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)})
    assert done.returncode == 2
    assert "00_start_here.ipynb is not a notebook (it begins with “<!DOCTYPE html>”)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_in_another_copy_of_the_kit_nothing_is_done(tmp_path, monkeypatch, capsys):
    """A copied folder brings along an environment that belongs to the first one."""
    other = tmp_path / "copy"
    (other / "course_utils").mkdir(parents=True)
    (other / "course_utils" / "kit.py").touch()
    (other / "pyproject.toml").touch()
    (other / "notebooks").mkdir()
    monkeypatch.chdir(other / "notebooks")
    assert cli.main(["lint"]) == 2
    assert f"You are in {other}, and this command belongs to the kit in" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert cli.main(["env", "--check"]) == 0
