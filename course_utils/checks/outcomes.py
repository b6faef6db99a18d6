"""How a check may end, and the sentence with which it stops."""

import enum


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
        super().__init__(shortened(sentence))
        self.outcome = outcome
        self.misconception = misconception

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def shortened(sentence: str, most: int = 1000) -> str:
    """A sentence with its middle left out, where a name or a label in it is endless."""
    return sentence if len(sentence) <= most else f"{sentence[: most // 2]} … {sentence[-most // 2 :]}"
