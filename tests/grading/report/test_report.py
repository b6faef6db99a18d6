"""Monday's page: figures that can be checked, nobody to be found, one file that needs nothing else."""

import dataclasses
import datetime
import html
import json
import re
import shutil
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from flit_core.wheel import make_wheel_in
from graded_class import ASSIGNMENT, Made, make_class, people
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading.course import Course
from course_utils.grading.execution.job import State
from course_utils.grading.report import charts, statistics
from course_utils.grading.report.names import Anonymous, pseudonyms
from course_utils.grading.report.page import page, write_report
from course_utils.grading.report.reading import BY_HAND, UNKNOWN, WAITS, read_class
from course_utils.grading.submissions.class_list import Person, letters

# ---- Figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (3, 7), (0, 40), (39, 40), (123, 800)])
def test_a_share_has_the_interval_of_wilson(hits, n):
    found = statistics.wilson(hits, n)
    assert (found.low, found.high) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-12)
    assert found.value == hits / n


def test_discrimination_is_the_point_biserial_correlation_with_the_rest():
    rng = np.random.default_rng(5)
    item = pd.Series(rng.integers(0, 2, 60).astype(float))
    rest = pd.Series(item * 2 + rng.normal(size=60))
    found = statistics.item_rest(item, rest)
    assert found.value == pytest.approx(stats.pointbiserialr(item, rest).statistic, abs=1e-12)
    ours, theirs = (found.low, found.high), stats.pearsonr(item, rest).confidence_interval()
    assert ours == pytest.approx((theirs.low, theirs.high), abs=0.06)
    drawn = stats.bootstrap(
        (item, rest),
        lambda x, y: stats.pearsonr(x, y).statistic,
        paired=True,
        vectorized=False,
        method="percentile",
        n_resamples=1000,
        rng=1,
    )
    assert ours == pytest.approx(tuple(drawn.confidence_interval), abs=0.03)


def test_the_interval_of_a_mean_is_that_of_the_bootstrap():
    shares = pd.Series(np.random.default_rng(6).choice([0, 0.5, 1], 50))
    found = statistics.mean(shares)
    t = stats.t.interval(0.95, 49, shares.mean(), stats.sem(shares))
    assert found.value == shares.mean()
    assert (found.low, found.high) == pytest.approx(t, abs=0.02)


@pytest.mark.parametrize(
    ("item", "rest", "why"),
    [
        ([1] * 30, range(30), "all have the same points here"),
        ([0.1 + 0.2] * 30, range(30), "all have the same points here"),
        ([0, 1] * 15, [4] * 30, "all have the same points elsewhere"),
        ([0, 1] * 5, range(10), "too few students (10)"),
        ([], [], "too few students (0)"),
        ([np.nan] * 20 + [1, 0] * 5, range(30), "too few students (10)"),
    ],
)
def test_what_has_no_discrimination_says_why(item, rest, why):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = statistics.item_rest(pd.Series(item, dtype=float), pd.Series(rest, dtype=float))
    assert (found.there, found.why) == (False, why)


def test_one_wrong_answer_in_forty_has_a_correlation_and_no_interval():
    found = statistics.item_rest(pd.Series([0.0] + [1.0] * 39), pd.Series(range(40), dtype=float))
    assert found.there
    assert not found.bounded  # more than a third of the draws leave the wrong answer out


def test_the_rest_is_all_other_questions_and_missing_where_one_is():
    points = pd.DataFrame({"a": [1, 2, 0], "b": [3, np.nan, 1], "c": [5, 6, 7]}, dtype=float)
    found = statistics.rests(points, ["a", "b"])
    assert found["a"].fillna(-1).tolist() == [3, -1, 1]
    assert found["b"].tolist() == [1, 2, 0]
    assert found["c"].fillna(-1).tolist() == [4, -1, 1]
    assert statistics.rests(points[["a"]], ["a"])["a"].isna().all()


def test_thirds_by_hand():
    rest = pd.Series([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11], dtype=float)
    item = pd.Series([0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0], dtype=float)
    # Four in a third; the ninth is level with the last of the top third.
    assert statistics.thirds(item, rest) == statistics.Thirds(4 / 5, 1 / 4, 5, 4)
    assert statistics.thirds(item, pd.Series([3.0] * 13)) is None
    assert statistics.thirds(item[:11], rest[:11]) is None


def test_recency_and_frequency_by_hand():
    day = pd.Timestamp("2025-09-01")
    rows = [
        ("a", "w1", day),
        ("a", "w2", day + pd.Timedelta(weeks=1)),
        ("a", "w3", day + pd.Timedelta(weeks=2)),
    ]
    rows += [("b", "w1", day), ("c", "w2", day + pd.Timedelta(weeks=1)), ("e", "w1", pd.NaT)]
    rows += [("a", "later", day + pd.Timedelta(weeks=9)), ("gone", "w3", day)]
    hand_ins = pd.DataFrame(rows, columns=["student", "assignment", "when"])
    found = statistics.regulars(["a", "b", "c", "d", "e"], ["w1", "w2", "w3"], hand_ins)
    assert found["times"].to_dict() == {"a": 3, "b": 1, "c": 1, "d": 0, "e": 1}
    assert found["missed"].to_dict() == {"a": 0, "b": 2, "c": 1, "d": 3, "e": 2}
    assert found["weeks"].fillna(-1).to_dict() == {"a": 0, "b": 2, "c": 1, "d": -1, "e": -1}
    assert list(found["recency"]) == [
        *("handed in this one", "missed the last two", "missed this one"),
        *("not handed in yet", "missed the last two"),
    ]


def test_nobody_has_handed_in_anything():
    nothing = pd.DataFrame({"student": [], "assignment": [], "when": pd.to_datetime([])})
    found = statistics.regulars(["a"], ["w1"], nothing)
    assert found.loc["a", ["times", "missed", "recency"]].tolist() == [0, 1, "not handed in yet"]


# ---- A class of forty ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forty(tmp_path_factory) -> Course:
    made = Made(n=40, overturned=("turned_away",), faulty=("borrowers",), say="written by {student}")
    return make_class(tmp_path_factory.mktemp("forty"), made)


@pytest.fixture(scope="module")
def work(forty):
    return read_class(forty, ASSIGNMENT)


@pytest.fixture(scope="module")
def shown(work) -> str:
    return page(work, salt="s")


def text_of(shown: str) -> str:
    """What a reader sees, in one line; tags end words."""
    without = re.sub(r"(?s)<style.*?</style>|<[^>]+>", " ", shown)
    return " ".join(html.unescape(without).split())


def tiles(shown: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd></div>", shown))


def rows_of(shown: str, caption: str) -> dict[str, list[str]]:
    """A table of the page: the cells of each row, by its heading."""
    (table,) = re.findall(rf"(?s)<caption>{caption}</caption>(.*?)</table>", shown)
    rows = re.findall(r'(?s)<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    return {
        html.unescape(label): [text_of(cell) for cell in re.findall(r"(?s)<td[^>]*>(.*?)</td>", row)]
        for label, row in rows
    }


def test_the_glance_is_what_the_gradebook_says(forty, work, shown):
    with forty.gradebook as gradebook:
        submissions = gradebook.assignment_submissions(ASSIGNMENT)
        to_look_at = [one for one in submissions if one.needs_manual_grade]
        clear = [one.score for one in submissions if not one.needs_manual_grade]
        most = gradebook.find_assignment(ASSIGNMENT).max_score
        students = len(gradebook.students)
    assert to_look_at
    assert tiles(shown) == {
        "on the class list": str(students),
        "handed in": str(len(submissions)),
        "graded": str(len(submissions)),
        "with something to be looked at": str(len(to_look_at)),
        "could not be read": "0",
        "not handed in": str(students - len(submissions)),
        "median of the points": f"{np.median(clear):g} of {most:g}",
        "answers to be marked by hand": "0",
    }
    assert f"the test itself stopped with a KeyError: {len(to_look_at)} answers" in text_of(shown)


def test_questions_stand_in_the_order_of_the_notebook_with_their_own_words(work):
    assert [question.label for question in work.questions][:2] == [
        "1 · Five guesses, before you count",
        "2 · Everyone with a card",
    ]
    assert [question.points for question in work.questions] == [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 6, 6]
    assert [question.by_hand for question in work.questions] == [False] * 10 + [True] * 2
    active = work.questions[3]
    assert active.hint == (
        "For each home branch, count the patrons whose last_use is after since, and divide by all its patrons."
    )
    assert active.nudges[0].startswith(
        "A Series of `True` and `False` has a mean, and so does each of its groups."
    )
    assert active.misconceptions["the inactive"] == (
        "These are the shares of patrons who weren't active. You want the others."
    )


def test_the_table_of_questions_is_right(forty, work, shown):
    rows = rows_of(shown, "Each question in figures")
    points = work.answers.pivot(index="student", columns="question", values="score").astype(float)
    whole = points.dropna()
    for question in work.questions:
        _, marked, difficulty, discrimination, untouched, seconds, cpu = rows[question.label]
        shares = points[question.key].dropna() / question.points
        assert marked == str(len(shares))
        assert difficulty.startswith(f"{shares.mean():.0%} (")
        rest = whole.drop(columns=question.key).sum(axis=1)
        right = stats.pearsonr(whole[question.key], rest).statistic
        # The rest needs no mark in the question itself; here all who lack one lack it in the same question.
        assert discrimination.startswith(f"{right:.2f}".replace("-", "−"))
        some = work.answers[work.answers["question"] == question.key]
        if question.by_hand:
            assert (untouched, seconds, cpu) == ("–", "–", "–")
            continue
        left = (some["state"] == "not attempted").sum()
        low, high = proportion_confint(left, len(some), method="wilson")
        assert untouched == f"{left / len(some):.0%} ({low:.0%} to {high:.0%})"
        touched = some[some["state"] != "not attempted"]
        assert seconds == f"{touched['seconds'].median():.2f}"
        assert cpu == f"{touched['cpu'].median():.2f}"


def test_times_are_those_of_the_students_own_cells(forty, work):
    row = work.answers[work.answers["state"] == "right"].iloc[0]
    folder = forty.coursedir.format_path(forty.coursedir.autograded_directory, row["student"], ASSIGNMENT)
    cells = json.loads((Path(folder) / f"{ASSIGNMENT}.ipynb").read_text())["cells"]
    name = row["question"].partition("/test_")[2]
    (cell,) = [one for one in cells if one["metadata"].get("nbgrader", {}).get("grade_id") == name]
    assert row["seconds"] == cell["metadata"]["course"]["seconds"]
    assert row["code"] == cell["source"]


def test_a_question_that_good_students_fail_is_found(work, shown):
    unfair = text_of(shown).split("5 · Questions that look unfair")[1].split("The rule.")[0]
    assert "7 · Who would be turned away Good students fail it" in unfair
    assert re.search(r"5 · Borrowers \d+ of \d+ answers ended by our fault", unfair)
    assert "4 · The active share Good students" not in unfair


def test_misconceptions_come_by_frequency_with_their_message(work, shown):
    counts = work.answers[work.answers["misconception"] != ""].groupby(["question", "misconception"]).size()
    listed = re.findall(r"<h4>(\d+) students?: “(.+?)” in", shown)
    assert [int(number) for number, _ in listed] == sorted(counts, reverse=True)[: len(listed)]
    (_, name) = counts.idxmax()
    assert name in {html.unescape(known) for _, known in listed}
    question = next(one for one in work.questions if one.key == counts.idxmax()[0])
    assert question.misconceptions[name] in text_of(shown)
    reteaching = text_of(shown).split("Five minutes of reteaching")[1].split("By frequency")[0]
    assert question.hint in reteaching


def test_three_shortest_different_answers_are_the_examples(work):
    name, key = "valid cards", f"{ASSIGNMENT}/test_active_share"
    codes = [
        "active_share = (patrons['expires'] >= AS_OF).mean()  # long and wordy",
        "active_share = (patrons['expires'] >= AS_OF).mean()",
        "active_share=(patrons['expires']>=AS_OF).mean()",
        "x = patrons['expires'] >= AS_OF\nactive_share = x.mean()",
        "ngozi = patrons['expires'] >= AS_OF\nactive_share = ngozi.sum() / len(ngozi)",
        "active_share = sum(patrons['expires'] >= AS_OF) / len(patrons['expires'] >= AS_OF) * 1 * 1 * 1 * 1 * 1 * 1",
    ]
    answers = work.answers.copy()
    answers.loc[answers["question"] == key, "misconception"] = ""
    some = answers.index[answers["question"] == key][: len(codes)]
    answers.loc[some, "misconception"] = name
    answers.loc[some, "code"] = codes
    shown = page(dataclasses.replace(work, answers=answers), salt="s")
    card = next(one for one in shown.split('<div class="card">') if f"“{name}” in 4" in one and "<pre" in one)
    assert [html.unescape(code) for code in re.findall(r"<code>(.*?)</code></pre>", card, re.S)] == [
        "active_share=(patrons['expires']>=AS_OF).mean()".replace("=(", " = (").replace(">=", " >= "),
        "x = patrons['expires'] >= AS_OF\nactive_share = x.mean()",
        "name_1 = patrons['expires'] >= AS_OF\nactive_share = name_1.sum() / len(name_1)",
    ]


@pytest.mark.parametrize(("holders", "examples"), [(1, 0), (2, 1), (3, 3)])
def test_a_misconception_of_few_shows_fewer_examples(work, holders, examples):
    answers = work.answers.copy()
    answers["misconception"] = ""
    some = answers.index[answers["question"] == f"{ASSIGNMENT}/test_registered"][:holders]
    answers.loc[some, "misconception"] = "cells, not rows"
    answers.loc[some, "code"] = ["registered = 1", "registered = 22", "registered = 333"][:holders]
    shown = page(dataclasses.replace(work, answers=answers), salt="s")
    assert shown.count("<pre") == examples
    said = {1: "No two students share one", 2: "one example is shown", 3: "The shortest answers that differ"}
    assert said[holders] in text_of(shown)


def test_what_was_stopped_for_time_is_an_error_and_no_wrong_value(work):
    answers = work.answers.copy()
    answers[["state", "misconception"]] = State.RIGHT, ""
    some = answers.index[answers["question"] == f"{ASSIGNMENT}/test_registered"][:3]
    answers.loc[some, ["state", "kind"]] = State.ERROR, "Out of time"
    shown = text_of(page(dataclasses.replace(work, answers=answers), salt="s"))
    assert "stopped by an error: Out of time (3)" in shown
    assert "wrong value that no misconception" not in shown


def test_a_message_that_only_grading_knows_is_shown_without_a_students_numbers(work):
    answers = work.answers.copy()
    answers["misconception"] = ""
    some = answers.index[answers["question"] == f"{ASSIGNMENT}/test_registered"][:3]
    answers.loc[some, "misconception"] = "unheard of"
    answers.loc[some, "message"] = [f"registered is {n}. Count the rows only." for n in (7001, 7002, 7003)]
    shown = text_of(page(dataclasses.replace(work, answers=answers), salt="s"))
    assert "Count the rows only." in shown
    assert not re.search("700[123]", shown)


def test_machine_time_is_not_called_the_students_time(shown):
    assert "It is not how long the student needed" in text_of(shown)


def test_every_chart_says_itself_in_words(shown):
    figures = re.findall(r"(?s)<figure.*?</figure>", shown)
    assert len(figures) == 5
    for figure in figures:
        (words,) = re.findall(r"<figcaption>(.+?)</figcaption>", figure)
        assert f'alt="{words}"' in figure
        assert re.search(r"\d", words)


def test_the_sentences_of_charts_are_computed():
    points = pd.Series([0.0, 5, 10, 10])
    assert charts.scores_chart(points, 10, "points").words == (
        "At least half of the 4 students have 7.5 of 10 points or more; the middle half lies between 3.75 and 10. "
        "All points: 2 students; none: 1 student."
    )
    counts = pd.DataFrame({"right": [3, 1], "not attempted": [0, 2]}, index=["one", "two"])
    assert charts.states_chart(counts).words == (
        "Right most often: one (100%). Right least often: two (33%). Left unattempted most often: two (67%)."
    )
    found = {"one": statistics.Thirds(0.9, 0.2, 4, 4), "two?": statistics.Thirds(0.1, 0.4, 4, 4)}
    assert charts.thirds_chart(found, ["two?"]).words == (
        "The widest gap: one, where the top third has 90% of the points and the lowest third 20%. "
        "The top third does no better than the lowest in: two?"
    )


def test_every_state_has_its_colour():
    assert set(charts.STATES) == {*map(str, State), BY_HAND, WAITS, UNKNOWN}


def test_the_same_class_gives_the_same_page(work, shown):
    assert page(work, salt="s") == shown
    assert page(work, salt="t") != shown


# ---- Nobody can be found -------------------------------------------------------------------------------------------


def assert_nobody_in(shown: str, students: list[dict]):
    plain, bare = shown.casefold(), letters(text_of(shown))
    for one in students:
        for part in filter(None, (one["id"], one["first_name"], one["last_name"], one["email"])):
            assert part.casefold() not in plain, part
            assert html.escape(part).casefold() not in plain, part
            assert letters(part) not in bare, part


NASTY = [
    {"id": "zqx-01", "first_name": "Žofie", "last_name": "Quux-Brændli", "email": "z.quux@school.example"},
    {
        "id": "zqx_02",
        "first_name": "<script>alert(1)</script>",
        "last_name": "O'Xyzzy",
        "email": "xyzzy@x.example",
    },
    {"id": "7700123", "first_name": "小明", "last_name": "王欧阳", "email": "7700123@school.example"},
    {"id": "Zq.X+04", "first_name": "Ꞩigma", "last_name": "ẞplitß", "email": "zqplus+tag@school.example"},
    {"id": "zqx 05", "first_name": "Jo\u0301zef", "last_name": "Wąż", "email": ""},
    {"id": 'z"q&x', "first_name": "{{ 7*7777 }}", "last_name": "%(zqname)s", "email": "'; DROP@x.example"},
]


def test_nasty_names_are_not_on_the_page(work):
    graded = sorted(work.graded)[: len(NASTY)]
    renamed = dict(zip(graded, (one["id"] for one in NASTY), strict=True))
    roster = {
        student: Person(student, f"Nn{student}", f"Ll{student}", f"{student}@x.example")
        for student in work.roster
    }
    for one in NASTY:
        roster[one["id"]] = Person(one["id"], one["first_name"], one["last_name"], one["email"])
    answers, hand_ins = work.answers.copy(), work.hand_ins.copy()
    for frame in (answers, hand_ins):
        frame["student"] = frame["student"].replace(renamed)
    for one in NASTY:
        own = answers["student"] == one["id"]
        words = (one["id"], one["first_name"], one["last_name"], one["email"])
        run_together = re.sub(r"\W", "", one["first_name"] + one["last_name"]) or "x"
        lines = [f"# by {word}\n'{word}'\nx = {word!r} + f'of {word!r}'" for word in words]
        lines.append(f"{run_together}_share = 7700123\nsay{run_together} = patrons.{run_together}")
        answers.loc[own, "code"] = "\n".join(lines)
        answers.loc[own, "review"] = (
            f"ask {one['first_name']} {one['last_name']} ({one['email']}, {one['id']})"
        )
        answers.loc[own, "message"] = f"{one['first_name']} is 3. You are {one['first_name']}."
        answers.loc[own, "kind"] = re.sub(r"\W", "", one["last_name"]) + "Error"
        answers.loc[own, ["misconception", "state"]] = ["one of ours", "wrong value"]
        answers.loc[own, "waits"] = True
    nasty = dataclasses.replace(
        work,
        roster=roster,
        answers=answers,
        hand_ins=hand_ins,
        unreadable={one["id"]: f"{one['id']} handed in {one['last_name']}.ipynb" for one in NASTY},
        strangers=frozenset({"zqstranger"}),
    )
    shown = page(nasty, salt="s")
    assert_nobody_in(
        shown,
        [*NASTY, {"id": "zqstranger", **dict.fromkeys(("first_name", "last_name", "email"), "zqstranger")}],
    )
    assert_nobody_in(
        shown,
        [dataclasses.asdict(person) for person in roster.values() if person.first_name.startswith("Nn")],
    )


def test_nobody_of_the_made_class_is_in_the_file(forty, tmp_path):
    out = write_report(forty, ASSIGNMENT, tmp_path / "page.html")
    students = people(40)
    shown = out.read_bytes().decode()
    assert_nobody_in(shown, [one | {"last_name": one["id"]} for one in students])
    assert not [one for one in students if one["last_name"] in shown]


def test_the_page_does_not_depend_on_what_people_are_called(work):
    """Other names, the same page, but for the pseudonyms' order: so nothing of a name can be in it."""
    pages = []
    for first, last in (("Qadira", "Vhooz"), ("Bertbert", "Tslimko")):
        roster = {
            student: Person(student, f"{first}{letters(student)}", last, f"{first}@{last}.example")
            for student in work.roster
        }
        answers = work.answers.copy()
        answers["code"] = [
            f"# {first}\n{first.lower()}_{last} = len({first})\n{code}\nprint('{last}', \"{first}\")"
            for code in answers["code"]
        ]
        answers["review"] = answers["review"].map(lambda said, first=first: said and f"{said} for {first}")
        pages.append(page(dataclasses.replace(work, roster=roster, answers=answers), salt="s"))
    assert pages[0] == pages[1]


NAMES = (
    st.text(st.characters(categories=("L", "Nd", "Zs", "Pd")), min_size=4, max_size=14)
    .map(str.strip)
    .filter(lambda name: len(letters(name)) >= 4)
)
KNOWN = "patrons expires mean Count the rows of patrons"


SHAPES = (
    *("# {}", "x = '{}'", 'x = """{}\n"""', "f'{}'", "x = [1, '{}']"),
    *("{}_x = 1", "df.{} = 2", "def f{}(): pass", "x = {}", "x = 1{}.5"),
)


@settings(max_examples=200, deadline=None)
@given(first=NAMES, last=NAMES, shape=st.sampled_from(SHAPES))
def test_code_never_shows_a_name(first, last, shape):
    anonymous = Anonymous([Person("id0", first, last)], {"patrons", "expires", "mean"}, KNOWN)
    for name in (first, last, f"{first}{last}", f"{first} {last}", first.upper(), last.lower()):
        shown = anonymous.code(shape.format(name))
        python = letters(" ".join(anonymous.names))
        for own in (first, last):
            assert shown is None or letters(own) not in letters(shown) or letters(own) in python
    sentence = anonymous.text(f"ask {first} {last} about it")
    for word in re.findall(r"[^\W\d_]{2,}", first):
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence) or letters(word) in (
            "ask",
            "about",
            "it",
        )


def test_what_code_looks_like_when_it_is_shown():
    ada = Person("ada01", "Ada", "Rose", "ada01@school.example", lms_id="4711")
    anonymous = Anonymous([ada], {"patrons", "AS_OF", "since"}, "Count the active patrons. Visits rose.")
    source = '''\
# Ada did this
"""Words of mine."""
activePatrons = patrons[patrons["last_use"] > since]  # my own
my_secret = activePatrons.query("sort_values == 'rose'")
rose = 4711 + 12 + 5551234567890123
print("rose, by Bob", 'count', "ada01")
'''
    assert (
        anonymous.code(source)
        == """\
"…"
activePatrons = patrons[patrons["…"] > since]
name_1 = activePatrons.query("…")
name_2 = … + 12 + …
print("…", 'count', "…")"""
    )
    assert anonymous.code("# nothing but words\n") is None
    assert anonymous.code("x = (") is None
    assert anonymous.code("!ls /home/ada") is None
    assert anonymous.code("x = 1\n" * 40).count("\n") == 15
    assert anonymous.text("Rose met ada01 (ada01@school.example): look") == "… met … …: look"


def test_pseudonyms_are_stable_and_need_the_salt():
    students = [f"s{number}" for number in range(120)]
    one, again, other = pseudonyms(students, "a"), pseudonyms(students[::-1], "a"), pseudonyms(students, "b")
    assert one == again != other
    assert sorted(one.values()) == [f"student {number:03}" for number in range(1, 121)]


def test_names_are_shown_when_asked_for_and_the_page_says_so(work):
    shown = page(work, names=True)
    assert "This page holds students' real names" in text_of(shown)
    missing = sorted(set(work.roster) - work.handed_in)[0]
    person = work.roster[missing]
    assert f"{person.first_name} {person.last_name} ({person.id})" in text_of(shown)
    assert "This page is anonymous" not in shown


# ---- One file, safe to open -----------------------------------------------------------------------------------------


def assert_self_contained(shown: str):
    assert not re.search(r"(?i)<(script|link|iframe|object|embed|base|form|video|audio)\b", shown)
    assert not re.search(
        r"(?i)https?:|@import|url\(|//\w", re.sub(r"data:image/png;base64,[\w+/=]+", "", shown)
    )
    tags = " ".join(re.findall(r"<[^>]*>", shown))
    addresses = re.findall(r"""(?i)\b(?:src|href|srcset|action|poster)\s*=\s*["']?([^"'\s>]{0,22})""", tags)
    assert addresses
    assert not re.search(r"(?i)\son\w+\s*=", tags)
    assert set(addresses) == {"data:image/png;base64,"}


def test_the_page_needs_nothing_else(shown):
    assert_self_contained(shown)


def test_names_and_code_are_escaped(work):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    roster = {s: Person(s, evil, "</li></ul>", "&amp;") for s in work.roster}
    answers = work.answers.copy()
    answers["code"] = 'registered = patrons < 1\nx = "</pre><script>"\n' + answers["code"]
    answers["review"] = answers["review"].map(lambda said: said and f"{evil} {said}")
    shown = page(
        dataclasses.replace(
            work, roster=roster, answers=answers, unreadable=dict.fromkeys(list(roster)[:2], evil)
        ),
        names=True,
    )
    assert_self_contained(shown)
    assert html.escape(evil) in shown
    assert "registered = patrons &lt; 1" in shown


def test_the_template_travels_in_the_wheel(kit, tmp_path):
    wheel = make_wheel_in(kit / "pyproject.toml", tmp_path).file
    assert "course_utils/grading/report/page.html.jinja" in zipfile.ZipFile(wheel).namelist()


# ---- Classes of any size ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 12])
def test_small_classes(n, tmp_path):
    course = make_class(tmp_path, Made(n=n, earlier=0, comes=1.1, seed=3))
    work = read_class(course, ASSIGNMENT)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = text_of(page(work))
    if len(work.graded) < 12:
        assert "it cannot be judged whether good students fail" in shown
    assert ("those who know it may tell who is who" in shown) == (n < 5)
    assert "nobody can have gone quiet" in shown
    assert " nan" not in shown.lower()


@pytest.mark.exhaustive
def test_a_class_of_eight_hundred(tmp_path):
    course = make_class(tmp_path, Made(n=800, marked=False))
    out = write_report(course, ASSIGNMENT, tmp_path / "page.html")
    assert out.stat().st_size < 2_000_000
    assert "student 800" in pseudonyms([f"u{number}" for number in range(800)], "s").values()
    shown = text_of(out.read_text(encoding="utf-8"))
    assert "median of the points by test" in shown
    assert "Questions that are marked by hand are left out" in shown


def test_marks_by_hand_alone(work):
    by_hand = work.questions[-1]
    answers = work.answers[work.answers["question"] == by_hand.key].reset_index(drop=True)
    alone = dataclasses.replace(work, questions=(by_hand,), answers=answers, without_record=frozenset())
    shown = text_of(page(alone))
    assert "Misconceptions are found by tests, and this assignment has none." in shown
    assert "no other question" in shown
    assert "Every answer was marked by hand." in shown
    waiting = answers.assign(score=np.nan, waits=True, state=WAITS)
    shown = text_of(page(dataclasses.replace(alone, answers=waiting)))
    assert f"Still to be marked by hand: {len(answers)} answers to 12 · What had you assumed?" in shown
    assert "No total can be told yet" in shown


def test_work_graded_by_stock_nbgrader_says_what_is_missing(tmp_path):
    work = read_class(make_class(tmp_path, Made(n=14, notes=False)), ASSIGNMENT)
    assert work.without_record == work.graded
    shown = text_of(page(work))
    n = len(work.graded)
    assert f"{n} students of {n} graded without this kit's notes" in shown
    assert "Misconceptions are not known" in shown
    assert f"Of {10 * n} answers only the points are known." in shown


def test_questions_that_the_notebook_does_not_tell_of(forty, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(forty.folder, folder)
    shutil.rmtree(folder / "assignments" / "source")
    work = read_class(Course(folder), ASSIGNMENT)
    assert [question.label for question in work.questions][:2] == ["assumed", "reflection"]
    assert "active_share" in text_of(page(work))


def test_what_is_raised_by_hand_and_what_nobody_gets_is_looked_at(work):
    answers = work.answers.copy()
    raised = answers["question"] == f"{ASSIGNMENT}/test_registered"
    answers.loc[raised & (answers["test_score"] == 0), "score"] = 1.0
    answers.loc[answers["question"] == f"{ASSIGNMENT}/test_unexpired", ["score", "test_score"]] = 0.0
    flagged = answers["question"] == f"{ASSIGNMENT}/test_hit_share"
    answers.loc[flagged & (answers["state"] == "right"), "review"] = "the code looks at /proc"
    unfair = text_of(page(dataclasses.replace(work, answers=answers))).split(
        "5 · Questions that look unfair"
    )[1]
    n = int((raised & (work.answers["test_score"] == 0)).sum())
    assert f"2 · Everyone with a card {n} of {raised.sum()} answers were given more points by hand" in unfair
    assert f"None of {raised.sum()} students has a point here." in unfair
    assert re.search(
        r"9 · How many ranges are hits\? .{0,200}have full points and were flagged all the same", unfair
    )


# ---- What may be wrong -------------------------------------------------------------------------------------------------


def test_unreadable_and_unknown_hand_ins(forty, tmp_path):
    shutil.copytree(forty.folder, folder := tmp_path / "copy")
    course = Course(folder)
    work = read_class(course, ASSIGNMENT)
    missing, again = sorted(set(work.roster) - work.handed_in)[0], sorted(work.graded)[0]
    for student in (missing, again, "zqstranger"):
        place = course.submitted(student, ASSIGNMENT)
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{ASSIGNMENT}.ipynb").write_text("<!DOCTYPE html>", encoding="utf-8")
        (place / "timestamp.txt").write_text("2025-10-08 10:00:00 UTC", encoding="utf-8")
    work = read_class(course, ASSIGNMENT)
    assert set(work.unreadable) == {missing, again}
    shown = page(work)
    assert tiles(shown)["could not be read"] == "2"
    assert "1 student handed in again, and that cannot be read" in text_of(shown)
    assert "1 hand-in came under a name that is not on the class list" in text_of(shown)
    assert_nobody_in(
        shown, [{"id": missing, "first_name": again, "last_name": "zqstranger", "email": missing}]
    )
    assert "zqstranger" in page(work, names=True)


def test_nothing_graded_yet_is_one_sentence(tmp_path):
    course = make_class(tmp_path, Made(n=3, comes=0.0, earlier=0, seed=2))
    shutil.rmtree(tmp_path / "assignments" / "autograded", ignore_errors=True)
    with course.gradebook as gradebook:
        for one in list(gradebook.assignment_submissions(ASSIGNMENT)):
            gradebook.remove_submission(ASSIGNMENT, one.student.id)
    shutil.rmtree(tmp_path / "assignments" / "submitted", ignore_errors=True)
    with pytest.raises(CourseError, match="Nobody has handed in"):
        write_report(course, ASSIGNMENT)
    with course.gradebook as gradebook:
        gradebook.add_submission(ASSIGNMENT, people(1)[0]["id"])
    with pytest.raises(CourseError, match=r"is graded yet \(1 submission\): run course grade 01_who"):
        write_report(course, ASSIGNMENT)
    assert not list((tmp_path / "assignments").glob("report_*"))


def test_the_command(forty, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(forty.folder)
    assert cli.main(["report", ASSIGNMENT, "--out", str(tmp_path / "monday.html"), "--names"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "monday.html")
    assert "real names" in (tmp_path / "monday.html").read_text(encoding="utf-8")
    assert cli.main(["report", ASSIGNMENT]) == 0
    beside = forty.folder / "assignments" / f"report_{ASSIGNMENT}.html"
    assert "This page is anonymous" in beside.read_text(encoding="utf-8")
    assert cli.main(["report", "99_none"]) == 2
    assert "knows no assignment 99_none; it knows: 00_week_0," in capsys.readouterr().err
    assert cli.main(["report", ASSIGNMENT, "--out", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_a_gradebook_that_is_missing_or_broken_is_one_sentence(kit, tmp_path):
    course = Course.create(tmp_path, [])
    gradebook = tmp_path / "assignments" / "gradebook.db"
    with pytest.raises(CourseError, match="There is no gradebook in"):
        write_report(course, ASSIGNMENT)
    assert not gradebook.exists()
    gradebook.write_text("this is no gradebook\n" * 100, encoding="utf-8")
    with pytest.raises(CourseError, match="The file of the gradebook is not a gradebook"):
        write_report(course, ASSIGNMENT)


def test_assignments_so_far_go_by_due_date(forty):
    work = read_class(forty, ASSIGNMENT)
    assert work.assignments == ("00_week_0", "00_week_1", "00_week_2", ASSIGNMENT)
    assert work.hand_ins["when"].max() < pd.Timestamp(datetime.datetime(2025, 10, 6))


# ---- In a browser --------------------------------------------------------------------------------------------------------


@pytest.mark.needs("browser")
def test_the_page_is_accessible_and_fits_its_window(work, chromium, tmp_path):
    for name, names in (("plain", False), ("named", True)):
        (tmp_path / f"{name}.html").write_text(page(work, names=names), encoding="utf-8")
    context = chromium.new_context(java_script_enabled=True, offline=True)
    for name, width in (("plain", 1280), ("plain", 800), ("plain", 420), ("named", 1280)):
        tab = context.new_page()
        tab.set_viewport_size({"width": width, "height": 900})
        asked = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.goto((tmp_path / f"{name}.html").as_uri())
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        broken = "[...document.images].filter(image => !image.naturalWidth).length"
        assert tab.evaluate(broken) == 0
        found = Axe().run(tab)
        assert found.violations_count == 0, found.generate_report()
        tab.close()
    context.close()
