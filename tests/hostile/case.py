"""What a case of the corpus is: what a student does to a submission, and what must come of it."""

import copy
import json
import os
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from hostile.assignment import NAME, POINTS, RIGHT, WRONG
from nbformat.v4 import new_code_cell

from course_utils.grading.assignment import grade_id_of

FULL = {f"test_{name}": points for name, points in POINTS.items()}
NOTHING = dict.fromkeys(FULL, 0)
ATTACKER = "m_"  # student ids begin with it: one classmate is sorted before all of them, another one after
FIRST, MIDDLE, LAST = "a_innocent", "m_h21_innocent", "z_innocent"
MATES = (FIRST, MIDDLE, LAST)


def own_processes() -> str:
    """Names the set of processes that can be seen from here, where the system has such a name."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


@dataclass
class Desk:
    """A student at work: the released notebook, the folder that will be handed in, and what an attacker may know.

    ``course`` is the class's folder, ``home`` the instructor's, ``port`` one on which this machine listens,
    ``burn`` nearly as many seconds as a cell may take.
    """

    notebook: nbformat.NotebookNode
    folder: Path
    course: Path
    home: Path
    port: int
    burn: float
    case: str
    handed_in: bool = False  # the case has written the notebook's file itself

    @property
    def path(self) -> Path:
        return self.folder / f"{NAME}.ipynb"

    @property
    def cells(self) -> list:
        return self.notebook.cells

    def place(self, grade_id: str) -> int:
        return [grade_id_of(cell) for cell in self.cells].index(grade_id)

    def cell(self, grade_id: str):
        return self.cells[self.place(grade_id)]

    def tests(self) -> list:
        return [self.cell(f"test_{name}") for name in POINTS]

    def answer(self, **answers: str) -> None:
        for grade_id, source in answers.items():
            self.cell(grade_id).source = self.code(source)

    def add(self, source: str, *, after: str | None = None, before: str | None = None, kind="code") -> None:
        """A cell of the student's own; at the end without a place."""
        place = self.place(after) + 1 if after else self.place(before) if before else len(self.cells)
        cell = new_code_cell(self.code(source))
        if kind != "code":
            cell = getattr(nbformat.v4, f"new_{kind}_cell")(source)
        self.cells.insert(place, cell)

    def delete(self, *grade_ids: str) -> None:
        for grade_id in grade_ids:
            del self.cells[self.place(grade_id)]

    def double(self, grade_id: str, source: str | None = None, at: int | None = None) -> None:
        twin = copy.deepcopy(self.cell(grade_id))
        twin.source = source or twin.source
        self.cells.insert(len(self.cells) if at is None else at, twin)

    def retype(self, grade_id: str, kind: str) -> None:
        place = self.place(grade_id)
        old = self.cells[place]
        new = getattr(nbformat.v4, f"new_{kind}_cell")(old.source, metadata=old.metadata, id=old.id)
        self.cells[place] = new

    def code(self, source: str) -> str:
        """What an attacker has found out about the place, filled in."""
        known = {
            "@COURSE@": self.course,
            "@HOME@": self.home,
            "@PORT@": self.port,
            "@CASE@": self.case,
            "@PIDNS@": own_processes(),
            "@BURN@": self.burn,
        }
        source = textwrap.dedent(source).strip("\n")
        for mark, value in known.items():
            source = source.replace(mark, str(value))
        return source

    def text(self) -> str:
        """The notebook as JSON; nbformat would mend some of what happened to it."""
        return json.dumps(self.notebook, indent=1)

    def raw(self, content: bytes | str | None, name: str | None = None) -> None:
        """Hand in this file in place of the notebook; none at all for None."""
        self.handed_in = True
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (self.folder / (name or self.path.name)).write_bytes(data)

    def raw_json(self, change: Callable[[dict], object]) -> None:
        """Hand in the notebook after a change that nbformat would not write."""
        tree = json.loads(self.text())
        changed = change(tree)
        self.raw(json.dumps(tree if changed is None else changed))

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.code(content).encode() if isinstance(content, str) else content)
        return path


@dataclass(frozen=True)
class Case:
    """One submission, and what must come of it.

    Parameters
    ----------
    id : H01 to H40 as in the list of known cases, with a letter for a variant; X01 and on for others.
    what : what the student does, as the end of a sentence that begins with "The student".
    hostile : whether somebody means to gain by it; the others are unlucky, and must not lose by it.
    knows : ``"right"``, ``"wrong"`` or ``"nothing"``: what stands in the cells before the case changes them.
    marks : test cell -> points due; None where a person must decide.
    states : test cell -> how the question must have ended.
    said : test cell -> words that the student must read there.
    review : the test cells that a person must look at.
    flagged : whether somebody is told of it; None where both will do.
    noted : words of a note in the student's feedback.
    refused : words of the sentence that says why it could not be read; it is then graded by nobody.
    absent : words that may not occur in what came back.
    student : the id of the student; made from that of the case without it.
    """

    id: str
    what: str
    hostile: bool
    knows: str
    change: Callable[[Desk], None]
    marks: Mapping[str, float | None]
    states: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    review: frozenset[str] = frozenset()
    flagged: bool | None = None
    noted: str = ""
    refused: str = ""
    absent: tuple[str, ...] = ()
    student: str = ""

    @property
    def number(self) -> str:
        """The case without its variant: H06 of H06b."""
        return self.id[:3]

    def sit_down(self, notebook, folder: Path, **known) -> None:
        """Do what the student does, and leave in ``folder`` what is handed in."""
        desk = Desk(copy.deepcopy(notebook), folder, case=self.id, **known)
        desk.answer(**{"right": RIGHT, "wrong": WRONG, "nothing": {}}[self.knows])
        self.change(desk)
        if not desk.handed_in:
            desk.raw(desk.text())


CASES: dict[str, Case] = {}


def case(
    id_: str,
    what: str,
    *,
    knows: str = "right",
    hostile: bool | None = None,
    loses: Iterable[str] = (),
    marks: Mapping[str, float | None] | None = None,
    said: Mapping[str, str] | None = None,
    states: Mapping[str, str] | None = None,
    review: Iterable[str] = (),
    student: str = "",
    **more,
):
    """Enter a function that changes a desk into the corpus.

    Questions go by their own names here. Full marks are due to whoever ``knows="right"``, but for the questions in
    ``loses``; nothing is due to the others. ``marks`` says what else is.
    """

    def enter(change: Callable[[Desk], None]) -> Callable[[Desk], None]:
        if id_ in CASES:
            raise ValueError(f"{id_} is there twice")
        due = dict(FULL if knows == "right" else NOTHING)
        due |= {f"test_{name}": 0 for name in loses}
        due |= {f"test_{name}": points for name, points in (marks or {}).items()}
        CASES[id_] = Case(
            id=id_,
            what=what,
            hostile=knows != "right" if hostile is None else hostile,
            knows=knows,
            change=change,
            marks=due,
            states={f"test_{name}": state for name, state in (states or {}).items()},
            said={f"test_{name}": words for name, words in (said or {}).items()},
            review=frozenset(f"test_{name}" for name in review),
            student=student or f"{ATTACKER}{id_.lower()}",
            **more,
        )
        return change

    return enter


def payload(
    id_: str, what: str, code: str, *, at: str = "total", place: str = "before", knows: str = "wrong", **more
) -> None:
    """A case that is a piece of code in one answer: before the answer, after it, or instead of it."""

    def change(desk: Desk) -> None:
        answer = {"right": RIGHT, "wrong": WRONG, "nothing": {at: ""}}[knows][at]
        source = textwrap.dedent(code).strip("\n")
        parts = {"before": (source, answer), "after": (answer, source), "instead": (source,)}[place]
        desk.answer(**{at: "\n".join(parts)})

    case(id_, what, knows=knows, **more)(change)
