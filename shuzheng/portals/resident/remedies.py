"""What can be done after a decision that disappoints: reconsideration, court, objection, applying again.

Sources: 行政复议法 (2023) 第二十条、第二十四条、第二十七条；行政诉讼法 第四十六条.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shuzheng.base.directory.queries import county_of, get_division, get_organization
from shuzheng.base.directory.types import OrganizationKind, System
from shuzheng.base.kernel.types import OrgId

RECONSIDERATION_DAYS = 60
COURT_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Remedies:
    """Where to turn, and until when.

    Attributes:
        government: Name of the government that reconsiders; its wording for offices led from above.
        reconsider_by: Last day for reconsideration when the decision was received on its day.
        court_by: Last day for the court.
    """

    government: str
    reconsider_by: date
    court_by: date


def remedies_against(decider: OrgId, *, decided_on: date) -> Remedies:
    """Return the remedies against a decision of an organization."""
    return Remedies(
        government=_who_reconsiders(decider),
        reconsider_by=decided_on + timedelta(days=RECONSIDERATION_DAYS),
        court_by=months_later(decided_on, COURT_MONTHS),
    )


def months_later(on: date, months: int) -> date:
    """Return the same day some months later, the month's last day when it has no such day.

    Example:
        >>> months_later(date(2026, 8, 31), 6)
        datetime.date(2027, 2, 28)
    """
    index = on.year * 12 + on.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first + timedelta(days=on.day - 1), following - timedelta(days=1))


def _who_reconsiders(decider: OrgId) -> str:
    organization = get_organization(decider)
    if organization.system == System.VERTICAL:
        return str(_("上一级主管部门"))
    place = get_division(county_of(organization.division))
    if organization.kind == OrganizationKind.GOVERNMENT and place.parent is not None:
        place = get_division(place.parent)
    return str(_("%(place)s人民政府") % {"place": place.name})
