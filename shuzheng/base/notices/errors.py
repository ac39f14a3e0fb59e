"""Refusals of the notice centre, and what a channel may answer."""

from shuzheng.base.kernel.errors import Gone, Invalid, NotFound, Refused, ShuzhengError, TooMany


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


class ChannelDown(ShuzhengError):
    """The channel did not take the message now; it is tried again."""

    code = "notices.channel_down"
    status = 503
    text = "短信或邮件通道暂时不通"
    hint = "平台会自动再发；消息中心里已经有这条消息"


class MessageRefused(ShuzhengError):
    """The channel will never take this message, such as one to a number that does not exist."""

    code = "notices.message_refused"
    text = "对方不接收这条短信或邮件"
    hint = "请核对手机号码或邮箱地址"


class MailAddressInvalid(Invalid):
    """Not a mail address."""

    code = "notices.mail_address_invalid"
    text = "这不像邮箱地址"
    hint = "请写完整的邮箱，例如 name@example.com"


class NothingToConfirm(NotFound):
    """No address waits for its code."""

    code = "notices.nothing_to_confirm"
    text = "没有等待确认的邮箱"
    hint = "请先填写邮箱，收到确认码后再来填"


class CodeWrong(Invalid):
    """The code is not the one that was sent."""

    code = "notices.code_wrong"
    text = "确认码不对"
    hint = "请看最新一封邮件里的 6 位数字，例如 304918"


class CodeExpired(Gone):
    """The code is older than a day."""

    code = "notices.code_expired"
    text = "确认码已经过期"
    hint = "请重新填写邮箱，平台会再发一封"


class CodeTriesUsed(TooMany):
    """Five wrong codes; a new one is needed."""

    code = "notices.code_tries_used"
    text = "确认码输错太多次"
    hint = "请重新填写邮箱，平台会再发一封"


class CodesTooOften(TooMany):
    """Codes were asked for too often."""

    code = "notices.codes_too_often"
    text = "确认邮件发得太频繁"
    hint = "请过 10 分钟再试"


class QuietInvalid(Invalid):
    """Quiet hours are not times of day."""

    code = "notices.quiet_invalid"
    text = "免打扰时间要写成几点几分"
    hint = "例如 22:00 到 08:00"


class ReceiptForged(Refused):
    """A receipt of a provider is not signed with the shared key, or is old."""

    code = "notices.receipt_forged"
    text = "回执的签名不对或已过期"
    hint = "请核对与短信网关约定的密钥和两边的时钟"


class ReceiptUnfit(Invalid):
    """A receipt does not say what it must."""

    code = "notices.receipt_unfit"
    text = "回执内容不完整"
    hint = "请按接口说明给出 id 和 state"


class NoSuchDelivery(NotFound):
    """No message has this id."""

    code = "notices.no_such_delivery"
    text = "没有这条外发记录"
    hint = "请核对回执里的 id"
