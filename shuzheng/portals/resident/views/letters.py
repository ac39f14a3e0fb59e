"""Letters of a case to read and print; anyone who holds one on paper may check its code."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuzheng.base.kernel.errors import NotFound
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.types import SYSTEM, Actor, PartyKind
from shuzheng.engines.cases.queries import get_case, get_deadlines, get_history
from shuzheng.engines.cases.types import CaseView
from shuzheng.engines.credentials.queries import find_licences_of_case, licence_qr_svg
from shuzheng.portals.resident.letters import CaseFile, Letter, is_code_of, write_letters
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.queries import get_application

TEXT_LIMIT = 60


def letters_of(case: CaseView, *, actor: Actor, at: datetime) -> tuple[Letter, ...]:
    """Return the letters of a case the actor may see."""
    return write_letters(
        CaseFile(
            case=case,
            history=get_history(case.id),
            application=get_application(case.id, actor=actor, at=at),
            deadlines=get_deadlines(case.id, at=at),
            licences=find_licences_of_case(case.id, at=at),
        )
    )


@residents
@require_safe
def letter(request: CityRequest, number: str, kind: str) -> HttpResponse:
    """Show one letter of one's own case."""
    actor = actor_of(request)
    case = get_case(number, actor=actor)
    found = next((one for one in letters_of(case, actor=actor, at=request.at) if one.kind == kind), None)
    if found is None:
        raise NotFound
    query = urlencode({"number": found.number, "code": found.code})
    address = f"{settings.SHUZHENG.public_url}{reverse('resident:check_letter')}?{query}"
    qr = mark_safe(licence_qr_svg(address, label=_("核对这份文书的二维码")))  # noqa: S308 - drawn by us, label escaped
    return render(request, "resident/my/letter.html", {"case": case, "letter": found, "qr": qr})


@require_safe
def check_letter(request: CityRequest) -> HttpResponse:
    """Tell anyone whether we wrote a letter with this number and code; say nothing more than the paper does."""
    number = request.GET.get("number", "").strip()[:TEXT_LIMIT]
    code = request.GET.get("code", "").strip()[:TEXT_LIMIT]
    asked = bool(number and code)
    found = _find(number, code, request.at) if asked else None
    content: dict[str, object] = {"number": number, "code": code, "asked": asked, "letter": found}
    if found is not None:
        case = get_case(number, actor=SYSTEM)
        person = case.applicant.kind is PartyKind.PERSON
        content |= {"case": case, "holder": mask_name(found.to) if person else found.to}
    return render(request, "resident/check_letter.html", content)


def _find(number: str, code: str, at: datetime) -> Letter | None:
    try:
        case = get_case(number, actor=SYSTEM)
        return next((one for one in letters_of(case, actor=SYSTEM, at=at) if is_code_of(one, code)), None)
    except NotFound:
        return None
