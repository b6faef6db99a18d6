"""How quickly the widgets of the lessons are there, and answer: each in a fresh process, with the changes of its tests.

python tests/benchmarks/bench_widgets.py            prints the figures
python tests/benchmarks/bench_widgets.py --write    writes docs/benchmarks_widgets.md
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A widget is measured by the module of its tests, with ``first_view()`` and the list ``CHANGES``; ``ready()`` makes
# what the lesson has before that, where it takes long.
WIDGETS = {
    path.parent.name: f"methods.{path.parent.name}.{path.stem}"
    for path in sorted((ROOT / "tests" / "methods").glob("*/test_widget.py"))
    if "CHANGES" in path.read_text(encoding="utf-8")
}
FIRST, CHANGE = 1.0, 0.15  # seconds within which the first view, and 95 of 100 changes, are to be there
ROUNDS = 5
MEASURE = """
import importlib, json, sys, time
module = importlib.import_module(sys.argv[1])
from matplotlib import pyplot  # a lesson has it already
getattr(module, "ready", lambda: None)()
begun = time.perf_counter()
widget = module.first_view()
widget._repr_mimebundle_()
first = time.perf_counter() - begun
changes = []
for _ in range(int(sys.argv[2])):
    for change in module.CHANGES:
        begun = time.perf_counter()
        change(widget)
        changes.append(time.perf_counter() - begun)
print(json.dumps([first, changes]))
"""
PAGE = """\
# How quick the widgets are

*Made by `make benchmark-widgets`, on a machine with {cores} cores, Python {python}. Do not edit this page by hand.*
Each widget was made in a fresh process, from its tables to what is seen first (for week 4, the second town is there already, as in the lesson); then the changes of its tests were made
{rounds} times over, with the pictures and tables that follow from them. All of it is time in the kernel; the browser's is not in it.
The first view is to be there within {first:g} second, and 95 of 100 changes within {change:.0f} milliseconds.
Load from elsewhere on the machine was {load:.1f} when this was measured.

{table}
"""


def measured(module: str) -> tuple[float, list[float]]:
    """Seconds to the first view, and for each change in ascending order."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MEASURE, module, str(ROUNDS)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{module}: {ran.stderr[-2000:]}")
    first, changes = json.loads(ran.stdout.splitlines()[-1])
    return first, sorted(changes)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--write", action="store_true", help="write docs/benchmarks_widgets.md")
    chosen = options.parse_args()
    lines = [
        "| widget | first view, seconds | changes | half of them within, ms | 95 of 100 within, ms | slowest, ms | of the time allowed |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    late = []
    for name, module in WIDGETS.items():
        first, changes = measured(module)
        half, most = changes[len(changes) // 2], changes[int(0.95 * len(changes))]
        lines.append(
            f"| `{name.split()[0]}` {name.split(maxsplit=1)[1]} | {first:.2f} | {len(changes)} | {half * 1000:.0f} "
            f"| {most * 1000:.0f} | {changes[-1] * 1000:.0f} | {most / CHANGE:.0%} |"
        )
        if first > FIRST or most > CHANGE:
            late.append(name)
    table = "\n".join(lines)
    print(table)
    if chosen.write:
        text = PAGE.format(
            cores=len(os.sched_getaffinity(0)),
            python=platform.python_version(),
            rounds=ROUNDS,
            first=FIRST,
            change=CHANGE * 1000,
            load=os.getloadavg()[0],
            table=table,
        )
        (ROOT / "docs" / "benchmarks_widgets.md").write_text(text, encoding="utf-8", newline="\n")
        print("docs/benchmarks_widgets.md is written.")
    if late:
        raise SystemExit(f"Slower than they should be: {', '.join(late)}.")


if __name__ == "__main__":
    main()
