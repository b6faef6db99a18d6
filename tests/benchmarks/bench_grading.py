"""How fast grading is: the same class by stock nbgrader and by `course grade`, side by side in one run.

python tests/benchmarks/bench_grading.py                  prints the figures
python tests/benchmarks/bench_grading.py --write          writes docs/benchmarks_grading.md
python tests/benchmarks/bench_grading.py --students 20 40 --jobs 2 --rounds 1
"""

import argparse
import contextlib
import copy
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from course_utils.authoring.proofs import in_packs
from course_utils.grading import proving, run
from course_utils.grading.assignment import grade_id_of
from course_utils.grading.course import Course, released_notebook
from course_utils.grading.sandbox import launcher
from course_utils.kit import kit_folder
from course_utils.library import Library

ASSIGNMENT = "01_who_is_our_customer"
TABLES = ("patrons", "checkouts", "attendance", "computer_sessions")
DOCS = Path(__file__).resolve().parents[2] / "docs"
STOCK = """\
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = "stock"
"""
NBGRADER = Path(sys.executable).with_name("nbgrader")


@dataclass
class Run:
    """One run over the whole class: seconds by the clock and of the processor, its children's included."""

    wall: float
    cpu: float
    graded: int


# The class ----------------------------------------------------------------------------------------------


def submissions(course: Course, count: int) -> dict[str, tuple[object, str | None]]:
    """Student -> notebook, or text in its place. One in ten is faulty, in a way that stock nbgrader survives as well."""
    released = released_notebook(course, ASSIGNMENT)
    packs = in_packs(proving.proofs(ASSIGNMENT))
    found = {}
    for number in range(count):
        answers = {proof.question: proof.source for proof in packs[number % len(packs)]}
        notebook = copy.deepcopy(released)
        for cell in notebook.cells:
            if source := answers.get(grade_id_of(cell)):
                cell.source = source
        text = FAULTS[number // 10 % len(FAULTS)](notebook) if number % 10 == 7 else None
        found[f"student{number:03}"] = (notebook, text)
    return found


def _cell(notebook, grade_id):
    return next(cell for cell in notebook.cells if grade_id_of(cell) == grade_id)


def _wrong_syntax(notebook):
    _cell(notebook, "registered").source = "registered = ("


def _ends_python(notebook):
    _cell(notebook, "unexpired").source = "import os\nos._exit(1)"


def _deleted_test(notebook):
    notebook.cells.remove(_cell(notebook, "test_borrowers"))


def _web_page(_):
    return "<!DOCTYPE html>\n<title>Sign in</title>\n"


def _warns(notebook):
    _cell(notebook, "registered").source = "import warnings\nwarnings.warn('soon')\nregistered = len(patrons)"


def _prints(notebook):
    _cell(notebook, "registered").source = "print('x' * 2_000_000)\nregistered = len(patrons)"


FAULTS = (_wrong_syntax, _ends_python, _deleted_test, _web_page, _warns, _prints)


def hand_in(root: Path, work: dict) -> None:
    for student, (notebook, text) in work.items():
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        path = folder / f"{ASSIGNMENT}.ipynb"
        path.write_text(text) if text else nbformat.write(notebook, path)


def our_class(folder: Path, count: int) -> tuple[Course, dict]:
    course = Course.create(folder, [kit_folder() / "assignments" / "source" / ASSIGNMENT])
    course.generate(ASSIGNMENT)
    work = submissions(course, count)
    course.add_students({student: {} for student in work})
    hand_in(folder / "assignments", work)
    return course, work


def stock_class(root: Path, work: dict) -> None:
    """A course folder with the settings that nbgrader has of itself."""
    source = root / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    name = f"{ASSIGNMENT}.ipynb"
    source.joinpath(name).write_bytes(
        (kit_folder() / "assignments" / "source" / ASSIGNMENT / name).read_bytes()
    )
    (root / "nbgrader_config.py").write_text(STOCK.format(root=str(root)))
    subprocess.run([NBGRADER, "generate_assignment", ASSIGNMENT], cwd=root, check=True, capture_output=True)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "stock") as gradebook:
        for student in work:
            gradebook.update_or_create_student(student)
    hand_in(root, work)


# Measuring ----------------------------------------------------------------------------------------------


class Counter:
    """Counts the seconds of the processor that a command and all that it starts use, whoever they end up with.

    A control group of the kernel does it: processes of a sandbox that are killed are lost to their parents.
    """

    def __init__(self):
        for mount, file, per_second in (
            ("/sys/fs/cgroup/unified", "cpu.stat", 1e6),
            ("/sys/fs/cgroup", "cpu.stat", 1e6),
            ("/sys/fs/cgroup/cpuacct", "cpuacct.usage", 1e9),
        ):
            self.folder, self.file, self.per_second = Path(mount, f"bench-{os.getpid()}"), file, per_second
            try:
                self.folder.mkdir()
            except OSError:
                continue
            if (self.folder / file).exists():
                return
            self.folder.rmdir()
        raise SystemExit(
            "No control group can be made here to count seconds of the processor: run this as root."
        )

    def used(self) -> float:
        text = (self.folder / self.file).read_text()
        return int(text.split()[1] if self.file == "cpu.stat" else text) / self.per_second

    def close(self) -> None:
        for _ in range(100):
            try:
                self.folder.rmdir()
                return
            except OSError:  # something is still ending
                time.sleep(0.1)


def measured(command: list, cwd: Path) -> tuple[float, float]:
    """Seconds by the clock, and of the processor, of a command."""
    counter = Counter()
    script = (
        "import os, sys; open(sys.argv[1], 'w').write(str(os.getpid())); os.execv(sys.argv[2], sys.argv[2:])"
    )
    enter = [sys.executable, "-c", script, str(counter.folder / "cgroup.procs")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    try:
        begun = time.perf_counter()
        ran = subprocess.run(
            [*enter, *map(str, command)],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        wall = time.perf_counter() - begun
        if ran.returncode not in (0, 1) or "Traceback" in ran.stderr and NBGRADER not in command:
            raise SystemExit(f"{command}: {ran.stderr[-2000:]}")
        return wall, counter.used()
    finally:
        counter.close()


def run_stock(folder: Path, work: dict) -> Run:
    stock_class(folder, work)
    wall, cpu = measured([NBGRADER, "autograde", ASSIGNMENT], folder)
    return Run(wall, cpu, len(list(folder.glob("autograded/*/*/*.ipynb"))))


def run_ours(folder: Path, count: int, jobs: int) -> tuple[Run, Course]:
    course, _ = our_class(folder, count)
    wall, cpu = measured(
        [sys.executable, "-m", "course_utils.cli", "grade", ASSIGNMENT, f"--jobs={jobs}"], folder
    )
    return Run(wall, cpu, len(list(folder.glob("assignments/autograded/*/*/*.ipynb")))), course


def spent_in(course: Course, *roles: str) -> float:
    """Processor seconds a submission that cells of these roles took."""
    found = []
    for path in (course.folder / "assignments" / "autograded").glob("*/*/*.ipynb"):
        cells = [cell.metadata.get("course", {}) for cell in nbformat.read(path, as_version=4).cells]
        found.append(sum(about["cpu"] for about in cells if about.get("role") in roles))
    return statistics.mean(found)


BURN = """
import sys
from course_utils.grading.limits import Limits
from course_utils.grading.execution.job import Cell, Role, Job
from course_utils.grading.execution.worker import Worker
code = "import time\\nwhile time.process_time() < float(%r):\\n    pass" % sys.argv[1]
with Worker("auto", Limits()) as worker:
    worker.run_job(Job("ada", "x", "x", (Cell(Role.EXTRA, code),)))
"""


def counting_is_whole() -> float:
    """Processor seconds that a cell of five seconds adds to what is counted of a worker: 5 if none are lost."""
    found = [measured([sys.executable, "-c", BURN, seconds], Path.cwd())[1] for seconds in (0, 5)]
    return found[1] - found[0]


def parts(course: Course, jobs: int) -> dict[str, float]:
    """Processor seconds of what happens around the student's cells, each measured alone."""
    begun = time.process_time()
    for number in range(5):
        library = Library.for_student(f"somebody{number}")
        for table in TABLES:
            getattr(library, table)
    building = (time.process_time() - begun) / 5
    # What had run is in the cache: what is left is reading, nbgrader's part, and writing.
    shutil.rmtree(course.folder / "assignments" / "autograded")
    begun = time.process_time()
    graded = len(run.grade(course, ASSIGNMENT).graded)
    recording = (time.process_time() - begun) / graded
    command = [sys.executable, "-m", "course_utils.cli", "grade", ASSIGNMENT, f"--jobs={jobs}"]
    return {"library": building, "recording": recording, "nothing to do": measured(command, course.folder)[1]}


# The page -----------------------------------------------------------------------------------------------

PAGE = """\
# How fast grading is

*Made by `make benchmark-grading`, on a machine with {cores} cores, Python {python}, sandbox {sandbox}. Do not edit this page by hand.*
What is compared was measured in the same run, in turn, over the same classes: week 1, one submission in ten of which
is faulty (wrong syntax, a cell that ends Python, a deleted test, a web page, a warning, two million characters).
Stock is `nbgrader autograde` with the settings that nbgrader has of itself, one after the other, as it can only do;
it has no sandbox, and everybody has the same library.

{table}

{ratios}
Load from elsewhere on the machine was {load:.1f} when this was measured; seconds of the processor hardly depend on it.

## Where the time of the processor goes

{split}

The floor is the student's own cells: {floor:.3f} seconds of the processor a submission, so that the whole is {floors:.0f} times the floor.
What keeps it from being more: of the whole, {work:.0%} is work that any way of grading has to do, which are the
student's cells, the tests and the library that both need. Starting the command and the workers takes the same for every
class: the larger the class, the less it weighs.
"""
HEAD = [
    "",
    "Submissions",
    "Seconds",
    "Submissions a minute",
    "CPU seconds a submission",
    "Graded",
    "Times as fast",
    "Times less CPU",
]


def as_table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def compare(count: int, jobs: int, rounds: int, place) -> tuple[Run, Run, Run, Course, float]:
    """Stock, one at a time, and the mean of ``rounds`` with ``jobs``; the class that was graded one at a time; the load."""
    ours, load, stock = [], [], None
    for number in range(rounds):
        run, course = run_ours(place(), count, jobs)
        ours.append(run)
        load.append(os.getloadavg()[0])
        print(f"{count}: course grade --jobs {jobs}: {run}", flush=True)
        if number == 0:
            stock = run_stock(place(), submissions(course, count))
            print(f"{count}: stock: {stock}", flush=True)
            load.append(os.getloadavg()[0])
    alone, course = run_ours(place(), count, 1)
    print(f"{count}: course grade --jobs 1: {alone}", flush=True)
    wall, cpu = (statistics.mean(getattr(run, name) for run in ours) for name in ("wall", "cpu"))
    return stock, alone, Run(wall, cpu, ours[0].graded), course, statistics.mean(load)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--write", action="store_true", help="write docs/benchmarks_grading.md")
    options.add_argument("--students", type=int, nargs="+", default=[60, 240], help="sizes of the classes")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument(
        "--rounds", type=int, default=2, help="how often ours is run; stock runs in their midst"
    )
    chosen = options.parse_args()
    backend = launcher.best_backend()
    lost = counting_is_whole()
    print(f"sandbox: {backend.name}; of 5 seconds of the processor, {lost:.2f} are counted", flush=True)
    if not 4 < lost < 6:
        raise SystemExit(
            "Seconds of the processor are lost or invented on this machine: the figures would be wrong."
        )
    rows, ratios, loads = [], [], []
    with contextlib.ExitStack() as stack:

        def place() -> Path:
            return Path(stack.enter_context(tempfile.TemporaryDirectory()))

        for count in sorted(chosen.students):
            stock, alone, together, course, load = compare(count, chosen.jobs, chosen.rounds, place)
            loads.append(load)
            rows += [
                [
                    name,
                    f"{count}",
                    f"{run.wall:.1f}",
                    f"{count / run.wall * 60:.0f}",
                    f"{run.cpu / count:.2f}",
                    f"{run.graded}",
                    f"{stock.wall / run.wall:.1f}",
                    f"{stock.cpu / run.cpu:.1f}",
                ]
                for name, run in (
                    ("stock nbgrader", stock),
                    ("`course grade --jobs 1`", alone),
                    (f"`course grade --jobs {chosen.jobs}`", together),
                )
            ]
            ratios.append(
                f"**A class of {count}: {stock.wall / together.wall:.1f} times as many submissions a minute as stock "
                f"with {chosen.jobs} at a time, and {stock.cpu / together.cpu:.1f} times fewer seconds of the processor.**"
            )
        own = spent_in(course, "answer", "extra", "setup")
        tests = spent_in(course, "test")
        around = parts(course, chosen.jobs)
    whole = together.cpu / count
    start = around["nothing to do"] / count
    split = as_table(
        [f"A submission, in a class of {count}", "CPU seconds", "Share"],
        [
            [what, f"{seconds:.3f}", f"{seconds / whole:.0%}"]
            for what, seconds in (
                ("the student's own cells", own),
                ("the tests' own work", tests),
                ("building the student's library", around["library"]),
                ("reading, nbgrader's steps and gradebook, writing", around["recording"]),
                (f"starting the command, shared by {count}", start),
                (
                    "the student's process, its sandbox, what crosses, and starting the workers",
                    whole - own - tests - around["library"] - around["recording"] - start,
                ),
                ("all", whole),
            )
        ],
    )
    table = as_table(HEAD, rows)
    print(table, "\n".join(ratios), split, f"{whole / own:.1f} times the floor", sep="\n\n")
    if chosen.write:
        text = PAGE.format(
            cores=len(os.sched_getaffinity(0)),
            python=platform.python_version(),
            sandbox=backend.name,
            table=table,
            ratios="\n".join(ratios),
            load=statistics.mean(loads),
            split=split,
            floor=own,
            floors=whole / own,
            work=(own + tests + around["library"]) / whole,
        )
        (DOCS / "benchmarks_grading.md").write_text(text, encoding="utf-8", newline="\n")
        print("docs/benchmarks_grading.md is written.")


if __name__ == "__main__":
    main()
