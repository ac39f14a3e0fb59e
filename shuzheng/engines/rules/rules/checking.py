"""From the syntax tree to the typed tree: names become facts, every operator gets a type, or the place of the fault.

Widths of numbers are tracked through every operator. What could need more than 38 digits is refused here, so that no
engine overflows later: a rule that was checked gives a value or NULL on every row.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from shuzheng.base.kernel.said import Said, said, said_together
from shuzheng.engines.rules.rules.reading import Syntax, read_text, refuse
from shuzheng.engines.rules.types import (
    BOOL,
    DATE,
    KIND_LABELS,
    MOST_DIGITS,
    TEXT,
    Kind,
    Node,
    Op,
    Rule,
    Schema,
    Type,
    number,
)

MOST_CONSTANTS: Final = 500
MOST_DIVIDED: Final = MOST_DIGITS - 7
"""Digits of a dividend: twice it, with the six decimals that Spark gives every quotient, stays within 38."""
MOST_WORK: Final = 1500
"""Operators an engine is given, at most; unbounded, a short text of nested dates keeps an engine busy for ever."""
_COPIES: Final[Mapping[Op, int]] = {
    **dict.fromkeys((Op.ADD_DAYS, Op.ADD_MONTHS, Op.ADD_YEARS, Op.MONTHS_BETWEEN, Op.YEARS_BETWEEN), 3),
    **dict.fromkeys((Op.HAS, Op.CASE, Op.COALESCE), 2),
    Op.DIVIDE: 6,
}
"""How often SQL writes a part of an operator, where that is more than once; CASE and COALESCE an optimizer copies."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ARITHMETIC: Final = {"+": Op.ADD, "-": Op.SUBTRACT, "*": Op.MULTIPLY}
_COUNT: Final = number(9)


def check_rule(text: str, schema: Schema, *, kind: Kind | None = Kind.BOOL) -> Rule:
    """Return a rule that can be decided, translated and explained.

    Args:
        text: As its author wrote it.
        schema: The facts it may ask about, by name.
        kind: What it must give; None takes any.

    Raises:
        RuleTextInvalid: With line, column and what is wrong.
    """
    root = check_syntax(read_text(text), schema)
    if kind is not None and root.type.kind is not kind:
        refuse(root.at, "规则的结果应为{wanted}，写出来的是{found}", wanted=_label(kind), found=_name(root.type))
    return Rule(text, root, schema)


def check_syntax(syntax: Syntax, schema: Schema) -> Node:
    """Return the typed tree of a syntax tree that was read elsewhere: a cell of a table.

    Raises:
        RuleTextInvalid: With the place the syntax names.
    """
    root = _Checker(schema).node(syntax)
    if work_of(root) > MOST_WORK:
        refuse(root.at, "算式一层套一层，引擎算不了；请拆成几条规则")
    return root


def work_of(node: Node) -> int:
    """Return how many operators an engine is given for a tree, at most."""
    return 1 + _COPIES.get(node.op, 1) * sum(work_of(part) for part in node.parts)


def facts_of(node: Node) -> frozenset[str]:
    """Return the names of the facts a tree asks about."""
    if node.op is Op.FACT:
        return frozenset({str(node.value)})
    return frozenset[str]().union(*(facts_of(part) for part in node.parts))


class _Checker:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._forms: dict[str, Callable[[Syntax], Node]] = {
            "name": self._fact,
            "number": self._number,
            "string": lambda s: Node(Op.LITERAL, TEXT, (), s.text, s.at),
            "bool": lambda s: Node(Op.LITERAL, BOOL, (), s.text == "TRUE", s.at),
            "date": self._date,
            "and": lambda s: self._logic(s, Op.AND),
            "or": lambda s: self._logic(s, Op.OR),
            "not": lambda s: Node(Op.NOT, BOOL, (self._of(s.parts[0], Kind.BOOL),), None, s.at),
            "compare": self._compare,
            "between": self._between,
            "in": self._in,
            "is": self._is,
            "like": self._like,
            "arithmetic": self._calculate,
            "negate": self._negate,
            "case": self._case,
            "call": self._call,
        }

    def node(self, syntax: Syntax) -> Node:
        return self._forms[syntax.kind](syntax)

    def _of(self, syntax: Syntax, kind: Kind) -> Node:
        node = self.node(syntax)
        if node.type.kind is not kind:
            refuse(syntax.at, "这里要的是{wanted}，写的是{found}", wanted=_label(kind), found=_name(node.type))
        return node

    # ---- names and constants ----
    def _fact(self, syntax: Syntax) -> Node:
        fact = self._schema.get(syntax.text)
        if fact is None:
            refuse(syntax.at, "没有名为“{name}”的事实{near}", name=syntax.text, near=self._near(syntax.text))
        return Node(Op.FACT, fact.type, (), fact.name, syntax.at)

    def _near(self, name: str) -> str:
        labels = {fact.label: fact.name for fact in self._schema.values()}
        if name in labels:
            return said("；“{label}”写成 {name}", label=name, name=labels[name])
        return _did_you_mean(get_close_matches(name, list(self._schema), 1, 0.5))

    def _number(self, syntax: Syntax) -> Node:
        value = Decimal(syntax.text)
        scale = len(syntax.text.partition(".")[2])
        digits = max(len(value.as_tuple().digits), scale + 1)
        if digits > 30 or scale > 8:
            refuse(syntax.at, "数的位数太多：最多 30 位，小数最多 8 位")
        return Node(Op.LITERAL, number(digits, scale), (), value, syntax.at)

    def _date(self, syntax: Syntax) -> Node:
        try:
            if not _DATE.fullmatch(syntax.text):
                raise ValueError
            value = date.fromisoformat(syntax.text)
        except ValueError:
            refuse(syntax.at, "没有“{text}”这一天；写成 DATE '2026-01-31'", text=syntax.text)
        return Node(Op.LITERAL, DATE, (), value, syntax.at)

    # ---- conditions ----
    def _logic(self, syntax: Syntax, op: Op) -> Node:
        return Node(op, BOOL, tuple(self._of(part, Kind.BOOL) for part in syntax.parts), None, syntax.at)

    def _compare(self, syntax: Syntax) -> Node:
        left, right = (self.node(part) for part in syntax.parts)
        _same(left, right, syntax)
        if left.type.kind is Kind.LIST:
            refuse(syntax.at, "列表不能比较；用 has(列表, 值)")
        if left.type.kind is Kind.BOOL and syntax.text not in {"=", "<>"}:
            refuse(syntax.at, "“是否”只能比较相等或不相等")
        return Node(Op.COMPARE, BOOL, (left, right), syntax.text, syntax.at)

    def _between(self, syntax: Syntax) -> Node:
        value, low, high = (self.node(part) for part in syntax.parts)
        if value.type.kind in {Kind.BOOL, Kind.LIST}:
            refuse(syntax.at, "{found}没有大小，不能用 BETWEEN", found=_name(value.type))
        _same(value, low, syntax)
        _same(value, high, syntax)
        ends = (
            Node(Op.COMPARE, BOOL, (value, low), ">=", syntax.at),
            Node(Op.COMPARE, BOOL, (value, high), "<=", syntax.at),
        )
        return _maybe_not(Node(Op.AND, BOOL, ends, "between", syntax.at), syntax)

    def _in(self, syntax: Syntax) -> Node:
        value, *constants = (self.node(part) for part in syntax.parts)
        if value.type.kind is Kind.LIST:
            refuse(syntax.at, "列表不能用 IN；用 has(列表, 值)")
        if len(constants) > MOST_CONSTANTS:
            refuse(syntax.at, "IN 里最多 {most} 个值；请用代码表", most=MOST_CONSTANTS)
        for constant in constants:
            if constant.op is not Op.LITERAL:
                refuse(constant.at, "IN 里只能是常量")
            _same(value, constant, syntax, at=constant)
        return _maybe_not(Node(Op.IN, BOOL, (value, *constants), None, syntax.at), syntax)

    def _is(self, syntax: Syntax) -> Node:
        if syntax.text == "NULL":
            found = Node(Op.IS_NULL, BOOL, (self.node(syntax.parts[0]),), None, syntax.at)
        else:
            op = Op.IS_TRUE if syntax.text == "TRUE" else Op.IS_FALSE
            found = Node(op, BOOL, (self._of(syntax.parts[0], Kind.BOOL),), None, syntax.at)
        return _maybe_not(found, syntax)

    def _like(self, syntax: Syntax) -> Node:
        if "\\" in syntax.text:
            refuse(syntax.at, "LIKE 的样式里不能有反斜杠")
        value = self._of(syntax.parts[0], Kind.TEXT)
        return _maybe_not(Node(Op.LIKE, BOOL, (value,), syntax.text, syntax.at), syntax)

    def _case(self, syntax: Syntax) -> Node:
        has_else = bool(syntax.text)
        last = len(syntax.parts) - has_else
        parts: list[Node] = []
        for i, part in enumerate(syntax.parts):
            parts.append(self._of(part, Kind.BOOL) if i < last and i % 2 == 0 else self.node(part))
        values = [part for i, part in enumerate(parts) if i >= last or i % 2 == 1]
        return Node(Op.CASE, _widest(values, syntax), tuple(parts), has_else, syntax.at)

    # ---- numbers ----
    def _calculate(self, syntax: Syntax) -> Node:
        if syntax.text == "/":
            refuse(syntax.at, "除法要写明保留几位小数：ROUND(甲 / 乙, 2)")
        left, right = (self._of(part, Kind.NUMBER) for part in syntax.parts)
        a, b = left.type, right.type
        if syntax.text == "*":
            found = number(a.digits + b.digits, a.scale + b.scale)
        else:
            scale = max(a.scale, b.scale)
            found = number(max(a.digits - a.scale, b.digits - b.scale) + scale + 1, scale)
        return Node(_ARITHMETIC[syntax.text], _fits(found, syntax), (left, right), None, syntax.at)

    def _negate(self, syntax: Syntax) -> Node:
        part = self._of(syntax.parts[0], Kind.NUMBER)
        if part.op is Op.LITERAL and isinstance(part.value, Decimal):
            return Node(Op.LITERAL, part.type, (), part.value.copy_negate() if part.value else part.value, syntax.at)
        return Node(Op.NEGATE, part.type, (part,), None, syntax.at)

    # ---- functions ----
    def _call(self, syntax: Syntax) -> Node:
        name = syntax.text
        if name == "round":
            return self._round(syntax)
        if name == "substr":
            return self._substr(syntax)
        if name in {"greatest", "least", "coalesce"}:
            return self._choose(syntax)
        known = _FUNCTIONS.get(name)
        if known is None:
            near = get_close_matches(name, [*_FUNCTIONS, "round", "substr", "greatest", "least", "coalesce"], 1, 0.6)
            refuse(syntax.at, "没有“{name}”这个函数{near}", name=name, near=_did_you_mean(near))
        op, kinds, gives = known
        _count(syntax, len(kinds), len(kinds))
        parts = tuple(self._of(part, kind) for part, kind in zip(syntax.parts, kinds, strict=True))
        if op in {Op.ADD_DAYS, Op.ADD_MONTHS, Op.ADD_YEARS} and parts[1].type.scale:
            refuse(syntax.parts[1].at, "天数、月数、年数必须是整数")
        return Node(op, gives or _same_width(op, parts[0].type, syntax), parts, None, syntax.at)

    def _round(self, syntax: Syntax) -> Node:
        _count(syntax, 2, 2)
        kept = _constant(syntax.parts[1], 0, 6, said("保留的位数"))
        inner = syntax.parts[0]
        if inner.kind == "arithmetic" and inner.text == "/":
            return self._divide(syntax, inner, kept)
        part = self._of(inner, Kind.NUMBER)
        if kept >= part.type.scale:
            return part
        found = number(part.type.digits - part.type.scale + kept + 1, kept)
        return Node(Op.ROUND, _fits(found, syntax), (part,), kept, syntax.at)

    def _divide(self, syntax: Syntax, inner: Syntax, kept: int) -> Node:
        left, right = (self._of(part, Kind.NUMBER) for part in inner.parts)
        up = kept + right.type.scale - left.type.scale  # the quotient of the whole numbers, times 10^up
        above, below = left.type.digits + max(up, 0), right.type.digits + max(-up, 0)
        without_points = (one.type.digits + one.type.scale for one in (left, right))
        if above > MOST_DIVIDED or max(below, *without_points) > MOST_DIGITS - 2:
            refuse(syntax.at, "除法的位数太多；请先 ROUND 被除数或除数")
        return Node(Op.DIVIDE, number(above + 1, kept), (left, right), (kept, up), syntax.at)

    def _substr(self, syntax: Syntax) -> Node:
        _count(syntax, 2, 3)
        part = self._of(syntax.parts[0], Kind.TEXT)
        start = _constant(syntax.parts[1], 1, 10_000, said("起点"))
        length = _constant(syntax.parts[2], 0, 10_000, said("长度")) if len(syntax.parts) == 3 else 10_000
        return Node(Op.SUBSTR, TEXT, (part,), (start, length), syntax.at)

    def _choose(self, syntax: Syntax) -> Node:
        _count(syntax, 2, 10)
        parts = tuple(self.node(part) for part in syntax.parts)
        found = _widest(parts, syntax)
        if syntax.text != "coalesce" and found.kind in {Kind.LIST, Kind.BOOL}:
            refuse(syntax.at, "{found}没有大小", found=_name(found))
        return Node(Op(syntax.text), found, parts, None, syntax.at)


_FUNCTIONS: Final[dict[str, tuple[Op, Sequence[Kind], Type | None]]] = {
    "abs": (Op.ABS, (Kind.NUMBER,), None),
    "floor": (Op.FLOOR, (Kind.NUMBER,), None),
    "ceil": (Op.CEIL, (Kind.NUMBER,), None),
    "lower": (Op.LOWER, (Kind.TEXT,), TEXT),
    "upper": (Op.UPPER, (Kind.TEXT,), TEXT),
    "trim": (Op.TRIM, (Kind.TEXT,), TEXT),
    "length": (Op.LENGTH, (Kind.TEXT,), _COUNT),
    "starts_with": (Op.STARTS_WITH, (Kind.TEXT, Kind.TEXT), BOOL),
    "ends_with": (Op.ENDS_WITH, (Kind.TEXT, Kind.TEXT), BOOL),
    "contains": (Op.CONTAINS, (Kind.TEXT, Kind.TEXT), BOOL),
    "has": (Op.HAS, (Kind.LIST, Kind.TEXT), BOOL),
    "add_days": (Op.ADD_DAYS, (Kind.DATE, Kind.NUMBER), DATE),
    "add_months": (Op.ADD_MONTHS, (Kind.DATE, Kind.NUMBER), DATE),
    "add_years": (Op.ADD_YEARS, (Kind.DATE, Kind.NUMBER), DATE),
    "days_between": (Op.DAYS_BETWEEN, (Kind.DATE, Kind.DATE), _COUNT),
    "months_between": (Op.MONTHS_BETWEEN, (Kind.DATE, Kind.DATE), _COUNT),
    "years_between": (Op.YEARS_BETWEEN, (Kind.DATE, Kind.DATE), _COUNT),
    "year": (Op.YEAR, (Kind.DATE,), number(4)),
    "month": (Op.MONTH, (Kind.DATE,), number(4)),
    "day": (Op.DAY, (Kind.DATE,), number(4)),
}
"""Function → operator, what it takes, what it gives; None gives a number as wide as the one taken."""


def _name(found: Type) -> Said:
    if found.kind is Kind.NUMBER:
        return said("数值（{digits} 位，小数 {scale} 位）", digits=found.digits, scale=found.scale)
    return _label(found.kind)


def _label(kind: Kind) -> Said:
    return said(KIND_LABELS[kind])


def _did_you_mean(near: Sequence[str]) -> str:
    return said("；是不是 {near}？", near=near[0]) if near else ""


def _same_width(op: Op, part: Type, syntax: Syntax) -> Type:
    return part if op is Op.ABS else _fits(number(part.digits - part.scale + 1), syntax)


def _fits(found: Type, syntax: Syntax) -> Type:
    if found.digits > MOST_DIGITS:
        refuse(syntax.at, "结果可能有 {n} 位，最多 {most} 位；请先 ROUND", n=found.digits, most=MOST_DIGITS)
    return found


def _maybe_not(node: Node, syntax: Syntax) -> Node:
    return Node(Op.NOT, BOOL, (node,), None, syntax.at) if syntax.negated else node


def _same(left: Node, right: Node, syntax: Syntax, *, at: Node | None = None) -> None:
    if left.type.kind is not right.type.kind:
        refuse((at or syntax).at, "不能拿{left}和{right}比较", left=_name(left.type), right=_name(right.type))
    if left.type.kind is Kind.NUMBER:
        _common((left.type, right.type), syntax)


def _common(types: Iterable[Type], syntax: Syntax) -> Type:
    """Return the narrowest type of numbers that holds all of these."""
    listed = list(types)
    scale = max(one.scale for one in listed)
    return _fits(number(max(one.digits - one.scale for one in listed) + scale, scale), syntax)


def _widest(values: Sequence[Node], syntax: Syntax) -> Type:
    kinds = {value.type.kind for value in values}
    if len(kinds) > 1:
        found = said_together((_name(value.type) for value in values), "、")
        refuse(syntax.at, "各处的类型不一样：{types}", types=found)
    if kinds == {Kind.NUMBER}:
        return _common((value.type for value in values), syntax)
    return values[0].type


def _count(syntax: Syntax, least: int, most: int) -> None:
    if not least <= len(syntax.parts) <= most:
        wanted = str(least) if least == most else f"{least}–{most}"
        refuse(
            syntax.at, "{name} 要 {wanted} 个参数，写了 {n} 个", name=syntax.text, wanted=wanted, n=len(syntax.parts)
        )


def _constant(syntax: Syntax, least: int, most: int, what: str) -> int:
    if syntax.kind != "number" or not syntax.text.isdigit() or not least <= int(syntax.text) <= most:
        refuse(syntax.at, "{what}必须是 {least} 到 {most} 的整数", what=what, least=least, most=most)
    return int(syntax.text)
