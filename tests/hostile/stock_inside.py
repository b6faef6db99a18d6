"""Within the container: one case and its classmates, graded by plain `nbgrader autograde`. For stock.py alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from hostile.assignment import NAME
from hostile.case import FIRST, LAST
from hostile.corpus import corpus
from hostile.stock import outcome_as_json
from hostile.world import World

NBGRADER = (sys.executable, "-m", "nbgrader")
SHOWS = ("H36", "X15")  # what is about the page that the student opens
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
        print(outcome_as_json(world.outcome(case.student, case.absent), harms, said))


if __name__ == "__main__":
    main(*sys.argv[1:])
