"""What the visible tests of week 2 try: in a notebook, ``practice.k_of["table"]`` shows what goes into an example."""

import pandas as pd

from course_utils import identity
from course_utils.checks.expectation import Expectation
from course_utils.checks.practice import Example
from course_utils.methods import privacy

# ---- a table of one's own -----------------------------------------------------------------------------------

K = 10
TOO_FEW_COLUMNS = "Columns with more than one value, besides active: {count}. Keep at least two, so that somebody could plan with it."
NOT_YES_OR_NO = "The column active should hold True or False: keep it as privacy.coarsened makes it."
EMPTY = "Your table has no rows. Keep those whose group is large enough."
GROUP_TOO_SMALL = (
    "The size of your smallest group is {k}, and it should be at least 10. Work out the size of each row's group by all "
    "columns except active, and keep the rows with 10 or more."
)
TOO_MANY = "Your table has {kept:,} rows, and only {may:,} people may be in it. Make it from may_go, with one row for each person."
FEW = (
    "You keep {kept:,} of the {may:,} people in may_go, which is fewer than 95 of 100. Make a column coarser, or leave one "
    "out, so that fewer groups are small."
)


def safe(found: Expectation) -> None:
    """Two columns and ``active``, and groups of ten or more by the others. Raises ``NotYet`` otherwise."""
    table = found.value
    found.holds(len(table) > 0, EMPTY)
    found.holds(set(table["active"].unique()) <= {True, False}, NOT_YES_OR_NO)
    others = [name for name in table.columns if name != "active"]
    telling = [name for name in others if table[name].nunique(dropna=False) > 1]
    found.holds(len(telling) >= 2, TOO_FEW_COLUMNS.format(count=len(telling)))
    k = privacy.k_anonymity(table, others)
    found.holds(k >= K, GROUP_TOO_SMALL.format(k=k))
    sizes = {"kept": len(table), "may": len(may_go())}
    found.holds(sizes["kept"] <= sizes["may"], TOO_MANY.format(**sizes))
    found.holds(sizes["kept"] >= 0.95 * sizes["may"], FEW.format(**sizes))


def may_go() -> pd.DataFrame:
    """The people of the learner's own library who may be in a table for somebody outside."""
    records, _ = privacy.read_export(identity.my_library().export_patrons)
    return privacy.may_go(records.dropna(subset="birth_date"))


# ---- answers that cannot be -----------------------------------------------------------------------------------

DOES_NOT_ADD_UP = (
    "Records and lines set aside should add up to the lines of the file, and {records:,} + {aside:,} isn't {lines:,}. In most "
    "problems the record was kept: the column kept says so."
)
TRUE_OF_GROUPS = (
    "This says of each group, or of each person, whether it is so. Count the groups of one with .sum(), and divide by the rows "
    "of people."
)
PAIRS_NOT_RECORDS = (
    "You divided the rows of the merged table by the records. A record that matches several rows comes several times: count the "
    "records that come exactly once."
)
NOT_A_SHARE = (
    "In {column} you have {value:.3g}. A share lies between 0 and 1: look at what you divided, and by what."
)
ALWAYS_RIGHT = "By your table, the rules are always right. Count the True in same_person, with .sum()."
MORE_RIGHT = "Of {pairs:,} pairs, {right:,} can't be right. Count the rows for pairs, and the True for right."


def account(found: Expectation) -> None:
    """Every line is a record or set aside. Raises ``NotYet`` otherwise."""
    lines, records, aside = (int(found.value[name]) for name in ("lines", "records", "set aside"))
    sentence = DOES_NOT_ADD_UP.format(records=records, aside=aside, lines=lines)
    found.holds(records + aside == lines, sentence)


def alone(found: Expectation) -> None:
    """Not True or False for each group, of which ``.mean()`` would be a share of groups. Raises ``NotYet`` otherwise."""
    value = found.value
    found.holds(not (isinstance(value, pd.Series) and value.dtype.kind == "b"), TRUE_OF_GROUPS)


def meets_one(found: Expectation) -> None:
    """Not the pairs in place of the records. Raises ``NotYet`` otherwise."""
    value = found.is_number().value
    found.holds(not 1 < value < 2, PAIRS_NOT_RECORDS)


def rules(found: Expectation) -> None:
    """No more is right than was found, and shares are shares. Raises ``NotYet`` otherwise."""
    table = found.value.apply(lambda column: pd.to_numeric(column, errors="coerce"))
    found.holds(not (table["right"] == table["pairs"]).all(), ALWAYS_RIGHT)
    for row in table.to_dict("records"):
        right, pairs = row["right"], row["pairs"]
        found.holds(not right > pairs, MORE_RIGHT.format(right=right, pairs=pairs))
        for column in ("precision", "recall"):
            value = row[column]
            found.holds(not (value < 0 or value > 1), NOT_A_SHARE.format(column=column, value=value))


# ---- functions ----------------------------------------------------------------------------------------------

_texts = pd.Series(
    [
        "2001-03-07",
        "07.03.2001",
        "March 7, 2001",
        "31.12.1999",
        "30.02.1987",
        "unknown",
        "November 30, 1955",
        "2004-02-29",
        "12/05/1990",
        "7-Mar-2001",
    ],
    index=list("abcdefghij"),
)


def _days(**days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime([days.get(one) for one in _texts.index]), index=_texts.index)


_RIGHT = {
    "a": "2001-03-07",
    "b": "2001-03-07",
    "c": "2001-03-07",
    "d": "1999-12-31",
    "g": "1955-11-30",
    "h": "2004-02-29",
}
_ISO = {"a": "2001-03-07", "h": "2004-02-29"}
_ONE_FORM = (
    "You read one form only. Read the texts once for each form, and fill what is missing with .fillna(…)."
)

read_dates = Example(
    "practice.read_dates",
    {"texts": _texts},
    _days(**_RIGHT),
    {
        "the first form only": (_days(**_ISO), _ONE_FORM),
        "the second form only": (_days(b="2001-03-07", d="1999-12-31"), _ONE_FORM),
        "the third form only": (_days(c="2001-03-07", g="1955-11-30"), _ONE_FORM),
        "month first": (
            _days(**(_RIGHT | {"b": "2001-07-03", "d": None})),
            'You read 07.03.2001 as July 3. With dots, the day comes first: "%d.%m.%Y".',
        ),
        "the lesson's forms": (
            _days(**_ISO, i="1990-12-05", j="2001-03-07"),
            "These are the forms of the lesson. Here they are others: the question lists them.",
        ),
        "all forms": (
            _days(**_RIGHT, i="1990-12-05", j="2001-03-07"),
            "You read forms that this file doesn't have. Nobody knows whether 12/05/1990 is in May or in December, so "
            "leave it missing.",
        ),
        "two of three": (
            _days(**{name: day for name, day in _RIGHT.items() if name not in "cg"}),
            'One form is missing: the month as a word. Its form is "%B %d, %Y".',
        ),
        "no dots": (
            _days(**{name: day for name, day in _RIGHT.items() if name not in "bd"}),
            'One form is missing: the one with dots. Its form is "%d.%m.%Y".',
        ),
        "texts": (_texts, "These are still texts. Make dates of them with pd.to_datetime."),
        "guessed": (
            _days(**(_RIGHT | {"b": "2001-07-03", "i": "1990-12-05", "j": "2001-03-07"})),
            "You let pandas guess the form, and it guesses wrong without saying so. Give it each form in format=.",
        ),
    },
    hint='To see the texts, with a letter as the label of each, run practice.read_dates["texts"] in a cell of its own. '
    "Which of them is read wrong, or not at all?",
)

_table = pd.DataFrame(
    {
        "age": ["0-17"] * 5 + ["18-64"] * 6 + ["65+"] * 4,
        "area": list("NNSSS") + list("NNNSSS") + list("SSSS"),
        "branch": list("mmmhm") + list("mhmmmh") + list("mmhh"),
        "reads": [
            *("poetry", "history", "science", "science", "science"),
            *("history", "poetry", "history", "travel", "science", "cooking"),
            *("history", "history", "travel", "poetry"),
        ],
    }
)

k_of = Example(
    "practice.k_of",
    {"table": _table, "columns": ["age", "area"]},
    2,
    {
        "the number of groups": (5, "This is the number of groups. You need the size of the smallest one."),
        "the largest": (4, "This is the size of the largest group. k is that of the smallest."),
        "the mean": (3, "This is the mean size of a group. k is the size of the smallest."),
        "every column": (
            1,
            "You group by every column. Group by those that the function is given in columns.",
        ),
        "nobody": (0, "Nobody is alone here, and k isn't that number. It is the size of the smallest group."),
        "the rows": (len(_table), "This is the number of rows. Group them first."),
    },
    hint='Run practice.k_of["table"] in a cell of its own to see the table. Group it by practice.k_of["columns"], and look '
    "at the sizes of the groups.",
)

l_of = Example(
    "practice.l_of",
    {"table": _table, "columns": ["age", "area"], "sensitive": "reads"},
    1,
    {
        "k": (2, "This is k, the number of rows in the smallest group. Count different values of sensitive."),
        "the largest": (3, "This is the largest number of different values. ℓ is the smallest."),
        "the mean": (
            2.2,
            "This is the mean of the numbers of different values. ℓ is the smallest: one group is enough to harm.",
        ),
        "over the whole table": (
            5,
            "These are the different values of the whole table. Count them in each group, and take the smallest.",
        ),
    },
    hint='Run practice.l_of["table"] in a cell of its own to see the table. In each of its groups, how many different values '
    "does the column have?",
)

_pairs = pd.DataFrame(
    {
        "likeness": [1.0, 0.95, 0.9, 0.9, 0.85, 0.8, 0.8, 0.77, 0.7, 0.6, 0.4, 0.3],
        "same_person": [True, True, True, False, True, True, False, False, True, False, False, False],
    }
)

scores = Example(
    "practice.scores",
    {"pairs": _pairs, "cut": 0.8, "in_all": 10},
    {"precision": 5 / 7, "recall": 5 / 10},
    {
        "swapped": (
            {"precision": 5 / 10, "recall": 5 / 7},
            "The two are swapped. Precision divides by the pairs found, recall by all that there are to find.",
        ),
        "of those in the table": (
            {"precision": 5 / 7, "recall": 5 / 6},
            "Your recall divides by the right pairs of the table. Some were never a candidate: divide by in_all.",
        ),
        "of all candidates": (
            {"precision": 5 / 12, "recall": 5 / 10},
            "Your precision divides by all candidates. Divide by those at the cut or above it.",
        ),
        "above the cut only": (
            {"precision": 4 / 5, "recall": 4 / 10},
            "A pair right at the cut is found, too: use >=.",
        ),
        "below the cut": (
            {"precision": 1 / 5, "recall": 1 / 10},
            "You keep the pairs below the cut. The rule keeps those at the cut or above it.",
        ),
        "counts": (
            {"precision": 5, "recall": 5},
            "These are counts. Precision and recall are shares: divide.",
        ),
        "the cut of the lesson": (
            {"precision": 5 / 8, "recall": 5 / 10},
            "You use the cut of the lesson. Use the one that the function is given.",
        ),
        "everything found is right": (
            {"precision": 1.0, "recall": 5 / 10},
            "Your precision divides the right pairs by themselves. Divide by all pairs that the rule finds.",
        ),
        "found, right or wrong": (
            {"precision": 5 / 7, "recall": 7 / 10},
            "Your recall counts every pair that is found. Count those that are one person.",
        ),
    },
    within=0.00051,
    hint='Run practice.scores["pairs"] in a cell of its own to see the pairs. Keep those at the cut or above. How many are '
    "there, and how many are one person?",
)
