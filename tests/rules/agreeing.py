"""What it is that two engines agree: random rules on random rows, the calendar, and what was found before."""

from collections.abc import Iterator

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import Kind, Rule, Schema, Value, number
from tests.rules.asking import Engine, differences
from tests.rules.differences import FOUND
from tests.rules.making import DATES, SCHEMA, Maker, fact_like

ROWS, BATCH = 40, 20
KINDS = [Kind.BOOL, Kind.BOOL, Kind.BOOL, Kind.NUMBER, Kind.NUMBER, Kind.DATE, Kind.TEXT]
CALENDAR = [
    "years_between(form.t1, t2)",
    "months_between(form.t1, t2)",
    "days_between(form.t1, t2)",
    "add_years(form.t1, years_between(form.t1, t2))",
    "add_months(form.t1, months_between(form.t1, t2))",
    "add_days(t2, days_between(t2, form.t1))",
    "year(t2) * 10000 + month(t2) * 100 + day(t2)",
]
EXAMPLES = SCHEMA | {
    "w1": fact_like("w1", number(25)),
    "w2": fact_like("w2", number(32, 12)),
    "w3": fact_like("w3", number(38, 3)),
    "w4": fact_like("w4", number(38, 30)),
    "q`x": fact_like("q`x", number(3)),
}


class Drawn:
    """Random rules that fit a schema; those that are no rules are counted."""

    def __init__(self, seed: int, schema: Schema) -> None:
        self.maker, self.schema = Maker(seed, schema), schema
        self.tried = self.too_big = 0

    def rules(self, count: int) -> Iterator[Rule]:
        while count:
            self.tried += 1
            kind = self.maker.random.choice(KINDS)
            try:
                yield check_rule(self.maker.text(kind, self.maker.random.randint(1, 4)), self.schema, kind=kind)
            except RuleTextInvalid as refused:
                if "位" not in refused.message and "引擎" not in refused.message:
                    raise  # the maker made what is no rule at all
                self.too_big += 1
            else:
                count -= 1


def agree_on_random_rules(engine: Engine, seed: int, schema: Schema, pairs: int) -> None:
    drawn, done, unknown = Drawn(seed, schema), 0, 0
    found: list[tuple[str, object, object]] = []
    while done < pairs:
        rows, rules = drawn.maker.rows(ROWS), list(drawn.rules(BATCH))
        engine.fill(schema, rows)
        found.extend(differences(engine, rules, rows))
        done += len(rows) * len(rules)
        unknown += sum(make_closure(rule.root)(row) is None for rule in rules for row in rows)
    assert not found, found[:5]
    assert drawn.too_big < drawn.tried * 0.6
    assert 0.05 < unknown / done < 0.6


def agree_on_the_calendar(engine: Engine) -> None:
    rows: list[dict[str, Value]] = [{**dict.fromkeys(SCHEMA), "form.t1": a, "t2": b} for a in DATES for b in DATES]
    engine.fill(SCHEMA, rows)
    assert not list(differences(engine, [check_rule(text, SCHEMA, kind=None) for text in CALENDAR], rows))


def agree_on_what_was_found(engine: Engine) -> None:
    rows = [dict.fromkeys(EXAMPLES) | known for _, known, _ in FOUND]
    rules = [check_rule(text, EXAMPLES, kind=None) for text, _, _ in FOUND]
    engine.fill(EXAMPLES, rows)
    assert not list(differences(engine, rules, rows))
