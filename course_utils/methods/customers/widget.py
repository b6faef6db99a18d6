"""The definition explorer: who is a customer, and who is not counted, as definitions are switched on and off."""

import html

import ipywidgets
import pandas as pd

from course_utils.display import as_html
from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import WRAPS, two_columns
from course_utils.methods import customers
from course_utils.methods.customers import charts
from course_utils.tables import AS_OF

GROUPS = {"Age": "age_band", "Home branch": "home_branch", "Card category": "category"}
AMONG = {"everyone active in 12 months": "active", "everyone with a card": "registered"}


class DefinitionExplorer(StaticFallback):
    """Switch definitions of a customer on and off; see the count, who is not counted, and a chart.

    Parameters
    ----------
    patrons, checkouts, attendance, computer_sessions : tables of a library.
    as_of : the day on which we count.

    Attributes
    ----------
    counted : True or False by ``patron_id``: who is a customer by at least one definition that is on.
    not_counted : who is not, by group: the table of ``customers.not_counted``.
    """

    def __init__(
        self,
        patrons: pd.DataFrame,
        checkouts: pd.DataFrame,
        attendance: pd.DataFrame,
        computer_sessions: pd.DataFrame,
        *,
        as_of: pd.Timestamp = AS_OF,
    ):
        self._patrons = patrons
        self._found = customers.definitions(patrons, checkouts, attendance, computer_sessions, as_of=as_of)
        self._places = customers.whereabouts(self._found)
        self.switches = {
            name: ipywidgets.Checkbox(
                value=name == "borrower",
                description=f"{name}: {meaning}",
                indent=False,
                layout={"width": "100%"},
            )
            for name, meaning in customers.DEFINITIONS.items()
        }
        self.group = self._choice("Show by", GROUPS)
        self.among = self._choice("Look at", AMONG)
        self.answer = ipywidgets.HTML()
        self.chart = ipywidgets.HTML()
        for control in [*self.switches.values(), self.group, self.among]:
            control.observe(self._update, names="value")
        for switch in self.switches.values():
            switch.add_class("course-wraps")
        title = ipywidgets.HTML(f"{WRAPS}<strong>A customer is someone who …</strong>")
        super().__init__(
            [
                title,
                two_columns(
                    [*self.switches.values(), self.among, self.group, self.answer],
                    [self.chart],
                ),
            ]
        )
        self.layout.max_width = "80em"
        self._update()

    def as_html(self) -> str:
        chosen = ", or ".join(customers.DEFINITIONS[name] for name in self.chosen) or "…"
        return f"<p>A customer is someone who {chosen}.</p>{self.answer.value}{self.chart.value}"

    @property
    def chosen(self) -> list[str]:
        """The definitions that are on."""
        return [name for name, switch in self.switches.items() if switch.value]

    def _update(self, _=None) -> None:
        self.counted = customers.counted(self._found, self.chosen)
        among = self._found[self.among.value]
        self.not_counted = customers.not_counted(
            self._patrons, self.counted, by=self.group.value, among=among
        )
        lost = self._places[among & ~self.counted]
        self.answer.value = self._in_words(int((among & self.counted).sum()), int(among.sum()), lost)
        axes = charts.half_width(rows=len(self.not_counted))
        self.chart.value = as_html(charts.not_counted_chart(self.not_counted, self.group.label, axes))

    def _in_words(self, people: int, everyone: int, lost: pd.Series) -> str:
        rows = "".join(
            f"<li>{html.escape(place)}: {count:,}</li>"
            for place, count in lost.value_counts(sort=False).items()
            if count
        )
        look_at = html.escape(self.among.label)
        return (
            f'<div role="status"><p><strong>{people:,} customers</strong> among {look_at} ({everyone:,} people). '
            f"{len(lost):,} people are not counted.</p><ul>{rows}</ul></div>"
        )

    @staticmethod
    def _choice(label: str, options: dict[str, str]) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(options=options, description=label, style={"description_width": "initial"})
