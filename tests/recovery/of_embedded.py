"""Embedded work: what a textbook analysis finds of volume, difficulty, rating, touches, return and trust."""

import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from course_utils.tables import AS_OF, FIRST_DAY
from recovery.checks import Found, check

TEAMS, MONTHS = 24, 36
QUIET = 13  # October 2023, the first of the three quiet months
DAYS_90 = pd.Timedelta(days=90)


# What several checks need; kept with the library ---------------------------------------------------------------


def true(library) -> dict[str, float]:
    """The true numbers, by name."""
    make = lambda library: library.truth.relationships.set_index("quantity")["value"].to_dict()  # noqa: E731
    return library.once("recovery: true numbers", make)


def month_of(dates) -> pd.Series:
    """Months since September 2022."""
    return (dates.dt.year - FIRST_DAY.year) * 12 + dates.dt.month - FIRST_DAY.month


def panel(library) -> pd.DataFrame:
    """One row per team and month: consultations, and whether the team was embedded."""

    def make(library):
        asked, teams = library.consultations, library.teams.set_index("team_id")
        index = pd.MultiIndex.from_product([teams.index, range(MONTHS)], names=["team_id", "month"])
        count = asked.groupby([asked["team_id"], month_of(asked["date"])]).size()
        rows = pd.DataFrame({"count": count.reindex(index, fill_value=0)}).reset_index()
        start = rows["team_id"].map(month_of(teams["embedded_since"]))
        rows["ever"] = start.notna()
        rows["embedded"] = rows["month"] >= start
        rows["start"] = start
        rows["visited"] = rows["team_id"].map(teams["visited"].notna())
        return rows

    return library.once("recovery: panel", make)


def effects(rows: pd.DataFrame) -> np.ndarray:
    """Dummies of teams and months."""
    parts = [pd.get_dummies(rows["team_id"]), pd.get_dummies(rows["month"], drop_first=True)]
    return np.column_stack([part.to_numpy(float) for part in parts])


def poisson(rows: pd.DataFrame, what, clustered: bool = True) -> tuple[float, float, int]:
    """Log ratio, its standard error and the degrees of freedom: Poisson with team and month effects."""
    design = np.column_stack([np.asarray(what, dtype=float), effects(rows)])
    options = {"cov_type": "cluster", "cov_kwds": {"groups": rows["team_id"].to_numpy()}} if clustered else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = sm.GLM(rows["count"].to_numpy(), design, family=sm.families.Poisson()).fit(**options)
    return fit.params[0], fit.bse[0], rows["team_id"].nunique() - 1


def rejects(estimate: float, error: float, freedom: int, value: float = 0) -> bool:
    """A two-sided t-test at 5%."""
    return bool(abs(estimate - value) / error > stats.t.ppf(0.975, freedom))


def asked(library) -> pd.DataFrame:
    """The consultations, with month, embedded, and whether the person was back within 90 days (missing: unknown)."""

    def make(library):
        rows = library.consultations
        start = rows["team_id"].map(library.teams.set_index("team_id")["embedded_since"])
        left = rows["person_id"].map(library.team_people.set_index("person_id")["left"])
        rows["month"] = month_of(rows["date"])
        rows["embedded"] = (rows["date"] >= start).astype(float)
        following = rows.groupby("person_id")["date"].shift(-1)
        rows["back"] = (following - rows["date"] <= DAYS_90).astype(float)
        rows.loc[left.fillna(AS_OF).clip(upper=AS_OF) - rows["date"] < DAYS_90, "back"] = np.nan
        return rows

    return library.once("recovery: asked", make)


def did(rows: pd.DataFrame, outcome, *others) -> tuple[float, float, int]:
    """The coefficient of ``embedded`` in a regression with team and month effects, clustered by team."""
    design = np.column_stack([rows["embedded"], *others, effects(rows)])
    fit = sm.OLS(np.asarray(outcome, dtype=float), design).fit(
        cov_type="cluster", cov_kwds={"groups": rows["team_id"].to_numpy()}
    )
    return fit.params[0], fit.bse[0], rows["team_id"].nunique() - 1


# Volume ----------------------------------------------------------------------------------------------------------


def volume(library):
    return library.once(
        "recovery: volume", lambda library: poisson(panel(library), panel(library)["embedded"])
    )


@check(
    "recovers",
    "Consultations, embedded or not: Poisson with team and month effects (difference-in-differences)",
    "The ratio is within 25% of the true factor.",
)
def volume_ratio(library):
    estimate, truth = np.exp(volume(library)[0]), true(library)["volume_factor"]
    return Found(estimate, truth, abs(estimate / truth - 1) < 0.25)


@check(
    "recovers",
    "The same: the 95% interval, clustered by team",
    "It contains the true factor. (A little more often than in 95 of 100, because some teams gain more than others.)",
)
def volume_interval(library):
    estimate, error, freedom = volume(library)
    truth = np.log(true(library)["volume_factor"])
    return Found(np.exp(estimate), np.exp(truth), not rejects(estimate, error, freedom, truth))


@check(
    "misleads",
    "The same without clustering: its standard error over the clustered one",
    "It is too small: below 1.",
)
def volume_unclustered(library):
    ratio = poisson(panel(library), panel(library)["embedded"], clustered=False)[1] / volume(library)[1]
    return Found(ratio, 1, ratio < 1)


@check(
    "recovers",
    "The same with each embedded team beside its nearest team without, by consultations in the first ten months",
    "The ratio is within 30% of the true factor.",
)
def volume_matched(library):
    rows = panel(library)
    before = rows[rows["month"] < 10].groupby("team_id")["count"].mean()
    ever = rows.groupby("team_id")["ever"].first()
    free = before[~ever]
    matched = []
    for team in before[ever].sort_values(ascending=False).index:
        nearest = (free - before[team]).abs().idxmin()
        matched += [team, nearest]
        free = free.drop(nearest)
    rows = rows[rows["team_id"].isin(matched)]
    estimate, truth = np.exp(poisson(rows, rows["embedded"])[0]), true(library)["volume_factor"]
    return Found(estimate, truth, abs(estimate / truth - 1) < 0.3)


@check(
    "null",
    "Pre-trend: do teams that will be embedded grow differently before it? Clustered by team",
    "There is no difference in growth.",
)
def volume_pretrend(library):
    rows = panel(library)
    rows = rows[~rows["embedded"] & (rows["month"] < rows["start"].max())]
    estimate, error, freedom = poisson(rows, rows["ever"] * rows["month"] / 12)
    return Found(np.exp(estimate), 1, rejects(estimate, error, freedom))


@check(
    "misleads",
    "Embedded teams only: September 2024 to June 2025, when all of them were, over the same months of 2022-23",
    "It is above the true factor: everybody asks more every year.",
)
def volume_before_after(library):
    rows = panel(library)
    count = rows[rows["ever"]].groupby("month")["count"].sum()
    estimate, truth = count[24:34].sum() / count[:10].sum(), true(library)["volume_factor"]
    return Found(estimate, truth, estimate > truth)


@check(
    "misleads",
    "Consultations a month since October 2024, embedded teams over the others",
    "It is above the true factor by more than 5%: the eager teams embed first.",
)
def volume_cross_section(library):
    rows = panel(library)
    mean = rows[rows["month"] > rows["start"].max()].groupby("ever")["count"].mean()
    estimate, truth = mean[True] / mean[False], true(library)["volume_factor"]
    return Found(estimate, truth, estimate > 1.05 * truth)


@check(
    "misleads",
    "Consultations a month before anybody was embedded: teams that will be, over the others",
    "Above 1, before anything has happened: selection.",
)
def volume_selection(library):
    rows = panel(library)
    mean = rows[rows["month"] < rows["start"].min()].groupby("ever")["count"].mean()
    return Found(mean[True] / mean[False], 1, mean[True] > mean[False])


# The visits to the quiet teams -------------------------------------------------------------------------------


def rise(rows: pd.DataFrame, chosen, first: int, months: int = 3) -> float:
    """Consultations a month of the ``chosen`` in the ``months`` from ``first`` + 4 over those of three from ``first``."""
    mine = rows[rows["team_id"].isin(chosen)]
    return (
        mine.loc[mine["month"].between(first + 4, first + 3 + months), "count"].sum()
        * (3 / months)
        / mine.loc[mine["month"].between(first, first + 2), "count"].sum()
    )


def quietest(rows: pd.DataFrame, first: int) -> pd.Index:
    count = rows[rows["month"].between(first, first + 2)].groupby("team_id")["count"].sum()
    return count.sort_values(kind="stable").index[:6]


@check(
    "misleads",
    "Quiet teams that were visited: February to April 2024 over October to December 2023",
    "They ask more, though the visit does nothing.",
)
def visits_before_after(library):
    rows = panel(library)
    estimate = rise(rows, rows.loc[rows["visited"], "team_id"].unique(), QUIET)
    return Found(estimate, 1, estimate > 1)


@check(
    "misleads",
    "The same to July 2024, a month, over the teams outside the plan that were not visited",
    "Still above 1: a comparison with teams that were not quiet does not help.",
)
def visits_against_the_others(library):
    rows = panel(library)
    rows = rows[~rows["ever"]]
    visited = rows.loc[rows["visited"], "team_id"].unique()
    others = rows.loc[~rows["visited"], "team_id"].unique()
    estimate = rise(rows, visited, QUIET, 6) / rise(rows, others, QUIET, 6)
    return Found(estimate, 1, estimate > 1)


@check(
    "recovers",
    "The rise of the visited over the mean rise of the six quietest of nine other quarters, whom nobody visited",
    "Within 40% of 1: they rise as much. It is regression to the mean.",
)
def visits_against_other_quarters(library):
    rows = panel(library)
    rows = rows[~rows["ever"]]

    def against_all(first):
        return np.log(rise(rows, quietest(rows, first), first) / rise(rows, rows["team_id"].unique(), first))

    others = np.mean([against_all(first) for first in range(1, 30, 3) if first != QUIET])
    estimate = np.exp(against_all(QUIET) - others)
    return Found(estimate, 1, abs(estimate - 1) < 0.4)


@check(
    "null",
    "The same teams by difference-in-differences over all months but the quiet ones and that of the visit",
    "There is no effect.",
)
def visits_did(library):
    rows = panel(library)
    rows = rows[~rows["ever"] & ~rows["month"].between(QUIET, QUIET + 3)]
    estimate, error, freedom = poisson(rows, rows["visited"] & (rows["month"] > QUIET))
    return Found(np.exp(estimate), 1, rejects(estimate, error, freedom))


# Difficulty, new kinds, rating -------------------------------------------------------------------------------


@check(
    "recovers",
    "Share of READ 4 and above: regression with team and month effects",
    "Within 7 points of the truth.",
)
def read_points(library):
    rows = asked(library)
    estimate, truth = did(rows, rows["read_level"] >= 4)[0], true(library)["read_points"]
    return Found(estimate, truth, abs(estimate - truth) < 0.07)


@check(
    "null",
    "The same, clustered by team: a test of the true number of points",
    "The interval misses the truth in about 5 of 100.",
)
def read_interval(library):
    rows, truth = asked(library), true(library)["read_points"]
    estimate, error, freedom = did(rows, rows["read_level"] >= 4)
    return Found(estimate, truth, rejects(estimate, error, freedom, truth))


@check(
    "recovers",
    "Share of requests of a kind never asked before: regression with team and month effects",
    "Within 5 points of the truth.",
)
def new_points(library):
    rows = asked(library)
    estimate, truth = did(rows, rows["new_kind_of_request"])[0], true(library)["new_points"]
    return Found(estimate, truth, abs(estimate - truth) < 0.05)


def rated(library) -> pd.DataFrame:
    return asked(library).dropna(subset=["rating"]).astype({"rating": float})


@check(
    "misleads",
    "Mean rating of consultations with embedded teams, less that of the others",
    "Below three quarters of the truth: they ask harder questions, and harder ones are rated lower.",
)
def rating_raw(library):
    mean, truth = rated(library).groupby("embedded")["rating"].mean(), true(library)["rating_points"]
    return Found(mean[1] - mean[0], truth, mean[1] - mean[0] < 0.75 * truth)


@check(
    "recovers",
    "The same at a given READ level: regression on embedded and READ level",
    "Within 0.15 of the truth.",
)
def rating_adjusted(library):
    rows, truth = rated(library), true(library)["rating_points"]
    fit = sm.OLS(rows["rating"], sm.add_constant(rows[["embedded", "read_level"]].astype(float))).fit()
    return Found(fit.params["embedded"], truth, abs(fit.params["embedded"] - truth) < 0.15)


@check(
    "recovers",
    "The same with team and month effects",
    "Within 0.2 of the truth.",
)
def rating_did(library):
    rows, truth = rated(library), true(library)["rating_points"]
    estimate = did(rows, rows["rating"], rows["read_level"])[0]
    return Found(estimate, truth, abs(estimate - truth) < 0.2)


# Liaisons -----------------------------------------------------------------------------------------------------


def liaison_test(rows: pd.DataFrame, outcome: str, *given: str) -> Found:
    """The largest difference between liaisons at the same ``given``, and whether an F-test (HC1) rejects at 5%."""
    codes = pd.get_dummies(rows["liaison"], drop_first=True).to_numpy(float)
    design = np.column_stack([codes, rows[list(given)].astype(float), np.ones(len(rows))])
    fit = sm.OLS(rows[outcome].to_numpy(float), design).fit(cov_type="HC1", use_t=True)
    levels = np.append(fit.params[:3], 0)
    test = fit.f_test(np.eye(3, design.shape[1]))
    return Found(levels.max() - levels.min(), 0, bool(test.pvalue < 0.05))


@check(
    "null",
    "Rating by liaison at a given READ level, embedded or not: an F-test",
    "The liaisons do not differ.",
)
def rating_by_liaison(library):
    return liaison_test(rated(library), "rating", "read_level", "embedded")


@check(
    "null",
    "New kinds of requests by liaison, embedded or not: an F-test",
    "The liaisons do not differ: their teams do.",
)
def new_by_liaison(library):
    return liaison_test(asked(library), "new_kind_of_request", "embedded")


@check(
    "misleads",
    "Two scoreboards: resolved at first contact and minutes per question; came back within 90 days and new kinds",
    "The first two name one liaison as the best, the other two another: the number of the four that say so is 4.",
)
def two_scoreboards(library):
    by = asked(library).groupby("liaison", observed=True)
    quick, relational = (f"L{true(library)[f'{name}_liaison']:.0f}" for name in ("quick", "relational"))
    found = [
        by["resolved"].mean().idxmax() == quick,
        by["minutes"].mean().idxmin() == quick,
        by["back"].mean().idxmax() == relational,
        by["new_kind_of_request"].mean().idxmax() == relational,
    ]
    return Found(sum(found), 4, all(found))


# Touches ------------------------------------------------------------------------------------------------------


def grid(library) -> dict:
    """Counts by person (or team) and weekday: questions, presence, and each kind of touch, as arrays."""

    def make(library):
        questions, touches, people = library.consultations, library.touches, library.team_people
        days = pd.bdate_range(FIRST_DAY, AS_OF)
        open_ = days.isin(questions["date"]) | days.isin(touches["date"])
        days = days[open_]
        place = pd.Series(np.arange(len(days)), days)

        def table(rows, column, count):
            filled = np.zeros((count, len(days)), dtype=int)
            numbers = rows[column].astype(int).to_numpy() - 1
            np.add.at(filled, (numbers, rows["date"].map(place).to_numpy()), 1)
            return filled

        count = len(people)
        day = days.to_numpy()
        by_kind = {kind: touches[touches["kind"] == kind] for kind in ("incidental", "e-mail", "meeting")}
        return {
            "day": day,
            "month": (days.year * 12 + days.month).to_numpy() - (FIRST_DAY.year * 12 + FIRST_DAY.month),
            "questions": table(questions, "person_id", count),
            "team": people["team_id"].to_numpy() - 1,
            "present": (day >= people["joined"].to_numpy()[:, None])
            & ~(day >= people["left"].to_numpy()[:, None]),
            "incidental": table(by_kind["incidental"], "person_id", count),
            "e-mail": table(by_kind["e-mail"], "person_id", count),
            "meeting": table(by_kind["meeting"], "team_id", TEAMS),
            "since": np.searchsorted(day, day - np.timedelta64(6, "D")),
        }

    return library.once("recovery: grid", make)


def within_a_week(touched: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Whether there was a touch on the day or one of the six before it."""
    total = np.concatenate([np.zeros((len(touched), 1), dtype=int), touched.cumsum(axis=1)], axis=1)
    return total[:, 1:] > total[:, since]


def by_month(values: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Sums over the days of each month."""
    return np.add.reduceat(values, np.searchsorted(month, np.arange(MONTHS)), axis=1).astype(float)


def rate_ratio(questions, exposed, present, month) -> tuple[float, float]:
    """Mantel–Haenszel ratio of rates within row and month, and the standard error of its logarithm.

    ``present`` is the number of people; each asks at most once a day, so the variance is hypergeometric.
    """
    a, t1 = by_month(questions * exposed, month), by_month(present * exposed, month)
    m, t = by_month(questions, month), by_month(present, month)
    used = t > 1
    a, t1, m, t = a[used], t1[used], m[used], t[used]
    b, t0 = m - a, t - t1
    r, s = (a * t0 / t).sum(), (b * t1 / t).sum()
    return r / s, np.sqrt((m * (t - m) / (t - 1) * t1 * t0 / t**2).sum() / (r * s))


def touch_ratio(library, kind: str) -> tuple[float, float]:
    cells = grid(library)
    exposed = within_a_week(cells[kind], cells["since"])
    return rate_ratio(cells["questions"], exposed, cells["present"], cells["month"])


@check(
    "recovers",
    "Questions on the day of an incidental touch and the six after it: rate ratio within person and month",
    "Within 25% of the true factor.",
)
def touches_within_person(library):
    estimate, truth = touch_ratio(library, "incidental")[0], true(library)["touch_factor"]
    return Found(estimate, truth, abs(estimate / truth - 1) < 0.25)


@check(
    "recovers",
    "Questions within seven days of an incidental touch, over the mean of 99 shuffles within person and month",
    "More than in every shuffle; the ratio is above 1.2 and below the factor (shuffled touches also meet weeks with one).",
)
def touches_shuffled(library):
    cells, rng = grid(library), np.random.default_rng(library.seed % 2**32)
    person, at = np.nonzero(cells["incidental"])
    starts = np.searchsorted(cells["month"], np.arange(MONTHS + 1))
    month = cells["month"][at]
    questions = np.concatenate([np.zeros((len(cells["team"]), 1)), cells["questions"].cumsum(axis=1)], axis=1)
    until = np.searchsorted(cells["day"], cells["day"] + np.timedelta64(6, "D"), side="right")

    def followed(day):
        """Touches after which the person asked within the week."""
        return (questions[person, until[day]] > questions[person, day]).sum()

    def anywhere():
        return followed(rng.integers(starts[month], starts[month + 1]))

    shuffled = np.array([anywhere() for _ in range(99)])
    estimate, truth = followed(at) / shuffled.mean(), true(library)["touch_factor"]
    return Found(estimate, truth, bool(followed(at) > shuffled.max() and 1.2 < estimate < truth))


@check(
    "misleads",
    "The same rate ratio over all people and days, without looking within the person",
    "Above the true factor by at least 10%: those who ask much are also greeted much.",
)
def touches_pooled(library):
    cells = grid(library)
    exposed = within_a_week(cells["incidental"], cells["since"])
    questions, present = cells["questions"], cells["present"]
    estimate = (questions[exposed].sum() / present[exposed].sum()) / (
        questions[~exposed].sum() / present[~exposed].sum()
    )
    truth = true(library)["touch_factor"]
    return Found(estimate, truth, estimate > 1.1 * truth)


@check("null", "The rate ratio for e-mails, within person and month", "An e-mail brings no questions.")
def e_mails(library):
    ratio, error = touch_ratio(library, "e-mail")
    return Found(ratio, 1, abs(np.log(ratio)) / error > 1.96)


def team_cells(library):
    cells = grid(library)
    questions, present = np.zeros((2, *cells["meeting"].shape), dtype=int)
    np.add.at(questions, cells["team"], cells["questions"])
    np.add.at(present, cells["team"], cells["present"])
    return questions, within_a_week(cells["meeting"], cells["since"]), present, cells["month"]


@check("null", "The rate ratio for meetings, within team and month", "A meeting brings no questions.")
def meetings(library):
    ratio, error = rate_ratio(*team_cells(library))
    return Found(ratio, 1, abs(np.log(ratio)) / error > 1.96)


@check(
    "misleads",
    "The rate ratio for meetings over all teams and days",
    "Above 1.05: embedded teams have more of both.",
)
def meetings_pooled(library):
    questions, exposed, _, _ = team_cells(library)
    ratio = questions[exposed].mean() / questions[~exposed].mean()
    return Found(ratio, 1, ratio > 1.05)


# Coming back, and trust ---------------------------------------------------------------------------------------


def returns(library) -> pd.DataFrame:
    """One row per person: days from the first to the second consultation, or as long as the person was followed."""

    def make(library):
        rows = library.consultations
        first = rows.groupby("person_id")["date"].first()
        left = library.team_people.set_index("person_id")["left"].reindex(first.index)
        second = rows.groupby("person_id")["date"].nth(1)
        second.index = rows.loc[second.index, "person_id"]
        second = second.reindex(first.index)
        end = second.fillna(left.fillna(AS_OF))
        kind = rows.groupby("person_id")["asked_by"].first()
        return pd.DataFrame(
            {
                "days": (end - first).dt.days,
                "back": second.notna(),
                "relational": kind.isin(["in passing", "scheduled"]),
            }
        )

    return library.once("recovery: returns", make)


def away(rows: pd.DataFrame) -> float:
    """Kaplan–Meier: the share not back after 90 days."""
    curve = SurvfuncRight(rows["days"].to_numpy(float), rows["back"].to_numpy(int))
    at = np.searchsorted(curve.surv_times, 90, side="right") - 1
    return curve.surv_prob[at]


@check(
    "recovers",
    "Share not back 90 days after a relational first contact: Kaplan–Meier",
    "Within 10 points of the truth.",
)
def away_relational(library):
    rows, truth = returns(library), true(library)["away_90_relational"]
    estimate = away(rows[rows["relational"]])
    return Found(estimate, truth, abs(estimate - truth) < 0.1)


@check(
    "recovers",
    "Share not back 90 days after a transactional first contact: Kaplan–Meier",
    "Within 10 points of the truth.",
)
def away_transactional(library):
    rows, truth = returns(library), true(library)["away_90_transactional"]
    estimate = away(rows[~rows["relational"]])
    return Found(estimate, truth, abs(estimate - truth) < 0.1)


@check(
    "recovers",
    "The second less the first",
    "Above 0: after a relational contact more come back.",
)
def away_difference(library):
    rows, value = returns(library), true(library)
    estimate = away(rows[~rows["relational"]]) - away(rows[rows["relational"]])
    truth = value["away_90_transactional"] - value["away_90_relational"]
    return Found(estimate, truth, estimate > 0)


@check(
    "misleads",
    "Share not back after 90 days, all first contacts, without those who never came back",
    "Below the truth: dropping the censored makes people look quicker.",
)
def away_without_censored(library):
    rows, truth = returns(library), library.truth.repeat_contact["away_90"].mean()
    estimate = (rows.loc[rows["back"], "days"] > 90).mean()
    return Found(estimate, truth, estimate < truth)


def survey(library) -> pd.DataFrame:
    rows = library.trust_survey
    items = rows.columns[2:]
    rows["score"] = rows[items].mean(axis=1)
    left = rows["person_id"].map(library.team_people.set_index("person_id")["left"])
    rows = rows[~(left <= rows["answered"] + DAYS_90)]
    events = library.consultations.merge(rows[["person_id", "answered"]], on="person_id")
    soon = events[(events["date"] > events["answered"]) & (events["date"] <= events["answered"] + DAYS_90)]
    return rows.assign(back=rows["person_id"].isin(soon["person_id"]))


@check(
    "recovers",
    "Cronbach's alpha of the nine sentences",
    "Within 0.08 of that of what is felt, before it becomes 1 to 5 (which takes a little away).",
)
def alpha(library):
    items = library.trust_survey.iloc[:, 2:]
    count = items.shape[1]
    estimate = count / (count - 1) * (1 - items.var().sum() / items.sum(axis=1).var())
    truth = true(library)["alpha"]
    return Found(estimate, truth, abs(estimate - truth) < 0.08)


@check(
    "recovers",
    "Coming back within 90 days of the survey by the mean of the nine sentences: logistic regression",
    "The odds ratio per point is above 1, and the test says so at 5%.",
)
def trust_and_return(library):
    rows = survey(library)
    fit = sm.Logit(rows["back"].astype(float), sm.add_constant(rows["score"])).fit(disp=0)
    estimate = np.exp(fit.params["score"])
    return Found(estimate, np.nan, bool(estimate > 1 and fit.pvalues["score"] < 0.05))
