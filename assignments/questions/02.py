"""May we use this?

read a raw export, find out how little it takes to know somebody again, and say what may leave the library
"""

import pandas as pd

from course_utils.checks.questions import Count, Function, Labelled, Question, Share, Slip, Table
from course_utils.methods import privacy
from course_utils.methods.privacy import practice

ON = ["home_library", "created", "expires", "last_activity"]
GROUPS = ["born", "postal_code", "home_library"]


class Account(Labelled):
    """Where every line went."""

    name, points, objective = "account", 2, 1
    hint = "Count rows: of raw, of records, and of records without a birth date. What isn't in records was set aside."

    def right(t):
        return pd.Series(
            {
                "lines": len(t.raw),
                "records": len(t.records),
                "set aside": len(t.raw) - len(t.records),
                "without a birth date": int(t.records["birth_date"].isna().sum()),
            }
        )

    also_right = [
        # lengths
        """
account = pd.Series(
    {
        "lines": len(raw),
        "records": len(records),
        "set aside": len(raw) - len(records),
        "without a birth date": len(records) - len(people),
    }
)
""",
        # a dictionary, from the list of problems
        """
account = {
    "records": records["record_number"].nunique(),
    "lines": raw["line"].count(),
    "set aside": (~problems["kept"]).sum(),
    "without a birth date": records["birth_date"].isna().sum(),
}
""",
    ]
    slips = [
        Slip(
            "every problem set aside",
            """
account = pd.Series(
    {
        "lines": len(raw),
        "records": len(records),
        "set aside": len(problems),
        "without a birth date": len(records) - len(people),
    }
)
""",
            told=f"account: {practice.DOES_NOT_ADD_UP.format(records=0, aside=0, lines=0).replace('0', '#')}",
        ),
        Slip(
            "problems that were kept",
            """
account = pd.Series(
    {
        "lines": len(raw),
        "records": len(records),
        "set aside": problems["kept"].sum(),
        "without a birth date": len(records) - len(people),
    }
)
""",
            told=f"account: {practice.DOES_NOT_ADD_UP.format(records=0, aside=0, lines=0).replace('0', '#')}",
        ),
        Slip(
            "people in place of records",
            """
account = pd.Series(
    {
        "lines": len(raw),
        "records": len(people),
        "set aside": len(raw) - len(people),
        "without a birth date": len(records) - len(people),
    }
)
""",
            "People has the records with a birth date only. A record without one was kept: count the rows of records.",
        ),
        Slip(
            "birth dates that are there",
            """
account = pd.Series(
    {
        "lines": len(raw),
        "records": len(records),
        "set aside": len(raw) - len(records),
        "without a birth date": len(people),
    }
)
""",
            "These are the records with a birth date. You need those without.",
        ),
        Slip(
            "no birth date in the file",
            """
account = pd.Series(
    {
        "lines": len(raw),
        "records": len(records),
        "set aside": len(raw) - len(records),
        "without a birth date": raw["birth_date"].isna().sum(),
    }
)
""",
            "In raw, every line has something in its birth date. Count those that couldn't be read, or can't be: look in records.",
        ),
        Slip(
            "a label forgotten",
            'account = pd.Series({"lines": len(raw), "records": len(records)})',
            told="outcome.labels_missing",
        ),
    ]


def reading(*forms, last="dates = "):
    """A solution that reads these forms, one after another."""
    lines = ["def read_dates(texts):"]
    for number, form in enumerate(forms):
        lines.append(f'    d{number} = pd.to_datetime(texts, format="{form}", errors="coerce")')
    filled = "".join(f".fillna(d{number})" for number in range(1, len(forms)))
    return "\n".join([*lines, f"    return d0{filled}", ""])


class ReadDates(Function):
    """Dates in three forms."""

    name, points, objective = "read_dates", 2, 1
    tries = (practice.read_dates,)
    hint = "The file has three forms, which the question lists. Read the texts once for each, and fill what is missing."

    def right(t):
        return lambda texts: privacy.dates(texts, ("%Y-%m-%d", "%d.%m.%Y", "%B %d, %Y"))

    def examples(t):
        days = pd.Series(pd.date_range("1938-05-02", periods=40, freq="613D"))
        forms = ["%Y-%m-%d", "%d.%m.%Y", "%B %d, %Y", "%m/%d/%Y"]
        texts = [day.strftime(forms[row % 4]) for row, day in enumerate(days)]
        yield (pd.Series(["?", *texts, "31.04.2001"], index=range(500, 542)),)

    also_right = [
        # three readings, one filling the other
        reading("%Y-%m-%d", "%d.%m.%Y", "%B %d, %Y"),
        # another order, in a loop
        """
def read_dates(texts):
    found = pd.Series(pd.NaT, index=texts.index)
    for form in ["%B %d, %Y", "%d.%m.%Y", "%Y-%m-%d"]:
        found = found.fillna(pd.to_datetime(texts, format=form, errors="coerce"))
    return found
""",
        # each text by itself
        """
def read_dates(texts):
    from datetime import datetime

    days = {}
    for label, text in texts.items():
        days[label] = pd.NaT
        for form in ("%Y-%m-%d", "%d.%m.%Y", "%B %d, %Y"):
            try:
                days[label] = pd.Timestamp(datetime.strptime(text, form))
            except ValueError:
                pass
    return pd.Series(days)
""",
    ]
    slips = [
        Slip("the first form only", reading("%Y-%m-%d")),
        Slip("the second form only", reading("%d.%m.%Y")),
        Slip("the third form only", reading("%B %d, %Y")),
        Slip("month first", reading("%Y-%m-%d", "%m.%d.%Y", "%B %d, %Y")),
        Slip("the lesson's forms", reading("%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y")),
        Slip("all forms", reading("%Y-%m-%d", "%d.%m.%Y", "%B %d, %Y", "%m/%d/%Y", "%d-%b-%Y")),
        Slip("two of three", reading("%Y-%m-%d", "%d.%m.%Y")),
        Slip("no dots", reading("%Y-%m-%d", "%B %d, %Y")),
        Slip(
            "guessed",
            'def read_dates(texts):\n    return pd.to_datetime(texts, format="mixed", errors="coerce")\n',
        ),
        Slip("texts", "def read_dates(texts):\n    return texts\n"),
        Slip(
            "errors that stop",
            'def read_dates(texts):\n    return pd.to_datetime(texts, format="%Y-%m-%d")\n',
            told="outcome.function_error",
        ),
    ]


class Alone(Share):
    """Alone in the crowd."""

    name, points, objective = "alone", 2, 2
    hint = "Group people by the three columns. A group of one row is a person alone; divide by the rows of people."

    def right(t):
        return (privacy.group_sizes(t.people, ["birth_date", "postal_code", "patron_type"]) == 1).mean()

    also_right = [
        # groups of one
        """
sizes = people.groupby(["birth_date", "postal_code", "patron_type"]).size()
alone = (sizes == 1).sum() / len(people)
""",
        # not doubled
        'alone = 1 - people.duplicated(["patron_type", "postal_code", "birth_date"], keep=False).mean()',
        # the helper, rounded
        'alone = round((privacy.group_sizes(people, ["birth_date", "postal_code", "patron_type"]) == 1).mean(), 4)',
    ]
    slips = [
        Slip(
            "true or false of each group",
            'alone = people.groupby(["birth_date", "postal_code", "patron_type"]).size() == 1',
            told=f"alone: {practice.TRUE_OF_GROUPS}",
        ),
        Slip(
            "a share of the groups",
            'alone = (people.groupby(["birth_date", "postal_code", "patron_type"]).size() == 1).mean()',
            "This is a share of the groups. A group of two is two people: divide by the rows of people.",
        ),
        Slip(
            "the columns of the lesson",
            'alone = (privacy.group_sizes(people, ["birth_date", "postal_code", "home_library"]) == 1).mean()',
            "You grouped by the columns of the lesson. Here the third one is patron_type.",
        ),
        Slip(
            "the birth date alone",
            'alone = (privacy.group_sizes(people, ["birth_date"]) == 1).mean()',
            "You grouped by the birth date alone. Group by all three columns.",
        ),
        Slip(
            "without the type of card",
            'alone = (privacy.group_sizes(people, ["birth_date", "postal_code"]) == 1).mean()',
            "You left out patron_type. Group by all three columns.",
        ),
        Slip(
            "not alone",
            'alone = (privacy.group_sizes(people, ["birth_date", "postal_code", "patron_type"]) > 1).mean()',
            "This is the share of people who share all three with somebody. You need the others.",
        ),
        Slip(
            "by a number of one's own",
            'alone = (privacy.group_sizes(people, ["record_number", "birth_date", "postal_code", "patron_type"]) == 1).mean()',
            "Nobody shares a record number with anybody, so of course everyone is alone. Group by the three columns only.",
        ),
        Slip(
            "a count",
            'alone = (privacy.group_sizes(people, ["birth_date", "postal_code", "patron_type"]) == 1).sum()',
            told="outcome.share_percent",
        ),
    ]


class KOf(Function):
    """The smallest group."""

    name, points, objective = "k_of", 2, 2
    tries = (practice.k_of,)
    hint = "Group the table by the columns in the list, count the rows of each group, and take the smallest number."

    def right(t):
        return privacy.k_anonymity

    def examples(t):
        yield t.coarse[["born", "home_library"]], ["born", "home_library"]
        yield t.people[["home_library", "patron_type"]].head(400), ["patron_type"]

    also_right = [
        # smallest size
        "def k_of(table, columns):\n    return table.groupby(columns, observed=True).size().min()\n",
        # counts of values
        "def k_of(table, columns):\n    return int(table[columns].value_counts().min())\n",
        # the last of the sorted sizes, as a float
        """
def k_of(table, columns):
    sizes = table.groupby(list(columns))[columns[0]].transform("size")
    return float(sorted(sizes)[0])
""",
    ]
    slips = [
        Slip(
            "the number of groups",
            "def k_of(table, columns):\n    return len(table.groupby(columns).size())\n",
        ),
        Slip("the largest", "def k_of(table, columns):\n    return table.groupby(columns).size().max()\n"),
        Slip("the mean", "def k_of(table, columns):\n    return table.groupby(columns).size().mean()\n"),
        Slip(
            "every column",
            "def k_of(table, columns):\n    return table.groupby(list(table.columns)).size().min()\n",
        ),
        Slip("nobody", "def k_of(table, columns):\n    return (table.groupby(columns).size() == 1).sum()\n"),
        Slip("the rows", "def k_of(table, columns):\n    return len(table[columns])\n"),
        Slip(
            "every group",
            "def k_of(table, columns):\n    return table.groupby(columns).size()\n",
            told="outcome.wrong_kind",
        ),
    ]


LINK = 'both = records.merge(known, on=["home_library", "created", "expires", "last_activity"])\n'


class MeetsOne(Share):
    """No number in common."""

    name, points, objective = "meets_one", 2, 3
    hint = (
        "Merge records with known on the branch and the three dates. A record that comes once in the result matches one row; "
        "divide their number by the rows of records."
    )

    def right(t):
        times = t.records.merge(t.known, on=ON)["record_number"].value_counts()
        return (times == 1).sum() / len(t.records)

    also_right = [
        # counted in the merged table
        LINK + 'times = both["record_number"].value_counts()\nmeets_one = (times == 1).sum() / len(records)',
        # groups
        LINK + 'meets_one = float((both.groupby("record_number").size() == 1).sum()) / len(records)',
        # not doubled, rounded to three digits
        LINK + 'meets_one = round((~both["record_number"].duplicated(keep=False)).sum() / len(records), 3)',
    ]
    slips = [
        Slip(
            "one or more",
            LINK + 'meets_one = both["record_number"].nunique() / len(records)',
            "This is the share that matches one row or more, which is everybody. Keep the records that come once.",
        ),
        Slip(
            "pairs in place of records",
            LINK + "meets_one = len(both) / len(records)",
            told=f"meets_one: {practice.PAIRS_NOT_RECORDS}",
        ),
        Slip(
            "of the meetings",
            LINK + 'meets_one = (both["record_number"].value_counts() == 1).sum() / len(both)',
            "You divided by the rows of the merged table. Divide by the rows of records.",
        ),
        Slip(
            "without the latest day of use",
            """
both = records.merge(known, on=["home_library", "created", "expires"])
meets_one = (both["record_number"].value_counts() == 1).sum() / len(records)
""",
            "You left out last_activity. Merge on the branch and all three dates.",
        ),
        Slip(
            "without the branch",
            """
both = records.merge(known, on=["created", "expires", "last_activity"])
meets_one = (both["record_number"].value_counts() == 1).sum() / len(records)
""",
            "You left out home_library. Merge on the branch and all three dates.",
        ),
        Slip(
            "people in place of records",
            """
both = people.merge(known, on=["home_library", "created", "expires", "last_activity"])
meets_one = (both["record_number"].value_counts() == 1).sum() / len(records)
""",
            "You merged people, who all have a birth date. The link needs none: merge records.",
        ),
        Slip(
            "two or more",
            LINK + 'meets_one = (both["record_number"].value_counts() > 1).sum() / len(records)',
            "These are the records that match several rows. You need those that meet exactly one.",
        ),
        Slip(
            "a count",
            LINK + 'meets_one = (both["record_number"].value_counts() == 1).sum()',
            told="outcome.share_percent",
        ),
    ]


class Hidden(Count):
    """What hiding costs."""

    name, points, objective = "hidden", 2, 4
    hint = "Add up the sizes of the groups that are smaller than 10: those people would be left out."

    def right(t):
        sizes = privacy.group_sizes(t.coarse, GROUPS)
        return int((sizes < 10).sum())

    also_right = [
        # sizes of the small groups, added up
        """
sizes = coarse.groupby(["born", "postal_code", "home_library"]).size()
hidden = sizes[sizes < 10].sum()
""",
        # the helper, row by row
        'hidden = int((privacy.group_sizes(coarse, ["born", "postal_code", "home_library"]) < 10).sum())',
        # all less those who stay
        """
sizes = coarse.groupby(["born", "postal_code", "home_library"])["active"].transform("size")
hidden = float(len(coarse) - (sizes >= 10).sum())
""",
    ]
    slips = [
        Slip(
            "groups, not people",
            'hidden = (coarse.groupby(["born", "postal_code", "home_library"]).size() < 10).sum()',
            "This is the number of groups. The question asks for the people in them.",
        ),
        Slip(
            "those who stay",
            'hidden = (privacy.group_sizes(coarse, ["born", "postal_code", "home_library"]) >= 10).sum()',
            "These are the people who stay. You need those who are left out.",
        ),
        Slip(
            "ten is too few",
            'hidden = (privacy.group_sizes(coarse, ["born", "postal_code", "home_library"]) <= 10).sum()',
            "You leave out groups of exactly 10, and they are large enough: use <.",
        ),
        Slip(
            "without the branch",
            'hidden = (privacy.group_sizes(coarse, ["born", "postal_code"]) < 10).sum()',
            "You left out home_library. Group by all three columns.",
        ),
        Slip(
            "those alone",
            'hidden = (privacy.group_sizes(coarse, ["born", "postal_code", "home_library"]) == 1).sum()',
            "You leave out only those who are alone. Every group below 10 is left out.",
        ),
        Slip(
            "a share",
            'hidden = (privacy.group_sizes(coarse, ["born", "postal_code", "home_library"]) < 10).mean()',
            told="outcome.looks_like_share",
        ),
    ]


class LOf(Function):
    """Alike in what matters."""

    name, points, objective = "l_of", 2, 4
    tries = (practice.l_of,)
    hint = "In each group, count the different values of the column that sensitive names, and take the smallest number."

    def right(t):
        return privacy.l_diversity

    def examples(t):
        table = t.coarse.assign(kind=t.people["patron_type"])
        yield table[["born", "home_library", "kind"]], ["born", "home_library"], "kind"
        yield table[["postal_code", "born", "home_library"]], ["home_library"], "postal_code"

    also_right = [
        # smallest number of different values
        """
def l_of(table, columns, sensitive):
    return table.groupby(columns, observed=True)[sensitive].nunique().min()
""",
        # rows that are not doubled
        """
def l_of(table, columns, sensitive):
    once = table.drop_duplicates([*columns, sensitive])
    return int(once.groupby(columns).size().min())
""",
        # a loop, as a float
        """
def l_of(table, columns, sensitive):
    return float(min(len(set(group[sensitive])) for _, group in table.groupby(columns)))
""",
    ]
    slips = [
        Slip(
            "k",
            "def l_of(table, columns, sensitive):\n    return table.groupby(columns)[sensitive].size().min()\n",
        ),
        Slip(
            "the largest",
            "def l_of(table, columns, sensitive):\n    return table.groupby(columns)[sensitive].nunique().max()\n",
        ),
        Slip(
            "the mean",
            "def l_of(table, columns, sensitive):\n    return table.groupby(columns)[sensitive].nunique().mean()\n",
        ),
        Slip(
            "over the whole table",
            "def l_of(table, columns, sensitive):\n    return table[sensitive].nunique()\n",
        ),
        Slip(
            "every group",
            "def l_of(table, columns, sensitive):\n    return table.groupby(columns)[sensitive].nunique()\n",
            told="outcome.wrong_kind",
        ),
    ]


class Scores(Function):
    """Right, and complete."""

    name, points, objective = "scores", 2, 5
    tries = (practice.scores,)
    within = 0.00051
    hint = "Precision: of the pairs found, how many are one person? Recall: of all that there are, how many are found?"

    def right(t):
        def scores(pairs, cut, in_all):
            found = pairs[pairs["likeness"] >= cut]
            right = found["same_person"].sum()
            return pd.Series({"precision": right / len(found), "recall": right / in_all})

        return scores

    def examples(t):
        by_email = t.found[t.found["rule"] == "same e-mail"]
        yield by_email, 0.6, t.in_all
        yield practice.scores["pairs"], 0.7, 8

    also_right = [
        # two shares
        """
def scores(pairs, cut, in_all):
    found = pairs[pairs["likeness"] >= cut]
    precision = found["same_person"].mean()
    recall = found["same_person"].sum() / in_all
    return pd.Series({"precision": precision, "recall": recall})
""",
        # a dictionary, in one count
        """
def scores(pairs, cut, in_all):
    is_found = pairs["likeness"] >= cut
    both = (is_found & pairs["same_person"]).sum()
    return {"recall": both / in_all, "precision": both / is_found.sum()}
""",
        # rounded
        """
def scores(pairs, cut, in_all):
    found = pairs.query("likeness >= @cut")
    return pd.Series([found.same_person.mean(), found.same_person.sum() / in_all], index=["precision", "recall"]).round(3)
""",
    ]

    @staticmethod
    def code(precision, recall, kept='pairs["likeness"] >= cut'):
        return (
            "def scores(pairs, cut, in_all):\n"
            f"    found = pairs[{kept}]\n"
            '    right = found["same_person"].sum()\n'
            f'    return pd.Series({{"precision": {precision}, "recall": {recall}}})\n'
        )


Scores.slips = [
    Slip("swapped", Scores.code("right / in_all", "right / len(found)")),
    Slip("of those in the table", Scores.code("right / len(found)", 'right / pairs["same_person"].sum()')),
    Slip("of all candidates", Scores.code("right / len(pairs)", "right / in_all")),
    Slip(
        "above the cut only", Scores.code("right / len(found)", "right / in_all", 'pairs["likeness"] > cut')
    ),
    Slip("below the cut", Scores.code("right / len(found)", "right / in_all", 'pairs["likeness"] < cut')),
    Slip("counts", Scores.code("right", "right")),
    Slip(
        "the cut of the lesson",
        Scores.code("right / len(found)", "right / in_all", 'pairs["likeness"] >= 0.75'),
    ),
    Slip("everything found is right", Scores.code("right / right", "right / in_all")),
    Slip("found, right or wrong", Scores.code("right / len(found)", "len(found) / in_all")),
]


class Rules(Table):
    """Three rules for one person."""

    name, points, objective, within = "rules", 2, 5, 0.00051
    by = "rule"
    hint = "Group found by rule: count its rows, count those with the same person, and divide by the right number."

    def right(t):
        groups = t.found.groupby("rule")["same_person"]
        table = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
        table["precision"] = table["right"] / table["pairs"]
        table["recall"] = table["right"] / t.in_all
        return table.reset_index()

    also_right = [
        # two counts and two shares
        """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
rules["precision"] = rules["right"] / rules["pairs"]
rules["recall"] = rules["right"] / in_all
""",
        # a loop, with the rule as a column
        """
rows = []
for rule in ["alike", "same name", "same e-mail"]:
    part = found[found["rule"] == rule]
    hits = int(part["same_person"].sum())
    rows.append({"recall": hits / in_all, "rule": rule, "right": hits, "pairs": len(part), "precision": hits / len(part)})
rules = pd.DataFrame(rows)
""",
        # means, rounded to three digits
        """
rules = found.groupby("rule").agg(pairs=("record_1", "size"), right=("same_person", "sum"), precision=("same_person", "mean"))
rules["recall"] = rules["right"] / in_all
rules = rules.round(3)
""",
    ]
    slips = [
        Slip(
            "recall of what was found",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
rules["precision"] = rules["right"] / rules["pairs"]
rules["recall"] = rules["right"] / found["same_person"].sum()
""",
            "Your recall divides by what the three rules found together, some of it three times. Divide by in_all.",
        ),
        Slip(
            "precision of all",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
rules["precision"] = rules["right"] / len(found)
rules["recall"] = rules["right"] / in_all
""",
            "Your precision divides by the pairs of all rules. Divide by those that each rule finds.",
        ),
        Slip(
            "every pair is right",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.size()})
rules["precision"] = rules["right"] / rules["pairs"]
rules["recall"] = rules["right"] / in_all
""",
            told=f"rules: {practice.ALWAYS_RIGHT}",
        ),
        Slip(
            "divided the wrong way around",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
rules["precision"] = rules["right"] / rules["pairs"]
rules["recall"] = in_all / rules["right"]
""",
            told="rules: "
            + practice.NOT_A_SHARE.format(column="recall", value=0).replace("have 0.", "have #."),
        ),
        Slip(
            "counts swapped",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.sum(), "right": groups.size()})
rules["precision"] = rules["right"] / rules["pairs"]
rules["recall"] = rules["right"] / in_all
""",
            told="rules: " + practice.MORE_RIGHT.format(right=0, pairs=0).replace("0", "#"),
        ),
        Slip(
            "swapped",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
rules["recall"] = rules["right"] / rules["pairs"]
rules["precision"] = rules["right"] / in_all
""",
            "The two are swapped. Precision divides by the pairs found, recall by all that there are to find.",
        ),
        Slip(
            "a column forgotten",
            """
groups = found.groupby("rule")["same_person"]
rules = pd.DataFrame({"pairs": groups.size(), "right": groups.sum()})
""",
            told="outcome.columns_missing",
        ),
    ]


class SaidNo(Count):
    """They said no."""

    name, points, objective = "said_no", 1, 3
    hint = "Which records say no? Then count the checkouts whose record number is among theirs."

    def right(t):
        no = t.records.loc[t.records["privacy_choice"] == "no", "record_number"]
        return int(t.checkouts["record_number"].isin(no).sum())

    also_right = [
        # is the number among theirs
        """
no = records[records["privacy_choice"] == "no"]
said_no = checkouts["record_number"].isin(no["record_number"]).sum()
""",
        # the two tables side by side
        """
both = checkouts.merge(records[["record_number", "privacy_choice"]], on="record_number")
said_no = float(len(both[both["privacy_choice"] == "no"]))
""",
    ]
    slips = [
        Slip(
            "people, not checkouts",
            'said_no = (records["privacy_choice"] == "no").sum()',
            "These are people. The question asks for their checkouts in the upload.",
        ),
        Slip(
            "those who said yes",
            """
yes = records[records["privacy_choice"] == "yes"]
said_no = checkouts["record_number"].isin(yes["record_number"]).sum()
""",
            "These are the checkouts of people who said yes. You need those of people who said no.",
        ),
        Slip(
            "readers, not checkouts",
            """
no = records[records["privacy_choice"] == "no"]
said_no = no["record_number"].isin(checkouts["record_number"]).sum()
""",
            "These are the people with a checkout. Count the checkouts: ask of each row of checkouts whether its number is among theirs.",
        ),
        Slip(
            "a share",
            """
no = records[records["privacy_choice"] == "no"]
said_no = checkouts["record_number"].isin(no["record_number"]).mean()
""",
            told="outcome.looks_like_share",
        ),
    ]


NOT_OURS = (
    "The number of active people doesn't fit the people you keep. Make the table from may_go, with privacy.coarsened, "
    "and leave active as it comes."
)


def making(*columns, others="", kept=">= 10", of="may_go", **choices):
    options = "".join(f", {name}={value!r}" for name, value in choices.items())
    groups = [name for name in columns if name != "active"]
    return (
        f"table = privacy.coarsened({of}{options})\n"
        f"table = table[{list(columns)!r}]\n{others}"
        f"sizes = privacy.group_sizes(table, {groups!r})\n"
        f"safe = table[sizes {kept}]\n"
    )


class Safe(Question):
    """A table that you would hand over: any will do in which nobody stands out."""

    name, points, objective = "safe", 2, 4
    form = "is_table"
    survivors = {
        "line 2: without place=…": "Four digits of the postal code stay: here that keeps 95 of 100, too, and it's another right answer.",
        "line 5: >= becomes >": "Groups of 11 or more: another right answer to a question that leaves the choice free.",
        "line 5: 10 becomes 11": "Groups of 11 or more: another right answer to a question that leaves the choice free.",
    }

    @classmethod
    def check(cls, found, t):
        table = found.is_table(["active"]).passes(practice.safe).value
        kept, people = len(table), len(t.may_go)
        all_active = int(privacy.coarsened(t.may_go)["active"].sum())
        active = int(table["active"].astype(bool).sum())
        found.holds(
            all_active - (people - kept) <= active <= all_active, NOT_OURS, "another library's people"
        )

    also_right = [
        # ten years, the branch
        making("born", "home_library", "active", when="none"),
        # the area and the kind of card, in another order
        making("active", "patron_type", "postal_code", when="none", place="area", card=True),
        # all digits and ten years
        making("born", "postal_code", "active", born="10 years", place="all", when="none")
        + "safe = safe.reset_index(drop=True)\n",
        # texts of one's own
        """
table = privacy.coarsened(may_go, when="none")
table = table[["home_library", "active"]].assign(child=table["born"] >= 2010)
safe = table[privacy.group_sizes(table, table.columns.drop("active")) >= 10]
""",
    ]
    slips = [
        Slip(
            "small groups left in",
            making(
                "born",
                "postal_code",
                "home_library",
                "active",
                born="year",
                place="all",
                when="none",
                kept=">= 0",
            ),
            told=f"safe: {practice.GROUP_TOO_SMALL.format(k='#')}",
        ),
        Slip(
            "too fine",
            making("born", "postal_code", "home_library", "active", born="year", place="all", when="none"),
            told=f"safe: {practice.FEW.format(kept=0, may=0).replace('0', '#', 2)}",
        ),
        Slip(
            "nothing to plan with",
            making("born", "active", when="none"),
            told=f"safe: {practice.TOO_FEW_COLUMNS.format(count='#')}",
        ),
        Slip(
            "without active",
            making("born", "home_library", when="none"),
            told="outcome.columns_missing",
        ),
        Slip(
            "a number for each person",
            making(
                "born",
                "home_library",
                "active",
                when="none",
                others='table["record_number"] = may_go["record_number"]\n',
            ),
            told=f"safe: {practice.GROUP_TOO_SMALL.format(k='#')}",
        ),
        Slip(
            "everybody is active",
            making("born", "home_library", "active", when="none") + "safe = safe.assign(active=True)\n",
            told=f"safe: {NOT_OURS}",
        ),
        Slip(
            "everyone twice",
            making("born", "home_library", "active", when="none") + "safe = pd.concat([safe, safe])\n",
            told=f"safe: {practice.TOO_MANY.format(kept=0, may=0).replace('0', '#', 2)}",
        ),
        Slip(
            "those who said no are in it",
            making("born", "home_library", "active", of="people", when="none"),
            told=f"safe: {practice.TOO_MANY.format(kept=0, may=0).replace('0', '#', 2)}",
        ),
    ]
