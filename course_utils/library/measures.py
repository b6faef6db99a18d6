"""Measure a built library as the published figures measure real ones, and compare."""

import numpy as np
import pandas as pd

from course_utils.library.calibration import choices, figures
from course_utils.library.topics import TOPICS
from course_utils.tables import AS_OF

A_YEAR_AGO = AS_OF - pd.DateOffset(months=12)


def measure(library) -> dict[str, float]:
    """Every figure of the calibration file, by its key, for one library."""
    found = {**_totals(library), **_season(library), **_patrons(library), **_truth(library)}
    for topic in TOPICS:
        found |= getattr(topic, "MEASURES", lambda _: {})(library)
    return found


def compare(library) -> pd.DataFrame:
    """One row per figure: published value, band, what the library has, and whether it lies within the band."""
    found = measure(library)
    rows = [
        {
            "figure": figure.label,
            "basis": figure.basis,
            "published": figure.value,
            "low": figure.low,
            "high": figure.high,
            "built": found[figure.key],
            "within": figure.low <= found[figure.key] <= figure.high,
        }
        for figure in [*figures(), *choices()]
    ]
    return pd.DataFrame(rows, index=[figure.key for figure in [*figures(), *choices()]])


def _last_year(events: pd.DataFrame) -> pd.DataFrame:
    return events[events["date"] > A_YEAR_AGO]


def _totals(library) -> dict[str, float]:
    residents = library.tracts["population"].sum()
    checkouts, programs = _last_year(library.checkouts), _last_year(library.programs)
    child = checkouts["audience"] == "child"
    young = programs["audience"].isin(["child", "young adult"])
    return {
        "visits_per_head": _last_year(library.gate_counts)["visits"].sum() / residents,
        "circulation_per_head": len(checkouts) / residents,
        "circulation_per_registered": len(checkouts) / len(library.patrons),
        "digital_share": (checkouts["usage_class"] == "digital").mean(),
        "cards_per_head": len(library.patrons) / residents,
        "attendance_per_head": programs["attended"].sum() / residents,
        "programs_per_thousand": len(programs) / residents * 1000,
        "computer_sessions_per_head": len(_last_year(library.computer_sessions)) / residents,
        "attendance_per_program": programs["attended"].mean(),
        "child_share_of_circulation": child.mean(),
        "child_share_of_attendance": programs.loc[young, "attended"].sum() / programs["attended"].sum(),
    }


def _season(library) -> dict[str, float]:
    gates = library.gate_counts
    month = gates.groupby(gates["date"].dt.to_period("M"))["visits"].sum()
    trend = np.polyfit(np.arange(len(month)), np.log(month.to_numpy()), 1)[0]
    level = month * np.exp(-trend * np.arange(len(month)))
    index = level.groupby(level.index.month).mean() / level.mean()
    main = gates[gates["branch"] == "MAIN"]
    sunday = main["date"].dt.day_of_week == 6

    def per_hour(days):
        return days["visits"].sum() / days["hours_open"].sum()

    return {
        "season_peak_to_trough": index[[3, 7, 8]].mean() / index[[1, 2, 12]].mean(),
        "october_index": index[10],
        "sunday_per_open_hour": per_hour(main[sunday]) / per_hour(main[~sunday]),
    }


def _patrons(library) -> dict[str, float]:
    patrons = library.patrons
    checkouts = _last_year(library.checkouts)
    own = checkouts[checkouts["transaction_type"] != "automatic renewal"]
    active = patrons["last_use"] > A_YEAR_AGO
    ids = patrons["patron_id"]
    borrowed = ids.isin(own["patron_id"])
    physical = ids.isin(own.loc[own["usage_class"] == "physical", "patron_id"])
    came = ids.isin(_last_year(library.attendance)["patron_id"])
    computer = ids.isin(_last_year(library.computer_sessions)["patron_id"].dropna())
    first = checkouts[checkouts["transaction_type"] == "checkout"]
    loans = ids[active].map(first["patron_id"].value_counts()).fillna(0).sort_values(ascending=False)
    return {
        "active_share": active.mean(),
        "top_fifth_share_of_loans": loans.head(round(len(loans) / 5)).sum() / loans.sum(),
        "missing_email": 1 - patrons["has_email"].mean(),
        "program_only": (came & ~borrowed & ~computer).sum() / active.sum(),
        "computer_only": (computer & ~borrowed & ~came).sum() / active.sum(),
        "digital_only": (borrowed & ~physical).sum() / active.sum(),
        "never_used": patrons["last_use"].isna().mean(),
        "unexpired_share": (patrons["expires"] >= AS_OF).mean(),
    }


def _truth(library) -> dict[str, float]:
    truth, residents = library.truth.patrons, library.truth.residents
    patrons = library.patrons
    used = patrons["last_use"].notna().to_numpy()
    days = (truth["lapsed"] - patrons["enrolled"]).dt.days.to_numpy()[used]
    # Cards of the last six years only: of older ones, those that lapsed early are no longer on file.
    tenure = (AS_OF - patrons["enrolled"]).dt.days.to_numpy()[used]
    recent = (tenure > 365) & (tenure < 6 * 365)
    days = np.where(np.isnan(days), np.inf, days)[recent]
    early = (days < 91).sum() / len(days) / 3
    later = ((days >= 91) & (days < 365)).sum() / (days >= 91).sum() / 9
    active = set(truth.loc[(patrons["last_use"] > A_YEAR_AGO).to_numpy(), "resident_id"])
    adult = residents[residents["age"].between(22, 60)]
    parent = adult["household_id"].isin(residents.loc[residents["age"] < 18, "household_id"])
    uses = adult["resident_id"].isin(active)
    return {
        "early_lapse": early / later,
        "parents_over_others": uses[parent].mean() / uses[~parent].mean(),
        "second_card": truth["second_card_of"].notna().sum() / truth["resident_id"].nunique(),
    }
