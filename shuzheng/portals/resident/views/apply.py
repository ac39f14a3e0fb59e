"""The two ends of an application: choose where, and the receipt; also throwing a draft away."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases import queries as cases
from shuzheng.portals.resident.guide import say_wrong_party
from shuzheng.portals.resident.places import choose_place
from shuzheng.portals.shell.deadlines import read_deadlines
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import actions, queries as items
from shuzheng.services.items.types import ItemView


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def choose_unit(request: CityRequest, code: str) -> HttpResponse:
    """Choose the unit that decides, the nearest one first; then start a draft filled with what is known."""
    actor = actor_of(request)
    item = items.get_item(code)
    if request.method == "POST" and request.POST.get("unit"):
        command = _command(request.POST.get("command_id", ""))
        draft = actions.start_draft(code, request.POST["unit"], actor=actor, at=request.at, command_id=command)
        return HttpResponseRedirect(reverse("resident:step", args=[draft.id, 1]))
    return _show_units(
        request, actor, item, missing=_("请选一个单位，例如离您最近的那个") if request.method == "POST" else ""
    )


def _command(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _show_units(request: CityRequest, actor: Actor, item: ItemView, *, missing: str) -> HttpResponse:
    items.get_form(item.code)  # an item without a form says so before anything is asked
    asked = request.POST if request.method == "POST" else request.GET
    place = choose_place(item, county=asked.get("county", ""), town=asked.get("town", ""), actor=actor)
    content = {
        "item": item,
        "wrong_party": say_wrong_party(item, actor),
        "place": place,
        "chosen": request.GET.get("unit") or (place.near.code if place.near is not None else ""),
        "draft": items.find_open_draft(item.code, actor=actor, at=request.at),
        "missing": missing,
        "command_id": uuid4(),
        "problems": [("unit", missing)] if missing else [],
    }
    return render(request, "resident/apply/unit.html", content, status=422 if missing else 200)


@residents
@require_POST
def discard(request: CityRequest, draft_id: UUID) -> HttpResponse:
    """Delete a draft for good."""
    actions.discard_draft(draft_id, actor=actor_of(request), at=request.at)
    return HttpResponseRedirect(reverse("resident:cases"))


@residents
@require_safe
def done(request: CityRequest, number: str) -> HttpResponse:
    """Show the receipt: number, and the dates to come with why they fall on their days."""
    case = cases.get_case(number, actor=actor_of(request))
    today = local_date(request.at, settings.SHUZHENG.zone)
    proofs = cases.get_deadlines(case.id, at=request.at)
    content = {"case": case, "deadlines": read_deadlines(proofs, today=today)}
    return render(request, "resident/apply/done.html", content)
