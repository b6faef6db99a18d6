"""Whatever one person hands in, everybody else's work is collected and graded, and that person is named.

`make fuzz` tries thousands of hand-ins; `COURSE_FUZZ=NUMBER` says how many, and `COURSE_FUZZ_SEED` where to begin.
"""

import collections
import contextlib
import os
import random
import shutil
import signal
import traceback
import types

import nbformat
import pytest
from grading import hand_ins
from small_gradebook import WEEK, SmallCourse

from course_utils.errors import CourseError
from course_utils.grading.course import Course, released_notebook
from course_utils.grading.run import GradingRun, Options
from course_utils.grading.submissions import collecting, reading
from course_utils.grading.submissions.collecting import collect

SMALL = "90_small"
MANY = int(os.environ.get("COURSE_FUZZ", "100"))
FIRST = int(os.environ.get("COURSE_FUZZ_SEED", "0"))
NOTEBOOK = nbformat.writes(
    nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1", metadata={"nbgrader": {"grade_id": "test_total"}})]
    )
)


class Found:
    """What went wrong, by kind: how often, and the seed and the trace of the first."""

    def __init__(self):
        self.times = collections.Counter()
        self.first = {}

    def add(self, seed: int, what: str) -> None:
        kind = what.strip().rpartition("\n")[2][:60]
        self.times[kind] += 1
        self.first.setdefault(kind, f"seed {seed}: {what}")

    def __str__(self):
        return f"{self.times.total()} of {MANY}\n{self.times}\n\n" + "\n".join(self.first.values())


@contextlib.contextmanager
def at_most(seconds: int):
    """What waits for a pipe, or reads without end, is stopped: that is an error, too."""

    def stop(*_):
        raise TimeoutError(f"nothing came within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A class of whom the gradebook is asked once: to open it takes longer than all the rest."""
    course = SmallCourse(tmp_path / "course")
    with course.gradebook as gradebook:
        spec, everybody = collecting._wanted(gradebook, WEEK), collecting.people(gradebook)
    monkeypatch.setattr(collecting, "Gradebook", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(collecting, "_wanted", lambda *_: spec)
    monkeypatch.setattr(collecting, "people", lambda *_: everybody)
    return course


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives_with_changed_bytes(course, tmp_path):
    """Mary's own archive is odd; José's and Wei's, before and after hers, are collected each time."""
    found = Found()
    for seed in range(FIRST, FIRST + MANY):
        rng = random.Random(seed)
        download = tmp_path / "download.zip"
        download.write_bytes(
            hand_ins.archive(
                [
                    ("quillmary_5001_900_hw.zip", hand_ins.an_upload(NOTEBOOK, rng)),
                    ("oneiljrjosé_5002_901_01_week.ipynb", NOTEBOOK),
                    ("liwei_5003_902_01_week.ipynb", NOTEBOOK),
                ]
            )
        )
        try:
            done = collect(course.coursedir, WEEK, "canvas", download)
        except Exception:
            found.add(seed, traceback.format_exc())
        else:
            hers = [line for line in done.problems if "mquill" in line]
            if set(done.new) != {"jsmith", "wli"} | ({"mquill"} if not hers else set()) or len(hers) > 1:
                found.add(seed, f"collected {done.new}, problems {done.problems}")
            if any("\n" in line or not line.isprintable() for line in done.problems + done.notes):
                found.add(seed, f"cannot be shown: {done.problems} {done.notes}")
        left = [p for p in (tmp_path / "course" / "submitted").glob("*/*") if p.name != WEEK]
        if left:
            found.add(seed, f"left over: {left}")
        hand_ins.remove(tmp_path / "course" / "submitted")
    assert not found.times, str(found)


def test_a_systems_archive_with_changed_bytes(course, tmp_path):
    """Where the whole download is damaged, that is one sentence, or whoever can still be read is collected."""
    found = Found()
    names = ("quillmary_5001_900_01_week.ipynb", "oneiljrjosé_5002_901_01_week.ipynb", "liwei_5003_902_a.zip")
    for seed in range(FIRST, FIRST + MANY):
        rng = random.Random(seed)
        kind = rng.choice(hand_ins.KINDS)
        content = (
            NOTEBOOK,
            NOTEBOOK,
            hand_ins.archive([("01_week.ipynb", NOTEBOOK)], rng.choice(hand_ins.KINDS)),
        )
        download = tmp_path / "download.zip"
        download.write_bytes(
            hand_ins.with_changed_bytes(hand_ins.archive(zip(names, content, strict=True), kind), rng)
        )
        try:
            collect(course.coursedir, WEEK, "canvas", download)
        except CourseError as problem:
            if "\n" in str(problem) or not str(problem).isprintable():
                found.add(seed, f"cannot be shown: {problem!r}")
        except Exception:
            found.add(seed, traceback.format_exc())
        hand_ins.remove(tmp_path / "course" / "submitted")
    assert not found.times, str(found)


@pytest.fixture
def grading(tmp_path, small_class, monkeypatch):
    """A class of three, of whom the gradebook is asked once."""
    shutil.copytree(small_class.folder, tmp_path / "class")
    course = Course(tmp_path / "class", apart=True)
    course.add_students({"ann": {}, "bob": {}, "zoe": {}})
    with course.gradebook as gradebook:
        students = [types.SimpleNamespace(id=student.id) for student in gradebook.students]
        cells = [
            types.SimpleNamespace(name=cell.name)
            for cell in gradebook.find_notebook(SMALL, SMALL).source_cells
        ]
    asked = types.SimpleNamespace(
        students=students, find_notebook=lambda *_: types.SimpleNamespace(source_cells=cells)
    )
    monkeypatch.setattr(reading, "open_gradebook", lambda *_: contextlib.nullcontext(asked))
    monkeypatch.setattr(reading, "notebooks_of", lambda *_: [SMALL])
    monkeypatch.setattr(reading, "take_back", lambda *_: None)
    monkeypatch.setattr(GradingRun, "_recorded", lambda _: lambda task: False)
    return GradingRun(course, SMALL, Options())


def test_folders(grading, answered, tmp_path):
    """Bob's folder is odd; Ann's and Zoe's, before and after his, are planned each time. Links lead nowhere."""
    course, found = grading.course, Found()
    good = nbformat.writes(answered(released_notebook(course, SMALL)))
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = outside / "secret.csv"
    secret.write_text("the key", encoding="utf-8")
    for student in ("ann", "zoe"):
        course.submitted(student, SMALL).mkdir(parents=True)
        (course.submitted(student, SMALL) / f"{SMALL}.ipynb").write_text(good, encoding="utf-8")
    for seed in range(FIRST, FIRST + MANY):
        folder = course.submitted("bob", SMALL)
        hand_ins.a_folder(folder, good, outside, random.Random(seed))
        try:
            with at_most(20):
                problems = grading.admit(["ann", "bob", "zoe"])
                bad = {problem.student for problem in problems}
                good_ones = [student for student in ("ann", "bob", "zoe") if student not in bad]
                tasks, others = grading.plan(good_ones)
                problems += others
                bad |= {problem.student for problem in others}
                jobs = {student: [task.job() for task in tasks] for student, tasks in tasks.items()}
        except Exception:
            found.add(seed, traceback.format_exc())
        else:
            if not {"ann", "zoe"} <= set(jobs) or ("bob" in bad) == ("bob" in jobs):
                found.add(seed, f"planned {list(jobs)}, problems {problems}")
            if any("\n" in p.sentence or not p.sentence.isprintable() for p in problems):
                found.add(seed, f"cannot be shown: {problems}")
            if any(b"the key" in data for s in jobs.get("bob", ()) for data in s.files.values()):
                found.add(seed, "a link was followed")
        if secret.read_text(encoding="utf-8") != "the key" or [*outside.iterdir()] != [secret]:
            found.add(seed, "something outside was changed")
            hand_ins.remove(outside)
            outside.mkdir()
            secret.write_text("the key", encoding="utf-8")
        hand_ins.remove(course.folder / "assignments" / "submitted" / "bob")
    assert not found.times, str(found)
