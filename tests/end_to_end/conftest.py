"""A term of a class, walked through by the commands of docs/instructor.md, in a copy of the kit.

The page is the script: every block of commands is run in its order, by whom it is meant for.
"""

import contextlib
import copy
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from processes import PATIENCE

from course_utils.authoring.proofs import proofs_of
from course_utils.checks import questions as declarations
from course_utils.kit import kit_folder

ASSIGNMENT = "01_who_is_our_customer"
COPIED = ("course_utils", "notebooks", "assignments", "data", "docs", "tests/proofs", "pyproject.toml")
MADE = ("__pycache__", ".ipynb_checkpoints", "gradebook.db*")
MADE_IN_ASSIGNMENTS = (*MADE, "release", "submitted", "autograded", "feedback")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: who types it, and its commands."""

    language: str
    who: str
    commands: tuple[str, ...]


def blocks_of(page: str) -> list[Block]:
    found = re.findall(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    return [
        Block(language, who or "instructor", tuple(text.strip().splitlines()))
        for language, who, text in found
    ]


@dataclass(frozen=True)
class Done:
    """A command that was run, by whom, what came of it, and how many seconds it took."""

    who: str
    command: str
    code: int
    output: str
    seconds: float


@dataclass
class Student:
    """A fake student: which answer to which question (by its label in the proofs), and an accident."""

    name: str
    answers: dict[str, str] = field(default_factory=dict)
    accident: str | None = None
    mark: float | None = None
    comment: str | None = None


@dataclass
class Term:
    """What the walk leaves behind: every command run, and the files as they were when feedback had been fetched."""

    kit: Path
    kept: Path
    students: dict[str, Student]
    proofs: dict[tuple[str, str], object]
    done: list[Done] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    formgrader: dict = field(default_factory=dict)

    def outputs(self, command: str) -> str:
        return "\n".join(done.output for done in self.done if done.command == command)

    def desk(self, student: str) -> Path:
        return self.kept / "desks" / student / ASSIGNMENT


def the_six(proofs) -> dict[str, Student]:
    """Six students, each with a label of the proofs for each question."""
    rights = {}
    for question, label in (key for key, proof in proofs.items() if proof.kind == "right"):
        rights.setdefault(question, []).append(label)
    first = {question: labels[0] for question, labels in rights.items()}
    second = {question: labels[1] for question, labels in rights.items()}
    slips = {"registered": "households", "active_share": "valid cards", "borrowers": "loans, not people"}
    students = (
        Student("alder", first, mark=6, comment="Well argued."),
        Student("aspen", second, mark=4),
        Student("birch", first | slips, mark=2, comment="Which group does it leave out?"),
        Student("hazel"),
        Student("linden", first, accident="deleted a test cell"),
        Student("maple", first, accident="copied two cells", mark=5),
    )
    return {student.name: student for student in students}


def work(notebook, student: Student, proofs):
    """The notebook as the student hands it in."""
    notebook = copy.deepcopy(notebook)
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    for question, label in student.answers.items():
        notebook.cells[ids.index(question)].source = proofs[question, label].source
    if student.mark is not None:
        for question in ("reflection", "assumed"):
            answer = notebook.cells[ids.index(question) + 1]
            answer.source = f"This is what {student.name} thinks about it."
    if student.accident == "deleted a test cell":
        del notebook.cells[ids.index("test_active_share")]
    elif student.accident == "copied two cells":
        place = ids.index("borrowers")
        twins = copy.deepcopy(notebook.cells[place : place + 2])
        for twin in twins:
            twin.id = f"{twin.id}-copy"
        twins[0].source = "borrowers = 'a second try'"
        notebook.cells += twins
    return notebook


class Walk:
    """A person at a terminal: the folder and the environment carry over from one command to the next."""

    def __init__(self, folder: Path, term: Term):
        self.term = term
        self.kit = term.kit
        self.folder = self.kit
        self.notes = folder / "notes"
        self.notes.mkdir()
        kept = {"LANG", "LC_ALL", "PATH", "TERM", "TZ", "COVERAGE_PROCESS_START"}
        self.environment = {name: value for name, value in os.environ.items() if name in kept}
        own = str(Path(sys.prefix) / "bin")
        path = [part for part in self.environment["PATH"].split(os.pathsep) if part != own]
        self.environment |= {
            "PATH": os.pathsep.join(path),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            # The copy of the kit, and not the one that is installed.
            "PYTHONPATH": str(self.kit),
        }
        for name in ("HOME", "TMPDIR"):
            Path(self.environment[name]).mkdir()

    def type(self, command: str) -> Done:
        done = self._run(
            "instructor", command, f"{command}\npwd > '{self.notes}/pwd'; env -0 > '{self.notes}/env'"
        )
        if done.code == 0:
            self.folder = Path((self.notes / "pwd").read_text().strip())
            pairs = (self.notes / "env").read_text().split("\0")
            self.environment = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        return done

    def type_as(self, student: str, command: str) -> Done:
        desk = self.kit / "desks" / student
        desk.mkdir(parents=True, exist_ok=True)
        options = f"--student={student} --Exchange.assignment_dir={desk} --Exchange.cache={desk}/.handed_in"
        return self._run(student, command, f"{command} {options}")

    def _run(self, who: str, command: str, script: str) -> Done:
        begun = time.monotonic()
        ran = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        done = Done(who, command, ran.returncode, ran.stdout, time.monotonic() - begun)
        self.term.done.append(done)
        return done

    @contextlib.contextmanager
    def lab(self, command: str):
        """JupyterLab, as the instructor starts it; gives a function that asks it for a page."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        token = secrets.token_hex(16)
        log = (self.notes / "lab.log").open("w")
        server = subprocess.Popen(
            [*command.split(), "--no-browser", f"--port={port}", f"--IdentityProvider.token={token}"],
            cwd=self.folder,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            executable=shutil.which(command.split()[0], path=self.environment["PATH"]),
        )

        def ask(path, method="GET", data=None):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}{path}",
                method=method,
                data=None if data is None else json.dumps(data).encode(),
                headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read())

        try:
            for _ in range(120):
                time.sleep(0.5)
                assert server.poll() is None, (self.notes / "lab.log").read_text()
                with contextlib.suppress(OSError):
                    ask("/api/status")
                    break
            else:
                pytest.fail(f"JupyterLab did not answer: {(self.notes / 'lab.log').read_text()}")
            self.term.started.append(command)
            yield ask
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)
            log.close()


def mark_by_hand(ask, term: Term) -> None:
    """What an instructor does in Formgrader's pages, by the requests that they send."""
    term.formgrader["students"] = {student["id"] for student in ask("/formgrader/api/students")}
    for submission in ask(f"/formgrader/api/submitted_notebooks/{ASSIGNMENT}/{ASSIGNMENT}"):
        student = term.students[submission["student"]]
        if student.mark is None:
            continue
        grades = ask(f"/formgrader/api/grades?submission_id={submission['id']}")
        for grade in grades:
            if grade["name"] in ("reflection", "assumed"):
                ask(
                    f"/formgrader/api/grade/{grade['id']}",
                    "PUT",
                    {"manual_score": student.mark, "extra_credit": None},
                )
        if student.comment:
            comments = ask(f"/formgrader/api/comments?submission_id={submission['id']}")
            comment = next(comment for comment in comments if comment["name"] == "reflection")
            ask(f"/formgrader/api/comment/{comment['id']}", "PUT", {"manual_comment": student.comment})
    # What the course's Assignment List shows to whoever sits at this computer, and its button “Fetch”.
    fetched = ask("/assignments/fetch", "POST", {"course_id": "port_ellery", "assignment_id": ASSIGNMENT})
    term.formgrader["fetched"] = fetched["value"]
    # The button “Autograde” goes the same way as the command.
    term.formgrader["autograde"] = ask(f"/formgrader/api/submission/{ASSIGNMENT}/maple/autograde", "POST")


def keep(term: Term) -> None:
    """Put aside what there is to see when a week is over: the rest of the term goes on, and clears up."""
    folder = term.kit / "assignments"
    for name in ("release", "feedback", "autograded", "submitted"):
        shutil.copytree(folder / name, term.kept / name)
    shutil.copytree(term.kit / ".course" / "exchange", term.kept / "exchange")
    shutil.copytree(term.kit / "desks", term.kept / "desks", dirs_exist_ok=True)
    for name in ("gradebook.db", "grades.csv"):
        shutil.copy(folder / name, term.kept)


@pytest.fixture(scope="session")
def kit_copy(tmp_path_factory):
    """A copy of the kit as it is cloned, with the environment that runs the tests as its .venv."""
    kit = tmp_path_factory.mktemp("term") / "kit"
    for name in COPIED:
        source = kit_folder() / name
        if source.is_dir():
            made = MADE_IN_ASSIGNMENTS if name == "assignments" else MADE
            shutil.copytree(source, kit / name, ignore=shutil.ignore_patterns(*made))
        else:
            shutil.copy(source, kit / name)
    (kit / ".venv").symlink_to(sys.prefix)
    return kit


@pytest.fixture(scope="session")
def term(kit_copy):
    folder = kit_copy.parent
    path = declarations.file_of(kit_copy / "assignments", ASSIGNMENT)
    proofs = proofs_of(declarations.read(path.read_text(encoding="utf-8")).values())
    proofs = {(proof.question, proof.label): proof for proof in proofs}
    term = Term(kit_copy, folder / "kept", the_six(proofs), proofs)
    term.kept.mkdir()
    lines = [
        "id,last_name,first_name,email",
        *(f"{name},{name.title()},Test,{name}@example.org" for name in term.students),
    ]
    (kit_copy / "assignments" / "class.csv").write_text("\n".join(lines) + "\n")
    walk = Walk(folder, term)
    for block in blocks_of((kit_copy / "docs" / "instructor.md").read_text(encoding="utf-8")):
        for command in block.commands:
            if command == "course lab --instructor":
                with walk.lab(command) as ask:
                    mark_by_hand(ask, term)
            elif block.who == "student":
                with ThreadPoolExecutor(max_workers=2) as together:
                    list(together.map(walk.type_as, term.students, [command] * len(term.students)))
                if command.startswith("nbgrader fetch_assignment"):
                    for student in term.students.values():
                        desk = kit_copy / "desks" / student.name / ASSIGNMENT
                        shutil.copytree(desk, term.kept / "fetched" / student.name)
                        path = desk / f"{ASSIGNMENT}.ipynb"
                        nbformat.write(work(nbformat.read(path, as_version=4), student, proofs), path)
            else:
                walk.type(command)
        if "fetch_feedback" in block.commands[0]:
            failed = [
                f"{done.command}: exit code {done.code}\n{done.output}" for done in term.done if done.code
            ]
            assert not failed, "\n".join(failed)
            keep(term)
    return term


@pytest.fixture(scope="session")
def page_blocks():
    """The blocks of commands of the instructor's page."""
    return blocks_of((kit_folder() / "docs" / "instructor.md").read_text(encoding="utf-8"))
