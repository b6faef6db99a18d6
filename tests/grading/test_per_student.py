"""What stops one person's work stops nobody else's: from collecting to the report, each by its own command."""

import errno
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import sqlalchemy
from grading import hand_ins
from processes import PATIENCE
from representatives import representatives
from rich.console import Console
from small_gradebook import WEEK, SmallCourse

from course_utils.errors import CourseError, Stopped
from course_utils.grading import console, export, run
from course_utils.grading.course import Course, released_notebook
from course_utils.grading.execution import warm_workers
from course_utils.grading.gradebook import lateness
from course_utils.grading.nbgrader_plugins import execute, feedback
from course_utils.grading.per_student import in_a_sentence, isolated, printable
from course_utils.grading.report import reading as report_reading
from course_utils.grading.report.page import write_report
from course_utils.grading.submissions import reading
from course_utils.grading.submissions.collecting import collect
from course_utils.grading.submissions.reading import students_of

SMALL = "90_small"
NAME = f"{SMALL}.ipynb"
BROKEN = os.fsdecode(b"\xff\xfe")


# ---- The guard ---------------------------------------------------------------------------------------------
def test_it_tells_what_kind_of_error_it_was_and_in_which_file():
    said = []
    with isolated("bob", "was not collected", said.append):
        raise OSError(errno.ENAMETOOLONG, "File name too long", f"/srv/{'a' * 300}\x1b[2J.csv")
    with isolated(f"b{BROKEN}", "could not be read", said.append):
        raise KeyError("cells")
    with isolated("bob", "could not be read", said.append):
        raise CourseError("This is a sentence.")
    assert said[0] == (
        f"The work of bob was not collected: File name too long ({'a' * 57}…); "
        "look at it, or ask bob to hand it in again."
    )
    assert said[1].startswith(
        "The work of b?? could not be read: KeyError: 'cells' (test_per_student.py, line "
    )
    assert said[2] == "This is a sentence."
    assert all(line.isprintable() for line in said)


@pytest.mark.parametrize(
    "problem",
    [
        Stopped("The disk is full."),
        OSError(errno.ENOSPC, "No space left on device"),
        shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")]),
        sqlalchemy.exc.OperationalError("select", {}, Exception("database is locked")),
        KeyboardInterrupt(),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_what_concerns_everybody_goes_on(problem):
    with pytest.raises(type(problem)), isolated("bob", "was not collected", pytest.fail):
        raise problem


def test_the_trace_is_kept_and_the_file_stays_small(tmp_path):
    class Coursedir:
        config = Course.create(tmp_path / "course", []).config.copy()

    Coursedir.config.Examine.cache = str(tmp_path / "kept")
    for _ in range(2):
        said = pytest.raises(CourseError, match="could not be read: ZeroDivisionError: ")
        with said, in_a_sentence(f"b{BROKEN}", "could not be read", Coursedir):
            1 / 0  # noqa: B018
    log = tmp_path / "kept" / "problems.log"
    assert log.read_text(encoding="utf-8").count("ZeroDivisionError: division by zero") == 2
    with log.open("ab") as file:
        file.truncate(10_000_000)
    with isolated("bob", "could not be read", str, Coursedir):
        raise ValueError
    assert log.stat().st_size < 10_000


def test_printable():
    assert printable(f"a\nb\x1b[2J{BROKEN}é") == "a?b?[2J??é"


# ---- An upload to a learning system ------------------------------------------------------------------------
GOOD = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
MARYS, WEIS = "quillmary_5001_900_hw.zip", f"liwei_5003_902_{WEEK}.ipynb"


def damaged(kind):
    data = bytearray(hand_ins.archive([(f"{WEEK}.ipynb", GOOD * 50)], kind))
    start = data.index(b"PK\x03\x04") + 30 + len(f"{WEEK}.ipynb")
    data[start : start + 12] = bytes(255 - byte for byte in data[start : start + 12])
    return bytes(data)


def of_another_method(number):
    data = bytearray(hand_ins.archive([(f"{WEEK}.ipynb", GOOD)]))
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.index(mark) + place] = number
    return bytes(data)


def before_the_beginning():
    """A list of contents that says that it is longer than the whole archive."""
    data = bytearray(hand_ins.archive([(f"{WEEK}.ipynb", GOOD)]))
    end = data.index(b"PK\x05\x06")
    data[end + 16 : end + 20] = b"\xff\xff\xff\x7f"
    return bytes(data)


UPLOADS = {
    "damaged LZMA": (damaged(zipfile.ZIP_LZMA), "it is packed with LZMA"),
    "damaged bzip2": (damaged(zipfile.ZIP_BZIP2), "it is packed with bzip2"),
    "damaged deflate": (damaged(zipfile.ZIP_DEFLATED), "it is damaged"),
    "wrong checksum": (damaged(zipfile.ZIP_STORED), "it is damaged"),
    "deflate64": (of_another_method(9), "it is packed with Deflate64"),
    "zstd": (of_another_method(93), "it is packed with Zstandard"),
    "before the beginning": (before_the_beginning(), "damaged|cannot be opened"),
}


@pytest.fixture
def collected(tmp_path):
    """Collects Mary's archive together with Wei's good work."""
    course = SmallCourse(tmp_path / "course")

    def run(data):
        download = tmp_path / "download.zip"
        download.write_bytes(hand_ins.archive([(MARYS, data), (WEIS, GOOD)]))
        return course, collect(course.coursedir, WEEK, "canvas", download)

    return run


@pytest.mark.parametrize("kind", UPLOADS)
def test_an_upload_that_cannot_be_unpacked(collected, kind):
    data, sentence = UPLOADS[kind]
    _, done = collected(data)
    assert done.new == ["wli"]
    (problem,) = done.problems
    assert problem.startswith("The work of mquill was not collected")
    assert any(part in problem for part in sentence.split("|"))


@pytest.mark.parametrize(
    ("name", "sentence"), [(hand_ins.WIDE, "is too long"), (hand_ins.DEEP, "is too long"), (".", "is empty")]
)
def test_a_file_that_can_have_no_name_here_is_left_out_beside_a_good_notebook(collected, name, sentence):
    _, done = collected(hand_ins.archive([(f"{WEEK}.ipynb", GOOD), (name, "1")]))
    assert (done.new, done.problems) == (["mquill", "wli"], [])
    (note,) = (note for note in done.notes if "a file was left out" in note)
    assert note.startswith("mquill: ")
    assert sentence in note


@pytest.mark.parametrize(
    "names",
    [
        [".waiting/0-2", ".waiting/1-3", ".waiting/2-4"],
        ["timestamp.txt/a.csv"],
        ["Submission_Secret.txt/a.csv"],
    ],
    ids=lambda names: names[0],
)
def test_names_that_we_use_ourselves(collected, names):
    course, done = collected(hand_ins.archive([(f"{WEEK}.ipynb", GOOD), *((name, "1") for name in names)]))
    assert (done.new, done.problems) == (["mquill", "wli"], [])
    folder = course.folder / "submitted" / "mquill" / WEEK
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert here == {f"{WEEK}.ipynb", *(name for name in names if name.startswith("."))}
    if not names[0].startswith("."):
        assert (
            f"mquill: {names[0]} was left out: nbgrader has a file of the name {names[0][:-6]}." in done.notes
        )


def test_a_folder_of_files_that_is_too_deep_for_python(tmp_path):
    course, download = SmallCourse(tmp_path / "course"), tmp_path / "download"
    download.mkdir()
    (download / WEIS).write_text(GOOD)
    hand_ins.a_deep_tree(download / "quillmary_5001_900_deep", "d" * 100, 60)
    try:
        done = collect(course.coursedir, WEEK, "canvas", download)
    finally:
        hand_ins.remove(download)
    assert done.new == ["wli"]
    assert len(done.problems) == 1
    assert "quillmary_5001_900_deep" in done.problems[0] or "mquill" in done.problems[0]


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_what_would_fill_the_memory_is_not_even_begun(collected, kind, monkeypatch):
    """Of 400 bytes of bzip2, Python makes 300 MB at once: nothing can be counted before."""
    bomb = hand_ins.archive([(f"{WEEK}.ipynb", bytes(5_000_000))], kind)
    monkeypatch.setattr(zipfile, "_get_decompressor", _only_the_usual(zipfile._get_decompressor))
    _, done = collected(bomb)
    assert done.new == ["wli"]
    assert "which is not opened: a plain zip" in done.problems[0]


def _only_the_usual(make):
    def decompressor(kind):
        assert kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        return make(kind)

    return decompressor


# ---- A folder in a class -----------------------------------------------------------------------------------
def a_folder_for_a_time(folder, outside):
    (folder / "timestamp.txt").mkdir()
    (folder / "timestamp.txt" / "a.csv").write_text("1")


def a_folder_for_a_time_and_its_note(folder, outside):
    a_folder_for_a_time(folder, outside)
    (folder / "timestamp.was_no_time.txt").mkdir()


def a_bad_time_and_a_folder_for_its_note(folder, outside):
    (folder / "timestamp.txt").write_text("soon")
    (folder / "timestamp.was_no_time.txt").mkdir()
    (folder / "timestamp.was_no_time.txt" / "a.csv").write_text("1")


def a_folder_for_the_note_of_a_link(folder, outside):
    (folder / "a.csv").symlink_to(outside)
    (folder / "a.csv.was_a_link.txt").mkdir()
    (folder / "a.csv.was_a_link.txt" / "b.csv").write_text("1")


def a_link_for_the_note_of_a_link(folder, outside):
    (folder / "a.csv").symlink_to(outside)
    (folder / "a.csv.was_a_link.txt").symlink_to(outside)


def a_folder_for_the_note_of_a_name(folder, outside):
    (folder / NAME).rename(folder / "mine.ipynb")
    (folder / f"{NAME}.was_renamed.txt").mkdir()


def a_folder_named_like_the_notebook(folder, outside):
    (folder / NAME).rename(folder / "mine.ipynb")
    (folder / NAME).mkdir()
    (folder / NAME / "a.csv").write_text("1")


def a_link_of_250_letters(folder, outside):
    (folder / ("l" * 246 + ".csv")).symlink_to(outside)
    (folder / ("é" * 125)).symlink_to(outside)


def a_name_that_is_no_text(folder, outside):
    (folder / f"{BROKEN}.csv").write_text("1")
    (folder / f"{BROKEN}.png").symlink_to(outside)


def a_notebook_whose_name_is_no_text(folder, outside):
    (folder / NAME).rename(folder / f"{BROKEN}.ipynb")


def names_that_steer_a_terminal(folder, outside):
    (folder / "\x1b[2J\n\u202e.csv").write_text("1")
    (folder / "\x1b[2J.txt").symlink_to(outside)


def a_time_that_is_a_pipe(folder, outside):
    os.mkfifo(folder / "timestamp.txt")


def a_time_without_end(folder, outside):
    with (folder / "timestamp.txt").open("wb") as file:
        file.truncate(10**12)


def a_time_before_all_clocks(folder, outside):
    (folder / "timestamp.txt").write_text("0001-01-01 00:00:00 UTC")


def a_time_after_all_tables(folder, outside):
    (folder / "timestamp.txt").write_text("9999-12-31 23:59:59 UTC")


def a_secret_that_is_a_folder(folder, outside):
    (folder / "submission_secret.txt").mkdir()
    (folder / "submission_secret.txt" / "a.csv").write_text("1")
    (folder / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")


def a_secret_that_is_no_text(folder, outside):
    (folder / "submission_secret.txt").write_bytes(b"\xff\xfe")
    (folder / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")


def folders_deeper_than_python_counts(folder, outside):
    hand_ins.a_deep_tree(folder / "deep", "d", 1_100)


def a_path_that_is_too_long(folder, outside):
    hand_ins.a_deep_tree(folder / "long", "d" * 200, 25)
    # Something in it that has to be looked at, and cannot be.
    where = os.open(folder / "long", os.O_RDONLY)
    for _ in range(17):
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=where)
        os.close(where)
        where = below
    os.symlink("nowhere", "l" * 200, dir_fd=where)
    os.close(where)


def more_files_than_anybody_needs(folder, outside):
    (folder / "many").mkdir()
    for number in range(reading.MOST_THERE):
        os.mknod(folder / "many" / f"{number}.csv")


def a_file_without_end(folder, outside):
    with (folder / "a.csv").open("wb") as file:
        file.truncate(10**13)


# What is graded as if nothing were odd, and what becomes a sentence: with a part of it.
GRADED = (
    *(a_folder_for_a_time, a_folder_for_a_time_and_its_note, a_bad_time_and_a_folder_for_its_note),
    *(a_folder_for_the_note_of_a_link, a_link_for_the_note_of_a_link, a_folder_for_the_note_of_a_name),
    *(a_folder_named_like_the_notebook, a_link_of_250_letters, a_name_that_is_no_text),
    *(a_notebook_whose_name_is_no_text, names_that_steer_a_terminal, a_time_that_is_a_pipe),
    *(a_time_before_all_clocks, a_time_after_all_tables, a_secret_that_is_a_folder, a_secret_that_is_no_text),
)
REFUSED = {
    folders_deeper_than_python_counts: "it is nested too deeply",
    a_path_that_is_too_long: "File name too long",
    more_files_than_anybody_needs: "has more than 10,000 files and folders",
    a_file_without_end: "MB, and at most 1,000 are taken",
    a_time_without_end: "MB, and at most 1,000 are taken",
}
ODD = {make.__name__: make for make in (*GRADED, *REFUSED)}
WHO = {name: f"m{number:02}" for number, name in enumerate(ODD)}


@pytest.fixture(scope="module")
def three(tmp_path_factory, small_class, answered):
    """The folder of a class of three who have handed in well."""
    shutil.copytree(small_class.folder, folder := tmp_path_factory.mktemp("three") / "class")
    course = Course(folder, apart=True)
    course.add_students({student: {} for student in ("ann", "bob", "zoe")})
    good = answered(released_notebook(course, SMALL))
    for student in ("ann", "bob", "zoe"):
        place = course.submitted(student, SMALL)
        place.mkdir(parents=True)
        nbformat.write(good, place / NAME)
    return folder


@pytest.fixture
def fresh(three, tmp_path):
    """A copy of that class for each test, in which Bob's work is to become odd."""
    shutil.copytree(three, tmp_path / "class")
    yield Course(tmp_path / "class", apart=True)
    hand_ins.remove(tmp_path / "class")


@pytest.mark.parametrize("kind", ODD)
def test_one_folder_is_planned_or_told(fresh, tmp_path, kind):
    outside = tmp_path / "outside.txt"
    outside.write_text("stays")
    ODD[kind](fresh.submitted("bob", SMALL), outside)
    grading = run.GradingRun(fresh, SMALL, run.Options())
    problems = grading.admit(grading.whose(None))
    tasks, more = grading.plan(
        [name for name in ("ann", "bob", "zoe") if name not in {p.student for p in problems}]
    )
    assert more == []
    assert outside.read_text() == "stays"
    if ODD[kind] in REFUSED:
        (problem,) = problems
        assert problem.student == "bob"
        assert REFUSED[ODD[kind]] in problem.sentence
        assert problem.sentence.isprintable()
    else:
        assert problems == []
    assert set(tasks) == {"ann", "zoe"} | ({"bob"} if ODD[kind] in GRADED else set())
    # Once more is as good as once.
    assert [p.sentence for p in grading.admit(["bob"])] == [p.sentence for p in problems]


def test_a_submission_that_comes_and_goes(fresh, monkeypatch):
    """Each call that looks at a file of Bob's may find that it is gone."""
    real, gone = Path.read_bytes, []

    def read_bytes(path):
        if "bob" in path.parts:
            gone.append(path)
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
        return real(path)

    (fresh.submitted("bob", SMALL) / "a.csv").write_text("1")
    grading = run.GradingRun(fresh, SMALL, run.Options())
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    (problem,) = grading.admit(["ann", "bob", "zoe"])
    assert gone
    assert problem.student == "bob"
    assert "No such file or directory" in problem.sentence
    monkeypatch.undo()
    assert grading.admit(["ann", "bob", "zoe"]) == []
    monkeypatch.setattr(os, "lstat", _gone_for("bob", os.lstat))
    (problem,) = grading.admit(["ann", "bob", "zoe"])
    assert problem.student == "bob"


def _gone_for(student, real):
    def lstat(path, **how):
        if f"{os.sep}{student}{os.sep}" in os.fsdecode(path):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", os.fsdecode(path))
        return real(path, **how)

    return lstat


class Quick:
    """A worker in which every test is right; and over whose work it breaks down, in a way that nobody foresaw."""

    breaks: str = ""

    def run_job(self, job):
        from course_utils.grading.execution.job import CellResult, ExecutionResult, Role, State

        if job.student == self.breaks:
            raise RecursionError
        results = [
            CellResult(state=State.RIGHT, score=cell.points) if cell.role is Role.TEST else CellResult()
            for cell in job.cells
        ]
        return ExecutionResult(job.key, "kit", job.student, "told", tuple(results))

    def open(self, *others):
        pass

    def close(self):
        pass


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(warm_workers, "Worker", lambda *_: Quick())
    monkeypatch.setattr(Quick, "breaks", "")
    yield
    warm_workers.close_workers()


def scores(course, student):
    return [grade.score for grade in course.grades(SMALL, student)]


def marks_of_bob(course):
    with course.gradebook as gradebook:
        (notebook,) = gradebook.find_submission(SMALL, "bob").notebooks
        return {grade.auto_score for grade in notebook.grades}


@pytest.mark.parametrize("step", ["planning", "running", "recording"])
def test_each_step_of_grading(fresh, quick, monkeypatch, step):
    """What breaks over Bob's work, wherever it does, is told of Bob, and takes back the marks of what came before."""
    run.grade(fresh, SMALL)
    assert marks_of_bob(fresh) == {2, 1, None}
    path = fresh.submitted("bob", SMALL) / NAME
    path.write_text(path.read_text().replace("middle = 2.0", "middle = 2"))
    if step == "planning":
        real = run.restore

        def restore(submitted, spec, student, *more):
            return 1 / 0 if student == "bob" else real(submitted, spec, student, *more)

        monkeypatch.setattr(run, "restore", restore)
    elif step == "running":
        monkeypatch.setattr(Quick, "breaks", "bob")
    else:
        real = execute.write_results

        def write_results(nb, record, spec):
            if record.student == "bob":
                raise MemoryError
            real(nb, record, spec)

        monkeypatch.setattr(execute, "write_results", write_results)
    outcome = run.grade(fresh, SMALL)
    assert outcome.graded == ["ann", "zoe"]
    (problem,) = outcome.problems
    told = {"planning": "ZeroDivisionError", "running": "nested too deeply", "recording": "it is too large"}
    assert problem.student == "bob"
    assert told[step] in problem.sentence
    assert marks_of_bob(fresh) == {None}
    monkeypatch.undo()
    monkeypatch.setattr(warm_workers, "Worker", lambda *_: Quick())
    assert run.grade(fresh, SMALL).graded == ["ann", "bob", "zoe"]
    assert marks_of_bob(fresh) == {2, 1, None}


def test_a_stranger_whose_name_is_no_text(fresh, quick, capsys):
    shutil.copytree(fresh.submitted("ann", SMALL), fresh.submitted(f"x{BROKEN}", SMALL))
    outcome = run.grade(fresh, SMALL)
    assert outcome.graded == ["ann", "bob", "zoe"]
    (problem,) = outcome.problems
    assert "x?? is not on the class list" in problem.sentence
    output = io.StringIO()
    console.show(outcome, Console(file=output, width=200))
    output.getvalue().encode()
    write_report(fresh, SMALL, fresh.folder / "report.html", names=True)
    assert "x??" in (fresh.folder / "report.html").read_text(encoding="utf-8")
    with fresh.gradebook as gradebook:
        asked = export.open_questions(gradebook, fresh.coursedir, SMALL)
    assert [str(one) for one in asked if one.question == ""] == [
        "x??: handed in, but is not on the class list"
    ]


def test_export_and_report_name_whose_work_they_cannot_look_at(fresh, quick, monkeypatch):
    run.grade(fresh, SMALL)
    fresh_glob = Path.glob

    def glob(path, pattern):
        if "autograded" in path.parts and "bob" in path.parts:
            raise OSError(errno.EIO, "Input/output error", str(path))
        return fresh_glob(path, pattern)

    monkeypatch.setattr(Path, "glob", glob)
    with fresh.gradebook as gradebook:
        asked = export.open_questions(gradebook, fresh.coursedir, SMALL)
    assert [one.student for one in asked if "cannot be looked at: Input/output error" in one.why] == ["bob"]
    monkeypatch.undo()
    real = report_reading._notes
    mine = iter([False, True, False])
    monkeypatch.setattr(report_reading, "_notes", lambda cells: [][1] if next(mine) else real(cells))
    work = report_reading.read_class(fresh, SMALL)
    assert set(work.unreadable) == {"bob"}
    assert set(work.answers["student"]) == {"ann", "zoe"}


def test_feedback_of_one(fresh, quick, monkeypatch):
    """Where no page can be made of Bob's work, and where his secret is none, everybody else's is released."""
    a_secret_that_is_a_folder(fresh.submitted("bob", SMALL), None)
    for student in ("ann", "zoe"):
        (fresh.submitted(student, SMALL) / "submission_secret.txt").write_text(student)
        (fresh.submitted(student, SMALL) / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")
    run.grade(fresh, SMALL)
    real = feedback.page

    def page(nb, resources):
        if resources["nbgrader"]["student"] == "bob":
            raise RecursionError
        return real(nb, resources)

    monkeypatch.setattr(feedback, "page", page)
    made = fresh.api.generate_feedback(SMALL)
    assert not made["success"]
    assert "The work of bob has no feedback page: it is nested too deeply" in made["log"]
    pages = fresh.folder / "assignments" / "feedback"
    assert {path.parent.parent.name for path in pages.rglob("*.html")} == {"ann", "zoe"}
    monkeypatch.undo()
    assert fresh.api.generate_feedback(SMALL)["success"]
    shutil.rmtree(pages / "bob" / SMALL / "submission_secret.txt", ignore_errors=True)
    a_secret_that_is_no_text(pages / "bob" / SMALL, None)
    released = fresh.api.release_feedback(SMALL)
    assert not released["success"]
    assert "The work of bob has no feedback in the exchange: UnicodeDecodeError" in released["log"]
    assert len(list((fresh.exchange / "port_ellery" / "feedback").glob("*.html"))) == 2


# ---- The exchange ------------------------------------------------------------------------------------------
def hand_in_to_the_exchange(course, student, good):
    folder = course.exchange / "port_ellery" / "inbound" / f"{student}+{SMALL}+2026-01-02 10:00:00 UTC+x"
    folder.mkdir(parents=True)
    nbformat.write(good, folder / NAME)
    (folder / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")
    return folder


def replaced_by_a_pipe(folder):
    (folder / "timestamp.txt").unlink()
    os.mkfifo(folder / "timestamp.txt")


def replaced_by_a_folder(folder):
    (folder / "timestamp.txt").unlink()
    (folder / "timestamp.txt").mkdir()


def too_deep(folder):
    hand_ins.a_deep_tree(folder / "deep", "d", 1_100)


def too_long(folder):
    hand_ins.a_deep_tree(folder / "long", "d" * 200, 25)


def a_link(folder):
    (folder / "a.csv").symlink_to("/etc/passwd")


IN_THE_EXCHANGE = {
    "bob": (replaced_by_a_pipe, "timestamp.txt is a device, a pipe or the like"),
    "deb": (too_deep, "nested too deeply"),
    "eve": (too_long, "File name too long"),
    "fay": (a_link, "a.csv is a link to another file"),
    f"x{BROKEN}": (lambda folder: None, "the name 'x??' cannot be a file's name"),
    "a\nb": (lambda folder: None, "the name 'a?b' cannot be a file's name"),
    # What begins with a dot is not even found.
    "..": (lambda folder: None, ""),
    "": (lambda folder: None, "the name '' is empty"),
}


def test_nbgrader_collect(fresh, answered, released):
    good = answered(released)
    shutil.rmtree(fresh.folder / "assignments" / "submitted")
    for student in ("ann", "gus", "zoe", *IN_THE_EXCHANGE):
        folder = hand_in_to_the_exchange(fresh, student, good)
        if student in IN_THE_EXCHANGE:
            IN_THE_EXCHANGE[student][0](folder)
        if student == "gus":
            # Work without a time that can be read is collected as of its last change.
            replaced_by_a_folder(folder)
    before = set((fresh.folder / "assignments").iterdir())
    ran = nbgrader(fresh, "collect", SMALL, "--update")
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    for _, sentence in IN_THE_EXCHANGE.values():
        assert sentence in ran.stderr
    collected = students_of(fresh.coursedir, SMALL)
    assert {"ann", "zoe"} <= set(collected) <= {"ann", "gus", "zoe"}
    assert set((fresh.folder / "assignments").iterdir()) - before == {
        fresh.folder / "assignments" / "submitted"
    }
    for student in ("ann", "zoe"):
        assert (fresh.submitted(student, SMALL) / NAME).is_file()


def test_nbgrader_collect_goes_on_past_a_folder_that_is_in_the_way(fresh, answered, released):
    """What was collected of Bob has a folder for its time, at which nbgrader itself stumbles."""
    (fresh.submitted("bob", SMALL) / "timestamp.txt").mkdir()
    for student in ("ann", "bob", "zoe"):
        hand_in_to_the_exchange(fresh, student, answered(released))
        if student != "bob":
            shutil.rmtree(fresh.submitted(student, SMALL))
    ran = nbgrader(fresh, "collect", SMALL, "--update")
    assert "Traceback" not in ran.stderr
    assert (ran.returncode, "bob" in ran.stderr) == (1, True)
    for student in ("ann", "zoe"):
        assert (fresh.submitted(student, SMALL) / NAME).is_file()


def nbgrader(course, *arguments, **options):
    return subprocess.run(
        [Path(sys.executable).with_name("nbgrader"), *arguments],
        cwd=course.folder / "assignments",
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        timeout=PATIENCE,
        **options,
    )


# ---- The whole way -----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def whole(tmp_path_factory, small_class, answered):
    """A class in which everybody hands in something odd but Ann and Zoe, the first and the last."""
    shutil.copytree(small_class.folder, folder := tmp_path_factory.mktemp("whole") / "class")
    course = Course(folder, apart=True)
    outside = course.folder / "outside.txt"
    outside.write_text("stays")
    good = answered(released_notebook(course, SMALL))
    course.add_students({student: {} for student in ("ann", "zoe", *WHO.values())})
    for student in ("ann", "zoe", *WHO.values()):
        folder = course.submitted(student, SMALL)
        folder.mkdir(parents=True)
        nbformat.write(good, folder / NAME)
    for name, make in ODD.items():
        make(course.submitted(WHO[name], SMALL), outside)
    # Strangers, whose names no database and no program takes.
    for name in (f"x{BROKEN}", "a\nb"):
        shutil.copytree(course.submitted("ann", SMALL), course.submitted(name, SMALL))
    yield course, outside
    hand_ins.remove(course.folder)


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("how", representatives(["nbgrader autograde", "course grade"], ["course grade"]))
def test_real_grading(whole, how, monkeypatch):
    course, outside = whole
    if how == "nbgrader autograde":
        ran = nbgrader(course, "autograde", SMALL)
        code, output = ran.returncode, ran.stdout + ran.stderr
    else:
        shutil.rmtree(course.folder / "assignments" / "autograded", ignore_errors=True)
        monkeypatch.chdir(course.folder)
        text = io.StringIO()
        code, output = console.grade_all([SMALL], console=Console(file=text, width=400)), text.getvalue()
    assert code == 1, output
    assert "Traceback" not in output
    output.encode()
    for student in ("ann", "zoe", *(WHO[make.__name__] for make in GRADED)):
        assert scores(course, student) == [2, 1, 1, None], (student, output)
    for make, sentence in REFUSED.items():
        assert scores(course, WHO[make.__name__]) == [None] * 4
        assert f"The work of {WHO[make.__name__]} " in output
        assert sentence in output
    for stranger in ("x??", "a?b"):
        assert f"{stranger} is not on the class list" in output
    assert outside.read_text() == "stays"


@pytest.mark.needs("bubblewrap")
def test_feedback_and_report_of_that_class(whole):
    course, _ = whole
    run.grade(course, SMALL)
    made = nbgrader(course, "generate_feedback", SMALL, "--force")
    assert (made.returncode, "Traceback" in made.stderr) == (0, False), made.stderr
    pages = {path.parent.parent.name for path in (course.folder / "assignments" / "feedback").rglob("*.html")}
    assert pages == {"ann", "zoe", *(WHO[make.__name__] for make in GRADED)}
    write_report(course, SMALL, course.folder / "report.html", names=True)
    page = (course.folder / "report.html").read_text(encoding="utf-8")
    for make in REFUSED:
        assert WHO[make.__name__] in page
    with course.gradebook as gradebook:
        asked = export.open_questions(gradebook, course.coursedir, SMALL)
        lateness.overview(
            lateness.hand_ins(
                gradebook, course.coursedir, SMALL, lateness.read_policy(course.coursedir.root)
            ),
            lateness.read_policy(course.coursedir.root),
            80,
        )
    waiting = {one.student for one in asked if one.question == ""}
    assert waiting == {"x??", "a?b", *(WHO[make.__name__] for make in REFUSED)}


# ---- As an ordinary user -----------------------------------------------------------------------------------
ORDINARY = """\
import json, os, sys
from course_utils.grading import run
from course_utils.grading.course import Course
os.chdir(sys.argv[1])
from pathlib import Path
grading = run.GradingRun(Course(Path(sys.argv[1])), "90_small", run.Options())
problems = grading.admit(grading.whose(None))
bad = {problem.student for problem in problems}
tasks, more = grading.plan([name for name in grading.whose(None) if name not in bad])
jobs = {name: sorted(path for task in each for path in task.job().files) for name, each in tasks.items()}
print(json.dumps([jobs, {problem.student: problem.sentence for problem in problems + more}]))
"""


@pytest.mark.needs("users")
def test_what_an_ordinary_user_may_not_read(fresh, tmp_path):
    """Without rights: Bob's file, folder, notebook, and everything; and each time the others are planned."""

    def rights(path, mode):
        path.chmod(mode)

    for student in ("file", "folder", "half", "notebook", "all", "outer"):
        shutil.copytree(fresh.submitted("ann", SMALL), fresh.submitted(student, SMALL))
        (fresh.submitted(student, SMALL) / "data").mkdir()
        (fresh.submitted(student, SMALL) / "data" / "a.csv").write_text("1")
        fresh.add_students({student: {}})
    tree = [fresh.folder, *fresh.folder.parents][: len(fresh.folder.relative_to("/tmp").parts)]
    kept = {path: path.stat() for path in tree}
    subprocess.run(["chown", "-R", "65533:65533", fresh.folder], check=True)
    rights(fresh.submitted("file", SMALL) / "data" / "a.csv", 0)
    rights(fresh.submitted("folder", SMALL) / "data", 0)
    rights(fresh.submitted("half", SMALL) / "data", 0o400)
    # What belongs to the instructor is mended; this file is somebody else's.
    rights(fresh.submitted("notebook", SMALL) / NAME, 0o600)
    os.chown(fresh.submitted("notebook", SMALL) / NAME, 0, 0)
    rights(fresh.submitted("all", SMALL), 0)
    rights(fresh.submitted("outer", SMALL).parent, 0)
    try:
        for path in kept:
            if path != fresh.folder:
                path.chmod(kept[path].st_mode | 0o055)
        ran = subprocess.run(
            [
                "setpriv",
                "--reuid=65533",
                "--regid=65533",
                "--clear-groups",
                sys.executable,
                "-c",
                ORDINARY,
                fresh.folder,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "HOME": str(fresh.folder)},
        )
    finally:
        for path, facts in kept.items():
            if path != fresh.folder:
                path.chmod(facts.st_mode)
    assert ran.returncode == 0, ran.stderr
    jobs, problems = json.loads(ran.stdout.splitlines()[-1])
    assert {"ann", "bob", "zoe"} <= set(jobs)
    assert {"half", "notebook", "all", "outer"} <= set(problems), ran.stdout
    assert set(jobs) | set(problems) == {
        "ann",
        "bob",
        "zoe",
        "file",
        "folder",
        "half",
        "notebook",
        "all",
        "outer",
    }
    for student in ("half", "all", "outer"):
        assert "Permission denied" in problems[student]
