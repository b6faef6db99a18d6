"""Charts of features and of groups beside a town without segments."""

import base64
import html

import numpy as np
import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words

NAMES = {
    "amount": "Loans in 12 months (each step doubles)",
    "digital": "Share of loans that are digital",
    "children": "Share of loans for children",
}
COLOURS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
BARS = 24
WIDTH, HIGH, GAP, LEFT, RIGHT, TOP = 430, 74, 42, 8, 422, 26


def humps_chart(table: pd.DataFrame, town: pd.DataFrame | None = None):
    """Histograms of each feature, and below them those of a town without segments, if one is given.

    ``table`` and ``town`` have the columns ``amount`` (logarithm to base 2), ``digital`` and ``children``, or some of
    them.
    """
    import matplotlib.pyplot as plt

    towns = {"our town": table} | ({} if town is None else {"null town": town})
    figure, grid = plt.subplots(
        len(towns), table.shape[1], figsize=(9, 0.6 + 2.1 * len(towns)), layout="constrained", squeeze=False
    )
    for row, (whose, numbers) in zip(grid, towns.items(), strict=True):
        for axes, name in zip(row, table, strict=True):
            both = pd.concat([one[name] for one in towns.values()])
            axes.hist(
                numbers[name],
                bins=BARS,
                range=(both.min(), both.max()),
                color=BLUE if numbers is table else GREY,
            )
            axes.spines[["top", "right"]].set_visible(False)
            axes.set_xlabel(NAMES.get(name, name).replace(" (", "\n("))
            if name == "amount":
                _doublings(axes, both)
        row[0].set_ylabel(f"People in\n{whose}")
    said = "; ".join(f"{name}: {_said(table[name])}" for name in table)
    words = f"Our town's {len(table):,} readers. {said}."
    if town is not None:
        words += " In the null town below, each feature rises to one hump and falls again."
    return set_words(grid[0, 0], words)


def _doublings(axes, logs: pd.Series) -> None:
    steps = np.arange(np.ceil(logs.min()), np.floor(logs.max()) + 1, 2)
    axes.set_xticks(steps, [f"{2**step:,.0f}" for step in steps])


def _said(numbers: pd.Series) -> str:
    """Where the people are: in the lowest, the middle and the highest third of the range."""
    thirds = np.histogram(numbers, 3)[0] / len(numbers)
    return "{:.0%} are in the lowest third of the range, {:.0%} in the middle, {:.0%} in the highest".format(
        *thirds
    )


def beside_chart(table: pd.DataFrame, axes=None):
    """Dots and bars: how tight the groups are in our town, and from where to where in the null towns.

    ``table`` is that of ``stability.beside_null``, or any with ``here``, ``null_low`` and ``null_high``, one row for
    each way to sort.
    """
    axes = axes_for(axes, rows=len(table) + 1)
    for row, one in enumerate(table.itertuples()):
        axes.plot([one.null_low, one.null_high], [row, row], color=GREY, linewidth=9, solid_capstyle="butt")
        axes.scatter([one.here], [row], color=BLUE, s=70, zorder=3)
        axes.text(one.here, row - 0.2, f"{one.here:.2f}", ha="center", va="bottom")
    axes.set_yticks(range(len(table)), [str(name) for name in table.index])
    axes.set_ylim(len(table) - 0.4, -0.8)
    axes.set_xlim(0, 1)
    axes.set_xlabel(
        "How tight the groups are (mean silhouette): blue, our town; gray, towns without segments"
    )
    said = "; ".join(
        f"{one.Index}: {one.here:.2f} here, {one.null_low:.2f} to {one.null_high:.2f} in the null towns"
        for one in table.itertuples()
    )
    return set_words(axes, f"How tight the groups are, by what people are sorted by. {said}.")


def elbow_chart(here: pd.Series, null: pd.Series, axes=None):
    """Two lines: what is left within the groups when people are sorted into more and more groups, here and in a null town.

    ``here`` and ``null`` have a share, 0 to 1, for each number of groups.
    """
    axes = axes_for(axes, rows=6)
    axes.plot(here.index, 100 * here, color=BLUE, marker="o", linewidth=2, label="our town")
    axes.plot(null.index, 100 * null, color=ORANGE, marker="s", linewidth=2, label="a null town")
    axes.set_xticks(list(here.index))
    axes.set_ylim(0, 105)
    axes.set_xlabel("Number of groups")
    axes.set_ylabel("Left within\nthe groups (%)")
    axes.legend(frameon=False)
    two = here.index[1]
    return set_words(
        axes,
        f"With {two} groups, {here[two]:.0%} of the squared distances are left within the groups in our town and {null[two]:.0%} in"
        f" the null town; with {here.index[-1]}, {here.iloc[-1]:.0%} and {null.iloc[-1]:.0%}. Both lines bend.",
    )


def groups_figure(towns: dict[str, tuple[pd.DataFrame, pd.Series]]) -> str:
    """Histograms of the features with a color for each group, one column of them for each town, as an HTML figure.

    Drawn as SVG by hand, because it is drawn again with every change, in some milliseconds.

    Parameters
    ----------
    towns : name -> the features by which people were sorted (see :func:`humps_chart`) and each person's group, 0, 1, ….
    """
    features = list(next(iter(towns.values()))[0])
    ends = {name: _ends([table[name] for table, _ in towns.values()]) for name in features}
    pictures = "".join(_town(whose, table, group, ends) for whose, (table, group) in towns.items())
    words = " ".join(_groups_said(whose, table, group) for whose, (table, group) in towns.items())
    return (
        '<figure style="margin: 0.5em 0">'
        f'<div style="display: flex; flex-wrap: wrap; gap: 0.5em 1.5em">{pictures}</div>'
        f'<figcaption style="line-height: 1.4">{html.escape(words)}</figcaption></figure>'
    )


def _ends(columns: list[pd.Series]) -> tuple[float, float]:
    return min(column.min() for column in columns), max(column.max() for column in columns)


def _town(whose: str, table: pd.DataFrame, group: pd.Series, ends: dict) -> str:
    """One town's histograms, as a picture that says itself: two of them find room on a narrow page."""
    parts = [f'<text x="{LEFT}" y="17" class="town">{html.escape(whose)}</text>']
    for row, name in enumerate(table):
        bottom = TOP + row * (HIGH + GAP) + HIGH
        low, high = ends[name]
        stacks = np.array(
            [np.histogram(table.loc[group == one, name], BARS, (low, high))[0] for one in sorted(set(group))]
        )
        tallest = max(stacks.sum(axis=0).max(), 1)
        wide = (RIGHT - LEFT) / BARS
        tops = bottom - stacks.cumsum(axis=0) / tallest * HIGH
        tall = stacks / tallest * HIGH
        for one, colour in zip(range(len(stacks)), COLOURS, strict=False):
            parts += [
                f'<rect x="{LEFT + place * wide:.1f}" y="{tops[one, place]:.1f}" width="{wide - 1:.1f}" '
                f'height="{tall[one, place]:.1f}" fill="{colour}"/>'
                for place in range(BARS)
                if stacks[one, place]
            ]
        parts.append(f'<line x1="{LEFT}" x2="{RIGHT}" y1="{bottom}" y2="{bottom}"/>')
        for place, value in ((LEFT, low), (RIGHT, high)):
            shown = f"{2**value:,.0f}" if name == "amount" else f"{value:.1f}"
            anchor = "start" if place == LEFT else "end"
            parts.append(f'<text x="{place}" y="{bottom + 17}" text-anchor="{anchor}">{shown}</text>')
        middle = (LEFT + RIGHT) / 2
        said = html.escape(NAMES.get(name, name).split(" (")[0])
        parts.append(f'<text x="{middle}" y="{bottom + 17}" text-anchor="middle">{said}</text>')
    height = TOP + table.shape[1] * (HIGH + GAP)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        "<style>text{font:13px sans-serif;fill:#222}line{stroke:#222}.town{font-weight:bold;font-size:15px}</style>"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>'
    )
    data = base64.b64encode(picture.encode()).decode()
    said = html.escape(_groups_said(whose, table, group))
    return (
        f'<img alt="{said}" src="data:image/svg+xml;base64,{data}" style="width: {WIDTH}px; max-width: 100%">'
    )


def _groups_said(whose: str, table: pd.DataFrame, group: pd.Series) -> str:
    """The size of each group, and the mean of each feature in it."""
    said = []
    for one, people in table.groupby(group):
        means = ", ".join(
            f"median {2 ** people[name].median():,.0f} loans"
            if name == "amount"
            else f"mean {people[name].mean():.0%} {_short(name)}"
            for name in people
        )
        said.append(f"group {int(one) + 1} has {len(people):,} people ({means})")
    return f"{whose}: {'; '.join(said)}."


def _short(name: str) -> str:
    return {"digital": "digital", "children": "for children"}.get(name, name)
