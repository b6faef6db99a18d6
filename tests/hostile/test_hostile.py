"""Every case of the corpus gets what is due to it, and nobody else gets anything else."""

import json
import socket
import subprocess
import sys
import time
import unicodedata

import nbformat
import pytest
from hostile import stock
from hostile.alone import ALONE
from hostile.assignment import NAME, source
from hostile.case import CASES, FULL, NOTHING, case
from hostile.corpus import corpus
from hostile.ours import HERE, LIMITS, grade
from hostile.reaper import left_over
from hostile.run import PAGE
from hostile.verdict import faults, manners
from hostile.world import SECRETS, Outcome, World, active, clear_away
from processes import PATIENCE
from representatives import representatives

from course_utils.grading.execution.job import Cell, Job, Role
from course_utils.grading.execution.worker import Worker
from course_utils.grading.limits import bounds

CORPUS = corpus()
BY_ITSELF = {one.id: one for one in ALONE}
# The first variant of each case that is known from elsewhere, and some of ours: the line to the test runner, what a
# terminal would obey, and what is large without end.
KEPT = [case.id for case in CORPUS if case.id == case.number and case.id.startswith("H")]
KEPT += ["X01", "X04", "X05", "X08", "X11", "X28", "X29", "X36"]


# What is looked at once for all of a run, also where that is of the exhaustive cases alone.
once_a_run = pytest.mark.parametrize("of", ["some", pytest.param("the others", marks=pytest.mark.exhaustive)])


@pytest.fixture(scope="module")
def cases(request):
    """The cases that this session asks for."""
    with_parameters = [item for item in request.session.items if hasattr(item, "callspec")]
    asked = {item.callspec.params["case"].id for item in with_parameters if "case" in item.callspec.params}
    return [case for case in CORPUS if case.id in asked]


@pytest.fixture(scope="module")
def run(cases, tmp_path_factory):
    """All of them and their classmates, graded as one class."""
    folder = tmp_path_factory.mktemp("hostile") / "world"
    with World(folder) as world:
        yield grade(world, cases)
    clear_away(folder)


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("case", representatives(CORPUS, KEPT, lambda case: case.id))
def test_it_gets_what_is_due(run, case):
    outcome = run.outcomes[case.id]
    assert [*faults(case, outcome), *manners(case, outcome)] == []


@pytest.mark.needs("bubblewrap")
@once_a_run
def test_others_are_as_they_were(run, of):
    """Classmates' marks, sources, the instructor's home, the network; and nothing is left running."""
    assert run.harms == []


@pytest.mark.needs("bubblewrap")
@once_a_run
def test_nothing_is_left_lying_about(run, of):
    assert run.left_lying == []


@pytest.mark.needs("bubblewrap")
@once_a_run
def test_the_run_says_that_not_everything_is_graded(run, cases, of):
    refused = [case.student for case in cases if case.refused]
    assert refused
    assert run.code != 0
    assert all(student in run.said for student in refused)


@pytest.mark.needs("bubblewrap")
@once_a_run
def test_the_terminal_is_told_nothing_to_obey(run, of):
    assert not [sign for sign in run.said if unicodedata.category(sign) == "Cc" and sign not in "\r\n\t"]


@pytest.fixture(scope="module")
def room():
    with Worker(limits=bounds(LIMITS)) as room:
        room.run_job(Job("nobody", NAME, NAME, ()))
        yield room


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("id_", ["H19b", "H23", "H23b", "H23c", "H23d", "H23e", "X01b"])
def test_nothing_of_it_runs_on_while_others_are_graded(room, id_, tmp_path):
    """The whole class has one room: what one leaves running there must not wait for the end of the class."""
    CASES[id_].sit_down(source(), tmp_path, course=tmp_path, home=tmp_path, port=9, burn=1)
    notebook = nbformat.read(tmp_path / f"{NAME}.ipynb", as_version=4)
    cells = [Cell(Role.ANSWER, cell.source, "total") for cell in notebook.cells if cell.cell_type == "code"]
    before = set(left_over())
    room.run_job(Job("m", NAME, NAME, tuple(cells)))
    until = time.monotonic() + PATIENCE
    while (more := set(left_over()) - before) and time.monotonic() < until:
        time.sleep(0.05)
    assert more == set()


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize("id_", representatives(BY_ITSELF, ["H35z"]))
def test_by_itself(id_, tmp_path):
    assert BY_ITSELF[id_].try_out(tmp_path / "world") == []


# ---- the corpus itself -------------------------------------------------------------------------------------


def test_all_known_cases_are_there():
    assert {case.number for case in CORPUS} >= {f"H{number:02}" for number in range(1, 41)}


def test_everybody_goes_by_another_name():
    assert len({case.student for case in CORPUS}) == len(CORPUS)


def test_whoever_is_unlucky_keeps_what_is_right():
    """An unlucky student who knows it all loses no more than two questions, and whoever is hostile gains none."""
    for one in CORPUS:
        due = [points for points in one.marks.values() if points not in (None, ...)]
        if one.knows == "wrong" and one.hostile:
            assert not any(due), one.id
        if one.knows == "right" and not one.hostile and not one.refused:
            lost = [test for test, points in one.marks.items() if points == 0]
            assert len(lost) <= 2, one.id


def test_stock_nbgrader_was_measured_for_each():
    assert {case.id for case in CORPUS} - set(stock.read()) == set()


def test_the_page_tells_of_each():
    told = {
        line.split("|")[1].strip()
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    }
    assert set(CASES) | set(BY_ITSELF) <= told


# ---- the eyes that look ------------------------------------------------------------------------------------


@pytest.fixture
def a_case(monkeypatch):
    monkeypatch.setattr("hostile.case.CASES", {})
    case(
        "H00",
        "does nothing",
        knows="wrong",
        said={"total": "It is not."},
        states={"total": "wrong value"},
        flagged=True,
    )(print)
    import hostile.case

    return hostile.case.CASES["H00"]


def test_what_is_as_it_should_be_has_no_fault(a_case):
    fine = Outcome(
        True,
        dict(NOTHING),
        flags=["look"],
        states={"test_total": "wrong value"},
        said={"test_total": "It is not."},
    )
    assert faults(a_case, fine) == manners(a_case, fine) == []


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (Outcome(), "not graded"),
        (Outcome(True, FULL), "21 points where 0 were due"),
        (Outcome(True, NOTHING | {"test_mine": None}), "1 question without a mark"),
        (Outcome(True, NOTHING, found=["a key"]), "read a key"),
        (Outcome(True, NOTHING, active=["<script>"]), "1 scripts"),
        (Outcome(True, NOTHING, absent=["reached"]), "reached"),
        (Outcome(True, NOTHING, size=10**9), "1000 MB"),
    ],
)
def test_faults_are_seen(a_case, outcome, fault):
    assert any(fault in found for found in faults(a_case, outcome))


def test_bad_manners_are_seen(a_case):
    found = manners(a_case, Outcome(True, NOTHING, states={"test_total": "our fault"}))
    assert len(found) == 4


@pytest.mark.parametrize(
    "html",
    [
        "<script>XSS_CANARY(1)</script>",
        "<img src=x onerror='XSS_CANARY(1)'>",
        "<a href=' java\tscript:XSS_CANARY(1)'>x</a>",
        "<iframe srcdoc='<script>XSS_CANARY(1)</script>'></iframe>",
    ],
)
def test_scripts_are_seen(html):
    assert active(html)


def test_what_is_only_shown_is_no_script():
    assert active("<p title='XSS_CANARY(1)'>&lt;script&gt;XSS_CANARY(1)&lt;/script&gt;</p>") == []


@pytest.mark.needs("bubblewrap")  # Linux, that is
def test_whoever_calls_is_heard_and_whoever_writes_is_seen(tmp_path):
    with World(tmp_path, mates=()) as world:
        (world.course / "assignments").mkdir(parents=True)
        before = world.fingerprint()
        assert world.harms(before, []) == []
        with socket.create_connection(("127.0.0.1", world.port)) as line:
            line.send(b"hello")
        (world.home / ".ssh" / "id_rsa").write_text("mine")
        until = time.monotonic() + PATIENCE
        while not world.heard and time.monotonic() < until:
            time.sleep(0.01)
        harms = world.harms(before, ["sleep 600"])
    assert any("id_rsa" in harm for harm in harms)
    assert "reached the network" in harms
    assert "left running: sleep 600" in harms


def test_secrets_stand_in_no_case():
    text = "".join(path.read_text(encoding="utf-8") for path in stock.HERE.glob("cases_*.py"))
    assert not any(word in text for word in SECRETS.values())


@pytest.mark.needs("bubblewrap")  # Linux, that is
def test_whoever_cuts_all_ties_is_found(tmp_path):
    report = tmp_path / "report.json"
    hidden = "import os, time; os.setsid(); os.fork() and os._exit(0); time.sleep(6000)"
    subprocess.run([sys.executable, HERE / "reaper.py", report, sys.executable, "-c", hidden], check=True)
    (left,) = json.loads(report.read_text())["left"]
    assert "os.setsid" in left
