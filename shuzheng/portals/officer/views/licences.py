"""A licence at the desk of its issuer: read it, and revoke it with a reason."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.access.actions import record_reading
from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused
from shuzheng.base.kernel.scrub import mask_numbers
from shuzheng.base.kernel.types import Actor, LicenceId
from shuzheng.engines.cases.queries import get_case_by_id
from shuzheng.engines.credentials.actions import revoke_licence
from shuzheng.engines.credentials.queries import get_licence
from shuzheng.engines.credentials.types import LicenceState, LicenceView
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.licences import LOOKS, masked_fields, printed_fields
from shuzheng.portals.shell.types import CityRequest

PURPOSE_MAX = 60
ISSUING = "licence_issuer"
REASON_MAX = 300


@officers
@require_safe
def licence_page(request: CityRequest, licence_id: UUID) -> HttpResponse:
    """Show a licence to an officer of its issuer."""
    return _show(request, licence_id)


@officers
@require_http_methods(["GET", "POST"])
def revoke(request: CityRequest, licence_id: UUID) -> HttpResponse:
    """Revoke a licence, once a reason is given and the box is ticked."""
    page = reverse("officer:licence", args=[licence_id])
    if request.method == "GET":
        typed = "".join(request.held.get("reason", ()))
        return _show(request, licence_id, reason=typed) if typed else HttpResponseRedirect(page)
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    problems = _problems(reason, confirmed=request.POST.get("confirm") == "1")
    if not problems:
        try:
            revoke_licence(LicenceId(licence_id), reason=reason, actor=actor_of(request), at=request.at)
            return HttpResponseRedirect(f"{page}?said=revoked")
        except (Invalid, Conflict) as wrong:
            problems = [("", "。".join(filter(None, say(wrong))))]
    return _show(request, licence_id, reason=reason, problems=problems, status=422)


@officers
@require_http_methods(["GET", "POST"])
def reveal(request: CityRequest, licence_id: UUID) -> HttpResponse:
    """Show numbers and address in full, once the purpose stands in the reader log."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:licence", args=[licence_id]))
    purpose = request.POST.get("purpose", "").strip()[:PURPOSE_MAX]
    if not purpose:
        problem = _("请写明用来做什么，例如：核对证照与本人")
        return _show(request, licence_id, purpose_problem=problem, status=422)
    actor = actor_of(request)
    licence = get_licence(licence_id, actor=actor, at=request.at)
    what = "完整的证件号码、电话和住址"
    record_reading(actor, subject=licence.holder, resource=licence.urn, what=what, purpose=purpose, at=request.at)
    return _show(request, licence_id, full=True)


def _problems(reason: str, *, confirmed: bool) -> list[tuple[str, str]]:
    problems = []
    if not reason:
        problems.append(("reason", _("请写明理由，例如：经营者申请停业，依食品经营许可规定注销")))
    if not confirmed:
        problems.append(("confirm", _("作废不能恢复，请核对后勾选")))
    return problems


def _show(
    request: CityRequest,
    licence_id: UUID,
    *,
    reason: str = "",
    problems: list[tuple[str, str]] | None = None,
    full: bool = False,
    purpose_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    licence = get_licence(licence_id, actor=actor_of(request), at=request.at)
    why_not = _why_not(licence, actor_of(request))
    context = {
        "licence": licence,
        "fields": printed_fields(licence) if full else masked_fields(licence),
        "number": licence.number if full else mask_numbers(licence.number),
        "full": full,
        "purpose_problem": purpose_problem,
        "identifier": licence.identifier.split("."),
        "look": LOOKS[licence.state],
        "case_number": _case_number(licence, actor_of(request)),
        "may_revoke": not why_not,
        "why_not": why_not,
        "reason": reason,
        "problems": problems or [],
        "at": dict(problems or []),
        "said": _("已经作废。核验会显示“已作废”。") if request.GET.get("said") == "revoked" else "",
    }
    return render(request, "officer/licence.html", context, status=status)


def _case_number(licence: LicenceView, actor: Actor) -> str:
    """Return the number of the case that issued it, '' when there is none the officer may open."""
    if licence.case_id is None:
        return ""
    try:
        return get_case_by_id(licence.case_id, actor=actor).number
    except (NotFound, Refused):
        return ""


def _why_not(licence: LicenceView, actor: Actor) -> str:
    if licence.state in {LicenceState.REVOKED, LicenceState.CORRECTED}:
        return str(_("这张证照已经不再有效，不用再作废。"))
    if licence.issuer != actor.org or ISSUING not in actor.roles:
        return str(_("作废由发证机关有“发证”职责的岗位办理。"))
    return ""
