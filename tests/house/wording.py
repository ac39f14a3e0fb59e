"""Finds the messages of templates and sources, and the faults of a catalogue."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.template.base import Lexer, TokenType

import shuzheng

PACKAGE = Path(shuzheng.__file__).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACES = re.compile(r"%\([^)]+\)[a-z]|\{[^{}]*\}")
PLAIN = {"_", "gettext", "gettext_lazy", "said"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
LABELS = re.compile(r"(?:LABELS|WORDS|NAMES)$")
EXAMPLES = {"中文", "李小华", "租房提取", "营业执照", "市场监管局"}
"""Chinese that an English sentence may hold: what people type here is Chinese whatever language they read."""

Message = tuple[str, str]
"""Context, '' for none, and message id."""


def template_messages(source: str) -> set[Message]:
    """Return the messages of a template, attributes of components included."""
    found: set[Message] = set()
    block: list[str] | None = None
    context, trimmed = "", False
    for token in Lexer(source).tokenize():
        words = token.split_contents() if token.token_type is TokenType.BLOCK else []
        if words and words[0] in {"blocktranslate", "blocktrans"}:
            block, trimmed, context = [], "trimmed" in words, _context(words)
        elif words and words[0] in {"endblocktranslate", "endblocktrans", "plural"} and block is not None:
            text = "".join(block)
            found.add((context, " ".join(text.split()) if trimmed else text))
            block = [] if words[0] == "plural" else None
        elif block is not None:
            block.append(_piece(token.contents, is_text=token.token_type is TokenType.TEXT))
        elif words and words[0] in {"translate", "trans"}:
            found.add((_context(words), _unquoted(words[1])))
    found |= {("", text) for text in re.findall(r"_\(\"([^\"]+)\"\)", source)}
    found |= {("", two or one) for one, two in re.findall(r"{%\s*translate\s+(?:'([^']+)'|\"([^\"]+)\")\s*%}", source)}
    return {(context, text) for context, text in found if text}


def _piece(contents: str, *, is_text: bool) -> str:
    return contents.replace("%", "%%") if is_text else f"%({contents.split('|', maxsplit=1)[0].strip()})s"


def _context(words: list[str]) -> str:
    return _unquoted(words[words.index("context") + 1]) if "context" in words else ""


def _unquoted(text: str) -> str:
    return text[1:-1] if text[:1] in {"'", '"'} else ""


def python_messages(source: str) -> set[Message]:
    """Return the Chinese messages of a source: of gettext, of `said`, and of the tables of labels."""
    found: set[Message] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found |= _of_call(node.func.id, [a.value if isinstance(a, ast.Constant) else None for a in node.args])
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(t, ast.Name) and LABELS.search(t.id) and not t.id.startswith("_") for t in targets):
                found |= {("", str(v.value)) for v in node.value.values if isinstance(v, ast.Constant)}
    return {(context, text) for context, text in found if CHINESE.search(text)}


def _of_call(name: str, given: list[object]) -> set[Message]:
    texts = [text if isinstance(text, str) else "" for text in given]
    if name in PLAIN:
        return {("", text) for text in texts[:1]}
    if name in PLURAL:
        return {("", text) for text in texts[:2]}
    if name in IN_CONTEXT and len(texts) > 1:
        return {(texts[0], texts[1])}
    return set()


def said_places(source: str) -> set[Message]:
    """Return the messages of `refuse(place, message, …)`: what is wrong at a place of a rule."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "refuse"]
    parts = [part.value for call in named for part in ast.walk(call.args[1]) if isinstance(part, ast.Constant)]
    return {("", part) for part in parts if isinstance(part, str) and CHINESE.search(part)}


def catalogues() -> list[Path]:
    """Return the English catalogues of the house."""
    return sorted(p for p in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po") if "_shipped" not in p.parts)


def english_of(entries: Iterable[polib.POEntry]) -> dict[Message, str]:
    """Return what is translated, by message; fuzzy and obsolete entries are not."""
    known: dict[Message, str] = {}
    for entry in entries:
        if not entry.fuzzy and not entry.obsolete:
            for text in filter(None, (entry.msgid, entry.msgid_plural)):
                known[(entry.msgctxt or "", text)] = entry.msgstr or (entry.msgstr_plural or {}).get(0, "")
    return known


def missing(messages: Iterable[Message], known: dict[Message, str]) -> list[str]:
    """Return the messages without English, with their context."""
    unknown = [message for message in messages if not known.get(message) and message[1] not in EXAMPLES]
    return sorted(" | ".join(filter(None, message)) for message in unknown)


def faults_of(catalogue: Iterable[polib.POEntry]) -> list[str]:
    """Return what is wrong in a catalogue, a line an entry."""
    return [f"{entry.msgid}: {what}" for entry in catalogue for what in _faults(entry)]


def _faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.obsolete or entry.fuzzy:
        yield "obsolete" if entry.obsolete else "fuzzy"
        return
    said = list((entry.msgstr_plural or {0: entry.msgstr}).values())
    if not all(said):
        yield "not translated"
        return
    places = set(PLACES.findall(entry.msgid + entry.msgid_plural))
    if any(set(PLACES.findall(text)) != places for text in said):
        yield "other places"
    if any(CHINESE.search(_without_examples(text)) for text in said):
        yield "Chinese in the English"


def _without_examples(text: str) -> str:
    for example in EXAMPLES:
        text = text.replace(example, "")
    return text


def clashes(catalogue: dict[Path, Iterable[polib.POEntry]]) -> list[str]:
    """Return messages that have different English in two catalogues: only one of them is ever shown."""
    said: dict[Message, set[str]] = {}
    for entries in catalogue.values():
        for message, english in english_of(entries).items():
            said.setdefault(message, set()).add(english)
    return sorted(f"{text}: {' / '.join(sorted(english))}" for (_, text), english in said.items() if len(english) > 1)
