"""Make a table equal to a pack's rows in bulk: add, change, retire; rows already equal are not written."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from django.db import models

from shuzheng.base.kernel.pack import Changes, say_columns

_BATCH: Final = 500

M = TypeVar("M", bound=models.Model)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Target(Generic[M, K]):
    """The table to make equal.

    Attributes:
        model: The table.
        present: All rows the pack answers for, by key, retired ones included.
        make: Returns a new, unsaved row for a key.
        ended: Column that holds when a row was retired.
        name: Returns what a note calls a row, without personal data; None says nothing.
        labels: Chinese names of the columns whose change is spelled out.
    """

    model: type[M]
    present: Mapping[K, M]
    make: Callable[[K], M]
    ended: str = "retired_at"
    name: Callable[[M], str] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def sync(target: Target[M, K], wanted: Mapping[K, Mapping[str, object]], *, changes: Changes, at: datetime) -> None:
    """Write the differences between a table and what a pack says.

    Args:
        target: The table.
        wanted: Column values by key.
        changes: Counted into.
        at: When missing rows end.
    """
    added: list[M] = []
    changed: list[M] = []
    columns = {target.ended}
    for key, values in wanted.items():
        row = target.present.get(key)
        if row is None:
            added.append(_filled(target.make(key), values))
            continue
        different = {name: value for name, value in values.items() if _of(row, name) != value}
        if different or getattr(row, target.ended) is not None:
            columns |= different.keys()
            _note_change(target, row, different, changes)
            changed.append(_filled(row, {**different, target.ended: None}))
    gone = [row for key, row in target.present.items() if key not in wanted and getattr(row, target.ended) is None]
    for row in gone:
        setattr(row, target.ended, at)
    _note(target, "新增", added if target.present else (), changes)
    _note(target, "停用", gone, changes)
    objects = target.model._default_manager
    objects.bulk_create(added, batch_size=_BATCH)
    objects.bulk_update([*changed, *gone], sorted(columns), batch_size=_BATCH)
    changes.added += len(added)
    changes.changed += len(changed)
    changes.retired += len(gone)
    changes.unchanged += len(wanted) - len(added) - len(changed)


def _note(target: Target[M, K], verb: str, rows: Iterable[M], changes: Changes) -> None:
    if target.name is not None:
        for row in rows:
            changes.note(f"{verb}{target.name(row)}")


def _note_change(target: Target[M, K], row: M, different: Mapping[str, object], changes: Changes) -> None:
    if target.name is None:
        return
    before = {name: _of(row, name) for name in different}
    phrases = say_columns(before, different, target.labels)
    if getattr(row, target.ended) is not None:
        phrases.insert(0, "恢复使用")
    changes.note(f"{target.name(row)}：{'；'.join(phrases) or '内容有改动'}")


def _filled(row: M, values: Mapping[str, object]) -> M:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _of(row: models.Model, name: str) -> object:
    value: object = getattr(row, name)
    return bytes(value) if isinstance(value, memoryview) else value
