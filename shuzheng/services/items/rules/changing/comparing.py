"""What differs between two sets of facts, field by field, and within a field line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from shuzheng.base.kernel.money import format_yuan
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.changing.facts import (
    changed_facts,
    clashing,
    in_order,
    is_material,
    item_facts,
    label_of,
    over,
)
from shuzheng.services.items.rules.changing.fields import REQUIRED, SOURCES
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.rules.specs import objects, texts
from shuzheng.services.items.types import CHANNEL_NAMES, KIND_NAMES, LEVEL_NAMES
from shuzheng.services.items.types.changing import Clash, Facts, FieldDifference, Line

AS_ITEM: Final = "和事项一样"
_APPLICANTS: Final = {"person": "个人", "firm": "企业", "both": "个人和企业"}
_HANDLINGS: Final = {"instant": "即办件", "promised": "承诺件"}
_PACK_LABELS: Final[Mapping[str, str]] = {
    "name": "事项名称",
    "kind": "事项类型",
    "department": "牵头部门",
    "applicant": "申请人",
    "handling": "办件类型",
    "legal_days": "法定时限（工作日）",
    "levels": "实施层级",
    "theme": "主题",
    "result_name": "结果名称",
    "licence_type": "证照类型",
    "legal_basis": "法律依据",
}
"""What only a pack changes, in the order shown."""
_OURS: Final[Mapping[str, Mapping[str, str]]] = {
    "kind": KIND_NAMES,
    "applicant": _APPLICANTS,
    "handling": _HANDLINGS,
    "levels": LEVEL_NAMES,
    "channels": CHANNEL_NAMES,
}


def differences(before: Facts, after: Facts, names: Mapping[str, str] | None = None) -> tuple[FieldDifference, ...]:
    """Return every fact that differs, in the order of the editor.

    Args:
        before: Facts it starts from.
        after: Facts it wants; those it does not name stay.
        names: Names of organizations by code, for a window.
    """
    whole = over(before, after)
    return tuple(
        FieldDifference(
            key,
            label_of(key, whole, before),
            match_lines(lines_of(key, before.get(key), names), lines_of(key, whole.get(key), names)),
        )
        for key in in_order(changed_facts(before, whole))
    )


def version_differences(before: ItemContent, after: ItemContent) -> tuple[FieldDifference, ...]:
    """Return every field in which two versions of an item differ, those only a pack changes first."""
    found = [
        FieldDifference(key, label, match_lines(_column(key, before), _column(key, after)))
        for key, label in _PACK_LABELS.items()
        if before.columns.get(key) != after.columns.get(key)
    ]
    old, new = item_facts(before), item_facts(after)
    found += differences(old, changed_facts(old, new))
    for key, label, changed in (
        ("form", "申请表", before.form != after.form),
        ("licence_fields", "证照字段", list(before.licence_fields) != list(after.licence_fields)),
    ):
        if changed:
            found.append(FieldDifference(key, label, (Line("new", "", "有改动", ours=True),)))
    return tuple(found)


def clashes(before: Facts, after: Facts, now: Facts, names: Mapping[str, str] | None = None) -> tuple[Clash, ...]:
    """Return the fields changed both by a change and meanwhile in force, with all three values."""
    return tuple(
        Clash(
            key,
            label_of(key, after, now, before),
            tuple(lines_of(key, before.get(key), names)),
            tuple(lines_of(key, after[key], names)),
            tuple(lines_of(key, now.get(key), names)),
        )
        for key in clashing(before, after, now)
    )


def match_lines(before: Sequence[Line], after: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of both in one list: those that stay, those gone and those new.

    Example:
        >>> [(line.mark, line.text) for line in match_lines([Line("same", "", "甲")], [Line("same", "", "乙")])]
        [('gone', '甲'), ('new', '乙')]
    """
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += before[a:b]
        else:
            found += [replace(line, mark="gone") for line in before[a:b]]
            found += [replace(line, mark="new") for line in after[c:d]]
    return tuple(found)


def lines_of(key: str, value: Json, names: Mapping[str, str] | None = None) -> list[Line]:
    """Return a fact as lines; none when there is nothing to say."""
    return list(_lines(key, value, names or {}))


def _lines(key: str, value: Json, names: Mapping[str, str]) -> Iterator[Line]:
    if value is None:
        if key == "promised_days":
            yield Line("same", "", AS_ITEM, ours=True)
    elif is_material(key):
        yield from _material(value)
    elif key in _OURS:
        yield from _named(key, value)
    elif key == "guide.faq":
        yield from _questions(value)
    elif key == "fee_fen" and isinstance(value, int):
        yield Line("same", "", format_yuan(value))
    elif key == "window":
        yield Line("same", "", names.get(str(value), str(value)))
    else:
        yield from _plain(value)


def _questions(value: Json) -> Iterator[Line]:
    for row in objects(value):
        yield Line("same", "问", str(row["question"]))
        yield from (Line("same", "答", line) for line in str(row["answer"]).splitlines())


def _plain(value: Json) -> Iterator[Line]:
    listed = [str(value)] if isinstance(value, str | int) else texts(value)
    yield from (Line("same", "", line) for text in listed for line in text.splitlines())


def _named(key: str, value: Json) -> Iterator[Line]:
    names = _OURS[key]
    for part in (value,) if isinstance(value, str) else texts(value):
        yield Line("same", "", names.get(part, part), ours=part in names)


def _material(value: Json) -> Iterator[Line]:
    if not isinstance(value, Mapping):
        return
    yield Line("same", "名称", str(value["name"]))
    yield Line("same", "来源", SOURCES.get(str(value["source"]), str(value["source"])), ours=True)
    if value["licence_type"]:
        yield Line("same", "电子证照", str(value["licence_type"]))
    yield Line("same", "份数", str(value["copies"]))
    yield Line("same", "要求", REQUIRED.get(str(value["required"]), str(value["required"])), ours=True)
    if value["condition_zh"]:
        yield Line("same", "什么情况", str(value["condition_zh"]))


def _column(key: str, content: ItemContent) -> list[Line]:
    return lines_of(key, content.columns.get(key))
