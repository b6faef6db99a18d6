"""Partner teams and their librarians: what embedding does, and what only looks like it.

The number of questions is a chance at each working day for each person. Embedding multiplies it, and so does a
greeting in the corridor; the eager teams, the season and a common growth are there without it.
"""

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.library.calendar import AS_OF, WINDOW, YEAR, closed_days, dates_of, day_number, running_sum
from course_utils.library.calibration import settings
from course_utils.library.chance import pick_by
from course_utils.library.patrons import NONE, day_or_missing
from course_utils.tables import Column, Table
from course_utils.tables.embedded import ASKED_BY, ITEMS, KINDS, LIAISONS, TOUCHES

TEAMS = {"school": 7, "clinic": 5, "city office": 6, "small firm": 6}
EAGER, EMBEDDED, EAGER_EMBEDDED = 9, 8, 7  # teams that asked; teams that got it; those of them that had asked
# Embedded teams of each liaison: the relational one has most, the quick one none. The codes are dealt anew each time.
EMBEDDED_OF = (6, 1, 1, 0)
QUIET_MONTHS = (13, 14, 15)  # October to December 2023, counted from September 2022
VISITS = (day_number("2024-01-08"), day_number("2024-01-26"))
VISITED = 6
SURVEY = (day_number("2025-04-07"), day_number("2025-04-25"))
AFTER = 7  # days for which an incidental touch counts, the day itself included
LATER = 90  # days within which somebody comes back

PEOPLE_PER_CONTACT = 3.1  # members per consultation a month
LEAVES = 0.15  # of the members, per year
BOND = 1.0  # how much people differ in how often they ask (log, standard deviation)
CHATTY = 0.5  # the same for being greeted
FACTOR_SPREAD = 0.18  # how much more embedding does in some teams than in others (log, standard deviation)
SWING = 0.2  # of a team's month (log, standard deviation)
SWING_LASTS = 0.4  # correlation of a team's month with the next
# Touches per working day, not embedded and embedded: incidental ones per person, meetings per team.
GREETED = (1 / 60, 1 / 22)
MET = (1 / 44, 1 / 14)
WRITTEN = 1 / 110  # e-mails per person and working day

HARD = 0.28  # share of READ 4 and above without embedding
EASY_LEVELS = np.array([[0.12, 0.33, 0.55]])  # odds of READ 1, 2, 3
# Odds of READ 4, 5, 6: not embedded, embedded.
HARD_LEVELS = np.array([[0.65, 0.27, 0.08], [0.45, 0.35, 0.20]])
# Odds of one of the last four question types, by READ level.
UNUSUAL = np.array([0.0, 0.04, 0.18, 0.50, 0.65, 0.75])
# Odds of the first four question types by READ level (1, 2, 3 and up), and of the last four by kind of team.
USUAL_ODDS = np.array([[0.5, 0.2, 0.2, 0.1], [0.25, 0.3, 0.3, 0.15], [0.1, 0.35, 0.4, 0.15]])
UNUSUAL_ODDS = np.array(
    [[0.2, 0.2, 0.4, 0.2], [0.4, 0.15, 0.2, 0.25], [0.25, 0.4, 0.1, 0.25], [0.15, 0.5, 0.2, 0.15]]
)
NEW = 0.06  # share of requests of a kind never asked before, without embedding
NEW_IF_UNUSUAL = 2.0  # how much likelier among the last four question types
RATING = 4.65  # mean at READ 1 without embedding
RATED = np.array([0.45, 0.8, 0.7, 0.6])  # share that gives a rating, by how it was asked
# The trust survey. Trust is made of the bond to the liaison and of chance; an answer of trust, of what the three
# sentences of a part have in common, and of itself (standard deviations).
TRUST = (0.75, 0.66)
FEELING = (0.65, 0.35, 0.67)
MINUTES = (2.38, 0.19, 0.72)  # log minutes: at READ 0, per level, spread

ROLES = {
    "school": ("teacher", "aide", "counselor", "office staff", "principal's office"),
    "clinic": ("practice manager", "nurse educator", "front desk", "grant writer", "quality lead"),
    "city office": ("analyst", "planner", "clerk", "project lead", "inspector"),
    "small firm": ("designer", "bookkeeper", "engineer", "sales", "project lead"),
}
NAMES = {
    "school": (
        "Harborview Elementary",
        "Kiln Lane Elementary",
        "Mill Pond Elementary",
        "Old Ferry Middle School",
        "Saltmarsh Middle School",
        "Beacon Point High School",
        "Lantern Hill High School",
        "Willow Flats Charter School",
        "Tidewater Career Academy",
        "Quarry Road Preschool Center",
    ),
    "clinic": (
        "Ropewalk Community Clinic",
        "North Common Health Center",
        "Harbor Dental Practice",
        "Elm Terrace Physical Therapy",
        "Larch Street Pediatrics",
        "Meadow Gate Eye Clinic",
        "Depot Walk-in Clinic",
    ),
    "city office": (
        "Planning Office",
        "Parks and Trails Office",
        "Housing Office",
        "Water and Sewer Office",
        "Small Business Office",
        "Public Works Office",
        "Office for Older Residents",
        "Transit Office",
    ),
    "small firm": (
        "Cannery Design Studio",
        "Gull Rock Software",
        "Tidemark Surveyors",
        "Signal Hill Solar",
        "Ninth Wave Boatworks",
        "Copper Kettle Foods",
        "Driftline Printing",
        "Slack Tide Architects",
        "Blue Anchor Accounting",
    ),
}


@dataclass(frozen=True)
class Days:
    """The working days from the first of the data to ``LATER`` days after the last: (days,) each."""

    day: np.ndarray  # day number
    month: np.ndarray  # 0 for September 2022
    of_year: np.ndarray  # 0 for January
    share: np.ndarray  # of its month's questions
    since: np.ndarray  # place of the first working day within AFTER days, the day itself included
    until: np.ndarray  # place after the last working day within LATER days after it
    known: int  # how many of them lie within the data


@functools.cache
def _weekdays(first: int, last: int) -> np.ndarray:
    """Monday to Friday, without holidays, from ``first`` to ``last``."""
    days = np.arange(first, last + 1)
    dates = pd.DatetimeIndex(dates_of(days))
    return days[(dates.day_of_week < 5) & ~dates.isin(closed_days(dates[0], dates[-1]))]


@functools.cache
def working_days() -> Days:
    """Monday to Friday, without holidays; the same for every library."""
    day = _weekdays(WINDOW, AS_OF + LATER)
    dates = pd.DatetimeIndex(dates_of(day))
    month = ((dates.year - dates[0].year) * 12 + dates.month - dates[0].month).to_numpy()
    # The months reach beyond the data: the last one, cut off, still has the working days of a whole one.
    count = np.bincount(month)
    count[-1] = 20
    return Days(
        day,
        month,
        dates.month.to_numpy() - 1,
        1 / count[month],
        np.searchsorted(day, day - AFTER + 1),
        np.searchsorted(day, day + LATER, side="right"),
        int(np.searchsorted(day, AS_OF, side="right")),
    )


@dataclass(frozen=True)
class Teams:
    """One value per team, and the true numbers of this library in ``true``."""

    kind: np.ndarray  # index into KINDS
    name: list[str]
    eager: np.ndarray
    baseline: np.ndarray  # consultations a month at the start
    since: np.ndarray  # day of embedding, beyond all days if never
    liaison: np.ndarray  # index into LIAISONS
    factor: np.ndarray  # embedding multiplies consultations by this; 1 if never
    hard: np.ndarray  # share of READ 4 and above without embedding
    first_contact: np.ndarray
    places: np.ndarray  # members
    relational: int  # the liaison with most embedded teams
    quick: int  # the liaison with none, who takes less time
    true: dict[str, float]


@dataclass(frozen=True)
class Members:
    """One value per person, in order of team and day of joining."""

    team: np.ndarray
    joined: np.ndarray
    left: np.ndarray  # day from which they are gone, beyond all days if they are not
    bond: np.ndarray  # how close they are to the liaison, standard normal


@dataclass(frozen=True)
class Work:
    """What happened. ``person`` and ``at`` (place of the working day): one value per consultation, in order."""

    person: np.ndarray
    at: np.ndarray
    greeted_today: np.ndarray
    greetings: tuple[np.ndarray, np.ndarray]  # person and place of the day
    e_mails: tuple[np.ndarray, np.ndarray]
    meetings: tuple[np.ndarray, np.ndarray]  # team and place of the day
    away: np.ndarray  # (people, days) chance of no question in the LATER days after that day
    through_touches: float  # the part of the volume factor that comes about by more greetings


def _teams(library) -> Teams:
    return library.once("embedded teams", _draw_teams)


def _members(library) -> Members:
    return library.once("embedded members", _draw_members)


def _work(library) -> Work:
    return library.once("embedded work", _draw_work)


def _visited(library) -> np.ndarray:
    return library.once("embedded visits", _draw_visits)


def _asked(library) -> dict:
    return library.once("embedded consultations", _draw_consultations)


# What is drawn -----------------------------------------------------------------------------------------------


def _draw_teams(library) -> Teams:
    rng, design = library._stream("embedded teams"), settings()["embedded"]
    true = {
        key: float(rng.uniform(*design[key]))
        for key in (
            "trend",
            "volume_factor",
            "read_points",
            "new_points",
            "rating_points",
            "touch_factor",
        )
    }
    count = sum(TEAMS.values())
    kind = np.repeat(np.arange(len(KINDS)), [TEAMS[one] for one in KINDS])
    name = [
        NAMES[one][place] for one in KINDS for place in rng.choice(len(NAMES[one]), TEAMS[one], replace=False)
    ]
    order = rng.permutation(count)
    eager = np.zeros(count, dtype=bool)
    eager[order[:EAGER]] = True
    # Those who asked come first; one of the others comes last.
    chosen = np.concatenate([order[:EAGER_EMBEDDED], order[EAGER : EAGER + EMBEDDED - EAGER_EMBEDDED]])
    since = np.full(count, AS_OF + 10 * LATER)
    days = working_days()
    since[chosen] = days.day[np.searchsorted(days.month, design["start_months"])]

    # Some gain more by it than others; all together, it is the factor of this library.
    factor = np.ones(count)
    gains = rng.permutation(np.linspace(-1.5, 1.5, EMBEDDED))
    factor[chosen] = true["volume_factor"] * np.exp(FACTOR_SPREAD * gains)

    # Both groups have small teams and large ones: the levels are dealt from a ladder, not drawn one by one.
    low, high = np.log(design["contacts"])
    step = np.zeros(count)
    for group in (eager, ~eager):
        size = group.sum()
        step[group] = (rng.permutation(size) + rng.random(size)) / size
    ordinary = np.exp(low + (high - low) * step)
    places = np.clip(np.round(ordinary * PEOPLE_PER_CONTACT * np.exp(rng.normal(0, 0.08, count))), 6, 15)

    codes = rng.permutation(len(LIAISONS))
    liaison = np.full(count, -1)
    # The earliest teams go to the relational liaison, so that most of the embedded time is with them.
    liaison[chosen] = codes[np.repeat(np.arange(len(codes)), EMBEDDED_OF)]
    rest = np.flatnonzero(liaison < 0)
    spare = count // len(codes) - np.array(EMBEDDED_OF)
    liaison[rng.permutation(rest)] = codes[np.repeat(np.arange(len(codes)), spare)]
    return Teams(
        kind=kind,
        name=name,
        eager=eager,
        baseline=ordinary * np.where(eager, design["eager_factor"], 1),
        since=since,
        liaison=liaison,
        factor=factor,
        hard=HARD + 0.02 * eager + rng.normal(0, 0.02, count),
        first_contact=rng.choice(_weekdays(WINDOW - 2600, WINDOW - 150), count),
        places=places.astype(int),
        relational=int(codes[0]),
        quick=int(codes[-1]),
        true=true,
    )


def _draw_members(library) -> Members:
    """Who leaves is replaced after some weeks, so that the size of a team stays about the same."""
    rng, teams = library._stream("embedded members"), _teams(library)
    team = np.repeat(np.arange(len(teams.places)), teams.places)
    joined = np.maximum(WINDOW - rng.exponential(5 * YEAR, len(team)), WINDOW - 25 * YEAR).astype(int) - 1
    parts = []
    while len(team):
        left = np.maximum(joined, WINDOW) + 30 + rng.exponential(YEAR / LEAVES, len(team)).astype(int)
        parts.append((team, joined, np.where(left > AS_OF, AS_OF + 10 * LATER, left)))
        following = left + rng.integers(14, 75, len(team))
        comes = following < AS_OF - 30
        team, joined = team[comes], following[comes]
    team, joined, left = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((joined, team))
    return Members(team[order], joined[order], left[order], rng.normal(size=len(order)))


def _embedded(teams: Teams, days: Days) -> np.ndarray:
    """Whether each team is embedded on each day (teams × days)."""
    return days.day >= teams.since[:, None]


def _monthly(rng, teams: Teams, days: Days) -> np.ndarray:
    """Consultations expected of each team on each working day (teams × days)."""
    design, months = settings()["embedded"], days.month[-1] + 1
    shock = rng.normal(0, SWING, (len(teams.kind), months))
    swing = np.empty_like(shock)
    swing[:, 0] = shock[:, 0]
    for month in range(1, months):
        swing[:, month] = SWING_LASTS * swing[:, month - 1] + np.sqrt(1 - SWING_LASTS**2) * shock[:, month]
    level = np.exp(teams.true["trend"] * (days.day - WINDOW) / YEAR)
    level = level * np.array(design["season"])[days.of_year] * days.share
    effect = np.where(_embedded(teams, days), teams.factor[:, None], 1)
    return teams.baseline[:, None] * level * np.exp(swing - SWING**2 / 2)[:, days.month] * effect


def _draw_work(library) -> Work:
    rng, days = library._stream("embedded work"), working_days()
    teams, members = _teams(library), _members(library)
    embedded = _embedded(teams, days)
    expected = _monthly(rng, teams, days)
    present = (days.day >= members.joined[:, None]) & (days.day < members.left[:, None])
    shape = present.shape
    own = np.exp(BOND * members.bond - BOND**2 / 2)[:, None]
    chatty = np.exp(CHATTY * members.bond - CHATTY**2 / 2)[:, None]

    rate = np.minimum(np.where(embedded, GREETED[1], GREETED[0])[members.team] * chatty, 0.5)
    touched = (rng.random(shape) < rate) & present
    seen = running_sum(touched.astype(np.int32))
    recent = seen[:, 1:] > np.take(seen, days.since, axis=1)
    quiet = running_sum(np.log1p(-rate))
    chance = 1 - np.exp(quiet[:, 1:] - np.take(quiet, days.since, axis=1))

    # A team's questions are shared out by how often each asks. The touches that are to be expected are taken out
    # of it first, so that the volume factor is the whole effect of embedding, more greetings included.
    factor = teams.true["touch_factor"]
    lift = 1 + (factor - 1) * chance
    first = np.searchsorted(members.team, np.arange(len(teams.kind)))
    need = np.add.reduceat(own * lift * present, first, axis=0)
    per_head = (expected / need)[members.team] * own
    asks = rng.random(shape) < per_head * np.where(recent, factor, 1) * present
    asks[:, days.known :] = False

    none = running_sum(np.log1p(-np.minimum(per_head * lift, 0.9)))
    known = slice(None, days.known)
    away = np.exp(np.take(none, days.until[known], axis=1) - none[:, 1 : days.known + 1])
    at, person = np.nonzero(asks.T)
    # On each day in any order.
    order = np.lexsort((rng.random(len(at)), at))
    person, at = person[order], at[order]

    steady = 1 - (1 - np.minimum(np.array(GREETED)[:, None] * chatty[:, 0], 0.5)) ** (AFTER * 5 / 7)
    stay = members.left > AS_OF
    boost = ((1 + (factor - 1) * steady) * own[:, 0] * stay).sum(axis=1)
    written = (rng.random((shape[0], days.known)) < WRITTEN) & present[:, known]
    met = rng.random((len(teams.kind), days.known)) < np.where(embedded, MET[1], MET[0])[:, known]
    return Work(
        person,
        at,
        touched[person, at],
        np.nonzero(touched[:, known]),
        np.nonzero(written),
        np.nonzero(met),
        away,
        float(boost[1] / boost[0]),
    )


def _draw_visits(library) -> np.ndarray:
    """Day of the visit to each team, or NONE: those who asked least in the quiet months. It changes nothing."""
    rng, days = library._stream("embedded visits"), working_days()
    teams, work = _teams(library), _work(library)
    team = _members(library).team[work.person]
    quiet = np.isin(days.month[work.at], QUIET_MONTHS)
    count = np.bincount(team[quiet], minlength=len(teams.kind)) + np.where(teams.since <= AS_OF, 10_000, 0)
    # Between two that asked as often as each other, the one that comes first in the list.
    least = np.argsort(count, kind="stable")[:VISITED]
    visited = np.full(len(teams.kind), NONE)
    low, high = np.searchsorted(days.day, VISITS[0]), np.searchsorted(days.day, VISITS[1], side="right")
    visited[least] = days.day[rng.choice(np.arange(low, high), VISITED, replace=False)]
    return visited


def _draw_consultations(library) -> dict[str, np.ndarray]:
    """What was asked and how it went: one value per consultation."""
    rng, days = library._stream("embedded consultations"), working_days()
    teams, members, work = _teams(library), _members(library), _work(library)
    count, bond = len(work.person), members.bond[work.person]
    team = members.team[work.person]
    embedded = days.day[work.at] >= teams.since[team]
    state = embedded.astype(np.int8)

    share_hard = teams.hard[team] + teams.true["read_points"] * embedded
    hard = rng.random(count) < share_hard
    easy_level = 1 + pick_by(rng, np.zeros(count, dtype=np.int8), EASY_LEVELS)
    level = np.where(hard, 4 + pick_by(rng, state, HARD_LEVELS), easy_level)
    unusual = rng.random(count) < UNUSUAL[level - 1]
    usual_type = pick_by(rng, np.minimum(level, 3) - 1, USUAL_ODDS)
    kind = np.where(unusual, 4 + pick_by(rng, teams.kind[team], UNUSUAL_ODDS), usual_type)
    # The share that is unusual follows from the share that is hard; from both, the odds of being new.
    share_unusual = (1 - share_hard) * (EASY_LEVELS @ UNUSUAL[:3])[0]
    share_unusual += share_hard * (HARD_LEVELS @ UNUSUAL[3:])[state]
    new_share = NEW + teams.true["new_points"] * embedded
    base = new_share / (1 + (NEW_IF_UNUSUAL - 1) * share_unusual)
    new = rng.random(count) < base * np.where(unusual, NEW_IF_UNUSUAL, 1)

    close = -0.4 + 1.2 * bond + 0.6 * embedded + 1.5 * work.greeted_today
    relational = rng.random(count) < 1 / (1 + np.exp(-close))
    asked_by = np.select(
        [relational & (rng.random(count) < np.where(hard, 0.35, 0.7)), relational, rng.random(count) < 0.7],
        [0, 1, 2],
        3,
    )
    liaison = teams.liaison[team]
    stand_in = (liaison + rng.integers(1, len(LIAISONS), count)) % len(LIAISONS)
    liaison = np.where(rng.random(count) < 0.06, stand_in, liaison)
    quick = liaison == teams.quick
    start, per_level, spread = MINUTES
    minutes = np.exp(start + per_level * level + spread * rng.normal(size=count))
    minutes = np.clip(np.round(minutes * np.where(quick, settings()["embedded"]["quick_minutes"], 1)), 2, 480)
    resolved = rng.random(count) < 1 / (1 + np.exp(-(1.7 - 0.5 * (level - 2) + 0.6 * quick)))
    referred = ~resolved & (rng.random(count) < 0.25)

    mean = RATING + settings()["embedded"]["rating_per_read"] * (level - 1)
    mean = mean + teams.true["rating_points"] * embedded
    # Whole numbers from 1 to 5 with just this mean.
    rating = 1 + rng.binomial(4, np.clip((mean - 1) / 4, 0, 1))
    rating = np.where(rng.random(count) < RATED[asked_by], rating, -1)

    clock = np.select(
        [asked_by == 1, rng.random(count) < 0.4],
        [60 * rng.integers(9, 16, count) + 30 * rng.integers(0, 2, count), rng.normal(610, 30, count)],
        rng.uniform(540, 1005, count),
    ).astype(int)
    order = np.lexsort((clock, work.at))
    fields = {
        "person": work.person,
        "at": work.at,
        "team": team,
        "embedded": embedded,
        "clock": clock,
        "liaison": liaison,
        "asked_by": asked_by,
        "kind": kind,
        "level": level,
        "minutes": minutes.astype(int),
        "resolved": resolved,
        "referred": referred,
        "new": new,
        "rating": rating,
    }
    return {name: values[order] for name, values in fields.items()}


# The tables --------------------------------------------------------------------------------------------------


def make_teams(library) -> dict:
    """``teams``: one row per partner team."""
    teams, members = _teams(library), _members(library)
    still = members.left > AS_OF
    return {
        "team_id": 1 + np.arange(len(teams.kind)),
        "name": teams.name,
        "kind": teams.kind.astype(np.int8),
        "people": np.bincount(members.team[still], minlength=len(teams.kind)),
        "first_contact": dates_of(teams.first_contact),
        "embedded_since": day_or_missing(np.where(teams.since > AS_OF, NONE, teams.since)),
        "liaison": teams.liaison.astype(np.int8),
        "asked_for_it": np.where(teams.eager, 0, 1).astype(np.int8),
        "visited": day_or_missing(_visited(library)),
    }


def make_team_people(library) -> dict:
    """``team_people``: one row per person."""
    teams, members = _teams(library), _members(library)
    roles = library._stream("embedded roles").choice(
        5, size=len(members.team), p=[0.45, 0.2, 0.15, 0.12, 0.08]
    )
    return {
        "person_id": 1 + np.arange(len(members.team)),
        "team_id": 1 + members.team,
        "role": [
            ROLES[KINDS[teams.kind[team]]][role] for team, role in zip(members.team, roles, strict=True)
        ],
        "joined": dates_of(members.joined),
        "left": day_or_missing(np.where(members.left > AS_OF, NONE, members.left)),
    }


def make_touches(library) -> dict:
    """``touches``: the liaisons' log, in order of the day."""
    rng, days = library._stream("embedded touches"), working_days()
    teams, members, work, visited = _teams(library), _members(library), _work(library), _visited(library)
    went = np.flatnonzero(visited != NONE)
    visits = (went, np.searchsorted(days.day, visited[went]))
    met = np.unique(np.concatenate([np.stack(work.meetings), np.stack(visits)], axis=1), axis=1)
    person = np.concatenate([work.greetings[0], np.full(met.shape[1], -1), work.e_mails[0]])
    at = np.concatenate([work.greetings[1], met[1], work.e_mails[1]])
    kind = np.repeat(np.arange(3), [len(work.greetings[0]), met.shape[1], len(work.e_mails[0])])
    team = np.where(kind == TOUCHES.index("meeting"), 0, members.team[person])
    team[kind == TOUCHES.index("meeting")] = met[0]
    minutes = np.select(
        [kind == 0, kind == 1],
        [rng.integers(1, 5, len(kind)), 15 * rng.integers(2, 6, len(kind))],
        rng.integers(2, 9, len(kind)),
    )
    order = np.lexsort((rng.random(len(at)), at))
    number = pd.array(person[order] + 1, dtype="Int64")
    number[person[order] < 0] = pd.NA
    return {
        "touch_id": 1 + np.arange(len(at)),
        "date": dates_of(days.day[at[order]]),
        "team_id": 1 + team[order],
        "person_id": number,
        "liaison": teams.liaison[team[order]].astype(np.int8),
        "kind": kind[order].astype(np.int8),
        "minutes": minutes[order],
    }


def make_consultations(library) -> dict:
    """``consultations``: one row per question, in order of time."""
    asked, days = _asked(library), working_days()
    hour, minute = np.divmod(asked["clock"], 60)
    rating = pd.array(asked["rating"], dtype="Int64")
    rating[asked["rating"] < 0] = pd.NA
    return {
        "consultation_id": 1 + np.arange(len(hour)),
        "date": dates_of(days.day[asked["at"]]),
        "time": [f"{h:02d}:{m:02d}" for h, m in zip(hour.tolist(), minute.tolist(), strict=True)],
        "team_id": 1 + asked["team"],
        "person_id": 1 + asked["person"],
        "liaison": asked["liaison"].astype(np.int8),
        "asked_by": asked["asked_by"].astype(np.int8),
        "question_type": asked["kind"].astype(np.int8),
        "read_level": asked["level"].astype(int),
        "minutes": asked["minutes"],
        "resolved": asked["resolved"],
        "referred": asked["referred"],
        "new_kind_of_request": asked["new"],
        "rating": rating,
    }


def make_trust_survey(library) -> dict:
    """``trust_survey``: what the closer ones, and those with a librarian among them, agree with more."""
    rng, days = library._stream("embedded trust"), working_days()
    teams, members = _teams(library), _members(library)
    low, high = np.searchsorted(days.day, SURVEY[0]), np.searchsorted(days.day, SURVEY[1], side="right")
    there = (members.joined < SURVEY[0] - 30) & (members.left > SURVEY[1])
    answers = rng.random(len(there)) < 1 / (1 + np.exp(-(0.75 + 0.35 * members.bond)))
    person = np.flatnonzero(there & answers)
    count = len(person)
    trust = TRUST[0] * members.bond[person] + 0.35 * (teams.since[members.team[person]] <= SURVEY[0])
    trust = trust + TRUST[1] * rng.normal(size=count)
    part = np.repeat(rng.normal(size=(count, 3)), 3, axis=1)
    common, of_part, own = FEELING
    feeling = common * trust[:, None] + of_part * part + own * rng.normal(size=(count, len(ITEMS)))
    feeling = feeling + rng.normal(0, 0.25, len(ITEMS))
    said = 1 + np.searchsorted([-1.7, -0.9, -0.1, 0.9], feeling)
    return {
        "person_id": 1 + person,
        "answered": dates_of(days.day[rng.integers(low, high, count)]),
        **{item: said[:, place] for place, item in enumerate(ITEMS)},
    }


# The truth ---------------------------------------------------------------------------------------------------

TRUTH_TABLES = (
    Table(
        "embedding",
        "What embedding really does",
        "One row per team. Some gain more consultations by embedding than others; its other effects are the same for"
        " every embedded team.",
        (
            Column("team_id", "integer", "As in teams.", unique=True, foreign_key="teams.team_id"),
            Column("eager", "boolean", "Asks more than others, embedded or not, and asked to be embedded."),
            Column("baseline", "number", "Consultations expected a month in September 2022, season apart."),
            Column("start", "date", "First day embedded; missing if never.", required=False),
            Column("volume_factor", "number", "Embedding multiplies consultations by this; 1 if never."),
            Column("read_share", "number", "Share of READ 4 and above without embedding."),
            Column("read_points", "number", "Embedding adds this to the share of READ 4 and above."),
            Column("new_points", "number", "Embedding adds this to the share of new kinds of requests."),
            Column("rating_points", "number", "Embedding adds this to the rating at a given READ level."),
            Column("visit_factor", "number", "The visit of January 2024 multiplies consultations by this."),
        ),
        key=("team_id",),
    ),
    Table(
        "touch_effects",
        "What a touch really does",
        "One row per kind of touch.",
        (
            Column("kind", "category", "As in touches.", unique=True, categories=TOUCHES),
            Column("factor", "number", "The rate of asking is multiplied by this; 1 is no effect."),
            Column("days", "integer", "For so many days, the day of the touch included. It does not add up."),
        ),
        key=("kind",),
    ),
    Table(
        "repeat_contact",
        "Who really comes back",
        "One row per person with a consultation in the log.",
        (
            Column("person_id", "integer", "As in team_people.", unique=True),
            Column("bond", "number", "How close to the liaison: 0 on average, standard deviation 1."),
            Column("first", "date", "Day of the first consultation in the log."),
            Column(
                "relational",
                "boolean",
                "Whether it was asked in passing or scheduled (not by e-mail or phone).",
            ),
            Column(
                "away_90",
                "number",
                "Chance of no second consultation within 90 days, had the person stayed and the log gone on.",
            ),
        ),
        key=("person_id",),
    ),
    Table(
        "relationships",
        "The true numbers of the embedded work",
        "One row per quantity.",
        (
            Column("quantity", "string", "Short name.", unique=True),
            Column("value", "number", "Its value in this library."),
            Column("meaning", "string", "What it is."),
        ),
        key=("quantity",),
    ),
)


def true_embedding(library) -> dict:
    """What embedding does, by team."""
    teams = _teams(library)
    has = teams.since <= AS_OF
    return {
        "team_id": 1 + np.arange(len(has)),
        "eager": teams.eager,
        "baseline": teams.baseline,
        "start": day_or_missing(np.where(has, teams.since, NONE)),
        "volume_factor": teams.factor,
        "read_share": teams.hard,
        **{
            name: np.where(has, teams.true[name], 0)
            for name in ("read_points", "new_points", "rating_points")
        },
        "visit_factor": np.ones(len(has)),
    }


def true_touch_effects(library) -> dict:
    """What a touch does, by kind."""
    return {
        "kind": list(TOUCHES),
        "factor": [_teams(library).true["touch_factor"], 1, 1],
        "days": [AFTER] * 3,
    }


def true_repeat_contact(library) -> dict:
    """First contact of each person, and the chance of not coming back soon."""
    asked, work, days = _asked(library), _work(library), working_days()
    person, first = np.unique(asked["person"], return_index=True)
    at = asked["at"][first]
    return {
        "person_id": 1 + person,
        "bond": _members(library).bond[person],
        "first": dates_of(days.day[at]),
        "relational": asked["asked_by"][first] < ASKED_BY.index("e-mail"),
        "away_90": work.away[person, at],
    }


def true_alpha() -> float:
    """Cronbach's alpha that ``TRUST`` and ``FEELING`` imply for nine sentences in three parts of three."""
    common, of_part, own = np.square(FEELING)
    together = common * np.square(TRUST).sum()
    covariance = together + np.kron(np.eye(3), np.full((3, 3), of_part)) + own * np.eye(len(ITEMS))
    count = len(ITEMS)
    return count / (count - 1) * (1 - np.trace(covariance) / covariance.sum())


def true_relationships(library) -> dict:
    """One row per quantity."""
    teams, back, design = _teams(library), true_repeat_contact(library), settings()["embedded"]
    relational = back["relational"]
    rows = [
        ("trend", teams.true["trend"], "Growth of consultations per year (log), the same for every team."),
        ("eager_factor", design["eager_factor"], "How many times as much the teams ask that asked for a librarian."),
        (
            "volume_factor",
            teams.true["volume_factor"],
            "Embedding multiplies consultations by this: the geometric mean of the embedded teams.",
        ),
        (
            "through_touches",
            _work(library).through_touches,
            "The part of the volume factor that comes about because embedded liaisons greet more often.",
        ),
        ("read_points", teams.true["read_points"], "Embedding adds this to the share of READ 4 and above."),
        ("new_points", teams.true["new_points"], "Embedding adds this to the share of new kinds of requests."),
        ("rating_points", teams.true["rating_points"], "Embedding adds this to the rating at a given READ level."),
        ("rating_per_read", design["rating_per_read"], "One more READ level adds this to the rating."),
        ("visit_factor", 1.0, "The visits of January 2024 multiply consultations by this: they do nothing."),
        (
            "touch_factor",
            teams.true["touch_factor"],
            "An incidental touch multiplies the person's rate of asking by this for seven days.",
        ),
        ("meeting_factor", 1.0, "A meeting multiplies the team's rate of asking by this: it does nothing."),
        ("e_mail_factor", 1.0, "An e-mail multiplies the person's rate of asking by this: it does nothing."),
        (
            "away_90_relational",
            back["away_90"][relational].mean(),
            "Share not back within 90 days, of those whose first contact was relational. The contact does not"
            " bring them back: it shows who is close to the liaison.",
        ),
        (
            "away_90_transactional",
            back["away_90"][~relational].mean(),
            "Share not back within 90 days, of those whose first contact was transactional.",
        ),
        ("liaison_rating", 0.0, "Difference between liaisons in the rating at a given READ level: none."),
        ("quick_liaison", 1.0 + teams.quick, "Number of the liaison with no embedded team, who takes less time and resolves more at once."),
        ("quick_minutes", design["quick_minutes"], "This liaison's minutes per question, against the others'."),
        (
            "relational_liaison",
            1.0 + teams.relational,
            "Number of the liaison with most embedded teams. Nothing else is special: the teams make the score.",
        ),
        ("alpha", true_alpha(), "Cronbach's alpha of the nine sentences of trust_survey, before they become 1 to 5."),
    ]  # fmt: skip
    return {name: [row[place] for row in rows] for place, name in enumerate(("quantity", "value", "meaning"))}


def measure(library) -> dict[str, float]:
    """The published figures on consultations, as measured in one library."""
    asked = library["consultations"]
    return {
        "off_desk_read_3_up": float((asked["read_level"] >= 3).mean()),
        "complexity_and_duration": float(np.corrcoef(asked["read_level"], asked["minutes"])[0, 1]),
    }


TABLES = {
    "teams": make_teams,
    "team_people": make_team_people,
    "touches": make_touches,
    "consultations": make_consultations,
    "trust_survey": make_trust_survey,
}
TRUTH = {
    table.name: (table, make)
    for table, make in zip(
        TRUTH_TABLES,
        (true_embedding, true_touch_effects, true_repeat_contact, true_relationships),
        strict=True,
    )
}
MEASURES = measure
