"""The text of a decision table in the book: JSON with a row a line, so that editions can be compared line by line."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Json
from shuzheng.engines.rules.errors import RuleTextInvalid, TableInvalid
from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.types import Schema
from shuzheng.engines.rules.types.tables import (
    HitPolicy,
    InputColumn,
    OutputColumn,
    RowText,
    Table,
    TableDefinition,
)
from shuzheng.services.rulebook.rules.sheets import dump_type, load_type

MOST_CHARACTERS: Final = 400_000


def dump_table(definition: TableDefinition) -> str:
    """Return a table as the book keeps it."""
    columns = [
        {"label": column.label, "expression": column.expression, "allowed": column.allowed}
        for column in definition.inputs
    ]
    outputs = [
        {
            "name": column.name,
            "label": column.label,
            "type": dump_type(column.type),
            "priority": list(column.priority),
        }
        for column in definition.outputs
    ]
    rows = [{"when": list(row.tests), "then": list(row.values), "note": row.note} for row in definition.rows]
    parts = (("columns", columns), ("outputs", outputs), ("rows", rows))
    listed = ",\n".join(f' "{name}": [\n{_lines(part)}\n ]' for name, part in parts)
    return f'{{"policy": "{definition.policy}",\n{listed}\n}}'


def _lines(parts: Sequence[object]) -> str:
    return ",\n".join(f"  {json.dumps(part, ensure_ascii=False)}" for part in parts)


def load_table(text: str) -> TableDefinition:
    """Return the table of a text that `dump_table` wrote.

    Raises:
        RuleTextInvalid: It is no such text.
    """
    try:
        if len(text) > MOST_CHARACTERS:
            raise ValueError
        stored = _object(json.loads(text))
        return TableDefinition(
            HitPolicy(str(stored["policy"])),
            tuple(
                InputColumn(str(one["label"]), str(one["expression"]), str(one.get("allowed", "")))
                for one in _objects(stored["columns"])
            ),
            tuple(
                OutputColumn(str(one["name"]), str(one["label"]), load_type(str(one["type"])), _texts(one["priority"]))
                for one in _objects(stored["outputs"])
            ),
            tuple(
                RowText(_texts(one["when"]), _texts(one["then"]), str(one.get("note", "")))
                for one in _objects(stored["rows"])
            ),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise RuleTextInvalid(line=1, column=1, problem=said("这不是决策表；请用决策表编辑页修改")) from fault


def say_table(text: str) -> str:
    """Return a table's text as lines to compare: the policy, the columns, a line a row; another text as it is."""
    if not text.startswith("{"):
        return text
    try:
        table = load_table(text)
    except RuleTextInvalid:
        return text
    columns = [f"{column.label} = {column.expression}（{column.allowed or '-'}）" for column in table.inputs]
    rows = [
        f"{' ｜ '.join(row.tests)} → {' ｜ '.join(row.values)}{f'　（{row.note}）' if row.note else ''}"
        for row in table.rows
    ]
    return "\n".join([str(table.policy), *columns, *rows])


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise TypeError
    return value


def _objects(value: Json) -> list[Mapping[str, Json]]:
    if not isinstance(value, list):
        raise TypeError
    return [_object(one) for one in value]


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(str(one) for one in value)


def read_table(text: str, schema: Schema) -> Table:
    """Return the table of a text, checked.

    Raises:
        RuleTextInvalid: The text is no table, or the table has faults; the first is told, line and column are those of
            the table.
    """
    try:
        return check_table(load_table(text), schema)
    except TableInvalid as fault:
        first = fault.faults[0]
        raise RuleTextInvalid(line=first.row, column=first.column, problem=first.problem) from fault
