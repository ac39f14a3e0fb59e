"""The English switch is complete for the chrome: every message a page shows has a translation."""

import ast
import functools
import re
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

import shuzheng
from shuzheng.base.kernel.errors import ShuzhengError

PACKAGE = Path(shuzheng.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALLS = {"gettext", "_", "gettext_lazy", "pgettext", "ngettext", "ngettext_lazy"}


def quoted(text: str) -> str:
    return text[1:-1] if text[:1] in "'\"" else ""


def template_messages(path: Path) -> set[str]:
    found: set[str] = set()
    block: list[str] | None = None
    for token in Lexer(path.read_text("utf-8")).tokenize():
        words = token.split_contents() if token.token_type is TokenType.BLOCK else []
        if words and words[0] in {"blocktranslate", "blocktrans"}:
            block, trimmed = [], "trimmed" in words
        elif words and words[0] in {"endblocktranslate", "endblocktrans", "plural"} and block is not None:
            text = "".join(block)
            found.add(" ".join(line.strip() for line in text.splitlines() if line.strip()) if trimmed else text)
            block = None if words[0] != "plural" else []
        elif block is not None:
            block.append(token.contents if token.token_type is TokenType.TEXT else f"%({token.contents})s")
        elif words and words[0] in {"translate", "trans"}:
            found.add(quoted(words[1]))
    found |= set(re.findall(r"_\(\"([^\"]+)\"\)", path.read_text("utf-8")))
    found |= set(re.findall(r"{%\s*translate\s+['\"]([^'\"]+)['\"]", path.read_text("utf-8")))
    return {message for message in found if message}


def python_messages(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return {message for message in found if CHINESE.search(message)}


def said_places(path: Path) -> set[str]:
    """Return the messages of `refuse(place, message, …)`: what is wrong at a place of a rule."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "refuse"]
    parts = (part for call in named for part in ast.walk(call.args[1]))
    return {
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and CHINESE.search(part.value)
    }


def catalogues() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po") if "_shipped" not in p.parts)


@functools.cache
def catalogue() -> dict[str, str]:
    known: dict[str, str] = {}
    for path in catalogues():
        for entry in polib.pofile(str(path)):
            if "fuzzy" not in entry.flags:
                known[entry.msgid] = entry.msgstr or (entry.msgstr_plural or {}).get(0, "")
    return known


TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
SOURCES = sorted(PACKAGE.glob("portals/**/*.py"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_message_of_a_template_has_english(path: Path) -> None:
    known = catalogue()
    assert not sorted(m for m in template_messages(path) if CHINESE.search(m) and not known.get(m))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_message_of_a_source_has_english(path: Path) -> None:
    known = catalogue()
    assert not sorted(m for m in python_messages(path) if not known.get(m))


def error_family(cls: type[ShuzhengError]) -> list[type[ShuzhengError]]:
    return [cls, *(found for below in cls.__subclasses__() for found in error_family(below))]


def test_every_error_has_english() -> None:
    known = catalogue()
    own = [cls for cls in error_family(ShuzhengError) if cls.__module__.startswith("shuzheng")]
    messages = {message for cls in own for message in (cls.text, cls.hint) if message}
    assert not sorted(message for message in messages if not known.get(message))


def test_every_fault_of_a_rule_has_english() -> None:
    known = catalogue()
    messages = {message for path in PACKAGE.glob("engines/rules/rules/*.py") for message in said_places(path)}
    assert len(messages) > 30
    assert not sorted(message for message in messages if not known.get(message))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
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


@pytest.mark.parametrize("path", catalogues(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_catalogue_keeps_the_places_of_its_messages(path: Path) -> None:
    broken = []
    for entry in polib.pofile(str(path)):
        places = set(re.findall(r"%\([a-z_.|]+\)s|\{[a-z_]*\}", entry.msgid))
        if entry.msgstr and set(re.findall(r"%\([a-z_.|]+\)s|\{[a-z_]*\}", entry.msgstr)) != places:
            broken.append(entry.msgid)
    assert not broken
