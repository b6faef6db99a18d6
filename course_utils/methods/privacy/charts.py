"""Charts of how well people hide in a crowd. Each carries a sentence that says it in words."""

import html

import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words

CROWDS = {"alone": (1, 1), "2 to 4": (2, 4), "5 to 9": (5, 9), "10 or more": (10, None)}
COLORS = dict(zip(CROWDS, (ORANGE, ORANGE, ORANGE, BLUE), strict=True))


def crowd_shares(size: pd.Series) -> pd.Series:
    """The share of people in groups of each of ``CROWDS``, 0 to 1; ``size`` is each person's size of group."""
    found = {
        name: size.between(low, high if high else float("inf")).sum() / max(len(size), 1)
        for name, (low, high) in CROWDS.items()
    }
    return pd.Series(found)


def crowd_words(shares: pd.Series) -> str:
    """The sentence of the chart."""
    return (
        f"{shares['10 or more']:.1%} of people are in a group of 10 or more, and {shares['alone']:.1%} are alone with "
        "their values."
    )


def crowd_chart(size: pd.Series, axes=None):
    """A bar for each size of crowd: the share of people who hide in one. ``size`` is that of ``privacy.group_sizes``."""
    shares = crowd_shares(size)
    axes = axes_for(axes, len(shares))
    axes.barh(list(shares.index), 100 * shares, color=[COLORS[name] for name in shares.index])
    for place, share in enumerate(shares):
        axes.text(100 * share, place, f" {share:.1%}", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, 115)
    axes.set_xlabel("Share of people (%)")
    axes.set_ylabel("People in the group")
    return set_words(axes, crowd_words(shares))


def crowd_bars(size: pd.Series) -> str:
    """The same as HTML, for a widget that must be quick."""
    shares = crowd_shares(size)
    rows = "".join(
        f'<div style="display: flex; gap: 0.5em; align-items: center"><span style="width: 7em; text-align: right">'
        f'{html.escape(name)}</span><span style="flex: 1"><span style="display: inline-block; height: 1.1em; '
        f'vertical-align: middle; width: {80 * share:.1f}%; background: {COLORS[name]}"></span> {share:.1%}</span></div>'
        for name, share in shares.items()
    )
    return (
        f'<figure role="img" aria-label="{html.escape(crowd_words(shares))}" style="margin: 0.5em 0">{rows}'
        f'<figcaption style="color: {GREY}">{html.escape(crowd_words(shares))}</figcaption></figure>'
    )
