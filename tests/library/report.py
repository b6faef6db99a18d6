"""The pages about the data: docs/calibration.md and docs/port_ellery.md with its pictures. `make pages` runs it."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_utils.charts import BLUE, GREY, ORANGE, in_words
from course_utils.library import Library, truth
from course_utils.library.calibration import choices, figures, settings
from course_utils.library.document import CONCENTRATION
from course_utils.library.measures import measure
from course_utils.tables import AGE_BANDS, AS_OF

DOCS = Path(__file__).resolve().parents[2] / "docs"
SEEDS = [settings()["design"]["seed"], 1, 2, 3, 4, 5]
A_YEAR_AGO = AS_OF - pd.DateOffset(months=12)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

CALIBRATION = """\
# Calibration

*Made by `make pages` from `course_utils/library/calibration.toml`. Do not edit this page by hand.*

What the model was fitted to, and what it makes of it.
*Built* is the figure in Port Ellery; *five others* are the lowest and the highest of the libraries with seeds 1 to 5.
Every figure must stay within its band, in each of the six: `tests/library/test_calibration.py` sees to it.

## Published figures

These were read in the published source (V), or computed from published microdata (V-calc).
They are the only figures of the model that may be quoted as facts, with their source.

{published}

## Choices

These are the authors' own, so that the weeks of the course have something to find.
They are not facts about any library.

{chosen}
"""


def calibration_page() -> str:
    measured = [measure(Library(seed)) for seed in SEEDS]

    def built(figure):
        here, *others = (found[figure.key] for found in measured)
        band = f"{figure.low:g} to {figure.high:g}"
        return f"{here:.3g}", f"{min(others):.3g} to {max(others):.3g}", band

    published = [
        "| Figure | Published | Year | Source | Basis | Built | Five others | Band | How it is used |",
        "|---|---:|---|---|---|---:|---:|---:|---|",
    ]
    for figure in figures():
        here, others, band = built(figure)
        value = "direction only" if figure.value is None else f"{figure.value:g}"
        published.append(
            f"| {figure.label} ({figure.unit}) | {value} | {figure.year} | {figure.source} | {figure.basis} "
            f"| {here} | {others} | {band} | {figure.used} |"
        )
    chosen = ["| Figure | Built | Five others | Band |", "|---|---:|---:|---:|"]
    chosen += [f"| {figure.label} | {' | '.join(built(figure))} |" for figure in choices()]
    return CALIBRATION.format(published="\n".join(published), chosen="\n".join(chosen))


TRUTH = """\
# The answer envelope, table by table

*Made by `make pages`. Do not edit this page by hand.*

What is really so in a library, and what no library could know.
`Library.port_ellery().truth.patrons` is a table of it; so is `my_library().truth.patrons` of a student's own.
A lesson opens the envelope after the analysis.
What a textbook analysis finds of it is in [What a textbook analysis finds](recovery.md).
"""


def truth_page() -> str:
    parts = [TRUTH]
    for name, table in sorted(truth.SCHEMAS.items()):
        lines = [f"## {name}", "", f"*{table.title}.* {table.description}", ""]
        lines += ["| Column | Type | Unit | Meaning |", "|---|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {c.unit} | {c.description} |" for c in table.columns]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


# Pictures ----------------------------------------------------------------------------------------------


def new_axes(height: float = 3.6):
    _, axes = plt.subplots(figsize=(8, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def say(axes, sentence: str):
    axes.words = sentence
    return axes


def loans_of_actives(library) -> pd.Series:
    """Checkouts in twelve months of everyone who used the library in them, from the most to the fewest."""
    patrons, checkouts = library.patrons, library.checkouts
    own = checkouts[(checkouts["transaction_type"] == "checkout") & (checkouts["date"] > A_YEAR_AGO)]
    active = patrons.loc[patrons["last_use"] > A_YEAR_AGO, "patron_id"]
    return active.map(own["patron_id"].value_counts()).fillna(0).sort_values(ascending=False)


def concentration(library):
    loans = loans_of_actives(library)
    share = np.concatenate([[0], loans.cumsum() / loans.sum()]) * 100
    people = np.linspace(0, 100, len(share))
    fifth = float(np.interp(20, people, share))
    axes = new_axes()
    axes.plot(people, share, color=BLUE, linewidth=2)
    axes.plot([0, 100], [0, 100], color=GREY, linestyle=":", linewidth=1)
    axes.text(62, 56, "if all borrowed alike", color=GREY, rotation=19)
    axes.plot([20, 20, 0], [0, fifth, fifth], color=ORANGE, linewidth=1)
    axes.text(22, fifth - 9, f"20% of the people\n{fifth:.0f}% of the checkouts", color=ORANGE, va="top")
    axes.set_xlabel("People who used the library, from the busiest on (%)")
    axes.set_ylabel("Their checkouts in 12 months (%)")
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 101)
    assert 65 <= fifth <= 75, "the sentence says about seven in ten"
    return say(axes, CONCENTRATION)


def season(library):
    gates = library.gate_counts
    month = gates.groupby(gates["date"].dt.to_period("M"))["visits"].sum()
    axes = new_axes()
    axes.plot(month.index.to_timestamp(), month, color=BLUE, marker="o", markersize=3)
    for period in (month.idxmax(), month.idxmin()):
        axes.annotate(
            f"{period.to_timestamp():%B %Y}: {month[period]:,}",
            (period.to_timestamp(), month[period]),
            textcoords="offset points",
            xytext=(0, 8 if period == month.idxmax() else -14),
            ha="center",
            color=ORANGE,
        )
    axes.set_ylim(0, month.max() * 1.15)
    axes.set_xlabel("Month")
    axes.set_ylabel("Visits")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    return say(
        axes,
        f"Visits rise in spring and summer and fall in winter: {month.max():,} in {month.idxmax().to_timestamp():%B %Y}, "
        f"{month.min():,} in {month.idxmin().to_timestamp():%B %Y}.",
    )


def week(library):
    main = library.gate_counts.query("branch == 'MAIN'")
    totals = main.groupby(main["date"].dt.day_of_week)[["visits", "hours_open"]].sum()
    rate = totals["visits"] / totals["hours_open"]
    axes = new_axes(3.2)
    axes.bar(DAYS, rate, color=[ORANGE if day == rate.idxmax() else BLUE for day in rate.index])
    for day, value in rate.items():
        axes.text(day, value, f"{value:.1f}", ha="center", va="bottom")
    axes.set_ylabel("Visits for each hour open")
    axes.set_xlabel("Main library")
    return say(
        axes,
        f"For each hour open, {DAYS[rate.idxmax()]} is the busiest day at the main library ({rate.max():.1f} visits an hour) "
        f"and {DAYS[rate.idxmin()]} the quietest ({rate.min():.1f}).",
    )


def ages(library):
    patrons, tracts = library.patrons, library.tracts
    columns = [f"age_{band.replace('-', '_').replace('+', '_up')}" for band in AGE_BANDS]
    town = tracts[columns].sum().to_numpy()
    cards = patrons["age_band"].value_counts().reindex(AGE_BANDS).to_numpy()
    recent = patrons.loc[patrons["last_use"] > A_YEAR_AGO, "age_band"].value_counts().reindex(AGE_BANDS)
    axes = new_axes(4)
    place = np.arange(len(AGE_BANDS))
    for offset, values, color, label in (
        (-0.28, town, GREY, "residents"),
        (0.0, cards, BLUE, "with a card"),
        (0.28, recent.to_numpy(), ORANGE, "used it in 12 months"),
    ):
        axes.bar(place + offset, values, 0.28, color=color, label=label)
    axes.set_xticks(place, AGE_BANDS)
    axes.set_xlabel("Age (years)")
    axes.set_ylabel("People")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False)
    share = pd.Series(cards / town, index=AGE_BANDS)
    return say(
        axes,
        f"Cards are most common at {share.idxmax()} years ({share.max():.0%} of the residents of that age) and least "
        f"common at {share.idxmin()} ({share.min():.0%}); a card is not the same as use.",
    )


def households(library):
    cards = library.households["cards"].clip(upper=6).value_counts().sort_index()
    shared = library.households.query("cards > 1")["cards"].sum() / library.households["cards"].sum()
    axes = new_axes(3)
    labels = [f"{number}" if number < 6 else "6 and more" for number in cards.index]
    axes.bar(labels, cards, color=BLUE)
    for row, count in enumerate(cards):
        axes.text(row, count, f"{count:,}", ha="center", va="bottom")
    axes.set_xlabel("Cards at one address")
    axes.set_ylabel("Households")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    return say(axes, f"{shared:.0%} of all cards share their address with another card.")


def hazard(library):
    patrons, truth = library.patrons, library.truth.patrons
    used = patrons["last_use"].notna().to_numpy()
    enrolled = patrons["enrolled"]
    months = ((truth["lapsed"] - enrolled).dt.days / 30.44).to_numpy()
    tenure = ((AS_OF - enrolled).dt.days / 30.44).to_numpy()
    keep = used & (tenure < 72)
    months, tenure = np.where(np.isnan(months), np.inf, months)[keep], tenure[keep]
    rate = [
        ((months >= m) & (months < m + 1) & (tenure > m)).sum() / ((months >= m) & (tenure > m)).sum() * 100
        for m in range(24)
    ]
    axes = new_axes()
    axes.bar(range(1, 25), rate, color=[ORANGE] * 3 + [BLUE] * 21)
    axes.set_xlabel("Month since the card was issued")
    axes.set_ylabel("Stop in that month\n(% of those still using it)")
    early, later = np.mean(rate[:3]), np.mean(rate[3:12])
    return say(
        axes,
        f"In each of the first three months {early:.1f}% of the new patrons stop, later in the first year {later:.1f}% "
        "a month.",
    )


def distance(library):
    residents = library.truth.residents
    band = pd.cut(residents["miles"], [0, 0.5, 1, 1.5, 2, 2.5, 3, 9])
    share = residents.groupby(band, observed=True)["has_card"].agg(["mean", "size"])
    share = share[share["size"] >= 100]
    axes = new_axes(3.2)
    labels = [f"{cut.left:g}–{cut.right:g}" if cut.right < 9 else "over 3" for cut in share.index]
    axes.bar(labels, share["mean"] * 100, color=BLUE)
    for row, value in enumerate(share["mean"]):
        axes.text(row, value * 100, f"{value:.0%}", ha="center", va="bottom")
    axes.set_xlabel("Miles by road to the nearest branch")
    axes.set_ylabel("Residents with a card (%)")
    return say(
        axes,
        f"Of the residents who live closest {share['mean'].iloc[0]:.0%} have a card, of those furthest away "
        f"{share['mean'].iloc[-1]:.0%}.",
    )


def print_and_digital(library):
    checkouts = library.checkouts
    own = checkouts[(checkouts["transaction_type"] == "checkout") & (checkouts["date"] > A_YEAR_AGO)]
    count = own.pivot_table(
        index="patron_id", columns="usage_class", values="checkout_id", aggfunc="size", observed=True
    ).fillna(0)
    rng = np.random.default_rng(1)
    jitter = rng.uniform(0, 0.7, (2, len(count)))
    axes = new_axes(4.4)
    axes.scatter(
        count["physical"] + jitter[0] + 1, count["digital"] + jitter[1] + 1, s=5, alpha=0.35, color=BLUE
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = [1, 3, 11, 31, 101, 301]
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(ticks, [str(tick - 1) for tick in ticks])
        axis.set_minor_locator(matplotlib.ticker.NullLocator())
    axes.set_xlabel("Physical checkouts in 12 months")
    axes.set_ylabel("Digital checkouts in 12 months")
    both = ((count["physical"] > 0) & (count["digital"] > 0)).mean()
    only = (count["digital"] == 0).mean(), (count["physical"] == 0).mean()
    return say(
        axes,
        f"Of those who borrow, {only[0]:.0%} borrow only physical items, {only[1]:.0%} only digital ones, and {both:.0%} both.",
    )


def read_scale(library):
    desk = library.reference_questions["read_level"].value_counts(normalize=True).sort_index() * 100
    away = library.consultations["read_level"].value_counts(normalize=True).sort_index() * 100
    levels = np.arange(1, 7)
    axes = new_axes(3.4)
    for offset, values, color, label in (
        (-0.2, desk, GREY, "at the desk"),
        (0.2, away, BLUE, "with partner teams"),
    ):
        axes.bar(levels + offset, values.reindex(levels).fillna(0), 0.4, color=color, label=label)
    axes.set_xlabel("READ level of the question (1: quick directions, 6: hours of research)")
    axes.set_ylabel("Questions (%)")
    axes.legend(frameon=False)
    hard = desk.loc[3:].sum(), away.loc[3:].sum()
    return say(
        axes,
        f"At the desk {hard[0]:.0f}% of the questions are of READ level 3 or above, with the partner teams {hard[1]:.0f}%.",
    )


def embedding(library):
    consultations, teams = library.consultations, library.teams
    joined = teams["embedded_since"].notna()
    ever = consultations["team_id"].isin(teams.loc[joined, "team_id"])
    quarter = consultations["date"].dt.to_period("Q")
    axes = new_axes(3.8)
    for which, number, color, label in (
        (ever, joined.sum(), ORANGE, "teams that get an\n  embedded librarian"),
        (~ever, (~joined).sum(), BLUE, "other teams"),
    ):
        count = quarter[which].value_counts().sort_index() / number / 3
        count = count[(count.index >= pd.Period("2022Q4")) & (count.index <= pd.Period("2025Q2"))]
        axes.plot(count.index.to_timestamp(), count, color=color, marker="o", markersize=3)
        axes.text(count.index[-1].to_timestamp(), count.iloc[-1], f"  {label}", color=color, va="center")
    groups = ((ever, joined.sum()), (~ever, (~joined).sum()))
    starts = teams["embedded_since"].dropna()
    assert len(starts) == 8, "the sentence says eight"
    axes.axvspan(starts.min(), starts.max(), color=GREY, alpha=0.12)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.1)
    axes.text(starts.min(), axes.get_ylim()[1], " embedding begins,\n team by team", va="top", color=GREY)
    axes.set_xlim(right=pd.Timestamp("2025-10-01"))
    halves = pd.date_range("2022-10-01", "2025-04-01", freq="6MS")
    axes.set_xticks(halves, [f"{day:%b %Y}" for day in halves])
    axes.set_xlabel("Quarter")
    axes.set_ylabel("Consultations\nper team and month")
    before, after = (
        [monthly(consultations[which & period], teams_in) for which, teams_in in groups]
        for period in (consultations["date"] < starts.min(), consultations["date"] > starts.max())
    )
    return say(
        axes,
        f"Before anybody was embedded, the teams that later were asked {before[0]:.1f} questions a month each and the"
        f" others {before[1]:.1f}; once all eight were, it was {after[0]:.1f} and {after[1]:.1f}.",
    )


def monthly(consultations: pd.DataFrame, teams: int) -> float:
    """Consultations for each of so many teams, in 30 days, from the first of them to the last."""
    days = (consultations["date"].max() - consultations["date"].min()).days
    return len(consultations) / teams / days * 30


PICTURES = {
    "Loans are shared unequally": concentration,
    "The year": season,
    "The week": week,
    "Ages": ages,
    "Cards at one address": households,
    "The first months decide": hazard,
    "Distance": distance,
    "Print and digital": print_and_digital,
    "Easy and hard questions": read_scale,
    "Embedded librarians": embedding,
}

PAGE = """\
# Port Ellery in ten pictures

*Made by `make pages`. Do not edit this page by hand.*

What the frozen tables in [`data/`](../data/README.md) look like before anybody analyzes them.
All of it is synthetic: a pattern here was put here, or came by chance.
The figures that it was fitted to are in [Calibration](calibration.md).
"""


def pictures_page(draw_to: Path | None = None) -> str:
    """The page; its pictures go into the folder, if one is given."""
    library = Library.port_ellery()
    parts = [PAGE]
    for title, draw in PICTURES.items():
        axes = draw(library)
        name = f"{draw.__name__}.png"
        if draw_to:
            axes.figure.savefig(draw_to / name, dpi=110, metadata={"Software": None})
        words = in_words(axes)
        plt.close(axes.figure)
        parts.append(f"## {title}\n\n![{words}](pictures/{name})\n\n{words}\n")
    return "\n".join(parts)


def main() -> None:
    folder = DOCS / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    (DOCS / "port_ellery.md").write_text(pictures_page(folder), encoding="utf-8", newline="\n")
    (DOCS / "calibration.md").write_text(calibration_page(), encoding="utf-8", newline="\n")
    (DOCS / "truth.md").write_text(truth_page(), encoding="utf-8", newline="\n")
    print("docs/calibration.md, docs/port_ellery.md, docs/truth.md and docs/pictures/ are written.")


if __name__ == "__main__":
    main()
