"""The directory's part of a city pack; demonstration sign-ins are applied apart, by `actions.apply_demo_accounts`."""

from datetime import datetime

from shuzheng.base.directory.actions.boundaries import load_boundaries
from shuzheng.base.directory.actions.load import load_directory
from shuzheng.base.directory.rules import pack_boundaries, pack_directory
from shuzheng.base.kernel.pack import Changes, Fault, PackRows
from shuzheng.base.kernel.types import Actor

FILES: tuple[str, ...] = (*pack_directory.FILES, pack_boundaries.PATTERN)


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of the directory's files, with file, line and remedy."""
    faults = list(pack_directory.read_directory(pack).faults)
    pack_boundaries.read_boundaries(pack, faults)
    return faults


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Make the directory equal to the pack, inside the caller's transaction; applying twice changes nothing.

    Raises:
        PackFaulty: The pack has faults; nothing was written.
    """
    rows = pack_directory.read_directory(pack)
    changes = load_directory(rows, actor=actor, at=at)
    parents = {code: row.parent_code for code, row in rows.divisions.items()}
    changes.include(load_boundaries(pack_boundaries.read_boundaries(pack, []), parents))
    return changes
