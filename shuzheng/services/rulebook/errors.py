"""What this room refuses, and what the reader can do next."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused


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


class MayNotTakeFacts(Refused):
    """The post neither decides by the rule nor governs the data of that place."""

    code = "rulebook.may_not_take_facts"
    text = "您的岗位不能取这个人或这家企业的事实"
    hint = "由规则负责单位在当地的审批、兑付岗位，或当地的数据主管岗位来取；事实也可以自己填写"


class ProposalNotFound(NotFound):
    """No such proposal, or it is not this reader's to see."""

    code = "rulebook.proposal_not_found"
    text = "没有找到这份规则修改"
    hint = "请到“规则库”的修改列表里查看"


class NotYourRule(Refused):
    """Another body answers for the rule."""

    code = "rulebook.not_your_rule"
    text = "这条规则由{department}负责，{org}不能提出修改"
    hint = "请联系{department}，由它的审批岗提出；数据主管也可以提出"


class MayNotPropose(Refused):
    """The right body, the wrong post."""

    code = "rulebook.may_not_propose"
    text = "您在{org}的岗位没有审批、数据专员或主要负责人的职责，不能修改规则"
    hint = "请本单位的审批岗提出，由数据主管审核"


class MayNotReview(Refused):
    """Not a data authority."""

    code = "rulebook.may_not_review"
    text = "规则修改由数据主管审核，您的岗位不能审核"
    hint = "请联系当地数据主管部门"


class OwnReview(Refused):
    """They wrote or submitted it."""

    code = "rulebook.own_review"
    text = "自己起草或提交的规则，要由别人审核"
    hint = "请另一位数据主管审核"


class NoReviewer(Conflict):
    """The city has no data authority."""

    code = "rulebook.no_reviewer"
    text = "本市还没有负责审核规则的数据主管单位，修改没有提交"
    hint = "请管理员在机构数据里写明哪个单位担任数据主管"


class ProposalMoved(Conflict):
    """Somebody was first: fact `by` did `act`."""

    code = "rulebook.proposal_moved"
    text = "{by}刚才已经{act}"
    hint = "请看最新的情况；您写的内容还在页面上"


class RuleMoved(Conflict):
    """The edition the proposal stands on is no longer the newest; nothing was overwritten.

    Attributes:
        clash: `types.proposing.RuleClash`: all three texts.
    """

    code = "rulebook.rule_moved"
    text = "这期间规则已经有了第 {now} 版，您的修改是在第 {base} 版上写的"
    hint = "请对照三份文本，在最新一版上改好后再提交"

    def __init__(self, clash: object, *, base: int, now: int) -> None:
        self.clash = clash
        super().__init__(base=base, now=now)


class ProposalUnfit(Invalid):
    """The proposal cannot be submitted or published as it is.

    Attributes:
        problems: `types.proposing.ProposalProblem` values.
    """

    code = "rulebook.proposal_unfit"
    text = "还有 {count} 处要改好：{first}"
    hint = "请按提示逐处改好，再提交审核"

    def __init__(self, problems: tuple[object, ...], *, first: str) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=first)
