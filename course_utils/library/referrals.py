"""How people hear of the library, and who brought whom."""

from dataclasses import dataclass

import numpy as np

from course_utils import tables
from course_utils.library.calendar import AS_OF, YEAR, day_number
from course_utils.library.cards import STUDENT, Cards
from course_utils.library.chance import pick_by
from course_utils.library.town import Households, People
from course_utils.library.use import rates
from course_utils.tables import Column, Table

ASKED_SINCE = day_number("2019-01-02")
ANSWERS = 0.82  # share of card forms on which the question is answered
NAMES_SOMEBODY = 0.55  # share of those brought by somebody who write down by whom
# Odds of tables.HEARD, by how old people are and whether they are students.
_ODDS = np.array(
    [
        [0.34, 0.40, 0.06, 0.03, 0.07, 0.10],  # under 18
        [0.36, 0.03, 0.06, 0.27, 0.08, 0.20],  # adults
        [0.30, 0.22, 0.06, 0.24, 0.05, 0.13],  # students
    ]
)


@dataclass(frozen=True)
class Referrals:
    """One value per card ever issued."""

    source: np.ndarray  # what really brought them, index into tables.HEARD
    heard: np.ndarray  # the answer on the form, -1 for none
    referrer: np.ndarray  # row of the card of who brought them, -1 for nobody
    named: np.ndarray  # the same, where it was written down


def make_referrals(
    rng: np.random.Generator, people: People, households: Households, cards: Cards
) -> Referrals:
    """Draw a referrer among the patrons of that day, mostly from the same neighborhood."""
    count = len(cards.person)
    age = people.age[cards.person] - (AS_OF - cards.enrolled) / YEAR
    source = pick_by(rng, np.select([age < 18, cards.segment == STUDENT], [0, 2], 1), _ODDS)
    source = np.where(cards.first_card >= 0, tables.HEARD.index("walked in"), source)
    tract = households.tract[cards.household]
    adult = people.born[cards.person] < AS_OF - 16 * YEAR
    weight = rates("refers")[cards.segment] * adult * ~cards.never
    referrer = np.full(count, -1)
    brought = np.flatnonzero((source == 0) & (cards.enrolled >= ASKED_SINCE))
    near = rng.random(len(brought)) < 0.6
    level = rng.random(len(brought))
    for place in range(tract.max() + 2):  # the last round is for those brought from anywhere
        anywhere = place > tract.max()
        here = np.flatnonzero(weight > 0 if anywhere else (tract == place) & (weight > 0))
        these = brought[~near] if anywhere else brought[near & (tract[brought] == place)]
        luck = level[~near] if anywhere else level[near & (tract[brought] == place)]
        referrer[these] = _among_the_active(cards, weight, here, these, luck)
    heard = np.where((cards.enrolled >= ASKED_SINCE) & (rng.random(count) < ANSWERS), source, -1)
    tells = (heard == 0) & (rng.random(count) < NAMES_SOMEBODY)
    return Referrals(source, heard.astype(np.int8), referrer, np.where(tells, referrer, -1))


def _among_the_active(cards, weight, here, brought, luck) -> np.ndarray:
    """For each of ``brought``, one of ``here`` who was using the library on that day and lives elsewhere.

    ``here`` is in order of enrollment, so that those with a card by then come first. Who had lapsed, or shares
    the household, is passed over for the next.
    """
    if not len(here):
        return np.full(len(brought), -1)
    climb = np.concatenate([[0.0], np.cumsum(weight[here])])
    known = np.searchsorted(cards.enrolled[here], cards.enrolled[brought])  # strictly before that day
    at = np.searchsorted(climb, luck * climb[known], side="right") - 1
    found = np.full(len(brought), -1)
    left = np.flatnonzero(known > 0)
    for _ in range(12):
        if not len(left):
            break
        row = here[at[left]]
        fits = cards.lapsed[row] > cards.enrolled[brought[left]]
        fits &= cards.household[row] != cards.household[brought[left]]
        found[left[fits]] = row[fits]
        left = left[~fits & (at[left] > 0)]
        at[left] -= 1
    return found


TRUTH_TABLE = Table(
    "referrals",
    "Who brought whom",
    "One row per patron on file who took the card since the form asks. What the form does not know: some never"
    " answered, some named nobody.",
    (
        Column("patron_id", "integer", "As in patrons.", unique=True, foreign_key="patrons.patron_id"),
        Column("source", "category", "What really brought them.", categories=tables.HEARD),
        Column(
            "brought_by",
            "integer",
            "The patron who brought them; missing if nobody did, or somebody who is no longer on file.",
            required=False,
            foreign_key="patrons.patron_id",
        ),
    ),
    key=("patron_id",),
)


def true_referrals(library) -> dict:
    """The truth behind ``patrons.heard`` and ``patrons.referred_by``."""
    import pandas as pd

    cards, file, made = library._cards, library._file, library._referrals
    rows = np.flatnonzero(file.on_file & (cards.enrolled >= ASKED_SINCE))
    referrer = made.referrer[rows]
    known = (referrer >= 0) & file.on_file[referrer]
    number = pd.array(file.number[referrer], dtype="Int64")
    number[~known] = pd.NA
    return {"patron_id": file.number[rows], "source": made.source[rows].astype(np.int8), "brought_by": number}


TABLES: dict = {}
TRUTH = {"referrals": (TRUTH_TABLE, true_referrals)}
