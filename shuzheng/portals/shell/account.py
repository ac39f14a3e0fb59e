"""The account of who is signed in: how well it is proved, where it is signed in, its password."""

from dataclasses import replace

from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.directory import actions, queries as directory
from shuzheng.base.directory.errors import AccountLocked, PasswordUnfit, PasswordWrong
from shuzheng.base.directory.types import REAL_NAME_LABELS, SessionView
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import Actor
from shuzheng.portals.shell.acting import ACTING_COOKIE
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of

ICONS = {"phone": "phone", "tablet": "phone", "computer": "grid", "program": "flow"}


def account_id(request: CityRequest) -> int:
    """Return the account of a guarded request."""
    return int(request.user.pk or 0)


def themself(request: CityRequest) -> Actor:
    """Return the person as actor for themselves: an account is its person's, whomever they act for."""
    return replace(actor_of(request), on_behalf_of=None, limited_to=None)


@residents
@require_safe
def show(request: CityRequest) -> HttpResponse:
    """Show the account and the ways on."""
    person = directory.get_person(person_of(request))
    content = {
        "sign_in_name": directory.get_account(account_id(request)).sign_in_name,
        "level": int(person.real_name),
        "level_label": tr(REAL_NAME_LABELS[person.real_name]),
        "sessions": len(directory.list_sessions(account_id(request), current=None, at=request.at)),
        "has_password": directory.has_password(account_id(request)),
        "said": _said(request),
    }
    return render(request, "shell/account/account.html", content)


@residents
@require_safe
def sessions(request: CityRequest) -> HttpResponse:
    """Show where the account is signed in."""
    current = request.session.session_key
    listed = directory.list_sessions(account_id(request), current=current, at=request.at)
    content = {
        "rows": [(row, device_words(row), ICONS.get(row.device, "flow")) for row in listed],
        "others": any(not row.current for row in listed),
        "said": _said(request),
    }
    return render(request, "shell/account/sessions.html", content)


@residents
@require_POST
def end(request: CityRequest) -> HttpResponse:
    """End one session, all others (`which=others`), or all (`which=all`)."""
    which = request.POST.get("which", "")
    actor, current = themself(request), request.session.session_key
    if which == "all":
        actions.end_sessions(account_id(request), keep=None, actor=actor, at=request.at)
        logout(request)
        response = HttpResponseRedirect(reverse("shell:sign_in"))
        response.delete_cookie(ACTING_COOKIE)
        return response
    if which == "others":
        actions.end_sessions(account_id(request), keep=current, actor=actor, at=request.at)
    else:
        actions.end_session(account_id(request), which, actor=actor, at=request.at)
    return HttpResponseRedirect(f"{reverse('shell:sessions')}?said=ended")


@residents
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("current", "new", "again")
def password(request: CityRequest) -> HttpResponse:
    """Change the password; every other device is signed out."""
    if request.method != "POST":
        return _show_password(request, {})
    current, new = request.POST.get("current", ""), request.POST.get("new", "")
    problems = _missing(current, new, request.POST.get("again", ""))
    if problems:
        return _show_password(request, problems, status=422)
    account, key = account_id(request), request.session.session_key
    try:
        actions.change_password(account, current=current, new=new, keep=key, actor=themself(request), at=request.at)
    except (PasswordWrong, PasswordUnfit, AccountLocked) as refusal:
        field = "new" if isinstance(refusal, PasswordUnfit) else "current"
        return _show_password(request, {field: _sentence(refusal)}, status=refusal.status)
    if request.user.is_authenticated:
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)
    return HttpResponseRedirect(f"{reverse('shell:account')}?said=password")


def _missing(current: str, new: str, again: str) -> dict[str, str]:
    problems = {}
    if not current:
        problems["current"] = _("请填现在的密码")
    if not new:
        problems["new"] = _("请填新密码，至少 8 个字符")
    elif new != again:
        problems["again"] = _("两次填的新密码不一样，请再填一次")
    return problems


def _sentence(refusal: ShuzhengError) -> str:
    return "。".join(filter(None, say(refusal)))


def _show_password(request: CityRequest, problems: dict[str, str], *, status: int = 200) -> HttpResponse:
    content = {
        "problems": list(problems.items()),
        "at": problems,
        "has_password": directory.has_password(account_id(request)),
    }
    return render(request, "shell/account/password.html", content, status=status)


def device_words(row: SessionView) -> str:
    """Return what a session is on, in words."""
    kinds = {"phone": _("手机"), "tablet": _("平板"), "computer": _("电脑")}
    kind = kinds.get(row.device, _("程序"))
    return f"{kind} · {row.browser}" if row.browser else kind


def _said(request: CityRequest) -> str:
    said = {"ended": _("已退出。那边下一次操作就要重新登录。"), "password": _("密码已改，其他设备都已退出登录。")}
    return said.get(request.GET.get("said", ""), "")
