"""What a submission may bring beside its notebook, and what an assignment brings of its own.

Only what cannot run is let in, and only as far as the limits go. A link is never followed.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from course_utils.grading.limits import MB, Limits
from course_utils.messages import say

WELCOME = frozenset({".csv", ".tsv", ".json", ".txt", ".md", ".png", ".jpg", ".jpeg", ".svg"})
# nbgrader's and our own, what programs leave behind, and the notes that admitting puts in place of something.
WHOSE_LIBRARY = "whose_library.txt"  # goes along with what is handed in; see submissions/library_owner.py
PASSED_OVER = frozenset({"timestamp.txt", WHOSE_LIBRARY, ".DS_Store", "Thumbs.db", "desktop.ini"})
FOLDERS_PASSED_OVER = frozenset({".ipynb_checkpoints", "__pycache__", "__MACOSX", "feedback"})
# What admitting leaves in place of a link, and beside a notebook to which it gave back its name.
LINK_NOTE = ".was_a_link.txt"
NAME_NOTE = ".was_renamed.txt"
TIME_NOTE = ".was_no_time.txt"
NOTES = (LINK_NOTE, NAME_NOTE, TIME_NOTE)
MOST_FILES = 500
DEEPEST = 8  # folders


def is_somebody_elses(file: os.stat_result, folder: os.stat_result) -> bool:
    """Whether a file in a submission is a second name (a hard link) of one that belongs to another user."""
    return stat.S_ISREG(file.st_mode) and file.st_nlink > 1 and file.st_uid != folder.st_uid


def own_files(folder: Path) -> dict[str, bytes]:
    """The files of a released assignment but for its notebooks: path within ``folder`` -> content."""
    return {
        name: path.read_bytes()
        for name, path in _walk(folder)
        if path.suffix.lower() != ".ipynb" and not path.is_symlink()
    }


def permitted_files(
    folder: Path,
    own: dict[str, bytes] | None = None,
    notebooks: frozenset[str] = frozenset(),
    limits: Limits | None = None,
) -> tuple[dict[str, bytes], list[str]]:
    """What of a submission's files the student's code may read.

    Parameters
    ----------
    folder : the submission.
    own : the assignment's own files, which win over those of the same name.
    notebooks : file names of the assignment's notebooks, which are no such files.

    Returns
    -------
    Path within the folder -> content, and a sentence for each thing that was left out.
    """
    limits = limits or Limits()
    taken: dict[str, bytes] = {}
    notes = []
    left_out: dict[str, list[str]] = {}
    size = 0
    for name, path in _walk(folder):
        if name in notebooks or name in (own or {}):
            continue
        data = b""
        try:
            if path.name.endswith(NOTES) and path.is_file() and not path.is_symlink():
                notes.append(_note(name, path))
                continue
            why = _why_not(name, path)
            if not why:
                # What is too large is not even read.
                length = path.stat().st_size
                why = (
                    say("files.together", most=f"{limits.files / MB:g}")
                    if size + length > limits.files
                    else ""
                )
                data = b"" if why else path.read_bytes()
        except OSError as problem:
            why = problem.strerror or say("files.unreadable")
        if why:
            left_out.setdefault(why, []).append(name)
        elif len(taken) >= MOST_FILES:
            left_out.setdefault(say("files.most", most=MOST_FILES), []).append(name)
        else:
            taken[name] = data
            size += len(data)
    for why, names in left_out.items():
        notes.append(say("files.left_out", why=why, names=_some(names)))
    return {**taken, **(own or {})}, notes


def _why_not(name: str, path: Path) -> str:
    if path.is_symlink():
        return say("files.link")
    if path.is_dir():
        return say("files.closed_folder")
    if not path.is_file():
        return say("files.no_file")
    if any(not part.isprintable() for part in PurePosixPath(name).parts) or "\\" in name:
        return say("files.odd_name")
    return "" if path.suffix.lower() in WELCOME else say("files.kind", kinds=", ".join(sorted(WELCOME)))


def _some(names: list[str], most: int = 5) -> str:
    shown = [name.encode("utf-8", "replace").decode("utf-8")[:80] for name in names[:most]]
    text = "".join(c if c.isprintable() else "?" for c in ", ".join(shown))
    return say("files.and_more", names=text, number=len(names) - most) if len(names) > most else text


def _note(name: str, path: Path) -> str:
    if name.endswith(LINK_NOTE):
        return say("files.was_a_link", name=_some([name.removesuffix(LINK_NOTE)]))
    if name.endswith(TIME_NOTE):
        return say("files.no_time")
    # The text was written when the work was admitted, but lies among the student's files: it is taken for a name, and no more.
    try:
        with path.open("rb") as file:
            before = file.read(200).decode("utf-8", "replace").splitlines()[:1]
    except OSError:
        before = []
    return say("files.renamed", name=_some(before)) if _some(before) else say("files.renamed_from_unknown")


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below ``folder``, with its path in it, in the order of their names. Links are not followed.

    So is every folder that cannot be read: there may be files in it.
    """
    found: list[tuple[str, Path]] = []
    unread: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=unread.append, followlinks=False):
        depth = len(Path(place).relative_to(folder).parts)
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        folders[:] = [
            name
            for name in sorted(folders)
            if name not in FOLDERS_PASSED_OVER and name not in linked and depth < DEEPEST
        ]
        for name in [*names, *linked]:
            path = Path(place) / name
            if name not in PASSED_OVER:
                found.append((path.relative_to(folder).as_posix(), path))
    for problem in unread:
        if (path := Path(problem.filename)) != folder:
            found.append((path.relative_to(folder).as_posix(), path))
    return iter(sorted(found))
