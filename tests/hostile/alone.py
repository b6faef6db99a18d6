"""Cases that need a class of their own: an archive from a learning system, the exchange, a second run."""

import sqlite3
import stat
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from hostile.assignment import NAME, RIGHT
from hostile.case import FULL, MATES, Desk
from hostile.corpus import corpus
from hostile.ours import BURN, command, make_class
from hostile.world import World

from course_utils.grading.submissions.collecting import collect

COURSE = (sys.executable, "-m", "course_utils.cli")
CLASS = {
    "ada": {"first_name": "Ada", "last_name": "Abel"},
    "mal": {"first_name": "Mal", "last_name": "Mole"},
    "zoe": {"first_name": "Zoe", "last_name": "Zand"},
}


@dataclass(frozen=True)
class Alone:
    """A case by itself: ``try_out`` makes a world in an empty folder, and gives back what went wrong there."""

    id: str
    what: str
    hostile: bool
    try_out: Callable[[Path], list[str]]


def _right_answers(world: World) -> str:
    path = world.course / "assignments" / "release" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    desk = Desk(notebook, path.parent, world.course, world.home, world.port, BURN, "mate")
    desk.answer(**RIGHT)
    return desk.text()


def _grade(world: World, *options: str) -> dict:
    return command(world, *COURSE, "grade", NAME, *options)


def _full_marks(world: World, *students: str) -> list[str]:
    found = {student: world.outcome(student).marks for student in students}
    return [f"{student} has {marks}" for student, marks in found.items() if marks != FULL]


def archive(folder: Path) -> list[str]:
    """Names that climb, a link, a device, a bomb and an archive of such names, in what a learning system hands over."""
    with World(folder, mates=()) as world:
        course = make_class(world, {})
        course.add_students(CLASS)
        answers = _right_answers(world)
        bad = {
            "moremal": ("../../../../PWNED.ipynb", b"{}"),
            "molemal": (f"{NAME}.ipynb", bytes(300_000_000)),
        }
        path = folder / "submissions.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(f"abelada_11_101_{NAME}.ipynb", answers)
            packed.writestr(f"zandzoe_13_103_{NAME}.ipynb", answers)
            for number, (who, (name, content)) in enumerate(bad.items()):
                packed.writestr(f"{who}_12_{200 + number}_{name}", content)
            packed.writestr("molemal_12_300_/../../../home/PWNED", b"")
            packed.writestr("../../PWNED", b"")
            for number, kind in enumerate((stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR)):
                odd = zipfile.ZipInfo(f"molemal_12_{310 + number}_odd{number}.csv")
                odd.external_attr = (kind | 0o777) << 16
                packed.writestr(odd, str(world.home / ".ssh" / "id_rsa"))
        before = world.fingerprint()
        collected = collect(course.coursedir, NAME, "canvas", path)
        graded = _grade(world)
        faults = [*_full_marks(world, "ada", "zoe"), *world.harms(before, graded["left"])]
        told = [*collected.problems, *collected.notes]
        if not any("mal" in sentence for sentence in told):
            faults.append(f"nobody is told of mal: {told}")
        if world.outcome("mal").graded:
            faults.append("a bomb was graded")
        large = [
            p
            for p in (world.course / "assignments" / "submitted").rglob("*")
            if p.is_file() and p.stat().st_size > 10**8
        ]
        return faults + [f"{path} was unpacked" for path in large]


def exchange(folder: Path) -> list[str]:
    """Work handed in after the due date, with a folder and a timestamp.txt that say otherwise; one has an extension."""
    with World(folder, mates=()) as world:
        course = make_class(world, {})
        course.add_students(CLASS)
        course.release(NAME)
        now = datetime.now(UTC)
        with course.gradebook as gradebook:
            due = now - timedelta(days=1, hours=2)
            gradebook.update_or_create_assignment(NAME, duedate=f"{due:%Y-%m-%d %H:%M:%S} UTC")
        (world.course / "assignments" / "late.toml").write_text(
            'timezone = "America/New_York"\n[penalty]\npoints = 1\nper = "day"\n'
            f'[[extension]]\nstudent = "ada"\nuntil = "{now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"\n'
        )
        answers = _right_answers(world)
        for student, claimed in (("ada", now), ("mal", datetime(2000, 1, 1, tzinfo=UTC)), ("zoe", now)):
            inbound = course.exchange / "port_ellery" / "inbound"
            when = f"{claimed:%Y-%m-%d %H:%M:%S.%f} UTC"
            place = inbound / f"{student}+{NAME}+{when}+{'0' * 16}"
            place.mkdir()
            (place / f"{NAME}.ipynb").write_text(answers)
            (place / "timestamp.txt").write_text(when)
        collected = command(world, sys.executable, "-m", "nbgrader", "collect", NAME)
        _grade(world)
        query = """
            select submitted_assignment.student_id, submitted_notebook.late_submission_penalty
            from submitted_notebook join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        """
        with closing(sqlite3.connect(world.course / "assignments" / "gradebook.db")) as base:
            lost = dict(base.execute(query).fetchall())
        faults = _full_marks(world, *CLASS)
        if {student: lost.get(student) or 0 for student in CLASS} != {"ada": 0, "mal": 2, "zoe": 2}:
            faults.append(f"being late costs {lost}")
        if "mal" not in collected["said"]:
            faults.append(f"nobody is told of mal: {collected['said']}")
        return faults


def again(folder: Path) -> list[str]:
    """What is left to chance, to the clock and to the order of a set, graded twice."""
    with World(folder) as world:
        cases = corpus(["H40", "H12e"])
        make_class(world, [*MATES, *(case.student for case in cases)])
        world.hand_in(cases, BURN)
        _grade(world)
        first = {case.id: world.outcome(case.student).marks for case in cases}
        _grade(world, "--fresh", "--jobs", "1")
        second = {case.id: world.outcome(case.student).marks for case in cases}
        return [f"{id_}: {first[id_]}, then {second[id_]}" for id_ in first if first[id_] != second[id_]]


ALONE = [
    Alone(
        "H35z",
        "hands in names that climb, links, devices and a zip bomb through a learning system",
        True,
        archive,
    ),
    Alone("H39z", "hands in late, with a folder and a time that say otherwise", True, exchange),
    Alone("H40z", "is graded twice, chance and the clock included", False, again),
]
