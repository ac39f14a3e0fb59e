"""One rule of five conditions decided for one person; against a compiled expression of zen-engine.

Peer: the same five conditions as a compiled expression of zen-engine (Rust), over the same facts: a dictionary for each
person, made before the clock starts, with amounts as Decimal for us and as float for the peer, which has no decimals.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from importlib.util import find_spec
from statistics import median
from typing import Any, Final

from bench.frame import SEED, Outcome, Say, seconds, time_pairs
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Decide, Fact, Value, number

HAS_ZEN: Final = find_spec("zen") is not None
if HAS_ZEN:
    import zen

KEYS: Final = ("microseconds_python", "ratio_zen_expression")
PEOPLE: Final = 2000
ROUNDS: Final = 10
RULE: Final = (
    "resident AND age >= 60 AND income <= 1210.00 AND district IN ('341502', '341503', '341504') AND members >= 2"
)
ZEN: Final = (
    "resident and age >= 60 and income <= 1210.00 and district in ['341502', '341503', '341504'] and members >= 2"
)
LONG: Final = (
    "resident AND years_between(born, today) >= 60 AND round(income / members, 2) <= 605.00 "
    "AND district IN ('341502', '341503', '341504') AND (has(kinds, '低保') OR income < 1000)"
)
SCHEMA: Final = {
    fact.name: fact
    for fact in (
        *(Fact("resident", BOOL, "本市户籍"), Fact("age", number(3), "年龄"), Fact("income", number(14, 2), "月收入")),
        *(Fact("district", TEXT, "居住地"), Fact("members", number(3), "家庭人口"), Fact("born", DATE, "出生日期")),
        *(Fact("today", DATE, "办理当天"), Fact("kinds", LIST, "人员类别")),
    )
}


def run(scale: float, say: Say) -> Outcome:
    """Decide a rule for many people, one after another, by ours and by the peer."""
    count = max(50, int(PEOPLE * min(1.0, scale)))
    people = _people(count)
    decide = make_closure(check_rule(RULE, SCHEMA).root)
    fit = sum(decide(one) is True for one in people)
    outcome = Outcome(work={"scale": scale, "people": count, "fit": fit, "seed": SEED}, peers=("zen-engine",))
    say("one rule, person by person")
    if HAS_ZEN:
        outcome.figures |= _beside_zen(decide, people)
        outcome.notes.append("ratio_zen_expression: dictionaries of facts in, true or false out, on both sides")
    else:
        outcome.figures["microseconds_python"] = _microseconds(decide, people)
        outcome.notes.append("zen-engine is not installed (dependency group `bench`): ratio_zen_expression left out")
    say("ages, a quotient and a list")
    outcome.figures["microseconds_age_quotient_list"] = _microseconds(
        make_closure(check_rule(LONG, SCHEMA).root), people
    )
    outcome.figures["milliseconds_read_and_check"] = 1000 * median(
        seconds(lambda: check_rule(LONG, SCHEMA)) for _ in range(20)
    )
    return outcome


def _beside_zen(decide: Decide, people: Sequence[Mapping[str, Value]]) -> dict[str, int | float]:
    evaluate: Callable[[object], object] = zen.compile_expression(ZEN).evaluate
    theirs = [_plain(one) for one in people]
    if [decide(one) for one in people] != [evaluate(one) for one in theirs]:
        raise AssertionError("the peer decides otherwise")
    pairs = time_pairs(lambda: _each(decide, people), lambda: _each(evaluate, theirs))
    each = 1e6 / (ROUNDS * len(people))
    return pairs.figures("ratio_zen_expression") | {
        "microseconds_python": pairs.seconds * each,
        "microseconds_zen": median(pairs.peer) * each,
    }


def _microseconds(decide: Decide, people: Sequence[Mapping[str, Value]]) -> float:
    _each(decide, people)
    return median(seconds(lambda: _each(decide, people)) for _ in range(7)) * 1e6 / (ROUNDS * len(people))


def _each(decide: Callable[[Any], object], people: Sequence[Any]) -> None:
    for _ in range(ROUNDS):
        for one in people:
            decide(one)


def _plain(facts: Mapping[str, Value]) -> dict[str, Value | float]:
    """Return the facts the peer's expression asks about, in the peer's types."""
    asked = {name: value for name, value in facts.items() if name not in {"born", "today", "kinds"}}
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in asked.items()}


def _people(count: int) -> list[dict[str, Value]]:
    """Return people of whom about half fit."""
    drawn = random.Random(SEED)
    today = date(2026, 11, 24)
    return [
        {
            "resident": drawn.random() < 0.9,
            "age": 70 if drawn.random() < 0.85 else 40,
            "income": Decimal(drawn.randint(60_000, 130_000)).scaleb(-2),
            "district": drawn.choice(["341502", "341503", "341504"] * 3 + ["341524"]),
            "members": drawn.choice([2, 3, 4, 5, 1]),
            "born": today - timedelta(days=drawn.randint(20 * 365, 90 * 365)),
            "today": today,
            "kinds": ["低保"] if drawn.random() < 0.3 else [],
        }
        for _ in range(count)
    ]
