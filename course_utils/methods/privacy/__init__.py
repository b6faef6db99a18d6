"""What an export gives away: reading one that is a mess, groups of people who look alike, links, hashes, duplicates.

Sources: k-anonymity from Sweeney (2002), ℓ-diversity from Machanavajjhala et al. (2007), likeness by the ratio of
Ratcliff and Obershelp as in Python's ``difflib``.
"""

import csv
import difflib
import hashlib
import hmac
import io
import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils.errors import CourseError
from course_utils.messages import say
from course_utils.tables import AS_OF, BRANCHES, SCHEMAS
from course_utils.tables.export import LIBRARIES

DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y")
PLACEHOLDER = pd.Timestamp("1900-01-01")
OLDEST = 120  # years; nobody on file is older
IDENTIFIERS = [
    "record_number",
    "barcode",
    "last_name",
    "first_name",
    "address",
    "phone",
    "email",
    "guardian",
    "note",
]
DAYS = ["created", "expires", "last_activity"]
GROUPS = ["born", "postal_code", "home_library"]
TEST_CARD = re.compile(r"\b(?:zz)?test\b|\btraining card\b|\bdo not use\b|\bdisplay card\b", re.IGNORECASE)
PROBLEMS = ["line", "kind", "column", "found", "kept", "said"]
BORN = {
    "day": "the day",
    "year": "the year",
    "5 years": "five years",
    "10 years": "ten years",
    "none": "left out",
}
PLACE = {"all": "all five digits", "area": "the first four digits", "none": "left out"}
WHEN = {"day": "the day", "month": "the month", "year": "the year", "none": "left out"}


# Reading ------------------------------------------------------------------------------------------------


def read_file(path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A file of an export as text, one row per line that has as many fields as there are headings.

    Parameters
    ----------
    path : of a CSV file with the columns of ``export_patrons``, apart from ``line``.

    Returns
    -------
    The lines, with the column ``line`` in front; and what was wrong, as :func:`read_export` says it: lines that are
    too long or too short are set aside, and a file that is not UTF-8 is read as Windows' Latin letters.

    Raises
    ------
    CourseError
        If the file is empty, is no table, or lacks a column that is needed.
    """
    data = Path(path).read_bytes()
    problems = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = data[: error.start].count(b"\n") + 1
        text = data.decode("cp1252", errors="replace")
        problems.append(_problem(at, "wrong encoding", "", "", True))
    if "\0" in text:
        at = text[: text.index("\0")].count("\n") + 1
        raise CourseError(say("privacy.no_text", file=Path(path).name, line=at))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows:
        raise CourseError(say("privacy.empty", file=Path(path).name))
    heading = [one.strip() for one in rows[0]]
    missing = [one for one in SCHEMAS["export_patrons"].names[1:] if one not in heading]
    if missing:
        raise CourseError(say("privacy.no_column", file=Path(path).name, columns=", ".join(missing)))
    kept = []
    for line, row in enumerate(rows[1:], start=2):
        if len(row) == len(heading):
            kept.append([line, *row])
        elif row:
            problems.append(_problem(line, "wrong length", "", f"{len(row)} fields", False))
    raw = pd.DataFrame(kept, columns=["line", *heading], dtype=str).replace("", np.nan)
    return raw.astype({"line": "int64"}), _as_table(problems)


def read_export(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records of a raw export as a table that one can count with, and everything that was wrong with it.

    Nothing leaves without being counted: the rows of ``raw`` are those of the records and those that a problem says
    are not kept.

    Parameters
    ----------
    raw : as ``export_patrons`` is, or as :func:`read_file` gives it: text, with the number of each ``line``.

    Returns
    -------
    records : one row per record, in the order of the file, with the columns of ``raw``: ``record_number`` (integer),
        ``birth_date``, ``created``, ``expires``, ``last_activity``, ``purge_after`` (dates; missing if there is none
        or it can't be), ``money_owed`` (US dollars), ``guardian`` (integer or missing); names with their letters.
    problems : one row per problem: ``line``, ``kind``, ``column``, ``found`` (what stands there), ``kept`` (whether
        the record is kept), ``said`` (a sentence).
    """
    problems = []
    names = [one for one in raw.columns if one not in ("line", "record_number", "guardian")]
    again = pd.concat([raw[one].astype(str) == one for one in names], axis=1).mean(axis=1) > 0.5
    problems += [_problem(line, "heading again", "", "", False) for line in raw.loc[again, "line"]]
    rest = raw[~again]
    whole = (rest["last_name"].fillna("") + " " + rest["first_name"].fillna("")).astype(str)
    is_test = whole.str.contains(TEST_CARD) & ~rest["last_name"].isna()
    problems += [
        _problem(line, "test card", "last_name", name, False)
        for line, name in zip(rest.loc[is_test, "line"], whole[is_test], strict=True)
    ]
    rest = rest[~is_test]
    number = pd.to_numeric(rest["record_number"], errors="coerce")
    fine = number.notna() & (number % 1 == 0) & (number > 0)
    twice = fine & number.where(fine).duplicated()
    for is_so, kind in ((~fine, "no number"), (twice, "number twice")):
        problems += [
            _problem(line, kind, "record_number", found, False)
            for line, found in zip(rest.loc[is_so, "line"], rest.loc[is_so, "record_number"], strict=True)
        ]
    rest = rest[fine & ~twice]
    records = rest.assign(record_number=number[rest.index].astype("int64"))
    for column in ("last_name", "first_name", "address", "note"):
        mended = repaired(records[column])
        changed = mended.fillna("") != records[column].fillna("")
        problems += [
            _problem(line, "garbled letters", column, found, True)
            for line, found in zip(records.loc[changed, "line"], records.loc[changed, column], strict=True)
        ]
        records[column] = mended
    for column in ("created", "expires", "last_activity", "purge_after", "birth_date"):
        text = records[column]
        records[column] = dates(text)
        unreadable = records[column].isna() & text.notna()
        problems += _of(rest, unreadable, "no such day", column, text)
    born = records["birth_date"]
    placeholder = born == PLACEHOLDER
    early = (born < AS_OF - pd.DateOffset(years=OLDEST)) & ~placeholder
    late = (born > records["created"]) | (born > AS_OF)
    for is_so, kind in ((placeholder, "placeholder"), (early, "too long ago"), (late, "not born yet")):
        problems += _of(rest, is_so, kind, "birth_date", rest["birth_date"])
    records["birth_date"] = born.mask(placeholder | early | late)
    owed = pd.to_numeric(records["money_owed"], errors="coerce")
    problems += _of(
        rest, owed.isna() & rest["money_owed"].notna(), "no amount", "money_owed", rest["money_owed"]
    )
    records["money_owed"] = owed
    records["guardian"] = pd.to_numeric(records["guardian"], errors="coerce").astype("Int64")
    found = _as_table(problems).sort_values("line", kind="stable", ignore_index=True)
    return records.reset_index(drop=True), found


def _as_table(problems: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(problems, columns=PROBLEMS).astype({"line": "int64", "kept": bool})


def _of(raw, is_so, kind, column, texts) -> list[dict]:
    return [
        _problem(line, kind, column, found, True)
        for line, found in zip(raw.loc[is_so, "line"], texts[is_so], strict=True)
    ]


def _problem(line, kind, column, found, kept) -> dict:
    said = say(f"privacy.{kind.replace(' ', '_')}", line=f"{line:,}", column=column, found=found)
    return {"line": int(line), "kind": kind, "column": column, "found": found, "kept": kept, "said": said}


def dates(texts: pd.Series, forms: tuple[str, ...] = DATE_FORMS) -> pd.Series:
    """Dates of texts that are written in one of several forms, missing where none of them fits."""
    found = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    clean = texts.astype("str").str.strip()
    for form in forms:
        found = found.fillna(pd.to_datetime(clean, format=form, errors="coerce").astype("datetime64[us]"))
    return found


def repaired(texts: pd.Series) -> pd.Series:
    """Texts of UTF-8 that were read as Windows' Latin letters, read rightly: JosÃ© is José. Others stay as they are."""
    odd = texts[[isinstance(text, str) and not text.isascii() for text in texts]]
    mended = texts.copy()
    mended.loc[odd.index] = odd.map(_in_its_encoding)
    return mended


def _in_its_encoding(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


# Who may be in a table that leaves the library --------------------------------------------------------------


def has_died(records: pd.DataFrame) -> pd.Series:
    """Whether somebody has told the library that this person died: True or False, with the rows' labels."""
    return records["note"].str.contains("deceased", case=False, na=False)


def names_no_guardian(records: pd.DataFrame) -> pd.Series:
    """Whether it is a child's card on which no guardian with a card is named: True or False, with the rows' labels."""
    return (records["patron_type"] == "3") & records["guardian"].isna()


def may_go(records: pd.DataFrame, *, as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    """The records that may be in a table for somebody outside.

    Those who said yes; not past the day on which the library should have deleted them; not known to have died; and no
    child for whom nobody could have answered.

    Parameters
    ----------
    records : as :func:`read_export` gives them.
    as_of : the day of the table.

    Returns
    -------
    Some rows of ``records``, with their labels.
    """
    said_yes = records["privacy_choice"] == "yes"
    is_kept = records["purge_after"] >= as_of
    return records[said_yes & is_kept & ~has_died(records) & ~names_no_guardian(records)]


# Groups of people who look alike -------------------------------------------------------------------------


def group_sizes(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    """For each row, how many rows have the same values in ``columns``. A missing value is a value of its own."""
    columns = list(columns)
    if not columns:
        return pd.Series(len(table), index=table.index)
    groups = table.groupby(columns, observed=True, dropna=False)
    return groups[columns[0]].transform("size").astype("int64")


def k_anonymity(table: pd.DataFrame, columns: list[str]) -> int:
    """The size of the smallest group of rows with the same values in ``columns`` (Sweeney 2002); 0 without rows."""
    return int(group_sizes(table, columns).min()) if len(table) else 0


def l_diversity(table: pd.DataFrame, columns: list[str], sensitive: str) -> int:
    """The smallest number of different values of ``sensitive`` in a group (distinct ℓ, Machanavajjhala 2007).

    0 without rows. A missing value is a value of its own.
    """
    if not len(table):
        return 0
    if not columns:
        return table[sensitive].nunique(dropna=False)
    groups = table.groupby(list(columns), observed=True, dropna=False)
    return int(groups[sensitive].nunique(dropna=False).min())


def coarsened(
    records: pd.DataFrame,
    *,
    born: str = "10 years",
    place: str = "area",
    library: bool = True,
    when: str = "year",
    card: bool = False,
    as_of: pd.Timestamp = AS_OF,
) -> pd.DataFrame:
    """The records without identifiers, and with the rest made as coarse as is said.

    Parameters
    ----------
    records : as :func:`read_export` gives them.
    born : one of ``BORN``; ``"10 years"`` is the first year of ten.
    place : one of ``PLACE``.
    library : whether the home library stays.
    when : one of ``WHEN``, for the three dates of the card.
    card : whether the type of card stays.
    as_of : the day on which we count.

    Returns
    -------
    One row per record, with the rows' labels of ``records``: ``born``, ``postal_code``, ``home_library``,
    ``created``, ``expires``, ``last_activity``, ``patron_type`` (as far as they are not left out), and ``active`` (used
    in the twelve months before ``as_of``).

    Raises
    ------
    ValueError
        If a choice is none of those.
    """
    for choice, known in ((born, BORN), (place, PLACE), (when, WHEN)):
        if choice not in known:
            raise ValueError(f"{choice!r} is none of {', '.join(known)}")
    found = pd.DataFrame(index=records.index)
    year = records["birth_date"].dt.year.astype("Int64")
    if born == "day":
        found["born"] = records["birth_date"]
    elif born != "none":
        width = int(born.partition(" ")[0]) if " " in born else 1
        found["born"] = year // width * width
    if place != "none":
        found["postal_code"] = records["postal_code"] if place == "all" else records["postal_code"].str[:4]
    if library:
        found["home_library"] = records["home_library"]
    if when != "none":
        for column in DAYS:
            day = records[column]
            found[column] = day if when == "day" else day.dt.to_period({"month": "M", "year": "Y"}[when])
    if card:
        found["patron_type"] = records["patron_type"]
    found["active"] = (records["last_activity"] > as_of - pd.DateOffset(months=12)).to_numpy()
    return found


ANSWERS = {
    "people with a card": "always",
    "people whose card is valid": "the dates of the card, by the day",
    "people who used it in 12 months": "always, by yes or no",
    "… of the bookmobile": "the home library",
    "… with the postal code 00021": "all digits of the postal code",
    "… born in 2010 or later": "the year of birth, or five or ten years",
}


def answers(table: pd.DataFrame, *, as_of: pd.Timestamp = AS_OF) -> pd.Series:
    """What a table can still say of the questions of week 1.

    Parameters
    ----------
    table : that of :func:`coarsened`, or some of its rows.
    as_of : the day on which we count.

    Returns
    -------
    A number of people for each of ``ANSWERS``, missing where the table no longer says it; a table without rows says
    nothing.
    """
    found = dict.fromkeys(ANSWERS, float("nan"))
    if not len(table):
        return pd.Series(found).astype("Int64")
    active = table["active"]
    names = list(ANSWERS)
    found[names[0]], found[names[2]] = len(table), active.sum()
    if "expires" in table and table["expires"].dtype.kind == "M":  # a month says nothing of its own cards
        found[names[1]] = (table["expires"] >= as_of).sum()
    if "home_library" in table:
        found[names[3]] = (active & (table["home_library"] == LIBRARIES[-1])).sum()
    if "postal_code" in table and table["postal_code"].str.len().max() == 5:
        found[names[4]] = (active & (table["postal_code"] == "00021")).sum()
    if "born" in table:
        born = table["born"]
        year = born.dt.year if born.dtype.kind == "M" else born
        found[names[5]] = (active & (year >= 2010).fillna(False).astype(bool)).sum()
    return pd.Series(found).astype("Int64")


# Links ---------------------------------------------------------------------------------------------------


def as_export(patrons: pd.DataFrame) -> pd.DataFrame:
    """The patron file with the export's words for what both have.

    ``patrons`` is the table of that name. One row per patron: ``patron_id``, ``home_library``, ``created``,
    ``expires``, ``last_activity``.
    """
    code = dict(zip(BRANCHES, LIBRARIES, strict=True))
    return pd.DataFrame(
        {
            "patron_id": patrons["patron_id"],
            "home_library": patrons["home_branch"].astype("str").map(code),
            "created": patrons["enrolled"],
            "expires": patrons["expires"],
            "last_activity": patrons["last_use"],
        }
    )


def linked(records: pd.DataFrame, known: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """The records that meet exactly one row of another table, and the other way around.

    Parameters
    ----------
    records : one row per record, with the columns ``on``.
    known : a table that has them, too, such as that of :func:`as_export`.

    Returns
    -------
    One row per record that is linked, with the columns of both. A missing value meets a missing value.
    """
    left = records.assign(_left=range(len(records)))
    right = known.assign(_right=range(len(known)))
    left = left[group_sizes(left, on) == 1]
    right = right[group_sizes(right, on) == 1]
    return left.merge(right, on=on, suffixes=("", "_known")).drop(columns=["_left", "_right"])


# Hashes --------------------------------------------------------------------------------------------------


def hashed(text: str, key: str | None = None) -> str:
    """A fingerprint of a text: 64 letters and digits, by SHA-256; with a secret ``key``, by HMAC."""
    if key is None:
        return hashlib.sha256(text.encode()).hexdigest()
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def guess_barcode(fingerprint: str, like: str) -> tuple[str | None, int]:
    """Try every barcode that begins as a card of one's own does, until one has this fingerprint.

    Parameters
    ----------
    fingerprint : that of :func:`hashed`.
    like : a barcode of the same library: 14 digits, of which the first seven are the same on every card.

    Returns
    -------
    The barcode, None if there is none; and how many were tried, of a million at most.
    """
    first = int(like[:7]) * 1_000_000
    for start in range(first, first + 1_000_000, 50_000):  # in parts, so that a lucky guess is a quick one
        for count, code in enumerate(_barcodes(start, 50_000), start - first + 1):
            if hashlib.sha256(b"%d" % code).hexdigest() == fingerprint:
                return str(code), count
    return None, 1_000_000


def _barcodes(start: int, count: int) -> list[int]:
    """The barcodes whose first 13 digits are ``start`` and the numbers after it; the last is a check digit (Luhn)."""
    number = np.arange(start, start + count)
    digits = number[:, None] // 10 ** np.arange(12, -1, -1) % 10
    double = digits[:, ::2] * 2
    total = (double - 9 * (double > 9)).sum(axis=1) + digits[:, 1::2].sum(axis=1)
    return (number * 10 + -total % 10).tolist()


# What they read -----------------------------------------------------------------------------------------


def favorite_subjects(checkouts: pd.DataFrame) -> pd.Series:
    """The subject that each person borrowed most often, by ``record_number``; of two as often, the first by letters."""
    times = (
        checkouts.groupby(["record_number", "subject"], observed=True).size().rename("times").reset_index()
    )
    times = times.sort_values(["times", "subject"], ascending=[False, True], kind="stable")
    return times.drop_duplicates("record_number").set_index("record_number")["subject"].sort_index()


def readers(
    table: pd.DataFrame, records: pd.DataFrame, checkouts: pd.DataFrame, column: str = "reads"
) -> pd.DataFrame:
    """The rows of a table of :func:`coarsened` whose person borrowed something, with a column more: what they read.

    ``records`` has the same labels of rows and the ``record_number``. What is read, in ``column``, is that
    of :func:`favorite_subjects`.
    """
    reads = records["record_number"].map(favorite_subjects(checkouts))
    return table.assign(**{column: reads[table.index]}).dropna(subset=column)


# Duplicates ----------------------------------------------------------------------------------------------


def plain_letters(name: str) -> str:
    """A name in small letters, without accents."""
    parts = unicodedata.normalize("NFKD", name.lower())
    return "".join(one for one in parts if not unicodedata.combining(one))


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1, by the letters that they share in order; accents and capitals aside."""
    return difflib.SequenceMatcher(None, plain_letters(one), plain_letters(other)).ratio()


def pairs(records: pd.DataFrame, same: list[str]) -> pd.DataFrame:
    """All pairs of records with the same values in the columns ``same``; a missing value is like no other.

    One row per pair: ``record_1`` and ``record_2`` (record numbers, the smaller one first) and ``likeness`` (of the
    last names, 0 to 1).
    """
    here = records[["record_number", "last_name", *[one for one in same if one != "last_name"]]].dropna(
        subset=same
    )
    both = here.merge(here, on=same, suffixes=("_1", "_2"))
    both = both[both["record_number_1"] < both["record_number_2"]]
    if "last_name" in same:
        return _pairs(both, np.ones(len(both)))
    alike = [likeness(a, b) for a, b in zip(both["last_name_1"], both["last_name_2"], strict=True)]
    return _pairs(both, alike)


def _pairs(both, alike) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "record_1": both["record_number_1"].to_numpy(),
            "record_2": both["record_number_2"].to_numpy(),
            "likeness": np.asarray(alike, dtype=float),
        }
    )


def with_initial(records: pd.DataFrame) -> pd.DataFrame:
    """The records with a column more: ``initial``, the first letter of the first name, small and without an accent."""
    return records.assign(initial=records["first_name"].map(plain_letters).str[:1])


def same_person(found: pd.DataFrame, truth: pd.DataFrame) -> pd.Series:
    """For each pair of :func:`pairs`, whether both records are one person's, by the truth about the export."""
    person = truth.set_index("record_number")["resident_id"]
    return found["record_1"].map(person) == found["record_2"].map(person)


def checked(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """The pairs with a column more: :func:`same_person`."""
    return found.assign(same_person=same_person(found, truth))


RULES = ("same name", "same e-mail", "alike")


def found_by_rules(records: pd.DataFrame, truth: pd.DataFrame, *, cut: float = 0.75) -> pd.DataFrame:
    """The pairs that three rules take for one person, and whether they are.

    The rules: the very same name and birth date; the same e-mail address; the same birth date and initial, and last
    names of a :func:`likeness` of ``cut`` or more.

    Returns
    -------
    One row per rule and pair: ``rule`` (one of ``RULES``), ``record_1``, ``record_2``, ``likeness``, ``same_person``.
    """
    alike = pairs(with_initial(records), ["birth_date", "initial"])
    found = [
        pairs(records, ["last_name", "first_name", "birth_date"]),
        pairs(records, ["email"]),
        alike[alike["likeness"] >= cut],
    ]
    whole = pd.concat(
        [one.assign(rule=rule) for rule, one in zip(RULES, found, strict=True)], ignore_index=True
    )
    return checked(whole, truth)[["rule", "record_1", "record_2", "likeness", "same_person"]]


def duplicates(truth: pd.DataFrame) -> int:
    """How many pairs of records are one person's."""
    of_one = truth["resident_id"].value_counts()
    return int((of_one * (of_one - 1) // 2).sum())
