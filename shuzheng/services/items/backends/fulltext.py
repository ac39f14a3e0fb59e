"""What a full-text index must be able to do."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from shuzheng.services.items.rules.matching import Match


class FullText(Protocol):
    """Terms by entry id."""

    def create(self) -> str:
        """Return the statement that makes the table, for the migration."""

    def write(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Keep the terms of entries, in place of those kept before."""

    def remove(self, ids: Iterable[int]) -> None:
        """Forget entries."""

    def match(self, match: Match) -> tuple[str, str]:
        """Return a statement that gives the ids of matching entries, with one placeholder, and what to put there."""
