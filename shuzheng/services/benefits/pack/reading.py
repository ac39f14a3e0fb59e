"""Rows of the pack, by kind of table."""

from collections.abc import Mapping
from typing import Final

from shuzheng.base.kernel.pack import PackRows, Row, rows_of as rows_of_table, to_json
from shuzheng.base.kernel.types import JsonObject
from shuzheng.services.rulebook.pack.grades import read_grades
from shuzheng.services.rulebook.rules.grading import with_grade

POLICIES: Final = "policies.toml"
SUBJECT_FACTS: Final = "subject_facts.csv"


def rows_of(pack: PackRows, table: str) -> list[Row]:
    """Return the `[[fact]]`, `[[policy]]` or `[meta]` rows of policies.toml."""
    return rows_of_table(pack, POLICIES, table)


def meta_of(pack: PackRows) -> Mapping[str, object]:
    """Return the table `[meta]`, empty when the pack has no policies."""
    found = rows_of(pack, "meta")
    return found[0].values if found else {}


def facts_of(pack: PackRows) -> list[JsonObject]:
    """Return the tables of the facts as JSON, each with its grade."""
    grades = read_grades(pack)
    return [
        {key: to_json(value) for key, value in with_grade(row.values, grades).items()} for row in rows_of(pack, "fact")
    ]


def table_of(row: Row) -> JsonObject:
    """Return a row as JSON: dates as ISO text."""
    return {key: to_json(value) for key, value in row.values.items()}
