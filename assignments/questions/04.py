"""Who are our core customers?

sort patrons into segments by rules, define one, and plan for each
"""

import numpy as np
import pandas as pd

from course_utils.checks.questions import ROUNDED, Count, Function, Labelled, Slip, Table
from course_utils.methods.segments import practice

NO_SHARES = "A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total."


class NotAUse(Count):
    """What does not count."""

    name, points, objective = "not_a_use", 1, 1
    hint = "A renewal isn't a use, no matter who asked for it. Count those rows of recent_checkouts."

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
            "These are the rows that count as uses. You need the others.",
        ),
        Slip(
            "automatic only",
            "not_a_use = len(recent_checkouts.query(\"transaction_type == 'automatic renewal'\"))",
            "You count what the computer renewed. A renewal that someone asked for isn't a use, either.",
        ),
        Slip(
            "asked for only",
            'not_a_use = (recent_checkouts["transaction_type"] == "renewal").sum()',
            "You count the renewals that someone asked for. Automatic renewals aren't uses, either.",
        ),
        Slip(
            "every row",
            'not_a_use = len(recent_checkouts["transaction_type"] != "checkout")',
            "This is every row. A Series of True and False is as long as the table. Add up the True with .sum().",
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
            "You have as many users as uses. Count each patron_id once in each way.",
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
            "These are the uses of all three years. Use recent.",
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
            told="outcome.rounded",
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
    hint = "Use the table and the day that the function is given, and count visits only."

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
    hint = "The twelve months end with as_of, no matter what day that is, and only visits count."

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
            "each date once",
            """
def frequency(uses, as_of):
    visits = uses[uses["way"] != "digital"]
    late = visits[visits["date"] > as_of - pd.DateOffset(months=12)]
    return late.drop_duplicates(["date"]).groupby("patron_id").size()
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


DAYS = """
days = recent.drop_duplicates(["patron_id", "date"])
visits = recent[recent["way"] != "digital"].drop_duplicates(["patron_id", "date"])
in_all = days["patron_id"].map(people["segment"]).value_counts()
in_person = visits["patron_id"].map(people["segment"]).value_counts()
"""


class ClickShare(Labelled):
    """Clicks or visits?"""

    name, points, objective, within = "click_share", 2, 2, ROUNDED
    hint = "Count each day of each person once, in recent and in its visits; the rest of the days are clicks only."

    def right(t):
        is_click = t.recent["way"] == "digital"
        only = is_click.groupby([t.recent["patron_id"], t.recent["date"]]).all().reset_index(name="only")
        return only["only"].groupby(only["patron_id"].map(t.people["segment"])).mean()

    also_right = [
        # days and visits, counted
        DAYS + "click_share = 1 - in_person / in_all",
        # from the table of people
        """
visits = recent[recent["way"] != "digital"].drop_duplicates(["patron_id", "date"])
people["visit_days"] = visits.groupby("patron_id").size()
totals = people.fillna({"visit_days": 0}).groupby("segment")[["f", "visit_days"]].sum()
click_share = (1 - totals["visit_days"] / totals["f"]).drop("away").round(3)
""",
        # every use of the day is digital
        """
whole = recent.assign(click=recent["way"] == "digital").groupby(["patron_id", "date"], as_index=False)["click"].all()
click_share = whole.groupby(whole["patron_id"].map(people["segment"]))["click"].mean()
""",
        # sets, one segment after the other
        """
click_share = {}
for name in ["new", "regular", "not lately", "now and then"]:
    some = recent[recent["patron_id"].isin(people.index[people["segment"] == name])]
    days = set(zip(some["patron_id"], some["date"], strict=True))
    seen = some[some["way"].isin(["physical", "program", "computer"])]
    click_share[name] = 1 - len(set(zip(seen["patron_id"], seen["date"], strict=True))) / len(days)
""",
    ]
    slips = [
        Slip(
            "of the uses",
            'click_share = (recent["way"] == "digital").groupby(recent["patron_id"].map(people["segment"])).mean()',
            "These are shares of the uses. Count days: each day of each person once.",
        ),
        Slip(
            "days with a click",
            DAYS
            + """
clicks = recent[recent["way"] == "digital"].drop_duplicates(["patron_id", "date"])
click_share = clicks["patron_id"].map(people["segment"]).value_counts() / in_all
""",
            "You count days with a digital use. On some of them the person came in as well, so leave out the days with a visit.",
        ),
        Slip(
            "visits",
            DAYS + "click_share = in_person / in_all",
            "These are the shares of days with a visit. You need the other days.",
        ),
        Slip(
            "all three years",
            DAYS.replace("recent", "uses") + 'click_share = (1 - in_person / in_all).drop("away")',
            "You look at the uses of all three years. Look in recent.",
        ),
        Slip(
            "those who are away",
            DAYS.replace("recent", "uses") + "click_share = 1 - in_person / in_all",
            told="outcome.labels_extra",
        ),
        Slip(
            "people, not days",
            """
came = recent.loc[recent["way"] != "digital", "patron_id"]
users = people[people.index.isin(recent["patron_id"])]
click_share = pd.Series(~users.index.isin(came), index=users.index).groupby(users["segment"]).mean()
""",
            "These are the people who only clicked. Count days: each day of each person once.",
        ),
        Slip(
            "the mean of each person's share",
            """
only = (recent["way"] == "digital").groupby([recent["patron_id"], recent["date"]]).all()
of_each = only.groupby("patron_id").mean()
click_share = of_each.groupby(people["segment"]).mean()
""",
            "You took the mean of each person's share. Add up the days of the whole segment first.",
        ),
        Slip(
            "a day in each way",
            DAYS.replace('["patron_id", "date"]', '["patron_id", "date", "way"]')
            + "click_share = 1 - in_person / in_all",
            "You count a day twice if it has two ways of use. Look at patron_id and date only.",
        ),
        Slip(
            "of everybody's days",
            DAYS + "click_share = (in_all - in_person) / len(days)",
            "You divided by everyone's days. Divide by the days of each segment.",
        ),
        Slip(
            "one share for all",
            DAYS + "click_share = 1 - len(visits) / len(days)",
            told="outcome.wrong_kind",
        ),
        Slip(
            "counts",
            DAYS + "click_share = in_all - in_person",
            told=f"click_share['…'] is #. {NO_SHARES}",
        ),
        Slip(
            "rounded to two digits",
            DAYS + "click_share = (1 - in_person / in_all).round(2)",
            told="outcome.rounded",
        ),
    ]


class Pace(Function):
    """A fair pace."""

    name, points, objective, within = "pace", 2, 2, ROUNDED
    tries = (practice.pace,)
    hint = "Divide the days of use by the days that each person has had, which is 365 at most, and multiply by 365."

    def right(t):
        def pace(f, card_age):
            return f * 365 / np.minimum(card_age, 365)

        return pace

    def examples(t):
        rng = np.random.default_rng(46)
        ages = pd.Series(
            rng.choice([1, 30, 91, 150, 200, 364, 365, 366, 800, 6000], 60), index=range(700, 760)
        )
        yield (rng.integers(0, 90, 60) * pd.Series(1, index=ages.index)).clip(upper=ages), ages
        yield pd.Series([3, 1], index=["x", "y"]), pd.Series([100, 4000], index=["x", "y"])

    also_right = [
        # clipped
        """
def pace(f, card_age):
    return f / card_age.clip(upper=365) * 365
""",
        # rounded to three digits
        """
def pace(f, card_age):
    return (365 * f / card_age.clip(1, 365)).round(3)
""",
        # only where the card is young
        """
def pace(f, card_age):
    return (f * 365 / card_age).where(card_age < 365, f)
""",
        # one after the other
        """
def pace(f, card_age):
    days = {}
    for card in f.index:
        days[card] = f[card] / min(card_age[card], 365) * 365
    return pd.Series(days)
""",
    ]
    slips = [
        Slip(
            "as counted",
            """
def pace(f, card_age):
    return f
""",
        ),
        Slip(
            "old cards slowed down",
            """
def pace(f, card_age):
    return f / card_age * 365
""",
        ),
        Slip(
            "365 at least",
            """
def pace(f, card_age):
    return f / card_age.clip(lower=365) * 365
""",
        ),
        Slip(
            "a day",
            """
def pace(f, card_age):
    return f / card_age.clip(upper=365)
""",
        ),
        Slip(
            "a month",
            """
def pace(f, card_age):
    return f / card_age.clip(upper=365) * 30
""",
        ),
        Slip(
            "upside down",
            """
def pace(f, card_age):
    return f * card_age.clip(upper=365) / 365
""",
        ),
        Slip(
            "whole days",
            """
def pace(f, card_age):
    return (f / card_age.clip(upper=365) * 365).round()
""",
        ),
        Slip(
            "whole days, cut off",
            """
def pace(f, card_age):
    return (f / card_age.clip(upper=365) * 365).astype(int)
""",
        ),
        Slip(
            "young cards only",
            """
def pace(f, card_age):
    is_young = card_age < 365
    return f[is_young] / card_age[is_young] * 365
""",
        ),
        Slip(
            "the columns of the set-up",
            """
def pace(f, card_age):
    return people["f"] / people["card_days"].clip(upper=365) * 365
""",
            told="outcome.not_grouped_function",
        ),
        Slip(
            "a column of a Series",
            """
def pace(f, card_age):
    return f["days"] / card_age["card_days"] * 365
""",
            told="pace stopped with KeyError ('days'). A Series has no columns, so none is called 'days'. If you mean what the function is given, leave out the quotation marks.",
        ),
    ]


class CoreOf(Function):
    """Rules in order."""

    name, points, objective = "core_of", 3, 3
    tries = (practice.core_of,)
    hint = "Go through the rules in order, one row at a time."

    def right(t):
        def core_of(table):
            segment = pd.Series("now and then", index=table.index)
            segment = segment.mask(table["days_a_year"] >= 14, "regular")
            segment = segment.mask(table["last_seen"] > 56, "not lately")
            segment = segment.mask((table["last_seen"] > 56) & (table["days_a_year"] >= 14), "missed")
            segment = segment.mask(table["days_a_year"] == 0, "away")
            return segment.mask(table["card_age"] < 90, "new")

        return core_of

    def examples(t):
        rng = np.random.default_rng(404)
        table = pd.DataFrame(
            {
                "card_age": rng.choice([0, 30, 88, 89, 90, 91, 400, 5000], 120),
                "last_seen": rng.choice([0.0, 20.0, 55.0, 56.0, 57.0, 58.0, 300.0], 120),
                "days_a_year": rng.choice([0, 1, 2, 12.5, 13, 13.5, 14, 15, 90], 120),
            },
            index=rng.permutation(range(900, 1020)),
        )
        is_away = table["days_a_year"] == 0
        table.loc[is_away, "last_seen"] = rng.choice([np.nan, 400.0, 900.0], is_away.sum())
        yield (table,)

    also_right = [
        # select
        """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        # from the last rule to the first
        """
def core_of(table):
    segment = pd.Series("now and then", index=table.index)
    often = table["days_a_year"] >= 14
    segment[often] = "regular"
    segment[table["last_seen"] > 56] = "not lately"
    segment[(table["last_seen"] > 56) & often] = "missed"
    segment[table["days_a_year"] == 0] = "away"
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
        elif row.days_a_year == 0:
            found[row.Index] = "away"
        elif row.last_seen > 56:
            found[row.Index] = "missed" if not row.days_a_year < 14 else "not lately"
        elif row.days_a_year >= 14:
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
        if row["days_a_year"] == 0:
            return "away"
        if row["last_seen"] > 56:
            return "missed" if row["days_a_year"] >= 14 else "not lately"
        return "regular" if row["days_a_year"] >= 14 else "now and then"

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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] >= 56) & (table["days_a_year"] > 14),
        table["last_seen"] >= 56,
        table["days_a_year"] > 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        table["card_age"] < 90,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        table["last_seen"] > 56,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["days_a_year"] >= 14,
    ]
    names = ["new", "away", "not lately", "missed", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
                # as the kit sorts
                """
def core_of(table):
    same = table.rename(columns={"card_age": "card_days", "last_seen": "r", "days_a_year": "pace"})
    return segments.core_segments(same.assign(f=same["pace"]), lately=56, often=14)
""",
            ),
        ),
        Slip(
            "regular before missed",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_a_year"] == 0,
        table["days_a_year"] >= 14,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
    ]
    names = ["new", "away", "regular", "missed", "not lately"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "more than 13",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] > 13),
        table["last_seen"] > 56,
        table["days_a_year"] > 13,
    ]
    names = ["new", "away", "missed", "not lately", "regular"]
    return pd.Series(np.select(questions, names, default="now and then"), index=table.index)
""",
        ),
        Slip(
            "cuts of the lesson",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_a_year"] == 0,
        (table["last_seen"] > 63) & (table["days_a_year"] >= 18),
        table["last_seen"] > 63,
        table["days_a_year"] >= 18,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 63) & (table["days_a_year"] >= 14),
        table["last_seen"] > 63,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 18),
        table["last_seen"] > 56,
        table["days_a_year"] >= 18,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] > 14),
        table["last_seen"] > 56,
        table["days_a_year"] > 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] > 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] > 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] >= 56) & (table["days_a_year"] >= 14),
        table["last_seen"] >= 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] >= 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] >= 56,
        table["days_a_year"] >= 14,
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
            told="core_of stopped with KeyError ('r'). What the function is given has no column 'r'. It has: card_age, last_seen, days_a_year.",
        ),
        Slip(
            "and, in words",
            """
def core_of(table):
    if table["card_age"] < 90:
        return "new"
    return "now and then"
""",
            told="core_of stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). Two comparisons go together like this, each in parentheses: (a <= b) & (b <= c). For not, write ~ in front. (A chain such as a <= b <= c, and the words if, and, or, not want a single answer, and a Series has one for each label.)",
        ),
        Slip(
            "an array without labels",
            """
def core_of(table):
    questions = [
        table["card_age"] < 90,
        table["days_a_year"] == 0,
        (table["last_seen"] > 56) & (table["days_a_year"] >= 14),
        table["last_seen"] > 56,
        table["days_a_year"] >= 14,
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
            "You add up days of use. Count the uses: the rows of recent, each with the patron_id of the person.",
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
    hint = "Divide by the people in each segment of before, no matter in what order the rows of after are."

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
            told="stayed stopped with ValueError (Can only compare identically-labeled Series objects). The rows of the two are in a different order, or have different labels. Put one into the order of the other first: .loc[…], with the other one's .index in the brackets.",
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


SEEN = 'seen = recent.loc[recent["way"] == "physical", "patron_id"]\n'


class Erased(Labelled):
    """Whom a wrong rule erases."""

    name, points, objective = "erased", 1, 4
    hint = "In each segment, count the people in recent who have no physical checkout there."

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
            "These people did something else, too. Some of them also checked out a physical item, so the rule counts them.",
        ),
        Slip(
            "uses, not people",
            'erased = recent.loc[recent["way"] != "physical", "patron_id"].map(people["segment"]).value_counts()',
            "You count uses that aren't physical. Count people, each once, and only those whom the rule misses.",
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
            "These are the people whom the rule counts. You need the others.",
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
            "You leave out anyone who checked out a physical item in any of the three years. The rule looks at twelve months: use recent.",
        ),
        Slip(
            "seen in the checkouts",
            """
users = people[people["f"] > 0]
erased = users.loc[~users.index.isin(recent_checkouts["patron_id"]), "segment"].value_counts()
""",
            "You leave out everyone in recent_checkouts, which has digital items and renewals, too. Look for physical in recent.",
        ),
        Slip(
            "digital readers kept",
            """
seen = recent.loc[recent["way"].isin(["physical", "digital"]), "patron_id"]
users = people[people["f"] > 0]
erased = users.loc[~users.index.isin(seen), "segment"].value_counts()
""",
            "You leave out people who only borrow digitally. The rule asks for a physical item, so it misses them, too.",
        ),
        Slip(
            "one number for all",
            'erased = recent["patron_id"].nunique() - recent.loc[recent["way"] == "physical", "patron_id"].nunique()',
            told="outcome.wrong_kind",
        ),
    ]
