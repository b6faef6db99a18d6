"""Charts of how well people hide in a crowd. Each carries a sentence that says it in words."""

import html

import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words

CROWDS = {"alone": (1, 1), "2 to 4": (2, 4), "5 to 9": (5, 9), "10 or more": (10, None)}
COLORS = dict(zip(CROWDS, (ORANGE, ORANGE, ORANGE, BLUE), strict=True))


def crowd_counts(size: pd.Series) -> pd.Series:
    """How many people are in groups of each of ``CROWDS``; ``size`` is each person's size of group."""
    found = {
        name: int(size.between(low, high if high else float("inf")).sum())
        for name, (low, high) in CROWDS.items()
    }
    return pd.Series(found)


def crowd_words(counts: pd.Series) -> str:
    """The sentence of the chart."""
    share = counts["10 or more"] / max(counts.sum(), 1)
    return (
        f"{counts['10 or more']:,} of {counts.sum():,} people ({share:.1%}) are in a group of 10 or more. "
        f"Alone with their values: {counts['alone']:,}."
    )


def crowd_chart(size: pd.Series, axes=None):
    """A bar for each size of crowd: the share of people who hide in one. ``size`` is that of ``privacy.group_sizes``."""
    counts = crowd_counts(size)
    shares = counts / max(counts.sum(), 1)
    axes = axes_for(axes, len(shares))
    axes.barh(list(shares.index), 100 * shares, color=[COLORS[name] for name in shares.index])
    for place, (count, share) in enumerate(zip(counts, shares, strict=True)):
        axes.text(100 * share, place, f" {count:,} ({share:.1%})", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, 130)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("Share of people (%)")
    axes.set_ylabel("People in the group")
    return set_words(axes, crowd_words(counts))


def crowd_bars(size: pd.Series) -> str:
    """The same as HTML, for a widget that must be quick."""
    counts = crowd_counts(size)
    rows = "".join(
        f'<div style="display: flex; gap: 0.5em; align-items: center"><span style="width: 7em; text-align: right">'
        f'{html.escape(name)}</span><span style="flex: 1"><span style="display: inline-block; height: 1.1em; '
        f'vertical-align: middle; width: {45 * share:.1f}%; background: {COLORS[name]}"></span> {count:,} ({share:.1%})'
        "</span></div>"
        for name, count, share in zip(counts.index, counts, counts / max(counts.sum(), 1), strict=True)
    )
    words = html.escape(crowd_words(counts))
    return (
        f'<figure role="img" aria-label="{words}" style="margin: 0.5em 0">{rows}'
        f'<figcaption style="color: {GREY}">{words}</figcaption></figure>'
    )
