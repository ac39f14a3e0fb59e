"""The equality checks notice a wrong: every small mutation of what decides and what writes SQL is killed by them.

A mutant that gives the same on every rule and row below would pass all other tests too; it must be proved equivalent
and stand in `EQUIVALENT` with the reason, or the corpus lacks an example.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from types import ModuleType
from typing import Any

from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import Rule
from tests.rules.agreeing import CALENDAR, EXAMPLES, Drawn
from tests.rules.asking import DuckDB, Engine, Row, Spark, same
from tests.rules.differences import FOUND
from tests.rules.making import DATES, SCHEMA
from tests.rules.mutants import Mutant, mutants

BLANK: Row = dict.fromkeys(EXAMPLES)
PLAIN = [
    *(f"i1 {sign} {other}" for sign in ("=", "<>", "<", "<=", ">", ">=") for other in ("i2", "5")),
    *("i1 - i2", "i2 + d1", "i2 * 9999999999", "round(i1 / i2, 3)", "round(i2 / d1, 2)", "i1 BETWEEN i2 AND 5"),
    *("starts_with(s1, 'ab')", "ends_with(s1, 'bc')", "contains(s1, 'b')", "s1 LIKE 'a%b%c'", "s1 LIKE 'ab%'"),
    *("upper(s1) = 'ABC'", "lower(s2) = 'abc'", "substr(s1, 2, 2)", "length(trim(s1))", "b1 AND b2", "b1 OR b2"),
    *("NOT b1", "b1 = b2", "b1 IS TRUE", "b1 IS FALSE", "b1 IS NULL", "coalesce(i1, i2, 7)", "greatest(i1, i2, 7)"),
    *("least(i1, i2, 7)", "has(l1, s1)", "i1 IN (5, 6)", "s1 IN ('abc', 'it''s')", '"q`x" = 5'),
    *("CASE WHEN b1 THEN i1 WHEN b2 THEN d1 ELSE 7 END", "CASE WHEN b1 THEN s1 WHEN b2 THEN s2 END"),
]
"""One of each operator, with values on either side of what it compares with."""
ROWS: list[Row] = [
    *({**BLANK, **known} for _, known, _ in FOUND),
    *({**BLANK, "form.t1": a, "t2": b} for a in DATES[::3] for b in DATES[::2]),
    *({**BLANK, "i1": n, "i2": 5, "q`x": n, "b1": n < 5, "b2": n > 5, "s1": "abc", "s2": "ABC"} for n in (4, 5, 6)),
    *(
        {**BLANK, "i1": 7 - n, "i2": n, "d1": Decimal(n), "s1": s}
        for n, s in ((-3, "xabc"), (2, "azbzc"), (999999999, "cba"))
    ),
    *({**BLANK, **row} for row in Drawn(1, SCHEMA).maker.rows(30)),
]
RULES: list[Rule] = [
    *(check_rule(text, EXAMPLES, kind=None) for text in (*(text for text, _, _ in FOUND), *CALENDAR, *PLAIN)),
    *Drawn(2, SCHEMA).rules(25),
]
WANTED = [[make_closure(rule.root)(row) for row in ROWS] for rule in RULES]
SIGN = 'sql | return f"(CASE WHEN ({n} < 0) = ({d} < 0) THEN 1 ELSE -1 END)" | '
PYTHON_SIGN = "closures | sign = 1 if (n < 0) == (d < 0) else -1 | "
UNIT = "unit = constant(Decimal(1).scaleb(-kept), kept + 1, kept) | 1 is one more"
SCALED = 'whole = as_type(f"{sql} * {constant(10**scale, scale + 1)}", _WIDE) if scale else as_type(sql, _WIDE) | '
RAISED = 'return as_type(f"{whole} * {constant(10**up, up + 1)}", _WIDE) if up else whole | '
QUOTED = "duckdb | return '\"' + name.replace('\"', '\"\"') + '\"' | "
PRODUCT = "a product is the same either way"
WIDER = "a constant one digit wider has the same value"
NO_SIGN = "nothing divided has no sign, and a divisor is not zero"
BEYOND = "whoever goes that far leaves the calendar from any day in it"
OWN = "sql | return node.op in _WHOLE or (node.op is Op.LITERAL and node.type == number(node.type.digits))"
FEW = "no constant of the corpus has more digits behind the point than every engine has room for"
EQUIVALENT = {
    "closures | if right.op is Op.LITERAL: | guard dropped": "a constant is a function too, only slower",
    "closures | WIDE: Final = Context(prec=80) | 80 is one more": "no value has more than 76 digits",
    "closures | branches = tuple(zip(parts[0:last:2], parts[1:last:2], strict=True)) | True turned round": "even",
    """closures | middle = "".join(f"(?>.*?{stretch})" for stretch in others[:-1]) | '(?>' is '(?:'""": "only slower",
    "closures | unit = Decimal(1).scaleb(-node.whole) | 1 is one more": "quantize looks at the exponent only",
    f"{PYTHON_SIGN}Lt swapped": NO_SIGN,
    f"{PYTHON_SIGN}0 is one more": NO_SIGN,
    f"{SIGN}' < ' is ' <= '": NO_SIGN,
    f"{SIGN}{{}} 1 and 3 exchanged": "equality is the same either way",
    "sql | if node.op in _COMPARING and all(map(_is_own, node.parts)): | guard dropped": "only slower",
    "sql | if node.op in _COMPARING and all(map(_is_own, node.parts)): | In swapped": "reckoning widens by itself",
    f"{OWN} | Or swapped": "only slower",
    f"{OWN} | Eq swapped": FEW,
    f"{OWN} | digits is scale": FEW,
    "sql | MOST_DAYS: Final = 4_000_000 | 4000000 is one more": BEYOND,
    "sql | MOST_MONTHS: Final = 120_000 | 120000 is one more": BEYOND,
    "sql | MOST_YEARS: Final = 10_000 | 10000 is one more": BEYOND,
    """sql | return f"(CASE WHEN abs({n}) <= {most} THEN {within} END)" | ' <= ' is ' < '""": BEYOND,
    'duckdb | found = f"CAST({quotient} * {opposite(n, d)} AS DECIMAL({MOST_DIGITS}, 0)) * {unit}" | '
    "{} 1 and 3 exchanged": PRODUCT,
    'duckdb | return as_type(f"({as_type(parts[0], wide)} * {parts[1]})", node.type) | {} 1 and 3 exchanged': PRODUCT,
    'duckdb | return f"({whole} * CAST({10**up} AS HUGEINT))" if up else whole | {} 1 and 3 exchanged': PRODUCT,
    'duckdb | add_days=lambda day, n: f"({day} + {n})", | {} 1 and 3 exchanged': "a sum is the same either way",
    "duckdb | wide = Type(Kind.NUMBER, MOST_DIGITS, left.scale) if node.type.digits > 18 else left | Gt swapped": WIDER,
    f"duckdb | {UNIT}": WIDER,
    f"{QUOTED}two arguments exchanged": "no text can name a fact with a quotation mark in it",
    f"""{QUOTED}'""' is '"'""": "no text can name a fact with a quotation mark in it",
    'spark | found = f"{quotient} * {opposite(n, d)} * {unit}" | {} 0 and 2 exchanged': PRODUCT,
    'spark | found = f"{quotient} * {opposite(n, d)} * {unit}" | {} 2 and 4 exchanged': PRODUCT,
    f"spark | {UNIT}": WIDER,
    f"spark | {SCALED}{{}} 0 and 2 exchanged": PRODUCT,
    f"spark | {SCALED}1 is one more": WIDER,
    f"spark | {RAISED}{{}} 0 and 2 exchanged": PRODUCT,
    f"spark | {RAISED}1 is one more": WIDER,
}
"""Mutants that mean the same on every value, and why."""


def test_there_are_many_mutants_and_what_is_called_equivalent_is_one_of_them() -> None:
    made = {name: [str(one) for one in mutants(name)] for name in ("closures", "sql", "duckdb", "spark")}
    assert all(len(found) > 100 for found in made.values())
    assert not set(EQUIVALENT) - {one for found in made.values() for one in found}


def test_every_mutant_of_the_closures_is_killed() -> None:
    assert not unproved([one for one in mutants("closures") if not is_killed_in_python(one)])


def test_every_mutant_of_duckdb_is_killed(duck: DuckDB) -> None:
    killed = Judge(duck, "duckdb")
    assert not unproved([one for one in mutants("duckdb") if not killed(one)])


def test_every_mutant_of_what_engines_share_is_killed_by_one_of_them(duck: DuckDB, spark: Spark) -> None:
    by_duckdb, by_spark = Judge(duck, "duckdb"), Judge(spark, "spark")
    assert not unproved([one for one in mutants("sql") if not by_duckdb(one) and not by_spark(one)])


def test_every_mutant_of_spark_is_killed(spark: Spark) -> None:
    killed = Judge(spark, "spark")
    assert not unproved([one for one in mutants("spark") if not killed(one)])


def unproved(survivors: Sequence[Mutant]) -> list[str]:
    return [str(one) for one in survivors if str(one) not in EQUIVALENT]


def is_killed_in_python(mutant: Mutant) -> bool:
    with suppress(Exception):
        make: Callable[..., Any] = mutant.make("closures").make_closure
        for rule, wanted in zip(RULES, WANTED, strict=True):
            decide = make(rule.root)
            if not all(same(decide(row), value) for row, value in zip(ROWS, wanted, strict=True)):
                return True
        return False
    return True


class Judge:
    """Asks an engine what a mutant's SQL gives, wherever it is not the SQL of the module as it stands."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine, self.name = engine, name
        engine.fill(EXAMPLES, ROWS)
        self.plain = [engine.write(rule) for rule in RULES]

    def __call__(self, mutant: Mutant) -> bool:
        with suppress(Exception):
            written = self._write(mutant.make(self.name))
            changed = [i for i, sql in enumerate(written) if sql != self.plain[i]]
            return any(self._differs(changed[i : i + 8], written) for i in range(0, len(changed), 8))
        return True

    def _write(self, module: ModuleType) -> list[str]:
        make: Callable[..., str] = getattr(module, f"make_{self.name}_sql")
        return [make(rule.root) for rule in RULES]

    def _differs(self, asked: Sequence[int], written: Sequence[str]) -> bool:
        found = self.engine.ask([written[i] for i in asked])
        return any(
            not same(value, row[place])
            for place, i in enumerate(asked)
            for value, row in zip(WANTED[i], found, strict=True)
        )
