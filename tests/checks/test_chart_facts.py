"""What a chart shows is read off the chart: marks, numbers, words, colours; and crosses as it is."""

import dataclasses
import math

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns

from course_utils import charts
from course_utils.checks.chart_facts import ChartFacts, Marks, facts_of
from course_utils.transfer import BadTree, decode, encode

LOANS = pd.DataFrame(
    {"branch": list("MMNNHH"), "loans": [1.0, 2, 3, 4, 5, 6], "kind": ["book", "film"] * 3, "day": range(6)}
)


@pytest.fixture(autouse=True)
def _no_charts_left():
    yield
    plt.close("all")


@pytest.fixture
def ax():
    return plt.subplots()[1]


def only(facts: ChartFacts) -> Marks:
    (marks,) = facts.marks
    return marks


def test_bars_of_the_kit_lie_and_have_names_and_a_sentence():
    facts = facts_of(charts.definitions_chart(pd.Series({"has a card": 100, "came last year": 50})))
    bars = only(facts)
    assert (bars.kind, bars.lying, bars.lengths) == ("bars", True, (100, 50))
    assert bars.names == ("has a card", "came last year")
    assert bars.colors == ("#0072b2",)
    assert facts.texts == ("100", "50")
    assert facts.x_label == "People with a card"
    assert facts.words.startswith("By the widest definition (has a card) there are 100")
    assert facts.y_limits[0] > facts.y_limits[1]


def test_the_other_charts_of_the_kit():
    table = pd.DataFrame(
        {"patrons": [10, 20], "not_counted": [5, 5], "share": [0.5, 0.25]}, index=["0-5", "6-12"]
    )
    facts = facts_of(charts.not_counted_chart(table, "Age"))
    assert only(facts).lengths == (50, 25)
    assert facts.y_label == "Age"
    assert facts.x_ticks == ("0", "20", "40", "60", "80", "100")
    guesses = pd.DataFrame({"low": [1, 5], "high": [10, 6]}, index=["a", "b"])
    facts = facts_of(charts.calibration_chart(guesses, pd.Series({"a": 2.0, "b": 20.0})))
    first, second, truth = facts.marks
    assert first.kind == second.kind == "line"
    assert first.x == (0.5, 5)
    assert (truth.kind, truth.x, truth.y) == ("rule", (1,), ())
    assert facts.x_scale == "log"
    assert facts.x_ticks == ("a tenth", "a third", "true number", "3 times", "10 times")
    assert facts.texts == ("hit", "miss")


def test_bars_of_seaborn_have_the_mean_of_each_group():
    facts = facts_of(sns.barplot(LOANS, x="branch", y="loans"))
    (bars,) = facts.of_kind("bars")
    assert bars.heights == (1.5, 3.5, 5.5)
    assert bars.names == ("M", "N", "H")
    assert len(facts.of_kind("line")) == 3  # how sure each is
    assert (facts.x_label, facts.y_label) == ("branch", "loans")


@pytest.mark.parametrize("lying", [False, True])
def test_groups_of_bars_have_the_label_of_the_legend(lying):
    x, y = ("loans", "branch") if lying else ("branch", "loans")
    facts = facts_of(sns.barplot(LOANS, x=x, y=y, hue="kind", errorbar=None))
    assert {marks.label: marks.lengths for marks in facts.marks} == {"book": (1, 3, 5), "film": (2, 4, 6)}
    assert all(marks.names == ("M", "N", "H") and marks.lying == lying for marks in facts.marks)
    assert facts.legend == ("book", "film")
    assert facts.legend_title == "kind"


def test_counts_and_bars_of_pandas():
    assert only(facts_of(sns.countplot(LOANS, x="branch"))).heights == (2, 2, 2)
    plt.figure()
    bars = only(facts_of(LOANS.groupby("branch")["loans"].sum().plot.bar()))
    assert dict(zip(bars.names, bars.heights, strict=True)) == {"H": 11, "M": 3, "N": 7}
    assert bars.kind == "bars"


def test_bars_that_touch_are_still_bars_where_their_ticks_are_words(ax):
    ax.bar(["a", "b"], [1, 2], width=1)
    assert only(facts_of(ax)).kind == "bars"


def test_bars_on_numbers_are_named_by_the_ticks_there(ax):
    ax.bar([2023, 2024], [5, 6])
    ax.set_xticks([2023, 2024])
    assert only(facts_of(ax)).names == ("2023", "2024")


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: ax.hist([1, 2, 2, 4], bins=3),
        lambda ax: sns.histplot(x=[1, 2, 2, 4], bins=3, ax=ax),
        lambda ax: ax.stairs([1, 2, 1], [1, 2, 3, 4]),
    ],
)
def test_histograms(ax, draw):
    draw(ax)
    marks = only(facts_of(ax))
    assert marks.kind == "histogram"
    assert marks.heights == (1, 2, 1)
    assert marks.x == pytest.approx((1.5, 2.5, 3.5))
    assert marks.widths == pytest.approx((1, 1, 1))
    assert marks.names == ()


def test_lines_and_points(ax):
    ax.plot([1, 2, math.nan], [4, 5, 6], color="red", label="reds")
    ax.plot([1], [2], "o")
    ax.scatter([1, 2], [3, 4], color=["#000000", "#ffffff"])
    ax.plot([9], [9], visible=False)
    line, dots, cloud = facts_of(ax).marks
    assert (line.kind, line.label, line.colors, line.y) == ("line", "reds", ("#ff0000",), (4, 5, 6))
    assert math.isnan(line.x[2])
    assert (dots.kind, dots.x, dots.y) == ("points", (1,), (2,))
    assert (cloud.kind, cloud.x, cloud.y, cloud.colors) == ("points", (1, 2), (3, 4), ("#000000", "#ffffff"))


def test_lines_of_seaborn_have_the_label_of_the_legend():
    facts = facts_of(sns.lineplot(LOANS, x="day", y="loans", hue="kind"))
    assert {marks.label: marks.y for marks in facts.marks} == {"book": (1, 3, 5), "film": (2, 4, 6)}
    plt.figure()
    cloud = only(facts_of(sns.scatterplot(LOANS, x="day", y="loans", hue="kind")))
    assert cloud.kind == "points"
    assert len(cloud.colors) == len(cloud.x) == 6


def test_areas_rules_errors(ax):
    ax.fill_between([0, 1], [2, 3])
    ax.axvline(3, color="#123456")
    ax.axhline(4)
    ax.axhspan(1, 2)
    ax.axvspan(5, 6)
    ax.errorbar([1], [2], yerr=1, label="one")
    facts = facts_of(ax)
    assert sorted(marks.kind for marks in facts.marks) == ["area", "error bars", "line", *["rule"] * 4]
    assert sorted((marks.x, marks.y) for marks in facts.of_kind("rule")) == [
        ((), (1, 2)),
        ((), (4,)),
        ((3,), ()),
        ((5, 6), ()),
    ]
    assert facts.of_kind("error bars")[0].y == (1, 3)


def test_slices_cells_and_boxes(ax):
    ax.pie([1, 3], labels=["a", "b"])
    slices = only(facts_of(ax))
    assert (slices.kind, slices.heights, slices.names) == ("slices", (0.25, 0.75), ("a", "b"))
    plt.figure()
    heat = facts_of(sns.heatmap(pd.DataFrame([[1, 2], [3, 4]], ["r", "s"], ["c", "d"])).figure)
    assert only(heat).heights == (1, 2, 3, 4)
    assert (heat.x_ticks, heat.y_ticks) == (("c", "d"), ("r", "s"))
    plt.figure()
    assert len(facts_of(sns.boxplot(LOANS, x="branch", y="loans")).of_kind("shape")) == 3


def test_words_of_a_chart(ax):
    ax.set(title="Loans", xlabel="Year", ylabel="Loans", yscale="log", xlim=(1, 5), ylim=(1, 100))
    ax.plot([1, 5], [1, 100], label="all")
    ax.legend(title="Which")
    ax.text(1, 2, " here ")
    facts = facts_of(ax)
    assert (facts.title, facts.x_label, facts.y_label) == ("Loans", "Year", "Loans")
    assert (facts.x_scale, facts.y_scale) == ("linear", "log")
    assert (facts.x_limits, facts.y_limits) == ((1, 5), (1, 100))
    assert (facts.legend, facts.legend_title, facts.texts) == (("all",), "Which", ("here",))


def test_dates_are_labelled(ax):
    ax.plot(pd.to_datetime(["2025-01-01", "2025-03-01"]), [1, 2])
    facts = facts_of(ax)
    assert facts.marks[0].x == (20089, 20148)
    assert facts.x_ticks[0] == "2025-01-01"


def test_a_figure_of_one_chart_is_that_chart_and_one_of_several_has_panels():
    figure, ax = plt.subplots()
    ax.bar(["a"], [1])
    figure.suptitle("Loans")
    assert facts_of(figure).title == "Loans"
    assert dataclasses.replace(facts_of(figure), title="") == facts_of(ax)
    grid = sns.catplot(LOANS, x="branch", y="loans", col="kind", kind="bar", errorbar=None)
    facts = facts_of(grid)
    assert facts == facts_of(grid.figure)
    assert [panel.title for panel in facts.panels] == ["kind = book", "kind = film"]
    assert [marks.heights for marks in facts.of_kind("bars")] == [(1, 3, 5), (2, 4, 6)]


def test_a_chart_does_not_change_by_being_looked_at(ax):
    ax.bar(["a", "b"], [1, 2])
    assert facts_of(ax) == facts_of(ax)


def test_something_else_is_no_chart():
    for thing in (1, "chart", pd.DataFrame(), plt):
        with pytest.raises(TypeError):
            facts_of(thing)


def test_charts_cross_as_their_facts(ax):
    ax.scatter(range(100), np.arange(100) ** 2)
    for thing in (
        ax,
        ax.figure,
        sns.catplot(LOANS, x="branch", y="loans", col="kind", kind="bar", errorbar=None),
    ):
        assert decode(encode(thing)) == facts_of(thing)
    panels = plt.subplots(1, 2)[1]
    assert decode(encode(panels)).tolist() == [facts_of(one) for one in panels]


@pytest.mark.parametrize(
    "parts",
    [
        {"title": 5},
        {"marks": ["bars"]},
        {"x_limits": [1.0]},
        {"x_limits": (1, 2)},
        {"x_scale": "sideways"},
        {"legend": ("a", None)},
        {"panels": (Marks("bars"),)},
    ],
)
def test_facts_that_nobody_drew_are_refused(parts):
    with pytest.raises((TypeError, ValueError)):
        ChartFacts(**parts)
    tree = encode(ChartFacts())
    tree["v"] |= {name: encode(part) for name, part in parts.items()}
    with pytest.raises(BadTree):
        decode(tree)


def test_marks_are_of_a_known_kind():
    with pytest.raises(ValueError, match="lasers"):
        Marks("lasers")
