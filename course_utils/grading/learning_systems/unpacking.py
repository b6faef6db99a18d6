"""Taking files out of an archive that somebody else made: within bounds, and never to where the archive says."""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError

MB = 1_000_000
CHUNK = 1 << 16
# What computers add to an archive by themselves.
CLUTTER = {"__MACOSX", ".DS_Store", ".ipynb_checkpoints", "__pycache__", "Thumbs.db", "desktop.ini"}
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
    shown = repr(name if len(name) <= 80 else f"{name[:77]}...")
    if plain.startswith("/") or (len(plain) > 1 and plain[1] == ":"):
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
            For a link, a device, a pipe, and what is locked with a password.
        """
        if self.info is not None:
            kind = stat.S_IFMT(self.info.external_attr >> 16)
            if self.info.flag_bits & 0x1:
                raise CourseError("it is locked with a password")
        else:
            kind = stat.S_IFMT(self.path.lstat().st_mode)
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
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as problem:
            raise CourseError(f"it is damaged ({problem})") from None
        except RuntimeError:
            # zipfile's way to say that a password is missing.
            raise CourseError("it is locked with a password") from None

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
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as problem:
        said = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise CourseError(f"{path.name} cannot be opened as a zip archive: {said}") from None
    with archive:
        if len(archive.infolist()) > most_files:
            raise CourseError(f"{path.name} lists more than {most_files} files")
        yield [
            Packed(meant_name(info), order, archive, info)
            for order, info in enumerate(archive.infolist())
            if not info.is_dir()
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
    """The files below a folder, by name; links to folders are not followed."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            found.append(path)
    return [Packed(path.relative_to(folder).as_posix(), order, path=path) for order, path in enumerate(found)]
