"""Who may do what with a licence, how it is numbered, until when it is valid."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from shuzheng.base.kernel.codes import check_citizen_id, check_uscc
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, LicenceTypeCode, OrgId, Party, PartyKind
from shuzheng.engines.credentials.errors import (
    HolderCodeWrong,
    MayNotChange,
    MayNotIssue,
    MayNotPresent,
    NotPresentable,
    ReasonMissing,
    ReasonTooLong,
    ValidityWrong,
    WrongState,
)
from shuzheng.engines.credentials.types import (
    LICENCE_STATE_LABELS,
    LicenceState,
    LicenceView,
    NewLicence,
    SystemValue,
)

ISSUER_DUTY: Final = "licence_issuer"
LONGEST_REASON: Final = 500
SERIAL_DIGITS: Final = 6
_NUMBER: Final = re.compile(r"[0-9]{6}[0-9]{3}([0-9]{4})([0-9]{6})")


def state_on(stored: LicenceState, valid_to: date | None, on: date) -> LicenceState:
    """Return the state on a day: a valid or suspended licence is expired after its last day."""
    over = valid_to is not None and on > valid_to
    return LicenceState.EXPIRED if over and stored in {LicenceState.VALID, LicenceState.SUSPENDED} else stored


def make_serial(year: int, count: int) -> str:
    """Return the serial number in the national identifier: year and count within issuer, type and year."""
    return f"{year:04d}{count:0{SERIAL_DIGITS}d}"


def make_number(type_code: LicenceTypeCode, issuer: OrgId, serial: str) -> str:
    """Return the printed number: the issuer's division, the type's last three digits, the serial number."""
    return f"{issuer[2:8]}{type_code[-3:]}{serial}"


def count_in_number(number: str, type_code: str, issuer: str, year: int) -> int | None:
    """Return the count in a number written as `make_number` does for this issuer, type and year; else None."""
    found = _NUMBER.fullmatch(number)
    if found is None or not number.startswith(issuer[2:8] + type_code[-3:]) or int(found[1]) != year:
        return None
    return int(found[2]) or None


def check_holder_code(holder: Party, code: str) -> str:
    """Return the canonical identity number or USCC.

    Raises:
        HolderCodeWrong: The check character does not fit. The number itself is not repeated.
    """
    try:
        return check_citizen_id(code) if holder.kind is PartyKind.PERSON else check_uscc(code)
    except Invalid:
        raise HolderCodeWrong from None


def check_validity(new: NewLicence) -> None:
    """Raise ValidityWrong when the last day lies before the first."""
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise ValidityWrong


def check_may_issue(actor: Actor, new: NewLicence) -> None:
    """Raise unless the actor may issue.

    With a case, the case engine has checked who decides: the system or any officer will do. Without one, only a
    licence issuer of the issuing body.

    Raises:
        MayNotIssue: Anyone else.
    """
    if actor.is_system:
        return
    decided = new.case_id is not None and actor.is_officer
    if not decided and not _is_issuer(actor, new.issuer):
        raise MayNotIssue


def check_may_change(actor: Actor, licence: LicenceView) -> None:
    """Raise unless the actor is a licence issuer of the issuing body.

    Raises:
        MayNotChange: Names the issuing body.
    """
    if not _is_issuer(actor, licence.issuer):
        raise MayNotChange(issuer=licence.issuer_name)


def may_change(actor: Actor, licence: LicenceView) -> bool:
    """Tell whether the actor may revoke, suspend, resume or correct."""
    return _is_issuer(actor, licence.issuer)


def _is_issuer(actor: Actor, issuer: OrgId) -> bool:
    return actor.is_officer and actor.org == issuer and ISSUER_DUTY in actor.roles


def check_state(licence: LicenceView, *allowed: LicenceState) -> None:
    """Raise unless the licence is in one of the states.

    Raises:
        WrongState: Says which state it is in.
    """
    if licence.state not in allowed:
        raise WrongState(state=LICENCE_STATE_LABELS[licence.state])


def check_reason(reason: str) -> str:
    """Return the reason without outer blanks.

    Raises:
        ReasonMissing, ReasonTooLong: Nothing, or more than 500 characters.
    """
    text = reason.strip()
    if not text:
        raise ReasonMissing
    if len(text) > LONGEST_REASON:
        raise ReasonTooLong(length=len(text), limit=LONGEST_REASON)
    return text


def is_holder(actor: Actor, holder: Party) -> bool:
    """Tell whether these are the actor's own affairs, or all those of whom they act for: not by a limited mandate."""
    party = actor.party
    if actor.is_officer or party is None or actor.limited_to is not None:
        return False
    return (party.kind, party.id) == (holder.kind, holder.id)


def check_may_present(actor: Actor, licence: LicenceView, *, on: date) -> None:
    """Raise unless the holder shows a licence that is valid today.

    Raises:
        MayNotPresent: Somebody else, or an officer in a post.
        NotPresentable: Revoked, suspended, expired, corrected or not yet valid.
    """
    own = actor.person == licence.holder.id and licence.holder.kind is PartyKind.PERSON
    if not (is_holder(actor, licence.holder) or (own and not actor.is_officer)):
        raise MayNotPresent
    if licence.state is not LicenceState.VALID:
        raise NotPresentable(state=LICENCE_STATE_LABELS[licence.state])
    if on < licence.valid_from:
        raise NotPresentable(state=said("还没有生效"))


def filled_fields(new: NewLicence, *, holder_code: str, number: str, issued_on: date) -> dict[str, str]:
    """Return the printed fields with the values that only issuing knows."""
    values: Mapping[SystemValue, str] = {
        SystemValue.LICENCE_NO: number,
        SystemValue.ISSUE_DATE: issued_on.isoformat(),
        SystemValue.ISSUER: new.issuer_name,
        SystemValue.VALID_FROM: new.valid_from.isoformat(),
        SystemValue.VALID_TO: new.valid_to.isoformat() if new.valid_to else "长期",
        SystemValue.USCC: holder_code if new.holder.kind is PartyKind.FIRM else "",
    }
    return {**new.fields, **{name: values[value] for name, value in new.system_fields.items()}}
