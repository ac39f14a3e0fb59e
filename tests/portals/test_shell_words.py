"""Values as people read them, in both languages; and that nothing is left untranslated."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

import shuzheng
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.portals.shell.failures import LOOKS
from shuzheng.portals.shell.templatetags import wording
from tests.portals.messages import catalogue, every_catalogue, texts_of_app

TODAY = date(2026, 11, 24)
OPERATORS = ("packs.", "jobs.", "ledger.", "directory.pack", "audit.")
"""Errors only an operator meets, at the command line."""


@pytest.mark.parametrize(
    ("on", "said"),
    [(date(2026, 11, 27), "11月27日（周五）"), (date(2027, 1, 4), "2027年1月4日（周一）"), (TODAY, "11月24日（周二）")],
)
def test_a_day_leaves_out_this_year(on: date, said: str) -> None:
    assert wording.say_date(on, today=TODAY) == said


def test_a_day_in_english() -> None:
    with translation.override("en"):
        assert wording.say_date(date(2027, 1, 4), today=TODAY) == "Mon 4 Jan 2027"


def test_an_instant_is_local_to_the_city() -> None:
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    assert wording.hour(late) == "00:30"
    assert wording.full_day(late) == "2026年11月25日"
    assert wording.iso(late) == "2026-11-25T00:30+08:00"


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "0 元"),
        (1_00, "1 元"),
        (123_450, "1,234.50 元"),
        (1_000_000_00, "100.0 万元"),
        (1_020_000_000_00, "10.2 亿元"),
    ],
)
def test_money_is_said_in_yuan(fen: int, said: str) -> None:
    assert wording.yuan(fen) == said


def test_small_words() -> None:
    assert wording.fee(0) == "不收费"
    assert wording.workdays(0) == "当场办结"
    assert wording.workdays(4) == "4 个工作日"
    assert wording.masked("李小华") == "李*华"
    assert wording.masked_mobile("13812346621") == "138****6621"
    assert wording.byte_size(500) == "1 KB"
    assert wording.byte_size(1_258_291) == "1.2 MB"


@pytest.mark.parametrize("absent", [None, "", 3.5])
def test_nothing_is_said_of_nothing(absent: object) -> None:
    assert wording.day(absent) == wording.hour(absent) == wording.yuan(absent) == wording.workdays(absent) == ""


@pytest.mark.parametrize("app", ["shell", "resident"])
def test_every_text_of_a_page_has_its_english(app: str) -> None:
    english = every_catalogue()
    assert sorted(text for text in texts_of_app(app) if not english.get(text)) == []


def errors() -> Iterator[type[ShuzhengError]]:
    for module in pkgutil.walk_packages(shuzheng.__path__, "shuzheng."):
        if module.name.endswith(".errors"):
            importlib.import_module(module.name)
    waiting = [ShuzhengError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("shuzheng.") and not kind.code.startswith(OPERATORS):
            yield kind


def test_every_error_a_reader_meets_has_its_english() -> None:
    english = every_catalogue()
    texts = {text for kind in errors() for text in (kind.text, kind.hint) if text}
    texts |= {look.title for look in LOOKS.values()}
    assert sorted(text for text in texts if not english.get(text)) == []


def test_translations_keep_the_places_of_facts() -> None:
    for app in ("shell", "resident"):
        for text, english in catalogue(app).items():
            assert wording_places(text) == wording_places(english), text


def wording_places(text: str) -> list[str]:
    return sorted({part.split(")s")[0] for part in text.split("%(")[1:]}) + sorted(
        {part.split("}")[0] for part in text.split("{")[1:]}
    )
