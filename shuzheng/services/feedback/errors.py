"""Refusals of ratings."""

from shuzheng.base.kernel.errors import Conflict, Invalid, Refused


class NotYourCase(Refused):
    """Only the applicant rates."""

    code = "feedback.not_your_case"
    text = "只有申请人可以评价这次办理"
    hint = "请用申请时的身份登录；代企业办理的，请先切换到该企业"


class NotOver(Conflict):
    """The case is still under way."""

    code = "feedback.not_over"
    text = "这件事还没有办结，办结后才能评价"
    hint = "有意见请拨 12345，或到“办不成事”反映窗口"


class RatedBefore(Conflict):
    """Once per case."""

    code = "feedback.rated_before"
    text = "这件办件已经评价过，每件只能评价一次"
    hint = "评价已经计入；还有意见请拨 12345"


class LevelUnknown(Invalid):
    """Not one of the five levels."""

    code = "feedback.level_unknown"
    text = "请选择满意程度，从“非常满意”到“非常不满意”选一个"
    hint = "例如：满意"


class TagUnknown(Invalid):
    """Not one of the offered tags."""

    code = "feedback.tag_unknown"
    text = "请从列出的标签里选，例如 办得快"
    hint = "想说的话可以写在评价里"


class CommentTooLong(Invalid):
    """Over 500 characters."""

    code = "feedback.comment_too_long"
    text = "评价最多 {limit} 个字，现在有 {length} 个字"
    hint = "请写得短一些"
