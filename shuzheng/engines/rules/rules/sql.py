"""From the typed tree to one SQL expression: the shapes every engine shares.

Nothing an engine does in its own way is left to it. Every number written here is a DECIMAL of exactly the digits and
scale of its node, so that no engine chooses a width; calendar sums are bounded; case folding is ASCII. What an engine
writes in its own way stands in its own file (`duckdb.py`, `spark.py`); the differences all this removes are listed in
docs/explanation/rules.md.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from shuzheng.engines.rules.rules.closures import CAPITALS, SMALL, SPACES
from shuzheng.engines.rules.types import Kind, Node, Op, Type, number

Shape: TypeAlias = Callable[[Node, Sequence[str]], str]
"""Node and the SQL of its parts → its SQL."""
Shapes: TypeAlias = Mapping[Op, Shape]
MOST_DAYS: Final = 4_000_000
MOST_MONTHS: Final = 120_000
MOST_YEARS: Final = 10_000
"""Whoever goes further leaves the calendar from any day in it; within, no engine's whole numbers overflow."""


def make_sql(node: Node, column: Callable[[str], str], shapes: Shapes) -> str:
    """Return one SQL expression.

    Args:
        node: A checked tree.
        column: Fact name → the expression of its column, quoted; columns have the types of the facts.
        shapes: How the engine writes every operator but FACT.
    """
    if node.op is Op.FACT:
        return as_type(column(str(node.value)), node.type)
    if node.op in _COMPARING and all(map(_is_own, node.parts)):
        return shapes[node.op](node, [_bare(part, column, shapes) for part in node.parts])
    return shapes[node.op](node, [make_sql(part, column, shapes) for part in node.parts])


def make_shapes(
    quote_text: Callable[[str], str],
    add_days: Callable[[str, str], str],
    add_months: Callable[[str, str], str],
    own: Shapes,
) -> Shapes:
    """Return the shapes of one engine.

    Args:
        quote_text: Text → constant.
        add_days: Date, whole number → the date so many days later; may leave the calendar.
        add_months: Date, whole number → the date so many months later; may leave the calendar.
        own: Shapes this engine writes in its own way.
    """
    return {
        **_SHARED,
        Op.LITERAL: lambda node, _parts: _literal(node, quote_text),
        Op.LIKE: lambda node, parts: f"({parts[0]} LIKE {quote_text(str(node.value))})",
        Op.ADD_DAYS: lambda _node, parts: _moved(parts, MOST_DAYS, add_days),
        Op.ADD_MONTHS: lambda _node, parts: _moved(parts, MOST_MONTHS, add_months),
        Op.ADD_YEARS: lambda _node, parts: _moved(parts, MOST_YEARS, lambda day, n: add_months(day, f"{n} * 12")),
        **own,
    }


def decimal(found: Type) -> str:
    """Return the SQL type of numbers of this width."""
    return f"DECIMAL({found.digits}, {found.scale})"


def as_type(sql: str, found: Type) -> str:
    """Return a value in the width of a type; only numbers have one."""
    return f"CAST({sql} AS {decimal(found)})" if found.kind is Kind.NUMBER else sql


def constant(value: Decimal | int, digits: int, scale: int = 0) -> str:
    """Return a number of a given width."""
    return f"CAST('{value:f}' AS DECIMAL({digits}, {scale}))"


def call(name: str) -> Shape:
    """Return the shape of a function of this name."""
    return _typed(_named(name))


def both(parts: Sequence[str], then: str) -> str:
    """Return `then` where no part is NULL."""
    return f"(CASE WHEN {' AND '.join(f'{part} IS NOT NULL' for part in parts)} THEN {then} END)"


def opposite(n: str, d: str) -> str:
    """Return 1 or -1: the sign of a quotient."""
    return f"(CASE WHEN ({n} < 0) = ({d} < 0) THEN 1 ELSE -1 END)"


def _is_own(node: Node) -> bool:
    """Tell whether a value is a whole number the engine has as one of its own, or one to compare it with.

    A constant with a point is not: beside its scale the widest whole number would need more digits than an engine has.
    """
    return node.op in _WHOLE or (node.op is Op.LITERAL and node.type == number(node.type.digits))


def _bare(node: Node, column: Callable[[str], str], shapes: Shapes) -> str:
    if node.op is Op.LITERAL:
        return f"{node.value:f}"
    return _WHOLE[node.op](node, [make_sql(part, column, shapes) for part in node.parts])


def _typed(shape: Shape) -> Shape:
    return lambda node, parts: as_type(shape(node, parts), node.type)


def _literal(node: Node, quote_text: Callable[[str], str]) -> str:
    match node.value:
        case bool():
            return "TRUE" if node.value else "FALSE"
        case Decimal():
            return constant(node.value, node.type.digits, node.type.scale)
        case date():
            return f"DATE '{node.value.isoformat()}'"
    return quote_text(str(node.value))


def _moved(parts: Sequence[str], most: int, add: Callable[[str, str], str]) -> str:
    day, n = parts
    found = add(day, f"CAST({n} AS INTEGER)")
    within = f"(CASE WHEN {found} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {found} END)"
    return f"(CASE WHEN abs({n}) <= {most} THEN {within} END)"


def _infix(sign: str) -> Shape:
    return lambda _node, parts: "(" + f" {sign} ".join(parts) + ")"


def _after(words: str) -> Shape:
    return lambda _node, parts: f"({parts[0]} {words})"


def _choose(node: Node, parts: Sequence[str]) -> str:
    return f"{node.op}({', '.join(as_type(part, node.type) for part in parts)})"


def _case(node: Node, parts: Sequence[str]) -> str:
    last = len(parts) - bool(node.value)
    branches = " ".join(f"WHEN {parts[i]} THEN {as_type(parts[i + 1], node.type)}" for i in range(0, last, 2))
    otherwise = f" ELSE {as_type(parts[-1], node.type)}" if node.value else ""
    return f"(CASE {branches}{otherwise} END)"


def _substr(node: Node, parts: Sequence[str]) -> str:
    start, length = node.pair
    return f"substr({parts[0]}, {start}, {length})"


def _months_between(_node: Node, parts: Sequence[str]) -> str:
    a, b = parts
    less = f"(CASE WHEN day({b}) < day({a}) THEN 1 ELSE 0 END)"
    return f"((year({b}) - year({a})) * 12 + month({b}) - month({a}) - {less})"


def _years_between(_node: Node, parts: Sequence[str]) -> str:
    a, b = parts
    less = f"(CASE WHEN month({b}) * 100 + day({b}) < month({a}) * 100 + day({a}) THEN 1 ELSE 0 END)"
    return f"(year({b}) - year({a}) - {less})"


def _named(name: str) -> Shape:
    return lambda _node, parts: f"{name}({', '.join(parts)})"


_COMPARING: Final = frozenset({Op.COMPARE, Op.IN})
_WHOLE: Final[Shapes] = {
    Op.LENGTH: _named("length"),
    Op.MONTHS_BETWEEN: _months_between,
    Op.YEARS_BETWEEN: _years_between,
    Op.YEAR: _named("year"),
    Op.MONTH: _named("month"),
    Op.DAY: _named("day"),
}
"""What every engine gives as a whole number of its own, of at most nine digits."""
_SHARED: Final[Shapes] = {
    **{op: _typed(shape) for op, shape in _WHOLE.items()},
    Op.AND: _infix("AND"),
    Op.OR: _infix("OR"),
    Op.NOT: lambda _node, parts: f"(NOT {parts[0]})",
    Op.COMPARE: lambda node, parts: f"({parts[0]} {node.value} {parts[1]})",
    Op.IN: lambda _node, parts: f"({parts[0]} IN ({', '.join(parts[1:])}))",
    Op.IS_NULL: _after("IS NULL"),
    Op.IS_TRUE: _after("IS TRUE"),
    Op.IS_FALSE: _after("IS FALSE"),
    Op.CASE: _case,
    Op.COALESCE: _choose,
    Op.GREATEST: _choose,
    Op.LEAST: _choose,
    Op.NEGATE: lambda node, parts: as_type(f"(-{parts[0]})", node.type),
    Op.ROUND: lambda node, parts: as_type(f"round({parts[0]}, {node.value})", node.type),
    Op.ABS: call("abs"),
    Op.FLOOR: call("floor"),
    Op.CEIL: call("ceil"),
    Op.LOWER: lambda _node, parts: f"translate({parts[0]}, '{CAPITALS}', '{SMALL}')",
    Op.UPPER: lambda _node, parts: f"translate({parts[0]}, '{SMALL}', '{CAPITALS}')",
    Op.TRIM: lambda _node, parts: f"trim(BOTH '{SPACES}' FROM {parts[0]})",
    Op.SUBSTR: _substr,
    Op.CONTAINS: call("contains"),
    # An engine may find that an empty list does not contain NULL; with us that is not known.
    Op.HAS: lambda _node, parts: both(parts, f"array_contains({', '.join(parts)})"),
}
