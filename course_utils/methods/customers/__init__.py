"""Who counts as a customer? Five definitions, whom each of them leaves out, and how well one guessed."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

DEFINITIONS = {
    "registered": "has a card",
    "unexpired": "has a card that is still valid",
    "active": "left any trace in 12 months",
    "borrower": "borrowed or renewed in 12 months",
    "program or computer only": "came in 12 months, and didn't borrow",
}

PLACES = [
    "people who borrow",
    "people who come to programs or use a computer, and don't borrow",
    "people with a valid card who haven't been seen for 12 months",
    "people with an expired card who haven't been seen for 12 months",
]


def definitions(
    patrons: pd.DataFrame,
    checkouts: pd.DataFrame,
    attendance: pd.DataFrame,
    computer_sessions: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    months: int = 12,
) -> pd.DataFrame:
    """Who is a customer by each definition.

    Parameters
    ----------
    patrons : one row per patron, with ``patron_id``, ``expires`` and ``last_use`` (dates).
    checkouts, attendance, computer_sessions : events with ``patron_id`` and ``date``; an event without a
        ``patron_id`` is nobody's. Checkouts have a ``transaction_type``, too: an automatic renewal is the
        computer's doing, and makes nobody a borrower.
    as_of : the day on which we count.
    months : how long ago still counts as recent.

    Returns
    -------
    One row per patron, by ``patron_id``; one column of True and False for each of ``DEFINITIONS``.

    Raises
    ------
    ValueError
        If a ``patron_id`` comes twice, or ``months`` is not positive.
    """
    if not patrons["patron_id"].is_unique:
        raise ValueError("a patron_id comes twice in patrons")
    if months <= 0:
        raise ValueError(f"months is {months}; it must be above 0")
    since = as_of - pd.DateOffset(months=months)

    def recent(events: pd.DataFrame) -> pd.Series:
        return events.loc[events["date"] > since, "patron_id"]

    ids = patrons["patron_id"]
    borrowed = ids.isin(recent(checkouts[checkouts["transaction_type"] != "automatic renewal"]))
    came = ids.isin(recent(attendance)) | ids.isin(recent(computer_sessions).dropna())
    found = pd.DataFrame(
        {
            "registered": True,
            "unexpired": patrons["expires"] >= as_of,
            "active": patrons["last_use"] > since,
            "borrower": borrowed,
            "program or computer only": came & ~borrowed,
        }
    )
    return found.set_index(pd.Index(ids, name="patron_id"))


def counted(found: pd.DataFrame, chosen: Iterable[str]) -> pd.Series:
    """Who is a customer by at least one of the ``chosen`` definitions: True or False by ``patron_id``."""
    return found[list(chosen)].any(axis="columns")


def whereabouts(found: pd.DataFrame) -> pd.Series:
    """Where to look for each person, by ``patron_id``: one of ``PLACES``.

    ``found`` is the table of ``definitions``.
    """
    quiet = found["unexpired"].map({True: PLACES[2], False: PLACES[3]})
    place = quiet.mask(found["program or computer only"], PLACES[1]).mask(found["borrower"], PLACES[0])
    return place.astype(pd.CategoricalDtype(PLACES, ordered=True))


def not_counted(
    patrons: pd.DataFrame, counted: pd.Series, *, by: str, among: pd.Series | None = None
) -> pd.DataFrame:
    """Whom a definition leaves out, group by group.

    Parameters
    ----------
    patrons : one row per patron, with ``patron_id`` and the column ``by``.
    counted : True or False by ``patron_id``: who is a customer.
    by : the column that says which group a patron is in.
    among : True or False by ``patron_id``: look at these patrons only; at all of them without it.

    Returns
    -------
    One row per group: ``patrons`` (how many there are), ``not_counted`` (how many of them) and ``share``
    (not_counted ÷ patrons, 0 to 1; missing for a group of nobody).
    """
    is_counted = patrons["patron_id"].map(counted).astype(bool)
    kept = patrons if among is None else patrons[patrons["patron_id"].map(among).astype(bool)]
    groups = (~is_counted.loc[kept.index]).groupby(kept[by], observed=False)
    table = pd.DataFrame({"patrons": groups.size(), "not_counted": groups.sum()})
    table["share"] = table["not_counted"] / table["patrons"].where(table["patrons"] > 0)
    return table


def without_a_card(
    programs: pd.DataFrame,
    attendance: pd.DataFrame,
    computer_sessions: pd.DataFrame,
    wifi_sessions: pd.DataFrame,
    gate_counts: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    months: int = 12,
) -> pd.DataFrame:
    """What a library sees of people whose card it does not see: they are in none of the ``DEFINITIONS``.

    Parameters
    ----------
    programs : one row per program, with ``program_id``, ``date`` and ``attended`` (heads in the room).
    attendance : one row per card shown at a program, with ``program_id``.
    computer_sessions : one row per session, with ``date`` and ``patron_id``, which a guest's session does not have.
    wifi_sessions, gate_counts : counts by day, with ``date`` and ``sessions``, or ``visits``. Neither can tell who has a
        card.
    as_of : the day on which we count.
    months : how long ago still counts as recent.

    Returns
    -------
    One row for each kind of trace: ``all`` and ``no_card`` (how many heads, sessions or visits; one person may make
    many; missing where nobody can tell) and ``share`` (no_card ÷ all, 0 to 1; missing where there is nothing, too).
    """
    since = as_of - pd.DateOffset(months=months)
    held, computers, wifi, gate = (
        table[table["date"] > since] for table in (programs, computer_sessions, wifi_sessions, gate_counts)
    )
    heads, shown = held["attended"].sum(), attendance["program_id"].isin(held["program_id"]).sum()
    online, visits = wifi["sessions"].sum(), gate["visits"].sum()
    table = pd.DataFrame(
        {
            "people in the room at programs": (heads, heads - shown),
            "sessions at the public computers": (len(computers), computers["patron_id"].isna().sum()),
            "sessions on the Wi-Fi": (online, None),
            "visits counted at the door": (visits, None),
        },
        index=["all", "no_card"],
    ).T.astype("Int64")
    table["share"] = table["no_card"] / table["all"].where(table["all"] > 0)
    return table


def interval_score(low, high, truth, *, sure: float = 0.8):
    """How much a range costs: its width, and a fine for each unit by which it misses. Small is good.

    Somebody who is as sure as ``sure`` says, and spreads the doubt evenly over both ends, pays least in the long run
    with the range that they believe in: neither a wider one nor a narrower one does better.

    Parameters
    ----------
    low, high : the ends of the ranges, numbers or Series by question.
    truth : the true numbers, a number or a Series by question, in the unit of the ranges.
    sure : how sure one is that a range holds the truth, between 0 and 1. The fine is 2 / (1 - sure): 10 for 0.8.

    Returns
    -------
    The cost, in the unit of the range: a number, or a Series by question.

    Raises
    ------
    ValueError
        If ``sure`` is not between 0 and 1, a low end is above its high end, or a number is missing or has no partner.

    Source
    ------
    Gneiting and Raftery (2007), "Strictly Proper Scoring Rules, Prediction, and Estimation", equation 43.
    """
    if not 0 < sure < 1:
        raise ValueError(f"sure is {sure}; it must be between 0 and 1")
    width = high - low
    missed = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    cost = width + 2 / (1 - sure) * missed
    if not np.all(np.isfinite(cost)):
        raise ValueError("a number is missing, or low, high and truth do not have the same labels")
    if np.any(width < 0):
        raise ValueError("a low end is above its high end")
    return cost
