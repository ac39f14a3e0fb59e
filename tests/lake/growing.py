"""Random tables and random trees over them, from a seed."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.rules.arrow import MOMENT
from shuzheng.engines.lake.rules.columns import Columns, columns_of
from shuzheng.engines.lake.rules.masking import MASKABLE
from shuzheng.engines.lake.types.tables import Column, FieldKind, Mask, Table, TableCode
from shuzheng.engines.lake.types.trees import (
    Aggregate,
    Figure,
    Filter,
    Join,
    JoinKind,
    Masked,
    Measure,
    Output,
    Plain,
    Project,
    Scan,
    Sort,
    Tree,
    Union,
)
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.types import BOOL, DATE, TEXT, Fact, Kind, Node, Type, number
from tests.lake.reference import Row
from tests.rules.making import DATES, TEXTS, Maker

ADDRESSES = (
    *("甲省乙市丙区丁街1号", "甲省乙县小区3栋", "乙市丙小区", "甲自治区乙旗", "区", "某小区", "丙市乙园区八区九"),
    *(
        "区区",
        "小区区",
        "区小区",
        "县区",
        "小县",
        "甲市园区旗",
        "社区园区街区县",
        "甲自治区",
        "市甲市",
        "e\u0301乙区",
        "👨‍👩‍👧乙区",
    ),
)
IDS = ("341502199003079916", "19912340001", "张三", "张", "6222021234567890123", "皖N12345")
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 2, 29, 16, tzinfo=UTC),
    datetime(2023, 12, 31, 18, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
)


def columns(prefix: str = "") -> tuple[Column, ...]:
    kinds = {
        "i1": (FieldKind.INTEGER, 18, 0),
        "i2": (FieldKind.INTEGER, 9, 0),
        "w1": (FieldKind.INTEGER, 38, 0),
        "d1": (FieldKind.DECIMAL, 14, 2),
        "d2": (FieldKind.DECIMAL, 10, 4),
        "d3": (FieldKind.DECIMAL, 38, 30),
        "t1": (FieldKind.DATE, 18, 0),
        "t2": (FieldKind.DATE, 18, 0),
        "m1": (FieldKind.MOMENT, 18, 0),
        "s1": (FieldKind.TEXT, 18, 0),
        "s2": (FieldKind.TEXT, 18, 0),
        "b1": (FieldKind.BOOLEAN, 18, 0),
        "b2": (FieldKind.BOOLEAN, 18, 0),
    }
    return tuple(Column(prefix + name, name, kind, digits, scale) for name, (kind, digits, scale) in kinds.items())


def table(code: str, prefix: str = "") -> Table:
    return Table(TableCode(code), code, OrgId("11990100MBY0000455"), columns(prefix))


def fact_of(name: str, found: pa.DataType) -> Fact | None:
    kinds = {pa.string(): TEXT, pa.date32(): DATE, pa.bool_(): BOOL, pa.int64(): number(18)}
    kind: Type | None = number(found.precision, found.scale) if pa.types.is_decimal(found) else kinds.get(found)
    return None if kind is None else Fact(name, kind, name)


class Grower:
    """Grows rows and trees; the same seed grows the same ones."""

    def __init__(self, seed: int, tables: dict[TableCode, Table]) -> None:
        self.random, self.tables, self.made = random.Random(seed), tables, 0

    # ---- rows ----
    def rows(self, found: Table, n: int) -> list[Row]:
        maker = Maker(self.random.randrange(2**32), found.schema)
        return [{column.name: self.cell(column, maker) for column in found.columns} for _ in range(n)]

    def cell(self, column: Column, maker: Maker) -> object:
        if self.random.random() < 0.2:
            return None
        match column.kind:
            case FieldKind.MOMENT:
                return self.random.choice(MOMENTS)
            case FieldKind.DATE:
                return self.random.choice(DATES[:8]) if self.random.random() < 0.5 else maker.day()
            case FieldKind.TEXT:
                return self.random.choice((*TEXTS, *ADDRESSES, *IDS, "a", "b", "a"))
            case FieldKind.BOOLEAN:
                return self.random.random() < 0.5
        small = self.random.random() < 0.4 and column.digits - column.scale > 1
        value = Decimal(self.random.randint(-3, 3)) if small else maker.amount(number(column.digits, column.scale))
        return value if column.kind is FieldKind.DECIMAL or column.digits > 18 else int(value)

    # ---- trees ----
    def tree(self, depth: int) -> Tree:
        grown: Tree = self.scan("a")
        for _ in range(depth):
            grown = self.random.choice((self.filter, self.project, self.aggregate, self.join, self.union, self.sort))(
                grown
            )
        return grown

    def given(self, tree: Tree) -> Columns:
        return columns_of(tree, self.tables)

    def scan(self, code: str) -> Scan:
        names = [column.name for column in self.tables[TableCode(code)].columns]
        return Scan(TableCode(code), tuple(self.random.sample(names, self.random.randint(4, len(names)))))

    def rule(self, given: Columns, kind: Kind) -> Node | None:
        """Return a rule over the columns, None when none was found in some tries."""
        schema = {name: fact for name, found in given.items() if (fact := fact_of(name, found)) is not None}
        maker = Maker(self.random.randrange(2**32), schema)
        for _ in range(20):
            try:
                return check_rule(maker.text(kind, self.random.randint(1, 3)), schema, kind=kind).root
            except (RuleTextInvalid, IndexError):  # too wide; no column of a kind it wanted
                continue
        return None

    def filter(self, below: Tree) -> Tree:
        condition = self.rule(self.given(below), Kind.BOOL)
        return below if condition is None else Filter(below, condition)

    def name(self) -> str:
        self.made += 1
        return f"x{self.made}"

    def project(self, below: Tree) -> Tree:
        given = self.given(below)
        outputs = [Output(name, Plain(name)) for name in self.random.sample(list(given), min(3, len(given)))]
        for kind in (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.BOOL):
            if (node := self.rule(given, kind)) is not None:
                outputs.append(Output(self.name(), node))
        outputs.extend(
            Output(self.name(), self.masked(name, given[name])) for name in self.random.sample(list(given), 1)
        )
        return Project(below, tuple(outputs))

    def masked(self, name: str, found: pa.DataType) -> Masked:
        if pa.types.is_decimal(found):
            column = Column(name, name, FieldKind.DECIMAL, found.precision, found.scale)
        else:
            kinds = {
                pa.string(): FieldKind.TEXT,
                pa.int64(): FieldKind.INTEGER,
                pa.date32(): FieldKind.DATE,
                pa.bool_(): FieldKind.BOOLEAN,
                MOMENT: FieldKind.MOMENT,
            }
            column = Column(name, name, kinds[found])
        return Masked(column, self.random.choice([mask for mask in Mask if column.kind in MASKABLE[mask]]))

    def aggregate(self, below: Tree) -> Tree:
        given = self.given(below)
        by = tuple(self.random.sample(list(given), self.random.randint(0, min(2, len(given)))))
        figures = [Figure(self.name(), Measure.COUNT)]
        plain: tuple[Measure, ...] = (Measure.COUNT_KNOWN, Measure.COUNT_DISTINCT, Measure.LEAST, Measure.MOST)
        for measure in plain:
            figures.append(Figure(self.name(), measure, Plain(self.random.choice(list(given)))))
        if (node := self.rule(given, Kind.BOOL)) is not None:
            figures.extend(
                (Figure(self.name(), Measure.COUNT_TRUE, node), Figure(self.name(), Measure.COUNT_FALSE, node))
            )
        if (node := self.rule(given, Kind.NUMBER)) is not None and node.type.digits <= 28:
            figures.append(Figure(self.name(), Measure.SUM, node))
        least = self.random.choice((0, 0, 2, 3))
        return Aggregate(below, by, tuple(figures), least, self.random.choice(list(given)) if least else "")

    def join(self, below: Tree) -> Tree:
        given, other = self.given(below), self.scan("b")
        right = self.given(other)
        if set(given) & set(right):
            return below
        pairs = [(a, b) for a, x in given.items() for b, y in right.items() if x == y]
        if not pairs:
            return below
        on = tuple(self.random.sample(pairs, 1))
        return Join(below, other, self.random.choice(list(JoinKind)), on)

    def union(self, below: Tree) -> Tree:
        given = list(self.given(below))
        turned = Project(below, tuple(Output(name, Plain(name)) for name in reversed(given)))
        return Union((below, turned, self.filter(below)))

    def sort(self, below: Tree) -> Tree:
        given = list(self.given(below))
        by = tuple((name, self.random.random() < 0.5) for name in self.random.sample(given, min(2, len(given))))
        return Sort(below, by, self.random.choice((0, 5, 11)))


Grow = Callable[[int], Grower]
