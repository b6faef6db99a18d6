"""Monday's page: what an instructor asks of a graded assignment, answered on one page that needs nothing else.

The page is one HTML file without scripts; its pictures stand in it. Nobody can be found in it, unless names are
asked for.
"""

import builtins
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

import jinja2
import pandas as pd
from markupsafe import Markup, escape

from course_utils.charts import as_html
from course_utils.errors import CourseError
from course_utils.grading.course import Course
from course_utils.grading.execution.job import State
from course_utils.grading.privacy import opener
from course_utils.grading.report import charts, statistics
from course_utils.grading.report.charts import ended, in_their_words, led, many
from course_utils.grading.report.names import Anonymous, called, pseudonyms
from course_utils.grading.report.reading import UNKNOWN, ClassWork, Question, read_class
from course_utils.grading.report.statistics import FEWEST, LOW, OFTEN, RECENCY
from course_utils.grading.submissions.class_list import Person
from course_utils.kit import write_whole
from course_utils.messages import say

EXAMPLES = 3
SHARED = 3  # students: a misconception of fewer gives fewer examples, so that nobody is put on show
SHOWN = 8  # misconceptions with examples
RETAUGHT = 3
LISTED = 30  # students: a longer list is folded
NAMED = 12  # students in a sentence
# What grading calls an end that no error of Python's has brought about.
OURS = ("out_of_time", "no_input", "ended", "too_large", "not_run")


def write_report(
    course: Course, assignment: str, out: Path | None = None, *, names: bool = False, salt: str | None = None
) -> Path:
    """Write the page about one assignment.

    Parameters
    ----------
    out : the file; ``report_NAME.html`` beside the gradebook without it.
    names : with the students' real names. Without them nobody on the class list can be found in the file.
    salt : decides the order of the pseudonyms. A new secret each time without it, so that nobody can tell from the
        class list who is who.

    Raises
    ------
    CourseError
        If there is no such assignment, or nothing of it is graded.
    """
    work = read_class(course, assignment)
    out = Path(out or course.folder / "assignments" / f"report_{assignment}.html")
    if out.is_dir():
        raise CourseError(f"{out} is a folder: give --out the name of a file.")
    write_whole(out, page(work, names=names, salt=salt), opener=opener(course.coursedir.groupshared))
    return out


def page(work: ClassWork, *, names: bool = False, salt: str | None = None) -> str:
    """The page as HTML; see ``write_report``.

    Raises
    ------
    CourseError
        If nothing is graded.
    """
    if not work.handed_in and not work.graded:
        raise CourseError(f"Nobody has handed in {work.assignment} yet, so there is nothing to report.")
    if not work.graded:
        raise CourseError(
            f"Nothing of {work.assignment} is graded yet ({many(len(work.handed_in), 'submission')}): "
            f"run course grade {work.assignment} first."
        )
    return _template().render(_Page(work, names, salt or secrets.token_hex()).parts())


def _template() -> jinja2.Template:
    world = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    world.globals |= {"percent": _percent, "signed": _signed, "coded": _coded}
    return world.get_template("page.html.jinja")


class _Page:
    """The parts of the template, from one class's work."""

    def __init__(self, work: ClassWork, names: bool, salt: str):
        self.work, self.named = work, names
        self.questions = work.questions
        self.by_key = {question.key: question for question in work.questions}
        self.graded = sorted(work.graded)
        self.pseudonyms = pseudonyms(work.roster, salt)
        people = [*work.roster.values(), *map(Person, work.strangers)]
        self.anonymous = Anonymous(people, work.names, work.text)
        keys = [question.key for question in self.questions]
        answers = work.answers
        points = answers.pivot(index="student", columns="question", values="score").reindex(columns=keys)
        self.points = points.astype(float)
        pending = [q.key for q in self.questions if q.by_hand and self.points[q.key].isna().any()]
        tested = [q.key for q in self.questions if not q.by_hand]
        # Where some answers wait for a mark by hand, points are comparable only without these questions.
        self.basis = tested if pending and tested else keys
        self.what = "points by test" if pending and tested else "points"
        self.rests = statistics.rests(self.points, self.basis)
        self.totals = self.points[self.basis].sum(axis=1, skipna=False).dropna()
        self.most = sum(self.by_key[key].points for key in self.basis)
        tests = answers["question"].isin(tested)
        self.to_look_at = answers[tests & answers["waits"]]
        self.to_mark = answers[~tests & answers["waits"]]

    def parts(self) -> dict:
        return {
            "assignment": self.work.assignment,
            "named": self.named,
            "who": self._who(),
            "notes": self._notes(),
            **self._glance(),
            "scores": self._scores(),
            **self._each_question(),
            **self._misconceptions(),
            **self._unfair(),
            **self._quiet(),
        }

    # ---- Who ---------------------------------------------------------------------------------------------------

    def _call(self, student: str) -> str:
        return called(self.work.roster[student]) if self.named else self.pseudonyms[student]

    def _called(self, students: Iterable[str]) -> str:
        called = sorted(map(self._call, students))
        more = f" and {len(called) - NAMED} more" if len(called) > NAMED else ""
        return ", ".join(called[:NAMED]) + more

    def _who(self) -> str:
        if self.named:
            return (
                "This page holds students' real names: it is for those who teach this class, and for nobody else. "
                "The examples of code are anonymous all the same."
            )
        small = len(self.work.roster) < 5
        return (
            "This page is anonymous: no name, user name or e-mail address of a student stands in it. A student has the "
            "same number everywhere on this page, and another number on the next one. "
            + ("In so small a class, those who know it may tell who is who all the same." if small else "")
        ).strip()

    def _notes(self) -> list[str]:
        notes = []
        if without := len(self.work.without_record):
            notes.append(
                f"{many(without)} of {len(self.graded):,} graded without this kit's notes in the graded notebook (by stock "
                "nbgrader, or the notebook is not here). Of these only the points are known: how a question ended, the "
                "misconceptions, the errors and the machine time are missing. "
                f"To have them, run course grade {self.work.assignment} again."
            )
        return notes

    # ---- 1 -----------------------------------------------------------------------------------------------------

    def _glance(self) -> dict:
        work = self.work
        came, graded, unreadable = (
            work.handed_in | work.graded,
            work.graded,
            set(work.unreadable) & set(work.roster),
        )
        missing = set(work.roster) - came
        looked = self.to_look_at["student"].nunique()
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
        middle = "–" if self.totals.empty else f"{self.totals.median():g} of {self.most:g}"
        tiles.append({"label": f"median of the {self.what}", "value": middle})
        tiles.append(
            {
                "label": "answers to be marked by hand",
                "value": f"{len(self.to_mark):,}",
                "look": len(self.to_mark),
            }
        )
        lines = []
        for question, rows in self._by_question(self.to_mark):
            lines.append(
                ended(f"Still to be marked by hand: {many(len(rows), 'answer')} to {question.label}")
            )
        if not lines and any(question.by_hand for question in self.questions):
            lines.append("Nothing is left to be marked by hand.")
        if work.strangers:
            who = f": {', '.join(sorted(work.strangers))}" if self.named else ""
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
        for question, rows in self._by_question(self.to_look_at):
            reasons = rows["review"].map(
                {said: self.anonymous.text(said) or "no reason was noted" for said in set(rows["review"])}
            )
            for reason, some in rows.groupby(reasons):
                who = f" ({self._called(some['student'])})" if self.named else ""
                reviews.append(f"{led(question.label)} {reason}: {many(len(some), 'answer')}{who}")
        told = []
        for student in sorted(unreadable, key=self._call):
            told.append(
                f"{self._call(student)}: {work.unreadable[student]}" if self.named else self._call(student)
            )
        if told and not self.named:
            told = [
                f"{', '.join(told[:LISTED])}{' …' if len(told) > LISTED else ''} (with --names it says whose, and why)"
            ]
        return {"tiles": tiles, "glance": lines, "reviews": reviews, "unreadable": told}

    def _by_question(self, rows: pd.DataFrame) -> list[tuple[Question, pd.DataFrame]]:
        return [
            (question, some)
            for question in self.questions
            if not (some := rows[rows["question"] == question.key]).empty
        ]

    # ---- 2 -----------------------------------------------------------------------------------------------------

    def _scores(self) -> list[Markup]:
        left_out = len(self.graded) - len(self.totals)
        parts = []
        if self.totals.empty:
            parts.append(
                _p("No total can be told yet: every student still has an answer that waits for a mark.")
            )
            return parts
        parts.append(Markup(as_html(charts.scores_chart(self.totals, self.most, self.what))))
        about = "Whoever did not hand in is not counted. "
        if self.what != "points":
            about += "Questions that are marked by hand are left out until all of them are marked. "
        if left_out:
            about += f"{many(left_out)} left out: a question has no mark yet. "
        parts.append(
            _p(about + "Without extra credit, and before anything is taken off for lateness.", "quiet")
        )
        return parts

    # ---- 3 -----------------------------------------------------------------------------------------------------

    def _each_question(self) -> dict:
        answers = self.work.answers
        counts = pd.crosstab(answers["question"], answers["state"]).reindex(
            [q.key for q in self.questions], fill_value=0
        )
        names = [state for state in charts.STATES if state in counts]
        counts = counts[names]
        counts.index = [question.label for question in self.questions]
        rows = []
        for question in self.questions:
            some = answers[answers["question"] == question.key]
            known = some[~some["state"].isin([UNKNOWN])]
            touched = some[some["state"] != State.NOT_ATTEMPTED]
            untouched = int((known["state"] == State.NOT_ATTEMPTED).sum())
            shares = self._shares(question)
            rows.append(
                {
                    "label": question.label,
                    "points": f"{question.points:g}",
                    "marked": f"{int(shares.notna().sum()):,}" if question.points else f"{len(some):,}",
                    "difficulty": statistics.mean(shares)
                    if question.points
                    else statistics.Estimate(float("nan"), why="no points"),
                    "discrimination": self._discrimination(question),
                    "untouched": statistics.Estimate(float("nan"), why="–")
                    if question.by_hand or known.empty
                    else statistics.wilson(untouched, len(known)),
                    "seconds": _seconds(touched["seconds"]),
                    "cpu": _seconds(touched["cpu"]),
                }
            )
        about = [
            "In brackets: the 95% interval, within which the figure would likely lie for other students like these; a "
            f"mean or a correlation of fewer than {FEWEST} has none. The correlation is that between the points here and the "
            f"{self.what} in all other questions: near 0, the question does not tell who does well elsewhere.",
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

    def _shares(self, question: Question) -> pd.Series:
        """The share of a question's points that each student has; NaN without a mark, or if it has no points."""
        return self.points[question.key] / (question.points or float("nan"))

    def _discrimination(self, question: Question) -> statistics.Estimate:
        if not [key for key in self.basis if key != question.key]:
            return statistics.Estimate(float("nan"), why="no other question")
        return statistics.item_rest(self.points[question.key], self.rests[question.key])

    # ---- 4 -----------------------------------------------------------------------------------------------------

    def _misconceptions(self) -> dict:
        answers = self.work.answers
        held = answers[answers["misconception"].astype(bool)]
        found = []
        for place, (question, rows) in enumerate(self._by_question(held)):
            for name, some in rows.groupby("misconception"):
                found.append((-len(some), place, str(name), question, some))
        found = [
            (name, question, some) for _, _, name, question, some in sorted(found, key=lambda one: one[:3])
        ]
        parts = {
            "misconceptions_top": [],
            "reteaching": [],
            "about_reteaching": "",
            "misconceptions": [],
            "about_examples": "",
            "more_misconceptions": [],
            "other_wrong": self._without_a_name(),
        }
        n = len(self.graded) - len(self.work.without_record)
        if not found:
            said = (
                "No test recognised a misconception."
                if n
                else "Misconceptions are not known: see the top of the page."
            )
            if not any(not question.by_hand for question in self.questions):
                said = "Misconceptions are found by tests, and this assignment has none."
            parts["misconceptions_top"] = [_p(said)]
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
            examples, remark = self._examples(some)
            parts["misconceptions"].append(
                {
                    "title": f"{many(len(some))}: “{name}” in {question.label}",
                    "message": self._message(question, name, some)
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
                    "say": self._message(question, name, some)
                    or "The assignment does not say more about it.",
                    "show": [part for part in (question.hint, *question.nudges) if part],
                }
            )
        return parts

    def _message(self, question: Question, name: str, rows: pd.DataFrame) -> str:
        """What the assignment says to a misconception; else what all who met it were told alike."""
        if said := question.misconceptions.get(name):
            return said
        told = [re.split(r"(?<=[.!?]) +", message) for message in rows["message"] if message]
        if len(told) < 2:
            return ""  # it may hold a number that one student alone has
        alike = [sentence for sentence in told[0] if all(sentence in other for other in told)]
        return self.anonymous.text(" ".join(alike), longest=400)

    def _examples(self, rows: pd.DataFrame) -> tuple[list[str], str]:
        holders = rows["student"].nunique()
        codes = {}
        for source in rows["code"]:
            if code := self.anonymous.code(source):
                codes.setdefault("".join(code.split()), code)
        shortest = [codes[bare] for bare in sorted(codes, key=lambda bare: (len(bare), bare))]
        most = EXAMPLES if holders >= SHARED else 1
        shown = shortest[:most]
        if not shown:
            return [], "No code can be shown."
        if holders < SHARED:
            return shown, f"{many(holders)} only: one example is shown."
        if len(shown) < EXAMPLES:
            return shown, "Every other answer is like " + (
                "this one." if len(shown) == 1 else "one of these."
            )
        return shown, ""

    def _without_a_name(self) -> list[str]:
        """Wrong values that no misconception explains, and errors by kind: where a message might still be missing."""
        answers = self.work.answers
        lines = []
        for question, rows in self._by_question(answers):
            said = []
            wrong = int(((rows["state"] == State.WRONG) & ~rows["misconception"].astype(bool)).sum())
            if wrong:
                said.append(f"{many(wrong, 'wrong value')} that no misconception explains")
            stopped = rows.loc[rows["state"] == State.ERROR, "kind"]
            if len(stopped):
                kinds = sorted(stopped.map(_kind).value_counts().items(), key=lambda one: (-one[1], one[0]))
                said.append("stopped by an error: " + ", ".join(f"{kind} ({count})" for kind, count in kinds))
            if said:
                lines.append(f"{led(question.label)} {'; '.join(said)}")
        return lines

    # ---- 5 -----------------------------------------------------------------------------------------------------

    def _unfair(self) -> dict:
        judged = {q.label: self._thirds(q) for q in self.questions}
        judged = {label: found for label, found in judged.items() if found}
        unfair = [(q, reasons) for q in self.questions if (reasons := self._reasons(q))]
        n = len(self.totals)
        few = n < FEWEST
        if few:
            verdict = (
                f"With {many(n)} it cannot be judged whether good students fail a question: figures about fewer than "
                f"{FEWEST} would be noise. "
            )
            verdict += (
                "What went wrong on our side is listed all the same."
                if unfair
                else "Nothing else stands out."
            )
        elif unfair:
            verdict = f"{many(len(unfair), 'question')} of {len(self.questions)} should be looked at, as judged by {many(n)}."
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
            loud = [question.label for question in self.questions if self._sorts_wrongly(question)]
            thirds = Markup(as_html(charts.thirds_chart(judged, loud)))
        return {
            "unfair_verdict": verdict,
            "unfair": [{"label": question.label, "reasons": reasons} for question, reasons in unfair],
            "thirds": thirds,
            "unfair_rule": rule,
        }

    def _thirds(self, question: Question) -> statistics.Thirds | None:
        return statistics.thirds(self._shares(question), self.rests[question.key])

    def _sorts_wrongly(self, question: Question) -> bool:
        link, pair = self._discrimination(question), self._thirds(question)
        return link.there and link.value < LOW and pair is not None and pair.top <= pair.bottom

    def _reasons(self, question: Question) -> list[str]:
        """Why a question should be looked at: one sentence each, with the figures that it rests on."""
        rows = self.work.answers[self.work.answers["question"] == question.key]
        reasons = []
        link, pair, shares = self._discrimination(question), self._thirds(question), self._shares(question)
        if self._sorts_wrongly(question):
            interval = f", 95% interval {_signed(link.low)} to {_signed(link.high)}" if link.bounded else ""
            chance = " It may be chance." if link.bounded and link.high >= LOW else ""
            reasons.append(
                f"Good students fail it: the top third has {pair.top:.0%} of the points ({many(pair.n_top)}), the lowest third "
                f"{pair.bottom:.0%} ({many(pair.n_bottom)}); item-rest correlation {_signed(link.value)}{interval}.{chance}"
            )
        if shares.notna().sum() >= FEWEST and (shares.dropna() <= 0).all():
            reasons.append(f"None of {many(int(shares.notna().sum()))} has a point here.")
        if question.by_hand or rows.empty:
            return reasons
        ours, flagged = rows["state"] == State.OUR_FAULT, rows["review"].astype(bool)
        full = (
            rows["test_score"] >= question.points if question.points else pd.Series(False, index=rows.index)
        )
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
                    f"; 95% interval {_percent(share.low)} to {_percent(share.high)}"
                    if len(rows) >= FEWEST
                    else ""
                )
                reasons.append(
                    f"{hits} of {many(len(rows), 'answer')} {words} ({_percent(share.value)}{interval})."
                )
        return reasons

    # ---- 6 -----------------------------------------------------------------------------------------------------

    def _quiet(self) -> dict:
        work = self.work
        cannot_know = (
            "This page sees hand-ins, and nothing else. It cannot know who is ill, at work or caring for somebody, who has no "
            "computer that runs this, or who is learning well without handing in; and whoever never came onto the class list "
            "is not in it at all, as a guest at the library's computers is in no table of patrons."
        )
        parts = {"quiet_top": [], "quiet_groups": [], "quiet_invitation": "", "cannot_know": cannot_know}
        if not work.roster:
            parts["quiet_top"] = [_p("There is nobody on the class list.")]
            return parts
        table = statistics.regulars(list(work.roster), work.assignments, work.hand_ins)
        of = len(work.assignments)
        counts = (
            table["recency"].value_counts().reindex([r for r in RECENCY if (table["recency"] == r).any()])
        )
        here, never = int(counts.get(RECENCY[0], 0)), int(counts.get(RECENCY[4], 0))
        quiet = table[table["recency"] != RECENCY[0]]
        sentence = f"{here:,} of {many(len(table))} handed in this assignment"
        if of == 1:
            sentence += (
                f"; {never:,} have not handed in yet. It is the first one, so nobody can have gone quiet."
            )
        else:
            paused = len(quiet) - never
            sentence += (
                f"; {paused:,} handed in before and not this time; {never:,} have not handed in any of the {of} so far. "
                f"Handed in on average: {table['times'].mean():.1f} of {of}."
            )
        parts["quiet_top"] = [
            _p(
                "The class as customers: recency is how lately somebody handed in, frequency how many of the "
                f"{many(of, 'assignment')} so far."
            ),
            Markup(as_html(charts.bars_chart(counts, "Students", sentence, len(table)))),
        ]
        groups = [
            (recency, [self._how_quiet(student, row, of) for student, row in some.iterrows()])
            for recency in RECENCY[1:]
            if not (some := quiet[quiet["recency"] == recency]).empty
        ]
        if blank := self._mostly_blank():
            groups.append(
                (
                    "handed in, and left more than half of the questions untouched",
                    [self._call(one) for one in blank],
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
        if not self.named:
            parts["quiet_invitation"] += " To see names, write the page with --names, for yourself alone."
        return parts

    def _how_quiet(self, student: str, row: pd.Series, of: int) -> str:
        line = self._call(student)
        if row["times"]:
            line += f": handed in {row['times']} of {of}"
            if not pd.isna(row["weeks"]):
                weeks = round(row["weeks"])
                line += (
                    f", the last {many(weeks, 'week')} ago" if weeks else ", the last less than a week ago"
                )
        return line

    def _mostly_blank(self) -> list[str]:
        answers = self.work.answers
        known = answers[
            ~answers["question"].map(lambda key: self.by_key[key].by_hand) & (answers["state"] != UNKNOWN)
        ]
        share = (known["state"] == State.NOT_ATTEMPTED).groupby(known["student"]).mean()
        return sorted(share.index[share > 0.5])


# ---- Words ------------------------------------------------------------------------------------------------------------


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _seconds(spent: pd.Series) -> str:
    middle = spent.dropna().median()
    if pd.isna(middle):
        return "–"
    return "under 0.01" if middle < 0.005 else f"{middle:,.2f}" if middle < 10 else f"{middle:,.0f}"


def _kind(kind: str) -> str:
    # A student may name an error; whoever is not Python's own keeps the name for themselves.
    if kind in {say(f"grading.{key}") for key in OURS}:
        return kind
    known = getattr(builtins, kind, None)
    return kind if isinstance(known, type) and issubclass(known, BaseException) else "another kind"


def _p(text: str, kind: str = "") -> Markup:
    opening = Markup('<p class="{}">').format(kind) if kind else Markup("<p>")
    return opening + escape(text) + Markup("</p>")


def _coded(text: str) -> Markup:
    """A text in which Markdown's marks for code and for emphasis count; everything else is escaped."""
    shown = Markup()
    for place, part in enumerate(re.split(r"`([^`]+)`", text)):
        if place % 2:
            shown += Markup("<code>{}</code>").format(part)
            continue
        for inner, words in enumerate(re.split(r"(?<!\w)\*([^*\s][^*]*)\*(?!\w)", part)):
            shown += Markup("<em>{}</em>").format(words) if inner % 2 else escape(words)
    return shown
