"""Conditions of hand-written lists, and the positions their pages continue from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from shuzheng.engines.cases.errors import PositionInvalid
from shuzheng.engines.cases.queries.rows import DbValue, to_db, to_moment

LIMIT_MAX: Final = 200
DEEPEST: Final = 4


@dataclass(slots=True)
class Where:
    """Conditions with their values, in the order written."""

    conditions: list[str] = field(default_factory=list)
    values: list[DbValue] = field(default_factory=list)

    def add(self, condition: str, *values: DbValue) -> None:
        """Add one condition, made of constants and `%s`."""
        self.conditions.append(condition)
        self.values.extend(map(to_db, values))

    def begins(self, column: str, digits: str) -> None:
        """Add that a column of digits begins with these, as a range an index can use."""
        self.add(f"{column} >= %s", digits)
        if set(digits) != {"9"}:
            self.add(f"{column} < %s", str(int(digits) + 1).zfill(len(digits)))

    @property
    def text(self) -> str:
        """Return the conditions joined, beginning with ` and `."""
        return "".join(f" and {condition}" for condition in self.conditions)


def places(values: tuple[object, ...]) -> str:
    """Return as many `%s` as there are values."""
    return ", ".join(["%s"] * len(values))


def known(value: object) -> datetime:
    """Return a moment read by a cursor that must be there."""
    at = to_moment(value)
    if at is None:
        raise TypeError("a moment that must be known is null")
    return at


def read_id(after: str) -> int:
    """Return the row id of a position that is nothing else.

    Raises:
        PositionInvalid: It is none.
    """
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise PositionInvalid
    return int(after)


def read_moment(after: str) -> tuple[datetime, int]:
    """Return moment and row id of a position `moment~id`.

    Raises:
        PositionInvalid: It is none.
    """
    written, _, row_id = after.rpartition("~")
    try:
        at = datetime.fromisoformat(written)
        number = int(row_id)
    except ValueError as error:
        raise PositionInvalid from error
    if at.tzinfo is None or not 0 <= number < 1 << 63:
        raise PositionInvalid
    return at, number
