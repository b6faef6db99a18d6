"""The patron survey: who is asked, who answers, and what they say.

Whether somebody answers depends on what the library knows of them (use, age, e-mail) and on how satisfied they are,
which it does not know: weights for the first mend most of the bias, not all of it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.library.calendar import AS_OF, YEAR, dates_of, day_number
from course_utils.library.cards import SEGMENTS
from course_utils.library.chance import pick, pick_by
from course_utils.library.patrons import NONE, day_or_missing
from course_utils.library.use import AUTOMATIC
from course_utils.tables import Column, Table
from course_utils.tables.voices import (
    ATTRIBUTES,
    FIVE,
    GOALS,
)

# Invitations in a town like Port Ellery; fewer only if there is nobody left.
SAMPLE, SMALLEST_SAMPLE = 2400, 900
INVITED = day_number("2025-04-08")
REMINDED = (day_number("2025-04-22"), day_number("2025-04-29"))  # by e-mail, by mail
CLOSED = day_number("2025-06-07")
TIERS = (1, 6)  # days of use in the 12 months before: none, 1 to 5, 6 and more

# The odds of an answer (logit).
ANSWERS = -3.28
BY_TIER = np.array([0.0, 1.35, 2.15])
BY_AGE = np.array([-0.55, -0.25, 0.05, 0.45])  # under 25, 25 to 44, 45 to 64, 65 and over
BY_EMAIL = 0.25
BY_SATISFACTION = 0.11  # per point above what is usual in the tier
MOVED = -2.5

# Satisfaction is what is usual in the tier, plus how well the library does in what matters to it, plus chance.
USUAL = np.array([2.85, 3.85, 4.30])
DRIVERS = np.array([0.20, 0.20, 0.42, 0.12, 0.06, 0.0])  # by ATTRIBUTES; per standard deviation
CHANCE = 0.5
HALO = 0.55  # of a rating's variance, what is common to all six
PER_POINT = 0.85  # points of a rating from 1 to 5 per standard deviation
IMPORTANCE = np.array([4.45, 4.35, 3.95, 3.75, 3.5, 3.0])  # by ATTRIBUTES
PERFORMANCE = np.array([3.85, 2.75, 4.35, 3.5, 3.35, 4.0])
STRETCH = 1.5  # visits as told, against visits that left a trace on the card
HEAPS = np.array([6, 12, 24, 52, 104])
HEAPING = 0.6  # of those near a round number, how many say the round number

# Odds of GOALS and of WISHES, by segment.
_GOALS = np.array(
    [
        [70, 4, 3, 3, 2, 7, 6, 5],  # page turner
        [14, 66, 3, 2, 2, 3, 5, 5],  # digital reader
        [16, 3, 66, 7, 1, 2, 2, 3],  # bedtime
        [44, 16, 7, 10, 5, 8, 7, 3],  # all channels
        [14, 6, 2, 7, 24, 36, 8, 3],  # student
        [4, 2, 5, 66, 3, 10, 5, 5],  # program goer
        [3, 1, 1, 3, 66, 14, 8, 4],  # connected
        [26, 10, 5, 5, 6, 8, 14, 26],  # occasional
    ],
    dtype=float,
)

_WISHES = np.array(
    [
        [8, 10, 5, 18, 20, 14, 9, 16],
        [12, 10, 6, 16, 6, 16, 14, 20],
        [7, 8, 8, 30, 12, 10, 17, 8],
        [8, 14, 9, 22, 9, 16, 14, 8],
        [7, 30, 24, 8, 2, 10, 13, 6],
        [5, 10, 4, 9, 20, 28, 12, 12],
        [16, 16, 32, 8, 4, 12, 4, 8],
        [14, 9, 7, 18, 12, 12, 8, 20],
    ],
    dtype=float,
)


@dataclass(frozen=True)
class Survey:
    """One value per invitation."""

    card: np.ndarray
    email: np.ndarray
    letter: np.ndarray
    reminded: np.ndarray  # day, or NONE
    answered: np.ndarray
    answered_on: np.ndarray  # day, or NONE
    probability: np.ndarray
    visits: np.ndarray  # days in the 12 months before on which the card was used in the house
    satisfaction: np.ndarray  # what they would answer, or have
    recommend: np.ndarray
    ratings: np.ndarray  # (invitations, attributes), standardized, before they become 1 to 5
    tier: np.ndarray


def use_days(library, after: int, until: int) -> tuple[np.ndarray, np.ndarray]:
    """For each card, the days of use later than ``after``, up to ``until``: of any use, and of use in the house."""
    count, width = len(library._cards.person), until - after
    loans, digital, came = library._loans, library._digital, library._came
    renewals, sessions = library._renewals, library._sessions
    own = renewals.kind != AUTOMATIC
    inside = [
        (loans.card, loans.day),
        (sessions.card, sessions.day),
        (came.card, library._held.day[came.program]),
    ]
    online = [(digital.card, digital.day), (renewals.card[own], renewals.day[own])]
    seen = np.zeros(count * width, dtype=bool)

    def mark(parts):
        for card, day in parts:
            kept = (card >= 0) & (day > after) & (day <= until)
            seen[card[kept] * width + day[kept] - after - 1] = True
        return seen.reshape(count, width).sum(axis=1)

    in_house = mark(inside)
    return mark(online), in_house


def _use_before(library) -> tuple[np.ndarray, np.ndarray]:
    """The same in the 12 months before the invitation."""
    start = day_number(pd.Timestamp(INVITED, unit="D") - pd.DateOffset(months=12))
    return library.once("use before the survey", lambda one: use_days(one, start, INVITED))


def the_survey(library) -> Survey:
    """The survey of a library, drawn once."""
    return library.once("survey", _draw_survey)


def _draw_survey(library) -> Survey:
    rng = library._stream("survey")
    cards, people, file = library._cards, library._homes[1], library._file
    age = people.age[cards.person] - (AS_OF - INVITED) / YEAR
    able = np.flatnonzero(file.on_file & (cards.enrolled <= INVITED) & (age >= 16))
    size = min(max(round(SAMPLE * library.scale), SMALLEST_SAMPLE), len(able))
    card = np.sort(rng.choice(able, size, replace=False))
    used, visits = (values[card] for values in _use_before(library))
    tier = np.searchsorted(TIERS, used, side="right")
    email = library._contacts.has_email[card]

    halo = rng.normal(0, 1, (size, 1))
    ratings = np.sqrt(HALO) * halo + np.sqrt(1 - HALO) * rng.normal(0, 1, (size, len(ATTRIBUTES)))
    above = ratings @ DRIVERS + rng.normal(0, CHANCE, size)
    feeling = USUAL[tier] + above
    satisfaction = np.clip(np.round(feeling), 1, 5).astype(int)
    recommend = np.clip(np.round(1.95 * feeling + 0.7 + rng.normal(0, 1.0, size)), 0, 10).astype(int)

    gone = library._homes[0].left[cards.household[card]] <= INVITED
    wish = (
        ANSWERS
        + BY_TIER[tier]
        + BY_AGE[np.searchsorted([25, 45, 65], age[card], side="right")]
        + BY_EMAIL * email
        + BY_SATISFACTION * above
        + MOVED * gone
    )
    probability = 1 / (1 + np.exp(-wish))
    answered = rng.random(size) < probability

    # Half and more answer before the reminder; by mail it all takes longer.
    mail = ~email * 4
    reminder = np.where(email, *REMINDED)
    early = rng.random(size) < 0.56
    first = INVITED + mail + rng.geometric(0.30, size) - 1
    second = reminder + mail + rng.geometric(0.22, size) - 1
    day = np.where(early, np.minimum(first, reminder - 1), np.minimum(second, CLOSED))
    return Survey(
        card=card,
        email=email,
        letter=rng.permutation(np.arange(size) % 2).astype(np.int8),
        reminded=np.where(answered & early, NONE, reminder),
        answered=answered,
        answered_on=np.where(answered, day, NONE),
        probability=probability,
        visits=visits,
        satisfaction=satisfaction,
        recommend=recommend,
        ratings=ratings,
        tier=tier,
    )


def make_survey_invitations(library) -> dict:
    """Who was invited, and who answered."""
    survey = the_survey(library)
    return {
        "invitation_id": np.arange(1, len(survey.card) + 1),
        "patron_id": library._file.number[survey.card],
        "channel": (~survey.email).astype(np.int8),
        "letter": survey.letter,
        "invited": dates_of(np.full(len(survey.card), INVITED)),
        "reminded": day_or_missing(survey.reminded),
        "answered": survey.answered,
        "answered_on": day_or_missing(survey.answered_on),
    }


def make_survey_answers(library) -> dict:
    """What was answered, in the order of the invitations."""
    rng, survey = library._stream("survey answers"), the_survey(library)
    rows = np.flatnonzero(survey.answered)
    segment, tier, ratings = (
        library._cards.segment[survey.card[rows]],
        survey.tier[rows],
        survey.ratings[rows],
    )
    count, columns = len(rows), {}
    likes = np.tile(IMPORTANCE, (len(SEGMENTS), 1))
    for name, attribute, more in (
        ("page turner", "collection", 0.3),
        ("bedtime", "programs", 0.8),
        ("student", "space", 0.7),
        ("program goer", "programs", 1.4),
        ("connected", "technology", 1.2),
        ("digital reader", "space", -0.8),
        ("digital reader", "technology", 0.6),
    ):
        likes[SEGMENTS.index(name), ATTRIBUTES.index(attribute)] += more
    important = likes[segment] + rng.normal(0, 0.85, (count, len(ATTRIBUTES)))
    performance = PERFORMANCE + PER_POINT * ratings + 0.12 * (tier[:, None] - 1)
    for prefix, values in (("importance", important), ("performance", performance)):
        for number, name in enumerate(ATTRIBUTES):
            columns[f"{prefix}_{name}"] = np.clip(np.round(values[:, number]), 1, 5).astype(int)
    staff, space = ratings[:, ATTRIBUTES.index("staff")], ratings[:, ATTRIBUTES.index("space")]
    home = 2.75 + 0.5 * tier + 0.35 * staff + 0.3 * space + rng.normal(0, 0.7, count)

    # Memory is generous, and it likes a dozen, two dozen and once a week.
    told = survey.visits[rows] * STRETCH * rng.lognormal(-0.06, 0.35, count) + rng.poisson(0.4, count)
    told = np.round(told).astype(int)
    far = np.abs(np.log(np.maximum(told, 1)[:, None] / HEAPS))
    heaps = (far.min(axis=1) < np.log(1.35)) & (rng.random(count) < HEAPING)
    told = np.where(heaps, HEAPS[far.argmin(axis=1)], told)
    return {
        "invitation_id": rows + 1,
        "satisfaction": survey.satisfaction[rows],
        "recommend": survey.recommend[rows],
        "visits_last_year": np.minimum(told, 365),
        # Who has not come for a year more often has no need at present.
        "goal": _goal(rng, segment, tier).astype(np.int8),
        **columns,
        "feels_at_home": np.clip(np.round(home), 1, 5).astype(int),
        "wish": pick_by(rng, segment, _WISHES).astype(np.int8),
    }


def _goal(rng, segment, tier) -> np.ndarray:
    odds = _GOALS[segment]
    odds[:, GOALS.index("no need at present")] *= np.array([6.0, 0.8, 0.2])[tier]
    return pick(rng, odds)


def true_survey(library) -> dict:
    """What everybody invited would have answered."""
    survey = the_survey(library)
    return {
        "invitation_id": np.arange(1, len(survey.card) + 1),
        "probability": np.round(survey.probability, 4),
        "answered": survey.answered,
        "satisfaction": survey.satisfaction,
        "recommend": survey.recommend,
        "days_of_use": _use_before(library)[0][survey.card],
        "visits": survey.visits,
    }


def true_drivers(library) -> dict:
    """What satisfaction is made of, beside what people say matters."""
    return {
        "attribute": list(ATTRIBUTES),
        "weight": DRIVERS,
        "slope": DRIVERS / PER_POINT,
        "importance": IMPORTANCE,
        "performance": PERFORMANCE,
    }


_INVITATION = {"type": "integer", "unique": True, "foreign_key": "survey_invitations.invitation_id"}

TRUTH = {
    "survey": (
        Table(
            "survey",
            "What everybody would have answered",
            "One row per invitation. Whether somebody answered was drawn with the probability that is given here.",
            (
                Column("invitation_id", description="As in survey_invitations.", **_INVITATION),
                Column("probability", "number", "Of an answer.", minimum=0, maximum=1),
                Column("answered", "boolean", "Whether an answer came."),
                Column("satisfaction", description="What they answered, or would have.", **FIVE),
                Column("recommend", "integer", "The same.", minimum=0, maximum=10),
                Column(
                    "days_of_use",
                    "integer",
                    "Days in the 12 months before on which the card was used.",
                    minimum=0,
                ),
                Column("visits", "integer", "Of these, days on which it was used in the house.", minimum=0),
            ),
            key=("invitation_id",),
        ),
        true_survey,
    ),
    "drivers": (
        Table(
            "drivers",
            "What satisfaction is made of",
            "One row per attribute of the survey.",
            (
                Column("attribute", "category", "As in survey_answers.", unique=True, categories=ATTRIBUTES),
                Column("weight", "number", "Points of satisfaction per standard deviation of the rating."),
                Column(
                    "slope",
                    "number",
                    "Points of satisfaction per point of the rating, before it becomes 1 to 5.",
                ),
                Column("importance", "number", "Mean that people state, before it becomes 1 to 5."),
                Column("performance", "number", "Mean rating, before it becomes 1 to 5."),
            ),
            key=("attribute",),
        ),
        true_drivers,
    ),
}

TABLES = {
    "survey_invitations": make_survey_invitations,
    "survey_answers": make_survey_answers,
}


def measure(library) -> dict[str, float]:
    """How many of those invited answered."""
    return {"survey_response": float(library.survey_invitations["answered"].mean())}


MEASURES = measure
