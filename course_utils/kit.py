"""Where the kit is, and writing to it in such a way that nothing is ever half-written."""

import os
from pathlib import Path

from course_utils.errors import CourseError


def kit_folder() -> Path:
    """The folder that holds the kit: the one above the package.

    Raises
    ------
    CourseError
        If the package is not installed from a copy of the kit, so that there are no notebooks beside it.
    """
    folder = Path(__file__).resolve().parents[1]
    if not (folder / "notebooks").is_dir():
        raise CourseError(
            f"There is no folder “notebooks” in {folder}: go to your copy of the kit and run "
            "“python -m pip install --no-deps --no-build-isolation -e .” there."
        )
    return folder


def stand_in_it() -> None:
    """See that one does not stand in another copy of the kit than the one that is at work.

    Raises
    ------
    CourseError
        If one does: a copied folder brings its environment along, which still belongs to the first.
    """
    mine = Path(__file__).resolve().parents[1]
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / "course_utils" / "kit.py").is_file() and (folder / "pyproject.toml").is_file():
            if folder.resolve() != mine:
                raise CourseError(
                    f"You are in {folder}, and this command belongs to the kit in {mine}. To use the one that you are in, "
                    "delete its folder .venv if it was copied, run “sh bootstrap.sh requirements.lock” there, and then “.venv/bin/course”."
                )
            return


def write_whole(path: Path, text: str, encoding: str = "utf-8", opener=None) -> None:
    """Write ``text``, its line ends as they are, to ``path`` in one step: either all of it is there, or the old file is.

    ``opener`` is that of Python's ``open``, for a file that not everybody is to read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(unfinished, "w", encoding=encoding, newline="\n", opener=opener) as file:
            file.write(text)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
