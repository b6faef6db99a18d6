"""Another course's settings where nbgrader reads them for this one, too."""

import pytest

from course_utils.grading import other_settings
from course_utils.grading.course import Course


@pytest.fixture
def said(tmp_path, monkeypatch):
    """A function that gives the findings, with such a file in the home folder."""
    course = Course.create(tmp_path / "course", [])
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(course.folder / "assignments"))

    def look(text, name="nbgrader_config.py"):
        (home / name).write_text(text, encoding="utf-8")
        return other_settings.look(course.folder)

    return look


def test_what_counts_here_as_well_is_named(said):
    (finding,) = said(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///o.db'\nc.Exchange.timezone = 'UTC'\n"
    )
    assert not finding.good
    assert "counts here as well: Exchange.timezone; move it" in finding.sentence


def test_what_this_course_sets_itself_is_good(said):
    (finding,) = said("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///other.db'\n")
    assert finding.good
    assert "home/nbgrader_config.py is of another course" in finding.sentence


def test_the_other_form_of_such_a_file_is_read_too(said):
    (finding,) = said('{"Exchange": {"timezone": "UTC"}}', "nbgrader_config.json")
    assert "Exchange.timezone" in finding.sentence


@pytest.mark.parametrize("text", ["c = 1 / 0", "c = (", "import no_such_module"])
def test_a_file_that_nbgrader_would_stop_at_is_named(said, text):
    (finding,) = said(text)
    assert not finding.good
    assert "stops at it" in finding.sentence


def test_its_own_settings_are_none_of_another(said, kit):
    (ours,) = (kit / "course_utils" / "jupyter").rglob("nbgrader_config.py")
    assert said(ours.read_text(encoding="utf-8")) == []
