"""Tables of the lake at the desk: the list, and one table with its columns, grades, quality and where it comes from."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shuzheng.base.directory.queries import get_organizations
from shuzheng.engines.lake import queries as lake
from shuzheng.engines.lake.types.tables import Table
from shuzheng.portals.officer.lake_words import line_of
from shuzheng.portals.shell.guards import officers
from shuzheng.portals.shell.types import CityRequest

PAGE = 30


@officers
@require_safe
def table_list(request: CityRequest) -> HttpResponse:
    """List tables; `?q=` searches names, `?unit=` narrows to who answers for them."""
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "unit")}
    tables = list(lake.list_tables().values())
    names = {code: unit.short_name for code, unit in get_organizations({one.department for one in tables}).items()}
    found = [one for one in tables if _fits(one, given["q"], given["unit"]) and one.code > request.GET.get("after", "")]
    shown, more = found[:PAGE], len(found) > PAGE
    place = lake.store()
    query = urlencode({name: value for name, value in given.items() if value})
    context = {
        "lines": [line_of(one, place.version(one.code), names) for one in shown],
        "asked": given,
        "units": sorted({(code, name) for code, name in names.items()}, key=lambda pair: pair[1]),
        "query": f"{query}&" if query else "",
        "next": shown[-1].code if more else "",
        "total": len(tables),
    }
    return render(request, "officer/lake/list.html", context)


def _fits(table: Table, words: str, unit: str) -> bool:
    text = " ".join(_texts(table)).lower()
    return (not unit or table.department == unit) and all(word in text for word in words.lower().split())


def _texts(table: Table) -> Iterable[str]:
    yield from (table.code, table.label, table.dataset, table.summary)
    for column in table.columns:
        yield from (column.name, column.label)
