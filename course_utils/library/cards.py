"""Cards: who takes one, how they will use the library, when they drift away, and why."""

from dataclasses import dataclass

import numpy as np

from course_utils.library.calendar import AS_OF, FIRST, WINDOW, YEAR, calendar, day_number, running_sum
from course_utils.library.calibration import settings
from course_utils.library.chance import frailty, pick_by
from course_utils.library.town import Households, People

SEGMENTS = tuple(segment["name"] for segment in settings()["segment"])
(PAGE_TURNER, DIGITAL_READER, BEDTIME, ALL_CHANNELS, STUDENT, PROGRAM_GOER, CONNECTED, OCCASIONAL) = range(8)
STAGES = tuple(settings()["stage_of_life"])
CAUSES = (
    "still here",
    "never began",
    "never took hold",
    "habit faded",
    "moved away",
    "grew out of it",
    "buys or streams instead",
    "too far away",
    "can no longer come",
    "took a second card",
)
OPENED = day_number("1999-01-04")  # the first card in the present system
SHUTDOWN = (day_number("2020-03-16"), day_number("2020-07-06"), day_number("2021-06-01"))


@dataclass(frozen=True)
class Cards:
    """One value per card ever issued that may still be on file, in order of enrollment."""

    person: np.ndarray
    household: np.ndarray
    enrolled: np.ndarray  # day
    lapsed: np.ndarray  # day on which the habit ended; after AS_OF if it has not
    cause: np.ndarray  # index into CAUSES
    segment: np.ndarray  # index into SEGMENTS
    home: np.ndarray  # index of the branch
    e_card: np.ndarray
    never: np.ndarray  # never used
    first_card: np.ndarray  # for a second card, the row of the first; else -1
    switched: np.ndarray  # day from which a print reader borrows only digital; after AS_OF if never


def stages_of_life(people: People, households: Households, age: np.ndarray) -> np.ndarray:
    """Index into ``STAGES`` for everyone."""
    youngest = np.full(len(households.kind), 99.0)
    np.minimum.at(youngest, people.household, np.where(people.role == 2, people.age, 99.0))
    parent = (people.role < 2) & (youngest[people.household] < 11) & (age < 60)
    by_age = np.searchsorted([6, 13, 18, 25, 45, 65, 75], age, side="right")
    by_age = np.where(by_age >= 4, by_age + 1, by_age)  # "parent" stands between 18 to 24 and 25 to 44
    return np.where(parent & (age >= 18), STAGES.index("parent"), by_age)


def assign_segments(rng: np.random.Generator, people: People, households: Households) -> np.ndarray:
    """The latent way in which each person would use the library; members of a household are alike."""
    stage = stages_of_life(people, households, people.age - 1.5)
    odds = np.array([settings()["stage_of_life"][name] for name in STAGES])
    offline = odds * np.array([1, 0.15, 1, 0.3, 1.2, 1, 3.6, 1])
    both = np.concatenate([odds, offline])
    segment = pick_by(rng, stage + len(odds) * ~households.broadband[people.household], both)
    # Partners: a third of the other adults do as the first adult does, if that suits their stage of life.
    first = _first_adult(people)[people.household]
    same = (people.role == 1) & (rng.random(len(segment)) < 0.35) & (odds[stage, segment[first]] > 0.03)
    return np.where(same, segment[first], segment)


def _first_adult(people: People) -> np.ndarray:
    """For each household, the row of its first adult."""
    return np.searchsorted(people.household, np.arange(people.household[-1] + 1))


def make_cards(
    rng: np.random.Generator, people: People, households: Households, segment: np.ndarray, nudge: float
) -> Cards:
    """Draw who takes a card, when, and until when it is used. ``nudge`` moves the propensity (logit)."""
    home_of = people.household
    age = people.age
    enrolled = _enrollment(rng, people, households, nudge)
    taken = (enrolled <= AS_OF) & (enrolled < households.left[home_of] - 20)
    person = np.flatnonzero(taken)
    enrolled, segment, age = enrolled[person], segment[person], age[person]
    household = home_of[person]
    home = _home_branch(rng, households.miles[household], segment, household)

    age_then = age - (AS_OF - enrolled) / YEAR
    online = (enrolled >= SHUTDOWN[0]) & (enrolled < SHUTDOWN[1])
    digital = (segment == DIGITAL_READER) & (enrolled >= SHUTDOWN[0]) & (rng.random(len(person)) < 0.3)
    e_card = (online | digital) & (age_then >= 16)
    lapsed, cause = _lapse(rng, people, households, person, enrolled, segment, age_then)
    # Families take cards for all their children; some of these are never used.
    never = rng.random(len(person)) < np.select([age_then < 13, e_card], [0.05, 0.05], 0.025)
    lapsed, cause = np.where(never, enrolled, lapsed), np.where(never, CAUSES.index("never began"), cause)

    cards = Cards(
        person=person,
        household=household,
        enrolled=enrolled,
        lapsed=lapsed,
        cause=cause,
        segment=segment,
        home=home,
        e_card=e_card,
        never=never,
        first_card=np.full(len(person), -1),
        switched=_switch(rng, segment, age, enrolled, households.broadband[household]),
    )
    return _in_order(rng, _second_cards(rng, cards))


def _enrollment(rng, people: People, households: Households, nudge: float) -> np.ndarray:
    """The day on which each person takes a card; after AS_OF if never."""
    count, home_of, age = len(people.born), people.household, people.age
    nearest = households.miles.min(axis=1)[home_of]
    stage = stages_of_life(people, households, age)
    by_stage = np.array([-0.9, 0.5, 0.25, -0.25, 1.0, 0.0, -0.05, 0.15, -0.15])[stage]
    wish = (
        0.25
        + settings()["target"]["card_propensity"]
        + nudge
        + by_stage
        - 0.4 * (nearest - 1.4)
        - np.array(settings()["design"]["language_barrier"])[households.language[home_of]]
        + 0.8 * households.interest[home_of]
        + 0.5 * people.interest
    )
    willing = rng.random(count) < 1 / (1 + np.exp(-wish))
    ready = np.maximum(households.moved_in[home_of] + 20, people.born + 365 * rng.uniform(1.0, 6.0, count))
    ready = np.maximum(ready, OPENED)
    soon = (rng.random(count) < 0.3) & (ready > OPENED)
    wait = np.where(soon, rng.exponential(150, count), rng.exponential(4.5 * YEAR, count))
    enrolled = ready + wait
    # Families often enroll together, on the day of the first adult.
    first = _first_adult(people)[home_of]
    together = (people.role > 0) & willing[first] & (enrolled[first] > ready) & (rng.random(count) < 0.45)
    enrolled = np.where(together, enrolled[first], enrolled)
    enrolled = np.where(willing & (enrolled < AS_OF), enrolled, np.inf)
    when = np.flatnonzero(np.isfinite(enrolled))
    days = np.full(count, AS_OF + 1)
    days[when] = np.maximum(_enrollment_season(enrolled[when]), people.born[when] + 60)
    return days


def _enrollment_season(days: np.ndarray) -> np.ndarray:
    """Move days so that enrollments follow the year: summer reading, back to school, few in the shutdown."""
    every = np.arange(OPENED, AS_OF + 1)
    dates = every.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(int) % 12
    weekday = (every + 3) % 7
    weight = np.array([1.05, 0.9, 0.95, 0.9, 0.85, 1.3, 1.05, 1.1, 1.35, 1.0, 0.85, 0.65])[month]
    weight = weight * np.array([0.9, 1.1, 1.1, 1.05, 0.9, 1.2, 0.4])[weekday]
    weight[np.isin(_month_and_day(dates), (101, 704, 1111, 1225))] = 0.02
    weight[(every >= SHUTDOWN[0]) & (every < SHUTDOWN[1])] *= 0.25
    weight[(every >= SHUTDOWN[1]) & (every < SHUTDOWN[2])] *= 0.6
    # Where no door is open, no card is made: known for the years of the calendar.
    shut = calendar().hours.sum(axis=0) == 0
    weight[FIRST - OPENED :][shut] = 0
    climb = running_sum(weight)
    part = (days - OPENED) / (AS_OF + 1 - OPENED)
    return OPENED + np.minimum(np.searchsorted(climb, part * climb[-1], side="right") - 1, len(every) - 1)


def _month_and_day(dates: np.ndarray) -> np.ndarray:
    months = dates.astype("datetime64[M]")
    return (months.astype(int) % 12 + 1) * 100 + (dates - months.astype("datetime64[D]")).astype(int) + 1


def _home_branch(rng, miles: np.ndarray, segment: np.ndarray, household: np.ndarray) -> np.ndarray:
    """The branch each card names as home: mostly the nearest; members of a household mostly agree."""
    pull = np.array([branch["pull"] for branch in settings()["branch"]][:3])
    leaning = rng.gumbel(0, 0.28, (household.max() + 1, 3))[household] + rng.gumbel(
        0, 0.12, (len(household), 3)
    )
    home = np.argmax(-miles + pull + leaning, axis=1)
    far = (miles.min(axis=1) > 1.6) & (segment != CONNECTED) & (segment != PROGRAM_GOER)
    by_bus = rng.random(household.max() + 1)[household] < 0.2
    return np.where(far & by_bus, 3, home).astype(np.int8)


def _lapse(rng, people, households, person, enrolled, segment, age_then) -> tuple[np.ndarray, np.ndarray]:
    """When and why the habit ends: the first of several competing causes."""
    count = len(person)
    life = np.array([entry["life"] for entry in settings()["segment"]], dtype=float)[segment]
    fragile = frailty(rng, 1.6, count)
    home_of = people.household[person]
    age_now = people.age[person]
    nearest = households.miles.min(axis=1)[home_of]

    def years(rate):
        with np.errstate(divide="ignore"):
            return rng.exponential(1, count) / rate

    stops_young = enrolled + rng.exponential(45, count)
    turns = people.born[person] + (np.where(age_now < 13, 13, 18) + rng.normal(0.3, 0.8, count)) * YEAR
    young = (age_then < 17) & (rng.random(count) < 0.5)
    faded = enrolled + YEAR * years(fragile / life)
    bought = enrolled + YEAR * years(
        fragile * np.where(np.isin(segment, (DIGITAL_READER, OCCASIONAL)), 0.05, 0.018)
    )
    far = enrolled + YEAR * years(
        0.012 * np.maximum(nearest - 0.6, 0) * ~households.vehicle[home_of] * 2
        + 0.008 * np.maximum(nearest - 0.6, 0)
    )
    unable = np.maximum(enrolled, people.born[person] + 74 * YEAR) + YEAR * years(np.full(count, 0.07))
    never_held = rng.random(count) < np.array([0.10, 0.16, 0.10, 0.05, 0.15, 0.10, 0.15, 0.22])[segment]
    times = np.stack(
        [
            np.where(never_held, stops_young, np.inf),
            faded,
            np.where(households.left[home_of] <= AS_OF, households.left[home_of], np.inf),
            np.where(young & (turns > enrolled), turns, np.inf),
            bought,
            far,
            np.where(age_now > 74, unable, np.inf),
        ]
    )
    soonest = np.argmin(times, axis=0)
    lapsed = times[soonest, np.arange(count)]
    ended = lapsed <= AS_OF
    return np.where(ended, lapsed, AS_OF + 1).astype(int), np.where(ended, soonest + 2, 0)


def _switch(
    rng, segment: np.ndarray, age: np.ndarray, enrolled: np.ndarray, online: np.ndarray
) -> np.ndarray:
    """The day from which a reader of print borrows only digital; after AS_OF for those who do not switch."""
    able = np.isin(segment, (PAGE_TURNER, OCCASIONAL)) & (age >= 18) & online
    yearly = settings()["design"]["switch_to_digital"]
    start = np.maximum(enrolled + 180, WINDOW)
    day = start + YEAR * rng.exponential(1 / yearly, len(segment))
    return np.where(able & (day <= AS_OF), day, AS_OF + 1).astype(int)


def _second_cards(rng, cards: Cards) -> Cards:
    """A few people lose their card and take another: their use moves to the second."""
    since = np.maximum(cards.enrolled + 90, AS_OF - round(4.5 * YEAR))
    able = (since < np.minimum(cards.lapsed, AS_OF) - 60) & ~cards.never
    chosen = np.flatnonzero(able & (rng.random(len(able)) < 0.020))
    again = (
        since[chosen] + rng.random(len(chosen)) * (np.minimum(cards.lapsed, AS_OF) - since)[chosen]
    ).astype(int)
    open_days = np.flatnonzero(calendar().hours.sum(axis=0) > 0) + FIRST
    later = open_days[np.minimum(np.searchsorted(open_days, again), len(open_days) - 1)]
    again = np.where(again < FIRST, np.where((again + 3) % 7 == 6, again - 1, again), later)
    lapsed, cause = cards.lapsed.copy(), cards.cause.copy()
    lapsed[chosen], cause[chosen] = again, CAUSES.index("took a second card")

    def both(old, new):
        return np.concatenate([old, new])

    return Cards(
        person=both(cards.person, cards.person[chosen]),
        household=both(cards.household, cards.household[chosen]),
        enrolled=both(cards.enrolled, again),
        lapsed=both(lapsed, cards.lapsed[chosen]),
        cause=both(cause, cards.cause[chosen]),
        segment=both(cards.segment, cards.segment[chosen]),
        home=both(cards.home, cards.home[chosen]),
        e_card=both(cards.e_card, np.zeros(len(chosen), dtype=bool)),
        never=both(cards.never, np.zeros(len(chosen), dtype=bool)),
        first_card=both(cards.first_card, chosen),
        switched=both(cards.switched, cards.switched[chosen]),
    )


def _in_order(rng, cards: Cards) -> Cards:
    order = np.lexsort((rng.random(len(cards.person)), cards.enrolled))
    place = np.empty(len(order), dtype=int)
    place[order] = np.arange(len(order))
    fields = {name: getattr(cards, name)[order] for name in Cards.__dataclass_fields__}
    first = fields["first_card"]
    fields["first_card"] = np.where(first >= 0, place[first], -1)
    return Cards(**fields)
