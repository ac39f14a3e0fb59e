"""A family's rules as the rule book keeps them, and back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from shuzheng.services.benefits.types import AMOUNT, BOOK, Condition, Family, Target
from shuzheng.services.rulebook.types import NewRule, RuleCode, RuleKind, RuleView, SheetCode

_LAST: int = 10_000
"""Position of the amount, after every condition."""


def sheet_code(target: Target) -> SheetCode:
    """Return the code of the sheet of facts about a kind of subject."""
    return SheetCode(f"{BOOK}/{target}")


def rule_code(family: Family, key: int | str) -> RuleCode:
    """Return the code of a condition by its number, or of the amount."""
    return RuleCode(f"{BOOK}/{family.code}/{key}")


def rules_of(family: Family) -> tuple[NewRule, ...]:
    """Return a family's conditions and its amount as rules of the book, in force while the family is."""
    conditions = [
        NewRule(
            code=rule_code(family, condition.seq),
            kind=RuleKind.CONDITION,
            sheet=sheet_code(family.target),
            label=condition.label,
            text=condition.text,
            failure=condition.failure,
            source=family.source,
            valid_from=family.valid_from,
            valid_to=family.last_on + timedelta(days=1),
            position=condition.seq,
        )
        for condition in family.conditions
    ]
    amount = NewRule(
        code=rule_code(family, AMOUNT),
        kind=RuleKind.VALUE,
        sheet=sheet_code(family.target),
        label=f"{family.title}：金额（元）",
        text=family.amount,
        source=family.source,
        valid_from=family.valid_from,
        valid_to=family.last_on + timedelta(days=1),
        position=_LAST,
    )
    return (*conditions, amount)


def with_rules(family: Family, rules: Iterable[RuleView]) -> Family:
    """Return a family with the texts the book has in force; where the book is silent the family's own stand."""
    by_key = {rule.code.rsplit("/", 1)[1]: rule for rule in rules}
    amount = by_key.get(AMOUNT)
    return replace(
        family,
        conditions=tuple(_with_rule(one, by_key.get(str(one.seq))) for one in family.conditions),
        amount=family.amount if amount is None else amount.text,
    )


def _with_rule(condition: Condition, rule: RuleView | None) -> Condition:
    if rule is None:
        return condition
    return Condition(condition.seq, rule.text, rule.label, rule.failure)
