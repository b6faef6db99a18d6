"""Who is who: the students of the gradebook, and how a learning system names them."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.errors import CourseError

# The columns of a roster file, beside `id`, each of which may be left out.
ROSTER = ("lms_id", "username", "email", "name", "section")


@dataclass(frozen=True)
class Person:
    """One student. ``id`` is the name on the hub; the others are empty where they are not known.

    ``lms_id`` is the number by which the learning system knows the student, ``username`` their name there,
    ``full_name`` how it writes their name, where that differs from first and last name.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    username: str = ""
    full_name: str = ""
    section: str = ""

    @property
    def first_last(self) -> str:
        return self.full_name or f"{self.first_name} {self.last_name}".strip()

    @property
    def last_first(self) -> str:
        if self.last_name and self.first_name:
            return f"{self.last_name}, {self.first_name}"
        return self.last_name or self.first_name or self.full_name or self.id

    @property
    def name_keys(self) -> set[str]:
        """Every way to write the name, without spaces, accents, case and signs."""
        written = (
            self.full_name,
            f"{self.first_name} {self.last_name}",
            f"{self.last_name} {self.first_name}",
        )
        return {key for text in written if (key := letters(text))}


def letters(text: str) -> str:
    """The letters and digits of a name, in lower case and without accents: what every system leaves of it."""
    plain = unicodedata.normalize("NFKD", text)
    kept = (sign for sign in plain if sign.isalnum() and not unicodedata.combining(sign))
    return "".join(kept).casefold()


def people(gradebook, roster: Path | None = None) -> list[Person]:
    """Everybody in the gradebook, by last name, with what a roster file adds.

    A roster is a CSV file with the column ``id``, which is that of the gradebook, and any of ``lms_id``, ``username``,
    ``email``, ``name`` and ``section``.

    Raises
    ------
    CourseError
        If the roster cannot be read, or names somebody who is not in the gradebook.
    """
    found = {
        student.id: Person(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
            student.id,
        )
        for student in gradebook.students
    }
    for student, details in (read_roster(roster) if roster else {}).items():
        if student not in found:
            raise CourseError(
                f"The roster {Path(roster).name} has {student}, who is not on the class list: check the name, "
                f"or add it with nbgrader db student add {student}."
            )
        found[student] = replace(found[student], **details)
    return sorted(found.values(), key=lambda person: (letters(person.last_first), person.id))


def read_roster(path: Path) -> dict[str, dict[str, str]]:
    """Student -> what the roster says of them; empty cells say nothing."""
    rows = read_table(path)
    header = [name.strip().lower() for name in rows[0]] if rows else []
    if "id" not in header or not set(header) & set(ROSTER):
        raise CourseError(
            f"The roster {Path(path).name} needs the column “id” and one of {', '.join(ROSTER)}; "
            f"it has: {', '.join(header) or 'nothing'}."
        )
    found = {}
    for row in rows[1:]:
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        if not (student := cells.pop("id", "")):
            continue
        found[student] = {
            "full_name" if name == "name" else name: cell
            for name, cell in cells.items()
            if name in ROSTER and cell
        }
    return found


@dataclass(frozen=True)
class Form:
    """How a file of a table is written: its encoding and what stands between two cells."""

    encoding: str = "utf-8"
    delimiter: str = ","


def read_table(path: Path) -> list[list[str]]:
    """The rows of a CSV file as spreadsheets and learning systems write it, without empty rows."""
    return read_table_and_form(path)[0]


def read_table_and_form(path: Path) -> tuple[list[list[str]], Form]:
    """The rows, and how they were written: UTF-8 with or without a mark, or UTF-16; commas, semicolons or tabs."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise CourseError(f"The file {path} cannot be read: {problem.strerror or problem}.") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
        first = text.lstrip().split("\n", 1)[0]
        # Outside of quotation marks: a name may hold a comma.
        bare = re.sub(r'"[^"]*"', "", first)
        delimiter = max(",;\t", key=bare.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeError, csv.Error):
        raise CourseError(
            f"The file {path.name} is not a CSV file in UTF-8 or UTF-16: save it again as “CSV UTF-8”."
        ) from None
    return [row for row in rows if any(cell.strip() for cell in row)], Form(encoding, delimiter)


def and_others(names: Iterable[str], shown: int = 5) -> str:
    """The first few names, and how many more there are."""
    names = list(names)
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")
