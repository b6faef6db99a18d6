"""Whom the library reaches: a survey of languages by age, and the staff's visits out in town."""

import numpy as np

from course_utils import tables
from course_utils.library.calendar import AS_OF, FIRST, WINDOW, calendar, dates_of
from course_utils.library.town import tract_ids
from course_utils.tables import Column, Table
from course_utils.tables.reach import AGE_GROUPS, PLACES

SAMPLED = 1 / 6  # of the households, in the survey of languages
AT_90 = 1.645  # standard errors in a margin at 90%
VISITS_A_YEAR = 50  # in a town of the usual size
WHERE_KNOWN = 0.9  # visits go where people have cards: log rate per standard deviation of cards per resident
MET_PER_HOUR = 6.0
VOUCHER_DAYS = 60
OUT_IN_TOWN = tables.HEARD.index("staff out in town")
# Odds of PLACES. Where a neighborhood has no school, staff stand at the market.
PLACE_ODDS = np.array([0.24, 0.14, 0.16, 0.24, 0.10, 0.12])


# The survey ------------------------------------------------------------------------------------------------


def _people_by_age(library) -> np.ndarray:
    """Residents of each household, in the columns of AGE_GROUPS."""
    households, people = library._homes
    group = np.searchsorted([18, 65], people.age[people.resident], side="right")
    home = people.household[people.resident]
    shape = (len(households.tract), len(AGE_GROUPS))
    return np.bincount(home * shape[1] + group, minlength=shape[0] * shape[1]).reshape(shape)


def make_language_estimates(library) -> dict:
    """Ratio estimates, scaled to the residents of each neighborhood, from whole households that were drawn."""
    households = library._homes[0]
    areas, languages = len(library._town.x), len(tables.LANGUAGES)
    by_age = _people_by_age(library)
    people = by_age.sum(axis=1)
    asked = (library._stream("language estimates").random(len(people)) < SAMPLED) & (people > 0)
    tract, size = households.tract[asked], people[asked]

    def of_tract(values):
        return np.bincount(tract, values, areas)

    population = np.bincount(households.tract, people, areas)
    homes = np.bincount(households.tract[people > 0], minlength=areas)
    drawn = np.bincount(tract, minlength=areas)
    in_sample = np.maximum(of_tract(size), 1)
    weight = population / in_sample
    left_out = 1 - drawn / np.maximum(homes, 1)
    estimate = np.zeros((areas, len(AGE_GROUPS), languages))
    margin = np.zeros_like(estimate)
    for language in range(languages):
        speaks = households.language[asked] == language
        for group in range(len(AGE_GROUPS)):
            own = by_age[asked, group] * speaks
            share = of_tract(own) / in_sample
            residuals = of_tract(own**2) - 2 * share * of_tract(own * size) + share**2 * of_tract(size**2)
            variance = weight**2 * left_out * drawn / np.maximum(drawn - 1, 1) * np.maximum(residuals, 0)
            estimate[:, group, language] = weight * of_tract(own)
            # Where nobody, or hardly anybody, was found, the margin is that of one person found.
            margin[:, group, language] = AT_90 * np.sqrt(np.maximum(variance, weight**2 * left_out))
    cells = np.indices(estimate.shape).reshape(3, -1)
    return {
        "tract_id": tract_ids(cells[0]),
        "age_group": cells[1].astype(np.int8),
        "language": cells[2].astype(np.int8),
        "estimate": np.round(estimate.ravel()).astype(int),
        "margin_of_error": np.ceil(margin.ravel()).astype(int),
    }


# Visits ----------------------------------------------------------------------------------------------------


def _cards_per_resident(library) -> np.ndarray:
    """As staff see it, by neighborhood: cards on file over residents."""
    households, people = library._homes
    areas = len(library._town.x)
    home = library._cards.household[library._file.on_file]
    residents = np.bincount(households.tract[people.household[people.resident]], minlength=areas)
    return np.bincount(households.tract[home], minlength=areas) / np.maximum(residents, 1)


def _where(library) -> np.ndarray:
    """How the visits are spread over the neighborhoods: most go where the library is known. Sums to 1."""
    seen = _cards_per_resident(library)
    known = (seen - seen.mean()) / max(seen.std(), 1e-9)
    luck = library._stream("where staff go").normal(0, 0.3, len(seen))
    pull = np.exp(WHERE_KNOWN * known + luck)
    return pull / pull.sum()


def make_outreach_visits(library) -> dict:
    """One row per visit, by day. Who is met is drawn from the adults who live there; a visit changes nobody."""
    rng = library._stream("outreach visits")
    households, people = library._homes
    cards, file, contacts = library._cards, library._file, library._contacts
    count = max(round(3 * VISITS_A_YEAR * library.scale), 1)
    days = calendar()
    open_days = days.days[(days.days >= WINDOW) & (days.hours.sum(axis=0) > 0) & (days.weekday < 6)]
    day = np.sort(rng.choice(open_days, count))
    tract = rng.choice(len(library._town.x), count, p=_where(library))
    place = rng.choice(len(PLACES), count, p=PLACE_ODDS)
    place[(place == 0) & (library._town.schools[tract] == 0)] = PLACES.index("market")
    hours = rng.integers(2, 5, count)
    hoped = rng.poisson(MET_PER_HOUR * hours)

    card_of = np.full(len(people.born), -1)
    rows = np.flatnonzero(file.on_file)[::-1]  # of two cards, the first
    card_of[cards.person[rows]] = rows
    adults = np.flatnonzero(people.resident & (people.age >= 18))
    has_child = np.bincount(people.household, people.role == 2, len(households.tract)) > 0
    at_home = households.tract[people.household[adults]]
    stops = {0: has_child[people.household[adults]], 1: people.age[adults] >= 60}
    met, without, other, english = (np.zeros(count, dtype=int) for _ in range(4))
    for row in range(count):
        here = adults[(at_home == tract[row]) & stops.get(place[row], True)]
        who = rng.permutation(here)[: hoped[row]]
        card = card_of[who]
        holds = (card >= 0) & (cards.enrolled[card] <= day[row])
        speaks = holds & (households.language[people.household[who]] > 0)
        met[row], without[row], other[row] = len(who), len(who) - holds.sum(), speaks.sum()
        english[row] = (speaks & (contacts.language[card] == 0)).sum()
    return {
        "visit_id": np.arange(1, count + 1),
        "date": dates_of(day),
        "tract_id": tract_ids(tract),
        "place": place.astype(np.int8),
        "hours": hours,
        "met": met,
        "without_card": without,
        "other_language": other,
        "notices_in_english": english,
        "vouchers_used": _vouchers(library, tract, day),
    }


def _vouchers(library, tract: np.ndarray, day: np.ndarray) -> np.ndarray:
    """How many of the cards that staff out in town brought came by each visit: the latest one in that neighborhood."""
    cards = library._cards
    brought = (library._referrals.source == OUT_IN_TOWN) & (cards.enrolled <= AS_OF)
    place = library._homes[0].tract[cards.household[brought]]
    made = cards.enrolled[brought]
    span = AS_OF - FIRST + 1_000  # so that a neighborhood and a day sort as one number
    order = np.argsort(tract * span + day - FIRST, kind="stable")
    sorted_ = (tract * span + day - FIRST)[order]
    since = made >= WINDOW
    at = np.searchsorted(sorted_, place[since] * span + made[since] - FIRST, side="left") - 1
    visit = order[np.maximum(at, 0)]
    fits = (at >= 0) & (tract[visit] == place[since]) & (made[since] - day[visit] <= VOUCHER_DAYS)
    return np.bincount(visit[fits], minlength=len(day))


# Truth -----------------------------------------------------------------------------------------------------

AREAS = Table(
    "areas",
    "Whom the library reaches in each neighborhood",
    "One row per neighborhood. A visit out in town changes nobody: those who came with a voucher would have taken a card"
    " anyway. Cards depend on distance, on language, on age and household, and on people; cafés, bookshops and schools do"
    " nothing of their own.",
    (
        Column("tract_id", "string", "Neighborhood.", unique=True, foreign_key="tracts.tract_id"),
        Column("residents", "integer", "Who lives there on the as-of date.", unit="people", minimum=0),
        Column(
            "with_card", "number", "Share of the residents who have a card on file.", minimum=0, maximum=1
        ),
        Column(
            "cards_of_movers",
            "number",
            "Share of the cards on file whose owner has left town.",
            minimum=0,
            maximum=1,
        ),
        Column("visits_a_year", "number", "Visits of staff to be expected.", unit="visits", minimum=0),
    ),
    key=("tract_id",),
)

LANGUAGES_BY_AGE = Table(
    "languages_by_age",
    "Language and age, counted",
    "What the survey behind language_estimates would have found, had it asked everybody.",
    (
        Column("tract_id", "string", "Neighborhood.", foreign_key="tracts.tract_id"),
        Column("age_group", "category", "As in language_estimates.", categories=AGE_GROUPS, ordered=True),
        Column("language", "category", "Language spoken at home.", categories=tables.LANGUAGES),
        Column("people", "integer", "Residents.", unit="people", minimum=0),
    ),
    key=("tract_id", "age_group", "language"),
)


def true_areas(library) -> dict:
    """Residents, who of them has a card, and how many of the cards belong to people who left."""
    households, people = library._homes
    areas = len(library._town.x)

    def count(tract):
        return np.bincount(tract, minlength=areas)

    home = people.household[people.resident]
    holders = np.isin(np.flatnonzero(people.resident), library._cards.person[library._file.on_file])
    of_card = library._cards.household[library._file.on_file]
    gone = households.left[of_card] <= AS_OF
    residents, on_file = count(households.tract[home]), count(households.tract[of_card])
    return {
        "tract_id": tract_ids(np.arange(areas)),
        "residents": residents,
        "with_card": count(households.tract[home[holders]]) / np.maximum(residents, 1),
        "cards_of_movers": count(households.tract[of_card[gone]]) / np.maximum(on_file, 1),
        "visits_a_year": VISITS_A_YEAR * library.scale * _where(library),
    }


def true_languages_by_age(library) -> dict:
    """Everybody, counted."""
    households = library._homes[0]
    areas, languages = len(library._town.x), len(tables.LANGUAGES)
    by_age = _people_by_age(library)
    cell = households.tract * languages + households.language
    counts = np.stack([np.bincount(cell, one, areas * languages) for one in by_age.T])
    counts = counts.reshape(len(AGE_GROUPS), areas, languages).swapaxes(0, 1)
    cells = np.indices(counts.shape).reshape(3, -1)
    return {
        "tract_id": tract_ids(cells[0]),
        "age_group": cells[1].astype(np.int8),
        "language": cells[2].astype(np.int8),
        "people": counts.ravel().astype(int),
    }


TABLES = {"language_estimates": make_language_estimates, "outreach_visits": make_outreach_visits}
TRUTH = {"areas": (AREAS, true_areas), "languages_by_age": (LANGUAGES_BY_AGE, true_languages_by_age)}
