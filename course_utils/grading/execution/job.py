"""What is known of one notebook of one submission, before it is run and after: plain data that may be kept and sent.

A :class:`Job` is all that is needed to run it; a :class:`ExecutionResult` is what came of it, cell by cell.
Both go through JSON unchanged, so that they may wait in a cache or travel to another machine.
"""

import base64
import dataclasses
import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMAT = 3


class Role(enum.StrEnum):
    """Who wrote a cell, and who runs it."""

    WORDS = "words"  # nothing to run
    SETUP = "setup"  # locked, no points: run by the student side and by the test runner, each for itself
    ANSWER = "answer"  # a graded question's cell, written by the student
    EXTRA = "extra"  # a cell that the student added
    TEST = "test"  # locked, with points: run by the test runner alone


class State(enum.StrEnum):
    """How a question ended."""

    RIGHT = "right"
    PARTLY = "partly right"
    NOT_ATTEMPTED = "not attempted"
    NOT_THERE = "not there"
    ERROR = "error in your code"
    WRONG = "wrong value"
    OUR_FAULT = "our fault"


def plain(text: str) -> str:
    """A text without what would steer a terminal."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")


@dataclass(frozen=True)
class Cell:
    """One cell of a job, in the order of the notebook that is graded.

    ``source`` is what the student side may see: for a test, that of the released notebook, and it is never sent there.
    ``whole`` is a locked cell with everything in it, for the test runner alone; for other cells it is empty.
    ``released`` is, for an answer, the cell as students got it.
    ``answers`` names, for a test, the answer cells that it tests.
    ``pictures`` is a digest of those that were handed in with a cell of words; empty if there are none.
    """

    role: Role
    source: str
    grade_id: str | None = None
    points: float = 0
    whole: str = ""
    released: str = ""
    answers: tuple[str, ...] = ()
    pictures: str = ""


@dataclass(frozen=True)
class Job:
    """One notebook of one submission, ready to be run.

    ``student`` is the name whose library it uses; ``files`` are the permitted files beside the notebook;
    ``tables`` are the tables of the student's library that the assignment names. ``questions`` is the text that declares
    its questions, for the test runner alone.
    """

    student: str
    assignment: str
    notebook: str
    cells: tuple[Cell, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    questions: str = ""

    @property
    def key(self) -> str:
        """Changes whenever something changes that may change the marks, the kit's own code apart."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        parts = dataclasses.asdict(self)
        parts["files"] = {name: base64.b64encode(data).decode() for name, data in sorted(self.files.items())}
        return json.dumps({"format": FORMAT, **parts}, sort_keys=True, ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> "Job":
        parts = json.loads(text)
        if parts.pop("format") != FORMAT:
            raise ValueError("a job of another version of the kit")
        parts["cells"] = tuple(
            Cell(**{**cell, "role": Role(cell["role"]), "answers": tuple(cell["answers"])})
            for cell in parts["cells"]
        )
        parts["files"] = {name: base64.b64decode(data) for name, data in parts["files"].items()}
        parts["tables"] = tuple(parts["tables"])
        return cls(**parts)


@dataclass(frozen=True)
class CellError:
    """An error in a student's cell, in their own words: its kind, what it said, and the line it happened in."""

    kind: str
    said: str
    cell: str = ""  # grade_id of the cell, empty for one that the student added
    line: int | None = None
    code: str = ""  # the text of that line
    timed_out: bool = False  # stopped because it took too long

    def __str__(self) -> str:
        where = f"line {self.line} ({self.code.strip()}): " if self.line else ""
        return f"{where}{self.kind}: {self.said}" if self.said else f"{where}{self.kind}"


@dataclass(frozen=True)
class CellResult:
    """What came of one cell.

    ``outputs`` are nbformat outputs, as plain dictionaries, bounded in size. ``cell_error`` is set where a student's
    cell stopped with an error, ran out of time or ended its Python.
    The other fields are those of tests: ``score`` is None where no mark could be found; ``review`` says why a person
    must look, and is empty where none must; ``message`` is the sentence for the student.
    ``seconds`` is wall time, ``cpu`` what the processor spent, both on the student's side for a student's cell.
    """

    outputs: tuple[dict, ...] = ()
    cell_error: CellError | None = None
    state: State | None = None
    score: float | None = None
    review: str = ""
    message: str = ""
    misconception: str | None = None
    seconds: float = 0
    cpu: float = 0


@dataclass(frozen=True)
class ExecutionResult:
    """What came of one job: one result for each of its cells, in their order.

    ``key`` is that of the job, ``kit`` the version of the kit's code that ran it. ``sandbox`` names the form of
    sandbox. ``flags`` are reasons for a person to look at the whole of it that cost no points.
    """

    key: str
    kit: str
    student: str
    sandbox: str
    results: tuple[CellResult, ...]
    flags: tuple[str, ...] = ()
    restarts: int = 0
    seconds: float = 0

    def is_of(self, job: Job) -> bool:
        """Whether this came of just this job, with a result for each of its cells."""
        return (self.key, self.student, len(self.results)) == (job.key, job.student, len(job.cells))

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **dataclasses.asdict(self)}, sort_keys=True, ensure_ascii=True)

    @classmethod
    def from_json(cls, text: str) -> "ExecutionResult":
        parts = json.loads(text)
        if parts.pop("format") != FORMAT:
            raise ValueError("a result of another version of the kit")
        parts["results"] = tuple(
            CellResult(
                **{
                    **result,
                    "outputs": tuple(result["outputs"]),
                    "cell_error": result["cell_error"] and CellError(**result["cell_error"]),
                    "state": result["state"] and State(result["state"]),
                }
            )
            for result in parts["results"]
        )
        parts["flags"] = tuple(parts["flags"])
        return cls(**parts)
