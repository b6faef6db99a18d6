"""Who is our customer?

count patrons by four definitions, and find out whom each leaves out
"""

import pandas as pd

from course_utils.checks.questions import Count, Function, Labelled, Share, Slip
from course_utils.methods.customers import practice


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
        Slip("another name", "Registered = len(patrons)", told="outcome.not_there_but"),
    ]


class Unexpired(Count):
    """Valid cards."""

    name, points, objective = "unexpired", 1, 1
    hint = "Compare the column expires with AS_OF, and count what is True."

    def right(t):
        return (t.patrons["expires"] >= t.AS_OF).sum()

    also_right = [
        # sum of a comparison
        'unexpired = (patrons["expires"] >= AS_OF).sum()',
        # length of a query
        'unexpired = len(patrons.query("expires >= @AS_OF"))',
    ]
    slips = [
        Slip(
            "expired cards",
            'unexpired = (patrons["expires"] < AS_OF).sum()',
            "These are the cards that have run out. You need the others: turn the comparison round.",
        ),
        Slip(
            "every card",
            'unexpired = (patrons["expires"] >= AS_OF).count()',
            "This is the number of all rows. A comparison has as many rows as the table: sum it, so that only True counts.",
        ),
        Slip(
            "recent use",
            'unexpired = (patrons["last_use"] > since).sum()',
            "These are the people who used the library lately. Whether a card is valid stands in the column expires.",
        ),
        Slip(
            "expires within the year",
            'unexpired = (patrons["expires"] >= since).sum()',
            "You also count cards that ran out during the last twelve months. Compare with AS_OF, not with since.",
        ),
        Slip(
            "a comparison that was not counted",
            'unexpired = patrons["expires"] >= AS_OF',
            told="outcome.wrong_kind_truth",
        ),
        Slip(
            "the last day left out",
            'unexpired = (patrons["expires"] > AS_OF).sum()',
            "You leave out the cards whose last day is AS_OF. They are still valid on that day: use >=.",
            sometimes=True,
        ),
    ]


class ActiveShare(Share):
    """The active share."""

    name, points, objective = "active_share", 2, 1
    within = 0.0005
    hint = "Count the patrons whose last_use is after since, and divide by all patrons."

    def right(t):
        return (t.patrons["last_use"] > t.since).mean()

    also_right = [
        # mean of a comparison
        'active_share = (patrons["last_use"] > since).mean()',
        # count and divide
        """
recent = patrons.query("last_use > @since")
active_share = len(recent) / len(patrons)
""",
        # rounded to three places
        'active_share = round(float((patrons["last_use"] > since).sum() / patrons.shape[0]), 3)',
    ]
    slips = [
        Slip(
            "valid cards",
            'active_share = (patrons["expires"] >= AS_OF).mean()',
            "This is the share with a valid card. Active means that they used the library.",
        ),
        Slip(
            "only those who ever came",
            'active_share = (patrons["last_use"].dropna() > since).mean()',
            "You divided by the patrons who ever used their card. Divide by all who are registered.",
        ),
        Slip(
            "only valid cards below",
            'active_share = (patrons["last_use"] > since).sum() / (patrons["expires"] >= AS_OF).sum()',
            "You divided by the valid cards. Divide by all who are registered.",
        ),
        Slip(
            "the inactive",
            'active_share = 1 - (patrons["last_use"] > since).mean()',
            "This is the share of those who did not come. You need the others.",
        ),
        Slip(
            "a percentage",
            'active_share = (patrons["last_use"] > since).mean() * 100',
            told="outcome.share_percent",
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
            "computers only",
            """
recent_sessions = computer_sessions[computer_sessions["date"] > since]
borrowed = patrons["patron_id"].isin(loans.loc[loans["date"] > since, "patron_id"])
other_users = (patrons["patron_id"].isin(recent_sessions["patron_id"]) & ~borrowed).sum()
""",
            "You count one group only. Those who came to a program and those who used a computer both belong here.",
        ),
    ]


class TurnedAway(Share):
    """Who would be turned away."""

    name, points, objective = "turned_away", 2, 2
    within = 0.0005
    hint = "Among the active patrons, count those whose card ran out before AS_OF, and divide by the active patrons."
    survivors = {
        "line 2: > becomes >=": "Somebody whose last use was on that very day moves the share by less than the third "
        "place, to which students may round.",
    }

    def right(t):
        active = t.patrons[t.patrons["last_use"] > t.since]
        return (active["expires"] < t.AS_OF).mean()

    also_right = [
        # mean among the active
        """
lately = patrons[patrons["last_use"] > since]
turned_away = (lately["expires"] < AS_OF).mean()
""",
        # count and divide
        """
n_active = (patrons["last_use"] > since).sum()
n_expired = len(patrons.query("last_use > @since and expires < @AS_OF"))
turned_away = n_expired / n_active
""",
    ]
    slips = [
        Slip(
            "of all cards",
            'turned_away = ((patrons["last_use"] > since) & (patrons["expires"] < AS_OF)).mean()',
            "You divided by all cards. The question asks for a share of the active patrons.",
        ),
        Slip(
            "of the expired",
            """
ran_out = patrons[patrons["expires"] < AS_OF]
turned_away = (ran_out["last_use"] > since).mean()
""",
            "This is the share of the expired cards that are still in use. The question asks for a share of the active patrons.",
        ),
        Slip(
            "the valid ones",
            'turned_away = (patrons[patrons["last_use"] > since]["expires"] >= AS_OF).mean()',
            "This is the share with a valid card. Those with an expired card would be turned away.",
        ),
        Slip(
            "everybody expired",
            'turned_away = (patrons["expires"] < AS_OF).mean()',
            "This is the share of expired cards among all cards. Look at the active patrons only.",
        ),
        Slip(
            "a count",
            'turned_away = ((patrons["last_use"] > since) & (patrons["expires"] < AS_OF)).sum()',
            told="outcome.share_percent",
        ),
    ]


class ErasedByAge(Labelled):
    """Whom does "borrower" erase?"""

    name, points, objective = "erased_by_age", 2, 2
    within = 0.0005
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
            "the number of the example",
            """
def hit_share(low, high, truth):
    return 4 / 7
""",
            told="hit_share(…) is 0.5714. That is not it yet. Read the definition in the question again, then work out a few rows by hand.",
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
