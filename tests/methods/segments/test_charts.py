"""Charts of segments: what is drawn is what was given, and what is said is what is drawn."""

import base64
import html
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from course_utils import charts
from course_utils.methods.segments.charts import segment_map

SIZES = pd.DataFrame(
    {"share_of_patrons": [0.05, 0.2, 0.75], "share_of_use": [0.45, 0.45, 0.1]},
    index=["regular", "now and then", "away"],
)
CELLS = pd.DataFrame(
    {
        "from_days": [0, 8, 64, 358],
        "to_days": [7, 14, 70, 364],
        "days": [400, 17, 2, 1],
        "segment": ["regular", "now and then", "not lately", "not lately"],
        "patrons": [1, 9, 4, 2],
    }
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def drawn(figure: str) -> str:
    data = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', figure)[1]
    return base64.b64decode(data).decode()


def test_pairs_of_shares_and_words():
    axes = charts.sizes_chart(SIZES)
    widths = [round(bar.get_width()) for bar in axes.patches]
    assert widths == [5, 20, 75, 45, 45, 10]
    assert charts.in_words(axes) == (
        "“regular” is 5% of the patrons and 45% of the use. “away” is 75% of the patrons and 10% of the use."
    )
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["share of patrons", "share of use"]
    assert axes.get_xlabel() == "Share (%)"


def test_the_histogram_has_a_bar_for_each_number_of_days_and_says_the_shares():
    axes = charts.days_chart(pd.Series([1, 1, 1, 2, 18, 60, 365, 4]))
    assert {bar.get_x() + bar.get_width() / 2: bar.get_height() for bar in axes.patches} == {
        1: 3, 2: 1, 4: 1, 18: 1, 60: 2,
    }  # fmt: skip
    assert charts.in_words(axes) == (
        "50% of these 8 people came or clicked on 3 days or fewer, and 38% on 18 days or more. "
        "The most common number of days is 1."
    )
    assert axes.get_xlabel() == "Days of use in 12 months"
    assert axes.get_ylabel() == "People"


def test_the_map_draws_each_cell_and_says_how_many_people_stand_where():
    figure = segment_map(CELLS, lately=63, often=18)
    picture = drawn(figure)
    assert picture.count("<rect") == 1 + len(CELLS)
    assert "lately: within 63 days" in picture
    assert "often: 18 days" in picture
    words = (
        "16 people used the library within 12 months and have a card that isn't new. "
        "Regular: 1, whose last use was within 63 days, at a pace of 18 days a year or more. "
        "Now and then: 9, whose last use was within 63 days, at a slower pace. "
        "Not lately: 6, whose last use was more than 63 days ago. "
        "The darker a field, the more people, however wide it is. The top row is 129 days and more."
    )
    assert f'alt="{html.escape(words)}"' in figure
    assert f"<figcaption>{html.escape(words)}</figcaption>" in figure


@pytest.mark.parametrize("lately", [21, 63, 182])
@pytest.mark.parametrize("often", [2, 18, 52])
def test_cells_lie_on_their_own_side_of_the_cuts_and_within_the_picture(lately, often):
    picture = drawn(segment_map(CELLS, lately=lately, often=often))
    cells = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', picture)
    upright, lying = re.findall(
        r'<line x1="([\d.]+)" x2="([\d.]+)" y1="([\d.]+)" y2="([\d.]+)" stroke-width="2"', picture
    )
    for cell, (x, y, width, height) in zip(CELLS.itertuples(), cells, strict=True):
        x, y, width, height = float(x), float(y), float(width), float(height)
        assert 60 <= x < x + width <= 720
        assert 30 <= y < y + height <= 345
        assert (x + width <= float(upright[0]) + 0.2) == (cell.to_days <= lately)
        assert (y + height <= float(lying[2]) + 0.2) == (cell.days >= often)


def test_a_map_of_nobody():
    assert "0 people used the library within 12 months" in segment_map(CELLS.head(0), lately=63, often=18)


def test_people_of_the_top_row_are_in_one_field():
    often = pd.DataFrame(
        {"from_days": 0, "to_days": 7, "days": [129, 140, 300], "segment": "regular", "patrons": 1}
    )
    assert drawn(segment_map(often, lately=63, often=18)).count("<rect") == 2
