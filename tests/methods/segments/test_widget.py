"""The segment workbench without a browser: move a cut, look at what it made and says."""

import functools
import html
import re

import pandas as pd
import pytest

from course_utils import load, segments
from course_utils.library import Library
from course_utils.methods.segments.widget import SegmentWorkbench
from course_utils.tables import AS_OF

TABLES = ("patrons", "checkouts", "attendance", "computer_sessions")


def _set(name, value):
    return lambda bench: setattr(getattr(bench, name), "value", value)


# What a learner may do, one change after the other; for the benchmark, too.
CHANGES = [
    *(_set("often", days) for days in (17, 16, 15, 12, 24, 52, 2, 18)),
    *(_set("lately", days) for days in (56, 70, 91, 182, 21, 63)),
    *(_set("new_days", days) for days in (0, 30, 180, 90)),
    _set("visits_only", True),
    _set("renewals", True),
    _set("visits_only", False),
    _set("often", 14),
    _set("renewals", False),
    _set("often", 18),
]


@functools.cache
def ready() -> tuple:
    """What the lesson has before it makes the workbench: the tables of Port Ellery, and the town beside it."""
    beside = Library(seed=5, name="Westering")
    for name in TABLES:
        beside[name]
    return tuple(load(name) for name in TABLES), beside


def first_view() -> SegmentWorkbench:
    """The workbench of the lesson, as it is first shown."""
    tables, beside = ready()
    return SegmentWorkbench(*tables, beside=beside)


@pytest.fixture(scope="module")
def shown():
    return first_view()


@pytest.fixture
def bench(shown):
    for control, value in zip(shown.controls, (63, 18, 90, False, False), strict=True):
        control.value = value
    return shown


def test_it_begins_with_the_cuts_of_the_lesson():
    bench = first_view()
    table = segments.rfm(load("patrons"), segments.uses(*map(load, TABLES[1:])), as_of=AS_OF)
    right = segments.core_segments(table)
    found = bench.segments.set_index("patron_id")
    assert found["segment"].equals(right)
    assert found[["r", "f", "pace", "m", "card_days"]].equals(table[["r", "f", "pace", "m", "card_days"]])
    assert "Nobody has moved yet" in bench.answer.value
    assert bench.moved.empty


def test_one_step_of_a_cut_moves_the_people_on_the_edge(bench):
    before = bench.map.value
    bench.often.value = 17
    edge = bench.segments.query("17 <= pace < 18 and segment == 'regular'")
    assert len(bench.moved) == len(edge) > 0
    assert set(bench.moved.index) == set(edge["patron_id"])
    assert f"<strong>{len(edge)} people moved</strong>" in bench.answer.value
    assert "from <em>now and then</em> to <em>regular</em>: 17 days of use a year" in bench.answer.value
    assert bench.map.value != before


def test_a_change_is_compared_with_the_one_before_it(bench):
    bench.often.value = 17
    bench.often.value = 18
    assert set(bench.moved["after"]) == {"now and then"}


def test_new_cards_go_somewhere_when_nobody_is_new(bench):
    bench.new_days.value = 0
    assert set(bench.moved["before"]) == {"new"}
    assert "away" in set(bench.moved["after"])
    assert bench.sizes.at["new", "patrons"] == 0
    assert "never used before" in segments_without_use(bench)


def segments_without_use(bench) -> str:
    """The list of people, when those without any use come first."""
    bench.moved = bench.moved.sort_values("r", na_position="first")
    return bench._who_moved(False)


def test_renewals_make_regulars(bench):
    before = bench.sizes.at["regular", "patrons"]
    bench.renewals.value = True
    assert bench.sizes.at["regular", "patrons"] > 1.3 * before


def test_without_clicks_most_regulars_are_something_else(bench):
    bench.visits_only.value = True
    patrons, *events = (load(name) for name in TABLES)
    visits = segments.uses(*events).query("way != 'digital'")
    table = segments.rfm(patrons, visits, as_of=AS_OF)
    right = segments.sizes(segments.core_segments(table), table)
    pd.testing.assert_frame_equal(bench.sizes, right)
    assert set(bench.moved["before"]) <= set(segments.CORE)
    assert {"now and then", "not lately", "away"} <= set(bench.moved.query("before == 'regular'")["after"])
    assert "Clicks don't count." in bench.as_html()


def test_nobody_may_move(bench):
    bench.often.value = 52
    bench.often.value = 51
    if bench.moved.empty:
        assert "<strong>Nobody moved</strong>" in bench.answer.value
    bench._update()
    assert "<strong>Nobody moved</strong>" in bench.answer.value


def test_the_second_town_has_the_same_rules(bench):
    bench.often.value = 12
    other = Library(seed=5)
    table = segments.rfm(other.patrons, segments.uses(*(other[name] for name in TABLES[1:])), as_of=AS_OF)
    right = segments.sizes(segments.core_segments(table, often=12), table)
    pd.testing.assert_frame_equal(bench.sizes_beside, right)
    assert "Westering" in bench.table.value


def test_one_town_alone():
    alone = SegmentWorkbench(*(load(name) for name in TABLES))
    assert alone.sizes_beside is None
    assert "second town" not in alone.table.value


def test_the_name_of_a_town_is_text():
    other = Library(seed=5, name="<b>Bold</b>", patrons=600)
    assert "&lt;b&gt;Bold" in SegmentWorkbench(*(load(name) for name in TABLES), beside=other).table.value


def test_where_no_widget_can_run_a_picture_and_its_words_stand_in_its_place(bench):
    bench.often.value = 16
    shown = bench._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    page = shown["text/html"]
    assert "often is 16 days a year or more" in page
    assert "Renewals don't count." in page
    (words,) = re.findall(r'<img alt="([^"]+)"', page)
    regulars = bench.sizes.at["regular", "patrons"]
    assert f"Regular: {regulars:,}, whose last use was within 63 days, at a pace of 16 days" in words
    assert f"<figcaption>{words}</figcaption>" in page


def test_every_control_has_a_label(bench):
    for box in (bench.visits_only, bench.renewals):
        assert len(box.description.split()) >= 3
    boxes = [box for box in _within(bench) if "course-slider" in getattr(box, "_dom_classes", ())]
    for slider, box in zip(bench.controls[:3], boxes, strict=True):
        label, beside, hook = box.children
        assert beside is slider
        assert len(label.value.split()) >= 3
        assert hook.name == html.unescape(label.value)


def test_every_change_keeps_the_sums(bench):
    for change in CHANGES:
        change(bench)
        assert bench.sizes["share_of_patrons"].sum() == pytest.approx(1)
        assert bench.sizes["share_of_use"].sum() == pytest.approx(1)
        assert len(bench.segments) == bench.sizes["patrons"].sum()


def _within(widget):
    """A widget, and all that is in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _within(child)
