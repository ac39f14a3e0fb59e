"""Pages every front shares: sign-in, preferences, help; and the handlers of last resort."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shuzheng.base.directory import actions as directory_actions, queries as directory
from shuzheng.base.directory.errors import AccountLocked, SignInFailed
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.portals.shell.acting import ACTING_COOKIE
from shuzheng.portals.shell.context import ELDER_COOKIE
from shuzheng.portals.shell.cookies import remember
from shuzheng.portals.shell.entering import address_hash, enter
from shuzheng.portals.shell.errors import Breakdown, NoSuchChoice, PageNotFound, PageTooOld
from shuzheng.portals.shell.failures import answer_failure, say
from shuzheng.portals.shell.middleware import DESK
from shuzheng.portals.shell.paths import own_path
from shuzheng.portals.shell.types import CityRequest


@sensitive_post_parameters("password")
def sign_in(request: CityRequest) -> HttpResponse:
    """Sign in by name and password; then back to the page that asked, the desk, or home."""
    back = own_path(request.POST.get("next") or request.GET.get("next"), otherwise="")
    if request.method != "POST":
        if request.actor is not None and back:
            return HttpResponseRedirect(back)
        return _show_sign_in(request, back=back, name=request.GET.get("name", ""))
    name, password = request.POST.get("name", "").strip(), request.POST.get("password", "")
    missing = _missing(name, password)
    if missing:
        return _show_sign_in(request, back=back, name=name, problems=missing, status=422)
    try:
        account = directory_actions.sign_in(name, password, at=request.at, address_hash=address_hash(request))
    except (SignInFailed, AccountLocked) as refusal:
        return _show_sign_in(request, back=back, name=name, refusal=refusal, status=refusal.status)
    return enter(request, account, method="password", back=back)


def _missing(name: str, password: str) -> dict[str, str]:
    from_empty = {"name": "请填账号，例如手机号或您设置的账号名", "password": "请填密码"}
    given = {"name": name, "password": password}
    return {field: words for field, words in from_empty.items() if not given[field]}


def _show_sign_in(
    request: CityRequest,
    *,
    back: str,
    name: str = "",
    problems: Mapping[str, str] | None = None,
    refusal: ShuzhengError | None = None,
    status: int = 200,
) -> HttpResponse:
    message, hint = say(refusal) if refusal else ("", "")
    content = {
        "next": back,
        "for_desk": back.startswith(DESK),
        "name": name,
        "problems": dict(problems or {}),
        "message": message,
        "hint": hint,
        "kept": "held" in request.GET or "held" in request.POST,
        "minutes": settings.SESSION_COOKIE_AGE // 60,
        "external": settings.SHUZHENG.identity_provider.name if settings.SHUZHENG.identity_provider else "",
        "demo_accounts": directory.list_demo_accounts() if settings.SHUZHENG.demo else (),
    }
    return render(request, "shell/sign_in.html", content, status=status)


@require_POST
def sign_out(request: CityRequest) -> HttpResponse:
    """End the session and go home."""
    logout(request)
    response = HttpResponseRedirect(reverse("resident:home"))
    response.delete_cookie(ACTING_COOKIE)
    return response


@require_POST
def set_elder(request: CityRequest) -> HttpResponse:
    """Switch elder mode: everything larger, one column; kept in a cookie, and in the account of who is signed in."""
    response = _back(request)
    on = request.COOKIES.get(ELDER_COOKIE) != "1"
    remember(response, ELDER_COOKIE, "1" if on else "0")
    if request.actor is not None:
        account = int(request.user.pk or 0)
        directory_actions.set_elder_mode(account, on=on, actor=request.actor, at=request.at)
    return response


@require_POST
def set_language(request: CityRequest) -> HttpResponse:
    """Switch the language of the chrome; the pack's own texts stay in theirs."""
    wanted = request.POST.get("language", "")
    if wanted not in {code for code, _name in settings.LANGUAGES}:
        raise NoSuchChoice
    response = _back(request)
    remember(response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(own_path(request.POST.get("next")))


@require_safe
def show_help(request: CityRequest) -> HttpResponse:
    """Show how the portal works, and whom to call."""
    return render(request, "shell/help.html", {"minutes": settings.SESSION_COOKIE_AGE // 60})


@require_safe
def show_accessibility(request: CityRequest) -> HttpResponse:
    """Show the accessibility statement."""
    return render(request, "shell/accessibility.html")


def csrf_failure(request: CityRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer a form whose token does not match; what was typed is kept when the form is ours."""
    return answer_failure(request, PageTooOld())


def not_found(request: CityRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer an address no page has."""
    return answer_failure(request, PageNotFound())


def unreadable(request: CityRequest, exception: Exception) -> HttpResponse:
    """Answer a request that breaks the protocol."""
    return answer_failure(request, exception)


def breakdown(request: CityRequest) -> HttpResponse:
    """Answer what broke outside a view; Django has logged the trace."""
    return answer_failure(request, Breakdown())
