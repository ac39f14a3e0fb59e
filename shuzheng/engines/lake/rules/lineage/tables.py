"""Lineage of a table, column by column: from the columns of its sources to everything that reads it.

Nothing is kept of it: it is read off the definitions that do the work. A source's mapping says which header fills which
column, the rules of quality and the conditions of grants are trees whose facts are columns, and a kept query is
followed by `lineage_of_sql` as when it runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.rules.definitions import ACTOR
from shuzheng.engines.lake.types.gathering import Source
from shuzheng.engines.lake.types.lineage import By, Inflow, Lineage, TableLineage, Taken, Touch, Use, UseKind
from shuzheng.engines.lake.types.quality import FILLED_PREFIX, UNIQUE_CODE
from shuzheng.engines.lake.types.tables import Column, FieldKind, Table, TableCode
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.types import Schema


@dataclass(frozen=True, slots=True)
class Followed:
    """A kept query and where its columns come from."""

    query: str
    title: str
    lineage: Lineage


def lineage_of_table(
    table: Table, sources: Iterable[Source], queries: Iterable[Followed], *, more: bool = False
) -> TableLineage:
    """Return where each column comes from and what is made of it.

    Args:
        table: Whose.
        sources: Of this table; others are passed over.
        queries: Kept queries that whoever looks may read; those that do not read the table are passed over.
        more: There are further ones.
    """
    inflows = [one for source in sources if source.table == table.code for one in _inflows(table, source)]
    uses = [*_rules(table), *_grants(table), *(use for one in queries for use in _figures(table.code, one))]
    return TableLineage(table.code, tuple(one.name for one in table.columns), tuple(inflows), tuple(uses), more)


def _inflows(table: Table, source: Source) -> Iterator[Inflow]:
    for column in table.columns:
        mapped = source.mapping.get(column.name)
        headers = (mapped,) if mapped else tuple(dict.fromkeys((column.name, column.label)))
        yield Inflow(source.code, headers, column.name, _taken(column), bool(mapped), column.sealed)


def _taken(column: Column) -> Taken:
    return Taken.TRIMMED if column.kind is FieldKind.TEXT else Taken.PARSED


def _rules(table: Table) -> Iterator[Use]:
    for rule in table.rules:
        touches = _touches(table, rule.text, table.schema, By.CHECKED)
        if touches:
            yield Use(UseKind.QUALITY, f"rule:{rule.code}", rule.label, touches)
    for column in table.columns:
        if column.required:
            yield Use(
                UseKind.QUALITY,
                f"rule:{FILLED_PREFIX}{column.name}",
                said("必填列“{column}”有值", column=column.label),
                (Touch(column.name, By.CHECKED),),
            )
    if table.keys:
        yield Use(
            UseKind.QUALITY,
            f"rule:{UNIQUE_CODE}",
            said("主键不重复"),
            tuple(Touch(name, By.CHECKED) for name in table.keys),
        )


def _grants(table: Table) -> Iterator[Use]:
    for place, access in enumerate(table.access):
        if access.rows:
            touches = _touches(table, access.rows, {**table.schema, **ACTOR}, By.FILTERED)
            if touches:
                yield Use(UseKind.ROWS, f"rows:{place}", ",".join(sorted(access.roles)), touches)


def _touches(table: Table, text: str, schema: Schema, by: By) -> tuple[Touch, ...]:
    """Return the columns a rule asks about, in the order of the table."""
    asked = facts_of(check_rule(text, schema).root)
    return tuple(Touch(one.name, by) for one in table.columns if one.name in asked)


def _figures(table: TableCode, one: Followed) -> Iterator[Use]:
    for place, output in enumerate(one.lineage.outputs):
        touches = tuple(
            Touch(origin.source.column, origin.how, origin.masked)
            for origin in output.origins
            if origin.source.table == table
        )
        if touches:
            yield Use(
                UseKind.OUTPUT,
                f"query:{one.query}:{place}",
                output.name,
                touches,
                one.query,
                one.title,
                one.lineage.exact,
            )
    chosen = tuple(Touch(each.source.column, each.by) for each in one.lineage.influences if each.source.table == table)
    if chosen:
        yield Use(UseKind.CHOICE, f"query:{one.query}:rows", "", chosen, one.query, one.title)
