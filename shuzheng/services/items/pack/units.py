"""Implementing items (实施事项): computed from who implements a department's items at a level, then overridden.

A city has tens of thousands. They are compared with the table in one pass, and not at all when nothing they are
computed from has changed since the last load.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

from django.db import connection

from shuzheng.base.kernel.pack import Changes, PackRows, say_columns
from shuzheng.base.kernel.types import Actor
from shuzheng.services.items.models import PackDigest, Unit
from shuzheng.services.items.pack.unit_checks import check
from shuzheng.services.items.pack.unit_reading import IMPLEMENTERS, OVERRIDES, digest_of, read_sources
from shuzheng.services.items.pack.wording import LABELS
from shuzheng.services.items.queries.changing import list_unit_edits
from shuzheng.services.items.rules.changing.merging import overlay_units
from shuzheng.services.items.types import UnitRow

__all__ = ["FILES", "apply", "check"]

FILES = (IMPLEMENTERS, OVERRIDES)
PART: Final = "units"
BATCH: Final = 1000
_COLUMNS: Final = (
    "item_code", "organization", "division", "county", "window", "decider", "level", "current", "promised_days",
    "visits", "channels", "address", "phone", "hours",
)  # fmt: skip
_CURRENT: Final = _COLUMNS.index("current")
_CHANNELS: Final = Unit._meta.get_field("channels")
Fields = dict[str, Any]
"""Columns of a row by name."""


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:  # noqa: ARG001 - the shape of every part
    """Write the units inside the caller's transaction; applying twice changes nothing.

    A unit that the pack no longer gives is kept and not offered; it comes back with its code. What was approved on line
    stays; where the pack changed the same it is said (docs/adr/0014).
    """
    changes = Changes()
    digest = digest_of(pack)
    last = PackDigest.objects.filter(part=PART).first()
    if last is not None and last.digest == digest:
        changes.unchanged = last.rows
        return changes
    rows = _apply_units(pack, changes)
    PackDigest.objects.update_or_create(part=PART, defaults={"digest": digest, "rows": rows})
    return changes


def _apply_units(pack: PackRows, changes: Changes) -> int:
    known = {
        code: _Known(pk, columns) for code, pk, *columns in Unit.objects.values_list("code", "pk", *_COLUMNS).iterator()
    }
    words = _Words(pack, silent=not known)
    changed: list[Fields] = []
    kept: list[str] = []
    bodies = {row.text("code") for row in pack.of("organizations.csv")}
    units = overlay_units(read_sources(pack).units(), list_unit_edits(), kept, bodies=bodies)
    new = _changed(units, known, changed, words, changes)
    while batch := list(islice(new, BATCH)):
        _insert(batch)
        changes.added += len(batch)
    _update(changed, sorted(words.columns))
    changes.changed += len(changed)
    gone = {code: row.pk for code, row in known.items() if row.columns[_CURRENT]}
    pks = list(gone.values())
    for start in range(0, len(pks), BATCH):
        Unit.objects.filter(pk__in=pks[start : start + BATCH]).update(current=False)
    changes.retired += len(gone)
    words.count(new=(), gone=gone)
    words.say(changes)
    for conflict in kept:
        changes.note(f"冲突：{conflict}")
    return changes.added + changes.changed + changes.unchanged


def _insert(units: Sequence[Fields]) -> None:
    """Write new rows by one prepared statement; a row object each would take most of the time of a load."""
    columns = ("code", *_COLUMNS)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    marks = ", ".join("%s" for _ in columns)
    statement = f"INSERT INTO {Unit._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608 - names of this model
    with connection.cursor() as cursor:
        cursor.executemany(statement, [[_stored(name, fields[name]) for name in columns] for fields in units])


def _update(units: Sequence[Fields], columns: Sequence[str]) -> None:
    """Write some columns of many rows: one prepared statement, since a new rule may change every unit."""
    if not units or not columns:
        return
    sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    statement = f"UPDATE {Unit._meta.db_table} SET {sets} WHERE code = %s"  # noqa: S608 - names of this model
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [[*(_stored(name, fields[name]) for name in columns), fields["code"]] for fields in units]
        )


def _stored(column: str, value: object) -> Any:
    """Return what the driver takes: all columns but one are plain text, numbers and truths."""
    return _CHANNELS.get_db_prep_save(value, connection) if column == "channels" and value is not None else value


def _changed(
    units: Iterator[UnitRow],
    known: "dict[str, _Known]",
    changed: list[Fields],
    words: "_Words",
    changes: Changes,
) -> Iterator[Fields]:
    """Give the new units; gather the changed ones; leave in `known` those that are gone."""
    for unit in units:
        fields = _fields(unit)
        row = known.pop(unit.code, None)
        if row is None:
            words.count(new=(unit.code,), gone=())
            yield {"code": unit.code, **fields}
        elif row.columns == list(fields.values()):
            changes.unchanged += 1
        else:
            words.change(unit.code, dict(zip(_COLUMNS, row.columns, strict=True)), fields, changes)
            changed.append({"code": unit.code, **fields})


def _fields(unit: UnitRow) -> Fields:
    """Return the columns in the order of `_COLUMNS`."""
    return {
        "item_code": unit.item,
        "organization": unit.organization,
        "division": unit.division,
        "county": unit.division[:6],
        "window": unit.window,
        "decider": unit.decider,
        "level": str(unit.level),
        "current": True,
        "promised_days": unit.promised_days,
        "visits": unit.visits,
        "channels": None if unit.channels is None else list(unit.channels),
        "address": unit.address,
        "phone": unit.phone,
        "hours": unit.hours,
    }


class _Known(NamedTuple):
    """A row of the table: its columns in the order of `_COLUMNS`."""

    pk: int
    columns: list[object]


class _Words:
    """Says what changed: each changed unit, and by item how many came and went; knows which columns differ."""

    def __init__(self, pack: PackRows, *, silent: bool) -> None:
        self.columns: set[str] = set()
        self._silent = silent
        self._items = {row.text("basic_code"): row.text("name") for row in pack.of("items.csv")}
        self._bodies = {row.text("code"): row.text("short_name") for row in pack.of("organizations.csv")}
        self._new: Counter[str] = Counter()
        self._gone: Counter[str] = Counter()

    def count(self, *, new: tuple[str, ...], gone: Mapping[str, int] | tuple[()]) -> None:
        self._new.update(code[19:] for code in new)
        self._gone.update(code[19:] for code in gone)

    def change(self, code: str, before: Mapping[str, object], after: Mapping[str, object], changes: Changes) -> None:
        self.columns |= {name for name, value in after.items() if before[name] != value}
        phrases = say_columns(before, after, LABELS)
        if not before["current"]:
            phrases.insert(0, "恢复实施")
        body = self._bodies.get(code[:18], code[:18])
        changes.note(f"{body}的“{self._items.get(code[19:], code[19:])}”：{'；'.join(phrases)}")

    def say(self, changes: Changes) -> None:
        if self._silent:
            return
        for item in dict.fromkeys((*self._new, *self._gone)):
            phrases = (("增加", self._new[item]), ("减少", self._gone[item]))
            said = "，".join(f"{verb} {number} 个实施机构" for verb, number in phrases if number)
            changes.note(f"事项“{self._items.get(item, item)}”{said}")
