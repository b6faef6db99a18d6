"""Freeze Port Ellery into ``data/``, and check what is there."""

import gzip
import io
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from course_utils import tables
from course_utils.errors import CourseError
from course_utils.library.document import datapackage, dictionary
from course_utils.library.model import Library

Progress = Callable[[int, int, str], None]


def freeze(
    folder: "str | os.PathLike | None" = None,
    progress: Progress | None = None,
    library: Library | None = None,
) -> Path:
    """Build Port Ellery and write every table, ``datapackage.json`` and ``README.md`` into ``folder``.

    Everything is built, checked against the schemas and written under another name before the first file
    takes its place; ``datapackage.json``, with the checksums, comes last.

    Parameters
    ----------
    folder : where to write; by default ``data/`` (see :func:`course_utils.tables.data_folder`).
    progress : called as ``progress(done, total, name)`` after each table.
    library : another library than Port Ellery.

    Returns
    -------
    The folder.

    Raises
    ------
    CourseError
        If the folder cannot be written to, or the disk is full. The files that were there are still whole.
    """
    folder = Path(folder) if folder is not None else tables.data_folder()
    files = contents(library or Library.port_ellery(), progress)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as unfinished:
            for name, content in files.items():
                Path(unfinished, name).write_bytes(content)
            for name in files:
                os.replace(Path(unfinished, name), folder / name)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise CourseError(
            f"The data could not be written to {folder} ({reason}): make room or choose a folder that you may write"
            " to, and try again. No half-written file was left."
        ) from None
    return folder


def contents(library: Library, progress: Progress | None = None) -> dict[str, bytes]:
    """The bytes of every file of ``data/``, by file name; ``datapackage.json`` last. All tables are checked."""
    frames = {name: library[name] for name in tables.SCHEMAS}
    written = {}
    for done, (name, frame) in enumerate(frames.items(), start=1):
        tables.validate(frame, name, frames)
        written[name] = to_csv(frame, tables.SCHEMAS[name])
        if progress:
            progress(done, len(frames), name)
    rows = {name: len(frame) for name, frame in frames.items()}
    return {
        **{tables.SCHEMAS[name].file: content for name, content in written.items()},
        "README.md": dictionary(rows, library.seed).encode(),
        "datapackage.json": datapackage(written).encode(),
    }


def to_csv(frame: pd.DataFrame, table: tables.Table) -> bytes:
    """The bytes of a table's file; the same frame gives the same bytes, on any day."""
    text = frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode()
    if not table.gzip:
        return text
    packed = io.BytesIO()
    # Neither a file name nor a time goes into the header.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=packed, mtime=0) as file:
        file.write(text)
    return packed.getvalue()


def check(folder: "str | os.PathLike | None" = None) -> list[str]:
    """Load every frozen table and compare the folder with its checksums.

    Returns
    -------
    One line for each table that is whole: its name, number of rows and size.

    Raises
    ------
    CourseError
        For the first file that is missing, damaged or changed, saying which and what to do.
    """
    folder = Path(folder) if folder is not None else tables.data_folder()
    frames = {name: tables.load(name, folder) for name in tables.SCHEMAS}
    for name, frame in frames.items():
        tables.validate(frame, name, frames)
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        readme = (folder / "README.md").read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise CourseError(f"README.md in {folder} is missing or cannot be read: {tables.REMEDY}.") from None
    known = {table.file: (folder / table.file).read_bytes() for table in tables.SCHEMAS.values()}
    described = datapackage({table.name: known[table.file] for table in tables.SCHEMAS.values()})
    if json.loads(described) != package:
        raise CourseError(
            f"{folder / 'datapackage.json'} does not describe the tables any more: {tables.REMEDY}."
        )
    rows = {name: len(frame) for name, frame in frames.items()}
    if dictionary(rows, Library.port_ellery().seed) != readme:
        raise CourseError(f"{folder / 'README.md'} does not describe the tables any more: {tables.REMEDY}.")
    return [
        f"{name}: {len(frame):,} rows, {(folder / tables.SCHEMAS[name].file).stat().st_size / 1000:,.0f} kB"
        for name, frame in frames.items()
    ]
