"""This room's part of a pack, in steps: the catalogue, its conditions, the units that implement it, composite services.

Each step is a part of its own, so that loading can say how far it is; this package is all of them together. `checks.py`
and `unit_checks.py` find what is wrong across files (the format of each file is checked by `shuzheng.packs`),
`reading.py` puts an item's content together. Loading twice changes nothing.
"""

from datetime import datetime
from typing import Final

from shuzheng.base.kernel.pack import Changes, Fault, PackRows, Part
from shuzheng.base.kernel.types import Actor
from shuzheng.services.items.pack import book, catalogue, composites, search, units

STEPS: Final[tuple[tuple[str, Part], ...]] = (
    ("事项", catalogue),
    ("办事条件", book),
    ("实施事项", units),
    ("一件事和对标", composites),
    ("搜索", search),
)
"""Chinese name and part, in the order of loading; what follows from items and units (search) comes after them."""
FILES: tuple[str, ...] = tuple(file for _, step in STEPS for file in step.FILES)


def check(pack: PackRows) -> list[Fault]:
    """Return every fault in this room's files, including references into other parts' files."""
    return [fault for _, step in STEPS for fault in step.check(pack)]


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Write all of it inside the caller's transaction; applying twice changes nothing."""
    changes = Changes()
    for _, step in STEPS:
        changes.include(step.apply(pack, actor=actor, at=at))
    return changes
