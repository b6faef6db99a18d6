"""What textbook analyses find in a hundred libraries, beside the truth: writes docs/recovery.md.

python tests/recovery/report.py [--seeds 100] [--only embedded] [--print]
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.stats import binom

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from recovery.checks import Check, all_checks  # noqa: E402

PAGE = HERE.parents[1] / "docs" / "recovery.md"
ENOUGH = 0.95
FIRST = 2000
HEAD = """\
# What a textbook analysis finds

*Made by `make recovery`. Do not edit this page by hand.*

Port Ellery is a town whose truth is known.
So is every other library of the model.
This page shows, for each truth that a lesson asks for, what a competent textbook analysis of the tables finds, over {seeds} libraries (seeds {first} to {last}).
The model and the tolerances were tuned on other libraries (seeds 0 to 99).
The analyses are in `tests/recovery/`; the truths in `library.truth`.

- **recovers**: the analysis must come as near to the truth as is said, in at least 95 of 100 libraries.
- **null**: nothing was planted. A test at the 5% level says otherwise in about 5 of 100 libraries, and that is what it should do.
- **misleads**: the analysis is meant to go wrong, and must do so in the direction that is said, in at least 95 of 100 libraries. A lesson uses it as a mistake to find.

*Found* and *truth* are medians over the libraries; in brackets, where the middle 90% of the findings lie.
"""


def run(seed: int, names: list[str] | None) -> list[tuple[float, float, bool]]:
    """Every check on one library."""
    from course_utils.library import Library

    library = Library(seed)
    found = []
    for check in chosen(names):
        one = check.run(library)
        found.append((float(one.estimate), float(one.truth), bool(one.holds)))
    return found


def chosen(only: list[str] | None) -> list[Check]:
    return [check for check in all_checks() if not only or check.topic in only or f"of_{check.topic}" in only]


def collect(seeds: range, only: list[str] | None = None, workers: int = 2, show=None) -> np.ndarray:
    """Shape (seeds, checks, 3): estimate, truth, whether it holds."""
    rows = []
    with ProcessPoolExecutor(workers) as pool:
        for done, row in enumerate(pool.map(run, seeds, [only] * len(seeds)), start=1):
            rows.append(row)
            if show:
                show(done)
    return np.array(rows, dtype=float)


def allowed(check: Check, seeds: int) -> tuple[int, int]:
    """How often a check may hold: for a null, how often its test may reject."""
    if check.kind == "null":
        # A test that keeps its level falls outside these limits twice in a hundred times.
        return int(binom.ppf(0.01, seeds, 0.05)), int(binom.ppf(0.99, seeds, 0.05))
    if seeds >= 100:
        return int(np.ceil(ENOUGH * seeds)), seeds
    return seeds - 1, seeds


def passes(check: Check, holds: np.ndarray) -> bool:
    low, high = allowed(check, len(holds))
    return low <= holds.sum() <= high


def number(value: float) -> str:
    size = abs(value)
    if not np.isfinite(value):
        return "–"
    return (
        f"{value:,.0f}"
        if size >= 100
        else f"{value:.1f}"
        if size >= 10
        else f"{value:.2f}"
        if size >= 0.1
        else f"{value:.3f}"
    )


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def row(check: Check, results: np.ndarray) -> str:
    estimate, truth, holds = results.T
    low, high = np.percentile(estimate, [5, 95])
    what = "rejects" if check.kind == "null" else "holds"
    verdict = "" if passes(check, holds) else " **not as it should be**"
    found = f"{number(np.median(estimate))} ({number(low)} to {number(high)})"
    true = "none" if check.kind == "null" else number(np.median(truth))
    return f"| {capital(check.name)} | {check.kind} | {capital(check.claim)} | {found} | {true} | {what} {int(holds.sum())} of {len(holds)}{verdict} |"


def page(checks: list[Check], results: np.ndarray) -> str:
    seeds = len(results)
    parts = [HEAD.format(seeds=seeds, first=FIRST, last=FIRST + seeds - 1)]
    topics = list(dict.fromkeys(check.topic.removeprefix("of_") for check in checks))
    for topic in topics:
        lines = [
            f"## {topic.capitalize()}",
            "",
            "| Analysis | Kind | Claim | Found | Truth | Result |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            row(check, results[:, at])
            for at, check in enumerate(checks)
            if check.topic.removeprefix("of_") == topic
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def main() -> int:
    from rich.progress import Progress

    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seeds", type=int, default=100)
    options.add_argument("--only", nargs="*", help="topics")
    options.add_argument("--print", action="store_true", help="print the page, and write nothing")
    chose = options.parse_args()
    checks = chosen(chose.only)
    with Progress() as progress:
        task = progress.add_task("libraries", total=chose.seeds)
        results = collect(
            range(FIRST, FIRST + chose.seeds),
            chose.only,
            show=lambda done: progress.update(task, completed=done),
        )
    text = page(checks, results)
    if chose.print or chose.only or chose.seeds < 100:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
        print(f"{PAGE.relative_to(PAGE.parents[1])} is written.")
    bad = [check for at, check in enumerate(checks) if not passes(check, results[:, at, 2])]
    for check in bad:
        print(f"Not as it should be: {check.topic}: {check.name}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
