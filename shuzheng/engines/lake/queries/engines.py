"""The engine a job of this city runs on, with this city's keys."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from django.conf import settings

from shuzheng.base.kernel.seal import KeyRing, read_key_ring
from shuzheng.engines.lake.backends import spark
from shuzheng.engines.lake.backends.duckdb import DuckEngine, Means, open_duckdb
from shuzheng.engines.lake.backends.spark import open_spark
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.types.engines import Engine
from shuzheng.engines.lake.types.tables import Table, TableCode

_PURPOSE: Final = b"lake.mask"


def hash_key() -> bytes:
    """Return the key of the mask HASH: made from `index`, which never changes, so that hashes stay joinable."""
    return hmac.new(settings.SHUZHENG.read_key("index"), _PURPOSE, hashlib.sha256).digest()


def seal_ring() -> KeyRing:
    """Return the ring that seals columns of grade L4."""
    return read_key_ring(settings.SHUZHENG.read_key("seal"))


def open_engine(tables: Mapping[TableCode, Table], *, means: Means | None = None) -> Engine:
    """Return the engine large jobs run on: the cluster where one is set, else the process.

    Args:
        tables: By code.
        means: What it may use in the process; a cluster has means of its own.

    Raises:
        EngineAway: A cluster is set and does not answer.
        SealChanged: See `backends.spark.open_spark`.
    """
    url = settings.SHUZHENG.spark_url
    if url:
        return open_spark(tables, url=url, store=store(), hash_key=hash_key())
    return open_embedded(tables, means=means)


def open_embedded(
    tables: Mapping[TableCode, Table], *, opens_sealed: bool = False, means: Means | None = None
) -> DuckEngine:
    """Return the engine in the process.

    Args:
        tables: By code.
        opens_sealed: Sealed columns are read opened; only the gate asks for it.
        means: What it may use.
    """
    ring = seal_ring() if opens_sealed else None
    return open_duckdb(tables, store=store(), hash_key=hash_key(), sealing=ring, means=means)


def can_answer(url: str) -> bool:
    """Tell whether something listens at the address of a Spark Connect server."""
    return spark.answers(url)
