"""Issue a licence, or issue it anew with what was wrong put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.codes import make_licence_identifier
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, JsonObject, LicenceTypeCode, OrgId, PartyKind
from shuzheng.base.ledger.actions import record
from shuzheng.engines.credentials.actions.numbering import take_serial
from shuzheng.engines.credentials.errors import CommandReused, LicenceNotFound, LicenceTypeNotFound, WrongState
from shuzheng.engines.credentials.events import LicenceChanged, LicenceIssued
from shuzheng.engines.credentials.models import Licence, LicenceType
from shuzheng.engines.credentials.queries.sealing import blind_index_of, index_of, open_value, seal_fields, seal_value
from shuzheng.engines.credentials.queries.views import city_date, licence_view
from shuzheng.engines.credentials.rules.licences import (
    check_holder_code,
    check_may_change,
    check_may_issue,
    check_reason,
    check_state,
    check_validity,
    filled_fields,
    make_number,
    make_serial,
)
from shuzheng.engines.credentials.types import LICENCE_STATE_LABELS, LicenceState, LicenceView, NewLicence

HOLDER: Final = "holder"


@transaction.atomic
def issue_licence(new: NewLicence, *, command_id: UUID, actor: Actor, at: datetime) -> LicenceView:
    """Issue a licence inside the caller's transaction, with its number and national identifier.

    Args:
        new: What to issue.
        command_id: The same command again gives the same licence and changes nothing.
        actor: The system, an officer in a case, or a licence issuer of the issuing body.
        at: Moment of issuing; its day in the city is printed.

    Raises:
        MayNotIssue: The actor may not.
        LicenceTypeNotFound: No such type.
        HolderCodeWrong, ValidityWrong: What was given is not right.
        CommandReused: The command issued to another holder, by another body, in another case, or another type.
    """
    check_may_issue(actor, new)
    check_validity(new)
    holder_code = check_holder_code(new.holder, new.holder_code)
    fingerprint = _fingerprint(command_id, new, holder_code)
    on = city_date(at)
    known = _issued_by(command_id, fingerprint, on=on)
    if known is not None:
        return known
    licence_type = LicenceType.objects.filter(code=new.type_code).first()
    if licence_type is None:
        raise LicenceTypeNotFound(licence_type=new.type_code)
    try:
        with transaction.atomic():
            row = _insert(licence_type, new, _Command(holder_code, command_id, fingerprint), at)
    except IntegrityError:
        known = _issued_by(command_id, fingerprint, on=on)
        if known is None:
            raise
        return known
    view = licence_view(row, on=on)
    related = [view.holder.urn] if view.case_id is None else [view.holder.urn, f"urn:shuzheng:case:{view.case_id}"]
    record("credentials.issued", view.urn, actor=actor, at=at, content=_content(view), related=related)
    publish(LicenceIssued(view))
    return view


@transaction.atomic
def correct_licence(
    licence_id: UUID, *, fields: Mapping[str, str], reason: str, command_id: UUID, actor: Actor, at: datetime
) -> LicenceView:
    """Replace a valid licence by its next version, in which `fields` are put right; number and validity stay.

    Args:
        licence_id: The licence with the mistake.
        fields: Only what changes, by field name; a name that the licence lacks is added.
        reason: What was wrong.
        command_id: The same command again gives the same new version.
        actor: A licence issuer of the issuing body.
        at: Moment of the correction.

    Raises:
        LicenceNotFound, MayNotChange, ReasonMissing, WrongState, CommandReused: As their texts say.
    """
    on = city_date(at)
    old = Licence.objects.select_related("type").filter(public_id=licence_id).first()
    if old is None:
        raise LicenceNotFound
    before = licence_view(old, on=on)
    check_may_change(actor, before)
    why = check_reason(reason)
    changes: JsonObject = {"licence": str(licence_id), "fields": dict(fields), "reason": why}
    fingerprint = index_of(f"correct.{command_id}", canonical_json(changes).decode())
    known = _issued_by(command_id, fingerprint, on=on)
    if known is not None:
        return known
    check_state(before, LicenceState.VALID)
    row = _next_version(old, {**before.fields, **fields}, command_id=command_id, fingerprint=fingerprint, at=at)
    replaced = Licence.objects.filter(pk=old.pk, state=LicenceState.VALID).update(
        state=LicenceState.CORRECTED, state_on=on, state_reason=why, successor=row.public_id
    )
    if not replaced:
        raise WrongState(state=LICENCE_STATE_LABELS[LicenceState.CORRECTED])
    view = licence_view(row, on=on)
    content = {**_content(view), "reason": why}
    related = [view.holder.urn, before.urn]
    record("credentials.corrected", view.urn, actor=actor, at=at, content=content, related=related)
    old.refresh_from_db()
    publish(LicenceChanged(licence_view(old, on=on)))
    publish(LicenceIssued(view))
    return view


@dataclass(frozen=True, slots=True)
class _Command:
    holder_code: str
    command_id: UUID
    fingerprint: bytes


def _insert(licence_type: LicenceType, new: NewLicence, command: _Command, at: datetime) -> Licence:
    """Number and write the licence; undone together when another transaction took the command first."""
    licence, on = new_id(at), city_date(at)
    serial = make_serial(on.year, take_serial(licence_type, issuer=new.issuer, year=on.year))
    number = make_number(new.type_code, new.issuer, serial)
    fields = filled_fields(new, holder_code=command.holder_code, number=number, issued_on=on)
    return Licence.objects.create(
        public_id=licence,
        type=licence_type,
        serial=serial,
        version=1,
        identifier=make_licence_identifier(new.type_code, new.issuer, serial, 1),
        number=number,
        holder_kind=new.holder.kind,
        holder_id=new.holder.id,
        holder_name=new.holder.name,
        holder_code_sealed=seal_value("holder_code", licence, command.holder_code),
        holder_code_index=blind_index_of(HOLDER, command.holder_code),
        issuer=new.issuer,
        issuer_name=new.issuer_name,
        fields_sealed=seal_fields(licence, fields),
        issued_on=on,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        state=LicenceState.VALID,
        case_id=new.case_id,
        item=new.item or "",
        command_id=command.command_id,
        fingerprint=command.fingerprint,
        created_at=at,
    )


def _next_version(
    old: Licence, fields: dict[str, str], *, command_id: UUID, fingerprint: bytes, at: datetime
) -> Licence:
    licence, version = new_id(at), old.version + 1
    holder_code = open_value("holder_code", old.public_id, old.holder_code_sealed)
    issuer, type_code = OrgId(old.issuer), LicenceTypeCode(old.type.code)
    return Licence.objects.create(
        public_id=licence,
        type=old.type,
        serial=old.serial,
        version=version,
        identifier=make_licence_identifier(type_code, issuer, old.serial, version),
        number=old.number,
        holder_kind=old.holder_kind,
        holder_id=old.holder_id,
        holder_name=old.holder_name,
        holder_code_sealed=seal_value("holder_code", licence, holder_code),
        holder_code_index=old.holder_code_index,
        issuer=old.issuer,
        issuer_name=old.issuer_name,
        fields_sealed=seal_fields(licence, fields),
        issued_on=city_date(at),
        valid_from=old.valid_from,
        valid_to=old.valid_to,
        state=LicenceState.VALID,
        case_id=old.case_id,
        item=old.item,
        command_id=command_id,
        fingerprint=fingerprint,
        created_at=at,
    )


def _issued_by(command_id: UUID, fingerprint: bytes, *, on: date) -> LicenceView | None:
    row = Licence.objects.select_related("type").filter(command_id=command_id).first()
    if row is None:
        return None
    if bytes(row.fingerprint) != fingerprint:
        raise CommandReused
    return licence_view(row, on=on)


def _fingerprint(command_id: UUID, new: NewLicence, holder_code: str) -> bytes:
    """Return what a command is about. Dates and fields are left out: a job tried again the next day means the same."""
    said: JsonObject = {
        "type": new.type_code,
        "holder": new.holder.urn,
        "holder_code": holder_code,
        "issuer": new.issuer,
        "case": str(new.case_id or ""),
        "item": new.item or "",
    }
    return index_of(f"issue.{command_id}", canonical_json(said).decode())


def _content(view: LicenceView) -> dict[str, str | int | dict[str, str]]:
    """Return what the ledger commits to; it is hashed with a salt and not stored."""
    kind = "自然人" if view.holder.kind is PartyKind.PERSON else "法人"
    return {
        "identifier": view.identifier,
        "number": view.number,
        "type": view.type_code,
        "holder": view.holder.urn,
        "holder_kind": kind,
        "version": view.version,
        "fields": dict(view.fields),
        "valid_from": view.valid_from.isoformat(),
        "valid_to": "" if view.valid_to is None else view.valid_to.isoformat(),
    }
