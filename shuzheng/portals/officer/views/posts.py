"""Which post the officer acts in, and whether single keys work."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.base.directory.queries import list_posts_of, list_standing_in
from shuzheng.base.directory.types import DUTY_LABELS, AbsenceView, PostView
from shuzheng.portals.shell import session as memory
from shuzheng.portals.shell.guards import residents
from shuzheng.portals.shell.paths import came_from, own_path
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of

KEYS_COOKIE = "keys"
YEAR_SECONDS = 365 * 24 * 3600


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: CityRequest) -> HttpResponse:
    """Choose the post to act in; people without one are told where to go."""
    person = person_of(request)
    standing_in = list_standing_in(person, at=request.at)
    posts = (*list_posts_of(person), *(absence.post for absence in standing_in))
    back = own_path(request.POST.get("next") or request.GET.get("next"), otherwise=reverse("officer:inbox"))
    problem = ""
    if request.method == "POST":
        chosen = next((one for one in posts if str(one.id) == request.POST.get("post")), None)
        if chosen is not None:
            memory.take_post(request.session, chosen.id)
            return HttpResponseRedirect(back)
        problem = _("请选一个岗位")
    context = {
        "posts": [_row(one, standing_in) for one in posts],
        "chosen": memory.post_of(request.session),
        "next": back,
        "problem": problem,
    }
    return render(request, "officer/post.html", context, status=422 if problem else 200)


def _row(post_view: PostView, standing_in: Sequence[AbsenceView]) -> dict[str, object]:
    """Return a post to choose; one of an absent colleague says for whom and how long."""
    duties = "、".join(tr(DUTY_LABELS[role]) for role in sorted(post_view.roles) if role in DUTY_LABELS)
    return {
        "id": post_view.id,
        "organization_name": post_view.organization_name,
        "name": post_view.name,
        "duties": duties,
        "absence": next((absence for absence in standing_in if absence.post.id == post_view.id), None),
    }


@residents
@require_POST
def keys(request: CityRequest) -> HttpResponse:
    """Switch single-key shortcuts on or off; remembered in a cookie."""
    response = HttpResponseRedirect(came_from(request) or reverse("officer:inbox"))
    response.set_cookie(
        KEYS_COOKIE,
        "off" if request.POST.get("keys") == "off" else "on",
        max_age=YEAR_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
