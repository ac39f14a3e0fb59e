"""How the desk words states and due dates: always an icon and a word, colour third."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from shuzheng.base.directory.queries import get_organizations, working_days
from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.cases.types import (
    RESULT_LABELS,
    SOON_WORKING_DAYS,
    STATE_LABELS,
    CaseState,
    CaseView,
    DoneRow,
    InboxRow,
)
from shuzheng.portals.shell.templatetags.wording import say_date, tr

RESULT_TAGS = {
    "granted": ("ok", "check"),
    "refused": ("bad", "x"),
    "not_accepted": ("bad", "x"),
    "lapsed": ("", "clock"),
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A state: class, icon and word."""

    words: str
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox.

    Attributes:
        edge: Class that draws the coloured edge: `late`, `soon` or ''.
        assignee: Name of who claimed the task, '' when nobody did.
        claimable: Whether a tick may claim it.
    """

    number: str
    title: str
    applicant: str
    task: str
    task_n: int
    assignee: str
    claimable: bool
    due: Tag
    edge: str
    unit: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class DoneLine:
    """A step the officer completed."""

    number: str
    title: str
    applicant: str
    what: str
    at: datetime
    now: str


def units_of(rows: Iterable[InboxRow]) -> dict[OrgId, str]:
    """Return the short names of the units whose tasks the rows are."""
    found = get_organizations({row.org for row in rows if row.org is not None})
    return {code: unit.short_name for code, unit in found.items()}


def read_done(rows: Iterable[DoneRow]) -> tuple[DoneLine, ...]:
    """Return completed steps ready to show."""
    return tuple(
        DoneLine(
            number=row.number,
            title=row.title,
            applicant=row.applicant_name,
            what=f"{row.task_name}：{row.outcome_name}" if row.outcome_name else row.task_name,
            at=row.at,
            now=tr(RESULT_LABELS.get(row.result, "") or STATE_LABELS[row.state]),
        )
        for row in rows
    )


def read_rows(rows: Iterable[InboxRow], *, today: date, units: Mapping[OrgId, str] | None = None) -> tuple[Row, ...]:
    """Return inbox rows ready to show; `units` are names of the units, where the table has a column for them."""
    soon = soon_on(today)
    return tuple(_read_row(row, today=today, soon=soon, units=units or {}) for row in rows)


def _read_row(row: InboxRow, *, today: date, soon: date, units: Mapping[OrgId, str]) -> Row:
    paused = row.state is CaseState.PAUSED
    return Row(
        number=row.number,
        title=row.title,
        applicant=row.applicant_name,
        task=row.task_name,
        task_n=row.task_n,
        assignee=row.assignee_name,
        claimable=not row.assignee_name and not paused,
        due=due_tag(row.due_on, today=today, paused=paused, soon=soon),
        edge="" if paused or row.due_on is None else edge_of(row.due_on, today=today, soon=soon),
        unit="" if row.org is None else units.get(row.org, ""),
        paused=row.org is None,
    )


def read_cases(cases: Iterable[CaseView], *, today: date) -> tuple[Row, ...]:
    """Return found cases as lines; what a closed one came to stands in the place of its step."""
    soon = soon_on(today)
    return tuple(_case_row(case, today=today, soon=soon) for case in cases)


def _case_row(case: CaseView, *, today: date, soon: date) -> Row:
    paused = case.state is CaseState.PAUSED
    task = case.tasks[0] if case.tasks else None
    over = tr(RESULT_LABELS.get(case.result, "") or STATE_LABELS[case.state])
    due = due_tag(case.due_on, today=today, paused=paused, soon=soon)
    return Row(
        number=case.number,
        title=case.title,
        applicant=case.applicant.name,
        task=task.name if task else over,
        task_n=task.n if task else 0,
        assignee=task.assignee_name if task else "—",
        claimable=False,
        due=Tag(over, "", "check") if case.state.is_over else due,
        edge="" if case.due_on is None else edge_of(case.due_on, today=today, soon=soon),
    )


def edge_of(due_on: date, *, today: date, soon: date) -> str:
    """Return the class of a row's edge; `soon` is the last day that is nearly due."""
    if due_on < today:
        return "late"
    return "soon" if due_on <= soon else ""


def soon_on(today: date) -> date:
    """Return the last day that counts as nearly due: the second working day after today."""
    return working_days().add(today, SOON_WORKING_DAYS)


def due_tag(due_on: date | None, *, today: date, paused: bool, soon: date) -> Tag:
    """Return the tag of a due date; `soon` is the last day that is nearly due."""
    if paused:
        return Tag(_("暂停，等申请人"), "", "clock")
    if due_on is None:
        return Tag(_("没有期限"), "", "calendar")
    day = say_date(due_on, today=today, weekday=False)
    if due_on < today:
        return Tag(_("超 %(days)s 天 · %(day)s") % {"days": (today - due_on).days, "day": day}, "bad", "alert")
    if due_on == today:
        return Tag(_("今天"), "warn", "clock")
    if due_on == today + timedelta(days=1):
        return Tag(_("明天"), "warn", "calendar")
    return Tag(day, "warn" if due_on <= soon else "", "calendar")


def case_tag(case: CaseView, state_label: str, result_label: str) -> Tag:
    """Return the tag of a case: its result when it is over, else its state."""
    if case.state is CaseState.DONE:
        kind, icon = RESULT_TAGS.get(case.result, ("", "check"))
        return Tag(result_label or state_label, kind, icon)
    if case.state is CaseState.WITHDRAWN:
        return Tag(state_label, "", "undo")
    if case.state is CaseState.PAUSED:
        return Tag(state_label, "warn", "clock")
    return Tag(state_label, "b", "flow")
