"""The tests of a form's conditions: run over the whole form, and handed to each condition as tests of its own.

A test of a form says what all conditions come to together. To a single condition it says: met, where the form is met;
not met, where its message is among the reasons. What the condition does not ask about is left out of its test.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shuzheng.base.kernel.types import ItemCode, JsonObject
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.explaining import TODAY
from shuzheng.engines.rules.rules.testing.reading import read_tests
from shuzheng.engines.rules.rules.testing.running import run_tests
from shuzheng.engines.rules.rules.testing.writing import write_tests
from shuzheng.engines.rules.types.testing import Came, Condition, RuleTest, RuleTestResult, Verdict
from shuzheng.services.items.rules.conditions import derive, rules_of, schema_of
from shuzheng.services.rulebook.types import NewRule


def run_form_tests(item: ItemCode, form: JsonObject, text: str) -> tuple[RuleTestResult, ...]:
    """Return how the tests of a form come out.

    Raises:
        RuleTestsInvalid: The text is no list of tests.
        RuleTextInvalid: A condition of the form is no rule.
    """
    schema = schema_of(form)
    return run_tests(read_tests(text, schema), _conditions(item, form), schema, lambda facts: derive(form, facts))


def _conditions(item: ItemCode, form: JsonObject) -> tuple[Condition, ...]:
    schema = schema_of(form)
    return tuple(Condition(rule.label, rule.failure, check_rule(rule.text, schema)) for rule in rules_of(item, form))


def rules_with_tests(item: ItemCode, form: JsonObject, text: str) -> tuple[NewRule, ...]:
    """Return the conditions of a form as rules of the book, each with what the form's tests say of it."""
    rules = rules_of(item, form)
    if not text.strip():
        return rules
    tests = [replace(test, facts=derive(form, test.facts)) for test in read_tests(text, schema_of(form))]
    conditions = _conditions(item, form)
    return tuple(
        replace(rule, tests=write_tests(_tests_of(condition, tests)))
        for rule, condition in zip(rules, conditions, strict=True)
    )


def _tests_of(condition: Condition, tests: Sequence[RuleTest]) -> Iterable[RuleTest]:
    asked, seen = facts_of(condition.rule.root), set[tuple[tuple[str, str], ...]]()
    for test in tests:
        verdict = _verdict(condition, test.expected)
        facts = {name: value for name, value in test.facts.items() if name in asked}
        same = tuple(sorted((name, repr(value)) for name, value in facts.items()))
        if verdict is None or same in seen:
            continue
        seen.add(same)
        shown = {name: value for name, value in facts.items() if name != TODAY or value != test.on}
        yield replace(test, facts=shown, expected=Came(verdict=verdict))


def _verdict(condition: Condition, expected: Came) -> Verdict | None:
    """Return what a form's test says of one condition; None where it says nothing."""
    if expected.verdict is Verdict.MET:
        return Verdict.MET
    if expected.verdict is Verdict.NOT_MET and condition.reason in (expected.reasons or ()):
        return Verdict.NOT_MET
    return None
