"""The raw export: duplicates, the link to the patron file, and how little it takes to know somebody again."""

import difflib
import unicodedata

import numpy as np
import pandas as pd

from course_utils.tables import BRANCHES
from course_utils.tables.export import LIBRARIES
from recovery.checks import Found, check


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
    truth = library.truth.export.dropna().astype("int64")
    return {tuple(sorted(pair)) for pair in truth[["record_number", "duplicate_of"]].itertuples(index=False)}


def found_pairs(pairs: pd.DataFrame) -> set:
    return set(zip(pairs["record_number_1"], pairs["record_number_2"], strict=True))


@check(
    "recovers",
    "duplicates: same birth date, same initial, last names alike (ratio of 0.75)",
    "finds at least 85% of them, and at least 90% of what it finds are",
)
def duplicates(library):
    records = library.export_patrons[["record_number", "birth_date", "first_name", "last_name"]]
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
    pairs = pairs_with_same(library.export_patrons, ["last_name", "first_name", "birth_date"])
    truth = true_pairs(library)
    recall = len(found_pairs(pairs) & truth) / len(truth)
    return Found(recall, 1.0, recall < 0.65)


@check(
    "misleads", "duplicates: the same e-mail address", "fewer than 20% of the pairs it finds are one person"
)
def duplicates_by_email(library):
    records = library.export_patrons[["record_number", "email"]].dropna()
    found, truth = found_pairs(pairs_with_same(records, ["email"])), true_pairs(library)
    precision = len(found & truth) / len(found)
    return Found(precision, 1.0, precision < 0.20)


@check(
    "misleads",
    "de-identification by taking out names, numbers and addresses",
    "at least 80% of the records stay alone with their birth date, postal code and home library",
)
def names_taken_out(library):
    records = library.export_patrons
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
    records = library.export_patrons.assign(home_library=library.export_patrons["home_library"].astype(str))
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
