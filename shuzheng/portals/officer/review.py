"""What the page of one case shows an officer, gathered from the rooms that know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.queries import get_case, get_deadlines, get_diagram, get_history
from shuzheng.engines.cases.types import CaseView, Diagram, HistoryView, OutcomeView, TaskView
from shuzheng.portals.officer.forms import needing
from shuzheng.portals.officer.reasons import reasons_for
from shuzheng.portals.shell.deadlines import Deadline, read_deadlines
from shuzheng.portals.shell.templatetags.wording import moment, tr
from shuzheng.services.items.queries import get_application, get_guide, judge_conditions, list_to_check
from shuzheng.services.items.types import ApplicationView, FactToCheck, GuideView, Judged, PaperState, PaperView

PAPER_MARKS: Mapping[PaperState, tuple[str, str]] = {
    PaperState.TO_GIVE: ("warn", "clock"),
    PaperState.GIVEN: ("ok", "check"),
    PaperState.WAIVED: ("ok", "shield"),
    PaperState.NOT_NEEDED: ("", "file"),
    PaperState.DEPARTMENT: ("b", "db"),
    PaperState.REJECTED: ("warn", "undo"),
}
"""Class and icon of a paper by its state."""
NO_NAMES: Mapping[int, str] = {}
PICTURES = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper ready to show; `url` is '' without a file, `digest` the shortened SHA-256."""

    seq: int
    name: str
    words: str
    kind: str
    icon: str
    why: str
    source: str
    file: FileView | None
    url: str
    digest: str

    @property
    def css(self) -> str:
        """Return the class that colours its icon."""
        return f"t-{self.kind}" if self.kind in {"ok", "warn", "bad"} else "dim"

    @property
    def is_picture(self) -> bool:
        """Tell whether the page can show it in place."""
        return self.file is not None and self.file.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class Button:
    """An outcome as a button."""

    id: str
    name: str
    css: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Reasons offered for one outcome."""

    label: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A task the officer may act on.

    Attributes:
        taken: Name of the colleague who claimed it; the officer must take it over before deciding.
        claimable: Whether claiming makes sense: nobody holds it, or a colleague does.
    """

    n: int
    name: str
    mine: bool
    taken: str
    claim_id: UUID
    outcomes: tuple[Button, ...]
    asks_papers: bool
    papers_label: str
    reasons_label: str
    reason_groups: tuple[ReasonGroup, ...]
    due_on: date | None

    @property
    def claimable(self) -> bool:
        """Tell whether the officer does not hold the task yet."""
        return not self.mine

    @property
    def default_words(self) -> str:
        """Return the name of the button that Ctrl+Enter presses."""
        return next((button.name for button in self.outcomes if button.is_default), "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history."""

    at: datetime
    title: str
    who: str
    opinion: str
    reasons: tuple[str, ...]
    papers: str
    note: str


@dataclass(frozen=True, slots=True)
class Review:
    """Everything the page needs, read in one go."""

    case: CaseView
    application: ApplicationView
    guide: GuideView
    history: tuple[Entry, ...]
    last: HistoryView | None
    diagram: Diagram
    deadlines: tuple[Deadline, ...]
    papers: tuple[Paper, ...]
    conditions: tuple[Judged, ...]
    to_check: tuple[FactToCheck, ...]
    my_tasks: tuple[Task, ...]
    other_tasks: tuple[str, ...]


def open_review(number: str, *, actor: Actor, at: datetime) -> Review:
    """Read a case for an officer; the rooms check the permission and log the reading.

    Raises:
        CaseNotFound: No such number.
        OtherUnit: The officer's unit has no part in it.
    """
    case = get_case(number, actor=actor)
    application = get_application(case.id, actor=actor, at=at)
    today = local_date(at, settings.SHUZHENG.zone)
    conditions = judge_conditions(application, today=today)
    guide = replace(get_guide(case.item), checks=tuple(judged.condition for judged in conditions))
    entries = get_history(case.id)
    papers = tuple(_paper(paper, case.number) for paper in application.papers)
    names = {paper.seq: paper.name for paper in papers}
    mine = [task for task in case.tasks if may_act(task, actor)]
    return Review(
        case=case,
        application=application,
        guide=guide,
        history=tuple(as_entry(entry, names) for entry in reversed(entries)),
        last=entries[-1] if entries else None,
        diagram=get_diagram(case.id),
        deadlines=read_deadlines(get_deadlines(case.id, at=at), today=today),
        papers=papers,
        conditions=conditions,
        to_check=list_to_check(application, conditions) if mine and conditions else (),
        my_tasks=tuple(as_task(task, actor, guide) for task in mine),
        other_tasks=tuple(_say_other(task) for task in case.tasks if task not in mine),
    )


def may_act(task: TaskView, actor: Actor) -> bool:
    """Tell whether the task stands in the officer's unit and duty; the engine decides again when it is completed."""
    return task.org is not None and task.org == actor.org and task.role in actor.roles


def find_outcome(case: CaseView, n: int, outcome: str) -> OutcomeView | None:
    """Return an outcome of an open task, None when the task or the outcome is not there."""
    offered = (one for task in case.tasks if task.n == n for one in task.outcomes)
    return next((one for one in offered if one.id == outcome), None)


def _paper(paper: PaperView, number: str) -> Paper:
    kind, icon = PAPER_MARKS.get(paper.state, ("", "file"))
    url = reverse("officer:file", args=[number, paper.file.id]) if paper.file else ""
    digest = f"{paper.file.sha256[:4]}…{paper.file.sha256[-4:]}" if paper.file else ""
    return Paper(
        paper.seq,
        paper.name,
        tr(paper.state_label),
        kind,
        icon,
        tr(paper.why),
        tr(paper.source),
        paper.file,
        url,
        digest,
    )


def as_task(task: TaskView, actor: Actor, guide: GuideView | None = None) -> Task:
    """Return a task as the decision box shows it; reasons are offered where a guide names them."""
    asking = needing(task.outcomes, "reasons")
    first = next((one.id for one in task.outcomes if one.tone == "primary"), task.outcomes[0].id)
    return Task(
        n=task.n,
        name=task.name,
        mine=task.assignee in actor.hands,
        taken=task.assignee_name if task.assignee is not None and task.assignee not in actor.hands else "",
        claim_id=uuid4(),
        outcomes=tuple(Button(one.id, one.name, _css(one, one.id == first), one.id == first) for one in task.outcomes),
        asks_papers=bool(needing(task.outcomes, "papers")),
        papers_label=_needed_for(_("要申请人补的材料"), needing(task.outcomes, "papers")),
        reasons_label=_needed_for(_("给申请人的理由"), asking),
        reason_groups=() if guide is None else tuple(_group(one, guide) for one in asking),
        due_on=task.due_on,
    )


def _css(outcome: OutcomeView, is_first: bool) -> str:  # noqa: FBT001
    if outcome.tone == "danger":
        return " govuk-button--secondary danger"
    return "" if is_first else " govuk-button--secondary"


def _needed_for(what: str, outcomes: Sequence[OutcomeView]) -> str:
    names = "、".join(one.name for one in outcomes)
    return str(_("%(what)s（%(names)s时必填）") % {"what": what, "names": names})


def _group(outcome: OutcomeView, guide: GuideView) -> ReasonGroup:
    return ReasonGroup(outcome.name, reasons_for(outcome.id, guide))


def _say_other(task: TaskView) -> str:
    if task.org is None:
        return str(_("现在等申请人办“%(task)s”，办好会回到这里。") % {"task": task.name})
    if task.assignee_name:
        return str(_("“%(task)s”由%(who)s办理，已认领。") % {"task": task.name, "who": task.assignee_name})
    return str(_("“%(task)s”不由您现在的岗位办理。") % {"task": task.name})


def as_entry(entry: HistoryView, names: Mapping[int, str] = NO_NAMES) -> Entry:
    """Return a line of a case's history; `names` are those of its papers."""
    title = f"{entry.name}：{entry.outcome_name}" if entry.outcome_name else tr(entry.name)
    quiet = {"claimed": _("认领“%(task)s”"), "reassigned": _("改派“%(task)s”"), "urged": _("催办“%(task)s”")}
    if entry.act in quiet:
        title = quiet[entry.act] % {"task": entry.name}
    who = " · ".join(filter(None, (entry.by, entry.org_name or tr(entry.org_role))))
    papers = "、".join(names.get(seq, str(seq)) for seq in entry.papers)
    return Entry(entry.at, title, who, entry.opinion, entry.reasons, papers, entry.note)


def say_last(review: Review) -> str:
    """Return who did what when last, in one sentence."""
    last = review.last
    if last is None:
        return ""
    said = {"by": last.by, "when": moment(last.at), "what": tr(last.outcome_name or last.name)}
    return str(_("%(by)s 在 %(when)s 作了“%(what)s”的处理") % said)
