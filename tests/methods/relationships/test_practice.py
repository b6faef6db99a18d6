"""What the visible tests of week 9 try, and what grading tries besides."""

import pandas as pd
import pytest

from course_utils import AS_OF, identity
from course_utils.checks import NotYet, questions
from course_utils.checks.expectation import Expectation
from course_utils.grading import proving
from course_utils.library import Library
from course_utils.methods import relationships
from course_utils.methods.relationships import practice

ASKED = proving.declared("09_do_relationships_pay")


@pytest.fixture
def mine(monkeypatch):
    """The learner's library."""
    library = Library.for_student("ada")
    monkeypatch.setattr(identity, "my_library", lambda: library)
    return library


def graded(question: str, value, **made) -> str:
    """What ``expect(question).is_right()`` says of a value, ``made`` being what the set-up made."""
    declared = questions.Declared(ASKED, questions.Given(lambda: made, ASKED))
    with pytest.raises(NotYet) as problem:
        declared.check(Expectation(question, value))
    return str(problem.value)


def set_up_in(library) -> dict:
    """What the first cell of the assignment makes of a library, as far as the questions with a range need it."""
    teams, asked = library.teams.set_index("team_id"), library.consultations
    periods = {"before": ("2022-09-01", "2023-06-30"), "after": ("2024-09-01", "2025-06-30")}
    hours = {
        name: relationships.hours_per_month(asked, library.touches, teams.index, *ends)
        for name, ends in periods.items()
    }
    return {
        "AS_OF": AS_OF,
        "teams": teams.assign(embedded=teams["embedded_since"].notna()),
        "consultations": asked,
        "hours": pd.DataFrame(hours),
        **{name: asked[asked["date"].between(*ends)] for name, ends in periods.items()},
    }


@pytest.mark.parametrize("question", ["pre_trend", "effect", "without_two", "hard_change", "per_hour"])
def test_the_number_of_the_lesson_is_port_ellerys(question):
    made = set_up_in(Library.port_ellery())
    right = ASKED[question].right(questions.Given(lambda: made, ASKED))
    assert right["estimate"] == pytest.approx(ASKED[question].lesson, abs=0.0005)


def test_the_groups_of_an_example_are_not_those_of_the_library(mine):
    embedded = mine.teams.set_index("team_id")["embedded_since"].notna()
    given = practice.did["embedded"]
    assert given.nunique() == 2
    assert 0 < (given == embedded[given.index]).sum() < len(given)


def test_all_examples_have_the_answers_that_grading_has(mine):
    declared = ASKED["did"]
    for example in declared.tries:
        assert example.right == pytest.approx(declared.right(None)(*example.given.values()))


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("before", lambda table: table.groupby("team_id").size()),
        ("after", lambda table: table.groupby("team_id").size() / 10),
        ("after", lambda table: table.head(100)),
        ("consultations", lambda table: table.drop(columns="back")),
        ("hours", lambda table: table["after"]),
        ("teams", lambda table: table.reset_index()),
        ("teams", lambda table: table[table["liaison"] == "L1"]),
        ("consultations", lambda table: table.drop(columns="read_level")),
        ("greetings", lambda table: 0.25),
    ],
)
def test_a_table_that_is_taken_is_told_and_costs_nothing(mine, name, changed, capsys):
    practice.mind_the_tables({name: changed(practice._of_the_first_cell()[name])})
    assert capsys.readouterr().out.startswith(f"Careful: {name} isn't the table")


def test_tables_may_get_columns_and_another_order(mine, capsys):
    tables = practice._of_the_first_cell()
    changed = {name: table.assign(mine=1).sample(frac=1, random_state=1) for name, table in tables.items()}
    for names in ({}, tables, changed):
        practice.mind_the_tables(names)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("low", [0.1, 0.9])
def test_an_estimate_lies_within_its_range(low):
    found = Expectation("effect", pd.Series({"estimate": 0.5, "low": low, "high": 1.0}))
    if low < 0.5:
        practice.within_its_range(found)
    else:
        with pytest.raises(NotYet, match="must lie between low and high"):
            practice.within_its_range(found)


@pytest.mark.parametrize(
    ("check", "value", "said"),
    [
        (practice.as_changes_of_shares, pd.Series([0.1, -0.05, 0.25]), ""),
        (
            practice.as_changes_of_shares,
            pd.Series([10.5, -5.0, 25.5]),
            "A share can't change by more than 1",
        ),
        (practice.three_shares_and_a_wait, pd.Series([0.6, 0.8, 21, 0.8], practice.CONTACTS), ""),
        (
            practice.three_shares_and_a_wait,
            pd.Series([0.6, 0.8, 21, 80], practice.CONTACTS),
            "A share lies between 0 and 1",
        ),
        (practice.as_much_as_teams_changed, 3.0, ""),
        (practice.as_much_as_teams_changed, 30.0, "No team changed by so much"),
        (practice.three_shares, pd.Series([0.25, 0.17, 0.18, 1.46], practice.TOOTHBRUSH), ""),
        (
            practice.three_shares,
            pd.Series([25, 17, 18, 1.46], practice.TOOTHBRUSH),
            "A share lies between 0 and 1",
        ),
        (practice.several_shuffles, pd.Series([0.25, 0.171, 0.185, 1.46], practice.TOOTHBRUSH), ""),
        (
            practice.several_shuffles,
            pd.Series([0.25, 0.171, 0.171, 1.46], practice.TOOTHBRUSH),
            "are the same",
        ),
        # not shuffled at all: grading says so
        (practice.several_shuffles, pd.Series([0.251, 0.251, 0.251, 1], practice.TOOTHBRUSH), ""),
    ],
)
def test_what_cannot_be_is_told_before_grading(mine, check, value, said):
    found = Expectation("answer", value)
    if not said:
        check(found)
    else:
        with pytest.raises(NotYet, match=said):
            check(found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table, ""),
        (lambda table: table.iloc[::-1], ""),
        (lambda table: table.iloc[1:], "one row for each liaison: L1, L2, L3, L4"),
        (lambda table: pd.concat([table, table]), "one row for each liaison"),
        (lambda table: table.assign(resolved=table["resolved"] * 100), "A share lies between 0 and 1"),
        (lambda table: table.assign(minutes="ten"), "minutes in scoreboards is a text"),
    ],
)
def test_the_form_of_the_scoreboards_is_told_before_grading(mine, change, said):
    table = (
        mine.consultations.groupby("liaison", observed=True)[practice.SCOREBOARDS[1:]].mean().reset_index()
    )
    found = Expectation("scoreboards", change(table)).is_table(practice.SCOREBOARDS)
    if not said:
        practice.one_row_for_each_liaison(found)
    else:
        with pytest.raises(NotYet, match=said):
            practice.one_row_for_each_liaison(found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda right: right.rename({"low": "high", "high": "low"}), "low and high are swapped"),
        (lambda right: -right, "wrong sign"),
        (lambda right: right.where(right.index == "estimate", -right[["high", "low"]].set_axis(["low", "high"])), "turned around"),
        (lambda right: right.where(right.index == "estimate", right + [0, -0.1, 0.1]), "2.36 standard errors away"),
        (lambda right: right.where(right.index == "estimate", right + 0.1), "the ends aren't"),
        (lambda right: right + 0.1, "Begin with one number for each team"),
    ],
)  # fmt: skip
def test_what_is_off_in_a_range_is_told(mine, changed, said):
    made = set_up_in(mine)
    right = ASKED["effect"].right(questions.Given(lambda: made, ASKED))
    assert said in graded("effect", changed(right), **made)
