"""Charts of teams before and after, of touches and shuffles, of coming back, and of twelve months ahead."""

import base64
import html
from collections.abc import Mapping

import pandas as pd

from course_utils.display import BLUE, GREY, ORANGE, axes_for, set_words

WITH, WITHOUT = "with an embedded librarian", "without one"


def quarters_chart(table: pd.DataFrame, starts: pd.Series, axes=None):
    """Lines: consultations per team and month, quarter by quarter, for the two groups of teams.

    Each point stands in the middle of its quarter.

    ``table`` has one row per quarter (the day it begins), and the columns True (teams that get an embedded librarian
    sooner or later) and False (those that never do). ``starts`` holds the days on which embedding began, missing for
    teams without.
    """
    axes = axes_for(axes, rows=8)
    days = pd.DatetimeIndex(table.index)
    middles = days + pd.Timedelta(days=45)
    starts = starts.dropna().sort_values()
    for embedded, colour, marker, name in (
        (True, BLUE, "o", "teams that get an embedded librarian"),
        (False, ORANGE, "s", "teams that do not"),
    ):
        axes.plot(middles, table[embedded], color=colour, marker=marker, linewidth=2, label=name)
    top = table.to_numpy().max() * 1.2
    for day in starts:
        axes.axvline(day, ymax=0.9, color=GREY, linewidth=0.8, linestyle=":")
    axes.set_ylim(0, top)
    axes.text(starts.iloc[0], top, "the eight begin, one by one (dotted)", va="top", color="black")
    lasts = days + pd.DateOffset(months=2)
    names = [f"{first:%b}–{last:%b}\n{first:%Y}" for first, last in zip(days, lasts, strict=True)]
    axes.set_xticks(middles[::2], names[::2])
    axes.set_xlabel("Quarter")
    axes.set_ylabel("Consultations\nper team and month")
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    # A quarter in which somebody begins is not before; the one in the first month of which the last begins is after.
    early = table[lasts + pd.DateOffset(months=1) <= starts.iloc[0]]
    late = table[days >= starts.iloc[-1] - pd.Timedelta(days=31)]
    return set_words(
        axes,
        f"Before the first start, the eight asked {early[True].mean():.1f} times a month on average, and the others "
        f"{early[False].mean():.1f}; after the last one, {late[True].mean():.1f} and {late[False].mean():.1f}.",
    )


def changes_chart(change: pd.Series, embedded: pd.Series, unit: str, axes=None):
    """Points: how much each team changed, in two rows, with the mean of each.

    ``change`` and ``embedded`` (True or False) have one value per team; ``unit`` says what changed.
    """
    axes = axes_for(axes, rows=4)
    axes.axvline(0, color=GREY, linewidth=0.8)
    means = change.groupby(embedded).mean()
    for row, (group, colour, marker) in enumerate(((True, BLUE, "o"), (False, ORANGE, "s"))):
        values = change[embedded == group].sort_values()
        # Neighbours are set off from each other, so that none hides another.
        offset = pd.Series(range(len(values)), index=values.index) % 3 * 0.14 - 0.14
        axes.scatter(values, row + offset, color=colour, marker=marker, s=40, alpha=0.8, linewidths=0)
        axes.plot([means[group]] * 2, [row - 0.34, row + 0.34], color="black", linewidth=2)
        axes.text(means[group], row - 0.38, f"mean {means[group]:+.2f}", ha="center", va="bottom")
    axes.set_yticks([0, 1], [f"{(embedded == group).sum()} teams\n{name}" for group, name in ((True, WITH), (False, WITHOUT))])  # fmt: skip
    axes.set_ylim(1.5, -0.75)
    axes.set_xlabel(unit)
    overlap = (change[embedded] < change[~embedded].max()).sum()
    return set_words(
        axes,
        f"Teams {WITH} changed by {means[True]:+.2f} on average, teams {WITHOUT} by {means[False]:+.2f}. "
        f"{overlap} of the {embedded.sum()} changed by less than the most changed team {WITHOUT}.",
    )


def estimates_chart(table: pd.DataFrame, unit: str, axes=None):
    """Points with ranges: several answers to one question.

    ``table`` has one row per answer, from the top, with ``estimate``, and ``low`` and ``high`` (missing where there is
    no range).
    """
    axes = axes_for(axes, rows=len(table) + 1)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for row, answer in enumerate(table.itertuples()):
        ranged = pd.notna(answer.low)
        if ranged:
            axes.plot([answer.low, answer.high], [row, row], color=BLUE, linewidth=3)
        axes.scatter([answer.estimate], [row], color=BLUE if ranged else ORANGE, zorder=3, s=50)
        axes.text(answer.estimate, row - 0.14, f"{answer.estimate:.2f}", ha="center", va="bottom")
    axes.set_yticks(range(len(table)), list(table.index))
    axes.set_ylim(len(table) - 0.5, -0.75)
    axes.set_xlabel(unit)
    most, least = table["estimate"].idxmax(), table["estimate"].idxmin()
    ranges = "; ".join(
        f"{row.Index}: {row.estimate:.2f}, from {row.low:.2f} to {row.high:.2f}"
        for row in table.dropna().itertuples()
    )
    return set_words(
        axes,
        f"The largest answer is {table['estimate'][most]:.2f} ({most}), the smallest {table['estimate'][least]:.2f} "
        f"({least}). With a range: {ranges}.",
    )


def shuffles_chart(shares: pd.Series, seen: float, axes=None):
    """Bars: the share of touches followed by a question in each shuffle, and a line for what really happened.

    ``shares`` and ``seen`` lie between 0 and 1.
    """
    axes = axes_for(axes, rows=5)
    percent = pd.Series(shares) * 100
    axes.hist(percent, bins=12, color=ORANGE, edgecolor="white", label=f"{len(percent)} shuffles")
    axes.axvline(seen * 100, color=BLUE, linewidth=3, label="as it was")
    axes.set_xlabel("Touches that were followed by a question within a week (%)")
    axes.set_ylabel("Shuffles")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.legend(frameon=False, loc="upper center")
    above = int((percent >= seen * 100).sum())
    none = "none" if not above else f"{above}"
    return set_words(
        axes,
        f"{seen:.1%} of the touches were followed by a question within a week; in the shuffles it is "
        f"{percent.mean() / 100:.1%} on average, and {none} of {len(percent)} shuffles reaches as much.",
    )


def survival_chart(curves: Mapping[str, pd.Series], mark: int = 90, most: int = 365, axes=None):
    """Steps: the share that has not come back yet, by days, for one group or several.

    ``curves`` holds by the name of the group, for each day, the share still away; ``mark`` is the day on which
    to read them off.
    """
    axes = axes_for(axes, rows=8)
    read = {}
    for (name, curve), colour, style in zip(
        curves.items(), (BLUE, ORANGE, GREY), ("-", "--", ":"), strict=False
    ):
        seen = curve.loc[:most]
        read[name] = seen.loc[:mark].iloc[-1]
        days, shares = [0, *seen.index, most], [100, *seen * 100, seen.iloc[-1] * 100]
        axes.step(days, shares, where="post", color=colour, linestyle=style, linewidth=2, label=name)
        axes.text(mark + 4, read[name] * 100, f"{read[name]:.0%}", va="bottom")
    axes.axvline(mark, color=GREY, linewidth=0.8)
    axes.set_ylim(0, 102)
    axes.set_xlim(0, most)
    axes.set_xlabel("Days since the first question in the log")
    axes.set_ylabel("Not back yet (%)")
    axes.legend(frameon=False, loc="upper right")
    said = "; ".join(f"{name}: {share:.0%}" for name, share in read.items())
    return set_words(axes, f"Not back {mark} days after the first question: {said}.")


# The chart of the relationship lab. It is drawn by hand: a moving control cannot wait for Matplotlib ----------------

# Narrow, so that its letters are still large enough where a narrow window makes it smaller.
_WIDTH, _HEIGHT = 600, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 12, 58, 34


def ahead_in_words(by_month: pd.DataFrame) -> str:
    """What ``ahead_html`` shows, in a sentence."""
    mean = by_month.mean()
    most, least = by_month["with_plan"].idxmax(), by_month["with_plan"].idxmin()
    return (
        f"Questions of the teams, answered: {mean['with_plan']:.0f} a month with the plan, {mean['without']:.0f} without "
        f"it. With it, {most} has most ({by_month['low'][most]:.0f} to {by_month['high'][most]:.0f} in eight of ten runs), "
        f"{least} fewest ({by_month['low'][least]:.0f} to {by_month['high'][least]:.0f})."
    )


def ahead_html(by_month: pd.DataFrame) -> str:
    """Questions of the teams, month by month, with a plan (line and band) and without it (dashes): an HTML figure.

    ``by_month`` is that of ``relationships.follow``.
    """
    words = html.escape(ahead_in_words(by_month))
    top = _nice_top(by_month[["high", "without", "with_plan"]].to_numpy().max())
    step = top / 4
    across = [
        _LEFT + 12 + k * (_WIDTH - _LEFT - _RIGHT - 24) / (len(by_month) - 1) for k in range(len(by_month))
    ]

    def up(value: float) -> float:
        return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _TOP - _BOTTOM)

    def path(column: str, reverse: bool = False) -> list[str]:
        points = [f"{x:.1f},{up(y):.1f}" for x, y in zip(across, by_month[column], strict=True)]
        return points[::-1] if reverse else points

    grid = "".join(
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{up(k * step):.1f}" y2="{up(k * step):.1f}" stroke="#d0d0d0"/>'
        f'<text x="{_LEFT - 6}" y="{up(k * step) + 4:.1f}" text-anchor="end">{k * step:g}</text>'
        for k in range(5)
    )
    names = "".join(
        f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{html.escape(name[:3])}</text>'
        for x, name in zip(across, by_month.index, strict=True)
    )
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{up(y):.1f}" r="3.5" fill="{BLUE}"/>'
        for x, y in zip(across, by_month["with_plan"], strict=True)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        'font-family="DejaVu Sans, Arial, sans-serif" font-size="15" fill="#1a1a1a">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>{grid}{names}'
        f'<polygon points="{" ".join(path("low") + path("high", reverse=True))}" fill="{BLUE}" opacity="0.18"/>'
        f'<polyline points="{" ".join(path("with_plan"))}" fill="none" stroke="{BLUE}" stroke-width="3"/>'
        # The dashes lie on top: where a plan changes nothing, both are seen.
        f'<polyline points="{" ".join(path("without"))}" fill="none" stroke="{ORANGE}" stroke-width="3" '
        f'stroke-dasharray="7 4"/>{dots}'
        f'<text x="8" y="18">Questions of the teams, answered, a month</text>'
        f'<line x1="8" x2="38" y1="37" y2="37" stroke="{BLUE}" stroke-width="3"/>'
        f'<text x="44" y="42">with the plan (band: 8 runs of 10)</text>'
        f'<line x1="350" x2="380" y1="37" y2="37" stroke="{ORANGE}" stroke-width="3" stroke-dasharray="7 4"/>'
        f'<text x="386" y="42">without it</text></svg>'
    )
    data = base64.b64encode(svg.encode()).decode()
    return (
        '<figure style="margin: 0.5em 0">'
        f'<img alt="{words}" src="data:image/svg+xml;base64,{data}" style="width: {_WIDTH}px; max-width: 100%">'
        f"<figcaption>{words}</figcaption></figure>"
    )


def _nice_top(most: float) -> float:
    """A round number above ``most`` that four steps divide well."""
    size = 10 ** (len(str(int(max(most, 1)))) - 1)
    return next(size * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if size * step >= most)
