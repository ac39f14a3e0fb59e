"""The tests of a rule, run before it is published and shown on its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuzheng.base.kernel.said import said_together
from shuzheng.engines.rules.errors import RuleTestsInvalid, RuleTextInvalid
from shuzheng.engines.rules.rules.testing.reading import read_tests
from shuzheng.engines.rules.rules.testing.running import gives_of, run_tests
from shuzheng.engines.rules.types import Rule, Schema
from shuzheng.engines.rules.types.tables import Table
from shuzheng.engines.rules.types.testing import Condition
from shuzheng.services.rulebook.rules.checking import read_rule
from shuzheng.services.rulebook.rules.tables import read_table
from shuzheng.services.rulebook.types import RuleKind


@dataclass(frozen=True, slots=True)
class TestResult:
    """What one test came to; `said` tells what is wrong with it, '' when it passed; `line` where it begins."""

    name: str
    passed: bool
    said: str = ""
    line: int = 0


def run_rule_tests(
    text: str, kind: RuleKind, schema: Schema, tests: str, *, label: str = "", failure: str = ""
) -> tuple[TestResult, ...]:
    """Return what each test of a rule comes to, in order; none where there are none, or the text cannot be read.

    Args:
        text: The rule.
        kind: Of the rule.
        schema: Facts of its sheet.
        tests: YAML; a fault in it is a test that failed, with its line.
        label: What the condition is called.
        failure: What is told when it is not met; tests name it as the reason.
    """
    if not tests.strip():
        return ()
    try:
        subject = _subject(text, kind, schema, (label, failure))
    except RuleTextInvalid:
        return ()
    try:
        found = run_tests(read_tests(tests, schema, gives_of(subject)), subject, schema)
    except RuleTestsInvalid as invalid:
        return (TestResult("", passed=False, said=invalid.message),)
    return tuple(
        TestResult(one.test.name, one.passed, said_together(one.problems, "；"), one.test.line) for one in found
    )


def _subject(text: str, kind: RuleKind, schema: Schema, words: tuple[str, str]) -> Sequence[Condition] | Rule | Table:
    if kind is RuleKind.TABLE:
        return read_table(text, schema)
    rule = read_rule(text, kind, schema)
    return rule if kind is RuleKind.VALUE else (Condition(*words, rule),)
