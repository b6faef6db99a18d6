"""The widgets without a browser: set a control, look at what it made and says."""

import re

import pytest
from small_town import SMALL, town

from course_utils import customers, identity
from course_utils.display.name_form import NameForm
from course_utils.methods.customers.widget import DefinitionExplorer


@pytest.fixture
def explorer():
    return DefinitionExplorer(*town(SMALL))


@pytest.fixture(autouse=True)
def small_town_has_its_groups(monkeypatch):
    monkeypatch.setattr("course_utils.methods.customers.widget.GROUPS", {"Age": "age_band"})


def test_it_begins_with_borrowers_among_the_active(explorer):
    assert explorer.chosen == ["borrower"]
    assert explorer.counted.sum() == 2
    assert "2 customers" in explorer.answer.value
    assert "2 people are not counted" in explorer.answer.value


def test_switching_a_definition_on_changes_the_count_the_list_and_the_chart(explorer):
    before = explorer.chart.value
    explorer.switches["program or computer only"].value = True
    assert explorer.counted.sum() == 4
    assert "0 people are not counted" in explorer.answer.value
    assert explorer.chart.value != before


def test_looking_at_everyone_changes_whom_it_speaks_of(explorer):
    assert explorer.not_counted["patrons"].sum() == 4
    explorer.among.value = "registered"
    assert explorer.not_counted["patrons"].sum() == 6
    assert re.search(
        r"people who come to programs or use a computer, and don.+t borrow: 2", explorer.answer.value
    )


def test_no_definition_at_all_counts_nobody(explorer):
    for switch in explorer.switches.values():
        switch.value = False
    assert explorer.counted.sum() == 0
    assert "4 people are not counted" in explorer.answer.value


def test_every_definition_together_loses_nobody(explorer):
    for switch in explorer.switches.values():
        switch.value = True
    assert "0 people are not counted" in explorer.answer.value
    assert "Nobody is left out." in explorer.chart.value


def test_where_no_widget_can_run_a_picture_and_its_words_stand_in_its_place(explorer):
    shown = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "A customer is someone who borrowed or renewed in 12 months." in shown["text/html"]
    assert "2 customers" in shown["text/html"]
    assert '<img alt="2 people are not counted, 50% in every group."' in shown["text/html"]


def test_every_control_has_a_label(explorer):
    controls = [*explorer.switches.values(), explorer.group, explorer.among]
    assert all(control.description for control in controls)
    assert set(explorer.switches) == set(customers.DEFINITIONS)


def test_the_form_saves_a_name_and_says_so(monkeypatch, tmp_path):
    for variable in ("COURSE_STUDENT", "JUPYTERHUB_USER"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(identity, "_name_file", lambda: tmp_path / "student.json")
    form = NameForm()
    assert "guest library" in form.answer.value
    form.field.value = " "
    form.button.click()
    assert "The name is empty" in form.answer.value
    form.field.value = "<Ada>"
    form.button.click()
    assert form.name == "<Ada>"
    assert "You are &lt;Ada&gt;." in form.answer.value
