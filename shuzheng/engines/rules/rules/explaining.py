"""Why a rule gave what it gave, and what would have to be otherwise.

Every condition is said with what was found. Then come the smallest sets of changes that would make the rule hold. A set
whose conditions name a fact and a constant is tried before it is said: one fact may stand in two conditions, and what
mends the first may break the second.
"""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice, product
from typing import Final, TypeAlias

from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.saying import OPPOSITE, say_condition, say_value
from shuzheng.engines.rules.types import (
    Change,
    Explanation,
    Facts,
    Finding,
    Kind,
    Node,
    Op,
    Rule,
    Schema,
    Sensitivity,
    Value,
)

MOST_WAYS: Final = 16
MOST_TRIED: Final = 256
MOST_WAIT_DAYS: Final = 366 * 60
TODAY: Final = "today"
"""The fact that is the day of the decision; a name in it counts as "time passes"."""


def explain(rule: Rule, facts: Facts) -> Explanation:
    """Return each condition of a rule with what was found, and the ways to make it hold, the smallest first."""
    holds = make_closure(rule.root)(facts)
    findings = tuple(_finding(node, rule.schema, facts, negated=negated) for node, negated in leaves_of(rule.root))
    ways: list[tuple[Change, ...]] = []
    if holds is not True:
        for way in _ways(rule.root, facts, wanted=True)[:MOST_WAYS]:
            if _would_hold(rule, facts, way):
                ordered = sorted(way, key=lambda leaf: (leaf[0].at.line, leaf[0].at.column))
                ways.append(tuple(_change(node, rule.schema, facts, wanted=wanted) for node, wanted in ordered))
    return Explanation(holds if isinstance(holds, bool) else None, findings, tuple(ways))


def still_needed(rule: Rule, facts: Facts, unasked: Collection[str] = ()) -> frozenset[str]:
    """Return the facts not known that can still change the answer: what a form has to ask next.

    Args:
        rule: The rule.
        facts: What is known, by name.
        unasked: Facts nobody was asked for yet: that they are missing says nothing, not even to `IS NULL`.
    """
    return _needed(rule.root, facts, frozenset(unasked))


def foresee(rule: Rule, facts: Facts, unasked: Collection[str]) -> bool | None:
    """Return what a condition comes to whatever the facts not asked for yet turn out to be; None while that is open."""
    return _foresee(rule.root, facts, frozenset(unasked))


def _foresee(node: Node, facts: Facts, unasked: frozenset[str]) -> bool | None:
    if not facts_of(node) & unasked:
        value = make_closure(node)(facts)
        return value if isinstance(value, bool) else None
    if node.op is Op.NOT:
        value = _foresee(node.parts[0], facts, unasked)
        return None if value is None else not value
    if node.op not in {Op.AND, Op.OR}:
        return None
    parts, decides = [_foresee(part, facts, unasked) for part in node.parts], node.op is Op.OR
    return decides if decides in parts else None if None in parts else not decides


def _needed(node: Node, facts: Facts, unasked: frozenset[str]) -> frozenset[str]:
    if node.type.kind is Kind.BOOL and _foresee(node, facts, unasked) is not None:
        return frozenset()
    if node.op in {Op.AND, Op.OR, Op.NOT}:
        return frozenset[str]().union(*(_needed(part, facts, unasked) for part in node.parts))
    return frozenset(name for name in facts_of(node) if name in unasked or facts.get(name) is None)


def leaves_of(node: Node, *, negated: bool = False) -> Iterator[tuple[Node, bool]]:
    """Yield the conditions of a tree, and whether each stands under an odd number of NOT."""
    if node.op in {Op.AND, Op.OR} and node.value != "between":
        for part in node.parts:
            yield from leaves_of(part, negated=negated)
    elif node.op is Op.NOT:
        yield from leaves_of(node.parts[0], negated=not negated)
    else:
        yield node, negated


def _finding(node: Node, schema: Schema, facts: Facts, *, negated: bool) -> Finding:
    value = make_closure(node)(facts)
    missing = tuple(sorted(name for name in facts_of(node) if facts.get(name) is None))
    return Finding(
        words=say_condition(node, schema, negated=negated),
        holds=None if not isinstance(value, bool) else value is not negated,
        actual=say_value(make_closure(_subject(node))(facts), schema, _subject(node)),
        missing=missing,
        grade=_grade(node, schema),
    )


def _grade(node: Node, schema: Schema) -> Sensitivity:
    return max((schema[name].sensitivity for name in facts_of(node)), default=Sensitivity.L1)


def _subject(node: Node) -> Node:
    """Return what a condition is about: the left side of a comparison, the value of a range."""
    if node.op is Op.AND:
        return node.parts[0].parts[0]
    return node.parts[0] if node.parts else node


_Way: TypeAlias = frozenset[tuple[Node, bool]]


def _ways(node: Node, facts: Facts, *, wanted: bool) -> list[_Way]:
    """Return the smallest sets of conditions that must come out otherwise, so that this one gives `wanted`."""
    if make_closure(node)(facts) is wanted:
        return [frozenset()]
    if node.op is Op.NOT:
        return _ways(node.parts[0], facts, wanted=not wanted)
    if node.op not in {Op.AND, Op.OR} or node.value == "between":
        return [frozenset({(node, wanted)})]
    each = [_ways(part, facts, wanted=wanted) for part in node.parts]
    if (node.op is Op.AND) is wanted:
        found = {frozenset[tuple[Node, bool]]().union(*way) for way in islice(product(*each), MOST_TRIED)}
    else:
        found = {way for ways in each for way in ways}
    least: list[_Way] = []
    for way in sorted(found, key=lambda way: (len(way), sorted((n.at.line, n.at.column) for n, _ in way))):
        if not any(other < way for other in least):
            least.append(way)
    return least[:MOST_WAYS]


def _would_hold(rule: Rule, facts: Facts, way: _Way) -> bool:
    """Say whether the rule holds once each condition of a way is just met; what cannot be tried is believed."""
    changed = dict(facts)
    for node, wanted in way:
        reached = _reach(node, wanted=wanted)
        if reached is None:
            return True
        name, value = reached
        changed[name] = value
    return make_closure(rule.root)(changed) is True


def _reach(node: Node, *, wanted: bool) -> tuple[str, Value] | None:
    """Return a fact and the nearest value that makes a condition come out as wanted; None where none is plain."""
    if node.op is Op.FACT:
        return str(node.value), wanted
    if node.op is Op.IN and wanted and node.parts[0].op is Op.FACT:
        return str(node.parts[0].value), _constant(node.parts[1])
    if node.op is not Op.COMPARE or node.parts[0].op is not Op.FACT or node.parts[1].op is not Op.LITERAL:
        return None
    sign = str(node.value) if wanted else OPPOSITE[str(node.value)]
    value = _beside(_constant(node.parts[1]), node.parts[1].type.scale, sign)
    return None if value is None else (str(node.parts[0].value), value)


def _constant(node: Node) -> Value:
    return make_closure(node)({})


def _beside(constant: Value, scale: int, sign: str) -> Value:
    """Return the value nearest to a constant that stands to it as a sign says; None where there is no nearest."""
    if sign in {"=", ">=", "<="}:
        return constant
    if isinstance(constant, bool):
        return not constant if sign == "<>" else None
    step = {">": 1, "<": -1}.get(sign, 0)
    if not step:
        return None
    if isinstance(constant, date):
        return date.fromordinal(min(max(constant.toordinal() + step, 1), date.max.toordinal()))
    return constant + step * Decimal(1).scaleb(-scale) if isinstance(constant, int | Decimal) else None


def _change(node: Node, schema: Schema, facts: Facts, *, wanted: bool) -> Change:
    words = say_condition(node, schema, negated=not wanted)
    asked = facts_of(node)
    missing = tuple(sorted(name for name in asked if facts.get(name) is None))
    if missing:
        return Change(words, missing=missing, grade=_grade(node, schema))
    if all(not schema[name].changeable for name in asked):
        day = _from_when(node, facts, wanted=wanted)
        return Change(words, from_on=day, possible=day is not None, grade=_grade(node, schema))
    subject = node.parts[0] if node.parts else node
    unit = schema[str(subject.value)].unit if subject.op is Op.FACT else ""
    return Change(words, gap=_gap(node, facts), unit=unit, grade=_grade(node, schema))


def _from_when(node: Node, facts: Facts, *, wanted: bool) -> date | None:
    """Return the first day on which a condition about dates comes out as wanted, by halving; None when none does."""
    today = facts.get(TODAY)
    if TODAY not in facts_of(node) or not isinstance(today, date):
        return None
    decide = make_closure(node)
    low, high = today.toordinal(), min(today.toordinal() + MOST_WAIT_DAYS, date.max.toordinal())
    if decide({**facts, TODAY: date.fromordinal(high)}) is not wanted:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if decide({**facts, TODAY: date.fromordinal(middle)}) is wanted:
            high = middle
        else:
            low = middle
    return date.fromordinal(high)


def _gap(node: Node, facts: Facts) -> Decimal | None:
    if node.op is not Op.COMPARE or node.value in {"=", "<>"} or node.parts[1].type.kind is not Kind.NUMBER:
        return None
    if node.parts[0].op is not Op.FACT and node.parts[1].op is not Op.LITERAL:
        return None  # ten times one thing against twice another: how far apart they are tells nobody anything
    left, right = (make_closure(part)(facts) for part in node.parts)
    if not isinstance(left, int | Decimal) or not isinstance(right, int | Decimal):
        return None
    return abs(Decimal(left) - Decimal(right))
