"""The charts of this method. Each gives back the Axes, which carries a sentence that says the chart in words."""

import pandas as pd

from course_utils.display import BLUE, axes_for, set_words


def stability_chart(shares: pd.Series, axes=None):
    """A bar for each group: the share of its cards that are valid."""
    axes = axes_for(axes, len(shares))
    axes.barh(shares.index.astype(str), 100 * shares, color=BLUE)
    axes.set(xlabel="valid cards (%)", ylabel="")
    low, high = shares.idxmin(), shares.idxmax()
    return set_words(
        axes,
        f"Of the cards of {low}, {shares[low]:.0%} are valid, which is least; of those of {high}, {shares[high]:.0%}, "
        "which is most.",
    )
