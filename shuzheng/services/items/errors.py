"""What this room refuses, and what the reader can do next."""

from collections.abc import Mapping
from typing import ClassVar

from shuzheng.base.kernel.errors import Conflict, Gone, Invalid, NotFound, Refused, TooLarge


class ItemNotFound(NotFound):
    """No such item in force."""

    code = "items.item_not_found"
    text = "没有这个事项，或者它已经取消"
    hint = "请回到事项搜索，换个说法再找一找"


class UnknownFacetValue(Invalid):
    """A choice that this city does not have."""

    code = "items.unknown_facet_value"
    text = "筛选条件 {field} 没有“{value}”这个选项"
    hint = "请从回答里 facets 列出的选项中选，或去掉这个条件"


class UnitNotFound(NotFound):
    """No such implementing unit."""

    code = "items.unit_not_found"
    text = "没有找到办理这个事项的单位"
    hint = "请重新选择办理地"


class FormNotFound(NotFound):
    """The item has no form on line."""

    code = "items.form_not_found"
    text = "这个事项还不能在网上申请"
    hint = "请按办事指南到窗口办理"


class DraftNotFound(NotFound):
    """No such draft, or it is another's."""

    code = "items.draft_not_found"
    text = "没有找到这份草稿"
    hint = "请到“我的办件”里查看您的草稿"


class ApplicationNotFound(NotFound):
    """The case has no application of this room."""

    code = "items.application_not_found"
    text = "这个办件没有申请表"
    hint = "请核对办件编号"


class SectionNotFound(NotFound):
    """The form has no such step."""

    code = "items.section_not_found"
    text = "申请表没有这一步"
    hint = "请从第一步开始填写"


class MaterialNotFound(NotFound):
    """The item has no such material."""

    code = "items.material_not_found"
    text = "这个事项没有第 {seq} 份材料"
    hint = "请在材料清单里选择要上传的材料"


class DraftExpired(Gone):
    """Ninety days without a change."""

    code = "items.draft_expired"
    text = "这份草稿超过 {days} 天没有改动，已经删除"
    hint = "请重新申请，系统会再次填好已知的内容"


class ApplicantWrong(Refused):
    """A firm's item opened as a person, or the reverse."""

    code = "items.applicant_wrong"
    text = "“{item}”由{who}申请"
    hint = "请在页面上方切换“为谁办理”，再来申请"


class OfficerMayNotApply(Refused):
    """An officer in a post is not an applicant."""

    code = "items.officer_may_not_apply"
    text = "您现在以工作人员身份登录，不能申请事项"
    hint = "请退出后用个人身份登录"


class DraftClosed(Conflict):
    """The draft was submitted or discarded; fact `number` is the case it became, '' when none."""

    code = "items.draft_closed"
    text = "这份草稿已经{state}"
    hint = "请到“我的办件”查看"


class Difference:
    """One field saved meanwhile with another value: both texts, so that the person can choose."""

    __slots__ = ("field", "label", "mine", "saved")

    def __init__(self, field: str, label: str, mine: tuple[str, ...], saved: tuple[str, ...]) -> None:
        self.field, self.label, self.mine, self.saved = field, label, mine, saved


class DraftChanged(Conflict):
    """The same draft was saved in another tab; nothing was overwritten.

    Attributes:
        differences: Fields whose saved value differs from what was sent; not part of `facts` (personal data).
        rev: Revision to send with the next try.
    """

    code = "items.draft_changed"
    text = "这份草稿刚才在别的页面保存过，有 {count} 处内容和您填的不一样"
    hint = "请对照两边的内容，改好后再保存一次"

    def __init__(self, differences: tuple[Difference, ...], *, rev: int) -> None:
        self.differences = differences
        self.rev = rev
        super().__init__(count=len(differences))


class Incomplete(Invalid):
    """The application is not ready to be submitted.

    Attributes:
        problems: `FieldProblem` and `PaperProblem` values, each with a message the applicant understands.
    """

    code = "items.incomplete"
    text = "还有 {count} 处没有填好，申请没有提交"
    hint = "请按提示逐处改好，再提交申请"

    def __init__(self, problems: tuple[object, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


class NotYourTask(Refused):
    """Someone else's case, or nothing was asked."""

    code = "items.not_your_task"
    text = "只有申请人能补正材料"
    hint = "请用申请时的身份登录；代企业办理的，请先切换到该企业"


class NothingAsked(Conflict):
    """No supplement is due."""

    code = "items.nothing_asked"
    text = "这个办件现在不需要补正"
    hint = "请在办件页查看当前进度"


class SupplementEmpty(Invalid):
    """Neither file nor explanation for an asked material."""

    code = "items.supplement_empty"
    text = "还有材料没有补：{names}"
    hint = "请上传这些材料；确实没有的，请写明原因"


class NoteTooLong(Invalid):
    """Explanation over the limit."""

    code = "items.note_too_long"
    text = "说明最多 {limit} 个字，现在有 {length} 个字"
    hint = "请写得短一些，其余内容可以作为材料上传"


class HeldTooLarge(TooLarge):
    """More typed text than is kept over a sign-in."""

    code = "items.held_too_large"
    text = "填写的内容太多，不能暂存"
    hint = "请先复制保存，再登录"
    limit: ClassVar[int] = 200_000


class NotYourCheck(Refused):
    """No open task of the case is this officer's."""

    code = "items.not_your_check"
    text = "这件现在不由您办理，不能填写核查结果"
    hint = "请由正在办理的岗位填写"


class CheckWrong(Invalid):
    """What an officer wrote down as found out cannot be kept."""

    code = "items.check_wrong"
    text = "有的核查结果填得不对"
    hint = "请按每一栏的提示改好再保存"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        super().__init__()


class KeptElsewhere(Conflict):
    """Another page or device saved the same form meanwhile."""

    code = "items.kept_elsewhere"
    text = "别的页面或设备上也在填这一份"
    hint = "这一页填的不再自动保存；直接提交就以这一页为准"


class ChangeNotFound(NotFound):
    """No such change, or it is not this reader's to see."""

    code = "items.change_not_found"
    text = "没有找到这份修改"
    hint = "请到“事项管理”的修改列表里查看"


class NotYourItem(Refused):
    """Another body answers for the item or unit."""

    code = "items.not_your_item"
    text = "“{item}”由{department}负责，{org}不能修改"
    hint = "请联系{department}提出修改；本单位受理的，可以改本单位的窗口、地址、电话和时间"


class MayNotPropose(Refused):
    """The right body, the wrong post."""

    code = "items.may_not_propose"
    text = "您在{org}的岗位没有审批或主要负责人的职责，不能提出修改"
    hint = "请本单位的审批岗或主要负责人提出；窗口岗可以改本单位的窗口、地址、电话和时间"


class MayNotReview(Refused):
    """Not a data authority of this place."""

    code = "items.may_not_review"
    text = "事项修改由数据主管审核，您的岗位不能审核这一份"
    hint = "请联系当地数据主管部门；本市的事项由市级数据主管审核"


class OwnReview(Refused):
    """They wrote or submitted it."""

    code = "items.own_review"
    text = "自己写的或提交的修改，要由别人审核"
    hint = "请另一位数据主管审核"


class ChangeMoved(Conflict):
    """Somebody was first: fact `by` did `act` at `when`."""

    code = "items.change_moved"
    text = "{by}刚才已经{act}"
    hint = "请看最新的情况；您写的话还在页面上"


class ItemMoved(Conflict):
    """What the change stands on was changed meanwhile; nothing was overwritten.

    Attributes:
        clashes: Fields with both values, `types.changing.Clash`.
        base: Version in force, to go on from.
    """

    code = "items.item_moved"
    text = "这期间事项已经改到第 {base} 版，有 {count} 处和您要改的是同一处"
    hint = "请对照两边，在最新一版上改好后再提交"

    def __init__(self, clashes: tuple[object, ...], *, base: int) -> None:
        self.clashes = clashes
        self.base = base
        super().__init__(count=len(clashes), base=base)


class ChangeUnfit(Invalid):
    """The change cannot be submitted as it is.

    Attributes:
        problems: `types.changing.ChangeProblem` values.
    """

    code = "items.change_unfit"
    text = "还有 {count} 处没有填好，修改没有提交"
    hint = "请按提示逐处改好，再提交审核"

    def __init__(self, problems: tuple[object, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


class ChangeWordsMissing(Invalid):
    """Sent back without saying why."""

    code = "items.change_words_missing"
    text = "退回要写明理由"
    hint = "写清哪一处、为什么、怎么改，例如：承诺时限比现在长，请说明原因"


class ChangeEffectTooEarly(Invalid):
    """Would take effect in the past."""

    code = "items.change_effect_too_early"
    text = "生效日不能早于今天"
    hint = "请填今天（{today}）或以后的日期"


class ChangeEffectTooFar(Invalid):
    """Would take effect more than a year ahead."""

    code = "items.change_effect_too_far"
    text = "生效日最晚是一年以后"
    hint = "请填一年以内的日期；更晚的修改，到时候再提出"
