"""JupyterLab started without `course lab`: by `jupyter lab`, Anaconda's Navigator, or Binder."""

import json
import os
import subprocess
import sys
import zipfile

import pytest

from course_utils.grading.course import Course

# What the page Assignment List asks the server for, and what nbgrader's server answers; more than this is an error 500.
ASK = """\
import json, sys
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList
manager = AssignmentList()
manager.root_dir = sys.argv[1]
courses = manager.list_courses()
print(json.dumps([courses, [manager.list_assignments(course_id=name) for name in courses["value"] if courses["success"]]]))
"""


@pytest.fixture(scope="module")
def installed(kit, tmp_path_factory):
    """What installing the kit puts into the environment, as Jupyter finds it there."""
    folder = tmp_path_factory.mktemp("environment")
    build = "import sys; from flit_core.buildapi import build_editable; print(build_editable(sys.argv[1]), file=sys.stderr)"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=kit, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    (data,) = folder.glob("*.data/data/etc/jupyter")
    assert (data / "labconfig" / "page_config.json").is_file()
    return data


@pytest.fixture(scope="module")
def a_kit(copy_kit, tmp_path_factory):
    return copy_kit(tmp_path_factory.mktemp("home") / "kit")


@pytest.fixture
def listed(installed, a_kit, tmp_path):
    """A function that gives what Assignment List shows, with JupyterLab started in a folder."""

    def ask(place):
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "COURSE_"))}
        done = subprocess.run(
            [sys.executable, "-c", ASK, str(place)],
            cwd=place,
            env=kept
            | {"HOME": str(tmp_path), "JUPYTER_CONFIG_PATH": str(installed), "PYTHONPATH": str(a_kit)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return ask


@pytest.mark.parametrize(
    "place", [".", "notebooks", "assignments", ".."], ids=["kit", "notebooks", "assignments", "home"]
)
def test_assignment_list_finds_the_course_wherever_jupyterlab_was_started(place, listed, a_kit):
    assert listed((a_kit / place).resolve()) == [{"success": True, "value": []}, []]
    assert (a_kit / "my_work").is_dir()


def test_a_course_in_a_folder_of_its_own_is_the_one_that_is_listed(listed, tmp_path, small_assignment):
    course = Course.create(tmp_path / "course", [small_assignment])
    course.generate(small_assignment.name)
    course.release(small_assignment.name)
    for place in (course.folder, course.folder / "assignments"):
        courses, (assignments,) = listed(place)
        assert courses == {"success": True, "value": ["port_ellery"]}
        assert [one["assignment_id"] for one in assignments["value"]] == [small_assignment.name]


def test_a_course_of_another_kind_is_left_alone(listed, tmp_path):
    (tmp_path / "exchange" / "theirs" / "outbound" / "week_1").mkdir(parents=True)
    other = tmp_path / "other"
    other.mkdir()
    (other / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    )
    courses, (assignments,) = listed(other)
    assert courses["value"] == ["theirs"]
    assert [one["assignment_id"] for one in assignments["value"]] == ["week_1"]
