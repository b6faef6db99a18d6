"""The relationship lab: ten hours a week for touches, answers and the desk, and twelve months ahead with and without."""

import dataclasses
import html

import ipywidgets
import pandas as pd

from course_utils.display.fallback import StaticFallback
from course_utils.display.layout import two_columns
from course_utils.methods import relationships
from course_utils.methods.relationships import COST, HOURS, RELATIONS, TRANSACTIONS, Plan, charts
from course_utils.tables import AS_OF

MINE = "my own choice"
NOW = "the plan above"
SHARES = (
    "resolved at first contact",
    "asked in passing or scheduled",
    "back within 90 days",
    "READ 4 and above",
)
TITLES = {
    TRANSACTIONS: "Scoreboard of transactions",
    RELATIONS: "Scoreboard of relationships",
    COST: "What it costs",
}


class RelationshipLab(StaticFallback):
    """Spend ten hours a week, and see twelve months with the plan beside the same months without it: a model.

    Parameters
    ----------
    teams, consultations : the partner teams, and what they asked.
    reference_questions, gate_counts : the desk's questions, and the hours of its doors.
    as_of : the last day of the log.
    runs : how many times the months are run.

    Attributes
    ----------
    plan : what stands in the controls.
    forecast : what the model makes of it: ``by_month`` and ``measures``.
    plans : the plans that were saved, one row each.
    """

    def __init__(
        self,
        teams: pd.DataFrame,
        consultations: pd.DataFrame,
        reference_questions: pd.DataFrame,
        gate_counts: pd.DataFrame,
        *,
        as_of: pd.Timestamp = AS_OF,
        runs: int = 200,
    ):
        self._rates = relationships.team_rates(teams, consultations, as_of=as_of)
        self._months = relationships.twelve_months(self._rates, as_of=as_of, runs=runs)
        self._facts = {
            "desk": relationships.desk_facts(reference_questions, gate_counts),
            "talk": relationships.talk_facts(consultations),
        }
        self._groups = self._groups_of_teams()
        self._saved: dict[str, relationships.Forecast] = {}
        self._quiet = False

        self.touching = self._hours("Hours for touches", 8)
        self.answering = self._hours("Hours for answers", 2)
        self.kind = self._choice(
            "What kind of touch", {name: key for key, name in relationships.KINDS.items()}
        )
        self.group = self._choice("For whom", [*self._groups, MINE])
        self.teams = ipywidgets.SelectMultiple(
            options={name: team for team, name in self._rates["name"].items()},
            value=tuple(self._rates.index),
            rows=8,
            description="Teams that are touched",
            style={"description_width": "initial"},
            layout={"width": "30em"},
        )
        self.desk = ipywidgets.HTML()
        self.answer = ipywidgets.HTML()
        self.chart = ipywidgets.HTML()
        self.boards = ipywidgets.HTML()
        self.name = ipywidgets.Text(
            description="Name of this plan",
            placeholder="for example toothbrush",
            continuous_update=False,  # else the button may be quicker than the last letters
            style={"description_width": "initial"},
        )
        self.save = ipywidgets.Button(description="Save this plan", button_style="primary")
        self.first = self._choice("Compare", [NOW])
        self.second = self._choice("with", [NOW])
        self.comparison = ipywidgets.HTML()

        for control in (self.touching, self.answering):
            control.observe(self._hours_changed, names="value")
        self.group.observe(self._group_changed, names="value")
        self.teams.observe(self._teams_changed, names="value")
        self.kind.observe(self._update, names="value")
        self.save.on_click(lambda _: self.keep())
        for control in (self.first, self.second):
            control.observe(self._show_comparison, names="value")
        super().__init__(
            [
                ipywidgets.HTML(
                    f"<p><strong>{HOURS} hours a week: what do you do with them?</strong> "
                    "If both numbers together are more than that, the other one gives way.</p>"
                ),
                two_columns(
                    [
                        self.touching,
                        self.answering,
                        self.desk,
                        self.kind,
                        self.group,
                        self.teams,
                        self.answer,
                    ],
                    [self.chart, self.boards],
                ),
                ipywidgets.HBox([self.name, self.save], layout={"flex_flow": "row wrap"}),
                ipywidgets.HBox([self.first, self.second], layout={"flex_flow": "row wrap"}),
                self.comparison,
                ipywidgets.HTML(_assumptions()),
            ]
        )
        self.layout.max_width = "80em"
        self._update()

    @property
    def plan(self) -> Plan:
        """What stands in the controls; the desk gets the hours that are left."""
        at_desk = HOURS - self.touching.value - self.answering.value
        return Plan(
            self.touching.value, self.answering.value, at_desk, tuple(self.teams.value), self.kind.value
        )

    @property
    def plans(self) -> pd.DataFrame:
        """The plans that were saved, by name: their hours, whom they are for, and each number of the scoreboards."""
        rows = {
            name: {
                **dataclasses.asdict(forecast.plan),
                "teams": len(forecast.plan.teams),
                **forecast.measures["with_plan"],
            }
            for name, forecast in self._saved.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def keep(self) -> None:
        """Save the plan that stands in the controls, under the name in its field; one of that name is replaced."""
        name = self.name.value.strip() or f"plan {len(self._saved) + 1}"
        self._saved[name] = self.forecast
        self.name.value = ""
        chosen = self.second.value, name
        self._quiet = True
        for control, value in zip((self.first, self.second), chosen, strict=True):
            control.options = [NOW, *self._saved]
            control.value = value
        self._quiet = False
        self._show_comparison()

    def as_html(self) -> str:
        return (
            f"{self.answer.value}{self.chart.value}{self.boards.value}{self.comparison.value}{_assumptions()}"
        )

    # ---- what happens when something is changed ---------------------------------------------------------------

    def _hours_changed(self, change) -> None:
        """All hours together are no more than there are: the other one gives way."""
        other = self.answering if change["owner"] is self.touching else self.touching
        if self.touching.value + self.answering.value > HOURS:
            other.value = HOURS - change["owner"].value  # calls this again, and then updates
        else:
            self._update()

    def _group_changed(self, change) -> None:
        if change["new"] in self._groups and self.teams.value != self._groups[change["new"]]:
            self.teams.value = self._groups[change["new"]]

    def _teams_changed(self, change) -> None:
        self.group.value = next(
            (name for name, teams in self._groups.items() if teams == change["new"]), MINE
        )
        self._update()

    def _update(self, _=None) -> None:
        plan = self.plan
        self.forecast = relationships.follow(self._months, plan, **self._facts)
        self.desk.value = f"<span>Hours at the desk, the rest: <strong>{plan.at_desk:g}</strong></span>"
        self.answer.value = f'<div role="status"><p>{html.escape(self._in_words(plan))}</p></div>'
        self.chart.value = charts.ahead_html(self.forecast.by_month)
        self.boards.value = _boards(self.forecast.measures)
        self._show_comparison()

    def _show_comparison(self, _=None) -> None:
        if self._quiet:
            return
        names = self.first.value, self.second.value
        if names[0] == names[1]:
            self.comparison.value = "<p>Save a plan, change it, and compare the two here.</p>"
            return
        found = [self.forecast if name == NOW else self._saved[name] for name in names]
        self.comparison.value = _side_by_side(names, found, [self._plan_in_words(one.plan) for one in found])

    # ---- words ------------------------------------------------------------------------------------------------

    def _in_words(self, plan: Plan) -> str:
        measures = self.forecast.measures
        lost = measures.loc["questions without an answer, a month"]
        idle = measures.loc["hours left over, a week", "with_plan"]
        teams, everything = (
            measures.loc["questions of the teams answered a month"],
            measures.loc["questions answered a month"],
        )
        said = [
            self._plan_in_words(plan),
            f"Against the same months without it, {_gain(teams, 'questions of the teams are answered a month')}; "
            f"with the desk, {_gain(everything)}.",
        ]
        if lost["with_plan"] >= 0.5:
            said.append(
                f"{lost['with_plan']:.0f} questions a month find nobody with time: they come in months that bring more than you can answer."
            )
        if idle >= 0.5:
            said.append(
                f"Of the hours for answers, {idle:.1f} a week are left over, in months that bring fewer."
            )
        return " ".join(said)

    def _plan_in_words(self, plan: Plan) -> str:
        count = relationships.touches_a_week(plan)
        return (
            f"Hours a week: {plan.touching:g} for {relationships.KINDS[plan.kind]} (about {count:.0f}, "
            f"for {len(plan.teams)} of {len(self._rates)} teams), {plan.answering:g} for answers, {plan.at_desk:g} at the desk."
        )

    def _groups_of_teams(self) -> dict[str, tuple[int, ...]]:
        rates = self._rates
        by_rate = rates["rate"].sort_values(kind="stable").index
        groups = {
            f"all {len(rates)} teams": rates.index,
            "the teams with an embedded librarian": rates.index[rates["embedded"]],
            "the teams without": rates.index[~rates["embedded"]],
            "the six that ask least": by_rate[:6].sort_values(),
            "the six that ask most": by_rate[-6:].sort_values(),
        }
        for kind in rates["kind"].cat.categories:
            groups[f"only the kind “{kind}”"] = rates.index[rates["kind"] == kind]
        return {name: tuple(teams) for name, teams in groups.items()}

    @staticmethod
    def _hours(label: str, value: float) -> ipywidgets.BoundedFloatText:
        return ipywidgets.BoundedFloatText(
            value=value,
            min=0,
            max=HOURS,
            step=0.5,
            description=label,
            style={"description_width": "initial"},
            layout={"width": "14em"},
        )

    @staticmethod
    def _choice(label: str, options) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(
            options=options,
            description=label,
            style={"description_width": "initial"},
            layout={"width": "max-content"},
        )


def _gain(row: pd.Series, of_what: str = "in all") -> str:
    more = f"{row['with_plan'] - row['without']:.0f}"
    low, high = f"{row['gain_low']:.0f}", f"{row['gain_high']:.0f}"
    runs = "" if low == high == more else f" (in eight of ten runs {low} to {high})"
    return f"{more} more {of_what}{runs}"


def _number(measure: str, value: float) -> str:
    return f"{value:.0%}" if measure in SHARES else f"{value:.1f}"


def _table(title: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(
        f'<th scope="col" style="text-align: right; padding: 0 0.6em">{one}</th>' for one in heads[1:]
    )
    body = "".join(
        f'<tr><th scope="row" style="text-align: left; font-weight: normal">{row[0]}</th>'
        + "".join(f'<td style="text-align: right; padding: 0 0.6em">{cell}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="margin: 0.3em 1em 0.3em 0; line-height: 1.4">'
        f'<caption style="text-align: left; font-weight: bold">{title}</caption>'
        f'<thead><tr><th scope="col" style="text-align: left">{heads[0]}</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _boards(measures: pd.DataFrame) -> str:
    tables = []
    for board, title in TITLES.items():
        rows = [
            [
                name,
                _number(name, row["without"]),
                f"{_number(name, row['with_plan'])} <small>({_number(name, row['low'])} to {_number(name, row['high'])})</small>",
            ]
            for name, row in measures[measures["board"] == board].iterrows()
        ]
        tables.append(_table(title, ["", "without", "with the plan <small>(8 runs of 10)</small>"], rows))
    return f'<div style="display: flex; flex-wrap: wrap; align-items: flex-start">{"".join(tables)}</div>'


def _side_by_side(names, forecasts, plans: list[str]) -> str:
    listed = "".join(
        f"<li><strong>{html.escape(name)}</strong>: {html.escape(plan)}</li>"
        for name, plan in zip(names, plans, strict=True)
    )
    rows = [
        [measure, *(_number(measure, one.measures.loc[measure, "with_plan"]) for one in forecasts)]
        for measure in forecasts[0].measures.index
    ]
    return f"<ul>{listed}</ul>" + _table("Two plans", ["", *map(html.escape, names)], rows)


def _assumptions() -> str:
    first, *others = relationships.ASSUMPTIONS
    return (
        f"<p>{html.escape(first)}</p><ul>"
        + "".join(f"<li>{html.escape(one)}</li>" for one in others)
        + "</ul>"
    )
