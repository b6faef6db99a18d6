"""When two values are the same, as people would say: the fairness contract of the checks, in one place.

NumPy scalars, any order of rows, any index, whole numbers as floats, nullable types, dictionaries for Series and
categories for texts are all accepted; floats have tolerances.
"""

import datetime
import math
import numbers
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

RELATIVE_TOLERANCE = 1e-6
PLACES = 3  # a right answer may be rounded to so many, or more


def difference(value: Any, right: Any, within: float, by) -> str | None:
    """The first label (or other place) at which ``value`` differs from ``right``; None where it does not."""
    if isinstance(right, pd.DataFrame):
        return _table_difference(value, right, within, by)
    if isinstance(right, pd.Series | Mapping):
        right = {label_text(label): part for label, part in pd.Series(right).items()}
        if set(right) != set(value.index):
            return "the labels"
        return next((label for label, part in right.items() if not same(value[label], part, within)), None)
    if isinstance(right, set | frozenset):
        try:
            return None if {plain_form(v) for v in value} == {plain_form(v) for v in right} else "its members"
        except TypeError:  # a list among them, which cannot be in a set
            return "its members"
    if isinstance(right, list | tuple):
        if len(value) != len(right):
            return "its length"
        unlike = (i for i, pair in enumerate(zip(value, right, strict=True)) if not same(*pair, within))
        return next((f"place {i}" for i in unlike), None)
    return None if same(value, right, within) else "its value"


def places_of_rounding(value: Any, right: Any, by) -> int | None:
    """To how many decimal places, at most, ``value`` is ``right``, rounded; None where it is something else.

    Of a Series, some values may be rounded, and of a table some columns: the others are right as they are.
    """
    for places in range(8, 0, -1):  # 0.11 is 0.11023 to two places, and to three
        for way in _WAYS:
            rounded = rounded_to(right, places, way)
            if rounded is None:
                continue
            if difference(value, _where_it_is_not(value, right, rounded, by), 0, by) is None:
                return places
    return None


def _where_it_is_not(value: Any, right: Any, rounded: Any, by) -> Any:
    """The right answer, rounded in the places where ``value`` isn't it."""
    if isinstance(right, pd.DataFrame):
        keys = [by] if isinstance(by, str) else list(by or ())
        is_it = {
            column: difference(value, right[list(dict.fromkeys([*keys, column]))], 0, by or [column]) is None
            for column in right.columns
        }
        return pd.DataFrame(
            {column: (right if is_it[column] else rounded)[column] for column in right.columns}
        )
    if isinstance(right, pd.Series | Mapping):
        if difference(value, right, math.inf, by) == "the labels":
            return rounded
        parts = pd.Series(right, dtype=object)
        are_it = [same(value[label_text(label)], part, 0) for label, part in parts.items()]
        return parts.where(np.array(are_it, dtype=bool), rounded)
    return rounded


# What lies halfway, such as 0.475, Python rounds by its binary digits, NumPy and pandas to an even digit, and people up.
_WAYS: tuple[Callable[[float, int], float], ...] = (
    round,
    np.round,
    lambda value, places: math.floor(value * 10**places + 0.5) / 10**places,
)


def rounded_to(right: Any, places: int, way: Callable[[float, int], float] = round) -> Any:
    """A right answer with its numbers rounded; None if it holds none, or only whole numbers would be left of them."""
    if isinstance(right, pd.DataFrame):
        rounded = right.astype(object).map(lambda part: _rounded(part, places, way))
        values = rounded.to_numpy().ravel().tolist()
    elif isinstance(right, pd.Series | Mapping):
        rounded = pd.Series(right, dtype=object).map(lambda part: _rounded(part, places, way))
        values = rounded.tolist()
    else:
        rounded = _rounded(right, places, way)
        values = [rounded]
    numbers_in_it = (as_float(value) for value in values if is_number(value))
    is_fraction = (math.isfinite(number) and not number.is_integer() for number in numbers_in_it)
    return rounded if any(is_fraction) else None


def _rounded(value: Any, places: int, way: Callable[[float, int], float]) -> Any:
    is_finite = is_number(value) and math.isfinite(as_float(value))
    return float(way(as_float(value), places)) if is_finite else value


def few_places(value: Any, places: int) -> bool:
    """Whether a fraction, or every fraction of a Series or of a column, has fewer decimal places than ``places``."""
    if isinstance(value, pd.DataFrame):
        return any(few_places(value.iloc[:, at], places) for at in range(value.shape[1]))
    values = value.tolist() if isinstance(value, pd.Series) else value if isinstance(value, list) else [value]
    fractions = [as_float(one) for one in values if is_number(one) and math.isfinite(as_float(one))]
    fractions = [one for one in fractions if not one.is_integer()]
    return bool(fractions) and all(round(one, places - 1) == one for one in fractions)


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
            plain = [plain_form(value) for value in frame[key]]
            frame[key] = pd.Series(plain, frame.index, dtype=object)
            order[key] = pd.Series([_roughly(v) for v in plain] if key in computed else plain, dtype=object)
        return frame.loc[order.sort_values(list(order)).index]

    spelled = {plain_form(value): value for key in (keys if by else ()) for value in right[key]}
    right = ordered(right)
    try:
        value = ordered(value)
    except TypeError:  # numbers among texts, or objects of the student's own
        return f"the column {keys[0]}"
    for column in right.columns:
        for row, pair in enumerate(zip(value[column], right[column], strict=True)):
            if not same(*pair, within):
                place = ", ".join(
                    f"{key} {spelled.get(right[key].iloc[row], right[key].iloc[row])}"
                    for key in keys
                    if key != column
                )
                return f"the column {column}" + (f" where {place}" if by and place else "")
    return None


def _roughly(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


def label_text(label: Any) -> str:
    """A label in words that are the same for the year 2024 and 2024.0, and for NumPy's numbers in a pair."""
    if isinstance(label, tuple):
        return str(tuple(label_text(part) for part in label))
    whole = isinstance(label, float | np.floating) and float(label).is_integer()
    return str(int(label)) if whole else str(label)


def same(value: Any, right: Any, within: float) -> bool:
    value, right = plain_form(value), plain_form(right)
    if is_missing(value) or is_missing(right):
        return is_missing(value) and is_missing(right)
    if isinstance(value, float) and isinstance(right, float):
        return math.isclose(value, right, rel_tol=RELATIVE_TOLERANCE, abs_tol=max(within, 1e-9))
    try:
        return bool(value == right)
    except (TypeError, ValueError, ArithmeticError):  # several values, or one that compares with nothing
        return False


def plain_form(value: Any) -> Any:
    """A value in a form that compares as people would: 3 and 3.0, ``"Adult "`` and ``"adult"`` are the same."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if is_number(value):
        return as_float(value)
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, datetime.date | np.datetime64):
        return pd.Timestamp(value)
    return value


def as_float(value: Any) -> float:
    """A number as a float: infinite where it is too large for one, nan where it is none."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (ValueError, ArithmeticError):
        return math.nan


def is_number(value: Any) -> bool:
    if isinstance(value, bool | np.bool_ | np.timedelta64):
        return False
    return isinstance(value, numbers.Real | np.integer | np.floating | Decimal)


def is_single(value: Any) -> bool:
    """An array that holds one value, and has no places."""
    return isinstance(value, np.ndarray) and value.ndim == 0


def is_missing(value: Any) -> bool:
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def is_plain(value: Any) -> bool:
    return is_number(value) or isinstance(value, str | pd.Timestamp | bool | np.bool_)
