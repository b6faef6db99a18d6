"""The coarseness board: how much of each column to keep, what it still gives away, and which answers are left."""

import html

import ipywidgets
import pandas as pd

from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import WRAPS, two_columns
from course_utils.display.sliders import named
from course_utils.methods import privacy
from course_utils.methods.privacy.charts import crowd_bars
from course_utils.tables import AS_OF

LIMIT = 5  # of 100 people: hidden, or linked


class CoarsenessBoard(StaticFallback):
    """First a guess, then a choice for each column: who is alone, who can be linked, what can still be answered.

    Parameters
    ----------
    records : as :func:`privacy.read_export` gives them; those without a birth date are left out.
    patrons : the library's patron file, against which the records are linked.
    as_of : the day on which we count.

    Attributes
    ----------
    table : the coarse table, without the people who are hidden.
    hidden, linked : shares of people, 0 to 1.
    answers : a table with the questions of week 1, answered by the full file and by ``table``.
    """

    def __init__(self, records: pd.DataFrame, patrons: pd.DataFrame, *, as_of: pd.Timestamp = AS_OF):
        self._people = records.dropna(subset="birth_date").reset_index(drop=True)
        self._known = privacy.as_export(patrons)
        self._as_of = as_of
        full = privacy.coarsened(self._people, born="day", place="all", when="day", as_of=as_of)
        self._full = privacy.answers(full, as_of=as_of)
        self._links: dict[tuple[str, bool], float] = {}
        self.guess = ipywidgets.IntSlider(value=50, min=0, max=100, continuous_update=False)
        self.guessed = ipywidgets.Checkbox(
            description="That's my guess: show me", indent=False, layout={"width": "auto"}
        )
        self.guessed.add_class("course-wraps")
        self.born = self._choice("Birth date", privacy.BORN, "day")
        self.place = self._choice("Postal code", privacy.PLACE, "all")
        self.when = self._choice("Dates of the card", privacy.WHEN, "month")
        self.library = ipywidgets.Checkbox(value=True, description="Home library", indent=False)
        self.library.add_class("course-wraps")
        self.least = ipywidgets.IntSlider(value=10, min=2, max=30, continuous_update=False)
        self.verdict, self.bars, self.left = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        controls = (self.guessed, self.born, self.place, self.when, self.library, self.least)
        for control in controls:
            control.observe(self._update, names="value")
        self._choices = ipywidgets.VBox(
            [
                self.born,
                self.place,
                self.when,
                self.library,
                named(self.least, "Hide people in groups smaller than"),
            ]
        )
        self._shown = ipywidgets.VBox([self.verdict, self.bars, self.left])
        super().__init__(
            [
                ipywidgets.HTML("<strong>How coarse is coarse enough?</strong>" + WRAPS),
                named(self.guess, "Dates to the month: of 100 people, how many can be linked?"),
                self.guessed,
                two_columns([self._choices], [self._shown]),
            ]
        )
        self.layout.max_width = "80em"
        self._update()

    @staticmethod
    def _choice(name: str, options: dict[str, str], value: str) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(
            options=[(words, key) for key, words in options.items()],
            value=value,
            description=name,
            style={"description_width": "9em"},
            layout={"width": "24em", "max_width": "100%"},
        )

    def _update(self, _=None) -> None:
        chosen = {"born": self.born.value, "place": self.place.value, "when": self.when.value}
        table = privacy.coarsened(self._people, library=self.library.value, as_of=self._as_of, **chosen)
        groups = [name for name in table.columns if name in (*privacy.GROUPS, *privacy.DAYS)]
        size = privacy.group_sizes(table, groups)
        self.table = table[size >= self.least.value]
        self.hidden = 1 - len(self.table) / len(table)
        self.linked = self._share_linked()
        after = privacy.answers(self.table, as_of=self._as_of)
        self.answers = pd.DataFrame({"full file": self._full, "this table": after})
        self._choices.layout.display = self._shown.layout.display = None if self.guessed.value else "none"
        self.verdict.value = f'<div role="status">{self._in_words()}</div>'
        self.bars.value = crowd_bars(size)
        self.left.value = self._answers_left()

    def _share_linked(self) -> float:
        """The share of people whom the library and the dates that are left link to exactly one patron.

        Worked out once for each choice of these two, as neither birth date nor postal code is in the patron file.
        """
        when, library = self.when.value, self.library.value
        if (when, library) not in self._links:
            table = privacy.coarsened(self._people, born="none", place="none", when=when, as_of=self._as_of)
            theirs = self._known
            if when in ("month", "year"):
                period = {"month": "M", "year": "Y"}[when]
                theirs = theirs.assign(**{day: theirs[day].dt.to_period(period) for day in privacy.DAYS})
            key = [name for name in ("home_library", *privacy.DAYS) if name in table]
            key = key if library else key[1:]
            found = privacy.linked(table, theirs, key) if key else []
            self._links[when, library] = len(found) / len(table)
        return self._links[when, library]

    def _in_words(self) -> str:
        kept = int(self.answers["this table"].notna().sum())
        fine = [share <= LIMIT / 100 for share in (self.hidden, self.linked)]
        ending = (
            f"Both are within {LIMIT} of 100, and <strong>{kept} of {len(self.answers)} questions</strong> have an answer."
            if all(fine)
            else f"The aim is {LIMIT} of 100 or fewer for both; {kept} of {len(self.answers)} questions have an answer."
        )
        guess = f"Your guess was {self.guess.value} of 100. " if self.guessed.value else ""
        return (
            f"<p>{guess}<strong>{100 * self.linked:.1f} of 100 people</strong> can be linked to one patron, and "
            f"<strong>{100 * self.hidden:.1f} of 100</strong> have to be hidden. {ending}</p>"
        )

    def _answers_left(self) -> str:
        number = 'style="text-align: right; padding-left: 1.5em"'
        rows = "".join(
            f'<tr><td style="text-align: left">{html.escape(str(name))}</td><td {number}>{row["full file"]:,}</td>'
            f"<td {number}>"
            + ("<em>can't say</em>" if pd.isna(row["this table"]) else f"{row['this table']:,}")
            + "</td></tr>"
            for name, row in self.answers.iterrows()
        )
        return (
            f'<table><thead><tr><th style="text-align: left">question of week 1</th><th {number}>full file</th>'
            f"<th {number}>this table</th></tr></thead><tbody>{rows}</tbody></table>"
        )

    def as_html(self) -> str:
        """See :class:`StaticFallback`."""
        library = "the home library stays" if self.library.value else "the home library is left out"
        return (
            f"<p>Birth date: {privacy.BORN[self.born.value]}; postal code: {privacy.PLACE[self.place.value]}; dates of the "
            f"card: {privacy.WHEN[self.when.value]}; {library}. Groups smaller than {self.least.value} are hidden.</p>"
            f"{self.verdict.value}{self.bars.value}{self.left.value}"
        )
