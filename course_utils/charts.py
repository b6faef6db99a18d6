"""One function for each chart. Each gives back the Axes, which carries a sentence that says the chart in words.

Colours are those of Okabe and Ito (2008), which people with any kind of colour vision can tell apart.
"""

import base64
import html
import io

import pandas as pd

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#6B6B6B"


def show(axes, words: str | None = None):
    """Show a chart with a sentence under it, which is also what a screen reader reads out.

    Parameters
    ----------
    axes : the Axes of any Matplotlib or seaborn chart.
    words : the sentence. Charts of this kit bring their own.

    Raises
    ------
    ValueError
        If the chart brings no sentence and none is given.
    """
    from IPython.display import HTML

    return HTML(as_html(axes, words))


def as_html(axes, words: str | None = None) -> str:
    """The chart as an HTML figure: the picture, with alternative text, and its sentence. Closes the chart."""
    import matplotlib.pyplot as plt

    words = words or in_words(axes)
    picture = io.BytesIO()
    axes.figure.savefig(picture, format="png", dpi=144)
    plt.close(axes.figure)
    data = base64.b64encode(picture.getvalue()).decode()
    width = int(axes.figure.get_figwidth() * 96)
    return (
        '<figure style="margin: 0.5em 0">'
        f'<img alt="{html.escape(words)}" src="data:image/png;base64,{data}" '
        f'style="width: {width}px; max-width: 100%">'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def in_words(axes) -> str:
    """The sentence that says a chart of this kit in words."""
    if not getattr(axes, "words", None):
        raise ValueError('this chart says nothing in words yet: give it a sentence, show(axes, "...")')
    return axes.words


def definitions_chart(counts: pd.Series, axes=None):
    """Bars: how many people are customers, by definition.

    ``counts`` holds people by definition, in the order in which to draw them, from the top.
    """
    axes = _axes(axes, rows=len(counts))
    axes.barh(list(counts.index), list(counts), color=BLUE)
    for row, people in enumerate(counts):
        axes.text(people, row, f" {people:,}", va="center")
    axes.invert_yaxis()
    axes.set_xlabel("People with a card")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlim(0, counts.max() * 1.12)
    most, least = counts.idxmax(), counts.idxmin()
    return _say(
        axes,
        f"By the widest definition ({most}) there are {counts[most]:,} customers, "
        f"by the narrowest ({least}) {counts[least]:,}.",
    )


def not_counted_chart(table: pd.DataFrame, group: str, axes=None):
    """Bars: which share of each group is not counted.

    ``table`` is that of ``customers.not_counted``; ``group`` is the plain name of its groups, such as "Age".
    """
    table = table[table["patrons"] > 0]
    axes = _axes(axes, rows=len(table))
    labels = [str(label) for label in table.index]
    axes.barh(labels, table["share"] * 100, color=ORANGE)
    for row, (share, people) in enumerate(zip(table["share"], table["not_counted"], strict=True)):
        axes.text(share * 100, row, f" {share:.0%} ({people:,} people)", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, 130)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("Share that is not counted (%)")
    axes.set_ylabel(group)
    if table.empty or not table["not_counted"].sum():
        return _say(axes, "Nobody is left out.")
    most, least = table["share"].idxmax(), table["share"].idxmin()
    if table["share"][most] == table["share"][least]:
        share = table["share"][most]
        return _say(
            axes, f"{table['not_counted'].sum():,} people are not counted, {share:.0%} in every group."
        )
    return _say(
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
    axes = _axes(axes, rows=len(guesses))
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
    axes.set_xlabel("Your range, beside the true number")
    should = round(len(guesses) * 0.8)
    return _say(
        axes, f"{hit.sum()} of your {len(guesses)} ranges hold the true number. About {should} should."
    )


def _axes(axes, rows: int):
    """The given axes, or new ones of a height that suits so many rows of bars."""
    import matplotlib.pyplot as plt

    if axes is None:
        _, axes = plt.subplots(figsize=(8, 0.8 + 0.42 * max(rows, 2)), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _say(axes, sentence: str):
    axes.words = sentence
    return axes
