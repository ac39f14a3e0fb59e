"""A case's way in words for the applicant: what happened, who acts now, what comes.

Reasons and opinions are written for the applicant to read; officers' names are masked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _, pgettext

from shuzheng.base.kernel.mask import mask_signature
from shuzheng.engines.cases.types import CaseState, CaseView, HistoryView, ProcessStep, TaskView
from shuzheng.portals.shell.templatetags.wording import tr

INWARD = frozenset({"claimed", "reassigned", "urged"})
"""How an office shares out its work: not the applicant's concern."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline.

    Attributes:
        kind: Class: `done`, `wait` (the applicant must act), `now` (an office acts) or '' (to come).
        at: None for what is to come.
    """

    kind: str
    title: str
    at: datetime | None = None
    text: str = ""
    opinion: str = ""
    reasons: tuple[str, ...] = ()
    papers: str = ""
    note: str = ""


def read_timeline(
    case: CaseView, history: Sequence[HistoryView], steps: Sequence[ProcessStep], names: Mapping[int, str]
) -> tuple[Moment, ...]:
    """Return the lines from the first act to the last step to come.

    Args:
        case: The case as it is.
        history: Oldest first.
        steps: The process in words.
        names: Papers by sequence number.
    """
    past = tuple(_past(entry, names) for entry in history if entry.act not in INWARD)
    if case.state.is_over:
        return past
    present = tuple(_present(task, case) for task in case.tasks)
    return (*past, *present, *_coming(steps))


def last_request(history: Sequence[HistoryView]) -> HistoryView | None:
    """Return the entry that asked for papers last, None when none did."""
    return next((entry for entry in reversed(history) if entry.papers and entry.org is not None), None)


def _past(entry: HistoryView, names: Mapping[int, str]) -> Moment:
    return Moment(
        kind="done",
        title=_title(entry),
        at=entry.at,
        text=_who(entry),
        opinion=entry.opinion,
        reasons=entry.reasons,
        papers="、".join(names.get(seq, str(seq)) for seq in entry.papers),
        note=entry.note,
    )


def _title(entry: HistoryView) -> str:
    if entry.act == "opened":
        return str(pgettext("timeline", "提交申请"))
    if entry.act == "withdrawn":
        return str(_("撤回申请"))
    return entry.outcome_name or tr(entry.name)


def _who(entry: HistoryView) -> str:
    if entry.org_name:
        return "，".join((mask_signature(entry.by), entry.org_name))
    if entry.act in {"timer", "job"}:
        return str(_("系统自动办理"))
    return str(_("您在网上办理"))


def _present(task: TaskView, case: CaseView) -> Moment:
    if task.org is None:
        text = _("计时已暂停，您补交后的下一个工作日起接着算") if case.state is CaseState.PAUSED else ""
        return Moment("wait", str(_("等您%(task)s") % {"task": task.name}), case.paused_since, text)
    return Moment("now", task.name, None, str(_("正在办理")))


def _coming(steps: Sequence[ProcessStep]) -> Iterator[Moment]:
    for step in steps:
        if step.state == "next":
            yield Moment("", step.name)
