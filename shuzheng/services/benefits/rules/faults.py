"""What is wrong in facts and policies: every fault, with what to do; places are lines of the pack's tables.

Columns of a register have no types here (the catalogue of data resources is not part of a pack yet). A condition on
rows is sound when there is a way to type its columns under which it is a rule; a column that alone is a fact's value
has the fact's type.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import Final

from shuzheng.engines.rules.errors import FactInvalid, RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.types import BOOL, DATE, TEXT, Fact, Kind, Node, Op, Schema, number
from shuzheng.services.benefits.rules.expansion import POLICY_FACTS
from shuzheng.services.benefits.rules.sheets import UNKNOWN, schema_of
from shuzheng.services.benefits.types import FactSpec, Target
from shuzheng.services.rulebook.rules.grading import names_in

AGGREGATES: Final = ("value", "latest", "sum", "count", "max", "min", "avg", "exists", "none")
_TYPES: Final = (TEXT, DATE, BOOL, number(18, 2))
_PLAIN: Final = frozenset({"value", "latest", "sum", "max", "min", "avg"})
MOST_COLUMNS: Final = 5


def faults_of_spec(spec: FactSpec, specs: Iterable[FactSpec]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a fact, and the remedy."""
    name = spec.fact.name
    if spec.subject == "policy":
        if name not in POLICY_FACTS:
            yield f"没有事实 {name}", f"展开时给出的只有：{'、'.join(sorted(POLICY_FACTS))}"
        return
    if spec.aggregate not in AGGREGATES:
        yield f"事实 {name} 的 aggregate “{spec.aggregate}”不能用", f"改成其中之一：{'、'.join(AGGREGATES)}"
    if what := _fault_of_value(spec, spec.no_rows):
        yield f"事实 {name} 的 no_rows {what}", "写该类型的一个值；不知道就写 null"
    if spec.fact.choices and spec.fact.type.kind is not Kind.TEXT:
        yield f"事实 {name} 不是文本，却写了 values", "删去 values，或把 type 改成 text"
    policy = {one.fact.name: one.fact for one in specs if one.subject == "policy"}
    wanted = spec.fact.type.kind
    for key, text, kind in (("where", spec.where, Kind.BOOL), ("value", spec.value, wanted)):
        if text and (what := _fault_over_columns(text, kind, spec, policy)):
            yield f"事实 {name} 的 {key}：{what}", "按规则的写法改好这一处"


def _fault_of_value(spec: FactSpec, text: str) -> str:
    """Return what is wrong with a value, '' when nothing is; the value is not repeated, it may be personal."""
    if text == UNKNOWN:
        return ""
    try:
        found = read_value(spec.fact, text)
    except FactInvalid as fault:
        return f"不行：{fault.message}"
    if found is None:
        return "是空的"
    if spec.fact.choices and found not in spec.fact.choices:
        return f"不在取值域里：{'、'.join(spec.fact.choices)}"
    return ""


def _fault_over_columns(text: str, kind: Kind, spec: FactSpec, policy: Schema) -> str:
    """Return why no typing of the columns makes a text a rule; '' when one does."""
    plain = {spec.column_en: spec.fact.type} if spec.aggregate in _PLAIN and not spec.value else {}
    try:
        names = sorted(name for name in names_in(text) if "." not in name)
    except RuleTextInvalid as fault:
        return fault.message
    if len(names) > MOST_COLUMNS:
        return f"用到的信息项超过 {MOST_COLUMNS} 个"
    furthest: tuple[tuple[int, int], str] = ((0, 0), "")
    for types in product(*((plain[name],) if name in plain else _TYPES for name in names)):
        columns = {name: Fact(name, found, name) for name, found in zip(names, types, strict=True)}
        try:
            check_rule(text, {**policy, **columns}, kind=kind)
        except RuleTextInvalid as fault:
            place = (int(str(fault.facts.get("line", 0))), int(str(fault.facts.get("column", 0))))
            furthest = max(furthest, (place, fault.message))
        else:
            return ""
    return furthest[1]


def faults_of_rule(text: str, specs: Iterable[FactSpec], target: Target, *, kind: Kind) -> Iterator[str]:
    """Yield what is wrong with a condition or an amount: its text, and constants a fact can never have."""
    schema = schema_of(specs, target)
    try:
        rule = check_rule(text, schema, kind=kind)
    except RuleTextInvalid as fault:
        yield fault.message
        return
    yield from _never(rule.root, schema)


def _never(node: Node, schema: Schema) -> Iterator[str]:
    """Yield constants compared with a fact whose values they are not among."""
    for part in node.parts:
        yield from _never(part, schema)
    compared = node.op is Op.IN or (node.op is Op.COMPARE and node.value in {"=", "<>"})
    if not compared or node.parts[0].op is not Op.FACT:
        return
    fact = schema[str(node.parts[0].value)]
    for constant in node.parts[1:]:
        if fact.choices and constant.op is Op.LITERAL and constant.value not in fact.choices:
            yield (
                f"第 {constant.at.line} 行第 {constant.at.column} 列："
                f"“{fact.label}”不会是“{constant.value}”，取值域是：{'、'.join(fact.choices)}"
            )


def fault_of_given(spec: FactSpec, text: str) -> str:
    """Return what is wrong with a subject's value for a fact, '' when nothing is."""
    return _fault_of_value(spec, text) if text else ""


def window_of(years: Iterable[int], begins: date, ends: date) -> Mapping[int, bool]:
    """Return for each year whether any of its days is within the validity."""
    return {year: max(begins, date(year, 1, 1)) <= min(ends, date(year, 12, 31)) for year in years}
