"""The town: neighborhoods, distances, households and the people in them."""

from dataclasses import dataclass

import numpy as np

from course_utils.library.calendar import AS_OF, YEAR
from course_utils.library.calibration import settings
from course_utils.library.chance import pick_by
from course_utils.library.words import words

COLUMNS, ROWS = 6, 4  # neighborhoods from west to east and from south to north, about a mile apart

KINDS = ("single", "older single", "couple", "older couple", "two parents", "one parent", "sharing")
KIND_ODDS = np.array([0.17, 0.125, 0.19, 0.125, 0.20, 0.065, 0.125])
FAMILY_LEAN = np.array([-0.5, 0.0, -0.2, 0.0, 0.8, 0.6, -0.2])
SENIOR_LEAN = np.array([0.0, 0.9, 0.0, 0.9, -0.3, -0.3, -0.3])


@dataclass(frozen=True)
class Town:
    """One value per neighborhood. ``miles`` has a column per building: main, north, harbor."""

    name: np.ndarray
    x: np.ndarray
    y: np.ndarray
    miles: np.ndarray
    wealth: np.ndarray  # log of income against the town's median
    broadband: np.ndarray
    no_vehicle: np.ndarray
    kind_odds: np.ndarray  # (neighborhoods, kinds of household)
    size: np.ndarray  # share of the town's households
    languages: np.ndarray  # (neighborhoods, languages) share of households, as in tables.LANGUAGES
    schools: np.ndarray
    cafes: np.ndarray  # with free Wi-Fi
    bookshops: np.ndarray


def make_town(rng: np.random.Generator) -> Town:
    """Draw the neighborhoods."""
    count = COLUMNS * ROWS
    grid = np.arange(count)
    x = np.round(grid % COLUMNS + 0.5 + rng.uniform(-0.3, 0.3, count), 2)
    y = np.round(grid // COLUMNS + 0.5 + rng.uniform(-0.3, 0.3, count), 2)
    places = [branch for branch in settings()["branch"] if "x" in branch]
    straight = np.stack([np.hypot(x - place["x"], y - place["y"]) for place in places], axis=1)
    # Away from the harbor people earn more; neighbors differ all the same.
    wealth = 0.07 * (x - x.mean()) + 0.05 * (y - y.mean()) + rng.normal(0, 0.22, count)
    family, senior = rng.normal(0, 0.4, count) + 0.08 * (x - x.mean()), rng.normal(0, 0.5, count)
    kind_odds = KIND_ODDS * np.exp(np.outer(family, FAMILY_LEAN) + np.outer(senior, SENIOR_LEAN))
    # Languages other than English gather in some neighborhoods.
    leaning = rng.normal(0, [0.0, 0.9, 0.9, 0.4], (count, 4)) - np.outer(wealth, [0.0, 1.6, 0.9, 0.0])
    languages = np.array([0.80, 0.11, 0.04, 0.05]) * np.exp(leaning)
    center = np.exp(-straight[:, 0] / 1.2)
    return Town(
        name=rng.permutation(np.array(words()["places"]))[:count],
        x=x,
        y=y,
        miles=np.round(np.maximum(straight * settings()["design"]["road_factor"], 0.1), 2),
        wealth=wealth,
        broadband=_logistic(1.75 + 2.2 * wealth + rng.normal(0, 0.25, count)),
        no_vehicle=_logistic(-2.4 - 1.5 * wealth - 0.3 * (straight[:, 0] - 1.5) + rng.normal(0, 0.2, count)),
        kind_odds=kind_odds,
        size=(size := np.exp(rng.normal(0, 0.22, count))) / size.sum(),
        languages=languages / languages.sum(axis=1, keepdims=True),
        schools=rng.poisson(0.25, count) + (family > 0.35),
        cafes=rng.poisson(0.15 + 2.2 * center),
        bookshops=rng.poisson(0.03 + 0.5 * center * np.exp(wealth)),
    )


@dataclass(frozen=True)
class Households:
    """One value per household, those who left town after those who live there."""

    tract: np.ndarray
    kind: np.ndarray
    miles: np.ndarray  # (households, buildings) by road
    income: np.ndarray
    broadband: np.ndarray
    vehicle: np.ndarray
    moved_in: np.ndarray  # day
    left: np.ndarray  # day; after AS_OF if still there
    interest: np.ndarray  # latent, mean 0
    warmth: np.ndarray  # latent multiplier of use that members share, mean 1
    language: np.ndarray  # spoken at home, index into tables.LANGUAGES


@dataclass(frozen=True)
class People:
    """One value per person, in the order of their households."""

    household: np.ndarray
    born: np.ndarray  # day
    role: np.ndarray  # 0 first adult, 1 another adult, 2 child
    resident: np.ndarray
    interest: np.ndarray  # latent, mean 0

    @property
    def age(self) -> np.ndarray:
        """Age on the as-of date, in years."""
        return (AS_OF - self.born) / YEAR


def make_people(rng: np.random.Generator, town: Town, residents: int) -> tuple[Households, People]:
    """Draw the households of about ``residents`` people, those who left in the last years, and everyone in them."""
    design = settings()["design"]
    # Draw more than enough, keep as many as hold the town's people, and let the next ones be those who left.
    drawn = round(residents * 0.7)
    tract = pick_by(rng, np.zeros(drawn, dtype=int), town.size[None, :]).astype(int)
    kind = pick_by(rng, tract, town.kind_odds)
    head_age = _head_age(rng, kind)
    others, children = _others(rng, kind, head_age)
    people = residents * rng.uniform(0.985, 1.015)
    living = int(np.searchsorted(np.cumsum(1 + others + children), people))
    gone = round(living * design["left_town"])
    count = living + gone
    tract, kind, head_age = tract[:count], kind[:count], head_age[:count]
    years_here = np.minimum(rng.gamma(1.05, 12.5, count) + 0.1, head_age - 17.5)
    years_gone = np.where(np.arange(count) < living, -1.0, rng.uniform(0.1, 6.5, count))
    jitter = rng.normal(0, 0.12, (count, 1))
    households = Households(
        tract=tract,
        kind=kind,
        miles=np.round(np.maximum(town.miles[tract] * np.exp(jitter), 0.1), 1),
        income=np.round(61_000 * np.exp(town.wealth[tract] + rng.normal(0, 0.6, count)), -2),
        broadband=rng.random(count) < town.broadband[tract],
        vehicle=rng.random(count) >= town.no_vehicle[tract],
        moved_in=(AS_OF - (years_here + np.maximum(years_gone, 0)) * YEAR).astype(int),
        left=(AS_OF - years_gone * YEAR).astype(int),
        interest=rng.normal(0, 1, count),
        warmth=rng.gamma(2.2, 1 / 2.2, count),
        language=pick_by(rng, tract, town.languages),
    )
    return households, _members(rng, kind, head_age, others[:count], children[:count], living)


def _head_age(rng, kind: np.ndarray) -> np.ndarray:
    """Age of the first adult, by kind of household."""
    low = np.array([19, 65, 21, 65, 24, 20, 19])[kind]
    span = np.array([46, 32, 44, 30, 36, 34, 50])[kind]
    rise = np.array([0.9, 1.1, 1.3, 1.0, 2.2, 1.9, 0.9])[kind]
    fall = np.array([1.0, 1.8, 0.75, 1.9, 2.2, 2.2, 1.0])[kind]
    return low + span * rng.beta(rise, fall)


def _others(rng, kind: np.ndarray, head_age: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many further adults, and how many children, live in each household."""
    count = len(kind)
    others = np.select([np.isin(kind, (2, 3, 4)), kind == 6], [1, 1 + rng.binomial(2, 0.35, count)], 0)
    # In some families with older parents a grown child still lives at home.
    older = np.isin(kind, (2, 4, 5)) & (head_age > 44) & (head_age < 62)
    others = others + (older & (rng.random(count) < 0.35))
    none = [1, 0, 0, 0, 0]
    odds = np.array([none] * 4 + [[0, 37, 42, 16, 5], [0, 50, 36, 12, 2], none], dtype=float)
    return others, pick_by(rng, kind, odds)


def _members(rng, kind, head_age, others, children, living: int) -> People:
    """Everyone in the households, with ages that fit together."""
    home = np.arange(len(kind))

    of_other = np.repeat(home, others)
    head = head_age[of_other]
    partner = np.isin(kind[of_other], (2, 3, 4)) & (
        np.arange(len(of_other)) == np.searchsorted(of_other, of_other)
    )
    grown_child = ~partner & (head > 41)
    age_other = np.where(
        grown_child,
        np.minimum(head - rng.uniform(19, 30, len(of_other)), 18 + rng.gamma(1.6, 4, len(of_other))),
        head + rng.normal(-0.5, np.where(kind[of_other] == 6, 3, 4), len(of_other)),
    )
    age_other = np.where(age_other > 18, age_other, rng.uniform(18, 24, len(of_other)))

    of_child = np.repeat(home, children)
    head = head_age[of_child]
    # The eldest came when the first adult was 18 to 38; those who would be grown up by now have left home.
    age_at_first = rng.uniform(18, np.minimum(38, head - 0.1))[np.searchsorted(of_child, of_child)]
    eldest = head - age_at_first
    eldest = np.where(
        eldest < 17.9, eldest, rng.uniform(10, 17.9, len(of_child))[np.searchsorted(of_child, of_child)]
    )
    order = np.arange(len(of_child)) - np.searchsorted(of_child, of_child)
    age_child = np.where(
        order == 0, eldest, np.maximum(eldest - order * rng.uniform(1.3, 3.6, len(of_child)), 0)
    )
    age_child = np.where(age_child <= 0.02, rng.uniform(0.02, np.maximum(eldest, 0.1)), age_child)

    household = np.concatenate([home, of_other, of_child])
    role = np.repeat(np.array([0, 1, 2], dtype=np.int8), [len(home), len(of_other), len(of_child)])
    born = (AS_OF - np.concatenate([head_age, age_other, age_child]) * YEAR).astype(int)
    order = np.lexsort((born, role, household))
    household = household[order]
    return People(household, born[order], role[order], household < living, rng.normal(0, 1, len(order)))


def _logistic(x):
    return 1 / (1 + np.exp(-x))


def tract_median(tract: np.ndarray, income: np.ndarray, count: int) -> np.ndarray:
    """Median household income of each neighborhood, to the nearest 100 dollars; 0 where nobody lives."""
    order = np.argsort(tract, kind="stable")
    parts = np.split(income[order], np.cumsum(np.bincount(tract, minlength=count))[:-1])
    return np.array([round(float(np.median(part)), -2) if len(part) else 0 for part in parts]).astype(int)


def tract_ids(rows: np.ndarray) -> np.ndarray:
    """Codes of neighborhoods: T01, T02, …"""
    return np.array([f"T{row + 1:02d}" for row in range(rows.max() + 1)], dtype=object)[rows]
