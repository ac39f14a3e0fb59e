"""Where figures come from: the source columns each column of a result is made of, and what only chose its rows."""

from dataclasses import dataclass
from enum import StrEnum

from shuzheng.engines.lake.types.tables import TableCode


class How(StrEnum):
    """What became of a source's values last, on their way into a column."""

    AS_IS = "as_is"
    MASKED = "masked"
    COMPUTED = "computed"
    COUNTED = "counted"
    SUMMED = "summed"
    LEAST = "least"
    MOST = "most"
    GATHERED = "gathered"
    """Many rows became one value in another way: mean, list, quantile."""
    RANKED = "ranked"
    """A place among other rows: row number, rank, the value of the row before."""


class By(StrEnum):
    """How a column had a part in a result without standing in it."""

    FILTERED = "filtered"
    JOINED = "joined"
    GROUPED = "grouped"
    SORTED = "sorted"
    CHECKED = "checked"
    """A rule of quality asks about it."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A column of a table; column '' is its rows, which a count is made of."""

    table: TableCode
    column: str

    @property
    def name(self) -> str:
        """Return it as one word."""
        return f"{self.table}.{self.column}" if self.column else self.table


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A source of an output.

    Attributes:
        how: What became of it last.
        masked: Whether a mask lay on it anywhere on the way.
    """

    source: Source
    how: How = How.AS_IS
    masked: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Influence:
    """A source that chose, joined, grouped or ordered rows."""

    source: Source
    by: By


@dataclass(frozen=True, slots=True)
class OutputLineage:
    """One column of the result; constants have no origin."""

    name: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of the drawing; `how` is a `How`, or a `By` on lines to `rows`."""

    start: str
    end: str
    how: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What a page draws, left to right.

    Attributes:
        sources: At the left, `table.column`.
        outputs: At the right, `0:name`, numbered in the order of the result.
        edges: From a source to an output, or to `rows`: which rows there are.
    """

    sources: tuple[str, ...]
    outputs: tuple[str, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a result comes from.

    Attributes:
        outputs: In the order of the result's columns.
        influences: In order of table and column.
        exact: False where the query could not be followed: each output is then said to come from every column of
            every table it reads, which is true but not narrow.
    """

    outputs: tuple[OutputLineage, ...]
    influences: tuple[Influence, ...]
    exact: bool = True

    @property
    def sources(self) -> frozenset[Source]:
        """Return every column that has a part in the result."""
        made_of = frozenset(origin.source for output in self.outputs for origin in output.origins)
        return made_of | frozenset(one.source for one in self.influences)

    def of(self, name: str) -> tuple[Origin, ...]:
        """Return the origins of an output.

        Raises:
            KeyError: The result has no such column.
        """
        for output in self.outputs:
            if output.name == name:
                return output.origins
        raise KeyError(name)

    @property
    def graph(self) -> Graph:
        """Return it as lines to draw."""
        ends = [f"{place}:{output.name}" for place, output in enumerate(self.outputs)]
        edges = [
            Edge(origin.source.name, end, origin.how)
            for end, output in zip(ends, self.outputs, strict=True)
            for origin in output.origins
        ]
        edges.extend(Edge(one.source.name, "rows", one.by) for one in self.influences)
        return Graph(tuple(source.name for source in sorted(self.sources)), tuple(ends), tuple(edges))


class Taken(StrEnum):
    """How the text of a source becomes a value of a column."""

    TRIMMED = "trimmed"
    """As it stands, without blanks at its ends; where nothing is left there is no value."""
    PARSED = "parsed"
    """Read as a number, day, moment or truth value; what cannot be read does not land."""


@dataclass(frozen=True, slots=True)
class Inflow:
    """One column of a source that fills one of the table.

    Attributes:
        source: Code.
        headers: Under which it is looked for in the source, the first found counts; one where the source says which.
        mapped: Whether the source says which.
        sealed: Stored sealed.
    """

    source: str
    headers: tuple[str, ...]
    column: str
    taken: Taken
    mapped: bool = False
    sealed: bool = False


class UseKind(StrEnum):
    """What reads columns of a table."""

    QUALITY = "quality"
    """A rule of quality, of the pack or of those every table has."""
    ROWS = "rows"
    """The condition of a grant: it says which rows a reader sees."""
    OUTPUT = "output"
    """A column of what a kept query answers."""
    CHOICE = "choice"
    """Which rows a kept query answers with, and in which order."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A column with a part in a use; column '' is the rows, which a count is made of.

    Attributes:
        how: `How` where its values go in, else `By`.
        masked: Whether a mask lies on it for whoever looks.
    """

    column: str
    how: How | By
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that reads columns.

    Attributes:
        kind: See `UseKind`.
        key: Unique among those of a table.
        name: Label of a rule, name of an output; of a grant the duties it is for, with a comma between; of a choice ''.
        query: Id of the kept query, '' for others.
        title: Of the kept query.
        exact: False where the query could not be followed, so that every column has a part in it.
    """

    kind: UseKind
    key: str
    name: str
    touches: tuple[Touch, ...]
    query: str = ""
    title: str = ""
    exact: bool = True

    def ways(self, column: str) -> tuple[How | By, ...]:
        """Return what part a column has in it."""
        return tuple(dict.fromkeys(one.how for one in self.touches if one.column == column))


@dataclass(frozen=True, slots=True)
class TableLineage:
    """Where each column of a table comes from and what is made of it.

    Attributes:
        inflows: In the order of sources, then of the table's columns.
        uses: Rules of quality, conditions of grants, then kept queries with their columns.
        more: There were further kept queries than were looked at.
    """

    table: TableCode
    columns: tuple[str, ...]
    inflows: tuple[Inflow, ...]
    uses: tuple[Use, ...]
    more: bool = False

    def into(self, column: str) -> tuple[Inflow, ...]:
        """Return what fills a column."""
        return tuple(one for one in self.inflows if one.column == column)

    def out_of(self, column: str) -> tuple[Use, ...]:
        """Return what reads a column."""
        return tuple(one for one in self.uses if any(touch.column == column for touch in one.touches))
