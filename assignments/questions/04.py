"""Who are our core customers?

sort patrons into segments by rules, and plan for each
"""

import numpy as np
import pandas as pd

from course_utils.checks.questions import Count, Function, Share, Slip, Table
from course_utils.methods.segments import practice


class NotAUse(Count):
    """What does not count."""

    name, points, objective = "not_a_use", 1, 1
    hint = "A renewal is no use, whoever asked for it. Count those rows of recent_checkouts."

    def right(t):
        return (t.recent_checkouts["transaction_type"] != "checkout").sum()

    also_right = [
        # sum of a comparison
        'not_a_use = (recent_checkouts["transaction_type"] != "checkout").sum()',
        # both renewals
        'not_a_use = int(recent_checkouts["transaction_type"].isin(["renewal", "automatic renewal"]).sum())',
        # total less uses, as a float
        """
counts = recent_checkouts["transaction_type"].value_counts()
not_a_use = float(len(recent_checkouts) - counts["checkout"])
""",
    ]
    slips = [
        Slip(
            "the uses",
            'not_a_use = (recent_checkouts["transaction_type"] == "checkout").sum()',
            "These are the rows that count. You need the others.",
        ),
        Slip(
            "automatic only",
            "not_a_use = len(recent_checkouts.query(\"transaction_type == 'automatic renewal'\"))",
            "You count what the computer renewed. A renewal that somebody asked for is no use either.",
        ),
        Slip(
            "asked for only",
            'not_a_use = (recent_checkouts["transaction_type"] == "renewal").sum()',
            "You count the renewals that somebody asked for. Those of the computer are no uses either.",
        ),
        Slip(
            "every row",
            'not_a_use = len(recent_checkouts["transaction_type"] != "checkout")',
            "This is every row. A Series of True and False has as many rows as the table: sum it.",
        ),
        Slip(
            "all three years",
            'not_a_use = (checkouts["transaction_type"] != "checkout").sum()',
            "These are the renewals of all three years. Look in recent_checkouts.",
        ),
        Slip(
            "people",
            'not_a_use = recent_checkouts.loc[recent_checkouts["transaction_type"] != "checkout", "patron_id"].nunique()',
            "This is the number of people with a renewal. The question asks for rows.",
        ),
        Slip(
            "a share",
            'not_a_use = (recent_checkouts["transaction_type"] != "checkout").mean()',
            told="outcome.looks_like_share",
        ),
    ]


class ByWay(Table):
    """Uses and users."""

    name, points, objective = "by_way", 2, 1
    within = 0.0051
    by = "way"
    hint = "Uses are rows, users are different people. Divide each by its own total."

    def right(t):
        people_of = t.recent.groupby("way")["patron_id"]
        table = pd.DataFrame({"uses": people_of.size(), "users": people_of.nunique()})
        table["share_of_uses"] = table["uses"] / len(t.recent)
        table["share_of_users"] = table["users"] / t.recent["patron_id"].nunique()
        return table.reset_index()

    also_right = [
        # grouped
        """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / recent["patron_id"].nunique()
""",
        # a loop, with the way as a column, in another order
        """
rows = []
for way in ["program", "digital", "computer", "physical"]:
    part = recent[recent["way"] == way]
    rows.append({"share_of_users": len(set(part["patron_id"])) / len(set(recent["patron_id"])), "way": way})
    rows[-1].update(uses=len(part), users=len(set(part["patron_id"])), share_of_uses=len(part) / len(recent))
by_way = pd.DataFrame(rows)
""",
        # people from their own table
        """
by_way = recent.groupby("way").agg(uses=("date", "size"), users=("patron_id", "nunique")).reset_index()
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(4)
by_way["share_of_users"] = (by_way["users"] / (people["f"] > 0).sum()).round(4)
""",
        # rounded to two digits
        """
by_way = recent.groupby("way")["patron_id"].agg(uses="count", users="nunique")
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(2)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(2)
""",
    ]
    slips = [
        Slip(
            "shares of users that add up to 1",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / by_way["users"].sum()
""",
            "Your shares of users add up to 1. One person may use the library in several ways: divide by the number of different people in recent.",
        ),
        Slip(
            "of all cards",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / len(patrons)
""",
            "You divided the users by all cards. Divide by the different people in recent.",
        ),
        Slip(
            "rows, not people",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.count()})
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = by_way["users"] / len(recent)
""",
            "Your users are as many as the uses. Count each patron_id once in each way.",
        ),
        Slip(
            "percentages",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = 100 * by_way["uses"] / len(recent)
by_way["share_of_users"] = 100 * by_way["users"] / recent["patron_id"].nunique()
""",
            told=f"by_way: {practice.NOT_SHARES}",
        ),
        Slip(
            "all three years",
            """
groups = uses.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / len(uses)
by_way["share_of_users"] = by_way["users"] / uses["patron_id"].nunique()
""",
            "This is the use of all three years. Look in recent.",
        ),
        Slip(
            "a row of totals",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way.loc["all"] = by_way.sum()
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = by_way["users"] / recent["patron_id"].nunique()
""",
            told=f"by_way: {practice.NOT_FOUR_WAYS}",
        ),
        Slip(
            "a column forgotten",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / len(recent)
""",
            told="outcome.columns_missing",
        ),
        Slip(
            "rounded to one digit",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(1)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(1)
""",
            told=f"by_way: {practice.ROUNDED}",
        ),
    ]


class Recency(Function):
    """How lately?"""

    name, points, objective = "recency", 2, 2
    tries = (practice.recency,)
    hint = "Use the table and the day that the function is given."

    def right(t):
        def recency(uses, as_of):
            last = uses.groupby("patron_id")["date"].max()
            return (as_of - last).dt.days

        return recency

    def examples(t):
        rng = np.random.default_rng(4)
        patrons = rng.integers(101, 121, 90)
        dates = pd.Timestamp("2024-02-29") + pd.to_timedelta(rng.integers(0, 500, 90), "D")
        uses = pd.DataFrame({"patron_id": patrons, "date": dates, "way": "program"})
        yield uses, pd.Timestamp("2025-09-15")

    also_right = [
        # latest date of each
        """
def recency(uses, as_of):
    last = uses.groupby("patron_id")["date"].max()
    return (as_of - last).dt.days
""",
        # sorted, and the last row kept
        """
def recency(uses, as_of):
    last = uses.sort_values("date").drop_duplicates("patron_id", keep="last").set_index("patron_id")
    return (as_of - last["date"]).dt.days
""",
        # the smallest number of days
        """
def recency(uses, as_of):
    ago = uses.assign(ago=(as_of - uses["date"]).dt.days)
    return ago.groupby("patron_id")["ago"].min().astype(float).to_dict()
""",
    ]
    slips = [
        Slip(
            "the first use",
            """
def recency(uses, as_of):
    return (as_of - uses.groupby("patron_id")["date"].min()).dt.days
""",
        ),
        Slip(
            "negative",
            """
def recency(uses, as_of):
    return (uses.groupby("patron_id")["date"].max() - as_of).dt.days
""",
        ),
        Slip(
            "dates",
            """
def recency(uses, as_of):
    return uses.groupby("patron_id")["date"].max()
""",
        ),
        Slip(
            "a stretch of time",
            """
def recency(uses, as_of):
    return as_of - uses.groupby("patron_id")["date"].max()
""",
        ),
        Slip(
            "the column of the lesson",
            """
def recency(uses, as_of):
    return people["r"]
""",
            told="outcome.not_grouped_function",
        ),
        Slip(
            "one row each use",
            """
def recency(uses, as_of):
    return (as_of - uses.set_index("patron_id")["date"]).dt.days
""",
            told="outcome.labels_twice",
        ),
        Slip(
            "the day of the course",
            """
def recency(uses, as_of):
    return (AS_OF - uses.groupby("patron_id")["date"].max()).dt.days
""",
        ),
        Slip(
            "brackets forgotten",
            """
def recency(uses, as_of):
    return as_of - uses.groupby("patron_id")["date"].max().dt.days
""",
            told="recency stopped with AttributeError ('DatetimeProperties' object has no attribute 'days'). A date isn't a number of days. Subtract one date from the other first, in parentheses, and then use .dt.days.",
        ),
    ]


class Frequency(Function):
    """How often?"""

    name, points, objective = "frequency", 2, 2
    tries = (practice.frequency,)
    hint = "The twelve months end with as_of, whichever day that is."

    def right(t):
        def frequency(uses, as_of):
            lately = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
            return lately.groupby("patron_id")["date"].nunique()

        return frequency

    def examples(t):
        rng = np.random.default_rng(44)
        patrons = rng.integers(101, 116, 160)
        dates = pd.Timestamp("2023-03-01") + pd.to_timedelta(rng.integers(0, 40, 160) * 20, "D")
        physical = pd.DataFrame({"patron_id": patrons, "date": dates, "way": "physical"})
        edges = ["2024-04-30", "2024-05-01", "2025-04-30", "2024-03-31", "2024-05-30"]
        edges = pd.DataFrame({"patron_id": range(200, 205), "date": pd.to_datetime(edges), "way": "computer"})
        uses = pd.concat([physical, physical.head(40).assign(way="program"), edges], ignore_index=True)
        as_of = pd.Timestamp("2025-04-30")
        yield uses[uses["date"] <= as_of].sample(frac=1, random_state=4), as_of

    also_right = [
        # each day once
        """
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates(["patron_id", "date"]).groupby("patron_id").size()
""",
        # different dates
        """
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(years=1)]
    return late.groupby("patron_id")["date"].nunique()
""",
        # a loop over sets
        """
def frequency(uses, as_of):
    days = {}
    for patron, date in zip(uses["patron_id"], uses["date"], strict=True):
        if date > as_of - pd.DateOffset(months=12):
            days.setdefault(patron, set()).add(date)
    return pd.Series({patron: len(dates) for patron, dates in days.items()})
""",
    ]
    slips = [
        Slip(
            "rows, not days",
            """
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id").size()
""",
        ),
        Slip(
            "days of all years",
            """
def frequency(uses, as_of):
    return uses.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "rows of all years",
            """
def frequency(uses, as_of):
    return uses["patron_id"].value_counts()
""",
        ),
        Slip(
            "the day itself",
            """
def frequency(uses, as_of):
    late = uses[uses["date"] >= as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "a day in each way",
            """
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates().groupby("patron_id").size()
""",
        ),
        Slip(
            "365 days",
            """
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.Timedelta(days=365)]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "the day of the set-up",
            """
def frequency(uses, as_of):
    return uses[uses["date"] > since].groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "the table of the notebook",
            """
def frequency(uses, as_of):
    return people["f"]
""",
            told="outcome.not_grouped_function",
        ),
    ]


class OneWayShare(Share):
    """One way only."""

    name, points, objective = "one_way_share", 1, 2
    within = 0.0005
    hint = "Count the different ways of each person in recent, and ask how many have exactly one."

    def right(t):
        return (t.recent.groupby("patron_id")["way"].nunique() == 1).mean()

    @classmethod
    def check(cls, found, t):
        """Rounded to two digits will do. A wider tolerance would take the share of another library."""
        right = cls.right(t)
        rounded = round(right, 2)
        is_rounded = abs(found.is_share().value - rounded) < 1e-9
        found.equals(
            rounded if is_rounded else right, within=cls.within, but_not=cls.known(t, right), hint=cls.hint
        )

    also_right = [
        # mean of a comparison
        'one_way_share = (recent.groupby("patron_id")["way"].nunique() == 1).mean()',
        # from the people
        'one_way_share = (people["m"] == 1).sum() / (people["m"] > 0).sum()',
        # rounded to two digits
        """
breadth = recent.groupby("patron_id")["way"].nunique()
one_way_share = round(len(breadth[breadth == 1]) / len(breadth), 2)
""",
    ]
    slips = [
        Slip(
            "of all cards",
            'one_way_share = (people["m"] == 1).mean()',
            "You divided by all cards. The question asks for a share of the people in recent.",
        ),
        Slip(
            "two ways or more",
            'one_way_share = (recent.groupby("patron_id")["way"].nunique() > 1).mean()',
            "This is the share with two ways or more. You need the others.",
        ),
        Slip(
            "one use only",
            'one_way_share = (recent.groupby("patron_id")["way"].count() == 1).mean()',
            "This is the share of people with a single use. Count their different ways, with .nunique().",
        ),
        Slip(
            "all three years",
            'one_way_share = (uses.groupby("patron_id")["way"].nunique() == 1).mean()',
            "You look at all three years. Look in recent.",
        ),
        Slip(
            "a count",
            'one_way_share = (recent.groupby("patron_id")["way"].nunique() == 1).sum()',
            told="outcome.share_percent",
        ),
    ]


class FScore(Function):
    """A score with a meaning."""

    name, points, objective = "f_score", 2, 2
    tries = (practice.f_score,)
    hint = "The cuts do not depend on who else is in the Series."

    def right(t):
        def f_score(f):
            return 1 + (f >= 4).astype(int) + (f >= 14).astype(int)

        return f_score

    def examples(t):
        yield (pd.Series([366, 14, 13, 5, 2, 4, 3, 1, 17, 18, 12], index=range(500, 511)),)
        yield (pd.Series([2, 2, 3, 1], index=list("wxyz")),)

    also_right = [
        # added up
        """
def f_score(f):
    return 1 + (f >= 4).astype(int) + (f >= 14)
""",
        # cut
        """
def f_score(f):
    return pd.cut(f, [0, 3, 13, 366], labels=[1, 2, 3])
""",
        # chosen, with labels put back
        """
def f_score(f):
    return pd.Series(np.select([f > 13, f > 3], [3.0, 2.0], default=1.0), index=f.index)
""",
    ]
    slips = [
        Slip(
            "begun with 1",
            """
def f_score(f):
    return pd.cut(f, [1, 3, 13, 366], labels=[1, 2, 3])
""",
        ),
        Slip(
            "ended too early",
            """
def f_score(f):
    return pd.cut(f, [0, 3, 13, 365], labels=[1, 2, 3])
""",
        ),
        Slip(
            "words",
            """
def f_score(f):
    return pd.cut(f, [0, 3, 13, 366], labels=["1", "2", "3"])
""",
        ),
        Slip(
            "one question for all",
            """
def f_score(f):
    return 3 if f >= 14 else 2 if f >= 4 else 1
""",
            told="f_score stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). A Series has an answer for each label, and if, and, or want a single one. Two comparisons go together like this, each in parentheses: (a <= b) & (b <= c).",
        ),
        Slip(
            "upside down",
            """
def f_score(f):
    return pd.cut(f, [0, 3, 13, 366], labels=[3, 2, 1])
""",
        ),
        Slip(
            "cuts one too high",
            """
def f_score(f):
    return pd.cut(f, [0, 4, 14, 366], labels=[1, 2, 3])
""",
        ),
        Slip(
            "the cut of the lesson",
            """
def f_score(f):
    return pd.cut(f, [0, 3, 17, 366], labels=[1, 2, 3])
""",
        ),
        Slip(
            "equal parts",
            """
def f_score(f):
    if len(f) > 4:
        return pd.cut(f, [0, 3, 13, 366], labels=[1, 2, 3])
    return f.rank(method="first").clip(upper=3)
""",
            told=f"f_score(…) is # for w. That is not it yet. {hint}",
        ),
        Slip(
            "thirds",
            """
def f_score(f):
    return pd.qcut(f.rank(method="first"), 3, labels=[1, 2, 3])
""",
            told=f"f_score(…) is # for #. That is not it yet. {hint}",
        ),
        Slip(
            "an array without labels",
            """
def f_score(f):
    return np.select([f > 13, f > 3], [3, 2], default=1)
""",
            told="outcome.wrong_kind",
        ),
    ]


class CoreOf(Function):
    """Rules in order."""

    name, points, objective = "core_of", 3, 3
    tries = (practice.core_of,)
    hint = "Go through the rules in their order, for one row at a time."

    def right(t):
        def core_of(table):
            segment = pd.Series("now and then", index=table.index)
            segment = segment.mask(table["days_used"] >= 14, "regular")
            segment = segment.mask(table["last_seen"] > 56, "not lately")
            segment = segment.mask(table["days_used"] == 0, "away")
            return segment.mask(table["card_age"] < 90, "new")

        return core_of

    def examples(t):
        rng = np.random.default_rng(404)
        table = pd.DataFrame(
            {
                "card_age": rng.choice([0, 30, 88, 89, 90, 91, 400, 5000], 120),
                "last_seen": rng.choice([0.0, 20.0, 55.0, 56.0, 57.0, 58.0, 300.0], 120),
                "days_used": rng.choice([0, 1, 2, 12, 13, 14, 15, 90], 120),
            },
            index=rng.permutation(range(900, 1020)),
        )
        is_away = table["days_used"] == 0
        table.loc[is_away, "last_seen"] = rng.choice([np.nan, 400.0, 900.0], is_away.sum())
        yield (table,)

    also_right = [
        # select
        """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        # from the last rule to the first
        """
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    segment[table["days_used"] >= 14] = "regular"
    segment[table["last_seen"] > 56] = "not lately"
    segment[table["days_used"] == 0] = "away"
    segment[table["card_age"] < 90] = "new"
    return segment.astype("category")
""",
        # row by row
        """
def core_of(table):
    found = {}
    for row in table.itertuples():
        if row.card_age < 90:
            found[row.Index] = "new"
        elif row.days_used < 1:
            found[row.Index] = "away"
        elif row.last_seen > 56:
            found[row.Index] = "not lately"
        elif row.days_used >= 14:
            found[row.Index] = "regular"
        else:
            found[row.Index] = "now and then"
    return found
""",
    ]
    slips = [
        Slip(
            "no labels",
            """
def core_of(table):
    questions = [table["card_age"] < 90, table["days_used"] == 0, table["last_seen"] > 56, table["days_used"] >= 14]
    return pd.Series(np.select(questions, ["new", "away", "not lately", "regular"], default="now and then"))
""",
        ),
        Slip(
            "away means never",
            """
def core_of(table):
    questions = [table["card_age"] < 90, table["last_seen"].isna(), table["last_seen"] > 56, table["days_used"] >= 14]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "every cut one off",
            """
def core_of(table):
    questions = [table["card_age"] <= 90, table["days_used"] == 0, table["last_seen"] >= 56, table["days_used"] > 14]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "new forgotten",
            """
def core_of(table):
    questions = [table["days_used"] == 0, table["last_seen"] > 56, table["days_used"] >= 14]
    names = ["away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "away before new",
            """
def core_of(table):
    questions = [
        table["days_used"] == 0,
        table["card_age"] < 90,
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["away", "new", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "regular before not lately",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["days_used"] >= 14,
        table["last_seen"] > 56,
    ]
    names = ["new", "away", "regular", "not lately"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "cuts of the lesson",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 63,
        table["days_used"] >= 18,
    ]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "often, and one more",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 56,
        table["days_used"] > 14,
    ]
    names = ["new", "away", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "90 days are new",
            """
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    segment[table["days_used"] >= 14] = "regular"
    segment[table["last_seen"] > 56] = "not lately"
    segment[table["days_used"] == 0] = "away"
    segment[table["card_age"] <= 90] = "new"
    return segment
""",
        ),
        Slip(
            "56 days are too long",
            """
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    segment[table["days_used"] >= 14] = "regular"
    segment[table["last_seen"] >= 56] = "not lately"
    segment[table["days_used"] == 0] = "away"
    segment[table["card_age"] < 90] = "new"
    return segment
""",
        ),
        Slip(
            "the columns of the lesson",
            """
def core_of(table):
    questions = [table["card_age"] < 90, table["r"] > 56]
    return pd.Series(np.select(questions, ["new", "not lately"], default="now and then"), index=table.index)
""",
            told="core_of stopped with KeyError ('r'). What the function is given has no column 'r'. It has: card_age, last_seen, days_used.",
        ),
        Slip(
            "and, in words",
            """
def core_of(table):
    if table["card_age"] < 90:
        return "new"
    return "now and then"
""",
            told="core_of stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). A Series has an answer for each label, and if, and, or want a single one. Two comparisons go together like this, each in parentheses: (a <= b) & (b <= c).",
        ),
        Slip(
            "an array without labels",
            """
def core_of(table):
    questions = [table["card_age"] < 90, table["days_used"] == 0, table["last_seen"] > 56, table["days_used"] >= 14]
    return np.select(questions, ["new", "away", "not lately", "regular"], default="now and then")
""",
            told="outcome.wrong_kind",
        ),
    ]


def not_one_whole(column):
    """What the test of ``sizes`` says of shares that do not add up to 1."""
    return f"sizes: {practice.NOT_ONE_WHOLE.format(column=column, total='#')}"


class Sizes(Table):
    """Patrons and use, side by side."""

    name, points, objective = "sizes", 2, 3
    within = 0.0051
    by = "segment"
    hint = "Patrons are counted, days of use are added up, and each is divided by its own total."

    def right(t):
        days_of = t.people.groupby("segment")["f"]
        table = pd.DataFrame({"patrons": days_of.size(), "days_of_use": days_of.sum()})
        table["share_of_patrons"] = table["patrons"] / len(t.people)
        table["share_of_use"] = table["days_of_use"] / t.people["f"].sum()
        return table.reset_index()

    also_right = [
        # grouped
        """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / sizes["patrons"].sum()
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()
""",
        # counts of values, in another order
        """
sizes = people["segment"].value_counts().rename("patrons").to_frame()
sizes["share_of_patrons"] = people["segment"].value_counts(normalize=True)
sizes["days_of_use"] = people.groupby("segment")["f"].sum().astype(float)
sizes["share_of_use"] = (sizes["days_of_use"] / people["f"].sum()).round(4)
""",
        # a loop
        """
rows = []
for name in ["new", "away", "not lately", "regular", "now and then"]:
    some = people.loc[people["segment"] == name, "f"]
    rows.append([name, len(some), len(some) / len(people), some.sum(), some.sum() / people["f"].sum()])
sizes = pd.DataFrame(rows, columns=["segment", "patrons", "share_of_patrons", "days_of_use", "share_of_use"])
""",
        # rounded to two digits
        """
sizes = people.groupby("segment").agg(patrons=("f", "count"), days_of_use=("f", "sum"))
for count, share in (("patrons", "share_of_patrons"), ("days_of_use", "share_of_use")):
    sizes[share] = (sizes[count] / sizes[count].sum()).round(2)
""",
    ]
    slips = [
        Slip(
            "of the users",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / (people["f"] > 0).sum()
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()
""",
            told=not_one_whole("share_of_patrons"),
        ),
        Slip(
            "use per patron",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.mean()})
sizes["share_of_patrons"] = sizes["patrons"] / sizes["patrons"].sum()
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()
""",
            "You took the mean of the days. Add them up.",
        ),
        Slip(
            "days by patrons",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / len(people)
""",
            told=not_one_whole("share_of_use"),
        ),
        Slip(
            "patrons twice",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.count()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()
""",
            "Your days of use are the number of patrons. Add up their f.",
        ),
        Slip(
            "uses, not days",
            """
sizes = people["segment"].value_counts().rename("patrons").to_frame()
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["days_of_use"] = recent["patron_id"].map(people["segment"]).value_counts()
sizes["days_of_use"] = sizes["days_of_use"].fillna(0)
sizes["share_of_use"] = sizes["days_of_use"] / len(recent)
""",
            "You count uses, not days of use. The column f of people has the days.",
        ),
        Slip(
            "percentages",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = 100 * sizes["patrons"] / len(people)
sizes["share_of_use"] = 100 * sizes["days_of_use"] / people["f"].sum()
""",
            told=not_one_whole("share_of_patrons"),
        ),
        Slip(
            "use of rows",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / len(recent)
""",
            told=not_one_whole("share_of_use"),
        ),
        Slip(
            "percent of patrons",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = 100 * sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / people["f"].sum()
""",
            told=not_one_whole("share_of_patrons"),
        ),
        Slip(
            "rounded to one digit",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = (sizes["patrons"] / len(people)).round(1)
sizes["share_of_use"] = (sizes["days_of_use"] / people["f"].sum()).round(1)
""",
            told=f"sizes: {practice.ROUNDED}",
        ),
        Slip(
            "written into people",
            """
nobody = people.assign(f=0).groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": nobody.size(), "days_of_use": nobody.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / sizes["days_of_use"].sum()
""",
            told=f"sizes: {practice.MISSING_SHARE}",
        ),
        Slip(
            "the core only",
            """
core = people[people["segment"].isin(["regular", "now and then", "not lately"])]
groups = core.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "days_of_use": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_use"] = sizes["days_of_use"] / people["f"].sum()
""",
            told=f"sizes: {practice.NOT_FIVE_SEGMENTS}",
        ),
    ]


class Stayed(Function):
    """Who stays when a cut moves?"""

    name, points, objective = "stayed", 2, 4
    tries = (practice.stayed,)
    within = 0.0051
    hint = "The share is of the people of each segment of before, whatever the order of after."

    def right(t):
        def stayed(before, after):
            return (before == after.loc[before.index]).groupby(before).mean()

        return stayed

    def examples(t):
        rng = np.random.default_rng(9)
        names = ["regular", "now and then", "not lately", "new", "away"]
        before = pd.Series(rng.choice(names, 80), index=rng.permutation(range(300, 380)))
        stays = (rng.random(80) < 0.6) & (before != "new")
        after = before.where(stays, rng.choice(names[:3], 80))
        yield before, after.sample(frac=1, random_state=9)

    also_right = [
        # compared in one order
        """
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).mean()
""",
        # a table of both
        """
def stayed(before, after):
    both = pd.DataFrame({"before": before, "after": after})
    same = both[both["before"] == both["after"]]
    return (same["before"].value_counts() / both["before"].value_counts()).fillna(0)
""",
        # a cross table
        """
def stayed(before, after):
    table = pd.crosstab(before, after.reindex(before.index), normalize="index")
    return {name: table.loc[name].get(name, 0.0) for name in table.index}
""",
        # rounded to two digits
        """
def stayed(before, after):
    same = before.eq(after.reindex(before.index))
    return same.groupby(before).mean().round(2)
""",
    ]
    slips = [
        Slip(
            "grouped by after",
            """
def stayed(before, after):
    after = after.loc[before.index]
    return (before == after).groupby(after).mean()
""",
        ),
        Slip(
            "not grouped",
            """
def stayed(before, after):
    return before == after.loc[before.index]
""",
        ),
        Slip(
            "nobody is missing",
            """
def stayed(before, after):
    same = before[before == after.loc[before.index]]
    return same.value_counts().reindex(before.unique()) / before.value_counts()
""",
        ),
        Slip(
            "order ignored",
            """
def stayed(before, after):
    return (before == after.values).groupby(before).mean()
""",
        ),
        Slip(
            "those who move",
            """
def stayed(before, after):
    return (before != after.loc[before.index]).groupby(before).mean()
""",
        ),
        Slip(
            "counts",
            """
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).sum()
""",
        ),
        Slip(
            "of everybody",
            """
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).sum() / len(before)
""",
        ),
        Slip(
            "one share for all",
            """
def stayed(before, after):
    return (before == after.loc[before.index]).mean()
""",
            told="outcome.wrong_kind",
        ),
        Slip(
            "rows of unlike labels",
            """
def stayed(before, after):
    return (before == after).groupby(before).mean()
""",
            told="stayed stopped with ValueError (Can only compare identically-labeled Series objects). The rows of the two are in a different order, or have different labels. Put one into the order of the other first: a.loc[b.index].",
        ),
        Slip(
            "a name in quotation marks",
            """
def stayed(before, after):
    return (before == after.loc[before.index]).groupby("before").mean()
""",
            told="stayed stopped with KeyError ('before'). A Series has no columns, so none is called 'before'. If you mean what the function is given, leave out the quotation marks.",
        ),
        Slip(
            "not compared",
            """
def stayed(before, after):
    return after.loc[before.index].groupby(before).mean()
""",
            told="stayed stopped with TypeError (dtype 'str' does not support operation 'mean'). Texts have no mean. Compare first: True and False have one.",
        ),
        Slip(
            "nobody is left out",
            """
def stayed(before, after):
    same = before[before == after.loc[before.index]]
    return {name: len(same[same == name]) / len(before[before == name]) for name in same.unique()}
""",
        ),
    ]


TWO_LEAD_HERE = (
    "Two slips lead here. Either a table is missing: the report has programs and computers, too. "
    "Or > stands where >= should: 14 days are enough."
)


class MadeRegular(Count):
    """Regulars made by renewals."""

    name, points, objective = "made_regular", 2, 4
    hint = "Count the different days of each patron in both tables together, then ask both questions of each patron."

    def right(t):
        report = pd.concat([t.recent_checkouts, t.recent])
        days = report.groupby("patron_id")["date"].nunique().reindex(t.people.index, fill_value=0)
        return ((days >= 14) & (t.people["segment"] == "now and then")).sum()

    also_right = [
        # both tables, each day once
        """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()
""",
        # different dates of those who are now and then
        """
some = people.index[people["segment"] == "now and then"]
both = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]])
made_regular = len([1 for count in both[both["patron_id"].isin(some)].groupby("patron_id")["date"].nunique() if count > 13])
""",
        # with the helper of the set-up
        """
every = segments.uses(checkouts, library.attendance, library.computer_sessions, renewals=True)
f_all = segments.rfm(patrons, every, as_of=AS_OF)["f"]
made_regular = float(((f_all >= 14) & (people["segment"] == "now and then")).sum())
""",
    ]
    slips = [
        Slip(
            "rows in the place of days",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]])
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()
""",
            "You count rows. Take each day of each patron once, with .drop_duplicates() on patron_id and date.",
        ),
        Slip(
            "rows that are alike throughout",
            """
report = pd.concat([recent_checkouts, recent]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()
""",
            "You leave out a row only if every column is the same. Give .drop_duplicates() the two columns: patron_id and date.",
        ),
        Slip(
            "everybody with 14 days",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
made_regular = (report.groupby("patron_id").size() >= 14).sum()
""",
            "You count everybody with 14 days in the report. Keep those who are now and then in people.",
        ),
        Slip(
            "regulars of the report less ours",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
made_regular = (report.groupby("patron_id").size() >= 14).sum() - (people["segment"] == "regular").sum()
""",
            "You took one total away from another. Not all of the difference is now and then: ask each patron both questions.",
        ),
        Slip(
            "checkouts only",
            """
days = recent_checkouts.groupby("patron_id")["date"].nunique().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()
""",
            TWO_LEAD_HERE,
        ),
        Slip(
            "more than 14",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days > 14) & (people["segment"] == "now and then")).sum()
""",
            TWO_LEAD_HERE,
        ),
        Slip(
            "often as in the lesson",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 18) & (people["segment"] == "now and then")).sum()
""",
            "You cut at 18 days, as the lesson does. Here often is 14 days or more.",
        ),
        Slip(
            "the uses alone",
            """
days = recent.groupby("patron_id")["date"].nunique().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "now and then")).sum()
""",
            told="outcome.too_few",
        ),
        Slip(
            "regulars again",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = ((days >= 14) & (people["segment"] == "regular")).sum()
""",
            "These were regulars anyway. Keep those who are now and then in people.",
        ),
    ]


class Erased(Count):
    """Whom a wrong rule erases."""

    name, points, objective = "erased", 1, 4
    hint = "Take the people with a physical checkout away from all people in recent."

    def right(t):
        seen = t.recent.loc[t.recent["way"] == "physical", "patron_id"]
        return t.recent["patron_id"].nunique() - seen.nunique()

    also_right = [
        # one number less another
        'erased = recent["patron_id"].nunique() - recent.loc[recent["way"] == "physical", "patron_id"].nunique()',
        # sets
        'erased = len(set(recent["patron_id"]) - set(recent.query("way == \'physical\'")["patron_id"]))',
        # asked of each patron
        """
seen = people.index.isin(recent.loc[recent["way"] == "physical", "patron_id"])
erased = np.int64(((people["f"] > 0) & ~seen).sum())
""",
    ]
    slips = [
        Slip(
            "people with another way",
            'erased = recent.loc[recent["way"] != "physical", "patron_id"].nunique()',
            "These people did something else as well. Some of them also checked out a physical item, and are seen.",
        ),
        Slip("uses, not people", 'erased = (recent["way"] != "physical").sum()', told="outcome.too_many"),
        Slip(
            "those who are seen",
            'erased = recent.loc[recent["way"] == "physical", "patron_id"].nunique()',
            "These are the people whom the rule sees. You need the others.",
        ),
        Slip(
            "of all cards",
            'erased = len(people) - recent.loc[recent["way"] == "physical", "patron_id"].nunique()',
            "You count everybody with a card. Only people in recent can be erased.",
        ),
        Slip(
            "digital readers kept",
            'erased = recent["patron_id"].nunique() - recent.loc[recent["way"].isin(["physical", "digital"]), "patron_id"].nunique()',
            "You leave out those who borrow digitally only. The rule asks for a physical item: it does not see them either.",
        ),
    ]
