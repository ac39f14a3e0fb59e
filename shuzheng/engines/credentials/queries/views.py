"""From rows to views."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import CaseId, ItemCode, LicenceId, LicenceTypeCode, OrgId, Party, PartyKind
from shuzheng.engines.credentials.models import Licence, LicenceType
from shuzheng.engines.credentials.queries.sealing import open_fields, open_value
from shuzheng.engines.credentials.rules.licences import state_on
from shuzheng.engines.credentials.types import HolderKind, LicenceState, LicenceTypeView, LicenceView


def city_date(at: datetime) -> date:
    """Return the calendar day in the city."""
    return local_date(at, settings.SHUZHENG.zone)


def type_view(row: LicenceType) -> LicenceTypeView:
    """Return the view of a licence type."""
    return LicenceTypeView(
        code=LicenceTypeCode(row.code),
        name=row.name,
        issuing_department=row.issuing_department,
        holder_kind=HolderKind(row.holder_kind),
        validity_years=row.validity_years,
        key_fields=tuple(row.key_fields),
    )


def licence_view(row: Licence, *, on: date) -> LicenceView:
    """Return the view of a licence on a day, opened. The row's type must be loaded with it."""
    licence: UUID = row.public_id
    number = row.number or open_value("holder_code", licence, row.holder_code_sealed)
    return LicenceView(
        id=LicenceId(licence),
        identifier=row.identifier,
        number=number,
        type_code=LicenceTypeCode(row.type.code),
        type_name=row.type.name,
        holder=Party(PartyKind(row.holder_kind), row.holder_id, row.holder_name),
        issuer=OrgId(row.issuer),
        issuer_name=row.issuer_name,
        fields=open_fields(licence, row.fields_sealed),
        issued_on=row.issued_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        state=state_on(LicenceState(row.state), row.valid_to, on),
        version=row.version,
        revoked_reason=row.state_reason,
        state_on=row.state_on,
        case_id=None if row.case_id is None else CaseId(row.case_id),
        item=ItemCode(row.item) if row.item else None,
        successor=None if row.successor is None else LicenceId(row.successor),
    )
