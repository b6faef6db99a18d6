"""Collecting from nbgrader's exchange, where everything that says when work was handed in belongs to the student.

The folder's name and timestamp.txt in it are written by the student's own nbgrader. What a student cannot set is the
change time that the file system keeps (st_ctime): any later change to a file moves it on, and nothing moves it back.
Nor can a student give a file to somebody else: its owner (st_uid) is whoever made it.
"""

import filecmp
import os
import shlex
import shutil
import stat
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc
from traitlets import Bool, Integer

from course_utils.errors import CourseError
from course_utils.grading.auxiliary_files import WHOSE_LIBRARY, is_somebody_elses
from course_utils.grading.gradebook.lateness import read_timestamp
from course_utils.grading.per_student import (
    concerns_everybody,
    isolated,
    printable,
    reason,
)
from course_utils.grading.plain_log import FULL, is_full
from course_utils.grading.privacy import close, close_work
from course_utils.grading.submissions.library_owner import library_mismatch
from course_utils.grading.submissions.ownership import NO_USER, what_is_not_theirs, write_notes
from course_utils.grading.submissions.unpacking import Bounds, safe_parts

BOUNDS = Bounds()
FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"
# nbgrader writes it into whatever is handed in to an exchange; course collect never takes one in.
SECRET = "submission_secret.txt"
OURS = {"timestamp.txt", SECRET, WHOSE_LIBRARY}


class TrustedCollect(ExchangeCollect):
    """For ``c.ExchangeFactory.collect``: believes the clock of the exchange where a student's claim differs from it.

    A claim that is within ``tolerance`` of the last change to the work stands as it is. Any other is put aside, with
    a warning that names the student, and the work counts as handed in when it was last changed.
    Work with a link or a device in it is refused by name; everybody else's is collected, and the exit code says so.
    Work that came from elsewhere and has no time is never replaced: nothing says that the exchange's is newer.
    Work that somebody else made in a student's name is set aside, and the newest of the student's own is taken.
    What was collected is closed to everybody else on the computer, whatever it was in the exchange.
    """

    check_owner = Bool(
        True,
        help="Whether work must belong to the user of this computer whose name it bears, or to whoever collects. Turn "
        "it off for a hub where all students share one account, or whose users this computer does not know by name.",
    ).tag(config=True)

    trusted_time = Bool(
        True,
        help="Whether to check claims against the file system. Turn it off for an exchange that was copied or "
        "restored from a backup, where the change times are those of the copying.",
    ).tag(config=True)

    tolerance = Integer(300, help="How many seconds a claim may differ from the last change").tag(config=True)

    def init_src(self):
        """Choose what to collect; see nbgrader."""
        self._times = {}
        self._refused = []
        self._not_theirs: dict[str, list[tuple[Path, str]]] = {}
        self._looks_for_owner = self.check_owner
        super().init_src()
        kept = []
        for record in self.src_records:
            if record["username"] is None:
                continue
            with self._isolated(record["username"]):
                folder = Path(self.inbound_path, record["filename"])
                if problem := _odd_name(record["username"]) or what_is_odd(folder):
                    self._refuse(record["username"], problem)
                elif not self._stays(record["username"], folder):
                    kept.append(record)
        self.src_records = kept

    def _isolated(self, student: str):
        """A block of one person's work: what goes wrong in it is told, and everybody else's is collected."""

        def tell(sentence: str) -> None:
            self.log.error(sentence)
            self._refused.append(printable(student))

        return isolated(student, "was not collected", tell, self.coursedir)

    def _stays(self, student: str, found: Path) -> bool:
        """Whether what was collected of a student came from elsewhere, and would be lost to other work."""
        if not (self.update or self.before_duedate):
            return False
        name = self.coursedir.assignment_id
        there = Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, name))
        if not is_from_elsewhere(there) or is_same_work(there, found):
            return False
        self.log.warning(
            "The work of %s was kept: it came from elsewhere, without a time, and what lies in the exchange is other "
            "work; to take that, delete %s and collect again.",
            student,
            os.path.relpath(there, self.coursedir.root),
        )
        return True

    def copy_files(self):
        """Collect; see nbgrader. Fails at the end if somebody's work was refused, or set aside."""
        notes = self._settle_whose_it_is()
        write_notes(self.coursedir, self.coursedir.assignment_id, notes, self.coursedir.student_id or "*")
        # nbgrader would take such work, and ask whether it is an attempt at cheating.
        self.check_owner = False
        records = self.src_records
        try:
            if not records:
                super().copy_files()
            for record in records:
                # One after the other: nbgrader ends with the first whose folder it cannot look at.
                self.src_records = [record]
                with self._isolated(record["username"]):
                    super().copy_files()
        except OSError as problem:
            self.fail(FULL if is_full(problem) else f"Nothing more was collected: {reason(problem)}.")
        finally:
            self.src_records = records
            self.check_owner = self._looks_for_owner
        problems = []
        if self._refused:
            problems.append(f"Not collected: {', '.join(self._refused)}. Everybody else's work was.")
        if notes:
            for sentence in (sentence for student in sorted(notes) for sentence in notes[student]):
                self.log.error(sentence)
            problems.append(
                f"Set aside, because somebody else made it: work in the name of {', '.join(notes)}."
            )
            if any(why.endswith(NO_USER) for found in self._not_theirs.values() for _, why in found):
                problems.append(
                    "If your students share one account, or this computer does not know them by name, say "
                    "c.TrustedCollect.check_owner = False in nbgrader_config.py."
                )
        if problems:
            self.fail(" ".join(problems))

    def _settle_whose_it_is(self) -> dict[str, list[str]]:
        """Take away what was collected before and was made by somebody else, where there is work of the student's own.

        Returns
        -------
        Student -> a sentence for each kind of work that was set aside.
        """
        own = {record["username"]: Path(self.inbound_path, record["filename"]) for record in self.src_records}
        notes: dict[str, list[str]] = {}
        for student, found in sorted(self._not_theirs.items()):
            there = Path(
                self.coursedir.format_path(
                    self.coursedir.submitted_directory, student, self.coursedir.assignment_id
                )
            )
            was_taken = any(is_copy(there, folder) for folder, _ in found) and not (
                student in own and is_copy(there, own[student])
            )
            if student not in own:
                then = "there is none of their own"
                if was_taken:
                    taken = shlex.quote(os.path.relpath(there, self.coursedir.root))
                    then += f", and what was collected before is that very work (rm -r {taken} takes it out)"
            elif was_taken:
                # A copy of it lies in the exchange.
                shutil.rmtree(there)
                then = "their own was collected in place of it"
            else:
                then = "their own counts"
            for why in dict.fromkeys(why for _, why in found):
                places = [folder for folder, other in found if other == why]
                more = f", and {len(places) - 1} more like it," if len(places) > 1 else ""
                notes.setdefault(student, []).append(
                    f"Work in the name of {student} was set aside, because {why}; {then}. Ask both, delete "
                    f"{shlex.quote(str(places[0]))}{more} and collect again."
                )
        return notes

    def _refuse(self, student: str, problem: str) -> None:
        student = printable(student)
        self.log.error(
            "The work of %s was not collected: %s; ask %s to hand it in again.", student, problem, student
        )
        self._refused.append(student)

    def _path_to_record(self, path):
        # Whoever may hand in may make a folder of any name; nbgrader would stop at a time that it cannot read.
        filename = os.path.basename(path)
        parts = filename.rsplit("+", 3)
        student = parts[0]
        if why := self._whose(Path(path), student):
            self._not_theirs.setdefault(student, []).append((Path(path), why))
            return {"username": None, "filename": filename, "timestamp": datetime.min}
        try:
            named = parse_utc(parts[2])
        except (ValueError, OverflowError, IndexError):
            named = None
        try:
            moment, warning = self._judge(student, Path(path), named)
        except (OSError, RecursionError):
            # What cannot be looked at is refused by name, and not passed over for what was handed in before.
            moment, warning = _own_change(path), ""
        self._times[filename] = (moment, warning)
        return {"username": student, "filename": filename, "timestamp": moment}

    def _whose(self, folder: Path, student: str) -> str:
        """Why a hand-in is not the student's; nothing if it is, or if that is not looked for."""
        try:
            return what_is_not_theirs(folder, student) if self._looks_for_owner else ""
        except (OSError, RecursionError):
            # The folder is theirs; what cannot be looked at in it is refused by name, further on.
            return ""

    def _judge(self, student: str, folder: Path, named: datetime | None) -> tuple[datetime, str]:
        """When the work counts as handed in, and a sentence if that is not what it claims."""
        changed = last_change(folder)
        written = read_timestamp(folder)
        claims = [claim for claim in (named, written) if claim is not None]
        if not claims:
            return changed, (
                f"The work of {student} does not say when it was handed in: it counts as of its last change, {changed:%Y-%m-%d %H:%M} UTC."
            )
        if not self.trusted_time:
            return written or named, ""
        tolerance = timedelta(seconds=self.tolerance)
        odd = [claim for claim in claims if abs(changed - claim) > tolerance]
        if not odd:
            return named or written, ""
        return changed, (
            f"The work of {student} claims to be of {odd[0]:%Y-%m-%d %H:%M} UTC, but it was last changed at "
            f"{changed:%Y-%m-%d %H:%M} UTC, by the clock of the exchange: that counts. It may be a change after handing "
            "in, a wrong clock, or an exchange that was copied."
        )

    def do_copy(self, src, dest, log=None):
        """Copy one student's work, and write the time that counts into it."""
        filename = os.path.basename(src)
        student = filename.rsplit("+", 3)[0]
        moment, warning = self._times[filename]
        try:
            with tempfile.TemporaryDirectory() as folder:
                own = Path(folder, "work")
                # Links are copied as links and then refused: what was a file when it was looked at may be one by now.
                shutil.copytree(src, own, symlinks=True)
                # Nor need what was theirs then be theirs now.
                if problem := what_is_odd(own) or self._whose(Path(src), student):
                    self._refuse(student, problem)
                    return
                close_work(Path(dest), self.coursedir)
                partial = f"{dest}.{os.getpid()}.part"
                try:
                    super().do_copy(str(own), partial)
                    _write_time(Path(partial), moment)
                    close(Path(partial), self.coursedir.groupshared)
                    os.replace(partial, dest)
                finally:
                    shutil.rmtree(partial, ignore_errors=True)
        except (OSError, RuntimeError) as problem:
            if concerns_everybody(problem):
                raise
            self._refuse(student, f"it cannot be copied ({_first_line(problem)})")
            return
        if warning:
            self.log.warning(warning, extra={"flag": "time"})
        if said := library_mismatch(Path(dest), student):
            self.log.warning(said)


def is_from_elsewhere(folder: Path) -> bool:
    """Whether collected work came from a learning system or by hand, and does not say when.

    Work from the exchange bears nbgrader's secret, also where its time cannot be read.
    """
    return folder.is_dir() and read_timestamp(folder) is None and not (folder / SECRET).exists()


def is_copy(there: Path, folder: Path) -> bool:
    """Whether collected work was made from this folder of the exchange, as far as that can be read."""
    try:
        return there.is_dir() and _secret(there) == _secret(folder) and is_same_work(there, folder)
    except OSError:
        return False


def _secret(folder: Path) -> bytes | None:
    path = folder / SECRET
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(1000)


def is_same_work(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files, but for what nbgrader adds."""
    names = [
        {
            path.relative_to(folder)
            for path in folder.rglob("*")
            if path.name not in OURS and not path.is_dir()
        }
        for folder in (one, other)
    ]
    return names[0] == names[1] and all(
        (one / name).is_file()
        and (other / name).is_file()
        and filecmp.cmp(one / name, other / name, shallow=False)
        for name in names[0]
    )


def _own_change(folder: Path) -> datetime:
    """When a folder itself was last changed; long ago where it is gone."""
    try:
        return datetime.fromtimestamp(os.lstat(folder).st_ctime, UTC).replace(tzinfo=None)
    except OSError:
        return datetime(1970, 1, 1)


def last_change(folder: Path) -> datetime:
    """When anything in a folder was last changed, in UTC, by the clock of its file system."""
    latest = folder.lstat().st_ctime
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            latest = max(latest, os.lstat(os.path.join(place, name)).st_ctime)
    return datetime.fromtimestamp(latest, UTC).replace(tzinfo=None)


def what_is_odd(folder: Path, bounds: Bounds = BOUNDS) -> str:
    """Why a folder of submitted work is not to be copied; nothing if it may be."""
    if stat.S_ISLNK(folder.lstat().st_mode):
        return "it is a link to another folder"
    if not os.access(folder, os.R_OK | os.X_OK):
        return "its folder may not be read"
    size = count = 0
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            facts = os.lstat(os.path.join(place, name))
            shown = printable(os.path.relpath(os.path.join(place, name), folder))
            if stat.S_ISLNK(facts.st_mode):
                return f"{shown} is a link to another file"
            if is_somebody_elses(facts, folder.lstat()):
                return f"{shown} is another user's file under a second name"
            if not stat.S_ISDIR(facts.st_mode) and not stat.S_ISREG(facts.st_mode):
                return f"{shown} is a device, a pipe or the like, and no file"
            needed = os.R_OK | (os.X_OK if stat.S_ISDIR(facts.st_mode) else 0)
            if not os.access(os.path.join(place, name), needed):
                return f"{shown} may not be read"
            size, count = size + facts.st_size, count + 1
    if size > bounds.student:
        return f"it holds more than {bounds.student // 1_000_000} MB"
    return f"it has more than {bounds.student_files} files" if count > bounds.student_files else ""


def _odd_name(student: str) -> str:
    """Why no folder is to be made for a student of this name; nothing if one may be."""
    try:
        return "" if safe_parts(student) == (student,) else "its folder has a name that is nobody's"
    except CourseError as problem:
        return str(problem)


def _write_time(folder: Path, moment: datetime) -> None:
    path = folder / "timestamp.txt"
    # The student's may be read-only: it is replaced, and not written over.
    path.unlink(missing_ok=True)
    path.write_text(moment.strftime(FORMAT), encoding="utf-8")


def _first_line(problem: Exception) -> str:
    if isinstance(problem, shutil.Error) and problem.args and problem.args[0]:
        return printable(problem.args[0][0][-1])
    return printable(str(problem).split("\n")[0])
