"""What people ask for: holds that wait in line, and searches that find something or nothing.

Wants that the library cannot meet show up here first. How strongly each of them is really felt, year by year, is
``library.truth.wishes``; which subjects the library buys too little of is ``library.truth.gaps``.
"""

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import (
    AS_OF,
    FIRST,
    WINDOW,
    YEAR,
    calendar,
    dates_of,
    day_number,
    day_numbers,
    draw_days,
    running_sum,
)
from course_utils.library.chance import pick_by
from course_utils.library.patrons import NONE, day_or_missing
from course_utils.library.use import LOAN_DAYS
from course_utils.tables import Column, Table

# Holds. All of it is choice.
HOLDS = 9_000  # in 36 months, in a town the size of Port Ellery
BURST = 70  # days over which the requests for a new title come in, on average
HEAT = 1.15  # how much titles differ in requests per checkout: spread of the logarithm
TURN = 25  # days until a copy reaches the next in line: a loan, and some days on the shelf for holds
PATIENCE = 140  # days until somebody gives up, on average
NOT_OWNED = 0.06  # share of requests for titles that the library does not own, for an ordinary subject
GAPS = {
    "Romance": 0.22,
    "Science fiction and fantasy": 0.22,
}  # the same, for subjects of which it buys too little
PICKUP = np.array([[0.62, 0.20, 0.16, 0.02]])

# Searches.
SEARCHES = 15_000  # in 36 months, in a town the size of Port Ellery
PLACES = ("in the library", "web", "app")
SHARES = np.array([0.27, 0.50, 0.23])
NEW_BOX = day_number("2024-03-04")  # since then the web site and the app show examples under the search box
CLICKED = 3.0  # by how much the example shown is searched more often there
MISSPELLED = 0.024  # share of searches with a slip that finds nothing
NOT_BOUGHT = 0.012  # share of searches for a title that the library does not own

# Things that people look for and the library does not lend: searches per 1,000 in the first year, and how they type it.
WISHES = {
    "museum pass": (8.0, ("museum pass", "museum passes", "free museum pass")),
    "sewing machine": (6.6, ("sewing machine", "sewing machines", "borrow sewing machine")),
    "ukulele": (5.2, ("ukulele", "ukulele to borrow", "ukulele kit")),
    "hotspot": (9.2, ("hotspot", "wifi hotspot", "mobile hotspot", "borrow a hotspot")),
    "3d printer": (4.6, ("3d printer", "3d printer use", "3d printing")),
    "seed library": (3.6, ("seed library", "seed packets", "free seeds")),
    "cake pan": (2.9, ("cake pan", "cake pans", "cake pan shapes")),
    "telescope": (5.8, ("telescope", "telescope to borrow", "telescopes")),
    "laptop": (2.2, ("laptop", "laptop to borrow", "laptops")),
    "drill": (1.8, ("power drill", "drill", "drill to borrow")),
    "passport": (1.4, ("passport", "passport forms", "passport photo")),
    "tent": (1.0, ("tent", "camping tent", "tents")),
    "metal detector": (0.7, ("metal detector", "metal detectors")),
    "snowshoes": (0.4, ("snowshoes", "snowshoes to borrow")),
}
RISING = {"hotspot": 0.47}  # what really grows, by the logarithm per year
SHOWN = "telescope"  # the example under the new search box
SLIPS = {
    "mystery": ("mistery", "mystrey"),
    "biography": ("biografy", "biograhpy"),
    "cooking": ("coocking", "cookng"),
    "romance": ("romanse",),
    "history": ("histroy", "histery"),
    "graphic novels": ("grafic novels", "graphic novles"),
    "picture books": ("pictur books", "picture boks"),
    "science": ("sciense",),
    "large print": ("larg print", "large pirnt"),
    "audiobook": ("audio boook", "audibook"),
}
KINDS = ("title", "creator", "subject", "material")
KIND_ODDS = np.array([0.46, 0.20, 0.22, 0.12])  # of searches that find something


def _requests(library) -> tuple[dict, dict]:
    """The table of holds, and the truth of their waits."""
    rng = library._stream("holds")
    items = library["items"]
    added = day_numbers(items["added"])
    borrowed, copies = items["checkouts"].to_numpy(), items["copies"].to_numpy()
    since = np.maximum(added, WINDOW)
    count = rng.poisson(HOLDS * library.scale)
    # A title is asked for as it is borrowed; new ones that are talked about, far more.
    # A title that came late has had less time to be borrowed: `here` makes up for part of it.
    heat = rng.lognormal(0, HEAT, len(items)) * np.where(added > WINDOW, 1.6, 1.0)
    here = np.sqrt(np.clip((AS_OF - since) / (AS_OF - WINDOW), 0.1, 1.0))
    climb = np.cumsum((borrowed / here + 0.2) * heat)
    item = np.searchsorted(climb, rng.random(count) * climb[-1], side="right")
    placed = draw_days(rng, running_sum(calendar().online), since[item], np.full(count, AS_OF))
    rush = since[item] + rng.exponential(BURST, count).astype(int)
    placed = np.where((added[item] > WINDOW) & (rush <= AS_OF), rush, placed)
    order = np.lexsort((rng.random(count), placed))
    item, placed = item[order], placed[order]

    material = items["material_type"].cat.codes.to_numpy()[item]
    digital = material >= len(tables.PHYSICAL)
    pickup = np.where(digital, -1, pick_by(rng, np.zeros(count, dtype=int), PICKUP))
    subject, names = pd.factorize(items["subject"], sort=True)
    missing = rng.random(count) < np.array([GAPS.get(name, NOT_OWNED) for name in names])[subject[item]]

    ready = _wait_in_line(rng, item, placed, missing, added, borrowed, copies)
    filled = _next_open_day(pickup, np.minimum(ready, AS_OF + 1))
    gives_up = placed + 1 + rng.exponential(PATIENCE, count).astype(int)
    status = np.select(
        [missing, (gives_up < filled) & (gives_up <= AS_OF), filled > AS_OF],
        [3, 2, 1],
        0,
    )
    done = status == 0
    number = pd.array(items["item_id"].to_numpy()[item], dtype="Int64")
    number[missing] = pd.NA
    wait = pd.array(filled - placed, dtype="Int64")
    wait[~done] = pd.NA
    holds = {
        "hold_id": np.arange(1, count + 1),
        "placed": dates_of(placed),
        "pickup_branch": pickup.astype(np.int8),
        "material_type": material.astype(np.int8),
        "audience": items["audience"].cat.codes.to_numpy()[item].astype(np.int8),
        "item_id": number,
        "subject": items["subject"].to_numpy()[item],
        "status": status.astype(np.int8),
        "filled_on": day_or_missing(np.where(done, filled, NONE)),
        "wait_days": wait,
    }
    owned = ~missing
    return holds, {"hold_id": np.flatnonzero(owned) + 1, "line_days": (ready - placed)[owned]}


def make_holds(library) -> dict:
    """Requests, in order of the day on which they were placed."""
    return library.once("requests", _requests)[0]


def _wait_in_line(rng, item, placed, missing, added, borrowed, copies) -> np.ndarray:
    """The day on which each request is ready, first come first served; ``placed`` is in order of time."""
    count = len(item)
    # A copy may be out when the request comes: the more so, the more the title is borrowed.
    out = np.minimum(borrowed * LOAN_DAYS / copies / np.maximum(AS_OF - np.maximum(added, WINDOW), 120), 0.95)
    is_out = rng.random(count) < out[item]
    first = np.where(is_out, 1 + rng.random(count) * LOAN_DAYS / copies[item], 1 + rng.integers(0, 2, count))
    # The next in line gets a copy when one comes back: every TURN days, divided by the copies.
    step = TURN / copies[item]
    order = np.lexsort((np.arange(count), missing, item))
    group = item[order]
    place = np.arange(count) - np.searchsorted(group, group)
    ready = (placed + first)[order] - place * step[order]
    # A running maximum within each title: titles are kept apart by adding a large number.
    apart = group * 1e6
    ready = np.maximum.accumulate(ready + apart) - apart + place * step[order]
    day = np.empty(count)
    day[order] = ready
    return np.ceil(day).astype(int)


def _next_open_day(branch: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The first day from ``day`` on which ``branch`` is open; AS_OF + 1 if there is none. No branch: any day."""
    hours = calendar().hours
    following = np.full((len(hours) + 1, hours.shape[1] + 1), AS_OF + 1)
    for row, open_hours in enumerate(hours):
        opens = np.append(open_hours > 0, True)
        days = np.where(opens, np.arange(FIRST, AS_OF + 2), AS_OF + 1)
        following[row] = np.minimum.accumulate(days[::-1])[::-1]
    following[-1] = np.arange(FIRST, AS_OF + 2)
    return following[branch, day - FIRST]


# Searches --------------------------------------------------------------------------------------------------


def _weights() -> np.ndarray:
    """How many searches there are on each day (places × days from FIRST); the sum from WINDOW on is SEARCHES."""
    days = calendar()
    grown = (days.days - AS_OF) / YEAR
    weights = np.stack([days.busy[0], days.online, days.online])
    weights *= np.exp(np.array([-0.08, 0.0, 0.22])[:, None] * grown)  # ever more search on the phone
    weights *= days.days >= WINDOW
    return SEARCHES * SHARES[:, None] * weights / weights.sum(axis=1, keepdims=True)


def _wanted(topic: str) -> tuple[np.ndarray, np.ndarray]:
    """Searches for a topic per 1,000, places × days from FIRST: as it is really wanted, and as it is typed."""
    days = calendar().days
    real = np.full((len(PLACES), len(days)), WISHES[topic][0])
    # The rise is steady: at the level of the first year in the middle of it.
    real = real * np.exp(RISING.get(topic, 0.0) * ((days - WINDOW) / YEAR - 0.5))
    typed = real.copy()
    if topic == SHOWN:
        typed[1:, days >= NEW_BOX] *= CLICKED
    return real, typed


def make_searches(library) -> dict:
    """What was typed, where, and how much the catalog showed."""
    rng, scale = library._stream("searches"), library.scale
    weights = _weights() * scale
    parts = []  # place, day, terms and results of each kind of search
    for topic, (_, variants) in WISHES.items():
        typed = _wanted(topic)[1] / 1000 * weights
        place, day = _draw(rng, typed)
        words = np.array(variants, dtype=object)
        odds = np.array([0.6, *[0.4 / (len(words) - 1)] * (len(words) - 1)])
        parts.append((place, day, words[rng.choice(len(words), len(day), p=odds)], np.zeros(len(day), int)))
    share = sum(entry[0] for entry in WISHES.values()) / 1000
    for part, make in ((MISSPELLED, _slips), (NOT_BOUGHT, _unknown_titles)):
        place, day = _draw(rng, part * weights)
        parts.append((place, day, make(rng, library, len(day)), np.zeros(len(day), int)))
    place, day = _draw(rng, (1 - share - MISSPELLED - NOT_BOUGHT) * weights)
    parts.append((place, day, *_finds(rng, library["items"], day)))
    place, day, terms, results = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((rng.random(len(day)), day))
    return {
        "search_id": np.arange(1, len(order) + 1),
        "date": dates_of(day[order]),
        "where": place[order].astype(np.int8),
        "terms": terms[order],
        "results": results[order],
    }


def _draw(rng, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place and day of each of a Poisson number of searches, with ``expected`` of them by place and day."""
    climb = np.cumsum(expected)
    count = rng.poisson(climb[-1])
    cell = np.searchsorted(climb, rng.random(count) * climb[-1], side="right")
    place, day = np.divmod(cell, expected.shape[1])
    return place, FIRST + day


def _slips(rng, library, count: int) -> np.ndarray:
    """Terms with a slip: a subject as people misspell it, or a title with a letter left out."""
    common = np.array([slip for slips in SLIPS.values() for slip in slips], dtype=object)
    terms = common[rng.integers(0, len(common), count)]
    titles = library["items"]["title"]
    known = set(titles.str.lower())
    chosen = titles.to_numpy()[rng.integers(0, len(titles), count)]
    for row in np.flatnonzero(rng.random(count) < 0.55):
        title = chosen[row].lower()
        at = int(rng.integers(1, len(title)))
        slip = (title[:at] + title[at + 1 :]).strip()
        if slip not in known and slip != title:
            terms[row] = slip
    return terms


def _unknown_titles(rng, library, count: int) -> np.ndarray:
    """Titles that people have heard of and the library does not own: some of them often."""
    from course_utils.library.words import words

    lists = words()["titles"]
    known = set(library["items"]["title"].str.lower())
    titles: list[str] = []
    while len(titles) < 40:
        adjective, noun = (one[int(rng.integers(len(one)))] for one in (lists["adjectives"], lists["nouns"]))
        title = f"my {adjective} {noun}: a memoir".lower()
        if title not in known and title not in titles:
            titles.append(title)
    odds = 1 / (np.arange(len(titles)) + 3.0)
    return np.array(titles, dtype=object)[rng.choice(len(titles), count, p=odds / odds.sum())]


def _finds(rng, items: pd.DataFrame, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Searches for something that is in the catalog on that day, and how many titles it shows."""
    kind = pick_by(rng, np.zeros(len(day), dtype=int), KIND_ODDS[None, :])
    added = day_numbers(items["added"])
    by_day = np.argsort(added, kind="stable")
    # An item that was there by that day, the much-borrowed ones more often.
    climb = np.cumsum((items["checkouts"].to_numpy() + 1.0)[by_day])
    there = np.searchsorted(added[by_day], day, side="right")
    level = rng.random(len(day)) * climb[there - 1]
    item = by_day[np.minimum(np.searchsorted(climb, level, side="right"), there - 1)]
    terms, results = np.empty(len(day), dtype=object), np.zeros(len(day), dtype=int)
    for number, column in enumerate(("title", "creator", "subject", "material_type")):
        here = np.flatnonzero(kind == number)
        code, names = pd.factorize(items[column].astype("str"))
        names = np.array([name.lower().replace(",", "") for name in names], dtype=object)
        key = np.sort(code * 100_000 + added)
        wanted = code[item[here]]
        terms[here] = names[wanted]
        results[here] = np.searchsorted(key, wanted * 100_000 + day[here], side="right") - np.searchsorted(
            key, wanted * 100_000
        )
    return terms, results


WISHES_TABLE = Table(
    "wishes",
    "What people want and the library does not lend",
    "One row per thing and library year (September to August).",
    (
        Column("topic", "string", "The thing. Each way of typing it holds its first word."),
        Column("year", "integer", "Library year, by the year in which it ends.", minimum=2023, maximum=2025),
        Column(
            "wanted", "number", "Searches that the wish itself brings about.", "per 1,000 searches", minimum=0
        ),
        Column(
            "typed",
            "number",
            "Searches to be expected, with those that the example under the new search box brings about.",
            "per 1,000 searches",
            minimum=0,
        ),
        Column(
            "change",
            "category",
            "Whether the wish grows; “looks rising” is the work of the new search box.",
            categories=("steady", "rising", "looks rising"),
        ),
    ),
    key=("topic", "year"),
)
GAPS_TABLE = Table(
    "gaps",
    "What the library buys too little of",
    "One row per subject heading.",
    (
        Column("subject", "string", "As in items and holds.", unique=True),
        Column(
            "not_owned",
            "number",
            "How likely a request is for a title that the library does not own.",
            minimum=0,
            maximum=1,
        ),
    ),
    key=("subject",),
)
WAITS_TABLE = Table(
    "waits",
    "How long each line really was",
    "One row per request for a title that the library owns, whether or not somebody waited to the end.",
    (
        Column("hold_id", "integer", "As in holds.", unique=True, foreign_key="holds.hold_id"),
        Column(
            "line_days",
            "integer",
            "Days until a copy was, or would have been, there; it is ready on the next day on which the branch is open.",
            "days",
            minimum=0,
        ),
    ),
    key=("hold_id",),
)


def true_wishes(library) -> dict:
    """The truth behind searches that find nothing."""
    weights, days = _weights(), calendar().days
    rows = []
    for topic in WISHES:
        real, typed = _wanted(topic)
        change = "rising" if topic in RISING else "looks rising" if topic == SHOWN else "steady"
        for year in (2023, 2024, 2025):
            first, last = (day_number(f"{year - 1 + step}-09-01") for step in (0, 1))
            part = weights * ((days >= first) & (days < last))
            rows.append((topic, year, *((one * part).sum() / part.sum() for one in (real, typed)), change))
    topic, year, wanted, typed, change = zip(*rows, strict=True)
    return {"topic": topic, "year": year, "wanted": wanted, "typed": typed, "change": change}


def true_gaps(library) -> dict:
    """The truth behind requests for titles that the library does not own."""
    names = sorted(library["items"]["subject"].unique())
    return {"subject": names, "not_owned": [GAPS.get(name, NOT_OWNED) for name in names]}


def true_waits(library) -> dict:
    """The truth behind ``holds.wait_days``."""
    return library.once("requests", _requests)[1]


def measure(library) -> dict[str, float]:
    """What the choices in the calibration file are tested on."""
    holds, searches = library["holds"], library["searches"]
    return {
        "searches_without_result": float((searches["results"] == 0).mean()),
        "holds_not_owned": float((holds["status"] == "not owned").mean()),
    }


TABLES = {"holds": make_holds, "searches": make_searches}
TRUTH = {
    "wishes": (WISHES_TABLE, true_wishes),
    "gaps": (GAPS_TABLE, true_gaps),
    "waits": (WAITS_TABLE, true_waits),
}
MEASURES = measure
