"""The charts of penetration: what is drawn is what the table says, and so is the sentence."""

import base64
import re

import numpy as np
import pytest

from course_utils import charts, load
from course_utils.library import Library
from course_utils.methods import penetration


@pytest.fixture
def rates():
    found = penetration.counts(load("patrons"), load("tracts"))
    return penetration.rates(found["cards"], found["residents"])


def test_the_chart_of_rates_says_what_is_on_it(rates):
    axes = charts.rates_chart(rates, load("tracts").set_index("tract_id")["name"])
    town = rates["cards"].sum() / rates["residents"].sum()
    away = ((rates["low"] > town) | (rates["high"] < town)).sum()
    assert f"Of 24 areas, {away} have a range" in axes.words
    shown = sorted(x for line in axes.lines if line.get_marker() == "o" for x in line.get_xdata())
    assert shown == pytest.approx((100 * rates["rate"]).tolist())
    assert axes.get_yticklabels()[0].get_text() in set(load("tracts")["name"])


def test_the_funnel_counts_those_outside_of_it(rates):
    axes = charts.funnel_chart(rates)
    town = rates["cards"].sum() / rates["residents"].sum()
    z = (rates["rate"] - town) / np.sqrt(town * (1 - town) / rates["residents"])
    assert f"{(z.abs() > 1.96).sum()} of the 24 lie outside" in axes.words


def test_the_map_has_every_neighborhood_and_branch(rates):
    tracts = load("tracts").set_index("tract_id")
    table = tracts[["name", "x_miles", "y_miles"]].assign(
        index=penetration.gaps(rates["cards"], rates["residents"])["index"]
    )
    table.loc[table.index[0], "index"] = np.nan
    shown = charts.gap_map(table, load("branches"), what="All cards.")
    picture = base64.b64decode(re.search(r"base64,([^\"]+)", shown)[1]).decode()
    assert picture.count('class="name"') == 24
    assert picture.count(">hidden<") == 1
    assert picture.count("▲") == 3
    assert "1 is hidden" in shown
    places = re.findall(r'<rect x="(\d+)" y="(\d+)"', picture)
    assert len(set(places)) == 24


@pytest.mark.parametrize("seed", range(3))
def test_no_two_neighborhoods_lie_on_one_tile(seed):
    tracts = Library(seed, patrons=500).tracts
    assert len(set(zip(np.floor(tracts["x_miles"]), np.floor(tracts["y_miles"]), strict=True))) == 24


def test_a_map_with_nothing_to_show_says_so():
    tracts = load("tracts").set_index("tract_id")
    table = tracts[["name", "x_miles", "y_miles"]].assign(index=np.nan)
    assert "All 24 neighborhoods are hidden" in charts.gap_map(table, load("branches"), what="Few.")


def test_every_name_fits_into_its_tile(rates):
    from course_utils.library.words import words
    from course_utils.methods.penetration.charts import WIDE

    longest = max(len(part) for name in words()["places"] for part in name.split(" ", 1))
    assert (
        longest * 16 * 0.55 < WIDE
    )  # letters of the largest size it is shown in, about half as wide as high
