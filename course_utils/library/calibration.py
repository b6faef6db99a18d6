"""Read the calibration file: published figures, and the choices of the authors."""

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Figure:
    """A published figure, and the band that the built library must keep.

    ``basis`` is ``"V"`` (read in the published source), ``"V-calc"`` (computed from published microdata) or
    ``"design"`` (a choice of the authors, no fact).
    """

    key: str
    label: str
    low: float
    high: float
    basis: str
    value: float | None = None
    published_range: tuple[float, ...] = ()
    unit: str = ""
    year: str = ""
    source: str = ""
    used: str = ""


@functools.cache
def settings() -> dict:
    """The calibration file as nested dicts and lists. Shared: read it, do not change it."""
    return tomllib.loads(files(__package__).joinpath("calibration.toml").read_text(encoding="utf-8"))


def figures() -> list[Figure]:
    """The published figures."""
    return [
        Figure(**{**entry, "published_range": tuple(entry.get("published_range", ()))})
        for entry in settings()["figure"]
    ]


def choices() -> list[Figure]:
    """The authors' choices that are tested like figures."""
    return [
        Figure(key=key, label=label, low=low, high=high, basis="design")
        for key, (low, high, label) in settings()["check"].items()
    ]
