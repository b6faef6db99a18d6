"""What one student can do to another's work on a computer that they share: two real users try, by nbgrader's own commands."""

import contextlib
import functools
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from processes import PATIENCE

from course_utils import cli
from course_utils.grading import access, run
from course_utils.grading.course import Course
from course_utils.grading.export import SYSTEMS
from course_utils.grading.report.page import write_report
from course_utils.grading.submissions import collecting
from course_utils.grading.submissions.ownership import read_notes

SMALL = "90_small"
BIN = Path(sys.executable).parent
pytestmark = pytest.mark.needs("users")


@dataclass(frozen=True)
class User:
    """A user of this computer, whose home everybody can look into, as on Debian."""

    name: str
    number: int
    home: Path

    def run(self, *command, check=False, cwd=None, **environment):
        environment |= {"HOME": str(self.home), "PATH": f"{BIN}:/usr/bin:/bin", "LANG": "C.UTF-8"}
        # As on a hub whose users have accounts: the library is that of the account.
        environment |= {"JUPYTERHUB_USER": self.name}
        who = [f"--reuid={self.number}", f"--regid={self.number}", "--clear-groups", "--"]
        done = subprocess.run(
            ["setpriv", *who, *map(str, command)],
            cwd=cwd or self.home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def nbgrader(self, course, verb):
        """One of nbgrader's commands, with the settings of the class, and with nothing that says who it is."""
        place = [f"--Exchange.assignment_dir={self.home / 'work'}"]
        here = course.folder / "assignments"
        shared = {"COURSE_EXCHANGE": str(course.exchange)}
        return self.run(BIN / "nbgrader", verb, SMALL, *place, check=True, cwd=here, **shared)

    def can(self, what, path):
        return self.run("test", f"-{what}", path).returncode == 0


@pytest.fixture(scope="module")
def place():
    """A folder that everybody may look into, and not change; pytest's own is closed."""
    folder = Path(tempfile.mkdtemp(prefix="course-users-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def users(place):
    made = []
    try:
        for word in ("one", "two"):
            name = f"course{os.getpid()}{word}"
            home = place / word
            subprocess.run(
                ["useradd", "--user-group", "--create-home", "--home-dir", home, name],
                check=True,
                capture_output=True,
            )
            made.append(name)
            home.chmod(0o755)
        import pwd

        yield [
            User(name, pwd.getpwnam(name).pw_uid, place / word)
            for name, word in zip(made, ("one", "two"), strict=True)
        ]
    finally:
        for name in made:
            subprocess.run(["userdel", name], check=True, capture_output=True)


@contextlib.contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def make_course(folder, users, small_assignment):
    """A class of both, made as an instructor does, with everything released to an exchange that all share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_EXCHANGE", str(folder / "exchange"))
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
        Course.create(folder / "kit", [small_assignment])
        # In the exchange that all share, which such a course keeps out of.
        course = Course(folder / "kit")
    course.add_students({user.name: {} for user in users})
    course.add_students({"mquill": {"first_name": "Mary", "last_name": "Quill"}})
    course.generate(SMALL)
    course.release(SMALL)
    return course


@pytest.fixture(scope="module")
def released(place, users, small_assignment):
    """A class to which everything is released, and one hand-in of each, made by nbgrader, that is kept elsewhere."""
    with umask(0o022):
        course = make_course(place / "class", users, small_assignment)
        kept = place / "class" / "kept"
        kept.mkdir()
        for user in users:
            hand_in(user, course).rename(kept / user.name)
        shutil.copytree(course.folder / "assignments", kept / "assignments")
        folders = (course.exchange, course.exchange / "port_ellery", inbound(course))
        yield course, kept, {folder: stat.S_IMODE(folder.stat().st_mode) for folder in folders}


@pytest.fixture
def course(released, monkeypatch):
    """The same class as it was before anything was handed in, for each test."""
    before, kept, modes = released
    monkeypatch.setenv("COURSE_EXCHANGE", str(before.exchange))
    yield Course(before.folder)
    here = before.folder / "assignments"
    shutil.rmtree(here)
    shutil.copytree(kept / "assignments", here)
    shutil.rmtree(before.folder / ".course", ignore_errors=True)
    for folder in inbound(before).iterdir():
        shutil.rmtree(folder)
    for folder, mode in modes.items():
        os.chown(folder, 0, -1)
        folder.chmod(mode)


def work_of(user, course, text="total = sum(patrons)"):
    """What a student has on the desk: the released notebook with one answer."""
    released = course.exchange / "port_ellery" / "outbound" / SMALL / f"{SMALL}.ipynb"
    notebook = nbformat.read(released, as_version=4)
    notebook.cells[2].source = text
    desk = user.home / "work" / SMALL
    desk.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, desk / f"{SMALL}.ipynb")
    for path in (desk.parent, desk, *desk.iterdir()):
        os.chown(path, user.number, user.number)


def inbound(course):
    return course.exchange / "port_ellery" / "inbound"


def hand_in(user, course, text="total = sum(patrons)"):
    """By nbgrader's own command, as this user. Returns the folder in the exchange."""
    before = set(inbound(course).iterdir())
    work_of(user, course, text)
    user.nbgrader(course, "submit")
    (made,) = set(inbound(course).iterdir()) - before
    return made


@pytest.fixture
def again(released):
    """A function that hands in another time what this user handed in by nbgrader, with another answer."""
    _, kept, _ = released

    def hand_in_again(user, course, text="total = sum(patrons)"):
        when = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
        folder = inbound(course) / f"{user.name}+{SMALL}+{when}+{uuid.uuid4().hex}"
        user.run("cp", "-r", "--preserve=mode", kept / user.name, folder, check=True)
        (folder / "timestamp.txt").write_text(when)
        path = folder / f"{SMALL}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[2].source = text
        nbformat.write(notebook, path)
        return folder

    return hand_in_again


def forge(user, course, name, text="total = 0", when="2099-01-01 00:00:00.000000 UTC", mark="x"):
    """What a user can do by hand: a folder in the exchange that bears any name, at any time."""
    work_of(user, course, text)
    folder = inbound(course) / f"{name}+{SMALL}+{when}+{mark}"
    user.run("cp", "-r", user.home / "work" / SMALL, folder, check=True)
    user.run("sh", "-c", f"printf '{when}' > '{folder}/timestamp.txt'", check=True)
    return folder


def collect(course, **options):
    """As Formgrader's button and `nbgrader collect` do: whether it went well, and what was said."""
    result = course.api.collect(SMALL, **options)
    return result["success"], result["log"]


def answer_of(course, student):
    path = course.submitted(student, SMALL) / f"{SMALL}.ipynb"
    return nbformat.read(path, as_version=4).cells[2].source if path.exists() else None


def command(course, *words):
    """A command of the instructor's, in the folder of the class."""
    return subprocess.run(
        [BIN / words[0], *words[1:]],
        cwd=course.folder / "assignments",
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def grade(course, students=None):
    with contextlib.chdir(course.folder):
        return run.grade(course, SMALL, students, run.Options(jobs=1, sandbox="none"))


# ---- What is left lying about --------------------------------------------------------------------------------


@pytest.fixture(
    scope="module",
    params=[pytest.param(0, id="umask 0"), pytest.param(0o022, id="umask 022", marks=pytest.mark.exhaustive)],
)
def whole_week(request, place, users, small_assignment, tmp_path_factory):
    """A course in which one handed in, another came from a learning system, and all was graded and given back."""
    with umask(request.param):
        course = make_course(place / f"week-{request.param:o}", users, small_assignment)
        hand_in(users[0], course)
        assert collect(course)[0]
        export = tmp_path_factory.mktemp("export") / "Mary Quill_1_assignsubmission_file_"
        export.mkdir(parents=True)
        shutil.copy(users[0].home / "work" / SMALL / f"{SMALL}.ipynb", export)
        (export / f"{SMALL}.ipynb").chmod(0o666)
        done = collecting.collect(course.coursedir, SMALL, "moodle", export.parent)
        assert done.new == ["mquill"]
        outcome = grade(course)
        assert sorted(outcome.graded) == sorted([users[0].name, "mquill"])
        course.give_feedback(SMALL, users[0].name)
        write_report(course, SMALL, names=True)
        exporter = SYSTEMS["csv"](
            to=str(course.folder / "assignments" / "grades.csv"), anyway=True, config=course.config
        )
        with course.gradebook as gradebook:
            exporter.write(gradebook, course.coursedir)
        users[0].nbgrader(course, "fetch_feedback")
    yield course
    for name in ("work", ".local"):
        for user in users:
            shutil.rmtree(user.home / name, ignore_errors=True)


def test_nothing_of_a_week_is_open_to_anybody_else(whole_week, users):
    one, two = users
    here = whole_week.folder / "assignments"
    for name in (one.name, "mquill"):
        for path in (here / "submitted" / name, here / "submitted" / name / SMALL):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        notebook = here / "submitted" / name / SMALL / f"{SMALL}.ipynb"
        assert stat.S_IMODE(notebook.stat().st_mode) == 0o600
    places = [here / name for name in ("submitted", "autograded", "feedback", "source")]
    places.append(whole_week.folder / ".course" / "grading")
    files = [here / name for name in ("gradebook.db", "grades.csv", f"report_{SMALL}.html")]
    folders = []
    for place in places:
        for folder, _, names in os.walk(place):
            folders.append(Path(folder))
            if (
                place.name != "source"
            ):  # the answers lie in a closed folder, and are the instructor's own files
                files += [Path(folder, name) for name in names]
    kinds = {path.name if path.suffix == ".txt" else path.suffix for path in files}
    assert kinds >= {".ipynb", ".html", ".db", ".csv", ".gz", ".json", "submission_secret.txt"}
    assert [str(path) for path in (*folders[:1], *files) if path.stat().st_mode & 0o077] == []
    assert [str(path) for path in places if path.stat().st_mode & 0o077] == []
    inner = [path for path in folders if here / "source" not in path.parents]
    assert [str(path) for path in inner if path.stat().st_mode & 0o077] == []
    for path in files:
        assert path.exists()
        assert not two.can("r", path), path
        assert not two.can("w", path), path
    assert two.run("mv", here / "submitted" / one.name / SMALL, two.home / "x").returncode != 0


def test_a_classmate_can_neither_read_nor_guess_the_feedback_of_another(whole_week, users):
    one, two = users
    (page,) = (one.home / "work" / SMALL / "feedback").glob(f"*/{SMALL}.html")
    assert one.can("r", page)
    assert not two.can("r", page)
    # Whoever knows the secret can work out what the page in the exchange is called.
    (secret,) = one.home.rglob("nbgrader_cache/port_ellery/*/submission_secret.txt")
    assert one.can("r", secret)
    assert not two.can("r", secret)
    released = whole_week.exchange / "port_ellery" / "feedback"
    assert list(released.glob("*.html"))
    assert two.run("ls", released).returncode != 0


# ---- Work in another's name ----------------------------------------------------------------------------------


def test_a_forged_hand_in_is_set_aside_and_named_when_collecting_and_when_grading(course, users, again):
    one, two = users
    real = again(one, course)
    forged = forge(two, course, one.name)
    assert forged.stat().st_uid == two.number
    collected = command(course, "nbgrader", "collect", SMALL)
    assert collected.returncode == 1
    said = f"Work in the name of {one.name} was set aside, because it was made by {two.name}"
    assert said in collected.stdout + collected.stderr
    assert "cheating attempt" not in collected.stdout + collected.stderr
    assert answer_of(course, one.name) == "total = sum(patrons)"
    assert forged.is_dir()
    assert real.is_dir()
    graded = command(course, "course", "grade", SMALL, "--sandbox=none", "--jobs=1")
    assert graded.returncode == 1, graded.stdout + graded.stderr
    assert "1 graded" in graded.stdout
    assert "to settle" in graded.stdout
    assert said in graded.stdout
    shutil.rmtree(forged)
    collected = command(course, "nbgrader", "collect", SMALL)
    assert collected.returncode == 0, collected.stdout + collected.stderr
    graded = command(course, "course", "grade", SMALL, "--sandbox=none", "--jobs=1")
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert two.name not in graded.stdout


def test_two_forgeries_that_are_newer_than_the_real_one(course, users, again):
    one, two = users
    again(one, course)
    forge(two, course, one.name, mark="x")
    forge(two, course, one.name, mark="y", when="2098-01-01 00:00:00.000000 UTC")
    went_well, log = collect(course)
    assert not went_well
    assert "and 1 more like it" in log
    assert answer_of(course, one.name) == "total = sum(patrons)"


def test_update_takes_the_newest_of_ones_own_and_no_forgery(course, users, again):
    one, two = users
    again(one, course, "total = 1")
    assert collect(course)[0]
    forge(two, course, one.name)
    went_well, log = collect(course, update=True)
    assert not went_well
    assert f"Updating submission: {one.name}" not in log
    assert answer_of(course, one.name) == "total = 1"
    again(one, course, "total = 2")
    assert not collect(course, update=True)[0]
    assert answer_of(course, one.name) == "total = 2"
    assert [student for student, _ in read_notes(course.coursedir, SMALL)] == [one.name]


def test_the_newest_before_the_due_date_is_ones_own(course, users, again):
    one, two = users
    again(one, course)
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(SMALL, duedate="2000-01-01 00:00:00 UTC")
    forge(two, course, one.name, when="1999-01-01 00:00:00.000000 UTC")
    course.api.config.TrustedCollect.before_duedate = True
    course.api.config.TrustedCollect.trusted_time = False
    assert not collect(course)[0]
    assert answer_of(course, one.name) == "total = sum(patrons)"


def test_only_a_forgery_is_collected_from_nobody_and_named_all_the_same(course, users):
    one, two = users
    forge(two, course, one.name)
    went_well, log = collect(course)
    assert not went_well
    assert "there is none of their own" in log
    assert answer_of(course, one.name) is None
    outcome = grade(course)
    assert outcome.graded == []
    assert not outcome.is_whole
    ((student, sentence),) = outcome.to_settle
    assert student == one.name
    assert f"made by {two.name}" in sentence


def take_in_as_before(course, forged, student):
    """What an earlier kit did: the forged work is what was collected."""
    there = course.submitted(student, SMALL)
    shutil.copytree(forged, there)
    return there


@pytest.mark.parametrize("update", [False, True])
def test_a_forgery_that_was_collected_before_gives_way_to_the_real_work(course, users, again, update):
    one, two = users
    again(one, course)
    forged = forge(two, course, one.name)
    take_in_as_before(course, forged, one.name)
    went_well, log = collect(course, update=update)
    assert not went_well
    assert "their own was collected in place of it" in log
    assert answer_of(course, one.name) == "total = sum(patrons)"


def test_a_forgery_that_was_collected_before_stays_where_nothing_else_is_and_is_named(course, users):
    one, two = users
    forged = forge(two, course, one.name)
    there = take_in_as_before(course, forged, one.name)
    went_well, log = collect(course)
    assert not went_well
    assert f"rm -r submitted/{one.name}/{SMALL} takes it out" in log
    assert there.is_dir()
    assert [student for student, _ in read_notes(course.coursedir, SMALL)] == [one.name]


def test_a_forged_copy_of_the_same_work_does_not_push_out_the_real_one(course, users, again):
    """To make it late: the same notebook, in the other's name, with a later time."""
    one, two = users
    again(one, course)
    assert collect(course)[0]
    (notebook,) = course.submitted(one.name, SMALL).glob("*.ipynb")
    before = notebook.stat().st_ino
    forge(two, course, one.name, text="total = sum(patrons)")
    assert not collect(course, update=True)[0]
    assert notebook.stat().st_ino == before


def test_a_file_of_somebody_elses_in_ones_work_is_told(course, users, again):
    one, two = users
    older = again(one, course, "total = 1")
    newer = again(one, course, "total = 2")
    # nbgrader lets everybody write there who knows the name; it is hard to guess.
    two.run("cp", two.home / ".profile", newer / "data.csv", check=True)
    went_well, log = collect(course)
    assert not went_well
    assert f"data.csv in it belongs to {two.name}" in log
    assert older.is_dir()
    assert answer_of(course, one.name) == "total = 1"


@pytest.mark.parametrize("whose", ["a classmate's", "the instructor's"])
def test_another_name_for_a_file_of_somebody_elses_is_told(course, users, again, whose):
    one, two = users
    folder = again(one, course)
    target = again(two, course) / f"{SMALL}.ipynb"
    if whose == "the instructor's":
        target = course.folder / "key.ipynb"
        target.write_text("{}")
    # The system lets a student make one only in part; here it is there.
    os.link(target, folder / "data.ipynb")
    went_well, log = collect(course)
    assert not went_well
    assert "data.ipynb in it belongs to" in log
    assert answer_of(course, one.name) is None


def test_work_in_a_name_that_no_user_has_is_set_aside_and_the_setting_is_named(course, users):
    _, two = users
    forge(two, course, "mquill")
    went_well, log = collect(course)
    assert not went_well
    assert f"made by {two.name}, and mquill is no user of this computer" in log
    assert "c.TrustedCollect.check_owner = False" in log


def test_where_all_share_one_account_the_setting_takes_everything(course, users):
    one, two = users
    forge(two, course, one.name)
    forge(two, course, "mquill")
    assert not collect(course)[0]
    assert read_notes(course.coursedir, SMALL)
    course.api.config.TrustedCollect.check_owner = False
    went_well, log = collect(course)
    assert went_well, log
    assert "cheating" not in log
    assert answer_of(course, one.name) == answer_of(course, "mquill") == "total = 0"
    assert read_notes(course.coursedir, SMALL) == []


def test_what_the_instructor_hands_in_for_somebody_counts(course, users):
    one, _ = users
    folder = inbound(course) / f"{one.name}+{SMALL}+2026-01-01 00:00:00.000000 UTC+mail"
    folder.mkdir()
    shutil.copy(course.exchange / "port_ellery" / "outbound" / SMALL / f"{SMALL}.ipynb", folder)
    assert collect(course)[0]
    assert answer_of(course, one.name)


def test_collecting_one_student_leaves_the_notes_of_the_others(course, users):
    one, two = users
    forge(two, course, one.name)
    forged = forge(one, course, two.name)
    collect(course)
    assert [student for student, _ in read_notes(course.coursedir, SMALL)] == sorted([one.name, two.name])
    shutil.rmtree(forged)
    assert command(course, "nbgrader", "collect", SMALL, f"--student={two.name}").returncode == 0
    assert [student for student, _ in read_notes(course.coursedir, SMALL)] == [one.name]


def test_the_note_is_closed_too(course, users):
    one, two = users
    forge(two, course, one.name)
    collect(course)
    (note,) = (course.folder / "assignments" / "submitted").glob(".*.json")
    assert json.loads(note.read_text())
    assert not two.can("r", note)
    assert note.stat().st_mode & 0o077 == 0


# ---- The exchange --------------------------------------------------------------------------------------------


def test_a_student_can_rename_neither_the_course_nor_anybodys_hand_in(course, users, again):
    one, two = users
    folder = again(one, course)
    assert stat.S_IMODE(course.exchange.stat().st_mode) == 0o1777
    for path in (course.exchange / "port_ellery", folder):
        assert two.run("mv", path, path.with_name("stolen")).returncode != 0
        assert two.run("rm", "-r", path).returncode != 0
    assert folder.is_dir()
    # And the instructor can still clear up.
    listed = command(course, "nbgrader", "list", "--inbound", "--remove")
    assert listed.returncode == 0, listed.stderr
    assert not folder.exists()


def test_an_exchange_of_ones_own_is_mended_when_something_is_released(course):
    course.exchange.chmod(0o777)
    inbound(course).chmod(0o2733)
    course.release(SMALL)
    assert stat.S_IMODE(course.exchange.stat().st_mode) == 0o1777
    assert stat.S_IMODE(inbound(course).stat().st_mode) == 0o3733


# ---- What the doctor says ------------------------------------------------------------------------------------


def doctor(course, monkeypatch, capsys):
    monkeypatch.chdir(course.folder)
    monkeypatch.setattr("course_utils.grading.sandbox.launcher._backends", list)
    monkeypatch.setenv("COURSE_SANDBOX", "none")
    code = cli.main(["doctor"])
    return code, capsys.readouterr().out


def test_the_doctor_finds_nothing_in_a_class_that_the_kit_made(course, users, again, monkeypatch, capsys):
    again(users[0], course)
    assert collect(course)[0]
    code, said = doctor(course, monkeypatch, capsys)
    assert code == 0, said
    assert "good: the gradebook: nobody else can read or change this" in said
    assert "good: submitted: nobody else can read or change this" in said


OPENED = {
    "gradebook": ("assignments/gradebook.db", 0o644, "the gradebook: everybody on this computer can read g"),
    "gradebook, to write": ("assignments/gradebook.db", 0o666, "the gradebook: everybody on this computer can read and"),
    "answers": ("assignments/source", 0o755, "the answers: everybody on this computer can read source"),
    "collected": ("assignments/submitted", 0o711, "submitted: everybody on this computer can read submitted"),
    "records": (".course/grading", 0o755, "the records of grading: everybody on this computer can read grading"),
    "settings": ("assignments/nbgrader_config.py", 0o666, "the settings: everybody on this computer can"),
    "all of it": ("assignments", 0o777, "the settings: everybody on this computer can put something else in"),
    "exchange": ("../exchange", 0o777, "the exchange: any student can rename or remove the course in it"),
    "inbound": ("../exchange/port_ellery/inbound", 0o2733, "the exchange: any student can rename what others"),
    "hand-ins": ("../exchange/port_ellery/inbound", 0o3737, "the exchange: everybody can see who handed in"),
    "feedback": ("../exchange/port_ellery", 0o777, "the exchange: others can change its folder port_ellery"),
}  # fmt: skip


@pytest.mark.parametrize("kind", OPENED)
def test_the_doctor_names_what_is_open_and_the_command_it_gives_mends_it(
    course, users, monkeypatch, capsys, kind
):
    where, mode, sentence = OPENED[kind]
    path = course.folder / where
    path.parent.mkdir(exist_ok=True)
    path.mkdir(parents=True, exist_ok=True) if not path.suffix else None
    path.chmod(mode)
    code, said = doctor(course, monkeypatch, capsys)
    assert code == 1
    (line,) = (line for line in said.splitlines() if line.startswith(f"missing: {sentence}"))
    for _ in range(2):  # one place may be open in two ways
        for typed in [line.partition("; type ")[2] for line in said.splitlines() if "; type " in line]:
            subprocess.run(typed, shell=True, check=True)
        code, said = doctor(course, monkeypatch, capsys)
    assert code == 0, (line, said)


def test_the_doctor_names_a_course_that_a_student_made_first(course, users, monkeypatch, capsys):
    os.chown(course.exchange / "port_ellery", users[1].number, users[1].number)
    code, said = doctor(course, monkeypatch, capsys)
    assert code == 1
    assert f"its folder port_ellery belongs to {users[1].name}" in said


def test_a_group_with_a_classmate_in_it_counts_and_ones_own_does_not(course, users):
    gradebook = course.folder / "assignments" / "gradebook.db"
    gradebook.chmod(0o640)
    os.chown(gradebook, users[0].number, users[0].number)
    find = functools.partial(access.look, course.folder)
    assert all(finding.good for finding in find()[0])
    os.chown(gradebook, users[0].number, users[1].number)
    bad = [finding.sentence for finding in find()[0] if not finding.good]
    assert len(bad) == 1, bad
    assert f"the group {users[1].name} can read gradebook.db" in bad[0]


def test_an_example_class_may_be_open(small_assignment, place, monkeypatch, capsys):
    monkeypatch.delenv("COURSE_EXCHANGE", raising=False)
    with umask(0o022):
        course = Course.create(place / "example", [small_assignment])
        course.add_students({"root": {}})
    (course.folder / "assignments" / "gradebook.db").chmod(0o644)
    code, said = doctor(course, monkeypatch, capsys)
    shutil.rmtree(course.folder)
    assert code == 0
    assert "missing: the gradebook: everybody on this computer can read gradebook.db" in said
