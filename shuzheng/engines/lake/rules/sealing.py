"""Sealing columns of grade L4: bytes in the lake, a value only where the key is.

A value is written as text in one canonical way and sealed by `base.kernel.seal`, bound to `lake.<table>.<column>`,
under a key made for that column from each key of the ring: so that one key never seals more values than a column has.
NULL stays NULL: whether a value is known is no secret of the seal.

Source: NIST SP 800-38D 8.3 (at most 2^32 random nonces a key), NIST SP 800-108 (a key from a key, by HMAC).
"""

import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from shuzheng.base.kernel.seal import KeyRing, seal_many, sealed_with, unseal_many
from shuzheng.engines.lake.rules.arrow import arrow_type
from shuzheng.engines.lake.types.tables import Column, FieldKind, TableCode


def seal_column(values: pa.Array, table: TableCode, column: Column, ring: KeyRing) -> pa.BinaryArray:
    """Return the values sealed with the active key.

    Args:
        values: Of `arrow_type(column)`.
        table: Table of the column.
        column: Its definition.
        ring: The ring `seal`.

    Raises:
        pa.ArrowInvalid: A value is not of the column's type.
    """
    texts = _texts(values.cast(arrow_type(column)), column)
    context = context_of(table, column)
    known = [text.encode() for text in texts.drop_null().to_pylist()]
    sealed = iter(seal_many(_ring_of(ring.active, tuple(ring.keys.items()), context), known, context))
    return pa.array([next(sealed) if there else None for there in texts.is_valid().to_pylist()], pa.binary())


def open_column(values: pa.Array, table: TableCode, column: Column, ring: KeyRing) -> pa.Array:
    """Return sealed values opened, of `arrow_type(column)`.

    Raises:
        SealBroken: Changed, moved from another column, or its key is gone.
    """
    context = context_of(table, column)
    known = values.drop_null().to_pylist()
    opened = iter(unseal_many(_ring_of(ring.active, tuple(ring.keys.items()), context), known, context))
    texts = [next(opened).decode() if there else None for there in values.is_valid().to_pylist()]
    return _values(pa.array(texts, pa.string()), column)


def reseal_column(values: pa.Array, table: TableCode, name: str, ring: KeyRing) -> pa.BinaryArray:
    """Return sealed values sealed with the active key; those that are stay as they are.

    Raises:
        SealBroken: See `open_column`.
    """
    context = f"lake.{table}.{name}"
    own = _ring_of(ring.active, tuple(ring.keys.items()), context)
    old = [value for value in values.drop_null().to_pylist() if sealed_with(value) != ring.active]
    again = dict(zip(old, seal_many(own, unseal_many(own, old, context), context), strict=True))
    return pa.array([again.get(value, value) for value in values.to_pylist()], pa.binary())


def context_of(table: TableCode, column: Column) -> str:
    """Return what a sealed column is bound to."""
    return f"lake.{table}.{column.name}"


def keys_used(values: Iterable[bytes | None]) -> frozenset[str]:
    """Return the ids of the keys some sealed values need.

    Raises:
        SealBroken: Not sealed values.
    """
    return frozenset(sealed_with(value) for value in values if value is not None)


@lru_cache(maxsize=4096)
def _ring_of(active: str, keys: tuple[tuple[str, bytes], ...], context: str) -> KeyRing:
    made = {name: hmac.new(key, context.encode(), hashlib.sha256).digest() for name, key in keys}
    return KeyRing(active=active, keys=made)


def _texts(values: pa.Array, column: Column) -> pa.Array:
    if column.kind is FieldKind.MOMENT:
        return values.cast(pa.int64()).cast(pa.string())
    return values.cast(pa.string())


def _values(texts: pa.Array, column: Column) -> pa.Array:
    if column.kind is FieldKind.MOMENT:
        return texts.cast(pa.int64()).cast(arrow_type(column))
    if column.kind is FieldKind.DATE:
        return pc.strptime(texts, format="%Y-%m-%d", unit="s").cast(pa.date32())
    return texts.cast(arrow_type(column))
