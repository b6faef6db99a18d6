"""A throw-away world for hostile code: a class with decoys around it, and a look at what became of all that.

The same world serves the kit and stock nbgrader. It holds words that stand in one place only: where one of them turns
up in what comes back from a student, that place was read.
"""

import hashlib
import json
import os
import re
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from hostile.assignment import HIDDEN_WORD, NAME
from hostile.case import FIRST, FULL, LAST, MATES, MIDDLE, Case

# Where a word stands -> the word.
SECRETS = {
    "the hidden tests": HIDDEN_WORD,
    "a key": "numbat4402",
    "the instructor's environment": "dugong9157",
    "a classmate's work": "bilby3386",
    "the gradebook": "potoroo5520",
}
SLIP = {"by_branch": 'by_branch = visits.groupby("branch")["minutes"].max()'}
# What is due to the classmates: one of them has a mistake, so that more points would show, too.
MATES_DUE = {FIRST: FULL | {"test_by_branch": 0}, MIDDLE: FULL, LAST: FULL}


@dataclass
class Outcome:
    """What came of one student's work, as it stands in the gradebook, the notebook and the feedback page."""

    graded: bool = False
    marks: dict[str, float | None] = field(default_factory=dict)
    review: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)  # the secrets that came back
    absent: list[str] = field(default_factory=list)  # words that should not have come back, and did
    active: list[str] = field(default_factory=list)  # scripts that would run
    size: int = 0  # bytes of notebook and page
    refused: str = ""


class World:
    """A class in ``folder/class``, an instructor's home beside it, and ears on every line that leads out.

    To be used in a ``with`` statement, which ends the listening.
    """

    def __init__(self, folder: Path, mates: Iterable[str] = MATES):
        self.mates = tuple(mates)
        self.folder = Path(folder).resolve()
        self.course = self.folder / "class"
        self.home = self.folder / "home"
        self.temporary = self.folder / "tmp"
        self.heard: list[str] = []
        self._ears: list[socket.socket] = []
        self.port = 0

    def __enter__(self):
        self.home.mkdir(parents=True, exist_ok=True)
        self.temporary.mkdir(exist_ok=True)
        (self.home / ".ssh").mkdir(exist_ok=True)
        (self.home / ".ssh" / "id_rsa").write_text(f"PRIVATE KEY {SECRETS['a key']}\n")
        (self.home / ".netrc").write_text(f"machine example.org password {SECRETS['a key']}\n")
        self._listen()
        return self

    def __exit__(self, *_):
        for ear in self._ears:
            ear.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the grader runs: this one, with a home and secrets of its own."""
        ours = {
            name: value for name, value in os.environ.items() if not name.startswith(("COURSE_", "JUPYTER"))
        }
        return ours | {
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "JUPYTERHUB_API_TOKEN": SECRETS["the instructor's environment"],
            "DATABASE_PASSWORD": SECRETS["the instructor's environment"],
            "COLUMNS": "1000",
            "NO_COLOR": "1",
        }

    def submitted(self, student: str) -> Path:
        return self.course / "assignments" / "submitted" / student / NAME

    def hand_in(self, cases: Iterable[Case], burn: float = 25) -> None:
        """Put the work of the classmates and that of ``cases`` into the class's folder ``submitted``."""
        released = nbformat.read(
            self.course / "assignments" / "release" / NAME / f"{NAME}.ipynb", as_version=4
        )
        for mate in self.mates:
            self.submitted(mate).mkdir(parents=True)
            Case(mate, "", False, "right", _mate(mate), {}).sit_down(
                released, self.submitted(mate), **self._known(burn)
            )
        for case in cases:
            folder = self.submitted(case.student)
            folder.mkdir(parents=True)
            case.sit_down(released, folder, **self._known(burn))

    def _known(self, burn: float) -> dict:
        return {"course": self.course, "home": self.home, "port": self.port, "burn": burn}

    def _listen(self) -> None:
        """Hear whoever calls: on this machine's own address, and through sockets with a name or a path."""
        agent = self.home / "agent.sock"
        agent.unlink(missing_ok=True)
        tcp, udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        tcp.bind(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self.port))
        named, pathed = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        named.bind(f"\0hostile{self.port}")
        here = os.open(".", os.O_RDONLY)
        os.chdir(self.home)  # a socket's path must be short
        try:
            pathed.bind(agent.name)
        finally:
            os.fchdir(here)
            os.close(here)
        self._ears = [tcp, udp, named, pathed]
        for ear in (tcp, named, pathed):
            ear.listen()
            threading.Thread(target=self._answer, args=(ear,), daemon=True).start()
        threading.Thread(target=self._hear, args=(udp,), daemon=True).start()

    def _answer(self, ear: socket.socket) -> None:
        while True:
            try:
                line, _ = ear.accept()
                with line:
                    line.settimeout(1)
                    self.heard.append(line.recv(100).decode("utf-8", "replace"))
            except TimeoutError:
                self.heard.append("somebody without a word")
            except OSError:
                return

    def _hear(self, ear: socket.socket) -> None:
        while True:
            try:
                self.heard.append(ear.recv(100).decode("utf-8", "replace"))
            except OSError:
                return

    # ---- what became of it ---------------------------------------------------------------------------------

    def fingerprint(self) -> dict[str, str]:
        """Every file that grading has no business to change: the sources, what was released, the home, the mates' work."""
        folder = self.course / "assignments"
        roots = [
            folder / "source",
            folder / "release",
            self.home,
            *(self.submitted(mate) for mate in self.mates),
        ]
        files = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file()]
        own = [
            path
            for path in files
            if not {".cache", ".config", ".jupyter", ".local", ".ipython"} & set(path.parts)
        ]
        own.append(folder / "nbgrader_config.py")
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in own
            if path.exists()
        }

    def harms(self, before: dict[str, str], left: Iterable[str]) -> list[str]:
        """What was done to others, in words; ``left`` names the processes that are still there."""
        harms = []
        after = self.fingerprint()
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        if changed:
            harms.append(f"changed {', '.join(changed[:3])}")
        if [*self.folder.rglob("PWNED")] or (self.home / "two_hundred_forks").exists():
            harms.append("ran code of its own beside the class")
        if self.heard:
            harms.append("reached the network")
        if left := sorted(set(left)):
            # The program and what it does, without the folders in which it lies on this machine.
            named = (re.sub(r"(?<!\S)/\S*/|( -f)? /\S+", " ", one).strip() for one in left[:3])
            harms.append(f"left running: {', '.join(named)}")
        lost = [student for student in self.mates if self.outcome(student).marks != MATES_DUE[student]]
        if lost:
            done = [student for student in lost if self.outcome(student).graded]
            harms.append("changed classmates' marks" if done else "kept classmates from being graded")
        return harms

    def outcome(self, student: str, absent: Iterable[str] = ()) -> Outcome:
        outcome = Outcome()
        assignments = self.course / "assignments"
        path = assignments / "autograded" / student / NAME / f"{NAME}.ipynb"
        pages = [*(assignments / "feedback" / student).rglob("*.html")]
        outcome.marks, outcome.review = self._marks(student)
        outcome.graded = bool(outcome.marks) and path.is_file()
        texts = [page.read_text("utf-8", "replace") for page in pages]
        came_back = [*(re.sub(r"<[^>]*>", "", text) for text in texts)]
        outcome.active = [call for text in texts for call in active(text)]
        outcome.size = sum(page.stat().st_size for page in pages)
        if path.is_file() and path.stat().st_size < 300_000_000:
            outcome.size += path.stat().st_size
            notebook = nbformat.read(path, as_version=4)
            mine = notebook.metadata.get("course", {})
            outcome.flags, outcome.notes = list(mine.get("flags", [])), list(mine.get("notes", []))
            outputs = []
            for cell in notebook.cells:
                marks = cell.metadata.get("nbgrader", {}).get("grade_id")
                known = cell.metadata.get("course", {})
                if known.get("state"):
                    outcome.states[marks] = known["state"]
                    outcome.said[marks] = f"{known.get('message') or ''} {said_of(known.get('cell_error'))}"
                # Stock nbgrader keeps the lines of a test that stops; no student's code has read them.
                kept = [
                    {k: v for k, v in o.items() if mine or k != "traceback"} for o in cell.get("outputs", [])
                ]
                outputs += [json.dumps(kept, ensure_ascii=False), json.dumps(known)]
                outcome.active += active_in_cell(cell)
            # Its pages show every hidden test anyway.
            came_back = [*(came_back if mine else ()), *outputs]
        outcome.found = [place for place, word in SECRETS.items() if any(word in text for text in came_back)]
        outcome.absent = [word for word in absent if any(word in text for text in came_back)]
        for other in (assignments / "autograded" / student).rglob("*"):
            if other.is_file() and other.name.endswith((".txt", ".csv", ".json", ".db")):
                data = other.read_bytes()[:2_000_000]
                outcome.found += [place for place, word in SECRETS.items() if word.encode() in data]
        outcome.found = sorted(set(outcome.found))
        return outcome

    def _marks(self, student: str) -> tuple[dict[str, float | None], list[str]]:
        """Test -> points, and the tests that a person must look at; straight from the gradebook's file."""
        query = """
            select base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
            from grade join base_cell on grade.cell_id = base_cell.id
            join submitted_notebook on grade.notebook_id = submitted_notebook.id
            join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
            where submitted_assignment.student_id = ?
        """
        try:
            with closing(sqlite3.connect(self.course / "assignments" / "gradebook.db", timeout=60)) as base:
                rows = base.execute(query, (student,)).fetchall()
        except sqlite3.DatabaseError:
            return {}, []
        marks = {name: auto if manual is None else manual for name, auto, manual, _ in rows if name in FULL}
        return marks, sorted(name for name, *_, waits in rows if waits and name in FULL)


def said_of(cell_error) -> str:
    return " ".join(str(part) for part in cell_error.values()) if isinstance(cell_error, dict) else ""


def _mate(student: str):
    def work(desk):
        desk.cell(
            "in_words"
        ).source = f"I would ask those who stay away. {SECRETS['a classmate' + chr(39) + 's work']}"
        desk.answer(**(SLIP if student == FIRST else {}))

    return work


# ---- scripts that would run --------------------------------------------------------------------------------

CANARY = re.compile(r"XSS_CANARY\W*\d*")


class _Active(HTMLParser):
    """Finds calls of a student's where a browser would run them: in scripts, handlers, addresses and frames."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.inside = ""
        self.calls: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style"):
            self.inside = tag
        for name, value in attributes:
            if not CANARY.search(value or ""):
                continue
            address = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            runs = address.startswith(
                ("javascript:", "vbscript:", "data:text", "data:image/svg", "data:application")
            )
            if name.startswith("on") or name == "srcdoc" or (runs and name != "alt") or name == "style":
                self.calls.append(f"<{tag} {name}>")

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data):
        # Data as JSON within quotes is not run; a bare call is.
        if self.inside == "script" and CANARY.search(data):
            self.calls.append("<script>")


def active(html: str) -> list[str]:
    """The places of an HTML page at which a student's script would run."""
    parser = _Active()
    parser.feed(html)
    parser.close()
    return parser.calls


def active_in_cell(cell) -> list[str]:
    """The same for a cell as Formgrader shows it: its text, if it is text, and its outputs."""
    found = []
    if cell.cell_type != "code":
        try:
            found += active(rendered(cell.source, cell.get("attachments")))
        except Exception as problem:
            found.append(f"a page that cannot be shown ({problem})")
        found += [
            f"attachment {kind}"
            for kinds in cell.get("attachments", {}).values()
            for kind in kinds
            if "svg" in kind or "html" in kind
        ]
    for output in cell.get("outputs", []):
        for kind, content in output.get("data", {}).items():
            text = content if isinstance(content, str) else json.dumps(content)
            if kind == "application/javascript" and CANARY.search(text):
                found.append("a script as an output")
            elif kind in ("text/html", "image/svg+xml", "text/markdown"):
                found += active(rendered(text) if kind == "text/markdown" else text)
    return found


def clear_away(folder: Path) -> None:
    """Remove a world, also where somebody took away the right to."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder)


def rendered(markdown: str, attachments: dict | None = None) -> str:
    """Text as nbgrader's pages and Formgrader show it; raises what would be an error instead of a page there."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments or {})).render(
        markdown
    )
