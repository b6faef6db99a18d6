import json
import os
import socket

import pytest

from course_utils import lab
from course_utils.errors import CourseError


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield str(server.getsockname()[1])


@pytest.fixture
def kit_to_start(tmp_path, monkeypatch):
    """A folder to start in; the working folder and the environment are put back afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/their/own")
    return tmp_path


@pytest.mark.parametrize("given", [["--port", "{}"], ["--port={}"], ["--ServerApp.port={}"]])
def test_a_port_that_was_asked_for_and_is_taken(kit_to_start, taken_port, given):
    with pytest.raises(CourseError, match=f"Port {taken_port} is already in use") as caught:
        lab.prepare(kit_to_start, [word.format(taken_port) for word in given])
    assert "\n" not in str(caught.value)
    assert list(kit_to_start.iterdir()) == []


@pytest.mark.parametrize("port", ["eighty", "70000", "-1", ""])
def test_a_port_that_is_none(kit_to_start, port):
    with pytest.raises(CourseError, match="is not a port"):
        lab.prepare(kit_to_start, ["--port", port])


def test_an_option_without_its_value_is_left_to_jupyterlab_to_complain_about(kit_to_start):
    lab.prepare(kit_to_start, ["--port"])


def test_a_folder_that_cannot_be_written(kit_to_start, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(CourseError, match="cannot be written: copy the kit"):
        lab.prepare(kit_to_start, [])
    assert list(kit_to_start.iterdir()) == []


def test_nbgrader_finds_its_settings_and_the_folder_for_fetched_work(kit_to_start):
    lab.prepare(kit_to_start, [])
    assert (kit_to_start / "my_work").is_dir()
    assert os.getcwd() == str(kit_to_start)
    assert os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [
        str(kit_to_start / "assignments"),
        str(lab.FOR_STUDENTS),
        str(lab.FOR_EVERYBODY),
        "/their/own",
    ]


def test_an_instructor_is_spared_nothing(kit_to_start):
    lab.prepare(kit_to_start, [], instructor=True)
    assert str(lab.FOR_STUDENTS) not in os.environ["JUPYTER_CONFIG_PATH"]


def test_what_is_set_is_where_jupyter_looks():
    for folder in (lab.FOR_EVERYBODY, lab.FOR_STUDENTS):
        assert (folder / "labconfig" / "page_config.json").is_file()


def test_what_is_hidden_from_students_is_what_jupyter_hides_and_the_texts():
    from jupytext.sync_contentsmanager import TextFileContentsManager

    settings = json.loads((lab.FOR_STUDENTS / "jupyter_server_config.json").read_text(encoding="utf-8"))
    assert settings["ContentsManager"]["hide_globs"] == [*TextFileContentsManager().hide_globs, "text"]


def test_options_given_by_hand_come_last(kit_to_start):
    (kit_to_start / "notebooks").mkdir()
    (kit_to_start / lab.FIRST_PAGE).touch()
    arguments = lab.jupyter_arguments(kit_to_start, ["--no-browser", "--port=8890"])
    assert arguments[-2:] == ["--no-browser", "--port=8890"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in arguments
    assert "--ServerApp.port_retries=0" in arguments
    assert "--ServerApp.port_retries=0" not in lab.jupyter_arguments(kit_to_start, [])


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_in_a_container_and_nobody_else_is_told_so(kit_to_start, monkeypatch, user, allowed):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab.jupyter_arguments(kit_to_start, [])) is allowed


def test_the_first_page_is_there(kit):
    assert (kit / lab.FIRST_PAGE).is_file()


def test_the_lessons_open_even_if_there_can_be_no_example_class(monkeypatch, capsys, tmp_path):
    from course_utils.grading import example_class

    def cannot(kit):
        raise CourseError("The gradebook is locked: close it.")

    monkeypatch.setattr(example_class, "ensure_example_class", cannot)
    lab._example_class(tmp_path)
    assert "The gradebook is locked: close it. The lessons open all the same." in capsys.readouterr().err


def test_windows_is_told_why_it_has_no_example_class(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(lab.sys, "platform", "win32")
    lab._example_class(tmp_path)
    assert "no example class on Windows" in capsys.readouterr().out
