"""What a table of the lake is: columns with type, grade and mask, quality rules, and who may read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final, NewType

from shuzheng.base.kernel.types import OrgId, PartyKind
from shuzheng.engines.rules.types import BOOL, DATE, TEXT, Fact, Schema, Sensitivity as Grade, Type, number

__all__ = [
    "BATCH_COLUMN",
    "GRADES",
    "LANDED_COLUMN",
    "OWN_COLUMNS",
    "ROW_COLUMN",
    "Access",
    "Column",
    "Dimension",
    "FieldKind",
    "Grade",
    "Mask",
    "QualityRule",
    "Table",
    "TableCode",
]

TableCode = NewType("TableCode", str)
"""Name of a table: a lower-case letter, then letters, digits and `_`, at most 60; SQL writes it as it stands."""

BATCH_COLUMN: Final = "_batch"
"""Text: the batch a row came with."""
ROW_COLUMN: Final = "_row"
"""Whole number: where it stood in its source, from 1; an embedded newline does not count twice."""
LANDED_COLUMN: Final = "_landed_at"
"""Moment, UTC: when its batch landed."""
OWN_COLUMNS: Final = (BATCH_COLUMN, ROW_COLUMN, LANDED_COLUMN)
"""Columns the lake adds to each table; no source may have a column that begins with `_`."""

GRADES: Final = (Grade.L1, Grade.L2, Grade.L3, Grade.L4)
"""From open to most sensitive."""


class FieldKind(StrEnum):
    """What a column holds. There is no floating point: what is measured has a declared number of digits."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    """With its offset in the source, UTC in the lake; a source without one is read in the city's zone."""
    BOOLEAN = "boolean"


class Mask(StrEnum):
    """What is left of a value for whoever may not see it whole."""

    NONE = "none"
    KEEP_ENDS = "keep_ends"
    """首尾保留: 张*三, 3415**********9916, 199****0001."""
    HASH = "hash"
    """Keyed hash: equal values stay equal within the city and can be joined, nothing else is learnt."""
    GENERALISE = "generalise"
    """概化: a day becomes its year, a number its band, an address its county."""
    DROP = "drop"
    """Nothing is left: NULL."""


class Dimension(StrEnum):
    """The six dimensions of data quality (GB/T 36344-2018)."""

    CONFORMITY = "规范性"
    COMPLETENESS = "完整性"
    ACCURACY = "准确性"
    CONSISTENCY = "一致性"
    TIMELINESS = "时效性"
    ACCESSIBILITY = "可访问性"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: Identifier, as SQL and rules write it.
        label: Chinese name.
        digits: Most significant digits of an integer or decimal, up to 38.
        scale: Digits of a decimal after the point.
        required: A row without it is quarantined.
        key: Part of what names a row; batches of an incremental source replace rows by it.
        sealed: Stored sealed, opened by the gate alone; every L4 column is.
        standard: Such as GB 11643.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    digits: int = 18
    scale: int = 0
    required: bool = False
    key: bool = False
    grade: Grade = Grade.L1
    mask: Mask = Mask.NONE
    unit: str = ""
    standard: str = ""

    @property
    def sealed(self) -> bool:
        """Tell whether the column is stored sealed."""
        return self.grade is Grade.L4

    @property
    def rule_type(self) -> Type | None:
        """Return the type rules see, None for a moment, which rules do not have."""
        if self.kind in (FieldKind.INTEGER, FieldKind.DECIMAL):
            return number(self.digits, self.scale if self.kind is FieldKind.DECIMAL else 0)
        return _RULE_TYPES.get(self.kind)


_RULE_TYPES: Final[Mapping[FieldKind, Type]] = {
    FieldKind.TEXT: TEXT,
    FieldKind.DATE: DATE,
    FieldKind.BOOLEAN: BOOL,
}


@dataclass(frozen=True, slots=True)
class QualityRule:
    """What should hold of every row.

    Attributes:
        code: Unique in its table.
        text: A rule over the table's columns and `today`; a row for which it gives NULL was not judged.
        label: Chinese, shown with the score.
        target: Least share of rows, 0 to 1, that should hold.
        blocks: A row that fails is quarantined, not landed.
    """

    code: str
    text: str
    label: str
    dimension: Dimension
    target: str = "1"
    blocks: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may read the table for what; the sum of all that fit an actor is what the actor sees.

    Attributes:
        roles: Duties of the post, one of which must be held.
        own: Only posts of the table's department and the units below it.
        purposes: Purposes that may be named, Chinese; one must be.
        columns: What may be read; empty: every column.
        clear: Columns graded above this are masked.
        rows: A rule over columns and `actor.org`, `actor.division` (text, as codes); '' is every row.
        least_group: No answer shows a group of fewer subjects; 0 where single rows may be seen.
    """

    roles: frozenset[str]
    purposes: tuple[str, ...]
    own: bool = False
    columns: tuple[str, ...] = ()
    clear: Grade = Grade.L1
    rows: str = ""
    least_group: int = 0
    source: str = ""


@dataclass(frozen=True)
class Table:
    """One table of the lake.

    Attributes:
        code: Name of the folder, and the name in SQL.
        dataset: Code of the data resource in the city's catalogue, '' for what the platform makes itself.
        department: Who answers for it.
        subject: Column that says whom a row is about, '' where rows are about nobody; see `subject_kind`.
        fresh_days: The table is stale when nothing was gathered for longer; 0: never.
        valid_from: First day this definition holds.
        source: Where the definition comes from.
    """

    code: TableCode
    label: str
    department: OrgId
    columns: tuple[Column, ...]
    dataset: str = ""
    summary: str = ""
    subject: str = ""
    subject_kind: PartyKind | None = None
    fresh_days: int = 0
    rules: tuple[QualityRule, ...] = ()
    access: tuple[Access, ...] = ()
    valid_from: date = date(2000, 1, 1)
    source: str = ""
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns."""
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the columns that together name a row; empty where rows have no name."""
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def schema(self) -> Schema:
        """Return the columns as facts of rules, and `today`."""
        facts = {
            column.name: Fact(
                column.name,
                kind,
                column.label,
                unit=column.unit,
                register=self.dataset or self.code,
                column=column.name,
                sensitivity=column.grade,
            )
            for column in self.columns
            if (kind := column.rule_type) is not None
        }
        return {**facts, "today": Fact("today", DATE, "今天", changeable=False)}
