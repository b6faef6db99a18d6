"""What people ask for and what the desk notes: searches, holds, questions, registrations, the door; and who has a card."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from course_utils.library.calibration import settings
from course_utils.tables import AS_OF, BRANCHES
from recovery.checks import Found, check

YEARS = ("2022-09-01", "2023-09-01", "2024-09-01", "2025-09-01")


def library_year(dates: pd.Series) -> np.ndarray:
    """2023, 2024 or 2025: the year in which the library year ends."""
    return 2022 + np.searchsorted(np.array(YEARS, dtype="datetime64[us]"), dates.to_numpy(), side="right")


# The door ----------------------------------------------------------------------------------------------------


@check(
    "misleads",
    "one typical October week, times 52",
    "it overstates the visits of a year; median of the full weeks",
)
def october(library):
    gates = library.gate_counts
    by_day = gates.groupby("date")["visits"].sum()
    weeks = by_day.groupby(by_day.index.to_period("W-SUN")).agg(["sum", "size"])
    october = weeks[
        (weeks.index.start_time.month == 10) & (weeks.index.end_time.month == 10) & (weeks["size"] == 7)
    ]
    typical = october["sum"].groupby(october.index.start_time.year).median()
    estimate, truth = 52 * typical.sum(), by_day.sum()
    return Found(estimate / truth, 1.0, estimate > truth)


@check(
    "recovers",
    "Wi-Fi on days when the doors are closed",
    "sessions from the street, at each building, within 20%",
)
def wifi_outside(library):
    wifi = library.wifi_sessions
    open_days = pd.MultiIndex.from_frame(library.gate_counts[["branch", "date"]].astype({"branch": "str"}))
    closed = wifi[
        ~pd.MultiIndex.from_frame(wifi[["branch", "date"]].astype({"branch": "str"})).isin(open_days)
    ]
    estimate = closed.groupby("branch", observed=True)["sessions"].mean()
    years = (AS_OF - closed["date"]).dt.days.groupby(closed["branch"], observed=True).mean() / 365.25
    truth = library.truth.wifi.set_index("branch")["outside"].reindex(list(BRANCHES[:3])) * np.exp(
        -0.06 * years
    )
    ratio = (estimate / truth).loc[list(BRANCHES[:3])]
    worst = ratio.iloc[(ratio - 1).abs().argmax()]
    return Found(worst, 1.0, abs(worst - 1) < 0.2)


# Searches and holds -------------------------------------------------------------------------------------------


def nothing_found(library) -> pd.DataFrame:
    searches = library.searches
    return searches[searches["results"] == 0].assign(year=lambda frame: library_year(frame["date"]))


def of_topic(searches: pd.DataFrame, topic: str) -> pd.Series:
    return searches["terms"].str.contains(rf"\b{topic.split()[0]}", regex=True)


@check(
    "recovers",
    "searches that find nothing, counted by thing",
    "rank correlation with what is typed at least 0.9",
)
def wishes_ranking(library):
    found, truth = nothing_found(library), library.truth.wishes
    typed = truth.groupby("topic")["typed"].mean()
    count = [of_topic(found, topic).sum() for topic in typed.index]
    rank = stats.spearmanr(count, typed).statistic
    return Found(rank, 1.0, rank >= 0.9)


@check(
    "recovers", "growth of searches for a hotspot, Poisson", "log growth per year within 0.25; above 0 at 5%"
)
def rising(library):
    found, truth = nothing_found(library), library.truth.wishes
    topic = truth.loc[truth["change"] == "rising", "topic"].iloc[0]
    count = found.loc[of_topic(found, topic), "year"].value_counts().reindex([2023, 2024, 2025], fill_value=0)
    total = np.bincount(library_year(library.searches["date"]))[2023:]
    fit = sm.GLM(
        count.to_numpy(), sm.add_constant(np.arange(3)), family=sm.families.Poisson(), offset=np.log(total)
    ).fit()
    want = truth[truth["topic"] == topic].set_index("year")["wanted"]
    true = np.log(want[2025] / want[2023]) / 2
    return Found(fit.params[1], true, abs(fit.params[1] - true) < 0.25 and fit.pvalues[1] < 0.05)


@check(
    "misleads",
    "growth of searches for the thing shown under the new box",
    "looks like growth by half or more, both years",
)
def looks_rising(library):
    found, truth = nothing_found(library), library.truth.wishes
    topic = truth.loc[truth["change"] == "looks rising", "topic"].iloc[0]
    count = found.loc[of_topic(found, topic), "year"].value_counts().reindex([2023, 2025], fill_value=0)
    return Found(count[2025] / count[2023], 1.0, count[2025] > 1.5 * count[2023])


@check(
    "null",
    "the same, at the stations in the library, which kept the old box",
    "no growth: exact test against all searches there",
)
def looks_rising_at_stations(library):
    searches = library.searches[library.searches["where"] == "in the library"]
    after = searches["date"] >= "2024-03-04"
    topic = library.truth.wishes.query("change == 'looks rising'")["topic"].iloc[0]
    here = of_topic(searches, topic) & (searches["results"] == 0)
    number, base = int(here.sum()), after.mean()
    tail = stats.binom(number, base)
    later = int((here & after).sum())
    # Two-sided, mid-p: with few searches the plain exact test rejects too seldom.
    upper, lower = tail.sf(later) + tail.pmf(later) / 2, tail.cdf(later) - tail.pmf(later) / 2
    return Found(2 * min(upper, lower), 1.0, 2 * min(upper, lower) < 0.05)


@check("recovers", "share of requests not owned, by subject", "the two subjects with a gap come out on top")
def gaps(library):
    holds, truth = library.holds, library.truth.gaps.set_index("subject")["not_owned"]
    share = holds.groupby("subject")["status"].agg(lambda status: (status == "not owned").mean())
    share = share[holds["subject"].value_counts().reindex(share.index) >= 100]
    top = set(share.nlargest(2).index)
    return Found(share.nlargest(2).min(), truth.nlargest(2).min(), top == set(truth.nlargest(2).index))


@check(
    "misleads", "mean wait of the requests that were filled", "less than 9 tenths of what the line really was"
)
def filled_only(library):
    waits = library.holds.merge(library.truth.waits, on="hold_id")
    filled = waits["wait_days"].astype("Float64").mean()
    return Found(filled, waits["line_days"].mean(), filled < 0.9 * waits["line_days"].mean())


@check(
    "recovers",
    "wait by requests per copy",
    "titles with 5 requests per copy or more wait 3 times as long as the others",
)
def holds_ratio(library):
    owned = library.holds.dropna(subset="item_id").astype({"item_id": "int64"})
    ratio = owned["item_id"].value_counts() / library.items.set_index("item_id")["copies"]
    many = owned["item_id"].map(ratio) >= 5
    wait = owned["wait_days"].astype("Float64")
    line = owned["hold_id"].map(library.truth.waits.set_index("hold_id")["line_days"])
    estimate = wait[many].mean() / wait[~many].mean()
    return Found(estimate, line[many].mean() / line[~many].mean(), estimate >= 3)


# The desk -----------------------------------------------------------------------------------------------------


def strata(library) -> pd.DataFrame:
    questions = library.reference_questions
    return questions.assign(level=pd.cut(questions["read_level"], [0, 2, 3, 6], labels=["1-2", "3", "4-6"]))


def true_difference(library) -> pd.Series:
    """Main library less Northgate, at each READ level."""
    truth = library.truth.desk.pivot(index="read_level", columns="branch", values="referred")
    return truth["MAIN"] - truth["NORTH"]


@check(
    "misleads", "share of questions sent on: main library against Northgate", "the main library looks worse"
)
def sent_on_overall(library):
    share = library.reference_questions.groupby("branch", observed=True)["referred"].mean()
    mix = library.reference_questions["read_level"].value_counts(normalize=True)
    same = (true_difference(library) * mix).sum()  # were all questions as hard at both
    return Found(share["MAIN"] - share["NORTH"], same, share["MAIN"] > share["NORTH"])


@check(
    "recovers",
    "the same, among questions of READ 1-2, 3 and 4-6",
    "the main library sends on fewer in every one of them",
)
def sent_on_by_level(library):
    share = strata(library).groupby(["level", "branch"], observed=True)["referred"].mean().unstack()
    worst = (share["MAIN"] - share["NORTH"]).max()
    return Found(worst, true_difference(library).max(), worst < 0)


@check(
    "recovers",
    "odds of being sent on, main library against Northgate, adjusted for READ (logit)",
    "log odds ratio within 0.35",
)
def sent_on_adjusted(library):
    questions = library.reference_questions
    questions = questions[questions["branch"].isin(["MAIN", "NORTH"])]
    design = pd.get_dummies(questions["read_level"].clip(upper=5), dtype=float)
    design["main"] = (questions["branch"] == "MAIN").astype(float)
    fit = sm.Logit(questions["referred"].astype(float), design).fit(disp=0)
    truth = library.truth.desk.set_index(["read_level", "branch"])
    odds = (truth["referred"] / (1 - truth["referred"])).unstack()
    true = np.average(np.log(odds["MAIN"] / odds["NORTH"]), weights=truth["share"].unstack()["NORTH"])
    return Found(fit.params["main"], true, abs(fit.params["main"] - true) < 0.35)


@check("recovers", "share of READ 3 and above at the desk", "below a half, and within 0.015 of the truth")
def desk_mix(library):
    questions = library.reference_questions
    hard = (questions["read_level"] >= 3).mean()
    truth = library.truth.desk
    mix = truth[truth["read_level"] >= 3].groupby("branch", observed=False)["share"].sum()
    true = (mix * questions["branch"].value_counts(normalize=True)).sum()
    return Found(hard, true, hard < 0.5 and abs(hard - true) < 0.015)


@check("null", "day of the week and being sent on, at the main library", "no relation (chi-squared)")
def sent_on_by_weekday(library):
    questions = library.reference_questions
    main = questions[questions["branch"] == "MAIN"]
    table = pd.crosstab(main["date"].dt.day_of_week, main["referred"])
    p = stats.chi2_contingency(table).pvalue
    return Found(p, 1.0, p < 0.05)


@check("recovers", "not coming to a program, by days ahead (logit)", "log odds per day within 0.02")
def no_shows(library):
    registrations = library.registrations[library.registrations["status"].isin(["came", "did not come"])]
    day = registrations["program_id"].map(library.programs.set_index("program_id")["date"])
    ahead = (day - registrations["registered_on"]).dt.days.to_numpy(dtype=float)
    missed = (registrations["status"] == "did not come").to_numpy(dtype=float)
    fit = sm.Logit(missed, sm.add_constant(ahead)).fit(disp=0)
    true = library.truth.no_shows["per_day"].iloc[0]
    return Found(fit.params[1], true, abs(fit.params[1] - true) < 0.02 and fit.pvalues[1] < 0.05)


# Who has a card -------------------------------------------------------------------------------------------------


def penetration(library) -> tuple[float, float, float]:
    """Cards per resident, Spanish-speaking over English-speaking: by the notices, corrected, and the truth."""
    residents, tracts = library.truth.residents, library.tracts
    truth = residents.groupby("language", observed=False)["has_card"].mean()
    cards = library.patrons["language"].value_counts()
    spanish, english = (
        cards["Spanish"] / tracts["speak_spanish"].sum(),
        cards["English"] / tracts["speak_english"].sum(),
    )
    # How many of those who speak another language at home take their notices in English: the lesson gives the share.
    share = settings()["design"]["notices_in_english"]
    hidden = {name: cards[name] * share / (1 - share) for name in ("Spanish", "Portuguese", "other")}
    corrected = (cards["Spanish"] + hidden["Spanish"]) / tracts["speak_spanish"].sum()
    rest = (cards["English"] - sum(hidden.values())) / tracts["speak_english"].sum()
    return spanish / english, corrected / rest, truth["Spanish"] / truth["English"]


@check(
    "misleads",
    "cards per resident by the language of the notices, Spanish over English",
    "understates by 15% or more",
)
def penetration_by_notices(library):
    naive, _, truth = penetration(library)
    return Found(naive, truth, naive < 0.85 * truth)


@check(
    "recovers",
    "the same, corrected for the notices taken in English; the lesson gives their share",
    "below 1, and within 15%",
)
def penetration_corrected(library):
    _, corrected, truth = penetration(library)
    return Found(corrected, truth, corrected < 1 and abs(corrected / truth - 1) < 0.15)


@check(
    "recovers",
    "cards per resident by distance, over neighborhoods (weighted)",
    "falls with distance: logit slope below 0, as in truth",
)
def penetration_by_distance(library):
    tracts, truth = library.tracts, library.truth.residents
    cards = library.patrons["tract_id"].value_counts().reindex(tracts["tract_id"]).to_numpy()
    miles = tracts[["miles_main", "miles_north", "miles_harbor"]].min(axis=1)
    design = sm.add_constant(np.column_stack([miles, tracts["speak_spanish"] / tracts["population"]]))
    rate = np.minimum(cards / tracts["population"], 0.99)
    fit = sm.WLS(np.log(rate / (1 - rate)), design, weights=tracts["population"]).fit()
    person = sm.add_constant(truth["miles"].to_numpy())
    true = sm.Logit(truth["has_card"].astype(float), person).fit(disp=0).params["x1"]
    slope = fit.params.iloc[1]
    return Found(slope, true, slope < 0 and true < 0 and abs(slope - true) < 0.3)


@check("misleads", "referrals as the card form has them", "fewer than 6 tenths of those there were")
def referrals_reported(library):
    reported, truth = (
        library.patrons["referred_by"].notna().sum(),
        library.truth.referrals["brought_by"].notna().sum(),
    )
    return Found(reported, truth, reported < 0.6 * truth)


@check(
    "recovers",
    "patrons whom somebody brought, from the card form: divided by the share that answers and names somebody",
    "within 8% of the truth",
)
def referrals_corrected(library):
    patrons = library.patrons
    asked = patrons[patrons["enrolled"] >= "2019-01-02"]
    friends = asked["heard"] == "friend or family"
    estimate = asked["referred_by"].notna().sum() / (
        asked["heard"].notna().mean() * asked.loc[friends, "referred_by"].notna().mean()
    )
    truth = (library.truth.referrals["source"] == "friend or family").sum()
    return Found(estimate, truth, abs(estimate / truth - 1) < 0.08)


@check(
    "recovers",
    "referrals per adult patron, families over print readers by rule (2025)",
    "families bring more; ratio within a factor 1.6",
)
def referrals_by_segment(library):
    patrons = library.patrons
    adults = patrons.loc[patrons["age_band"] >= "25-34", "patron_id"]
    group = library.yearly_use.query("year == 2025").set_index("patron_id")["segment_by_rule"]
    group = group[group.index.isin(adults)]
    size = group.value_counts()

    def ratio(named):
        rate = named.dropna().astype("int64").map(group).value_counts() / size
        return rate["bedtime"] / rate["page turner"]

    estimate, truth = ratio(patrons["referred_by"]), ratio(library.truth.referrals["brought_by"])
    return Found(estimate, truth, estimate > 1 and 1 / 1.6 < estimate / truth < 1.6)
