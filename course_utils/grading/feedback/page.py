"""The page that a student gets back, from an autograded notebook into which the gradebook's marks were written.

It takes nothing for granted: a notebook graded by stock nbgrader, or one with metadata of the student's own making,
gives a page too. The points are always those of the gradebook.
"""

import base64
import html
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import jinja2
from bs4 import BeautifulSoup
from markupsafe import Markup
from nbconvert.filters.ansi import strip_ansi
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from course_utils.grading.assignment import grade_id_of
from course_utils.grading.execution.job import State
from course_utils.grading.feedback.sanitise import (
    MOST_PICTURES,
    clean_html,
    clean_outputs,
    is_safe,
    markdown_to_html,
    pictures_shown,
    without_pictures,
)
from course_utils.messages import say

LONGEST_SENTENCE = 2000  # characters of one message
MANY_COLUMNS = 7  # of a table: a wider one may have to be scrolled
MOST_LINES, MOST_CHARACTERS = 40, 4000  # of one output of text: the rest is left out
MOST_IN_ALL = 4_000_000  # characters of a page, pictures apart; an honest one has some hundred thousand
KEYS = {
    State.RIGHT: "right",
    State.PARTLY: "partly",
    State.NOT_ATTEMPTED: "not_attempted",
    State.NOT_THERE: "not_there",
    State.ERROR: "error",
    State.WRONG: "wrong",
    State.OUR_FAULT: "our_fault",
}
# What each state means, in the catalogue: a sentence under its name.
MEANS = {
    "right": "right_means",
    "partly": "partly_means",
    "not_attempted": "not_attempted_means",
    "not_there": "not_there_means",
    "error": "error_means",
    "wrong": "wrong_means",
    "our_fault": "our_fault_means",
    "missed": "missed_means",
    "waiting": "waiting_means",
    "marked": "marked_means",
}
HEADING = re.compile(r"^ {0,3}(#{2,6})[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
TITLE = re.compile(r"^ {0,3}#[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
POINTS = re.compile(r"\s*\(\d+(?:[.,]\d+)?\s+points?\b[^()]*\)\s*$")
SCHEME = re.compile(r"^=+ BEGIN MARK SCHEME =+$(.*?)^=+ END MARK SCHEME =+$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """One graded cell. ``key`` names its state in the catalogue, ``score`` is None while nobody has given points."""

    grade_id: str
    key: str
    means: tuple[str, ...]
    message: str
    score: float | None
    points: float
    review: bool

    @property
    def label(self) -> str:
        return say(f"feedback.{self.key}")


@dataclass(frozen=True)
class Block:
    """A part of the notebook as it is shown: ``kind`` is question, answer, extra, setup, test or words."""

    kind: str
    code: Markup | None = None
    words: Markup | None = None
    outputs: tuple[Markup, ...] = ()
    rubric: Markup | None = None


class Allowance:
    """How much more of a student's work fits into the page: pictures, and everything else."""

    def __init__(self):
        self.pictures, self.other = MOST_PICTURES, MOST_IN_ALL

    def take(self, part: Markup, instead: Markup | None = None) -> Markup:
        """The part, if there is allowance for it; else what is shown ``instead`` of it, if that is shorter, or a sentence."""
        left = "pictures" if ";base64," in part else "other"
        if len(part) <= getattr(self, left):
            setattr(self, left, getattr(self, left) - len(part))
            return part
        if instead is not None:
            return self.take(instead)
        return Markup('<p class="quiet">{}</p>').format(say("feedback.page_full"))


@dataclass
class Question:
    """What belongs to one heading: its marks, and the cells from there to the next one."""

    title: str
    marks: list[Mark] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    comments: list[Markup] = field(default_factory=list)
    anchor: str = ""

    @property
    def key(self) -> str:
        keys = {mark.key for mark in self.marks}
        if len(keys) == 1:
            return keys.pop()
        first = [key for key in ("our_fault", "waiting") if key in keys]
        return first[0] if first else "mixed"

    @property
    def label(self) -> str:
        return say(f"feedback.{self.key}")

    @property
    def score(self) -> float | None:
        given = [mark.score for mark in self.marks if mark.score is not None]
        return sum(given) if given else None

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.marks)

    @property
    def review(self) -> bool:
        return any(mark.review for mark in self.marks)

    def of_kind(self, *kinds: str) -> list[Block]:
        return [block for block in self.blocks if block.kind in kinds]


def page(nb, resources) -> str:
    """The HTML page.

    Parameters
    ----------
    nb : the autograded notebook, after ``ReadMarks`` and ``HideTests``.
    resources : those of nbgrader's converter; ``resources["nbgrader"]`` holds ``student``, ``assignment``,
        ``notebook``, ``score`` (the late penalty taken off), ``max_score`` and ``late_penalty``.
    """
    names = resources["nbgrader"]
    before, questions = _questions(nb.cells)
    for number, question in enumerate(questions, start=1):
        question.anchor = f"question-{number}"
    waiting = [question for question in questions if any(mark.score is None for mark in question.marks)]
    penalty = _number(names.get("late_penalty")) or 0
    score = _number(names.get("score")) or 0
    return _template().render(
        title=_title(nb.cells) or names["assignment"],
        assignment=names["assignment"],
        notebook=names["notebook"],
        student=names["student"],
        name=names.get("name", ""),
        score=score,
        before_penalty=score + penalty,
        points=_number(names.get("max_score")) or 0,
        penalty=penalty,
        questions=questions,
        waiting=waiting,
        reviewed=[question for question in questions if question.review and question not in waiting],
        notes=_notes(nb.metadata),
        before=before,
    )


# ---- from cells to questions -------------------------------------------------------------------------------


def _questions(cells) -> tuple[list[Block], list[Question]]:
    graded = [place for place, cell in enumerate(cells) if _is_graded(cell)]
    starts: dict[int, Question] = {}
    last, current = -1, None
    of_question: dict[int, Question] = {}
    for place in graded:
        heading = _heading_place(cells, last + 1, place)
        if heading is not None or current is None or not current[1]:
            title = _heading(cells[heading]) if heading is not None else ""
            question = Question(title or grade_id_of(cells[place]) or "")
            start = heading if heading is not None else last + 1
            starts[start] = question
            current = (question, heading is not None)
        of_question[place] = current[0]
        last = place
    before, question = [], None
    asked: set[int] = set()  # questions of which the task stands above
    allowance = Allowance()
    for place, cell in enumerate(cells):
        if place in starts:
            question = starts[place]
        if place in of_question:
            _add_mark(of_question[place], cell)
            asked |= {id(of_question[place])} if _marks(cell).get("task") else set()
        if question and (comment := _comment(_marks(cell))):
            question.comments.append(comment)
        blocks = before if question is None else question.blocks
        block = _block(cell, allowance, is_prompt=place in starts)
        if block and block.kind == "words" and id(question) in asked:
            block = _in_words(block, cell)
        if block:
            blocks.append(block)
    for question in starts.values():
        _say_what_is_blank(question, is_asked=id(question) in asked)
    return before, list(starts.values())


def _in_words(block: Block, cell) -> Block | None:
    """What stands below a task is the answer to it, but for the line that was to be written over."""
    return None if _is_untouched(cell) else replace(block, kind="answer")


def _is_untouched(cell) -> bool:
    return _mapping(cell.metadata.get("course")).get("untouched") is True


def _say_what_is_blank(question: Question, *, is_asked: bool) -> None:
    if is_asked and not question.of_kind("answer"):
        question.blocks.append(_blank())


def _blank() -> Block:
    said = Markup('<p class="quiet">{}</p>').format(say("feedback.answer_not_attempted"))
    return Block("answer", words=said)


def _is_graded(cell) -> bool:
    marks = _marks(cell)
    return bool(marks.get("grade") or marks.get("task")) and _number(marks.get("points")) is not None


def _heading_place(cells, first: int, last: int) -> int | None:
    """Where the question begins whose graded cell stands at ``last``: at the last locked cell with a heading."""
    found = [
        place
        for place in range(first, last + 1)
        if cells[place].cell_type == "markdown"
        and HEADING.search(cells[place].source)
        and not _marks(cells[place]).get("solution")
    ]
    locked = [
        place for place in found if _marks(cells[place]).get("locked") or _marks(cells[place]).get("task")
    ]
    if locked:
        return locked[-1]
    begins = [place for place in found if HEADING.match(cells[place].source.lstrip())]
    return begins[0] if begins else None


def _heading(cell) -> str:
    return POINTS.sub("", _bare(HEADING.search(cell.source)[2]))


def _title(cells) -> str:
    return next(
        (
            _bare(found[1])
            for cell in cells
            if cell.cell_type == "markdown" and (found := TITLE.search(cell.source))
        ),
        "",
    )


def _bare(markdown: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markdown_to_html(markdown))).replace("¶", "").strip()


def _notes(metadata) -> list[str]:
    notes = _mapping(metadata.get("course")).get("notes")
    return [_sentence(note) for note in notes if isinstance(note, str)] if isinstance(notes, list) else []


# ---- marks -------------------------------------------------------------------------------------------------


def _add_mark(question: Question, cell) -> None:
    marks = _marks(cell)
    points = _number(marks.get("points")) or 0
    score, manual = _number(marks.get("score")) or 0, _number(marks.get("manual_score"))
    auto = _number(marks.get("auto_score"))
    if "auto_score" not in marks:
        auto = score
    pending = bool(marks.get("pending"))
    by_hand = bool(marks.get("task") or marks.get("solution"))
    key = _state(cell, auto, points, pending)
    means, message = [], "" if by_hand else _message(cell, key)
    if by_hand and manual is None:
        key = "waiting" if pending or auto is None else ("not_attempted" if auto == 0 else "marked")
        means.append(say(f"feedback.{MEANS[key]}"))
    elif manual is not None:
        means.append(say("feedback.marked_again_means" if pending else "feedback.marked_means"))
        if not by_hand:
            means[0] = say("feedback.overruled_means", label=say(f"feedback.{key}"))
        key = "marked"
    else:
        means.append(say(f"feedback.{MEANS[key]}"))
        if pending and key != "our_fault":
            means.append(say("feedback.review_means"))
    means += _added_by_hand(marks)
    decided = manual is not None or (auto is not None and key != "waiting")
    mark = Mark(
        grade_id=grade_id_of(cell) or "",
        key=key,
        means=tuple(means),
        message=message,
        score=score if decided else None,
        points=points,
        review=pending,
    )
    question.marks.append(mark)


def _added_by_hand(marks: Mapping) -> list[str]:
    extra = _number(marks.get("extra_credit")) or 0
    if not extra:
        return []
    one, several = (
        ("added_by_hand", "added_by_hand_several")
        if extra > 0
        else ("taken_off_by_hand", "taken_off_by_hand_several")
    )
    return [say(f"feedback.{one if abs(extra) == 1 else several}", points=_amount(abs(extra)))]


def _state(cell, score: float | None, points: float, pending: bool) -> str:
    """What the test runner found, where it agrees with the points; else what can be told from the points."""
    about = _mapping(cell.metadata.get("course"))
    try:
        state = State(about.get("state"))
    except ValueError:
        state = None
    if score is None:
        return "our_fault" if state in (None, State.OUR_FAULT) else KEYS[state]
    failed = any(output.get("output_type") == "error" for output in cell.get("outputs", []))
    agrees = {
        State.RIGHT: score >= points,
        State.PARTLY: 0 < score < points,
        State.OUR_FAULT: pending,
    }
    if state and agrees.get(state, score == 0):
        return KEYS[state]
    if score >= points and not (points == 0 and failed):
        return "right"
    return "partly" if score > 0 else "missed"


def _message(cell, key: str) -> str:
    if key == "our_fault":
        return ""
    message = _mapping(cell.metadata.get("course")).get("message")
    if isinstance(message, str) and message.strip():
        return _sentence(message)
    for output in cell.get("outputs", []):
        if output.get("output_type") == "error":
            lines = output.get("traceback") or [output.get("evalue", "")]
            return _sentence(str(lines[-1]))
    return say("feedback.try") if key in ("wrong", "partly", "missed") else ""


def _comment(marks: Mapping) -> Markup | None:
    comment = marks.get("comment")
    return _tidy(markdown_to_html(comment)) if isinstance(comment, str) and comment.strip() else None


# ---- blocks ------------------------------------------------------------------------------------------------


def _block(cell, allowance: Allowance, *, is_prompt: bool) -> Block | None:
    marks = _marks(cell)
    if cell.cell_type == "code":
        return _code_block(cell, marks, allowance)
    source = cell.source
    if is_prompt:
        source = HEADING.sub("", source, count=1)
    if not source.strip():
        return None
    if marks.get("task"):
        source, _, rubric = _without_scheme(source)
        if _number(marks.get("manual_score")) is not None and rubric.strip():
            return Block("question", words=_words(source, cell), rubric=_words(rubric, cell))
    if cell.cell_type == "raw":
        return Block("words", words=allowance.take(_as_text(source)))
    if marks.get("solution") and _is_untouched(cell):
        return _blank()
    kind = "answer" if marks.get("solution") else "question" if is_prompt or marks.get("locked") else "words"
    return Block(kind, words=_words(source, cell, None if marks.get("locked") else allowance))


def _without_scheme(source: str) -> tuple[str, str, str]:
    found = SCHEME.search(source)
    if not found:
        return source, "", ""
    return SCHEME.sub("", source), "", found[1]


def _code_block(cell, marks: Mapping, allowance: Allowance) -> Block | None:
    about = _mapping(cell.metadata.get("course"))
    cell_error = _mapping(about.get("cell_error"))
    line = cell_error.get("line")
    line = line if type(line) is int and line > 0 else None
    if marks.get("grade") and not marks.get("solution"):
        return Block("test", code=_coloured(cell.source)) if cell.source.strip() else None
    kind = "answer" if marks.get("solution") else "setup" if marks.get("locked") else "extra"
    clean = clean_outputs(cell.get("outputs", []))
    stops = [place for place, output in enumerate(clean) if output.output_type == "error"][-1:]
    outputs = tuple(
        allowance.take(_output(output, cell_error if place in stops else {}))
        for place, output in enumerate(clean)
    )
    if not cell.source.strip() and not outputs:
        return None
    code = allowance.take(_coloured(cell.source, line), Markup(html.escape(cell.source)))
    return Block(kind, code=code, outputs=outputs)


def _output(output, cell_error: Mapping) -> Markup:
    if output.output_type == "stream":
        return _cut(strip_ansi(output.text), "warned" if output.name == "stderr" else "")
    if output.output_type == "error":
        kind, words = cell_error.get("kind"), cell_error.get("said")
        if not (isinstance(kind, str) and kind.strip() and isinstance(words, str)):
            kind, words = output.ename, output.evalue
        said = _sentence(strip_ansi(f"{kind}: {words}".rstrip(": ")))
        line, code = cell_error.get("line"), cell_error.get("code")
        if type(line) is int and isinstance(code, str) and code.strip():
            said = say("feedback.error_in_line", error=said, line=line, code=_sentence(code.strip()))
        return Markup('<p class="stopped">{}</p>').format(said)
    for kind, show in SHOWN.items():
        if kind in output.data:
            return show(output, kind)
    return _cut(output.data.get("text/plain", ""))


def _picture(output, kind: str) -> Markup:
    data = output.data[kind]
    data = base64.b64encode(data.encode()).decode() if kind == "image/svg+xml" else "".join(data.split())
    alt = _mapping(output.metadata.get(kind)).get("alt") or say("feedback.picture")
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, data, alt)


def _page_in_page(output, kind: str) -> Markup:
    text = output.data[kind]
    return _tidy(markdown_to_html(text) if kind == "text/markdown" else clean_html(text))


def _formula(output, kind: str) -> Markup:
    return _cut(output.data[kind])


SHOWN = {
    "text/html": _page_in_page,
    "text/markdown": _page_in_page,
    "image/svg+xml": _picture,
    "image/png": _picture,
    "image/jpeg": _picture,
    "image/gif": _picture,
    "image/webp": _picture,
    "text/latex": _formula,
}


def _coloured(source: str, line: int | None = None) -> Markup:
    lexer = get_lexer_by_name("ipython3", stripnl=False)
    # Colour by kind of word; where an error happened, the line is marked, too.
    formatter = HtmlFormatter(nowrap=True, hl_lines=[line] if line else [])
    return Markup(highlight(source, lexer, formatter).rstrip("\n"))


def _cut(text: str, kind: str = "") -> Markup:
    """The beginning of a text, and a sentence where there is more of it."""
    lines = text.rstrip().splitlines()
    whole = "\n".join(lines)
    first = "\n".join(lines[:MOST_LINES])[:MOST_CHARACTERS]
    if len(first) == len(whole):
        return _as_text(whole, kind)
    counts = {"lines": f"{len(lines):,}", "characters": f"{len(whole):,}"}
    said = say("feedback.too_long", **counts) if len(lines) > 1 else say("feedback.too_long_line", **counts)
    return Markup('{}<p class="quiet">{}</p>').format(_as_text(f"{first}\n…", kind), said)


def _as_text(text: str, kind: str = "") -> Markup:
    return Markup('<pre class="{}">{}</pre>').format(kind, text)


def _words(source: str, cell, allowance: Allowance | None = None) -> Markup:
    """``allowance`` is given for what a student wrote."""
    pictures = _mapping(cell.get("attachments"))
    if allowance and pictures_shown(source, pictures) > allowance.pictures:
        source, pictures = without_pictures(source), {}
    shown = _tidy(markdown_to_html(source, pictures))
    return allowance.take(shown, _as_text(source)) if allowance else shown


def _tidy(page: str) -> Markup:
    """Safe HTML made fit for this page: headings in order, every picture described, no part of a list alone."""
    soup = BeautifulSoup(page, "html.parser")
    for link in soup.select("a.anchor-link"):
        link.decompose()
    level = 2
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        if not heading.get_text(strip=True) and not heading.find("img"):
            heading.decompose()
            continue
        level = min(level + 1, max(3, int(heading.name[1])))
        heading.name = f"h{level}"
    for picture in soup.find_all("img"):
        name = picture.get("alt", "").strip()
        if picture.get("src", "").startswith("data:"):
            picture["alt"] = name or say("feedback.picture")
        else:
            picture.replace_with(say("feedback.picture_beside", name=name or picture.get("src", "")))
    for link in soup.find_all("a"):
        if link.get("href", "").startswith(("http://", "https://", "mailto:")) and link.get_text(strip=True):
            continue
        link.unwrap()
    for name, parents in {"li": ("ul", "ol"), "dt": ("dl",), "dd": ("dl",), "summary": ("details",)}.items():
        for part in soup.find_all(name):
            if part.parent.name not in parents:
                part.name = "div"
    for cell in soup.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"
    for part in soup.find_all(True):
        kept = {"src", "alt", "href", "title", "colspan", "rowspan", "start", "lang", "dir", "open"}
        # A student's colours might be ones that others cannot read.
        align = re.search(r"text-align:\s*(left|right|center)", part.get("style", ""))
        coloured = part.name == "span" or {"highlight", "dataframe"} & set(part.get("class", []))
        part.attrs = {
            key: value for key, value in part.attrs.items() if key in kept or (key == "class" and coloured)
        }
        if align:
            part["style"] = f"text-align: {align[1]}"
    if not is_safe(str(soup)):
        return _as_text(soup.get_text())
    for link in soup.find_all("a"):
        link["rel"] = "noopener noreferrer"
    for table in soup.find_all("table"):
        if "dataframe" in table.get("class", []) or _columns(table) > MANY_COLUMNS:
            table.wrap(soup.new_tag("div", attrs={"class": "wide", "tabindex": "0", "role": "group"}))
            table.parent["aria-label"] = say("feedback.wide_table")
    return Markup(str(soup))


def _columns(table) -> int:
    return max((len(row.find_all(["td", "th"])) for row in table.find_all("tr")), default=0)


# ---- small parts -------------------------------------------------------------------------------------------


def _marks(cell) -> dict:
    return _mapping(cell.metadata.get("nbgrader"))


def _mapping(value) -> Mapping:
    return value if isinstance(value, Mapping) else {}


def _number(value) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _sentence(text: str) -> str:
    text = strip_ansi(text).strip()
    return text if len(text) <= LONGEST_SENTENCE else text[:LONGEST_SENTENCE] + " …"


def _amount(value: float) -> str:
    return f"{round(value, 2):g}"


def _template() -> jinja2.Template:
    world = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    world.filters["amount"] = _amount
    return world.get_template("page.html.jinja")
