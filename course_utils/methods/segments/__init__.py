"""Recency, frequency and breadth of use; rules that sort patrons into segments; who moves when a cut moves."""

import pandas as pd

LOAN_DAYS = 21  # Port Ellery lends for three weeks, and renews twice at most
WAYS = ["physical", "digital", "program", "computer"]
CORE = ["regular", "now and then", "not lately"]
SEGMENTS = {
    "regular": "used the library lately, and often",
    "now and then": "used it lately, but not often",
    "not lately": "used it within 12 months, but not lately",
    "new": "has had a card for only a short time",
    "away": "hasn't used it in 12 months",
}


def uses(
    checkouts: pd.DataFrame,
    attendance: pd.DataFrame,
    computer_sessions: pd.DataFrame,
    *,
    renewals: bool = False,
) -> pd.DataFrame:
    """Everything that somebody with a card did, in one table.

    Parameters
    ----------
    checkouts : with ``patron_id``, ``date``, ``usage_class`` and ``transaction_type``.
    attendance, computer_sessions : with ``patron_id`` and ``date``; a session without a ``patron_id`` is a guest's.
    renewals : whether renewals count, including automatic ones. They extend a use, and aren't new ones.

    Returns
    -------
    One row per use: ``patron_id`` (integer), ``date``, and ``way``, one of ``WAYS``.
    """
    kept = checkouts if renewals else checkouts[checkouts["transaction_type"] == "checkout"]
    parts = [
        kept.assign(way=kept["usage_class"].astype(str)),
        attendance.assign(way="program"),
        computer_sessions.dropna(subset="patron_id").assign(way="computer"),
    ]
    columns = ["patron_id", "date", "way"]
    return pd.concat([part[columns].astype({"patron_id": "int64"}) for part in parts], ignore_index=True)


def rfm(patrons: pd.DataFrame, uses: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 12) -> pd.DataFrame:
    """How lately, how often and in how many ways each patron used the library.

    Parameters
    ----------
    patrons : one row per patron, with ``patron_id`` and ``enrolled`` (date).
    uses : one row per use, with ``patron_id``, ``date`` and ``way``; those after ``as_of``, and those of nobody
        in ``patrons``, are left out.
    as_of : the day on which we count.
    months : how long ago still counts for frequency and breadth. Recency looks at all uses.

    Returns
    -------
    One row per patron, by ``patron_id``: ``card_days`` (days since enrollment), ``r`` (recency: days since the last
    use, missing if there is none), ``f`` (frequency: days with a use in the last ``months``), ``pace`` (days of use
    that ``f`` would come to over all of the ``months``: see :func:`pace`), ``m`` (breadth, instead of money: ways of
    use in the last ``months``).

    Raises
    ------
    ValueError
        If a ``patron_id`` comes twice in ``patrons``, or ``months`` is not positive.

    Source
    ------
    Recency, frequency and monetary value are those of direct mail (Hughes); days and ways stand here for orders and
    money, because a library sells nothing.
    """
    if not patrons["patron_id"].is_unique:
        raise ValueError("a patron_id comes twice in patrons")
    if months <= 0:
        raise ValueError(f"months is {months}; it must be above 0")
    ids = pd.Index(patrons["patron_id"], name="patron_id")
    past = uses[uses["date"] <= as_of]
    since = as_of - pd.DateOffset(months=months)
    recent = past[past["date"] > since]
    last = past.groupby("patron_id")["date"].max().reindex(ids)
    days = recent[["patron_id", "date"]].drop_duplicates().groupby("patron_id").size()
    ways = recent[["patron_id", "way"]].drop_duplicates().groupby("patron_id").size()
    card_days = pd.Series((as_of - patrons["enrolled"]).dt.days.to_numpy(), index=ids)
    f = days.reindex(ids, fill_value=0)
    return pd.DataFrame(
        {
            "card_days": card_days,
            "r": (as_of - last).dt.days.astype(float),
            "f": f,
            "pace": pace(f, card_days, period=(as_of - since).days),
            "m": ways.reindex(ids, fill_value=0),
        },
        index=ids,
    )


def pace(f: pd.Series, card_days: pd.Series, *, period: int = 365) -> pd.Series:
    """Days of use in a whole period, at the rate of the days that the card has existed: frequency by exposure.

    Somebody whose card is four months old had four months to come in, and not twelve.

    Parameters
    ----------
    f : days of use in the last ``period`` days, one number per patron.
    card_days : days since the card was made, with the same labels. A card made today counts as one day old.
    period : how many days are counted.

    Returns
    -------
    Days of use per ``period``. For a card that is at least ``period`` days old, this is ``f`` itself.
    """
    return f * period / card_days.clip(1, period)


def core_segments(
    table: pd.DataFrame, *, lately: int = 3 * LOAN_DAYS, often: int = 18, new_days: int = 90
) -> pd.Series:
    """Three core segments, and the two outside of them: the first rule that fits.

    1. *new*: the card is younger than ``new_days``; 2. *away*: no day of use; 3. *not lately*: the last use is more
    than ``lately`` days ago; 4. *regular*: a pace of at least ``often`` days of use a year, so that nobody is left out
    because their card is only some months old; 5. *now and then*: everybody else.

    Parameters
    ----------
    table : that of :func:`rfm`.
    lately, new_days : days, 0 or more. With 0 ``new_days`` nobody is new.
    often : days of use a year, 1 or more.

    Returns
    -------
    One of ``SEGMENTS`` for each row of ``table``, as an ordered category.

    Raises
    ------
    ValueError
        If a cut is too small to cut anything.
    """
    if lately < 0 or new_days < 0 or often < 1:
        raise ValueError("lately and new_days must be 0 or more, and often 1 or more")
    segment = pd.Series("now and then", index=table.index)
    segment = segment.mask(table["pace"] >= often, "regular")
    segment = segment.mask(table["r"] > lately, "not lately")
    segment = segment.mask(table["f"] == 0, "away")
    segment = segment.mask(table["card_days"] < new_days, "new")
    return segment.astype(pd.CategoricalDtype(list(SEGMENTS), ordered=True))


def sizes(segment: pd.Series, table: pd.DataFrame) -> pd.DataFrame:
    """How large each segment is: its share of the patrons next to its share of the use.

    ``segment`` and ``table`` are those of :func:`core_segments` and :func:`rfm`. One row per segment, an empty one
    too: ``patrons``, ``share_of_patrons``, ``days_of_use``, ``share_of_use`` (shares of everybody with a card and of
    all days of use, 0 to 1; missing where there is nothing to share).
    """
    groups = table["f"].groupby(segment, observed=False)
    found = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
    for count, share in (("patrons", "share_of_patrons"), ("days_of_use", "share_of_use")):
        total = found[count].sum()
        found[share] = found[count] / total if total else float("nan")
    return found[["patrons", "share_of_patrons", "days_of_use", "share_of_use"]].rename_axis("segment")


def moved(before: pd.Series, after: pd.Series, table: pd.DataFrame) -> pd.DataFrame:
    """Who is in another segment than before: the edge cases of the cuts that moved.

    ``before`` and ``after`` hold a segment for each row of ``table``, which is that of :func:`rfm`. One row per patron
    who moved, by ``patron_id``: ``before``, ``after``, ``r``, ``f``, ``pace``, ``m``, ``card_days``; the highest pace
    first, and of equals those with the latest use.
    """
    found = pd.DataFrame({"before": before, "after": after}).join(table[["r", "f", "pace", "m", "card_days"]])
    found = found[found["before"].astype(str) != found["after"].astype(str)]
    return found.sort_values(["before", "after", "pace", "r"], ascending=[True, True, False, True])


def cells(table: pd.DataFrame, segment: pd.Series, *, width: int = 7) -> pd.DataFrame:
    """The map of recency by pace: how many patrons of the core segments are in each cell.

    Parameters
    ----------
    table, segment : those of :func:`rfm` and :func:`core_segments`.
    width : of a cell, in days of recency: the first holds 0 to ``width``, the second the ``width`` days after it.

    Returns
    -------
    One row per cell that somebody is in: ``from_days`` and ``to_days`` (of recency), ``days`` (of use a year, at
    the patron's pace, rounded down; 1 at least), ``segment``, ``patrons``.
    """
    here = table[segment.isin(CORE)]
    last = (((here["r"] - 1) // width).clip(lower=0) + 1) * width
    found = (
        pd.DataFrame(
            {
                "to_days": last.astype("int64"),
                "days": here["pace"].astype("int64").clip(lower=1),
                "segment": segment[here.index].astype(str),
            }
        )
        .groupby(["to_days", "days", "segment"])
        .size()
        .rename("patrons")
        .reset_index()
    )
    return found.assign(from_days=(found["to_days"] - width + 1).where(found["to_days"] > width, 0))
