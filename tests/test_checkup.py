"""The check of the environment: good news, and what to do about bad news."""

from course_utils import checkup
from course_utils.errors import CourseError


def test_here_everything_works(capsys):
    checkup.check_environment()
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "Everything works."
    assert all(line.startswith("good: ") for line in said[:-1])


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(checkup.sys, "version_info", (3, 9, 2, "final", 0))
    finding = checkup.look_around()[0]
    assert (finding.good, finding.sentence) == (
        False,
        "this is Python 3.9.2, and the course needs 3.11 or newer: follow the README again",
    )


def test_a_missing_or_old_package_is_named(monkeypatch):
    monkeypatch.setattr(checkup, "PACKAGES", {"no_such_package": 0, "pandas": 99})
    sentences = [finding.sentence for finding in checkup.look_around() if not finding.good]
    assert sentences[0] == "no_such_package is not installed: follow the README again"
    assert sentences[1].startswith("pandas is ")
    assert "needs 99 or newer" in sentences[1]


def test_damaged_data_are_named_and_counted(monkeypatch, capsys):
    def damaged(name):
        raise CourseError("patrons.csv, row 3: something is wrong.")

    monkeypatch.setattr("course_utils.tables.load", damaged)
    checkup.check_environment()
    said = capsys.readouterr().out
    assert "missing: patrons.csv, row 3: something is wrong." in said
    assert "1 of 6 need a look" in said
