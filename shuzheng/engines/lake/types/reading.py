"""What a reader may see of tables: one plan for every path, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import pyarrow as pa
from sqlglot import exp

from shuzheng.base.kernel.types import DivisionCode, OrgId
from shuzheng.engines.lake.types.lineage import Lineage
from shuzheng.engines.lake.types.tables import Mask, Table, TableCode
from shuzheng.engines.rules.types import Node


class Match(StrEnum):
    """How a text that is looked for fits a value."""

    IS = "is"
    BEGINS = "begins"
    HOLDS = "holds"


class ExportForm(StrEnum):
    """What an answer is taken out as; the ending of the file."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Reader:
    """All that decides what somebody may see of the lake.

    Attributes:
        org: Of the post; None for whoever holds none.
        above: That organization and those above it.
        division: The organization's administrative division.
        roles: Duties of the post.
        system: The platform itself, by a plan made for it alone.
    """

    org: OrgId | None = None
    above: frozenset[OrgId] = frozenset()
    division: DivisionCode | None = None
    roles: frozenset[str] = frozenset()
    system: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """What one entry of `Access` gives: some rows, and of each some columns.

    Attributes:
        columns: What may be read of these rows, with what is left of it; others do not exist.
        rows: The reader's constants bound; None is every row.
        least_group: 0 where single rows may be seen.
    """

    columns: Mapping[str, Mask]
    rows: Node | None = None
    least_group: int = 0


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What one reader sees of one table.

    A row is seen where a branch holds it. A cell is what the most open of the branches that hold its row and have its
    column leaves of it, else NULL: no cell is ever more open than one entry alone makes it.

    Attributes:
        columns: Of all branches, in the order of the table.
        least_group: No answer shows a group of fewer subjects; 0: single rows may be seen.
    """

    table: Table
    branches: tuple[Branch, ...]
    columns: tuple[str, ...]
    least_group: int = 0

    @property
    def masks(self) -> Mapping[str, Mask]:
        """Return, for each column, the most that is hidden of it in any row; for headings."""
        return {
            name: max((one.columns[name] for one in self.branches if name in one.columns), key=_closed)
            for name in self.columns
        }

    @property
    def every_row(self) -> bool:
        """Tell whether no row is hidden."""
        return any(one.rows is None for one in self.branches)


def _closed(mask: Mask) -> int:
    return (Mask.NONE, Mask.HASH, Mask.KEEP_ENDS, Mask.GENERALISE, Mask.DROP).index(mask)


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """What one reader sees of some tables for one purpose; made by `rules.planning` and by nothing else."""

    tables: Mapping[TableCode, TablePlan]
    reader: Reader
    purpose: str

    @property
    def least_group(self) -> int:
        """Return the strictest small-group limit."""
        return max((one.least_group for one in self.tables.values()), default=0)

    @property
    def seen(self) -> Mapping[TableCode, Table]:
        """Return the tables cut to the columns the reader sees."""
        return {
            code: replace(one.table, columns=tuple(one.table.by_name[name] for name in one.columns))
            for code, one in self.tables.items()
        }

    @property
    def masks(self) -> Mapping[TableCode, Mapping[str, Mask]]:
        """Return the most that is hidden of each column."""
        return {code: one.masks for code, one in self.tables.items()}


@dataclass(frozen=True, slots=True)
class Query:
    """A text that was read but not yet judged; made by `rules.vetting.read_query`.

    Attributes:
        tables: Catalogue tables it names.
        tree: As it was read; vetting writes it anew in place.
    """

    text: str = field(repr=False)
    tables: tuple[TableCode, ...]
    tree: exp.Expr = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Vetted:
    """What may run, as it will run.

    Attributes:
        sql: Regenerated; reads secured views alone.
        subjects: Names of columns at the end that carry the keyed subject of each row, each with its table; taken off
            before rows leave.
        about: Tables of which something about single subjects may be learnt that `subjects` does not name.
    """

    sql: str = field(repr=False)
    plan: ReadingPlan
    subjects: tuple[tuple[str, TableCode], ...] = ()
    about: tuple[TableCode, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column of an answer.

    Attributes:
        label: Chinese, where it is one column of a table; else its name.
        mask: What is left of it at most, NONE where nothing was hidden.
        sources: `table.column` it comes from.
    """

    name: str
    label: str
    type: str
    mask: Mask = Mask.NONE
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What a reader gets, after it was logged.

    Attributes:
        rows: At most the limit.
        more: There were more rows than the limit.
        notes: Chinese, such as why groups are missing.
        lineage: Where each column comes from.
    """

    columns: tuple[AnswerColumn, ...]
    rows: pa.Table = field(repr=False)
    more: bool
    milliseconds: int
    notes: tuple[str, ...]
    lineage: Lineage

    @property
    def values(self) -> tuple[list[Any], ...]:
        """Return the columns as Python values; days and moments outside Python's calendar as text."""
        return tuple(map(values_of, self.rows.columns))


def values_of(column: pa.ChunkedArray | pa.Array) -> list[Any]:
    """Return a column as Python values; where days or moments are outside Python's calendar, as text."""
    try:
        given: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):
        given = column.cast(pa.string()).to_pylist()
    return given
