"""Whom the library reaches: cards per resident by neighborhood, small cells, languages, and visits out in town."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from course_utils.methods import penetration
from course_utils.tables import AS_OF
from course_utils.tables.community import AGE_COLUMNS
from recovery.checks import Found, check

MILES = ["miles_main", "miles_north", "miles_harbor"]


def areas(library) -> pd.DataFrame:
    """Cards on file and residents by neighborhood, and the neighborhood's columns."""
    table = library.tracts.set_index("tract_id")
    cards = library.patrons["tract_id"].value_counts().reindex(table.index, fill_value=0)
    return table.assign(cards=cards, rate=cards / table["population"])


@check(
    "misleads",
    "cards on file per resident, read as the share of residents with a card",
    "too high by 10% or more: some cards belong to people who left",
)
def movers(library):
    table, truth = areas(library), library.truth.residents["has_card"].mean()
    rate = table["cards"].sum() / table["population"].sum()
    return Found(rate, truth, rate > 1.1 * truth)


@check(
    "recovers",
    "cards that haven't run out, and all cards on file, per resident",
    "the share of residents with a card lies between the two (shown: the first)",
)
def between_two_counts(library):
    table, truth = areas(library), library.truth.residents["has_card"].mean()
    valid = (library.patrons["expires"] >= AS_OF).sum() / table["population"].sum()
    return Found(valid, truth, valid < truth < table["cards"].sum() / table["population"].sum())


def cells(library) -> pd.DataFrame:
    """Cards and residents of each age band in each neighborhood."""
    cards = library.patrons.groupby(["tract_id", "age_band"], observed=False).size().rename("cards")
    people = library.tracts.set_index("tract_id")[list(AGE_COLUMNS)].rename(columns=AGE_COLUMNS)
    people = people.rename_axis(columns="age_band").stack().rename("residents")
    table = pd.concat([cards, people], axis=1).query("residents > 0")
    town = table.groupby("age_band", observed=True).transform("sum")
    return table.assign(index=table["cards"] / table["residents"] / (town["cards"] / town["residents"]))


@check(
    "misleads",
    "residents in the ten lowest and ten highest of the 240 rates by neighborhood and age band, over all cells",
    "below 0.85: the best and the worst are small",
)
def extremes_are_small(library):
    table = cells(library).sort_values("index")
    ends = pd.concat([table.head(10), table.tail(10)])
    ratio = ends["residents"].median() / table["residents"].median()
    return Found(ratio, 1.0, ratio < 0.85)


@check(
    "recovers",
    "rates of ages 13 to 17 by neighborhood, shrunk, against what one half of the households says of the other",
    "nearer to the other half than the raw rates (ratio of mean squared errors)",
)
def shrinkage(library):
    residents = library.truth.residents.query("13 <= age < 18")
    half = residents["household_id"] % 2
    counts = [residents[half == side].groupby("tract_id")["has_card"].agg(["sum", "size"]) for side in (0, 1)]
    error = {"raw": 0.0, "shrunk": 0.0}
    for one, other in (counts, counts[::-1]):
        both = one.join(other, rsuffix="_other").dropna()
        goal = both["sum_other"] / both["size_other"]
        guesses = {
            "raw": both["sum"] / both["size"],
            "shrunk": penetration.shrink(both["sum"], both["size"]),
        }
        for name, guess in guesses.items():
            error[name] += float((both["size_other"] * (guess - goal) ** 2).sum())
    ratio = error["shrunk"] / error["raw"]
    return Found(ratio, 1.0, ratio < 1)


def regression(library, extra: str | None = None):
    """Log odds of a card by neighborhood: distance, share of Spanish, of children and of those over 65; and one more."""
    table = areas(library)
    columns = {"miles": table[MILES].min(axis=1)}
    for name in ("speak_spanish", "speak_portuguese", "speak_other", "under_18", "age_65_up"):
        columns[name] = table[name] / table["population"]
    if extra:
        columns[extra] = table[extra].astype(float)
    rate = table["rate"].clip(upper=0.99)
    return sm.WLS(
        np.log(rate / (1 - rate)), sm.add_constant(pd.DataFrame(columns)), weights=table["population"]
    ).fit()


@check("null", "cafés with Wi-Fi and cards per resident, given distance, language and age", "no relation")
def cafes(library):
    fit = regression(library, "cafes_with_wifi")
    return Found(fit.pvalues["cafes_with_wifi"], np.nan, fit.pvalues["cafes_with_wifi"] < 0.05)


@check(
    "recovers",
    "margins of error of the survey of languages and ages",
    "hold the count of everybody in 80 to 96 of 100 cells",
)
def margins(library):
    found, truth = library.language_estimates, library.truth.languages_by_age
    inside = ((found["estimate"] - truth["people"]).abs() <= found["margin_of_error"]).mean()
    return Found(inside, 0.9, 0.8 <= inside <= 0.96)


@check(
    "recovers",
    "Spanish speakers of 65 and over in town: the estimates added up, with the margin of the sum",
    "within twice the margin",
)
def pooled(library):
    key = "language == 'Spanish' and age_group == '65 and over'"
    found, truth = library.language_estimates.query(key), library.truth.languages_by_age.query(key)
    margin = float(np.sqrt((found["margin_of_error"].astype(float) ** 2).sum()))
    estimate, people = found["estimate"].sum(), truth["people"].sum()
    return Found(estimate, people, abs(estimate - people) <= 2 * margin)


@check(
    "recovers",
    "notices in English among cardholders with another language, as staff heard on visits out in town",
    "share within 0.1 of that of all cards",
)
def notices(library):
    visits, cards = library.outreach_visits, library.truth.patrons
    share = visits["notices_in_english"].sum() / visits["other_language"].sum()
    other = (cards["home_language"] != "English").to_numpy()
    truth = (library.patrons["language"] == "English").to_numpy()[other].mean()
    return Found(share, truth, abs(share - truth) < 0.1)


@check(
    "recovers",
    "cards per resident, Spanish over English, corrected by the share heard on visits",
    "nearer to the truth than by the notices, and within 20%",
)
def corrected(library):
    visits, tracts = library.outreach_visits, library.tracts
    share = visits["notices_in_english"].sum() / visits["other_language"].sum()
    cards = penetration.by_home_language(library.patrons["language"].value_counts(), share)
    by_notices = library.patrons["language"].value_counts()
    people = {"English": tracts["speak_english"].sum(), "Spanish": tracts["speak_spanish"].sum()}
    ratio, naive = (
        (one["Spanish"] / people["Spanish"]) / (one["English"] / people["English"])
        for one in (cards, by_notices)
    )
    rates = library.truth.residents.groupby("language", observed=False)["has_card"].mean()
    truth = rates["Spanish"] / rates["English"]
    return Found(ratio, truth, abs(ratio - truth) < abs(naive - truth) and abs(ratio / truth - 1) < 0.2)


@check(
    "misleads",
    "visits out in town and cards per resident over neighborhoods (Spearman)",
    "above 0.5, as if visits worked: they go where the library is known",
)
def visits_and_rates(library):
    table = areas(library)
    visits = library.outreach_visits["tract_id"].value_counts().reindex(table.index, fill_value=0)
    found = stats.spearmanr(visits, table["rate"]).statistic
    return Found(found, 0.0, found > 0.5)


@check(
    "null",
    "households with a new card in the 30 days after a visit, against other days of the neighborhood",
    "a visit brings nobody",
)
def visits_bring_nobody(library):
    days = pd.date_range("2022-09-01", AS_OF)
    observed = expected = variance = 0.0
    new = library.patrons.query("enrolled >= '2022-09-01'").drop_duplicates(["household_id", "enrolled"])
    for tract, visits in library.outreach_visits.groupby("tract_id")["date"]:
        after = np.zeros(len(days), dtype=bool)
        for day in visits:
            after |= (days > day) & (days <= day + pd.Timedelta(days=30))
        made = new.loc[new["tract_id"] == tract, "enrolled"]
        observed += after[(made - days[0]).dt.days].sum()
        expected += len(made) * after.mean()
        variance += len(made) * after.mean() * (1 - after.mean())
    z = (observed - expected) / np.sqrt(variance)
    return Found(2 * stats.norm.sf(abs(z)), np.nan, abs(z) > 1.96)


@check(
    "recovers",
    "adults without a card, of those met on visits, over the neighborhoods visited",
    "share within 0.06 of that of the adults who live there, at the middle of the 36 months",
)
def without_card(library):
    visits = library.outreach_visits.groupby("tract_id")[["met", "without_card"]].sum()
    adults = library.truth.residents.query("age >= 18")
    known = library.patrons.set_index("patron_id")["enrolled"]
    cards = library.truth.patrons.assign(enrolled=lambda one: one["patron_id"].map(known))
    by_then = set(cards.loc[cards["enrolled"] <= "2024-02-29", "resident_id"])
    holds = adults["resident_id"].isin(by_then).groupby(adults["tract_id"]).mean()
    truth = 1 - np.average(holds[visits.index], weights=visits["met"])
    found = visits["without_card"].sum() / visits["met"].sum()
    return Found(found, truth, abs(found - truth) < 0.06)
