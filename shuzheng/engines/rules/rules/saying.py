"""Conditions and values in Chinese, as a window would say them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from shuzheng.engines.rules.types import Node, Op, Schema, Value

_COMPARED: Final = {">=": "不低于", "<=": "不高于", ">": "高于", "<": "低于", "=": "为", "<>": "不为"}
_DATED: Final = {">=": "不早于", "<=": "不晚于", ">": "晚于", "<": "早于", "=": "为", "<>": "不为"}
OPPOSITE: Final = {">=": "<", "<=": ">", ">": "<=", "<": ">=", "=": "<>", "<>": "="}
_PHRASES: Final = {
    Op.ADD: "{0}加{1}",
    Op.SUBTRACT: "{0}减{1}",
    Op.MULTIPLY: "{0}乘{1}",
    Op.DIVIDE: "{0}除以{1}",
    Op.NEGATE: "负的{0}",
    Op.ROUND: "{0}（四舍五入）",
    Op.ABS: "{0}的绝对值",
    Op.FLOOR: "{0}（舍去小数）",
    Op.CEIL: "{0}（进位取整）",
    Op.GREATEST: "{0}与{1}中较大的",
    Op.LEAST: "{0}与{1}中较小的",
    Op.COALESCE: "{0}（没有时按{1}）",
    Op.LOWER: "{0}",
    Op.UPPER: "{0}",
    Op.TRIM: "{0}",
    Op.LENGTH: "{0}的字数",
    Op.SUBSTR: "{0}的一段",
    Op.ADD_DAYS: "{0}之后{1}天",
    Op.ADD_MONTHS: "{0}之后{1}个月",
    Op.ADD_YEARS: "{0}之后{1}年",
    Op.DAYS_BETWEEN: "{0}到{1}的天数",
    Op.MONTHS_BETWEEN: "{0}到{1}的整月数",
    Op.YEARS_BETWEEN: "{0}到{1}的周年数",
    Op.YEAR: "{0}的年份",
    Op.MONTH: "{0}的月份",
    Op.DAY: "{0}的日",
}
_TESTS: Final = {
    Op.STARTS_WITH: "{0}以{1}开头",
    Op.ENDS_WITH: "{0}以{1}结尾",
    Op.CONTAINS: "{0}含有{1}",
    Op.HAS: "{0}包括{1}",
}


def say_value(value: Value, schema: Schema, node: Node) -> str:
    """Return a value in words, with the unit of the fact it is of."""
    if value is None:
        return "未提供"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list):
        return "、".join(value) or "无"
    if isinstance(value, int | Decimal):
        return f"{value:,f}{_unit(node, schema)}" if isinstance(value, Decimal) else f"{value:,}{_unit(node, schema)}"
    return value


def _unit(node: Node, schema: Schema) -> str:
    return schema[str(node.value)].unit if node.op is Op.FACT else ""


def say_term(node: Node, schema: Schema) -> str:
    """Return what a value is called: a fact's label, a constant, a sum in words."""
    if node.op is Op.FACT:
        return schema[str(node.value)].label
    if node.op is Op.LITERAL:
        return say_value(node.value, schema, node)  # type: ignore[arg-type]  # a literal holds one of Value
    if node.op in _PHRASES:
        said = [say_term(part, schema) for part in node.parts]
        return _PHRASES[node.op].format(*said)
    if node.op is Op.CASE:
        return "按情形取的值"
    return say_condition(node, schema)


def say_condition(node: Node, schema: Schema, *, negated: bool = False) -> str:
    """Return a condition in words; `negated` says its opposite."""
    no = "不" if negated else ""
    say = _SAYINGS.get(node.op)
    return f"{say_term(node, schema)}{no}成立" if say is None else say(node, schema, no)


def _say_in(node: Node, schema: Schema, no: str) -> str:
    value, *constants = (say_term(part, schema) for part in node.parts)
    kinds = "中的一种" if len(constants) > 1 else ""
    return f"{value}{no}是{'、'.join(constants)}{kinds}"


def _say_and(node: Node, schema: Schema, no: str) -> str:
    if node.value == "between":
        low, high = node.parts
        between = f"{say_term(low.parts[1], schema)}至{say_term(high.parts[1], schema)}{_unit(low.parts[0], schema)}"
        return f"{say_term(low.parts[0], schema)}{no}在{between}之间"
    return _say_joined(node, schema, no)


def _say_joined(node: Node, schema: Schema, no: str) -> str:
    joined = ("，且" if node.op is Op.AND else "，或").join(say_condition(part, schema) for part in node.parts)
    return f"不是（{joined}）" if no else joined


def _say_is(node: Node, schema: Schema, no: str) -> str:
    found = say_condition(node.parts[0], schema, negated=node.op is Op.IS_FALSE)
    return f"不成立或不知道：{found}" if no else found


def _say_test(node: Node, schema: Schema, no: str) -> str:
    said = _TESTS[node.op].format(*(say_term(part, schema) for part in node.parts))
    return f"没有做到：{said}" if no else said


def _say_comparison(node: Node, schema: Schema, no: str) -> str:
    left, right = node.parts
    sign = OPPOSITE[str(node.value)] if no else str(node.value)
    if isinstance(right.value, bool) and right.op is Op.LITERAL:
        return say_condition(left, schema, negated=right.value is (sign != "="))
    words = _DATED if left.type.kind == "date" else _COMPARED
    return f"{say_term(left, schema)}{words[sign]}{say_term(right, schema)}{_unit(left, schema)}"


_SAYINGS: Final[Mapping[Op, Callable[[Node, Schema, str], str]]] = {
    Op.COMPARE: _say_comparison,
    Op.AND: _say_and,
    Op.OR: _say_joined,
    Op.IN: _say_in,
    Op.IS_NULL: lambda node, schema, no: f"{'已' if no else '没有'}提供{say_term(node.parts[0], schema)}",
    Op.IS_TRUE: _say_is,
    Op.IS_FALSE: _say_is,
    Op.FACT: lambda node, schema, no: f"{say_term(node, schema)}：{'否' if no else '是'}",
    Op.NOT: lambda node, schema, no: say_condition(node.parts[0], schema, negated=not no),
    Op.LIKE: lambda node, schema, no: f"{say_term(node.parts[0], schema)}{no}合乎“{node.value}”的样式",
    **dict.fromkeys(_TESTS, _say_test),
}
