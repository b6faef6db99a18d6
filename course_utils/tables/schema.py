"""What a table is: columns, their meanings and their rules; and the words that several tables share."""

import functools
from dataclasses import dataclass
from typing import Any

import pandas as pd

AS_OF = pd.Timestamp("2025-08-31")
"""The day on which the data stop. Nothing in the course depends on today."""

FIRST_DAY = pd.Timestamp("2022-09-01")
"""The first day of the 36 months for which there are events."""

DTYPES = {
    "string": "str",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "date": "datetime64[us]",
    "category": "category",
}


@functools.cache
def _categorical(categories: tuple[str, ...], ordered: bool) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(list(categories), ordered=ordered)


@dataclass(frozen=True)
class Column:
    """One column: its meaning, and the rules that every value keeps.

    ``type`` is one of the keys of ``DTYPES``. ``categories`` lists the allowed values, from low to high if
    ``ordered``. ``minimum`` and ``maximum`` are inclusive; for a date they are ISO text.
    ``foreign_key`` is ``"table.column"``. A column that is not ``required`` may have missing values.
    """

    name: str
    type: str
    description: str
    unit: str = ""
    required: bool = True
    unique: bool = False
    minimum: float | str | None = None
    maximum: float | str | None = None
    categories: tuple[str, ...] = ()
    ordered: bool = False
    foreign_key: str = ""

    @property
    def dtype(self) -> "str | pd.CategoricalDtype":
        """The pandas dtype, as :func:`load` gives it."""
        if self.type == "category":
            return _categorical(self.categories, self.ordered)
        if self.type == "integer" and not self.required:
            return "Int64"
        if self.type == "boolean" and not self.required:
            return "boolean"
        return DTYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One table. ``key`` names the columns that together tell rows apart; ``gzip`` says that it is large.

    A town made in several districts has the rows of all of them, with two exceptions: a table that does not grow
    with the town is there ``once``, and in one with a row for each place and day the columns named by ``adds_up``
    are added up.
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    gzip: bool = False
    once: bool = False
    adds_up: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file in ``data/``."""
        return f"{self.name}.csv.gz" if self.gzip else f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


AGE_BANDS = ("0-5", "6-12", "13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
BRANCHES = ("MAIN", "NORTH", "HARBOR", "BOOKM")
PATRON_CATEGORIES = ("child", "young adult", "adult", "senior", "e-card")
AUDIENCES = ("child", "young adult", "adult")
PHYSICAL = ("book", "large print", "audiobook", "dvd", "music", "magazine", "game")
DIGITAL = ("ebook", "eaudiobook", "emagazine", "evideo")
LANGUAGES = ("English", "Spanish", "Portuguese", "other")
HEARD = ("friend or family", "school", "staff out in town", "web search", "event", "walked in")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Parts of columns that several tables share.
BRANCH: dict[str, Any] = {"type": "category", "categories": BRANCHES, "foreign_key": "branches.branch"}
DAY: dict[str, Any] = {"type": "date", "minimum": f"{FIRST_DAY:%Y-%m-%d}", "maximum": f"{AS_OF:%Y-%m-%d}"}
SHARE: dict[str, Any] = {"type": "number", "minimum": 0, "maximum": 1, "unit": "share, 0 to 1"}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}
MILES: dict[str, Any] = {"type": "number", "minimum": 0, "unit": "miles"}
PATRON: dict[str, Any] = {"type": "integer", "foreign_key": "patrons.patron_id"}


def limits(column: Column) -> tuple:
    """Lowest and highest allowed value, as the frame holds them; None where there is no limit."""
    both = (column.minimum, column.maximum)
    if column.type == "date":
        return tuple(None if limit is None else pd.Timestamp(limit) for limit in both)
    return both
