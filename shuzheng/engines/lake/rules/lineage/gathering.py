"""What both walks share: origins carried through a step, and the lineage put together at the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from shuzheng.engines.lake.types.lineage import By, How, Influence, Lineage, Origin, OutputLineage, Source
from shuzheng.engines.lake.types.tables import Mask, TableCode

Origins: TypeAlias = frozenset[Origin]
Masks: TypeAlias = Mapping[TableCode, Mapping[str, Mask]]
"""What lies on columns for whoever reads, beneath all they ask; what is not named lies open."""


@dataclass(slots=True)
class Relation:
    """Columns of one step, in their order, and what chose its rows."""

    columns: dict[str, Origins]
    influences: set[Influence] = field(default_factory=set)
    rows: Origins = frozenset()
    """Of which tables' rows its rows are made."""

    def chosen(self, origins: Iterable[Origin], by: By) -> None:
        """Note that columns chose rows."""
        self.influences.update(Influence(one.source, by) for one in origins if one.source.column)


def leaf(table: TableCode, column: str, masks: Masks) -> Origin:
    """Return the origin that a column of a table is, to whoever reads."""
    masked = masks.get(table, {}).get(column, Mask.NONE) is not Mask.NONE
    return Origin(Source(table, column), How.MASKED if masked else How.AS_IS, masked)


def carry(origins: Iterable[Origin], how: How) -> Origins:
    """Return the origins after one more step; a column handed on as it is keeps what became of it before."""
    if how is How.AS_IS:
        return frozenset(origins)
    return frozenset(replace(one, how=how, masked=one.masked or how is How.MASKED) for one in origins)


def all_of(parts: Iterable[Origins]) -> Origins:
    """Return the origins of several parts together."""
    return frozenset[Origin]().union(*parts)


def every_column(columns: Mapping[str, Origins]) -> Origins:
    """Return the origins of every column."""
    return all_of(columns.values())


def make_lineage(outputs: Sequence[tuple[str, Origins]], influences: Iterable[Influence], *, exact: bool) -> Lineage:
    """Return the lineage, everything in order."""
    return Lineage(
        tuple(OutputLineage(name, tuple(sorted(origins))) for name, origins in outputs),
        tuple(sorted(set(influences))),
        exact,
    )
