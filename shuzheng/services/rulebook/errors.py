"""What this room refuses, and what the reader can do next."""

from shuzheng.base.kernel.errors import Invalid, NotFound, Refused


class RuleNotFound(NotFound):
    """No such rule in force on that day."""

    code = "rulebook.rule_not_found"
    text = "规则库里没有这条规则，或者它在这一天没有生效"
    hint = "请到规则库搜索，或换一个日期再看"


class SheetNotFound(NotFound):
    """No such sheet of facts."""

    code = "rulebook.sheet_not_found"
    text = "没有这张事实表"
    hint = "请核对事实表的代码"


class RuleUnfit(Invalid):
    """A rule that is to be kept cannot be read; nothing was written."""

    code = "rulebook.rule_unfit"
    text = "规则 {rule} 不能用：{problem}"
    hint = "请改好这条规则再装入"


class MayNotRead(Refused):
    """Not an officer, and the book is not public."""

    code = "rulebook.may_not_read"
    text = "这一类规则只供工作人员查看"
    hint = "请用工作人员身份登录，或查看公开的办事条件和政策条件"
