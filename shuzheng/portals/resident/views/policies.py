"""Policies (惠企利民政策) for residents and firms: find them, read one in plain words, see whether one fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import Party
from shuzheng.portals.shell.guards import ask_to_sign_in
from shuzheng.portals.shell.policies import filter_query, read_filter
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.benefits import queries as benefits
from shuzheng.services.benefits.types import TARGET_LABELS, FamilyCard, PolicyView

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A policy of a list; `fits` says something when `asked`, for a reader it is for; `card` stands for its family."""

    policy: PolicyView
    open: bool
    asked: bool
    fits: bool | None = None
    amount_fen: int | None = None
    card: FamilyCard | None = None


@require_safe
def policies(request: CityRequest) -> HttpResponse:
    """List policies; `?mine=1` keeps those that fit the reader, or may fit."""
    if request.GET.get("mine") and request.actor is None:
        return ask_to_sign_in(request)
    today, party = local_date(request.at, settings.SHUZHENG.zone), _party(request)
    if request.GET.get("mine") and party is not None:
        return _mine(request, party, today)
    asked = read_filter(request.GET)
    home = "" if party is None else benefits.home_of(party)
    page = benefits.list_cards(asked, home=home, after=request.GET.get("after") or None, limit=PAGE)
    departments, places, years = benefits.list_facets()
    context = {
        "lines": _lines(tuple(card.policy for card in page.rows), party, today, page.rows),
        "next": page.next,
        "asked": asked,
        "narrowed": bool(filter_query(asked)),
        "departments": departments,
        "places": places,
        "years": years,
        "targets": list(TARGET_LABELS.items()),
        "query": f"{filter_query(asked)}&" if filter_query(asked) else "",
    }
    return render(request, "resident/policies/list.html", context)


def _mine(request: CityRequest, party: Party, today: date) -> HttpResponse:
    """Show what fits, then what is to be proved, of the reader's county and of the city."""
    home = benefits.home_of(party)
    listed = benefits.list_open(benefits.TARGETS[party.kind], home)
    lines = _lines(listed, party, today)
    context = {
        "party": party,
        "home": home,
        "fitting": [line for line in lines if line.fits],
        "unknown": [line for line in lines if line.fits is None],
        "checked": len(lines),
    }
    return render(request, "resident/policies/mine.html", context)


@require_safe
def policy(request: CityRequest, code: str) -> HttpResponse:
    """Show one policy: what it gives, who can have it, what is looked up where; for a reader, whether it fits."""
    today, party = local_date(request.at, settings.SHUZHENG.zone), _party(request)
    page = benefits.get_page(code, today=today)
    decision = None if party is None else benefits.find_for(party, page.view, today=today)
    context = {
        "page": page,
        "view": page.view,
        "open": page.view.is_open(today),
        "others": benefits.list_published(page.family.code),
        "party": party,
        "decision": decision,
        "wrong_kind": party is not None and decision is None,
        "reasons": [one for one in decision.asked if one.holds is not True] if decision else [],
    }
    return render(request, "resident/policies/policy.html", context)


def _party(request: CityRequest) -> Party | None:
    return None if request.actor is None else request.actor.party


def _lines(
    policies: Sequence[PolicyView], party: Party | None, today: date, cards: Sequence[FamilyCard] = ()
) -> list[Line]:
    found = {} if party is None else benefits.fits_for(party, policies, today=today)
    by_code = {card.policy.code: card for card in cards}
    lines = []
    for one in policies:
        fits, amount_fen = found.get(one.code, (None, None))
        lines.append(Line(one, one.is_open(today), one.code in found, fits, amount_fen, by_code.get(one.code)))
    return lines
