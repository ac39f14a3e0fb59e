"""Use up the day's queries: what an analyst could learn by asking again and again has an end each day."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import BudgetSpent
from shuzheng.engines.lake.models import BudgetDay
from shuzheng.engines.lake.queries.budget import budget_of, day_of, reader_of
from shuzheng.engines.lake.rules.saving import is_read_in_groups
from shuzheng.engines.lake.types.saving import BudgetView
from shuzheng.engines.lake.types.tables import Table


def spend(actor: Actor, *, tables: Iterable[Table], at: datetime, in_groups: bool | None = None) -> BudgetView:
    """Use up one of the day's queries, before it runs; one that fails afterwards stays used.

    Call it outside a transaction that may be rolled back. Two queries at the same moment cannot both take the last.

    Args:
        actor: Who asks; the platform itself has no limit.
        tables: What the query reads.
        at: When.
        in_groups: Whether a table is granted to the actor in groups alone, where the caller knows it of its plan; None:
            read off the duties of the post.

    Raises:
        BudgetSpent: The day's number of queries is used up.
    """
    reader = reader_of(actor)
    if reader is None:
        return budget_of(actor, at=at)
    if in_groups is None:
        in_groups = is_read_in_groups(tables, actor.roles)
    most, most_in_groups = settings.SHUZHENG.lake_queries_a_day, settings.SHUZHENG.lake_group_queries_a_day
    with transaction.atomic():
        row, _made = BudgetDay.objects.get_or_create(reader=reader, day=day_of(at))
        left = BudgetDay.objects.filter(pk=row.pk, used__lt=most)
        if in_groups:
            left = left.filter(used_in_groups__lt=most_in_groups)
        taken = left.update(used=F("used") + 1, used_in_groups=F("used_in_groups") + int(in_groups))
        view = budget_of(actor, at=at)
    if not taken:
        raise BudgetSpent(most=most if view.used >= most else most_in_groups)
    return view
