"""What changed between two contents of an item, in one Chinese sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from shuzheng.base.kernel.pack import say_columns
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.content import ItemContent

LABELS: Final[Mapping[str, str]] = {
    "name": "名称",
    "kind": "类型",
    "department": "牵头部门",
    "applicant": "申请人",
    "handling": "办件类型",
    "legal_days": "法定时限",
    "promised_days": "承诺时限",
    "visits": "到场次数",
    "fee_fen": "收费（分）",
    "levels": "实施层级",
    "theme": "主题",
    "result_kind": "结果类型",
    "result_name": "结果名称",
    "licence_type": "证照类型",
    "legal_basis": "依据",
    "channels": "渠道",
    "address": "地址",
    "phone": "电话",
    "hours": "时间",
    "window": "受理机构",
    "decider": "决定机构",
}
"""Chinese names of columns; a change of any other is not spelled out."""
_SHOWN = 4


def describe_change(before: ItemContent, after: ItemContent) -> str:
    """Return what differs between two contents of one item."""
    phrases = say_columns(before.columns, after.columns, LABELS)
    phrases += _say_materials(before.materials, after.materials)
    for title, old, new in (
        ("办事指南", before.guide, after.guide),
        ("申请表", before.form, after.form),
        ("证照字段", list(before.licence_fields), list(after.licence_fields)),
    ):
        if old != new:
            phrases.append(f"{title}{_how(old, new)}")
    return f"事项“{after.columns['name']}”（{after.code}）：{'；'.join(phrases) or '写法有改动'}"


def _say_materials(before: Sequence[Json], after: Sequence[Json]) -> Iterator[str]:
    old, new = list(_names(before)), list(_names(after))
    added, removed = [name for name in new if name not in old], [name for name in old if name not in new]
    if added:
        yield f"增加材料{_some(added)}"
    if removed:
        yield f"减少材料{_some(removed)}"
    if not added and not removed and list(before) != list(after):
        yield "材料要求有改动"


def _names(materials: Iterable[Json]) -> Iterator[str]:
    for row in materials:
        if isinstance(row, Mapping):
            yield str(row.get("name", ""))


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 份" if len(names) > _SHOWN else ""
    return f"“{'”“'.join(names[:_SHOWN])}”{more}"


def _how(old: object, new: object) -> str:
    return "新增" if not old else "取消" if not new else "有改动"
