"""A family for readers: which facts each condition looks at, and what is paid, in words."""

from decimal import Decimal

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.saying import say_term
from shuzheng.engines.rules.types import Kind, Node, Op
from shuzheng.services.benefits.rules.reading import FEN
from shuzheng.services.benefits.rules.rulebook import rule_code
from shuzheng.services.benefits.rules.sheets import Sheet
from shuzheng.services.benefits.types import AMOUNT, Criterion, FactSpec, Family, Payment


def criteria_of(family: Family, sheet: Sheet) -> tuple[Criterion, ...]:
    """Return each condition with the facts of the subject it looks at, in the order of the sheet."""
    return tuple(Criterion(rule_code(family, one.seq), one, _specs(one.text, sheet)) for one in family.conditions)


def _specs(text: str, sheet: Sheet) -> tuple[FactSpec, ...]:
    try:
        asked = facts_of(sheet.rule(text).root)
    except RuleTextInvalid:
        return ()
    return tuple(spec for spec in sheet.specs if spec.fact.name in asked)


def payment_of(family: Family, sheet: Sheet) -> Payment:
    """Return what a family pays, in words."""
    fixed, words = _say_amount(family, sheet)
    return Payment(fixed, words, family.amount, family.cap_fen, rule_code(family, AMOUNT))


def _say_amount(family: Family, sheet: Sheet) -> tuple[int | None, str]:
    try:
        root = sheet.rule(family.amount, Kind.NUMBER).root
    except RuleTextInvalid:
        return None, ""
    if isinstance(root.value, Decimal):
        return min(int(root.value * FEN), family.cap_fen), ""
    return None, "" if _has_cases(root) else say_term(root, sheet.schema)


def _has_cases(node: Node) -> bool:
    return node.op is Op.CASE or any(map(_has_cases, node.parts))
