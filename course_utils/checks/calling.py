"""Calling a student's function as a check does: on copies, and with a sentence that helps where it stops."""

import re
import types
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from course_utils.messages import say

# What pandas says, in part, and the sentence that helps.
_HINTS = {
    "ambiguous": "hint_ambiguous",
    "'and_'": "hint_ambiguous",
    "'rand_'": "hint_ambiguous",
    "'or_'": "hint_ambiguous",
    "'ror_'": "hint_ambiguous",
    "identically-labeled": "hint_other_order",
    "Lengths must match to compare": "hint_lengths",
    "Unalignable boolean Series": "hint_other_labels",
    "does not support operation 'mean'": "hint_mean_of_texts",
    "'DatetimeProperties' object has no attribute 'days'": "hint_days_of_dates",
}


def hint_for(problem: Exception, arguments: Iterable) -> str | None:
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
    if any(asked[1] in one.columns for one in tables if isinstance(one, pd.DataFrame)):
        return say("outcome.hint_other_table", asked=asked[1])
    if any(asked[1] in one for one in tables):
        return None
    columns = [str(column) for one in tables if isinstance(one, pd.DataFrame) for column in one.columns]
    if columns:
        return say("outcome.hint_column", asked=asked[1], columns=", ".join(columns))
    return say("outcome.hint_no_columns", asked=asked[1]) if tables else None


def said_of(value: Any, hint: str | Callable[[Any], str] | None) -> str | None:
    """What to try: a sentence, or what a function says of the value; None where it cannot say anything."""
    if not callable(hint):
        return hint
    try:
        return hint(value)
    except Exception:  # the value is of a kind that it did not expect
        return None


def aside(function: Callable) -> Callable:
    """The function, with tables of its notebook that are copies: a test that calls it must not change the others.

    Functions of the same notebook that it calls get the same copies.
    """
    if not isinstance(function, types.FunctionType):
        return function
    names = function.__globals__
    apart = {
        # pandas copies what is changed when it is changed
        name: value.copy(deep=False) if isinstance(value, pd.DataFrame | pd.Series) else value
        for name, value in list(names.items())
    }
    for name, value in list(apart.items()):
        if isinstance(value, types.FunctionType) and value.__globals__ is names:
            apart[name] = _with_names(value, apart)
    return _with_names(function, apart)


def _with_names(function: types.FunctionType, names: dict[str, Any]) -> types.FunctionType:
    same = types.FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    same.__kwdefaults__ = function.__kwdefaults__
    return same
