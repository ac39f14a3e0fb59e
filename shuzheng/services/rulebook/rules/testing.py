"""The tests of a rule, run before it is published and shown on its page."""

from dataclasses import dataclass

from shuzheng.engines.rules.types import Schema
from shuzheng.services.rulebook.types import RuleKind


@dataclass(frozen=True, slots=True)
class TestResult:
    """What one test came to; `said` tells what was expected and what came, '' when it passed."""

    name: str
    passed: bool
    said: str = ""


def run_rule_tests(text: str, kind: RuleKind, schema: Schema, tests: str) -> tuple[TestResult, ...]:  # noqa: ARG001 - filled with the YAML tests
    """Return what each test of a rule comes to, in order; none where there are none."""
    return ()
