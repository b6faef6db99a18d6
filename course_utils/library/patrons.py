"""The patron file as the library sees it: what the events leave behind on each card."""

from dataclasses import dataclass

import numpy as np

from course_utils import tables
from course_utils.library.calendar import AS_OF, FIRST, WINDOW, YEAR, add_years, dates_of, year_of
from course_utils.library.calibration import settings
from course_utils.library.cards import SHUTDOWN, Cards
from course_utils.library.programs import Attendance, Programs
from course_utils.library.town import Households, People
from course_utils.library.use import AUTOMATIC, Events, Sessions, rates

NONE = -1  # no day
FIRST_NUMBER = 100_001


@dataclass(frozen=True)
class PatronFile:
    """One value per card ever issued; ``on_file`` says which are still there."""

    number: np.ndarray
    on_file: np.ndarray
    last_use: np.ndarray  # day, or NONE
    renewed: np.ndarray  # day, or NONE
    expires: np.ndarray  # day


@dataclass(frozen=True)
class Contacts:
    """How each card ever issued can be reached."""

    has_email: np.ndarray
    consent: np.ndarray  # to news by e-mail
    contact: np.ndarray  # email, text, phone or mail
    language: np.ndarray  # of the notices, index into tables.LANGUAGES


def make_patron_file(
    rng: np.random.Generator,
    people: People,
    cards: Cards,
    borrowed: list[Events],
    sessions: Sessions,
    programs: Programs,
    attendance: Attendance,
) -> PatronFile:
    """Last use, renewals and expiry of each card, from its events."""
    mine = [events.kind != AUTOMATIC for events in borrowed]
    needs_card = [
        *((events.card[own], events.day[own]) for events, own in zip(borrowed, mine, strict=True)),
        (sessions.card[sessions.card >= 0], sessions.day[sessions.card >= 0]),
    ]
    needs_none = [(attendance.card, programs.day[attendance.program])]
    before = _last_use_before(rng, cards)
    card_use = np.maximum(_latest(needs_card, len(before)), NONE)
    any_use = np.maximum(card_use, _latest(needs_none, len(before)))
    quiet = any_use == NONE
    any_use = np.where(quiet, before, any_use)
    card_use = np.where(quiet, before, card_use)
    # Who has come only to programs in these years renewed their card, if at all, before them.
    card_use = np.where(card_use == NONE, np.where(any_use == NONE, NONE, cards.enrolled), card_use)

    expires, renewed = _renewals(rng, cards, card_use, needs_card)
    years = settings()["design"]["purge_years"]
    on_file = (add_years(expires, years) >= AS_OF) | (add_years(np.maximum(any_use, 0), years) >= AS_OF)
    number = FIRST_NUMBER + np.arange(len(before))
    return PatronFile(number, on_file, any_use, renewed, expires)


def _latest(events: list[tuple[np.ndarray, np.ndarray]], cards: int) -> np.ndarray:
    latest = np.full(cards, NONE)
    for card, day in events:
        np.maximum.at(latest, card, day)
    return latest


def _last_use_before(rng, cards: Cards) -> np.ndarray:
    """Last use of a card that left no trace in the calendar: before it, or never."""
    yearly = (rates("trips") + rates("digital") + rates("programs") + rates("computers"))[cards.segment]
    # Who was still with us, and yet left no trace in three years, came seldom before them too.
    quiet = cards.lapsed > FIRST
    gap = rng.exponential(1, len(yearly)) * np.where(quiet, 2 * YEAR, np.minimum(YEAR / yearly, 300))
    until = np.minimum(cards.lapsed, FIRST)
    # In the shutdown of 2020 only digital loans went on.
    closed = (until - gap > SHUTDOWN[0]) & (until - gap < SHUTDOWN[1]) & (rng.random(len(gap)) < 0.8)
    day = np.maximum(until - gap - np.where(closed, SHUTDOWN[1] - SHUTDOWN[0], 0), cards.enrolled)
    never = cards.never | (cards.enrolled >= FIRST)
    return np.where(never, NONE, day).astype(int)


def _renewals(rng, cards: Cards, card_use: np.ndarray, events) -> tuple[np.ndarray, np.ndarray]:
    """Expiry, and the day of the last renewal: a card is renewed when it is next used."""
    term = settings()["design"]["card_years"]
    # The number of terms that had run out by then: as the years say, or one less if the day had not come.
    times = np.maximum(year_of(card_use) - year_of(cards.enrolled), 0) // term
    times -= (times > 0) & (add_years(cards.enrolled, term * times) >= card_use)
    expired = add_years(cards.enrolled, term * times)
    renewed = np.where(times > 0, card_use, NONE)
    # Within the calendar it is the first use after the old expiry; before it, some weeks after.
    card = np.concatenate([one for one, _ in events])
    day = np.concatenate([one for _, one in events])
    after = day > expired[card]
    np.minimum.at(renewed, card[after & (times[card] > 0)], day[after & (times[card] > 0)])
    early = (times > 0) & (expired < FIRST)
    guess = expired + 1 + rng.exponential(40, len(expired))
    renewed = np.where(early, np.minimum(guess, renewed), renewed).astype(int)
    # A few answer the reminder and renew without coming.
    expires = add_years(cards.enrolled, term * (times + 1))
    reminded = (expires < AS_OF) & (cards.lapsed > expires) & ~cards.never & (rng.random(len(times)) < 0.12)
    renewed = np.where(reminded, expires - rng.integers(0, 25, len(times)), renewed)
    renewed = np.maximum(renewed, np.where(renewed == NONE, NONE, cards.enrolled + 1))
    expires = np.where(reminded, add_years(cards.enrolled, term * (times + 2)), expires)
    return expires, renewed


def make_contacts(rng: np.random.Generator, people: People, households: Households, cards: Cards) -> Contacts:
    """E-mail on file, consent to news, how people like to be reached, and in which language."""
    age = people.age[cards.person]
    count = len(age)
    without = np.select(
        [age < 13, age < 18, age < 45, age < 65, age < 75], [0.09, 0.11, 0.045, 0.06, 0.12], 0.26
    )
    without = without * np.where(cards.enrolled < WINDOW - 6 * YEAR, 1.8, 1.1)
    has_email = (rng.random(count) >= without) | cards.e_card
    odds = np.array([[0.62, 0.28, 0.07, 0.03], [0.74, 0.14, 0.09, 0.03], [0.55, 0.05, 0.30, 0.10]])
    who = np.select([age < 45, age < 68], [0, 1], 2)
    climb = np.cumsum(odds, axis=1)
    contact = (rng.random(count)[:, None] >= climb[who]).sum(axis=1).clip(0, 3)
    other = np.where(age < 60, 1, 2)
    contact = np.where(~has_email & (contact == 0), other, contact).astype(np.int8)
    # Many who speak another language at home still take their notices in English.
    home = households.language[cards.household]
    english = rng.random(count) < settings()["design"]["notices_in_english"]
    consent = has_email & (age >= 13) & (rng.random(count) < np.where(contact == 0, 0.68, 0.5))
    return Contacts(has_email, consent, contact, np.where(english, 0, home).astype(np.int8))


def category_codes(people: People, cards: Cards, file: PatronFile) -> np.ndarray:
    """Codes of ``tables.PATRON_CATEGORIES``, by the age at the last renewal or the enrollment."""
    set_on = np.where(file.renewed == NONE, cards.enrolled, file.renewed)
    age = (set_on - people.born[cards.person]) / YEAR
    code = np.searchsorted([13, 18, 65], age, side="right")
    return np.where(cards.e_card & (age >= 18), tables.PATRON_CATEGORIES.index("e-card"), code).astype(
        np.int8
    )


def age_band_codes(age: np.ndarray) -> np.ndarray:
    """Codes of ``tables.AGE_BANDS``."""
    return np.searchsorted([6, 13, 18, 25, 35, 45, 55, 65, 75], age, side="right").astype(np.int8)


def day_or_missing(days: np.ndarray) -> np.ndarray:
    """Dates, with NaT for ``NONE``."""
    dates = dates_of(days)
    dates[days == NONE] = np.datetime64("NaT")
    return dates
