"""Within the container: one case and its classmates, graded by plain `nbgrader autograde`. For stock.py alone."""

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

from hostile.assignment import NAME
from hostile.case import FIRST, LAST
from hostile.corpus import corpus
from hostile.stock import outcome_as_json
from hostile.world import World

NBGRADER = (sys.executable, "-m", "nbgrader")
SHOWS = ("H36", "X15")  # what is about the page that the student opens
LARGE, MUCH = 400 * 10**6, 2 * 10**9  # bytes on the disk, and of one process
ASIDE = ("unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child")


def main(template: str, id_: str) -> None:
    (case,) = (one for one in corpus() if one.id == id_)
    folder = Path("/tmp/world")
    with World(folder, mates=(FIRST, LAST)) as world:
        shutil.copytree(template, world.course)
        world.hand_in([case])
        before = world.fingerprint()
        report = folder / "report.json"
        aside = [*ASIDE, sys.executable, str(Path(__file__).with_name("reaper.py")), str(report)]
        place = {"cwd": world.course / "assignments", "env": world.environment, "check": False}
        subprocess.run([*aside, *NBGRADER, "autograde", NAME], capture_output=True, **place)
        ended = json.loads(report.read_text()) if report.exists() else None
        left = ended["left"] if ended else []
        log = Path(f"{report}.out")
        said = log.read_text("utf-8", "replace") if log.exists() else ""
        if case.number in SHOWS:
            page = [*NBGRADER, "generate_feedback", NAME, f"--student={case.student}"]
            subprocess.run(page, capture_output=True, **place)
        harms = world.harms(before, left)
        if ended is None:
            harms.append("ended the grader itself")
        room = sum(path.lstat().st_size for path in folder.rglob("*"))
        if room > LARGE:
            harms.append(f"left {room // 10**6} MB behind")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        if memory > MUCH:
            harms.append(f"took {memory // 10**6} MB of memory")
        print(outcome_as_json(world.outcome(case.student, case.absent), harms, said))


# ---- what needs a class of its own -------------------------------------------------------------------------


def again(world: World) -> list[str]:
    cases = corpus(["H40"])
    world.hand_in(cases)
    found = []
    for _ in range(2):
        _nbgrader(world, "autograde", NAME, "--force")
        found.append({case.id: world.outcome(case.student).marks for case in cases})
    changed = [id_ for id_, marks in found[0].items() if marks != found[1][id_]]
    return [f"other marks the second time ({', '.join(changed)})"] if changed else []


def exchange(world: World) -> list[str]:
    folder = world.course / "exchange" / "hostile" / "inbound"
    folder.mkdir(parents=True)
    folder.chmod(0o733)
    when = "2000-01-01 00:00:00.000000 UTC"
    place = folder / f"m_h39+{NAME}+{when}+{'0' * 16}"
    place.mkdir()
    shutil.copy(world.course / "assignments" / "release" / NAME / f"{NAME}.ipynb", place)
    (place / "timestamp.txt").write_text(when)
    _nbgrader(world, "collect", NAME, f"--Exchange.root={world.course}/exchange")
    _nbgrader(world, "autograde", NAME)
    query = "select timestamp from submitted_assignment where student_id = 'm_h39'"
    with closing(sqlite3.connect(world.course / "assignments" / "gradebook.db")) as base:
        rows = base.execute(query).fetchall()
    return ["believes that it was handed in in 2000"] if rows and str(rows[0][0]).startswith("2000") else []


def archive(world: World) -> list[str]:
    folder = world.course / "assignments" / "downloaded" / NAME / "archive"
    folder.mkdir(parents=True)
    released = (world.course / "assignments" / "release" / NAME / f"{NAME}.ipynb").read_text()
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for student in (FIRST, LAST):
            packed.writestr(f"{student}_11_101_{NAME}.ipynb", released)
        packed.writestr("m_h35_11_200_../../../../PWNED.ipynb", b"{}")
        packed.writestr(f"m_h35_11_201_{NAME}.ipynb", bytes(300_000_000))
        packed.writestr("m_h35_11_300_/../../../home/PWNED", b"")
    names = r".*/(?P<student_id>[^/]+?)_11_\d+_(?P<file_id>.*)"
    _nbgrader(world, "zip_collect", NAME, f"--FileNameCollectorPlugin.named_regexp={names}")
    faults = []
    submitted = world.course / "assignments" / "submitted"
    missing = [student for student in (FIRST, LAST) if not (submitted / student / NAME).is_dir()]
    if missing:
        faults.append("classmates' work was not collected")
    if [*world.home.rglob("PWNED*"), *world.course.rglob("PWNED*")]:
        faults.append("wrote where the archive said")
    if [path for path in world.course.rglob("*") if path.is_file() and path.stat().st_size > 10**8]:
        faults.append("unpacked 300 MB")
    return faults


ALONE = {"H35z": archive, "H39z": exchange, "H40z": again}


def _nbgrader(world: World, *arguments: str) -> None:
    place = {"cwd": world.course / "assignments", "env": world.environment}
    subprocess.run([*ASIDE, *NBGRADER, *arguments], capture_output=True, check=False, **place)


def alone(template: str, id_: str) -> None:
    mates = (FIRST, LAST) if id_ == "H40z" else ()
    with World(Path("/tmp/world"), mates=mates) as world:
        shutil.copytree(template, world.course)
        print(json.dumps({"faults": ALONE[id_](world)}))


if __name__ == "__main__":
    (alone if sys.argv[2] in ALONE else main)(*sys.argv[1:])
