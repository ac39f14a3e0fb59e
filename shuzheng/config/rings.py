"""Key rings on disk: add a key, make it the active one, drop one that nothing uses any more.

A ring is replaced by writing beside it and renaming, so a reader sees the old ring or the new one. A process reads the
file again when it has changed (`keys.key_reader`), so no restart is needed. With several machines, bring the ring with
the new key to all of them (`--step add`) before it becomes the active one (`--step activate`).
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from shuzheng.base.kernel.seal import read_index_ring

RINGS: Final = ("seal", "blind")
"""The second is that of the blind indexes; until it is changed for the first time, its one key is the file `index`."""


@dataclass(frozen=True, slots=True)
class RingState:
    """What a ring holds, without its keys.

    Attributes:
        active: Id new values are sealed with.
        others: Ids that only open older values, or wait to become the active one.
        active_since: None when the first key was never changed.
    """

    active: str
    others: tuple[str, ...]
    active_since: datetime | None


def state_of(folder: Path, name: str) -> RingState:
    """Return what a ring holds."""
    ring = _read(folder, name)
    others = tuple(key for key in ring.keys if key != ring.active)
    return RingState(ring.active, others, datetime.fromisoformat(ring.since) if ring.since else None)


def add_key(folder: Path, name: str) -> str:
    """Add a key that is not active yet; return its id."""
    ring = _read(folder, name)
    fresh = str(max((int(key) for key in ring.keys if key.isdecimal()), default=0) + 1)
    ring.keys[fresh] = base64.b64encode(secrets.token_bytes(32)).decode()
    _write(folder, name, ring)
    return fresh


def activate_key(folder: Path, name: str, key: str, *, at: datetime) -> None:
    """Make a key of the ring the one new values are sealed with."""
    ring = _read(folder, name)
    if key not in ring.keys:
        raise KeyError(f"the ring {name} has no key {key}")
    ring.active, ring.since = key, at.isoformat()
    _write(folder, name, ring)


def drop_keys(folder: Path, name: str) -> tuple[str, ...]:
    """Drop every key but the active one; return their ids. The caller has made sure that nothing uses them."""
    ring = _read(folder, name)
    gone = tuple(key for key in ring.keys if key != ring.active)
    ring.keys = {ring.active: ring.keys[ring.active]}
    _write(folder, name, ring)
    return gone


def newest_of(state: RingState) -> str:
    """Return the id of the key that was added last."""
    return max((state.active, *state.others), key=lambda key: (len(key), key))


@dataclass(slots=True)
class _Ring:
    """A ring as its file holds it; `since` is when the active key became it, ISO 8601, '' for the first."""

    active: str
    keys: dict[str, str] = field(repr=False)
    since: str = ""


def _read(folder: Path, name: str) -> _Ring:
    file = folder / name
    if name == "blind" and not file.exists():
        ring = read_index_ring((folder / "index").read_bytes())
        return _Ring(ring.active, {key: base64.b64encode(raw).decode() for key, raw in ring.keys.items()})
    said = json.loads(file.read_bytes())
    return _Ring(said["active"], dict(said["keys"]), said.get("active_since", ""))


def _write(folder: Path, name: str, ring: _Ring) -> None:
    said = {"active": ring.active, "active_since": ring.since, "keys": ring.keys}
    draft = folder / f".{name}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(json.dumps(said, indent=1).encode())
        out.flush()
        os.fsync(out.fileno())
    draft.rename(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
