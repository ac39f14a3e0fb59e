"""Seal everything again with the active key, batch by batch, while the city goes on running.

A batch is one transaction that locks its rows, so a change made at the same time is never overwritten. Nothing needs
to be remembered between runs: a value says itself which key it was sealed with, so an interrupted run goes on where it
is needed. Both keys open values until the old one is dropped.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from shuzheng.base.kernel.seal import (
    KeyRing,
    blind_index,
    blind_indexes,
    read_key_ring,
    seal,
    sealed_with,
    unseal,
)
from shuzheng.base.kernel.sealed import SEALED, IndexColumn, SealedColumn, Step

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Total:
    """What a whole pass over one place did; see `Step`."""

    name: str
    seen: int
    changed: int
    old: int
    life: str = ""


def reseal_all(*, batch: int = BATCH) -> Iterator[Total]:
    """Go over every declared place once; yield what was done there."""
    for name in SEALED:
        place = SEALED[name]
        seen = changed = old = 0
        after: int | None = 0
        while after is not None:
            if isinstance(place, SealedColumn):
                step = _reseal_batch(place, after=after, limit=batch)
            else:
                step = place.reseal(after=after, limit=batch)
            seen, changed, old, after = seen + step.seen, changed + step.changed, old + step.old, step.after
        yield Total(name, seen, changed, old, place.life if isinstance(place, SealedColumn) else "")


def reindex_all(*, batch: int = BATCH) -> Iterator[Total]:
    """Make every blind index again under the active index key; yield what was done."""
    for name in SEALED:
        place = SEALED[name]
        if not isinstance(place, SealedColumn):
            continue
        for index in place.indexes:
            seen = changed = 0
            after: int | None = 0
            while after is not None:
                step = _reindex_batch(place, index, after=after, limit=batch)
                seen, changed, after = seen + step.seen, changed + step.changed, step.after
            yield Total(f"{place.model}.{index.column}", seen, changed, 0)


@transaction.atomic
def _reseal_batch(place: SealedColumn, *, after: int, limit: int) -> Step:
    rows = _locked(place, after=after, limit=limit)
    ring = read_key_ring(settings.SHUZHENG.read_key("seal"))
    changed, seen, old = [], 0, 0
    for row in rows:
        sealed = _value(row, place.column)
        if not sealed:
            continue
        seen += 1
        if sealed_with(sealed) == ring.active:
            continue
        if not place.owner:
            old += 1
            continue
        _set(row, place.column, _again(ring, sealed, f"{place.place}:{_reach(row, place.owner)}"))
        changed.append(row)
    if changed:
        _manager(place).bulk_update(changed, [place.column.partition(".")[0]])
    return Step(after=rows[-1].pk if len(rows) == limit else None, seen=seen, changed=len(changed), old=old)


@transaction.atomic
def _reindex_batch(place: SealedColumn, index: IndexColumn, *, after: int, limit: int) -> Step:
    rows = _locked(place, after=after, limit=limit)
    ring = read_key_ring(settings.SHUZHENG.read_key("seal"))
    material = settings.SHUZHENG.read_key("blind")
    needed = _needed(place, index, [row.pk for row in rows])
    changed, seen = [], 0
    for row in rows:
        sealed, present = _value(row, place.column), _value(row, index.column)
        if not sealed or not present:
            continue
        seen += 1
        value = unseal(ring, sealed, f"{place.place}:{_reach(row, place.owner)}").decode()
        text = index.text_of(value, needed.get(row.pk, {}))
        wanted = blind_index(material, text)
        if present == wanted:
            continue
        if present not in blind_indexes(material, text):
            raise ValueError(f"{place.model} {row.pk}: {index.column} is not the index of its value")
        setattr(row, index.column, wanted)
        changed.append(row)
    if changed:
        _manager(place).bulk_update(changed, [index.column])
    return Step(after=rows[-1].pk if len(rows) == limit else None, seen=seen, changed=len(changed), old=0)


def _manager(place: SealedColumn) -> QuerySet[Model]:
    rows: QuerySet[Model] = apps.get_model(place.model)._base_manager.all()
    return rows


def _locked(place: SealedColumn, *, after: int, limit: int) -> list[Model]:
    rows = _manager(place).filter(pk__gt=after, **place.only).order_by("pk")
    return list(rows.select_for_update(of=("self",))[:limit])


def _needed(place: SealedColumn, index: IndexColumn, keys: list[int]) -> dict[int, Mapping[str, object]]:
    if not index.needs:
        return {}
    return {row["pk"]: row for row in _manager(place).filter(pk__in=keys).values("pk", *index.needs)}


def _again(ring: KeyRing, sealed: bytes, context: str) -> bytes:
    return seal(ring, unseal(ring, sealed, context), context)


def _reach(row: Model, name: str) -> object:
    """Return a column, or a member of a JSON column."""
    column, _, member = name.partition(".")
    value = attrgetter(column)(row)
    return value.get(member) if member else value


def _value(row: Model, name: str) -> bytes:
    value = _reach(row, name)
    if isinstance(value, str):
        return base64.b64decode(value)
    return bytes(value) if isinstance(value, bytes | memoryview | bytearray) else b""


def _set(row: Model, name: str, sealed: bytes) -> None:
    column, _, member = name.partition(".")
    if member:
        setattr(row, column, {**attrgetter(column)(row), member: base64.b64encode(sealed).decode()})
    else:
        setattr(row, column, sealed)
