"""Engines that answer rules over rows, and where their answers differ from Python's."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import duckdb

from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.duckdb import make_duckdb_sql, quote_name
from shuzheng.engines.rules.rules.spark import make_spark_sql
from shuzheng.engines.rules.types import Kind, Rule, Schema, Type, Value

Row = Mapping[str, Value]
COLUMNS = {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE", Kind.TEXT: "VARCHAR", Kind.LIST: "VARCHAR[]"}


class Engine(Protocol):
    """What answers rules over rows, in the order of the rows."""

    def fill(self, schema: Schema, rows: Sequence[Row]) -> None: ...

    def write(self, rule: Rule) -> str: ...

    def ask(self, expressions: Sequence[str]) -> list[tuple[object, ...]]: ...


class DuckDB:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def fill(self, schema: Schema, rows: Sequence[Row]) -> None:
        columns = ", ".join(f"{quote_name(name)} {column(fact.type)}" for name, fact in schema.items())
        self._connection.execute(f"create or replace table facts (n integer, {columns})")
        places = ", ".join("?" * (len(schema) + 1))
        values = [[n, *(row[name] for name in schema)] for n, row in enumerate(rows)]
        self._connection.executemany(f"insert into facts values ({places})", values)

    def write(self, rule: Rule) -> str:
        return make_duckdb_sql(rule.root)

    def ask(self, expressions: Sequence[str]) -> list[tuple[object, ...]]:
        return self._connection.execute(f"select {', '.join(expressions)} from facts order by n").fetchall()


class Spark:
    """A Spark Connect session, and the module `pyarrow`; neither need be installed for the other tests."""

    def __init__(self, session: Any, pyarrow: Any) -> None:
        self._session, self._pa = session, pyarrow

    def fill(self, schema: Schema, rows: Sequence[Row]) -> None:
        columns = {
            name: self._pa.array([row[name] for row in rows], self._column(fact.type)) for name, fact in schema.items()
        }
        table = self._pa.table({"n": self._pa.array(range(len(rows)), self._pa.int32()), **columns})
        self._session.createDataFrame(table).createOrReplaceTempView("facts")

    def _column(self, found: Type) -> Any:
        types = {Kind.BOOL: "bool_", Kind.DATE: "date32", Kind.TEXT: "string"}
        if found.kind is Kind.NUMBER:
            return self._pa.decimal128(found.digits, found.scale)
        return self._pa.list_(self._pa.string()) if found.kind is Kind.LIST else getattr(self._pa, types[found.kind])()

    def write(self, rule: Rule) -> str:
        return make_spark_sql(rule.root)

    def ask(self, expressions: Sequence[str]) -> list[tuple[object, ...]]:
        named = ", ".join(f"{sql} AS e{n}" for n, sql in enumerate(expressions))
        return [tuple(row)[1:] for row in self._session.sql(f"select n, {named} from facts order by n").collect()]


def column(found: Type) -> str:
    return COLUMNS.get(found.kind) or f"DECIMAL({found.digits}, {found.scale})"


def differences(engine: Engine, rules: Sequence[Rule], rows: Sequence[Row]) -> Iterator[tuple[str, object, object]]:
    """Yield text, Python's value and the engine's where they differ; the rows are those the engine was filled with."""
    found = engine.ask([engine.write(rule) for rule in rules])
    assert len(found) == len(rows)
    for rule, theirs in zip(rules, zip(*found, strict=True), strict=True):
        decide = make_closure(rule.root)
        for row, other in zip(rows, theirs, strict=True):
            if not same(ours := decide(row), other):
                yield rule.text, ours, other


def same(ours: object, theirs: object) -> bool:
    """Say whether two values are one; True is not 1, and NULL is nothing else."""
    return ours == theirs and (ours is None) == (theirs is None) and isinstance(ours, bool) == isinstance(theirs, bool)
