"""Are our segments real? Say here what the method does, and where it comes from."""

import pandas as pd


def valid_share(patrons: pd.DataFrame, *, as_of: pd.Timestamp) -> float:
    """The share of cards that are valid on a day.

    Parameters
    ----------
    patrons : one row per card, with ``expires``.
    as_of : the day.

    Returns
    -------
    A number from 0 to 1.
    """
    return float((patrons["expires"] >= as_of).mean())


def valid_by(patrons: pd.DataFrame, group: str, *, as_of: pd.Timestamp) -> pd.Series:
    """The share of valid cards, 0 to 1, for each value of the column ``group``, by rising share."""
    return (patrons["expires"] >= as_of).groupby(patrons[group], observed=True).mean().sort_values()
