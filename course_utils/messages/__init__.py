"""The sentences that checks say: one catalogue a language, chosen by ``COURSE_LANGUAGE`` (English without it)."""

import functools
import os
import tomllib
from importlib import resources


def say(key: str, **parts) -> str:
    """The sentence ``key``, such as ``"outcome.not_there"``, with ``parts`` filled in.

    A sentence that a translation lacks is said in English.
    """
    section, name = key.split(".")
    language = os.environ.get("COURSE_LANGUAGE", "en")
    template = catalogue(language).get(section, {}).get(name) or catalogue("en")[section][name]
    return template.format(**parts)


@functools.cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """All sentences of a language, by section; none for a language that nobody has translated yet."""
    source = resources.files(__package__) / f"{language}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}
