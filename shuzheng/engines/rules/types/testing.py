"""Rule tests as lawyers write them beside a rule: given facts, on a day, expect a decision and its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shuzheng.engines.rules.types import Rule, Value
from shuzheng.engines.rules.types.tables import Outcome


class Verdict(StrEnum):
    """What conditions come to together."""

    MET = "met"
    NOT_MET = "not met"
    TO_CHECK = "to check"


VERDICT_LABELS: Final = {Verdict.MET: "符合", Verdict.NOT_MET: "不符合", Verdict.TO_CHECK: "待核"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition to be tested: what it is called, and what is said to somebody who fails it."""

    label: str
    failure: str
    rule: Rule

    @property
    def reason(self) -> str:
        """Return what failing it is called in tests."""
        return self.failure or self.label


@dataclass(frozen=True, slots=True)
class Came:
    """What came, or what is expected; None where a test does not ask.

    Attributes:
        verdict: Of conditions.
        outcome: Of a value or a table.
        values: By output name, for each row that counts; a value is one row of one output.
        reasons: Of conditions that are not met.
        missing: Names of the facts that keep it open.
        rows: Numbers of the rows of a table that count.
    """

    verdict: Verdict | None = None
    outcome: Outcome | None = None
    values: tuple[Mapping[str, Value], ...] | None = None
    reasons: frozenset[str] | None = None
    missing: frozenset[str] | None = None
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test.

    Attributes:
        on: The day of the decision, and the day whose edition of the rule counts.
        facts: By name, typed; the day is among them where the rule asks for it.
        line: Where it begins in its text, from 1.
    """

    name: str
    on: date
    facts: Mapping[str, Value]
    expected: Came
    line: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleTestResult:
    """A test that was run: what was expected and what came, in words; `problems` says each difference."""

    test: RuleTest
    came: Came
    expected_words: str
    came_words: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Tell whether everything the test asks came out."""
        return not self.problems
