"""What an engine can do. Two exist: DuckDB in the process, Spark Connect on a cluster; one suite holds both to this."""

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

from shuzheng.engines.lake.types.tables import Table, TableCode
from shuzheng.engines.lake.types.trees import Tree


class Engine(Protocol):
    """Runs trees over the lake's tables as they stood when it was opened."""

    name: str

    def run(self, tree: Tree) -> pa.RecordBatchReader:
        """Return the rows of a tree in batches; columns have the types `arrow_type` gives.

        Raises:
            TreeInvalid: The tree names what is not there, or compares what cannot be compared.
            EngineAway: The engine does not answer.
        """

    def close(self) -> None:
        """Let go of what the engine holds."""


class Opener(Protocol):
    """Opens an engine over some tables."""

    def __call__(self, tables: Mapping[TableCode, Table], *, hash_key: bytes) -> Engine:
        """Return an engine that sees the tables given and no others, at their present version.

        Args:
            tables: By code.
            hash_key: Key of the mask HASH.
        """
