"""Supervision (单位办理情况): figures of the subtree, the cases behind each figure, and the list as a table file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuzheng.base.access.actions import record_readings
from shuzheng.base.access.types import SUPERVISING
from shuzheng.base.directory.queries import get_organization, get_organizations
from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Actor, OrgId, Page, Party
from shuzheng.engines.cases.queries import due_window, list_decided, list_inbox, tally_units
from shuzheng.engines.cases.types import CaseView, DueBand, InboxFilter, InboxRow, UnitTally
from shuzheng.portals.officer.errors import NotASupervisor, PurposeWanted
from shuzheng.portals.officer.exporting import (
    DECIDED_HEAD,
    OPEN_HEAD,
    ROWS_MAX,
    decided_cells,
    open_cells,
    write_table,
)
from shuzheng.portals.officer.leading import takers_of
from shuzheng.portals.officer.presenting import read_cases, read_rows, units_of
from shuzheng.portals.officer.said import say_several
from shuzheng.portals.officer.views.people import crumbs_of
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.types import CityRequest

PAGE = 30
BATCH = 200
PURPOSE_MAX = 60
BANDS = {"late": DueBand.LATE, "soon": DueBand.SOON}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which list: the unit, which of its figures, and whether without the units below."""

    unit: OrganizationView
    show: str
    alone: bool

    @property
    def query(self) -> str:
        """Return the query string of the list."""
        return urlencode({"unit": self.unit.code, "show": self.show} | ({"alone": "1"} if self.alone else {}))


@officers
@require_safe
def figures(request: CityRequest) -> HttpResponse:
    """Show the figures of an organization of the subtree, by the units directly below; each opens to its rows."""
    actor = supervisor_of(request)
    unit = get_organization(OrgId(request.GET.get("unit", "") or str(actor.org)))
    tallies = tally_units(unit.code, actor=actor, since=_month(request), at=request.at)
    names = get_organizations([tally.org for tally in tallies if tally.org is not None])
    ordered = sorted(tallies, key=lambda tally: (-tally.late, -tally.soon, -tally.open, tally.org or ""))
    context = {
        "unit": unit,
        "crumbs": crumbs_of(unit, top=actor.org),
        "rows": [_figure(tally, unit, names) for tally in ordered],
        "total": _figure(_sum(tallies), unit, names, total=True),
        "month": _month(request).month,
        "alone": len(tallies) == 1 and tallies[0].org is None,
    }
    return render(request, "officer/units.html", context)


@officers
@require_safe
def cases(request: CityRequest) -> HttpResponse:
    """Show the rows behind a figure."""
    return _show(request, _chosen(request, request.GET))


@officers
@require_http_methods(["GET", "POST"])
def export(request: CityRequest) -> HttpResponse:
    """Send the rows behind a figure as a table file: masked, for a purpose, logged for everyone on it."""
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:units"))
    actor, chosen = supervisor_of(request), _chosen(request, request.POST)
    purpose = request.POST.get("purpose", "").strip()[:PURPOSE_MAX]
    if not purpose:
        return _show(request, chosen, problem="。".join(say(PurposeWanted())), status=422)
    head, rows, subjects = _gather(request, actor, chosen)
    record_readings(
        actor,
        subjects=subjects,
        resource=f"urn:shuzheng:organization:{chosen.unit.code}:cases",
        what="办件清单（姓名遮掩）",
        purpose=purpose,
        at=request.at,
    )
    response = HttpResponse(write_table(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cases-{chosen.unit.code}-{chosen.show}.csv"'
    return response


def supervisor_of(request: CityRequest) -> Actor:
    """Return who acts, when the post supervises.

    Raises:
        NotASupervisor: It does not.
    """
    actor = actor_of(request)
    if not actor.roles & SUPERVISING or actor.org is None:
        raise NotASupervisor
    return actor


def _show(request: CityRequest, chosen: Chosen, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor = supervisor_of(request)
    today = local_date(request.at, settings.SHUZHENG.zone)
    after = request.GET.get("after") or None
    context: dict[str, object] = {
        "chosen": chosen,
        "crumbs": crumbs_of(chosen.unit, top=actor.org),
        "tabs": [(key, label, _link(chosen.unit, key, alone=chosen.alone)) for key, label in _labels().items()],
        "query": f"{chosen.query}&",
        "problem": problem,
        "command_id": uuid4(),
        "keys_off": request.COOKIES.get("keys") == "off",
        "rows_max": ROWS_MAX,
        "units": True,
    }
    if chosen.show == "done":
        decided = _decided(request, chosen, after=after, limit=PAGE)
        return render(
            request,
            "officer/unit_cases.html",
            context | {"page": decided, "rows": read_cases(decided.rows, today=today), "units": False},
            status=status,
        )
    page = list_inbox(actor, after=after, limit=PAGE, filters=_filter(request, chosen))
    more = {
        "page": page,
        "rows": read_rows(page.rows, today=today, units=units_of(page.rows)),
        "colleagues": takers_of(page.rows, at=request.at),
        "said": say_several(request),
    }
    return render(request, "officer/unit_cases.html", context | more, status=status)


def _labels() -> dict[str, str]:
    return {
        "open": _("在办"),
        "late": _("已超期"),
        "soon": _("快到期"),
        "paused": _("等申请人"),
        "done": _("本月办结"),
    }


def _chosen(request: CityRequest, asked: Mapping[str, str]) -> Chosen:
    actor = supervisor_of(request)
    unit = get_organization(OrgId(asked.get("unit", "") or str(actor.org)))
    show = asked.get("show", "")
    return Chosen(unit, show if show in _labels() else "open", asked.get("alone") == "1")


def _filter(request: CityRequest, chosen: Chosen) -> InboxFilter:
    after, by = due_window(BANDS.get(chosen.show), at=request.at)
    return InboxFilter(
        due_after=after,
        due_by=by,
        waiting=chosen.show == "paused",
        working=chosen.show == "open",
        under=True,
        units=(chosen.unit.code,),
        alone=chosen.alone,
    )


def _decided(request: CityRequest, chosen: Chosen, *, after: str | None, limit: int) -> Page[CaseView]:
    since, actor = _month(request), supervisor_of(request)
    return list_decided(chosen.unit.code, actor=actor, since=since, alone=chosen.alone, after=after, limit=limit)


def _gather(
    request: CityRequest, actor: Actor, chosen: Chosen
) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[Party]]:
    """Return head, cells and the people concerned, up to the most a file may hold."""
    zone = settings.SHUZHENG.zone
    if chosen.show == "done":
        decided: list[CaseView] = []
        page: Page[CaseView] | None = None
        while (page is None or page.next) and len(decided) < ROWS_MAX:
            after = page.next if page else None
            page = _decided(request, chosen, after=after, limit=BATCH)
            decided += page.rows
        days = {one.number: (local_date(one.opened_at, zone), _closed(one, zone)) for one in decided}
        names = _names(one.parts.get("decider", OrgId("")) for one in decided)
        cells = [tuple(row) for row in decided_cells(decided[:ROWS_MAX], names, days)]
        return DECIDED_HEAD, cells, [one.applicant for one in decided[:ROWS_MAX]]
    rows: list[InboxRow] = []
    listed: Page[InboxRow] | None = None
    while (listed is None or listed.next) and len(rows) < ROWS_MAX:
        after = listed.next if listed else None
        listed = list_inbox(actor, after=after, limit=BATCH, filters=_filter(request, chosen))
        rows += listed.rows
    rows = rows[:ROWS_MAX]
    return (
        OPEN_HEAD,
        [tuple(row) for row in open_cells(rows, units_of(rows))],
        [r.applicant for r in rows if r.applicant],
    )


def _closed(case: CaseView, zone: str) -> date:
    return local_date(case.closed_at or case.opened_at, zone)


def _names(codes: Iterable[OrgId]) -> dict[OrgId, str]:
    return {code: unit.short_name for code, unit in get_organizations(codes).items()}


def _month(request: CityRequest) -> date:
    return local_date(request.at, settings.SHUZHENG.zone).replace(day=1)


def _sum(tallies: Iterable[UnitTally]) -> UnitTally:
    listed = list(tallies)
    return UnitTally(
        None,
        *(
            sum(getattr(tally, name) for tally in listed)
            for name in ("open", "late", "soon", "waiting", "done", "done_late", "used_days")
        ),
    )


def _link(unit: OrganizationView, show: str, *, alone: bool) -> str:
    return f"{reverse('officer:unit_cases')}?{Chosen(unit, show, alone).query}"


def _figure(
    tally: UnitTally, above: OrganizationView, names: Mapping[OrgId, OrganizationView], *, total: bool = False
) -> dict[str, object]:
    """Return one line: where it leads, and each number with the list behind it."""
    unit = names.get(tally.org, above) if tally.org else above
    alone = tally.org is None and not total
    shown = [
        ("open", tally.open, ""),
        ("late", tally.late, "bad"),
        ("soon", tally.soon, "warn"),
        ("paused", tally.waiting, ""),
        ("done", tally.done, ""),
    ]
    average = tally.average_days
    return {
        "name": _("合计") if total else _("本级") if tally.org is None else unit.short_name,
        "url": f"{reverse('officer:units')}?{urlencode({'unit': unit.code})}" if tally.org else "",
        "numbers": [
            {
                "n": n,
                "tone": tone if n else "",
                "url": _link(unit, show, alone=alone) if n else "",
            }
            for show, n, tone in shown
        ],
        "average": "—" if average is None else f"{average:.1f}",
        "done_late": tally.done_late,
    }
