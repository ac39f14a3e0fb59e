"""Refusals of the case engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused


@dataclass(frozen=True, slots=True)
class ElementFault:
    """One thing wrong in a drawn process (Chinese texts).

    Attributes:
        element: Id of the BPMN element.
        name: Its name as drawn, '' when it has none.
        what: What is wrong.
        hint: How to put it right.
    """

    element: str
    name: str
    what: str
    hint: str

    @override
    def __str__(self) -> str:
        called = f"“{self.name}”" if self.name else ""
        hint = f"；{self.hint}" if self.hint else ""
        return f"{self.element}{called}：{self.what}{hint}"


class ProcessRefused(Invalid):
    """A drawn process is outside the subset or unsound; carries every fault at once."""

    code = "cases.process_refused"
    text = "流程不能发布，有 {count} 处要改：{list}"
    hint = "请按每一处的提示修改流程图后再发布"

    def __init__(self, faults: Sequence[ElementFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults), list="。".join(map(str, self.faults)))


class ProcessNotFound(NotFound):
    """No process of that key was published."""

    code = "cases.process_not_found"
    text = "没有名为“{process}”的流程"
    hint = "请先发布流程，或核对事项所用的流程"


class CaseNotFound(NotFound):
    """No such case, or none this actor may know of."""

    code = "cases.not_found"
    text = "没有找到这件办件"
    hint = "请核对办件编号；代企业办理的，请先切换到企业身份"


class TaskNotFound(NotFound):
    """The case never had a task of that number."""

    code = "cases.task_not_found"
    text = "这件办件没有这一步"
    hint = "请从办件页面重新进入"


class TaskGone(Conflict):
    """Someone else, or a timer, closed the task first; nothing of this attempt was written.

    Facts: `by` (name), `at` (aware datetime), `when` (local, in words), `outcome` (in words).
    """

    code = "cases.task_gone"
    text = "{by}已在 {when} 作了“{outcome}”的处理，您这次没有提交"
    hint = "请看最新的办件；您写的内容没有丢，可以拿回来再用"


class CaseChanged(Conflict):
    """The case moved since the page was shown; facts as `TaskGone`."""

    code = "cases.changed"
    text = "办件刚刚有变化：{by}在 {when} 作了“{outcome}”的处理，您这次没有提交"
    hint = "请看最新的办件后再处理；您写的内容没有丢"


class TaskTaken(Conflict):
    """A colleague claimed the task."""

    code = "cases.task_taken"
    text = "这一步由{by}认领了"
    hint = "要由您来办，请先认领接过来，接手会记入经过"


class CaseClosedAlready(Conflict):
    """The case is over."""

    code = "cases.closed"
    text = "这件办件已经{state}，不能再办这一步"
    hint = "需要再办，请重新申请"


class NotYourTask(Refused):
    """The actor's post lacks the role or stands in another unit."""

    code = "cases.not_your_task"
    text = "“{task}”由{lane}办理，您现在的身份不能办这一步"
    hint = "请切换到承办单位有这项职责的岗位，或请承办单位办理"


class NotYoursToLead(Refused):
    """Only who leads the unit of a task hands it on or urges it."""

    code = "cases.not_yours_to_lead"
    text = "“{task}”不归您现在的岗位调度"
    hint = "改派和催办由承办单位或上级的主要负责人、承办单位的科室负责人来做"


class UnfitColleague(Invalid):
    """A task goes only to a post of its own unit with its own duty."""

    code = "cases.unfit_colleague"
    text = "这位同事不在承办单位，或没有办这一步的职责"
    hint = "请从列出的同事中选择"


class HoldsItAlready(Conflict):
    """The task is already that officer's."""

    code = "cases.holds_it_already"
    text = "这一步已经在{who}手里"
    hint = "请换一位同事，或不用改派"


class ReasonMissing(Invalid):
    """Handing a task on needs a reason."""

    code = "cases.reason_missing"
    text = "改派要写明原因"
    hint = "例如：原经办人外出学习，本周由同组同事办理"


class NotOverdue(Conflict):
    """Only what is overdue is urged."""

    code = "cases.not_overdue"
    text = "这一步还没有超期，不用催办"
    hint = "要换人办，可以改派"


class UrgedAlready(Conflict):
    """A task is urged once a day."""

    code = "cases.urged_already"
    text = "今天已经催办过这一步"
    hint = "明天还没有办，可以再催"


class MayNotWithdraw(Refused):
    """Only the applicant, or who applied on the applicant's behalf, withdraws."""

    code = "cases.may_not_withdraw"
    text = "只有申请人可以撤回申请"
    hint = "请以申请人的身份登录后撤回"


class UnknownOutcome(Invalid):
    """The task offers no such outcome."""

    code = "cases.unknown_outcome"
    text = "“{task}”没有“{outcome}”这个选项"
    hint = "请从页面上的按钮中选择"


class InputMissing(Invalid):
    """The outcome needs something that was not given."""

    code = "cases.input_missing"
    text = "要“{outcome}”，还要写明：{missing}"
    hint = "请补上后再提交"


class InputTooLong(Invalid):
    """A text or list exceeds its limit."""

    code = "cases.input_too_long"
    text = "{what}太长，最多 {limit}"
    hint = "请写得短一些，详细内容可以作为附件"


class PartMissing(Invalid):
    """The case names no organization for a part its process needs."""

    code = "cases.part_missing"
    text = "办件没有写明由哪个机构担任“{part}”"
    hint = "请在实施事项中补上承办机构"


class PositionInvalid(Invalid):
    """The position to continue a list from is none we gave."""

    code = "cases.position_invalid"
    text = "翻页位置不对"
    hint = "请从列表第一页重新翻看"


class CommandReused(Conflict):
    """A command id came again with other content."""

    code = "cases.command_reused"
    text = "这次提交的编号已经用过，内容却和上次不一样"
    hint = "请刷新页面后重新提交"


class ActionFailed(Conflict):
    """A service action refused; the whole step was undone."""

    code = "cases.action_failed"
    text = "“{task}”没有办成（{problem}），这一步已撤销"
    hint = "请稍后再试；仍不成功时请联系管理员"
