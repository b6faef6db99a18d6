"""A quiz that checks itself: a few questions, a sentence for every choice, no points.

It works by mouse and by keyboard, is read by a screen reader as groups of buttons, and needs no kernel once it is
shown. Where no widget can run, the same questions stand in the page, and each choice unfolds to its sentence.
"""

import html
import re
from dataclasses import dataclass

import anywidget
import traitlets

from course_utils.display.fallback import StaticFallback
from course_utils.errors import CourseError
from course_utils.messages import say

CHOICE = re.compile(r"- \[(?P<mark>[ x])\] (?P<text>.+)")


@dataclass(frozen=True)
class Choice:
    """One choice of a question: its text, whether it is right, and what somebody who takes it is told."""

    text: str
    is_right: bool
    says: str

    @property
    def told(self) -> str:
        """What a learner reads: whether it is right, and the sentence."""
        return f"{say('quiz.right' if self.is_right else 'quiz.wrong')} {self.says}"


@dataclass(frozen=True)
class Question:
    """A question and its choices, exactly one of which is right."""

    asked: str
    choices: tuple[Choice, ...]


def quiz(text: str) -> "Quiz":
    """Show a quiz.

    Parameters
    ----------
    text : the questions, as in the example.

    Raises
    ------
    CourseError
        If a question has not exactly one right choice, or a choice has no sentence.

    Examples
    --------
    A question is a line of its own; the right choice has an x, and under each choice is what it is answered with.

    >>> quiz('''
    ... Who is counted as a borrower?
    ... - [x] Anyone who took out or renewed something
    ...   Both leave a row in the table of loans.
    ... - [ ] Anyone who came in
    ...   Many people come in and borrow nothing.
    ... ''')  # doctest: +SKIP
    """
    return Quiz(read_quiz(text))


def read_quiz(text: str) -> list[Question]:
    """The questions of a quiz: see :func:`quiz`, also for what it raises."""
    questions: list[tuple[str, list[list[str]]]] = []
    for line in filter(str.strip, text.splitlines()):
        if line.strip().startswith("- ["):
            if not questions:
                raise CourseError(f"A quiz begins with a question, and not with “{line.strip()}”.")
            questions[-1][1].append([line.strip()])
        elif line.startswith((" ", "\t")) and questions and questions[-1][1]:
            questions[-1][1][-1].append(line.strip())
        elif questions and not questions[-1][1]:
            questions[-1] = (f"{questions[-1][0]} {line.strip()}", [])
        else:
            questions.append((line.strip(), []))
    if not questions:
        raise CourseError("This quiz has no question.")
    return [_question(asked, choices) for asked, choices in questions]


def _question(asked: str, found: list[list[str]]) -> Question:
    choices = []
    for first, *sentences in found:
        parts = CHOICE.fullmatch(first)
        if not parts or not sentences:
            raise CourseError(
                f"In the quiz, under “{asked}”: write a choice as “- [ ] text” (“- [x] text” if it is right), and "
                f"under it, two spaces to the right, what it is answered with. “{first}” is not like that."
            )
        choices.append(Choice(parts["text"], parts["mark"] == "x", " ".join(sentences)))
    if sum(choice.is_right for choice in choices) != 1 or len(choices) < 2:
        raise CourseError(f"In the quiz, “{asked}” needs one right choice, “- [x] …”, and one that is not.")
    return Question(asked, tuple(choices))


class Quiz(StaticFallback):
    """Questions with buttons to choose from.

    Attributes
    ----------
    questions : what is asked.
    chosen : for each question the number of the choice that was pressed last, or None.
    """

    def __init__(self, questions: list[Question]):
        self.questions = questions
        shown = [
            {
                "asked": one.asked,
                "choices": [
                    {"text": choice.text, "right": choice.is_right, "told": choice.told}
                    for choice in one.choices
                ],
            }
            for one in questions
        ]
        self._view = _View(questions=shown, chosen=[None] * len(questions))
        super().__init__([self._view])

    @property
    def chosen(self) -> list[int | None]:
        return list(self._view.chosen)

    def as_html(self) -> str:
        """See :class:`StaticFallback`: each choice unfolds, which a browser does by itself."""
        items = []
        for one in self.questions:
            choices = "".join(
                f"<details><summary>{html.escape(choice.text)}</summary><p>{html.escape(choice.told)}</p></details>"
                for choice in one.choices
            )
            items.append(f"<li><p><strong>{html.escape(one.asked)}</strong></p>{choices}</li>")
        return f"<ol>{''.join(items)}</ol>"


class _View(anywidget.AnyWidget):
    questions: traitlets.List = traitlets.List().tag(sync=True)
    chosen: traitlets.List = traitlets.List().tag(sync=True)
    _esm = """
    let quizzes = 0;
    function make(tag, attributes, ...inside) {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      made.append(...inside);
      return made;
    }
    function render({ model, el }) {
      const quiz = ++quizzes;
      // JupyterLab takes Enter and the space bar for its own commands.
      const list = make("ol", { class: "course-quiz", "data-lm-suppress-shortcuts": "true" });
      const shown = model.get("questions").map((question, number) => {
        const id = `course-quiz-${quiz}-${number}`;
        const told = make("p", { role: "status" });
        const buttons = question.choices.map((choice, at) => {
          const mark = make("span", { "aria-hidden": "true" });
          const button = make("button", { type: "button", "aria-pressed": "false" }, mark, choice.text);
          button.addEventListener("click", () => {
            const chosen = [...model.get("chosen")];
            chosen[number] = at;
            model.set("chosen", chosen);
            model.save_changes();
          });
          return { button, mark, choice };
        });
        const asked = make("p", { id, class: "course-quiz-asked" }, question.asked);
        const group = make("div", { role: "group", "aria-labelledby": id }, ...buttons.map((one) => one.button));
        list.append(make("li", {}, asked, group, told));
        return { buttons, told };
      });
      const update = () => shown.forEach(({ buttons, told }, number) => {
        const chosen = model.get("chosen")[number];
        buttons.forEach(({ button, mark, choice }, at) => {
          const is_chosen = at === chosen;
          button.setAttribute("aria-pressed", String(is_chosen));
          mark.textContent = is_chosen ? (choice.right ? "✓ " : "✗ ") : "";
        });
        const sentence = chosen === null || chosen === undefined ? "" : buttons[chosen].choice.told;
        if (told.textContent !== sentence) told.textContent = sentence;
      });
      model.on("change:chosen", update);
      update();
      el.append(list);
      return () => model.off("change:chosen", update);
    }
    export default { render };
    """
    _css = """
    .course-quiz {
      max-width: 44em; padding-left: 1.6em; font-size: var(--jp-content-font-size1, 14px); line-height: 1.5;
    }
    .course-quiz > li { margin-bottom: 1.2em; }
    .course-quiz-asked { font-weight: 600; margin: 0 0 0.4em; }
    .course-quiz button {
      display: block; width: 100%; margin: 0.3em 0; padding: 0.5em 0.8em; text-align: left; font: inherit;
      line-height: 1.4; color: inherit; background: transparent; border: 1px solid #767676; border-radius: 4px;
      cursor: pointer;
    }
    .course-quiz button:hover { border-color: currentColor; }
    .course-quiz button:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
    .course-quiz button[aria-pressed="true"] { border: 2px solid currentColor; font-weight: 600; }
    .course-quiz [role="status"]:not(:empty) { margin: 0.5em 0 0; padding-left: 0.8em; border-left: 3px solid #0072b2; }
    """
