"""The one error shape of the house.

A room subclasses one of the families below and gives it a `code` (`<room>.<problem>`), a Chinese `text` with
named places for facts, and a `hint`: what the reader can do next. One edge turns errors into RFC 9457 problem
documents or pages; it may translate `text` and `hint`, because they are message ids of the English catalogue too.

    class FileTooLarge(TooLarge):
        code = "files.too_large"
        text = "文件有 {size_mb} MB，超过 {limit_mb} MB"
        hint = "请压缩后再上传，或分成几个文件"

    raise FileTooLarge(size_mb=12, limit_mb=10)
"""

from typing import ClassVar


class ShuzhengError(Exception):
    """An expected refusal or failure, safe to show and to count.

    Attributes:
        code: Stable machine name, `<room>.<problem>`; part of the public API.
        status: HTTP status the edge answers with.
        text: What is wrong and why, Chinese, with `{fact}` places.
        hint: What the reader can do next, Chinese, one sentence.
        facts: Values for the places; never personal data.
    """

    code: ClassVar[str] = "shuzheng.error"
    status: ClassVar[int] = 400
    text: ClassVar[str] = "这一步没有办成"
    hint: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        self.facts: dict[str, object] = facts
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """Return the Chinese message with its facts filled in."""
        return self.text.format(**self.facts)


class Invalid(ShuzhengError):
    """What was given is not right; nothing was changed."""

    code = "shuzheng.invalid"
    status = 422


class NotFound(ShuzhengError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "shuzheng.not_found"
    status = 404
    text = "没有找到您要的内容"


class Refused(ShuzhengError):
    """The actor lacks the authority."""

    code = "shuzheng.refused"
    status = 403
    text = "您没有办理这一步的权限"


class Conflict(ShuzhengError):
    """The thing is not, or no longer, in a state that allows this."""

    code = "shuzheng.conflict"
    status = 409
    text = "内容已经变化，这一步现在不能办"


class Gone(ShuzhengError):
    """The thing was there and is over."""

    code = "shuzheng.gone"
    status = 410
    text = "内容已经失效"


class TooLarge(ShuzhengError):
    """More bytes than allowed."""

    code = "shuzheng.too_large"
    status = 413
    text = "内容太大"


class TooMany(ShuzhengError):
    """Too many tries in a short time."""

    code = "shuzheng.too_many"
    status = 429
    text = "尝试次数太多"
