"""Schemas, expressions and rows to try rules on."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from shuzheng.engines.rules.rules.closures import WIDE
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Fact, Kind, Schema, Type, Value, number

SCHEMA = {
    fact.name: fact
    for fact in (
        Fact("i1", number(18), "甲数"),
        Fact("i2", number(9), "乙数"),
        Fact("d1", number(14, 2), "金额", unit="元"),
        Fact("d2", number(10, 4), "比率"),
        Fact("form.t1", DATE, "开始日", changeable=False),
        Fact("t2", DATE, "结束日"),
        Fact("s1", TEXT, "名称"),
        Fact("s2", TEXT, "类别"),
        Fact("b1", BOOL, "本市户籍"),
        Fact("b2", BOOL, "已承诺"),
        Fact("l1", LIST, "人员类别"),
    )
}


def fact_like(name: str, found: Type) -> Fact:
    return Fact(name, found, f"事实{name}")


WIDE_SCHEMA = SCHEMA | {
    name: replace(SCHEMA[name], type=found)
    for name, found in {"i1": number(30), "d1": number(20, 10), "d2": number(32, 12)}.items()
}
"""The same facts with numbers near the widest an engine has."""
TEXTS = (
    *("", "a", "A", "abc", "ABC", " a ", "　张　", "张三", "张三丰", "李四", "é", "e\u0301", "ß", "ẞ", "İ", "ı", "ﬁ"),
    *("👨‍👩‍👧", "%", "_", "a_b", "a\nb", "a\\b", "it's", "\t", "\u200b", "Z", "ä", "\U0010ffff", "\ud7ff", "\ufeffx"),
    *("310101199001011234", "0", "-1", "null", "ab" * 200),
)
DATES = tuple(
    date(*day)
    for day in (
        *((1, 1, 1), (9999, 12, 31), (2000, 2, 29), (2024, 2, 29), (2023, 2, 28), (2024, 1, 31), (2024, 3, 31)),
        *((1900, 1, 1), (1899, 12, 31), (1582, 10, 4), (1582, 10, 15), (2024, 12, 31), (2025, 1, 1), (1970, 1, 1)),
        *((4, 2, 29), (2025, 2, 28), (2025, 3, 1), (2028, 2, 29), (1969, 12, 31)),
    )
)
PATTERNS = ("%", "_", "a%", "%b", "a_b", "张%", "__", "%三%", "", "%'%", "_%_", "%👩%", "é", ".*", "[a]", "%\nb")


class Maker:
    """Makes expressions and rows from a seed; the same seed gives the same ones."""

    def __init__(self, seed: int, schema: Schema = SCHEMA) -> None:
        self.random, self.schema = random.Random(seed), schema

    def one_of(self, *ways: Callable[[], str]) -> str:
        return self.random.choice(ways)()

    # ---- values ----
    def day(self) -> date:
        plain = self.random.random() < 0.5
        return self.random.choice(DATES) if plain else date.fromordinal(self.random.randint(700_000, 745_000))

    def amount(self, found: Type) -> Decimal:
        r, unit = self.random.random(), Decimal(1).scaleb(-found.scale)
        widest = 10**found.digits - 1
        if r < 0.15:
            return Decimal(0).quantize(unit)
        if r < 0.25:
            return WIDE.scaleb(Decimal(widest * self.random.choice([1, -1])), -found.scale)
        if r < 0.6:
            half = Decimal(self.random.randint(-500, 500)) / 2 if found.scale else Decimal(self.random.randint(-20, 20))
            return half.quantize(unit, context=WIDE)
        most = 10 ** self.random.randint(1, found.digits) - 1
        return WIDE.scaleb(Decimal(self.random.randint(-most, most)), -found.scale)

    def value(self, fact: Fact) -> Value:
        if self.random.random() < 0.18:
            return None
        match fact.type.kind:
            case Kind.NUMBER:
                found = self.amount(fact.type)
                return found if fact.type.scale else int(found)
            case Kind.DATE:
                return self.day()
            case Kind.TEXT:
                return self.random.choice(TEXTS)
            case Kind.BOOL:
                return self.random.random() < 0.5
            case Kind.LIST:
                return [self.random.choice(TEXTS[:12]) for _ in range(self.random.randint(0, 3))]

    def rows(self, n: int) -> list[Mapping[str, Value]]:
        return [{name: self.value(fact) for name, fact in self.schema.items()} for _ in range(n)]

    # ---- expressions ----
    def constant(self, kind: Kind) -> str:
        if kind is Kind.NUMBER:
            scale = self.random.choice([0, 0, 1, 2, 4])
            value = abs(self.amount(number(self.random.randint(scale + 1, 9), scale)))
            return ("-" if self.random.random() < 0.2 else "") + f"{value:f}"
        if kind is Kind.DATE:
            return f"DATE '{self.day().isoformat()}'"
        if kind is Kind.TEXT:
            return quote(self.random.choice(TEXTS[:-1]))
        return self.random.choice(["TRUE", "FALSE"])

    def fact(self, kind: Kind) -> str:
        return self.random.choice([name for name, fact in self.schema.items() if fact.type.kind is kind])

    def text(self, kind: Kind, depth: int) -> str:
        r = self.random.random()
        if depth <= 0 or kind is Kind.LIST:
            return self.fact(kind) if r < 0.65 or kind is Kind.LIST else self.constant(kind)

        def inner(other: Kind) -> str:
            return self.text(other, depth - 1)

        if r < 0.12:
            return f"coalesce({inner(kind)}, {inner(kind)})"
        if r < 0.2:
            otherwise = f"ELSE {inner(kind)} " if self.random.random() < 0.6 else ""
            whens = f"WHEN {inner(Kind.BOOL)} THEN {inner(kind)} WHEN {inner(Kind.BOOL)} THEN {inner(kind)} "
            return f"CASE {whens}{otherwise}END"
        if r < 0.25 and kind is not Kind.BOOL:
            return f"{self.random.choice(['greatest', 'least'])}({inner(kind)}, {inner(kind)})"
        return {Kind.NUMBER: self.sum, Kind.DATE: self.when, Kind.TEXT: self.words, Kind.BOOL: self.condition}[kind](
            inner
        )

    def sum(self, inner: Callable[[Kind], str]) -> str:
        n, pick = Kind.NUMBER, self.random.choice
        return self.one_of(
            lambda: f"({inner(n)} {pick('+-*')} {inner(n)})",
            lambda: f"round({inner(n)} / {inner(n)}, {self.random.randint(0, 4)})",
            lambda: f"round({inner(n)}, {self.random.randint(0, 3)})",
            lambda: f"{pick(['abs', 'floor', 'ceil'])}({inner(n)})",
            lambda: f"(-({inner(n)}))",
            lambda: f"length({inner(Kind.TEXT)})",
            lambda: f"{pick(['days', 'months', 'years'])}_between({inner(Kind.DATE)}, {inner(Kind.DATE)})",
            lambda: f"{pick(['year', 'month', 'day'])}({inner(Kind.DATE)})",
        )

    def when(self, inner: Callable[[Kind], str]) -> str:
        pick = self.random.choice
        n = pick([str(self.random.randint(0, 40)), f"-{self.random.randint(0, 400)}", "i1", "i2", "floor(d1)"])
        return f"{pick(['add_days', 'add_months', 'add_years'])}({inner(Kind.DATE)}, {n})"

    def words(self, inner: Callable[[Kind], str]) -> str:
        start, length = self.random.randint(1, 4), self.random.randint(0, 4)
        return self.one_of(
            lambda: f"{self.random.choice(['lower', 'upper', 'trim'])}({inner(Kind.TEXT)})",
            lambda: f"substr({inner(Kind.TEXT)}, {start}, {length})",
            lambda: f"substr({inner(Kind.TEXT)}, {start})",
        )

    def condition(self, inner: Callable[[Kind], str]) -> str:
        pick = self.random.choice
        kind = pick([Kind.NUMBER, Kind.NUMBER, Kind.DATE, Kind.TEXT, Kind.BOOL])
        signs = ["=", "<>"] if kind is Kind.BOOL else ["=", "<>", "<", "<=", ">", ">="]
        ordered = pick([Kind.NUMBER, Kind.TEXT, Kind.DATE])
        no = pick(["", "NOT "])
        return self.one_of(
            lambda: f"({inner(Kind.BOOL)} {pick(['AND', 'OR'])} {inner(Kind.BOOL)})",
            lambda: f"(NOT {inner(Kind.BOOL)})",
            lambda: f"({inner(kind)} {pick(signs)} {inner(kind)})",
            lambda: f"({inner(ordered)} {no}BETWEEN {inner(ordered)} AND {inner(ordered)})",
            lambda: f"({inner(ordered)} {no}IN ({', '.join(self.constant(ordered) for _ in range(3))}))",
            lambda: f"({inner(kind)} IS {no}NULL)",
            lambda: f"({inner(Kind.BOOL)} IS {no}{pick(['TRUE', 'FALSE'])})",
            lambda: f"({inner(Kind.TEXT)} {no}LIKE {quote(pick(PATTERNS))})",
            lambda: f"{pick(['starts_with', 'ends_with', 'contains'])}({inner(Kind.TEXT)}, {inner(Kind.TEXT)})",
            lambda: f"has(l1, {inner(Kind.TEXT)})",
        )


def quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
