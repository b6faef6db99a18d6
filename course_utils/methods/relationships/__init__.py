"""Do relationships pay? Teams before and after, small touches, coming back, and a model of twelve months ahead."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

RELATIONAL = ("in passing", "scheduled")
"""How a question comes when it grows out of a relationship: face to face, or at a time that both agreed on."""

# Contacts -----------------------------------------------------------------------------------------------------


def _is_relational(consultations: pd.DataFrame) -> pd.Series:
    """Whether each consultation grew out of a relationship, by how it was asked: one of ``RELATIONAL``."""
    return consultations["asked_by"].isin(RELATIONAL)


def came_back(
    consultations: pd.DataFrame, team_people: pd.DataFrame, *, as_of: pd.Timestamp, days: int = 90
) -> pd.Series:
    """Whether whoever asked was back within ``days`` days, for each consultation.

    Parameters
    ----------
    consultations : one row per question, with ``person_id`` and ``date``; at most one a day for each person.
    team_people : one row per person, with ``person_id`` and ``left`` (a date, missing for those who are still there).
    as_of : the last day of the log.
    days : how soon.

    Returns
    -------
    True, False, or missing, by the index of ``consultations``: missing where the person left, or the log ended,
    less than ``days`` days later, so that nobody can know.

    Raises
    ------
    ValueError
        If ``days`` is not positive.
    """
    if days <= 0:
        raise ValueError(f"days is {days}; it must be above 0")
    rows = consultations.sort_values("date", kind="stable")
    wait = (rows.groupby("person_id")["date"].shift(-1) - rows["date"]).dt.days
    left = rows["person_id"].map(team_people.set_index("person_id")["left"])
    watched = (left.fillna(as_of).clip(upper=as_of) - rows["date"]).dt.days
    back = (wait <= days).astype("boolean").mask(watched < days)
    return back.reindex(consultations.index)


# Before and after ----------------------------------------------------------------------------------------------


def per_month(
    consultations: pd.DataFrame, teams: Iterable[int], first: pd.Timestamp, last: pd.Timestamp
) -> pd.Series:
    """Consultations a month of each team, from the day ``first`` to the day ``last``, both included.

    Parameters
    ----------
    consultations : one row per question, with ``team_id`` and ``date``.
    teams : the numbers of the teams; one that asked nothing has 0.
    first, last : the first day of a month, and the last day of one.

    Raises
    ------
    ValueError
        If these are not whole months, or the second comes before the first.
    """
    first, last = pd.Timestamp(first), pd.Timestamp(last)
    if first.day != 1 or not last.is_month_end or last < first:
        raise ValueError(f"{first:%Y-%m-%d} to {last:%Y-%m-%d} is not a number of whole months")
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    asked = consultations[consultations["date"].between(first, last)]
    count = asked.groupby("team_id").size().reindex(pd.Index(teams, name="team_id"), fill_value=0)
    return (count / months).rename("per_month")


def hours_per_month(
    consultations: pd.DataFrame,
    touches: pd.DataFrame,
    teams: Iterable[int],
    first: pd.Timestamp,
    last: pd.Timestamp,
) -> pd.Series:
    """Hours a month that the log counts for each team, from the day ``first`` to the day ``last``, both included.

    They are those of conversation and of touches. The work after a conversation, and the way there, are in no log.
    Parameters and errors are those of :func:`per_month`; both tables have ``minutes``.
    """
    both = pd.concat([consultations, touches])[["team_id", "date", "minutes"]]
    count = per_month(both, teams, first, last)  # also says where the days are not whole months
    inside = both[both["date"].between(pd.Timestamp(first), pd.Timestamp(last))]
    mean = inside.groupby("team_id")["minutes"].mean().reindex(count.index, fill_value=0)
    return (count * mean / 60).rename("hours")


def by_quarter(consultations: pd.DataFrame, embedded: pd.Series) -> pd.DataFrame:
    """Consultations per team and month, quarter by quarter, for the two groups of teams.

    Parameters
    ----------
    consultations : one row per question, with ``team_id`` and ``date``; they begin and end with a quarter.
    embedded : True or False for each team.

    Returns
    -------
    One row per quarter (the day it begins; quarters begin in December, March, June and September), and the columns
    True and False, as in ``embedded``.
    """
    quarter = consultations["date"].dt.to_period("Q-NOV").dt.start_time
    group = consultations["team_id"].map(embedded)
    count = consultations.groupby([quarter, group]).size().unstack(fill_value=0)
    return count / embedded.value_counts() / 3


def difference(change: pd.Series, embedded: pd.Series, *, times: float = 2.36) -> pd.Series:
    """How much more the embedded teams changed than the others, and its range: the team is the unit.

    Parameters
    ----------
    change : one number per team, in any unit.
    embedded : True or False for these teams, by the same labels; labels that ``change`` lacks are left out.
    times : standard errors to each side. 2.36 is Student's t, at 95%, where the smaller group has eight teams; for six
        it is 2.57.

    Returns
    -------
    ``estimate``, ``low`` and ``high``, in the unit of ``change``.

    Raises
    ------
    ValueError
        If a group has fewer than two teams, so that nobody can say how much its teams differ.

    Source
    ------
    Welch (1938), with the degrees of freedom of the smaller group.
    """
    groups = change.groupby(embedded.reindex(change.index).astype(bool))
    if len(groups) < 2 or groups.count().min() < 2:
        raise ValueError("each of the two groups needs at least two teams")
    mean = groups.mean()
    estimate, error = mean[True] - mean[False], (groups.var() / groups.count()).sum() ** 0.5
    return pd.Series(
        {"estimate": estimate, "low": estimate - times * error, "high": estimate + times * error}
    )


def matched(before: pd.Series, embedded: pd.Series) -> pd.Series:
    """For each embedded team, the team without that was nearest to it before; each serves once.

    The busiest embedded team chooses first. ``before`` and ``embedded`` (True or False) have one value per team.

    Raises
    ------
    ValueError
        If there are fewer teams without than with.
    """
    free = before[~embedded].sort_index()
    mine = before[embedded].sort_index().sort_values(ascending=False, kind="stable")
    if len(free) < len(mine):
        raise ValueError("there are not enough teams to be matched")
    found = {}
    for team, level in mine.items():
        found[team] = (free - level).abs().idxmin()
        free = free.drop(found[team])
    return pd.Series(found, name="matched").sort_index()


def adjusted_difference(values: pd.Series, embedded: pd.Series, level: pd.Series) -> float:
    """The mean of the embedded less that of the others *at the same level*, weighted by the embedded at each level.

    All three have one value per consultation. A level at which one of the two is missing is left out.

    Raises
    ------
    ValueError
        If there is no level at which there are both.
    """
    table = pd.DataFrame({"value": values.astype(float), "embedded": embedded.astype(bool), "level": level})
    grouped = table.dropna().groupby(["level", "embedded"])["value"].agg(["mean", "size"]).unstack("embedded")
    both = grouped.dropna()
    if both.empty or grouped.columns.get_level_values("embedded").nunique() < 2:
        raise ValueError("there is no level at which there are both, embedded and not")
    step, weight = both["mean", True] - both["mean", False], both["size", True]
    return float((step * weight).sum() / weight.sum())


# Touches -------------------------------------------------------------------------------------------------------


def followed(touches: pd.DataFrame, consultations: pd.DataFrame, days: int = 7) -> float:
    """The share of ``touches`` after which the same person asked something on that day or the ``days`` - 1 after it.

    Both tables have ``person_id`` (missing in none of them) and ``date``. Without a touch, there is no share: nan.
    """
    if touches.empty:
        return float("nan")
    asked, touched = np.sort(_person_days(consultations)), _person_days(touches)
    # The same person's next question is the next one in order; after the last person comes nobody.
    following = np.append(asked, np.iinfo(np.int64).max)[np.searchsorted(asked, touched)]
    return float((following - touched < days).mean())


def _person_days(table: pd.DataFrame) -> np.ndarray:
    """One whole number for each row, in order of person and day; two of one person differ by the days between them."""
    day = table["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return table["person_id"].to_numpy(np.int64) * 1_000_000 + day


def shuffled(touches: pd.DataFrame, rng: np.random.Generator | int) -> pd.DataFrame:
    """The same touches, with the days of each month dealt out anew among those who were touched in that month.

    Each person keeps as many touches in each month, and each day keeps as many touches. ``rng`` may be a whole number:
    the same one gives the same shuffle.
    """
    rng = np.random.default_rng(rng)
    dates = touches["date"].to_numpy()
    month = dates.astype("datetime64[M]")
    dealt = np.empty_like(dates)
    dealt[np.argsort(month, kind="stable")] = dates[np.lexsort((rng.random(len(dates)), month))]
    return touches.assign(date=dealt)


def against_shuffles(
    touches: pd.DataFrame, consultations: pd.DataFrame, *, times: int = 40, seed: int = 0, days: int = 7
) -> pd.Series:
    """``followed`` as it was, and in ``times`` shuffles: ``seen``, ``shuffled`` (their mean), ``highest``, ``ratio``."""
    rng = np.random.default_rng(seed)
    seen = followed(touches, consultations, days)
    shares = [followed(shuffled(touches, rng), consultations, days) for _ in range(times)]
    mean = float(np.mean(shares))
    return pd.Series({"seen": seen, "shuffled": mean, "highest": max(shares), "ratio": seen / mean})


# Coming back -----------------------------------------------------------------------------------------------------


def returns(consultations: pd.DataFrame, team_people: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per person who ever asked: how long from the first question in the log to the second.

    Parameters
    ----------
    consultations : with ``person_id``, ``date``, ``time`` and ``asked_by``.
    team_people : with ``person_id`` and ``left`` (a date; missing for those who are still there).
    as_of : the last day of the log.

    Returns
    -------
    By ``person_id``: ``relational`` (how the first question was asked), ``back`` (whether a second one came), and
    ``days`` from the first to the second, or as long as the person was watched: to the day of leaving, or to ``as_of``.
    """
    rows = consultations.sort_values(["date", "time"], kind="stable")
    number = rows.groupby("person_id").cumcount()
    first = rows[number == 0].set_index("person_id")
    second = rows[number == 1].set_index("person_id")["date"].reindex(first.index)
    left = team_people.set_index("person_id")["left"].reindex(first.index)
    until = second.fillna(left.fillna(as_of).clip(upper=as_of))
    table = pd.DataFrame(
        {
            "relational": _is_relational(first),
            "back": second.notna(),
            "days": (until - first["date"]).dt.days,
        }
    )
    return table.sort_index()


def survival(days: pd.Series, back: pd.Series) -> pd.Series:
    """The share to whom it has not happened yet, after each of the days on which somebody was last watched.

    Parameters
    ----------
    days : how long each person was watched.
    back : whether the watching ended because it happened; where it did not, the wait is censored.

    Source
    ------
    Kaplan and Meier (1958).
    """
    by_day = back.groupby(days).agg(["sum", "size"])
    watched = len(days) - by_day["size"].cumsum().shift(fill_value=0)
    return (1 - by_day["sum"] / watched).cumprod()


# Twelve months ahead: a model ------------------------------------------------------------------------------------

HOURS = 10
"""Hours a week that a plan may spend."""

KINDS = {
    "incidental": "greetings in passing",
    "e-mail": "e-mails with news",
    "meeting": "meetings with the team",
}
# Ours: minutes that one takes, the way to it included. A meeting reaches everybody in the team.
MINUTES = {"incidental": 5, "e-mail": 5, "meeting": 45}
ANSWER_MINUTES = 60  # ours: an answer, with the work after the conversation, which the log does not count
WEEKS = 52 / 12  # in a month
WORKDAYS = 5  # in a week

# The rates of the model that made the data (course_utils/library/embedded.py), which a test compares with these.
TOUCH_FACTOR = {"incidental": 1.98, "e-mail": 1.0, "meeting": 1.0}
GREETED = (
    1 / 60,
    1 / 22,
)  # greetings per person and working day that there are anyway: not embedded, embedded
BOND, CHATTY = 1.0, 0.5  # how much people differ in asking, and in being greeted (log, standard deviation)
SWING, SWING_LASTS = 0.2, 0.4  # of a team's month (log), and how much of it is left a month later
GROWTH = 0.0995  # a year (log)
SEASON = (1.05, 1.10, 1.10, 1.05, 1.00, 0.85, 0.72, 0.80, 1.12, 1.18, 1.10, 0.84)  # January to December
NEW = (0.06, 0.18)  # share of requests never asked before: not embedded, embedded
HARD = (0.28, 0.42)  # share of READ 4 and above: not embedded, embedded
CLOSE = (
    -0.4,
    1.2,
    0.6,
    1.5,
)  # log odds of a relational question: always, by bond, if embedded, if greeted that day

ASSUMPTIONS = (
    "This is a model, not a forecast. It assumes that:",
    "a greeting in passing makes its person ask twice as often for seven days, and a second one in these days adds "
    "nothing; an e-mail or a meeting does nothing (null effects);",
    "neither makes questions harder, newer in kind, or better rated (three more null effects): only an embedded "
    "librarian does, and no plan here embeds one;",
    "a greeting takes 5 minutes with the way to it, and everybody in the chosen teams gets as many;",
    "each question that the plan brings takes an hour to answer; one for which there is no hour in its month is lost, "
    "and nobody is put off by it;",
    "the questions that come anyway are answered in the hours that are there anyway;",
    "an hour at the desk answers as many questions as a desk hour did in the log, and they would go unanswered otherwise.",
)

# Twenty-one kinds of people, from those who are least close to the liaison to the closest, as many of each.
_BONDS = np.array([statistics.NormalDist().inv_cdf((k + 0.5) / 21) for k in range(21)])


@dataclass(frozen=True)
class Plan:
    """What to do with the hours of a week. Raises ``ValueError`` for hours below 0 or more than ``HOURS`` in all."""

    touching: float = 0  # hours a week
    answering: float = 0
    at_desk: float = 0
    teams: tuple[int, ...] = ()  # whom the touches are for
    kind: str = "incidental"

    def __post_init__(self):
        hours = self.touching, self.answering, self.at_desk
        if min(hours) < 0 or sum(hours) > HOURS + 1e-9:
            raise ValueError(f"a plan has 0 to {HOURS} hours a week, not {hours}")
        if self.kind not in KINDS:
            raise ValueError(f"a touch is one of {', '.join(KINDS)}, not {self.kind!r}")


@dataclass(frozen=True)
class Months:
    """Twelve months ahead without any plan, many times over: what ``twelve_months`` makes."""

    teams: pd.DataFrame
    labels: tuple[str, ...]  # of the months
    expected: np.ndarray  # (runs, teams, 12): what the chance is around
    asked: np.ndarray  # the same: questions that came
    new: np.ndarray  # (runs, teams): of a kind never asked before, in all twelve months
    seed: int


@dataclass(frozen=True)
class Forecast:
    """The same months with a plan and without it: what ``follow`` makes.

    ``by_month`` has one row per month: questions of the teams, ``without`` and ``with_plan`` (means of all runs), and
    ``low`` and ``high``, between which eight in ten runs with the plan lie. ``measures`` has one row per number on the
    scoreboards, with the same columns, the ``board`` that it stands on, and ``gain_low`` and ``gain_high``: between them
    lies, in eight of ten runs, what the plan adds to the same month with the same luck.
    """

    plan: Plan
    by_month: pd.DataFrame
    measures: pd.DataFrame = field(repr=False)


def team_rates(teams: pd.DataFrame, consultations: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """The teams as they are: by ``team_id``, their ``name``, ``kind``, ``people``, ``embedded`` and ``rate``.

    ``rate`` is consultations a month over the last twelve months.
    """
    table = teams.set_index("team_id")
    since = as_of - pd.DateOffset(months=12) + pd.Timedelta(days=1)
    return pd.DataFrame(
        {
            "name": table["name"],
            "kind": table["kind"],
            "people": table["people"],
            "embedded": table["embedded_since"].notna(),
            "rate": per_month(consultations, table.index, since, as_of),
        }
    )


def desk_facts(reference_questions: pd.DataFrame, gate_counts: pd.DataFrame) -> pd.Series:
    """Of the desk, as the log has it: questions per open hour (``rate``), ``minutes`` for each, share ``resolved``.

    A question counts as resolved if nobody was sent on.
    """
    return pd.Series(
        {
            "rate": len(reference_questions) / gate_counts["hours_open"].sum(),
            "minutes": reference_questions["minutes"].mean(),
            "resolved": 1 - reference_questions["referred"].mean(),
        }
    )


def talk_facts(consultations: pd.DataFrame) -> pd.Series:
    """Of the teams' questions, as the log has them: ``minutes`` of conversation, and the share ``resolved`` at once."""
    return consultations[["minutes", "resolved"]].astype(float).mean()


def twelve_months(rates: pd.DataFrame, *, as_of: pd.Timestamp, runs: int = 200, seed: int = 0) -> Months:
    """Twelve months ahead as they would be, ``runs`` times: the level of today, growth, season and chance.

    Parameters
    ----------
    rates : the table of ``team_rates``.
    as_of : the last day of the log; the months begin the day after it.
    runs : how many times.
    seed : the same one gives the same months.
    """
    rng = np.random.default_rng(seed)
    dates = pd.date_range(as_of + pd.Timedelta(days=1), periods=12, freq="MS")
    season = np.array(SEASON)[dates.month - 1] / np.mean(SEASON)
    # The rate is that of the middle of last year.
    level = np.exp(GROWTH * (np.arange(12) + 6.5) / 12) * season
    swing = rng.normal(0, SWING, (runs, len(rates), 12))
    for month in range(1, 12):
        swing[..., month] = (
            SWING_LASTS * swing[..., month - 1] + (1 - SWING_LASTS**2) ** 0.5 * swing[..., month]
        )
    expected = rates["rate"].to_numpy()[:, None] * level * np.exp(swing - SWING**2 / 2)
    asked = rng.poisson(expected)
    new = rng.binomial(asked.sum(axis=2), _by_embedded(rates, NEW))
    return Months(rates, tuple(dates.strftime("%b %Y")), expected, asked, new, seed)


def follow(months: Months, plan: Plan, *, desk: pd.Series, talk: pd.Series) -> Forecast:
    """The same months with a plan: the same chance, and what the plan adds.

    Parameters
    ----------
    months : made by ``twelve_months``.
    plan : what is done with the hours.
    desk, talk : what ``desk_facts`` and ``talk_facts`` say.
    """
    rng = np.random.default_rng([months.seed, 1])
    rates, runs = months.teams, len(months.asked)
    before, after = _people(rates, np.zeros(len(rates))), _people(rates, _added(rates, plan))
    lift = after["asks"] / before["asks"]

    more = rng.poisson(months.expected * (lift - 1)[:, None])
    asked = more.sum(axis=1)
    answered = np.minimum(asked, plan.answering * WEEKS * 60 / ANSWER_MINUTES)
    kept = more * np.divide(answered, asked, out=np.zeros(asked.shape), where=asked > 0)[:, None, :]
    at_desk = rng.poisson(plan.at_desk * WEEKS * desk["rate"], (runs, 12)).mean(axis=1)

    without, with_plan = months.asked.astype(float), months.asked + kept
    more_new = rng.binomial(np.round(kept.sum(axis=2)).astype(int), _by_embedded(rates, NEW))

    def board(questions, people, new, desk_questions, lost, idle) -> dict[str, np.ndarray]:
        by_team = questions.sum(axis=2) / 12
        from_teams = by_team.sum(axis=1)
        everything = from_teams + desk_questions

        def mean(of_teams):
            return (by_team * of_teams).sum(axis=1) / from_teams

        return {
            "questions answered a month": everything,
            "resolved at first contact": (from_teams * talk["resolved"] + desk_questions * desk["resolved"])
            / everything,
            "minutes for each": (from_teams * talk["minutes"] + desk_questions * desk["minutes"])
            / everything,
            "questions of the teams answered a month": from_teams,
            "asked in passing or scheduled": mean(people["relational"]),
            "back within 90 days": mean(people["back"]),
            "kinds never asked before, a month": new.sum(axis=1) / 12,
            "READ 4 and above": mean(_by_embedded(rates, HARD)),
            "questions without an answer, a month": lost,
            "hours left over, a week": idle,
        }

    nothing = np.zeros(runs)
    lost = (asked - answered).mean(axis=1)
    # Not below 0: a rounding error would show as -0.0.
    idle = np.maximum(plan.answering - answered.mean(axis=1) * ANSWER_MINUTES / 60 / WEEKS, 0)
    boards = (
        board(without, before, months.new, nothing, nothing, nothing),
        board(with_plan, after, months.new + more_new, at_desk, lost, idle),
    )
    measures = pd.DataFrame(
        {
            "board": [_BOARD[name] for name in boards[0]],
            "without": [values.mean() for values in boards[0].values()],
            "with_plan": [values.mean() for values in boards[1].values()],
            "low": [np.quantile(values, 0.1) for values in boards[1].values()],
            "high": [np.quantile(values, 0.9) for values in boards[1].values()],
            "gain_low": [np.quantile(boards[1][name] - boards[0][name], 0.1) for name in boards[0]],
            "gain_high": [np.quantile(boards[1][name] - boards[0][name], 0.9) for name in boards[0]],
        },
        index=pd.Index(boards[0], name="measure"),
    )
    total = with_plan.sum(axis=1)
    low, high = np.quantile(total, [0.1, 0.9], axis=0)
    by_month = pd.DataFrame(
        {
            "without": without.sum(axis=1).mean(axis=0),
            "with_plan": total.mean(axis=0),
            "low": low,
            "high": high,
        },
        index=pd.Index(months.labels, name="month"),
    )
    return Forecast(plan, by_month, measures)


TRANSACTIONS, RELATIONS, COST = "transactions", "relationships", "cost"
_BOARD = {
    "questions answered a month": TRANSACTIONS,
    "resolved at first contact": TRANSACTIONS,
    "minutes for each": TRANSACTIONS,
    "questions of the teams answered a month": RELATIONS,
    "asked in passing or scheduled": RELATIONS,
    "back within 90 days": RELATIONS,
    "kinds never asked before, a month": RELATIONS,
    "READ 4 and above": RELATIONS,
    "questions without an answer, a month": COST,
    "hours left over, a week": COST,
}


def _by_embedded(rates: pd.DataFrame, pair: tuple[float, float]) -> np.ndarray:
    """By team: the first of a pair without an embedded librarian, the second with one."""
    return np.where(rates["embedded"], pair[1], pair[0])


def touches_a_week(plan: Plan) -> float:
    """How many touches the hours of a plan make."""
    return plan.touching * 60 / MINUTES[plan.kind]


def _added(rates: pd.DataFrame, plan: Plan) -> np.ndarray:
    """Greetings that the plan adds per person and working day, by team. What has no effect adds none."""
    chosen = rates.index.isin(plan.teams)
    if not chosen.any() or TOUCH_FACTOR[plan.kind] == 1:
        return np.zeros(len(rates))
    a_day = touches_a_week(plan) / WORKDAYS / rates.loc[chosen, "people"].sum()
    return np.where(chosen, min(a_day, 0.95), 0)


def _people(rates: pd.DataFrame, added: np.ndarray) -> dict[str, np.ndarray]:
    """By team: how often its people ask (1 without a greeting), and what their questions are like.

    ``added`` are greetings per person and working day, besides those that there are anyway.
    """
    own, chatty = (np.exp(spread * _BONDS) for spread in (BOND, CHATTY))
    own, chatty = own / own.mean(), chatty / chatty.mean()
    anyway = np.minimum(_by_embedded(rates, GREETED)[:, None] * chatty, 0.5)
    greeted = 1 - (1 - anyway) * (1 - added[:, None])
    factor = TOUCH_FACTOR["incidental"]

    def asks(greeted):
        return own * (1 + (factor - 1) * (1 - (1 - greeted) ** WORKDAYS))

    asking = asks(greeted)
    weight = asking / asking.sum(axis=1, keepdims=True)
    # Of a person's questions, those on the day of a greeting.
    that_day = greeted * factor * own / asking
    always, by_bond, if_embedded, if_greeted = CLOSE
    close = always + by_bond * _BONDS + if_embedded * rates["embedded"].to_numpy()[:, None]
    relational = that_day * _logistic(close + if_greeted) + (1 - that_day) * _logistic(close)
    a_head = (rates["rate"] / rates["people"]).to_numpy() / asks(anyway).mean(axis=1)
    back = 1 - np.exp(-3 * a_head[:, None] * asking)
    return {
        "asks": asking.mean(axis=1),
        "relational": (relational * weight).sum(axis=1),
        "back": (back * weight).sum(axis=1),
    }


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
