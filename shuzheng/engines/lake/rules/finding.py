"""Rows of one table that hold what somebody looks for: a tree, to be read through the gate like any other.

It is compared with what the reader sees. Where a column is masked, the masked text is what is looked in: that nobody
finds out by searching what the mask hides is the gate's promise, and needs nothing here.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import NotSearchable
from shuzheng.engines.lake.rules.reading.values import Value, clean_text, read_value
from shuzheng.engines.lake.types.reading import Match
from shuzheng.engines.lake.types.tables import Column, FieldKind, Table
from shuzheng.engines.lake.types.trees import Filter, Scan, Sort, Tree
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.types import Node

_WRITTEN: Final = {Match.IS: "{0} = {1}", Match.BEGINS: "starts_with({0}, {1})", Match.HOLDS: "contains({0}, {1})"}


def is_searchable(column: Column) -> bool:
    """Tell whether rows can be looked for by a column: rules know no moments."""
    return column.rule_type is not None


def find_tree(
    table: Table, columns: Sequence[str], *, column: str, match: Match, text: str, zone: str, limit: int
) -> Tree:
    """Return the rows that fit, in the order of the table's key as far as the reader sees it.

    Args:
        table: Which.
        columns: What the reader sees of it.
        column: One of these that is looked in; '' with no text: the first rows.
        match: How; texts alone begin with or hold something.
        text: As typed.
        zone: IANA name of the city's zone.
        limit: At most so many rows.

    Raises:
        NotSearchable: The reader does not see the column, or the text is no value of it.
    """
    scan: Tree = Scan(table.code, tuple(columns))
    wanted = clean_text(text)
    if wanted is not None:
        scan = Filter(scan, _condition(table, columns, column, match, wanted, zone))
    return Sort(scan, tuple((name, False) for name in table.keys if name in columns), limit)


def _condition(table: Table, columns: Sequence[str], name: str, match: Match, text: str, zone: str) -> Node:
    column = table.by_name.get(name)
    if column is None or name not in columns or not is_searchable(column):
        raise NotSearchable(column=name, why=said("请从列出的信息项中选一个"))
    if column.kind is not FieldKind.TEXT and match is not Match.IS:
        raise NotSearchable(column=column.label, why=said("这个信息项不是文本，只能查等于"))
    value = read_value(text, column, zone=zone)
    if value is None:
        raise NotSearchable(column=column.label, why=said("填的不是这个信息项的值"))
    return check_rule(_rule(name, match, value), table.schema).root


def _rule(name: str, match: Match, value: Value) -> str:
    match value:
        case bool():
            return name if value else f"NOT {name}"
        case int() | Decimal():
            return f"{name} = {value:f}" if isinstance(value, Decimal) else f"{name} = {value}"
        case date():
            return f"{name} = DATE '{value.isoformat()}'"
    return _WRITTEN[match].format(name, "'" + str(value).replace("'", "''") + "'")
