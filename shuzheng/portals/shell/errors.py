"""Refusals of the edge itself."""

from shuzheng.base.kernel.errors import Invalid, NotFound, Refused, ShuzhengError, TooLarge


class PageNotFound(NotFound):
    """No page has this address."""

    code = "shell.page_not_found"
    text = "没有找到这一页"
    hint = "地址可能写错了，或者事项已经改名。您可以搜一下要办的事"


class BodyTooLarge(TooLarge):
    """More than any form of ours sends; refused before it is read."""

    code = "shell.body_too_large"
    text = "一次提交的内容超过 {limit_mb} MB"
    hint = "请分几次上传，或把图片压缩后再上传"


class RequestUnreadable(ShuzhengError):
    """The request breaks the protocol: too many fields, a broken body."""

    code = "shell.request_unreadable"
    text = "系统没有看懂这次提交"
    hint = "请回到刚才那一页，刷新后再提交"


class PageTooOld(Refused):
    """The form's token does not match: another sign-in since, or a page of another site."""

    code = "shell.page_too_old"
    text = "这一页打开得太久了，为了您的安全没有提交"
    hint = "请重新打开这一页再提交"


class OnlyByButton(ShuzhengError):
    """An address that only takes what a form sends was opened as a page."""

    code = "shell.only_by_button"
    status = 405
    text = "这个地址只接收页面上的按钮，不能直接打开"
    hint = "请回到刚才那一页，再按一次按钮"


class SignInFirst(ShuzhengError):
    """A program asked for something that needs a sign-in."""

    code = "shell.sign_in_first"
    status = 401
    text = "请先登录"
    hint = "登录后再试"


class NotAnOfficer(Refused):
    """The account holds no post."""

    code = "shell.not_an_officer"
    text = "工作台只对在岗的工作人员开放"
    hint = "您的账号没有岗位；确实在岗的，请本单位管理员在平台里加上岗位"


class NoSuchChoice(Invalid):
    """A switch was given something it does not offer."""

    code = "shell.no_such_choice"
    text = "没有这个选项"
    hint = "请从页面上的选项里选"


class Breakdown(ShuzhengError):
    """Something unexpected; logged under the reference number."""

    code = "shell.breakdown"
    status = 500
    text = "系统出了问题，不是您的错"
    hint = "我们已经记下来，技术人员会处理。请过几分钟再试"


class MandateLimited(Refused):
    """A mandate for some items opens nothing else of the principal."""

    code = "shell.mandate_limited"
    text = "对方只委托了您几个事项，不能看对方的证照和其他资料"
    hint = "看自己的请换回自己的身份；需要看全部的，请对方委托全部事项"
