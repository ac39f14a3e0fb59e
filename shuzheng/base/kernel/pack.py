"""The shape of a pack part: what a room says of its files in a city pack.

`shuzheng.packs` reads files into rows (with file and line), asks every room's part to check all of them, shows
every fault at once, and only then lets the parts apply theirs in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from shuzheng.base.kernel.types import Actor, Json


class Table(dict[str, object]):
    """A table inside a TOML row (`[[form.section]]` in a `[[form]]`); knows the line it begins at."""

    __slots__ = ("line",)

    def __init__(self, values: Mapping[str, object], line: int) -> None:
        super().__init__(values)
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a pack file: a CSV line, a TOML table, or a whole text file (key `text`).

    Attributes:
        file: Name relative to the pack, `/` between folders.
        line: Where the record begins, from 1.
        values: CSV cells by column, all text, without surrounding blanks; a TOML table's keys; `text` of another file.
        table: In a TOML file, the top-level table or key this row is: `form` for each `[[form]]`, the key itself for
            `"a.b" = { … }`, '' for the row that gathers plain top-level keys. '' in other files.
    """

    file: str
    line: int
    values: Mapping[str, object]
    table: str = ""

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return the tables of a nested array such as `[[form.section]]`, none when absent."""
        value = self.values.get(key)
        return tuple(t for t in value if isinstance(t, Table)) if isinstance(value, list) else ()

    def text(self, key: str) -> str:
        """Return a value as text, '' when absent."""
        value = self.values.get(key)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a pack: where, what, and how to put it right (Chinese)."""

    file: str
    line: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PackRows:
    """A pack that has been read: rows by file name relative to the pack (`items.csv`, `processes/x.bpmn`)."""

    rows: Mapping[str, Sequence[Row]]

    def of(self, file: str) -> Sequence[Row]:
        """Return the rows of a file, none when the pack lacks it."""
        return self.rows.get(file, ())

    def matching(self, prefix: str, suffix: str) -> tuple[str, ...]:
        """Return the names of files under a folder with an ending, sorted."""
        return tuple(sorted(f for f in self.rows if f.startswith(prefix) and f.endswith(suffix)))


def say_value(value: object) -> str:
    """Return a value as a note on a change writes it.

    Example:
        >>> say_value(None), say_value(["a", "b"]), say_value(";a;b;"), say_value(5)
        ('未定', 'a、b', 'a、b', '5')
    """
    if value is None or value in ("", ()) or value == []:
        return "未定"
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    text = str(value)
    return text.strip(";").replace(";", "、") if text.startswith(";") and text.endswith(";") else text


def say_columns(before: Mapping[str, object], after: Mapping[str, object], labels: Mapping[str, str]) -> list[str]:
    """Return one phrase for each column that differs and has a name, such as `承诺时限 5 → 4`."""
    return [
        f"{labels[name]} {say_value(before.get(name))} → {say_value(value)}"
        for name, value in after.items()
        if name in labels and before.get(name) != value
    ]


NOTES_MOST = 500
"""A change in words is kept up to this many; the rest is only counted."""


@dataclass(slots=True)
class Changes:
    """What applying a part did.

    Attributes:
        notes: Changes in words (Chinese), never with personal data.
        more: Changes that were left out of `notes`.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    notes: list[str] = field(default_factory=list)
    more: int = 0

    def note(self, text: str) -> None:
        """Say a change in words."""
        if len(self.notes) < NOTES_MOST:
            self.notes.append(text)
        else:
            self.more += 1

    def include(self, other: "Changes") -> None:
        """Count what another step did as done here."""
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.retired += other.retired
        self.more += other.more
        for text in other.notes:
            self.note(text)

    @property
    def nothing_changed(self) -> bool:
        """Tell whether the database already held exactly this."""
        return not (self.added or self.changed or self.retired)


class Part(Protocol):
    """A room's part of a pack: the module `<room>.pack` fulfils it."""

    @property
    def FILES(self) -> tuple[str, ...]:  # noqa: N802 - a constant of the module
        """File names, or `folder/*.ext` patterns, that this part reads."""

    def check(self, pack: PackRows) -> list[Fault]:
        """Return every fault in this part's files, including references into other parts' files."""

    def apply(self, pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
        """Write the part inside the caller's transaction; applying twice changes nothing."""


def to_json(value: object) -> Json:
    """Return a pack value as JSON: dates as ISO text, tables as objects."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [to_json(part) for part in value]
    return str(value)


def rows_of(pack: PackRows, file: str, table: str) -> list[Row]:
    """Return the rows of one table of a TOML file."""
    return [row for row in pack.of(file) if row.table == table]
