"""The checks: what they accept (the fairness contract), what they say, and that they never say the answer."""

import datetime
import re
import string
import warnings
from collections import deque
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from course_utils.checks import Expectation, NotYet, Outcome, expect
from course_utils.messages import say
from course_utils.methods.personas import Persona

SHARES = pd.Series({"0-5": 0.25, "6-12": 0.5, "13-17": 0.125})
LOANS = pd.DataFrame({"branch": ["MAIN", "NORTH", "HARBOR"], "loans": [30, 20, 10]})


def held(value, name="answer"):
    return Expectation(name, value)


def stopped(check, *arguments, **options) -> NotYet:
    with pytest.raises(NotYet) as caught:
        check(*arguments, **options)
    return caught.value


# ---- below the dots ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("total = ...\nlen(patrons)", "gives it no name: write “total =” in front of it."),
        ("total = ...\npatrons.a.sum() / 2", "gives it no name: write “total =” in front of it."),
        ("total = ...\nx = 1\nx + 1", "gives it no name: write “total =” in front of it."),
        ("total = ...\ntotal == len(patrons)", "to give total its value, write a single “=”."),
        ("total = ...", "not attempted yet."),
        ("total = ...\npatrons.head()", "not attempted yet."),
        ("total = ...\nprint(len(patrons))", "not attempted yet."),
        ("total = ...\n%time len(patrons)", "not attempted yet."),
    ],
)
def test_what_stands_below_the_dots_without_its_name_is_said(cell, said):
    names = {"total": ..., "In": ["", "total = 1", cell, "expect('total')"], "expect": expect}
    with pytest.raises(NotYet) as caught:
        exec("expect('total')", names)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "target"),
    [
        ("grace = 3\ntotal = patrons['expires'] = grace", "patrons['expires']"),
        ("total = patrons.expires = 4", "patrons.expires"),
        ("total = other = 5", None),
        ("patrons['expires'] = 4\ntotal = 4", None),
        ("%time total = patrons['expires'] = 4", None),
    ],
)
def test_a_line_that_also_writes_into_a_table_is_named(cell, target):
    names = {"total": 4, "In": ["", cell, "expect('total')"], "expect": expect}
    if target is None:
        exec("expect('total')", names)
        return
    with pytest.raises(NotYet, match="two equal signs") as caught:
        exec("expect('total')", names)
    assert target in str(caught.value)


# ---- the fairness contract: each clause ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        12,
        12.0,
        np.int64(12),
        np.float32(12),
        np.uint8(12),
        Decimal(12),
        np.array(12),
        pd.Series([12]).iloc[0],
    ],
)
def test_any_numeric_type_will_do(value):
    assert held(value).is_count().equals(12).value == 12


def test_a_nullable_scalar_will_do():
    held(pd.Series([12], dtype="Int64").sum()).equals(12)


@pytest.mark.parametrize("change", ["convert_dtypes", "Int64"])
def test_nullable_numbers_of_a_table_will_do(change):
    table = pd.DataFrame({"uses": [3, 2], "share": [0.6, 0.4], "branch": ["MAIN", "NORTH"]})
    if change == "convert_dtypes":
        held_table = table.convert_dtypes()
    else:
        held_table = table.astype({"uses": "Int64", "share": "Float64"})
    found = held(held_table).is_table(["uses", "share", "branch"])
    assert [str(found.value[column].dtype) for column in ("uses", "share")] == ["int64", "float64"]
    assert np.allclose(found.value["uses"] / found.value["uses"].sum(), found.value["share"])
    found.equals(table)


def test_any_order_of_rows_will_do():
    held(SHARES.sort_values()).equals(SHARES)
    held(LOANS.iloc[::-1]).equals(LOANS, by="branch")
    held(["b", "a"]).equals({"a", "b"})


@pytest.mark.parametrize(
    "frame",
    [
        LOANS.set_index("branch"),
        LOANS.set_index(pd.Index([7, 8, 9])),
        LOANS[["loans", "branch"]],
        LOANS.astype({"branch": "category", "loans": "float64"}),
        LOANS.astype({"branch": "object", "loans": "Int64"}),
        LOANS.assign(note="one more column"),
    ],
)
def test_any_index_and_dtype_of_a_table_will_do(frame):
    held(frame).equals(LOANS, by="branch")


@pytest.mark.parametrize(
    "values",
    [
        SHARES.to_dict(),
        SHARES.to_frame("share"),
        SHARES.rename("share").rename_axis("age_band").reset_index(),
        SHARES.astype("Float64"),
        SHARES.set_axis(pd.CategoricalIndex(SHARES.index)),
    ],
)
def test_what_holds_a_value_for_each_label_is_a_series(values):
    held(values).is_series(labels=SHARES.index, of="share").equals(SHARES)


def test_whole_numbers_may_come_as_floats_and_floats_have_tolerances():
    held(0.1 + 0.2).equals(0.3)
    held(0.3004).equals(0.3, within=0.0005)
    assert stopped(held(0.301).equals, 0.3, within=0.0005).outcome is Outcome.WRONG_VALUE


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["Main", "North"]).unique(),
        pd.Series(["Main", "North"], dtype="category").unique(),
        pd.Series(["Main", "North"]).array,
        {"Main": 1, "North": 2}.keys(),
        deque(["Main", "North"]),
    ],
    ids=lambda values: type(values).__name__,
)
def test_several_values_may_come_in_anything_that_holds_them(values):
    held(values).equals(["Main", "North"])
    held(values).equals({"north", "main"})


def test_several_numbers_and_dates_may_come_in_anything_that_holds_them():
    held(pd.Series([2, 1], dtype="Int64").unique()).equals([2, 1])
    held(range(3)).equals([0, 1, 2])
    day = pd.Timestamp("2025-08-31")
    held(pd.Series([day]).unique()).equals([day])


@pytest.mark.parametrize("ordered", [False, True])
def test_the_order_of_a_categorys_values_is_not_that_of_the_rows(ordered):
    right = pd.DataFrame({"person": ["ben", "dee", "fay"], "books": [1, 2, 3]})
    mine = right.assign(person=pd.Categorical(right["person"], ["fay", "dee", "ben"], ordered=ordered))
    held(mine).equals(right, by="person")
    held(mine[::-1]).equals(right)


def test_rounding_errors_do_not_sort_the_rows():
    right = pd.DataFrame({"share": [0.3, 0.3], "branch": ["a", "b"]})
    held(pd.DataFrame({"share": [0.1 + 0.2, 0.3], "branch": ["a", "b"]})).equals(right)
    said = stopped(held(pd.DataFrame({"share": [0.3, 0.4], "branch": ["a", "b"]})).equals, right)
    assert "column share" in str(said)


def test_a_year_that_a_merge_made_a_float_is_still_that_year():
    right = pd.Series([5, 6], [2024, 2025])
    held(pd.Series([5, 6], [2024.0, 2025.0])).equals(right)
    held({2024: 5, "2025": 6}).is_series([2024.0, 2025]).equals(right)
    pairs = pd.MultiIndex.from_tuples([(2024.0, "a"), (2025.0, "a")])
    held(pd.Series([5, 6], pairs)).equals(pd.Series([5, 6], [(2024, "a"), (2025, "a")]))


def test_a_stretch_of_time_or_a_complex_number_is_no_number():
    for value in (np.timedelta64(260, "D"), np.complex128(260 + 9j), type("Decimal", (), {})()):
        assert stopped(held(value).equals, 260).outcome is Outcome.WRONG_KIND


def test_harmless_warnings_cost_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        held(SHARES.astype("Float64")).equals(SHARES)
        held(pd.Series([], dtype=float)).is_series()


def test_texts_and_dates_compare_as_people_would():
    held(" Harbor ").equals("harbor")
    for day in (
        "2025-08-31",
        datetime.date(2025, 8, 31),
        np.datetime64("2025-08-31"),
        pd.Timestamp("2025-08-31"),
    ):
        held(day).equals(pd.Timestamp("2025-08-31"))


def test_a_set_of_answers_or_a_range_may_be_right():
    held("HARBOR").one_of(["Harbor", "North"])
    held(np.float64(3)).between(3, 5)
    assert "Choose one of: Harbor, North" in str(stopped(held("Main").one_of, ["Harbor", "North"]))
    assert str(stopped(held(6).between, 3, 5)) == "answer is 6. It should lie between 3 and 5."


def test_the_inputs_of_a_function_are_fresh_at_every_call():
    def careless(low, truth):
        low += 1
        return (low <= truth).mean()

    low = pd.Series([1, 2, 3])
    held(careless).gives(1.0, low, pd.Series([2, 3, 4])).gives(1.0, low, pd.Series([2, 3, 4]))
    assert low.tolist() == [1, 2, 3]


def test_a_function_that_writes_into_a_table_of_the_notebook_writes_into_a_copy():
    table = pd.DataFrame({"loans": [1, 2, 3]})
    names = {"table": table, "expect": expect}
    exec("def answer(given):\n    table['loans'] = given\n    return table['loans'].sum()", names)
    exec("expect('answer').gives(33, given)", {**names, "given": pd.Series([10, 11, 12])})
    assert table["loans"].tolist() == [1, 2, 3]
    assert names["answer"](pd.Series([1, 1, 1])) == 3
    assert table["loans"].tolist() == [1, 1, 1], "the student's own call still does what it says"


def test_a_function_that_is_checked_keeps_its_defaults_and_what_it_closes_over():
    more = 5

    def add(number, twice=2, *, once=1):
        return number * twice + once + more

    held(add).gives(12, 3)


def test_a_function_that_gives_back_the_dots_is_told_what_counts():
    error = stopped(held(lambda a: ...).gives, 1, 2)
    assert error.outcome is Outcome.NOT_ATTEMPTED
    assert str(error).startswith(
        "answer: not attempted yet. It gives back the three dots: write your answer in their place."
    )


def test_a_function_must_heed_what_it_is_given():
    examples = (1, 2), (3, 4)
    held(lambda a, b: a + b).heeds(*examples)
    held(lambda a, b: [a, b]).heeds(*examples)
    error = stopped(held(lambda a, b: 7.5).heeds, *examples)
    assert error.misconception == "not what it is given"
    assert str(error) == (
        "answer gives the same in two examples in which it should not. Work it out from a, b, and from no table or number of "
        "the notebook."
    )


@pytest.mark.parametrize(
    "function", [lambda a, b: ..., lambda a, b: None, lambda a, b: 1 / 0, lambda a, b: "x"]
)
def test_what_else_may_be_wrong_with_a_function_is_not_for_heeds_to_say(function):
    held(function).heeds((1, 2), (3, 4))


@pytest.mark.parametrize("value", [dict(SHARES), SHARES.to_frame(), SHARES.reset_index()])
def test_what_has_one_value_for_each_label_is_not_called_a_series_unless_it_is_one(value):
    news = repr(held(value).is_series(SHARES.index))
    assert news.startswith("answer has one value for each label, as asked.")
    assert repr(held(SHARES).is_series()).startswith(
        "answer is a Series, with one value for each label, as asked."
    )


def test_a_hint_may_depend_on_what_was_found():
    def hint(ends):
        return "Too low." if sum(ends) < 10 else "Too high."

    said = str(stopped(held([1, 2]).equals, [4, 6], hint=hint))
    assert said == "answer is 1, 2. That is not it yet. Too low."
    said = str(stopped(held(lambda x: (x, "a")).gives, [4, 6], 5, hint=hint))
    assert "Read the definition in the question again" in said


# ---- what a check tells apart --------------------------------------------------------------------------------


def check(name, **names):
    return eval(f"expect({name!r})", {"expect": expect, **names})


def test_right():
    assert repr(held(12).equals(12)) == "answer is right."
    assert "whether it is the right one" in repr(held(12).is_count()).lower()


def test_a_right_example_is_said_to_be_one_example():
    assert repr(held(lambda x: x).gives(2, 2)).startswith("answer gives the right answer in this example.")


def test_not_attempted():
    error = stopped(check, "active_share", active_share=...)
    assert (error.outcome, str(error)) == (
        Outcome.NOT_ATTEMPTED,
        "active_share: not attempted yet. It still holds the three dots. If you did write an answer, its cell has not run, or stopped with an error.",
    )


def test_not_there():
    error = stopped(check, "active_share", other=1)
    assert error.outcome is Outcome.NOT_THERE
    assert str(error).startswith("active_share is not there yet. Is “active_share =” (for a function")


def test_not_there_but_nearly():
    error = stopped(check, "active_share", active_shares=0.5)
    assert str(error) == "active_share is not there yet. You have active_shares: did you mean that?"


def test_still_the_dots_but_another_name_has_something():
    error = stopped(check, "active_share", active_share=..., Active_Share=0.5)
    assert (error.outcome, str(error)) == (
        Outcome.NOT_ATTEMPTED,
        "active_share: not attempted yet. It still holds the three dots. You have Active_Share: did you mean that?",
    )


def test_a_module_or_an_empty_name_is_no_near_miss():
    assert "did you mean" not in str(stopped(check, "expectt_", expect_=...))
    assert "did you mean" not in str(stopped(check, "string_", string=string))


@pytest.mark.parametrize(
    ("value", "kind", "sentence"),
    [
        (SHARES, "share", "answer is a Series of 3 values. Expected a share, a number between 0 and 1."),
        (pd.Series([1.0]), "number", "take the value out of it, for example with .iloc[0]."),
        (pd.Series([True, False]), "count", "count the True values, for example with .sum()."),
        (pd.Series([True, False]), "share", "take the share of the True values, with .mean()."),
        ([12], "count", "take the value out of it, with [0]."),
        ((7, 900), "count", "a comma makes two numbers of one, so leave it out."),
        (LOANS, "count", "count its rows, with len(…)."),
        (LOANS.groupby("branch")["loans"], "series", "take the mean, the sum or the size of the groups."),
        (LOANS.groupby("branch")["loans"], "share", "take the mean, the sum or the size of the groups."),
        ("0.5", "share", "leave out the quotation marks."),
        (len, "count", "add the parentheses () at its end."),
        (True, "count", "answer is True. Expected a whole number, 0 or more."),
        (
            None,
            "number",
            "answer is nothing (None). Expected a number. print(…) shows a value and gives nothing back: if it comes after the =, leave it out.",
        ),
        (12, "text", "answer is a number. Expected a text in quotation marks."),
        (
            12,
            "series",
            "answer is one number for all of them. Expected a Series, with one value for each label: work it out for each group, for example with .groupby(…).",
        ),
        (
            [0.5, 0.2],
            "series",
            "answer is a list of 2 values, and none of them has a label. Expected a Series, with one value for each label.",
        ),
        (SHARES, "table", "answer is a Series of 3 values. Expected a DataFrame."),
        (12, "collection", "answer is a number. Expected a list, a set or a Series."),
        ("soon", "date", "answer is a text in quotation marks. Expected a date."),
        (
            12,
            "function",
            "answer is a number. Expected a function: its cell begins with “def answer(…):”, and what follows is indented.",
        ),
    ],
)
def test_wrong_kind(value, kind, sentence):
    error = stopped(getattr(held(value), f"is_{kind}"))
    assert error.outcome is Outcome.WRONG_KIND
    assert str(error).endswith(sentence)


@pytest.mark.parametrize("value", [{1, 2, 3}, frozenset([1, 2, 3]), 12])
def test_a_set_will_not_do_where_the_order_counts(value):
    error = stopped(held(value).equals, [1, 2, 3])
    assert error.outcome is Outcome.WRONG_KIND
    assert str(error).endswith("Expected a list or a Series, whose order counts.")


@pytest.mark.parametrize("name", [None, "patron_id"])
def test_an_index_of_texts_that_lost_its_name_is_the_column_that_is_missing(name):
    table = LOANS.set_index("branch").rename_axis(name)
    held(table).equals(LOANS, by="branch")
    error = stopped(held(table.reset_index(drop=True)).is_table, ["branch", "loans"])
    assert str(error) == "answer has no column branch. It has: loans."


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (lambda: held(SHARES.drop("6-12")).is_series(SHARES.index), "answer has no value for 6-12. It has values for 0-5, 13-17. Expected one value for each of: 0-5, 6-12, 13-17."),
        (lambda: held(pd.Series(1, index=list("abcde"))).is_series(SHARES.index), "answer has no value for 0-5, 6-12, 13-17. It has values for a, b, c, d, …. Expected one value for each of: 0-5, 6-12, 13-17."),
        (lambda: held({}).is_series(SHARES.index), "answer has no values in it. Expected one value for each of: 0-5, 6-12, 13-17."),
        (lambda: held({**SHARES, "75+": 0}).equals(SHARES), "answer has a value for 75+, which was not asked for. Expected one value for each of: 0-5, 6-12, 13-17."),
        (lambda: held(pd.concat([SHARES, SHARES])).equals(SHARES), "answer has more than one value for '0-5'. Expected one for each label."),
        (lambda: held(pd.Series(range(20))).is_series(SHARES.index), "answer holds 20 values. Expected one for each of: 0-5, 6-12, 13-17. Is it grouped yet?"),
        (lambda: held(lambda x: pd.Series(range(20))).gives(SHARES, 1), "answer(…) holds 20 values. Expected one for each of: 0-5, 6-12, 13-17. Use what the function is given, and no table of the notebook; and group it, if it is not grouped yet. The example is answer(1)."),
        (lambda: held(LOANS).is_table(["share"]), "answer has no column share. It has: branch, loans."),
        (lambda: held(LOANS.head(2)).equals(LOANS, by="branch"), "answer has 2 rows, which is not the number expected. Check which rows are kept."),
        (lambda: held([1, 2]).equals([1, 2, 3]), "answer holds 2 values, which is not the number expected. Check which ones are kept."),
        (lambda: held(lambda low: low).is_function("low", "high"), "answer takes 1 arguments. Expected 2: low, high."),
    ],
)  # fmt: skip
def test_wrong_shape(check, sentence):
    error = stopped(check)
    assert (error.outcome, str(error)) == (Outcome.WRONG_SHAPE, sentence)


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (lambda: held(61).is_share(), "answer is 61. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total."),
        (lambda: held(-0.5).is_share(), "answer is -0.5. A share lies between 0 and 1: check what is divided by what."),
        (lambda: held(2.5).is_count(), "answer is 2.5. A count of people or things is a whole number: look for a share or a mean instead of a count."),
        (lambda: held(0.5).is_count(), "answer is 0.5. This looks like a share. Expected a count: use .sum() or len(…)."),
        (lambda: held(30).is_count(of=range(20), what="cards"), "answer is 30. There are not so many cards. Ask yourself: one of these is one what?"),
        (lambda: held(lambda a, b: 1 if a else 2).gives(1, pd.Series([1, 2]), 3), "answer stopped with ValueError (The truth value of a Series is ambiguous. Use a.empty, a.item(), a.any() or a.all().). Two comparisons go together like this, each in parentheses: (a <= b) & (b <= c). For not, write ~ in front. (A chain such as a <= b <= c, and the words if, and, or, not want a single answer, and a Series has one for each label.) The example is answer(pd.Series([1, 2]), 3)."),
        (lambda: held(0).is_count(at_least=1, what="borrowers"), "answer is 0. There are some borrowers: look at what is compared with what."),
        (lambda: held(lambda x: y).gives(1, 2), "answer stopped with NameError (name 'y' is not defined). That name was not made here, or only in the lesson: make it in your function first. The example is answer(2)."),  # noqa: F821
        (lambda: held(lambda x: ... + x).gives(1, 2), "answer stopped with TypeError (unsupported operand type(s) for +: 'ellipsis' and 'int'). Are the three dots still in it, above lines of your own? Write a value in their place. The example is answer(2)."),
        (lambda: held(lambda x: ... & x).gives(1, pd.Series([True])), "answer stopped with AssertionError. Are the three dots still in it, above lines of your own? Write a value in their place. The example is answer(pd.Series([True]))."),
        (lambda: held(-3).is_count(), "answer is -3. A count cannot be below zero: look at what is taken away from what."),
        (lambda: held(float("nan")).is_share(), "answer is nan, not a usable number. Look for a division by zero, or for missing values."),
        (lambda: held(np.inf).is_number(), "answer is inf, not a usable number. Look for a division by zero, or for missing values."),
        (lambda: held(pd.NA).is_number(), "answer is <NA>, not a usable number. Look for a division by zero, or for missing values."),
        (lambda: held(SHARES.where(SHARES > 0.2)).is_series(of="share"), "answer has a missing value for '13-17'. Expected a number there."),
        (lambda: held(SHARES * 100).is_series(of="share"), "answer['0-5'] is 25. A share lies between 0 and 1. If this is a percentage, divide it by 100. If it is a count, divide it by the total."),
        (lambda: held(13).equals(12, hint="Count again."), "answer is 13. That is not it yet. Count again."),
        (lambda: held(SHARES + 0.1).equals(SHARES, hint="Count again."), "answer is 0.35 for 0-5. That is not it yet. Count again."),
        (lambda: held(LOANS.assign(loans=0)).equals(LOANS, by="branch", hint="Count again."), "answer is not it yet: look at the column loans where branch HARBOR. Count again."),
        (lambda: held(["a"]).equals({"b"}, hint="Look again."), "answer doesn't hold the right values yet. Look again."),
        (lambda: held(lambda x: 1 / 0).gives(1, 2), "answer stopped with ZeroDivisionError (division by zero). Call it like that in a cell of your own, and look at what it does. The example is answer(2)."),
        (lambda: held(lambda x: x["n"]).gives(1, pd.Series([1, 2])), "answer stopped with KeyError ('n'). A Series has no columns, so none is called 'n'. If you mean what the function is given, leave out the quotation marks. The example is answer(pd.Series([1, 2]))."),
        (lambda: held(lambda x: x[pd.Series([True], ["b"])]).gives(1, pd.Series([1], ["a"])), "answer stopped with IndexingError (Unalignable boolean Series provided as indexer (index of the boolean Series and of the indexed object do not match).). A Series of True and False picks by label, and the labels of the two are not the same. Does each come from what the function is given? The example is answer(pd.Series([1], index=['a']))."),
        (lambda: held(lambda x: x[3]).gives(1, pd.Series([1, 2])), "answer stopped with KeyError (3). Square brackets look up a label, and this one is not there. The example is answer(pd.Series([1, 2]))."),
        (lambda: held(lambda x: x).gives(1, 2, hint="Look again."), "answer(…) is 2. That is not it yet. Look again. The example is answer(2)."),
    ],
)  # fmt: skip
def test_wrong_value(check, sentence):
    error = stopped(check)
    assert (error.outcome, str(error)) == (Outcome.WRONG_VALUE, sentence)


EXACT = pd.DataFrame({"way": ["a", "b"], "share": [1 / 3, 2 / 3], "uses": [3, 6]})


@pytest.mark.parametrize(
    ("value", "is_noted"),
    [
        (0.47, True),
        (0.5, True),
        (0.467, False),
        (1.0, False),
        (3, False),
        (pd.Series({"a": 0.25, "b": 1}), True),
        (pd.Series({"a": 0.25, "b": 0.333}), False),
        (pd.Series({"a": 1, "b": 2}), False),
        (pd.DataFrame({"n": [1, 2], "share": [0.1, 0.9]}), True),
        (pd.DataFrame({"n": [1, 2], "share": [0.125, 0.875]}), False),
        (["a", 0.5], True),
        ([1 / 3, 0.5], False),
    ],
)
def test_few_digits_after_the_point_are_noted_and_not_held_against_anybody(value, is_noted):
    kind = "is_series" if isinstance(value, pd.Series) else "is_number"
    kind = (
        "is_table"
        if isinstance(value, pd.DataFrame)
        else "is_collection"
        if isinstance(value, list)
        else kind
    )
    assert ("fewer than 3 digits after the point" in repr(getattr(held(value), kind)())) is is_noted


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (0.333, 1 / 3),
        (0.3333, 1 / 3),
        (-1.235, -1.23456),
        (pd.Series({"a": 0.333, "b": 0.667, "c": 4}), pd.Series({"a": 1 / 3, "b": 2 / 3, "c": 4})),
        (0.11, 0.11023),
        (EXACT.round(3), EXACT),
        (EXACT.round(5), EXACT),
        (pd.Series({"a": 0.333, "b": 2 / 3}), pd.Series({"a": 1 / 3, "b": 2 / 3})),  # one of them alone
        (EXACT.assign(other=[0.143, 0.286]), EXACT.assign(other=[1 / 7, 2 / 7])),
    ],
)
def test_a_right_answer_may_be_rounded_to_three_places(value, right):
    held(value).equals(right)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (0.33, 1 / 3),
        (4.8, 4.7639),
        (pd.Series([0.3, 0.7]), pd.Series([1 / 3, 2 / 3])),
        (pd.Series([5.0, 3.8]), pd.Series([4.9625, 3.7875])),  # one of them to a whole number
        *((value, 0.475) for value in (0.47, 0.48)),  # as Python rounds it, and as NumPy and people do
        (pd.Series([0.475, 0.465]).round(2), pd.Series([0.475, 0.465])),
        (0.47, 0.465),
        (EXACT.round(2), EXACT),
        (pd.Series({"a": 0.33, "b": 2 / 3}), pd.Series({"a": 1 / 3, "b": 2 / 3})),
        (EXACT.assign(other=[0.1, 0.3]), EXACT.assign(other=[1 / 7, 2 / 7])),
    ],
)
def test_a_right_answer_that_is_rounded_too_much_is_told_as_that(value, right):
    error = stopped(held(value).equals, right, hint="Divide by the users.")
    assert (error.outcome, str(error)) == (
        Outcome.WRONG_VALUE,
        "answer is rounded too much to be told from a wrong answer. Leave out the rounding, or keep at least 3 decimal places.",
    )


def test_rounding_excuses_nothing_else():
    for value, right in [
        (1, 0.9996),
        (0, 0.0004),
        (0.334, 1 / 3),
        ("a", "b"),
        (5, 4.6),
        (EXACT.round(3) * 2, EXACT),
        (pd.Series({"a": 0.333, "b": 0.6}), pd.Series({"a": 1 / 3, "b": 2 / 3})),
    ]:
        assert "rounded" not in str(stopped(held(value).equals, right))
    other = stopped(held(0.333).equals, 1 / 3, but_not={"third": (0.333, "That is another number.")})
    assert other.outcome is Outcome.MISCONCEPTION


def _fails(*arguments):
    return 1 / 0


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        (LOANS, "LOANS"),
        (pd.Series([1.5, None], index=["a", "b"]), "pd.Series([1.5, None], index=['a', 'b'])"),
        (pd.Series([3, 4]), "pd.Series([3, 4])"),
        (pd.Series(["x"], dtype="category"), "pd.Series(['x'])"),
        (
            pd.DataFrame({"n": [7, 9], "day": pd.to_datetime(["2025-08-31", None])}),
            "pd.DataFrame({'n': [7, 9], 'day': pd.to_datetime(['2025-08-31', None])})",
        ),
    ],
)
def test_an_example_is_told_so_that_it_can_be_called(argument, written):
    error = stopped(held(_fails).gives, 1, argument)
    assert str(error).endswith(
        f"Call it like that in a cell of your own, and look at what it does. The example is answer({written})."
    )
    names = {"pd": pd, "LOANS": LOANS, "answer": lambda table: table}
    assert len(eval(f"answer({written})", names)) == len(argument)


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda one: one["nowhere"], "hint_no_columns"),
        (lambda one: one.groupby("nowhere").size(), "hint_no_columns"),
        (lambda one: one == one[::-1], "hint_other_order"),
        (lambda one: one == [1, 2, 3], "hint_lengths"),
        (lambda one: one.astype(str).groupby(one).mean(), "hint_mean_of_texts"),
        (lambda one: pd.to_datetime(one).dt.days, "hint_days_of_dates"),
        (lambda one: one.to_frame("here")["nowhere"], "hint_no_columns"),
        (lambda one: one.to_frame("here").loc[7], "hint_key"),
        (lambda one: {}["a"], "hint_error"),
    ],
)
def test_what_pandas_says_of_a_function_gets_a_sentence_that_helps(function, hint):
    error = stopped(held(function).gives, 1, pd.Series([1, 2], index=["a", "b"]))
    assert say(f"outcome.{hint}", asked="nowhere") in str(error)


def test_a_column_of_what_is_given_that_is_looked_up_elsewhere_gets_a_sentence_that_helps():
    elsewhere = pd.DataFrame({"branch": ["MAIN"]})
    error = stopped(held(lambda table: elsewhere["loans"]).gives, 1, LOANS)
    assert say("outcome.hint_other_table", asked="loans") in str(error)


def test_a_column_that_the_function_is_not_given_is_told_with_those_that_it_is():
    error = stopped(
        held(lambda table: table["f"]).gives, 1, pd.DataFrame({"card_age": [1], "days_used": [2]})
    )
    assert "has no column 'f'. It has: card_age, days_used." in str(error)


def test_an_example_is_not_told_by_the_name_of_an_output():
    names = {"_": LOANS, "_12": LOANS, "___": LOANS, "_table": LOANS, "expect": expect, "answer": _fails}
    with pytest.raises(NotYet, match=r"The example is answer\(_table\)\."):
        exec("expect('answer').gives(1, _table)", names)


def test_an_example_that_is_too_large_is_not_to_be_called():
    error = stopped(held(_fails).gives, 1, pd.DataFrame({"n": range(1000)}))
    assert str(error).endswith(
        "Call it with a small table of your own in a cell of its own, and look at what it does. "
        "The example is answer(a DataFrame with 1000 rows and 1 columns)."
    )


def test_a_function_that_uses_a_table_of_the_notebook_is_asked_what_it_uses():
    error = stopped(held(lambda given: pd.Series(range(100))).gives, pd.Series([1, 2], index=[7, 9]), 1)
    assert "Use what the function is given, and no table of the notebook" in str(error)


def test_the_value_of_a_cell_that_has_failed_since_is_an_old_one():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("from course_utils import expect\nshare = 0.5\ndef f(x): return x", store_history=True)

    def what_a_test_says(cell, name):
        shell.run_cell(cell, store_history=True)
        ran = shell.run_cell(f"expect({name!r})", store_history=True)
        return "" if ran.success else str(ran.error_in_exec)

    old = "The cell of share stopped with an error, so share may still be what it was before. Fix that cell first, and run it again."
    assert what_a_test_says("share = 1 / 0", "share") == old
    assert what_a_test_says("share = (", "share") == old
    assert what_a_test_says("def f(x) return x", "f") == old.replace("share", "f")
    assert what_a_test_says("def f(x):\n    y = x\n  return y", "f") == old.replace("share", "f")
    assert what_a_test_says("def f(x):\n    y = x\n  return y", "share") == ""
    assert what_a_test_says("1 / 0", "share") == ""
    assert what_a_test_says("shares = 1 / 0", "share") == ""
    assert what_a_test_says("share = 0.6", "share") == ""
    # What stands before the line that stopped is new.
    assert what_a_test_says("\nshare = 0.7\nshare.eq(1)", "share") == ""
    assert what_a_test_says("def f(x):\n    return x\n\nmine = f(\n    1\n)\nmine.eq(1)", "f") == ""
    assert what_a_test_says("def f(x):\n    return x.eq(1)\n%time f(1)", "f") == ""
    assert what_a_test_says("share = ...\nshare = max(\n    1 / 0, 2\n)", "share") == old


def test_a_function_that_gives_back_nothing_or_the_dots():
    assert (
        str(stopped(held(lambda x: None).gives, 1, 2))
        == "answer gives back nothing. Did you forget return, or does print(…) stand where the value belongs?"
    )
    assert stopped(held(lambda x: ...).gives, 1, 2).outcome is Outcome.NOT_ATTEMPTED


def test_a_named_misconception_gets_its_own_sentence():
    error = stopped(
        held(0.61).equals, 0.48, within=0.001, but_not={"valid card": (0.6104, "That is the valid share.")}
    )
    assert (error.outcome, error.misconception) == (Outcome.MISCONCEPTION, "valid card")
    assert str(error) == "answer is 0.61. That is the valid share."


def test_a_misconception_about_labels_comes_before_the_complaint_about_labels():
    error = stopped(
        held(SHARES.head(2)).equals, SHARES, but_not={"two only": (SHARES.head(2), "Two are too few.")}
    )
    assert str(error) == "answer: Two are too few."


def test_a_misconception_to_the_digit_beats_an_answer_that_is_merely_near():
    near = {"the others": (0.5002, "These are the others.")}
    assert stopped(held(0.5002).equals, 0.4998, within=0.0005, but_not=near).misconception == "the others"
    held(0.4998).equals(0.4998, within=0.0005, but_not=near)
    held(0.5).equals(0.4998, within=0.0005, but_not=near)


def test_of_two_misconceptions_the_one_to_the_digit_is_named():
    two = {"ever used": (0.5184, "Divide by all."), "the others": (0.5182, "You need the others.")}
    for value, name in ((0.5182, "the others"), (0.5184, "ever used")):
        assert stopped(held(value).equals, 0.4818, within=0.001, but_not=two).misconception == name
    # Where neither fits to the digit, the first that is near.
    assert stopped(held(0.518).equals, 0.4818, within=0.001, but_not=two).misconception == "ever used"


def test_a_misconception_that_happens_to_be_right_costs_nothing():
    held(12).equals(12, but_not={"same number": (12, "never said")})


# ---- values that nobody expects ------------------------------------------------------------------------------


class Odd:
    """Compares with nothing."""

    def __eq__(self, other):
        raise TypeError("not with me")

    __hash__ = None


TWICE = pd.DataFrame([[1, 2, 3], [4, 5, 6]], columns=["k", "k", "v"])
STRANGE = {
    "a number too large for a float": 10**400,
    "a decimal that is no number": Decimal("sNaN"),
    "an array without places": np.array(5),
    "an array without places that holds an object": np.array(Odd(), dtype=object)[()],
    "a square": np.ones((2, 2)),
    "an array of this and that": np.array([1, "a", None], dtype=object),
    "lists in a list": [[1], [2]],
    "lists in a Series": pd.Series([[1], [2]], index=["a", "b"]),
    "objects in a Series": pd.Series([Odd(), Odd()], index=["a", "b"]),
    "two columns of one name": TWICE,
    "two columns of one name, and no other": TWICE[["k"]],
    "lists in a column": pd.DataFrame({"k": [[1], [2]], "v": [1, 2]}),
    "objects in a column": pd.DataFrame({"k": [Odd(), Odd()], "v": [1, 2]}),
    "texts and numbers in a column": pd.DataFrame({"k": ["a", 1], "v": [1, 2]}),
}
ANY_CHECK = {
    "number": lambda e: e.equals(5000),
    "share": lambda e: e.is_share(),
    "text": lambda e: e.equals("five"),
    "date": lambda e: e.equals(datetime.date(2025, 8, 31)),
    "set": lambda e: e.equals({"a", "b"}),
    "list": lambda e: e.equals(["a", "b"]),
    "series": lambda e: e.equals(pd.Series({"a": 1, "b": 2})),
    "table": lambda e: e.equals(pd.DataFrame({"k": ["a", "b"], "v": [1, 2]}), by="k"),
    "table by all its columns": lambda e: e.equals(pd.DataFrame({"k": ["a", "b"], "v": [1, 2]})),
    "one of": lambda e: e.one_of(["a", 5000]),
    "between": lambda e: e.between(6000, 7000),
}


@pytest.mark.parametrize("check", ANY_CHECK)
@pytest.mark.parametrize("value", STRANGE)
def test_a_strange_value_gets_a_sentence(value, check):
    with pytest.raises(NotYet):
        ANY_CHECK[check](held(STRANGE[value]))


def test_a_column_that_is_there_twice_is_named():
    error = stopped(held(TWICE).is_table, ["k"])
    assert (error.outcome, "the column k more than once" in str(error)) == (Outcome.WRONG_SHAPE, True)


def test_an_endless_label_leaves_room_for_the_advice():
    error = stopped(held(pd.Series({"x" * 100_000: 1})).is_series, ["a"])
    assert len(str(error)) < 1100
    assert str(error).endswith("Expected one value for each of: a.")


# ---- how it speaks -------------------------------------------------------------------------------------------


def test_a_wrong_value_never_tells_the_right_one():
    for error in (
        stopped(held(13).equals, 987654),
        stopped(held(SHARES).equals, SHARES + 0.111),
        stopped(held(LOANS).equals, LOANS.assign(loans=987654), by="branch"),
        stopped(held(["a"]).equals, {"987654"}),
    ):
        assert not re.search(r"987|0\.361|0\.611|0\.236", str(error))


def test_a_notebook_shows_the_sentence_and_no_stack_trace():
    error = stopped(held(13).equals, 12, hint="Count again.")
    assert error._render_traceback_() == ["answer is 13. That is not it yet. Count again."]


def test_good_news_is_printed_and_never_a_result_that_could_be_taken_for_points(capsys):
    assert held(12).is_count()._ipython_display_() is None
    assert capsys.readouterr().out.startswith("answer is a whole number")


def test_a_record_is_one_that_was_made_and_not_its_class():
    drawn = Persona("Listening")
    assert repr(held(drawn).is_record(Persona)).startswith("answer is a Persona")
    for value, found in ((Persona, "a function"), ({"name": "Listening"}, "a dict of 1 values")):
        problem = stopped(held(value).is_record, Persona)
        assert str(problem) == f"answer is {found}. Expected a Persona."
        assert problem.outcome is Outcome.WRONG_KIND


def test_what_a_test_has_found_out_holds_or_says_what_to_do():
    made = held(Persona("Listening"))
    assert made.holds(True, "It has no name yet.") is made
    problem = stopped(made.holds, False, "It has no name yet.")
    assert (str(problem), problem.outcome) == ("answer: It has no name yet.", Outcome.WRONG_VALUE)
    problem = stopped(made.holds, False, "It has no name yet.", "nameless")
    assert (problem.outcome, problem.misconception) == (Outcome.MISCONCEPTION, "nameless")
