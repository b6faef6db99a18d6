"""What a chart shows, as plain facts: which marks, which numbers, which words. It needs no picture and no Matplotlib."""

import dataclasses
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.transfer import send_as, transferable

BARS, HISTOGRAM, LINE, POINTS, AREA, RULE, ERRORS, SLICES, CELLS, SHAPE = (
    "bars",
    "histogram",
    "line",
    "points",
    "area",
    "rule",
    "error bars",
    "slices",
    "cells",
    "shape",
)
KINDS = (BARS, HISTOGRAM, LINE, POINTS, AREA, RULE, ERRORS, SLICES, CELLS, SHAPE)
SCALES = ("linear", "log", "symlog", "logit", "asinh", "function", "functionlog", "other")
MOST_WORDS = 2_000  # characters of one text


def _check(holder: Any) -> None:
    """Every field is of its type: a record may have been made from what anybody wrote."""
    for part in dataclasses.fields(holder):
        value, wanted = getattr(holder, part.name), part.type
        if wanted is str:
            fits = type(value) is str
        elif wanted is bool:
            fits = type(value) is bool
        else:
            kind = wanted.__args__[0]
            kind = type(holder) if kind == "ChartFacts" else kind
            fits = type(value) is tuple and all(type(one) is kind for one in value)
        if not fits:
            raise TypeError(f"{part.name} of a {type(holder).__name__}")


@transferable
@dataclass(frozen=True)
class Marks:
    """Marks that were drawn together: the bars of one call, one line, one cloud of points.

    ``kind`` is one of :data:`KINDS`. All numbers are in units of the axes; dates are days since 1970.

    - bars and histograms: a bar stands at ``x`` (its middle), ends at ``y``, and is ``heights`` long and ``widths``
      wide; lying ones (``lying``) stand at ``y``, end at ``x``, and are ``widths`` long. ``names`` holds the tick
      label at each.
    - lines, points, areas, error bars and shapes: ``x`` and ``y`` of each point or corner.
    - rules: the ``x`` or the ``y`` of a line from one side of the chart to the other, or both ends of a band.
    - slices of a pie: ``heights`` holds their shares of the whole, ``names`` their labels.
    - cells of a heat map: ``heights`` holds their values, row by row.
    """

    kind: str
    label: str = ""
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    widths: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    lying: bool = False
    colors: tuple[str, ...] = ()  # such as "#0072b2": one for each mark, or one for all

    def __post_init__(self):
        _check(self)
        if self.kind not in KINDS:
            raise ValueError(f"marks of the kind {self.kind!r}")

    @property
    def lengths(self) -> tuple[float, ...]:
        """How long the bars are, standing or lying."""
        return self.widths if self.lying else self.heights


@transferable
@dataclass(frozen=True)
class ChartFacts:
    """One chart. A figure with several charts has them in ``panels``, and marks of its own it has none.

    ``words`` is the sentence that a chart of this kit brings. Ticks are those within the limits.
    """

    marks: tuple[Marks, ...] = ()
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    x_scale: str = "linear"
    y_scale: str = "linear"
    x_limits: tuple[float, ...] = ()
    y_limits: tuple[float, ...] = ()
    x_ticks: tuple[str, ...] = ()
    y_ticks: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    legend_title: str = ""
    texts: tuple[str, ...] = ()
    words: str = ""
    panels: tuple["ChartFacts", ...] = ()

    def __post_init__(self):
        _check(self)
        if not {self.x_scale, self.y_scale} <= set(SCALES):
            raise ValueError("an unknown scale")

    def of_kind(self, *kinds: str) -> tuple[Marks, ...]:
        """The marks of these kinds, those of the panels too."""
        own = tuple(marks for marks in self.marks if marks.kind in kinds)
        return own + tuple(marks for panel in self.panels for marks in panel.of_kind(*kinds))


def facts_of(chart: Any) -> ChartFacts:
    """The facts of a chart.

    Parameters
    ----------
    chart : an Axes, a Figure, or a grid of seaborn's. A figure with one Axes is that Axes.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if hasattr(chart, "get_xlim"):
        return _facts_of_axes(chart)
    figure = chart if hasattr(chart, "get_axes") else getattr(chart, "figure", None)
    if not hasattr(figure, "get_axes"):
        raise TypeError(f"a {type(chart).__name__} is no chart")
    every = figure.get_axes()
    panels = [_facts_of_axes(one) for one in every if one.get_label() != "<colorbar>"]
    title = _text(figure.get_suptitle())
    legends = [_legend(legend) for legend in figure.legends]
    legend = tuple(word for words, _ in legends for word in words)
    heading = next((name for _, name in legends if name), "")
    if len(panels) == 1:
        (one,) = panels
        return dataclasses.replace(
            one,
            title=one.title or title,
            legend=one.legend or legend,
            legend_title=one.legend_title or heading,
        )
    return ChartFacts(title=title, legend=legend, legend_title=heading, panels=tuple(panels))


def _facts_of_axes(axes) -> ChartFacts:
    legend, heading = _legend(axes.get_legend())
    by_color = _legend_by_color(axes.get_legend())
    titles = [_text(axes.get_title(loc)) for loc in ("left", "center", "right")]
    return ChartFacts(
        marks=tuple(_labelled(marks, by_color) for marks in _marks(axes) if _is_there(marks)),
        title=" ".join(title for title in titles if title),
        x_label=_text(axes.get_xlabel()),
        y_label=_text(axes.get_ylabel()),
        x_scale=_scale(axes.get_xscale()),
        y_scale=_scale(axes.get_yscale()),
        x_limits=_numbers(axes.get_xlim()),
        y_limits=_numbers(axes.get_ylim()),
        x_ticks=tuple(label for _, label in _ticks(axes.xaxis)),
        y_ticks=tuple(label for _, label in _ticks(axes.yaxis)),
        legend=legend,
        legend_title=heading,
        texts=tuple(
            _text(one.get_text()).strip() for one in axes.texts if one.get_visible() and one.get_text()
        ),
        words=_text(getattr(axes, "words", None) or ""),
    )


def _is_there(marks: Marks) -> bool:
    """seaborn draws marks of nothing, for its legend."""
    if marks.kind in (BARS, HISTOGRAM):
        return any(marks.heights) and any(marks.widths)
    return bool(marks.x or marks.y or marks.heights)


def _labelled(marks: Marks, by_color: dict[str, str]) -> Marks:
    """seaborn says in the legend alone what marks of one colour stand for."""
    if marks.label or len(marks.colors) != 1:
        return marks
    return dataclasses.replace(marks, label=by_color.get(marks.colors[0], ""))


# ---- marks -------------------------------------------------------------------------------------------------


def _marks(axes):
    seen = set()
    for container in axes.containers:
        bars = [one for one in container.get_children() if type(one).__name__ == "Rectangle"]
        if type(container).__name__ == "BarContainer" and bars:
            seen |= set(map(id, bars))
            yield _bars(axes, bars, container.orientation == "horizontal", _label(container))
    loose = []
    for patch in axes.patches:
        name = type(patch).__name__
        if id(patch) in seen or not patch.get_visible():
            continue
        if name == "Rectangle" and patch.get_transform().contains_branch(axes.transData):
            loose.append(patch)
        elif name == "Rectangle":
            yield _band(patch, axes)
        elif name == "Wedge":
            continue
        elif name == "StepPatch":
            yield _steps(patch)
        else:
            yield _outline(patch, axes)
    if loose:
        yield _bars(axes, loose, False, "")
    wedges = [patch for patch in axes.patches if type(patch).__name__ == "Wedge"]
    if wedges:
        yield Marks(
            SLICES,
            heights=tuple(float(one.theta2 - one.theta1) / 360 for one in wedges),
            names=tuple(_label(one) for one in wedges),
            colors=_colors([one.get_facecolor() for one in wedges]),
        )
    for line in axes.lines:
        if line.get_visible():
            yield _line(line, axes)
    for collection in axes.collections:
        if collection.get_visible():
            yield from _collection(collection)
    for image in axes.images:
        yield Marks(CELLS, heights=_numbers(np.ma.filled(image.get_array().astype(float), np.nan).ravel()))


def _bars(axes, bars, lying: bool, label: str) -> Marks:
    x, y, widths, heights = (
        np.array([getattr(bar, f"get_{part}")() for bar in bars], float)
        for part in ("x", "y", "width", "height")
    )
    across, thick, axis = (y, heights, axes.yaxis) if lying else (x, widths, axes.xaxis)
    middle = across + thick / 2
    # The bars of a histogram touch, and stand for stretches of numbers, not for groups with names.
    touch = len(bars) > 1 and np.allclose(
        across[1:], across[:-1] + thick[:-1], rtol=1e-6, atol=abs(thick).max() * 1e-3
    )
    ticks = _ticks(axis)
    words = any(not re.fullmatch(r"[−-]?[0-9.,]*", name) for _, name in ticks)
    kind = HISTOGRAM if touch and not words else BARS
    # Bars of several groups stand side by side around one tick.
    near = 0.5 if words else 1e-6
    return Marks(
        kind,
        label=label,
        x=_numbers(x + widths if lying else middle),
        y=_numbers(middle if lying else y + heights),
        heights=_numbers(heights),
        widths=_numbers(widths),
        names=() if kind == HISTOGRAM else tuple(_tick_at(place, ticks, near) for place in middle),
        lying=lying,
        colors=_colors([bar.get_facecolor() for bar in bars]),
    )


def _steps(patch) -> Marks:
    values, edges, _ = patch.get_data()
    lying = patch.orientation == "horizontal"
    middle, thick = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    along, across = _numbers(values), _numbers(middle)
    return Marks(
        HISTOGRAM,
        label=_label(patch),
        x=along if lying else across,
        y=across if lying else along,
        heights=_numbers(thick) if lying else along,
        widths=along if lying else _numbers(thick),
        lying=lying,
        colors=_colors([patch.get_edgecolor()]),
    )


def _band(patch, axes) -> Marks:
    colors = _colors([patch.get_facecolor()])
    if patch.get_data_transform() == axes.get_yaxis_transform(which="grid"):
        ends = _numbers((patch.get_y(), patch.get_y() + patch.get_height()))
        return Marks(RULE, label=_label(patch), y=ends, colors=colors)
    ends = _numbers((patch.get_x(), patch.get_x() + patch.get_width()))
    return Marks(RULE, label=_label(patch), x=ends, colors=colors)


def _line(line, axes) -> Marks:
    x, y = (_floats(part) for part in (line.get_xdata(orig=False), line.get_ydata(orig=False)))
    transform = line.get_transform()
    drawn = line.get_linestyle() not in ("None", "none", " ", "")
    marked = line.get_marker() not in ("None", "none", " ", "", None)
    kind = POINTS if marked and not drawn else LINE
    if transform == axes.get_xaxis_transform(which="grid"):
        kind, x, y = RULE, x[:1], ()
    elif transform == axes.get_yaxis_transform(which="grid"):
        kind, x, y = RULE, (), y[:1]
    return Marks(kind, label=_label(line), x=_numbers(x), y=_numbers(y), colors=_colors([line.get_color()]))


def _outline(patch, axes) -> Marks:
    corners = patch.get_patch_transform().transform(patch.get_path().vertices)
    return Marks(
        AREA if type(patch).__name__ == "Polygon" else SHAPE,
        label=_label(patch),
        x=_numbers(corners[:, 0]),
        y=_numbers(corners[:, 1]),
        colors=_colors([patch.get_facecolor()]),
    )


def _collection(collection):
    name, colors = type(collection).__name__, _colors(collection.get_facecolor())
    if name in ("PathCollection", "RegularPolyCollection", "CircleCollection"):
        places = np.ma.filled(np.ma.asarray(collection.get_offsets(), float), np.nan)
        yield Marks(
            POINTS,
            label=_label(collection),
            x=_numbers(places[:, 0]),
            y=_numbers(places[:, 1]),
            colors=colors,
        )
    elif name in ("QuadMesh", "PcolorQuadMesh"):
        values = np.ma.filled(np.ma.asarray(collection.get_array(), float), np.nan)
        yield Marks(CELLS, label=_label(collection), heights=_numbers(values.ravel()))
    else:
        kind = ERRORS if name == "LineCollection" else AREA
        corners = [path.vertices for path in collection.get_paths() if len(path.vertices)]
        if corners:
            corners = np.concatenate(corners)
            colors = colors or _colors(collection.get_edgecolor())
            yield Marks(
                kind,
                label=_label(collection),
                x=_numbers(corners[:, 0]),
                y=_numbers(corners[:, 1]),
                colors=colors,
            )


# ---- parts -------------------------------------------------------------------------------------------------


def _ticks(axis) -> list[tuple[float, str]]:
    """Places and labels of the ticks that can be seen."""
    low, high = sorted(axis.get_view_interval())
    places = _floats(axis.get_majorticklocs())
    labels = axis.get_major_formatter().format_ticks(places)
    room = (high - low) * 1e-9
    return [
        (float(place), _text(label))
        for place, label in zip(places, labels, strict=True)
        if low - room <= place <= high + room
    ]


def _tick_at(place: float, ticks: list[tuple[float, str]], near: float) -> str:
    """The label of the closest tick, if one is no further away than ``near``."""
    away, label = min(((abs(tick - place), label) for tick, label in ticks), default=(math.inf, ""))
    return label if away <= near else ""


def _legend_by_color(legend) -> dict[str, str]:
    found = {}
    for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=False) if legend else ():
        for color in ("get_facecolor", "get_color"):
            if hasattr(handle, color):
                made = np.atleast_1d(getattr(handle, color)())
                made = _colors(
                    [made.tolist()] if made.ndim == 1 and made.dtype.kind == "f" else made.tolist()
                )
                for one in made:
                    found.setdefault(one, _text(text.get_text()))
                break
    return found


def _legend(legend) -> tuple[tuple[str, ...], str]:
    if legend is None:
        return (), ""
    return tuple(_text(one.get_text()) for one in legend.get_texts()), _text(legend.get_title().get_text())


def _label(artist) -> str:
    """The label that somebody gave; Matplotlib's own begin with an underscore."""
    label = _text(artist.get_label())
    return "" if label.startswith("_") else label


def _scale(name: str) -> str:
    return name if name in SCALES else "other"


def _text(text: Any) -> str:
    return "" if text is None else str(text)[:MOST_WORDS]


def _floats(numbers) -> np.ndarray:
    return np.ma.filled(np.ma.asarray(numbers, float), np.nan)


def _numbers(numbers) -> tuple[float, ...]:
    return tuple(_floats(numbers).ravel().tolist())


def _colors(colors) -> tuple[str, ...]:
    """As hex; one for all if they are all the same."""
    from matplotlib.colors import to_hex

    if isinstance(colors, str):
        colors = [colors]
    made = tuple(to_hex(color) for color in colors if not _is_clear(color))
    return made[:1] if len(set(made)) == 1 else made


def _is_clear(color) -> bool:
    return not isinstance(color, str) and len(color) == 4 and math.isclose(color[3], 0)


send_as(facts_of, ("matplotlib", "Axes"), ("matplotlib", "Figure"), ("seaborn", "_BaseGrid"))
