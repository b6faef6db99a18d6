"""Load the frozen tables, and say what is wrong with a file that is not as it was frozen."""

import csv
import gzip
import hashlib
import io
import json
import os
import re
import zlib
from pathlib import Path

import pandas as pd

from course_utils.errors import CourseError
from course_utils.tables.catalog import schema
from course_utils.tables.schema import Column, Table, limits


def remedy(folder: Path) -> str:
    """What to do about a file in ``folder`` that is not as it was written."""
    if folder.resolve() == data_folder().resolve():
        return "run `course data` to write it again, or `git checkout -- data` if you use git"
    return "write the library again, with the command that its README.md begins with, into a new folder"


def data_folder() -> Path:
    """Where the frozen tables are: ``$COURSE_DATA`` if set, else ``data/`` beside the package."""
    return Path(os.environ.get("COURSE_DATA") or Path(__file__).resolve().parent.parent.parent / "data")


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
        raise CourseError(f"The {missing} ({folder / table.file}): {remedy(folder)}.") from None
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
            f"The data file {folder / table.file} is damaged: it is not a whole gzip file. To mend it, {remedy(folder)}."
        ) from None


def _frozen_checksum(folder: Path, table: Table) -> str:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        hashes = {resource["name"]: resource["hash"] for resource in package["resources"]}
        return hashes[table.name].removeprefix("sha256:")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(
            f"The list of checksums, {path}, is missing or damaged: {remedy(folder)}."
        ) from None


def _what_changed(folder: Path, table: Table, raw: bytes) -> str:
    """One sentence about a file whose checksum is not the frozen one. Slow, and only needed then."""
    path = folder / table.file
    content = _decompress(folder, table, raw)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        return (
            f"The data file {path} is damaged: line {line} is not UTF-8 text. To mend it, {remedy(folder)}."
        )
    if broken := first_broken_row(text, table):
        return f"The data file {path} is damaged: {broken}. To mend it, {remedy(folder)}."
    return (
        f"The data file {path} was changed since it was frozen (its checksum in datapackage.json no longer fits),"
        f" though every row still follows the rules. To undo the change, {remedy(folder)}."
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
    low, high = limits(column)
    if low is not None and number < low:
        return f"is below {column.minimum}, the lowest allowed"
    if high is not None and number > high:
        return f"is above {column.maximum}, the highest allowed"
    return ""
