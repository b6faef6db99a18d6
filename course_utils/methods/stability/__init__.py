"""Are segments real? Features from use, k-means, how tight and how stable its groups are, and the null town.

A **null town** has as many people as ours, and features with about the same averages, spreads and correlations, but
nobody in it belongs to a group: each feature rises to one hump and falls again, and the features hang together in one
cloud. Whatever k-means finds there, it made.
"""

import functools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sklearn.cluster import KMeans
    from threadpoolctl import ThreadpoolController

LEAST = 10  # loans in 12 months: of two loans, the share that is digital says little
FEATURES = ["amount", "digital", "children"]
TOWNS = 19  # null towns: if ours were one more of them, it would be the tightest of the 20 in 1 of 20 cases
MOST = 3000  # people whose distances to each other are taken; of more, a sample
CELLS = 512  # of the grid on which a feature is smoothed


def features(checkouts: pd.DataFrame, *, as_of: pd.Timestamp, least: int = LEAST) -> pd.DataFrame:
    """How each reader borrowed in the last 12 months: one row per patron with ``least`` loans or more.

    Parameters
    ----------
    checkouts : with ``patron_id``, ``date``, ``transaction_type``, ``usage_class`` and ``audience``. A renewal is not
        a loan, and loans after ``as_of`` don't count.
    as_of : the day on which we count.
    least : loans that somebody must have, 1 or more.

    Returns
    -------
    By ``patron_id``: ``loans`` (a count), and the shares of them, 0 to 1, that are ``digital`` and that are items for
    ``children``.

    Raises
    ------
    ValueError
        If ``least`` is below 1.
    """
    if least < 1:
        raise ValueError(f"least is {least}; it must be 1 or more")
    since = as_of - pd.DateOffset(months=12)
    is_recent = (checkouts["date"] > since) & (checkouts["date"] <= as_of)
    loans = checkouts[is_recent & (checkouts["transaction_type"] == "checkout")]
    whose = loans["patron_id"]
    table = pd.DataFrame(
        {
            "loans": loans.groupby("patron_id").size(),
            "digital": (loans["usage_class"] == "digital").groupby(whose).mean(),
            "children": (loans["audience"] == "child").groupby(whose).mean(),
        }
    )
    return table[table["loans"] >= least]


def with_amount(table: pd.DataFrame) -> pd.DataFrame:
    """The table of :func:`features` with ``amount`` in place of ``loans``: their logarithm to base 2, in doublings."""
    return table.assign(amount=np.log2(table["loans"]))[FEATURES]


def scaled(table: pd.DataFrame) -> pd.DataFrame:
    """Each column less its mean, in units of its standard deviation (of a sample).

    Raises
    ------
    ValueError
        If a column has the same number everywhere, or a number is missing.
    """
    if table.isna().any(axis=None):
        raise ValueError("a number is missing")
    spread = table.std()
    if not (spread > 0).all():
        raise ValueError(f"everybody has the same {spread.idxmin()}")
    return (table - table.mean()) / spread


@functools.cache
def _threads() -> "ThreadpoolController":
    """What sets the number of threads: for so few people, threads wait for each other longer than they work."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def k_means(table: pd.DataFrame, k: int) -> "KMeans":
    """K-means with ``k`` groups, fitted to the columns of ``table`` as they are: four starts, the best of which is kept.

    ``fit``, ``predict`` and ``inertia_`` are scikit-learn's. The numbers of the groups mean nothing.

    Raises
    ------
    ValueError
        If ``k`` is below 1, or there are fewer than ``k`` different people.
    """
    from sklearn.cluster import KMeans

    different = len(table.drop_duplicates())
    if not 1 <= k <= different:
        raise ValueError(f"k is {k}; it must be from 1 to {different}, the number of people who differ")
    with _threads().limit(limits=1):
        return KMeans(n_clusters=k, n_init=4, random_state=0).fit(table.to_numpy(dtype=float))


def groups(table: pd.DataFrame, k: int, *, scale: bool = True) -> pd.Series:
    """The group of each row of ``table`` by k-means: 0 for the largest group, then 1, and so on.

    The columns are put on one scale first (see :func:`scaled`), unless ``scale`` is False.
    """
    labels = k_means(scaled(table) if scale else table, k).labels_
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    return pd.Series(np.argsort(order)[labels], index=table.index, name="group")


def silhouette(table: pd.DataFrame, group: pd.Series, *, most: int = MOST, scale: bool = True) -> float:
    """How tight groups are: the mean silhouette of the people, by the columns of ``table``.

    A person's silhouette compares the mean distance to the people of the next group with that to the own group: 1 is
    far from the others and close to the own, 0 is on the border, −1 is the other way around.

    Parameters
    ----------
    table : one row per person.
    group : the group of each row, in the same order.
    most : with more people than so many, it is the mean of a sample of so many, always the same.
    scale : whether the columns are put on one scale first.

    Source
    ------
    Rousseeuw (1987), via scikit-learn's ``silhouette_score``.
    """
    from sklearn.metrics import silhouette_score

    numbers = (scaled(table) if scale else table).to_numpy(dtype=float)
    sample = None if len(numbers) <= most else most
    with _threads().limit(limits=1):
        return float(silhouette_score(numbers, np.asarray(group), sample_size=sample, random_state=0))


def tightness(table: pd.DataFrame, k: int, *, most: int = MOST, scale: bool = True) -> float:
    """The :func:`silhouette` of the ``k`` groups that k-means makes of ``table``."""
    return silhouette(table, groups(table, k, scale=scale), most=most, scale=scale)


def agreement(one: pd.Series, other: pd.Series) -> float:
    """How far two ways to sort the same people agree: the adjusted Rand index, whatever the groups are called.

    1 is the same groups, 0 is what two ways to sort that know nothing of each other would have on average. Both have
    one value for each person; the rows may be in another order.

    Raises
    ------
    ValueError
        If the labels of the rows are not the same.

    Source
    ------
    Hubert and Arabie (1985), via scikit-learn's ``adjusted_rand_score``.
    """
    from sklearn.metrics import adjusted_rand_score

    if not one.index.is_unique or set(one.index) != set(other.index):
        raise ValueError("the two don't sort the same people")
    return float(adjusted_rand_score(one, other.loc[one.index]))


def halves(table: pd.DataFrame, k: int, *, times: int = 5, seed: int = 0, scale: bool = True) -> pd.Series:
    """How far two halves of the people agree: ``times`` numbers, each an adjusted Rand index.

    The people are split at random. K-means finds ``k`` groups in each half alone, everybody goes to the nearest center
    of the one half and to that of the other, and the two ways to sort everybody are compared.

    Source
    ------
    Stability by resampling (Hennig 2007; Dolnicar and Leisch 2010), here with halves.
    """
    rng = np.random.default_rng(seed)
    numbers = scaled(table) if scale else table
    everybody = numbers.to_numpy(dtype=float)
    found = []
    for _ in range(times):
        order = rng.permutation(len(numbers))
        middle = len(order) // 2
        one, other = (
            pd.Series(k_means(numbers.iloc[part], k).predict(everybody))
            for part in (order[:middle], order[middle:])
        )
        found.append(agreement(one, other))
    return pd.Series(found, name="agreement")


def left_over(table: pd.DataFrame, *, most: int = 6) -> pd.Series:
    """The line with the elbow: for 1 to ``most`` groups, the share of the sum of squares that is left inside them.

    The columns are put on one scale first. With one group all of it is left, which is 1.
    """
    numbers = scaled(table)
    left = pd.Series({k: float(k_means(numbers, k).inertia_) for k in range(1, most + 1)})
    return left / left[1]


# ---- the null town -----------------------------------------------------------------------------------------------


def null_towns(table: pd.DataFrame, number: int = TOWNS, *, seed: int = 0) -> list[pd.DataFrame]:
    """Towns in which there is one continuum, each with as many people as ``table`` and the same columns.

    Each column is smoothed just so far that one hump is left, and shrunk again to the spread that it had. The columns
    hang together by a Gaussian copula with the correlations of their ranks, which is one cloud. So mean, spread and
    correlations stay about as they are; what goes is any second hump, and any crowd of people who are alike in several
    columns at once. What two humps kept apart, one hump may carry past an end: a share may be below 0 or above 1.

    Parameters
    ----------
    table : one row per person, columns of numbers; heavily skewed ones as logarithms (see :func:`with_amount`).
    number : how many towns.
    seed : of the random numbers.

    Raises
    ------
    ValueError
        If there are fewer than 20 people, a number is missing, or everybody has the same number.

    Source
    ------
    The closest density with one mode: Silverman (1981), looking for modes in the middle as Hall and York (2001) do. A
    parametric bootstrap of homogeneity: McLachlan (1987), Hennig and Lin (2015).
    """
    from scipy import stats

    if len(table) < 20:
        raise ValueError(f"{len(table)} people are too few: a null town needs at least 20")
    scaled(table)  # refuses what has no spread
    rng = np.random.default_rng(seed)
    columns = {name: _one_hump(table[name].to_numpy(dtype=float)) for name in table}
    places = stats.norm.ppf((table.rank() - 0.5) / len(table))
    together = np.atleast_2d(np.corrcoef(places, rowvar=False))
    # Its root, and not Cholesky's, because the same everywhere is wanted for columns that say the same, too.
    sizes, directions = np.linalg.eigh(together)
    root = directions * np.sqrt(sizes.clip(min=0)) @ directions.T
    towns = []
    for _ in range(number):
        shares = stats.norm.cdf(rng.standard_normal(table.shape) @ root)
        drawn = {
            name: np.interp(shares[:, place], *hump) for place, (name, hump) in enumerate(columns.items())
        }
        towns.append(pd.DataFrame(drawn))
    return towns


def share_as_tight(here: float, towns) -> float:
    """How often a town without segments would look so tight: the share of ``towns`` with ``here`` or more, ours counted in.

    Parameters
    ----------
    here : the tightness (or another number, of which more means segments) of our town.
    towns : the same for null towns, one number each.

    Returns
    -------
    A number above 0 and up to 1: with 19 towns, at least 1 of 20.

    Source
    ------
    A Monte Carlo test (Barnard 1963).
    """
    towns = np.asarray(towns, dtype=float)
    return float((1 + (towns >= here).sum()) / (1 + len(towns)))


def beside_null(table: pd.DataFrame, k: int, towns: list[pd.DataFrame], *, most: int = MOST) -> pd.DataFrame:
    """How tight ``k`` groups are by each column of ``table`` alone, and by all: here and in the null towns.

    One row per column, and ``all`` if there are several: ``here``, ``null_low`` and ``null_high`` (the least and the
    most of ``towns``), and ``as_tight`` (see :func:`share_as_tight`). ``most`` is as for :func:`tightness`.
    """
    kinds = {name: [name] for name in table} | ({"all": list(table)} if table.shape[1] > 1 else {})
    rows = {}
    for kind, columns in kinds.items():
        here = tightness(table[columns], k, most=most)
        null = [tightness(town[columns], k, most=most) for town in towns]
        rows[kind] = {
            "here": here,
            "null_low": min(null),
            "null_high": max(null),
            "as_tight": share_as_tight(here, null),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def share_with_range(is_so: pd.Series, *, confidence: float = 0.95) -> pd.Series:
    """The share of True in ``is_so``, with a Wilson interval: ``people``, ``share``, ``low``, ``high``.

    Raises
    ------
    ValueError
        If there is nobody.

    Source
    ------
    Wilson (1927), via SciPy's ``binomtest``.
    """
    from scipy import stats

    if not len(is_so):
        raise ValueError("there is nobody to take a share of")
    ends = stats.binomtest(int(is_so.sum()), len(is_so)).proportion_ci(confidence, method="wilson")
    return pd.Series({"people": len(is_so), "share": is_so.mean(), "low": ends.low, "high": ends.high})


def _one_hump(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distribution nearest to ``values`` that has one hump, as places between 0 and 1 and the values there."""
    spread = values.std()
    low, high = values.min() - 2 * spread, values.max() + 2 * spread
    counts, edges = np.histogram(values, CELLS, (low, high))
    cell = (high - low) / CELLS
    # A single person far out is no hump: we look where most people are.
    middle = np.quantile(values, [0.05, 0.95]) + np.array([-spread, spread]) / 2
    first, last = ((middle - low) / cell).clip(0, CELLS).astype(int)
    narrow, wide = 0.5, CELLS / 2
    for _ in range(14):
        width = np.sqrt(narrow * wide)
        if _humps(_smoothed(counts, width)[first : last + 1]) > 1:
            narrow = width
        else:
            wide = width
    density = _smoothed(counts, wide).clip(min=0)
    places = np.concatenate([[0], density.cumsum()]) / density.sum()
    shrink = np.sqrt(1 + (wide * cell) ** 2 / values.var())
    return places, values.mean() + (edges - values.mean()) / shrink


def _smoothed(counts: np.ndarray, width: float) -> np.ndarray:
    """A histogram, smoothed by a Gaussian of ``width`` cells."""
    frequency = np.fft.rfftfreq(2 * len(counts))
    kernel = np.exp(-2 * (np.pi * frequency * width) ** 2)
    return np.fft.irfft(np.fft.rfft(counts, 2 * len(counts)) * kernel)[: len(counts)]


def _humps(density: np.ndarray) -> int:
    """Where a curve rises and then falls again."""
    slope = np.sign(np.diff(density))
    slope = slope[slope != 0]
    return int(((slope[:-1] > 0) & (slope[1:] < 0)).sum())
