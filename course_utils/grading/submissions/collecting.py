"""Taking in what students handed in through a learning system: ``course collect NAME --from SYSTEM FILE``.

nbgrader has ``zip_collect``, which is not used here: its extractor believes what an archive says of itself, one odd
file ends it for everybody, and it takes the student's name from the file's name without looking at the class list.
"""

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
from nbgrader.api import Gradebook, MissingEntry

from course_utils.errors import CourseError
from course_utils.grading.database import open_gradebook
from course_utils.grading.gradebook.lateness import date_in, read_timestamp, to_utc
from course_utils.grading.per_student import isolated, printable
from course_utils.grading.privacy import close, close_work
from course_utils.grading.submissions.class_list import Person, letters, people, read_groups
from course_utils.grading.submissions.unpacking import (
    A_NOTEBOOK,
    MB,
    Account,
    Bounds,
    Packed,
    in_folder,
    is_clutter,
    opened,
    safe_parts,
)

# What says when and by whom it was handed in is ours to write.
RESERVED = {"timestamp.txt", "submission_secret.txt"}
LONGEST_LINE = 1_000
# What browsers, systems and people add to the name of a file that is there already.
COPY = re.compile(r"(?:[-_ ]\d{1,3}|[-_ ]?\(\d{1,3}\)|[-_ ]*copy(?:[-_ ]?\(?\d{1,3}\)?)?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """What a system's name of a file says.

    ``who`` is the account as the system writes it, to tell accounts apart; ``name`` a person's name, ``ids`` numbers
    or user names, and ``tail`` a text that ends with the user name. ``attempt`` is local time where the system
    tells it. ``rest`` is the student's own name for the file; ``later`` tells which of two uploads came later.
    """

    who: str
    name: str = ""
    ids: tuple[str, ...] = ()
    tail: str = ""
    attempt: datetime | None = None
    late: bool = False
    rest: str = ""
    kind: str = "file"
    later: int = 0


@dataclass(frozen=True)
class System:
    """How a learning system names what it puts into the archive of an assignment's submissions."""

    title: str
    example: str
    read: Callable[[str], Piece | None]
    tells_time: bool = False


CANVAS_FILE = re.compile(r"(?P<name>.*?)_(?P<late>LATE_)?(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)$", re.S)
CANVAS_TEXT = re.compile(r"(?P<name>.*?)_(?P<late>LATE_)?(?P<user>\d+)_(?:text|link)\.html$", re.S)
MOODLE = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?$", re.S
)
# In the place of name and number, where the assignment is anonymous.
ANONYMOUS = re.compile(r"(?:LATE_)?anon_[0-9A-Za-z]+_\d+_.")
BLACKBOARD = re.compile(
    r"(?P<head>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+)|(?P<receipt>\.txt))$", re.S
)
BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-(?P<number>\d+) ?- (?P<name>.+?) ?- "
    r"(?P<day>\D{0,12}\d{1,2}\D{1,12}?,? ?\d{4}),? (?P<hour>\d{1,2}):?(?P<minute>\d\d) ?(?P<half>[AP]M)?"
    r"(?: ?- (?P<rest>.+))?$",
    re.S | re.I,
)


def _first(pattern: re.Pattern, name: str) -> tuple[re.Match, str] | None:
    """The first part of a path that fits, and what stands behind it; a folder or two may be around all of it.

    It is the first, because all that the student can choose stands further behind.
    """
    parts = name.split("/")
    for place, part in enumerate(parts[:3]):
        if found := pattern.match(part):
            rest = found.groupdict().get("rest") or ""
            return found, "/".join([rest, *parts[place + 1 :]]).strip("/")
    return None


def _canvas(name: str) -> Piece | None:
    # lib/content_zipper.rb of instructure/canvas-lms: name, LATE, user's number, file's number, name of the file.
    # Canvas leaves nothing but letters, digits and _ of the name, and sees to it that _digits_ is not among it.
    if any(ANONYMOUS.match(part) for part in name.split("/")[:3]):
        return None
    if not (fits := _first(CANVAS_FILE, name) or _first(CANVAS_TEXT, name)):
        return None
    found, rest = fits
    who = f"{found['name']}_{found['user']}"
    if found.re is CANVAS_TEXT:
        return Piece(who, found["name"], (found["user"],), kind="text")
    late, later = bool(found["late"]), int(found["file"])
    return Piece(who, found["name"], (found["user"],), late=late, rest=rest, later=later)


def _moodle(name: str) -> Piece | None:
    # mod/assign/classes/downloader.php of moodle/moodle: a folder, or all in one, as the teacher prefers.
    # The number is that of the participant in this one assignment, and says nothing elsewhere; of a group, the group's.
    if not (fits := _first(MOODLE, name)):
        return None
    found, rest = fits
    kind = "file" if found["kind"] == "file" else "text"
    return Piece(f"{found['name']}_{found['number']}", found["name"], rest=rest or "?", kind=kind)


def _blackboard(name: str) -> Piece | None:
    # Assignment_username_attempt_date-and-time_file; and the same without a file, .txt, which is the receipt.
    # The first date counts: the student's own name for the file stands behind it.
    if not (fits := _first(BLACKBOARD, name)):
        return None
    found, rest = fits
    try:
        when = datetime.strptime(found["when"], "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None
    kind = "receipt" if found["receipt"] else "file"
    return Piece(found["head"], tail=found["head"], attempt=when, rest=rest or "?", kind=kind)


def _brightspace(name: str) -> Piece | None:
    # Numbers - Full Name - date and time, as a folder or in front of the file's own name.
    if not (fits := _first(BRIGHTSPACE, name)):
        # Its list of all submissions.
        return Piece("", kind="text") if name.rsplit("/", 1)[-1] == "index.html" else None
    found, rest = fits
    try:
        when = date_in(f"{found['day']} {found['hour']}:{found['minute']} {found['half'] or ''}")
    except ValueError:
        when = None
    who = f"{found['name']} ({found['user']})"
    return Piece(who, found["name"], (found["user"],), attempt=when, rest=rest or "?")


SYSTEMS = {
    "canvas": System("Canvas", "quillmary_LATE_12345_67890_file.ipynb", _canvas),
    "moodle": System("Moodle", "Mary Quill_123456_assignsubmission_file_/file.ipynb", _moodle),
    "blackboard": System(
        "Blackboard", "Assignment_mquill_attempt_2026-09-14-23-58-00_file.ipynb", _blackboard, tells_time=True
    ),
    "brightspace": System(
        "Brightspace",
        "12345-67890 - Mary Quill - Sep 14, 2026 1158 PM/file.ipynb",
        _brightspace,
        tells_time=True,
    ),
}


@dataclass
class Collected:
    """What came of it: students by what happened to their work, and a sentence for each problem and each remark.

    ``unknown`` are those of whose work, as it is there now, nothing says when it was handed in.
    """

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """The notebooks that an assignment has: name -> the ids of its cells."""

    notebooks: dict[str, frozenset[str]]


def collect(
    coursedir,
    assignment: str,
    system: str,
    source: Path,
    *,
    update: bool = False,
    zone: ZoneInfo | None = None,
    roster: Path | None = None,
    groups: Path | None = None,
    bounds: Bounds | None = None,
) -> Collected:
    """Take a learning system's submissions into nbgrader's ``submitted`` folder.

    Parameters
    ----------
    coursedir : nbgrader's CourseDirectory.
    system : a key of ``SYSTEMS``.
    source : the archive that the system gave, or a folder with what was in it.
    update : also replace what was collected before, by what is newer; or, where no time is told, by what is different.
    zone : on whose clock the system tells the time.
    roster : a CSV file that says how the system names the students.
    groups : a CSV file that says who hands in together: each of them gets the group's work.

    Returns
    -------
    What came of it. A problem of one student's work leaves out that work alone, and what was there of it stays.

    Raises
    ------
    CourseError
        If nothing can be collected at all.
    """
    source, bounds, rules = Path(source), bounds or Bounds(), SYSTEMS[system]
    if rules.tells_time and zone is None:
        raise CourseError(
            f"{rules.title} tells the time on a clock of its own: say whose with --timezone America/New_York, "
            "or timezone = … in late.toml."
        )
    with open_gradebook(coursedir) as gradebook:
        wanted = _wanted(gradebook, assignment)
        class_list = people(gradebook, roster)
    teams = _teams(groups, class_list) if groups else {}
    if not class_list:
        raise CourseError("Nobody is on the class list: nbgrader db student import CLASS.csv enters a class.")
    done = Collected()
    _sweep(coursedir, assignment)
    with ExitStack() as stack:
        if source.is_dir():
            files = in_folder(source)
            if len(files) > bounds.all_files:
                raise CourseError(f"{source} has more than {bounds.all_files} files.")
        elif source.exists():
            try:
                files = stack.enter_context(opened(source, bounds.all_files))
            except CourseError as problem:
                raise CourseError(f"{problem}: download it again.") from None
        else:
            raise CourseError(
                f"There is no {source}: give the archive of submissions, or a folder with its files."
            )
        work = _by_person(files, rules, class_list, teams, source.name, done, coursedir)
        whole = Account(source.name, bounds.all, bounds.all_files)
        for person, pieces in sorted(work.items(), key=lambda item: item[0].id):
            with isolated(person.id, "was not collected", done.problems.append, coursedir):
                try:
                    _take(
                        coursedir,
                        assignment,
                        person,
                        pieces,
                        wanted,
                        rules,
                        zone,
                        update,
                        bounds,
                        whole,
                        done,
                    )
                except CourseError as problem:
                    done.problems.append(f"The work of {person.id} was not collected: {problem}.")
                there = Path(coursedir.format_path(coursedir.submitted_directory, person.id, assignment))
                if there.is_dir() and read_timestamp(there) is None:
                    done.unknown.append(person.id)
            if whole.size > whole.most:
                raise CourseError(
                    f"{source.name} holds more than {whole.most // MB} MB: the rest was not collected."
                )
    # Names in them are those that students chose.
    done.problems = [printable(line, LONGEST_LINE) for line in done.problems]
    done.notes = [printable(line, LONGEST_LINE) for line in done.notes]
    return done


def _wanted(gradebook: Gradebook, assignment: str) -> Wanted:
    try:
        found = gradebook.find_assignment(assignment)
    except MissingEntry:
        known = ", ".join(sorted(each.name for each in gradebook.assignments))
        raise CourseError(
            f"The gradebook knows no assignment {assignment}. It has: {known or 'none yet'}."
        ) from None
    notebooks = {
        notebook.name: frozenset(cell.name for cell in notebook.source_cells) for notebook in found.notebooks
    }
    if not notebooks:
        raise CourseError(
            f"The gradebook knows no notebook of {assignment}: run nbgrader generate_assignment {assignment} first."
        )
    return Wanted(notebooks)


def _teams(path: Path, class_list: list[Person]) -> dict[str, list[Person]]:
    """A group's name, in letters and digits -> its members. Raises ``CourseError`` for one who is not on the class list."""
    by_id = {person.id: person for person in class_list}
    teams: dict[str, list[Person]] = {}
    for group, members in read_groups(path).items():
        for student in members:
            if student not in by_id:
                raise CourseError(
                    f"{Path(path).name} has {student}, who is not on the class list: check the name."
                )
            teams.setdefault(group, []).append(by_id[student])
    return teams


def _by_person(
    files: list[Packed], rules: System, class_list, teams, source: str, done: Collected, coursedir
) -> dict[Person, list[tuple[Piece, Packed]]]:
    """Person -> the pieces that are theirs, each with its file. What is nobody's is named in ``done``."""
    accounts: dict[str, list[tuple[Piece, Packed]]] = {}
    odd = []
    for file in files:
        with isolated(file.name, "was left out", done.problems.append, coursedir):
            try:
                parts = safe_parts(file.name)
            except CourseError as problem:
                # Whose it is may still be told from how it begins; that work is then refused as a whole.
                piece = rules.read(unicodedata.normalize("NFC", file.name).replace("\\", "/").lstrip("/"))
                if piece is None:
                    done.problems.append(f"One file of {source} was left out: {problem}.")
                else:
                    accounts.setdefault(piece.who, []).append((piece, file))
                continue
            if is_clutter(parts):
                continue
            if (piece := rules.read("/".join(parts))) is None:
                odd.append("/".join(parts))
            elif piece.who:
                accounts.setdefault(piece.who, []).append((piece, file))
    _with_names(accounts, odd, rules, class_list, teams)
    if not accounts:
        fitting = [
            other.title
            for other in SYSTEMS.values()
            if any((found := other.read(name)) and found.who for name in odd)
        ]
        hint = f" They look like those of {' or '.join(fitting)}." if fitting else ""
        raise CourseError(
            f"Nothing in {source} has a name as {rules.title} gives them, such as {rules.example}.{hint}"
        )
    for name in odd[:20]:
        done.problems.append(
            f"{name} was left out: {rules.title} gives no such name, and so it is not known whose it is."
        )
    if len(odd) > 20:
        done.problems.append(
            f"{len(odd) - 20} more files were left out, as {rules.title} gives no such names."
        )
    owners: dict[Person, list[str]] = {}
    for who, pieces in accounts.items():
        with isolated(who, "was not collected", done.problems.append, coursedir):
            group = teams.get(letters(pieces[0][0].name))
            for person in group or [_owner(pieces, class_list)]:
                owners.setdefault(person, []).append(who)
    work = {}
    for person, whose in owners.items():
        if len(whose) > 1:
            done.problems.append(
                f"The work of {person.id} was not collected: {' and '.join(sorted(whose))} would both be theirs. "
                "Tell them apart with a --roster."
            )
        else:
            work[person] = accounts[whose[0]]
    return work


def _with_names(accounts: Mapping, odd: list[str], rules: System, class_list, teams) -> None:
    """Raises ``CourseError`` where the system hides who handed in, so that nothing tells whose it is."""
    names = {letters(pieces[0][0].name) for pieces in accounts.values()} - {""}
    known = set().union(*(person.name_keys for person in class_list)) | set(teams)
    hidden = any(ANONYMOUS.match(part) for name in odd for part in name.split("/")[:3])
    if hidden or (len(accounts) > 1 and len(names) == 1 and not names & known):
        raise CourseError(
            f"{rules.title} hides who handed this in, as it does for anonymous or blind marking, and so it cannot be "
            f"told whose it is: let {rules.title} show the names again for this assignment, and download it once more."
        )


def _owner(pieces: list[tuple[Piece, Packed]], class_list: list[Person]) -> Person:
    """The one person on the class list to whom an account belongs; what the system says must not contradict itself."""
    piece = pieces[0][0]
    ids = {text.casefold() for text in piece.ids}
    receipt = next((_receipt(file) for each, file in pieces if each.kind == "receipt"), {})
    tail = piece.tail.casefold()
    names = {letters(text) for text in (piece.name, receipt.get("name", "")) if text}
    user = receipt.get("user", "").casefold()
    # A receipt is believed only as far as the name of the file says the same.
    if user and tail.endswith(f"_{user}"):
        by_user = {person for person in class_list if user in _users(person)}
    else:
        by_user = {
            person for person in class_list if any(tail.endswith(f"_{known}") for known in _users(person))
        }
    by_number = {person for person in class_list if person.lms_id and person.lms_id.casefold() in ids}
    named = {key for person in class_list for key in person.name_keys}
    if names and not names & named and any(person.first_last for person in by_number):
        whose = " or ".join(sorted(person.id for person in by_number))
        raise CourseError(
            f"{piece.who} has the number of {whose}, and a name that nobody on the class list has, so this work was not "
            "collected: if a group handed it in, say who is in it with --groups; else give the name in a --roster."
        )
    signs = [
        by_number,
        by_user if tail else set(),
        {person for person in class_list if person.name_keys & names} if not tail else set(),
    ]
    signs = [found for found in signs if found]
    shown = piece.who
    if not signs:
        raise CourseError(
            f"{shown} is not on the class list, so this work was not collected: check the name, or give a --roster "
            "that says how the learning system names your students."
        )
    fitting = set.intersection(*signs)
    if len(fitting) == 1:
        return next(iter(fitting))
    either = sorted(person.id for person in set.union(*signs))
    raise CourseError(
        f"{shown} may be {' or '.join(either)}, so this work was not collected: give a --roster that tells them apart."
    )


def _users(person: Person) -> set[str]:
    return {text.casefold() for text in (person.id, person.username, person.email) if text}


def _receipt(file: Packed) -> dict[str, str]:
    """What the first lines of a Blackboard receipt say: ``name``, ``user`` and ``date``, as far as they are there."""
    try:
        file.check()
        with file.open() as source:
            text = source.read(20_000).decode("utf-8-sig", errors="replace")
    except Exception:
        # A receipt only confirms what the names of the files say; a broken one confirms nothing.
        return {}
    found = {}
    if who := re.search(r"^Name: *(.+?) *\(([^()\n]+)\) *\r?$", text, re.M):
        found |= {"name": who[1], "user": who[2]}
    if when := re.search(r"^Date Submitted: *(.+?) *\r?$", text, re.M):
        found["date"] = when[1]
    return found


def _take(coursedir, assignment, person, pieces, wanted, rules, zone, update, bounds, whole, done) -> None:
    """Collect one person's newest attempt. Nothing of it is seen before all of it is there."""
    target = Path(coursedir.format_path(coursedir.submitted_directory, person.id, assignment))
    if target.exists() and not update:
        done.kept.append(person.id)
        return
    attempts = {piece.attempt for piece, _ in pieces}
    if None in attempts and len(attempts) > 1:
        raise CourseError(
            "of one attempt the time cannot be read, so it is not known which one is the newest"
        )
    newest = max(attempts) if None not in attempts else None
    chosen = [(piece, file) for piece, file in pieces if piece.attempt == newest]
    moment = to_utc(_told(chosen, newest), zone) if newest and zone else None
    before = read_timestamp(target)
    if moment and before and moment <= before:
        done.kept.append(person.id)
        return
    place = target.with_name(f".{target.name}.{os.getpid()}.part")
    # Apart, so that no name in the work can be that of something which only waits.
    unfinished, waiting = place / "work", place / "waiting"
    shutil.rmtree(place, ignore_errors=True)
    try:
        close_work(place, coursedir)
        unfinished.mkdir(parents=True)
        waiting.mkdir()
        remarks = _unpack(chosen, unfinished, waiting, wanted, bounds, whole)
        if moment:
            (unfinished / "timestamp.txt").write_text(f"{moment:%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
        close(unfinished, coursedir.groupshared)
        if not target.exists():
            unfinished.rename(target)
            done.new.append(person.id)
        elif moment is None and _digest(unfinished) == _digest(target):
            done.kept.append(person.id)
            return
        else:
            old = target.with_name(f".{target.name}.{os.getpid()}.old.part")
            target.rename(old)
            unfinished.rename(target)
            shutil.rmtree(old)
            done.updated.append(person.id)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if target.parent.exists() and not any(target.parent.iterdir()):
            target.parent.rmdir()
    done.notes += [f"{person.id}: {remark}." for remark in remarks]
    if any(piece.late for piece, _ in chosen):
        done.notes.append(f"{person.id}: {rules.title} says that it is late, and not by how much.")
    elif rules.tells_time and not moment:
        done.notes.append(
            f"{person.id}: the time of handing in cannot be read, so nothing says whether it is late."
        )


def _told(chosen: list[tuple[Piece, Packed]], named: datetime) -> datetime:
    """The time of an attempt: that of the receipt, which is to the minute of handing in, or else that of the name."""
    for piece, file in chosen:
        if piece.kind == "receipt" and (said := _receipt(file).get("date")):
            try:
                return date_in(said)
            except ValueError:
                break
    return named


@dataclass(frozen=True)
class Brought:
    """One file of a student: its name there, where it waits, and which of two with one name is the later upload."""

    parts: tuple[str, ...]
    path: Path
    later: int


def _unpack(chosen, folder: Path, waiting: Path, wanted: Wanted, bounds: Bounds, whole: Account) -> list[str]:
    """Put an attempt's files into ``folder`` under their right names, by way of ``waiting``. Returns remarks."""
    own = Account("it", bounds.student, bounds.student_files)
    brought: list[Brought] = []
    left_out: list[str] = []

    def parts_of(*names: str) -> tuple[str, ...] | None:
        """The parts of a name; None where it cannot be one here, which is told."""
        try:
            parts = [safe_parts(name) for name in names][-1]
        except CourseError as problem:
            left_out.append(str(problem))
            return None
        return None if is_clutter(parts) else parts

    def take(file: Packed, parts: tuple[str, ...], later: int) -> Path:
        for account in (own, whole):
            account.add_file()
        path = waiting / f"{len(brought)}-{own.files}"
        try:
            file.copy_to(path, bounds, own, whole)
        except CourseError as problem:
            raise CourseError(f"{'/'.join(parts)}: {problem}") from None
        return path

    for piece, file in chosen:
        if piece.kind != "file":
            continue
        if not (parts := parts_of(file.name, piece.rest)):
            continue
        path = take(file, parts, piece.later)
        if parts[-1].lower().endswith(".zip"):
            with _inner(path, parts[-1], bounds) as inside:
                for packed in inside:
                    if not (names := parts_of(packed.name)):
                        continue
                    if names[-1].lower().endswith(".zip"):
                        raise CourseError(
                            f"{parts[-1]} has an archive within it, {names[-1]}, which is not opened"
                        )
                    brought.append(Brought(names, take(packed, names, piece.later), piece.later))
            path.unlink()
        else:
            brought.append(Brought(parts, path, piece.later))
    if not brought:
        raise CourseError(left_out[0] if left_out else "its newest attempt has no file")
    return [*_place(brought, folder, wanted), *(f"a file was left out: {why}" for why in left_out)]


@contextmanager
def _inner(path: Path, name: str, bounds: Bounds) -> Iterator[list[Packed]]:
    """The files of an archive that a student made."""
    with ExitStack() as stack:
        try:
            files = stack.enter_context(opened(path, bounds.student_files))
        except CourseError as problem:
            raise CourseError(str(problem).replace(path.name, name)) from None
        yield files


def _place(brought: list[Brought], folder: Path, wanted: Wanted) -> list[str]:
    notebooks = [file for file in brought if A_NOTEBOOK.search(file.parts[-1])]
    if not notebooks:
        raise CourseError(
            f"it has no notebook, but {', '.join(sorted(file.parts[-1] for file in brought)[:5])}"
        )
    remarks, targets, used = [], {}, set()
    names = {name.casefold() for name in wanted.notebooks}
    for name, cells in wanted.notebooks.items():
        others = names - {name.casefold()}
        free = [file for file in notebooks if _may_be(file.parts[-1])[0] not in others]
        found = [file for file in free if name.casefold() in _may_be(file.parts[-1])]
        if not found:
            found = [file for file in free if _is_of(file.path, cells)]
        if len(wanted.notebooks) == 1 and not found and len(notebooks) == 1:
            remarks.append(f"it is called {notebooks[0].parts[-1]}, and has no question of {name}.ipynb")
        if not (file := _one_of(found, name)):
            continue
        used |= {id(each) for each in found}
        targets[(f"{name}.ipynb",)] = file
        if file.parts[-1] != f"{name}.ipynb":
            remarks.append(f"{file.parts[-1]} was given its name back, {name}.ipynb")
    for file in brought:
        if id(file) in used or file.parts[-1].lower() in RESERVED:
            continue
        if file.parts[0].lower() in RESERVED:
            remarks.append(
                f"{'/'.join(file.parts)} was left out: nbgrader has a file of the name {file.parts[0]}"
            )
            continue
        if file.parts in targets and not _same(file.path, targets[file.parts].path):
            if file.later == targets[file.parts].later:
                raise CourseError(f"it has two files named {'/'.join(file.parts)}")
            file = max(file, targets[file.parts], key=lambda each: each.later)
        targets[file.parts] = file
    folded: dict[str, tuple[str, ...]] = {}
    for parts in targets:
        for depth in range(1, len(parts) + 1):
            key = "/".join(parts[:depth]).casefold()
            if folded.setdefault(key, parts[:depth]) != parts[:depth]:
                one, other = "/".join(folded[key]), "/".join(parts[:depth])
                raise CourseError(f"its files {one} and {other} differ only in capital letters")
    try:
        for parts, file in targets.items():
            place = folder.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, place)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise CourseError(f"its file {'/'.join(parts)} has the name of a folder") from None
    return remarks


def _one_of(found: list[Brought], name: str) -> Brought | None:
    """The file that is meant, of those that may be: the one uploaded later, or all are the same."""
    if not found:
        return None
    last = max(file.later for file in found)
    found = [file for file in found if file.later == last]
    if any(not _same(file.path, found[0].path) for file in found[1:]):
        names = ", ".join(sorted("/".join(file.parts) for file in found))
        raise CourseError(f"it has more than one notebook that may be {name}.ipynb: {names}")
    return next((file for file in found if file.parts[-1] == f"{name}.ipynb"), found[0])


def _may_be(name: str) -> list[str]:
    """What a notebook's name may have been, before something was added to it that marks a copy; itself first."""
    plain = A_NOTEBOOK.sub("", name).strip()
    names = [plain.casefold()]
    while (shorter := COPY.sub("", plain).rstrip()) not in (plain, ""):
        plain = shorter
        names.append(plain.casefold())
    return names


def _is_of(path: Path, cells: frozenset[str]) -> bool:
    """Whether a notebook under a foreign name has at least half of the questions that it should have."""
    try:
        found = {
            cell["metadata"]["nbgrader"]["grade_id"]
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if isinstance(cell, dict) and "nbgrader" in cell.get("metadata", {})
        }
        return bool(cells) and 2 * len(found & cells) >= len(cells)
    except (ValueError, KeyError, TypeError, RecursionError, MemoryError):
        return False


def _same(one: Path, other: Path) -> bool:
    return sha256(one.read_bytes()).digest() == sha256(other.read_bytes()).digest()


def _digest(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).digest()
        for path in folder.rglob("*")
        if path.is_file() and path.name.lower() not in RESERVED
    }


def _sweep(coursedir, assignment: str) -> None:
    """Take away what a run that was stopped left behind; put back what it was about to replace."""
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, "*", assignment))
    for left in pattern.parent.parent.glob(f"*/.{assignment}.*.part"):
        number = left.name.removeprefix(f".{assignment}.").split(".")[0]
        if number.isdecimal() and int(number) != os.getpid() and psutil.pid_exists(int(number)):
            continue
        if left.name.endswith(".old.part") and not (target := left.with_name(assignment)).exists():
            left.rename(target)
        else:
            shutil.rmtree(left, ignore_errors=True)
