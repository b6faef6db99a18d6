"""Do relationships pay?

weigh what embedded librarians changed, and what only looks like it
"""

import contextlib

import numpy as np
import pandas as pd

from course_utils.checks import NotYet, expect
from course_utils.checks.questions import Choice, Function, Labelled, Number, Share, Slip, Table
from course_utils.methods import relationships
from course_utils.methods.relationships import practice

BEFORE, AFTER = ("2022-09-01", "2023-06-30"), ("2024-09-01", "2025-06-30")
FIRST_FIVE, LAST_FIVE = ("2022-09-01", "2023-01-31"), ("2023-02-01", "2023-06-30")


def a_month(t, period):
    """Consultations a month of each team, in a period from its first day to its last."""
    return relationships.per_month(t.consultations, t.teams.index, *period)


class RelationalShare(Share):
    """Code the contacts."""

    name, points, objective = "relational_share", 1, 1
    within = 0.0051
    hint = "Which rows have one of the two values in asked_by? Divide by all consultations."

    def right(t):
        return relationships.is_relational(t.consultations).mean()

    also_right = [
        # mean of isin
        'relational_share = consultations["asked_by"].isin(["in passing", "scheduled"]).mean()',
        # count and divide, by query
        """
relational = consultations.query("asked_by == 'in passing' or asked_by == 'scheduled'")
relational_share = round(len(relational) / len(consultations), 3)
""",
        # shares of the values, added
        """
by_value = consultations["asked_by"].value_counts(normalize=True)
relational_share = by_value["in passing"] + by_value["scheduled"]
""",
    ]
    slips = [
        Slip(
            "in passing only",
            'relational_share = (consultations["asked_by"] == "in passing").mean()',
            "You count only what was asked in passing. A scheduled hour is a relational contact, too.",
        ),
        Slip(
            "scheduled only",
            'relational_share = (consultations["asked_by"] == "scheduled").mean()',
            "You count only what was scheduled. What was asked in passing is a relational contact, too.",
        ),
        Slip(
            "transactional",
            'relational_share = consultations["asked_by"].isin(["e-mail", "phone"]).mean()',
            "This is the share asked by e-mail or phone. You need the others.",
            sometimes=True,  # where as many are asked in passing
        ),
        Slip(
            "e-mail is personal",
            'relational_share = (consultations["asked_by"] != "phone").mean()',
            "You count e-mails, too. By the rule of the lesson they are transactional.",
        ),
        Slip(
            "a count",
            'relational_share = consultations["asked_by"].isin(["in passing", "scheduled"]).sum()',
            told="outcome.share_percent",
        ),
    ]


class Scoreboards(Table):
    """Two scoreboards."""

    name, points, objective = "scoreboards", 2, 1
    within = 0.0051
    by = "liaison"
    hint = "Group the consultations by liaison, and take the mean of the three columns."

    def right(t):
        columns = ["resolved", "minutes", "new_kind_of_request"]
        return t.consultations.groupby("liaison", observed=True)[columns].mean().reset_index()

    also_right = [
        # grouped means
        'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()',
        # other columns too, other order, texts for labels
        """
scoreboards = consultations.assign(liaison=consultations["liaison"].astype(str))
scoreboards = scoreboards.groupby("liaison", as_index=False)[["minutes", "read_level", "new_kind_of_request", "resolved"]].mean()
scoreboards = scoreboards.sort_values("minutes", ascending=False)
""",
        # column by column
        """
grouped = consultations.groupby("liaison", observed=True)
scoreboards = pd.DataFrame({name: grouped[name].mean() for name in ["resolved", "minutes", "new_kind_of_request"]})
""",
        # pivot table
        """
scoreboards = consultations.pivot_table(
    index="liaison", values=["resolved", "minutes", "new_kind_of_request"], aggfunc="mean", observed=True
)
""",
        # rounded to two places, as the example shows it
        'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(2)',
    ]
    slips = [
        Slip(
            "sums",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].sum()',
            "These are sums: who has more consultations has more of everything. Take the mean.",
        ),
        Slip(
            "medians",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].median()',
            "These are medians. Take the mean of each column.",
        ),
        Slip(
            "the team's liaison",
            """
theirs = consultations.drop(columns="liaison").merge(teams["liaison"].reset_index(), on="team_id")
scoreboards = theirs.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()
""",
            "You go by the liaison who looks after the team. Now and then another one answers: use the column liaison of consultations.",
        ),
        Slip(
            "the last ninety days left out",
            """
in_time = consultations[consultations["date"] <= AS_OF - pd.Timedelta(days=90)]
scoreboards = in_time.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()
""",
            "You leave out the last ninety days. Take all consultations.",
        ),
        Slip(
            "rounded minutes",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(1)',
            "These are rounded to one place, which is too coarse for a share. Leave them as they are.",
        ),
        Slip(
            "one column is missing",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes"]].mean()',
            told="outcome.columns_missing",
        ),
        Slip(
            "not computed",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]]',
            told="outcome.wrong_kind",
        ),
    ]


class BeforeByGroup(Labelled):
    """Before anybody was embedded."""

    name, points, objective = "before_by_group", 1, 3
    within = 0.0051
    hint = "Count by team, divide by ten months, and take the mean over the teams of each group."

    def right(t):
        return a_month(t, BEFORE).groupby(t.teams["embedded"]).mean()

    also_right = [
        # a column of teams
        """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean()
""",
        # a dictionary
        """
per_team = before["team_id"].value_counts() / 10
before_by_group = {True: per_team[teams["embedded"]].mean(), False: per_team[~teams["embedded"]].mean()}
""",
        # all of a group, by teams and months
        """
group = before["team_id"].map(teams["embedded"])
before_by_group = group.value_counts() / teams["embedded"].value_counts() / 10
""",
        # rounded to two places
        """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean().round(2)
""",
        # a name that is taken, which costs nothing here
        """
before = before.groupby("team_id").size() / 10
before_by_group = before.groupby(teams["embedded"]).mean()
""",
    ]
    slips = [
        Slip(
            "rounded",
            """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean().round(1)
""",
            "These are the right numbers, rounded to one place. Leave them as they come.",
            sometimes=True,
        ),
        Slip(
            "ten months",
            """
teams["before"] = before.groupby("team_id").size()
before_by_group = teams.groupby("embedded")["before"].mean()
""",
            "This is for all ten months. Divide by 10, to have it a month.",
        ),
        Slip(
            "not by team",
            'before_by_group = before["team_id"].map(teams["embedded"]).value_counts() / 10',
            "This is for all teams of a group together. The groups have 8 and 16 teams: take the mean over the teams.",
        ),
        Slip(
            "afterwards",
            """
teams["before"] = after.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean()
""",
            "This is the later period. Use before.",
        ),
        Slip(
            "who asked for it",
            """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby(teams["asked_for_it"] == "asked us")["before"].mean()
""",
            "You grouped by who asked for a librarian. Not all of them got one: group by embedded.",
        ),
        Slip(
            "every team",
            'before_by_group = before.groupby("team_id").size() / 10',
            told="outcome.not_grouped",
        ),
    ]


class Naive(Number):
    """The before/after figure."""

    name, points, objective = "naive", 1, 3
    within = 0.0051
    hint = "For each embedded team: a month afterwards, less a month before. Then the mean."

    def right(t):
        change = a_month(t, AFTER) - a_month(t, BEFORE)
        return change[t.teams["embedded"]].mean()

    also_right = [
        # change by team
        """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[teams["embedded"]].mean()
""",
        # by rows
        """
ours = teams.index[teams["embedded"]]
naive = (after["team_id"].isin(ours).sum() - before["team_id"].isin(ours).sum()) / 80
""",
        # rounded, as a text of NumPy
        """
teams["change"] = after["team_id"].value_counts() / 10 - before["team_id"].value_counts() / 10
naive = np.float32(teams.query("embedded")["change"].mean())
""",
    ]
    slips = [
        Slip(
            "rounded",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = round(change[teams["embedded"]].mean(), 1)
""",
            "This is the right number, rounded to one place. Leave it as it comes.",
            sometimes=True,
        ),
        Slip(
            "all teams",
            'naive = ((after.groupby("team_id").size() - before.groupby("team_id").size()) / 10).mean()',
            "This is the mean over all 24 teams. Keep the embedded ones first.",
        ),
        Slip(
            "ten months",
            """
change = after.groupby("team_id").size() - before.groupby("team_id").size()
naive = change[teams["embedded"]].mean()
""",
            "This is for all ten months. Divide by 10, to have it a month.",
        ),
        Slip(
            "all eight together",
            """
ours = teams.index[teams["embedded"]]
naive = (after["team_id"].isin(ours).sum() - before["team_id"].isin(ours).sum()) / 10
""",
            "This is for the eight teams together. Take the mean, to have it for a team.",
        ),
        Slip(
            "afterwards",
            """
a_month_after = after.groupby("team_id").size() / 10
naive = a_month_after[teams["embedded"]].mean() - a_month_after[~teams["embedded"]].mean()
""",
            "You compare the two groups afterwards. Compare the embedded teams with themselves, before.",
            sometimes=True,  # where it is what “rounded” makes
        ),
        Slip(
            "a ratio",
            """
ours = teams.index[teams["embedded"]]
naive = after["team_id"].isin(ours).sum() / before["team_id"].isin(ours).sum()
""",
            "This says how many times as much. The question asks how many more: take the difference.",
        ),
        Slip(
            "the careful one",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
""",
            "You took away what the other teams gained. That is the careful answer, and comes later: here look at the embedded teams only.",
            sometimes=True,  # where it is what “rounded” makes
        ),
        Slip(
            "one for each team",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[teams["embedded"]]
""",
            told="outcome.wrong_kind",
        ),
    ]


class WhyNaive(Choice):
    """Why it is not the effect."""

    name, points, objective = "why_naive", 1, 3

    def right(t):
        return "b"

    also_right = [
        # small letter
        'why_naive = "b"',
        # capital letter, and a space
        'why_naive = " B "',
    ]
    slips = [
        Slip(
            "a gap that was always there",
            'why_naive = "a"',
            "A gap that was always there stands in before and in after, and falls away. It would spoil a comparison of the two groups afterwards.",
        ),
        Slip(
            "few teams",
            'why_naive = "c"',
            "Few teams make the figure uncertain, up or down. What pushes it up?",
        ),
        Slip(
            "harder questions",
            'why_naive = "d"',
            "Harder questions are not counted as more questions. What else grew in two years?",
        ),
        Slip("a sentence", 'why_naive = "growth"', told="outcome.not_one_of"),
    ]


class Did(Function):
    """A function for the difference-in-differences."""

    name, points, objective = "did", 2, 2
    within = 0.0005
    tries = (practice.did,)
    hint = "Take the two means over the teams of each group, however many there are."

    def right(t):
        def did(earlier, later, embedded):
            change = later - earlier
            return change[embedded].mean() - change[~embedded].mean()

        return did

    def examples(t):
        labels = list("abcdefg")
        earlier = pd.Series([3, 2.5, 8, 4, 5, 6, 2], index=labels)
        later = pd.Series([2, 3, 15, 4, 11, 9.5, 4], index=labels)
        embedded = pd.Series([False, False, True, False, True, False, True], index=labels)
        yield earlier, later, embedded
        yield earlier + 2, later + 2.0, embedded
        yield later, earlier, embedded
        yield earlier, earlier + 1.5, embedded

    also_right = [
        # change, and two means
        """
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].mean() - change[~embedded].mean()
""",
        # four means
        """
def did(earlier, later, embedded):
    ours = later[embedded].mean() - earlier[embedded].mean()
    others = later[~embedded].mean() - earlier[~embedded].mean()
    return ours - others
""",
        # a table, grouped
        """
def did(earlier, later, embedded):
    table = pd.DataFrame({"change": later - earlier, "embedded": embedded})
    means = table.groupby("embedded")["change"].mean()
    return float(means[True] - means[False])
""",
        # the kit's function
        """
def did(earlier, later, embedded):
    return relationships.difference_in_differences(earlier, later, embedded)["estimate"]
""",
        # a table of the notebook is written into, and what it says is not used
        """
def did(earlier, later, embedded):
    teams["change"] = later - earlier
    change = later - earlier
    return change[embedded].mean() - change[~embedded].mean()
""",
    ]
    slips = [
        Slip(
            "the embedded only",
            """
def did(earlier, later, embedded):
    return (later - earlier)[embedded].mean()
""",
        ),
        Slip(
            "the others only",
            """
def did(earlier, later, embedded):
    return (later - earlier)[~embedded].mean()
""",
        ),
        Slip(
            "the other way round",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return change[~embedded].mean() - change[embedded].mean()
""",
        ),
        Slip(
            "afterwards",
            """
def did(earlier, later, embedded):
    return later[embedded].mean() - later[~embedded].mean()
""",
        ),
        Slip(
            "sums",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].sum() - change[~embedded].sum()
""",
        ),
        Slip(
            "in percent",
            """
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean()
""",
            told=f"did(…) is #. That is not it yet. {practice.did.hint}",
        ),
        Slip(
            "added",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].mean() + change[~embedded].mean()
""",
        ),
        Slip(
            "the lines of the lesson",
            """
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10


def did(earlier, later, embedded):
    change = teams.groupby("embedded")["change"].mean()
    return change[True] - change[False]
""",
            told="outcome.heedless",
        ),
        Slip(
            "the groups of your library",
            """
def did(earlier, later, embedded):
    teams["change"] = later - earlier
    change = teams.groupby("embedded")["change"].mean()
    return change[True] - change[False]
""",
            also=(
                """
def did(earlier, later, embedded):
    means = (later - earlier).groupby(teams["embedded"]).mean()
    return means[True] - means[False]
""",
            ),
        ),
        Slip(
            "in quotation marks",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return change["embedded"].mean()
""",
            told="did stopped with KeyError ('embedded'). A Series has no columns, so none is called 'embedded'. If you mean what the function is given, leave out the quotation marks.",
        ),
        Slip(
            "forgot return",
            """
def did(earlier, later, embedded):
    change = later - earlier
    estimate = change[embedded].mean() - change[~embedded].mean()
""",
            told="outcome.wrong_kind_forgot_return",
        ),
    ]


class Interval(Function):
    """A function for its range."""

    name, points, objective = "interval", 2, 2
    within = 0.0005
    tries = (practice.interval,)

    def right(t):
        def interval(change, embedded, times):
            found = relationships.difference(change, embedded)
            return [found.estimate - times * found.error, found.estimate + times * found.error]

        return interval

    def examples(t):
        labels = list("abcdefgh")
        change = pd.Series([0.4, -1.2, 6.5, 2.0, 11.4, 0.1, 1.7, 3.8], index=labels)
        embedded = pd.Series([False, False, True, False, True, False, False, True], index=labels)
        yield change, embedded, 2.36
        yield change + 5, embedded, 0
        yield change, ~embedded, 1

    @classmethod
    def hint_for(cls, right, t):
        return lambda ends: practice.next_step(ends, middle=sum(right) / 2)

    also_right = [
        # step by step
        """
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    middle = ours.mean() - others.mean()
    error = np.sqrt(ours.var() / len(ours) + others.var() / len(others))
    return [middle - times * error, middle + times * error]
""",
        # grouped, as a tuple
        """
def interval(change, embedded, times):
    groups = change.groupby(embedded)
    error = (groups.var() / groups.size()).sum() ** 0.5
    middle = groups.mean()[True] - groups.mean()[False]
    return middle - times * error, middle + times * error
""",
        # standard errors of each mean, as an array
        """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return change[embedded].mean() - change[~embedded].mean() + np.array([-1, 1]) * times * error
""",
    ]
    slips = [
        Slip(
            "no square root",
            """
def interval(change, embedded, times):
    groups = change.groupby(embedded)
    error = (groups.var() / groups.size()).sum()
    middle = groups.mean()[True] - groups.mean()[False]
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "not divided",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "the other spread",
            """
def interval(change, embedded, times):
    middle = change[embedded].mean() - change[~embedded].mean()
    error = (change[embedded].std() / embedded.sum() + change[~embedded].std() / (~embedded).sum()) ** 0.5
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "errors added",
            """
def interval(change, embedded, times):
    error = change[embedded].sem() + change[~embedded].sem()
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "only one error",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - error, middle + error]
""",
        ),
        Slip(
            "divided by n",
            """
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    error = (np.var(ours.to_numpy()) / len(ours) + np.var(others.to_numpy()) / len(others)) ** 0.5
    return [ours.mean() - others.mean() - times * error, ours.mean() - others.mean() + times * error]
""",
        ),
        Slip(
            "upper end first",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle + times * error, middle - times * error]
""",
        ),
        Slip(
            "without the middle",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return [-times * error, times * error]
""",
        ),
        Slip(
            "one group's number",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / embedded.sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "everybody's number",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / len(embedded) + change[~embedded].var() / len(embedded)) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "brackets",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / ~embedded.sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "the lines of the lesson",
            """
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10


def interval(change, embedded, times):
    spread = teams.groupby("embedded")["change"].var() / teams.groupby("embedded")["change"].size()
    means = teams.groupby("embedded")["change"].mean()
    middle, error = means[True] - means[False], spread.sum() ** 0.5
    return [middle - times * error, middle + times * error]
""",
            told="outcome.heedless",
        ),
        Slip(
            "the groups of your library",
            """
def interval(change, embedded, times):
    teams["change"] = change
    groups = teams.groupby("embedded")["change"]
    middle, error = groups.mean()[True] - groups.mean()[False], (groups.var() / groups.count()).sum() ** 0.5
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "the spread of teams",
            """
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10


def interval(change, embedded, times):
    groups = teams.groupby("embedded")["change"]
    error = (groups.var() / groups.size()).sum() ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
            told=f"interval(…) is #, #. That is not it yet. {practice.HOW_FAR}",
        ),
        Slip(
            "ends made of every change",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return [change - times * error, change + times * error]
""",
            told=f"interval(…) doesn't hold the right values yet. {practice.EACH_END}",
        ),
        Slip(
            "the others alone in the middle",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    return [change[~embedded].mean() - times * error, change[~embedded].mean() + times * error]
""",
            told=f"interval(…) is #, #. That is not it yet. {practice.HALFWAY}",
        ),
        Slip(
            "the root of the second alone",
            """
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    error = ours.var() / len(ours) + (others.var() / len(others)) ** 0.5
    return [ours.mean() - others.mean() - times * error, ours.mean() - others.mean() + times * error]
""",
        ),
        Slip(
            "the root of a number of teams",
            """
def interval(change, embedded, times):
    ours, others = change[embedded], change[~embedded]
    error = ours.var() / len(ours) + others.var() / len(others) ** 0.5
    return [ours.mean() - others.mean() - times * error, ours.mean() - others.mean() + times * error]
""",
        ),
        Slip(
            "eight and sixteen",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / 8 + change[~embedded].var() / 16) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "the number of the lesson",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - 2.36 * error, middle + 2.36 * error]
""",
        ),
        Slip(
            "the mean of all",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change.mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "the embedded alone",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / embedded.sum() + change[~embedded].var() / (~embedded).sum()) ** 0.5
    middle = change[embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "all teams in one",
            """
def interval(change, embedded, times):
    error = (change.var() / len(change)) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
    ]


MEND_DID = "It is what your did gives, so question 6 is not right yet. Mend did, and run this cell again."
MEND_INTERVAL = (
    "The estimate is right, and the ends are what your interval gives, so question 7 is not right yet. Mend interval, and "
    "run this cell again."
)
THE_ENDS = "The estimate is right, and the ends are not. Give interval one change for each team, a month, {}, and 2.36."


def with_range(change, embedded):
    """The difference, and 2.36 standard errors to each side, as the questions ask for it."""
    found = relationships.difference(change, embedded)
    low, high = found.estimate - 2.36 * found.error, found.estimate + 2.36 * found.error
    return pd.Series({"estimate": found.estimate, "low": low, "high": high})


def of_own(name, *given):
    """What the student's function of an earlier question gives; nothing that is like any number where it does not work."""
    try:
        return np.ravel(expect(name).value(*given)).astype(float)
    except Exception:
        return np.array([np.nan])


class WithRange(Labelled):
    """How much more the embedded teams changed from one period to another, with its range.

    ``periods`` are the two, ``months`` says which they are, and ``change`` from which to which.
    """

    periods: tuple
    months: str
    change: str

    @classmethod
    def hint_for(cls, right, t):
        earlier, later, embedded = *(a_month(t, period) for period in cls.periods), t.teams["embedded"]

        def next_step(given):
            if abs(given["estimate"] - right["estimate"]) > cls.within:
                if np.allclose(of_own("did", earlier, later, embedded), given["estimate"], atol=0.0051):
                    return MEND_DID
                return f"Give did consultations a month for each team: {cls.months}."
            ends = of_own("interval", later - earlier, embedded, 2.36)
            if np.allclose(ends, [given["low"], given["high"]], atol=0.0051):
                return MEND_INTERVAL
            return THE_ENDS.format(cls.change)

        return next_step


class PreTrend(WithRange):
    """Did they run alike before?"""

    name, points, objective = "pre_trend", 2, 2
    within = 0.008
    periods = FIRST_FIVE, LAST_FIVE
    months = "the first five months, and the last five"
    change = "from the first five months to the last five"

    def right(t):
        return with_range(a_month(t, LAST_FIVE) - a_month(t, FIRST_FIVE), t.teams["embedded"])

    also_right = [
        # step by step
        """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
drift = late - early
ours, others = drift[teams["embedded"]], drift[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
        # the kit's functions, as a dictionary
        """
months = before.groupby(["team_id", before["date"].dt.to_period("M")]).size().unstack(fill_value=0)
drift = months.iloc[:, 5:].mean(axis=1) - months.iloc[:, :5].mean(axis=1)
found = relationships.difference(drift, teams["embedded"])
pre_trend = {"high": found["high"], "low": found["low"], "estimate": found["estimate"]}
""",
    ]
    slips = [
        Slip(
            "the other way round",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (early - late)[teams["embedded"]], (early - late)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "These are the first five months less the last five. Turn it round.",
            sometimes=True,
        ),
        Slip(
            "five months together",
            """
drift = before[before["date"] >= "2023-02-01"].groupby("team_id").size() - before[before["date"] < "2023-02-01"].groupby("team_id").size()
ours, others = drift[teams["embedded"]], drift[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "This is for five months together. Divide by 5, to have it a month.",
        ),
        Slip(
            "ten months",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 10
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 10
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "You divide by ten months. Each of the two periods has five.",
        ),
        Slip(
            "two errors",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2 * error, "high": middle + 2 * error})
""",
            "With eight teams, go 2.36 standard errors to each side.",
        ),
        Slip(
            "1.96 errors",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 1.96 * error, "high": middle + 1.96 * error})
""",
            "With eight teams, go 2.36 standard errors to each side, not 1.96.",
        ),
        Slip(
            "the embedded only",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "The middle is the change of the embedded teams. Take away what the others changed.",
            sometimes=True,
        ),
        Slip(
            "the ends the other way round",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
estimate = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": estimate, "low": -estimate - 2.36 * error, "high": -estimate + 2.36 * error})
""",
            "The estimate is right. The ends are those of the first five months less the last five: turn that round.",
            sometimes=True,
        ),
        Slip(
            "the ends of before and after",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
estimate = (late - early)[teams["embedded"]].mean() - (late - early)[~teams["embedded"]].mean()
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "The estimate is right. The ends are those of the change from before to after: give interval the change within before.",
        ),
        Slip(
            "a slip in interval",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return middle - times * error, middle + times * error


early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
change = late - early
low, high = interval(change, teams["embedded"], 2.36)
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
pre_trend = pd.Series({"estimate": estimate, "low": low, "high": high})
""",
            told=f"pre_trend is # for low. That is not it yet. {MEND_INTERVAL}",
        ),
        Slip(
            "a slip in did",
            """
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean() + 9


early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
drift = late - early
ours, others = drift[teams["embedded"]], drift[~teams["embedded"]]
error = (ours.var() / 8 + others.var() / 16) ** 0.5
middle = ours.mean() - others.mean()
estimate = did(early, late, teams["embedded"])
pre_trend = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            told=f"pre_trend is # for estimate. That is not it yet. {MEND_DID}",
        ),
        Slip(
            "interval got one of the periods",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
estimate = (late - early)[teams["embedded"]].mean() - (late - early)[~teams["embedded"]].mean()
ours, others = late[teams["embedded"]], late[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
pre_trend = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            told=f"pre_trend is # for low. That is not it yet. {THE_ENDS.format(change)}",
        ),
        Slip(
            "the estimate alone",
            """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
pre_trend = (late - early)[teams["embedded"]].mean() - (late - early)[~teams["embedded"]].mean()
""",
            told="outcome.wrong_kind",
        ),
    ]


class Effect(WithRange):
    """What embedding did."""

    name, points, objective = "effect", 2, 2
    within = 0.015
    periods = BEFORE, AFTER
    months = "those in before, and those in after"
    change = "from before to after"

    def right(t):
        return with_range(a_month(t, AFTER) - a_month(t, BEFORE), t.teams["embedded"])

    also_right = [
        # step by step
        """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
        # the kit's function, and 2.365
        """
change = after["team_id"].value_counts() / 10 - before["team_id"].value_counts() / 10
effect = relationships.difference(change.sort_index(), teams["embedded"]).drop("error").round(3)
""",
        # a table of one column
        """
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
groups = teams.groupby("embedded")["change"]
middle = groups.mean()[True] - groups.mean()[False]
half = 2.36 * (groups.var() / groups.size()).sum() ** 0.5
effect = pd.DataFrame({"value": [middle - half, middle, middle + half]}, index=["low", "estimate", "high"])
""",
    ]
    slips = [
        Slip(
            "a slip in interval",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return middle - times * error, middle + times * error


change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
low, high = interval(change, teams["embedded"], 2.36)
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
effect = pd.Series({"estimate": estimate, "low": low, "high": high})
""",
            told=f"effect is # for low. That is not it yet. {MEND_INTERVAL}",
        ),
        Slip(
            "a slip in did",
            """
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean() + 30


a_month_before = before.groupby("team_id").size() / 10
a_month_after = after.groupby("team_id").size() / 10
change = a_month_after - a_month_before
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
estimate = did(a_month_before, a_month_after, teams["embedded"])
effect = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            told=f"effect is # for estimate. That is not it yet. {MEND_DID}",
        ),
        Slip(
            "before and after",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": ours.mean(), "low": ours.mean() - 2.36 * error, "high": ours.mean() + 2.36 * error})
""",
            "The middle is the before/after figure of the embedded teams. Take away what the others gained.",
        ),
        Slip(
            "afterwards",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
error = (ours.var() / 8 + others.var() / 16) ** 0.5
a_month_after = after.groupby("team_id").size() / 10
middle = a_month_after[teams["embedded"]].mean() - a_month_after[~teams["embedded"]].mean()
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "The middle is the gap between the groups afterwards. Take away the gap that was there before.",
        ),
        Slip(
            "naive",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": ours.mean(), "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "The ends are right. The estimate is naive: take away what the others gained.",
        ),
        Slip(
            "ten months together",
            """
change = after.groupby("team_id").size() - before.groupby("team_id").size()
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "This is for ten months together. Divide by 10, to have it a month.",
        ),
        Slip(
            "two errors",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2 * error, "high": middle + 2 * error})
""",
            "With eight teams, go 2.36 standard errors to each side.",
        ),
        Slip(
            "1.96 errors",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 1.96 * error, "high": middle + 1.96 * error})
""",
            "With eight teams, go 2.36 standard errors to each side, not 1.96.",
        ),
        Slip(
            "months as the unit",
            """
parts = []
for period in (before, after):
    for group in (True, False):
        rows = period[period["team_id"].map(teams["embedded"]) == group]
        parts.append(rows.groupby(["team_id", rows["date"].dt.to_period("M")]).size().unstack(fill_value=0).stack())
middle = (parts[2].mean() - parts[0].mean()) - (parts[3].mean() - parts[1].mean())
error = sum(part.var() / len(part) for part in parts) ** 0.5
effect = pd.Series({"estimate": middle, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "Your range is far too narrow: you took each month of each team for a fact of its own. The unit is the team: one change for each.",
        ),
        Slip(
            "the ends of the pre-trend",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
ours, others = (late - early)[teams["embedded"]], (late - early)[~teams["embedded"]]
middle = ours.mean() - others.mean()
error = (ours.var() / 8 + others.var() / 16) ** 0.5
effect = pd.Series({"estimate": estimate, "low": middle - 2.36 * error, "high": middle + 2.36 * error})
""",
            "The estimate is right. The ends are those of question 8: give interval the change from before to after.",
        ),
        Slip(
            "other labels",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
effect = {"mean": change.mean(), "low": change.min()}
""",
            told="outcome.labels_missing",
        ),
    ]


class HardChange(Labelled):
    """Harder questions."""

    name, points, objective = "hard_change", 2, 2
    within = 0.0051
    hint = "Four shares: two groups, before and after. Then the two changes, and their difference."

    def right(t):
        def hard(asked):
            return (asked["read_level"] >= 4).groupby(asked["team_id"].map(t.teams["embedded"])).mean()

        change = hard(t.after) - hard(t.before)
        return pd.Series(
            {"embedded": change[True], "others": change[False], "difference": change[True] - change[False]}
        )

    also_right = [
        # grouped by the group of the team
        """
hard_before = (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_after = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
change = hard_after - hard_before
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
        # four shares, as a dictionary
        """
ours = teams.index[teams["embedded"]]
shares = []
for rows in (before, after):
    is_ours = rows["team_id"].isin(ours)
    shares.append(rows[is_ours]["read_level"].gt(3).mean())
    shares.append(rows[~is_ours]["read_level"].gt(3).mean())
hard_change = {"difference": shares[2] - shares[0] - shares[3] + shares[1], "embedded": shares[2] - shares[0], "others": shares[3] - shares[1]}
""",
        # rounded to two places
        """
change = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
change = change - (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]}).round(2)
""",
    ]
    slips = [
        Slip(
            "means of the teams' shares",
            """
change = (after["read_level"] >= 4).groupby(after["team_id"]).mean() - (before["read_level"] >= 4).groupby(before["team_id"]).mean()
change = change.groupby(teams["embedded"]).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "You take a share for each team, and then their mean. Here throw the consultations of all teams of a group together, and take one share.",
        ),
        Slip(
            "READ 3, too",
            """
change = (after["read_level"] >= 3).groupby(after["team_id"].map(teams["embedded"])).mean()
change = change - (before["read_level"] >= 3).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "You count READ 3 as hard. Hard begins at 4.",
        ),
        Slip(
            "above 4",
            """
change = (after["read_level"] > 4).groupby(after["team_id"].map(teams["embedded"])).mean()
change = change - (before["read_level"] > 4).groupby(before["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "You leave out READ 4. Hard is 4 or above: use >=.",
        ),
        Slip(
            "counts",
            """
change = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).sum()
change = change - (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).sum()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "These are changes in the number of hard questions. Embedded teams ask more of everything: take the share.",
        ),
        Slip(
            "afterwards only",
            """
now = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": now[True], "others": now[False], "difference": now[True] - now[False]})
""",
            "These are the shares afterwards. Take away those before.",
        ),
        Slip(
            "in percent",
            """
change = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean() * 100
change = change - (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean() * 100
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "These are percentages. Leave them as shares.",
        ),
        Slip(
            "the other way round",
            """
change = (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
change = change - (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "This is before less after. Turn it round.",
        ),
        Slip(
            "the levels themselves",
            """
change = after.groupby(after["team_id"].map(teams["embedded"]))["read_level"].mean()
change = change - before.groupby(before["team_id"].map(teams["embedded"]))["read_level"].mean()
hard_change = pd.Series({"embedded": change[True], "others": change[False], "difference": change[True] - change[False]})
""",
            "This is the mean READ level. Ask of each consultation whether it is at 4 or above, and take the share.",
        ),
    ]


TOO_LOW = (
    "The highest share must lie above their mean: make a list of SHUFFLES shares, each from a shuffle of its own, and "
    "take its mean and its highest."
)


class Toothbrush(Labelled):
    """The toothbrush walk."""

    name, points, objective = "toothbrush", 2, 4
    # With 50 shuffles, a ratio strays by 0.006 from that of 150, and by 0.03 in fewer than one of ten thousand.
    within = 0.03
    hint = "The share as it was, the mean and the highest of the shares in the shuffles, and the first divided by the second."
    survivors = {
        "line 3: .mean(…) becomes .median(…)": "The middle one of 50 shuffles differs from their mean by less than "
        "chance, which the tolerance must let pass.",
    }

    def right(t):
        def shuffles(library):
            greetings = library.touches[library.touches["kind"] == "incidental"]
            return relationships.against_shuffles(greetings, library.consultations, times=150, seed=1)

        found = t.library.once("greetings, against 150 shuffles", shuffles)
        return found.set_axis(["as_it_was", "by_chance", "highest", "ratio"])

    @classmethod
    def check(cls, found, t):
        given = found.is_series().value
        is_above = (
            given["highest"] > given["by_chance"] + 0.001 or given["by_chance"] > given["as_it_was"] - 1e-9
        )
        found.holds(is_above or practice.is_rounded(found), TOO_LOW, "the highest is too low")
        # No right answer is right to the digit. The slips, which shuffle, are worked out only for one that is not.
        with contextlib.suppress(NotYet):
            return found.equals(cls.right(t), within=cls.within)
        return super().check(found, t)

    also_right = [
        # a list of shuffles
        """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = {"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)}
""",
        # a loop with another seed, rounded
        """
mine = np.random.default_rng(2024)
total, highest = 0, 0
for number in range(SHUFFLES):
    share = relationships.followed(relationships.shuffled(greetings, mine), consultations)
    total, highest = total + share, max(highest, share)
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"ratio": seen / total * SHUFFLES, "highest": highest, "as_it_was": seen, "by_chance": total / SHUFFLES})
toothbrush = toothbrush.round(2)
""",
        # the kit's function
        """
found = relationships.against_shuffles(greetings, consultations, times=SHUFFLES, seed=77)
toothbrush = found.set_axis(["as_it_was", "by_chance", "highest", "ratio"])
""",
    ]
    slips = [
        Slip(
            "upside down",
            """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": np.mean(shares) / seen})
""",
            "Your ratio is chance, divided by what was. Turn it round.",
        ),
        Slip(
            "a difference",
            """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen - np.mean(shares)})
""",
            "Your ratio is a difference. The question asks how many times as often: divide.",
        ),
        Slip(
            "swapped",
            """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": np.mean(shares), "by_chance": seen, "highest": max(shares), "ratio": np.mean(shares) / seen})
""",
            "You took the two shares for each other: as_it_was is without a shuffle.",
        ),
        Slip(
            "one shuffle, again and again",
            """
once = relationships.shuffled(greetings, rng)
shares = [relationships.followed(once, consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)})
""",
            told=f"toothbrush: {practice.ONE_SHUFFLE}",
            also=(
                """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": np.mean(shares), "ratio": seen / np.mean(shares)})
""",
            ),
        ),
        Slip(
            "the highest is too low",
            """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": min(shares), "ratio": seen / np.mean(shares)})
""",
            told=f"toothbrush: {TOO_LOW}",
        ),
        Slip(
            "no shuffle",
            """
shares = [relationships.followed(greetings, consultations) for _ in range(3)]
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)})
""",
            "The ratio is 1: you compare the greetings with themselves. Shuffle them first.",
        ),
        Slip(
            "in percent",
            """
shares = [100 * relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(SHUFFLES)]
seen = 100 * relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": np.mean(shares), "highest": max(shares), "ratio": seen / np.mean(shares)})
""",
            "The first three are percentages. Leave them as shares.",
        ),
        Slip(
            "the ratio alone",
            """
shares = [relationships.followed(relationships.shuffled(greetings, rng), consultations) for _ in range(3)]
toothbrush = relationships.followed(greetings, consultations) / np.mean(shares)
""",
            told="outcome.wrong_kind",
        ),
    ]


class StillAway(Function):
    """A fair function for coming back."""

    name, points, objective = "still_away", 2, 5
    within = 0.0005
    tries = (practice.still_away, practice.on_a_quiet_day)

    def right(t):
        def still_away(days, back, limit):
            return relationships.still_away(relationships.survival(days, back), limit)

        return still_away

    def examples(t):
        days, back, _ = practice.still_away.given.values()
        yield days, back, 10
        yield days, back, 9
        people = list("abcdefghij")
        days = pd.Series([30, 7, 7, 7, 90, 91, 12, 60, 45, 90], index=people)
        back = pd.Series([True, True, False, True, True, True, False, True, False, False], index=people)
        yield days, back, 90
        yield days, back, 89
        yield days, back, 365
        yield t.returns["days"], t.returns["back"], 90

    also_right = [
        # as in the lesson
        """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
""",
        # a loop over the days
        """
def still_away(days, back, limit):
    share = 1
    for day in sorted(days.unique()):
        if day <= limit:
            share = share * (1 - (back & (days == day)).sum() / (days >= day).sum())
    return share
""",
        # the kit's functions
        """
def still_away(days, back, limit):
    return relationships.still_away(relationships.survival(days, back), limit)
""",
    ]
    slips = [
        Slip(
            "limit taken for one of the days",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[limit]
""",
            told="still_away stopped with KeyError (25). Square brackets look up a label, and this one is not there.",
        ),
        Slip(
            "without the others",
            """
def still_away(days, back, limit):
    return (days[back] > limit).mean()
""",
        ),
        Slip(
            "away for good",
            """
def still_away(days, back, limit):
    return (~back | (days > limit)).mean()
""",
        ),
        Slip(
            "those who are back",
            """
def still_away(days, back, limit):
    return 1 - relationships.still_away(relationships.survival(days, back), limit)
""",
        ),
        Slip(
            "gone before",
            """
def still_away(days, back, limit):
    share = 1
    for day in sorted(days[back].unique()):
        if day <= limit:
            watched = ((days > day) | (back & (days == day))).sum()
            share = share * (1 - (back & (days == day)).sum() / watched)
    return share
""",
        ),
        Slip(
            "in the evening",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum()
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
""",
        ),
        Slip(
            "the last day only",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).loc[:limit].iloc[-1]
""",
        ),
        Slip(
            "before the limit",
            """
def still_away(days, back, limit):
    curve = relationships.survival(days, back)
    return curve[curve.index < limit].iloc[-1]
""",
        ),
        Slip(
            "the first day is lost",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift()
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
""",
        ),
        Slip(
            "ninety days, always",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:90].iloc[-1]
""",
        ),
        Slip(
            "your own library",
            """
def still_away(days, back, limit):
    by_day = returns.groupby("days")["back"].agg(["sum", "size"])
    watched = len(returns) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
""",
        ),
        Slip(
            "your own library, ninety days",
            """
def still_away(days, back, limit):
    by_day = returns.groupby("days")["back"].agg(["sum", "size"])
    watched = len(returns) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:90].iloc[-1]
""",
        ),
        Slip(
            "as many as in your library",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(returns) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
""",
        ),
    ]
