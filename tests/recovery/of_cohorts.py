"""Three library years: retention, what drifts and what only seems to, and which groups are real."""

import numpy as np
import pandas as pd
from scipy import stats
from scipy.cluster.vq import kmeans2

from course_utils.methods import stability
from course_utils.tables import AS_OF
from recovery.checks import Found, check

ADULT = ["25-34", "35-44", "45-54", "55-64", "65-74", "75+"]


def wide(library) -> pd.DataFrame:
    """One row per patron, columns (feature, year); 0 where the card was not there yet."""

    def make(library):
        use = library.yearly_use.drop(columns=["main_material", "segment_by_rule"])
        return use.pivot(index="patron_id", columns="year").fillna(0)

    return library.once("recovery: years side by side", make)


def totals(library) -> pd.DataFrame:
    return library.yearly_use.groupby("year").sum(numeric_only=True)


# Retention -----------------------------------------------------------------------------------------------------


@check(
    "misleads",
    "retention as active at the end, less new, over all cards at the start",
    "too low by 0.15 or more",
)
def wrong_denominator(library):
    use = library.yearly_use
    active = use[use["months_active"] > 0]
    before, after = (set(active.loc[active["year"] == year, "patron_id"]) for year in (2024, 2025))
    had = use.loc[use["year"] == 2024, "patron_id"]
    new = len(after - set(had))
    estimate = (len(after) - new) / len(had)
    retained = len(before & after) / len(before)
    return Found(estimate, retained, estimate < retained - 0.15)


@check(
    "misleads",
    "active share of the cards on file, 2023 to 2025",
    "falls by 4 points or more, though more people are active",
)
def removed_cards(library):
    use = library.yearly_use
    active = (use["months_active"] > 0).groupby(use["year"]).agg(["mean", "sum"])
    change = active.loc[2025, "mean"] - active.loc[2023, "mean"]
    growth = active.loc[2025, "sum"] / active.loc[2023, "sum"] - 1
    return Found(change, growth, change < -0.04 and growth > 0)


@check(
    "recovers",
    "of those active in 2024, the share active in 2025",
    "at most 0.08 below those whose habit lasted to March 2025: who comes seldom looks lost",
)
def retention(library):
    active = wide(library)["months_active"] > 0
    kept = active.loc[active[2024], 2025].mean()
    lapsed = library.truth.patrons.set_index("patron_id")["lapsed"]
    lasted = ~(lapsed.reindex(active.index[active[2024]]) < "2025-03-01")
    return Found(kept, lasted.mean(), -0.08 < kept - lasted.mean() < 0.01)


# Drift ---------------------------------------------------------------------------------------------------------


def true_drift(library, feature: str) -> float:
    return library.truth.drift.set_index("feature")["per_year"][feature]


def present(library, usage: str | None = None) -> pd.Index:
    """Cards that borrowed in the first and in the last three months of the 36: they were there all the time."""
    checkouts = library.checkouts[library.checkouts["transaction_type"] == "checkout"]
    if usage:
        checkouts = checkouts[checkouts["usage_class"] == usage]
    first = checkouts.loc[checkouts["date"] < "2022-12-01", "patron_id"]
    last = checkouts.loc[checkouts["date"] >= "2025-06-01", "patron_id"]
    return pd.Index(np.intersect1d(first, last))


@check(
    "recovers",
    "digital loans of readers who were there all three years and did not switch",
    "growth per year within 0.04",
)
def digital(library):
    use = wide(library)
    here = use.loc[present(library)]
    printed, digital = here["checkouts"], here["digital_checkouts"]
    # Whoever read print in the first year and none in the last has switched.
    stays = (printed[2023] == 0) == (printed[2025] == 0)
    total = digital[stays].sum()
    estimate = np.sqrt(total[2025] / total[2023]) - 1
    truth = true_drift(library, "digital_checkouts")
    return Found(estimate, truth, abs(estimate - truth) < 0.04)


@check(
    "misleads",
    "growth of all digital loans, read as more reading per reader",
    "too high by 0.05 a year or more",
)
def digital_total(library):
    total = totals(library)["digital_checkouts"]
    estimate = np.sqrt(total[2025] / total[2023]) - 1
    truth = true_drift(library, "digital_checkouts")
    return Found(estimate, truth, estimate > truth + 0.05)


def print_in_between(library) -> pd.DataFrame:
    """Print loans from December to May of each library year, by household, of readers who were there throughout.

    They are the ones who borrowed print in the first and in the last three months of the 36. Those months are left
    out of the count, because they chose the sample. To ask for a loan in each year is not enough: whoever stops or
    switches in the course of the last year would stay in, and pull it down.
    """

    def make(library):
        checkouts = library.checkouts[library.checkouts["transaction_type"] == "checkout"]
        date = checkouts["date"]
        between = (
            checkouts["patron_id"].isin(present(library, "physical"))
            & (checkouts["usage_class"] == "physical")
            & ((date.dt.month == 12) | (date.dt.month <= 5))
        )
        rows = checkouts[between]
        home = rows["patron_id"].map(library.patrons.set_index("patron_id")["household_id"])
        year = rows["date"].dt.year + (rows["date"].dt.month == 12)
        return pd.crosstab(home, year)

    return library.once("recovery: print in between", make)


@check(
    "null",
    "print loans from December to May, 2023 against 2025, of readers who borrowed print in the first and in the last"
    " three months of the 36; households (Wilcoxon)",
    "no drift",
)
def printed(library):
    loans = print_in_between(library)
    p = stats.wilcoxon(loans[2025] - loans[2023]).pvalue
    return Found(p, 1.0, p < 0.05)


@check("null", "the same over all three years (Friedman)", "no drift")
def printed_each_year(library):
    loans = print_in_between(library)
    p = stats.friedmanchisquare(*(loans[year] for year in (2023, 2024, 2025))).pvalue
    return Found(p, 1.0, p < 0.05)


@check("misleads", "circulation per active patron, 2025 over 2023", "grows by 10% or more")
def circulation(library):
    total = totals(library)
    active = (wide(library)["months_active"] > 0).sum()
    per_head = total["circulation"] / active
    return Found(per_head[2025] / per_head[2023], 1.0, per_head[2025] > 1.10 * per_head[2023])


@check(
    "recovers",
    "the same with automatic renewals taken out",
    "no growth is left: between 0.84 and 1, as patrons now ask for fewer renewals",
)
def circulation_without_automatic(library):
    active = (wide(library)["months_active"] > 0).sum()
    per_head = totals(library)[["checkouts", "digital_checkouts", "renewals"]].sum(axis=1) / active
    ratio = per_head[2025] / per_head[2023]
    return Found(ratio, 1.0, 0.84 < ratio < 1)


@check(
    "recovers", "print without renewals, of readers who were there all three years", "within 8% of no change"
)
def circulation_without_renewals(library):
    use = wide(library)["checkouts"]
    here = use.loc[present(library, "physical")].sum()
    ratio = here[2025] / here[2023]
    return Found(ratio, 1.0, abs(ratio - 1) < 0.08)


# Which groups are real -------------------------------------------------------------------------------------------


def borrowers(library) -> pd.DataFrame:
    """Adults of 25 and over who borrowed: loans in 36 months, print and digital."""
    patrons = library.patrons
    adult = patrons.loc[patrons["age_band"].isin(ADULT), "patron_id"]
    use = library.yearly_use
    use = use[use["patron_id"].isin(adult)].groupby("patron_id")[["checkouts", "digital_checkouts"]].sum()
    return use[use.sum(axis=1) > 0]


GRID = 512


def modes(counts: np.ndarray, width: float, inside: slice) -> int:
    """Modes of the histogram ``counts``, smoothed with a Gaussian of ``width`` cells, within ``inside``."""
    frequency = np.fft.rfftfreq(2 * len(counts))
    smooth = np.fft.irfft(
        np.fft.rfft(counts, 2 * len(counts)) * np.exp(-2 * (np.pi * frequency * width) ** 2)
    )
    slope = np.sign(np.diff(smooth[: len(counts)][inside]))
    slope = slope[slope != 0]
    return int(((slope[:-1] > 0) & (slope[1:] < 0)).sum())


def critical_width(counts: np.ndarray, inside: slice) -> float:
    """The smallest width at which a single mode is left."""
    low, high = 1.0, GRID / 2
    for _ in range(14):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if modes(counts, middle, inside) > 1 else (low, middle)
    return high


def two_modes(values: np.ndarray, inside: tuple[float, float], rng, repeats: int = 99) -> float:
    """p-value of Silverman's test of one mode, at the level that Hall and York (2001) calibrated for 5%."""
    low, high = values.min() - 1, values.max() + 1
    cell = (high - low) / GRID
    part = slice(*(int((edge - low) / cell) for edge in inside))

    def counts(sample):
        return np.histogram(np.clip(sample, low, high - cell / 2), bins=GRID, range=(low, high))[0].astype(
            float
        )

    width = critical_width(counts(values), part)
    exceeds = 0
    for _ in range(repeats):
        sample = rng.choice(values, len(values)) + rng.normal(0, width * cell, len(values))
        exceeds += modes(counts(sample), 1.129 * width, part) > 1
    return exceeds / repeats


@check("null", "one mode in the amount that adults borrow (Silverman's test, logarithm)", "one continuum")
def amount(library):
    rng = np.random.default_rng(library.seed % 2**32)
    loans = borrowers(library).sum(axis=1).to_numpy()
    # A count is spread over its place, so that 1, 2 and 3 do not look like modes.
    logs = np.log2(loans + rng.uniform(-0.5, 0.5, len(loans)))
    p = two_modes(logs, (np.log2(6), np.log2(200)), rng)
    return Found(p, 1.0, p < 0.05)


@check(
    "recovers",
    "two modes in the digital share of adults with ten loans or more (Silverman's test)",
    "rejects one mode at 5%",
)
def mix(library):
    rng = np.random.default_rng(library.seed % 2**32)
    use = borrowers(library)
    use = use[use.sum(axis=1) >= 10]
    share = (use["digital_checkouts"] / use.sum(axis=1)).to_numpy()
    p = two_modes(share * 10, (-1.0, 11.0), rng)
    return Found(p, 0.0, p < 0.05)


@check(
    "misleads",
    "k-means with two groups on the raw amount: silhouette",
    "above 0.7, as if light and heavy readers were two kinds",
)
def silhouette(library):
    loans = borrowers(library).sum(axis=1).to_numpy(dtype=float)
    centers, label = kmeans2(loans, np.array([np.median(loans), loans.max()]), minit="matrix")
    sample = np.random.default_rng(library.seed % 2**32).choice(len(loans), 800, replace=False)
    distance = np.abs(loans[sample, None] - loans[None, :])
    mean = np.stack([distance[:, label == group].mean(axis=1) for group in (0, 1)], axis=1)
    own = np.take_along_axis(mean, label[sample, None], axis=1)[:, 0]
    other = np.take_along_axis(mean, 1 - label[sample, None], axis=1)[:, 0]
    score = ((other - own) / np.maximum(own, other)).mean()
    return Found(score, 0.0, score > 0.7)


# Beside a town without segments --------------------------------------------------------------------------------------


def readers(library) -> pd.DataFrame:
    """The features of week 5, of everybody with ten loans or more in 12 months."""

    def make(library):
        return stability.with_amount(stability.features(library.checkouts, as_of=AS_OF))

    return library.once("recovery: readers", make)


def beside_null_towns(library, feature: str) -> Found:
    """How tight two groups are: here, in the middle one of 19 null towns, and whether ours is the tightest of the 20."""
    one = readers(library)[[feature]]
    towns = stability.null_towns(one, seed=library.seed % 2**32)
    here = stability.tightness(one, 2)
    null = [stability.tightness(town, 2) for town in towns]
    return Found(here, float(np.median(null)), stability.share_as_tight(here, null) <= 0.05)


@check(
    "null",
    "amount that readers borrow: silhouette of k-means with two groups, beside 19 towns without segments",
    "one continuum: ours is not the tightest",
)
def amount_beside_null_towns(library):
    return beside_null_towns(library, "amount")


@check(
    "recovers",
    "digital share of readers: silhouette of k-means with two groups, beside 19 towns without segments",
    "two crowds: ours is the tightest, 0.1 or more above the middle null town (under Truth)",
)
def digital_beside_null_towns(library):
    found = beside_null_towns(library, "digital")
    return Found(found.estimate, found.truth, found.holds and found.estimate > found.truth + 0.1)


@check(
    "recovers",
    "share of loans for children, of readers: the same",
    "two crowds: ours is the tightest, 0.1 or more above the middle null town (under Truth)",
)
def children_beside_null_towns(library):
    found = beside_null_towns(library, "children")
    return Found(found.estimate, found.truth, found.holds and found.estimate > found.truth + 0.1)
