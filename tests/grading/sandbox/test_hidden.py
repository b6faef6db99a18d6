"""What a class keeps cannot be read by its students' code, wherever it lies."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from grading.conftest import SMALL
from grading.sandbox.test_launcher import FORMS, Student
from grading.sandbox.test_launcher import SMALL as FEW
from representatives import representatives
from traitlets.config import Config

from course_utils.grading import run
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.course import Course
from course_utils.grading.nbgrader_plugins.execute import Examine
from course_utils.grading.sandbox.hidden import places
from course_utils.grading.sandbox.launcher import SandboxFactory


def config_of(root: Path, **parts: str) -> Config:
    config = Config()
    config.CourseDirectory.root = str(root)
    for name, value in parts.items():
        section, _, name = name.partition("_")
        config[section][name] = value
    return config


def test_the_places_are_those_that_the_settings_name(tmp_path):
    config = config_of(
        tmp_path / "class",
        CourseDirectory_source_directory=str(tmp_path / "answers"),
        CourseDirectory_db_url=f"sqlite:///{tmp_path}/grades.db?timeout=5",
        Exchange_root=str(tmp_path / "exchange"),
        Exchange_cache=str(tmp_path / "cache"),
        Examine_cache=str(tmp_path / "ran"),
    )
    names = "class", "answers", "grades.db", "exchange", "cache", "ran", ".course", "class/submitted"
    assert {str(tmp_path / name) for name in names} <= set(places(config))


SEEN = """
    import os
    for name in {names}:
        if os.path.isdir(name) and os.listdir(name):
            print(name, os.listdir(name))
        elif os.path.isfile(name):
            print(name, os.path.getsize(name))
"""


@pytest.mark.parametrize("form", FORMS)
def test_a_class_among_the_data_is_covered(form, tmp_path, monkeypatch):
    """The data are shown; what is secret in them is not, nor what becomes so while the sandbox is there."""
    data = tmp_path / "data"
    root, exchange = data / "class" / "assignments", data / "exchange"
    (root / "source").mkdir(parents=True)
    (root / "source" / "answers.ipynb").write_text("42")
    (exchange / "inbound").mkdir(parents=True)
    (data / "grades.db").write_text("a_good 8")
    (data / "grades.db-journal").write_text("a_good 8")
    (data / "books.csv").write_text("title")
    (data / "more").mkdir()
    (data / "more" / "loans.csv").write_text("n")
    (data / "link.csv").symlink_to("books.csv")
    monkeypatch.setenv("COURSE_DATA", str(data))
    (tmp_path / "link").symlink_to(data)
    config = config_of(
        tmp_path / "link" / "class" / "assignments",
        CourseDirectory_db_url=f"sqlite:///{tmp_path}/link/grades.db",
        Exchange_root=str(exchange),
        Exchange_cache=str(data / "not" / "yet"),
    )
    with contextlib.closing(SandboxFactory(form, FEW, places(config), imports=False)) as factory:
        (data / "not" / "yet").mkdir(parents=True)
        (data / "not" / "yet" / "work.ipynb").write_text("mine")
        (data / "grades.db-wal").write_text("a_good 8")
        student = Student(factory)
        with student.channel:
            said = student.run(f"""
                import os
                for folder, _, files in os.walk({str(data)!r}):
                    for file in files:
                        print(os.path.relpath(os.path.join(folder, file), {str(data)!r}), len(open(os.path.join(folder, file)).read()))
                print(os.access({str(data)!r}, os.W_OK), os.access({str(root)!r}, os.W_OK))
            """)
    *files, last = said.split("\n")
    assert sorted(files) == ["books.csv 5", "link.csv 5", "more/loans.csv 1"]
    assert last == "False False"


@pytest.mark.parametrize("form", FORMS)
def test_a_kit_whose_folder_is_that_of_python_shows_no_more_than_it_must(
    form, copy_kit, tmp_path, monkeypatch
):
    """As where a virtual environment was made in the clone itself: all of it is bound for Python."""
    kit = copy_kit(tmp_path / "kit")
    for name in (".course", ".git", "my_work"):
        (kit / name).mkdir()
        (kit / name / "secret").write_text("a")
    monkeypatch.setenv("COURSE_DATA", str(kit))
    with contextlib.closing(SandboxFactory(form, FEW, imports=False)) as factory:
        # The running package is another one: its folder is not told.
        student = Student(factory)
        with student.channel:
            assert "assignments" in student.run(f"import os; print(os.listdir({str(kit)!r}))")
    monkeypatch.setattr("course_utils.grading.sandbox.bwrap.kit_folder", lambda: kit)
    with contextlib.closing(SandboxFactory(form, FEW, imports=False)) as factory:
        student = Student(factory)
        with student.channel:
            names = [
                str(kit / name)
                for name in ("assignments", "tests", "docs", "notebooks", ".course", ".git", "my_work")
            ]
            assert student.run(SEEN.format(names=names)) == ""
            assert "course_utils" in student.run(f"import os; print(os.listdir({str(kit)!r}))")


if os.getuid() == 0:
    # Only root can put a class below /usr.

    @pytest.fixture
    def below_usr(monkeypatch):
        """A class below /usr, its exchange and its gradebook in the folder of this Python."""
        with (
            tempfile.TemporaryDirectory(prefix="course-", dir="/usr/local/share") as folder,
            tempfile.TemporaryDirectory(prefix="course-", dir=sys.prefix) as inside,
        ):
            for place in (folder, inside):  # else nobody could read there in any case
                os.chmod(place, 0o755)
            gradebook = Path(sys.prefix, f"{Path(inside).name}.db")
            monkeypatch.setenv("COURSE_EXCHANGE", f"{inside}/exchange")
            monkeypatch.setenv("COURSE_GRADEBOOK", f"sqlite:///{gradebook}")
            try:
                yield Path(folder), Path(inside), gradebook
            finally:
                for left in gradebook.parent.glob(f"{gradebook.name}*"):
                    left.unlink()

    LOOK = """
import os
seen = []
for place in {places!r}:
    for folder, _, files in os.walk(place):
        seen += [os.path.join(folder, file) for file in files]
    if os.path.isfile(place):
        seen.append(place)
name = reader
print("seen", seen)
"""

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("way", representatives(["course grade", "nbgrader autograde"], ["course grade"]))
    def test_a_class_below_usr_is_not_seen_by_its_students(
        below_usr, form, way, small_assignment, answered, monkeypatch
    ):
        folder, inside, gradebook = below_usr
        monkeypatch.setenv("COURSE_SANDBOX", form)
        Course.create(folder, [small_assignment])
        course = Course(folder)
        course.generate(SMALL)
        course.add_students({"ada": {}})
        (inside / "exchange").mkdir(exist_ok=True)
        (inside / "exchange" / "work.ipynb").write_text("theirs")
        assert gradebook.is_file()
        released = Path(course.coursedir.format_path("release", ".", SMALL)) / f"{SMALL}.ipynb"
        notebook = nbformat.read(released, as_version=4)
        target = course.submitted("ada", SMALL)
        target.mkdir(parents=True)
        for open_to_all in [gradebook, *folder.rglob("*"), *inside.rglob("*")]:
            open_to_all.chmod(open_to_all.stat().st_mode | 0o555)
        everywhere = [str(folder), str(inside), str(gradebook)]
        work = answered(notebook, name=LOOK.format(places=everywhere))
        nbformat.write(work, target / f"{SMALL}.ipynb")
        if way == "course grade":
            assert run.grade(course, SMALL).problems == []
        else:
            course.autograde(SMALL, "ada")
        marked = Path(course.coursedir.format_path("autograded", "ada", SMALL)) / f"{SMALL}.ipynb"
        cells = {grade_id_of(cell): cell for cell in nbformat.read(marked, as_version=4).cells}
        assert [one["text"] for one in cells["name"].outputs] == ["seen []\n"]


def test_the_room_that_was_prepared_is_the_one_that_is_used(small_class):
    """What is hidden is read from the same settings by whoever prepares workers, and by whoever uses them."""
    config = small_class.config
    assert Examine(config=config).hidden == places(config)
    assert str(small_class.coursedir.root) in places(config)
