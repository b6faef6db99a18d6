"""The words of code that the lessons teach: which, where each was met first, and how many are new in a lesson.

They are read from the lessons' code, and explained in ``code_words.toml``. A word is a method or an attribute of
pandas, NumPy, scikit-learn or Python (``.isin(…)``, ``.dt``), a function (``pd.cut(…)``, ``len(…)``), an option of either
(``observed=…``), or a piece of Python's grammar (``for``, ``~``). What comes from ``course_utils`` is not counted:
students do not learn it by heart.
"""

import ast
import builtins
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from course_utils.authoring import notebooks
from course_utils.errors import CourseError

PAGE = Path("docs") / "code_words.md"
FOR_HOME = re.compile(r"side road|at home|for home", re.IGNORECASE)
HEADING = re.compile(r"(?m)^(?P<level>#+) (?P<title>.+)$")
OURS = "course_utils"
# Python's grammar, by the node that the parser makes of it.
GRAMMAR = {
    ast.Assign: "=",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.Invert: "~",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Compare: "==",
    ast.Slice: "[2:5]",
    ast.Dict: "{…}",
    ast.For: "for",
    ast.If: "if",
    ast.FunctionDef: "def",
    ast.Lambda: "lambda",
    ast.ListComp: "[… for …]",
    ast.DictComp: "{… for …}",
    ast.GeneratorExp: "(… for …)",
    ast.JoinedStr: 'f"…"',
    ast.Starred: "*",
}


@dataclass(frozen=True)
class Met:
    """A word, the lesson where it is met first, and whether a student meets it on the main road there."""

    word: str
    lesson: str
    on_main_road: bool


@dataclass(frozen=True)
class Explained:
    """What ``code_words.toml`` says of a word: in a sentence, and in a line of code."""

    says: str
    example: str


def catalogue() -> dict[str, Explained]:
    """All explanations, by word."""
    source = resources.files(__package__) / "code_words.toml"
    entries = tomllib.loads(source.read_text(encoding="utf-8"))
    return {word: Explained(**entry) for word, entry in entries.items()}


def met(lessons: Mapping[str, object]) -> list[Met]:
    """Every word of the lessons' code, in the order in which students come to it; see :func:`newly_met`."""
    first: dict[str, Met] = {}
    for name, notebook in lessons.items():
        modules: dict[str, str] = {}
        for source, is_for_home in _code(notebook):
            tree = ast.parse(re.sub(r"(?m)^[%!].*$", "", source))
            modules |= _imported(tree)
            for word in words(tree, modules):
                first.setdefault(word, Met(word, name, not is_for_home))
    return list(first.values())


def newly_met(lessons: Mapping[str, object]) -> dict[str, list[str]]:
    """For each lesson, the words that are new on its main road: those that no main road before it has.

    What stands under a heading that says *side road* or *at home* is not the main road.
    """
    known: set[str] = set()
    new: dict[str, list[str]] = {}
    for name, notebook in lessons.items():
        alone = met({name: _main_road(notebook)})
        new[name] = [found.word for found in alone if found.word not in known]
        known.update(new[name])
    return new


def words(tree: ast.AST, modules: Mapping[str, str]) -> list[str]:
    """The words in a cell, in their order; ``modules`` tells under which name what was imported."""
    reader = _Reader(modules)
    reader.visit(tree)
    return reader.found


def page(kit: Path) -> str:
    """The text of docs/code_words.md.

    Raises
    ------
    CourseError
        If a word is not explained: the lint names them all.
    """
    explained, rows = catalogue(), []
    for one in met(notebooks.read_lessons(kit)):
        if one.word not in explained:
            raise CourseError(f"{one.lesson} uses {one.word}, which code_words.toml does not explain yet.")
        rows.append((one, explained[one.word]))
    lines = [
        "# Code words",
        "",
        "Every piece of Python and pandas that the lessons use, what it does, and the lesson where you met it first.",
        "Looking for one of them? Press **Ctrl** and **F** (on a Mac, **Command** and **F**) and type its name.",
        "",
    ]
    for one, entry in sorted(rows, key=lambda row: _by_name(row[0].word)):
        lesson = f"[{one.lesson}](../notebooks/{one.lesson}.ipynb)"
        lines += [f"- **`{one.word}`** ({lesson}): {entry.says}\\", f"  `{entry.example}`"]
    return "\n".join(lines) + "\n"


def _by_name(word: str) -> tuple[bool, str]:
    """From A to Z by their letters; those without any letter first."""
    letters = re.sub(r"^(pd|np|sns|plt)\.|\W", "", word).casefold()
    return bool(letters), letters or word


def _code(notebook) -> Iterator[tuple[str, bool]]:
    """The source of each cell with code, and whether it stands in a part that is for home."""
    home_level = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for heading in HEADING.finditer(re.sub(r"(?s)```.*?```", "", cell.source)):
                level = len(heading["level"])
                if FOR_HOME.search(heading["title"]):
                    home_level = min(home_level or level, level)
                elif level <= home_level:
                    home_level = 0
        else:
            yield cell.source, bool(home_level)


def _main_road(notebook):
    import nbformat

    kept = [source for source, is_for_home in _code(notebook) if not is_for_home]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in kept])


def _imported(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for, such as ``{"pd": "pandas", "charts": "course_utils"}``."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                whole = node.module if isinstance(node, ast.ImportFrom) else alias.name
                names[alias.asname or alias.name] = whole or ""
    return names


class _Reader(ast.NodeVisitor):
    def __init__(self, modules: Mapping[str, str]):
        self.modules, self.found = modules, []

    def visit_Subscript(self, node):
        if isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.List):
            self._add('[["…", "…"]]')
        elif isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            self._add('["…"]')
        self.generic_visit(node)

    def generic_visit(self, node):
        if word := GRAMMAR.get(type(node)):
            self._add(word)
        super().generic_visit(node)

    def visit_Call(self, node):
        name = self._name(node.func, "(…)")
        if self._is_ours(node.func):
            options = []
        elif isinstance(node.func, ast.Name):
            is_known = node.func.id in dir(builtins) or node.func.id in self.modules
            options = [f"{node.func.id}(…)"] if is_known else []
            options += [f"{option.arg}=…" for option in node.keywords if option.arg] if is_known else []
        else:
            # The names of columns stand where .assign and .agg have their options.
            takes_columns = name in (".assign(…)", ".agg(…)")
            options = [name] if name else []
            if name and not takes_columns:
                options += [f"{option.arg}=…" for option in node.keywords if option.arg]
        if isinstance(node.func, ast.Attribute) and not self._module_of(node.func):
            self.visit(node.func.value)
        elif not isinstance(node.func, ast.Attribute | ast.Name):
            self.visit(node.func)
        for word in options:
            self._add(word)
        for part in [*node.args, *node.keywords]:
            self.visit(part)

    def visit_Attribute(self, node):
        if not self._module_of(node):
            self.visit(node.value)
        if (word := self._name(node, "")) and not self._is_ours(node):
            self._add(word)

    def _name(self, node: ast.AST, ending: str) -> str:
        """``pd.cut`` or ``.isin`` and its ending; nothing for what neither pandas nor NumPy nor Python has."""
        if not isinstance(node, ast.Attribute):
            return ""
        if self._module_of(node):
            return ast.unparse(node) + ending
        return f".{node.attr}{ending}" if node.attr in _attributes() else ""

    def _module_of(self, node: ast.AST) -> str:
        """The module in which a dotted name such as ``np.random.default_rng`` begins, or nothing."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return self.modules.get(node.id, "") if isinstance(node, ast.Name) else ""

    def _is_ours(self, node: ast.AST) -> bool:
        """Is it made by the kit? ``charts.gap(…)`` is, and so is all that follows ``expect(…)``."""
        if isinstance(node, ast.Name) or self._module_of(node):
            name = node.id if isinstance(node, ast.Name) else ""
            return (self._module_of(node) or self.modules.get(name, "")).startswith(OURS)
        while isinstance(node, ast.Attribute | ast.Call):
            node = node.value if isinstance(node, ast.Attribute) else node.func
        return isinstance(node, ast.Name) and node.id == "expect"

    def _add(self, word: str) -> None:
        if word not in self.found:
            self.found.append(word)


@functools.cache
def _attributes() -> frozenset[str]:
    """What tables, Series, groups, dates, texts, lists, dictionaries and scikit-learn's models offer by name."""
    import numpy as np
    import pandas as pd
    from sklearn.cluster import KMeans
    from sklearn.mixture import GaussianMixture

    dates = pd.Series(pd.to_datetime(["2025-01-01"]))
    things = [
        pd.DataFrame,
        pd.Series,
        pd.Index,
        pd.Timestamp,
        pd.Timedelta,
        pd.Period,
        *map(type, (dates.dt, (dates - dates).dt, dates.dt.to_period("M").dt, pd.Series(["a"]).str)),
        type(pd.Series(["a"], dtype="category").cat),
        type(pd.DataFrame({"a": [1]}).groupby("a")),
        type(pd.Series([1]).groupby([1])),
        type(pd.Series([1]).rolling(1)),
        np.random.Generator,
        np.ndarray,
        *(KMeans, GaussianMixture),
        *(str, list, dict, set),
    ]
    return frozenset(name for thing in things for name in dir(thing) if not name.startswith("_"))
