"""How the kit's widgets are laid out: what changes beside what is changed, and parts that fold."""

from collections.abc import Iterable

import ipywidgets

OPEN, SHUT = "▾", "▸"
# For the description of a checkbox of the class course-wraps, which ends in three dots where it is long.
WRAPS = (
    "<style>.course-wraps, .course-wraps .widget-label-basic {height: auto; white-space: normal; line-height: 1.5}"
    "</style>"
)


def two_columns(
    controls: Iterable[ipywidgets.Widget], shown: Iterable[ipywidgets.Widget]
) -> ipywidgets.GridBox:
    """The controls, and on their right what they change; below them where the page has no room for two columns."""
    columns = "repeat(auto-fit, minmax(min(100%, 26em), 1fr))"
    return ipywidgets.GridBox(
        [ipywidgets.VBox(tuple(controls)), ipywidgets.VBox(tuple(shown))],
        layout={
            "width": "100%",
            "grid_template_columns": columns,
            "grid_gap": "0 2em",
            "align_items": "flex-start",
        },
    )


class Fold(ipywidgets.VBox):
    """A part of a widget under a heading, which a press shows or puts away.

    Parameters
    ----------
    title : the heading.
    children : what is under it.
    opened : whether it is shown at first.
    """

    def __init__(self, title: str, children: Iterable[ipywidgets.Widget], *, opened: bool = False):
        self._title = title
        self.heading = ipywidgets.ToggleButton(value=opened, layout={"width": "max-content"})
        self.heading.style.font_weight = "bold"
        self._body = ipywidgets.VBox(tuple(children))
        self.heading.observe(self._turn, names="value")
        super().__init__([self.heading, self._body])
        self._turn()

    def _turn(self, _=None) -> None:
        self.heading.description = f"{OPEN if self.heading.value else SHUT} {self._title}"
        self._body.layout.display = None if self.heading.value else "none"
