"""The raw export: duplicates, the link to the patron file, and how little it takes to know somebody again."""

import difflib
import unicodedata
import weakref

import numpy as np
import pandas as pd

from course_utils.methods import privacy
from course_utils.tables import AS_OF, BRANCHES
from course_utils.tables.export import LIBRARIES
from recovery.checks import Found, check

_READ = weakref.WeakKeyDictionary()


def read(library) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The records and the problems of the library's export, read once."""
    if library not in _READ:
        _READ[library] = privacy.read_export(library.export_patrons)
    return _READ[library]


def the_records(library) -> pd.DataFrame:
    return read(library)[0]


def letters(name: str) -> str:
    """A name in small letters, without accents."""
    return "".join(
        one for one in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(one)
    )


def pairs_with_same(records: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Pairs of records with the same values, the smaller record number first."""
    both = records.merge(records, on=columns, suffixes=("_1", "_2"))
    return both[both["record_number_1"] < both["record_number_2"]]


def true_pairs(library) -> set:
    truth = library.truth.export[["record_number", "duplicate_of"]].dropna().astype("int64")
    return {tuple(sorted(pair)) for pair in truth[["record_number", "duplicate_of"]].itertuples(index=False)}


def found_pairs(pairs: pd.DataFrame) -> set:
    return set(zip(pairs["record_number_1"], pairs["record_number_2"], strict=True))


@check(
    "recovers",
    "duplicates: same birth date, same initial, last names alike (ratio of 0.75)",
    "finds at least 85% of them, and at least 90% of what it finds are",
)
def duplicates(library):
    records = the_records(library)[["record_number", "birth_date", "first_name", "last_name"]].dropna()
    records = records.assign(
        last=records["last_name"].map(letters), initial=records["first_name"].map(letters).str[0]
    )
    pairs = pairs_with_same(records, ["birth_date", "initial"])
    alike = [
        difflib.SequenceMatcher(None, one, other).ratio() >= 0.75
        for one, other in zip(pairs["last_1"], pairs["last_2"], strict=True)
    ]
    found, truth = found_pairs(pairs[np.array(alike, dtype=bool)]), true_pairs(library)
    recall, precision = len(found & truth) / len(truth), len(found & truth) / len(found)
    return Found(recall, 1.0, recall >= 0.85 and precision >= 0.90)


@check("misleads", "duplicates: the very same name and birth date", "finds fewer than 65% of them")
def duplicates_exact(library):
    pairs = pairs_with_same(
        the_records(library).dropna(subset="birth_date"), ["last_name", "first_name", "birth_date"]
    )
    truth = true_pairs(library)
    recall = len(found_pairs(pairs) & truth) / len(truth)
    return Found(recall, 1.0, recall < 0.65)


@check(
    "misleads", "duplicates: the same e-mail address", "fewer than 20% of the pairs it finds are one person"
)
def duplicates_by_email(library):
    records = the_records(library)[["record_number", "email"]].dropna()
    found, truth = found_pairs(pairs_with_same(records, ["email"])), true_pairs(library)
    precision = len(found & truth) / len(found)
    return Found(precision, 1.0, precision < 0.20)


@check(
    "misleads",
    "de-identification by taking out names, numbers and addresses",
    "at least 80% of the records stay alone with their birth date, postal code and home library",
)
def names_taken_out(library):
    records = the_records(library).dropna(subset="birth_date")
    size = records.groupby(["birth_date", "postal_code", "home_library"], observed=True)["barcode"].transform(
        "size"
    )
    share = float((size == 1).mean())
    return Found(share, 0.0, share >= 0.80)


@check(
    "misleads",
    "no common number, so nobody can link the export to the patron file: join on branch and the three dates",
    "at least 85% of the records are linked to one patron and no other, and rightly",
)
def no_common_number(library):
    code = dict(zip(BRANCHES, LIBRARIES, strict=True))
    patrons = library.patrons.assign(home_library=library.patrons["home_branch"].astype(str).map(code))
    patrons = patrons.rename(columns={"enrolled": "created", "last_use": "last_activity"})
    known = ["home_library", "created", "expires", "last_activity"]
    records = the_records(library)
    linked = records[["record_number", *known]].merge(patrons[["patron_id", *known]], on=known)
    linked = linked[~linked["record_number"].duplicated(keep=False)]
    linked = linked.merge(library.truth.export, on="record_number", suffixes=("", "_true"))
    share = float((linked["patron_id"] == linked["patron_id_true"]).sum() / len(records))
    return Found(share, 0.0, share >= 0.85)


@check(
    "recovers",
    "reading histories: the favorite subject of the first half, again in the second",
    "at least 1.5 times as often as that of another reader of the same audience's books",
)
def reading_history(library):
    lent = library.export_checkouts
    subjects = library.items.drop_duplicates("subject").set_index("subject")["audience"]
    lent = lent[
        lent["item_type"].isin(["book", "audiobook", "large print"])
        & (lent["subject"].map(subjects) == "adult")
    ]
    middle = lent["checkout_date"].quantile(0.5)
    halves = []
    for half in (lent[lent["checkout_date"] <= middle], lent[lent["checkout_date"] > middle]):
        count = half.groupby(["record_number", "subject"]).size().unstack(fill_value=0)
        halves.append(count[count.sum(axis=1) >= 4])
    both = halves[0].index.intersection(halves[1].index)
    first, second = (half.loc[both].idxmax(axis=1).to_numpy() for half in halves)
    own = (first == second).mean()
    share = pd.Series(second).value_counts(normalize=True)
    chance = pd.Series(first).map(share).fillna(0).mean()
    return Found(float(own), float(chance), own > 1.5 * chance)


@check(
    "recovers",
    "lines that are nobody's: headings that come again, and test cards by their names",
    "all of them are found, and nothing else, so that the records are those of the truth",
)
def nobodys_lines(library):
    records, problems = read(library)
    known = set(library.truth.export["record_number"])
    right = set(records["record_number"]) == known
    aside = int((~problems["kept"]).sum())
    return Found(
        aside,
        len(library.export_patrons) - len(known),
        right and aside == len(library.export_patrons) - len(known),
    )


@check(
    "recovers",
    "birth dates in three forms, without those that cannot be",
    "at least 98% of the records have one, and all of these are right",
)
def birth_dates(library):
    records = the_records(library)
    true = library.truth.export.set_index("record_number")["birth_date"]
    there = records.dropna(subset="birth_date")
    right = (there["birth_date"].to_numpy() == true.loc[there["record_number"]].to_numpy()).all()
    share = len(there) / len(records)
    return Found(share, 1.0, bool(right) and share >= 0.98)


@check(
    "misleads",
    "birth dates read day first, as much of the world writes them",
    "at least 100 people get a wrong birthday without a word",
)
def day_first(library):
    raw = library.export_patrons
    old = raw[raw["birth_date"].str.fullmatch(r"\d\d/\d\d/\d{4}")]
    month, day = (
        pd.to_datetime(old["birth_date"], format=form, errors="coerce") for form in ("%m/%d/%Y", "%d/%m/%Y")
    )
    wrong = int((day.notna() & (day != month)).sum())
    return Found(wrong, 0.0, wrong >= 100)


@check(
    "recovers",
    "may the record be handed on: those who agreed to news by e-mail against the others, adults who were asked",
    "they say yes more often, by 0.27 to 0.47",
)
def yes_by_consent(library):
    records = the_records(library).merge(
        library.truth.export[["record_number", "patron_id"]], on="record_number"
    )
    records = records.merge(
        library.patrons[["patron_id", "has_email", "email_consent", "age_band"]], on="patron_id"
    )
    asked = records[records["privacy_choice"].notna() & ~records["age_band"].isin(["0-5", "6-12"])]
    yes = (asked["privacy_choice"] == "yes").groupby(asked["email_consent"] & asked["has_email"]).mean()
    found = float(yes[True] - yes[False])
    return Found(found, 0.37, 0.27 <= found <= 0.47)


@check(
    "misleads",
    "the patron file says who can be marketed to: those whose note says that they have died",
    "10 or more are still on file",
)
def died(library):
    found = int(the_records(library)["note"].str.contains("deceased", case=False).sum())
    true = int(library.truth.export["deceased"].sum())
    return Found(found, float(true), found == true and found >= 10)


@check(
    "recovers",
    "ten years of birth, four digits of the postal code and the home library, and no dates",
    "at least 97% of the records are in groups of ten or more",
)
def coarse(library):
    table = privacy.coarsened(the_records(library), when="none")
    share = float((privacy.group_sizes(table, ["born", "postal_code", "home_library"]) >= 10).mean())
    return Found(share, 1.0, share >= 0.97)


@check(
    "recovers",
    "the link by branch and three dates, when the dates are years",
    "fewer than 6% of the records are linked",
)
def years_only(library):
    records = the_records(library)
    known = privacy.as_export(library.patrons)
    on = ["home_library", *privacy.DAYS]
    numbers = records["record_number"]
    years, theirs = (
        table.assign(**{day: table[day].dt.year for day in privacy.DAYS}) for table in (records, known)
    )
    share = len(privacy.linked(years.assign(record_number=numbers), theirs, on)) / len(records)
    return Found(share, 0.0, share < 0.06)


@check(
    "misleads",
    "groups of ten or more in the patron file hide what somebody reads",
    "in some of them at most three people borrowed in six months",
)
def few_readers(library):
    records = the_records(library)
    table = privacy.coarsened(records, when="none")
    columns = ["born", "postal_code", "home_library"]
    table["k"] = privacy.group_sizes(table, columns)
    table["reads"] = records["record_number"].isin(library.export_checkouts["record_number"])
    large = table[table["k"] >= 10]
    readers = large.groupby(columns, observed=True, dropna=False)["reads"].sum()
    least = int(readers[readers > 0].min())
    return Found(least, 10.0, least <= 3)


@check(
    "misleads",
    "everybody in the upload agreed to it: checkouts of those who said no",
    "more than 4 of 10",
)
def said_no(library):
    records, lent = the_records(library), library.export_checkouts
    no = records.loc[records["privacy_choice"] == "no", "record_number"]
    share = float(lent["record_number"].isin(no).mean())
    return Found(share, 0.0, share > 0.4)


@check(
    "recovers",
    "records that the library's own schedule would have deleted, of all records",
    "the same as three years after expiry or the latest use; between 6% and 13%",
)
def overdue(library):
    records = the_records(library)
    last = records["last_activity"].fillna(records["created"])
    due = pd.concat([last, records["expires"]], axis=1).max(axis=1) + pd.DateOffset(years=3)
    share = float((records["purge_after"] < AS_OF).mean())
    true = float((due < AS_OF).mean())
    return Found(share, true, share == true and 0.06 <= share <= 0.13)
