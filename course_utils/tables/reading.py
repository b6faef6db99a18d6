"""Load the frozen tables, and say what is wrong with a file that is not as it was frozen."""

import gzip
import hashlib
import io
import json
import os
import zlib
from pathlib import Path

import pandas as pd

from course_utils.errors import CourseError
from course_utils.tables.catalog import schema
from course_utils.tables.schema import Table

KIT = Path(__file__).resolve().parents[2]


def remedy(folder: Path) -> str:
    """What to do about a file in ``folder`` that is not as it was written."""
    if folder.resolve() == data_folder().resolve():
        return "run `course data` to write it again, or `git checkout -- data` if you use git"
    return "write the library again, with the command that its README.md begins with, into a new folder"


def data_folder() -> Path:
    """Where the frozen tables are: ``$COURSE_DATA`` if set, else ``data/`` beside the package."""
    return Path(os.environ.get("COURSE_DATA") or KIT / "data")


def found(folder: "str | os.PathLike") -> Path:
    """A folder of tables by its name: seen from where one stands, and else from the kit's folder, where it was made."""
    path = Path(folder).expanduser()
    return path if path.is_dir() or not (KIT / path).is_dir() else KIT / path


def load(name: str, folder: "str | os.PathLike | None" = None) -> pd.DataFrame:
    """Load a table of Port Ellery from its file, with dates as dates and categories as categories.

    Parameters
    ----------
    name : one of the names in ``SCHEMAS``, such as ``"patrons"``.
    folder : where the files are, seen from here or from the kit's folder; by default :func:`data_folder`.

    Returns
    -------
    A new DataFrame with the columns of ``SCHEMAS[name]``, in that order.

    Raises
    ------
    CourseError
        If there is no such table, or its file is missing, damaged or was changed since it was frozen. The
        sentence names the file.
    """
    table = schema(name)
    folder = found(folder) if folder is not None else data_folder()
    raw = _read_bytes(folder, table)
    if hashlib.sha256(raw).hexdigest() != _frozen_checksum(folder, table):
        _decompress(folder, table, raw)  # says so itself where the file is not even whole
        raise CourseError(
            f"The data file {folder / table.file} is not as it was frozen: it was changed, or is damaged "
            f"(its checksum in datapackage.json does not fit). To put it right, {remedy(folder)}."
        )
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
