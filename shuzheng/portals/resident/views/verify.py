"""Public check of a licence: a code from a QR, or its number with the holder's name. No sign-in, nothing in the URL.

The QR holds the code in the URL's fragment, which a browser never sends. `verify.js` reads it and posts it here;
without script the code is pasted into the box. Both ways the code travels in the body of a POST only.
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.credentials.actions import verify_code, verify_number
from shuzheng.engines.credentials.types import Verdict, VerdictState
from shuzheng.portals.shell.types import CityRequest

CODE_MAX = 4000
"""Characters of a code that are looked at; a real one has under 600."""
TEXT_MAX = 120

LOOKS: dict[VerdictState, tuple[str, str]] = {
    VerdictState.VALID: ("ok", "check"),
    VerdictState.NOT_YET: ("warn", "clock"),
    VerdictState.EXPIRED: ("warn", "clock"),
    VerdictState.SUSPENDED: ("warn", "alert"),
    VerdictState.REVOKED: ("bad", "x"),
    VerdictState.CORRECTED: ("warn", "undo"),
    VerdictState.STALE: ("warn", "clock"),
    VerdictState.UNKNOWN: ("warn", "help"),
    VerdictState.FORGED: ("bad", "x"),
    VerdictState.DAMAGED: ("warn", "scan"),
}
"""Class and icon of a verdict."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, shown again beside a problem."""

    code: str = ""
    number: str = ""
    name: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: CityRequest) -> HttpResponse:
    """Show the box, or the verdict on what was posted; a script asks for the result part alone."""
    if request.method != "POST":
        return _show(request, Asked())
    asked = _read(request)
    problems = _problems(asked)
    if problems:
        return _show(request, asked, problems=problems, status=422)
    return _show(request, Asked(), verdict=_check(request, asked))


def _read(request: CityRequest) -> Asked:
    return Asked(
        code=request.POST.get("code", "").strip()[:CODE_MAX],
        number=request.POST.get("number", "").strip()[:TEXT_MAX],
        name=request.POST.get("name", "").strip()[:TEXT_MAX],
    )


def _problems(asked: Asked) -> list[tuple[str, str]]:
    if asked.code or (asked.number and asked.name):
        return []
    if asked.number:
        return [("name", _("请填持证人的姓名或单位名称，和证照上的一样，例如“某某餐饮店”"))]
    if asked.name:
        return [("number", _("请填证照编号，例如 JY23415020087612"))]
    return [("code", _("请粘贴二维码里的编码，它以 SZ1: 开头；或填证照编号和持证人名称"))]


def _check(request: CityRequest, asked: Asked) -> Verdict:
    if asked.code:
        return verify_code(asked.code, at=request.at)
    return verify_number(asked.number, asked.name, at=request.at)


def _show(
    request: CityRequest,
    asked: Asked,
    *,
    verdict: Verdict | None = None,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    kind, icon = LOOKS[verdict.state] if verdict else ("", "")
    context = {
        "asked": asked,
        "verdict": verdict,
        "kind": kind,
        "icon": icon,
        "problems": problems or [],
        "at_fields": dict(problems or []),
    }
    part = request.headers.get("X-Part") == "result"
    response = render(
        request, "resident/verify.html#result" if part else "resident/verify.html", context, status=status
    )
    response["Cache-Control"] = "no-store"
    return response
