"""A table, sources of it, and files in the inbox."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.lake.actions.sources import load_sources
from shuzheng.engines.lake.actions.tables import load_tables
from shuzheng.engines.lake.queries.gathering import inbox, list_quarantined, open_quarantined
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.types.tables import TableCode
from tests.lake.times import AT

DEPARTMENT = "11990100MBY0000455"
COLUMNS: list[dict[str, Any]] = [
    {"name": "id_no", "label": "证件号", "required": True, "key": True, "grade": "L3", "mask": "keep_ends"},
    {"name": "name", "label": "姓名", "required": True},
    {"name": "born", "label": "出生日期", "type": "date"},
    {"name": "wage", "label": "工资", "type": "decimal", "digits": 12, "scale": 2},
    {"name": "visits", "label": "次数", "type": "integer", "digits": 9},
]
RULES = [
    {
        "code": "id_length",
        "text": "length(id_no) <= 18",
        "label": "证件号不超过 18 位",
        "dimension": "规范性",
        "blocks": True,
    }
]


def define(columns: list[dict[str, Any]] | None = None, **source: Any) -> None:
    """Define the table `person` and the source `people` of it; `source` changes its definition."""
    table = {
        "code": "person",
        "label": "人员",
        "department": DEPARTMENT,
        "column": columns or COLUMNS,
        "rule": RULES,
        "fresh_days": 4,
    }
    load_tables([table], actor=SYSTEM, at=AT)
    made = {"code": "people", "table": "person", "kind": "csv", "where": "people.csv", **source}
    load_sources([made], actor=SYSTEM, at=AT)


def put(content: str | bytes, name: str = "people.csv") -> Path:
    """Put a file into the inbox."""
    path = inbox() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(columns: str = "*", table: str = "person") -> list[tuple[Any, ...]]:
    """Return what the table holds, by row number."""
    found = store().version(TableCode(table))
    if found is None or not found.files:
        return []
    listed = ", ".join(f"'{file}'" for file in found.files)
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        return engine.execute(f"SELECT {columns} FROM read_parquet([{listed}]) ORDER BY _row").fetchall()


def quarantine() -> list[tuple[int, str, Mapping[str, str | None] | None]]:
    """Return row, rule and values of what is in quarantine."""
    found, _ = list_quarantined(actor=SYSTEM, limit=200)
    return [(one.row, one.rule, open_quarantined(one.id, actor=SYSTEM).values) for one in found]
