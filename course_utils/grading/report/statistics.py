"""What an instructor asks of a graded class, as figures: pure functions on tables, which know no names of people."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

FEWEST = 12  # students: with fewer, a figure about how a question sorts them is noise
LOW = 0.2  # item-rest correlation: below it a question is commonly called poor
OFTEN = 0.05  # one student in twenty
DRAWS = 1000
SURE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95% interval and the number of students it rests on.

    ``value`` is NaN where there is none, and ``why`` says why; ``low`` and ``high`` are NaN where no interval can
    be given.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    why: str = ""

    @property
    def there(self) -> bool:
        return not math.isnan(self.value)

    @property
    def bounded(self) -> bool:
        return not (math.isnan(self.low) or math.isnan(self.high))


def wilson(hits: int, n: int) -> Estimate:
    """A share with its interval after Wilson (1927), which stays within 0 and 1 also for few students."""
    if n == 0:
        return Estimate(math.nan, why="nobody")
    z, share = 1.959963984540054, hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half), n)


def mean(shares: pd.Series) -> Estimate:
    """The mean share of points, with a bootstrap interval from ``FEWEST`` students on."""
    shares = shares.dropna().to_numpy(float)
    if len(shares) == 0:
        return Estimate(math.nan, why="nobody has points here yet")
    if len(shares) < FEWEST:
        return Estimate(float(shares.mean()), n=len(shares))
    low, high = _interval(shares[_draws(len(shares))].mean(axis=1))
    return Estimate(float(shares.mean()), low, high, len(shares))


def item_rest(item: pd.Series, rest: pd.Series) -> Estimate:
    """How well a question tells who does well elsewhere: the correlation of its points with those of the others.

    Of a question with two outcomes it is the point-biserial correlation. The question itself is no part of ``rest``,
    so that it is not correlated with itself (the corrected item-total correlation).
    The interval is that of a bootstrap over students, with a fixed seed.

    Parameters
    ----------
    item, rest : points by student; those who lack one of the two are left out.
    """
    pairs = pd.concat([item, rest], axis=1, keys=["item", "rest"]).dropna()
    n = len(pairs)
    if n < FEWEST:
        return Estimate(math.nan, n=n, why=f"too few students ({n})")
    x, y = pairs["item"].to_numpy(float), pairs["rest"].to_numpy(float)
    if np.ptp(x) == 0:
        return Estimate(math.nan, n=n, why="all have the same points here")
    if np.ptp(y) == 0:
        return Estimate(math.nan, n=n, why="all have the same points elsewhere")
    draws = _draws(n)
    drawn = _correlations(x[draws], y[draws])
    usable = drawn[~np.isnan(drawn)]
    # Where almost everybody has the same points, many draws say nothing; an interval from the others would mislead.
    low, high = _interval(usable) if len(usable) >= 0.9 * DRAWS else (math.nan, math.nan)
    return Estimate(float(_correlations(x[None], y[None])[0]), low, high, n)


@dataclass(frozen=True)
class Thirds:
    """The mean share of points of those who did best, and of those who did least well, in the other questions."""

    top: float
    bottom: float
    n_top: int
    n_bottom: int


def thirds(item: pd.Series, rest: pd.Series) -> Thirds | None:
    """The two outer thirds by ``rest``; those who are level with the last of a third belong to it.

    None with fewer than ``FEWEST`` students, or where the two thirds cannot be told apart.
    """
    pairs = pd.concat([item, rest], axis=1, keys=["item", "rest"]).dropna()
    if len(pairs) < FEWEST:
        return None
    size = round(len(pairs) / 3)
    ordered = pairs["rest"].sort_values()
    low, high = ordered.iloc[size - 1], ordered.iloc[-size]
    if low >= high:
        return None
    top, bottom = pairs.loc[pairs["rest"] >= high, "item"], pairs.loc[pairs["rest"] <= low, "item"]
    return Thirds(float(top.mean()), float(bottom.mean()), len(top), len(bottom))


def rests(points: pd.DataFrame, basis: Sequence) -> pd.DataFrame:
    """For each question, the points that each student has in the other questions of the ``basis``.

    Parameters
    ----------
    points : students by questions, NaN where there is no mark.

    Returns
    -------
    As ``points``; NaN for who lacks a mark in one of the others, and where there is no other question.
    """
    found = {}
    for question in points.columns:
        others = [other for other in basis if other != question]
        found[question] = points[others].sum(axis=1, skipna=False) if others else math.nan
    return pd.DataFrame(found, index=points.index, columns=points.columns, dtype=float)


RECENCY = (
    "handed in this one",
    "missed this one",
    "missed the last two",
    "missed three or more",
    "not handed in yet",
)


def regulars(roster: Sequence[str], assignments: Sequence[str], hand_ins: pd.DataFrame) -> pd.DataFrame:
    """The class as customers: how lately, and how often, each student handed in.

    Parameters
    ----------
    roster : the students. assignments : those so far, the first one first.
    hand_ins : one row for each ``student`` and ``assignment``, with ``when``, a time or NaT.

    Returns
    -------
    By student: ``times`` handed in; ``missed``, how many assignments in a row up to now; ``weeks`` from the student's
    last hand-in to the last one of anybody; ``recency``, one of ``RECENCY``.
    """
    hand_ins = hand_ins[hand_ins["assignment"].isin(assignments) & hand_ins["student"].isin(roster)]
    came = pd.crosstab(hand_ins["student"], hand_ins["assignment"]).astype(bool)
    came = came.reindex(index=list(roster), columns=list(assignments), fill_value=False)
    missed = (~came.iloc[:, ::-1]).cumprod(axis=1).sum(axis=1).astype(int)
    last = hand_ins.groupby("student")["when"].max().reindex(list(roster))
    weeks = (hand_ins["when"].max() - last).dt.total_seconds() / (7 * 24 * 3600)
    times = came.sum(axis=1).astype(int)
    recency = [
        RECENCY[4] if time == 0 else RECENCY[min(gap, 3)] for time, gap in zip(times, missed, strict=True)
    ]
    return pd.DataFrame({"times": times, "missed": missed, "weeks": weeks, "recency": recency})


def _draws(n: int) -> np.ndarray:
    # The same students give the same page.
    return np.random.default_rng(20250901).integers(0, n, (DRAWS, n))


def _interval(values: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(values, [(1 - SURE) / 2, (1 + SURE) / 2])
    return float(low), float(high)


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's correlation, row by row; NaN where one of the two does not vary."""
    x = x - x.mean(axis=1, keepdims=True)
    y = y - y.mean(axis=1, keepdims=True)
    size = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size > 1e-12, (x * y).sum(axis=1) / size, np.nan)
