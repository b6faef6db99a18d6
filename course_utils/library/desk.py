"""At the desk and around it: questions, registrations, rooms and the network.

The desk holds a reversal. The main library sends on a larger share of its questions than Northgate does, and yet,
among questions of the same difficulty, a smaller one: it gets the hard questions. See ``library.truth.desk``.
What is asked depends on who asks and on the school year; how hard it is and who is sent on do not.
"""

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import AS_OF, FIRST, WINDOW, YEAR, calendar, dates_of, day_numbers
from course_utils.library.chance import frailty, pick, pick_by
from course_utils.library.programs import AUDIENCES
from course_utils.library.use import presence
from course_utils.library.words import words
from course_utils.tables import Column, Table
from course_utils.tables.desk import AS_SEEN, BY, PURPOSES, QUESTIONS

OPENS, OPENS_ON_SUNDAY = 10, 13  # o'clock
MAIN, NORTH, HARBOR, BOOKMOBILE = range(4)

# Questions. All of it is choice, but that the desk's are mostly of READ 1 and 2.
ASKED = 12_000  # in 36 months, in a town the size of Port Ellery
ASKS = np.array([1.0, 0.95, 1.0, 0.5])  # questions per visit, against the main library
READ_MIX = np.array(  # by branch, of READ 1 to 6
    [
        [0.23, 0.345, 0.24, 0.13, 0.04, 0.015],
        [0.50, 0.34, 0.12, 0.03, 0.007, 0.003],
        [0.42, 0.36, 0.15, 0.05, 0.014, 0.006],
        [0.58, 0.33, 0.07, 0.016, 0.003, 0.001],
    ]
)
REFERS = np.array(  # how likely the desk sends the person on, by branch and READ
    [
        [0.010, 0.022, 0.10, 0.28, 0.42, 0.52],
        [0.026, 0.045, 0.21, 0.48, 0.62, 0.72],
        [0.020, 0.038, 0.16, 0.36, 0.50, 0.60],
        [0.050, 0.100, 0.35, 0.60, 0.70, 0.80],
    ]
)
COMES_BY = np.array([[0.80, 0.12, 0.05, 0.03], [0.88, 0.12, 0, 0], [0.89, 0.11, 0, 0], [1.0, 0, 0, 0]])
# Odds of QUESTIONS by READ 1 to 6, whoever asks.
ABOUT = np.array(
    [
        [38, 22, 18, 18, 2, 0, 2, 0, 0],
        [8, 18, 30, 26, 10, 3, 5, 0, 0],
        [0, 5, 18, 24, 20, 14, 15, 3, 1],
        [0, 1, 6, 12, 12, 18, 26, 14, 11],
        [0, 0, 2, 4, 3, 10, 21, 28, 32],
        [0, 0, 0, 0, 0, 4, 10, 38, 48],
    ],
    dtype=float,
)
# Who asks about what, against anybody: child, teen, adult, senior as seen.
ASKED_BY = np.array(
    [
        [1.1, 0.6, 0.9, 1.0, 1.6, 2.4, 0.02, 0.3, 0.3],
        [0.9, 0.8, 1.2, 0.9, 1.1, 4.0, 0.25, 0.4, 0.7],
        [1.0, 1.1, 0.9, 1.0, 0.9, 0.35, 1.5, 1.0, 1.1],
        [1.0, 1.1, 1.7, 1.1, 1.1, 0.10, 0.8, 1.8, 1.2],
        [1.0] * 9,  # not seen
    ]
)
# School assignments, by month from January: the school year is from September to June.
OF_SCHOOL = np.array([1.1, 1.4, 1.5, 1.3, 1.6, 0.6, 0.08, 0.12, 0.8, 1.4, 1.5, 1.0])
MINUTES = np.array([1.5, 3.2, 7.0, 15.0, 32.0, 70.0])  # median, by READ
# How busy the desk is from 10 to 19 o'clock, and odds of child, teen, adult, senior as seen.
BY_HOUR = np.array([1.0, 1.2, 1.1, 1.0, 1.1, 1.35, 1.45, 1.2, 0.9, 0.6])
MORNING, AFTER_SCHOOL, EVENING = (0.10, 0.02, 0.50, 0.38), (0.20, 0.22, 0.40, 0.18), (0.05, 0.14, 0.67, 0.14)
SEEN_BY_HOUR = np.array([MORNING] * 5 + [AFTER_SCHOOL] * 3 + [EVENING] * 2)

# Registrations.
ASK_TO_REGISTER = (
    "After-School Makers",
    "Building Bricks Club",
    "Choosing a Medicare Plan",
    "Comics Drawing Workshop",
    "Family History for Beginners",
    "Job Search Lab",
    "Read to a Dog",
    "Smartphone Help",
    "Summer Reading: Puppet Show",
    "Summer Reading: Science Afternoon",
    "Tax Help",
    "Writing the College Essay",
)
REGISTERS_FIRST = 0.86  # of those who come, the share that registered
LONGEST, USUAL = 35, 10  # days before the program: at most, and on average
NO_SHOW, NO_SHOW_PER_DAY = -1.75, 0.07  # log-odds of not coming: on the day itself, and for each day ahead
CANCELS = 0.08  # canceled registrations, against all others

# Rooms: branch, name, people, candidates for a booking per open hour, whether programs are held in it.
ROOMS = (
    (MAIN, "Meeting Room", 60, 0.10, True),
    (MAIN, "Study Room 1", 4, 0.17, False),
    (MAIN, "Study Room 2", 4, 0.14, False),
    (NORTH, "Community Room", 40, 0.09, True),
    (NORTH, "Study Room", 4, 0.13, False),
    (HARBOR, "Community Room", 30, 0.09, True),
)
PURPOSE_ODDS = np.array(  # in a study room, in a large room
    [[0.38, 0.30, 0.20, 0.07, 0.0, 0.0, 0.05, 0.0], [0.03, 0.03, 0.0, 0.0, 0.32, 0.34, 0.13, 0.15]]
)

# The network.
WIFI_PER_VISIT = np.array([0.30, 0.26, 0.42])
WIFI_OUTSIDE = np.array([6.0, 2.5, 5.0])  # sessions a day from the street, in a town the size of Port Ellery
WIFI_GROWTH = 0.06  # a year, both inside and out


def opening(branch: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hour at which each branch opens and closes on each day; the same twice if it is closed."""
    at = np.asarray(day) - FIRST
    opens = np.where(calendar().weekday[at] == 6, OPENS_ON_SUNDAY, OPENS)
    return opens, opens + calendar().hours[branch, at].astype(int)


def make_questions(library) -> dict:
    """Questions, by visits: the busier the day, the more of them."""
    rng = library._stream("reference questions")
    gates = library["gate_counts"]
    at, on = gates["branch"].cat.codes.to_numpy(), day_numbers(gates["date"])
    climb = np.cumsum(gates["visits"].to_numpy() * ASKS[at])
    count = rng.poisson(ASKED * library.scale)
    # In order of day, and of hour within it.
    row = np.searchsorted(climb, rng.random(count) * climb[-1], side="right")
    opens, closes = opening(at[row], on[row])
    busy = np.concatenate([[0.0], np.cumsum(BY_HOUR)])
    low, high = busy[opens - OPENS], busy[closes - OPENS]
    hour = OPENS + np.searchsorted(busy, low + rng.random(count) * (high - low), side="right") - 1
    hour = np.clip(hour, opens, closes - 1)
    order = np.lexsort((at[row], hour, on[row]))
    row, hour = row[order], hour[order]
    branch, day = at[row].astype(int), on[row]

    read = pick_by(rng, branch, READ_MIX).astype(int)
    by = pick_by(rng, branch, COMES_BY)
    seen = pick_by(rng, hour - OPENS, SEEN_BY_HOUR)
    group = np.where(by == BY.index("in person"), seen, len(AS_SEEN))
    month = dates_of(day).astype("datetime64[M]").astype(int) % 12
    about = ABOUT[read] * ASKED_BY[group]
    about[:, QUESTIONS.index("school assignment")] *= OF_SCHOOL[month]
    minutes = MINUTES[read] * rng.lognormal(0, 0.55, count)
    return {
        "question_id": np.arange(1, count + 1),
        "date": dates_of(day),
        "hour": hour,
        "branch": branch.astype(np.int8),
        "by": by,
        "patron_group": np.where(group < len(AS_SEEN), group, -1).astype(np.int8),
        "question_type": pick(rng, about).astype(np.int8),
        "read_level": read + 1,
        "minutes": np.clip(np.round(minutes), 1, 240).astype(int),
        "referred": rng.random(count) < REFERS[branch, read],
    }


def make_registrations(library) -> dict:
    """Who registered, and who then came: those who did are the ones in the attendance."""
    rng = library._stream("registrations")
    held, came, cards, file = library._held, library._came, library._cards, library._file
    series = words()["program"]
    asks = np.array([entry["title"] in ASK_TO_REGISTER for entry in series])
    start, end = presence(cards)
    # Who does not come looks like those who do: a card that was shown at a program for the same people.
    pools = [np.unique(came.card[held.audience[came.program] == row]) for row in range(len(AUDIENCES))]
    first = np.searchsorted(came.program, np.arange(len(held.day) + 1))
    lead = np.arange(LONGEST + 1)
    usual = np.exp(-lead / USUAL)
    stays_away = 1 / (1 + np.exp(-(NO_SHOW + NO_SHOW_PER_DAY * lead)))
    odds = [usual * (1 - stays_away), usual * stays_away, usual, usual]
    per_comer = odds[1].sum() / odds[0].sum()
    odds = [one / one.sum() for one in odds]
    parts = []
    for program in np.flatnonzero(asks[held.series]):
        day, seats = held.day[program], held.seats[program]
        shown = came.card[first[program] : first[program + 1]]
        with_card = shown[rng.random(len(shown)) < REGISTERS_FIRST]
        without = rng.binomial(held.attended[program] - len(shown), REGISTERS_FIRST)
        comers = len(with_card) + without
        missed = min(rng.poisson(comers * per_comer), seats - comers)
        canceled = rng.poisson(CANCELS * (comers + missed))
        waiting = 1 + rng.poisson(4) if comers + missed == seats else 0
        others = missed + canceled + waiting
        pool = pools[held.audience[program]]
        pool = pool[(start[pool] <= day) & (day <= end[pool]) & ~np.isin(pool, shown)]
        pool = pool[file.on_file[pool] & (cards.enrolled[pool] < day)]
        named = rng.random(others) < len(shown) / max(held.attended[program], 1)
        named &= np.cumsum(named) <= len(pool)
        card = np.full(comers + others, -1)
        card[: len(with_card)] = with_card
        card[comers:][named] = rng.choice(pool, named.sum(), replace=False) if named.any() else []
        status = np.repeat(np.arange(4), [comers, missed, canceled, waiting])
        ahead = np.concatenate([rng.choice(lead, (status == one).sum(), p=odds[one]) for one in range(4)])
        parts.append((np.full(len(card), program), day - ahead, card, status))
    program, day, card, status = (np.concatenate(part) for part in zip(*parts, strict=True))
    day = np.where(card >= 0, np.maximum(day, cards.enrolled[card]), day)
    order = np.lexsort((rng.random(len(day)), day, program))
    card = card[order]
    number = pd.array(file.number[card], dtype="Int64")
    number[card < 0] = pd.NA
    return {
        "registration_id": np.arange(1, len(order) + 1),
        "program_id": program[order] + 1,
        "registered_on": dates_of(day[order]),
        "patron_id": number,
        "status": status[order].astype(np.int8),
    }


def make_bookings(library) -> dict:
    """Rooms, without two bookings at a time and never while a program is on in them."""
    rng = library._stream("room bookings")
    at, _, size, rate, shared = (np.array(part) for part in zip(*ROOMS, strict=True))
    days = calendar()
    hours = days.hours[at] * (days.days >= WINDOW)
    growth = np.exp(0.08 * (days.days - AS_OF) / YEAR)
    expected = rate[:, None] * hours * growth * min(library.scale, 2.0)
    room, place = np.nonzero(hours)
    wishes = rng.poisson(expected[room, place])
    room, place = np.repeat(room, wishes), np.repeat(place, wishes)
    count = len(room)
    opens, closes = opening(at[room], FIRST + place)
    longest = np.where(size[room] > 4, 3, 2)
    length = np.minimum(1 + (rng.random(count) * longest).astype(int), closes - opens)
    start = opens + (rng.random(count) * (closes - opens - length + 1)).astype(int)

    taken = np.zeros((*hours.shape, 25), dtype=int)  # hours in which a program has the room
    held = library["programs"]
    begins = held["start"].str.slice(0, 2).astype(int).to_numpy()
    of_branch = np.array([np.flatnonzero((at == branch) & shared)[0] for branch in range(3)])
    where = of_branch[held["branch"].cat.codes.to_numpy()], day_numbers(held["date"]) - FIRST
    for step in range(2):
        taken[(*where, begins + step)] = 1
    climb = np.cumsum(taken, axis=2)
    free = climb[room, place, start + length - 1] == climb[room, place, start - 1]
    room, place, start, length = (one[free] for one in (room, place, start, length))
    # First come, first served, more or less: whoever would begin before the one before has left goes elsewhere.
    order = np.lexsort((start, room, place))
    room, place, start, length = (one[order] for one in (room, place, start, length))
    session = (place * len(ROOMS) + room) * 100
    until = np.maximum.accumulate(session + start + length)
    fits = session + start >= np.concatenate([[0], until[:-1]])
    room, place, start, length = (one[fits] for one in (room, place, start, length))
    large = (size[room] > 4).astype(int)
    purpose = pick_by(rng, large, PURPOSE_ODDS)
    people = 1 + rng.poisson(np.where(large, 9.0 * frailty(rng, 3.0, len(room)), 0.8))
    alone = purpose == PURPOSES.index("video call")
    people = np.where(
        alone, 1, np.where(purpose == PURPOSES.index("tutoring"), np.maximum(people, 2), people)
    )
    return {
        "booking_id": np.arange(1, len(room) + 1),
        "branch": at[room].astype(np.int8),
        "room": np.array([name for _, name, *_ in ROOMS], dtype=object)[room],
        "date": dates_of(FIRST + place),
        "start": np.array([f"{hour:02d}:00" for hour in range(24)], dtype=object)[start],
        "hours": length,
        "purpose": purpose,
        "people": np.minimum(people, size[room]),
    }


def make_wifi(library) -> dict:
    """Sessions from inside, by visits, and from the street, on every day."""
    rng = library._stream("wi-fi sessions")
    days = np.arange(WINDOW, AS_OF + 1)
    visits = np.zeros((len(tables.BRANCHES), len(days)))
    gates = library["gate_counts"]
    visits[gates["branch"].cat.codes.to_numpy(), day_numbers(gates["date"]) - WINDOW] = gates[
        "visits"
    ].to_numpy()
    growth = np.exp(WIFI_GROWTH * (days - AS_OF) / YEAR)
    inside = WIFI_PER_VISIT[:, None] * visits[:3]
    outside = WIFI_OUTSIDE[:, None] * library.scale
    number = rng.poisson(growth * (inside + outside * frailty(rng, 8.0, inside.size).reshape(inside.shape)))
    return {
        "branch": np.tile(np.arange(3, dtype=np.int8), len(days)),
        "date": dates_of(np.repeat(days, 3)),
        "sessions": number.T.ravel(),
    }


DESK_TABLE = Table(
    "desk",
    "What each desk really does",
    "One row per branch and READ level.",
    (
        Column("branch", "category", "Branch.", categories=tables.BRANCHES, foreign_key="branches.branch"),
        Column("read_level", "integer", "READ level.", minimum=1, maximum=6),
        Column("share", "number", "Share of the branch's questions.", minimum=0, maximum=1),
        Column("referred", "number", "How likely the person is sent on.", minimum=0, maximum=1),
    ),
    key=("branch", "read_level"),
)
WIFI_TABLE = Table(
    "wifi",
    "Where Wi-Fi sessions come from",
    "One row per building, as of the as-of date. A year before, both were 6 in 100 lower.",
    (
        Column("branch", "category", "Building.", categories=tables.BRANCHES, foreign_key="branches.branch"),
        Column("per_visit", "number", "Sessions per visit.", minimum=0),
        Column("outside", "number", "Sessions a day from the street.", minimum=0),
    ),
    key=("branch",),
)
NO_SHOWS_TABLE = Table(
    "no_shows",
    "Who registers and does not come",
    "The log-odds of not coming, as they grow with the days between registration and program.",
    (
        Column("on_the_day", "number", "Log-odds for who registers on the day itself."),
        Column("per_day", "number", "Added for each day ahead."),
    ),
    key=("on_the_day",),
)


def true_desk(library) -> dict:
    """The truth behind ``reference_questions``: it is the same for every library."""
    return {
        "branch": np.repeat(np.arange(4, dtype=np.int8), 6),
        "read_level": np.tile(np.arange(1, 7), 4),
        "share": READ_MIX.ravel(),
        "referred": REFERS.ravel(),
    }


def true_wifi(library) -> dict:
    """The truth behind ``wifi_sessions``."""
    return {
        "branch": np.arange(3, dtype=np.int8),
        "per_visit": WIFI_PER_VISIT,
        "outside": WIFI_OUTSIDE * library.scale,
    }


def true_no_shows(library) -> dict:
    """The truth behind ``registrations.status``."""
    return {"on_the_day": [NO_SHOW], "per_day": [NO_SHOW_PER_DAY]}


def measure(library) -> dict[str, float]:
    """What the figures in the calibration file are tested on."""
    questions, registered = library["reference_questions"], library["registrations"]
    kept = registered[registered["status"].isin(["came", "did not come"])]
    return {
        "desk_read_3_up": float((questions["read_level"] >= 3).mean()),
        "no_show_share": float((kept["status"] == "did not come").mean()),
    }


TABLES = {
    "reference_questions": make_questions,
    "registrations": make_registrations,
    "room_bookings": make_bookings,
    "wifi_sessions": make_wifi,
}
TRUTH = {
    "desk": (DESK_TABLE, true_desk),
    "wifi": (WIFI_TABLE, true_wifi),
    "no_shows": (NO_SHOWS_TABLE, true_no_shows),
}
MEASURES = measure
