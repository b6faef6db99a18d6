"""A locked cell, made ready for the test runner: compiled, with the names that it reads and makes."""

import ast
import dis
import functools
import re
from dataclasses import dataclass
from types import CodeType

from IPython.core.inputtransformer2 import TransformerManager

# Cell magics that only time, silence or show what runs: the cell is what stands below them.
HARMLESS_MAGIC = re.compile(r"\A\s*%%(?:time|timeit|capture)\b[^\n]*\n?")
LONGEST_KEPT = (
    5_000  # characters of a cell that is kept once it is read: a tree takes some hundred times as much
)
READS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
BINDS = {"STORE_NAME", "STORE_GLOBAL"}


@dataclass(frozen=True)
class Names:
    """The global names of a piece of code.

    ``first`` are read before the code binds them, ``inner`` are read in functions and never bound at the top,
    ``binds`` are bound, by an assignment, an import or a definition.
    """

    first: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()

    @property
    def reads(self) -> frozenset[str]:
        return self.first | self.inner


@dataclass(frozen=True)
class Locked:
    """A locked cell. ``last`` is its last expression, whose value a notebook would show; None if there is none.

    ``problem`` says why it cannot be run, and is empty where it can. ``empty`` is a cell in which nothing is left
    to run.
    """

    body: CodeType | None = None
    last: CodeType | None = None
    names: Names = Names()
    problem: str = ""
    empty: bool = False


@functools.lru_cache(maxsize=1024)
def locked(source: str, name: str) -> Locked:
    """The cell with this ``source``, called ``name`` in what is said of it. Never raises; see ``problem``."""
    try:
        tree = parsed(source)
        shown = None
        statements = tree.body
        if statements and isinstance(statements[-1], ast.Expr) and not _is_silenced(source):
            shown = ast.Expression(statements[-1].value)
            statements = statements[:-1]
        body = compile(ast.Module(statements, []), f"<{name}>", "exec")
        last = None if shown is None else compile(shown, f"<{name}>", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return Locked(problem=f"{type(problem).__name__}: {problem}")
    first, inner, binds = set(), set(), set()
    for code in filter(None, (body, last)):
        _collect(code, first, inner, binds)
    names = Names(frozenset(first), frozenset(inner - binds), frozenset(binds))
    return Locked(body, last, names, empty=all(map(_does_nothing, tree.body)))


def parsed(source: str) -> ast.Module:
    """A cell's source as Python: magics and the like have become calls. Raises as ``ast.parse`` does.

    It is not to be changed: who asks again for that of an ordinary cell gets the same one.
    """
    return _parsed_once(source) if len(source) < LONGEST_KEPT else _parsed(source)


@functools.lru_cache(maxsize=64)
def _parsed_once(source: str) -> ast.Module:
    return _parsed(source)


def _parsed(source: str) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(HARMLESS_MAGIC.sub("", source)))


@functools.lru_cache(maxsize=1024)
def made_by(source: str) -> frozenset[str]:
    """The names that a cell makes at its top; none where it cannot be read."""
    try:
        code = compile(parsed(source), "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    binds = set()
    _collect(code, set(), set(), binds)
    return frozenset(binds)


def _collect(code: CodeType, first: set[str], inner: set[str], binds: set[str]) -> None:
    # The order of the bytecode is, but for branches, the order of evaluation.
    for step in dis.get_instructions(code):
        if step.opname in READS and step.argval not in binds:
            first.add(step.argval)
        elif step.opname in BINDS:
            binds.add(step.argval)
        elif isinstance(step.argval, CodeType):
            _collect_inner(step.argval, inner, binds)


def _collect_inner(code: CodeType, inner: set[str], binds: set[str]) -> None:
    """Of a function, class or comprehension: its globals. The names of a class body are globals or its own."""
    own = set()
    for step in dis.get_instructions(code):
        if step.opname in READS and step.argval not in own:
            inner.add(step.argval)
        elif step.opname == "STORE_GLOBAL":
            binds.add(step.argval)
        elif step.opname == "STORE_NAME":
            own.add(step.argval)
        elif isinstance(step.argval, CodeType):
            _collect_inner(step.argval, inner, binds)


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return isinstance(statement.value.value, str | type(...))
    return isinstance(statement, ast.Pass)


def _is_silenced(source: str) -> bool:
    """Whether the cell ends with a semicolon, which keeps a notebook from showing the last value."""
    return re.search(r";[ \t]*(?:#[^\n]*)?\s*\Z", source) is not None
