"""The cluster explorer without a browser: choose, look at what it made and says."""

import functools
import re

import pytest

from course_utils import load, stability
from course_utils.methods.stability.widget import TOWNS, ClusterExplorer
from course_utils.tables import AS_OF


def _check(name, value):
    return lambda explorer: setattr(explorer.features[name], "value", value)


def _groups(k):
    return lambda explorer: setattr(explorer.k, "value", k)


def _as_counted(value):
    return lambda explorer: setattr(explorer.as_counted, "value", value)


# What a learner may do, one change after the other; for the benchmark, too.
CHANGES = [
    *map(_groups, (3, 4, 5, 6, 2)),
    _check("digital", True),
    _check("amount", False),
    _groups(3),
    _check("children", True),
    _groups(2),
    _groups(3),
    _check("amount", True),
    _as_counted(True),
    _groups(4),
    _as_counted(False),
    _groups(2),
]


@functools.cache
def ready():
    """What the lesson has before it makes the explorer: the loans, and scikit-learn."""
    import sklearn.cluster
    import sklearn.metrics  # noqa: F401
    from scipy import stats  # noqa: F401

    return load("checkouts")


def first_view() -> ClusterExplorer:
    """The explorer of the lesson, as it is first shown."""
    return ClusterExplorer(ready())


@pytest.fixture(scope="module")
def shown():
    return first_view()


@pytest.fixture
def explorer(shown):
    for control, value in zip(shown.controls, (True, False, False, 2, False), strict=True):
        control.value = value
    return shown


def test_it_begins_with_two_groups_by_amount():
    explorer = first_view()
    readers = stability.features(load("checkouts"), as_of=AS_OF)
    assert explorer.groups[["loans", "digital", "children"]].equals(readers)
    right = stability.groups(stability.with_amount(readers)[["amount"]], 2)
    assert explorer.groups["group"].equals(right)
    assert len(explorer.null) == TOWNS


def test_amount_is_like_the_null_towns_and_digital_is_not(explorer):
    assert explorer.here <= max(explorer.null)
    assert "as tight as ours, or tighter" in explorer.answer.value
    explorer.features["digital"].value = True
    explorer.features["amount"].value = False
    assert explorer.here > max(explorer.null) + 0.1
    assert f"None of the {TOWNS} null towns is as tight as ours" in explorer.answer.value


def test_as_counted_the_loans_decide(explorer):
    for box in explorer.features.values():
        box.value = True
    explorer.as_counted.value = True
    loans = explorer.groups["loans"]
    heavy = explorer.groups["group"] == explorer.groups.groupby("group")["loans"].mean().idxmax()
    assert loans[heavy].min() > loans[~heavy].max() - 5


def test_another_choice_is_another_picture_and_another_answer(explorer):
    before = explorer.picture.value, explorer.answer.value
    explorer.k.value = 4
    assert set(explorer.groups["group"]) == {0, 1, 2, 3}
    assert explorer.picture.value != before[0]
    assert explorer.answer.value != before[1]


def test_it_says_that_it_works(explorer):
    said = []
    explorer.answer.observe(lambda change: said.append(change["new"]), names="value")
    explorer.k.value = 3
    assert len(said) == 2
    assert f"Sorting {TOWNS + 1} towns" in said[0]
    assert "silhouette" in said[1]


def test_nothing_chosen_is_said(explorer):
    explorer.features["amount"].value = False
    assert "Choose at least one feature" in explorer.answer.value
    assert explorer.picture.value == ""
    assert "sorted by nothing" in explorer.as_html()


def test_where_no_widget_can_run_a_picture_and_its_words_stand_in_its_place(explorer):
    shown = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    page = shown["text/html"]
    assert "sorted by amount, on one scale, into 2 groups" in page
    ours, null = re.findall(r'<img alt="([^"]+)"', page)
    sizes = explorer.groups["group"].value_counts()
    assert ours.startswith(f"Our town: group 1 has {sizes[0]:,} people (median")
    assert null.startswith("A null town, without segments: group 1 has")
    assert f">{ours} {null}</figcaption>" in page


def test_every_control_has_a_label(explorer):
    for box in (*explorer.features.values(), explorer.as_counted):
        assert len(box.description.split()) >= 3


def test_every_change_gives_everybody_a_group(explorer):
    for change in CHANGES:
        change(explorer)
        assert len(explorer.groups) == len(explorer.groups["group"].dropna())
        assert explorer.groups["group"].nunique() == explorer.k.value
