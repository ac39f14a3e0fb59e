"""Types of values, the schema of facts, the typed tree of a rule, and what an explanation is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from typing_extensions import override

Value: TypeAlias = bool | int | Decimal | date | str | list[str] | None
Facts: TypeAlias = Mapping[str, Value]
Decide: TypeAlias = Callable[[Facts], Value]

MOST_DIGITS: Final = 38
"""Digits of the widest DECIMAL of DuckDB and Spark; what could need more is refused when a rule is checked."""


class Kind(StrEnum):
    """What a value is. There is no floating point, no timestamp and no interval: see docs/explanation/rules.md."""

    BOOL = "bool"
    NUMBER = "num"
    DATE = "date"
    TEXT = "str"
    LIST = "list"


KIND_LABELS: Final = {
    Kind.BOOL: "是否",
    Kind.NUMBER: "数值",
    Kind.DATE: "日期",
    Kind.TEXT: "文本",
    Kind.LIST: "列表",
}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value; a number has at most `digits` significant digits, `scale` of them after the point."""

    kind: Kind
    digits: int = 0
    scale: int = 0

    @override
    def __str__(self) -> str:
        label = KIND_LABELS[self.kind]
        return f"{label}（{self.digits} 位，小数 {self.scale} 位）" if self.kind is Kind.NUMBER else label


BOOL: Final = Type(Kind.BOOL)
DATE: Final = Type(Kind.DATE)
TEXT: Final = Type(Kind.TEXT)
LIST: Final = Type(Kind.LIST)


def number(digits: int, scale: int = 0) -> Type:
    """Return the type of numbers with at most `digits` digits, `scale` of them after the point."""
    return Type(Kind.NUMBER, digits, scale)


class Sensitivity(StrEnum):
    """Grade of the column a fact is read from (GB/T 43697-2024 in four steps)."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"


GRADE_LABELS: Final = {
    Sensitivity.L1: "公开",
    Sensitivity.L2: "内部",
    Sensitivity.L3: "敏感",
    Sensitivity.L4: "高度敏感",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What rules may ask about.

    Attributes:
        name: As rules write it, `fact.ent_status`.
        label: What people call it, Chinese.
        unit: 元, 平方米, …; empty where there is none.
        null_means: What it means that the value is missing; missing is never "no".
        register: Code of the data resource it is read from; empty for answers of a form.
        column: Column of that resource.
        changeable: Whether the person asked about can change it (an income, not a birthday).
        choices: Values it can have, where they are known.
    """

    name: str
    type: Type
    label: str
    unit: str = ""
    null_means: str = "未提供"
    register: str = ""
    column: str = ""
    sensitivity: Sensitivity = Sensitivity.L2
    changeable: bool = True
    choices: tuple[str, ...] = ()


Schema: TypeAlias = Mapping[str, Fact]


class Op(StrEnum):
    """Every operator of the tree. Each is total: a value or NULL, never an error."""

    LITERAL = "literal"
    FACT = "fact"
    AND = "and"
    OR = "or"
    NOT = "not"
    COMPARE = "compare"
    IN = "in"
    IS_NULL = "is_null"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    CASE = "case"
    LIKE = "like"
    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    NEGATE = "negate"
    ROUND = "round"
    ABS = "abs"
    FLOOR = "floor"
    CEIL = "ceil"
    GREATEST = "greatest"
    LEAST = "least"
    COALESCE = "coalesce"
    LOWER = "lower"
    UPPER = "upper"
    TRIM = "trim"
    LENGTH = "length"
    SUBSTR = "substr"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    CONTAINS = "contains"
    HAS = "has"
    ADD_DAYS = "add_days"
    ADD_MONTHS = "add_months"
    ADD_YEARS = "add_years"
    DAYS_BETWEEN = "days_between"
    MONTHS_BETWEEN = "months_between"
    YEARS_BETWEEN = "years_between"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class At:
    """A place in a text: line and column, both from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Node:
    """One operator of a checked rule.

    Attributes:
        parts: What it works on. CASE: condition, value, …, and the ELSE value when `value` is true.
        value: LITERAL: the constant. FACT: its name. COMPARE: `=`, `<>`, `<`, `<=`, `>`, `>=`. LIKE: the pattern.
            ROUND: digits kept. DIVIDE: `(digits kept, power of ten the dividend is raised by)`. SUBSTR: `(start,
            length)`. AND made from a BETWEEN: `"between"`.
    """

    op: Op
    type: Type
    parts: tuple["Node", ...] = ()
    value: object = None
    at: At = At()

    @property
    def whole(self) -> int:
        """Return the whole number this operator was written with."""
        if not isinstance(self.value, int):
            raise TypeError(self.op)
        return self.value

    @property
    def pair(self) -> tuple[int, int]:
        """Return the two whole numbers this operator was written with."""
        if not isinstance(self.value, tuple):
            raise TypeError(self.op)
        first, second = self.value
        return first, second


@dataclass(frozen=True, slots=True)
class Rule:
    """A text that was checked, and the tree it became."""

    text: str
    root: Node
    schema: Schema


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition of an explanation.

    Attributes:
        words: The condition in Chinese.
        holds: True, False, or None while a fact it needs is not known.
        actual: What was found, in words; empty where the condition names no single value.
        missing: Names of facts not known that it needs.
        grade: The highest grade among the facts it asks about.
        veiled: What was found is kept back from the reader: see `rules.veiling`.
    """

    words: str
    holds: bool | None
    actual: str
    missing: tuple[str, ...]
    grade: Sensitivity = Sensitivity.L1
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to be otherwise.

    Attributes:
        words: The condition to reach, Chinese.
        missing: Facts to provide first.
        gap: How far a number is off; None where that says nothing.
        unit: Of the gap, as of the fact.
        grade: The highest grade among the facts it asks about.
        from_on: The first day on which time alone makes it hold; None where time does not.
        possible: Whether it can be changed at all (an age can only wait, a birthday not even that).
    """

    words: str
    missing: tuple[str, ...] = ()
    gap: Decimal | None = None
    from_on: date | None = None
    possible: bool = True
    unit: str = ""
    grade: Sensitivity = Sensitivity.L1

    @property
    def gap_words(self) -> str:
        """Return the gap with its unit, '' where there is none."""
        return "" if self.gap is None else f"{self.gap.normalize():f} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule gave what it gave: every condition, and the smallest sets of changes that would make it hold."""

    holds: bool | None
    findings: tuple[Finding, ...]
    ways: tuple[tuple[Change, ...], ...]

    @property
    def telling_ways(self) -> tuple[tuple[Change, ...], ...]:
        """Return the ways that say more than that what is not so should be so: a gap, a day, a choice."""
        if len(self.ways) > 1:
            return self.ways
        return tuple(way for way in self.ways if any(one.gap or one.from_on or not one.possible for one in way))
