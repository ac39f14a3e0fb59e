"""Small wrongs put into what decides and what writes SQL, made from the sources themselves.

A mutant is a module of the room with one thing changed in its syntax tree: a comparison, a sign, a constant, a word of
SQL, a condition turned round or dropped, two values in a text exchanged, an entry of a table taken from its neighbour.
The writers of DuckDB and Spark are made anew over a changed `sql`.
"""

import ast
import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from typing_extensions import override

ROOM = "shuzheng.engines.rules.rules"
SWAPPED: Mapping[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.USub: ast.UAdd,
}
NAMES = {
    "max": "min",
    "min": "max",
    "eq": "ne",
    "ne": "eq",
    "lt": "le",
    "le": "lt",
    "gt": "ge",
    "ge": "gt",
    "ROUND_HALF_UP": "ROUND_HALF_EVEN",
    "ROUND_FLOOR": "ROUND_CEILING",
    "ROUND_CEILING": "ROUND_FLOOR",
    "add": "subtract",
    "subtract": "add",
    "copy_abs": "copy_negate",
    "copy_negate": "copy_abs",
    "CAPITALS": "SMALL",
    "SMALL": "CAPITALS",
    "_TO_CAPITAL": "_TO_SMALL",
    "_TO_SMALL": "_TO_CAPITAL",
    "startswith": "endswith",
    "endswith": "startswith",
    "not_": "truth",
    "strip": "lstrip",
    "DOTALL": "ASCII",
    "year": "month",
    "month": "day",
    "day": "year",
    "digits": "scale",
    "scale": "digits",
}
WORDS = {
    " < ": " <= ",
    " <= ": " < ",
    " <> ": " = ",
    " = ": " <> ",
    " + ": " - ",
    " - ": " + ",
    " * ": " + ",
    "AND": "OR",
    "OR": "AND",
    "IS NOT NULL": "IS NULL",
    "IS NULL": "IS NOT NULL",
    "NOT ": "",
    " % ": " + ",
    "IS TRUE": "IS FALSE",
    "IS FALSE": "IS TRUE",
    "LIKE": "NOT LIKE",
    " IN ": " NOT IN ",
    "BOTH": "LEADING",
    "0001-01-01": "1000-01-01",
    "9999-12-31": "9998-12-31",
    "year(": "month(",
    "month(": "day(",
    "day(": "year(",
    "abs(": "-(",
    " // ": " * ",
    "100": "10",
    "12": "10",
    "ELSE": "WHEN FALSE THEN",
    "BETWEEN": "NOT BETWEEN",
    "THEN 1 ELSE -1": "THEN -1 ELSE 1",
    "THEN 1 ELSE 0": "THEN 0 ELSE 1",
    "2 * ": "3 * ",
    "round(": "floor(",
    "+": "-",
    "-": "+",
    "*": "+",
    "abs": "-",
    "floor": "ceil",
    "ceil": "floor",
    "length": "ascii",
    "contains": "starts_with",
    "startswith": "endswith",
    "endswith": "startswith",
    "year": "month",
    "month": "day",
    "starts_with": "ends_with",
    "ends_with": "starts_with",
    "day": "month",
    "datediff(": "-datediff(",
    ".*": ".+",
    ".": "..",
    "\\Z": "",
    "(?>": "(?:",
    "''": "'",
    "\\'": "''",
    "\\\\": "\\",
    '""': '"',
    "``": "`",
}
"""Words of SQL and of patterns, and what is as easily written."""
EITHER_WAY = {"max", "min", "add", "multiply", "opposite"}
"""Calls to which the order of arguments says nothing."""


@dataclass(frozen=True)
class Mutant:
    """A change of a module: its name, the line changed as it is written, what is done, and where in the tree."""

    module: str
    written: str
    done: str
    node: int
    change: int

    @override
    def __str__(self) -> str:
        return f"{self.module} | {self.written} | {self.done}"

    def make(self, wanted: str) -> ModuleType:
        """Return a module of the room as it is over this one."""
        tree, _ = _parse(self.module)
        found = next(one for n, one in enumerate(ast.walk(tree)) if n == self.node)
        list(_changes(found))[self.change][1]()
        changed = _execute(self.module, ast.fix_missing_locations(tree))
        if wanted == self.module:
            return changed
        with patch.dict(sys.modules, {f"{ROOM}.{self.module}": changed}):
            return _execute(wanted, _parse(wanted)[0])


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module of the room, in the order of its source."""
    tree, lines = _parse(module)
    for i, node in enumerate(ast.walk(tree)):
        for number, (done, _) in enumerate(_changes(node)):
            yield Mutant(module, lines[getattr(node, "lineno", 1) - 1].strip(), done, i, number)


def _parse(module: str) -> tuple[ast.Module, list[str]]:
    source = Path(str(sys.modules[f"{ROOM}.{module}"].__file__)).read_text("utf-8")
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):  # docstrings, and the strings under constants, decide nothing
            body[:] = [one for one in body if not _is_text(one)] or [ast.Pass(lineno=1, col_offset=0)]
    return tree, source.splitlines()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _execute(name: str, tree: ast.Module) -> ModuleType:
    module = ModuleType(f"{ROOM}.{name}")
    exec(compile(tree, name, "exec"), module.__dict__)
    return module


Change = tuple[str, Callable[[], object]]


def _changes(node: ast.AST) -> Iterator[Change]:
    """Yield what can be done to a node, and how."""
    for way in (_turn, _constant, _text, _name, _order):
        yield from way(node)


def _turn(node: ast.AST) -> Iterator[Change]:
    """Another sign, the other branch, no guard."""
    match node:
        case ast.Compare(ops=[op]):
            yield f"{type(op).__name__} swapped", partial(node.ops.__setitem__, 0, _swapped(op))
        case ast.BoolOp(op=sign) | ast.BinOp(op=sign) | ast.UnaryOp(op=sign) if type(sign) in SWAPPED:
            yield f"{type(sign).__name__} swapped", partial(setattr, node, "op", _swapped(sign))
        case ast.IfExp(body=body, orelse=orelse):
            yield "branches exchanged", partial(node.__dict__.update, body=orelse, orelse=body)
        case ast.If():
            yield "guard dropped", partial(setattr, node, "test", ast.Constant(False))


def _constant(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} turned round", partial(setattr, node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} is one more", partial(setattr, node, "value", node.value + 1)


def _text(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for word, other in WORDS.items():
            if word == node.value.strip() or (len(word) > 1 and word in node.value):
                yield f"{word!r} is {other!r}", partial(setattr, node, "value", node.value.replace(word, other, 1))


def _name(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield f"{name} is {NAMES[name]}", partial(setattr, node, "id", NAMES[name])
        case ast.Attribute(attr=name) if name in NAMES:
            yield f"{name} is {NAMES[name]}", partial(setattr, node, "attr", NAMES[name])


def _order(node: ast.AST) -> Iterator[Change]:
    """Two values of a text, two arguments, an entry of a table and its neighbour."""
    match node:
        case ast.JoinedStr(values=values):
            places = [i for i, one in enumerate(values) if isinstance(one, ast.FormattedValue)]
            for i, j in pairwise(places):
                if not _alike(values[i], values[j]):
                    yield f"{{}} {i} and {j} exchanged", partial(_swap, values, i, j)
        case ast.Dict(values=entries):
            for i, (one, other) in enumerate(pairwise(entries)):
                if not _alike(one, other):
                    yield f"entry {i} is its neighbour", partial(entries.__setitem__, i, copy.deepcopy(other))
        case ast.Call(func=called, args=[_, _, *_]) if ast.unparse(called).split(".")[-1] not in EITHER_WAY:
            yield "two arguments exchanged", partial(_swap, node.args, 0, 1)


def _swapped(sign: ast.AST) -> Any:
    return SWAPPED[type(sign)]()


def _alike(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


def _swap(values: list[ast.expr], i: int, j: int) -> None:
    values[i], values[j] = values[j], values[i]
