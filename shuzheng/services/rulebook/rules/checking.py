"""Whether a text is the rule it says it is, and what it asks about."""

from typing import Final

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.tables.checking import facts_of_table
from shuzheng.engines.rules.types import Kind, Rule, Schema
from shuzheng.services.rulebook.rules.tables import read_table
from shuzheng.services.rulebook.types import NewRule, RuleKind, RuleView

_WANTED: Final = {RuleKind.CONDITION: Kind.BOOL, RuleKind.VALUE: None}


def read_rule(text: str, kind: RuleKind, schema: Schema) -> Rule:
    """Return a condition or a value, checked.

    Raises:
        RuleTextInvalid: With line, column and what is wrong.
    """
    return check_rule(text, schema, kind=_WANTED[kind])


def facts_used(text: str, kind: RuleKind, schema: Schema) -> frozenset[str]:
    """Return the names of the facts a text asks about; checks it on the way.

    Raises:
        RuleTextInvalid: The text is no such rule.
    """
    if kind is RuleKind.TABLE:
        return facts_of_table(read_table(text, schema))
    return facts_of(read_rule(text, kind, schema).root)


def used_in(rule: RuleView) -> tuple[str, ...]:
    """Return the names of the facts a rule of the book asks about, in the order of its sheet."""
    try:
        used = facts_used(rule.text, rule.kind, rule.schema)
    except RuleTextInvalid:
        return ()
    return tuple(name for name in rule.schema if name in used)


def haystack_of(rule: NewRule, schema: Schema, used: frozenset[str]) -> str:
    """Return what a search looks in, lower case: the rule's words and the labels of its facts."""
    labels = sorted(schema[name].label for name in used if name in schema)
    return "\n".join((rule.code, rule.label, rule.text, rule.failure, rule.source, *labels)).lower()
