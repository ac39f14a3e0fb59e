"""From the typed tree to Spark SQL that gives, on every row, what the Python closure gives.

Spark's own: a backslash escapes inside constants; decimals divide with a scale Spark chooses (and some servers cut off
instead of rounding), so division is done in whole numbers of 38 digits, taking the remainder off first; its unary minus
and abs round a DECIMAL to 34 digits, so a sign is taken off or put on as text.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.rules.sql import Shape, Shapes, as_type, call, constant, make_shapes, make_sql, opposite
from shuzheng.engines.rules.types import MOST_DIGITS, Node, Op, Type, number

_WIDE: Final = number(MOST_DIGITS)


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


def exact_abs(sql: str, found: Type) -> str:
    """Return the size of a DECIMAL, to its last digit: the text without its sign."""
    return as_type(f"trim(LEADING '-' FROM CAST({sql} AS STRING))", found)


def _negate(node: Node, parts: Sequence[str]) -> str:
    return as_type(f"regexp_replace(concat('-', CAST({parts[0]} AS STRING)), '^--', '')", node.type)


def _abs(node: Node, parts: Sequence[str]) -> str:
    return exact_abs(parts[0], node.type)


def _size(whole: str) -> str:
    """Return the size of a number of 38 digits without a point: so much a difference keeps."""
    return f"greatest({whole}, 0 - {whole})"


def _divide(node: Node, parts: Sequence[str]) -> str:
    kept, up = node.pair
    n = _whole(parts[0], node.parts[0].type.scale, max(up, 0))
    d = _whole(parts[1], node.parts[1].type.scale, max(-up, 0))
    above, below = as_type(f"2 * {_size(n)} + {_size(d)}", _WIDE), as_type(f"2 * {_size(d)}", _WIDE)
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
