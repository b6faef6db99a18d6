"""Late work: when it was due for whom, how late it is, and what that costs. All of it is read from one file, late.toml.

Times are kept as nbgrader keeps them: in UTC, without a zone.
"""

import difflib
import math
import os
import re
import stat
import textwrap
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil import parser as dates
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import parse_utc

from course_utils.errors import CourseError
from course_utils.grading.time_zones import POLICY, zone_of

HOUR = timedelta(hours=1)
YEARS = (1970, 2200)  # of which a time of handing in may be


@dataclass(frozen=True)
class Extension:
    """More time for one student. ``assignment`` is None for all of them; either ``until`` (UTC) or ``hours`` is given."""

    student: str
    assignment: str | None
    until: datetime | None
    hours: float


@dataclass(frozen=True)
class Policy:
    """What late.toml says; without the file, late work costs nothing.

    ``amount`` is taken off for each ``per`` begun, "day" or "hour"; it is in percent of the points earned where
    ``percent`` is true, and else in points. ``at_most`` is in the same unit; ``closed_after`` in hours.
    """

    zone: ZoneInfo | None = None
    grace: timedelta = timedelta(0)
    amount: float = 0
    percent: bool = True
    per: str = "day"
    at_most: float | None = None
    closed_after: timedelta | None = None
    extensions: tuple[Extension, ...] = ()

    def due(self, due: datetime | None, assignment: str, student: str) -> datetime | None:
        """When the work is due for one student: the latest of the due date and what extensions give. None: never."""
        if due is None:
            return None
        ends = [due]
        for extension in self.extensions:
            if extension.student == student and extension.assignment in (None, assignment):
                ends.append(extension.until or due + extension.hours * HOUR)
        return max(ends)

    def periods(self, handed_in: datetime, due: datetime) -> int:
        """How many days or hours were begun after the due date; 0 within the time of grace.

        A day is a day on the clock of ``zone``, also where the clock was put forward or back in it, and 24 hours
        without one.
        """
        if handed_in <= due + self.grace:
            return 0
        if self.per == "hour":
            return math.ceil((handed_in - due) / HOUR)
        if self.zone is None:
            return math.ceil((handed_in - due) / (24 * HOUR))
        days = math.ceil((handed_in - due) / (24 * HOUR))
        # The clock moves by a few hours at most: the true number is one of three.
        for begun in (max(1, days - 1), days):
            if handed_in <= days_later(due, begun, self.zone):
                return begun
        return days + 1

    def penalty(self, score: float, handed_in: datetime, due: datetime | None, share: float = 1) -> float:
        """The points taken off, between 0 and ``score``. ``share`` is the part of the assignment that ``score`` is of."""
        if due is None or score <= 0 or (begun := self.periods(handed_in, due)) == 0:
            return 0
        if self.closed_after is not None and handed_in > due + max(self.closed_after, self.grace):
            return score
        amount = begun * self.amount
        if self.at_most is not None:
            amount = min(amount, self.at_most)
        points = score * amount / 100 if self.percent else amount * share
        return min(score, max(0.0, points))

    @property
    def costs(self) -> bool:
        """Does late work cost anything?"""
        return bool(self.amount) or self.closed_after is not None

    def extends(self, assignment: str, student: str) -> bool:
        """Whether an extension is for this student and this assignment."""
        return any(
            extension.student == student and extension.assignment in (None, assignment)
            for extension in self.extensions
        )

    def in_words(self) -> str:
        """One sentence."""
        if not self.costs:
            return "Late work costs nothing (assignments/late.toml says what could be otherwise)."
        said = []
        if self.amount:
            amount = (
                f"{self.amount:g} percent of the points earned" if self.percent else in_points(self.amount)
            )
            most = ""
            if self.at_most is not None:
                most = f", at most {f'{self.at_most:g} percent' if self.percent else in_points(self.at_most)}"
            said.append(f"{amount} for each {self.per} begun{most}")
        if self.closed_after is not None:
            said.append(f"everything after {self.closed_after / HOUR:g} hours")
        grace = f", after {self.grace / timedelta(minutes=1):g} minutes of grace" if self.grace else ""
        return f"Late work costs {' and '.join(said)}{grace}."


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in, and how late it is.

    Times are in UTC; ``handed_in`` is None where that is unknown, or where nothing ``is_there``. ``by`` is how late it
    is and ``periods`` how many days or hours were begun, both 0 where it is not late. ``penalty`` is in points where it
    has marks, as is ``recorded``, what was taken off so far; else ``no_marks`` says why there are none. ``extended``
    is true of students with an extension.
    """

    student: str
    is_there: bool
    handed_in: datetime | None
    due: datetime | None
    by: timedelta
    periods: int
    penalty: float | None
    recorded: float | None
    no_marks: str
    extended: bool

    @property
    def is_unknown(self) -> bool:
        """Is it not known when it was handed in?"""
        return self.is_there and self.handed_in is None


def read_policy(folder: Path) -> Policy:
    """What ``late.toml`` in the folder says.

    Raises
    ------
    CourseError
        If the file cannot be read or says what has no meaning; with the line.
    """
    path = Path(folder) / POLICY
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Policy()
    except (OSError, UnicodeDecodeError) as problem:
        raise CourseError(f"{POLICY} cannot be read: {problem}.") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        # It says where: "... (at line 3, column 5)".
        raise CourseError(f"{POLICY} is not written as TOML asks: {problem}.") from None
    return _Reading(text).policy(tables)


class _Reading:
    """Reads the tables of late.toml, and knows in which line what was said."""

    def __init__(self, text: str):
        self.lines = text.splitlines()

    def policy(self, tables: dict) -> Policy:
        self._only(tables, {"timezone", "penalty", "extension"}, "")
        zone = self._zone(tables.get("timezone"))
        rules = tables.get("penalty", {})
        if not isinstance(rules, dict):
            self._wrong("penalty", "is a table: write [penalty], and what belongs to it below")
        self._only(
            rules,
            {"grace_minutes", "percent", "points", "per", "at_most", "closed_after_hours"},
            "penalty",
        )
        if "percent" in rules and "points" in rules:
            self._wrong("points", "stands beside percent: say one of both")
        per = rules.get("per", "day")
        if per not in ("day", "hour"):
            self._wrong("per", 'is "day" or "hour"')
        number = {name: self._number(rules, name) for name in rules if name != "per"}
        closed = number.get("closed_after_hours")
        given = tables.get("extension", [])
        if not isinstance(given, list):
            self._wrong("extension", "is written with two brackets: [[extension]]", header=True)
        return Policy(
            zone,
            timedelta(minutes=number.get("grace_minutes", 0)),
            number.get("percent", number.get("points", 0)),
            "points" not in rules,
            per,
            number.get("at_most"),
            None if closed is None else timedelta(hours=closed),
            tuple(self._extension(table, place, zone) for place, table in enumerate(given)),
        )

    def _extension(self, table, place: int, zone) -> Extension:
        if not isinstance(table, dict):
            self._wrong("extension", "is written with two brackets: [[extension]]", header=True)
        self._only(table, {"student", "assignment", "until", "hours"}, "extension", place)
        student, assignment = table.get("student"), table.get("assignment")
        if not isinstance(student, str) or not student:
            self._wrong("extension", 'needs a student, such as student = "hazel"', place, header=True)
        if assignment is not None and not isinstance(assignment, str):
            self._wrong("assignment", "is the name of an assignment, in quotes", place)
        if ("until" in table) == ("hours" in table):
            self._wrong("extension", "needs either until or hours", place, header=True)
        until = None
        if "until" in table:
            try:
                until = parse_when(table["until"], zone)
            except CourseError as problem:
                self._wrong("until", f"cannot be used: {problem}", place, whole=True)
        return Extension(
            student, assignment, until, self._number(table, "hours", place) if "hours" in table else 0
        )

    def _number(self, table: dict, name: str, place: int | None = None) -> float:
        value = table[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100_000:
            self._wrong(name, "is a number, 0 or more", place)
        return value

    def _zone(self, name) -> ZoneInfo | None:
        if name is None:
            return None
        try:
            return zone_of(name)
        except CourseError as problem:
            self._wrong("timezone", f"cannot be used: {problem}", whole=True)

    def _only(self, table: dict, known: set[str], where: str, place: int | None = None) -> None:
        for name in table:
            if name not in known:
                self._wrong(
                    name,
                    f"means nothing{f' under {where}' if where else ''}: there are {', '.join(sorted(known))}",
                    place,
                )

    def _wrong(self, name: str, what: str, place: int | None = None, header=False, whole=False):
        end = "" if whole else "."
        raise CourseError(f"{POLICY}, line {self._line(name, place, header)}: “{name}” {what}{end}")

    def _line(self, name: str, place: int | None, header: bool) -> int:
        starts = [
            number for number, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*extension\s*\]\]", line)
        ]
        first = starts[place] if place is not None and place < len(starts) else 0
        if header and (place is not None):
            return first + 1
        pattern = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}["']?\s*[=\].]""")
        for number, line in enumerate(self.lines[first:], start=first + 1):
            if pattern.match(line):
                return number
        return first + 1


def to_utc(local: datetime, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """A time on the clock of a zone, in UTC without a zone.

    Where the clock was put back, the time happened twice: the first is meant, or the second if ``latest``. A time
    that was skipped is taken as if the clock had not been put forward.
    """
    fold = int(latest and _is_real(local, zone))
    return local.replace(tzinfo=zone, fold=fold).astimezone(UTC).replace(tzinfo=None)


def _is_real(local: datetime, zone: ZoneInfo) -> bool:
    there = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there.replace(tzinfo=None) == local.replace(tzinfo=None)


def days_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time on the clock of a zone, some days later; both in UTC."""
    local = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return to_utc(local + timedelta(days=days), zone, latest=True)


def parse_when(said: object, zone: ZoneInfo | None) -> datetime:
    """A due date as an instructor writes it, in UTC without a zone.

    It is a date and a time, such as ``2026-09-14 23:59``, with a zone behind it, such as ``America/New_York`` or
    ``-04:00``, or in ``zone``. (nbgrader itself takes a zone that it does not know for UTC, and ``+0200`` for 200
    seconds.) Of a time that happens twice the later one is meant.

    Raises
    ------
    CourseError
        If it is not of that form, or has no zone.
    """
    if isinstance(said, datetime):  # TOML has dates of its own
        said = said.isoformat(" ")
    form = r"(\d{4}-\d\d-\d\d)[ T](\d\d?:\d\d(?::\d\d)?)\s*(Z|[+-]\d\d:?\d\d|[A-Za-z_]+(?:/[\w+-]+)*)?"
    found = re.fullmatch(form, str(said).strip())
    if not found:
        raise CourseError(f"{said!s} is not a date and a time such as 2026-09-14 23:59 America/New_York.")
    day, time, place = found.groups()
    offset = place if place and (place == "Z" or place[0] in "+-") else ""
    try:
        when = datetime.fromisoformat(f"{day} {time.zfill(5 + 3 * (time.count(':') - 1))}{offset}")
        if offset:
            return when.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as problem:
        raise CourseError(f"{said} is not on the calendar ({problem}).") from None
    if place:
        zone = zone_of(place)
    if zone is None:
        raise CourseError(f"{said} has no time zone: write one behind it, or timezone = … in {POLICY}.")
    return to_utc(when, zone, latest=True)


def read_timestamp(folder: Path) -> datetime | None:
    """When collected work was handed in, in UTC; None where nothing that can be read says so."""
    text = timestamp_text(folder)
    try:
        found = parse_utc(text.decode("utf-8")) if text else None
    except Exception:
        # The parser raises many kinds at what is no time: they all mean the same.
        return None
    # No clock says anything else, and tables and time zones end not far beyond.
    return found if found and YEARS[0] <= found.year <= YEARS[1] else None


def timestamp_text(folder: Path) -> bytes:
    """What ``timestamp.txt`` of a folder says, which may be anything; nothing where it is no ordinary file.

    A link is not followed, a pipe is not waited for, and no more is read than a time may be long.
    """
    careful = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        with open(
            Path(folder) / "timestamp.txt", "rb", opener=lambda path, how: os.open(path, how | careful)
        ) as file:
            return file.read(200).strip() if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    except (OSError, ValueError):
        return b""


def who_is_late(gradebook: Gradebook, coursedir, assignment: str, policy: Policy) -> list[HandIn]:
    """Everybody whose work came after its due date and the time of grace, by student.

    Raises
    ------
    CourseError
        If the gradebook does not know the assignment.
    """
    return [each for each in hand_ins(gradebook, coursedir, assignment, policy) if each.periods]


def hand_ins(gradebook: Gradebook, coursedir, assignment: str, policy: Policy) -> list[HandIn]:
    """Everybody who handed in, and everybody on the class list who has an extension, by student.

    The time is that of the collected work; where there is no such work, that of the gradebook.

    Raises
    ------
    CourseError
        If the gradebook does not know the assignment.
    """
    due = due_date(gradebook, assignment)
    graded = {
        submission.student_id: submission for submission in gradebook.assignment_submissions(assignment)
    }
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    folders = {folder.parent.name: folder for folder in pattern.parent.parent.glob(f"*/{assignment}")}
    waiting = {student.id for student in gradebook.students if policy.extends(assignment, student.id)}
    found = []
    for student in sorted({*graded, *folders, *waiting}):
        submission = graded.get(student)
        if student in folders:
            moment = read_timestamp(folders[student])
        else:
            moment = submission.timestamp if submission else None
        end = due_for(policy, due, assignment, student, submission)
        periods = policy.periods(moment, end) if moment and end else 0
        penalty = recorded = None
        no_marks = "not graded yet"
        if submission and _has_marks(submission):
            penalty = sum(points for _, points in penalties(policy, submission, moment))
            recorded = submission.late_submission_penalty
        elif submission and student in folders:
            # What cannot be read has a place in the gradebook, and no autograded notebook.
            done = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
            if not any(done.glob("*.ipynb")):
                no_marks = "could not be graded"
        found.append(
            HandIn(
                student,
                student in folders or submission is not None,
                moment,
                end,
                moment - end if periods else timedelta(0),
                periods,
                penalty,
                recorded,
                no_marks,
                policy.extends(assignment, student) or (due is not None and end > due),
            )
        )
    return found


def _has_marks(submission) -> bool:
    return any(
        grade.auto_score is not None or grade.manual_score is not None
        for notebook in submission.notebooks
        for grade in notebook.grades
    )


def extensions_of_nobody(gradebook: Gradebook, coursedir, policy: Policy) -> str:
    """One sentence that names the extensions in late.toml which nobody can have; nothing if there are none."""
    roster = {student.id for student in gradebook.students}
    known = {assignment.name for assignment in gradebook.assignments}
    # What was not made ready yet is no mistake.
    sources = Path(coursedir.format_path(coursedir.source_directory, ".", "*"))
    known |= {folder.name for folder in sources.parent.glob("*")}
    wrong = {}
    for extension in policy.extensions:
        if extension.student not in roster:
            wrong[_with_near(extension.student, roster)] = "not on the class list"
        if extension.assignment is not None and extension.assignment not in known:
            wrong[_with_near(extension.assignment, known)] = "no assignment"
    if not wrong:
        return ""
    said = [f"{name} is {what}" for name, what in wrong.items()]
    return f"{POLICY} has an extension that does nothing: {', and '.join(said)}."


def _with_near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"{name} (did you mean {near[0]}?)" if near else name


def due_date(gradebook: Gradebook, assignment: str) -> datetime | None:
    """When an assignment is due for everybody, in UTC; None if it never is."""
    try:
        return gradebook.find_assignment(assignment).duedate
    except MissingEntry:
        known = ", ".join(sorted(found.name for found in gradebook.assignments))
        raise CourseError(
            f"The gradebook knows no assignment {assignment}. It has: {known or 'none yet'}."
        ) from None


def set_due_date(gradebook: Gradebook, assignment: str, due: datetime) -> None:
    """Say when an assignment that the gradebook knows is due, in UTC."""
    due_date(gradebook, assignment)
    gradebook.update_or_create_assignment(assignment, duedate=due)


def due_for(policy: Policy, due, assignment: str, student: str, submission=None) -> datetime | None:
    """When it is due for one student; an extension that was given in nbgrader itself counts as well."""
    ends = [policy.due(due, assignment, student)]
    if submission is not None and due is not None:
        ends.append(submission.duedate)
    ends = [end for end in ends if end is not None]
    return max(ends) if ends else None


def penalties(policy: Policy, submission, moment: datetime | None) -> Iterable[tuple[object, float]]:
    """For each notebook of a submission: what is taken off. Points are shared out by what a notebook counts."""
    assignment = submission.assignment
    end = due_for(policy, assignment.duedate, assignment.name, submission.student_id, submission)
    for notebook in submission.notebooks:
        share = notebook.max_score / assignment.max_score if assignment.max_score else 0
        yield notebook, policy.penalty(notebook.score, moment, end, share) if moment else 0.0


def record(
    gradebook: Gradebook, assignment: str, policy: Policy, student: str | None = None
) -> list[tuple[str, float, float]]:
    """Work out the penalties of all graded work again, or of one ``student``'s, and commit.

    Returns who has another one now: student, before, after.
    """
    due_date(gradebook, assignment)
    changed = []
    submissions = (
        gradebook.assignment_submissions(assignment)
        if student is None
        else [gradebook.find_submission(assignment, student)]
    )
    for submission in submissions:
        before = submission.late_submission_penalty or 0.0
        found = list(penalties(policy, submission, submission.timestamp))
        for notebook, points in found:
            notebook.late_submission_penalty = points or None
        after = sum(points for _, points in found)
        if not math.isclose(before, after, abs_tol=1e-9):
            changed.append((submission.student_id, before, after))
    gradebook.db.commit()
    return sorted(changed)


def local_text(moment: datetime, zone: ZoneInfo | None) -> str:
    """A time in UTC, as people in the zone read it."""
    there = moment.replace(tzinfo=UTC).astimezone(zone or UTC)
    return there.strftime("%Y-%m-%d %H:%M %Z")


def length(span: timedelta) -> str:
    """Days, hours and minutes, in words."""
    minutes = math.ceil(span / timedelta(minutes=1))
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def date_in(text: str) -> datetime:
    """The date and time in a text of a learning system, without its zone. Raises ValueError where there is none."""
    try:
        return dates.parse(text, ignoretz=True)
    except (OverflowError, TypeError) as problem:
        raise ValueError(str(problem)) from None


def in_points(number: float) -> str:
    """A number of points, in words."""
    return f"{number:g} point{'s' if number != 1 else ''}"


def overview(found: list[HandIn], policy: Policy, width: int) -> list[str]:
    """Who is late, who has an extension, and whose time is unknown: lines for a terminal of so many columns.

    A name is never cut: where a line would be too long, the name has one of its own.
    """
    # Also whose points are still taken off for an earlier time or an earlier rule.
    late = [each for each in found if each.periods or each.recorded]
    extended = [each for each in found if each.extended and each.due]
    zones = {
        local_text(moment, policy.zone).rpartition(" ")[2]
        for each in late + extended
        for moment in (each.handed_in, each.due)
        if moment
    }
    zone = f" ({zones.pop()})" if len(zones) == 1 else ""

    def shown(moment: datetime | None) -> str:
        if moment is None:
            return "time unknown"
        text = local_text(moment, policy.zone)
        return text.rpartition(" ")[0] if zone else text

    lines = [] if late else ["Nobody is late."]
    if late:
        head = ("student", f"handed in{zone}", "late by", f"{policy.per}s", "points taken off")
        rows = [
            (each.student, shown(each.handed_in), _late_by(each), str(each.periods), _taken_off(each))
            for each in late
        ]
        lines += _columns(head, rows, width)
    if extended:
        head = ("with an extension", f"due{zone}", "handed in", "late by")
        rows = []
        for each in extended:
            when = shown(each.handed_in) if each.is_there else "nothing yet"
            rows.append((each.student, shown(each.due), when, _late_by(each)))
        lines += ["", *_columns(head, rows, width)]
    if unknown := [each.student for each in found if each.is_unknown]:
        lines += ["", *time_unknown(unknown, width)]
    return lines


def time_unknown(students: list[str], width: int) -> list[str]:
    """Whose time is unknown: lines of so many columns, none of which breaks a name."""
    said = f"time unknown, so nothing is taken off: {', '.join(students)}"
    return textwrap.wrap(said, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _late_by(each: HandIn) -> str:
    if each.periods:
        return length(each.by)
    return "in time" if each.handed_in else ""


def _taken_off(late: HandIn) -> str:
    if late.penalty is None:
        return late.no_marks
    recorded = late.recorded or 0
    same = math.isclose(late.penalty, recorded, abs_tol=1e-9)
    return f"{late.penalty:g}" + ("" if same else f" (recorded: {recorded:g})")


def _columns(head: tuple[str, ...], rows: list[tuple[str, ...]], width: int) -> list[str]:
    """A table in plain text; where it would be too wide, what comes first has a line of its own."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def aligned(table: list[tuple[str, ...]]) -> list[str]:
        grid = Table.grid(padding=(0, 2, 0, 0))
        for row in table:
            grid.add_row(*map(Text, row))
        console = Console(width=10_000, color_system=None)
        with console.capture() as shown:
            console.print(grid)
        return [line.rstrip() for line in shown.get().splitlines()]

    table = [head, *rows]
    lines = aligned(table)
    if max(map(cell_len, lines)) > width:
        rest = aligned([row[1:] for row in table])
        lines = [line for row, more in zip(table, rest, strict=True) for line in (row[0], f"    {more}")]
    return lines
