"""What people do with their cards: trips to borrow, loans, renewals, digital loans, computer sessions."""

from dataclasses import dataclass

import numpy as np

from course_utils import tables
from course_utils.library.calendar import (
    A_YEAR_AGO,
    AS_OF,
    FIRST,
    WINDOW,
    YEAR,
    Calendar,
    calendar,
    day_number,
    draw_days,
    running_sum,
)
from course_utils.library.calibration import settings
from course_utils.library.cards import (
    BEDTIME,
    CONNECTED,
    DIGITAL_READER,
    OCCASIONAL,
    PROGRAM_GOER,
    STUDENT,
    Cards,
)
from course_utils.library.chance import frailty, pick_by
from course_utils.library.town import Households, People

MATERIALS = tables.PHYSICAL + tables.DIGITAL
CHILD, YOUNG_ADULT, ADULT = range(3)
CHECKOUT, RENEWAL, AUTOMATIC = range(3)
LOAN_DAYS = 21
# How likely a loan is to be renewed, by material, in the order of tables.PHYSICAL; and again after that.
BY_SYSTEM = np.array([0.31, 0.34, 0.30, 0.20, 0.14, 0.10, 0.06])
BY_PATRON = np.array([0.16, 0.20, 0.15, 0.10, 0.06, 0.05, 0.03])
STILL_BY_PATRON = 0.2  # of the patron's own renewals, those that remain once the system renews by itself
AGAIN = 1.45  # a loan that was renewed once is more likely to be renewed again, by this factor


@dataclass(frozen=True)
class Events:
    """One value per event: the row of the card, the day, and what else is known."""

    card: np.ndarray
    day: np.ndarray
    branch: np.ndarray  # index, −1 for digital
    material: np.ndarray  # index into MATERIALS
    audience: np.ndarray  # CHILD, YOUNG_ADULT or ADULT
    kind: np.ndarray  # CHECKOUT, RENEWAL or AUTOMATIC


@dataclass(frozen=True)
class Warmth:
    """How strongly each card is used, around the mean of its segment; mean about 1."""

    trips: np.ndarray
    digital: np.ndarray
    programs: np.ndarray
    computers: np.ndarray


def rates(name: str) -> np.ndarray:
    """A column of the segment table in the calibration file."""
    return np.array([segment[name] for segment in settings()["segment"]], dtype=float)


def ages_of(people: People, cards: Cards) -> np.ndarray:
    """Age in the middle of the 36 months, in years."""
    return people.age[cards.person] - 1.5


def make_warmth(rng: np.random.Generator, households: Households, cards: Cards) -> Warmth:
    """Differences between people of one segment; a household shares part of them. A second card has its own."""
    shared = households.warmth[cards.household]
    count = len(cards.person)
    return Warmth(
        trips=shared * frailty(rng, 0.9, count),
        digital=np.sqrt(shared) * frailty(rng, 0.8, count),
        programs=np.sqrt(shared) * frailty(rng, 1.5, count),
        computers=frailty(rng, 0.8, count),
    )


def presence(cards: Cards) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of use within the calendar; the last is before the first for those who had gone."""
    start = np.maximum(cards.enrolled, FIRST)
    end = np.minimum(cards.lapsed - 1, AS_OF)
    return start, np.where(cards.never, start - 1, end)


def _years(climb: np.ndarray, start, end, since: int, place=0) -> np.ndarray:
    """For each card, the weight from the day ``start`` or ``since`` to the day ``end``, in years' worth.

    ``climb`` is a running sum over the days, one for all cards or one row for each place; ``place`` is each card's.
    """
    climb = np.atleast_2d(climb)
    start = np.maximum(start, since)
    part = climb[place, np.maximum(end, start - 1) - FIRST + 1] - climb[place, start - FIRST]
    return part / (climb[:, -1] - climb[:, A_YEAR_AGO + 1 - FIRST])[place]


def baskets(cards: Cards, age: np.ndarray) -> np.ndarray:
    """Items that each card borrows on a trip, on average."""
    return rates("basket")[cards.segment] * np.select([age < 13, age < 18], [0.55, 0.7], 1.0)


def make_trips(
    rng: np.random.Generator,
    people: People,
    households: Households,
    cards: Cards,
    warmth: Warmth,
    loans: float,
) -> Events:
    """Physical checkouts (no renewals). ``loans`` is the number expected in the last 12 months."""
    days = calendar()
    climb = running_sum(days.busy)
    start, end = presence(cards)
    age = ages_of(people, cards)
    escort = _escorts(people, cards, age)
    end = np.minimum(end, cards.switched - 1)
    basket = baskets(cards, age)
    # A child with a card comes along on a parent's trips; without a parent who borrows, a child comes seldom.
    alone = np.select([escort >= 0, age < 13], [0.0, 0.2], 1.0)
    rate = rates("trips")[cards.segment] * warmth.trips * alone
    joins = np.where(cards.segment == BEDTIME, 0.40, 0.22)

    year = rate * _years(climb, start, end, A_YEAR_AGO + 1, cards.home)
    with_parent = np.where(escort >= 0, year[escort] * joins * 0.8, 0)
    scale = loans / ((year + with_parent) * basket).sum()
    trips = rng.poisson(rate * scale * _years(climb, start, end, FIRST, cards.home))
    card = np.repeat(np.arange(len(trips)), trips)
    branch = _where(rng, cards.home[card])
    day = np.empty(len(card), dtype=int)
    for place in range(len(climb)):
        here = branch == place
        day[here] = draw_days(rng, climb[place], start[card[here]], end[card[here]])
    card, branch, day = _first_day_loans(rng, cards, start, end, card, branch, day)
    card, branch, day = _with_children(rng, cards, escort, joins, start, end, card, branch, day)
    return loans_of_trips(rng, people, cards, card, branch, day)


def loans_of_trips(
    rng: np.random.Generator,
    people: People,
    cards: Cards,
    card: np.ndarray,
    branch: np.ndarray,
    day: np.ndarray,
) -> Events:
    """What is borrowed on each trip, given by the row of the card, the branch and the day."""
    age = ages_of(people, cards)
    basket = baskets(cards, age)
    size = 1 + rng.poisson(np.maximum(basket[card] - 1, 0.05) * frailty(rng, 1.6, len(card)))
    card, branch, day = np.repeat(card, size), np.repeat(branch, size), np.repeat(day, size)
    audience = _audience(rng, cards.segment[card], age[card])
    material = _physical_material(rng, audience, age[card])
    return Events(card, day, branch, material, audience, np.zeros(len(card), dtype=np.int8))


def _escorts(people: People, cards: Cards, age: np.ndarray) -> np.ndarray:
    """For the card of a child under 13, the row of a borrowing adult's card in the household; else −1."""
    adult = (
        (people.role[cards.person] < 2) & ~np.isin(cards.segment, (PROGRAM_GOER, CONNECTED)) & ~cards.never
    )
    adult &= cards.lapsed > FIRST
    rows = np.flatnonzero(adult)
    by_household = np.full(cards.household.max() + 1, -1)
    # The family reader comes first, then whoever enrolled first.
    order = rows[np.lexsort((-rows, cards.segment[rows] == BEDTIME))]
    by_household[cards.household[order]] = order
    return np.where((age < 13) & (cards.first_card < 0), by_household[cards.household], -1)


def _where(rng, home: np.ndarray) -> np.ndarray:
    """Most trips go to the home branch, some elsewhere."""
    elsewhere = np.array(
        [[0, 0.5, 0.45, 0.05], [0.9, 0, 0.08, 0.02], [0.93, 0.06, 0, 0.01], [0.8, 0.1, 0.1, 0]]
    )
    away = rng.random(len(home)) < np.array([0.06, 0.16, 0.16, 0.2])[home]
    branch = home.copy()
    branch[away] = pick_by(rng, home[away], elsewhere)
    return branch


def _first_day_loans(rng, cards, start, end, card, branch, day):
    """Most who borrow at all borrow on the day they get their card."""
    odds = np.array([0.8, 0.35, 0.8, 0.75, 0.4, 0.04, 0.04, 0.65])[cards.segment] * ~cards.e_card
    open_then = calendar().hours[cards.home, np.maximum(cards.enrolled, FIRST) - FIRST] > 0
    new = (cards.enrolled >= FIRST) & (end >= start) & open_then & (rng.random(len(odds)) < odds)
    rows = np.flatnonzero(new)
    return (
        np.concatenate([card, rows]),
        np.concatenate([branch, cards.home[rows]]),
        np.concatenate([day, cards.enrolled[rows]]),
    )


def _with_children(rng, cards, escort, joins, start, end, card, branch, day):
    """A child with a card comes along on some of the trips of the adult."""
    order = np.argsort(card, kind="stable")
    first = np.searchsorted(card[order], np.arange(len(cards.person) + 1))
    children = np.flatnonzero(escort >= 0)
    number = (first[escort[children] + 1] - first[escort[children]]).astype(int)
    child = np.repeat(children, number)
    offset = np.arange(len(child)) - np.repeat(np.cumsum(number) - number, number)
    trip = order[first[escort[child]] + offset]
    comes = (rng.random(len(child)) < joins[child]) & (day[trip] >= start[child]) & (day[trip] <= end[child])
    child, trip = child[comes], trip[comes]
    return (
        np.concatenate([card, child]),
        np.concatenate([branch, branch[trip]]),
        np.concatenate([day, day[trip]]),
    )


# Odds of child, young adult, adult material, by who borrows.
_AUDIENCE = np.array(
    [
        [0.96, 0.02, 0.02],  # a child's card
        [0.22, 0.52, 0.26],  # a young adult's card
        [0.86, 0.03, 0.11],  # a parent who reads to children
        [0.04, 0.05, 0.91],  # any other adult
        [0.18, 0.08, 0.74],  # an adult who does a bit of everything, or comes rarely
        [0.03, 0.22, 0.75],  # an adult student
    ]
)


def _audience(rng, segment: np.ndarray, age: np.ndarray) -> np.ndarray:
    who = np.select(
        [age < 13, age < 18, segment == BEDTIME, segment == STUDENT, np.isin(segment, (3, OCCASIONAL))],
        [0, 1, 2, 5, 4],
        3,
    )
    return pick_by(rng, who, _AUDIENCE)


# Odds of book, large print, audiobook, dvd, music, magazine, game.
_PHYSICAL = np.array(
    [
        [0.86, 0.00, 0.03, 0.08, 0.005, 0.005, 0.02],  # for children
        [0.80, 0.00, 0.02, 0.09, 0.02, 0.02, 0.05],  # for young adults
        [0.64, 0.02, 0.06, 0.20, 0.04, 0.04, 0.00],  # for adults
        [0.48, 0.26, 0.06, 0.14, 0.02, 0.04, 0.00],  # for adults of 70 and over
    ]
)
# Odds of ebook, eaudiobook, emagazine, evideo.
_ONLINE = np.array([[0.66, 0.28, 0.00, 0.06], [0.62, 0.32, 0.02, 0.04], [0.49, 0.38, 0.07, 0.06]])


def _physical_material(rng, audience: np.ndarray, age: np.ndarray) -> np.ndarray:
    return pick_by(rng, audience + ((audience == ADULT) & (age >= 70)), _PHYSICAL)


def expected_renewals() -> float:
    """Renewals per physical checkout, roughly, since the system renews by itself."""
    once = BY_SYSTEM + STILL_BY_PATRON * BY_PATRON
    return float((np.array([0.71, 0.04, 0.05, 0.14, 0.03, 0.02, 0.01]) * once * (1 + AGAIN * once)).sum())


def make_renewals(rng: np.random.Generator, loans: Events) -> Events:
    """Renewals of physical loans: by the patron before the due date, or by the system on it."""
    row, day, kind = renewed(rng, loans)
    return Events(
        loans.card[row],
        day,
        loans.branch[row],
        loans.material[row],
        loans.audience[row],
        kind.astype(np.int8),
    )


def renewed(rng: np.random.Generator, loans: Events) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row of the loan, day and kind of each renewal."""
    start = day_number(settings()["design"]["auto_renewal_from"])
    made = []
    row, day = np.arange(len(loans.card)), loans.day
    factor = 1.0
    for _ in range(2):  # a loan may be renewed twice
        due = day + LOAN_DAYS
        automatic = due >= start
        material = loans.material[row]
        by_patron = BY_PATRON[material] * np.where(automatic, STILL_BY_PATRON, 1.0) * factor
        by_system = np.where(automatic, BY_SYSTEM[material], 0.0) * factor
        luck = rng.random(len(row))
        kind = np.where(
            luck < by_patron, RENEWAL, np.where(luck < by_patron + by_system, AUTOMATIC, CHECKOUT)
        )
        day = np.where(kind == RENEWAL, due - np.minimum(rng.geometric(0.35, len(row)) - 1, 14), due)
        keep = (kind != CHECKOUT) & (day <= AS_OF)
        row, day, kind = row[keep], day[keep], kind[keep]
        made.append((row, day, kind))
        factor = AGAIN
    row, day, kind = (np.concatenate(part) for part in zip(*made, strict=True))
    return row, day, kind


def make_digital(
    rng: np.random.Generator,
    people: People,
    households: Households,
    cards: Cards,
    warmth: Warmth,
    loans: float,
) -> Events:
    """Digital loans. ``loans`` is the number expected in the last 12 months."""
    days = calendar()
    # Digital lending has been growing by about a tenth a year.
    climb = running_sum(days.online * np.exp(0.10 * (days.days - AS_OF) / YEAR))
    start, end = presence(cards)
    age = ages_of(people, cards)
    online = np.where(households.broadband[cards.household], 1.0, 0.25) * np.where(age < 13, 0.25, 1.0)
    switched = cards.switched <= AS_OF
    start = np.where(switched, np.maximum(start, cards.switched), start)
    segment = np.where(switched, DIGITAL_READER, cards.segment)
    rate = rates("digital")[segment] * warmth.digital * online * np.where(cards.e_card, 1.6, 1.0)
    scale = loans / (rate * _years(climb, start, end, A_YEAR_AGO + 1)).sum()
    count = rng.poisson(rate * scale * _years(climb, start, end, FIRST))
    card = np.repeat(np.arange(len(count)), count)
    day = draw_days(rng, climb, start[card], end[card])
    audience = _audience(rng, cards.segment[card], age[card])
    material = pick_by(rng, audience, _ONLINE) + np.int8(len(tables.PHYSICAL))
    return Events(
        card,
        day,
        np.full(len(card), -1, dtype=np.int8),
        material,
        audience,
        np.zeros(len(card), dtype=np.int8),
    )


def joined(*parts: Events) -> Events:
    """Events one after the other."""
    return Events(
        *(np.concatenate([getattr(part, field) for part in parts]) for field in Events.__dataclass_fields__)
    )


@dataclass(frozen=True)
class Sessions:
    """One value per computer session; ``card`` is −1 for a guest pass."""

    card: np.ndarray
    day: np.ndarray
    branch: np.ndarray
    minutes: np.ndarray


GUESTS = 0.2  # share of sessions on a guest pass


def make_sessions(
    rng: np.random.Generator, people: People, cards: Cards, warmth: Warmth, total: float
) -> Sessions:
    """Computer sessions. ``total`` is the number expected in the last 12 months, guest passes included."""
    days: Calendar = calendar()
    weights = np.sqrt(days.busy[:3] * days.hours[:3])
    climb = running_sum(weights)
    start, end = presence(cards)
    age = ages_of(people, cards)
    place = np.where(cards.home == 3, 0, cards.home)
    rate = rates("computers")[cards.segment] * warmth.computers * np.where(age < 9, 0.05, 1.0) * ~cards.e_card
    year = _years(climb, start, end, A_YEAR_AGO + 1, place)
    scale = total * (1 - GUESTS) / (rate * year).sum()
    count = rng.poisson(rate * scale * _years(climb, start, end, FIRST, place))
    card = np.repeat(np.arange(len(count)), count)
    guests = rng.poisson(total * GUESTS * 3)
    branch = np.concatenate([place[card], rng.choice(3, guests, p=[0.68, 0.17, 0.15])])
    whole = np.full(guests, FIRST), np.full(guests, AS_OF)
    first, last = np.concatenate([start[card], whole[0]]), np.concatenate([end[card], whole[1]])
    day = np.empty(len(branch), dtype=int)
    for one in range(3):
        here = branch == one
        day[here] = draw_days(rng, climb[one], first[here], last[here])
    new = (cards.enrolled >= FIRST) & (end >= start) & (cards.segment == CONNECTED) & (cards.home < 3)
    new &= (days.hours[cards.home, np.maximum(cards.enrolled, FIRST) - FIRST] > 0) & (
        rng.random(len(new)) < 0.75
    )
    rows = np.flatnonzero(new)
    card = np.concatenate([card, np.full(guests, -1), rows])
    day, branch = np.concatenate([day, cards.enrolled[rows]]), np.concatenate([branch, cards.home[rows]])
    minutes = np.clip(np.round(rng.lognormal(3.5, 0.65, len(card))), 2, 120).astype(int)
    keep = day >= WINDOW
    return Sessions(card[keep], day[keep], branch[keep].astype(np.int8), minutes[keep])
