"""The picture of a lineage: long labels, many columns, no box over another."""

from itertools import pairwise
from uuid import UUID

import pytest

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.rules.lineage import Followed, lineage_of_sql, lineage_of_table
from shuzheng.engines.lake.types.gathering import Source, SourceCode, SourceKind
from shuzheng.engines.lake.types.tables import Column, Table, TableCode
from shuzheng.portals.officer.lake_flow import USES_MOST, WIDE, draw_flow, ways_of

P = TableCode("p")
TABLE = Table(
    P,
    "统一社会信用代码与经营范围登记事项汇总表",
    OrgId("x"),
    tuple(Column(f"registered_business_scope_{n}", f"市场主体登记的经营范围及其后置审批事项之{n}") for n in range(30)),
)
SOURCES = tuple(Source(SourceCode(f"s{n}"), P, SourceKind.CSV, "p.csv", label="市场主体登记" * 9) for n in range(2))
QUERIES = [Followed(str(UUID(int=n)), f"查询{n}" * 20, lineage_of_sql("select * from p", {P: TABLE})) for n in range(4)]
OUTPUTS = [f"query:{UUID(int=n)}:29" for n in range(4)]


def wide(text: str, size: float) -> float:
    """Return about how wide a text is in a sans face."""
    return sum(size if ord(one) > 0x2E7F else size * 0.55 for one in text)


@pytest.mark.parametrize("chosen", ["", "registered_business_scope_29"])
def test_thirty_columns_with_long_labels_do_not_overlap(chosen: str) -> None:
    found = lineage_of_table(TABLE, SOURCES, QUERIES)
    flow = draw_flow(TABLE, found, SOURCES, chosen)
    lanes: dict[int, list[tuple[int, int]]] = {}
    for row in flow.rows:
        assert row.x + row.width <= WIDE
        assert row.y + row.height <= flow.height
        assert wide(row.title, 12.5) + wide(row.more, 11) < row.width - 24 + 24 * row.head, row
        lanes.setdefault(row.x, []).append((row.y, row.height))
    for lane in lanes.values():
        assert all(y + high <= after for (y, high), (after, _high) in pairwise(lane))
    assert flow.left_out == 120 - USES_MOST
    lit = [row.key for row in flow.rows if row.lit]
    assert lit == ([] if not chosen else [f"s:s{n}:{chosen}" for n in range(2)] + [f"c:{chosen}"] + OUTPUTS)
    assert sum(line.lit for line in flow.lines) == (6 if chosen else 0)


def test_the_table_beside_it_has_every_use() -> None:
    found = lineage_of_table(TABLE, SOURCES, QUERIES)
    ways = ways_of(TABLE, found, SOURCES, "")
    assert sum(len(one.uses) for one in ways) == len(found.uses) == 120
    assert all(len(one.sources) == 2 for one in ways)
