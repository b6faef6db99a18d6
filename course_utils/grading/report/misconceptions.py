"""Section 4 of Monday's page: what students thought, with examples that name nobody, and what to teach again."""

import builtins
import re

import pandas as pd
from markupsafe import Markup

from course_utils.charts import as_html
from course_utils.grading.execution.job import State
from course_utils.grading.report import charts
from course_utils.grading.report.reading import Question
from course_utils.grading.report.view import ClassView
from course_utils.grading.report.words import led, many, paragraph
from course_utils.messages import say

EXAMPLES = 3
SHARED = 3  # students: a misconception of fewer gives fewer examples, so that nobody is put on show
SHOWN = 8  # misconceptions with examples
RETAUGHT = 3
# What grading calls an end that no error of Python's has brought about.
OURS = ("out_of_time", "no_input", "ended", "too_large", "not_run")


def misconceptions(view: ClassView) -> dict:
    answers = view.work.answers
    held = answers[answers["misconception"].astype(bool)]
    found = []
    for place, (question, rows) in enumerate(view.by_question(held)):
        for name, some in rows.groupby("misconception"):
            found.append((-len(some), place, str(name), question, some))
    found = [(name, question, some) for _, _, name, question, some in sorted(found, key=lambda one: one[:3])]
    parts = {
        "misconceptions_top": [],
        "reteaching": [],
        "about_reteaching": "",
        "misconceptions": [],
        "about_examples": "",
        "more_misconceptions": [],
        "other_wrong": _without_a_name(view),
    }
    n = len(view.graded) - len(view.work.without_record)
    if not found:
        said = (
            "No test recognised a misconception."
            if n
            else "Misconceptions are not known: see the top of the page."
        )
        if not any(not question.by_hand for question in view.questions):
            said = "Misconceptions are found by tests, and this assignment has none."
        parts["misconceptions_top"] = [paragraph(said)]
        return parts
    name, question, some = found[0]
    chart = pd.Series(
        [len(rows) for *_, rows in found[:SHOWN]],
        index=[f"{name} ({q.label})" for name, q, _ in found[:SHOWN]],
    )
    holders = held["student"].nunique()
    sentence = (
        f"{many(holders)} of {n:,} met at least one of {many(len(found), 'misconception')} that the tests know by name. "
        f"The commonest: “{name}” in {question.label} ({many(len(some))})."
    )
    if len(found) > SHOWN:
        sentence += f" The chart shows the {SHOWN} commonest."
    parts["misconceptions_top"] = [Markup(as_html(charts.bars_chart(chart, "Students", sentence, n)))]
    common = [one for one in found[:SHOWN] if len(one[2]) > 1]
    for name, question, some in common:
        examples, remark = _examples(view, some)
        parts["misconceptions"].append(
            {
                "title": f"{many(len(some))}: “{name}” in {question.label}",
                "message": _message(view, question, name, some)
                or "The assignment does not say more about it.",
                "examples": examples,
                "remark": remark,
            }
        )
    parts["more_misconceptions"] = [
        f"{many(len(s))}: “{name}” in {q.label}" for name, q, s in found[len(common) :]
    ]
    parts["about_examples"] = (
        "The shortest answers that differ. Comments are left out; names that neither the assignment nor Python knows are "
        "replaced by name_1, name_2; texts that might say whose work it is by …. "
        f"A misconception that fewer than {SHARED} students share gives fewer examples, and that of one student none."
    )
    if not common:
        parts["about_examples"] = "No two students share one, so no example is shown."
    shared = [one for one in found if len(one[2]) > 1][:RETAUGHT]
    if not shared:
        return parts
    parts["about_reteaching"] = (
        f"For what most students share ({many(len(shared), 'misconception')}). "
        "What to say and what to show are the assignment's own words: its message, its hint and its nudges."
    )
    for name, question, some in shared:
        parts["reteaching"].append(
            {
                "title": question.label,
                "thought": f"“{name}”: {many(len(some))} of {n:,}",
                "say": _message(view, question, name, some) or "The assignment does not say more about it.",
                "show": [part for part in (question.hint, *question.nudges) if part],
            }
        )
    return parts


def _message(view: ClassView, question: Question, name: str, rows: pd.DataFrame) -> str:
    """What the assignment says to a misconception; else what all who met it were told alike."""
    if said := question.misconceptions.get(name):
        return said
    told = [re.split(r"(?<=[.!?]) +", message) for message in rows["message"] if message]
    if len(told) < 2:
        return ""  # it may hold a number that one student alone has
    alike = [sentence for sentence in told[0] if all(sentence in other for other in told)]
    return view.anonymous.text(" ".join(alike), longest=400)


def _examples(view: ClassView, rows: pd.DataFrame) -> tuple[list[str], str]:
    holders = rows["student"].nunique()
    codes = {}
    for source in rows["code"]:
        if code := view.anonymous.code(source):
            codes.setdefault("".join(code.split()), code)
    shortest = [codes[bare] for bare in sorted(codes, key=lambda bare: (len(bare), bare))]
    most = EXAMPLES if holders >= SHARED else 1
    shown = shortest[:most]
    if not shown:
        return [], "No code can be shown."
    if holders < SHARED:
        return shown, f"{many(holders)} only: one example is shown."
    if len(shown) < EXAMPLES:
        return shown, "Every other answer is like " + ("this one." if len(shown) == 1 else "one of these.")
    return shown, ""


def _without_a_name(view: ClassView) -> list[str]:
    """Wrong values that no misconception explains, and errors by kind: where a message might still be missing."""
    answers = view.work.answers
    lines = []
    for question, rows in view.by_question(answers):
        said = []
        wrong = int(((rows["state"] == State.WRONG) & ~rows["misconception"].astype(bool)).sum())
        if wrong:
            said.append(f"{many(wrong, 'wrong value')} that no misconception explains")
        stopped = rows.loc[rows["state"] == State.ERROR, "kind"]
        if len(stopped):
            kinds = sorted(stopped.map(_error_kind).value_counts().items(), key=lambda one: (-one[1], one[0]))
            said.append("stopped by an error: " + ", ".join(f"{kind} ({count})" for kind, count in kinds))
        if said:
            lines.append(f"{led(question.label)} {'; '.join(said)}")
    return lines


def _error_kind(kind: str) -> str:
    # A student may name an error; whoever is not Python's own keeps the name for themselves.
    if kind in {say(f"grading.{key}") for key in OURS}:
        return kind
    known = getattr(builtins, kind, None)
    return kind if isinstance(known, type) and issubclass(known, BaseException) else "another kind"
