"""Show a licence, and check what was shown. A check answers whatever it is given and never raises."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shuzheng.base.kernel.codes import LICENCE_ROOT, parse_licence_identifier, tidy
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.credentials.errors import LicenceNotFound
from shuzheng.engines.credentials.models import Licence, SeenPresentation
from shuzheng.engines.credentials.queries.codes import code_url
from shuzheng.engines.credentials.queries.sealing import public_keys, signing_key
from shuzheng.engines.credentials.queries.views import city_date, licence_view
from shuzheng.engines.credentials.rules import verdicts
from shuzheng.engines.credentials.rules.codes import presentation_claims, read_code, write_code
from shuzheng.engines.credentials.rules.cose import CodeRefused
from shuzheng.engines.credentials.rules.licences import check_may_present
from shuzheng.engines.credentials.types import (
    Check,
    Claims,
    CodeKind,
    LicenceView,
    Presentation,
    Verdict,
    VerdictState,
)

KEPT: Final = timedelta(days=180)
"""How long the holder sees when a presentation was checked."""
_LONGEST: Final = 128
"""No identifier, number or name is longer."""


def present_licence(licence_id: UUID, *, actor: Actor, at: datetime) -> Presentation:
    """Return a code to show now: five minutes, with a nonce. Writes nothing.

    Raises:
        LicenceNotFound: No such licence.
        MayNotPresent: The actor is not the holder.
        NotPresentable: It is not valid today.
    """
    row = Licence.objects.select_related("type").filter(public_id=licence_id).first()
    if row is None:
        raise LicenceNotFound
    on = city_date(at)
    check_may_present(actor, licence_view(row, on=on), on=on)
    claims = presentation_claims(row.public_id, at=at)
    if claims.expires_at is None:
        raise TypeError("a presentation ends")
    code = write_code(claims, signing_key())
    return Presentation(url_fragment=code, url=code_url(code), expires_at=claims.expires_at)


def verify_code(text: str, *, at: datetime) -> Verdict:
    """Say what a scanned or pasted code is worth. Never raises for any text.

    Args:
        text: A code, a URL that holds one, or anything else.
        at: The moment that counts.
    """
    try:
        claims = read_code(text, public_keys())
    except CodeRefused as refused:
        check = verdicts.NOT_SIGNED if refused.state is VerdictState.FORGED else verdicts.NOT_READ
        return Verdict(refused.state, at, checks=(check,))
    row = Licence.objects.select_related("type").filter(public_id=claims.licence).first()
    if row is None:
        return Verdict(VerdictState.UNKNOWN, at, kind=claims.kind, checks=(verdicts.SIGNED, verdicts.NOT_ON_RECORD))
    if claims.expires_at is not None and at >= claims.expires_at:
        seen = SeenPresentation.objects.filter(nonce=claims.nonce).first()
        return Verdict(
            VerdictState.STALE,
            at,
            first_seen_at=None if seen is None else seen.first_seen_at,
            kind=claims.kind,
            checks=verdicts.checks_of_showing(claims.kind, stale=True, seen=seen is not None),
        )
    first_seen_at = _note_seen(claims, at) if claims.kind is CodeKind.PRESENTATION else None
    checks = verdicts.checks_of_showing(claims.kind, stale=False, seen=first_seen_at is not None)
    return _verdict(licence_view(row, on=city_date(at)), at, claims.kind, first_seen_at, checks)


def verify_number(identifier_or_number: str, holder_name: str, *, at: datetime) -> Verdict:
    """Say what a licence is worth that was named by its identifier or printed number and its holder's full name.

    A licence whose printed number is an identity number is found by its identifier only, so that this page does not
    answer whose number it is. An unknown number and a wrong name get the same answer. Never raises for any text.

    Args:
        identifier_or_number: `1.2.156.3005.2.…`, or the printed number.
        holder_name: As on the licence.
        at: The moment that counts.
    """
    unknown = Verdict(VerdictState.UNKNOWN, at, checks=(verdicts.BY_NUMBER, verdicts.NOT_ON_RECORD))
    if not (_askable(identifier_or_number) and _askable(holder_name)):
        return unknown
    typed = tidy(identifier_or_number)
    rows = Licence.objects.select_related("type").order_by("-issued_on", "-pk")
    if typed.startswith(LICENCE_ROOT):
        try:
            rows = rows.filter(identifier=parse_licence_identifier(typed).text)
        except Invalid:
            return Verdict(VerdictState.DAMAGED, at, checks=(verdicts.BY_NUMBER, verdicts.WRONG_IDENTIFIER))
    elif typed:
        rows = rows.filter(number__in={typed, identifier_or_number.strip()})
    else:
        return unknown
    for row in rows[:50]:
        if verdicts.same_name(holder_name, row.holder_name):
            return _verdict(licence_view(row, on=city_date(at)), at, None, None, (verdicts.BY_NUMBER,))
    return unknown


def _askable(text: str) -> bool:
    """Tell whether a database can be asked for a text: short, without NUL, whole characters."""
    return len(text) <= _LONGEST and "\x00" not in text and text.encode("utf-8", "ignore").decode() == text


def forget_presentations(at: datetime) -> None:
    """Forget checks that are older than the time the holder sees them; for the schedule, once a day."""
    SeenPresentation.objects.filter(expires_at__lt=at - KEPT).delete()


def _verdict(
    view: LicenceView,
    at: datetime,
    kind: CodeKind | None,
    first_seen_at: datetime | None,
    checks: tuple[Check, ...],
) -> Verdict:
    state = verdicts.verdict_of(view, on=city_date(at))
    return Verdict(
        state,
        at,
        licence=verdicts.public_facts(view),
        first_seen_at=first_seen_at,
        kind=kind,
        checks=(*checks, *verdicts.checks_of_licence(state)),
    )


@transaction.atomic
def _note_seen(claims: Claims, at: datetime) -> datetime | None:
    """Return when this presentation was checked before; None, and note it, the first time."""
    first = {"licence": claims.licence, "first_seen_at": at, "expires_at": claims.expires_at}
    row, fresh = SeenPresentation.objects.get_or_create(nonce=claims.nonce, defaults=first)
    if fresh:
        return None
    SeenPresentation.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return row.first_seen_at
