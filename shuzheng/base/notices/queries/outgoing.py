"""What an operator asks about messages on their way."""

from datetime import datetime

from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices.models import Delivery
from shuzheng.base.notices.types import DeliveryBacklog, DeliveryState, DeliveryView


def list_deliveries(person: PersonId, *, limit: int = 50) -> tuple[DeliveryView, ...]:
    """Return the newest messages to a person."""
    rows = Delivery.objects.filter(person_id=person).order_by("-pk")[:limit]
    return tuple(row.to_view() for row in rows)


def list_failed(*, after: int = 0, limit: int = 50) -> tuple[DeliveryView, ...]:
    """Return messages that were given up, in the order they were planned."""
    rows = Delivery.objects.filter(state=DeliveryState.FAILED, pk__gt=after).order_by("pk")[:limit]
    return tuple(row.to_view() for row in rows)


def get_backlog(*, at: datetime) -> DeliveryBacklog:
    """Return how much is open at a moment."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    due = waiting.filter(run_at__lte=at).order_by("run_at").values_list("run_at", flat=True)
    return DeliveryBacklog(
        waiting=waiting.count(),
        failed=Delivery.objects.filter(state=DeliveryState.FAILED).count(),
        oldest_due_at=due.first(),
    )
