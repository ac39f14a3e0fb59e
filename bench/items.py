"""Search over the catalogue of the city: one page of hits with its facets; and loading the pack that brings it.

Questions are made by a seed from the catalogue itself: pieces of names, everyday words, initials, pinyin, slips, places
and facets. Peers: the same page by plain SQL (LIKE over the names, counts over the implementing items), on questions it
can answer; and tantivy for the bare retrieval of the same terms.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from time import perf_counter
from typing import Final

from django.db import connection

from bench.frame import SEED, Outcome, Say, quantile, scratch_database, seconds, time_pairs
from shuzheng.base.kernel.fold import index_terms, query_terms
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.config.configuration import build_dir
from shuzheng.packs.actions import load_pack
from shuzheng.services.items.backends import full_text
from shuzheng.services.items.models import Item, SearchEntry, SearchWord, Unit
from shuzheng.services.items.queries import search
from shuzheng.services.items.rules.matching import all_of
from shuzheng.services.items.types import Facet, WordKind

HAS_TANTIVY: Final = find_spec("tantivy") is not None
if HAS_TANTIVY:
    import tantivy

KEYS: Final = ("search_p95_ms", "load_seconds")
AT: Final = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
FULL_FROM: Final = 0.1
"""From this scale on the whole city is loaded; below it, the small template city."""
QUESTIONS: Final = 600
BATCH: Final = 40
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its kind, its text, its facets, and the item it was made from."""

    kind: str
    text: str
    filters: dict[Facet, frozenset[str]] = field(default_factory=dict)
    meant: str = ""


def run(scale: float, say: Say) -> Outcome:
    """Load a city, ask it questions, compare."""
    pack = build_dir("packs") / ("luan" if scale >= FULL_FROM else "template")
    outcome = Outcome(peers=("tantivy",))
    with scratch_database():
        say(f"loading {pack.name}")
        outcome.figures["load_seconds"] = seconds(lambda: load_pack(pack, actor=SYSTEM, at=AT))
        outcome.figures["second_load_seconds"] = seconds(lambda: load_pack(pack, actor=SYSTEM, at=AT))
        asked = _make_questions(max(BATCH, int(QUESTIONS * scale)))
        outcome.work = {
            "scale": scale,
            "pack": pack.name,
            "items": Item.objects.filter(current=True).count(),
            "implementing_items": Unit.objects.filter(current=True).count(),
            "questions": len(asked),
            "kinds": dict(Counter(one.kind for one in asked)),
            "seed": SEED,
            "check": hashlib.sha256("\n".join(one.text for one in asked).encode()).hexdigest()[:16],
        }
        _measure(asked, outcome, say)
        _compare(asked, outcome, say)
    return outcome


def _make_questions(count: int) -> list[Asked]:
    chance = random.Random(SEED)
    entries = list(SearchEntry.objects.order_by("item_code"))
    words = sorted(SearchWord.objects.filter(kind=WordKind.WORD, weak=False).values_list("phrase", flat=True))
    places = sorted(SearchWord.objects.filter(kind=WordKind.COUNTY).values_list("phrase", "code"))
    themes = sorted({entry.theme for entry in entries})
    kinds = ["piece"] * 6 + ["word"] * 4 + ["initials", "pinyin"] * 2 + ["slip"] * 2 + ["place"] * 2 + ["facets"] * 2
    asked = []
    for _ in range(count):
        kind, entry = chance.choice(kinds), chance.choice(entries)
        start = chance.randrange(max(1, len(entry.bare) - 3))
        size = chance.randint(2, 6)
        piece = entry.bare[start : start + size]
        sounds = entry.sounds.split(" ")[start : start + size]
        place, county = chance.choice(places)
        theme = chance.choice(themes)
        texts = {
            "piece": piece,
            "word": chance.choice(words),
            "initials": entry.initials[start : start + max(3, size)],
            "pinyin": "".join(sounds),
            "slip": _slip(entry.bare[start : start + 6], chance),
            "place": f"{place} {piece}",
            "facets": "",
        }
        filters = {Facet.COUNTY: frozenset({county}), Facet.THEME: frozenset({theme})} if kind == "facets" else {}
        asked.append(Asked(kind, texts[kind], filters, entry.item_code))
    return asked


def _slip(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice("的一是在不了有和人这中大为上个国我以要他") + text[at + 1 :]


def _measure(asked: Sequence[Asked], outcome: Outcome, say: Say) -> None:
    say(f"{len(asked)} questions")
    for one in asked[:BATCH]:
        search(one.text, one.filters, limit=PAGE)
    taken: dict[str, list[float]] = {}
    found = 0
    for one in asked:
        began = perf_counter()
        result = search(one.text, one.filters, limit=PAGE)
        taken.setdefault(one.kind, []).append(1000 * (perf_counter() - began))
        found += one.kind == "piece" and any(hit.item.code == one.meant for hit in result.hits)
    every = [ms for times in taken.values() for ms in times]
    outcome.figures |= {f"search_p{percent}_ms": quantile(every, percent) for percent in (50, 95, 99)}
    outcome.figures |= {f"{kind}_p95_ms": quantile(times, 95) for kind, times in sorted(taken.items())}
    outcome.figures["found_on_first_page"] = found / max(1, len(taken.get("piece", ())))
    outcome.notes.append(
        "found_on_first_page: share of pieces of two to six characters whose own item is among the first twenty"
    )


def _compare(asked: Sequence[Asked], outcome: Outcome, say: Say) -> None:
    texts = [one.text for one in asked if one.kind == "piece"][:BATCH] or [asked[0].text]
    say("the same pages by plain SQL")
    pairs = time_pairs(
        lambda: [search(text, limit=PAGE) for text in texts], lambda: [_sql_page(text) for text in texts]
    )
    outcome.figures |= pairs.figures("ratio_sql_page")
    outcome.notes.append(
        "ratio_sql_page: a page by LIKE over the names with counts over implementing items; it knows no everyday"
        " words, pinyin, slips or places and counts no channels: only pieces of names are asked, ours does its all"
    )
    if not HAS_TANTIVY:
        outcome.notes.append("tantivy is not installed (dependency group `bench`): ratio_tantivy left out")
        return
    say("the same terms by tantivy")
    searcher, index = _tantivy_index()
    pairs = time_pairs(
        lambda: [_full_text(text) for text in texts], lambda: [_tantivy(searcher, index, text) for text in texts]
    )
    outcome.figures |= pairs.figures("ratio_tantivy")
    outcome.notes.append("ratio_tantivy: retrieval of the ids that hold all terms, nothing else on both sides")


def _sql_page(text: str) -> object:
    """Return hits and counts of the page as one would write them without an index of our own."""
    like = f"%{text}%"
    named = "FROM items_item i WHERE i.current AND i.name LIKE %s"
    units = (
        "FROM items_unit u JOIN items_item i ON i.code = u.item_code AND i.current"
        " WHERE u.current AND i.name LIKE %s GROUP BY 1"
    )
    statements = [
        f"SELECT i.code, i.name, i.department, i.promised_days, i.fee_fen {named} ORDER BY i.code LIMIT {PAGE}",
        f"SELECT count(*) {named}",
        *(f"SELECT i.{facet}, count(*) {named} GROUP BY 1" for facet in ("theme", "department", "applicant")),
        *(f"SELECT u.{facet}, count(DISTINCT i.code) {units}" for facet in ("county", "level")),
    ]
    pages = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [like])
            pages.append(cursor.fetchall())
    return pages


def _full_text(text: str) -> object:
    statement, terms = full_text().match(all_of(query_terms(text)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [terms])
        return cursor.fetchall()


def _tantivy_index() -> tuple["tantivy.Searcher", "tantivy.Index"]:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True)
    builder.add_text_field("terms", tokenizer_name="whitespace")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for entry in SearchEntry.objects.all():
        document = tantivy.Document()
        document.add_integer("id", entry.pk)
        document.add_text("terms", " ".join(index_terms(f"{entry.name}\n{entry.about}")))
        writer.add_document(document)
    writer.commit()
    index.reload()
    return index.searcher(), index


def _tantivy(searcher: "tantivy.Searcher", index: "tantivy.Index", text: str) -> object:
    terms = [
        (tantivy.Occur.Must, tantivy.Query.term_query(index.schema, "terms", term, "basic"))
        for term in query_terms(text)
    ]
    hits = searcher.search(tantivy.Query.boolean_query(terms), limit=2000).hits
    return [searcher.doc(address)["id"] for _score, address in hits]
