"""What the staff think, believe and guess about patrons."""

from statistics import NormalDist

import numpy as np
import pandas as pd

from course_utils.library.journeys import (
    BORROWED,
    CLICKED,
    DESK,
    EMAIL,
    INSIDE,
    MADE,
    PROGRAM,
    SEARCHED,
    SENT,
    WEB,
)
from course_utils.tables import AS_OF, AUDIENCES, DIGITAL, PHYSICAL, Column, Table
from course_utils.tables.staff import ATTRIBUTES, PERSONAS, ROLES

A_YEAR_AGO = AS_OF - pd.DateOffset(months=12)


def make_staff_journey(library) -> dict:
    """What is on the whiteboard: the same in every library."""
    steps = (
        (MADE, DESK, 0),
        (SENT, EMAIL, 1),
        (CLICKED, EMAIL, 3),
        (SEARCHED, WEB, 7),
        (BORROWED, INSIDE, 14),
        (PROGRAM, INSIDE, 30),
    )
    event, channel, by_day = (np.array(part) for part in zip(*steps, strict=True))
    return {
        "step": np.arange(1, len(steps) + 1),
        "event": event.astype(np.int8),
        "channel": channel.astype(np.int8),
        "by_day": by_day,
    }


# Guesses ----------------------------------------------------------------------------------------------------

# Staff are off by so much (logit, or log for a number of people; standard deviation); part of it they share.
OFF, SHARED = 0.5, 0.3
# A range that holds the truth in 80 of 100 cases would be 1.28 standard deviations to each side. Theirs is so much of it.
SURE = 0.40
QUESTIONS = {
    "active": "Of 100 cards on file, how many were used in the last 12 months?",
    "never": "Of 100 cards on file, how many have never been used?",
    "digital": "Of 100 checkouts and renewals in the last 12 months, how many were digital?",
    "automatic": "Of 100 checkouts and renewals in the last 12 months, how many did the system make by itself?",
    "children": "Of 100 checkouts and renewals in the last 12 months, how many were of things for children?",
    "top_fifth": "Of 100 checkouts (not renewals) in the last 12 months, how many were made by the fifth of the active"
    " patrons who borrow most?",
    "seniors": "Of 100 cards used in the last 12 months, how many belong to people of 65 and over?",
    "email": "Of 100 cards on file, how many have an e-mail address?",
    "survey": "Of 100 people invited to the patron survey in spring, how many answered?",
    "heads": "How many people come to a program, on average over the last 12 months?",
}


def answers(library) -> dict[str, float]:
    """The true answers, counted in the tables."""
    patrons, checkouts, programs = library["patrons"], library["checkouts"], library["programs"]
    active = (patrons["last_use"] > A_YEAR_AGO).to_numpy()
    lately = (checkouts["date"] > A_YEAR_AGO).to_numpy()

    def among(column, value):
        codes = checkouts[column].cat.codes.to_numpy()[lately]
        return (codes == checkouts[column].cat.categories.get_loc(value)).mean()

    first = lately & (checkouts["transaction_type"] == "checkout").to_numpy()
    start = patrons["patron_id"].iloc[0]
    size = patrons["patron_id"].iloc[-1] - start + 1
    made = np.bincount(checkouts["patron_id"].to_numpy()[first] - start, minlength=size)
    made = np.sort(made[patrons["patron_id"].to_numpy()[active] - start])[::-1]
    return {
        "active": 100 * active.mean(),
        "never": 100 * patrons["last_use"].isna().mean(),
        "digital": 100 * among("usage_class", "digital"),
        "automatic": 100 * among("transaction_type", "automatic renewal"),
        "children": 100 * among("audience", "child"),
        "top_fifth": 100 * made[: round(len(made) / 5)].sum() / made.sum(),
        "seniors": 100 * patrons["age_band"].isin(["65-74", "75+"])[active].mean(),
        "email": 100 * patrons["has_email"].mean(),
        "survey": 100 * library["survey_invitations"]["answered"].mean(),
        "heads": float(programs.loc[programs["date"] > A_YEAR_AGO, "attended"].mean()),
    }


def make_staff_guesses(library) -> dict:
    """Six members of staff, ten questions: a best guess each, and a range that is too narrow."""
    rng, true = library._stream("staff guesses"), library.once("answers", answers)
    staff, asked = len(ROLES), len(QUESTIONS)

    def spread(count):  # as normal numbers fall, without the luck of the draw
        normal = NormalDist()
        return rng.permutation([normal.inv_cdf((row + 0.5) / count) for row in range(count)])

    off = np.sqrt(SHARED) * spread(asked) + np.sqrt(1 - SHARED) * spread(staff * asked).reshape(staff, asked)
    wide = NormalDist().inv_cdf(0.9) * SURE * OFF * rng.lognormal(0, 0.2, (staff, asked))
    value = np.array([true[key] for key in QUESTIONS])
    people = np.array([key == "heads" for key in QUESTIONS])
    share = np.clip(value / 100, 0.01, 0.99)
    middle = np.where(people, np.log(value), np.log(share / (1 - share))) + OFF * off

    def back(level):
        return np.round(np.where(people, np.exp(level), 100 / (1 + np.exp(-level)))).astype(int)

    best = back(middle)
    return {
        "staff_id": np.repeat(np.arange(staff, dtype=np.int8), asked),
        "question_key": list(QUESTIONS) * staff,
        "question": list(QUESTIONS.values()) * staff,
        "low": back(middle - wide).ravel(),
        "best": best.ravel(),
        "high": np.maximum(back(middle + wide), best).ravel(),
    }


# Personas ---------------------------------------------------------------------------------------------------

# What is believed of each persona, whether it defines it, and the share of active patrons that staff take it for.
BELIEFS = {
    "storytime parent": (
        0.30,
        (
            ("category", "adult", True),
            ("borrows for", "child", True),
            ("borrows mostly", "book", False),
            ("language", "English", False),
            ("distance", "within 1 mile", False),
            ("preferred_contact", "text", False),
            ("comes to programs", "yes", False),
        ),
    ),
    "retired reader": (
        0.35,
        (
            ("category", "senior", True),
            ("borrows for", "adult", True),
            ("borrows mostly", "large print", False),
            ("language", "English", False),
            ("preferred_contact", "mail", False),
            ("comes to programs", "yes", False),
            ("uses the computers", "no", False),
        ),
    ),
    "young digital native": (
        0.20,
        (
            ("borrows mostly", "ebook", True),
            ("age_band", "18-24", False),
            ("category", "e-card", False),
            ("preferred_contact", "text", False),
            ("takes print home", "no", False),
            ("uses the computers", "no", False),
        ),
    ),
    "computer regular": (
        0.10,
        (
            ("category", "adult", True),
            ("uses the computers", "yes", True),
            ("age_band", "45-54", False),
            ("language", "Spanish", False),
            ("home_branch", "HARBOR", False),
            ("distance", "within 1 mile", False),
            ("comes to programs", "no", False),
        ),
    ),
}


def make_staff_personas(library) -> dict:
    """What hangs in the staff room: the same in every library."""
    rows = [
        (persona, *said, share) for persona, (share, attributes) in BELIEFS.items() for said in attributes
    ]
    columns = ("persona", "attribute", "believed", "defines", "assumed_share")
    return {column: list(values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)}


def attributes_of(library) -> pd.DataFrame:
    """The active patrons, with one column of text per attribute of a persona."""
    patrons, checkouts = library["patrons"], library["checkouts"]
    patrons = patrons[patrons["last_use"] > A_YEAR_AGO]
    ids = patrons["patron_id"].to_numpy()
    lately = (checkouts["date"] > A_YEAR_AGO) & (checkouts["transaction_type"] == "checkout")
    lately &= checkouts["patron_id"].isin(ids)
    checkouts = checkouts[lately.to_numpy()]
    row = np.searchsorted(ids, checkouts["patron_id"].to_numpy())

    def mostly(column, values):
        names = np.array([*values, "nothing"], dtype=object)
        codes = checkouts[column].cat.codes.to_numpy()
        count = np.bincount(row * len(values) + codes, minlength=len(ids) * len(values))
        count = count.reshape(len(ids), len(values))
        return names[np.where(count.any(axis=1), count.argmax(axis=1), len(values))]

    def yes(events):
        known = events.loc[events["date"] > A_YEAR_AGO, "patron_id"].dropna()
        return np.where(np.isin(ids, known.to_numpy(dtype="int64")), "yes", "no")

    miles = library["households"].set_index("household_id")["miles"]
    near = patrons["household_id"].map(miles).to_numpy() <= 1
    plain = ("category", "age_band", "home_branch", "language", "preferred_contact")
    found = {name: patrons[name].astype(str).to_numpy() for name in plain}
    found["distance"] = np.where(near, "within 1 mile", "farther")
    found["borrows mostly"] = mostly("material_type", PHYSICAL + DIGITAL)
    found["borrows for"] = mostly("audience", AUDIENCES)
    found["takes print home"] = yes(checkouts[(checkouts["usage_class"] == "physical").to_numpy()])
    found["comes to programs"] = yes(library["attendance"])
    found["uses the computers"] = yes(library["computer_sessions"])
    return pd.DataFrame(found, index=ids)


# The truth --------------------------------------------------------------------------------------------------


def true_guesses(library) -> dict:
    """The true answers."""
    true = library.once("answers", answers)
    return {"question_key": list(true), "value": np.round(list(true.values()), 3)}


def true_personas(library) -> dict:
    """How many patrons are what staff believe."""
    found = attributes_of(library)
    rows = []
    for persona, (_, beliefs) in BELIEFS.items():
        has = {attribute: (found[attribute] == value).to_numpy() for attribute, value, _ in beliefs}
        core = np.all([has[attribute] for attribute, _, defines in beliefs if defines], axis=0)
        whole = int(np.all(list(has.values()), axis=0).sum())
        for attribute, _, _ in beliefs:
            among = float(has[attribute][core].mean()) if core.any() else 0.0
            rows.append(
                (persona, attribute, int(has[attribute].sum()), among, among >= 0.5, int(core.sum()), whole)
            )
    columns = ("persona", "attribute", "patrons", "among", "holds", "core", "all")
    return {column: list(values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)}


TABLES = {
    "staff_journey": make_staff_journey,
    "staff_guesses": make_staff_guesses,
    "staff_personas": make_staff_personas,
}
TRUTH = {
    "guesses": (
        Table(
            "guesses",
            "The answers to what staff guessed",
            "One row per question.",
            (
                Column("question_key", "string", "As in staff_guesses.", unique=True),
                Column("value", "number", "The true value, counted in the tables.", minimum=0),
            ),
            key=("question_key",),
        ),
        true_guesses,
    ),
    "personas": (
        Table(
            "personas",
            "What is true of the personas",
            "One row per persona and attribute, counted among the patrons active in the last 12 months.",
            (
                Column("persona", "category", "As in staff_personas.", categories=PERSONAS),
                Column("attribute", "category", "As in staff_personas.", categories=ATTRIBUTES),
                Column("patrons", "integer", "Active patrons who have this attribute.", minimum=0),
                Column(
                    "among",
                    "number",
                    "Share of those who fit what defines the persona that have it.",
                    minimum=0,
                    maximum=1,
                ),
                Column("holds", "boolean", "Whether at least half of those have it."),
                Column("core", "integer", "Active patrons who fit what defines the persona.", minimum=0),
                Column(
                    "all", "integer", "Active patrons who have every attribute of the persona.", minimum=0
                ),
            ),
            key=("persona", "attribute"),
        ),
        true_personas,
    ),
}
