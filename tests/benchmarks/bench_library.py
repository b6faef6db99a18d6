"""How fast the library is, in ratios measured side by side in one run: `python tests/benchmarks/bench_library.py`."""

import subprocess
import sys
import time

from faker import Faker

from course_utils.library import Library
from course_utils.tables import AGE_BANDS, SCHEMAS, load


def seconds(work, times: int = 3) -> float:
    """The best of a few runs."""
    best = float("inf")
    for number in range(times):
        begun = time.perf_counter()
        work(number)
        best = min(best, time.perf_counter() - begun)
    return best


def whole_library(number: int):
    library = Library(1000 + number)
    for name in SCHEMAS:
        library[name]


def students_tables(number: int):
    library = Library.for_student(f"bench {number}")
    for name in ("patrons", "checkouts", "attendance", "computer_sessions"):
        library[name]


def students_patrons(number: int):
    _ = Library.for_student(f"bench {number}").patrons


def faker_rows(rows: int):
    """The columns of patrons, row by row with Faker: independent of each other, and of any use."""
    faker = Faker()
    return [
        {
            "patron_id": number,
            "household_id": faker.random_int(1, 9999),
            "tract_id": f"T{faker.random_int(1, 24):02d}",
            "home_branch": faker.random_element(("MAIN", "NORTH", "HARBOR", "BOOKM")),
            "category": faker.random_element(("adult", "child", "senior", "young adult")),
            "age_band": faker.random_element(AGE_BANDS),
            "enrolled": faker.date_between("-20y"),
            "renewed": faker.date_between("-3y"),
            "expires": faker.date_between("-3y", "+3y"),
            "last_use": faker.date_between("-3y"),
            "has_email": faker.boolean(90),
            "preferred_contact": faker.random_element(("email", "text", "phone", "mail")),
        }
        for number in range(rows)
    ]


def fresh_process(code: str) -> float:
    def run(_):
        subprocess.run([sys.executable, "-c", code], check=True)

    return seconds(run)


def main():
    whole, student, patrons = seconds(whole_library), seconds(students_tables), seconds(students_patrons)
    faker = seconds(lambda _: faker_rows(2000), 1) / 2000 * len(Library.for_student("bench 0").patrons)
    loads = {name: seconds(lambda _, name=name: load(name)) for name in SCHEMAS}
    slowest = max(loads, key=loads.get)
    begin = fresh_process("import pandas")
    first = fresh_process("from course_utils import Library; Library.for_student('ada').patrons")
    rows = [
        ("whole library, all ten tables", whole, "2 s", whole / 2),
        ("a student's four tables", student, "1 s", student / 1),
        ("a student's patrons, from a fresh Python", first - begin, "1 s", first - begin),
        (f"loading the slowest frozen table ({slowest})", loads[slowest], "0.3 s", loads[slowest] / 0.3),
        ("loading all frozen tables", sum(loads.values()), "", None),
    ]
    for name, taken, limit, share in rows:
        against = f"  {share:5.0%} of {limit}" if limit else ""
        print(f"{name:55} {taken:7.3f} s{against}")
    print(
        f"{'patrons row by row with Faker, same columns':55} {faker:7.3f} s  {faker / patrons:5.1f} times as long"
        f" as patrons with everything they did ({patrons:.3f} s)"
    )


if __name__ == "__main__":
    main()
