"""Refusals of reading."""

from shuzheng.base.kernel.errors import Invalid, NotFound, Refused


class NothingToSee(NotFound):
    """A stranger on the public front is not told that the thing exists."""

    code = "access.nothing_to_see"
    text = "没有找到您要的内容"
    hint = "请核对编号，或登录后在“我的办件”中查看"


class OtherUnit(Refused):
    """An officer of a unit that has no part in the matter."""

    code = "access.other_unit"
    text = "这件事由{whom}办理，您所在的{unit}不能查看"
    hint = "确有工作需要时，请联系办理单位"


class PurposeMissing(Invalid):
    """A reading without a purpose cannot be recorded, so it does not happen."""

    code = "access.purpose_missing"
    text = "查看他人资料要写明用途"
    hint = "例如：审查申请材料"


class PositionInvalid(Invalid):
    """The position to continue a list from is none we gave."""

    code = "access.position_invalid"
    text = "翻页位置不对"
    hint = "请从列表第一页重新翻看"
