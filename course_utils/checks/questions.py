"""What an assignment declares of its questions: right answers, and slips that have a name.

The declarations of ``assignments/text/NN_…`` stand beside it in ``assignments/questions/NN.py``, one class a question.
They are never released. From them follow the mark and its sentence, the proofs, the mutants, the lint, and what
Monday's page calls a misconception; no sentence and no value is written twice::

    class ActiveShare(Share):
        name, points, objective, within = "active_share", 2, 1, 0.0005

        def right(t):
            return (t.patrons["last_use"] > t.since).mean()

        also_right = ["active_share = len(patrons.query('last_use > @since')) / len(patrons)"]
        slips = [
            Slip(
                "valid cards",
                'active_share = (patrons["expires"] >= AS_OF).mean()',
                "This is the share with a valid card. Active means that they used the library.",
            ),
        ]

A test cell asks for it with ``expect("active_share").is_right()``, in its hidden part.
"""

import contextlib
import copy
import itertools
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from course_utils.checks.comparison import difference
from course_utils.checks.expectation import Expectation
from course_utils.checks.outcomes import NotYet
from course_utils.checks.practice import Example, value_of

FOLDER = "questions"
# How far an answer may be off that is no whole number: it may be rounded to three digits after the point, on the way, too.
ROUNDED = 0.00051


@dataclass(frozen=True)
class Slip:
    """A wrong answer that has a name: the code that makes it, as a student would type it, and what it is told.

    A slip with ``says`` is known by its value, which is worked out from the code in the student's own library.
    Without it, something else tells it: the example of a visible test that knows it by its name; or, in ``told``,
    a sentence of the catalogue by its key (``"outcome.share_percent"``), or what is said in full, with ``#`` for any
    number. ``points`` is what it earns all the same. ``also`` is other code that makes the same slip.
    ``sometimes`` says that in some libraries the slip happens to make the right answer, or what another slip makes.
    """

    name: str
    code: str
    says: str = ""
    told: str = ""
    points: float = 0
    also: Sequence[str] = ()
    sometimes: bool = False


class Question:
    """A question whose answer is compared with the right one. ``right`` takes what the set-up cell made: :class:`Given`.

    Attributes
    ----------
    name : of the value that the student makes, and of the cell.
    points, objective : as in the prompt.
    within, by : as for :meth:`~course_utils.checks.Expectation.equals`.
    hint : one thing to try when the value is wrong in another way; or a function of the value that says it. One that
        depends on the right answer, or on the library, is given by :meth:`hint_for`.
    also_right : further right answers, as a student would type them.
    slips : wrong answers that have a name; the first that fits is the one that is told.
    survivors : mutants of the reference solution that lose no marks, and why that is right.
    form : the check of its form that the visible test must make.
    """

    name: ClassVar[str]
    points: ClassVar[float]
    objective: ClassVar[int]
    within: ClassVar[float] = 0
    by: ClassVar[str | list[str] | None] = None
    hint: ClassVar[str | Callable[[Any], str] | None] = None
    also_right: ClassVar[Sequence[str]] = ()
    slips: ClassVar[Sequence[Slip]] = ()
    survivors: ClassVar[Mapping[str, str]] = {}
    form: ClassVar[str] = ""

    def right(t: "Given") -> Any:
        """The right answer, in the library that ``t`` comes from."""
        raise NotImplementedError

    @classmethod
    def check(cls, found: Expectation, t: "Given") -> None:
        """Compare what was found. Raises ``NotYet`` where it is not right. A question that asks for more overrides it."""
        right = cls.right(t)
        known, hint = cls.known(t, right), cls.hint_for(right, t)
        found.equals(right, within=cls.within, by=cls.by, but_not=known, hint=hint)

    @classmethod
    def hint_for(cls, right: Any, t: "Given") -> str | Callable[[Any], str] | None:
        """The hint for a value that should be ``right``."""
        return cls.hint

    @classmethod
    def known(cls, t: "Given", right: Any) -> "Known":
        """The values of the slips that are known by them, worked out when they are looked at."""
        return Known(cls, lambda slip: _in_form_of(right, cls.name, t.made_by(slip.code, cls.name)))

    @classmethod
    def sentence_for(cls, slip: Slip) -> str:
        """The sentence by which a slip is answered, without what comes before it; empty where a form check says it."""
        return slip.says


class Count(Question):
    """A whole number of people or things."""

    form = "is_count"


class Number(Question):
    """One number."""

    form = "is_number"


class Share(Question):
    """A number between 0 and 1."""

    form, within = "is_share", ROUNDED


class Labelled(Question):
    """One value for each label: a Series."""

    form = "is_series"


class Table(Question):
    """A DataFrame, whose rows are matched by the columns ``by``."""

    form = "is_table"


class Choice(Question):
    """One of several texts."""

    form = "is_text"


class Function(Question):
    """A function. ``right`` gives a right one.

    Attributes
    ----------
    tries : the examples of the visible test, which a student can look at.
    examples : lists of arguments that grading tries besides: a function of :class:`Given`.
    """

    form = "is_function"
    tries: ClassVar[Sequence[Example]] = ()

    def examples(t: "Given") -> Sequence[tuple]:
        """What grading tries besides the visible examples."""
        return ()

    @classmethod
    def check(cls, found: Expectation, t: "Given") -> None:
        function = cls.right(t)
        for arguments in cls.examples(t):
            right = function(*_copies(arguments))
            known = Known(cls, lambda slip, a=arguments, r=right: cls._given_by(slip, t, a, r))
            hint = cls.hint_for(right, t)
            found.gives(right, *arguments, within=cls.within, but_not=known, hint=hint)

    @classmethod
    def alike(cls) -> list[tuple[str, str, str]]:
        """Where a visible example has slips that it tells different things though they lead to the same value, or the right one.

        Each with the place of the example and two names, of which the second may be ``"the right answer"``.
        """
        found = []
        for example in cls.tries:
            right = value_of(example.right)
            values = {
                name: (_in_form_of(right, cls.name, value_of(value)), sentence)
                for name, (value, sentence) in example.slips.items()
            } | {"the right answer": (_in_form_of(right, cls.name, right), "")}
            for (one, (a, said)), (other, (b, also_said)) in itertools.combinations(values.items(), 2):
                if said == also_said or a is NOTHING or b is NOTHING:
                    continue
                if difference(a, b, example.within, cls.by) is None:
                    found.append((example.place, one, other))
        return found

    @classmethod
    def sentence_for(cls, slip: Slip) -> str:
        return slip.says or next(filter(None, (one.sentence(slip.name) for one in cls.tries)), "")

    @classmethod
    def _given_by(cls, slip: Slip, t: "Given", arguments: tuple, right: Any) -> Any:
        return _in_form_of(right, cls.name, t.made_by(slip.code, cls.name)(*_copies(arguments)))


class Known(Mapping):
    """The slips of a question with the values that they lead to, each worked out when it is asked for."""

    def __init__(self, question: type[Question], value_of: Callable[[Slip], Any]):
        self._slips = {slip.name: slip for slip in question.slips if question.sentence_for(slip)}
        self._question, self._value_of = question, value_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._slips)

    def __len__(self) -> int:
        return len(self._slips)

    def __getitem__(self, name: str) -> tuple[Any, str]:
        slip = self._slips[name]
        try:
            value = self._value_of(slip)
        except Exception:  # it stops, or makes nothing that could be compared: then it is not what was found
            value = NOTHING
        return value, self._question.sentence_for(slip)


NOTHING = object()


class Given:
    """What the set-up cells of an assignment made for one library, and the right answers to its other questions.

    Each use gets a copy of its own, so that nothing that a declaration does is there for the next one.
    """

    def __init__(self, names: Callable[[], Mapping[str, Any]], questions: Mapping[str, type[Question]]):
        self._names, self._questions = names, questions

    def __getattr__(self, name: str) -> Any:
        names = self._names()
        if name in names:
            return _own(names[name])
        if name in self._questions:
            return self._questions[name].right(self)
        raise AttributeError(f"the set-up of this assignment makes no {name}, and no question asks for it")

    def made_by(self, code: str, name: str) -> Any:
        """What a cell makes under a name, run with what the set-up made, and with right answers to other questions."""
        compiled = compile(code, f"<an answer to {name}>", "exec")
        names = {known: _own(value) for known, value in self._names().items()}
        used = _names_in(compiled) & set(self._questions) - {name} - set(names)
        names |= {other: self._questions[other].right(self) for other in used}
        exec(compiled, names)
        return names[name]


@dataclass(frozen=True)
class Declared:
    """The questions of an assignment, and what its set-up made in the library that is looked at."""

    questions: Mapping[str, type[Question]]
    given: Given

    def check(self, found: Expectation) -> None:
        """See :meth:`Question.check`. Raises ``KeyError`` where the assignment declares no such question."""
        if found.name not in self.questions:
            raise KeyError(f"assignments/{FOLDER}/ declares no question named {found.name}")
        self.questions[found.name].check(found, self.given)


DECLARED: ContextVar[Declared | None] = ContextVar("declared", default=None)
"""Set by grading, proofs and mutants; without it, :func:`here` finds the declarations of the notebook's folder."""


def read(source: str, file: str = "questions.py") -> dict[str, type[Question]]:
    """The questions that a file of declarations declares, by name, in its order. It is the author's code, and is run."""
    module = types.ModuleType(Path(file).stem)
    exec(compile(source, file, "exec"), vars(module))
    declared = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Question) and "name" in vars(value)
    ]
    return {question.name: question for question in declared}


def file_of(assignments: Path, assignment: str) -> Path:
    """Where the questions of an assignment are declared: ``questions/NN.py`` in the course's folder ``assignments``."""
    return Path(assignments) / FOLDER / f"{assignment.split('_')[0]}.py"


def here(names: Mapping[str, Any]) -> Declared | None:
    """For an author who runs the source notebook: what its assignment declares; None where nothing is to be found."""
    folder = Path.cwd()
    path = file_of(folder.parents[1], folder.name) if len(folder.parents) > 1 else None
    if path is None or not path.is_file():
        return None
    questions = read(path.read_text(encoding="utf-8"), str(path))
    made = {name: value for name, value in names.items() if name not in questions}
    return Declared(questions, Given(lambda: made, questions))


def _in_form_of(right: Any, name: str, value: Any) -> Any:
    """A value as a check looks at it that expects one like ``right``."""
    found = Expectation(name, value)
    with contextlib.suppress(NotYet):
        found.like(right)
        return found.value
    return NOTHING


def _own(value: Any) -> Any:
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=False)  # pandas copies what is changed when it is changed
    return copy.deepcopy(value) if isinstance(value, np.random.Generator | list | dict | set) else value


def _copies(arguments: Sequence) -> list:
    return [one.copy() if hasattr(one, "copy") else one for one in arguments]


def _names_in(code: types.CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, types.CodeType))
    return set(code.co_names).union(*map(_names_in, inner))
