"""Charts of week 9: what is drawn is what was given, and what is said is what is drawn."""

import base64
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from course_utils import charts


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_two_lines_by_quarter_with_the_starts():
    quarters = pd.DatetimeIndex(["2022-09-01", "2022-12-01", "2023-03-01", "2023-06-01"])
    table = pd.DataFrame({False: [3.0, 2.0, 3.0, 4.0], True: [4.0, 3.0, 9.0, 8.0]}, index=quarters)
    starts = pd.Series(pd.to_datetime([None, "2023-03-01", "2023-06-01"]))
    axes = charts.quarters_chart(table, starts)
    lines = {line.get_label(): list(line.get_ydata()) for line in axes.lines[:2]}
    assert lines == {
        "teams that get an embedded librarian": [4.0, 3.0, 9.0, 8.0],
        "teams that do not": [3.0, 2.0, 3.0, 4.0],
    }
    assert len(axes.lines) == 4
    # The quarter of the last start counts as after it; one in which somebody begins does not count as before.
    assert charts.in_words(axes) == (
        "Before the first start, the eight asked 3.5 times a month on average, and the others 2.5; "
        "after the last one, 8.0 and 4.0."
    )
    starts = pd.Series(pd.to_datetime(["2023-02-10", "2023-06-03"]))
    assert "Before the first start, the eight asked 4.0" in charts.in_words(
        charts.quarters_chart(table, starts)
    )
    assert [label.get_text() for label in axes.get_xticklabels()] == ["Sep–Nov\n2022", "Mar–May\n2023"]


def test_a_point_for_each_team():
    change = pd.Series([5.0, 1.0, 2.0, 0.0], index=[1, 2, 3, 4])
    embedded = pd.Series([True, True, False, False], index=[1, 2, 3, 4])
    axes = charts.changes_chart(change, embedded, "More a month")
    drawn = [sorted(points.get_offsets()[:, 0]) for points in axes.collections]
    assert drawn == [[1.0, 5.0], [0.0, 2.0]]
    assert charts.in_words(axes) == (
        "Teams with an embedded librarian changed by +3.00 on average, teams without one by +1.00. "
        "1 of the 2 changed by less than the most changed team without one."
    )
    assert axes.get_xlabel() == "More a month"


def test_answers_with_and_without_a_range():
    table = pd.DataFrame(
        {"estimate": [6.0, 5.0], "low": [None, 1.0], "high": [None, 9.0]}, index=["naive", "careful"]
    )
    axes = charts.estimates_chart(table, "More a month")
    assert [list(line.get_xdata()) for line in axes.lines[1:]] == [[1.0, 9.0]]
    assert charts.in_words(axes) == (
        "The largest answer is 6.00 (naive), the smallest 5.00 (careful). With a range: careful: 5.00, from 1.00 to 9.00."
    )


def test_shuffles_and_what_was():
    axes = charts.shuffles_chart([0.1, 0.2, 0.3], 0.25)
    assert sum(bar.get_height() for bar in axes.patches) == 3
    assert axes.lines[0].get_xdata()[0] == 25
    assert charts.in_words(axes) == (
        "25.0% of the touches were followed by a question within a week; in the shuffles it is 20.0% on average, "
        "and 1 of 3 shuffles reaches as much."
    )
    assert "none of 2 shuffles" in charts.in_words(charts.shuffles_chart([0.1, 0.2], 0.25))


def test_survival_begins_with_everybody_and_is_read_off_at_the_mark():
    axes = charts.survival_chart({"all": pd.Series({10: 0.8, 90: 0.5, 200: 0.1})})
    assert list(axes.lines[0].get_xdata()) == [0, 10, 90, 200, 365]
    assert list(axes.lines[0].get_ydata()) == [100, 80, 50, 10, 10]
    assert charts.in_words(axes) == "Not back 90 days after the first question: all: 50%."


BY_MONTH = pd.DataFrame(
    {"without": [100.0, 80.0], "with_plan": [120.0, 90.0], "low": [110.0, 80.0], "high": [130.0, 99.0]},
    index=["Sep 2025", "Oct 2025"],
)


def test_the_chart_of_the_lab_is_a_picture_with_its_sentence():
    html = charts.ahead_html(BY_MONTH)
    words = charts.ahead_in_words(BY_MONTH)
    assert words == (
        "Questions of the teams, answered: 105 a month with the plan, 90 without it. With it, Sep 2025 has most "
        "(110 to 130 in eight of ten runs), Oct 2025 fewest (80 to 99)."
    )
    assert f'alt="{words}"' in html
    assert f"<figcaption>{words}</figcaption>" in html


def test_the_chart_of_the_lab_draws_what_it_is_given():
    svg = base64.b64decode(re.search(r"base64,([^\"]+)", charts.ahead_html(BY_MONTH))[1]).decode()
    heights = {
        name: [float(point.split(",")[1]) for point in re.search(pattern, svg)[1].split()]
        for name, pattern in {
            "band": r'<polygon points="([^"]+)"',
            "without": r'<polyline points="([^"]+)" fill="none" stroke="#D55E00"',
            "with_plan": r'<polyline points="([^"]+)" fill="none" stroke="#0072B2"',
        }.items()
    }
    assert all(len(heights[name]) == 2 for name in ("without", "with_plan"))
    # Up is less in a picture: the scale is that of the lines of the grid, 0 to 160 in four steps.
    grid = [float(y) for y in re.findall(r'y1="([\d.]+)"[^>]+stroke="#d0d0d0"', svg)]
    assert re.findall(r'text-anchor="end">([\d.]+)<', svg) == ["0", "40", "80", "120", "160"]
    scale = (grid[0] - grid[-1]) / 160
    for name in ("without", "with_plan"):
        read = [(grid[0] - y) / scale for y in heights[name]]
        assert read == pytest.approx(list(BY_MONTH[name]), abs=0.2)
    read = [(grid[0] - y) / scale for y in heights["band"]]
    assert read == pytest.approx([*BY_MONTH["low"], *BY_MONTH["high"][::-1]], abs=0.2)


@pytest.mark.parametrize(
    ("most", "top"), [(0.2, 1), (7, 8), (99, 100), (100, 100), (101, 120), (221, 240), (900, 1000)]
)
def test_the_scale_ends_at_a_round_number(most, top):
    from course_utils.methods.relationships.charts import _nice_top

    assert _nice_top(most) == pytest.approx(top)
