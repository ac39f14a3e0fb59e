"""The English switch is complete for the chrome: every message a page shows has a translation, and a right one."""

import functools
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

from shuzheng.base.kernel.errors import ShuzhengError
from tests.house.wording import (
    CHINESE,
    PACKAGE,
    Message,
    catalogues,
    clashes,
    english_of,
    faults_of,
    missing,
    python_messages,
    said_places,
    template_messages,
)


@functools.cache
def known() -> dict[Message, str]:
    return {message: text for path in catalogues() for message, text in english_of(polib.pofile(str(path))).items()}


TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
SOURCES = [
    path
    for floor in ("base", "engines", "services", "portals")
    for path in sorted((PACKAGE / floor).rglob("*.py"))
    if "migrations" not in path.parts and "pack" not in path.parts and path.name != "pack.py"
]
"""What a page or the API may show; packs and the command line speak to operators in Chinese."""


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_message_of_a_template_has_english(path: Path) -> None:
    found = template_messages(path.read_text("utf-8"))
    assert not missing({message for message in found if CHINESE.search(message[1])}, known())


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_message_of_a_source_has_english(path: Path) -> None:
    assert not missing(python_messages(path.read_text("utf-8")), known())


def error_family(cls: type[ShuzhengError]) -> list[type[ShuzhengError]]:
    return [cls, *(found for below in cls.__subclasses__() for found in error_family(below))]


def test_every_error_has_english() -> None:
    own = [cls for cls in error_family(ShuzhengError) if cls.__module__.startswith("shuzheng")]
    assert not missing({("", text) for cls in own for text in (cls.text, cls.hint) if text}, known())


def test_every_fault_of_a_rule_has_english() -> None:
    sources = [path.read_text("utf-8") for path in PACKAGE.glob("engines/rules/rules/**/*.py")]
    messages = {message for source in sources for message in said_places(source)}
    assert len(messages) > 30
    assert not missing(messages, known())


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_chinese_of_the_chrome_stands_outside_a_message(path: Path) -> None:
    bare = []
    block = False
    for token in Lexer(path.read_text("utf-8")).tokenize():
        name = token.contents.split(" ")[0] if token.token_type is TokenType.BLOCK else ""
        if name in {"blocktranslate", "blocktrans", "comment"}:
            block = True
        elif name in {"endblocktranslate", "endblocktrans", "endcomment"}:
            block = False
        elif token.token_type is TokenType.TEXT and not block and CHINESE.search(token.contents):
            bare.append(token.contents.strip()[:60])
    assert not bare


@pytest.mark.parametrize("path", catalogues(), ids=name_of)
def test_a_catalogue_is_whole(path: Path) -> None:
    assert not faults_of(polib.pofile(str(path)))


def test_a_message_has_one_english() -> None:
    assert not clashes({path: polib.pofile(str(path)) for path in catalogues()})


# The checks can fail


def entry(text: str = "还剩 {n} 天", english: str = "{n} days left", **over: object) -> polib.POEntry:
    return polib.POEntry(msgid=text, msgstr=english, **over)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (entry(english=""), "not translated"),
        (entry(flags=["fuzzy"]), "fuzzy"),
        (entry(obsolete=True), "obsolete"),
        (entry(english="Days left"), "other places"),
        (entry(english="{m} days left"), "other places"),
        (entry("剩 %(n)s 天", "%(days)s days"), "other places"),
        (entry("%(n)s 天", "", msgid_plural="%(n)s 天", msgstr_plural={0: "a day", 1: "%(n)s days"}), "other places"),
        (entry(english="{n} 天 left"), "Chinese in the English"),
    ],
)
def test_a_broken_entry_is_found(broken: polib.POEntry, fault: str) -> None:
    assert faults_of([broken]) == [f"{broken.msgid}: {fault}"]
    assert not faults_of([entry()])


@pytest.mark.parametrize(
    "source",
    ['_("新的话")', 'said("新的话", n=1)', 'raise Wrong(what=said("新的话"))', 'STATE_LABELS = {"a": "新的话"}'],
)
def test_a_message_of_a_source_that_no_catalogue_knows_is_found(source: str) -> None:
    assert missing(python_messages(source), english_of([entry()])) == ["新的话"]


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "新的话" %}',
        "<c-empty title=\"{% translate '新的话' %}\" />",
        "{% blocktranslate %}新的话{% endblocktranslate %}",
    ],
)
def test_a_message_of_a_template_that_no_catalogue_knows_is_found(source: str) -> None:
    assert missing(template_messages(source), english_of([entry()])) == ["新的话"]


def test_a_fuzzy_entry_does_not_count_and_a_context_is_a_message_of_its_own() -> None:
    assert missing(python_messages('_("新的话")'), english_of([entry("新的话", "New", flags=["fuzzy"])]))
    assert missing(python_messages('pgettext("who", "单位")'), english_of([entry("单位", "Unit")])) == ["who | 单位"]


def test_two_catalogues_that_disagree_are_found() -> None:
    assert clashes({Path("a"): [entry("单位", "Unit")], Path("b"): [entry("单位", "Firm")]}) == ["单位: Firm / Unit"]
