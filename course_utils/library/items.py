"""The titles that the library lends. Their counts come from the checkouts; their words are cosmetics."""

import re

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import AS_OF, YEAR, dates_of
from course_utils.library.use import MATERIALS
from course_utils.library.words import words

TITLES = 6000
# Formats in which a book may also be had, and those of films and magazines.
SAME_WORK = {
    "large print": "book",
    "audiobook": "book",
    "ebook": "book",
    "eaudiobook": "book",
    "emagazine": "magazine",
    "evideo": "dvd",
}
STOCK = {"dvd": 0.7, "magazine": 0.35, "emagazine": 0.3, "game": 0.6}  # titles per checkout, against books


def make_items(
    rng: np.random.Generator, names: np.random.Generator, checkouts: pd.DataFrame, scale: float, locale: str
) -> dict:
    """Titles whose checkouts add up to those of the table ``checkouts``, by material and audience.

    ``scale`` is the size of the town, against Port Ellery; ``locale`` that of the creators' names.
    """
    lent = checkouts[checkouts["transaction_type"] == "checkout"]
    cells = lent.groupby(["material_type", "audience"], observed=False).size()
    cells = cells[cells > 0]
    weight = np.array([total**0.9 * STOCK.get(material, 1.0) for (material, _), total in cells.items()])
    number = np.round(weight / weight.sum() * TITLES * scale).astype(int)
    number = np.maximum(number, np.ceil(cells.to_numpy() / 60).astype(int))
    parts, works = [], {}
    for (material, audience), total in sorted(cells.items(), key=lambda cell: MATERIALS.index(cell[0][0])):
        count = number[cells.index.get_loc((material, audience))]
        source = works.get((SAME_WORK.get(material), audience))
        if source is None:
            source = _works(rng, names, locale, material, audience, count)
            works[material, audience] = source
            chosen = np.arange(count)
        else:
            count = min(count, len(source))
            # Popular works come in more formats.
            chosen = rng.choice(len(source), count, replace=False, p=_shares(source["appeal"] ** 0.7))
        part = source.iloc[chosen].reset_index(drop=True)
        added = _added(rng, part["publication_year"].to_numpy())
        here = np.clip((AS_OF - added) / (3 * YEAR), 0.02, 1)
        appeal = part["appeal"] ** 0.8 * here * rng.lognormal(0, 0.5, count)
        part = part.assign(
            material_type=material,
            audience=audience,
            added=added,
            checkouts=rng.multinomial(total, _shares(appeal)),
        )
        parts.append(part)
    every = pd.concat(parts, ignore_index=True)
    every = every.iloc[np.lexsort((rng.random(len(every)), every["added"]))].reset_index(drop=True)
    digital = every["material_type"].isin(tables.DIGITAL).to_numpy()
    branch = rng.choice(4, len(every), p=[0.60, 0.20, 0.16, 0.04])
    per_copy = np.where(digital, 30, 24)
    return {
        "item_id": np.arange(1, len(every) + 1),
        "title": every["title"],
        "creator": every["creator"],
        "material_type": every["material_type"],
        "audience": every["audience"],
        "subject": every["subject"],
        "publication_year": every["publication_year"],
        "added": dates_of(every["added"].to_numpy()),
        "branch": np.where(digital, -1, branch).astype(np.int8),
        "copies": np.maximum(np.ceil(every["checkouts"].to_numpy() / per_copy), 1).astype(int),
        "checkouts": every["checkouts"],
    }


def _shares(weights) -> np.ndarray:
    weights = np.asarray(weights, dtype=float)
    return weights / weights.sum()


def _added(rng, year: np.ndarray) -> np.ndarray:
    """Day a title came to the library: soon after it was published, and in the present building's time."""
    published = ((year - 1970) * YEAR + 1 + rng.uniform(0, 300, len(year))).astype(int)
    opened = int((1999 - 1970) * YEAR) + rng.integers(0, 4000, len(year))
    added = np.maximum(published + rng.exponential(120, len(year)), np.where(year < 1999, opened, 0)).astype(
        int
    )
    return np.minimum(added, AS_OF - rng.integers(1, 200, len(year)))


def _works(rng, names, locale: str, material: str, audience: str, count: int) -> pd.DataFrame:
    """Works with a title, a creator, a subject, a year, and how much people want them."""
    lists = words()["titles"]
    if material in lists["other"]:
        subjects = [
            {"name": _other_subject(material, audience), "odds": 1, "patterns": lists["other"][material]}
        ]
    else:
        subjects = [subject for subject in lists["subject"] if subject["audience"] == audience]
    odds = _shares([subject["odds"] for subject in subjects])
    seen, titles, chosen = set(), [], []
    while len(titles) < count:
        subject = subjects[rng.choice(len(subjects), p=odds)]
        title = next(
            (one for one in (_title(rng, subject, lists) for _ in range(20)) if one not in seen), None
        )
        if title is None:  # this subject has used up its patterns
            continue
        seen.add(title)
        titles.append(title)
        chosen.append(subject["name"])
    by = _creators(names, locale, max(count // 3, 2), material)
    productive = _shares(1 / (np.arange(len(by)) + 4.0) ** 0.7)
    years = 2025 - np.minimum(rng.gamma(0.9, 7.0, count), 60).astype(int)
    return pd.DataFrame(
        {
            "title": titles,
            "creator": [by[row] for row in rng.choice(len(by), count, p=productive)],
            "subject": chosen,
            "publication_year": years,
            "appeal": rng.lognormal(0, 1.1, count) * np.exp(-0.03 * (2025 - years)),
        }
    )


def _other_subject(material: str, audience: str) -> str:
    kind = {"dvd": "Film", "music": "Music", "magazine": "Magazines", "game": "Games"}[material]
    return (
        kind if audience == "adult" else f"{kind} for {'children' if audience == 'child' else 'young adults'}"
    )


def _title(rng, subject: dict, lists: dict) -> str:
    pattern = subject["patterns"][rng.integers(len(subject["patterns"]))]
    kinds = {
        "adjective": lists["adjectives"],
        "noun": lists["nouns"],
        "place": lists["places"],
        "name": lists["names"],
        "thing": lists["things"],
        "topic": subject.get("topics", ["Things"]),
    }
    used = set()

    def fill(match: re.Match) -> str:
        options = [word for word in kinds[match[1]] if word not in used]
        word = options[rng.integers(len(options))]
        used.add(word)
        return _plural(word) if match[2] else word

    title = re.sub(r"\{(\w+)\}(s\b)?", fill, pattern)
    return re.sub(r"\b([Aa]) (?=[AEIOU])", r"\1n ", title)


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "sh", "ch")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeou":
        return word[:-1] + "ies"
    return word[:-3] + "men" if word.endswith("man") else word + "s"


def _creators(names, locale: str, count: int, material: str) -> list[str]:
    """Invented people (from Faker) as a catalog writes them; magazines have publishers."""
    from faker import Faker

    faker = Faker(locale, use_weighting=False)
    faker.seed_instance(int(names.integers(2**32)))
    if material in ("magazine", "game"):
        return [
            f"{faker.last_name()} {faker.random_element(('Press', 'Media', '& Co.', 'House'))}"
            for _ in range(count)
        ]
    return [f"{faker.last_name()}, {faker.first_name()}" for _ in range(count)]
