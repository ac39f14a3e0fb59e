"""Seal the lake again when the key has been changed: a table that needs an older key is written anew, whole or not."""

from typing import Final

import pyarrow as pa
from deltalake.exceptions import CommitFailedError
from typing_extensions import override

from shuzheng.base.kernel.seal import KeyRing
from shuzheng.base.kernel.sealed import SealedStore, Step
from shuzheng.engines.lake.queries.engines import seal_ring
from shuzheng.engines.lake.queries.tables import store
from shuzheng.engines.lake.queries.waiting import hold_table
from shuzheng.engines.lake.rules.sealing import keys_used, reseal_column
from shuzheng.engines.lake.types.tables import TableCode

_TRIES: Final = 3


class LakeStore(SealedStore):
    """Sealed columns of every table stored, defined or not, one table a step; see `kernel.sealed`.

    A table into which batches keep landing while it is written anew is left for the next pass and counted as old:
    then `rotate-keys` does not drop the key. One in which columns are being sealed is waited for, so that what was
    begun with the older key is seen. Files of earlier versions go with the next tidying.
    """

    @property
    @override
    def name(self) -> str:
        """Return the name it is registered under."""
        return "lake"

    @override
    def reseal(self, *, after: int, limit: int) -> Step:
        """Seal again the table at place `after` in the order of codes, from 0."""
        codes = store().codes()
        if after >= len(codes):
            return Step(after=None, seen=0, changed=0, old=0)
        code = codes[after]
        with hold_table(code):
            seen, old, left = _resealed(code, seal_ring())
        following = after + 1
        return Step(after=following if following < len(codes) else None, seen=seen, changed=old - left, old=left)


STORE: Final = LakeStore()


def _resealed(code: TableCode, ring: KeyRing) -> tuple[int, int, int]:
    """Return how many values are sealed, how many of them were not with the active key, and how many are not now."""
    seen, old = _counted(code, ring)
    left = old
    for _ in range(_TRIES):
        if not left:
            break
        _rewrite(code, ring)
        left = _counted(code, ring)[1]
    return seen, old, left


def _counted(code: TableCode, ring: KeyRing) -> tuple[int, int]:
    """Return how many values are sealed, and how many of them not with the active key."""
    _number, rows = store().scan(code)
    sealed = [field.name for field in rows.schema if pa.types.is_binary(field.type)]
    if not sealed:
        return 0, 0
    seen = old = 0
    for batch in store().scan(code, sealed)[1]:
        for column in batch.columns:
            for value in column.drop_null().to_pylist():
                seen += 1
                old += ring.active not in keys_used([value])
    return seen, old


def _rewrite(code: TableCode, ring: KeyRing) -> None:
    def change(batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = [
            reseal_column(column, code, field.name, ring) if pa.types.is_binary(field.type) else column
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)

    try:
        store().rewrite(code, change, said={"batch": "reseal"})
    except CommitFailedError:
        return  # a batch landed meanwhile; whoever called looks again
