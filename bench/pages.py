"""Public pages of the whole city: time on the server, statements of the database, bytes of the first page.

Pages are asked for through the whole stack of middleware, by somebody who is not signed in. There is no page of
another system to set beside them; the peer is the least page of the same stack, `/healthz`.
"""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.frame import SEED, Outcome, Say, scratch_database, seconds, time_pairs
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.config.configuration import build_dir
from shuzheng.packs.actions import load_pack
from shuzheng.services.items.models import Composite, Item, Unit

KEYS: Final = ("slowest_p50_ms", "statements_max", "first_page_kb")
AT: Final = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
FULL_FROM: Final = 0.1
"""From this scale on the whole city is loaded; below it, the small template city."""
REPEATS: Final = 30


def run(scale: float, say: Say) -> Outcome:
    """Load a city, ask for each kind of public page."""
    pack = build_dir("packs") / ("luan" if scale >= FULL_FROM else "template")
    outcome = Outcome()
    repeats = max(3, int(REPEATS * min(1.0, scale)))
    settings.ALLOWED_HOSTS = ["*"]
    with scratch_database():
        call_command("collectstatic", verbosity=0, interactive=False)
        say(f"loading {pack.name}")
        load_pack(pack, actor=SYSTEM, at=AT)
        client = Client()
        pages = _pages()
        outcome.work = {"scale": scale, "pack": pack.name, "pages": len(pages), "repeats": repeats, "seed": SEED}
        medians, statements = {}, {}
        for name, path in pages.items():
            say(path)
            html = _get(client, path)
            with CaptureQueriesContext(connection) as asked:
                _get(client, path)
            statements[name] = len(asked)
            medians[name] = 1000 * median(seconds(lambda path=path: _get(client, path)) for _ in range(repeats))
            outcome.figures[f"{name}_p50_ms"] = medians[name]
            outcome.figures[f"{name}_kb"] = len(gzip.compress(html, 6)) / 1024
        slowest = max(medians, key=lambda name: medians[name])
        outcome.figures |= {"slowest_p50_ms": medians[slowest], "statements_max": max(statements.values())}
        outcome.figures["first_page_kb"] = _first_page_kb(_get(client, "/"))
        pairs = time_pairs(lambda: _get(client, pages[slowest]), lambda: _get(client, "/healthz"))
        outcome.figures |= pairs.figures("ratio_healthz")
        most = max(statements, key=lambda name: statements[name])
        outcome.notes.append(f"slowest: {pages[slowest]}; most statements: {pages[most]}; no network in between")
        outcome.notes.append("first_page_kb: the home page with its style, script and icons, each packed by gzip")
        outcome.notes.append("ratio_healthz: the slowest page against the least page of the same stack")
    return outcome


def _pages() -> dict[str, str]:
    """Return one page of each kind by name."""
    item = Item.objects.filter(current=True, has_form=True).order_by("code")[0]
    unit = Unit.objects.filter(current=True, item_code=item.code).order_by("code")[0]
    pages = {
        "home": "/",
        "life": "/life/1/",
        "search_all": "/items/",
        "search_word": f"/items/?q={item.name[:4]}",
        "search_place": f"/items/?q={item.name[:4]}&county={unit.county}",
        "themes": "/items/themes/",
        "units": "/items/units/",
        "unit": f"/items/units/{unit.organization}/",
        "guide": f"/items/{item.code}/",
        "places": f"/places/?item={item.code}",
        "verify": "/verify/",
        "api_items": f"/api/items?q={item.name[:4]}",
    }
    composite = Composite.objects.filter(current=True).order_by("code").first()
    return pages if composite is None else {**pages, "onething": f"/onethings/{composite.code}/"}


def _get(client: Client, path: str) -> bytes:
    response = client.get(path)
    if response.status_code != 200:
        raise AssertionError(f"{path} answers {response.status_code}")
    return b"".join(response.streaming_content) if response.streaming else response.content


def _first_page_kb(html: bytes) -> float:
    built = Path(settings.STATIC_ROOT)
    files = set(re.findall(r'(?:href|src)="/static/([^"#?]+)', html.decode()))
    sizes = [len(gzip.compress((built / name).read_bytes(), 6)) for name in files if (built / name).exists()]
    return (len(gzip.compress(html, 6)) + sum(sizes)) / 1024
