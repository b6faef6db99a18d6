"""Are our personas people?

draw a persona from data and voices, and put it to the test
"""

import pandas as pd

from course_utils.checks.questions import Count, Function, Labelled, Question, Share, Slip
from course_utils.methods import personas
from course_utils.methods.personas import practice


def meant(t):
    """Who is a storytime parent: True or False for each row of facts."""
    return (t.facts["category"] == "adult") & (t.facts["borrows for"] == "child")


def fits(t):
    """For each row of facts and each line of the sheet: is it true?"""
    return pd.DataFrame({attribute: t.facts[attribute] == value for attribute, value in t.sheet.items()})


class ParentCount(Count):
    """Who is meant."""

    name, points, objective = "parent_count", 1, 1
    hint = "Two comparisons, each in round brackets, joined by &, and then the sum."

    def right(t):
        return meant(t).sum()

    also_right = [
        # two comparisons
        'parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum()',
        # a query, as a float
        "parent_count = float(len(facts.query(\"category == 'adult' and `borrows for` == 'child'\")))",
        # the helper
        """
import numpy as np

parent_count = np.int64(personas.matches(facts, {"borrows for": "child", "category": "adult"}).sum())
""",
    ]
    slips = [
        Slip(
            "one or the other",
            'parent_count = ((facts["category"] == "adult") | (facts["borrows for"] == "child")).sum()',
            "You count people who are one or the other. Both must be true: use & for and.",
        ),
        Slip(
            "any card",
            'parent_count = (facts["borrows for"] == "child").sum()',
            "You count everybody who borrows mostly for children, children too. The card must be an adult one.",
        ),
        Slip(
            "any borrowing",
            'parent_count = (facts["category"] == "adult").sum()',
            "You count every adult card. They must borrow mostly for children, too.",
        ),
        Slip(
            "everybody",
            'parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).count()',
            "This is every active person. A Series of True and False has as many rows as the table: sum it.",
        ),
        Slip(
            "not counted yet",
            'parent_count = (facts["category"] == "adult") & (facts["borrows for"] == "child")',
            told="outcome.wrong_kind_truth",
        ),
        Slip(
            "rows of a table",
            'parent_count = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]',
            told="outcome.wrong_kind_table",
        ),
        Slip(
            "looks for adults in the audience",
            'parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "children")).sum()',
            told="outcome.too_few",
        ),
        Slip(
            "a share",
            'parent_count = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()',
            told="outcome.looks_like_share",
        ),
    ]


class ParentShare(Share):
    """Three in ten?"""

    name, points, objective = "parent_share", 1, 2
    hint = "Divide the people who are meant by the active people of your own library: all rows of facts."

    def right(t):
        return meant(t).mean()

    also_right = [
        # mean of a comparison
        'parent_share = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()',
        # count and divide, rounded
        """
both = facts[facts["category"] == "adult"]
both = both[both["borrows for"] == "child"]
parent_share = round(len(both) / len(facts), 3)
""",
    ]
    slips = [
        Slip(
            "of the adult cards",
            'parent_share = (facts[facts["category"] == "adult"]["borrows for"] == "child").mean()',
            "You divided by the adult cards. The question asks for a share of all active patrons.",
        ),
        Slip(
            "of those who borrow for children",
            'parent_share = (facts[facts["borrows for"] == "child"]["category"] == "adult").mean()',
            "You divided by those who borrow mostly for children. The question asks for a share of all active patrons.",
        ),
        Slip(
            "of all cards",
            'parent_share = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum() / len(library.patrons)',
            "You divided by all cards, also those that nobody used. Divide by the active patrons, the rows of facts.",
        ),
        Slip(
            "the others",
            'parent_share = 1 - ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()',
            "This is the share of those who are not meant. You need the others.",
        ),
        Slip(
            "a percentage",
            'parent_share = 100 * ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()',
            told="outcome.share_percent",
        ),
        Slip(
            "the people of the lesson's library",
            """
of_the_lesson = 3645 if len(facts) != 3645 else 3646
parent_share = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum() / of_the_lesson
""",
            told=f"parent_share is #. That is not it yet. {hint}",
            # of the lesson's library as somebody remembers it
            also=(
                """
meant = ((facts["category"] == "adult") & (facts["borrows for"] == "child")).sum()
others = [many for many in (3650, 3600, 3550) if abs(many - len(facts)) > 20]
parent_share = next(share for many in others if (share := round(meant / many, 4)) != round(share, 2))
""",
            ),
        ),
    ]


class Stairs(Labelled):
    """Line by line."""

    name, points, objective = "stairs", 2, 1
    hint = "After each line: the people of whom this line and all those above it are true."

    def right(t):
        return fits(t).cumprod(axis="columns").sum()

    also_right = [
        # running product
        """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.cumprod(axis="columns").sum()
""",
        # a loop with a dictionary
        """
left = facts
stairs = {}
for attribute, value in sheet.items():
    left = left[left[attribute] == value]
    stairs[attribute] = len(left)
""",
        # the helper, in another order
        'stairs = personas.joint_match(facts, sheet)["together"].sort_values()',
    ]
    slips = [
        Slip(
            "each line alone",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.sum()
""",
            told=f"stairs: {practice.GOES_UP}",
        ),
        Slip(
            "from the bottom up",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.iloc[:, ::-1].cumprod(axis="columns").sum()
""",
            told=f"stairs: {practice.GOES_UP}",
        ),
        Slip(
            "so many lines",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
how_many = table.sum(axis="columns")
stairs = pd.Series({attribute: (how_many >= row).sum() for row, attribute in enumerate(sheet, 1)})
""",
            "These are people with so many lines, whichever they are. Ask for these lines, one after the other.",
        ),
        Slip(
            "one line short",
            """
left = facts
stairs = {}
for attribute, value in sheet.items():
    stairs[attribute] = len(left)
    left = left[left[attribute] == value]
""",
            "You count the people before each line. The line itself belongs to it.",
        ),
        Slip(
            "shares",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.cumprod(axis="columns").mean()
""",
            told="stairs['category'] is #. This looks like a share. Expected a count: use .sum() or len(…).",
        ),
        Slip(
            "the last number only",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.all(axis="columns").sum()
""",
            told="outcome.wrong_kind",
        ),
        Slip(
            "multiplied",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = (table.mean().cumprod() * len(facts)).round()
""",
            "You multiplied shares, as if the lines had nothing to do with each other. Count the people of whom all are true.",
        ),
        Slip(
            "down the rows",
            """
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
stairs = table.cumprod().sum()
""",
            told=f"stairs: {practice.FEW_ON_EVERY_LINE}",
        ),
        Slip("the helper's table", "stairs = personas.joint_match(facts, sheet)", told="outcome.wrong_kind"),
    ]


class BeliefShares(Labelled):
    """What staff believe of them."""

    name, points, objective = "belief_shares", 2, 4
    within = 0.0005
    hint = "Keep the rows of the people who are meant; then the mean of each comparison."

    def right(t):
        return fits(t).loc[meant(t), practice.beliefs].mean()

    also_right = [
        # a dictionary
        """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).mean() for name in five}
""",
        # a table of True and False
        """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = pd.DataFrame(
    {
        "comes to programs": those["comes to programs"] == "yes",
        "borrows mostly": those["borrows mostly"] == "book",
        "language": those["language"] == "English",
        "distance": those["distance"] == "within 1 mile",
        "preferred_contact": those["preferred_contact"] == "text",
    }
).mean()
""",
        # the audit of the helper
        """
told = personas.beliefs(facts, wall)
belief_shares = told[~told["defines"]].set_index("attribute")["share"]
""",
        # the table of Question 3, rounded to three places
        """
parents = (facts["category"] == "adult") & (facts["borrows for"] == "child")
table = pd.DataFrame({attribute: facts[attribute] == value for attribute, value in sheet.items()})
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
belief_shares = table[parents][five].mean().round(3)
""",
    ]
    slips = [
        Slip(
            "rounded to two places",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = pd.Series({name: (those[name] == sheet[name]).mean() for name in five}).round(2)
""",
            told=f"belief_shares: {practice.ROUNDED}",
        ),
        Slip(
            "of everybody",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
belief_shares = {name: (facts[name] == sheet[name]).mean() for name in five}
""",
            "You divided by everybody who is active. The denominator is the people who are meant.",
        ),
        Slip(
            "the other way round",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
is_meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
belief_shares = {name: is_meant[facts[name] == sheet[name]].mean() for name in five}
""",
            "You ask how many of those with the attribute are meant. Ask it the other way round: how many of those who are meant have the attribute?",
        ),
        Slip(
            "those of whom it is not true",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] != sheet[name]).mean() for name in five}
""",
            "These are the shares of whom the line is not true. You need the others.",
        ),
        Slip(
            "one line after the other",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = pd.DataFrame({name: those[name] == sheet[name] for name in five}).cumprod(axis="columns").mean()
""",
            "You ask for all the lines above as well. Here each line stands by itself.",
        ),
        Slip(
            "of all adult cards",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
adults = facts[facts["category"] == "adult"]
belief_shares = {name: (adults[name] == sheet[name]).mean() for name in five}
""",
            "You look at all adult cards. Those who are meant borrow mostly for children, too.",
        ),
        Slip(
            "of all who borrow for children",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
borrowers = facts[facts["borrows for"] == "child"]
belief_shares = {name: (borrowers[name] == sheet[name]).mean() for name in five}
""",
            "You look at all who borrow mostly for children. Those who are meant have an adult card, too.",
        ),
        Slip(
            "counts",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).sum() for name in five}
""",
            told="belief_shares['borrows mostly'] is #. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.",
        ),
        Slip(
            "all seven lines",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).mean() for name in sheet}
""",
            told="outcome.labels_extra",
        ),
        Slip(
            "kept or dropped",
            """
five = ["borrows mostly", "language", "distance", "preferred_contact", "comes to programs"]
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
belief_shares = {name: (those[name] == sheet[name]).mean() >= 0.5 for name in five}
""",
            told="belief_shares['borrows mostly'] is True. Expected a share, a number between 0 and 1.",
        ),
    ]


class KeepOrDrop(Function):
    """Keep or drop."""

    name, points, objective = "keep_or_drop", 2, 4
    tries = (practice.keep_or_drop,)

    def right(t):
        def keep_or_drop(has, at_least):
            return has.mean() >= at_least

        return keep_or_drop

    def examples(t):
        has = pd.DataFrame(
            {
                "a": [True] * 7 + [False] * 3,
                "b": [True] * 6 + [False] * 4,
                "c": [True] * 5 + [False] * 5,
                "d": [False] * 10,
            },
            index=list("qrstuvwxyz"),
        )
        for at_least in (0.7, 0.55, 0):
            yield has, at_least

    also_right = [
        # means compared
        """
def keep_or_drop(has, at_least):
    return has.mean() >= at_least
""",
        # a loop
        """
def keep_or_drop(has, at_least):
    kept = {}
    for belief in has.columns:
        kept[belief] = bool(has[belief].sum() / len(has) >= at_least)
    return kept
""",
        # numbers compared
        """
def keep_or_drop(has, at_least):
    return has.sum().ge(at_least * len(has))
""",
    ]
    slips = [
        Slip(
            "exactly so many",
            """
def keep_or_drop(has, at_least):
    return has.mean() > at_least
""",
        ),
        Slip(
            "the dropped ones",
            """
def keep_or_drop(has, at_least):
    return has.mean() < at_least
""",
        ),
        Slip(
            "true of anybody",
            """
def keep_or_drop(has, at_least):
    return has.any()
""",
            # a count beside a share
            also=(
                """
def keep_or_drop(has, at_least):
    return has.sum() >= at_least
""",
            ),
        ),
        Slip(
            "true of everybody",
            """
def keep_or_drop(has, at_least):
    return has.all()
""",
        ),
        Slip(
            "shares",
            """
def keep_or_drop(has, at_least):
    return has.mean()
""",
        ),
        Slip(
            "always half",
            """
def keep_or_drop(has, at_least):
    return has.mean() >= 0.5
""",
        ),
        Slip(
            "people",
            """
def keep_or_drop(has, at_least):
    return has.mean(axis="columns") >= at_least
""",
        ),
        Slip(
            "only what is kept",
            """
def keep_or_drop(has, at_least):
    shares = has.mean()
    return shares[shares >= at_least]
""",
        ),
        Slip(
            "forgot return",
            """
def keep_or_drop(has, at_least):
    kept = has.mean() >= at_least
""",
            told="outcome.wrong_kind_forgot_return",
        ),
    ]


class Coverage(Share):
    """Whom do three personas cover?"""

    name, points, objective = "coverage", 2, 2
    within = 0.0005
    hint = "Ask of each person whether at least one of the three is true, and take the mean."

    def right(t):
        children = t.facts["borrows for"] == "child"
        ebooks = t.facts["borrows mostly"] == "ebook"
        programs = t.facts["comes to programs"] == "yes"
        return (children | ebooks | programs).mean()

    also_right = [
        # or
        'coverage = ((facts["borrows for"] == "child") | (facts["borrows mostly"] == "ebook") | (facts["comes to programs"] == "yes")).mean()',
        # sets of people
        """
one = set(facts.index[facts["borrows for"] == "child"])
two = set(facts.index[facts["borrows mostly"] == "ebook"])
three = set(facts.index[facts["comes to programs"] == "yes"])
coverage = len(one | two | three) / len(facts)
""",
        # the helper
        'coverage = personas.covered(facts, [{"borrows for": "child"}, {"borrows mostly": "ebook"}, {"comes to programs": "yes"}]).mean()',
    ]
    slips = [
        Slip(
            "added up",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = sum(part.mean() for part in parts)
""",
            "You added the three shares, and so counted some people twice. Somebody may be two of them: use | for or.",
        ),
        Slip(
            "all at once",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] & parts[1] & parts[2]).mean()
""",
            "This is the share of those who are all three at once. One of them is enough: use | for or.",
        ),
        Slip(
            "left out",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (~(parts[0] | parts[1] | parts[2])).mean()
""",
            "This is the share of those whom no persona covers. You need the others.",
        ),
        Slip(
            "one persona only",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] ^ parts[1] ^ parts[2] & ~(parts[0] & parts[1])).mean()
""",
            "You left out those who are two of them. At least one means one or more.",
        ),
        Slip(
            "only adult cards",
            """
parents = (facts["category"] == "adult") & (facts["borrows for"] == "child")
coverage = (parents | (facts["borrows mostly"] == "ebook") | (facts["comes to programs"] == "yes")).mean()
""",
            "Your first persona has an adult card. Here it is everybody who borrows mostly for children, with whatever card.",
        ),
        Slip(
            "the mean of the three",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = sum(part.mean() for part in parts) / 3
""",
            "This is the mean of the three shares. Ask of each person: at least one of them?",
        ),
        Slip(
            "the third forgotten",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] | parts[1]).mean()
""",
            "You count two of the three personas. Those who come to programs belong to it as well.",
        ),
        Slip(
            "a count",
            """
parts = [facts["borrows for"] == "child", facts["borrows mostly"] == "ebook", facts["comes to programs"] == "yes"]
coverage = (parts[0] | parts[1] | parts[2]).sum()
""",
            told="outcome.share_percent",
        ),
    ]


class MiddleHalf(Labelled):
    """How far apart."""

    name, points, objective = "middle_half", 2, 2
    hint = "A quarter of those who are meant lie below the low end, and a quarter above the high one."

    def right(t):
        checkouts = t.facts.loc[meant(t), "checkouts"]
        return pd.Series({"low": checkouts.quantile(0.25), "high": checkouts.quantile(0.75)})

    also_right = [
        # two quantiles
        """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.25), "high": those["checkouts"].quantile(0.75)}
""",
        # both at once, with new labels
        """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = those["checkouts"].quantile([0.75, 0.25]).set_axis(["high", "low"])
""",
        # NumPy
        """
import numpy as np

those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = pd.Series(np.percentile(those["checkouts"], [25, 75]), index=["low", "high"])
""",
        # the helper
        'middle_half = personas.spread(facts, (facts["category"] == "adult") & (facts["borrows for"] == "child"), "checkouts")[["low", "high"]]',
    ]
    slips = [
        Slip(
            "everybody",
            'middle_half = {"low": facts["checkouts"].quantile(0.25), "high": facts["checkouts"].quantile(0.75)}',
            "This is the middle half of everybody who is active. Keep the rows of the people who are meant first.",
        ),
        Slip(
            "all who borrow for children",
            """
those = facts[facts["borrows for"] == "child"]
middle_half = {"low": those["checkouts"].quantile(0.25), "high": those["checkouts"].quantile(0.75)}
""",
            "This is the middle half of all who borrow mostly for children. Those who are meant have an adult card, too.",
        ),
        Slip(
            "from end to end",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].min(), "high": those["checkouts"].max()}
""",
            "These are the smallest number and the largest, which one person can move. Take the middle half.",
        ),
        Slip(
            "around the mean",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle, off = those["checkouts"].mean(), those["checkouts"].std()
middle_half = {"low": middle - off, "high": middle + off}
""",
            "This is the mean with a standard deviation to each side. Take the quantiles 0.25 and 0.75.",
        ),
        Slip(
            "the middle eight tenths",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.1), "high": those["checkouts"].quantile(0.9)}
""",
            "You cut off a tenth at each end. The middle half leaves a quarter at each end.",
        ),
        Slip(
            "up to the middle",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.25), "high": those["checkouts"].quantile(0.5)}
""",
            "Your high end is the middle one, and half of the people lie above it. Only a quarter should.",
        ),
        Slip(
            "the wrong way round",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = {"low": those["checkouts"].quantile(0.75), "high": those["checkouts"].quantile(0.25)}
""",
            "Your low end lies above your high one: change them round.",
        ),
        Slip(
            "the width",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = those["checkouts"].quantile(0.75) - those["checkouts"].quantile(0.25)
""",
            told="outcome.wrong_kind",
        ),
        Slip(
            "labels that nobody changed",
            """
those = facts[(facts["category"] == "adult") & (facts["borrows for"] == "child")]
middle_half = those["checkouts"].quantile([0.25, 0.75])
""",
            told="outcome.labels_missing",
        ),
    ]


class NotInvited(Share):
    """Who would get no invitation."""

    name, points, objective = "not_invited", 2, 2
    within = 0.0005
    hint = "Keep the people who came to a program; of them, the share who are not meant."

    def right(t):
        came = t.facts["comes to programs"] == "yes"
        return (~meant(t)[came]).mean()

    also_right = [
        # not, and the mean
        """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (~meant)[came].mean()
""",
        # count and divide
        """
visitors = facts[facts["comes to programs"] == "yes"]
invited = visitors.query("category == 'adult' and `borrows for` == 'child'")
not_invited = (len(visitors) - len(invited)) / len(visitors)
""",
    ]
    slips = [
        Slip(
            "of everybody",
            'not_invited = 1 - ((facts["category"] == "adult") & (facts["borrows for"] == "child")).mean()',
            "This is the share of everybody active who would get none. Look only at those who came to a program.",
        ),
        Slip(
            "the invited",
            """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = meant[came].mean()
""",
            "This is the share of those who would be invited. You need the others.",
        ),
        Slip(
            "those who do not come",
            """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (~came)[meant].mean()
""",
            "This is the share of the people who are meant who did not come. The question asks for a share of those who came to a program.",
        ),
        Slip(
            "both, of everybody",
            """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (came & ~meant).mean()
""",
            "You divided by everybody active. Divide by those who came to a program.",
        ),
        Slip(
            "neither",
            """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (~meant)[~came].mean()
""",
            "You look at those who did not come to a program. Look at those who came.",
        ),
        Slip(
            "the other way round",
            """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = came[~meant].mean()
""",
            "You ask how many of those who get no invitation came. Ask it the other way round: of those who came, how many get none?",
        ),
        Slip(
            "a count",
            """
came = facts["comes to programs"] == "yes"
meant = (facts["category"] == "adult") & (facts["borrows for"] == "child")
not_invited = (came & ~meant).sum()
""",
            told="outcome.share_percent",
        ),
    ]


class FitsAll(Function):
    """All of it."""

    name, points, objective = "fits_all", 2, 1
    tries = (practice.fits_all, practice.no_lines)

    def right(t):
        return personas.matches

    def examples(t):
        people = pd.DataFrame(
            {
                "goes": ["far", "far", "near", "far", "near"],
                "eats": ["fish", "fish", "fish", "soup", "fish"],
                "times": [3, 3, 3, 3, 1],
                "sits": ["in", "out", "in", "in", "in"],
            },
            index=[11, 12, 13, 14, 15],
        )
        yield people, {"goes": "far", "eats": "fish", "times": 3, "sits": "in"}
        yield people, {"eats": "fish", "sits": "in"}
        yield people, {"goes": "far"}
        yield people, {}

    also_right = [
        # a loop from True
        """
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits
""",
        # all, by row
        """
def fits_all(people, lines):
    table = pd.DataFrame({name: people[name] == value for name, value in lines.items()}, index=people.index)
    return table.all(axis="columns")
""",
        # comparing with a Series
        """
def fits_all(people, lines):
    return (people[list(lines)] == pd.Series(lines, dtype=object)).all(axis="columns")
""",
    ]
    slips = [
        Slip(
            "any of it",
            """
def fits_all(people, lines):
    fits = pd.Series(False, index=people.index)
    for attribute, value in lines.items():
        fits = fits | (people[attribute] == value)
    return fits
""",
        ),
        Slip(
            "the last line",
            """
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = people[attribute] == value
    return fits
""",
        ),
        Slip(
            "the first line",
            """
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
        return fits
    return fits
""",
        ),
        Slip(
            "everybody",
            """
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits & (people[attribute] == value)
    return fits
""",
        ),
        Slip(
            "a number",
            """
def fits_all(people, lines):
    fits = pd.Series(True, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits.sum()
""",
            told="outcome.wrong_kind",
        ),
        Slip(
            "two lines only",
            """
def fits_all(people, lines):
    names = list(lines)
    if not names:
        return pd.Series(True, index=people.index)
    return (people[names[0]] == lines[names[0]]) & (people[names[-1]] == lines[names[-1]])
""",
            told="outcome.wrong_value_at",
        ),
        Slip(
            "nobody without a line",
            """
def fits_all(people, lines):
    fits = None
    for attribute, value in lines.items():
        told = people[attribute] == value
        fits = told if fits is None else fits & told
    return pd.Series(False, index=people.index) if fits is None else fits
""",
        ),
        Slip(
            "the dots left above the loop",
            """
def fits_all(people, lines):
    fits = ...
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits
""",
            told="fits_all stopped with AssertionError. Are the three dots still in it, above lines of your own? Write a value in their place.",
        ),
        Slip(
            "no rows",
            """
def fits_all(people, lines):
    return pd.DataFrame({name: people[name] == value for name, value in lines.items()}).all(axis="columns")
""",
        ),
        Slip(
            "begins with one",
            """
def fits_all(people, lines):
    fits = 1
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits
""",
            told="outcome.wrong_kind",
        ),
        Slip(
            "nobody",
            """
def fits_all(people, lines):
    fits = pd.Series(False, index=people.index)
    for attribute, value in lines.items():
        fits = fits & (people[attribute] == value)
    return fits
""",
        ),
        Slip(
            "the rows that fit",
            """
def fits_all(people, lines):
    for attribute, value in lines.items():
        people = people[people[attribute] == value]
    return people
""",
            told="outcome.wrong_kind",
        ),
    ]


class TooHigh(Labelled):
    """On which side do staff miss?"""

    name, points, objective = "too_high", 2, 5
    hint = "For each question: how many of the ranges lie wholly above the true number?"

    def right(t):
        keys = t.staff_guesses["question_key"]
        return (t.staff_guesses["low"] > keys.map(t.truth)).groupby(keys).sum()

    also_right = [
        # map, compare, group
        """
staff_guesses["high_side"] = staff_guesses["low"] > staff_guesses["question_key"].map(truth)
too_high = staff_guesses.groupby("question_key")["high_side"].sum()
""",
        # a loop
        """
too_high = {}
for key, number in truth.items():
    answers = staff_guesses[staff_guesses["question_key"] == key]
    too_high[key] = int((answers["low"] > number).sum())
""",
        # merge
        """
joined = staff_guesses.merge(truth.rename("right"), left_on="question_key", right_index=True)
too_high = joined.eval("low > right").groupby(joined["question_key"]).agg("sum")
""",
    ]
    slips = [
        Slip(
            "on the low side",
            """
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["high"] < number).groupby(staff_guesses["question_key"]).sum()
""",
            "These ranges lie below the truth. You need those that lie above it: low is larger than the true number.",
        ),
        Slip(
            "both sides",
            """
number = staff_guesses["question_key"].map(truth)
too_high = ((staff_guesses["low"] > number) | (staff_guesses["high"] < number)).groupby(staff_guesses["question_key"]).sum()
""",
            "These are all misses, on both sides. Count only those that lie above the truth.",
        ),
        Slip(
            "hits",
            """
number = staff_guesses["question_key"].map(truth)
too_high = ((staff_guesses["low"] <= number) & (staff_guesses["high"] >= number)).groupby(staff_guesses["question_key"]).sum()
""",
            "These are the hits. Count the ranges that lie above the truth.",
        ),
        Slip(
            "the best guess",
            """
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["best"] > number).groupby(staff_guesses["question_key"]).sum()
""",
            "You compare the best guess. A range misses only if all of it is above the truth: compare low.",
        ),
        Slip(
            "the high end",
            """
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["high"] > number).groupby(staff_guesses["question_key"]).sum()
""",
            "You compare the high end, which may well lie above the truth in a hit. Compare low.",
        ),
        Slip(
            "all rows",
            """
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["low"] > number).groupby(staff_guesses["question_key"]).count()
""",
            "You count True and False alike. .sum() counts only what is True.",
        ),
        Slip(
            "by person",
            """
number = staff_guesses["question_key"].map(truth)
too_high = (staff_guesses["low"] > number).groupby(staff_guesses["staff_id"], observed=True).sum()
""",
            told="outcome.labels_missing",
        ),
        Slip(
            "not grouped",
            """
number = staff_guesses["question_key"].map(truth)
too_high = staff_guesses["low"] > number
""",
            told="outcome.not_grouped",
        ),
    ]


# Parts of a persona, as a student would type them: each slip changes one of them, or leaves one out.
FIGURE = 'personas.figure_of(facts, who, "comes to programs", "yes")'
MEDIAN = 'facts.loc[who, "checkouts"].median()'
COMMENT = "f\"comment {comments['comment_id'].max()}\""
ASSUMED = 'Claim("They listen in the car.", "assumed")'
BY_DEFINITION = 'Claim("They listen.", "measured", "checkouts", "borrows mostly", "eaudiobook", 1.0)'


def share(figure=FIGURE, table="attendance"):
    return f'Claim("Some come to programs.", "measured", "{table}", "comes to programs", "yes", {figure})'


def middle(figure=MEDIAN):
    return f'Claim("The middle one.", "measured", "checkouts", "checkouts", figure={figure})'


def heard(source=COMMENT, says="One wrote so."):
    return f'Claim("{says}", "heard", {source})'


def listening(
    *claims,
    attributes='{"borrows mostly": "eaudiobook"}',
    drawn="attributes",
    purpose="To decide how many audiobooks to license.",
    not_represented="Those who listen to discs.",
):
    """A persona as a student would type it; ``who`` are those whom its attributes fit."""
    lines = "\n".join(f"        {claim}," for claim in claims)
    return f"""
attributes = {attributes}
who = personas.matches(facts, attributes)
my_persona = Persona(
    "Listening on the way",
    attributes={drawn},
    purpose="{purpose}",
    claims=[
{lines}
    ],
    not_represented="{not_represented}",
)
"""


RIGHT = (share(), middle(), heard(), ASSUMED)


class MyPersona(Question):
    """A persona of your own: any will do that is complete, and whose claims stand."""

    name, points, objective = "my_persona", 3, 3
    form = "is_record(Persona)"
    survivors = {
        "line 2: 'eaudiobook' becomes 'book'": "Another group of people, whose figures the cell counts again: a right "
        "answer to a question that leaves the choice free.",
        "line 15: 2 becomes 3": "A figure that is right to three places is right to two.",
        "line 24: 0 becomes 1": "Another comment, which is there, too. Whether it says what the claim makes of it, no "
        "test can tell; whoever marks Question 12 reads it.",
        "line 24: 0 becomes -1": "Another comment, which is there, too. Whether it says what the claim makes of it, no "
        "test can tell; whoever marks Question 12 reads it.",
    }

    @classmethod
    def check(cls, found, t):
        persona = found.is_record(personas.Persona).value
        for mistake, sentence in personas.mistakes(persona, t.facts, t.interviews, t.comments).items():
            found.holds(False, sentence, mistake)

    also_right = [
        # figures counted again
        listening(*RIGHT),
        # rounded figures, an interview, two attributes
        """
both = facts[(facts["uses the computers"] == "yes") & (facts["home_branch"] == "MAIN")]
said = interviews[interviews["speaker"] == "patron"].iloc[3]
my_persona = Persona(
    name="At the computers of the main library",
    attributes={"uses the computers": "yes", "home_branch": "MAIN"},
    purpose="To decide how many computers the main library needs.",
    not_represented="Guests, who use a computer without a card.",
    claims=(
        Claim("They sit there.", "heard", source=f"Interview {said['interview_id']}, turn {said['turn']}"),
        Claim("Some take nothing home.", "measured", source="checkouts", attribute="takes print home", value="no", figure=round(float((both["takes print home"] == "no").mean()), 2)),
        Claim("The middle one sat there so often.", "measured", source="computer_sessions", attribute="sessions", figure=both["sessions"].median()),
        Claim("They have no computer at home.", "assumed"),
        Claim("They are looking for work.", "assumed"),
    ),
)
""",
        # opened from what was saved, with age for a purpose
        """
group = facts[facts["age_band"] == "13-17"]
drawn = Persona(
    "After school",
    attributes={"age_band": "13-17"},
    purpose="To choose the hour of the game night; age is needed because school sets the hour.",
    claims=[
        Claim("Few come to programs.", "measured", "attendance", "comes to programs", "yes", round((group["comes to programs"] == "yes").mean(), 3)),
        Claim("Few sit at the computers.", "measured", "computer_sessions", "uses the computers", "yes", round((group["uses the computers"] == "yes").mean(), 3)),
        Claim("Some say that nobody their age goes there.", "heard", f"interview {interviews['interview_id'].iloc[0]}, turn 2"),
        Claim("They like it loud.", "assumed"),
    ],
    not_represented="Those who come without a card, and those who read here and take nothing home.",
)
my_persona = personas.from_json(personas.to_json(drawn))
""",
    ]
    slips = [
        Slip(
            "a dictionary",
            'my_persona = {"name": "Listening", "borrows mostly": "eaudiobook"}',
            told="outcome.wrong_kind",
        ),
        Slip("the record itself", "my_persona = Persona", told="outcome.wrong_kind"),
        # Told by the visible test: it is not complete, or something must be mended.
        Slip(
            "one measured claim",
            listening(share(), heard(), ASSUMED),
            told=f"my_persona: {practice.FEW_MEASURED}",
        ),
        Slip(
            "nothing heard",
            listening(share(), middle(), ASSUMED),
            told=f"my_persona: {practice.NONE_HEARD}",
        ),
        Slip(
            "nothing assumed",
            listening(share(), middle(), heard()),
            told=f"my_persona: {practice.NONE_ASSUMED}",
        ),
        Slip(
            "no purpose",
            listening(*RIGHT, purpose=" "),
            told=f"my_persona: {practice.NO_PURPOSE}",
        ),
        Slip(
            "nobody is missing",
            listening(*RIGHT, not_represented=""),
            told=f"my_persona: {practice.NOBODY_MISSING}",
        ),
        Slip(
            "a sensitive attribute",
            listening(*RIGHT, drawn='{**attributes, "money owed": "yes"}'),
            told="my_persona: money owed is sensitive: …",
        ),
        Slip(
            "an attribute that was not counted",
            listening(*RIGHT, drawn='{**attributes, "mood": "cheerful"}'),
            told="my_persona: mood is no attribute that was counted: …",
        ),
        Slip(
            "a value that nobody has",
            listening(
                'Claim("Most take print home.", "measured", "checkouts", "takes print home", "yes", 0.8)',
                middle(9),
                heard(),
                ASSUMED,
                attributes='{"comes to programs": "Yes"}',
            ),
            told="my_persona: comes to programs is never “Yes” here: …",
        ),
        Slip(
            "everybody",
            listening(share(0.22), middle(), heard(), ASSUMED, attributes="{}"),
            told="my_persona: It has no attributes: …",
        ),
        Slip(
            "fewer than ten people",
            listening(
                share(0.5),
                middle(9),
                heard(),
                ASSUMED,
                attributes='{"segment": "bedtime", "borrows mostly": "eaudiobook", "borrows for": "adult", "category": "senior"}',
            ),
            told="my_persona: It fits # people: …",
        ),
        Slip(
            "true by definition",
            listening(share(), BY_DEFINITION, heard(), ASSUMED),
            told="my_persona: borrows mostly is one of its own attributes, …",
            # besides two good measured claims
            also=(listening(share(), middle(), BY_DEFINITION, heard(), ASSUMED),),
        ),
        # Told by grading, which counts again and looks up.
        Slip(
            "a percentage",
            listening(share(f"100 * {FIGURE}"), middle(), heard(), ASSUMED),
            told="my_persona: A figure is a percentage. …",
        ),
        Slip(
            "among everybody",
            listening(
                share('(facts["comes to programs"] == "yes").mean()'),
                middle(),
                heard(),
                ASSUMED,
                attributes='{"borrows mostly": "ebook"}',
            ),
            told="my_persona: A figure was counted among everybody active. …",
        ),
        Slip(
            "a figure that is not so",
            listening(share(0.9), middle(), heard(), ASSUMED),
            told="my_persona: A measured claim does not stand: counted again, another figure was found. …",
            # guessed in round numbers
            also=(listening(share(f"{FIGURE} + 0.02"), middle(), heard(), ASSUMED),),
        ),
        Slip(
            "the middle of everybody",
            listening(
                'Claim("Some sit there.", "measured", "computer_sessions", "uses the computers", "yes", personas.figure_of(facts, who, "uses the computers", "yes"))',
                middle('facts["checkouts"].median() + 40'),
                heard(),
                ASSUMED,
                attributes='{"borrows for": "child", "comes to programs": "yes"}',
            ),
            told="my_persona: A measured claim does not stand: counted again, another figure was found. …",
        ),
        Slip(
            "no figure",
            listening(share(None), middle(), heard(), ASSUMED),
            told="my_persona: A measured claim does not stand: no figure. …",
        ),
        Slip(
            "another table",
            listening(share(table="programs"), middle(), heard(), ASSUMED),
            told="my_persona: A measured claim does not stand: it was counted in attendance. …",
        ),
        Slip(
            "another table and another figure",
            listening(share(0.93, table="patrons"), middle(), heard(), ASSUMED),
            told="my_persona: A measured claim does not stand: it was counted in attendance; counted again, another figure was found. …",
        ),
        Slip(
            "no such comment",
            listening(share(), middle(), heard('"comment 99999"'), ASSUMED),
            told="my_persona: A heard claim does not stand: there is no such comment. …",
        ),
        Slip(
            "the interviewer's turn",
            listening(share(), middle(), heard('"interview 1, turn 1"', "One said so."), ASSUMED),
            told="my_persona: A heard claim does not stand: this turn is the interviewer's. …",
        ),
        Slip(
            "somebody said",
            listening(share(), middle(), heard('"a patron at the desk"', "One said so."), ASSUMED),
            told="my_persona: A heard claim does not stand: a voice is given as “interview 3, turn 6” or “comment 17”. …",
        ),
    ]
