"""Where a figure comes from: columns of tables on one side, columns of an answer on the other, and the ways between."""

from dataclasses import dataclass
from enum import StrEnum

from shuzheng.engines.lake.types.tables import TableCode


class How(StrEnum):
    """What is done to a column on its way; of several the last named here tells."""

    AS_IS = "as_is"
    MASKED = "masked"
    COMPUTED = "computed"
    COUNTED = "counted"
    """It decides how many, or how large a group's figure is, and is not itself shown."""
    FILTERED = "filtered"
    """It decides which rows there are: a condition, a join, a grouping, an order."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One column of one table."""

    table: TableCode
    column: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A column of the answer depends on a column of a table."""

    source: Source
    output: str
    how: How


@dataclass(frozen=True, slots=True)
class Lineage:
    """The graph of one answer.

    Attributes:
        outputs: Columns of the answer, in order.
        edges: What each comes from; a source stands once for each way it is used.
        filters: Columns that decide which rows there are: every output depends on them.
    """

    outputs: tuple[str, ...]
    edges: tuple[Edge, ...]
    filters: tuple[Source, ...] = ()

    def of(self, output: str) -> tuple[Edge, ...]:
        """Return what one column comes from."""
        return tuple(edge for edge in self.edges if edge.output == output)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return every column of a table that has a part in the answer."""
        return tuple(sorted({*(edge.source for edge in self.edges), *self.filters}))
