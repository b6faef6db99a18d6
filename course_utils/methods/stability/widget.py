"""The cluster explorer: sort people by what one chooses, in our town and in a town without segments."""

import ipywidgets
import pandas as pd

from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import WRAPS, two_columns
from course_utils.display.sliders import named
from course_utils.methods import stability
from course_utils.methods.stability.charts import groups_figure
from course_utils.tables import AS_OF

TOWNS, PEOPLE, SPLITS = 9, 400, 1  # so many that a change is answered at once
FEATURES = {
    "amount": "Amount: how many loans",
    "digital": "Digital: the share that is digital",
    "children": "Children: the share for children",
}


class ClusterExplorer(StaticFallback):
    """Choose features and a number of groups; see what k-means makes of them, beside a town without segments.

    Parameters
    ----------
    checkouts : a table of a library.
    least : loans in 12 months that make somebody a reader.
    as_of : the day on which we count.

    Attributes
    ----------
    groups : one row per reader: ``loans``, ``digital``, ``children`` and ``group``, 0 for the largest.
    here, null : how tight the groups are in our town, and in each of the null towns.
    """

    def __init__(self, checkouts: pd.DataFrame, *, least: int = stability.LEAST, as_of: pd.Timestamp = AS_OF):
        self._counted = stability.features(checkouts, as_of=as_of, least=least)
        self._ours = stability.with_amount(self._counted)
        self._nulls = stability.null_towns(self._ours, TOWNS)
        self.features = {
            name: ipywidgets.Checkbox(
                value=name == "amount", description=said, indent=False, layout={"width": "100%"}
            ).add_class("course-wraps")
            for name, said in FEATURES.items()
        }
        self.k = ipywidgets.IntSlider(value=2, min=2, max=6, continuous_update=False)
        self.as_counted = ipywidgets.Checkbox(
            description="As counted: loans as a number, nothing on one scale",
            indent=False,
            layout={"width": "100%"},
        ).add_class("course-wraps")
        self.answer, self.picture = ipywidgets.HTML(), ipywidgets.HTML()
        for control in self.controls:
            control.observe(self._update, names="value")
        super().__init__(
            [
                ipywidgets.HTML("<strong>Sort the readers by</strong>" + WRAPS),
                two_columns(
                    [*self.features.values(), named(self.k, "Number of groups"), self.as_counted],
                    [self.answer],
                ),
                self.picture,
            ]
        )
        self.layout.max_width = "80em"
        self._update()

    @property
    def controls(self) -> tuple:
        """All that can be moved or switched."""
        return *self.features.values(), self.k, self.as_counted

    def as_html(self) -> str:
        chosen = ", ".join(self._chosen()) or "nothing"
        scale = "as counted" if self.as_counted.value else "on one scale"
        return (
            f"<p>The readers are sorted by {chosen}, {scale}, into {self.k.value} groups.</p>"
            f"{self.answer.value}{self.picture.value}"
        )

    def _chosen(self) -> list[str]:
        return [name for name, box in self.features.items() if box.value]

    def _update(self, _=None) -> None:
        chosen, k = self._chosen(), self.k.value
        if not chosen:
            self.answer.value = '<div role="status"><p>Choose at least one feature.</p></div>'
            self.picture.value = ""
            return
        self.answer.value = f'<div role="status"><p>Sorting {TOWNS + 1} towns …</p></div>'
        ours, *nulls = (self._sorted_by(town[chosen]) for town in (self._ours, *self._nulls))
        as_it_is = {"scale": not self.as_counted.value}
        group, null_group = (stability.groups(town, k, **as_it_is) for town in (ours, nulls[0]))
        self.groups = self._counted.assign(group=group)
        self.here = stability.silhouette(ours, group, most=PEOPLE, **as_it_is)
        self.null = [stability.silhouette(nulls[0], null_group, most=PEOPLE, **as_it_is)]
        self.null += [stability.tightness(town, k, most=PEOPLE, **as_it_is) for town in nulls[1:]]
        same, null_same = (
            stability.halves(town, k, times=SPLITS, **as_it_is).mean() for town in (ours, nulls[0])
        )
        self.picture.value = groups_figure(
            {
                "Our town": (self._ours[chosen], group),
                "A null town, without segments": (self._nulls[0][chosen], null_group),
            }
        )
        self.answer.value = f'<div role="status">{self._said(same, null_same)}</div>'

    def _sorted_by(self, table: pd.DataFrame) -> pd.DataFrame:
        """The columns as k-means gets them."""
        if self.as_counted.value and "amount" in table:
            return table.assign(amount=2 ** table["amount"])
        return table

    def _said(self, same: float, null_same: float) -> str:
        as_tight = stability.share_as_tight(self.here, self.null)
        towns = round(as_tight * (len(self.null) + 1))
        if towns == 1:
            verdict = f"<strong>None of the {TOWNS} null towns is as tight as ours.</strong>"
        else:
            verdict = (
                f"<strong>{towns - 1} of the {TOWNS} null towns {'is' if towns == 2 else 'are'} as tight as ours,"
                " or tighter.</strong>"
            )
        return (
            f"<p>Tightness (silhouette, of {PEOPLE} people): <strong>{self.here:.2f}</strong> in our town, "
            f"{min(self.null):.2f} to {max(self.null):.2f} in the null towns. {verdict}</p>"
            f"<p>Two halves of the people agree (adjusted Rand index): <strong>{same:.2f}</strong> in our town, "
            f"{null_same:.2f} in a null town.</p>"
        )
