"""Settings of notices: which kinds leave by text message and mail, quiet hours, the mail address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.notices.actions import (
    confirm_mail_address,
    forget_mail_address,
    give_mail_address,
    retry_channel,
    save_preferences,
)
from shuzheng.base.notices.errors import CodeExpired, CodeTriesUsed, CodeWrong, NothingToConfirm
from shuzheng.base.notices.queries import get_preferences
from shuzheng.base.notices.rules import parse_minute, say_minute
from shuzheng.base.notices.types import CHANNEL_LABELS, KINDS, Channel, PreferencesView, Quiet
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of

_OF_CODE: Final = (CodeWrong, CodeExpired, CodeTriesUsed, NothingToConfirm)


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: CityRequest) -> HttpResponse:
    """Show what the person chose; a POST with `do` changes one part of it."""
    if request.method != "POST":
        return _show(request, {})
    act = ACTS.get(request.POST.get("do", ""), _save)
    try:
        said = act(request)
    except ShuzhengError as wrong:
        if wrong.status not in range(400, 500):
            raise
        problem = "。".join(filter(None, say(wrong)))
        return _show(request, {_field_of(request, wrong): problem}, status=wrong.status)
    return HttpResponseRedirect(f"{reverse('resident:notice_settings')}?said={said}")


def _save(request: CityRequest) -> str:
    wanted = {kind: [channel for channel in Channel if channel in request.POST.getlist(kind)] for kind in KINDS}
    quiet = Quiet(
        on=request.POST.get("quiet") == "1",
        start_minute=parse_minute(request.POST.get("quiet_from", "")),
        end_minute=parse_minute(request.POST.get("quiet_to", "")),
    )
    save_preferences(wanted, quiet=quiet, actor=actor_of(request), at=request.at)
    return "saved"


def _give(request: CityRequest) -> str:
    give_mail_address(request.POST.get("mail", ""), actor=actor_of(request), at=request.at)
    return "code"


def _confirm(request: CityRequest) -> str:
    confirm_mail_address(request.POST.get("code", ""), actor=actor_of(request), at=request.at)
    return "confirmed"


def _forget(request: CityRequest) -> str:
    forget_mail_address(actor=actor_of(request), at=request.at)
    return "forgotten"


def _retry(request: CityRequest) -> str:
    channel = request.POST.get("channel", "")
    if channel in set(Channel):
        retry_channel(Channel(channel), actor=actor_of(request), at=request.at)
    return "retried"


ACTS: Final[Mapping[str, Callable[[CityRequest], str]]] = {
    "save": _save,
    "mail": _give,
    "code": _confirm,
    "forget": _forget,
    "retry": _retry,
}


def _field_of(request: CityRequest, wrong: ShuzhengError) -> str:
    if isinstance(wrong, _OF_CODE):
        return "code"
    return "mail" if request.POST.get("do") == "mail" else "quiet_from"


def _show(request: CityRequest, problems: Mapping[str, str], *, status: int = 200) -> HttpResponse:
    seen = get_preferences(person_of(request))
    keep = request.POST.get("do", "save") == "save" and bool(problems)
    context = {
        "channels": seen.channels,
        "rows": [_row(kind, seen, request.POST.getlist(kind) if keep else None) for kind in KINDS],
        "quiet_options": [("1", _("开启免打扰"))],
        "quiet_chosen": ["1"] if (request.POST.get("quiet") == "1" if keep else seen.quiet.on) else [],
        "quiet_from": request.POST.get("quiet_from") if keep else say_minute(seen.quiet.start_minute),
        "quiet_to": request.POST.get("quiet_to") if keep else say_minute(seen.quiet.end_minute),
        "sms": seen.contacts[Channel.SMS],
        "mail": seen.contacts[Channel.MAIL],
        "mail_on": Channel.MAIL in seen.channels,
        "sms_on": Channel.SMS in seen.channels,
        "typed_mail": request.POST.get("mail", "") if problems else "",
        "problems": list(problems.items()),
        "at": problems,
        "said": SAID.get(request.GET.get("said", ""), lambda: "")() if not problems else "",
    }
    return render(request, "resident/my/notice_settings.html", context, status=status)


def _row(kind: str, seen: PreferencesView, typed: Sequence[str] | None) -> dict[str, object]:
    known = KINDS[kind]
    hint = tr(known.example)
    if known.urgent:
        hint = _("%(example)s。不受免打扰限制") % {"example": hint}
    return {
        "kind": kind,
        "label": tr(known.label),
        "hint": hint,
        "options": [(channel.value, tr(CHANNEL_LABELS[channel])) for channel in seen.channels],
        "chosen": [channel.value for channel in seen.wanted[kind]] if typed is None else typed,
    }


SAID: Final[Mapping[str, Callable[[], str]]] = {
    "saved": lambda: str(_("已保存。从下一条消息起按新的设置发。")),
    "code": lambda: str(_("确认码已发到您填的邮箱，24 小时内填到下面。")),
    "confirmed": lambda: str(_("邮箱已确认，以后按您的设置发邮件。")),
    "forgotten": lambda: str(_("邮箱已删除，不再发邮件。")),
    "retried": lambda: str(_("下一条消息会再发一次试试。")),
}
