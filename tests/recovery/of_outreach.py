"""Campaigns, and help with homework."""

import numpy as np
import pandas as pd
import statsmodels.api as sm

from course_utils.library import outreach
from recovery.checks import Found, check


def campaign(library, name: str) -> tuple[pd.DataFrame, pd.Timestamp, int]:
    """The log of one campaign, its day and its number."""
    row = library.campaigns.set_index("name").loc[name]
    log = library.mailings
    return log[log["campaign_id"] == row["campaign_id"]], row["date"], int(row["campaign_id"])


def true_effect(library, number: int, arm: str = "A", group: str = "all") -> float:
    effects = library.truth.campaign_effects.set_index(["campaign_id", "arm", "group"])["effect"]
    return float(effects[number, arm, group])


def difference(log: pd.DataFrame, clustered: bool, outcome: str = "came"):
    """Least squares of the outcome on the message: difference in proportions, with its standard error."""
    sent = sm.add_constant(log["sent"].astype(float).to_numpy())
    model = sm.OLS(log[outcome].astype(float).to_numpy(), sent)
    if clustered:
        return model.fit(cov_type="cluster", cov_kwds={"groups": log["household_id"].to_numpy()})
    return model.fit()


def uses(library) -> pd.DataFrame:
    """Card and day of every use."""
    checkouts = library.checkouts
    mine = checkouts[checkouts["transaction_type"] != "automatic renewal"]
    sessions = library.computer_sessions.dropna().astype({"patron_id": "int64"})
    frames = [frame[["patron_id", "date"]] for frame in (mine, library.attendance, sessions)]
    return pd.concat(frames).drop_duplicates()


def days_of_use(events: pd.DataFrame, ids: pd.Series, after: pd.Timestamp, until: pd.Timestamp) -> np.ndarray:
    """For each card, how many days of use after one day and until another."""
    within = events[(events["date"] > after) & (events["date"] <= until)]
    return ids.map(within["patron_id"].value_counts()).fillna(0).to_numpy()


@check(
    "recovers",
    "win-back: difference in proportions, clustered by household",
    "within 2 points of the true effect of about 5",
)
def win_back(library):
    log, _, number = campaign(library, "We have missed you")
    estimate = difference(log, clustered=True).params[1]
    truth = true_effect(library, number)
    return Found(estimate, truth, abs(estimate - truth) < 0.02)


@check(
    "recovers",
    "win-back: the interval from standard errors clustered by household",
    "excludes 0, and its 99% form holds the truth",
)
def win_back_interval(library):
    log, _, number = campaign(library, "We have missed you")
    fit, truth = difference(log, clustered=True), true_effect(library, number)
    low, high = fit.conf_int(0.01)[1]
    return Found(fit.params[1], truth, fit.conf_int(0.05)[1][0] > 0 and low <= truth <= high)


@check(
    "misleads",
    "storytime invitation: treat each patron as an independent draw",
    "the standard error is too small: below that clustered by household",
)
def as_if_independent(library):
    log, _, _ = campaign(library, "Storytime invitation")
    plain, right = (difference(log, clustered=clustered).bse[1] for clustered in (False, True))
    return Found(plain, right, plain < right)


@check("null", "two subject lines: chi-squared test on coming", "no effect on coming was planted")
def subject_lines(library):
    log, _, _ = campaign(library, "New-books e-mail, two subject lines")
    test = sm.stats.proportions_ztest(
        log.groupby("arm", observed=True)["came"].sum().to_numpy(),
        log.groupby("arm", observed=True).size().to_numpy(),
    )
    a, b = log.groupby("arm", observed=True)["came"].mean()
    return Found(b - a, 0.0, test[1] < 0.05)


@check(
    "misleads", "two subject lines: judge by openings", "B wins clearly (z above 1.96), and brings in nobody"
)
def openings(library):
    log, _, number = campaign(library, "New-books e-mail, two subject lines")
    log = log[log["opened"].notna()]
    opened = log["opened"].astype(float).groupby(log["arm"], observed=True).agg(["sum", "size", "mean"])
    z, _ = sm.stats.proportions_ztest(opened["sum"].to_numpy()[::-1], opened["size"].to_numpy()[::-1])
    truth = true_effect(library, number, "B") - true_effect(library, number, "A")
    return Found(opened["mean"]["B"] - opened["mean"]["A"], truth, z > 1.96 and truth == 0)


@check(
    "null", "season's greeting: difference in proportions, clustered by household", "no effect was planted"
)
def greeting(library):
    log, _, _ = campaign(library, "Season's greeting")
    fit = difference(log, clustered=True)
    return Found(fit.params[1], 0.0, fit.pvalues[1] < 0.05)


def with_and_without_newsletter(library) -> pd.DataFrame:
    log, day, _ = campaign(library, "Fall newsletter")
    patrons, events = library.patrons, uses(library)
    patrons = patrons[patrons["enrolled"] < day]
    ids = patrons["patron_id"]
    return pd.DataFrame(
        {
            "got": ids.isin(log["patron_id"]),
            "came": days_of_use(events, ids, day, day + pd.Timedelta(days=30)) > 0,
            "half_year": days_of_use(events, ids, day - pd.Timedelta(days=180), day),
            "month": days_of_use(events, ids, day - pd.Timedelta(days=30), day),
            "age_band": patrons["age_band"],
        }
    )


@check(
    "misleads",
    "newsletter: those who got it against everybody else on file",
    "came more often by more than 20 points, for a newsletter that brings in nobody",
)
def newsletter_claim(library):
    people = with_and_without_newsletter(library)
    got, others = people.loc[people["got"], "came"].mean(), people.loc[~people["got"], "came"].mean()
    return Found(got - others, 0.0, got - others > 0.20)


@check(
    "recovers",
    "newsletter: only those who had used the library lately, adjusted for use and age",
    "within 5 points of the true effect, 0",
)
def newsletter_adjusted(library):
    people = with_and_without_newsletter(library)
    people = people[people["half_year"] > 0]
    ages = pd.get_dummies(people["age_band"].cat.remove_unused_categories(), drop_first=True, dtype=float)
    known = ages.assign(
        got=people["got"].astype(float),
        half_year=np.log(people["half_year"]),
        month=np.log1p(people["month"]),
        lately=(people["month"] > 0).astype(float),
    )
    fit = sm.OLS(people["came"].astype(float), sm.add_constant(known)).fit()
    return Found(fit.params["got"], 0.0, abs(fit.params["got"]) < 0.05)


@check(
    "misleads",
    "summer postcard: plain difference between those with and without a card",
    "too high by more than 8 points: who came lately got one more often",
)
def postcard_plain(library):
    log, _, number = campaign(library, "Summer postcard")
    estimate, truth = difference(log, clustered=False).params[1], true_effect(library, number)
    return Found(estimate, truth, estimate - truth > 0.08)


def inverse_propensity(log: pd.DataFrame, chosen: np.ndarray) -> float:
    """Mean outcome had everybody got the arm ``chosen`` for them: weights add up to 1."""
    match = log["arm"].to_numpy() == chosen
    weight = match / log["propensity"].to_numpy()
    return float((weight * log["came"].to_numpy()).sum() / weight.sum())


@check(
    "recovers",
    "summer postcard: inverse-propensity weighting with the logged odds",
    "within 5 points of the true effect of about 9",
)
def postcard_weighted(library):
    log, _, number = campaign(library, "Summer postcard")
    estimate = inverse_propensity(log, np.full(len(log), "A")) - inverse_propensity(
        log, np.full(len(log), "control")
    )
    truth = true_effect(library, number)
    return Found(estimate, truth, abs(estimate - truth) < 0.05)


def storytime(library) -> tuple[pd.DataFrame, int]:
    """The log of the storytime invitation, with how many days with a loan each card had in the year before."""
    log, day, number = campaign(library, "Storytime invitation")
    checkouts = library.checkouts
    lent = checkouts.loc[checkouts["transaction_type"] == "checkout", ["patron_id", "date"]].drop_duplicates()
    return log.assign(days=days_of_use(lent, log["patron_id"], day - pd.Timedelta(days=365), day)), number


@check(
    "recovers",
    "storytime invitation: effect on those who borrowed on 1 to 4 days of the year",
    "within 10 points of the true effect of about 24",
)
def storytime_uplift(library):
    log, number = storytime(library)
    estimate = difference(log[log["days"].between(1, 4)], clustered=True).params[1]
    truth = true_effect(library, number, group="loans on 1 to 4 days")
    return Found(estimate, truth, abs(estimate - truth) < 0.10)


@check(
    "misleads",
    "storytime invitation: send it to those most likely to come",
    "of those who borrowed on 5 days or more over twice as many come unasked, and it moves fewer",
)
def storytime_by_propensity(library):
    log, number = storytime(library)
    often, seldom = log[log["days"] >= 5], log[log["days"].between(1, 4)]
    unasked = [part.loc[~part["sent"], "came"].mean() for part in (often, seldom)]
    moved = [difference(part, clustered=True).params[1] for part in (often, seldom)]
    truth = true_effect(library, number, group="loans on 5 days or more")
    return Found(moved[0], truth, unasked[0] > 2 * unasked[1] and moved[0] < moved[1])


@check(
    "recovers",
    "storytime invitation: unsubscribing, those who borrow often against the others",
    "higher by 2 to 13 points (planted: 7)",
)
def storytime_unsubscribing(library):
    log, _ = storytime(library)
    log = log[log["sent"]]
    often = (log["days"] >= 5).to_numpy()
    left = log["unsubscribed"].astype(float).to_numpy()
    estimate = left[often].mean() - left[~often].mean()
    return Found(estimate, outreach.UNSUBSCRIBES_OFTEN - outreach.UNSUBSCRIBES, 0.02 < estimate < 0.13)


def next_step(library) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """The log of the two letters, a policy by age, and what each patron really would do in each arm.

    The letters part at 50, the age bands at 45 and 55: the policy cannot be perfect.
    """
    log, _, _ = campaign(library, "A letter, one of two, or none")
    young = log["patron_id"].map(library.patrons.set_index("patron_id")["age_band"] < "45-54")
    would = log[["campaign_id", "patron_id"]].merge(library.truth.mailings, validate="one_to_one")
    would = would.set_axis([*would.columns[:2], "control", "A", "B"], axis="columns").astype({"B": bool})
    return log, np.where(young, "A", "B"), would


def true_value(would: pd.DataFrame, policy: np.ndarray) -> float:
    """Share who would come if each patron got what the policy says."""
    arms = ("control", "A", "B")
    return float(np.select([policy == arm for arm in arms], [would[arm] for arm in arms]).mean())


@check(
    "recovers",
    "next best action: value of letter A under 45 and B from 45, by inverse-propensity scoring",
    "within 4.5 points of the share who would come under it",
)
def policy_value(library):
    log, policy, would = next_step(library)
    estimate, truth = inverse_propensity(log, policy), true_value(would, policy)
    return Found(estimate, truth, abs(estimate - truth) < 0.045)


@check(
    "recovers",
    "next best action: gain of that policy over doing nothing",
    "within 5 points of the true gain of about 13, and above 0",
)
def policy_gain(library):
    log, policy, would = next_step(library)
    nothing = np.full(len(log), "control")
    estimate = inverse_propensity(log, policy) - inverse_propensity(log, nothing)
    truth = true_value(would, policy) - true_value(would, nothing)
    return Found(estimate, truth, estimate > 0 and abs(estimate - truth) < 0.05)


@check(
    "misleads",
    "next best action: the letter that does better on average, to everybody",
    "brings in fewer than each letter to those it suits, by inverse-propensity scoring of both",
)
def one_letter_for_all(library):
    log, policy, would = next_step(library)
    best = np.full(len(log), log.groupby("arm", observed=True)["came"].mean().idxmax())
    estimate = inverse_propensity(log, best) - inverse_propensity(log, policy)
    return Found(estimate, true_value(would, best) - true_value(would, policy), estimate < 0)


@check(
    "recovers",
    "text message pilot: 99% interval of a difference between 60 and 60",
    "holds the true effect; it is far too wide to say more",
)
def pilot(library):
    log, _, number = campaign(library, "Text message pilot")
    fit, truth = difference(log, clustered=False), true_effect(library, number)
    low, high = fit.conf_int(0.01)[1]
    return Found(fit.params[1], truth, low <= truth <= high)


def homework(library) -> tuple[pd.DataFrame, float]:
    """The panel with logs, and the true factor: mean over the months with help."""
    panel = library.homework_help
    panel = panel.assign(log=np.log(panel["young_afternoon_visits"]))
    factor = library.truth.homework_help.set_index("branch")["factor"]
    helped = panel.loc[panel["homework_help"], "branch"].astype(str)
    return panel, float(np.exp(np.log(helped.map(factor.rename(index=str))).mean()))


@check(
    "recovers",
    "help with homework: difference-in-differences of log visits, by branch and month",
    "factor within 10% of the true one of about 1.18",
)
def homework_panel(library):
    panel, truth = homework(library)
    dummies = pd.get_dummies(panel[["branch", "month"]].astype(str), drop_first=True, dtype=float)
    known = sm.add_constant(dummies.assign(help=panel["homework_help"].astype(float)))
    estimate = float(np.exp(sm.OLS(panel["log"], known).fit().params["help"]))
    return Found(estimate, truth, abs(estimate / truth - 1) < 0.10)


@check(
    "misleads",
    "help with homework: mean month after the start over mean month before it",
    "too high by more than 8 in 100: visits were rising anyway",
)
def homework_before_and_after(library):
    panel, truth = homework(library)
    part = panel[panel["branch"].isin(["NORTH", "HARBOR"])]
    mean = part.groupby(["branch", "homework_help"], observed=True)["young_afternoon_visits"].mean().unstack()
    estimate = float((mean[True] / mean[False]).mean())
    return Found(estimate, truth, estimate / truth > 1.08)
