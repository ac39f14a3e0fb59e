"""TOML 1.0 to rows: one for each top-level table, each with the line it begins at."""

import re
import tomllib
from typing import Any

from shuzheng.base.kernel.pack import Fault, Row, Table
from shuzheng.packs.rules.toml_lines import Statement, list_statements
from shuzheng.packs.types import FileRows


def read_toml(file: str, text: str) -> FileRows:
    """Return the rows of a TOML file, in the order of the file.

    `[[form]]` gives a row for each element, `[portals]` and `"a.b" = { … }` a row each, all other top-level keys
    together one row. `Row.table` names which; nested tables are `Table`s with their own line.

    Args:
        file: Name for rows and faults.
        text: The whole file.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return FileRows(faults=[_fault(file, str(error))])
    lines, keys = _locate(document, list_statements(text))
    found = FileRows()
    plain: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            found.rows.append(_row(file, name, value, lines, keys.get(name, 1)))
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            found.rows += [_row(file, name, v, lines, keys.get(name, 1)) for v in value]
        else:
            plain[name] = value
    if plain:
        found.rows.append(Row(file, min(keys.get(name, 1) for name in plain), plain))
    found.rows.sort(key=lambda row: row.line)
    return found


def _fault(file: str, message: str) -> Fault:
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if place is None:
        return Fault(file, 1, "TOML 写到末尾还没有结束", "检查最后一个引号或括号有没有配对")
    return Fault(
        file,
        int(place[1]),
        f"TOML 写法不对，在第 {place[2]} 个字符附近（{message[: place.start()].strip()}）",
        '文本用英文双引号括起来，例如 name = "餐饮"；同一张表里每个键只写一次',
    )


def _locate(document: dict[str, Any], statements: list[Statement]) -> tuple[dict[int, int], dict[str, int]]:
    """Return the line of each table by its identity, and of each top-level key by its name."""
    lines: dict[int, int] = {}
    keys: dict[str, int] = {}
    seen: dict[int, int] = {}
    here: object = document
    for statement in statements:
        if statement.kind == "key":
            if here is document:
                keys.setdefault(statement.path[0], statement.line)
            value = _walk(here, statement.path, seen)
            if isinstance(value, dict):
                lines.setdefault(id(value), statement.line)
            continue
        keys.setdefault(statement.path[0], statement.line)
        if statement.kind == "array":
            array = _step(_walk(document, statement.path[:-1], seen), statement.path[-1])
            seen[id(array)] = seen.get(id(array), -1) + 1
        here = _walk(document, statement.path, seen)
        lines[id(here)] = statement.line
    return lines, keys


def _walk(node: object, path: tuple[str, ...], seen: dict[int, int]) -> object:
    """Follow a path; in an array of tables, into the element being written."""
    for key in path:
        node = _step(node, key)
        if isinstance(node, list) and id(node) in seen:
            node = node[seen[id(node)]]
    return node


def _step(node: object, key: str) -> object:
    return node.get(key) if isinstance(node, dict) else None


def _row(file: str, name: str, table: dict[str, Any], lines: dict[int, int], fallback: int) -> Row:
    line = lines.get(id(table), fallback)
    return Row(file, line, {key: _placed(value, lines, line) for key, value in table.items()}, name)


def _placed(value: object, lines: dict[int, int], outer: int) -> object:
    if isinstance(value, dict):
        line = lines.get(id(value), outer)
        return Table({key: _placed(inner, lines, line) for key, inner in value.items()}, line)
    if isinstance(value, list):
        return [_placed(inner, lines, outer) for inner in value]
    return value
