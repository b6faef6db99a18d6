"""Who is our customer?

count patrons by five definitions, and find out whom each leaves out
"""

import contextlib

import pandas as pd

from course_utils.checks import NotYet, expect
from course_utils.checks.questions import ROUNDED, Count, Function, Given, Labelled, Question, Slip
from course_utils.methods.customers import interval_score, practice

OF_PORT_ELLERY = (
    "This is Port Ellery's number, from the lesson. Your library has numbers of its own: count in its tables."
)
TWELVE_MONTHS = "You look back twelve months from AS_OF, as the lesson does. Here, recent means after since."
NO_SHARES = "A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total."
BY_THE_KIT = """
from course_utils import customers

found = customers.definitions(patrons, checkouts, attendance, computer_sessions, as_of=AS_OF)
"""


RANGES = """
my_guesses = pd.DataFrame(
    [
        ("registered", 4_000, 9_000),
        ("unexpired", 100, 200),
        ("active", 100, 900),
        ("borrowers", 9_000, 9_500),
        ("other_users", 10, 20),
    ],
    columns=["what", "low", "high"],
).set_index("what")
"""
RECENT = """
ids = patrons["patron_id"]
of_people = checkouts["transaction_type"] != "automatic renewal"
borrowed = ids.isin(checkouts.loc[of_people & (checkouts["date"] > since), "patron_id"])
came = ids.isin(attendance.loc[attendance["date"] > since, "patron_id"])
came = came | ids.isin(computer_sessions.loc[computer_sessions["date"] > since, "patron_id"])
truth = pd.Series({
    "registered": len(patrons), "unexpired": (patrons["expires"] >= grace).sum(), "active": (borrowed | came).sum(),
    "borrowers": borrowed.sum(), "other_users": (came & ~borrowed).sum(),
})
"""


class MyGuesses(Question):
    """Five guesses of one's own: any will do that were filled in."""

    name, points, objective = "my_guesses", 1, 3
    form = "is_table"
    survivors = {
        "line 3: 0 becomes 1": "Another range: a right answer to a question that leaves the choice free.",
        "line 3: 100 becomes 101": "Another range: a right answer to a question that leaves the choice free.",
        "line 3: 100 becomes 99": "Another range: a right answer to a question that leaves the choice free.",
    }

    @classmethod
    def check(cls, found, t):
        found.is_table(["what", "low", "high"]).passes(practice.own_ranges)

    also_right = [
        # as the prompt shows it
        RANGES,
        # a dictionary of columns, floats, another order
        """
my_guesses = pd.DataFrame(
    {"low": [10.0, 20.0, 30.0, 40.0, 50.0], "high": [9e3, 9e3, 9e3, 9e3, 9e3]},
    index=["other_users", "borrowers", "active", "unexpired", "registered"],
)
""",
        # the labels left in a column, one number for low and high
        """
my_guesses = pd.DataFrame(
    [("registered", 8000, 8000), ("unexpired", 0, 5000), ("active", 1, 2), ("borrowers", 3, 4), ("other_users", 0, 1)],
    columns=["what", "low", "high"],
)
""",
    ]
    slips = [
        Slip(
            "zeros",
            RANGES.replace("10, 20", "0, 0"),
            told=f"my_guesses: {practice.STILL_ZERO.format('other_users')}",
            also=("my_guesses = pd.DataFrame({'low': 0, 'high': 0}, index=practice.GUESSED[::-1])",),
        ),
        Slip(
            "the wrong way around",
            RANGES.replace("100, 900", "900, 100"),
            told=f"my_guesses: {practice.WRONG_WAY.format('active')}",
        ),
        Slip(
            "fewer than none",
            RANGES.replace("100, 900", "-100, 900"),
            told=f"my_guesses: {practice.BELOW_ZERO.format('active')}",
        ),
        Slip(
            "one is missing",
            RANGES.replace('("unexpired", 100, 200),', ""),
            told=f"my_guesses: {practice.OTHER_ROWS}",
        ),
        Slip(
            "texts",
            RANGES.replace("100, 200", '"100", "200"'),
            told=f"my_guesses: {practice.NO_NUMBERS}",
            # an end that was left out
            also=(RANGES.replace("100, 200", "100, None"),),
        ),
        Slip(
            "one number for each",
            'my_guesses = pd.Series({"registered": 8000, "unexpired": 5000})',
            told="outcome.wrong_kind",
        ),
        Slip(
            "without a high end",
            RANGES + 'my_guesses = my_guesses[["low"]]',
            told="outcome.columns_missing",
        ),
    ]


class Registered(Count):
    """Everybody with a card."""

    name, points, objective = "registered", 1, 1
    hint = "One row is one card: count the rows of patrons."

    def right(t):
        return len(t.patrons)

    also_right = [
        # length of the table
        "registered = len(patrons)",
        # shape, as a NumPy integer
        """
import numpy as np

registered = np.int64(patrons.shape[0])
""",
        # each id once
        'registered = patrons["patron_id"].nunique()',
    ]
    slips = [
        Slip(
            "cells, not rows",
            "registered = patrons.size",
            "This is the number of cells in the table: rows times columns. Count the rows only.",
        ),
        Slip(
            "households",
            'registered = patrons["household_id"].nunique()',
            "This is the number of households. Several people of one household may have a card: count the rows.",
        ),
        Slip(
            "valid cards",
            'registered = (patrons["expires"] >= AS_OF).sum()',
            "This is the number of valid cards. Here every card counts, including those that have expired.",
        ),
        Slip("the number of the lesson", "registered = 7779", OF_PORT_ELLERY),
        Slip("another name", "Registered = len(patrons)", told="outcome.not_there_but"),
    ]


class Unexpired(Count):
    """Valid cards."""

    name, points, objective = "unexpired", 1, 1
    hint = "Compare the column expires with grace, and count what is True."

    def right(t):
        return (t.patrons["expires"] >= t.grace).sum()

    also_right = [
        # sum of a comparison
        'unexpired = (patrons["expires"] >= grace).sum()',
        # length of a query
        'unexpired = len(patrons.query("expires >= @grace"))',
    ]
    slips = [
        Slip(
            "expired cards",
            'unexpired = (patrons["expires"] < grace).sum()',
            "These are the cards that have expired. You want the others: turn the comparison around.",
        ),
        Slip(
            "every card",
            'unexpired = (patrons["expires"] >= grace).count()',
            "This is the number of all rows. A comparison has a row for every card, valid or not: take its sum.",
        ),
        Slip(
            "recent use",
            'unexpired = (patrons["last_use"] > since).sum()',
            "These are the people who used the library lately. To see whether a card is valid, look at the column expires.",
        ),
        Slip(
            "expires after since",
            'unexpired = (patrons["expires"] >= since).sum()',
            "You also count cards that expired between since and grace. Compare with grace, not with since.",
        ),
        Slip(
            "without the grace",
            'unexpired = (patrons["expires"] >= AS_OF).sum()',
            "You compare with AS_OF, as the lesson does. Here a card that expired on grace or later is still valid.",
            # as the kit counts it
            also=(BY_THE_KIT + 'unexpired = found["unexpired"].sum()',),
        ),
        Slip("the number of the lesson", "unexpired = 4669", OF_PORT_ELLERY),
        Slip(
            "a comparison that was not counted",
            'unexpired = patrons["expires"] >= grace',
            told="outcome.wrong_kind_truth",
        ),
        Slip(
            "the first day left out",
            'unexpired = (patrons["expires"] > grace).sum()',
            "You leave out the cards whose last day is grace. They're valid, too: use >=.",
        ),
    ]


class ActiveShare(Labelled):
    """The active share."""

    name, points, objective, within = "active_share", 2, 1, ROUNDED
    hint = "For each home branch, count the patrons whose last_use is after since, and divide by all its patrons."

    def right(t):
        return (t.patrons["last_use"] > t.since).groupby(t.patrons["home_branch"], observed=True).mean()

    also_right = [
        # mean of a comparison in each group
        'active_share = (patrons["last_use"] > since).groupby(patrons["home_branch"], observed=True).mean()',
        # count and divide
        """
recent = patrons.query("last_use > @since")
active_share = recent["home_branch"].value_counts() / patrons["home_branch"].value_counts()
""",
        # a column of its own, rounded to three places
        """
patrons["is_active"] = patrons["last_use"] > since
active_share = patrons.groupby("home_branch")["is_active"].mean().round(3)
""",
        # a dictionary, by a loop
        """
active_share = {}
for branch in patrons["home_branch"].unique():
    here = patrons[patrons["home_branch"] == branch]
    active_share[branch] = len(here[here["last_use"] > since]) / len(here)
""",
    ]
    slips = [
        Slip(
            "valid cards",
            'active_share = (patrons["expires"] >= AS_OF).groupby(patrons["home_branch"], observed=True).mean()',
            "You look at when the card expires. Active means that someone used the library: look at last_use.",
        ),
        Slip(
            "valid cards, with the grace",
            'active_share = (patrons["expires"] >= grace).groupby(patrons["home_branch"], observed=True).mean()',
            "You look at when the card expires. Active means that someone used the library: look at last_use.",
        ),
        Slip(
            "only those who ever came",
            """
ever = patrons.dropna(subset="last_use")
active_share = (ever["last_use"] > since).groupby(ever["home_branch"], observed=True).mean()
""",
            "You divided by the patrons who ever used their card. Divide by everyone registered at the branch.",
        ),
        Slip(
            "only valid cards below",
            """
valid = patrons.loc[patrons["expires"] >= grace, "home_branch"].value_counts()
active_share = patrons.loc[patrons["last_use"] > since, "home_branch"].value_counts() / valid
""",
            "You divided by the valid cards. Divide by everyone registered at the branch.",
        ),
        Slip(
            "of all cards",
            'active_share = patrons.loc[patrons["last_use"] > since, "home_branch"].value_counts() / len(patrons)',
            "You divided by all of the library's cards. Divide by the cards of each branch.",
        ),
        Slip(
            "of all active",
            'active_share = patrons.loc[patrons["last_use"] > since, "home_branch"].value_counts(normalize=True)',
            "These shares add up to 1: they say where the active patrons are. Divide by all the patrons of each branch.",
        ),
        Slip(
            "the inactive",
            'active_share = (~(patrons["last_use"] > since)).groupby(patrons["home_branch"], observed=True).mean()',
            "These are the shares of patrons who weren't active. You want the others.",
        ),
        Slip(
            "twelve months",
            """
a_year_ago = AS_OF - pd.DateOffset(months=12)
active_share = (patrons["last_use"] > a_year_ago).groupby(patrons["home_branch"], observed=True).mean()
""",
            TWELVE_MONTHS,
            # as the kit counts it
            also=(
                BY_THE_KIT
                + 'active_share = found["active"].groupby(patrons.set_index("patron_id")["home_branch"], observed=True).mean()',
            ),
        ),
        Slip(
            "since itself",
            'active_share = (patrons["last_use"] >= since).groupby(patrons["home_branch"], observed=True).mean()',
            "You also count people whose last use was on since itself. Only later days count: use >.",
        ),
        Slip(
            "one share for all",
            'active_share = (patrons["last_use"] > since).mean()',
            told="outcome.wrong_kind",
        ),
        Slip(
            "printed",
            'active_share = print((patrons["last_use"] > since).groupby(patrons["home_branch"], observed=True).mean())',
            told="outcome.wrong_kind_nothing",
        ),
        Slip(
            "a percentage",
            'active_share = 100 * (patrons["last_use"] > since).groupby(patrons["home_branch"], observed=True).mean()',
            told=f"active_share['…'] is #. {NO_SHARES}",
        ),
        Slip(
            "rounded to two places",
            'active_share = (patrons["last_use"] > since).groupby(patrons["home_branch"], observed=True).mean().round(2)',
            told="outcome.rounded",
        ),
    ]


class Borrowers(Count):
    """Borrowers."""

    name, points, objective = "borrowers", 2, 1
    hint = "Keep the recent rows of loans, then count each patron_id once."

    def right(t):
        return t.loans.loc[t.loans["date"] > t.since, "patron_id"].nunique()

    also_right = [
        # each id once
        'borrowers = loans.loc[loans["date"] > since, "patron_id"].nunique()',
        # patrons who are in the loans
        """
borrowed_lately = loans[loans["date"] > since]["patron_id"]
borrowers = float(patrons["patron_id"].isin(borrowed_lately).sum())
""",
        # grouped
        'borrowers = len(loans[loans.date > since].groupby("patron_id").size())',
    ]
    slips = [
        Slip("loans, not people", 'borrowers = (loans["date"] > since).sum()', told="outcome.too_many"),
        Slip(
            "every patron",
            'borrowers = len(patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"]))',
            "This is every patron. A Series of True and False has a row for each of them: take its sum.",
        ),
        Slip(
            "a table instead of its column",
            'borrowers = patrons["patron_id"].isin(loans[loans["date"] > since]).sum()',
            told="outcome.too_few",
        ),
        Slip(
            "rows of a table",
            'borrowers = loans[loans["date"] > since].drop_duplicates("patron_id")',
            told="outcome.wrong_kind_table",
        ),
        Slip(
            "all three years",
            'borrowers = loans["patron_id"].nunique()',
            "These are the borrowers of all three years. Keep the rows after since first.",
        ),
        Slip(
            "twelve months",
            'borrowers = loans.loc[loans["date"] > AS_OF - pd.DateOffset(months=12), "patron_id"].nunique()',
            TWELVE_MONTHS,
            # as the kit counts it
            also=(BY_THE_KIT + 'borrowers = found["borrower"].sum()',),
        ),
        Slip(
            "since itself",
            'borrowers = loans.loc[loans["date"] >= since, "patron_id"].nunique()',
            "You also count loans on since itself. Only later days count: use >.",
        ),
        Slip(
            "without renewals",
            """
own = loans[loans["transaction_type"] == "checkout"]
borrowers = own.loc[own["date"] > since, "patron_id"].nunique()
""",
            "You leave out people who only renewed. A renewal that someone asked for is a row of loans, too.",
        ),
        Slip("the number of the lesson", "borrowers = 3052", OF_PORT_ELLERY),
        Slip(
            "automatic renewals",
            'borrowers = checkouts.loc[checkouts["date"] > since, "patron_id"].nunique()',
            "You also count people who did nothing themselves: the computer renewed for them. Use loans, not checkouts.",
        ),
        Slip(
            "all active",
            'borrowers = (patrons["last_use"] > since).sum()',
            "These are all active patrons. Some of them don't borrow: look in loans.",
        ),
        Slip(
            "a list of people",
            'borrowers = loans.loc[loans["date"] > since, "patron_id"].unique()',
            told="outcome.wrong_kind",
        ),
    ]


class OtherUsers(Count):
    """People who come for something else."""

    name, points, objective = "other_users", 2, 1
    hint = "Who came to a program or used a computer after since, and has no recent loan? Count each person once."

    def right(t):
        def lately(table):
            return t.patrons["patron_id"].isin(table.loc[table["date"] > t.since, "patron_id"])

        came = lately(t.attendance) | lately(t.computer_sessions)
        return (came & ~lately(t.loans)).sum()

    also_right = [
        # isin, or, not
        """
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)
other_users = (is_here & ~patrons["patron_id"].isin(recent_ids)).sum()
""",
        # sets
        """
visitors = set(attendance[attendance["date"] > since]["patron_id"])
visitors |= set(computer_sessions[computer_sessions["date"] > since]["patron_id"].dropna())
other_users = len(visitors - set(loans[loans["date"] > since]["patron_id"]))
""",
        # active, and not a borrower
        """
lately = patrons[patrons["last_use"] > since]
other_users = int((~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])).sum())
""",
    ]
    slips = [
        Slip(
            "guests",
            """
visitors = set(attendance[attendance["date"] > since]["patron_id"])
visitors |= set(computer_sessions[computer_sessions["date"] > since]["patron_id"].unique())
other_users = len(visitors - set(loans[loans["date"] > since]["patron_id"]))
""",
            "You count one person too many: the guests, whose sessions have no patron_id. Leave them out, for example with .dropna().",
        ),
        Slip(
            "borrowers too",
            """
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)).sum()
""",
            "You also count people who borrow. Leave out every borrower, with a Series of True and False: ~ does not work on a number.",
            # with ~ on a number, which changes nothing
            also=(
                """
how_many = patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"]).sum()
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)
other_users = int((is_here & bool(~how_many)).sum())
""",
            ),
        ),
        Slip(
            "both at once",
            """
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) & patrons["patron_id"].isin(computer_ids)
other_users = (is_here & ~patrons["patron_id"].isin(recent_ids)).sum()
""",
            "You count those who did both. One of the two is enough: use | for or.",
        ),
        Slip(
            "never borrowed",
            """
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
is_here = patrons["patron_id"].isin(program_ids) | patrons["patron_id"].isin(computer_ids)
other_users = (is_here & ~patrons["patron_id"].isin(loans["patron_id"])).sum()
""",
            "You leave out everybody who ever borrowed. Only a loan after since makes a borrower here.",
        ),
        Slip(
            "twelve months",
            """
a_year_ago = AS_OF - pd.DateOffset(months=12)
came = pd.concat([attendance, computer_sessions.dropna(subset="patron_id")])
came = set(came.loc[came["date"] > a_year_ago, "patron_id"])
other_users = len(came - set(loans.loc[loans["date"] > a_year_ago, "patron_id"]))
""",
            TWELVE_MONTHS,
            # as the kit counts it
            also=(BY_THE_KIT + 'other_users = found["program or computer only"].sum()',),
        ),
        Slip("the number of the lesson", "other_users = 593", OF_PORT_ELLERY),
        Slip(
            "all three years",
            """
ids = patrons["patron_id"]
came = ids.isin(attendance["patron_id"]) | ids.isin(computer_sessions["patron_id"])
other_users = (came & ~ids.isin(loans["patron_id"])).sum()
""",
            "You look at all three years. In each table, keep the rows after since first.",
        ),
        Slip(
            "no brackets around or",
            """
ids = patrons["patron_id"]
in_program = ids.isin(attendance.loc[attendance["date"] > since, "patron_id"])
at_computer = ids.isin(computer_sessions.loc[computer_sessions["date"] > since, "patron_id"])
borrowed = ids.isin(loans.loc[loans["date"] > since, "patron_id"])
other_users = (in_program | at_computer & ~borrowed).sum()
""",
            "You take the borrowers away from the computer users only. Put parentheses around the two that are joined by |.",
        ),
        Slip(
            "automatic renewals",
            """
ids = patrons["patron_id"]
in_program = ids.isin(attendance.loc[attendance["date"] > since, "patron_id"])
at_computer = ids.isin(computer_sessions.loc[computer_sessions["date"] > since, "patron_id"])
borrowed = ids.isin(checkouts.loc[checkouts["date"] > since, "patron_id"])
other_users = ((in_program | at_computer) & ~borrowed).sum()
""",
            "You take people for borrowers for whom only the computer renewed something. Use loans, not checkouts.",
        ),
        Slip(
            "programs only",
            """
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(program_ids) & ~patrons["patron_id"].isin(recent_ids)).sum()
""",
            "You count only one of the two groups. People who came to a program and people who used a computer both belong here.",
        ),
        Slip(
            "computers only",
            """
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(computer_ids) & ~patrons["patron_id"].isin(recent_ids)).sum()
""",
            "You count only one of the two groups. People who came to a program and people who used a computer both belong here.",
        ),
        Slip(
            "computers only, from a table",
            """
recent_sessions = computer_sessions[computer_sessions["date"] > since]
borrowed = patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
other_users = (patrons["patron_id"].isin(recent_sessions["patron_id"]) & ~borrowed).sum()
""",
            "You count only one of the two groups. People who came to a program and people who used a computer both belong here.",
        ),
    ]


class TurnedAway(Labelled):
    """Who would be turned away."""

    name, points, objective, within = "turned_away", 2, 2, ROUNDED
    hint = "Among the active patrons of each branch, count those whose card expired before grace, and divide by all the active ones."

    def right(t):
        active = t.patrons[t.patrons["last_use"] > t.since]
        return (active["expires"] < t.grace).groupby(active["home_branch"], observed=True).mean()

    also_right = [
        # mean among the active
        """
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] < grace).groupby(lately["home_branch"], observed=True).mean()
""",
        # count and divide
        """
lately = patrons.query("last_use > @since")
sent_home = lately.query("expires < @grace")
turned_away = sent_home["home_branch"].value_counts() / lately["home_branch"].value_counts()
""",
        # a cross table
        """
lately = patrons[patrons["last_use"] > since]
table = pd.crosstab(lately["home_branch"], lately["expires"] >= grace, normalize="index")
turned_away = (1 - table[True]).to_dict()
""",
    ]
    slips = [
        Slip(
            "of all cards",
            """
is_turned_away = (patrons["last_use"] > since) & (patrons["expires"] < grace)
turned_away = is_turned_away.groupby(patrons["home_branch"], observed=True).mean()
""",
            "You divided by all the cards of each branch. The question asks for shares of its active patrons.",
        ),
        Slip(
            "of the expired",
            """
ran_out = patrons[patrons["expires"] < grace]
turned_away = (ran_out["last_use"] > since).groupby(ran_out["home_branch"], observed=True).mean()
""",
            "You divided by the expired cards. The question asks for shares of the active patrons.",
        ),
        Slip(
            "of all who are turned away",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = lately.loc[lately["expires"] < grace, "home_branch"].value_counts(normalize=True)
""",
            "These shares add up to 1: they say at which branch people would be turned away. Divide by the active patrons of each branch.",
        ),
        Slip(
            "the valid ones",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] >= grace).groupby(lately["home_branch"], observed=True).mean()
""",
            "These are the shares with a valid card. You want the people without one.",
        ),
        Slip(
            "everybody expired",
            'turned_away = (patrons["expires"] < grace).groupby(patrons["home_branch"], observed=True).mean()',
            "These are the shares of expired cards among all cards. Look at the active patrons only.",
        ),
        Slip(
            "without the grace",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] < AS_OF).groupby(lately["home_branch"], observed=True).mean()
""",
            "You compare with AS_OF, as the lesson does. Here a card that expired on grace or later is still valid.",
        ),
        Slip(
            "as in the lesson",
            BY_THE_KIT
            + """
lately = found[found["active"]]
turned_away = (~lately["unexpired"]).groupby(patrons.set_index("patron_id")["home_branch"], observed=True).mean()
""",
            "This is what the lesson counts: twelve months, and cards that expired before AS_OF. Here the two days are since and grace.",
        ),
        Slip(
            "twelve months",
            """
lately = patrons[patrons["last_use"] > AS_OF - pd.DateOffset(months=12)]
turned_away = (lately["expires"] < grace).groupby(lately["home_branch"], observed=True).mean()
""",
            TWELVE_MONTHS,
        ),
        Slip(
            "since itself",
            """
lately = patrons[patrons["last_use"] >= since]
turned_away = (lately["expires"] < grace).groupby(lately["home_branch"], observed=True).mean()
""",
            "You also look at people whose last use was on since itself. Only later days count: use >.",
        ),
        Slip(
            "one share for all",
            'turned_away = (patrons.loc[patrons["last_use"] > since, "expires"] < grace).mean()',
            told="outcome.wrong_kind",
        ),
        Slip(
            "percentages",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = 100 * (lately["expires"] < grace).groupby(lately["home_branch"], observed=True).mean()
""",
            told=f"turned_away['…'] is #. {NO_SHARES}",
        ),
        Slip(
            "counts",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] < grace).groupby(lately["home_branch"], observed=True).sum()
""",
            told=f"turned_away['…'] is #. {NO_SHARES}",
        ),
    ]


class ErasedByAge(Labelled):
    """Whom does "borrower" erase?"""

    name, points, objective, within = "erased_by_age", 2, 2, ROUNDED
    hint = "For each age band, divide its active patrons without a recent loan by all its active patrons."

    def right(t):
        active = t.patrons[t.patrons["last_use"] > t.since]
        borrowers = t.loans.loc[t.loans["date"] > t.since, "patron_id"]
        is_erased = ~active["patron_id"].isin(borrowers)
        return is_erased.groupby(active["age_band"], observed=True).mean()

    also_right = [
        # grouped mean
        """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = no_loan.groupby(lately["age_band"], observed=True).mean()
""",
        # counts divided, in another order
        """
lately = patrons[patrons["last_use"] > since]
loans = loans[loans["date"] > since]
gone = lately[~lately["patron_id"].isin(loans["patron_id"])]
erased_by_age = (gone["age_band"].value_counts() / lately["age_band"].value_counts()).sort_values()
""",
        # a dictionary, by a loop
        """
loans = set(loans[loans["date"] > since]["patron_id"])
erased_by_age = {}
for band, people in patrons[patrons["last_use"] > since].groupby("age_band", observed=True):
    erased_by_age[band] = 1 - people["patron_id"].isin(loans).mean()
""",
    ]
    slips = [
        Slip(
            "share of the erased",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts(normalize=True)
""",
            "These shares add up to 1: they say how old the erased people are. Divide by the active patrons of each age band instead.",
        ),
        Slip(
            "of all cards",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts() / patrons["age_band"].value_counts()
""",
            "You divided by all the cards of each age band. Divide by its active patrons.",
        ),
        Slip(
            "of all active",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts() / len(lately)
""",
            "You divided by all active patrons together. Divide by those of each age band.",
        ),
        Slip(
            "twelve months",
            """
a_year_ago = AS_OF - pd.DateOffset(months=12)
lately = patrons[patrons["last_use"] > a_year_ago]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > a_year_ago, "patron_id"])
erased_by_age = no_loan.groupby(lately["age_band"], observed=True).mean()
""",
            TWELVE_MONTHS,
            # as the kit counts it
            also=(
                BY_THE_KIT
                + """
among = found["active"]
erased_by_age = customers.not_counted(patrons, found["borrower"], by="age_band", among=among)["share"]
""",
            ),
        ),
        Slip(
            "never borrowed",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans["patron_id"])
erased_by_age = no_loan.groupby(lately["age_band"], observed=True).mean()
""",
            "You count everyone who ever borrowed as a borrower. Here, only a loan after since makes a borrower.",
        ),
        Slip(
            "automatic renewals",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(checkouts.loc[checkouts["date"] > since, "patron_id"])
erased_by_age = no_loan.groupby(lately["age_band"], observed=True).mean()
""",
            "You also count people as borrowers for whom only the computer renewed something. Use loans, not checkouts.",
            sometimes=True,
        ),
        Slip(
            "percentages",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = 100 * no_loan.groupby(lately["age_band"], observed=True).mean()
""",
            told=f"erased_by_age['…'] is #. {NO_SHARES}",
        ),
        Slip(
            "those who stay",
            """
lately = patrons[patrons["last_use"] > since]
has_loan = lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = has_loan.groupby(lately["age_band"], observed=True).mean()
""",
            "These are the shares of borrowers. The erased people are the others.",
        ),
        Slip(
            "everybody who does not borrow",
            """
no_loan = ~patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = no_loan.groupby(patrons["age_band"], observed=True).mean()
""",
            "You look at all cards. Only active patrons can be erased: keep their rows first.",
        ),
        Slip(
            "one share for all",
            """
lately = patrons[patrons["last_use"] > since]
erased_by_age = (~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])).mean()
""",
            told="outcome.wrong_kind",
        ),
    ]


class HitShare(Function):
    """How good were the guesses?"""

    name, points, objective = "hit_share", 2, 3
    tries = (practice.hit_share,)

    def right(t):
        def hit_share(low, high, truth):
            return truth.between(low, high).mean()

        return hit_share

    def examples(t):
        low = pd.Series([100, 210, 320, 430, 540], index=list("abcde"))
        high = low + pd.Series([10, 20, 30, 40, 50], index=list("abcde"))
        yield low, high, pd.Series([110, 209, 335, 430, 600], index=list("abcde"))
        yield low, high, low + 3
        yield low, high, high + 1

    also_right = [
        # two comparisons
        """
def hit_share(low, high, truth):
    return ((low <= truth) & (truth <= high)).mean()
""",
        # between
        """
def hit_share(low, high, truth):
    return truth.between(low, high).sum() / len(truth)
""",
        # a loop
        """
def hit_share(low, high, truth):
    hits = 0
    for label in truth.index:
        if low[label] <= truth[label] and truth[label] <= high[label]:
            hits = hits + 1
    return hits / len(truth)
""",
    ]
    slips = [
        Slip(
            "a count",
            """
def hit_share(low, high, truth):
    return ((low <= truth) & (truth <= high)).sum()
""",
        ),
        Slip(
            "a percentage",
            """
def hit_share(low, high, truth):
    return 100 * ((low <= truth) & (truth <= high)).mean()
""",
        ),
        Slip(
            "comparisons without brackets",
            """
def hit_share(low, high, truth):
    return (low <= truth & truth <= high).mean()
""",
            told="hit_share stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). Two comparisons go together like this, each in parentheses: (a <= b) & (b <= c). For not, write ~ in front. (A chain such as a <= b <= c, and the words if, and, or, not want a single answer, and a Series has one for each label.)",
        ),
        Slip(
            "ends left out",
            """
def hit_share(low, high, truth):
    return ((low < truth) & (truth < high)).mean()
""",
        ),
        Slip(
            "the low end left out",
            """
def hit_share(low, high, truth):
    return ((low < truth) & (truth <= high)).mean()
""",
        ),
        Slip(
            "the high end left out",
            """
def hit_share(low, high, truth):
    return ((low <= truth) & (truth < high)).mean()
""",
        ),
        Slip(
            "above the low end",
            """
def hit_share(low, high, truth):
    return (truth > low).mean()
""",
        ),
        Slip(
            "below the high end",
            """
def hit_share(low, high, truth):
    return (truth < high).mean()
""",
        ),
        Slip(
            "misses, and ends",
            """
def hit_share(low, high, truth):
    return ((truth <= low) | (truth >= high)).mean()
""",
        ),
        Slip(
            "or",
            """
def hit_share(low, high, truth):
    return ((low <= truth) | (truth <= high)).mean()
""",
        ),
        Slip(
            "the low end only",
            """
def hit_share(low, high, truth):
    return (low <= truth).mean()
""",
        ),
        Slip(
            "the high end only",
            """
def hit_share(low, high, truth):
    return (truth <= high).mean()
""",
        ),
        Slip(
            "misses",
            """
def hit_share(low, high, truth):
    return ((truth < low) | (truth > high)).mean()
""",
        ),
        Slip(
            "the number of the question",
            """
def hit_share(low, high, truth):
    return 4 / 7
""",
        ),
        Slip(
            "the number of the question, rounded",
            """
def hit_share(low, high, truth):
    return 0.571
""",
        ),
        Slip(
            "forgot return",
            """
def hit_share(low, high, truth):
    share = ((low <= truth) & (truth <= high)).mean()
""",
            told="outcome.wrong_kind_forgot_return",
        ),
        Slip(
            "an error in the function",
            """
def hit_share(low, high, truth):
    return count_hits(low, high, truth) / len(truth)
""",
            told="hit_share stopped with NameError (name 'count_hits' is not defined). That name was not made here, or only in the lesson: make it in your function first.",
        ),
    ]


def scored(expression):
    """A cell of its own: ranges that hit and ranges that miss, the true numbers, and what is made of them."""
    return f"{RANGES}{RECENT}my_scores = {expression}"


class MyScores(Question):
    """What the student's own ranges cost."""

    name, points, objective, within = "my_scores", 2, 3, ROUNDED
    form = "is_series"
    hint = (
        "Make a Series of the five true numbers, labeled as in my_guesses, and give interval_score the low ends, the high "
        "ends and that Series."
    )

    @classmethod
    def check(cls, found, t):
        guesses = expect("my_guesses").is_table(["what", "low", "high"]).passes(practice.own_ranges).value
        guesses = guesses.set_index("what")

        def cost(truth):
            return interval_score(guesses["low"], guesses["high"], truth)

        # Somebody who scored well by numbers that were lost points before does not lose points again.
        own = cls.own_truth()
        if own is not None:
            with contextlib.suppress(NotYet):
                found.equals(cost(own), within=cls.within)
                return
        names = ("pd", "AS_OF", "interval_score", "patrons", "checkouts", "attendance", "computer_sessions")
        truth = cls.truth(t)
        known = {name: getattr(t, name) for name in names} | {"my_guesses": guesses, "truth": truth}
        here = Given(lambda: known, {})
        slips = {
            slip.name: (here.made_by(f"my_scores = {cls.made[slip.name]}", cls.name), slip.says)
            for slip in cls.slips
            if slip.says
        }
        found.equals(cost(truth), within=cls.within, but_not=slips, hint=cls.hint)

    def truth(t):
        """The true numbers of a library, by what was guessed."""
        active = (t.patrons["last_use"] > t.since).sum()
        numbers = [t.registered, t.unexpired, active, t.borrowers, t.other_users]
        return pd.Series(numbers, index=practice.GUESSED)

    def own_truth():
        """The same by the student's answers to the questions before; None where one of them is no count."""
        try:
            one = {name: expect(name).is_count().value for name in practice.GUESSED if name != "active"}
        except NotYet:
            return None
        return pd.Series(one | {"active": one["borrowers"] + one["other_users"]})

    also_right = [
        # as the lesson does
        scored('interval_score(my_guesses["low"], my_guesses["high"], truth)'),
        # by hand
        scored(
            """my_guesses["high"] - my_guesses["low"]
my_scores = my_scores + 10 * (my_guesses["low"] - truth).clip(lower=0)
my_scores = my_scores + 10 * (truth - my_guesses["high"]).clip(lower=0)
"""
        ),
        # a dictionary, by a loop
        scored(
            """{}
for what, low, high in my_guesses.itertuples():
    missed = low - truth[what] if truth[what] < low else truth[what] - high if truth[what] > high else 0
    my_scores[what] = float(high - low + 10 * missed)
"""
        ),
        # by numbers of one's own that were wrong
        RANGES
        + """
registered, unexpired, borrowers, other_users = 9876, 5432, 3210, 123
truth = pd.Series({
    "registered": registered, "unexpired": unexpired, "active": borrowers + other_users,
    "borrowers": borrowers, "other_users": other_users,
})
my_scores = interval_score(my_guesses["low"], my_guesses["high"], truth)
""",
    ]
    LESSONS = """(lambda found: interval_score(my_guesses["low"], my_guesses["high"], pd.Series({
    "registered": found["registered"].sum(), "unexpired": found["unexpired"].sum(), "active": found["active"].sum(),
    "borrowers": found["borrower"].sum(), "other_users": found["program or computer only"].sum(),
})))(__import__("course_utils").customers.definitions(
    patrons, checkouts, attendance, computer_sessions, as_of=AS_OF))"""
    made = {
        "widths": 'my_guesses["high"] - my_guesses["low"]',
        "fines": 'interval_score(my_guesses["low"], my_guesses["high"], truth) - my_guesses["high"] + my_guesses["low"]',
        "90% ranges": 'interval_score(my_guesses["low"], my_guesses["high"], truth, sure=0.9)',
        "of the truth": 'interval_score(my_guesses["low"], my_guesses["high"], truth) / truth',
        "the definitions of the lesson": LESSONS,
    }
    slips = [
        Slip(
            "widths",
            scored(made["widths"]),
            "These are only the widths. A range that misses also pays 10 for each person it is off by.",
        ),
        Slip(
            "fines",
            scored(made["fines"]),
            "This is only the fine for missing. The width of the range is part of the cost, too.",
        ),
        Slip(
            "90% ranges",
            scored(made["90% ranges"]),
            "You scored them as 90% ranges. You were asked for 80%: leave out sure.",
        ),
        Slip(
            "of the truth",
            scored(made["of the truth"]),
            "You divided by the true numbers. Leave each cost as a number of people.",
        ),
        Slip(
            "the definitions of the lesson",
            scored(made["the definitions of the lesson"]),
            "You compare with the lesson's definitions. Use your answers to the questions above, with since and grace.",
        ),
        Slip(
            "one cost for all",
            scored('interval_score(my_guesses["low"], my_guesses["high"], truth).mean()'),
            told="outcome.wrong_kind",
        ),
        Slip(
            "one is missing",
            scored('interval_score(my_guesses["low"], my_guesses["high"], truth).head(4)'),
            told="outcome.labels_missing",
        ),
        Slip(
            "ranges that were never filled in",
            scored("truth") + "\nmy_guesses = my_guesses * 0",
            told=f"my_guesses: {practice.STILL_ZERO.format('registered')}",
        ),
    ]
