"""How figures and counted things are put into words, and texts into HTML, on Monday's page."""

import re

import pandas as pd
from markupsafe import Markup, escape

from course_utils.grading.execution.job import State


def in_their_words(state: str) -> str:
    """A state as an instructor reads it; it is named for the student."""
    return "error in their code" if state == State.ERROR else state


def many(number: int, one: str = "student", more: str = "") -> str:
    """A number with its noun: "1 student", "2 students"."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def ended(sentence: str) -> str:
    """With a full stop, unless a heading that ends it brought a mark of its own."""
    return sentence if sentence.endswith(("?", "!", ".")) else f"{sentence}."


def led(label: str) -> str:
    """A heading before what is said of it."""
    return label if label.endswith(("?", "!", ".")) else f"{label}:"


def percent(share: float) -> str:
    return f"{share:.0%}"


def signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def seconds(spent: pd.Series) -> str:
    middle = spent.dropna().median()
    if pd.isna(middle):
        return "–"
    return "under 0.01" if middle < 0.005 else f"{middle:,.2f}" if middle < 10 else f"{middle:,.0f}"


def paragraph(text: str, kind: str = "") -> Markup:
    opening = Markup('<p class="{}">').format(kind) if kind else Markup("<p>")
    return opening + escape(text) + Markup("</p>")


def coded(text: str) -> Markup:
    """A text in which Markdown's marks for code and for emphasis count; everything else is escaped."""
    shown = Markup()
    for place, part in enumerate(re.split(r"`([^`]+)`", text)):
        if place % 2:
            shown += Markup("<code>{}</code>").format(part)
            continue
        for inner, words in enumerate(re.split(r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", part)):
            shown += Markup("<em>{}</em>").format(words) if inner % 2 else escape(words)
    return shown
