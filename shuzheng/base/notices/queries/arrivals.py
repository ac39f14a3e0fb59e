"""What arrived since a position: for live pages, which follow the table by its growing key."""

from django.db.models import Max

from shuzheng.base.kernel.types import NoticeId, PersonId
from shuzheng.base.notices.models import Notice
from shuzheng.base.notices.types import Arrival


def last_arrival() -> int:
    """Return the position after the newest notice, 0 before the first."""
    return Notice.objects.aggregate(last=Max("pk"))["last"] or 0


def list_arrivals(*, after: int, limit: int, person: PersonId | None = None) -> tuple[Arrival, ...]:
    """Return notices sent since a position, oldest first; one look-up by key.

    Args:
        after: Position, exclusive.
        limit: At most so many.
        person: Whose; None for everybody's.
    """
    rows = Notice.objects.filter(pk__gt=after)
    if person is not None:
        rows = rows.filter(person_id=person)
    found = rows.order_by("pk").values_list("pk", "person_id", "public_id", "title")[:limit]
    return tuple(Arrival(pk, PersonId(to), NoticeId(public_id), title) for pk, to, public_id, title in found)
