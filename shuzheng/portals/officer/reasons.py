"""Reasons an officer can tick. Written to the applicant: what is wrong, and what puts it right.

They are stored as written, in Chinese, and belong to the record; a page may show them in the reader's language.
"""

from shuzheng.base.kernel.said import said
from shuzheng.services.items.types import ConditionView, GuideView

SUPPLEMENT = (
    said("材料不齐：下面列出的材料还没有交，请补交"),
    said("看不清：照片或扫描件模糊、缺页，请重新拍照或扫描后上传"),
    said("没有签名或盖章：请补签、补盖后重新上传"),
    said("对不上：材料里的内容与申请表填写的不一致，请改正其中一处，并说明哪一处对"),
    said("过了有效期：请上传在有效期内的材料"),
)
"""Ticked when papers must be supplemented."""

NOT_ACCEPT = (
    said("不用申请：这件事依法不需要取得许可，您可以直接办"),
    said("不归我们办：这件事不属于本单位职权范围，请向下面写明的单位申请"),
    said("申请人不符：按规定，这件事要由另外的人或单位来申请"),
)
"""Ticked when an application cannot be accepted. Source: 行政许可法 第三十二条."""


def reasons_for(outcome: str, guide: GuideView) -> tuple[str, ...]:
    """Return the reasons to offer for an outcome.

    Args:
        outcome: Its id in the process, such as `supplement` or `refuse`.
        guide: Of the item: a refusal names the condition that is not met, in the words of the item itself.
    """
    if outcome == "supplement":
        return SUPPLEMENT
    if outcome == "not_accept":
        return NOT_ACCEPT
    if guide.checks:
        return tuple(_say_failure(check) for check in guide.checks)
    return tuple(said("没有满足条件：{condition}", condition=condition) for condition in guide.conditions)


def _say_failure(check: ConditionView) -> str:
    why = check.failure or said("没有满足条件：{label}", label=check.label)
    return said("{why}（{law}）", why=why, law=check.law) if check.law else why
