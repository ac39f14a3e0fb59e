"""What those who lead a unit see on a case: its open tasks, the colleagues they may go to, whether one is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from shuzheng.base.access.types import LEADING
from shuzheng.base.directory.queries import list_absences_at, list_posts_at
from shuzheng.base.directory.types import AbsenceView, PostView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.engines.cases.queries import leads_unit
from shuzheng.engines.cases.types import CaseView, InboxRow, TaskView


@dataclass(frozen=True, slots=True)
class Colleague:
    """A post a task may go to, in words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class LedTask:
    """An open task of a unit the officer leads."""

    n: int
    name: str
    holder: str
    colleagues: tuple[Colleague, ...]
    overdue: bool
    reassign_id: UUID
    urge_id: UUID


def led_tasks(case: CaseView, *, actor: Actor, at: datetime) -> tuple[LedTask, ...]:
    """Return the open tasks of a case whose units the actor leads; none for everybody else."""
    if not actor.roles & LEADING:
        return ()
    today = local_date(at, settings.SHUZHENG.zone)
    return tuple(
        _led(task, task.org, today=today, at=at) for task in case.tasks if task.org and leads_unit(task.org, actor)
    )


def colleagues_at(unit: OrgId, *, at: datetime, roles: frozenset[str] | None = None) -> tuple[Colleague, ...]:
    """Return the posts of a unit with one of some duties, all when None, each marked when its holder is away."""
    posts = [post for post in list_posts_at(unit) if roles is None or post.roles & roles]
    return tuple(_colleague(post, list_absences_at(unit, at=at)) for post in posts)


def takers_of(rows: Iterable[InboxRow], *, at: datetime) -> tuple[Colleague, ...]:
    """Return to whom all the tasks of a page could go: nobody when they are of several units."""
    listed = [(row.org, row.role) for row in rows if row.org is not None]
    units = {org for org, _ in listed}
    if len(units) != 1:
        return ()
    return colleagues_at(units.pop(), at=at, roles=frozenset(role for _, role in listed))


def _led(task: TaskView, unit: OrgId, *, today: date, at: datetime) -> LedTask:
    return LedTask(
        n=task.n,
        name=task.name,
        holder=task.assignee_name,
        colleagues=colleagues_at(unit, at=at, roles=frozenset({task.role})),
        overdue=task.due_on is not None and task.due_on < today,
        reassign_id=uuid4(),
        urge_id=uuid4(),
    )


def _colleague(post: PostView, away: Iterable[AbsenceView]) -> Colleague:
    words = f"{post.person_name} · {post.name}"
    absence = next((one for one in away if one.post.id == post.id), None)
    if absence is not None:
        words += _("（外出，由%(deputy)s代理）") % {"deputy": absence.deputy_name}
    return Colleague(str(post.id), words)
