"""Where sealed values lie: each room declares its columns, so that one command can change the keys of all of them.

A column is sealed in the context `<place>:<owner>`. A room that keeps sealed values elsewhere (files on disk) declares
a `SealedStore`. A test of the house fails when a sealed column is declared nowhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from shuzheng.base.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A blind index (key ring `blind`) that can be made again from the sealed value beside it.

    Attributes:
        column: Column of the same row.
        text_of: Gives the indexed text from the opened value and the row's `needs`.
        needs: Other columns the text is made of; `a__b` reaches a row of the same room.
    """

    column: str
    text_of: Callable[[str, Mapping[str, object]], str] = field(default=lambda value, _row: value)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values.

    Attributes:
        model: `<app label>.<Model>`.
        column: Name; `payload.sealed` is a member, base64, of a JSON column.
        place: What the seal is bound to, before the colon.
        owner: Column, or member of a JSON column, whose text stands after the colon; '' when the row does not hold it:
            such a value cannot be sealed again and must end by itself (`life`).
        only: Rows that hold it, as conditions on columns.
        indexes: Blind indexes made of it.
        life: Chinese, how long a value without `owner` lives at most.
    """

    model: str
    column: str
    place: str
    owner: str = "public_id"
    only: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[IndexColumn, ...] = ()
    life: str = ""

    @property
    def name(self) -> str:
        """Return the name it is registered under."""
        return f"{self.model}.{self.column}"


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch did.

    Attributes:
        after: Position to go on from, None at the end.
        seen: Values looked at.
        changed: Values sealed again.
        old: Values that still need an older key afterwards.
    """

    after: int | None
    seen: int
    changed: int
    old: int


class SealedStore(Protocol):
    """Sealed values that are not columns."""

    @property
    def name(self) -> str:
        """Return the name it is registered under."""
        ...  # pragma: no cover

    def reseal(self, *, after: int, limit: int) -> Step:
        """Seal again, with the active key, what is not; at most `limit` values from the one behind `after`."""
        ...  # pragma: no cover


SEALED: Final[Registry[SealedColumn | SealedStore]] = Registry("sealed place")
"""Everything that is sealed, by name; filled by the composition root."""
