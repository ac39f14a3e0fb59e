"""The template city with its tables of the lake, people in posts, and rows to store."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId, PersonId, PostId
from shuzheng.engines.lake import pack as lake_pack
from shuzheng.engines.lake.queries import get_table, store
from shuzheng.engines.lake.rules.arrow import stored_schema
from shuzheng.engines.lake.types.tables import Table
from shuzheng.packs.queries import read_pack

AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
TEMPLATE = Path(__file__).parents[2] / "packs" / "template"
BUREAU, MARKET, COUNTY = OrgId("11990100MBY0000455"), OrgId("11990100MBY000037A"), OrgId("11990102MBY000096A")


def load_city() -> None:
    """Load directory and tables."""
    rows = read_pack(TEMPLATE)
    for part in (directory_pack, lake_pack):
        part.apply(rows, actor=SYSTEM, at=AT)


def in_post(organization: OrgId, *roles: str) -> Actor:
    """Somebody in a post of a body."""
    return Actor(
        "某人",
        person=PersonId(uuid4()),
        post=PostId(uuid4()),
        org=organization,
        org_name="某单位",
        roles=frozenset(roles),
    )


def land(rows: Iterable[Mapping[str, object]], code: str = "person", *, batch: int = 1) -> Table:
    """Store rows as one batch; what they lack is NULL."""
    table = get_table(code)
    empty = dict.fromkeys(column.name for column in table.columns)
    full = [
        {**empty, **row, "_batch": f"b{batch}", "_row": number, "_landed_at": AT} for number, row in enumerate(rows, 1)
    ]
    made = pa.Table.from_pylist(full, schema=stored_schema(table))
    store().append(table, made.to_reader(), writer="test", batch=batch, said={})
    return table


def as_own(actor: Actor, organization: OrgId) -> Actor:
    """The same person in another body."""
    return replace(actor, org=organization)
