"""What runs out soon, so that its holder is told in time."""

from datetime import datetime, timedelta

from shuzheng.base.kernel.types import Party
from shuzheng.engines.credentials.models import Licence
from shuzheng.engines.credentials.queries.views import city_date, licence_view
from shuzheng.engines.credentials.types import LicenceState, LicenceView


def list_expiring(party: Party, *, at: datetime, days: int, limit: int = 5) -> tuple[LicenceView, ...]:
    """Return the valid licences of a person or firm that end within some days from today, the soonest first.

    The caller passes the actor's own party.
    """
    today = city_date(at)
    rows = Licence.objects.select_related("type").filter(
        holder_id=party.id,
        holder_kind=party.kind,
        state=LicenceState.VALID,
        valid_from__lte=today,
        valid_to__gte=today,
        valid_to__lte=today + timedelta(days=days),
    )
    return tuple(licence_view(row, on=today) for row in rows.order_by("valid_to", "pk")[: max(1, min(limit, 20))])
