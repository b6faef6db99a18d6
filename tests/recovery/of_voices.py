"""The survey and who answers it, two coders of the same comments, what people say of themselves, what staff believe."""

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.genmod import families
from statsmodels.stats.inter_rater import cohens_kappa

from course_utils.library import staff, survey
from course_utils.tables import AS_OF
from recovery.checks import Found, check

ATTRIBUTES = ("collection", "hours", "staff", "space", "technology", "programs")
THEME, TONE = "theme", "tone"


# The survey -------------------------------------------------------------------------------------------------


def _invited(library) -> pd.DataFrame:
    """Everybody invited, with what the library knows of them, the answers, and (for comparison) the truth."""
    invited = library.survey_invitations.merge(library.patrons[["patron_id", "age_band"]], on="patron_id")
    invited = invited.merge(library.survey_answers, on="invitation_id", how="left")
    day = invited["invited"].iloc[0]
    checkouts = library.checkouts
    own = checkouts[checkouts["transaction_type"] != "automatic renewal"]
    house = (own["usage_class"] == "physical") & (own["transaction_type"] == "checkout")
    sessions = library.computer_sessions.dropna().astype({"patron_id": "int64"})
    parts = (own.assign(house=house), library.attendance.assign(house=True), sessions.assign(house=True))
    events = pd.concat([part[["patron_id", "date", "house"]] for part in parts])
    events = events[(events["date"] > day - pd.DateOffset(months=12)) & (events["date"] <= day)]
    events = events[events["patron_id"].isin(invited["patron_id"])]

    def days(some):
        seen = some.drop_duplicates(["patron_id", "date"])["patron_id"].value_counts()
        return invited["patron_id"].map(seen).fillna(0).astype(int)

    invited["days"], invited["visits"] = days(events), days(events[events["house"]])
    lent = own[(own["transaction_type"] == "checkout") & (own["date"] <= day)]
    lent = lent[lent["date"] > day - pd.DateOffset(months=12)]["patron_id"].value_counts()
    invited["loans"] = np.log1p(invited["patron_id"].map(lent).fillna(0))
    invited["activity"] = pd.cut(invited["days"], [-1, 0, 5, 400], labels=["none", "some", "much"])
    ages = {"13-17": "16-24", "18-24": "16-24", "25-34": "25-44", "35-44": "25-44", "45-54": "45-64"}
    ages |= {"55-64": "45-64", "65-74": "65+", "75+": "65+"}
    invited["age"] = invited["age_band"].astype(str).map(ages)
    truth = library.truth.survey.rename(columns={"satisfaction": "true", "recommend": "true_recommend"})
    return invited.merge(truth[["invitation_id", "true", "true_recommend"]], on="invitation_id")


def _raked(library) -> pd.DataFrame:
    """Those who answered, with weights that bring activity and age to the margins of all who were invited."""
    invited = library.once("recovery: invited", _invited)
    answers = invited[invited["answered"]].assign(weight=1.0)
    for _ in range(30):
        for margin in ("activity", "age"):
            wanted = invited[margin].value_counts() / len(invited)
            have = answers.groupby(margin, observed=True)["weight"].sum() / answers["weight"].sum()
            answers["weight"] *= answers[margin].map(wanted / have).astype(float)
    return answers


def _nps(score) -> float:
    return 100 * float((score >= 9).mean() - (score <= 6).mean())


@check(
    "misleads",
    "mean satisfaction of those who answered",
    "is above that of everybody invited, by at least 0.2 points",
)
def willing_are_satisfied(library):
    invited = library.once("recovery: invited", _invited)
    found, true = invited["satisfaction"].mean(), invited["true"].mean()
    return Found(found, true, found > true + 0.2)


@check(
    "misleads",
    "Net Promoter Score of those who answered",
    "is above that of everybody invited, by 10 or more",
)
def willing_recommend(library):
    invited = library.once("recovery: invited", _invited)
    found, true = _nps(invited["recommend"].dropna()), _nps(invited["true_recommend"])
    return Found(found, true, found > true + 10)


@check(
    "recovers",
    "mean satisfaction, raked on activity and age",
    "has at most half the error of the unweighted mean",
)
def raking_mends_most(library):
    invited, answers = library.once("recovery: invited", _invited), library.once("recovery: raked", _raked)
    true, plain = invited["true"].mean(), answers["satisfaction"].mean()
    raked = np.average(answers["satisfaction"], weights=answers["weight"])
    return Found(raked, true, abs(raked - true) < 0.5 * abs(plain - true))


@check(
    "recovers",
    "mean log(1 + checkouts in 12 months), raked on activity and age",
    "is within 0.2 of that of everybody invited, which is known (unweighted it is far off)",
)
def raking_brings_back_what_is_known(library):
    invited, answers = library.once("recovery: invited", _invited), library.once("recovery: raked", _raked)
    true, raked = invited["loans"].mean(), np.average(answers["loans"], weights=answers["weight"])
    far_off = answers["loans"].mean() - true > 0.4
    return Found(raked, true, far_off and abs(raked - true) < 0.2)


@check(
    "misleads",
    "share active in 12 months among those who answered",
    "is above the share among all who were invited by at least 0.15",
)
def willing_are_active(library):
    invited = library.once("recovery: invited", _invited)
    found, true = (invited.loc[invited["answered"], "days"] > 0).mean(), (invited["days"] > 0).mean()
    return Found(found, true, found > true + 0.15)


@check("null", "version of the letter and answering (chi-squared)", "no effect")
def letter_and_answering(library):
    invited = library.once("recovery: invited", _invited)
    table = pd.crosstab(invited["letter"], invited["answered"])
    p = stats.chi2_contingency(table, correction=False).pvalue
    return Found(float(p), 0, p < 0.05)


@check("null", "version of the letter and satisfaction (Welch's t)", "no effect")
def letter_and_satisfaction(library):
    invited = library.once("recovery: invited", _invited)
    parts = [part["satisfaction"].dropna() for _, part in invited.groupby("letter", observed=True)]
    p = stats.ttest_ind(*parts, equal_var=False).pvalue
    return Found(float(parts[0].mean() - parts[1].mean()), 0, p < 0.05)


@check(
    "recovers",
    "who answers: logit on use, age and channel; six days of use and more against none",
    "the log odds ratio is within 0.6 of that of the true probabilities",
)
def who_answers(library):
    invited = library.once("recovery: invited", _invited).copy()
    invited["said"] = invited["answered"].astype(int)
    invited["probability"] = library.truth.survey["probability"].to_numpy()
    slopes = [
        smf.glm(f"{said} ~ C(activity) + C(age) + C(channel)", invited, family=families.Binomial()).fit()
        for said in ("said", "probability")
    ]
    found, true = (fit.params["C(activity)[T.much]"] for fit in slopes)
    return Found(found, true, abs(found - true) < 0.6)


@check(
    "misleads",
    "visits in 12 months as told",
    "are above the days with a trace on the card by a quarter or more, on average",
)
def memory_is_generous(library):
    answers = library.once("recovery: raked", _raked)
    found, true = answers["visits_last_year"].mean(), answers["visits"].mean()
    return Found(found, true, found > 1.25 * true)


@check(
    "recovers",
    "visits as told over days with a trace, for those with five days and more",
    f"the ratio of the sums is within 20% of {survey.STRETCH}",
)
def how_generous(library):
    answers = library.once("recovery: raked", _raked)
    often = answers[answers["visits"] >= 5]
    found = often["visits_last_year"].sum() / often["visits"].sum()
    return Found(found, survey.STRETCH, abs(found / survey.STRETCH - 1) < 0.2)


def _regression(library):
    answers = library.once("recovery: raked", _raked)
    names = [f"performance_{name}" for name in ATTRIBUTES]
    return smf.ols("satisfaction ~ C(activity) + " + " + ".join(names), answers).fit()


@check(
    "recovers",
    "what drives satisfaction: regression on the six ratings and on activity",
    "staff has the largest coefficient",
)
def staff_drives_satisfaction(library):
    slopes = library.once("recovery: regression", _regression).params
    slopes = {name: slopes[f"performance_{name}"] for name in ATTRIBUTES}
    true = library.truth.drivers.set_index("attribute")["slope"]["staff"]
    return Found(slopes["staff"], true, max(slopes, key=slopes.get) == "staff")


@check("misleads", "importance as stated", "puts collection and hours before staff")
def stated_importance(library):
    answers = library.once("recovery: raked", _raked)
    mean = {name: answers[f"importance_{name}"].mean() for name in ATTRIBUTES}
    above = min(mean["collection"], mean["hours"])
    return Found(mean["staff"] - above, 0, mean["staff"] < above)


@check("recovers", "importance minus performance", "is largest for the opening hours")
def the_gap_is_hours(library):
    answers = library.once("recovery: raked", _raked)
    gap = {
        name: (answers[f"importance_{name}"] - answers[f"performance_{name}"]).mean() for name in ATTRIBUTES
    }
    true = library.truth.drivers.set_index("attribute").loc["hours"]
    return Found(gap["hours"], true["importance"] - true["performance"], max(gap, key=gap.get) == "hours")


# Comments ---------------------------------------------------------------------------------------------------


def _coded(library) -> pd.DataFrame:
    """One row per comment: the codes of A and B."""
    return library.comment_codes.pivot(index="comment_id", columns="coder", values=[THEME, TONE])


def _kappa(one, other) -> float:
    kinds = sorted(set(one) | set(other))
    table = pd.crosstab(one, other).reindex(index=kinds, columns=kinds, fill_value=0)
    return float(cohens_kappa(table, return_results=False))


def _reading(library, code: str) -> dict[str, np.ndarray]:
    """For each coder the probability of every code for every comment, from the truth: (comments, codes)."""
    comments, coders = library.truth.comments, library.truth.coders
    kind = np.full(len(comments), "any other", dtype=object)
    column = "about_children" if code == THEME else "ironic"
    kind[comments[column].to_numpy()] = "about children" if code == THEME else "ironic"
    true = comments[code].astype(str).to_numpy()
    found = {}
    for name, part in coders[coders["code"] == code].groupby("coder", observed=True):
        table = part.pivot(index=["comment", "true"], columns="coded", values="probability")
        found[name] = table.loc[list(zip(kind, true, strict=True))]
    return found


def _implied(library, code: str) -> tuple[float, pd.DataFrame]:
    """Cohen's kappa that the truth implies, and the table of expected shares, A by B."""
    reading = _reading(library, code)
    joint = reading["A"].to_numpy().T @ reading["B"].to_numpy() / len(reading["A"])
    chance = joint.sum(axis=1) @ joint.sum(axis=0)
    table = pd.DataFrame(joint, reading["A"].columns, reading["B"].columns)
    return (np.trace(joint) - chance) / (1 - chance), table


@check("recovers", "Cohen's kappa of the themes", "is within 0.06 of what the two ways of reading imply")
def kappa_of_themes(library):
    coded = library.once("recovery: coded", _coded)
    found, true = _kappa(coded[THEME, "A"], coded[THEME, "B"]), _implied(library, THEME)[0]
    return Found(found, true, abs(found - true) < 0.06)


@check("recovers", "Cohen's kappa of the tones", "is within 0.09 of what the two ways of reading imply")
def kappa_of_tones(library):
    coded = library.once("recovery: coded", _coded)
    found, true = _kappa(coded[TONE, "A"], coded[TONE, "B"]), _implied(library, TONE)[0]
    return Found(found, true, abs(found - true) < 0.09)


@check(
    "misleads",
    "percent agreement on “rules and fees, or not”",
    "is above Cohen's kappa of the same codes by 0.15 or more",
)
def percent_agreement(library):
    coded = library.once("recovery: coded", _coded)
    one, other = (coded[THEME, coder] == "rules and fees" for coder in "AB")
    agreed, kappa = float((one == other).mean()), _kappa(one, other)
    return Found(agreed, kappa, agreed > kappa + 0.15)


@check(
    "recovers",
    "where the coders part: the fullest cell off the diagonal of A by B",
    "is “space and noise” for A and “programs” for B",
)
def the_systematic_confusion(library):
    coded = library.once("recovery: coded", _coded)
    table = pd.crosstab(coded[THEME, "A"], coded[THEME, "B"])
    apart = table.to_numpy().copy()
    np.fill_diagonal(apart, 0)
    row, column = np.unravel_index(apart.argmax(), apart.shape)
    true = _implied(library, THEME)[1].loc["space and noise", "programs"] * len(coded)
    cell = table.loc["space and noise", "programs"]
    right = (table.index[row], table.columns[column]) == ("space and noise", "programs")
    return Found(float(cell), true, right and abs(cell / true - 1) < 0.7)


@check(
    "recovers",
    "comments that A takes for praise and B for a complaint",
    "are ironic, at least half of them",
)
def irony(library):
    coded = library.once("recovery: coded", _coded)
    apart = (coded[TONE, "A"] == "positive") & (coded[TONE, "B"] == "negative")
    ironic = library.truth.comments.set_index("comment_id")["ironic"]
    found = ironic[apart[apart].index].mean()
    return Found(float(found), 1, found >= 0.5)


# What staff believe -----------------------------------------------------------------------------------------


def _guessed(library) -> pd.DataFrame:
    return library.staff_guesses.merge(library.truth.guesses, on="question_key")


@check("misleads", "the staff's 80% ranges", "hold the truth in fewer than 62 of 100 cases")
def overconfident(library):
    guesses = library.once("recovery: guessed", _guessed)
    held = ((guesses["low"] <= guesses["value"]) & (guesses["value"] <= guesses["high"])).mean()
    return Found(float(held), 0.8, held < 0.62)


@check(
    "recovers",
    "the factor by which the ranges must be widened to hold 80 of 100",
    f"is within 35% of {1 / staff.SURE:g} (asked on the scale of log odds, where the ranges are even)",
)
def how_overconfident(library):
    guesses = library.once("recovery: guessed", _guessed)
    people = guesses["question_key"] == "heads"
    columns = ("low", "best", "high", "value")

    def scale(values):
        share = np.clip(values / 100, 0.005, 0.995)
        return np.where(people, np.log(np.maximum(values, 0.5)), np.log(share / (1 - share)))

    low, best, high, value = (scale(guesses[column].astype(float)) for column in columns)
    side = np.where(value > best, high - best, best - low)
    factor = np.quantile(np.abs(value - best) / np.maximum(side, 0.05), 0.8)
    return Found(float(factor), 1 / staff.SURE, abs(factor * staff.SURE - 1) < 0.35)


def _beliefs(library) -> tuple[pd.DataFrame, int, pd.Series]:
    """For each belief the share of the persona's core that it fits; the active patrons; who is all of a persona."""
    start = AS_OF - pd.DateOffset(months=12)
    patrons = library.patrons[library.patrons["last_use"] > start]
    patrons = patrons.merge(library.households[["household_id", "miles"]], on="household_id")
    patrons = patrons.set_index("patron_id")
    checkouts = library.checkouts
    lent = checkouts[(checkouts["date"] > start) & (checkouts["transaction_type"] == "checkout")]

    def mostly(column):
        count = lent.groupby(["patron_id", column], observed=False).size().unstack()
        return count.idxmax(axis=1).astype(str).reindex(patrons.index).fillna("nothing")

    def yes(ids):
        return pd.Series(np.where(patrons.index.isin(ids), "yes", "no"), patrons.index)

    facts = patrons[["category", "age_band", "home_branch", "language", "preferred_contact"]].astype(str)
    facts = facts.assign(
        **{
            "distance": np.where(patrons["miles"] <= 1, "within 1 mile", "farther"),
            "borrows mostly": mostly("material_type"),
            "borrows for": mostly("audience"),
            "takes print home": yes(lent.loc[lent["usage_class"] == "physical", "patron_id"]),
            "comes to programs": yes(library.attendance.query("date > @start")["patron_id"]),
            "uses the computers": yes(library.computer_sessions.query("date > @start")["patron_id"].dropna()),
        }
    )
    rows, whole = [], {}
    for persona, beliefs in library.staff_personas.groupby("persona", observed=True):
        has = pd.DataFrame(
            {row.attribute: facts[row.attribute] == row.believed for row in beliefs.itertuples()}
        )
        core = has[beliefs.loc[beliefs["defines"], "attribute"]].all(axis=1)
        whole[persona] = int(has.all(axis=1).sum())
        rows += [
            (persona, attribute, has.loc[core, attribute].mean())
            for attribute in beliefs.loc[~beliefs["defines"], "attribute"]
        ]
    return pd.DataFrame(rows, columns=["persona", "attribute", "fits"]), len(patrons), pd.Series(whole)


@check(
    "misleads",
    "share of active patrons that staff take each persona for",
    "for each of the four: fewer than 2 in 100 have all its attributes",
)
def nobody_is_the_persona(library):
    _, active, whole = library.once("recovery: beliefs", _beliefs)
    assumed = library.staff_personas.groupby("persona", observed=True)["assumed_share"].first()
    true = library.truth.personas.groupby("persona", observed=True)["all"].first()
    same = all(true[persona] == count for persona, count in whole.items())
    return Found(float(assumed.min()), float(whole.max() / active), same and whole.max() < 0.02 * active)


@check(
    "recovers",
    "which beliefs about a persona hold, counted in the tables",
    "those of the truth, and the same 7 of 20 in every library",
)
def which_beliefs_hold(library):
    beliefs, _, _ = library.once("recovery: beliefs", _beliefs)
    right = {
        ("storytime parent", "borrows mostly"),
        ("storytime parent", "language"),
        ("retired reader", "language"),
        ("retired reader", "uses the computers"),
        ("young digital native", "takes print home"),
        ("young digital native", "uses the computers"),
        ("computer regular", "comes to programs"),
    }
    found = {(row.persona, row.attribute) for row in beliefs[beliefs["fits"] >= 0.5].itertuples()}
    both = beliefs.merge(library.truth.personas, on=["persona", "attribute"])
    near = np.allclose(both["fits"], both["among"])
    return Found(len(found), both["holds"].sum(), near and found == right and len(both) == 20)
