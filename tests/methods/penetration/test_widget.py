"""The gap map: what it shows follows from its controls, and small cells are hidden."""

import html

import pandas as pd
import pytest

from course_utils import load
from course_utils.library import Library
from course_utils.methods import penetration
from course_utils.methods.penetration.widget import AGES, GapMap


def first_view():
    return GapMap(load("patrons"), load("tracts"), load("branches"))


CHANGES = [
    lambda widget: setattr(widget.ages, "value", "13 to 17"),
    lambda widget: setattr(widget.measure, "value", "used in 12 months"),
    lambda widget: setattr(widget.shrink, "value", True),
    lambda widget: setattr(widget.fewest, "value", 30),
    lambda widget: setattr(widget.ages, "value", "Everyone"),
    lambda widget: setattr(widget.shrink, "value", False),
    lambda widget: setattr(widget.measure, "value", "on file"),
    lambda widget: setattr(widget.fewest, "value", 10),
]


@pytest.fixture
def widget():
    return first_view()


def test_every_control_changes_what_is_shown(widget):
    for change in CHANGES:
        before = widget.as_html()
        change(widget)
        assert widget.as_html() != before


def test_the_table_is_that_of_the_method(widget):
    tracts, patrons = load("tracts"), load("patrons")
    widget.ages.value = "65 and over"
    found = penetration.counts(patrons, tracts, ages=AGES["65 and over"])
    rates = penetration.rates(found["cards"], found["residents"])
    shown = widget.table.dropna(subset="index")
    assert len(shown) > 20
    assert shown["rate"].to_numpy() == pytest.approx(rates.loc[shown.index, "rate"].to_numpy())
    town = found["cards"].sum() / found["residents"].sum()
    assert shown["index"].to_numpy() == pytest.approx((100 * shown["rate"] / town).to_numpy())
    assert widget.lowest == shown.sort_values("index").head(3)["name"].tolist()


def test_ages_cover_everybody_once():
    parts = [AGES[name] for name in ("Under 13", "13 to 17", "18 to 34", "35 to 64", "65 and over")]
    assert sum(parts, ()) == AGES["Everyone"]


def test_a_small_cell_is_hidden_on_the_map_in_the_table_and_from_the_lowest(widget):
    widget.ages.value, widget.fewest.value = "13 to 17", 15
    hidden = widget.table[widget.table["index"].isna()]
    assert len(hidden)
    assert hidden[["cards", "residents", "rate", "shrunk"]].isna().all(axis=None)
    assert not set(hidden["name"]) & set(widget.lowest)
    assert f"{len(hidden)} cells are hidden" in widget.answer.value
    widget.fewest.value = 0
    assert widget.table["index"].notna().all()


def test_shrinkage_moves_every_index_toward_100(widget):
    widget.ages.value = "13 to 17"
    raw = widget.table["index"]
    widget.shrink.value = True
    both = pd.DataFrame({"raw": raw, "shrunk": widget.table["index"]}).dropna()
    assert len(both) > 15
    assert ((both["shrunk"] - 100).abs() <= (both["raw"] - 100).abs() + 1e-9).all()


def test_it_says_how_many_of_the_lowest_three_stay(widget):
    before = widget.lowest
    widget.ages.value = "75 and over"
    stay = len(set(before) & set(widget.lowest))
    assert f"{stay} of them" in widget.answer.value
    assert "before your last change" in widget.answer.value


def test_more_cards_than_residents_are_said_and_nothing_stops():
    library = Library(2, patrons=500)
    patrons = pd.concat([library.patrons] * 4)
    widget = GapMap(patrons, library.tracts, library.branches)
    widget.fewest.value = 0
    for change in CHANGES:
        change(widget)
    widget.fewest.value = 0
    assert "more cards than residents" in widget.ranges.value


def test_everything_hidden_is_said_and_nothing_stops():
    library = Library(2, patrons=500)
    widget = GapMap(library.patrons, library.tracts, library.branches)
    widget.ages.value, widget.fewest.value = "75 and over", 60
    assert widget.lowest == []
    assert "All 24 neighborhoods are hidden" in widget.map.value
    assert "none that may be shown" in widget.answer.value


@pytest.mark.parametrize("ages", AGES)
@pytest.mark.parametrize("measure", penetration.MEASURES)
def test_what_is_counted_is_said_in_words(widget, ages, measure):
    widget.ages.value, widget.measure.value = ages, measure
    assert widget._what() in html.unescape(widget.as_html())
    assert "ofunder" not in widget._what()
    assert "of under" not in widget._what()
