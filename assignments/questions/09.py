"""Do relationships pay?

weigh what embedded librarians changed, and what only looks like it
"""

import contextlib

import numpy as np
import pandas as pd

from course_utils.checks import NotYet
from course_utils.checks.questions import ROUNDED, Choice, Function, Labelled, Number, Slip, Table
from course_utils.methods import relationships
from course_utils.methods.relationships import practice

BEFORE, AFTER = ("2022-09-01", "2023-06-30"), ("2024-09-01", "2025-06-30")
FIRST_FIVE, LAST_FIVE = ("2022-09-01", "2023-01-31"), ("2023-02-01", "2023-06-30")

LESSON = "This is the number of Port Ellery, from the lesson. Work it out for your own library."


def a_month(t, period):
    """Consultations a month of each team, in a period from its first day to its last."""
    return relationships.per_month(t.consultations, t.teams.index, *period)


def coded(**other):
    """The code of an answer: what each label is, where it is not as it should be."""
    parts = {
        "relational": 'consultations["asked_by"].isin(["in passing", "scheduled"]).mean()',
        "return_rate": 'consultations["back"].mean()',
        "days_between": 'consultations.groupby("person_id")["date"].diff().dt.days.median()',
        "after_90": "(since > 90).mean()",
    } | other
    series = ", ".join(f'"{label}": {part}' for label, part in parts.items())
    return f"""
first = consultations.groupby("person_id")["date"].transform("min")
since = (consultations["date"] - first).dt.days
contacts = pd.Series({{{series}}})
"""


IN_PERCENT = '100 * consultations["asked_by"].isin(["in passing", "scheduled"]).mean()'


class Contacts(Labelled):
    """Contacts, and coming back."""

    name, points, objective = "contacts", 2, 1
    within = ROUNDED
    hint = "Take the four labels one at a time: which rows, which column, and a mean or a median?"

    def right(t):
        rows = t.consultations
        dates = rows.groupby("person_id")["date"]
        since = (rows["date"] - dates.transform("min")).dt.days
        return pd.Series(
            {
                "relational": rows["asked_by"].isin(relationships.RELATIONAL).mean(),
                "return_rate": rows["back"].mean(),
                "days_between": dates.diff().dt.days.median(),
                "after_90": (since > 90).mean(),
            }
        )

    also_right = [
        # label by label
        coded(),
        # a dictionary, other words for the same, rounded to three digits
        """
relational = (consultations["asked_by"] == "in passing") | (consultations["asked_by"] == "scheduled")
known = consultations.dropna(subset="back")
number = consultations.groupby("person_id")["date"]
contacts = {
    "after_90": round(float((consultations["date"] > number.transform("min") + pd.Timedelta(days=90)).mean()), 3),
    "days_between": number.diff().dropna().dt.days.quantile(0.5),
    "return_rate": round(known["back"].astype(int).sum() / len(known), 3),
    "relational": round(relational.sum() / len(consultations), 3),
}
""",
        # a loop over people
        """
waits, late = [], 0
for _, dates in consultations.groupby("person_id")["date"]:
    dates = dates.sort_values()
    waits += list(dates.diff().dt.days.dropna())
    late += ((dates - dates.iloc[0]).dt.days > 90).sum()
contacts = pd.Series(
    [len(consultations.query("asked_by in ['in passing', 'scheduled']")), 0, np.median(waits), late],
    index=["relational", "return_rate", "days_between", "after_90"],
    dtype=float,
)
contacts[["relational", "after_90"]] = contacts[["relational", "after_90"]] / len(consultations)
contacts["return_rate"] = consultations["back"].mean()
""",
    ]
    slips = [
        Slip(
            "in passing only",
            coded(relational='(consultations["asked_by"] == "in passing").mean()'),
            "For relational, you count only what was asked in passing. Scheduled contacts are relational, too.",
        ),
        Slip(
            "scheduled only",
            coded(relational='(consultations["asked_by"] == "scheduled").mean()'),
            "For relational, you count only what was scheduled. Contacts in passing are relational, too.",
        ),
        Slip(
            "transactional",
            coded(relational='consultations["asked_by"].isin(["e-mail", "phone"]).mean()'),
            "For relational, you took the contacts by e-mail or phone. You need the others.",
        ),
        Slip(
            "e-mail is personal",
            coded(relational='(consultations["asked_by"] != "phone").mean()'),
            "For relational, you count e-mails, too. By the lesson's rule they're transactional.",
        ),
        Slip(
            "unknown is away",
            coded(return_rate='consultations["back"].fillna(False).mean()'),
            "For return_rate, you count people as away although nobody could watch them for 90 days. Leave out what "
            "is missing: .mean() does that by itself.",
        ),
        Slip(
            "ever back",
            coded(return_rate='(consultations.groupby("person_id").cumcount(ascending=False) > 0).mean()'),
            "For return_rate, you count everyone who ever came back. The column back says who did within 90 days.",
        ),
        Slip(
            "the mean wait",
            coded(days_between='consultations.groupby("person_id")["date"].diff().dt.days.mean()'),
            "For days_between, you took the mean, and a few long waits pull it up. Take the median.",
        ),
        Slip(
            "the next question of anybody",
            coded(days_between='consultations["date"].diff().dt.days.median()'),
            "For days_between, you took the days between any two questions in the log. Group by person_id first.",
        ),
        Slip(
            "team by team",
            coded(days_between='consultations.groupby("team_id")["date"].diff().dt.days.median()'),
            "For days_between, you took the days between a team's questions. Group by person_id.",
        ),
        Slip(
            "up to 90 days",
            coded(after_90="(since <= 90).mean()"),
            "For after_90, you took the contacts of the first 90 days. You need the later ones.",
        ),
        Slip(
            "days of the log",
            coded(after_90='((consultations["date"] - consultations["date"].min()).dt.days > 90).mean()'),
            "For after_90, you count from the first day of the log. Count from each person's own first question.",
        ),
        Slip(
            "a share of people",
            coded(after_90='(since > 90).groupby(consultations["person_id"]).any().mean()'),
            "For after_90, this is a share of people. The question asks for a share of the consultations.",
        ),
        Slip(
            "in percent",
            coded(
                relational=IN_PERCENT,
                return_rate='100 * consultations["back"].mean()',
                after_90="100 * (since > 90).mean()",
            ),
            "Three of these are percentages. Leave them as shares.",
        ),
        Slip("rounded", coded() + "contacts = contacts.round(2)", told="outcome.rounded", sometimes=True),
        Slip(
            "one is missing",
            coded() + 'contacts = contacts.drop("after_90")',
            told="outcome.labels_missing",
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
            "You left out the last ninety days. Take all consultations.",
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


class Naive(Number):
    """The before/after number."""

    name, points, objective = "naive", 1, 2
    within = ROUNDED
    hint = "For each embedded team: consultations a month in after, minus those in before. Then the mean."

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
            "This is for all ten months. Divide by 10, to have it by the month.",
        ),
        Slip(
            "all eight together",
            """
ours = teams.index[teams["embedded"]]
naive = (after["team_id"].isin(ours).sum() - before["team_id"].isin(ours).sum()) / 10
""",
            "This is for the eight teams together. Take the mean, to have it for one team.",
        ),
        Slip(
            "afterward",
            """
a_month_after = after.groupby("team_id").size() / 10
naive = a_month_after[teams["embedded"]].mean() - a_month_after[~teams["embedded"]].mean()
""",
            "You compare the two groups afterward. Compare the embedded teams with themselves, before.",
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
            "You took away what the other teams gained. That's the careful answer, and it comes later. Here look at the embedded teams only.",
            sometimes=True,  # where it is what “rounded” makes
        ),
        Slip(
            "the other way around",
            """
change = (before.groupby("team_id").size() - after.groupby("team_id").size()) / 10
naive = change[teams["embedded"]].mean()
""",
            "This is before less after. Turn it around.",
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
            "This says by what share they grew. The question asks how many more: take the difference.",
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

    name, points, objective = "why_naive", 1, 2

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
            "A gap that was always there is in before and in after, so it falls away. It would spoil a comparison of the two groups afterward.",
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

    name, points, objective = "did", 2, 3
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
            "the other way around",
            """
def did(earlier, later, embedded):
    change = later - earlier
    return change[~embedded].mean() - change[embedded].mean()
""",
        ),
        Slip(
            "afterward",
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
            told="did(…) is #. The sign isn't right: take the embedded less the others, and leave a minus where there is one.",
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


THE_ENDS = (
    "The estimate is right, and the ends aren't. Give relationships.difference {} and the column embedded, and take all "
    "three numbers from it."
)
THE_WIDTH = "The estimate is right, and the ends are as far below it as above. They must be {} standard errors away from it."
SWAPPED = "The estimate is right. low and high are swapped."
TURNED_ENDS = "The estimate is right. The ends are turned around: take the later period less the earlier one."
TURNED = "Your estimate has the wrong sign: it is how much more the embedded teams changed, the later period less the earlier."
EMBEDDED_ONLY = "The estimate is the change of the embedded teams. Take away what the others changed."
ASKED = "You grouped by who asked for a librarian. Not all of them got one: group by embedded."
TWO = "With eight teams, go 2.36 standard errors to each side."
LESS_THAN_TWO = "With eight teams, go 2.36 standard errors to each side, not 1.96."
BY_TEAM = "Begin with one number for each team: {}."
# Student's t of seven and of five degrees of freedom, with more digits: right as well
MORE_DIGITS = {2.36: (2.365, 2.3646), 2.57: (2.571, 2.5706)}


class WithRange(Labelled):
    """How much more the embedded teams changed from one period to another, with its range.

    ``change_of`` gives one change for each team; ``numbers`` says of which two numbers, and ``change`` what
    ``relationships.difference`` gets. ``lesson`` is the estimate of the lesson.
    """

    within = ROUNDED
    times = 2.36
    numbers: str
    change: str
    lesson: float

    def change_of(t):
        raise NotImplementedError

    @classmethod
    def check(cls, found, t):
        for times in MORE_DIGITS[cls.times]:
            with contextlib.suppress(NotYet):
                right = relationships.difference(cls.change_of(t), t.teams["embedded"], times=times)
                return found.equals(right, within=cls.within)
        return super().check(found, t)

    @classmethod
    def hint_for(cls, right, t):
        change, embedded = cls.change_of(t), t.teams["embedded"].reindex(cls.change_of(t).index)
        asked = t.teams["asked_for_it"] == "asked us"

        def near(one, other):
            return np.allclose(np.ravel(one), np.ravel(other), rtol=0, atol=cls.within)

        def of_estimate(found):
            return [
                (near(found, cls.lesson), LESSON),
                (near(found, -right["estimate"]), TURNED),
                (near(found, change[embedded].mean()), EMBEDDED_ONLY),
                (near(found, relationships.difference(change, asked)["estimate"]), ASKED),
                (True, BY_TEAM.format(cls.numbers)),
            ]

        def of_ends(found, estimate):
            low, high = right["low"], right["high"]
            return [
                (near(found, [high, low]), SWAPPED),
                (near(found, [-high, -low]), TURNED_ENDS),
                (near(sum(found) / 2, estimate), THE_WIDTH.format(cls.times)),
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
error = (ours.var() / len(ours) + others.var() / len(others)) ** 0.5
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


class PreTrend(WithRange):
    """Were they on the same path before?"""

    name, points, objective = "pre_trend", 2, 3
    numbers = "consultations a month in the first five months, and in the last five"
    change = "the change of each team, a month, from the first five months to the last five"
    lesson = -0.7625

    def change_of(t):
        return a_month(t, LAST_FIVE) - a_month(t, FIRST_FIVE)

    def right(t):
        return relationships.difference(PreTrend.change_of(t), t.teams["embedded"])

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
            "the other way around",
            ranged("pre_trend", FIVES + "change = early - late"),
            "These are the first five months less the last five. Turn it around.",
        ),
        Slip(
            "five months together",
            ranged("pre_trend", FIVES + "change = change * 5"),
            "This is for five months together. Divide by 5, to have it by the month.",
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
            "the ends the other way around",
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
            "The estimate is right. The ends are those of the change from before to after: take the change within before.",
        ),
        Slip(
            "rounded",
            ranged("pre_trend", FIVES) + "pre_trend = pre_trend.round(2)",
            told="outcome.rounded",
            sometimes=True,
        ),
        Slip(
            "the ends of one of the periods",
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

    name, points, objective = "effect", 2, 3
    numbers = "consultations a month in before, and in after"
    change = "the change of each team, a month, from before to after"
    lesson = 5.28125

    def change_of(t):
        return a_month(t, AFTER) - a_month(t, BEFORE)

    def right(t):
        return relationships.difference(Effect.change_of(t), t.teams["embedded"])

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
            "before and after",
            ranged("effect", TENS, middle="ours.mean()"),
            "The estimate is the before/after number of the embedded teams. Take away what the others gained.",
        ),
        Slip(
            "afterward",
            ranged("effect", 'change = after.groupby("team_id").size() / 10'),
            "You compare the groups afterward. Take away the gap that was there before.",
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
            "afterward, with the right width",
            ranged(
                "effect",
                'now = after.groupby("team_id").size() / 10' + TENS,
                middle='now[teams["embedded"]].mean() - now[~teams["embedded"]].mean()',
            ),
            "You compare the groups afterward. Take away the gap that was there before.",
        ),
        Slip(
            "naive",
            ranged("effect", TENS, estimate="ours.mean()"),
            "The ends are right. The estimate is naive: take away what the others gained.",
        ),
        Slip(
            "the other way around",
            ranged("effect", TENS + "change = -change"),
            "This is the others less the embedded, or before less after. Turn it around.",
        ),
        Slip(
            "ten months together",
            ranged("effect", TENS + "change = change * 10"),
            "This is for ten months together. Divide by 10, to have it by the month.",
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
            "Your range is far too narrow: you took each month of each team as a separate fact. The unit is the team: one change for each.",
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
            "The estimate is right. The ends are those of question 6: take the change from before to after.",
        ),
        Slip(
            "the answer to question 8",
            ranged("effect", FIVES),
            "This is the pre-trend, of question 6. Take the change from before to after.",
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


MOST = (
    TENS
    + """
ours = change[teams["embedded"]].sort_values()
change = change.drop(ours.index[-2:])
"""
)


def ranged_without(change, times=2.57):
    """The code of an answer about the teams that are left."""
    return f"""
{change.strip()}
embedded = teams["embedded"][change.index]
ours, others = change[embedded], change[~embedded]
middle = ours.mean() - others.mean()
error = (ours.var() / len(ours) + others.var() / len(others)) ** 0.5
without_two = pd.Series({{"estimate": middle, "low": middle - {times} * error, "high": middle + {times} * error}})
"""


class WithoutTwo(WithRange):
    """What is left without two teams."""

    name, points, objective = "without_two", 1, 3
    times = 2.57
    numbers = "its change from before to after, without the two embedded teams that gained most"
    change = "the changes of the teams that are left"
    lesson = 2.73125

    def change_of(t):
        change = Effect.change_of(t)
        return change.drop(change[t.teams["embedded"]].nlargest(2).index)

    def right(t):
        return relationships.difference(WithoutTwo.change_of(t), t.teams["embedded"], times=2.57)

    also_right = [
        # with the kit's function
        TENS
        + """
gained = change[teams["embedded"]].nlargest(2).index
without_two = relationships.difference(change.drop(gained), teams["embedded"], times=2.57)
""",
        # step by step
        ranged_without(MOST),
        # rounded to three digits
        ranged_without(MOST) + "without_two = without_two.round(3)",
    ]
    slips = [
        Slip(
            "all of them",
            ranged("without_two", TENS),
            "This is question 7, with all teams. Leave out the two embedded teams that gained most.",
        ),
        Slip(
            "all of them, with 2.57",
            ranged("without_two", TENS, times=2.57),
            "These are still all teams. Leave out the two embedded teams that gained most, with change.drop(…).",
        ),
        Slip(
            "still eight",
            ranged_without(MOST, times=2.36),
            "Now six embedded teams are left. With six, go 2.57 standard errors to each side.",
        ),
        Slip(
            "the two that gained least",
            ranged_without(TENS + 'change = change.drop(change[teams["embedded"]].nsmallest(2).index)'),
            "You left out the two that gained least. Leave out those that gained most.",
        ),
        Slip(
            "one of them",
            ranged_without(TENS + 'change = change.drop(change[teams["embedded"]].idxmax())'),
            "You left out one team. Leave out two.",
        ),
        Slip(
            "the busiest two",
            ranged_without(
                TENS
                + 'busy = after["team_id"].value_counts()[teams.index[teams["embedded"]]].nlargest(2).index\n'
                "change = change.drop(busy)"
            ),
            "You left out the two that ask most in after. Leave out the two whose change is largest.",
            sometimes=True,
        ),
        Slip(
            "two of the others, too",
            ranged_without(
                MOST
                + 'change = change.drop(change[~teams["embedded"].reindex(change.index)].nlargest(2).index)'
            ),
            "You left out two of the other teams as well. Leave out only two embedded teams.",
        ),
        Slip(
            "the other way around",
            ranged_without(MOST + "change = -change"),
            "This is the others less the embedded, or before less after. Turn it around.",
        ),
        Slip(
            "ten months together",
            ranged_without(MOST + "change = change * 10"),
            "This is for ten months together. Divide by 10, to have it by the month.",
        ),
        Slip(
            "rounded",
            ranged_without(MOST) + "without_two = without_two.round(2)",
            told="outcome.rounded",
            sometimes=True,
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

    name, points, objective = "hard_change", 2, 3
    numbers = "the share of its consultations that were hard in before, and in after"
    change = "the change of each team's share, from before to after"
    lesson = 0.1552

    def change_of(t):
        return share_hard(t.after) - share_hard(t.before)

    def right(t):
        return relationships.difference(HardChange.change_of(t), t.teams["embedded"])

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
            sometimes=True,
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
            sometimes=True,  # where it is, by chance, what one share for each team makes
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
            "afterward only",
            ranged("hard_change", HARD + "change = hard_after"),
            "You compare the shares afterward. Take away those before.",
        ),
        Slip(
            "in percent",
            ranged("hard_change", HARD + "change = change * 100"),
            "These are percentages. Leave them as shares.",
        ),
        Slip(
            "the other way around",
            ranged("hard_change", HARD + "change = -change"),
            "This is the others less the embedded, or before less after. Turn it around.",
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
            "This is question 7, of all consultations. Take the share of each team's that are hard.",
        ),
        Slip(
            "rounded",
            ranged("hard_change", HARD) + "hard_change = hard_change.round(2)",
            told="outcome.rounded",
            sometimes=True,
        ),
        Slip(
            "two changes and no range",
            OF_ALL
            + 'hard_change = pd.Series({"embedded": by_group[True], "others": by_group[False], "difference": pooled})',
            told="outcome.labels_missing",
        ),
    ]


AN_HOUR = """
hour_before = before.groupby("team_id").size() / 10 / hours["before"]
hour_after = after.groupby("team_id").size() / 10 / hours["after"]
change = hour_after - hour_before
"""


class PerHour(WithRange):
    """What an hour brings."""

    name, points, objective = "per_hour", 2, 4
    numbers = "consultations a month, divided by hours a month, in before and in after"
    change = "the change of each team's consultations for each hour, from before to after"
    lesson = -0.2676

    def change_of(t):
        return a_month(t, AFTER) / t.hours["after"] - a_month(t, BEFORE) / t.hours["before"]

    def right(t):
        return relationships.difference(PerHour.change_of(t), t.teams["embedded"])

    also_right = [
        # step by step
        ranged("per_hour", AN_HOUR),
        # with the kit's function
        AN_HOUR + 'per_hour = relationships.difference(change, teams["embedded"])',
        # columns of a table, as a dictionary, rounded to three digits
        """
table = hours.assign(embedded=teams["embedded"])
table["earlier"] = before["team_id"].value_counts() / (10 * table["before"])
table["later"] = after["team_id"].value_counts() / (10 * table["after"])
found = relationships.difference(table["later"] - table["earlier"], table["embedded"])
per_hour = {label: round(value, 3) for label, value in found.items()}
""",
    ]
    slips = [
        Slip(
            "upside down",
            ranged("per_hour", AN_HOUR + "change = 1 / hour_after - 1 / hour_before"),
            "This is hours for each consultation. Divide the consultations by the hours.",
        ),
        Slip(
            "ten months",
            ranged("per_hour", AN_HOUR + "change = change * 10"),
            "You divide the consultations of ten months by the hours of one. Take consultations a month.",
        ),
        Slip(
            "one group of hours",
            ranged(
                "per_hour",
                """
change = (after.groupby("team_id").size() - before.groupby("team_id").size()) / 10 / hours["after"]
""",
            ),
            "You divide both periods by the hours of after. Each period has its own hours.",
        ),
        Slip(
            "hours alone",
            ranged("per_hour", 'change = hours["after"] - hours["before"]'),
            "This is how the hours changed. Divide consultations by hours.",
        ),
        Slip(
            "consultations alone",
            ranged("per_hour", TENS),
            "This is question 7, of consultations. Divide them by the hours.",
        ),
        Slip(
            "afterward only",
            ranged("per_hour", AN_HOUR + "change = hour_after"),
            "You compare the two groups in after. Take away what an hour brought in before.",
        ),
        Slip(
            "the embedded only",
            ranged("per_hour", AN_HOUR, middle="ours.mean()"),
            EMBEDDED_ONLY,
        ),
        Slip(
            "the other way around",
            ranged("per_hour", AN_HOUR + "change = -change"),
            "This is the others less the embedded, or before less after. Turn it around.",
        ),
        Slip(
            "pooled",
            ranged(
                "per_hour",
                """
counts = pd.DataFrame({"before": before.groupby("team_id").size(), "after": after.groupby("team_id").size()}) / 10
pool = counts.groupby(teams["embedded"]).sum() / hours.groupby(teams["embedded"]).sum()
pool = pool["after"] - pool["before"]
"""
                + AN_HOUR,
                estimate="pool[True] - pool[False]",
            ),
            "This throws the hours of a group together, so its busiest teams decide. Take one number for each team, and "
            "then the mean of each group.",
            sometimes=True,
        ),
        Slip("two errors", ranged("per_hour", AN_HOUR, times=2), TWO),
        Slip("1.96 errors", ranged("per_hour", AN_HOUR, times=1.96), LESS_THAN_TWO),
        Slip(
            "rounded",
            ranged("per_hour", AN_HOUR) + "per_hour = per_hour.round(2)",
            told="outcome.rounded",
            sometimes=True,
        ),
        Slip(
            "the estimate alone",
            AN_HOUR + 'per_hour = change[teams["embedded"]].mean() - change[~teams["embedded"]].mean()',
            told="outcome.wrong_kind",
        ),
    ]


OTHER_SHUFFLES = (
    "This is close, so it may come from other shuffles. Shuffle greetings, once for each of the numbers that "
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

    name, points, objective = "toothbrush", 2, 5
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
            "Your ratio is chance, divided by what was. Turn it around.",
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
            "You mixed up the two shares: as_it_was is without a shuffle.",
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


class WhyVisits(Choice):
    """Six quiet teams."""

    name, points, objective = "why_visits", 1, 5

    def right(t):
        return "c"

    also_right = [
        # small letter
        'why_visits = "c"',
        # capital letter, and a space
        'why_visits = " C "',
    ]
    slips = [
        Slip(
            "visits always work",
            'why_visits = "a"',
            "Suppose nobody had paid a visit. Would teams that were picked because of a low fall stay as low?",
        ),
        Slip(
            "the whole town grew",
            'why_visits = "b"',
            "The season is the same for all teams. What is special about these six is how they were picked.",
        ),
        Slip(
            "the log is wrong",
            'why_visits = "d"',
            "The log may have gaps, and nothing says that it has more of them in quiet teams. How were the six picked?",
        ),
        Slip("a sentence", 'why_visits = "luck"', told="outcome.not_one_of"),
    ]
