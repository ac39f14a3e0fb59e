"""What is left of a day's queries."""

from datetime import date, datetime

from django.conf import settings

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.models import BudgetDay
from shuzheng.engines.lake.types.saving import BudgetView


def budget_of(actor: Actor, *, at: datetime) -> BudgetView:
    """Return what an actor used up of the day's queries in the post acted in; the platform itself uses nothing."""
    reader = reader_of(actor)
    row = None if reader is None else BudgetDay.objects.filter(reader=reader, day=day_of(at)).first()
    used, in_groups = (0, 0) if row is None else (row.used, row.used_in_groups)
    said = settings.SHUZHENG
    return BudgetView(used, said.lake_queries_a_day, in_groups, said.lake_group_queries_a_day)


def reader_of(actor: Actor) -> str | None:
    """Return whose budget it is: the post's, also where a deputy acts in it; None for the platform itself."""
    if actor.is_system:
        return None
    if actor.post is not None:
        return f"post:{actor.post}"
    return f"machine:{actor.machine}" if actor.person is None else f"person:{actor.person}"


def day_of(at: datetime) -> date:
    """Return the day in the city's zone."""
    return local_date(at, settings.SHUZHENG.zone)
