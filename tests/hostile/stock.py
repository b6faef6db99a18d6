"""What stock nbgrader makes of a case: in a container of ours, since it runs a student's code with the hands of whoever grades.

The container has no network and no processes but its own, a small disk in memory, a user of its own, and limits on
memory, processes, file sizes and time. Within it, the grader has once more processes of its own, so that what it
starts can end everything but the one who looks what came of it.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import asdict
from pathlib import Path

from hostile.corpus import corpus
from hostile.verdict import FINE, faults
from hostile.world import Outcome

HERE = Path(__file__).resolve().parent
TABLE = HERE / "stock.toml"
KIT = HERE.parents[1]
USER = "61708"  # nobody's: limits on processes count for a user
LONGEST = 300  # seconds
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "hostile"\n'


def read() -> dict[str, str]:
    """Case -> what stock nbgrader made of it, as it was measured."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))["cases"] if TABLE.exists() else {}


def version() -> str:
    """The version of nbgrader that was measured."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))["nbgrader"]


def write(found: dict[str, str]) -> None:
    import nbgrader

    lines = [
        "# What stock nbgrader makes of each case of the corpus. Made by `make hostile STOCK=1`.",
        f'nbgrader = "{nbgrader.__version__}"',
        "",
        "[cases]",
        *(f"{id_} = {json.dumps(words)}" for id_, words in sorted(found.items())),
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def prepare(folder: Path) -> Path:
    """A class that is ready for submissions, with nbgrader's own settings; made once for all cases."""
    from hostile import assignment
    from hostile.world import MATES, SECRETS

    class_ = folder / "template"
    assignments = class_ / "assignments"
    assignments.mkdir(parents=True)
    assignment.write_source(assignments / "source")
    (assignments / "nbgrader_config.py").write_text(CONFIG)
    students = [*MATES, *(case.student for case in corpus())]
    with (folder / "class.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "last_name"])
        rows.writerows(
            [student, SECRETS["the gradebook"] if student in MATES else ""] for student in students
        )
    for arguments in (
        ["generate_assignment", assignment.NAME],
        ["db", "student", "import", str(folder / "class.csv")],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=assignments,
            capture_output=True,
            text=True,
            check=False,
            env=_environment(folder),
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
    return class_


def _environment(home: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": str(HERE.parent)}


def grade(case, template: Path) -> str:
    """What stock nbgrader makes of one case, or of one that needs a class of its own, in a few words."""
    done = subprocess.run(
        _container(template, case.id),
        capture_output=True,
        text=True,
        timeout=LONGEST + 60,
        env=_environment(Path("/tmp")),
        check=False,
    )
    if done.returncode in (124, 137):
        return f"nobody graded: no end within {LONGEST} seconds"
    try:
        found = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise RuntimeError(f"{case.id}: {done.stdout[-2000:]} {done.stderr[-2000:]}") from None
    if "faults" in found:
        return "; ".join(found["faults"]) or FINE
    return "; ".join(faults(case, Outcome(**found["outcome"]), found["harms"])) or FINE


def _container(template: Path, id_: str) -> list[str]:
    read_only = {KIT, Path(sys.base_prefix).resolve(), Path(sys.prefix), template, Path("/usr"), Path("/etc")}
    command = [
        shutil.which("bwrap") or "bwrap",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
    ]
    command += ["--die-with-parent", "--new-session"]
    for name in ("bin", "lib", "lib64", "sbin"):
        if Path(f"/{name}").is_symlink():
            command += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif Path(f"/{name}").exists():
            read_only.add(Path(f"/{name}"))
    command += ["--perms", "1777", "--size", str(1500 * 2**20), "--tmpfs", "/tmp"]
    made = {Path("/"), Path("/tmp"), Path("/usr"), Path("/etc")}
    for path in sorted(read_only):
        for parent in reversed(path.parents):
            if parent not in made and not any(parent.is_relative_to(one) for one in read_only):
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", str(path), str(path)]
    command += ["--proc", "/proc", "--dev", "/dev", "--chdir", "/tmp"]
    if os.getuid() == 0:
        command += [
            "setpriv",
            "--reuid",
            USER,
            "--regid",
            USER,
            "--clear-groups",
            "--no-new-privs",
            "--bounding-set=-all",
        ]
    limits = ["prlimit", "--nproc=260", f"--as={6 * 2**30}", f"--fsize={700 * 2**20}", "--core=0"]
    inside = [sys.executable, "-m", "hostile.stock_inside", str(template), id_]
    return [*command, *limits, "timeout", "--kill-after=5", str(LONGEST), *inside]


def outcome_as_json(outcome: Outcome, harms: list[str], said: str) -> str:
    return json.dumps({"outcome": asdict(outcome), "harms": harms, "said": said[-4000:]})
