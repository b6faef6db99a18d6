"""A class on a disk that is full: one sentence, nothing half-written, and with room the same command does its work."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from processes import PATIENCE
from representatives import representatives

from course_utils.grading import run
from course_utils.grading.course import Course, released_notebook

SMALL = "90_small"
pytestmark = [pytest.mark.needs("small disk"), pytest.mark.needs("bubblewrap")]
SENTENCE = "The disk is full"
ROSTER = "id,last_name,first_name,email\n" + "".join(
    f"n{number},A,B,n{number}@x.org\n" for number in range(200)
)


class Disk:
    """A disk of some megabytes, with a class on it that is not graded yet, or is."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.filler = folder / "filler"
        self.course: Course | None = None

    @property
    def assignments(self) -> Path:
        return self.folder / "class" / "assignments"

    def fill(self, left: int) -> None:
        """Leave so many bytes."""
        with self.filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(65_536)):
                    pass
            except OSError:
                pass
        os.truncate(self.filler, max(0, self.filler.stat().st_size - left))

    def files(self) -> dict[Path, bytes]:
        """What stands on it, but for what is kept of grading, and the lock."""
        return {
            path: path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path != self.filler and ".course" not in path.parts
        }

    def type(self, command: str) -> subprocess.CompletedProcess:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.assignments,
            env=environment | {"COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory, small_assignment, answered):
    """The class before it is graded, and after, as folders to copy."""
    folder = tmp_path_factory.mktemp("made")
    course = Course.create(folder / "new" / "class", [small_assignment])
    course.generate(SMALL)
    for student in ("ada", "bob"):
        course.add_students({student: {"first_name": student.title(), "last_name": "Reed"}})
        work = course.submitted(student, SMALL)
        work.mkdir(parents=True)
        nbformat.write(answered(released_notebook(course, SMALL)), work / f"{SMALL}.ipynb")
        (work / "timestamp.txt").write_text("2026-09-14 20:00:00 UTC")
        (work / "submission_secret.txt").write_text(f"of {student}")
    assignments = course.folder / "assignments"
    (assignments / "late.toml").write_text("[penalty]\npercent = 20\n")
    (assignments / "class.csv").write_text(ROSTER)
    with zipfile.ZipFile(assignments / "archive.zip", "w") as archive:
        archive.writestr(f"reedbob_5001_9_{SMALL}.ipynb", nbformat.writes(released_notebook(course, SMALL)))
    shutil.copytree(folder / "new", folder / "graded")
    graded = Course(folder / "graded" / "class", apart=True)
    assert run.grade(graded, SMALL).graded == ["ada", "bob"]
    return folder


@pytest.fixture
def disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def is_a_sentence(ran: subprocess.CompletedProcess) -> None:
    assert ran.returncode in (1, 2), ran
    assert ran.stderr.count(SENTENCE) >= 1, ran
    assert "Traceback" not in ran.stderr + ran.stdout
    assert "sqlalche.me" not in ran.stderr


# What to type, how many bytes are left, and what has to stand there when there was room.
COMMANDS = {
    "late": (f'course late {SMALL} --due "2026-09-13 20:00 UTC" --record', 0, None),
    "export": (f"course export {SMALL} --to csv --out grades.csv --anyway", 0, "grades.csv"),
    "report": (f"course report {SMALL} --out report.html", 4096, "report.html"),
    "collect": (f"course collect {SMALL} --from canvas archive.zip --update", 4096, None),
    "class": ("course class class.csv", 4096, None),
    "feedback": (f"nbgrader generate_feedback {SMALL} --force", 0, f"feedback/ada/{SMALL}/{SMALL}.html"),
}


@pytest.mark.parametrize("verb", representatives(COMMANDS, ["collect", "export"]))
def test_every_verb_says_so_and_does_it_when_there_is_room(disk, made, verb):
    command, left, result = COMMANDS[verb]
    shutil.copytree(made / "graded", disk.folder, dirs_exist_ok=True)
    before = disk.files()
    disk.fill(left)
    is_a_sentence(disk.type(command))
    after = disk.files()
    assert {path: after.get(path) for path in before} == before, "what was there stays as it was"
    assert [path for path in after.keys() - before.keys() if path.stat().st_size] == [], (
        "nothing half-written"
    )
    disk.filler.unlink()
    ran = disk.type(command)
    assert ran.returncode == 0, ran
    assert result is None or (disk.assignments / result).stat().st_size > 0
    if verb == "class":
        assert "200 students are new" in ran.stdout


@pytest.mark.exhaustive
def test_releasing_feedback(disk, made):
    shutil.copytree(made / "graded", disk.folder, dirs_exist_ok=True)
    assert disk.type(f"nbgrader generate_feedback {SMALL}").returncode == 0
    disk.fill(0)
    is_a_sentence(disk.type(f"nbgrader release_feedback {SMALL}"))
    disk.filler.unlink()
    assert disk.type(f"nbgrader release_feedback {SMALL}").returncode == 0
    pages = list((disk.folder / "class" / ".course" / "exchange").rglob("*.html"))
    assert sorted(page.stat().st_size for page in pages) == sorted(
        page.stat().st_size for page in disk.assignments.glob("feedback/*/*/*.html")
    )


def test_collecting_from_the_exchange(disk, made):
    """Nobody is told to hand in again. (nbgrader takes the earlier copy away first: the exchange still has it.)"""
    shutil.copytree(made / "graded", disk.folder, dirs_exist_ok=True)
    inbound = disk.folder / "class" / ".course" / "exchange" / "port_ellery" / "inbound"
    work = inbound / f"bob+{SMALL}+2030-09-14 20:00:00.000000 UTC+abc"
    work.mkdir(parents=True)
    (work / f"{SMALL}.ipynb").write_bytes(bytes(100_000))
    disk.fill(40_960)
    ran = disk.type(f"nbgrader collect {SMALL} --update --TrustedCollect.trusted_time=False")
    is_a_sentence(ran)
    assert "hand it in again" not in ran.stderr
    assert not list(disk.assignments.glob("submitted/*/*.part"))
    disk.filler.unlink()
    assert disk.type(f"nbgrader collect {SMALL} --update --TrustedCollect.trusted_time=False").returncode == 0
    collected = disk.assignments / "submitted" / "bob" / SMALL / f"{SMALL}.ipynb"
    assert collected.read_bytes() == bytes(100_000)


GRADING = (f"course grade {SMALL} --jobs=1", f"nbgrader autograde {SMALL}")


@pytest.mark.parametrize("left", representatives([0, 8_192, 40_960], ["40960"]))
@pytest.mark.parametrize("command", representatives(GRADING, GRADING[:1]))
def test_grading(disk, made, command, left):
    """Wherever it stops: before it begins, at what is kept of each notebook, at the gradebook or at a notebook."""
    shutil.copytree(made / "new", disk.folder, dirs_exist_ok=True)
    disk.fill(left)
    is_a_sentence(disk.type(command))
    assert not [path for path in disk.folder.rglob("*.part") if path.is_file()]
    disk.filler.unlink()
    ran = disk.type(command)
    assert ran.returncode == 0, ran
    assert marks(disk.assignments) == marks(made / "graded" / "class" / "assignments")
    for student in ("ada", "bob"):
        nbformat.read(disk.assignments / "autograded" / student / SMALL / f"{SMALL}.ipynb", as_version=4)


def marks(assignments: Path) -> dict:
    with Gradebook(f"sqlite:///{assignments / 'gradebook.db'}", "port_ellery") as gradebook:
        return {
            (submission.student_id, grade.name): (grade.auto_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions(SMALL)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
