"""Finds every text of a portal that the English catalogue must translate."""

import ast
import re
from pathlib import Path

import polib
from django.template.base import Lexer, TokenType
from django.utils.translation.template import block_re, endblock_re, inline_re

PORTALS = Path(__file__).parents[2] / "shuzheng" / "portals"
PLACE = re.compile(r"%\((\w+)\)s|%s")


def texts_of_template(source: str) -> set[str]:
    """Return the message ids of a template: `{% translate %}` and `{% blocktranslate %}`."""
    found: set[str] = set()
    inside: list[str] | None = None
    for token in Lexer(source).tokenize():
        if inside is not None:
            if token.token_type is TokenType.BLOCK and endblock_re.match(token.contents):
                found.add("".join(inside))
                inside = None
            elif token.token_type is TokenType.VAR:
                inside.append(f"%({token.contents.split('|')[0].strip()})s")
            elif token.token_type is TokenType.TEXT:
                inside.append(token.contents.replace("%", "%%"))
        elif token.token_type is TokenType.BLOCK:
            if block_re.match(token.contents):
                inside = []
            elif (inline := inline_re.match(token.contents)) is not None:
                found.add(inline["message"] if "message" in inline.groupdict() else inline[1].strip("\"'"))
    return found


def inline_texts(source: str) -> set[str]:
    """Return the message ids of `{% translate '…' %}` wherever they stand, attributes of components included."""
    return {m[2] for m in re.finditer(r"""\{%\s*trans(?:late)?\s+(["'])(.+?)\1""", source)}


def texts_of_python(source: str) -> set[str]:
    """Return the message ids of `_("…")` calls."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def texts_of_app(app: str) -> set[str]:
    """Return every message id of one portal."""
    found: set[str] = set()
    for file in (PORTALS / app).rglob("*.html"):
        source = file.read_text("utf-8")
        found |= {text for text in texts_of_template(source) if "%(" in text or "<" in text or text}
        found |= inline_texts(source)
    for file in (PORTALS / app).rglob("*.py"):
        found |= texts_of_python(file.read_text("utf-8"))
    return {text for text in found if text.strip()}


def catalogue(app: str) -> dict[str, str]:
    """Return the English of one portal by message id."""
    file = PORTALS / app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(file))} if file.exists() else {}
