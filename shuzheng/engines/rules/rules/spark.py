"""From the typed tree to Spark SQL that gives, on every row, what the Python closure gives.

Spark's own: a backslash escapes inside constants; decimals divide with a scale Spark chooses (and some servers cut off
instead of rounding), so division is done in whole numbers of 38 digits, taking the remainder off first; its unary minus
and abs round a DECIMAL to 34 digits.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.rules.sql import Shape, Shapes, as_type, call, constant, make_shapes, make_sql, opposite
from shuzheng.engines.rules.types import MOST_DIGITS, Node, Op, Type, number

_WIDE: Final = number(MOST_DIGITS)
_KEPT: Final = 34
_UNCUT: Final = 6
"""Source: Spark's `DecimalPrecisionTypeCoercion` (least scale kept) and `java.math.MathContext.DECIMAL128`."""


def quote_name(name: str) -> str:
    """Return a column's name as Spark quotes it."""
    return "`" + name.replace("`", "``") + "`"


def quote_text(text: str) -> str:
    """Return a text constant."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def make_spark_sql(node: Node, column: Callable[[str], str] = quote_name) -> str:
    """Return one SQL expression.

    Args:
        node: A checked tree.
        column: Fact name → the expression of its column, quoted; columns have the types of the facts.
    """
    return make_sql(node, column, _SHAPES)


def _infix(sign: str) -> Shape:
    return lambda node, parts: as_type(f"({parts[0]} {sign} {parts[1]})", node.type)


def exact_negative(sql: str, found: Type) -> str:
    """Return a DECIMAL with the other sign, to its last digit.

    Spark's own minus keeps 34 digits; a difference keeps 38, but may cut a scale above 6; a text keeps everything.
    """
    if found.digits <= _KEPT:
        return f"(-{sql})"
    if found.scale <= _UNCUT:
        return as_type(f"(CAST(0 AS DECIMAL(1, 0)) - {sql})", found)
    written = f"CAST({sql} AS STRING)"
    return as_type(f"(CASE WHEN {sql} < 0 THEN substr({written}, 2) ELSE concat('-', {written}) END)", found)


def exact_abs(sql: str, found: Type) -> str:
    """Return the size of a DECIMAL, to its last digit."""
    return f"(CASE WHEN {sql} < 0 THEN {exact_negative(sql, found)} ELSE {sql} END)"


def _negate(node: Node, parts: Sequence[str]) -> str:
    return as_type(exact_negative(parts[0], node.parts[0].type), node.type)


def _abs(node: Node, parts: Sequence[str]) -> str:
    return as_type(exact_abs(parts[0], node.parts[0].type), node.type)


def _divide(node: Node, parts: Sequence[str]) -> str:
    kept, up = node.pair
    n = _whole(parts[0], node.parts[0].type.scale, max(up, 0))
    d = _whole(parts[1], node.parts[1].type.scale, max(-up, 0))
    above = as_type(f"2 * {exact_abs(n, _WIDE)} + {exact_abs(d, _WIDE)}", _WIDE)
    below = as_type(f"2 * {exact_abs(d, _WIDE)}", _WIDE)
    quotient = as_type(f"({above} - ({above} % {below})) / {below}", _WIDE)
    unit = constant(Decimal(1).scaleb(-kept), kept + 1, kept)
    found = f"{quotient} * {opposite(n, d)} * {unit}"
    return f"(CASE WHEN {parts[1]} <> 0 THEN {as_type(found, node.type)} END)"


def _whole(sql: str, scale: int, up: int) -> str:
    """Return a number without its point, raised by a power of ten, in 38 digits."""
    whole = as_type(f"{sql} * {constant(10**scale, scale + 1)}", _WIDE) if scale else as_type(sql, _WIDE)
    return as_type(f"{whole} * {constant(10**up, up + 1)}", _WIDE) if up else whole


_SHAPES: Final[Shapes] = make_shapes(
    quote_text,
    add_days=lambda day, n: f"date_add({day}, {n})",
    add_months=lambda day, n: f"add_months({day}, {n})",
    own={
        Op.ADD: _infix("+"),
        Op.SUBTRACT: _infix("-"),
        Op.MULTIPLY: _infix("*"),
        Op.DIVIDE: _divide,
        Op.NEGATE: _negate,
        Op.ABS: _abs,
        Op.STARTS_WITH: call("startswith"),
        Op.ENDS_WITH: call("endswith"),
        Op.DAYS_BETWEEN: lambda node, parts: as_type(f"datediff({parts[1]}, {parts[0]})", node.type),
    },
)
