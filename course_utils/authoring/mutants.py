"""Mutants: a right answer with one small thing wrong, as a tired student might type it.

A test is worth what it notices. Each mutant of a reference solution is a wrong submission that must lose marks; those
that lose none are *survivors*, and each of them needs a reason.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from course_utils.tables import SCHEMAS

COMPARED = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
COMBINED = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}
METHODS = {
    "sum": ("mean", "count"),
    "mean": ("sum", "median"),
    "median": ("mean",),
    "count": ("nunique",),
    "nunique": ("count",),
    "size": ("nunique",),
    "min": ("max",),
    "max": ("min",),
    "idxmin": ("idxmax",),
    "idxmax": ("idxmin",),
    "any": ("all",),
    "all": ("any",),
    "isna": ("notna",),
    "notna": ("isna",),
    "first": ("last",),
    "last": ("first",),
    "head": ("tail",),
    "tail": ("head",),
    "ge": ("gt",),
    "gt": ("ge",),
    "le": ("lt",),
    "lt": ("le",),
}
LEFT_OUT = {"dropna", "drop_duplicates", "fillna", "clip", "abs", "cumsum", "cumprod", "shift", "sort_values"}


@dataclass(frozen=True)
class Mutant:
    """One wrong submission: the text of the cell, and what was changed in it, as ``line 2: > becomes >=``."""

    source: str
    what: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a cell, in the order of its text; two that come to the same text are one.

    Strings change into another value of their category, or another column of the same kind in the same table, as
    the schemas have them. Names, imports and docstrings stay as they are.
    """
    tree = ast.parse(source)
    before = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for number, node in enumerate(ast.walk(tree)):
        for changed, what in _changes(node):
            text = _with(tree, number, changed)
            if text != before:
                found.setdefault(text, Mutant(text, f"line {getattr(node, 'lineno', 1)}: {what}"))
    return list(found.values())


def _with(tree: ast.Module, number: int, changed: ast.AST) -> str:
    """The text of the tree with another node in the place of one, which is known by its number in a walk."""
    other = copy.deepcopy(tree)
    old = next(node for place, node in enumerate(ast.walk(other)) if place == number)
    for parent in ast.walk(other):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, changed)
            elif isinstance(value, list):
                value[:] = [changed if part is old else part for part in value]
    return ast.unparse(ast.fix_missing_locations(other))


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Compare):
        for place, sign in enumerate(node.ops):
            for kind in COMPARED.get(type(sign), ()):
                ops = [kind() if here == place else op for here, op in enumerate(node.ops)]
                yield ast.Compare(node.left, ops, node.comparators), f"{_word(sign)} becomes {_word(kind())}"
    elif isinstance(node, ast.BinOp):
        for kind in COMBINED.get(type(node.op), ()):
            changed = ast.BinOp(node.left, kind(), node.right)
            yield changed, f"{_word(node.op)} becomes {_word(kind())}"
    elif isinstance(node, ast.BoolOp):
        for kind in COMBINED[type(node.op)]:
            yield ast.BoolOp(kind(), node.values), f"{_word(node.op)} becomes {_word(kind())}"
    elif isinstance(node, ast.UnaryOp):
        yield node.operand, f"without {_word(node.op)}"
    elif isinstance(node, ast.Constant):
        yield from (
            (ast.Constant(value), f"{node.value!r} becomes {value!r}") for value in _values(node.value)
        )
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _values(value) -> list:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 1.1, value + 1]
    return _siblings(value) if isinstance(value, str) else []


def _siblings(text: str) -> list[str]:
    """Another value of the category, and another column of the same kind in the same table."""
    for table in SCHEMAS.values():
        for column in table.columns:
            if text in column.categories:
                return [next(value for value in column.categories if value != text)][:1]
    for table in SCHEMAS.values():
        if text in table.names:
            kind = table.column(text).type
            return [column.name for column in table.columns if column.type == kind and column.name != text][
                :1
            ]
    return []


def _calls(node: ast.Call) -> Iterator[tuple[ast.AST, str]]:
    for place, keyword in enumerate(node.keywords):
        rest = [other for here, other in enumerate(node.keywords) if here != place]
        yield ast.Call(node.func, node.args, rest), f"without {keyword.arg or 'keywords'}=…"
    if not isinstance(node.func, ast.Attribute):
        return
    name = node.func.attr
    for other in METHODS.get(name, ()):
        func = ast.Attribute(node.func.value, other, ast.Load())
        yield ast.Call(func, node.args, node.keywords), f".{name}(…) becomes .{other}(…)"
    if name in LEFT_OUT:
        yield node.func.value, f"without .{name}(…)"


SIGNS = {
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.And: "and",
    ast.Or: "or",
    ast.Invert: "~",
    ast.Not: "not",
    ast.USub: "-",
    ast.UAdd: "+",
}


def _word(sign: ast.AST) -> str:
    return SIGNS.get(type(sign), type(sign).__name__)
