"""From the typed tree to a Python function over one set of facts; None is "not known" in three-valued logic.

Decimals are exact: sums, differences and products stay within 38 digits (the checker saw to that) under a context of
80; rounding is half away from zero as in the engines; `abs` and minus copy, because Python's round to 28 digits.
"""

import operator
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from shuzheng.engines.rules.types import Decide, Facts, Node, Op

WIDE: Final = Context(prec=80)
CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALL: Final = "abcdefghijklmnopqrstuvwxyz"
SPACES: Final = " \u3000"
_LAST_DAY: Final = date.max.toordinal()
_TO_CAPITAL: Final = str.maketrans(SMALL, CAPITALS)
_TO_SMALL: Final = str.maketrans(CAPITALS, SMALL)
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def make_closure(node: Node) -> Decide:
    """Return the function that gives the tree's value for facts by name; a fact not given counts as NULL."""
    special = _SPECIAL.get(node.op)
    if special is not None:
        return special(node)
    first = make_closure(node.parts[0])
    if len(node.parts) == 1:
        one = _one(node)

        def apply_one(facts: Facts) -> Any:
            return None if (a := first(facts)) is None else one(a)

        return apply_one
    second, two = make_closure(node.parts[1]), _two(node)

    def apply_two(facts: Facts) -> Any:
        return None if (a := first(facts)) is None or (b := second(facts)) is None else two(a, b)

    return apply_two


# ---- forms that look at NULL themselves ----
def _literal(node: Node) -> Decide:
    value: Any = node.value
    return lambda _facts: value


def _fact(node: Node) -> Decide:
    name = str(node.value)
    return lambda facts: facts.get(name)


def _logic(node: Node) -> Decide:
    """AND ends at the first false, OR at the first true; else one unknown part makes the whole unknown."""
    parts, ends = tuple(make_closure(part) for part in node.parts), node.op is Op.OR

    def decide(facts: Facts) -> bool | None:
        found: bool | None = not ends
        for part in parts:
            value = part(facts)
            if value is ends:
                return ends
            if value is None:
                found = None
        return found

    return decide


def _compare(node: Node) -> Decide:
    compare, left, right = _COMPARE[str(node.value)], make_closure(node.parts[0]), node.parts[1]
    if right.op is Op.LITERAL:
        constant: Any = right.value
        return lambda facts: None if (a := left(facts)) is None else compare(a, constant)
    other = make_closure(right)
    return lambda facts: None if (a := left(facts)) is None or (b := other(facts)) is None else compare(a, b)


def _in(node: Node) -> Decide:
    value, constants = make_closure(node.parts[0]), frozenset(part.value for part in node.parts[1:])
    return lambda facts: None if (a := value(facts)) is None else a in constants


def _is(node: Node) -> Decide:
    value = make_closure(node.parts[0])
    wanted = {Op.IS_NULL: None, Op.IS_TRUE: True, Op.IS_FALSE: False}[node.op]
    return lambda facts: value(facts) is wanted


def _case(node: Node) -> Decide:
    parts = [make_closure(part) for part in node.parts]
    last = len(parts) - bool(node.value)
    branches = tuple(zip(parts[0:last:2], parts[1:last:2], strict=True))
    otherwise = parts[-1] if node.value else lambda _facts: None

    def decide(facts: Facts) -> Any:
        for when, then in branches:
            if when(facts) is True:
                return then(facts)
        return otherwise(facts)

    return decide


def _coalesce(node: Node) -> Decide:
    parts = tuple(make_closure(part) for part in node.parts)

    def decide(facts: Facts) -> Any:
        for part in parts:
            if (value := part(facts)) is not None:
                return value
        return None

    return decide


def _extreme(node: Node) -> Decide:
    parts = tuple(make_closure(part) for part in node.parts)
    pick: Callable[..., Any] = max if node.op is Op.GREATEST else min
    return lambda facts: pick((v for part in parts if (v := part(facts)) is not None), default=None)


_SPECIAL: Final[dict[Op, Callable[[Node], Decide]]] = {
    Op.LITERAL: _literal,
    Op.FACT: _fact,
    Op.AND: _logic,
    Op.OR: _logic,
    Op.COMPARE: _compare,
    Op.IN: _in,
    Op.IS_NULL: _is,
    Op.IS_TRUE: _is,
    Op.IS_FALSE: _is,
    Op.CASE: _case,
    Op.COALESCE: _coalesce,
    Op.GREATEST: _extreme,
    Op.LEAST: _extreme,
}

# ---- one value, never NULL ----
_ONE: Final[dict[Op, Callable[[Any], Any]]] = {
    Op.NOT: operator.not_,
    Op.NEGATE: lambda v: Decimal(v).copy_negate() if v else v,
    Op.ABS: lambda v: Decimal(v).copy_abs(),
    Op.FLOOR: lambda v: Decimal(v).to_integral_value(ROUND_FLOOR),
    Op.CEIL: lambda v: Decimal(v).to_integral_value(ROUND_CEILING),
    Op.LOWER: lambda v: v.translate(_TO_SMALL),
    Op.UPPER: lambda v: v.translate(_TO_CAPITAL),
    Op.TRIM: lambda v: v.strip(SPACES),
    Op.LENGTH: len,
    Op.YEAR: lambda v: v.year,
    Op.MONTH: lambda v: v.month,
    Op.DAY: lambda v: v.day,
}


def _one(node: Node) -> Callable[[Any], Any]:
    if node.op is Op.ROUND:
        unit = Decimal(1).scaleb(-node.whole)
        return lambda v: Decimal(v).quantize(unit, ROUND_HALF_UP, WIDE)
    if node.op is Op.SUBSTR:
        start, length = node.pair
        return lambda v: v[start - 1 : start - 1 + length]
    if node.op is Op.LIKE:
        match = _like(str(node.value)).match
        return lambda v: match(v) is not None
    return _ONE[node.op]


def _like(pattern: str) -> re.Pattern[str]:
    """Each stretch between two `%` stays where it first fits, so that no text and no pattern takes long."""
    first, *others = ("".join("." if c == "_" else re.escape(c) for c in stretch) for stretch in pattern.split("%"))
    middle = "".join(f"(?>.*?{stretch})" for stretch in others[:-1])
    last = f".*{others[-1]}" if others else ""
    return re.compile(rf"{first}{middle}{last}\Z", re.DOTALL)


# ---- two values, neither NULL ----
def _two(node: Node) -> Callable[[Any, Any], Any]:
    return _division(node) if node.op is Op.DIVIDE else _TWO[node.op]


def _division(node: Node) -> Callable[[Any, Any], Any]:
    kept, up = node.pair
    above, below = node.parts[0].type.scale + max(up, 0), node.parts[1].type.scale + max(-up, 0)

    def divide(a: Any, b: Any) -> Decimal | None:
        if not b:
            return None
        n, d = int(WIDE.scaleb(Decimal(a), above)), int(WIDE.scaleb(Decimal(b), below))
        sign = 1 if (n < 0) == (d < 0) else -1
        n, d = abs(n), abs(d)
        return WIDE.scaleb(Decimal(sign * ((2 * n + d) // (2 * d))), -kept)

    return divide


def _add_days(day: date, n: Any) -> date | None:
    found = day.toordinal() + int(n)
    return date.fromordinal(found) if 1 <= found <= _LAST_DAY else None


def _add_months(day: date, n: Any, *, each: int = 1) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + int(n) * each, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _add_years(day: date, n: Any) -> date | None:
    return _add_months(day, n, each=12)


_TWO: Final[dict[Op, Callable[[Any, Any], Any]]] = {
    Op.ADD: lambda a, b: WIDE.add(Decimal(a), Decimal(b)),
    Op.SUBTRACT: lambda a, b: WIDE.subtract(Decimal(a), Decimal(b)),
    Op.MULTIPLY: lambda a, b: WIDE.multiply(Decimal(a), Decimal(b)),
    Op.STARTS_WITH: str.startswith,
    Op.ENDS_WITH: str.endswith,
    Op.CONTAINS: operator.contains,
    Op.HAS: operator.contains,
    Op.ADD_DAYS: _add_days,
    Op.ADD_MONTHS: _add_months,
    Op.ADD_YEARS: _add_years,
    Op.DAYS_BETWEEN: lambda a, b: b.toordinal() - a.toordinal(),
    Op.MONTHS_BETWEEN: lambda a, b: (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day),
    Op.YEARS_BETWEEN: lambda a, b: b.year - a.year - ((b.month, b.day) < (a.month, a.day)),
}
