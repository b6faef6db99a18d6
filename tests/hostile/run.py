"""The hostile and unlucky corpus through the whole pipeline, beside stock nbgrader. `make hostile` runs it.

python tests/hostile/run.py [--stock] [--write] [H06 X01 …]: --stock measures stock nbgrader again, in a container
(about ten seconds a case); --write brings docs/hostile.md up to date; names choose cases, without their variants or with them.
"""

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

KIT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(KIT / "tests"))

from hostile import stock  # noqa: E402
from hostile.alone import ALONE  # noqa: E402
from hostile.case import FULL  # noqa: E402
from hostile.corpus import corpus  # noqa: E402
from hostile.ours import grade  # noqa: E402
from hostile.verdict import FINE, faults, manners  # noqa: E402
from hostile.world import World, clear_away  # noqa: E402

PAGE = KIT / "docs" / "hostile.md"
KNOWN = 40
HEAD = """\
# Hostile and unlucky submissions

*Made by `make hostile WRITE=1`. Do not edit this page by hand.*

Each row is a small submission that goes through the whole pipeline, sandbox on: {cases} of them, in one class with three
honest classmates whose marks must stay as they are.
An unlucky student must keep every point; a hostile one must gain none, read nothing and leave nothing behind.
H01 to H40 are known from elsewhere; a letter marks a variant; what begins with X was found while this was built.
There are {most:g} points in all.
*Stock* is plain `nbgrader autograde` {version} with its own settings, one class of three for each case, in a container
of ours: it runs a student's code with all that the instructor may do.
Its pages for students also show the hidden tests of everybody, which is not counted here.

| id | the student … | stock nbgrader | this kit |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One case: what stock nbgrader made of it, what the kit made of it, and what of that is not as it should be."""

    id: str
    what: str
    stock: str
    ours: str
    faults: tuple[str, ...]


def rows(only: list[str], console: Console) -> list[Row]:
    """Grade the corpus, and what needs a class of its own."""
    known = stock.read()
    cases = corpus(only)
    found = []
    folder = Path(tempfile.mkdtemp(prefix="hostile_"))
    try:
        if cases:
            with World(folder / "all") as world:
                run = grade(world, cases)
            for case in cases:
                outcome = run.outcomes[case.id]
                wrong = (*faults(case, outcome), *manners(case, outcome))
                found.append(
                    Row(
                        case.id,
                        case.what,
                        known.get(case.id, "not measured"),
                        _in_words(case, outcome),
                        wrong,
                    )
                )
            together = [*run.harms, *(f"left lying about: {name}" for name in run.left_lying)]
            found += [Row("all", "", "", fault, (fault,)) for fault in together]
            console.print(f"{len(cases)} submissions graded in {run.seconds:.0f} seconds.")
        for case in ALONE:
            if not only or {case.id, case.id[:3]} & set(only):
                (folder / case.id).mkdir()
                wrong = tuple(case.try_out(folder / case.id))
                found.append(Row(case.id, case.what, known.get(case.id, "not measured"), FINE, wrong))
    finally:
        clear_away(folder)
    return sorted(found, key=lambda row: row.id)


def _in_words(case, outcome) -> str:
    if case.refused:
        return "not graded, and told why"
    points = sum(points or 0 for points in outcome.marks.values())
    looks = " and somebody is asked to look" if outcome.review or outcome.flags else ""
    return f"{points:g} of {sum(FULL.values()):g} points{looks}"


def show(found: list[Row], console: Console) -> bool:
    table = Table("id", "the student …", "stock nbgrader", "this kit", "", show_lines=False)
    for row in found:
        ours = "; ".join(row.faults) or row.ours
        colour = "red" if row.faults else "green"
        table.add_row(
            row.id, row.what, row.stock, ours, "no" if row.faults else "as it should be", style=colour
        )
    console.print(table)
    known = {row.id[:3] for row in found if row.id.startswith("H")}
    bad = {row.id[:3] for row in found if row.faults}
    others = [row for row in found if not row.id.startswith("H") and row.id != "all"]
    fine = [row for row in others if not row.faults]
    fooled = sum(row.stock not in (FINE, "not measured", "") for row in found)
    measured = sum(row.stock not in ("not measured", "") for row in found)
    console.print(f"stock nbgrader: {measured - fooled} of {measured} as they should be")
    console.print(f"beyond the known ones: {len(fine)} of {len(others)}")
    console.print(f"{len(known - bad)} of {len(known)}")
    return not any(row.faults for row in found)


def page(found: list[Row]) -> str:
    def cell(text: str) -> str:
        return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")

    lines = [
        f"| {row.id} | {cell(row.what)} | {cell(row.stock)} | {cell('; '.join(row.faults) or row.ours)} |"
        for row in found
    ]
    return (
        HEAD.format(cases=len(found), most=sum(FULL.values()), version=stock.version())
        + "\n".join(lines)
        + "\n"
    )


def measure(only: list[str]) -> None:
    """What stock nbgrader makes of each case; kept after each, so that a run that was stopped can go on by names."""
    found = stock.read()
    folder = Path(tempfile.mkdtemp(prefix="stock_"))
    try:
        folder.chmod(0o755)
        template = stock.prepare(folder)
        alone = [case for case in ALONE if not only or {case.id, case.id[:3]} & set(only)]
        for case in track([*corpus(only), *alone], description="stock nbgrader"):
            found[case.id] = stock.grade(case, template)
            stock.write(found)
    finally:
        shutil.rmtree(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", nargs="*", metavar="ID")
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    console = Console()
    if options.stock:
        measure(options.cases)
    found = rows(options.cases, console)
    fine = show(found, console)
    if options.write and not options.cases:
        PAGE.write_text(page(found), encoding="utf-8")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
