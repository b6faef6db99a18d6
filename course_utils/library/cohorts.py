"""Three library years, patron by patron; what really changes between them, and what only seems to."""

import numpy as np

from course_utils import tables
from course_utils.library.calendar import day_number, day_numbers
from course_utils.library.calibration import settings
from course_utils.tables import Column, Table
from course_utils.tables.cohorts import RULES, YEARS

STARTS = np.array([day_number(f"{year - 1}-09-01") for year in YEARS] + [day_number(f"{YEARS[-1]}-09-01")])
NEW_DAYS = 90
FEW = 5  # checkouts, below which a borrower is occasional


def make_yearly_use(library) -> dict:
    """One row per patron and year, by year and then by patron."""
    patrons, checkouts = library["patrons"], library["checkouts"]
    number = patrons["patron_id"].to_numpy()
    people, years = len(number), len(YEARS)
    cells = years * people

    def place(frame):
        """The cell (year, patron) of each event, its month and its branch (−1 for none)."""
        day = frame["date"].to_numpy().astype("datetime64[D]")
        month = day.astype("datetime64[M]").astype("int64") % 12
        year = np.searchsorted(STARTS, day.astype("int64"), side="right") - 1
        who = np.searchsorted(number, frame["patron_id"].to_numpy().astype("int64"))
        branch = frame["branch"].cat.codes.to_numpy() if "branch" in frame else None
        return year * people + who, month, branch

    def count(cell, size=cells):
        return np.bincount(cell, minlength=size)

    cell, month, branch = place(checkouts)
    kind = checkouts["transaction_type"].cat.codes.to_numpy()
    material = checkouts["material_type"].cat.codes.to_numpy().astype(int)
    lent, physical = kind == 0, branch >= 0
    print_, digital, own = count(cell[lent & physical]), count(cell[lent & ~physical]), count(cell[kind == 1])
    for_children = count(cell[lent & (checkouts["audience"].cat.codes.to_numpy() == 0)])

    shown = library["attendance"]
    held_at = library["programs"]["branch"].cat.codes.to_numpy()[shown["program_id"].to_numpy() - 1]
    came, came_month, _ = place(shown)
    sessions = library["computer_sessions"].dropna(subset="patron_id")
    sat, sat_month, sat_at = place(sessions)
    used = kind != 2
    active = np.zeros(cells * 12, dtype=bool)
    active[
        np.concatenate([cell[used], came, sat]) * 12 + np.concatenate([month[used], came_month, sat_month])
    ] = True
    places = np.zeros(cells * 4, dtype=bool)
    here = lent & physical
    places[
        np.concatenate([cell[here], came, sat]) * 4
        + np.concatenate([branch[here], held_at, sat_at]).astype(int)
    ] = True
    materials = len(tables.PHYSICAL + tables.DIGITAL)
    borrowed = count(cell[lent] * materials + material[lent], cells * materials).reshape(cells, materials)
    active, programs, computers = active.reshape(cells, 12).sum(axis=1), count(came), count(sat)

    enrolled = np.tile(day_numbers(patrons["enrolled"]), years)
    ends = np.repeat(STARTS[1:], people)
    loans = print_ + digital
    rule = np.select(
        [
            ends - enrolled <= NEW_DAYS,
            active == 0,
            (loans + own == 0) & (programs >= computers),
            loans + own == 0,
            loans < FEW,
            for_children * 2 >= loans,
            digital * 2 > loans,
        ],
        np.arange(len(RULES) - 1),
        len(RULES) - 1,
    )
    kept = np.flatnonzero(enrolled < ends)
    columns = {
        "patron_id": np.tile(number, years),
        "year": np.repeat(YEARS, people),
        "checkouts": print_,
        "digital_checkouts": digital,
        "renewals": own,
        "circulation": count(cell),
        "programs": programs,
        "computer_sessions": computers,
        "months_active": active,
        "branches_used": places.reshape(cells, 4).sum(axis=1),
        "main_material": np.where(loans > 0, borrowed.argmax(axis=1), -1).astype(np.int8),
        "segment_by_rule": rule.astype(np.int8),
    }
    return {name: values[kept] for name, values in columns.items()}


DRIFT_TABLE = Table(
    "drift",
    "What really changes from year to year",
    "One row per feature. A change is by the year, for one and the same patron who keeps the habit; the number of"
    " patrons changes besides.",
    (
        Column("feature", "string", "As in yearly_use, or what it is about.", unique=True),
        Column("changes", "boolean", "Whether people really change."),
        Column("per_year", "number", "By how much a year, as a share.", "share, 0.1 is 10 in 100"),
        Column("why", "string", "What is behind it."),
    ),
    key=("feature",),
)
STRUCTURE_TABLE = Table(
    "structure",
    "Which groups are real",
    "One row per feature that somebody may want to cut into groups.",
    (
        Column("name", "string", "The feature.", unique=True),
        Column("what", "string", "What is behind it."),
        Column("is_real", "boolean", "Whether there are groups, with few people between them."),
    ),
    key=("name",),
)


def true_drift(library) -> dict:
    """What the model lets change; the same in every library."""
    tenth, twentieth = np.expm1(0.10), np.expm1(0.05)
    switch = settings()["design"]["switch_to_digital"]
    rows = [
        ("digital_checkouts", True, tenth, "Digital lending grows for everybody who reads digitally."),
        (
            "print readers who switch",
            True,
            switch,
            "So many adult readers of print switch to digital, for good.",
        ),
        (
            "checkouts",
            False,
            0.0,
            "Who still reads print reads as much of it as before. Compare those who borrowed print in the first and in"
            " the last months, and in the months between: who stops or switches on the way is in any other sample.",
        ),
        (
            "renewals",
            False,
            0.0,
            "Fewer are asked for since the system renews by itself: a change of procedure.",
        ),
        (
            "circulation",
            False,
            0.0,
            "Automatic renewals are counted since January 2024: a change of definition.",
        ),
        (
            "programs",
            True,
            tenth,
            "Attendance comes back after the shutdown; by the head, with or without a card.",
        ),
        ("visits", True, twentieth, "Visits of those who leave no other trace come back after the shutdown."),
        ("computer_sessions", False, 0.0, "Who comes for the computers comes as often as before."),
    ]
    return dict(zip(("feature", "changes", "per_year", "why"), zip(*rows, strict=True), strict=True))


def true_structure(library) -> dict:
    """What an analysis of groups should find; the same in every library."""
    rows = [
        (
            "amount borrowed by adults",
            "One continuum from light to heavy. The latent segments differ in their means, and people within a"
            " segment differ by far more: no gap separates light readers from heavy ones.",
            False,
        ),
        (
            "print or digital",
            "Two ways of reading: digital readers and readers of print are different latent segments, and whoever"
            " switches does so within days. Only those who use all channels stand between.",
            True,
        ),
    ]
    return dict(zip(("name", "what", "is_real"), zip(*rows, strict=True), strict=True))


TABLES = {"yearly_use": make_yearly_use}
TRUTH = {"drift": (DRIFT_TABLE, true_drift), "structure": (STRUCTURE_TABLE, true_structure)}
