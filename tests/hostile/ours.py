"""The corpus through the whole pipeline of the kit, sandbox on: one class of all who tamper, with classmates among them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hostile import assignment
from hostile.case import MATES, Case
from hostile.world import SECRETS, Outcome, World

from course_utils.grading.course import Course
from course_utils.grading.limits import MB

HERE = Path(__file__).resolve().parent
# Small enough that what never ends is soon over, and large enough for honest work on a busy machine.
LIMITS = {
    "cell_cpu": 3,
    "cell_wall": 5,
    "notebook_cpu": 10,
    "notebook_wall": 20,
    "memory": 768 * MB,
    "scratch": 64 * MB,
    "file": 32 * MB,
}
BURN = 0.8 * LIMITS["cell_cpu"]
STUDENTS_PAGES = (
    "H16",
    "H17",
    "H24",
    "H25",
    "H26",
    "H27",
    "H36",
    "X15",
    "X29",
    "X31",
    "X32",
    "X33",
)  # whose page is looked at, too


@dataclass
class Run:
    """What came of the class: each case, what was done to others, and what was said and left behind."""

    outcomes: dict[str, Outcome]
    harms: list[str]
    said: str
    code: int
    seconds: float
    left_lying: list[str] = field(default_factory=list)


def make_class(world: World, students: Iterable[str], limits: Mapping[str, float] = LIMITS) -> Course:
    """A course with the small assignment, made ready, in the world's folder."""
    source = world.folder / "authored"
    assignment.write_source(source)
    course = Course.create(world.course, [source / assignment.NAME])
    settings = world.course / "assignments" / "nbgrader_config.py"
    settings.write_text(
        f"{settings.read_text(encoding='utf-8')}\nc.Examine.limits = {dict(limits)!r}\n", encoding="utf-8"
    )
    course = Course(world.course)
    course.generate(assignment.NAME)
    course.add_students(
        {student: {"last_name": SECRETS["the gradebook"]} if student in MATES else {} for student in students}
    )
    return course


def command(world: World, *arguments: str, report: str = "report.json") -> dict:
    """Run a command as the instructor would, and tell its code, its seconds, and what it left running."""
    path = world.folder / report
    environment = world.environment
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
    environment["PYTHONPATH"] = str(HERE.parents[1])
    subprocess.run(
        [sys.executable, str(HERE / "reaper.py"), str(path), *arguments],
        cwd=world.course / "assignments",
        env=environment,
        check=True,
    )
    said = path.with_name(f"{path.name}.out").read_text("utf-8", "replace")
    return json.loads(path.read_text()) | {"said": said}


def grade(world: World, cases: list[Case], jobs: int = 2) -> Run:
    """Grade a class of ``cases`` and their classmates with ``course grade``, and look at everything that came of it."""
    make_class(world, [*MATES, *(case.student for case in cases)])
    world.hand_in(cases, BURN)
    before = world.fingerprint()
    lying = _lying_about()
    done = command(
        world, sys.executable, "-m", "course_utils.cli", "grade", assignment.NAME, "--jobs", str(jobs)
    )
    left = [*done["left"]]
    pages = sorted({case.number for case in cases} & set(STUDENTS_PAGES))
    for number in pages:
        page = command(
            world,
            sys.executable,
            "-m",
            "nbgrader",
            "generate_feedback",
            assignment.NAME,
            f"--student=m_{number.lower()}*",
            report=f"page_{number}.json",
        )
        left += page["left"]
        if page["code"]:
            done["said"] += page["said"]
    outcomes = {}
    for case in cases:
        outcomes[case.id] = world.outcome(case.student, case.absent)
        outcomes[case.id].refused = _why_refused(done["said"], case.student)
    run = Run(outcomes, world.harms(before, left), done["said"], done["code"], done["seconds"])
    run.left_lying = [str(path) for path in world.temporary.iterdir()] + sorted(_lying_about() - lying)
    return run


def _lying_about() -> set[str]:
    """What hostile code would leave in the places that all share, by the name that it gives there."""
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("/run")]
    marks = re.compile(r"filler_|left_by_|spied|heard|PWNED|small_\d")
    return {
        str(path) for place in places if place.is_dir() for path in place.iterdir() if marks.match(path.name)
    }


def _why_refused(said: str, student: str) -> str:
    name = re.compile(rf"(?<![\w]){re.escape(student)}(?![\w])")
    lines = [line for line in said.splitlines() if name.search(line)]
    return " ".join(lines[-1].split()) if lines else ""
