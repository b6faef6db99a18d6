"""The checks that students meet: ``expect("active_share").is_share()``.

A check looks up the student's value by name, and either says that it fits or stops with one plain sentence:
what was found, what was expected, one thing to try.
It never shows the answer. What counts as the same is in :mod:`course_utils.checks.comparison`.
"""

import contextlib
import datetime
import inspect
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any

import numpy as np
import pandas as pd

from course_utils.checks import chart_facts
from course_utils.checks.calling import aside, hint_for, said_of
from course_utils.checks.comparison import (
    PLACES,
    RELATIVE_TOLERANCE,
    as_float,
    difference,
    few_places,
    is_missing,
    is_number,
    is_plain,
    is_single,
    label_text,
    places_of_rounding,
    same,
)
from course_utils.checks.description import (
    COLLECTIONS,
    as_code,
    few_of,
    kind_in_words,
    marks_in_words,
    name_of,
    number_in_words,
)
from course_utils.checks.lookup import (
    MISSING,
    NAMESPACE,
    Namespace,
    NotebookNamespace,
    also_written,
    below_the_dots,
    nearest,
)
from course_utils.checks.outcomes import NotYet, Outcome
from course_utils.messages import say


def expect(name: str) -> "Expectation":
    """Begin a check of the value that the student holds under ``name``.

    Raises
    ------
    NotYet
        If there is no such value, or it is still the three dots of the released notebook.
    """
    where = NAMESPACE.get() or NotebookNamespace(sys._getframe(1).f_globals)
    value = where.lookup(name)
    if isinstance(where, NotebookNamespace):
        if where.is_old(name):
            raise NotYet(Outcome.NOT_THERE, say("outcome.old", name=name))
        if target := also_written(where.cell_of(name), name):
            raise NotYet(Outcome.WRONG_VALUE, say("outcome.also_writes", name=name, target=target))
    if value is MISSING:
        near = nearest(name, where.own_names())
        sentence = (
            say("outcome.not_there_but", name=name, near=near)
            if near
            else say("outcome.not_there", name=name)
        )
        raise NotYet(Outcome.NOT_THERE, sentence)
    if value is ... and (does := below_the_dots(where.source_of(name), name)):
        raise NotYet(Outcome.NOT_ATTEMPTED, say(f"outcome.{does}", name=name))
    if value is ... and (near := nearest(name, where.own_names())):
        raise NotYet(Outcome.NOT_ATTEMPTED, say("outcome.not_attempted_but", name=name, near=near))
    return Expectation(name, value)


def _with_numpys_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """A table in which numbers of pandas' nullable types are NumPy's, as a check may count on; NaN where one is missing."""
    for place, column in enumerate(frame.columns):
        values = frame.iloc[:, place]
        if isinstance(values.dtype, np.dtype) or not pd.api.types.is_numeric_dtype(values):
            continue
        kind: type = bool if pd.api.types.is_bool_dtype(values) else int
        kind = float if values.isna().any() or pd.api.types.is_float_dtype(values) else kind
        frame = frame.assign(**{column: values.astype(kind)}) if isinstance(column, str) else frame
    return frame


def _with_index_named(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """A table whose index is called after the one column that is missing, where it holds texts: it lost its name."""
    missing = [column for column in columns if column not in {*frame.columns, *frame.index.names}]
    holds_texts = frame.index.nlevels == 1 and not pd.api.types.is_numeric_dtype(frame.index)
    if len(missing) == 1 and holds_texts and frame.index.name not in columns:
        return frame.rename_axis(missing[0])
    return frame


@contextlib.contextmanager
def _looking_in(where: Namespace) -> Iterator[None]:
    token = NAMESPACE.set(where)
    try:
        yield
    finally:
        NAMESPACE.reset(token)


class Expectation:
    """A value under its name, with checks that may be chained, from coarse to fine."""

    def __init__(self, name: str, value: Any):
        if value is ...:
            raise NotYet(Outcome.NOT_ATTEMPTED, say("outcome.not_attempted", name=name))
        self.name = name
        self.value = value
        self._good_news = say("right.fits", name=name)
        self._note = ""

    # ---- kinds -------------------------------------------------------------------------------------------

    def is_number(self) -> "Expectation":
        """One finite number of any numeric type; neither True nor False, nor a text."""
        self.value = self._number("number")
        return self._fits("number")

    def is_count(self, at_least: int = 0, of: Sized | None = None, what: str = "of them") -> "Expectation":
        """A whole number; ``812.0`` will do. It counts some of the rows of ``of``, which ``what`` names."""
        value = self._number("count")
        if 0 < value < 1:
            self._stop(Outcome.WRONG_VALUE, "looks_like_share", found=number_in_words(value))
        if not math.isclose(value, round(value), abs_tol=1e-9):
            self._stop(Outcome.WRONG_VALUE, "not_whole", found=number_in_words(value))
        if value < 0:
            self._stop(Outcome.WRONG_VALUE, "negative", found=number_in_words(value))
        if value < at_least or (of is not None and value > len(of)):
            key = "too_few" if value < at_least else "too_many"
            self._stop(Outcome.WRONG_VALUE, key, found=number_in_words(value), what=what)
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
        wanted = None if labels is None else [label_text(label) for label in labels]
        if wanted is not None:
            self._labels_fit(list(pairs), wanted)
        for label, value in pairs.items():
            if of == "any":
                continue
            part = Expectation.__new__(Expectation)
            part.name, part.value = f"{self.name}[{label!r}]", value
            if is_missing(value):
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
        """A DataFrame with at least these ``columns``; one that stands in the index counts, under whatever name."""
        if not isinstance(self.value, pd.DataFrame):
            self._wrong_kind("table")
        columns = list(columns)
        frame = _with_index_named(self.value, columns)
        in_index = [level for level in frame.index.names if level is not None and level not in frame.columns]
        frame = frame.reset_index(level=in_index) if in_index else frame
        for column in columns:
            if column not in frame.columns:
                has = ", ".join(map(str, frame.columns)) or say("kind.nothing")
                self._stop(Outcome.WRONG_SHAPE, "columns_missing", missing=column, columns=has)
            if list(frame.columns).count(column) > 1:
                self._stop(Outcome.WRONG_SHAPE, "columns_twice", column=column)
        self.value = _with_numpys_numbers(frame.reset_index(drop=True))
        return self._fits("table")

    def is_collection(self, in_order: bool = False) -> "Expectation":
        """Several values without labels: a list, tuple, set, array (pandas' own, too), range, Index or Series.

        Where their order counts, a set is none.
        """
        kind = "sequence" if in_order else "collection"
        has_order = not isinstance(self.value, set | frozenset)
        if (
            not isinstance(self.value, COLLECTIONS | pd.Series)
            or is_single(self.value)
            or in_order > has_order
        ):
            self._wrong_kind(kind)
        self.value = list(self.value)
        return self._fits(kind)

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
            self._stop(
                Outcome.WRONG_SHAPE, "chart_marks", found=marks_in_words(found), wanted=marks_in_words([kind])
            )
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
            found, expected = kind_in_words(self.value), say("kind.record", name=kind.__name__)
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
                "found": number_in_words(value),
                "low": number_in_words(low),
                "high": number_in_words(high),
            }
            self._stop(Outcome.WRONG_VALUE, "outside", **parts)
        return self

    def one_of(self, options: Iterable) -> "Expectation":
        """One of several accepted values."""
        options = list(options)
        if not any(same(self.value, option, 0) for option in options):
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
        self.like(right)
        wrong_at = difference(self.value, right, within, by)
        # Where the answer is merely near, and a misconception fits to the digit, it is the misconception.
        exactly_right = wrong_at is None and difference(self.value, right, 0, by) is None
        # A misconception that fits to the digit comes before one that is merely near. Of an exact answer none is asked.
        named = [] if exactly_right else list((but_not or {}).items())
        named.sort(key=lambda one: difference(self.value, one[1][0], 0, by) is not None)
        for misconception, (value, message) in named:
            if difference(self.value, value, within if wrong_at else 0, by) is not None:
                continue
            key = "misconception" if is_plain(self.value) else "misconception_whole"
            sentence = say(f"outcome.{key}", name=self.name, found=self._in_words(), message=message)
            raise NotYet(Outcome.MISCONCEPTION, sentence, misconception)
        places = None if wrong_at is None else places_of_rounding(self.value, right, by)
        if places is not None and places < PLACES:
            raise NotYet(Outcome.WRONG_VALUE, say("outcome.rounded", name=self.name, places=PLACES))
        if wrong_at is None or places is not None:
            self._good_news, self._note = say("right.value", name=self.name), ""
            return self
        self._shape_like(right)
        raise self._wrong_value(right, wrong_at, said_of(self.value, hint) or say("outcome.hint"))

    def gives(
        self,
        right: Any,
        *arguments: Any,
        within: float = 0,
        but_not: Mapping[str, tuple[Any, str]] | None = None,
        hint: str | Callable[[Any], str] | None = None,
        shown: str | None = None,
    ) -> "Expectation":
        """Called with fresh copies of ``arguments``, the function gives back ``right``; as for ``equals``.

        ``shown`` says how a student may write the arguments down.

        Raises
        ------
        NotYet
            Besides those of ``equals``: *wrong value* when the function stops with an error, *not attempted* when
            it gives back the three dots.
        """
        written = [shown]
        if shown is None:
            names = {} if NAMESPACE.get() else sys._getframe(1).f_globals
            written = [name_of(a, names) or as_code(a) for a in arguments]
            pairs = zip(written, arguments, strict=True)
            shown = ", ".join(code or kind_in_words(a) for code, a in pairs)
        example = say("found.example", name=self.name, arguments=shown)
        try:
            result = self._call(arguments)
        except Exception as problem:
            error = f"{type(problem).__name__} ({problem})" if str(problem) else type(problem).__name__
            other = "hint_error" if all(written) else "hint_error_small"
            hint = hint_for(problem, arguments) or say(f"outcome.{other}")
            parts = {"error": error, "hint": hint, "example": example}
            self._stop(Outcome.WRONG_VALUE, "function_error", **parts)
        if result is ...:
            raise NotYet(Outcome.NOT_ATTEMPTED, say("outcome.dots_returned", name=self.name))
        if result is None:
            self._stop(Outcome.WRONG_KIND, "wrong_kind_forgot_return")
        called = say("found.function_called", name=self.name)
        try:
            Expectation(called, result).equals(right, within=within, but_not=but_not, hint=hint)
        except NotYet as problem:
            raise NotYet(problem.outcome, f"{problem} {example}", problem.misconception) from None
        self._good_news, self._note = say("right.example", name=self.name), ""
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

    def passes(self, *checks: Callable[["Expectation"], Any]) -> "Expectation":
        """Each of these, such as an example of ``practice``, is content with it."""
        for check in checks:
            check(self)
        return self

    def is_right(self) -> "Expectation":
        """It is what the assignment declares as right; in a student's notebook, where nothing is declared, it fits.

        Raises
        ------
        NotYet
            As :meth:`equals`, with the misconception where it is a known one.
        """
        # Not at the top: declarations are made of expectations.
        from course_utils.checks import questions

        names = sys._getframe(1).f_globals
        declared = questions.DECLARED.get() or questions.here(names)
        if declared is not None:
            # A declaration may ask for another value of the student's: of the same notebook, not of its own file.
            with _looking_in(NAMESPACE.get() or NotebookNamespace(names)):
                declared.check(self)
            self._good_news, self._note = say("right.value", name=self.name), ""
        return self

    # ---- how it speaks -----------------------------------------------------------------------------------

    def _ipython_display_(self) -> None:
        print(self)

    def __repr__(self) -> str:
        return " ".join(filter(None, (self._good_news, self._note)))

    def _fits(self, kind: str) -> "Expectation":
        """It is of this kind. Whether it was rounded too much nobody can tell yet, so that is said, and not held against it."""
        self._good_news = say("right.kind", name=self.name, expected=say(f"kind.{kind}"))
        self._note = say("right.few_places", places=PLACES) if few_places(self.value, PLACES) else ""
        return self

    def _call(self, arguments: Iterable) -> Any:
        """What the function gives back for fresh copies of the arguments. It leaves the tables of the notebook alone."""
        return aside(self.value)(*[one.copy() if hasattr(one, "copy") else one for one in arguments])

    def _in_words(self) -> str:
        value = self.value
        if is_number(value):
            return number_in_words(value)
        if isinstance(value, str):
            return repr(value)
        if isinstance(value, pd.Timestamp):
            return f"{value:%Y-%m-%d}"
        return kind_in_words(value)

    def _stop(self, outcome: Outcome, key: str, **parts) -> None:
        raise NotYet(outcome, say(f"outcome.{key}", name=self.name, **parts))

    def _wrong_value(self, right: Any, wrong_at: str, hint: str) -> NotYet:
        """What to say of a value that is wrong; in a Series or table, at the first place where it is."""
        parts = {"name": self.name, "label": wrong_at, "hint": hint}
        if isinstance(right, pd.Series | Mapping) and wrong_at in self.value.index:
            part = self.value[wrong_at]
            key, parts["found"] = "wrong_value_at", number_in_words(part) if is_number(part) else str(part)
        elif isinstance(right, pd.DataFrame | pd.Series | Mapping):
            key = "wrong_value_in"
        else:
            few = isinstance(right, list | tuple) and len(self.value) <= 3 and all(map(is_number, self.value))
            found = ", ".join(map(number_in_words, self.value)) if few else self._in_words()
            key, parts["found"] = "wrong_value" if few or is_plain(self.value) else "wrong_members", found
        return NotYet(Outcome.WRONG_VALUE, say(f"outcome.{key}", **parts))

    def _wrong_kind(self, wanted: str) -> None:
        value, key = self.value, "wrong_kind"
        parts = {"found": kind_in_words(value), "expected": say(f"kind.{wanted}")}
        if value is None and wanted != "chart" and not self.name.endswith(")"):
            key = "wrong_kind_nothing"
        elif wanted in ("number", "count", "share"):
            if isinstance(value, pd.Series | np.ndarray) and pd.api.types.is_bool_dtype(value):
                shares = {"number": "wrong_kind_truth_number", "share": "wrong_kind_truth_share"}
                key = shares.get(wanted, "wrong_kind_truth")
            elif isinstance(value, pd.Series | pd.DataFrame) and value.size == 1:
                key = "wrong_kind_one_value"
            elif isinstance(value, pd.DataFrame) and wanted == "count":
                key = "wrong_kind_table"
            elif isinstance(value, list) and len(value) == 1:
                key = "wrong_kind_list_of_one"
            elif isinstance(value, tuple) and value and all(map(is_number, value)):
                key = "wrong_kind_comma"
            elif type(value).__name__.endswith("GroupBy"):
                key = "wrong_kind_grouped"
            elif callable(value):
                key = "wrong_kind_function_not_called"
            elif isinstance(value, str) and value.strip().replace(".", "", 1).isdigit():
                key = "wrong_kind_text_number"
        elif wanted == "series" and type(value).__name__.endswith("GroupBy"):
            key = "wrong_kind_grouped"
        elif wanted == "series" and is_number(value):
            key = "wrong_kind_one_for_all"
        elif wanted == "series" and isinstance(value, COLLECTIONS) and not is_single(value):
            key = "wrong_kind_no_labels"
        elif wanted == "function":
            key = "wrong_kind_no_function"
        elif wanted == "chart" and isinstance(value, list | tuple | np.ndarray | type(None)):
            key = "wrong_kind_no_axes"
        self._stop(Outcome.WRONG_KIND, key, **parts)

    # ---- how it looks ------------------------------------------------------------------------------------

    def _number(self, wanted: str) -> float:
        value = self.value
        if is_single(value):
            value = value[()]
        if not is_number(value):
            if is_missing(value) and value is not None:
                self._stop(Outcome.WRONG_VALUE, "not_finite", found=str(value))
            self._wrong_kind(wanted)
        number = as_float(value)
        if not math.isfinite(number):
            self._stop(Outcome.WRONG_VALUE, "not_finite", found=str(number))
        return number if not number.is_integer() else int(value)

    def _within_share(self, value: float, name: str) -> None:
        if not -RELATIVE_TOLERANCE <= value <= 1 + RELATIVE_TOLERANCE:
            key = "share_percent" if value > 1 else "share_outside"
            self._stop(Outcome.WRONG_VALUE, key, found=number_in_words(value))

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
        labels = [label_text(label) for label in value.index]
        if len(set(labels)) < len(labels):
            label, _ = Counter(labels).most_common(1)[0]
            self._stop(Outcome.WRONG_SHAPE, "labels_twice", label=repr(label))
        return dict(zip(labels, value.tolist(), strict=True))

    def _labels_fit(self, found: list[str], wanted: list[str]) -> None:
        listed = few_of(wanted, 12)
        if len(found) > 3 * len(wanted):
            key = "not_grouped_function" if self.name.endswith(")") else "not_grouped"
            self._stop(Outcome.WRONG_SHAPE, key, found=len(found), labels=listed)
        there, asked = set(found), set(wanted)
        if missing := [label for label in wanted if label not in there]:
            if not found:
                self._stop(Outcome.WRONG_SHAPE, "labels_none", labels=listed)
            has_no_labels = isinstance(self.value, pd.Series) and isinstance(self.value.index, pd.RangeIndex)
            if has_no_labels and len(found) == len(wanted):
                self._stop(Outcome.WRONG_SHAPE, "labels_numbered", labels=listed)
            parts = {"missing": few_of(missing, 12), "found": few_of(found), "labels": listed}
            self._stop(Outcome.WRONG_SHAPE, "labels_missing", **parts)
        if extra := [label for label in found if label not in asked]:
            self._stop(Outcome.WRONG_SHAPE, "labels_extra", extra=few_of(extra, 12), labels=listed)

    def like(self, right: Any) -> None:
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
            self.is_collection(in_order=isinstance(right, list | tuple))
        elif is_number(right):
            self.value = self._number("number")
        else:
            raise TypeError(f"a right answer of the type {type(right).__name__} cannot be compared")

    def _shape_like(self, right: Any) -> None:
        """Stop where the labels, the rows or the length are not those of the right answer."""
        if isinstance(right, pd.Series | Mapping):
            self._labels_fit(list(self.value.index), [label_text(label) for label in pd.Series(right).index])
        elif isinstance(right, pd.DataFrame) and len(self.value) != len(right):
            self._stop(Outcome.WRONG_SHAPE, "rows", found=len(self.value))
        elif isinstance(right, list | tuple) and len(self.value) != len(right):
            self._stop(Outcome.WRONG_SHAPE, "length", found=len(self.value))
