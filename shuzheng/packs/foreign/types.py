"""What is read from a foreign list, and the report on it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shuzheng.base.kernel.types import JsonObject

DEFAULT_DAYS = 20
"""Working days for an item whose list states none. Source: 《中华人民共和国行政许可法》第四十二条."""


@dataclass(frozen=True, slots=True)
class ForeignItem:
    """One row of a foreign list as far as a pack can say it.

    Attributes:
        line: Where it stands in the file, from 1.
        source_code: Its code there, unique in the list.
        basic_code: 12 or 14 digits, '' when its code has another shape and one must be given.
        unit: 31 or 33 characters of the implementing item, '' when the list does not state it.
        group: Name of the main item (主项) it belongs to, '' for none; for giving codes.
        province: First two digits for a code that is given.
        kind: Two digits of the kind.
        department: Body that is responsible, as the list names it.
        body_code: That body's code, as the list states it.
        legal_days: Working days; None is none stated. Likewise `promised_days`.
        scope: Whom it is for, in words.
        conditions: Conditions of acceptance.
        materials: Names of the papers.
    """

    line: int
    source_code: str
    name: str
    kind: str
    department: str
    level: str
    basic_code: str = ""
    unit: str = ""
    group: str = ""
    province: str = "00"
    body_code: str = ""
    applicant: str = "both"
    legal_days: int | None = None
    promised_days: int | None = None
    visits: int | None = None
    theme: str = ""
    channels: tuple[str, ...] = ()
    scope: str = ""
    conditions: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not understood, or was understood with a reservation.

    Attributes:
        line: Line of the file, from 1; 0 for the file as a whole.
        code: The row's code there, '' when it has none.
        what: The reason (Chinese).
    """

    line: int
    code: str
    what: str


@dataclass(slots=True)
class Findings:
    """What a reader found.

    Attributes:
        read: Rows read; each is in `items` or in `refused`.
        remarks: What was taken over with a reservation.
        unused: Columns whose content a pack has no place for, or that nobody knew.
        unknown: Those of them that this shape is not known to have.
    """

    read: int = 0
    items: list[ForeignItem] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Shape(Protocol):
    """A shape lists are published in: a module with these."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """Name for `--format`."""

    @property
    def fits(self) -> Callable[[str], bool]:
        """Tell from the first line of a file whether it has this shape."""

    @property
    def read(self) -> Callable[[str, Mapping[str, frozenset[str]]], Findings]:
        """Return what a file says; the second argument are vocabularies that lie beside it, by name."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every row.

    Attributes:
        read: Rows of the list; `imported` of them were taken over, the others are in `not_understood`.
        written: Rows written by file of the pack.
        defaults: What was put where the list says nothing, by column.
        bodies: Responsible bodies as the list names them, with their code there and the number of their rows.
        codes_given: Rows that were given a code of our shape.
    """

    file: str
    format: str
    read: int
    imported: int
    not_understood: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    unknown_columns: tuple[str, ...]
    unused_columns: tuple[str, ...]
    written: Mapping[str, int]
    defaults: Mapping[str, str]
    bodies: tuple[tuple[str, str, int], ...]
    codes_given: int

    def as_json(self) -> JsonObject:
        """Return the whole report as JSON."""
        return {
            "file": self.file,
            "format": self.format,
            "read": self.read,
            "imported": self.imported,
            "not_understood": _remarks(self.not_understood),
            "remarks": _remarks(self.remarks),
            "unknown_columns": list(self.unknown_columns),
            "unused_columns": list(self.unused_columns),
            "written": dict(self.written),
            "defaults": dict(self.defaults),
            "bodies": [{"name": name, "code": code, "rows": rows} for name, code, rows in self.bodies],
            "codes_given": self.codes_given,
        }


def _remarks(remarks: Iterable[Remark]) -> list[JsonObject]:
    return [{"line": r.line, "code": r.code, "what": r.what} for r in remarks]
