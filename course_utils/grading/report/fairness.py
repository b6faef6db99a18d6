"""Section 5 of Monday's page: whether good students fail a question, and other reasons to look at one."""

import pandas as pd
from markupsafe import Markup

from course_utils.charts import as_html
from course_utils.grading.execution.job import State
from course_utils.grading.report import charts, statistics
from course_utils.grading.report.reading import Question
from course_utils.grading.report.statistics import FEWEST, LOW, OFTEN
from course_utils.grading.report.view import ClassView
from course_utils.grading.report.words import many, percent, signed


def unfair(view: ClassView) -> dict:
    judged = {q.label: _thirds(view, q) for q in view.questions}
    judged = {label: found for label, found in judged.items() if found}
    unfair = [(q, reasons) for q in view.questions if (reasons := _reasons(view, q))]
    n = len(view.totals)
    few = n < FEWEST
    if few:
        verdict = (
            f"With {many(n)} it cannot be judged whether good students fail a question: figures about fewer than "
            f"{FEWEST} would be noise. "
        )
        verdict += (
            "What went wrong on our side is listed all the same." if unfair else "Nothing else stands out."
        )
    elif unfair:
        verdict = f"{many(len(unfair), 'question')} of {len(view.questions)} should be looked at, as judged by {many(n)}."
    else:
        verdict = f"None, as judged by {many(n)}."
    rule = (
        f"The rule. A question is listed if (1) its item-rest correlation is below {LOW} and the third of the students who "
        "do best in the other questions has no larger share of its points than the third who do least well; or (2) "
        f"nobody has a point; or (3) at least {OFTEN:.0%} of its answers ended by our fault or were given to a person to "
        f"look at; or (4) at least {OFTEN:.0%} have full points and were flagged all the same; or (5) at least "
        f"{OFTEN:.0%} were given more points by hand than by the test. (1) and (2) need {FEWEST} students. "
        "That a question is listed does not say that it is unfair, only that it is worth a look."
    )
    thirds = ""
    if judged:
        loud = [question.label for question in view.questions if _sorts_wrongly(view, question)]
        thirds = Markup(as_html(charts.thirds_chart(judged, loud)))
    return {
        "unfair_verdict": verdict,
        "unfair": [{"label": question.label, "reasons": reasons} for question, reasons in unfair],
        "thirds": thirds,
        "unfair_rule": rule,
    }


def _thirds(view: ClassView, question: Question) -> statistics.Thirds | None:
    return statistics.thirds(view.shares(question), view.rests[question.key])


def _sorts_wrongly(view: ClassView, question: Question) -> bool:
    link, pair = view.discrimination(question), _thirds(view, question)
    return link.there and link.value < LOW and pair is not None and pair.top <= pair.bottom


def _reasons(view: ClassView, question: Question) -> list[str]:
    """Why a question should be looked at: one sentence each, with the figures that it rests on."""
    rows = view.work.answers[view.work.answers["question"] == question.key]
    reasons = []
    link, pair, shares = view.discrimination(question), _thirds(view, question), view.shares(question)
    if _sorts_wrongly(view, question):
        interval = f", 95% interval {signed(link.low)} to {signed(link.high)}" if link.bounded else ""
        chance = " It may be chance." if link.bounded and link.high >= LOW else ""
        reasons.append(
            f"Good students fail it: the top third has {pair.top:.0%} of the points ({many(pair.n_top)}), the lowest third "
            f"{pair.bottom:.0%} ({many(pair.n_bottom)}); item-rest correlation {signed(link.value)}{interval}.{chance}"
        )
    if shares.notna().sum() >= FEWEST and (shares.dropna() <= 0).all():
        reasons.append(f"None of {many(int(shares.notna().sum()))} has a point here.")
    if question.by_hand or rows.empty:
        return reasons
    ours, flagged = rows["state"] == State.OUR_FAULT, rows["review"].astype(bool)
    full = rows["test_score"] >= question.points if question.points else pd.Series(False, index=rows.index)
    signs = (
        (
            ours | flagged | (rows["waits"] & ~full),
            "ended by our fault or were given to a person to look at",
        ),
        (full & flagged & ~ours, "have full points and were flagged all the same"),
        (rows["score"] > rows["test_score"], "were given more points by hand than by the test"),
    )
    for sign, words in signs:
        hits = int(sign.sum())
        share = statistics.wilson(hits, len(rows))
        if share.value >= OFTEN:
            interval = (
                f"; 95% interval {percent(share.low)} to {percent(share.high)}" if len(rows) >= FEWEST else ""
            )
            reasons.append(
                f"{hits} of {many(len(rows), 'answer')} {words} ({percent(share.value)}{interval})."
            )
    return reasons
