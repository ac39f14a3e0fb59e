"""Rows of the ledger as the bytes that lie in the database, so that no change hides behind a lenient reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from django.db import connection, models

from shuzheng.base.ledger.models import Checkpoint, Entry
from shuzheng.base.ledger.rules.leaf import Leaf

_CHUNK: Final = 1_000
_TEXTS: Final = ("act", "subject", "actor", "post", "org", "on_behalf_of", "at", "related")
_BLOBS: Final = frozenset({"commitment", "salt", "salt_hash", "leaf_hash", "root_hash"})

Row: TypeAlias = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One row of entries.

    Attributes:
        id: The public id; None when the column holds something else.
        position: None when pending, or when the column holds something else.
        leaf: The hashed part; None when a column is no text or no id.
        salt: None when erased or never made.
        leaf_hash: As stored at the time of recording.
    """

    id: UUID | None
    position: int | None
    leaf: Leaf | None
    salt: bytes | None
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class RawCheckpoint:
    """One row of checkpoints; a column that is no text reads as ''."""

    size: int
    root_hash: bytes
    at: str
    note: str


def read_sequenced() -> Iterator[RawEntry]:
    """Give every row with a position, in order of position, a thousand at a time."""
    return map(_entry, _read(Entry, "position IS NOT NULL ORDER BY position"))


def read_pending() -> Iterator[RawEntry]:
    """Give every row without a position."""
    return map(_entry, _read(Entry, "position IS NULL ORDER BY public_id"))


def read_checkpoints() -> Iterator[RawCheckpoint]:
    """Give every checkpoint, smallest first."""
    for row in _read(Checkpoint, "size IS NOT NULL ORDER BY size"):
        yield RawCheckpoint(
            size=_whole(_text(row["size"])) or 0,
            root_hash=row["root_hash"] or b"",
            at=_text(row["at"]) or "",
            note=_text(row["note"]) or "",
        )


def _read(model: type[models.Model], condition: str) -> Iterator[Row]:
    names = [str(field.column) for field in model._meta.concrete_fields]
    columns = ", ".join(_as_bytes(name, blob=name in _BLOBS) for name in names)
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {condition}'  # noqa: S608 - names from the model
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_CHUNK):
            for row in rows:
                yield {name: None if v is None else bytes(v) for name, v in zip(names, row, strict=True)}


def _as_bytes(column: str, *, blob: bool) -> str:
    if connection.vendor == "sqlite":
        return f'CAST("{column}" AS BLOB)'
    return f'"{column}"' if blob else f"convert_to(\"{column}\"::text, 'UTF8')"


def _entry(row: Row) -> RawEntry:
    entry_id = _uuid(_text(row["public_id"]))
    return RawEntry(
        id=entry_id,
        position=_whole(_text(row["position"])),
        leaf=None if entry_id is None else _leaf(row, entry_id),
        salt=row["salt"],
        leaf_hash=row["leaf_hash"] or b"",
    )


def _leaf(row: Row, entry_id: UUID) -> Leaf | None:
    texts = {name: text for name in _TEXTS if (text := _text(row[name])) is not None}
    if len(texts) != len(_TEXTS):
        return None
    return Leaf(
        id=str(entry_id),
        act=texts["act"],
        subject=texts["subject"],
        actor=texts["actor"],
        post=texts["post"],
        org=texts["org"],
        on_behalf_of=texts["on_behalf_of"],
        at=texts["at"],
        related=texts["related"],
        commitment=row["commitment"] or b"",
        salt_hash=row["salt_hash"] or b"",
    )


def _text(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _uuid(text: str | None) -> UUID | None:
    """Read an id exactly as this database writes it: another spelling of the same id is a change."""
    if text is None:
        return None
    try:
        found = UUID(text)
    except ValueError:
        return None
    written = Entry._meta.pk.get_db_prep_value(found, connection)
    return found if str(written) == text else None


def _whole(text: str | None) -> int | None:
    if text is None or not text.removeprefix("-").isdecimal():
        return None
    return int(text)
