"""Policies at the desk: find a family, read it, look for everyone it fits, see whom, and take the list out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuzheng.base.access.actions import record_readings
from shuzheng.base.directory.queries import find_organization, get_firms, get_people
from shuzheng.base.directory.types import OrganizationView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.types import Actor, FirmId, Page, Party, PartyKind, PersonId
from shuzheng.portals.officer.errors import PurposeWanted
from shuzheng.portals.officer.exporting import ROWS_MAX, write_table
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.policies import filter_query, read_filter
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.benefits import queries as benefits
from shuzheng.services.benefits.actions import start_run
from shuzheng.services.benefits.errors import RunNotFound
from shuzheng.services.benefits.rules.expansion import day_of
from shuzheng.services.benefits.rules.permitting import check_may_find, may_find
from shuzheng.services.benefits.types import (
    RUN_LABELS,
    TARGET_LABELS,
    Match,
    PolicyCode,
    PolicyCount,
    PolicyView,
    RunView,
    Target,
)

PAGE: Final = 30
NAMES: Final = 50
PURPOSE_MAX: Final = 60
HEAD: Final = ("结果", "姓名或名称", "统一社会信用代码", "金额（元）", "政策", "政策编码")


@dataclass(frozen=True, slots=True)
class Place:
    """A published policy on the family's page; the count is None for those who may not see it, and before a run."""

    policy: PolicyView
    count: PolicyCount | None
    may: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A subject found, as the page shows it: a person's name is masked, a firm is public."""

    match: Match
    name: str
    uscc: str


@officers
@require_safe
def policies(request: CityRequest) -> HttpResponse:
    """List policy families; the address narrows them."""
    asked = read_filter(request.GET)
    page = benefits.list_families(asked, after=request.GET.get("after") or None, limit=PAGE)
    departments, places, years = benefits.list_facets()
    query = filter_query(asked)
    context = {
        "page": page,
        "asked": asked,
        "query": f"{query}&" if query else "",
        "departments": departments,
        "places": places,
        "years": years,
        "targets": list(TARGET_LABELS.items()),
    }
    return render(request, "officer/policies/list.html", context)


@officers
@require_safe
def family(request: CityRequest, code: str) -> HttpResponse:
    """Show a family: document, money, conditions with their rules, where and when it is published, how many it fits."""
    return render(request, "officer/policies/family.html", _family_context(request, code))


def _family_context(request: CityRequest, code: str) -> dict[str, object]:
    actor = actor_of(request)
    published = benefits.list_published(code)
    today = local_date(request.at, settings.SHUZHENG.zone)
    latest = max((one.published for one in published), key=lambda one: one.last_on, default=None)
    family = benefits.get_family(code, on=today if latest is None else day_of(latest, today))
    office, run = _office(actor), benefits.find_run(code)
    counts = {count.policy: count for count in run.counts} if run else {}
    allowed = [one for one in published if _may(actor, office, one)]
    years = sorted({one.published.year for one in published})
    return {
        "family": family,
        "criteria": benefits.list_criteria(family),
        "payment": benefits.get_payment(family),
        "target": TARGET_LABELS[family.target],
        "years": years,
        "grid": _grid(published, years, counts, {one.code for one in allowed}),
        "run": run,
        "run_label": RUN_LABELS[run.state] if run else "",
        "may": bool(allowed),
        "fits": sum(counts[one.code].fits for one in allowed if one.code in counts),
        "open": sum(counts[one.code].open for one in allowed if one.code in counts),
        "amount_fen": sum(counts[one.code].amount_fen for one in allowed if one.code in counts),
        "total": len(published),
    }


def _grid(
    published: Sequence[PolicyView],
    years: Sequence[int],
    counts: Mapping[PolicyCode, PolicyCount],
    allowed: Collection[PolicyCode],
) -> list[tuple[str, list[Place | None]]]:
    """Return a line per division: its name, and its policy of each year."""
    by_place: dict[tuple[str, str], dict[int, Place]] = {}
    for one in published:
        may = one.code in allowed
        place = Place(one, counts.get(one.code) if may else None, may)
        by_place.setdefault((one.published.division, one.place), {})[one.published.year] = place
    return [(name, [line.get(year) for year in years]) for (_, name), line in sorted(by_place.items())]


@officers
@require_POST
def run(request: CityRequest, code: str) -> HttpResponse:
    """Begin to look for everyone a family fits."""
    start_run(code, actor=actor_of(request), at=request.at)
    return HttpResponseRedirect(f"{reverse('officer:policy_family', args=[code])}#who")


@officers
@require_http_methods(["GET", "POST"])
def matches(request: CityRequest, code: str) -> HttpResponse:
    """Show whom a published policy fits: how many at once, names for a purpose and with an entry in the reader log."""
    policy, found_in = _found_in(request, code)
    count = next((one for one in found_in.counts if one.policy == policy.code), None)
    context: dict[str, object] = {"policy": policy, "run": found_in, "count": count}
    if request.method == "GET":
        return render(request, "officer/policies/matches.html", context)
    purpose = request.POST.get("purpose", "").strip()[:PURPOSE_MAX]
    if not purpose:
        context["problem"] = "。".join(say(PurposeWanted()))
        return render(request, "officer/policies/matches.html", context, status=422)
    page = benefits.list_matches(found_in, policy.code, after=_position(request.POST.get("after", "")), limit=NAMES)
    context |= {"page": page, "found": _read(request, policy, page, purpose), "purpose": purpose}
    return render(request, "officer/policies/matches.html", context)


@officers
@require_http_methods(["GET", "POST"])
def export(request: CityRequest, code: str) -> HttpResponse:
    """Send whom a published policy fits as a table file: names masked, for a purpose, logged for everyone on it."""
    policy, found_in = _found_in(request, code)
    if request.method == "GET":
        return HttpResponseRedirect(reverse("officer:policy_matches", args=[code]))
    purpose = request.POST.get("purpose", "").strip()[:PURPOSE_MAX]
    if not purpose:
        context = {"policy": policy, "run": found_in, "problem": "。".join(say(PurposeWanted()))}
        return render(request, "officer/policies/matches.html", context, status=422)
    matches: list[Match] = []
    after: int | None = 0
    while after is not None and len(matches) < ROWS_MAX:
        page = benefits.list_matches(found_in, policy.code, after=after, limit=500)
        matches += page.rows
        after = int(page.next) if page.next else None
    rows = [_cells(one, policy) for one in _read(request, policy, Page(tuple(matches[:ROWS_MAX]), None), purpose)]
    response = HttpResponse(write_table(HEAD, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="policy-{policy.code}.csv"'
    return response


def _cells(found: Found, policy: PolicyView) -> Sequence[str]:
    amount = found.match.amount_fen
    return (
        "符合" if found.match.fits else "待核",
        found.name,
        found.uscc,
        "" if amount is None else f"{amount / 100:.2f}",
        policy.title,
        policy.code,
    )


def _found_in(request: CityRequest, code: str) -> tuple[PolicyView, RunView]:
    """Return a published policy and the last run of its family.

    Raises:
        PolicyNotFound: No such policy.
        MayNotFindEveryone: The post may not see whom it fits.
        RunNotFound: Nobody has looked yet.
    """
    actor, policy = actor_of(request), benefits.get_policy(code)
    check_may_find(actor.roles, _office(actor), department=policy.department, division=policy.published.division)
    run = benefits.find_run(policy.published.family)
    if run is None:
        raise RunNotFound
    return policy, run


def _office(actor: Actor) -> OrganizationView | None:
    return None if actor.org is None else find_organization(actor.org)


def _may(actor: Actor, office: OrganizationView | None, policy: PolicyView) -> bool:
    return may_find(actor.roles, office, department=policy.department, division=policy.published.division)


def _position(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _read(request: CityRequest, policy: PolicyView, page: Page[Match], purpose: str) -> list[Found]:
    """Return whom a page names, after the reader log was written for each of them."""
    subjects = [match.subject for match in page.rows]
    kind = PartyKind.FIRM if policy.target is Target.FIRM else PartyKind.PERSON
    names: dict[object, tuple[str, str]] = {}
    if kind is PartyKind.FIRM:
        names |= {key: (firm.name, firm.uscc) for key, firm in get_firms(map(FirmId, subjects)).items()}
    else:
        names |= {key: (mask_name(person.name), "") for key, person in get_people(map(PersonId, subjects)).items()}
    record_readings(
        actor_of(request),
        subjects=[Party(kind, subject, "") for subject in subjects],
        resource=f"urn:shuzheng:policy:{policy.code}:matches",
        what=f"是否符合政策“{policy.title}”",
        purpose=purpose,
        at=request.at,
    )
    return [Found(match, *names[match.subject]) for match in page.rows if match.subject in names]
