"""Whether one published policy fits one subject, in Python; and the same as conditions for a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.explaining import explain
from shuzheng.engines.rules.rules.finding import Sought
from shuzheng.engines.rules.types import Decide, Facts, Kind, Rule, Value
from shuzheng.services.benefits.rules.expansion import policy_facts
from shuzheng.services.benefits.rules.reading import FEN
from shuzheng.services.benefits.rules.sheets import Sheet, bind_policy
from shuzheng.services.benefits.types import Asked, Condition, Decision, Family, Published


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of a family as they are decided by.

    Attributes:
        conditions: Each with its checked rule.
        amount: What is paid, in yuan with two decimals.
        holds: The conditions as functions.
        pays: The amount as a function.
    """

    sheet: Sheet
    conditions: tuple[tuple[Condition, Rule], ...]
    amount: Rule
    holds: tuple[Decide, ...]
    pays: Decide


def make_terms(family: Family, sheet: Sheet) -> Terms:
    """Return a family's rules, checked.

    Args:
        family: With the texts to decide by.
        sheet: Of its target.

    Raises:
        RuleTextInvalid: A text cannot be read.
    """
    cap = Decimal(family.cap_fen) / FEN
    paid = f"ROUND(LEAST({family.amount}, {cap:f}), 2)"
    conditions = tuple((condition, sheet.rule(condition.text)) for condition in family.conditions)
    amount = sheet.rule(paid, Kind.NUMBER)
    holds = tuple(make_closure(rule.root) for _, rule in conditions)
    return Terms(sheet, conditions, amount, holds, make_closure(amount.root))


def decide(terms: Terms, policy: Published, facts: Facts, *, today: date) -> Decision:
    """Return whether a policy fits, condition by condition, with what would change it.

    Args:
        terms: Of its family.
        policy: What is asked about.
        facts: Of the subject, by name; what is missing is not known.
        today: The day of deciding.
    """
    known = {**facts, **policy_facts(policy, today=today)}
    asked = tuple(_ask(condition, rule, known, terms.sheet) for condition, rule in terms.conditions)
    fits = _all(one.holds for one in asked)
    return Decision(fits, asked, _fen(terms.pays(known)) if fits else None)


def fits(terms: Terms, policy: Published, facts: Facts, *, today: date) -> tuple[bool | None, int | None]:
    """Return only whether a policy fits and the fen it pays; a few microseconds."""
    known = {**facts, **policy_facts(policy, today=today)}
    found: bool | None = True
    for decide_one in terms.holds:
        holds = decide_one(known)
        if holds is False:
            return False, None
        found = None if holds is None else found
    return found, _fen(terms.pays(known)) if found else None


def seek(terms: Terms, policy: Published, *, key: int, today: date) -> Sought:
    """Return what to look for in a table of facts: the policy's facts are constants in it."""
    bound = policy_facts(policy, today=today)
    return Sought(
        key=key,
        conditions=tuple(bind_policy(rule.root, bound) for _, rule in terms.conditions),
        value=bind_policy(terms.amount.root, bound),
        group=policy.family,
    )


def _ask(condition: Condition, rule: Rule, known: Mapping[str, Value], sheet: Sheet) -> Asked:
    found = explain(rule, known)
    missing = dict.fromkeys(name for one in found.findings if one.holds is None for name in one.missing)
    specs = tuple(sheet.by_name[name] for name in missing if name in sheet.by_name)
    return Asked(condition, found.holds, found, specs)


def _all(values: Iterable[bool | None]) -> bool | None:
    listed = list(values)
    if False in listed:
        return False
    return None if None in listed else True


def _fen(value: Value) -> int | None:
    return int(value * FEN) if isinstance(value, Decimal | int) else None
