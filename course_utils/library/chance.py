"""Seeds and streams of random numbers, and the few ways in which the model draws from them."""

import hashlib
import unicodedata

import numpy as np

from course_utils.errors import CourseError


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator that depends on ``seed`` and ``name`` alone, so that no table disturbs another."""
    word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, word])))


def seed_for(student: str) -> int:
    """The seed of a student's library: the same on every machine, whatever the case or width of the letters.

    Raises
    ------
    CourseError
        If nothing is left of the name once spaces are taken away.
    """
    name = unicodedata.normalize("NFKC", str(student)).casefold()
    name = unicodedata.normalize("NFKC", name).strip()
    if not name:
        raise CourseError("The student's name is empty: give the name that your course knows you by.")
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def pick(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """One column for each row of ``weights`` (rows × columns), with odds as the weights; shape (rows,)."""
    climb = np.cumsum(weights, axis=1)
    level = rng.random((len(weights), 1)) * climb[:, -1:]
    return np.minimum((climb <= level).sum(axis=1), weights.shape[1] - 1)


def pick_by(rng: np.random.Generator, rows: np.ndarray, table: np.ndarray) -> np.ndarray:
    """For each of ``rows``, a column drawn with the odds of that row of ``table`` (rows × columns, few rows)."""
    climb = np.cumsum(table, axis=1)
    climb = climb / climb[:, -1:]
    level = rng.random(len(rows))
    chosen = np.zeros(len(rows), dtype=np.int8)
    for column in range(table.shape[1] - 1):
        chosen += level >= climb[rows, column]
    return chosen


def frailty(rng: np.random.Generator, shape: float, size: int) -> np.ndarray:
    """Gamma multipliers with mean 1: a Poisson count times one is negative-binomial."""
    return rng.gamma(shape, 1 / shape, size)
