"""Grades as each learning system takes them: ``course export``, and exporters for ``nbgrader export --exporter=``.

An export is refused while anything is open, so that "could not be graded" never turns into a zero. Work that was not
handed in is an empty cell.
"""

import csv
import functools
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Unicode

from course_utils.errors import CourseError
from course_utils.grading.gradebook import lateness
from course_utils.grading.gradebook.lateness import timestamp_text
from course_utils.grading.per_student import isolated, printable
from course_utils.grading.privacy import opener
from course_utils.grading.submissions.class_list import (
    Form,
    Person,
    and_others,
    letters,
    people,
    read_table_and_form,
)
from course_utils.grading.submissions.reading import students_of
from course_utils.kit import write_whole

# A spreadsheet takes a cell for a formula that begins with one of these, also behind blanks, and also the wide ones.
FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
# What an export may overwrite: an earlier export, and not a gradebook.
TABLES = {".csv", ".txt", ".tsv", ".xls"}


@dataclass(frozen=True)
class OpenQuestion:
    """Something of a student's work that a person has to look at. ``question`` is empty where it is all of the work."""

    student: str
    assignment: str
    question: str
    why: str

    def __str__(self) -> str:
        where = f", {self.question}" if self.question else ""
        return f"{self.student}{where}: {self.why}"


@dataclass(frozen=True)
class Mark:
    """What one student has for one assignment. ``points`` is None where there is nothing to send."""

    points: float | None
    raw: float | None = None
    penalty: float = 0
    handed_in: str = ""


@dataclass(frozen=True)
class Exported:
    """An export that was written: where, for how many students, and what its reader should know."""

    path: Path
    students: int
    notes: tuple[str, ...]


def open_questions(gradebook: Gradebook, coursedir, assignment: str) -> list[OpenQuestion]:
    """What of an assignment is not settled, by student.

    Open is a question without a mark or with a flag, and work that was collected but not graded since.
    Without a ``coursedir`` (nbgrader's CourseDirectory) only the gradebook is looked at.
    """
    found = []
    graded = {submission.student_id for submission in gradebook.assignment_submissions(assignment)}
    waiting = _waiting(coursedir, assignment, graded) if coursedir else {}
    roster = {student.id for student in gradebook.students}
    for submission in sorted(
        gradebook.assignment_submissions(assignment), key=lambda found: found.student_id
    ):
        student = submission.student_id
        if student in waiting:
            continue
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        if grades and all(grade.auto_score is None and grade.manual_score is None for grade in grades):
            found.append(OpenQuestion(student, assignment, "", "nothing of it has been graded"))
            continue
        for grade in sorted(grades, key=lambda grade: grade.name):
            if why := _why_open(grade):
                found.append(OpenQuestion(student, assignment, grade.name, why))
    for student, why in waiting.items():
        if student not in roster:
            why = "handed in, but is not on the class list"
        found.append(OpenQuestion(student, assignment, "", why))
    return sorted(found, key=lambda question: (question.student, question.question))


def _why_open(grade) -> str:
    if grade.auto_score is None and grade.manual_score is None:
        return "has no mark yet"
    if grade.needs_manual_grade:
        return "is to be looked at"
    if not math.isfinite(grade.score):
        return "its mark is not a number"
    return ""


def _waiting(coursedir, assignment: str, graded: set[str]) -> dict[str, str]:
    """Student -> why what was collected of them does not stand in the gradebook."""
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    waiting = {}
    for student in students_of(coursedir, assignment):
        folder = pattern.parent.parent / student / assignment
        tell = functools.partial(waiting.__setitem__, printable(student))
        with isolated(student, "cannot be looked at", tell, coursedir):
            done = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
            if student not in graded:
                tell("was handed in and not graded yet")
            elif not any(done.glob("*.ipynb")):
                # nbgrader takes the graded copy away when it cannot grade, and keeps the points of an earlier one.
                tell("was handed in and could not be graded")
            elif timestamp_text(folder) != timestamp_text(done):
                tell("was handed in again after it was graded")
    return waiting


def _settled(gradebook: Gradebook, coursedir, assignments: list) -> list[str]:
    """Work out what late work costs by late.toml as it is now, and say for whom that is something else than before.

    Points were given by hand since, more time was given, or grading was stopped before it came to this. Where late.toml
    takes nothing off, what stands in the gradebook stays.
    """
    policy = lateness.read_policy(coursedir.root) if coursedir else lateness.Policy()
    if not policy.costs:
        return []
    found = [
        f"{student} loses {lateness.in_points(after)} of {name}, and lost {before:g} before"
        for name in [assignment.name for assignment in assignments]
        for student, before, after in lateness.record(gradebook, name, policy)
    ]
    return [f"Worked out anew, because it was late: {'; '.join(found)}."] if found else []


def as_cell(value: object, decimal: str = ".") -> str:
    """What is written for a value: numbers as numbers, and text that no spreadsheet takes for a formula.

    An apostrophe goes before what might be one, as spreadsheets have it; :func:`from_cell` takes it away again.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", decimal)
    return f"'{value}" if FORMULA.match(str(value)) else str(value)


def from_cell(text: str) -> str:
    """The text that :func:`as_cell` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def as_csv(rows: Iterable[Iterable[object]], form: Form, *, quote_all: bool = False) -> str:
    """The text of a CSV file (RFC 4180: quotes doubled, lines end with CR LF), without a byte order mark."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=form.delimiter, quoting=quoting)
    writer.writerows([as_cell(value, form.decimal) for value in row] for row in rows)
    return text.getvalue()


class SystemExport(ExportPlugin):
    """What all exporters share. A subclass knows its columns.

    ``template`` is a real export of the system: its columns and ids of the students are kept, together with the one
    column of each assignment, under the header that it has there.
    """

    anyway = Bool(False, help="Export though something is open; that is left empty").tag(config=True)
    missing_as_zero = Bool(False, help="Work that was not handed in has 0 points").tag(config=True)
    template = Unicode("", help="A file exported by the learning system").tag(config=True)
    roster = Unicode("", help="A CSV file: how the learning system names the students").tag(config=True)
    column = Unicode(
        "", help="The header of the assignment's column in the template, if it is not its name"
    ).tag(config=True)

    semicolons = Bool(
        False, help="For a spreadsheet that writes 1,5: semicolons between cells, and decimal commas"
    ).tag(config=True)

    name = ""
    title = ""
    form = Form()
    quote_all = False
    # Headers of a real export that say who a row is about, and what they hold.
    identity: dict[str, str] = {}
    # Headers that are kept besides.
    kept: tuple[str, ...] = ()
    # What stands around the assignment's name in the header of its column.
    around = re.compile(r"$^")
    advice = ""

    def export(self, gradebook: Gradebook) -> None:
        """For ``nbgrader export``: what goes wrong is a line of its log, and an exit code that is not 0."""
        try:
            written = self.write(gradebook, getattr(self.parent, "coursedir", None))
        except CourseError as problem:
            self.log.error(str(problem).replace("--anyway", f"--{type(self).__name__}.anyway=True"))
            raise SystemExit(2) from None
        for note in written.notes:
            self.log.warning(note)
        self.log.info("%s students in %s", written.students, written.path)

    def write(self, gradebook: Gradebook, coursedir=None) -> Exported:
        """Write the grades of ``self.assignment`` (all that have been handed in without it) to ``self.to``.

        Raises
        ------
        CourseError
            If something is open, a name is unknown, or the template does not fit.
        """
        assignments = self._assignments(gradebook)
        path = self._target(assignments)
        students = self._students(gradebook)
        chosen = {person.id for person in students}
        asked = [
            question
            for assignment in assignments
            for question in open_questions(gradebook, coursedir, assignment.name)
            if not self.student or question.student in chosen
        ]
        if asked and not self.anyway:
            raise CourseError(
                f"Not exported, because {len(asked)} {'thing is' if len(asked) == 1 else 'things are'} open: "
                f"{_listed(asked)}. "
                "Settle that, or say --anyway to leave it empty."
            )
        notes = [f"Left empty, because it is open: {_listed(asked)}."] if asked else []
        notes += _settled(gradebook, coursedir, assignments)
        waiting = {(question.student, question.assignment) for question in asked}
        marks = {
            (person.id, assignment.name): self._mark(gradebook, person, assignment, waiting)
            for person in students
            for assignment in assignments
        }
        form, count = self.form, len(students)
        if self.template:
            rows, form, count, more = self._on_template(students, assignments, marks)
            notes += more
        else:
            rows = self.table(students, assignments, marks)
        rows = self.finished(rows)
        notes += [self.advice] if self.advice else []
        text = as_csv(rows, form, quote_all=self.quote_all)
        write_whole(path, text, form.encoding, opener(coursedir.groupshared))
        return Exported(path, count, tuple(notes))

    def table(self, students: list[Person], assignments: list, marks: dict) -> list[list]:
        """Header and rows for a system of which there is no export to go by."""
        raise NotImplementedError

    def finished(self, rows: list[list]) -> list[list]:
        """The last word on all rows, with a template and without."""
        return rows

    def _assignments(self, gradebook: Gradebook) -> list:
        names = [str(name) for name in self.assignment]
        known = {assignment.name: assignment for assignment in gradebook.assignments}
        for name in names:
            if name not in known:
                raise CourseError(
                    f"The gradebook knows no assignment {name}. "
                    f"It has: {', '.join(sorted(known)) or 'none yet'}."
                )
        return [known[name] for name in names] if names else list(known.values())

    def _students(self, gradebook: Gradebook) -> list[Person]:
        everybody = people(gradebook, Path(self.roster) if self.roster else None)
        if not everybody:
            raise CourseError(
                "Nobody is on the class list: nbgrader db student import CLASS.csv enters a class."
            )
        asked = [str(student) for student in self.student]
        if unknown := sorted(set(asked) - {person.id for person in everybody}):
            raise CourseError(f"Not on the class list: {and_others(unknown)}.")
        return [person for person in everybody if not asked or person.id in asked]

    def _target(self, assignments: list) -> Path:
        which = f"_{assignments[0].name}" if len(assignments) == 1 else ""
        path = Path(self.to or f"grades{which}_{self.name}.csv")
        if path.is_dir():
            raise CourseError(f"{path} is a folder: name a file, such as {path / 'grades.csv'}.")
        given = [Path(text).resolve() for text in (self.template, self.roster) if text]
        if path.exists() and (path.suffix.lower() not in TABLES or path.resolve() in given):
            raise CourseError(f"{path} is there already and is no earlier export: choose another name.")
        return path

    def _mark(self, gradebook: Gradebook, person: Person, assignment, waiting: set) -> Mark:
        try:
            submission = gradebook.find_submission(assignment.name, person.id)
        except MissingEntry:
            is_open = (person.id, assignment.name) in waiting
            return Mark(0.0 if self.missing_as_zero and not is_open else None)
        handed_in = submission.timestamp.isoformat(" ", "seconds") if submission.timestamp else ""
        if (person.id, assignment.name) in waiting:
            return Mark(None, handed_in=handed_in)
        raw, penalty = submission.score, submission.late_submission_penalty or 0
        return Mark(max(0.0, raw - penalty), raw, penalty, handed_in)

    def _on_template(self, students, assignments, marks) -> tuple[list[list], Form, int, list[str]]:
        rows, form = read_table_and_form(Path(self.template))
        name = Path(self.template).name
        header = [cell.strip() for cell in rows[0]] if rows else []
        who = {place: self.identity[text] for place, text in enumerate(header) if text in self.identity}
        if not who:
            raise CourseError(
                f"{name} is not an export of {self.title}: its first line has none of the columns "
                f"{', '.join(self.identity)}."
            )
        kept = [place for place, text in enumerate(header) if text in self.identity or text in self.kept]
        columns = {
            self._column_of(assignment.name, header, kept, name): assignment for assignment in assignments
        }
        places = sorted({*kept, *columns})
        index = _Index(students, who)
        table, seen, strangers = [[header[place] for place in places]], set(), []
        for row in rows[1:]:
            row = row + [""] * (len(header) - len(row))
            if self.is_about_nobody(row):
                table.append([row[place] for place in places])
                continue
            person = index.find(row)
            if person is None or person.id in seen:
                strangers.append(next((row[place].strip() for place in who if row[place].strip()), "a row"))
                continue
            seen.add(person.id)
            table.append(
                [
                    marks[person.id, columns[place].name].points if place in columns else row[place]
                    for place in places
                ]
            )
        notes = []
        if strangers:
            notes.append(f"Left out, because the class list does not know them: {and_others(strangers)}.")
        if lost := [person.id for person in students if person.id not in seen]:
            notes.append(f"Not in {name}, and so not exported: {and_others(lost)}.")
        for place, assignment in columns.items():
            most = self.most_points(header[place], [row[place] for row in rows[1:] if len(row) > place])
            if most is not None and most != assignment.max_score:
                notes.append(
                    f"{self.title} has {most:g} points for {assignment.name}, and the gradebook "
                    f"{assignment.max_score:g}: the points are sent as they are."
                )
        if not seen:
            raise CourseError(
                f"Nobody in {name} is on the class list: give a --roster with the names they have there."
            )
        return table, form, len(seen), notes

    def _column_of(self, assignment: str, header: list[str], kept: list[int], name: str) -> int:
        wanted = (
            {letters(self.column)}
            if self.column
            else {letters(assignment), letters(assignment.lstrip("0123456789"))}
        )
        rest = [place for place in range(len(header)) if place not in kept]
        found = [
            place
            for place in rest
            if {letters(header[place]), letters(self.around.sub("", header[place]))} & wanted
        ]
        if len(found) == 1:
            return found[0]
        there = "no column" if not found else "more than one column"
        raise CourseError(
            f"{name} has {there} for {self.column or assignment}: name it with --column. "
            f"There are: {'; '.join(header[place] for place in rest) or 'none'}."
        )

    def is_about_nobody(self, row: list[str]) -> bool:
        """Whether a row of a template belongs to the header."""
        return False

    def most_points(self, header: str, column: list[str]) -> float | None:
        """How many points the learning system gives at most, where its export says so."""
        found = re.search(r"(?:MaxPoints:|Total Pts: )\s*([\d.]+)", header)
        return float(found[1]) if found else None


class _Index:
    """Finds the person whom a row of a template is about; None where that is not certain."""

    def __init__(self, students: list[Person], who: dict[int, str]):
        self.who = who
        self.known: dict[tuple[str, str], set[Person]] = {}
        for person in students:
            for key in _keys(person):
                self.known.setdefault(key, set()).add(person)

    def find(self, row: list[str]) -> Person | None:
        cells = {kind: row[place].strip().lstrip("#") for place, kind in self.who.items()}
        for kind in ("lms_id", "username", "email"):
            text = cells.get(kind, "").casefold()
            found = text and self.known.get((kind, text))
            if found:
                return next(iter(found)) if len(found) == 1 else None
        name = cells.get("name") or f"{cells.get('first_name', '')} {cells.get('last_name', '')}"
        found = self.known.get(("name", letters(name)), set())
        return next(iter(found)) if len(found) == 1 else None


def _keys(person: Person) -> set[tuple[str, str]]:
    # Systems disagree on what they call a number, an id, and a user name: each of them may stand for the other.
    ids = {person.id, person.lms_id, person.username} - {""}
    keys = {(kind, text.casefold()) for kind in ("lms_id", "username") for text in ids}
    if person.email:
        keys |= {("email", person.email.casefold()), ("username", person.email.casefold())}
    return keys | {("name", key) for key in person.name_keys}


class Canvas(SystemExport):
    """For Canvas: Grades, Import.

    The first columns are Student, ID, SIS User ID, SIS Login ID, Section; then one for each assignment, "Name (id)";
    the second line has the points possible. Source: Canvas' own importer and exporter, lib/gradebook_importer.rb and
    lib/gradebook_exporter.rb of instructure/canvas-lms. It looks a student up by ID, then by SIS User ID, SIS Login
    ID, and name. A column without an id goes to the assignment of exactly that name, and makes a new one where there
    is none: with a template, which has the ids, nothing is left to that. Numbers that a student already has in
    Canvas are changed by an empty cell, too.
    """

    name = "canvas"
    title = "Canvas"
    identity = {
        "Student": "name",
        "LastName": "last_name",
        "FirstName": "first_name",
        "ID": "lms_id",
        "SIS User ID": "lms_id",
        "SIS Login ID": "username",
    }
    kept = ("Integration ID", "Root Account", "Section")
    around = re.compile(r"\s*\(\d+\)\s*$")

    def table(self, students, assignments, marks):
        header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
        rows = [
            header + [assignment.name for assignment in assignments],
            ["    Points Possible", "", "", "", ""] + [assignment.max_score for assignment in assignments],
        ]
        for person in students:
            points = [marks[person.id, assignment.name].points for assignment in assignments]
            number = person.lms_id if person.lms_id.isdecimal() else ""
            sis = "" if number else person.lms_id
            rows.append([person.last_first, number, sis, person.username, person.section, *points])
        return rows

    def is_about_nobody(self, row):
        said = [cell.strip() for cell in row if cell.strip()]
        return "Points Possible" in row[0] or all(
            cell.startswith(("Manual Posting", "Muted")) for cell in said
        )

    def most_points(self, header, column):
        for text in column:
            if re.fullmatch(r"\s*\d+([.,]\d+)?\s*", text):
                return float(text.replace(",", "."))
            if text.strip() and not text.strip().startswith(("Manual", "Muted")):
                return None
        return None


class Moodle(SystemExport):
    """For Moodle: Grades, Import, CSV file; there, map "Email address" to email, or "Username" to username.

    Any header will do, as each column is mapped by hand. Sources: docs.moodle.org, Grade_import, and
    grade/import/csv/classes/load_data.php of moodle/moodle. Four of its habits are minded here. One unknown student
    stops the whole import. A row whose mapped cell is empty changes the student of the row *above*: so a column that
    tells students apart is only written where everybody has something in it. Feedback imported without grades wipes
    the grades: so no feedback is written. And an empty grade takes away a grade that is there.
    """

    name = "moodle"
    title = "Moodle"
    identity = {
        "First name": "first_name",
        "Last name": "last_name",
        "Username": "username",
        "ID number": "lms_id",
        "Email address": "email",
    }
    around = re.compile(r"^[^:]{1,40}:\s*|\s*\((?:Real|Points|Percentage|Letter)\)\s*$")
    advice = (
        "In Moodle, map one column that tells students apart (“Email address” to email, or “Username” to username), "
        "and map the assignment's column to its grade; leave the others unmapped."
    )

    def table(self, students, assignments, marks):
        header = ["First name", "Last name", "Username", "ID number", "Email address"]
        rows = [header + [assignment.name for assignment in assignments]]
        for person in students:
            points = [marks[person.id, assignment.name].points for assignment in assignments]
            who = [person.first_name, person.last_name, person.username, person.lms_id, person.email]
            rows.append(who + points)
        return rows

    def finished(self, rows):
        telling = [
            place for place, text in enumerate(rows[0]) if text in ("Username", "ID number", "Email address")
        ]
        gaps = [place for place in telling if not _tells_apart(rows[1:], place)]
        if telling and gaps == telling:
            raise CourseError(
                "Moodle needs the e-mail address, user name or ID number of every student, and none of these is there "
                "for all, and another for each: add what is missing, or leave those students out of the file given with "
                "--template."
            )
        return [[cell for place, cell in enumerate(row) if place not in gaps] for row in rows]


def _tells_apart(rows: list[list], place: int) -> bool:
    """Has every row something in this column, and no two the same?"""
    said = [str(row[place]).strip().casefold() for row in rows]
    return all(said) and len(set(said)) == len(said)


class Blackboard(SystemExport):
    """For Blackboard Learn: Gradebook (Grade Center), Upload.

    Students are told apart by Username, columns by the number behind the bar, as in
    ``Quiz 3 [Total Pts: 10] |664617``; every cell stands in quotation marks. Sources: Blackboard's help, "Working
    offline with grade data" and "Uploading External Grade Center Items" (library.blackboard.com), and a real column
    name in nbeaver/offline-grades-upload. A column without a number becomes a new one that holds text and counts 0
    points: use a template. A template may be UTF-16 with tabs, as Blackboard downloads it, and stays so.
    """

    name = "blackboard"
    title = "Blackboard"
    quote_all = True
    identity = {
        "Last Name": "last_name",
        "First Name": "first_name",
        "Username": "username",
        "Student ID": "lms_id",
    }
    around = re.compile(r"\s*(?:\[[^\]]*\])?\s*\|\s*\w+\s*$|\s*\[[^\]]*\]\s*$")

    @property
    def advice(self):
        if self.template:
            return ""
        return (
            "Blackboard makes a new column of text from this file: download its gradebook and give it with --template "
            "to fill the column that is there."
        )

    def table(self, students, assignments, marks):
        rows = [["Last Name", "First Name", "Username"] + [assignment.name for assignment in assignments]]
        for person in students:
            points = [marks[person.id, assignment.name].points for assignment in assignments]
            rows.append([person.last_name, person.first_name, person.username, *points])
        return rows


class Brightspace(SystemExport):
    """For Brightspace (D2L): Grades, Enter Grades, Import.

    OrgDefinedId or Username or both come first, grade items are called "Name Points Grade", and the last column, "End-of-Line
    Indicator", has a "#" in every row. Names and e-mail addresses must not be imported. Source: D2L's help, "Import
    grades" (community.d2l.com/brightspace/kb/articles/3538-importing-grades), and universities' copies of it. That a
    header may go on with ``<Numeric MaxPoints:20>``, as exports write it, and the indicator's "#", are known from
    exports, not from that page. Exported ids begin with a "#"; with a template they stay as they are.
    """

    name = "brightspace"
    title = "Brightspace"
    identity = {"OrgDefinedId": "lms_id", "OrgDefinedID": "lms_id", "Username": "username"}
    kept = ("End-of-Line Indicator",)
    around = re.compile(r"\s*Points Grade(?:\s*<[^>]*>)?\s*$")

    def table(self, students, assignments, marks):
        everybody_has_id = all(person.lms_id for person in students)
        header = [*(["OrgDefinedId"] if everybody_has_id else []), "Username"]
        items = [
            f"{assignment.name} Points Grade <Numeric MaxPoints:{as_cell(assignment.max_score)}>"
            for assignment in assignments
        ]
        rows = [[*header, *items, "End-of-Line Indicator"]]
        for person in students:
            points = [marks[person.id, assignment.name].points for assignment in assignments]
            who = [*([person.lms_id] if everybody_has_id else []), person.username]
            rows.append([*who, *points, "#"])
        return rows


class Csv(SystemExport):
    """For a spreadsheet: one row for each student and assignment, with what was taken off for being late.

    UTF-8 with a byte order mark, without which Excel does not read it as UTF-8. Times are UTC.
    """

    name = "csv"
    title = "this kit"

    @property
    def form(self) -> Form:
        return Form("utf-8-sig", ";", ",") if self.semicolons else Form("utf-8-sig")

    def table(self, students, assignments, marks):
        rows = [
            [
                "assignment",
                "due_utc",
                "handed_in_utc",
                "student_id",
                "last_name",
                "first_name",
                "email",
                "raw_score",
                "late_penalty",
                "score",
                "max_score",
            ]
        ]
        for assignment in assignments:
            due = assignment.duedate.isoformat(" ", "seconds") if assignment.duedate else ""
            for person in students:
                mark = marks[person.id, assignment.name]
                who = [person.id, person.last_name, person.first_name, person.email]
                penalty = mark.penalty if mark.raw is not None else None
                score = [mark.raw, penalty, mark.points, assignment.max_score]
                rows.append([assignment.name, due, mark.handed_in, *who, *score])
        return rows

    def _on_template(self, students, assignments, marks):
        raise CourseError(
            "A template goes with a learning system: say --to canvas, moodle, blackboard or brightspace."
        )


OPTIONS = ("anyway", "missing_as_zero", "template", "roster", "column", "semicolons")
SYSTEMS = {system.name: system for system in (Canvas, Moodle, Blackboard, Brightspace, Csv)}


def _listed(asked: list[OpenQuestion], shown: int = 20) -> str:
    more = len(asked) - shown
    return "; ".join(map(str, asked[:shown])) + (f"; and {more} more" if more > 0 else "")
