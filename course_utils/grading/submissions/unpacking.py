"""Taking files out of an archive that somebody else made: within bounds, and never to where the archive says."""

import errno
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.grading.per_student import printable

MB = 1_000_000
CHUNK = 1 << 16
# What every system packs with. Of other kinds Python unpacks all that it reads at once: with bzip2, 400 bytes may fill
# 300 MB of memory before anything is counted.
USUAL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
UNUSUAL = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ"}
LONGEST_NAME = 1_000  # bytes of a path in an archive
# What computers add to an archive by themselves.
CLUTTER = {"__MACOSX", ".DS_Store", ".ipynb_checkpoints", "__pycache__", "Thumbs.db", "desktop.ini"}
# A notebook, also under the names that mail programs and editors give it.
A_NOTEBOOK = re.compile(r"\.ipynb(?:\.txt|\.json)?$", re.IGNORECASE)
DEVICES = {"CON", "PRN", "AUX", "NUL"} | {
    f"{name}{number}" for name in ("COM", "LPT") for number in range(1, 10)
}


@dataclass(frozen=True)
class Bounds:
    """How much is taken, in bytes and in files: of one file, of one student, and of a whole class.

    ``ratio`` is how many bytes may come of one, for files of more than a megabyte.
    """

    file: int = 60 * MB
    student: int = 120 * MB
    student_files: int = 200
    all_files: int = 50_000
    all: int = 20_000 * MB
    ratio: int = 200


@dataclass
class Account:
    """How much has been taken so far, of one student or of all."""

    what: str
    most: int
    most_files: int
    size: int = 0
    files: int = 0

    def add_file(self) -> None:
        self.files += 1
        if self.files > self.most_files:
            raise CourseError(f"{self.what} has more than {self.most_files} files")

    def add(self, size: int) -> None:
        self.size += size
        if self.size > self.most:
            raise CourseError(f"{self.what} holds more than {self.most // MB} MB")


def safe_parts(name: str) -> tuple[str, ...]:
    """The parts of a name in an archive or folder, in NFC.

    Raises
    ------
    CourseError
        If it is absolute, climbs out of its folder, or cannot be a file's name on every system.
    """
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    shown = repr(printable(name if len(name) <= 80 else f"{name[:77]}..."))
    if len(plain.encode("utf-8", "replace")) > LONGEST_NAME:
        raise CourseError(f"the name {shown} is too long")
    if plain.startswith("/") or plain[1:2] == ":" and plain[2:3] in ("", "/"):
        raise CourseError(f"the name {shown} is absolute")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if ".." in parts:
        raise CourseError(f"the name {shown} leads out of its folder")
    for part in parts:
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in part) or len(part.encode()) > 200:
            raise CourseError(f"the name {shown} cannot be a file's name")
        if part.split(".")[0].upper() in DEVICES:
            raise CourseError(f"the name {shown} is that of a device")
    if not parts:
        raise CourseError(f"the name {shown} is empty")
    return parts


def is_clutter(parts: tuple[str, ...]) -> bool:
    return bool(CLUTTER & set(parts)) or parts[-1].startswith("._")


@dataclass(frozen=True)
class Packed:
    """One file in an archive or a folder, not opened yet. ``order`` is its place there."""

    name: str
    order: int
    archive: zipfile.ZipFile | None = None
    info: zipfile.ZipInfo | None = None
    path: Path | None = None

    def check(self) -> None:
        """Refuse what is no ordinary file, before anything of it is read.

        Raises
        ------
        CourseError
            For a link, a device, a pipe, and what is locked with a password, or packed in an unusual way.
        OSError
            If nothing can be said of it, as its path is too long.
        """
        if self.info is not None:
            kind = stat.S_IFMT(self.info.external_attr >> 16)
            if self.info.flag_bits & 0x1:
                raise CourseError("it is locked with a password")
            if (method := self.info.compress_type) not in USUAL:
                raise CourseError(
                    f"it is packed with {UNUSUAL.get(method, f'method {method}')}, which is not opened: "
                    "a plain zip, as every system makes it, is"
                )
        else:
            kind = stat.S_IFMT(self.path.lstat().st_mode)
            if kind == stat.S_IFDIR:
                raise CourseError("it is a folder that cannot be opened")
        if kind == stat.S_IFLNK:
            raise CourseError("it is a link to another file")
        if kind not in (0, stat.S_IFREG):
            raise CourseError("it is a device, a pipe or the like, and no file")

    def copy_to(self, target: Path, bounds: Bounds, *accounts: Account) -> None:
        """Write the file to ``target``, counting what really comes out.

        Raises
        ------
        CourseError
            If it goes past a bound, or is damaged.
        OSError
            If it cannot be read from a folder, or not be written.
        """
        self.check()
        size = 0
        try:
            with self.open() as source, target.open("xb") as written:
                while chunk := source.read(CHUNK):
                    size += len(chunk)
                    for account in accounts:
                        account.add(len(chunk))
                    if size > bounds.file:
                        raise CourseError(f"it is larger than {bounds.file // MB} MB")
                    if self.info and size > MB and size > bounds.ratio * max(1, self.info.compress_size):
                        raise CourseError(
                            f"it unpacks to more than {bounds.ratio} times its size, as a zip bomb does"
                        )
                    written.write(chunk)
        except CourseError:
            raise
        except OSError as problem:
            # This also comes of a place before the beginning of the archive.
            if self.info is None or problem.errno not in (None, errno.EINVAL):
                raise
            raise CourseError(f"it is damaged ({printable(problem, 100)})") from None
        except Exception as problem:
            # zipfile and what unpacks for it raise many kinds: they all mean the same.
            raise CourseError(f"it is damaged ({printable(problem, 100)})") from None

    def open(self):
        """A binary stream of its content, unbounded."""
        return self.archive.open(self.info) if self.info is not None else self.path.open("rb")


@contextmanager
def opened(path: Path, most_files: int) -> Iterator[list[Packed]]:
    """The files of a zip archive, in its order, with names that are read as they were meant.

    Raises
    ------
    CourseError
        If it is no zip archive, is damaged, or lists more than ``most_files``.
    """
    try:
        archive = zipfile.ZipFile(path)
    except Exception as problem:
        # As above: a list of contents that is damaged makes zipfile stumble in many ways.
        said = isinstance(problem, OSError) and problem.strerror
        raise CourseError(
            f"{path.name} cannot be opened as a zip archive: {said or printable(problem, 100)}"
        ) from None
    with archive:
        if len(archive.infolist()) > most_files:
            raise CourseError(f"{path.name} lists more than {most_files} files")
        yield [
            Packed(meant_name(info), order, archive, info)
            for order, info in enumerate(archive.infolist())
            if not info.filename.endswith("/")
        ]


def meant_name(info: zipfile.ZipInfo) -> str:
    """A file's name in an archive. Those that do not say their encoding are read as UTF-8 where they can be."""
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return name


def in_folder(folder: Path) -> list[Packed]:
    """The files below a folder, by name; links to folders are not followed.

    A folder that cannot be read, or lies too deep, stands in the list itself: whoever takes it is told so.
    """
    found, waiting = [], [folder]
    while waiting:
        place = waiting.pop()
        try:
            inside = list(os.scandir(place))
        except OSError:
            if place == folder:
                raise
            found.append(place)
            continue
        for entry in inside:
            (waiting if entry.is_dir(follow_symlinks=False) else found).append(Path(entry.path))
    names = sorted((path.relative_to(folder).as_posix(), path) for path in found)
    return [Packed(name, order, path=path) for order, (name, path) in enumerate(names)]
