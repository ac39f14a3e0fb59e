"""Find a case within one's unit. What is typed is posted and stays on the server: it may name somebody."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Page
from shuzheng.portals.officer import searches
from shuzheng.portals.officer.search import find_for
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.types import CityRequest


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: CityRequest) -> HttpResponse:
    """Find cases by number, applicant or item; a full number opens the case."""
    page = reverse("officer:find")
    if request.method == "POST":
        key = searches.hold(request.session, searches.clean(request.POST.get("q", "")))
        return HttpResponseRedirect(f"{page}?s={key}" if key else page)
    key = request.GET.get("s", "")
    q = searches.recall(request.session, key)
    if not q:
        return render(request, "officer/find.html", {"q": ""})
    today = local_date(request.at, settings.SHUZHENG.zone)
    found = find_for(q, actor=actor_of(request), today=today, after=request.GET.get("after") or None)
    if found.number:
        return HttpResponseRedirect(reverse("officer:case", args=[found.number]))
    context = {
        "q": q,
        "rows": found.rows,
        "page": Page(found.rows, found.next),
        "query": f"s={key}&",
        "why": "。".join(filter(None, say(found.refusal))) if found.refusal else "",
        "keys_off": request.COOKIES.get("keys") == "off",
    }
    return render(request, "officer/find.html", context)
