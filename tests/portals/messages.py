"""Finds every text of a portal that the English catalogue must translate."""

import ast
import re
from pathlib import Path

import polib

PORTALS = Path(__file__).parents[2] / "shuzheng" / "portals"


def texts_of_template(source: str) -> set[str]:
    """Return the message ids of a template, attributes of components included."""
    found = {m[2] for m in re.finditer(r"""\{%\s*trans(?:late)?\s+(["'])(.+?)\1""", source)}
    for block in re.finditer(r"(?s)\{%\s*blocktrans(?:late)?\b.*?%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", source):
        found.add(re.sub(r"\{\{\s*(\w+)[^}]*\}\}", r"%(\1)s", block[1].replace("%", "%%")))
    return found


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
        found |= texts_of_template(file.read_text("utf-8"))
    for file in (PORTALS / app).rglob("*.py"):
        found |= texts_of_python(file.read_text("utf-8"))
    return {text for text in found if text.strip()}


def catalogue(app: str) -> dict[str, str]:
    """Return the English of one portal by message id."""
    file = PORTALS / app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(file))} if file.exists() else {}


def every_catalogue() -> dict[str, str]:
    """Return the English of the whole house."""
    found: dict[str, str] = {}
    for file in PORTALS.parent.glob("**/locale/en/LC_MESSAGES/django.po"):
        found |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(file))}
    return found
