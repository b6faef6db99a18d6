"""How the patron file becomes the file that goes to a vendor, and what goes wrong on the way.

Three systems have written birth dates, one of them in the old way; a program that took one encoding for another has
garbled names with accents; the night job has repeated its headings; somebody tests the upload with cards of nobody.
What the library knows besides, and a vendor does not have to, goes along: notes, what people chose, when a record
was due to be deleted. All rates are choices; no figure is published for them.
"""

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library.calendar import AS_OF, dates_of, day_number
from course_utils.library.patrons import NONE
from course_utils.tables.export import LIBRARIES

# Birth dates were typed month first until the system of 2010, and by the people themselves for an e-card.
OLD_SYSTEM = day_number(pd.Timestamp("2010-07-01"))
MONTHS = np.array(
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], dtype=object
)
PLACEHOLDER, IN_THE_FUTURE, UNREADABLE = 0.004, 0.0015, 0.0015  # shares of the birth dates
NO_DAYS = ("02/30/1987", "00/00/0000", "unknown", "1979-13-04", "6/31/2002")
# The form for a card has asked since 2021 whether the record may be handed on.
ASKED = day_number(pd.Timestamp("2021-01-01"))
YES_WITH_NEWS, YES_WITHOUT, YES_FOR_A_CHILD = (
    0.62,
    0.25,
    0.30,
)  # share who say yes, by consent to news by e-mail
GUARDIAN_NAMED = 0.9
KEPT_YEARS = 3
DEAD_AT_LEAST, DEAD_SHARE = 60, 0.09  # of people of that age who have not come for two years
DEAD = ("Deceased, daughter called", "deceased - mail came back", "DECEASED per obituary", "Deceased")
NOTED = 0.04
NOTES = (
    "owes for water damage, upset, be kind",
    "asks for new mysteries",
    "staying at the shelter, do not mail",
    "lost card, called about it",
    "father picks up holds",
    "comes after the evening shift",
    "address to be checked",
    "do not tell ex-husband about holds",
)
TESTS = (
    ("TEST", "Patron"),
    ("Test", "Upload"),
    ("ZZTEST", "Do Not Use"),
    ("Library", "Training Card"),
    ("TEST", "Child"),
    ("Demo", "Display Card"),
    ("zz test", "printer"),
)
# Names that some of their owners write with an accent, as the people of the old system never could.
ACCENTS = {
    "Adrian": "Adrián",
    "Alvarez": "Álvarez",
    "Andre": "André",
    "Angel": "Ángel",
    "Chavez": "Chávez",
    "Chloe": "Chloé",
    "Diaz": "Díaz",
    "Fernandez": "Fernández",
    "Garcia": "García",
    "Gomez": "Gómez",
    "Gonzalez": "González",
    "Gutierrez": "Gutiérrez",
    "Hernandez": "Hernández",
    "Jesus": "Jesús",
    "Jose": "José",
    "Lopez": "López",
    "Martinez": "Martínez",
    "Munoz": "Muñoz",
    "Perez": "Pérez",
    "Ramirez": "Ramírez",
    "Renee": "Renée",
    "Rodriguez": "Rodríguez",
    "Sanchez": "Sánchez",
    "Zoe": "Zoë",
}
WITH_ACCENT, GARBLED = 0.5, 0.6


def passed_on(library, people, barcodes) -> dict:
    """The columns of ``export_patrons``, one value per line.

    Parameters
    ----------
    people : the records by patron, with ``row``, ``number`` and ``columns``.
    barcodes : makes so many barcodes: a function of the random numbers and how many.
    """
    rng = library._stream("upload")
    order = np.argsort(people.number)
    columns = {name: values[order] for name, values in people.columns.items()}
    rows = people.row[order]
    columns |= _what_the_library_knows(rng, library, rows, people, order)
    columns["birth_date"] = _as_typed(rng, library, rows, columns["birth_date"])
    for name in ("last_name", "first_name"):
        columns[name] = _garbled(rng, columns[name])
    for name in ("created", "expires", "last_activity", "purge_after"):
        columns[name] = _iso(columns[name])
    codes = np.array(LIBRARIES, dtype=object)
    columns["home_library"] = codes[columns["home_library"]]
    columns["patron_type"] = columns["patron_type"].astype(str).astype(object)
    columns["money_owed"] = np.array([f"{one:.2f}" for one in columns["money_owed"]], dtype=object)
    columns = _with_test_cards(rng, columns, barcodes)
    columns = _with_headings(rng, columns)
    return {"line": np.arange(2, len(columns["barcode"]) + 2), **columns}


def _what_the_library_knows(rng, library, rows, people, order) -> dict:
    cards, file, contacts = library._cards, library._file, library._contacts
    residents, count = library._homes[1], len(rows)
    person = cards.person[rows]
    age = residents.age[person]
    asked = np.maximum(cards.enrolled[rows], file.renewed[rows]) >= ASKED
    chance = np.where(contacts.consent[rows] & contacts.has_email[rows], YES_WITH_NEWS, YES_WITHOUT)
    says_yes = rng.random(count) < np.where(age < 13, YES_FOR_A_CHILD, chance)
    choice = np.where(asked, np.where(says_yes, "yes", "no"), None).astype(object)

    dead = deceased(library)[rows]
    note = np.full(count, None, dtype=object)
    noted = rng.random(count) < NOTED
    note[noted] = np.array(NOTES, dtype=object)[rng.integers(len(NOTES), size=int(noted.sum()))]
    note[dead] = np.array(DEAD, dtype=object)[rng.integers(len(DEAD), size=int(dead.sum()))]

    last = np.where(file.last_use[rows] == NONE, cards.enrolled[rows], file.last_use[rows])
    until = dates_of(np.maximum(last, file.expires[rows]))
    purge = pd.Series(until).astype("datetime64[us]") + pd.DateOffset(years=KEPT_YEARS)
    return {
        "guardian": _guardians(rng, library, rows, people.number[order]),
        "privacy_choice": choice,
        "purge_after": purge.to_numpy().astype("datetime64[D]"),
        "note": note,
    }


def deceased(library) -> np.ndarray:
    """For every card, whether its owner has died and somebody told the library, which left the card on file."""
    cards, file = library._cards, library._file
    luck = library._stream("deaths").random(len(cards.person))
    away = (file.last_use < AS_OF - 730) & (library._homes[1].age[cards.person] >= DEAD_AT_LEAST)
    return away & (luck < DEAD_SHARE) & ~library._contacts.consent & (cards.first_card < 0)


def _guardians(rng, library, rows, numbers):
    """The record of an adult at home, on the cards of children under 13: missing if nobody at home has a card."""
    cards, residents = library._cards, library._homes[1]
    person, home = cards.person[rows], cards.household[rows]
    adult = (residents.role[person] < 2) & (cards.first_card[rows] < 0)
    of_home = np.full(home.max(initial=0) + 1, 0)
    of_home[home[adult][::-1]] = numbers[adult][::-1]
    named = (residents.age[person] < 13) & (of_home[home] > 0) & (rng.random(len(rows)) < GUARDIAN_NAMED)
    return pd.arrays.IntegerArray(np.where(named, of_home[home], 0).astype("int64"), ~named)


def _iso(days: np.ndarray) -> np.ndarray:
    text = np.datetime_as_string(days.astype("datetime64[D]")).astype(object)
    text[np.isnat(days)] = None
    return text


def _as_typed(rng, library, rows, born: np.ndarray) -> np.ndarray:
    """Birth dates as the three systems write them, and what stands there where somebody did not know or mistyped."""
    cards = library._cards
    iso = np.datetime_as_string(born.astype("datetime64[D]")).astype(str)
    year, month, day = (np.strings.slice(iso, *part).astype(object) for part in ((0, 4), (5, 7), (8, 10)))
    typed = np.select(
        [cards.e_card[rows], cards.enrolled[rows] < OLD_SYSTEM],
        [
            day.astype(int).astype(str).astype(object) + "-" + MONTHS[month.astype(int) - 1] + "-" + year,
            month + "/" + day + "/" + year,
        ],
        iso.astype(object),
    )
    luck = rng.random(len(rows))
    limits = np.cumsum([PLACEHOLDER, IN_THE_FUTURE, UNREADABLE])
    typed[luck < limits[0]] = "01/01/1900"
    future = (luck >= limits[0]) & (luck < limits[1])
    typed[future] = [
        f"{int(one) + 100}-{rest}"
        for one, rest in zip(year[future], (month + "-" + day)[future], strict=True)
    ]
    lost = (luck >= limits[1]) & (luck < limits[2])
    typed[lost] = np.array(NO_DAYS, dtype=object)[rng.integers(len(NO_DAYS), size=int(lost.sum()))]
    return typed


def _garbled(rng, names: np.ndarray) -> np.ndarray:
    """The names with the accents that some people write, some of them read in the wrong encoding."""
    accent, wrong = rng.random(len(names)) < WITH_ACCENT, rng.random(len(names)) < GARBLED
    names = names.copy()
    for row in np.flatnonzero(pd.Series(names).isin(list(ACCENTS)).to_numpy() & accent):
        names[row] = ACCENTS[names[row]]
    for row in np.flatnonzero([not name.isascii() for name in names] & wrong):
        names[row] = in_wrong_encoding(names[row])
    return names


def in_wrong_encoding(text: str) -> str:
    """A text of UTF-8 read as Windows' Latin letters; the text itself where that has no letter for a byte."""
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text


def _with_test_cards(rng, columns: dict, barcodes) -> dict:
    """Cards of nobody, somewhere among the others in the order of the numbers."""
    taken = set(columns["record_number"].tolist())
    free = [one for one in 2_000_000 + rng.choice(500_000, 40, replace=False) if one not in taken]
    count = int(rng.integers(5, len(TESTS) + 1))
    which = rng.permutation(len(TESTS))[:count]
    on_cards = set(columns["barcode"].tolist())
    codes = [one for one in barcodes(rng, 40) if one not in on_cards]
    today = str(tables.AS_OF.date())
    added = {
        "record_number": np.array(free[:count]),
        "barcode": codes[:count],
        "last_name": [TESTS[one][0] for one in which],
        "first_name": [TESTS[one][1] for one in which],
        "birth_date": ["2000-01-01"] * count,
        "address": ["1 Library Plaza"] * count,
        "postal_code": [columns["postal_code"][0]] * count,
        "home_library": [LIBRARIES[0]] * count,
        "patron_type": ["1"] * count,
        "created": ["2010-07-01"] * count,
        "expires": ["2028-08-31"] * count,
        "last_activity": [today] * count,
        "money_owed": ["0.00"] * count,
        "purge_after": ["2031-08-31"] * count,
    }
    number = np.concatenate([columns["record_number"], added["record_number"]])
    order = np.argsort(number)
    found = {}
    for name, values in columns.items():
        if name == "guardian":
            nobody = pd.arrays.IntegerArray(np.zeros(count, dtype="int64"), np.ones(count, dtype=bool))
            found[name] = pd.array([*values, *nobody], dtype="Int64")[order]
        else:
            more = np.array(added.get(name, [None] * count), dtype=object)
            found[name] = np.concatenate([values, more])[order]
    found["record_number"] = number[order]
    return found


def _with_headings(rng, columns: dict) -> dict:
    """The headings once more, two to four times: the night job had been started again."""
    count = len(columns["barcode"])
    again = np.sort(rng.choice(np.arange(1, count), int(rng.integers(2, 5)), replace=False))
    found = {}
    for name, values in columns.items():
        if name in ("record_number", "guardian"):  # a column of numbers cannot hold a word
            whole = pd.array(values, dtype="Int64")
            there = np.insert(np.arange(count), again, -1)
            found[name] = pd.api.extensions.take(whole, there, allow_fill=True)
        else:
            found[name] = np.insert(values.astype(object), again, name)
    return found
