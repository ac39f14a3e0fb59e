"""Decision tables after DMN 1.5: what an author writes, what checking makes of it, what deciding and looking find.

Source: OMG DMN 1.5, 8.2 (hit policies, unary tests, input and output values).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shuzheng.engines.rules.types import Finding, Node, Schema, Type, Value


class HitPolicy(StrEnum):
    """What happens where several rows hold (DMN 1.5, 8.2.8)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    COLLECT = "COLLECT"
    PRIORITY = "PRIORITY"


POLICY_LABELS: Final = {
    HitPolicy.UNIQUE: "唯一：最多一行符合",
    HitPolicy.FIRST: "首行：从上往下第一行符合的",
    HitPolicy.COLLECT: "汇集：所有符合的行",
    HitPolicy.PRIORITY: "优先：符合的行里结果最优先的",
}


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of conditions as written.

    Attributes:
        label: What people call it.
        expression: A fact or any value of the rule language; each cell below tests it.
        allowed: A cell that says which values occur at all (`>= 0`, `'A', 'B'`); empty where any may. It narrows the
            search for gaps and decides nothing.
    """

    label: str
    expression: str
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of results; `priority` lists its values, the foremost first, as written in text."""

    name: str
    label: str
    type: Type
    priority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowText:
    """One row as written: a cell for each column, a value for each output, and a note that decides nothing."""

    tests: tuple[str, ...]
    values: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A table as its author wrote it."""

    policy: HitPolicy
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rows: tuple[RowText, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A checked column.

    Attributes:
        root: The value the cells test.
        subject: What stands for that value in the trees of the cells: the fact itself, or a fact `#1`, `#2`, … that
            holds the value of column 1, 2, …
        allowed: See `InputColumn`; None where any value may occur.
    """

    label: str
    root: Node
    subject: Node
    allowed: Node | None


@dataclass(frozen=True, slots=True)
class Output:
    """A checked column of results; `priority` holds its values, the foremost first."""

    name: str
    label: str
    type: Type
    priority: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A checked row; a test is None where any value will do."""

    number: int
    tests: tuple[Node | None, ...]
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was checked.

    Attributes:
        ranked: The rows in the order in which they count: as written, for PRIORITY by their results first.
        schema: The facts, and those that stand for columns.
    """

    policy: HitPolicy
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    ranked: tuple[Row, ...]
    schema: Schema


class Outcome(StrEnum):
    """What a table comes to."""

    DECIDED = "decided"
    NONE = "none"
    UNKNOWN = "unknown"
    SEVERAL = "several"


OUTCOME_LABELS: Final = {
    Outcome.DECIDED: "有结果",
    Outcome.NONE: "没有一行符合",
    Outcome.UNKNOWN: "待核",
    Outcome.SEVERAL: "几行同时符合",
}


@dataclass(frozen=True, slots=True)
class TableDecision:
    """What a table gives for one set of facts.

    Attributes:
        hits: Numbers of all rows that hold.
        unknown: Numbers of the rows that may hold once a fact is known.
        rows: The rows that count: one, or for COLLECT all that hold; none unless decided.
        values: By output name, for each row that counts.
        missing: Facts not known on which the unknown rows hang.
    """

    outcome: Outcome
    hits: tuple[int, ...]
    unknown: tuple[int, ...]
    rows: tuple[int, ...]
    values: tuple[Mapping[str, Value], ...]
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowFinding:
    """Why a row holds, does not, or is not known: one finding for each cell that asks something, by column from 1."""

    number: int
    holds: bool | None
    cells: Mapping[int, Finding]


class LookKind(StrEnum):
    """What a look over a whole table can find."""

    OVERLAP = "overlap"
    GAP = "gap"
    UNREACHABLE = "unreachable"
    SAMPLED = "sampled"
    MORE = "more"


class Severity(StrEnum):
    """An error keeps a table from being published; a warning has to be read; a note says how things are."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One thing a look over a whole table found.

    Attributes:
        rows: Numbers of the rows it is about.
        words: Chinese, with an example.
        example: Column label → value of the example.
        sampled: Whether it was found, or looked for, by samples only.
    """

    kind: LookKind
    severity: Severity
    rows: tuple[int, ...]
    words: str
    example: Mapping[str, Value]
    sampled: bool = False
