"""What a check says of a value it found: its kind, its number, its marks, and how to write it down in a cell."""

import datetime
import re
from collections import deque
from collections.abc import Iterable, KeysView, Mapping, ValuesView
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from course_utils.checks import chart_facts
from course_utils.checks.comparison import as_float, is_missing, is_number, is_single
from course_utils.messages import say
from course_utils.transfer import Foreign

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


def number_in_words(value: float) -> str:
    number = as_float(value)
    if number.is_integer():
        return f"{int(value)}"
    return f"{number:.4g}" if not abs(number) >= 1000 else f"{number:.2f}"


def kind_in_words(value: Any) -> str:
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
    if is_number(value):
        return say("kind.number")
    if isinstance(value, datetime.date):
        return say("kind.date")
    if callable(value):
        return say("kind.function")
    if is_single(value):
        return kind_in_words(value[()])
    if isinstance(value, COLLECTIONS | dict):
        return say("found.collection", type=type(value).__name__, length=len(value))
    return say("kind.other", type=type(value).__name__)


def few_of(labels: list[str], most: int = 4) -> str:
    """The first labels of a list; three dots stand for the others."""
    return ", ".join(labels[:most]) + (", …" if len(labels) > most else "")


def marks_in_words(kinds: Iterable[str]) -> str:
    """Kinds of marks in words."""
    keys = ("error_bars" if kind == chart_facts.ERRORS else kind for kind in kinds)
    return ", ".join(say(f"marks.{key}") for key in keys)


def name_of(value: Any, names: Mapping[str, Any]) -> str | None:
    """The name that a table or a Series has in the calling notebook, where it can be used; None if it has none."""
    if not isinstance(value, pd.DataFrame | pd.Series):
        return None
    own = (name for name in list(names) if not _MADE_BY_IPYTHON.fullmatch(name))
    return next((name for name in own if names[name] is value), None)


def as_code(value: Any, most: int = 40) -> str | None:
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
    cells = [None if is_missing(one) else one for one in values.tolist()]
    if values.dtype.kind == "M":
        return f"pd.to_datetime({[one and f'{one:%Y-%m-%d}' for one in cells]})"
    return str(cells) if all(one is None or type(one) in (int, float, str, bool) for one in cells) else None
