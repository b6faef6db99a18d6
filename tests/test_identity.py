"""Whose library it is: from grading, from the hub, from the form, or nobody's."""

import pytest

from course_utils import identity
from course_utils.errors import CourseError
from course_utils.library import Library


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch, tmp_path):
    for variable in ("COURSE_STUDENT", "JUPYTERHUB_USER"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(identity, "_name_file", lambda: tmp_path / ".course" / "student.json")
    identity.my_library.cache_clear()
    yield
    identity.my_library.cache_clear()


def test_without_a_name_it_is_the_guest():
    assert identity.who_am_i() == "guest"


def test_the_form_comes_before_nothing_the_hub_before_the_form_and_grading_before_the_hub(monkeypatch):
    assert identity.save_name("  Ada  ") == "Ada"
    assert identity.who_am_i() == "Ada"
    monkeypatch.setenv("JUPYTERHUB_USER", "ada.l")
    assert identity.who_am_i() == "ada.l"
    monkeypatch.setenv("COURSE_STUDENT", "s1234")
    assert identity.who_am_i() == "s1234"


def test_another_name_is_another_library():
    identity.save_name("Ada")
    ada = identity.my_library().patrons
    identity.save_name("Grace")
    assert not identity.my_library().patrons.equals(ada)
    assert Library.for_student("Ada").patrons.equals(ada)


def test_an_empty_name_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(CourseError, match="The name is empty"):
        identity.save_name("   ")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named(tmp_path):
    identity.save_name("Ada")
    (tmp_path / ".course" / "student.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match="open 00_start_here and save your name again"):
        identity.who_am_i()


def test_a_folder_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(identity, "_name_file", lambda: tmp_path / "file" / "student.json")
    with pytest.raises(CourseError, match="Your name could not be saved in student.json"):
        identity.save_name("Ada")
