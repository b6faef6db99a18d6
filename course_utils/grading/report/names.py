"""What may stand on a page that is shown around: pseudonyms for students, and code in which nobody can be found.

Of a student's code only words are shown that the assignment itself, Python, pandas or NumPy use. What is not
known to be harmless is left out: so a nickname, which no class list holds, does not stand there either.
"""

import ast
import builtins
import hashlib
import hmac
import io
import keyword
import re
import tokenize
import warnings
from collections.abc import Iterable

from course_utils.grading.submissions.class_list import Person, letters

MOST_LINES = 15
WIDEST = 110  # characters of a line
LONGEST_NUMBER = 6  # digits: longer ones may be somebody's telephone, or the number on a card
BLANK = "…"

_WORD = re.compile(r"[^\W\d_]+|\d+")
_ENDING = re.compile(r"[.,:;!?]*$")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TEXT_TOKENS = {getattr(tokenize, name, None) for name in ("STRING", "FSTRING_MIDDLE", "TSTRING_MIDDLE")} - {
    None
}
_NOTHING_TO_SHOW = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_BETWEEN_STATEMENTS = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def called(person: Person) -> str:
    """What an instructor calls somebody: the names with the id, or the id alone."""
    return f"{person.first_last} ({person.id})" if person.first_last else person.id


def known_by(person: Person) -> frozenset[str]:
    """The words by which somebody might be known, bare of case and accents: each alone, and run together."""
    own = (
        *(person.id, person.first_name, person.last_name, person.full_name),
        *(person.email.partition("@")[0], person.lms_id, person.username),
    )
    return frozenset({letters(text) for text in own}.union(*(words_of(text) for text in own)) - {""})


def pseudonyms(students: Iterable[str], salt: str) -> dict[str, str]:
    """Each student's pseudonym, such as ``"student 07"``, in an order that nobody can tell without the salt."""

    def place(student: str) -> bytes:
        return hmac.digest(salt.encode(), student.encode(), hashlib.sha256)

    mixed = sorted(set(students), key=place)
    width = max(2, len(str(len(mixed))))
    return {student: f"student {number:0{width}}" for number, student in enumerate(mixed, start=1)}


def words_of(text: str) -> set[str]:
    """The words of a text or of a name such as ``recentLoans_2``, bare of case and accents."""
    return {letters(word) for part in _WORD.findall(text) for word in (part, *_HUMP.split(part))}


class Anonymous:
    """Makes texts fit to be shown around.

    Parameters
    ----------
    people : everybody who might be found in them.
    known_names : names that the assignment's own code uses.
    known_text : what the assignment says: its words may be shown, unless they are somebody's name, too.
    """

    def __init__(self, people: Iterable[Person], known_names: Iterable[str], known_text: str):
        self.people_words = frozenset().union(*(known_by(person) for person in people)) - {""}
        self.names = frozenset(known_names) | _names_of_python()
        words = words_of(known_text).union(*(words_of(name) for name in self.names))
        self.words = frozenset(words - self.people_words)
        # Also within a longer word; where words are written without spaces, two signs may be a name.
        self._telling = [
            own for own in self.people_words if len(own) >= 4 or (len(own) > 1 and not own.isascii())
        ]

    def code(self, source: str) -> str | None:
        """A student's code without comments, and without any name or text that is not known to be harmless.

        Names become ``name_1``, ``name_2``, in the order in which they come; texts and long numbers become
        ``…``. Returns None for what is not Python, or is nothing but comments.
        """
        try:
            with warnings.catch_warnings(action="ignore"):  # of a text with a stray backslash
                ast.parse(source)
            tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
        except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        if all(token.type in _NOTHING_TO_SHOW | {tokenize.ENDMARKER} for token in tokens):
            return None
        made_up: dict[str, str] = {}
        changes = []
        before = tokenize.NEWLINE
        for token in tokens:
            shown = self._token(token, made_up)
            if token.type == tokenize.STRING and before in _BETWEEN_STATEMENTS:
                shown = f'"{BLANK}"'  # a docstring, or words for a reader
            if token.type not in (tokenize.NL, tokenize.COMMENT):
                before = token.type
            if shown != token.string:
                changes.append((token.start, token.end, shown))
        return _shortened(_changed(source, changes)) or None

    def text(self, sentence: str, longest: int = 200) -> str:
        """A sentence of the kit or of an instructor, in which every word that might be a student's name is blanked."""
        words = [
            f"{BLANK}{_ENDING.search(word)[0]}" if self._is_somebody(word) else word
            for word in sentence.split()
        ]
        shown = " ".join(words)
        return shown if len(shown) <= longest else f"{shown[: longest - 1]}{BLANK}"

    def _is_somebody(self, word: str) -> bool:
        whole = letters(word)
        return (
            "@" in word
            or not self.people_words.isdisjoint({whole, *words_of(word)})
            or any(own in whole for own in self._telling)
        )

    def _token(self, token: tokenize.TokenInfo, made_up: dict[str, str]) -> str:
        if token.type == tokenize.COMMENT:
            return ""
        if token.type == tokenize.NUMBER:
            digits = re.sub(r"\D", "", token.string)
            somebody = any(own in digits for own in self._telling)
            return BLANK if somebody or len(digits) > LONGEST_NUMBER else token.string
        if token.type == tokenize.NAME and not self._harmless_name(token.string):
            return made_up.setdefault(token.string, f"name_{len(made_up) + 1}")
        if token.type in _TEXT_TOKENS and not self._harmless_text(token.string):
            quoted = re.match(r"(?i)[a-z]*(\"\"\"|'''|\"|')", token.string)
            return f"{quoted[1]}{BLANK}{quoted[1]}" if token.type == tokenize.STRING and quoted else BLANK
        return token.string

    def _harmless_name(self, name: str) -> bool:
        return name in self.names or len(name) == 1 or self._all_known(name)

    def _harmless_text(self, text: str) -> bool:
        text = re.sub(r"(?i)^[a-z]{0,2}(?=[\"'])", "", text)
        return self._all_known(text) and len(re.findall(r"\d", text)) <= 8

    def _all_known(self, text: str) -> bool:
        for part in _WORD.findall(text):
            if part.isdigit():
                known = len(part) <= LONGEST_NUMBER and part not in self.people_words
            else:
                known = letters(part) not in self.people_words and all(
                    len(word) == 1 or letters(word) in self.words for word in _HUMP.split(part)
                )
            if not known:
                return False
        return True


def names_in(source: str) -> set[str]:
    """The names that a cell of code uses; none if it is not Python."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return set()
    return {token.string for token in tokens if token.type == tokenize.NAME}


def _names_of_python() -> set[str]:
    import numpy as np
    import pandas as pd

    classes = (str, list, dict, set, pd.DataFrame, pd.Series, pd.Index, pd.Timestamp, np.ndarray)
    grouped = (pd.api.typing.DataFrameGroupBy, pd.api.typing.SeriesGroupBy)
    places = (builtins, pd, np, pd.Series.str, pd.Series.dt, *classes, *grouped)
    offered = {name for place in places for name in dir(place) if not name.startswith("_")}
    return offered | {*keyword.kwlist, *keyword.softkwlist, "pd", "np", "df"}


def _changed(source: str, changes: list[tuple[tuple[int, int], tuple[int, int], str]]) -> str:
    lines = io.StringIO(source).readlines()
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = "".join(lines)
    for (row, column), (end_row, end_column), shown in reversed(changes):
        text = text[: starts[row - 1] + column] + shown + text[starts[end_row - 1] + end_column :]
    return text


def _shortened(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    lines = [line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}{BLANK}" for line in lines]
    return "\n".join(lines[:MOST_LINES] + [BLANK] * (len(lines) > MOST_LINES))
