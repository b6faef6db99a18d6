"""Collecting from nbgrader's exchange, where everything that says when work was handed in belongs to the student.

The folder's name and timestamp.txt in it are written by the student's own nbgrader. What a student cannot set is the
change time that the file system keeps (st_ctime): any later change to a file moves it on, and nothing moves it back.
"""

import filecmp
import os
import shutil
import stat
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc
from traitlets import Bool, Integer

from course_utils.grading.files import is_somebody_elses
from course_utils.grading.lateness import read_timestamp
from course_utils.grading.learning_systems.unpacking import Bounds
from course_utils.grading.plain_log import FULL, is_full

BOUNDS = Bounds()
FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"
# nbgrader writes it into whatever is handed in to an exchange; course collect never takes one in.
SECRET = "submission_secret.txt"
OURS = {"timestamp.txt", SECRET}


class TrustedCollect(ExchangeCollect):
    """For ``c.ExchangeFactory.collect``: believes the clock of the exchange where a student's claim differs from it.

    A claim that is within ``tolerance`` of the last change to the work stands as it is. Any other is put aside, with
    a warning that names the student, and the work counts as handed in when it was last changed.
    Work with a link or a device in it is refused by name; everybody else's is collected, and the exit code says so.
    Work that came from elsewhere and has no time is never replaced: nothing says that the exchange's is newer.
    """

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
        super().init_src()
        kept = []
        for record in self.src_records:
            folder = Path(self.inbound_path, record["filename"])
            if problem := what_is_odd(folder):
                self._refuse(record["username"], problem)
            elif not self._stays(record["username"], folder):
                kept.append(record)
        self.src_records = kept

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
        """Collect; see nbgrader. Fails at the end if somebody's work was refused."""
        super().copy_files()
        if self._refused:
            self.fail(f"Not collected: {', '.join(self._refused)}. Everybody else's work was.")

    def _refuse(self, student: str, problem: str) -> None:
        self.log.error(
            "The work of %s was not collected: %s; ask %s to hand it in again.", student, problem, student
        )
        self._refused.append(student)

    def _path_to_record(self, path):
        # Whoever may hand in may make a folder of any name; nbgrader would stop at a time that it cannot read.
        filename = os.path.basename(path)
        parts = filename.rsplit("+", 3)
        student = parts[0]
        try:
            named = parse_utc(parts[2])
        except (ValueError, OverflowError, IndexError):
            named = None
        moment, warning = self._judge(student, Path(path), named)
        self._times[filename] = (moment, warning)
        return {"username": student, "filename": filename, "timestamp": moment}

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
                if problem := what_is_odd(own):
                    self._refuse(student, problem)
                    return
                partial = f"{dest}.{os.getpid()}.part"
                try:
                    super().do_copy(str(own), partial)
                    _write_time(Path(partial), moment)
                    os.replace(partial, dest)
                finally:
                    shutil.rmtree(partial, ignore_errors=True)
        except (OSError, RuntimeError) as problem:
            if is_full(problem):
                # That is nobody's fault, and nobody has to hand in again.
                self.fail(FULL)
            self._refuse(student, f"it cannot be copied ({_first_line(problem)})")
            return
        if warning:
            self.log.warning(warning, extra={"flag": "time"})


def is_from_elsewhere(folder: Path) -> bool:
    """Whether collected work came from a learning system or by hand, and does not say when.

    Work from the exchange bears nbgrader's secret, also where its time cannot be read.
    """
    return folder.is_dir() and read_timestamp(folder) is None and not (folder / SECRET).exists()


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
    size = count = 0
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            facts = os.lstat(os.path.join(place, name))
            shown = os.path.relpath(os.path.join(place, name), folder)
            if stat.S_ISLNK(facts.st_mode):
                return f"{shown} is a link to another file"
            if is_somebody_elses(facts, folder.lstat()):
                return f"{shown} is another user's file under a second name"
            if not stat.S_ISDIR(facts.st_mode) and not stat.S_ISREG(facts.st_mode):
                return f"{shown} is a device, a pipe or the like, and no file"
            size, count = size + facts.st_size, count + 1
    if size > bounds.student:
        return f"it holds more than {bounds.student // 1_000_000} MB"
    return f"it has more than {bounds.student_files} files" if count > bounds.student_files else ""


def _write_time(folder: Path, moment: datetime) -> None:
    path = folder / "timestamp.txt"
    # The student's may be read-only: it is replaced, and not written over.
    path.unlink(missing_ok=True)
    path.write_text(moment.strftime(FORMAT), encoding="utf-8")


def _first_line(problem: Exception) -> str:
    if isinstance(problem, shutil.Error) and problem.args and problem.args[0]:
        return str(problem.args[0][0][-1])[:200]
    return str(problem).split("\n")[0][:200]
