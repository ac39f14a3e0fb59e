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
    """What one test came to.

    Attributes:
        said: What was expected and what came, '' when it passed.
        expected: In words.
        came: In words.
    """

    name: str
    passed: bool
    said: str = ""
    expected: str = ""
    came: str = ""


def run_rule_tests(text: str, kind: RuleKind, schema: Schema, tests: str) -> tuple[TestResult, ...]:
    """Return what each test of a rule comes to, in order; none where there are none.

    A rule or tests that cannot be read come to one result that says where.
    """
    if not tests.strip():
        return ()
    try:
        subject = _subject(text, kind, schema)
        read = read_tests(tests, schema, gives_of(subject))
    except (RuleTextInvalid, RuleTestsInvalid) as fault:
        return (TestResult("", passed=False, said=fault.message),)
    return tuple(
        TestResult(
            one.test.name,
            passed=one.passed,
            said=said_together(one.problems, "；") if one.problems else "",
            expected=one.expected_words,
            came=one.came_words,
        )
        for one in run_tests(read, subject, schema)
    )


def _subject(text: str, kind: RuleKind, schema: Schema) -> Sequence[Condition] | Rule | Table:
    if kind is RuleKind.TABLE:
        return read_table(text, schema)
    rule = read_rule(text, kind, schema)
    return rule if kind is RuleKind.VALUE else (Condition("", "", rule),)
