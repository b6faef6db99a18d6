"""The widget of this method: a view over its functions, with no arithmetic of its own."""

import ipywidgets
import pandas as pd

from course_utils.display import as_html
from course_utils.display.fallback import StaticFallback
from course_utils.methods.stability import charts, valid_by
from course_utils.tables import AS_OF

GROUPS = {"Age": "age_band", "Home branch": "home_branch", "Card category": "category"}


class StabilityView(StaticFallback):
    """Choose a group; see the share of its cards that are valid.

    Parameters
    ----------
    patrons : a table of a library.
    as_of : the day on which we count.
    """

    def __init__(self, patrons: pd.DataFrame, as_of: pd.Timestamp = AS_OF):
        self.patrons, self.as_of = patrons, as_of
        self.group = ipywidgets.Dropdown(options=GROUPS, description="By")
        self.chart = ipywidgets.HTML()
        self.group.observe(lambda _: self.update(), names="value")
        super().__init__([self.group, self.chart])
        self.update()

    def update(self) -> None:
        """Bring the chart up to date with the control."""
        shares = valid_by(self.patrons, self.group.value, as_of=self.as_of)
        self.chart.value = as_html(charts.stability_chart(shares))

    def as_html(self) -> str:
        """See :class:`StaticFallback`."""
        return self.chart.value
