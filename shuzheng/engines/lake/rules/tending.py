"""Why a row did not land, how fresh a table is, and what is due."""

from datetime import datetime, timedelta
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.types.gathering import Freshness, Source
from shuzheng.engines.lake.types.tables import Table

_REASONS: Final = {
    "quote": "引号不配对，这一行不能分列",
    "columns": "列数和表头不一样",
    "json": "不是一行完整的 JSON",
    "encoding": "有不能识别的编码",
    "duplicate": "同一批里后面还有主键相同的一行，以后面的为准",
}


def say_rule(rule: str, table: Table | None) -> str:
    """Return why a row did not land, Chinese."""
    kind, _, name = rule.partition(":")
    if kind in _REASONS:
        return said(_REASONS[kind])
    column = None if table is None else table.by_name.get(name)
    label = name if column is None else column.label
    if kind == "type":
        return said("“{column}”的写法不对", column=label)
    if kind == "missing":
        return said("缺少“{column}”", column=label)
    found = next((one.label for one in (() if table is None else table.rules) if one.code == name), name)
    return said("不符合质量规则：{rule}", rule=found)


def judge_freshness(fresh_days: int, landed_at: datetime | None, at: datetime) -> tuple[Freshness, datetime | None]:
    """Return how fresh a table is, and until when; None when it need not be gathered again."""
    if landed_at is None:
        return Freshness.NEVER, None
    if not fresh_days:
        return Freshness.FRESH, None
    due = landed_at + timedelta(days=fresh_days)
    if at >= due:
        return Freshness.STALE, due
    return (Freshness.AGEING if due - at < timedelta(days=fresh_days) / 4 else Freshness.FRESH), due


def is_due(source: Source, last_began: datetime | None, at: datetime) -> bool:
    """Tell whether a source is to be gathered by itself now."""
    if not source.every_minutes:
        return False
    return last_began is None or at >= last_began + timedelta(minutes=source.every_minutes)
