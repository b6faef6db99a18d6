"""Which version of the kit this is, as far as marks go: records of another version are not taken for its own."""

import functools
import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

import course_utils
from course_utils.tables import data_folder

PACKAGE = Path(course_utils.__file__).resolve().parent
# Packages of the kit that no student's code and no test can reach.
WITHOUT_MARKS = {"authoring", "jupyter", "lab.py", "cli.py"}
# Of the grader, what runs a job. The rest is what happens before and after.
GRADER = {"execution", "sandbox"}
# The packages that students' answers are made with, and looked at with.
MEET_ANSWERS = (
    *("faker", "ipykernel", "ipython", "ipywidgets", "matplotlib", "matplotlib-inline"),
    *("numpy", "pandas", "seaborn"),
)
SUFFIXES = {".py", ".toml"}


@functools.cache
def kit_version() -> str:
    """A digest of all that may change a mark besides the job: the kit's code and data, Python, and the packages."""
    digest = hashlib.sha256()
    for part in (platform.python_version(), *map(version, MEET_ANSWERS)):
        digest.update(part.encode() + b"\0")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in SUFFIXES and _counts(path.relative_to(PACKAGE)):
            _add(digest, path, PACKAGE)
    # It holds the checksum of every table, without which no table is loaded.
    _add(digest, data_folder() / "datapackage.json", data_folder())
    return digest.hexdigest()


def _counts(path: Path) -> bool:
    if path.parts[0] == "grading":
        return path.parts[1] in GRADER
    return path.parts[0] not in WITHOUT_MARKS


def _add(digest, path: Path, folder: Path) -> None:
    content = hashlib.sha256(path.read_bytes()).digest()
    digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + content)
