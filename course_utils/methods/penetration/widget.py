"""The gap map: cards per resident by neighborhood, by age and by what counts as a card, with small cells hidden."""

import html

import ipywidgets
import pandas as pd

from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import WRAPS, two_columns
from course_utils.display.sliders import named
from course_utils.methods import penetration
from course_utils.methods.penetration.charts import gap_map
from course_utils.tables import AGE_BANDS, AS_OF

AGES = {
    "Everyone": AGE_BANDS,
    "Under 13": ("0-5", "6-12"),
    "13 to 17": ("13-17",),
    "18 to 34": ("18-24", "25-34"),
    "35 to 64": ("35-44", "45-54", "55-64"),
    "65 and over": ("65-74", "75+"),
    "75 and over": ("75+",),
}
LOWEST = 3


class GapMap(StaticFallback):
    """Choose whom you ask about and which cards count; see the gaps, and which of them stay.

    Parameters
    ----------
    patrons, tracts, branches : tables of a library.
    as_of : the day on which we count.

    Attributes
    ----------
    table : one row per neighborhood, by ``tract_id``: ``name``, ``cards``, ``residents``, ``rate``, ``shrunk``,
        ``index``; numbers of small cells are missing.
    lowest : the names of the three neighborhoods with the lowest index that are shown, lowest first.
    """

    def __init__(
        self,
        patrons: pd.DataFrame,
        tracts: pd.DataFrame,
        branches: pd.DataFrame,
        *,
        as_of: pd.Timestamp = AS_OF,
    ):
        self._patrons, self._tracts, self._branches, self._as_of = patrons, tracts, branches, as_of
        self.ages = self._choice("Who", list(AGES))
        self.measure = self._choice("Cards", list(penetration.MEASURES))
        self.shrink = ipywidgets.Checkbox(
            description="Draw each rate toward the town's, the small areas most (shrinkage)",
            indent=False,
            layout={"width": "100%"},
        ).add_class("course-wraps")
        self.fewest = ipywidgets.IntSlider(value=10, min=0, max=60, step=5, continuous_update=False)
        self.answer, self.map, self.ranges = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        self.lowest: list[str] = []
        self._counted: dict[tuple[str, str], pd.DataFrame] = {}
        for control in self.controls:
            control.observe(self._update, names="value")
        title = ipywidgets.HTML("<strong>Where are the gaps, and which of them stay?</strong>" + WRAPS)
        super().__init__(
            [
                title,
                two_columns(
                    [
                        self.ages,
                        self.measure,
                        self.shrink,
                        named(
                            self.fewest, "Hide cells with fewer people, cards, or people without a card than"
                        ),
                        self.answer,
                    ],
                    [self.map],
                ),
                self.ranges,
            ]
        )
        self.layout.max_width = "84em"
        self._update()

    @property
    def controls(self) -> tuple:
        """All that can be chosen, moved or switched."""
        return self.ages, self.measure, self.shrink, self.fewest

    def as_html(self) -> str:
        """See :class:`StaticFallback`."""
        how = "with shrinkage" if self.shrink.value else "without shrinkage"
        return (
            f"<p>{html.escape(self._what())} The rates are shown {how}, and cells with fewer than {self.fewest.value} "
            f"people, cards, or people without a card are hidden.</p>{self.answer.value}{self.map.value}{self.ranges.value}"
        )

    def _update(self, _=None) -> None:
        rates = self._counts()
        cards, residents = rates["cards"], rates["residents"]
        shrunk = penetration.shrink(cards, residents)
        town = cards.sum() / residents.sum()
        shown = shrunk if self.shrink.value else rates["rate"]
        table = rates.assign(shrunk=shrunk, index=100 * shown / town)
        table = penetration.hide_small(table, fewest=self.fewest.value)
        places = self._tracts.set_index("tract_id")[["name", "x_miles", "y_miles"]]
        whole = places.join(table)
        self.table = whole.drop(columns=["x_miles", "y_miles"])
        before = self.lowest
        self.lowest = whole.dropna(subset="index").sort_values("index").head(LOWEST)["name"].tolist()
        pull = penetration.pull_of_town(cards, residents)
        self.answer.value = (
            f'<div role="status">{self._said(before, pull, town, len(table) - table["index"].count())}</div>'
        )
        self.map.value = gap_map(whole, self._branches, what=self._what())
        self.ranges.value = self._three(whole)

    def _counts(self) -> pd.DataFrame:
        key = self.ages.value, self.measure.value
        if key not in self._counted:
            found = penetration.counts(
                self._patrons, self._tracts, ages=AGES[key[0]], measure=key[1], as_of=self._as_of
            )
            found = found[found["residents"] > 0]
            self._counted[key] = found.assign(rate=found["cards"] / found["residents"])
        return self._counted[key]

    def _what(self) -> str:
        cards = {
            "on file": "Cards on file",
            "valid": "Valid cards",
            "used in 12 months": "Cards used in 12 months",
        }[self.measure.value]
        who = {"Everyone": "residents of all ages"}.get(
            self.ages.value, f"residents {self.ages.value[:1].lower()}{self.ages.value[1:]}"
        )
        return f"{cards}, for {who}."

    def _said(self, before: list[str], pull: float, town: float, hidden: int) -> str:
        names = ", ".join(map(html.escape, self.lowest)) or "none that may be shown"
        said = f"<p>The town has {100 * town:.0f} of these cards per 100 residents. <strong>Lowest three:</strong> {names}.</p>"
        if before:
            stay = len(set(before) & set(self.lowest))
            said += f"<p>{stay} of them {'was' if stay == 1 else 'were'} among the lowest three before your last change.</p>"
        if pull == float("inf"):
            said += "<p>These rates differ no more than luck alone would make them differ.</p>"
        else:
            said += (
                f"<p>Shrinkage here adds {pull:,.0f} people of the town's rate to each neighborhood: the more it adds, "
                "the less the differences can be told from luck.</p>"
            )
        if hidden:
            said += f"<p>{hidden} {'cell is' if hidden == 1 else 'cells are'} hidden.</p>"
        return said

    def _three(self, whole: pd.DataFrame) -> str:
        rows = ""
        for row in whole.dropna(subset="index").sort_values("index").head(LOWEST).itertuples():
            ends = "more cards than residents"
            if row.cards <= row.residents:
                ends = "{:.0%} to {:.0%}".format(*penetration.wilson(row.cards, row.residents))
            rows += (
                f"<tr><th scope='row' style='text-align: left'>{html.escape(row.name)}</th><td>{row.cards:.0f}</td>"
                f"<td>{row.residents:.0f}</td><td>{row.rate:.0%}</td><td style='white-space: nowrap'>{ends}</td><td>{row.shrunk:.0%}</td></tr>"
            )
        heads = "".join(
            f"<th scope='col'>{one}</th>" for one in ("cards", "residents", "rate", "range", "shrunk")
        )
        return (
            "<table style='border-spacing: 0.7em 0; text-align: right; line-height: 1.5'><caption style='text-align: left'>"
            f"<strong>The lowest three</strong>, with 95% ranges</caption><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )

    @staticmethod
    def _choice(name: str, options: list[str]) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(
            options=options,
            description=name,
            layout={"width": "20em", "max_width": "100%"},
            style={"description_width": "4em"},
        )
