"""Everyday questions find what they mean, over the whole catalogue of the city."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.queries import read_pack
from shuzheng.services.items.models import SearchEntry
from shuzheng.services.items.pack import catalogue, composites, search as search_part
from shuzheng.services.items.pack.search import words_of
from shuzheng.services.items.queries import search
from tests.items.city import AT
from tests.items.everyday import CODES, COMPOSITES, EVERYDAY, NO_COMPOSITE, SLIPS, SPELT

LUAN = Path(__file__).parents[2] / "packs" / "luan"
FIRST = 3
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def whole_catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """All items and words of the pack, without who implements them; undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        rows = read_pack(LUAN)
        for part in (catalogue, composites, search_part):
            part.apply(rows, actor=SYSTEM, at=AT)
        yield
        transaction.set_rollback(True)


def missed(questions: Sequence[tuple[str, tuple[str, ...]]]) -> list[tuple[str, list[str]]]:
    """Questions none of whose items is among the first, with what came instead."""
    found = {text: [hit.item for hit in search(text, limit=FIRST).hits] for text, _wanted in questions}
    return [
        (text, [item.name for item in found[text]])
        for text, wanted in questions
        if not {item.code for item in found[text]} & set(wanted)
    ]


def test_everyday_questions_find_what_they_mean() -> None:
    assert len(EVERYDAY) >= 120
    assert missed(EVERYDAY) == []


def test_slips_find_what_was_meant() -> None:
    assert missed(SLIPS) == []


def test_pinyin_and_initials_find() -> None:
    assert missed(SPELT) == []


def test_codes_find() -> None:
    assert missed([(text, (code,)) for text, code in CODES]) == []


def test_every_item_is_first_for_its_own_name_and_code() -> None:
    for row in SearchEntry.objects.order_by("item_code")[::25]:
        assert search(row.name, limit=1).hits[0].item.code == row.item_code
        assert search(row.item_code, limit=1).hits[0].item.code == row.item_code


def test_questions_about_a_composite_service_find_it() -> None:
    found = {text: [hit.code for hit in search(text).composites] for text, _code in COMPOSITES}
    assert {text: found[text] for text, code in COMPOSITES if code not in found[text]} == {}


def test_a_question_about_one_item_brings_no_composite_service() -> None:
    found = {text: [hit.name for hit in search(text).composites] for text in NO_COMPOSITE}
    assert {text: names for text, names in found.items() if names} == {}


def test_few_composite_services_stand_before_the_items() -> None:
    assert all(len(search(text).composites) <= 3 for text, _wanted in EVERYDAY)
    assert len(search("一件事").composites) == 42


def test_every_question_names_items_that_exist() -> None:
    known = set(SearchEntry.objects.values_list("item_code", flat=True))
    named = {code for table in (EVERYDAY, SLIPS, SPELT) for _text, codes in table for code in codes}
    assert named - known == set()


def test_every_everyday_word_leads_somewhere() -> None:
    dead = [
        word.phrase for word in words_of(read_pack(LUAN)) if not word.weak and not search(word.phrase, limit=1).hits
    ]
    assert dead == []
