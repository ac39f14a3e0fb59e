"""Rule tests back into YAML that reads as the same tests."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from shuzheng.engines.rules.types import Value
from shuzheng.engines.rules.types.tables import OUTCOME_LABELS, Outcome
from shuzheng.engines.rules.types.testing import VERDICT_LABELS, Came, RuleTest


def write_tests(tests: Iterable[RuleTest]) -> str:
    """Return tests as text without a last line break, '' for none; facts not known are left out."""
    return "\n".join(line for test in tests for line in _lines(test))


def _lines(test: RuleTest) -> Iterator[str]:
    yield f"- 名称: {_quoted(test.name)}"
    yield f"  日期: {test.on.isoformat()}"
    known = {name: value for name, value in test.facts.items() if value is not None}
    if known:
        yield "  已知:"
        yield from (f"    {name}: {write_value(value)}" for name, value in known.items())
    yield from _expected(test.expected)
    if test.note:
        yield f"  说明: {_quoted(test.note)}"


def _expected(expected: Came) -> Iterator[str]:
    if expected.verdict is not None:
        yield f"  结论: {VERDICT_LABELS[expected.verdict]}"
    elif expected.outcome is Outcome.DECIDED:
        yield f"  结论: [{', '.join(_mapping(row) for row in expected.values or ())}]"
    elif expected.outcome is not None:
        yield f"  结论: {OUTCOME_LABELS[expected.outcome]}"
    if expected.reasons is not None:
        yield f"  理由: [{', '.join(_quoted(reason) for reason in sorted(expected.reasons))}]"
    if expected.missing is not None:
        yield f"  缺少: [{', '.join(_quoted(name) for name in sorted(expected.missing))}]"
    if expected.rows is not None:
        yield f"  行: [{', '.join(map(str, expected.rows))}]"


def _mapping(row: Mapping[str, Value]) -> str:
    return "{" + ", ".join(f"{_quoted(name)}: {write_value(value)}" for name, value in row.items()) + "}"


def write_value(value: Value) -> str:
    """Return a value as a test writes it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, list):
        return f"[{', '.join(_quoted(one) for one in value)}]"
    return _quoted(value or "")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
