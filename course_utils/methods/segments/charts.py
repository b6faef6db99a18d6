"""Charts of segments: how often people come, how large the segments are, and where they are on the map."""

import base64
import html
import math

import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words

GREEN = "#009E73"
COLOURS = {"regular": BLUE, "now and then": GREEN, "not lately": ORANGE, "new": GREY, "away": GREY}

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 706, 34, 340
LAST_DAY, MOST_DAYS = 371, 130  # of recency, in whole weeks; of use, all above in the top row
DAY_TICKS, USE_TICKS = (0, 21, 63, 126, 182, 273, 365), (1, 2, 4, 9, 18, 36, 72, MOST_DAYS - 1)


def days_chart(f: pd.Series, *, few: int = 3, often: int = 18, top: int = 60, axes=None):
    """A histogram of days of use: a bar for each number of days, and all from ``top`` on in the last one.

    ``f`` has the days of use in 12 months (1 or more) of each person who used the library; the sentence says which
    share of them has at most ``few`` days, and which has ``often`` or more.
    """
    axes = axes_for(axes, rows=6)
    counts = f.clip(upper=top).astype(int).value_counts()
    axes.bar(counts.index, counts, width=0.9, color=BLUE)
    axes.set_xlim(0, top + 1)
    ticks = range(0, top, 10)
    axes.set_xticks([*ticks, top], [*map(str, ticks), f"{top}+"])
    axes.set_xlabel("Days of use in 12 months")
    axes.set_ylabel("People")
    return set_words(
        axes,
        f"{(f <= few).mean():.0%} of these {len(f):,} people came or clicked on {few} days or fewer, "
        f"and {(f >= often).mean():.0%} on {often} days or more. The most common number of days is {counts.idxmax()}.",
    )


def sizes_chart(sizes: pd.DataFrame, axes=None):
    """Pairs of bars: each segment's share of the patrons next to its share of the use.

    ``sizes`` is the table of ``segments.sizes``, or any with ``share_of_patrons`` and ``share_of_use`` (0 to 1), one
    row per segment.
    """
    axes = axes_for(axes, rows=2 * len(sizes))
    for column, shift, colour, label in (
        ("share_of_patrons", -0.2, GREY, "share of patrons"),
        ("share_of_use", 0.2, BLUE, "share of use"),
    ):
        places = [row + shift for row in range(len(sizes))]
        axes.barh(places, sizes[column] * 100, height=0.38, color=colour, label=label)
        for place, share in zip(places, sizes[column], strict=True):
            axes.text(share * 100, place, f" {share:.0%}", va="center")
    axes.set_yticks(range(len(sizes)), [str(name) for name in sizes.index])
    axes.invert_yaxis()
    axes.set_xlabel("Share (%)")
    axes.set_xlim(0, max(sizes["share_of_patrons"].max(), sizes["share_of_use"].max()) * 112)
    axes.legend(loc="best", frameon=False)
    heavy = (sizes["share_of_use"] - sizes["share_of_patrons"]).idxmax()
    light = (sizes["share_of_patrons"] - sizes["share_of_use"]).idxmax()
    return set_words(axes, f"{_both(sizes, heavy)} {_both(sizes, light)}")


def _both(sizes: pd.DataFrame, name) -> str:
    row = sizes.loc[name]
    return (
        f"“{name}” is {row['share_of_patrons']:.0%} of the patrons and {row['share_of_use']:.0%} of the use."
    )


def segment_map(cells: pd.DataFrame, *, lately: int, often: int) -> str:
    """The map of recency by pace, with the cuts between the three core segments, as an HTML figure.

    Drawn as SVG by hand, because it is drawn again whenever a cut moves, in some milliseconds. Recency runs to the right
    on a scale of square roots, days of use run up on a scale of logarithms, because most people came on a few days.

    Parameters
    ----------
    cells : the table of ``segments.cells``.
    lately, often : the cuts, in days.
    """
    people = cells.groupby("segment")["patrons"].sum()
    # The top row is one row: fields on top of each other would look darker than they are.
    cells = cells.assign(days=cells["days"].clip(upper=MOST_DAYS - 1))
    cells = cells.groupby(["from_days", "to_days", "days", "segment"], as_index=False)["patrons"].sum()
    most = max(cells["patrons"].max(), 1) if len(cells) else 1
    squares = "".join(
        _rectangle(
            _x(row.from_days - 1 if row.from_days else 0),
            _y(row.days + 1),
            _x(row.to_days),
            _y(row.days),
            COLOURS[row.segment],
            0.25 + 0.75 * math.sqrt(row.patrons / most),
        )
        for row in cells.itertuples()
    )
    cut_x, cut_y = _x(lately), _y(often)
    names = (
        ("regular", (LEFT + cut_x) / 2, (TOP + cut_y) / 2),
        ("now and then", (LEFT + cut_x) / 2, (cut_y + BOTTOM) / 2),
        # Above the name of the cut, or below it where that stands high.
        ("not lately", (cut_x + RIGHT) / 2, TOP + 36 if cut_y > TOP + 100 else cut_y + 60),
    )
    labels = "".join(
        f'<text x="{x:.0f}" y="{y:.0f}" class="name">{name}</text>'
        f'<text x="{x:.0f}" y="{y + 17:.0f}" class="people">{people.get(name, 0):,} people</text>'
        for name, x, y in names
    )
    ticks = "".join(
        f'<line x1="{_x(day):.1f}" x2="{_x(day):.1f}" y1="{BOTTOM}" y2="{BOTTOM + 5}"/>'
        f'<text x="{_x(day):.1f}" y="{BOTTOM + 20}" text-anchor="middle">{day}</text>'
        for day in DAY_TICKS
    ) + "".join(
        f'<line x1="{LEFT - 5}" x2="{LEFT}" y1="{_y(days):.1f}" y2="{_y(days):.1f}"/>'
        f'<text x="{LEFT - 9}" y="{_y(days) + 4:.1f}" text-anchor="end">{days}{"+" if days == MOST_DAYS - 1 else ""}</text>'
        for days in USE_TICKS
    )
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        "<style>text{font:13px sans-serif;fill:#222}line{stroke:#222}"
        ".name,.people{text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}"
        ".name{font-weight:bold;font-size:15px}"
        # The picture shrinks with the page, and its words must not: this asks how wide it is shown.
        "@media (max-width:560px){text{font-size:19px}.name{font-size:21px}.people{transform:translateY(5px)}}"
        "</style>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{squares}'
        f'<line x1="{cut_x:.1f}" x2="{cut_x:.1f}" y1="{TOP}" y2="{BOTTOM}" stroke-width="2"/>'
        f'<line x1="{LEFT}" x2="{cut_x:.1f}" y1="{cut_y:.1f}" y2="{cut_y:.1f}" stroke-width="2"/>'
        f'<text x="{cut_x:.1f}" y="{TOP - 8}" text-anchor="middle">lately: within {lately} days</text>'
        f'<text x="{cut_x + 5:.1f}" y="{cut_y + 4:.1f}" style="paint-order:stroke;stroke:#fff;stroke-width:6px;stroke-linejoin:round">'
        f"often: {often} days</text>"
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{BOTTOM}" y2="{BOTTOM}"/><line x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{BOTTOM}"/>'
        f"{ticks}{labels}"
        f'<text x="{(LEFT + RIGHT) / 2}" y="{HEIGHT - 14}" text-anchor="middle">Days since the last use</text>'
        f'<text x="16" y="{(TOP + BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 16 {(TOP + BOTTOM) / 2})">'
        "Days of use a year</text></svg>"
    )
    words = (
        f"{people.sum():,} people used the library within 12 months and have a card that isn't new. "
        f"Regular: {people.get('regular', 0):,}, whose last use was within {lately} days, at a pace of {often} days a "
        f"year or more. Now and then: {people.get('now and then', 0):,}, whose last use was within {lately} days, at a "
        f"slower pace. Not lately: {people.get('not lately', 0):,}, whose last use was more than {lately} days ago. "
        f"The darker a field, the more people, however wide it is. The top row is {MOST_DAYS - 1} days and more."
    )
    data = base64.b64encode(picture.encode()).decode()
    return (
        '<figure style="margin: 0.5em 0">'
        f'<img alt="{html.escape(words)}" src="data:image/svg+xml;base64,{data}" '
        f'style="width: {WIDTH}px; max-width: 100%">'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def _x(days: float) -> float:
    return LEFT + (RIGHT - LEFT) * math.sqrt(min(days, LAST_DAY) / LAST_DAY)


def _y(days: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * math.log(min(days, MOST_DAYS)) / math.log(MOST_DAYS)


def _rectangle(left: float, top: float, right: float, bottom: float, colour: str, strength: float) -> str:
    size = f'width="{right - left:.1f}" height="{max(bottom - top, 1.5):.1f}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size} fill="{colour}" fill-opacity="{strength:.2f}"/>'
