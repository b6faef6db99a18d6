"""What a reader would stumble over, found before a reader does.

- the name that a prompt asks for is the one that is tested, and its points are those of the heading;
- a name in code type is a column, a table, or something that the page itself makes;
- every term is introduced, in bold, before it is used, and explained once, under *Words learned*;
- every objective has a question, and every question an objective;
- an assignment's heading tells it from its lesson, and it says how to work in the words of all assignments;
- students see at most three lines of a test cell, and it makes no name that they might use;
- every question is declared, with right answers and slips;
- every word of code that a lesson teaches is explained, and a lesson's main road has at most fifteen new ones;
- a quiz has five questions, each with one right choice, a sentence for every choice, and its text out of sight;
- one sentence a line;
- none of the turns of phrase in ``phrases.toml``.
"""

import ast
import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

import course_utils
from course_utils.authoring import code_words, phrases
from course_utils.authoring.notebooks import LESSON, read_lessons, read_notebook
from course_utils.authoring.sync import SHARED, SHARED_CELL
from course_utils.checks.questions import Function, Question, file_of, read
from course_utils.display.quiz import read_quiz
from course_utils.errors import CourseError
from course_utils.tables import SCHEMAS

WORDS = "Words learned"
TEST = "test_"
HIDDEN = re.compile(r"(?ms)^### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS\n?")
MOST_SHOWN = 3  # lines of a test cell
IN_A_QUIZ = 5  # questions
MOST_NEW_WORDS = 15  # of code, on a lesson's main road: what a class of 90 minutes can take in
LEAST_RIGHT, LEAST_SLIPS = 2, 3
TERM = re.compile(r"(?m)^- \*\*(?P<term>[^*]+)\*\*: (?P<meaning>.+(?:\n  .+)*)")
OBJECTIVE = re.compile(r"(?m)^(?P<number>\d+)\. .+")
PRACTICES = re.compile(r"\*Practices objectives? (?P<numbers>\d+(?:(?:, | and )\d+)*)\.\*")
POINTS = re.compile(r"(?m)^### Question \d+ · .+\((?P<points>\d+) points?\b")
CODE = re.compile(r"`([^`\n]+)`")
# The title of a page, and what is set in italics and begins with a capital letter: the title of a reading.
TITLE = re.compile(r"(?m)^# .+$|(?<!\*)\*[A-Z][^*\n]+\*(?!\*)")
NAME = re.compile(r"[A-Za-z_]\w*")
TWO_SENTENCES = re.compile(r"[a-z0-9)`*”\"][.!?]\*{0,2} (?=[A-Z“\"*(])(?!\()")
NOT_PROSE = re.compile(r"^\s*(\||#|<|```|!\[|=== )")
ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|vs|No|St|Dr|Mr|Ms)\. ")


@dataclass(frozen=True)
class Finding:
    """Something to mend: in which file, under which heading, and what."""

    file: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: {self.sentence}"


@dataclass(frozen=True)
class Term:
    """A word of the glossary, and the lesson that introduces it."""

    term: str
    meaning: str
    lesson: str


def lint(kit: Path) -> list[Finding]:
    """All findings in the lessons and assignments of the kit, in the order of the course."""
    lessons = read_lessons(kit)
    assignments = {
        path.stem: read_notebook(path) for path in sorted((kit / "assignments/source").glob("*/*.ipynb"))
    }
    findings = [*_terms_in_order(lessons, assignments), *_code_words_are_taught(lessons)]
    for name, notebook in lessons.items():
        findings += [
            *_names_resolve(name, notebook),
            *_quizzes_are_whole(name, notebook),
            *_one_sentence_a_line(name, notebook),
        ]
    for name, notebook in assignments.items():
        findings += [
            *_names_resolve(name, notebook, lessons.get(LESSON + name), _columns_tried(_declared(kit, name))),
            *_one_sentence_a_line(name, notebook),
        ]
        findings += [
            *_begins_as_all_do(name, notebook),
            *_questions_ask_what_they_test(name, notebook, _declared(kit, name)),
        ]
        if LESSON + name in lessons:
            findings += _objectives_are_practiced(name, lessons[LESSON + name], notebook)
    return [*findings, *_is_said_plainly(kit)]


def in_files(kit: Path, names: Iterable[str]) -> list[phrases.Found]:
    """The turns of phrase to avoid in these files only, whether they are still to be mended or not.

    Raises
    ------
    CourseError
        If a file is not there.
    """
    paths = [Path(name).resolve() for name in names]
    for path in paths:
        if not path.is_file():
            raise CourseError(
                f"There is no file {path}: name a text, such as notebooks/text/00_start_here.md."
            )
    return [found for path in paths for found in phrases.look(kit.resolve(), path)]


def _declared(kit: Path, assignment: str) -> dict[str, type[Question]]:
    path = file_of(kit / "assignments", assignment)
    return read(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else {}


def terms(lessons: dict[str, nbformat.NotebookNode]) -> list[Term]:
    """The glossary: every term of every lesson, in the order in which they are introduced."""
    return [
        Term(found["term"], " ".join(found["meaning"].split()), name)
        for name, notebook in lessons.items()
        for cell in notebook.cells
        if cell.cell_type == "markdown" and f"## {WORDS}" in cell.source
        for found in TERM.finditer(cell.source)
    ]


def glossary(kit: Path) -> str:
    """The text of docs/glossary.md: all terms from A to Z, each with the lesson that introduces it."""
    lessons = read_lessons(kit)
    lines = ["# Glossary", "", "Every term of the course, and the lesson that introduces it.", ""]
    for term in sorted(terms(lessons), key=lambda term: term.term.casefold()):
        lines.append(f"- **{term.term}** ([{term.lesson}](../notebooks/{term.lesson}.ipynb)): {term.meaning}")
    return "\n".join(lines) + "\n"


# ---- questions ---------------------------------------------------------------------------------------------


def _questions_ask_what_they_test(
    file: str, notebook, declared: Mapping[str, type[Question]]
) -> Iterator[Finding]:
    cells = {_grade_id(cell): cell for cell in notebook.cells if _grade_id(cell)}
    tested = [name.removeprefix(TEST) for name in cells if name.startswith(TEST)]
    for name in tested:
        test, prompt, answer = cells[TEST + name], cells.get(f"prompt_{name}"), cells.get(name)
        if prompt is None or answer is None:
            yield Finding(
                file, TEST + name, f"there is no cell prompt_{name}, or no cell {name}, to go with this test"
            )
            continue
        if declared and name not in declared:
            yield Finding(file, name, "its right answer is not declared in assignments/questions/")
        elif declared:
            yield from _fits_its_declaration(file, declared[name], prompt, test)
        if not re.search(rf"`{name}[`(]", prompt.source):
            yield Finding(
                file, f"prompt_{name}", f"the prompt does not name `{name}`, which is what is tested"
            )
        stub = re.sub(r"(?s)[ \t]*### BEGIN SOLUTION.*?### END SOLUTION", "", answer.source)
        if not re.search(r"= \.\.\.", stub) or name not in stub:
            yield Finding(file, name, f"students find no line “{name} = ...”, or function {name}, to fill in")
    for name, cell in cells.items():
        if cell.metadata["nbgrader"].get("solution") and cell.cell_type == "code" and name not in tested:
            yield Finding(file, name, f"no test cell test_{name} goes with this answer")
    for name in sorted(set(declared) - set(tested)):
        yield Finding(file, name, "it is declared in assignments/questions/, and no test cell asks for it")


def _begins_as_all_do(file: str, notebook) -> Iterator[Finding]:
    begins = f"# Assignment {int(file.split('_')[0])} · "
    if not notebook.cells[0].source.startswith(begins):
        yield Finding(
            file, "heading", f"its heading must begin with “{begins}”, so that it is not taken for its lesson"
        )
    if SHARED_CELL not in map(_grade_id, notebook.cells):
        yield Finding(
            file, "how to work", f"it has no cell {SHARED_CELL}, into which course sync puts {SHARED}"
        )


def _fits_its_declaration(file: str, question: type[Question], prompt, test) -> Iterator[Finding]:
    name, place = question.name, f"prompt_{question.name}"
    said = POINTS.search(prompt.source)
    points = test.metadata["nbgrader"].get("points")
    if not said or not float(said["points"]) == points == question.points:
        yield Finding(
            file,
            place,
            f"the heading, the test cell and the declaration must agree on the points: declared are {question.points:g}",
        )
    practiced = PRACTICES.search(prompt.source)
    if practiced and str(question.objective) not in re.findall(r"\d+", practiced["numbers"]):
        yield Finding(
            file, place, f"objective {question.objective} is declared, and the prompt says otherwise"
        )
    shown = HIDDEN.sub("", test.source)
    if HIDDEN.findall(test.source) != [f'expect("{name}").is_right()']:
        yield Finding(file, TEST + name, f'its hidden part must be one line: expect("{name}").is_right()')
    if len([line for line in shown.splitlines() if line.strip()]) > MOST_SHOWN:
        yield Finding(file, TEST + name, f"students see more than {MOST_SHOWN} lines of it")
    if f'expect("{name}").{question.form}' not in shown:
        yield Finding(file, TEST + name, f'students see no expect("{name}").{question.form}(…) of its form')
    for made in re.findall(r"(?m)^\s*([A-Za-z]\w*)\s*=[^=]", shown):
        yield Finding(
            file, TEST + name, f"it makes {made}, which may be a student's own name: call it _{made}"
        )
    if len(question.also_right) < LEAST_RIGHT or len(question.slips) < LEAST_SLIPS:
        yield Finding(
            file, name, f"at least {LEAST_RIGHT} right answers and {LEAST_SLIPS} slips are to be declared"
        )

    for example, one, other in question.alike() if issubclass(question, Function) else ():
        yield Finding(
            file,
            name,
            f"{one} and {other} lead to the same value in {example}, and are told different things",
        )


def _objectives_are_practiced(file: str, lesson, assignment) -> Iterator[Finding]:
    objectives = _objectives(lesson)
    practiced: set[int] = set()
    for cell in assignment.cells:
        if cell.cell_type != "markdown" or not re.search(r"(?m)^### Question", cell.source):
            continue
        found = PRACTICES.search(cell.source)
        if not found:
            yield Finding(file, _place(cell), "the question does not say which objective it practices")
            continue
        numbers = {int(number) for number in re.findall(r"\d+", found["numbers"])}
        practiced |= numbers
        for number in sorted(numbers - objectives):
            yield Finding(file, _place(cell), f"the lesson has no objective {number}")
    for number in sorted(objectives - practiced):
        yield Finding(file, "objectives", f"no question practices objective {number}")


def _objectives(lesson) -> set[int]:
    for cell in lesson.cells:
        if cell.cell_type == "markdown" and "you can\n" in cell.source:
            return {
                int(found["number"]) for found in OBJECTIVE.finditer(cell.source.split("you can\n", 1)[1])
            }
    return set()


# ---- quizzes -----------------------------------------------------------------------------------------------


def _quizzes_are_whole(file: str, notebook) -> Iterator[Finding]:
    for cell in notebook.cells:
        for text in _quizzes(cell) if cell.cell_type == "code" else ():
            try:
                questions = read_quiz(text)
            except CourseError as problem:
                yield Finding(file, "quiz", str(problem))
                continue
            if len(questions) != IN_A_QUIZ:
                yield Finding(file, "quiz", f"it has {len(questions)} questions, and should have {IN_A_QUIZ}")
            if not cell.metadata.get("jupyter", {}).get("source_hidden"):
                yield Finding(
                    file,
                    "quiz",
                    "its cell shows the answers: give it the metadata jupyter: source_hidden: true",
                )


def _quizzes(cell) -> list[str]:
    """The texts that the cell calls ``quiz`` with."""
    return [
        node.args[0].value
        for node in ast.walk(_parsed(cell.source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "quiz"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


# ---- names -------------------------------------------------------------------------------------------------


def _names_resolve(file: str, notebook, lesson=None, tried: Iterable[str] = ()) -> Iterator[Finding]:
    """``lesson`` is the one that an assignment comes after: its prompts may speak of names that the lesson made.

    ``tried`` are the columns of tables on which a test tries a function.
    """
    made, texts = set(), set(tried)
    for cell in [*notebook.cells, *(lesson.cells if lesson else [])]:
        if cell.cell_type == "code":
            tree = _parsed(cell.source)
            made |= _made(tree)
            texts |= _texts_outside_brackets(tree)
    columns = {column.name for table in SCHEMAS.values() for column in table.columns}
    known = (
        columns | set(SCHEMAS) | made | set(course_utils.__all__) | set(dir(builtins)) | set(keyword.kwlist)
    )
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"(?s)```.*?```", "", cell.source)
            for span in CODE.findall(prose):
                name = span.removesuffix("?").split("(")[0]
                if (
                    NAME.fullmatch(name)
                    and name not in known | texts
                    and not _is_a_page(name)
                    and not _is_pandas(name)
                ):
                    yield Finding(
                        file,
                        _place(cell),
                        f"`{span}` is no column, no table, and nothing that this page makes",
                    )
        elif "raises-exception" not in cell.metadata.get("tags", []):
            for column in _in_brackets(_parsed(cell.source)):
                if column not in columns | texts:
                    yield Finding(
                        file,
                        _place(cell),
                        f'there is no column "{column}" in the schemas, and the page makes none',
                    )


def _columns_tried(declared: Mapping[str, type[Question]]) -> set[str]:
    """The columns of the tables in the examples of visible tests, which students can look at."""
    tried = [example for question in declared.values() for example in getattr(question, "tries", ())]
    # What an example takes from a library has the columns of the library's tables.
    examples = [example for example in tried if not callable(example.arguments)]
    tables = [table for example in examples for table in example.given.values() if hasattr(table, "columns")]
    return {str(column) for table in tables for column in table.columns}


def _made(tree: ast.AST) -> set[str]:
    made = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    made |= {
        arg.arg for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for arg in node.args.args
    }
    made |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    aliases = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return made | {(alias.asname or alias.name).split(".")[0] for node in aliases for alias in node.names}


def _in_brackets(tree: ast.AST) -> list[str]:
    """The texts in ``table["…"]``, ``table[["…", "…"]]`` and ``table.loc[…, "…"]``."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            part = node.slice
            parts = part.elts if isinstance(part, ast.List | ast.Tuple) else [part]
            found += [p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)]
    return found


def _texts_outside_brackets(tree: ast.AST) -> set[str]:
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    for text in _in_brackets(tree):
        texts.remove(text)
    stored = (
        node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.slice, ast.Constant)
    )
    return {*texts, *stored}


def _is_pandas(name: str) -> bool:
    import pandas as pd

    return any(hasattr(thing, name) for thing in (pd, pd.Series, pd.DataFrame)) or name in ("pd", "NaN")


def _is_a_page(name: str) -> bool:
    return re.fullmatch(rf"({LESSON})?\d\d_\w+|plan|my_work", name) is not None


# ---- words of code -----------------------------------------------------------------------------------------


def _code_words_are_taught(lessons) -> Iterator[Finding]:
    explained = code_words.catalogue()
    for one in code_words.met(lessons):
        if one.word not in explained:
            yield Finding(
                one.lesson,
                "code",
                f"{one.word} is new here: explain it in course_utils/authoring/code_words.toml",
            )
    for lesson, new in code_words.newly_met(lessons).items():
        if len(new) > MOST_NEW_WORDS:
            yield Finding(
                lesson,
                "code",
                f"{len(new)} words of code are new on its main road, and {MOST_NEW_WORDS} may be: {', '.join(new)}",
            )


# ---- words -------------------------------------------------------------------------------------------------


def _terms_in_order(lessons, assignments) -> Iterator[Finding]:
    introduced: dict[str, str] = {}
    for term in terms(lessons):
        if term.term in introduced:
            first = introduced[term.term]
            yield Finding(
                term.lesson, WORDS, f"{term.term} is explained a second time; {first} did it before"
            )
        introduced.setdefault(term.term, term.lesson)
    for term, home in introduced.items():
        word = re.compile(rf"(?<![\w-]){re.escape(term)}(?![\w-])", re.IGNORECASE)
        for file, cell in _pages_before(lessons, assignments, home):
            if word.search(_prose(cell.source)):
                yield Finding(file, _place(cell), f"“{term}” is used here, and introduced only in {home}")
        yield from _first_use_is_bold(home, lessons[home], term, word)


def _first_use_is_bold(file: str, notebook, term: str, word: re.Pattern) -> Iterator[Finding]:
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        if f"## {WORDS}" in cell.source:
            break
        prose = _prose(cell.source)
        if found := word.search(prose):
            if prose[found.start() - 2 : found.end() + 2] != f"**{found[0]}**":
                yield Finding(file, _place(cell), f"“{term}” is used before it is introduced in bold")
            return
    yield Finding(file, WORDS, f"“{term}” is explained here, and never introduced in bold above")


def _pages_before(lessons, assignments, home: str):
    for pages in (lessons, assignments):
        for file, notebook in pages.items():
            if file.removeprefix(LESSON) < home.removeprefix(LESSON):
                for cell in notebook.cells:
                    if cell.cell_type == "markdown":
                        yield file, cell


def _is_said_plainly(kit: Path) -> Iterator[Finding]:
    for path in phrases.files(kit):
        for one in phrases.look(kit, path):
            name = path.relative_to(kit).as_posix()
            yield Finding(name, f"line {one.line}", f"“{one.words}”. Better: {one.instead}")


def _one_sentence_a_line(file: str, notebook) -> Iterator[Finding]:
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        for line in re.sub(r"(?s)```.*?```", "", cell.source).splitlines():
            plain = ABBREVIATIONS.sub("", re.sub(r"^\s*(\d+\.|-) ", "", CODE.sub("code", line)))
            if not NOT_PROSE.match(line) and TWO_SENTENCES.search(plain):
                yield Finding(file, _place(cell), f"two sentences stand on one line: “{line.strip()[:60]}…”")


def _prose(source: str) -> str:
    """What is read as text: without code, titles of the page and of readings, and where a link goes."""
    without_code = re.sub(r"(?s)```.*?```", "", source)
    return CODE.sub("", TITLE.sub("", re.sub(r"(?<=\])\([^)\s]+\)", "", without_code)))


def _place(cell) -> str:
    heading = re.search(r"(?m)^#+ (.+)$", cell.source)
    return f"“{heading[1]}”" if heading else cell.get("id", "a cell")


def _grade_id(cell) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _parsed(source: str) -> ast.AST:
    return ast.parse(re.sub(r"(?m)^[%!].*$", "", source))
