"""Section 6 of Monday's page: who has gone quiet, and what this page cannot know."""

import pandas as pd
from markupsafe import Markup

from course_utils.charts import as_html
from course_utils.grading.execution.job import State
from course_utils.grading.report import charts, statistics
from course_utils.grading.report.reading import UNKNOWN
from course_utils.grading.report.statistics import RECENCY
from course_utils.grading.report.view import LISTED, ClassView
from course_utils.grading.report.words import many, paragraph


def quiet(view: ClassView) -> dict:
    work = view.work
    cannot_know = (
        "This page sees hand-ins, and nothing else. It cannot know who is ill, at work or caring for somebody, who has no "
        "computer that runs this, or who is learning well without handing in; and whoever never came onto the class list "
        "is not in it at all, as a guest at the library's computers is in no table of patrons."
    )
    parts = {"quiet_top": [], "quiet_groups": [], "quiet_invitation": "", "cannot_know": cannot_know}
    if not work.roster:
        parts["quiet_top"] = [paragraph("There is nobody on the class list.")]
        return parts
    table = statistics.regulars(list(work.roster), work.assignments, work.hand_ins)
    of = len(work.assignments)
    counts = table["recency"].value_counts().reindex([r for r in RECENCY if (table["recency"] == r).any()])
    here, never = int(counts.get(RECENCY[0], 0)), int(counts.get(RECENCY[4], 0))
    quiet = table[table["recency"] != RECENCY[0]]
    sentence = f"{here:,} of {many(len(table))} handed in this assignment"
    if of == 1:
        sentence += f"; {never:,} have not handed in yet. It is the first one, so nobody can have gone quiet."
    else:
        paused = len(quiet) - never
        sentence += (
            f"; {paused:,} handed in before and not this time; {never:,} have not handed in any of the {of} so far. "
            f"Handed in on average: {table['times'].mean():.1f} of {of}."
        )
    parts["quiet_top"] = [
        paragraph(
            "The class as customers: recency is how lately somebody handed in, frequency how many of the "
            f"{many(of, 'assignment')} so far."
        ),
        Markup(as_html(charts.bars_chart(counts, "Students", sentence, len(table)))),
    ]
    groups = [
        (recency, [_how_quiet(view, student, row, of) for student, row in some.iterrows()])
        for recency in RECENCY[1:]
        if not (some := quiet[quiet["recency"] == recency]).empty
    ]
    if blank := _mostly_blank(view):
        groups.append(
            (
                "handed in, and left more than half of the questions untouched",
                [view.name_of(one) for one in blank],
            )
        )
    parts["quiet_groups"] = [
        {
            "title": f"{title[:1].upper()}{title[1:]}: {len(lines):,}",
            "lines": sorted(lines),
            "open": len(lines) <= LISTED,
        }
        for title, lines in groups
    ]
    parts["quiet_invitation"] = (
        "A short, friendly message is often welcome: ask how they are and what would help, not why they did not hand in. "
    )
    if any(quiet["times"] > 0):
        last = work.hand_ins["when"].max()
        if not pd.isna(last):
            parts["quiet_invitation"] += (
                f"Weeks are counted back from the last hand-in of anybody, on {last:%Y-%m-%d}."
            )
    if not view.named:
        parts["quiet_invitation"] += " To see names, write the page with --names, for yourself alone."
    return parts


def _how_quiet(view: ClassView, student: str, row: pd.Series, of: int) -> str:
    line = view.name_of(student)
    if row["times"]:
        line += f": handed in {row['times']} of {of}"
        if not pd.isna(row["weeks"]):
            weeks = round(row["weeks"])
            line += f", the last {many(weeks, 'week')} ago" if weeks else ", the last less than a week ago"
    return line


def _mostly_blank(view: ClassView) -> list[str]:
    answers = view.work.answers
    known = answers[
        ~answers["question"].map(lambda key: view.by_key[key].by_hand) & (answers["state"] != UNKNOWN)
    ]
    share = (known["state"] == State.NOT_ATTEMPTED).groupby(known["student"]).mean()
    return sorted(share.index[share > 0.5])


# ---- Words ------------------------------------------------------------------------------------------------------------
