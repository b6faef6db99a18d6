"""What a visible test tries a student's function on: an example that the student can look at, with its slips.

An example stands in the kit, because a student's notebook needs it before anything is graded; so it holds the right
*value* of this one example, and never the function that makes it. What grading tries besides is declared in
``assignments/questions/``, which no student gets.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from course_utils.checks.description import as_code
from course_utils.checks.expectation import Expectation


@dataclass(frozen=True)
class Example:
    """One call of a function, and what must come out. ``expect("did").is_function(…).passes(practice.did)`` tries it.

    Parameters
    ----------
    place : how a student finds it in the notebook, such as ``"practice.did"``.
    arguments : parameter -> value, in the order of the function's parameters; or a function that gives them, where
        they depend on the learner's library.
    right : what the function gives back, or a function of no arguments that says it.
    slips : name of a misconception -> the value that it leads to here (or a function that says it), and its sentence.
    within : how far a number may be off.
    hint : what to try when the value is wrong in another way; or a function that says it of the value.
    others : further lists of arguments, for at least one of which something else must come out.
    """

    place: str
    arguments: Mapping[str, Any] | Callable[[], Mapping[str, Any]]
    right: Any
    slips: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    within: float = 0
    hint: str | Callable[[Any], str] | None = None
    others: Callable[..., Sequence[tuple]] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The arguments by parameter, as copies."""
        return {name: _copy(value) for name, value in value_of(self.arguments).items()}

    def __getitem__(self, parameter: str) -> Any:
        return self.given[parameter]

    def sentence(self, slip: str) -> str | None:
        """What a misconception gets, None where this example does not know it."""
        return self.slips[slip][1] if slip in self.slips else None

    def __call__(self, found: Expectation) -> None:
        """Try it on a student's function. Raises ``NotYet`` where something else comes out."""
        given = self.given
        if self.others is not None:
            found.heeds(tuple(given.values()), *self.others(*given.values()))
        found.gives(
            value_of(self.right),
            *given.values(),
            within=self.within,
            but_not={name: (value_of(value), sentence) for name, (value, sentence) in self.slips.items()},
            hint=self.hint,
            shown=", ".join(self._shown(name, value) for name, value in given.items()),
        )

    def _shown(self, parameter: str, value: Any) -> str:
        is_table = isinstance(value, pd.DataFrame | pd.Series)
        return f'{self.place}["{parameter}"]' if is_table else str(as_code(value))


def value_of(value: Any) -> Any:
    """A value of an example, or what a function says that stands in its place."""
    return value() if callable(value) else value


def _copy(value: Any) -> Any:
    return value.copy() if hasattr(value, "copy") else value
