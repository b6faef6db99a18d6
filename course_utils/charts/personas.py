"""Charts of how many people a persona fits, what of an assumed one holds, and how far its people are apart."""

import html

import pandas as pd

from course_utils.charts.showing import BLUE, GREY, ORANGE, axes_for, say

HALF = 0.5


def joint_chart(table: pd.DataFrame, everyone: int, axes=None):
    """Stairs: how many people are left as one attribute after the other is asked for.

    ``table`` is that of ``personas.joint_match``; ``everyone`` is how many people there are to begin with.
    """
    axes = axes_for(axes, rows=len(table) + 1)
    labels = ["everybody active", *_labels(table)]
    counts = [everyone, *table["together"]]
    axes.barh(labels, counts, color=[GREY] + [BLUE] * len(table))
    # The first alone is the first together: a mark there would lie on the end of its bar.
    axes.scatter(table["alone"].iloc[1:], labels[2:], marker="|", s=180, color=ORANGE, zorder=3)
    for row, people in enumerate(counts):
        alone = table["alone"].iloc[row - 1] if row else 0
        axes.text(_beside(people, alone, everyone), row, f"  {people:,}", va="center")
    axes.invert_yaxis()
    axes.set_xlim(0, everyone * 1.12)
    axes.set_xlabel("People: bar, with all attributes so far; orange mark, with this one alone")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    return say(axes, joint_in_words(table, everyone))


def joint_in_words(table: pd.DataFrame, everyone: int) -> str:
    """The sentence under the stairs."""
    if table.empty:
        return f"Without an attribute it fits everybody: {everyone:,} people."
    last, fewest = table["together"].iloc[-1], table["alone"].min()
    if len(table) == 1:
        return f"Of {everyone:,} active people, {last:,} have this attribute."
    every = "both" if len(table) == 2 else f"all {len(table)}"
    return (
        f"Of {everyone:,} active people, {last:,} have {every} attributes at once. "
        f"The rarest of them alone is true of {fewest:,}."
    )


def joint_picture(table: pd.DataFrame, everyone: int) -> str:
    """The stairs as an HTML figure that is drawn in a millisecond, for a widget."""
    rows = [("everybody active", everyone, everyone, "#6B6B6B")]
    rows += [
        (label, together, alone, BLUE)
        for label, together, alone in zip(_labels(table), table["together"], table["alone"], strict=True)
    ]
    width, left, step = 620, 230, 24
    scale = (width - left - 70) / max(everyone, 1)
    parts = []
    for number, (label, people, alone, colour) in enumerate(rows):
        y = number * step
        parts.append(f'<text x="{left - 8}" y="{y + 16}" text-anchor="end">{html.escape(label)}</text>')
        parts.append(
            f'<rect x="{left}" y="{y + 3}" width="{people * scale:.1f}" height="18" fill="{colour}"/>'
        )
        end = left + _beside(people, alone, everyone) * scale
        if number > 1:
            x = left + alone * scale
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 2}" y2="{y + 22}" stroke="{ORANGE}" stroke-width="3"/>'
            )
        parts.append(f'<text x="{end + 8:.1f}" y="{y + 16}">{people:,}</text>')
    height = len(rows) * step + 4
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="13">'
        f'<rect width="{width}" height="{height}" fill="white"/>{"".join(parts)}</svg>'
    )
    words = html.escape(joint_in_words(table, everyone))
    legend = "Bars: people with all attributes so far. Orange marks: people with this one alone."
    return (
        f'<figure style="margin: 0.5em 0"><img alt="{words}" src="{svg_source(svg)}" '
        f'style="width: {width}px; max-width: 100%"><figcaption>{words}<br>{legend}</figcaption></figure>'
    )


def svg_source(svg: str) -> str:
    """A drawing as the address of a picture."""
    import base64

    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def beliefs_chart(table: pd.DataFrame, axes=None):
    """Bars: how many of the people of an assumed persona are what is believed of them.

    ``table`` holds the rows of one persona of ``personas.beliefs``, those that define it left out.
    """
    axes = axes_for(axes, rows=len(table))
    labels = [f"{line.attribute}: {line.believed}" for line in table.itertuples()]
    axes.barh(labels, table["share"] * 100, color=[BLUE if kept else ORANGE for kept in table["kept"]])
    for row, line in enumerate(table.itertuples()):
        word = "kept" if line.kept else "dropped"
        label = axes.text(line.share * 100 + 1, row, f"{line.share:.0%}", va="center")
        label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
        axes.text(112, row, word, va="center")
    axes.axvline(100 * HALF, color="black", linewidth=1, linestyle="--")
    axes.invert_yaxis()
    axes.set_xlim(0, 130)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("Share of the people who fit what defines the persona (%); dashed: half")
    core = table["core"].iloc[0]
    return say(
        axes,
        f"Of what staff believe of these {core:,} people, {int(table['kept'].sum())} of {len(table)} beliefs "
        f"are true of at least half of them.",
    )


def spread_chart(table: pd.DataFrame, measure: str, axes=None):
    """Lines: the middle half of each group, with its middle.

    ``table`` has one row per group, with ``people``, ``low``, ``middle`` and ``high``, as ``personas.spread`` gives
    them; ``measure`` says in plain words what was counted.
    """
    axes = axes_for(axes, rows=len(table))
    for row, line in enumerate(table.itertuples()):
        axes.plot([line.low, line.high], [row, row], color=BLUE, linewidth=8, solid_capstyle="butt")
        axes.plot([line.middle], [row], marker="|", markersize=20, markeredgewidth=3, color=ORANGE)
        axes.text(line.high, row, f"  {line.low:g} to {line.high:g}, middle {line.middle:g}", va="center")
    axes.set_yticks(range(len(table)), [f"{name} ({line.people:,.0f})" for name, line in table.iterrows()])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, max(table["high"].max(), 1) * 1.55)
    axes.set_xlabel(f"{measure}: bar, the middle half of the people; mark, the middle one")
    wide = table["high"] - table["low"]
    widest = wide.idxmax()
    return say(
        axes,
        f"The middle half lies furthest apart for “{widest}”: from {table['low'][widest]:g} to "
        f"{table['high'][widest]:g}.",
    )


def _beside(people: int, alone: int, everyone: int) -> int:
    """Where the number of a bar stands: at its end, or behind the mark if that is too near to it."""
    return alone if 0 <= alone - people < 0.13 * everyone else people


def _labels(table: pd.DataFrame) -> list[str]:
    return [f"{attribute}: {value}" for attribute, value in table["value"].items()]
