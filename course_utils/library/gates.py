"""Visits by day: everyone whose use is known, and those who only came in."""

import numpy as np

from course_utils.library.calendar import A_YEAR_AGO, AS_OF, FIRST, WINDOW, YEAR, calendar
from course_utils.library.chance import frailty
from course_utils.library.programs import Programs
from course_utils.library.use import Events, Sessions


def make_visits(
    rng: np.random.Generator, loans: Events, sessions: Sessions, programs: Programs, total: float
) -> np.ndarray:
    """Visits by branch and day (branches × days from FIRST). ``total`` is expected in the last 12 months."""
    days = calendar()
    shape = days.hours.shape
    trips = np.unique(np.stack([loans.card, loans.day, loans.branch]), axis=1)
    known = np.zeros(shape)
    for branch, day, number in (
        (trips[2], trips[1], 1),
        (sessions.branch, sessions.day, 1),
        (programs.branch, programs.day, programs.attended),
    ):
        np.add.at(known, (branch, day - FIRST), number)
    year = slice(A_YEAR_AGO + 1 - FIRST, None)
    shares = np.array([0.63, 0.19, 0.16, 0.02])[:, None]
    pull = shares * days.busy / days.busy[:, year].sum(axis=1, keepdims=True)
    # Visits have been coming back since the shutdown, by a few in a hundred a year.
    pull = pull * np.exp(0.05 * (days.days - AS_OF) / YEAR)
    others = max(total - known[:, year].sum(), 0)
    weather = frailty(rng, 30.0, shape[0] * shape[1]).reshape(shape)
    return (known + rng.poisson(pull * others / pull[:, year].sum() * weather)).astype(int)


def open_days(visits: np.ndarray) -> tuple[np.ndarray, ...]:
    """Branch, day, hours and visits, for each day of the 36 months on which a branch was open."""
    days = calendar()
    branch, place = np.nonzero((days.hours > 0) & (days.days >= WINDOW))
    return branch, days.days[place], days.hours[branch, place], visits[branch, place]
