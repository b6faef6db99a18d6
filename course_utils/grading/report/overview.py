"""Sections 1 and 2 of Monday's page: the class in one glance, and the points of everybody; and whose page it is."""

from markupsafe import Markup

from course_utils.charts import as_html
from course_utils.grading.report import charts
from course_utils.grading.report.view import LISTED, ClassView
from course_utils.grading.report.words import ended, led, many, paragraph


def who(view: ClassView) -> str:
    if view.named:
        return (
            "This page holds students' real names: it is for those who teach this class, and for nobody else. "
            "The examples of code are anonymous all the same."
        )
    small = len(view.work.roster) < 5
    return (
        "This page is anonymous: no name, user name or e-mail address of a student stands in it. A student has the "
        "same number everywhere on this page, and another number on the next one. "
        + ("In so small a class, those who know it may tell who is who all the same." if small else "")
    ).strip()


def notes(view: ClassView) -> list[str]:
    notes = []
    if without := len(view.work.without_record):
        notes.append(
            f"{many(without)} of {len(view.graded):,} graded without this kit's notes in the graded notebook (by stock "
            "nbgrader, or the notebook is not here). Of these only the points are known: how a question ended, the "
            "misconceptions, the errors and the machine time are missing. "
            f"To have them, run course grade {view.work.assignment} again."
        )
    return notes


def glance(view: ClassView) -> dict:
    work = view.work
    came, graded, unreadable = (
        work.handed_in | work.graded,
        work.graded,
        set(work.unreadable) & set(work.roster),
    )
    missing = set(work.roster) - came
    looked = view.to_look_at["student"].nunique()
    waiting = came - graded - unreadable
    tiles = [
        {"label": "on the class list", "value": f"{len(work.roster):,}"},
        {"label": "handed in", "value": f"{len(came):,}"},
        {"label": "graded", "value": f"{len(graded):,}"},
        {"label": "with something to be looked at", "value": f"{looked:,}", "look": looked},
        {"label": "could not be read", "value": f"{len(unreadable):,}", "look": len(unreadable)},
        {"label": "not handed in", "value": f"{len(missing):,}"},
    ]
    if waiting:
        tiles.insert(3, {"label": "not graded yet", "value": f"{len(waiting):,}", "look": True})
    middle = "–" if view.totals.empty else f"{view.totals.median():g} of {view.most:g}"
    tiles.append({"label": f"median of the {view.what}", "value": middle})
    tiles.append(
        {
            "label": "answers to be marked by hand",
            "value": f"{len(view.to_mark):,}",
            "look": len(view.to_mark),
        }
    )
    lines = []
    for question, rows in view.by_question(view.to_mark):
        lines.append(ended(f"Still to be marked by hand: {many(len(rows), 'answer')} to {question.label}"))
    if not lines and any(question.by_hand for question in view.questions):
        lines.append("Nothing is left to be marked by hand.")
    if work.strangers:
        who = f": {', '.join(sorted(work.strangers))}" if view.named else ""
        lines.append(
            f"{many(len(work.strangers), 'hand-in')} came under a name that is not on the class list, so it is not "
            f"counted here{who}."
        )
    again = unreadable & graded
    if again:
        lines.append(
            f"{many(len(again))} handed in again, and that cannot be read: the points are those of the earlier work."
        )
    reviews = []
    for question, rows in view.by_question(view.to_look_at):
        reasons = rows["review"].map(
            {said: view.anonymous.text(said) or "no reason was noted" for said in set(rows["review"])}
        )
        for reason, some in rows.groupby(reasons):
            who = f" ({view.names_of(some['student'])})" if view.named else ""
            reviews.append(f"{led(question.label)} {reason}: {many(len(some), 'answer')}{who}")
    told = []
    for student in sorted(unreadable, key=view.name_of):
        told.append(
            f"{view.name_of(student)}: {work.unreadable[student]}" if view.named else view.name_of(student)
        )
    if told and not view.named:
        told = [
            f"{', '.join(told[:LISTED])}{' …' if len(told) > LISTED else ''} (with --names it says whose, and why)"
        ]
    return {"tiles": tiles, "glance": lines, "reviews": reviews, "unreadable": told}


def scores(view: ClassView) -> list[Markup]:
    left_out = len(view.graded) - len(view.totals)
    parts = []
    if view.totals.empty:
        parts.append(
            paragraph("No total can be told yet: every student still has an answer that waits for a mark.")
        )
        return parts
    parts.append(Markup(as_html(charts.scores_chart(view.totals, view.most, view.what))))
    about = "Whoever did not hand in is not counted. "
    if view.what != "points":
        about += "Questions that are marked by hand are left out until all of them are marked. "
    if left_out:
        about += f"{many(left_out)} left out: a question has no mark yet. "
    parts.append(
        paragraph(about + "Without extra credit, and before anything is taken off for lateness.", "quiet")
    )
    return parts
