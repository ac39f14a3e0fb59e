"""Telling officers: a task handed over, urged, nearly due, overdue; a deputy named or released.

Handlers of events, connected by the composition root; a notice is one statement inside the step. What is said names
the case and the step, never the applicant.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from shuzheng.base.access.types import SUPERVISING
from shuzheng.base.directory.events import DeputyNamed, DeputyReleased
from shuzheng.base.directory.queries import get_organization, list_absences_at, list_posts_at
from shuzheng.base.directory.types import AbsenceView, PostView
from shuzheng.base.kernel.types import OrgId, PersonId
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.cases.events import TaskNearlyDue, TaskOverdue, TaskReassigned, TaskUrged
from shuzheng.engines.cases.types import CaseView, TaskView

KIND = "desk"


def on_task_reassigned(event: TaskReassigned) -> None:
    """Tell who has the task now, and who had it."""
    case, task = event.case, event.task
    what = f"{case.title}（{case.number}），{task.name}"
    key = f"desk.reassigned:{case.id}:{case.rev}"
    if task.assignee is not None:
        body = f"{what}。{event.by}交给您办：{event.reason}"
        _tell([task.assignee], f"有一件办件交给您办：{case.title}", body, case, key, at=event.at)
    if event.before is not None:
        body = f"{what}。{event.by}改由{task.assignee_name}办：{event.reason}"
        _tell([event.before], f"您手里的一件办件改由同事办：{case.title}", body, case, key, at=event.at)


def on_task_urged(event: TaskUrged) -> None:
    """Tell who must act that the task was urged."""
    case, task = event.case, event.task
    said = f"：{event.note}" if event.note else "，请尽快办理"
    body = f"{case.title}（{case.number}），{task.name}，已经超期。{event.by}催办{said}"
    key = f"desk.urged:{case.id}:{case.rev}"
    _tell(holders_of(task, at=event.at), f"催办：{case.title}", body, case, key, at=event.at)


def on_task_nearly_due(event: TaskNearlyDue) -> None:
    """Tell who must act that the task falls due soon."""
    case, task = event.case, event.task
    body = f"{case.title}（{case.number}），{task.name}，{_day(task)}到期。"
    key = f"desk.nearly_due:{case.id}:{task.n}:{task.due_on}"
    _tell(holders_of(task, at=event.at), f"快到期：{case.title}", body, case, key, at=event.at)


def on_task_overdue(event: TaskOverdue) -> None:
    """Tell the director of the unit, or of the nearest one above it that has any."""
    case, task = event.case, event.task
    unit = "" if task.org is None else f"{get_organization(task.org).short_name}，"
    holder = f"由{task.assignee_name}办理" if task.assignee_name else "还没有人认领"
    body = f"{case.title}（{case.number}），{unit}{task.name}，{_day(task)}到期，{holder}。可以催办或改派。"
    key = f"desk.overdue:{case.id}:{task.n}:{task.due_on}"
    _tell(directors_of(task, at=event.at), f"超期：{case.title}", body, case, key, at=event.at)


def on_deputy_named(event: DeputyNamed) -> None:
    """Tell the deputy and, when somebody else named them, the officer."""
    absence = event.absence
    days = f"{_on(absence.valid_from)}到{_on(absence.last_on)}"
    post = f"{absence.post.organization_name}{absence.post.name}"
    title = f"{days}由您代理{absence.post.person_name}"
    body = f"{post}。到时可以在“换岗位”里选这个岗位，以代理人的身份办理。由{event.by}指定。"
    _tell_of(absence, [absence.deputy], title, body, "named", at=event.at)
    if event.by != absence.post.person_name:
        body = f"{post}，{days}由{absence.deputy_name}代理。由{event.by}指定。"
        _tell_of(absence, [absence.post.person], "已为您的岗位指定代理人", body, "named", at=event.at)


def on_deputy_released(event: DeputyReleased) -> None:
    """Tell the deputy and the officer that the arrangement ended."""
    absence = event.absence
    body = f"{absence.post.organization_name}{absence.post.name}，由{event.by}撤销。"
    title = f"代理{absence.post.person_name}已经撤销"
    _tell_of(absence, [absence.deputy, absence.post.person], title, body, "released", at=event.at)


def holders_of(task: TaskView, *, at: datetime) -> tuple[PersonId, ...]:
    """Return who must act on a task: who claimed it, else everyone with the duty; and who stands in for them now."""
    if task.org is None:
        return ()
    posts = list_posts_at(task.org, role=task.role)
    held = [post for post in posts if task.assignee in (None, post.person)]
    people = [task.assignee] if task.assignee else []
    return _with_deputies(people, held, task.org, at=at)


def directors_of(task: TaskView, *, at: datetime) -> tuple[PersonId, ...]:
    """Return the directors of a task's unit, or of the nearest one above that has any; and their deputies now."""
    if task.org is None:
        return ()
    for level in reversed(get_organization(task.org).levels.as_tuple()):
        posts = [post for post in list_posts_at(level) if post.roles & SUPERVISING] if level else []
        if level and posts:
            return _with_deputies([], posts, level, at=at)
    return ()


def _with_deputies(
    people: Iterable[PersonId], posts: Iterable[PostView], unit: OrgId, *, at: datetime
) -> tuple[PersonId, ...]:
    held = {post.id: post.person for post in posts}
    deputies = [one.deputy for one in list_absences_at(unit, at=at) if one.post.id in held]
    return tuple(dict.fromkeys([*people, *held.values(), *deputies]))


def _tell(people: Iterable[PersonId], title: str, body: str, case: CaseView, key: str, *, at: datetime) -> None:
    link = reverse("officer:case", args=[case.number])
    for person in people:
        send_notice(person, kind=KIND, title=title[:120], body=body, link=link, key=key, at=at)


def _tell_of(
    absence: AbsenceView, people: Iterable[PersonId], title: str, body: str, what: str, *, at: datetime
) -> None:
    for person in people:
        key = f"desk.deputy_{what}:{absence.id}"
        send_notice(person, kind=KIND, title=title, body=body, link=reverse("officer:absence"), key=key, at=at)


def _day(task: TaskView) -> str:
    return "" if task.due_on is None else _on(task.due_on)


def _on(day: date) -> str:
    return f"{day.month}月{day.day}日"
