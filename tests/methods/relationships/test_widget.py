"""The relationship lab without a browser: set a control, look at what it made and says."""

import re

import pytest

from course_utils.library import Library
from course_utils.methods.relationships.widget import MINE, NOW, RelationshipLab

TABLES = ("teams", "consultations", "reference_questions", "gate_counts")
QUESTIONS = "questions of the teams answered a month"
LOST, IDLE = "questions without an answer, a month", "hours left over, a week"

CHANGES = [
    *(lambda lab, hours=hours: setattr(lab.touching, "value", hours) for hours in (0, 2.5, 5, 8, 10, 4)),
    *(lambda lab, hours=hours: setattr(lab.answering, "value", hours) for hours in (0, 2.5, 5, 8, 10, 6)),
    *(
        lambda lab, kind=kind: setattr(lab.kind, "value", kind)
        for kind in ("e-mail", "meeting", "incidental")
    ),
    *(lambda lab, place=place: setattr(lab.group, "index", place) for place in (1, 2, 3, 4, 5, 6, 7, 8, 0)),
    lambda lab: setattr(lab.teams, "value", (3, 5)),
    lambda lab: setattr(lab.name, "value", "two teams"),
    lambda lab: lab.keep(),
    lambda lab: setattr(lab.touching, "value", 1),
    lambda lab: setattr(lab.second, "value", NOW),
]
"""What somebody may do with the lab, one change after the other: for benchmarks, too."""


def first_view(library: Library | None = None) -> RelationshipLab:
    """The lab as the lesson makes it, from its tables to what is seen first."""
    library = library or Library.port_ellery()
    lab = RelationshipLab(*(library[name] for name in TABLES))
    lab._repr_mimebundle_()
    return lab


@pytest.fixture(scope="module")
def town():
    return Library(seed=11)


@pytest.fixture
def lab(town):
    return first_view(town)


def with_plan(lab, measure):
    return lab.forecast.measures.loc[measure, "with_plan"]


def test_it_begins_with_a_plan_for_all_teams(lab):
    assert (lab.plan.touching, lab.plan.answering, lab.plan.at_desk) == (8, 2, 0)
    assert len(lab.plan.teams) == 24
    assert (
        "Hours a week: 8 for greetings in passing (about 96, for 24 of 24 teams), 2 for answers, 0 at the desk."
        in (lab.answer.value)
    )
    assert lab.forecast.measures.loc[QUESTIONS, "without"] < with_plan(lab, QUESTIONS)


def test_teams_are_chosen_by_their_names(lab, town):
    assert list(lab.teams.options) == list(town.teams["name"])


def test_the_desk_gets_the_hours_that_are_left(lab):
    lab.touching.value, lab.answering.value = 4, 3.5
    assert lab.plan.at_desk == 2.5
    assert "<strong>2.5</strong>" in lab.desk.value


def test_hours_are_never_more_than_there_are(lab):
    lab.touching.value = 9
    assert (lab.touching.value, lab.answering.value) == (9, 1)
    lab.answering.value = 8
    assert (lab.touching.value, lab.answering.value) == (2, 8)
    lab.answering.value = 40
    assert (lab.plan.touching, lab.plan.answering, lab.plan.at_desk) == (0, 10, 0)


def test_a_change_changes_the_sentence_the_chart_and_the_scoreboards(lab):
    before = lab.answer.value, lab.chart.value, lab.boards.value
    lab.touching.value = 2
    after = lab.answer.value, lab.chart.value, lab.boards.value
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_it_says_what_was_asked_for_in_vain_and_what_is_left_over(lab):
    lab.touching.value = 9
    assert re.search(r"\d+ questions a month find nobody with time", lab.answer.value)
    assert with_plan(lab, LOST) > 10
    assert "-0.0" not in lab.boards.value
    lab.touching.value = 1
    lab.answering.value = 9
    assert re.search(r"Of the hours for answers, \d\.\d a week are left over", lab.answer.value)
    assert with_plan(lab, IDLE) > 1


def test_e_mails_and_meetings_bring_nothing(lab):
    for kind in ("e-mail", "meeting"):
        lab.kind.value = kind
        assert with_plan(lab, QUESTIONS) == lab.forecast.measures.loc[QUESTIONS, "without"]
        assert "0 more" in lab.answer.value


def test_a_range_of_one_number_is_not_printed(lab):
    for touching, answering in ((8, 2), (6, 4), (3, 7), (0, 0)):
        lab.touching.value, lab.answering.value = touching, answering
        ranges = re.findall(r"in eight of ten runs (-?\d+) to (-?\d+)", lab.answer.value)
        assert all(low != high for low, high in ranges)
    assert "0 more questions of the teams are answered a month; with the desk" in lab.answer.value


def test_a_group_of_teams_marks_its_teams_and_marked_teams_name_their_group(lab, town):
    lab.group.value = "the teams with an embedded librarian"
    embedded = town.teams.loc[town.teams["embedded_since"].notna(), "team_id"]
    assert lab.teams.value == tuple(embedded)
    assert len(lab.plan.teams) == 8
    lab.teams.value = (1, 2)
    assert lab.group.value == MINE
    lab.teams.value = tuple(range(1, 25))
    assert lab.group.value == "all 24 teams"
    lab.group.value = MINE
    assert len(lab.teams.value) == 24


def test_nobody_is_touched_if_no_team_is_marked(lab):
    lab.teams.value = ()
    assert with_plan(lab, QUESTIONS) == lab.forecast.measures.loc[QUESTIONS, "without"]
    assert "for 0 of 24 teams" in lab.answer.value


def test_a_plan_is_saved_under_its_name_and_compared(lab):
    assert lab.plans.empty
    assert "Save a plan" in lab.comparison.value
    lab.name.value = "walk <daily>"
    lab.save.click()
    lab.touching.value, lab.answering.value = 0, 0
    lab.save.click()
    assert list(lab.plans.index) == ["walk <daily>", "plan 2"]
    assert lab.plans.loc["walk <daily>", "touching"] == 8
    assert lab.plans.loc["plan 2", "at_desk"] == 10
    assert lab.plans.loc["walk <daily>", QUESTIONS] > lab.plans.loc["plan 2", QUESTIONS]

    lab.first.value, lab.second.value = "walk <daily>", "plan 2"
    said = lab.comparison.value
    assert "walk &lt;daily&gt;" in said
    assert "<daily>" not in said
    assert f"{lab.plans.loc['walk <daily>', QUESTIONS]:.1f}</td>" in said
    assert f"{lab.plans.loc['plan 2', QUESTIONS]:.1f}</td>" in said
    # What was saved stays as it is, whatever the controls say now.
    lab.touching.value = 5
    assert lab.comparison.value == said


def test_saving_again_replaces_the_plan_of_that_name(lab):
    for hours in (2, 3):
        lab.touching.value = hours
        lab.name.value = "mine"
        lab.save.click()
    assert list(lab.plans["touching"]) == [3]
    assert lab.second.options == (NOW, "mine")


def test_the_plan_above_is_compared_as_it_changes(lab):
    lab.save.click()
    assert (lab.first.value, lab.second.value) == (NOW, "plan 1")
    before = lab.comparison.value
    lab.touching.value = 1
    assert lab.comparison.value != before


def test_it_says_that_it_is_a_model_and_what_it_assumes(lab):
    said = lab.children[-1].value
    assert "This is a model, not a forecast." in said
    assert "an e-mail or a meeting does nothing (null effects)" in said


def test_where_no_widget_can_run_pictures_and_tables_stand_in_its_place(lab):
    shown = lab._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert '<img alt="Questions of the teams, answered: ' in shown["text/html"]
    assert "Scoreboard of relationships" in shown["text/html"]
    assert "This is a model, not a forecast." in shown["text/html"]
    assert repr(lab)


def test_every_control_has_a_label(lab):
    controls = [
        lab.touching,
        lab.answering,
        lab.kind,
        lab.group,
        lab.teams,
        lab.name,
        lab.save,
        lab.first,
        lab.second,
    ]
    assert all(control.description for control in controls)


def test_the_scoreboards_are_tables_with_heads(lab):
    assert lab.boards.value.count("<table") == lab.boards.value.count("<caption") == 3
    assert 'scope="row"' in lab.boards.value
    assert "(8 runs of 10)" in lab.boards.value
