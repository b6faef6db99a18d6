"""The answer envelope: what is really so in a synthetic library. Open it after the analysis."""

import difflib

import numpy as np
import pandas as pd

from course_utils.library import topics
from course_utils.library.calendar import AS_OF
from course_utils.library.cards import CAUSES, SEGMENTS
from course_utils.library.patrons import NONE, day_or_missing
from course_utils.library.town import tract_ids
from course_utils.tables import LANGUAGES, Column, Table, UnknownTable, typed

SCHEMAS: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "patrons",
            "What each card really is",
            "One row per patron on file.",
            (
                Column(
                    "patron_id", "integer", "As in patrons.", unique=True, foreign_key="patrons.patron_id"
                ),
                Column("resident_id", "integer", "The person; the same for both cards of one person."),
                Column(
                    "second_card_of",
                    "integer",
                    "The person's first card, if this is the second.",
                    required=False,
                    foreign_key="patrons.patron_id",
                ),
                Column("segment", "category", "Latent way of using the library.", categories=SEGMENTS),
                Column("age", "number", "Age on the as-of date.", unit="years", minimum=0),
                Column(
                    "lapse_cause", "category", "Why the habit ended, or that it has not.", categories=CAUSES
                ),
                Column(
                    "lapsed", "date", "Day on which the habit ended; missing if it has not.", required=False
                ),
                Column("moved_away", "boolean", "Whether the person has left town."),
                Column(
                    "switched",
                    "date",
                    "Day from which a print reader borrows only digital; missing if that did not happen.",
                    required=False,
                ),
                Column("home_language", "category", "Language spoken at home.", categories=LANGUAGES),
                Column("broadband", "boolean", "Whether there is broadband at home."),
                Column("vehicle", "boolean", "Whether the household has a car."),
            ),
            key=("patron_id",),
        ),
        Table(
            "residents",
            "Everyone in town",
            "One row per resident, with or without a card. The library knows none of this about people without one.",
            (
                Column("resident_id", "integer", "Number of the person.", unique=True),
                Column(
                    "household_id", "integer", "As in households, which lists only those with a card on file."
                ),
                Column("tract_id", "string", "Neighborhood.", foreign_key="tracts.tract_id"),
                Column("age", "number", "Age on the as-of date.", unit="years", minimum=0),
                Column(
                    "segment",
                    "category",
                    "The way in which the person uses, or would use, the library.",
                    categories=SEGMENTS,
                ),
                Column("miles", "number", "By road to the nearest branch.", unit="miles", minimum=0),
                Column("language", "category", "Language spoken at home.", categories=LANGUAGES),
                Column("broadband", "boolean", "Whether there is broadband at home."),
                Column("has_card", "boolean", "Whether a card is on file."),
            ),
            key=("resident_id",),
        ),
    )
}


SCHEMAS |= {name: table for name, (table, _) in topics.TRUTH.items()}


class Truth:
    """The latent side of a library, table by table: ``library.truth.patrons``, ``library.truth.residents``.

    ``library.truth.describe("patrons")`` says what each column means. Nothing here is among the tables.
    """

    def __init__(self, library):
        self._library = library

    def __dir__(self):
        return [*super().__dir__(), *SCHEMAS]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = _schema(name)
        make = {"patrons": _patrons, "residents": _residents}.get(name) or topics.TRUTH[name][1]
        return typed(make(self._library), table)

    @staticmethod
    def describe(name: str) -> pd.DataFrame:
        """What each column of a table of the truth means."""
        return pd.DataFrame(
            [{"column": column.name, "meaning": column.description} for column in _schema(name).columns]
        ).set_index("column")


def _schema(name: str) -> Table:
    if name in SCHEMAS:
        return SCHEMAS[name]
    near = difflib.get_close_matches(str(name), SCHEMAS, n=1, cutoff=0.5)
    hint = f"did you mean “{near[0]}”?" if near else "its tables are " + ", ".join(SCHEMAS) + "."
    raise UnknownTable(f"The truth has no table “{name}”: {hint}")


def _patrons(library) -> dict:
    households, people = library._homes
    cards, file = library._cards, library._file
    rows = np.flatnonzero(file.on_file)
    first = cards.first_card[rows]
    second_of = pd.array(file.number[first], dtype="Int64")
    second_of[(first < 0) | ~file.on_file[first]] = pd.NA
    home = cards.household[rows]
    return {
        "patron_id": file.number[rows],
        "resident_id": cards.person[rows] + 1,
        "second_card_of": second_of,
        "segment": cards.segment[rows].astype(np.int8),
        "age": np.round(people.age[cards.person[rows]], 2),
        "lapse_cause": cards.cause[rows].astype(np.int8),
        "lapsed": day_or_missing(np.where(cards.lapsed[rows] > AS_OF, NONE, cards.lapsed[rows])),
        "moved_away": households.left[home] <= AS_OF,
        "switched": day_or_missing(
            np.where(
                cards.switched[rows] < np.minimum(cards.lapsed[rows], AS_OF + 1), cards.switched[rows], NONE
            )
        ),
        "home_language": households.language[home].astype(np.int8),
        "broadband": households.broadband[home],
        "vehicle": households.vehicle[home],
    }


def _residents(library) -> dict:
    households, people = library._homes
    rows = np.flatnonzero(people.resident)
    home = people.household[rows]
    holders = library._cards.person[library._file.on_file]
    return {
        "resident_id": rows + 1,
        "household_id": library._household_numbers[home],
        "tract_id": tract_ids(households.tract[home]),
        "age": np.round(people.age[rows], 2),
        "segment": library._segments[rows].astype(np.int8),
        "miles": households.miles[home].min(axis=1),
        "language": households.language[home].astype(np.int8),
        "broadband": households.broadband[home],
        "has_card": np.isin(rows, holders),
    }
