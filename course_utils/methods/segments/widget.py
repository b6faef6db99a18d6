"""The segment workbench: three core segments by cut points that one can move, and who moves with them."""

import html

import ipywidgets
import pandas as pd

from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import WRAPS, two_columns
from course_utils.display.sliders import named
from course_utils.methods import segments
from course_utils.methods.segments.charts import COLOURS, segment_map
from course_utils.tables import AS_OF

MOST_EDGES = 6


class SegmentWorkbench(StaticFallback):
    """Move the cuts between the segments, or change what counts; see who moves, and a second town.

    Parameters
    ----------
    patrons, checkouts, attendance, computer_sessions : tables of a library.
    beside : a second library, anything whose ``["patrons"]`` is a table, or none. The same rules are used there.
    as_of : the day on which we count.

    Attributes
    ----------
    segments : one row per patron: ``patron_id``, ``segment``, ``r``, ``f``, ``pace``, ``m``, ``card_days``.
    sizes, sizes_beside : the tables of ``segments.sizes`` for the two towns.
    moved : who changed segment when a control was last changed: the table of ``segments.moved``.
    """

    def __init__(
        self,
        patrons: pd.DataFrame,
        checkouts: pd.DataFrame,
        attendance: pd.DataFrame,
        computer_sessions: pd.DataFrame,
        *,
        beside=None,
        as_of: pd.Timestamp = AS_OF,
    ):
        self._here = _Town(patrons, (checkouts, attendance, computer_sessions), as_of)
        self._there = None
        if beside is not None:
            events = [beside[name] for name in ("checkouts", "attendance", "computer_sessions")]
            self._there = _Town(beside["patrons"], events, as_of)
        self._there_name = html.escape(str(getattr(beside, "name", "the second town")))
        self.lately = self._slider(21, 182, 7, 3 * segments.LOAN_DAYS)
        self.often = self._slider(2, 52, 1, 18)
        self.new_days = self._slider(0, 180, 30, 90)
        self.visits_only = self._box("Count visits only: leave out e-books and other clicks")
        self.renewals = self._box("Count renewals, including automatic ones")
        self.answer = ipywidgets.HTML()
        self.map = ipywidgets.HTML()
        self.table = ipywidgets.HTML()
        self._segment = None
        for control in self.controls:
            control.observe(self._update, names="value")
        title = ipywidgets.HTML("<strong>Where do you cut, and what counts?</strong>" + WRAPS)
        super().__init__(
            [
                title,
                two_columns(
                    [
                        named(self.lately, "Lately: days since the last use, at most"),
                        named(self.often, "Often: days of use a year, at least"),
                        named(self.new_days, "New: age of the card in days, below"),
                        self.visits_only,
                        self.renewals,
                        self.answer,
                    ],
                    [self.map],
                ),
                self.table,
            ]
        )
        self.layout.max_width = "80em"
        self._update()

    @property
    def controls(self) -> tuple:
        """All that can be moved or switched."""
        return self.lately, self.often, self.new_days, self.visits_only, self.renewals

    def as_html(self) -> str:
        clicks = "Clicks don't count." if self.visits_only.value else "Clicks count as use."
        renewals = "Renewals count as use." if self.renewals.value else "Renewals don't count."
        return (
            f"<p>Lately is within {self.lately.value} days; often is {self.often.value} days a year or more; "
            f"a card is new for {self.new_days.value} days. {clicks} {renewals}</p>{self.answer.value}{self.map.value}"
            f"{self.table.value}"
        )

    def _update(self, _=None) -> None:
        cuts = {
            "lately": self.lately.value,
            "often": self.often.value,
            "new_days": self.new_days.value,
        }
        what = {"visits_only": self.visits_only.value, "renewals": self.renewals.value}
        table = self._here.counted(**what)
        segment = segments.core_segments(table, **cuts)
        before = segment if self._segment is None else self._segment
        self.moved = segments.moved(before, segment, table)
        self.sizes = segments.sizes(segment, table)
        self.sizes_beside = None
        if self._there is not None:
            there = self._there.counted(**what)
            self.sizes_beside = segments.sizes(segments.core_segments(there, **cuts), there)
        self.segments = table.assign(segment=segment)[
            ["segment", "r", "f", "pace", "m", "card_days"]
        ].reset_index()
        self.answer.value = f'<div role="status">{self._who_moved(self._segment is None)}</div>'
        self.map.value = segment_map(
            segments.cells(table, segment), lately=cuts["lately"], often=cuts["often"]
        )
        self.table.value = self._table()
        self._segment = segment

    def _who_moved(self, first: bool) -> str:
        if first:
            return "<p>Nobody has moved yet. Move a slider, or check a box.</p>"
        if self.moved.empty:
            return "<p><strong>Nobody moved</strong> with your last change.</p>"
        ways = self.moved.groupby(["before", "after"], observed=True)["pace"].agg(["size", "min", "max"])
        rows = "".join(
            f"<li>{one.size_:,} from <em>{html.escape(before)}</em> to <em>{html.escape(after)}</em>: "
            f"{_range(one.min_, one.max_)} of use a year</li>"
            for (before, after), one in zip(
                ways.index, ways.set_axis(["size_", "min_", "max_"], axis=1).itertuples(), strict=True
            )
        )
        some = self.moved.head(MOST_EDGES)
        edges = "".join(
            f"<li>{_days(one.f)} of use in {_number(one.m, 'way')}, {_last(one.r)}, a card for {_days(one.card_days)}"
            f"</li>"
            for one in some.itertuples()
        )
        return (
            f"<p><strong>{len(self.moved):,} people moved</strong> with your last change.</p><ul style='line-height: 1.4; margin-top: 0'>{rows}</ul>"
            f"<details><summary>{'All' if len(some) == len(self.moved) else 'Some'} of these people, one a line"
            f"</summary><ul>{edges}</ul></details>"
        )

    def _table(self) -> str:
        towns = [("This town", self.sizes)]
        if self.sizes_beside is not None:
            towns.append((self._there_name, self.sizes_beside))
        tables = "".join(_town(name, sizes) for name, sizes in towns)
        meanings = "; ".join(f"<em>{name}</em>: {meaning}" for name, meaning in segments.SEGMENTS.items())
        return (
            f"<div style='display: flex; flex-wrap: wrap; gap: 0.6em 2.5em; line-height: 1.5'>{tables}</div>"
            f"<p style='line-height: 1.4'>{meanings}.</p>"
        )

    @staticmethod
    def _slider(low: int, high: int, step: int, value: int) -> ipywidgets.IntSlider:
        return ipywidgets.IntSlider(value=value, min=low, max=high, step=step, continuous_update=False)

    @staticmethod
    def _box(what: str) -> ipywidgets.Checkbox:
        box = ipywidgets.Checkbox(description=what, indent=False, layout={"width": "100%"})
        return box.add_class("course-wraps")


class _Town:
    """The events of a town, and its table of recency and frequency by each way to count, made once."""

    def __init__(self, patrons, events, as_of):
        self._patrons, self._events, self._as_of = patrons, events, as_of
        self._tables: dict[tuple[bool, bool], pd.DataFrame] = {}

    def counted(self, *, visits_only: bool, renewals: bool) -> pd.DataFrame:
        """The table of ``segments.rfm``, from visits alone or clicks, too; with renewals or without."""
        way = visits_only, renewals
        if way not in self._tables:
            uses = segments.uses(*self._events, renewals=renewals)
            if visits_only:
                uses = uses[uses["way"] != "digital"]
            self._tables[way] = segments.rfm(self._patrons, uses, as_of=self._as_of)
        return self._tables[way]


def _town(name: str, sizes: pd.DataFrame) -> str:
    """One town's segments: as a table of its own, two of them find room on a narrow page."""
    rows = ""
    for segment in segments.SEGMENTS:
        colour = COLOURS[segment] if segment in segments.CORE else "transparent"
        rows += (
            f"<tr><th scope='row' style='text-align: left; white-space: nowrap'><span style='color: {colour}' aria-hidden='true'>■</span> "
            f"{segment}</th><td>{sizes.at[segment, 'patrons']:,}</td>"
            f"<td>{sizes.at[segment, 'share_of_patrons']:.1%}</td>"
            f"<td>{sizes.at[segment, 'share_of_use']:.1%}</td></tr>"
        )
    columns = "".join(f"<th scope='col'>{one}</th>" for one in ("people", "of patrons", "of use"))
    return (
        f"<table style='border-spacing: 0.6em 0; text-align: right'><caption><strong>{name}</strong></caption>"
        f"<thead><tr><td></td>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _days(count: int) -> str:
    return _number(int(count), "day")


def _range(low: float, high: float) -> str:
    """From the lowest pace to the highest, rounded down to whole days, as the cuts are."""
    low, high = int(low), int(high)
    return _days(low) if low == high else f"{low:,} to {_days(high)}"


def _last(days: int) -> str:
    return "never used before" if pd.isna(days) else f"last use {_days(days)} ago"
