"""Who are our core customers?

sort patrons into segments by rules, and plan for each
"""

import numpy as np
import pandas as pd

from course_utils.checks.questions import ROUNDED, Count, Function, Labelled, Slip, Table
from course_utils.methods.segments import practice

NO_SHARES = "A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total."


def or_rounded(hint, right, columns):
    """The hint for a table: another one where a column is right but for being rounded to two digits."""

    def hint_for_value(value):
        columns_fit = (
            np.allclose(sorted(value[one]), sorted(right[one].round(2)), atol=1e-9) for one in columns
        )
        return practice.ROUNDED if any(columns_fit) else hint

    return hint_for_value


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

    name, points, objective, within = "by_way", 2, 1, ROUNDED
    by = "way"
    hint = "Uses are rows, users are different people. Divide each by its own total."
    hint_for = classmethod(
        lambda cls, right, t: or_rounded(cls.hint, right, ["share_of_uses", "share_of_users"])
    )

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
        # rounded to three digits
        """
by_way = recent.groupby("way")["patron_id"].agg(uses="count", users="nunique")
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(3)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(3)
""",
        # of pandas' nullable types
        """
by_way = recent.groupby("way")["patron_id"].agg(uses="size", users="nunique").astype("Int64")
by_way["share_of_uses"] = by_way["uses"] / by_way["uses"].sum()
by_way["share_of_users"] = by_way["users"] / recent["patron_id"].nunique()
by_way = by_way.convert_dtypes()
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
            told=f"by_way: {practice.NOT_THESE.format(wanted='…', found='…')}",
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
            "of the people of all years",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = by_way["users"] / uses["patron_id"].nunique()
""",
            "You divided the users by the people of all three years. Divide by the different people in recent.",
        ),
        Slip(
            "users by uses",
            """
groups = recent.groupby("way")["patron_id"]
by_way = pd.DataFrame({"uses": groups.size(), "users": groups.nunique()})
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = by_way["users"] / len(recent)
""",
            "You divided the users by the uses. Divide them by the different people in recent.",
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
        Slip(
            "one column rounded to two digits",
            """
by_way = recent.groupby("way")["patron_id"].agg(uses="count", users="nunique")
by_way["share_of_uses"] = by_way["uses"] / len(recent)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(2)
""",
            told=f"by_way is not it yet: look at the column share_of_users where way computer. {practice.ROUNDED}",
        ),
        Slip(
            "rounded to two digits",
            """
by_way = recent.groupby("way")["patron_id"].agg(uses="count", users="nunique")
by_way["share_of_uses"] = (by_way["uses"] / len(recent)).round(2)
by_way["share_of_users"] = (by_way["users"] / recent["patron_id"].nunique()).round(2)
""",
            told="outcome.rounded",
        ),
    ]


class Recency(Function):
    """How lately?"""

    name, points, objective = "recency", 2, 2
    tries = (practice.recency,)
    hint = "Use the table and the day that the function is given, and the visits alone."

    def right(t):
        def recency(uses, as_of):
            last = uses[uses["way"] != "digital"].groupby("patron_id")["date"].max()
            return (as_of - last).dt.days

        return recency

    def examples(t):
        rng = np.random.default_rng(4)
        patrons = rng.integers(101, 121, 90)
        dates = pd.Timestamp("2024-02-29") + pd.to_timedelta(rng.integers(0, 500, 90), "D")
        ways = rng.choice(["program", "physical", "digital", "computer"], 90)
        uses = pd.DataFrame({"patron_id": patrons, "date": dates, "way": ways})
        yield uses, pd.Timestamp("2025-09-15")

    also_right = [
        # latest date of each
        """
def recency(uses, as_of):
    last = uses[uses["way"] != "digital"].groupby("patron_id")["date"].max()
    return (as_of - last).dt.days
""",
        # sorted, and the last row kept
        """
def recency(uses, as_of):
    visits = uses.query("way in ['physical', 'program', 'computer']").sort_values("date")
    last = visits.drop_duplicates("patron_id", keep="last").set_index("patron_id")
    return (as_of - last["date"]).dt.days
""",
        # the smallest number of days
        """
def recency(uses, as_of):
    ago = uses.loc[uses["way"] != "digital"].assign(ago=(as_of - uses["date"]).dt.days)
    return ago.groupby("patron_id")["ago"].min().astype(float).to_dict()
""",
        # a loop, of pandas' nullable types
        """
def recency(uses, as_of):
    days = {}
    for row in uses.itertuples():
        if row.way != "digital":
            ago = (as_of - row.date).days
            days[row.patron_id] = min(ago, days.get(row.patron_id, ago))
    return pd.Series(days).astype("Int64")
""",
    ]
    slips = [
        Slip(
            "digital uses, too",
            """
def recency(uses, as_of):
    return (as_of - uses.groupby("patron_id")["date"].max()).dt.days
""",
            # as the kit counts it
            also=(
                """
def recency(uses, as_of):
    cards = uses[["patron_id"]].drop_duplicates().assign(enrolled=as_of)
    return segments.rfm(cards, uses, as_of=as_of)["r"]
""",
            ),
        ),
        Slip(
            "physical uses only",
            """
def recency(uses, as_of):
    return (as_of - uses[uses["way"] == "physical"].groupby("patron_id")["date"].max()).dt.days
""",
        ),
        Slip(
            "digital uses only",
            """
def recency(uses, as_of):
    return (as_of - uses[uses["way"] == "digital"].groupby("patron_id")["date"].max()).dt.days
""",
        ),
        Slip(
            "the first visit",
            """
def recency(uses, as_of):
    return (as_of - uses[uses["way"] != "digital"].groupby("patron_id")["date"].min()).dt.days
""",
        ),
        Slip(
            "negative",
            """
def recency(uses, as_of):
    return (uses[uses["way"] != "digital"].groupby("patron_id")["date"].max() - as_of).dt.days
""",
        ),
        Slip(
            "dates",
            """
def recency(uses, as_of):
    return uses[uses["way"] != "digital"].groupby("patron_id")["date"].max()
""",
        ),
        Slip(
            "a stretch of time",
            """
def recency(uses, as_of):
    return as_of - uses[uses["way"] != "digital"].groupby("patron_id")["date"].max()
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
    return (AS_OF - uses[uses["way"] != "digital"].groupby("patron_id")["date"].max()).dt.days
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
    hint = "The twelve months end with as_of, whichever day that is, and visits alone count."

    def right(t):
        def frequency(uses, as_of):
            lately = uses[(uses["date"] > as_of - pd.DateOffset(months=12)) & (uses["way"] != "digital")]
            return lately.groupby("patron_id")["date"].nunique()

        return frequency

    def examples(t):
        rng = np.random.default_rng(44)
        patrons = rng.integers(101, 116, 160)
        dates = pd.Timestamp("2023-03-01") + pd.to_timedelta(rng.integers(0, 40, 160) * 20, "D")
        ways = rng.choice(["physical", "digital"], 160)
        borrowed = pd.DataFrame({"patron_id": patrons, "date": dates, "way": ways})
        edges = ["2024-04-30", "2024-05-01", "2025-04-30", "2024-03-31", "2024-05-30"]
        edges = pd.DataFrame({"patron_id": range(200, 205), "date": pd.to_datetime(edges), "way": "computer"})
        uses = pd.concat([borrowed, borrowed.head(40).assign(way="program"), edges], ignore_index=True)
        as_of = pd.Timestamp("2025-04-30")
        yield uses[uses["date"] <= as_of].sample(frac=1, random_state=4), as_of

    also_right = [
        # each day once
        """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates(["patron_id", "date"]).groupby("patron_id").size()
""",
        # different dates
        """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] > as_of - pd.DateOffset(years=1)]
    return late.groupby("patron_id")["date"].nunique()
""",
        # a loop over sets
        """
def frequency(uses, as_of):
    days = {}
    for patron, date, way in zip(uses["patron_id"], uses["date"], uses["way"], strict=True):
        if way != "digital" and date > as_of - pd.DateOffset(months=12):
            days.setdefault(patron, set()).add(date)
    return pd.Series({patron: len(dates) for patron, dates in days.items()})
""",
    ]
    slips = [
        Slip(
            "digital uses, too",
            """
def frequency(uses, as_of):
    late = uses[uses["date"] > as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id")["date"].nunique()
""",
            # as the kit counts it
            also=(
                """
def frequency(uses, as_of):
    cards = uses[["patron_id"]].drop_duplicates().assign(enrolled=as_of)
    days = segments.rfm(cards, uses, as_of=as_of)["f"]
    return days[days > 0]
""",
            ),
        ),
        Slip(
            "physical uses only",
            """
def frequency(uses, as_of):
    late = uses[(uses["date"] > as_of - pd.DateOffset(months=12)) & (uses["way"] == "physical")]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "as_of left out",
            """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[(visits["date"] > as_of - pd.DateOffset(months=12)) & (visits["date"] < as_of)]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "13 months",
            """
def frequency(uses, as_of):
    late = uses[(uses["date"] > as_of - pd.DateOffset(months=13)) & (uses["way"] != "digital")]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "rows, not days",
            """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] > as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id").size()
""",
        ),
        Slip(
            "days of all years",
            """
def frequency(uses, as_of):
    return uses[uses["way"] != "digital"].groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "rows of all years",
            """
def frequency(uses, as_of):
    return uses.loc[uses["way"] != "digital", "patron_id"].value_counts()
""",
        ),
        Slip(
            "the day itself",
            """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] >= as_of - pd.DateOffset(months=12)]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "a day in each way",
            """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates().groupby("patron_id").size()
""",
        ),
        Slip(
            "365 days",
            """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] > as_of - pd.Timedelta(days=365)]
    return late.groupby("patron_id")["date"].nunique()
""",
        ),
        Slip(
            "the day of the set-up",
            """
def frequency(uses, as_of):
    late = uses[(uses["date"] > since) & (uses["way"] != "digital")]
    return late.groupby("patron_id")["date"].nunique()
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


class OneWayShare(Labelled):
    """One way only."""

    name, points, objective, within = "one_way_share", 1, 2, ROUNDED
    hint = (
        "Count the different ways of each person in recent; in each segment, ask how many have exactly one."
    )

    def right(t):
        has_one = t.recent.groupby("patron_id")["way"].nunique() == 1
        return has_one.groupby(t.people["segment"]).mean()

    also_right = [
        # mean of a comparison in each group
        """
breadth = recent.groupby("patron_id")["way"].nunique()
one_way_share = (breadth == 1).groupby(people["segment"]).mean()
""",
        # from the people
        """
users = people[people["m"] > 0]
one_way_share = users[users["m"] == 1].groupby("segment").size() / users.groupby("segment").size()
""",
        # joined, and rounded to three digits
        """
breadth = recent.groupby("patron_id")["way"].nunique().rename("breadth")
both = people.join(breadth, how="inner")
one_way_share = {name: round(float((some["breadth"] == 1).mean()), 3) for name, some in both.groupby("segment")}
""",
    ]
    slips = [
        Slip(
            "of all cards",
            """
kept = people[people["segment"] != "away"]
one_way_share = (kept["m"] == 1).groupby(kept["segment"]).mean()
""",
            "You divided by all cards of the segment. Some new cards have no use yet: divide by the people in recent.",
        ),
        Slip(
            "those who are away",
            'one_way_share = (people["m"] == 1).groupby(people["segment"]).mean()',
            told="outcome.labels_extra",
        ),
        Slip(
            "two ways or more",
            """
breadth = recent.groupby("patron_id")["way"].nunique()
one_way_share = (breadth > 1).groupby(people["segment"]).mean()
""",
            "These are the shares with two ways or more. You need the others.",
        ),
        Slip(
            "one use only",
            """
breadth = recent.groupby("patron_id")["way"].count()
one_way_share = (breadth == 1).groupby(people["segment"]).mean()
""",
            "These are the shares of people with a single use. Count their different ways, with .nunique().",
        ),
        Slip(
            "all three years",
            """
breadth = uses[uses["patron_id"].isin(recent["patron_id"])].groupby("patron_id")["way"].nunique()
one_way_share = (breadth == 1).groupby(people["segment"]).mean()
""",
            "You look at the uses of all three years. Look in recent.",
        ),
        Slip(
            "everybody of three years",
            """
breadth = uses.groupby("patron_id")["way"].nunique()
one_way_share = (breadth == 1).groupby(people["segment"]).mean()
""",
            told="outcome.labels_extra",
        ),
        Slip(
            "of all with one way",
            'one_way_share = people.loc[people["m"] == 1, "segment"].value_counts(normalize=True)',
            "These shares add up to 1: they say how those with one way are spread over the segments. Divide by the people of each segment.",
        ),
        Slip(
            "of everybody",
            """
users = people[people["m"] > 0]
one_way_share = users.loc[users["m"] == 1, "segment"].value_counts() / len(users)
""",
            "You divided by everybody in recent. Divide by the people of each segment.",
        ),
        Slip(
            "one share for all",
            'one_way_share = (recent.groupby("patron_id")["way"].nunique() == 1).mean()',
            told="outcome.wrong_kind",
        ),
        Slip(
            "counts",
            """
breadth = recent.groupby("patron_id")["way"].nunique()
one_way_share = (breadth == 1).groupby(people["segment"]).sum()
""",
            told=f"one_way_share['…'] is #. {NO_SHARES}",
        ),
        Slip(
            "rounded to two digits",
            """
breadth = recent.groupby("patron_id")["way"].nunique()
one_way_share = (breadth == 1).groupby(people["segment"]).mean().round(2)
""",
            told="outcome.rounded",
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
            "begun with a score of 0",
            """
def f_score(f):
    return (f >= 4).astype(int) + (f >= 14)
""",
        ),
        Slip(
            "the first cut one too high",
            """
def f_score(f):
    return 1 + (f > 4).astype(int) + (f >= 14)
""",
        ),
        Slip(
            "the second cut one too high",
            """
def f_score(f):
    return 1 + (f >= 4).astype(int) + (f > 14)
""",
        ),
        Slip(
            "cuts one too low",
            """
def f_score(f):
    return 1 + (f >= 3).astype(int) + (f >= 13)
""",
        ),
        Slip(
            "the first cut one too low",
            """
def f_score(f):
    return 1 + (f >= 3).astype(int) + (f >= 14)
""",
        ),
        Slip(
            "the second cut one too low",
            """
def f_score(f):
    return pd.cut(f, [0, 3, 12, 366], labels=[1, 2, 3])
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
            "it depends on the others",
            """
def f_score(f):
    if len(f) > 4:
        return pd.cut(f, [0, 3, 13, 366], labels=[1, 2, 3])
    return f.rank(method="first").clip(upper=3)
""",
            told=f"f_score(…) is # for w. That is not it yet. {hint}",
        ),
        Slip(
            "equal parts",
            """
def f_score(f):
    return pd.qcut(f.rank(method="first"), 3, labels=[1, 2, 3])
""",
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
            segment = segment.mask((table["last_seen"] > 56) & (table["days_used"] >= 14), "missed")
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
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        # from the last rule to the first
        """
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    often = table["days_used"] >= 14
    segment[often] = "regular"
    segment[table["last_seen"] > 56] = "not lately"
    segment[(table["last_seen"] > 56) & often] = "missed"
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
            found[row.Index] = "missed" if row.days_used > 13 else "not lately"
        elif row.days_used >= 14:
            found[row.Index] = "regular"
        else:
            found[row.Index] = "now and then"
    return found
""",
        # a function of a row
        """
def core_of(table):
    def segment_of(row):
        if row["card_age"] < 90:
            return "new"
        if row["days_used"] == 0:
            return "away"
        if row["last_seen"] > 56:
            return "missed" if row["days_used"] >= 14 else "not lately"
        return "regular" if row["days_used"] >= 14 else "now and then"

    return table.apply(segment_of, axis=1)
""",
    ]
    slips = [
        Slip(
            "no labels",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"))
""",
        ),
        Slip(
            "away means never",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["last_seen"].isna(),
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "every cut one off",
            """
def core_of(table):
    questions = [
        table["card_age"] <= 90,
        table["days_used"] == 0,
        (table["last_seen"] >= 56) & (table["days_used"] > 14),
        table["last_seen"] >= 56,
        table["days_used"] > 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "new forgotten",
            """
def core_of(table):
    questions = [
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["away", "missed", "not lately", "regular"]
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
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["away", "new", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "nobody missed",
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
            also=(
                # the same rules, in another order
                """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["last_seen"] > 56,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "not lately", "missed", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
                # as the kit sorts
                """
def core_of(table):
    same = table.rename(columns={"card_age": "card_days", "last_seen": "r", "days_used": "f"})
    return segments.core_segments(same, lately=56, often=14)
""",
            ),
        ),
        Slip(
            "regular before missed",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        table["days_used"] >= 14,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
    ]
    names = ["new", "away", "regular", "missed", "not lately"]
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
        (table["last_seen"] > 63) & (table["days_used"] >= 18),
        table["last_seen"] > 63,
        table["days_used"] >= 18,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "63 days",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 63) & (table["days_used"] >= 14),
        table["last_seen"] > 63,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "18 days",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 18),
        table["last_seen"] > 56,
        table["days_used"] >= 18,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
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
        (table["last_seen"] > 56) & (table["days_used"] > 14),
        table["last_seen"] > 56,
        table["days_used"] > 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "regular, and one more",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] > 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "missed, and one more",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] > 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "90 days are new",
            """
def core_of(table):
    questions = [
        table["card_age"] <= 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "56 days are too long",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] >= 56) & (table["days_used"] >= 14),
        table["last_seen"] >= 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "56 days are missed",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] >= 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "56 days are not lately",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] >= 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
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
    questions = [
        table["card_age"] < 90,
        table["days_used"] == 0,
        (table["last_seen"] > 56) & (table["days_used"] >= 14),
        table["last_seen"] > 56,
        table["days_used"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return np.select(questions, names, default="now and then")
""",
            told="outcome.wrong_kind",
        ),
    ]


def not_one_whole(column):
    """What the test of ``sizes`` says of shares that do not add up to 1."""
    return f"sizes: {practice.NOT_ONE_WHOLE.format(column=column, total='#')}"


COUNTED = """
sizes = people["segment"].value_counts().rename("patrons").to_frame()
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
its_segment = recent["patron_id"].map(people["segment"])
sizes["uses"] = its_segment.value_counts()
sizes["uses"] = sizes["uses"].fillna(0)
"""


class Sizes(Table):
    """Patrons and uses, side by side."""

    name, points, objective, within = "sizes", 2, 3, ROUNDED
    by = "segment"
    hint = "Patrons are rows of people, uses are rows of recent, and each is divided by its own total."
    hint_for = classmethod(
        lambda cls, right, t: or_rounded(cls.hint, right, ["share_of_patrons", "share_of_uses"])
    )

    def right(t):
        table = t.people["segment"].value_counts().rename("patrons").to_frame()
        its_segment = t.recent["patron_id"].map(t.people["segment"])
        table["uses"] = its_segment.value_counts().reindex(table.index, fill_value=0)
        table["share_of_patrons"] = table["patrons"] / len(t.people)
        table["share_of_uses"] = table["uses"] / len(t.recent)
        return table.reset_index()

    also_right = [
        # mapped and counted
        COUNTED + 'sizes["share_of_uses"] = sizes["uses"] / len(recent)',
        # uses of each patron, added up
        """
uses_of_each = recent.groupby("patron_id").size()
both = people.assign(uses=uses_of_each).fillna({"uses": 0})
sizes = both.groupby("segment").agg(patrons=("uses", "size"), uses=("uses", "sum"))
sizes["share_of_patrons"] = (sizes["patrons"] / sizes["patrons"].sum()).round(3)
sizes["share_of_uses"] = (sizes["uses"] / sizes["uses"].sum()).round(3)
""",
        # merged
        """
both = recent.merge(people, left_on="patron_id", right_index=True)
sizes = pd.DataFrame({"patrons": people.groupby("segment").size(), "uses": both.groupby("segment").size()})
sizes = sizes.reset_index().fillna(0).convert_dtypes()
sizes["share_of_patrons"] = sizes["patrons"] / sizes["patrons"].sum()
sizes["share_of_uses"] = sizes["uses"] / sizes["uses"].sum()
""",
        # a loop
        """
rows = []
for name in ["new", "away", "not lately", "regular", "now and then"]:
    cards = people.index[people["segment"] == name]
    count = recent["patron_id"].isin(cards).sum()
    rows.append([name, len(cards), len(cards) / len(people), count, count / len(recent)])
sizes = pd.DataFrame(rows, columns=["segment", "patrons", "share_of_patrons", "uses", "share_of_uses"])
""",
    ]
    slips = [
        Slip(
            "days, not uses",
            """
groups = people.groupby("segment")["f"]
sizes = pd.DataFrame({"patrons": groups.size(), "uses": groups.sum()})
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["share_of_uses"] = sizes["uses"] / sizes["uses"].sum()
""",
            "You add up days of use. Count the uses: the rows of recent, whose patron_id says whose they are.",
            # as the kit counts
            also=(
                """
sizes = segments.sizes(people["segment"], people)
sizes = sizes.rename(columns={"days_of_use": "uses", "share_of_use": "share_of_uses"})
""",
            ),
        ),
        Slip(
            "the table of the lesson",
            'sizes = segments.sizes(people["segment"], people)',
            told="outcome.columns_missing",
        ),
        Slip(
            "of the users",
            COUNTED
            + """
sizes["share_of_patrons"] = sizes["patrons"] / recent["patron_id"].nunique()
sizes["share_of_uses"] = sizes["uses"] / len(recent)
""",
            told=not_one_whole("share_of_patrons"),
        ),
        Slip(
            "uses per patron",
            COUNTED
            + """
sizes["uses"] = sizes["uses"] / sizes["patrons"]
sizes["share_of_uses"] = sizes["uses"] / sizes["uses"].sum()
""",
            told=f"sizes: {practice.NOT_COUNTS.format(columns='patrons and uses')}",
        ),
        Slip(
            "uses by patrons",
            COUNTED + 'sizes["share_of_uses"] = sizes["uses"] / len(people)',
            told=not_one_whole("share_of_uses"),
        ),
        Slip(
            "people, not uses",
            COUNTED
            + """
users = people[people.index.isin(recent["patron_id"])]
sizes["uses"] = users["segment"].value_counts().reindex(sizes.index, fill_value=0)
sizes["share_of_uses"] = sizes["uses"] / len(users)
""",
            "You count the people with a use. Count their uses: the rows of recent.",
        ),
        Slip(
            "patrons twice",
            COUNTED
            + """
sizes["uses"] = sizes["patrons"]
sizes["share_of_uses"] = sizes["uses"] / len(people)
""",
            "Your uses are the number of patrons. Count the rows of recent.",
        ),
        Slip(
            "all three years",
            COUNTED
            + """
sizes["uses"] = uses["patron_id"].map(people["segment"]).value_counts()
sizes["share_of_uses"] = sizes["uses"] / len(uses)
""",
            "These are the uses of all three years. Look in recent.",
        ),
        Slip(
            "percentages",
            COUNTED
            + """
sizes["share_of_patrons"] = 100 * sizes["patrons"] / len(people)
sizes["share_of_uses"] = 100 * sizes["uses"] / len(recent)
""",
            told=not_one_whole("share_of_patrons"),
        ),
        Slip(
            "percent of uses",
            COUNTED + 'sizes["share_of_uses"] = 100 * sizes["uses"] / len(recent)',
            told=not_one_whole("share_of_uses"),
        ),
        Slip(
            "rounded to one digit",
            COUNTED
            + """
sizes["share_of_patrons"] = (sizes["patrons"] / len(people)).round(1)
sizes["share_of_uses"] = (sizes["uses"] / len(recent)).round(1)
""",
            told=f"sizes: {practice.ROUNDED}",
        ),
        Slip(
            "rounded to two digits",
            COUNTED
            + """
sizes["share_of_patrons"] = (sizes["patrons"] / len(people)).round(2)
sizes["share_of_uses"] = (sizes["uses"] / len(recent)).round(2)
""",
            told="outcome.rounded",
        ),
        Slip(
            "nobody is missing",
            """
sizes = people["segment"].value_counts().rename("patrons").to_frame()
sizes["share_of_patrons"] = sizes["patrons"] / len(people)
sizes["uses"] = recent["patron_id"].map(people["segment"]).value_counts()
sizes["share_of_uses"] = sizes["uses"] / len(recent)
""",
            told=f"sizes: {practice.MISSING.format(column='uses')}",
        ),
        Slip(
            "the core only",
            COUNTED
            + """
sizes["share_of_uses"] = sizes["uses"] / len(recent)
sizes = sizes.loc[["regular", "now and then", "not lately"]]
""",
            told=f"sizes: {practice.NOT_THESE.format(wanted='…', found='…')}",
        ),
    ]


class Stayed(Function):
    """Who stays when a cut moves?"""

    name, points, objective = "stayed", 2, 4
    tries = (practice.stayed,)
    within = ROUNDED
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
        # rounded to three digits
        """
def stayed(before, after):
    same = before.eq(after.reindex(before.index))
    return same.groupby(before).mean().round(3)
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
            "percentages",
            """
def stayed(before, after):
    return 100 * (before == after.loc[before.index]).groupby(before).mean()
""",
        ),
        Slip(
            "rounded to two digits",
            """
def stayed(before, after):
    return (before == after.loc[before.index]).groupby(before).mean().round(2)
""",
            told="outcome.rounded",
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


REPORT = """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
"""
TWO_SEGMENTS = ["now and then", "not lately"]


class MadeRegular(Labelled):
    """Often by renewals."""

    name, points, objective = "made_regular", 2, 4
    hint = "Count the different days of each patron in both tables together, then ask both questions of each patron."

    def right(t):
        report = pd.concat([t.recent_checkouts, t.recent])
        days = report.groupby("patron_id")["date"].nunique().reindex(t.people.index, fill_value=0)
        return (days >= 14).groupby(t.people["segment"]).sum()[TWO_SEGMENTS]

    also_right = [
        # both tables, each day once, and counted
        REPORT
        + """
often = people[days >= 14]
made_regular = often["segment"].value_counts()[["now and then", "not lately"]]
""",
        # one segment after the other
        """
both = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]])
made_regular = {}
for name in ["not lately", "now and then"]:
    some = people.index[people["segment"] == name]
    days = both[both["patron_id"].isin(some)].groupby("patron_id")["date"].nunique()
    made_regular[name] = len([1 for count in days if count > 13])
""",
        # with the helpers of the set-up
        """
every = segments.uses(checkouts, library.attendance, library.computer_sessions, renewals=True)
f_all = segments.rfm(patrons, every, as_of=AS_OF)["f"]
kept = people[people["segment"].isin(["now and then", "not lately"])]
made_regular = (f_all[kept.index] >= 14).groupby(kept["segment"]).sum().astype(float)
""",
    ]
    slips = [
        Slip(
            "rows in the place of days",
            """
report = pd.concat([recent_checkouts[["patron_id", "date"]], recent[["patron_id", "date"]]])
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = (days >= 14).groupby(people["segment"]).sum()[["now and then", "not lately"]]
""",
            "You count rows. Take each day of each patron once, with .drop_duplicates() on patron_id and date.",
        ),
        Slip(
            "rows that are alike throughout",
            """
report = pd.concat([recent_checkouts, recent]).drop_duplicates()
days = report.groupby("patron_id").size().reindex(people.index, fill_value=0)
made_regular = (days >= 14).groupby(people["segment"]).sum()[["now and then", "not lately"]]
""",
            "You leave out a row only if every column is the same. Give .drop_duplicates() the two columns: patron_id and date.",
        ),
        Slip(
            "every segment",
            REPORT + 'made_regular = (days >= 14).groupby(people["segment"]).sum()',
            told="outcome.labels_extra",
        ),
        Slip("one number", REPORT + "made_regular = (days >= 14).sum()", told="outcome.wrong_kind"),
        Slip(
            "checkouts only",
            """
days = recent_checkouts.groupby("patron_id")["date"].nunique().reindex(people.index, fill_value=0)
made_regular = (days >= 14).groupby(people["segment"]).sum()[["now and then", "not lately"]]
""",
            "You count the days in recent_checkouts alone. The report has those of recent, too: programs and computers.",
        ),
        Slip(
            "more than 14",
            REPORT
            + 'made_regular = (days > 14).groupby(people["segment"]).sum()[["now and then", "not lately"]]',
            "You count those with more than 14 days. 14 days are enough: use >=.",
        ),
        Slip(
            "often as in the lesson",
            REPORT
            + 'made_regular = (days >= 18).groupby(people["segment"]).sum()[["now and then", "not lately"]]',
            "You cut at 18 days, as the lesson does. Here often is 14 days or more.",
        ),
        Slip(
            "without renewals",
            'made_regular = (people["f"] >= 14).groupby(people["segment"]).sum()[["now and then", "not lately"]]',
            "These are days of use without renewals. The report counts the rows of recent_checkouts, too.",
        ),
        Slip(
            "all three years",
            """
report = pd.concat([checkouts[["patron_id", "date"]], uses[["patron_id", "date"]]])
days = report.groupby("patron_id")["date"].nunique().reindex(people.index, fill_value=0)
made_regular = (days >= 14).groupby(people["segment"]).sum()[["now and then", "not lately"]]
""",
            "You count the days of all three years. Look in recent_checkouts and recent.",
        ),
        Slip(
            "everybody in the segments",
            'made_regular = people["segment"].value_counts()[["now and then", "not lately"]]',
            "This is everybody in these segments. Keep those with 14 days or more in the report.",
        ),
        Slip(
            "shares",
            REPORT
            + 'made_regular = (days >= 14).groupby(people["segment"]).mean()[["now and then", "not lately"]]',
            told="made_regular['…'] is #. This looks like a share. Expected a count: use .sum() or len(…).",
        ),
    ]


SEEN = 'seen = recent.loc[recent["way"] == "physical", "patron_id"]\n'


class Erased(Labelled):
    """Whom a wrong rule erases."""

    name, points, objective = "erased", 1, 4
    hint = "In each segment, take the people with a physical checkout away from the people in recent."

    def right(t):
        seen = t.recent.loc[t.recent["way"] == "physical", "patron_id"]
        users = t.people[t.people.index.isin(t.recent["patron_id"])]
        return users.loc[~users.index.isin(seen), "segment"].value_counts()

    also_right = [
        # kept and counted
        SEEN
        + """
users = people[people["f"] > 0]
erased = users.loc[~users.index.isin(seen), "segment"].value_counts()
""",
        # one count less another
        """
its_segment = recent["patron_id"].map(people["segment"])
in_all = recent.groupby(its_segment)["patron_id"].nunique()
is_physical = recent["way"] == "physical"
erased = in_all - recent[is_physical].groupby(its_segment[is_physical])["patron_id"].nunique()
""",
        # sets
        """
everybody, seen = set(recent["patron_id"]), set(recent.query("way == 'physical'")["patron_id"])
erased = {name: 0 for name in ["new", "regular", "not lately", "now and then"]}
for card in everybody - seen:
    erased[people.loc[card, "segment"]] += 1
""",
    ]
    slips = [
        Slip(
            "people with another way",
            """
others = recent.loc[recent["way"] != "physical", "patron_id"].unique()
erased = people.loc[others, "segment"].value_counts()
""",
            "These people did something else as well. Some of them also checked out a physical item, and are seen.",
        ),
        Slip(
            "uses, not people",
            'erased = recent.loc[recent["way"] != "physical", "patron_id"].map(people["segment"]).value_counts()',
            "You count uses that are not physical. Count people, each once, and only those whom the rule does not see.",
        ),
        Slip(
            "uses of those who are erased",
            SEEN
            + """
unseen = recent[~recent["patron_id"].isin(seen)]
erased = unseen["patron_id"].map(people["segment"]).value_counts()
""",
            "You count the uses of these people. Count each of them once.",
        ),
        Slip(
            "those who are seen",
            SEEN + 'erased = people.loc[seen.unique(), "segment"].value_counts()',
            "These are the people whom the rule sees. You need the others.",
        ),
        Slip(
            "of all cards",
            SEEN + 'erased = people.loc[~people.index.isin(seen), "segment"].value_counts()',
            told="outcome.labels_extra",
        ),
        Slip(
            "of all cards but those away",
            SEEN + 'erased = people.loc[~people.index.isin(seen), "segment"].value_counts().drop("away")',
            "You count new cards without any use, too. Only people in recent can be erased.",
        ),
        Slip(
            "seen in any year",
            """
seen = uses.loc[uses["way"] == "physical", "patron_id"]
users = people[people["f"] > 0]
erased = users.loc[~users.index.isin(seen), "segment"].value_counts()
""",
            "You leave out whoever checked out a physical item in any of the three years. The rule looks at twelve months: look in recent.",
        ),
        Slip(
            "seen in the checkouts",
            """
users = people[people["f"] > 0]
erased = users.loc[~users.index.isin(recent_checkouts["patron_id"]), "segment"].value_counts()
""",
            "You leave out everybody in recent_checkouts, where digital items and renewals are, too. Look for physical in recent.",
        ),
        Slip(
            "digital readers kept",
            """
seen = recent.loc[recent["way"].isin(["physical", "digital"]), "patron_id"]
users = people[people["f"] > 0]
erased = users.loc[~users.index.isin(seen), "segment"].value_counts()
""",
            "You leave out those who borrow digitally only. The rule asks for a physical item: it does not see them either.",
        ),
        Slip(
            "one number for all",
            'erased = recent["patron_id"].nunique() - recent.loc[recent["way"] == "physical", "patron_id"].nunique()',
            told="outcome.wrong_kind",
        ),
    ]
