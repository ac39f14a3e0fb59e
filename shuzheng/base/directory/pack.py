"""The directory's part of a city pack; demonstration sign-ins are applied apart, by `actions.apply_demo_accounts`."""

from datetime import datetime

from shuzheng.base.directory.actions.load import load_directory
from shuzheng.base.directory.rules import pack_directory
from shuzheng.base.kernel.pack import Changes, Fault, PackRows
from shuzheng.base.kernel.types import Actor

FILES: tuple[str, ...] = pack_directory.FILES


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of the directory's files, with file, line and remedy."""
    return list(pack_directory.read_directory(pack).faults)


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Make the directory equal to the pack, inside the caller's transaction; applying twice changes nothing.

    Raises:
        PackFaulty: The pack has faults; nothing was written.
    """
    return load_directory(pack_directory.read_directory(pack), actor=actor, at=at)
