"""The tables of Port Ellery: what each column means, and how to load, check and document them.

Every schema stands here, once. The typed frames of :func:`load`, the checks of :func:`validate`, the
``datapackage.json`` and the data dictionary in ``data/README.md`` are all made from it.
"""

import csv
import difflib
import gzip
import hashlib
import io
import json
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course_utils.errors import CourseError

AS_OF = pd.Timestamp("2025-08-31")
"""The day on which the data stop. Nothing in the course depends on today."""

FIRST_DAY = pd.Timestamp("2022-09-01")
"""The first day of the 36 months for which there are events."""

REMEDY = "run `course data` to write it again, or `git checkout -- data` if you use git"

DTYPES = {
    "string": "str",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "date": "datetime64[us]",
    "category": "category",
}


@dataclass(frozen=True)
class Column:
    """One column: its meaning, and the rules that every value keeps.

    ``type`` is one of the keys of ``DTYPES``. ``categories`` lists the allowed values, from low to high if
    ``ordered``. ``minimum`` and ``maximum`` are inclusive; for a date they are ISO text.
    ``foreign_key`` is ``"table.column"``. A column that is not ``required`` may have missing values.
    """

    name: str
    type: str
    description: str
    unit: str = ""
    required: bool = True
    unique: bool = False
    minimum: float | str | None = None
    maximum: float | str | None = None
    categories: tuple[str, ...] = ()
    ordered: bool = False
    foreign_key: str = ""

    @property
    def dtype(self) -> "str | pd.CategoricalDtype":
        """The pandas dtype, as :func:`load` gives it."""
        if self.type == "category":
            return pd.CategoricalDtype(list(self.categories), ordered=self.ordered)
        if self.type == "integer" and not self.required:
            return "Int64"
        return DTYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table. ``key`` names the columns that together tell rows apart; ``gzip`` says that it is large."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    gzip: bool = False

    @property
    def file(self) -> str:
        """The name of its file in ``data/``."""
        return f"{self.name}.csv.gz" if self.gzip else f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


AGE_BANDS = ("0-5", "6-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
BRANCHES = ("MAIN", "NORTH", "HARBOR", "BOOKM")
PATRON_CATEGORIES = ("child", "young adult", "adult", "senior", "e-card")
AUDIENCES = ("child", "young adult", "adult")
PHYSICAL = ("book", "large print", "audiobook", "dvd", "music", "magazine", "game")
DIGITAL = ("ebook", "eaudiobook", "emagazine", "evideo")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_BRANCH = {"type": "category", "categories": BRANCHES, "foreign_key": "branches.branch"}
_DAY = {"type": "date", "minimum": f"{FIRST_DAY:%Y-%m-%d}", "maximum": f"{AS_OF:%Y-%m-%d}"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1, "unit": "share, 0 to 1"}
_COUNT = {"type": "integer", "minimum": 0}
_MILES = {"type": "number", "minimum": 0, "unit": "miles"}

SCHEMAS: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "tracts",
            "Neighborhoods",
            "The town, one row per neighborhood. Each row is a census block group, the smallest area for which"
            " the census publishes detailed figures: about 750 people here. The course calls them tracts for short.",
            (
                Column("tract_id", "string", "Code of the neighborhood.", unique=True),
                Column(
                    "geoid",
                    "string",
                    "A 12-digit code in the form of a census block group. It begins with 99, a state that does"
                    " not exist.",
                    unique=True,
                ),
                Column("name", "string", "What people call the neighborhood.", unique=True),
                Column("population", description="Residents of all ages.", unit="people", **_COUNT),
                Column("households", description="Households of residents.", unit="households", **_COUNT),
                Column("under_18", description="Residents aged 0 to 17.", unit="people", **_COUNT),
                Column("age_18_64", description="Residents aged 18 to 64.", unit="people", **_COUNT),
                Column("age_65_up", description="Residents aged 65 and over.", unit="people", **_COUNT),
                Column(
                    "median_income",
                    description="Median household income.",
                    unit="US dollars a year",
                    **_COUNT,
                ),
                Column("broadband", description="Households with broadband at home.", **_SHARE),
                Column("no_vehicle", description="Households without a car.", **_SHARE),
                Column("x_miles", "number", "Center, east of the town's south-west corner.", unit="miles"),
                Column("y_miles", "number", "Center, north of the town's south-west corner.", unit="miles"),
                Column("miles_main", description="By road to the main library.", **_MILES),
                Column("miles_north", description="By road to Northgate Branch.", **_MILES),
                Column("miles_harbor", description="By road to Harbor Branch.", **_MILES),
            ),
            key=("tract_id",),
        ),
        Table(
            "branches",
            "Branches",
            "The places where the library is: a main library, two branches and a bookmobile.",
            (
                Column("branch", "category", "Code of the branch.", unique=True, categories=BRANCHES),
                Column("name", "string", "Name on the door.", unique=True),
                Column(
                    "kind", "category", "What kind of place.", categories=("main", "branch", "bookmobile")
                ),
                Column(
                    "tract_id",
                    "string",
                    "Where it stands; missing for the bookmobile.",
                    required=False,
                    foreign_key="tracts.tract_id",
                ),
                Column(
                    "x_miles", "number", "As in tracts; missing for the bookmobile.", "miles", required=False
                ),
                Column(
                    "y_miles", "number", "As in tracts; missing for the bookmobile.", "miles", required=False
                ),
                Column("computers", description="Public computers.", unit="computers", **_COUNT),
                *(
                    Column(
                        f"hours_{day}",
                        "number",
                        f"Open on an ordinary {full}.",
                        "hours",
                        minimum=0,
                        maximum=24,
                    )
                    for day, full in zip(
                        WEEKDAYS,
                        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
                        strict=True,
                    )
                ),
            ),
            key=("branch",),
        ),
        Table(
            "households",
            "Households on file",
            "Cards that share an address, one row per household with at least one card. The library does not know"
            " households without a card. Some on file have left town.",
            (
                Column("household_id", "integer", "Number of the household.", unique=True, minimum=1),
                Column("tract_id", "string", "Neighborhood of the address.", foreign_key="tracts.tract_id"),
                Column(
                    "nearest_branch", description="Closest branch by road; never the bookmobile.", **_BRANCH
                ),
                Column("miles", description="By road to the nearest branch.", **_MILES),
                Column("cards", "integer", "Cards on file at this address.", "cards", minimum=1),
                Column("child_cards", "integer", "Of these, cards of people under 13.", "cards", minimum=0),
            ),
            key=("household_id",),
        ),
        Table(
            "patrons",
            "Patrons",
            "Everyone with a card on file on the as-of date. A card is valid for three years and is renewed when it"
            " is next used; four years after a card runs out it is removed, unless it is still in use. The numbers"
            " of removed cards are not given out again.",
            (
                Column(
                    "patron_id",
                    "integer",
                    "Number of the card, in order of enrollment.",
                    unique=True,
                    minimum=1,
                ),
                Column(
                    "household_id",
                    "integer",
                    "Household of the address.",
                    foreign_key="households.household_id",
                ),
                Column("tract_id", "string", "Neighborhood of the address.", foreign_key="tracts.tract_id"),
                Column("home_branch", description="Branch that the patron named as theirs.", **_BRANCH),
                Column(
                    "category",
                    "category",
                    "Kind of card, as it was when the card was issued or last renewed: it can lag behind the age."
                    " An e-card was made online.",
                    categories=PATRON_CATEGORIES,
                ),
                Column(
                    "age_band",
                    "category",
                    "Age in years on the as-of date.",
                    categories=AGE_BANDS,
                    ordered=True,
                ),
                Column("enrolled", "date", "Day the card was issued.", maximum=_DAY["maximum"]),
                Column(
                    "renewed",
                    "date",
                    "Day the card was last renewed; missing if never.",
                    required=False,
                    maximum=_DAY["maximum"],
                ),
                Column("expires", "date", "Last day the card is valid."),
                Column(
                    "last_use",
                    "date",
                    "Latest day of any use that leaves a trace on the card: a checkout, a renewal by the patron, a"
                    " program at which the card was shown, a computer session. Missing if never used. An automatic"
                    " renewal is not a use.",
                    required=False,
                    maximum=_DAY["maximum"],
                ),
                Column("has_email", "boolean", "Whether there is an e-mail address on file."),
                Column(
                    "preferred_contact",
                    "category",
                    "How the patron likes to be reached.",
                    categories=("email", "text", "phone", "mail"),
                ),
            ),
            key=("patron_id",),
            gzip=True,
        ),
        Table(
            "items",
            "Titles",
            "The titles that the library lends, physical and digital, one row per title at a branch. A small"
            " collection on purpose: a town of this size would own several times as many. Checkouts are counted per"
            " title; who borrowed which title is not kept.",
            (
                Column("item_id", "integer", "Number of the title.", unique=True, minimum=1),
                Column("title", "string", "Title. All are invented."),
                Column("creator", "string", "Author, director or artist. All are invented."),
                Column("material_type", "category", "Kind of material.", categories=PHYSICAL + DIGITAL),
                Column("audience", "category", "For whom it is meant.", categories=AUDIENCES),
                Column("subject", "string", "Subject heading."),
                Column(
                    "publication_year", "integer", "Year of publication.", "year", minimum=1900, maximum=2025
                ),
                Column("added", "date", "Day it was added to the collection.", maximum=_DAY["maximum"]),
                Column(
                    "branch",
                    description="Where it is shelved; missing for digital.",
                    required=False,
                    **_BRANCH,
                ),
                Column("copies", "integer", "Copies, or licenses if digital.", "copies", minimum=1),
                Column(
                    "checkouts",
                    description="Checkouts in the 36 months, without renewals. Over all titles they add up to the"
                    " checkouts table, for every material type and audience.",
                    unit="checkouts",
                    **_COUNT,
                ),
            ),
            key=("item_id",),
            gzip=True,
        ),
        Table(
            "checkouts",
            "Checkouts and renewals",
            "Every checkout and renewal of the 36 months, print and digital. There is no title: the library cuts the"
            " link between person and title when an item comes back.",
            (
                Column("checkout_id", "integer", "Number of the transaction.", unique=True, minimum=1),
                Column("patron_id", "integer", "Card it was made on.", foreign_key="patrons.patron_id"),
                Column("date", description="Day of the transaction.", **_DAY),
                Column(
                    "branch",
                    description="Branch that lent it; missing for digital.",
                    required=False,
                    **_BRANCH,
                ),
                Column("usage_class", "category", "Physical or digital.", categories=("physical", "digital")),
                Column("material_type", "category", "Kind of material.", categories=PHYSICAL + DIGITAL),
                Column("audience", "category", "For whom the material is meant.", categories=AUDIENCES),
                Column(
                    "transaction_type",
                    "category",
                    "A checkout; a renewal asked for by the patron; or an automatic renewal, which the system has made"
                    " by itself since January 2024.",
                    categories=("checkout", "renewal", "automatic renewal"),
                ),
            ),
            key=("checkout_id",),
            gzip=True,
        ),
        Table(
            "programs",
            "Programs",
            "Storytimes, clubs, classes and talks, one row for each time one was held.",
            (
                Column("program_id", "integer", "Number of the program.", unique=True, minimum=1),
                Column("branch", description="Where it was held.", **_BRANCH),
                Column("date", description="Day it was held.", **_DAY),
                Column("start", "string", "Time it began, as HH:MM."),
                Column("title", "string", "Title as announced."),
                Column("audience", "category", "For whom it was meant.", categories=(*AUDIENCES, "all ages")),
                Column("seats", "integer", "Places in the room.", "people", minimum=1),
                Column(
                    "attended",
                    description="Heads counted in the room, with or without a card.",
                    unit="people",
                    **_COUNT,
                ),
            ),
            key=("program_id",),
        ),
        Table(
            "attendance",
            "Program attendance by card",
            "Who came to a program, for those who showed a card at the door. Nobody is turned away without one, and"
            " the date on the card is not checked.",
            (
                Column("program_id", "integer", "Program attended.", foreign_key="programs.program_id"),
                Column("patron_id", "integer", "Card shown.", foreign_key="patrons.patron_id"),
                Column("date", description="Day of the program.", **_DAY),
            ),
            key=("program_id", "patron_id"),
        ),
        Table(
            "computer_sessions",
            "Public computer sessions",
            "Sessions at the public computers.",
            (
                Column("session_id", "integer", "Number of the session.", unique=True, minimum=1),
                Column(
                    "patron_id",
                    "integer",
                    "Card used; missing for a guest pass.",
                    required=False,
                    foreign_key="patrons.patron_id",
                ),
                Column("branch", description="Where the computer stands.", **_BRANCH),
                Column("date", description="Day of the session.", **_DAY),
                Column("minutes", "integer", "Length of the session.", "minutes", minimum=1, maximum=120),
            ),
            key=("session_id",),
            gzip=True,
        ),
        Table(
            "gate_counts",
            "Visits by day",
            "People counted at the door, for each branch and each day that it was open.",
            (
                Column("branch", description="Branch.", **_BRANCH),
                Column("date", description="Day.", **_DAY),
                Column("hours_open", "number", "Hours open on that day.", "hours", minimum=0.5, maximum=24),
                Column("visits", description="People who came in.", unit="visits", **_COUNT),
            ),
            key=("branch", "date"),
        ),
    )
}


class UnknownTable(CourseError, AttributeError):
    """There is no table of that name. Also an AttributeError, so that ``library.patorns`` behaves as usual."""


def schema(name: str) -> Table:
    """The schema of the table ``name``; an unknown name raises a CourseError with the nearest one."""
    if isinstance(name, str) and name in SCHEMAS:
        return SCHEMAS[name]
    near = difflib.get_close_matches(str(name).strip().lower(), SCHEMAS, n=1, cutoff=0.5)
    hint = f"did you mean “{near[0]}”?" if near else "the tables are " + ", ".join(SCHEMAS) + "."
    raise UnknownTable(f"There is no table “{name}”: {hint}")


def data_folder() -> Path:
    """Where the frozen tables are: ``$COURSE_DATA`` if set, else ``data/`` beside the package."""
    return Path(os.environ.get("COURSE_DATA") or Path(__file__).resolve().parent.parent / "data")


# Loading -----------------------------------------------------------------------------------------------


def load(name: str, folder: "str | os.PathLike | None" = None) -> pd.DataFrame:
    """Load a table of Port Ellery from its file, with dates as dates and categories as categories.

    Parameters
    ----------
    name : one of the names in ``SCHEMAS``, such as ``"patrons"``.
    folder : where the files are; by default :func:`data_folder`.

    Returns
    -------
    A new DataFrame with the columns of ``SCHEMAS[name]``, in that order.

    Raises
    ------
    CourseError
        If there is no such table, or its file is missing, damaged or was changed since it was frozen. The
        sentence names the file, and the line and the rule where one is broken.
    """
    table = schema(name)
    folder = Path(folder) if folder is not None else data_folder()
    raw = _read_bytes(folder, table)
    if hashlib.sha256(raw).hexdigest() != _frozen_checksum(folder, table):
        raise CourseError(_what_changed(folder, table, raw))
    return parse(_decompress(folder, table, raw), table)


def parse(content: bytes, table: Table) -> pd.DataFrame:
    """A typed frame from the bytes of a CSV file that keeps the rules of ``table``."""
    frame = pd.read_csv(
        io.BytesIO(content),
        dtype={column.name: column.dtype for column in table.columns if column.type != "date"},
        parse_dates=[column.name for column in table.columns if column.type == "date"],
        date_format="%Y-%m-%d",
        # Only an empty field is missing: "NA" or "None" could be somebody's title.
        keep_default_na=False,
        na_values=[""],
    )
    return frame.astype({column.name: column.dtype for column in table.columns if column.type == "date"})


def _read_bytes(folder: Path, table: Table) -> bytes:
    try:
        return (folder / table.file).read_bytes()
    except FileNotFoundError:
        missing = f"data file {table.file} is missing" if folder.is_dir() else "data folder is missing"
        raise CourseError(f"The {missing} ({folder / table.file}): {REMEDY}.") from None
    except OSError as problem:
        raise CourseError(
            f"The data file {folder / table.file} cannot be read ({problem.strerror})."
        ) from None


def _decompress(folder: Path, table: Table, raw: bytes) -> bytes:
    if not table.gzip:
        return raw
    try:
        if not raw:
            raise EOFError
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        raise CourseError(
            f"The data file {folder / table.file} is damaged: it is not a whole gzip file. To mend it, {REMEDY}."
        ) from None


def _frozen_checksum(folder: Path, table: Table) -> str:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
        return hashes[table.name].removeprefix("sha256:")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"The list of checksums, {path}, is missing or damaged: {REMEDY}.") from None


def _what_changed(folder: Path, table: Table, raw: bytes) -> str:
    """One sentence about a file whose checksum is not the frozen one. Slow, and only needed then."""
    path = folder / table.file
    content = _decompress(folder, table, raw)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return f"The data file {path} is damaged: line {line} is not UTF-8 text. To mend it, {REMEDY}."
    if broken := first_broken_row(text, table):
        return f"The data file {path} is damaged: {broken}. To mend it, {REMEDY}."
    return (
        f"The data file {path} was changed since it was frozen (its checksum in datapackage.json no longer fits),"
        f" though every row still follows the rules. To undo the change, {REMEDY}."
    )


def first_broken_row(text: str, table: Table) -> str:
    """Say which line of a CSV text first breaks which rule of ``table``; empty if none does.

    Lines are counted as an editor counts them: the header is line 1.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    keys: dict[tuple, int] = {}
    try:
        header = next(rows, [])
        if header != table.names:
            return (
                f"line 1 should name the columns {', '.join(table.names)}, but is {_quote(','.join(header))}"
            )
        for row in rows:
            line = rows.line_num
            if len(row) != len(header):
                return f"line {line} has {len(row)} fields where there should be {len(header)}"
            for column, value in zip(table.columns, row, strict=True):
                if problem := _broken_rule(column, value):
                    return f"line {line}, column {column.name}: {_quote(value)} {problem}"
            key = tuple(row[header.index(name)] for name in table.key)
            if key in keys:
                names = " and ".join(table.key)
                return f"line {line} repeats the {names} of line {keys[key]} ({_quote(', '.join(key))})"
            keys[key] = line
    except csv.Error as problem:
        return f"line {rows.line_num} is not valid CSV ({problem})"
    return ""


def _quote(value: str) -> str:
    return f"“{value if len(value) <= 60 else value[:57] + '…'}”"


def _broken_rule(column: Column, value: str) -> str:
    """What is wrong with one field of a file, in words that follow the value; empty if nothing is."""
    if value == "":
        return "is empty, and a value is required" if column.required else ""
    if column.type == "category":
        if value not in column.categories:
            return "is not one of " + ", ".join(column.categories)
        return ""
    if column.type == "boolean":
        return "" if value in ("True", "False") else "is not True or False"
    if column.type == "string":
        return ""
    try:
        if column.type == "integer":
            if not re.fullmatch(r"-?\d+", value):
                raise ValueError
            number = int(value)
        elif column.type == "number":
            number = float(value)
            if number != number or abs(number) == float("inf"):
                raise ValueError
        else:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                raise ValueError
            number = pd.Timestamp(value)
    except ValueError:
        kinds = {"integer": "a whole number", "number": "a number", "date": "a date written YYYY-MM-DD"}
        return f"is not {kinds[column.type]}"
    low, high = _limits(column)
    if low is not None and number < low:
        return f"is below {column.minimum}, the lowest allowed"
    if high is not None and number > high:
        return f"is above {column.maximum}, the highest allowed"
    return ""


def _limits(column: Column) -> tuple:
    limits = (column.minimum, column.maximum)
    if column.type == "date":
        return tuple(None if limit is None else pd.Timestamp(limit) for limit in limits)
    return limits


# Checking frames ---------------------------------------------------------------------------------------


def validate(frame: pd.DataFrame, name: str, others: "dict[str, pd.DataFrame] | None" = None) -> None:
    """Check that ``frame`` keeps every rule of the table ``name``.

    Parameters
    ----------
    frame : typed as :func:`load` types it.
    name : of the table.
    others : further tables by name; a foreign key is checked when its table is among them.

    Raises
    ------
    CourseError
        Naming the table, the column, the first rows that break a rule (by position, from 0), and the rule.
    """
    table = schema(name)
    if list(frame.columns) != table.names:
        found = ", ".join(map(str, frame.columns))
        raise CourseError(f"Table {name}: the columns should be {', '.join(table.names)}, but are {found}.")
    for column in table.columns:
        values = frame[column.name]
        if values.dtype != pd.Series([], dtype=column.dtype).dtype:
            raise CourseError(
                f"Table {name}, column {column.name}: holds {values.dtype}, not {column.dtype}."
            )
        low, high = _limits(column)
        _refuse(values.isna() & column.required, name, column, "a value is required")
        if column.unique:
            _refuse(values.duplicated(), name, column, "the same value stands in an earlier row")
        if low is not None:
            _refuse((values < low).fillna(False), name, column, f"below {column.minimum}, the lowest allowed")
        if high is not None:
            _refuse(
                (values > high).fillna(False), name, column, f"above {column.maximum}, the highest allowed"
            )
        other, _, key = column.foreign_key.partition(".")
        if others and other in others:
            known = values.isna() | values.isin(others[other][key].astype(values.dtype))
            _refuse(~known, name, column, f"no such {key} in {other}")
    repeated = frame.duplicated(list(table.key))
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        raise CourseError(f"Table {name}, row {row}: the same {' and '.join(table.key)} as an earlier row.")


def _refuse(broken: pd.Series, name: str, column: Column, rule: str) -> None:
    rows = broken.to_numpy(dtype=bool).nonzero()[0]
    if len(rows):
        some = ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
        raise CourseError(f"Table {name}, column {column.name}, row {some}: {rule}.")


def typed(columns: dict, table: Table) -> pd.DataFrame:
    """A frame with the dtypes of ``table`` from a dict of arrays, one per column.

    A category may be given as integer codes into its categories, with −1 for missing; a date as days
    (``datetime64[D]``).
    """
    frame = {}
    for column in table.columns:
        values = columns[column.name]
        if (
            column.type == "category"
            and getattr(values, "dtype", None) is not None
            and values.dtype.kind == "i"
        ):
            values = pd.Categorical.from_codes(values, dtype=column.dtype)
        frame[column.name] = pd.Series(values, dtype=column.dtype)
    return pd.DataFrame(frame)


# Describing --------------------------------------------------------------------------------------------


def describe(name: str) -> pd.DataFrame:
    """What each column of the table ``name`` means: one row per column, with type, unit and rules."""
    table = schema(name)
    return pd.DataFrame(
        [
            {
                "column": c.name,
                "type": c.type,
                "unit": c.unit,
                "rules": "; ".join(rules(c)),
                "meaning": c.description,
            }
            for c in table.columns
        ]
    ).set_index("column")


def rules(column: Column) -> list[str]:
    """The rules of a column in words."""
    said = []
    if not column.required:
        said.append("may be missing")
    if column.unique:
        said.append("unique")
    if column.categories:
        said.append(("ordered: " if column.ordered else "one of: ") + ", ".join(column.categories))
    if column.minimum is not None:
        said.append(f"at least {column.minimum}")
    if column.maximum is not None:
        said.append(f"at most {column.maximum}")
    if column.foreign_key:
        said.append(f"refers to {column.foreign_key}")
    return said
