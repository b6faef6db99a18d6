"""What the visible tests of week 6 try: in a notebook, ``practice.fits_all["people"]`` shows what goes into an example."""

import pandas as pd

from course_utils import identity
from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example
from course_utils.methods import personas

# ---- what is counted -----------------------------------------------------------------------------------------

beliefs = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
"""What staff believe of a storytime parent, besides what says who is meant."""

FEW_ON_EVERY_LINE = (
    "These are very few people on every line. "
    '.cumprod() goes down the people; along the lines it goes with axis="columns".'
)
GOES_UP = (
    "It goes up somewhere, and a line more never makes more people. "
    "Begin with the first line, and on each line ask for all those above it, too."
)
ROUNDED = "It is rounded, and then a wrong share may look like the right one. Leave out the rounding."


def goes_down(found: Expectation) -> None:
    """From line to line of the storytime parent there are fewer people, or as many. Raises ``NotYet`` otherwise."""
    wall = identity.my_library().staff_personas
    steps = found.value[list(wall.loc[wall["persona"] == "storytime parent", "attribute"])]
    found.holds(steps.max() >= 100, FEW_ON_EVERY_LINE)
    found.holds(steps.is_monotonic_decreasing, GOES_UP)


def unrounded(found: Expectation) -> None:
    """The shares, unless they are all the same, have more than two decimal places. Raises ``NotYet`` otherwise."""
    shares = found.value
    found.holds(shares.nunique() == 1 or (shares.round(2) - shares).abs().max() > 1e-9, ROUNDED)


# ---- functions -----------------------------------------------------------------------------------------------


def _kept(*kept: bool) -> pd.Series:
    return pd.Series(kept, index=["books", "near", "text", "English", "adult"])


keep_or_drop = Example(
    "practice.keep_or_drop",
    {
        "has": pd.DataFrame(
            {
                "books": [True] * 6 + [False] * 2,
                "near": [True] * 2 + [False] * 6,
                "text": [True] * 4 + [False] * 4,
                "English": [True] * 8,
                "adult": [True] * 7 + [False],
            }
        ),
        "at_least": 0.75,
    },
    _kept(True, False, False, True, True),
    {
        "exactly so many": (
            _kept(False, False, False, True, True),
            "A belief that is true of exactly this share is kept, too.",
        ),
        "true of everybody": (
            _kept(False, False, False, True, False),
            "Only what is true of everybody is kept. Compare the share of each column with at_least.",
        ),
        "always half": (
            _kept(True, False, True, True, True),
            "You compare with one half. Compare with at_least, which may be another share: here it is 0.75.",
        ),
        "the dropped ones": (
            _kept(False, True, True, False, False),
            "You give True for what is dropped. True stands for kept.",
        ),
        "true of anybody": (
            _kept(True, True, True, True, True),
            "You keep every belief that is true of anybody, or you compare a number of people with a share. "
            "Compare the share.",
        ),
        "shares": (
            {"books": 0.75, "near": 0.25, "text": 0.5, "English": 1, "adult": 0.875},
            "These are the shares. Compare them with at_least, so that each becomes True or False.",
        ),
        "only what is kept": (
            {"books": 0.75, "English": 1, "adult": 0.875},
            "You leave out what is dropped. Give True or False for each belief.",
        ),
        "people": (
            pd.Series([True] * 4 + [False] * 4),
            "You took the mean of each row, which is a person. Take that of each column, which is a belief.",
        ),
    },
    hint="The share of each column, compared with at_least.",
)

_people = pd.DataFrame(
    {"eats": ["fish", "soup", "fish", "soup"], "sits": ["out", "out", "in", "in"], "times": [1, 2, 2, 1]},
    index=list("abcd"),
)


def _fits(*fits: bool) -> pd.Series:
    return pd.Series(fits, index=_people.index)


fits_all = Example(
    "practice.fits_all",
    {"people": _people, "lines": {"eats": "fish", "sits": "out"}},
    _fits(True, False, False, False),
    {
        "any of it": (
            _fits(True, True, True, False),
            "You ask whether any line is true. All of them must be: join them with &.",
        ),
        "the last line": (
            _fits(True, True, False, False),
            "Only the last line counts. Join each line to those before it: fits = fits & …",
        ),
        "the first line": (
            _fits(True, False, True, False),
            "Only the first line counts. Does return stand inside the loop?",
        ),
        "everybody": (
            _fits(True, True, True, True),
            "It is True for everybody: no line was asked for yet.",
        ),
        "nobody": (
            _fits(False, False, False, False),
            "Nobody fits. Begin with True for everybody, and put round brackets around each comparison: "
            "fits & (people[attribute] == value).",
        ),
    },
    hint="One comparison for each line, joined by &.",
)

no_lines = Example(
    "practice.no_lines",
    {"people": _people, "lines": {}},
    _fits(True, True, True, True),
    {
        "no rows": (
            pd.Series(dtype=bool),
            "Without any line it must be True for everybody, and a table without columns has no rows yet. "
            "Give it those of the people: pd.DataFrame(…, index=people.index).",
        ),
        "nobody without a line": (
            _fits(False, False, False, False),
            "Without any line, nobody fits. Begin with True for everybody, and let each line take some away.",
        ),
    },
)

# ---- a persona -----------------------------------------------------------------------------------------------

NO_NAME = "It has no name yet."
FEW_MEASURED = "It needs at least two measured claims."
NONE_HEARD = "It needs at least one heard claim."
NONE_ASSUMED = "It needs at least one assumed claim: say what you believe and did not check."
NO_PURPOSE = "It needs a purpose: what is it for?"
NOBODY_MISSING = "Say in not_represented whom it does not speak for."


def complete(found: Expectation) -> None:
    """A persona has all its parts, and nothing in it must be mended. Raises ``NotYet`` otherwise."""
    persona = found.value
    kinds = [claim.kind for claim in persona.claims]
    found.holds(persona.name.strip() != "", NO_NAME)
    found.holds(kinds.count(personas.MEASURED) >= 2, FEW_MEASURED)
    found.holds(personas.HEARD in kinds, NONE_HEARD)
    found.holds(personas.ASSUMED in kinds, NONE_ASSUMED)
    found.holds(persona.purpose.strip() != "", NO_PURPOSE)
    found.holds(persona.not_represented.strip() != "", NOBODY_MISSING)
    for sentence in personas.problems(persona, personas.facts_of(identity.my_library())):
        found.holds(False, sentence)


def show_voices(found: Expectation) -> None:
    """Print how each voice of a persona begins, so that the student reads whether it is the one that is meant."""
    if said := identity.two_names():
        print(said)
    library = identity.my_library()
    book = personas.ledger(found.value, personas.facts_of(library), library.interviews, library.comments)
    for line in book[book["kind"] == personas.HEARD].itertuples():
        print(f"{line.source} begins: {line.voice or line.why}")
