"""Reads; views, never querysets."""

from shuzheng.engines.lake.queries.budget import budget_of
from shuzheng.engines.lake.queries.discovery import get_proposal, list_proposals, may_decide
from shuzheng.engines.lake.queries.engines import hash_key, open_embedded, open_engine, seal_ring
from shuzheng.engines.lake.queries.gathering import (
    find_batch,
    freshness,
    get_source,
    inbox,
    list_batches,
    list_quarantined,
    list_sources,
)
from shuzheng.engines.lake.queries.jobs import (
    columns_of,
    count_open,
    get_quarantined,
    is_asked,
    last_batches,
    sources_of,
)
from shuzheng.engines.lake.queries.lineage import table_lineage
from shuzheng.engines.lake.queries.quality import (
    failing_rows,
    find_quality,
    list_latest_quality,
    list_quality_trend,
    list_worst_rules,
)
from shuzheng.engines.lake.queries.readable import plans_of, see_readable
from shuzheng.engines.lake.queries.saving import get_saved, list_history, list_saved
from shuzheng.engines.lake.queries.tables import find_table, get_table, list_tables, store
from shuzheng.engines.lake.queries.tending import list_tended, may_tend
from shuzheng.engines.lake.queries.waiting import find_sealing, list_sealing

__all__ = [
    "budget_of",
    "columns_of",
    "count_open",
    "failing_rows",
    "find_batch",
    "find_quality",
    "find_sealing",
    "find_table",
    "freshness",
    "get_proposal",
    "get_quarantined",
    "get_saved",
    "get_source",
    "get_table",
    "hash_key",
    "inbox",
    "is_asked",
    "last_batches",
    "list_batches",
    "list_history",
    "list_latest_quality",
    "list_proposals",
    "list_quality_trend",
    "list_quarantined",
    "list_saved",
    "list_sealing",
    "list_sources",
    "list_tables",
    "list_tended",
    "list_worst_rules",
    "may_decide",
    "may_tend",
    "open_embedded",
    "open_engine",
    "plans_of",
    "seal_ring",
    "see_readable",
    "sources_of",
    "store",
    "table_lineage",
]
