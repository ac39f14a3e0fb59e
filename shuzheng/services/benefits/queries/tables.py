"""A table of facts in DuckDB: one row per subject, one column per fact, for the year of a policy."""

from collections.abc import Iterator
from itertools import islice
from typing import Final
from uuid import UUID

import duckdb

from shuzheng.engines.rules.rules.duckdb import quote_name, quote_text
from shuzheng.engines.rules.rules.finding import column_type
from shuzheng.engines.rules.types import Fact, Value
from shuzheng.services.benefits.models import SubjectFacts
from shuzheng.services.benefits.rules.sheets import Sheet, facts_for
from shuzheng.services.benefits.types import Published

SUBJECT: Final = "subject"
BATCH: Final = 500
MEMORY: Final = "1GB"


def open_engine() -> duckdb.DuckDBPyConnection:
    """Return an engine in memory that may not touch files of its own accord."""
    return duckdb.connect(":memory:", config={"memory_limit": MEMORY, "enable_external_access": "false"})


def column_of(fact: Fact) -> str:
    """Return a fact's column: its type, or ENUM where its values are known, which compares several times faster."""
    if not fact.choices:
        return column_type(fact.type)
    return f"ENUM({', '.join(map(quote_text, dict.fromkeys(fact.choices)))})"


def make_table(engine: duckdb.DuckDBPyConnection, sheet: Sheet, policy: Published, *, name: str) -> None:
    """Write what is known of every subject for a policy's year into a table, made anew.

    Args:
        engine: Where to.
        sheet: Of the kind of subject.
        policy: Any published policy of the year.
        name: Of the table; its first column is `subject`, the directory's id as UUID.
    """
    columns = ", ".join(f"{quote_name(spec.fact.name)} {column_of(spec.fact)}" for spec in sheet.specs)
    engine.execute(f"CREATE OR REPLACE TABLE {name} ({SUBJECT} UUID, {columns})")
    places = ", ".join("?" * (len(sheet.specs) + 1))
    rows = _rows(sheet, policy)
    while batch := list(islice(rows, BATCH)):
        engine.executemany(f"INSERT INTO {name} VALUES ({places})", batch)  # noqa: S608 - a name of the program


def _rows(sheet: Sheet, policy: Published) -> Iterator[list[Value | UUID]]:
    stored = SubjectFacts.objects.filter(kind=sheet.target).order_by("pk")
    for subject, facts in stored.values_list("subject_id", "facts").iterator(chunk_size=BATCH):
        known = facts_for(sheet, facts, policy)
        yield [subject, *(known[spec.fact.name] for spec in sheet.specs)]
