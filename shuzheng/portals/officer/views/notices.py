"""The officer's notice centre."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzheng.base.kernel.types import NoticeId
from shuzheng.base.notices.actions import mark_all_read, mark_read
from shuzheng.base.notices.queries import get_notice, list_notices
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.paths import own_path
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of


@officers
@require_http_methods(["GET", "HEAD", "POST"])
def notice_list(request: CityRequest) -> HttpResponse:
    """Show the notices, newest first; a POST marks all of them as read."""
    if request.method == "POST":
        mark_all_read(actor=actor_of(request), at=request.at)
        return HttpResponseRedirect(reverse("officer:notices"))
    page = list_notices(person_of(request), after=request.GET.get("after") or None)
    return render(request, "officer/notices.html", {"page": page})


@officers
@require_http_methods(["GET", "POST"])
def notice_read(request: CityRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as read and open what it is about."""
    notices = reverse("officer:notices")
    if request.method == "GET":
        return HttpResponseRedirect(notices)
    notice = get_notice(NoticeId(notice_id), person=person_of(request))
    mark_read(notice.id, actor=actor_of(request), at=request.at)
    return HttpResponseRedirect(own_path(notice.link, otherwise=notices))
