"""Refusals of the credentials room."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused, ShuzhengError


class LicenceNotFound(NotFound):
    """No such licence for this actor."""

    code = "credentials.not_found"
    text = "没有找到这张证照"
    hint = "请从“我的证照”重新打开"


class LicenceTypeNotFound(NotFound):
    """No licence type of this code or name."""

    code = "credentials.type_not_found"
    text = "没有名为“{licence_type}”的证照类型"
    hint = "请核对证照目录"


class MayNotIssue(Refused):
    """Neither the system, nor an officer in a case, nor a licence issuer of the issuing body."""

    code = "credentials.may_not_issue"
    text = "您不能签发这张证照"
    hint = "证照由发证机关的发证岗位签发，或在办件作出决定时签发"


class MayNotChange(Refused):
    """The actor does not hold the duty `licence_issuer` in the issuing body."""

    code = "credentials.may_not_change"
    text = "只有{issuer}的发证岗位可以办理这一步"
    hint = "请联系发证机关的发证岗位"


class MayNotPresent(Refused):
    """Only the holder shows a licence."""

    code = "credentials.may_not_present"
    text = "只有持证人本人可以出示证照"
    hint = "如果是单位的证照，请先切换到代表单位办理"


class NotPresentable(Conflict):
    """The licence is not valid now, so there is nothing to show."""

    code = "credentials.not_presentable"
    text = "这张证照{state}，不能出示"
    hint = "可以查看证照详情了解原因，或申请换发"


class WrongState(Conflict):
    """The licence is not in a state that allows the step."""

    code = "credentials.wrong_state"
    text = "这张证照{state}，不能再办这一步"
    hint = "请刷新页面查看证照现在的状态"


class ReasonMissing(Invalid):
    """A change of state needs its reason."""

    code = "credentials.reason_missing"
    text = "请写明理由"
    hint = "写清依据的事实和条款，例如“经营者申请停业，依食品经营许可规定注销”"


class ReasonTooLong(Invalid):
    """A reason is a short text."""

    code = "credentials.reason_too_long"
    text = "理由有 {length} 个字，最多 {limit} 个字"
    hint = "请写得简短一些"


class HolderCodeWrong(Invalid):
    """The holder's number is not an identity number or USCC with a right check character."""

    code = "credentials.holder_code_wrong"
    text = "持证主体的证件号码不正确"
    hint = "请核对 18 位公民身份号码或统一社会信用代码"


class HolderUnknown(NotFound):
    """A holder that the directory does not know."""

    code = "credentials.holder_unknown"
    text = "有证照的持证人不在人员和企业登记里"
    hint = "请先装入人员和企业，再装入证照"


class ValidityWrong(Invalid):
    """The last day lies before the first."""

    code = "credentials.validity_wrong"
    text = "有效期止早于有效期起"
    hint = "请核对有效期"


class CommandReused(Conflict):
    """The command id was used for another licence."""

    code = "credentials.command_reused"
    text = "这次提交的编号已经用于另一张证照"
    hint = "请回到上一页重新办理"


class PositionInvalid(Invalid):
    """A list position that no page gave."""

    code = "credentials.position_invalid"
    text = "列表的位置不对"
    hint = "请从列表第一页重新开始"


class FontMissing(ShuzhengError):
    """No font with Chinese characters was found, so a sheet would show empty boxes."""

    code = "credentials.font_missing"
    status = 500
    text = "没有找到中文字体，证照 PDF 暂时不能生成"
    hint = "请运维人员重新运行 make setup（会放好思源黑体），或安装系统字体 fonts-noto-cjk"
