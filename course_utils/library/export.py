"""The raw export: the patron file and six months of checkouts, as they would go to a vendor. All persons are invented.

Names come from Faker, in pools drawn with NumPy; everything else about a person is what the model knows: the same
household has the same address and mostly the same last name, and a second card is the same person, written down
again by somebody else.
"""

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils import tables
from course_utils.library import locales, upload
from course_utils.library.calendar import AS_OF, dates_of, day_number, day_numbers
from course_utils.library.patrons import category_codes, day_or_missing
from course_utils.library.town import COLUMNS, KINDS
from course_utils.library.use import LOAN_DAYS, renewed
from course_utils.library.words import words
from course_utils.tables import Column, Table

SINCE = day_number(tables.AS_OF - pd.DateOffset(months=6)) + 1  # first day of the checkouts
LAST_NAMES, FIRST_NAMES = 900, 700  # drawn from Faker; fewer are different
OTHER_LAST_NAME = 0.15  # of partners
IN_LOWER_CASE = 0.4  # of the names that people typed themselves, for an e-card
STREETS = 4  # in each neighborhood
STREET_KINDS = ("Street", "Avenue", "Road", "Lane", "Court", "Drive")
SHORT = {
    "Street": "St",
    "Avenue": "Ave",
    "Road": "Rd",
    "Lane": "Ln",
    "Court": "Ct",
    "Drive": "Dr",
    "Apt ": "#",
}
IN_A_FLAT = 0.25
# The lowest ZIP code in use is 00501. One code for each pair of columns and of rows of neighborhoods.
POSTAL_CODES = np.array(["00021", "00022", "00023", "00031", "00032", "00033"], dtype=object)
DOMAINS = np.array(["example.com", "example.net", "example.org"], dtype=object)
NO_PHONE = 0.06
OWES, OWES_AWAY = 0.06, 0.16  # share who owe something, and of those who have not come for two years
FAVORITE, SECOND = 0.62, 0.24  # share of a reader's loans in the favorite subject, and in the next
# A second card, against the first of the same person.
SAME_BIRTH_DATE, SAME_ADDRESS = 0.95, 0.88
SAME_NAME = 0.40  # and otherwise one of four differences, equally often
SAME_EMAIL, NO_EMAIL_NOW = 0.40, 0.15


@dataclass(frozen=True)
class _People:
    """One value per patron on file, in the order of the patron file."""

    row: np.ndarray  # of the card
    number: np.ndarray  # record number
    columns: dict


def _people(library) -> _People:
    rng = library._stream("export")
    households, people = library._homes
    cards, file = library._cards, library._file
    rows = np.flatnonzero(file.on_file)
    person, home = cards.person[rows], cards.household[rows]
    count = len(rows)
    number = 2_000_000 + rng.choice(500_000, count, replace=False)
    barcode = _barcodes(rng, count, library.district)
    last, first = _names(rng, library._stream("names of people"), library)
    lower = cards.e_card[rows] & (rng.random(count) < IN_LOWER_CASE)
    street, unit = _addresses(rng, households)
    address = (street + unit)[home]
    last_name, first_name = last[person], first[person]
    phone_of_home = rng.integers(100, size=len(households.tract))
    own_phone = rng.random(count) < 0.3
    line = np.where(own_phone, rng.integers(100, size=count), phone_of_home[home])
    phone = np.array([f"555-01{one:02d}" for one in range(100)], dtype=object)[line]
    phone[rng.random(count) < NO_PHONE] = None
    away = file.last_use[rows] < AS_OF - 730
    owes = rng.random(count) < np.where(away, OWES_AWAY, OWES)
    owed = np.where(owes, np.round(rng.lognormal(2.9, 0.6, count), 2), 0.0)
    columns = {
        "record_number": number,
        "barcode": barcode,
        "last_name": np.where(lower, _lower(last)[person], last_name),
        "first_name": np.where(lower, _lower(first)[person], first_name),
        "birth_date": dates_of(people.born[person]),
        "address": address,
        "postal_code": POSTAL_CODES[_postal_areas(households.tract)[home]],
        "phone": phone,
        "email": _emails(rng, library, rows, last, first, barcode),
        "home_library": cards.home[rows].astype(np.int8),
        "patron_type": np.array([3, 2, 1, 4, 7])[category_codes(people, cards, file)[rows]],
        "created": dates_of(cards.enrolled[rows]),
        "expires": dates_of(file.expires[rows]),
        "last_activity": day_or_missing(file.last_use[rows]),
        "money_owed": owed,
    }
    _write_down_again(
        rng, columns, cards.first_card[rows], np.searchsorted(rows, cards.first_card[rows]), file, last
    )
    return _People(rows, number, columns)


def _barcodes(rng, count: int, district: int) -> np.ndarray:
    """14 digits, beginning with 2 for a patron, ending with a check digit; no district has those of another."""
    number = 2_186_800_000_000 + district % 100 * 1_000_000 + rng.choice(1_000_000, count, replace=False)
    digits = number[:, None] // 10 ** np.arange(12, -1, -1) % 10
    double = digits[:, ::2] * 2
    total = (double - 9 * (double > 9)).sum(axis=1) + digits[:, 1::2].sum(axis=1)
    return (number * 10 + -total % 10).astype(str).astype(object)


def _names(rng, pools, library) -> tuple[np.ndarray, np.ndarray]:
    """Last and first name of everyone in town."""
    households, people = library._homes
    lasts = _different(locales.pool(pools, library.locale, "last_name", LAST_NAMES))
    firsts = _different(locales.pool(pools, library.locale, "first_name", FIRST_NAMES))
    common = 1 / (np.arange(len(lasts)) + 12.0)
    climb = np.cumsum(common / common.sum())

    def draw(size):
        return np.minimum(np.searchsorted(climb, rng.random(size)), len(lasts) - 1)

    of_home = draw(len(households.tract))
    home, count = people.household, len(people.role)
    other = (people.role == 1) & (rng.random(count) < OTHER_LAST_NAME)
    other |= (people.role == 1) & (households.kind[home] == KINDS.index("sharing"))
    last = np.where(other, draw(count), of_home[home])
    first = rng.integers(len(firsts), size=count)
    for _ in range(6):  # nobody shares a first name with somebody at home
        key = home * len(firsts) + first
        order = np.argsort(key, kind="stable")
        again = order[1:][key[order][1:] == key[order][:-1]]
        first[again] = rng.integers(len(firsts), size=len(again))
    return lasts[last], firsts[first]


def _different(values: np.ndarray) -> np.ndarray:
    return np.array(list(dict.fromkeys(values)), dtype=object)


def _per_value(values: np.ndarray, change) -> np.ndarray:
    """``change`` of every value, worked out once for each different one."""
    codes, different = pd.factorize(values)
    return np.array([change(value) for value in different], dtype=object)[codes]


def _lower(names: np.ndarray) -> np.ndarray:
    return _per_value(names, str.lower)


def _postal_areas(tract: np.ndarray) -> np.ndarray:
    column, row = tract % COLUMNS, tract // COLUMNS
    return column // 2 + 3 * (row // 2)


def _addresses(rng, households) -> tuple[np.ndarray, np.ndarray]:
    """House number and street, and the flat if there is one, of every household. No two have the same."""
    lists = words()["titles"]
    tracts = int(households.tract.max()) + 1
    short = [word for word in lists["nouns"] if len(word) < 10 and word not in STREET_KINDS]
    nouns, number = rng.permutation(np.array(short, dtype=object)), np.arange(tracts * STREETS)
    kind = rng.integers(6, size=len(nouns))[number % len(nouns)] + number // len(nouns)
    names = nouns[number % len(nouns)] + " " + np.array(STREET_KINDS, dtype=object)[kind % 6]
    count = len(households.tract)
    street = households.tract * STREETS + rng.integers(STREETS, size=count)
    order = np.lexsort((rng.random(count), street))
    rank = np.empty(count, dtype=int)
    rank[order] = np.arange(count) - np.searchsorted(street[order], street[order])
    house = (3 + 4 * rank + rng.integers(4, size=count)).astype(str).astype(object)
    flat = " Apt " + rng.integers(1, 25, size=count).astype(str).astype(object)
    return house + " " + names[street], np.where(rng.random(count) < IN_A_FLAT, flat, "")


def _plain(name: str) -> str:
    """The ASCII letters of a name: José gives jose, 佐藤 gives nothing."""
    return "".join(one for one in unicodedata.normalize("NFKD", name.lower()) if "a" <= one <= "z")


def _emails(rng, library, rows, last, first, barcode) -> np.ndarray:
    """An address for those who have one on file; that of a child is an adult's of the household, if there is one."""
    people, cards = library._homes[1], library._cards
    person, home = cards.person[rows], cards.household[rows]
    count = len(rows)
    names, family = _per_value(first, _plain)[person], _per_value(last, _plain)[person]
    born = (dates_of(people.born[person]).astype("datetime64[Y]").astype(int) + 70) % 100
    year = (born + 100).astype(str)
    digits = np.where(rng.random(count) < 0.6, np.strings.slice(year, 1, 3), "").astype(object)
    initial = np.strings.slice(names.astype(str), 1).astype(object)
    way = rng.integers(3, size=count)
    local = np.select([way == 0, way == 1], [names + "." + family, initial + family], family + "." + names)
    local = np.where(
        (names == "") | (family == ""),
        "reader" + np.strings.slice(barcode.astype(str), 7, 13).astype(object),
        local + digits,
    )
    email = local + "@" + DOMAINS[np.searchsorted([0.5, 0.8], rng.random(count), side="right")]
    has = library._contacts.has_email[rows]
    adult = has & (people.role[person] < 2) & (cards.first_card[rows] < 0)
    parents = np.full(home.max() + 1, -1)
    parents[home[adult][::-1]] = np.flatnonzero(adult)[::-1]
    of_parent = (people.age[person] < 13) & (parents[home] >= 0)
    email = np.where(of_parent, email[parents[home]], email)
    email[~has] = None
    return email


def _write_down_again(rng, columns: dict, first_card, first_row, file, last: np.ndarray) -> None:
    """Change the rows of second cards as a hurried clerk, or the years between, would."""
    street_names = list(SHORT.items())
    for row in np.flatnonzero(first_card >= 0):
        before = first_row[row]
        if not file.on_file[first_card[row]]:
            continue
        luck = rng.random(8)
        name, family = columns["first_name"][before], columns["last_name"][before]
        if luck[0] > SAME_NAME:
            kind = int(luck[1] * 4)
            if kind == 0:
                name = name[0] + "."
            elif kind == 1:
                name = name[: max(len(name) - 2, 2)]
            elif kind == 2:
                family = _mistyped(family, luck[2])
            else:
                name, family = name.upper(), family.upper()
        columns["first_name"][row], columns["last_name"][row] = name, family
        if luck[3] > SAME_BIRTH_DATE:
            columns["birth_date"][row] += np.timedelta64(10 if luck[4] < 0.5 else -10, "D")
        address = columns["address"][before]
        if luck[5] > SAME_ADDRESS:
            columns["address"][row] = columns["address"][int(luck[4] * len(first_card))]
        elif luck[5] > 0.25:
            for long, short in street_names:
                address = address.replace(long, short)
            columns["address"][row] = address
        email = columns["email"][before]
        if email is None or luck[6] < SAME_EMAIL:
            columns["email"][row] = email
        elif luck[6] < SAME_EMAIL + NO_EMAIL_NOW:
            columns["email"][row] = None
        else:
            local, domain = email.split("@")
            others = [one for one in DOMAINS if one != domain]
            columns["email"][row] = f"{local}@{others[int(luck[7] * 2)]}"


def _mistyped(name: str, luck: float) -> str:
    """Two letters in the middle change places; a name of one or two letters stays."""
    if len(name) < 4:
        return name
    at = 1 + int(luck * (len(name) - 2))
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


# Checkouts -----------------------------------------------------------------------------------------------


def _checkouts(library) -> dict:
    rng = library._stream("export checkouts")
    loans, file = library._loans, library._file
    made = _renewed_loans(library)
    times = np.bincount(made[0], minlength=len(loans.card))
    due = loans.day.copy()
    np.maximum.at(due, made[0], made[1])
    rows = np.flatnonzero((loans.day >= SINCE) & file.on_file[loans.card])
    rows = rows[np.lexsort((rng.random(len(rows)), loans.day[rows]))]
    items = library["items"]
    item = _titles(rng, loans, rows, items, len(file.number))
    people = library.once("export people", _people)
    of_card = np.zeros(len(file.number), dtype=int)
    of_card[people.row] = people.number
    return {
        "record_number": of_card[loans.card[rows]],
        "title": items["title"].to_numpy()[item],
        "item_type": loans.material[rows].astype(np.int8),
        "subject": items["subject"].to_numpy()[item],
        "checkout_location": loans.branch[rows].astype(np.int8),
        "checkout_date": dates_of(loans.day[rows]),
        "due_date": dates_of(due[rows] + LOAN_DAYS),
        "renewals": times[rows],
    }


def _renewed_loans(library) -> tuple[np.ndarray, np.ndarray]:
    """Row among all loans, and day, of each renewal: drawn as the model drew them."""
    own = renewed(library._stream("renewals"), library._own_loans)
    extra = renewed(library._stream("renewals of trips brought about"), library._extra_loans)
    shift = len(library._own_loans.card)
    return np.concatenate([own[0], extra[0] + shift]), np.concatenate([own[1], extra[1]])


def _titles(rng, loans, rows: np.ndarray, items: pd.DataFrame, cards: int) -> np.ndarray:
    """Row of the title of each loan: by taste, of the right kind, on the shelf by then, and as often as items says.

    Every checkout that ``items`` counts is a slot. A title that came within the six months has all its slots
    filled; of the others, those that have long been here have fewer of theirs in these months.
    """
    digital = items["material_type"].isin(tables.DIGITAL).to_numpy()
    audience = items["audience"].cat.codes.to_numpy().astype(int)
    cell_of_item = np.where(digital, -1, items["material_type"].cat.codes.to_numpy() * 3 + audience)
    subject, names = pd.factorize(items["subject"].to_numpy(), sort=True)
    added = day_numbers(items["added"])
    count = np.where(digital, 0, items["checkouts"].to_numpy())
    slot = np.repeat(np.arange(len(items)), count)

    cell, day = loans.material[rows].astype(int) * 3 + loans.audience[rows], loans.day[rows]
    wanted = _tastes(rng, loans.card[rows], cell, cell_of_item, subject, count, len(names))
    share = np.minimum((AS_OF + 1 - SINCE) / (AS_OF + 1 - np.maximum(added, AS_OF + 1 - 3 * 365)), 1.0)
    wait = np.where(added >= SINCE, 0.0, 1.0)[slot] * rng.exponential(1, len(slot)) / share[slot]
    group_of_slot = cell_of_item[slot] * len(names) + subject[slot]
    order = np.lexsort((wait, group_of_slot))
    slot, group_of_slot = slot[order], group_of_slot[order]
    group = cell * len(names) + wanted

    by_group = np.lexsort((rng.random(len(rows)), group))
    rank = np.arange(len(rows)) - np.searchsorted(group[by_group], group[by_group])
    place = np.searchsorted(group_of_slot, group[by_group]) + rank
    fits = group_of_slot[np.minimum(place, len(slot) - 1)] == group[by_group]
    chosen = np.full(len(rows), -1)
    chosen[by_group[fits]] = place[fits]
    chosen = _leftovers(chosen, cell, cell_of_item[slot])
    chosen = _all_of_the_new(rng, chosen, cell, cell_of_item[slot], added[slot] >= SINCE)
    item = slot[_in_order(rng, chosen, slot, day, loans.card[rows], (group, cell), added)]
    return _others_for_the_rest(rng, item, day, loans.card[rows], cell, cell_of_item, added, count)


def _tastes(rng, card, cell, cell_of_item, subject, count, subjects: int) -> np.ndarray:
    """The subject of each loan: mostly one of the reader's two favorites, which last."""
    cells = cell_of_item.max() + 1
    weight = np.zeros((cells, subjects))
    here = cell_of_item >= 0
    np.add.at(weight, (cell_of_item[here], subject[here]), count[here])
    climb = np.cumsum(weight, axis=1)
    climb = climb / climb[:, -1:].clip(1)
    # Favorites are numbers between 0 and 1 for each card and audience: the same point of every format's shelf.
    fond = rng.random((card.max(initial=0) + 1, 3, 2))[card, cell % 3]
    luck = rng.random(len(card))
    level = np.select(
        [luck < FAVORITE, luck < FAVORITE + SECOND], [fond[:, 0], fond[:, 1]], rng.random(len(card))
    )
    return (climb[cell] <= level[:, None]).sum(axis=1).clip(0, subjects - 1)


def _leftovers(chosen, cell, cell_of_slot) -> np.ndarray:
    """Slots of the same kind for loans whose subject has none left."""
    without = np.flatnonzero(chosen < 0)
    if not len(without):
        return chosen
    free = np.ones(len(cell_of_slot), dtype=bool)
    free[chosen[chosen >= 0]] = False
    free = np.flatnonzero(free)
    free = free[np.argsort(cell_of_slot[free], kind="stable")]
    without = without[np.argsort(cell[without], kind="stable")]
    rank = np.arange(len(without)) - np.searchsorted(cell[without], cell[without])
    chosen[without] = free[np.searchsorted(cell_of_slot[free], cell[without]) + rank]
    return chosen


def _all_of_the_new(rng, chosen, cell, cell_of_slot, new) -> np.ndarray:
    """Slots of new titles that no reader of their subject took go to others who borrow that kind of material."""
    unused = new.copy()
    unused[chosen] = False
    unused = np.flatnonzero(unused)
    unused = unused[np.argsort(cell_of_slot[unused], kind="stable")]
    loan = rng.permutation(np.flatnonzero(~new[chosen]))
    loan = loan[np.argsort(cell[loan], kind="stable")]
    rank = np.arange(len(unused)) - np.searchsorted(cell_of_slot[unused], cell_of_slot[unused])
    place = np.searchsorted(cell[loan], cell_of_slot[unused]) + rank
    fits = place < np.searchsorted(cell[loan], cell_of_slot[unused], side="right")
    chosen[loan[place[fits]]] = unused[fits]
    return chosen


def _in_order(rng, chosen, slot, day, card, kinds, added) -> np.ndarray:
    """Let loans change slots until no title is lent before it came, or twice to one reader on one day.

    ``kinds``: which loans may change with each other, the first for as long as that helps.
    """
    of_kind = []
    for kind in kinds:
        order = np.argsort(kind, kind="stable")
        start = np.searchsorted(kind[order], kind)
        of_kind.append((order, start, np.searchsorted(kind[order], kind, side="right") - start))
    for turn in range(24):
        wrong = (added[slot[chosen]] > day) | _again(card, day, slot[chosen])
        if not wrong.any():
            break
        order, start, size = of_kind[turn > 9]
        wrong = rng.permutation(np.flatnonzero(wrong))
        other = order[start[wrong] + (rng.random(len(wrong)) * size[wrong]).astype(int)]
        # Each loan takes part in one exchange at a time.
        _, first = np.unique(np.concatenate([wrong, other]), return_index=True)
        alone = np.zeros(2 * len(wrong), dtype=bool)
        alone[first] = True
        alone = alone[: len(wrong)] & alone[len(wrong) :]
        wrong, other = wrong[alone], other[alone]
        good = (added[slot[chosen[wrong]]] <= day[other]) & (added[slot[chosen[other]]] <= day[wrong])
        wrong, other = wrong[good], other[good]
        chosen[wrong], chosen[other] = chosen[other], chosen[wrong]
    return chosen


def _others_for_the_rest(rng, item, day, card, cell, cell_of_item, added, count) -> np.ndarray:
    """Some other title for the few loans that found nobody to change with; a handful, if any."""
    for row in np.flatnonzero((added[item] > day) | _again(card, day, item)):
        mine = item[(card == card[row]) & (day == day[row])]
        fits = np.flatnonzero((cell_of_item == cell[row]) & (added <= day[row]) & (count > 0))
        fits = fits[~np.isin(fits, mine) & (np.bincount(item, minlength=len(count))[fits] < count[fits])]
        if len(fits):
            item[row] = fits[rng.integers(len(fits))]
    return item


def _again(card, day, item) -> np.ndarray:
    """Whether a loan is not the first of its title by that reader on that day."""
    key = (card * (AS_OF + 1) + day) * (item.max(initial=0) + 1) + item
    order = np.argsort(key, kind="stable")
    same = np.zeros(len(order), dtype=bool)
    same[order[1:]] = key[order][1:] == key[order][:-1]
    return same


# The tables ----------------------------------------------------------------------------------------------


def make_export_patrons(library) -> dict:
    """The patron file as it was uploaded, by record number."""
    people = library.once("export people", _people)
    return upload.passed_on(library, people, lambda rng, count: _barcodes(rng, count, library.district))


def make_export_checkouts(library) -> dict:
    """Six months of checkouts, by day."""
    columns = _checkouts(library)
    return {"transaction_number": np.arange(1, len(columns["record_number"]) + 1), **columns}


TRUE_EXPORT = Table(
    "export",
    "Who is behind each record",
    "One row per record of export_patrons that is a person's: test cards and repeated headings are nobody's.",
    (
        Column("record_number", "integer", "As in export_patrons.", unique=True),
        Column("patron_id", "integer", "As in patrons.", unique=True, foreign_key="patrons.patron_id"),
        Column("resident_id", "integer", "The person; the same for both records of one person."),
        Column(
            "duplicate_of",
            "integer",
            "The record number of the person's first card, if this is the second and both are on file.",
            required=False,
        ),
        Column(
            "birth_date",
            "date",
            "The birth date on the record, before it was lost or mistyped in the upload.",
        ),
        Column("deceased", "boolean", "Whether the person has died and somebody told the library."),
    ),
    key=("record_number",),
)


def true_export(library) -> dict:
    """The link between the records, the patron file and the people."""
    people, cards, file = library.once("export people", _people), library._cards, library._file
    order = np.argsort(people.number)
    rows = people.row[order]
    of_card = np.zeros(len(file.number), dtype=int)
    of_card[people.row] = people.number
    first = cards.first_card[rows]
    known = (first >= 0) & file.on_file[first]
    return {
        "record_number": people.number[order],
        "patron_id": file.number[rows],
        "resident_id": cards.person[rows] + 1,
        "duplicate_of": pd.arrays.IntegerArray(of_card[first], ~known),
        "birth_date": people.columns["birth_date"][order],
        "deceased": upload.deceased(library)[rows],
    }


TABLES = {"export_patrons": make_export_patrons, "export_checkouts": make_export_checkouts}
TRUTH = {"export": (TRUE_EXPORT, true_export)}
