"""Who is our customer?

count patrons by five definitions, and find out whom each leaves out
"""

import pandas as pd

from course_utils.checks.questions import ROUNDED, Count, Function, Labelled, Slip
from course_utils.methods.customers import practice

OF_PORT_ELLERY = "This is a number of Port Ellery, from the lesson. Your library has numbers of its own: count in its tables."
TWELVE_MONTHS = (
    "You look back twelve months from AS_OF, as the lesson does. Here, what is recent came after since."
)
NO_SHARES = "A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total."
BY_THE_KIT = """
from course_utils import customers

found = customers.definitions(patrons, checkouts, attendance, computer_sessions, as_of=AS_OF)
"""


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
            "This is the number of valid cards. Here every card counts, also one that has run out.",
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
            "These are the cards that have run out. You need the others: turn the comparison round.",
        ),
        Slip(
            "every card",
            'unexpired = (patrons["expires"] >= grace).count()',
            "This is the number of all rows. Only the valid cards count: a comparison has as many rows as the table, so sum it.",
        ),
        Slip(
            "recent use",
            'unexpired = (patrons["last_use"] > since).sum()',
            "These are the people who used the library lately. Whether a card is valid stands in the column expires.",
        ),
        Slip(
            "expires after since",
            'unexpired = (patrons["expires"] >= since).sum()',
            "You also count cards that ran out between since and grace. Compare with grace, not with since.",
        ),
        Slip(
            "without the grace",
            'unexpired = (patrons["expires"] >= AS_OF).sum()',
            "You count up to AS_OF, as the lesson does. Here a card that ran out on grace or later is valid, too.",
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
            "You leave out the cards whose last day is grace. They are valid, too: use >=.",
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
            "You ask when the card runs out. Active means that somebody used the library: look at last_use.",
        ),
        Slip(
            "valid cards, with the grace",
            'active_share = (patrons["expires"] >= grace).groupby(patrons["home_branch"], observed=True).mean()',
            "You ask when the card runs out. Active means that somebody used the library: look at last_use.",
        ),
        Slip(
            "only those who ever came",
            """
ever = patrons.dropna(subset="last_use")
active_share = (ever["last_use"] > since).groupby(ever["home_branch"], observed=True).mean()
""",
            "You divided by the patrons who ever used their card. Divide by all who are registered at the branch.",
        ),
        Slip(
            "only valid cards below",
            """
valid = patrons.loc[patrons["expires"] >= grace, "home_branch"].value_counts()
active_share = patrons.loc[patrons["last_use"] > since, "home_branch"].value_counts() / valid
""",
            "You divided by the valid cards. Divide by all who are registered at the branch.",
        ),
        Slip(
            "of all cards",
            'active_share = patrons.loc[patrons["last_use"] > since, "home_branch"].value_counts() / len(patrons)',
            "You divided by all cards of the library. Divide by the cards of each branch.",
        ),
        Slip(
            "of all active",
            'active_share = patrons.loc[patrons["last_use"] > since, "home_branch"].value_counts(normalize=True)',
            "These shares add up to 1: they say how the active are spread over the branches. Divide by the patrons of each branch.",
        ),
        Slip(
            "the inactive",
            'active_share = (~(patrons["last_use"] > since)).groupby(patrons["home_branch"], observed=True).mean()',
            "These are the shares of those who did not come. You need the others.",
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
            "You also count those whose last use was on since itself. Only later days count: use >.",
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
            "This is every patron. A Series of True and False has as many rows as the table: sum it.",
        ),
        Slip(
            "a table in the place of its column",
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
            "You leave out people who only renewed. A renewal that somebody asked for is a row of loans, too.",
        ),
        Slip("the number of the lesson", "borrowers = 3052", OF_PORT_ELLERY),
        Slip(
            "automatic renewals",
            'borrowers = checkouts.loc[checkouts["date"] > since, "patron_id"].nunique()',
            "You also count people for whom only the computer renewed something. Use loans, not checkouts.",
        ),
        Slip(
            "all active",
            'borrowers = (patrons["last_use"] > since).sum()',
            "These are all active patrons. Some of them never borrow: look in loans.",
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
            "One of your people is nobody: sessions of guests have no patron_id. Leave them out, for example with .dropna().",
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
            "You look at all three years. Keep the rows after since first, in each of the tables.",
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
            "You leave out borrowers among those at a computer only. Put round brackets around the two that are joined by |.",
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
            "You leave out people for whom only the computer renewed something. Use loans, not checkouts.",
        ),
        Slip(
            "programs only",
            """
program_ids = attendance.loc[attendance["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(program_ids) & ~patrons["patron_id"].isin(recent_ids)).sum()
""",
            "You count one group only. Those who came to a program and those who used a computer both belong here.",
        ),
        Slip(
            "computers only",
            """
computer_ids = computer_sessions.loc[computer_sessions["date"] > since, "patron_id"]
recent_ids = loans.loc[loans["date"] > since, "patron_id"]
other_users = (patrons["patron_id"].isin(computer_ids) & ~patrons["patron_id"].isin(recent_ids)).sum()
""",
            "You count one group only. Those who came to a program and those who used a computer both belong here.",
        ),
        Slip(
            "computers only, from a table",
            """
recent_sessions = computer_sessions[computer_sessions["date"] > since]
borrowed = patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
other_users = (patrons["patron_id"].isin(recent_sessions["patron_id"]) & ~borrowed).sum()
""",
            "You count one group only. Those who came to a program and those who used a computer both belong here.",
        ),
    ]


class TurnedAway(Labelled):
    """Who would be turned away."""

    name, points, objective, within = "turned_away", 2, 2, ROUNDED
    hint = "Among the active patrons of each branch, count those whose card ran out before grace, and divide by the active."

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
            "You divided by all cards of each branch. The question asks for shares of its active patrons.",
        ),
        Slip(
            "of the expired",
            """
ran_out = patrons[patrons["expires"] < grace]
turned_away = (ran_out["last_use"] > since).groupby(ran_out["home_branch"], observed=True).mean()
""",
            "These are the shares of the expired cards that are still in use. The question asks for shares of the active patrons.",
        ),
        Slip(
            "of all who are turned away",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = lately.loc[lately["expires"] < grace, "home_branch"].value_counts(normalize=True)
""",
            "These shares add up to 1: they say how those who are turned away are spread over the branches. Divide by the active patrons of each branch.",
        ),
        Slip(
            "the valid ones",
            """
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] >= grace).groupby(lately["home_branch"], observed=True).mean()
""",
            "These are the shares with a valid card. Those without one would be turned away.",
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
            "You compare with AS_OF, as the lesson does. Here a card that ran out on grace or later is still valid.",
        ),
        Slip(
            "as in the lesson",
            BY_THE_KIT
            + """
lately = found[found["active"]]
turned_away = (~lately["unexpired"]).groupby(patrons.set_index("patron_id")["home_branch"], observed=True).mean()
""",
            "This is what the lesson counts: twelve months, and cards that ran out before AS_OF. Here, since and grace are the days.",
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
            "You also look at those whose last use was on since itself. Only later days count: use >.",
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
            "These shares add up to 1: they say how the erased are spread over the ages. Divide by the active patrons of each age band instead.",
        ),
        Slip(
            "of all cards",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts() / patrons["age_band"].value_counts()
""",
            "You divided by all cards of each age band. Divide by its active patrons.",
        ),
        Slip(
            "of all active",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
erased_by_age = lately.loc[no_loan, "age_band"].value_counts() / len(lately)
""",
            "You divided by all active patrons. Divide by those of each age band.",
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
            "You keep everybody who ever borrowed. Only a loan after since makes a borrower here.",
        ),
        Slip(
            "automatic renewals",
            """
lately = patrons[patrons["last_use"] > since]
no_loan = ~lately["patron_id"].isin(checkouts.loc[checkouts["date"] > since, "patron_id"])
erased_by_age = no_loan.groupby(lately["age_band"], observed=True).mean()
""",
            "You also keep people for whom only the computer renewed something. Use loans, not checkouts.",
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
            "These are the shares that are kept. The erased are the others.",
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
            told="hit_share stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). A Series has an answer for each label, and if, and, or want a single one. Two comparisons go together like this, each in parentheses: (a <= b) & (b <= c).",
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
