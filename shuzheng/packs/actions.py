"""Load a pack, or see what loading it would change."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.packs.errors import OtherPackLoaded, PackHasFaults
from shuzheng.packs.models import LoadedPack
from shuzheng.packs.parts import PARTS
from shuzheng.packs.queries import faults_of
from shuzheng.packs.reading import read_folder
from shuzheng.packs.rules.info import info_as_json, read_info
from shuzheng.packs.types import PackInfo, Reading


def silent(_: str) -> None:
    """Show nothing."""


def load_pack(
    folder: Path, *, actor: Actor, at: datetime, progress: Callable[[str], object] = silent
) -> dict[str, Changes]:
    """Check a pack and write every part, each in one transaction. Loading twice changes nothing.

    An interrupted load is finished by the next one: the pack counts as loaded only after its last part.

    Args:
        folder: The pack.
        actor: Who loads it.
        at: Moment of loading.
        progress: Called with one Chinese line at each step.

    Returns:
        What each part changed, by its Chinese name, in the order of loading.

    Raises:
        PackHasFaults: Nothing was written.
        OtherPackLoaded: The platform runs another city; nothing was written.
    """
    reading = _sound(folder)
    info = read_info(reading.rows)
    loaded = _loaded_of(info)
    if loaded is not None and loaded.content_hash == reading.content_hash:
        progress("内容与已装入的相同，逐部分核对")
    done: dict[str, Changes] = {}
    for title, part in PARTS:
        progress(f"装入{title}")
        with transaction.atomic():
            done[title] = part.apply(reading.rows, actor=actor, at=at)
    _remember(loaded, info, reading, done, actor=actor, at=at)
    return done


def pack_diff(folder: Path, *, actor: Actor, at: datetime) -> dict[str, Changes]:
    """Return what loading would change, by the part's name; nothing is kept.

    The parts are applied in a transaction that is undone, so it takes as long as loading.

    Raises:
        PackHasFaults: The pack cannot be loaded.
        OtherPackLoaded: The platform runs another city.
    """
    reading = _sound(folder)
    _loaded_of(read_info(reading.rows))
    with transaction.atomic():
        done = {title: part.apply(reading.rows, actor=actor, at=at) for title, part in PARTS}
        transaction.set_rollback(True)
    return done


def _loaded_of(info: PackInfo) -> LoadedPack | None:
    """Return the pack in force, None before the first load. Raises OtherPackLoaded."""
    loaded = LoadedPack.objects.first()
    if loaded is not None and loaded.name != info.name:
        raise OtherPackLoaded(loaded=loaded.name, given=info.name)
    return loaded


def _sound(folder: Path) -> Reading:
    reading = read_folder(folder)
    faults = faults_of(reading)
    if faults:
        first = faults[0]
        raise PackHasFaults(count=len(faults), file=first.file, line=first.line, what=first.what)
    return reading


def _remember(
    loaded: LoadedPack | None,
    info: PackInfo,
    reading: Reading,
    done: dict[str, Changes],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    same = loaded is not None and loaded.content_hash == reading.content_hash
    if same and all(changes.nothing_changed for changes in done.values()):
        return
    with transaction.atomic():
        LoadedPack.objects.update_or_create(
            only=True,
            defaults={
                "name": info.name,
                "content_hash": reading.content_hash,
                "loaded_at": at,
                "info": info_as_json(info),
            },
        )
        record(
            "packs.loaded",
            f"urn:shuzheng:pack:{info.name}",
            actor=actor,
            at=at,
            content={
                "content_hash": reading.content_hash,
                "parts": {
                    title: {"added": c.added, "changed": c.changed, "retired": c.retired} for title, c in done.items()
                },
            },
        )
