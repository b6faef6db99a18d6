"""What the visible tests of week 5 try: in a notebook, ``practice.agreement["one"]`` shows what goes into an example."""

import numpy as np
import pandas as pd

from course_utils import identity
from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example
from course_utils.methods import stability
from course_utils.tables import AS_OF

LEAST = 12
"""Loans of a reader in the assignment: one a month."""
FEWEST, MOST_SEGMENTS = 10, 6

# ---- segments of one's own -----------------------------------------------------------------------------------

NOT_EVERYBODY = (
    "It needs one name for each row of x: readers without one: {missing}; labels that aren't readers: {extra}. "
    "Start from the columns of x, and change no labels. np.where and np.select give names without labels: "
    "put them into pd.Series(…, index=x.index)."
)
NO_NAME = (
    "Readers without a name: {missing}. If you used .map, it leaves out a group: give each number a name there. "
    "(x.groupby(group).size() shows which numbers there are.)"
)
NOT_NAMED = (
    "It has True and False, which are answers and not names. Give each answer a name: "
    'pd.Series(np.where(question, "…", "…"), index=x.index).'
)
NOT_TEXT = (
    "The name of a segment is text that says what its people do, and yours has {found}. "
    "A number from k-means says nothing: .map({{0: …, 1: …}}) turns numbers into names."
)
ONE_SEGMENT = "Everybody is in the same segment. A segment is a group that you would plan for differently."
TOO_MANY = "You have {found} segments. A library can't plan for more than 6: put some together."
TOO_SMALL = "“{name}” has only {people}. Fewer than 10 could be recognized: put them with others."

# ---- numbers that cannot be ------------------------------------------------------------------------------------

NOT_WHOLE = (
    "For card {card}, with {loans} loans, dvd is {share}. That would be {dvds} DVDs. "
    "Count the same rows above and below the line: those of loans."
)
LOOSE = (
    "Sorted and judged by the same feature, two groups are never as loose as some of yours. Take one feature at a time: "
    "give KMeans x[[name]], and give silhouette_score that same column and those labels."
)
TIGHTER_THAN_ONE = "{label} is {found}, and no silhouette is above 1. The inertia is a sum of squared distances: use silhouette_score."
NO_DIFFERENCE = (
    "{label} is {found}. Two numbers between 0 and 1 can't be so far apart: subtract one from the other."
)
FEW = 20  # loans: with so few, a share that is rounded to two digits still gives a whole number of DVDs, or nearly


def readers() -> pd.Index:
    """The card numbers of the readers of the learner's own library."""
    return stability.features(identity.my_library().checkouts, as_of=AS_OF, least=LEAST).index


def two_groups(x: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The groups of two that k-means makes by ``digital`` alone and by ``children`` alone, numbered as it happens."""
    one, other = (
        pd.Series(stability.k_means(stability.scaled(x[[name]]), 2).labels_, index=x.index)
        for name in ("digital", "children")
    )
    return one, other


def null_tightness(x: pd.DataFrame) -> pd.DataFrame:
    """How tight two groups are by each column of ``x`` alone in the null towns 1 to 19, of everybody in them."""
    rows = {
        name: {feature: stability.tightness(town[[feature]], 2) for feature in x}
        for name, town in enumerate(stability.null_towns(x), start=1)
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def lives_with_child(patrons: pd.DataFrame) -> pd.Series:
    """By ``patron_id``: whether somebody under 13 has a card at the same address."""
    cards = patrons.set_index("patron_id")
    with_child = cards.loc[cards["age_band"].isin(["0-5", "6-12"]), "household_id"]
    return cards["household_id"].isin(with_child)


def whole_dvds(found: Expectation) -> None:
    """Shares of DVDs that give a whole number of them. Raises ``NotYet`` otherwise."""
    mine = stability.features(identity.my_library().checkouts, as_of=AS_OF, least=LEAST)
    loans = mine["loans"].set_axis(mine.index.astype(str))
    loans = loans[loans <= FEW]
    dvds = found.value[loans.index] * loans
    off = (dvds - dvds.round()).abs()
    card = off.idxmax()
    sentence = NOT_WHOLE.format(
        card=card, loans=loans[card], share=f"{found.value[card]:.3f}", dvds=f"{dvds[card]:.2f}"
    )
    # Rounded to two digits, a share of 20 loans is off by 0.1 at most.
    found.holds(off[card] < 0.11, sentence)


def silhouettes(found: Expectation) -> None:
    """Mean silhouettes of two groups by one column each, which are above 0. Raises ``NotYet`` otherwise."""
    for label, value in found.value.items():
        found.holds(value > 0, LOOSE)
        said = TIGHTER_THAN_ONE.format(label=f"{found.name}[{label!r}]", found=f"{value:.3f}")
        found.holds(value <= 1, said)


def differences(found: Expectation) -> None:
    """Differences of two numbers between 0 and 1. Raises ``NotYet`` otherwise."""
    for label, value in found.value.items():
        said = NO_DIFFERENCE.format(label=f"{found.name}[{label!r}]", found=f"{value:.3f}")
        found.holds(abs(value) < 1, said)


def my_segments(found: Expectation) -> None:
    """A name for every reader; two to six segments, none of which is tiny. Raises ``NotYet`` otherwise."""
    names = found.value
    wanted, given = set(readers().astype(str)), set(names.index)
    missing, extra = len(wanted - given), len(given - wanted)
    found.holds(not missing and not extra, NOT_EVERYBODY.format(missing=missing, extra=extra))
    nameless = int(pd.isna(names).sum())
    found.holds(not nameless, NO_NAME.format(missing=nameless))
    found.holds(not all(isinstance(name, bool | np.bool_) for name in names), NOT_NAMED)
    odd = next((name for name in names if not isinstance(name, str) or _is_number(name)), None)
    found.holds(odd is None, NOT_TEXT.format(found=repr(odd)))
    sizes = names.str.strip().value_counts()
    found.holds(len(sizes) > 1, ONE_SEGMENT)
    found.holds(len(sizes) <= MOST_SEGMENTS, TOO_MANY.format(found=len(sizes)))
    people = f"{sizes.min()} {'person' if sizes.min() == 1 else 'people'}"
    found.holds(sizes.min() >= FEWEST, TOO_SMALL.format(name=sizes.idxmin(), people=people))


def _is_number(name: str) -> bool:
    return not any(letter.isalpha() for letter in name)


# ---- functions -----------------------------------------------------------------------------------------------

_steps = np.arange(200)
_table = pd.DataFrame({"loans": _steps + 12, "share": 1 - _steps / 200}, index=_steps + 501)
# Of 0, 1, …, 199 the mean is 99.5, and the standard deviation 57.88.
_scaled = pd.DataFrame(
    {"loans": (_steps - 99.5) / 57.8792, "share": (99.5 - _steps) / 57.8792}, index=_table.index
)

scaled = Example(
    "practice.scaled",
    {"table": _table},
    _scaled,
    {
        "not centered": (
            _table / [57.8792, 0.289396],
            "The spreads are right, and the means aren't 0: subtract the mean of each column first.",
        ),
        "not divided": (
            _table - [111.5, 0.5025],
            "The means are 0, and the spreads are as they were. Divide by the standard deviation of each column.",
        ),
        "divided by the variance": (
            (_table - [111.5, 0.5025]) / [57.8792**2, 0.289396**2],
            "You divided by the variance. The standard deviation is .std(), not .var().",
        ),
        "from 0 to 1": (
            (_table - [12, 0.005]) / [199, 0.995],
            "Your columns run from 0 to 1. That's another way to scale: here, subtract the mean and divide by .std().",
        ),
        "parentheses": (
            _table - [111.5 / 57.8792, 0.5025 / 0.289396],
            "You divided only the mean by the standard deviation. Put parentheses around the subtraction.",
        ),
        "logarithms": (
            np.log2(_table),
            "These are logarithms. Here, subtract the mean of each column and divide by its .std().",
        ),
    },
    within=0.006,
    # Of other numbers, the distances are others, too: a function that looks at x gives the same for both.
    others=lambda table: [(table**2,)],
    hint="From each column, subtract its mean, and divide what comes out by its standard deviation.",
)

_one = pd.Series([0, 0, 0, 0, 1, 1, 1, 1, 2, 2], index=range(301, 311))
_other = pd.Series([7, 7, 7, 5, 5, 5, 5, 5, 6, 6], index=range(301, 311))
_shuffled = _other.loc[[310, 303, 305, 301, 308, 302, 309, 304, 307, 306]]

agreement = Example(
    "practice.agreement",
    {"one": _one, "other": _shuffled},
    0.6298472,
    {
        "share of equal numbers": (
            0.0,
            "You compare the numbers themselves. What one machine calls 0, another may call 5: use adjusted_rand_score.",
        ),
        "order ignored": (
            -0.1104583,
            "The rows of the two are in different orders. Put them into the same order first: other.loc[one.index].",
        ),
        "not adjusted": (
            0.8444444,
            "This is the Rand index without its correction for chance. Use adjusted_rand_score.",
        ),
        "a correlation": (
            -0.3678836,
            "This is a correlation. The numbers of the groups are names, so they go neither up nor down: "
            "use adjusted_rand_score.",
        ),
    },
    within=0.00051,
    others=lambda one, other: [(one, one)],
    hint="Put the rows of other into the order of one, and give both to adjusted_rand_score.",
)

_towns = pd.Series([0.58, 0.61, 0.6, 0.59, 0.57, 0.62, 0.58, 0.56, 0.6], index=range(1, 10))

as_tight = Example(
    "practice.as_tight",
    {"here": 0.6, "towns": _towns},
    0.5,
    {
        "ours not counted": (
            4 / 9,
            "You divide by the null towns alone. If ours were one of them, there would be one more: "
            "count it above and below the line.",
        ),
        "ours counted above only": (
            5 / 9,
            "You count ours above the line, and not below: divide by len(towns) + 1.",
        ),
        "divided by 20": (
            0.25,
            "You divide by 20. There may be more null towns, or fewer: divide by len(towns) + 1.",
        ),
        "ours counted below only": (
            0.4,
            "You count our town among all towns, but not among the ones that are as tight. It is as tight as itself.",
        ),
        "only tighter ones": (
            0.3,
            "A town that is exactly as tight as ours counts, too: use >=.",
        ),
        "the others": (
            0.8,
            "You count towns that are as loose as ours, or looser. Count those that are as tight, or tighter: >=.",
        ),
        "a count": (
            5,
            "This is a number of towns. Divide it by the number of all towns, ours included.",
        ),
        "a count without ours": (
            4,
            "This is a number of towns. Count ours, too, and divide by the number of all towns.",
        ),
    },
    within=0.00051,
    others=lambda here, towns: [(here / 2, towns)],
    hint="Count the null towns that are as tight as ours, or tighter. Add 1 for ours, and divide by len(towns) + 1.",
)
