"""Turns of phrase to avoid, listed in ``phrases.toml`` with what to say instead."""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

# What students and instructors read. A notebook says what its text says; a page that is made says what it is made of.
READ = (
    "README.md",
    "CONTRIBUTING.md",
    "data/README.md",
    "docs/*.md",
    "docs/teaching/*.md",
    "notebooks/text/*.md",
    "assignments/*.md",
    "assignments/text/*/*.md",
    "assignments/questions/*.py",
    "course_utils/messages/*.toml",
    "course_utils/authoring/code_words.toml",
    "course_utils/authoring/skeleton/*",
)
FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
CODE = re.compile(r"`[^`\n]+`|\[\[?[^\]]*\]\]?\([^)]*\)|<!--.*?-->")


@dataclass(frozen=True)
class Phrase:
    """A pattern, and what to say instead of what it finds."""

    pattern: re.Pattern
    instead: str


@dataclass(frozen=True)
class Found:
    """A phrase in a line of a file, counted from 1."""

    file: str
    line: int
    words: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.words}”. Better: {self.instead}."


@functools.cache
def phrases() -> tuple[Phrase, ...]:
    """All of ``phrases.toml``."""
    source = resources.files(__package__) / "phrases.toml"
    entries = tomllib.loads(source.read_text(encoding="utf-8"))["phrase"]
    return tuple(Phrase(re.compile(one["pattern"], re.IGNORECASE), one["instead"]) for one in entries)


def files(kit: Path) -> list[Path]:
    """Every file whose sentences people read."""
    return sorted({path for pattern in READ for path in kit.glob(pattern)})


def look(kit: Path, path: Path) -> list[Found]:
    """What is to be said in other words in one file."""
    name = path.relative_to(kit).as_posix() if path.is_relative_to(kit) else path.as_posix()
    return [
        Found(name, number, found[0].strip()[:60], phrase.instead)
        for number, line in enumerate(_prose(path), start=1)
        for phrase in phrases()
        for found in phrase.pattern.finditer(line)
    ]


def _prose(path: Path) -> list[str]:
    """The lines of a file, empty where there is code. A quiz is code, and yet is read."""
    kept, code, is_quiz = [], False, False
    for line in path.read_text(encoding="utf-8").splitlines():
        if path.suffix == ".md" and FENCE.match(line):
            code, is_quiz = not code, False
        is_quiz = is_quiz or line.startswith("quiz(")
        kept.append("" if code and not is_quiz else CODE.sub("code", line))
    return kept
