"""A table's definition as a pack writes it, and what can be wrong with it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from shuzheng.base.kernel.types import OrgId, PartyKind
from shuzheng.engines.lake.rules.masking import MASKABLE
from shuzheng.engines.lake.types.tables import (
    GRADES,
    Access,
    Column,
    Dimension,
    FieldKind,
    Grade,
    Mask,
    QualityRule,
    Table,
    TableCode,
)
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.types import TEXT, Fact, Schema

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
ACTOR: Final[Schema] = {
    name: Fact(name, TEXT, label) for name, label in (("actor.org", "查阅人单位"), ("actor.division", "查阅人行政区划"))
}
"""What a rule on rows may ask of the reader; bound to constants before any row is read."""


def read_definition(given: Mapping[str, Any]) -> Table:
    """Return a table; the definition was checked by `faults_of` before.

    Args:
        given: Keys of `Table`, `column`, `rule` and `access` as lists of tables.
    """
    kind = given.get("subject_kind") or None
    return Table(
        code=TableCode(str(given["code"])),
        label=str(given["label"]),
        department=OrgId(str(given["department"])),
        columns=tuple(map(_column, given.get("column", ()))),
        dataset=str(given.get("dataset", "")),
        summary=str(given.get("summary", "")),
        subject=str(given.get("subject", "")),
        subject_kind=None if kind is None else PartyKind(kind),
        fresh_days=int(given.get("fresh_days", 0)),
        rules=tuple(map(_rule, given.get("rule", ()))),
        access=tuple(map(_access, given.get("access", ()))),
        valid_from=date.fromisoformat(str(given.get("valid_from", "2000-01-01"))),
        source=str(given.get("source", "")),
    )


def faults_of(given: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    """Yield what is wrong: the part (`""`, `column`, `rule`, `access`), its place from 0, what, and how to mend it."""
    columns = list(given.get("column", ()))
    if not NAME.fullmatch(str(given.get("code", ""))):
        yield (
            "",
            0,
            f"数据表代码“{given.get('code')}”不能用",
            "小写字母开头，只用小写字母、数字和下划线，不超过 60 个字符",
        )
    yield from _column_faults(columns)
    names = {str(one.get("name")) for one in columns}
    subject = str(given.get("subject", ""))
    if subject and subject not in names:
        yield "", 0, f"subject “{subject}”不是本表的列", "写一个列的 name"
    if bool(subject) != bool(given.get("subject_kind")):
        yield "", 0, "subject 和 subject_kind 要么都写，要么都不写", '写 subject_kind = "person" 或 "firm"'
    if any(True for _ in _column_faults(columns)):
        return
    schema = read_definition({**given, "rule": (), "access": (), "department": ""}).schema
    yield from _rule_faults(given.get("rule", ()), schema)
    yield from _access_faults(given.get("access", ()), names, schema)


def _column_faults(columns: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, str, str]]:
    counted = Counter(str(one.get("name")) for one in columns)
    for place, one in enumerate(columns):
        name = str(one.get("name"))
        if not NAME.fullmatch(name):
            yield "column", place, f"列名“{name}”不能用", "小写字母开头，只用小写字母、数字和下划线"
        if counted[name] > 1:
            yield "column", place, f"列 {name} 写了 {counted[name]} 次", "删去重复的"
        yield from _kind_faults(place, one)
        yield from _grade_faults(place, one)
        yield from _size_faults(place, one)


def _kind_faults(place: int, one: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    kind, mask = str(one.get("type", "text")), str(one.get("mask", "none"))
    if kind not in set(FieldKind):
        yield "column", place, f"类型“{kind}”不能用", f"改成其中之一：{'、'.join(FieldKind)}"
    elif mask not in set(Mask):
        yield "column", place, f"脱敏方式“{mask}”不能用", f"改成其中之一：{'、'.join(Mask)}"
    elif FieldKind(kind) not in MASKABLE[Mask(mask)]:
        yield "column", place, f"{kind} 列不能用 {mask} 脱敏", "日期和数值用 generalise 或 drop"


def _grade_faults(place: int, one: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    name, grade = str(one.get("name")), str(one.get("grade", "L1"))
    if grade not in set(Grade):
        yield "column", place, f"分级“{grade}”不能用", f"改成其中之一：{'、'.join(GRADES)}"
    elif grade in {"L3", "L4"} and one.get("mask", "none") == "none":
        yield "column", place, f"{grade} 列没有写脱敏方式", "写 mask，例如 keep_ends 或 drop"
    if one.get("key") and not one.get("required"):
        yield "column", place, f"主键列 {name} 没有写必填", "写 required = true"
    if one.get("key") and grade == "L4":
        yield "column", place, f"主键列 {name} 不能是 L4：加密存储的列不能比较", "换一列作主键"


def _size_faults(place: int, one: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    digits, scale = one.get("digits", 18), one.get("scale", 0)
    if not (isinstance(digits, int) and isinstance(scale, int) and 1 <= digits <= 38 and 0 <= scale <= digits):
        yield "column", place, f"位数 {digits}、小数位数 {scale} 不能用", "位数 1–38，小数位数不超过位数"


def _rule_faults(rules: Sequence[Mapping[str, Any]], schema: Schema) -> Iterator[tuple[str, int, str, str]]:
    counted = Counter(str(one.get("code")) for one in rules)
    for place, one in enumerate(rules):
        if counted[str(one.get("code"))] > 1:
            yield "rule", place, f"质量规则 {one.get('code')} 写了不止一次", "换一个代码"
        if str(one.get("dimension")) not in set(Dimension):
            yield "rule", place, f"质量维度“{one.get('dimension')}”不能用", f"改成其中之一：{'、'.join(Dimension)}"
        if not _is_share(one.get("target", "1")):
            yield "rule", place, f"目标“{one.get('target')}”不是 0 到 1 的小数", "例如 0.98"
        try:
            check_rule(str(one.get("text", "")), schema)
        except RuleTextInvalid as refused:
            yield "rule", place, f"质量规则 {one.get('code')}：{refused.message}", refused.hint


def _access_faults(
    access: Sequence[Mapping[str, Any]], names: set[str], schema: Schema
) -> Iterator[tuple[str, int, str, str]]:
    for place, one in enumerate(access):
        if not one.get("roles") or not one.get("purposes"):
            yield "access", place, "授权没有写岗位职责或用途", "roles 和 purposes 各写至少一个"
        if unknown := [str(name) for name in one.get("columns", ()) if str(name) not in names]:
            yield "access", place, f"授权里的列 {'、'.join(unknown)} 不在本表", "写本表的列名"
        if str(one.get("clear", "L1")) not in set(Grade):
            yield "access", place, f"clear “{one.get('clear')}”不能用", f"改成其中之一：{'、'.join(GRADES)}"
        if not one.get("rows"):
            continue
        try:
            check_rule(str(one["rows"]), {**schema, **ACTOR})
        except RuleTextInvalid as refused:
            yield "access", place, f"行范围：{refused.message}", refused.hint


def _is_share(given: object) -> bool:
    try:
        return 0 <= Decimal(str(given)) <= 1
    except InvalidOperation:
        return False


def _column(given: Mapping[str, Any]) -> Column:
    return Column(
        name=str(given["name"]),
        label=str(given.get("label", "")) or str(given["name"]),
        kind=FieldKind(given.get("type", "text")),
        digits=int(given.get("digits", 18)),
        scale=int(given.get("scale", 0)),
        required=bool(given.get("required", False)),
        key=bool(given.get("key", False)),
        grade=Grade(given.get("grade", "L1")),
        mask=Mask(given.get("mask", "none")),
        unit=str(given.get("unit", "")),
        standard=str(given.get("standard", "")),
    )


def _rule(given: Mapping[str, Any]) -> QualityRule:
    return QualityRule(
        code=str(given["code"]),
        text=str(given["text"]),
        label=str(given["label"]),
        dimension=Dimension(given["dimension"]),
        target=str(given.get("target", "1")),
        blocks=bool(given.get("blocks", False)),
        source=str(given.get("source", "")),
    )


def _access(given: Mapping[str, Any]) -> Access:
    return Access(
        roles=frozenset(map(str, given["roles"])),
        purposes=tuple(map(str, given["purposes"])),
        own=bool(given.get("own", False)),
        columns=tuple(map(str, given.get("columns", ()))),
        clear=Grade(given.get("clear", "L1")),
        rows=str(given.get("rows", "")),
        least_group=int(given.get("least_group", 0)),
        source=str(given.get("source", "")),
    )
