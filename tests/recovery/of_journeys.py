"""The first 90 days: paths, trouble with the PIN, clicks that cause nothing, and the hazard of stopping."""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from course_utils.tables import AS_OF
from recovery.checks import Found, check

USES = ["borrowed", "borrowed digital", "came to a program", "used a computer"]


def cards(library) -> pd.DataFrame:
    """One row per card of which all 90 days are seen: what stands in the log."""

    def make(library):
        log = library.first_days
        made = log[log["event"] == "card made"].set_index("patron_id")["date"]
        followed = made.index[made <= AS_OF - pd.Timedelta(days=90)]
        log = log[log["patron_id"].isin(followed)]

        def has(rows):
            return followed.isin(log.loc[rows, "patron_id"])

        use, day = log["event"].isin(USES), log["day"]
        return pd.DataFrame(
            {
                "online": has(log["event"].isin(["PIN set", "PIN trouble"])),
                "trouble": has(log["event"] == "PIN trouble"),
                "sent": has(log["event"] == "welcome e-mail sent"),
                "clicked": has(log["event"] == "welcome e-mail clicked"),
                "back": has(use & (day > 30)),
            },
            index=followed,
        )

    return library.once("recovery: new cards", make)


def rate_of(library, beginning: str) -> float:
    rates = library.truth.journey_rates
    return rates.loc[rates["step"].str.startswith(beginning), "value"].iloc[0]


def odds_ratio(exposed: pd.Series, outcome: pd.Series) -> float:
    (a, b), (c, d) = pd.crosstab(exposed, outcome).to_numpy()
    return a * d / (b * c)


@check(
    "misleads",
    "the path that staff have in mind, as steps in order",
    "fewer than 5 in 100 new cards get as far as borrowing on it, even with no deadline",
)
def assumed_path(library):
    log, steps = library.first_days, library.staff_journey
    made = log[log["event"] == "card made"]
    last = pd.Series(0, index=made["patron_id"])
    for event in steps["event"].iloc[:5]:
        rows = log[log["event"] == event]
        later = rows[rows["day"] >= rows["patron_id"].map(last)]
        last = later.groupby("patron_id")["day"].min()
    walked = len(last) / len(made)
    return Found(walked, 1.0, walked < 0.05)


@check(
    "misleads",
    "“a new patron is met at the desk”: those who begin with a digital loan",
    "7 in 10 or more are never met after the first day",
)
def digital_starters(library):
    log = library.first_days
    first = log[log["event"].isin(USES)].drop_duplicates("patron_id")
    starters = first.loc[first["event"] == "borrowed digital", "patron_id"]
    met = log[(log["day"] > 0) & log["channel"].isin(["desk", "in the library"])]
    unmet = 1 - starters.isin(met["patron_id"]).mean()
    return Found(unmet, 0.0, unmet >= 0.7)


@check(
    "recovers",
    "trouble with the PIN and not coming back: odds ratio",
    "within a factor 1.65, and above 1 at 5%",
)
def pin_trouble(library):
    seen = cards(library)
    online = seen[seen["online"]]
    estimate, truth = odds_ratio(online["trouble"], ~online["back"]), rate_of(library, "PIN trouble: odds")
    p = stats.chi2_contingency(pd.crosstab(online["trouble"], online["back"])).pvalue
    return Found(estimate, truth, abs(np.log(estimate / truth)) < np.log(1.65) and p < 0.05)


@check(
    "misleads",
    "coming back, by clicks in the welcome e-mail",
    "looks as if the click brought people back, though it does nothing",
)
def clicks(library):
    seen = cards(library)
    sent = seen[seen["sent"]]
    difference = sent.loc[sent["clicked"], "back"].mean() - sent.loc[~sent["clicked"], "back"].mean()
    return Found(difference, 0.0, difference > 0.05)


@check("recovers", "welcome e-mails among cards with an address", "share within 0.03")
def welcome(library):
    log, patrons = library.first_days, library.patrons
    with_address = patrons.loc[patrons["has_email"], "patron_id"]
    # Of the very newest the mail may still be to come.
    new = log[(log["event"] == "card made") & (log["date"] <= AS_OF - pd.Timedelta(days=3))]
    new = new[new["patron_id"].isin(with_address)]
    share = new["patron_id"].isin(log.loc[log["event"] == "welcome e-mail sent", "patron_id"]).mean()
    truth = rate_of(library, "welcome e-mail sent")
    return Found(share, truth, abs(share - truth) < 0.03)


def uses(library) -> pd.DataFrame:
    """Patron and day (since the card was made) of every loan, program and computer session in 36 months."""

    def make(library):
        frames = (
            library.checkouts.query("transaction_type == 'checkout'"),
            library.attendance,
            library.computer_sessions.dropna(subset="patron_id").astype({"patron_id": "int64"}),
        )
        rows = pd.concat(frame[["patron_id", "date"]] for frame in frames)
        enrolled = library.patrons.set_index("patron_id")["enrolled"]
        day = (rows["date"] - rows["patron_id"].map(enrolled)).dt.days
        return pd.DataFrame({"patron_id": rows["patron_id"], "day": day}).drop_duplicates()

    return library.once("recovery: days of use", make)


def stops(library, silence: int, used: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Days from the card to the last use, and whether it is over; then the same two in truth.

    The cards are those of ``used`` that were made in the 36 months. It is over after ``silence`` days without use,
    and then it was over on the day of the last use. Whoever is not silent for so long is followed until ``silence``
    days before the as-of date.
    """
    patrons = library.patrons
    limit = AS_OF - pd.Timedelta(days=silence)
    rows = used & patrons["enrolled"].between("2022-09-01", limit)
    new, lapsed = patrons[rows], library.truth.patrons.loc[rows, "lapsed"]
    silent = new["last_use"] < limit
    until = new["last_use"].where(silent, limit)

    def days(date):
        return (date - new["enrolled"]).dt.days.to_numpy() + 0.5

    return days(until), silent.to_numpy(), days(lapsed.fillna(AS_OF)), lapsed.notna().to_numpy()


def left_at(time: np.ndarray, over: np.ndarray, days: tuple[int, ...], since: int = 0) -> list[float]:
    """Kaplan–Meier: of those still here on day ``since``, the share still here on each of ``days``."""
    here = time > since
    curve = SurvfuncRight(time[here], over[here].astype(int))
    return [curve.surv_prob[curve.surv_times <= day].min(initial=1.0) for day in days]


def regulars(library):
    """Cards used on two days or more in the first 30. Who comes once in a while is silent long before they stop."""
    days = uses(library)
    count = days.loc[days["day"] <= 30, "patron_id"].value_counts()
    return library.patrons["patron_id"].map(count).fillna(0) >= 2


@check(
    "recovers",
    "of those who came on two days in the first month or more, and stayed for it: still here after 12 months"
    " (Kaplan–Meier, stopped: no use in the following year)",
    "share within 0.06",
)
def still_here(library):
    time, over, true_time, true_over = stops(library, 365, regulars(library))
    (estimate,), (truth,) = left_at(time, over, (365,), 30), left_at(true_time, true_over, (365,), 30)
    return Found(estimate, truth, abs(estimate - truth) < 0.06)


@check(
    "recovers",
    "the same: hazard of stopping in months 2 and 3 against months 4 to 12",
    "above 1.1, and within a factor 2: the stops in the early months are few",
)
def hazard(library):
    time, over, true_time, true_over = stops(library, 365, regulars(library))

    def ratio(time, over):
        early, year = left_at(time, over, (90, 365), 30)
        return (-np.log(early) / 60) / (-np.log(year / early) / 275)

    estimate, truth = ratio(time, over), ratio(true_time, true_over)
    return Found(estimate, truth, estimate > 1.1 and abs(np.log(estimate / truth)) < np.log(2))


@check(
    "misleads",
    "hazard of stopping per month in the first three, of all used cards; stopped: no use for half a year",
    "more than twice the true one: who comes seldom seems to stop at once",
)
def short_silence(library):
    time, over, true_time, true_over = stops(library, 182, library.patrons["last_use"].notna())
    estimate, truth = (-np.log(left_at(*one, (90,))[0]) / 3 for one in ((time, over), (true_time, true_over)))
    return Found(estimate, truth, estimate > 2 * truth)


@check(
    "null",
    "weekday on which the card was made, and use after the first month",
    "no relation (chi-squared, one card per household)",
)
def weekday(library):
    patrons = library.patrons
    new = patrons[patrons["enrolled"].between("2022-09-01", AS_OF - pd.DateOffset(months=12))]
    new = new.drop_duplicates("household_id").set_index("patron_id")
    days = uses(library)
    stays = new.index.isin(days.loc[days["day"].between(31, 365), "patron_id"])
    p = stats.chi2_contingency(pd.crosstab(new["enrolled"].dt.day_of_week, stays)).pvalue
    return Found(p, 1.0, p < 0.05)
