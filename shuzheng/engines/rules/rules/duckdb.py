"""From the typed tree to DuckDB SQL that gives, on every row, what the Python closure gives.

DuckDB's own: decimals divide into floating point, so division is done in 128-bit whole numbers; a sum or product of
two numbers of up to 18 digits stays within 18 digits unless one of them is widened first.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.rules.sql import Shape, Shapes, as_type, call, constant, make_shapes, make_sql, opposite
from shuzheng.engines.rules.types import MOST_DIGITS, Kind, Node, Op, Type


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
    return make_sql(node, column, _SHAPES)


def _sum(sign: str) -> Shape:
    def write(node: Node, parts: Sequence[str]) -> str:
        return as_type(f"({as_type(parts[0], node.type)} {sign} {as_type(parts[1], node.type)})", node.type)

    return write


def _multiply(node: Node, parts: Sequence[str]) -> str:
    left = node.parts[0].type
    wide = Type(Kind.NUMBER, MOST_DIGITS, left.scale) if node.type.digits > 18 else left
    return as_type(f"({as_type(parts[0], wide)} * {parts[1]})", node.type)


def _divide(node: Node, parts: Sequence[str]) -> str:
    kept, up = node.pair
    n = _whole(parts[0], node.parts[0].type.scale, max(up, 0))
    d = _whole(parts[1], node.parts[1].type.scale, max(-up, 0))
    quotient = f"((2 * abs({n}) + abs({d})) // (2 * abs({d})))"
    unit = constant(Decimal(1).scaleb(-kept), kept + 1, kept)
    found = f"CAST({quotient} * {opposite(n, d)} AS DECIMAL({MOST_DIGITS}, 0)) * {unit}"
    return f"(CASE WHEN {parts[1]} <> 0 THEN {as_type(found, node.type)} END)"


def _whole(sql: str, scale: int, up: int) -> str:
    """Return a number without its point, raised by a power of ten, as a 128-bit integer."""
    wide = f"CAST({sql} AS DECIMAL({MOST_DIGITS}, {scale})) * {10**scale}" if scale else sql
    whole = f"CAST({wide} AS HUGEINT)"
    return f"({whole} * CAST({10**up} AS HUGEINT))" if up else whole


_SHAPES: Final[Shapes] = make_shapes(
    quote_text,
    add_days=lambda day, n: f"({day} + {n})",
    add_months=lambda day, n: f"CAST({day} + to_months({n}) AS DATE)",
    own={
        Op.ADD: _sum("+"),
        Op.SUBTRACT: _sum("-"),
        Op.MULTIPLY: _multiply,
        Op.DIVIDE: _divide,
        Op.STARTS_WITH: call("starts_with"),
        Op.ENDS_WITH: call("ends_with"),
        Op.DAYS_BETWEEN: lambda node, parts: as_type(f"({parts[1]} - {parts[0]})", node.type),
    },
)
