"""The wallet: licences held, one of them with a code to show, its sheet as PDF."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.engines.credentials import queries as credentials
from shuzheng.engines.credentials.actions import present_licence
from shuzheng.engines.credentials.types import LicenceState, LicenceView, Presentation
from shuzheng.portals.resident.views.my_space import party_of, whole_party_of
from shuzheng.portals.resident.wallet import SOON_DAYS, read_cards
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.licences import LOOKS, printed_fields
from shuzheng.portals.shell.sending import send_bytes
from shuzheng.portals.shell.types import CityRequest


@residents
@require_safe
def list_licences(request: CityRequest) -> HttpResponse:
    """Show the licences of the party acted for; `?kind=` narrows to one type, `?after=` goes on."""
    party = whole_party_of(request)
    today = local_date(request.at, settings.SHUZHENG.zone)
    kinds = credentials.list_held_types(party)
    kind = next((view for view in kinds if view.code == request.GET.get("kind")), None)
    page = credentials.list_licences_of(
        party, at=request.at, type_code=kind.code if kind else None, after=request.GET.get("after") or None
    )
    soon = credentials.list_expiring(party, at=request.at, days=SOON_DAYS)
    context = {
        "party": party,
        "cards": read_cards(page.rows, today=today),
        "next": page.next,
        "soon": read_cards(soon, today=today),
        "kinds": kinds if len(kinds) > 1 else (),
        "kind": kind,
        "query": f"{urlencode({'kind': kind.code})}&" if kind else "",
    }
    return render(request, "resident/my/licences.html", context)


@residents
@require_safe
def show_licence(request: CityRequest, licence_id: UUID) -> HttpResponse:
    """Show a licence; while it counts, with a code that lives five minutes."""
    actor = actor_of(request)
    licence = credentials.get_licence(licence_id, actor=actor, at=request.at)
    today = local_date(request.at, settings.SHUZHENG.zone)
    shown = _present(request, licence) if licence.state is LicenceState.VALID and licence.valid_from <= today else None
    context = {
        "licence": licence,
        "fields": printed_fields(licence),
        "identifier": licence.identifier.split("."),
        "look": LOOKS[licence.state],
        "presentation": shown,
        "qr": _qr(shown) if shown else "",
        "checked": credentials.list_shown(licence.id) if licence.holder.id == party_of(request).id else (),
        "card": read_cards([licence], today=today)[0],
    }
    return render(request, "resident/my/licence.html", context)


def _present(request: CityRequest, licence: LicenceView) -> Presentation:
    return present_licence(licence.id, actor=actor_of(request), at=request.at)


def _qr(shown: Presentation) -> str:
    drawing = credentials.licence_qr_svg(shown.url_fragment, label=_("核验二维码"))
    return mark_safe(drawing)  # noqa: S308 - drawn by us from base45 text, label escaped


@residents
@require_safe
def licence_code(request: CityRequest, licence_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Show the licence with a new code; without script the refresh button is a link here."""
    return HttpResponseRedirect(f"{reverse('resident:licence', args=[licence_id])}#show")


@residents
@require_safe
def licence_sheet(request: CityRequest, licence_id: UUID) -> HttpResponse:
    """Send the sheet as PDF."""
    actor = actor_of(request)
    licence = credentials.get_licence(licence_id, actor=actor, at=request.at)
    sheet = credentials.licence_sheet(licence_id, actor=actor, at=request.at)
    return send_bytes(sheet, name=f"{licence.type_name}.pdf", media_type="application/pdf")
