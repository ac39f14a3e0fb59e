"""A look at a table by samples of facts: near the constants it names, and not known now and then; always the same ones.

Samples find what they meet and prove nothing; whoever shows them says so.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Final

from shuzheng.engines.rules.rules.tables.checking import constant_of, facts_of_table
from shuzheng.engines.rules.rules.tables.deciding import make_row_closures
from shuzheng.engines.rules.types import Fact, Kind, Node, Op, Type, Value
from shuzheng.engines.rules.types.tables import Table

MOST_SAMPLES: Final = 3000
MOST_ROWS_TRIED: Final = 300_000
MOST_GAPS: Final = 3
_SEED: Final = 20_230_601
_UNKNOWN_SHARE: Final = 0.04
_DAYS_AROUND: Final = 366 * 30
_SAMPLE_DAY: Final = date(2023, 6, 1)


@dataclass(slots=True)
class Sampled:
    """What samples met.

    Attributes:
        overlaps: Two rows that hold together → the facts.
        gaps: Facts for which every row is false.
    """

    tried: int = 0
    overlaps: dict[tuple[int, int], dict[str, Value]] = field(default_factory=dict)
    gaps: list[dict[str, Value]] = field(default_factory=list)


def sample(table: Table) -> Sampled:
    """Return what a few thousand sets of facts meet."""
    source = _Source(table)
    decide, found = make_row_closures(table), Sampled()
    found.tried = max(100, min(MOST_SAMPLES, MOST_ROWS_TRIED // len(table.rows)))
    for _ in range(found.tried):
        facts = source.facts()
        rows = decide(facts)
        hits = [number for number, holds in enumerate(rows, 1) if holds]
        for pair in combinations(hits[:10], 2):
            found.overlaps.setdefault(pair, facts)
        if len(found.gaps) < MOST_GAPS and not any(holds is not False for holds in rows):
            found.gaps.append(facts)
    return found


class _Source:
    """Draws facts near the constants of a table."""

    def __init__(self, table: Table) -> None:
        self._random = random.Random(_SEED)  # noqa: S311 - the same samples every time, no secret
        asked = facts_of_table(table)
        self._facts = [fact for name, fact in table.schema.items() if name in asked]
        self._near: dict[Kind, list[Value]] = {kind: [] for kind in Kind}
        for node in _trees(table):
            for literal in _literals(node):
                value = constant_of(literal)
                if value not in self._near[literal.type.kind]:
                    self._near[literal.type.kind].append(value)

    def facts(self) -> dict[str, Value]:
        return {fact.name: self._value(fact) for fact in self._facts}

    def _value(self, fact: Fact) -> Value:
        if self._random.random() < _UNKNOWN_SHARE:
            return None
        near = self._near[fact.type.kind]
        constant = self._random.choice(near) if near else None
        match fact.type.kind:
            case Kind.BOOL:
                return self._random.random() < 0.5
            case Kind.NUMBER:
                return self._number(fact.type, constant)
            case Kind.DATE:
                return self._day(constant)
            case Kind.TEXT:
                return constant if constant is not None and self._random.random() < 0.85 else "其他"
            case Kind.LIST:
                texts = [str(text) for text in self._near[Kind.TEXT]]
                return self._random.sample(texts, self._random.randint(0, min(2, len(texts))))

    def _number(self, found: Type, constant: Value) -> Value:
        unit = Decimal(1).scaleb(-found.scale)
        widest = 10**found.digits - 1
        base = Decimal(constant) if isinstance(constant, int | Decimal) else Decimal(0)
        if self._random.random() < 0.6:
            counted = int(base / unit) + self._random.choice([-1, 0, 1])
        else:
            counted = int(base * self._random.randint(0, 200) / 100 / unit)
        return Decimal(max(-widest, min(widest, counted))) * unit

    def _day(self, constant: Value) -> date:
        base = constant if isinstance(constant, date) else _SAMPLE_DAY
        plain = isinstance(constant, date) and self._random.random() < 0.6
        step = self._random.choice([-1, 0, 1]) if plain else self._random.randint(-_DAYS_AROUND, _DAYS_AROUND)
        return date.fromordinal(max(1, min(date.max.toordinal(), base.toordinal() + step)))


def _trees(table: Table) -> Iterator[Node]:
    for column in table.columns:
        yield column.root
    for row in table.rows:
        yield from (test for test in row.tests if test is not None)


def _literals(node: Node) -> Iterator[Node]:
    if node.op is Op.LITERAL:
        yield node
    for part in node.parts:
        yield from _literals(part)
