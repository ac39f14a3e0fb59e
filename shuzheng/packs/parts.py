"""The parts of a pack, in the order they are loaded: each may refer to those before it."""

from shuzheng.base.kernel.pack import Part

PARTS: tuple[tuple[str, Part], ...] = ()
"""Chinese name and part."""
