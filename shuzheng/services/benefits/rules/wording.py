"""What changed between two versions of a family, in one Chinese sentence."""

from collections.abc import Iterator, Mapping
from typing import Final

from shuzheng.base.kernel.money import format_yuan
from shuzheng.base.kernel.pack import say_columns
from shuzheng.services.benefits.types import Family

_LABELS: Final[Mapping[str, str]] = {
    "title": "名称",
    "department": "主管部门",
    "document_no": "文号",
    "source": "依据",
    "counties": "发布地",
    "years": "年度",
    "valid_from": "有效期起",
    "last_on": "有效期止",
    "amount": "金额",
    "cap": "封顶",
    "budget": "年度预算",
}


def describe_change(before: Family, after: Family) -> str:
    """Return what differs between two versions of one family."""
    phrases = [*say_columns(_columns(before), _columns(after), _LABELS), *_say_conditions(before, after)]
    return f"政策“{after.title}”（{after.code}）改动：{'；'.join(phrases) or '其他内容'}"


def _columns(family: Family) -> dict[str, object]:
    money = {"cap": f"{format_yuan(family.cap_fen)} 元", "budget": f"{format_yuan(family.budget_fen)} 元"}
    return money | {name: getattr(family, name) for name in _LABELS if name not in money}


def _say_conditions(before: Family, after: Family) -> Iterator[str]:
    old = {one.seq: one for one in before.conditions}
    new = {one.seq: one for one in after.conditions}
    for seq in sorted(old | new):
        if seq not in new:
            yield f"去掉条件 {seq}“{old[seq].label}”"
        elif seq not in old:
            yield f"新增条件 {seq}“{new[seq].label}”"
        elif old[seq].text != new[seq].text:
            yield f"条件 {seq} {old[seq].text} → {new[seq].text}"
        elif old[seq] != new[seq]:
            yield f"条件 {seq} 的说明"
