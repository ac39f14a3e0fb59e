"""Hand a task on and urge it, from the page of the case; for who leads the unit."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzheng.base.kernel.types import PostId
from shuzheng.engines.cases.actions import reassign_task, urge_task
from shuzheng.engines.cases.queries import get_case
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.ids import read_uuid
from shuzheng.portals.shell.types import CityRequest

TEXT_MAX = 300


@officers
@require_http_methods(["GET", "POST"])
def reassign(request: CityRequest, number: str, n: int) -> HttpResponse:
    """Hand an open task to a colleague, with a reason."""
    page = reverse("officer:case", args=[number])
    if request.method == "GET":
        return HttpResponseRedirect(page)
    actor = actor_of(request)
    reassign_task(
        get_case(number, actor=actor).id,
        n,
        PostId(read_uuid(request.POST.get("to", ""))),
        reason=request.POST.get("reason", "").strip()[:TEXT_MAX],
        command_id=read_uuid(request.POST.get("command_id", "")),
        actor=actor,
        at=request.at,
    )
    return HttpResponseRedirect(f"{page}?said=handed")


@officers
@require_http_methods(["GET", "POST"])
def urge(request: CityRequest, number: str, n: int) -> HttpResponse:
    """Urge an overdue task."""
    page = reverse("officer:case", args=[number])
    if request.method == "GET":
        return HttpResponseRedirect(page)
    actor = actor_of(request)
    urge_task(
        get_case(number, actor=actor).id,
        n,
        note=request.POST.get("note", "").strip()[:TEXT_MAX],
        command_id=read_uuid(request.POST.get("command_id", "")),
        actor=actor,
        at=request.at,
    )
    return HttpResponseRedirect(f"{page}?said=urged")
