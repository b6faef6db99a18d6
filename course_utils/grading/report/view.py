"""The graded class as the sections of Monday's page look at it: what is compared with what, and what people are called."""

from collections.abc import Iterable

import pandas as pd

from course_utils.grading.report import statistics
from course_utils.grading.report.names import Anonymous, called, pseudonyms
from course_utils.grading.report.reading import ClassWork, Question
from course_utils.grading.submissions.class_list import Person

NAMED = 12  # students in a sentence
LISTED = 30  # students in a list; a longer one is cut or folded


class ClassView:
    """One class's work, as all sections see it.

    ``points`` has a row for each student and a column for each question. ``basis`` are the questions whose points are
    comparable now, ``totals`` each student's sum of them out of ``most``, ``rests`` the same without one question, and
    ``what`` says which points these are. ``to_look_at`` and ``to_mark`` are the answers that wait for a person.
    """

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

    def name_of(self, student: str) -> str:
        return called(self.work.roster[student]) if self.named else self.pseudonyms[student]

    def names_of(self, students: Iterable[str]) -> str:
        called = sorted(map(self.name_of, students))
        more = f" and {len(called) - NAMED} more" if len(called) > NAMED else ""
        return ", ".join(called[:NAMED]) + more

    def by_question(self, rows: pd.DataFrame) -> list[tuple[Question, pd.DataFrame]]:
        return [
            (question, some)
            for question in self.questions
            if not (some := rows[rows["question"] == question.key]).empty
        ]

    def shares(self, question: Question) -> pd.Series:
        """The share of a question's points that each student has; NaN without a mark, or if it has no points."""
        return self.points[question.key] / (question.points or float("nan"))

    def discrimination(self, question: Question) -> statistics.Estimate:
        if not [key for key in self.basis if key != question.key]:
            return statistics.Estimate(float("nan"), why="no other question")
        return statistics.item_rest(self.points[question.key], self.rests[question.key])
