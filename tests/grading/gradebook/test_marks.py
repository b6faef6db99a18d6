"""How marks come into the gradebook, and what there waits for a person; with a worker that says what it is told to say."""

import csv
import dataclasses
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from representatives import representatives

from course_utils.grading import console, regrade, run
from course_utils.grading.course import Course, released_notebook
from course_utils.grading.execution import pool, warm_workers
from course_utils.grading.execution.job import CellError, CellResult, ExecutionResult, Role, State
from course_utils.grading.gradebook.lateness import set_due_date
from course_utils.grading.gradebook.marks import (
    BY_HAND,
    NOT_GRADED,
    NOT_READ,
    SEEN_BEFORE,
    marks_of,
    needs_review,
)
from course_utils.grading.nbgrader_plugins import execute
from course_utils.grading.sandbox.launcher import SandboxMissing

SMALL = "90_small"


class Told:
    """A worker in which every test ends as the test of the grading wants it."""

    says: dict = {}
    examined: list = []

    def run_job(self, job):
        Told.examined.append(job.student)
        results = []
        for cell in job.cells:
            if cell.role is Role.TEST:
                result = CellResult(
                    state=State.RIGHT, score=cell.points, message=f"{cell.grade_id} is right."
                )
                results.append(dataclasses.replace(result, **Told.says.get((job.student, cell.grade_id), {})))
            else:
                results.append(CellResult(seconds=0.1, cpu=0.05))
        return ExecutionResult(job.key, "kit", job.student, "told", tuple(results))

    def open(self, *others):
        pass

    def close(self):
        pass


@pytest.fixture(autouse=True)
def told(monkeypatch):
    monkeypatch.setattr(Told, "says", {})
    monkeypatch.setattr(Told, "examined", [])
    monkeypatch.setattr(warm_workers, "Worker", lambda *_: Told())
    warm_workers.close_workers()
    yield Told
    warm_workers.close_workers()


@pytest.fixture(scope="module")
def template(tmp_path_factory, small_assignment, answered):
    """The folder of a class of three, who have handed in."""
    course = Course.create(tmp_path_factory.mktemp("template"), [small_assignment])
    course.generate(SMALL)
    for student in ("ada", "bob", "cyd"):
        course.add_students({student: {}})
        hand_in(course, student, answered(released_notebook(course, SMALL)))
    return course.folder


@pytest.fixture
def course(tmp_path, template):
    """A class of three of its own for each test."""
    return Course(shutil.copytree(template, tmp_path / "class"), apart=True)


def hand_in(course, student, notebook, assignment=SMALL):
    folder = course.submitted(student, assignment)
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{assignment}.ipynb")


def marks(course, student, grade_id):
    with course.gradebook as gradebook:
        return marks_of(gradebook, SMALL)[student, SMALL, grade_id]


def looks(course, **options):
    with course.gradebook as gradebook:
        return needs_review(gradebook, SMALL, **options)


def autograded(course, student):
    path = course.folder / "assignments" / "autograded" / student / SMALL / f"{SMALL}.ipynb"
    return nbformat.read(path, as_version=4)


def test_points_and_reasons(course, told):
    cell_error = CellError("NameError", "name 'x' is not defined", "total", 1, "x")
    told.says = {
        ("ada", "test_total"): {
            "score": None,
            "state": State.OUR_FAULT,
            "review": "the score came back as nan",
        },
        ("bob", "test_total"): {
            "score": 0.5,
            "state": State.PARTLY,
            "misconception": "counted",
            "message": "half",
        },
        ("cyd", "test_name"): {"score": 1.0, "review": "it looks at stack frames"},
        ("cyd", "test_total"): {"score": 0.0, "state": State.ERROR, "cell_error": cell_error},
    }
    outcome = run.grade(course, SMALL)
    assert outcome.graded == ["ada", "bob", "cyd"]
    assert not outcome.is_whole
    assert marks(course, "ada", "test_total") == (None, None, True)
    assert marks(course, "ada", "test_middle") == (1, None, False)
    assert marks(course, "bob", "test_total") == (0.5, None, False)
    assert marks(course, "cyd", "test_name") == (1.0, None, True)
    assert outcome.to_review == [
        ("ada", "total", "the score came back as nan"),
        ("cyd", "name", "it looks at stack frames"),
    ]
    assert sorted(outcome.by_hand) == [(student, "Question 4") for student in ("ada", "bob", "cyd")]
    about = next(
        cell
        for cell in autograded(course, "cyd").cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "test_total"
    )
    assert about.metadata.course == {
        "role": "test",
        "state": "error in your code",
        "score": 0.0,
        "points": 2.0,
        "message": "test_total is right.",
        "misconception": None,
        "review": "",
        "cell_error": {
            "kind": "NameError",
            "said": "name 'x' is not defined",
            "cell": "total",
            "line": 1,
            "code": "x",
            "timed_out": False,
        },
        "seconds": 0,
        "cpu": 0,
    }


def test_what_waits_for_a_person_is_called_by_its_reason(course, told):
    with course.gradebook as gradebook:
        gradebook.update_or_create_submission(SMALL, "bob")
        for grade in gradebook.find_submission_notebook(SMALL, SMALL, "bob").grades:
            grade.needs_manual_grade = False
        gradebook.db.commit()
    assert {why for student, _, why in looks(course) if student == "bob"} == {NOT_GRADED, BY_HAND}
    assert {why for _, _, why in looks(course, coursedir=course.coursedir)} == {NOT_READ}
    run.grade(course, SMALL)
    assert looks(course) == [(student, "in_words", BY_HAND) for student in ("ada", "bob", "cyd")]
    for student in ("ada", "bob", "cyd"):
        course.mark_by_hand(SMALL, student, 2)
    assert looks(course) == []


def test_marks_by_hand_are_kept_and_looked_at_again_when_graded_anew(course, told, answered, released):
    run.grade(course, SMALL)
    with course.gradebook as gradebook:
        grade = gradebook.find_grade("test_total", SMALL, SMALL, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    run.grade(course, SMALL)
    assert marks(course, "ada", "test_total") == (2, 1.5, False), "nothing changed, so nothing is asked"
    hand_in(course, "ada", answered(released, total="total = 5"))
    outcome = run.grade(course, SMALL)
    assert marks(course, "ada", "test_total") == (2, 1.5, True)
    assert outcome.to_review == [("ada", "total", SEEN_BEFORE)]


def test_words_that_are_others_than_those_that_were_marked_are_looked_at_again(
    course, told, answered, released
):
    run.grade(course, SMALL)
    course.mark_by_hand(SMALL, "ada", 1)
    course.mark_by_hand(SMALL, "bob", 2)
    hand_in(course, "bob", answered(released, total="total = 5"))
    outcome = run.grade(course, SMALL)
    assert marks(course, "bob", "in_words") == (None, 2, False), "other code, and the same words"
    essay = answered(released)
    essay.cells[-1].source = "An essay, at last."
    hand_in(course, "ada", essay)
    outcome = run.grade(course, SMALL)
    assert marks(course, "ada", "in_words") == (None, 1, True)
    assert [(student, why) for student, _, why in outcome.to_review] == [("ada", SEEN_BEFORE)]
    with course.gradebook as gradebook:
        gradebook.find_grade("in_words", SMALL, SMALL, "ada").needs_manual_grade = False
        gradebook.db.commit()
    assert run.grade(course, SMALL, options=run.Options(fresh=True)).to_review == []


def test_a_mark_by_hand_is_not_asked_for_again_where_nothing_changed(course, told):
    run.grade(course, SMALL)
    with course.gradebook as gradebook:
        grade = gradebook.find_grade("test_total", SMALL, SMALL, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    autograded_before = autograded(course, "ada")
    (course.folder / "assignments" / "autograded" / "ada" / SMALL / f"{SMALL}.ipynb").unlink()
    run.grade(course, SMALL)
    assert autograded(course, "ada") == autograded_before, "it was entered once more"
    assert marks(course, "ada", "test_total") == (2, 1.5, False)


def settle(course, grade_id, manual_score, student="ada"):
    """What Formgrader writes when somebody gives points, or agrees to those that are there."""
    with course.gradebook as gradebook:
        grade = gradebook.find_grade(grade_id, SMALL, SMALL, student)
        grade.manual_score, grade.needs_manual_grade = manual_score, False
        gradebook.db.commit()


@pytest.mark.parametrize(
    ("says", "manual"),
    [
        ({"review": "it looks at stack frames"}, 1.5),
        ({"review": "it looks at stack frames"}, None),
        ({"score": None, "state": State.OUR_FAULT, "review": "the test stopped"}, 1),
    ],
    ids=["other points", "agreed to", "our fault"],
)
def test_what_somebody_has_settled_is_not_asked_again_over_the_same_work(
    course, told, answered, released, says, manual
):
    told.says = {("ada", "test_total"): says}
    assert [student for student, *_ in run.grade(course, SMALL).to_review] == ["ada"]
    settle(course, "test_total", manual)
    settled = marks(course, "ada", "test_total")
    for _ in range(2):
        assert run.grade(course, SMALL, options=run.Options(fresh=True)).to_review == []
        assert marks(course, "ada", "test_total") == settled
    hand_in(course, "ada", answered(released, total="total = 5"))
    assert [student for student, *_ in run.grade(course, SMALL).to_review] == ["ada"]
    assert marks(course, "ada", "test_total").needs_manual_grade


def test_what_comes_up_after_a_mark_by_hand_is_asked(course, told):
    """The mark was given before anybody knew of it."""
    run.grade(course, SMALL)
    settle(course, "test_total", 1.5)
    told.says = {("ada", "test_total"): {"review": "it looks at stack frames"}}
    assert run.grade(course, SMALL, options=run.Options(fresh=True)).to_review == [
        ("ada", "total", "it looks at stack frames")
    ]


def test_a_record_of_other_work_is_not_used(course, told, tmp_path):
    """A cached file under the name of another one, or with too few results: it is run again."""
    run.grade(course, SMALL)
    grading = run.GradingRun(course, SMALL, run.Options())
    (spec,) = grading.specs
    tasks = {student: grading.task(student, spec) for student in ("ada", "bob")}
    records = grading.examine.results
    good = {student: records.get(task.entry) for student, task in tasks.items()}
    told.says = {("ada", "test_total"): {"score": 0.5, "state": State.PARTLY}}
    for wrong in (
        good["bob"],
        dataclasses.replace(good["ada"], student="bob"),
        dataclasses.replace(good["ada"], key=good["bob"].key),
        dataclasses.replace(good["ada"], results=good["ada"].results[:-1]),
    ):
        records.put(tasks["ada"].entry, wrong)
        shutil.rmtree(course.folder / "assignments" / "autograded" / "ada")
        outcome = run.grade(course, SMALL)
        assert (outcome.executed, outcome.problems) == (1, [])
        assert marks(course, "ada", "test_total").auto_score == 0.5
        assert records.get(tasks["ada"].entry).is_of(tasks["ada"].job())


def test_only_what_changed_runs_again(course, told, answered, released):
    run.grade(course, SMALL)
    assert sorted(told.examined) == ["ada", "bob", "cyd"]
    outcome = run.grade(course, SMALL)
    assert (outcome.executed, outcome.recorded, outcome.graded) == (0, 0, ["ada", "bob", "cyd"])
    hand_in(course, "bob", answered(released, total="total = 5"))
    outcome = run.grade(course, SMALL)
    assert (outcome.executed, outcome.recorded) == (1, 1)
    assert told.examined[3:] == ["bob"]


def test_fresh_runs_everything_again(course, told):
    run.grade(course, SMALL)
    outcome = run.grade(course, SMALL, options=run.Options(fresh=True))
    assert (outcome.executed, outcome.recorded) == (3, 3)


def test_a_fault_of_ours_is_tried_again(course, told):
    told.says = {("ada", "test_total"): {"score": None, "state": State.OUR_FAULT, "review": "the test broke"}}
    run.grade(course, SMALL)
    told.says = {}
    outcome = run.grade(course, SMALL)
    assert (outcome.executed, outcome.recorded, outcome.to_review) == (1, 1, [])
    assert marks(course, "ada", "test_total") == (2, None, False)


@pytest.mark.parametrize("lost", ["gradebook", "autograded", "a mark", "cache"])
def test_what_was_lost_is_made_again(course, told, lost):
    run.grade(course, SMALL)
    assignments = course.folder / "assignments"
    if lost == "gradebook":
        (assignments / "gradebook.db").unlink()
        course.generate(SMALL)
        course.add_students({student: {} for student in ("ada", "bob", "cyd")})
    elif lost == "autograded":
        shutil.rmtree(assignments / "autograded" / "ada")
    elif lost == "a mark":
        with course.gradebook as gradebook:
            gradebook.find_grade("test_total", SMALL, SMALL, "ada").auto_score = 0
            gradebook.db.commit()
    else:
        shutil.rmtree(course.grading_folder)
    outcome = run.grade(course, SMALL)
    assert outcome.executed == 0, "the cache, or the marks that are in, know it"
    assert outcome.recorded == {"gradebook": 3, "cache": 0}.get(lost, 1)
    assert marks(course, "ada", "test_total") == (2, None, False)
    assert autograded(course, "ada").metadata.course.stamp


def test_one_student_alone(course, told):
    outcome = run.grade(course, SMALL, ["bob"])
    assert outcome.graded == told.examined == ["bob"]
    assert list((course.folder / "assignments" / "autograded").iterdir())[0].name == "bob"


def test_names_that_look_like_patterns(course, told, answered, released):
    for student in ("a[d]a", "b*", "c?d"):
        course.add_students({student: {}})
        hand_in(course, student, answered(released))
    outcome = run.grade(course, SMALL, ["a[d]a", "b*", "c?d"])
    assert outcome.graded == sorted(told.examined) == ["a[d]a", "b*", "c?d"]


def test_a_later_due_date_counts_without_grading_again(course, told):
    (course.submitted("ada", SMALL) / "timestamp.txt").write_text("2026-01-03 10:00:00 UTC")
    (course.folder / "assignments" / "late.toml").write_text('[penalty]\npoints = 1\nper = "day"\n')

    def penalty(due):
        with course.gradebook as gradebook:
            gradebook.update_or_create_assignment(SMALL, duedate=due)
        run.grade(course, SMALL)
        with course.gradebook as gradebook:
            return gradebook.find_submission(SMALL, "ada").late_submission_penalty

    assert penalty("2026-01-01 12:00 UTC") == 2
    assert penalty("2026-01-02 12:00 UTC") == 1
    assert penalty("2026-01-05 12:00 UTC") in (None, 0)
    assert told.examined.count("ada") == 1


LATE = "[penalty]\npercent = 20\n"


def late_class(course):
    """Ada is a day late and loses a fifth; nobody has been graded yet."""
    (course.folder / "assignments" / "late.toml").write_text(LATE)
    (course.submitted("ada", SMALL) / "timestamp.txt").write_text("2026-09-15 20:00:00 UTC")
    with course.gradebook as gradebook:
        set_due_date(gradebook, SMALL, datetime(2026, 9, 14, 22))


def exported(course, monkeypatch, capsys):
    """The points that `course export` sends for Ada, its exit code, and what it says."""
    from course_utils import cli

    monkeypatch.chdir(course.folder / "assignments")
    path = course.folder / "grades.csv"
    path.unlink(missing_ok=True)
    code = cli.main(["export", SMALL, "--to", "csv", "--out", str(path)])
    with path.open(encoding="utf-8-sig", newline="") as file:
        (points,) = [row["score"] for row in csv.DictReader(file) if row["student_id"] == "ada"]
    return float(points), code, capsys.readouterr().err


# Where grading may be killed: before what late work costs is worked out for everybody at the end, and just when
# one student's marks are in.
KILLED = {
    "at the end": "run.GradingRun.settle_late_work = lambda *_: os._exit(9)",
    "after one": "run.GradingRun.record = after(run.GradingRun.record)",
    "when the marks are in": "marks.KeptWork.now = lambda *_: os._exit(9)",
}


@pytest.mark.parametrize("moment", representatives(KILLED, ["after one"]))
def test_killed_before_late_work_is_worked_out(course, told, monkeypatch, capsys, moment):
    late_class(course)
    script = (
        "import os, sys; sys.path[:0] = sys.argv[2:]\n"
        "from grading.gradebook import test_marks as told\n"
        "from course_utils.grading import course, run; from course_utils.grading.gradebook import marks\n"
        "told.warm_workers.Worker = lambda *_: told.Told()\n"
        "def after(step):\n"
        "    return lambda *given: (step(*given), os._exit(9))\n"
        f"{KILLED[moment]}\n"
        f"run.grade(course.Course(sys.argv[1], apart=True), {SMALL!r}, ['ada'])"
    )
    command = [sys.executable, "-c", script, str(course.folder), str(Path(__file__).parents[2])]
    assert subprocess.run(command, check=False).returncode == 9
    with course.gradebook as gradebook:
        submission = gradebook.find_submission(SMALL, "ada")
        assert (submission.score, submission.late_submission_penalty) == (4, pytest.approx(0.8))
    run.grade(course, SMALL)
    for student in ("ada", "bob", "cyd"):
        course.mark_by_hand(SMALL, student, 3)
    assert exported(course, monkeypatch, capsys)[:2] == (pytest.approx(7 * 0.8), 0)


def test_export_works_out_what_late_work_costs_now(course, told, monkeypatch, capsys):
    """As if grading had been killed, or after marks by hand, or after more time was given: never the earlier points."""
    late_class(course)
    run.grade(course, SMALL)
    for student in ("ada", "bob", "cyd"):
        course.mark_by_hand(SMALL, student, 3)
    points, code, said = exported(course, monkeypatch, capsys)
    assert (points, code) == (pytest.approx(7 * 0.8), 0)
    assert said == (
        "Worked out anew, because it was late: ada loses 1.4 points of 90_small, and lost 0.8 before.\n"
    )
    assert exported(course, monkeypatch, capsys) == (points, 0, "")
    with course.gradebook as gradebook:
        submission = gradebook.find_submission(SMALL, "ada")
        assert submission.late_submission_penalty == pytest.approx(1.4)
        submission.notebooks[0].late_submission_penalty = None
        gradebook.db.commit()
    assert exported(course, monkeypatch, capsys)[:2] == (points, 0)
    more_time = '[[extension]]\nstudent = "ada"\nhours = 48\n'
    (course.folder / "assignments" / "late.toml").write_text(LATE + more_time)
    points, code, said = exported(course, monkeypatch, capsys)
    assert (points, code) == (7, 0)
    assert "ada loses 0 points of 90_small, and lost 1.4 before" in said


def test_work_without_a_time_has_none_in_the_gradebook(course, told):
    """It was graded with a late time; then other work without a time came in its place."""
    stamp = course.submitted("ada", SMALL) / "timestamp.txt"
    (course.folder / "assignments" / "late.toml").write_text("[penalty]\npoints = 1\n")
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(SMALL, duedate="2026-01-01 12:00 UTC")

    def graded(grade):
        grade()
        with course.gradebook as gradebook:
            submission = gradebook.find_submission(SMALL, "ada")
            return submission.timestamp, submission.late_submission_penalty

    for grade in (lambda: run.grade(course, SMALL), lambda: course.autograde(SMALL, "ada")):
        stamp.write_text("2026-01-03 10:00:00 UTC")
        when, penalty = graded(lambda: run.grade(course, SMALL))
        assert (str(when), penalty) == ("2026-01-03 10:00:00", 2)
        stamp.unlink()
        assert graded(grade) in ((None, 0), (None, None))
    assert run.grade(course, SMALL).recorded == 0
    stamp.write_text("2026-01-03 10:00:00 UTC")
    run.grade(course, SMALL)
    stamp.unlink()
    (stamp.parent / f"{SMALL}.ipynb").write_text("no notebook")
    when, _ = graded(lambda: run.grade(course, SMALL))
    assert when is None


def test_work_that_cannot_be_graded_is_not_said_to_lose_nothing(course, told):
    from course_utils.grading.gradebook.lateness import Policy, who_is_late

    for student, text in (("ada", None), ("bob", "no notebook"), ("cyd", None)):
        folder = course.submitted(student, SMALL)
        (folder / "timestamp.txt").write_text("2026-01-03 10:00:00 UTC")
        if text:
            (folder / f"{SMALL}.ipynb").write_text(text)
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment(SMALL, duedate="2026-01-01 12:00 UTC")
    run.grade(course, SMALL, ["ada", "bob"])
    with course.gradebook as gradebook:
        late = who_is_late(gradebook, course.coursedir, SMALL, Policy())
    assert [(each.student, each.penalty, each.no_marks) for each in late if each.penalty is None] == [
        ("bob", None, "could not be graded"),
        ("cyd", None, "not graded yet"),
    ]


def test_a_broken_late_toml_is_told_while_nothing_is_done(course, told, monkeypatch, capsys):
    from course_utils import cli

    (course.folder / "assignments" / "late.toml").write_text("[penalty]\npercent = 'x'\n")
    monkeypatch.chdir(course.folder / "assignments")
    for arguments in (["grade", SMALL], ["grade", "--all"], ["regrade", SMALL]):
        assert cli.main(arguments) == 2
        assert capsys.readouterr() == ("", "late.toml, line 2: “percent” is a number, 0 or more.\n")
    assert told.examined == []
    with course.gradebook as gradebook:
        assert gradebook.assignment_submissions(SMALL) == []


def test_an_extension_of_nobody_is_named_once_at_the_end(course, told, monkeypatch, capsys):
    from course_utils import cli

    (course.folder / "assignments" / "late.toml").write_text('[[extension]]\nstudent = "hazel"\nhours = 2\n')
    monkeypatch.chdir(course.folder / "assignments")
    assert cli.main(["grade", "--all"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.endswith("late.toml has an extension that does nothing: hazel is not on the class list.")
    assert said.count("hazel") == 1


def test_a_notebook_of_another_name_is_told_of_at_the_end(course, told, monkeypatch, capsys):
    from course_utils import cli

    path = course.submitted("bob", SMALL) / f"{SMALL}.ipynb"
    path.rename(path.with_name(f"{SMALL} (1).ipynb"))
    monkeypatch.chdir(course.folder / "assignments")
    # Also when nothing is left to do.
    for _ in range(2):
        assert cli.main(["grade", SMALL]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert "note: bob handed in 90_small (1).ipynb, which was graded as 90_small.ipynb;" in said
        assert "send feedback/bob/90_small/90_small.html by hand, or ask bob to hand it in anew" in said
        assert "ada handed in" not in said


def test_a_sheet_that_cannot_be_run_concerns_one_student(course, monkeypatch, told):
    def run_job(self, job):
        if job.student == "bob":
            raise run.CourseError(
                "The process that runs tests ended twice over the work of bob in 90_small: boom"
            )
        return Told.run_job(self, job)

    monkeypatch.setattr(warm_workers, "Worker", lambda *_: type("Breaks", (Told,), {"run_job": run_job})())
    outcome = run.grade(course, SMALL)
    assert outcome.graded == ["ada", "cyd"]
    assert [problem.sentence for problem in outcome.problems] == [
        "The process that runs tests ended twice over the work of bob in 90_small: boom"
    ]
    assert not outcome.is_whole


def test_no_sandbox_stops_before_anything_is_recorded(course, monkeypatch):
    def missing(*_):
        raise SandboxMissing("There is no sandbox here.")

    monkeypatch.setattr(Told, "run_job", missing)
    with pytest.raises(SandboxMissing):
        run.grade(course, SMALL)
    assert not (course.folder / "assignments" / "autograded").exists()


def test_a_locked_gradebook_is_told_and_costs_nothing(course, told):
    import sqlite3

    course.coursedir.db_url += "?timeout=0.2"
    holder = sqlite3.connect(course.folder / "assignments" / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(run.Stopped, match="The gradebook is in use by another program"):
            run.grade(course, SMALL)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    outcome = run.grade(course, SMALL)
    assert outcome.graded == ["ada", "bob", "cyd"]


def test_a_gradebook_that_is_locked_half_way(course, told):
    """What had run is in the cache: the next run records it."""
    import sqlite3

    holder = sqlite3.connect(course.folder / "assignments" / "gradebook.db", isolation_level=None)
    course.coursedir.db_url += "?timeout=0.2"

    class Locking(run.ProgressListener):
        def executed(self, notebooks=1):
            if notebooks and not holder.in_transaction:
                holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(run.Stopped, match="The gradebook is in use by another program"):
        run.grade(course, SMALL, options=run.Options(jobs=1), progress=Locking())
    holder.execute("ROLLBACK")
    holder.close()
    ran = len(told.examined)
    assert ran > 0
    outcome = run.grade(course, SMALL)
    assert outcome.graded == ["ada", "bob", "cyd"]
    assert len(told.examined) <= ran + 2


def test_a_full_disk_is_told_and_costs_nothing(course, told, monkeypatch):
    import errno
    import os

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")

    with monkeypatch.context() as patch:
        patch.setattr(execute, "write_results", full)
        with pytest.raises(run.Stopped, match="The disk is full"):
            run.grade(course, SMALL)
    assert not list((course.folder / "assignments" / "autograded").glob("*/*/*.ipynb"))
    with monkeypatch.context() as patch:
        patch.setattr(run.Examine, "keep", full)
        with pytest.raises(OSError, match="No space left"):
            run.grade(course, SMALL)
    assert run.grade(course, SMALL).graded == ["ada", "bob", "cyd"]


@pytest.mark.parametrize(
    ("assignment", "students", "sentence"),
    [
        ("90_smal", None, "There is no assignment 90_smal. Did you mean 90_small?"),
        ("zebra", None, "There is no assignment zebra. There are: 90_small."),
        (SMALL, ["dan"], "dan has handed in nothing for 90_small: collect it first, or leave the name out."),
        (SMALL, ["adda"], "adda is not on the class list, and has handed in nothing. Did you mean ada?"),
    ],
)
def test_names_that_nobody_knows(course, assignment, students, sentence):
    course.add_students({"dan": {}})
    with pytest.raises(run.CourseError) as problem:
        run.grade(course, assignment, students)
    assert str(problem.value) == sentence


def test_nothing_handed_in_and_not_made_ready(tmp_path, small_assignment):
    course = Course.create(tmp_path, [small_assignment])
    with pytest.raises(
        run.CourseError, match="90_small was not made ready yet: run nbgrader generate_assignment 90"
    ):
        run.grade(course, SMALL)
    course.generate(SMALL)
    with pytest.raises(run.CourseError, match="Nothing was handed in for 90_small: collect it first"):
        run.grade(course, SMALL)


def test_a_limit_that_does_not_exist(course):
    course.config.Examine.limits = {"cell_cup": 3}
    with pytest.raises(
        run.CourseError, match="c.Examine.limits has no bound called cell_cup. It knows: cell_cpu,"
    ):
        run.grade(course, SMALL)


def test_another_version_of_the_kit_is_refused_by_a_worker(course, monkeypatch):
    monkeypatch.setattr(pool, "_me", lambda: "The worker tcp://a:1")
    number, record, problem, refused = pool.run_there(3, "{}", "another kit", "auto", {})
    assert (number, record, problem) == (3, None, "")
    assert (
        refused
        == "The worker tcp://a:1 has another version of the kit: bring both to the same, then grade again."
    )


# ---- regrade -----------------------------------------------------------------------------------------------


def mend(course, old, new):
    path = course.folder / "assignments" / "source" / SMALL / f"{SMALL}.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def gradebook_of(course):
    with course.gradebook as gradebook:
        return marks_of(gradebook, SMALL)


def files_of(course):
    folder = course.folder / "assignments"
    places = [folder / name for name in ("release", "autograded", "submitted")]
    return {path: path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


@pytest.fixture
def mended(course, told):
    """The class was graded; then a hidden test was mended, by which bob and cyd get other marks."""
    run.grade(course, SMALL)
    course.mark_by_hand(SMALL, "ada", 3)
    with course.gradebook as gradebook:
        grade = gradebook.find_grade("test_total", SMALL, SMALL, "cyd")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    mend(course, "secret_sum_of_patrons = 6", "secret_sum_of_patrons = 7")
    told.says = {
        ("bob", "test_total"): {"score": 0.0, "state": State.WRONG, "message": "total is 6. Add them up."},
        ("cyd", "test_total"): {"score": 0.5, "state": State.PARTLY, "message": "half"},
    }
    return course


def test_regrading_goes_by_the_courses_own_declarations(course, told):
    questions = course.folder / "assignments" / "questions"
    questions.mkdir()
    (questions / "90.py").write_text("# declared by this course\n")
    (spec,) = regrade.specs_of_source(course, SMALL)
    assert spec.questions == "# declared by this course\n"


def test_what_would_change_is_shown_and_nothing_is_changed_by_a_no(mended):
    before, files = gradebook_of(mended), files_of(mended)
    shown = []
    proposal, outcome = regrade.regrade(mended, SMALL, lambda proposal: shown.append(proposal))
    assert outcome is None
    assert shown == [proposal]
    assert [(change.student, str(change)) for change in proposal.changes] == [
        ("bob", "total: 2 → 0 (total is 6. Add them up.)"),
        ("cyd", "total: 2 → 0.5; 1.5 given by hand stays, to be looked at again (half)"),
    ]
    assert proposal.is_new
    assert gradebook_of(mended) == before
    assert files_of(mended) == files


def test_a_yes_records_it_without_running_anything_twice(mended, told):
    asked = len(told.examined)
    proposal, outcome = regrade.regrade(mended, SMALL, lambda _: True)
    assert len(told.examined) == asked + 3
    assert outcome.graded == ["ada", "bob", "cyd"]
    assert marks(mended, "bob", "test_total") == (0, None, False)
    assert marks(mended, "cyd", "test_total") == (0.5, 1.5, True)
    assert marks(mended, "ada", "test_total") == (2, None, False)
    assert marks(mended, "ada", "in_words")[1] == 3
    released = released_notebook(mended, SMALL)
    assert "secret" not in nbformat.writes(released)
    proposal, _ = regrade.regrade(mended, SMALL, lambda _: False)
    assert proposal.changes == []
    assert not proposal.is_new


def test_other_questions_than_before_are_refused_and_nothing_is_lost(mended):
    before, files = gradebook_of(mended), files_of(mended)
    mend(mended, '"grade_id": "test_total"', '"grade_id": "test_sum"')
    with pytest.raises(
        run.CourseError, match=r"The cells of 90_small are others .* \(test_sum, test_total\)"
    ):
        regrade.regrade(mended, SMALL, lambda _: True)
    assert gradebook_of(mended) == before
    assert files_of(mended) == files


def test_the_command_asks(mended, monkeypatch, capsys):
    from rich.console import Console

    from course_utils import cli

    monkeypatch.chdir(mended.folder)
    monkeypatch.setattr(Console, "input", lambda *_, **__: "n")
    assert cli.main(["regrade", SMALL]) == 1
    said = capsys.readouterr().out
    assert "2 marks of 2 of 3 students would change." in said
    assert "bob" in said
    assert "Nothing was changed." in said
    assert marks(mended, "bob", "test_total") == (2, None, False)
    assert cli.main(["regrade", SMALL, "--yes"]) == 1, "cyd's mark by hand is to be looked at again"
    assert marks(mended, "bob", "test_total") == (0, None, False)
    assert cli.main(["regrade", SMALL, "--yes"]) == 0
    assert "0 marks of 0 of 3 students would change." in capsys.readouterr().out


# ---- what the terminal shows -------------------------------------------------------------------------------


def test_the_closing_table(course, told, monkeypatch, capsys):
    from course_utils import cli

    told.says = {
        ("ada", "test_total"): {
            "score": None,
            "state": State.OUR_FAULT,
            "review": "the score came back as [nan]",
        }
    }
    (course.submitted("bob", SMALL) / f"{SMALL}.ipynb").write_text("<!DOCTYPE html>")
    monkeypatch.chdir(course.folder / "assignments")
    assert cli.main(["grade", SMALL]) == 1
    said = capsys.readouterr().out
    assert "1 graded · 1 needs a look · 1 could not be read" in said
    assert "total: the score came back as [nan]" in said
    assert "The file 90_small.ipynb of bob is not a notebook" in said.replace("\n", " ").replace("  ", " ")
    assert "to be marked by hand: Question 4, 2 answers" in said
    assert said.rstrip().endswith("next: course report 90_small")
    told.says = {}
    assert cli.main(["grade", SMALL, "--student=ada"]) == 0
    assert cli.main(["grade", "--all"]) == 1


def test_options_that_make_no_sense(capsys):
    from course_utils import cli

    for arguments, sentence in (
        (["grade"], "Say which assignment to grade, or --all: course grade NAME."),
        (["grade", "x", "--all"], "Say which assignment to grade, or --all: course grade NAME."),
        (["grade", "x", "--jobs=0"], "--jobs must be 1 or more, and is 0."),
        (["grade", "x", "--cluster=host"], "--cluster must look like dask://HOST:PORT, and is host."),
    ):
        assert cli.main(arguments) == 2
        assert capsys.readouterr().err == f"{sentence}\n"


def test_bars_show_students_notebooks_and_time_left():
    import io

    from rich.console import Console

    screen = Console(file=io.StringIO(), width=100, force_terminal=True)
    with console.Bars(screen) as bars:
        bars.begin(61, 61)
        bars.executed(60)
        bars.recorded(58)
        bars.progress.refresh()
        shown = screen.file.getvalue()
    assert "60/61 notebooks" in shown
    assert "58/61 students" in shown
