"""Refusals of the desk."""

from shuzheng.base.kernel.errors import Invalid, Refused


class NotASupervisor(Refused):
    """Figures of a subtree are for directors."""

    code = "officer.not_a_supervisor"
    text = "单位办理情况由主要负责人查看，您现在的岗位没有这项职责"
    hint = "您要办的在收件箱；需要查看时，请换到负责人的岗位"


class PurposeWanted(Invalid):
    """A list leaves the house only with a purpose."""

    code = "officer.purpose_wanted"
    text = "导出清单要写明用途"
    hint = "例如：十一月超期办件通报"
