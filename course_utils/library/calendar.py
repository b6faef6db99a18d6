"""Days: when each branch is open, and how busy each day is.

Inside the model a day is a whole number, days since 1970-01-01, and an array over the calendar begins at
``FIRST``, two months before the first day of the data: a loan made then may be renewed within them.
"""

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.tseries.holiday import USFederalHolidayCalendar

from course_utils import tables
from course_utils.library.calibration import settings

YEAR = 365.25


def day_number(day) -> int:
    """Days since 1970-01-01."""
    return (pd.Timestamp(day) - pd.Timestamp("1970-01-01")).days


AS_OF = day_number(tables.AS_OF)
WINDOW = day_number(tables.FIRST_DAY)
FIRST = day_number(tables.FIRST_DAY - pd.DateOffset(months=2))
A_YEAR_AGO = day_number(tables.AS_OF - pd.DateOffset(months=12))


@dataclass(frozen=True)
class Calendar:
    """Arrays over the days from ``FIRST`` to ``AS_OF``; of hours and weights, one row per branch."""

    days: np.ndarray  # (days,) day numbers
    month: np.ndarray  # (days,) 1 to 12
    weekday: np.ndarray  # (days,) 0 is Monday
    hours: np.ndarray  # (branches, days) hours open
    busy: np.ndarray  # (branches, days) weight of a visit on that day
    online: np.ndarray  # (days,) weight of a digital loan on that day


@functools.cache
def calendar() -> Calendar:
    """The opening hours and the busyness of every day; the same for every library."""
    days = np.arange(FIRST, AS_OF + 1)
    dates = pd.DatetimeIndex(days.astype("datetime64[D]"))
    month, weekday = dates.month.to_numpy(), dates.day_of_week.to_numpy()
    closed = dates.isin(closed_days(dates[0], dates[-1]))
    hours = np.array([branch["hours"] for branch in settings()["branch"]], dtype=float)[:, weekday]
    hours[:, closed] = 0
    index = np.array(settings()["season"]["visits"])[month - 1]
    # People per open hour: Sunday is the busiest, Friday the quietest.
    by_weekday = np.array([0.98, 1.0, 1.0, 0.97, 0.9, 1.12, 1.3])[weekday]
    # Within a month the open hours decide, and the months stand to each other as published.
    busy = hours * by_weekday
    of_month = (dates.year * 12 + month - dates[0].year * 12 - month[0]).to_numpy()
    per_month = np.stack([np.bincount(of_month, weights=branch) for branch in busy])
    busy *= index / per_month[:, of_month]
    return Calendar(days, month, weekday, hours, busy, online=np.sqrt(index))


def closed_days(first, last) -> pd.DatetimeIndex:
    """Federal holidays, also where they fall on a Sunday, the day after Thanksgiving and Christmas Eve."""
    holidays = USFederalHolidayCalendar().holidays(first, last, return_name=True)
    thanksgiving = holidays.index[holidays.str.startswith("Thanksgiving")]
    every = pd.date_range(first, last)
    fixed = every[[(day.month, day.day) in ((1, 1), (7, 4), (12, 24), (12, 25)) for day in every]]
    return holidays.index.append([thanksgiving + pd.Timedelta(days=1), fixed])


def dates_of(days: np.ndarray) -> np.ndarray:
    """Day numbers as datetime64[D]."""
    return np.asarray(days, dtype="int64").astype("datetime64[D]")


def year_of(days: np.ndarray) -> np.ndarray:
    """The calendar year of each day."""
    return dates_of(days).astype("datetime64[Y]").astype("int64") + 1970


def day_numbers(dates: pd.Series) -> np.ndarray:
    """Day numbers of a column of dates; a missing date gives the smallest integer."""
    return dates.to_numpy().astype("datetime64[D]").astype("int64")


def add_years(days: np.ndarray, years) -> np.ndarray:
    """The same day of the year, ``years`` later (the first of March after a 29 February)."""
    dates = dates_of(days)
    months = dates.astype("datetime64[M]")
    day_of_month = (dates - months.astype("datetime64[D]")).astype("int64")
    return (months + 12 * np.asarray(years)).astype("datetime64[D]").astype("int64") + day_of_month


def draw_days(rng, climb: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A day for each pair of ``start`` and ``end`` (inclusive), with odds as the weights whose running sum is
    ``climb`` (with a 0 in front). Between the two there must be a day with some weight."""
    low, high = climb[start - FIRST], climb[end - FIRST + 1]
    level = low + rng.random(len(start)) * (high - low)
    return FIRST + np.clip(np.searchsorted(climb, level, side="right") - 1, start - FIRST, end - FIRST)


def running_sum(weights: np.ndarray) -> np.ndarray:
    """The running sum along the last axis, with a 0 in front."""
    return np.concatenate([np.zeros((*weights.shape[:-1], 1)), np.cumsum(weights, axis=-1)], axis=-1)
