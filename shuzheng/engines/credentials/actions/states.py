"""Revoke, suspend and resume: what a check says from the next moment on. The holder is told each time."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from shuzheng.base.directory.errors import NoSuchFirm
from shuzheng.base.directory.queries import get_firm
from shuzheng.base.kernel.events import publish
from shuzheng.base.kernel.types import Actor, FirmId, Party, PartyKind, PersonId
from shuzheng.base.ledger.actions import record
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.credentials.errors import LicenceNotFound, WrongState
from shuzheng.engines.credentials.events import LicenceChanged
from shuzheng.engines.credentials.models import Licence
from shuzheng.engines.credentials.queries.views import city_date, licence_view
from shuzheng.engines.credentials.rules.licences import check_may_change, check_reason, check_state
from shuzheng.engines.credentials.types import LICENCE_STATE_LABELS, LicenceState, LicenceView

_TOLD: Final = {
    "revoked": "您的{licence}已作废",
    "suspended": "您的{licence}已暂停使用",
    "resumed": "您的{licence}已恢复使用",
}
_REMEDY: Final = "不同意的，可以依法申请行政复议，或者向人民法院提起行政诉讼。"
_REVOCABLE: Final = (LicenceState.VALID, LicenceState.SUSPENDED, LicenceState.EXPIRED)


def revoke_licence(licence_id: UUID, *, reason: str, actor: Actor, at: datetime) -> LicenceView:
    """Revoke a licence for good (注销、吊销、撤销); the reason says which and on what ground.

    Raises:
        LicenceNotFound: No such licence.
        MayNotChange: The actor is not a licence issuer of the issuing body.
        ReasonMissing, ReasonTooLong: The reason does not do.
        WrongState: Already revoked, or replaced by a corrected version.
    """
    return _change(licence_id, _REVOCABLE, LicenceState.REVOKED, act="revoked", reason=reason, actor=actor, at=at)


def suspend_licence(licence_id: UUID, *, reason: str, actor: Actor, at: datetime) -> LicenceView:
    """Suspend a valid licence until `resume_licence`. Raises like `revoke_licence`."""
    allowed = (LicenceState.VALID,)
    return _change(licence_id, allowed, LicenceState.SUSPENDED, act="suspended", reason=reason, actor=actor, at=at)


def resume_licence(licence_id: UUID, *, reason: str, actor: Actor, at: datetime) -> LicenceView:
    """Make a suspended licence valid again. Raises like `revoke_licence`."""
    allowed = (LicenceState.SUSPENDED,)
    return _change(licence_id, allowed, LicenceState.VALID, act="resumed", reason=reason, actor=actor, at=at)


@transaction.atomic
def _change(
    licence_id: UUID,
    allowed: tuple[LicenceState, ...],
    to: LicenceState,
    *,
    act: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> LicenceView:
    on = city_date(at)
    row = Licence.objects.select_related("type").filter(public_id=licence_id).first()
    if row is None:
        raise LicenceNotFound
    before = licence_view(row, on=on)
    check_may_change(actor, before)
    why = check_reason(reason)
    check_state(before, *allowed)
    shown = "" if to is LicenceState.VALID else why
    changed = Licence.objects.filter(pk=row.pk, state=row.state).update(state=to, state_on=on, state_reason=shown)
    row.refresh_from_db()
    view = licence_view(row, on=on)
    if not changed:
        raise WrongState(state=LICENCE_STATE_LABELS[view.state])
    content = {"identifier": view.identifier, "from": before.state.value, "to": to.value, "reason": why}
    related = [view.holder.urn]
    record(f"credentials.{act}", view.urn, actor=actor, at=at, content=content, related=related)
    _tell_holder(view, act, why, at)
    publish(LicenceChanged(view))
    return view


def _tell_holder(view: LicenceView, act: str, why: str, at: datetime) -> None:
    person = _contact_of(view.holder)
    if person is None:
        return
    send_notice(
        person,
        kind="licence",
        title=_TOLD[act].format(licence=view.type_name),
        body=f"{view.issuer_name}说明：{why.rstrip('。')}。{'' if act == 'resumed' else _REMEDY}",
        link=f"/my/licences/{view.id}/",
        key=f"credentials.{act}:{view.id}:{at.isoformat()}",
        at=at,
    )


def _contact_of(holder: Party) -> PersonId | None:
    """Return who is told: the person, or the firm's legal representative; None for a firm that is no longer known."""
    if holder.kind is PartyKind.PERSON:
        return PersonId(holder.id)
    try:
        return get_firm(FirmId(holder.id)).legal_rep
    except NoSuchFirm:
        return None
