"""The catalogue: items with their papers, guides and forms. A changed content is a new version, nothing is deleted."""

from collections.abc import Mapping
from datetime import datetime

from shuzheng.base.kernel.pack import Changes, PackRows
from shuzheng.base.kernel.types import Actor
from shuzheng.services.items.models import Item, Prefill
from shuzheng.services.items.pack.checks import check
from shuzheng.services.items.pack.reading import read_contents
from shuzheng.services.items.pack.wording import describe_change
from shuzheng.services.items.rules.changing.merging import merge_content
from shuzheng.services.items.rules.content import ItemContent

__all__ = ["FILES", "apply", "check"]

FILES = ("items.csv", "materials.csv", "forms.toml", "guides.toml", "form_licence_fields.csv", "prefill.toml")
BATCH = 500
_HEAVY = ("form", "guide", "materials", "licence_fields")


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:  # noqa: ARG001 - the shape of every part
    """Write the catalogue inside the caller's transaction; applying twice changes nothing.

    An item whose content changed gets a new version; drafts and applications keep theirs. An item that is no longer in
    the pack is retired, and comes back when it is there again. A version made on line stays in force as long as the
    pack says the same as when it was loaded last; then what was approved is put over what the pack says now, and
    where both changed the same it is said (docs/adr/0014).
    """
    changes = Changes()
    _apply_items(read_contents(pack), at, changes)
    _apply_prefill(pack, changes)
    return changes


def _apply_items(contents: Mapping[str, ItemContent], at: datetime, changes: Changes) -> None:
    newest, loaded = _newest()
    new: list[Item] = []
    superseded: list[int] = []
    replaced: dict[str, int] = {}
    for code, content in contents.items():
        known = newest.get(code)
        if known is not None and code in loaded and loaded[code].digest == content.digest:
            _revive(known, changes)
            continue
        if known is None:
            changes.added += 1
            if newest:
                changes.note(f"新增事项“{content.columns['name']}”（{code}）")
            new.append(_item(content, 1, at))
        else:
            changes.changed += 1
            superseded.append(known.pk)
            replaced[code] = loaded[code].pk
            new += _versions(content, known, loaded[code], at, changes)
    _note_changes(contents, replaced, changes)
    superseded += _retire(contents, newest, changes)
    for start in range(0, len(superseded), BATCH):
        Item.objects.filter(pk__in=superseded[start : start + BATCH]).update(current=False, retired_at=at)
    Item.objects.bulk_create(new, batch_size=BATCH)


def _versions(content: ItemContent, known: Item, loaded: Item, at: datetime, changes: Changes) -> list[Item]:
    """Return the new version; two when something changed on line stands over it: the pack's, never in force, first."""
    brought = _item(content, known.version + 1, at)
    if not known.edited:
        return [brought]
    rows = Item.objects.in_bulk([known.pk, loaded.pk])
    merged = merge_content(loaded=_content_of(rows[loaded.pk]), edited=_content_of(rows[known.pk]), incoming=content)
    for words in merged.words:
        changes.note(f"冲突：事项“{content.columns['name']}”（{content.code}）{words}")
    if merged.content.digest == content.digest:
        return [brought]
    brought.current, brought.retired_at = False, at
    over = _item(merged.content, known.version + 2, at)
    over.edited = True
    return [brought, over]


def _newest() -> tuple[dict[str, Item], dict[str, Item]]:
    """Return the newest version of every item, and the newest that came from a pack; there always is one."""
    newest: dict[str, Item] = {}
    loaded: dict[str, Item] = {}
    for row in Item.objects.defer(*_HEAVY).order_by("code", "version"):
        newest[row.code] = row
        if not row.edited:
            loaded[row.code] = row
    return newest, loaded


def _revive(row: Item, changes: Changes) -> None:
    if row.current:
        changes.unchanged += 1
        return
    Item.objects.filter(pk=row.pk).update(current=True, retired_at=None)
    changes.changed += 1
    changes.note(f"恢复事项“{row.name}”（{row.code}）")


def _retire(contents: Mapping[str, ItemContent], newest: Mapping[str, Item], changes: Changes) -> list[int]:
    gone = [row for code, row in newest.items() if code not in contents and row.current]
    changes.retired += len(gone)
    for row in gone:
        changes.note(f"不再提供事项“{row.name}”（{row.code}）")
    return [row.pk for row in gone]


def _note_changes(contents: Mapping[str, ItemContent], replaced: Mapping[str, int], changes: Changes) -> None:
    codes = list(replaced)
    for start in range(0, len(codes), BATCH):
        part = codes[start : start + BATCH]
        rows = Item.objects.in_bulk([replaced[code] for code in part])
        for code in part:
            changes.note(describe_change(_content_of(rows[replaced[code]]), contents[code]))


def _content_of(row: Item) -> ItemContent:
    return ItemContent(
        columns={name: getattr(row, name) for name in ItemContent.COLUMNS},
        materials=row.materials,
        guide=row.guide,
        form=row.form,
        licence_fields=row.licence_fields,
    )


def _item(content: ItemContent, version: int, at: datetime) -> Item:
    return Item(
        version=version,
        current=True,
        digest=content.digest,
        materials=content.materials,
        guide=content.guide,
        form=content.form,
        licence_fields=content.licence_fields,
        has_form=bool(content.form),
        added_at=at,
        **content.columns,
    )


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
            changes.note(f"预填来源“{row.table}”有改动")
        else:
            changes.unchanged += 1
    changes.retired += len(known)
    for key in known:
        changes.note(f"不再预填“{key}”")
    Prefill.objects.filter(key__in=list(known)).delete()
