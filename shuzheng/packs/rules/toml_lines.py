"""Where each table and key of a TOML file begins: `tomllib` gives values without lines, people need lines."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = "[{", "]}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a key at the start of a statement.

    Attributes:
        line: From 1.
        kind: `array` for `[[a]]`, `table` for `[a]`, `key` for `a = …`.
        path: Its dotted path, unquoted.
    """

    line: int
    kind: str
    path: tuple[str, ...]


def list_statements(text: str) -> list[Statement]:
    r"""Return headers and keys in order. The text must already have been accepted by `tomllib`.

    Example:
        >>> [(s.line, s.kind, s.path) for s in list_statements('[[a.b]]\n"x y" = 1\n')]
        [(1, 'array', ('a', 'b')), (2, 'key', ('x y',))]
    """
    found = []
    for line, statement in _statements(text):
        if statement.startswith("[["):
            found.append(Statement(line, "array", _path(statement[2 : statement.rindex("]]")])))
        elif statement.startswith("["):
            found.append(Statement(line, "table", _path(statement[1 : statement.rindex("]")])))
        else:
            found.append(Statement(line, "key", _path(_before_equals(statement))))
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with its line: strings, comments and brackets may hold line breaks."""
    position, line, length = 0, 1, len(text)
    while position < length:
        start, began = position, line
        position = _end_of_statement(text, position)
        raw = text[start:position]
        line += raw.count("\n")
        lead = len(raw) - len(raw.lstrip())
        body = raw.strip()
        if body and not body.startswith("#"):
            yield began + raw[:lead].count("\n"), body


def _end_of_statement(text: str, position: int) -> int:
    depth = 0
    while position < len(text):
        character = text[position]
        if character == "\n" and depth == 0:
            return position + 1
        if character == "#":
            position = _find(text, "\n", position)
            continue
        if character in "\"'":
            position = _end_of_string(text, position)
            continue
        depth += (character in _OPEN) - (character in _CLOSE)
        position += 1
    return position


def _end_of_string(text: str, position: int) -> int:
    quote = text[position]
    fence = quote * 3 if text.startswith(quote * 3, position) else quote
    position += len(fence)
    while position < len(text) and not text.startswith(fence, position):
        position += 2 if text[position] == "\\" and quote == '"' else 1
    position += len(fence)
    while len(fence) == 3 and text.startswith(quote, position):  # up to two quotes may end the text itself
        position += 1
    return position


def _find(text: str, what: str, position: int) -> int:
    found = text.find(what, position)
    return len(text) if found < 0 else found


def _before_equals(statement: str) -> str:
    position = 0
    while statement[position] != "=":
        position = _end_of_string(statement, position) if statement[position] in "\"'" else position + 1
    return statement[:position]


def _path(dotted: str) -> tuple[str, ...]:
    node: object = tomllib.loads(f"{dotted.strip()} = 0")
    path = []
    while isinstance(node, dict):
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path)
