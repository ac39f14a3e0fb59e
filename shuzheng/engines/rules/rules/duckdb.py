"""From the typed tree to DuckDB SQL that gives, on every row, what the Python closure gives.

Nothing an engine does in its own way is left to it: widths are cast, division is done in whole numbers, calendar
sums are bounded, case folding is ASCII. The differences this removes are listed in docs/explanation/rules.md.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.rules.closures import CAPITALS, MOST_DAYS, MOST_MONTHS, MOST_YEARS, SMALL, SPACES
from shuzheng.engines.rules.types import Kind, Node, Op, Type

_CALLS: Final[Mapping[Op, str]] = {
    Op.ABS: "abs",
    Op.LENGTH: "length",
    Op.STARTS_WITH: "starts_with",
    Op.ENDS_WITH: "ends_with",
    Op.CONTAINS: "contains",
    Op.YEAR: "year",
    Op.MONTH: "month",
    Op.DAY: "day",
}
_MONTHS: Final = {Op.ADD_MONTHS: (MOST_MONTHS, 1), Op.ADD_YEARS: (MOST_YEARS, 12)}


def quote_name(name: str) -> str:
    """Return a column's name as DuckDB quotes it."""
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """Return a text constant."""
    return "'" + text.replace("'", "''") + "'"


def make_duckdb_sql(node: Node, column: Callable[[str], str] = quote_name) -> str:
    """Return one SQL expression.

    Args:
        node: A checked tree.
        column: Fact name → the expression of its column, quoted; columns have the types of the facts.
    """
    if node.op is Op.FACT:
        return _cast(column(str(node.value)), node.type)
    parts = [make_duckdb_sql(part, column) for part in node.parts]
    if node.op in _CALLS:
        return f"{_CALLS[node.op]}({', '.join(parts)})"
    return _OTHERS[node.op](node, parts)


def _decimal(found: Type) -> str:
    return f"DECIMAL({found.digits}, {found.scale})"


def _cast(sql: str, found: Type) -> str:
    return f"CAST({sql} AS {_decimal(found)})" if found.kind is Kind.NUMBER else sql


def _literal(node: Node, _parts: list[str]) -> str:
    if isinstance(node.value, bool):
        return "TRUE" if node.value else "FALSE"
    if isinstance(node.value, Decimal):
        return _cast(f"{node.value:f}", node.type)
    if node.type.kind is Kind.DATE:
        return f"DATE '{node.value}'"
    return quote_text(str(node.value))


def _within(day: str) -> str:
    return f"(CASE WHEN ({day}) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {day} END)"


def _sum(sign: str) -> Callable[[Node, list[str]], str]:
    return lambda node, parts: f"({_cast(parts[0], node.type)} {sign} {_cast(parts[1], node.type)})"


def _add_months(node: Node, parts: list[str]) -> str:
    most, each = _MONTHS[node.op]
    found = f"CAST({parts[0]} + to_months(CAST({parts[1]} AS INTEGER) * {each}) AS DATE)"
    return f"(CASE WHEN abs({parts[1]}) <= {most} THEN {_within(found)} END)"


def _case(node: Node, parts: list[str]) -> str:
    last = len(parts) - bool(node.value)
    branches = " ".join(f"WHEN {parts[i]} THEN {_cast(parts[i + 1], node.type)}" for i in range(0, last, 2))
    otherwise = f" ELSE {_cast(parts[-1], node.type)}" if node.value else ""
    return f"(CASE {branches}{otherwise} END)"


def _choose(node: Node, parts: list[str]) -> str:
    return f"{node.op}({', '.join(_cast(part, node.type) for part in parts)})"


def _multiply(node: Node, parts: list[str]) -> str:
    left = node.parts[0].type
    wide = Type(Kind.NUMBER, 38 if node.type.digits > 18 else left.digits, left.scale)
    return f"({_cast(parts[0], wide)} * {parts[1]})"


def _divide(node: Node, parts: list[str]) -> str:
    kept, up = node.pair
    n = _whole(parts[0], node.parts[0].type.scale, max(up, 0))
    d = _whole(parts[1], node.parts[1].type.scale, max(-up, 0))
    quotient = f"((2 * abs({n}) + abs({d})) // (2 * abs({d})))"
    sign = f"(CASE WHEN ({n} < 0) = ({d} < 0) THEN 1 ELSE -1 END)"
    unit = f"CAST({Decimal(1).scaleb(-kept):f} AS DECIMAL({kept + 1}, {kept}))"
    return f"(CASE WHEN {parts[1]} <> 0 THEN CAST({quotient} * {sign} AS DECIMAL(38, 0)) * {unit} END)"


def _whole(sql: str, scale: int, up: int) -> str:
    """Return a number without its point, raised by a power of ten, as a 128-bit integer."""
    whole = (
        f"CAST(CAST({sql} AS DECIMAL(38, {scale})) * {10**scale} AS HUGEINT)" if scale else f"CAST({sql} AS HUGEINT)"
    )
    return f"({whole} * CAST({10**up} AS HUGEINT))" if up else whole


def _round(node: Node, parts: list[str]) -> str:
    return f"CAST(round({parts[0]}, {node.value}) AS {_decimal(node.type)})"


def _substr(node: Node, parts: list[str]) -> str:
    start, length = node.pair
    return f"substr({parts[0]}, {start}, {length})"


def _add_days(_node: Node, parts: list[str]) -> str:
    found = f"({parts[0]} + CAST({parts[1]} AS INTEGER))"
    return f"(CASE WHEN abs({parts[1]}) <= {MOST_DAYS} THEN {_within(found)} END)"


def _has(_node: Node, parts: list[str]) -> str:
    # DuckDB 2 finds that an empty list does not contain NULL; with us that is not known.
    return f"(CASE WHEN {parts[1]} IS NOT NULL THEN list_contains({parts[0]}, {parts[1]}) END)"


def _months_between(_node: Node, parts: list[str]) -> str:
    a, b = parts
    less = f"(CASE WHEN day({b}) < day({a}) THEN 1 ELSE 0 END)"
    return f"((year({b}) - year({a})) * 12 + month({b}) - month({a}) - {less})"


def _years_between(_node: Node, parts: list[str]) -> str:
    a, b = parts
    less = f"(CASE WHEN month({b}) * 100 + day({b}) < month({a}) * 100 + day({a}) THEN 1 ELSE 0 END)"
    return f"(year({b}) - year({a}) - {less})"


_OTHERS: Final[Mapping[Op, Callable[[Node, list[str]], str]]] = {
    Op.LITERAL: _literal,
    Op.AND: lambda _node, parts: "(" + " AND ".join(parts) + ")",
    Op.OR: lambda _node, parts: "(" + " OR ".join(parts) + ")",
    Op.IS_NULL: lambda _node, parts: f"({parts[0]} IS NULL)",
    Op.IS_TRUE: lambda _node, parts: f"({parts[0]} IS TRUE)",
    Op.IS_FALSE: lambda _node, parts: f"({parts[0]} IS FALSE)",
    Op.ADD: _sum("+"),
    Op.SUBTRACT: _sum("-"),
    Op.ADD_MONTHS: _add_months,
    Op.ADD_YEARS: _add_months,
    Op.NOT: lambda _node, parts: f"(NOT {parts[0]})",
    Op.COMPARE: lambda node, parts: f"({parts[0]} {node.value} {parts[1]})",
    Op.IN: lambda _node, parts: f"({parts[0]} IN ({', '.join(parts[1:])}))",
    Op.LIKE: lambda node, parts: f"({parts[0]} LIKE {quote_text(str(node.value))})",
    Op.CASE: _case,
    Op.COALESCE: _choose,
    Op.GREATEST: _choose,
    Op.LEAST: _choose,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.NEGATE: lambda _node, parts: f"(-{parts[0]})",
    Op.ROUND: _round,
    Op.FLOOR: lambda node, parts: _cast(f"floor({parts[0]})", node.type),
    Op.CEIL: lambda node, parts: _cast(f"ceil({parts[0]})", node.type),
    Op.LOWER: lambda _node, parts: f"translate({parts[0]}, '{CAPITALS}', '{SMALL}')",
    Op.UPPER: lambda _node, parts: f"translate({parts[0]}, '{SMALL}', '{CAPITALS}')",
    Op.TRIM: lambda _node, parts: f"trim({parts[0]}, '{SPACES}')",
    Op.HAS: _has,
    Op.SUBSTR: _substr,
    Op.ADD_DAYS: _add_days,
    Op.DAYS_BETWEEN: lambda _node, parts: f"({parts[1]} - {parts[0]})",
    Op.MONTHS_BETWEEN: _months_between,
    Op.YEARS_BETWEEN: _years_between,
}
