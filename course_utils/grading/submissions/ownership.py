"""Whose a hand-in in the exchange is: anybody may make a folder in any name, and only the file system knows who did.

What somebody made in another's name is set aside: it stays where it is, and a note beside the collected work tells of
it until work is collected again and it is gone.
"""

import fnmatch
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from course_utils.grading.privacy import make_folder, opener
from course_utils.kit import write_whole

NO_USER = "is no user of this computer"

try:
    import pwd
except ImportError:  # Windows, where nbgrader has no exchange
    pwd = None


def what_is_not_theirs(folder: Path, student: str) -> str:
    """Why a hand-in does not count as the student's, with who made what of it; nothing if all of it is theirs.

    What belongs to whoever collects is theirs to vouch for, such as work that came by mail and was handed in for
    somebody. But a student may give any file a second name within a hand-in: that does not make it theirs.
    """
    own, me = _number(student), os.geteuid()
    owner = folder.lstat().st_uid
    if owner not in (own, me):
        made = f"it was made by {name_of(owner)}"
        return made if own is not None else f"{made}, and {student} {NO_USER}"
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            facts = os.lstat(os.path.join(place, name))
            vouched_for = facts.st_uid == me and (
                owner == me or stat.S_ISDIR(facts.st_mode) or facts.st_nlink == 1
            )
            if facts.st_uid != own and not vouched_for:
                shown = os.path.relpath(os.path.join(place, name), folder)
                return f"{_shown(shown)} in it belongs to {name_of(facts.st_uid)}"
    return ""


def read_notes(coursedir, assignment: str) -> list[tuple[str, str]]:
    """What was set aside when an assignment was last collected: student and sentence, in the order of the students."""
    try:
        found = json.loads(_note(coursedir, assignment).read_text(encoding="utf-8"))
        return [(student, str(sentence)) for student in sorted(found) for sentence in found[student]]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def write_notes(coursedir, assignment: str, found: Mapping[str, list[str]], students: str = "*") -> None:
    """Note what was set aside, in place of what was noted before of the students for whom this pattern stands."""
    path = _note(coursedir, assignment)
    kept: dict[str, list[str]] = {}
    for student, sentence in read_notes(coursedir, assignment):
        if not fnmatch.fnmatchcase(student, students):
            kept.setdefault(student, []).append(sentence)
    if notes := {**kept, **found}:
        text = json.dumps(notes, ensure_ascii=True, indent=1, sort_keys=True)
        make_folder(path.parent, coursedir.groupshared)
        write_whole(path, text, opener=opener(coursedir.groupshared))
    else:
        path.unlink(missing_ok=True)


def _note(coursedir, assignment: str) -> Path:
    work = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    return work.parent.parent / f".{assignment}.set_aside.json"


def _number(student: str) -> int | None:
    try:
        return pwd.getpwnam(student).pw_uid
    except (KeyError, ValueError):
        return None


def name_of(number: int) -> str:
    """The name of a user of this computer, or, without one, the number."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _shown(text: str) -> str:
    """A name that a student chose, as it may be shown to others."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
