"""Follow a table by its growing key, also where keys become visible out of order."""

from collections import deque
from collections.abc import Iterable


class Tail:
    """How far a table was read.

    On PostgreSQL a transaction that took its key earlier may commit later, so keys behind the newest may still come.
    A key counts as settled `settle` seconds after it was first passed; until then the stretch behind it is read again
    and what is known already is left out. SQLite writes one transaction at a time: there nothing comes late.
    """

    def __init__(self, start: int, *, settle: float) -> None:
        self.settled = start
        """Everything up to here was seen: read on from here."""
        self.newest = start
        self._settle = settle
        self._seen: set[int] = set()
        self._passed: deque[tuple[float, int]] = deque()

    @property
    def known(self) -> int:
        """Return how many rows after `settled` were taken already and will be read again."""
        return len(self._seen)

    def take(self, positions: Iterable[int], *, now: float) -> frozenset[int]:
        """Return the positions that are new among those read after `settled`."""
        new = frozenset(positions) - self._seen
        self._seen |= new
        top = max(new, default=self.newest)
        if top > self.newest:
            self.newest = top
            self._passed.append((now, top))
        while self._passed and self._passed[0][0] <= now - self._settle:
            self.settled = self._passed.popleft()[1]
        self._seen = {position for position in self._seen if position > self.settled}
        return new
