"""My space: what to do first; my cases, notices and the reader log."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.access.queries import list_readings
from shuzheng.base.access.types import Standing
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.errors import NotFound
from shuzheng.base.kernel.types import CaseId, NoticeId, Party
from shuzheng.base.notices.actions import mark_all_read, mark_read
from shuzheng.base.notices.queries import get_notice, list_notices as read_notices
from shuzheng.engines.cases.queries import find_cases, get_case_by_id, list_cases_of
from shuzheng.engines.cases.types import CaseState, CaseView
from shuzheng.engines.credentials.queries import list_licences_of
from shuzheng.portals.resident.mine import CaseLine, say_case
from shuzheng.portals.resident.wallet import read_cards
from shuzheng.portals.shell.errors import MandateLimited
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.paths import own_path
from shuzheng.portals.shell.types import CityRequest
from shuzheng.portals.shell.who import person_of
from shuzheng.services.items.queries import list_drafts

HOME_CASES = 5
NUMBER_LIMIT = 24
HOME_LICENCES = 3
STATES = {"open": CaseState.OPEN, "paused": CaseState.PAUSED, "done": CaseState.DONE, "withdrawn": CaseState.WITHDRAWN}


def party_of(request: CityRequest) -> Party:
    """Return whose affairs these are: the firm acted for, else the person."""
    party = actor_of(request).party
    if party is None:
        raise NotFound
    return party


def whole_party_of(request: CityRequest) -> Party:
    """Return whose affairs these are, when all of them may be seen.

    Raises:
        MandateLimited: The actor acts by a mandate for some items.
    """
    if actor_of(request).limited_to is not None:
        raise MandateLimited
    return party_of(request)


@residents
@require_safe
def home(request: CityRequest) -> HttpResponse:
    """Show what waits for the person first, then drafts, cases, licences and notices."""
    actor = actor_of(request)
    today = local_date(request.at, settings.SHUZHENG.zone)
    waiting = list_cases_of(actor, state=CaseState.PAUSED, limit=HOME_CASES)
    latest = list_cases_of(actor, limit=HOME_CASES)
    urgent = _lines(waiting.rows)
    shown = {case.number for case, _line in urgent}
    whole = actor.limited_to is None
    held = list_licences_of(party_of(request), at=request.at, limit=HOME_LICENCES).rows if whole else ()
    context = {
        "party": party_of(request),
        "urgent": urgent,
        "drafts": list_drafts(actor, at=request.at, limit=HOME_CASES),
        "cases": [pair for pair in _lines(latest.rows) if pair[0].number not in shown],
        "cards": read_cards(held, today=today),
        "limited": actor.limited_to is not None,
        "notices": read_notices(person_of(request), limit=HOME_CASES, unread_only=True).rows,
    }
    return render(request, "resident/my/home.html", context)


@residents
@require_safe
def list_cases(request: CityRequest) -> HttpResponse:
    """Show the cases of the party acted for, newest first; `?state=` narrows, `?number=` finds, `?after=` goes on."""
    actor = actor_of(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    number = _digits(request.GET.get("number", ""))
    after = request.GET.get("after") or None
    if number:
        page = find_cases(number, actor=actor, after=after)
    else:
        page = list_cases_of(actor, after=after, state=STATES.get(state))
    context = {
        "party": party_of(request),
        "rows": _lines(page.rows),
        "next": page.next,
        "state": state,
        "tabs": _tabs(),
        "number": number,
        "query": _query(state, number),
        "drafts": list_drafts(actor, at=request.at) if not (state or number or after) else (),
    }
    return render(request, "resident/my/cases.html", context)


def _digits(typed: str) -> str:
    """Return a case number as it was typed, without blanks and signs between."""
    return "".join(character for character in typed if character.isdecimal())[:NUMBER_LIMIT]


def _query(state: str, number: str) -> str:
    kept = {name: value for name, value in (("state", state), ("number", number)) if value}
    return f"{urlencode(kept)}&" if kept else ""


def _lines(cases: Iterable[CaseView]) -> list[tuple[CaseView, CaseLine]]:
    """Return cases with their words, those that wait for the applicant first."""
    return sorted(((case, say_case(case)) for case in cases), key=lambda pair: not pair[1].acts)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("", _("全部")),
        ("paused", _("等我补正")),
        ("open", _("办理中")),
        ("done", _("已办结")),
        ("withdrawn", _("已撤回")),
    ]


@residents
@require_http_methods(["GET", "HEAD", "POST"])
def list_notices(request: CityRequest) -> HttpResponse:
    """Show the notices, newest first. A POST marks one as read and opens what it is about, or marks all."""
    if request.method == "POST":
        return _read_notice(request, request.POST.get("notice", ""))
    page = read_notices(person_of(request), after=request.GET.get("after") or None)
    return render(request, "resident/my/notices.html", {"page": page})


def _read_notice(request: CityRequest, wanted: str) -> HttpResponse:
    notices = reverse("resident:notices")
    if not wanted:
        mark_all_read(actor=actor_of(request), at=request.at)
        return HttpResponseRedirect(notices)
    try:
        notice_id = NoticeId(UUID(wanted))
    except ValueError:
        raise NotFound from None
    notice = get_notice(notice_id, person=person_of(request))
    mark_read(notice.id, actor=actor_of(request), at=request.at)
    return HttpResponseRedirect(own_path(notice.link, otherwise=notices))


@residents
@require_safe
def list_readers(request: CityRequest) -> HttpResponse:
    """Show who read the data of the party acted for, when, for what."""
    party = whole_party_of(request)
    page = list_readings(party, after=request.GET.get("after") or None)
    numbers = _case_numbers(request, {row.resource for row in page.rows})
    context = {
        "party": party,
        "page": page,
        "readings": [
            {
                "row": row,
                "what": _parts(row.what),
                "number": numbers.get(row.resource),
                "standing": _say_standing(row.standing),
            }
            for row in page.rows
        ],
    }
    return render(request, "resident/my/readers.html", context)


def _say_standing(standing: Standing | None) -> str:
    """Return what is known of a reading of a whole table, '' for any other reading."""
    return {
        Standing.HELD: _("读的是整张表，当时您在其中"),
        Standing.HELD_NOW: _("读的是整张表，可能涉及您：当时的数据已不再保留，您现在在这张表里"),
        Standing.UNKNOWN: _("读的是整张表，可能涉及您：当时的数据已不再保留，无法核对您当时是否在其中"),
    }.get(standing or Standing.NOT_HELD, "")


def _parts(what: str) -> list[str]:
    return [part for part in what.replace("和", "、").split("、") if part]


def _case_numbers(request: CityRequest, resources: Collection[str]) -> dict[str, str]:
    """Return the numbers of the cases among some URNs, those that the actor may open."""
    found = {}
    for resource in resources:
        kind, _colon, name = resource.removeprefix("urn:shuzheng:").partition(":")
        if kind != "case":
            continue
        try:
            found[resource] = get_case_by_id(CaseId(UUID(name)), actor=actor_of(request)).number
        except (NotFound, ValueError):
            continue
    return found
