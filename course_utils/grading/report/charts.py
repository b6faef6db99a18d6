"""The charts of the report on an assignment, in the kit's style. Each brings its sentence along."""

import math
import textwrap
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from course_utils.charts import BLUE, GREY, ORANGE
from course_utils.grading.execution.job import State
from course_utils.grading.report.reading import BY_HAND, UNKNOWN, WAITS
from course_utils.grading.report.statistics import Thirds
from course_utils.grading.report.words import ended, in_their_words, many

MOST_DOTS = 60  # students: more are drawn as bars
# Okabe and Ito's colours and greys, in the order of the bars, with the colour of the writing on each.
STATES = {
    State.RIGHT.value: (BLUE, "white"),
    State.PARTLY.value: ("#56B4E9", "black"),
    State.WRONG.value: (ORANGE, "white"),
    State.ERROR.value: ("#E69F00", "black"),
    State.NOT_THERE.value: ("#CC79A7", "black"),
    State.NOT_ATTEMPTED.value: ("#D0D0D0", "black"),
    State.OUR_FAULT.value: ("black", "white"),
    BY_HAND: ("#009E73", "white"),
    WAITS: ("#F0E442", "black"),
    UNKNOWN: ("white", "black"),
}
STEPS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def scores_chart(points: pd.Series, most: float, what: str):
    """How many students have how many points: a dot for each, or bars for a large class.

    ``points`` are those of each student, of ``most`` points; ``what`` says which points these are.
    """
    step = next((step for step in STEPS if most / step <= 20), STEPS[-1])
    middle = float(points.median())
    counts = ((points / step + 0.5).apply(math.floor) * step).round(6).value_counts().sort_index()
    high = int(counts.max())
    dots = len(points) <= MOST_DOTS
    axes = _axes(min(3.6, 1.5 + 0.24 * max(high, 3)) if dots else 3.4)
    if dots:
        places = [(x, level) for x, count in counts.items() for level in range(1, count + 1)]
        axes.scatter(*zip(*places, strict=True), s=min(110, 2200 / (high + 2)), color=BLUE)
        axes.set_ylim(0.3, max(high, 3) + 1.4)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    else:
        axes.bar(counts.index, counts, width=step * 0.85, color=BLUE)
        for x, count in counts.items():
            label = axes.text(x, count + high * 0.01, f"{count:,}", ha="center", va="bottom", fontsize=9)
            label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.8})
        axes.set_ylim(0, high * 1.25)
        axes.set_ylabel("Students")
    axes.axvline(middle, color=ORANGE, linewidth=1.2, zorder=0)
    left = middle > most / 2
    axes.text(
        *(middle, 0.98, f" median {middle:g} " if not left else f"median {middle:g} "),
        transform=axes.get_xaxis_transform(),
        ha="right" if left else "left",
        va="top",
        color=ORANGE,
    )
    low = min(0.0, float(counts.index.min()))
    axes.set_xlim(low - step * 0.7, max(most, float(counts.index.max())) + step * 0.7)
    axes.xaxis.get_major_locator().set_params(integer=step >= 1)
    axes.set_xlabel(f"{what[:1].upper()}{what[1:]}, of {most:g}")
    return _say(axes, _scores_in_words(points, most))


def _scores_in_words(points: pd.Series, most: float) -> str:
    n, middle = len(points), points.median()
    if n == 1:
        return f"The one student has {points.iloc[0]:g} of {most:g} points."
    quarter, three = points.quantile(0.25), points.quantile(0.75)
    if n == 2:
        return f"The two students have {points.min():g} and {points.max():g} of {most:g} points."
    full, none = int((points >= most).sum()), int((points <= 0).sum())
    return (
        f"At least half of the {n:,} students have {middle:g} of {most:g} points or more; the middle half lies between {quarter:g} "
        f"and {three:g}. All points: {many(full)}; none: {many(none)}."
    )


def states_chart(counts: pd.DataFrame):
    """How each question ended: bars of 100%, stacked.

    ``counts`` has questions by label, in order, and their states (keys of ``STATES``), as numbers of students.
    """
    counts = counts[[state for state in STATES if state in counts and counts[state].sum()]]
    axes = _axes(1.35 + 0.46 * max(len(counts), 2))
    shares = counts.div(counts.sum(axis=1), axis=0).fillna(0) * 100
    labels = _wrapped(counts.index)
    left = pd.Series(0.0, index=counts.index)
    for state in counts:
        colour, ink = STATES[state]
        axes.barh(
            *(range(len(counts)), shares[state]),
            left=left,
            color=colour,
            label=in_their_words(state),
            edgecolor="#333333" if colour == "white" else "white",
            linewidth=0.7,
        )
        for row, question in enumerate(counts.index):
            if shares.loc[question, state] >= 4:
                where = left[question] + shares.loc[question, state] / 2
                number = f"{counts.loc[question, state]:,}"
                axes.text(where, row, number, ha="center", va="center", color=ink, fontsize=9)
        left = left + shares[state]
    axes.set_yticks(range(len(counts)), labels)
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Share of the graded students (%); the numbers are students")
    axes.figure.legend(loc="outside upper left", ncols=4, frameon=False, fontsize=9, handlelength=1.2)
    return _say(axes, _states_in_words(counts, shares))


def _states_in_words(counts: pd.DataFrame, shares: pd.DataFrame) -> str:
    parts = []
    for state, words in (
        (State.RIGHT.value, "Right most often: {} ({:.0f}%)."),
        (State.NOT_ATTEMPTED.value, "Left unattempted most often: {} ({:.0f}%)."),
        (State.ERROR.value, "Stopped by an error most often: {} ({:.0f}%)."),
    ):
        if state in shares:
            parts.append(words.format(shares[state].idxmax(), shares[state].max()))
    if State.RIGHT.value in shares:
        others = counts.reindex(columns=[BY_HAND, WAITS, UNKNOWN], fill_value=0).sum(axis=1)
        tested = shares[others == 0]
        if len(tested) > 1:
            least = tested[State.RIGHT.value]
            if least.min() == shares[State.RIGHT.value].max():
                parts[0] = f"Right in every question alike ({least.min():.0f}%)."
            else:
                parts.insert(1, f"Right least often: {least.idxmin()} ({least.min():.0f}%).")
    for state, words in (
        (State.OUR_FAULT.value, "{} of a test went wrong by our fault."),
        (WAITS, "{} still to be marked by hand."),
        (UNKNOWN, "Of {} only the points are known."),
    ):
        if state in counts:
            parts.append(words.format(many(int(counts[state].sum()), "answer")))
    return " ".join(parts) or "Every answer was marked by hand."


def thirds_chart(found: Mapping[str, Thirds], marked: Sequence[str]):
    """For each question, the share of points in the two outer thirds of the class.

    ``found`` is by label, in order; the labels that are ``marked`` stand out.
    """
    axes = _axes(1.2 + 0.44 * max(len(found), 2))
    for row, (label, pair) in enumerate(found.items()):
        loud = label in marked
        ends = [pair.bottom * 100, pair.top * 100]
        axes.plot(ends, [row, row], color=ORANGE if loud else "#BBBBBB", linewidth=4 if loud else 2, zorder=1)
        axes.scatter(ends[0], row, s=70, color="white", edgecolor=GREY, linewidth=2, marker="s", zorder=2)
        axes.scatter(ends[1], row, s=70, color=BLUE, zorder=3)
        if loud:
            axes.text(max(ends) + 2.5, row, "look here", va="center", color=ORANGE)
    first = next(iter(found.values()))
    apart = abs(first.top - first.bottom) > 0.3
    for value, text, colour in ((first.bottom, "lowest third", GREY), (first.top, "top third", BLUE)):
        side = "center" if apart else ("right" if (colour == GREY) == (first.bottom <= first.top) else "left")
        axes.text(value * 100, -0.42, text, ha=side, va="bottom", color=colour, fontsize=9)
    axes.set_yticks(range(len(found)), _wrapped(found))
    axes.set_ylim(len(found) - 0.5, -1.1)
    axes.set_xlim(-4, 116)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("Mean share of the points (%)")
    gaps = pd.Series({label: pair.top - pair.bottom for label, pair in found.items()})
    widest = gaps.idxmax()
    sentence = (
        f"The widest gap: {widest}, where the top third has {found[widest].top:.0%} of the points and the lowest third "
        f"{found[widest].bottom:.0%}. "
    )
    level = list(gaps.index[gaps <= 0])
    sentence += (
        ended(f"The top third does no better than the lowest in: {'; '.join(level)}")
        if level
        else "In every question the top third does better than the lowest."
    )
    return _say(axes, sentence)


def bars_chart(counts: pd.Series, unit: str, sentence: str, of: int):
    """Bars with their numbers, from the top down. ``of`` is what 100% would be."""
    axes = _axes(1.0 + 0.46 * max(len(counts), 2))
    axes.barh(range(len(counts)), list(counts), color=BLUE)
    for row, number in enumerate(counts):
        share = f" ({number / of:.0%})" if of >= 20 else ""
        axes.text(number, row, f" {number:,}{share}", va="center")
    axes.set_yticks(range(len(counts)), _wrapped(counts.index, 44))
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_xlim(0, max(1, counts.max()) * 1.18)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel(unit)
    return _say(axes, sentence)


def _wrapped(labels, width: int = 30) -> list[str]:
    # A dollar sign in an instructor's heading is no formula.
    return [
        "\n".join(textwrap.wrap(str(label), width, max_lines=2, placeholder=" …")).replace("$", r"\$")
        for label in labels
    ]


def _axes(height: float):
    # A figure of its own, apart from those that a notebook has open.
    axes = Figure(figsize=(8, height), layout="constrained").subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _say(axes, sentence: str):
    axes.words = sentence
    return axes
