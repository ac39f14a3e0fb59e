"""Finding an item: a text, boxes to narrow by, one page of hits."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuzheng.portals.resident.sifting import address, chips_of, pairs_of, read_filters, sifts_of
from shuzheng.portals.shell.city import get_city
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import queries as items

PAGE_ITEMS = 20
TEXT_LIMIT = 80
WORDS_SHOWN = 3


@require_safe
def search(request: CityRequest) -> HttpResponse:
    """Show items that match; filters and text are in the address, so a result can be sent to somebody."""
    text = request.GET.get("q", "").strip()[:TEXT_LIMIT]
    filters = read_filters(request.GET)
    result = items.search(text, filters, limit=PAGE_ITEMS, after=request.GET.get("after") or None)
    pairs = pairs_of(text, filters)
    content = {
        "city": get_city(),
        "text": text,
        "result": result,
        "query": f"{urlencode(pairs)}&" if pairs else "",
        "kept": [pair for pair in pairs if pair[0] != "q"],
        "chosen": chips_of(text, filters, result),
        "sifts": sifts_of(result),
        "words": [(word.phrase, word.terms[:WORDS_SHOWN]) for word in result.words if word.phrase not in word.terms],
        "places": [place.name for place in result.places],
        "suggestions": [(meant, address(pairs_of(meant, filters))) for meant in result.suggestions],
        "unfiltered": address(pairs_of(text, {})),
    }
    return render(request, "resident/search.html", content)
