"""Writing a pack's items: a changed content is a new version, units follow, nothing is ever deleted."""

from collections.abc import Iterator
from datetime import datetime

from shuzheng.base.kernel.pack import Changes, PackRows
from shuzheng.base.kernel.types import Actor, ItemCode
from shuzheng.services.items.models import Item, Prefill, Unit
from shuzheng.services.items.pack.reading import ItemContent, read_contents, read_implementers
from shuzheng.services.items.rules.units import resolve_units
from shuzheng.services.items.types import Handling, Level, UnitRow

BATCH = 500
_UNIT_FIELDS = ("item_code", "organization", "division", "county", "window", "decider", "level", "current")


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:  # noqa: ARG001 - the shape of every part
    """Write the part inside the caller's transaction; applying twice changes nothing.

    An item whose content changed gets a new version; drafts and applications keep theirs. An item or unit that is no
    longer in the pack is retired, and comes back when it is there again.
    """
    changes = Changes()
    contents = read_contents(pack)
    _apply_items(contents, at, changes)
    _apply_units(pack, contents, changes)
    _apply_prefill(pack, changes)
    return changes


def _apply_items(contents: dict[str, ItemContent], at: datetime, changes: Changes) -> None:
    latest: dict[str, Item] = {}
    for row in Item.objects.defer("form", "guide", "materials", "licence_fields", "terms").order_by("code", "version"):
        latest[row.code] = row
    new: list[Item] = []
    superseded: list[int] = []
    for code, content in contents.items():
        known = latest.pop(code, None)
        if known is not None and known.digest == content.digest:
            _revive(known, changes)
            continue
        if known is None:
            changes.added += 1
        else:
            changes.changed += 1
            superseded.append(known.pk)
            changes.notes.append(f"{content.columns['name']}：第 {known.version + 1} 版")
        new.append(_item(content, 1 if known is None else known.version + 1, at))
    for code, row in latest.items():
        if row.current:
            changes.retired += 1
            changes.notes.append(f"{row.name}（{code}）不再提供")
            superseded.append(row.pk)
    for start in range(0, len(superseded), BATCH):
        Item.objects.filter(pk__in=superseded[start : start + BATCH]).update(current=False, retired_at=at)
    Item.objects.bulk_create(new, batch_size=BATCH)


def _revive(row: Item, changes: Changes) -> None:
    if row.current:
        changes.unchanged += 1
        return
    Item.objects.filter(pk=row.pk).update(current=True, retired_at=None)
    changes.changed += 1


def _item(content: ItemContent, version: int, at: datetime) -> Item:
    return Item(
        version=version,
        current=True,
        digest=content.digest,
        terms=content.terms,
        materials=content.materials,
        guide=content.guide,
        form=content.form,
        licence_fields=content.licence_fields,
        has_form=bool(content.form),
        added_at=at,
        **content.columns,
    )


def list_units(pack: PackRows, contents: dict[str, ItemContent]) -> Iterator[UnitRow]:
    """Give every implementing item of the pack."""
    table = read_implementers(pack)
    for code, content in contents.items():
        levels = content.columns["levels"]
        yield from resolve_units(
            ItemCode(code),
            str(content.columns["department"]),
            [Level(str(level)) for level in levels] if isinstance(levels, list) else [],
            Handling(str(content.columns["handling"])),
            table,
        )


def _apply_units(pack: PackRows, contents: dict[str, ItemContent], changes: Changes) -> None:
    known = {row[0]: row for row in Unit.objects.values_list("code", "pk", *_UNIT_FIELDS)}
    new: list[Unit] = []
    changed: list[Unit] = []
    for unit in list_units(pack, contents):
        row = known.pop(unit.code, None)
        fields = {
            "item_code": unit.item,
            "organization": unit.organization,
            "division": unit.division,
            "county": unit.division[:6],
            "window": unit.window,
            "decider": unit.decider,
            "level": str(unit.level),
            "current": True,
        }
        if row is None:
            new.append(Unit(code=unit.code, **fields))
        elif tuple(row[2:]) != tuple(fields[name] for name in _UNIT_FIELDS):
            changed.append(Unit(pk=row[1], code=unit.code, **fields))
        else:
            changes.unchanged += 1
    gone = [row[1] for row in known.values() if row[-1]]
    Unit.objects.bulk_create(new, batch_size=BATCH)
    Unit.objects.bulk_update(changed, list(_UNIT_FIELDS), batch_size=100)
    for start in range(0, len(gone), BATCH):
        Unit.objects.filter(pk__in=gone[start : start + BATCH]).update(current=False)
    changes.added += len(new)
    changes.changed += len(changed)
    changes.retired += len(gone)


def _apply_prefill(pack: PackRows, changes: Changes) -> None:
    known = {row.key: row for row in Prefill.objects.all()}
    for row in pack.of("prefill.toml"):
        fields = {
            "origin": row.text("from"),
            "type": row.text("type"),
            "field": row.text("field"),
            "label": row.text("label"),
        }
        before = known.pop(row.table, None)
        if before is None:
            Prefill.objects.create(key=row.table, **fields)
            changes.added += 1
        elif any(getattr(before, name) != value for name, value in fields.items()):
            Prefill.objects.filter(pk=before.pk).update(**fields)
            changes.changed += 1
        else:
            changes.unchanged += 1
    changes.retired += len(known)
    Prefill.objects.filter(key__in=list(known)).delete()
