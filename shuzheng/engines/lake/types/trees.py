"""A bulk job as a tree: what is read, kept, computed, counted. An engine runs it; lineage is read off it.

A tree says nothing of files, dialects or places. Expressions are checked trees of `engines.rules` over the columns of
what stands below, or the few things beside them that rules do not have: a masked column, a column as it is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from shuzheng.engines.lake.types.tables import Column, Mask, TableCode
from shuzheng.engines.rules.types import Node


@dataclass(frozen=True, slots=True)
class Plain:
    """A column as it is; of any kind, a moment too."""

    column: str


@dataclass(frozen=True, slots=True)
class Masked:
    """What a mask leaves of a column."""

    column: Column
    mask: Mask


Expression: TypeAlias = Node | Plain | Masked


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a result and how it comes about."""

    name: str
    expression: Expression


class Measure(StrEnum):
    """How many rows become one value. Each but COUNT passes over NULL; of no rows SUM, LEAST and MOST are NULL."""

    COUNT = "count"
    COUNT_KNOWN = "count_known"
    COUNT_TRUE = "count_true"
    COUNT_FALSE = "count_false"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure over the rows of a group; `expression` is None for COUNT alone.

    COUNT_TRUE and COUNT_FALSE take conditions, SUM takes numbers and is exact: DECIMAL(38, scale).
    """

    name: str
    measure: Measure
    expression: Expression | None = None


class JoinKind(StrEnum):
    """INNER and LEFT give both sides' columns; SEMI and ANTI give the left side's rows that have, or lack, a match."""

    INNER = "inner"
    LEFT = "left"
    SEMI = "semi"
    ANTI = "anti"


@dataclass(frozen=True, slots=True)
class Scan:
    """A table of the lake, some of its columns; of the lake's own columns those that are named."""

    table: TableCode
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows for which a condition holds; false and NULL are left out."""

    source: "Tree"
    condition: Node


@dataclass(frozen=True, slots=True)
class Project:
    """Columns computed row by row."""

    source: "Tree"
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One row a group; without `by` one row in all. NULL is a group of its own."""

    source: "Tree"
    by: tuple[str, ...]
    figures: tuple[Figure, ...]
    least: int = 0
    """Groups whose COUNT(DISTINCT of_whom) is smaller are left out; 0: none is.

    A figure of an expression, COUNT_DISTINCT apart, is NULL where fewer of them have a value, or fewer but some lack
    one.
    """
    of_whom: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Rows of two trees with equal columns; NULL equals nothing. No column name stands on both sides.

    Attributes:
        on: Pairs of a left and a right column.
    """

    left: "Tree"
    right: "Tree"
    kind: JoinKind
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Union:
    """All rows of all; columns of the first, by name; a row that stands twice stays twice."""

    sources: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Sort:
    """Rows in an order, NULL last, at most `limit` of them; 0: all.

    Attributes:
        by: Column and whether it falls.
    """

    source: "Tree"
    by: tuple[tuple[str, bool], ...]
    limit: int = 0


Tree: TypeAlias = Scan | Filter | Project | Aggregate | Join | Union | Sort
