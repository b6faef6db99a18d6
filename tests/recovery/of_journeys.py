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


def stopping(library) -> tuple[np.ndarray, np.ndarray]:
    """Days from the card to the last use, and whether it is over: half a year without use. Used cards of 36 months."""
    patrons = library.patrons
    new = patrons[(patrons["enrolled"] >= "2022-09-01") & patrons["last_use"].notna()]
    silent = AS_OF - new["last_use"] > pd.Timedelta(days=182)
    # Who is not silent for so long is still here: seen until half a year ago, or until the last use.
    until = new["last_use"].where(silent, AS_OF - pd.Timedelta(days=182)).clip(lower=new["enrolled"])
    return (until - new["enrolled"]).dt.days.to_numpy(), silent.to_numpy()


@check(
    "recovers",
    "hazard of stopping, months 1 to 3 against 4 to 12 (Kaplan–Meier)",
    "highest in the first three months, as in truth",
)
def hazard(library):
    days, over = stopping(library)

    def ratio(time, event):
        curve = SurvfuncRight(time, event.astype(int))
        left = [curve.surv_prob[curve.surv_times <= day][-1] for day in (90, 365)]
        return (-np.log(left[0]) / 3) / (-np.log(left[1] / left[0]) / 9)

    truth, patrons = library.truth.patrons, library.patrons
    new = (patrons["enrolled"] >= "2022-09-01") & patrons["last_use"].notna()
    lapsed = truth["lapsed"][new]
    true_days = (lapsed.fillna(AS_OF) - patrons["enrolled"][new]).dt.days.to_numpy()
    estimate, true = ratio(days + 1, over), ratio(true_days + 1, lapsed.notna().to_numpy())
    return Found(estimate, true, estimate > 1.5 and true > 1)


@check(
    "null",
    "weekday on which the card was made, and use after the first month",
    "no relation (chi-squared, one card per household)",
)
def weekday(library):
    patrons = library.patrons
    new = patrons[patrons["enrolled"].between("2022-09-01", AS_OF - pd.DateOffset(months=12))]
    new = new.drop_duplicates("household_id").set_index("patron_id")
    uses = pd.concat(
        frame[["patron_id", "date"]]
        for frame in (
            library.checkouts.query("transaction_type == 'checkout'"),
            library.attendance,
            library.computer_sessions.dropna(subset="patron_id").astype({"patron_id": "int64"}),
        )
    )
    day = (uses["date"] - uses["patron_id"].map(new["enrolled"])).dt.days
    stays = new.index.isin(uses.loc[day.between(31, 365), "patron_id"])
    p = stats.chi2_contingency(pd.crosstab(new["enrolled"].dt.day_of_week, stays)).pvalue
    return Found(p, 1.0, p < 0.05)
