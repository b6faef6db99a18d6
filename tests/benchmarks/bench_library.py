"""How fast the library is, in ratios measured side by side in one run, and how time and memory grow with the town.

python tests/benchmarks/bench_library.py            prints the figures
python tests/benchmarks/bench_library.py --write    writes docs/benchmarks.md and its picture, up to a million patrons
python tests/benchmarks/bench_library.py --sizes 1000 10000
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from course_utils.library import Library
from course_utils.tables import AGE_BANDS, BRANCHES, HEARD, LANGUAGES, PATRON_CATEGORIES, SCHEMAS, load

DOCS = Path(__file__).resolve().parents[2] / "docs"
SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
CONTACT = ("email", "text", "phone", "mail")


def seconds(work, times: int = 3) -> float:
    """The best of a few runs."""
    best = float("inf")
    for number in range(times):
        begun = time.perf_counter()
        work(number)
        best = min(best, time.perf_counter() - begun)
    return best


# The same columns, row by row --------------------------------------------------------------------------


def faker_patron(fake, number: int) -> dict:
    """The columns of patrons with Faker: independent of each other, and of any use."""
    return {
        "patron_id": number,
        "household_id": fake.random_int(1, 9999),
        "tract_id": f"T{fake.random_int(1, 24):02d}",
        "home_branch": fake.random_element(BRANCHES),
        "category": fake.random_element(PATRON_CATEGORIES),
        "age_band": fake.random_element(AGE_BANDS),
        "enrolled": fake.date_between("-20y"),
        "renewed": fake.date_between("-3y"),
        "expires": fake.date_between("-3y", "+3y"),
        "last_use": fake.date_between("-3y"),
        "language": fake.random_element(LANGUAGES),
        "has_email": fake.boolean(90),
        "email_consent": fake.boolean(60),
        "preferred_contact": fake.random_element(CONTACT),
        "heard": fake.random_element(HEARD),
        "referred_by": fake.random_int(100_001, 112_000),
    }


def mimesis_patron(generic, number: int) -> dict:
    """The same with Mimesis."""
    choice, dates, numeric = generic.choice, generic.datetime, generic.numeric
    return {
        "patron_id": number,
        "household_id": numeric.integer_number(1, 9999),
        "tract_id": f"T{numeric.integer_number(1, 24):02d}",
        "home_branch": choice(BRANCHES),
        "category": choice(PATRON_CATEGORIES),
        "age_band": choice(AGE_BANDS),
        "enrolled": dates.date(2005, 2025),
        "renewed": dates.date(2022, 2025),
        "expires": dates.date(2022, 2028),
        "last_use": dates.date(2022, 2025),
        "language": choice(LANGUAGES),
        "has_email": generic.development.boolean(),
        "email_consent": generic.development.boolean(),
        "preferred_contact": choice(CONTACT),
        "heard": choice(HEARD),
        "referred_by": numeric.integer_number(100_001, 112_000),
    }


def faker_export(fake, number: int) -> dict:
    """The columns of the raw export's patrons with Faker."""
    return {
        "record_number": number,
        "barcode": fake.numerify("2############"),
        "last_name": fake.last_name(),
        "first_name": fake.first_name(),
        "birth_date": fake.date_of_birth(),
        "address": fake.street_address(),
        "postal_code": fake.postcode(),
        "phone": fake.phone_number(),
        "email": fake.safe_email(),
        "home_library": fake.random_element(BRANCHES),
        "patron_type": fake.random_element(PATRON_CATEGORIES),
        "created": fake.date_between("-20y"),
        "expires": fake.date_between("-3y", "+3y"),
        "last_activity": fake.date_between("-3y"),
        "money_owed": fake.pyfloat(min_value=0, max_value=20, right_digits=2),
    }


def mimesis_export(generic, number: int) -> dict:
    """The same with Mimesis."""
    person, dates = generic.person, generic.datetime
    return {
        "record_number": number,
        "barcode": generic.random.generate_string_by_mask("2############"),
        "last_name": person.last_name(),
        "first_name": person.first_name(),
        "birth_date": person.birthdate(1930, 2020),
        "address": generic.address.address(),
        "postal_code": generic.address.postal_code(),
        "phone": person.phone_number(),
        "email": person.email(domains=["example.org"]),
        "home_library": generic.choice(BRANCHES),
        "patron_type": generic.choice(PATRON_CATEGORIES),
        "created": dates.date(2005, 2025),
        "expires": dates.date(2022, 2028),
        "last_activity": dates.date(2022, 2025),
        "money_owed": generic.numeric.float_number(0, 20, 2),
    }


def row_by_row(rows: int) -> dict[str, float]:
    """Seconds for so many rows."""
    from faker import Faker
    from mimesis import Generic
    from mimesis.locales import Locale

    fake, generic, some = Faker(), Generic(Locale.EN), 3000

    def taken(make, source) -> float:
        return seconds(lambda _: [make(source, number) for number in range(some)]) / some * rows

    return {
        "Faker, patrons": taken(faker_patron, fake),
        "Mimesis, patrons": taken(mimesis_patron, generic),
        "Faker, export_patrons": taken(faker_export, fake),
        "Mimesis, export_patrons": taken(mimesis_export, generic),
    }


def table_of_ready_people(name: str, size: int) -> tuple[float, int]:
    """Seconds for one table of a library in which everything that it is made from is there; and its rows."""
    best = float("inf")
    for seed in range(5):
        library = Library(seed, patrons=size)
        library[name]  # makes what it needs
        library._tables.pop(name)
        library._kept = {key: kept for key, kept in library._kept.items() if not key.startswith("export")}
        begun = time.perf_counter()
        rows = len(library[name])
        best = min(best, time.perf_counter() - begun)
    return best, rows


def comparison() -> list[tuple[str, str, float, float, float]]:
    """What, against what, seconds of ours, seconds of theirs, how many times as long theirs takes."""
    found = []
    for name, size in (("patrons", 7_840), ("patrons", 25_000), ("export_patrons", 7_840)):
        ours, rows = table_of_ready_people(name, size)
        theirs = row_by_row(rows)
        for other in ("Faker", "Mimesis"):
            taken = theirs[f"{other}, {name}"]
            found.append(
                (
                    f"{name}, {rows:,} rows, put together and typed",
                    f"{other} row by row",
                    ours,
                    taken,
                    taken / ours,
                )
            )
    whole = seconds(lambda number: Library(500 + number).patrons, 5)
    theirs = row_by_row(7_840)
    for other in ("Faker", "Mimesis"):
        taken = theirs[f"{other}, patrons"]
        found.append(
            (
                "patrons with the town, the people and all they did",
                f"{other} row by row",
                whole,
                taken,
                taken / whole,
            )
        )
    return found


# The limits --------------------------------------------------------------------------------------------


def limits() -> list[tuple[str, float, float]]:
    """What, seconds, and the limit in seconds."""

    def whole(number):
        library = Library(1000 + number)
        for name in SCHEMAS:
            library[name]

    def students(number):
        library = Library.for_student(f"bench {number}")
        for name in ("patrons", "checkouts", "attendance", "computer_sessions"):
            library[name]

    def fresh(code: str) -> float:
        return seconds(lambda _: subprocess.run([sys.executable, "-c", code], check=True))

    loads = {name: seconds(lambda _, name=name: load(name)) for name in SCHEMAS}
    slowest = max(loads, key=loads.get)
    first = fresh("from course_utils import Library; Library.for_student('ada').patrons") - fresh(
        "import pandas"
    )
    return [
        (f"the default library, all {len(SCHEMAS)} tables", seconds(whole), 2.0),
        ("a student's library: the four tables of week 1", seconds(students), 1.0),
        ("a student's patrons, in a fresh Python, beyond loading pandas", first, 1.0),
        (f"loading the slowest frozen table ({slowest})", loads[slowest], 0.3),
    ]


# Size --------------------------------------------------------------------------------------------------


def write_town(patrons: int) -> dict:
    """Write a town in a process of its own: seconds, the most memory it held, and bytes written."""
    code = (
        "import json, resource, sys, time; from course_utils.library import build\n"
        "begun = time.perf_counter()\n"
        f"build.write(sys.argv[1], build.Town(1, {patrons}))\n"
        "most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(json.dumps({'seconds': time.perf_counter() - begun, 'memory': most * 1024}))"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True
        )
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        package = json.loads((Path(folder) / "datapackage.json").read_text())
        assert len(package["resources"]) == len(SCHEMAS)
    return {"patrons": patrons, "bytes": size, **json.loads(done.stdout)}


def chart(towns: list[dict], path: Path) -> str:
    """Draw time and memory against size. Returns the sentence."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from course_utils.charts import BLUE, GREY, ORANGE

    size = np.array([town["patrons"] for town in towns])
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    for axes, values, color, label in (
        (left, [town["seconds"] for town in towns], BLUE, "Seconds to make and write every table"),
        (right, [town["memory"] / 1e9 for town in towns], ORANGE, "Most memory held (GB)"),
    ):
        axes.plot(size, values, color=color, marker="o")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(size, [f"{one:,}" for one in size], rotation=45, ha="right")
        axes.minorticks_off()
        axes.set_xlabel("Patrons")
        axes.set_ylabel(label)
        axes.spines[["top", "right"]].set_visible(False)
    left.set_yticks([1, 10, 100], ["1", "10", "100"])
    right.set_yticks([0.1, 0.3, 1, 4], ["0.1", "0.3", "1", "4"])
    right.set_ylim(0.08, 6)
    times = np.array([town["seconds"] for town in towns])
    left.plot(size, times[-1] * size / size[-1], color=GREY, linestyle=":")
    left.annotate("in proportion", (size[2], times[-1] * size[2] / size[-1]), color=GREY, ha="left", va="top")
    right.axhline(4, color=GREY, linestyle=":")
    right.text(size[0], 4, "limit: 4 GB", color=GREY, va="bottom")
    figure.savefig(path, dpi=110, metadata={"Software": None})
    last, before = towns[-1], towns[-2]
    growth = (last["seconds"] / before["seconds"]) / (last["patrons"] / before["patrons"])
    return (
        f"A town of {last['patrons']:,} patrons takes {last['seconds'] / 60:.1f} minutes and {last['memory'] / 1e9:.1f} GB "
        f"of memory; from {before['patrons']:,} to {last['patrons']:,} patrons the time per patron changes by a factor of "
        f"{growth:.2f}, and memory by a factor of {last['memory'] / before['memory']:.2f}."
    )


PAGE = """\
# How fast the library is

*Made by `make benchmark`, on {machine}. Do not edit this page by hand.*
Times are the best of several runs; what is compared was measured in the same run.

## Against drawing row by row

Faker and Mimesis make the same columns, one row after the other, each column by itself.
The model draws whole columns, and they belong together.
*Put together and typed* is the making of the table when the people and what they did are already there; for `export_patrons` it includes drawing the names and addresses.
The last two lines count everything that is behind the table: the town, its people, three years of what each of them did.
A table whose last column is the latest of a patron's twenty events cannot be as quick as one whose columns know nothing of each other.

{comparison}

## Limits

{limits}

## Size

`course library --patrons N` writes a town of any size; the checks of every table against its schema are part of the time.

![{sentence}](pictures/benchmark_size.png)

{sentence}

{sizes}
"""


def as_table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options.add_argument("--sizes", type=int, nargs="*", help="patrons; with --write up to a million")
    chosen = options.parse_args()
    compared = as_table(
        ["Table", "Against", "Ours (s)", "Theirs (s)", "Times as fast"],
        [[what, other, f"{a:.4f}", f"{b:.2f}", f"{ratio:.0f}"] for what, other, a, b, ratio in comparison()],
    )
    print(compared, "\n")
    limited = as_table(
        ["What", "Seconds", "Limit (s)", "Share of the limit"],
        [[what, f"{taken:.3f}", f"{limit:g}", f"{taken / limit:.0%}"] for what, taken, limit in limits()],
    )
    print(limited, "\n")
    sizes = chosen.sizes if chosen.sizes is not None else SIZES if chosen.write else []
    towns = []
    for size in sizes:
        towns.append(write_town(size))
        print(towns[-1], flush=True)
    if chosen.write:
        (DOCS / "pictures").mkdir(parents=True, exist_ok=True)
        sentence = chart(towns, DOCS / "pictures" / "benchmark_size.png")
        head = ["Patrons", "Seconds", "Seconds per 1,000 patrons", "Memory (GB)", "Files (MB)"]
        rows = [
            [
                f"{town['patrons']:,}",
                f"{town['seconds']:.1f}",
                f"{town['seconds'] / town['patrons'] * 1000:.3f}",
                f"{town['memory'] / 1e9:.2f}",
                f"{town['bytes'] / 1e6:,.1f}",
            ]
            for town in towns
        ]
        machine = f"a machine with {cores()} cores, Python {platform.python_version()}"
        text = PAGE.format(
            machine=machine,
            comparison=compared,
            limits=limited,
            sentence=sentence,
            sizes=as_table(head, rows),
        )
        (DOCS / "benchmarks.md").write_text(text, encoding="utf-8", newline="\n")
        print("docs/benchmarks.md is written.")


def cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


if __name__ == "__main__":
    main()
