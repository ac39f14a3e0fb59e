"""A table as one DuckDB SELECT that gives, on every row of a source, what `decide_table` gives.

FIRST and PRIORITY become one CASE that ends at the first row that holds or is unknown; UNIQUE counts the rows that
hold; COLLECT makes lists. Values of columns that are more than a fact are computed once, in the innermost SELECT.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from shuzheng.engines.rules.rules.duckdb import make_duckdb_sql, quote_name
from shuzheng.engines.rules.rules.tables.checking import facts_of_table
from shuzheng.engines.rules.types import Kind, Node, Type
from shuzheng.engines.rules.types.tables import HitPolicy, Outcome, Row, Table

OUTCOME: Final = "#outcome"
ROWS: Final = "#rows"
_TYPES: Final = {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE", Kind.TEXT: "VARCHAR", Kind.LIST: "VARCHAR[]"}
_UNKNOWN: Final = -1
_SEVERAL: Final = -2


def make_table_sql(
    table: Table, source: str, *, keep: Iterable[str] = (), column: Callable[[str], str] = quote_name
) -> str:
    """Return a SELECT with, for each row of the source, the outcome, the rows that count, and the results.

    Args:
        table: A checked table.
        source: What to select from, quoted.
        keep: Columns of the source to give too, before the others.
        column: Fact name → the expression of its column in the source, quoted; columns have the types of the facts.

    Returns:
        SQL whose columns are `keep`, `#outcome` (decided, none, unknown, several), `#rows` (numbers), and each output:
        a value, NULL unless decided; for COLLECT a list, NULL unless decided.
    """
    kept = [quote_name(name) for name in keep]
    facts = [f"{column(name)} AS {quote_name(name)}" for name in sorted(facts_of_table(table))]
    inner = _select([*kept, *facts] or ["1"], source)
    made = [
        f"{_typed(make_duckdb_sql(one.root), one.root.type)} AS {quote_name(str(one.subject.value))}"
        for one in table.columns
        if one.subject is not one.root
    ]
    if made:
        inner = _select(["*", *made], f"({inner})")
    decided, outputs = _PICKS[table.policy](table, inner)
    return _select([*kept, *outputs], f"({decided})")


def _select(columns: Iterable[str], source: str) -> str:
    return f"SELECT {', '.join(columns)} FROM {source}"  # noqa: S608 - names are quoted, constants escaped


def _tested(table: Table, inner: str) -> str:
    """Return a SELECT that has each row of the table as a column: it holds, it does not, NULL."""
    return _select(["*", *(f'({_row_sql(row)}) AS "#row {row.number}"' for row in table.rows)], f"({inner})")


def sql_type(found: Type) -> str:
    """Return the DuckDB type of a value."""
    return f"DECIMAL({found.digits}, {found.scale})" if found.kind is Kind.NUMBER else _TYPES[found.kind]


def _typed(sql: str, found: Type) -> str:
    return f"CAST({sql} AS {sql_type(found)})"


def _row_sql(row: Row) -> str:
    return " AND ".join(make_duckdb_sql(test) for test in row.tests if test is not None) or "TRUE"


def _first(table: Table, inner: str) -> tuple[str, list[str]]:
    branches = []
    for row in table.ranked:
        test = _row_sql(row)
        branches.append(f"WHEN {test} THEN {row.number}")
        if test != "TRUE":
            branches.append(f"WHEN ({test}) IS NULL THEN {_UNKNOWN}")
    return _one_row(table, _select(["*", f'CASE {" ".join(branches)} ELSE 0 END AS "#row"'], f"({inner})"))


def _unique(table: Table, inner: str) -> tuple[str, list[str]]:
    counted = " + ".join(f'CAST("#row {row.number}" IS TRUE AS INTEGER)' for row in table.rows)
    number = " + ".join(f'CASE WHEN "#row {row.number}" THEN {row.number} ELSE 0 END' for row in table.rows)
    unknown = " OR ".join(f'"#row {row.number}" IS NULL' for row in table.rows)
    found = (
        f"CASE ({counted}) WHEN 0 THEN CASE WHEN {unknown} THEN {_UNKNOWN} ELSE 0 END"
        f" WHEN 1 THEN {number} ELSE {_SEVERAL} END"
    )
    return _one_row(table, _select(["*", f'{found} AS "#row"'], f"({_tested(table, inner)})"))


def _one_row(table: Table, decided: str) -> tuple[str, list[str]]:
    outcome = (
        f"CASE WHEN \"#row\" > 0 THEN '{Outcome.DECIDED}' WHEN \"#row\" = 0 THEN '{Outcome.NONE}'"
        f" WHEN \"#row\" = {_UNKNOWN} THEN '{Outcome.UNKNOWN}' ELSE '{Outcome.SEVERAL}' END"
    )
    rows = 'CASE WHEN "#row" > 0 THEN ["#row"] ELSE CAST([] AS INTEGER[]) END'
    outputs = []
    for i, output in enumerate(table.outputs):
        branches = " ".join(
            f"WHEN {row.number} THEN {_typed(make_duckdb_sql(row.values[i]), output.type)}" for row in table.rows
        )
        outputs.append(f'CASE "#row" {branches} END AS {quote_name(output.name)}')
    return decided, [f"{outcome} AS {quote_name(OUTCOME)}", f"{rows} AS {quote_name(ROWS)}", *outputs]


def _collect(table: Table, inner: str) -> tuple[str, list[str]]:
    unknown = " OR ".join(f'"#row {row.number}" IS NULL' for row in table.rows)
    numbers = _list(table, lambda row: str(row.number), "INTEGER")
    outcome = (
        f"CASE WHEN {unknown} THEN '{Outcome.UNKNOWN}' WHEN len({numbers}) = 0 THEN '{Outcome.NONE}'"
        f" ELSE '{Outcome.DECIDED}' END AS {quote_name(OUTCOME)}"
    )
    decided = _select(["*", outcome], f"({_tested(table, inner)})")
    is_decided = f"{quote_name(OUTCOME)} = '{Outcome.DECIDED}'"
    rows = f"CASE WHEN {is_decided} THEN {numbers} ELSE CAST([] AS INTEGER[]) END AS {quote_name(ROWS)}"
    outputs = [
        f"CASE WHEN {is_decided} THEN {_list(table, _value(i, output.type), sql_type(output.type))} END"
        f" AS {quote_name(output.name)}"
        for i, output in enumerate(table.outputs)
    ]
    return decided, [quote_name(OUTCOME), rows, *outputs]


def _value(i: int, found: Type) -> Callable[[Row], str]:
    def sql(row: Row) -> str:
        node: Node = row.values[i]
        return _typed(make_duckdb_sql(node), found)

    return sql


def _list(table: Table, value: Callable[[Row], str], kind: str) -> str:
    each = ", ".join(
        f'CASE WHEN "#row {row.number}" THEN [{value(row)}] ELSE CAST([] AS {kind}[]) END' for row in table.rows
    )
    return f"flatten([{each}])"


_PICKS: Final[Mapping[HitPolicy, Callable[[Table, str], tuple[str, list[str]]]]] = {
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _first,
    HitPolicy.UNIQUE: _unique,
    HitPolicy.COLLECT: _collect,
}
