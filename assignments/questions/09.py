"""Do relationships pay?

weigh what embedded librarians changed, and what only looks like it
"""

import contextlib

import numpy as np
import pandas as pd

from course_utils.checks import NotYet, expect
from course_utils.checks.questions import ROUNDED, Choice, Function, Labelled, Number, Slip, Table
from course_utils.methods import relationships
from course_utils.methods.relationships import practice

BEFORE, AFTER = ("2022-09-01", "2023-06-30"), ("2024-09-01", "2025-06-30")
FIRST_FIVE, LAST_FIVE = ("2022-09-01", "2023-01-31"), ("2023-02-01", "2023-06-30")

LESSON = "This is the number of Port Ellery, from the lesson. Work it out for your own library."


def a_month(t, period):
    """Consultations a month of each team, in a period from its first day to its last."""
    return relationships.per_month(t.consultations, t.teams.index, *period)


class RelationalShare(Labelled):
    """Code the contacts."""

    name, points, objective = "relational_share", 1, 1
    within = ROUNDED
    hint = "Which rows have one of the two values in asked_by? Divide by all rows of that period."

    def right(t):
        periods = {"before": t.before, "after": t.after}
        return pd.Series(
            {name: rows["asked_by"].isin(relationships.RELATIONAL).mean() for name, rows in periods.items()}
        )

    also_right = [
        # mean of isin
        """
is_relational = consultations["asked_by"].isin(["in passing", "scheduled"])
relational_share = pd.Series({"before": is_relational[before.index].mean(), "after": is_relational[after.index].mean()})
""",
        # count and divide, by query, as a dictionary
        """
relational_share = {}
for name, rows in [("after", after), ("before", before)]:
    relational = rows.query("asked_by == 'in passing' or asked_by == 'scheduled'")
    relational_share[name] = round(len(relational) / len(rows), 3)
""",
        # shares of the values, added
        """
shares = pd.DataFrame({
    "before": before["asked_by"].value_counts(normalize=True),
    "after": after["asked_by"].value_counts(normalize=True),
})
relational_share = shares.loc["in passing"] + shares.loc["scheduled"]
""",
        # both periods in one table, grouped
        """
both = pd.concat([before.assign(when="before"), after.assign(when="after")])
both["is_relational"] = (both["asked_by"] == "scheduled") | (both["asked_by"] == "in passing")
relational_share = both.groupby("when")[["is_relational"]].mean()
""",
    ]
    slips = [
        Slip(
            "in passing only",
            """
relational_share = pd.Series({
    "before": (before["asked_by"] == "in passing").mean(),
    "after": (after["asked_by"] == "in passing").mean(),
})
""",
            "You count only what was asked in passing. What was scheduled is relational, too; look at how it is spelled.",
        ),
        Slip(
            "scheduled only",
            """
relational_share = pd.Series({
    "before": (before["asked_by"] == "scheduled").mean(),
    "after": (after["asked_by"] == "scheduled").mean(),
})
""",
            "You count only what was scheduled. What was asked in passing is relational, too; look at how it is spelled.",
        ),
        Slip(
            "transactional",
            """
rule = ["e-mail", "phone"]
relational_share = pd.Series({
    "before": before["asked_by"].isin(rule).mean(),
    "after": after["asked_by"].isin(rule).mean(),
})
""",
            "These are the shares asked by e-mail or phone. You need the others.",
        ),
        Slip(
            "e-mail is personal",
            """
relational_share = pd.Series({
    "before": (before["asked_by"] != "phone").mean(),
    "after": (after["asked_by"] != "phone").mean(),
})
""",
            "You count e-mails, too. By the rule of the lesson they are transactional.",
        ),
        Slip(
            "swapped",
            """
rule = ["in passing", "scheduled"]
relational_share = pd.Series({
    "before": after["asked_by"].isin(rule).mean(),
    "after": before["asked_by"].isin(rule).mean(),
})
""",
            "You took the two periods for each other.",
        ),
        Slip(
            "one period twice",
            """
share = before["asked_by"].isin(["in passing", "scheduled"]).mean()
relational_share = pd.Series({"before": share, "after": share})
""",
            "Both numbers are those of before. Take after for the second.",
        ),
        Slip(
            "the later period twice",
            """
share = after["asked_by"].isin(["in passing", "scheduled"]).mean()
relational_share = pd.Series({"before": share, "after": share})
""",
            "Both numbers are those of after. Take before for the first.",
        ),
        Slip(
            "of all consultations",
            """
rule = ["in passing", "scheduled"]
relational_share = pd.Series({
    "before": before["asked_by"].isin(rule).sum() / len(consultations),
    "after": after["asked_by"].isin(rule).sum() / len(consultations),
})
""",
            "You divide by all consultations. Divide each number by the rows of its own period.",
        ),
        Slip(
            "rounded",
            """
rule = ["in passing", "scheduled"]
relational_share = pd.Series({
    "before": before["asked_by"].isin(rule).mean(),
    "after": after["asked_by"].isin(rule).mean(),
}).round(2)
""",
            told="outcome.rounded",
            sometimes=True,
        ),
        Slip(
            "in percent",
            """
rule = ["in passing", "scheduled"]
relational_share = pd.Series({
    "before": before["asked_by"].isin(rule).mean() * 100,
    "after": after["asked_by"].isin(rule).mean() * 100,
})
""",
            told="relational_share['before'] is #. A share lies between 0 and 1. If this is a percentage, divide it by "
            "100. If it is a count, divide it by the total.",
            also=(
                """
rule = ["in passing", "scheduled"]
relational_share = pd.Series({
    "before": before["asked_by"].isin(rule).sum(),
    "after": after["asked_by"].isin(rule).sum(),
})
""",
            ),
        ),
        Slip(
            "all consultations",
            'relational_share = consultations["asked_by"].isin(["in passing", "scheduled"]).mean()',
            told="outcome.wrong_kind",
        ),
    ]


class Scoreboards(Table):
    """Two scoreboards."""

    name, points, objective = "scoreboards", 2, 1
    within = ROUNDED
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
        # rounded to three digits
        'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(3)',
    ]
    slips = [
        Slip(
            "sums",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].sum()',
            "These are sums, and a liaison who has more consultations has more of everything. Take the mean.",
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
            "rounded",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(2)',
            told="outcome.rounded",
            also=(
                'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean().round(1)',
            ),
        ),
        Slip(
            "in percent",
            """
scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()
scoreboards["resolved"] = scoreboards["resolved"] * 100
scoreboards["new_kind_of_request"] = scoreboards["new_kind_of_request"] * 100
""",
            "Two of the columns are percentages. Leave them as shares.",
        ),
        Slip(
            "a period",
            'scoreboards = before.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()',
            "These are the means in before. Take all consultations.",
        ),
        Slip(
            "the other period",
            'scoreboards = after.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()',
            "These are the means in after. Take all consultations.",
        ),
        Slip(
            "means of the teams' means",
            """
by_team = consultations.groupby(["liaison", "team_id"], observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()
scoreboards = by_team.groupby("liaison", observed=True).mean()
""",
            "You take a mean for each team first. Here take the mean over all consultations of a liaison.",
        ),
        Slip(
            "counts",
            'scoreboards = consultations.groupby("liaison", observed=True)[["resolved", "minutes", "new_kind_of_request"]].count()',
            "These are numbers of consultations. Take the mean.",
        ),
        Slip(
            "one row for each team",
            """
scoreboards = consultations.groupby(["liaison", "team_id"], observed=True)[["resolved", "minutes", "new_kind_of_request"]].mean()
""",
            told="outcome.rows",
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
    within = ROUNDED
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
        # rounded to three digits
        """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean().round(3)
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
before_by_group = teams.groupby("embedded")["before"].mean().round(2)
""",
            told="outcome.rounded",
            sometimes=True,
            also=(
                """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].mean().round(1)
""",
            ),
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
            "the numbers of the lesson",
            "before_by_group = pd.Series({True: 4.9875, False: 3.40625})",
            "These are the numbers of Port Ellery, from the lesson. Work them out for your own library.",
        ),
        Slip(
            "all groups by all teams",
            'before_by_group = before["team_id"].map(teams["embedded"]).value_counts() / 24 / 10',
            "You divide both groups by all 24 teams. Take the mean over the teams of each group.",
        ),
        Slip(
            "medians",
            """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby("embedded")["before"].median()
""",
            "These are medians. Take the mean over the teams of each group.",
            sometimes=True,  # where it is what “rounded” makes
        ),
        Slip(
            "turned round",
            """
teams["before"] = before.groupby("team_id").size() / 10
before_by_group = teams.groupby(~teams["embedded"])["before"].mean()
""",
            "You took the two groups for each other: True are the teams that get an embedded librarian.",
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
    within = ROUNDED
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
        # a number of NumPy, in less precision
        """
teams["change"] = after["team_id"].value_counts() / 10 - before["team_id"].value_counts() / 10
naive = np.float32(teams.query("embedded")["change"].mean())
""",
        # a name that is taken, which costs nothing here
        """
after = after.groupby("team_id").size() / 10
naive = (after - before.groupby("team_id").size() / 10)[teams["embedded"]].mean()
""",
    ]
    slips = [
        Slip(
            "rounded",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = round(change[teams["embedded"]].mean(), 2)
""",
            told="outcome.rounded",
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
            "the other way round",
            """
change = (before.groupby("team_id").size() - after.groupby("team_id").size()) / 10
naive = change[teams["embedded"]].mean()
""",
            "This is before less after. Turn it round.",
        ),
        Slip(
            "the number of the lesson",
            "naive = 6.15",
            LESSON,
            sometimes=True,
        ),
        Slip(
            "nothing taken away",
            'naive = (after.groupby("team_id").size() / 10)[teams["embedded"]].mean()',
            "This is how often the embedded teams ask in after. Take away how often they asked in before.",
        ),
        Slip(
            "growth by team",
            """
growth = after.groupby("team_id").size() / before.groupby("team_id").size()
naive = growth[teams["embedded"]].mean()
""",
            "This says how many times as much. The question asks how many more: take the difference.",
            sometimes=True,
        ),
        Slip(
            "growth in percent",
            """
growth = after.groupby("team_id").size() / before.groupby("team_id").size() - 1
naive = growth[teams["embedded"]].mean()
""",
            "This says by which part of before they grew. The question asks how many more: take the difference.",
            sometimes=True,
        ),
        Slip(
            "the others",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[~teams["embedded"]].mean()
""",
            "This is the mean over the other teams. Keep the embedded ones.",
            sometimes=True,
        ),
        Slip(
            "the median",
            """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
naive = change[teams["embedded"]].median()
""",
            "This is the median of the embedded teams. Take the mean.",
            sometimes=True,
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
        yield earlier, earlier * 1.5, embedded

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
        # a loop over the teams
        """
def did(earlier, later, embedded):
    ours, others = [], []
    for team in earlier.index:
        if embedded[team]:
            ours.append(later[team] - earlier[team])
        else:
            others.append(later[team] - earlier[team])
    return sum(ours) / len(ours) - sum(others) / len(others)
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
            "earlier only",
            """
def did(earlier, later, embedded):
    return earlier[embedded].mean() - earlier[~embedded].mean()
""",
        ),
        Slip(
            "medians",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return change[embedded].median() - change[~embedded].median()
""",
        ),
        Slip(
            "all teams",
            """
def did(earlier, later, embedded):
    return (later - earlier).mean()
""",
        ),
        Slip(
            "without the sign",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return abs(change[embedded].mean() - change[~embedded].mean())
""",
            told="did(…) is #. The sign is not right: take the embedded less the others, and leave a minus where there is one.",
        ),
        Slip(
            "by ten months",
            """
def did(earlier, later, embedded):
    change = (later - earlier) / 10
    return change[embedded].mean() - change[~embedded].mean()
""",
        ),
        Slip(
            "the number of the example",
            """
def did(earlier, later, embedded):
    return 2.75
""",
            told="outcome.heedless",
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
            ours, others = change[embedded], change[~embedded]
            middle = ours.mean() - others.mean()
            error = (ours.var() / len(ours) + others.var() / len(others)) ** 0.5
            return [middle - times * error, middle + times * error]

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
            "half the width",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times / 2 * error, middle + times / 2 * error]
""",
        ),
        Slip(
            "the others' number",
            """
def interval(change, embedded, times):
    others = len(change[~embedded])
    error = (change[embedded].var() / others + change[~embedded].var() / others) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "the numbers swapped",
            """
def interval(change, embedded, times):
    error = (change[embedded].var() / (~embedded).sum() + change[~embedded].var() / embedded.sum()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "two standard errors",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - 2 * error, middle + 2 * error]
""",
        ),
        Slip(
            "the other way round",
            """
def interval(change, embedded, times):
    error = (change[embedded].sem() ** 2 + change[~embedded].sem() ** 2) ** 0.5
    middle = change[~embedded].mean() - change[embedded].mean()
    return [middle - times * error, middle + times * error]
""",
        ),
        Slip(
            "times under the root",
            """
def interval(change, embedded, times):
    squared = change[embedded].sem() ** 2 + change[~embedded].sem() ** 2
    middle = change[embedded].mean() - change[~embedded].mean()
    return [middle - (times * squared) ** 0.5, middle + (times * squared) ** 0.5]
""",
        ),
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
THE_ENDS = "The estimate is right, and the ends are not. Give interval {}, the column embedded, and 2.36."
THE_WIDTH = (
    "The estimate is right, and the ends are as far below it as above. They must lie 2.36 standard errors from it: give "
    "interval {}, the column embedded, and 2.36."
)
SWAPPED = "The estimate is right. low and high are swapped."
TURNED_ENDS = (
    "The estimate is right. The ends are turned round: give interval the later period less the earlier one."
)
TURNED = "Your estimate has the wrong sign: it is how much more the embedded teams changed, the later period less the earlier."
EMBEDDED_ONLY = "The estimate is the change of the embedded teams. Take away what the others changed."
ASKED = "You grouped by who asked for a librarian. Not all of them got one: group by embedded."
TWO = "With eight teams, go 2.36 standard errors to each side."
LESS_THAN_TWO = "With eight teams, go 2.36 standard errors to each side, not 1.96."
BY_TEAM = "Give did one number for each team: {}."
MORE_DIGITS = (2.365, 2.3646)  # Student's t of seven degrees of freedom, with more digits: right as well


def with_range(earlier, later, embedded, times=2.36):
    """How much more the embedded teams changed, and ``times`` standard errors to each side of it."""
    change = later - earlier
    middle = Did.right(None)(earlier, later, embedded)
    low, high = Interval.right(None)(change, embedded, times)
    return pd.Series({"estimate": middle, "low": low, "high": high})


def of_own(name, *given):
    """What the student's function of an earlier question gives; nothing that is like any number where it does not work."""
    try:
        return np.ravel(expect(name).value(*given)).astype(float)
    except Exception:
        return np.array([np.nan])


class WithRange(Labelled):
    """How much more the embedded teams changed from one period to another, with its range.

    ``two`` gives one number for each team in the earlier period, and in the later one; ``numbers`` says which they are,
    and ``change`` what ``interval`` gets. ``lesson`` is the estimate of the lesson.
    """

    within = ROUNDED
    numbers: str
    change: str
    lesson: float

    def two(t):
        raise NotImplementedError

    @classmethod
    def check(cls, found, t):
        for times in MORE_DIGITS:
            with contextlib.suppress(NotYet):
                return found.equals(with_range(*cls.two(t), t.teams["embedded"], times), within=cls.within)
        return super().check(found, t)

    @classmethod
    def hint_for(cls, right, t):
        (earlier, later), embedded = cls.two(t), t.teams["embedded"]
        asked = t.teams["asked_for_it"] == "asked us"

        def near(one, other):
            return np.allclose(np.ravel(one), np.ravel(other), rtol=0, atol=cls.within)

        def of_estimate(found):
            return [
                (near(found, cls.lesson), LESSON),
                (near(found, of_own("did", earlier, later, embedded)), MEND_DID),
                (near(found, -right["estimate"]), TURNED),
                (near(found, (later - earlier)[embedded].mean()), EMBEDDED_ONLY),
                (near(found, Did.right(t)(earlier, later, asked)), ASKED),
                (True, BY_TEAM.format(cls.numbers)),
            ]

        def of_ends(found, estimate):
            low, high = right["low"], right["high"]
            return [
                (near(found, of_own("interval", later - earlier, embedded, 2.36)), MEND_INTERVAL),
                (near(found, [high, low]), SWAPPED),
                (near(found, [-high, -low]), TURNED_ENDS),
                (near(sum(found) / 2, estimate), THE_WIDTH.format(cls.change)),
                (True, THE_ENDS.format(cls.change)),
            ]

        def next_step(given):
            estimate, ends = given["estimate"], [given["low"], given["high"]]
            steps = of_ends(ends, estimate) if near(estimate, right["estimate"]) else of_estimate(estimate)
            return next(sentence for is_so, sentence in steps if is_so)

        return next_step


def ranged(name, change, *, middle="ours.mean() - others.mean()", estimate="middle", times=2.36):
    """The code of an answer, step by step. ``change`` are lines that make one change for each team."""
    return f"""
{change.strip()}
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
middle = {middle}
error = (ours.var() / 8 + others.var() / 16) ** 0.5
{name} = pd.Series({{"estimate": {estimate}, "low": middle - {times} * error, "high": middle + {times} * error}})
"""


FIVES = """
early = before[before["date"] < "2023-02-01"].groupby("team_id").size() / 5
late = before[before["date"] >= "2023-02-01"].groupby("team_id").size() / 5
change = late - early
"""
TENS = """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
"""
A_SLIP_IN_INTERVAL = """
def interval(change, embedded, times):
    error = (change[embedded].var() + change[~embedded].var()) ** 0.5
    middle = change[embedded].mean() - change[~embedded].mean()
    return middle - times * error, middle + times * error


{}
low, high = interval(change, teams["embedded"], 2.36)
estimate = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()
{} = pd.Series({{"estimate": estimate, "low": low, "high": high}})
"""
A_SLIP_IN_DID = """
def did(earlier, later, embedded):
    growth = later / earlier
    return growth[embedded].mean() - growth[~embedded].mean() + 30


{}
"""


class PreTrend(WithRange):
    """Did they run alike before?"""

    name, points, objective = "pre_trend", 2, 2
    numbers = "consultations a month in the first five months, and in the last five"
    change = "the change of each team, a month, from the first five months to the last five"
    lesson = -0.7625

    def two(t):
        return a_month(t, FIRST_FIVE), a_month(t, LAST_FIVE)

    def right(t):
        return with_range(*PreTrend.two(t), t.teams["embedded"])

    also_right = [
        # step by step
        ranged("pre_trend", FIVES),
        # months side by side, as a dictionary, rounded to three digits
        """
months = before.groupby(["team_id", before["date"].dt.to_period("M")]).size().unstack(fill_value=0)
drift = months.iloc[:, 5:].mean(axis=1) - months.iloc[:, :5].mean(axis=1)
groups = drift.groupby(teams["embedded"])
estimate = groups.mean()[True] - groups.mean()[False]
error = (groups.var() / groups.size()).sum() ** 0.5
pre_trend = {
    "high": round(estimate + 2.36 * error, 3), "low": round(estimate - 2.36 * error, 3), "estimate": round(estimate, 3)
}
""",
        # Student's t with more digits
        ranged("pre_trend", FIVES, times=2.3646),
    ]
    slips = [
        Slip(
            "the other way round",
            ranged("pre_trend", FIVES + "change = early - late"),
            "These are the first five months less the last five. Turn it round.",
        ),
        Slip(
            "five months together",
            ranged("pre_trend", FIVES + "change = change * 5"),
            "This is for five months together. Divide by 5, to have it a month.",
        ),
        Slip(
            "ten months",
            ranged("pre_trend", FIVES + "change = change / 2"),
            "You divide by ten months. Each of the two periods has five.",
        ),
        Slip("two errors", ranged("pre_trend", FIVES, times=2), TWO),
        Slip("1.96 errors", ranged("pre_trend", FIVES, times=1.96), LESS_THAN_TWO),
        Slip(
            "the embedded only",
            ranged("pre_trend", FIVES, middle="ours.mean()"),
            EMBEDDED_ONLY,
        ),
        Slip(
            "the ends the other way round",
            ranged("pre_trend", FIVES, middle="others.mean() - ours.mean()", estimate="-middle"),
            TURNED_ENDS,
        ),
        Slip(
            "the ends of before and after",
            ranged(
                "pre_trend",
                FIVES
                + "estimate = change[teams['embedded']].mean() - change[~teams['embedded']].mean()"
                + TENS,
                estimate="estimate",
            ),
            "The estimate is right. The ends are those of the change from before to after: give interval the change within before.",
        ),
        Slip(
            "rounded",
            ranged("pre_trend", FIVES) + "pre_trend = pre_trend.round(2)",
            told="outcome.rounded",
            sometimes=True,
        ),
        Slip(
            "a slip in interval",
            A_SLIP_IN_INTERVAL.format(FIVES, "pre_trend"),
            told=f"pre_trend is # for low. That is not it yet. {MEND_INTERVAL}",
        ),
        Slip(
            "a slip in did",
            A_SLIP_IN_DID.format(ranged("pre_trend", FIVES, estimate='did(early, late, teams["embedded"])')),
            told=f"pre_trend is # for estimate. That is not it yet. {MEND_DID}",
        ),
        Slip(
            "interval got one of the periods",
            ranged(
                "pre_trend",
                FIVES
                + "estimate = change[teams['embedded']].mean() - change[~teams['embedded']].mean()\nchange = late",
                estimate="estimate",
            ),
            told=f"pre_trend is # for low. That is not it yet. {THE_ENDS.format(change)}",
        ),
        Slip(
            "the estimate alone",
            FIVES + 'pre_trend = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()',
            told="outcome.wrong_kind",
        ),
    ]


class Effect(WithRange):
    """What embedding did."""

    name, points, objective = "effect", 2, 2
    numbers = "consultations a month in before, and in after"
    change = "the change of each team, a month, from before to after"
    lesson = 5.28125

    def two(t):
        return a_month(t, BEFORE), a_month(t, AFTER)

    def right(t):
        return with_range(*Effect.two(t), t.teams["embedded"])

    also_right = [
        # step by step
        ranged("effect", TENS),
        # counts of values, 2.365, and a dictionary
        """
change = (after["team_id"].value_counts() / 10 - before["team_id"].value_counts() / 10).sort_index()
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
estimate, error = ours.mean() - others.mean(), (ours.sem() ** 2 + others.sem() ** 2) ** 0.5
effect = {"estimate": estimate, "low": estimate - 2.365 * error, "high": estimate + 2.365 * error}
""",
        # a table of one column
        """
teams["change"] = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10
groups = teams.groupby("embedded")["change"]
middle = groups.mean()[True] - groups.mean()[False]
half = 2.36 * (groups.var() / groups.size()).sum() ** 0.5
effect = pd.DataFrame({"value": [middle - half, middle, middle + half]}, index=["low", "estimate", "high"])
""",
        # rounded to three digits
        ranged("effect", TENS) + "effect = effect.round(3)",
    ]
    slips = [
        Slip(
            "a slip in interval",
            A_SLIP_IN_INTERVAL.format(TENS, "effect"),
            told=f"effect is # for low. That is not it yet. {MEND_INTERVAL}",
        ),
        Slip(
            "a slip in did",
            A_SLIP_IN_DID.format(
                """
a_month_before = before.groupby("team_id").size() / 10
a_month_after = after.groupby("team_id").size() / 10"""
                + ranged("effect", TENS, estimate='did(a_month_before, a_month_after, teams["embedded"])')
            ),
            told=f"effect is # for estimate. That is not it yet. {MEND_DID}",
        ),
        Slip(
            "before and after",
            ranged("effect", TENS, middle="ours.mean()"),
            "The estimate is the before/after figure of the embedded teams. Take away what the others gained.",
        ),
        Slip(
            "afterwards",
            ranged("effect", 'change = after.groupby("team_id").size() / 10'),
            "You compare the groups afterwards. Take away the gap that was there before.",
            also=(
                ranged(
                    "effect",
                    'change = after.groupby("team_id").size() / 10\n'
                    'gap = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()' + TENS,
                    middle="gap",
                ),
            ),
        ),
        Slip(
            "afterwards, with the right width",
            ranged(
                "effect",
                'now = after.groupby("team_id").size() / 10' + TENS,
                middle='now[teams["embedded"]].mean() - now[~teams["embedded"]].mean()',
            ),
            "You compare the groups afterwards. Take away the gap that was there before.",
        ),
        Slip(
            "naive",
            ranged("effect", TENS, estimate="ours.mean()"),
            "The ends are right. The estimate is naive: take away what the others gained.",
        ),
        Slip(
            "the other way round",
            ranged("effect", TENS + "change = -change"),
            "This is the others less the embedded, or before less after. Turn it round.",
        ),
        Slip(
            "ten months together",
            ranged("effect", TENS + "change = change * 10"),
            "This is for ten months together. Divide by 10, to have it a month.",
        ),
        Slip("two errors", ranged("effect", TENS, times=2), TWO),
        Slip("1.96 errors", ranged("effect", TENS, times=1.96), LESS_THAN_TWO),
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
            ranged(
                "effect",
                TENS
                + "estimate = change[teams['embedded']].mean() - change[~teams['embedded']].mean()"
                + FIVES,
                estimate="estimate",
            ),
            "The estimate is right. The ends are those of question 8: give interval the change from before to after.",
        ),
        Slip(
            "the answer to question 8",
            ranged("effect", FIVES),
            "This is the pre-trend, of question 8. Take the change from before to after.",
        ),
        Slip(
            "rounded",
            ranged("effect", TENS) + "effect = effect.round(2)",
            told="outcome.rounded",
            sometimes=True,
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


def share_hard(rows):
    """Of each team's consultations, the share at READ 4 or above."""
    return (rows["read_level"] >= 4).groupby(rows["team_id"]).mean()


POOLED = (
    "This throws the consultations of a group together, so its busiest teams decide. The unit is the team: take one share "
    "for each team, and then the mean of each group."
)
HARD = """
hard_before = (before["read_level"] >= 4).groupby(before["team_id"]).mean()
hard_after = (after["read_level"] >= 4).groupby(after["team_id"]).mean()
change = hard_after - hard_before
"""
OF_ALL = """
by_group = (after["read_level"] >= 4).groupby(after["team_id"].map(teams["embedded"])).mean()
by_group = by_group - (before["read_level"] >= 4).groupby(before["team_id"].map(teams["embedded"])).mean()
pooled = by_group[True] - by_group[False]
"""


class HardChange(WithRange):
    """Harder questions."""

    name, points, objective = "hard_change", 2, 2
    numbers = "the share of its consultations that were hard in before, and in after"
    change = "the change of each team's share, from before to after"
    lesson = 0.1552

    def two(t):
        return share_hard(t.before), share_hard(t.after)

    def right(t):
        return with_range(*HardChange.two(t), t.teams["embedded"])

    @classmethod
    def hint_for(cls, right, t):
        def shares(rows):
            return (rows["read_level"] >= 4).groupby(rows["team_id"].map(t.teams["embedded"])).mean()

        pooled, next_step = shares(t.after) - shares(t.before), super().hint_for(right, t)

        def hint(given):
            is_pooled = abs(given["estimate"] - (pooled[True] - pooled[False])) <= cls.within
            is_right = abs(given["estimate"] - right["estimate"]) <= cls.within
            if abs(given["estimate"]) > 1:
                return practice.NO_PERCENT
            return POOLED if is_pooled and not is_right else next_step(given)

        return hint

    also_right = [
        # a pivot table
        """
both = pd.concat([before.assign(when="before"), after.assign(when="after")])
both["is_hard"] = both["read_level"].isin([4, 5, 6])
shares = both.pivot_table(index="team_id", columns="when", values="is_hard", aggfunc="mean")
change = (shares["after"] - shares["before"]).groupby(teams["embedded"])
middle, half = change.mean()[True] - change.mean()[False], 2.36 * (change.sem() ** 2).sum() ** 0.5
hard_change = {"low": middle - half, "high": middle + half, "estimate": middle}
""",
        # step by step
        ranged("hard_change", HARD),
        # counts divided by counts, as a dictionary, rounded to three digits
        """
hard = after[after["read_level"] > 3]["team_id"].value_counts() / after["team_id"].value_counts()
change = (hard - before[before["read_level"] > 3]["team_id"].value_counts() / before["team_id"].value_counts()).sort_index()
ours, others = change[teams["embedded"]], change[~teams["embedded"]]
estimate, error = ours.mean() - others.mean(), (ours.sem() ** 2 + others.sem() ** 2) ** 0.5
hard_change = {
    "estimate": round(estimate, 3), "low": round(estimate - 2.36 * error, 3), "high": round(estimate + 2.36 * error, 3)
}
""",
        # a column of teams, and a loop
        """
shares = []
for team in teams.index:
    earlier, later = before[before["team_id"] == team], after[after["team_id"] == team]
    shares.append((later["read_level"] >= 4).mean() - (earlier["read_level"] >= 4).mean())
teams["hard"] = shares
groups = teams.groupby("embedded")["hard"]
middle = groups.mean()[True] - groups.mean()[False]
half = 2.36 * (groups.var() / groups.size()).sum() ** 0.5
hard_change = pd.Series([middle, middle - half, middle + half], index=["estimate", "low", "high"])
""",
    ]
    slips = [
        Slip(
            "pooled",
            ranged("hard_change", OF_ALL + HARD, middle="pooled"),
            POOLED,
            also=(
                OF_ALL
                + """
squared = 0
for rows in (before, after):
    hard = (rows["read_level"] >= 4).groupby(rows["team_id"].map(teams["embedded"]))
    squared = squared + (hard.var() / hard.size()).sum()
error = squared ** 0.5
hard_change = pd.Series({"estimate": pooled, "low": pooled - 2.36 * error, "high": pooled + 2.36 * error})
""",
            ),
        ),
        Slip(
            "pooled, with the ends by team",
            ranged("hard_change", OF_ALL + HARD, estimate="pooled"),
            POOLED,
        ),
        Slip(
            "READ 3, too",
            ranged("hard_change", HARD.replace("4", "3")),
            "You count READ 3 as hard. Hard begins at 4.",
        ),
        Slip(
            "above 4",
            ranged("hard_change", HARD.replace(">=", ">")),
            "You leave out READ 4. Hard is 4 or above: use >=.",
        ),
        Slip(
            "counts",
            ranged("hard_change", HARD.replace("mean()", "sum()")),
            "These are changes in the number of hard questions. Embedded teams ask more of everything: take the share.",
            also=(ranged("hard_change", HARD.replace("mean()", "sum() / 10")),),
        ),
        Slip(
            "counts, a month",
            ranged("hard_change", HARD.replace("mean()", "sum()") + "change = change / 10"),
            "These are changes in the number of hard questions. Embedded teams ask more of everything: take the share.",
        ),
        Slip(
            "afterwards only",
            ranged("hard_change", HARD + "change = hard_after"),
            "You compare the shares afterwards. Take away those before.",
        ),
        Slip(
            "in percent",
            ranged("hard_change", HARD + "change = change * 100"),
            "These are percentages. Leave them as shares.",
        ),
        Slip(
            "the other way round",
            ranged("hard_change", HARD + "change = -change"),
            "This is the others less the embedded, or before less after. Turn it round.",
        ),
        Slip(
            "the embedded only",
            ranged("hard_change", HARD, middle="ours.mean()"),
            EMBEDDED_ONLY,
        ),
        Slip(
            "the levels themselves",
            ranged(
                "hard_change",
                'change = after.groupby("team_id")["read_level"].mean() - before.groupby("team_id")["read_level"].mean()',
            ),
            "This is the mean READ level. Ask of each consultation whether it is at 4 or above, and take the share.",
        ),
        Slip("two errors", ranged("hard_change", HARD, times=2), TWO),
        Slip("1.96 errors", ranged("hard_change", HARD, times=1.96), LESS_THAN_TWO),
        Slip(
            "all consultations, not hard ones",
            ranged("hard_change", TENS),
            "This is question 9, of all consultations. Take the share of each team's that are hard.",
        ),
        Slip(
            "rounded",
            ranged("hard_change", HARD) + "hard_change = hard_change.round(2)",
            told="outcome.rounded",
            sometimes=True,
        ),
        Slip(
            "a slip in interval",
            A_SLIP_IN_INTERVAL.format(HARD, "hard_change"),
            told=f"hard_change is # for low. That is not it yet. {MEND_INTERVAL}",
        ),
        Slip(
            "two changes and no range",
            OF_ALL
            + 'hard_change = pd.Series({"embedded": by_group[True], "others": by_group[False], "difference": pooled})',
            told="outcome.labels_missing",
        ),
    ]


OTHER_SHUFFLES = (
    "This is near, so it may come from other shuffles. Shuffle greetings, once for each of the numbers that "
    "range(SHUFFLES) gives: 0, 1, 2 and so on."
)
SHARES = """
shares = [relationships.followed(relationships.shuffled(greetings, number), consultations) for number in {}]
seen = relationships.followed(greetings, consultations)
"""
AS_ASKED = SHARES.format("range(SHUFFLES)")


def walk(shares=AS_ASKED, **other):
    """The code of an answer: the shares, and what each label is, where it is not as it should be."""
    parts = {"as_it_was": "seen", "by_chance": "np.mean(shares)", "highest": "max(shares)"}
    parts |= {"ratio": "seen / np.mean(shares)"} | other
    series = ", ".join(f'"{label}": {part}' for label, part in parts.items())
    return f"{shares}toothbrush = pd.Series({{{series}}})"


class Toothbrush(Labelled):
    """The toothbrush walk."""

    name, points, objective = "toothbrush", 2, 4
    within = ROUNDED
    hint = "The share as it was, the mean and the highest of the shares in the shuffles, and the first divided by the second."

    def right(t):
        def shuffles(library):
            shares = [
                relationships.followed(relationships.shuffled(t.greetings, number), t.consultations)
                for number in range(t.SHUFFLES)
            ]
            seen = relationships.followed(t.greetings, t.consultations)
            return pd.Series(
                {
                    "as_it_was": seen,
                    "by_chance": np.mean(shares),
                    "highest": max(shares),
                    "ratio": seen / np.mean(shares),
                }
            )

        return t.library.once("greetings, and the shuffles of question 11", shuffles)

    @classmethod
    def hint_for(cls, right, t):
        def next_step(given):
            if abs(given["highest"] - given["by_chance"]) < 1e-9:
                return practice.ONE_SHUFFLE
            near = abs(given["as_it_was"] - right["as_it_was"]) <= cls.within
            near = near and 0 < abs(given["by_chance"] - right["by_chance"]) < 0.02
            return OTHER_SHUFFLES if near else cls.hint

        return next_step

    also_right = [
        # a list of shuffles
        walk(),
        # a loop, as a dictionary, rounded to three digits
        """
total, highest = 0, 0
for number in range(SHUFFLES):
    dealt = relationships.shuffled(greetings, number)
    share = relationships.followed(dealt, consultations)
    total = total + share
    if share > highest:
        highest = share
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"ratio": seen / total * SHUFFLES, "highest": highest, "as_it_was": seen, "by_chance": total / SHUFFLES})
toothbrush = toothbrush.round(3)
""",
        # a Series of shares, in one column of a table
        """
shares = pd.Series(range(SHUFFLES)).map(lambda n: relationships.followed(relationships.shuffled(greetings, n), consultations))
seen = relationships.followed(greetings, consultations)
toothbrush = pd.DataFrame(
    {"value": [seen, shares.mean(), shares.max(), seen / shares.mean()]}, index=["as_it_was", "by_chance", "highest", "ratio"]
)
""",
    ]
    slips = [
        Slip(
            "upside down",
            walk(ratio="np.mean(shares) / seen"),
            "Your ratio is chance, divided by what was. Turn it round.",
        ),
        Slip(
            "a difference",
            walk(ratio="seen - np.mean(shares)"),
            "Your ratio is a difference. The question asks how many times as often: divide.",
        ),
        Slip(
            "by the highest",
            walk(ratio="seen / max(shares)"),
            "You divide by the highest share. Divide by the mean of the shares, by_chance.",
        ),
        Slip(
            "swapped",
            walk(as_it_was="np.mean(shares)", by_chance="seen", ratio="np.mean(shares) / seen"),
            "You took the two shares for each other: as_it_was is without a shuffle.",
        ),
        Slip(
            "numbers from 1",
            walk(SHARES.format("range(1, SHUFFLES + 1)")),
            "You took the shuffles 1 to 50. Take the numbers that range(SHUFFLES) gives: 0 to 49.",
        ),
        Slip(
            "a generator of one's own",
            "rng = np.random.default_rng(9)" + walk(AS_ASKED.replace("number)", "rng)")),
            told=f"toothbrush is # for …. That is not it yet. {OTHER_SHUFFLES}",
        ),
        Slip(
            "the kit's other function",
            """
found = relationships.against_shuffles(greetings, consultations, times=SHUFFLES)
toothbrush = found.set_axis(["as_it_was", "by_chance", "highest", "ratio"])
""",
            told=f"toothbrush is # for …. That is not it yet. {OTHER_SHUFFLES}",
        ),
        Slip(
            "the median",
            walk(by_chance="np.median(shares)", ratio="seen / np.median(shares)"),
            "You took the median of the shares. Take their mean.",
        ),
        Slip(
            "one shuffle, again and again",
            walk(AS_ASKED.replace("number)", "0)")),
            practice.ONE_SHUFFLE,
            also=(walk(highest="np.mean(shares)"),),
        ),
        Slip(
            "the lowest",
            walk(highest="min(shares)"),
            "Your highest is the lowest of the shares. Take max(…).",
        ),
        Slip(
            "no shuffle",
            """
seen = relationships.followed(greetings, consultations)
toothbrush = pd.Series({"as_it_was": seen, "by_chance": seen, "highest": seen, "ratio": seen / seen})
""",
            "The ratio is 1: you compare the greetings with themselves. Shuffle them first.",
        ),
        Slip(
            "in percent",
            walk(as_it_was="100 * seen", by_chance="100 * np.mean(shares)", highest="100 * max(shares)"),
            "The first three are percentages. Leave them as shares.",
        ),
        Slip("rounded", walk() + ".round(2)", told="outcome.rounded", sometimes=True),
        Slip(
            "the ratio alone",
            AS_ASKED + "toothbrush = seen / np.mean(shares)",
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
            by_day = back.groupby(days).agg(["sum", "size"])
            watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
            return (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]

        return still_away

    def examples(t):
        days, back, _ = practice.still_away.given.values()
        yield days, back, 14
        yield days, back, 13
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
        # person by person, in the order of their days
        """
def still_away(days, back, limit):
    table = pd.DataFrame({"days": days, "back": back}).sort_values(["days", "back"], ascending=[True, False])
    share, watched = 1.0, len(table)
    for day, came in zip(table["days"], table["back"]):
        if day <= limit and came:
            share = share * (1 - 1 / watched)
        watched = watched - 1
    return share
""",
        # with NumPy
        """
def still_away(days, back, limit):
    days, back = np.array(days), np.array(back, dtype=bool)
    ends = np.unique(days[days <= limit])
    return np.prod([1 - np.mean(back[days >= end] & (days[days >= end] == end)) for end in ends])
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
            told="still_away stopped with KeyError (30). Square brackets look up a label, and this one is not there.",
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
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return 1 - (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
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
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    curve = (1 - by_day["sum"] / watched).cumprod()
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
            "beyond the limit",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:90].iloc[-1]
""",
            also=(
                """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().iloc[-1]
""",
            ),
        ),
        Slip(
            "back as soon as not watched",
            """
def still_away(days, back, limit):
    return (days > limit).mean()
""",
            also=(
                """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["size"] / watched).cumprod().loc[:limit].iloc[-1]
""",
            ),
        ),
        Slip(
            "in percent",
            """
def still_away(days, back, limit):
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return 100 * (1 - by_day["sum"] / watched).cumprod().loc[:limit].iloc[-1]
""",
        ),
        Slip(
            "back by then",
            """
def still_away(days, back, limit):
    return (back & (days <= limit)).mean()
""",
        ),
        Slip(
            "never back",
            """
def still_away(days, back, limit):
    return (~back).mean()
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
            told="outcome.heedless",
            also=(
                """
def still_away(days, back, limit):
    by_day = returns.groupby("days")["back"].agg(["sum", "size"])
    watched = len(returns) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod().loc[:90].iloc[-1]
""",
            ),
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
