"""Section 3 of Monday's page: how each question went."""

import pandas as pd
from markupsafe import Markup

from course_utils.charts import as_html
from course_utils.grading.execution.job import State
from course_utils.grading.report import charts, statistics
from course_utils.grading.report.reading import UNKNOWN
from course_utils.grading.report.statistics import FEWEST
from course_utils.grading.report.view import ClassView
from course_utils.grading.report.words import in_their_words, seconds


def each_question(view: ClassView) -> dict:
    answers = view.work.answers
    counts = pd.crosstab(answers["question"], answers["state"]).reindex(
        [q.key for q in view.questions], fill_value=0
    )
    names = [state for state in charts.STATES if state in counts]
    counts = counts[names]
    counts.index = [question.label for question in view.questions]
    rows = []
    for question in view.questions:
        some = answers[answers["question"] == question.key]
        known = some[~some["state"].isin([UNKNOWN])]
        touched = some[some["state"] != State.NOT_ATTEMPTED]
        untouched = int((known["state"] == State.NOT_ATTEMPTED).sum())
        shares = view.shares(question)
        rows.append(
            {
                "label": question.label,
                "points": f"{question.points:g}",
                "marked": f"{int(shares.notna().sum()):,}" if question.points else f"{len(some):,}",
                "difficulty": statistics.mean(shares)
                if question.points
                else statistics.Estimate(float("nan"), why="no points"),
                "discrimination": view.discrimination(question),
                "untouched": statistics.Estimate(float("nan"), why="–")
                if question.by_hand or known.empty
                else statistics.wilson(untouched, len(known)),
                "seconds": seconds(touched["seconds"]),
                "cpu": seconds(touched["cpu"]),
            }
        )
    about = [
        "In brackets: the 95% interval, within which the figure would likely lie for other students like these; a "
        f"mean or a correlation of fewer than {FEWEST} has none. The correlation is that between the points here and the "
        f"{view.what} in all other questions: near 0, the question does not tell who does well elsewhere.",
        "Machine time is how long the computer ran the student's own cells when the work was graded. "
        "It is not how long the student needed: nobody measures that.",
    ]
    return {
        "states": Markup(as_html(charts.states_chart(counts))),
        "questions": rows,
        "about_questions": about,
        "state_names": [in_their_words(state) for state in names],
        "state_rows": [
            (label, list(row)) for label, row in zip(counts.index, counts.to_numpy(), strict=True)
        ],
    }
