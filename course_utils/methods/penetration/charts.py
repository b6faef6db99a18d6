"""Charts of penetration: rates with their ranges, rates against the size of an area, and a map of the gaps."""

import base64
import html

import numpy as np
import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words

WIDE, HIGH, SPACE = 92, 88, 5  # of a tile, and between tiles, in the picture's units
BANDS = (70, 85, 95, 105, 115, 130)  # of the index, between the colours
COLOURS = ("#B34700", "#E08A4F", "#F3C9A8", "#F2F2F2", "#BBD9EE", "#6AAED6", "#1F6FA8")
BRANCH_NAMES = {"MAIN": "Main", "NORTH": "Northgate", "HARBOR": "Harbor"}


def rates_chart(rates: pd.DataFrame, names: pd.Series | None = None, axes=None):
    """A dot for each area's rate with its interval, and a line for the town.

    ``rates`` is the table of ``penetration.rates``; ``names`` gives each area's name by its label.
    """
    axes = axes_for(axes, rows=round(0.62 * len(rates)))
    town = rates["cards"].sum() / rates["residents"].sum()
    away = (rates["low"] > town) | (rates["high"] < town)
    for mask, colour in ((~away, GREY), (away, BLUE)):
        place = np.flatnonzero(mask)
        part = rates[mask]
        axes.hlines(place, 100 * part["low"], 100 * part["high"], color=colour, linewidth=2.2)
        axes.plot(100 * part["rate"], place, "o", color=colour, markersize=5)
    axes.axvline(100 * town, color=ORANGE, linewidth=1.3)
    labels = rates.index if names is None else names.reindex(rates.index)
    axes.set_yticks(range(len(rates)), [str(name) for name in labels])
    axes.set_xlabel("Cards per 100 residents")
    return set_words(
        axes,
        f"The orange line is the town: {100 * town:.0f} cards per 100 residents. Of {len(rates)} areas, "
        f"{away.sum()} have a range that doesn't touch it (blue). The lowest rate is {100 * rates['rate'].min():.0f}, "
        f"the highest {100 * rates['rate'].max():.0f}.",
    )


def funnel_chart(rates: pd.DataFrame, axes=None):
    """A dot for each cell: its rate against its residents, with the funnel in which luck alone would leave 95 of 100.

    ``rates`` has ``cards``, ``residents`` and ``rate``, one row per cell.
    """
    axes = axes_for(axes, rows=8)
    town = rates["cards"].sum() / rates["residents"].sum()
    sizes = np.linspace(max(rates["residents"].min(), 2), rates["residents"].max(), 200)
    half = 1.96 * np.sqrt(town * (1 - town) / sizes)
    axes.fill_between(sizes, 100 * (town - half).clip(0), 100 * (town + half).clip(max=1), color="#E4E4E4")
    axes.axhline(100 * town, color=ORANGE, linewidth=1.3)
    axes.plot(rates["residents"], 100 * rates["rate"], "o", color=BLUE, markersize=5, alpha=0.75)
    axes.set_xlabel("Residents")
    axes.set_ylabel("Cards per 100 residents")
    bound = 1.96 * np.sqrt(town * (1 - town) / rates["residents"])
    outside = int(((rates["rate"] - town).abs() > bound).sum())
    return set_words(
        axes,
        f"The orange line is the rate of all {len(rates)} cells together, and the gray funnel is where 95 of 100 of them "
        f"would lie if only luck made them differ. The fewer residents, the wider the funnel. {outside} of "
        f"the {len(rates)} lie outside.",
    )


def gap_map(table: pd.DataFrame, branches: pd.DataFrame, *, what: str) -> str:
    """The neighborhoods as tiles, colored by their gap index, as an HTML figure.

    A tile map: each neighborhood has the same room, in its place among its neighbors. Drawn as SVG by hand, because it is
    drawn again whenever a control of the widget changes, in some milliseconds.

    Parameters
    ----------
    table : one row per neighborhood, by ``tract_id``, with ``name``, ``x_miles``, ``y_miles`` and ``index``, which is
        missing where a cell is hidden.
    branches : the table of branches.
    what : which cards and which people, in words, for the sentence.
    """
    column, row = np.floor(table["x_miles"]).astype(int), np.floor(table["y_miles"]).astype(int)
    column, row = column - column.min(), row.max() - row
    here = branches.dropna(subset="tract_id").set_index("tract_id")["branch"].map(BRANCH_NAMES)
    tiles = ""
    for tract, name, index in zip(table.index, table["name"], table["index"], strict=True):
        left = SPACE + column[tract] * (WIDE + SPACE)
        top = SPACE + row[tract] * (HIGH + SPACE)
        hidden = pd.isna(index)
        colour = "#FFF" if hidden else COLOURS[int(np.searchsorted(BANDS, index, side="right"))]
        ink = "#FFF" if colour in (COLOURS[0], COLOURS[-1]) else "#222"
        dash = ' stroke-dasharray="4 3"' if hidden else ""
        middle = left + WIDE / 2
        tiles += (
            f'<rect x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" rx="6" fill="{colour}" stroke="#777"{dash}/>'
            f'<text y="{top + 18}" fill="{ink}" class="name">{_in_lines(name, middle)}</text>'
            f'<text x="{middle}" y="{top + 61}" fill="{ink}" class="index">{"hidden" if hidden else f"{index:.0f}"}</text>'
        )
        if tract in here.index:
            tiles += f'<text x="{middle}" y="{top + 80}" fill="{ink}" class="branch">▲ {here[tract]}</text>'
    width, height = SPACE + (column.max() + 1) * (WIDE + SPACE), SPACE + (row.max() + 1) * (HIGH + SPACE)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        "<style>text{font:14px sans-serif;text-anchor:middle}.index{font-size:21px;font-weight:bold}"
        ".branch{font-weight:bold}"
        # The picture shrinks with the page, and its words must not: this asks how wide it is shown.
        "@media (max-width:460px){.name{font-size:16px}.index{font-size:24px}}</style>"
        f'<rect width="{width}" height="{height}" fill="#fff"/>{tiles}</svg>'
    )
    words = _in_words(table, what)
    data = base64.b64encode(picture.encode()).decode()
    return (
        '<figure style="margin: 0.5em 0">'
        f'<img alt="{html.escape(words)}" src="data:image/svg+xml;base64,{data}" '
        f'style="width: {width}px; max-width: 100%">'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def _in_lines(name: str, middle: float) -> str:
    """A name in one line or two, around the ``middle`` of its tile."""
    first, _, rest = name.partition(" ")
    if not rest:
        return f'<tspan x="{middle}">{html.escape(first)}</tspan>'
    return f'<tspan x="{middle}">{html.escape(first)}</tspan><tspan x="{middle}" dy="17">{html.escape(rest)}</tspan>'


def _in_words(table: pd.DataFrame, what: str) -> str:
    shown = table.dropna(subset="index").sort_values("index")
    hidden = len(table) - len(shown)
    if shown.empty:
        return f"{what} All {len(table)} neighborhoods are hidden: each has too few people, with a card or without, to be shown."
    low = shown.head(3)
    lowest = ", ".join(f"{name} ({index:.0f})" for name, index in zip(low["name"], low["index"], strict=True))
    unseen = f" {hidden} {'is' if hidden == 1 else 'are'} hidden." if hidden else ""
    return (
        f"{what} The number in each tile is the gap index: 100 is the town's rate, orange is below it, and blue is "
        f"above it. A triangle marks a branch. Lowest: {lowest}.{unseen}"
    )
