"""The checks that students meet: ``expect("active_share").is_share()``.

A check looks up the student's value by name, and either says that it fits or stops with one plain sentence:
what was found, what was expected, one thing to try.
It never shows the answer.

The fairness contract: NumPy scalars, any order of rows, any index, whole numbers as floats, nullable types,
dictionaries for Series and categories for texts are all accepted; floats have tolerances, and a right answer that
was rounded to three places or more is right.
"""

import ast
import datetime
import difflib
import enum
import inspect
import math
import numbers
import re
import sys
import traceback
import types
from collections import Counter, deque
from collections.abc import Callable, Iterable, KeysView, Mapping, Sized, ValuesView
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from course_utils import chart_facts
from course_utils.crossing import Foreign
from course_utils.messages import say

RELATIVE_TOLERANCE = 1e-6
PLACES = 3  # a right answer may be rounded to so many, or more
COLLECTIONS = (
    list
    | tuple
    | set
    | frozenset
    | range
    | deque
    | KeysView
    | ValuesView
    | np.ndarray
    | ExtensionArray
    | pd.Index
)


# Names under which IPython keeps what cells have shown.
_MADE_BY_IPYTHON = re.compile(r"_+\d*")


class Outcome(enum.StrEnum):
    """How a check may end."""

    RIGHT = "right"
    NOT_ATTEMPTED = "not attempted"
    NOT_THERE = "not there"
    WRONG_KIND = "wrong kind"
    WRONG_SHAPE = "wrong shape"
    WRONG_VALUE = "wrong value"
    MISCONCEPTION = "misconception"


class NotYet(AssertionError):
    """A check that did not pass, shown to the student as one sentence and without a stack trace."""

    def __init__(self, outcome: Outcome, sentence: str, misconception: str | None = None):
        super().__init__(_shortened(sentence))
        self.outcome = outcome
        self.misconception = misconception

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Elsewhere(Protocol):
    """Where the student's values are when they are not in the calling notebook: at grading, in another process."""

    def lookup(self, name: str) -> Any:
        """The value under ``name``, fresh at every call, or :data:`MISSING`."""

    def own_names(self) -> Iterable[str]:
        """The names that the student made: no module, nothing of the kit's, none that still holds the dots."""


MISSING = object()
ELSEWHERE: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)
"""Set by grading alone; without it, ``expect`` looks in the notebook that calls it."""


def expect(name: str) -> "Expectation":
    """Begin a check of the value that the student holds under ``name``.

    Raises
    ------
    NotYet
        If there is no such value, or it is still the three dots of the released notebook.
    """
    where = ELSEWHERE.get() or _Here(sys._getframe(1).f_globals)
    value = where.lookup(name)
    if isinstance(where, _Here) and where.is_old(name):
        raise NotYet(Outcome.NOT_THERE, say("outcome.old", name=name))
    if value is MISSING:
        near = nearest(name, where.own_names())
        sentence = (
            say("outcome.not_there_but", name=name, near=near)
            if near
            else say("outcome.not_there", name=name)
        )
        raise NotYet(Outcome.NOT_THERE, sentence)
    if value is ... and (near := nearest(name, where.own_names())):
        raise NotYet(Outcome.NOT_ATTEMPTED, say("outcome.not_attempted_but", name=name, near=near))
    return Expectation(name, value)


class _Here:
    """The names of the calling notebook, as an :class:`Elsewhere`."""

    def __init__(self, names: Mapping[str, Any]):
        self._names = names

    def lookup(self, name: str) -> Any:
        return self._names.get(name, MISSING)

    def own_names(self) -> list[str]:
        return [name for name, value in self._names.items() if is_own(name, value)]

    def is_old(self, name: str) -> bool:
        """Whether the cell that ran last was to make ``name``, and stopped with an error."""
        shell = self._names.get("get_ipython")
        last = getattr(shell(), "last_execution_result", None) if callable(shell) else None
        if last is None or last.success or last.info is None:
            return False
        left_undone = _from_the_error_on(shell().transform_cell(str(last.info.raw_cell)), last, self._names)
        return bool(re.search(rf"(?m)^(def +)?{re.escape(name)}\b *[=(\[]", left_undone))


def _from_the_error_on(cell: str, ran: Any, names: Mapping[str, Any]) -> str:
    """The statements of a cell that stopped with an error, from the one that did; all, where that cannot be told."""
    here = traceback.walk_tb(getattr(ran.error_in_exec, "__traceback__", None))
    stopped_at = next((line for frame, line in here if frame.f_globals is names), None)
    try:
        lasts = [one.end_lineno for one in ast.parse(cell).body]
    except SyntaxError:
        return cell
    if stopped_at is None:
        return cell
    done = max((line for line in lasts if line < stopped_at), default=0)
    return "\n".join(cell.splitlines()[done:])


class Expectation:
    """A value under its name, with checks that may be chained, from coarse to fine."""

    def __init__(self, name: str, value: Any):
        if value is ...:
            raise NotYet(Outcome.NOT_ATTEMPTED, say("outcome.not_attempted", name=name))
        self.name = name
        self.value = value
        self._good_news = say("right.fits", name=name)

    # ---- kinds -------------------------------------------------------------------------------------------

    def is_number(self) -> "Expectation":
        """One finite number of any numeric type; neither True nor False, nor a text."""
        self.value = self._number("number")
        return self._fits("number")

    def is_count(self, at_least: int = 0, of: Sized | None = None, what: str = "of them") -> "Expectation":
        """A whole number; ``812.0`` will do. It counts some of the rows of ``of``, which ``what`` names."""
        value = self._number("count")
        if 0 < value < 1:
            self._stop(Outcome.WRONG_VALUE, "looks_like_share", found=_number_in_words(value))
        if not math.isclose(value, round(value), abs_tol=1e-9):
            self._stop(Outcome.WRONG_VALUE, "not_whole", found=_number_in_words(value))
        if value < 0:
            self._stop(Outcome.WRONG_VALUE, "negative", found=_number_in_words(value))
        if value < at_least or (of is not None and value > len(of)):
            key = "too_few" if value < at_least else "too_many"
            self._stop(Outcome.WRONG_VALUE, key, found=_number_in_words(value), what=what)
        self.value = int(round(value))
        return self._fits("count")

    def is_share(self) -> "Expectation":
        """A number between 0 and 1."""
        value = self._number("share")
        self._within_share(value, self.name)
        self.value = value
        return self._fits("share")

    def is_series(self, labels: Iterable | None = None, of: str = "number") -> "Expectation":
        """One value for each label: a Series, a dictionary, or a DataFrame of one column.

        ``labels`` may come in any order. ``of`` is the kind of each value: ``"number"``, ``"count"``, ``"share"``,
        or ``"any"``.
        """
        pairs = self._pairs()
        wanted = None if labels is None else [_label(label) for label in labels]
        if wanted is not None:
            self._labels_fit(list(pairs), wanted)
        for label, value in pairs.items():
            if of == "any":
                continue
            part = Expectation.__new__(Expectation)
            part.name, part.value = f"{self.name}[{label!r}]", value
            if _is_missing(value):
                self._stop(Outcome.WRONG_VALUE, "values_missing", label=repr(label))
            {"number": part.is_number, "count": part.is_count, "share": part.is_share}[of]()
            pairs[label] = part.value
        is_series = isinstance(self.value, pd.Series)
        self.value = pd.Series(pairs, dtype=None if pairs else float)
        self._fits("series")
        if not is_series:
            self._good_news = say("right.labelled", name=self.name)
        return self

    def is_table(self, columns: Iterable[str] = ()) -> "Expectation":
        """A DataFrame with at least these ``columns``; one that stands in the index counts."""
        if not isinstance(self.value, pd.DataFrame):
            self._wrong_kind("table")
        frame = self.value
        in_index = [level for level in frame.index.names if level is not None and level not in frame.columns]
        frame = frame.reset_index(level=in_index) if in_index else frame
        for column in columns:
            if column not in frame.columns:
                has = ", ".join(map(str, frame.columns)) or say("kind.nothing")
                self._stop(Outcome.WRONG_SHAPE, "columns_missing", missing=column, columns=has)
            if list(frame.columns).count(column) > 1:
                self._stop(Outcome.WRONG_SHAPE, "columns_twice", column=column)
        self.value = frame.reset_index(drop=True)
        return self._fits("table")

    def is_collection(self) -> "Expectation":
        """Several values without labels: a list, tuple, set, array (pandas' own, too), range, Index or Series."""
        if not isinstance(self.value, COLLECTIONS | pd.Series) or _is_single(self.value):
            self._wrong_kind("collection")
        self.value = list(self.value)
        return self._fits("collection")

    def is_text(self) -> "Expectation":
        """One text."""
        if not isinstance(self.value, str):
            self._wrong_kind("text")
        return self._fits("text")

    def is_date(self) -> "Expectation":
        """One date, of any date type or written ``2025-08-31``."""
        value = self.value
        if isinstance(value, datetime.date | np.datetime64 | str):
            try:
                value = pd.Timestamp(value)
            except ValueError:
                value = None
        if not isinstance(value, pd.Timestamp):
            self._wrong_kind("date")
        self.value = value
        return self._fits("date")

    def is_function(self, *arguments: str) -> "Expectation":
        """A function that can be called with these ``arguments``, by place."""
        if not callable(self.value):
            self._wrong_kind("function")
        try:
            inspect.signature(self.value).bind(*arguments)
        except ValueError:
            pass  # some of Python's own functions do not say what they take
        except TypeError:
            found = len(inspect.signature(self.value).parameters)
            names = ", ".join(arguments)
            expected = len(arguments)
            self._stop(Outcome.WRONG_SHAPE, "function_arguments", found=found, expected=expected, names=names)
        return self._fits("function")

    def is_chart(self, kind: str | None = None, *, labels: bool = True, title: bool = False) -> "Expectation":
        """A chart with something drawn in it: an Axes, a Figure, or a grid of seaborn's. Then its facts are the value.

        Parameters
        ----------
        kind : what must be among its marks, one of :data:`course_utils.chart_facts.KINDS`.
        labels : both axes must say what they show; of several charts in a figure, some one's. A pie has none.
        title : it must have a title, or each of several charts one of its own.
        """
        if kind is not None and kind not in chart_facts.KINDS:
            raise ValueError(
                f"a chart has no marks of the kind {kind!r}; there are {', '.join(chart_facts.KINDS)}"
            )
        facts = self.value
        if not isinstance(facts, chart_facts.ChartFacts):
            try:
                facts = chart_facts.facts_of(facts)
            except TypeError:
                self._wrong_kind("chart")
        found = [one for one in chart_facts.KINDS if facts.of_kind(one)]
        if not found:
            self._stop(Outcome.WRONG_SHAPE, "chart_empty")
        if kind is not None and kind not in found:
            self._stop(Outcome.WRONG_SHAPE, "chart_marks", found=_marks(found), wanted=_marks([kind]))
        panels = facts.panels or (facts,)
        for axis in ("x", "y") if labels and found != [chart_facts.SLICES] else ():
            if not any(getattr(panel, f"{axis}_label").strip() for panel in panels):
                self._stop(Outcome.WRONG_SHAPE, "chart_label", axis=axis)
        if title and not facts.title.strip() and not all(panel.title.strip() for panel in panels):
            self._stop(Outcome.WRONG_SHAPE, "chart_title")
        self.value = facts
        return self._fits("chart")

    def is_record(self, kind: type) -> "Expectation":
        """A record of the kit, such as a ``Persona``: one that has been made, not its class."""
        if not isinstance(self.value, kind):
            found, expected = _kind_in_words(self.value), say("kind.record", name=kind.__name__)
            self._stop(Outcome.WRONG_KIND, "wrong_kind", found=found, expected=expected)
        self._good_news = say("right.kind", name=self.name, expected=say("kind.record", name=kind.__name__))
        return self

    # ---- values ------------------------------------------------------------------------------------------

    def holds(self, truth: bool, otherwise: str, misconception: str | None = None) -> "Expectation":
        """Something that the test has found out about the value is so; where it is not, ``otherwise`` says what to do.

        For what has no single right answer, such as a record that a student makes up. ``misconception`` names what
        is behind it.
        """
        if not truth:
            outcome = Outcome.MISCONCEPTION if misconception else Outcome.WRONG_VALUE
            sentence = say("outcome.misconception_whole", name=self.name, message=otherwise)
            raise NotYet(outcome, sentence, misconception)
        return self

    def between(self, low: float, high: float) -> "Expectation":
        """A number from ``low`` to ``high``, both included: for answers that judgement may move."""
        value = self._number("number")
        if not low <= value <= high:
            parts = {
                "found": _number_in_words(value),
                "low": _number_in_words(low),
                "high": _number_in_words(high),
            }
            self._stop(Outcome.WRONG_VALUE, "outside", **parts)
        return self

    def one_of(self, options: Iterable) -> "Expectation":
        """One of several accepted values."""
        options = list(options)
        if not any(_same(self.value, option, 0) for option in options):
            listed = ", ".join(map(str, options))
            self._stop(Outcome.WRONG_VALUE, "not_one_of", found=self._in_words(), options=listed)
        return self

    def equals(
        self,
        right: Any,
        *,
        within: float = 0,
        by: str | list[str] | None = None,
        but_not: Mapping[str, tuple[Any, str]] | None = None,
        hint: str | Callable[[Any], str] | None = None,
    ) -> "Expectation":
        """The value is ``right``.

        Parameters
        ----------
        right : a number, text, date, set (order does not matter), list (order matters), Series or dictionary
            (matched by label), or DataFrame (rows matched by the columns ``by``; only its columns are compared).
        within : how far a number may be off, in its own unit, besides rounding errors.
        but_not : misconceptions by name, each with the value it leads to and the sentence that answers it.
        hint : one thing to try when the value is wrong in another way; or a function that says it of the value.

        Raises
        ------
        NotYet
            With outcome *misconception*, *wrong value*, *wrong kind* or *wrong shape*.
        """
        self._kind_like(right)
        wrong_at = _difference(self.value, right, within, by)
        # Where the answer is merely near, and a misconception fits to the digit, it is the misconception.
        exactly_right = wrong_at is None and _difference(self.value, right, 0, by) is None
        # A misconception that fits to the digit comes before one that is merely near.
        named = sorted(
            (but_not or {}).items(), key=lambda one: _difference(self.value, one[1][0], 0, by) is not None
        )
        for misconception, (value, message) in named:
            if exactly_right or _difference(self.value, value, within if wrong_at else 0, by) is not None:
                continue
            key = "misconception" if _is_plain(self.value) else "misconception_whole"
            sentence = say(f"outcome.{key}", name=self.name, found=self._in_words(), message=message)
            raise NotYet(Outcome.MISCONCEPTION, sentence, misconception)
        places = None if wrong_at is None else _places_of_rounding(self.value, right, by)
        if places is not None and places < PLACES:
            raise NotYet(Outcome.WRONG_VALUE, say("outcome.rounded", name=self.name, places=PLACES))
        if wrong_at is None or places is not None:
            self._good_news = say("right.value", name=self.name)
            return self
        self._shape_like(right)
        raise self._wrong_value(right, wrong_at, _said_of(self.value, hint) or say("outcome.hint"))

    def gives(
        self,
        right: Any,
        *arguments: Any,
        within: float = 0,
        but_not: Mapping[str, tuple[Any, str]] | None = None,
        hint: str | Callable[[Any], str] | None = None,
    ) -> "Expectation":
        """Called with fresh copies of ``arguments``, the function gives back ``right``; as for ``equals``.

        Raises
        ------
        NotYet
            Besides those of ``equals``: *wrong value* when the function stops with an error, *not attempted* when
            it gives back the three dots.
        """
        names = {} if ELSEWHERE.get() else sys._getframe(1).f_globals
        written = [_name_of(a, names) or _as_code(a) for a in arguments]
        shown = ", ".join(code or _kind_in_words(a) for code, a in zip(written, arguments, strict=True))
        example = say("found.example", name=self.name, arguments=shown)
        try:
            result = self._call(arguments)
        except Exception as problem:
            error = f"{type(problem).__name__} ({problem})" if str(problem) else type(problem).__name__
            other = "hint_error" if all(written) else "hint_error_small"
            hint = _hint_for(problem, arguments) or say(f"outcome.{other}")
            parts = {"error": error, "hint": hint, "example": example}
            self._stop(Outcome.WRONG_VALUE, "function_error", **parts)
        if result is ...:
            raise NotYet(Outcome.NOT_ATTEMPTED, say("outcome.not_attempted", name=self.name))
        if result is None:
            self._stop(Outcome.WRONG_KIND, "wrong_kind_forgot_return")
        called = say("found.function_called", name=self.name)
        try:
            Expectation(called, result).equals(right, within=within, but_not=but_not, hint=hint)
        except NotYet as problem:
            raise NotYet(problem.outcome, f"{problem} {example}", problem.misconception) from None
        self._good_news = say("right.example", name=self.name)
        return self

    def heeds(self, *examples: tuple) -> "Expectation":
        """Called with each of these lists of arguments, the function does not always give back the same numbers.

        One that does looks at something else than what it is given. What else may be wrong, ``gives`` says.
        """
        try:
            found = [np.asarray(self._call(one), dtype=float) for one in examples]
        except Exception:
            return self
        if all(np.array_equal(found[0], other) for other in found[1:]):
            names = ", ".join(inspect.signature(self.value).parameters)
            sentence = say("outcome.heedless", name=self.name, names=names)
            raise NotYet(Outcome.MISCONCEPTION, sentence, "not what it is given")
        return self

    # ---- how it speaks -----------------------------------------------------------------------------------

    def _ipython_display_(self) -> None:
        print(self._good_news)

    def __repr__(self) -> str:
        return self._good_news

    def _fits(self, kind: str) -> "Expectation":
        self._good_news = say("right.kind", name=self.name, expected=say(f"kind.{kind}"))
        return self

    def _call(self, arguments: Iterable) -> Any:
        """What the function gives back for fresh copies of the arguments. It leaves the tables of the notebook alone."""
        return _aside(self.value)(*[one.copy() if hasattr(one, "copy") else one for one in arguments])

    def _in_words(self) -> str:
        value = self.value
        if _is_number(value):
            return _number_in_words(value)
        if isinstance(value, str):
            return repr(value)
        if isinstance(value, pd.Timestamp):
            return f"{value:%Y-%m-%d}"
        return _kind_in_words(value)

    def _stop(self, outcome: Outcome, key: str, **parts) -> None:
        raise NotYet(outcome, say(f"outcome.{key}", name=self.name, **parts))

    def _wrong_value(self, right: Any, wrong_at: str, hint: str) -> NotYet:
        """What to say of a value that is wrong; in a Series or table, at the first place where it is."""
        parts = {"name": self.name, "label": wrong_at, "hint": hint}
        if isinstance(right, pd.Series | Mapping) and wrong_at in self.value.index:
            part = self.value[wrong_at]
            key, parts["found"] = "wrong_value_at", _number_in_words(part) if _is_number(part) else str(part)
        elif isinstance(right, pd.DataFrame | pd.Series | Mapping):
            key = "wrong_value_in"
        else:
            few = (
                isinstance(right, list | tuple) and len(self.value) <= 3 and all(map(_is_number, self.value))
            )
            found = ", ".join(map(_number_in_words, self.value)) if few else self._in_words()
            key, parts["found"] = "wrong_value" if few or _is_plain(self.value) else "wrong_members", found
        return NotYet(Outcome.WRONG_VALUE, say(f"outcome.{key}", **parts))

    def _wrong_kind(self, wanted: str) -> None:
        value, key = self.value, "wrong_kind"
        parts = {"found": _kind_in_words(value), "expected": say(f"kind.{wanted}")}
        if wanted in ("number", "count", "share"):
            if isinstance(value, pd.Series | np.ndarray) and pd.api.types.is_bool_dtype(value):
                key = "wrong_kind_truth_share" if wanted == "share" else "wrong_kind_truth"
            elif isinstance(value, pd.Series | pd.DataFrame) and value.size == 1:
                key = "wrong_kind_one_value"
            elif isinstance(value, pd.DataFrame) and wanted == "count":
                key = "wrong_kind_table"
            elif isinstance(value, list) and len(value) == 1:
                key = "wrong_kind_list_of_one"
            elif isinstance(value, tuple) and value and all(map(_is_number, value)):
                key = "wrong_kind_comma"
            elif type(value).__name__.endswith("GroupBy"):
                key = "wrong_kind_grouped"
            elif callable(value):
                key = "wrong_kind_function_not_called"
            elif isinstance(value, str) and value.strip().replace(".", "", 1).isdigit():
                key = "wrong_kind_text_number"
        elif wanted == "series" and type(value).__name__.endswith("GroupBy"):
            key = "wrong_kind_grouped"
        elif wanted == "chart" and isinstance(value, list | tuple | np.ndarray | type(None)):
            key = "wrong_kind_no_axes"
        self._stop(Outcome.WRONG_KIND, key, **parts)

    # ---- how it looks ------------------------------------------------------------------------------------

    def _number(self, wanted: str) -> float:
        value = self.value
        if _is_single(value):
            value = value[()]
        if not _is_number(value):
            if _is_missing(value) and value is not None:
                self._stop(Outcome.WRONG_VALUE, "not_finite", found=str(value))
            self._wrong_kind(wanted)
        number = _as_float(value)
        if not math.isfinite(number):
            self._stop(Outcome.WRONG_VALUE, "not_finite", found=str(number))
        return number if not number.is_integer() else int(value)

    def _within_share(self, value: float, name: str) -> None:
        if not -RELATIVE_TOLERANCE <= value <= 1 + RELATIVE_TOLERANCE:
            key = "share_percent" if value > 1 else "share_outside"
            self._stop(Outcome.WRONG_VALUE, key, found=_number_in_words(value))

    def _pairs(self) -> dict[str, Any]:
        value = self.value
        if isinstance(value, pd.DataFrame) and value.shape[1] == 1:
            value = value.iloc[:, 0]
        if isinstance(value, pd.DataFrame) and value.shape[1] == 2:
            value = value.iloc[:, 1].set_axis(pd.Index(value.iloc[:, 0]))
        if isinstance(value, Mapping):
            value = pd.Series(dict(value), dtype=object if not value else None)
        if not isinstance(value, pd.Series):
            self._wrong_kind("series")
        labels = [_label(label) for label in value.index]
        if len(set(labels)) < len(labels):
            label, _ = Counter(labels).most_common(1)[0]
            self._stop(Outcome.WRONG_SHAPE, "labels_twice", label=repr(label))
        return dict(zip(labels, value.tolist(), strict=True))

    def _labels_fit(self, found: list[str], wanted: list[str]) -> None:
        listed = ", ".join(wanted)
        if len(found) > 3 * len(wanted):
            key = "not_grouped_function" if self.name.endswith(")") else "not_grouped"
            self._stop(Outcome.WRONG_SHAPE, key, found=len(found), labels=listed)
        if missing := [label for label in wanted if label not in found]:
            self._stop(Outcome.WRONG_SHAPE, "labels_missing", missing=", ".join(missing), labels=listed)
        if extra := [label for label in found if label not in wanted]:
            self._stop(Outcome.WRONG_SHAPE, "labels_extra", extra=", ".join(extra), labels=listed)

    def _kind_like(self, right: Any) -> None:
        """Bring the value to the kind of the right answer, or stop."""
        if isinstance(right, pd.DataFrame):
            self.is_table(right.columns)
        elif isinstance(right, pd.Series | Mapping):
            self.is_series(of="any")
        elif isinstance(right, str):
            self.is_text()
        elif isinstance(right, datetime.date):
            self.is_date()
        elif isinstance(right, bool | np.bool_):
            if not isinstance(self.value, bool | np.bool_):
                self._wrong_kind("truth")
        elif isinstance(right, set | frozenset | list | tuple):
            self.is_collection()
        elif _is_number(right):
            self.value = self._number("number")
        else:
            raise TypeError(f"a right answer of the type {type(right).__name__} cannot be compared")

    def _shape_like(self, right: Any) -> None:
        """Stop where the labels, the rows or the length are not those of the right answer."""
        if isinstance(right, pd.Series | Mapping):
            self._labels_fit(list(self.value.index), [_label(label) for label in pd.Series(right).index])
        elif isinstance(right, pd.DataFrame) and len(self.value) != len(right):
            self._stop(Outcome.WRONG_SHAPE, "rows", found=len(self.value))
        elif isinstance(right, list | tuple) and len(self.value) != len(right):
            self._stop(Outcome.WRONG_SHAPE, "length", found=len(self.value))


# ---- comparing ---------------------------------------------------------------------------------------------


def _difference(value: Any, right: Any, within: float, by) -> str | None:
    """The first label (or other place) at which ``value`` differs from ``right``; None where it does not."""
    if isinstance(right, pd.DataFrame):
        return _table_difference(value, right, within, by)
    if isinstance(right, pd.Series | Mapping):
        right = {_label(label): part for label, part in pd.Series(right).items()}
        if set(right) != set(value.index):
            return "the labels"
        return next((label for label, part in right.items() if not _same(value[label], part, within)), None)
    if isinstance(right, set | frozenset):
        try:
            return None if {_plain(v) for v in value} == {_plain(v) for v in right} else "its members"
        except TypeError:  # a list among them, which cannot be in a set
            return "its members"
    if isinstance(right, list | tuple):
        if len(value) != len(right):
            return "its length"
        unlike = (i for i, pair in enumerate(zip(value, right, strict=True)) if not _same(*pair, within))
        return next((f"place {i}" for i in unlike), None)
    return None if _same(value, right, within) else "its value"


def _places_of_rounding(value: Any, right: Any, by) -> int | None:
    """To how many decimal places, at most, ``value`` is ``right``, rounded; None where it is something else."""
    for places in range(8, 0, -1):  # 0.11 is 0.11023 to two places, and to three
        rounded = _rounded(right, places)
        if rounded is not None and _difference(value, rounded, 0, by) is None:
            return places
    return None


def _rounded(right: Any, places: int) -> Any:
    """A right answer with its numbers rounded; None if it holds none, or only a whole number would be left of one."""
    if isinstance(right, pd.DataFrame):
        columns = {name: _rounded(right[name], places) for name in right.columns}
        if all(one is None for one in columns.values()):
            return None
        return right.assign(**{name: one for name, one in columns.items() if one is not None})
    if isinstance(right, pd.Series | Mapping):
        parts = pd.Series(right)
        found = [_rounded(part, places) for part in parts.tolist()]
        if all(one is None for one in found):
            return None
        pairs = zip(found, parts.tolist(), strict=True)
        return pd.Series([part if one is None else one for one, part in pairs], parts.index, dtype=object)
    if not _is_number(right) or not math.isfinite(_as_float(right)):
        return None
    rounded = round(_as_float(right), places)
    return None if rounded.is_integer() else rounded


def _table_difference(value: pd.DataFrame, right: pd.DataFrame, within: float, by) -> str | None:
    keys = [by] if isinstance(by, str) else list(by or right.columns)
    if len(value) != len(right) or not set(right.columns) <= set(value.columns):
        return "its rows"

    # What is computed may be off by a rounding error, so it decides last, and roughly.
    computed = [key for key in keys if any(isinstance(v, float) and not v.is_integer() for v in right[key])]

    def ordered(frame):
        frame = frame[list(right.columns)].reset_index(drop=True)
        order = pd.DataFrame(index=frame.index)
        for key in sorted(keys, key=computed.__contains__):
            plain = [_plain(value) for value in frame[key]]
            frame[key] = pd.Series(plain, frame.index, dtype=object)
            order[key] = pd.Series([_roughly(v) for v in plain] if key in computed else plain, dtype=object)
        return frame.loc[order.sort_values(list(order)).index]

    spelled = {_plain(value): value for key in (keys if by else ()) for value in right[key]}
    right = ordered(right)
    try:
        value = ordered(value)
    except TypeError:  # numbers among texts, or objects of the student's own
        return f"the column {keys[0]}"
    for column in right.columns:
        for row, pair in enumerate(zip(value[column], right[column], strict=True)):
            if not _same(*pair, within):
                place = ", ".join(
                    f"{key} {spelled.get(right[key].iloc[row], right[key].iloc[row])}"
                    for key in keys
                    if key != column
                )
                return f"the column {column}" + (f" where {place}" if by and place else "")
    return None


def _roughly(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


def _label(label: Any) -> str:
    """A label in words that are the same for the year 2024 and 2024.0, and for NumPy's numbers in a pair."""
    if isinstance(label, tuple):
        return str(tuple(_label(part) for part in label))
    whole = isinstance(label, float | np.floating) and float(label).is_integer()
    return str(int(label)) if whole else str(label)


def _same(value: Any, right: Any, within: float) -> bool:
    value, right = _plain(value), _plain(right)
    if _is_missing(value) or _is_missing(right):
        return _is_missing(value) and _is_missing(right)
    if isinstance(value, float) and isinstance(right, float):
        return math.isclose(value, right, rel_tol=RELATIVE_TOLERANCE, abs_tol=max(within, 1e-9))
    try:
        return bool(value == right)
    except (TypeError, ValueError, ArithmeticError):  # several values, or one that compares with nothing
        return False


def _plain(value: Any) -> Any:
    """A value in a form that compares as people would: 3 and 3.0, ``"Adult "`` and ``"adult"`` are the same."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if _is_number(value):
        return _as_float(value)
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, datetime.date | np.datetime64):
        return pd.Timestamp(value)
    return value


def _as_float(value: Any) -> float:
    """A number as a float: infinite where it is too large for one, nan where it is none."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (ValueError, ArithmeticError):
        return math.nan


def _is_number(value: Any) -> bool:
    if isinstance(value, bool | np.bool_ | np.timedelta64):
        return False
    return isinstance(value, numbers.Real | np.integer | np.floating | Decimal)


def _is_single(value: Any) -> bool:
    """An array that holds one value, and has no places."""
    return isinstance(value, np.ndarray) and value.ndim == 0


def _is_missing(value: Any) -> bool:
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def _is_plain(value: Any) -> bool:
    return _is_number(value) or isinstance(value, str | pd.Timestamp | bool | np.bool_)


# ---- words -------------------------------------------------------------------------------------------------


def _shortened(sentence: str, most: int = 1000) -> str:
    """A sentence with its middle left out, where a name or a label in it is endless."""
    return sentence if len(sentence) <= most else f"{sentence[: most // 2]} … {sentence[-most // 2 :]}"


def _number_in_words(value: float) -> str:
    number = _as_float(value)
    if number.is_integer():
        return f"{int(value)}"
    return f"{number:.4g}" if not abs(number) >= 1000 else f"{number:.2f}"


def _kind_in_words(value: Any) -> str:
    if value is None:
        return say("kind.nothing")
    if isinstance(value, Foreign) and value.why == "too large":
        return say("found.too_large", type=type(value).__name__)
    if isinstance(value, pd.Series):
        return say("found.series", length=len(value))
    if isinstance(value, pd.DataFrame):
        return say("found.table", rows=len(value), columns=value.shape[1])
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str):
        return say("kind.text")
    if _is_number(value):
        return say("kind.number")
    if isinstance(value, datetime.date):
        return say("kind.date")
    if callable(value):
        return say("kind.function")
    if _is_single(value):
        return _kind_in_words(value[()])
    if isinstance(value, COLLECTIONS | dict):
        return say("found.collection", type=type(value).__name__, length=len(value))
    return say("kind.other", type=type(value).__name__)


def _marks(kinds: Iterable[str]) -> str:
    """Kinds of marks in words."""
    keys = ("error_bars" if kind == chart_facts.ERRORS else kind for kind in kinds)
    return ", ".join(say(f"marks.{key}") for key in keys)


# What pandas says, in part, and the sentence that helps.
_HINTS = {
    "ambiguous": "hint_ambiguous",
    "'and_'": "hint_ambiguous",
    "identically-labeled": "hint_other_order",
    "does not support operation 'mean'": "hint_mean_of_texts",
    "'DatetimeProperties' object has no attribute 'days'": "hint_days_of_dates",
}


def _hint_for(problem: Exception, arguments: Iterable) -> str | None:
    """What to try after an error in a student's function; None for an error that nothing is known of."""
    if isinstance(problem, NameError):
        return say("outcome.hint_name")
    # pandas stops with an assertion without words where it meets the three dots.
    if "ellipsis" in str(problem) or (isinstance(problem, AssertionError) and not str(problem)):
        return say("outcome.hint_dots")
    if key := next((key for part, key in _HINTS.items() if part in str(problem)), None):
        return say(f"outcome.{key}")
    if not isinstance(problem, KeyError):
        return None
    asked = re.fullmatch(r"'(?:Column not found: )?(.*)'", str(problem))
    tables = [one for one in arguments if isinstance(one, pd.DataFrame | pd.Series)]
    if asked is None:
        return say("outcome.hint_key")
    if any(asked[1] in one for one in tables):
        return None
    columns = [str(column) for one in tables if isinstance(one, pd.DataFrame) for column in one.columns]
    if columns:
        return say("outcome.hint_column", asked=asked[1], columns=", ".join(columns))
    return say("outcome.hint_no_columns", asked=asked[1]) if tables else None


def _said_of(value: Any, hint: str | Callable[[Any], str] | None) -> str | None:
    """What to try: a sentence, or what a function says of the value; None where it cannot say anything."""
    if not callable(hint):
        return hint
    try:
        return hint(value)
    except Exception:  # the value is of a kind that it did not expect
        return None


def _aside(function: Callable) -> Callable:
    """The function, with tables of its notebook that are copies: a test that calls it must not change the others."""
    if not isinstance(function, types.FunctionType):
        return function
    tables = {
        name: value.copy(deep=False)  # pandas copies what is changed when it is changed
        for name, value in list(function.__globals__.items())
        if isinstance(value, pd.DataFrame | pd.Series)
    }
    same = types.FunctionType(
        function.__code__,
        {**function.__globals__, **tables},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    same.__kwdefaults__ = function.__kwdefaults__
    return same


def _name_of(value: Any, names: Mapping[str, Any]) -> str | None:
    """The name that a table or a Series has in the calling notebook, where it can be used; None if it has none."""
    if not isinstance(value, pd.DataFrame | pd.Series):
        return None
    own = (name for name in list(names) if not _MADE_BY_IPYTHON.fullmatch(name))
    return next((name for name in own if names[name] is value), None)


def _as_code(value: Any, most: int = 40) -> str | None:
    """How to write a value down in a cell; None for what is too large for that, or of a kind of its own."""
    if isinstance(value, pd.DataFrame):
        if value.size > most or not isinstance(value.index, pd.RangeIndex):
            return None
        columns = [(name, _plain_list(value[name])) for name in value.columns]
        if any(cells is None for _, cells in columns):
            return None
        return f"pd.DataFrame({{{', '.join(f'{name!r}: {cells}' for name, cells in columns)}}})"
    if isinstance(value, pd.Series):
        cells, labels = _plain_list(value), _plain_list(value.index.to_series())
        if value.size > most // 2 or cells is None or labels is None:
            return None
        index = "" if isinstance(value.index, pd.RangeIndex) else f", index={labels}"
        return f"pd.Series({cells}{index})"
    if isinstance(value, pd.Timestamp):
        return f"pd.Timestamp('{value:%Y-%m-%d}')" if value == value.normalize() else f"pd.{value!r}"
    return repr(value)


def _plain_list(values: pd.Series) -> str | None:
    """The values as a list in code, None where one of them cannot be written so."""
    cells = [None if _is_missing(one) else one for one in values.tolist()]
    if values.dtype.kind == "M":
        return f"pd.to_datetime({[one and f'{one:%Y-%m-%d}' for one in cells]})"
    return str(cells) if all(one is None or type(one) in (int, float, str, bool) for one in cells) else None


def is_own(name: str, value: Any) -> bool:
    """Whether a name of a notebook is one that the student made, and has filled in."""
    ours = inspect.ismodule(value) or str(getattr(value, "__module__", "")).startswith("course_utils")
    return not (ours or name.startswith("_") or value is ... or name in ("In", "Out"))


def nearest(name: str, own: Iterable[str]) -> str | None:
    """The one of the student's ``own`` names that looks most like ``name``, if one does."""
    own = {known.casefold(): known for known in own}
    near = difflib.get_close_matches(name.casefold(), own, n=1, cutoff=0.85)
    return own[near[0]] if near else None
