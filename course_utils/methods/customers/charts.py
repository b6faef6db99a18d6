"""Charts of who is a customer, and of guesses."""

import pandas as pd

from course_utils.display import BLUE, ORANGE, axes_for, set_words


def half_width(rows: int):
    """Axes for so many bars in one of a widget's two columns: their letters are readable at 440 pixels."""
    import matplotlib.pyplot as plt

    _, axes = plt.subplots(figsize=(5.4, 0.8 + 0.36 * max(rows, 2)), layout="constrained")
    return axes


def definitions_chart(counts: pd.Series, axes=None):
    """Bars: how many people are customers, by definition.

    ``counts`` holds people by definition, in the order in which to draw them, from the top.
    """
    axes = axes_for(axes, rows=len(counts))
    axes.barh(list(counts.index), list(counts), color=BLUE)
    for row, people in enumerate(counts):
        axes.text(people, row, f" {people:,}", va="center")
    axes.invert_yaxis()
    axes.set_xlabel("People with a card")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlim(0, counts.max() * 1.12)
    most, least = counts.idxmax(), counts.idxmin()
    return set_words(
        axes,
        f"By the widest definition ({most}) there are {counts[most]:,} customers, "
        f"and by the narrowest ({least}) {counts[least]:,}.",
    )


def not_counted_chart(table: pd.DataFrame, group: str, axes=None):
    """Bars: which share of each group is not counted.

    ``table`` is that of ``customers.not_counted``; ``group`` is the plain name of its groups, such as "Age".
    """
    table = table[table["patrons"] > 0]
    axes = axes_for(axes, rows=len(table))
    labels = [str(label) for label in table.index]
    axes.barh(labels, table["share"] * 100, color=ORANGE)
    for row, (share, people) in enumerate(zip(table["share"], table["not_counted"], strict=True)):
        axes.text(share * 100, row, f" {share:.0%} ({people:,})", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, 130)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("Share that is not counted, % (people)")
    axes.set_ylabel(group)
    if table.empty or not table["not_counted"].sum():
        return set_words(axes, "Nobody is left out.")
    most, least = table["share"].idxmax(), table["share"].idxmin()
    if table["share"][most] == table["share"][least]:
        share = table["share"][most]
        return set_words(
            axes, f"{table['not_counted'].sum():,} people are not counted, {share:.0%} in every group."
        )
    return set_words(
        axes,
        f"{table['not_counted'].sum():,} people are not counted. "
        f"Most often left out: {group.lower()} {most} ({table['share'][most]:.0%}). "
        f"Least often: {least} ({table['share'][least]:.0%}).",
    )


def calibration_chart(guesses: pd.DataFrame, truth: pd.Series, axes=None):
    """Ranges that were guessed, each with the number that turned out to be true.

    Every range is drawn on a scale of its own, on which the truth stands at 1, because the questions have
    different units. ``guesses`` has ``low`` and ``high`` by question; ``truth`` has a positive number by question.
    """
    axes = axes_for(axes, rows=len(guesses))
    low = guesses["low"] / truth[guesses.index]
    high = guesses["high"] / truth[guesses.index]
    hit = low.le(1) & high.ge(1)
    for row, question in enumerate(guesses.index):
        colour = BLUE if hit[question] else ORANGE
        ends = [min(max(low[question], 1 / 15), 14), min(max(high[question], 1 / 14), 15)]
        axes.plot(ends, [row, row], color=colour, linewidth=6, solid_capstyle="butt")
        word = "hit" if hit[question] else "miss"
        axes.text(1.01, row, word, va="center", transform=axes.get_yaxis_transform())
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlim(1 / 16, 16)
    axes.set_xticks([1 / 10, 1 / 3, 1, 3, 10], ["a tenth", "a third", "true number", "3 times", "10 times"])
    axes.minorticks_off()
    axes.set_yticks(range(len(guesses)), list(guesses.index))
    axes.set_ylim(len(guesses) - 0.5, -0.5)
    axes.set_xlabel("Your range, as a multiple of the true number")
    should = round(len(guesses) * 0.8)
    return set_words(
        axes, f"{hit.sum()} of your {len(guesses)} ranges hold the true number. About {should} should."
    )
