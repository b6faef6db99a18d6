"""Are our segments real?

find segments by machine, compare them with a town without any, and choose: rules or clusters
"""

import contextlib

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from course_utils.checks import NotYet, expect
from course_utils.checks.questions import ROUNDED, Function, Labelled, Number, Question, Slip
from course_utils.methods.stability import practice

FEATURES = ["amount", "digital", "children"]


class Dvd(Labelled):
    """A feature of each reader."""

    name, points, objective, within = "dvd", 2, 1, ROUNDED
    hint = "For each reader, divide the loans that are DVDs by all loans of that reader."

    def right(t):
        is_dvd = t.loans["material_type"] == "dvd"
        return is_dvd.groupby(t.loans["patron_id"]).mean().loc[t.x.index]

    also_right = [
        # mean of a comparison
        """
is_dvd = loans["material_type"] == "dvd"
dvd = is_dvd.groupby(loans["patron_id"]).mean()
dvd = dvd.loc[x.index]
""",
        # readers first, rounded
        """
theirs = loans[loans["patron_id"].isin(x.index)]
dvd = theirs.assign(dvd=theirs["material_type"] == "dvd").groupby("patron_id")["dvd"].mean().round(3)
""",
        # counts divided, with zeros filled in
        """
counts = loans.loc[loans["material_type"] == "dvd", "patron_id"].value_counts()
dvd = (counts.reindex(x.index).fillna(0) / features["loans"]).to_dict()
""",
    ]
    slips = [
        Slip(
            "everybody who borrowed",
            'dvd = (loans["material_type"] == "dvd").groupby(loans["patron_id"]).mean()',
            told="outcome.labels_extra",
        ),
        Slip(
            "counts",
            'dvd = (loans["material_type"] == "dvd").groupby(loans["patron_id"]).sum().loc[x.index]',
            told="dvd[…] is …. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.",
            sometimes=True,
        ),
        Slip(
            "of all loans",
            'dvd = (loans["material_type"] == "dvd").groupby(loans["patron_id"]).sum().loc[x.index] / len(loans)',
            "You divided by all loans of the library. Divide by the loans of each reader.",
        ),
        Slip(
            "of all DVDs",
            """
is_dvd = loans["material_type"] == "dvd"
dvd = is_dvd.groupby(loans["patron_id"]).sum().loc[x.index] / is_dvd.sum()
""",
            "You divided by all DVDs that were lent. Divide by the loans of each reader.",
        ),
        Slip(
            "everything else",
            'dvd = (loans["material_type"] != "dvd").groupby(loans["patron_id"]).mean().loc[x.index]',
            "These are the shares that are not DVDs. You need the others.",
        ),
        Slip(
            "nobody is missing",
            """
counts = loans.loc[loans["material_type"] == "dvd", "patron_id"].value_counts()
dvd = counts.reindex(x.index) / features["loans"]
""",
            told="outcome.values_missing",
        ),
        Slip(
            "rounded to two digits",
            'dvd = (loans["material_type"] == "dvd").groupby(loans["patron_id"]).mean().loc[x.index].round(2)',
            told="outcome.rounded",
        ),
        Slip(
            "renewals, too",
            """
recent = checkouts[checkouts["date"] > since]
dvd = (recent["material_type"] == "dvd").groupby(recent["patron_id"]).mean().loc[x.index]
""",
            told="dvd: For card #, with # loans, dvd is #. That would be # DVDs. Count the same rows above and below the line: those of loans.",
        ),
        Slip(
            "loans of all years",
            """
ever = checkouts[checkouts["transaction_type"] == "checkout"]
dvd = (ever["material_type"] == "dvd").groupby(ever["patron_id"]).mean().loc[x.index]
""",
            told="dvd: For card #, with # loans, dvd is #. That would be # DVDs. Count the same rows above and below the line: those of loans.",
        ),
    ]


class Times(Number):
    """What distance is made of."""

    name, points, objective, within = "times", 1, 1, ROUNDED
    hint = "Divide one standard deviation by the other, both from features."

    def right(t):
        spread = t.features.std()
        return spread["loans"] / spread["digital"]

    also_right = [
        # all spreads at once
        """
spread = features.std()
times = spread["loans"] / spread["digital"]
""",
        # of everybody instead of a sample: the quotient is the same
        'times = np.std(features["loans"], ddof=0) / np.std(features["digital"], ddof=0)',
        # rounded to three digits
        'times = round(features["loans"].std() / features["digital"].std(), 3)',
    ]
    slips = [
        Slip(
            "upside down",
            'times = features["digital"].std() / features["loans"].std()',
            "You have it upside down: loans go above the line.",
        ),
        Slip(
            "variances",
            'times = features["loans"].var() / features["digital"].var()',
            "These are variances, so your answer is squared. The standard deviation is .std().",
        ),
        Slip(
            "means",
            'times = features["loans"].mean() / features["digital"].mean()',
            "You compared the means. Distance comes from how far people lie apart: .std().",
        ),
        Slip(
            "doublings",
            'times = x["amount"].std() / x["digital"].std()',
            "You took the logarithm of the loans. Take the loans as counted, from features.",
        ),
        Slip(
            "the other share",
            'times = features["loans"].std() / features["children"].std()',
            "You divided by the spread of children. The question asks about digital.",
        ),
        Slip(
            "ranges",
            """
spread = features.max() - features.min()
times = spread["loans"] / spread["digital"]
""",
            "You compared the distance from the least to the most, which rests on two people. Use .std().",
        ),
        Slip("all three", "times = features.std()", told="outcome.wrong_kind"),
    ]


class Scaled(Function):
    """One scale for all."""

    name, points, objective = "scaled", 2, 1
    tries = (practice.scaled,)
    within = 0.008
    hint = "Use the table that the function is given, and each column's own mean and .std()."

    def right(t):
        return lambda table: (table - table.mean()) / table.std()

    def examples(t):
        rng = np.random.default_rng(5)
        numbers = rng.gamma(2, [3, 0.2, 40], (400, 3))
        yield (pd.DataFrame(numbers, columns=["loans", "digital", "days"], index=rng.permutation(400) + 900),)

    also_right = [
        # whole table at once
        """
def scaled(table):
    return (table - table.mean()) / table.std()
""",
        # a loop
        """
def scaled(table):
    result = table.astype(float)
    for name in table.columns:
        result[name] = (table[name] - table[name].mean()) / table[name].std()
    return result
""",
        # the spread of everybody instead of a sample
        """
def scaled(table):
    return table.apply(lambda column: (column - column.mean()) / np.std(column.to_numpy()))
""",
    ]
    slips = [
        Slip(
            "not centered",
            """
def scaled(table):
    return table / table.std()
""",
        ),
        Slip(
            "not divided",
            """
def scaled(table):
    return table - table.mean()
""",
        ),
        Slip(
            "divided by the variance",
            """
def scaled(table):
    return (table - table.mean()) / table.var()
""",
        ),
        Slip(
            "from 0 to 1",
            """
def scaled(table):
    return (table - table.min()) / (table.max() - table.min())
""",
        ),
        Slip(
            "parentheses",
            """
def scaled(table):
    return table - table.mean() / table.std()
""",
        ),
        Slip(
            "logarithms",
            """
def scaled(table):
    return np.log2(table)
""",
        ),
        Slip(
            "the table of the notebook",
            """
def scaled(table):
    return (x - x.mean()) / x.std()
""",
            told="outcome.heedless",
        ),
    ]


class Agreement(Function):
    """Two ways to sort the same people."""

    name, points, objective = "agreement", 2, 2
    tries = (practice.agreement,)
    within = ROUNDED
    hint = "Put the rows of other into the order of one first, and use the two that the function is given."

    def right(t):
        return lambda one, other: adjusted_rand_score(one, other.loc[one.index])

    def examples(t):
        rng = np.random.default_rng(11)
        one = pd.Series(rng.integers(0, 3, 120), index=rng.permutation(120) + 200)
        other = one.map({0: 2, 1: 0, 2: 1}).where(rng.random(120) < 0.7, rng.integers(0, 4, 120))
        yield one, other.sample(frac=1, random_state=2)
        yield one, one.map({0: "c", 1: "a", 2: "b"}).sample(frac=1, random_state=3)

    also_right = [
        # rows in one order
        """
def agreement(one, other):
    return adjusted_rand_score(one, other.loc[one.index])
""",
        # a table of both, the other way around, rounded
        """
def agreement(one, other):
    both = pd.DataFrame({"one": one, "other": other})
    return round(adjusted_rand_score(both["other"], both["one"]), 3)
""",
        # sorted
        """
def agreement(one, other):
    return float(adjusted_rand_score(one.sort_index(), other.sort_index()))
""",
    ]
    slips = [
        Slip(
            "order ignored",
            """
def agreement(one, other):
    return adjusted_rand_score(one, other)
""",
        ),
        Slip(
            "share of equal numbers",
            """
def agreement(one, other):
    return (one == other.loc[one.index]).mean()
""",
        ),
        Slip(
            "not adjusted",
            """
def agreement(one, other):
    from sklearn.metrics import rand_score
    return rand_score(one, other.loc[one.index])
""",
        ),
        Slip(
            "a correlation",
            """
def agreement(one, other):
    return one.corr(other)
""",
        ),
        Slip(
            "rows of unlike labels",
            """
def agreement(one, other):
    return (one == other).mean()
""",
            told="agreement stopped with ValueError (Can only compare identically-labeled Series objects). The rows of the two are in a different order, or have different labels. Put one into the order of the other first: .loc[…], with the other one's .index in the brackets.",
        ),
        Slip(
            "groups of the notebook",
            """
def agreement(one, other):
    return adjusted_rand_score(by_digital, by_children)
""",
            told="outcome.heedless",
        ),
    ]


def each(sort: str, judge: str = "silhouette_score(part, labels)") -> str:
    """The loop over the features, with a line that sorts and one that judges."""
    return f"""
tight = {{}}
for name in ["amount", "digital", "children"]:
    part = x[[name]]
    {sort}
    tight[name] = {judge}
tight = pd.Series(tight)
"""


TWO = "labels = KMeans(n_clusters=2, n_init=4, random_state=0).fit_predict(part)"


class Tight(Labelled):
    """How tight are two groups?"""

    name, points, objective = "tight", 2, 2
    # Another start of k-means may put a person or two on the border into the other group.
    within = 0.004
    hint = "Sort by this one feature into 2 groups, and take the silhouette with the same feature and those labels."

    def right(t):
        tight = {}
        for name in FEATURES:
            part = t.x[[name]]
            labels = KMeans(n_clusters=2, n_init=4, random_state=0).fit_predict(part)
            tight[name] = silhouette_score(part, labels)
        return pd.Series(tight)

    also_right = [
        # a loop
        each(TWO),
        # other starts, scaled, rounded
        each(
            "part = (part - part.mean()) / part.std(); labels = KMeans(n_clusters=2, n_init=10, random_state=7).fit_predict(part)",
            "round(silhouette_score(part, labels), 3)",
        ),
        # as the kit does it
        'tight = {name: stability.tightness(x[[name]], 2) for name in ["children", "amount", "digital"]}',
    ]
    slips = [
        Slip(
            "loans as counted",
            """
tight = {}
for name, part in {"amount": features[["loans"]], "digital": x[["digital"]], "children": x[["children"]]}.items():
    labels = KMeans(n_clusters=2, n_init=4, random_state=0).fit_predict(part)
    tight[name] = silhouette_score(part, labels)
""",
            "You sorted by the loans as counted. Take the column amount of x.",
        ),
        Slip(
            "three groups",
            each(TWO.replace("n_clusters=2", "n_clusters=3")),
            "You made three groups. Make two.",
        ),
        Slip(
            "distances in all three",
            each(TWO, "silhouette_score(x, labels)"),
            "You sorted by one feature and measured distances in all three. Give silhouette_score the same column, x[[name]].",
            sometimes=True,  # in some libraries a number is below 0, and the visible test says what to do
        ),
        Slip(
            "sorted by all three",
            each(TWO.replace("(part)", "(x)")),
            practice.LOOSE,
        ),
        Slip(
            "what is left of the spread",
            each("model = KMeans(n_clusters=2, n_init=4, random_state=0).fit(part)", "model.inertia_"),
            told=f"tight: {practice.TIGHTER_THAN_ONE.format(label='tight[…]', found='#')}",
        ),
        Slip(
            "one number for all",
            """
labels = KMeans(n_clusters=2, n_init=4, random_state=0).fit_predict(x)
tight = silhouette_score(x, labels)
""",
            told="outcome.wrong_kind",
        ),
        Slip(
            "without labels",
            each(TWO).replace("pd.Series(tight)", "pd.Series(list(tight.values()))"),
            told="outcome.labels_numbered",
        ),
        Slip(
            "groups by another feature",
            each(TWO.replace("(part)", '(x[["amount"]] if name == "digital" else part)')),
            practice.LOOSE,
        ),
    ]


class AsTight(Function):
    """How often does it happen without segments?"""

    name, points, objective = "as_tight", 2, 3
    tries = (practice.as_tight,)
    within = ROUNDED
    hint = "Count the null towns that are as tight as ours, or tighter. Add 1 for ours, and divide by len(towns) + 1."

    def right(t):
        return lambda here, towns: (1 + (towns >= here).sum()) / (1 + len(towns))

    def examples(t):
        rng = np.random.default_rng(3)
        towns = pd.Series(rng.normal(0.6, 0.02, 39).round(3))
        yield float(towns.iloc[4]), towns
        yield 0.9, towns
        yield 0.1, towns

    also_right = [
        # counted
        """
def as_tight(here, towns):
    return (1 + (towns >= here).sum()) / (1 + len(towns))
""",
        # ours put among them
        """
def as_tight(here, towns):
    everyone = list(towns) + [here]
    return sum(one >= here for one in everyone) / len(everyone)
""",
        # a mean, rounded
        """
def as_tight(here, towns):
    everyone = pd.concat([towns, pd.Series([here])])
    return round((everyone >= here).mean(), 3)
""",
    ]
    slips = [
        Slip(
            "ours not counted",
            """
def as_tight(here, towns):
    return (towns >= here).mean()
""",
        ),
        Slip(
            "ours counted below only",
            """
def as_tight(here, towns):
    return (towns >= here).sum() / (1 + len(towns))
""",
        ),
        Slip(
            "ours counted above only",
            """
def as_tight(here, towns):
    return (1 + (towns >= here).sum()) / len(towns)
""",
        ),
        Slip(
            "divided by 20",
            """
def as_tight(here, towns):
    return (1 + (towns >= here).sum()) / 20
""",
        ),
        Slip(
            "the numbers of the notebook",
            """
def as_tight(here, towns):
    return (1 + (towns >= x["digital"].mean()).sum()) / (1 + len(towns))
""",
            told="outcome.heedless",
        ),
        Slip(
            "only tighter ones",
            """
def as_tight(here, towns):
    return (1 + (towns > here).sum()) / (1 + len(towns))
""",
        ),
        Slip(
            "the others",
            """
def as_tight(here, towns):
    return (1 + (towns <= here).sum()) / (1 + len(towns))
""",
        ),
        Slip(
            "a count",
            """
def as_tight(here, towns):
    return 1 + (towns >= here).sum()
""",
        ),
        Slip(
            "a count without ours",
            """
def as_tight(here, towns):
    return (towns >= here).sum()
""",
        ),
        Slip(
            "not added up",
            """
def as_tight(here, towns):
    return towns >= here
""",
            told="outcome.wrong_kind",
        ),
    ]


# How tight two groups are by each feature, which a student has from the question before.
TIGHT = "tight = pd.Series({name: stability.tightness(x[[name]], 2) for name in x})\n"


class Above(Labelled):
    """Ours beside nineteen null towns."""

    name, points, objective, within = "above", 2, 3, ROUNDED
    hint = "For each feature, take ours from tight, and subtract the largest number in that column of towns."

    def right(t):
        return t.tight - t.towns.max()

    @classmethod
    def check(cls, found, t):
        # Somebody whose tight was wrong lost points before, and does not lose them again.
        with contextlib.suppress(NotYet):
            own = expect("tight").is_series(labels=FEATURES).value
            found.equals(own - t.towns.max(), within=cls.within)
            return
        super().check(found, t)

    also_right = [
        # what was wrong before isn't held against it again
        "tight = pd.Series({name: 0.7 for name in x})\nabove = tight - towns.max()",
        # column by column
        TIGHT + "above = tight - towns.max()",
        # a loop, rounded
        TIGHT
        + """
above = {}
for name in ["children", "digital", "amount"]:
    above[name] = round(tight[name] - towns[name].max(), 3)
""",
        # sorted
        TIGHT
        + """
above = pd.Series({name: tight[name] - sorted(towns[name])[-1] for name in towns.columns})
""",
    ]
    slips = [
        Slip(
            "above the mean",
            TIGHT + "above = tight - towns.mean()",
            "You compared with the mean of the null towns. Compare with the tightest of them: .max().",
        ),
        Slip(
            "above the least",
            TIGHT + "above = tight - towns.min()",
            "You compared with the loosest null town. Compare with the tightest: .max().",
        ),
        Slip(
            "the other way around",
            TIGHT + "above = towns.max() - tight",
            "You have the sign the other way around: ours less theirs.",
        ),
        Slip(
            "the tightness itself",
            TIGHT + "above = tight",
            "This is how tight ours is. Subtract what the tightest null town has.",
        ),
        Slip(
            "the tightest town of all",
            TIGHT + "above = tight - towns.max().max()",
            "You subtracted one number from all three. Each feature has a tightest null town of its own: towns.max().",
        ),
        Slip(
            "a quotient",
            TIGHT + "above = tight / towns.max()",
            told=f"above: {practice.NO_DIFFERENCE.format(label='above[…]', found='#')}",
        ),
        Slip(
            "the first null town",
            TIGHT + "above = tight - towns.loc[1]",
            "You compared with the first null town alone. Compare with the tightest of the 19: .max().",
            sometimes=True,
        ),
        Slip("town by town", TIGHT + "above = tight - towns", told="outcome.wrong_kind"),
        Slip(
            "rounded to two digits",
            TIGHT + "above = (tight - towns.max()).round(2)",
            told="outcome.rounded",
        ),
    ]


CLUSTER = """
means = x["digital"].groupby(by_digital).mean()
cluster = by_digital == means.idxmax()
"""


class Sides(Labelled):
    """A rule beside a cluster."""

    name, points, objective = "sides", 2, 4
    hint = "Find the digital group by the mean of digital in each group, and count the people for whom the two are not the same."

    def right(t):
        rule = t.x["digital"] >= 0.75
        means = t.x["digital"].groupby(t.by_digital).mean()
        cluster = t.by_digital == means.idxmax()
        return pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})

    also_right = [
        # the group with the higher mean
        CLUSTER
        + """
rule = x["digital"] >= 0.75
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})
""",
        # a cross table
        """
rule = x["digital"].ge(0.75)
table = pd.crosstab(rule, by_digital)
number = by_digital[x["digital"].idxmax()]
sides = {"differ": table.loc[True].drop(number).sum() + table.loc[False, number], "cluster": table[number].sum(), "rule": table.loc[True].sum()}
""",
        # sets of card numbers
        """
rule = set(x[x["digital"] >= 0.75].index)
one, other = (set(x.index[by_digital == number]) for number in (0, 1))
cluster = one if x.loc[list(one), "digital"].mean() > x.loc[list(other), "digital"].mean() else other
sides = {"rule": float(len(rule)), "cluster": float(len(cluster)), "differ": float(len(rule ^ cluster))}
""",
    ]
    slips = [
        Slip(
            "group 1 taken for the digital one",
            """
rule, cluster = x["digital"] >= 0.75, by_digital == 1
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})
""",
            "You took the wrong group for the digital one. The numbers of the groups mean nothing: look at the mean of digital in each.",
            also=(
                """
rule, cluster = x["digital"] >= 0.75, by_digital == 0
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})
""",
            ),
            sometimes=True,
        ),
        Slip(
            "the other group",
            """
rule = x["digital"] >= 0.75
cluster = by_digital == x["digital"].groupby(by_digital).mean().idxmin()
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})
""",
            "You took the wrong group for the digital one. The numbers of the groups mean nothing: look at the mean of digital in each.",
        ),
        Slip(
            "those who are the same",
            CLUSTER
            + """
rule = x["digital"] >= 0.75
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule == cluster).sum()})
""",
            "In differ you count the people whom the two sort alike. Use != instead of ==.",
        ),
        Slip(
            "more than half",
            CLUSTER
            + """
rule = x["digital"] >= 0.5
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})
""",
            "Your rule is half of the loans. Here it's three quarters: 0.75.",
        ),
        Slip(
            "more than three quarters",
            CLUSTER
            + """
rule = x["digital"] > 0.75
sides = pd.Series({"rule": rule.sum(), "cluster": cluster.sum(), "differ": (rule != cluster).sum()})
""",
            "Exactly three quarters is enough: use >=.",
            sometimes=True,
        ),
        Slip(
            "shares",
            CLUSTER
            + """
rule = x["digital"] >= 0.75
sides = pd.Series({"rule": rule.mean(), "cluster": cluster.mean(), "differ": (rule != cluster).mean()})
""",
            told="sides[…] is …. This looks like a share. Expected a count: use .sum() or len(…).",
        ),
        Slip(
            "the means",
            'sides = x["digital"].groupby(by_digital).mean()',
            told="outcome.labels_missing",
        ),
    ]


KIDS = """
means = x["children"].groupby(by_children).mean()
cluster = by_children == means.idxmax()
young = ages.isin(["25-34", "35-44"])
old = ages.isin(["55-64", "65-74", "75+"])
"""


class Proxy(Labelled):
    """What a cluster gives away."""

    name, points, objective, within = "proxy", 1, 4, ROUNDED
    hint = "Keep the readers of that age, and take the share of them who are in the group that borrows for children."

    def right(t):
        means = t.x["children"].groupby(t.by_children).mean()
        cluster = t.by_children == means.idxmax()
        young, old = t.ages.isin(["25-34", "35-44"]), t.ages.isin(["55-64", "65-74", "75+"])
        return pd.Series({"25 to 44": cluster[young].mean(), "55 and over": cluster[old].mean()})

    also_right = [
        # means of a comparison
        KIDS + 'proxy = pd.Series({"25 to 44": cluster[young].mean(), "55 and over": cluster[old].mean()})',
        # counts divided, rounded
        KIDS
        + """
proxy = {}
for name, who in {"55 and over": old, "25 to 44": young}.items():
    proxy[name] = round((cluster & who).sum() / who.sum(), 3)
""",
        # named ages, grouped
        """
named = ages.astype(str).replace({"25-34": "25 to 44", "35-44": "25 to 44", "55-64": "55 and over", "65-74": "55 and over", "75+": "55 and over"})
number = by_children[x["children"].idxmax()]
proxy = (by_children == number).groupby(named).mean().loc[["25 to 44", "55 and over"]]
""",
    ]
    slips = [
        Slip(
            "the other group",
            KIDS + 'proxy = {"25 to 44": 1 - cluster[young].mean(), "55 and over": 1 - cluster[old].mean()}',
            "You took the wrong group. Look at the mean of children in each: you need the higher one.",
            also=(
                'proxy = {"25 to 44": (by_children[ages.isin(["25-34", "35-44"])] == 1).mean(), "55 and over": (by_children[ages.isin(["55-64", "65-74", "75+"])] == 1).mean()}',
            ),
            sometimes=True,
        ),
        Slip(
            "of the group",
            KIDS + 'proxy = {"25 to 44": young[cluster].mean(), "55 and over": old[cluster].mean()}',
            "You divided by the people of the group. Divide by the readers of that age.",
        ),
        Slip(
            "of all readers",
            KIDS + 'proxy = {"25 to 44": (cluster & young).mean(), "55 and over": (cluster & old).mean()}',
            "You divided by all readers. Divide by the readers of that age.",
        ),
        Slip(
            "loans, not people",
            'proxy = {"25 to 44": x["children"][ages.isin(["25-34", "35-44"])].mean(), "55 and over": x["children"][ages.isin(["55-64", "65-74", "75+"])].mean()}',
            "This is the mean share of loans for children. Count people who are in the group.",
        ),
        Slip(
            "counts",
            KIDS + 'proxy = {"25 to 44": cluster[young].sum(), "55 and over": cluster[old].sum()}',
            told="proxy[…] is …. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.",
        ),
        Slip(
            "45 to 54, too",
            KIDS.replace('"25-34", "35-44"', '"25-34", "35-44", "45-54"')
            + 'proxy = {"25 to 44": cluster[young].mean(), "55 and over": cluster[old].mean()}',
            "You counted people 45 to 54 in the first number, too.",
        ),
        Slip(
            "65 and over",
            KIDS.replace('"55-64", ', "")
            + 'proxy = {"25 to 44": cluster[young].mean(), "55 and over": cluster[old].mean()}',
            "You left people 55 to 64 out of the second number.",
        ),
        Slip(
            "rounded to two digits",
            KIDS
            + 'proxy = {"25 to 44": round(cluster[young].mean(), 2), "55 and over": round(cluster[old].mean(), 2)}',
            told="outcome.rounded",
            sometimes=True,
        ),
    ]


SIDE = """
is_digital = answers["patron_id"].map(x["digital"] >= 0.75)
wants = answers["goal"] == "e-books and audiobooks"
"""


class Goals(Labelled):
    """Do they want something else?"""

    name, points, objective, within = "goals", 2, 5, ROUNDED
    hint = "Of the answers of each side, take the share whose goal is e-books and audiobooks."

    def right(t):
        is_digital = t.answers["patron_id"].map(t.x["digital"] >= 0.75)
        wants = t.answers["goal"] == "e-books and audiobooks"
        return pd.Series({"mostly digital": wants[is_digital].mean(), "others": wants[~is_digital].mean()})

    also_right = [
        # means of a comparison
        SIDE
        + 'goals = pd.Series({"mostly digital": wants[is_digital].mean(), "others": wants[~is_digital].mean()})',
        # joined, rounded
        """
both = answers.merge(x, left_on="patron_id", right_index=True)
side = np.where(both["digital"] >= 0.75, "mostly digital", "others")
goals = (both["goal"] == "e-books and audiobooks").groupby(side).mean().round(3)
""",
        # a cross table
        """
side = answers["patron_id"].map(x["digital"] >= 0.75).map({True: "mostly digital", False: "others"})
table = pd.crosstab(side, answers["goal"], normalize="index")
goals = table["e-books and audiobooks"].to_dict()
""",
    ]
    slips = [
        Slip(
            "of those with this goal",
            SIDE
            + 'goals = {"mostly digital": is_digital[wants].mean(), "others": 1 - is_digital[wants].mean()}',
            "You divided by the people with this goal. Divide by the answers of each side.",
        ),
        Slip(
            "of all answers",
            SIDE
            + 'goals = {"mostly digital": (is_digital & wants).mean(), "others": (~is_digital & wants).mean()}',
            "You divided by all answers. Divide by the answers of each side.",
        ),
        Slip(
            "of all readers",
            SIDE
            + """
rule = x["digital"] >= 0.75
goals = {"mostly digital": wants[is_digital].sum() / rule.sum(), "others": wants[~is_digital].sum() / (~rule).sum()}
""",
            "You divided by all readers of each side. Most of them were not asked or didn't answer: divide by the answers.",
        ),
        Slip(
            "the sides changed places",
            SIDE
            + 'goals = {"others": wants[is_digital].mean(), "mostly digital": wants[~is_digital].mean()}',
            "Your two sides have changed places.",
        ),
        Slip(
            "more than half",
            SIDE.replace("0.75", "0.5")
            + 'goals = {"mostly digital": wants[is_digital].mean(), "others": wants[~is_digital].mean()}',
            "Your rule is half of the loans. Here it's three quarters: 0.75.",
            sometimes=True,
        ),
        Slip(
            "another goal",
            SIDE.replace("e-books and audiobooks", "borrow books and films")
            + 'goals = {"mostly digital": wants[is_digital].mean(), "others": wants[~is_digital].mean()}',
            "This is the share that comes to borrow books and films. The question asks for e-books and audiobooks.",
        ),
        Slip(
            "counts",
            SIDE + 'goals = {"mostly digital": wants[is_digital].sum(), "others": wants[~is_digital].sum()}',
            told="goals[…] is …. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total.",
        ),
        Slip(
            "rounded to two digits",
            SIDE
            + 'goals = {"mostly digital": round(wants[is_digital].mean(), 2), "others": round(wants[~is_digital].mean(), 2)}',
            told="outcome.rounded",
            sometimes=True,
        ),
    ]


class MySegments(Question):
    """Segments of one's own: any that give each reader a name, and are large enough."""

    name, points, objective = "my_segments", 2, 4
    form = "is_series"
    survivors = {
        "line 3: 2 becomes 3": "A cut in another place: a right answer to a question that leaves the choice free.",
        "line 4: == becomes !=": "The two names have changed places. No test can tell what a name means; the person who "
        "marks Question 12 reads it.",
        "line 4: 0 becomes 1": "The two names have changed places. No test can tell what a name means; the person who "
        "marks Question 12 reads it.",
    }

    @classmethod
    def check(cls, found, t):
        found.is_series(of="any")
        practice.my_segments(found)

    also_right = [
        # a rule on one feature
        """
my_segments = pd.Series(np.where(x["digital"] >= 0.75, "mostly on a screen", "mostly from the shelf"), index=x.index)
""",
        # rules in order
        """
questions = [x["children"] >= 0.5, x["digital"] >= 0.5]
names = np.select(questions, ["borrows for children", "reads on a screen"], default="reads from the shelf")
my_segments = dict(zip(x.index, names))
""",
        # clusters with names
        """
group = stability.groups(x[["digital", "children"]], 3)
means = x.groupby(group).mean()
names = {means["digital"].idxmax(): "reads on a screen", means["children"].idxmax(): "borrows for children"}
my_segments = group.map(names).fillna("borrows print for adults")
""",
        # cuts of the amount
        """
my_segments = pd.cut(features["loans"], [0, 24, 52, 10_000], labels=["up to two a month", "up to one a week", "more"])
my_segments = my_segments.astype(str)
""",
    ]
    slips = [
        Slip(
            "numbers of groups",
            "my_segments = stability.groups(x, 3)",
            told="my_segments: The name of a segment is text that says what its people do, and yours has …",
            also=("my_segments = stability.groups(x, 3).astype(str)",),
        ),
        Slip(
            "everybody in one",
            'my_segments = pd.Series("readers", index=x.index)',
            told=f"my_segments: {practice.ONE_SEGMENT}",
        ),
        Slip(
            "too many",
            'my_segments = "mostly " + features["loans"].astype(str).str[0]',
            told=f"my_segments: {practice.TOO_MANY.format(found='#')}",
        ),
        Slip(
            "a tiny one",
            """
most = x["amount"].nlargest(4).index
my_segments = pd.Series("readers", index=x.index)
my_segments[most] = "borrows by the crate"
""",
            told="my_segments: “borrows by the crate” has only # people. …",
        ),
        Slip(
            "a group without a name",
            'my_segments = stability.groups(x, 3).map({0: "takes things home", 1: "reads on a screen"})',
            told=f"my_segments: {practice.NO_NAME.format(missing='#')}",
        ),
        Slip(
            "a question and no names",
            'my_segments = x["digital"] >= 0.75',
            told=f"my_segments: {practice.NOT_NAMED}",
        ),
        Slip(
            "some left out",
            """
my_segments = pd.Series(np.where(x["digital"] >= 0.75, "screen", "shelf"), index=x.index)
my_segments = my_segments[x["children"] < 0.5]
""",
            told="my_segments: It needs one name for each row of x: …",
        ),
        Slip(
            "labels lost",
            'my_segments = pd.Series(np.where(x["digital"] >= 0.75, "screen", "shelf"))',
            told="my_segments: It needs one name for each row of x: …",
        ),
        Slip("a single name", 'my_segments = "mostly digital"', told="outcome.wrong_kind"),
    ]
