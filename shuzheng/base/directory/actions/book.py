"""Keep an organization's entry in the address book."""

from datetime import datetime

from django.db import transaction

from shuzheng.base.directory.models import Office
from shuzheng.base.directory.queries.places import get_organization
from shuzheng.base.directory.rules.book import check_may_keep_book, check_office_phone
from shuzheng.base.directory.types import OfficeContact
from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.base.ledger.actions import record

PLACE_MAX = 120


@transaction.atomic
def set_office(organization: OrgId, *, phone: str, place: str, actor: Actor, at: datetime) -> OfficeContact:
    """Write an organization's office telephone and place (维护办公电话); the same again changes nothing.

    Raises:
        NoSuchOrganization: The code is unknown.
        MayNotKeepBook: The actor neither leads nor administers it.
        OfficePhoneUnfit: Not a landline or switchboard number.
    """
    unit = get_organization(organization)
    check_may_keep_book(organization, unit.levels, actor)
    contact = OfficeContact(phone.strip(), place.strip()[:PLACE_MAX])
    check_office_phone(contact.phone)
    before = Office.objects.filter(organization_id=organization).first()
    if before is not None and (before.phone, before.place) == (contact.phone, contact.place):
        return contact
    Office.objects.update_or_create(
        organization_id=organization, defaults={"phone": contact.phone, "place": contact.place}
    )
    content = {"phone": contact.phone, "place": contact.place}
    record("directory.office_set", f"urn:shuzheng:organization:{organization}", actor=actor, at=at, content=content)
    return contact
