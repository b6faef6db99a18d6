"""Penetration: how many cards there are for the people who could have one, area by area, and how firm that is.

Penetration is marketing's word for the share of a market that an organization reaches. A library's market is its
residents, and its measure is cards per resident. Small areas give rough rates: hence intervals, shrinkage towards the
town, and cells that are hidden.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from course_utils.errors import CourseError
from course_utils.messages import say
from course_utils.tables import AGE_BANDS, AS_OF
from course_utils.tables.community import AGE_COLUMNS

FEWEST = 10  # people in a cell that is shown
MEASURES = ("on file", "valid", "used in 12 months")


class PenetrationError(CourseError, ValueError):
    """A count of cards or residents that makes no rate: one sentence saying which, and what to do."""


def wilson(hits: int, of: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """The low and the high end of a share, ``hits`` out of ``of``, after Wilson.

    Parameters
    ----------
    hits, of : whole numbers, with ``hits`` from 0 to ``of``, and ``of`` 1 or more.
    confidence : of the interval, between 0 and 1.

    Returns
    -------
    Two shares, 0 to 1.

    Raises
    ------
    PenetrationError
        If they are not such numbers.

    Source
    ------
    E. B. Wilson (1927), *Journal of the American Statistical Association* 22, by way of SciPy's ``binomtest``.
    """
    from scipy.stats import binomtest

    if not 0 < confidence < 1:
        raise PenetrationError(say("penetration.confidence", found=confidence))
    if not (hits == int(hits) and of == int(of) and 0 <= hits <= of and of >= 1):
        raise PenetrationError(say("penetration.not_a_share", hits=hits, of=of))
    found = binomtest(int(hits), int(of)).proportion_ci(confidence, method="wilson")
    return float(found.low), float(found.high)


def rates(cards: pd.Series, residents: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
    """Cards per resident of each area, with a Wilson interval, by rising rate.

    Parameters
    ----------
    cards, residents : whole numbers with the same labels, one per area; the order may differ.
    confidence : of the intervals, between 0 and 1.

    Returns
    -------
    One row per area: ``cards``, ``residents``, ``rate``, ``low``, ``high``. Where there are more cards than
    residents, because people left and their cards did not, a rate isn't a share, and the ends are missing.

    Raises
    ------
    PenetrationError
        If the labels differ, a number is missing or below 0, or an area has no residents.
    """
    cards, residents = _both(cards, residents)
    ends = [
        wilson(hits, of, confidence=confidence) if hits <= of else (np.nan, np.nan)
        for hits, of in zip(cards, residents, strict=True)
    ]
    low, high = np.array(ends, dtype=float).reshape(-1, 2).T
    table = {"cards": cards, "residents": residents, "rate": cards / residents, "low": low, "high": high}
    return pd.DataFrame(table).sort_values("rate", kind="stable")


def pull_of_town(cards: pd.Series, residents: pd.Series) -> float:
    """How many residents of the town's rate to add to each area: few where the areas differ, many where luck does it.

    The spread of the rates is more than luck alone makes it; what is over is taken for real differences between the
    areas. If nothing is over, the answer is infinite: the areas cannot be told apart.

    ``cards`` and ``residents`` are those of :func:`rates`.

    Source
    ------
    R. J. Marshall (1991), "Mapping disease and mortality rates using empirical Bayes estimators", *Applied Statistics*
    40(2), with the variance of a share instead of that of a count.
    """
    cards, residents = _both(cards, residents)
    town, people = cards.sum() / residents.sum(), residents.sum()
    spread = (residents * (cards / residents - town) ** 2).sum() / people
    luck = town * (1 - town) * (len(cards) - 1) / people
    evenness = 1 - (residents**2).sum() / people**2
    if spread <= luck or evenness <= 0:
        return float("inf")
    return float(max(town * (1 - town) * evenness / (spread - luck) - 1, 0))


def shrink(cards: pd.Series, residents: pd.Series, pull: float | None = None) -> pd.Series:
    """The rate of each area, drawn towards the town's rate, the small ones most.

    As if ``pull`` more people lived in each area, of whom as many have a card as in the whole town.

    Parameters
    ----------
    cards, residents : those of :func:`rates`.
    pull : people, 0 or more, infinity included; :func:`pull_of_town` if left out.

    Returns
    -------
    A rate for each area, with the labels of ``cards``.

    Raises
    ------
    PenetrationError
        As for :func:`rates`, or if ``pull`` is below 0.
    """
    cards, residents = _both(cards, residents)
    pull = pull_of_town(cards, residents) if pull is None else pull
    if not pull >= 0:
        raise PenetrationError(say("penetration.pull", found=pull))
    town = cards.sum() / residents.sum()
    if np.isinf(pull):
        return pd.Series(town, index=cards.index)
    return (cards + pull * town) / (residents + pull)


def gaps(cards: pd.Series, residents: pd.Series) -> pd.DataFrame:
    """How far each area is from the town's rate, as an index and as people.

    ``cards`` and ``residents`` are those of :func:`rates`. One row per area: ``index``, 100 where the area has the town's
    rate and 80 where it has four fifths of it; ``missing``, the cards that it would take to have the town's rate, below
    0 where there are more already.
    """
    cards, residents = _both(cards, residents)
    town = cards.sum() / residents.sum()
    return pd.DataFrame(
        {"index": 100 * cards / residents / town, "missing": residents * town - cards}, index=cards.index
    )


def counts(
    patrons: pd.DataFrame,
    tracts: pd.DataFrame,
    *,
    ages: Sequence[str] = AGE_BANDS,
    measure: str = "on file",
    as_of: pd.Timestamp = AS_OF,
) -> pd.DataFrame:
    """Cards and residents of each neighborhood, of some ages.

    Parameters
    ----------
    patrons : with ``tract_id``, ``age_band``, ``expires`` and ``last_use``.
    tracts : with ``tract_id`` and the numbers of residents by age.
    ages : bands of age, as in ``patrons``.
    measure : which cards count, one of ``MEASURES``.
    as_of : the day on which we count.

    Returns
    -------
    One row per neighborhood, by ``tract_id``: ``cards``, ``residents``.

    Raises
    ------
    PenetrationError
        If there is no such measure or age.
    """
    if measure not in MEASURES:
        raise PenetrationError(say("penetration.measure", found=repr(measure), known=", ".join(MEASURES)))
    unknown = [str(age) for age in ages if age not in AGE_BANDS]
    if unknown or not len(ages):
        raise PenetrationError(
            say("penetration.ages", found=", ".join(unknown) or "none", known=", ".join(AGE_BANDS))
        )
    kept = patrons["age_band"].isin(list(ages))
    if measure == "valid":
        kept &= patrons["expires"] >= as_of
    if measure == "used in 12 months":
        kept &= patrons["last_use"] > as_of - pd.DateOffset(months=12)
    columns = [column for column, band in AGE_COLUMNS.items() if band in ages]
    residents = tracts.set_index("tract_id")[columns].sum(axis=1)
    cards = patrons.loc[kept, "tract_id"].value_counts().reindex(residents.index, fill_value=0)
    return pd.DataFrame({"cards": cards, "residents": residents})


def by_home_language(notices: pd.Series, in_english: float) -> pd.Series:
    """Cards by the language spoken at home, from cards by the language of the notices.

    Of those who speak another language at home, a share takes its notices in English, and is counted there. Those who
    are counted under their language are the rest; nobody who speaks English at home takes them in another language.

    Parameters
    ----------
    notices : cards by language of the notices; one of the labels is ``"English"``.
    in_english : the share, from 0 to below 1.

    Returns
    -------
    Cards by language at home, with the same labels and the same sum.

    Raises
    ------
    PenetrationError
        If there is no English among the labels, or the share is none.
    """
    if "English" not in notices.index:
        raise PenetrationError(say("penetration.english", found=", ".join(map(str, notices.index))))
    if not 0 <= in_english < 1:
        raise PenetrationError(say("penetration.in_english", found=in_english))
    found = notices.astype(float) / (1 - in_english)
    found["English"] = 0.0
    found["English"] = notices.sum() - found.sum()
    return found


def margin_of_sum(margins: pd.Series) -> float:
    """The margin of error of a sum of estimates that were made apart: the root of the sum of the squared margins."""
    return float(np.sqrt((margins.astype(float) ** 2).sum()))


def null_town(residents: pd.Series, rate: float, *, seed: int) -> pd.Series:
    """Cards by area in a town where everybody has the same chance of a card, wherever they live: luck alone.

    ``residents`` are people by area, ``rate`` is the chance, and ``seed`` a whole number: another one, other luck.
    """
    return pd.Series(np.random.default_rng(seed).binomial(residents, rate), index=residents.index)


def hide_small(table: pd.DataFrame, *, fewest: int = FEWEST) -> pd.DataFrame:
    """The table of :func:`rates`, with the numbers of small cells missing, so that nobody in them can be recognized.

    A cell is small if it has fewer than ``fewest`` residents or cards, or if fewer than that live there without a card.
    Hide a second cell wherever a sum that is shown would give the hidden one away.
    """
    cards, residents = table["cards"], table["residents"]
    small = (residents < fewest) | (cards < fewest) | ((residents - cards).clip(lower=0) < fewest)
    return table.astype(float).mask(small)


def _both(cards: pd.Series, residents: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The two in one order. Raises ``PenetrationError`` where they make no rates."""
    cards, residents = pd.Series(cards), pd.Series(residents)
    unlike = not residents.index.is_unique or set(cards.index) != set(residents.index)
    if unlike or len(cards) != len(residents) or not len(cards):
        raise PenetrationError(say("penetration.labels"))
    residents = residents.reindex(cards.index)
    for what, one in (("cards", cards), ("residents", residents)):
        bad = ~(one.astype(float) >= 0) | np.isinf(one.astype(float))
        if bad.any():
            raise PenetrationError(say("penetration.missing", what=what, area=bad.idxmax()))
    if (residents == 0).any():
        raise PenetrationError(say("penetration.nobody", area=(residents == 0).idxmax()))
    return cards, residents
