"""Some of many like cases in every run, and all of them with `make test-all`."""

from collections.abc import Callable, Iterable

import pytest


def representatives(cases: Iterable, kept: Iterable, name: Callable[[object], str] = str) -> list:
    """The cases as parameters of a test, each called by its name. All but those of the names ``kept`` are exhaustive.

    Raises ``LookupError`` where a name in ``kept`` is that of no case: it would be left out without a word.
    """
    cases, kept = list(cases), set(kept)
    if strangers := kept - {name(case) for case in cases}:
        raise LookupError(f"There is no case {', '.join(sorted(strangers))}.")
    if not kept:
        raise LookupError("One case at least has to stand for the others.")
    return [
        pytest.param(case, id=name(case), marks=() if name(case) in kept else pytest.mark.exhaustive)
        for case in cases
    ]
