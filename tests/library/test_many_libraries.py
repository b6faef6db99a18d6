"""Every student's library is as hard as any other's: nothing is empty, nothing is tied, and no two answers agree.

On a few libraries here; on 300 with `make fair`.
"""

import os
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import pytest

from course_utils.library import Library
from course_utils.tables import AS_OF, SCHEMAS

STUDENTS = [f"student {number}" for number in range(int(os.environ.get("COURSE_FAIR_STUDENTS", 10)))]
# Tables that are the same in every library, or that describe the library and not what happened in it.
FIXED = {"branches", "campaigns", "staff_journey", "staff_personas"}


def look_at(student: str) -> dict:
    """What must be compared over libraries, for one of them."""
    library = Library.for_student(student)
    frames = {name: library[name] for name in SCHEMAS}
    present = {
        f"{name}.{column.name}": set(frame[column.name].dropna().unique())
        for name, frame in frames.items()
        for column in SCHEMAS[name].columns
        if column.type == "category" and len(frame) > 50
    }
    prints = {
        name: int(pd.util.hash_pandas_object(frame, index=False).sum()) for name, frame in frames.items()
    }
    rows = {name: len(frame) for name, frame in frames.items()}
    return {"present": present, "prints": prints, "rows": rows, "figures": figures(library)}


def figures(library) -> dict[str, float]:
    """Figures that questions ask for or divide by."""
    patrons, truth = library.patrons, library.truth.patrons
    checkouts = library.checkouts
    recent = checkouts[(checkouts["date"] > AS_OF - pd.DateOffset(months=12))]
    own = recent[recent["transaction_type"] == "checkout"]
    loans = own["patron_id"].value_counts().sort_values(ascending=False)
    fifth = round(len(loans) / 5)
    segments = truth.loc[truth["lapse_cause"] == "still here", "segment"].value_counts()
    return {
        "smallest segment": segments.min(),
        "smallest age band": patrons["age_band"].value_counts().min(),
        "smallest tract": library.tracts["population"].min(),
        "fewest cards in a tract": patrons["tract_id"]
        .value_counts()
        .reindex(library.tracts["tract_id"])
        .min(),
        "spanish notices": (patrons["language"] == "Spanish").sum(),
        # The fifth who borrow most must be a group with an edge: few share its last place.
        "tied at the cut of a fifth": (loans == loans.iloc[fifth - 1]).sum() / len(loans),
        "referred": patrons["referred_by"].notna().sum(),
        "switched": truth["switched"].notna().sum(),
        "fewest contacts of a team": library.consultations["team_id"]
        .value_counts()
        .reindex(library.teams["team_id"])
        .min(),
        "smallest arm": library.mailings.groupby(["campaign_id", "arm"], observed=True).size().min(),
        "survey answers": len(library.survey_answers),
        "comments by theme": library.comment_codes["theme"].value_counts().min(),
    }


LEAST = {
    "smallest segment": 100,
    "smallest age band": 60,
    "smallest tract": 150,
    "fewest cards in a tract": 40,
    "spanish notices": 100,
    "referred": 300,
    "switched": 80,
    "fewest contacts of a team": 20,
    "smallest arm": 35,  # of the text message pilot, which is small on purpose
    "survey answers": 180,
    "comments by theme": 15,
}


@pytest.fixture(scope="module")
def seen() -> dict[str, dict]:
    with ProcessPoolExecutor(2) as pool:
        return dict(zip(STUDENTS, pool.map(look_at, STUDENTS), strict=True))


def test_no_category_is_empty(seen):
    """What one student has to count, nobody else lacks. (Some lists name more than a table has: there are no
    computers on the bookmobile. And of twelve interviews nobody counts the places.)"""
    for column in next(iter(seen.values()))["present"]:
        anywhere = set.union(*(one["present"][column] for one in seen.values()))
        lacking = {student: anywhere - one["present"][column] for student, one in seen.items()}
        assert not any(lacking.values()), f"{column}: {lacking}"


def test_no_two_libraries_agree_on_a_table(seen):
    for name in SCHEMAS:
        if name not in FIXED:
            prints = [one["prints"][name] for one in seen.values()]
            assert len(set(prints)) == len(prints), name


def test_tables_are_of_like_size(seen):
    for name in SCHEMAS:
        rows = np.array([one["rows"][name] for one in seen.values()])
        assert rows.min() > 0, name
        assert rows.max() <= 1.8 * rows.min(), f"{name}: {rows.min()} to {rows.max()}"


@pytest.mark.parametrize("figure", LEAST)
def test_no_group_is_too_small_to_ask_about(seen, figure):
    values = {student: one["figures"][figure] for student, one in seen.items()}
    least = min(values, key=values.get)
    assert values[least] >= LEAST[figure], f"{least}: {values[least]}"


def test_no_cut_falls_into_a_large_tie(seen):
    assert max(one["figures"]["tied at the cut of a fifth"] for one in seen.values()) < 0.06


def test_answers_differ_between_any_two(seen):
    """Each of the figures takes many values, and no two libraries agree on all of them."""
    vectors = [tuple(one["figures"].values()) for one in seen.values()]
    assert len(set(vectors)) == len(vectors)
