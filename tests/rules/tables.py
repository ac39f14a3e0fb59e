"""Tables to try: short ways to write one, and random ones."""

import random
from collections.abc import Sequence

from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.types import BOOL, DATE, TEXT, Kind, Type, number
from shuzheng.engines.rules.types.tables import (
    HitPolicy,
    InputColumn,
    OutputColumn,
    RowText,
    Table,
    TableDefinition,
)
from tests.rules.making import SCHEMA, Maker

LEVELS = ("'甲'", "'乙'", "'丙'")


def define(
    policy: HitPolicy, columns: Sequence[str | tuple[str, str]], *rows: Sequence[str], kind: Type = TEXT
) -> TableDefinition:
    """Return a table; a column is an expression or (expression, allowed), the last cell of a row its result."""
    inputs = [InputColumn("", c) if isinstance(c, str) else InputColumn("", c[0], c[1]) for c in columns]
    priority = tuple(level.strip("'") for level in LEVELS) if policy is HitPolicy.PRIORITY else ()
    return TableDefinition(
        policy,
        tuple(inputs),
        (OutputColumn("level", "级别", kind, priority),),
        tuple(RowText(tuple(row[:-1]), (row[-1],)) for row in rows),
    )


def make(policy: HitPolicy, columns: Sequence[str | tuple[str, str]], *rows: Sequence[str]) -> Table:
    return check_table(define(policy, columns, *rows), SCHEMA)


class TableMaker(Maker):
    """Makes random tables over the schema of the random rules."""

    def cell(self, kind: Kind, constant: "Maker | None" = None) -> str:
        r, pick = self.random.random(), self.random.choice
        if r < 0.25:
            return "-"
        if r < 0.32:
            return pick(["空", "不为空"])
        if kind is Kind.LIST:
            return "-"
        if kind is Kind.BOOL:
            return pick(["是", "否", "<> 是"])
        one, other = self.near(kind), self.near(kind)
        return self.one_of(
            lambda: f"{pick(['=', '<>', '<', '<=', '>', '>='])} {one}",
            lambda: f"{pick('[(')}{min(one, other)}..{max(one, other)}{pick('])')}",
            lambda: f"{one}, {other}",
            lambda: f"{one}, {pick(['<', '>='])} {other}",
            lambda: f"非({one}, {other})",
            lambda: one,
        )

    def near(self, kind: Kind) -> str:
        """Return a constant out of few, so that random facts meet it."""
        if kind is Kind.NUMBER:
            return self.random.choice(["-2", "0", "1.5", "3", "20", "250"])
        return self.constant(kind)

    def table(self, policy: HitPolicy) -> TableDefinition:
        columns: list[tuple[str, Kind]] = []
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice([Kind.NUMBER, Kind.NUMBER, Kind.DATE, Kind.TEXT, Kind.BOOL, Kind.LIST])
            depth = self.random.choice([0, 0, 0, 1, 2])
            columns.append((self.fact(kind) if depth == 0 else self.text(kind, depth), kind))
        kind = Kind.TEXT if policy is HitPolicy.PRIORITY else self.random.choice([Kind.TEXT, Kind.NUMBER, Kind.DATE])
        wide = {Kind.TEXT: TEXT, Kind.NUMBER: number(38, 6), Kind.DATE: DATE, Kind.BOOL: BOOL}[kind]
        rows = [
            (*(self.cell(each) for _, each in columns), self.result(policy, kind))
            for _ in range(self.random.randint(1, 6))
        ]
        return define(policy, [expression for expression, _ in columns], *rows, kind=wide)

    def result(self, policy: HitPolicy, kind: Kind) -> str:
        if policy is HitPolicy.PRIORITY:
            return self.random.choice(LEVELS)
        return self.constant(kind) if self.random.random() < 0.7 else self.text(kind, 1)


def random_table(seed: int, policy: HitPolicy) -> TableDefinition:
    return TableMaker(random.Random(seed).randint(0, 2**31)).table(policy)
