"""Who is who: the students of the gradebook, and how a learning system names them."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.errors import CourseError

# The columns of a roster file, beside `id`, each of which may be left out.
ROSTER = ("lms_id", "username", "email", "name", "section")
# What nbgrader keeps of a student -> how spreadsheets and learning systems head it, in letters and digits alone. Of
# several that may be the id, the first is it only where it is called so.
HEADS = {
    "id": ("id", "studentid", "userid", "username", "login", "loginid", "netid"),
    "last_name": ("lastname", "surname", "familyname", "last"),
    "first_name": ("firstname", "givenname", "forename", "first"),
    "email": ("email", "emailaddress", "mail"),
    "lms_user_id": ("lmsuserid", "lmsid"),
    "name": ("name", "fullname", "student", "studentname"),
}
# In an export of marks, and in no class list.
OF_MARKS = re.compile(r"pointspossible|sisuserid|sisloginid|currentscore|finalscore|finalgrade|coursetotal")
TOTALS = frozenset(
    ["total", "totals", "sum", "average", "mean", "median", "count", "maximum", "minimum", "pointspossible"]
)
NOT_IN_AN_ID = frozenset("/\\+<>\"'")


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
            # Moodle may write the user name in front of it.
            f"{self.username} {self.full_name or f'{self.first_name} {self.last_name}'}",
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
    header = [_as_in_a_roster(name.strip()) for name in rows[0]] if rows else []
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


def _as_in_a_roster(head: str) -> str:
    plain = letters(head)
    as_known = {"lms_user_id": "lms_id"}
    own = {letters(name): name for name in ("id", *ROSTER)}
    found = next((name for name, heads in HEADS.items() if plain in heads), head.lower())
    return own.get(plain) or as_known.get(found, found)


def read_groups(path: Path) -> dict[str, tuple[str, ...]]:
    """Who hands in together: a CSV file with the columns ``group``, as the learning system writes it, and ``id``.

    Returns
    -------
    The group's name, in letters and digits alone -> the ids of its members.

    Raises
    ------
    CourseError
        If the file cannot be read, or a column is missing.
    """
    header, *rows = read_table(path) or [[]]
    columns = [letters(head) for head in header]
    if not {"group", "id"} <= set(columns):
        raise CourseError(
            f"The groups in {Path(path).name} need the columns “group” and “id”; it has: {', '.join(header) or 'nothing'}."
        )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        if (group := letters(cells.get("group", ""))) and (student := cells.get("id", "")):
            found[group] = (*found.get(group, ()), student)
    return found


@dataclass(frozen=True)
class ClassList:
    """A class list that was read.

    ``students`` is id -> what is said of them, of the columns that are there; ``ignored`` are the heads of those that
    say nothing here; ``names`` tells whether there is a column for names.
    """

    students: Mapping[str, Mapping[str, str]]
    ignored: tuple[str, ...] = ()
    names: bool = True


def read_class_list(path: Path) -> ClassList:
    """A class list as ``nbgrader db student import`` takes it, or as a spreadsheet or a learning system saves it.

    Raises
    ------
    CourseError
        If the file cannot be read, is an export of marks, has no column for the id or several that may be it, or if an
        id is missing, occurs twice, or cannot be the name of a folder.
    """
    path = Path(path)
    header, *rows = read_table(path) or [[]]
    columns, ignored = _columns(path.name, [head.strip() for head in header])
    students: dict[str, dict[str, str]] = {}
    folded: dict[str, str] = {}
    for line, cells in enumerate(rows, start=2):
        row = {name: cells[place].strip() for name, place in columns.items() if place < len(cells)}
        student = row.pop("id", "")
        if problem := _problem_with(student, students, folded):
            raise CourseError(f"Line {line} of the class list {path.name} has {problem}")
        if "name" in row:
            last, _, first = row.pop("name").partition(",")
            row |= {"last_name": last.strip()} | ({"first_name": first.strip()} if first.strip() else {})
        students[student] = {name: text for name, text in row.items() if text}
        folded[student.casefold()] = student
    return ClassList(students, ignored, bool({"last_name", "first_name", "name"} & set(columns)))


def _columns(file: str, header: list[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each thing stands, and the heads of which nothing is understood."""
    plain = [letters(head) for head in header]
    if any(OF_MARKS.search(head) for head in plain):
        raise CourseError(
            f"{file} looks like an export of marks, and not like a class list: make a file with the columns id, "
            "last_name, first_name and email."
        )
    columns = {}
    for name, heads in HEADS.items():
        places = [place for place, head in enumerate(plain) if head in heads]
        if name == "id" and len(places) > 1:
            called = [place for place in places if plain[place] == "id"]
            if len(called) != 1:
                both = " and ".join(f"“{header[place]}”" for place in places[:2])
                raise CourseError(
                    f"The class list {file} has {both}, and either may be the id: call that one “id” under which "
                    "students hand in."
                )
            places = called
        if places:
            columns[name] = places[0]
    if "id" not in columns:
        raise CourseError(
            f"The class list {file} has no column “id”; it has: {', '.join(header) or 'nothing'}."
        )
    if {"last_name", "first_name"} & set(columns):
        columns.pop("name", None)
    used = set(columns.values())
    return columns, tuple(head for place, head in enumerate(header) if place not in used and head)


def _problem_with(student: str, students: Mapping, folded: Mapping[str, str]) -> str:
    """What is wrong with an id, in words that follow "has"; empty if nothing is."""
    if not student:
        return "no id: every student needs one of their own."
    if student in students:
        return f"the id {student} a second time: every student needs one of their own."
    if other := folded.get(student.casefold()):
        return f"the id {student}, and there is {other} above: on many computers that is the same name. Change one."
    if not student.isprintable() or any(unicodedata.category(sign) in ("Cf", "Zs") for sign in student):
        shown = "".join(sign if sign.isprintable() and sign != " " else "·" for sign in student)
        return f"the id “{shown}”, with a blank or a sign that cannot be seen at the “·”: type it anew, without it."
    if odd := sorted(NOT_IN_AN_ID & set(student)):
        return f"the id {student}, with {odd[0]}: an id becomes the name of a folder, so write it without."
    if student in (".", "..") or student.startswith("-"):
        return f"the id {student}, which cannot be the name of a folder: write another."
    if letters(student) in TOTALS:
        return f"“{student}” in the place of an id: is it a line of totals? Delete the line."
    return ""


@dataclass(frozen=True)
class Form:
    """How a file of a table is written: its encoding, what stands between two cells, and in one and a half."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."


def read_table(path: Path) -> list[list[str]]:
    """The rows of a CSV file as spreadsheets and people write it, without empty rows, and blanks before a cell."""
    return read_table_and_form(path, blanks=False)[0]


def read_table_and_form(path: Path, *, blanks: bool = True) -> tuple[list[list[str]], Form]:
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
        first, _, rest = text.lstrip().partition("\n")
        if said := re.fullmatch(r"sep=(.)\s*", first):  # Excel's own line
            text = rest
        # Outside of quotation marks: a name may hold a comma.
        bare = re.sub(r'"[^"]*"', "", first)
        delimiter = said[1] if said else max(",;\t", key=bare.count)
        # What people write, with a blank before a quotation mark; what a system wrote is kept as it is.
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=not blanks)
        )
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
