"""The checks where the student's values are somewhere else, as at grading: the same sentences about the same things."""

import numpy as np
import pandas as pd
import pytest

from course_utils.checks import MISSING, NAMESPACE, NotYet, Outcome, expect, is_own
from course_utils.transfer import Refs, decode, encode


class Apart:
    """A student's names in another place: each value crosses as JSON when it is looked up."""

    def __init__(self, names, limit=10_000):
        self.names, self.refs, self.limit = names, Refs(), limit

    def lookup(self, name):
        if name not in self.names:
            return MISSING
        tree = encode(self.names[name], limit=self.limit, refs=self.refs)
        return decode(tree, call=lambda ref, args, kwargs: self.refs[ref](*args, **kwargs))

    def source_of(self, name):
        return ""

    def own_names(self):
        return [name for name, value in self.names.items() if is_own(name, value)]


@pytest.fixture
def check():
    """Both ways: what a check of these names says in their notebook, and apart from it."""

    def run(call, **names):
        said = [_said(call, {"expect": expect, **names})]
        token = NAMESPACE.set(Apart(names))
        try:
            # Names of the calling notebook do not count then.
            said.append(_said(call, {"expect": expect, **dict.fromkeys(names, 99)}))
        finally:
            NAMESPACE.reset(token)
        assert said[0] == said[1]
        return said[0]

    return run


def _said(call, names):
    try:
        return "right", repr(eval(call, names))
    except NotYet as problem:
        return problem.outcome, str(problem)


FRAME = pd.DataFrame({"branch": ["MAIN", "NORTH"], "loans": [1, 2]})


def triple(x):
    return 3 * x


class Odd:
    """An object of the student's own."""


@pytest.mark.parametrize(
    ("call", "names", "outcome"),
    [
        ("expect('a').equals(1)", {"a": 1}, "right"),
        ("expect('a').equals(1)", {"a": np.int64(1)}, "right"),
        ("expect('a').equals(1)", {"a": ...}, Outcome.NOT_ATTEMPTED),
        ("expect('active')", {"active": ..., "Active": 1}, Outcome.NOT_ATTEMPTED),
        ("expect('active')", {"Active": 1}, Outcome.NOT_THERE),
        ("expect('active')", {"activ_": 1, "_active": 1}, Outcome.NOT_THERE),
        ("expect('panda')", {"pandas": pd}, Outcome.NOT_THERE),
        ("expect('a').is_number()", {"a": pd}, Outcome.WRONG_KIND),
        ("expect('a').is_number()", {"a": triple}, Outcome.WRONG_KIND),
        ("expect('a').is_number()", {"a": FRAME["loans"].sum}, Outcome.WRONG_KIND),
        ("expect('a').is_number()", {"a": FRAME.groupby("branch")}, Outcome.WRONG_KIND),
        ("expect('a').is_series()", {"a": FRAME.groupby("branch")["loans"]}, Outcome.WRONG_KIND),
        ("expect('a').is_table()", {"a": Odd()}, Outcome.WRONG_KIND),
        ("expect('a').is_table(['x'])", {"a": FRAME}, Outcome.WRONG_SHAPE),
        ("expect('a').equals({'MAIN': 1, 'NORTH': 2})", {"a": FRAME}, "right"),
        ("expect('a').is_function('x').gives(6, 2)", {"a": triple}, "right"),
        ("expect('a').is_function('x', 'y')", {"a": triple}, Outcome.WRONG_SHAPE),
        ("expect('a').is_function('x')", {"a": len}, "right"),
        ("expect('a').is_function('x')", {"a": max}, "right"),
        ("expect('a').gives(7, 2)", {"a": triple}, Outcome.WRONG_VALUE),
    ],
)
def test_the_same_sentence_here_and_apart(check, call, names, outcome):
    assert check(call, **names)[0] == outcome


def test_each_look_is_a_fresh_one():
    token = NAMESPACE.set(Apart({"a": [1, 2]}))
    try:
        expect("a").value.append(3)
        assert expect("a").value == [1, 2]
    finally:
        NAMESPACE.reset(token)


def test_what_is_too_large_to_cross_is_said_to_be():
    class Large(Apart):
        def lookup(self, name):
            from course_utils.transfer import foreign

            return decode(foreign(self.names[name], "too large"))

    token = NAMESPACE.set(Large({"a": FRAME}))
    try:
        with pytest.raises(
            NotYet, match="^a is a DataFrame that is too large to be looked at. Expected a number."
        ):
            expect("a").is_number()
    finally:
        NAMESPACE.reset(token)


# ---- charts ------------------------------------------------------------------------------------------------------


def axes(*, x="", y="", title="", draw=True):
    from matplotlib.figure import Figure

    chart = Figure().subplots()
    if draw:
        chart.bar(["a", "b"], [1, 2])
    chart.set(xlabel=x, ylabel=y, title=title)
    return chart


def panels():
    from matplotlib.figure import Figure

    figure = Figure()
    left, right = figure.subplots(1, 2)
    left.plot([1, 2])
    right.scatter([1, 2], [3, 4])
    left.set(xlabel="month", ylabel="loans")
    return figure


@pytest.mark.parametrize(
    ("call", "chart", "said"),
    [
        ("is_chart()", lambda: axes(x="branch", y="loans"), "a is a chart, as asked."),
        ("is_chart('bars')", lambda: axes(x="branch", y="loans"), "a is a chart, as asked."),
        ("is_chart()", lambda: axes(x="branch", y="loans").figure, "a is a chart, as asked."),
        ("is_chart('line')", panels, "a is a chart, as asked."),
        ("is_chart(labels=False)", axes, "a is a chart, as asked."),
        ("is_chart(title=True)", lambda: axes(x="b", y="l", title="All loans"), "a is a chart, as asked."),
        ("is_chart('line')", lambda: axes(x="b", y="l"), "a shows bars. Expected a line."),
        ("is_chart('error bars')", panels, "a shows a line, points. Expected error bars."),
        ("is_chart()", lambda: axes(draw=False), "a is a chart with nothing in it."),
        ("is_chart()", lambda: axes(x="branch"), "a has no label on its y axis:"),
        ("is_chart()", lambda: axes(x=" ", y="loans"), "a has no label on its x axis:"),
        ("is_chart(title=True)", lambda: axes(x="b", y="l"), "a has no title:"),
        ("is_chart()", lambda: 7, "a is a number. Expected a chart."),
        ("is_chart()", lambda: None, "a is nothing (None). Expected a chart: what the drawing function gives back"),
        ("is_chart()", lambda: list(axes().patches), "a is a list of 2 values. Expected a chart: what the drawing"),
    ],
)  # fmt: skip
def test_charts(check, call, chart, said):
    outcome, sentence = check(f"expect('a').{call}", a=chart())
    assert sentence.startswith(said)
    assert (outcome == "right") == (said == "a is a chart, as asked.")


def test_a_pie_needs_no_labels(check):
    from matplotlib.figure import Figure

    chart = Figure().subplots()
    chart.pie([1, 2])
    assert check("expect('a').is_chart('slices')", a=chart)[0] == "right"


def test_the_facts_of_a_chart_are_there_for_further_checks(check):
    chart = axes(x="branch", y="loans")
    assert check("expect('a').is_chart('bars').value.of_kind('bars')[0].heights", a=chart) == (
        "right",
        "(1.0, 2.0)",
    )


def test_a_kind_of_marks_that_does_not_exist_is_a_mistake_of_the_test():
    with pytest.raises(ValueError, match="no marks of the kind 'bar'; there are bars"):
        eval("expect('a').is_chart('bar')", {"expect": expect, "a": axes()})
