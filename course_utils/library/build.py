"""Write a library into a folder, table by table and district by district, and check what is there.

A town of up to :data:`model.LARGEST` patrons is made in one go. A larger one is made of districts, each a library
of its own in the same town, one after the other: what is in memory at any time is one district.
"""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.errors import CourseError
from course_utils.library.calibration import settings
from course_utils.library.document import Written, datapackage, dictionary
from course_utils.library.locales import known_locale
from course_utils.library.model import LARGEST, SMALLEST, Library, whole_number
from course_utils.library.town import tract_median

Progress = Callable[[int, int, str], None]
LARGEST_TOWN = 2_000_000
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Town:
    """Which library to write: its seed, about how many patrons it has, the locale of the names, the town's name.

    Raises
    ------
    CourseError
        If one of them is not such a value.
    """

    seed: int
    patrons: int
    locale: str = "en_US"
    name: str = "Port Ellery"

    def __post_init__(self):
        whole_number(self.patrons, "The number of patrons of a library", SMALLEST, LARGEST_TOWN)
        object.__setattr__(self, "locale", known_locale(self.locale))
        self.district(0)

    @classmethod
    def port_ellery(cls) -> "Town":
        """The town of the lessons."""
        design = settings()["design"]
        return cls(design["seed"], design["patrons"])

    @property
    def count(self) -> int:
        """Number of districts."""
        return -(-self.patrons // LARGEST)

    def district(self, number: int) -> Library:
        """One district; the only one, unless the town is large."""
        size = self.patrons // self.count + (number < self.patrons % self.count)
        return Library(self.seed, patrons=size, locale=self.locale, name=self.name, district=number)


def freeze(folder: "str | os.PathLike | None" = None, progress: Progress | None = None) -> Path:
    """Write Port Ellery into ``folder``, by default ``data/``: see :func:`write`."""
    return write(folder if folder is not None else tables.data_folder(), Town.port_ellery(), progress)


def write(folder: "str | os.PathLike", town: Town, progress: Progress | None = None) -> Path:
    """Write every table of a town, ``README.md`` and ``datapackage.json`` into ``folder``.

    Everything is built, checked against the schemas and written into a hidden folder within, before the first
    file takes its place; ``datapackage.json``, with the checksums, comes last. A run that was killed leaves that
    hidden folder, which the next run takes away, and at the very end some whole files, never half a one.

    Parameters
    ----------
    folder : where to write.
    town : what to write.
    progress : called as ``progress(done, total, name)`` after each table of each district.

    Returns
    -------
    The folder.

    Raises
    ------
    CourseError
        If the folder cannot be written to, or the disk is full. The files that were there are still whole.
    """
    folder = Path(folder)
    unfinished = folder / f"{UNFINISHED}{os.getpid()}"
    new = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _clear_away(folder)
            unfinished.mkdir()
            for name in _write_all(unfinished, town, progress):
                os.replace(unfinished / name, folder / name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            for one in new:
                if os.path.isdir(one) and not any(one.iterdir()):
                    one.rmdir()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise CourseError(
            f"The data could not be written to {folder} ({reason}): make room or choose a folder that you may write"
            " to, and try again. No half-written file was left."
        ) from None
    return folder


def new_folder(folder: "str | os.PathLike") -> Path:
    """The path of a folder that is new or empty, apart from what a killed run of ours left behind.

    Raises
    ------
    CourseError
        If it holds anything else, or is a file.
    """
    folder = Path(folder)
    try:
        there = sorted(one.name for one in folder.iterdir()) if os.path.lexists(folder) else []
    except OSError as problem:
        reason = "is a file" if isinstance(problem, NotADirectoryError) else "cannot be opened"
        raise CourseError(
            f"{folder} {reason}: name a new or empty folder to write the library into."
        ) from None
    except ValueError:
        raise CourseError(f"{str(folder)!a} cannot be the name of a folder: name another.") from None
    left = [name for name in there if name.startswith(UNFINISHED)]
    ours = {table.file for table in tables.SCHEMAS.values()} | {"README.md"}
    # A run that was killed while its files took their place leaves some of them, and its folder; the last file
    # to take its place is datapackage.json.
    if set(there) - set(left) - (ours if left else set()):
        raise CourseError(f"{folder} is not empty: name a new or empty folder to write the library into.")
    return folder


def _clear_away(folder: Path) -> None:
    """Take away what runs left behind that were killed; refuse where one is still at work."""
    for left in folder.glob(f"{UNFINISHED}*"):
        owner = left.name.removeprefix(UNFINISHED)
        if owner.isdigit() and _is_running(int(owner)):
            raise CourseError(f"Another run is writing into {folder}: wait for it, or name another folder.")
        shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    if os.name != "posix":  # asking elsewhere may end it
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def _write_all(folder: Path, town: Town, progress: Progress | None) -> list[str]:
    """Write all files into ``folder``. Returns their names, in the order in which they shall take their place."""
    files = {name: _File(folder / table.file, table) for name, table in tables.SCHEMAS.items()}
    offsets: dict[str, int] = {}
    waiting: dict[str, list[pd.DataFrame]] = {}
    incomes, total = [], town.count * len(files)
    try:
        for number in range(town.count):
            library = town.district(number)
            for done, (name, frame) in enumerate(_checked(library), start=1 + number * len(files)):
                table = tables.SCHEMAS[name]
                if not (table.once and number):
                    moved = _renumbered(frame, table, offsets)
                    if table.adds_up and town.count > 1:
                        waiting.setdefault(name, []).append(moved)
                    else:
                        files[name].append(moved)
                if progress:
                    progress(done, total, name)
            incomes.append(library.household_incomes)
            _move_on(library, offsets)
        for name, frames in waiting.items():
            files[name].append(_added_up(pd.concat(frames), tables.SCHEMAS[name], incomes))
    finally:
        for file in files.values():
            file.close()
    written = {name: file.written() for name, file in files.items()}
    described = asdict(town)
    (folder / "README.md").write_text(dictionary(written, described), encoding="utf-8", newline="\n")
    (folder / "datapackage.json").write_text(datapackage(written, described), encoding="utf-8", newline="\n")
    return [*(table.file for table in tables.SCHEMAS.values()), "README.md", "datapackage.json"]


def _checked(library: Library) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table of a library, once it keeps its rules."""
    frames = {name: library[name] for name in _referred_to()}
    for name in tables.SCHEMAS:
        frame = library[name]
        tables.validate(frame, name, {**frames, name: frame})
        yield name, frame


def _referred_to() -> list[str]:
    """Tables that foreign keys point to."""
    keys = [column.foreign_key for table in tables.SCHEMAS.values() for column in table.columns]
    return sorted({key.partition(".")[0] for key in keys if key})


# Districts ---------------------------------------------------------------------------------------------


def _numbers(table: tables.Table) -> list[str]:
    """The columns that number the rows of a table: these go on from district to district."""
    return [column.name for column in table.columns if column.unique and column.type == "integer"]


def _renumbered(frame: pd.DataFrame, table: tables.Table, offsets: dict[str, int]) -> pd.DataFrame:
    """The frame with its numbers, and those that refer to others, moved past those of earlier districts."""
    frame = frame.copy(deep=False)
    for column in table.columns:
        add = offsets.get(column.foreign_key or f"{table.name}.{column.name}", 0)
        if add:
            frame[column.name] = frame[column.name] + add
    return frame


def _move_on(library: Library, offsets: dict[str, int]) -> None:
    for name, table in tables.SCHEMAS.items():
        if not table.once:
            for column in _numbers(table):
                key = f"{name}.{column}"
                if not table.column(column).foreign_key:
                    offsets[key] = offsets.get(key, 0) + int(library[name][column].max())


def _added_up(frame: pd.DataFrame, table: tables.Table, incomes: list) -> pd.DataFrame:
    """One row for each key: counts added up over the districts, shares averaged by household."""
    grouped = frame.groupby(list(table.key), observed=True, sort=False)
    merged = grouped.first()
    for name in table.adds_up:
        merged[name] = grouped[name].sum()
    if "margin_of_error" in table.adds_up:  # margins of independent surveys add up as squares do
        squares = (frame["margin_of_error"] ** 2).groupby(
            [frame[key] for key in table.key], observed=True, sort=False
        )
        merged["margin_of_error"] = np.ceil(np.sqrt(squares.sum())).astype(int)
    if table.name == "tracts":
        households = frame["households"]
        for name in ("broadband", "no_vehicle"):
            weighted = (frame[name] * households).groupby(frame["tract_id"], sort=False).sum()
            merged[name] = (weighted / merged["households"]).round(3)
        tract, income = (np.concatenate(part) for part in zip(*incomes, strict=True))
        merged["median_income"] = tract_median(tract, income, len(merged))
    merged = merged.reset_index()[table.names]
    return merged.astype({column.name: column.dtype for column in table.columns})


# Files -------------------------------------------------------------------------------------------------


class _File:
    """One table's file, written piece by piece; the same pieces give the same bytes, on any day."""

    def __init__(self, path: Path, table: tables.Table):
        self.path, self.rows = path, 0
        self._raw = path.open("wb")
        # Neither a file name nor a time goes into the header.
        self._file = (
            gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=self._raw, mtime=0)
            if table.gzip
            else self._raw
        )

    def append(self, frame: pd.DataFrame) -> None:
        """Write the rows of a frame, after a header if it is the first."""
        text = _days_as_text(frame).to_csv(None, index=False, header=not self.rows, lineterminator="\n")
        self._file.write(text.encode())
        self.rows += len(frame)

    def close(self) -> None:
        if self._file is not self._raw:
            self._file.close()
        self._raw.close()

    def written(self) -> Written:
        with self.path.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        return Written(rows=self.rows, size=self.path.stat().st_size, sha256=checksum)


def _days_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its dates as text. There are few days and many rows, so each day is written once."""
    frame = frame.copy(deep=False)
    for name in frame.columns[frame.dtypes == "datetime64[us]"]:
        codes, days = pd.factorize(frame[name])
        text = np.append(days.strftime("%Y-%m-%d").to_numpy(dtype=object), None)
        frame[name] = pd.Series(text[codes], index=frame.index, dtype=object)
    return frame


def check(folder: "str | os.PathLike | None" = None) -> list[str]:
    """Load every table in ``folder`` and compare the folder with its checksums.

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
        town = asdict(Town(**package["town"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(
            f"The description of the town, {folder / 'datapackage.json'}, is missing or damaged: {tables.remedy(folder)}."
        ) from None
    try:
        readme = (folder / "README.md").read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise CourseError(
            f"README.md in {folder} is missing or cannot be read: {tables.remedy(folder)}."
        ) from None
    written = {
        table.name: Written(
            rows=len(frames[table.name]),
            size=len(content := (folder / table.file).read_bytes()),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for table in tables.SCHEMAS.values()
    }
    if json.loads(datapackage(written, town)) != package:
        raise CourseError(
            f"{folder / 'datapackage.json'} does not describe the tables any more: {tables.remedy(folder)}."
        )
    if dictionary(written, town) != readme:
        raise CourseError(
            f"{folder / 'README.md'} does not describe the tables any more: {tables.remedy(folder)}."
        )
    return [f"{name}: {one.rows:,} rows, {one.size / 1000:,.0f} kB" for name, one in written.items()]
