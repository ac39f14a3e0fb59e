"""Refusals of the notice centre."""

from shuzheng.base.kernel.errors import Invalid, NotFound


class NoSuchNotice(NotFound):
    """The notice does not exist, or is another person's."""

    code = "notices.no_such_notice"
    text = "没有找到这条消息"
    hint = "请回到消息中心重新打开"


class NoticeUnfit(Invalid):
    """A notice lacks a title or key, or points outside the site."""

    code = "notices.notice_unfit"
    text = "消息不完整：{what}"
    hint = "请补齐后再发送"


class PositionInvalid(Invalid):
    """The position to continue a list from is none we gave."""

    code = "notices.position_invalid"
    text = "翻页位置不对"
    hint = "请从消息中心第一页重新翻看"
